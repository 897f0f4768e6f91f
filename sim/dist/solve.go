package dist

import "math"

// firstBelow is the smallest x from lo to hi at which gap, which never rises,
// is at most 0, to the last digits but one; gap may jump. It steps by false
// position, Illinois variant (Dowell and Jarratt 1971), and bisects whenever
// three steps have not halved the bracket. hi may be +Inf.
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
	width := hi - lo
	for i := 1; hi-lo > 4e-16*hi && i < 2000; i++ {
		x := lo + (hi-lo)*gLo/(gLo-gHi)
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
		if g := gap(x); g > 0 {
			lo, gLo, gHi = x, g, gHi/2
		} else {
			hi, gHi, gLo = x, g, gLo/2
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
