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
		s.dates = append(s.dates, replayed{toTicks(d.At), c.cohort("stream "+spec.Name, d.Cohort), row})
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
	s.Between = dist.Tabulate(s.Between)
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
	if s.flat {
		return rate
	}
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
	stream int32
	cohort int32
}

// whoOf packs a person's identity: stream rank (12 bits), cohort (8), slab (6), candidate (38).
func whoOf(rank, cohort, slab int, candidate uint64) uint64 {
	return uint64(rank)<<52 | uint64(cohort)<<44 | uint64(slab)<<38 | candidate
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
	stream     int32
	cohort     int32
	slab       int
	renewal    bool
	always     bool // every height in the slab is under the rate at all times
}

// arrivals makes the referrals of one replication ahead of the run, a window at a time.
type arrivals struct {
	m      *Model
	lanes  []lane
	window []arrival // the current window, in order of time
	sorted []arrival
	counts []int32
	at     int   // next in window
	upTo   ticks // end of the window
	width  ticks
	keys   []dist.Key // of each stream
	dates  []int      // next replayed date of each stream
}

var (
	gapName    = dist.NameOf("gap")
	heightName = dist.NameOf("height")
	cohortName = dist.NameOf("cohort")
)

// reset prepares the streams of a replication.
func (a *arrivals) reset(m *Model, root dist.Key) {
	a.m, a.lanes, a.window, a.at, a.upTo = m, a.lanes[:0], a.window[:0], 0, 0
	a.keys, a.dates = a.keys[:0], a.dates[:0]
	perDay := 0.0
	for i := range m.streams {
		s := &m.streams[i]
		key := root.Name(s.name)
		a.keys, a.dates = append(a.keys, key), append(a.dates, 0)
		if s.Between != nil {
			l := lane{key: key, stream: int32(i), renewal: true}
			a.step(&l)
			a.lanes = append(a.lanes, l)
			perDay += 1 / math.Max(s.Between.Mean(), 1e-6)
		}
		for _, src := range s.sources {
			a.open(int32(i), src, key.Name(dist.NameOf(m.people.cohorts[src.cohort])))
			perDay += src.highest / daysPerYear
		}
		perDay += float64(len(s.dates)) / m.end.days()
	}
	a.width = toTicks(math.Min(math.Max(200/math.Max(perDay, 1e-9), 1e-3), 1e5))
}

// open adds the lanes of a source: slabs [0,1), [1,2), [2,4), … of people a year.
func (a *arrivals) open(stream int32, src source, key dist.Key) {
	s := &a.m.streams[stream]
	low, width := 0.0, 1.0
	for slab := 0; low < src.highest; slab++ {
		l := lane{
			key: key.Int(uint64(slab)), meanGap: daysPerYear / width * float64(oneDay), low: low, width: width,
			perYear: src.perYear, stream: stream, cohort: int32(src.cohort), slab: slab,
			always: s.flat && low+width <= src.highest,
		}
		a.step(&l)
		a.lanes = append(a.lanes, l)
		low += width
		if slab > 0 {
			width *= 2
		}
	}
}

// step moves a lane to its next candidate.
func (a *arrivals) step(l *lane) {
	l.candidate++
	l.person = l.key.Int(l.candidate)
	u := l.person.Draw(gapName, 0, 0)
	if l.renewal {
		l.next += toTicks(a.m.streams[l.stream].Between.AtSurvival(u))
		return
	}
	l.next += ticks(dist.NegLog(u)*l.meanGap + 0.5)
}

// fill makes the next window; false when the run is over.
func (a *arrivals) fill() bool {
	for a.upTo < a.m.end {
		from := a.upTo
		a.upTo = min(a.upTo+a.width, a.m.end)
		a.window, a.at = a.window[:0], 0
		for i := range a.lanes {
			a.drain(&a.lanes[i])
		}
		for i := range a.m.streams {
			a.replay(i)
		}
		if len(a.window) > 0 {
			a.sort(from)
			return true
		}
	}
	a.window, a.at = a.window[:0], 0
	return false
}

// next is when the next referral comes, forever when none does.
func (a *arrivals) next() ticks {
	if a.at == len(a.window) && !a.fill() {
		return forever
	}
	return a.window[a.at].at
}

// take is the next referral; there must be one.
func (a *arrivals) take() arrival {
	a.at++
	return a.window[a.at-1]
}

// drain takes a lane's candidates up to the end of the window.
func (a *arrivals) drain(l *lane) {
	s := &a.m.streams[l.stream]
	for l.next < a.upTo {
		person, cohort := l.person, l.cohort
		keep := l.always
		switch {
		case l.renewal:
			keep = true
			cohort = int32(s.cohort[pickCumulative(s.cohorts, person.Draw(cohortName, 0, 0))])
		case !keep:
			height := l.low + l.width*person.Draw(heightName, 0, 0)
			keep = height < s.perYearAt(a.m.cal, l.perYear, l.next)
		}
		if keep {
			a.window = append(a.window, arrival{l.next, whoOf(s.rank, int(cohort), l.slab, l.candidate), person, l.stream, cohort})
		}
		a.step(l)
	}
}

// replay adds the replayed referrals of a stream.
func (a *arrivals) replay(i int) {
	s := &a.m.streams[i]
	for a.dates[i] < len(s.dates) && s.dates[a.dates[i]].at < a.upTo {
		d := s.dates[a.dates[i]]
		row := uint64(d.row)
		a.window = append(a.window, arrival{d.at, whoOf(s.rank, d.cohort, 0, row), a.keys[i].Int(row), int32(i), int32(d.cohort)})
		a.dates[i]++
	}
}

// sort puts the window in order of time, ties by identity: a bucket for each person on average,
// then insertion, for the candidates of a window are spread almost evenly over it.
func (a *arrivals) sort(from ticks) {
	n := len(a.window)
	a.counts = slices.Grow(a.counts[:0], n+1)[:n+1]
	clear(a.counts)
	scale := float64(n) / float64(a.upTo-from)
	bucket := func(t ticks) int { return min(int(float64(t-from)*scale), n-1) }
	for i := range a.window {
		a.counts[bucket(a.window[i].at)+1]++
	}
	for i := 1; i <= n; i++ {
		a.counts[i] += a.counts[i-1]
	}
	a.sorted = slices.Grow(a.sorted[:0], n)[:n]
	for i := range a.window {
		b := bucket(a.window[i].at)
		a.sorted[a.counts[b]] = a.window[i]
		a.counts[b]++
	}
	before := func(x, y *arrival) bool { return x.at < y.at || x.at == y.at && x.who < y.who }
	crowded := false // replayed dates may all fall on one day
	for i := range a.sorted {
		j := i
		for ; j > 0 && before(&a.sorted[j], &a.sorted[j-1]) && i-j < 64; j-- {
			a.sorted[j], a.sorted[j-1] = a.sorted[j-1], a.sorted[j]
		}
		crowded = crowded || i-j == 64
	}
	if crowded {
		slices.SortFunc(a.sorted, func(x, y arrival) int {
			if before(&x, &y) {
				return -1
			}
			return 1
		})
	}
	a.window, a.sorted = a.sorted, a.window
}

func pickCumulative(upTo []float64, u float64) int {
	for i, share := range upTo {
		if u < share {
			return i
		}
	}
	return len(upTo) - 1
}
