package dist

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// lognormal is exp of a normal with mean mu and standard deviation sigma.
type lognormal struct {
	written
	mu, sigma float64
}

// Lognormal is the lognormal law by its mean and standard deviation in days.
// The error says what is wrong unless both are above 0.
func Lognormal(mean, sd float64) (Law, error) {
	var f faults
	f.above0("mean", mean)
	f.above0("sd", sd)
	if err := f.err(); err != nil {
		return nil, err
	}
	cv := sd / mean
	return newLognormal(
		writes("lognormal", inDays("mean", mean), inDays("sd", sd)),
		math.Log(mean)-math.Log1p(cv*cv)/2, math.Sqrt(math.Log1p(cv*cv)),
	)
}

// LognormalMu is the lognormal law by the mean and standard deviation of the
// logarithm of the days. The error says what is wrong unless mu is finite and
// sigma above 0.
func LognormalMu(mu, sigma float64) (Law, error) {
	return newLognormal(writes("lognormal", plain("mu", mu), plain("sigma", sigma)), mu, sigma)
}

// LognormalMedian is the lognormal law through its median and the percentile
// p (a fraction) at xp days. The error says what is wrong unless p and xp lie
// on the same side of the median.
func LognormalMedian(median, p, xp float64) (Law, error) {
	var f faults
	f.percentile(median, p, xp)
	if err := f.err(); err != nil {
		return nil, err
	}
	return newLognormal(
		writes("lognormal", inDays("median", median), inDays(percent(p), xp)),
		math.Log(median), math.Log(xp/median)/mathext.NormalQuantile(p),
	)
}

func newLognormal(w written, mu, sigma float64) (Law, error) {
	var f faults
	f.finite("mu", mu)
	f.above0("sigma", sigma)
	if err := f.err(); err != nil {
		return nil, err
	}
	return &lognormal{w, mu, sigma}, nil
}

// z is the standard score of x days; -Inf at 0 and below.
func (l *lognormal) z(x float64) float64 { return (math.Log(max(0, x)) - l.mu) / l.sigma }

func (l *lognormal) CDF(x float64) float64 { return normalCDF(l.z(x)) }

func (l *lognormal) Survival(x float64) float64 { return normalCDF(-l.z(x)) }

// AtSurvival is by the normal quantile of Wichura (1988), algorithm AS 241,
// good to 1e-16 in both tails.
func (l *lognormal) AtSurvival(q float64) float64 {
	return math.Exp(l.mu - l.sigma*mathext.NormalQuantile(q))
}

func (l *lognormal) atCDF(p float64) float64 {
	return math.Exp(l.mu + l.sigma*mathext.NormalQuantile(p))
}

func (l *lognormal) Mean() float64 { return math.Exp(l.mu + l.sigma*l.sigma/2) }

func (l *lognormal) Variance() float64 {
	m := l.Mean()
	return m * m * math.Expm1(l.sigma*l.sigma)
}

func (*lognormal) dear() {}
