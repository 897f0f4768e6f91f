package stats_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tier4/sim/stats"
)

// answers are the inputs and values of a case by name.
type answers struct{ in, out map[string]json.RawMessage }

func caseOf(t *testing.T, id string) answers {
	t.Helper()
	var a answers
	cases(t, id, &a.in, &a.out)
	return a
}

func (a answers) numbers(t *testing.T, name string) (xs []float64) {
	t.Helper()
	if err := json.Unmarshal(a.in[name], &xs); err != nil {
		t.Fatal(name, err)
	}
	return xs
}

func (a answers) value(t *testing.T, name string, into any) {
	t.Helper()
	if err := json.Unmarshal(a.out[name], into); err != nil {
		t.Fatal(name, err)
	}
}

func (a answers) number(t *testing.T, name string) (x float64) {
	t.Helper()
	a.value(t, name, &x)
	return x
}

func lives(times []float64, events []float64) (all []stats.Lifetime) {
	for i, t := range times {
		all = append(all, stats.Lifetime{Time: t, Cause: int(events[i]), Weight: 1})
	}
	return all
}

// The case survival_censored40 of the reference answers.
func TestKaplanMeierReference(t *testing.T) {
	c := caseOf(t, "survival_censored40")
	s := stats.KaplanMeier(lives(c.numbers(t, "time"), c.numbers(t, "event")), 1)
	var table [][]float64
	c.value(t, "KM_table_t_n_d_S_greenwoodSE", &table)
	if len(table) != len(s.Steps) {
		t.Fatalf("%d steps, want %d", len(s.Steps), len(table))
	}
	for i, row := range table {
		step := s.Steps[i]
		e, _ := s.At(step.Time, 0.95)
		if step.Time != row[0] || step.AtRisk != row[1] || step.Ended != row[2] {
			t.Errorf("step %d: %+v, want %v", i, step, row)
		}
		near(t, "S", e.Value, row[3], 1e-10)
		near(t, "its error", e.SE, row[4], 1e-10)
		if e.Low > e.Value || e.High < e.Value || e.Low < 0 || e.High > 1 {
			t.Errorf("interval %v", e)
		}
	}
	for _, at := range []struct {
		t    float64
		name string
	}{{21, "KM_S_21"}, {30, "KM_S_30"}, {60, "KM_S_60"}} {
		e, ok := s.At(at.t, 0.95)
		if !ok {
			t.Errorf("nothing at %v", at.t)
		}
		near(t, at.name, e.Value, c.number(t, at.name), 1e-10)
	}
	median, low, high, ok := s.Quantile(0.5, 0.95)
	if !ok || median != c.number(t, "KM_median_first_t_S<=0.5") || low > median || high < median {
		t.Errorf("median %v (%v to %v)", median, low, high)
	}
	mean, ok := s.RestrictedMean(90, 0.95)
	if !ok {
		t.Error("no restricted mean")
	}
	near(t, "RMST_90", mean.Value, c.number(t, "RMST_90"), 1e-10)
	if s.Events != c.number(t, "n_events") {
		t.Errorf("%v events", s.Events)
	}
}

// With everybody seen from start to end it is the empirical distribution, its error the binomial one.
func TestKaplanMeierOfAllSeen(t *testing.T) {
	times := []float64{3, 1, 4, 1, 5, 9, 2, 6}
	ones := make([]float64, len(times))
	for i := range ones {
		ones[i] = 1
	}
	s := stats.KaplanMeier(lives(times, ones), 1)
	for _, x := range []float64{0.5, 1, 2, 3.5, 6} {
		over := 0.0
		for _, v := range times {
			if v <= x {
				over++
			}
		}
		e, _ := s.At(x, 0.95)
		share := 1 - over/8
		near(t, "S", e.Value, share, 1e-12)
		near(t, "its error", e.SE, math.Sqrt(share*(1-share)/8), 1e-12)
	}
	mean, _ := s.RestrictedMean(9, 0.95)
	near(t, "the mean", mean.Value, 31.0/8, 1e-12)
	if e, ok := s.At(20, 0.95); !ok || e.Value != 0 {
		t.Errorf("after all are over %v %v", e, ok)
	}
}

