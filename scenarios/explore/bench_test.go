package explore

import (
	"testing"

	"tier4/scenarios"
	"tier4/sim"
)

// BenchmarkDrawn makes the models of a draw of what is not known, of every scenario of the library.
func BenchmarkDrawn(b *testing.B) {
	var all []*scenarios.Scenario
	var models []*sim.Model
	var first *sim.Model
	for _, info := range scenarios.List() {
		s, err := scenarios.Load(info.Name)
		if err != nil {
			b.Fatal(err)
		}
		m, err := first.Beside(s.Spec)
		if err != nil {
			b.Fatal(err)
		}
		if first == nil {
			first = m
		}
		all, models = append(all, s), append(models, m)
	}
	n := Nest(all, models, 1, 1000)
	b.ReportAllocs()
	draw := 0
	for b.Loop() {
		if _, err := n.Models(draw % n.Draws); err != nil {
			b.Fatal(err)
		}
		draw++
	}
}
