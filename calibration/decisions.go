package calibration

import (
	"slices"

	"tier4/sim"
	"tier4/sim/stats"
)

// Share is a part of some people, with Jeffreys' interval.
type Share struct {
	Name  string
	K, Of int
}

// Value is the part, 0 of nobody.
func (s Share) Value() float64 {
	if s.Of == 0 {
		return 0
	}
	return float64(s.K) / float64(s.Of)
}

// Interval is that of Jeffreys.
func (s Share) Interval(level float64) (low, high float64) { return stats.Jeffreys(s.K, s.Of, level) }

// Panel is what a panel decided, and how it meets.
type Panel struct {
	Stage     int
	Decisions []Share // approved, declined, and put off where that is written down
	Meetings  int
	Every     int   // the usual days from a meeting to the next, 0 if there is none
	PerMeet   []int // PerMeet[n] is how many meetings took n final decisions; [0] are usual days without one
	First     Share // decided at the first meeting after they joined the list
}

// Most is the most final decisions of one meeting.
func (p *Panel) Most() int { return max(0, len(p.PerMeet)-1) }

// Panel looks at the meetings of a panel.
func (x *Extract) Panel(stage int) *Panel {
	p := &Panel{Stage: stage}
	taken := map[Day]int{}
	var days []Day
	counts := map[End]int{}
	all := 0
	for i := range x.Episodes {
		e := &x.Episodes[i]
		for _, h := range e.Hearings {
			if h.Stage != stage || h.On > x.Until {
				continue
			}
			days = append(days, h.On)
			counts[h.Decision]++
			all++
			if h.Decision != Deferred {
				taken[h.On]++
			}
		}
	}
	for _, end := range []End{Approved, Declined, Deferred} {
		if end != Deferred || counts[end] > 0 {
			p.Decisions = append(p.Decisions, Share{end.String(), counts[end], all})
		}
	}
	days = sortedDays(days)
	p.Meetings = len(days)
	p.Every = usualGap(days)
	for _, d := range days {
		n := taken[d]
		for len(p.PerMeet) <= n {
			p.PerMeet = append(p.PerMeet, 0)
		}
		p.PerMeet[n]++
	}
	if p.Every > 0 && len(days) > 1 { // meetings of which nobody in the extract was heard
		held := int(days[len(days)-1]-days[0])/p.Every + 1
		p.PerMeet[0] += max(0, held-p.Meetings)
	}
	p.First = x.heardFirst(stage, days)
	return p
}

// heardFirst is the share of those decided who were so at the first meeting since they joined the list.
func (x *Extract) heardFirst(stage int, days []Day) Share {
	s := Share{Name: "first meeting"}
	for _, w := range x.Waits(stage) {
		if w.End != GotIn {
			continue
		}
		s.Of++
		after := w.From
		if w.FromAt == SomeTime {
			after++ // that day's meeting was at its start
		}
		if i, _ := slices.BinarySearch(days, after); i < len(days) && days[i] == w.To {
			s.K++
		}
	}
	return s
}

// usualGap is the gap between days that at least half of the gaps are multiples of, and that a third are; 0 if
// there is none.
func usualGap(days []Day) int {
	times := map[int]int{}
	for i := 1; i < len(days); i++ {
		times[int(days[i]-days[i-1])]++
	}
	best := 0
	for gap := 1; gap <= 120; gap++ {
		if times[gap] > times[best] {
			best = gap
		}
	}
	fit := 0
	for gap, n := range times {
		if best > 0 && gap%best == 0 {
			fit += n
		}
	}
	if len(days) < 4 || 3*times[best] < len(days)-1 || 2*fit < len(days)-1 {
		return 0
	}
	return best
}

// Route is where people go from a stage, of those who went on and of whom it is known where.
type Route struct {
	From, Cohort int // Cohort is -1 for everyone
	To           []Share
}

