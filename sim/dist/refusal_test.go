package dist

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestFaultsSayWhatIsWrong(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	exp := must(Exponential(1))
	for _, c := range []struct {
		make func() (Law, error)
		want string
	}{
		{func() (Law, error) { return Fixed(-1) }, "a fixed duration must be 0 or more, not -1"},
		{func() (Law, error) { return Fixed(nan) }, "a fixed duration must be a finite number, not NaN"},
		{func() (Law, error) { return Fixed(inf) }, "a fixed duration must be a finite number, not +Inf"},
		{func() (Law, error) { return Uniform(3, 3) }, "it must end above where it starts, 3, not at 3"},
		{func() (Law, error) { return Uniform(-1, 3) }, "from must be 0 or more, not -1"},
		{func() (Law, error) { return Uniform(0, inf) }, "to must be a finite number, not +Inf"},
		{func() (Law, error) { return Triangular(0, 5, 4) }, "the likeliest must lie between the ends, 0 and 4, not at 5"},
		{func() (Law, error) { return Triangular(0, nan, 4) }, "likely must be a finite number, not NaN"},
		{func() (Law, error) { return Pert(3, 2, 1) }, "it must end above where it starts, 3, not at 1"},
		{func() (Law, error) { return Pert(2, 1, 3) }, "the likeliest must lie between the ends, 2 and 3, not at 1"},
		{func() (Law, error) { return Normal(-2, 1) }, "mean must be 0 or more, not -2"},
		{func() (Law, error) { return Normal(2, 0) }, "sd must be above 0, not 0"},
		{func() (Law, error) { return Exponential(0) }, "mean must be above 0, not 0"},
		{func() (Law, error) { return ExponentialHalfBy(-4) }, "half_by must be above 0, not -4"},
		{func() (Law, error) { return Gamma(84, -3) }, "sd must be above 0, not -3"},
		{func() (Law, error) { return Gamma(-1, -3) }, "mean must be above 0, not -1; sd must be above 0, not -3"},
		{func() (Law, error) { return Gamma(84, inf) }, "sd must be a finite number, not +Inf"},
		{func() (Law, error) { return Gamma(1, 1000) }, "sd must be from 0.00003 to 30 times the mean of 1 day, not 1000 days"},
		{func() (Law, error) { return GammaShape(0, 1) }, "shape must be above 0, not 0"},
		{func() (Law, error) { return GammaShape(1, nan) }, "scale must be a finite number, not NaN"},
		{func() (Law, error) { return GammaShape(1e12, 1) }, "shape must lie from 0.001 to 1e+09, not 1e+12"},
		{func() (Law, error) { return GammaMedian(20, 0.9, 20) }, "the p90 must be above the median of 20 days, not 20 days"},
		{func() (Law, error) { return GammaMedian(20, 0.1, 30) }, "the p10 must be below the median of 20 days, not 30 days"},
		{func() (Law, error) { return GammaMedian(1, 0.6, 1e300) }, "no gamma law has a median of 1 day and a p60 of 1"},
		{func() (Law, error) { return Weibull(-0.9, 70) }, "shape must be above 0, not -0.9"},
		{func() (Law, error) { return Weibull(0.9, nan) }, "scale must be a finite number, not NaN"},
		{func() (Law, error) { return WeibullMean(0.9, 0) }, "mean must be above 0, not 0"},
		{func() (Law, error) { return WeibullMean(0.001, 70) }, "shape is too small for a mean: 0.001"},
		{func() (Law, error) { return WeibullMedian(0.9, -1) }, "median must be above 0, not -1"},
		{func() (Law, error) { return WeibullPercentile(14, 0.5, 20) }, "the percentile must lie between 0 and 1 and not be 0.5, the median itself, not 0.5"},
		{func() (Law, error) { return Lognormal(0, 1) }, "mean must be above 0, not 0"},
		{func() (Law, error) { return Lognormal(1, nan) }, "sd must be a finite number, not NaN"},
		{func() (Law, error) { return LognormalMu(inf, 1) }, "mu must be a finite number, not +Inf"},
		{func() (Law, error) { return LognormalMu(1, 0) }, "sigma must be above 0, not 0"},
		{func() (Law, error) { return LognormalMedian(10, 90, 30) }, "the percentile must lie between 0 and 1 and not be 0.5, the median itself, not 90"},
		{func() (Law, error) { return LognormalMedian(10, 0.9, 5) }, "the p90 must be above the median of 10 days, not 5 days"},
		{func() (Law, error) { return Loglogistic(0, 1) }, "shape must be above 0, not 0"},
		{func() (Law, error) { return LoglogisticMedian(0, 0.9, 5) }, "median must be above 0, not 0"},
		{func() (Law, error) { return LoglogisticMedian(1, nan, 5) }, "the percentile must be a finite number, not NaN"},
		{func() (Law, error) { return Empirical(nil) }, "at least one value is needed"},
		{func() (Law, error) { return Empirical([]float64{1, -2, nan}) }, "value 2 must be 0 or more, not -2; value 3 must be a finite number, not NaN"},
		{func() (Law, error) { return Mixture(nil, nil) }, "at least one law is needed"},
		{func() (Law, error) { return Mixture([]float64{1}, []Law{exp, exp}) }, "there must be one weight for each law: 1 weights, 2 laws"},
		{func() (Law, error) { return Mixture([]float64{0.3, 0.6}, []Law{exp, exp}) }, "the weights must add up to 1, not 0.9"},
		{func() (Law, error) { return Mixture([]float64{-1, 2}, []Law{exp, exp}) }, "a weight must be 0 or more, not -1"},
		{func() (Law, error) { return Mixture([]float64{0.5, 0.5}, []Law{exp, nil}) }, "a law is missing"},
	} {
		l, err := c.make()
		if err == nil {
			t.Errorf("%v was not refused: %s", l, c.want)
			continue
		}
		if l != nil {
			t.Errorf("a law came with the error: %v", err)
		}
		if !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got  %q\nwant %q", err, c.want)
		}
	}
}

