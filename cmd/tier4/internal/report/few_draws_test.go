package report

import (
	"strings"
	"testing"

	"tier4/scenarios"
	"tier4/scenarios/explore"
	"tier4/sim"
	"tier4/sim/stats"
)

// Few draws do not tell whose the uncertainty is, unless a number stands out all the same.
func TestWhoseItIsIsNotToldFromFewDraws(t *testing.T) {
	say := func(draws int, shares ...float64) (string, bool) {
		s := &Sensitivity{Inquiry: &explore.Inquiry{}, Draws: draws}
		d := explore.Driven{
			Target: explore.Target{Figure: sim.Figure{ID: "cost", Unit: sim.UnitPoundsPerYear}}, Known: true,
			Parts: stats.Parts{Draws: draws, PerDraw: 4, OfMeans: 100, Parameters: 90},
		}
		for i, share := range shares {
			s.Inquiry.Numbers = append(s.Inquiry.Numbers, explore.Number{Unknown: scenarios.Unknown{Path: "number-" + string(rune('a'+i))}})
			d.Swings = append(d.Swings, explore.Swing{Number: i, Share: share})
		}
		return s.whose(d), s.tooFew(d)
	}
	for _, c := range []struct {
		draws  int
		shares []float64
		tooFew bool
		want   string
	}{
		{25, []float64{0.05, 0.04, 0}, true, "is not knowing the 3 numbers; 4% chance. Which number has how much of it cannot be told from 25 draws"},
		{25, []float64{0.9, 0.05}, false, "‘number a’; 10% the other number and what all do together; 4% chance."},
		{250, []float64{0.03, 0.02, 0}, false, "is not knowing the 3 numbers, none of which stands out"},
		{250, []float64{0.5, 0.02, 0}, false, "the other 2 and what all do together"},
	} {
		if text, tooFew := say(c.draws, c.shares...); tooFew != c.tooFew || !strings.Contains(text, c.want) {
			t.Errorf("%d draws of %v: %s", c.draws, c.shares, text)
		}
	}
}

func TestWhatNotKnowingAddsIsNotToldFromFewDraws(t *testing.T) {
	for _, c := range []struct {
		draws      int
		parameters float64
		want       bool
	}{{10, 5, true}, {10, 0, true}, {25, 5, false}, {25, 0, true}, {250, 0, false}} {
		if got := tooFewSets(&sim.Parts{Parts: stats.Parts{Draws: c.draws, Parameters: c.parameters}}); got != c.want {
			t.Errorf("%d draws, %v: %v", c.draws, c.parameters, got)
		}
	}
}
