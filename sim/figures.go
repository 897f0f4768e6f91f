package sim

import (
	"slices"
	"strconv"
	"strings"
)

// definition is a figure before it is asked for: its id may hold within_*_days.
type definition struct {
	id     string
	unit   string
	better int
	people bool   // may be restricted to a group
	days   []int  // usual numbers of days for within_*_days
	why    string // if it can never be given in this model
	peak   bool
	figure figure
}

// ids are the usual names of a definition.
func (d definition) ids() []string {
	if len(d.days) == 0 {
		return []string{d.id}
	}
	var ids []string
	for _, n := range d.days {
		ids = append(ids, strings.Replace(d.id, "*", strconv.Itoa(n), 1))
	}
	return ids
}

// Units of figures.
const (
	UnitDays          = "days"
	UnitShare         = "share"
	UnitPeople        = "people"
	UnitPeoplePerYear = "people/year"
	UnitBeds          = "places"
	UnitNightsPerYear = "nights/year"
	UnitPoundsPerYear = "£/year"
	UnitPounds        = "£"
	UnitMonth         = "month" // of the financial year: April is 1
	UnitRatio         = "ratio"
)

// ratio of the open period, all people of the figure's lens at its stage.
type stageRatio func(c *stageCounts, f *figure) (y, n float64)

func ofStage(r stageRatio) func(*ledger, *figure, ticks) (float64, float64) {
	return func(l *ledger, f *figure, _ ticks) (float64, float64) { return r(&l.at(f.stage, f.lens).counts, f) }
}

// aYear turns a count into a rate a year.
func aYear(count func(c *stageCounts) float64) func(*ledger, *figure, ticks) (float64, float64) {
	return func(l *ledger, f *figure, now ticks) (float64, float64) {
		return count(&l.at(f.stage, f.lens).counts), l.inYears(now)
	}
}

// inYears is the length of the open period in years.
func (l *ledger) inYears(now ticks) float64 { return (now - l.from).days() / daysPerYear }

// catalogue lists the usual figures of the model in the order of output.
func (m *Model) catalogue() []definition {
	c := cataloguer{m: m}
	c.everyone()
	for i := range m.stages {
		c.waits(i)
		switch m.stages[i].Kind {
		case PanelKind:
			c.panel(i)
		case BedsKind:
			c.inUse(i)
			c.beds(i)
		default:
			if m.stages[i].serves() {
				c.inUse(i)
			}
		}
		c.losses(i)
	}
	c.reached()
	c.outcomes()
	c.deaths()
	c.staff()
	c.money()
	c.budgets()
	return c.list
}

type cataloguer struct {
	m    *Model
	list []definition
}

func (c *cataloguer) add(d definition) { c.list = append(c.list, d) }

// ratio adds a figure about the people of a stage.
func (c *cataloguer) ratio(id, unit string, better, stage int, r stageRatio, days ...int) {
	c.add(definition{id: id, unit: unit, better: better, people: true, days: days, figure: figure{stage: stage, ratio: ofStage(r)}})
}

func (c *cataloguer) rate(id, unit string, better, stage int, count func(*stageCounts) float64) {
	c.add(definition{id: id, unit: unit, better: better, people: true, figure: figure{stage: stage, ratio: aYear(count)}})
}

func (c *cataloguer) quantiles(id string, stage int, what channel, better int, named ...string) {
	levels := map[string]float64{"median": 0.5, "p90": 0.9}
	for _, name := range named {
		c.add(definition{
			id: id + "." + name, unit: UnitDays, better: better, people: true,
			figure: figure{stage: stage, people: true, want: what, quantile: levels[name]},
		})
	}
}

func (c *cataloguer) everyone() {
	person := func(id string, count func(*peopleTally) float64) {
		c.add(definition{id: id, unit: UnitPeoplePerYear, people: true, figure: figure{
			ratio: func(l *ledger, f *figure, now ticks) (float64, float64) {
				return count(&l.people.lenses[f.lens]), l.inYears(now)
			},
		}})
	}
	person("referrals", func(t *peopleTally) float64 { return t.referrals })
	person("referrals.returns", func(t *peopleTally) float64 { return t.returns })
}

