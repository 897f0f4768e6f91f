package stats_test

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tier4/sim/stats"
)

// value draws ordinary waits, atoms, zeros, negatives and extremes alike.
func value() *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.Float64Range(0, 400),
		rapid.SampledFrom([]float64{0, 14, 21, 21, 28, -3, math.Copysign(0, -1)}),
		rapid.Float64Range(-1, 1),
		rapid.Float64Range(-8, -6),
		rapid.Float64(),
	)
}

type person struct {
	section int
	v       float64
}

func people() *rapid.Generator[[]person] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) person {
		return person{rapid.IntRange(0, 7).Draw(t, "section"), value().Draw(t, "v")}
	}), 1, 200)
}

func sketchOf(ps []person) *stats.Sketch {
	s := stats.NewSketch(8)
	for _, p := range ps {
		s.Add(p.section, p.v)
	}
	return s
}

func TestSketchMergesInAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ps := people().Draw(rt, "people")
		whole := sketchOf(ps)

		// Through tallies, one a section, drained in another order.
		tallied := stats.NewSketch(8)
		var tally stats.Tally
		var bins []stats.Bin
		for section := 7; section >= 0; section-- {
			for _, p := range ps {
				if p.section == section {
					tally.Add(p.v)
				}
			}
			bins = tally.Drain(bins[:0])
			slices.SortFunc(bins, func(a, b stats.Bin) int { return -cmp.Compare(a.Key, b.Key) })
			tallied.AddBins(section, bins)
		}
		if left := tally.Drain(nil); left != nil {
			rt.Fatalf("a drained tally still holds %v", left)
		}

		// In pieces, merged in a drawn order.
		pieces := make([]*stats.Sketch, 4)
		for i := range pieces {
			pieces[i] = stats.NewSketch(8)
		}
		for _, p := range ps {
			pieces[rapid.IntRange(0, 3).Draw(rt, "piece")].Add(p.section, p.v)
		}
		merged := stats.NewSketch(8)
		for _, i := range rapid.Permutation([]int{0, 1, 2, 3}).Draw(rt, "order") {
			merged.Merge(pieces[i])
		}
		if !reflect.DeepEqual(whole, tallied) || !reflect.DeepEqual(whole, merged) {
			rt.Fatal("the same people in another order are another sketch")
		}
		if whole.Count() != uint64(len(ps)) {
			rt.Fatalf("%d people, count %d", len(ps), whole.Count())
		}
		d, ok := stats.SketchDifference(whole, merged, 0.5, 0.95)
		if !ok || !d.Same || d.Value != 0 || d.P != 1 {
			rt.Fatalf("the same: %+v, %v", d, ok)
		}
		rest := stats.NewSketch(8)
		for _, i := range []int{1, 2, 3} {
			rest.Merge(pieces[i])
		}
		for _, q := range []float64{0, 0.05, 0.5, 0.9, 1} {
			of, ok := merged.Quantile(q)
			if got, has := stats.QuantileOfBoth(pieces[0], rest, q); got != of || has != ok {
				rt.Fatalf("the %g quantile of two sketches is %g (%v), of both in one %g (%v)", q, got, has, of, ok)
			}
		}
		merged.Reset()
		if merged.Count() != 0 || merged.Refused() != 0 {
			rt.Fatal("Reset leaves something behind")
		}
		merged.Merge(whole)
		if d, ok := stats.SketchDifference(whole, merged, 0.5, 0.95); !ok || !d.Same {
			rt.Fatal("what was reset is not as good as new")
		}
	})
}

func TestSketchQuantileIsThatOfTheSortedValues(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ps := people().Draw(rt, "people")
		p := rapid.Float64Range(0, 1).Draw(rt, "p")
		s := sketchOf(ps)
		xs := make([]float64, len(ps))
		for i := range ps {
			xs[i] = ps[i].v
		}
		got, ok := s.Quantile(p)
		slices.Sort(xs)
		k := int(p * float64(len(xs)-1))
		low, high := xs[k], xs[min(k+1, len(xs)-1)]
		slack := func(x float64) float64 { return math.Abs(x) / 64 }
		if !ok || got < low-slack(low) || got > high+slack(high) {
			rt.Fatalf("%g quantile %g (%v), want within 1/64 of %g to %g", p, got, ok, low, high)
		}
		for end, x := range map[float64]float64{0: xs[0], 1: xs[len(xs)-1]} {
			if got, _ = s.Quantile(end); got != x {
				rt.Fatalf("%g quantile %g, want exactly %g", end, got, x)
			}
		}
		// Share is the inverse: no further off than one bin.
		x := value().Draw(rt, "x")
		var below, above float64
		for _, v := range xs {
			if v <= x-slack(x) {
				below++
			}
			if v <= x+slack(x) {
				above++
			}
		}
		share, n := s.Share(x), float64(len(xs))
		if share < below/n-1e-12 || share > above/n+1e-12 {
			rt.Fatalf("share at or below %g is %g, want %g to %g", x, share, below/n, above/n)
		}
	})
}

