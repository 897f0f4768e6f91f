package stats_test

import (
	"math/rand/v2"
	"testing"

	"tier4/sim/stats"
)

func waits(n int) []float64 {
	rng := rand.New(rand.NewPCG(9, 9))
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = 14 * rng.ExpFloat64()
	}
	return xs
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	xs := waits(4096)
	var tally stats.Tally
	var bins []stats.Bin
	sketch := stats.NewSketch(stats.Sections)
	round := func() {
		for _, x := range xs {
			tally.Add(x)
		}
		tally.Add(0)
		bins = tally.Drain(bins[:0])
		sketch.AddBins(7, bins)
	}
	round()
	var ratio stats.Ratio
	var pair stats.PairedRatio
	for name, f := range map[string]func(){
		"Tally and AddBins": round,
		"Ratio.Add":         func() { ratio.Add(3, 2) },
		"PairedRatio.Add":   func() { pair.Add(3, 2, 4, 2) },
		"Ratio.Merge":       func() { ratio.Merge(&ratio) },
		"QuickSelect":       func() { stats.QuickSelect(xs, 100) },
	} {
		if n := testing.AllocsPerRun(20, f); n != 0 {
			t.Errorf("%s allocates %g times", name, n)
		}
	}
}

func BenchmarkTallyAdd(b *testing.B) {
	xs := waits(4096)
	var tally stats.Tally
	for i := 0; b.Loop(); i++ {
		tally.Add(xs[i&4095])
	}
}

// One replication: 250 people in, drained, into the sketch.
func BenchmarkTallyReplication(b *testing.B) {
	xs := waits(4096)
	var tally stats.Tally
	var bins []stats.Bin
	sketch := stats.NewSketch(stats.Sections)
	for i := 0; b.Loop(); i++ {
		for j := range 250 {
			tally.Add(xs[(i*250+j)&4095])
		}
		bins = tally.Drain(bins[:0])
		sketch.AddBins(i%stats.Sections, bins)
	}
}

func BenchmarkRatioAdd(b *testing.B) {
	xs := waits(4096)
	var r stats.Ratio
	for i := 0; b.Loop(); i++ {
		r.Add(xs[i&4095], xs[(i+7)&4095])
	}
}

func BenchmarkPairedRatioAdd(b *testing.B) {
	xs := waits(4096)
	var p stats.PairedRatio
	for i := 0; b.Loop(); i++ {
		p.Add(xs[i&4095], xs[(i+7)&4095], xs[(i+1)&4095], xs[(i+9)&4095])
	}
}

func BenchmarkQuickSelect(b *testing.B) {
	from := waits(1000)
	xs := make([]float64, len(from))
	for b.Loop() {
		copy(xs, from)
		stats.QuickSelect(xs, 900)
	}
}

func full() *stats.Sketch {
	s := stats.NewSketch(stats.Sections)
	for i, x := range waits(100_000) {
		s.Add(i%stats.Sections, x)
	}
	return s
}

func BenchmarkSketchEstimate(b *testing.B) {
	s := full()
	for b.Loop() {
		s.Estimate(0.9, 0.95)
	}
}

func BenchmarkSketchAdd(b *testing.B) {
	s := full()
	xs := waits(4096)
	for i := 0; b.Loop(); i++ {
		s.Add(i/256%stats.Sections, xs[i&4095])
	}
}

func BenchmarkSketchMerge(b *testing.B) {
	s, o := full(), full()
	for b.Loop() {
		s.Merge(o)
	}
}
