package sim

import (
	"slices"

	"tier4/sim/stats"
)

// ledger is what one replication counts: tallies of the present period, which become one value of
// every figure when a measured year closes. It never steers the pathway but through the accounts of
// contracts and budgets.
type ledger struct {
	m      *Model
	period int   // index of the open period, -1 in warm-up
	from   ticks // start of the open period
	year   int   // the financial year

	stages   []stageBook
	people   struct{ sets, lenses []peopleTally }
	places   []placeTally
	wells    []wellsTally // [period][lens set]
	wellsNow []wellsTally // by lens: of the open period, as of the last fold

	staff      []flow        // by pool: open cases
	budgets    []budgetTally // of financial years that ended in the open period
	units      []units       // by stage
	statements []bill        // [financial year in the measured period][place, then stage]

	samples [][]float64   // by channel: the period's waits or stays
	bins    []stats.Tally // by channel: the replication's

	y, n     []float64 // by figure: totals of the measured period
	years    []float64 // [year][figure] value of a year, absent where nobody contributed
	absent   []bool    // likewise
	halfArea []float64 // by stage: person-days waiting in the first half

	// Person-days of the measured period up to the open one, by stage.
	closedWaiting, closedInside []float64
	months                      int // ended
	monthFrom                   ticks
	monthArea                   []float64   // by series: person-days up to the last month's end
	weekly                      []float64   // people in the pathway, week by week from the start
	monthly                     [][]float64 // by series: mean of each month
	pilot                       bool        // record weekly
}

func (l *ledger) reset(m *Model) {
	l.m, l.period, l.from, l.year = m, -1, 0, 0
	p := &m.plan
	sets := len(p.lensSets)
	l.stages = sized(l.stages, len(m.stages))
	for i := range l.stages {
		s := &l.stages[i]
		s.detailed = p.detailed[i]
		s.sets, s.peaks, s.inside = zeroed(s.sets, sets), zeroed(s.peaks, len(p.peaked)), 0
		s.levels = levels{s.levels.period[:0], s.levels.total[:0], 0}
	}
	l.people.sets = zeroed(l.people.sets, sets)
	l.places = zeroed(l.places, m.places)
	l.staff, l.budgets, l.units = zeroed(l.staff, len(m.pools)), zeroed(l.budgets, len(m.budgets)), zeroed(l.units, len(m.stages))
	l.statements = l.statements[:0]
	l.wells = zeroed(l.wells, (len(m.periods)+1)*sets)
	l.y, l.n = zeroed(l.y, len(p.figures)), zeroed(l.n, len(p.figures))
	l.halfArea = zeroed(l.halfArea, len(m.stages))
	l.closedWaiting = zeroed(l.closedWaiting, len(m.stages))
	l.closedInside = zeroed(l.closedInside, len(m.stages))
	l.months = 0
	l.monthArea, l.monthFrom = zeroed(l.monthArea, len(p.series)), m.measured
	l.years, l.absent, l.weekly = l.years[:0], l.absent[:0], l.weekly[:0]
	l.samples, l.bins = sized(l.samples, p.channels), sized(l.bins, p.channels)
	for i := range l.samples {
		l.samples[i] = l.samples[i][:0]
	}
	l.monthly = sized(l.monthly, len(p.series))
	for i := range l.monthly {
		l.monthly[i] = l.monthly[i][:0]
	}
}

// sized is n elements in the memory of s, with what they hold.
func sized[T any](s []T, n int) []T {
	s = s[:cap(s)]
	for len(s) < n {
		var zero T
		s = append(s, zero)
	}
	return s[:n]
}

