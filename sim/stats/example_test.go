package stats_test

import (
	"fmt"

	"tier4/sim/stats"
)

// Five replications: days waited in all, and people.
func ExampleRatio() {
	var wait stats.Ratio
	for _, r := range [][2]float64{{120, 10}, {90, 9}, {150, 11}, {130, 10}, {101, 10}} {
		wait.Add(r[0], r[1])
	}
	e, ok := wait.Estimate(0.95)
	fmt.Printf("%.2f days (%.2f to %.2f), %s, %v\n", e.Value, e.Low, e.High, e.Method, ok)
	// Output: 11.82 days (9.75 to 13.89), jackknife, true
}

// A base and a what-if on the same random numbers, judged by itself.
func ExampleJudge() {
	var cost stats.PairedRatio
	base := []float64{101, 97, 104, 99, 102, 98}
	what := []float64{95, 92, 98, 94, 95, 93}
	for i := range base {
		cost.Add(base[i], 1, what[i], 1)
	}
	d, _ := cost.Difference(0.95)
	p := stats.Holm([]float64{d.P})
	fmt.Printf("%.1f (%.1f to %.1f): %s\n", d.Value, d.Low, d.High, stats.Judge(d, p[0], 1, 0.95, -1))
	fmt.Println("if only 10 matters:", stats.Judge(d, p[0], 10, 0.95, -1))
	// Output:
	// -5.7 (-6.5 to -4.8): better
	// if only 10 matters: too small to matter
}

// A replication tallies its people and hands their bins to the sketch.
func ExampleSketch() {
	sketch := stats.NewSketch(stats.Sections)
	var tally stats.Tally
	var bins []stats.Bin
	for replication := range 100 {
		for person := range 20 {
			tally.Add(float64(7 * (person % 5)))
		}
		bins = tally.Drain(bins[:0])
		sketch.AddBins(replication%stats.Sections, bins)
	}
	median, _ := sketch.Quantile(0.5)
	fmt.Println(sketch.Count(), "people, median", median, "days, within three weeks", sketch.Share(21))
	// Output: 2000 people, median 14 days, within three weeks 0.8
}

// Time with so many beds in use.
func ExampleLevels() {
	use := stats.NewLevels(stats.Sections)
	use.Add(0, 3, 600)
	use.Add(0, 4, 300)
	use.Add(0, 5, 100)
	p95, _ := use.Quantile(0.95)
	fmt.Println(use.Shares(), p95)
	// Output: [0 0 0 0.6 0.3 0.1] 5
}
