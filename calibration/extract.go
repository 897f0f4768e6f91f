package calibration

import (
	"cmp"

	"tier4/sim"
)

// Extract is what a case-management system says of a stretch of time, one episode a row.
// Names are in the order of the pathway or of first appearance; others point at them by index.
type Extract struct {
	Stages    []Stage // in the order of the pathway
	Cohorts   []string
	Traits    []string
	Sources   []string // streams of referral; empty when the extract does not tell them apart
	Contracts []string // block, spot, …, in all stages alike
	Episodes  []Episode

	SelectedBy Selection
	From, To   Day // rows are of people referred (or inside) from From; referrals end before To
	Until      Day // knowledge ends at 00:00 of this day; a meeting held then is still known
}

// Selection says how rows came to be in the extract.
type Selection uint8

// The ways of choosing rows.
const (
	ByReferral Selection = iota // referred in the window
	ByActivity                  // inside at some time in the window
)

// String is the selection as a file of columns writes it.
func (s Selection) String() string {
	if s == ByActivity {
		return "activity"
	}
	return "referral"
}

// Stage is one step of the pathway as the extract knows it.
type Stage struct {
	Name string
	Kind sim.Kind
}

// Episode is one way through the pathway, from a referral on.
// Invariant: len(Steps) == len(Extract.Stages); len(Traits) == len(Extract.Traits).
type Episode struct {
	Row    int    // the line of the file, the header being a line: what is said of the row names it
	ID     string // the key of the row
	Person string // "" when people are not told apart from episodes

	Cohort int      // of Extract.Cohorts
	Source int      // of Extract.Sources, -1 when unknown
	Traits []Answer // of Extract.Traits

	Referred Day
	Steps    []Step    // one a stage
	Hearings []Hearing // every decision of a panel that was written down, by date

	Closed   Day // Missing: open
	ClosedAt int // the stage where it ended, -1 when unknown or open
	Cause    End // Open, or why it ended
	Reason   string
}

// Answer is whether someone has a trait.
type Answer uint8

// The answers.
const (
	Unknown Answer = iota
	No
	Yes
)

// Step is what is known of an episode at one stage. Days are Missing where it never came to that, or
// not yet.
type Step struct {
	Listed, Admitted, Left       Day
	ListedAt, AdmittedAt, LeftAt Moment
	// Maybe says that the person, whose episode is open, waits since Listed here or at another stage
	// with Maybe set; the extract does not say which.
	Maybe    bool
	Outcome  End // of the stay, or of the panel; Open where unknown or not over
	Contract int // of Extract.Contracts, -1 when unknown or nothing was bought
}

// Hearing is one decision of a panel.
type Hearing struct {
	Stage    int
	On       Day
	Decision End // Approved, Declined or Deferred
}

// End is how a wait, a stay, a hearing or an episode ended.
type End uint8

// The ways to end.
const (
	Open      End = iota // not over when knowledge ended
	GotIn                // of a wait: admitted
	Completed            // of a stay, a group, an episode: as planned
	Unplanned            // of a stay or a group: left early
	Approved
	Declined
	Deferred
	GaveUp         // of a wait: dropped out
	Relapsed       // while waiting, or in aftercare
	Died           //
	Administrative // moved away, transferred, closed by the office: not the person's doing
	Other          // for a reason that the extract does not tie to any of these
	Ends           // how many there are
)

// String is the end as a file of columns writes it.
func (e End) String() string {
	return [...]string{
		"open", "admitted", "completed", "unplanned", "approved", "declined", "deferred",
		"dropped out", "relapsed", "died", "administrative", "other",
	}[e]
}

// Spell is a time at a stage, a wait or a stay, as far as it was seen.
type Spell struct {
	Episode  int // of Extract.Episodes
	From, To Day // To is Extract.Until when the spell was not over
	Seen     Day // its end would have been seen from here on: From, or later (left-truncated)
	FromAt   Moment
	ToAt     Moment
	End      End     // Open: right-censored at To
	Weight   float64 // 1, or less when the person may be waiting elsewhere
	Contract int
}

// Days is how long the spell lasted by its dates, in days.
func (s Spell) Days() float64 { return float64(s.To - s.From) }

// Waits are the waits at a stage, in the order of episodes: from joining the list to getting in, or to
// the end of the episode. Someone who may be on several lists waits on each with equal weights. A wait
// whose end was not written down, though later steps were, is left out.
func (x *Extract) Waits(stage int) (all []Spell) {
	for i := range x.Episodes {
		e := &x.Episodes[i]
		step := &e.Steps[stage]
		s := Spell{Episode: i, From: step.Listed, FromAt: step.ListedAt, Weight: 1, Contract: step.Contract}
		if step.Maybe {
			s.Weight = 1 / float64(e.lists())
		}
		switch {
		case step.Admitted.Known():
			s.To, s.ToAt, s.End = step.Admitted, step.AdmittedAt, GotIn
		case e.beyond(stage):
			continue
		case e.Closed.Known():
			s.To, s.End = e.Closed, cmp.Or(e.Cause, Other)
		}
		all = x.add(all, s)
	}
	return all
}

// Stays are the stays at a stage, in the order of episodes: from getting in to leaving. Delays and panels
// have none, and stays whose end was not written down are left out, as waits are.
func (x *Extract) Stays(stage int) (all []Spell) {
	if kind := x.Stages[stage].Kind; kind == sim.DelayKind || kind == sim.PanelKind {
		return nil
	}
	for i := range x.Episodes {
		e := &x.Episodes[i]
		step := &e.Steps[stage]
		s := Spell{Episode: i, From: step.Admitted, FromAt: step.AdmittedAt, Weight: 1, Contract: step.Contract}
		switch {
		case step.Left.Known():
			s.To, s.ToAt, s.End = step.Left, step.LeftAt, cmp.Or(step.Outcome, Other)
		case e.beyond(stage):
			continue
		case e.Closed.Known():
			s.To, s.End = e.Closed, cmp.Or(e.Cause, Other)
		}
		all = x.add(all, s)
	}
	return all
}

// add adds a spell as far as it was seen: not at all if it began after knowledge ended, or ended before
// anybody looked.
func (x *Extract) add(all []Spell, s Spell) []Spell {
	if !s.From.Known() || s.From > x.Until {
		return all
	}
	if s.End == Open || s.To > x.Until {
		s.To, s.ToAt, s.End = x.Until, DayStart, Open
	}
	s.Seen = s.From
	if x.SelectedBy == ByActivity && s.From < x.From {
		if s.To < x.From {
			return all
		}
		s.Seen = x.From
	}
	return append(all, s)
}

// beyond says whether an episode got past a stage: into a later one, or to its end there.
func (e *Episode) beyond(stage int) bool {
	for _, later := range e.Steps[stage+1:] {
		if later.Admitted.Known() {
			return true
		}
	}
	return e.Closed.Known() && e.ClosedAt > stage
}

// lists is how many lists a person may be on.
func (e *Episode) lists() (n int) {
	for i := range e.Steps {
		if e.Steps[i].Maybe {
			n++
		}
	}
	return max(n, 1)
}
