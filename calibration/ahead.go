package calibration

import (
	"context"
	"fmt"
	"slices"

	"tier4/calibration/internal/abc"
	"tier4/sim"
)

// Outlook is the gauge of what an extract shows from a day on: what a calibration to what was known by then
// predicts.
func newOutlook(x *Extract, since Day) *Gauge {
	g := &Gauge{like: x}
	g.add(func(x *Extract, m *measured) {
		n := 0
		for i := range x.Episodes {
			if x.Episodes[i].Referred >= since {
				n++
			}
		}
		m.count(n)
	}, checked("referrals", "referrals", "people"))
	for k, s := range x.Stages {
		g.ended(k, since)
		if s.Kind != sim.BedsKind {
			continue
		}
		for c, name := range x.Contracts {
			g.bought(k, c, s.Name+".admissions."+name, s.Name+": admissions, "+name, since)
			if name != contractNames[sim.Spot] {
				g.filled(k, c, s.Name+".in_use."+name+".mean", s.Name+": "+name+" beds in use, on average", since)
			}
		}
	}
	return g
}

// ended measures the waits at a stage that end from a day on.
func (g *Gauge) ended(k int, since Day) {
	name := g.like.Stages[k].Name
	g.add(func(x *Extract, m *measured) {
		out := 0
		var served []float64
		for _, s := range x.Waits(k) {
			switch {
			case s.To < since:
			case s.End == GotIn:
				served = append(served, s.Days())
			case s.End == GaveUp:
				out++
			}
		}
		slices.Sort(served)
		m.count(len(served))
		m.count(out)
		m.add(meanOf(served), len(served))
		m.add(quantileOf(served, 0.9), len(served))
	}, checked(name+".admitted", name+": got in", "people"),
		checked(name+".gave_up", name+": gave up waiting", "people"),
		checked(name+".admitted.wait.mean", name+": mean wait of those who got in", "days"),
		checked(name+".admitted.wait.p90", name+": wait that 90% of those who got in did not exceed", "days"))
}

// bought counts admissions under a contract from a day on.
func (g *Gauge) bought(k, contract int, id, words string, since Day) {
	g.add(func(x *Extract, m *measured) {
		n := 0
		for i := range x.Episodes {
			if s := &x.Episodes[i].Steps[k]; s.Contract == contract && s.Admitted.Known() && s.Admitted >= since {
				n++
			}
		}
		m.count(n)
	}, checked(id, words, "people"))
}

// filled is how many beds of a contract are in use on average from a day on.
func (g *Gauge) filled(k, contract int, id, words string, since Day) {
	g.add(func(x *Extract, m *measured) {
		used := nights(x, k, contract)
		used = used[min(len(used)-1, int(since-x.From)):]
		sum := 0
		for _, n := range used {
			sum += n
		}
		m.add(float64(sum)/float64(len(used)), notPeople)
	}, checked(id, words, ""))
}

// ahead plays histories on past what was held out, and holds what they show from there on against it.
func (p *Plan) ahead(ctx context.Context, r *Result, rows func(int) []float64, seed func(int) uint64) error {
	if !p.task.HoldOut.Known() {
		return nil
	}
	base, err := p.base.With(fmt.Sprintf("measure=%d days", p.whole.Until-p.whole.From+1))
	if err != nil {
		return err
	}
	g := newOutlook(p.whole, p.task.HoldOut)
	histories, err := abc.Each(ctx, p.task.Workers, p.predictions(), func() func(int) ([]float64, error) {
		pl := p.player(base, p.whole)
		return func(n int) ([]float64, error) {
			x, err := pl.play(rows(n), seed(n))
			if err != nil {
				return nil, nil
			}
			return g.Measure(x), nil
		}
	})
	r.Ahead = checks(g.Targets(), g.measure(p.whole), histories, 0.90)
	return err
}
