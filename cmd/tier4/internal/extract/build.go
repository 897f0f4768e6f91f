package extract

import (
	"fmt"
	"slices"
	"strings"

	"tier4/calibration"
	"tier4/scenarios"
	"tier4/sim"
)

// builder turns rows into episodes.
type builder struct {
	t       *table
	l       *layout
	rows    []draft
	path    *path
	words   []known // of the stages, in their order
	x       *calibration.Extract
	cohorts values
	sources values
	bought  values // contracts
	notes   tally
	known   map[int][]string // values of columns that are understood
	causes  map[string]cause // of reasons
}

// tally counts what was noticed in rows that are used all the same.
type tally []remark

// remark is one thing noticed, with some examples.
type remark struct {
	what     string
	n        int
	examples []string
	where    []int // the lines, where they are told
}

// mostExamples is how many examples are told of a remark.
const mostExamples = 5

// add counts a remark, with an example unless it is "".
func (t *tally) add(example, format string, args ...any) {
	r := t.of(fmt.Sprintf(format, args...))
	r.n++
	if example != "" && len(r.examples) < mostExamples && !slices.Contains(r.examples, example) {
		r.examples = append(r.examples, example)
	}
}

// at counts a remark on a line that is told.
func (t *tally) at(line int, what string) {
	r := t.of(what)
	r.n++
	r.where = append(r.where, line)
}

// of is the remark of a text, made if need be.
func (t *tally) of(text string) *remark {
	i := slices.IndexFunc(*t, func(r remark) bool { return r.what == text })
	if i < 0 {
		*t = append(*t, remark{what: text})
		i = len(*t) - 1
	}
	return &(*t)[i]
}

// lines are what was counted: "12 rows: …".
func (t tally) lines() (all []string) {
	for _, r := range t {
		text := fmt.Sprintf("%d %s: %s", r.n, plural(r.n, "row"), r.what)
		if len(r.examples) > 0 {
			text += ", such as " + scenarios.Quoted(r.examples, "and")
		}
		if len(r.where) > 0 {
			text += ": " + listed(r.where)
		}
		all = append(all, text)
	}
	return all
}

// keys sets aside rows without a key, and all but the first of those with the same.
func (b *builder) keys() {
	seen := map[string]*draft{}
	for i := range b.rows {
		d := &b.rows[i]
		if len(d.defects) > 0 && (d.defects[0].Kind == NoRow || d.defects[0].Kind == Broken) {
			continue
		}
		key := ""
		switch {
		case b.l.episode >= 0:
			cell := d.cell(b.l.episode)
			if isNothing(cell) {
				d.fault(b.t.header[b.l.episode], NoKey, "there is no key", "give each episode one of its own")
				continue
			}
			key = strings.ToLower(cell)
			d.episode.ID = cell
		default:
			d.episode.ID = fmt.Sprintf("line %d", d.number)
			key = strings.Join(trimmed(d.cells), "\x00")
		}
		if before := seen[key]; before != nil {
			what := fmt.Sprintf("this is line %d again", before.number)
			if !slices.Equal(trimmed(before.cells), trimmed(d.cells)) {
				what = fmt.Sprintf("line %d has the same key, with other values", before.number)
			}
			d.fault("", Duplicate, what, "keep one row an episode")
			continue
		}
		seen[key] = d
	}
}

