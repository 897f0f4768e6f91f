package report

import (
	"encoding/csv"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tier4/scenarios"
	"tier4/sim"
	"tier4/sim/dist"
)

// rich is a pathway with a shared unit, budgets, staff, deaths, clients' contributions, a fast track
// and beds kept after the stay.
func rich(t *testing.T) sim.Spec {
	law := func(l dist.Law, err error) sim.Per[dist.Law] {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return sim.Same(l)
	}
	place := func(p sim.Place) sim.Place {
		p.From, p.Until = math.Inf(-1), math.Inf(1)
		return p
	}
	stage := func(s sim.Stage) sim.Stage {
		s.ListMax, s.KeepInTouch = sim.NoLimit, 1
		s.DropsOutAfter = law(dist.Exponential(90))
		return s
	}
	to := func(name string) []sim.Branch { return []sim.Branch{{To: name, Rest: true}} }
	home := to(sim.ExitHome)
	others, err := dist.Gamma(9, 4)
	if err != nil {
		t.Fatal(err)
	}
	s := sim.Spec{
		Name: "Rich", Start: time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC), WarmUp: 274, Measure: 365 + 365 + 100,
		Cohorts: []string{"opiates", "alcohol"},
		Streams: []sim.Stream{
			{Name: "community", Enters: "assessment", Rates: []sim.CohortRate{{Cohort: "opiates", PerYear: 50}, {Cohort: "alcohol", PerYear: 40}}},
			{Name: "prison", Enters: "assessment", Priority: 2, Rates: []sim.CohortRate{{Cohort: "opiates", PerYear: 8}}},
		},
		Staff:  []sim.Pool{{Name: "recovery-workers", Caseload: 12}},
		Deaths: &sim.Deaths{Waiting: 0.1, AfterUnplanned: []sim.Hazard{{Until: 28, PerYear: 0.5}, {Until: math.Inf(1), PerYear: 0.01}}},
		Budgets: []sim.Budget{
			{Name: "detox-grant", PerYear: 15_000_000, PaysFor: []string{"detox"}, WhenSpent: sim.Overspend},
			{Name: "rehab-care", PerYear: 26_000_000, PaysFor: []string{"rehab"}, WhenSpent: sim.HoldApprovals},
		},
	}
	s.Stages = []sim.Stage{
		stage(sim.Stage{Name: "assessment", Kind: sim.DelayKind, Delay: &sim.Delay{Takes: law(dist.Exponential(12))}, OpensCase: "recovery-workers"}),
		stage(sim.Stage{Name: "panel", Kind: sim.PanelKind, Costs: sim.UnitCosts{PerCase: 6000}, ByPriority: true, Panel: &sim.Panel{
			Meets: sim.Schedule{First: 7, Every: 14}, Cases: 3, Approve: sim.Same(0.85), Defer: sim.Same(0.1), Decline: sim.Same(0.05),
			AnswerAfter: 4, FastTrack: sim.Same(0.1), FastAnswer: 2, ApprovalLasts: 40,
		}}),
		stage(sim.Stage{Name: "detox", Kind: sim.BedsKind, Beds: &sim.Beds{
			Places: []sim.Place{
				place(sim.Place{Name: "bridge-house", Contract: sim.Share, Beds: 2, Of: 9, PerNight: 42000, Others: &sim.OtherDemand{PerYear: 230, Stay: others}}),
				place(sim.Place{Name: "any", Contract: sim.Spot, Beds: sim.NoLimit, PerNight: 48000, LookAfter: 14}),
			},
			Stay: law(dist.Exponential(12)), UnplannedDischarge: law(dist.Exponential(55)),
			StaysOn: []sim.StaysOn{{To: "rehab", UpTo: 7}},
		}}),
		stage(sim.Stage{Name: "rehab", Kind: sim.BedsKind, Beds: &sim.Beds{
			Places: []sim.Place{
				place(sim.Place{Name: "riverside", Contract: sim.Block, Beds: 4, PerNight: 15000, Terms: sim.Terms{Contribution: 9000}}),
				place(sim.Place{Name: "away", Contract: sim.Spot, Beds: sim.NoLimit, PerNight: 18000, LookAfter: 21, Terms: sim.Terms{Contribution: 9000}}),
			},
			Stay: law(dist.Gamma(84, 25)), UnplannedDischarge: law(dist.Exponential(120)),
		}}),
	}
	ways := [][]sim.Branch{to("panel"), to("detox"), to("rehab"), home}
	for i := range s.Stages {
		s.Stages[i].Next[sim.Completed] = ways[i]
		for _, how := range []sim.Outcome{sim.Unplanned, sim.Left, sim.Declined, sim.Relapsed} {
			s.Stages[i].Next[how] = to(sim.ExitCommunity)
		}
	}
	return s
}

