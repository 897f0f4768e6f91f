package sim

import "tier4/sim/dist"

// Others at a shared unit: they come, wait, occupy and leave, and enter no figure or cost of ours.
//
// While none of us waits for the unit they concern nobody: they are left alone, and what has happened to
// them since is worked out when one of us comes or goes. Only while one of us waits, or somebody listens,
// has the unit a timer.

var (
	otherDemandName = dist.NameOf("other_demand")
	stayName        = dist.NameOf("stay")
)

// others is their state at one place.
type others struct {
	coming  arrivals
	next    ticks   // when the next comes
	waiting []ticks // how long each will stay, first come first served
	first   int     // Invariant: waiting[:first] have been admitted
	leaving []ticks // when those inside leave, the next first
	alone   bool    // no timer is set: all is as it was left
	since   ticks   // while alone: up to when what has happened to them is known
}

// reset empties a unit for its next replication.
func (o *others) reset() {
	o.waiting, o.first, o.leaving, o.next, o.since = o.waiting[:0], 0, o.leaving[:0], forever, 0
	o.alone = true
}

func (o *others) waits() int { return len(o.waiting) - o.first }

// openUnits begins the others of each shared unit.
func (w *world) openUnits(root dist.Key) {
	for _, at := range w.m.shared {
		s := &w.m.stages[at.stage]
		b, u := &s.beds[at.place], &w.rooms[at.stage].places[at.place]
		name := dist.NameOf(s.Name).And(dist.NameOf(b.Name))
		u.others.coming.resetOthers(w.m, root.Name(otherDemandName).Name(name), b.Others.PerYear)
		u.others.next = u.others.coming.next()
		if w.watched() {
			u.others.alone = false
			w.aimOthers(s, at.place, u)
		}
	}
}

// soonest is when the next of the others comes or leaves or a bed has rested, and which of the two it is.
func (u *unit) soonest() (at ticks, order int) {
	o := &u.others
	at, order = o.next, orderJoins
	if len(o.leaving) > 0 && o.leaving[0] <= at {
		at, order = o.leaving[0], orderEnds
	}
	if len(u.rests) > 0 && u.rests[0] <= at {
		at, order = u.rests[0], orderEnds
	}
	return at, order
}

// leaveAlone takes the timer of a unit away if nobody of ours waits any more, and otherwise sets it. What
// comes before this moment has happened.
func (w *world) leaveAlone(r *room, i int, u *unit) {
	o := &u.others
	switch {
	case o.alone:
	case r.list.n == 0 && !w.watched():
		o.alone, o.since = true, w.now
		w.q.Cancel(r.stage.beds[i].others)
	default:
		w.aimOthers(r.stage, i, u)
	}
}

// aimOthers sets the timer of a unit that is not left alone.
func (w *world) aimOthers(s *stage, i int, u *unit) {
	at, order := u.soonest()
	w.setSystem(s.beds[i].others, at, order)
}

// othersHappen is the timer of a unit: others come and leave, beds have rested.
func (w *world) othersHappen(stage, i int) {
	s, r := &w.m.stages[stage], &w.rooms[stage]
	b, u := &s.beds[i], &r.places[i]
	w.othersAt(s, i, u, w.now)
	if w.leaveAlone(r, i, u); !u.others.alone && u.hasSharedRoom(b) {
		w.mayServe(r)
	}
}

// othersAt brings those who leave, and those who come, up to a moment: nobody is given a bed yet.
func (w *world) othersAt(s *stage, i int, u *unit, now ticks) {
	o, b := &u.others, &s.beds[i]
	gone := 0
	for gone < len(o.leaving) && o.leaving[gone] <= now {
		w.tell(nil, OtherLeaves, s, int32(i), "")
		if b.turnover > 0 {
			u.rests = append(u.rests, o.leaving[gone]+b.turnover)
		}
		gone++
	}
	if gone > 0 {
		o.leaving = append(o.leaving[:0], o.leaving[gone:]...)
	}
	u.rested(now)
	for o.next <= now {
		o.comes(b)
	}
}

// catchUp works out what has happened to the others of a unit that was left alone, in all instants before a
// moment; something at the unit changes then. Until then each of them takes the bed that is ready first, so
// that nothing needs doing when one leaves or a bed has rested (Kiefer and Wolfowitz 1955).
func (w *world) catchUp(s *stage, i int, u *unit, before ticks) {
	o, b := &u.others, &s.beds[i]
	left, rested := 0, 0 // those of leaving and rests whose beds others have taken
	for came := o.since; !u.closed; came = o.since {
		if o.waits() == 0 {
			if o.next >= before {
				break
			}
			came = max(came, o.next)
			o.comes(b)
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
	for o.next < before {
		o.comes(b)
	}
	u.rests = append(u.rests[:0], u.rests[rested:]...)
	u.rested(before - 1)
	for left < len(o.leaving) && o.leaving[left] < before {
		if ready := o.leaving[left] + b.turnover; ready >= before {
			u.rests = append(u.rests, ready)
		}
		left++
	}
	o.leaving = append(o.leaving[:0], o.leaving[left:]...)
	o.since = before
}

// comes puts the next of the others on their list.
func (o *others) comes(b *place) {
	if o.waits() == 0 || o.first > 64 {
		o.waiting = append(o.waiting[:0], o.waiting[o.first:]...)
		o.first = 0
	}
	a := o.coming.take()
	o.waiting = append(o.waiting, toTicks(b.Others.Stay.AtSurvival(a.key.Draw(stayName, 0, 0))))
	o.next = o.coming.next()
}

// starts begins the stay of the first of the others who wait; the first so many of leaving are no longer there.
func (o *others) starts(now ticks, left int) {
	until := now + o.waiting[o.first]
	o.first++
	o.leaving = append(o.leaving, until)
	k := len(o.leaving) - 1
	for ; k > left && o.leaving[k-1] > until; k-- {
		o.leaving[k] = o.leaving[k-1]
	}
	o.leaving[k] = until
}

// changes is said before one of us leaves a place, or the beds of it become others.
func (w *world) changes(s *stage, i int) {
	if s.beds[i].Others == nil {
		return
	}
	r := &w.rooms[s.index]
	u := &r.places[i]
	if w.leaveAlone(r, i, u); u.others.alone {
		w.catchUp(s, i, u, w.now)
	}
}

// admitOther gives a bed to the first of the others who wait.
func (w *world) admitOther(s *stage, i int32, o *others) {
	w.tell(nil, OtherStarts, s, i, "")
	o.starts(w.now, 0)
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
	if o.alone && b.Others != nil {
		w.catchUp(s, int(i), u, w.now)
		w.othersAt(s, int(i), u, w.now)
		o.alone = false
	}
	open := u.open && (b.everyDay || b.Admits[w.m.cal.weekday(w.now.day())])
	for u.hasSharedRoom(b) {
		switch {
		case open && r.list.n > 0 && u.inside < u.beds && w.take(r, i):
			continue
		case o.waits() > 0:
			w.admitOther(s, i, o)
			continue
		case open && r.list.n > 0 && w.take(r, i):
			continue
		}
		break
	}
	if b.Others != nil {
		w.leaveAlone(r, int(i), u)
	}
}
