package extract

import (
	"fmt"
	"slices"
	"strings"

	"tier4/calibration"
	"tier4/scenarios"
	"tier4/sim"
)

// close finds where an episode ended, and why.
func (b *builder) close(d *draft) {
	e := &d.episode
	e.Reason = ""
	c := cause{stage: -1}
	if b.l.reason >= 0 {
		if text := d.cell(b.l.reason); !isNothing(text) {
			e.Reason = text
			c = b.cause(d, text)
		}
	}
	if len(d.defects) > 0 {
		return
	}
	at, inside := b.where(e)
	defer b.outcomes(e)
	switch {
	case e.Closed.Known():
	case e.Reason != "" && b.l.closed != nil:
		d.fault(b.l.closed[0].name, Contradiction, "there is a reason of closing, but no date", "fill in the date, or empty the reason")
		return
	case b.endedHere(e, at):
		e.Closed = b.lastDay(e, at)
	default:
		return
	}
	b.settle(d, c, at, inside)
}

// cause reads the reason of closing.
func (b *builder) cause(d *draft, text string) cause {
	if said, ok := b.l.meaning("reasons", text); ok {
		stage, end := reasonNamed(said)
		at := indexOf(b.words, stage)
		if stage != "" && at < 0 {
			d.fault(b.t.header[b.l.reason], UnknownOutcome, "`"+short(text)+"` is said to be of the stage `"+stage+"`, which has no columns", "name one of the stages")
		}
		return cause{stage: at, end: end}
	}
	c, ok := b.causes[text]
	if !ok {
		c = causeOf(text, b.words)
		if c.end == calibration.Open {
			c.hint = scenarios.Meant(text, b.told(b.l.reason))
		}
		if i := stageOf(tokens(text), knownStages); c.stage < 0 && i >= 0 {
			c.elsewhere = knownStages[i].name
		}
		b.causes[text] = c
	}
	switch {
	case c.hint != "":
		d.fault(b.t.header[b.l.reason], UnknownOutcome, "`"+short(text)+"` is no reason known", c.hint+"or say what it means under `reasons:`")
	case c.end == calibration.Open:
		b.notes.add(short(text), "the reason of closing is not understood and counts as `other`; say what it means under `reasons:`")
		c.end = calibration.Other
	}
	return c
}

// where is the last stage that an episode got into, -1 for none, and whether it is still there, or was to
// the end.
func (b *builder) where(e *calibration.Episode) (at int, inside bool) {
	at = -1
	for k := range e.Steps {
		if e.Steps[k].Admitted.Known() {
			at = k
		}
	}
	if at < 0 || b.l.stages[at].kind == sim.DelayKind || b.l.stages[at].kind == sim.PanelKind {
		return at, false
	}
	step := &e.Steps[at]
	early := step.Outcome != calibration.Open && step.Outcome != calibration.Completed
	return at, early || !step.Left.Known()
}

// endedHere says that what is known of the last stage ends an episode, even without a date of closing.
func (b *builder) endedHere(e *calibration.Episode, at int) bool {
	if at < 0 {
		return false
	}
	step := &e.Steps[at]
	last := at == len(e.Steps)-1
	switch step.Outcome {
	case calibration.Declined:
		return true
	case calibration.Unplanned, calibration.Administrative, calibration.Died:
		return step.Left.Known()
	}
	return last && step.Left.Known()
}

func (b *builder) lastDay(e *calibration.Episode, at int) calibration.Day {
	return max(e.Steps[at].Admitted, e.Steps[at].Left)
}

