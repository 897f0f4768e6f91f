package calibration

import (
	"slices"
	"strconv"

	"tier4/sim"
	"tier4/sim/stats"
)

// Figure is one that a run of a scenario has too, under the same name and with the same meaning, as the rows
// show it.
type Figure struct {
	ID, Unit         string
	Value, Low, High float64
	Known            bool // there is an interval
	K, Of            int  // the people behind it: counted, and among how many; of a rate or a mean, Of is K
	Share            bool // K of Of
}

// Lack is a figure that the rows cannot give, and why.
type Lack struct{ ID, Why string }

// level is that of all intervals.
const level = 0.95

// figuring collects figures about some people.
type figuring struct {
	x       *Extract
	cohort  int // -1: everyone
	figures []Figure
	lacks   []Lack
}

// Figures are those of everyone in the order of the pathway, and then of each cohort.
func (x *Extract) Figures() (figures []Figure, lacks []Lack) {
	f := figuring{x: x, cohort: -1}
	f.all()
	lacks = f.lacks
	if len(x.Cohorts) > 1 {
		for f.cohort = range x.Cohorts {
			f.all()
		}
	}
	return f.figures, lacks
}

func (f *figuring) add(one Figure) {
	if f.cohort >= 0 {
		one.ID += "@" + f.x.Cohorts[f.cohort]
	}
	f.figures = append(f.figures, one)
}

func (f *figuring) lack(id, why string) { f.lacks = append(f.lacks, Lack{id, why}) }

// of are the spells of the people figured.
func (f *figuring) of(spells []Spell) []Spell {
	if f.cohort < 0 {
		return spells
	}
	return slices.DeleteFunc(slices.Clone(spells), func(s Spell) bool { return f.x.Episodes[s.Episode].Cohort != f.cohort })
}

func (f *figuring) all() {
	f.referrals()
	for k := range f.x.Stages {
		f.waits(k)
		switch f.x.Stages[k].Kind {
		case sim.PanelKind:
			f.panel(k)
		case sim.BedsKind:
			f.places(k)
			f.beds(k)
		case sim.GroupKind, sim.AftercareKind:
			f.places(k)
		}
		f.losses(k)
	}
	f.reached()
	f.completed()
}

// rate is so many a year from a day on to the end of knowledge.
func (f *figuring) rate(id, unit string, n int, from, to Day) {
	e, ok := stats.Rate(float64(n), float64(to-from)/DaysPerYear, level)
	if !ok {
		if f.cohort < 0 {
			f.lack(id, "the extract is too short to say since when all who came are in it")
		}
		return
	}
	f.add(Figure{ID: id, Unit: unit, Value: e.Value, Low: e.Low, High: e.High, Known: true, K: n, Of: n})
}

func (f *figuring) share(id string, k, of int) {
	if of == 0 {
		if f.cohort < 0 {
			f.lack(id, "there is nobody to count")
		}
		return
	}
	low, high := stats.Jeffreys(k, of, level)
	f.add(Figure{ID: id, Unit: sim.UnitShare, Value: float64(k) / float64(of), Low: low, High: high, Known: true, K: k, Of: of, Share: true})
}

// times adds the mean and quantiles of some days.
func (f *figuring) times(id string, days []float64, quantiles ...string) {
	n := len(days)
	if n == 0 {
		if f.cohort < 0 {
			f.lack(id+".mean", "nobody's is over")
		}
		return
	}
	var r stats.Ratio
	for _, d := range days {
		r.Add(d, 1)
	}
	if e, ok := r.Estimate(level); ok {
		f.add(Figure{ID: id + ".mean", Unit: sim.UnitDays, Value: e.Value, Low: max(0, e.Low), High: e.High, Known: e.Known(), K: n, Of: n})
	}
	sorted := slices.Sorted(slices.Values(days))
	for _, q := range quantiles {
		p := map[string]float64{"median": 0.5, "p90": 0.9}[q]
		one := Figure{ID: id + "." + q, Unit: sim.UnitDays, Value: stats.QuantileOf(slices.Clone(sorted), p), K: n, Of: n}
		if r := stats.QuantileRanks(n, p, level); r.Lower >= 1 && r.Upper <= n {
			one.Low, one.High, one.Known = sorted[r.Lower-1], sorted[r.Upper-1], true
		}
		f.add(one)
	}
}

func (f *figuring) referrals() {
	x := f.x
	new, returns := 0, 0
	to := min(x.To, x.Until)
	for i := range x.Episodes {
		e := &x.Episodes[i]
		if e.Referred < x.From || e.Referred >= to || f.cohort >= 0 && e.Cohort != f.cohort {
			continue
		}
		if e.Source >= 0 && Returning(x.Sources[e.Source]) {
			returns++
		} else {
			new++
		}
	}
	f.rate("referrals", sim.UnitPeoplePerYear, new, x.From, to)
	if slices.ContainsFunc(x.Sources, Returning) {
		f.rate("referrals.returns", sim.UnitPeoplePerYear, returns, x.From, to)
	}
}

