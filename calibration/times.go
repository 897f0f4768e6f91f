package calibration

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"tier4/sim/stats"
)

// Time is a duration as far as its dates show it.
type Time struct {
	Days   float64 // the difference of the dates
	Blur   Blur
	Over   bool    // it ended then as is of interest; otherwise it was lost from sight
	Late   float64 // it is seen only because it lasted so long (left-truncated); 0 for one seen from its start
	Blind  Blur    // of Late
	Weight float64
}

// Blur is what a difference of dates says of the time between.
type Blur uint8

// The blurs. U is a uniform part of a day.
const (
	Exact  Blur = iota // the time itself
	Around             // from a time of day to a time of day: triangular within a day either way
	Before             // from a time of day to the start of one: the time is the difference less U
	After              // from the start of a day to a time of day: the difference plus U
)

// blurOf is the blur between two moments.
func blurOf(from, to Moment) Blur {
	switch {
	case from == SomeTime && to == SomeTime:
		return Around
	case from == SomeTime:
		return Before
	case to == SomeTime:
		return After
	}
	return Exact
}

// TimesOf are the times of spells; those that ended by one of ends are over, all others are lost from sight
// when they ended.
func TimesOf(spells []Spell, ends ...End) (all []Time) {
	for _, s := range spells {
		t := Time{
			Days: s.Days(), Blur: blurOf(s.FromAt, s.ToAt), Over: slices.Contains(ends, s.End), Weight: s.Weight,
		}
		if s.Seen > s.From {
			t.Late, t.Blind = float64(s.Seen-s.From), blurOf(s.FromAt, DayStart)
		}
		all = append(all, t)
	}
	return all
}

// Lives are spells for the estimates of package stats; which tells the cause, from 1, that one ended by, 0
// for lost from sight.
func Lives(spells []Spell, which func(End) int) (all []stats.Lifetime) {
	for _, s := range spells {
		l := stats.Lifetime{Entry: float64(s.Seen - s.From), Time: s.Days(), Weight: s.Weight}
		if s.End != Open {
			l.Cause = which(s.End)
		}
		all = append(all, l)
	}
	return all
}

// gathered is times of which those alike are one, by weight, in a fixed order.
func gathered(times []Time) []Time {
	sums := map[Time]float64{}
	for _, t := range times {
		if w := t.Weight; w > 0 {
			t.Weight = 0
			sums[t] += w
		}
	}
	all := make([]Time, 0, len(sums))
	for t, w := range maps.All(sums) { // sorted below
		t.Weight = w
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b Time) int {
		return cmp.Or(cmp.Compare(a.Days, b.Days), cmp.Compare(a.Late, b.Late), cmp.Compare(a.Blur, b.Blur), cmp.Compare(a.Blind, b.Blind), compareBool(a.Over, b.Over))
	})
	return all
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// mean days, events and exposure of times, by weight. Exposure counts from where a time was seen, and by
// the middle of the blur.
func sums(times []Time) (events, exposure, n float64) {
	for _, t := range times {
		n += t.Weight
		if t.Over {
			events += t.Weight
		}
		exposure += t.Weight * max(0, t.Days+t.Blur.middle()-t.Late-t.Blind.middle())
	}
	return events, exposure, n
}

// middle is the mean of the time less the difference of dates.
func (b Blur) middle() float64 {
	switch b {
	case Before:
		return -0.5
	case After:
		return 0.5
	}
	return 0
}

// Gauss–Legendre nodes and weights on (0, 1): three for smooth stretches, eight near 0, where a hazard may
// start from nothing or from infinity.
var (
	fewNodes  = [][2]float64{{0.1127016653792583, 5. / 18}, {0.5, 8. / 18}, {0.8872983346207417, 5. / 18}}
	manyNodes = [][2]float64{
		{0.019855071751231856, 0.050614268145188129},
		{0.10166676129318664, 0.11119051722668724},
		{0.2372337950418355, 0.15685332293894364},
		{0.40828267875217511, 0.18134189168918100},
		{0.59171732124782489, 0.18134189168918100},
		{0.7627662049581645, 0.15685332293894364},
		{0.89833323870681336, 0.11119051722668724},
		{0.98014492824876814, 0.050614268145188129},
	}
)

func nodes(days float64) [][2]float64 {
	if days < 3 {
		return manyNodes
	}
	return fewNodes
}

// survivor is what the likelihood asks of a law.
type survivor interface {
	survival(x float64) float64
	density(x float64) float64
}

func upTo(l survivor, x float64) float64 {
	if x <= 0 {
		return 1
	}
	return l.survival(x)
}

// ending is the chance of the dates of a time that is over: the law's share in what the blur leaves open. Of an
// exact time it is the density.
func (b Blur) ending(l survivor, days float64) (p float64) {
	switch b {
	case Before:
		return upTo(l, days-1) - upTo(l, days)
	case After:
		return upTo(l, days) - upTo(l, days+1)
	case Around: // the chance that floor(U + T) is the difference, over U
		for _, n := range nodes(days) {
			p += n[1] * (upTo(l, days-1+n[0]) - upTo(l, days+n[0]))
		}
		return p
	}
	if days <= 0 {
		return After.ending(l, 0)
	}
	return l.density(days)
}

// lasting is the chance that a time is longer than one lost from sight, over what the blur leaves open.
func (b Blur) lasting(l survivor, days float64) (p float64) {
	switch b {
	case Before:
		days--
	case Around: // the sum of two halves of a day either way, weighted by the triangle
		for _, n := range nodes(days) {
			p += n[1] * (n[0]*upTo(l, days-1+n[0]) + (1-n[0])*upTo(l, days+n[0]))
		}
		return p
	case Exact:
		return upTo(l, days)
	}
	for _, n := range nodes(days) {
		p += n[1] * upTo(l, days+n[0])
	}
	return p
}

// logLikelihood is that of gathered times under a law; -Inf where they cannot be.
func logLikelihood(l survivor, times []Time) float64 {
	sum := 0.0
	for i := range times {
		t := &times[i]
		p := 0.0
		if t.Over {
			p = t.Blur.ending(l, t.Days)
		} else {
			p = t.Blur.lasting(l, t.Days)
		}
		if t.Late > 0 {
			p /= t.Blind.lasting(l, t.Late)
		}
		if !(p > 0) {
			return math.Inf(-1)
		}
		sum += t.Weight * math.Log(p)
	}
	return sum
}
