package sim

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// lawful watches a replication and holds it to the laws of bookkeeping after every event. It counts
// people, nights and waiting days by itself, from nothing but where each person is.
type lawful struct {
	m     *Model
	fault string // the first; empty while all is well

	events int
	now    ticks
	began  int // visits begun
	before []lawfulPerson
	from   ticks // of the ledger's open period, when its counts were last taken
	opened bool

	ended float64 // episodes and arrivals of closed periods, as far as they were seen
	came  float64
	base  float64

	stays       []lawfulStay
	open        map[int32]int // slot to its stay
	waitingEdge []float64     // person-days by stage that waits had lasted when measuring began
	insideEdge  []float64

	settler
}

// settler matches people exactly when the run itself would next, so that what it does then can be looked at.
type settler struct{ last, next int } // orders of the event that has happened, and of the one to come

// happened says that an event has.
func (x *settler) happened() { x.last = x.next }

// settle matches people to places if that is what comes next; otherwise it notes what does.
func (x *settler) settle(w *world) bool {
	at, order := w.q.Head()
	if w.coming < ticks(at) || w.coming == ticks(at) && orderJoins <= order {
		at, order = int64(w.coming), orderJoins
	}
	if w.unsettledNow() && (ticks(at) > w.now || order > orderMatching && x.last <= orderMatching) {
		w.settle()
		x.last = orderMatching
		return true
	}
	x.next = order
	return false
}

type lawfulPerson struct {
	who      uint64
	visit    uint32
	stage    int32
	place    int32
	referred ticks
	since    ticks
	serving  bool
	known    bool
}

// lawfulStay is a stay in a bed as it was seen from outside.
type lawfulStay struct {
	stage, place int32
	from, to     ticks
}

func newLawful(m *Model) *lawful {
	return &lawful{
		m: m, open: map[int32]int{}, from: -1,
		waitingEdge: make([]float64, len(m.stages)), insideEdge: make([]float64, len(m.stages)),
	}
}

func (l *lawful) fail(format string, args ...any) {
	if l.fault == "" {
		l.fault = fmt.Sprintf("at %.6f, after event %d: ", l.now.days(), l.events) + fmt.Sprintf(format, args...)
	}
}

// watch looks after every event, and again after people have been matched at that instant.
func (l *lawful) watch(w *world) { l.after(w, l.look) }

func (l *lawful) after(w *world, look func(*world)) {
	l.happened()
	look(w)
	for l.settle(w) {
		look(w)
	}
}

func (l *lawful) look(w *world) {
	if l.fault != "" {
		return
	}
	if w.now < l.now {
		l.fail("the clock went back to %.6f", w.now.days())
	}
	l.now = w.now
	l.events++
	l.follow(w)
	l.people(w)
	for i := range l.m.stages {
		l.list(w, &l.m.stages[i])
		l.room(w, &l.m.stages[i])
	}
	l.slots(w)
	if !l.opened && w.ledger.period >= 0 {
		l.opened = true
		l.edges(w, l.waitingEdge, l.insideEdge)
	}
}

// follow notes visits that begin and stays in beds, by how slots have changed.
func (l *lawful) follow(w *world) {
	for len(l.before) < len(w.people) {
		l.before = append(l.before, lawfulPerson{})
	}
	for slot := range w.people {
		p, b := &w.people[slot], &l.before[slot]
		at := lawfulPerson{p.who, p.visit, p.stage, p.place, p.referred, p.since, p.state == serving, true}
		if at == *b {
			continue
		}
		if !b.known || b.who != at.who || b.visit != at.visit || b.referred != at.referred {
			l.began++
		}
		inBed := func(x *lawfulPerson) bool { return x.serving && l.m.stages[x.stage].Kind == BedsKind }
		if inBed(b) {
			l.stays[l.open[int32(slot)]].to = w.now // stays end in events, never between them
			delete(l.open, int32(slot))
		}
		if inBed(&at) {
			l.open[int32(slot)] = len(l.stays)
			l.stays = append(l.stays, lawfulStay{at.stage, at.place, at.since, forever})
		}
		*b = at
	}
}