func (c *cataloguer) waits(i int) {
	name := c.m.stages[i].Name
	c.rate(name+".joined", UnitPeoplePerYear, 0, i, func(s *stageCounts) float64 { return s.joined })
	c.rate(name+".turned_away", UnitPeoplePerYear, -1, i, func(s *stageCounts) float64 { return s.turnedAway })
	c.ratio(name+".wait.mean", UnitDays, -1, i, func(s *stageCounts, _ *figure) (float64, float64) { return s.endedDays, s.ended })
	c.quantiles(name+".wait", i, waitChannel, -1, "median", "p90")
	c.ratio(name+".wait.within_*_days", UnitShare, 1, i, func(s *stageCounts, f *figure) (float64, float64) { return s.endedWithin[f.threshold], s.ended }, 21)
	c.ratio(name+".admitted.wait.mean", UnitDays, -1, i, func(s *stageCounts, _ *figure) (float64, float64) { return s.servedDays, s.served })
	c.quantiles(name+".admitted.wait", i, servedChannel, -1, "median", "p90")
	c.ratio(name+".admitted.wait.within_*_days", UnitShare, 1, i, func(s *stageCounts, f *figure) (float64, float64) { return s.servedWithin[f.threshold], s.served }, 21)
	c.add(definition{id: name + ".waiting.mean", unit: UnitPeople, better: -1, people: true, figure: figure{
		stage: i, ratio: func(l *ledger, f *figure, now ticks) (float64, float64) {
			return l.at(f.stage, f.lens).waiting.upTo(now), (now - l.from).days()
		},
	}})
	c.add(definition{id: name + ".waiting.max", unit: UnitPeople, better: -1, people: true, peak: true, figure: figure{
		stage: i, peak: true, onList: true,
		ratio: func(l *ledger, f *figure, _ ticks) (float64, float64) {
			return float64(l.stages[f.stage].peaks[f.peaked].most), 1
		},
	}})
	c.ratio(name+".dropped_out", UnitShare, -1, i, func(s *stageCounts, _ *figure) (float64, float64) { return s.droppedOut, s.ended })
}

func (c *cataloguer) panel(i int) {
	name := c.m.stages[i].Name
	c.rate(name+".heard", "cases/year", 0, i, func(s *stageCounts) float64 { return s.heard })
	c.rate(name+".approved", UnitPeoplePerYear, 1, i, func(s *stageCounts) float64 { return s.approved })
	c.rate(name+".deferred", "cases/year", -1, i, func(s *stageCounts) float64 { return s.deferred })
	c.rate(name+".declined", UnitPeoplePerYear, -1, i, func(s *stageCounts) float64 { return s.declined })
	if c.m.stages[i].approval < forever {
		c.rate(name+".expired", UnitPeoplePerYear, -1, i, func(s *stageCounts) float64 { return s.expired })
	}
}

func (c *cataloguer) inUse(i int) {
	name := c.m.stages[i].Name
	if c.m.stages[i].Kind != BedsKind {
		c.rate(name+".started", UnitPeoplePerYear, 1, i, func(s *stageCounts) float64 { return s.started })
	}
	c.add(definition{id: name + ".in_use.mean", unit: UnitBeds, people: true, figure: figure{
		stage: i, ratio: func(l *ledger, f *figure, now ticks) (float64, float64) {
			return l.at(f.stage, f.lens).inside.upTo(now), (now - l.from).days()
		},
	}})
	for _, q := range []struct {
		name string
		p    float64
	}{{"p80", 0.80}, {"p95", 0.95}, {"p99", 0.99}} {
		c.add(definition{id: name + ".in_use." + q.name, unit: UnitBeds, figure: figure{stage: i, time: true, quantile: q.p}})
	}
	c.add(definition{id: name + ".in_use.max", unit: UnitBeds, peak: true, figure: figure{
		stage: i, peak: true, ratio: func(l *ledger, f *figure, now ticks) (float64, float64) {
			return float64(l.stages[f.stage].levels.most(now, l.stages[f.stage].inside)), 1
		},
	}})
	c.ratio(name+".stay.mean", UnitDays, 0, i, func(s *stageCounts, _ *figure) (float64, float64) { return s.stayDays, s.stays })
	c.quantiles(name+".stay", i, stayChannel, 0, "median")
}

