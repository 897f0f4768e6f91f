package dist

type uniform struct {
	written
	lo, hi float64
}

// Uniform is any duration from lo to hi days alike. The error says what is
// wrong unless 0 <= lo < hi.
func Uniform(lo, hi float64) (Law, error) {
	var f faults
	f.atLeast0("from", lo)
	f.atLeast0("to", hi)
	if hi <= lo {
		f.add("it must end above where it starts, %v, not at %v", lo, hi)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return &uniform{writes("uniform", inDays("from", lo), inDays("to", hi)), lo, hi}, nil
}

func (l *uniform) CDF(x float64) float64 {
	return min(1, max(0, (x-l.lo)/(l.hi-l.lo)))
}

func (l *uniform) Survival(x float64) float64 {
	return min(1, max(0, (l.hi-x)/(l.hi-l.lo)))
}

func (l *uniform) AtSurvival(q float64) float64 {
	if q < 0.5 {
		return l.hi - (l.hi-l.lo)*q
	}
	return l.atCDF(1 - q)
}

func (l *uniform) atCDF(p float64) float64 { return l.lo + (l.hi-l.lo)*p }

func (l *uniform) Mean() float64 { return l.lo + (l.hi-l.lo)/2 }

func (l *uniform) Variance() float64 { return (l.hi - l.lo) * (l.hi - l.lo) / 12 }

func (l *uniform) breaks() []float64 { return []float64{l.lo, l.hi} }
