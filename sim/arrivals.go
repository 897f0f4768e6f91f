package sim

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"tier4/sim/dist"
)

// daysPerYear is the year of a rate.
const daysPerYear = 365.25

// stream compiles the i-th stream.
func (c *compiler) stream(i int) {
	spec := c.spec.Streams[i]
	s := stream{Stream: spec, name: dist.NameOf(spec.Name)}
	for _, other := range c.spec.Streams {
		if strings.Compare(other.Name, spec.Name) < 0 {
			s.rank++
		}
	}
	enters, ok := c.index[spec.Enters]
	if !ok || enters < 0 {
		c.fault("stream %s: there is no stage %q to enter", spec.Name, spec.Enters)
	}
	s.enters = enters
	given := 0
	for _, has := range []bool{len(spec.Rates) > 0, spec.Between != nil, len(spec.Dates) > 0} {
		if has {
			given++
		}
	}
	if given != 1 {
		c.fault("stream %s: give either rates, days between referrals, or dates", spec.Name)
	}
	c.rates(&s)
	c.renewal(&s)
	for row, d := range spec.Dates {
		if !(d.At >= 0) {
			c.fault("stream %s: row %d comes before the start", spec.Name, row+1)
		}
		s.dates = append(s.dates, replayed{toTicks(d.At), c.cohort("stream "+spec.Name, d.Cohort), row, toTicks(math.Max(d.Ready, 0))})
	}
	if len(spec.ReadyAfter) > 0 {
		s.ready = c.laws("stream "+spec.Name, spec.ReadyAfter)
	}
	slices.SortStableFunc(s.dates, func(a, b replayed) int { return cmp.Compare(a.at, b.at) })
	c.m.streams = append(c.m.streams, s)
}

func (c *compiler) cohort(where, name string) int {
	i := slices.Index(c.spec.Cohorts, name)
	if i < 0 {
		c.fault("%s: there is no cohort %q", where, name)
		return 0
	}
	return i
}

// renewal resolves the cohort shares of those who come by a law between referrals.
func (c *compiler) renewal(s *stream) {
	if s.Between == nil {
		return
	}
	if !(s.Between.Mean() > 0) {
		c.fault("stream %s: the days between referrals must be above 0 on average", s.Name)
		return
	}
	s.Between = c.tabulate(s.Between)
	total := 0.0
	for _, r := range s.Cohort {
		total += r.Value
		s.cohorts = append(s.cohorts, total)
		s.cohort = append(s.cohort, c.cohort("stream "+s.Name, r.Who))
	}
	if math.Abs(total-1) > 1e-9 {
		c.fault("stream %s: the cohorts' shares add up to %g%%, not 100%%", s.Name, total*100)
	}
}

