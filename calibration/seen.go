package calibration

import (
	"slices"

	"tier4/sim"
	"tier4/sim/stats"
)

// What is a kind of duration that dates show directly.
type What uint8

// The durations of a stage.
const (
	Takes      What = iota // until a delay is over
	DropsOut               // until someone on the list gives up
	Stay                   // the planned stay in a bed, or in aftercare
	LeftEarly              // until someone in a bed, or in aftercare, leaves early
	RelapsedIn             // until someone in aftercare relapses
)

// Key is the key of a scenario's stage that the duration stands under.
func (w What) Key() string {
	return [...]string{"takes", "drops_out_after", "stay", "unplanned_discharge", "relapse"}[w]
}

// Duration is one that the extract shows directly: whose end, if it comes first, is seen on its day.
type Duration struct {
	Stage  int
	What   What
	Cohort int // -1: everyone
	Spells []Spell
	Ends   []End // those of interest; any other is as if lost from sight
}

// Path is where a scenario has the law.
func (d Duration) Path(x *Extract) string {
	path := "pathway." + x.Stages[d.Stage].Name + "." + d.What.Key()
	if d.Cohort >= 0 {
		path += "." + x.Cohorts[d.Cohort]
	}
	return path
}

// Times are the times of the duration.
func (d Duration) Times() []Time { return TimesOf(d.Spells, d.Ends...) }

// Lives are the times of the duration for the estimates of package stats: cause 1 is an end of interest.
func (d Duration) Lives() []stats.Lifetime {
	return Lives(d.Spells, func(e End) int {
		if slices.Contains(d.Ends, e) {
			return 1
		}
		return 0
	})
}

// Duration is a duration at a stage, of one cohort or, with -1, of everyone; administrative closures are a cause
// of their own, so lost from sight.
func (x *Extract) Duration(stage int, what What, cohort int) Duration {
	d := Duration{Stage: stage, What: what, Cohort: cohort}
	switch what {
	case Takes:
		d.Ends, d.Spells = []End{GotIn}, x.Waits(stage)
	case DropsOut:
		d.Ends, d.Spells = []End{GaveUp}, x.Waits(stage)
	case Stay:
		d.Ends, d.Spells = []End{Completed}, x.Stays(stage)
	case LeftEarly:
		d.Ends, d.Spells = []End{Unplanned}, x.Stays(stage)
	case RelapsedIn:
		d.Ends, d.Spells = []End{Relapsed}, x.Stays(stage)
	}
	if cohort >= 0 {
		d.Spells = slices.DeleteFunc(d.Spells, func(s Spell) bool { return x.Episodes[s.Episode].Cohort != cohort })
	}
	return d
}

// With is the duration with further ends taken for those of interest: the other way of looking at administrative
// closures.
func (d Duration) With(ends ...End) Duration {
	d.Ends = append(slices.Clone(d.Ends), ends...)
	return d
}

// Durations are those that the extract shows directly, of everyone, in the order of the pathway.
func (x *Extract) Durations() (all []Duration) {
	for k, s := range x.Stages {
		wanted := []What{DropsOut}
		switch s.Kind {
		case sim.DelayKind:
			wanted = []What{Takes, DropsOut}
		case sim.BedsKind:
			wanted = []What{DropsOut, Stay, LeftEarly}
		case sim.AftercareKind:
			wanted = []What{LeftEarly, RelapsedIn}
		}
		for _, w := range wanted {
			if d := x.Duration(k, w, -1); len(d.Spells) > 0 {
				all = append(all, d)
			}
		}
	}
	return all
}

// Events counts the ends of interest, by weight.
func (d Duration) Events() float64 {
	events, _, _ := sums(d.Times())
	return events
}

// Exposure is the days in which the end could have come, by weight.
func (d Duration) Exposure() float64 {
	_, exposure, _ := sums(d.Times())
	return exposure
}
