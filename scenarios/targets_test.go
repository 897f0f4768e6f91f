package scenarios

import (
	"strings"
	"testing"

	"tier4/sim"
)

func TestTargets(t *testing.T) {
	for _, c := range []struct {
		text, figure  string
		least, strict bool
		amount        float64
		unit          string
		give          float64
	}{
		{"reached.rehab.within_84_days >= 60%", "reached.rehab.within_84_days", true, false, 0.6, "share", 0},
		{"reached.rehab@opiates≥0.6", "reached.rehab@opiates", true, false, 0.6, "", 0},
		{"cost <= £500,000", "cost", false, false, 500000, "£", 0},
		{"cost<500000 a year", "cost", false, true, 500000, "£", 0},
		{"rehab.admitted.wait.mean at most 3 weeks", "rehab.admitted.wait.mean", false, false, 21, "days", 0},
		{"rehab.admitted.wait.mean below 21", "rehab.admitted.wait.mean", false, true, 21, "days", 0},
		{"rehab.completed > 12", "rehab.completed", true, true, 12, "", 0},
		{"budget.rehab-social-care.overspend_probability <= 5% give or take 2%", "budget.rehab-social-care.overspend_probability", false, false, 0.05, "share", 0.02},
		{"cost at most £500,000 ± £5,000", "cost", false, false, 500000, "£", 5000},
	} {
		got, err := ParseTarget("--target", 1, c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got.Figure != c.figure || got.AtLeast != c.least || got.Strict != c.strict || got.Amount != c.amount || got.Unit != c.unit || got.Tolerance != c.give {
			t.Errorf("%s: %+v", c.text, got)
		}
	}
	for text, want := range map[string]string{
		"reached.rehab":               "--target:3:1: `reached.rehab` is not a target; write `reached.rehab.within_84_days >= 60%`",
		"reached.rehab = 60%":         "which no average ever is; write `>=` or `<=`",
		"reached.rehab >= 160%":       "a share lies from 0% to 100%",
		"reached.rehab > 100%":        "can never be met",
		"cost =< 5":                   "did you mean `<=`?",
		"reached.rehab => 60%":        "did you mean `>=`?",
		"cost < £0":                   "can never be met",
		"cost <= 3 dasy":              "is not an amount",
		"cost <= £-5":                 "negative price",
		"cost <= £5 give or take £0":  "gives or takes nothing",
		"cost <= £5 give or take two": "is not an amount",
	} {
		_, err := ParseTarget("--target", 3, text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	s := mustLoad(t, "testdata/clinic.yaml", "targets=[cost <= £900000, rehab.admitted.wait.mean at most 21 days]")
	if len(s.Targets) != 2 || s.Targets[1].Figure != "rehab.admitted.wait.mean" || s.Targets[1].Where() != "--set:1:27" {
		t.Errorf("targets of a scenario: %+v", s.Targets)
	}
	if _, err := Load("testdata/clinic.yaml", "targets=[reachd.rehab >= 3]"); err == nil || !strings.Contains(err.Error(), "did you mean `reached`?") {
		t.Errorf("an unknown figure: %v", err)
	}
}

// What the name of a figure tells of its unit is what a model says.
func TestPlainUnits(t *testing.T) {
	m, err := sim.Compile(mustLoad(t, "medway").Spec)
	if err != nil {
		t.Fatal(err)
	}
	if m, err = m.Measuring(m.KnownFigures()...); err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for _, f := range m.Figures() {
		if got := plainUnit(f.ID); got != "" {
			if told[got]++; got != f.Unit {
				t.Errorf("%s is counted in %s, and its name tells %s", f.ID, f.Unit, got)
			}
		}
	}
	for _, unit := range []string{"£/year", "share", "days"} {
		if told[unit] < 10 {
			t.Errorf("only %d figures tell %s", told[unit], unit)
		}
	}
}
