package sim_test

import (
	"context"
	"fmt"
	"time"

	"tier4/sim"
	"tier4/sim/dist"
)

// ward is one bed for two people, one of whom has to wait.
func ward(beds int) sim.Spec {
	stay, err := dist.Fixed(5)
	if err != nil {
		panic(err)
	}
	return sim.Spec{
		Name: "ward", Start: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), Measure: 365,
		Cohorts: []string{"everyone"},
		Streams: []sim.Stream{{Name: "referred", Enters: "detox", Dates: []sim.Arrival{{At: 1, Cohort: "everyone"}, {At: 2, Cohort: "everyone"}}}},
		Stages: []sim.Stage{{
			Name: "detox", Kind: sim.BedsKind, ListMax: sim.NoLimit, KeepInTouch: 1,
			Beds: &sim.Beds{Stay: sim.Same(stay), Places: []sim.Place{{Name: "unit", Beds: beds, PerNight: 10000, Until: 1e9}}},
		}},
	}
}

// A model is compiled for the figures that are wanted; the same people come to both scenarios.
func ExampleExperiment() {
	var models []*sim.Model
	for _, beds := range []int{1, 2} {
		m, err := sim.Compile(ward(beds), "detox.wait.mean", "cost")
		if err != nil {
			fmt.Println(err)
			return
		}
		models = append(models, m)
	}
	found, err := sim.Experiment{Models: models, Seed: 1, Replications: 30}.Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range found.Comparisons[0].Differences {
		fmt.Printf("%s: %.0f, with another bed %.0f %s\n", d.ID, d.BaseValue, d.OtherValue, d.Unit)
	}
	// Output:
	// detox.wait.mean: 2, with another bed 0 days
	// cost: 36525, with another bed 73050 £/year
}

// A trace tells whatever happens to everyone in one replication.
func ExampleTrace() {
	m, err := sim.Compile(ward(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	err = sim.Trace(m, 1, 0, func(t sim.Told) {
		what := map[sim.Happening]string{sim.Joins: "joins the list of", sim.Starts: "is admitted to", sim.Leaves: "leaves"}
		if words, ok := what[t.What]; ok {
			fmt.Printf("day %g: row %d %s %s\n", t.At, t.Who.Number, words, t.Stage)
		}
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// day 1: row 0 joins the list of detox
	// day 1: row 0 is admitted to detox
	// day 2: row 1 joins the list of detox
	// day 6: row 0 leaves detox
	// day 6: row 1 is admitted to detox
	// day 11: row 1 leaves detox
}
