package sim

import "tier4/sim/dist"

// Giving up: for how long people wait.

// startPatience draws when a person gives up waiting, unless it is plain that they wait for what comes next: the end
// of a delay, a meeting or its answer. Then they need no timer until then, and it is drawn if they wait on.
func (w *world) startPatience(p *person, r *room) {
	s := r.stage
	l := s.law[p.kind]
	if l == nil {
		return
	}
	u, ratio := w.patience(p, s)
	next := p.endAt
	if next == forever {
		next = r.meets + s.answer
	}
	if p.joined >= 0 && dist.Outlasts(l, u, ratio, (next-p.joined).days()) {
		if p.endAt == forever {
			p.waitsFor = r.meets
			r.patient = append(r.patient, p.slot)
		}
		return
	}
	w.setGivingUp(p, l, u, ratio)
}

// patience is the uniform and the hazard ratio of a person's patience at a stage.
func (w *world) patience(p *person, s *stage) (u, ratio float64) {
	return w.draw(p, s.addr.patience), p.mult[DropsOutAfter] * s.KeepInTouch
}

// setGivingUp sets when a person gives up waiting.
func (w *world) setGivingUp(p *person, l law, u, ratio float64) {
	waited := Days(0)
	if p.joined < 0 { // before the run began
		waited = (w.now - p.joined).days()
	}
	p.giveUpAt = max(w.now, p.joined+toTicks(dist.LongerThan(l, u, ratio, waited)))
}

// waitOn sets when those give up of whom it was plain only that they would wait for the meeting that is over now.
func (w *world) waitOn(r *room) {
	s := r.stage
	for i := 0; i < len(r.patient) && r.list.n+r.withoutCase > 0; i++ {
		p := &w.people[r.patient[i]]
		if int(p.stage) == s.index && p.state == waiting && p.waitsFor == w.now && p.giveUpAt == forever {
			u, ratio := w.patience(p, s)
			w.setGivingUp(p, s.law[p.kind], u, ratio)
			w.setTimer(p)
		}
	}
	r.patient = r.patient[:0]
}

// giveUp ends a wait by drop-out.
func (w *world) giveUp(p *person, r *room) {
	w.unlist(p, r)
	w.endWait(p, r, gaveUp)
	w.exit(p, toCommunity, droppedOut)
}
