package dist

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

type gamma struct {
	written
	shape, scale float64
	logGamma     float64 // ln Γ(shape)
}

// Shapes outside this range leave nothing that a float64 can tell from 0, or
// from a fixed duration.
const leastShape, mostShape = 1e-3, 1e9

// Gamma is the gamma law by its mean and standard deviation in days. The
// error says what is wrong unless both are above 0, or where sd/mean is beyond
// about 30 or below 0.00003.
func Gamma(mean, sd float64) (Law, error) {
	var f faults
	f.above0("mean", mean)
	f.above0("sd", sd)
	shape := mean / sd * (mean / sd)
	if len(f) == 0 && (shape < leastShape || shape > mostShape) {
		f.add("sd must be from 0.00003 to 30 times the mean of %s, not %s", days(mean), days(sd))
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return newGamma(writes("gamma", inDays("mean", mean), inDays("sd", sd)), shape, mean/shape), nil
}

// GammaShape is the gamma law by its shape and its scale in days, of mean
// shape*scale. The error says what is wrong unless both are above 0 and the
// shape lies from 0.001 to 1e9.
func GammaShape(shape, scale float64) (Law, error) {
	var f faults
	f.above0("shape", shape)
	f.above0("scale", scale)
	if len(f) == 0 && (shape < leastShape || shape > mostShape) {
		f.add("shape must lie from %v to %v, not %v", leastShape, mostShape, shape)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return newGamma(writes("gamma", plain("shape", shape), inDays("scale", scale)), shape, scale), nil
}

// GammaMedian is the gamma law through its median and the percentile p (a
// fraction) at xp days. The error says what is wrong unless p and xp lie on
// the same side of the median, or where no shape from 0.02 to 1e6 fits.
func GammaMedian(median, p, xp float64) (Law, error) {
	var f faults
	f.percentile(median, p, xp)
	if err := f.err(); err != nil {
		return nil, err
	}
	// The gap between median and percentile, on a logarithmic scale, shrinks
	// as the shape grows: bisect the logarithm of the shape.
	gap := func(logShape float64) float64 {
		g := newGamma("", math.Exp(logShape), 1)
		return math.Abs(math.Log(g.atCDF(p) / g.AtSurvival(0.5)))
	}
	want := math.Abs(math.Log(xp / median))
	lo, hi := math.Log(0.02), math.Log(1e6)
	if !(gap(lo) >= want && want >= gap(hi)) {
		f.add("no gamma law has a median of %s and a %s of %s", days(median), percent(p), days(xp))
		return nil, f.err()
	}
	for range 60 {
		if mid := (lo + hi) / 2; gap(mid) > want {
			lo = mid
		} else {
			hi = mid
		}
	}
	shape := math.Exp((lo + hi) / 2)
	scale := median / newGamma("", shape, 1).AtSurvival(0.5)
	return newGamma(writes("gamma", inDays("median", median), inDays(percent(p), xp)), shape, scale), nil
}

func newGamma(w written, shape, scale float64) *gamma {
	lg, _ := math.Lgamma(shape)
	return &gamma{w, shape, scale, lg}
}

func (l *gamma) CDF(x float64) float64 {
	if math.IsInf(x, 1) {
		return 1
	}
	return mathext.GammaIncReg(l.shape, max(0, x/l.scale))
}

func (l *gamma) Survival(x float64) float64 {
	return survivalAt(l.shape, max(0, x/l.scale))
}

// survivalAt is the survival at scale 1. Below 1 it is not small, and gonum's
// complement takes microseconds there.
func survivalAt(shape, x float64) float64 {
	if x <= 1 {
		return 1 - mathext.GammaIncReg(shape, x)
	}
	return mathext.GammaIncRegComp(shape, x)
}

func (l *gamma) AtSurvival(q float64) float64 {
	switch {
	case q > 0.5:
		return l.atCDF(1 - q)
	case q <= 0:
		return math.Inf(1)
	}
	return l.scale * l.invert(q, true)
}

func (l *gamma) atCDF(p float64) float64 {
	switch {
	case p > 0.5:
		return l.AtSurvival(1 - p)
	case p <= 0:
		return 0
	}
	return l.scale * l.invert(p, false)
}

// invert finds the x, at scale 1, that leaves the probability tail above it
// (upper) or below it. It takes Newton steps on the logarithm of the tail,
// which is nearly straight in ln x below and in x above, and bisects whenever
// a step leaves the bracket. (gonum's inverse takes some ten times as long and
// allocates.)
func (l *gamma) invert(tail float64, upper bool) float64 {
	x := l.guess(tail, upper)
	lo, hi, want := 0.0, math.Inf(1), math.Log(tail)
	for range 100 {
		var gap, next float64 // gap > 0: x is still too low
		density := math.Exp((l.shape-1)*math.Log(x) - x - l.logGamma)
		if upper {
			s := survivalAt(l.shape, x)
			gap = math.Log(s) - want
			next = x + gap*s/density
		} else {
			p := mathext.GammaIncReg(l.shape, x)
			gap = want - math.Log(p)
			next = x * math.Exp(gap*p/(x*density))
		}
		if gap > 0 {
			lo = x
		} else {
			hi = x
		}
		if math.Abs(next-x) <= 1e-9*x { // Newton squares the error: next is exact
			return next
		}
		if !(next > lo && next < hi) {
			next = between(lo, hi)
			if next <= lo || next >= hi {
				return next
			}
		}
		x = next
	}
	return x
}

// guess starts invert: Wilson and Hilferty (1931), or the first term of the
// power series near 0 (Abramowitz and Stegun 1964, 6.5.29).
func (l *gamma) guess(tail float64, upper bool) float64 {
	z := mathext.NormalQuantile(tail)
	if upper {
		z = -z
	}
	c := 1 - 1/(9*l.shape) + z/(3*math.Sqrt(l.shape))
	x := l.shape * c * c * c
	if c < 0.3 || l.shape < 0.5 {
		p := tail
		if upper {
			p = 1 - tail
		}
		x = max(x, math.Exp((math.Log(p*l.shape)+l.logGamma)/l.shape))
	}
	return max(x, 1e-300)
}

func (l *gamma) Mean() float64 { return l.shape * l.scale }

func (l *gamma) Variance() float64 { return l.shape * l.scale * l.scale }

func (*gamma) dear() {}