// Every parameter of every constructor is refused when it is no number.
func TestNoParameterMayBeNaNOrInfinite(t *testing.T) {
	three := func(f func(a, b, c float64) (Law, error)) func([]float64) (Law, error) {
		return func(v []float64) (Law, error) { return f(v[0], v[1], v[2]) }
	}
	two := func(f func(a, b float64) (Law, error)) func([]float64) (Law, error) {
		return func(v []float64) (Law, error) { return f(v[0], v[1]) }
	}
	one := func(f func(a float64) (Law, error)) func([]float64) (Law, error) {
		return func(v []float64) (Law, error) { return f(v[0]) }
	}
	for i, c := range []struct {
		make func([]float64) (Law, error)
		good []float64
	}{
		{one(Fixed), []float64{1}},
		{one(Exponential), []float64{1}},
		{one(ExponentialHalfBy), []float64{1}},
		{two(Uniform), []float64{1, 2}},
		{two(Normal), []float64{1, 2}},
		{two(Gamma), []float64{1, 2}},
		{two(GammaShape), []float64{1, 2}},
		{two(Weibull), []float64{1, 2}},
		{two(WeibullMean), []float64{1, 2}},
		{two(WeibullMedian), []float64{1, 2}},
		{two(Lognormal), []float64{1, 2}},
		{two(LognormalMu), []float64{1, 2}},
		{two(Loglogistic), []float64{1, 2}},
		{three(Triangular), []float64{1, 2, 3}},
		{three(Pert), []float64{1, 2, 3}},
		{three(GammaMedian), []float64{1, 0.9, 3}},
		{three(WeibullPercentile), []float64{1, 0.9, 3}},
		{three(LognormalMedian), []float64{1, 0.9, 3}},
		{three(LoglogisticMedian), []float64{1, 0.9, 3}},
	} {
		if _, err := c.make(c.good); err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		for j := range c.good {
			for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				values := append([]float64(nil), c.good...)
				values[j] = bad
				_, err := c.make(values)
				if want := fmt.Sprintf("must be a finite number, not %v", bad); err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("case %d%v: %v", i, values, err)
				}
			}
		}
	}
}

func TestLawsReadAsTheyAreWritten(t *testing.T) {
	for _, c := range []struct {
		law  Law
		want string
	}{
		{must(Fixed(1)), "fixed: 1 day"},
		{Never(), "never"},
		{must(Uniform(0, 2.5)), "uniform: {from: 0 days, to: 2.5 days}"},
		{must(Triangular(1, 2, 3)), "triangular: {from: 1 day, likely: 2 days, to: 3 days}"},
		{must(Pert(1, 2, 3)), "pert: {from: 1 day, likely: 2 days, to: 3 days}"},
		{must(Normal(8, 3)), "normal: {mean: 8 days, sd: 3 days}"},
		{must(Exponential(110)), "exponential: {mean: 110 days}"},
		{must(ExponentialHalfBy(60)), "exponential: {half_by: 60 days}"},
		{must(Gamma(84, 25)), "gamma: {mean: 84 days, sd: 25 days}"},
		{must(GammaShape(2, 5)), "gamma: {shape: 2, scale: 5 days}"},
		{must(GammaMedian(20, 0.9, 50)), "gamma: {median: 20 days, p90: 50 days}"},
		{must(Weibull(0.7, 210)), "weibull: {shape: 0.7, scale: 210 days}"},
		{must(WeibullMean(0.9, 70)), "weibull: {shape: 0.9, mean: 70 days}"},
		{must(WeibullMedian(0.6, 90)), "weibull: {shape: 0.6, median: 90 days}"},
		{must(WeibullPercentile(14, 0.9, 100)), "weibull: {median: 14 days, p90: 100 days}"},
		{must(Lognormal(12, 9)), "lognormal: {mean: 12 days, sd: 9 days}"},
		{must(LognormalMu(2, 0.5)), "lognormal: {mu: 2, sigma: 0.5}"},
		{must(LognormalMedian(10, 0.975, 30)), "lognormal: {median: 10 days, p97.5: 30 days}"},
		{must(Loglogistic(2, 20)), "loglogistic: {shape: 2, scale: 20 days}"},
		{must(LoglogisticMedian(20, 0.29, 15)), "loglogistic: {median: 20 days, p29: 15 days}"},
		{must(Empirical([]float64{2, 1})), "empirical: [1 day, 2 days]"},
		{
			must(Empirical([]float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})),
			"empirical: [0 days, 1 day, 2 days, 3 days, 4 days, 5 days, 6 days, 7 days, 8 days, 9 days, 10 days, 11 days, and 2 more]",
		},
		{
			must(Mixture([]float64{0.3, 0.7}, []Law{must(Fixed(7)), must(Exponential(2))})),
			"mixture: [{share: 30%, fixed: 7 days}, {share: 70%, exponential: {mean: 2 days}}]",
		},
	} {
		if got := c.law.String(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
		if got := Tabulate(c.law).String(); got != c.want {
			t.Errorf("the table of %s calls itself %s", c.want, got)
		}
	}
}
