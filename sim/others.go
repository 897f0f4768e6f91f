package sim

import "tier4/sim/dist"

// Others at a shared unit: they come, wait, occupy and leave, and enter no figure or cost of ours.
//
// They are left alone: what has happened to them is worked out when one of us comes or goes, and while one of
// us waits the unit's one timer is aimed at the first moment at which the others may leave us a bed. Only when
// somebody listens does everything that happens to them have its moment.

var (
	otherDemandName = dist.NameOf("other_demand")
	stayName        = dist.NameOf("stay")
)

// others is their state at one place.
type others struct {
	from    *arrivals
	line    []other // who is yet to be admitted: all who have come, and some who will; read where they are made, or own
	own     []other // those of several windows
	first   int     // Invariant: line[:first] have been admitted
	leaving []ticks // when those inside leave, the next first
	since   ticks   // up to when what has happened to them is known
	turns   int     // likewise, of the turns that the stage has had at that moment
	free    ticks   // nothing of ours changing, they leave us no bed before then
	ready   []ticks // scratch
}

// other is when one of them comes, and how long they will stay.
type other struct{ comes, stays ticks }

// reset empties a unit for its next replication.
func (o *others) reset() {
	o.line, o.first, o.leaving, o.since, o.turns, o.free = nil, 0, o.leaving[:0], 0, 0, 0
}

// at is the k-th of the others who are yet to be admitted; who comes last never does.
func (o *others) at(k int) *other {
	for o.first+k >= len(o.line) {
		o.more()
	}
	return &o.line[o.first+k]
}

// more lengthens the line by those of the next window, who are read where they are unless some of the window before
// are yet to be admitted.
func (o *others) more() {
	if o.first == len(o.line) {
		o.line = o.from.fillOthers()
	} else {
		o.own = append(o.own[:0], o.line[o.first:]...)
		o.own = append(o.own, o.from.fillOthers()...)
		o.line = o.own
	}
	o.first = 0
}

// waits is how many of the others have come by a moment and are yet to be admitted.
func (o *others) waits(now ticks) (n int) {
	for i := o.first; i < len(o.line) && o.line[i].comes <= now; i++ {
		n++
	}
	return n
}

// openUnits begins the others of each shared unit.
func (w *world) openUnits(root dist.Key) {
	for _, at := range w.m.shared {
		s := &w.m.stages[at.stage]
		b, u := &s.beds[at.place], &w.rooms[at.stage].places[at.place]
		name := dist.NameOf(s.Name).And(dist.NameOf(b.Name))
		u.others.from, u.others.line = w.known.others(w.m, root.Name(otherDemandName).Name(name), b.Others)
		if w.watched() {
			w.aimNext(s, at.place, u)
		}
	}
}

// aimNext sets the timer of a unit to when the next of the others comes or leaves or a bed has rested.
func (w *world) aimNext(s *stage, i int, u *unit) {
	o, b := &u.others, &s.beds[i]
	at, order := o.at(o.waits(w.now)).comes, orderJoins
	if len(o.leaving) > 0 && o.leaving[0] <= at {
		at, order = o.leaving[0], orderEnds
	}
	if len(u.rests) > 0 && u.rests[0] <= at {
		at, order = u.rests[0], orderEnds
	}
	w.setSystem(b.others, at, order)
}

// othersHappen is the timer of a unit: others come and leave, beds have rested, or there may be a bed for one
// of us.
func (w *world) othersHappen(stage, i int) {
	s, r := &w.m.stages[stage], &w.rooms[stage]
	u := &r.places[i]
	if r.list.n == 0 && !w.watched() {
		return
	}
	w.bringUp(s, i, u)
	if u.hasSharedRoom(&s.beds[i]) {
		w.mayServe(r)
	} else {
		w.aimOthers(s, i, u)
	}
}

// bringUp brings the others up to now: nobody is given a bed at this moment yet.
func (w *world) bringUp(s *stage, i int, u *unit) {
	o, b := &u.others, &s.beds[i]
	w.leaveAlone(s, i, u)
	gone := 0
	for gone < len(o.leaving) && o.leaving[gone] <= w.now {
		w.tell(nil, OtherLeaves, s, int32(i), "")
		if b.turnover > 0 {
			u.rests = append(u.rests, o.leaving[gone]+b.turnover)
		}
		gone++
	}
	if gone > 0 {
		o.leaving = append(o.leaving[:0], o.leaving[gone:]...)
	}
	u.rested(w.now)
}

// leaveAlone works out what has happened to the others of a unit up to the turn that the stage has, or would
// have, now.
func (w *world) leaveAlone(s *stage, i int, u *unit) {
	if w.watched() {
		return
	}
	o, b := &u.others, &s.beds[i]
	if o.since < w.now {
		w.catchUp(b, u, w.now)
		o.turns = 0
	}
	if n := w.rounds.turns(w.now, s); n > o.turns { // in which they took what beds there were
		w.catchUp(b, u, w.now+1)
		o.since, o.turns = w.now, n
	}
}