// settle ties the reason to the stage where the dates say that the episode ended.
func (b *builder) settle(d *draft, c cause, at int, inside bool) {
	e := &d.episode
	lists := b.path.lists(at)
	if c.stage > at && !inside && len(lists) > 0 && !slices.Contains(lists, c.stage) {
		c.elsewhere = b.l.stages[c.stage].name
		c.stage = -1 // `no longer wants rehab`, while waiting for the panel: the dates tell where
	}
	switch {
	case c.stage >= 0 && c.waiting && e.Steps[c.stage].Admitted.Known():
		b.contradicts(d, c.stage)
		return
	case c.stage >= 0 && c.stage < at && c.end != calibration.Completed:
		b.contradicts(d, at)
		return
	case c.stage >= 0:
		e.ClosedAt = max(c.stage, at)
	case at >= 0 && (inside || len(lists) == 0 || e.Steps[at].Outcome == calibration.Declined || c.end == calibration.Completed),
		at >= 0 && e.Steps[at].Left == e.Closed && c.end != calibration.GaveUp:
		e.ClosedAt = at
	case len(lists) == 1 && !c.beyond(b.l.stages):
		e.ClosedAt = lists[0]
	case c.elsewhere == "":
		b.notes.add("", "nothing says for which stage the person was waiting when the episode was closed; the wait is left out")
	}
	if c.elsewhere != "" {
		b.placed(e, c.elsewhere, at, inside)
	}
	e.Cause = b.causeAt(e, c.end)
}

// placed notes where an episode counts whose reason of closing names a stage at which the dates do not put it.
func (b *builder) placed(e *calibration.Episode, named string, at int, inside bool) {
	read := slices.ContainsFunc(b.l.stages, func(s stageColumns) bool { return s.name == named })
	what := "the reason of closing names " + named + map[bool]string{true: ", but ", false: ", of which no dates are read; "}[read]
	switch {
	case e.ClosedAt < 0:
		what += "nothing says where the person was instead; the wait is left out"
	case e.ClosedAt == at && inside:
		what += "by their dates they were in " + b.l.stages[at].name + ", and count there"
	case e.ClosedAt == at:
		what += "by their dates " + b.l.stages[at].name + " was the last they had, and they count there"
	default:
		what += "by their dates they were waiting for " + b.l.stages[e.ClosedAt].name + ", and count there"
	}
	b.notes.add("", "%s", what)
}

// contradicts says that someone got in whom the reason has lost before.
func (b *builder) contradicts(d *draft, stage int) {
	d.fault(b.t.header[b.l.reason], Contradiction, fmt.Sprintf("it says `%s`, but %s is %s",
		short(d.episode.Reason), b.l.stages[stage].admitted[0].name, d.episode.Steps[stage].Admitted), "correct one of them")
}

// causeAt is the cause of closing, seen from where it was.
func (b *builder) causeAt(e *calibration.Episode, end calibration.End) calibration.End {
	k := e.ClosedAt
	if k < 0 {
		return orOther(end)
	}
	step := &e.Steps[k]
	in := step.Admitted.Known() && b.l.stages[k].kind != sim.DelayKind && b.l.stages[k].kind != sim.PanelKind
	switch {
	case end == calibration.Open && step.Outcome != calibration.Open && step.Outcome != calibration.Approved:
		return step.Outcome
	case in && (end == calibration.GaveUp || end == calibration.Declined):
		return calibration.Unplanned
	case !in && end == calibration.Unplanned:
		return calibration.GaveUp
	case !in && end == calibration.Declined && step.Outcome != calibration.Declined && b.l.stages[k].kind != sim.PanelKind:
		return calibration.GaveUp // the person declined
	case !in && end == calibration.Completed && step.Outcome == calibration.Declined:
		return calibration.Declined
	}
	return orOther(end)
}

func orOther(end calibration.End) calibration.End {
	if end == calibration.Open {
		return calibration.Other
	}
	return end
}

// outcomes fills in how stays ended where only the closing says so, or that a later step followed.
func (b *builder) outcomes(e *calibration.Episode) {
	for k := range e.Steps {
		step, kind := &e.Steps[k], b.l.stages[k].kind
		if !step.Admitted.Known() || kind == sim.DelayKind || kind == sim.PanelKind {
			continue
		}
		here := e.Closed.Known() && k == e.ClosedAt
		if here && !step.Left.Known() {
			step.Left = e.Closed
		}
		switch {
		case step.Outcome != calibration.Open || !step.Left.Known():
		case here:
			step.Outcome = e.Cause
		default:
			step.Outcome = calibration.Completed
		}
	}
}

func (b *builder) likeOutcome(text string, column int, legal []string) string {
	if hint := scenarios.Meant(text, b.told(column)); hint != "" {
		return hint
	}
	return scenarios.Meant(text, legal) + "write " + scenarios.Quoted(legal, "or") + ", "
}