func (f *figuring) waits(k int) {
	x, name := f.x, f.x.Stages[k].Name
	all := x.Waits(k)
	if len(all) == 0 {
		return
	}
	joined := make([]Spell, 0, len(all))
	var ended, served []float64
	gaveUp, within, servedWithin := 0, 0, 0
	for _, s := range f.of(all) {
		if s.Weight == 1 {
			joined = append(joined, Spell{Episode: s.Episode, To: s.From})
		}
		if s.End == Open || s.To < x.From {
			continue
		}
		ended = append(ended, s.Days())
		if s.Days() <= 21 {
			within++
		}
		switch s.End {
		case GaveUp:
			gaveUp++
		case GotIn:
			served = append(served, s.Days())
			if s.Days() <= 21 {
				servedWithin++
			}
		}
	}
	f.flow(name+".joined", sim.UnitPeoplePerYear, joined)
	f.times(name+".wait", ended, "median", "p90")
	f.share(name+".wait.within_21_days", within, len(ended))
	f.times(name+".admitted.wait", served, "median", "p90")
	f.share(name+".admitted.wait.within_21_days", servedWithin, len(served))
	f.level(name+".waiting", f.of(all), x.WaitingTrustedFrom(k))
	f.share(name+".dropped_out", gaveUp, len(ended))
}

// flow is a rate of what happened on the last days of spells, from the day from which all who matter are in the rows.
func (f *figuring) flow(id, unit string, happened []Spell) {
	x := f.x
	from := x.FlowTrustedFrom(happened)
	n := 0
	for _, s := range happened {
		if s.To >= from && s.To < x.Until {
			n++
		}
	}
	if x.Until-from < 28 {
		if f.cohort < 0 {
			f.lack(id, "the extract is too short to say since when all who came are in it")
		}
		return
	}
	f.rate(id, unit, n, from, x.Until)
}

// level is the mean and the largest number of people on a list, the mean from a day on.
func (f *figuring) level(id string, waits []Spell, from Day) {
	byDay := f.x.inside(waits, true)
	rest := byDay[min(len(byDay), max(0, int(from-f.x.From))):]
	if len(rest) < 28 {
		if f.cohort < 0 {
			f.lack(id+".mean", "the extract is too short to say since when all who are there are in it")
		}
		return
	}
	sum := 0
	for _, n := range rest {
		sum += n
	}
	f.add(Figure{ID: id + ".mean", Unit: sim.UnitPeople, Value: float64(sum) / float64(len(rest)), K: len(waits), Of: len(waits)})
	f.add(Figure{ID: id + ".max", Unit: sim.UnitPeople, Value: float64(slices.Max(byDay)), K: slices.Max(byDay), Of: len(waits)})
}

func (f *figuring) panel(k int) {
	name := f.x.Stages[k].Name
	of := map[End][]Spell{}
	var all []Spell
	for i := range f.x.Episodes {
		e := &f.x.Episodes[i]
		if f.cohort >= 0 && e.Cohort != f.cohort {
			continue
		}
		for _, h := range e.Hearings {
			if h.Stage == k {
				s := Spell{Episode: i, To: h.On}
				of[h.Decision] = append(of[h.Decision], s)
				all = append(all, s)
			}
		}
	}
	if len(all) == 0 {
		return
	}
	if len(of[Deferred]) > 0 {
		f.flow(name+".heard", "cases/year", all)
		f.flow(name+".deferred", "cases/year", of[Deferred])
	} else if f.cohort < 0 {
		why := "only final decisions are in the rows, not the cases that were put off"
		f.lack(name+".heard", why)
		f.lack(name+".deferred", why)
	}
	f.flow(name+".approved", sim.UnitPeoplePerYear, of[Approved])
	f.flow(name+".declined", sim.UnitPeoplePerYear, of[Declined])
}

// places are the places in use at midnight, and how many start.
func (f *figuring) places(k int) {
	x, name := f.x, f.x.Stages[k].Name
	all := x.Stays(k)
	if len(all) == 0 {
		return
	}
	starts := make([]Spell, 0, len(all))
	for _, s := range f.of(all) {
		starts = append(starts, Spell{Episode: s.Episode, To: s.From})
	}
	id := name + ".started"
	if x.Stages[k].Kind == sim.BedsKind {
		id = name + ".admissions"
	}
	f.flow(id, sim.UnitPeoplePerYear, starts)
	if f.cohort >= 0 {
		return
	}
	u := x.use(k, -1)
	if u.Days < 28 {
		f.lack(name+".in_use.mean", "the extract is too short to say since when all who are inside are in it")
		return
	}
	beds := func(what string, value float64) {
		f.add(Figure{ID: name + ".in_use." + what, Unit: sim.UnitBeds, Value: value, K: len(all), Of: len(all)})
	}
	beds("mean", u.Mean())
	beds("p80", float64(u.Enough(0.80)))
	beds("p95", float64(u.Enough(0.95)))
	beds("p99", float64(u.Enough(0.99)))
	beds("max", float64(u.Most))
}

