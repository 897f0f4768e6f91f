package calibration

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"tier4/sim/dist"
	"tier4/sim/stats"
)

// answers are the inputs and values of a reference case by name.
type answers struct{ Inputs, Values map[string]json.RawMessage }

func caseOf(t *testing.T, id string) answers {
	t.Helper()
	text, err := os.ReadFile("../sim/stats/testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]answers
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all[id]
}

func (a answers) numbers(t *testing.T, name string) (xs []float64) {
	t.Helper()
	if err := json.Unmarshal(a.Inputs[name], &xs); err != nil {
		t.Fatal(name, err)
	}
	return xs
}

func (a answers) value(t *testing.T, name string) (x float64) {
	t.Helper()
	if err := json.Unmarshal(a.Values[name], &x); err != nil {
		t.Fatal(name, err)
	}
	return x
}

func within(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("%s is %.10g, want %.10g", what, got, want)
	}
}

func exactTimes(xs, over []float64) (times []Time) {
	for i, x := range xs {
		times = append(times, Time{Days: x, Over: over == nil || over[i] == 1, Weight: 1})
	}
	return times
}

func mustFit(t *testing.T, f Family, times []Time) *Fit {
	t.Helper()
	fit, err := FitLaw(f, times)
	if err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	return fit
}

// The case mle_uncensored50 of the reference answers.
func TestLikeliestLawsReference(t *testing.T) {
	c := caseOf(t, "mle_uncensored50")
	xs := c.numbers(t, "data")
	times := exactTimes(xs, nil)
	for _, one := range []struct {
		family      Family
		name        string
		first, next string
		natural     func(c []float64) (float64, float64)
	}{
		{Gamma, "gamma", "gamma_shape", "gamma_scale", func(c []float64) (float64, float64) { return math.Exp(c[1]), math.Exp(c[0] - c[1]) }},
		{Weibull, "weibull", "weibull_shape", "weibull_scale", func(c []float64) (float64, float64) { return math.Exp(c[1]), math.Exp(c[0]) }},
		{Lognormal, "lognormal", "lognormal_mu", "lognormal_sigma_mle", func(c []float64) (float64, float64) { return c[0], math.Exp(c[1]) }},
		{Exponential, "exponential", "exp_mean", "exp_mean", func(c []float64) (float64, float64) { return math.Exp(c[0]), math.Exp(c[0]) }},
	} {
		fit := mustFit(t, one.family, times)
		a, b := one.natural(fit.At)
		within(t, one.first, a, c.value(t, one.first), 1e-6)
		within(t, one.next, b, c.value(t, one.next), 1e-6)
		within(t, "loglik", fit.LogLik, c.value(t, "loglik_"+one.name), 1e-9)
		within(t, "AIC", fit.AIC, c.value(t, "AIC_"+one.name), 1e-9)
		if one.family != Exponential {
			gap, square := stats.OneSample(append([]float64(nil), xs...), fit.Law.CDF, fit.Law.Survival)
			within(t, "D "+one.name, gap, c.value(t, "KS_D_"+one.name), 1e-5)
			within(t, "A² "+one.name, square, c.value(t, "AD_A2_"+one.name), 1e-5)
		}
	}
}

// The case survival_censored40: what was lost from sight counts for as long as it was seen.
func TestLikeliestLawsOfCensoredTimesReference(t *testing.T) {
	c := caseOf(t, "survival_censored40")
	times := exactTimes(c.numbers(t, "time"), c.numbers(t, "event"))
	l := mustFit(t, Lognormal, times)
	within(t, "mu", l.At[0], c.value(t, "lognormal_mu"), 1e-6)
	within(t, "sigma", math.Exp(l.At[1]), c.value(t, "lognormal_sigma"), 1e-6)
	within(t, "error of mu", l.SE(0), c.value(t, "lognormal_se_mu"), 1e-4)
	within(t, "error of sigma", l.SE(1)*math.Exp(l.At[1]), c.value(t, "lognormal_se_sigma"), 1e-4)
	within(t, "loglik", l.LogLik, c.value(t, "lognormal_loglik"), 1e-9)
	e := mustFit(t, Exponential, times)
	within(t, "rate", math.Exp(-e.At[0]), c.value(t, "exp_rate"), 1e-7)
	w := mustFit(t, Weibull, times)
	within(t, "shape", math.Exp(w.At[1]), c.value(t, "weibull_shape"), 1e-6)
	within(t, "scale", math.Exp(w.At[0]), c.value(t, "weibull_scale"), 1e-6)
	within(t, "loglik", w.LogLik, c.value(t, "weibull_loglik"), 1e-9)
}

