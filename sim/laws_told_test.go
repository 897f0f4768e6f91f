package sim

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What was told of a replication, and nothing else, must give the figures and the money of it: waits,
// stays, losses and deaths one by one, nights midnight by midnight, bills by the contract's words.

// spell is a wait or a service.
type spell struct {
	stage, place int
	since        ticks // before the run for those who are there at the start
	from, to     ticks // within the run
	ended        ticks // of the stay, before a bed that is kept is left
	year         int   // financial, of leaving
	started      bool  // there at the start
	unplanned    bool
	attended     int32 // sessions of a group
	planned      ticks // the planned end
	seen         bool  // somebody has looked at who it is
}

// visitOf is a visit of a person, as told.
type visitOf struct {
	key   uint64
	visit int
}

// chronicle is what was told.
type chronicle struct {
	m    *Model
	w    *world
	twin *twin // for its calendar and prices only

	waits, services  []*spell
	waiting, serving map[visitOf]*spell
	inside           map[visitOf]bool
	served, heard    map[int][]ticks  // by stage: waits that ended so without a place; cases heard by panels
	relapsed         visitOf          // who has just relapsed inside
	leftEarly        map[uint64]ticks // people who left a bed early, until the next bed
	counts           map[string]float64
	left             map[string]int64         // bed nights of this year, by stage and place
	year             int                      // financial
	slept            map[string]map[int]int64 // by stage and place, and year: nights of those who have left
	noticed          map[int]map[int]Pence    // by budget and year
	aheads           []Pence                  // by budget: charged to next year beside its fixed costs
	reserved, kept   map[visitOf]bool         // as last looked at: a bed held for them; kept by them
	fast             map[visitOf]bool         // the panel decides without a meeting
	ahead            []Pence                  // by budget: carried_over of whole years
	looked           bool
	fault            func(string, ...any)

	// How often a law had something to hold.
	committed, covered, letThrough, rises, shared, figures, budgets int
}

func newChronicle(m *Model) *chronicle {
	c := &chronicle{
		m: m, twin: twinOf(m.spec), waiting: map[visitOf]*spell{}, serving: map[visitOf]*spell{}, inside: map[visitOf]bool{},
		leftEarly: map[uint64]ticks{}, counts: map[string]float64{}, left: map[string]int64{}, slept: map[string]map[int]int64{}, noticed: map[int]map[int]Pence{},
		served: map[int][]ticks{}, heard: map[int][]ticks{},
		reserved: map[visitOf]bool{}, kept: map[visitOf]bool{}, fast: map[visitOf]bool{},
		aheads: make([]Pence, len(m.budgets)), ahead: make([]Pence, len(m.budgets)),
	}
	c.newYear(0)
	return c
}

// newYear is a financial year beginning, with the nights bought for it.
func (c *chronicle) newYear(year int) {
	c.year, c.twin.year = year, year
	for i := range c.m.spec.Stages {
		if s := &c.m.spec.Stages[i]; s.Kind == BedsKind {
			for j := range s.Beds.Places {
				c.left[unitName(i, j)] = c.twin.ofContract(&s.Beds.Places[j], int64(s.Beds.Places[j].Nights), year)
			}
		}
	}
}

// wholeYear reports whether a financial year is a whole one that begins in the measured period.
func (c *chronicle) wholeYear(year int) bool {
	return c.twin.yearStart(year) >= int64(c.m.measured) && c.twin.ofYear(1<<40, year) == 1<<40
}

// count counts something that happens in the measured period.
func (c *chronicle) count(what string) {
	if c.w.now >= c.m.measured && !c.w.starting {
		c.counts[what]++
	}
}

