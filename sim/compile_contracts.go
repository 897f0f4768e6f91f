package sim

import (
	"math"
	"slices"

	"tier4/sim/dist"
)

// places compiles the places of a beds stage.
func (c *compiler) places(s *stage) {
	b := s.Beds
	if len(b.Places) > maxPlaces {
		c.fault("%s: there can be %d places at most", s.Name, maxPlaces)
		return
	}
	var names []string
	for _, p := range b.Places {
		names = append(names, p.Name)
	}
	c.distinct(s.Name+" place", names)
	conditions := len(b.WantsLocal) > 0 || slices.ContainsFunc(c.spec.Streams, readies)
	for i, p := range b.Places {
		compiled := c.place(s, i, p)
		asks := conditions || compiled.suits != nil || p.Assesses != nil
		search := p.Contract == Spot && (p.LookAfter > 0 || len(p.FoundIn) > 0)
		s.all |= 1 << i
		if !asks && !search {
			s.atOnce |= 1 << i
		}
		// A search of no length is over on joining, before anybody waits for its end.
		s.choosy = s.choosy || asks || search && compiled.lookAfter == 0
		s.shared = s.shared || p.Others != nil
		s.onlySpot = (i == 0 || s.onlySpot) && p.Contract == Spot
		s.beds = append(s.beds, compiled)
		if s.listPrice < 0 && compiled.nightly {
			s.listPrice = int32(i)
		}
	}
	for _, spot := range []bool{false, true} {
		for i, p := range b.Places {
			if (p.Contract == Spot) == spot {
				s.order = append(s.order, int32(i))
			}
		}
	}
	s.bedsIndex = len(c.m.bedsStages)
	c.m.bedsStages = append(c.m.bedsStages, s.index)
	s.firstPlace = c.m.places
	c.m.places += len(b.Places)
}

// readies reports whether people of a stream are not ready at once.
func readies(s Stream) bool {
	return len(s.ReadyAfter) > 0 || slices.ContainsFunc(s.Dates, func(a Arrival) bool { return a.Ready > 0 })
}

func (c *compiler) place(s *stage, i int, p Place) place {
	where := s.Name + " " + p.Name
	name := dist.NameOf(s.Name).And(dist.NameOf(p.Name))
	address := func(purpose string) dist.Name { return name.And(dist.NameOf(purpose)) }
	compiled := place{
		Place: p, timer: none, rests: none, others: none, effect: c.carries(p.Effects), ratio: ratios(p.Effects),
		addr:      placeAddresses{address("found_in"), address("suits"), address("assesses"), address("refuses")},
		lookAfter: toTicks(p.LookAfter), turnover: toTicks(p.Turnover),
		from: toTicks(math.Max(p.From, 0)), until: forever,
		everyDay: p.Admits == [7]bool{} || p.Admits == [7]bool{true, true, true, true, true, true, true},
	}
	if p.Contract == Spot {
		compiled.found = c.laws(where, p.FoundIn)
	}
	if len(p.Suits) > 0 {
		compiled.suits = shares(c, where, p.Suits)
	}
	if p.Assesses != nil {
		compiled.takes, compiled.refuses = c.laws(where, p.Assesses.Takes), shares(c, where, p.Assesses.Refuses)
		c.m.extra = true
	}
	if !math.IsInf(p.Until, 1) {
		compiled.until = toTicks(math.Max(p.Until, 0))
	}
	c.m.extra = c.m.extra || p.Terms.NoticeNights > 0 // what is paid on leaving
	compiled.steps = steps(&compiled)
	c.prices(where, &compiled)
	if len(compiled.steps) > 1 || !compiled.everyDay {
		compiled.timer = c.timer(reopens, s.index, i)
	}
	if compiled.turnover > 0 && p.Others == nil {
		compiled.rests = c.timer(rested, s.index, i)
	}
	if p.Contract == Share {
		if p.Others != nil {
			compiled.others = c.timer(othersTurn, s.index, i)
		}
		if p.Of < p.Beds || p.Beds < 0 || p.Others == nil && p.Of > MostBeds {
			c.fault("%s: the priority beds must be from 0 to the %d of the unit", where, p.Of)
		}
		if o := p.Others; o != nil && (!(o.PerYear >= 0) || o.PerYear > 1e6 || o.Stay == nil) {
			c.fault("%s: other demand needs a rate from 0 to a million a year and a stay", where)
		} else if o != nil {
			compiled.Others = &OtherDemand{o.PerYear, c.tabulate(o.Stay)}
		}
	}
	return compiled
}