// The posterior of an exponential rate is known: with a flat prior in its logarithm it is Gamma(events, exposure).
func TestPosteriorOfAnExponentialIsExact(t *testing.T) {
	c := caseOf(t, "mle_uncensored50")
	xs := c.numbers(t, "data")[:30]
	fit := mustFit(t, Exponential, exactTimes(xs, nil))
	p := fit.Posterior()
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	rate := func(l dist.Law) float64 { return 1 / l.Mean() }
	mean, sd, low, high := p.Estimate(rate, 0.95)
	within(t, "mean", mean, 30/sum, 1e-5)
	within(t, "sd", sd, math.Sqrt(30)/sum, 1e-4)
	// quantiles of chi-square with 60 degrees of freedom: 40.482 and 83.298
	within(t, "low", low, 40.48175/2/sum, 3e-3)
	within(t, "high", high, 83.29767/2/sum, 3e-3)
	luck := dist.NewStream(dist.Root(1, 0))
	drawn, squares := 0.0, 0.0
	const n = 20_000
	for range n {
		x := 1 / p.DrawLaw(luck.Uniform).Mean()
		drawn += x / n
		squares += x * x / n
	}
	within(t, "mean of draws", drawn, 30/sum, 4/math.Sqrt(30*n))
	within(t, "sd of draws", math.Sqrt(squares-drawn*drawn), math.Sqrt(30)/sum, 0.03)
}

// rounded draws times of a law and shows them as dates would: from some moment of a day to another, lost from
// sight after some time.
func rounded(luck *dist.Stream, law dist.Law, from, to Moment, lost float64) Time {
	start, length := 0.0, law.AtSurvival(luck.Uniform())
	if from == SomeTime {
		start = luck.Uniform()
	}
	if to == DayStart { // the end is put off to the next start of a day, as a meeting is waited for
		length = math.Ceil(start+length) - start
	}
	t := Time{Days: math.Floor(start + length), Blur: blurOf(from, to), Over: true, Weight: 1}
	if end := math.Floor(lost); start+length >= end {
		t = Time{Days: end, Blur: blurOf(from, DayStart), Weight: 1}
	}
	return t
}

// Rounding to dates must not bias: short times, in great number.
func TestRoundingIsTakenIntoAccount(t *testing.T) {
	law, _ := dist.Gamma(2.5, 1.8)
	for _, from := range []Moment{SomeTime, DayStart} {
		luck := dist.NewStream(dist.Root(11, int(from)))
		var times []Time
		naive := 0.0
		const n = 20_000
		for range n {
			one := rounded(luck, law, from, SomeTime, 6)
			times = append(times, one)
			naive += one.Days / n
		}
		fit := mustFit(t, Gamma, times)
		mean, sd := fit.Law.Mean(), math.Sqrt(fit.Law.Variance())
		if math.Abs(mean-2.5) > 4*2.5*fit.SE(0) || math.Abs(math.Log(sd/1.8)) > 4*(fit.SE(1)/2+fit.SE(0)) {
			t.Errorf("from %v: mean %v, sd %v (dates alone say %v)", from, mean, sd, naive)
		}
	}
}

