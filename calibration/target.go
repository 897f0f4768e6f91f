package calibration

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"tier4/sim"
)

// Target is one figure of an extract that a simulated history is held against.
type Target struct {
	ID   string // as a run names it, where a run has it
	Name string // in words
	Unit string // days, share, people, meetings, places; "" for a number
	// Fitted says that the hidden parameters are fitted to it; the others only check the fit.
	Fitted bool
}

// Gauge measures extracts: the observed one and simulated ones by the same code.
type Gauge struct {
	like    *Extract
	parts   []part
	targets []Target
}

// part measures some targets, NaN where there is nothing to measure.
type part func(x *Extract, m *measured)

// measured is the values of targets, and of each how many people are behind it; notPeople where it is not about
// single people.
type measured struct {
	values []float64
	people []int
}

const notPeople = -1

func (m *measured) add(value float64, people int) {
	m.values, m.people = append(m.values, value), append(m.people, people)
}

// count adds a number of people.
func (m *measured) count(n int) { m.add(float64(n), n) }

// NewGauge is the gauge of an observed extract: what can be measured in it, month by month of its window
// and around the levels that were observed.
func NewGauge(observed *Extract) *Gauge {
	g := &Gauge{like: observed}
	g.referrals()
	for k, s := range observed.Stages {
		g.waits(k)
		switch s.Kind {
		case sim.PanelKind:
			g.decisions(k)
		case sim.GroupKind:
			g.inUse(k, s.Name+".in_use", s.Name+": places in use", anyContract)
		case sim.BedsKind:
			g.admissions(k)
			for c, name := range observed.Contracts {
				if name != contractNames[sim.Spot] {
					g.inUse(k, s.Name+".in_use."+name, s.Name+": "+name+" beds in use", c)
				}
			}
			if len(observed.Contracts) == 0 {
				g.inUse(k, s.Name+".in_use", s.Name+": beds in use", anyContract)
			}
			g.spot(k)
			g.stays(k)
		case sim.AftercareKind:
			g.followed(k)
		case sim.DelayKind:
		}
	}
	return g
}

// Targets are what the gauge measures, in its order.
func (g *Gauge) Targets() []Target { return g.targets }

// Measure is the value of each target, NaN where there is none.
func (g *Gauge) Measure(x *Extract) []float64 { return g.measure(x).values }

func (g *Gauge) measure(x *Extract) *measured {
	m := &measured{make([]float64, 0, len(g.targets)), make([]int, 0, len(g.targets))}
	for _, p := range g.parts {
		p(x, m)
	}
	return m
}

func (g *Gauge) add(p part, targets ...Target) {
	g.parts = append(g.parts, p)
	g.targets = append(g.targets, targets...)
}

// fitted and checked are targets of either sort.
func fitted(id, name, unit string) Target  { return Target{id, name, unit, true} }
func checked(id, name, unit string) Target { return Target{id, name, unit, false} }

// referrals counts who comes, by cohort.
func (g *Gauge) referrals() {
	var all []Target
	for _, c := range g.like.Cohorts {
		all = append(all, checked("referrals@"+c, "referrals, "+c, "people"))
	}
	g.add(func(x *Extract, m *measured) {
		n := make([]int, len(x.Cohorts))
		for i := range x.Episodes {
			n[x.Episodes[i].Cohort]++
		}
		for _, people := range n {
			m.count(people)
		}
	}, all...)
}

// waits measures the waits at a stage: how many end by getting in and by giving up, the days waited in all,
// and how long those who got in had waited.
func (g *Gauge) waits(k int) {
	name := g.like.Stages[k].Name
	g.add(func(x *Extract, m *measured) {
		var days float64
		out, waited := 0, 0
		var served []float64
		for _, s := range x.Waits(k) {
			days += s.Weight * s.Days()
			waited++
			switch s.End {
			case GotIn:
				served = append(served, s.Days())
			case GaveUp:
				out++
			}
		}
		slices.Sort(served)
		in := len(served)
		m.count(in)
		m.count(out)
		m.add(days, waited)
		m.add(meanOf(served), in)
		m.add(quantileOf(served, 0.5), in)
		m.add(quantileOf(served, 0.9), in)
	},
		fitted(name+".admitted", name+": got in", "people"),
		fitted(name+".gave_up", name+": gave up waiting", "people"),
		fitted(name+".waited", name+": waited by all together", "days"),
		fitted(name+".admitted.wait.mean", name+": mean wait of those who got in", "days"),
		fitted(name+".admitted.wait.median", name+": median wait of those who got in", "days"),
		fitted(name+".admitted.wait.p90", name+": wait that 90% of those who got in did not exceed", "days"))
}