func played(t *testing.T, spec sim.Spec, replications int) *Study {
	t.Helper()
	m, err := sim.Compile(spec)
	if err != nil {
		t.Fatal(err)
	}
	e := sim.Experiment{Models: []*sim.Model{m}, Seed: 3, Replications: replications, Workers: 1}
	findings, err := e.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &Study{
		Version: "v1", Names: []string{"rich"}, Scenarios: []*scenarios.Scenario{{Name: "Rich", Spec: spec}}, Findings: findings, Seed: 3, Asked: replications,
	}
}

func traced(t *testing.T, spec sim.Spec, accounts ...Account) {
	t.Helper()
	m, err := sim.Compile(spec)
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.Trace(m, 3, 0, func(e sim.Told) {
		for _, a := range accounts {
			a.Told(e)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

func about(spec sim.Spec) *Traced {
	return &Traced{Version: "v1", Scenario: &scenarios.Scenario{Name: "Rich", Spec: spec}, Seed: 3, Replication: 1}
}

func textOf(t *testing.T, p *Page) string {
	t.Helper()
	var b strings.Builder
	if err := p.Text(&b, 120); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Whoever the rounds show in a bed as a day ends is a night used on the year's statement.
func TestRoundsAddUpToTheStatement(t *testing.T) {
	spec := rich(t)
	study := played(t, spec, 1)
	used := map[string]float64{}
	for _, one := range study.Findings.Summaries[0].Statements {
		if one.Year == "2026-27" && one.Place != "" {
			used[one.Place] = one.Used
		}
	}
	var accounts []Account
	for day := 274; day < 274+365; day++ {
		accounts = append(accounts, &Round{Traced: about(spec), Day: float64(day)})
	}
	traced(t, spec, accounts...)
	slept := map[string]float64{}
	for _, a := range accounts {
		full, people := a.(*Round).beds()
		for _, b := range full {
			slept[b.Place] += float64(b.Ours)
			if b.Beds != nil && b.Ours+b.Others > *b.Beds {
				t.Errorf("%d and %d people in %d beds of %s", b.Ours, b.Others, *b.Beds, b.Place)
			}
		}
		for _, w := range people {
			if w.Place == "" || w.Days < 1 {
				t.Errorf("%+v", w)
			}
		}
	}
	for _, place := range []string{"bridge-house", "any", "riverside", "away"} {
		if slept[place] != used[place] || used[place] == 0 && place != "any" {
			t.Errorf("%s: the rounds show %g nights, the statement %g", place, slept[place], used[place])
		}
	}
}

// A panel hears in the order of the queue, as many as it may, and nobody while somebody of the same
// stream waits longer who has not been put off either.
func TestMeetingsHearInOrder(t *testing.T) {
	spec := rich(t)
	var accounts []Account
	for at := 7.0; at < 274+800; at += 14 {
		accounts = append(accounts, &Meeting{Traced: about(spec), Stage: "panel", At: at})
	}
	traced(t, spec, accounts...)
	decisions := map[string]int{}
	for _, a := range accounts {
		m := a.(*Meeting)
		m.finish()
		heard := 0
		for i, c := range m.cases {
			decisions[c.Decision]++
			for _, o := range m.cases[i+1:] {
				stream := func(who string) string { name, _, _ := strings.Cut(who, "/"); return name }
				if c.Before == 0 && o.Before == 0 && stream(c.Who) == stream(o.Who) && c.Since > o.Since {
					t.Errorf("%+v comes before %+v", c, o)
				}
			}
			if c.Position > 0 {
				heard++
				if c.Position != i+1 {
					t.Errorf("%+v is the %dth", c, i+1)
				}
			}
		}
		if heard > 3 || heard < min(3, len(m.cases)) {
			t.Errorf("day %g: %d of %d heard", m.At, heard, len(m.cases))
		}
		text := textOf(t, m.Page())
		if !strings.Contains(text, "It hears at most 3 cases") {
			t.Error(text)
		}
	}
	for _, want := range []string{"approved", "declined", "deferred", "deferred for want of money", notReached} {
		if decisions[want] == 0 {
			t.Errorf("nobody was ever %s: %v", want, decisions)
		}
	}
}

// Every name is one person's; whoever has it has it in a scenario with more demand and other beds too.
func TestNamesAreOfPeople(t *testing.T) {
	spec := rich(t)
	names := func(spec sim.Spec) map[string]uint64 {
		s := &Stories{Traced: about(spec)}
		traced(t, spec, s)
		all := map[string]uint64{}
		for key, name := range s.names {
			if other, taken := all[name]; taken {
				t.Errorf("%s is %x and %x", name, other, key)
			}
			all[name] = key
		}
		return all
	}
	before := names(spec)
	more := rich(t)
	more.Streams[0].Rates[0].PerYear = 120
	more.Stages[3].Beds.Places[0].Beds = 7
	after := names(more)
	if len(before) < 100 || len(after) <= len(before) {
		t.Fatalf("%d people, then %d", len(before), len(after))
	}
	for name, key := range before {
		if after[name] != key {
			t.Errorf("%s is somebody else or gone", name)
		}
	}
}

// The lines of a statement add up to its totals as they are printed.
func TestPrintedStatementsAddUp(t *testing.T) {
	study := played(t, rich(t), 30)
	for _, year := range byYear(study.Findings.Summaries[0].Statements) {
		table := statementTable(year)
		last := len(table.Rows) - 1
		for c, head := range table.Head {
			if !regexp.MustCompile(`^(Nights|Not used|Gross|Clients|Net)`).MatchString(head) {
				continue
			}
			sum := 0
			for _, row := range table.Rows[:last] {
				sum += numberIn(row[c])
			}
			if sum != numberIn(table.Rows[last][c]) || sum == 0 {
				t.Errorf("%s, %s: the lines come to %d, the total is %s", year[0].Year, head, sum, table.Rows[last][c])
			}
		}
	}
	text := textOf(t, study.Page())
	for _, want := range []string{
		"\n2026-27\n", "\nPart of 2028-29: 1 April 2028 to 8 July 2028\n", "STAFF", "recovery workers", "DEATHS", "BUDGETS", "Detox grant", "£150,000", "All together",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func numberIn(cell string) int {
	n, _ := strconv.Atoi(strings.NewReplacer("£", "", ",", "").Replace(cell))
	return n
}

// The CSV of statements adds up to the cost figure over the measured time.
func TestStatementsAddUpToTheCost(t *testing.T) {
	study := played(t, rich(t), 30)
	var b strings.Builder
	if err := study.StatementsCSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	gross, net := 0.0, 0.0
	for _, row := range rows[1:] {
		g, _ := strconv.ParseFloat(row[14], 64)
		n, _ := strconv.ParseFloat(row[16], 64)
		gross, net = gross+g, net+n
	}
	years := study.Scenarios[0].Spec.Measure / 365.25
	for id, sum := range map[string]float64{"cost": gross, "cost.net": net} {
		if e, ok := study.Findings.Summaries[0].Find(id); !ok || math.Abs(e.Value*years-sum) > 0.01 {
			t.Errorf("%s is %g, the statements come to %g", id, e.Value*years, sum)
		}
	}
}

func TestEveryFigureOfARichPathwayHasItsLabel(t *testing.T) {
	m, err := sim.Compile(rich(t))
	if err != nil {
		t.Fatal(err)
	}
	distinctLabels(t, m)
	for _, id := range []string{"budget.detox-grant.spent", "budget.rehab-care.month_spent", "deaths.waiting", "not_back_6_months", "cost.net"} {
		found := false
		for _, one := range append(Compared(m), "not_back_6_months") {
			found = found || one == id
		}
		if !found {
			t.Errorf("%s is not compared", id)
		}
	}
}
