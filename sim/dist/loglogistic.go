package dist

import "math"

// loglogistic has survival 1/(1+(x/scale)^shape) (Fisk 1961).
type loglogistic struct {
	written
	shape, scale float64
}

// Loglogistic is the law with survival 1/(1+(x/scale)^shape); the scale, in
// days, is the median. It has a mean only for a shape above 1 and a variance
// only above 2, else they are +Inf. The error says what is wrong unless both
// parameters are above 0.
func Loglogistic(shape, scale float64) (Law, error) {
	var f faults
	f.above0("shape", shape)
	f.above0("scale", scale)
	if err := f.err(); err != nil {
		return nil, err
	}
	return &loglogistic{writes("loglogistic", plain("shape", shape), inDays("scale", scale)), shape, scale}, nil
}

// LoglogisticMedian is the loglogistic law through its median and the
// percentile p (a fraction) at xp days. The error says what is wrong unless p
// and xp lie on the same side of the median.
func LoglogisticMedian(median, p, xp float64) (Law, error) {
	var f faults
	f.percentile(median, p, xp)
	if err := f.err(); err != nil {
		return nil, err
	}
	shape := math.Log(p/(1-p)) / math.Log(xp/median)
	w := writes("loglogistic", inDays("median", median), inDays(percent(p), xp))
	return &loglogistic{w, shape, median}, nil
}

// odds is the odds of being over by x.
func (l *loglogistic) odds(x float64) float64 { return math.Pow(max(0, x/l.scale), l.shape) }

func (l *loglogistic) CDF(x float64) float64 {
	return 1 / (1 + 1/l.odds(x))
}

func (l *loglogistic) Survival(x float64) float64 { return 1 / (1 + l.odds(x)) }

func (l *loglogistic) AtSurvival(q float64) float64 {
	return l.scale * math.Exp(math.Log((1-q)/q)/l.shape)
}

func (l *loglogistic) atCDF(p float64) float64 {
	return l.scale * math.Exp(math.Log(p/(1-p))/l.shape)
}

func (l *loglogistic) cumulativeHazard(x float64) float64 { return math.Log1p(l.odds(x)) }

func (l *loglogistic) atCumulativeHazard(h float64) float64 {
	// exp(h) overflows past 709, where expm1(h) is exp(h) to every digit.
	logOdds := h
	if h < 40 {
		logOdds = math.Log(math.Expm1(h))
	}
	return l.scale * math.Exp(logOdds/l.shape)
}

func (l *loglogistic) Mean() float64 {
	if l.shape <= 1 {
		return math.Inf(1)
	}
	b := math.Pi / l.shape
	return l.scale * b / math.Sin(b)
}

func (l *loglogistic) Variance() float64 {
	if l.shape <= 2 {
		return math.Inf(1)
	}
	b := math.Pi / l.shape
	m := b / math.Sin(b)
	return l.scale * l.scale * (2*b/math.Sin(2*b) - m*m)
}
