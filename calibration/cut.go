package calibration

import "slices"

// Cut is the extract as it would have been on an earlier day: rows are kept, but what happened after is blank,
// and whoever was referred after has no row yet.
func (x *Extract) Cut(day Day) *Extract {
	y := *x
	y.Until, y.To = day, min(x.To, day)
	y.Episodes = nil
	doubtful := x.doubtful()
	for i := range x.Episodes {
		if e := &x.Episodes[i]; e.Referred < day {
			y.Episodes = append(y.Episodes, e.cut(day, doubtful))
		}
	}
	return &y
}

// doubtful are the stages of which the extract does not always say on whose list somebody is.
func (x *Extract) doubtful() (stages []int) {
	for k := range x.Stages {
		if slices.ContainsFunc(x.Episodes, func(e Episode) bool { return e.Steps[k].Maybe }) {
			stages = append(stages, k)
		}
	}
	return stages
}

func (e *Episode) cut(day Day, doubtful []int) Episode {
	after := func(d Day, at Moment) bool { return d.Known() && (d > day || d == day && at == SomeTime) }
	c := *e
	if after(e.Closed, SomeTime) {
		c.Closed, c.ClosedAt, c.Cause, c.Reason = Missing, -1, Open, ""
	}
	c.Hearings = slices.DeleteFunc(slices.Clone(e.Hearings), func(h Hearing) bool { return h.On > day })
	c.Steps = slices.Clone(e.Steps)
	for k := range c.Steps {
		s := &c.Steps[k]
		if after(s.Left, s.LeftAt) {
			s.Left, s.LeftAt, s.Outcome = Missing, SomeTime, Open
		}
		if after(s.Admitted, s.AdmittedAt) {
			s.Admitted, s.AdmittedAt, s.Contract, s.Outcome = Missing, SomeTime, -1, Open
		}
		if after(s.Listed, s.ListedAt) {
			s.Listed, s.ListedAt, s.Maybe = Missing, SomeTime, false
		}
	}
	if !c.Closed.Known() {
		for _, k := range doubtful {
			if s := c.Steps[k]; s.Listed.Known() && !s.Admitted.Known() && !s.Maybe {
				c.doubt(k, doubtful)
				break
			}
		}
	}
	return c
}

// doubt puts somebody who waits for one of the stages of which the extract does not say which on the list of
// each that they have not been to.
func (e *Episode) doubt(stage int, doubtful []int) {
	listed := e.Steps[stage]
	for _, k := range doubtful {
		if s := &e.Steps[k]; k == stage || !s.Listed.Known() {
			*s = listed
			s.Maybe = true
		}
	}
}
