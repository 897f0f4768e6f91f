package sim

import "tier4/sim/dist"

// The way of a person through any stage: referral, joining its list, being served or giving up,
// leaving by a route. What is special to a kind of stage is in the file of its name.

var (
	returnsName = dist.NameOf("returns")
	againName   = dist.NameOf("returns after")
	readyName   = dist.NameOf("ready_after")
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
	died
	causes
)

// refer starts the first visit of the person who comes.
func (w *world) refer() {
	p := w.newPerson()
	w.meet(p, w.arrivals.take())
	w.coming = w.arrivals.next()
	w.beginVisit(p)
	s := &w.m.streams[p.stream]
	if w.m.extra {
		w.readies(p, s.replayedReady(p.who))
	}
	w.ledger.refer(p)
	w.enter(p, s.enters)
}

// meet makes someone who comes for the first time who they are.
func (w *world) meet(p *person, a *arrival) {
	p.root, p.who, p.visit = a.key, a.who, 0
	p.stream, p.kind = uint16(a.stream), a.kind
	if w.m.relapse != nil {
		w.after[p.slot] = aftermath{}
	}
	if w.m.extra {
		w.extras[p.slot] = nothingExtra()
	}
}

// comeBack starts the next visit of someone who relapsed.
func (w *world) comeBack(p *person) {
	w.ledger.comeBack(w, p)
	p.visit++
	w.beginVisit(p)
	if w.m.extra {
		w.readies(p, 0)
	}
	w.enter(p, w.m.relapse.to)
}

func (w *world) beginVisit(p *person) {
	p.key = p.root.Int(uint64(p.visit))
	p.referred = w.now
	p.completed, p.between = false, false
	w.stopClock(p)
	if w.m.remembers() {
		clear(w.visitsOf(p))
	}
	if w.m.weighs {
		clear(w.gained[int(p.slot)*len(w.m.effects):][:len(w.m.effects)])
		p.mult = w.m.people.ratios(p.kind)
	}
}

// newPerson takes a free slot or grows the pool, which moves everybody.
func (w *world) newPerson() *person {
	if n := len(w.free); n > 0 {
		slot := w.free[n-1]
		w.free = w.free[:n-1]
		return &w.people[slot]
	}
	w.people = append(w.people, person{slot: int32(len(w.people)), mult: [targets]float64{1, 1, 1}})
	w.after = append(w.after, aftermath{})
	for range w.m.stages {
		w.visits = append(w.visits, visits{})
	}
	for range w.m.effects {
		w.gained = append(w.gained, 0)
	}
	if w.m.extra {
		w.extras = append(w.extras, extra{})
	}
	if len(w.m.budgets) > 0 {
		for range w.m.bedsStages {
			w.commitments = append(w.commitments, commitment{})
		}
	}
	return &w.people[len(w.people)-1]
}

// release frees a slot.
func (w *world) release(p *person) {
	w.stopTimer(p)
	p.state = gone
	w.free = append(w.free, p.slot)
}

// enter joins the list of a stage.
func (w *world) enter(p *person, stage int) { w.enterAt(p, stage, w.now) }

// enterAt joins the list of a stage with the time of joining, which lies before now only for those who
// are there at the start.
func (w *world) enterAt(p *person, stage int, joined ticks) {
	r := &w.rooms[stage]
	s := r.stage
	p.stage, p.pass = int32(stage), 0
	if w.m.remembers() {
		v := w.visitsTo(p, stage)
		p.pass = v.passes
		v.passes++
	}
	p.state, p.joined, p.stamp = waiting, joined, joined
	p.hearings, p.attended = 0, 0
	p.endAt, p.findAt, p.giveUpAt, p.waitsFor = forever, forever, forever, -1
	p.queued = w.rank(p, s)
	w.stopTimer(p)
	w.ledger.join(w.now, p, r)
	w.tell(p, Joins, s, none, "")
	if w.m.extra && w.joinsWithExtra(p, r) {
		return
	}
	if s.simple && w.quiet() {
		w.joinBeds(p, r)
		return
	}
	w.begin(p, r)
	if p.state == waiting && (r.dirty || s.ListMax != NoLimit) {
		w.unsettle(stage)
		w.fresh = append(w.fresh, p.slot)
		return
	}
	w.startWaiting(p, r)
}

// joinsWithExtra is what few models ask of someone who joins a list: they take the place that was held
// for them, or wait for a case first. It reports whether nothing else is to be done now.
func (w *world) joinsWithExtra(p *person, r *room) bool {
	x, s := w.extraOf(p), r.stage
	x.passedOver, x.answered = 0, forever
	if s.Kind == PanelKind {
		x.expires = forever
	}
	if x.reserved != none && !r.places[x.reserved].open {
		w.giveUpHeld(p, r) // it has closed since
	}
	if x.reserved != none {
		r.list.join(w.people, p)
		w.holders = append(w.holders, p.slot)
		w.matchSoon(r)
		return true
	}
	w.mayDieWaiting(p, s)
	if w.waitsForCase(p, s) {
		w.fresh = append(w.fresh, p.slot)
		return true
	}
	return false
}