func (c *chronicle) told(x Told) {
	stage := c.twin.stageNamed(x.Stage)
	s := &c.m.spec.Stages[stage]
	place := -1
	if s.Kind == BedsKind {
		place = slices.IndexFunc(s.Beds.Places, func(p Place) bool { return p.Name == x.Place })
	}
	if x.What == OtherStarts || x.What == OtherLeaves {
		c.otherStarts(stage, place, x.What)
		return
	}
	who := visitOf{x.Who.Key, x.Visit}
	if c.fast[who] && x.What == IsAnswered && x.Detail == "approved" && len(c.m.budgets) > 0 {
		c.approved(who)
	}
	if x.What == Joins || x.What == Starts || x.What == IsOut || x.What == Expires || x.What == Dies {
		c.endWait(who, x)
	}
	if x.What != RelapsesInside && x.What != Leaves {
		c.relapsed = visitOf{}
	}
	switch x.What {
	case Joins:
		c.inside[who] = true
		wait := &spell{stage: stage, place: -1, since: c.w.now, from: c.w.now, to: forever, started: c.w.starting}
		if c.w.starting {
			wait.since = -toTicks(-c.m.spec.Starting[x.Who.Number].Joined)
		} else {
			c.count(x.Stage + ".joined")
		}
		c.waiting[who] = wait
		c.waits = append(c.waits, wait)
	case Starts:
		c.starts(who, x, stage, place)
	case KeepsBed:
		c.serving[who].ended = c.w.now
		c.note(c.person(who), c.serving[who])
	case Leaves:
		c.leaves(who, s, place)
	case IsOut:
		delete(c.inside, who)
		c.count("episodes")
		c.count("lost." + x.Stage + "." + x.Detail)
	case RelapsesInside:
		c.relapsed = who
	case IsAnswered:
		c.served[stage] = append(c.served[stage], c.w.now)
	case IsHeard, IsDeferred:
		if !c.fast[who] {
			c.count(x.Stage + ".heard")
			c.heard[stage] = append(c.heard[stage], c.w.now)
		}
		if x.Detail == "approved" {
			c.approved(who)
		}
	case Dies:
		c.dies(who, x)
	}
	if x.What != Leaves { // a bed kept meanwhile
		c.fast[who] = x.What == IsFastTracked
	}
}

func (c *chronicle) endWait(who visitOf, x Told) {
	wait := c.waiting[who]
	if wait == nil {
		return
	}
	delete(c.waiting, who)
	wait.to = c.w.now
	if x.What == IsOut && x.Detail == causeWords[turnedAway] {
		c.waits = slices.DeleteFunc(c.waits, func(w *spell) bool { return w == wait })
		if c.count(x.Stage + ".turned_away"); c.w.now >= c.m.measured {
			c.counts[x.Stage+".joined"]--
		}
	} else if x.What == IsOut && x.Detail == causeWords[droppedOut] {
		c.count(x.Stage + ".dropped_out")
	}
	if x.What == Dies {
		c.count("deaths.waiting")
	}
	if d := c.m.spec.Stages[wait.stage].Delay; d != nil && d.Places == 0 && c.relapsed != who && (x.What == Joins || x.What == IsOut && x.Detail == "") {
		c.served[wait.stage] = append(c.served[wait.stage], c.w.now)
	}
}

func (c *chronicle) starts(who visitOf, x Told, stage, place int) {
	c.inside[who] = true
	service := &spell{stage: stage, place: place, since: c.w.now, from: c.w.now, to: forever, ended: forever, started: c.w.starting}
	if c.w.starting {
		service.since = -toTicks(-c.m.spec.Starting[x.Who.Number].Since)
	} else {
		c.count(x.Stage + ".started")
	}
	if place >= 0 {
		c.count(x.Stage + ".admissions." + x.Place)
		delete(c.leftEarly, who.key)
		c.admits(who, stage, place)
	}
	c.serving[who] = service
	c.services = append(c.services, service)
}

func (c *chronicle) leaves(who visitOf, s *Stage, place int) {
	service := c.serving[who]
	if service == nil {
		c.fault("%v leaves %s and was not there", who, s.Name)
		return
	}
	if p := c.person(who); p != nil && p.state == serving {
		c.note(p, service) // they were there at the start, and leave first of all
	}
	delete(c.serving, who)
	service.to, service.year = c.w.now, c.w.ledger.year
	service.ended = min(service.ended, c.w.now)
	if place < 0 {
		return
	}
	b := &s.Beds.Places[place]
	unit, budget := unitName(service.stage, place), c.twin.budgetOf(service.stage)
	if service.unplanned {
		c.leftEarly[who.key] = c.w.now
	}
	if b.Contract == BedNights && !service.started && int64(service.since) >= c.twin.yearStart(service.year) {
		c.left[unit] += max(0, plannedNights(service.since, service.planned)-nights(service.since, c.w.now))
	}
	if b.Contract == BedNights && !service.started {
		c.left[unit] -= keptNights(service, ticks(c.twin.yearStart(service.year)))
	}
	if budget < 0 {
		return
	}
	if c.slept[unit] == nil {
		c.slept[unit] = map[int]int64{}
	}
	for year := range c.w.m.financial {
		c.slept[unit][year] += c.twin.nightsOf(year, int64(service.from), int64(c.w.now))
	}
	if service.unplanned && !paidAhead(b) {
		if c.noticed[budget] == nil {
			c.noticed[budget] = map[int]Pence{}
		}
		c.noticed[budget][service.year] += int64(b.Terms.NoticeNights) * c.twin.price(b, service.year)
	}
}

