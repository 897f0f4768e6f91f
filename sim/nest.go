package sim

import (
	"slices"
	"sync"

	"tier4/sim/stats"
)

// nest is what a Gather keeps of a nested design: figures of the draw that is open, and how those of all
// draws vary.
type nest struct {
	m      *Model
	totals []stats.Totals // by figure, of draws
	halves []stats.Halves // by figure: quantiles of draws
	gone   []bool         // by figure: a quantile that some draw does not have
	years  []yearMoments  // by figure
	kept   []keptYears    // by limit watched

	timed  []bool // stages some figure asks for
	open   *drawn // nil between draws
	drawns *drawns
}

// drawn is what is kept of a draw while it is open.
type drawn struct {
	count  int
	y, n   []float64          // by figure
	people [2][]*stats.Sketch // by half of its replications and channel
	time   [2][]*stats.Levels // by half and stage
}

// drawns lends the memory of open draws, of any model: there are as many as were ever open at once.
type drawns struct {
	all  sync.Mutex
	free []*drawn
}

// lend gives an empty draw of a model.
func (l *drawns) lend(m *Model) *drawn {
	l.all.Lock()
	d := new(drawn)
	if last := len(l.free) - 1; last >= 0 {
		d, l.free = l.free[last], l.free[:last]
	}
	l.all.Unlock()
	figures := len(m.plan.figures)
	d.y, d.n = slices.Grow(d.y[:0], figures)[:figures], slices.Grow(d.n[:0], figures)[:figures]
	clear(d.y)
	clear(d.n)
	for half := range d.people {
		for len(d.people[half]) < m.plan.channels {
			d.people[half] = append(d.people[half], stats.NewSketch(1))
		}
		for len(d.time[half]) < len(m.stages) {
			d.time[half] = append(d.time[half], stats.NewLevels(1))
		}
	}
	return d
}

// give takes back a draw that is closed.
func (l *drawns) give(d *drawn) {
	d.count = 0
	for half := range d.people {
		for _, s := range d.people[half] {
			s.Reset()
		}
		for _, levels := range d.time[half] {
			levels.Reset()
		}
	}
	l.all.Lock()
	l.free = append(l.free, d)
	l.all.Unlock()
}

// keptYears are the years in which a limit was kept, and all years, of the open draw and of those before.
type keptYears struct {
	y, n   float64
	totals stats.Totals
}

// yearMoments adds up single years (Welford 1962).
type yearMoments struct{ count, mean, squares float64 }

func (m *yearMoments) add(x float64) {
	m.count++
	before := x - m.mean
	m.mean += before / m.count
	m.squares += before * (x - m.mean)
}

func newNest(m *Model, all *drawns) *nest {
	figures := len(m.plan.figures)
	n := &nest{
		m: m, totals: make([]stats.Totals, figures), gone: make([]bool, figures), halves: make([]stats.Halves, figures), years: make([]yearMoments, figures), kept: make([]keptYears, len(m.plan.watched)),
		timed: make([]bool, len(m.stages)), drawns: all,
	}
	for i := range m.plan.figures {
		if f := &m.plan.figures[i]; f.time {
			n.timed[f.stage] = true
		}
	}
	return n
}

// add takes in replications of a block from one to before another.
func (n *nest) add(b *Batch, from, to int) {
	if n.open == nil {
		n.open = n.drawns.lend(n.m)
	}
	d, figures := n.open, len(n.m.plan.figures)
	for f := range figures {
		for i := from; i < to; i++ {
			d.y[f] += b.y[i*figures+f]
			d.n[f] += b.n[i*figures+f]
		}
		if n.m.plan.yearless {
			continue
		}
		for i := from; i < to; i++ {
			for year := range n.m.years {
				if at := (i*n.m.years+year)*figures + f; !b.absent[at] {
					n.years[f].add(b.years[at])
				}
			}
		}
	}
	for c := range n.m.plan.channels {
		for i := from; i < to; i++ {
			d.people[d.half(i-from)][c].AddBins(0, b.channel(n.m, i, c))
		}
	}
	for s := range n.m.stages {
		if !n.timed[s] {
			continue
		}
		for i := from; i < to; i++ {
			for at, time := range b.inUse(n.m, i, s) {
				d.time[d.half(i-from)][s].Add(0, at, time)
			}
		}
	}
	d.count += to - from
}

// half is that of the replication so many after those of the draw.
func (d *drawn) half(after int) int { return (d.count + after) % 2 }

