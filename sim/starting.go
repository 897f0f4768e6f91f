package sim

import "tier4/sim/dist"

// Who is on the lists and in the beds as the run starts.

var startWithName = dist.NameOf("start_with")

// populate puts the people of the start where they are, those first who joined first.
func (w *world) populate(root dist.Key) {
	w.starting = true
	approved := w.late[:0]
	for i := range w.m.started {
		k := &w.m.started[i]
		a := arrival{
			at: k.joined, key: root.Name(startWithName).Int(uint64(k.row)), who: whoOf(w.m.streams[k.stream].rank, 0, 0, uint64(k.row)), stream: int16(k.stream), cohort: uint16(k.cohort),
		}
		a.kind = w.m.people.kindOf(a.key, a.cohort)
		if k.known {
			a.kind = a.cohort<<len(w.m.people.traits) | k.traits
		}
		if p := w.present(&a, k); k.past.approved && p.state != gone {
			approved = append(approved, int(p.slot))
		}
	}
	w.starting = false
	for i := range w.people { // once everybody is where they are
		if p := &w.people[i]; p.state == serving {
			w.holdPlace(p, &w.m.stages[p.stage])
		}
	}
	for _, slot := range approved {
		w.approvedBefore(&w.people[slot])
	}
	w.late = approved
	for i := range w.ledger.places {
		w.ledger.places[i].account.admissions = 0 // they were admitted before
	}
	for i := range w.ledger.stages {
		for j := range w.ledger.stages[i].sets {
			w.ledger.stages[i].sets[j].counts = stageCounts{} // none of it happens in the run
		}
	}
	if w.m.measured == 0 {
		w.ledger.open(w)
	}
	w.settle()
	for i := range w.ledger.stages {
		w.ledger.stages[i].beginPeaks() // nobody for whom there is a place has waited
	}
}

// present starts the visit of someone who is there at the start.
func (w *world) present(a *arrival, k *started) *person {
	p := w.newPerson()
	w.meet(p, a)
	w.beginVisit(p)
	p.referred = a.at
	if w.m.extra {
		w.readies(p, 0)
	}
	p.lenses = w.m.plan.lensSet(p)
	s, r := &w.m.stages[k.stage], &w.rooms[k.stage]
	if w.m.extra {
		w.holdsAlready(p, &k.past)
	}
	if !k.inside {
		if k.past.panel >= 0 {
			x := w.extraOf(p)
			x.panel, x.expires = k.past.panel, a.at+w.m.stages[k.past.panel].approval
		}
		w.enterAt(p, k.stage, a.at)
		return p
	}
	p.stage, p.pass, p.joined, p.stamp = int32(k.stage), 0, a.at, a.at
	if w.m.remembers() {
		v := w.visitsTo(p, k.stage)
		v.passes, v.reached, v.first = 1, s.Kind == BedsKind, k.since
	}
	since := k.since
	if k.whenever {
		since = -toTicks(w.beenThere(p, s))
	}
	w.resume(p, s, r, k, since)
	return p
}

// resume goes on with a service that began before the run.
func (w *world) resume(p *person, s *stage, r *room, k *started, since ticks) {
	been := (-since).days()
	p.endAt, p.findAt, p.giveUpAt = forever, forever, forever
	p.place, p.outcome = int32(max(k.place, 0)), Completed
	if s.Kind == BedsKind {
		r.places[p.place].inside++
	}
	w.ledger.join(w.now, p, r) // whose wait ends at once
	w.startService(p, r)
	p.since = since
	if s.Kind != BedsKind {
		p.endAt = max(0, since+toTicks(dist.LongerThan(s.takes[p.kind], w.draw(p, s.addr.takes), 1, been)))
		w.setTimer(p)
		return
	}
	w.stay(p, s, p.place, been)
	if w.m.extra {
		w.extraOf(p).admitted = since
	}
}

// holdsAlready opens the cases that someone came with, more of them than staff take on if need be.
func (w *world) holdsAlready(p *person, past *past) {
	x := w.extraOf(p)
	for i := range w.staff {
		if past.cases>>i&1 == 1 {
			x.cases |= 1 << i
			w.staff[i].open++
			w.ledger.staff[i].in(w.now)
		}
	}
}

// approvedBefore commits the money for the beds to come of someone whom a panel approved before the start.
func (w *world) approvedBefore(p *person) {
	if len(w.m.budgets) == 0 {
		return
	}
	w.foreseen = w.foreseen[:0]
	clear(w.met)
	s, at := &w.m.stages[p.stage], w.now
	switch {
	case s.Kind == BedsKind && p.state == serving:
		at = w.extraOf(p).planned
	case s.Kind == BedsKind:
		at = w.foresee(p, s, p.pass, at)
	}
	w.commitAhead(p, w.wayOn(p, s, p.pass, at))
}

// beenThere draws how long someone has been in service who is met there at a moment of no importance:
// the density of that time is in proportion to the share who are still there after it (renewal theory,
// Cox 1962).
func (w *world) beenThere(p *person, s *stage) Days {
	still := func(x Days) float64 {
		if s.Kind != BedsKind {
			return s.takes[p.kind].Survival(x)
		}
		there := s.stay[p.kind].Survival(x)
		if l := s.leave[p.kind]; l != nil {
			there *= l.Survival(x)
		}
		return there
	}
	law := s.takes
	if s.Kind == BedsKind {
		law = s.stay
	}
	const steps = 400
	most := law[p.kind].AtSurvival(1e-4)
	width := most / steps
	var upTo [steps + 1]float64
	for i := 1; i <= steps; i++ {
		upTo[i] = upTo[i-1] + still((float64(i)-0.5)*width)
	}
	want := w.draw(p, s.addr.since) * upTo[steps]
	for i := 1; i <= steps; i++ {
		if upTo[i] >= want && upTo[i] > upTo[i-1] {
			return (float64(i-1) + (want-upTo[i-1])/(upTo[i]-upTo[i-1])) * width
		}
	}
	return 0
}
