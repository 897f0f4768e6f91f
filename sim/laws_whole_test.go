package sim

import (
	"cmp"
	"slices"

	"tier4/sim/dist"
)

// wholly is the laws of bookkeeping for whole specs: those of lawful, and those of contracts, staff and
// money, after every event and once more after people have been matched.
type wholly struct {
	*lawful
	*chronicle
	openCases map[string]int // as of the last look
	held      map[int]held   // likewise, by budget
}

func (l *wholly) watch(w *world) { l.after(w, l.look) }

func (l *wholly) look(w *world) {
	if l.lawful.fault != "" {
		return
	}
	if w.now < l.now {
		l.fail("the clock went back to %.6f", w.now.days())
	}
	l.now = w.now
	l.events++
	l.follow(w)
	l.people(w)
	if n := len(l.chronicle.inside); n != l.insiders(w) {
		l.fail("%d are in the pathway, told %d", l.insiders(w), n)
	}
	l.notes()
	for i := range l.lawful.m.stages {
		s := &l.lawful.m.stages[i]
		l.list(w, s)
		l.counted(w, s)
		l.turnedAway(w, s)
		for j := range s.beds {
			l.place(w, s, j)
		}
		if !l.restless(w) {
			l.accepted(w, s)
			l.free(w, s)
		}
	}
	l.slots(w)
	l.cases(w)
	l.commitments(w)
	l.neverAbove(w)
}

func (l *wholly) insiders(w *world) (n int) {
	for i := range w.people {
		switch w.people[i].state {
		case waiting, hearing, serving:
			n++
		}
	}
	return n
}

// counted is: rooms and ledger count those who are there.
func (l *wholly) counted(w *world, s *stage) {
	waits, inside := make([]int64, len(l.lawful.m.plan.lenses)), make([]int64, len(l.lawful.m.plan.lenses))
	for slot := range w.people {
		p := &w.people[slot]
		in := func(counts []int64) {
			for i, group := range l.lawful.m.plan.lenses {
				if l.lawful.m.in(int(p.stream), p.kind, group) {
					counts[i]++
				}
			}
		}
		if here := int(p.stage) == s.index; here && (p.state == waiting || p.state == hearing) {
			in(waits)
		} else if here && p.state == serving {
			in(inside)
		}
		if p.state != gone && w.m.extra && int(w.extras[slot].kept.stage) == s.index {
			in(inside)
		}
	}
	for i, group := range l.lawful.m.plan.lenses {
		if t := w.ledger.at(s.index, i); t.waiting.n != waits[i] || t.inside.n != inside[i] {
			l.fail("%s@%s: %d wait and %d are inside, the ledger says %d and %d", s.Name, group, waits[i], inside[i], t.waiting.n, t.inside.n)
		}
	}
	if n := w.rooms[s.index].inside; n != int(inside[0]) {
		l.fail("%s: %d are inside, the room says %d", s.Name, inside[0], n)
	}
	if s.places > 0 && inside[0] > int64(s.places) {
		l.fail("%s: %d are inside, with %d places", s.Name, inside[0], s.places)
	}
}

// turnedAway is: where the list is longer than it may be, nobody has just joined it. Whom a panel deferred without a
// meeting at this instant may have come back to it after those who joined it.
func (l *wholly) turnedAway(w *world, s *stage) {
	r := &w.rooms[s.index]
	if s.ListMax == NoLimit || w.unsettledNow() {
		return
	}
	n := r.list.n + r.withoutCase
	for slot := range w.people {
		if p := &w.people[slot]; w.m.extra && p.state == waiting && int(p.stage) == s.index && w.extras[slot].answered == w.now {
			n--
		}
	}
	if n <= s.ListMax {
		return
	}
	for slot := range w.people {
		if p := &w.people[slot]; p.state == waiting && int(p.stage) == s.index && p.joined == w.now && p.hearings == 0 && l.last == orderMatching {
			l.fail("%s: slot %d has joined %d others, at most %d may wait", s.Name, slot, r.list.n+r.withoutCase-1, s.ListMax)
		}
	}
}