// steps is how many beds a place has for us, from each moment on that it changes.
func steps(p *place) (all []step) {
	moments := []ticks{0, p.from, p.until}
	for _, k := range p.Capacity {
		moments = append(moments, toTicks(math.Max(k.From, 0)))
	}
	for _, k := range p.Closures {
		moments = append(moments, toTicks(math.Max(k.From, 0)), toTicks(math.Max(k.Until, 0)))
	}
	slices.Sort(moments)
	for _, at := range slices.Compact(moments) {
		s := step{at: at, beds: p.Place.Beds}
		for _, k := range p.Capacity {
			if toTicks(math.Max(k.From, 0)) <= at {
				s.beds = k.Beds
			}
		}
		for _, k := range p.Closures {
			s.closed = s.closed || toTicks(k.From) <= at && at < toTicks(k.Until)
		}
		if s.open = !s.closed && at >= p.from && at < p.until; !s.open {
			s.beds = 0
		}
		if n := len(all); n == 0 || all[n-1].beds != s.beds || all[n-1].open != s.open || all[n-1].closed != s.closed {
			all = append(all, s)
		}
	}
	return all
}

// prices works out what a night costs in each financial year.
func (c *compiler) prices(where string, p *place) {
	t := &p.Terms
	if t.PerYear < 0 || t.PerYear > 1000*MostPence {
		c.fault("%s: a retainer must be from 0 to £%d a year", where, 10*MostPence)
	}
	for _, price := range []Pence{p.PerNight, t.AbovePerNight, t.Contribution} {
		if price < 0 || price > MostPence {
			c.fault("%s: prices must be from 0 to £%d", where, MostPence/100)
		}
	}
	if p.Beds < NoLimit || p.Beds > MostBeds || p.Of > MostBeds || p.Nights < 0 || p.Nights > 365*MostBeds {
		c.fault("%s: beds must be from 0 to %d", where, MostBeds)
	}
	if t.AboveNights < 0 || t.MinimumNights < 0 || t.NoticeNights < 0 || t.Uplift <= -1 || t.Uplift > 1 {
		c.fault("%s: nights of its terms must be 0 or more, and an uplift from -100%% to 100%% a year", where)
		return
	}
	p.nightly = p.Contract == Spot || p.Contract == Share || p.Contract == Block && p.Beds == NoLimit
	p.charged = p.nightly || t.Contribution > 0
	p.flat = p.nightly && t.AboveNights == 0 && t.MinimumNights == 0 && t.Contribution == 0
	for year := range c.m.financial {
		y := &c.m.financial[year]
		days := p.active(y, y.until)
		r := rates{
			night: uplifted(p.PerNight, t.Uplift, year), above: uplifted(t.AbovePerNight, t.Uplift, year), retainer: uplifted(t.PerYear, t.Uplift, year),
			threshold: y.part(int64(t.AboveNights), days), minimum: y.part(int64(t.MinimumNights), days),
		}
		if t.AboveNights == 0 {
			r.threshold = math.MaxInt64
		}
		p.rates = append(p.rates, r)
	}
}

// uplifted is a price after so many 1 Aprils, to the penny.
func uplifted(price Pence, uplift float64, years int) Pence {
	if uplift == 0 {
		return price
	}
	most := max(price, 100*MostPence) // beyond which sums might not fit
	return Pence(math.Min(math.Round(float64(price)*math.Pow(1+uplift, float64(years))), float64(most)))
}

