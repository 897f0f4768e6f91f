package sim

import "strings"

// Spread is how the waits of those who got in are spread, by whole days.
type Spread struct {
	ID     string    // rehab.admitted.wait
	Within []float64 // share who waited so many days at most, from 0 days on; the last is 1, or that of the last day kept
}

// mostSpread is how many days a spread goes on for: two years.
const mostSpread = 2*365 + 1

// spreads adds the spread of each wait whose quantiles are measured, of everybody. Within a bin of the
// sketch waits are taken as even, so that a share may err by those in one bin.
func (g *Gather) spreads(s *Summary) {
	for i := range g.m.plan.figures {
		f := &g.m.plan.figures[i]
		id, is := strings.CutSuffix(f.ID, ".admitted.wait.p90")
		if !is || !f.people || g.sketches[f.channel].Count() == 0 {
			continue
		}
		one := Spread{ID: id + ".admitted.wait"}
		for day := 0; day < mostSpread; day++ {
			share := g.sketches[f.channel].Share(float64(day))
			if one.Within = append(one.Within, share); share >= 1 {
				break
			}
		}
		s.Waits = append(s.Waits, one)
	}
}
