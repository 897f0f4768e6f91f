package stats

import "math"

// mserBatch is the 5 of MSER-5; mserLeast is how many batches must be left over
// for the statistic to mean anything, and half the least there must be.
const (
	mserBatch = 5
	mserLeast = 5
)

// MSER5 finds how many observations of a series to drop as warm-up: the d batches
// of five whose loss makes Σ_{j>d}(Y_j - Ȳ)²/(m-d)² least (White 1997; White,
// Cobb and Spratt 2000), the fewest where several do. The last five batches are
// not offered. ok is false where more than half would go (the series never
// settles: run longer), where there are fewer than 50 observations, and where
// one is not a finite number.
func MSER5(data []float64) (dropObservations int, ok bool) {
	m := len(data) / mserBatch
	if m < 2*mserLeast || !finite(data...) {
		return 0, false
	}
	best, least := 0, math.Inf(1)
	mean, ss := 0.0, 0.0 // of the batches from d on, built from the end
	for d := m - 1; d >= 0; d-- {
		y := 0.0
		for _, x := range data[d*mserBatch : (d+1)*mserBatch] {
			y += x / mserBatch
		}
		kept := float64(m - d)
		delta := y - mean
		mean += delta / kept
		ss += delta * (y - mean)
		if score := ss / (kept * kept); m-d > mserLeast-1 && score <= least {
			best, least = d, score
		}
	}
	return best * mserBatch, 2*best <= m
}

// RelativePrecisionMet says whether a mean is known to a relative error of gamma:
// halfWidth/|mean| <= gamma/(1+gamma), which bounds the error against the true
// mean and not the estimated one (Law and Kelton 2000, eq. 9.3). A mean of 0 is
// known only where the half-width is 0.
func RelativePrecisionMet(mean, halfWidth, gamma float64) bool {
	return halfWidth <= gamma/(1+gamma)*math.Abs(mean)
}
