package dist

import (
	"math"
	"slices"
	"testing"
)

// dearLaws are the laws that Tabulate has to answer for.
func dearLaws() []Law {
	laws := []Law{
		must(Gamma(84, 25)), must(Lognormal(15, 5)), must(LognormalMu(2, 1.5)), must(Normal(10, 8)),
		must(Pert(2, 3, 10)), bimodal(), mostlyGiveUp(), apart(), cured(),
	}
	for _, shape := range []float64{0.3, 0.7, 1, 2.5, 10, 30} {
		laws = append(laws, must(GammaShape(shape, 4)))
	}
	return laws
}

func TestTabulateLeavesCheapLawsAlone(t *testing.T) {
	for _, l := range []Law{
		must(Fixed(7)), Never(), must(Uniform(0, 3)), must(Triangular(0, 1, 2)), must(Exponential(9)),
		must(Weibull(0.7, 210)), must(Loglogistic(2, 20)), must(Empirical([]float64{1, 2})),
	} {
		if Tabulate(l) != l {
			t.Errorf("%s was put in a table", l)
		}
	}
	g := must(Gamma(84, 25))
	once := Tabulate(g)
	if once == g {
		t.Errorf("%s was not put in a table", g)
	}
	if Tabulate(once) != once {
		t.Errorf("the table of %s was put in another", g)
	}
}

// Kolmogorov and Smirnov: 1.95/sqrt(n) is passed by chance once in a thousand.
func TestTableDrawsFollowTheLaw(t *testing.T) {
	const n = 1_000_000
	draws := make([]float64, n)
	for i, l := range dearLaws() {
		tab, visit := Tabulate(l), Root(20250401, 0).Int(uint64(i))
		for j := range draws {
			draws[j] = tab.AtSurvival(visit.Draw(NameOf("stay"), 1, uint32(j)))
		}
		if d := distance(draws, l); d > 1.95/math.Sqrt(n) {
			t.Errorf("%s: D = %.5f", l, d)
		}
	}
}

// distance is the largest gap between the law and the draws' step function, or
// a little more: the law is asked at some 20,000 of the draws, and between two
// of them both functions stay within what they are there. It sorts the draws.
func distance(draws []float64, l Law) float64 {
	slices.Sort(draws)
	n, step := float64(len(draws)), max(1, len(draws)/20_000)
	d, last, upTo, cdf := 0.0, -1.0, 0.0, 0.0
	for j := 0; j < len(draws); j += step {
		if x := draws[j]; x > last {
			d = max(d, float64(j)/n-cdf, l.CDF(math.Nextafter(x, -1))-upTo)
			last, cdf = x, l.CDF(x)
		}
		upTo = float64(j+1) / n
	}
	if math.IsInf(last, 1) {
		return d
	}
	return max(d, 1-cdf)
}

// The test of the draws has to see a law that is 1% off.
func TestDistanceSeesAWrongLaw(t *testing.T) {
	draws := make([]float64, 100_000)
	right, wrong := must(Gamma(84, 25)), must(Gamma(85, 25))
	for i := range draws {
		draws[i] = right.AtSurvival((float64(i) + 0.5) / float64(len(draws)))
	}
	if d := distance(draws, right); d > 6.01e-5 {
		t.Errorf("D = %v for the law itself", d)
	}
	if d := distance(draws, wrong); d < 1.95/math.Sqrt(float64(len(draws))) {
		t.Errorf("D = %v for a mean of 85 instead of 84", d)
	}
}

func TestTableQuantilesAreTheLaws(t *testing.T) {
	for _, l := range dearLaws() {
		tab := Tabulate(l)
		for _, percent := range []float64{0.01, 0.1, 1, 5, 25, 50, 75, 95, 99, 99.9, 99.99} {
			p := percent / 100
			if got, want := Quantile(tab, p), Quantile(l, p); !near(got, want, 0.001) {
				t.Errorf("%s: the %v%% quantile is %v, not %v", l, percent, got, want)
			}
		}
	}
}

// Everywhere, not only at the percentiles that are asked for: a walk through
// both tails that meets every cell and goes beyond the table.
func TestTableIsNearTheLawInEveryCell(t *testing.T) {
	for _, l := range dearLaws() {
		tab := Tabulate(l)
		for tail := 0.5; tail > 0x1p-24; tail *= 0.9931 {
			for _, q := range []float64{tail, 1 - tail} {
				if got, want := tab.AtSurvival(q), l.AtSurvival(q); !near(got, want, 0.001) {
					t.Errorf("%s: AtSurvival(%v) is %v, not %v", l, q, got, want)
				}
			}
		}
	}
}

func TestTableFarTailsAreExact(t *testing.T) {
	for _, l := range dearLaws() {
		tab := Tabulate(l)
		for _, q := range []float64{1e-300, 1e-12, 0x1p-22, 1 - 0x1p-22, 1 - 1e-12, 1 - 0x1p-53, 0.5} {
			if got, want := tab.AtSurvival(q), l.AtSurvival(q); got != want {
				t.Errorf("%s: AtSurvival(%v) is %v, not %v", l, q, got, want)
			}
		}
		if got, want := Quantile(tab, 1e-30), Quantile(l, 1e-30); got != want {
			t.Errorf("%s: Quantile(1e-30) is %v, not %v", l, got, want)
		}
	}
}

// Interpolation may not raise the mean: its error is far below any interval.
func TestTableKeepsTheMean(t *testing.T) {
	for _, l := range dearLaws() {
		if math.IsInf(l.Mean(), 1) {
			continue
		}
		const n = 20_000
		tab, sum := Tabulate(l), 0.0
		for i := range n {
			sum += tab.AtSurvival((float64(i)+0.5)/n) - l.AtSurvival((float64(i)+0.5)/n)
		}
		if bias := sum / n / l.Mean(); math.Abs(bias) > 1e-4 {
			t.Errorf("%s: the mean is off by a share of %v", l, bias)
		}
	}
}

func TestTableForwardsAllElse(t *testing.T) {
	for _, l := range dearLaws() {
		tab := Tabulate(l)
		if tab.Mean() != l.Mean() || tab.Variance() != l.Variance() ||
			tab.CDF(11) != l.CDF(11) || tab.Survival(11) != l.Survival(11) {
			t.Errorf("%s differs in its table", l)
		}
	}
}

// No draw of apart may fall in the gap from 2 to 20 days.
func TestTableDoesNotFillAGap(t *testing.T) {
	tab := Tabulate(apart())
	for i := range 300_000 {
		if x := tab.AtSurvival((float64(i) + 0.5) / 300_000); x > 2 && x < 20 || x < 1 || x > 22 {
			t.Fatalf("drew %v", x)
		}
	}
}

// An atom smaller than a cell of the table is still drawn exactly, as often as
// it should be.
func TestTableKeepsASmallAtom(t *testing.T) {
	const n = 1_000_000
	tab, seen := Tabulate(must(Mixture([]float64{0.001, 0.999}, []Law{must(Fixed(14)), must(Exponential(12))}))), 0
	for i := range n {
		if tab.AtSurvival((float64(i)+0.5)/n) == 14 {
			seen++
		}
	}
	if seen < 999 || seen > 1001 {
		t.Errorf("drew 14 days %d times of %d, not 1000", seen, n)
	}
}