func (c *chronicle) dies(who visitOf, x Told) {
	if left, ok := c.leftEarly[who.key]; ok {
		if c.w.now-left <= 28*oneDay {
			c.count("deaths.within_28_days")
		}
		if c.w.now-left <= toTicks(365.25) {
			c.count("deaths.within_12_months")
		}
	}
	if c.inside[who] {
		c.count("episodes")
		c.count("lost." + x.Stage + ".died")
	}
	delete(c.inside, who)
}

// person is who is meant.
func (c *chronicle) person(who visitOf) *person {
	for i := range c.w.people {
		if p := &c.w.people[i]; p.state != gone && uint64(p.root) == who.key && int(p.visit) == who.visit {
			return p
		}
	}
	return nil
}

// notes takes down what only a look at people can tell: planned ends, outcomes, sessions, beds held and kept.
func (c *chronicle) notes() {
	c.looked = true
	clear(c.reserved)
	clear(c.kept)
	if year := c.w.ledger.year; year != c.year {
		if c.wholeYear(c.year) && c.twin.yearStart(year) <= int64(c.m.end) {
			for i := range c.ahead {
				c.ahead[i] += c.aheads[i]
			}
		}
		c.newYear(year)
	}
	for i := range c.w.people {
		p := &c.w.people[i]
		who := visitOf{uint64(p.root), int(p.visit)}
		if p.state == gone {
			continue
		}
		if c.m.extra {
			x := &c.w.extras[i]
			c.reserved[who], c.kept[who] = x.reserved != none, x.kept.stage != none
		}
		if service := c.serving[who]; p.state == serving && service != nil {
			c.note(p, service)
		}
	}
}

// keptNights are those of a year for which a bed was kept after a stay, beyond the nights planned for it.
func keptNights(x *spell, year ticks) int64 {
	return max(0, min(nights(x.since, x.to)-plannedNights(x.since, x.planned), nights(max(x.planned, year), x.to)))
}

// note takes down of a service what only a look at the person can tell.
func (c *chronicle) note(p *person, service *spell) {
	if service.seen {
		return
	}
	service.seen, service.attended = true, p.attended
	service.unplanned = service.place >= 0 && p.outcome == Unplanned
	if c.m.extra && service.place >= 0 {
		service.planned = c.w.extras[p.slot].planned
		if b := &c.m.spec.Stages[service.stage].Beds.Places[service.place]; b.Contract == BedNights && !service.started {
			c.left[unitName(service.stage, service.place)] -= plannedNights(service.since, service.planned)
		}
	}
}

// overlap is how much of a spell lies in the measured period, in person-days.
func (c *chronicle) overlap(s *spell) float64 {
	return max(0, min(s.to, c.m.end)-max(s.from, c.m.measured)).days()
}