// people is: people in = people out + people inside.
func (l *lawful) people(w *world) {
	inside := 0
	for slot := range w.people {
		switch w.people[slot].state {
		case waiting, hearing, serving:
			inside++
		}
	}
	w.ledger.fold()
	t := &w.ledger.people.lenses[0]
	if w.ledger.from != l.from { // the ledger starts a period: what it had counted is gone
		l.from = w.ledger.from
		l.ended, l.came, l.base = float64(l.began-inside)-t.episodes, float64(l.began)-t.referrals-t.returns, t.episodes
	}
	if came := l.came + t.referrals + t.returns; came != float64(l.began) {
		l.fail("%d visits have begun, the ledger counts %g", l.began, came)
	}
	if ended := l.ended + t.episodes; float64(l.began) != ended+float64(inside) {
		l.fail("%d came, %g left, %d are inside", l.began, ended, inside)
	}
}

// list is: the list holds just those who wait here, linked both ways, in queue order.
func (l *lawful) list(w *world, s *stage) {
	r := &w.rooms[s.index]
	linked := map[int32]bool{}
	priority, before := 0, math.MaxInt
	for i, q := range r.list.queues {
		prev := none
		if i%r.list.priorities == 0 {
			before = math.MaxInt
		}
		if q.first != none {
			if priority = l.priority(s, &w.people[q.first]); priority >= before {
				l.fail("%s: the queue of priority %d comes after that of %d", s.Name, priority, before)
			}
			before = priority
		}
		for slot := q.first; slot != none; slot = w.people[slot].next {
			p := &w.people[slot]
			switch {
			case linked[slot]:
				l.fail("%s: slot %d is twice on the list", s.Name, slot)
				return
			case p.state != waiting || int(p.stage) != s.index:
				l.fail("%s: slot %d is on the list and does not wait here", s.Name, slot)
			case l.priority(s, p) != priority:
				l.fail("%s: slot %d of priority %d queues at %d", s.Name, slot, l.priority(s, p), priority)
			case p.prev != prev:
				l.fail("%s: slot %d is linked back to %d, not %d", s.Name, slot, p.prev, prev)
			case prev != none && !inQueueOrder(&w.people[prev], p):
				l.fail("%s: slots %d and %d are not in queue order", s.Name, prev, slot)
			}
			linked[slot] = true
			prev = slot
		}
		if q.last != prev {
			l.fail("%s: the last of the list is %d, not %d", s.Name, q.last, prev)
		}
	}
	if r.list.n != len(linked) {
		l.fail("%s: %d people are linked, the list counts %d", s.Name, len(linked), r.list.n)
	}
	settled := 0
	for slot := range w.people {
		p := &w.people[slot]
		if int(p.stage) != s.index || p.state != waiting {
			continue
		}
		if s.pool >= 0 && w.extras[slot].pool >= 0 { // for a case, on the list of the staff
			if linked[int32(slot)] {
				l.fail("%s: slot %d is on the list without a case", s.Name, slot)
			}
			continue
		}
		if !linked[int32(slot)] {
			l.fail("%s: slot %d waits here and is not on the list", s.Name, slot)
		}
		if p.joined < w.now || len(w.unsettled) == 0 {
			settled++
		}
	}
	if s.ListMax != NoLimit && settled > s.ListMax && !l.m.extra {
		l.fail("%s: %d people wait, at most %d may", s.Name, settled, s.ListMax)
	}
}

// priority is a person's where the stage keeps its list by it.
func (l *lawful) priority(s *stage, p *person) int {
	if !s.ByPriority {
		return 0
	}
	return l.m.spec.Streams[p.stream].Priority
}