// place is: nobody is counted twice or forgotten, no unit has more people than beds, and bed nights are
// those bought less those planned, and those that came back.
func (l *wholly) place(w *world, s *stage, i int) {
	b, u := &l.lawful.m.spec.Stages[s.index].Beds.Places[i], &w.rooms[s.index].places[i]
	a := &w.ledger.places[s.firstPlace+i].account
	sleep, held := 0, 0
	for slot := range w.people {
		p := &w.people[slot]
		if p.state == serving && int(p.stage) == s.index && int(p.place) == i {
			sleep++
		}
		if p.state == gone || !w.m.extra {
			continue
		}
		x := &w.extras[slot]
		if int(x.kept.stage) == s.index && int(x.kept.place) == i {
			sleep++
		}
		if from := l.holdsFor(w, p); from == s.index && int(x.reserved) == i {
			held++
		}
	}
	if u.inside != sleep+held || a.inside.n != int64(sleep) {
		l.fail("%s %s: %d are in beds and %d beds are held for someone, the place says %d and the ledger %d", s.Name, b.Name, sleep, held, u.inside, a.inside.n)
	}
	if !slices.IsSorted(u.rests) || len(u.rests) > 0 && u.rests[0] < w.now || !slices.IsSorted(u.others.leaving) || len(u.others.leaving) > 0 && u.others.leaving[0] < w.now {
		l.fail("%s %s: beds rest until %v, others stay until %v", s.Name, b.Name, u.rests, u.others.leaving)
	}
	if b.Contract == Share && u.inside+len(u.others.leaving)+len(u.rests) > b.Of {
		l.fail("%s %s: %d of ours, %d of others and %d resting in %d beds", s.Name, b.Name, u.inside, len(u.others.leaving), len(u.rests), b.Of)
	}
	if next, order := w.q.Head(); ticks(next) == w.now && order == orderCalendar {
		return // more changes at this instant
	}
	if at := int64(w.now); s.beds[i].holds() && a.held.n != int64(l.bedsNow(b, at)) || u.beds != l.bedsNow(b, at) {
		l.fail("%s %s: %d beds, %d held; by the contract %d", s.Name, b.Name, u.beds, a.held.n, l.bedsNow(b, at))
	}
	if b.Contract == BedNights && (a.left < 0 && len(s.staysOn) == 0 || a.left > l.twin.ofContract(b, int64(b.Nights), w.ledger.year) || a.left != l.left[unitName(s.index, i)]) {
		l.fail("%s %s: %d nights left, by stays %d of %d", s.Name, b.Name, a.left, l.left[unitName(s.index, i)], b.Nights)
	}
}

// bedsNow is how many beds a place has for us.
func (l *wholly) bedsNow(b *Place, at int64) int {
	if at < twinMoment(b.From) || at >= twinMoment(b.Until) || closed(b, at) {
		return 0
	}
	return bedsAt(b, at)
}

// holdsFor is the stage in which a bed is held for someone, -1 for nobody.
func (l *wholly) holdsFor(w *world, p *person) int {
	x := &w.extras[p.slot]
	if x.reserved == none {
		return -1
	}
	if p.state == serving {
		return w.m.stages[p.stage].held
	}
	if p.state == waiting { // for a case, before the bed held
		return int(p.stage)
	}
	return -1
}

// accepted is: the set of places by which someone is on the list are those that accept them now.
func (l *wholly) accepted(w *world, s *stage) {
	if s.Kind != BedsKind {
		return
	}
	for slot := range w.people {
		p := &w.people[slot]
		if p.state != waiting || int(p.stage) != s.index {
			continue
		}
		want := uint64(0)
		for i := range s.beds {
			if l.acceptsFrom(w, p, s.index, i) <= w.now {
				want |= 1 << i
			}
		}
		if got := w.rooms[s.index].list.accepts(p) & s.all; got != want {
			l.fail("%s: slot %d is on the list for places %b, acceptance says %b", s.Name, slot, got, want)
		}
	}
}

