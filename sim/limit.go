package sim

import (
	"errors"
	"fmt"

	"tier4/sim/stats"
)

// Limit is a limit that a figure should keep, in its unit.
type Limit struct {
	Figure  string
	AtLeast bool // else at most
	Strict  bool // the limit itself will not do
	Amount  float64
}

// Holds reports whether a value keeps the limit.
func (l Limit) Holds(v float64) bool {
	switch {
	case v == l.Amount:
		return !l.Strict
	case l.AtLeast:
		return v > l.Amount
	}
	return v < l.Amount
}

// Keeping is what is known of a figure's keeping a limit in the long run.
type Keeping int

// What may be known: where the interval of the long-run figure lies beyond the limit, on one side of it,
// or across it.
const (
	CannotTell Keeping = iota
	Met
	Missed
)

// String gives the plain words.
func (k Keeping) String() string {
	return [...]string{CannotTell: "cannot tell yet", Met: "met", Missed: "missed"}[k]
}

// Kept is a limit with what the replications say of it.
type Kept struct {
	Limit
	Figure  Figure
	Found   Estimate // of the figure; Keeping is CannotTell if there is none
	Known   bool     // whether there is one
	Keeping Keeping
	Year    stats.Estimate // the chance that the limit is kept in any one measured year
	HasYear bool           // whether there was a whole measured year
}

// watched is a limit that a model watches, year by year.
type watched struct {
	Limit
	figure int
}

// Watching is the same model watching whether limits are kept; their figures must be among those it measures.
func (m *Model) Watching(limits ...Limit) (*Model, error) {
	other := *m
	other.plan.watched = nil
	var faults []error
	for _, l := range limits {
		at := -1
		for i := range m.plan.figures {
			if m.plan.figures[i].ID == l.Figure {
				at = i
			}
		}
		if at < 0 {
			faults = append(faults, fmt.Errorf("%s: the model does not measure it, so no limit to it can be watched", l.Figure))
		}
		other.plan.watched = append(other.plan.watched, watched{l, at})
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return &other, nil
}

// watch notes in how many years of the i-th replication each limit was kept.
func (g *Gather) watch(b *Batch, i int) {
	figures := len(g.m.plan.figures)
	for k, l := range g.m.plan.watched {
		kept, years := 0.0, 0.0
		for year := range g.m.years {
			at := (i*g.m.years+year)*figures + l.figure
			if b.absent[at] {
				continue
			}
			years++
			if l.Holds(b.years[at]) {
				kept++
			}
		}
		g.kept[k].Add(kept, years)
		if g.nest != nil {
			g.nest.kept[k].y += kept
			g.nest.kept[k].n += years
		}
	}
}

// limits say whether the limits are kept, by the estimates of a summary.
func (g *Gather) limits(s *Summary) {
	for k, l := range g.m.plan.watched {
		one := Kept{Limit: l.Limit, Figure: g.m.plan.figures[l.figure].Figure}
		one.Found, one.Known = s.Find(l.Limit.Figure)
		if one.Known && one.Found.Known() {
			low, high := l.Holds(one.Found.Low), l.Holds(one.Found.High)
			switch {
			case low && high:
				one.Keeping = Met
			case !low && !high:
				one.Keeping = Missed
			}
		}
		one.Year, one.HasYear = g.kept[k].ProportionEstimate(level)
		if g.nest != nil {
			if wide, _, ok := g.kept[k].NestedProportion(&g.nest.kept[k].totals, level); ok {
				wide.Low, wide.High = max(0, wide.Low), min(1, wide.High)
				one.Year = wide
			}
		}
		s.Limits = append(s.Limits, one)
	}
}
