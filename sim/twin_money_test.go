package sim

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// The twin's money: financial years, the nights bought for each of them, what is charged to a budget and
// what a year really cost.

// twinService is a stay or another service of one of our people.
type twinService struct {
	stage, place int
	since, until int64
	unplanned    bool // a bed left early
}

// twinCost is a unit cost as it fell.
type twinCost struct {
	stage int
	at    int64
	pence Pence
}

func (t *twin) costs(stage int, pence Pence) {
	if pence > 0 {
		t.unit = append(t.unit, twinCost{stage, t.now, pence})
	}
}

func sortOthers(all []*twinOther) {
	slices.SortStableFunc(all, func(a, b *twinOther) int { return cmp.Compare(a.comes, b.comes) })
}

// firstApril is the k-th 1 April after the start.
func (t *twin) firstApril(k int) time.Time {
	year := t.spec.Start.Year()
	for !time.Date(year, 4, 1, 0, 0, 0, 0, time.UTC).After(t.spec.Start) {
		year++
	}
	return time.Date(year+k-1, 4, 1, 0, 0, 0, 0, time.UTC)
}

func daysFrom(a, b time.Time) int64 { return int64(math.Round(b.Sub(a).Hours() / 24)) }

// yearStart is when a financial year of the run starts: the first with the run, the others on 1 April.
func (t *twin) yearStart(year int) int64 {
	if year == 0 {
		return 0
	}
	return daysFrom(t.spec.Start, t.firstApril(year)) * twinDay
}

// ofYear is what a year has of a yearly amount: the first by its days, halves up.
func (t *twin) ofYear(amount int64, year int) int64 {
	if year > 0 {
		return amount
	}
	days, all := t.yearStart(1)/twinDay, daysFrom(t.firstApril(0), t.firstApril(1))
	return (2*amount*days + all) / (2 * all)
}

// ofContract is what a year has of a yearly amount of a contract, by the days for which it runs, halves up.
func (t *twin) ofContract(b *Place, amount int64, year int) int64 {
	from, until := max(t.yearStart(year), twinMoment(b.From)), min(t.yearStart(year+1), twinMoment(b.Until))
	days, all := max(0, until/twinDay-from/twinDay), daysFrom(t.firstApril(year), t.firstApril(year+1))
	return (2*amount*days + all) / (2 * all)
}

func twinNights(from, to int64) int64 { return to/twinDay - from/twinDay }

func (t *twin) price(b *Place, year int) Pence { return uplift(b, b.PerNight, year) }

func uplift(b *Place, pence Pence, year int) Pence {
	return Pence(math.Floor(float64(pence)*math.Pow(1+b.Terms.Uplift, float64(year)) + 0.5))
}

// buyNights sets what is left of the nights of the year.
func (t *twin) buyNights() {
	for i, s := range t.spec.Stages {
		if s.Kind == BedsKind {
			for j, b := range s.Beds.Places {
				t.nights[unitName(i, j)] = t.ofContract(&b, int64(b.Nights), t.year)
			}
		}
	}
}

// twinPlan is a stay for which money is committed.
type twinPlan struct {
	place    int
	from, to int64
}

// stillWaiting moves the plans of everyone on to what they can be from now on.
func (t *twin) stillWaiting() {
	for _, p := range t.people {
		free := t.now
		if p.bed != nil {
			free = max(free, p.bed.planned)
		}
		var stages []int
		for stage := range p.plans {
			stages = append(stages, stage)
		}
		slices.SortFunc(stages, func(a, b int) int { return cmp.Compare(p.plans[a].from, p.plans[b].from) })
		for _, stage := range stages {
			x := p.plans[stage]
			if x.from < free {
				x.from, x.to = free, free+x.to-x.from
			}
			free = x.to
			p.plans[stage] = x
		}
	}
}

// newYear is 1 April.
func (t *twin) newYear() {
	t.stillWaiting()
	for _, p := range t.people {
		if p.bed != nil && p.bed.nights > 0 { // nights kept so far are the old year's
			kept := twinNights(p.bed.since, t.now) - p.bed.nights
			t.nights[unitName(p.bed.stage, p.bed.place)] -= max(0, min(kept, twinNights(max(p.bed.planned, t.yearStart(t.year)), t.now)))
		}
	}
	for i, b := range t.spec.Budgets {
		if b.Carried {
			if t.carried[i] == nil {
				t.carried[i] = map[int]Pence{}
			}
			t.carried[i][t.year+1] = max(0, t.available(i, t.year)-t.spent(i, t.year))
		}
	}
	t.year++
	t.returns++
	t.buyNights()
}

