package sim

import "slices"

// Money of the open period, in figures.

// each adds up something of the bills of a stage's places.
func (l *ledger) each(s *stage, now ticks, which func(*place) bool, what func(bill) int64) float64 {
	sum := int64(0)
	for i := range s.beds {
		if which(&s.beds[i]) {
			sum += what(l.bill(s, i, now))
		}
	}
	return float64(sum)
}

func anyPlace(*place) bool { return true }

func total(b bill) int64 { return b.total }

// costOf is the whole cost of a stage in pounds.
func (l *ledger) costOf(s *stage, now ticks) float64 {
	return (l.each(s, now, anyPlace, total) + float64(l.unitCosts(s, now))) / 100
}

// costs is the cost of the whole pathway in pounds.
func (l *ledger) costs(now ticks) (sum float64) {
	for i := range l.m.stages {
		sum += l.costOf(&l.m.stages[i], now)
	}
	return sum
}

// contractKinds are the kinds of contract in the order of figures.
var contractKinds = []Contract{Block, Share, BedNights, Spot}

// String is the name of a contract kind in scenarios and figures.
func (c Contract) String() string {
	return [...]string{Block: "block", Spot: "spot", Share: "share", BedNights: "bed_nights"}[c]
}

// beds adds the figures of a beds stage that are not about waiting.
func (c *cataloguer) beds(i int) {
	s := &c.m.stages[i]
	c.rate(s.Name+".admissions", UnitPeoplePerYear, 1, i, func(s *stageCounts) float64 { return s.started })
	placeRate := func(id string, which func(*place) bool) {
		c.add(definition{id: id, unit: UnitPeoplePerYear, figure: figure{stage: i, ratio: func(l *ledger, f *figure, now ticks) (y, n float64) {
			s := &l.m.stages[f.stage]
			for j := range s.beds {
				if which(&s.beds[j]) {
					y += float64(l.bill(s, j, now).admissions)
				}
			}
			return y, l.inYears(now)
		}}})
	}
	var words []string
	for _, k := range c.contracts(s) {
		words = append(words, k.String())
	}
	for j := range s.beds {
		// A place may be called block: the word then means the contract, of which it is a part.
		if name := s.beds[j].Name; !slices.Contains(words, name) {
			placeRate(s.Name+".admissions."+name, func(p *place) bool { return p.Name == name })
		}
	}
	for _, k := range c.contracts(s) {
		placeRate(s.Name+".admissions."+k.String(), func(p *place) bool { return p.Contract == k })
	}
	c.occupancy(i)
	c.ratio(s.Name+".unplanned", UnitShare, -1, i, func(s *stageCounts, _ *figure) (float64, float64) { return s.unplanned, s.stays })
	c.rate(s.Name+".completed", UnitPeoplePerYear, 1, i, func(s *stageCounts) float64 { return s.finished })
}