// acceptsFrom is the moment from which a place accepts somebody, by the scenario's own words.
func (l *wholly) acceptsFrom(w *world, p *person, stage, i int) ticks {
	m := w.m
	s := &m.spec.Stages[stage]
	b := &s.Beds.Places[i]
	of := func(place, purpose string) dist.Name {
		name := dist.NameOf(s.Name)
		if place != "" {
			name = name.And(dist.NameOf(place))
		}
		return name.And(dist.NameOf(purpose))
	}
	likes := func(b *Place) bool {
		share, _ := valueFor(m, p, b.Suits)
		return len(b.Suits) == 0 || p.root.Draw(of(b.Name, "suits"), 0, 0) < share
	}
	at := p.joined
	if w.m.extra {
		at = max(at, w.extras[p.slot].ready)
	}
	if !likes(b) {
		return forever
	}
	if wants, ok := valueFor(m, p, s.Beds.WantsLocal); ok && !b.Local && p.key.Draw(of("", "wants_local"), p.pass, 0) < wants {
		at = max(at, p.joined+toTicks(s.Beds.LocalFor))
	}
	if b.Assesses != nil {
		if refuses, _ := valueFor(m, p, b.Assesses.Refuses); p.key.Draw(of(b.Name, "refuses"), p.pass, 0) < refuses {
			return forever
		}
		if takes, ok := valueFor(m, p, b.Assesses.Takes); ok {
			at = max(at, p.joined+toTicks(takes.AtSurvival(p.key.Draw(of(b.Name, "assesses"), p.pass, 0))))
		}
	}
	if b.Contract != Spot {
		return at
	}
	others, liked := 0, 0
	for k := range s.Beds.Places {
		if o := &s.Beds.Places[k]; o.Contract != Spot {
			others++
			if likes(o) {
				liked++
			}
		}
	}
	found := p.joined
	if others == 0 || liked > 0 {
		found += toTicks(b.LookAfter)
	}
	if in, ok := valueFor(m, p, b.FoundIn); ok {
		found += toTicks(in.AtSurvival(p.key.Draw(of(b.Name, "found_in"), p.pass, 0)))
	}
	return max(at, found)
}

// valueFor is the value of the first rule that fits somebody.
func valueFor[T any](m *Model, p *person, per Per[T]) (v T, ok bool) {
	for _, rule := range per {
		if rule.Who == "" || m.people.fits(p.kind, rule.Who) {
			return rule.Value, true
		}
	}
	return v, false
}

// free is: nobody waits for a place or case that is free.
func (l *wholly) free(w *world, s *stage) {
	r := &w.rooms[s.index]
	if (s.Kind == DelayKind || s.Kind == AftercareKind) && r.list.n > 0 && s.places != 0 && (s.places == NoLimit || r.inside < s.places) {
		l.fail("%s: %d wait, with %d of %d places taken", s.Name, r.list.n, r.inside, s.places)
	}
	if s.Kind != BedsKind || s.mayPassOver {
		return
	}
	for i := range s.beds {
		b, u := &l.lawful.m.spec.Stages[s.index].Beds.Places[i], &r.places[i]
		beds, taken := l.bedsNow(b, int64(w.now)), u.inside+len(u.rests)
		room := l.admitsToday(b, w.now) && (beds == NoLimit || taken < beds)
		if b.Contract == Share {
			taken += len(u.others.leaving)
			room = taken < b.Of && !closed(b, int64(w.now))
			if room && u.others.waits(w.now) > 0 {
				l.fail("%s %s: others wait, with %d of %d beds taken", s.Name, b.Name, taken, b.Of)
			}
			room = room && l.admitsToday(b, w.now) && l.opens(b, w.now)
		}
		if room && r.list.headFor(w.people, 1<<i) != nil {
			l.fail("%s: somebody waits while %s has room", s.Name, b.Name)
		}
	}
}

func (l *wholly) admitsToday(b *Place, now ticks) bool {
	return b.Admits == [7]bool{} || b.Admits[l.lawful.m.spec.Start.AddDate(0, 0, int(now.day())).Weekday()]
}

