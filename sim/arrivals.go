package sim

import (
	"cmp"
	"slices"

	"tier4/sim/dist"
)

// daysPerYear is the year of a rate.
const daysPerYear = 365.25

// arrival is a person on the way to their first referral.
type arrival struct {
	at     ticks
	who    uint64   // order among those who come at one instant: stream, cohort, slab, candidate
	key    dist.Key // the person's address
	stream int16    // -1: one of the others at a shared unit
	cohort uint16
	kind   uint16 // unless one of the others
}

// whoOf packs a person's identity: stream rank (12 bits), cohort (8), band (6), number (38). The band is 0
// for those who are there at the start, who come before all others of their stream, and otherwise one more
// than the slab.
func whoOf(rank, cohort, band int, number uint64) uint64 {
	return uint64(rank)<<52 | uint64(cohort)<<44 | uint64(band)<<38 | number
}

// numberOf is the number within the stream, cohort and band.
func numberOf(who uint64) uint64 { return who & (1<<38 - 1) }

// replayedReady is from when on someone of a stream can be admitted to a bed by its dates; 0 for always.
func (s *stream) replayedReady(who uint64) ticks {
	if s.datesReady == nil {
		return 0
	}
	return s.datesReady[numberOf(who)]
}

// lane is one slab of a source: a Poisson process of candidates, each with a height between
// low and low+width per year, kept when the height is under the rate at its time. More demand
// opens more height and so only adds people: those below stay exactly who they were.
type lane struct {
	key        dist.Key
	meanGap    float64 // ticks
	low, width float64 // people a year
	perYear    float64 // the source's base rate
	next       ticks
	candidate  uint64
	person     dist.Key // of the next candidate
	who        uint64   // all of a person's identity but the candidate
	stream     int16
	cohort     uint16
	replayed   int  // dates of the stream that have come
	flat       bool // the rate never changes
	always     bool // every height in the slab is under the rate at all times
}

// arrivals are the referrals of one replication. They depend on no state and so are made ahead, a
// window of time after the other, or all in one window if they are not too many.
type arrivals struct {
	of           comers
	used         uint64 // the higher, the later; of those that are known
	m            *Model
	lanes        []lane
	ahead        []arrival // who comes in this window: in order of time, ties by who they are
	upTo, window ticks
	whole        bool    // ahead is all there are: whoever else plays them finds them there
	others       []other // those of ahead, if they are others at a shared unit
	making       *making
}

// coming are those of the arrivals who are yet to come.
type coming struct {
	from  *arrivals
	ahead []arrival // of the present window
	taken int
}

// next is when the next person comes, forever when nobody does.
func (c *coming) next() ticks {
	if c.taken == len(c.ahead) {
		c.ahead, c.taken = c.from.fill(), 0
	}
	return c.ahead[c.taken].at
}

// take gives the next person, until next is called; there must be one.
func (c *coming) take() *arrival {
	c.taken++
	return &c.ahead[c.taken-1]
}

// comers says whose arrivals they are: those of the same are the same, whatever the model.
type comers struct {
	key     dist.Key
	streams *stream // the first; nil of others at a shared unit
	others  *OtherDemand
	end     ticks
}

// known are arrivals of some replications that models take from one another. There is room for those of as many
// replications as a model plays in turn; then new ones take the place of those unused for longest, which are never
// of the replication that is about to be played.
type known struct {
	all    []*arrivals
	used   uint64 // of the arrivals used last
	making making
}

// find gives the arrivals of comers. They are new, to be made for the model, unless they are known.
func (k *known) find(of comers, m *Model) (c coming, isNew bool) {
	k.used++
	var unused *arrivals // for longest
	for _, a := range k.all {
		if a.whole && a.of == of {
			a.used = k.used
			return coming{from: a, ahead: a.ahead}, false
		}
		if unused == nil || a.used < unused.used {
			unused = a
		}
	}
	if len(k.all) < inTurn*(1+len(m.shared)) {
		unused = new(arrivals)
		k.all = append(k.all, unused)
	}
	unused.of, unused.used, unused.making = of, k.used, &k.making
	return coming{from: unused}, true
}

// making is the scratch memory of arrivals that are being made.
type making struct {
	all   []arrival // in no order yet
	parts [windowParts]int32
}

// perWindow is about how many people come in a window, unless a replication has at most so many in all. A window
// is sorted by parts, most of which hold nobody or one.
const (
	perWindow   = 256
	windowParts = 512
	inOneWindow = 1500
)

