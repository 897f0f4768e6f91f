package stats

import "math"

// sectionDifference pairs two quantiles by the sections that both have.
func sectionDifference(v0, v1 float64, q0, q1 []float64, size0, size1 []float64, level float64, same bool) Difference {
	apart := make([]float64, len(q0))
	for g := range apart {
		apart[g] = q1[g] - q0[g]
	}
	se, n := sectionError(v1-v0, apart, size0, size1)
	if n < 2 {
		return difference(alone(v1-v0, n), 0, 0, 0, same)
	}
	se0, _ := sectionError(v0, q0, size0, size1)
	se1, _ := sectionError(v1, q1, size0, size1)
	e := interval(v1-v0, se, n, level, MethodSections)
	return difference(e, float64(n-1), se0*se0+se1*se1, se*se, same)
}

// sectionError is the standard error of a pooled value from its sections, each
// weighed by its share of the time (the mean of its shares in the two sizes;
// Asmussen and Glynn 2007, section III.5; Nakayama 2014),
// and the number of sections that had any in both.
func sectionError(value float64, q []float64, size0, size1 []float64) (se float64, n int) {
	var total0, total1 float64
	for g := range q {
		if size0[g] > 0 && size1[g] > 0 {
			total0 += size0[g]
			total1 += size1[g]
			n++
		}
	}
	ss := 0.0
	for g := range q {
		if size0[g] > 0 && size1[g] > 0 {
			weight := (size0[g]/total0 + size1[g]/total1) / 2
			ss += weight * weight * (q[g] - value) * (q[g] - value)
		}
	}
	return math.Sqrt(ss * float64(n) / float64(max(n-1, 1))), n
}
