package stats_test

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"tier4/sim/stats"
)

type spell struct {
	section, level int
	weight         int64
}

func spells() *rapid.Generator[[]spell] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) spell {
		return spell{
			rapid.IntRange(0, 3).Draw(t, "section"), rapid.IntRange(0, 20).Draw(t, "level"),
			rapid.Int64Range(0, 1000).Draw(t, "weight"),
		}
	}), 1, 60)
}

func TestLevelsAgainstACount(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := spells().Draw(rt, "spells")
		p := rapid.Float64Range(0.001, 1).Draw(rt, "p")
		var at [21]int64
		var total int64
		l, first, second := stats.NewLevels(4), stats.NewLevels(4), stats.NewLevels(4)
		for i, s := range all {
			at[s.level] += s.weight
			total += s.weight
			l.Add(s.section, s.level, s.weight)
			[]*stats.Levels{first, second}[i%2].Add(s.section, s.level, s.weight)
		}
		second.Merge(first)
		if total > 0 && !reflect.DeepEqual(l.Shares(), second.Shares()) {
			rt.Fatal("merged levels differ")
		}
		got, ok := l.Quantile(p)
		if ok != (total > 0) {
			rt.Fatalf("ok %v with %d ticks", ok, total)
		}
		if !ok {
			return
		}
		var passed int64
		want := -1
		for level, w := range at {
			passed += w
			if want < 0 && w > 0 && float64(passed)/float64(total) >= p {
				want = level
			}
		}
		if got != want {
			rt.Fatalf("%g quantile is level %d, want %d", p, got, want)
		}
		for level, share := range l.Shares() {
			closeTo(rt, "share", share, float64(at[level])/float64(total), 1e-15)
		}
		d, ok := stats.LevelsDifference(l, second, p, 0.95)
		if !ok || !d.Same || d.Value != 0 || d.P != 1 {
			rt.Fatalf("the same: %+v, %v", d, ok)
		}
	})
}

// A share of exactly p is enough: 19 of 20 parts of time are at or below level 0.
func TestLevelsAtTheEdge(t *testing.T) {
	l := stats.NewLevels(1)
	for _, weight := range []int64{1, 3, 1<<36 + 1, 1<<60 + 7} {
		l.Reset()
		l.Add(0, 0, 19*(weight/19+1)/1)
		l.Add(0, 1, (weight/19 + 1))
		if got, _ := l.Quantile(0.95); got != 0 {
			t.Errorf("19 of 20 of %d: level %d", weight, got)
		}
		if got, _ := l.Quantile(0.951); got != 1 {
			t.Errorf("more than 19 of 20 of %d: level %d", weight, got)
		}
	}
}

// A thousand million days of ticks pass 64 bits.
func TestLevelsPast64Bits(t *testing.T) {
	l := stats.NewLevels(2)
	for range 300 {
		l.Add(0, 2, math.MaxInt64)
		l.Add(1, 3, math.MaxInt64)
		l.Add(1, 3, math.MaxInt64)
		l.Add(0, 3, math.MaxInt64)
	}
	for range 40 {
		twice := stats.NewLevels(2)
		twice.Merge(l)
		l.Merge(twice)
	}
	shares := l.Shares()
	if len(shares) != 4 || shares[2] != 0.25 || shares[3] != 0.75 || shares[0] != 0 {
		t.Errorf("shares %v", shares)
	}
	if got, _ := l.Quantile(0.25); got != 2 {
		t.Errorf("lower quartile %d", got)
	}
}

// Four sections, worked by hand. The share of time at level 0 is 0.5, 0.6, 0.4
// and 0.5: 0.5 in all, with an error of √(0.02/(4·3)) = 0.0408. With t of 3 df at
// 95%, 3.182, that is 0.1299: level 1 may be the 0.6 quantile and so may level 0,
// but the 0.65 quantile is not at level 0.
func TestLevelsIntervalWorked(t *testing.T) {
	l := stats.NewLevels(4)
	for section, at := range []int64{50, 60, 40, 50} {
		l.Add(section, 0, at)
		l.Add(section, 1, 100-at)
	}
	for _, c := range []struct{ p, low, value, high float64 }{
		{0.36, 0, 0, 0}, {0.38, 0, 0, 1}, {0.62, 0, 1, 1}, {0.64, 1, 1, 1},
	} {
		e, ok := l.Estimate(c.p, 0.95)
		if !ok || e.Low != c.low || e.Value != c.value || e.High != c.high || e.N != 4 {
			t.Errorf("%g: %+v, %v", c.p, e, ok)
		}
	}
}

// Two sections' medians are 2 and 4 (base) and 3 and 7 (other) in equal time, and
// both pooled medians are the lower: the difference is 1, its sections' 1 and 3.
func TestLevelsDifferenceWorked(t *testing.T) {
	base, other := stats.NewLevels(2), stats.NewLevels(2)
	base.Add(0, 2, 10)
	base.Add(1, 4, 10)
	other.Add(0, 3, 10)
	other.Add(1, 7, 10)
	d, ok := stats.LevelsDifference(base, other, 0.5, 0.95)
	// SE² = 2/1 · (½² · 0² + ½² · 2²) = 2; had they been independent,
	// 2 · ½² · (2² + 4²) = 10.
	if !ok || d.Value != 1 || d.N != 2 || d.Same {
		t.Fatalf("%+v, %v", d, ok)
	}
	near(t, "SE", d.SE, math.Sqrt2, 1e-15)
	near(t, "half-width", d.High-d.Value, math.Sqrt2*stats.TQuantile(0.975, 1), 1e-13)
	near(t, "p", d.P, stats.TwoSidedP(1/math.Sqrt2, 1), 1e-15)
	near(t, "variance reduction", d.VarianceReduction, 5, 1e-14)
}

func TestLevelsEdges(t *testing.T) {
	l := stats.NewLevels(4)
	if _, ok := l.Estimate(0.5, 0.95); ok || l.Shares() != nil {
		t.Error("no time has no quantile")
	}
	l.Add(1, 5, 10)
	e, ok := l.Estimate(0.5, 0.95)
	if !ok || e.Known() || e.Value != 5 {
		t.Errorf("one section: %+v, %v", e, ok)
	}
	for name, f := range map[string]func(){
		"section": func() { l.Add(4, 0, 1) },
		"level":   func() { l.Add(0, -1, 1) },
		"weight":  func() { l.Add(0, 0, -1) },
		"merge":   func() { l.Merge(stats.NewLevels(3)) },
	} {
		if !panics(f) {
			t.Errorf("a wrong %s is taken", name)
		}
	}
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}
