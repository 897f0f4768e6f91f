package sim

import "tier4/sim/dist"

// The way of a person through any stage: referral, joining its list, being served or giving up,
// leaving by a route. What is special to a kind of stage is in the file of its name.

var (
	returnsName = dist.NameOf("returns")
	againName   = dist.NameOf("returns after")
)

// cause is why a person leaves the pathway other than by a route's ordinary way.
type cause uint8

const (
	byRoute cause = iota
	droppedOut
	declined
	relapsedWaiting
	leftEarly // a bed
	leftGroup
	turnedAway
	causes
)

// refer starts the first visit of a person.
func (w *world) refer(a *arrival) {
	slot := w.newSlot()
	p := &w.people[slot]
	s := &w.m.streams[a.stream]
	p.root, p.who, p.visit = a.key, a.who, 0
	p.stream = uint16(a.stream)
	kind := uint16(a.cohort) << len(w.m.people.traits)
	for i := range w.m.people.traits {
		if t := &w.m.people.traits[i]; a.key.Draw(t.addr, 0, 0) < t.share[a.cohort] {
			kind |= 1 << i
		}
	}
	p.kind = kind
	if w.m.relapse != nil {
		w.after[slot] = aftermath{}
	}
	w.beginVisit(slot)
	w.ledger.refer(p)
	w.enter(slot, s.enters)
}

// comeBack starts the next visit of someone who relapsed.
func (w *world) comeBack(slot int32) {
	p := &w.people[slot]
	w.ledger.comeBack(w, slot)
	p.visit++
	w.beginVisit(slot)
	w.enter(slot, w.m.relapse.to)
}

func (w *world) beginVisit(slot int32) {
	p := &w.people[slot]
	p.key = p.root.Int(uint64(p.visit))
	p.referred = w.now
	p.completed = false
	p.timer = nothing
	p.endAt, p.findAt, p.giveUpAt = forever, forever, forever
	w.stopClock(slot)
	clear(w.visitsOf(slot))
	effects := len(w.m.effects)
	if effects > 0 {
		clear(w.gained[int(slot)*effects : (int(slot)+1)*effects])
	}
	w.weigh(slot)
}

// newSlot takes a free slot or grows the pool.
func (w *world) newSlot() int32 {
	if n := len(w.free); n > 0 {
		slot := w.free[n-1]
		w.free = w.free[:n-1]
		return slot
	}
	w.people = append(w.people, person{})
	w.after = append(w.after, aftermath{})
	for range w.m.stages {
		w.visits = append(w.visits, visits{})
	}
	for range w.m.effects {
		w.gained = append(w.gained, 0)
	}
	return int32(len(w.people) - 1)
}

// release frees a slot.
func (w *world) release(slot int32) {
	w.stopTimer(slot)
	w.people[slot].state = gone
	w.free = append(w.free, slot)
}

// enter joins the list of a stage.
func (w *world) enter(slot int32, stage int) {
	p := &w.people[slot]
	s := &w.m.stages[stage]
	r := &w.rooms[stage]
	v := &w.visits[int(slot)*len(w.m.stages)+stage]
	p.stage, p.pass = int32(stage), v.passes
	v.passes++
	p.state, p.joined, p.stamp = waiting, w.now, w.now
	p.wait++
	p.hearings, p.attended, p.searched = 0, 0, 0
	p.endAt, p.findAt, p.giveUpAt = forever, forever, forever
	p.queued = 0
	if s.ByPriority {
		p.queued = w.m.streams[p.stream].queue
	}
	w.stopTimer(slot)
	w.ledger.join(w.now, p)
	if s.Kind == BedsKind && s.ListMax == NoLimit && !s.instantSpot && w.quiet() {
		w.joinBeds(slot, s, r)
		return
	}
	r.list.join(w.people, slot)
	switch s.Kind {
	case BedsKind:
		if s.instantSpot {
			w.searchAtOnce(slot, s, r)
		}
		w.unsettle(stage)
	case DelayKind, AftercareKind:
		if s.places != 0 {
			w.unsettle(stage)
		}
	case GroupKind:
		w.aimGathering(s, r)
	}
	if r.dirty || s.ListMax != NoLimit {
		w.unsettle(stage)
		w.fresh = append(w.fresh, slot)
		return
	}
	w.startWaiting(slot)
}

// startWaiting starts the patience, and the spot searches, of someone whom nobody could serve on joining.
func (w *world) startWaiting(slot int32) {
	p := &w.people[slot]
	s := &w.m.stages[p.stage]
	w.startPatience(p, s)
	switch {
	case s.spot:
		w.aimSearch(p, s)
	case s.Kind == DelayKind && s.places == 0:
		w.startDelay(p, s)
	}
	w.ledger.stays(p)
	w.setTimer(slot)
}

// startPatience draws when a person gives up waiting.
func (w *world) startPatience(p *person, s *stage) {
	if l := s.law[p.kind]; l != nil {
		u := w.draw(p, s.addr.patience)
		after := dist.WithHazardRatio(l, u, p.mult[DropsOutAfter]*s.KeepInTouch)
		p.giveUpAt = max(w.now, p.joined+toTicks(after))
	}
}

