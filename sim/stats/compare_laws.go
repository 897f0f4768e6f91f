package stats

import (
	"math"
	"slices"
)

// TwoSamples is the largest gap between the distributions of two samples, and the chance of one as large if
// they come from one law (Smirnov 1939). The chance is exact where no value is tied; with ties it is too
// large. Both are reordered. ok is false where one is empty.
func TwoSamples(a, b []float64) (gap, p float64, ok bool) {
	if len(a) == 0 || len(b) == 0 {
		return 0, 1, false
	}
	slices.Sort(a)
	slices.Sort(b)
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		x := min(a[i], b[j])
		for i < len(a) && a[i] == x {
			i++
		}
		for j < len(b) && b[j] == x {
			j++
		}
		gap = max(gap, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
	return gap, pathsBeyond(len(a), len(b), gap), true
}

// pathsBeyond is the share of the lattice paths from (0, 0) to (m, n) that somewhere are as far as gap from the
// diagonal (Hodges 1958). Of the paths that stay within, each point's share among all that reach it is followed.
func pathsBeyond(m, n int, gap float64) float64 {
	if gap <= 0 {
		return 1
	}
	most := gap - 1e-12
	within := make([]float64, n+1)
	for i := range m + 1 {
		for j := range n + 1 {
			far := math.Abs(float64(i)/float64(m)-float64(j)/float64(n)) >= most
			switch {
			case far:
				within[j] = 0
			case i == 0 && j == 0:
				within[j] = 1
			default: // a path to (i, j) comes from (i-1, j) in i of i+j cases
				left := 0.0
				if j > 0 {
					left = within[j-1]
				}
				within[j] = (within[j]*float64(i) + left*float64(j)) / float64(i+j)
			}
		}
	}
	return min(1, max(0, 1-within[n]))
}

// OneSample is the largest gap between the distribution of a sample and a law (Kolmogorov 1933), and the weighted
// sum of squares of all gaps (Anderson and Darling 1954), which looks at the tails. The usual tables do not
// hold for a law that was fitted to the sample. The sample is reordered.
func OneSample(xs []float64, cdf, survival func(float64) float64) (gap, square float64) {
	slices.Sort(xs)
	n := float64(len(xs))
	for i, x := range xs {
		f := cdf(x)
		gap = max(gap, f-float64(i)/n, float64(i+1)/n-f)
		square -= (2*float64(i) + 1) / n * (math.Log(f) + math.Log(survival(xs[len(xs)-1-i])))
	}
	return gap, square - n
}