// people reads who an episode is of.
func (b *builder) people() {
	for i := range b.rows {
		d := &b.rows[i]
		if d.unusable() {
			continue
		}
		e := &d.episode
		e.Row = d.number
		if c := d.cell(b.l.person); b.l.person >= 0 && !isNothing(c) {
			e.Person = c
		}
		if b.l.cohort >= 0 {
			cell := d.cell(b.l.cohort)
			n, instead, ok := b.cohorts.of(cell)
			switch {
			case !ok:
				d.fault(b.t.header[b.l.cohort], UnknownCohort, "`"+short(cell)+"` is no cohort known", instead+"; or say what it is under `cohorts:`")
			case n < 0:
				d.fault(b.t.header[b.l.cohort], UnknownCohort, "there is no cohort", "fill it in")
			}
			e.Cohort = n
		}
		e.Source = -1
		if b.l.source >= 0 {
			if n, _, ok := b.sources.of(d.cell(b.l.source)); ok {
				e.Source = n
			}
		}
		for _, t := range b.l.traits {
			e.Traits = append(e.Traits, answer(d.cell(t.column), t.value))
		}
		b.referral(d)
	}
}

// unusable says that a row is no episode, or an episode that another row is.
func (d *draft) unusable() bool {
	return slices.ContainsFunc(d.defects, func(f Defect) bool { return f.Kind == NoRow || f.Kind == Broken || f.Kind == Duplicate })
}

func (b *builder) referral(d *draft) {
	e := &d.episode
	var from *term
	e.Referred, from = b.l.referred.on(d.dates)
	if !e.Referred.Known() {
		if !slices.ContainsFunc(d.defects, func(f Defect) bool { return f.Kind == NotADate && f.Column == b.l.referred[0].name }) {
			d.fault(b.l.referred[0].name, NoDate, "there is no date of referral", "fill it in")
		}
		return
	}
	for _, c := range b.l.dateColumns() {
		if day, ok := d.dates[c]; ok && day > b.l.extracted {
			d.fault(b.t.header[c], Later, fmt.Sprintf("%s is after the extract of %s", day, b.l.extracted), "correct it, or say a later `extract_date:`")
		}
	}
	if b.l.from.Known() && e.Referred < b.l.from && b.l.selected == calibration.ByReferral {
		d.fault(from.name, Outside, fmt.Sprintf("%s is before the window, which begins on %s", e.Referred, b.l.from), "correct it, or say another `window:`")
	}
	if b.l.last.Known() && e.Referred > b.l.last && e.Referred <= b.l.extracted {
		d.fault(from.name, Outside, fmt.Sprintf("%s is after the window, which ends on %s", e.Referred, b.l.last), "correct it, or say another `window:`")
	}
}

// steps reads what happened at each stage.
func (b *builder) steps(d *draft) {
	e := &d.episode
	e.Closed, e.ClosedAt = calibration.Missing, -1
	if b.l.closed != nil {
		e.Closed, _ = b.l.closed.on(d.dates)
	}
	e.Steps = make([]calibration.Step, len(b.l.stages))
	for k := range b.l.stages {
		b.step(d, k)
	}
	b.order(d)
	b.oddOutcomes(d)
	if len(d.defects) > 0 {
		return
	}
	b.close(d)
	b.list(d)
}

// step reads the dates, the outcome and the contract of one stage.
func (b *builder) step(d *draft, k int) {
	s := &b.l.stages[k]
	step := &d.episode.Steps[k]
	step.Listed = calibration.Missing // found once it is clear where the episode went
	var from *term
	step.Admitted, from = s.admitted.on(d.dates)
	step.Left, _ = s.left.on(d.dates)
	step.AdmittedAt, step.LeftAt = b.moment(s.admitted), b.moment(s.left)
	step.Contract = -1
	if s.contract >= 0 {
		cell := d.cell(s.contract)
		n, instead, ok := b.bought.of(cell)
		if !ok {
			d.fault(b.t.header[s.contract], UnknownOutcome, "`"+short(cell)+"` is no contract known", instead+"; or say what it is under `contracts:`")
		} else if step.Admitted.Known() {
			step.Contract = n
		}
	}
	for i := range s.outcomes {
		// of several, each belongs to a date; of those of a stay, or without dates, the first that is there holds
		if end, ok := b.outcome(d, k, i); ok && step.Outcome == calibration.Open && (from == nil || len(s.outcomes) != len(s.admitted) || s.admitted[i].column == from.column) {
			step.Outcome = end
		}
	}
	if s.kind == sim.PanelKind {
		b.hearings(d, k)
	}
}

