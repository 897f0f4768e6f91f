package sim

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"tier4/sim/dist"
)

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
		s.dates = append(s.dates, replayed{toTicks(d.At), c.cohort("stream "+spec.Name, d.Cohort), row})
		s.datesReady = append(s.datesReady, toTicks(math.Max(d.Ready, 0)))
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
