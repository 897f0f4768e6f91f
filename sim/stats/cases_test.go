package stats_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"tier4/sim/stats"
)

// cases reads the inputs and values of a case, worked out by other programs.
func cases(t *testing.T, id string, inputs, values any) {
	t.Helper()
	text, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]struct{ Inputs, Values json.RawMessage }
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	c, ok := all[id]
	if !ok {
		t.Fatalf("no case %q", id)
	}
	if err := json.Unmarshal(c.Inputs, inputs); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(c.Values, values); err != nil {
		t.Fatal(err)
	}
}

// near wants got within a relative tolerance of want (absolute below 1).
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: %.17g, want %.17g", what, got, want)
	}
}

func nearRel(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: %.17g, want %.17g", what, got, want)
	}
}

func TestCasePairedReplications(t *testing.T) {
	var in struct{ A, B []float64 }
	var want map[string]float64
	cases(t, "ci_paired20", &in, &want)

	near(t, "t", stats.TQuantile(0.975, 19), want["t_19_0.975"], 1e-12)
	var a, b stats.Ratio
	var pair stats.PairedRatio
	for i := range in.A {
		a.Add(in.A[i], 1)
		b.Add(in.B[i], 1)
		pair.Add(in.B[i], 1, in.A[i], 1)
	}
	for _, c := range []struct {
		name  string
		r     *stats.Ratio
		level float64
		mean  string
	}{
		{"A_hw90", &a, 0.90, "A_mean"},
		{"A_hw95", &a, 0.95, "A_mean"},
		{"A_hw99", &a, 0.99, "A_mean"},
		{"B_hw95", &b, 0.95, "B_mean"},
		{"bonferroni_hw_2_cis_95_A", &a, 0.975, "A_mean"},
	} {
		e, ok := c.r.Estimate(c.level)
		if !ok || e.Method != stats.MethodT || e.N != 20 {
			t.Fatalf("%s: %+v, %v", c.name, e, ok)
		}
		near(t, c.name, (e.High-e.Low)/2, want[c.name], 1e-11) // the case's own t is good to that
		near(t, c.name+" mean", e.Value, want[c.mean], 1e-12)
	}
	d, ok := pair.Difference(0.95)
	if !ok || d.Method != stats.MethodT || d.Same {
		t.Fatalf("difference: %+v, %v", d, ok)
	}
	near(t, "difference", d.Value, want["diff_mean"], 1e-12)
	near(t, "half-width", (d.High-d.Low)/2, want["diff_hw95_paired"], 1e-12)
	near(t, "t of the difference", d.Value/d.SE, want["paired_t"], 1e-11)
	nearRel(t, "p", d.P, want["paired_p"], 1e-9)
	sd := want["diff_sd"]
	near(t, "variance reduction", d.VarianceReduction,
		(want["A_sd"]*want["A_sd"]+want["B_sd"]*want["B_sd"])/(sd*sd), 1e-11)
}

func TestCaseLawKelton(t *testing.T) {
	var in struct {
		Data []float64
		N0   int
	}
	var want map[string]struct {
		NStop int `json:"n_stop"`
		Mean  float64
		HW    float64
	}
	cases(t, "sequential_lawkelton", &in, &want)
	for name, gamma := range map[string]float64{"rel0.15_gamma/(1+gamma)": 0.15, "rel0.1_gamma/(1+gamma)": 0.10} {
		var r stats.Ratio
		for _, x := range in.Data {
			r.Add(x, 1)
			if r.Count() < in.N0 {
				continue
			}
			e, _ := r.Estimate(0.95)
			if stats.RelativePrecisionMet(e.Value, (e.High-e.Low)/2, gamma) {
				near(t, name+" half-width", (e.High-e.Low)/2, want[name].HW, 1e-9) // the case's own t is good to that
				break
			}
		}
		if r.Count() != want[name].NStop {
			t.Errorf("%s: stopped at %d, want %d", name, r.Count(), want[name].NStop)
		}
		near(t, name+" mean", r.MeanY(), want[name].Mean, 1e-12)
	}
}