func (t *twin) budgetOf(stage int) int {
	return slices.IndexFunc(t.spec.Budgets, func(b Budget) bool { return slices.Contains(b.PaysFor, t.spec.Stages[stage].Name) })
}

func (t *twin) available(budget, year int) Pence {
	return t.ofYear(t.spec.Budgets[budget].PerYear, year) + t.carried[budget][year]
}

// nightsOf is how many nights of a year there are from one moment to another.
func (t *twin) nightsOf(year int, from, to int64) int64 {
	return max(0, twinNights(max(from, t.yearStart(year)), min(to, t.yearStart(year+1))))
}

// volume is the price of nights slept in a year, and of those that are paid for at least.
func (t *twin) volume(b *Place, nights int64, year int) (sum Pence) {
	nights = max(nights, t.ofContract(b, int64(b.Terms.MinimumNights), year))
	if b.Terms.AboveNights > 0 {
		if above := t.ofContract(b, int64(b.Terms.AboveNights), year); nights > above {
			sum = (nights - above) * uplift(b, b.Terms.AbovePerNight, year)
			nights = above
		}
	}
	return sum + nights*t.price(b, year)
}

// owed is what nights slept in a year at a place cost a budget, beyond what is paid for whoever sleeps there.
func (t *twin) owed(b *Place, nights int64, year int) Pence {
	part := nights * b.Terms.Contribution / 7
	if !paidByTheNight(b) {
		return -part
	}
	return t.volume(b, nights, year) - part
}

// sold is how many nights of a year a place has sold: slept by those who have left, or planned.
func (t *twin) sold(stage, i, year int) int64 {
	n := t.slept[unitName(stage, i)][year]
	for _, p := range t.people {
		if x, planned := p.plans[stage]; planned && x.place == i {
			n += t.nightsOf(year, x.from, x.to)
		}
		if p.bed != nil && p.bed.stage == stage && p.bed.place == i && p.bed.pays {
			n += t.nightsOf(year, p.bed.from, p.bed.planned)
		}
	}
	return n
}

func paidByTheNight(b *Place) bool {
	return b.Contract == Spot || b.Contract == Share || b.Contract == Block && b.Beds == NoLimit
}

// charged is what a budget is charged for a year: fixed costs, nights slept or planned, and notice.
func (t *twin) charged(budget, year int) Pence {
	sum := t.fixedCosts(budget, year) + t.noticed[budget][year]
	if year == t.year {
		sum += t.unitCosts(budget, year)
	}
	t.places(budget, func(stage, i int, b *Place) {
		sum += t.owed(b, t.sold(stage, i, year), year) - t.owed(b, 0, year)
		if year == t.year {
			sum += t.beyond(stage, i, b)
		}
	})
	return sum
}

// beyond is what nights of this year so far cost beyond what is paid for whoever sleeps there.
func (t *twin) beyond(stage, i int, b *Place) Pence {
	nights := int64(0)
	switch {
	case b.Contract == BedNights:
		nights = max(0, -t.nights[unitName(stage, i)])
	case paidAhead(b) && (b.From > 0 || !math.IsInf(b.Until, 1) || len(b.Closures)+len(b.Capacity) > 0):
		from, until := t.yearStart(t.year), min(t.yearStart(t.year+1), t.now)
		slept := map[int64]int64{} // by midnight
		for _, x := range t.services {
			if x.stage == stage && x.place == i {
				for m := (max(x.since, from)/twinDay + 1) * twinDay; m <= min(x.until, until); m += twinDay {
					slept[m]++
				}
			}
		}
		for m, n := range slept {
			nights += max(0, n-int64(heldOn(b, m)))
		}
	}
	return nights * t.price(b, t.year)
}

