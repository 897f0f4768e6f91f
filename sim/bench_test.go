package sim

import (
	"testing"
	"time"

	"tier4/sim/dist"
)

func must(l dist.Law, err error) dist.Law {
	if err != nil {
		panic(err)
	}
	return l
}

// textbook is one stage of beds with Poisson referrals.
func textbook(perDay float64, beds int, stay, patience dist.Law, measure Days) Spec {
	s := Spec{
		Name: "textbook", Start: time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC), WarmUp: measure / 20, Measure: measure,
		Cohorts: []string{"everyone"},
		Streams: []Stream{{Name: "all", Enters: "ward", Rates: []CohortRate{{"everyone", perDay * daysPerYear}}}},
		Stages: []Stage{{
			Name: "ward", Kind: BedsKind, ListMax: NoLimit, KeepInTouch: 1,
			Beds: &Beds{Stay: Same(stay), Places: []Place{{Name: "unit", Beds: beds, PerNight: 10000, From: -1, Until: 1e12}}},
		}},
	}
	s.Stages[0].Next[Completed] = []Branch{{To: ExitHome, Share: Same(1.0)}}
	if patience != nil {
		s.Stages[0].DropsOutAfter = Same(patience)
	}
	return s
}

// benchmark reports events a second of the general simulator, with all the usual figures and with
// the few that the program written by hand keeps, and of that program.
func benchmark(b *testing.B, spec Spec, events float64, hand func(replication int)) {
	few := []string{"ward.wait.mean", "ward.dropped_out", "ward.waiting.mean"}
	for _, c := range []struct {
		name    string
		figures []string
	}{{"yaml", few}, {"yaml-all-figures", nil}} {
		b.Run(c.name, func(b *testing.B) {
			m, err := Compile(spec, c.figures...)
			if err != nil {
				b.Fatal(err)
			}
			var r Runner
			var batch Batch
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				batch.Reset(i)
				if err := r.Replicate(m, 1, i, &batch); err != nil {
					b.Fatal(err)
				}
				i++
			}
			b.ReportMetric(float64(b.N)*events/b.Elapsed().Seconds()/1e6, "Mevents/s")
		})
	}
	b.Run("by-hand", func(b *testing.B) {
		i := 0
		for b.Loop() {
			hand(i)
			i++
		}
		b.ReportMetric(float64(b.N)*events/b.Elapsed().Seconds()/1e6, "Mevents/s")
	})
}

func BenchmarkMM1(b *testing.B) {
	spec := textbook(0.9, 1, must(dist.Exponential(1)), nil, 100000)
	benchmark(b, spec, 2*0.9*105000, func(i int) { handMM1(1, i, 0.9, 1, 105000) })
}

func BenchmarkBedsWithPatience(b *testing.B) {
	stay := must(dist.Lognormal(84, 40))
	spec := textbook(0.25, 20, stay, must(dist.Exponential(60)), 100000)
	benchmark(b, spec, 2*0.25*105000, func(i int) { handBeds(1, i, 0.25, 20, stay, 60, 105000) })
}