// holds the figures to what was told.
func (c *chronicle) holdFigures(t tester, b *Batch) {
	t.Helper()
	want := map[string][2]float64{}
	for id, n := range c.counts {
		want[id] = [2]float64{n, -1}
	}
	add := func(id string, y, n float64) {
		was := want[id]
		want[id] = [2]float64{was[0] + y, max(0, was[1]) + n}
	}
	for i := range c.m.spec.Stages {
		s := &c.m.spec.Stages[i]
		add(s.Name+".waiting.mean", 0, 0)
		add(s.Name+".wait.mean", 0, 0)
		if c.m.stages[i].serves() {
			add(s.Name+".in_use.mean", 0, 0)
			add(s.Name+".stay.mean", 0, 0)
		}
		for why, figure := range map[cause]string{droppedOut: "dropped_out", declined: "declined", relapsedWaiting: "relapsed", leftEarly: "unplanned", leftGroup: "left", turnedAway: "turned_away", died: "died"} {
			want["lost."+s.Name+"."+figure] = [2]float64{c.counts["lost."+s.Name+"."+causeWords[why]], -1}
		}
		if s.Kind == BedsKind {
			want[s.Name+".admissions"] = [2]float64{c.counts[s.Name+".started"], -1}
		}
	}
	for _, x := range c.waits {
		name := c.m.spec.Stages[x.stage].Name
		add(name+".waiting.mean", c.overlap(x), 0)
		if x.to >= c.m.measured && x.to < forever {
			add(name+".wait.mean", (x.to - x.since).days(), 1)
		}
	}
	for _, x := range c.services {
		name := c.m.spec.Stages[x.stage].Name
		add(name+".in_use.mean", c.overlap(x), 0)
		if x.ended >= c.m.measured && x.ended < forever {
			add(name+".stay.mean", (x.ended - x.since).days(), 1)
		}
	}
	for id, yn := range want {
		at := slices.IndexFunc(c.m.plan.figures, func(f figure) bool { return f.ID == id })
		if at < 0 {
			continue
		}
		c.figures++
		y, n := b.y[at], b.n[at]
		people := strings.HasSuffix(id, "wait.mean") || strings.HasSuffix(id, "stay.mean")
		if !agrees(y, yn[0], 1e-9) || people && n != yn[1] {
			t.Errorf("%s: %g of %g, told %g of %g", id, y, n, yn[0], yn[1])
		}
	}
	// Whoever left did so by a way out, or for a reason that some figure counts.
	y, episodes := totals(t, c.m, b, 0, "completed")
	if episodes != c.counts["episodes"] || y > episodes {
		t.Errorf("%g episodes ended, %g of them completed; told %g", episodes, y, c.counts["episodes"])
	}
	lost, byRoutes := 0.0, 0.0
	for f := range c.m.plan.figures {
		if d := &c.m.plan.figures[f]; strings.HasPrefix(d.ID, "lost.") && d.lens == 0 {
			lost += b.y[f]
		}
	}
	for _, s := range c.m.spec.Stages {
		byRoutes += c.counts["lost."+s.Name+"."]
	}
	if lost+byRoutes != episodes {
		t.Errorf("%g lost and %g out by their ways, of %g episodes", lost, byRoutes, episodes)
	}
}

// unitCosts is what a stage has cost beside its beds up to a moment: counted out, weeks rounded to the
// penny period by period.
func (c *chronicle) unitCosts(stage int, until ticks) (sum Pence) {
	s := &c.m.spec.Stages[stage]
	weeks := func(from, to ticks) Pence {
		area := ticks(0)
		for _, x := range c.services {
			if x.stage == stage {
				area += max(0, min(x.to, to)-max(x.from, from))
			}
		}
		return Pence(math.Round(float64(s.Costs.PerWeek) * (area.days() / 7)))
	}
	from := ticks(0)
	for _, to := range append([]ticks{c.m.measured}, c.m.periods...) {
		sum += weeks(from, max(from, min(to, until)))
		from = max(from, min(to, until))
	}
	upTo := func(all []ticks) (n Pence) {
		for _, at := range all {
			if at < until {
				n++
			}
		}
		return n
	}
	sum += s.Costs.PerPerson*upTo(c.served[stage]) + s.Costs.PerCase*upTo(c.heard[stage])
	for _, x := range c.services {
		if x.stage != stage {
			continue
		}
		if !x.started && x.from < until {
			sum += s.Costs.PerPerson
		}
		if x.to < until && s.Kind == GroupKind {
			sum += s.Costs.PerSession * Pence(min(x.attended, int32((x.to-x.since)/c.m.stages[stage].sessions)+1))
		}
	}
	return sum
}