func (f *figuring) beds(k int) {
	x, name := f.x, f.x.Stages[k].Name
	stays := f.of(x.Stays(k))
	for c, contract := range x.Contracts {
		var starts []Spell
		for _, s := range stays {
			if s.Contract == c {
				starts = append(starts, Spell{Episode: s.Episode, To: s.From})
			}
		}
		if len(starts) > 0 {
			f.flow(name+".admissions."+contract, sim.UnitPeoplePerYear, starts)
		}
	}
	var days []float64
	var completed []Spell
	early := 0
	for _, s := range stays {
		if s.End == Open || s.To < x.From {
			continue
		}
		days = append(days, s.Days())
		switch s.End {
		case Unplanned:
			early++
		case Completed:
			completed = append(completed, s)
		}
	}
	f.times(name+".stay", days, "median")
	f.share(name+".unplanned", early, len(days))
	f.flow(name+".completed", sim.UnitPeoplePerYear, completed)
}

// lossNames are the ends of a wait or a stay by which people are lost, as figures call them.
var lossNames = []struct {
	end  End
	name string
}{{GaveUp, "dropped_out"}, {Declined, "declined"}, {Unplanned, "unplanned"}, {Relapsed, "relapsed"}, {Died, "died"}, {Administrative, "administrative"}, {Other, "other"}}

// losses are the episodes that end at a stage, by cause.
func (f *figuring) losses(k int) {
	for _, l := range lossNames {
		var lost []Spell
		for i := range f.x.Episodes {
			e := &f.x.Episodes[i]
			if e.Closed.Known() && e.ClosedAt == k && e.Cause == l.end && (f.cohort < 0 || e.Cohort == f.cohort) {
				lost = append(lost, Spell{Episode: i, To: e.Closed})
			}
		}
		name := l.name
		if l.end == Unplanned && f.x.Stages[k].Kind == sim.GroupKind {
			name = "left"
		}
		if len(lost) > 0 {
			f.flow("lost."+f.x.Stages[k].Name+"."+name, sim.UnitPeoplePerYear, lost)
		}
	}
}

// reached are the shares of all referred who get into beds, by when: competing with being closed before, so that
// those still on their way count for as long as they were followed.
func (f *figuring) reached() {
	x := f.x
	for k, s := range x.Stages {
		if s.Kind != sim.BedsKind {
			continue
		}
		lives, days, reached := f.toAdmission(k)
		if len(lives) == 0 {
			continue
		}
		a := stats.AalenJohansen(lives, 2)
		at := func(id string, t float64, k int) {
			if e, ok := a.At(1, t, level); ok {
				f.add(Figure{ID: id, Unit: sim.UnitShare, Value: e.Value, Low: e.Low, High: e.High, Known: true, K: k, Of: len(lives), Share: true})
			} else if f.cohort < 0 {
				f.lack(id, "nobody was followed that long")
			}
		}
		at("reached."+s.Name, a.Longest(), reached)
		for _, t := range []float64{21, 42, 84} {
			n := 0
			for _, d := range days {
				if d <= t {
					n++
				}
			}
			at("reached."+s.Name+".within_"+strconv.Itoa(int(t))+"_days", t, n)
		}
		f.times("referral_to."+s.Name, days, "median", "p90")
	}
}

// toAdmission are the times from referral to getting into a stage (cause 1) or to being closed without (cause 2),
// and the days of those who got in.
func (f *figuring) toAdmission(k int) (lives []stats.Lifetime, days []float64, reached int) {
	x := f.x
	for i := range x.Episodes {
		e := &x.Episodes[i]
		if f.cohort >= 0 && e.Cohort != f.cohort || e.Referred > x.Until {
			continue
		}
		l := stats.Lifetime{Time: float64(x.Until - e.Referred), Weight: 1}
		if x.SelectedBy == ByActivity && e.Referred < x.From {
			l.Entry = float64(x.From - e.Referred)
		}
		switch in := e.Steps[k].Admitted; {
		case in.Known() && in <= x.Until:
			l.Time, l.Cause = float64(in-e.Referred), 1
		case e.Closed.Known() && e.Closed <= x.Until:
			l.Time, l.Cause = float64(e.Closed-e.Referred), 2
		}
		if l.Time < l.Entry {
			continue // in before anybody looked
		}
		if l.Cause == 1 {
			days = append(days, l.Time)
			reached++
		}
		lives = append(lives, l)
	}
	return lives, days, reached
}

// completed is the share of closed episodes in which the last bed was left as planned.
func (f *figuring) completed() {
	done, closed := 0, 0
	for i := range f.x.Episodes {
		e := &f.x.Episodes[i]
		if f.cohort >= 0 && e.Cohort != f.cohort || !e.Closed.Known() || e.Closed > f.x.Until {
			continue
		}
		closed++
		if e.completed(f.x) {
			done++
		}
	}
	f.share("completed", done, closed)
}

// completed says whether an episode's last bed was left as planned, and no wait for another was given up.
func (e *Episode) completed(x *Extract) bool {
	for k := len(e.Steps) - 1; k >= 0; k-- {
		if x.Stages[k].Kind != sim.BedsKind {
			continue
		}
		if s := &e.Steps[k]; s.Admitted.Known() {
			return s.Outcome == Completed
		} else if e.ClosedAt == k {
			return false
		}
	}
	return false
}