func (a *arrival) before(b *arrival) bool { return a.at < b.at || a.at == b.at && a.who < b.who }

var (
	gapName    = dist.NameOf("gap")
	heightName = dist.NameOf("height")
	cohortName = dist.NameOf("cohort")
)

// arrivals are those of a replication.
func (k *known) arrivals(m *Model, root dist.Key) coming {
	c, isNew := k.find(comers{key: root, streams: m.firstStream(), end: m.end}, m)
	if isNew {
		c.from.reset(m, root)
	}
	return c
}

// others are those who share a unit with us, with a key of their own; their line if they are known.
func (k *known) others(m *Model, key dist.Key, demand *OtherDemand) (a *arrivals, line []other) {
	c, isNew := k.find(comers{key: key, others: demand, end: m.end}, m)
	if a = c.from; !isNew {
		return a, a.others
	}
	a.empty(m)
	a.split(lane{key: key, perYear: demand.PerYear, stream: -1, flat: true}, demand.PerYear)
	a.arrange()
	return a, nil
}

// reset prepares the streams of a replication.
func (a *arrivals) reset(m *Model, root dist.Key) {
	a.empty(m)
	for i := range m.streams {
		s := &m.streams[i]
		key := root.Name(s.name)
		if s.Between != nil || len(s.dates) > 0 {
			// Rows and renewals are told apart by their number alone.
			l := lane{key: key, stream: int16(i), who: whoOf(s.rank, 0, 1, 0)}
			if s.Between != nil {
				l.meanGap = s.Between.Mean() * float64(oneDay)
			} else {
				l.meanGap = float64(m.end) / float64(len(s.dates))
			}
			a.open(l)
		}
		for _, src := range s.sources {
			a.slabs(int16(i), src, key.Name(dist.NameOf(m.people.cohorts[src.cohort])))
		}
	}
	a.arrange()
}

func (a *arrivals) empty(m *Model) {
	a.m, a.lanes, a.ahead, a.upTo, a.whole = m, a.lanes[:0], a.ahead[:0], 0, false
}

// arrange orders the lanes for merging.
func (a *arrivals) arrange() {
	// The first to be merged are moved most often, so they are to be the fewest.
	slices.SortStableFunc(a.lanes, func(p, q lane) int { return cmp.Compare(q.meanGap, p.meanGap) })
	perTick := 0.0
	for i := range a.lanes {
		perTick += 1 / a.lanes[i].meanGap
	}
	if a.window = a.m.end; perTick*float64(a.m.end) > inOneWindow {
		a.window = 1 + ticks(perWindow/perTick)
	}
}

// slabs opens the lanes of a source of a stream.
func (a *arrivals) slabs(stream int16, src source, key dist.Key) {
	s := &a.m.streams[stream]
	a.split(lane{
		key: key, perYear: src.perYear, stream: stream, cohort: uint16(src.cohort),
		who: whoOf(s.rank, a.m.people.ranks[src.cohort], 0, 0), flat: s.flat,
	}, src.highest)
}

// split opens the lanes of a Poisson process: [0,1), [1,2), [2,4), … people a year.
func (a *arrivals) split(l lane, highest float64) {
	key, who := l.key, l.who
	low, width := 0.0, 1.0
	for slab := 0; low < highest; slab++ {
		l.key, l.who = key.Int(uint64(slab)), who|whoOf(0, 0, slab+1, 0)
		l.meanGap, l.low, l.width = daysPerYear/width*float64(oneDay), low, width
		l.always = l.flat && low+width <= highest
		a.open(l)
		low += width
		if slab > 0 {
			width *= 2
		}
	}
}

// open adds a lane if anyone comes by it.
func (a *arrivals) open(l lane) {
	if a.step(&l); l.next < a.m.end {
		a.lanes = append(a.lanes, l)
	}
}

// step moves a lane to its next person, who may come after the end.
func (a *arrivals) step(l *lane) {
	var s *stream
	if l.stream >= 0 {
		s = &a.m.streams[l.stream]
		switch {
		case s.Between != nil:
			l.renew(s)
			return
		case len(s.dates) > 0:
			l.replay(s)
			return
		}
	}
	for {
		l.advance()
		if l.always || l.next >= a.m.end {
			return
		}
		rate := l.perYear
		if !l.flat {
			rate = s.perYearAt(a.m.cal, l.perYear, l.next)
		}
		if l.low+l.width*l.person.Draw(heightName, 0, 0) < rate {
			return
		}
	}
}

