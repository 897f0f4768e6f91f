package dist

import "gonum.org/v1/gonum/mathext"

// pert is a beta law stretched from lo to hi; a + b = 6.
type pert struct {
	written
	lo, mode, hi float64
	a, b         float64
}

// Pert is the law from lo to hi days with a smooth peak at mode, of mean
// (lo + 4 mode + hi)/6 (Malcolm, Roseboom, Clark and Fazar 1959). The error
// says what is wrong unless 0 <= lo <= mode <= hi and lo < hi.
func Pert(lo, mode, hi float64) (Law, error) {
	if err := checkPeak(lo, mode, hi); err != nil {
		return nil, err
	}
	w := writes("pert", inDays("from", lo), inDays("likely", mode), inDays("to", hi))
	rise := (mode - lo) / (hi - lo)
	return &pert{w, lo, mode, hi, 1 + 4*rise, 5 - 4*rise}, nil
}

func (l *pert) CDF(x float64) float64 {
	return mathext.RegIncBeta(l.a, l.b, min(1, max(0, (x-l.lo)/(l.hi-l.lo))))
}

func (l *pert) Survival(x float64) float64 {
	return mathext.RegIncBeta(l.b, l.a, min(1, max(0, (l.hi-x)/(l.hi-l.lo))))
}

// AtSurvival inverts from the nearer end, so that both tails keep their digits.
func (l *pert) AtSurvival(q float64) float64 {
	if q < 0.5 {
		return l.hi - (l.hi-l.lo)*mathext.InvRegIncBeta(l.b, l.a, q)
	}
	return l.atCDF(1 - q)
}

func (l *pert) atCDF(p float64) float64 {
	if p > 0.5 {
		return l.AtSurvival(1 - p)
	}
	return l.lo + (l.hi-l.lo)*mathext.InvRegIncBeta(l.a, l.b, p)
}

func (l *pert) Mean() float64 { return (l.lo + 4*l.mode + l.hi) / 6 }

func (l *pert) Variance() float64 { return (l.Mean() - l.lo) * (l.hi - l.Mean()) / 7 }

func (l *pert) breaks() []float64 { return []float64{l.lo, l.hi} }

func (*pert) dear() {}
