package calibration

import (
	"testing"

	"tier4/sim/dist"
)

// spellsOf draws spells of a law, referred evenly over 800 days and lost after 1,000, with admissions as another
// way to end.
func spellsOf(luck *dist.Stream, law dist.Law, n int) (spells []Spell) {
	for i := range n {
		from := Day(luck.Uniform() * 800)
		start := luck.Uniform()
		end := start + law.AtSurvival(luck.Uniform())
		other := start - 40*logOf(luck.Uniform())
		s := Spell{Episode: i, From: from, Seen: from, To: from + Day(end), End: GaveUp, Weight: 1}
		if other < end {
			s.To, s.End = from+Day(other), GotIn
		}
		if s.To >= 1000 {
			s.To, s.ToAt, s.End = 1000, DayStart, Open
		}
		spells = append(spells, s)
	}
	return spells
}

func logOf(u float64) float64 { return -dist.NegLog(u) }

// The bootstrap seldom rejects the law that brought the data about, and finds a wrong one.
func TestGoodnessTellsRightFromWrong(t *testing.T) {
	right, _ := dist.Weibull(1, 30)
	wrong, _ := dist.LognormalMu(3, 0.4)
	low, found := 0, 0
	const rounds = 20
	for i := range rounds {
		luck := dist.NewStream(dist.Root(21, i))
		for _, law := range []dist.Law{right, wrong} {
			d := Duration{What: DropsOut, Cohort: -1, Spells: spellsOf(luck, law, 150), Ends: []End{GaveUp}}
			fit := mustFit(t, Exponential, d.Times())
			g := fit.Goodness(d, 1000, 39, 1)
			if g.Rounds != 39 || g.Gap <= 0 || g.P <= 0 || g.P > 1 {
				t.Fatalf("%+v", g)
			}
			switch {
			case law == right && g.P <= 0.05:
				low++
			case law == wrong && g.P <= 0.05:
				found++
			}
		}
	}
	if low > 4 || found < 19 {
		t.Errorf("of %d right laws %d are rejected, of wrong ones %d", rounds, low, found)
	}
}
