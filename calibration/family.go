package calibration

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"tier4/sim/dist"
)

// Family is a family of laws of durations that can be fitted.
type Family uint8

// The families. Mixtures are of a shorter and a longer law of one kind.
const (
	Exponential Family = iota
	Weibull
	Gamma
	Lognormal
	Loglogistic
	TwoExponentials
	TwoLognormals
	families
)

// Families are all families.
func Families() (all []Family) {
	for f := range families {
		all = append(all, f)
	}
	return all
}

// String is what people call the family.
func (f Family) String() string {
	return [...]string{"exponential", "Weibull", "gamma", "lognormal", "log-logistic", "two exponentials", "two lognormals"}[f]
}

// Parameters is how many parameters a law of the family has.
func (f Family) Parameters() int { return [...]int{1, 2, 2, 2, 2, 3, 5}[f] }

// least is how many events a fit of the family takes: a mixture wants many, or it fits single people.
func (f Family) least() float64 { return [...]float64{1, 3, 3, 3, 3, 30, 50}[f] }

// Coordinates of a law, all over the real line: the logarithm of a typical length (mean, scale, median)
// first, then logarithms of shapes (of sigma, for the lognormal). Of a mixture, those of its shorter law,
// the logarithm of the longer's length over the shorter's less one, further shapes, and last the logit of
// the share of the shorter.

// lawAt is the law at some coordinates.
func (f Family) lawAt(c []float64) survivor {
	switch f {
	case Exponential:
		return exponential{math.Exp(-c[0])}
	case Weibull:
		return weibull{math.Exp(c[1]), math.Exp(-c[0])}
	case Gamma:
		shape := math.Exp(c[1])
		lg, _ := math.Lgamma(shape)
		return gamma{shape, shape * math.Exp(-c[0]), lg}
	case Lognormal:
		return lognormal{c[0], math.Exp(c[1])}
	case Loglogistic:
		return loglogistic{math.Exp(c[1]), math.Exp(-c[0])}
	case TwoExponentials:
		short := math.Exp(-c[0])
		return mixed{logistic(c[2]), exponential{short}, exponential{short / longer(c[1])}}
	}
	return mixed{logistic(c[4]), lognormal{c[0], math.Exp(c[2])}, lognormal{c[0] + math.Log(longer(c[1])), math.Exp(c[3])}}
}

// longer is how many times as long the longer law of a mixture is.
func longer(c float64) float64 { return 1 + math.Exp(c) }

func logistic(c float64) float64 { return 1 / (1 + math.Exp(-c)) }

// Law is the law at some coordinates, as a scenario has it.
func (f Family) Law(c []float64) (dist.Law, error) {
	switch f {
	case Exponential:
		return dist.Exponential(math.Exp(c[0]))
	case Weibull:
		return dist.Weibull(math.Exp(c[1]), math.Exp(c[0]))
	case Gamma:
		mean := math.Exp(c[0])
		return dist.Gamma(mean, mean*math.Exp(-c[1]/2))
	case Lognormal:
		return dist.LognormalMu(c[0], math.Exp(c[1]))
	case Loglogistic:
		return dist.Loglogistic(math.Exp(c[1]), math.Exp(c[0]))
	case TwoExponentials:
		return mixture(logistic(c[2]), Exponential, c[:1], []float64{c[0] + math.Log(longer(c[1]))})
	}
	return mixture(logistic(c[4]), Lognormal, []float64{c[0], c[2]}, []float64{c[0] + math.Log(longer(c[1])), c[3]})
}

func mixture(share float64, of Family, short, long []float64) (dist.Law, error) {
	a, err := of.Law(short)
	if err != nil {
		return nil, err
	}
	b, err := of.Law(long)
	if err != nil {
		return nil, err
	}
	return dist.Mixture([]float64{share, 1 - share}, []dist.Law{a, b})
}

// starts are coordinates to look for the maximum from, given the mean of an exponential law.
func (f Family) starts(mean float64) [][]float64 {
	m := math.Log(mean)
	switch f {
	case Exponential:
		return [][]float64{{m}}
	case Weibull, Gamma, Loglogistic:
		return [][]float64{{m, 0.4}}
	case Lognormal:
		return [][]float64{{m - 0.3, -0.3}}
	case TwoExponentials:
		return [][]float64{{m - 1.5, 1.5, -1}, {m - 0.5, 0.5, 0.5}, {m - 2.5, 2.5, -2}}
	}
	return [][]float64{{m - 1, 1, -0.5, -0.7, -0.5}, {m - 2, 2, 0, -0.7, -1}, {m - 0.5, 0, -0.7, -0.7, 0.5}}
}

// logPrior is that of the posterior: flat in the logarithm of lengths, and normal with deviation 1.5 in the other
// coordinates, about 0 (a ratio of lengths of 1 to 40, shapes of 0.05 to 19, shares of 5% to 95% are all
// within two deviations). It keeps few data from an improper answer, and says next to nothing beside many.
func (f Family) logPrior(c []float64) float64 {
	sum := 0.0
	for _, x := range c[1:] {
		sum -= x * x / (2 * 1.5 * 1.5)
	}
	return sum
}

type exponential struct{ rate float64 }

func (l exponential) survival(x float64) float64 { return math.Exp(-l.rate * x) }
func (l exponential) density(x float64) float64  { return l.rate * math.Exp(-l.rate*x) }

type weibull struct{ shape, rate float64 }

func (l weibull) survival(x float64) float64 { return math.Exp(-math.Pow(l.rate*x, l.shape)) }
func (l weibull) density(x float64) float64 {
	h := math.Pow(l.rate*x, l.shape)
	return l.shape * h / x * math.Exp(-h)
}

type gamma struct{ shape, rate, logGamma float64 }

func (l gamma) survival(x float64) float64 { return mathext.GammaIncRegComp(l.shape, l.rate*x) }
func (l gamma) density(x float64) float64 {
	return math.Exp(l.shape*math.Log(l.rate*x)-l.rate*x-l.logGamma) / x
}

type lognormal struct{ mu, sigma float64 }

func (l lognormal) survival(x float64) float64 {
	return math.Erfc((math.Log(x)-l.mu)/(l.sigma*math.Sqrt2)) / 2
}

func (l lognormal) density(x float64) float64 {
	z := (math.Log(x) - l.mu) / l.sigma
	return math.Exp(-z*z/2) / (x * l.sigma * math.Sqrt(2*math.Pi))
}

type loglogistic struct{ shape, rate float64 }

func (l loglogistic) survival(x float64) float64 { return 1 / (1 + math.Pow(l.rate*x, l.shape)) }
func (l loglogistic) density(x float64) float64 {
	odds := math.Pow(l.rate*x, l.shape)
	return l.shape * odds / x / ((1 + odds) * (1 + odds))
}

// mixed is a law that follows the first with a probability, else the second.
type mixed struct {
	share       float64
	short, long survivor
}

func (l mixed) survival(x float64) float64 {
	return l.share*l.short.survival(x) + (1-l.share)*l.long.survival(x)
}

func (l mixed) density(x float64) float64 {
	return l.share*l.short.density(x) + (1-l.share)*l.long.density(x)
}
