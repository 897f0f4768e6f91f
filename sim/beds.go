package sim

import "tier4/sim/dist"

// matchBeds gives beds to people: places held for someone first, then each place in the order listed, spot
// after the others, takes its first acceptable person in queue order.
func (w *world) matchBeds(r *room) {
	s := r.stage
	if len(w.holders) > 0 {
		w.takeHeld(r)
	}
	for _, i := range s.order {
		b, u := &s.beds[i], &r.places[i]
		u.refused = false
		if b.Contract == Share {
			w.matchShared(r, i)
		} else {
			for r.list.n > 0 && w.hasRoom(b, u) && w.take(r, i) {
			}
		}
		if len(r.newly) > 0 && !u.refused { // nobody has looked whether it can take them
			u.nobody = 0
		}
	}
	r.newly = r.newly[:0]
}

// take admits the first acceptable person to a place that has room; false if there is nobody.
func (w *world) take(r *room, i int32) bool {
	var p *person
	if r.stage.beds[i].mayPassOver {
		p = w.firstFitting(r, i)
	} else {
		p = r.list.headFor(w.people, 1<<i)
	}
	if p == nil {
		r.places[i].refused = true
		return false
	}
	r.list.leave(w.people, p)
	w.admit(p, r, i)
	return true
}

// firstFitting is the first acceptable person whom a place can take, nil if there is nobody.
func (w *world) firstFitting(r *room, i int32) (first *person) {
	s := r.stage
	u, held := &r.places[i], uint64(0)
	if s.held >= 0 {
		held = w.rooms[s.held].freed
	}
	if u.nobody == w.returns && u.held == held { // only those who have come since can fit
		for _, slot := range r.newly {
			p := &w.people[slot]
			if p.state == waiting && int(p.stage) == s.index && r.list.accepts(p)>>i&1 == 1 && (first == nil || r.list.before(p, first)) && w.fits(p, s, i) {
				first = p
			}
		}
		return first
	}
	if first = r.list.headFor(w.people, 1<<i); first != nil && !w.fits(first, s, i) { // it seldom takes more
		first = nil
		w.cursors = r.list.walk(w.people, 1<<i, w.cursors, func(p *person) bool {
			if w.fits(p, s, i) {
				first = p
				return true
			}
			return false
		})
	}
	if first == nil {
		u.nobody, u.held = w.returns, held
	}
	return first
}

// fits reports whether a place can take someone who accepts it: a place can be held for them where one
// must be, and there are nights and money for their stay. A stay has fewer nights from a midnight on than from the evening
// before, and fewer of this year's: whoever is passed over is tried again at midnight, before those who come later.
func (w *world) fits(p *person, s *stage, i int32) bool {
	if held, bound := w.placeToHold(p, s); bound && held < 0 {
		return false
	}
	x := w.extraOf(p)
	if x.passedAt != w.returns {
		x.passedAt, x.passedOver = w.returns, 0
	}
	if x.passedOver>>i&1 == 1 {
		return false
	}
	b := &s.beds[i]
	bought, held := b.Contract == BedNights, s.moneyHeld && b.nightly
	if !bought && !held {
		return true
	}
	until := w.now + toTicks(w.plannedStay(p, s, p.pass, 0))
	if bought && plannedNights(w.now, until) > w.ledger.places[s.firstPlace+int(i)].account.left || held && !w.covers(p, s, i, until) {
		x.passedOver |= 1 << i
		w.passedOver = true
		if !w.q.Pending(w.m.nightLess) {
			w.setSystem(w.m.nightLess, ticks(w.now.day()+1)*oneDay, orderCalendar)
		}
		return false
	}
	return true
}

// plannedNights is what a stay charges to a contract of bed nights: one at least.
func plannedNights(from, to ticks) int64 { return max(1, nights(from, to)) }

// joinBeds joins a list at a quiet instant: whoever waits already has found no place, or no money for one, so a place
// with room now is for the one who comes, and without one they wait.
func (w *world) joinBeds(p *person, r *room) {
	s := r.stage
	if r.list.n == 0 || s.mayPassOver {
		for _, i := range s.order {
			if s.atOnce>>i&1 == 1 && w.hasRoom(&s.beds[i], &r.places[i]) && (!s.beds[i].mayPassOver || w.fits(p, s, i)) {
				w.admit(p, r, i)
				return
			}
		}
	}
	r.list.join(w.people, p)
	r.newcomer(p)
	w.startWaiting(p, r)
}

