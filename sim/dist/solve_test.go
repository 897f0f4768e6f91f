package dist

import (
	"math"
	"testing"
)

// The solver converges faster than bisection would, which takes 50 steps.
func TestFirstBelowConverges(t *testing.T) {
	for _, l := range []Law{bimodal(), must(Gamma(40, 30)), must(Lognormal(12, 9))} {
		for _, q := range tails[2:] {
			asked := 0
			want := l.AtSurvival(q)
			got := firstBelow(want/5, want*3, func(x float64) float64 {
				asked++
				return l.Survival(x) - q
			})
			if !near(got, want, 1e-13) || asked > 40 {
				t.Errorf("%s: survival %v at %v, not %v, after %d steps", l, q, got, want, asked)
			}
		}
	}
}

func TestFirstBelowFindsAJump(t *testing.T) {
	step := func(x float64) float64 {
		if x < 7 {
			return 1
		}
		return -1
	}
	for _, ends := range [][2]float64{{0, 100}, {1e-300, 1e300}, {6, math.Inf(1)}, {0, 7}} {
		if x := firstBelow(ends[0], ends[1], step); !near(x, 7, 1e-14) || x < 7 {
			t.Errorf("from %v to %v: %v", ends[0], ends[1], x)
		}
	}
	if x := firstBelow(8, 9, step); x != 8 {
		t.Errorf("a bracket that starts beyond: %v", x)
	}
}
