package dist

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// normal is a normal law cut at 0: what is left above 0, scaled back to 1.
// Invariant: mu >= 0, so at least half of it is left.
type normal struct {
	written
	mu, sigma   float64
	below, left float64 // of the uncut normal, below and above 0
}

// Normal is the normal law with that mean and standard deviation in days, cut
// at 0: given that it is not negative (Johnson, Kotz and Balakrishnan 1994,
// section 13.10.1). Mean and Variance are those of the law after the cut; the
// mean is a little above the one given, by 0.1% of an sd where 0 lies 3 sd
// below it. The error says what is wrong unless mean >= 0 and sd > 0.
func Normal(mean, sd float64) (Law, error) {
	var f faults
	f.atLeast0("mean", mean)
	f.above0("sd", sd)
	if err := f.err(); err != nil {
		return nil, err
	}
	w := writes("normal", inDays("mean", mean), inDays("sd", sd))
	return &normal{w, mean, sd, normalCDF(-mean / sd), normalCDF(mean / sd)}, nil
}

// normalCDF is the standard normal probability of less than z, accurate in
// the lower tail; the upper one is normalCDF(-z).
func normalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

func (l *normal) CDF(x float64) float64 {
	if x <= 0 {
		return 0
	}
	if x > l.mu {
		return 1 - l.Survival(x)
	}
	return (normalCDF((x-l.mu)/l.sigma) - l.below) / l.left
}

func (l *normal) Survival(x float64) float64 {
	if x <= 0 {
		return 1
	}
	return normalCDF((l.mu-x)/l.sigma) / l.left
}

func (l *normal) AtSurvival(q float64) float64 {
	if q < 0.5 {
		return max(0, l.mu-l.sigma*mathext.NormalQuantile(q*l.left))
	}
	return l.atCDF(1 - q)
}

func (l *normal) atCDF(p float64) float64 {
	if p > 0.5 {
		return l.AtSurvival(1 - p)
	}
	return max(0, l.mu+l.sigma*mathext.NormalQuantile(l.below+p*l.left))
}

// ratio is the density over the survival of the uncut normal at 0, in sds.
func (l *normal) ratio() float64 {
	z := l.mu / l.sigma
	return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) / l.left
}

func (l *normal) Mean() float64 { return l.mu + l.sigma*l.ratio() }

func (l *normal) Variance() float64 {
	r := l.ratio()
	return l.sigma * l.sigma * (1 - r*(l.mu/l.sigma+r))
}

func (*normal) dear() {}