// inQueueOrder reports whether a comes before b: stamp, referral, then who they are.
func inQueueOrder(a, b *person) bool {
	return a.stamp < b.stamp || a.stamp == b.stamp && (a.referred < b.referred || a.referred == b.referred && a.who < b.who)
}

// room is: nobody is where there is no room, nobody waits for a place that is free, and the ledger
// and the rooms count those who are there.
func (l *lawful) room(w *world, s *stage) {
	r := &w.rooms[s.index]
	waits, inside := make([]int64, len(l.m.plan.lenses)), make([]int64, len(l.m.plan.lenses))
	at := make([]int, len(s.beds))
	for slot := range w.people {
		p := &w.people[slot]
		if int(p.stage) != s.index {
			continue
		}
		counts := waits
		switch p.state {
		case waiting, hearing:
		case serving:
			counts = inside
			if s.Kind == BedsKind {
				at[p.place]++
			}
		default:
			continue
		}
		for i, group := range l.m.plan.lenses {
			if l.m.in(int(p.stream), p.kind, group) {
				counts[i]++
			}
		}
	}
	for i, group := range l.m.plan.lenses {
		if t := w.ledger.at(s.index, i); t.waiting.n != waits[i] || t.inside.n != inside[i] {
			l.fail("%s@%s: %d wait and %d are inside, the ledger says %d and %d", s.Name, group, waits[i], inside[i], t.waiting.n, t.inside.n)
		}
	}
	if r.inside != int(inside[0]) {
		l.fail("%s: %d are inside, the room says %d", s.Name, inside[0], r.inside)
	}
	if s.places > 0 && r.inside > s.places {
		l.fail("%s: %d are inside, with %d places", s.Name, r.inside, s.places)
	}
	for i := range s.beds {
		b, u := &s.beds[i], &r.places[i]
		if u.inside != at[i] || w.ledger.places[s.firstPlace+i].account.inside.n != int64(at[i]) {
			l.fail("%s %s: %d are inside, the place says %d, the ledger %d", s.Name, b.Name, at[i], u.inside, w.ledger.places[s.firstPlace+i].account.inside.n)
		}
		if b.Beds != NoLimit && at[i]+len(u.rests) > b.Beds {
			l.fail("%s %s: %d inside and %d resting in %d beds", s.Name, b.Name, at[i], len(u.rests), b.Beds)
		}
		if !slices.IsSorted(u.rests) || len(u.rests) > 0 && u.rests[0] < w.now {
			l.fail("%s %s: beds rest until %v", s.Name, b.Name, u.rests)
		}
	}
	if l.restless(w) {
		return
	}
	if r.list.n == 0 {
		return
	}
	switch s.Kind {
	case DelayKind, AftercareKind:
		if s.places == NoLimit || r.inside < s.places {
			l.fail("%s: %d wait, with %d of %d places taken", s.Name, r.list.n, r.inside, s.places)
		}
	case BedsKind:
		for i := range s.beds {
			if b := &s.beds[i]; b.Contract == Block && w.hasRoom(b, &r.places[i]) {
				l.fail("%s: %d wait while %s has room", s.Name, r.list.n, b.Name)
			}
		}
	}
}

// restless reports whether more is still to happen at this instant.
func (l *lawful) restless(w *world) bool {
	at, _ := w.q.Head()
	return w.unsettledNow() || w.coming <= w.now || ticks(at) <= w.now
}

