package sim

import "tier4/sim/dist"

// matchBeds gives beds to people: each place in the order listed, block before spot, takes its
// first acceptable person in queue order.
func (w *world) matchBeds(r *room) {
	s := r.stage
	for _, i := range s.order {
		if r.list.n == 0 {
			return
		}
		b, u := &s.beds[i], &r.places[i]
		for w.hasRoom(b, u) {
			p := r.list.head(w.people)
			if b.Contract == Spot {
				p = u.found.first(w.people)
			}
			if p == nil {
				break
			}
			r.list.leave(w.people, p)
			w.admit(p, r, i)
		}
	}
}

// joinBeds joins a list at a quiet instant: whoever waits already finds no place, so a place with room
// now is for the one who comes, and without one they wait.
func (w *world) joinBeds(p *person, r *room) {
	s := r.stage
	if r.list.n == 0 {
		for _, i := range s.order {
			if s.beds[i].Contract != Spot && w.hasRoom(&s.beds[i], &r.places[i]) {
				w.admit(p, r, i)
				return
			}
		}
	}
	r.list.join(w.people, p)
	w.startWaiting(p, r)
}

// hasRoom reports whether a place can take one more person now.
func (w *world) hasRoom(b *place, u *unit) bool {
	if b.Beds != NoLimit && u.inside+len(u.rests) >= b.Beds {
		return false
	}
	return b.timer == none || b.open(w.m.cal, w.now)
}

// open reports whether a place admits at t.
func (b *place) open(cal calendar, t ticks) bool {
	return t >= b.from && t < b.until && (b.everyDay || b.Admits[cal.weekday(t.day())])
}

// nextOpening is the first moment after t at which a place may start to admit, or closes for good.
func (b *place) nextOpening(cal calendar, t ticks) ticks {
	if b.from > t {
		return b.from
	}
	if b.everyDay || t >= b.until {
		if b.until > t {
			return b.until
		}
		return forever
	}
	for day := t.day() + 1; day <= t.day()+8; day++ {
		if b.Admits[cal.weekday(day)] && !b.Admits[cal.weekday(day-1)] {
			return min(ticks(day)*oneDay, b.until)
		}
	}
	return b.until
}

// admit starts a stay: the planned stay races unplanned discharge.
func (w *world) admit(p *person, r *room, i int32) {
	s := r.stage
	w.stopClock(p)
	p.place, p.completed = i, false
	r.places[i].inside++
	w.startService(p, r)
	stay := s.stay[p.kind].AtSurvival(w.draw(p, s.addr.stay))
	p.outcome = Completed
	if l := s.leave[p.kind]; l != nil {
		ratio := p.mult[UnplannedDischarge] * s.beds[i].ratio[UnplannedDischarge]
		if early := dist.WithHazardRatio(l, w.draw(p, s.addr.unplanned), ratio); early < stay {
			stay, p.outcome = early, Unplanned
		}
	}
	p.endAt = w.now + toTicks(stay)
	w.setEnd(p)
}

// leaveBed ends a stay. The relapse clock starts here: if another bed can follow it only ends the
// wait for that one, otherwise the episode in beds is over.
func (w *world) leaveBed(p *person, r *room) {
	s := r.stage
	b, outcome := &s.beds[p.place], p.outcome
	w.endService(p, r)
	r.places[p.place].inside--
	if b.turnover > 0 {
		w.restBed(r, int(p.place))
	}
	if outcome == Completed {
		w.gain(p, s.effect, 1)
	}
	w.gain(p, b.effect, 1)
	if w.m.relapse != nil {
		w.startClock(p, s, outcome)
	}
	why := byRoute
	if outcome == Unplanned {
		why = leftEarly
	}
	to := w.pick(p, s, outcome)
	if to < 0 || !w.m.stages[to].leadsToBeds {
		if p.completed = outcome == Completed; p.completed && w.m.relapse != nil {
			a := &w.after[p.slot]
			a.completed, a.pending, a.relapsed = w.now, true, false
			w.ledger.completes(w, p)
		}
	}
	if to >= 0 {
		w.enter(p, to)
	} else {
		w.exit(p, to, why)
	}
	w.matchSoon(r)
}

// restBed keeps a bed empty for its turnover.
func (w *world) restBed(r *room, i int) {
	s := r.stage
	u := &r.places[i]
	u.rests = append(u.rests, w.now+s.beds[i].turnover)
	if len(u.rests) == 1 {
		w.setSystem(s.beds[i].rests, u.rests[0], orderEnds)
	}
}

// bedsRested makes beds ready whose turnover is over.
func (w *world) bedsRested(stage, i int) {
	u := &w.rooms[stage].places[i]
	ready := 0
	for ready < len(u.rests) && u.rests[ready] <= w.now {
		ready++
	}
	u.rests = append(u.rests[:0], u.rests[ready:]...)
	if len(u.rests) > 0 {
		w.setSystem(w.m.stages[stage].beds[i].rests, u.rests[0], orderEnds)
	}
	w.unsettle(stage)
}

// searchEnds is when the search at a spot place ends for a person: one search a wait.
func (w *world) searchEnds(p *person, b *place) ticks {
	at := p.joined + b.lookAfter
	if l := b.found[p.kind]; l != nil {
		at += toTicks(l.AtSurvival(w.draw(p, b.foundAddr)))
	}
	return at
}

// searchAtOnce marks the spot places that need no search.
func (w *world) searchAtOnce(p *person, r *room) {
	s := r.stage
	for i := range s.beds {
		if b := &s.beds[i]; b.Contract == Spot && b.lookAfter == 0 && b.found[p.kind] == nil {
			w.markFound(p, r, i)
		}
	}
}

// markFound makes a person acceptable to a spot place.
func (w *world) markFound(p *person, r *room, i int) {
	p.searched |= 1 << i
	r.places[i].found.push(foundEntry{p.queued, p.slot, p.wait, p.stamp, p.referred, p.who})
}

// aimSearch sets when the next search of a person ends.
func (w *world) aimSearch(p *person, s *stage) {
	p.findAt = forever
	for i := range s.beds {
		if b := &s.beds[i]; b.Contract == Spot && p.searched>>i&1 == 0 {
			p.findAt = min(p.findAt, w.searchEnds(p, b))
		}
	}
}

// find is a spot search ending: the person keeps the place on the list, whichever comes first is taken.
func (w *world) find(p *person, r *room) {
	s := r.stage
	for i := range s.beds {
		if b := &s.beds[i]; b.Contract == Spot && p.searched>>i&1 == 0 && w.searchEnds(p, b) <= w.now {
			w.markFound(p, r, i)
		}
	}
	w.aimSearch(p, s)
	w.unsettle(s.index)
	w.setTimer(p)
}
