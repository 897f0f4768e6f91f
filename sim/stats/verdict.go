package stats

import (
	"cmp"
	"math"
	"slices"
)

// Holm adjusts the p-values of one family of comparisons (Holm 1979, step down):
// reject those whose adjusted value is at most alpha, and the chance of any false
// rejection is at most alpha. Equal values stay equal, in whatever order they
// come. A p that is not a number counts as 1.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	adjusted := make([]float64, len(p))
	for i := range p {
		order[i] = i
		adjusted[i] = p[i]
		if math.IsNaN(p[i]) {
			adjusted[i] = 1
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(adjusted[a], adjusted[b]) })
	least := 0.0
	for rank, i := range order {
		least = max(least, min(1, float64(len(p)-rank)*adjusted[i]))
		adjusted[i] = least
	}
	return adjusted
}

// Verdict is a comparison in plain words.
type Verdict int

// The verdicts. More and Less are those of figures where neither is better.
const (
	NoClear Verdict = iota
	TooSmall
	Better
	Worse
	More
	Less
)

// String gives the plain words.
func (v Verdict) String() string {
	switch v {
	case TooSmall:
		return "too small to matter"
	case Better:
		return "better"
	case Worse:
		return "worse"
	case More:
		return "more"
	case Less:
		return "less"
	}
	return "no clear difference"
}

// Judge puts a difference into words. It is clear where adjustedP (see Holm) is
// at most 1-level. A clear difference is too small to matter only where its whole
// interval is: no value in it is as far from 0 as matters. Where the interval
// reaches that far the direction is given, since to call it too small would claim
// more than is known. Whether a difference is too small is asked of clear ones
// only; scenarios equal in every replication, and a single replication, show no
// clear difference. A matters of 0 or less finds nothing too small.
// higherIsBetter is +1, -1, or 0 where neither direction is good.
func Judge(d Difference, adjustedP, matters, level float64, higherIsBetter int) Verdict {
	checkLevel(level)
	clear := d.Value != 0 && d.Known() && adjustedP <= 1-level
	switch {
	case !clear:
		return NoClear
	case max(math.Abs(d.Low), math.Abs(d.High)) < matters:
		return TooSmall
	case higherIsBetter == 0 && d.Value > 0:
		return More
	case higherIsBetter == 0:
		return Less
	case (d.Value > 0) == (higherIsBetter > 0):
		return Better
	}
	return Worse
}
