package sim

import (
	"cmp"
	"math"
	"slices"
)

// started is a compiled Started.
type started struct {
	row           int
	stage, place  int
	inside        bool
	cohort        int
	traits        uint16 // bits, if known
	known         bool
	stream        int
	joined, since ticks
	whenever      bool // since is unknown
	past          past
}

// past is what is certain of the visit of someone who is at a stage, whichever way they came.
type past struct {
	cases    uint16 // of the pools in which they hold one
	approved bool   // by a panel: money is committed for the beds to come
	panel    int32  // whose approval has not been used for a bed yet; none if that is not certain
}

// and is what is certain if either is so.
func (a past) and(b past) past {
	both := past{a.cases & b.cases, a.approved && b.approved, a.panel}
	if a.panel != b.panel {
		both.panel = none
	}
	return both
}

// pasts is what is certain of those who have come from a stream to each stage; nil where nobody of it comes.
func (c *compiler) pasts(enters int) []*past {
	all := make([]*past, len(c.m.stages))
	open := []int{enters}
	all[enters] = &past{panel: none}
	for len(open) > 0 {
		q := open[len(open)-1]
		open = open[:len(open)-1]
		s := &c.m.stages[q]
		for o := range s.next {
			after := s.after(*all[q], Outcome(o))
			for kind := range s.next[o] {
				for _, w := range s.next[o][kind] {
					if w.to < 0 {
						continue
					}
					known := after
					if before := all[w.to]; before != nil {
						if known = before.and(after); known == *before {
							continue
						}
					}
					all[w.to] = &known
					open = append(open, w.to)
				}
			}
		}
	}
	return all
}

// after is what is certain of those who leave a stage with an outcome, given what was as they came to it.
func (s *stage) after(b past, outcome Outcome) past {
	switch {
	case s.Kind == BedsKind:
		b.cases, b.panel = 0, none
		return b
	case s.Kind == PanelKind:
		b.approved, b.panel = outcome == Completed, none
		if b.approved && s.approval < forever {
			b.panel = int32(s.index)
		}
	}
	if s.pool >= 0 {
		b.cases |= 1 << s.pool
	}
	return b
}

// pastOf is what is certain of someone of the start, of a stream or of any, given what is of those who have come to each
// stage from each stream: whoever is inside a stage has come to it by its case.
func (c *compiler) pastOf(k *started, anyStream bool, pasts [][]*past) past {
	var known *past
	for i, from := range pasts {
		switch here := from[k.stage]; {
		case here == nil || i != k.stream && !anyStream:
		case known == nil:
			known = here
		default:
			both := known.and(*here)
			known = &both
		}
	}
	if known == nil {
		known = &past{panel: none}
	}
	is := *known
	switch s := &c.m.stages[k.stage]; {
	case k.inside && s.Kind == BedsKind:
		is.cases, is.panel = 0, none
	case k.inside && s.pool >= 0:
		is.cases |= 1 << s.pool
	}
	return is
}

// starting compiles who is there at the start, those first who joined first.
func (c *compiler) starting() {
	if len(c.faults) > 0 {
		return
	}
	var pasts [][]*past
	for i := range c.m.streams {
		if len(c.spec.Starting) > 0 {
			pasts = append(pasts, c.pasts(c.m.streams[i].enters))
		}
	}
	for row, p := range c.spec.Starting {
		k := started{row: row, place: -1, inside: p.Inside, cohort: c.cohort("start_with", p.Cohort), known: p.Known, whenever: math.IsNaN(p.Since)}
		stage, ok := c.index[p.Stage]
		if !ok || stage < 0 {
			c.fault("start_with: there is no stage %q", p.Stage)
			continue
		}
		k.stage = stage
		s := &c.m.stages[stage]
		if p.Inside {
			k.place = slices.IndexFunc(s.beds, func(b place) bool { return b.Name == p.Place })
			if s.Kind == BedsKind && k.place < 0 {
				c.fault("start_with: there is no place %q in %s", p.Place, p.Stage)
			}
			if s.Kind != BedsKind && (s.Kind == PanelKind || s.Kind == GroupKind || !s.serves()) {
				c.fault("start_with: nobody can be inside %s at the start, only wait for it", p.Stage)
			}
		}
		for _, name := range p.Traits {
			i := slices.IndexFunc(c.m.people.traits, func(t trait) bool { return t.name == name })
			if i < 0 {
				c.fault("start_with: there is no trait %q", name)
				continue
			}
			k.traits |= 1 << i
		}
		if p.Stream != "" {
			k.stream = slices.IndexFunc(c.m.streams, func(s stream) bool { return s.Name == p.Stream })
			if k.stream < 0 {
				c.fault("start_with: there is no stream %q", p.Stream)
				k.stream = 0
			}
		}
		if !(p.Joined <= 0) || !(p.Since <= 0 || k.whenever) || p.Joined < -36525 || p.Since < -36525 {
			c.fault("start_with: row %d: people must have joined before the start, and within a hundred years", row+1)
			continue
		}
		k.joined = -toTicks(-p.Joined)
		if !k.whenever {
			k.since = -toTicks(-p.Since)
		}
		k.past = c.pastOf(&k, p.Stream == "", pasts)
		c.m.started = append(c.m.started, k)
	}
	slices.SortStableFunc(c.m.started, func(a, b started) int { return cmp.Compare(a.joined, b.joined) })
}
