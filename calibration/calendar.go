package calibration

import (
	"fmt"
	"math"
	"slices"
	"time"

	"tier4/scenarios"
	"tier4/sim"
)

// leastWarmUp is how long a simulated history runs at least before the window: by then it has forgotten
// that it began empty.
const leastWarmUp = 730

// mostPhase is how many days the start may be moved so that meetings fall on the days they fell on.
const mostPhase = 28

// onCalendar is the scenario set on the calendar of an extract: it starts long enough before the window and
// ends as knowledge does, one day on, so that a meeting held at that moment is played. It says what it
// moved, and what does not fit.
func onCalendar(s *scenarios.Scenario, x *Extract) (*scenarios.Scenario, []string, error) {
	spec := &s.Spec
	warmUp := max(leastWarmUp, Day(math.Ceil(spec.WarmUp)))
	start := DayOf(spec.Start)
	if len(spec.Starting) > 0 {
		if start != x.From {
			return nil, nil, fmt.Errorf("the scenario starts with today's lists on %s, but the window of the extract begins on %s; leave out `start_with`, or start on that day", start, x.From)
		}
		return dated(s, x, start, nil)
	}
	if start+warmUp > x.From {
		start = x.From - warmUp
	}
	best, most := start, -1
	held := meetings(s, x)
	for back := range Day(mostPhase) {
		if n := held.kept(start - back); n > most {
			best, most = start-back, n
		}
	}
	var notes []string
	if 10*most < 9*held.n {
		notes = append(notes, fmt.Sprintf("of %d days on which the extract has a meeting, only %d are days on which the scenario has one: compare its `meets`", held.n, most))
	}
	return dated(s, x, best, notes)
}

func dated(s *scenarios.Scenario, x *Extract, start Day, notes []string) (*scenarios.Scenario, []string, error) {
	one, err := s.With(
		"start="+start.String(),
		fmt.Sprintf("warm_up=%d days", x.From-start),
		fmt.Sprintf("measure=%d days", x.Until-x.From+1))
	return one, notes, err
}

// meetingDays are the days on which an extract has meetings.
type meetingDays struct {
	by []stageMeetings
	n  int
}

type stageMeetings struct {
	every Day
	on    *time.Weekday // nil: counted from the start of the run
	days  []Day
}

// meetings are those of panels, and first sessions of groups that meet by the calendar.
func meetings(s *scenarios.Scenario, x *Extract) (m meetingDays) {
	for k, stage := range x.Stages {
		i := slices.IndexFunc(s.Spec.Stages, func(one sim.Stage) bool { return one.Name == stage.Name })
		if i < 0 {
			continue
		}
		meets, ok := schedule(&s.Spec.Stages[i])
		if !ok {
			continue
		}
		one := stageMeetings{every: Day(math.Round(meets.Every))}
		if _, fixed := s.Value("pathway." + stage.Name + ".meets.on"); fixed {
			on := s.Spec.Start.AddDate(0, 0, int(meets.First)).Weekday()
			one.on = &on
		}
		for j := range x.Episodes {
			if step := &x.Episodes[j].Steps[k]; step.Admitted.Known() && step.AdmittedAt == DayStart {
				one.days = append(one.days, step.Admitted)
			}
		}
		one.days = sortedDays(one.days)
		m.n += len(one.days)
		m.by = append(m.by, one)
	}
	return m
}

// schedule is when a stage meets, if it does so by the calendar.
func schedule(s *sim.Stage) (meets sim.Schedule, ok bool) {
	switch {
	case s.Kind == sim.PanelKind:
		return s.Panel.Meets, true
	case s.Kind == sim.GroupKind && s.Group.StartsWhen == nil:
		return s.Group.Meets, true
	}
	return meets, false
}

// kept is how many of the days are days of a meeting if the run starts on a day.
func (m meetingDays) kept(start Day) (n int) {
	for _, one := range m.by {
		first := start
		if one.on != nil {
			first += Day((int(*one.on) - int(start.Date().Weekday()) + 7) % 7)
		}
		for _, d := range one.days {
			if one.every > 0 && (d-first)%one.every == 0 {
				n++
			}
		}
	}
	return n
}