// stays measures the stays that are over.
func (g *Gauge) stays(k int) {
	name := g.like.Stages[k].Name
	g.add(func(x *Extract, m *measured) {
		var over []float64
		early := 0
		for _, s := range x.Stays(k) {
			if s.End == Completed || s.End == Unplanned {
				over = append(over, s.Days())
				if s.End == Unplanned {
					early++
				}
			}
		}
		slices.Sort(over)
		n := len(over)
		m.add(meanOf(over), n)
		m.add(quantileOf(over, 0.5), n)
		m.add(float64(early)/float64(n), early)
	}, checked(name+".stay.mean", name+": mean stay", "days"), checked(name+".stay.median", name+": median stay", "days"),
		checked(name+".unplanned", name+": left early", "share"))
}

// followed measures how aftercare ends: by relapse, and how soon, or as planned.
func (g *Gauge) followed(k int) {
	name := g.like.Stages[k].Name
	g.add(func(x *Extract, m *measured) {
		well := 0
		var relapsed []float64
		for _, s := range x.Stays(k) {
			switch s.End {
			case Completed:
				well++
			case Relapsed:
				relapsed = append(relapsed, s.Days())
			}
		}
		m.count(well)
		m.count(len(relapsed))
		m.add(meanOf(relapsed), len(relapsed))
	}, fitted(name+".completed", name+": completed", "people"), fitted(name+".relapsed", name+": relapsed in it", "people"),
		fitted(name+".relapsed.after.mean", name+": mean time to relapse in it", "days"))
}

// decisions measures a panel's meetings: how many have so many final decisions, the most of one, and the
// share of people decided at the first meeting after they joined the list.
func (g *Gauge) decisions(k int) {
	name := g.like.Stages[k].Name
	most := 0
	for _, n := range finals(g.like, k) {
		most = max(most, n)
	}
	most += 3
	all := []Target{
		fitted(name+".decisions.max", name+": most final decisions of one meeting", "people"),
		fitted(name+".at_first_meeting", name+": decided at their first meeting", "share"),
	}
	for n := 1; n <= most; n++ {
		decisions := "decisions"
		if n == 1 {
			decisions = "decision"
		}
		all = append(all, fitted(fmt.Sprintf("%s.meetings_with_%d", name, n), fmt.Sprintf("%s: meetings with %d final %s", name, n, decisions), "meetings"))
	}
	g.add(func(x *Extract, m *measured) {
		by := finals(x, k)
		days := make([]Day, 0, len(by))
		histogram, largest := make([]int, most+1), 0
		for d, n := range by { // sums and a largest: the order does not matter
			days = append(days, d)
			largest = max(largest, n)
			if n <= most {
				histogram[n]++
			}
		}
		slices.Sort(days)
		first, heard := 0, 0
		for i := range x.Episodes {
			if s := &x.Episodes[i].Steps[k]; s.Admitted.Known() && s.Listed.Known() {
				heard++
				if j, _ := slices.BinarySearch(days, s.Listed); j < len(days) && days[j] == s.Admitted {
					first++
				}
			}
		}
		m.add(float64(largest), notPeople)
		m.add(float64(first)/float64(heard), first)
		for _, n := range histogram[1:] {
			m.add(float64(n), notPeople)
		}
	}, all...)
}

// finals is how many final decisions a panel takes on each day of meeting.
func finals(x *Extract, k int) map[Day]int {
	by := map[Day]int{}
	for i := range x.Episodes {
		if d := x.Episodes[i].Steps[k].Admitted; d.Known() {
			by[d]++
		}
	}
	return by
}

// admissions counts admissions to a stage of beds by contract, in all and month by month.
func (g *Gauge) admissions(k int) {
	name, months := g.like.Stages[k].Name, g.months()
	var all []Target
	for _, c := range g.like.Contracts {
		all = append(all, fitted(name+".admissions."+c, name+": admissions, "+c, "people"))
		for _, m := range months[:len(months)-1] {
			month := m.Date().Format("2006-01")
			all = append(all, checked(name+".admissions."+c+"."+month, name+": admissions, "+c+", "+month, "people"))
		}
	}
	n := len(months) // in all, and months
	g.add(func(x *Extract, m *measured) {
		counts := make([]int, n*len(x.Contracts))
		for i := range x.Episodes {
			s := &x.Episodes[i].Steps[k]
			if s.Contract < 0 || !s.Admitted.Known() {
				continue
			}
			counts[n*s.Contract]++
			if month := sort.Search(n, func(j int) bool { return months[j] > s.Admitted }); month >= 1 && month < n {
				counts[n*s.Contract+month]++
			}
		}
		for _, people := range counts {
			m.count(people)
		}
	}, all...)
}

