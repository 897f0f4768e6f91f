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

	lensSets [][]int // the plan's
	detailed bool    // whether figures ask for more of a length of time than its sum

	stages []stageBook
	people []peopleTally // by lens
	places []placeTally
	wells  []wellsTally // [period][lens]

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

// flow counts people somewhere: how many, person-time since the period opened, and the most at once.
// Person-time is kept as area + n × now: a join takes its moment off, a leaving adds its own.
// The sum wraps around without harm; a period's value always fits.
type flow struct {
	n, most int64
	area    ticks
}

func (f *flow) in(now ticks)  { f.n++; f.area -= now }
func (f *flow) out(now ticks) { f.n--; f.area += now }

// upTo is the person-days since the period opened.
func (f *flow) upTo(now ticks) float64 { return (f.area + ticks(f.n)*now).days() }

// set makes n of whatever is counted.
func (f *flow) set(n int64, now ticks) {
	f.area -= ticks(n-f.n) * now
	f.n = n
}

func (f *flow) peak() { f.most = max(f.most, f.n) }

// open starts a period at now.
func (f *flow) open(now ticks) { f.area, f.most = -ticks(f.n)*now, f.n }

const maxThresholds = 8

// within counts people by thresholds of days.
type within [maxThresholds]float64

// stageBook is what is counted at a stage.
type stageBook struct {
	tallies []stageTally // by lens
	levels  levels
}

// stageTally is what happened at a stage to the people of one lens in the present period.
type stageTally struct {
	waiting, inside flow
	counts          stageCounts
}

type stageCounts struct {
	joined, turnedAway                   float64
	ended, endedDays, droppedOut         float64
	served, servedDays                   float64
	endedWithin, servedWithin            within
	stays, stayDays, unplanned, finished float64
	started                              float64
	referred, referredDays               float64
	expired                              float64 // approvals
	reached                              float64 // of episodes that ended
	reachedWithin                        within
	heard, approved, deferred, declined  float64
	lost                                 [causes]float64
	sessions                             float64
}

// peopleTally is what happened to the people of one lens in the present period.
type peopleTally struct {
	referrals, returns, episodes, completed  float64
	diedWaiting, diedInMonth, diedWithinYear float64 // of those who die: on a list; 28 days, 12 months after leaving a bed early
}

// placeTally is what happened at a place, all people.
type placeTally struct {
	onHeld, held flow // beds of those held that are in use; beds held
	account      account
}

// beds changes how many are in the beds of a place.
func (t *placeTally) beds(by int64, now ticks) {
	t.account.beds(by, now.day())
	t.onHeld.set(t.account.onHeld.n, now)
}

// hold changes how many beds of a place are held.
func (t *placeTally) hold(beds int64, now ticks) {
	t.account.hold(beds, now.day())
	t.held.set(beds, now)
	t.onHeld.set(t.account.onHeld.n, now)
}

// levels is the time a stage spent at each number in use, in the period and in all.
type levels struct {
	period, total []int64
	since         ticks
}