// most is the largest number in use for any time in the period.
func (v *levels) most(now ticks, n int64) int {
	most := 0
	if now > v.since {
		most = int(n)
	}
	for level, time := range v.period {
		if time > 0 {
			most = max(most, level)
		}
	}
	return most
}

func (c *cataloguer) losses(i int) {
	name := c.m.stages[i].Name
	lost := func(what string, why cause) {
		c.rate("lost."+name+"."+what, UnitPeoplePerYear, -1, i, func(s *stageCounts) float64 { return s.lost[why] })
	}
	if len(c.m.stages[i].DropsOutAfter) > 0 {
		lost("dropped_out", droppedOut)
	}
	if c.m.stages[i].ListMax != NoLimit {
		lost("turned_away", turnedAway)
	}
	switch c.m.stages[i].Kind {
	case GroupKind:
		lost("left", leftGroup)
	case PanelKind:
		lost("declined", declined)
	case BedsKind:
		lost("unplanned", leftEarly)
	}
	if c.m.relapse != nil {
		lost("relapsed", relapsedWaiting)
	}
	if c.m.deaths != nil {
		lost("died", died)
	}
}

// deaths adds the figures about people who die: of a death after leaving a bed early both spans of
// time may count it.
func (c *cataloguer) deaths() {
	d := c.m.deaths
	if d == nil {
		return
	}
	count := func(id string, n func(*peopleTally) float64) {
		c.add(definition{id: id, unit: UnitPeoplePerYear, better: -1, people: true, figure: figure{
			ratio: func(l *ledger, f *figure, now ticks) (float64, float64) {
				return n(&l.people.lenses[f.lens]), l.inYears(now)
			},
		}})
	}
	if d.Waiting > 0 {
		count("deaths.waiting", func(t *peopleTally) float64 { return t.diedWaiting })
	}
	if len(d.AfterUnplanned) > 0 {
		count("deaths.within_28_days", func(t *peopleTally) float64 { return t.diedInMonth })
		count("deaths.within_12_months", func(t *peopleTally) float64 { return t.diedWithinYear })
	}
}

// staff adds how many of their cases staff hold.
func (c *cataloguer) staff() {
	for i, pool := range c.m.pools {
		c.add(definition{id: "staff." + pool.Name + ".cases.mean", unit: "cases", figure: figure{
			ratio: func(l *ledger, _ *figure, now ticks) (float64, float64) {
				return l.staff[i].upTo(now), (now - l.from).days()
			},
		}})
		c.add(definition{id: "staff." + pool.Name + ".occupancy", unit: UnitShare, figure: figure{
			ratio: func(l *ledger, _ *figure, now ticks) (float64, float64) {
				return l.staff[i].upTo(now), (now - l.from).days() * float64(l.m.pools[i].Caseload)
			},
		}})
	}
}

