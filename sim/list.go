package sim

import "slices"

// list is the waiting list of a stage: a queue for each priority and for each set of places that
// people accept now, linked through the people in it, so that joining at the back, taking the first
// and giving up each cost the same however long it is.
//
// Queue order: higher priority first where the stage is kept by priority, then the stamp (time of
// joining, or of deferral), then time of referral, then who the person is; never the order in which
// events were made.
type list struct {
	queues     []queue  // [set of places][priority], highest first
	accepted   []uint64 // the sets of places; the first is of those that everyone accepts from joining on
	priorities int
	n          int // Invariant: the sum of the queues' lengths.
}

type queue struct{ first, last int32 } // slots, none when empty

const none = int32(-1)

// everywhere is the set of all places.
const everywhere = ^uint64(0)

// reset empties the list for so many priorities, keeping its memory.
func (l *list) reset(priorities int, accepted uint64) {
	l.queues, l.accepted, l.priorities, l.n = l.queues[:0], l.accepted[:0], priorities, 0
	l.open(accepted)
}

// open adds the queues of a set of places.
func (l *list) open(accepted uint64) {
	l.accepted = append(l.accepted, accepted)
	for range l.priorities {
		l.queues = append(l.queues, queue{none, none})
	}
}

// accepts is the set of places that someone on the list accepts now.
func (l *list) accepts(p *person) uint64 { return l.accepted[int(p.queued)/l.priorities] }

// accept says which places a person, not on the list yet, accepts now.
func (l *list) accept(p *person, accepted uint64) {
	set := slices.Index(l.accepted, accepted)
	if set < 0 {
		set = len(l.accepted)
		l.open(accepted)
	}
	p.queued = p.queued%int32(l.priorities) + int32(set*l.priorities)
}

// before is queue order.
func (l *list) before(p, o *person) bool {
	if a, b := p.queued%int32(l.priorities), o.queued%int32(l.priorities); a != b {
		return a < b
	}
	return p.before(o)
}

// before is queue order within one priority.
func (p *person) before(o *person) bool {
	if p.stamp != o.stamp {
		return p.stamp < o.stamp
	}
	return p.referredBefore(o)
}

// referredBefore is the order of referral, and of who people are.
func (p *person) referredBefore(o *person) bool {
	if p.referred != o.referred {
		return p.referred < o.referred
	}
	return p.who < o.who
}

// join puts a person on the list in queue order; those who join later than all others cost nothing.
func (l *list) join(people []person, p *person) {
	slot := p.slot
	q := &l.queues[p.queued]
	after := q.last
	for after != none && p.before(&people[after]) {
		after = people[after].prev
	}
	p.prev = after
	if after == none {
		p.next, q.first = q.first, slot
	} else {
		p.next, people[after].next = people[after].next, slot
	}
	if p.next == none {
		q.last = slot
	} else {
		people[p.next].prev = slot
	}
	l.n++
}

// leave takes a person off the list.
func (l *list) leave(people []person, p *person) {
	q := &l.queues[p.queued]
	if p.prev == none {
		q.first = p.next
	} else {
		people[p.prev].next = p.next
	}
	if p.next == none {
		q.last = p.prev
	} else {
		people[p.next].prev = p.prev
	}
	l.n--
}

// head is the first person in queue order, nil when nobody waits.
func (l *list) head(people []person) *person { return l.headFor(people, everywhere) }

// headFor is the first person in queue order who accepts any of the places, nil when nobody does.
func (l *list) headFor(people []person, places uint64) (best *person) {
	if len(l.queues) == 1 {
		if first := l.queues[0].first; first != none && l.accepted[0]&places != 0 {
			return &people[first]
		}
		return nil
	}
	for i := range l.queues {
		first := l.queues[i].first
		if first == none || l.accepted[i/l.priorities]&places == 0 {
			continue
		}
		if p := &people[first]; best == nil || l.before(p, best) {
			best = p
		}
	}
	return best
}

// walk calls visit with everyone who accepts any of the places, in queue order, until it says to stop.
// Nobody may join or leave meanwhile. at is scratch memory, which it returns.
func (l *list) walk(people []person, places uint64, at []int32, visit func(*person) (stop bool)) []int32 {
	at = at[:0]
	for i := range l.queues {
		first := l.queues[i].first
		if l.accepted[i/l.priorities]&places == 0 {
			first = none
		}
		at = append(at, first)
	}
	for {
		best := -1
		for i, slot := range at {
			if slot != none && (best < 0 || l.before(&people[slot], &people[at[best]])) {
				best = i
			}
		}
		if best < 0 {
			return at
		}
		p := &people[at[best]]
		at[best] = p.next
		if visit(p) {
			return at
		}
	}
}