// hasRoom reports whether a place can take one more person of ours now.
func (w *world) hasRoom(b *place, u *unit) bool {
	return u.hasBed() && (b.everyDay || b.Admits[w.m.cal.weekday(w.now.day())])
}

// hasBed reports whether a bed of ours is free, be it a day of admissions or not.
func (u *unit) hasBed() bool { return u.beds == NoLimit || u.inside+len(u.rests) < u.beds }

// nextOpening is the first moment after t at which a place has another number of beds, or may start to
// admit.
func (b *place) nextOpening(cal calendar, t ticks) ticks {
	next := forever
	for _, s := range b.steps {
		if s.at > t {
			next = s.at
			break
		}
	}
	if b.everyDay {
		return next
	}
	for day := t.day() + 1; day <= t.day()+8; day++ {
		if b.Admits[cal.weekday(day)] && !b.Admits[cal.weekday(day-1)] {
			return min(ticks(day)*oneDay, next)
		}
	}
	return next
}

// reopen is a place having another number of beds, or starting to admit.
func (w *world) reopen(id int32, o owner) {
	w.step(o.stage, o.place)
	w.mayServe(&w.rooms[o.stage])
	w.setSystem(id, w.m.stages[o.stage].beds[o.place].nextOpening(w.m.cal, w.now), orderCalendar)
}

// step gives a place the beds it has from now on.
func (w *world) step(stage, i int) {
	s := &w.m.stages[stage]
	b, u := &s.beds[i], &w.rooms[stage].places[i]
	w.changes(s, i)
	for _, k := range b.steps {
		if k.at <= w.now {
			u.beds, u.open, u.closed = k.beds, k.open, k.closed
		}
	}
	if b.holds() {
		w.ledger.places[s.firstPlace+i].hold(int64(u.beds), w.now)
	}
}

// plannedStay is how long a stay is planned on a pass, extensions included, given how long it has lasted.
func (w *world) plannedStay(p *person, s *stage, pass uint32, been Days) Days {
	stay := dist.LongerThan(s.stay[p.kind], p.key.Draw(s.addr.stay, pass, 0), 1, been)
	if s.extension != nil && p.key.Draw(s.addr.extension, pass, 0) < s.extension[p.kind] {
		stay += s.extensionAdds[p.kind].AtSurvival(p.key.Draw(s.addr.extensionAdds, pass, 0))
	}
	return stay
}

// admit starts a stay.
func (w *world) admit(p *person, r *room, i int32) {
	s := r.stage
	p.place, p.completed, p.between = i, false, false
	r.places[i].inside++
	w.startService(p, r)
	w.stopClock(p)
	w.stay(p, s, i, 0)
}

// stay sets the end of a stay that has lasted for so long: the planned one races unplanned discharge.
func (w *world) stay(p *person, s *stage, i int32, been Days) {
	stay := w.plannedStay(p, s, p.pass, been)
	if w.m.extra {
		w.admitted(p, s, i, max(0, stay-been))
	}
	p.outcome = Completed
	if l := s.leave[p.kind]; l != nil {
		u, ratio := w.draw(p, s.addr.unplanned), p.mult[UnplannedDischarge]*s.beds[i].ratio[UnplannedDischarge]
		if been > 0 || !dist.Outlasts(l, u, ratio, stay) {
			if early := dist.LongerThan(l, u, ratio, been); early < stay {
				stay, p.outcome = early, Unplanned
			}
		}
	}
	if p.endAt = w.now + toTicks(stay); been > 0 {
		p.endAt = max(w.now, p.endAt-toTicks(been))
	}
	w.setEnd(p)
}

// admitted settles what an admission ends, takes and holds beside the bed.
func (w *world) admitted(p *person, s *stage, i int32, stay Days) {
	x := w.extraOf(p)
	x.dieAfter, x.expires, x.leftEarly = forever, forever, forever
	w.closeCases(p)
	if !w.starting {
		w.holdPlace(p, s)
	}
	until := w.now + toTicks(stay)
	x.admitted, x.planned = w.now, until
	if x.charged = s.beds[i].Contract == BedNights && !w.starting; x.charged {
		w.ledger.places[s.firstPlace+int(i)].account.left -= plannedNights(w.now, until)
	}
	w.commit(p, s, commitment{place: i, from: w.now, to: until})
}

