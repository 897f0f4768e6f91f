package calibration

import (
	"math"
	"slices"
	"sort"

	"tier4/sim/dist"
	"tier4/sim/stats"
)

// Goodness says whether a law fits what was seen.
type Goodness struct {
	Gap    float64 // the largest between the law and the Kaplan–Meier curve, while five are at risk
	P      float64 // of a gap as large if the law is of this family: the parametric bootstrap's
	Rounds int
}

// leastAtRisk is how many must be at risk where a curve is compared: below, it jumps by single people.
const leastAtRisk = 5

// Goodness tests a fit by the parametric bootstrap (Efron and Tibshirani 1993, chapter 16): the same people,
// seen from and until the same days, with durations of the fitted law, other ends drawn from their own
// Kaplan–Meier curve, dates rounded alike, and the law fitted anew each time.
func (fit *Fit) Goodness(d Duration, until Day, rounds int, seed uint64) Goodness {
	g := Goodness{Gap: fit.gap(fit.times)}
	others := othersOf(d)
	larger := 0
	for r := range rounds {
		luck := dist.NewStream(dist.Root(seed, r).Int(uint64(d.Stage)).Int(uint64(d.What)))
		times := gathered(fit.replay(d.Spells, until, others, luck))
		again, err := fit.again(times)
		if err != nil {
			continue
		}
		g.Rounds++
		if again.gap(times) >= g.Gap {
			larger++
		}
	}
	g.P = float64(larger+1) / float64(g.Rounds+1)
	return g
}

// gap is the largest between the law, blurred as dates are, and the Kaplan–Meier curve of the times.
func (fit *Fit) gap(times []Time) (most float64) {
	var lives []stats.Lifetime
	whole, fromStart := 0.0, 0.0
	for _, t := range times {
		l := stats.Lifetime{Entry: t.Late, Time: t.Days, Weight: t.Weight}
		if t.Over {
			l.Cause = 1
		}
		lives = append(lives, l)
		whole += t.Weight
		if t.Blur == After || t.Blur == Exact {
			fromStart += t.Weight
		}
	}
	share := fromStart / whole
	law := fit.Family.lawAt(fit.At)
	model := func(days float64) float64 { // the chance that the dates differ by more
		return (1-share)*After.lasting(law, days) + share*Exact.lasting(law, days+1)
	}
	before := 1.0
	for _, s := range stats.KaplanMeier(lives, 1).Steps {
		if s.AtRisk < leastAtRisk {
			break
		}
		most = max(most, math.Abs(s.Share-model(s.Time)), math.Abs(before-model(s.Time-1)))
		before = s.Share
	}
	return most
}

// others is the Kaplan–Meier curve of the ends that are not of interest, and whether they mostly come at the start
// of a day.
type others struct {
	times, shares []float64
	start         bool
}

func othersOf(d Duration) (o others) {
	lives := Lives(d.Spells, func(e End) int {
		if slices.Contains(d.Ends, e) {
			return 0
		}
		return 1
	})
	for _, s := range stats.KaplanMeier(lives, 1).Steps {
		o.times, o.shares = append(o.times, s.Time), append(o.shares, s.Share)
	}
	starts, all := 0, 0
	for _, s := range d.Spells {
		if s.End != Open && !slices.Contains(d.Ends, s.End) {
			all++
			if s.ToAt == DayStart {
				starts++
			}
		}
	}
	o.start = 2*starts > all
	return o
}

// draw is a time of another end that is later than some day; infinite where the curve does not get there.
func (o others) draw(u, after float64) float64 {
	whole := 1.0
	if i := sort.SearchFloat64s(o.times, after); i > 0 {
		whole = o.shares[i-1]
	}
	u *= whole
	i := sort.Search(len(o.shares), func(i int) bool { return o.shares[i] < u })
	if i == len(o.shares) {
		return math.Inf(1)
	}
	return o.times[i]
}

// replay plays the spells anew, with durations of the fitted law.
func (fit *Fit) replay(spells []Spell, until Day, o others, luck *dist.Stream) (times []Time) {
	for _, s := range spells {
		start := 0.0
		if s.FromAt == SomeTime {
			start = luck.Uniform()
		}
		late, known := float64(s.Seen-s.From), float64(until-s.From)
		least := 1.0
		if late > 0 {
			least = fit.Law.Survival(late - start)
		}
		end := start + fit.Law.AtSurvival(luck.Uniform()*least)
		other := o.draw(luck.Uniform(), late)
		within := 0.0
		if !o.start {
			within = luck.Uniform()
		}
		t := Time{Late: late, Weight: s.Weight}
		if late > 0 {
			t.Blind = blurOf(s.FromAt, DayStart)
		}
		switch {
		case end >= known && other >= known:
			t.Days, t.Blur = known, blurOf(s.FromAt, DayStart)
		case other+within < end:
			t.Days, t.Blur = other, blurOf(s.FromAt, SomeTime)
			if o.start {
				t.Blur = blurOf(s.FromAt, DayStart)
			}
		default:
			t.Days, t.Blur, t.Over = math.Floor(end), blurOf(s.FromAt, SomeTime), true
		}
		times = append(times, t)
	}
	return times
}