// changes has a stay planned at a stage another way, or not at all. Whoever was passed over is tried again if a year costs
// the budget less then, or if nights at either place have more than one price, which may be another for them now.
func (t *twin) changes(stage int, before, after twinPlan, change func()) {
	budget := t.budgetOf(stage)
	if budget < 0 {
		change()
		return
	}
	var charged []Pence
	for year := t.year; t.yearStart(year) <= t.end; year++ {
		charged = append(charged, t.charged(budget, year))
	}
	change()
	returns := false
	for i, x := range charged {
		returns = returns || t.charged(budget, t.year+i) < x
	}
	for _, x := range []twinPlan{before, after} {
		b := &t.spec.Stages[stage].Beds.Places[x.place]
		returns = returns || x.from < x.to && paidByTheNight(b) && (b.Terms.AboveNights > 0 || b.Terms.MinimumNights > 0 || b.Terms.Contribution > 0)
	}
	if returns {
		t.returns++
	}
}

// places calls what for each place of the stages a budget pays for.
func (t *twin) places(budget int, what func(stage, i int, b *Place)) {
	for i := range t.spec.Stages {
		if s := &t.spec.Stages[i]; s.Kind == BedsKind && t.budgetOf(i) == budget {
			for j := range s.Beds.Places {
				what(i, j, &s.Beds.Places[j])
			}
		}
	}
}

// heldOn is the number of beds of a block held in the night before a midnight.
func heldOn(b *Place, midnight int64) int {
	at := midnight - 1
	if b.Beds == NoLimit || at < twinMoment(b.From) || at >= twinMoment(b.Until) || closed(b, at) {
		return 0
	}
	return bedsAt(b, at)
}

func (t *twin) fixedCosts(budget, year int) (sum Pence) {
	if sum, known := t.fixed[budget][year]; known {
		return sum
	}
	t.places(budget, func(_, _ int, b *Place) {
		sum += t.ofContract(b, uplift(b, b.Terms.PerYear, year), year)
		switch {
		case paidByTheNight(b):
			sum += t.owed(b, 0, year)
		case b.Contract == Block:
			for m := t.yearStart(year) + twinDay; m <= t.yearStart(year+1); m += twinDay {
				sum += int64(heldOn(b, m)) * t.price(b, year)
			}
		case b.Contract == BedNights:
			sum += t.ofContract(b, int64(b.Nights), year) * t.price(b, year)
		}
	})
	if t.fixed[budget] == nil {
		t.fixed[budget] = map[int]Pence{}
	}
	t.fixed[budget][year] = sum
	return sum
}

// release gives back a person's open commitments.
func (t *twin) release(p *twinPerson) {
	for stage, x := range p.plans {
		t.changes(stage, x, twinPlan{}, func() { delete(p.plans, stage) })
	}
	clear(p.promised)
}

// prepaid reports whether a stage has more free beds that are paid for, and suit the person, than people
// to whom one is promised.
func (t *twin) prepaid(p *twinPerson, stage int, nights int64) bool {
	free := 0
	for i, b := range t.spec.Stages[stage].Beds.Places {
		runs := t.now >= twinMoment(b.From) && t.now < twinMoment(b.Until) && !closed(&b, t.now)
		if !runs || !t.suits(p, stage, i) || !paidAhead(&b) {
			continue
		}
		stays := math.MaxInt32
		if b.Beds != NoLimit {
			stays = max(0, bedsAt(&b, t.now)-t.ours(stage, i)-t.resting(stage, i))
		}
		for b.Contract == BedNights && int64(stays)*nights > max(0, t.nights[unitName(stage, i)]) {
			stays = min(stays-1, int(max(0, t.nights[unitName(stage, i)])))
		}
		free += stays
	}
	for _, o := range t.people {
		if o.promised[stage] {
			free--
		}
	}
	return free > 0
}

// affords reports whether there are nights and money for an admission now.
func (t *twin) affords(p *twinPerson, i int) bool {
	s := &t.spec.Stages[p.stage]
	b := &s.Beds.Places[i]
	until := t.now + twinTime(t.plannedStay(p, p.stage, p.pass))
	if b.Contract == BedNights {
		enough := max(1, twinNights(t.now, until)) <= t.nights[unitName(p.stage, i)]
		t.short = t.short || !enough
		return enough
	}
	budget := t.budgetOf(p.stage)
	if budget < 0 || t.spec.Budgets[budget].WhenSpent == Overspend || !paidByTheNight(b) {
		return true
	}
	before := t.charged(budget, t.year)
	plan, planned := p.plans[p.stage]
	p.plans[p.stage] = twinPlan{i, t.now, until}
	after := t.charged(budget, t.year)
	if p.plans[p.stage] = plan; !planned {
		delete(p.plans, p.stage)
	}
	p.asks = after - before
	covered := p.asks <= 0 || after <= t.available(budget, t.year)
	t.short = t.short || !covered
	return covered
}

