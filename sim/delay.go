package sim

// A delay without places is itself the wait, and giving up races it. With places, people queue
// for one; only that is the wait, and the time inside is not.

// startDelay starts a delay without places.
func (w *world) startDelay(slot int32, s *stage, r *room) {
	p := &w.people[slot]
	if s.ListMax != NoLimit && w.ledger.waitingNow(s) > s.ListMax {
		w.turnAway(slot, s)
		return
	}
	p.endAt = w.now + toTicks(s.takes[p.kind].AtSurvival(w.draw(p, s.addr.takes)))
	w.startPatience(p, s)
	w.ledger.stays(p)
	w.setTimer(slot)
}

// delayEnds is the end of a delay of either sort.
func (w *world) delayEnds(slot int32, s *stage) {
	if s.places == 0 {
		w.endWait(slot, s, served)
	} else {
		w.endService(slot, s)
	}
	w.gain(slot, s.effect, 1)
	w.goOn(slot, s, Completed, byRoute)
	w.matchSoon(s)
}