// budgets adds what the whole financial years of each budget inside the measured period came to.
func (c *cataloguer) budgets() {
	whole := ""
	if first := slices.IndexFunc(c.m.financial, func(y financialYear) bool { return y.from >= c.m.measured && y.days() == y.of }); first < 0 || c.m.financial[first].until > c.m.end {
		whole = "there is no whole financial year in the measured period"
	}
	for i, b := range c.m.budgets {
		add := func(what, unit string, better int, value func(t *budgetTally) (y, n int64)) {
			c.add(definition{id: "budget." + b.Name + "." + what, unit: unit, better: better, why: whole, figure: figure{
				chance: unit == UnitShare,
				ratio: func(l *ledger, _ *figure, _ ticks) (float64, float64) {
					y, n := value(&l.budgets[i])
					if unit == UnitPoundsPerYear || unit == UnitPounds {
						return float64(y) / 100, float64(n)
					}
					return float64(y), float64(n)
				},
			}})
		}
		add("spent", UnitPoundsPerYear, 0, func(t *budgetTally) (int64, int64) { return t.spent, t.years })
		add("overspend", UnitPoundsPerYear, -1, func(t *budgetTally) (int64, int64) { return t.over, t.years })
		add("overspend_probability", UnitShare, -1, func(t *budgetTally) (int64, int64) { return t.overspent, t.years })
		add("runs_out_probability", UnitShare, -1, func(t *budgetTally) (int64, int64) { return t.ranOut, t.years })
		add("month_spent", UnitMonth, 1, func(t *budgetTally) (int64, int64) { return t.month, t.ranOut })
		add("carried_over", UnitPounds, 0, func(t *budgetTally) (int64, int64) { return t.ahead, t.years })
	}
}

func (c *cataloguer) reached() {
	for i := range c.m.stages {
		if c.m.stages[i].Kind != BedsKind {
			continue
		}
		name := c.m.stages[i].Name
		episodes := func(count func(*stageCounts, *figure) float64) func(*ledger, *figure, ticks) (float64, float64) {
			return func(l *ledger, f *figure, _ ticks) (float64, float64) {
				return count(&l.at(f.stage, f.lens).counts, f), l.people.lenses[f.lens].episodes
			}
		}
		c.add(definition{id: "reached." + name, unit: UnitShare, better: 1, people: true, figure: figure{
			stage: i, ratio: episodes(func(s *stageCounts, _ *figure) float64 { return s.reached }),
		}})
		c.add(definition{id: "reached." + name + ".within_*_days", unit: UnitShare, better: 1, people: true, days: []int{21, 42, 84}, figure: figure{
			stage: i, ratio: episodes(func(s *stageCounts, f *figure) float64 { return s.reachedWithin[f.threshold] }),
		}})
		c.ratio("referral_to."+name+".mean", UnitDays, -1, i, func(s *stageCounts, _ *figure) (float64, float64) { return s.referredDays, s.referred })
		c.quantiles("referral_to."+name, i, referralChannel, -1, "median", "p90")
	}
}

func (c *cataloguer) outcomes() {
	c.add(definition{id: "completed", unit: UnitShare, better: 1, people: true, figure: figure{
		ratio: func(l *ledger, f *figure, _ ticks) (float64, float64) {
			return l.people.lenses[f.lens].completed, l.people.lenses[f.lens].episodes
		},
	}})
	c.add(definition{id: "completions", unit: UnitPeoplePerYear, better: 1, people: true, figure: figure{
		ratio: func(l *ledger, f *figure, now ticks) (float64, float64) {
			return l.people.lenses[f.lens].completed, l.inYears(now)
		},
	}})
	back := func(id string, better, i int, count func(t *wellsTally, i int) float64) {
		d := definition{id: id, unit: UnitShare, better: better, people: true, figure: figure{
			ratio: func(l *ledger, f *figure, _ ticks) (float64, float64) {
				t := &l.wellsNow[f.lens]
				return count(t, i), t.completers[i]
			},
		}}
		if c.m.relapse == nil || len(c.m.bedsStages) == 0 {
			d.why = "the scenario says nothing of relapse after a bed"
		}
		c.add(d)
	}
	well := func(t *wellsTally, i int) float64 { return t.completers[i] - t.relapsed[i] }
	back("well_6_months", 1, 0, well)
	back("well_12_months", 1, 1, well)
	back("returned_6_months", -1, 0, func(t *wellsTally, i int) float64 { return t.returned[i] })
	back("not_back_6_months", 1, 0, func(t *wellsTally, i int) float64 { return t.completers[i] - t.returned[i] })
}
