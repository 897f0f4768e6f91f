package explore

import (
	"math"

	"tier4/sim"
)

// Constraint is a limit that an option must keep, in the long run. An option that keeps it by at least the
// tolerance counts as feasible, one that misses it by so much does not; between them, either will do.
type Constraint struct {
	sim.Limit
	Tolerance float64 // above 0, in the unit of the figure
}

// verdict is what is known of an option's keeping a constraint.
type verdict int

const (
	unknown verdict = iota
	feasible
	infeasible
)

// feasibility tells options that keep a constraint from those that do not: the fully sequential check of
// Andradóttir and Kim (2010, procedure F). All decisions together, of options whose figure is at least
// the tolerance from the limit, are right with probability 1-alpha at least (a triangle of alpha/k for each
// of k options, which may share people).
type feasibility struct {
	triangle
	limit     Constraint
	options   []*series
	variances []float64 // of one replication, from the first
	least     []float64 // which they may not be below
}

func newFeasibility(limit Constraint, options []*series, alpha float64, first int, share bool) *feasibility {
	f := &feasibility{triangle: newTriangle(alpha/float64(max(1, len(options))), limit.Tolerance, first), limit: limit, options: options}
	for _, s := range options {
		least := 0.0
		if share {
			least = shareFloor(max(limit.Tolerance, min(limit.Amount, 1-limit.Amount))) / s.meanN()
		}
		f.variances, f.least = append(f.variances, max(least, variance(s.residuals(first)))), append(f.least, least)
	}
	return f
}

// excess is by how much the i-th option misses the limit; below 0 it keeps it.
func (f *feasibility) excess(i int) float64 {
	v, _ := f.options[i].value()
	if f.limit.AtLeast {
		return f.limit.Amount - v
	}
	return v - f.limit.Amount
}

// check says what the replications show of the i-th option. When the triangle has closed they always show
// something.
func (f *feasibility) check(i int) verdict {
	r := f.options[i].len()
	half, sum := f.half(f.variances[i], r), f.excess(i)*float64(r)
	switch {
	case sum > half:
		return infeasible
	case sum < -half:
		return feasible
	case half > 0:
		return unknown
	case f.limit.Strict:
		return infeasible
	}
	return feasible
}

// chance is about how likely it is that the i-th option keeps the limit, or misses it by no more than the
// tolerance.
func (f *feasibility) chance(i int) float64 {
	s := f.options[i]
	se := math.Sqrt(max(f.least[i], variance(s.residuals(s.len()))) / float64(s.len()))
	return normalBelow(f.limit.Tolerance-f.excess(i), se)
}

// needs is about how many replications the i-th option takes to show whether it keeps the limit.
func (f *feasibility) needs(i int) float64 { return f.triangle.needs(f.variances[i], f.excess(i)) }

// normalBelow is the chance that a normal of mean 0 and the standard deviation given lies below x.
func normalBelow(x, sd float64) float64 {
	if sd == 0 {
		switch {
		case x > 0:
			return 1
		case x < 0:
			return 0
		}
		return 0.5
	}
	return math.Erfc(-x/sd/math.Sqrt2) / 2
}