// begin puts someone who needs no case, or has it, on the list of a stage.
func (w *world) begin(p *person, r *room) {
	s := r.stage
	if s.choosy || w.starting && s.Kind == BedsKind {
		var places uint64
		places, p.findAt = w.acceptance(p, s)
		r.list.accept(p, places)
	}
	if s.fastTrack != nil && w.tracksFast(p, s) {
		return
	}
	r.list.join(w.people, p)
	switch s.Kind {
	case BedsKind:
		r.newcomer(p)
		w.unsettle(s.index)
	case DelayKind, AftercareKind:
		if s.places != 0 {
			w.unsettle(s.index)
		}
	case GroupKind:
		w.aimGathering(r)
	}
}

// startWaiting starts the patience, and the spot searches, of someone whom nobody could serve on joining.
func (w *world) startWaiting(p *person, r *room) {
	s := r.stage
	w.ledger.stays(p, r)
	if s.neverEnds && p.relapseAt == forever { // they wait for as long as it takes
		w.stopTimer(p)
		return
	}
	switch {
	case s.Kind == BedsKind && s.atOnce != s.all && p.findAt == forever: // or it is known since they joined
		_, p.findAt = w.acceptance(p, s)
	case s.Kind == DelayKind && s.places == 0 && p.endAt == forever && (s.pool < 0 || w.extraOf(p).pool < 0):
		w.startDelay(p, s)
	}
	w.startPatience(p, r)
	w.setTimer(p)
}

// serve takes a person off the list into the service of a stage with places, for as long as it takes.
func (w *world) serve(p *person, r *room) {
	s := r.stage
	r.list.leave(w.people, p)
	w.startService(p, r)
	p.endAt = w.now + toTicks(s.takes[p.kind].AtSurvival(w.draw(p, s.addr.takes)))
	if s.Kind == AftercareKind {
		w.scaleClock(p, s.ratio[RelapseAfter])
	}
	w.setTimer(p)
}

// startService closes the wait of a person who is no longer on the list, and counts them in.
func (w *world) startService(p *person, r *room) {
	p.state, p.since = serving, w.now
	p.giveUpAt, p.findAt = forever, forever
	r.inside++
	w.ledger.serve(w.now, p, r)
	if w.m.extra {
		w.waitEnds(p)
	}
	w.tell(p, Starts, r.stage, p.place, "")
	if w.m.plan.reaching && r.stage.Kind == BedsKind {
		w.reach(p, r)
	}
}

// reach notes the first admission of a visit to a stage of beds.
func (w *world) reach(p *person, r *room) {
	if v := w.visitsTo(p, r.stage.index); !v.reached {
		v.reached, v.first = true, w.now
		w.ledger.reach(w.now, p, r)
	}
}

// endService counts a person out.
func (w *world) endService(p *person, r *room) {
	r.inside--
	w.ledger.leaveService(w.now, p, r)
	w.tell(p, Leaves, r.stage, p.place, "")
}

// cutShort counts a person out before the end of a service.
func (w *world) cutShort(p *person, r *room) {
	w.endService(p, r)
	if s := r.stage; s.Kind == GroupKind {
		w.ledger.attended(p, s, min(p.attended, int32((w.now-p.since)/s.sessions)+1))
	}
}

// how a wait ends.
type waitEnd uint8

const (
	served waitEnd = iota
	gaveUp
	relapsed
	expired
	diedWaiting
)

// endWait closes the wait of a person who is no longer on the list and is not served in a place.
func (w *world) endWait(p *person, r *room, how waitEnd) {
	p.giveUpAt, p.findAt = forever, forever
	w.ledger.endWait(w.now, p, r, how)
	if w.m.extra {
		w.waitEnds(p)
	}
}

// waitEnds ends what holds only for a wait: a bed kept meanwhile, and dying on the list.
func (w *world) waitEnds(p *person) {
	x := w.extraOf(p)
	x.dieWaiting, x.fast = forever, false
	if x.kept.stage != none {
		w.letGo(p)
	}
}

// unlist takes a person off the list if they are on one.
func (w *world) unlist(p *person, r *room) {
	if p.state != waiting {
		return
	}
	if w.m.extra && w.extraOf(p).pool >= 0 {
		w.leavePool(p)
		return
	}
	r.list.leave(w.people, p)
	if r.stage.Kind == GroupKind {
		w.aimGathering(r)
	}
}

// turnAway undoes a joining for which the list had no room.
func (w *world) turnAway(p *person, r *room) {
	w.unlist(p, r)
	w.ledger.turnAway(w.now, p, r)
	if w.m.extra {
		w.waitEnds(p)
	}
	w.exit(p, toCommunity, turnedAway)
}

