package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tier4/sim/stats"
)

type pair struct{ y, n float64 }

func ratioOf(pairs []pair) *stats.Ratio {
	r := new(stats.Ratio)
	for _, p := range pairs {
		r.Add(p.y, p.n)
	}
	return r
}

func drawPairs(t *rapid.T, least, most int) []pair {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) pair {
		return pair{rapid.Float64Range(-50, 200).Draw(t, "y"), float64(rapid.IntRange(1, 30).Draw(t, "n"))}
	}), least, most).Draw(t, "pairs")
}

// textbook is the ratio with both errors by their definitions, in two passes.
func textbook(pairs []pair) (value, deltaSE, jackSE float64) {
	var y, n float64
	for _, p := range pairs {
		y += p.y
		n += p.n
	}
	count := float64(len(pairs))
	value = y / n
	var ss, mean float64
	left := make([]float64, len(pairs))
	for i, p := range pairs {
		e := (p.y - value*p.n) / (n / count)
		ss += e * e
		left[i] = (y - p.y) / (n - p.n)
		mean += left[i] / count
	}
	var js float64
	for _, x := range left {
		js += (x - mean) * (x - mean)
	}
	return value, math.Sqrt(ss / (count - 1) / count), math.Sqrt(js * (count - 1) / count)
}

func TestRatioIsTheTextbook(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pairs := drawPairs(rt, 2, 80)
		pairs[0].n, pairs[1].n = 1, 2 // not constant
		value, deltaSE, jackSE := textbook(pairs)
		e, ok := ratioOf(pairs).Estimate(0.95)
		if !ok {
			rt.Fatal("absent")
		}
		wantSE, df := jackSE, len(pairs)-1
		if len(pairs) >= 30 {
			wantSE = deltaSE
			if e.Method != stats.MethodDelta && e.Method != stats.MethodFieller {
				rt.Fatalf("%d replications by %q", len(pairs), e.Method)
			}
		} else if e.Method != stats.MethodJackknife {
			rt.Fatalf("%d replications by %q", len(pairs), e.Method)
		}
		closeTo(rt, "value", e.Value, value, 1e-9)
		closeTo(rt, "SE", e.SE, wantSE, 1e-8)
		if e.Method != stats.MethodFieller {
			closeTo(rt, "half-width", (e.High-e.Low)/2, stats.TQuantile(0.975, float64(df))*wantSE, 1e-8)
		}
	})
}

func closeTo(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Fatalf("%s: %.17g, want %.17g", what, got, want)
	}
}

// Both ends of Fieller's interval solve (ȳ - θn̄)² = t²·var(ȳ - θn̄).
func TestFiellerEndsSolveHisEquation(t *testing.T) {
	pairs := make([]pair, 40)
	for i := range pairs {
		n := float64(i % 4 * (i % 3)) // often 0
		pairs[i] = pair{3*n + float64(i%5), n}
	}
	e, ok := ratioOf(pairs).Estimate(0.95)
	if !ok || e.Method != stats.MethodFieller {
		t.Fatalf("%+v, %v", e, ok)
	}
	var y, n float64
	for _, p := range pairs {
		y += p.y / 40
		n += p.n / 40
	}
	quantile := stats.TQuantile(0.975, 39)
	for _, theta := range []float64{e.Low, e.High} {
		ss := 0.0
		for _, p := range pairs {
			d := p.y - y - theta*(p.n-n)
			ss += d * d
		}
		left := y - theta*n
		nearRel(t, "Fieller", left*left, quantile*quantile*ss/39/40, 1e-10)
	}
	if e.High-e.Value <= e.Value-e.Low {
		t.Errorf("the upper arm should be the longer: %+v", e)
	}
}

func TestRatioMethods(t *testing.T) {
	many := func(count int, at func(i int) pair) (stats.Estimate, bool) {
		var r stats.Ratio
		for i := range count {
			p := at(i)
			r.Add(p.y, p.n)
		}
		return r.Estimate(0.95)
	}
	rare := func(every int) func(i int) pair {
		return func(i int) pair {
			if i%every == 0 {
				return pair{float64(5 + i%7), 2}
			}
			return pair{}
		}
	}
	for _, c := range []struct {
		name   string
		count  int
		at     func(i int) pair
		method string
		ok     bool
	}{
		{"nothing", 0, rare(1), "", false},
		{"no denominator", 50, func(int) pair { return pair{3, 0} }, "", false},
		{"one replication", 1, func(int) pair { return pair{3, 2} }, stats.MethodOne, true},
		{"constant n, few", 5, func(i int) pair { return pair{float64(i), 3} }, stats.MethodT, true},
		{"constant n, many", 500, func(i int) pair { return pair{float64(i), 3} }, stats.MethodT, true},
		{"n varies, 29", 29, func(i int) pair { return pair{float64(i), float64(1 + i%2)} }, stats.MethodJackknife, true},
		{"n varies, 30", 30, func(i int) pair { return pair{float64(i), float64(1 + i%2)} }, stats.MethodDelta, true},
		{"n rare", 200, rare(5), stats.MethodFieller, true},
		{"n very rare", 200, rare(67), stats.MethodUnbounded, true},
		{"n once", 200, rare(1000), stats.MethodOne, true},
		{"n once of few", 9, rare(1000), stats.MethodOne, true},
	} {
		e, ok := many(c.count, c.at)
		if ok != c.ok || e.Method != c.method {
			t.Errorf("%s: method %q, %v, want %q, %v", c.name, e.Method, ok, c.method, c.ok)
		}
		if ok && !(e.Low <= e.Value && e.Value <= e.High) {
			t.Errorf("%s: %+v does not hold its value", c.name, e)
		}
		if ok && e.N != c.count {
			t.Errorf("%s: N is %d", c.name, e.N)
		}
		if e.Known() != (c.method != stats.MethodOne) {
			t.Errorf("%s: known %v", c.name, e.Known())
		}
	}
	e, _ := many(1, func(int) pair { return pair{3, 2} })
	if e.Low != 1.5 || e.High != 1.5 || e.SE != 0 || e.N != 1 {
		t.Errorf("one replication: %+v", e)
	}
}