// yearBill is what a place cost in a financial year up to a moment of it, by the contract's words.
func (c *chronicle) yearBill(stage, i, year int, until ticks) (b bill) {
	t, p := c.twin, &c.m.spec.Stages[stage].Beds.Places[i]
	from, end := ticks(t.yearStart(year)), ticks(t.yearStart(year+1))
	slept := map[int64]int64{} // by midnight
	notice := int64(0)
	bought := t.ofContract(p, int64(p.Nights), year)
	left := bought
	for _, x := range c.services {
		if x.stage != stage || x.place != i {
			continue
		}
		midnights(max(x.from, from), min(x.to, until), func(day int64) bool { slept[day]++; b.used++; return true })
		inYear := x.since >= from && x.since < until && !x.started
		if inYear {
			b.admissions++
		}
		if inYear && p.Contract == BedNights {
			n := max(1, midnights(x.since, x.planned, func(int64) bool { return true }))
			left -= n
			if x.to < until {
				left += max(0, n-midnights(x.since, x.to, func(int64) bool { return true }))
			}
		}
		if p.Contract == BedNights && !x.started && x.to >= from && (x.to < until || until == end && x.since < end) {
			so := *x
			so.to = min(x.to, until)
			left -= keptNights(&so, from)
		}
		if x.unplanned && x.to >= from && x.to < until {
			notice += int64(p.Terms.NoticeNights)
		}
	}
	held, onHeld, dear := int64(0), int64(0), int64(0) // dear: the more of held and slept
	for day := from.day() + 1; ticks(day)*oneDay <= until; day++ {
		n := int64(0)
		if p.Contract == Block || p.Contract == Share {
			n = int64(heldOn(p, day*int64(oneDay)))
		}
		held, onHeld, dear = held+n, onHeld+min(n, slept[day]), dear+max(n, slept[day])
	}
	price := t.price(p, year)
	soFar := func(amount, days int64) int64 {
		return c.portion(amount, days, daysFrom(t.firstApril(year), t.firstApril(year+1)))
	}
	runs := func(until ticks) int64 {
		return max(0, min(int64(until), twinMoment(p.Until))/twinDay-max(int64(from), twinMoment(p.From))/twinDay)
	}
	switch {
	case p.Contract == BedNights:
		b.bought = bought
		if until < end {
			b.bought = 0
			if all := runs(end); all > 0 {
				b.bought = c.portion(bought, runs(until), all)
			}
		} else {
			b.void = max(0, left)
		}
		b.bought += max(0, -left)
		b.total, b.unused = b.bought*price, b.void*price
	case p.Contract == Block && p.Beds != NoLimit:
		b.held, b.bought, b.void = held, dear, held-onHeld
		b.total, b.unused = dear*price, b.void*price
	default:
		b.bought = max(b.used, soFar(int64(p.Terms.MinimumNights), runs(until)))
		usual, above := b.bought, int64(0)
		if p.Terms.AboveNights > 0 {
			usual = min(b.bought, soFar(int64(p.Terms.AboveNights), runs(end)))
			above = b.bought - usual
		}
		b.total = usual*price + above*uplift(p, p.Terms.AbovePerNight, year)
		b.void, b.unused = b.bought-b.used, (b.bought-b.used)*price
		if p.Contract == Share {
			b.held = held
			b.void = max(b.void, held-onHeld)
		}
	}
	if !paidAhead(p) {
		b.total += notice * price
	}
	b.total += soFar(uplift(p, p.Terms.PerYear, year), runs(until))
	b.contribution = b.used * p.Terms.Contribution / 7
	return b
}

// portion is days/of of an amount, halves up.
func (c *chronicle) portion(amount, days, of int64) int64 {
	q, r := amount*days/of, amount*days%of
	if 2*r >= of {
		q++
	}
	return q
}

