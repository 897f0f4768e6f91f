package explore

import "tier4/sim/stats"

// series is one figure of one option, replication by replication: its value is ΣY/ΣN.
type series struct {
	y, n       []float64
	sumY, sumN float64
}

func (s *series) add(y, n float64) {
	s.y, s.n = append(s.y, y), append(s.n, n)
	s.sumY, s.sumN = s.sumY+y, s.sumN+n
}

// negate turns the sign of the last replication: what is greatest becomes least.
func (s *series) negate() {
	last := len(s.y) - 1
	s.sumY -= 2 * s.y[last]
	s.y[last] = -s.y[last]
}

// len is the number of replications.
func (s *series) len() int { return len(s.y) }

// value is the figure over all replications; ok is false where nobody contributed.
func (s *series) value() (v float64, ok bool) {
	if s.sumN == 0 {
		return 0, false
	}
	return s.sumY / s.sumN, true
}

// meanN is what a replication has on average to divide by: people, years.
func (s *series) meanN() float64 { return s.sumN / float64(s.len()) }

// residuals are what each of the first r replications adds to the figure's error: (y - v·n)/n̄, the ratio
// linearised (Cochran 1977, eq. 6.13), and y - v where all n are 1. Their mean is 0.
func (s *series) residuals(r int) []float64 {
	y, n := 0.0, 0.0
	for i := range r {
		y, n = y+s.y[i], n+s.n[i]
	}
	e := make([]float64, r)
	if n == 0 {
		return e
	}
	v, mean := y/n, n/float64(r)
	for i := range e {
		e[i] = (s.y[i] - v*s.n[i]) / mean
	}
	return e
}

// variance is that of one replication, from residuals.
func variance(e []float64) float64 {
	ss := 0.0
	for _, x := range e {
		ss += x * x
	}
	return ss / float64(len(e)-1)
}

// varianceOfDifference is that of one replication of a less b, which had the same people.
func varianceOfDifference(a, b []float64) float64 {
	ss := 0.0
	for i := range min(len(a), len(b)) {
		ss += (a[i] - b[i]) * (a[i] - b[i])
	}
	return ss / float64(min(len(a), len(b))-1)
}

// difference is other less base over the replications both have, paired.
func difference(base, other *series, level float64) (stats.Difference, bool) {
	var p stats.PairedRatio
	for i := range min(base.len(), other.len()) {
		p.Add(base.y[i], base.n[i], other.y[i], other.n[i])
	}
	return p.Difference(level)
}
