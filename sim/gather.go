package sim

import (
	"tier4/sim/stats"
)

// Gather adds up blocks of one model in order of replication. Its size does not grow with their number.
type Gather struct {
	m            *Model
	replications int

	ratios   []stats.Ratio       // by figure
	years    []*stats.Sketch     // by figure: single measured years, if something is said of them
	sketches []*stats.Sketch     // by channel: people
	levels   []*stats.Levels     // by stage: time
	halves   []stats.PairedRatio // by stage: mean waiting in each half of the measured period
	waiting  []stats.Ratio       // by stage: mean waiting over the whole of it
	weekly   []float64           // sums over the pilot
	pilots   int
	months   []*stats.Sketch // [series][month]
	means    []stats.Ratio   // likewise
	bills    []bill          // sums of statements
	gaps     gaps
	kept     []stats.Ratio // by limit watched: years it was kept in, and years
	nest     *nest         // of a nested design
}

// NewGather starts with nothing.
func NewGather(m *Model) *Gather {
	g := &Gather{m: m, ratios: make([]stats.Ratio, len(m.plan.figures)), halves: make([]stats.PairedRatio, len(m.stages)), waiting: make([]stats.Ratio, len(m.stages))}
	for range m.plan.figures {
		if !m.plan.yearless {
			g.years = append(g.years, stats.NewSketch(1))
		}
	}
	for range m.plan.channels {
		g.sketches = append(g.sketches, stats.NewSketch(stats.Sections))
	}
	for range m.stages {
		g.levels = append(g.levels, stats.NewLevels(stats.Sections))
	}
	g.gaps = newGaps(&m.plan)
	g.kept = make([]stats.Ratio, len(m.plan.watched))
	return g
}

// Add takes in the replications of a block from one to before another, figure by figure: what is kept of a figure is
// then at hand for all of them. A figure knows nothing of the others, so the order of replications is all that counts.
func (g *Gather) Add(b *Batch, from, to int) {
	figures := len(g.m.plan.figures)
	for f := range figures {
		if g.m.plan.figures[f].ratio != nil {
			for i := from; i < to; i++ {
				g.ratios[f].Add(b.y[i*figures+f], b.n[i*figures+f])
			}
		}
		if g.m.plan.yearless {
			continue
		}
		for i := from; i < to; i++ {
			for year := range g.m.years {
				if at := (i*g.m.years+year)*figures + f; !b.absent[at] {
					g.years[f].Add(0, b.years[at])
				}
			}
		}
	}
	for k := range g.gaps {
		g.gaps[k].add(b, from, to, figures)
	}
	for c := range g.sketches {
		for i := from; i < to; i++ {
			g.sketches[c].AddBins(g.section(i-from), b.channel(g.m, i, c))
		}
	}
	for s := range g.m.stages {
		for i := from; i < to; i++ {
			for n, time := range b.inUse(g.m, i, s) {
				if time > 0 {
					g.levels[s].Add(g.section(i-from), n, time)
				}
			}
			half := b.halves[2*(i*len(g.m.stages)+s):]
			g.halves[s].Add(half[0], 1, half[1], 1)
			g.waiting[s].Add((half[0]+half[1])/2, 1)
		}
	}
	rows := len(b.bills) / b.Count
	for len(g.bills) < rows {
		g.bills = append(g.bills, bill{})
	}
	for i := from; i < to; i++ {
		for k := range rows {
			g.bills[k].add(&b.bills[i*rows+k])
		}
		g.watch(b, i)
		g.addPilot(b, i)
	}
	g.addMonths(b, from, to)
	if g.nest != nil {
		g.nest.add(b, from, to)
	}
	g.replications += to - from
}

// section is that of the replication so many after those that have been added.
func (g *Gather) section(after int) int { return (g.replications + after) % stats.Sections }

// channel is one replication's bins of a channel.
func (b *Batch) channel(m *Model, i, c int) []stats.Bin {
	at := i*m.plan.channels + c
	from := 0
	if at > 0 {
		from = b.ends[at-1]
	}
	return b.bins[from:b.ends[at]]
}

func (g *Gather) addPilot(b *Batch, i int) {
	pilots := min(b.Count, max(0, pilotReplications-b.First))
	if i >= pilots {
		return
	}
	weeks := len(b.weekly) / pilots
	if g.weekly == nil {
		g.weekly = make([]float64, weeks)
	}
	for k, n := range b.weekly[i*weeks : (i+1)*weeks] {
		g.weekly[k] += n
	}
	g.pilots++
}

func (g *Gather) addMonths(b *Batch, from, to int) {
	cells := len(b.months) / b.Count
	for len(g.months) < cells {
		g.months = append(g.months, stats.NewSketch(1))
		g.means = append(g.means, stats.Ratio{})
	}
	for k := range cells {
		for i := from; i < to; i++ {
			g.months[k].Add(0, b.months[i*cells+k])
			g.means[k].Add(b.months[i*cells+k], 1)
		}
	}
}

// estimate is a figure's value with the interval of its long-run value.
func (g *Gather) estimate(i int) (stats.Estimate, bool) {
	f := &g.m.plan.figures[i]
	switch {
	case f.people:
		return g.sketches[f.channel].Estimate(f.quantile, level)
	case f.time:
		return g.levels[f.stage].Estimate(f.quantile, level)
	}
	if f.chance {
		return g.ratios[i].ProportionEstimate(level)
	}
	return g.ratios[i].Estimate(level)
}