// holdMoney holds statements, figures and budgets to the bills made out from what was told.
func (c *chronicle) holdMoney(t tester, b *Batch) {
	t.Helper()
	m := c.m
	per := m.places + len(m.stages)
	contracts, all, net := map[string]bill{}, bill{}, Pence(0)
	years := len(b.bills) / per
	first := 0
	for ticks(c.twin.yearStart(first+1)) <= m.measured {
		first++
	}
	if last := first + years - 1; ticks(c.twin.yearStart(last)) >= m.end || ticks(c.twin.yearStart(last+1)) < m.end {
		t.Errorf("statements of %d years from the %d.", years, first)
	}
	for k := range years {
		year := first + k
		from, until := max(m.measured, ticks(c.twin.yearStart(year))), min(m.end, ticks(c.twin.yearStart(year+1)))
		for i := range m.stages {
			s := &m.stages[i]
			for j := range s.beds {
				want := c.yearBill(i, j, year, until)
				if before := c.yearBill(i, j, year, from); from > ticks(c.twin.yearStart(year)) {
					want = want.less(&before)
				}
				got := b.bills[k*per+s.firstPlace+j]
				if got != want {
					t.Errorf("%s %s in year %d: %+v, by what was told %+v", s.Name, s.beds[j].Name, year, got, want)
				}
				sum := contracts[s.beds[j].Contract.String()]
				sum.add(&want)
				contracts[s.beds[j].Contract.String()] = sum
				all.add(&want)
				net += want.total - want.contribution
			}
			units := b.bills[k*per+m.places+i].total
			if want := c.unitCosts(i, until) - c.unitCosts(i, from); units != want {
				t.Errorf("%s in year %d cost %d beside its beds, by what was told %d", s.Name, year, units, want)
			}
			all.total += units
			net += units
		}
	}
	pounds := func(id string, want Pence) {
		y, _ := totals(t, m, b, 0, id) // of periods that may nearly undo each other
		if math.Round(y*100) != float64(want) || math.Abs(y*100-float64(want)) > 1e-6 {
			t.Errorf("%s: £%.4f in all, £%d.%02d by statements", id, y, want/100, want%100)
		}
	}
	pounds("cost", all.total)
	pounds("cost.void", all.unused)
	pounds("cost.net", net)
	if all.contribution > 0 {
		pounds("contributions", all.contribution)
	}
	for contract, sum := range contracts {
		pounds("cost."+contract, sum.total)
	}
	c.holdBudgets(t, b)
}

// holdBudgets recomputes what the whole financial years of budgets in the measured period came to.
func (c *chronicle) holdBudgets(t tester, b *Batch) {
	t.Helper()
	m := c.m
	for i, budget := range m.spec.Budgets {
		var spent, over, n, overspent, carried Pence
		for year := 0; ticks(c.twin.yearStart(year+1)) <= m.end; year++ {
			cost, from, until := Pence(0), ticks(c.twin.yearStart(year)), ticks(c.twin.yearStart(year+1))
			for stage := range m.stages {
				if c.twin.budgetOf(stage) != i {
					continue
				}
				for j := range m.stages[stage].beds {
					x := c.yearBill(stage, j, year, until)
					cost += x.total - x.contribution
				}
				cost += c.unitCosts(stage, until) - c.unitCosts(stage, from)
			}
			had := c.twin.ofYear(budget.PerYear, year) + carried
			if carried = 0; budget.Carried {
				carried = max(0, had-cost)
			}
			if c.wholeYear(year) {
				n++
				spent, over = spent+cost, over+max(0, cost-had)
				if cost > had {
					overspent++
				}
			}
		}
		if got := c.w.purses[i].carried; got != carried {
			t.Errorf("budget %s: %d carried into the last year, by what was told %d", budget.Name, got, carried)
		}
		if !slices.ContainsFunc(m.plan.figures, func(f figure) bool { return f.ID == "budget."+budget.Name+".spent" }) {
			continue
		}
		for what, want := range map[string]float64{"spent": float64(spent) / 100, "overspend": float64(over) / 100, "overspend_probability": float64(overspent), "carried_over": float64(c.ahead[i]) / 100} {
			if y, years := totals(t, m, b, 0, "budget."+budget.Name+"."+what); !agrees(y, want, 1e-12) || years != float64(n) {
				t.Errorf("budget.%s.%s: %.2f of %g, by what was told %.2f of %d", budget.Name, what, y, years, want, n)
			}
		}
		if y, _ := totals(t, m, b, 0, "budget."+budget.Name+".runs_out_probability"); y < float64(overspent) {
			t.Errorf("budget.%s: overspent in %d years, ran out in %g", budget.Name, overspent, y)
		}
		c.budgets++
	}
}

// lawfulSpec is a whole spec whose measured period starts and ends anywhere, or holds whole years.
func lawfulSpec(rt *rapid.T) Spec {
	spec := wholeSpec(rt)
	spec.WarmUp = rapid.SampledFrom([]Days{0, 45.5, 100}).Draw(rt, "warm up")
	spec.Measure = rapid.SampledFrom([]Days{60, 150.25, 365, 800}).Draw(rt, "measured")
	return spec
}

