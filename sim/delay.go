package sim

import "tier4/sim/dist"

// A delay without places is itself the wait, and giving up races it. With places, people queue
// for one; only that is the wait, and the time inside is not.

// startDelay draws the length of a delay without places.
func (w *world) startDelay(p *person, s *stage) {
	from := p.joined
	if s.pool >= 0 {
		from = w.now // when the case was opened
	}
	takes := dist.LongerThan(s.takes[p.kind], w.draw(p, s.addr.takes), 1, (w.now - from).days()) // from may be before the run began
	p.endAt = max(w.now, from+toTicks(takes))
}

// delayEnds is the end of a delay of either sort.
func (w *world) delayEnds(p *person, r *room) {
	s := r.stage
	if s.places == 0 { // it serves nobody, so that nobody is to be matched
		w.unlist(p, r)
		w.endWait(p, r, served)
		w.gain(p, s.effect, 1)
		w.goOn(p, r, Completed, byRoute)
		return
	}
	w.endService(p, r)
	w.gain(p, s.effect, 1)
	w.goOnFrom(p, r, w.wayOut(p, r, Completed), byRoute)
}
