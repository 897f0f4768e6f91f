package scenarios

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tier4/sim/dist"
)

// grows is what the warnings say of a stage to which so many people come a day.
func grows(t *testing.T, perDay float64, stage string, more ...string) string {
	t.Helper()
	text := fmt.Sprintf("measure: 1 year\nreferrals: {gp: {per_day: %v, enters: first}}\npathway:\n  first: {%s}\n%s", perDay, stage, strings.Join(more, "\n"))
	s, err := Parse("x.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	var said []string
	for _, w := range s.Warnings {
		if w.Code == "grows" {
			said = append(said, w.Text)
		}
	}
	return strings.Join(said, "\n")
}

// TestGrows sets each kind of stage just below and at what it holds.
func TestGrows(t *testing.T) {
	for _, c := range []struct {
		name, stage string
		most        float64 // people a day
		says        string
	}{
		{"beds", "kind: beds, places: {a: {contract: block, beds: 20}}, stay: 90 days, next: home", 20.0 / 90, "for 20 beds of 90 days is 1"},
		{"beds with turnover", "kind: beds, places: {a: {contract: block, beds: 20, turnover: 10 days}}, stay: 90 days, next: home", 0.2, "20 beds of 100 days"},
		{"beds and some spot", "kind: beds, places: {a: {contract: block, beds: 2}, b: {contract: spot, beds: 3}}, stay: 10 days, next: home", 0.5, "5 beds of 10 days"},
		{"beds that a unit keeps for us", "kind: beds, places: {a: {contract: share, priority_beds: 2, of: 9, other_demand: {per_day: 0.79, stay: 10 days}}}, stay: 10 days, next: home", 0.2, "2 beds of 10 days"},
		{"beds that others leave to us", "kind: beds, places: {a: {contract: share, priority_beds: 2, of: 9, turnover: 2 days, other_demand: {per_day: 0.4, stay: 8 days}}}, stay: 8 days, next: home", 0.5, "5 beds of 10 days"},
		{"a shared unit without others", "kind: beds, places: {a: {contract: share, priority_beds: 2, of: 9}}, stay: 10 days, next: home", 0.9, "9 beds of 10 days"},
		{"nights bought", "kind: beds, places: {a: {contract: bed_nights, nights_per_year: 400}}, stay: 10 days, next: home", 40 / 365.25, "1.1 beds of 10 days"},
		{"more nights than beds", "kind: beds, places: {a: {contract: bed_nights, nights_per_year: 4000, beds: 2}}, stay: 10 days, next: home", 0.2, "2 beds of 10 days"},
		{"fewer beds later", "kind: beds, places: {a: {contract: block, beds: {2025-04-01: 6, 2025-10-01: 4, 2026-10-01: 9}}}, stay: 10 days, next: home", 0.4, "4 beds of 10 days"},
		{"beds that close for good", "kind: beds, places: {a: {contract: block, beds: 6}, b: {contract: block, beds: 3, until: 2026-01-01}}, stay: 10 days, next: home", 0.6, "6 beds of 10 days"},
		{"longer stays", "kind: beds, places: {a: {contract: block, beds: 6}}, stay: 10 days, extension: {share: 50%, adds: 4 days}, next: home", 0.5, "6 beds of 12 days"},
		{"people who wait to leave", "kind: beds, places: {a: {contract: block, beds: 6}}, stay: 10 days, stays_on_for: {home: 4 days}, next: {home: 50%, community: rest}", 0.5, "6 beds of 12 days"},
		{"beds left early", "kind: beds, places: {a: {contract: block, beds: 1}}, stay: {exponential: {mean: 10 days}}, unplanned_discharge: {exponential: {mean: 10 days}}, next: home", 0.2, "1 bed of"},
		{"beds come back to", "kind: beds, places: {a: {contract: block, beds: 1}}, stay: 10 days, next: {first: 50%, home: rest}", 0.05, "1 bed of 10 days"},
		{"panel", "kind: panel, meets: {every: 2 weeks}, cases: 7, decides: {defer: 20%, approve: rest}, next: home", 0.4, "7 cases every 14 days, each heard 1.25 times"},
		{"panel with a fast track", "kind: panel, meets: {every: 2 weeks}, cases: 7, fast_track: {share: 50%}, decides: {defer: 20%, approve: rest}, next: home", 0.5 / 0.75, "each heard 0.75 times"},
		{"rolling group", "kind: group, meets: {every: 1 week}, size: {max: 10}, sessions: 5, next: home", 10.0 / 35, "10 places of 35 days"},
		{"rolling group, fortnightly", "kind: group, meets: {every: 2 weeks}, size: {max: 10}, sessions: 5, next: home", 10.0 / 42, "10 places of 42 days"},
		{"rolling group that people leave", "kind: group, meets: {every: 1 week}, size: {max: 10}, sessions: 2, leaves: 50%, next: home", 10.0 / 10.5, "10 places of 10.5 days"},
		{"closed group", "kind: group, meets: {every: 2 weeks}, size: {max: 7}, intake: closed, next: home", 0.5, "7 places every 14 days"},
		{"delay with places", "kind: delay, takes: 10 days, places: 3, next: home", 0.3, "3 places of 10 days"},
		{"aftercare", "kind: aftercare, lasts: 10 days, places: 3, next: home", 0.3, "3 places of 10 days"},
	} {
		if said := grows(t, c.most*0.98, c.stage); said != "" {
			t.Errorf("%s: at 98%% it says %q", c.name, said)
		}
		said := grows(t, c.most*1.02, c.stage)
		if !strings.Contains(said, c.says) || !strings.Contains(said, "and nobody gives up: the list grows without end") {
			t.Errorf("%s: at 102%% it says %q, want %q in it", c.name, said, c.says)
		}
		if said := grows(t, c.most*2, c.stage+", drops_out_after: 30 days"); said != "" {
			t.Errorf("%s: people give up, yet it says %q", c.name, said)
		}
		if said := grows(t, c.most*2, c.stage+", list_max: 3"); said != "" {
			t.Errorf("%s: the list is short, yet it says %q", c.name, said)
		}
		if said := grows(t, c.most*2, c.stage+", drops_out_after: never"); said == "" {
			t.Errorf("%s: people never give up, and it says nothing", c.name)
		}
		if said := grows(t, c.most*2, c.stage+", drops_out_after: 30 days, keep_in_touch: 0"); said == "" {
			t.Errorf("%s: nobody gives up when kept in touch so, and it says nothing", c.name)
		}
	}
}

// TestGrowsBesides warns of others who fill a unit, of people whom no place takes, and of beds that end.
func TestGrowsBesides(t *testing.T) {
	unit := "kind: beds, places: {a: {contract: share, priority_beds: 2, of: 4, turnover: 1 day, other_demand: {per_day: %v, stay: 9 days}}}, stay: 10 days, next: home"
	if said := grows(t, 0.1, fmt.Sprintf(unit, 0.39)); said != "" {
		t.Errorf("others nearly fill the unit: %q", said)
	}
	if said := grows(t, 0.1, fmt.Sprintf(unit, 0.5)); !strings.HasPrefix(said, "first at a: others alone, 0.5 a day for 4 beds of 10 days, are 125% of what there is room for") {
		t.Errorf("others fill the unit: %q", said)
	}
	few := "kind: beds, places: {a: {contract: spot, suits: 90%}, b: {contract: spot, suits: 80%, assesses: {refuses: 50%}}}, stay: 10 days, next: home"
	if said := grows(t, 1, few); !strings.HasPrefix(said, "first: no place takes 21.9 people a year") {
		t.Errorf("6%% of 365.25 people are taken by no place: %q", said)
	}
	if said := grows(t, 1, few+", drops_out_after: 30 days"); said != "" {
		t.Errorf("they give up: %q", said)
	}
	parts := "kind: beds, places: {a: {contract: block, beds: 8, suits: {women: 0%, else: 100%}}, b: {contract: block, beds: 1}}, stay: 12 days, next: home"
	for perDay, want := range map[float64]string{
		0.16: "",
		0.17: "first: 0.085 people a day whom nothing but b suits, for 1 bed of 12 days, are 102% of what there is room for, and they do not give up",
	} {
		if said := grows(t, perDay, parts, "traits: {women: 50%}"); !strings.HasPrefix(said, want) || said != "" && want == "" {
			t.Errorf("half of %g a day suit 1 bed: %q", perDay, said)
		}
	}
	if said := grows(t, 0.17, parts+", drops_out_after: 30 days", "traits: {women: 50%}"); said != "" {
		t.Errorf("they give up: %q", said)
	}
	funded := "kind: beds, places: {a: {contract: spot, per_night: £100}}, stay: 10 days, next: home"
	grant := "budgets: {grant: {per_year: £3,700, pays_for: [first], when_spent: %s}}"
	for perDay, want := range map[float64]string{
		0.0101: "",
		0.0102: "grant: 3.73 placements a year of people who do not give up cost £3,726 at least, more than its £3,700",
	} {
		if said := grows(t, perDay, funded, fmt.Sprintf(grant, "hold_admissions")); !strings.HasPrefix(said, want) || said != "" && want == "" {
			t.Errorf("%g a day for £1,000 each: %q", perDay, said)
		}
	}
	for _, does := range []string{grows(t, 1, funded, fmt.Sprintf(grant, "overspend")), grows(t, 1, funded+", drops_out_after: 30 days", fmt.Sprintf(grant, "hold_admissions"))} {
		if does != "" {
			t.Errorf("nobody is held back for good: %q", does)
		}
	}
	staffed := "kind: delay, takes: 10 days, opens_case_with: workers, next: second"
	for perDay, want := range map[float64]string{
		0.136: "",
		0.141: "workers: 0.141 cases a day of 21.7 days at least, before any waiting, are 102% of the 3 cases that there can be, and nobody gives up",
	} {
		// 10 days, and two sessions a week apart, after the first of which 1 in 3 leave.
		if said := grows(t, perDay, staffed, "  second: {kind: group, meets: {every: 1 week}, size: {max: 90}, sessions: 2, leaves: 33%, next: home}", "staff: {workers: {caseload: 3}}"); !strings.HasPrefix(said, want) || said != "" && want == "" {
			t.Errorf("%g a day with a case of 21.7 days: %q", perDay, said)
		}
	}
	if said := grows(t, 0.4, staffed+", drops_out_after: 30 days", "  second: {kind: aftercare, lasts: 1 day, next: home}", "staff: {workers: {caseload: 3}}"); said != "" {
		t.Errorf("they give up before they have a case: %q", said)
	}
	none := "kind: beds, places: {a: {contract: block, beds: {2025-04-01: 6, 2025-10-01: 0}}}, stay: 10 days, next: home"
	if said := grows(t, 0.1, none); !strings.Contains(said, "first: 0.1 people a day come to no beds at the end of the run, and nobody gives up") {
		t.Errorf("no beds in the end: %q", said)
	}
	for _, name := range []string{"testdata/everything.yaml", "testdata/clinic.yaml"} {
		for _, w := range mustLoad(t, name).Warnings {
			if w.Code == "grows" {
				t.Errorf("%s: %s", name, w.Text)
			}
		}
	}
}

// TestOvercommitted warns of a budget that its contracts use up whoever sleeps there.
func TestOvercommitted(t *testing.T) {
	text := func(perYear, whenSpent string) string {
		return "name: x\nmeasure: 1 year\nreferrals: {all: {per_year: 10, enters: ward}}\n" +
			"budgets: {grant: {per_year: " + perYear + ", pays_for: [ward], when_spent: " + whenSpent + "}}\n" +
			"pathway:\n  ward:\n    kind: beds\n    stay: 10 days\n    drops_out_after: 9 days\n    next: home\n    places:\n" +
			"      unit: {contract: block, beds: 2, per_night: £100}\n      any: {contract: spot, per_night: £120, per_year: £1,000}\n"
	}
	for _, c := range []struct{ perYear, whenSpent, said string }{
		{"£74,000", "overspend", ""}, // 2 x 365 x £100, and £1,000
		{"£73,999", "overspend", "grant: its contracts alone cost £74,000 a year, more than its £73,999"},
		{"£60,000", "hold_admissions", "grant: its contracts alone cost £74,000 a year, more than its £60,000, so that nobody is funded for a bed that costs more"},
	} {
		s, err := Parse("x.yaml", []byte(text(c.perYear, c.whenSpent)))
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		for _, w := range s.Warnings {
			if w.Code == "overcommitted" {
				said = w.Text
			}
		}
		if !strings.HasSuffix(said, c.said) || c.said == "" && said != "" {
			t.Errorf("%s: it says %q, not %q", c.perYear, said, c.said)
		}
	}
}

// TestEmptyUnit warns of a shared unit that starts without the others.
func TestEmptyUnit(t *testing.T) {
	text := "name: x\nwarm_up: 0 days\nmeasure: 1 year\nreferrals: {all: {per_year: 10, enters: ward}}\n%s" +
		"pathway:\n  ward: {kind: beds, stay: 10 days, drops_out_after: 9 days, next: home, places: {unit: " +
		"{contract: share, priority_beds: 1, of: 4, per_night: £100, other_demand: {per_week: 1, stay: 10 days}}}}\n"
	for start, want := range map[string]int{"": 0, "start_with: {waiting: {ward: 2}}\n": 1} {
		s, err := Parse("x.yaml", []byte(fmt.Sprintf(text, start)))
		if err != nil {
			t.Fatal(err)
		}
		said := 0
		for _, w := range s.Warnings {
			if w.Code == "empty_unit" && strings.Contains(w.Text, "its first 30 days or so") {
				said++
			}
		}
		if said != want {
			t.Errorf("%q: %d warnings, not %d: %v", start, said, want, s.Warnings)
		}
	}
}

// TestGrowsNot has room without end.
func TestGrowsNot(t *testing.T) {
	for _, stage := range []string{
		"kind: beds, places: {a: {contract: block, beds: unlimited}}, stay: 90 days, next: home",
		"kind: beds, places: {a: {contract: block, beds: 1}, b: {contract: spot}}, stay: 90 days, next: home",
		"kind: panel, meets: {every: 2 weeks}, next: home",
		"kind: group, meets: {every: 2 weeks}, size: {max: unlimited}, next: home",
		"kind: group, starts_when: {people: 3}, size: {max: 3}, next: home",
		"kind: delay, takes: 90 days, next: home",
		"kind: aftercare, lasts: 90 days, next: home",
	} {
		if said := grows(t, 50, stage); said != "" {
			t.Errorf("%s: it says %q", stage, said)
		}
	}
}

// TestGrowsDownstream counts what comes through, and who comes back.
func TestGrowsDownstream(t *testing.T) {
	beds := func(n int) string {
		return fmt.Sprintf("  beds: {kind: beds, places: {a: {contract: block, beds: %d}}, stay: 10 days, next: home}", n)
	}
	full := "kind: panel, meets: {every: 1 week}, cases: 7, next: beds"
	if said := grows(t, 3, full, beds(11)); strings.Contains(said, "beds:") || !strings.Contains(said, "first: 3 people a day") {
		t.Errorf("a panel lets one a day through to 11 beds of 10 days: %q", said)
	}
	if said := grows(t, 3, full, beds(9)); !strings.Contains(said, "beds: 1 person a day for 9 beds of 10 days is 111% of what there is room for") {
		t.Errorf("a panel lets one a day through to 9 beds of 10 days: %q", said)
	}
	delay := "kind: delay, takes: {exponential: {mean: 10 days}}, drops_out_after: {exponential: {mean: 10 days}}, next: beds"
	if said := grows(t, 1.9, delay, beds(10)); said != "" {
		t.Errorf("half give up in the delay: %q", said)
	}
	if said := grows(t, 2.1, delay, beds(10)); !strings.Contains(said, "beds: 1.05 people") {
		t.Errorf("half give up in the delay: %q", said)
	}
	// Of a list on which people die a hundredth part is lost in a year: it grows all along. If all are, it does not.
	if said := grows(t, 2, full, beds(10), "deaths: {waiting: 0.01}"); said == "" {
		t.Error("nothing is said of a list that a few deaths do not empty")
	}
	if said := grows(t, 2, full, beds(10), "deaths: {waiting: 1}"); said != "" {
		t.Errorf("a list that deaths empty: %q", said)
	}
	back := "relapse: {after: 30 days, never: 20%, returns: {share: 50%, to: first}}" // 0.8 x 0.5 = 40% come again
	if said := grows(t, 0.59, "kind: delay, takes: 1 day, next: beds", beds(10), back); said != "" {
		t.Errorf("0.59 a day and returns: %q", said)
	}
	// Ten beds of ten days let one a day through, so 0.4 a day return beside 0.61.
	if said := grows(t, 0.61, "kind: delay, takes: 1 day, next: beds", beds(10), back); !strings.Contains(said, "beds: 1.01 people a day") {
		t.Errorf("0.61 a day and returns: %q", said)
	}
}

// TestRace holds the sum against two exponential laws, whose race is known.
func TestRace(t *testing.T) {
	a, _ := dist.Exponential(10)
	b, _ := dist.Exponential(30)
	loses, sooner := race(a, b)
	if math.Abs(loses-0.25) > 0.003 || math.Abs(sooner-7.5) > 0.1 {
		t.Errorf("race: %v and %v, want 0.25 and 7.5", loses, sooner)
	}
	fixed, _ := dist.Fixed(10)
	loses, sooner = race(fixed, b)
	if want := 1 - math.Exp(-1.0/3); math.Abs(loses-want) > 1e-9 || math.Abs(sooner-30*want) > 0.01 {
		t.Errorf("race: %v and %v, want %v and %v", loses, sooner, want, 30*want)
	}
}

// TestNobodyComes says so where every rate is 0.
func TestNobodyComes(t *testing.T) {
	for perDay, want := range map[string]string{"0": "[{unreached referrals referrals: nobody ever comes, for every rate is 0}]", "0.1": "[]"} {
		s, err := Parse("x.yaml", []byte("measure: 1 year\nreferrals: {gp: {per_day: "+perDay+", enters: a}}\npathway:\n  a: {kind: delay, takes: 1 day, next: home}\n"))
		if err != nil || fmt.Sprint(s.Warnings) != want {
			t.Errorf("%s a day: %v (%v)", perDay, s.Warnings, err)
		}
	}
}

// TestWarnings says what is normalised and what nobody reaches, and nothing else.
func TestWarnings(t *testing.T) {
	s, err := Parse("x.yaml", []byte(`
measure: 1 year
referrals: {gp: {per_day: 1, by_weekday: {sat: 0, sun: 0}, by_month: {jan: 1}, enters: a}}
pathway:
  a: {kind: delay, takes: 1 day, next: home}
  b: {kind: delay, takes: 1 day, next: a}
`))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(s.Warnings)
	want := "[{normalised referrals.gp.by_weekday the factors average 0.714, so each is divided by that: the yearly number stays as given} {unreached pathway.b b: nobody is ever sent there}]"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	s, err = Parse("x.yaml", []byte(`
measure: 1 year
referrals: {gp: {per_day: 1, enters: a}}
pathway:
  a: {kind: delay, takes: 1 day, drops_out_after: 9 days, next: {b: 50%, home: rest}}
  b: {kind: beds, places: {p: {contract: block, beds: 3, per_night: 1}}, stay: 1 day, unplanned_discharge: 9 days, next: {completed: c, unplanned: home}}
  c: {kind: panel, meets: {every: 7 days}, cases: 6, drops_out_after: 9 days, next: b}
`))
	if got := fmt.Sprint(s.Warnings, err); strings.Count(got, "{rounds pathway.") != 2 || !strings.Contains(got, "{rounds pathway.b b: whoever completes every stage from there on comes back to it") {
		t.Errorf("people who go round for ever: %s", got)
	}
	for _, info := range List() {
		s := mustLoad(t, info.Name)
		if len(s.Warnings) > 0 {
			t.Errorf("%s warns: %v", info.Name, s.Warnings)
		}
	}
}

// TestWarnsOfContracts warns of clients who pay more than their nights cost, and not of a contract by its price alone that
// runs for a part of the time.
func TestWarnsOfContracts(t *testing.T) {
	for terms, code := range map[string]string{
		"beds: 2, contribution: £700 per week":                       "",
		"beds: 2, contribution: £701 per week":                       "contribution",
		"beds: 3":                                                    "overcommitted",
		"beds: 3, until: 2025-08-01":                                 "",
		"beds: 3, closures: [{from: 2025-05-01, until: 2025-08-01}]": "",
		"beds: {2025-04-01: 3, 2025-05-01: 1}":                       "",
	} {
		s, err := Parse("x.yaml", []byte("name: x\nstart: 2025-04-01\nmeasure: 1 year\nreferrals: {all: {per_year: 10, enters: ward}}\n"+
			"budgets: {grant: {per_year: £74000, pays_for: [ward]}}\n"+
			"pathway:\n  ward:\n    kind: beds\n    stay: 10 days\n    drops_out_after: 9 days\n    next: home\n    places:\n"+
			"      unit: {contract: block, per_night: £100, "+terms+"}\n      any: {contract: spot, per_night: £120}\n"))
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		for _, w := range s.Warnings {
			if w.Code == "contribution" || w.Code == "overcommitted" {
				said += w.Code
			}
		}
		if said != code {
			t.Errorf("%s: warns of %q, not %q", terms, said, code)
		}
	}
}
