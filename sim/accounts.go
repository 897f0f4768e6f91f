package sim

import "math"

// The accounts of places, to the night and the penny. Prices are whole pence and nights whole
// numbers, and everything is counted from the start of the run and told apart by subtraction: so
// statements, years and totals add up exactly, whatever periods are looked at.

// nightCount counts midnights: how many are on now, and the nights so far as n × day + area.
type nightCount struct{ n, area int64 }

func (c *nightCount) change(by, day int64) {
	c.n += by
	c.area -= by * day
}

func (c *nightCount) upTo(day int64) int64 { return c.area + c.n*day }

// bill is what a place cost and the nights behind it. All of it adds up over time.
type bill struct {
	held, bought, used, void int64 // nights: of beds held; paid for; slept; held or bought and not slept
	admissions               int64
	total, unused            Pence // unused is the price of void
	contribution             Pence // paid by clients
}

func (b *bill) add(o *bill) {
	b.held, b.bought, b.used, b.void = b.held+o.held, b.bought+o.bought, b.used+o.used, b.void+o.void
	b.admissions += o.admissions
	b.total, b.unused, b.contribution = b.total+o.total, b.unused+o.unused, b.contribution+o.contribution
}

func (b bill) less(o *bill) bill {
	b.held, b.bought, b.used, b.void = b.held-o.held, b.bought-o.bought, b.used-o.used, b.void-o.void
	b.admissions -= o.admissions
	b.total, b.unused, b.contribution = b.total-o.total, b.unused-o.unused, b.contribution-o.contribution
	return b
}

// account is what a place's bills are made out from.
type account struct {
	inside, held, onHeld nightCount // in beds; beds held; the lesser of the two
	admissions           int64      // since the start
	notice               Pence      // this year's
	left                 int64      // bed nights: of this year's, not promised to anyone; below 0, kept beyond what was bought

	year   struct{ slept, held, onHeld, admissions int64 } // as they stood when the financial year began
	booked bill                                            // of the financial years before
	base   bill                                            // everything, when the open period began
	told   bill                                            // of this year, before the measured period
}

// beds changes how many are in beds.
func (a *account) beds(by, day int64) {
	a.inside.change(by, day)
	if a.held.n > 0 {
		a.onHeld.change(min(a.inside.n, a.held.n)-a.onHeld.n, day)
	}
}

// hold changes how many beds are held.
func (a *account) hold(beds, day int64) {
	a.held.change(beds-a.held.n, day)
	a.onHeld.change(min(a.inside.n, a.held.n)-a.onHeld.n, day)
}

// holds reports whether beds are held for us.
func (p *place) holds() bool {
	return (p.Contract == Block || p.Contract == Share) && p.Beds != NoLimit
}

// price is that of a night in a financial year.
func (p *place) price(year int) Pence { return p.rates[year].night }

// active is how many days of the year, up to now, the contract runs.
func (p *place) active(y *financialYear, now ticks) int64 {
	return max(0, nights(max(y.from, p.from), min(now, y.until, p.until)))
}

// nightsBought is how many nights a contract of bed nights has in a financial year.
func (p *place) nightsBought(y *financialYear) int64 {
	return y.part(int64(p.Nights), p.active(y, y.until))
}

// bill makes out the bill of the financial year so far; once it is over, with what has lapsed.
func (a *account) bill(p *place, y *financialYear, year int, now ticks) (b bill) {
	day, price := now.day(), p.price(year)
	b.used = a.inside.upTo(day) - a.year.slept
	b.held = a.held.upTo(day) - a.year.held
	b.admissions = a.admissions - a.year.admissions
	onHeld := a.onHeld.upTo(day) - a.year.onHeld
	switch {
	case p.Contract == BedNights:
		all := p.nightsBought(y)
		b.bought = all
		if now < y.until {
			b.bought = partOf(all, p.active(y, now), p.active(y, y.until))
		} else {
			b.void = max(0, a.left)
		}
		b.bought += max(0, -a.left)
		b.total = b.bought * price
	case p.nightly:
		b.bought = max(b.used, y.part(int64(p.Terms.MinimumNights), p.active(y, now)))
		b.total = p.volume(b.bought, year)
		b.void = b.bought - b.used
		b.unused = b.void * price
		if p.holds() { // the same beds, not others beside them
			b.void = max(b.void, b.held-onHeld)
		}
	default:
		b.bought, b.void = b.held+b.used-onHeld, b.held-onHeld
		b.total = b.bought * price
	}
	if !p.nightly {
		b.unused = b.void * price
	}
	b.total += y.part(p.rates[year].retainer, p.active(y, now)) + a.notice
	b.contribution = b.used * p.Terms.Contribution / 7
	return b
}

// beyond is what nights of this financial year so far cost beyond what is paid for whoever sleeps there: in a block, of
// people who stay as its beds become fewer; of bed nights, of beds kept when none are left.
func (a *account) beyond(p *place, year int, now ticks) Pence {
	nights := max(0, -a.left)
	if p.Contract == Block {
		day := now.day()
		nights = a.inside.upTo(day) - a.year.slept - (a.onHeld.upTo(day) - a.year.onHeld)
	}
	return nights * p.price(year)
}