func TestSketchAtomsAreExact(t *testing.T) {
	s := stats.NewSketch(stats.Sections)
	for i := range 32 * 100 {
		s.Add(i%32, []float64{0, 14, 14, 28, 28, 28, 28, 28, 28, 90}[i/32%10])
	}
	for p, want := range map[float64]float64{0.05: 0, 0.2: 14, 0.5: 28, 0.85: 28, 0.95: 90} {
		if got, _ := s.Quantile(p); got != want {
			t.Errorf("%g: %g, want %g", p, got, want)
		}
		e, ok := s.Estimate(p, 0.95)
		if !ok || e.Value != want || e.Low != want || e.High != want || e.N != 32 {
			t.Errorf("%g: %+v, %v", p, e, ok)
		}
	}
	for x, want := range map[float64]float64{-1: 0, 0: 0.1, 14: 0.3, 27.99: 0.3, 28: 0.9, 90: 1, math.Inf(1): 1} {
		if got := s.Share(x); math.Abs(got-want) > 1e-15 {
			t.Errorf("share at or below %g is %g, want %g", x, got, want)
		}
	}
}

func TestSketchRefusesWhatIsNotANumber(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(math.NaN(), -1)} {
		direct, through := stats.NewSketch(2), stats.NewSketch(2)
		var tally stats.Tally
		for _, v := range []float64{1, bad, math.MaxFloat64, -math.MaxFloat64, 5e-324} {
			direct.Add(0, v)
			tally.Add(v)
		}
		through.AddBins(0, tally.Drain(nil))
		through.AddBins(0, tally.Drain(nil)) // empty by now
		for _, s := range []*stats.Sketch{direct, through} {
			merged := stats.NewSketch(2)
			merged.Merge(s)
			if _, ok := merged.Quantile(0.5); ok || merged.Refused() != 1 || merged.Count() != 4 {
				t.Errorf("%g: refused %d, count %d, quantile %v", bad, merged.Refused(), merged.Count(), ok)
			}
		}
	}
}

// Values below zero are those above, turned about.
func TestSketchBelowZeroIsTheMirror(t *testing.T) {
	above, below := stats.NewSketch(8), stats.NewSketch(8)
	s := newSample(6)
	for i := range 4000 {
		v := 5 + s.rng.Float64() + float64(i%8)/8
		above.Add(i%8, v)
		below.Add(i%8, -v)
	}
	for _, p := range []float64{0.3, 0.5, 0.7} {
		e, _ := above.Estimate(p, 0.95)
		m, ok := below.Estimate(1-p, 0.95)
		if !ok {
			t.Fatal("absent")
		}
		near(t, "value", m.Value, -e.Value, 1e-12)
		near(t, "low", m.Low, -e.High, 1e-3)
		near(t, "high", m.High, -e.Low, 1e-3)
		if e.SE < 0.05 {
			t.Errorf("sections that differ, but %+v", e)
		}
	}
}

func TestSketchEdges(t *testing.T) {
	s := stats.NewSketch(4)
	if _, ok := s.Estimate(0.5, 0.95); ok || s.Share(1) != 0 {
		t.Error("nothing has no quantile")
	}
	s.Add(2, 7)
	e, ok := s.Estimate(0.9, 0.95)
	if !ok || e.Known() || e.Value != 7 || e.Low != 7 {
		t.Errorf("one section: %+v, %v", e, ok)
	}
	d, ok := stats.SketchDifference(s, sketchOf4(9), 0.9, 0.95)
	if !ok || d.Known() || d.Value != 2 || d.P != 1 {
		t.Errorf("one section: %+v, %v", d, ok)
	}
	for _, p := range []float64{-0.1, 1.1, math.NaN()} {
		if _, ok := s.Quantile(p); ok {
			t.Errorf("a quantile of %g", p)
		}
	}
}

func sketchOf4(v float64) *stats.Sketch {
	s := stats.NewSketch(4)
	s.Add(2, v)
	return s
}