// slots is: free slots are free once; everyone else has one live timer or nothing more to come.
func (l *lawful) slots(w *world) {
	free := map[int32]bool{}
	for _, slot := range w.free {
		if free[slot] {
			l.fail("slot %d is free twice", slot)
		}
		free[slot] = true
	}
	pending := 0
	for slot := range w.people {
		p := &w.people[slot]
		has := w.q.Pending(int32(slot + len(l.m.system)))
		if has {
			pending++
		}
		if free[int32(slot)] != (p.state == gone) {
			l.fail("slot %d in state %d; free: %v", slot, p.state, free[int32(slot)])
		}
		if p.state == gone {
			if has {
				l.fail("slot %d is free, and its timer runs", slot)
			}
			continue
		}
		if has != (p.timer != nothing) {
			l.fail("slot %d waits for %d; pending: %v", slot, p.timer, has)
		}
		if soonest := min(p.endAt, p.findAt, p.giveUpAt, p.relapseAt); !has && soonest <= l.m.end && (p.state != waiting || !w.unsettledNow()) {
			l.fail("slot %d in state %d has something at %.6f and no timer", slot, p.state, soonest.days())
		} else if soonest < w.now && p.state != returning {
			l.fail("slot %d in state %d should have gone on at %.6f", slot, p.state, soonest.days())
		}
	}
	system := 0
	for id := range l.m.system {
		if w.q.Pending(int32(id)) {
			system++
		}
	}
	if w.q.Len() != pending+system {
		l.fail("%d timers run, of them %d of people and %d of the system", w.q.Len(), pending, system)
	}
}

// edges is how long those who wait, and those inside, have done so already.
func (l *lawful) edges(w *world, waits, inside []float64) {
	clear(waits)
	clear(inside)
	for slot := range w.people {
		switch p := &w.people[slot]; p.state {
		case waiting, hearing:
			waits[p.stage] += (w.now - p.joined).days()
		case serving:
			inside[p.stage] += (w.now - p.since).days()
		}
	}
}

// midnights counts those in (from, to] one by one.
func midnights(from, to ticks, counts func(day int64) bool) (n int64) {
	for day := from.day(); ticks(day)*oneDay <= to; day++ {
		if at := ticks(day) * oneDay; at > from && counts(day) {
			n++
		}
	}
	return n
}

// holdTo plays a replication under the laws, then holds its figures to what was seen.
func holdTo(t tester, m *Model, seed uint64, replication int) (*Batch, *lawful) {
	t.Helper()
	l := newLawful(m)
	b, w := play(t, m, seed, replication, l.watch)
	if l.fault != "" {
		t.Fatalf("seed %d, replication %d: %s", seed, replication, l.fault)
	}
	l.nights(t, b)
	l.little(t, b, w)
	l.years(t, b)
	l.inUse(t, b)
	return b, l
}

func agrees(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*max(1, math.Abs(a), math.Abs(b))
}

// nights is: nights and pounds by contract are those of the stays that were seen.
func (l *lawful) nights(t tester, b *Batch) {
	t.Helper()
	measured := func(day int64) bool { at := ticks(day) * oneDay; return at > l.m.measured && at <= l.m.end }
	nights, paid, all := map[string]int64{}, map[string]Pence{}, 0.0
	for i := range l.m.stages {
		s := &l.m.stages[i]
		for j := range s.beds {
			p := &s.beds[j]
			open := func(day int64) bool { at := ticks(day) * oneDay; return at > p.from && at <= p.until }
			slept, late := int64(0), int64(0)
			for _, stay := range l.stays {
				if int(stay.stage) == i && int(stay.place) == j {
					slept += midnights(stay.from, min(stay.to, l.m.end), measured)
					late += midnights(stay.from, min(stay.to, l.m.end), func(day int64) bool { return measured(day) && !open(day) })
				}
			}
			cost := slept * p.PerNight
			if p.Contract == Block && p.Beds != NoLimit {
				held := int64(p.Beds) * midnights(0, l.m.end, func(day int64) bool { return measured(day) && open(day) })
				cost = (held + late) * p.PerNight
				nights[s.Name+".void_nights"] += held - (slept - late)
				paid["cost.void"] += (held - (slept - late)) * p.PerNight
			}
			nights[s.Name+".nights."+p.Contract.String()] += slept
			paid["cost."+p.Contract.String()] += cost
			all += float64(cost)
		}
	}
	for id, n := range nights {
		if y, _ := totals(t, l.m, b, 0, id); y != float64(n) {
			t.Errorf("%s: %g in all, %d by the stays", id, y, n)
		}
	}
	for id, pence := range paid {
		if y, _ := totals(t, l.m, b, 0, id); math.Round(y*100) != float64(pence) || !agrees(y*100, float64(pence), 1e-12) {
			t.Errorf("%s: £%.2f in all, £%.2f by the stays", id, y, float64(pence)/100)
		}
	}
	for i := range l.m.stages {
		s := &l.m.stages[i]
		if s.Kind != BedsKind && s.Costs != (UnitCosts{}) {
			y, _ := totals(t, l.m, b, 0, "cost."+s.Name)
			all += y * 100
		} else if s.Kind == BedsKind {
			admissions, _ := totals(t, l.m, b, 0, s.Name+".admissions")
			all += float64(s.Costs.PerPerson) * admissions
		}
	}
	if y, _ := totals(t, l.m, b, 0, "cost"); !agrees(y*100, all, 1e-12) {
		t.Errorf("cost: £%.4f in all, £%.4f stage by stage", y, all/100)
	}
}