// chargeBed charges the planned nights of someone just admitted.
func (t *twin) chargeBed(p *twinPerson) {
	bed := p.bed
	if t.spec.Stages[bed.stage].Beds.Places[bed.place].Contract == BedNights {
		bed.year, bed.nights = t.year, max(1, twinNights(t.now, bed.planned))
		t.nights[unitName(bed.stage, bed.place)] -= bed.nights
	}
	t.commitBed(p)
}

// commitBed replaces a person's open commitment for a stage by that of the bed they are in.
func (t *twin) commitBed(p *twinPerson) {
	bed := p.bed
	t.changes(bed.stage, p.plans[bed.stage], twinPlan{bed.place, t.now, bed.planned}, func() {
		bed.pays, bed.from = t.budgetOf(bed.stage) >= 0, t.now
		delete(p.plans, bed.stage)
	})
	delete(p.promised, bed.stage)
}

// trueUp replaces what was planned by what was slept, of a bed that somebody leaves.
func (t *twin) trueUp(p *twinPerson) {
	bed := p.bed
	b := &t.spec.Stages[bed.stage].Beds.Places[bed.place]
	switch back := bed.nights - twinNights(bed.since, t.now); {
	case bed.nights == 0: // another contract's
	case back < 0: // kept; of those nights, this year's
		t.nights[unitName(bed.stage, bed.place)] -= min(-back, twinNights(max(bed.planned, t.yearStart(t.year)), t.now))
	case back > 0 && bed.year == t.year:
		t.nights[unitName(bed.stage, bed.place)] += back
		t.returns++
	}
	t.changes(bed.stage, twinPlan{bed.place, bed.from, bed.planned}, twinPlan{bed.place, bed.since, t.now}, func() {
		p.bed = nil
		if bed.pays {
			name := unitName(bed.stage, bed.place)
			if t.slept[name] == nil {
				t.slept[name] = map[int]int64{}
			}
			for year := range t.year + 1 {
				t.slept[name][year] += t.nightsOf(year, max(0, bed.since), t.now)
			}
		}
	})
	if budget := t.budgetOf(bed.stage); budget >= 0 && bed.record.unplanned && !paidAhead(b) {
		if t.noticed[budget] == nil {
			t.noticed[budget] = map[int]Pence{}
		}
		t.noticed[budget][t.year] += int64(b.Terms.NoticeNights) * t.price(b, t.year)
	}
}

// commits commits the money of an approved placement, unless a budget that holds approvals has too little.
func (t *twin) commits(p *twinPerson) bool {
	t.release(p)
	var before []Pence
	for i := range t.spec.Budgets {
		before = append(before, t.charged(i, t.year))
	}
	way, promised := t.plan(p)
	for _, x := range way {
		p.plans[x.stage] = x.twinPlan
	}
	for i, b := range t.spec.Budgets {
		if after := t.charged(i, t.year); b.WhenSpent == HoldApprovals && after > before[i] && after > t.available(i, t.year) {
			clear(p.plans)
			return false
		}
	}
	clear(p.plans)
	t.commitTo(p, way, promised)
	t.watched("commits", p)
	return true
}

// commitWay commits the money for the way on of someone approved before the run.
func (t *twin) commitWay(p *twinPerson) {
	way, promised := t.plan(p)
	t.commitTo(p, way, promised)
}

func (t *twin) commitTo(p *twinPerson, way []twinAhead, promised map[int]bool) {
	p.promised = promised
	for _, x := range way {
		i := t.budgetOf(x.stage)
		before := t.charged(i, t.year)
		p.plans[x.stage] = x.twinPlan
		after := t.charged(i, t.year)
		delete(p.plans, x.stage)
		if t.spec.Budgets[i].WhenSpent == HoldAdmissions && after > before && after > t.available(i, t.year) {
			continue // nothing is committed that is not there
		}
		t.changes(x.stage, twinPlan{}, x.twinPlan, func() { p.plans[x.stage] = x.twinPlan })
	}
}

