//go:build long

package calibration

import (
	"testing"

	"tier4/sim/dist"
)

// The intervals of posteriors cover what brought the data about, family by family.
func TestLongPosteriorIntervalsCover(t *testing.T) {
	for _, f := range []Family{Exponential, Weibull, Gamma, Lognormal, Loglogistic} {
		law, err := f.Law(f.starts(20)[0])
		if err != nil {
			t.Fatal(err)
		}
		covered := 0
		const rounds = 400
		for i := range rounds {
			luck := dist.NewStream(dist.Root(uint64(100+int(f)), i))
			var times []Time
			for range 40 {
				times = append(times, rounded(luck, law, SomeTime, SomeTime, 10+40*luck.Uniform()))
			}
			fit, err := FitLaw(f, times)
			if err != nil {
				t.Fatal(err)
			}
			_, _, low, high := fit.Posterior().Estimate(func(l dist.Law) float64 { return l.AtSurvival(0.5) }, 0.9)
			if median := law.AtSurvival(0.5); low <= median && median <= high {
				covered++
			}
		}
		t.Logf("%s: 90%% intervals cover in %d of %d", f, covered, rounds)
		if covered < 336 || covered > 384 { // four standard errors
			t.Errorf("%s: 90%% intervals cover in %d of %d", f, covered, rounds)
		}
	}
}

// The bootstrap rejects a right law as often as it says.
func TestLongGoodnessIsCalibrated(t *testing.T) {
	law, _ := dist.Weibull(1.4, 30)
	low := 0
	const rounds = 300
	for i := range rounds {
		luck := dist.NewStream(dist.Root(31, i))
		d := Duration{What: DropsOut, Cohort: -1, Spells: spellsOf(luck, law, 120), Ends: []End{GaveUp}}
		fit, err := FitLaw(Weibull, d.Times())
		if err != nil {
			t.Fatal(err)
		}
		if fit.Goodness(d, 1000, 39, 1).P <= 0.1 {
			low++
		}
	}
	t.Logf("of %d right laws %d are rejected at 10%%", rounds, low)
	if low < 10 || low > 51 {
		t.Errorf("of %d right laws %d are rejected at 10%%", rounds, low)
	}
}
