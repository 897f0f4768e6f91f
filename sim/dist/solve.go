package dist

import "math"

// closeEnough is the share to which firstBelow finds its x.
const closeEnough = 2e-15

// firstBelow is the smallest x from lo to hi at which gap, which never rises,
// is at most 0, to a share of closeEnough; gap may jump. It steps by false
// position, Illinois variant (Dowell and Jarratt 1971), and bisects whenever
// three steps have not halved the bracket. A step is never shorter than half of
// what is close enough, so that the last one closes the bracket (Brent 1973,
// chapter 4). hi may be +Inf.
func firstBelow(lo, hi float64, gap func(float64) float64) float64 {
	gLo := gap(lo)
	if gLo <= 0 || lo == hi {
		return lo
	}
	if math.IsInf(hi, 1) {
		lo, hi = bracket(lo, gap)
		gLo = gap(lo)
	}
	gHi := gap(hi)
	width, wasLow := hi-lo, false
	for i := 1; hi-lo > closeEnough*hi && i < 2000; i++ {
		least := closeEnough / 2 * hi
		x := min(max(lo+(hi-lo)*gLo/(gLo-gHi), lo+least), hi-least)
		if i%3 == 0 {
			if hi-lo > width/2 {
				x = between(lo, hi)
			}
			width = hi - lo
		}
		if !(x > lo && x < hi) {
			if x = between(lo, hi); x <= lo || x >= hi {
				break
			}
		}
		g := gap(x)
		isLow := g > 0
		switch {
		case isLow && wasLow: // the same end moved twice: pull towards the other
			gHi /= 2
		case !isLow && !wasLow:
			gLo /= 2
		}
		if wasLow = isLow; isLow {
			lo, gLo = x, g
		} else {
			hi, gHi = x, g
		}
	}
	return hi
}

// bracket doubles from lo, where gap is above 0, until it is not.
func bracket(lo float64, gap func(float64) float64) (float64, float64) {
	hi := max(1, 2*lo)
	for gap(hi) > 0 && hi < math.MaxFloat64/2 {
		lo, hi = hi, 2*hi
	}
	return lo, hi
}

// between halves a bracket: geometrically where its ends are far apart.
func between(lo, hi float64) float64 {
	switch {
	case math.IsInf(hi, 1):
		return max(1, 2*lo)
	case hi > 4*lo && lo > 0:
		return math.Sqrt(lo) * math.Sqrt(hi)
	case lo == 0 && hi > 1e-290:
		return hi * 1e-3
	}
	return lo + (hi-lo)/2
}
