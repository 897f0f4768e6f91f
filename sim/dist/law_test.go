package dist

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
)

func must(l Law, err error) Law {
	if err != nil {
		panic(err)
	}
	return l
}

// lawCase is a law with what its checkers have to know about it.
type lawCase struct {
	Law
	coarse  float64 // absolute error of the CDF, where digits cancel at 0
	through []point // (x, CDF(x)) that the parameters name
	mean    float64 // 0: not named by the parameters
	sd      float64
}

type point struct{ x, p float64 }

// allLaws is every law in every parametrisation, with shapes from one end of
// what is met to the other.
func allLaws() []lawCase {
	cases := []lawCase{
		{Law: must(Fixed(0))},
		{Law: must(Fixed(7)), mean: 7},
		{Law: Never()},
		{Law: must(Uniform(0, 3)), mean: 1.5},
		{Law: must(Uniform(5, 6)), mean: 5.5},
		{Law: must(Triangular(0, 0, 4)), mean: 4.0 / 3},
		{Law: must(Triangular(0, 4, 4)), mean: 8.0 / 3},
		{Law: must(Triangular(2, 3, 10)), mean: 5},
		{Law: must(Pert(0, 0, 4)), mean: 4.0 / 6},
		{Law: must(Pert(0, 4, 4)), mean: 20.0 / 6},
		{Law: must(Pert(2, 3, 10)), mean: 4},
		{Law: must(Normal(0, 2)), mean: 2 * math.Sqrt(2/math.Pi), coarse: 1e-14},
		{Law: must(Normal(10, 8)), coarse: 1e-14},
		{Law: must(Normal(84, 5)), mean: 84, sd: 5, coarse: 1e-14},
		{Law: must(Exponential(110)), mean: 110, sd: 110},
		{Law: must(ExponentialHalfBy(60)), through: []point{{60, 0.5}}},
		{Law: must(Gamma(84, 25)), mean: 84, sd: 25},
		{Law: must(Gamma(9, 30)), mean: 9, sd: 30},
		{Law: must(Gamma(100, 1)), mean: 100, sd: 1},
		{Law: must(GammaMedian(20, 0.9, 50)), through: []point{{20, 0.5}, {50, 0.9}}},
		{Law: must(GammaMedian(20, 0.1, 19)), through: []point{{20, 0.5}, {19, 0.1}}},
		{Law: must(GammaMedian(20, 0.95, 2000)), through: []point{{20, 0.5}, {2000, 0.95}}},
		{Law: must(Weibull(0.7, 210)), through: []point{{210, -math.Expm1(-1)}}},
		{Law: must(Weibull(3, 10))},
		{Law: must(WeibullMean(0.9, 70)), mean: 70},
		{Law: must(WeibullMedian(0.6, 90)), through: []point{{90, 0.5}}},
		{Law: must(WeibullPercentile(14, 0.9, 100)), through: []point{{14, 0.5}, {100, 0.9}}},
		{Law: must(WeibullPercentile(14, 0.25, 5)), through: []point{{14, 0.5}, {5, 0.25}}},
		{Law: must(Lognormal(12, 9)), mean: 12, sd: 9},
		{Law: must(Lognormal(15, 0.5)), mean: 15, sd: 0.5},
		{Law: must(LognormalMu(2, 1.5)), through: []point{{math.Exp(2), 0.5}}},
		{Law: must(LognormalMedian(10, 0.9, 30)), through: []point{{10, 0.5}, {30, 0.9}}},
		{Law: must(LognormalMedian(10, 0.05, 3)), through: []point{{10, 0.5}, {3, 0.05}}},
		{Law: must(Loglogistic(0.8, 20)), mean: math.Inf(1), sd: math.Inf(1), through: []point{{20, 0.5}}},
		{Law: must(Loglogistic(1.5, 20)), sd: math.Inf(1), through: []point{{20, 0.5}}},
		{Law: must(Loglogistic(5, 20)), through: []point{{20, 0.5}}},
		{Law: must(LoglogisticMedian(20, 0.9, 45)), through: []point{{20, 0.5}, {45, 0.9}}},
		{Law: must(Empirical([]float64{3, 1, 4, 1, 5, 9, 2, 6})), mean: 31.0 / 8},
		{Law: must(Empirical([]float64{2})), mean: 2},
		{Law: bimodal(), mean: 0.3*2 + 0.7*60},
		{Law: mostlyGiveUp(), mean: 0.2*0 + 0.5*40 + 0.3*14},
		{Law: apart(), mean: 0.4*1.5 + 0.6*21},
		{Law: cured(), mean: math.Inf(1), sd: math.Inf(1)},
	}
	for _, shape := range []float64{0.05, 0.3, 0.7, 1, 2.5, 10, 30, 250, 1e5} {
		cases = append(cases, lawCase{
			Law: must(GammaShape(shape, 4)), mean: 4 * shape, sd: 4 * math.Sqrt(shape),
		})
	}
	return cases
}

