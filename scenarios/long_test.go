//go:build long

package scenarios_test

import "testing"

// Waits that only many years make precise.
func TestExactResultsOfManyYears(t *testing.T) {
	for i, e := range []exact{
		tandem(2350, map[string]float64{
			"rehab.wait.mean": 9.657652898590474, "rehab.waiting.mean": 2.4144132246476184, "rehab.wait.within_0_days": 1 - 0.3755753905007404,
		}),
		loop(3000, map[string]float64{"rehab.wait.mean": 4.100115023207569}),
	} {
		t.Run(e.name, func(t *testing.T) { checkExact(t, e.text(7+i), e.want) })
	}
}
