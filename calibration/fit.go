package calibration

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"tier4/sim/dist"
)

// Fit is the law of a family that makes what was seen most likely.
type Fit struct {
	Family   Family
	Law      dist.Law
	At       []float64 // its coordinates
	LogLik   float64
	AIC, BIC float64 // Akaike 1974; Schwarz 1978, with the events as the number of data (Volinsky and Raftery 2000)

	Events, Exposure, N float64 // times that are over, days at risk, and times, by weight

	times      []Time
	covariance *mat.SymDense // of the coordinates: the inverse of the observed information
}

// Why a law cannot be fitted.
var (
	ErrNoEvents  = errors.New("nothing ended this way")
	ErrFewEvents = errors.New("too few ended this way for so many parameters")
	ErrUnsettled = errors.New("no law of this family is the likeliest: the more extreme, the likelier")
)

// FitLaw fits a law of a family by maximum likelihood, censoring, truncation and rounding taken into account.
func FitLaw(f Family, times []Time) (*Fit, error) {
	times = gathered(times)
	events, exposure, _ := sums(times)
	switch {
	case events == 0 || exposure <= 0:
		return nil, ErrNoEvents
	case events < f.least():
		return nil, ErrFewEvents
	}
	of := func(c []float64) float64 { return logLikelihood(f.lawAt(c), times) }
	var best []float64
	most := math.Inf(-1)
	for _, start := range f.starts(exposure / events) {
		if c, l, ok := climb(of, start); ok && l > most {
			best, most = c, l
		}
	}
	if best == nil {
		return nil, ErrUnsettled
	}
	return completed(f, times, best, most)
}

// again fits the same family to other times from where this fit is, as the bootstrap does.
func (fit *Fit) again(times []Time) (*Fit, error) {
	times = gathered(times)
	if events, _, _ := sums(times); events < fit.Family.least() {
		return nil, ErrFewEvents
	}
	c, l, ok := climb(func(c []float64) float64 { return logLikelihood(fit.Family.lawAt(c), times) }, fit.At)
	if !ok {
		return nil, ErrUnsettled
	}
	return completed(fit.Family, times, c, l)
}

func completed(f Family, times []Time, c []float64, l float64) (*Fit, error) {
	law, err := f.Law(c)
	if err != nil {
		return nil, ErrUnsettled
	}
	fit := &Fit{Family: f, Law: law, At: c, LogLik: l, times: times}
	fit.Events, fit.Exposure, fit.N = sums(times)
	k := float64(f.Parameters())
	fit.AIC, fit.BIC = 2*k-2*l, k*math.Log(max(fit.Events, 1))-2*l
	_, information := bend(func(c []float64) float64 { return logLikelihood(f.lawAt(c), times) }, c)
	var chol mat.Cholesky
	if !chol.Factorize(information) {
		return nil, ErrUnsettled
	}
	fit.covariance = new(mat.SymDense)
	if err := chol.InverseTo(fit.covariance); err != nil {
		return nil, ErrUnsettled
	}
	return fit, nil
}

// SE is the standard error of a coordinate.
func (fit *Fit) SE(i int) float64 { return math.Sqrt(fit.covariance.At(i, i)) }

// The bounds of coordinates: lengths from half an hour to 24,000 years, shapes from 0.02 to 55, or to 400 where
// there is one law only. A maximum beyond is none: a mixture can be made as likely as one likes by a law that
// holds a few equal times and nothing else.
const (
	leastCoordinate = -4
	mostLength      = 16
	mostShape       = 6
	mostMixedShape  = 4
)

