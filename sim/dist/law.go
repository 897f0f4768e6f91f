package dist

import "math"

// Law is the distribution of a duration in days, which is never negative.
// Laws are immutable and safe for concurrent use.
//
// A law may have atoms (fixed, empirical, mixtures of them). CDF is then the
// ordinary step function, continuous from the right.
type Law interface {
	// CDF is the probability of at most x days; 0 below the support.
	CDF(x float64) float64
	// Survival is the probability of more than x days, 1-CDF(x), to full
	// relative accuracy far out in the tail.
	Survival(x float64) float64
	// AtSurvival is the x with Survival(x) = q: the smallest x whose survival
	// is at most q. It is how durations are drawn, q being a uniform strictly
	// inside (0,1). At q = 0 and 1 it gives the ends of the support.
	AtSurvival(q float64) float64
	// Mean is in days; +Inf where the law has none.
	Mean() float64
	// Variance is in days squared; +Inf where the law has none.
	Variance() float64
	// String is the law as a scenario writes it.
	String() string
}

// lowerTailed is a law that can be inverted from below without forming 1-p.
type lowerTailed interface {
	atCDF(p float64) float64
}

// hazarded is a law whose cumulative hazard and inverse have closed forms.
type hazarded interface {
	cumulativeHazard(x float64) float64
	atCumulativeHazard(h float64) float64
}

// Quantile is the duration in days that a share p, from 0 to 1, does not
// exceed. It is l.AtSurvival(1-p), without losing a small p in 1-p.
func Quantile(l Law, p float64) float64 {
	if p < 0.5 {
		if t, ok := l.(lowerTailed); ok {
			return t.atCDF(p)
		}
	}
	return l.AtSurvival(1 - p)
}

// WithHazardRatio is AtSurvival of the law whose hazard is ratio times that
// of l, so whose survival is S^ratio (Cox 1972): AtSurvival(q^(1/ratio)).
// A ratio of 1 costs nothing; at 0, or below, the event never comes (+Inf).
func WithHazardRatio(l Law, q, ratio float64) float64 {
	if ratio == 1 {
		return l.AtSurvival(q)
	}
	if ratio <= 0 {
		return math.Inf(1)
	}
	return AtCumulativeHazard(l, NegLog(q)/ratio)
}

// Outlasts reports whether WithHazardRatio is surely more than x days, if that is plain without a logarithm: of an
// exponential law it often is, for -ln q is 1-q at least. False says nothing.
func Outlasts(l Law, q, ratio, x float64) bool {
	e, ok := l.(*exponential)
	return ok && (1-q)*e.mean > x*ratio
}

// LongerThan is WithHazardRatio of a duration that has lasted for so many days already, in all. It is over at once where
// next to nobody, so few that a number cannot say it, lasts for so long.
func LongerThan(l Law, q, ratio, days float64) float64 {
	if days <= 0 {
		return WithHazardRatio(l, q, ratio)
	}
	still := q * math.Pow(l.Survival(days), ratio)
	if still == 0 {
		return days
	}
	return WithHazardRatio(l, still, ratio)
}

// CumulativeHazard is -ln S(x), without loss where S is near 1; +Inf beyond
// the support.
func CumulativeHazard(l Law, x float64) float64 {
	if hz, ok := l.(hazarded); ok {
		return hz.cumulativeHazard(x)
	}
	if s := l.Survival(x); s < 0.5 {
		return -math.Log(s)
	}
	return -math.Log1p(-l.CDF(x))
}

// AtCumulativeHazard is the duration in days at which the cumulative hazard
// reaches h: the inverse of CumulativeHazard. With h a standard exponential it
// draws from l. At h = 0, or below, it gives the start of the support.
func AtCumulativeHazard(l Law, h float64) float64 {
	if hz, ok := l.(hazarded); ok {
		return hz.atCumulativeHazard(max(h, 0))
	}
	if h < math.Ln2 {
		return Quantile(l, -math.Expm1(-max(h, 0)))
	}
	return l.AtSurvival(math.Exp(-h))
}