// closeDraw ends the open draw, which may have had no replication.
func (g *Gather) closeDraw() {
	n := g.nest
	if n.open == nil {
		n.open = n.drawns.lend(n.m)
	}
	d := n.open
	for i := range n.m.plan.figures {
		f := &n.m.plan.figures[i]
		switch {
		case f.people:
			n.halve(i, d.people[0][f.channel].Quantile, d.people[1][f.channel].Quantile, d.bothPeople(f))
		case f.time:
			n.halve(i, levelOf(d.time[0][f.stage]), levelOf(d.time[1][f.stage]), d.bothTimes(f))
		default:
			n.totals[i].Add(d.y[i], d.n[i])
		}
	}
	for k := range n.kept {
		l := &n.kept[k]
		l.totals.Add(l.y, l.n)
		l.y, l.n = 0, 0
	}
	n.open = nil
	n.drawns.give(d)
}

// halve notes a quantile of the open draw, and of either half of its replications.
func (n *nest) halve(i int, one, other, both func(p float64) (float64, bool)) {
	p := n.m.plan.figures[i].quantile
	a, ok1 := one(p)
	b, ok2 := other(p)
	v, ok3 := both(p)
	n.gone[i] = n.gone[i] || !ok1 || !ok2 || !ok3
	n.halves[i].Add(v, a, b)
}

func levelOf(l *stats.Levels) func(p float64) (float64, bool) {
	return func(p float64) (float64, bool) {
		at, ok := l.Quantile(p)
		return float64(at), ok
	}
}

// bothPeople is the quantile of both halves together.
func (d *drawn) bothPeople(f *figure) func(p float64) (float64, bool) {
	return func(p float64) (float64, bool) {
		return stats.QuantileOfBoth(d.people[0][f.channel], d.people[1][f.channel], p)
	}
}

func (d *drawn) bothTimes(f *figure) func(p float64) (float64, bool) {
	return func(p float64) (float64, bool) {
		both := stats.NewLevels(1)
		both.Merge(d.time[0][f.stage])
		both.Merge(d.time[1][f.stage])
		at, ok := both.Quantile(p)
		return float64(at), ok
	}
}

// carried is a figure's estimate whose interval carries what is not known, where that was drawn.
func (g *Gather) carried(i int) (Estimate, bool) {
	f := &g.m.plan.figures[i]
	plain, ok := g.estimate(i)
	e := Estimate{Figure: f.Figure, Estimate: plain, Replications: g.replications}
	if ok && g.nest != nil && plain.Known() {
		g.nest.widen(&e, i, g)
	}
	if f.Unit == UnitShare && (f.People || f.chance) { // of people or of years, of whom there are no more than all
		e.Low, e.High = max(0, e.Low), min(1, e.High)
	}
	return e, ok
}

// widen lets the interval of a figure's estimate carry what is not known, if so much can be told.
func (n *nest) widen(e *Estimate, i int, g *Gather) {
	var wide stats.Estimate
	var parts stats.Parts
	var ok bool
	switch f := &n.m.plan.figures[i]; {
	case f.chance:
		wide, parts, ok = g.ratios[i].NestedProportion(&n.totals[i], level)
	case f.ratio != nil:
		wide, parts, ok = g.ratios[i].Nested(&n.totals[i], level)
	default:
		wide, parts, ok = n.halves[i].Widen(e.Value, g.replications, level)
		ok = ok && !n.gone[i]
	}
	if ok {
		e.Estimate, e.Parts = wide, n.parts(i, parts)
	}
}

// parts adds what single years vary by for chance alone.
func (n *nest) parts(i int, p stats.Parts) *Parts {
	all := &Parts{Parts: p}
	if y := n.years[i]; y.count > 1 {
		all.YearVariance = max(0, y.squares/(y.count-1)-p.Parameters)
	}
	return all
}

// carried is a difference whose interval carries what is not known, where that was drawn.
func (p *Pairing) carried(x *pair) (stats.Difference, *Parts, bool) {
	d, ok := p.difference(x)
	base, other := p.base.nest, p.other.nest
	if !ok || base == nil || !d.Known() {
		return d, nil, ok
	}
	var wide stats.Difference
	var parts stats.Parts
	if p.base.m.plan.figures[x.base].ratio != nil {
		wide, parts, ok = x.paired.Nested(&base.totals[x.base], &other.totals[x.other], level)
	} else {
		wide, parts, ok = other.halves[x.other].Less(&base.halves[x.base]).WidenDifference(d, p.base.replications, level)
		ok = ok && !base.gone[x.base] && !other.gone[x.other]
	}
	if !ok {
		return d, nil, true
	}
	return wide, &Parts{Parts: parts}, true
}
