package sim

// Budgets: money for each financial year. What people in beds, or approved, are going to cost is
// charged ahead, each night to the year in which it will be slept, and set right when they leave.

// budget is a compiled Budget.
type budget struct {
	Budget
	stages []int
	costly []int   // those of them that cost something beside their beds
	loose  []owner // places of them that may cost more than what is paid for whoever sleeps there
	grants []Pence // by financial year
	fixed  []Pence // likewise: what its contracts cost whoever sleeps there
}

// purse is the state of a budget.
type purse struct {
	charged []Pence // by financial year: contracts, and nights slept or committed
	ahead   []Pence // likewise: of it, what is committed for those who are not in the bed yet
	carried Pence   // into this year
	out     int     // the month, April 1, in which this year's money ran out; 0 before
}

// budgetTally is what the years of a budget that ended in the open period came to.
type budgetTally struct {
	years, overspent, ranOut  int64
	spent, over, ahead, month Pence // month: the sum of the months in which it ran out
}

// available is a budget's money of this year.
func (w *world) available(i int) Pence {
	return w.m.budgets[i].grants[w.ledger.year] + w.purses[i].carried
}

// seeWhetherOut notes the month of a moment as that in which a budget's money ran out: what is slept, and still planned for
// those in beds, comes to more than there is.
func (w *world) seeWhetherOut(i int, at ticks) {
	u := &w.purses[i]
	if u.out == 0 && w.uncommitted(i)+u.ahead[w.ledger.year] < 0 {
		w.runOut(i, at)
	}
}

// runOut notes that from a moment on a budget no longer covers what is asked of it.
func (w *world) runOut(i int, at ticks) {
	if u := &w.purses[i]; u.out == 0 {
		u.out = (w.m.cal.month(at.day())+9)%12 + 1
	}
}

// monthEnds looks whether budgets ran out by what is committed for nobody: sessions, cases, weeks of aftercare.
func (w *world) monthEnds(id int32) {
	w.turnYears()
	for i := range w.purses {
		w.seeWhetherOut(i, w.now-1)
	}
	w.setSystem(id, w.m.cal.nextMonth(w.now), orderCalendar)
}

// uncommitted is a budget's money of this year that is neither spent nor committed, below 0 when it is more.
func (w *world) uncommitted(i int) Pence {
	left := w.available(i) - w.purses[i].charged[w.ledger.year]
	for _, stage := range w.m.budgets[i].costly {
		left -= w.ledger.unitsThisYear(&w.m.stages[stage], w.now)
	}
	if b := &w.m.budgets[i]; len(b.loose) > 0 {
		left -= w.beyond(b)
	}
	return left
}

// beyond is what nights of this year so far cost a budget beyond what is paid for whoever sleeps there. It stays out of
// line, for few budgets have such places.
//
//go:noinline
func (w *world) beyond(b *budget) (sum Pence) {
	for _, at := range b.loose {
		s := &w.m.stages[at.stage]
		sum += w.ledger.places[s.firstPlace+at.place].account.beyond(&s.beds[at.place], w.ledger.year, w.now)
	}
	return sum
}

// returned has everyone tried again who was passed over for want of nights or money.
func (w *world) returned() {
	if !w.passedOver {
		return
	}
	w.passedOver = false
	w.returns++
	for _, stage := range w.m.limited {
		w.unsettle(stage)
	}
}

// holds reports whether a budget holds back those for whom it has too little.
func (b *budget) holds() bool { return b.WhenSpent != Overspend }

// covers reports whether a budget that holds people back covers what a stay of someone at a place costs beyond what is
// committed for them.
func (w *world) covers(p *person, s *stage, i int32, until ticks) bool {
	c := commitment{place: i, from: w.now, to: until}
	more := w.adds(s, c, w.commitmentsOf(p)[s.bedsIndex], w.ledger.year)
	if more <= 0 || more <= w.uncommitted(s.budget) {
		return true
	}
	w.runOut(s.budget, w.now)
	return false
}

// comingPass is the pass of a person's next entry to a stage.
func (w *world) comingPass(p *person, stage int) uint32 {
	if !w.m.remembers() {
		return 0
	}
	return w.visitsTo(p, stage).passes
}

// stayAhead is one that someone is going to have.
type stayAhead struct {
	stage int
	c     commitment
}

// wayAhead foresees the stays of someone whom a panel approves now: their own way on and their own stays.
func (w *world) wayAhead(p *person, s *stage) []stayAhead {
	w.foreseen = w.foreseen[:0]
	clear(w.met)
	return w.wayOn(p, s, p.pass, w.now)
}

// wayOn foresees the stays of someone who completes a pass through a stage at a moment.
func (w *world) wayOn(p *person, s *stage, pass uint32, at ticks) []stayAhead {
	for {
		w.met[s.index] = true
		to := w.pickAt(p, s, Completed, pass)
		if to < 0 || w.met[to] || w.m.stages[to].Kind == PanelKind {
			return w.foreseen
		}
		s = &w.m.stages[to]
		pass = w.comingPass(p, to)
		if s.Kind == BedsKind {
			at = w.foresee(p, s, pass, at)
		}
	}
}