func (l *wholly) opens(b *Place, now ticks) bool {
	return now >= ticks(twinMoment(b.From)) && int64(now) < twinMoment(b.Until) && !closed(b, int64(now))
}

// cases is: staff hold no more cases than they can, and nobody is served without theirs.
func (l *wholly) cases(w *world) {
	for i, pool := range w.m.spec.Staff {
		open, lacking := 0, 0
		for slot := range w.people {
			p := &w.people[slot]
			if p.state == gone {
				continue
			}
			x := &w.extras[slot]
			has := x.cases>>i&1 == 1
			if has {
				open++
			}
			s := &w.m.spec.Stages[p.stage]
			if p.state == away || p.state == returning || s.Kind == BedsKind && p.state == serving {
				if has {
					l.fail("slot %d has a case of %s in state %d at %s", slot, pool.Name, p.state, s.Name)
				}
				continue
			}
			if s.OpensCase != pool.Name || has {
				continue
			}
			lacking++
			if p.state != waiting || int(x.pool) != i {
				l.fail("slot %d is in state %d at %s, without a case of %s", slot, p.state, s.Name, pool.Name)
			}
		}
		before, looked := l.openCases[pool.Name]
		if l.openCases == nil {
			l.openCases = map[string]int{}
		}
		l.openCases[pool.Name] = open
		if open > pool.Caseload && looked && open > before { // those of the start may hold more, and no one is added to them
			l.fail("%s hold %d cases of at most %d, after %d", pool.Name, open, pool.Caseload, before)
		}
		if open != w.staff[i].open || lacking != w.staff[i].list.n || int64(open) != w.ledger.staff[i].n {
			l.fail("%s: %d cases and %d wait for one; they say %d and %d, at most %d", pool.Name, open, lacking, w.staff[i].open, w.staff[i].list.n, pool.Caseload)
		}
		if open < pool.Caseload && lacking > 0 && !l.restless(w) {
			l.fail("%s: %d wait for a case, with %d of %d open", pool.Name, lacking, open, pool.Caseload)
		}
	}
}

// committedTo calls what for everything that somebody has committed, with the stage that it is for.
func committedTo(w *world, p *person, what func(stage int, c commitment)) {
	for k, c := range w.commitmentsOf(p) {
		if c.from < c.to {
			what(w.m.bedsStages[k], c)
		}
	}
	if k := &w.extraOf(p).kept; k.stage != none && k.commitment.from < k.commitment.to {
		what(int(k.stage), k.commitment)
	}
}

// sold is the nights of a financial year, by stage and place, of those who have left and of what people have committed.
func (c *chronicle) sold(w *world, year int, committed func(p *person, what func(stage int, c commitment))) map[string]int64 {
	all := map[string]int64{}
	for unit, slept := range c.slept {
		all[unit] = slept[year]
	}
	for slot := range w.people {
		committed(&w.people[slot], func(stage int, x commitment) {
			if x.from < x.to {
				all[unitName(stage, int(x.place))] += c.twin.nightsOf(year, int64(x.from), int64(x.to))
			}
		})
	}
	return all
}

// owed is what a budget owes for the nights of a year that were sold, beyond what it owes for none.
func (c *chronicle) owed(budget, year int, sold map[string]int64) (sum Pence) {
	c.twin.places(budget, func(stage, i int, b *Place) {
		sum += c.twin.owed(b, sold[unitName(stage, i)], year) - c.twin.owed(b, 0, year)
	})
	return sum
}

// commitments is: what a budget is charged is its contracts, the nights of those who have left and of those for whom
// people have money committed, person by person, and notice.
func (l *wholly) commitments(w *world) {
	if len(w.m.budgets) == 0 {
		return
	}
	for slot := range w.people {
		committedTo(w, &w.people[slot], func(int, commitment) {
			if l.committed++; w.people[slot].state == gone {
				l.fail("slot %d is free, and has money committed", slot)
			}
		})
	}
	asIs := func(p *person, what func(int, commitment)) { committedTo(w, p, what) }
	for year := range w.m.financial {
		sold := l.sold(w, year, asIs)
		for i := range w.m.spec.Budgets {
			want := l.twin.fixedCosts(i, year) + l.owed(i, year, sold) + l.noticed[i][year]
			if got := w.purses[i].charged[year]; got != want {
				l.fail("budget %s is charged %d in year %d, by people and contracts %d", w.m.spec.Budgets[i].Name, got, year, want)
			}
		}
	}
	next := w.ledger.year + 1
	if next == len(w.m.financial) {
		return
	}
	sold := l.sold(w, next, func(p *person, what func(int, commitment)) { l.stillToCome(w, p, next, what) })
	for i := range l.aheads {
		l.aheads[i] = max(0, l.owed(i, next, sold)+l.noticed[i][next])
	}
}

