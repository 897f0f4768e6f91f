package report

import (
	"cmp"
	"slices"

	"tier4/sim"
)

// standing is where everybody in the pathway is, at the moment that has been told.
type standing struct {
	*Traced
	people map[uint64]*place
	others map[string]int // of others at a shared unit, by stage and place
}

// place is where one person is.
type place struct {
	who  string
	from sim.Person

	list     string   // the stage on whose list they are, "" for none
	joined   sim.Days // it
	stamp    sim.Days // in the queue: joined, or put off last
	referred sim.Days
	hearings int      // by the panel, in this wait
	noCase   bool     // they wait for a case first
	fast     bool     // the panel decides without a meeting
	heardAt  sim.Days // and wait for the answer
	heard    bool

	stage, bed string // in service; bed is the place, "" where there are none
	since      sim.Days
	began      bool      // there already as the run began
	kept       bool      // the stay is over, the bed is kept
	keptSince  sim.Days  // since then
	held       *sim.Told // a bed is held for them where they go on to
	visit      int
	cases      []string // of staff pools
}

// hears takes in what happened.
func (s *standing) hears(e sim.Told) {
	if e.What == sim.OtherStarts || e.What == sim.OtherLeaves {
		if s.others == nil {
			s.others = map[string]int{}
		}
		by := 1
		if e.What == sim.OtherLeaves {
			by = -1
		}
		s.others[e.Stage+" "+e.Place] += by
		return
	}
	p := s.person(e)
	switch e.What {
	case sim.Joins:
		p.list, p.joined, p.stamp = e.Stage, e.Since, e.Since
		p.hearings, p.fast, p.heard, p.held = 0, false, false, nil
		pool := s.stage(e.Stage).OpensCase
		p.noCase = pool != "" && !slices.Contains(p.cases, pool)
	case sim.OpensCase:
		p.noCase = false
		p.cases = append(p.cases, s.stage(e.Stage).OpensCase)
	case sim.IsFastTracked:
		p.fast = true
	case sim.IsHeard:
		p.hearings++
		p.heard, p.heardAt = true, e.At
	case sim.IsDeferred:
		p.hearings++
		p.fast, p.stamp = false, e.At
	case sim.IsAnswered, sim.Expires:
		p.list = ""
	case sim.Starts:
		p.list, p.stage, p.bed, p.since = "", e.Stage, e.Place, e.At
		p.began = e.At == 0 && len(s.Scenario.Spec.Starting) > 0
		if e.Place != "" {
			p.cases = nil
		}
	case sim.HasBedHeld:
		p.held = &e
	case sim.KeepsBed:
		p.kept, p.keptSince = true, e.At
	case sim.Leaves:
		p.stage, p.bed, p.kept = "", "", false
	case sim.RelapsesInside:
		p.list = ""
	case sim.IsOut, sim.Dies:
		delete(s.people, e.Who.Key)
	case sim.Relapses: // outside
		delete(s.people, e.Who.Key)
	}
}

// person is where someone is to whom something happens.
func (s *standing) person(e sim.Told) *place {
	if s.people == nil {
		s.people = map[uint64]*place{}
	}
	p, ok := s.people[e.Who.Key]
	if !ok {
		p = &place{who: s.Name(e.Who), from: e.Who, referred: e.Since, visit: e.Visit}
		s.people[e.Who.Key] = p
	}
	return p
}

// inOrder are the people whom a test picks, in an order.
func (s *standing) inOrder(pick func(*place) bool, order func(a, b *place) int) (some []*place) {
	for _, p := range s.people {
		if pick(p) {
			some = append(some, p)
		}
	}
	slices.SortFunc(some, func(a, b *place) int { return cmp.Or(order(a, b), byName(a, b)) })
	return some
}

// awaited are how many have a bed of a place held for them who are still elsewhere.
func (s *standing) awaited(stage, bed string) (n int) {
	for _, p := range s.people {
		if p.held != nil && p.held.Stage == stage && p.held.Place == bed {
			n++
		}
	}
	return n
}

// inside are those in service at a stage, in a bed of a place if one is named: those longest there first.
func (s *standing) inside(stage, bed string) []*place {
	return s.inOrder(func(p *place) bool { return p.stage == stage && p.bed == bed },
		func(a, b *place) int { return cmp.Compare(a.since, b.since) })
}

// waiting are those on a stage's list, in queue order; last come those who wait for a case, and first
// those whose answer is on its way.
func (s *standing) waiting(stage *sim.Stage) []*place {
	rank := func(p *place) int {
		switch {
		case p.heard || p.fast:
			return 0
		case p.noCase:
			return 2
		}
		return 1
	}
	return s.inOrder(func(p *place) bool { return p.list == stage.Name }, func(a, b *place) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), -cmp.Compare(s.priority(stage, a), s.priority(stage, b)),
			cmp.Compare(a.stamp, b.stamp), cmp.Compare(a.referred, b.referred))
	})
}

// priority is a person's on a list that is kept by it.
func (s *standing) priority(stage *sim.Stage, p *place) int {
	if stage.ByPriority {
		for _, one := range s.Scenario.Spec.Streams {
			if one.Name == p.from.Stream {
				return one.Priority
			}
		}
	}
	return 0
}

// byName is the order of people of whom nothing else tells who is first: stream, cohort, slab, number.
func byName(a, b *place) int {
	x, y := a.from, b.from
	return cmp.Or(cmp.Compare(x.Stream, y.Stream), cmp.Compare(x.Cohort, y.Cohort), cmp.Compare(x.Slab, y.Slab), cmp.Compare(x.Number, y.Number), cmp.Compare(x.Key, y.Key))
}