// The chances of all differences of dates add up to one.
func TestChancesOfDatesAddUp(t *testing.T) {
	for _, f := range Families() {
		l := f.lawAt(f.starts(5)[0])
		for _, b := range []Blur{Around, Before, After} {
			sum := 0.0
			for d := 0.0; d < 4000; d++ {
				sum += b.ending(l, d)
			}
			within(t, f.String(), sum, 1, 1e-4)
			over := 0.0
			for d := 0.0; d < 10; d++ {
				over += b.ending(l, d)
			}
			// what is over by then and what lasts longer, to the start of the next day
			last := map[Blur]float64{Around: Before.lasting(l, 10), Before: 0, After: Exact.lasting(l, 10)}[b]
			if b != Before {
				within(t, f.String()+" and what lasts", over+last, 1, 1e-4)
			}
		}
	}
}

// Left truncation must not bias: stays of which only those that last until somebody looks are seen.
func TestWhatIsSeenLateIsTakenIntoAccount(t *testing.T) {
	law, _ := dist.Weibull(0.8, 30)
	luck := dist.NewStream(dist.Root(5, 0))
	var times []Time
	for len(times) < 5000 {
		late := math.Floor(luck.Uniform() * 40)
		start := luck.Uniform()
		length := law.AtSurvival(luck.Uniform())
		if start+length < late {
			continue
		}
		one := Time{Days: math.Floor(start + length), Blur: Around, Over: true, Late: late, Blind: Before, Weight: 1}
		if late < 1 {
			one.Late, one.Blind = 0, Exact
		}
		times = append(times, one)
	}
	fit := mustFit(t, Weibull, times)
	if math.Abs(fit.At[1]-math.Log(0.8)) > 4*fit.SE(1) || math.Abs(fit.At[0]-math.Log(30)) > 4*fit.SE(0) {
		t.Errorf("shape %v, scale %v", math.Exp(fit.At[1]), math.Exp(fit.At[0]))
	}
}

// Each family is found again from what it brought about, and the likeliest of all is it or nearly it.
func TestFamiliesAreFoundAgain(t *testing.T) {
	for _, f := range Families() {
		at := f.starts(20)[0]
		law, err := f.Law(at)
		if err != nil {
			t.Fatal(err)
		}
		luck := dist.NewStream(dist.Root(3, int(f)))
		var times []Time
		for range 400 {
			times = append(times, rounded(luck, law, SomeTime, SomeTime, 60+60*luck.Uniform()))
		}
		fit := mustFit(t, f, times)
		for _, q := range []float64{5, 15, 40} {
			if got, want := fit.Law.Survival(q), law.Survival(q); math.Abs(got-want) > 0.08 {
				t.Errorf("%s: survival at %v is %v, want %v", f, q, got, want)
			}
		}
		for _, other := range Families() {
			if o, err := FitLaw(other, times); err == nil && o.AIC < fit.AIC-6 && o.Family.Parameters() <= f.Parameters() {
				t.Errorf("%s: %s is likelier by %v", f, other, fit.AIC-o.AIC)
			}
		}
	}
}

func TestLawsThatCannotBeFitted(t *testing.T) {
	if _, err := FitLaw(Weibull, []Time{{Days: 5, Weight: 1}}); err != ErrNoEvents {
		t.Error(err)
	}
	if _, err := FitLaw(TwoExponentials, exactTimes([]float64{1, 2, 3, 4}, nil)); err != ErrFewEvents {
		t.Error(err)
	}
	if _, err := FitLaw(Lognormal, exactTimes([]float64{7, 7, 7, 7}, nil)); err != ErrUnsettled {
		t.Error(err)
	}
}

// The intervals of posteriors cover what brought the data about.
func TestPosteriorIntervalsCover(t *testing.T) {
	law, _ := dist.Weibull(1.3, 20)
	covered := 0
	const rounds = 40
	for i := range rounds {
		luck := dist.NewStream(dist.Root(77, i))
		var times []Time
		for range 40 {
			times = append(times, rounded(luck, law, SomeTime, SomeTime, 10+40*luck.Uniform()))
		}
		fit := mustFit(t, Weibull, times)
		_, _, low, high := fit.Posterior().Estimate(func(l dist.Law) float64 { return l.AtSurvival(0.5) }, 0.9)
		if median := law.AtSurvival(0.5); low <= median && median <= high {
			covered++
		}
	}
	if covered < 28 {
		t.Errorf("90%% intervals cover in %d of %d", covered, rounds)
	}
}