func TestKaplanMeierSeenLate(t *testing.T) {
	// Of five, two come into sight at 3, so that at 2 three are at risk, and at 4 what is left of them and both.
	all := []stats.Lifetime{{Time: 2, Cause: 1, Weight: 1}, {Time: 4, Cause: 1, Weight: 1}, {Time: 8, Weight: 1}, {Entry: 3, Time: 5, Cause: 1, Weight: 1}, {Entry: 3, Time: 9, Weight: 1}}
	s := stats.KaplanMeier(all, 1)
	want := []float64{2. / 3, 2. / 3 * 3 / 4, 2. / 3 * 3 / 4 * 2 / 3}
	for i, w := range want {
		near(t, "S", s.Steps[i].Share, w, 1e-12)
	}
	if _, ok := s.At(9.5, 0.95); ok {
		t.Error("an answer beyond what was seen")
	}
	if _, _, _, ok := s.Quantile(0.9, 0.95); ok {
		t.Error("a quantile that the curve never reaches")
	}
}

// The intervals cover, for exponential times that are lost and seen late at random.
func TestSurvivalIntervalsCover(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7))
	truth := map[float64]float64{5: math.Exp(-0.25), 20: math.Exp(-1), 40: math.Exp(-2)}
	covered, means := map[float64]int{}, 0
	const rounds = 600
	for range rounds {
		var all []stats.Lifetime
		for len(all) < 80 {
			end, lost, entry := r.ExpFloat64()*20, r.ExpFloat64()*60, max(0, r.Float64()*30-20)
			l := stats.Lifetime{Entry: entry, Time: end, Cause: 1, Weight: 1}
			if lost+entry < end {
				l.Time, l.Cause = lost+entry, 0
			}
			if end > entry {
				all = append(all, l)
			}
		}
		s := stats.KaplanMeier(all, 1)
		for x, want := range truth {
			if e, ok := s.At(x, 0.95); ok && e.Low <= want && want <= e.High {
				covered[x]++
			}
		}
		if e, ok := s.RestrictedMean(30, 0.95); ok && math.Abs(e.Value-20*(1-math.Exp(-1.5))) <= e.Value-e.Low {
			means++
		}
	}
	for x, n := range covered {
		if n < 0.92*rounds || n > 0.98*rounds {
			t.Errorf("at %v covered in %d of %d", x, n, rounds)
		}
	}
	if means < 0.91*rounds {
		t.Errorf("restricted mean covered in %d of %d", means, rounds)
	}
}

// The case competing_exp_40_60: two exponential causes, the incidence in closed form.
func TestIncidenceReference(t *testing.T) {
	c := caseOf(t, "competing_exp_40_60")
	r := rand.New(rand.NewPCG(3, 4))
	var all []stats.Lifetime
	const n = 40_000
	for range n {
		admitted, gone := r.ExpFloat64()*40, r.ExpFloat64()*60
		l := stats.Lifetime{Time: min(admitted, gone), Cause: 1, Weight: 1}
		if gone < admitted {
			l.Cause = 2
		}
		all = append(all, l)
	}
	a := stats.AalenJohansen(all, 2)
	for _, x := range []float64{7, 21, 60} {
		e, _ := a.At(2, x, 0.95)
		want := 1. / 60 / (1./40 + 1./60) * (1 - math.Exp(-x*(1./40+1./60)))
		near(t, "incidence", e.Value, want, 4*e.SE)
		near(t, "its error", e.SE, math.Sqrt(want*(1-want)/n), 0.02*e.SE)
		km := stats.KaplanMeier(all, 2)
		alone, _ := km.At(x, 0.95)
		if 1-alone.Value <= e.Value {
			t.Error("one minus Kaplan–Meier must be the larger")
		}
		if x == 21 {
			near(t, "the reference", want, c.number(t, "CIF_dropout_21d"), 1e-8)
			near(t, "the trap", 1-alone.Value, 1-math.Exp(-21./60), 4*alone.SE)
		}
	}
	total := 0.0
	last := a.Steps[len(a.Steps)-1]
	for _, over := range last.Over {
		total += over
	}
	near(t, "what is over and what is not", total+last.Share, 1, 1e-9)
}

// With one cause the incidence is what the survival curve leaves, with the same error.
func TestIncidenceOfOneCause(t *testing.T) {
	c := caseOf(t, "survival_censored40")
	all := lives(c.numbers(t, "time"), c.numbers(t, "event"))
	s, a := stats.KaplanMeier(all, 1), stats.AalenJohansen(all, 1)
	for _, x := range []float64{10, 20, 30, 60} {
		e, _ := s.At(x, 0.95)
		f, ok := a.At(1, x, 0.95)
		if !ok {
			t.Fatal("absent")
		}
		near(t, "incidence", f.Value, 1-e.Value, 1e-12)
		near(t, "its error", f.SE, e.SE, 0.03*e.SE)
	}
}

