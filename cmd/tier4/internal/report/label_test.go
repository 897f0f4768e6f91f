package report

import (
	"testing"

	"tier4/scenarios"
	"tier4/sim"
)

// Every figure of every scenario that comes with the tool has words of its own.
func TestEveryFigureHasItsLabel(t *testing.T) {
	for _, info := range scenarios.List() {
		s, err := scenarios.Load(info.Name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := sim.Compile(s.Spec)
		if err != nil {
			t.Fatal(err)
		}
		distinctLabels(t, m)
	}
}

// distinctLabels holds that every figure of a model has words, and no other has the same.
func distinctLabels(t *testing.T, m *sim.Model) {
	t.Helper()
	of := map[string]string{}
	for _, f := range m.Figures() {
		words := Label(f.ID)
		if words == f.ID && f.ID != "completed" {
			t.Errorf("%s has no label", f.ID)
		}
		if other, taken := of[words]; taken {
			t.Errorf("%s and %s are both %q", f.ID, other, words)
		}
		of[words] = f.ID
	}
}

func TestLabels(t *testing.T) {
	for id, want := range map[string]string{
		"rehab.admitted.wait.mean":        "average wait for rehab, those who got in",
		"reached.rehab.within_42_days":    "reached rehab within 42 days, of all referred",
		"rehab.in_use.p95":                "places of rehab that are enough 95% of the time",
		"cost.void":                       "paid for beds nobody slept in",
		"cost.rehab":                      "cost of rehab",
		"well_6_months@opiates":           "well 6 months later, of completers; opiates only",
		"rehab.admissions.chatham-house":  "admissions to rehab at chatham house",
		"price.riverside.per_used_night":  "a night slept at riverside, all in",
		"price.our-unit.per_used_night":   "a night slept at our unit, all in",
		"something.that.nobody.foresaw.x": "something.that.nobody.foresaw.x",
	} {
		if got := Label(id); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}
