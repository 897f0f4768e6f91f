package scenarios

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tier4/sim"
	"tier4/sim/dist"
)

// openPlace is a place that is open for good.
func openPlace(name string, contract sim.Contract, beds int, perNight sim.Pence) sim.Place {
	return sim.Place{Name: name, Contract: contract, Beds: beds, PerNight: perNight, From: math.Inf(-1), Until: math.Inf(1)}
}

func fixedLaw(t *testing.T, days float64) dist.Law {
	t.Helper()
	l, err := dist.Fixed(days)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// same compares what is read with what it should mean, laws by what they say.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// days counts days from the start of everything.yaml.
func days(t *testing.T, s *Scenario, text string) sim.Days {
	t.Helper()
	var faults Faults
	at, ok := date.read(&reader{faults: &faults}, written(text))
	if !ok {
		t.Fatal(faults)
	}
	return daysFrom(s.Spec.Start, at)
}

// TestPlaces reads a place of each contract into what it means.
func TestPlaces(t *testing.T) {
	s := mustLoad(t, "testdata/everything.yaml")
	gamma, _ := dist.Gamma(9, 4)
	christmas := []sim.Span{{From: days(t, s, "2025-12-24"), Until: days(t, s, "2026-01-02")}}

	bridge := openPlace("bridge-house", sim.Share, 2, 42000)
	bridge.Of, bridge.Turnover, bridge.Closures = 9, 1, christmas
	bridge.Capacity = []sim.Capacity{{From: days(t, s, "2026-10-01"), Beds: 3}}
	bridge.Terms = sim.Terms{PerYear: 1_000_000, AboveNights: 300, AbovePerNight: 39000, MinimumNights: 200}
	got := placeOf(t, s, "detox", "bridge-house")
	if got.Others == nil || math.Abs(got.Others.PerYear-4.5*yearDays/7) > 1e-9 || got.Others.Stay.String() != gamma.String() {
		t.Errorf("others: %+v", got.Others)
	}
	got.Others = nil
	same(t, "share", got, bridge)

	seaview := openPlace("seaview", sim.BedNights, 4, 35000)
	seaview.Nights, seaview.Closures = 400, christmas
	same(t, "bed nights", placeOf(t, s, "detox", "seaview"), seaview)

	found := openPlace("any-approved", sim.Spot, sim.NoLimit, 48000)
	found.LookAfter, found.Closures = 21, christmas
	found.Terms = sim.Terms{AboveNights: 90, AbovePerNight: 46000, NoticeNights: 3}
	same(t, "spot", placeOf(t, s, "detox", "any-approved"), found)

	riverside := openPlace("riverside", sim.Block, 6, 15000)
	riverside.Local = true
	riverside.Capacity = []sim.Capacity{{From: days(t, s, "2026-10-01"), Beds: 0}, {From: days(t, s, "2027-04-01"), Beds: 8}}
	riverside.Closures = []sim.Span{
		{From: days(t, s, "2026-06-01"), Until: days(t, s, "2026-08-01")},
		{From: days(t, s, "2027-06-01"), Until: days(t, s, "2027-08-01")},
	}
	riverside.Suits = sim.Per[float64]{{Who: "women", Value: 0.8}, {Value: 0.95}}
	riverside.Terms = sim.Terms{Uplift: 0.03, Contribution: 9000}
	same(t, "block", placeOf(t, s, "rehab", "riverside"), riverside)

	approved := openPlace("any-approved", sim.Spot, sim.NoLimit, 17500)
	approved.Terms.NoticeNights = 7
	got = placeOf(t, s, "rehab", "any-approved")
	same(t, "assesses", *got.Assesses, sim.Assessing{
		Takes:   sim.Per[dist.Law]{{Who: "women", Value: fixedLaw(t, 3)}, {Value: fixedLaw(t, 7)}},
		Refuses: sim.Same(0.1),
	})
	got.Assesses = nil
	same(t, "spot that assesses", got, approved)
}

// TestStageKeys reads what stages say beside their places.
func TestStageKeys(t *testing.T) {
	s := mustLoad(t, "testdata/everything.yaml")
	for stage, pool := range map[string]string{"assessment": "recovery-workers", "aftercare": "aftercare-workers", "panel": "", "detox": ""} {
		if got := stageOf(t, s, stage).OpensCase; got != pool {
			t.Errorf("%s opens a case with %q, want %q", stage, got, pool)
		}
	}
	panel := stageOf(t, s, "panel").Panel
	same(t, "fast track", panel.FastTrack, sim.Per[float64]{{Who: "women", Value: 0.2}, {Value: 0.1}})
	if panel.FastAnswer != 2 || panel.ApprovalLasts != 90 || panel.AnswerAfter != 0 {
		t.Errorf("panel: %+v", panel)
	}
	three, _ := dist.Exponential(3)
	four, _ := dist.Exponential(4)
	detox, rehab := stageOf(t, s, "detox").Beds, stageOf(t, s, "rehab").Beds
	same(t, "extension", detox.Extension, sim.Same(0.15))
	same(t, "extension adds", detox.ExtensionAdds, sim.Per[dist.Law]{{Who: "opiates", Value: fixedLaw(t, 7)}, {Value: four}})
	same(t, "stays on after detox", detox.StaysOn, []sim.StaysOn{{To: "rehab", UpTo: 7}, {To: "home", For: sim.Same(three)}})
	same(t, "stays on after rehab", rehab.StaysOn, []sim.StaysOn{{To: "aftercare", UpTo: math.Inf(1)}})
	same(t, "wants local", rehab.WantsLocal, sim.Same(0.4))
	if detox.HeldPlace != "rehab" || rehab.HeldPlace != "" || rehab.LocalFor != 28 || detox.LocalFor != 0 {
		t.Errorf("held %q and %q, local for %v and %v", detox.HeldPlace, rehab.HeldPlace, rehab.LocalFor, detox.LocalFor)
	}
	gamma, _ := dist.Gamma(28, 9)
	same(t, "ready after", s.Spec.Streams[1].ReadyAfter, sim.Per[dist.Law]{{Who: "opiates", Value: gamma}, {Value: fixedLaw(t, 7)}})
	same(t, "ready on", s.Spec.Streams[2].Dates[0], sim.Arrival{At: 30, Cohort: "alcohol", Ready: 49})
	for _, w := range s.Warnings {
		if w.Code != "empty_unit" && w.Where != "budgets.detox-grant" { // it starts with people, and shares a unit; a minimum takes the grant
			t.Errorf("warning: %v", w)
		}
	}
}

// TestStaffDeathsBudgets reads what stands at the top.
func TestStaffDeathsBudgets(t *testing.T) {
	s := mustLoad(t, "testdata/everything.yaml")
	same(t, "staff", s.Spec.Staff, []sim.Pool{{Name: "recovery-workers", Caseload: 40}, {Name: "aftercare-workers", Caseload: 25}})
	same(t, "deaths", *s.Spec.Deaths, sim.Deaths{Waiting: 0.005, AfterUnplanned: []sim.Hazard{{Until: 28, PerYear: 0.06}, {Until: 365.25, PerYear: 0.03}, {Until: math.Inf(1), PerYear: 0.01}}})
	same(t, "budgets", s.Spec.Budgets, []sim.Budget{
		{Name: "detox-grant", PerYear: 15_000_000, PaysFor: []string{"detox"}, Carried: true, WhenSpent: sim.HoldAdmissions},
		{Name: "rehab-social-care", PerYear: 36_000_000, PaysFor: []string{"rehab", "aftercare"}, WhenSpent: sim.HoldApprovals},
	})
	plain := mustLoad(t, "testdata/everything.yaml", "deaths.after_unplanned=0.02", "deaths.waiting=removed", "budgets.detox-grant.unspent=returned",
		"budgets.detox-grant.when_spent=removed")
	same(t, "plain deaths", *plain.Spec.Deaths, sim.Deaths{AfterUnplanned: []sim.Hazard{{Until: math.Inf(1), PerYear: 0.02}}})
	same(t, "plain budget", plain.Spec.Budgets[0], sim.Budget{Name: "detox-grant", PerYear: 15_000_000, PaysFor: []string{"detox"}})
	without := mustLoad(t, "testdata/clinic.yaml")
	if without.Spec.Deaths != nil || without.Spec.Staff != nil || without.Spec.Budgets != nil || without.Spec.Starting != nil {
		t.Error("the clinic has what it does not say")
	}
}

// TestSettingsReachContracts sets and scales the numbers of contracts, budgets and the rest by their paths.
func TestSettingsReachContracts(t *testing.T) {
	schema := compiled(t)
	for _, c := range []struct {
		set  string
		want string
		got  func(s *Scenario) any
	}{
		{"staff.recovery-workers.caseload=50", "50", func(s *Scenario) any { return s.Spec.Staff[0].Caseload }},
		{"budgets.detox-grant.per_year=times 1.1", "16500000", func(s *Scenario) any { return s.Spec.Budgets[0].PerYear }},
		{"budgets.rehab-social-care.pays_for=[rehab]", "[rehab]", func(s *Scenario) any { return s.Spec.Budgets[1].PaysFor }},
		{"deaths.waiting=times 2", "0.01", func(s *Scenario) any { return s.Spec.Deaths.Waiting }},
		{"deaths.after_unplanned.28 days=10 per 1000 a year", "0.01", func(s *Scenario) any { return s.Spec.Deaths.AfterUnplanned[0].PerYear }},
		{"deaths.after_unplanned=times 0.5", "0.015", func(s *Scenario) any { return s.Spec.Deaths.AfterUnplanned[1].PerYear }},
		{"pathway.panel.fast_track.share.women=50%", "0.5", func(s *Scenario) any { return s.Spec.Stages[1].Panel.FastTrack[0].Value }},
		{"pathway.panel.approval_lasts=times 2", "180", func(s *Scenario) any { return s.Spec.Stages[1].Panel.ApprovalLasts }},
		{"pathway.detox.stays_on_for.rehab=times 2", "14", func(s *Scenario) any { return s.Spec.Stages[2].Beds.StaysOn[0].UpTo }},
		{"pathway.detox.stays_on_for.rehab=until there is room", "+Inf", func(s *Scenario) any { return s.Spec.Stages[2].Beds.StaysOn[0].UpTo }},
		{"pathway.detox.extension=times 2", "14", func(s *Scenario) any { return s.Spec.Stages[2].Beds.ExtensionAdds[0].Value.Mean() }},
		{"pathway.detox.extension.share=20%", "0.2", func(s *Scenario) any { return s.Spec.Stages[2].Beds.Extension[0].Value }},
		{"pathway.rehab.wants_local.for=times 0.5", "14", func(s *Scenario) any { return s.Spec.Stages[3].Beds.LocalFor }},
		{"pathway.detox.notice_nights=5", "5", func(s *Scenario) any { return s.Spec.Stages[2].Beds.Places[2].Terms.NoticeNights }},
		{"pathway.detox.notice_nights=5", "0", func(s *Scenario) any { return s.Spec.Stages[2].Beds.Places[0].Terms.NoticeNights }},
		{"pathway.detox.places.bridge-house.priority_beds.2026-10-01=4", "4", func(s *Scenario) any { return s.Spec.Stages[2].Beds.Places[0].Capacity[0].Beds }},
		{"pathway.detox.places.bridge-house.priority_beds=5", "5 []", func(s *Scenario) any {
			p := s.Spec.Stages[2].Beds.Places[0]
			return fmt.Sprint(p.Beds, p.Capacity)
		}},
		{"pathway.detox.places.bridge-house.of=times 2", "18", func(s *Scenario) any { return s.Spec.Stages[2].Beds.Places[0].Of }},
		{"pathway.detox.places.bridge-house.other_demand.per_week=7", "365.25", func(s *Scenario) any { return s.Spec.Stages[2].Beds.Places[0].Others.PerYear }},
		{"pathway.detox.places.bridge-house.other_demand.stay=times 2", "18", func(s *Scenario) any { return s.Spec.Stages[2].Beds.Places[0].Others.Stay.Mean() }},
		{"pathway.detox.places.bridge-house.above.nights=times 2", "600", func(s *Scenario) any { return s.Spec.Stages[2].Beds.Places[0].Terms.AboveNights }},
		{"pathway.detox.places.bridge-house.minimum_nights=100", "100", func(s *Scenario) any { return s.Spec.Stages[2].Beds.Places[0].Terms.MinimumNights }},
		{"pathway.detox.places.bridge-house.per_year=£5,000", "500000", func(s *Scenario) any { return s.Spec.Stages[2].Beds.Places[0].Terms.PerYear }},
		{"pathway.detox.places.seaview.nights_per_year=times 1.5", "600", func(s *Scenario) any { return s.Spec.Stages[2].Beds.Places[1].Nights }},
		{"pathway.detox.closures.1.until=2026-01-05", "279", func(s *Scenario) any { return s.Spec.Stages[2].Beds.Places[1].Closures[0].Until }},
		{"pathway.rehab.places.riverside.beds.2027-04-01=times 2", "16", func(s *Scenario) any { return s.Spec.Stages[3].Beds.Places[0].Capacity[1].Beds }},
		{"pathway.rehab.places.riverside.beds=unlimited", "-1", func(s *Scenario) any { return s.Spec.Stages[3].Beds.Places[0].Beds }},
		{"pathway.rehab.places.riverside.suits.women=50%", "0.5", func(s *Scenario) any { return s.Spec.Stages[3].Beds.Places[0].Suits[0].Value }},
		{"pathway.rehab.places.riverside.contribution=times 1.1", "9900", func(s *Scenario) any { return s.Spec.Stages[3].Beds.Places[0].Terms.Contribution }},
		{"pathway.rehab.places.riverside.uplift=5%", "0.05", func(s *Scenario) any { return s.Spec.Stages[3].Beds.Places[0].Terms.Uplift }},
		{"pathway.rehab.places.any-approved.assesses.refuses=times 2", "0.2", func(s *Scenario) any { return s.Spec.Stages[3].Beds.Places[1].Assesses.Refuses[0].Value }},
		{"referrals.prison-release.ready_after.else=times 2", "14", func(s *Scenario) any { return s.Spec.Streams[1].ReadyAfter[1].Value.Mean() }},
		{"start_with.in_aftercare.aftercare=times 2", "44", func(s *Scenario) any { return len(s.Spec.Starting) }},
		{"start_with=removed", "0", func(s *Scenario) any { return len(s.Spec.Starting) }},
	} {
		s := mustLoad(t, "testdata/everything.yaml", c.set)
		if got := fmt.Sprint(c.got(s)); got != c.want {
			t.Errorf("%s: %s, want %s", c.set, got, c.want)
		}
		if err := schema.Validate(s.tree.plain()); err != nil {
			t.Errorf("%s: the schema refuses it: %v", c.set, err)
		}
		path, _, _ := strings.Cut(c.set, "=")
		path, _, _ = strings.Cut(path, ".1.") // a list changes as a whole
		if len(s.Changes) == 0 || slices.ContainsFunc(s.Changes, func(c Change) bool { return !strings.HasPrefix(c.Path, path) }) {
			t.Errorf("%s: changes %v", c.set, s.Changes)
		}
	}
}

// TestOtherForms reads values as they may be written as well, and the schema takes them.
func TestOtherForms(t *testing.T) {
	schema := compiled(t)
	for _, set := range []string{
		`deaths.waiting="5 per 1,000 a year"`, "deaths.after_unplanned=3 per 100 per year", "deaths.after_unplanned={then: 0.01}", "deaths={}",
		"pathway.rehab.places.riverside.contribution=£90 a week", "pathway.rehab.places.riverside.contribution=90", "pathway.rehab.places.riverside.uplift=0.03",
		"pathway.rehab.places.riverside.uplift=-1% a year", "pathway.rehab.places.riverside.per_year=£1,000", "pathway.rehab.places.riverside.beds=unlimited",
		"pathway.detox.stays_on_for={rehab: up to 2 weeks, home: {opiates: 3 days, else: {gamma: {mean: 4 days, sd: 2 days}}}}", "pathway.detox.stays_on_for={home: 3}",
		"pathway.detox.extension={share: {women: 10%, else: 15%}, adds: 10}", "pathway.rehab.wants_local={share: 0.4, for: 4 weeks}",
		"pathway.rehab.places.any-approved.assesses={refuses: {women: 5%}}", "pathway.rehab.places.any-approved.assesses={takes: {uniform: {from: 3 days, to: 7 days}}}",
		"pathway.detox.places.bridge-house.other_demand={per_year: 200 per year, stay: 9 days}", "pathway.detox.places.bridge-house.other_demand=removed",
		"pathway.detox.places.seaview.beds=unlimited", "pathway.detox.places.seaview.nights_per_year=1,400", "pathway.detox.places.any-approved.beds=3",
		"pathway.rehab.closures=[{from: 2026-06-01, until: 2026-08-01}, {from: 2026-08-01, until: 2026-08-02}]", "pathway.panel.fast_track={share: 10%}",
		"budgets.detox-grant={per_year: 150000, pays_for: [detox]}", "referrals.prison-release.ready_after=28", "start_with={waiting: {assessment: 3}}",
		"start_with={in_beds: {rehab: {any-approved: {opiates: 3}}}}", "start_with={in_aftercare: {aftercare: {alcohol: 40}}}",
	} {
		s, err := Load("testdata/everything.yaml", set)
		if err != nil {
			t.Errorf("%s: %v", set, err)
		} else if err := schema.Validate(s.tree.plain()); err != nil {
			t.Errorf("%s: the schema refuses it: %v", set, err)
		}
	}
	if err := schema.Validate(peopled(t, "people.csv").tree.plain()); err != nil {
		t.Error(err)
	}
}

// TestBedsByDate folds dates before the start into what is held then.
func TestBedsByDate(t *testing.T) {
	for _, c := range []struct{ place, want string }{
		{"{contract: block, beds: 6}", "6 []"},
		{"{contract: block, beds: {2025-04-01: 6}}", "6 []"},
		{"{contract: block, beds: {2020-01-01: 2, 2021-01-01: 0, 2025-04-01: 5, 2025-04-11: 0}}", "5 [{10 0}]"},
		{"{contract: block, from: 2025-04-11, beds: {2025-04-06: 3, 2025-04-21: 4}}", "3 [{20 4}]"},
		{"{contract: share, priority_beds: 0, of: 3}", "0 []"},
		{"{contract: share, priority_beds: {2025-04-01: 0, 2025-04-02: 3}, of: 3}", "0 [{1 3}]"},
	} {
		text := strings.Replace(read(t, "testdata/textbook.yaml"), "{contract: block, beds: 4}", c.place, 1)
		s, err := Parse("x.yaml", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", c.place, err)
			continue
		}
		p := s.Spec.Stages[0].Beds.Places[0]
		if got := fmt.Sprint(p.Beds, p.Capacity); got != c.want {
			t.Errorf("%s: %s, want %s", c.place, got, c.want)
		}
	}
}

// TestUnused warns of what is described and changes nothing.
func TestUnused(t *testing.T) {
	s := mustLoad(t, "testdata/everything.yaml", "pathway.aftercare.opens_case_with=removed", "pathway.rehab.places.riverside.local=false",
		"budgets.rehab-social-care.pays_for=[aftercare]")
	var said []string
	for _, w := range s.Warnings {
		if w.Code == "unused" {
			said = append(said, w.Code+" "+w.Where)
		}
	}
	if want := []string{"unused staff.aftercare-workers", "unused budgets.rehab-social-care.when_spent", "unused pathway.rehab.wants_local"}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
}

// TestMortality reads rates of deaths.
func TestMortality(t *testing.T) {
	checkUnit(t, "deaths", mortality, map[string]string{
		"5 per 1000 per year": "0.005", "5 per 1,000 a year": "0.005", "2 per 100 per year": "0.02", "3 per 10,000 per year": "0.0003", "0.02": "0.02", "0": "0",
		"2000 per 1000 per year": "2", "2": "did you mean `2 per 1000 per year`?", "5 per 1000": "not a rate", "5 per 0 per year": "not a rate", "-1": "negative", "5%": "not a rate",
	})
	checkUnit(t, "money a week", weekly, map[string]string{
		"£90 per week": "9000", "£90.50 a week": "9050", "90": "9000", "£1,090 per week": "109000", "£90 per day": "for a week", "£90 a day": "not an amount", "ninety": "not an amount",
	})
	checkUnit(t, "uplift", uplift, map[string]string{
		"3% per year": "0.03", "3%": "0.03", "0.03": "0.03", "-2% a year": "-0.02", "3": "did you mean `3%`?", "200%": "beyond reason", "-100%": "beyond reason", "£3": "not an uplift",
	})
}

// TestEverythingIsSaid holds the scenario with everything to set each field that a spec has.
func TestEverythingIsSaid(t *testing.T) {
	var unset []string
	said := map[string]bool{}
	var look func(name string, v reflect.Value)
	look = func(name string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				look(name, v.Elem())
			}
		case reflect.Slice:
			said[name] = said[name] || v.Len() > 0
			for i := range v.Len() {
				look(name, v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				f := v.Type().Field(i)
				if f.IsExported() {
					look(v.Type().Name()+"."+f.Name, v.Field(i))
				}
			}
		}
		said[name] = said[name] || !v.IsZero()
	}
	for _, file := range []string{"testdata/everything.yaml", "testdata/clinic.yaml"} {
		look("Spec", reflect.ValueOf(mustLoad(t, file).Spec))
	}
	look("Spec", reflect.ValueOf(peopled(t, "people.csv").Spec))
	for name, yes := range said {
		if !yes && !strings.HasPrefix(name, "Time.") {
			unset = append(unset, name)
		}
	}
	slices.Sort(unset)
	if want := []string{"LeavingRule[float64].From"}; !slices.Equal(unset, want) {
		t.Errorf("no test file says %q", unset)
	}
}
