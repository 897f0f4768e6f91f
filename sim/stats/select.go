package stats

import (
	"math"
	"math/bits"
	"slices"
)

// QuickSelect puts the k-th least of xs, from 0, in its sorted place, none
// greater before it and none less after, and returns it (Hoare 1961, median of
// three; it sorts what is left if the splits go badly, so the worst case is
// n·log n). The values must be numbers; k must be an index of xs.
func QuickSelect(xs []float64, k int) float64 {
	_ = xs[k]
	left, rank := xs, k // the k-th of xs is the rank-th of what is left
	for tries := 2 * bits.Len(uint(len(xs))); len(left) > 12 && tries > 0; tries-- {
		n := len(left)
		a, b, c := left[n/4], left[n/2], left[3*n/4] // not the ends: a split leaves what was in order turned about
		pivot := max(min(a, b), min(max(a, b), c))
		less := split(left, pivot)
		if rank < less {
			left = left[:less]
			continue
		}
		left, rank = left[less:], rank-less
		if less == 0 { // of those that are not less, the equals first
			equal := split(left, math.Nextafter(pivot, math.Inf(1)))
			if rank < equal {
				return pivot
			}
			left, rank = left[equal:], rank-equal
		}
	}
	sortRun(left)
	return xs[k]
}

// split puts the values below the pivot first and gives how many they are. It is written so that the compiler branches on
// none of them, for to which half they belong nobody can foresee (Lomuto's scheme, each value swapped whether it must be
// or not).
func split(xs []float64, pivot float64) (below int) {
	for i, x := range xs {
		xs[i], xs[below] = xs[below], x
		one := 0
		if x < pivot {
			one = 1
		}
		below += one
	}
	return below
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
