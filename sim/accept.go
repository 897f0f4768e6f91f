package sim

// Whom a place accepts, and from when on.

// acceptsFrom is the moment from which the i-th place of a stage and a person on its list suit each
// other, forever when they do not.
func (w *world) acceptsFrom(p *person, s *stage, i int) ticks {
	b := &s.beds[i]
	if !suits(p, b) {
		return forever
	}
	at := p.joined
	if b.refuses != nil && w.draw(p, b.addr.refuses) < b.refuses[p.kind] {
		return forever
	}
	if b.takes != nil && b.takes[p.kind] != nil {
		at += toTicks(b.takes[p.kind].AtSurvival(w.draw(p, b.addr.takes)))
	}
	if s.wantsLocal != nil && !b.Local && w.draw(p, s.addr.local) < s.wantsLocal[p.kind] {
		at = max(at, p.joined+s.localFor)
	}
	if b.Contract == Spot {
		at = max(at, w.searchEnds(p, s, b))
	}
	if w.m.extra {
		at = max(at, w.extraOf(p).ready)
	}
	return at
}

// suits is drawn once for each person and place.
func suits(p *person, b *place) bool {
	return b.suits == nil || p.root.Draw(b.addr.suits, 0, 0) < b.suits[p.kind]
}

// searchEnds is when the search at a spot place ends for a person: one search a wait. It starts at
// once for those whom none of the stage's other places suits, if it has any.
func (w *world) searchEnds(p *person, s *stage, b *place) ticks {
	at := p.joined
	if s.onlySpot || !s.choosy || suitedElsewhere(p, s) {
		at += b.lookAfter
	}
	if l := b.found[p.kind]; l != nil {
		at += toTicks(l.AtSurvival(w.draw(p, b.addr.found)))
	}
	return at
}

// suitedElsewhere reports whether a place that is not spot suits the person.
func suitedElsewhere(p *person, s *stage) bool {
	for i := range s.beds {
		if b := &s.beds[i]; b.Contract != Spot && suits(p, b) {
			return true
		}
	}
	return false
}

// acceptance is the set of places that accept a person now, and when the next one will.
func (w *world) acceptance(p *person, s *stage) (places uint64, next ticks) {
	places, next = s.atOnce, forever
	for i := range s.beds {
		if places>>i&1 == 1 {
			continue
		}
		if at := w.acceptsFrom(p, s, i); at <= w.now {
			places |= 1 << i
		} else {
			next = min(next, at)
		}
	}
	return places, next
}

// find is a place coming to accept someone on the list: a search or a visit has ended, or a wish for a
// local place. They keep their place on the list; whichever bed comes first is taken.
func (w *world) find(p *person, r *room) {
	s := r.stage
	places, next := w.acceptance(p, s)
	if places != r.list.accepts(p) {
		r.list.leave(w.people, p)
		r.list.accept(p, places)
		r.list.join(w.people, p)
		r.newcomer(p)
	}
	p.findAt = next
	w.unsettle(s.index)
	w.setTimer(p)
}