// volume is the price of nights in a financial year, those above a threshold at their own price.
func (p *place) volume(nights int64, year int) Pence {
	r := &p.rates[year]
	if above := nights - r.threshold; above > 0 {
		return r.threshold*r.night + above*r.above
	}
	return nights * r.night
}

// turn closes a financial year: its bill is booked and the counts of the next begin.
func (a *account) turn(p *place, y *financialYear, year int) {
	whole := a.bill(p, y, year, y.until)
	a.booked.add(&whole)
	day := y.until.day()
	a.year.slept, a.year.held, a.year.onHeld = a.inside.upTo(day), a.held.upTo(day), a.onHeld.upTo(day)
	a.year.admissions, a.notice = a.admissions, 0
}

// upTo is everything billed since the start.
func (a *account) upTo(p *place, y *financialYear, year int, now ticks) bill {
	b := a.bill(p, y, year, now)
	b.add(&a.booked)
	return b
}

// units is what a stage has cost beside its beds, in whole pence.
type units struct {
	booked Pence // before the open period
	year   Pence // before this financial year
	told   Pence // of this year, before the measured period
}

// unitCosts is what a stage cost beside its beds in the open period, in whole pence.
func (l *ledger) unitCosts(s *stage, now ticks) Pence {
	if !s.costs {
		return 0
	}
	b := &l.stages[s.index]
	_, inside := b.everyone()
	units := Pence(math.Round(float64(s.Costs.PerWeek) * inside.upTo(now) / 7))
	for i := range b.sets {
		c := &b.sets[i].counts
		starts := c.started
		if !s.serves() {
			starts = c.served
		}
		units += s.Costs.PerPerson*Pence(starts) + s.Costs.PerCase*Pence(c.heard) + s.Costs.PerSession*Pence(c.sessions)
	}
	return units
}

// unitsUpTo is what a stage has cost beside its beds since the start.
func (l *ledger) unitsUpTo(s *stage, now ticks) Pence {
	return l.units[s.index].booked + l.unitCosts(s, now)
}

// unitsThisYear is what a stage has cost beside its beds in this financial year.
func (l *ledger) unitsThisYear(s *stage, now ticks) Pence {
	return l.unitsUpTo(s, now) - l.units[s.index].year
}

func (l *ledger) yearNow() *financialYear { return &l.m.financial[l.year] }

// bill is that of a place for the open period.
func (l *ledger) bill(s *stage, i int, now ticks) bill {
	a := &l.places[s.firstPlace+i].account
	return a.upTo(&s.beds[i], l.yearNow(), l.year, now).less(&a.base)
}

// mostStatements bounds the financial years for which statements are kept.
const mostStatements = 60

// statementYears are the financial years, first to last, of which a part is in the measured period.
func (m *Model) statementYears() (first, last int) {
	for m.financial[first].until <= m.measured {
		first++
	}
	last = len(m.financial) - 1
	if m.financial[last].from == m.end {
		last--
	}
	if last-first >= mostStatements {
		return 0, -1
	}
	return first, last
}

// beginStatements notes what of this year's bills lies before the measured period, which starts now.
func (l *ledger) beginStatements(now ticks) {
	for i := range l.m.stages {
		s := &l.m.stages[i]
		for j := range s.beds {
			a := &l.places[s.firstPlace+j].account
			a.told = a.bill(&s.beds[j], l.yearNow(), l.year, now)
		}
		l.units[i].told = l.unitsThisYear(s, now)
	}
}

// state keeps the statements of the financial year that ends now, or of the part that the run has.
func (l *ledger) state(now ticks) {
	if first, last := l.m.statementYears(); l.year < first || l.year > last || l.period < 0 {
		return
	}
	for i := range l.m.stages {
		s := &l.m.stages[i]
		for j := range s.beds {
			a := &l.places[s.firstPlace+j].account
			l.statements = append(l.statements, a.bill(&s.beds[j], l.yearNow(), l.year, now).less(&a.told))
			a.told = bill{}
		}
	}
	for i := range l.m.stages {
		u := &l.units[i]
		l.statements = append(l.statements, bill{total: l.unitsThisYear(&l.m.stages[i], now) - u.told})
		u.told = 0
	}
}

// turnYears closes the financial years that are over.
func (w *world) turnYears() {
	l := &w.ledger
	for l.year+1 < len(w.m.financial) && l.yearNow().until <= w.now {
		y := l.yearNow()
		w.keepsNights(y)
		l.state(y.until)
		if len(w.purses) > 0 {
			w.renew(y.until)
		}
		for i := range w.purses {
			w.turnPurse(i)
		}
		for i := range w.m.stages {
			s := &w.m.stages[i]
			for j := range s.beds {
				p, a := &s.beds[j], &l.places[s.firstPlace+j].account
				a.turn(p, y, l.year)
				a.left = p.nightsBought(&w.m.financial[l.year+1])
			}
			l.units[i].year = l.unitsUpTo(s, w.now)
		}
		l.year++
		w.returned()
		for i := range w.purses {
			w.seeWhetherOut(i, w.now)
		}
	}
	for id, o := range w.m.system {
		if o.what == turns && l.yearNow().until > w.now {
			w.setSystem(int32(id), l.yearNow().until, orderCalendar)
		}
	}
}
