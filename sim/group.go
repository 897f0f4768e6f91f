package sim

import "math"

// groupMeets is a group's meeting. Rolling: people join while there is room. Closed: a new group of
// those who wait starts, if enough do.
func (w *world) groupMeets(r *room) {
	s := r.stage
	r.meets = w.now + s.meetsEvery
	if s.Group.Closed {
		if r.list.n >= max(1, s.Group.MinToStart) {
			w.startGroup(r)
		}
	} else {
		for r.list.n > 0 && (s.places == NoLimit || r.inside < s.places) {
			w.joinGroup(r.list.head(w.people), r)
		}
	}
	w.waitOn(r)
}

// startGroup starts a group of the first people on the list, as many as it takes.
func (w *world) startGroup(r *room) {
	s := r.stage
	size := r.list.n
	if s.Group.Max != NoLimit {
		size = min(size, s.Group.Max)
	}
	for range size {
		w.joinGroup(r.list.head(w.people), r)
	}
}

// aimGathering sets when a group that starts by number or deadline is to start.
func (w *world) aimGathering(r *room) {
	s := r.stage
	g := s.Group.StartsWhen
	if g == nil {
		return
	}
	if r.list.n == 0 {
		w.q.Cancel(s.timer)
		return
	}
	at := w.now
	if r.list.n < g.People {
		first := forever
		for _, q := range r.list.queues {
			if q.first != none {
				first = min(first, w.people[q.first].joined)
			}
		}
		at = forever
		if !math.IsInf(g.OrAfter, 1) {
			at = max(w.now, first+toTicks(g.OrAfter))
		}
	}
	if at > w.m.end {
		w.q.Cancel(s.timer)
		return
	}
	w.q.Set(s.timer, int64(at), orderGroups)
}

// gather starts a group that starts by number or deadline.
func (w *world) gather(r *room) {
	if r.list.n > 0 {
		w.startGroup(r)
	}
	w.aimGathering(r)
}

// joinGroup takes the person into a group. Whether and when they leave is one draw a session.
func (w *world) joinGroup(p *person, r *room) {
	s := r.stage
	r.list.leave(w.people, p)
	w.startService(p, r)
	p.outcome = Completed
	p.attended = int32(s.Group.Sessions)
	if leaves := s.leaves[p.kind]; leaves > 0 {
		for session := int32(1); session <= p.attended; session++ {
			if p.key.Draw(s.addr.leaves, p.pass, uint32(session)) < leaves {
				p.outcome, p.attended = Left, session
			}
		}
	}
	p.endAt = w.now + ticks(p.attended)*s.sessions
	w.setTimer(p)
}

// groupEnds is finishing a group, or leaving it after some session.
func (w *world) groupEnds(p *person, r *room) {
	s := r.stage
	w.endService(p, r)
	w.ledger.attended(p, s, p.attended)
	w.gain(p, s.effect, float64(p.attended)/float64(s.Group.Sessions))
	why := byRoute
	if p.outcome == Left {
		why = leftGroup
	}
	w.goOn(p, r, p.outcome, why)
}
