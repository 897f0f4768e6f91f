package calibration

import (
	"math"
	"slices"

	"tier4/sim"
)

// Observer makes an extract of a simulated history: it sees of it what a given extract shows of the real
// one. It keeps its memory from one history to the next, and is not safe for concurrent use.
type Observer struct {
	like      *Extract
	start     Day           // on which the simulation starts
	contracts map[place]int // of Extract.Contracts
	timed     map[string]bool
	deferrals bool  // are written down
	maybe     []int // stages of which the extract does not say on whose list somebody is

	episodes []Episode
	lives    []life // of each episode
	steps    []Step // of all episodes, one after the other
	known    map[visit]int32
}

type place struct{ stage, name string }

type visit struct {
	who    uint64
	number int
}

// life is where an episode is now.
type life struct {
	stage   int  // of Extract.Stages, -1 where the extract does not know it
	delayed bool // in a delay that is itself the wait
	waits   bool
}

// unseen is the index of an episode that the extract would not have.
const unseen = -1

// NewObserver is an observer of a scenario's histories by what an extract shows: the same stages, window,
// selection and contracts, dates instead of moments, and nothing that it does not tell.
func NewObserver(like *Extract, s *sim.Spec) *Observer {
	o := &Observer{like: like, start: DayOf(s.Start), contracts: map[place]int{}, timed: map[string]bool{}, known: map[visit]int32{}}
	for i := range s.Stages {
		one := &s.Stages[i]
		o.timed[one.Name] = one.Kind == sim.DelayKind && one.Delay.Places == 0
		if one.Kind == sim.BedsKind {
			for _, p := range one.Beds.Places {
				c := slices.Index(like.Contracts, contractNames[p.Contract])
				if c < 0 { // an extract may tell places apart by their names
					c = slices.Index(like.Contracts, p.Name)
				}
				o.contracts[place{one.Name, p.Name}] = c
			}
		}
	}
	o.maybe = like.doubtful()
	o.deferrals = slices.ContainsFunc(like.Episodes, func(e Episode) bool {
		return slices.ContainsFunc(e.Hearings, func(h Hearing) bool { return h.Decision == Deferred })
	})
	return o
}

// contractNames are the words of an extract for the kinds of contract.
var contractNames = [...]string{sim.Block: "block", sim.Spot: "spot", sim.Share: "share", sim.BedNights: "bed_nights"}

// Reset forgets the history so far.
func (o *Observer) Reset() {
	o.episodes, o.lives, o.steps = o.episodes[:0], o.lives[:0], o.steps[:0]
	clear(o.known)
}

// Extract is what is to be seen of the history so far. It holds until the next Reset.
func (o *Observer) Extract() *Extract {
	for i := range o.episodes {
		if l := &o.lives[i]; l.waits && len(o.maybe) > 1 && slices.Contains(o.maybe, l.stage) {
			o.episodes[i].doubt(l.stage, o.maybe)
		}
	}
	x := *o.like
	x.Episodes = o.episodes
	if x.SelectedBy == ByActivity {
		x.Episodes = slices.Clone(x.Episodes)
		x.Episodes = slices.DeleteFunc(x.Episodes, func(e Episode) bool { return e.Closed.Known() && e.Closed < x.From })
	}
	return &x
}

// Told takes in what happens.
func (o *Observer) Told(t sim.Told) {
	whole := math.Floor(t.At)
	day, at := o.start+Day(whole), SomeTime
	if t.At == whole {
		at = DayStart
	}
	if t.What == sim.OtherStarts || t.What == sim.OtherLeaves || day > o.like.Until || day == o.like.Until && at == SomeTime {
		return
	}
	v := visit{t.Who.Key, t.Visit}
	i, known := o.known[v]
	if !known {
		if t.What != sim.Joins {
			return // somebody of before the run, or after their last visit
		}
		i = o.refer(&t, day)
		o.known[v] = i
	}
	if i != unseen && !o.episodes[i].Closed.Known() {
		o.follow(&o.episodes[i], &o.lives[i], &t, day, at)
	}
}