// rates normalises the patterns and finds the highest rate of each source.
func (c *compiler) rates(s *stream) {
	monthDays := []float64{31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	highest := 1.0
	for _, p := range []struct {
		factors, out, weights []float64
	}{
		{s.ByMonth[:], s.month[:], monthDays}, {s.ByWeekday[:], s.weekday[:], nil}, {s.ByHour[:], s.hour[:], nil},
	} {
		highest *= normalise(p.factors, p.out, p.weights)
	}
	for _, pattern := range [][]float64{s.ByMonth[:], s.ByWeekday[:], s.ByHour[:]} {
		for _, f := range pattern {
			if !(f >= 0) || math.IsInf(f, 0) {
				c.fault("stream %s: a pattern's factor must be 0 or more, not %g", s.Name, f)
			}
		}
	}
	s.flat = highest == 1 && s.Growth == 0
	if s.Growth <= -1 {
		c.fault("stream %s: growth must be above -100%% a year", s.Name)
	}
	if s.Growth > 0 {
		highest *= math.Pow(1+s.Growth, c.m.end.days()/daysPerYear)
	}
	var cohorts []string
	for _, r := range s.Rates {
		cohorts = append(cohorts, r.Cohort)
	}
	c.distinct("rate of stream "+s.Name+" for", cohorts)
	for _, r := range s.Rates {
		if !(r.PerYear >= 0) || r.PerYear*highest > 1e9 {
			c.fault("stream %s: a rate must be from 0 to a billion a year, not %g", s.Name, r.PerYear*highest)
			continue
		}
		s.sources = append(s.sources, source{
			cohort: c.cohort("stream "+s.Name, r.Cohort), perYear: r.PerYear, highest: r.PerYear * highest,
		})
	}
}

// normalise writes factors divided by their weighted mean and returns the largest; all zero means flat.
func normalise(factors, out, weights []float64) float64 {
	sum, total := 0.0, 0.0
	for i, f := range factors {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		sum += f * w
		total += w
	}
	highest := 0.0
	for i, f := range factors {
		out[i] = 1
		if sum > 0 {
			out[i] = f * total / sum
		}
		highest = math.Max(highest, out[i])
	}
	return highest
}

// perYearAt is the rate of a source at time t, in people a year.
func (s *stream) perYearAt(cal calendar, base float64, t ticks) float64 {
	rate := base
	day := t.day()
	hour := int(float64(t-ticks(day)*oneDay) * (24 / float64(oneDay)))
	rate *= s.month[cal.month(day)] * s.weekday[cal.weekday(day)] * s.hour[hour]
	if s.Growth != 0 {
		rate *= math.Pow(1+s.Growth, t.days()/daysPerYear)
	}
	return rate
}

// arrival is a person on the way to their first referral.
type arrival struct {
	at     ticks
	who    uint64   // order among those who come at one instant: stream, cohort, slab, candidate
	key    dist.Key // the person's address
	stream int32    // -1: one of the others at a shared unit
	cohort int32
	ready  ticks // of a replayed person: not admitted to a bed before
}

// whoOf packs a person's identity: stream rank (12 bits), cohort (8), band (6), number (38). The band is 0
// for those who are there at the start, who come before all others of their stream, and otherwise one more
// than the slab.
func whoOf(rank, cohort, band int, number uint64) uint64 {
	return uint64(rank)<<52 | uint64(cohort)<<44 | uint64(band)<<38 | number
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
	stream     int32
	cohort     int32
	replayed   int // dates of the stream that have come
	ready      ticks
	flat       bool // the rate never changes
	always     bool // every height in the slab is under the rate at all times
}

// arrivals are the referrals of one replication. They depend on no state and so are made ahead, a
// window of time after the other.
type arrivals struct {
	m            *Model
	lanes        []lane
	ahead, spare []arrival // who comes in this window: in order of time, ties by who they are
	taken        int       // of ahead
	upTo, window ticks
}

// perWindow is about how many people come in a window.
const perWindow = 256

func (a *arrival) before(b *arrival) bool { return a.at < b.at || a.at == b.at && a.who < b.who }

var (
	gapName    = dist.NameOf("gap")
	heightName = dist.NameOf("height")
	cohortName = dist.NameOf("cohort")
)

// reset prepares the streams of a replication.
func (a *arrivals) reset(m *Model, root dist.Key) {
	a.empty(m)
	for i := range m.streams {
		s := &m.streams[i]
		key := root.Name(s.name)
		if s.Between != nil || len(s.dates) > 0 {
			// Rows and renewals are told apart by their number alone.
			l := lane{key: key, stream: int32(i), who: whoOf(s.rank, 0, 1, 0)}
			if s.Between != nil {
				l.meanGap = s.Between.Mean() * float64(oneDay)
			} else {
				l.meanGap = float64(m.end) / float64(len(s.dates))
			}
			a.open(l)
		}
		for _, src := range s.sources {
			a.slabs(int32(i), src, key.Name(dist.NameOf(m.people.cohorts[src.cohort])))
		}
	}
	a.arrange()
}

// resetOthers prepares those who share a unit with us: so many a year, with a key of their own.
func (a *arrivals) resetOthers(m *Model, key dist.Key, perYear float64) {
	a.empty(m)
	a.split(lane{key: key, perYear: perYear, stream: -1, flat: true}, perYear)
	a.arrange()
}

func (a *arrivals) empty(m *Model) {
	a.m, a.lanes, a.ahead, a.taken, a.upTo = m, a.lanes[:0], a.ahead[:0], 0, 0
}

// arrange orders the lanes for merging.
func (a *arrivals) arrange() {
	// The first to be merged are moved most often, so they are to be the fewest.
	slices.SortStableFunc(a.lanes, func(p, q lane) int { return cmp.Compare(q.meanGap, p.meanGap) })
	perTick := 0.0
	for i := range a.lanes {
		perTick += 1 / a.lanes[i].meanGap
	}
	a.window = 1 + ticks(min(perWindow/perTick, float64(a.m.end)))
}

// slabs opens the lanes of a source of a stream.
func (a *arrivals) slabs(stream int32, src source, key dist.Key) {
	s := &a.m.streams[stream]
	a.split(lane{
		key: key, perYear: src.perYear, stream: stream, cohort: int32(src.cohort),
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
	l.cohort = int32(s.cohort[pickCumulative(s.cohorts, l.person.Draw(cohortName, 0, 0))])
}

// replay takes the next date of a replayed stream; the row is the person.
func (l *lane) replay(s *stream) {
	if l.replayed == len(s.dates) {
		l.next = forever
		return
	}
	d := s.dates[l.replayed]
	l.replayed++
	l.next, l.cohort, l.candidate, l.ready = d.at, int32(d.cohort), uint64(d.row), d.ready
	l.person = l.key.Int(l.candidate)
}

// next is when the next person comes, forever when nobody does.
func (a *arrivals) next() ticks {
	if a.taken == len(a.ahead) {
		a.fill()
	}
	if a.taken < len(a.ahead) {
		return a.ahead[a.taken].at
	}
	return forever
}

// take gives the next person; there must be one.
func (a *arrivals) take() arrival {
	a.taken++
	return a.ahead[a.taken-1]
}

// fill makes the people of the next window in which anyone comes.
func (a *arrivals) fill() {
	a.ahead, a.taken = a.ahead[:0], 0
	for len(a.ahead) == 0 && a.upTo < a.m.end {
		a.upTo = min(a.upTo+a.window, a.m.end)
		for i := range a.lanes {
			if l := &a.lanes[i]; l.next < a.upTo {
				a.merge(l)
			}
		}
	}
}

// merge puts the people of a lane among those already made, who are fewer: a slab is twice as wide as
// the one before, and the narrowest come first.
func (a *arrivals) merge(l *lane) {
	others, all, passed := a.ahead, a.spare[:0], 0
	for l.next < a.upTo {
		p := arrival{l.next, l.who | l.candidate, l.person, l.stream, l.cohort, l.ready}
		for passed < len(others) && others[passed].before(&p) {
			all = append(all, others[passed])
			passed++
		}
		all = append(all, p)
		if l.always {
			l.advance()
		} else {
			a.step(l)
		}
	}
	a.ahead, a.spare = append(all, others[passed:]...), a.ahead
}

func pickCumulative(upTo []float64, u float64) int {
	for i, share := range upTo {
		if u < share {
			return i
		}
	}
	return len(upTo) - 1
}
