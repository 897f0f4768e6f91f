//go:build long

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"
)

// calibratedArea calibrates the example to its extract, and gives what was found by path.
func calibratedArea(t *testing.T, calibrate string, more ...string) map[string]foundNumber {
	t.Helper()
	const area = "../../calibration/testdata/observed-a"
	var out, err bytes.Buffer
	begun := time.Now()
	args := append([]string{"calibrate", area + ".scenario.yaml", area + ".csv", "--format", "json", "--set", "calibrate=" + calibrate}, more...)
	if exit := command(context.Background(), nil, &out, &err, args); exit != 0 {
		t.Fatalf("exit %d: %s", exit, err.String())
	}
	var d struct {
		Plays      int           `json:"histories_played"`
		Parameters []foundNumber `json:"parameters"`
	}
	if err := json.Unmarshal(out.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d histories in %s", d.Plays, time.Since(begun).Round(time.Second))
	by := map[string]foundNumber{}
	for _, p := range d.Parameters {
		t.Logf("%-60s %.4g (%.4g to %.4g), identified %v", p.Path, p.Mean, p.Low, p.High, p.Identified)
		by[p.Path] = p
	}
	return by
}

type foundNumber struct {
	Path            string
	Mean, Low, High float64
	Identified      bool
	Why             string
	Seen            bool `json:"seen_directly"`
}

// The truth behind the example is in observed-a.truth.json. Two of its numbers are missed by what chance did: the
// shape of leaving rehab early, and how many non-opiate users go on to rehab from detox.
func TestTheExampleIsFoundOut(t *testing.T) {
	by := calibratedArea(t, `{
		pathway.detox.places.unit.beds: {integer: {from: 1, to: 6}}, pathway.rehab.places.unit.beds: {integer: {from: 4, to: 16}},
		pathway.panel.cases: {integer: {from: 4, to: 16}}, pathway.preparation.size.max: {integer: {from: 8, to: 30}},
		pathway.detox.places.any.found_in.exponential.mean: {uniform: {from: 2 days, to: 40 days}},
		pathway.rehab.places.any.found_in.exponential.mean: {uniform: {from: 2 days, to: 40 days}}}`)
	for path, want := range map[string]float64{
		"pathway.detox.places.unit.beds": 2, "pathway.rehab.places.unit.beds": 9, "pathway.panel.cases": 6, "pathway.preparation.size.max": 18,
		"pathway.detox.places.any.found_in.exponential.mean": 12, "pathway.rehab.places.any.found_in.exponential.mean": 14,
		"pathway.assessment.takes.lognormal.mean": 12, "pathway.assessment.takes.lognormal.sd": 9,
		"pathway.assessment.drops_out_after.exponential.mean": 110, "pathway.preparation.drops_out_after.exponential.mean": 90,
		"pathway.preparation.leaves": 0.02, "pathway.panel.drops_out_after.exponential.mean": 100,
		"pathway.detox.drops_out_after.exponential.mean": 70, "pathway.rehab.drops_out_after.exponential.mean": 55,
		"pathway.detox.unplanned_discharge.exponential.mean": 55, "pathway.rehab.unplanned_discharge.weibull.scale": 210,
		"pathway.detox.stay.opiates.lognormal.mean": 15, "pathway.rehab.stay.gamma.mean": 96, "pathway.rehab.stay.gamma.sd": 30,
		"pathway.notice.next.detox.opiates": 0.75, "pathway.notice.next.detox.alcohol": 0.85, "pathway.notice.next.detox.non-opiates": 0.1,
		"pathway.detox.next.completed.rehab.opiates": 0.7, "pathway.detox.next.completed.rehab.alcohol": 0.45,
	} {
		if f, ok := by[path]; !ok || f.Low > want || f.High < want {
			t.Errorf("%s is %g to %g, not %g", path, f.Low, f.High, want)
		}
	}
	for path, want := range map[string]bool{
		"pathway.detox.places.unit.beds": true, "pathway.rehab.places.unit.beds": true, "pathway.panel.cases": true, "pathway.preparation.size.max": true,
		"pathway.rehab.places.any.found_in.exponential.mean": false,
	} {
		if by[path].Identified != want {
			t.Errorf("%s is identified: %v; %s", path, by[path].Identified, by[path].Why)
		}
	}
}

// Half a year of aftercare does not tell who never relapses from who does so late.
func TestNeverIsNotIdentified(t *testing.T) {
	by := calibratedArea(t, `{
		relapse.never.completed: {uniform: {from: 0, to: 0.9}},
		relapse.after.completed.weibull.scale: {uniform: {from: 50 days, to: 2000 days}}}`,
		"--set", "relapse={after: {completed: {weibull: {shape: 0.8, scale: 480 days}}}, never: {completed: 30%}}",
		"--set", "pathway.aftercare.next={completed: home, relapsed: relapse}",
		"--set", "pathway.detox.places.unit.beds=2", "--set", "pathway.rehab.places.unit.beds=9", "--set", "pathway.panel.cases=6",
		"--particles", "400", "--acceptance", "5%")
	if f := by["relapse.never.completed"]; f.Identified {
		t.Errorf("never: %g to %g", f.Low, f.High)
	}
}