// bimodal is a smooth mixture.
func bimodal() Law {
	return must(Mixture([]float64{0.3, 0.7}, []Law{must(Exponential(2)), must(Gamma(60, 20))}))
}

// mostlyGiveUp has atoms at 0 and 14 days within a smooth law.
func mostlyGiveUp() Law {
	return must(Mixture([]float64{0.2, 0.5, 0.3}, []Law{must(Fixed(0)), must(Gamma(40, 30)), must(Fixed(14))}))
}

// apart has a gap that nothing falls in.
func apart() Law {
	return must(Mixture([]float64{0.4, 0.6}, []Law{must(Uniform(1, 2)), must(Uniform(20, 22))}))
}

// cured never happens for a share.
func cured() Law {
	return must(Mixture([]float64{0.7, 0.3}, []Law{must(WeibullMedian(0.6, 90)), Never()}))
}

// tails are probabilities from the far tail to the middle.
var tails = []float64{1e-30, 1e-16, 1e-9, 1e-6, 1e-4, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.499, 0.5}

// near says whether got is want to a relative tolerance.
func near(got, want, tolerance float64) bool {
	return got == want || math.Abs(got-want) <= tolerance*math.Abs(want)
}

func eachLaw(t *testing.T, check func(*testing.T, lawCase)) {
	t.Helper()
	for _, c := range allLaws() {
		t.Run(c.String(), func(t *testing.T) { check(t, c) })
	}
}

func TestAtSurvivalInvertsSurvival(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		for _, q := range tails {
			checkInverse(t, c, c.AtSurvival(q), q)
			checkInverse(t, c, c.AtSurvival(1-q), 1-q)
		}
	})
}

// checkInverse holds x to be where the survival comes to q, or jumps past it,
// to the last digits of x.
func checkInverse(t *testing.T, c lawCase, x, q float64) {
	t.Helper()
	if math.IsInf(x, 1) {
		if s := c.Survival(math.MaxFloat64); s < q {
			t.Errorf("AtSurvival(%v) is never, but the survival comes to %v", q, s)
		}
		return
	}
	before, after := c.Survival(x-around(x)), c.Survival(x+around(x))
	if before < q*(1-1e-10) || after > q*(1+1e-10) {
		t.Errorf("AtSurvival(%v) = %v, about which the survival goes from %v to %v", q, x, before, after)
	}
}

// around is a few units in the last place.
func around(x float64) float64 { return 4e-15*x + 1e-300 }

func TestQuantileInvertsCDF(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		for _, p := range append(tails, 0.6, 0.9, 0.999) {
			x := Quantile(c.Law, p)
			if math.IsInf(x, 1) {
				if top := c.CDF(math.MaxFloat64); top > p {
					t.Errorf("Quantile(%v) is never, but the CDF comes to %v", p, top)
				}
				continue
			}
			before, after := c.CDF(x-around(x)), c.CDF(x+around(x))
			if before > p*(1+1e-10)+c.coarse || after < p*(1-1e-10)-c.coarse {
				t.Errorf("Quantile(%v) = %v, about which the CDF goes from %v to %v", p, x, before, after)
			}
		}
	})
}

func TestCDFIsADistribution(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		if c.CDF(-1) != 0 || c.Survival(-1) != 1 || c.CDF(math.Inf(-1)) != 0 {
			t.Errorf("below 0: CDF %v, survival %v", c.CDF(-1), c.Survival(-1))
		}
		if p, s := c.CDF(math.Inf(1)), c.Survival(math.Inf(1)); !near(p+s, 1, 1e-14) {
			t.Errorf("at infinity: CDF %v, survival %v", p, s)
		}
		top := c.AtSurvival(1e-6)
		if math.IsInf(top, 1) {
			top = 1000
		}
		p, s := 0.0, 1.0
		for i := range 2000 {
			x := top * float64(i) / 1900
			np, ns := c.CDF(x), c.Survival(x)
			if np < p-1e-15 || ns > s+1e-15 || np < 0 || np > 1 || ns < 0 || ns > 1 {
				t.Fatalf("at %v: CDF %v after %v, survival %v after %v", x, np, p, ns, s)
			}
			if math.Abs(np+ns-1) > 4e-15 {
				t.Fatalf("at %v: CDF %v and survival %v do not add up to 1", x, np, ns)
			}
			p, s = np, ns
		}
	})
}

func TestDrawsAreOrderedAndNotNegative(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		last := math.Inf(1)
		for i := 1; i < 4000; i++ {
			x := c.AtSurvival(float64(i) / 4000)
			if !(x >= 0) || x > last*(1+1e-14) {
				t.Fatalf("AtSurvival(%v) = %v after %v", float64(i)/4000, x, last)
			}
			last = x
		}
	})
}

