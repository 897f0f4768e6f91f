package dist

import "math"

type triangular struct {
	written
	lo, mode, hi float64
}

// checkPeak holds three points of a peaked law to be in order.
func checkPeak(lo, mode, hi float64) error {
	var f faults
	f.atLeast0("min", lo)
	f.atLeast0("mode", mode)
	f.atLeast0("max", hi)
	if hi <= lo {
		f.add("max must be above min, %v, not %v", lo, hi)
	} else if mode < lo || mode > hi {
		f.add("mode must lie from min, %v, to max, %v, not at %v", lo, hi, mode)
	}
	return f.err()
}

// Triangular is the law from lo to hi days with a straight-sided peak at mode.
// The error says what is wrong unless 0 <= lo <= mode <= hi and lo < hi.
func Triangular(lo, mode, hi float64) (Law, error) {
	if err := checkPeak(lo, mode, hi); err != nil {
		return nil, err
	}
	w := writes("triangular", inDays("min", lo), inDays("mode", mode), inDays("max", hi))
	return &triangular{w, lo, mode, hi}, nil
}

func (l *triangular) CDF(x float64) float64 {
	switch {
	case x <= l.lo:
		return 0
	case x >= l.hi:
		return 1
	case x <= l.mode:
		return (x - l.lo) / (l.hi - l.lo) * ((x - l.lo) / (l.mode - l.lo))
	}
	return 1 - l.Survival(x)
}

func (l *triangular) Survival(x float64) float64 {
	switch {
	case x <= l.lo:
		return 1
	case x >= l.hi:
		return 0
	case x <= l.mode:
		return 1 - l.CDF(x)
	}
	return (l.hi - x) / (l.hi - l.lo) * ((l.hi - x) / (l.hi - l.mode))
}

func (l *triangular) AtSurvival(q float64) float64 {
	width := l.hi - l.lo
	if q*width <= l.hi-l.mode {
		return l.hi - math.Sqrt(q*width*(l.hi-l.mode))
	}
	return l.lo + math.Sqrt((1-q)*width*(l.mode-l.lo))
}

func (l *triangular) atCDF(p float64) float64 {
	width := l.hi - l.lo
	if p*width <= l.mode-l.lo {
		return l.lo + math.Sqrt(p*width*(l.mode-l.lo))
	}
	return l.hi - math.Sqrt((1-p)*width*(l.hi-l.mode))
}

func (l *triangular) Mean() float64 { return (l.lo + l.mode + l.hi) / 3 }

func (l *triangular) Variance() float64 {
	rise, fall := l.mode-l.lo, l.hi-l.mode
	return (rise*rise + rise*fall + fall*fall) / 18
}

func (l *triangular) breaks() []float64 { return []float64{l.lo, l.mode, l.hi} }