// climb finds a maximum near a start by Newton's method, damped where the surface is not bent downwards
// (Levenberg 1944; Marquardt 1963). ok is false where the coordinates run away.
func climb(of func([]float64) float64, start []float64) (c []float64, l float64, ok bool) {
	c, l = append([]float64(nil), start...), of(start)
	damping := 1e-3
	for range 200 {
		if math.IsInf(l, -1) {
			return nil, l, false
		}
		gradient, information := bend(of, c)
		step, better := make([]float64, len(c)), false
		for range 30 {
			if solve(information, gradient, damping, step) {
				next := make([]float64, len(c))
				for i := range c {
					next[i] = c[i] + min(max(step[i], -1), 1)
				}
				if value := of(next); value > l {
					c, l, better = next, value, true
					damping = max(damping/10, 1e-9)
					break
				}
			}
			if damping = max(4*damping, 1e-6); damping > 1e12 {
				break
			}
		}
		gain := 0.0
		for i := range step {
			gain += math.Abs(gradient[i] * step[i])
		}
		if beyondBounds(c) {
			return nil, l, false
		}
		if !better || gain < 1e-12*(1+math.Abs(l)) {
			return c, l, true
		}
	}
	return nil, l, false
}

func beyondBounds(c []float64) bool {
	most := float64(mostShape)
	if len(c) > 2 {
		most = mostMixedShape
	}
	for _, x := range c[1:] {
		if math.Abs(x) > most {
			return true
		}
	}
	return c[0] < leastCoordinate || c[0] > mostLength || len(c) == 5 && min(c[2], c[3]) < math.Log(0.05)
}

// bend is the gradient of a function, and minus its second derivatives, by central differences.
func bend(of func([]float64) float64, at []float64) (gradient []float64, information *mat.SymDense) {
	const h = 2e-4
	n := len(at)
	gradient, information = make([]float64, n), mat.NewSymDense(n, nil)
	c := append([]float64(nil), at...)
	here := of(c)
	value := func(i int, a float64, j int, b float64) float64 {
		c[i] += a
		c[j] += b
		v := of(c)
		copy(c, at)
		return v
	}
	for i := range n {
		up, down := value(i, h, i, 0), value(i, -h, i, 0)
		gradient[i] = (up - down) / (2 * h)
		information.SetSym(i, i, -(up-2*here+down)/(h*h))
		for j := range i {
			mixed := value(i, h, j, h) - value(i, h, j, -h) - value(i, -h, j, h) + value(i, -h, j, -h)
			information.SetSym(i, j, -mixed/(4*h*h))
		}
	}
	return gradient, information
}

// solve is the step of Newton's method with damping; false where the damped information is not positive.
func solve(information *mat.SymDense, gradient []float64, damping float64, step []float64) bool {
	n := len(gradient)
	damped := mat.NewSymDense(n, nil)
	damped.CopySym(information)
	for i := range n {
		damped.SetSym(i, i, information.At(i, i)+damping*(1+math.Abs(information.At(i, i))))
	}
	for i := range n {
		for j := range n {
			if v := damped.At(i, j); v-v != 0 {
				return false
			}
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(damped) {
		return false
	}
	return chol.SolveVecTo(mat.NewVecDense(n, step), mat.NewVecDense(n, gradient)) == nil
}

// Half is whether at least half would end this way by the longest time seen, were there no other ends: below
// that the mean rests on the family alone, and a mean restricted to what was seen is all that can be said.
func (fit *Fit) Half() bool {
	longest := 0.0
	for _, t := range fit.times {
		longest = max(longest, t.Days)
	}
	return fit.Law.Survival(longest) <= 0.5
}

// Interval is the interval of a quantity of the law by the delta method on the logarithm of the quantity.
func (fit *Fit) Interval(of func(dist.Law) float64, level float64) (low, high float64, ok bool) {
	here := math.Log(of(fit.Law))
	slope := make([]float64, len(fit.At))
	const h = 1e-4
	for i := range slope {
		ends := [2]float64{}
		for k, sign := range []float64{1, -1} {
			c := append([]float64(nil), fit.At...)
			c[i] += sign * h
			law, err := fit.Family.Law(c)
			if err != nil {
				return 0, 0, false
			}
			ends[k] = math.Log(of(law))
		}
		slope[i] = (ends[0] - ends[1]) / (2 * h)
	}
	v := mat.NewVecDense(len(slope), slope)
	se := math.Sqrt(mat.Inner(v, fit.covariance, v))
	half := distuv.UnitNormal.Quantile((1+level)/2) * se
	low, high = math.Exp(here-half), math.Exp(here+half)
	return low, high, high-low >= 0 && !math.IsInf(high, 1)
}