// months are the first days of the calendar months of the window, the first of them cut by From, and its end.
func (g *Gauge) months() (starts []Day) {
	for d := g.like.From; d < g.like.Until; {
		starts = append(starts, d)
		date := d.Date()
		d = DayOf(date.AddDate(0, 1, 1-date.Day()))
	}
	return append(starts, g.like.Until)
}

// anyContract stands for all contracts.
const anyContract = -1

// around is how many levels of use on either side of the largest observed are counted by themselves.
const around = 3

// inUse measures how many places are used at midnight: on average, the most, and the share of nights at
// each of the levels around the most that was observed.
func (g *Gauge) inUse(k int, id, name string, contract int) {
	top := slices.Max(nights(g.like, k, contract))
	if top == 0 {
		return
	}
	least := max(1, top-around)
	all := []Target{fitted(id+".mean", name+", on average", ""), fitted(id+".max", name+", the most", "places")}
	for n := least; n < top+around; n++ {
		all = append(all, fitted(fmt.Sprintf("%s.at_%d", id, n), fmt.Sprintf("%s, nights with %d", name, n), "share"))
	}
	all = append(all, fitted(fmt.Sprintf("%s.from_%d", id, top+around), fmt.Sprintf("%s, nights with %d or more", name, top+around), "share"))
	g.add(func(x *Extract, m *measured) {
		used := nights(x, k, contract)
		levels := make([]float64, top+around-least+1)
		var sum, most int
		for _, n := range used {
			sum += n
			most = max(most, n)
			if n >= least {
				levels[min(n, top+around)-least] += 1 / float64(len(used))
			}
		}
		m.add(float64(sum)/float64(len(used)), notPeople)
		m.add(float64(most), notPeople)
		for _, share := range levels {
			m.add(share, notPeople)
		}
	}, all...)
}

// nights is how many places of a contract are used at each midnight.
func nights(x *Extract, k, contract int) []int {
	stays := x.Stays(k)
	if contract != anyContract {
		stays = slices.DeleteFunc(stays, func(s Spell) bool { return s.Contract != contract })
	}
	return x.inside(stays, x.Stages[k].Kind != sim.BedsKind)
}

// sinceListing are the days since joining the list by which spot admissions are told apart.
var sinceListing = []float64{0, 7, 14, 21, 28, 35, 42, 56, 84}

// spot measures, by time since listing, the share of those still waiting whom a spot place takes, and how
// long those had waited whom one took.
func (g *Gauge) spot(k int) {
	name := g.like.Stages[k].Name
	contract := slices.Index(g.like.Contracts, contractNames[sim.Spot])
	if contract < 0 {
		return
	}
	all := []Target{
		fitted(name+".spot.wait.mean", name+": mean wait for a spot bed", "days"),
		fitted(name+".spot.wait.least", name+": shortest wait for a spot bed", "days"),
	}
	for i, from := range sinceListing {
		id, words := fmt.Sprintf("%s.spot.from_day_%g", name, from), fmt.Sprintf("%s: got a spot bed from day %g on, of those still waiting", name, from)
		if i+1 < len(sinceListing) {
			to := sinceListing[i+1]
			id, words = fmt.Sprintf("%s.spot.days_%g_to_%g", name, from, to), fmt.Sprintf("%s: got a spot bed on days %g to %g, of those still waiting", name, from, to-1)
		}
		all = append(all, fitted(id, words, "share"))
	}
	g.add(func(x *Extract, m *measured) {
		n := len(sinceListing)
		took, waited := make([]int, n), make([]int, n)
		var found []float64
		for _, s := range x.Waits(k) {
			last := sort.SearchFloat64s(sinceListing, s.Days()+0.5) - 1
			for i := range last + 1 {
				waited[i]++
			}
			if s.End == GotIn && s.Contract == contract {
				found = append(found, s.Days())
				took[last]++
			}
		}
		slices.Sort(found)
		m.add(meanOf(found), len(found))
		m.add(quantileOf(found, 0), len(found))
		for i := range took {
			m.add(float64(took[i])/float64(waited[i]), took[i])
		}
	}, all...)
}

// meanOf is the mean of values, NaN of none.
func meanOf(values []float64) float64 {
	var sum float64
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// quantileOf is the quantile of sorted values, between neighbours in proportion (Hyndman and Fan 1996,
// type 7); NaN of none.
func quantileOf(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i == len(sorted)-1 {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