// refer starts an episode, if the extract would have it.
func (o *Observer) refer(t *sim.Told, day Day) int32 {
	x := o.like
	if day >= x.To || day < x.From && x.SelectedBy == ByReferral {
		return unseen
	}
	n, stages := len(o.steps), len(x.Stages)
	for range stages {
		o.steps = append(o.steps, Step{Listed: Missing, Admitted: Missing, Left: Missing, Contract: -1})
	}
	e := Episode{
		Row: len(o.episodes) + 2, Cohort: max(0, slices.Index(x.Cohorts, t.Who.Cohort)), Source: slices.Index(x.Sources, t.Who.Stream),
		Referred: day, Steps: o.steps[n : n+stages : n+stages], Closed: Missing, ClosedAt: -1,
	}
	for _, name := range x.Traits {
		answer := No
		if slices.Contains(t.Who.Traits, name) {
			answer = Yes
		}
		e.Traits = append(e.Traits, answer)
	}
	o.episodes, o.lives = append(o.episodes, e), append(o.lives, life{stage: -1})
	return int32(len(o.episodes) - 1)
}

// follow takes in what happens to somebody.
func (o *Observer) follow(e *Episode, l *life, t *sim.Told, day Day, at Moment) {
	if t.What == sim.Joins {
		o.joins(e, l, t.Stage, day, at)
		return
	}
	var none Step // of a stage that the extract does not know
	step := &none
	if l.stage >= 0 {
		step = &e.Steps[l.stage]
	}
	switch t.What {
	case sim.Starts:
		step.Admitted, step.AdmittedAt, l.waits = day, at, false
		if t.Place != "" {
			step.Contract = o.contracts[place{t.Stage, t.Place}]
		}
	case sim.IsDeferred:
		if o.deferrals && l.stage >= 0 {
			e.Hearings = append(e.Hearings, Hearing{l.stage, day, Deferred})
		}
	case sim.IsHeard:
		o.decided(e, l, step, t, day, at)
	case sim.IsAnswered:
		if l.waits { // without a meeting
			o.decided(e, l, step, t, day, at)
		}
	case sim.Leaves:
		step.Left, step.LeftAt, step.Outcome = day, at, Completed
		if t.Detail == "early" {
			step.Outcome = Unplanned
		}
	case sim.RelapsesInside:
		step.Outcome = Relapsed
	case sim.IsOut, sim.Dies:
		o.closes(e, l, step, t, day, at)
	}
}

// joins puts somebody on a list. A delay that was itself the wait is over.
func (o *Observer) joins(e *Episode, l *life, stage string, day Day, at Moment) {
	o.undelay(e, l, day, at)
	l.stage = slices.IndexFunc(o.like.Stages, func(s Stage) bool { return s.Name == stage })
	l.delayed, l.waits = o.timed[stage], true
	if l.stage >= 0 {
		e.Steps[l.stage] = Step{Listed: day, ListedAt: at, Admitted: Missing, Left: Missing, Contract: -1}
	}
}

func (o *Observer) undelay(e *Episode, l *life, day Day, at Moment) {
	if l.delayed && l.stage >= 0 {
		e.Steps[l.stage].Admitted, e.Steps[l.stage].AdmittedAt = day, at
	}
	l.delayed = false
}

func (o *Observer) decided(e *Episode, l *life, step *Step, t *sim.Told, day Day, at Moment) {
	step.Admitted, step.AdmittedAt, step.Outcome, l.waits = day, at, Approved, false
	if t.Detail == "declined" {
		step.Outcome = Declined
	}
	if l.stage >= 0 {
		e.Hearings = append(e.Hearings, Hearing{l.stage, day, step.Outcome})
	}
}

// closes ends an episode.
func (o *Observer) closes(e *Episode, l *life, step *Step, t *sim.Told, day Day, at Moment) {
	e.Closed, e.ClosedAt, e.Cause = day, l.stage, causeOf(t)
	switch {
	case e.Cause == Completed:
		o.undelay(e, l, day, at)
	case step.Left.Known() && step.Outcome == Completed: // left a group
		step.Outcome = e.Cause
	}
	l.waits = false
}

// causeOf is why an episode is over.
func causeOf(t *sim.Told) End {
	if t.What == sim.Dies {
		return Died
	}
	switch t.Detail {
	case "gave up waiting":
		return GaveUp
	case "declined":
		return Declined
	case "relapsed":
		return Relapsed
	case "left early", "left the group":
		return Unplanned
	case "":
		if t.To == sim.ExitRelapse {
			return Relapsed
		}
		return Completed
	}
	return Other
}