// The case piecewise_hazard: what a hazard in bands comes to, and that events over exposure find it.
func TestPiecewiseReference(t *testing.T) {
	c := caseOf(t, "piecewise_hazard")
	var p stats.Piecewise
	for _, b := range []struct{ from, to, h float64 }{{0, 14, 0.004}, {14, 30, 0.015}, {30, 90, 0.03}, {90, math.Inf(1), 0.01}} {
		p = append(p, struct{ From, To, Hazard float64 }{b.from, b.to, b.h})
	}
	rate := 1. / 45
	for name, got := range map[string]float64{
		"S_14": p.Survival(14), "S_21": p.Survival(21), "S_30": p.Survival(30), "S_90": p.Survival(90), "S_180": p.Survival(180),
		"mean_patience": p.Mean(), "median_patience": p.Quantile(0.5),
		"P_dropout_before_admission": p.Before(rate), "mean_time_waiting": (1 - p.Before(rate)) / rate, "deterministic_wait_60_P_dropout": 1 - p.Survival(60),
	} {
		near(t, name, got, c.number(t, name), 1e-9)
	}
	r := rand.New(rand.NewPCG(5, 6))
	var all []stats.Lifetime
	for range 30_000 {
		patience, wait := p.Quantile(r.Float64()), r.ExpFloat64()*45
		l := stats.Lifetime{Time: min(patience, wait), Weight: 1}
		if patience < wait {
			l.Cause = 1
		}
		all = append(all, l)
	}
	for i, b := range stats.Bands(all, []float64{14, 30, 90}, 1) {
		e, ok := b.Rate(0.9999)
		if !ok || e.Low > p[i].Hazard || e.High < p[i].Hazard {
			t.Errorf("band %d: %v (%v to %v), want %v", i, e.Value, e.Low, e.High, p[i].Hazard)
		}
	}
	s := stats.KaplanMeier(all, 1)
	e, _ := s.At(21, 0.9999)
	if want := p.Survival(21); e.Low > want || e.High < want {
		t.Errorf("Kaplan–Meier at 21: %v (%v to %v), want %v", e.Value, e.Low, e.High, want)
	}
}

func TestRateIsGarwoods(t *testing.T) {
	// 10 events: the 95% limits of a Poisson mean are 4.795 and 18.390 (Garwood 1936).
	e, ok := stats.Rate(10, 1, 0.95)
	if !ok {
		t.Fatal("absent")
	}
	near(t, "low", e.Low, 4.7954, 1e-3)
	near(t, "high", e.High, 18.3904, 1e-3)
	zero, _ := stats.Rate(0, 1, 0.95)
	near(t, "of none", zero.High, 3.6889, 1e-3)
	if _, ok := stats.Rate(3, 0, 0.95); ok || zero.Low != 0 {
		t.Error("a rate without exposure")
	}
}

func TestDispersion(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	rejected, clustered := 0, 0
	for range 400 {
		plain, clumped, means := make([]float64, 36), make([]float64, 36), make([]float64, 36)
		for i := range plain {
			means[i] = float64(28 + i%4)
			plain[i] = poisson(r, means[i]/3)
			clumped[i] = 3 * poisson(r, means[i]/9)
		}
		if d, ok := stats.Disperse(plain, means, 0); ok && d.P < 0.05 {
			rejected++
		}
		if d, ok := stats.Disperse(clumped, means, 0); ok && d.P < 0.05 && d.Index > 1.5 {
			clustered++
		}
	}
	if rejected < 8 || rejected > 36 || clustered < 390 {
		t.Errorf("of 400 Poisson samples %d are rejected, of clustered ones %d", rejected, clustered)
	}
}

func poisson(r *rand.Rand, mean float64) (n float64) {
	for sum := r.ExpFloat64(); sum < mean; sum += r.ExpFloat64() {
		n++
	}
	return n
}

// The case ks2_25_32 of the reference answers.
func TestTwoSamplesReference(t *testing.T) {
	c := caseOf(t, "ks2_25_32")
	gap, p, ok := stats.TwoSamples(c.numbers(t, "A"), c.numbers(t, "B"))
	if !ok {
		t.Fatal("absent")
	}
	near(t, "D", gap, c.number(t, "D"), 1e-12)
	near(t, "p", p, c.number(t, "p_exact"), 1e-8)
	if gap, p, _ := stats.TwoSamples([]float64{1, 2, 3}, []float64{4, 5, 6}); gap != 1 || math.Abs(p-0.1) > 1e-12 {
		t.Errorf("apart: %v, %v, want 1 and 2 of the 20 orders", gap, p)
	}
	same := []float64{1, 2, 3}
	if gap, p, _ := stats.TwoSamples(same, slices.Clone(same)); gap != 0 || p != 1 {
		t.Errorf("alike: %v, %v", gap, p)
	}
}
