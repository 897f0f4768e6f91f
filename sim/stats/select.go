package stats

import (
	"math"
	"slices"
)

// QuickSelect puts the k-th least of xs, from 0, in its sorted place, none
// greater before it and none less after, and returns it (Hoare 1961, median of
// three; it sorts what is left if the splits go badly, so the worst case is
// n·log n). The values must be numbers; k must be an index of xs.
func QuickSelect(xs []float64, k int) float64 {
	_ = xs[k]
	low, high := 0, len(xs)-1
	for tries := 64; high-low > 12 && tries > 0; tries-- {
		i, j := split(xs, low, high)
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return xs[k]
		}
	}
	sortRun(xs[low : high+1])
	return xs[k]
}

// split parts xs[low..high] about the median of its ends and middle: up to j
// none is greater, from i none is less, and between them all equal it.
func split(xs []float64, low, high int) (i, j int) {
	a, b, c := xs[low], xs[low+(high-low)/2], xs[high]
	pivot := max(min(a, b), min(max(a, b), c))
	i, j = low, high
	for i <= j {
		for xs[i] < pivot {
			i++
		}
		for pivot < xs[j] {
			j--
		}
		if i <= j {
			xs[i], xs[j] = xs[j], xs[i]
			i++
			j--
		}
	}
	return i, j
}

func sortRun(xs []float64) {
	if len(xs) > 16 {
		slices.Sort(xs)
		return
	}
	for i := 1; i < len(xs); i++ {
		x, j := xs[i], i
		for ; j > 0 && x < xs[j-1]; j-- {
			xs[j] = xs[j-1]
		}
		xs[j] = x
	}
}

// QuantileOf is the p quantile of xs, 0 <= p <= 1, by linear interpolation of the
// order statistics (Hyndman and Fan 1996, type 7). It reorders xs, which must
// hold at least one value, and numbers only.
func QuantileOf(xs []float64, p float64) float64 {
	if len(xs) == 0 || !(p >= 0 && p <= 1) {
		panic("stats: QuantileOf wants a value and 0 <= p <= 1")
	}
	k, part := type7(p, len(xs))
	low := QuickSelect(xs, k)
	if part == 0 {
		return low
	}
	return between(low, slices.Min(xs[k+1:]), part)
}

// type7 is where the p quantile of n values lies: this part of the way from the
// k-th, from 0, to the next.
func type7[N int | uint64](p float64, n N) (k N, part float64) {
	whole, part := math.Modf(p * float64(n-1))
	k = N(whole)
	if k >= n-1 {
		return n - 1, 0
	}
	return k, part
}

// between is the point this part of the way from low to high, exact at the ends.
func between(low, high, part float64) float64 {
	if low == high {
		return low
	}
	return low*(1-part) + high*part
}