// The mean is the integral of S, the second moment that of 2xS.
func TestMomentsAreIntegralsOfSurvival(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		mean, second := integrals(c.Law)
		if m := c.Mean(); !math.IsInf(m, 1) && !near(mean, m, 1e-7) {
			t.Errorf("mean is %v, the integral %v", m, mean)
		}
		if v := c.Variance(); !math.IsInf(v, 1) && math.Abs(second-mean*mean-v) > 1e-6*v+1e-12*second {
			t.Errorf("variance is %v, the integral %v", v, second-mean*mean)
		}
	})
}

// integrals are those of S and 2xS, by Gauss and Legendre between quantiles.
func integrals(l Law) (mean, second float64) {
	knots := []float64{0}
	for k := range 300 {
		tail := math.Exp2(-1 - float64(k))
		knots = append(knots, Quantile(l, tail), l.AtSurvival(tail))
	}
	if b, ok := l.(broken); ok {
		knots = append(knots, b.breaks()...)
	}
	knots = slices.DeleteFunc(knots, func(x float64) bool { return math.IsInf(x, 1) })
	slices.Sort(knots)
	for i, hi := range knots[1:] { // no piece may span more than a doubling
		for lo := max(knots[i], hi*1e-16); 2*lo < hi; lo *= 2 {
			knots = append(knots, 2*lo)
		}
	}
	slices.Sort(knots)
	for i, hi := range knots[1:] {
		if lo := knots[i]; lo < hi {
			mean += quad.Fixed(l.Survival, lo, hi, 24, quad.Legendre{}, 0)
			second += quad.Fixed(func(x float64) float64 { return 2 * x * l.Survival(x) }, lo, hi, 24, quad.Legendre{}, 0)
		}
	}
	return mean, second
}

func TestInfiniteMoments(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		if math.IsInf(c.Mean(), 1) != math.IsInf(c.mean, 1) && c.String() != "never" {
			t.Errorf("mean is %v", c.Mean())
		}
		if math.IsInf(c.Variance(), 1) != math.IsInf(c.sd, 1) && c.String() != "never" {
			t.Errorf("variance is %v", c.Variance())
		}
	})
	if n := Never(); !math.IsInf(n.Mean(), 1) || !math.IsInf(n.Variance(), 1) || n.Survival(1e300) != 1 {
		t.Error("never happens")
	}
}

func TestParametersHitWhatTheyName(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		if c.mean != 0 && !near(c.Mean(), c.mean, 1e-12) {
			t.Errorf("mean is %v, not %v", c.Mean(), c.mean)
		}
		if c.sd != 0 && !near(math.Sqrt(c.Variance()), c.sd, 1e-12) {
			t.Errorf("sd is %v, not %v", math.Sqrt(c.Variance()), c.sd)
		}
		for _, at := range c.through {
			if !near(c.CDF(at.x), at.p, 1e-11) || !near(Quantile(c.Law, at.p), at.x, 1e-10) {
				t.Errorf("CDF(%v) = %v, not %v; quantile %v", at.x, c.CDF(at.x), at.p, Quantile(c.Law, at.p))
			}
		}
	})
}

// S(WithHazardRatio(q, h))^h = q.
func TestHazardRatioIsAPowerOfSurvival(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		for _, ratio := range []float64{0.05, 0.7, 1, 1.3, 20} {
			for _, q := range []float64{1e-9, 0.01, 0.3, 0.5, 0.9, 0.999} {
				root := math.Pow(q, 1/ratio)
				checkInverse(t, c, WithHazardRatio(c.Law, q, ratio), root)
			}
		}
		if x := WithHazardRatio(c.Law, 0.4, 1); x != c.AtSurvival(0.4) {
			t.Errorf("a ratio of 1 gives %v, not %v", x, c.AtSurvival(0.4))
		}
		if x := WithHazardRatio(c.Law, 0.4, 0); !math.IsInf(x, 1) {
			t.Errorf("a ratio of 0 gives %v", x)
		}
	})
}

// What Outlasts promises holds, and of an exponential law it promises most of what it could.
func TestOutlasts(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		plain, right := 0, 0
		for _, ratio := range []float64{0.05, 0.7, 1, 1.3, 20} {
			for q := 0.0005; q < 1; q += 0.001 {
				x := WithHazardRatio(c.Law, q, ratio)
				for _, days := range []float64{0, 0.1, 1, 7, 30, 400, math.Nextafter(x, 0), x} {
					if x > days {
						right++
					}
					if !Outlasts(c.Law, q, ratio, days) {
						continue
					}
					if plain++; x <= days {
						t.Fatalf("at %v with a ratio of %v it is %v days, said to be over %v", q, ratio, x, days)
					}
				}
			}
		}
		if _, ok := c.Law.(*exponential); ok && plain < right/2 {
			t.Errorf("only %d of %d are plain", plain, right)
		}
	})
}