// foresee notes a stay from a moment on, and gives its end.
func (w *world) foresee(p *person, s *stage, pass uint32, at ticks) (until ticks) {
	until = at + toTicks(w.plannedStay(p, s, pass, 0))
	if s.budget >= 0 && s.listPrice >= 0 {
		c := commitment{place: s.listPrice, from: at, to: until, standing: bedAhead}
		if w.hasPrepaid(p, s, plannedNights(at, until)) {
			c = commitment{standing: bedPrepaid}
		}
		w.foreseen = append(w.foreseen, stayAhead{s.index, c})
	}
	return until
}

// hasPrepaid reports whether a stage has more free beds that are paid for whoever sleeps there, and suit
// a person, than people to whom one is promised.
func (w *world) hasPrepaid(p *person, s *stage, nights int64) bool {
	free := 0
	for i := range s.beds {
		b, u := &s.beds[i], &w.rooms[s.index].places[i]
		if !u.open || !suits(p, b) {
			continue
		}
		beds := max(0, u.beds-u.inside-len(u.rests))
		switch {
		case b.Contract == BedNights: // for as many stays as this one as nights are left for
			stays := int(max(0, w.ledger.places[s.firstPlace+i].account.left) / nights)
			if u.beds != NoLimit {
				stays = min(stays, beds)
			}
			free += stays
		case b.Contract == Block && u.beds != NoLimit:
			free += beds
		}
	}
	return free > w.promised[s.index]
}

// approves commits the money for someone whom a panel is about to approve; false if a budget that
// holds approvals does not cover it.
func (w *world) approves(p *person, s *stage) bool {
	if len(w.m.budgets) == 0 {
		return true
	}
	w.uncommit(p)
	way := w.wayAhead(p, s)
	for i := range w.m.budgets {
		if w.m.budgets[i].WhenSpent != HoldApprovals {
			continue
		}
		need := Pence(0)
		for _, a := range way {
			if t := &w.m.stages[a.stage]; t.budget == i {
				need += w.adds(t, a.c, commitment{}, w.ledger.year)
			}
		}
		if need > 0 && need > w.uncommitted(i) {
			w.runOut(i, w.now)
			return false
		}
	}
	w.commitAhead(p, way)
	return true
}

// commitAhead commits the money for someone's stays to come.
func (w *world) commitAhead(p *person, way []stayAhead) {
	for _, a := range way {
		if t := &w.m.stages[a.stage]; w.commits(t, a.c) {
			w.commit(p, t, a.c)
		}
	}
}

// commits reports whether money is committed for someone approved: from a budget that holds admissions only while it
// covers them, so that those for whom it does are not held for the sake of those for whom it does not.
func (w *world) commits(s *stage, c commitment) bool {
	if s.budget < 0 || w.m.budgets[s.budget].WhenSpent != HoldAdmissions {
		return true
	}
	need := w.adds(s, c, commitment{}, w.ledger.year)
	return need <= 0 || need <= w.uncommitted(s.budget)
}

// openPurses gives every budget its first year's money and fixed costs.
func (w *world) openPurses() {
	w.purses = sized(w.purses, len(w.m.budgets))
	w.promised = zeroed(w.promised, len(w.m.stages))
	w.sold = zeroed(w.sold, w.m.places*len(w.m.financial))
	for i := range w.purses {
		u := &w.purses[i]
		u.charged = zeroed(u.charged, len(w.m.financial))
		u.ahead = zeroed(u.ahead, len(w.m.financial))
		u.carried, u.out = 0, 0
		copy(u.charged, w.m.budgets[i].fixed)
		w.seeWhetherOut(i, w.now)
	}
}

// spentThisYear is what the stages of a budget have really cost in this financial year, clients' parts aside.
func (w *world) spentThisYear(i int) (sum Pence) {
	l := &w.ledger
	for _, stage := range w.m.budgets[i].stages {
		s := &w.m.stages[stage]
		for j := range s.beds {
			b := l.places[s.firstPlace+j].account.bill(&s.beds[j], l.yearNow(), l.year, min(w.now, l.yearNow().until))
			sum += b.total - b.contribution
		}
		sum += l.unitsThisYear(s, w.now)
	}
	return sum
}

// turnPurse closes a budget's year: what is left is returned or carried into the next.
func (w *world) turnPurse(i int) {
	l, u, b := &w.ledger, &w.purses[i], &w.m.budgets[i]
	spent, had, y := w.spentThisYear(i), w.available(i), l.yearNow()
	if spent > had {
		w.runOut(i, y.until-1)
	}
	if l.period >= 0 && y.from >= w.m.measured && y.days() == y.of {
		t := &l.budgets[i]
		t.years++
		t.spent += spent
		t.over += max(0, spent-had)
		if spent > had {
			t.overspent++
		}
		if next := l.year + 1; next < len(u.charged) {
			t.ahead += max(0, u.charged[next]-b.fixed[next])
		}
		if u.out > 0 {
			t.ranOut++
			t.month += int64(u.out)
		}
	}
	u.carried, u.out = 0, 0
	if b.Carried {
		u.carried = max(0, had-spent)
	}
}
