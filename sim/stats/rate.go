package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Rate is the rate of events a unit of exposure, with the exact interval of a Poisson count (Garwood 1936).
// events may be a sum of weights. With no exposure it is unbounded, and ok is false.
func Rate(events, exposure, level float64) (e Estimate, ok bool) {
	checkLevel(level)
	if !(exposure > 0) || events < 0 {
		return Estimate{}, false
	}
	tail := (1 - level) / 2
	e = Estimate{Value: events / exposure, SE: math.Sqrt(events) / exposure, N: int(math.Round(events)), Method: MethodExact}
	if events > 0 {
		e.Low = mathext.GammaIncRegInv(events, tail) / exposure
	}
	e.High = mathext.GammaIncRegInv(events+1, 1-tail) / exposure
	return e.orAbsent()
}

// Band is a stretch of time in which a hazard is constant, from From to To.
type Band struct {
	From, To         float64 // To is infinite for the last
	Events, Exposure float64
}

// Rate is the hazard of the band.
func (b Band) Rate(level float64) (Estimate, bool) { return Rate(b.Events, b.Exposure, level) }

// Bands are events and exposure by time since the start, cut at some times: the estimate of a hazard constant
// in each (Holford 1976). Only the given causes are events.
func Bands(lives []Lifetime, cuts []float64, causes ...int) []Band {
	bands := make([]Band, len(cuts)+1)
	for i := range bands {
		if bands[i].To = math.Inf(1); i < len(cuts) {
			bands[i].To = cuts[i]
		}
		if i > 0 {
			bands[i].From = cuts[i-1]
		}
	}
	for _, l := range lives {
		for i := range bands {
			b := &bands[i]
			b.Exposure += l.Weight * max(0, min(l.Time, b.To)-max(l.Entry, b.From))
			inside := l.Time >= b.From && (l.Time < b.To || math.IsInf(b.To, 1))
			for _, c := range causes {
				if inside && l.Cause == c {
					b.Events += l.Weight
				}
			}
		}
	}
	return bands
}

// Piecewise is a hazard that is constant in each of some bands, which follow each other from 0 on.
type Piecewise []struct{ From, To, Hazard float64 }

// cumulative is the hazard up to t.
func (p Piecewise) cumulative(t float64) (h float64) {
	for _, b := range p {
		if t > b.From {
			h += b.Hazard * (min(t, b.To) - b.From)
		}
	}
	return h
}

// Survival is the share not over after t.
func (p Piecewise) Survival(t float64) float64 { return math.Exp(-p.cumulative(t)) }

// Mean is the mean time; infinite where the last hazard is 0.
func (p Piecewise) Mean() float64 { return p.first(0) }

// Before is the chance that an event of this hazard comes before one of a constant rate.
func (p Piecewise) Before(rate float64) float64 { return 1 - rate*p.first(rate) }

// first is ∫ S(t) exp(-rate t) dt: the mean of the lesser of the time and an exponential one.
func (p Piecewise) first(rate float64) (sum float64) {
	for _, b := range p {
		h := b.Hazard + rate
		start := p.Survival(b.From) * math.Exp(-rate*b.From)
		switch width := b.To - b.From; {
		case h > 0:
			sum -= start * math.Expm1(-h*width) / h
		case start > 0:
			sum += start * width
		}
	}
	return sum
}

// Quantile is the time by which a share p is over; infinite where it never is.
func (p Piecewise) Quantile(share float64) float64 {
	left := -math.Log1p(-share)
	for _, b := range p {
		if whole := b.Hazard * (b.To - b.From); whole < left {
			left -= whole
			continue
		}
		if b.Hazard == 0 {
			return b.From
		}
		return b.From + left/b.Hazard
	}
	return math.Inf(1)
}

// Dispersion compares counts with what a Poisson law of these means would give.
type Dispersion struct {
	Index     float64 // Σ (n - m)² / m over the degrees of freedom: 1 for a Poisson law, above for clusters
	ChiSquare float64
	Freedom   int
	P         float64 // of an index as large or larger by chance
}

// Disperse tests counts against means proportional to given ones, with fitted further parameters estimated
// besides the level (Fisher 1950). ok is false where there is nothing to test, or fewer than 2 are expected on
// average, when the law of chi-square would not hold.
func Disperse(counts, means []float64, fitted int) (d Dispersion, ok bool) {
	n, m := 0.0, 0.0
	for i := range counts {
		n, m = n+counts[i], m+means[i]
	}
	cells := 0
	for i := range counts {
		if expected := n * means[i] / m; expected > 0 {
			gap := counts[i] - expected
			d.ChiSquare += gap * gap / expected
			cells++
		}
	}
	d.Freedom = cells - 1 - fitted
	if d.Freedom < 1 || !(n >= 2*float64(cells)) {
		return Dispersion{}, false
	}
	d.Index = d.ChiSquare / float64(d.Freedom)
	d.P = distuv.ChiSquared{K: float64(d.Freedom)}.Survival(d.ChiSquare)
	return d, true
}