// twinAhead is a stay on someone's planned way.
type twinAhead struct {
	stage int
	twinPlan
}

// plan follows the planned way on from a panel, and says which stays it would pay for, and in which stages a bed is
// already paid for.
func (t *twin) plan(p *twinPerson) (all []twinAhead, promised map[int]bool) {
	promised = map[int]bool{}
	met := map[int]bool{}
	at := t.now
	foresee := func(stage int, pass uint32) {
		s := &t.spec.Stages[stage]
		until := at + twinTime(t.plannedStay(p, stage, pass))
		if i := slices.IndexFunc(s.Beds.Places, func(b Place) bool { return paidByTheNight(&b) }); i >= 0 && t.budgetOf(stage) >= 0 {
			if t.prepaid(p, stage, max(1, twinNights(at, until))) {
				promised[stage] = true
			} else {
				all = append(all, twinAhead{stage, twinPlan{i, at, until}})
			}
		}
		at = until
	}
	stage, pass := p.stage, p.pass
	switch {
	case p.bed != nil && p.bed.stage == stage: // of someone of the start
		at = p.bed.planned
	case t.spec.Stages[stage].Kind == BedsKind:
		foresee(stage, pass)
	}
	for {
		met[stage] = true
		to := t.way(p, stage, pass, Completed)
		if isExit(to) {
			return all, promised
		}
		if stage = t.stageNamed(to); met[stage] || t.spec.Stages[stage].Kind == PanelKind {
			return all, promised
		}
		if pass = p.passes[stage]; t.spec.Stages[stage].Kind == BedsKind {
			foresee(stage, pass)
		}
	}
}

// spent is what a year really cost a budget.
func (t *twin) spent(budget, year int) (sum Pence) {
	from, until := t.yearStart(year), t.yearStart(year+1)
	t.places(budget, func(stage, i int, b *Place) {
		price, used := t.price(b, year), int64(0)
		sum += t.ofContract(b, uplift(b, b.Terms.PerYear, year), year)
		slept := map[int64]int64{} // by midnight
		for _, x := range t.services {
			if x.stage != stage || x.place != i {
				continue
			}
			for m := (max(x.since, from)/twinDay + 1) * twinDay; m <= min(x.until, until); m += twinDay {
				slept[m]++
				used++
			}
			if x.unplanned && x.until >= from && x.until < until && !paidAhead(b) {
				sum += int64(b.Terms.NoticeNights) * price
			}
		}
		sum -= used * b.Terms.Contribution / 7
		switch {
		case b.Contract == BedNights:
			sum += (t.ofContract(b, int64(b.Nights), year) + max(0, -t.nights[unitName(stage, i)])) * price
		case paidAhead(b):
			for m := from + twinDay; m <= until; m += twinDay {
				sum += max(int64(heldOn(b, m)), slept[m]) * price
			}
		default:
			sum += t.volume(b, used, year)
		}
	})
	return sum + t.unitCosts(budget, year)
}

// unitCosts is what the stages of a budget cost beside their beds in a year, up to now.
func (t *twin) unitCosts(budget, year int) (sum Pence) {
	from, until := t.yearStart(year), t.yearStart(year+1)
	weeks := map[int]int64{}
	for _, x := range t.services {
		if t.budgetOf(x.stage) == budget && x.place < 0 {
			weeks[x.stage] += max(0, min(x.until, until, t.now)-max(x.since, from, 0))
		}
	}
	for i, s := range t.spec.Stages {
		if s.Kind == DelayKind || s.Kind == AftercareKind {
			sum += Pence(math.Floor(float64(weeks[i])*float64(s.Costs.PerWeek)/float64(7*twinDay) + 0.5))
		}
	}
	for _, c := range t.unit {
		if t.budgetOf(c.stage) == budget && c.at >= from && c.at < until {
			sum += c.pence
		}
	}
	return sum
}

// paidAhead reports whether nights are paid whether they are slept or not.
func paidAhead(b *Place) bool {
	return b.Contract == BedNights || b.Contract == Block && b.Beds != NoLimit
}
