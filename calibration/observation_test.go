package calibration

import (
	"math"
	"slices"
	"testing"
	"time"

	"tier4/sim"
	"tier4/sim/dist"
)

// area is an extract of invented people through a panel and a ward, by rules simple enough to count on paper.
func area(people int) *Extract {
	x := &Extract{
		Stages:  []Stage{{"panel", sim.PanelKind}, {"ward", sim.BedsKind}},
		Cohorts: []string{"alcohol", "opiates"}, Contracts: []string{"block", "spot"}, Sources: []string{"community", "re-referral"},
		From: DayOf(date(2022, 1, 1)), To: DayOf(date(2024, 1, 1)), Until: DayOf(date(2024, 1, 1)),
	}
	luck := dist.NewStream(dist.Root(4, 0))
	for i := range people {
		referred := x.From + Day(luck.Uniform()*730)
		meeting := referred + 14 - (referred-x.From)%14
		e := Episode{Row: i + 2, Cohort: i % 2, Source: min(i%5, 1) ^ 1, Referred: referred, Closed: Missing, ClosedAt: -1}
		panel := Step{Listed: referred, Admitted: Missing, Left: Missing, AdmittedAt: DayStart, Contract: -1}
		ward := Step{Listed: Missing, Admitted: Missing, Left: Missing, Contract: -1}
		if meeting <= x.Until {
			panel.Admitted, panel.Outcome = meeting, Approved
			if i/2%10 == 0 {
				panel.Outcome = Declined
				e.Closed, e.ClosedAt, e.Cause = meeting, 0, Declined
			}
			e.Hearings = []Hearing{{0, meeting, panel.Outcome}}
			if panel.Outcome == Approved {
				ward.Listed, ward.ListedAt = meeting, DayStart
				wait := Day(1 + luck.Uniform()*40)
				if in := meeting + wait; in < x.Until {
					ward.Admitted, ward.Contract = in, i%3/2
					stay := Day(1 - 30*math.Log(luck.Uniform()))
					if out := in + stay; out < x.Until {
						ward.Left, ward.Outcome = out, Completed
						if i/2%4 == 0 {
							ward.Outcome = Unplanned
						}
						e.Closed, e.ClosedAt, e.Cause = out, 1, ward.Outcome
					}
				}
			}
		}
		e.Steps = []Step{panel, ward}
		x.Episodes = append(x.Episodes, e)
	}
	return x
}

