package stats_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tier4/sim/stats"
)

// naiveMSER is the definition, each d by itself.
func naiveMSER(data []float64) int {
	m := len(data) / 5
	y := make([]float64, m)
	for i := range y {
		for _, x := range data[5*i : 5*i+5] {
			y[i] += x / 5
		}
	}
	best, least := 0, math.Inf(1)
	for d := 0; d <= m-5; d++ {
		mean, ss := 0.0, 0.0
		for _, v := range y[d:] {
			mean += v / float64(m-d)
		}
		for _, v := range y[d:] {
			ss += (v - mean) * (v - mean)
		}
		if score := ss / float64((m-d)*(m-d)); score < least*(1-1e-9) {
			best, least = d, score
		}
	}
	return 5 * best
}

func TestMSER5IsItsDefinition(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		data := rapid.SliceOfN(rapid.Float64Range(0, 10), 50, 120).Draw(rt, "data")
		rise := rapid.Float64Range(0, 3).Draw(rt, "rise")
		for i := range data {
			data[i] += rise * 20 * math.Exp(-float64(i)/15)
		}
		drop, ok := stats.MSER5(data)
		want := naiveMSER(data)
		if drop != want || ok != (want/5*2 <= len(data)/5) {
			rt.Fatalf("drop %d, %v, want %d", drop, ok, want)
		}
	})
}

func TestMSER5Refuses(t *testing.T) {
	rising := make([]float64, 200)
	for i := range rising {
		rising[i] = float64(i * i)
	}
	if drop, ok := stats.MSER5(rising); ok || drop <= 100 {
		t.Errorf("a series that never settles: drop %d, %v", drop, ok)
	}
	if _, ok := stats.MSER5(rising[:49]); ok {
		t.Error("49 observations are too few")
	}
	if drop, ok := stats.MSER5(make([]float64, 50)); !ok || drop != 0 {
		t.Errorf("a constant series: drop %d, %v", drop, ok)
	}
	rising[7] = math.NaN()
	if _, ok := stats.MSER5(rising); ok {
		t.Error("NaN is taken")
	}
}

func TestRelativePrecision(t *testing.T) {
	for _, c := range []struct {
		mean, half, gamma float64
		want              bool
	}{
		{100, 100 * 0.1 / 1.1, 0.1, true},
		{100, 9.1, 0.1, false}, // under 10% of the estimate, but not of the truth
		{-100, 9, 0.1, true},
		{0, 0, 0.1, true},
		{0, 1e-9, 0.1, false},
		{math.NaN(), 1, 0.1, false},
	} {
		if got := stats.RelativePrecisionMet(c.mean, c.half, c.gamma); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestQuickSelectAgainstSort(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		xs := rapid.SliceOfN(value(), 1, 300).Draw(rt, "xs")
		k := rapid.IntRange(0, len(xs)-1).Draw(rt, "k")
		p := rapid.Float64Range(0, 1).Draw(rt, "p")
		sorted := slices.Clone(xs)
		slices.Sort(sorted)
		if got := stats.QuickSelect(xs, k); got != sorted[k] {
			rt.Fatalf("rank %d is %g, want %g", k, got, sorted[k])
		}
		if slices.Max(xs[:k+1]) > xs[k] || slices.Min(xs[k:]) < xs[k] {
			rt.Fatal("not split about the rank")
		}
		got := stats.QuantileOf(xs, p)
		h := p * float64(len(xs)-1)
		low, high := sorted[int(h)], sorted[min(int(h)+1, len(xs)-1)]
		closeTo(rt, "quantile", got, low*(1-(h-math.Floor(h)))+high*(h-math.Floor(h)), 1e-14)
		slices.Sort(xs)
		if !slices.Equal(xs, sorted) {
			rt.Fatal("the values are not the ones given")
		}
	})
}

func TestQuickSelectPatterns(t *testing.T) {
	const n = 5000
	for name, at := range map[string]func(i int) float64{
		"rising":  func(i int) float64 { return float64(i) },
		"falling": func(i int) float64 { return float64(-i) },
		"equal":   func(int) float64 { return 7 },
		"organ":   func(i int) float64 { return float64(min(i, n-i)) },
		"saw":     func(i int) float64 { return float64(i % 3) },
		"outlier": func(i int) float64 { return float64(i / (n - 1)) },
	} {
		for _, k := range []int{0, 1, n / 2, n - 1} {
			xs := make([]float64, n)
			for i := range xs {
				xs[i] = at(i)
			}
			sorted := slices.Sorted(slices.Values(xs))
			if got := stats.QuickSelect(xs, k); got != sorted[k] {
				t.Errorf("%s: rank %d is %g, want %g", name, k, got, sorted[k])
			}
		}
	}
}

func TestStudent(t *testing.T) {
	// df of 1 and 2 have closed forms; the normal is the limit.
	for _, tail := range []float64{0.4, 0.1, 0.025, 0.005, 1e-6} {
		nearRel(t, "df 1", stats.TQuantile(1-tail, 1), 1/math.Tan(math.Pi*tail), 1e-9)
		nearRel(t, "df 2", stats.TQuantile(tail, 2), (2*tail-1)/math.Sqrt(2*tail*(1-tail)), 1e-12)
	}
	nearRel(t, "normal", stats.TQuantile(0.975, math.Inf(1)), 1.959963984540054, 1e-14)
	nearRel(t, "many", stats.TQuantile(0.975, 1e12), 1.959963984540054, 1e-11)
	if got := stats.TQuantile(0.5, 7); got != 0 {
		t.Errorf("median %g", got)
	}
	// Where the expansion takes over, nothing jumps.
	nearRel(t, "at 1000", stats.TQuantile(0.999, 999.9999), stats.TQuantile(0.999, 1000.0001), 1e-9)
	for _, df := range []float64{1, 3, 19, 31, 300, 5000} {
		for _, p := range []float64{0.6, 0.9, 0.975, 0.9995} {
			nearRel(t, "p of the quantile", stats.TwoSidedP(stats.TQuantile(p, df), df), 2*(1-p), 1e-9)
		}
	}
	for x, want := range map[float64]float64{0: 1, math.Inf(1): 0, math.Inf(-1): 0, math.NaN(): 1} {
		if got := stats.TwoSidedP(x, 5); got != want {
			t.Errorf("p of %g is %g", x, got)
		}
	}
}
