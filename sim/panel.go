package sim

// panelsMeet holds every panel that meets at this instant, before any answer of theirs arrives: so
// nobody passes two of them in one morning by the order in which the file names them.
func (w *world) panelsMeet(first int32) {
	w.panels = append(w.panels[:0], first)
	for at, order := w.q.Head(); ticks(at) == w.now && order == orderPanels; at, order = w.q.Head() {
		f, _ := w.q.Next()
		w.panels = append(w.panels, f.Timer)
	}
	for _, id := range w.panels {
		r := &w.rooms[w.m.system[id].stage]
		w.panelMeets(r)
		w.setSystem(id, w.now+r.stage.meetsEvery, orderPanels)
	}
}

// panelMeets hears cases in queue order. Those deferred go to the back of the list with a new
// stamp, the same wait and patience going on; the others wait for their answer.
func (w *world) panelMeets(r *room) {
	s := r.stage
	w.heard = w.heard[:0]
	for r.list.n > 0 && (s.Panel.Cases == NoLimit || len(w.heard) < s.Panel.Cases) {
		p := r.list.head(w.people)
		r.list.leave(w.people, p)
		w.heard = append(w.heard, p.slot)
	}
	for _, slot := range w.heard {
		p := &w.people[slot]
		u := p.key.Draw(s.addr.decides, p.pass, p.hearings)
		p.hearings++
		w.ledger.tell(p, s, heard)
		switch {
		case u < s.approve[p.kind]:
			p.decision = Completed
		case u < s.orDefer[p.kind]:
			w.ledger.tell(p, s, deferred)
			p.stamp = w.now
			r.list.join(w.people, p)
			continue
		default:
			p.decision = Declined
		}
		p.state = hearing
		p.endAt = w.now + s.answer
		w.setTimer(p)
	}
}

// answer is a panel's answer arriving: it ends the wait.
func (w *world) answer(p *person, r *room) {
	s := r.stage
	w.endWait(p, r, served)
	if p.decision == Declined {
		w.ledger.tell(p, s, declinedCase)
		w.goOn(p, r, Declined, declined)
		return
	}
	w.ledger.tell(p, s, approved)
	w.gain(p, s.effect, 1)
	w.goOn(p, r, Completed, byRoute)
}