// leaveBed ends a stay. Some stay on in the bed: until the next stage has room for them, or until their
// way out is clear.
func (w *world) leaveBed(p *person, r *room) {
	s := r.stage
	i, outcome := p.place, p.outcome
	if w.m.extra && w.extraOf(p).leaving {
		w.extraOf(p).leaving = false
		w.vacate(p, r, i, p.pass, outcome)
		to := w.pick(p, s, outcome)
		w.episodeEnds(p, to, outcome)
		w.exit(p, to, byRoute)
		w.matchSoon(r)
		return
	}
	w.ledger.endStay(w.now, p, r)
	if w.m.weighs {
		if outcome == Completed {
			w.gain(p, s.effect, 1)
		}
		w.gain(p, s.beds[i].effect, 1)
	}
	to := w.pick(p, s, outcome)
	if w.m.extra && w.extraOf(p).reserved != none && (to != s.held || outcome != Completed) {
		w.giveUpHeld(p, &w.rooms[s.held])
	}
	if outcome == Completed && len(s.staysOn) > 0 && w.stayOn(p, s, to) {
		return
	}
	w.vacate(p, r, i, p.pass, outcome)
	w.episodeEnds(p, to, outcome)
	why := byRoute
	if outcome == Unplanned {
		why = leftEarly
	}
	w.goOnFrom(p, r, to, why)
}

// episodeEnds notes how someone leaves a bed, which may be the last of the visit, for a stage or an exit.
func (w *world) episodeEnds(p *person, to int, outcome Outcome) {
	if outcome != Completed {
		return
	}
	p.between = true
	w.after[p.slot].completed = w.now
	w.onTheWay(p, to, Completed)
}

// onTheWay follows someone who has completed a bed: it was the last once their way, all of it completed, leads to no
// other any more. Who is lost before that has not completed.
func (w *world) onTheWay(p *person, to int, outcome Outcome) {
	if outcome == Completed && to >= 0 && w.m.stages[to].leadsToBeds[p.kind] {
		return
	}
	p.between = false
	if p.completed = outcome == Completed; p.completed && w.m.relapse != nil {
		a := &w.after[p.slot]
		a.pending, a.relapsed = true, false
		w.ledger.completes(w, p)
	}
}

// vacate empties a bed. The relapse clock starts here: if another bed can follow it only ends the wait
// for that one, otherwise the episode in beds is over.
func (w *world) vacate(p *person, r *room, i int32, pass uint32, outcome Outcome) {
	s := r.stage
	r.inside--
	if s.shared {
		w.changes(s, int(i))
	}
	r.places[i].inside--
	w.ledger.vacateBed(w.now, p, r, i)
	w.tell(p, Leaves, s, i, leavingWords(outcome))
	if b := &s.beds[i]; b.turnover > 0 {
		w.restBed(r, int(i))
	}
	if w.m.relapse != nil {
		w.startClock(p, s, outcome, pass)
	}
	if w.m.extra {
		w.vacated(p, s, i, pass, outcome)
	}
}

// restBed keeps a bed empty for its turnover.
func (w *world) restBed(r *room, i int) {
	s := r.stage
	u := &r.places[i]
	u.rests = append(u.rests, w.now+s.beds[i].turnover)
	if len(u.rests) == 1 && s.beds[i].Others == nil {
		w.setSystem(s.beds[i].rests, u.rests[0], orderEnds)
	}
}

// bedsRested makes beds ready whose turnover is over.
func (w *world) bedsRested(stage, i int) {
	u := &w.rooms[stage].places[i]
	u.rested(w.now)
	if len(u.rests) > 0 {
		w.setSystem(w.m.stages[stage].beds[i].rests, u.rests[0], orderEnds)
	}
	w.mayServe(&w.rooms[stage])
}

// rested ends the turnover of beds up to a moment.
func (u *unit) rested(now ticks) {
	ready := 0
	for ready < len(u.rests) && u.rests[ready] <= now {
		ready++
	}
	if ready > 0 {
		u.rests = append(u.rests[:0], u.rests[ready:]...)
	}
}

// mayServe notes that a stage may have room for one more: for whoever waits for it, and for those of other
// stages for whom a place here must be held.
func (w *world) mayServe(r *room) {
	if w.mayMatch(r) {
		w.unsettle(r.stage.index)
	}
	w.mayHold(r)
}

// mayHold notes that a stage may have room for one more to be held for someone of another.
func (w *world) mayHold(r *room) {
	r.freed++
	for _, stage := range r.stage.feeds {
		w.unsettle(stage)
	}
}

// newcomer notes that someone has come to accept places of a stage where people may be passed over.
func (r *room) newcomer(p *person) {
	if r.stage.mayPassOver {
		r.newly = append(r.newly, p.slot)
	}
}
