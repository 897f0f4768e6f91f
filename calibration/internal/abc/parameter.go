package abc

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"

	"tier4/sim/dist"
)

// Parameter is one number to be found, by what is believed of it beforehand.
type Parameter struct {
	Name string

	prior    dist.Law // nil for a whole number
	lo, hi   float64  // the ends of what it may be; hi may be +Inf
	below    float64  // of the law, the share below lo
	within   float64  // and the share from lo to hi
	from, to int      // a whole number
}

// Continuous is a parameter that may have any value from low to high, believed
// to follow a law between them. high may be +Inf. The error says what is wrong
// unless the law has more than a thousandth of itself between the two.
func Continuous(name string, prior dist.Law, low, high float64) (Parameter, error) {
	p := Parameter{Name: name, prior: prior, lo: max(low, prior.AtSurvival(1)), hi: min(high, prior.AtSurvival(0))}
	p.below = prior.CDF(p.lo)
	p.within = prior.CDF(p.hi) - p.below
	if !(p.hi > p.lo) || p.within < 1e-3 {
		return p, fmt.Errorf("almost nothing of %s lies from %g to %g", prior, low, high)
	}
	return p, nil
}

// Whole is a parameter that is a whole number, each from one to another as likely.
func Whole(name string, from, to int) (Parameter, error) {
	if to < from {
		return Parameter{}, fmt.Errorf("the whole numbers from %d to %d are none", from, to)
	}
	return Parameter{Name: name, from: from, to: to, lo: float64(from), hi: float64(to)}, nil
}

// IsWhole reports whether the parameter is a whole number.
func (p *Parameter) IsWhole() bool { return p.prior == nil }

// Bounds are the ends of what the parameter may be.
func (p *Parameter) Bounds() (low, high float64) { return p.lo, p.hi }

// At is the value that a share u of the prior does not exceed, for u inside (0,1).
func (p *Parameter) At(u float64) float64 {
	if p.IsWhole() {
		return float64(p.from + min(p.to-p.from, int(u*float64(p.to-p.from+1))))
	}
	return min(p.hi, max(p.lo, dist.Quantile(p.prior, p.below+u*p.within)))
}

// share is the share of the prior below a value; of a whole number, the middle of its own.
func (p *Parameter) share(v float64) float64 {
	if p.IsWhole() {
		return (v - float64(p.from) + 0.5) / float64(p.to-p.from+1)
	}
	return (p.prior.CDF(v) - p.below) / p.within
}

// coordinate is where particles move: a whole number itself, another number on the scale on which
// its prior is the standard normal.
func (p *Parameter) coordinate(v float64) float64 {
	if p.IsWhole() {
		return v
	}
	return mathext.NormalQuantile(min(1-0x1p-53, max(0x1p-53, p.share(v))))
}

// atCoordinate is the value at a coordinate; ok is false where there is none.
func (p *Parameter) atCoordinate(z float64) (v float64, ok bool) {
	if p.IsWhole() {
		return z, z >= p.lo && z <= p.hi
	}
	u := 0.5 * math.Erfc(-z/math.Sqrt2)
	return p.At(u), u > 0 && u < 1
}

// unbounded is a value on the scale on which it has no bounds: log, or logit between two.
func (p *Parameter) unbounded(v float64) float64 {
	if math.IsInf(p.hi, 1) {
		return math.Log(v - p.lo)
	}
	return math.Log(v-p.lo) - math.Log(p.hi-v)
}

// bounded is the value at a place of the unbounded scale.
func (p *Parameter) bounded(t float64) float64 {
	if math.IsInf(p.hi, 1) {
		return p.lo + math.Exp(t)
	}
	return p.lo + (p.hi-p.lo)/(1+math.Exp(-t))
}

// PriorMoments are the mean and standard deviation of the prior, over 1,000 of its quantiles.
func (p *Parameter) PriorMoments() (mean, sd float64) {
	const n = 1000
	var sum, squares float64
	for i := range n {
		v := p.At((float64(i) + 0.5) / n)
		sum += v
		squares += v * v
	}
	mean = sum / n
	return mean, math.Sqrt(max(0, squares/n-mean*mean))
}
