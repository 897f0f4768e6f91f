package sim

import (
	"cmp"
	"slices"
)

// Commitments: money for nights that someone is going to sleep, or has slept, by place and financial year.

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
