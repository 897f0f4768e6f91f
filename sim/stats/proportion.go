package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Wilson is the score interval of a share, k of n independent trials, without
// correction for continuity (Wilson 1927; Newcombe 1998, method 3). With no
// trials it is [0, 1].
func Wilson(k, n int, level float64) (low, high float64) {
	checkTrials(k, n, level)
	if n == 0 {
		return 0, 1
	}
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	share, trials := float64(k)/float64(n), float64(n)
	middle := (share + z*z/(2*trials)) / (1 + z*z/trials)
	half := z / (1 + z*z/trials) * math.Sqrt(share*(1-share)/trials+z*z/(4*trials*trials))
	low, high = max(middle-half, 0), min(middle+half, 1)
	if k == 0 {
		low = 0
	}
	if k == n {
		high = 1
	}
	return low, high
}

// ClopperPearson is the exact interval of a share, k of n independent trials,
// by beta quantiles (Clopper and Pearson 1934). With no trials it is [0, 1].
func ClopperPearson(k, n int, level float64) (low, high float64) {
	checkTrials(k, n, level)
	low, high = 0, 1
	tail := (1 - level) / 2
	if k > 0 {
		low = mathext.InvRegIncBeta(float64(k), float64(n-k+1), tail)
	}
	if k < n {
		high = mathext.InvRegIncBeta(float64(k+1), float64(n-k), 1-tail)
	}
	return low, high
}

// Jeffreys is the equal-tailed interval of a share, k of n independent trials,
// under the prior Beta(1/2, 1/2), with the end at 0 or 1 where k is 0 or n
// (Brown, Cai and DasGupta 2001, section 4.1). With no trials it is [0, 1].
func Jeffreys(k, n int, level float64) (low, high float64) {
	checkTrials(k, n, level)
	low, high = 0, 1
	tail := (1 - level) / 2
	a, b := float64(k)+0.5, float64(n-k)+0.5
	if k > 0 {
		low = mathext.InvRegIncBeta(a, b, tail)
	}
	if k < n {
		high = mathext.InvRegIncBeta(a, b, 1-tail)
	}
	return low, high
}

func checkTrials(k, n int, level float64) {
	checkLevel(level)
	if k < 0 || k > n {
		panic("stats: an interval of a share wants 0 <= k <= n")
	}
}

// Ranks are the places, counted from 1 in sorted order, of the two values that
// bound a quantile. Lower is 0 and Upper n+1 where no value of the sample can.
type Ranks struct {
	Lower, Upper int
	Coverage     float64 // the chance that they do, at least the level asked for where both exist
}

// QuantileRanks gives the interval of the p quantile of a continuous law from n
// independent values, free of the law: [X_(l), X_(u)] with l and u-1 the
// (1∓level)/2 quantiles of the binomial, covering with P(l <= Bin <= u-1) (David
// and Nagaraja 2003, section 7.1). Not for people within one replication, who
// are not independent.
func QuantileRanks(n int, p, level float64) Ranks {
	checkLevel(level)
	if n < 1 || !(p > 0 && p < 1) {
		panic("stats: QuantileRanks wants n >= 1 and 0 < p < 1")
	}
	l := binomialQuantile(n, p, (1-level)/2)
	u := binomialQuantile(n, p, (1+level)/2) + 1
	return Ranks{Lower: l, Upper: u, Coverage: binomialCDF(n, p, u-1) - binomialCDF(n, p, l-1)}
}

// binomialQuantile is the least k with P(Bin(n,p) <= k) >= q.
func binomialQuantile(n int, p, q float64) int {
	low, high := 0, n
	for low < high {
		mid := low + (high-low)/2
		if binomialCDF(n, p, mid) >= q {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

func binomialCDF(n int, p float64, k int) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n:
		return 1
	}
	return mathext.RegIncBeta(float64(n-k), float64(k+1), 1-p)
}