// contracts are the kinds of contract a stage uses.
func (c *cataloguer) contracts(s *stage) (kinds []Contract) {
	for _, k := range contractKinds {
		if slices.ContainsFunc(s.beds, func(p place) bool { return p.Contract == k }) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

func (c *cataloguer) occupancy(i int) {
	s := &c.m.stages[i]
	noneHeld, nothingBought := "", ""
	if !slices.ContainsFunc(s.beds, func(p place) bool { return p.holds() }) {
		noneHeld = "no beds are held on a block or share contract here"
	}
	if !slices.ContainsFunc(s.beds, func(p place) bool { return p.holds() || p.Contract == BedNights || p.Terms.MinimumNights > 0 }) {
		nothingBought = "no beds are held and no nights are bought ahead here"
	}
	c.add(definition{id: s.Name + ".occupancy", unit: UnitShare, why: noneHeld, figure: figure{stage: i, ratio: func(l *ledger, f *figure, now ticks) (y, n float64) {
		s := &l.m.stages[f.stage]
		for j := range s.beds {
			t := &l.places[s.firstPlace+j]
			y += t.onHeld.upTo(now)
			n += t.held.upTo(now)
		}
		return y, n
	}}})
	rate := func(id, why string, better int, which func(*place) bool, what func(bill) int64) {
		c.add(definition{id: id, unit: UnitNightsPerYear, better: better, why: why, figure: figure{stage: i, ratio: func(l *ledger, f *figure, now ticks) (float64, float64) {
			return l.each(&l.m.stages[f.stage], now, which, what), l.inYears(now)
		}}})
	}
	rate(s.Name+".void_nights", nothingBought, -1, anyPlace, func(b bill) int64 { return b.void })
	for _, k := range c.contracts(s) {
		rate(s.Name+".nights."+k.String(), "", 0, func(p *place) bool { return p.Contract == k }, func(b bill) int64 { return b.used })
	}
}

// money adds the figures in pounds.
func (c *cataloguer) money() {
	pounds := func(id string, cost func(l *ledger, now ticks) float64) {
		c.add(definition{id: id, unit: UnitPoundsPerYear, better: -1, figure: figure{ratio: func(l *ledger, _ *figure, now ticks) (float64, float64) {
			return cost(l, now), l.inYears(now)
		}}})
	}
	pounds("cost", (*ledger).costs)
	for i := range c.m.stages {
		if s := &c.m.stages[i]; s.Kind == BedsKind || s.Costs != (UnitCosts{}) {
			pounds("cost."+s.Name, func(l *ledger, now ticks) float64 { return l.costOf(&l.m.stages[i], now) })
		}
	}
	bills := func(id string, which func(*place) bool, what func(bill) int64) {
		pounds(id, func(l *ledger, now ticks) (sum float64) {
			for i := range l.m.stages {
				sum += l.each(&l.m.stages[i], now, which, what)
			}
			return sum / 100
		})
	}
	for _, k := range contractKinds {
		if slices.ContainsFunc(c.m.stages, func(s stage) bool { return slices.Contains(c.contracts(&s), k) }) {
			bills("cost."+k.String(), func(p *place) bool { return p.Contract == k }, total)
		}
	}
	bills("cost.void", anyPlace, func(b bill) int64 { return b.unused })
	contributed := func(l *ledger, now ticks) (sum float64) {
		for i := range l.m.stages {
			sum += l.each(&l.m.stages[i], now, anyPlace, func(b bill) int64 { return b.contribution })
		}
		return sum / 100
	}
	pounds("cost.net", func(l *ledger, now ticks) float64 { return l.costs(now) - contributed(l, now) })
	if slices.ContainsFunc(c.m.stages, func(s stage) bool {
		return slices.ContainsFunc(s.beds, func(p place) bool { return p.Terms.Contribution > 0 })
	}) {
		pounds("contributions", contributed)
	}
	c.prices()
	c.breakEven()
	c.costsPer()
}

// prices adds what a night that was slept really cost, provider by provider.
func (c *cataloguer) prices() {
	var done []string
	for i := range c.m.stages {
		for j := range c.m.stages[i].beds {
			name := c.m.stages[i].beds[j].Name
			if slices.Contains(done, name) {
				continue
			}
			done = append(done, name)
			provider := func(p *place) bool { return p.Name == name }
			c.add(definition{id: "price." + name + ".per_used_night", unit: UnitPounds, better: -1, figure: figure{
				ratio: func(l *ledger, _ *figure, now ticks) (y, n float64) {
					for i := range l.m.stages {
						y += l.each(&l.m.stages[i], now, provider, total) / 100
						n += l.each(&l.m.stages[i], now, provider, func(b bill) int64 { return b.used })
					}
					return y, n
				},
			}})
		}
	}
}

// breakEven adds, for a stage with beds held on block contract and places paid by the night, how full
// the block must be to cost no more for each night used than a night bought case by case, and how much
// dearer such a night may be than one of the block's before the block, as full as it is, is the cheaper.
func (c *cataloguer) breakEven() {
	for i := range c.m.stages {
		s := &c.m.stages[i]
		why := ""
		block := func(p *place) bool { return p.Contract == Block && p.Beds != NoLimit }
		if !slices.ContainsFunc(s.beds, func(p place) bool { return block(&p) }) || !slices.ContainsFunc(s.beds, func(p place) bool { return p.Contract == Spot }) {
			why = "it needs beds on block contract beside spot ones"
		}
		if s.Kind != BedsKind {
			continue
		}
		spot := func(p *place) bool { return p.Contract == Spot }
		c.add(definition{id: "break_even." + s.Name + ".occupancy", unit: UnitShare, why: why, figure: figure{
			stage: i, ratio: func(l *ledger, f *figure, now ticks) (y, n float64) {
				s := &l.m.stages[f.stage]
				held, slept := l.each(s, now, block, func(b bill) int64 { return b.bought }), l.each(s, now, spot, func(b bill) int64 { return b.used })
				if held == 0 || slept == 0 {
					return 0, 0
				}
				return l.each(s, now, block, total) / held, l.each(s, now, spot, total) / slept
			},
		}})
		c.add(definition{id: "break_even." + s.Name + ".spot_premium", unit: UnitRatio, why: why, figure: figure{
			stage: i, ratio: func(l *ledger, f *figure, now ticks) (y, n float64) {
				s := &l.m.stages[f.stage]
				return l.each(s, now, block, func(b bill) int64 { return b.bought }), l.each(s, now, block, func(b bill) int64 { return b.used })
			},
		}})
	}
}

// costsPer adds the cost of the pathway for each admission, completion and person who stays well.
func (c *cataloguer) costsPer() {
	per := func(id, why string, count func(l *ledger) float64) {
		c.add(definition{id: id, unit: UnitPounds, better: -1, why: why, figure: figure{ratio: func(l *ledger, _ *figure, now ticks) (float64, float64) {
			return l.costs(now), count(l)
		}}})
	}
	noBeds := ""
	if len(c.m.bedsStages) == 0 {
		noBeds = "the pathway has no beds"
	}
	noRelapse := noBeds
	if c.m.relapse == nil {
		noRelapse = "the scenario says nothing of relapse after a bed"
	}
	per("cost_per_admission", noBeds, func(l *ledger) (sum float64) {
		for i := range l.m.stages {
			if l.m.stages[i].Kind == BedsKind {
				sum += l.at(i, 0).counts.started
			}
		}
		return sum
	})
	per("cost_per_completion", "", func(l *ledger) float64 { return l.people.lenses[0].completed })
	per("cost_per_well_6_months", noRelapse, func(l *ledger) float64 {
		t := &l.wellsNow[0]
		return t.completers[0] - t.relapsed[0]
	})
	c.outOfArea(noBeds)
}

// outOfArea adds the share of rehab admissions (all, where no stage is called rehab) that are not local.
func (c *cataloguer) outOfArea(why string) {
	rehab := slices.IndexFunc(c.m.stages, func(s stage) bool { return s.Kind == BedsKind && s.Name == "rehab" })
	c.add(definition{id: "out_of_area", unit: UnitShare, better: -1, why: why, figure: figure{ratio: func(l *ledger, _ *figure, now ticks) (y, n float64) {
		for i := range l.m.stages {
			s := &l.m.stages[i]
			for j := range s.beds {
				if rehab >= 0 && i != rehab {
					continue
				}
				admissions := float64(l.bill(s, j, now).admissions)
				n += admissions
				if !s.beds[j].Local {
					y += admissions
				}
			}
		}
		return y, n
	}}})
}