func TestCaseMSER5(t *testing.T) {
	var in struct{ Data []float64 }
	var want struct {
		Truncate  int     `json:"truncate_observations"`
		MeanAfter float64 `json:"mean_after_truncation"`
	}
	cases(t, "mser5_fixed300", &in, &want)
	drop, ok := stats.MSER5(in.Data)
	if drop != want.Truncate || !ok {
		t.Fatalf("drop %d, %v, want %d", drop, ok, want.Truncate)
	}
	var r stats.Ratio
	for _, x := range in.Data[drop:] {
		r.Add(x, 1)
	}
	near(t, "mean", r.MeanY(), want.MeanAfter, 1e-12)
}

func TestCaseShares(t *testing.T) {
	want := map[string]struct {
		Wilson, Jeffreys [2]float64
		ClopperPearson   [2]float64 `json:"clopper_pearson"`
	}{}
	cases(t, "binomial_ci", &struct{}{}, &want)
	for name, c := range map[string][2]int{
		"0/20": {0, 20}, "1/29": {1, 29}, "15/148": {15, 148}, "81/263": {81, 263},
		"0/30": {0, 30}, "3/50": {3, 50}, "5/1000": {5, 1000},
	} {
		for method, f := range map[string]func(int, int, float64) (float64, float64){
			"wilson": stats.Wilson, "clopper": stats.ClopperPearson, "jeffreys": stats.Jeffreys,
		} {
			low, high := f(c[0], c[1], 0.95)
			w, ok := want[name]
			if !ok {
				t.Fatalf("no case %s", name)
			}
			ends := map[string][2]float64{"wilson": w.Wilson, "clopper": w.ClopperPearson, "jeffreys": w.Jeffreys}[method]
			near(t, name+" "+method+" low", low, ends[0], 1e-12)
			near(t, name+" "+method+" high", high, ends[1], 1e-12)
			// The mirror: k of n low is 1 less the high of n-k of n.
			mirrorLow, mirrorHigh := f(c[1]-c[0], c[1], 0.95)
			near(t, name+" "+method+" mirror low", mirrorLow, 1-high, 1e-12)
			near(t, name+" "+method+" mirror high", mirrorHigh, 1-low, 1e-12)
		}
	}
}

func TestCaseQuantileRanks(t *testing.T) {
	var want map[string]struct {
		Lower    int  `json:"lower_rank"`
		Upper    *int `json:"upper_rank"`
		Coverage float64
	}
	cases(t, "quantile_ci_orderstat", &struct{}{}, &want)
	for name, c := range map[string]struct {
		n int
		p float64
	}{"n100_p0.9": {100, 0.9}, "n100_p0.5": {100, 0.5}, "n60_p0.95": {60, 0.95}, "n1000_p0.99": {1000, 0.99}} {
		w, ok := want[name]
		if !ok {
			t.Fatalf("no case %s", name)
		}
		upper := c.n + 1 // no value of the sample bounds it
		if w.Upper != nil {
			upper = *w.Upper
		}
		got := stats.QuantileRanks(c.n, c.p, 0.95)
		if got.Lower != w.Lower || got.Upper != upper {
			t.Errorf("%s: %+v, want %d to %d", name, got, w.Lower, upper)
		}
		near(t, name, got.Coverage, w.Coverage, 1e-12)
	}
}

func TestCaseQuantileType7(t *testing.T) {
	var in struct{ Data []float64 }
	var want map[string]float64
	cases(t, "mle_uncensored50", &in, &want)
	near(t, "median", stats.QuantileOf(in.Data, 0.5), want["q50_type7"], 1e-14)
	near(t, "90%", stats.QuantileOf(in.Data, 0.9), want["q90_type7"], 1e-14)
}
