package explore

import "math"

// triangle is the region in which a sum of replications has not yet shown on which side of 0 its mean lies:
// it starts wide and closes at a straight line (Fabian 1974). A mean that is at least delta from 0 is put on
// the wrong side with probability alpha at most, when the variance is estimated from the first replications,
// once, and replications are normal; looking less often than after each one only makes errors rarer
// (Jennison, Johnstone and Turnbull 1982).
type triangle struct {
	delta float64 // the least distance from 0 that matters
	first int     // replications behind the variance
	eta   float64
}

// newTriangle solves g(η) = ½(1 + 2η)^(-(first-1)/2) = alpha: Kim and Nelson 2001, eq. 1, with c = 1.
func newTriangle(alpha, delta float64, first int) triangle {
	return triangle{delta, first, (math.Pow(2*alpha, -2/float64(first-1)) - 1) / 2}
}

// half is how far the sum of r replications may lie from 0 without having shown anything:
// max{0, η(first-1)·S²/δ - δr/2}, r·W(r) of Kim and Nelson 2001, and R(r) of Andradóttir and Kim 2010.
func (t triangle) half(variance float64, r int) float64 {
	return max(0, t.eta*float64(t.first-1)*variance/t.delta-t.delta*float64(r)/2)
}

// needs is about how many replications a mean of the size given takes to show.
func (t triangle) needs(variance, mean float64) float64 {
	return t.eta * float64(t.first-1) * variance / t.delta / (math.Abs(mean) + t.delta/2)
}

// kimNelson drops options that are shown to be worse than another: the fully sequential procedure of Kim and
// Nelson (2001). The best of k options, if better than every other by delta, is kept with probability 1-alpha
// at least, whatever people they share (a triangle of alpha/(k-1) for each pair).
type kimNelson struct {
	triangle
	options   []*series   // in the order of the options; smaller is better
	residuals [][]float64 // of the first replications
	floor     float64     // least variance of a difference times n̄, see shareFloor
}

func newKimNelson(options []*series, alpha, delta float64, first int, share bool) *kimNelson {
	k := &kimNelson{triangle: newTriangle(alpha/float64(max(1, len(options)-1)), delta, first), options: options}
	for _, s := range options {
		k.residuals = append(k.residuals, s.residuals(first))
	}
	if share {
		k.floor = shareFloor(delta)
	}
	return k
}

// shareFloor is the variance of a share p of independent yes-or-no answers, one of them: what happened to
// nobody in the first replications may still happen.
func shareFloor(p float64) float64 { return max(0, min(p, 0.5)*(1-min(p, 0.5))) }

// variance is that of one replication of option i less option j.
func (k *kimNelson) variance(i, j int) float64 {
	v := varianceOfDifference(k.residuals[i], k.residuals[j])
	if k.floor > 0 {
		v = max(v, k.floor/min(k.options[i].meanN(), k.options[j].meanN()))
	}
	return v
}

// worse reports whether the replications, of which both have r, show that i is worse than j. Of two that are
// exactly equal when the triangle has closed, the later goes.
func (k *kimNelson) worse(i, j int) bool {
	a, _ := k.options[i].value()
	b, _ := k.options[j].value()
	if a < b || a == b && i < j {
		return false
	}
	r := k.options[i].len()
	half := k.half(k.variance(i, j), r)
	return (a-b)*float64(r) > half || half == 0
}

// needs is about how many replications it takes to show that i is worse than j, infinite if it seems better.
func (k *kimNelson) needs(i, j int) float64 {
	a, _ := k.options[i].value()
	b, _ := k.options[j].value()
	if a < b {
		return math.Inf(1)
	}
	return k.triangle.needs(k.variance(i, j), a-b)
}

// screen gives, for each option in contention that is shown to be worse than one of the rivals, which.
func (k *kimNelson) screen(contenders, rivals []int) (beaten map[int]int) {
	beaten = map[int]int{}
	for _, i := range contenders {
		by, least := -1, math.Inf(1)
		for _, j := range rivals {
			if v, _ := k.options[j].value(); i != j && v < least && k.worse(i, j) {
				by, least = j, v
			}
		}
		if by >= 0 {
			beaten[i] = by
		}
	}
	return beaten
}
