package dist

import "math"

type triangular struct {
	written
	lo, mode, hi float64
}

// checkPeak holds three points of a peaked law to be in order.
func checkPeak(lo, mode, hi float64) error {
	var f faults
	f.atLeast0("from", lo)
	f.atLeast0("likely", mode)
	f.atLeast0("to", hi)
	if hi <= lo {
		f.add("it must end above where it starts, %v, not at %v", lo, hi)
	} else if mode < lo || mode > hi {
		f.add("the likeliest must lie between the ends, %v and %v, not at %v", lo, hi, mode)
	}
	return f.err()
}

// Triangular is the law from lo to hi days with a straight-sided peak at mode.
// The error says what is wrong unless 0 <= lo <= mode <= hi and lo < hi.
func Triangular(lo, mode, hi float64) (Law, error) {
	if err := checkPeak(lo, mode, hi); err != nil {
		return nil, err
	}
	w := writes("triangular", inDays("from", lo), inDays("likely", mode), inDays("to", hi))
	return &triangular{w, lo, mode, hi}, nil
}

func (l *triangular) CDF(x float64) float64 {
	return massBefore(x-l.lo, l.mode-l.lo, l.hi-l.mode)
}

func (l *triangular) Survival(x float64) float64 {
	return massBefore(l.hi-x, l.hi-l.mode, l.mode-l.lo)
}

func (l *triangular) AtSurvival(q float64) float64 {
	return l.hi - atMass(q, l.hi-l.mode, l.mode-l.lo)
}

func (l *triangular) atCDF(p float64) float64 {
	return l.lo + atMass(p, l.mode-l.lo, l.hi-l.mode)
}

// massBefore is the share of a triangle within the distance d of one end; its
// peak lies near from that end and far from the other.
func massBefore(d, near, far float64) float64 {
	switch {
	case d <= 0:
		return 0
	case d >= near+far:
		return 1
	case d <= near:
		return d / (near + far) * (d / near)
	}
	past := d - near
	return (near + past*(2*far-past)/far) / (near + far)
}

// atMass is the distance at which massBefore is m.
func atMass(m, near, far float64) float64 {
	area := m * (near + far)
	if area <= near {
		return math.Sqrt(area * near)
	}
	r := (area - near) / far
	return near + far*r/(1+math.Sqrt(max(0, 1-r)))
}

func (l *triangular) Mean() float64 { return (l.lo + l.mode + l.hi) / 3 }

func (l *triangular) Variance() float64 {
	rise, fall := l.mode-l.lo, l.hi-l.mode
	return (rise*rise + rise*fall + fall*fall) / 18
}

func (l *triangular) breaks() []float64 { return []float64{l.lo, l.mode, l.hi} }
