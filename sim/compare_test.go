package sim

import (
	"slices"
	"testing"

	"tier4/sim/stats"
)

// Verdicts hold for a table together: the named figures of all comparisons are one, every other figure stands with
// those of its own comparison.
func TestVerdictsHoldForAWholeTable(t *testing.T) {
	comparison := func(ps map[string]float64) *Comparison {
		c := new(Comparison)
		for _, id := range []string{"wait", "cost", "lost", "joined"} {
			if p, ok := ps[id]; ok {
				c.Differences = append(c.Differences, Difference{Figure: Figure{ID: id}, Difference: stats.Difference{P: p}})
			}
		}
		return c
	}
	for _, one := range []struct {
		name   string
		family []string
		want   [2][]float64 // by comparison, in the order wait, cost, lost, joined
	}{
		{"two named", []string{"wait", "cost"}, [2][]float64{{0.004, 0.06, 0.02, 0.03}, {0.06, 0.9, 0.02}}},
		{"none named", nil, [2][]float64{{0.007, 0.1, 0.06, 0.1}, {0.1, 0.9, 0.1}}},
	} {
		t.Run(one.name, func(t *testing.T) {
			all := []*Comparison{
				comparison(map[string]float64{"wait": 0.001, "cost": 0.03, "lost": 0.01, "joined": 0.03}),
				comparison(map[string]float64{"wait": 0.02, "cost": 0.9, "lost": 0.02}),
			}
			judge(all, nil, one.family)
			for i, c := range all {
				var got []float64
				for _, d := range c.Differences {
					got = append(got, d.AdjustedP)
				}
				if !slices.EqualFunc(got, one.want[i], func(a, b float64) bool { return a-b < 1e-12 && b-a < 1e-12 }) {
					t.Errorf("comparison %d: %v, not %v", i+1, got, one.want[i])
				}
			}
		})
	}
}