// held is what was charged this year to a budget that holds people back: in all, and of it what nobody can hold back.
type held struct {
	year            int
	charged, beside Pence
}

// neverAbove is: what is committed of a budget that holds people back never rises above its money. Only what is paid
// for leaving early, for beds kept after a stay, or beside beds may take it there, and what a new year begins with, and
// a client who does not come whose part would have been more than their nights cost.
func (l *wholly) neverAbove(w *world) {
	for i := range w.m.budgets {
		b, u := &w.m.budgets[i], &w.purses[i]
		mayRise := false
		l.twin.places(i, func(stage, _ int, p *Place) {
			t := &p.Terms
			pays := !paidByTheNight(p) || t.Contribution > 7*p.PerNight || t.AboveNights > 0 && t.Contribution > 7*t.AbovePerNight || t.MinimumNights > 0
			mayRise = mayRise || len(w.m.spec.Stages[stage].Beds.StaysOn) > 0 || t.Contribution > 0 && pays
		})
		if !b.holds() || mayRise {
			continue
		}
		year := w.ledger.year
		is := held{year, w.available(i) - w.uncommitted(i), l.noticed[i][year] + w.available(i) - w.uncommitted(i) - u.charged[year]}
		was, known := l.held[i]
		l.held[i] = is
		if !known || was.year != year {
			continue
		}
		beside := is.beside - was.beside
		if rise := is.charged - was.charged - beside; rise > 0 {
			l.rises++
			if is.charged-beside > w.available(i) { // what those admitted cost beside their nights is counted by now
				l.fail("commitments of budget %s rise by %d, to %d of %d", b.Name, rise, is.charged, w.available(i))
			}
		}
	}
}

// stillToCome is what somebody will have committed if a year begins with everybody where they are: who waits for a bed
// then will be in it later than was thought.
func (l *wholly) stillToCome(w *world, p *person, year int, what func(stage int, c commitment)) {
	from := ticks(l.twin.yearStart(year))
	if p.state == serving && w.m.stages[p.stage].Kind == BedsKind {
		from = max(from, w.extraOf(p).planned)
	}
	type to struct {
		stage int
		c     commitment
	}
	var ahead []to
	committedTo(w, p, func(stage int, c commitment) {
		if c.standing == bedAhead {
			ahead = append(ahead, to{stage, c})
		} else {
			what(stage, c)
		}
	})
	slices.SortStableFunc(ahead, func(a, b to) int { return cmp.Compare(a.c.from, b.c.from) })
	for _, x := range ahead {
		if x.c.from < from {
			x.c.from, x.c.to = from, from+x.c.to-x.c.from
		}
		from = x.c.to
		what(x.stage, x.c)
	}
}

// without is what this year's nights have cost a budget but for what somebody has committed for stages.
func (c *chronicle) without(budget int, who *person, stages func(stage int) bool, instead func(what func(stage int, c commitment))) Pence {
	return c.owed(budget, c.year, c.sold(c.w, c.year, func(p *person, what func(int, commitment)) {
		committedTo(c.w, p, func(stage int, x commitment) {
			if p != who || x.standing != bedAhead || !stages(stage) {
				what(stage, x)
			}
		})
		if p == who && instead != nil {
			instead(what)
		}
	}))
}

// nights is what this year's nights cost a budget.
func (c *chronicle) nights(budget int) Pence {
	return c.without(budget, nil, nil, nil)
}