// relapse is the relapse clock striking, wherever the person is.
func (w *world) relapse(p *person, r *room) {
	if p.state == away {
		w.tell(p, Relapses, &w.m.stages[p.stage], none, "")
		w.relapsesAway(p, w.now)
		return
	}
	if p.state == serving {
		w.cutShort(p, r)
	} else {
		w.unlist(p, r)
		w.endWait(p, r, relapsed)
	}
	w.tell(p, RelapsesInside, r.stage, none, "")
	w.rememberRelapse(p, w.now)
	w.stopClock(p)
	p.endAt = forever
	if w.m.extra {
		w.uncommit(p)
	}
	w.goOnFrom(p, r, w.wayOut(p, r, Relapsed), relapsedWaiting)
}

// rememberRelapse tells figures that look back on a completed episode.
func (w *world) rememberRelapse(p *person, relapse ticks) {
	if a := &w.after[p.slot]; a.pending {
		a.pending, a.relapsed = false, true
		w.ledger.relapseAfter(w, p, relapse)
	}
}

// relapsesAway is relapse outside the pathway, now or later: the person may be referred again after it.
func (w *world) relapsesAway(p *person, relapse ticks) {
	w.rememberRelapse(p, relapse)
	w.stopClock(p)
	p.endAt = forever
	r := w.m.relapse
	if r == nil || !r.returns || p.key.Draw(returnsName, 0, 0) >= r.share[p.kind] {
		w.stayAway(p)
		return
	}
	at := relapse + toTicks(r.again[p.kind].AtSurvival(p.key.Draw(againName, 0, 0)))
	if at > w.m.end || w.m.extra && w.extraOf(p).dieAfter < at {
		w.stayAway(p)
		return
	}
	p.state = returning
	w.aim(p, at, comesBack, orderJoins)
}

// stayAway follows someone outside the pathway for as long as anything can happen to them. If that is a relapse alone,
// whether they come back after it is known already, and it has no moment of its own unless somebody listens.
func (w *world) stayAway(p *person) {
	mayDie := w.m.extra && w.extraOf(p).dieAfter <= w.m.end
	switch {
	case p.relapseAt > w.m.end && !mayDie:
		w.release(p)
	case mayDie || w.watched():
		p.state = away
		w.setTimer(p)
	default:
		w.relapsesAway(p, p.relapseAt)
	}
}

// goOn takes a person along the route of an outcome; why is the cause if the route leads out.
func (w *world) goOn(p *person, r *room, outcome Outcome, why cause) {
	w.goTo(p, w.wayOut(p, r, outcome), why)
}

// wayOut is the way on of an outcome that is no bed's.
func (w *world) wayOut(p *person, r *room, outcome Outcome) (to int) {
	to = w.pick(p, r.stage, outcome)
	if p.between {
		w.onTheWay(p, to, outcome)
	}
	return to
}

// goTo takes a person to a stage, or out by an exit.
func (w *world) goTo(p *person, to int, why cause) {
	if to >= 0 {
		w.enter(p, to)
	} else {
		w.exit(p, to, why)
	}
}

// pick draws the way on of an outcome.
func (w *world) pick(p *person, s *stage, outcome Outcome) int {
	return w.pickAt(p, s, outcome, p.pass)
}

// pickAt draws the way on from a pass through the stage.
func (w *world) pickAt(p *person, s *stage, outcome Outcome, pass uint32) int {
	r := s.next[outcome][p.kind]
	if to, ok := r.only(); ok {
		return to
	}
	return r.pick(p.key.Draw(s.addr.next, pass, 0))
}

// exit ends the visit. A relapse clock goes on outside.
func (w *world) exit(p *person, to int, why cause) {
	w.leaves(p, to, why)
	if to == toRelapse {
		w.relapsesAway(p, w.now)
		return
	}
	w.stayAway(p)
}

// leaves counts someone out of the pathway, and gives back what they hold.
func (w *world) leaves(p *person, to int, why cause) {
	w.ledger.exit(w, p, to, why)
	p.endAt, p.findAt, p.giveUpAt = forever, forever, forever
	if w.m.extra {
		w.extraOf(p).expires = forever
		w.closeCases(p)
		w.uncommit(p)
	}
	if why != died {
		w.tellOut(p, to, why)
	}
}

// readies draws from when on someone who is referred can be admitted to a bed.
func (w *world) readies(p *person, ready ticks) {
	x := w.extraOf(p)
	x.ready = ready
	if laws := w.m.streams[p.stream].ready; ready == 0 && laws != nil && laws[p.kind] != nil {
		x.ready = p.referred + toTicks(laws[p.kind].AtSurvival(p.key.Draw(readyName, 0, 0)))
	}
}

// expire ends a wait because the panel's approval is no longer good: back to that panel.
func (w *world) expire(p *person, r *room) {
	x := w.extraOf(p)
	w.tell(p, Expires, r.stage, none, "")
	panel := int(x.panel)
	w.unlist(p, r)
	w.endWait(p, r, expired)
	w.ledger.counts(p, &w.m.stages[panel]).expired++
	x.expires = forever
	w.uncommit(p)
	p.endAt = forever
	w.enter(p, panel)
	w.matchSoon(r)
}
