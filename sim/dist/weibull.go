package dist

import "math"

// weibull has survival exp(-(x/scale)^shape) (Weibull 1951).
type weibull struct {
	written
	shape, scale float64
}

// Weibull is the law with survival exp(-(x/scale)^shape), scale in days: a
// hazard that falls with time for a shape below 1 and rises above 1. The
// error says what is wrong unless both are above 0.
func Weibull(shape, scale float64) (Law, error) {
	var f faults
	f.above0("shape", shape)
	f.above0("scale", scale)
	if err := f.err(); err != nil {
		return nil, err
	}
	return &weibull{writes("weibull", plain("shape", shape), inDays("scale", scale)), shape, scale}, nil
}

// WeibullMean is the Weibull law with that shape and mean in days. The error
// says what is wrong unless both are above 0, or the shape is so small that
// no scale gives the mean.
func WeibullMean(shape, mean float64) (Law, error) {
	w := writes("weibull", plain("shape", shape), inDays("mean", mean))
	return weibullThrough(w, shape, "mean", mean, math.Gamma(1+1/shape))
}

// WeibullMedian is the Weibull law with that shape and median in days. Errors
// as for WeibullMean.
func WeibullMedian(shape, median float64) (Law, error) {
	w := writes("weibull", plain("shape", shape), inDays("median", median))
	return weibullThrough(w, shape, "median", median, math.Pow(math.Ln2, 1/shape))
}

// weibullThrough scales the Weibull law so that the figure named takes the
// value, unit being that figure at scale 1.
func weibullThrough(w written, shape float64, name string, value, unit float64) (Law, error) {
	var f faults
	f.above0("shape", shape)
	f.above0(name, value)
	scale := value / unit
	if len(f) == 0 && (scale == 0 || math.IsInf(scale, 0)) {
		f.add("shape is too small for a %s: %v", name, shape)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return &weibull{w, shape, scale}, nil
}

// WeibullPercentile is the Weibull law through its median and the percentile
// p (a fraction, 0.9 for the ninetieth) at xp days. The error says what is
// wrong unless p and xp lie on the same side of the median.
func WeibullPercentile(median, p, xp float64) (Law, error) {
	var f faults
	f.percentile(median, p, xp)
	if err := f.err(); err != nil {
		return nil, err
	}
	// The hazard reached at a percentile is -ln(1-p) = (xp/scale)^shape.
	shape := math.Log(-math.Log1p(-p)/math.Ln2) / math.Log(xp/median)
	w := writes("weibull", inDays("median", median), inDays(percent(p), xp))
	return weibullThrough(w, shape, "median", median, math.Pow(math.Ln2, 1/shape))
}

func (l *weibull) CDF(x float64) float64 { return -math.Expm1(-l.cumulativeHazard(x)) }

func (l *weibull) Survival(x float64) float64 { return math.Exp(-l.cumulativeHazard(x)) }

func (l *weibull) AtSurvival(q float64) float64 { return l.atCumulativeHazard(NegLog(q)) }

func (l *weibull) atCDF(p float64) float64 { return l.atCumulativeHazard(-math.Log1p(-p)) }

func (l *weibull) cumulativeHazard(x float64) float64 {
	return math.Pow(max(0, x/l.scale), l.shape)
}

// atCumulativeHazard is scale h^(1/shape).
func (l *weibull) atCumulativeHazard(h float64) float64 { return l.scale * power(h, 1/l.shape) }

func (l *weibull) Mean() float64 { return l.scale * math.Gamma(1+1/l.shape) }

func (l *weibull) Variance() float64 {
	g1, g2 := math.Gamma(1+1/l.shape), math.Gamma(1+2/l.shape)
	if math.IsInf(g2, 1) {
		return g2
	}
	return l.scale * l.scale * (g2 - g1*g1)
}