func TestRatioMergeIsSequential(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pairs := drawPairs(rt, 1, 120)
		cut := rapid.IntRange(0, len(pairs)).Draw(rt, "cut")
		whole, left, right := ratioOf(pairs), ratioOf(pairs[:cut]), ratioOf(pairs[cut:])
		left.Merge(right)
		if left.Count() != whole.Count() {
			rt.Fatalf("count %d", left.Count())
		}
		a, okA := whole.Estimate(0.95)
		b, okB := left.Estimate(0.95)
		if okA != okB || a.Method != b.Method || a.N != b.N {
			rt.Fatalf("%+v, %+v", a, b)
		}
		closeTo(rt, "value", b.Value, a.Value, 1e-12)
		closeTo(rt, "low", b.Low, a.Low, 1e-10)
		closeTo(rt, "high", b.High, a.High, 1e-10)
	})
}

func TestRatioBlocksMergeToTheSameBytes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pairs := drawPairs(rt, 1, 200)
		size := rapid.IntRange(1, 40).Draw(rt, "block")
		merged := func() stats.Ratio {
			var all stats.Ratio
			for low := 0; low < len(pairs); low += size {
				all.Merge(ratioOf(pairs[low:min(low+size, len(pairs))]))
			}
			return all
		}
		if merged() != merged() {
			rt.Fatal("two merges of the same blocks differ")
		}
		// Nothing about a used and reset accumulator lingers.
		used := ratioOf(pairs)
		used.Reset()
		used.Merge(ratioOf(pairs))
		if *used != *ratioOf(pairs) {
			rt.Fatal("merging into an empty ratio is not a copy")
		}
	})
}

func TestRatioExtremes(t *testing.T) {
	for _, c := range []struct {
		name string
		ps   []pair
		ok   bool
	}{
		{"NaN", []pair{{1, 1}, {math.NaN(), 1}}, false},
		{"infinite", []pair{{1, 1}, {1, math.Inf(1)}}, false},
		{"zeros", []pair{{0, 1}, {0, 1}, {0, 1}}, true},
		{"tiny", []pair{{1e-140, 1e-140}, {2e-140, 1e-140}}, true},
		{"too tiny", []pair{{1e-300, 1e-300}, {2e-300, 1e-300}}, false},
		{"least", []pair{{5e-324, 1}, {1e-323, 1}}, true},
		{"large", []pair{{1e150, 1}, {2e150, 1}}, true},
		{"too large", []pair{{1e300, 1}, {-1e300, 1}, {1e308, 2}}, false},
		{"quotient too large", []pair{{1e300, 1e-300}, {1e300, 1e-300}}, false},
		{"negative", []pair{{-1, 2}, {-3, 2}}, true},
		{"cancelling n", []pair{{1, -1}, {1, 1}}, false},
	} {
		r := ratioOf(c.ps)
		e, ok := r.Estimate(0.95)
		if ok != c.ok {
			t.Errorf("%s: %+v, %v", c.name, e, ok)
		}
		for _, x := range []float64{e.Value, e.Low, e.High, e.SE} {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Errorf("%s: %+v", c.name, e)
			}
		}
	}
	r := ratioOf([]pair{{1, 1}, {math.NaN(), 1}})
	o := ratioOf([]pair{{1, 1}})
	o.Merge(r)
	if r.Refused() != 1 || o.Refused() != 1 || o.Count() != 2 {
		t.Errorf("refused %d and %d, count %d", r.Refused(), o.Refused(), o.Count())
	}
}

func TestProportion(t *testing.T) {
	var r stats.Ratio
	for i := range 50 {
		r.Add(float64(i%20/19), 1) // 2 of 50
	}
	e, ok := r.ProportionEstimate(0.95)
	low, high := stats.Wilson(2, 50, 0.95)
	if !ok || !r.AllBinary() || e.Method != stats.MethodWilson || e.Low != low || e.High != high || e.Value != 0.04 {
		t.Errorf("%+v, %v", e, ok)
	}
	plain, _ := r.Estimate(0.95)
	if plain.Method != stats.MethodT {
		t.Errorf("a mean of zeros and ones is %q", plain.Method)
	}
	r.Add(1, 3) // three years in one replication are a cluster
	if e, ok = r.ProportionEstimate(0.95); !ok || r.AllBinary() || e.Method != stats.MethodDelta {
		t.Errorf("%+v, %v", e, ok)
	}
	var always stats.Ratio
	for range 40 {
		always.Add(3, 3) // all years alike: as sure as the replications are many, not certain
	}
	low, _ = stats.Wilson(40, 40, 0.95)
	if e, _ = always.ProportionEstimate(0.95); e.Low != low || e.High != 1 || e.Value != 1 {
		t.Errorf("%+v", e)
	}
	var never stats.Ratio
	for range 20 {
		never.Add(0, 1)
	}
	if e, _ = never.ProportionEstimate(0.95); e.Low != 0 || !(e.High > 0.16 && e.High < 0.162) {
		t.Errorf("never in 20: %+v", e)
	}
}
