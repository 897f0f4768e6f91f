package calibration

import (
	"strings"
	"testing"

	"tier4/scenarios"
	"tier4/sim"
)

// clinicYAML is a small pathway whose histories play in a moment.
const clinicYAML = `
name: Clinic
start: 2021-04-05
warm_up: 2 years
measure: 2 years
cohorts: [opiates, alcohol]
referrals: {community: {per_year: {opiates: 60, alcohol: 50}, enters: assessment}}
pathway:
  assessment:
    kind: delay
    takes: {lognormal: {mean: 10 days, sd: 7 days}}
    drops_out_after: {exponential: {mean: 120 days}}
    next: panel
  panel:
    kind: panel
    meets: {every: 2 weeks, on: Tuesday}
    cases: 5
    decides: {approve: 90%, decline: 10%}
    drops_out_after: {exponential: {mean: 100 days}}
    next: rehab
  rehab:
    kind: beds
    places:
      unit: {contract: block, beds: 7, per_night: £130}
      any: {contract: spot, per_night: £160, look_after: 14 days, found_in: {exponential: {mean: 12 days}}}
    stay: {opiates: {gamma: {mean: 60 days, sd: 20 days}}, else: {gamma: {mean: 40 days, sd: 15 days}}}
    unplanned_discharge: {weibull: {shape: 0.8, scale: 200 days}}
    drops_out_after: {exponential: {mean: 60 days}}
    next: {completed: {home: 60%, community: rest}, unplanned: community}
calibrate:
  pathway.rehab.places.unit.beds: {integer: {from: 3, to: 14}}
  pathway.panel.cases: {integer: {from: 2, to: 12}}
  pathway.rehab.places.any.found_in.exponential.mean: {uniform: {from: 2 days, to: 40 days}}
`

// clinic is the scenario with settings.
func clinic(t testing.TB, sets ...string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Parse("clinic.yaml", []byte(clinicYAML), sets...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// blank is an extract of a scenario's measured time without rows: what an observer sees by.
func blank(s *scenarios.Scenario, by Selection) *Extract {
	x := &Extract{Cohorts: s.Spec.Cohorts, Sources: []string{"community"}, Contracts: []string{"block", "spot"}, SelectedBy: by}
	for _, one := range s.Spec.Stages {
		x.Stages = append(x.Stages, Stage{one.Name, one.Kind})
	}
	x.From = DayOf(s.Spec.Start) + Day(s.Spec.WarmUp)
	x.To = x.From + Day(s.Spec.Measure)
	x.Until = x.To
	return x
}

// extractOf plays a scenario once and observes it.
func extractOf(t testing.TB, s *scenarios.Scenario, seed uint64, by Selection) *Extract {
	t.Helper()
	longer, err := s.With("measure=" + daysText(s.Spec.Measure+1))
	if err != nil {
		t.Fatal(err)
	}
	m, err := sim.CompileOnce(longer.Spec, "referrals")
	if err != nil {
		t.Fatal(err)
	}
	o := NewObserver(blank(s, by), &longer.Spec)
	if err := sim.Trace(m, seed, after, o.Told); err != nil {
		t.Fatal(err)
	}
	return o.Extract()
}

func daysText(d sim.Days) string { return strings.TrimSpace(sprint(d)) + " days" }