// holdToWhole plays a replication of a whole spec under every law.
func holdToWhole(t tester, m *Model, seed uint64, replication int) *wholly {
	t.Helper()
	l := &wholly{lawful: newLawful(m), chronicle: newChronicle(m), held: map[int]held{}}
	r := new(Runner)
	l.chronicle.w, l.chronicle.fault = &r.w, l.fail
	r.w.watch, r.Told = l.watch, l.told
	b := new(Batch)
	b.Reset(replication)
	if err := r.Replicate(m, seed, replication, b); err != nil {
		t.Fatalf("%v", err)
	}
	if l.lawful.fault != "" {
		t.Fatalf("seed %d, replication %d: %s", seed, replication, l.lawful.fault)
	}
	if c := l.chronicle; r.w.ledger.year != c.year && c.wholeYear(c.year) { // the run has ended with a financial year
		for i := range c.ahead {
			c.ahead[i] += c.aheads[i]
		}
	}
	l.holdFigures(t, b)
	l.holdMoney(t, b)
	l.years(t, b)
	l.inUse(t, b)
	return l
}

func TestLawsHoldAfterEveryEventOfAnyWholePathway(t *testing.T) {
	var all chronicle
	checks(t, 300, func(rt *rapid.T) {
		c := wholeLawsHold(rt)
		all.committed, all.covered, all.letThrough = all.committed+c.committed, all.covered+c.covered, all.letThrough+c.letThrough
		all.rises += c.rises
		all.shared, all.figures, all.budgets = all.shared+c.shared, all.figures+c.figures, all.budgets+c.budgets
	})
	// A law that nothing touches was not held; fewer cases may well not touch some.
	if fewer > 1 {
		return
	}
	if all.committed < 1000 || all.covered < 1 || all.rises < 1 || all.shared < 100 || all.figures < 1000 || all.budgets < 1 {
		t.Errorf("%d commitments, %d admissions under a budget, %d approvals under one, %d rises of what is committed, %d admissions to shared units, %d figures, %d budgets of whole years",
			all.committed, all.covered, all.letThrough, all.rises, all.shared, all.figures, all.budgets)
	}
}

func wholeLawsHold(rt *rapid.T) *chronicle {
	spec := lawfulSpec(rt)
	m := modelOf(rt, spec, grouped(modelOf(rt, spec))...)
	return holdToWhole(rt, m, rapid.Uint64Range(0, 50).Draw(rt, "seed"), 0).chronicle
}

// A gap is the difference of its two figures, and statements add up to the totals, over replications too.
func TestGapsAndStatementsOfSummariesAddUp(t *testing.T) {
	gapsSeen := 0
	// As many under the race detector: some models have no gap at all.
	checks(t, 25*fewer, func(rt *rapid.T) {
		m := modelOf(rt, lawfulSpec(rt))
		s := experiment(rt, 3, m).Summaries[0]
		for _, g := range m.plan.gaps {
			gap, ok := s.Find(g.id)
			group, one := s.Find(g.group)
			other, two := s.Find(g.other)
			if !ok || !one || !two {
				continue
			}
			if gapsSeen++; !agrees(gap.Value, group.Value-other.Value, 1e-9) {
				rt.Errorf("%s is %g, between %g and %g", g.id, gap.Value, group.Value, other.Value)
			}
		}
		total, net, contribution, unused := 0.0, 0.0, 0.0, 0.0
		for _, x := range s.Statements {
			total, net, contribution, unused = total+x.Total, net+x.Net, contribution+x.Contribution, unused+x.Unused
		}
		years := (m.end - m.measured).days() / daysPerYear
		for id, want := range map[string]float64{"cost": total, "cost.net": net, "cost.void": unused} {
			if e, ok := s.Find(id); !ok || math.Round(3*100*e.Value*years) != math.Round(3*100*want) {
				rt.Errorf("%s: £%.4f in all, £%.4f by statements", id, e.Value*years, want)
			}
		}
		if e, ok := s.Find("contributions"); ok != (contribution > 0) && contribution > 0 || ok && math.Round(300*e.Value*years) != math.Round(300*contribution) {
			rt.Errorf("contributions: £%.4f in all, £%.4f by statements", e.Value*years, contribution)
		}
	})
	if gapsSeen < 10 {
		t.Errorf("only %d gaps", gapsSeen)
	}
}