// whole compiles what stages say of each other, of staff and of budgets.
func (c *compiler) whole() {
	if len(c.faults) > 0 {
		return
	}
	m := c.m
	for i := range m.stages {
		s := &m.stages[i]
		if s.Kind != BedsKind {
			continue
		}
		c.keepsBeds(s)
	}
	c.budgets()
	for i := range m.stages {
		s := &m.stages[i]
		s.simple = s.Kind == BedsKind && s.ListMax == NoLimit && !s.choosy
		for _, p := range s.beds {
			s.simple = s.simple && p.Contract != Share && (p.Contract != Spot || p.LookAfter > 0 || len(p.FoundIn) > 0)
		}
		m.rounds = m.rounds || s.approval < forever
		s.moneyHeld = s.budget >= 0 && m.budgets[s.budget].holds()
		for j := range s.beds {
			p := &s.beds[j]
			rationed := s.held >= 0 || p.Contract == BedNights
			s.simple = s.simple && !rationed
			p.mayPassOver = rationed || s.moneyHeld && p.nightly
			s.mayPassOver = s.mayPassOver || p.mayPassOver
		}
		if s.mayPassOver {
			m.limited = append(m.limited, i)
			m.extra = true
		}
	}
	c.ranks()
	c.deaths()
	c.timer(turns, 0, 0)
	if slices.ContainsFunc(m.budgets, func(b budget) bool { return len(b.costly)+len(b.loose) > 0 }) {
		c.timer(monthEnds, 0, 0)
	}
	if len(m.limited) > 0 {
		m.nightLess = c.timer(nightLess, 0, 0)
	}
	for i := range m.stages {
		for j := range m.stages[i].beds {
			if m.stages[i].beds[j].Others != nil {
				m.shared = append(m.shared, owner{stage: i, place: j})
			}
		}
	}
	m.extra = m.extra || len(m.pools) > 0 || m.deaths != nil || slices.ContainsFunc(m.streams, func(s stream) bool { return readies(s.Stream) })
}

// keepsBeds compiles who stays in a bed of the stage after a stay, and what must be held before.
func (c *compiler) keepsBeds(s *stage) {
	for _, on := range s.Beds.StaysOn {
		to, ok := c.index[on.To]
		if !ok || to == toRelapse {
			c.fault("%s: nobody can stay on for %q: there is no such stage or exit", s.Name, on.To)
			continue
		}
		k := staysOn{to: to, upTo: forever}
		if to >= 0 {
			if !(on.UpTo >= 0) {
				c.fault("%s: people stay on for %s 0 days or more", s.Name, on.To)
			}
			k.upTo = toTicks(math.Min(on.UpTo, forever.days()/2))
		} else {
			k.law = c.laws(s.Name, on.For)
		}
		s.staysOn = append(s.staysOn, k)
		c.m.extra = true
	}
	if s.Beds.HeldPlace == "" {
		return
	}
	held, ok := c.index[s.Beds.HeldPlace]
	if !ok || held < 0 || held == s.index || !slices.ContainsFunc(c.m.stages[held].beds, func(p place) bool { return p.Contract == Block }) {
		c.fault("%s: no place can be held in %q: it must be another stage with block beds", s.Name, s.Beds.HeldPlace)
		return
	}
	s.held = held
	c.m.stages[held].feeds = append(c.m.stages[held].feeds, s.index)
}

// ranks orders the stages for matching: one in which another holds places comes before that other.
func (c *compiler) ranks() {
	rank := 0
	done := make([]bool, len(c.m.stages))
	var visit func(i int)
	visit = func(i int) {
		if done[i] {
			return
		}
		done[i] = true
		if held := c.m.stages[i].held; held >= 0 {
			visit(held)
		}
		c.m.stages[i].rank = rank
		rank++
	}
	for i := range c.m.stages {
		visit(i)
		if c.m.stages[i].ListMax != NoLimit {
			c.m.limitedLists = append(c.m.limitedLists, i)
		}
	}
}