func date(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

func figure(t *testing.T, ob *Observation, id string) Figure {
	t.Helper()
	i := slices.IndexFunc(ob.Figures, func(f Figure) bool { return f.ID == id })
	if i < 0 {
		t.Fatalf("no figure %s", id)
	}
	return ob.Figures[i]
}

func TestFiguresAreCountedAsARunCountsThem(t *testing.T) {
	x := area(600)
	ob := Observe(x, Options{NoLaws: true})
	if got := figure(t, ob, "referrals").Value + figure(t, ob, "referrals.returns").Value; math.Abs(got-600/(730/DaysPerYear)) > 1e-9 {
		t.Errorf("%v referrals a year", got)
	}
	both := figure(t, ob, "referrals@alcohol").Value + figure(t, ob, "referrals@opiates").Value
	if math.Abs(both-figure(t, ob, "referrals").Value) > 1e-9 {
		t.Errorf("cohorts add up to %v", both)
	}
	days, n, early := 0.0, 0, 0
	for _, e := range x.Episodes {
		if s := e.Steps[1]; s.Left.Known() {
			days += float64(s.Left - s.Admitted)
			n++
			if s.Outcome == Unplanned {
				early++
			}
		}
	}
	if f := figure(t, ob, "ward.stay.mean"); math.Abs(f.Value-days/float64(n)) > 1e-9 || f.K != n || f.Low >= f.Value {
		t.Errorf("stay %+v", f)
	}
	if f := figure(t, ob, "ward.unplanned"); f.K != early || f.Of != n {
		t.Errorf("unplanned %+v", f)
	}
	admissions := figure(t, ob, "ward.admissions").Value
	if by := figure(t, ob, "ward.admissions.block").Value + figure(t, ob, "ward.admissions.spot").Value; math.Abs(by-admissions) > 0.05*admissions {
		t.Errorf("by contract %v of %v", by, admissions)
	}
	// the flow in is what was referred, less a tenth, in the steady state
	if want := 0.9 * 600 / (730 / DaysPerYear); math.Abs(admissions-want) > 0.12*want {
		t.Errorf("%v admissions a year, not about %v", admissions, want)
	}
	// Little's law, within what the ends of the window and chance leave
	if f := figure(t, ob, "ward.in_use.mean"); math.Abs(f.Value-admissions/DaysPerYear*figure(t, ob, "ward.stay.mean").Value) > 0.15*f.Value {
		t.Errorf("in use %v, admissions %v", f.Value, admissions)
	}
	if f := figure(t, ob, "reached.ward"); math.Abs(f.Value-0.9) > 0.03 || f.Low > 0.9 || f.High < 0.9 {
		t.Errorf("reached %+v", f)
	}
	for _, f := range ob.Figures {
		if f.Value != f.Value || f.Known && (f.Low > f.Value || f.High < f.Value) || f.K > f.Of {
			t.Errorf("%+v", f)
		}
	}
}

func TestPanelsAreSeen(t *testing.T) {
	ob := Observe(area(600), Options{NoLaws: true})
	p := ob.Panels[0]
	if p.Every != 14 || p.Decisions[0].K+p.Decisions[1].K != p.Decisions[0].Of || p.First.K != p.First.Of {
		t.Errorf("%+v", p)
	}
	low, high := p.Decisions[1].Interval(level)
	if low > 0.1 || high < 0.1 {
		t.Errorf("declined %v (%v to %v)", p.Decisions[1].Value(), low, high)
	}
	meetings, taken := 0, 0
	for n, m := range p.PerMeet {
		meetings += m
		taken += n * m
	}
	if taken != p.Decisions[0].Of || meetings < 50 || meetings > 53 {
		t.Errorf("%d decisions at %d meetings", taken, meetings)
	}
}

func TestUsesAndContracts(t *testing.T) {
	x := area(600)
	ob := Observe(x, Options{NoLaws: true})
	if len(ob.Uses) != 3 || len(ob.Bought) != 1 {
		t.Fatalf("%d uses, %d bought", len(ob.Uses), len(ob.Bought))
	}
	u := ob.Uses[0]
	days := 0
	for _, n := range u.Levels {
		days += n
	}
	if days != u.Days || u.Most < u.Enough(0.95) || u.Enough(1) > u.Most || u.AtMost < 1 {
		t.Errorf("%+v", u)
	}
	total := 0
	for _, b := range ob.Bought[0].Bands {
		total += b.Total()
	}
	admitted := 0
	for _, e := range x.Episodes {
		if e.Steps[1].Admitted.Known() {
			admitted++
		}
	}
	if total != admitted {
		t.Errorf("%d of %d admissions by delay", total, admitted)
	}
}

func TestLawsOfAnObservation(t *testing.T) {
	x := area(150)
	ob := Observe(x, Options{Bootstrap: 5, Workers: 2})
	again := Observe(x, Options{Bootstrap: 5, Workers: 1})
	found := 0
	for i, l := range ob.Laws {
		if l.Goodness != again.Laws[i].Goodness || l.Mean != again.Laws[i].Mean {
			t.Error("the answer depends on the number of workers")
		}
		for k := 1; k < len(l.Fits); k++ {
			if l.Fits[k-1].BIC > l.Fits[k].BIC {
				t.Error("fits are not in order")
			}
		}
		if l.What == Stay { // three in four of those who would stay 30 days on average complete: a hazard of 1/40 a day
			found++
			if l.Low > 40 || l.High < 40 || l.Goodness.P < 0.1 {
				t.Errorf("%s: %s, mean %v (%v to %v), p %v", l.Path(x), l.Fits[0].Law, l.Mean, l.Low, l.High, l.Goodness.P)
			}
		}
	}
	if found != 1 {
		t.Errorf("%d laws of stays", found)
	}
}

func TestArrivals(t *testing.T) {
	x := area(600)
	a := x.Arrivals()
	months, week := 0, 0
	for _, m := range a.Months {
		months += m.People
	}
	for _, w := range a.Weekdays {
		week += w.People
	}
	if months != 600 || week != 600 || len(a.Months) != 24 {
		t.Errorf("%d by month (%d), %d by weekday", months, len(a.Months), week)
	}
	if a.Clustering == nil || a.Clustering.P < 0.001 || a.Season.P < 0.001 || a.Growth.Low > 0 || a.Growth.High < 0 {
		t.Errorf("clusters %+v, season %+v, growth %+v", a.Clustering, a.Season, a.Growth)
	}
	// twice as many in the second year is a growth of about 100% a year
	var days []Day
	luck := dist.NewStream(dist.Root(9, 0))
	for len(days) < 4000 {
		u, v := luck.Uniform(), luck.Uniform()
		if v < math.Exp(math.Ln2*2*(u-1)) {
			days = append(days, x.From+Day(u*2*DaysPerYear))
		}
	}
	if g := growthOf(days, x.From, 2*DaysPerYear); g.Low > 1 || g.High < 1 || g.P > 1e-6 || g.High-g.Low > 0.5 {
		t.Errorf("growth %+v", g)
	}
}

func TestSessionsOfAGroup(t *testing.T) {
	x := one(ByReferral)
	x.Stages = []Stage{{"group", sim.GroupKind}}
	for i := range 40 {
		e := Episode{Referred: 100, Closed: Missing, ClosedAt: -1, Steps: []Step{{Listed: 100, Admitted: 107, Left: 149, Outcome: Completed}}}
		if i < 4 {
			e.Steps[0].Left, e.Steps[0].Outcome = 107+7*Day(i+1), Unplanned
		}
		x.Episodes = append(x.Episodes, e)
	}
	s, ok := x.Sessions(0)
	if !ok || s.Every != 7 || s.Most != 6 || s.Leave.K != 4 || s.Leave.Of != 36*6+1+2+3+4 {
		t.Errorf("%+v %v", s, ok)
	}
}

func TestWaysOn(t *testing.T) {
	x := area(200)
	for _, r := range x.Routes() {
		sum, of := 0, 0
		for _, s := range r.To {
			sum += s.K
			of = s.Of
		}
		if sum != of {
			t.Errorf("%+v", r)
		}
	}
}

// Chosen by activity, the rows say the same as chosen by referral: those inside count from when they were seen.
func TestSelectionByActivitySaysTheSame(t *testing.T) {
	x := area(1500)
	y := *x
	y.SelectedBy, y.From, y.Episodes = ByActivity, x.From+300, nil
	for _, e := range x.Episodes {
		if !e.Closed.Known() || e.Closed >= y.From {
			y.Episodes = append(y.Episodes, e)
		}
	}
	late := 0
	for _, one := range []struct {
		stage int
		what  What
		want  float64
	}{{1, Stay, 40}, {1, LeftEarly, 120}} {
		d := y.Duration(one.stage, one.what, -1)
		for _, s := range d.Spells {
			if s.Seen > s.From {
				late++
			}
		}
		fit := mustFit(t, Exponential, d.Times())
		if math.Abs(math.Log(fit.Law.Mean()/one.want)) > 4*fit.SE(0) {
			t.Errorf("%s: mean %v, want %v", one.what.Key(), fit.Law.Mean(), one.want)
		}
	}
	if late < 20 {
		t.Errorf("only %d stays are seen late", late)
	}
	full, part := figure(t, Observe(x, Options{NoLaws: true}), "ward.in_use.mean"), figure(t, Observe(&y, Options{NoLaws: true}), "ward.in_use.mean")
	if math.Abs(full.Value-part.Value) > 0.1*full.Value {
		t.Errorf("in use %v, by activity %v", full.Value, part.Value)
	}
}

// Cohorts that differ have laws of their own, those that do not have not.
func TestCohortsThatDifferHaveLawsOfTheirOwn(t *testing.T) {
	x := area(250)
	if ob := Observe(x, Options{}); len(ob.Laws) != 2 || ob.Laws[0].Differ < 0.01 {
		t.Errorf("%d laws, p %v, although the cohorts are alike", len(ob.Laws), ob.Laws[0].Differ)
	}
	for i := range x.Episodes {
		e := &x.Episodes[i]
		if s := &e.Steps[1]; e.Cohort == 1 && s.Left.Known() {
			if s.Left += (s.Left - s.Admitted) * 2; s.Left >= x.Until {
				s.Left, s.Outcome, e.Closed, e.ClosedAt, e.Cause = Missing, Open, Missing, -1, Open
			} else {
				e.Closed = s.Left
			}
		}
	}
	ob := Observe(x, Options{})
	var own []string
	for _, l := range ob.Laws {
		if l.Cohort >= 0 && l.What == Stay {
			own = append(own, l.Path(x))
		}
	}
	if !slices.Equal(own, []string{"pathway.ward.stay.alcohol", "pathway.ward.stay.opiates"}) {
		t.Errorf("laws of cohorts: %v", own)
	}
}