// advance moves a slab to its next candidate.
func (l *lane) advance() {
	l.candidate++
	l.person = l.key.Int(l.candidate)
	l.next += ticks(dist.NegLog(l.person.Draw(gapName, 0, 0))*l.meanGap + 0.5)
}

// renew draws the next person of a stream by its law between referrals.
func (l *lane) renew(s *stream) {
	l.candidate++
	l.person = l.key.Int(l.candidate)
	l.next += toTicks(s.Between.AtSurvival(l.person.Draw(gapName, 0, 0)))
	l.cohort = uint16(s.cohort[pickCumulative(s.cohorts, l.person.Draw(cohortName, 0, 0))])
}

// replay takes the next date of a replayed stream; the row is the person.
func (l *lane) replay(s *stream) {
	if l.replayed == len(s.dates) {
		l.next = forever
		return
	}
	d := s.dates[l.replayed]
	l.replayed++
	l.next, l.cohort, l.candidate = d.at, uint16(d.cohort), uint64(d.row)
	l.person = l.key.Int(l.candidate)
}

// fill gives the people of the next window in which anyone comes; after the last of all comes someone who never does.
func (a *arrivals) fill() []arrival {
	a.ahead = a.ahead[:0]
	for len(a.ahead) == 0 && a.upTo < a.m.end {
		from := a.upTo
		a.upTo, a.making.all = min(a.upTo+a.window, a.m.end), a.making.all[:0]
		for i := range a.lanes {
			if l := &a.lanes[i]; l.next < a.upTo {
				a.make(l)
			}
		}
		a.order(from)
		a.whole = from == 0 && a.upTo == a.m.end
	}
	if a.of.others == nil && len(a.m.people.traits) > 0 {
		for i := range a.ahead {
			p := &a.ahead[i]
			p.kind = a.m.people.kindOf(p.key, p.cohort)
		}
	}
	if a.upTo == a.m.end {
		a.ahead = append(a.ahead, arrival{at: forever})
	}
	return a.ahead
}

// fillOthers gives the others of the next window, as fill does.
func (a *arrivals) fillOthers() []other {
	a.others = a.others[:0]
	for _, p := range a.fill() {
		one := other{comes: p.at}
		if p.at < forever {
			one.stays = toTicks(a.of.others.Stay.AtSurvival(p.key.Draw(stayName, 0, 0)))
		}
		a.others = append(a.others, one)
	}
	return a.others
}

// make adds the people of a lane who come in the window.
func (a *arrivals) make(l *lane) {
	all := a.making.all
	for l.next < a.upTo {
		all = append(all, arrival{l.next, l.who | l.candidate, l.person, l.stream, l.cohort, l.cohort})
		if l.always {
			l.advance()
		} else {
			a.step(l)
		}
	}
	a.making.all = all
}

// order sorts the people of the window, who are in order lane by lane, by distributing them over parts of the
// window (Isaac and Singleton 1956), and then those within a part.
func (a *arrivals) order(from ticks) {
	made, parts := a.making.all, &a.making.parts
	all := slices.Grow(a.ahead, len(made)+1)[:len(made)] // one more for whoever never comes
	a.ahead = all
	clear(parts[:])
	perTick := windowParts / float64(a.upTo-from)
	partOf := func(p *arrival) int { return min(int(float64(p.at-from)*perTick), windowParts-1) }
	for i := range made {
		parts[partOf(&made[i])]++
	}
	begins := int32(0)
	for i := range parts {
		n := parts[i]
		parts[i] = begins
		begins += n
	}
	for i := range made {
		at := &parts[partOf(&made[i])]
		all[*at] = made[i]
		*at++
	}
	const far = 32 // beyond it, as where many come at one moment, another way is faster
	for i := 1; i < len(all); i++ {
		if !all[i].before(&all[i-1]) {
			continue
		}
		k, p := i, all[i]
		for ; k > 0 && i-k < far && p.before(&all[k-1]); k-- {
			all[k] = all[k-1]
		}
		if all[k] = p; i-k == far {
			slices.SortFunc(all, func(p, q arrival) int { return cmp.Or(cmp.Compare(p.at, q.at), cmp.Compare(p.who, q.who)) })
			return
		}
	}
}

func pickCumulative(upTo []float64, u float64) int {
	for i, share := range upTo {
		if u < share {
			return i
		}
	}
	return len(upTo) - 1
}