// told are the values of a column that are understood, some hundred of them at most.
func (b *builder) told(column int) []string {
	if all, ok := b.known[column]; ok {
		return all
	}
	var all []string
	seen := map[string]bool{}
	for i := range b.rows {
		text := b.rows[i].cell(column)
		if low := strings.ToLower(text); !seen[low] && !isNothing(text) && len(all) < 100 {
			seen[low] = true
			if endOf(text) != calibration.Open {
				all = append(all, text)
			}
		}
	}
	b.known[column] = all
	return all
}

// list finds which lists a person was on, and since when. A list counts where someone got in from it, where the
// closing names it, where it has a date of its own, or where it is the only one to be on.
func (b *builder) list(d *draft) {
	e := &d.episode
	at, inside := b.where(e)
	for k := range e.Steps {
		if e.Steps[k].Admitted.Known() || k == e.ClosedAt || b.ownList(d, k) && k > at && !e.Closed.Known() {
			b.join(d, k, false)
		}
	}
	b.gaps(e, at)
	if e.Closed.Known() || inside {
		return
	}
	if at >= 0 && len(e.Hearings) > 0 && e.Steps[at].Outcome == calibration.Declined {
		return
	}
	lists := b.path.lists(at)
	for _, k := range lists {
		if !e.Steps[k].Listed.Known() {
			b.join(d, k, len(lists) > 1)
		}
	}
}

// gaps notes stages that an episode must have been at, of which it has no date.
func (b *builder) gaps(e *calibration.Episode, at int) {
	for k := range e.Steps[:max(at, 0)] {
		if !e.Steps[k].Admitted.Known() && b.path.always(k) {
			b.notes.add("", "there is no date of %s, though there are of later steps; that wait is left out", b.l.stages[k].name)
		}
	}
}

// ownList says whether a row has a date of its own of joining the list of a stage.
func (b *builder) ownList(d *draft, k int) bool {
	x := b.l.stages[k].listed
	if len(x) != 1 || x[0].plus != 0 {
		return false
	}
	for j := -1; j < k; j++ {
		if end := b.l.ends(j); end != nil && end[0].column == x[0].column {
			return false
		}
	}
	_, ok := d.dates[x[0].column]
	return ok
}

// join puts a person on the list of a stage.
func (b *builder) join(d *draft, k int, maybe bool) {
	e := &d.episode
	step := &e.Steps[k]
	day, from := b.l.stages[k].listed.on(d.dates)
	if !day.Known() {
		return
	}
	if b.l.stages[k].kind != sim.GroupKind && b.l.stages[k].kind != sim.PanelKind && step.Admitted == day && b.moment(expression{*from}) == calibration.DayStart {
		step.AdmittedAt = calibration.DayStart // in at once, with the meeting that led here
	}
	limit := step.Admitted
	if !limit.Known() && k == e.ClosedAt {
		limit = e.Closed
	}
	if limit.Known() && day > limit {
		raw := day - calibration.Day(from.plus)
		if raw > limit || from.plus <= 0 {
			d.fault(from.name, WrongOrder, fmt.Sprintf("the wait for %s would begin on %s and end on %s", b.l.stages[k].name, day, limit), "correct one of them")
			return
		}
		b.notes.add("", "the wait for %s ended before %s had passed; it counts as no wait", b.l.stages[k].name, b.l.stages[k].listed)
		day = limit
	}
	step.Listed, step.ListedAt, step.Maybe = day, b.moment(expression{*from}), maybe
}

// atOnce looks at those who got into a bed on the day of a meeting that led there. A bed was free at its start
// if nobody left one that day; otherwise the hour is as open as that of the leaving.
func atOnce(x *calibration.Extract) {
	for k := range x.Stages {
		left := map[calibration.Day]bool{}
		for i := range x.Episodes {
			left[x.Episodes[i].Steps[k].Left] = true
		}
		for i := range x.Episodes {
			if step := &x.Episodes[i].Steps[k]; x.Stages[k].Kind == sim.BedsKind && left[step.Admitted] {
				step.AdmittedAt = calibration.SomeTime
			}
		}
	}
}