// Of those who have lasted for a while the share who last on is the survival from there; nobody whom the law has long
// left behind lasts for ever.
func TestLongerThan(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		for _, ratio := range []float64{0.7, 1, 1.3} {
			for _, q := range []float64{0.001, 0.3, 0.9} {
				if got, want := LongerThan(c.Law, q, ratio, 0), WithHazardRatio(c.Law, q, ratio); got != want {
					t.Errorf("from the start %v days, at once %v", got, want)
				}
				for _, share := range []float64{0.9, 0.5, 0.01} {
					days := c.Law.AtSurvival(share)
					still := math.Pow(c.Law.Survival(days), ratio)
					got, want := LongerThan(c.Law, q, ratio, days), WithHazardRatio(c.Law, q*still, ratio)
					if days > 0 && got != want {
						t.Errorf("after %v days %v, want %v", days, got, want)
					}
				}
				for _, days := range []float64{1e3, 1e6, 1e300} {
					if c.Law.Survival(days) == 0 && LongerThan(c.Law, q, ratio, days) != days {
						t.Errorf("%v days after the last has left, it is %v", days, LongerThan(c.Law, q, ratio, days))
					}
				}
			}
		}
	})
}

func TestCumulativeHazardAndItsInverse(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		for _, h := range []float64{1e-12, 1e-6, 0.01, 0.3, 0.69, 0.7, 1, 3, 20, 100} {
			x := AtCumulativeHazard(c.Law, h)
			if math.IsInf(x, 1) {
				if top := CumulativeHazard(c.Law, math.MaxFloat64); top > h {
					t.Errorf("a hazard of %v never comes, but it goes to %v", h, top)
				}
				continue
			}
			before, after := CumulativeHazard(c.Law, x-around(x)), CumulativeHazard(c.Law, x+around(x))
			if before > h*(1+1e-10)+c.coarse || after < h*(1-1e-10)-c.coarse {
				t.Errorf("a hazard of %v at %v days, about which it goes from %v to %v", h, x, before, after)
			}
		}
		if h := CumulativeHazard(c.Law, -1); h != 0 {
			t.Errorf("the hazard before 0 is %v", h)
		}
		// It is -ln S.
		for _, q := range []float64{1e-200, 1e-5, 0.3, 0.9} {
			x := c.AtSurvival(q)
			if h := CumulativeHazard(c.Law, x); !near(h, -math.Log(c.Survival(x)), 1e-10) {
				t.Errorf("the hazard at %v days is %v, not %v", x, h, -math.Log(c.Survival(x)))
			}
		}
	})
}

// One exponential spent on hazards piece by piece draws the law itself.
func TestAHazardOfOneExponential(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		for _, u := range []float64{0.001, 0.2, 0.45, 0.77, 0.9995} {
			x, want := AtCumulativeHazard(c.Law, -math.Log(u)), c.AtSurvival(u)
			if !near(x, want, 1e-9) && math.Abs(x-want) > c.coarse*100 {
				t.Errorf("hazard %v is reached at %v, not %v", -math.Log(u), x, want)
			}
		}
	})
}

func TestLawsDoNotAllocate(t *testing.T) {
	eachLaw(t, func(t *testing.T, c lawCase) {
		l, tab := c.Law, Tabulate(c.Law)
		u := 0.37
		allocs := testing.AllocsPerRun(100, func() {
			l.AtSurvival(u)
			tab.AtSurvival(u)
			tab.AtSurvival(1e-12)
			WithHazardRatio(tab, u, 0.7)
			CumulativeHazard(l, AtCumulativeHazard(l, u))
		})
		if allocs != 0 {
			t.Errorf("%v allocations a draw", allocs)
		}
	})
}

func TestEmpiricalCopiesAndDrawsOnlyWhatItSaw(t *testing.T) {
	values := []float64{30, 10, 20}
	l := must(Empirical(values))
	values[0] = 999
	seen := map[float64]int{}
	for i := range 3000 {
		seen[l.AtSurvival((float64(i)+0.5)/3000)]++
	}
	if len(seen) != 3 || seen[10] != 1000 || seen[20] != 1000 || seen[30] != 1000 {
		t.Errorf("drew %v", seen)
	}
}

func TestMixtureKeepsItsAtoms(t *testing.T) {
	l := Tabulate(mostlyGiveUp())
	const n = 200000
	zero, fourteen := 0, 0
	for i := range n {
		switch l.AtSurvival((float64(i) + 0.5) / n) {
		case 0:
			zero++
		case 14:
			fourteen++
		}
	}
	if zero != n/5 || fourteen != 3*n/10 {
		t.Errorf("%d at 0 and %d at 14 of %d", zero, fourteen, n)
	}
}
