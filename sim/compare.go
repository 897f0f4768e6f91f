package sim

import (
	"slices"

	"tier4/sim/stats"
)

// Pairing adds up, replication by replication, how another scenario differs from a base that had
// the same people: the same arrivals, stays, patience and luck.
type Pairing struct {
	base, other *Gather
	pairs       []pair
}

type pair struct {
	base, other int // figure of each model
	paired      stats.PairedRatio
}

// NewPairing pairs the figures that both models measure.
func NewPairing(base, other *Gather) *Pairing {
	p := &Pairing{base: base, other: other}
	at := map[string]int{}
	for i := range base.m.plan.figures {
		at[base.m.plan.figures[i].ID] = i
	}
	for i := range other.m.plan.figures {
		if j, ok := at[other.m.plan.figures[i].ID]; ok {
			p.pairs = append(p.pairs, pair{base: j, other: i})
		}
	}
	return p
}

// Add takes in replications of the two models' blocks, which must match, from one to before another.
func (p *Pairing) Add(base, other *Batch, from, to int) {
	nb, no := len(p.base.m.plan.figures), len(p.other.m.plan.figures)
	for k := range p.pairs {
		x := &p.pairs[k]
		if p.base.m.plan.figures[x.base].ratio == nil {
			continue
		}
		for i := from; i < to; i++ {
			b, o := i*nb+x.base, i*no+x.other
			x.paired.Add(base.y[b], base.n[b], other.y[o], other.n[o])
		}
	}
}

// Comparison is how a scenario differs from the base, figure by figure.
type Comparison struct {
	Base, Other *Summary
	Differences []Difference
}

// Difference is one figure's paired difference, other less base, with its verdict.
type Difference struct {
	Figure
	BaseValue, OtherValue float64
	stats.Difference
	AdjustedP float64 // Holm, over the figure's table, of chance alone
	Verdict   stats.Verdict
	Parts     *Parts
}

// compare is the differences of all paired figures, yet to be judged.
func (p *Pairing) compare(base, other *Summary) *Comparison {
	c := &Comparison{Base: base, Other: other}
	for k := range p.pairs {
		x := &p.pairs[k]
		f := &p.base.m.plan.figures[x.base]
		d, parts, ok := p.carried(x)
		b, ok1 := base.Find(f.ID)
		o, ok2 := other.Find(f.ID)
		if ok && ok1 && ok2 {
			c.Differences = append(c.Differences, Difference{Figure: f.Figure, BaseValue: b.Value, OtherValue: o.Value, Difference: d, Parts: parts})
		}
	}
	return c
}

// judge gives the differences of comparisons with one base their verdicts, family-wise (Holm) within a table: the
// figures named in family, or all if none is, stand in one table for all comparisons, the others of each in one of its
// own. matters maps a figure's id to the least difference that matters, in its unit.
func judge(all []*Comparison, matters map[string]float64, family []string) {
	var common, own []*Difference
	for _, c := range all {
		own = own[:0]
		for i := range c.Differences {
			if d := &c.Differences[i]; len(family) == 0 || slices.Contains(family, d.ID) {
				common = append(common, d)
			} else {
				own = append(own, d)
			}
		}
		judgeTogether(own, matters)
	}
	judgeTogether(common, matters)
}

func judgeTogether(all []*Difference, matters map[string]float64) {
	ps := make([]float64, len(all))
	for i, d := range all {
		ps[i] = d.P
	}
	for i, adjusted := range stats.Holm(ps) {
		d := all[i]
		d.AdjustedP = adjusted
		if d.Parts != nil && d.Low <= 0 && d.High >= 0 {
			adjusted = 1 // clear of chance, perhaps, but not whatever the parameters are
		}
		d.Verdict = stats.Judge(d.Difference, adjusted, matters[d.ID], level, d.Better)
	}
}

func (p *Pairing) difference(x *pair) (stats.Difference, bool) {
	fb, fo := &p.base.m.plan.figures[x.base], &p.other.m.plan.figures[x.other]
	switch {
	case fb.people:
		return stats.SketchDifference(p.base.sketches[fb.channel], p.other.sketches[fo.channel], fb.quantile, level)
	case fb.time:
		return stats.LevelsDifference(p.base.levels[fb.stage], p.other.levels[fo.stage], fb.quantile, level)
	}
	return x.paired.Difference(level)
}
