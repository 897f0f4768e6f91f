package report

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tier4/scenarios"
	"tier4/sim"
	"tier4/sim/stats"
)

var update = flag.Bool("update", false, "write the golden files anew")

// invented is a study whose numbers nobody simulated.
func invented() *Study {
	spec := sim.Spec{
		Start: time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC), WarmUp: 365, Measure: 1096,
		Stages: []sim.Stage{
			{Name: "panel", Kind: sim.PanelKind},
			{Name: "rehab", Kind: sim.BedsKind, Beds: &sim.Beds{Places: []sim.Place{{Name: "the-hill"}, {Name: "any"}}}},
		},
	}
	figure := func(id, unit string, v, half float64) sim.Estimate {
		return sim.Estimate{
			Figure: sim.Figure{ID: id, Unit: unit}, Replications: 100, HasYear: true, YearP5: v * 0.8, YearP95: v * 1.25,
			Estimate: stats.Estimate{Value: v, Low: v - half, High: v + half, N: 100},
		}
	}
	base := &sim.Summary{
		Replications: 100,
		Estimates: []sim.Estimate{
			figure("referrals", sim.UnitPeoplePerYear, 93.8, 0.7),
			figure("panel.admitted.wait.mean", sim.UnitDays, 17.2, 0.2),
			figure("panel.dropped_out", sim.UnitShare, 0.16, 0.004),
			figure("lost.panel.declined", sim.UnitPeoplePerYear, 4.2, 0.1),
			figure("rehab.admitted.wait.mean", sim.UnitDays, 10.5, 0.4),
			figure("rehab.admissions", sim.UnitPeoplePerYear, 26.2, 0.3),
			figure("rehab.occupancy", sim.UnitShare, 0.874, 0.006),
			figure("lost.rehab.unplanned", sim.UnitPeoplePerYear, 13.3, 0.3),
			figure("reached.rehab", sim.UnitShare, 0.264, 0.0025),
			figure("completed", sim.UnitShare, 0.262, 0.003),
			figure("cost", sim.UnitPoundsPerYear, 557_400, 1800),
			{Figure: sim.Figure{ID: "rehab.waiting.max", Unit: sim.UnitPeople, Horizon: true}, Replications: 100, Estimate: stats.Estimate{Value: 7, Low: 6, High: 8, N: 100}},
		},
		Absent:        []sim.Absent{{ID: "well_6_months", Why: "the scenario says nothing of relapse after a bed"}},
		Distributions: []sim.Distribution{{ID: "rehab.in_use", Shares: []float64{0.25, 0.75}}},
		Series:        []sim.Series{{ID: "rehab.waiting", Months: []string{"2026-04"}, Mean: []float64{0.9}, P5: []float64{0}, P95: []float64{3}}},
		Statements: []sim.Statement{
			{
				Year: "2026-27", From: "2026-04-01", To: "2027-03-31", Stage: "rehab", Place: "the-hill", Contract: "block", Held: 730, Bought: 730, Used: 638.4, Void: 91.6,
				Admissions: 13.2, ShareOfAdmissions: 0.51, Total: 109_500, Contribution: 8_208.5, Net: 101_291.5, Unused: 13_740, PerUsedNight: 171.52,
			},
			{
				Year: "2026-27", From: "2026-04-01", To: "2027-03-31", Stage: "rehab", Place: "any", Contract: "spot", Bought: 60.5, Used: 60.5,
				Admissions: 12.8, ShareOfAdmissions: 0.49, Total: 10_890.4, Contribution: 777.5, Net: 10_112.9, PerUsedNight: 180.01,
			},
			{Year: "2027-28", From: "2027-04-01", To: "2027-09-30", Stage: "panel", Total: 2_310.4, Net: 2_310.4},
		},
		Warnings: []sim.Warning{{Code: "unstable", Figure: "panel.waiting.mean", Text: "the list of panel still grows"}},
	}
	other := &sim.Summary{Replications: 100, Estimates: base.Estimates}
	differs := func(id, unit string, v, d, half float64, verdict stats.Verdict) sim.Difference {
		return sim.Difference{
			Figure: sim.Figure{ID: id, Unit: unit}, BaseValue: v, OtherValue: v + d, AdjustedP: 0.01, Verdict: verdict,
			Difference: stats.Difference{VarianceReduction: 2.5, P: 0.001, Same: d == 0, Estimate: stats.Estimate{Value: d, Low: d - half, High: d + half, N: 100}},
		}
	}
	return &Study{
		Version: "v1", Seed: 7, Asked: 100, Names: []string{"base", "more"},
		Scenarios: []*scenarios.Scenario{
			{Name: "Base", About: "As today", Hash: "b", Spec: spec, Matters: []scenarios.Matter{{Figure: "cost", Amount: 10_000, Unit: "£"}}},
			{
				Name: "More", About: "Two more beds", Hash: "m", Spec: spec, Extends: "base",
				Changes: []scenarios.Change{{Path: "pathway.rehab.places.the-hill.beds", From: "4", To: "6"}},
			},
		},
		Findings: &sim.Findings{
			Replications: 100, Summaries: []*sim.Summary{base, other},
			Comparisons: []*sim.Comparison{{Base: base, Other: other, Differences: []sim.Difference{
				differs("panel.admitted.wait.mean", sim.UnitDays, 17.2, 0, 0, stats.NoClear),
				differs("rehab.admitted.wait.mean", sim.UnitDays, 10.5, -4.12, 0.2, stats.Better),
				differs("lost.rehab.unplanned", sim.UnitPeoplePerYear, 13.3, 2.6, 0.3, stats.Worse),
				differs("reached.rehab", sim.UnitShare, 0.264, 0.031, 0.002, stats.Better),
				differs("completed", sim.UnitShare, 0.262, 0.001, 0.002, stats.NoClear),
				differs("cost", sim.UnitPoundsPerYear, 557_400, 4_100, 900, stats.TooSmall),
			}}},
		},
	}
}

func TestGolden(t *testing.T) {
	both, one := invented(), invented()
	one.Scenarios, one.Findings.Summaries, one.Findings.Comparisons = one.Scenarios[:1], one.Findings.Summaries[:1], nil
	for name, write := range map[string]func(io.Writer) error{
		"run.txt":      func(w io.Writer) error { return one.Page().Text(w, 100) },
		"compare.txt":  func(w io.Writer) error { return both.Page().Text(w, 100) },
		"compare.json": both.JSON,
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s differs; if it should, run with -update and read the difference:\n%s", name, &b)
		}
	}
}
