package dist

import "math"

type exponential struct {
	written
	mean float64
}

// Exponential is the law without memory, by its mean in days. The error says
// what is wrong unless the mean is above 0.
func Exponential(mean float64) (Law, error) {
	var f faults
	f.above0("mean", mean)
	if err := f.err(); err != nil {
		return nil, err
	}
	return &exponential{writes("exponential", inDays("mean", mean)), mean}, nil
}

// ExponentialHalfBy is the exponential law with half of all durations over by
// median days. The error says what is wrong unless median is above 0.
func ExponentialHalfBy(median float64) (Law, error) {
	var f faults
	f.above0("half_by", median)
	if err := f.err(); err != nil {
		return nil, err
	}
	return &exponential{writes("exponential", inDays("half_by", median)), median / math.Ln2}, nil
}

func (l *exponential) CDF(x float64) float64 { return -math.Expm1(-l.cumulativeHazard(x)) }

func (l *exponential) Survival(x float64) float64 { return math.Exp(-l.cumulativeHazard(x)) }

func (l *exponential) AtSurvival(q float64) float64 { return l.mean * NegLog(q) }

func (l *exponential) atCDF(p float64) float64 { return -l.mean * math.Log1p(-p) }

func (l *exponential) cumulativeHazard(x float64) float64 { return max(0, x/l.mean) }

func (l *exponential) atCumulativeHazard(h float64) float64 { return l.mean * h }

func (l *exponential) Mean() float64 { return l.mean }

func (l *exponential) Variance() float64 { return l.mean * l.mean }