// approved is: a budget that holds approvals has the money for whom it has just let through.
func (c *chronicle) approved(who visitOf) {
	p := c.person(who)
	for i, b := range c.m.spec.Budgets {
		if b.WhenSpent != HoldApprovals {
			continue
		}
		need := c.nights(i) - c.without(i, p, func(int) bool { return true }, nil)
		if need > 0 {
			c.letThrough++
		}
		if charged := c.chargedNow(i); need > 0 && charged > c.w.available(i) {
			c.fault("%v is approved, and %s is charged %d of %d", who, b.Name, charged, c.w.available(i))
		}
	}
}

// chargedNow is what a budget is charged for this year, with what its stages have cost beside their beds.
func (c *chronicle) chargedNow(i int) Pence {
	return c.w.available(i) - c.w.uncommitted(i)
}

// admits is: nobody is admitted where there is no bed, or no money where that holds admissions.
func (c *chronicle) admits(who visitOf, stage, i int) {
	if !c.looked || c.reserved[who] { // who starts with a bed held for them may take it at once
		return
	}
	s := &c.m.spec.Stages[stage]
	b, u := &s.Beds.Places[i], &c.w.rooms[stage].places[i]
	l := &wholly{lawful: &lawful{m: c.m}}
	if !l.opens(b, c.w.now) || !l.admitsToday(b, c.w.now) {
		c.fault("%v is admitted to %s %s, which is closed", who, s.Name, b.Name)
	}
	taken := u.inside + len(u.rests)
	switch beds := bedsAt(b, int64(c.w.now)); {
	case b.Contract == Share:
		c.shared++
		if u.inside > beds && u.others.waits(c.w.now) > 0 {
			c.fault("%v is admitted to %s %s as one of %d, with priority on %d, while others wait", who, s.Name, b.Name, u.inside, beds)
		}
		beds, taken = b.Of, taken+len(u.others.leaving)
		fallthrough
	case beds != NoLimit:
		if taken > max(beds, 0) && b.Contract != Share || b.Contract == Share && taken > b.Of {
			c.fault("%v is admitted to %s %s, with %d of %d beds taken", who, s.Name, b.Name, taken, beds)
		}
	}
	budget := c.twin.budgetOf(stage)
	if budget < 0 || c.m.spec.Budgets[budget].WhenSpent == Overspend || !paidByTheNight(b) || c.kept[who] {
		return
	}
	p := c.person(who)
	until := c.w.now + toTicks(c.w.plannedStay(p, &c.m.stages[stage], p.pass, 0))
	need := c.without(budget, p, func(of int) bool { return of == stage }, func(what func(int, commitment)) {
		what(stage, commitment{place: int32(i), from: c.w.now, to: until})
	}) - c.nights(budget)
	c.covered++
	before := c.chargedNow(budget) - s.Costs.PerPerson // which is counted by now
	if need > 0 && before+need > c.w.available(budget) {
		c.fault("%v is admitted to %s %s for %d more, with %d charged of %d", who, s.Name, b.Name, need, before, c.w.available(budget))
	}
}

// otherStarts is: others get a bed when there is one, and ours do not come first.
func (c *chronicle) otherStarts(stage, i int, what Happening) {
	if what != OtherStarts {
		return
	}
	b, u, r := &c.m.spec.Stages[stage].Beds.Places[i], &c.w.rooms[stage].places[i], &c.w.rooms[stage]
	l := &wholly{lawful: &lawful{m: c.m}}
	if closed(b, int64(c.w.now)) || u.inside+len(u.others.leaving)+len(u.rests) >= b.Of {
		c.fault("one of the others gets a bed in %s, which has none", b.Name)
	}
	if !c.m.stages[stage].mayPassOver && l.opens(b, c.w.now) && l.admitsToday(b, c.w.now) && u.inside < bedsAt(b, int64(c.w.now)) && r.list.headFor(c.w.people, 1<<i) != nil {
		c.fault("one of the others gets a bed in %s before one of ours, with %d of %d priority beds", b.Name, u.inside, bedsAt(b, int64(c.w.now)))
	}
}