// serve takes a person off the list into the service of a stage with places, for as long as it takes.
func (w *world) serve(slot int32, s *stage) {
	p := &w.people[slot]
	w.rooms[s.index].list.leave(w.people, slot)
	w.endWait(slot, s, served)
	w.startService(slot, s)
	w.serveFor(slot, s.takes[p.kind].AtSurvival(w.draw(p, s.addr.takes)))
	if s.Kind == AftercareKind {
		w.scaleClock(slot, s.ratio[RelapseAfter])
		w.setTimer(slot)
	}
}

// startService counts a person in.
func (w *world) startService(slot int32, s *stage) {
	p := &w.people[slot]
	p.state, p.since = serving, w.now
	w.rooms[s.index].inside++
	w.ledger.enterService(w.now, p, s)
}

// serveFor sets the end of a service.
func (w *world) serveFor(slot int32, length Days) {
	w.people[slot].endAt = w.now + toTicks(length)
	w.setTimer(slot)
}

// endService counts a person out.
func (w *world) endService(slot int32, s *stage) {
	w.rooms[s.index].inside--
	w.ledger.leaveService(w.now, &w.people[slot], s)
}

// how a wait ends.
type waitEnd uint8

const (
	served waitEnd = iota
	gaveUp
	relapsed
)

// endWait closes the wait of a person who is no longer on the list.
func (w *world) endWait(slot int32, s *stage, how waitEnd) {
	p := &w.people[slot]
	p.giveUpAt, p.findAt = forever, forever
	w.ledger.endWait(w.now, p, s, how)
	if how != served || s.Kind != BedsKind || !w.m.plan.reaching {
		return
	}
	if v := &w.visits[int(slot)*len(w.m.stages)+s.index]; !v.reached {
		v.reached, v.first = true, w.now
		w.ledger.reach(w.now, p, s)
	}
}

// unlist takes a person off the list if they are on one.
func (w *world) unlist(slot int32, s *stage) {
	if w.people[slot].state != waiting {
		return
	}
	r := &w.rooms[s.index]
	r.list.leave(w.people, slot)
	if s.Kind == GroupKind {
		w.aimGathering(s, r)
	}
}

// giveUp ends a wait by drop-out.
func (w *world) giveUp(slot int32) {
	s := &w.m.stages[w.people[slot].stage]
	w.unlist(slot, s)
	w.endWait(slot, s, gaveUp)
	w.exit(slot, toCommunity, droppedOut)
}

// turnAway undoes a joining for which the list had no room.
func (w *world) turnAway(slot int32, s *stage) {
	w.unlist(slot, s)
	w.ledger.turnAway(w.now, &w.people[slot], s)
	w.exit(slot, toCommunity, turnedAway)
}

// relapse is the relapse clock striking, wherever the person is.
func (w *world) relapse(slot int32) {
	p := &w.people[slot]
	if p.state == away {
		w.relapseNow(slot)
		return
	}
	s := &w.m.stages[p.stage]
	if p.state == serving {
		w.endService(slot, s)
		if s.Kind == GroupKind {
			w.ledger.attended(s, min(p.attended, int32((w.now-p.since)/s.sessions)+1))
		}
	} else {
		w.unlist(slot, s)
		w.endWait(slot, s, relapsed)
	}
	w.rememberRelapse(slot)
	w.stopClock(slot)
	p.endAt = forever
	w.goOn(slot, s, Relapsed, relapsedWaiting)
	w.matchSoon(s)
}

// rememberRelapse tells figures that look back on a completed episode.
func (w *world) rememberRelapse(slot int32) {
	if a := &w.after[slot]; a.pending {
		a.pending, a.relapsed = false, true
		w.ledger.relapseAfter(w, slot)
	}
}

// relapseNow is relapse outside the pathway: the person may be referred again later.
func (w *world) relapseNow(slot int32) {
	p := &w.people[slot]
	w.rememberRelapse(slot)
	w.stopClock(slot)
	p.endAt = forever
	r := w.m.relapse
	if r == nil || !r.returns || p.key.Draw(returnsName, 0, 0) >= r.share[p.kind] {
		w.release(slot)
		return
	}
	at := w.now + toTicks(r.again[p.kind].AtSurvival(p.key.Draw(againName, 0, 0)))
	if at > w.m.end {
		w.release(slot)
		return
	}
	p.state = returning
	w.aim(slot, at, comesBack, orderJoins)
}

// goOn takes a person along the route of an outcome; why is the cause if the route leads out.
func (w *world) goOn(slot int32, s *stage, outcome Outcome, why cause) {
	p := &w.people[slot]
	if to := w.pick(p, s, outcome); to >= 0 {
		w.enter(slot, to)
	} else {
		w.exit(slot, to, why)
	}
}

// pick draws the way on of an outcome.
func (w *world) pick(p *person, s *stage, outcome Outcome) int {
	r := &s.next[outcome][p.kind]
	if to, ok := r.only(); ok {
		return to
	}
	return r.pick(w.draw(p, s.addr.next))
}

// exit ends the visit. A relapse clock goes on outside.
func (w *world) exit(slot int32, to int, why cause) {
	p := &w.people[slot]
	w.ledger.exit(w, slot, to, why)
	p.endAt, p.findAt, p.giveUpAt = forever, forever, forever
	if to == toRelapse {
		w.relapseNow(slot)
		return
	}
	if p.relapseAt > w.m.end {
		w.release(slot)
		return
	}
	p.state = away
	w.setTimer(slot)
}
