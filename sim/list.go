package sim

// list is the waiting list of a stage: a queue for each priority, linked through the people in it,
// so that joining at the back, taking the first and giving up each cost the same however long it is.
//
// Queue order: higher priority first where the stage is kept by priority, then the stamp (time of
// joining, or of deferral), then time of referral, then who the person is; never the order in which
// events were made.
type list struct {
	queues []queue // Invariant: one for each priority of the model, highest first.
	n      int     // Invariant: the sum of the queues' lengths.
}

type queue struct{ first, last int32 } // slots, none when empty

const none = int32(-1)

// reset empties the list for so many priorities, keeping its memory.
func (l *list) reset(priorities int) {
	l.queues, l.n = sized(l.queues, priorities), 0
	for i := range l.queues {
		l.queues[i] = queue{none, none}
	}
}

// before is queue order within one priority.
func (p *person) before(o *person) bool {
	if p.stamp != o.stamp {
		return p.stamp < o.stamp
	}
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
func (l *list) head(people []person) *person {
	for i := range l.queues {
		if first := l.queues[i].first; first != none {
			return &people[first]
		}
	}
	return nil
}

// newcomer is the last person in queue order of those who joined now, nil if nobody did: whoever
// joined now is at the back of the queue of their priority, behind none but others of this instant.
func (l *list) newcomer(people []person, now ticks) *person {
	for i := len(l.queues) - 1; i >= 0; i-- {
		for slot := l.queues[i].last; slot != none && people[slot].stamp == now; slot = people[slot].prev {
			if p := &people[slot]; p.joined == now {
				return p
			}
		}
	}
	return nil
}

// found is a heap, in queue order, of people for whom a spot search has found a place. Entries
// carry the order they had when found; those whose wait has ended since are dropped when they come up.
type found struct{ heap []foundEntry }

type foundEntry struct {
	queued   int32
	slot     int32
	wait     uint32 // the person's wait when found
	stamp    ticks
	referred ticks
	who      uint64
}

func (a *foundEntry) before(b *foundEntry) bool {
	if a.queued != b.queued {
		return a.queued < b.queued
	}
	if a.stamp != b.stamp {
		return a.stamp < b.stamp
	}
	if a.referred != b.referred {
		return a.referred < b.referred
	}
	return a.who < b.who
}

func (f *found) push(e foundEntry) {
	f.heap = append(f.heap, e)
	for i := len(f.heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if !f.heap[i].before(&f.heap[parent]) {
			break
		}
		f.heap[i], f.heap[parent] = f.heap[parent], f.heap[i]
		i = parent
	}
}

func (f *found) pop() {
	n := len(f.heap) - 1
	f.heap[0] = f.heap[n]
	f.heap = f.heap[:n]
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < n; child++ {
			if f.heap[child].before(&f.heap[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		f.heap[i], f.heap[least] = f.heap[least], f.heap[i]
		i = least
	}
}

// first is the first person in queue order who still waits, nil if nobody does.
func (f *found) first(people []person) *person {
	for len(f.heap) > 0 {
		e := &f.heap[0]
		if p := &people[e.slot]; p.state == waiting && p.wait == e.wait {
			return p
		}
		f.pop()
	}
	return nil
}