// More than 2^32 of one value in a section are counted in full.
func TestSketchCountsPast32Bits(t *testing.T) {
	s := stats.NewSketch(2)
	most := stats.Bin{Key: keyOf(7), Count: math.MaxUint32, Min: 7, Max: 7, AtMin: math.MaxUint32, AtMax: math.MaxUint32}
	few := stats.Bin{Key: keyOf(9), Count: 4, Min: 9, Max: 9, AtMin: 4, AtMax: 4}
	half := stats.Bin{Key: keyOf(5), Count: 3 << 30, Min: 5, Max: 5, AtMin: 3 << 30, AtMax: 3 << 30}
	for range 3 {
		s.AddBins(1, []stats.Bin{most})
	}
	s.AddBins(1, []stats.Bin{few, half})
	other := stats.NewSketch(2)
	other.Merge(s)
	other.Merge(s) // brings the half past 2^32
	if want := uint64(2 * (3*math.MaxUint32 + 4 + (3 << 30))); other.Count() != want {
		t.Errorf("count %d, want %d", other.Count(), want)
	}
	twice := stats.NewSketch(2)
	for range 2 {
		for range 3 {
			twice.AddBins(1, []stats.Bin{most})
		}
		twice.AddBins(1, []stats.Bin{half, few})
	}
	if !reflect.DeepEqual(other, twice) {
		t.Error("merged and added counts differ past 2^32")
	}
	if got, want := 1-other.Share(7), 4/(3*float64(math.MaxUint32)+4+float64(3<<30)); math.Abs(got-want) > 1e-16*4 {
		t.Errorf("share above 7 is %g, want %g", got, want)
	}
}

func keyOf(v float64) int32 {
	var t stats.Tally
	t.Add(v)
	return t.Drain(nil)[0].Key
}

func TestKeysAreInTheOrderOfValues(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := value().Draw(rt, "a"), value().Draw(rt, "b")
		if a > b {
			a, b = b, a
		}
		if keyOf(a) > keyOf(b) {
			rt.Fatalf("%g has key %d, %g has %d", a, keyOf(a), b, keyOf(b))
		}
		if keyOf(a) == keyOf(b) && b-a > math.Abs(a)/63 {
			rt.Fatalf("%g and %g share a bin", a, b)
		}
		if (keyOf(a) == 0) != (a == 0) {
			rt.Fatalf("%g is in the bin of zero", a)
		}
	})
}

// What many share is exact at either end of its bin, whatever else is in it, on either side of zero.
func TestAValueThatManyShareIsExact(t *testing.T) {
	for _, sign := range []float64{1, -1} {
		for _, c := range []struct {
			atom, others float64
			exact        []float64 // quantiles that are the atom
			below, upTo  float64   // shares below the atom, and up to it
		}{
			{28, 28.3, []float64{0, 0.25, 0.5, 0.59}, 0, 0.6}, // 28.0 to 28.5 is one bin
			{28.4, 28.1, []float64{0.41, 0.5, 0.75, 1}, 0.4, 1},
		} {
			ps := make([]person, 1000)
			for i := range ps {
				ps[i] = person{i % 8, sign * c.atom}
				if i%5 < 2 {
					ps[i].v = sign * (c.others + float64(i)*1e-5)
				}
			}
			s := sketchOf(ps)
			for _, p := range c.exact {
				if sign < 0 {
					p = 1 - p
				}
				if q, _ := s.Quantile(p); q != sign*c.atom {
					t.Errorf("of 60%% that are %g, the %g quantile is %.10g", sign*c.atom, p, q)
				}
				if p > 0.1 && p < 0.9 {
					if e, _ := s.Estimate(p, 0.95); e.Low != sign*c.atom || e.High != sign*c.atom {
						t.Errorf("of 60%% that are %g, the %g quantile is from %.10g to %.10g", sign*c.atom, p, e.Low, e.High)
					}
				}
			}
			below, upTo := c.below, c.upTo
			if sign < 0 {
				below, upTo = 1-c.upTo, 1-c.below
			}
			if share := s.Share(sign * c.atom); math.Abs(share-upTo) > 1e-12 {
				t.Errorf("%g are up to %g, not %g", share, sign*c.atom, upTo)
			}
			if share := s.Share(math.Nextafter(sign*c.atom, math.Inf(-1))); math.Abs(share-below) > 1e-3 {
				t.Errorf("%g are below %g, not %g", share, sign*c.atom, below)
			}
		}
	}
}