// Routes are the ways on from each stage that has several.
func (x *Extract) Routes() (all []Route) {
	for from := -1; from < len(x.Stages); from++ {
		whole := x.route(from, -1)
		if len(whole.To) < 2 {
			continue
		}
		all = append(all, whole)
		for c := range x.Cohorts {
			if r := x.route(from, c); len(r.To) > 0 && len(x.Cohorts) > 1 {
				all = append(all, r)
			}
		}
	}
	return all
}

func (x *Extract) route(from, cohort int) Route {
	r := Route{From: from, Cohort: cohort}
	counts, total := make([]int, len(x.Stages)+1), 0
	for i := range x.Episodes {
		e := &x.Episodes[i]
		if cohort >= 0 && e.Cohort != cohort || !e.through(from) {
			continue
		}
		next := e.next(from)
		if next < 0 {
			continue
		}
		counts[next]++
		total++
	}
	for k, n := range counts {
		name := "home"
		if k < len(x.Stages) {
			name = x.Stages[k].Name
		}
		if n > 0 {
			r.To = append(r.To, Share{name, n, total})
		}
	}
	return r
}

// through says whether somebody went on from a stage as planned; -1 is the referral.
func (e *Episode) through(stage int) bool {
	if stage < 0 {
		return true
	}
	s := &e.Steps[stage]
	switch s.Outcome {
	case Open, Completed, Approved:
		return s.Admitted.Known()
	}
	return false
}

// next is the stage that an episode went to after another, len(Steps) for the end of it, -1 where it is not known
// or not yet.
func (e *Episode) next(after int) int {
	for k := after + 1; k < len(e.Steps); k++ {
		if s := &e.Steps[k]; s.Admitted.Known() || s.Listed.Known() && !s.Maybe {
			return k
		}
	}
	if e.Closed.Known() && e.ClosedAt == after && e.Cause == Completed {
		return len(e.Steps)
	}
	return -1
}

// Sessions is what a group's dates say of its sessions.
type Sessions struct {
	Stage int
	Every int // days between them
	Most  int // sessions of those who stayed longest
	Leave Share
}

// Sessions are those of a group, by the lengths of stays, which are whole numbers of gaps; ok is false where
// they are not. Someone who left after session k was at k and left after one of them.
func (x *Extract) Sessions(stage int) (s Sessions, ok bool) {
	if x.Stages[stage].Kind != sim.GroupKind {
		return s, false
	}
	s.Stage, s.Leave.Name = stage, "leave after a session"
	stays := x.Stays(stage)
	var lengths []int
	for _, one := range stays {
		if one.End == Completed || one.End == Unplanned {
			lengths = append(lengths, int(one.To-one.From))
		}
	}
	if s.Every = commonGap(lengths); s.Every == 0 {
		return s, false
	}
	for _, one := range stays {
		at := int(one.To-one.From) / s.Every
		switch one.End {
		case Completed:
			s.Most = max(s.Most, at)
			s.Leave.Of += at
		case Unplanned:
			s.Leave.Of += at
			s.Leave.K++
		case Open:
			s.Leave.Of += at
		}
	}
	return s, s.Leave.Of > 0
}

// commonGap is the longest gap of at least 2 days that nine in ten lengths are multiples of, and four in five of
// those that differ; 0 if there is none.
func commonGap(lengths []int) int {
	if len(lengths) < 5 {
		return 0
	}
	lengths = slices.Sorted(slices.Values(lengths))
	fitting := func(gap int, all []int) (n int) {
		for _, one := range all {
			if one > 0 && one%gap == 0 {
				n++
			}
		}
		return n
	}
	distinct := slices.Compact(slices.Clone(lengths))
	for gap := distinct[len(distinct)-1]; gap >= 2; gap-- {
		if 10*fitting(gap, lengths) >= 9*len(lengths) && 5*fitting(gap, distinct) >= 4*len(distinct) {
			return gap
		}
	}
	return 0
}
