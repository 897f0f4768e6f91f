package stats_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tier4/sim/stats"
)

// The example that goes with p.adjust of R.
func TestHolmWorkedExample(t *testing.T) {
	got := stats.Holm([]float64{0.01, 0.04, 0.03, 0.005, math.NaN()})
	for i, want := range []float64{0.04, 0.09, 0.09, 0.025, 1} {
		near(t, "adjusted p", got[i], want, 1e-15)
	}
	if len(stats.Holm(nil)) != 0 {
		t.Error("nothing to adjust")
	}
}

func TestHolmLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 0.01, 0.05, 1})), 1, 30).Draw(rt, "p")
		kept := slices.Clone(p)
		got := stats.Holm(p)
		if !slices.Equal(p, kept) {
			rt.Fatal("the p-values were changed")
		}
		for i := range p {
			if got[i] < p[i] || got[i] > min(1, float64(len(p))*p[i])+1e-15 {
				rt.Fatalf("%g became %g of %d", p[i], got[i], len(p))
			}
			for j := range p {
				if (p[i] < p[j] && got[i] > got[j]) || (p[i] == p[j] && got[i] != got[j]) {
					rt.Fatalf("%v became %v", p, got)
				}
			}
		}
	})
}

func TestJudge(t *testing.T) {
	d := func(low, value, high float64) stats.Difference {
		return stats.Difference{Estimate: stats.Estimate{Value: value, Low: low, High: high, Method: stats.MethodT}}
	}
	one := d(2, 2, 2)
	one.Method = stats.MethodOne
	for _, c := range []struct {
		name    string
		d       stats.Difference
		p       float64
		matters float64
		higher  int
		want    string
	}{
		{"up is good", d(1, 2, 3), 0.01, 0, +1, "better"},
		{"up is bad", d(1, 2, 3), 0.01, 0, -1, "worse"},
		{"down is good", d(-3, -2, -1), 0.01, 0, -1, "better"},
		{"down is bad", d(-3, -2, -1), 0.01, 0, +1, "worse"},
		{"up, neither", d(1, 2, 3), 0.01, 0, 0, "more"},
		{"down, neither", d(-3, -2, -1), 0.01, 0, 0, "less"},
		{"p at the level", d(1, 2, 3), 0.05, 0, +1, "better"},
		{"Holm takes it back", d(1, 2, 3), 0.06, 0, +1, "no clear difference"},
		{"all of it small", d(1, 2, 3), 0.01, 3.5, +1, "too small to matter"},
		{"all of it small, down", d(-3, -2, -1), 0.01, 3.5, +1, "too small to matter"},
		{"may reach what matters", d(1, 2, 3), 0.01, 3, +1, "better"},
		{"small and not clear", d(-1, 0.1, 1), 0.8, 3, +1, "no clear difference"},
		{"the same", d(0, 0, 0), 1, 3, +1, "no clear difference"},
		{"one replication", one, 0, 0, +1, "no clear difference"},
	} {
		if got := stats.Judge(c.d, c.p, c.matters, 0.95, c.higher).String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestMisusePanics(t *testing.T) {
	var r stats.Ratio
	for name, f := range map[string]func(){
		"level 95":       func() { r.Estimate(95) },
		"level 0":        func() { stats.Wilson(1, 2, 0) },
		"k over n":       func() { stats.ClopperPearson(3, 2, 0.95) },
		"no quantile":    func() { stats.QuantileOf(nil, 0.5) },
		"p of 2":         func() { stats.QuantileOf([]float64{1}, 2) },
		"rank":           func() { stats.QuickSelect([]float64{1}, 1) },
		"no section":     func() { stats.NewSketch(0) },
		"section 2 of 2": func() { stats.NewSketch(2).Add(2, 0) },
		"unlike merge":   func() { stats.NewSketch(2).Merge(stats.NewSketch(3)) },
		"t of p 1":       func() { stats.TQuantile(1, 5) },
		"t of no df":     func() { stats.TQuantile(0.9, 0) },
	} {
		if !panics(f) {
			t.Errorf("%s is taken", name)
		}
	}
}
