package calibration

import (
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/mathext"

	"tier4/sim"
)

// spans are the keys of a rate and their lengths in days.
var spans = []struct {
	key  string
	days float64
}{{"per_year", DaysPerYear}, {"per_month", DaysPerYear / 12}, {"per_week", 7}, {"per_day", 1}}

// rates are how many people come, by stream and cohort.
func (d *directs) rates() {
	d.pattern()
	counted, why := d.streams()
	if why != "" {
		d.note("referrals are left as they are: %s", why)
		return
	}
	for i := range d.s.Spec.Streams {
		stream := &d.s.Spec.Streams[i]
		for _, span := range spans {
			path := "referrals." + stream.Name + "." + span.key
			leaves := d.leaves(path, func(string) bool { return false })
			rules := rulesOf(leaves)
			for _, l := range leaves {
				d.rate(stream, l, rules, span.days, counted[stream.Name])
			}
		}
	}
}

// clearly is how unlikely by chance a pattern of referrals must be to be worth a word.
const clearly = 0.001

// pattern says where people come by month or weekday in a way that the scenario knows nothing of.
func (d *directs) pattern() {
	a := d.x.Arrivals()
	flat := func(of func(*sim.Stream) bool) bool {
		return !slices.ContainsFunc(d.s.Spec.Streams, func(s sim.Stream) bool { return of(&s) })
	}
	if a.Season != nil && a.Season.P < clearly && flat(func(s *sim.Stream) bool { return s.ByMonth != [12]float64{} }) {
		d.note("more come in some months than in others, which the scenario does not have: `tier4 observe` gives the factors for `by_month`")
	}
	if a.Week != nil && a.Week.P < clearly && flat(func(s *sim.Stream) bool { return s.ByWeekday != [7]float64{} }) {
		d.note("more come on some weekdays than on others, which the scenario does not have: `tier4 observe` gives the factors for `by_weekday`")
	}
}

func (d *directs) rate(stream *sim.Stream, l leaf, rules []string, span float64, counted func(*Episode) bool) {
	those, known := d.those(l.who, rules)
	if !known {
		d.note("%s is left as it is: the extract does not say who is meant by it", l.path)
		return
	}
	of := 1
	if l.who == "else" { // so many of each cohort that has no line of its own
		of = len(d.s.Spec.Cohorts) - (len(rules) - 1)
	}
	to, n := min(d.x.To, d.x.Until), 0
	for i := range d.x.Episodes {
		if e := &d.x.Episodes[i]; e.Referred >= d.x.From && e.Referred < to && counted(e) && those(e) {
			n++
		}
	}
	here := grown(stream.Growth, d.s.Spec.Start, d.x.From, to)
	exposure := float64(to-d.x.From) / span * float64(of) * here
	rebase := here / grown(stream.Growth, d.start, d.x.From, to)
	d.add([]string{l.path}, Direct{How: "rate, exact (Jeffreys)", K: n, Rebase: rebase, Draw: func(uniform func() float64) []float64 {
		return []float64{mathext.GammaIncRegInv(float64(n)+0.5, uniform()) / exposure}
	}})
}

// grown is how many times the rate at the start a growing rate is on average from a day to another.
func grown(growth float64, start time.Time, from, to Day) float64 {
	if growth == 0 || to <= from {
		return 1
	}
	b := math.Log1p(growth) / DaysPerYear
	a, z := float64(from-DayOf(start)), float64(to-DayOf(start))
	return (math.Exp(b*z) - math.Exp(b*a)) / (b * (z - a))
}

// streams says which rows count for which stream; why says why that cannot be told.
func (d *directs) streams() (counted map[string]func(*Episode) bool, why string) {
	returns := d.s.Spec.Relapse != nil && d.s.Spec.Relapse.Returns != nil
	source := func(e *Episode) string {
		if e.Source < 0 {
			return ""
		}
		return d.x.Sources[e.Source]
	}
	comesBack := func(e *Episode) bool { return returns && Returning(source(e)) }
	if returns && !slices.ContainsFunc(d.x.Sources, Returning) {
		d.note("the extract does not tell those who come back, as some do in the scenario: all are counted as new")
	}
	counted = map[string]func(*Episode) bool{}
	streams := d.s.Spec.Streams
	if len(streams) == 1 {
		counted[streams[0].Name] = func(e *Episode) bool { return !comesBack(e) }
		return counted, ""
	}
	for i := range streams {
		name := streams[i].Name
		if !slices.Contains(d.x.Sources, name) {
			return nil, fmt.Sprintf("there are several streams, and no source of the extract is called %s", name)
		}
		counted[name] = func(e *Episode) bool { return source(e) == name }
	}
	for _, s := range d.x.Sources {
		if counted[s] == nil && !(returns && Returning(s)) {
			d.note("source %s of the extract is no stream of the scenario: its rows are counted for none", s)
		}
	}
	return counted, ""
}