// zeroed is n zero values in the memory of s.
func zeroed[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

// at is the tally of a stage through a lens, as of the last fold.
func (l *ledger) at(stage, lens int) *stageTally { return &l.stages[stage].lenses[lens] }

// of is the tally of a stage in which a person is counted.
func (b *stageBook) of(p *person) *stageTally { return &b.sets[p.lenses] }

// refer counts a referral.
func (l *ledger) refer(p *person) {
	p.lenses = l.m.plan.lensSet(p)
	l.people.sets[p.lenses].referrals++
}

// join counts someone onto a list.
func (l *ledger) join(now ticks, p *person, r *room) {
	t := r.book.of(p)
	t.counts.joined++
	t.waiting.in(now)
	l.peak(p, r, 1)
}

// peak counts someone onto a list or off it where the most at once is asked for.
func (l *ledger) peak(p *person, r *room, by int64) {
	if len(r.book.peaks) > 0 {
		for _, i := range l.m.plan.peakSets[p.lenses] {
			r.book.peaks[i].n += by
		}
	}
}

// stays counts someone whom nobody could serve on joining.
func (l *ledger) stays(p *person, r *room) {
	if len(r.book.peaks) > 0 {
		for _, i := range l.m.plan.peakSets[p.lenses] {
			k := &r.book.peaks[i]
			k.most = max(k.most, k.n)
		}
	}
}

// turnAway takes a joining back.
func (l *ledger) turnAway(now ticks, p *person, r *room) {
	t := r.book.of(p)
	t.counts.joined--
	t.counts.turnedAway++
	t.waiting.out(now)
	l.peak(p, r, -1)
}

// endWait counts the end of a wait, in full in the period in which it ends.
func (l *ledger) endWait(now ticks, p *person, r *room, how waitEnd) {
	length := now - p.joined
	days := length.days()
	t := r.book.of(p)
	t.waiting.out(now)
	l.peak(p, r, -1)
	t.counts.ended++
	t.counts.endedDays += days
	switch how {
	case served:
		t.counts.served++
		t.counts.servedDays += days
	case gaveUp:
		t.counts.droppedOut++
	}
	if r.book.detailed {
		l.m.plan.count(&t.counts.endedWithin, length)
		l.sample(waitChannel, p, r.stage, days)
		if how == served {
			l.m.plan.count(&t.counts.servedWithin, length)
			l.sample(servedChannel, p, r.stage, days)
		}
	}
}

// reach counts someone's first admission of the visit.
func (l *ledger) reach(now ticks, p *person, r *room) {
	days := (now - p.referred).days()
	c := &r.book.of(p).counts
	c.referred++
	c.referredDays += days
	l.sample(referralChannel, p, r.stage, days)
}

// serve counts someone whose wait is over into a bed, group, aftercare or place.
func (l *ledger) serve(now ticks, p *person, r *room) {
	l.endWait(now, p, r, served)
	b := r.book
	b.spend(now)
	b.inside++
	t := b.of(p)
	t.counts.started++
	t.inside.in(now)
	if s := r.stage; s.Kind == BedsKind {
		place := &l.places[s.firstPlace+int(p.place)]
		place.account.admissions++
		place.beds(1, now)
	}
}

// leaveService counts someone out of a group, aftercare or place of a delay.
func (l *ledger) leaveService(now ticks, p *person, r *room) {
	l.endStay(now, p, r)
	l.vacate(now, p, r)
}

// endStay counts a service or stay, in full in the period in which it ends.
func (l *ledger) endStay(now ticks, p *person, r *room) {
	days := (now - p.since).days()
	c := &r.book.of(p).counts
	c.stays++
	c.stayDays += days
	if p.outcome == Completed {
		c.finished++
	} else {
		c.unplanned++
	}
	if r.book.detailed {
		l.sample(stayChannel, p, r.stage, days)
	}
}

// vacate counts someone as no longer in use of the stage.
func (l *ledger) vacate(now ticks, p *person, r *room) {
	b := r.book
	b.spend(now)
	b.inside--
	b.of(p).inside.out(now)
}

// vacateBed counts someone out of a bed.
func (l *ledger) vacateBed(now ticks, p *person, r *room, i int32) {
	l.vacate(now, p, r)
	l.places[r.stage.firstPlace+int(i)].beds(-1, now)
}

// spend books the time up to now at the number in use.
func (b *stageBook) spend(now ticks) {
	v := &b.levels
	for int(b.inside) >= len(v.period) {
		v.period = append(v.period, 0)
	}
	v.period[b.inside] += int64(now - v.since)
	v.since = now
}

// counts is what is counted at a stage of people like this one.
func (l *ledger) counts(p *person, s *stage) *stageCounts {
	return &l.stages[s.index].sets[p.lenses].counts
}

// attended counts sessions of a group.
func (l *ledger) attended(p *person, s *stage, sessions int32) {
	l.counts(p, s).sessions += float64(sessions)
}

// exit ends an episode: what it reached counts now, and why it ended if not by a route's ordinary way.
func (l *ledger) exit(w *world, p *person, to int, why cause) {
	completed := p.completed
	if len(w.m.bedsStages) == 0 {
		completed = why == byRoute && to != toRelapse
	}
	t := &l.people.sets[p.lenses]
	t.episodes++
	if completed {
		t.completed++
	}
	if why != byRoute {
		l.stages[p.stage].of(p).counts.lost[why]++
	}
	if w.m.plan.reaching {
		l.reached(p, w.visitsOf(p))
	}
}

// reached counts the beds that an episode which ends has reached.
func (l *ledger) reached(p *person, visits []visits) {
	for _, stage := range l.m.bedsStages {
		if v := &visits[stage]; v.reached {
			c := &l.stages[stage].of(p).counts
			c.reached++
			l.m.plan.count(&c.reachedWithin, v.first-p.referred)
		}
	}
}

// sample keeps a length of time if some figure wants its quantiles.
func (l *ledger) sample(what channel, p *person, s *stage, days float64) {
	for _, c := range l.m.plan.channelsOf(p, s, what) {
		l.samples[c] = append(l.samples[c], days)
	}
}

// dies counts a death.
func (l *ledger) dies(w *world, p *person, onList bool) {
	since := w.now - w.extraOf(p).leftEarly
	t := &l.people.sets[p.lenses]
	if onList {
		t.diedWaiting++
	}
	if since >= 0 && since <= 28*oneDay {
		t.diedInMonth++
	}
	if since >= 0 && since <= lookBacks[1] {
		t.diedWithinYear++
	}
}