func (l *ledger) reset(m *Model) {
	l.m, l.period, l.from, l.year = m, -1, 0, 0
	p := &m.plan
	lenses := len(p.lenses)
	l.lensSets, l.detailed = p.lensSets, p.channels > 0 || len(p.thresholds) > 0
	l.stages = sized(l.stages, len(m.stages))
	for i := range l.stages {
		s := &l.stages[i]
		s.tallies = zeroed(s.tallies, lenses)
		s.levels = levels{s.levels.period[:0], s.levels.total[:0], 0}
	}
	l.people = zeroed(l.people, lenses)
	l.places = zeroed(l.places, m.places)
	l.staff, l.budgets, l.units = zeroed(l.staff, len(m.pools)), zeroed(l.budgets, len(m.budgets)), zeroed(l.units, len(m.stages))
	l.statements = l.statements[:0]
	l.wells = zeroed(l.wells, (len(m.periods)+1)*lenses)
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

// at is the tally of a stage through a lens.
func (l *ledger) at(stage, lens int) *stageTally { return &l.stages[stage].tallies[lens] }

// lensesOf are the lenses a person belongs to: everyone's, which is 0, and those of their groups.
func (l *ledger) lensesOf(p *person) []int { return l.lensSets[p.lenses] }

// refer counts a referral.
func (l *ledger) refer(p *person) {
	p.lenses = l.m.plan.lensSet(p)
	for _, lens := range l.lensesOf(p) {
		l.people[lens].referrals++
	}
}

// join counts someone onto a list.
func (l *ledger) join(now ticks, p *person, r *room) {
	for _, lens := range l.lensesOf(p) {
		t := &r.book.tallies[lens]
		t.counts.joined++
		t.waiting.in(now)
	}
}

// stays counts someone whom nobody could serve on joining.
func (l *ledger) stays(p *person, r *room) {
	for _, lens := range l.lensesOf(p) {
		r.book.tallies[lens].waiting.peak()
	}
}

// turnAway takes a joining back.
func (l *ledger) turnAway(now ticks, p *person, r *room) {
	for _, lens := range l.lensesOf(p) {
		t := &r.book.tallies[lens]
		t.counts.joined--
		t.counts.turnedAway++
		t.waiting.out(now)
	}
}

// endWait counts the end of a wait, in full in the period in which it ends.
func (l *ledger) endWait(now ticks, p *person, r *room, how waitEnd) {
	length := now - p.joined
	for _, lens := range l.lensesOf(p) {
		t := &r.book.tallies[lens]
		t.endWait(now, length, how)
		if l.detailed {
			l.detailWait(t, length, int(p.stage), lens, how)
		}
	}
}

func (t *stageTally) endWait(now, length ticks, how waitEnd) {
	days := length.days()
	t.waiting.out(now)
	t.counts.ended++
	t.counts.endedDays += days
	switch how {
	case served:
		t.counts.served++
		t.counts.servedDays += days
	case gaveUp:
		t.counts.droppedOut++
	}
}

// detailWait counts the end of a wait by its length.
func (l *ledger) detailWait(t *stageTally, length ticks, stage, lens int, how waitEnd) {
	l.m.plan.count(&t.counts.endedWithin, length)
	l.sample(waitChannel, stage, lens, length.days())
	if how == served {
		l.m.plan.count(&t.counts.servedWithin, length)
		l.sample(servedChannel, stage, lens, length.days())
	}
}

// reach counts someone's first admission of the visit.
func (l *ledger) reach(now ticks, p *person, r *room) {
	days := (now - p.referred).days()
	for _, lens := range l.lensesOf(p) {
		t := &r.book.tallies[lens]
		t.counts.referred++
		t.counts.referredDays += days
		l.sample(referralChannel, r.stage.index, lens, days)
	}
}

// serve counts someone whose wait is over into a bed, group, aftercare or place.
func (l *ledger) serve(now ticks, p *person, r *room) {
	length := now - p.joined
	r.book.spend(now)
	for _, lens := range l.lensesOf(p) {
		t := &r.book.tallies[lens]
		t.endWait(now, length, served)
		t.counts.started++
		t.inside.in(now)
		if l.detailed {
			l.detailWait(t, length, int(p.stage), lens, served)
		}
	}
	if s := r.stage; s.Kind == BedsKind {
		b := &l.places[s.firstPlace+int(p.place)]
		b.account.admissions++
		b.beds(1, now)
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
	for _, lens := range l.lensesOf(p) {
		t := &r.book.tallies[lens]
		t.counts.stays++
		t.counts.stayDays += days
		if p.outcome == Completed {
			t.counts.finished++
		} else {
			t.counts.unplanned++
		}
		if l.detailed {
			l.sample(stayChannel, r.stage.index, lens, days)
		}
	}
}

// vacate counts someone as no longer in use of the stage.
func (l *ledger) vacate(now ticks, p *person, r *room) {
	r.book.spend(now)
	for _, lens := range l.lensesOf(p) {
		r.book.tallies[lens].inside.out(now)
	}
}

// vacateBed counts someone out of a bed.
func (l *ledger) vacateBed(now ticks, p *person, r *room, i int32) {
	l.vacate(now, p, r)
	l.places[r.stage.firstPlace+int(i)].beds(-1, now)
}

// spend books the time up to now at the number in use.
func (b *stageBook) spend(now ticks) {
	v, n := &b.levels, b.tallies[0].inside.n
	for int(n) >= len(v.period) {
		v.period = append(v.period, 0)
	}
	v.period[n] += int64(now - v.since)
	v.since = now
}

// tell counts something at a stage through every lens of a person.
func (l *ledger) tell(p *person, s *stage, what func(*stageCounts)) {
	for _, lens := range l.lensesOf(p) {
		what(&l.at(s.index, lens).counts)
	}
}

func heard(c *stageCounts)           { c.heard++ }
func deferred(c *stageCounts)        { c.deferred++ }
func approved(c *stageCounts)        { c.approved++ }
func declinedCase(c *stageCounts)    { c.declined++ }
func expiredApproval(c *stageCounts) { c.expired++ }

// attended counts sessions of a group.
func (l *ledger) attended(s *stage, sessions int32) {
	l.at(s.index, 0).counts.sessions += float64(sessions)
}

// exit ends an episode: what it reached counts now, and why it ended if not by a route's ordinary way.
func (l *ledger) exit(w *world, p *person, to int, why cause) {
	completed := p.completed
	if len(w.m.bedsStages) == 0 {
		completed = why == byRoute && to != toRelapse
	}
	for _, lens := range l.lensesOf(p) {
		t := &l.people[lens]
		t.episodes++
		if completed {
			t.completed++
		}
		if why != byRoute {
			l.at(int(p.stage), lens).counts.lost[why]++
		}
		if w.m.plan.reaching {
			l.reached(lens, w.visitsOf(p), p.referred)
		}
	}
}

// reached counts the beds that an episode which ends has reached.
func (l *ledger) reached(lens int, visits []visits, referred ticks) {
	for _, stage := range l.m.bedsStages {
		if v := &visits[stage]; v.reached {
			c := &l.at(stage, lens).counts
			c.reached++
			l.m.plan.count(&c.reachedWithin, v.first-referred)
		}
	}
}

// sample keeps a wait or stay if some figure wants its quantiles.
func (l *ledger) sample(what channel, stage, lens int, days float64) {
	p := &l.m.plan
	if c := p.channelOf[(lens*len(l.m.stages)+stage)*int(channelsPerStage)+int(what)]; c >= 0 {
		l.samples[c] = append(l.samples[c], days)
	}
}

// dies counts a death.
func (l *ledger) dies(w *world, p *person, onList bool) {
	since := w.now - w.extraOf(p).leftEarly
	for _, lens := range l.lensesOf(p) {
		t := &l.people[lens]
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
}