func (c *compiler) budgets() {
	m := c.m
	var names []string
	for i, b := range c.spec.Budgets {
		names = append(names, b.Name)
		k := budget{Budget: b}
		if b.PerYear < 0 || b.PerYear > 1000*MostPence {
			c.fault("budget %s: the money of a year must be from 0 to £%d", b.Name, 10*MostPence)
		}
		for _, name := range b.PaysFor {
			stage, ok := c.index[name]
			switch {
			case !ok || stage < 0:
				c.fault("budget %s: there is no stage %q to pay for", b.Name, name)
			case m.stages[stage].budget >= 0:
				c.fault("budget %s: %s is paid for by another budget", b.Name, name)
			default:
				m.stages[stage].budget = i
				k.stages = append(k.stages, stage)
				if m.stages[stage].costs {
					k.costly = append(k.costly, stage)
				}
				k.loose = append(k.loose, m.stages[stage].loose()...)
			}
		}
		for year := range m.financial {
			y := &m.financial[year]
			k.grants = append(k.grants, y.part(b.PerYear, y.days()))
			fixed := Pence(0)
			for _, stage := range k.stages {
				for j := range m.stages[stage].beds {
					fixed += m.stages[stage].beds[j].fixedCost(y, year)
				}
			}
			k.fixed = append(k.fixed, fixed)
		}
		m.budgets = append(m.budgets, k)
	}
	c.distinct("budget", names)
	m.extra = m.extra || len(m.budgets) > 0
}

// loose are the places of a stage that may cost more than what is paid for whoever sleeps there.
func (s *stage) loose() (all []owner) {
	for i := range s.beds {
		p := &s.beds[i]
		if p.Contract == Block && p.Beds != NoLimit && len(p.steps) > 1 || p.Contract == BedNights && len(s.staysOn) > 0 {
			all = append(all, owner{stage: s.index, place: i})
		}
	}
	return all
}

// fixedCost is what a place costs in a financial year whoever sleeps there.
func (p *place) fixedCost(y *financialYear, year int) (sum Pence) {
	switch {
	case p.nightly:
		sum = p.owed(0, year)
	case p.Contract == BedNights:
		sum = p.nightsBought(y) * p.price(year)
	default:
		for i, s := range p.steps {
			until := forever
			if i+1 < len(p.steps) {
				until = p.steps[i+1].at
			}
			sum += int64(s.beds) * y.nightsIn(s.at, min(until, y.until)) * p.price(year)
		}
	}
	return sum + y.part(p.rates[year].retainer, p.active(y, y.until))
}

func (c *compiler) deaths() {
	d := c.spec.Deaths
	if d == nil {
		return
	}
	faulty := !(d.Waiting >= 0) || math.IsInf(d.Waiting, 0)
	last := 0.0
	for _, h := range d.AfterUnplanned {
		faulty = faulty || !(h.PerYear >= 0) || math.IsInf(h.PerYear, 0) || !(h.Until > last)
		last = h.Until
	}
	if faulty {
		c.fault("deaths: rates must be 0 or more, and spans of time ascend")
	}
	c.m.deaths = d
}

// staff compiles the pools, and finds the one of each stage.
func (c *compiler) staff() {
	var names []string
	for _, p := range c.spec.Staff {
		names = append(names, p.Name)
		if p.Caseload < 1 {
			c.fault("staff %s: a caseload must be 1 or more", p.Name)
		}
	}
	c.distinct("staff", names)
	if len(names) > maxPools {
		c.fault("there can be %d pools of staff at most", maxPools)
	}
	c.m.pools = c.spec.Staff
}

// poolOf is the index of a stage's staff pool, none if it needs none.
func (c *compiler) poolOf(s Stage) int {
	if s.OpensCase == "" {
		return int(none)
	}
	i := slices.IndexFunc(c.spec.Staff, func(p Pool) bool { return p.Name == s.OpensCase })
	if i < 0 {
		c.fault("%s: there is no staff pool %q", s.Name, s.OpensCase)
	}
	if s.Kind == BedsKind {
		c.fault("%s: a case is closed on admission, so no stage of beds can open one", s.Name)
	}
	return i
}
