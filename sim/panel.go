package sim

import "slices"

// panelsMeet holds every panel that meets at this instant, before any answer of theirs arrives: so
// nobody passes two of them in one morning by the order in which the file names them.
func (w *world) panelsMeet(first int32) {
	w.panels = append(w.panels[:0], first)
	for at, order := w.q.Head(); ticks(at) == w.now && order == orderPanels; at, order = w.q.Head() {
		w.panels = append(w.panels, w.q.Fire())
	}
	slices.Sort(w.panels) // the first in the file has the first call on money
	for _, id := range w.panels {
		r := &w.rooms[w.m.system[id].stage]
		w.panelMeets(r)
		w.setSystem(id, r.meets, orderPanels)
	}
}

// panelMeets hears cases in queue order. Those who are not deferred wait for their answer.
func (w *world) panelMeets(r *room) {
	s := r.stage
	r.meets = w.now + s.meetsEvery
	w.heard = w.heard[:0]
	for r.list.n > 0 && (s.Panel.Cases == NoLimit || len(w.heard) < s.Panel.Cases) {
		p := r.list.head(w.people)
		r.list.leave(w.people, p)
		w.heard = append(w.heard, p.slot)
	}
	for _, slot := range w.heard {
		p := &w.people[slot]
		w.ledger.counts(p, s).heard++
		if !w.decides(p, r) {
			continue
		}
		p.state = hearing
		w.tell(p, IsHeard, s, none, decisionWords(p.decision))
		p.endAt = w.now + s.answer
		w.setTimer(p)
	}
	w.waitOn(r)
}

// tracksFast sets a panel's answer to someone who gets it without a meeting.
func (w *world) tracksFast(p *person, s *stage) bool {
	if w.starting {
		return false
	}
	if w.draw(p, s.addr.fast) >= s.fastTrack[p.kind] {
		return false
	}
	w.extraOf(p).fast = true
	p.state = hearing
	w.tell(p, IsFastTracked, s, none, "")
	p.endAt = w.now + s.fastAnswer
	return true
}

// fastAnswers are the decisions without a meeting that come at this instant, in order of joining: who is
// approved first has the first call on money.
func (w *world) fastAnswers(first *person) {
	w.heard = append(w.heard[:0], first.slot)
	for at, order := w.q.Head(); ticks(at) == w.now && order == orderFastAnswers; at, order = w.q.Head() {
		w.heard = append(w.heard, w.q.Fire()-int32(len(w.m.system)))
	}
	slices.SortFunc(w.heard, func(a, b int32) int {
		if w.people[a].before(&w.people[b]) {
			return -1
		}
		return 1
	})
	w.busy = true // with all of them, before anyone is matched
	for _, slot := range w.heard {
		p, r := &w.people[slot], &w.rooms[w.people[slot].stage]
		p.timer, p.endAt, p.state = nothing, forever, waiting
		x := w.extraOf(p)
		x.fast, x.answered = false, w.now
		if w.decides(p, r) {
			w.answer(p, r)
		} else {
			if p.giveUpAt == forever {
				w.startPatience(p, r)
			}
			w.setTimer(p)
		}
	}
	w.busy = false
}

// decides is what a panel decides on someone who is not on its list; false if it is deferred, also for want of
// money: back of the list with a new stamp, the same wait and patience going on.
func (w *world) decides(p *person, r *room) bool {
	s := r.stage
	u := p.key.Draw(s.addr.decides, p.pass, p.hearings)
	p.hearings++
	switch {
	case u < s.approve[p.kind] && w.approves(p, s):
		p.decision = Completed
	case u < s.orDefer[p.kind]:
		w.ledger.counts(p, s).deferred++
		w.tell(p, IsDeferred, s, none, deferralWords(u < s.approve[p.kind]))
		p.stamp = w.now
		r.list.join(w.people, p)
		return false
	default:
		p.decision = Declined
	}
	return true
}

// answer is a panel's answer arriving: it ends the wait.
func (w *world) answer(p *person, r *room) {
	s := r.stage
	w.tell(p, IsAnswered, s, none, decisionWords(p.decision))
	w.endWait(p, r, served)
	if p.decision == Declined {
		w.ledger.counts(p, s).declined++
		w.uncommit(p)
		w.goOn(p, r, Declined, declined)
		return
	}
	w.ledger.counts(p, s).approved++
	if s.approval < forever {
		x := w.extraOf(p)
		x.expires, x.panel = w.now+s.approval, int32(s.index)
	}
	w.gain(p, s.effect, 1)
	w.goOn(p, r, Completed, byRoute)
}

func decisionWords(o Outcome) string {
	if o == Declined {
		return "declined"
	}
	return "approved"
}

func deferralWords(approved bool) string {
	if approved {
		return "for want of money"
	}
	return ""
}
