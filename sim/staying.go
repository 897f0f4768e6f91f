package sim

import "slices"

// Beds kept after a stay, and places held before one.

// stayOn keeps someone who has completed their stay in the bed, if the stage says so for their way on:
// on the next list from now, or until their way out is clear.
func (w *world) stayOn(p *person, s *stage, to int) bool {
	for k := range s.staysOn {
		on := &s.staysOn[k]
		if on.to != to || to < 0 && on.law[p.kind] == nil {
			continue
		}
		w.tell(p, KeepsBed, s, p.place, "")
		x := w.extraOf(p)
		if to < 0 {
			x.leaving = true
			p.endAt = w.now + toTicks(on.law[p.kind].AtSurvival(w.draw(p, s.addr.staysOn)))
			w.setEnd(p)
			return true
		}
		w.episodeEnds(p, to, Completed)
		x.kept = kept{stage: int32(s.index), place: p.place, pass: p.pass, until: w.now + on.upTo}
		w.swapKept(p, s, &x.kept)
		w.enter(p, to)
		return true
	}
	return false
}

// letGo empties the bed that someone keeps while waiting.
func (w *world) letGo(p *person) {
	x := w.extraOf(p)
	k := x.kept
	x.kept = kept{stage: none, until: forever}
	r := &w.rooms[k.stage]
	w.swapKept(p, r.stage, &k)
	w.vacate(p, r, k.place, k.pass, Completed)
	w.swapKept(p, r.stage, &k)
	w.unsettle(int(k.stage))
}

// swapKept exchanges what a person has committed for a stage and for the bed of it that they keep.
func (w *world) swapKept(p *person, s *stage, k *kept) {
	if s.budget >= 0 {
		own := &w.commitmentsOf(p)[s.bedsIndex]
		*own, k.commitment = k.commitment, *own
	}
}

// quitBed is the end of the time for which someone keeps their bed: they wait on without it.
func (w *world) quitBed(p *person) {
	w.letGo(p)
	w.setTimer(p)
}

// placeToHold is the first block place that can be held for someone in the stage where theirs holds one, -1 if
// there is none, and whether they are bound to wait for one: those whose way leads there and whom one suits and does
// not refuse. It is held on any day, and takes them on any day: they are expected.
func (w *world) placeToHold(p *person, s *stage) (i int, bound bool) {
	if s.held < 0 || w.pick(p, s, Completed) != s.held {
		return -1, false
	}
	t, r := &w.m.stages[s.held], &w.rooms[s.held]
	pass := w.comingPass(p, s.held)
	for _, i := range t.order {
		b := &t.beds[i]
		if b.Contract != Block || !suits(p, b) || b.refuses != nil && p.key.Draw(b.addr.refuses, pass, 0) < b.refuses[p.kind] {
			continue
		}
		if bound = true; r.places[i].hasBed() {
			return int(i), true
		}
	}
	return -1, bound
}

// holdPlace holds the place that can be held for someone in the stage where theirs holds one. Where there are beds for
// any number none needs to be.
func (w *world) holdPlace(p *person, s *stage) {
	if held, _ := w.placeToHold(p, s); held >= 0 && w.m.stages[s.held].beds[held].Beds != NoLimit {
		w.extraOf(p).reserved = int32(held)
		w.rooms[s.held].places[held].inside++
		w.tell(p, HasBedHeld, &w.m.stages[s.held], int32(held), "")
	}
}

// giveUpHeld frees the place held in a stage for someone who does not go on to it.
func (w *world) giveUpHeld(p *person, r *room) {
	x := w.extraOf(p)
	r.places[x.reserved].inside--
	x.reserved = none
	w.mayServe(r) // and whoever waits elsewhere for a place to be held there
}

// takeHeld admits those who have come to a stage to the places held for them there.
func (w *world) takeHeld(r *room) {
	w.holders = slices.DeleteFunc(w.holders, func(slot int32) bool {
		p := &w.people[slot]
		if int(p.stage) != r.stage.index {
			return false
		}
		x := w.extraOf(p)
		i := x.reserved
		x.reserved = none
		r.places[i].inside--
		r.list.leave(w.people, p)
		w.admit(p, r, i)
		return true
	})
}

// vacated settles what a bed that is left gives back, and what leaving it early starts.
func (w *world) vacated(p *person, s *stage, i int32, pass uint32, outcome Outcome) {
	x := w.extraOf(p)
	b, a := &s.beds[i], &w.ledger.places[s.firstPlace+int(i)].account
	if x.charged {
		year := w.ledger.yearNow()
		switch unslept := x.unslept(w.now); {
		case unslept < 0:
			a.left -= x.keptNights(year, w.now)
		case unslept > 0 && x.admitted >= year.from:
			a.left += unslept
			w.returned()
		}
	}
	notice := Pence(0)
	if outcome == Unplanned {
		w.mayDieAfter(p, s, pass)
	}
	if outcome == Unplanned && b.nightly {
		notice = int64(b.Terms.NoticeNights) * b.price(w.ledger.year)
		a.notice += notice
	}
	w.sleptAt(p, s, commitment{place: i, from: x.admitted, to: w.now}, notice)
	w.mayHold(&w.rooms[s.index])
}

// unslept is how many of the nights planned for a stay have not been slept at a moment; below 0, how many more have.
func (x *extra) unslept(now ticks) int64 {
	return plannedNights(x.admitted, x.planned) - nights(x.admitted, now)
}

// keptNights are the nights of a financial year, up to a moment, for which a bed has been kept beyond those planned.
func (x *extra) keptNights(y *financialYear, now ticks) int64 {
	return max(0, min(-x.unslept(now), nights(max(x.planned, y.from), now)))
}

// keepsNights takes the nights for which beds are being kept as a financial year ends from those bought for it.
func (w *world) keepsNights(y *financialYear) {
	if !w.m.extra {
		return
	}
	for slot := range w.people {
		p, x := &w.people[slot], &w.extras[slot]
		stage, place := p.stage, p.place
		if x.kept.stage != none {
			stage, place = x.kept.stage, x.kept.place
		}
		s := &w.m.stages[stage]
		inBed := p.state == serving || x.kept.stage != none
		if p.state != gone && inBed && x.charged && s.Kind == BedsKind && len(s.staysOn) > 0 {
			w.ledger.places[s.firstPlace+int(place)].account.left -= x.keptNights(y, y.until)
		}
	}
}