// catchUp works out what has happened to the others of a unit in all instants before a moment; something at
// the unit changes then. Until then each of them takes the bed that is ready first, so that nothing needs doing
// when one leaves or a bed has rested (Kiefer and Wolfowitz 1955).
func (w *world) catchUp(b *place, u *unit, before ticks) {
	o := &u.others
	left, rested := 0, 0 // those of leaving and rests whose beds others have taken
	for !u.closed {
		came := max(o.since, o.at(0).comes)
		if came >= before {
			break
		}
		ready := ticks(0)
		var taken *int
		if u.inside+len(o.leaving)-left+len(u.rests)-rested >= b.Of {
			ready = forever
			if rested < len(u.rests) {
				ready, taken = u.rests[rested], &rested
			}
			if left < len(o.leaving) && o.leaving[left]+b.turnover < ready {
				ready, taken = o.leaving[left]+b.turnover, &left
			}
		}
		start := max(came, ready)
		if start >= before {
			break
		}
		if taken != nil {
			*taken++
		}
		o.starts(start, left)
	}
	if rested > 0 {
		u.rests = append(u.rests[:0], u.rests[rested:]...)
	}
	u.rested(before - 1)
	for left < len(o.leaving) && o.leaving[left] < before {
		if ready := o.leaving[left] + b.turnover; ready >= before {
			u.rests = append(u.rests, ready)
		}
		left++
	}
	if left > 0 {
		o.leaving = append(o.leaving[:0], o.leaving[left:]...)
	}
	o.since = before
}

// starts begins the stay of the first of the others who wait; the first so many of leaving are no longer there.
func (o *others) starts(now ticks, left int) {
	until := now + o.line[o.first].stays
	o.first++
	o.leaving = insert(append(o.leaving, 0), left, until)
}

// insert puts a time into its place among those of a sorted list but for the first so many and the last, which gives way.
func insert(sorted []ticks, from int, at ticks) []ticks {
	k := len(sorted) - 1
	for ; k > from && sorted[k-1] > at; k-- {
		sorted[k] = sorted[k-1]
	}
	sorted[k] = at
	return sorted
}

// putOff puts a later time in place of the first of a sorted list.
func putOff(sorted []ticks, to ticks) {
	k := 1
	for ; k < len(sorted) && sorted[k] < to; k++ {
		sorted[k-1] = sorted[k]
	}
	sorted[k-1] = to
}

// changes is said before one of us leaves a place, or the beds of it become others.
func (w *world) changes(s *stage, i int) {
	u := &w.rooms[s.index].places[i]
	if s.beds[i].Others != nil {
		w.leaveAlone(s, i, u)
	}
	u.others.free = 0
}

// hasSharedRoom reports whether a bed of a shared unit is free, for ours or for others.
func (u *unit) hasSharedRoom(b *place) bool {
	return !u.closed && u.inside+len(u.others.leaving)+len(u.rests) < b.Of
}

// matchShared gives the beds of a shared unit: ours come first on as many as we have priority on, and
// may use more only if nobody else waits.
func (w *world) matchShared(r *room, i int32) {
	s := r.stage
	b, u := &s.beds[i], &r.places[i]
	o := &u.others
	if b.Others != nil {
		if w.now < o.free && !w.watched() {
			return
		}
		w.bringUp(s, int(i), u)
	}
	open := u.open && (b.everyDay || b.Admits[w.m.cal.weekday(w.now.day())])
	for u.hasSharedRoom(b) {
		waits := b.Others != nil && o.at(0).comes <= w.now
		switch {
		case open && r.list.n > 0 && (!waits || u.inside < u.beds) && w.take(r, i):
			continue
		case waits:
			w.tell(nil, OtherStarts, s, i, "")
			o.starts(w.now, 0)
			continue
		}
		break
	}
	if b.Others != nil {
		w.aimOthers(s, int(i), u)
	}
}

// aimOthers sets the timer of a unit to when there may next be a bed in it for one of us, if one of us waits.
func (w *world) aimOthers(s *stage, i int, u *unit) {
	o, b := &u.others, &s.beds[i]
	if w.watched() {
		w.aimNext(s, i, u)
		return
	}
	o.free = 0
	if w.rooms[s.index].list.n == 0 {
		return
	}
	if u.hasSharedRoom(b) { // nobody who waits can have it, for now
		w.aimNext(s, i, u)
		return
	}
	if o.free = w.leftToUs(b, u); o.free > w.m.end {
		w.q.Cancel(b.others)
		return
	}
	w.setSystem(b.others, o.free, orderEnds)
}

// lookAhead is how many of the others are looked at for a bed that they leave us: more would often be in vain,
// because one of us comes or goes before.
const lookAhead = 6

// leftToUs is before when a unit that is full has no bed for one of us, if none of us comes or goes until then:
// when one is ready, or, beyond those on which we come first, when one is ready before the next of the others
// comes, so far as is looked ahead. What happens to the others until then is looked at and not done.
func (w *world) leftToUs(b *place, u *unit) ticks {
	o := &u.others
	if u.closed {
		return forever
	}
	ready := append(o.ready[:0], u.rests...)
	for _, at := range o.leaving {
		ready = insert(append(ready, 0), 0, at+b.turnover)
	}
	o.ready = ready
	if len(ready) == 0 {
		return forever
	}
	if u.inside >= u.beds {
		for k := 0; k < lookAhead && ready[0] <= w.m.end; k++ {
			next := o.at(k)
			if next.comes > ready[0] {
				break
			}
			putOff(ready, ready[0]+next.stays+b.turnover)
		}
	}
	return ready[0]
}