// outcome reads how a stay ended, or what a panel decided, from one of the columns of outcomes; ok is false where
// there is nothing, or nothing known.
func (b *builder) outcome(d *draft, k, i int) (end calibration.End, ok bool) {
	s := &b.l.stages[k]
	cell := d.cell(s.outcomes[i])
	if isNothing(cell) {
		return calibration.Open, false
	}
	end = endOf(cell)
	if name, ok := b.l.meaning("outcomes", cell); ok {
		end, _ = endNamed(name)
	}
	panel := s.kind == sim.PanelKind
	legal := []string{"completed", "unplanned", "administrative", "died"}
	if panel {
		legal = []string{"approved", "declined", "deferred"}
	}
	switch {
	case end == calibration.GaveUp && !panel:
		end = calibration.Unplanned
	case end == calibration.Approved && !panel, end == calibration.Completed && panel:
		end = map[bool]calibration.End{true: calibration.Approved, false: calibration.Completed}[panel]
	case end == calibration.Declined && !panel:
		end = calibration.Unplanned
	}
	if end == calibration.Open {
		d.fault(b.t.header[s.outcomes[i]], UnknownOutcome, "`"+short(cell)+"` is no outcome known",
			b.likeOutcome(cell, s.outcomes[i], legal)+"or say what it means under `outcomes:`")
		return end, false
	}
	return end, true
}

// moment is when in its day a date of a column is.
func (b *builder) moment(x expression) calibration.Moment {
	if len(x) > 0 && slices.Contains(b.l.meetings, x[0].column) {
		return calibration.DayStart
	}
	return calibration.SomeTime
}

// hearings note what a panel decided, by date. Someone who was put off still waits.
func (b *builder) hearings(d *draft, k int) {
	e, s := &d.episode, &b.l.stages[k]
	step := &e.Steps[k]
	if !step.Admitted.Known() || len(d.defects) > 0 {
		return
	}
	for i, one := range slices.Backward(s.admitted) {
		day, ok := d.dates[one.column]
		if !ok {
			continue
		}
		decision := step.Outcome
		if day += calibration.Day(one.plus); day != step.Admitted {
			decision = calibration.Deferred // or it would not have been heard again
			if len(s.outcomes) == len(s.admitted) {
				if end, ok := b.outcome(d, k, i); ok {
					decision = end
				}
			}
		}
		if decision != calibration.Open {
			e.Hearings = append(e.Hearings, calibration.Hearing{Stage: k, On: day, Decision: decision})
		}
	}
	if step.Outcome == calibration.Deferred {
		step.Admitted = calibration.Missing
	}
}

// order holds the dates to follow each other.
func (b *builder) order(d *draft) {
	e := &d.episode
	before, name := e.Referred, b.l.referred[0].name
	later := func(day calibration.Day, column string) bool {
		if !day.Known() || day >= before {
			return true
		}
		d.fault(column, WrongOrder, fmt.Sprintf("%s is before %s of %s", day, name, before), "correct one of them")
		return false
	}
	for k, s := range b.l.stages {
		step := &e.Steps[k]
		if !step.Admitted.Known() && step.Left.Known() && s.admitted != nil {
			d.fault(s.left[0].name, Contradiction, fmt.Sprintf("someone left on %s who was never admitted", step.Left), "fill in "+s.admitted[0].name)
		}
		for _, one := range []struct {
			day calibration.Day
			of  expression
		}{{step.Admitted, s.admitted}, {step.Left, s.left}} {
			if one.day.Known() && later(one.day, one.of[0].name) && !one.of.shifted() {
				before, name = one.day, one.of[0].name
			}
		}
	}
	if b.l.closed != nil {
		later(e.Closed, b.l.closed[0].name)
	}
}
