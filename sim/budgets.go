package sim

import (
	"cmp"
	"slices"
)

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

// commitment is money for nights that someone is going to sleep at a place, or has slept.
type commitment struct {
	from, to ticks // none when they are equal
	place    int32
	standing standing
}

// standing is how far someone has come with their bed.
type standing uint8

const (
	bedTaken   standing = iota
	bedAhead            // approved, and not in the bed yet
	bedPrepaid          // likewise, with a bed that is paid for whoever sleeps there: no nights are committed
)

// commitmentsOf are a person's commitments, one for each beds stage.
func (w *world) commitmentsOf(p *person) []commitment {
	n := len(w.m.bedsStages)
	return w.commitments[int(p.slot)*n:][:n]
}

// owed is what so many nights of a financial year cost a budget at a place, what is paid for whoever sleeps there aside:
// where they are paid for as they come, by volume, and the minimum at least; less what clients pay.
func (p *place) owed(nights int64, year int) (cost Pence) {
	if p.nightly {
		cost = p.volume(max(nights, p.rates[year].minimum), year)
	}
	return cost - nights*p.Terms.Contribution/7
}

// sold is what a place has sold of a financial year, where nights make a difference to a budget: nights slept, or
// committed to somebody, and of those the ones of people who are not in the bed yet.
type sold struct{ nights, ahead int64 }

// soldOf is what a place of a stage has sold of a financial year.
func (w *world) soldOf(s *stage, i int32, year int) *sold {
	return &w.sold[(s.firstPlace+int(i))*len(w.m.financial)+year]
}

// charge adds the nights of a commitment of a stage to what its place has sold, or takes them off, and has its budget
// charged what the place is owed.
func (w *world) charge(s *stage, c commitment, sign int64) {
	if c.from >= c.to || !s.beds[c.place].charged {
		return
	}
	b, u := &s.beds[c.place], &w.purses[s.budget]
	for year := w.yearAt(c.from); year < len(u.charged); year++ {
		y := &w.m.financial[year]
		if y.from > c.to {
			break
		}
		n := sign * y.nightsIn(c.from, c.to)
		if b.flat {
			more := n * b.price(year)
			u.charged[year] += more
			if c.standing == bedAhead {
				u.ahead[year] += more
			}
			continue
		}
		k := w.soldOf(s, c.place, year)
		more := b.owed(k.nights+n, year) - b.owed(k.nights, year)
		u.charged[year] += more
		if c.standing == bedAhead {
			u.ahead[year] += more
			k.ahead += n
		} else if k.ahead != 0 { // what is ahead costs other than it did, beyond what is not
			slept := k.nights - k.ahead
			u.ahead[year] += more - (b.owed(slept+n, year) - b.owed(slept, year))
		}
		k.nights += n
	}
}

// owes is how much more a place is owed for a financial year in which it sells so many nights more.
func (w *world) owes(s *stage, i int32, year int, more int64) Pence {
	b := &s.beds[i]
	if b.flat || more == 0 {
		return more * b.price(year)
	}
	n := w.soldOf(s, i, year).nights
	return b.owed(n+more, year) - b.owed(n, year)
}

// adds is how much more its budget is charged in a financial year with one commitment of a stage in place of another.
func (w *world) adds(s *stage, c, than commitment, year int) Pence {
	nights := func(c commitment) int64 {
		if c.from >= c.to || !s.beds[c.place].charged {
			return 0
		}
		return w.m.financial[year].nightsIn(c.from, c.to)
	}
	more, less := nights(c), nights(than)
	if c.place == than.place {
		return w.owes(s, c.place, year, more-less)
	}
	return w.owes(s, c.place, year, more) + w.owes(s, than.place, year, -less)
}

// movesPrices reports whether others pay another price for a night by a commitment of the stage: a minimum or a threshold
// is nearer.
func (s *stage) movesPrices(c commitment) bool {
	b := &s.beds[c.place]
	return c.from < c.to && b.nightly && !b.flat
}

// costsLess reports whether one commitment of a stage costs less than another in some year.
func (w *world) costsLess(s *stage, c, than commitment) bool {
	first, last := len(w.m.financial), -1
	for _, x := range []commitment{c, than} {
		if x.from < x.to {
			first, last = min(first, w.yearAt(x.from)), max(last, w.yearAt(x.to))
		}
	}
	for year := first; year <= last; year++ {
		if w.adds(s, c, than, year) < 0 {
			return true
		}
	}
	return false
}

// yearAt is the financial year of a moment near now.
func (w *world) yearAt(t ticks) int {
	year := w.ledger.year
	for year > 0 && w.m.financial[year].from > t {
		year--
	}
	for year+1 < len(w.m.financial) && w.m.financial[year].until <= t {
		year++
	}
	return year
}

// available is a budget's money of this year.
func (w *world) available(i int) Pence {
	return w.m.budgets[i].grants[w.ledger.year] + w.purses[i].carried
}

// commit replaces what a person has committed for a stage.
func (w *world) commit(p *person, s *stage, c commitment) {
	if s.budget < 0 {
		return
	}
	own := &w.commitmentsOf(p)[s.bedsIndex]
	before := *own
	if before.standing == bedPrepaid {
		w.promised[s.index]--
	}
	if c.standing == bedPrepaid {
		w.promised[s.index]++
	}
	*own = c
	less := w.passedOver && (w.costsLess(s, c, before) || s.movesPrices(c) || s.movesPrices(before))
	w.charge(s, before, -1)
	w.charge(s, c, 1)
	if less {
		w.returned()
	}
	w.seeWhetherOut(s.budget, w.now)
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

// uncommit gives back all that a person has committed and not slept.
func (w *world) uncommit(p *person) {
	if len(w.m.budgets) == 0 {
		return
	}
	all := w.commitmentsOf(p)
	for k := range all {
		if c := &all[k]; c.from < c.to || c.standing == bedPrepaid {
			w.commit(p, &w.m.stages[w.m.bedsStages[k]], commitment{})
		}
	}
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

// renew moves on what is committed for people who are not in the bed yet: those who still wait for it as a year begins
// will sleep their nights from then on, or from the end of the bed that they are in.
func (w *world) renew(now ticks) {
	for slot := range w.people {
		p := &w.people[slot]
		if p.state == gone {
			continue
		}
		at := now
		if p.state == serving && w.m.stages[p.stage].Kind == BedsKind {
			at = max(at, w.extraOf(p).planned)
		}
		all := w.commitmentsOf(p)
		w.late = w.late[:0]
		for k := range all {
			if all[k].standing == bedAhead && all[k].from < all[k].to {
				w.late = append(w.late, k)
			}
		}
		slices.SortFunc(w.late, func(a, b int) int { return cmp.Compare(all[a].from, all[b].from) }) // as they are on the way
		for _, k := range w.late {
			c := all[k]
			if by := at - c.from; by > 0 {
				c.from, c.to = c.from+by, c.to+by
				w.commit(p, &w.m.stages[w.m.bedsStages[k]], c)
			}
			at = c.to
		}
	}
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

// sleptAt settles a commitment for what was really slept, and notice paid.
func (w *world) sleptAt(p *person, s *stage, c commitment, notice Pence) {
	if s.budget < 0 {
		return
	}
	w.commit(p, s, c)
	w.purses[s.budget].charged[w.ledger.year] += notice
	w.commitmentsOf(p)[s.bedsIndex] = commitment{}
	w.seeWhetherOut(s.budget, w.now)
}
