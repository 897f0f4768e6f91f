package sim

// What a replication counts of the present period. A person is counted once, in the tally of the set of
// lenses they belong to; lenses are the sums of their sets, made when a period closes.

// flow counts people somewhere: how many, and person-time since the period opened. That is kept as
// area + n × now: a join takes its moment off, a leaving adds its own. The sum wraps around without
// harm; a period's value always fits.
type flow struct {
	n    int64
	area ticks
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

// open starts a period at now.
func (f *flow) open(now ticks) { f.area = -ticks(f.n) * now }

func (f *flow) add(o *flow) { f.n, f.area = f.n+o.n, f.area+o.area }

const maxThresholds = 8

// within counts people by thresholds of days.
type within [maxThresholds]float64

func (w *within) add(o *within) {
	for i, n := range o {
		w[i] += n
	}
}

// stageBook is what is counted at a stage.
type stageBook struct {
	sets   []stageTally // by lens set: a person is counted once, in their own
	lenses []stageTally // by lens, as of the last fold
	peaks  []peak       // by lens of plan.peaked
	inside int64        // Invariant: the sum of inside.n over the sets.
	levels levels

	detailed bool // figures ask for more of a length of time than its sum
}

// peak is how many people of a lens are on a list, and the most at once in the present period.
type peak struct{ n, most int64 }

// stageTally is what happened at a stage to some people in the present period.
type stageTally struct {
	waiting, inside flow
	counts          stageCounts
}

func (t *stageTally) add(o *stageTally) {
	t.waiting.add(&o.waiting)
	t.inside.add(&o.inside)
	t.counts.add(&o.counts)
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

func (c *stageCounts) add(o *stageCounts) {
	c.joined, c.turnedAway = c.joined+o.joined, c.turnedAway+o.turnedAway
	c.ended, c.endedDays, c.droppedOut = c.ended+o.ended, c.endedDays+o.endedDays, c.droppedOut+o.droppedOut
	c.served, c.servedDays = c.served+o.served, c.servedDays+o.servedDays
	c.endedWithin.add(&o.endedWithin)
	c.servedWithin.add(&o.servedWithin)
	c.stays, c.stayDays = c.stays+o.stays, c.stayDays+o.stayDays
	c.unplanned, c.finished = c.unplanned+o.unplanned, c.finished+o.finished
	c.started, c.expired = c.started+o.started, c.expired+o.expired
	c.referred, c.referredDays = c.referred+o.referred, c.referredDays+o.referredDays
	c.reached += o.reached
	c.reachedWithin.add(&o.reachedWithin)
	c.heard, c.approved = c.heard+o.heard, c.approved+o.approved
	c.deferred, c.declined = c.deferred+o.deferred, c.declined+o.declined
	for i, n := range o.lost {
		c.lost[i] += n
	}
	c.sessions += o.sessions
}

// peopleTally is what happened to some people in the present period.
type peopleTally struct {
	referrals, returns, episodes, completed  float64
	diedWaiting, diedInMonth, diedWithinYear float64 // of those who die: on a list; 28 days, 12 months after leaving a bed early
}

func (t *peopleTally) add(o *peopleTally) {
	t.referrals, t.returns = t.referrals+o.referrals, t.returns+o.returns
	t.episodes, t.completed = t.episodes+o.episodes, t.completed+o.completed
	t.diedWaiting, t.diedInMonth = t.diedWaiting+o.diedWaiting, t.diedInMonth+o.diedInMonth
	t.diedWithinYear += o.diedWithinYear
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

// everyone is how many people wait at a stage and are inside it, with their person-time.
func (b *stageBook) everyone() (waiting, inside flow) {
	for i := range b.sets {
		waiting.add(&b.sets[i].waiting)
		inside.add(&b.sets[i].inside)
	}
	return waiting, inside
}

// fold brings the tallies of lenses up to the moment.
func (l *ledger) fold() {
	sets := l.m.plan.lensSets
	for i := range l.stages {
		b := &l.stages[i]
		b.lenses = summed(b.lenses, len(l.m.plan.lenses), b.sets, sets)
	}
	l.people.lenses = summed(l.people.lenses, len(l.m.plan.lenses), l.people.sets, sets)
	first := max(l.period, 0) * len(sets)
	l.wellsNow = summed(l.wellsNow, len(l.m.plan.lenses), l.wells[first:first+len(sets)], sets)
}

// summed adds the tallies of sets up to those of lenses, in the memory of the latter.
func summed[T comparable, P interface {
	*T
	add(*T)
}](lenses []T, n int, sets []T, members [][]int,
) []T {
	lenses = zeroed(lenses, n)
	var nothing T
	for i, of := range members {
		if sets[i] == nothing {
			continue
		}
		for _, lens := range of {
			P(&lenses[lens]).add(&sets[i])
		}
	}
	return lenses
}