// little is Little's law as it holds on every path (Stidham 1974): person-days on a list are the days
// of waits that ended, less what they had lasted before, and what the unfinished ones have lasted.
func (l *lawful) little(t tester, b *Batch, w *world) {
	t.Helper()
	waits, inside := make([]float64, len(l.m.stages)), make([]float64, len(l.m.stages))
	w.now = l.m.end
	l.edges(w, waits, inside)
	for i := range l.m.stages {
		s := &l.m.stages[i]
		onList, _ := totals(t, l.m, b, 0, s.Name+".waiting.mean")
		waited, _ := totals(t, l.m, b, 0, s.Name+".wait.mean")
		if want := waited - l.waitingEdge[i] + waits[i]; !agrees(onList, want, 1e-9) {
			t.Errorf("%s: %g person-days on the list, %g by the waits", s.Name, onList, want)
		}
		if !s.serves() {
			continue
		}
		served, _ := totals(t, l.m, b, 0, s.Name+".in_use.mean")
		stayed, _ := totals(t, l.m, b, 0, s.Name+".stay.mean")
		if want := stayed - l.insideEdge[i] + inside[i]; !agrees(served, want, 1e-9) {
			t.Errorf("%s: %g person-days inside, %g by the stays", s.Name, served, want)
		}
	}
}

// years is: the measured years add up to the whole, where there is no part of a year left.
func (l *lawful) years(t tester, b *Batch) {
	t.Helper()
	figures := len(l.m.plan.figures)
	for f := range l.m.plan.figures {
		d := &l.m.plan.figures[f]
		if len(l.m.periods) != l.m.years || !strings.HasSuffix(d.Unit, "/year") || strings.HasPrefix(d.ID, "budget.") {
			continue
		}
		sum, from := 0.0, l.m.measured
		for year := range l.m.years {
			sum += b.years[year*figures+f] * (l.m.periods[year] - from).days() / daysPerYear
			from = l.m.periods[year]
		}
		if !agrees(sum, b.y[f], 1e-9) {
			t.Errorf("%s: %g in all, %g year by year", d.ID, b.y[f], sum)
		}
	}
}

// inUse is: the time at each number in use adds up to the measured time, and its mean is the mean.
func (l *lawful) inUse(t tester, b *Batch) {
	t.Helper()
	for i := range l.m.stages {
		s := &l.m.stages[i]
		all, weighed := int64(0), 0.0
		for n, time := range b.inUse(l.m, 0, i) {
			all += time
			weighed += float64(n) * ticks(time).days()
		}
		if all != int64(l.m.end-l.m.measured) {
			t.Errorf("%s: %d ticks at all numbers in use, %d measured", s.Name, all, l.m.end-l.m.measured)
		}
		if s.serves() {
			if y, _ := totals(t, l.m, b, 0, s.Name+".in_use.mean"); !agrees(y, weighed, 1e-9) {
				t.Errorf("%s: %g person-days inside, %g by numbers in use", s.Name, y, weighed)
			}
		}
	}
}

// grouped adds figures of groups to the usual ones, so that every lens is watched too.
func grouped(m *Model) []string {
	ids := m.usual()
	for _, s := range m.spec.Stages {
		ids = append(ids, s.Name+".wait.mean@"+m.spec.Cohorts[0])
		for _, trait := range m.spec.Traits {
			ids = append(ids, s.Name+".wait.mean@"+trait.Name)
		}
		for _, stream := range m.spec.Streams {
			ids = append(ids, s.Name+".wait.mean@"+stream.Name)
		}
	}
	return ids
}

// usual are the figures that are measured when none are named and that this model can give.
func (m *Model) usual() (ids []string) {
	for _, f := range m.Figures() {
		ids = append(ids, f.ID)
	}
	return ids
}

func TestLawsHoldAfterEveryEventOfARichPathway(t *testing.T) {
	m := modelOf(t, rich(), grouped(modelOf(t, rich()))...)
	seen := map[string]bool{}
	for i := range 12 {
		b, l := holdTo(t, m, 11, i)
		if l.events < 1000 {
			t.Errorf("only %d events", l.events)
		}
		for f := range m.plan.figures {
			if b.y[f] != 0 {
				seen[m.plan.figures[f].ID] = true
			}
		}
	}
	for f := range m.plan.figures { // a law that nothing touched was not held
		d := &m.plan.figures[f]
		unlimited := strings.HasSuffix(d.ID, ".turned_away") && m.stages[d.stage].ListMax == NoLimit
		rare := strings.HasSuffix(d.ID, ".relapsed") && m.stages[d.stage].Kind != AftercareKind && m.stages[d.stage].Kind != BedsKind
		if d.ratio != nil && !seen[d.ID] && !unlimited && !rare {
			t.Errorf("%s was 0 in every replication: the rich pathway is not rich enough", d.ID)
		}
	}
}

func TestLawsHoldAfterEveryEventOfAnyPathway(t *testing.T) {
	checks(t, 400, lawsHold)
}

func lawsHold(rt *rapid.T) {
	spec := anySpec(rt)
	m := modelOf(rt, spec, grouped(modelOf(rt, spec))...)
	holdTo(rt, m, rapid.Uint64Range(0, 50).Draw(rt, "seed"), 0)
}

func TestWholeYearsSumToTheTotal(t *testing.T) {
	spec := rich()
	spec.Measure = 3*365 + 1 // with a leap day
	m := modelOf(t, spec)
	if m.years != 3 || len(m.periods) != 3 {
		t.Fatalf("%d years in %d periods", m.years, len(m.periods))
	}
	holdTo(t, m, 3, 0)
}

// Over a long run the time average of a list is its throughput times its mean wait (Little 1961).
func TestLittlesLawOnEveryList(t *testing.T) {
	spec := rich()
	spec.Streams[0].Growth = 0
	spec.Measure = 60 * 365.25
	m := modelOf(t, spec)
	b, _ := play(t, m, 5, 0, nil)
	for i := range m.stages {
		name := m.stages[i].Name
		onList, days := totals(t, m, b, 0, name+".waiting.mean")
		waited, ended := totals(t, m, b, 0, name+".wait.mean")
		average, product := onList/days, (ended/days)*(waited/ended)
		// They differ by the waits that the ends of the run cut: at most a few mean waits of 60 years' worth.
		if ended < 1000 || math.Abs(average-product) > 0.01*product {
			t.Errorf("%s: %.4f people on the list, throughput × wait is %.4f (%g waits)", name, average, product, ended)
		}
	}
}
