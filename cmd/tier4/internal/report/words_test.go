package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tier4/scenarios"
	"tier4/scenarios/explore"
	"tier4/sim"
	"tier4/sim/stats"
)

// One option is spoken of as one, and several as several.
func TestOneOptionIsSpokenOfAsOne(t *testing.T) {
	warm, few := sim.Warning{Code: "short_warm_up"}, sim.Warning{Code: "few_replications"}
	p := Points{Scenario: &scenarios.Scenario{}, Options: make([]explore.Option, 7), Summaries: []*sim.Summary{
		{Warnings: []sim.Warning{warm, few, {Code: "no_statements"}}}, {Warnings: []sim.Warning{few}},
	}}
	if got, want := p.doubts(), []string{
		"Warning: 1 of 7 options seems to need a longer warm-up to fill.",
		"Warning: 2 of 7 options were played fewer than 30 times, so that intervals are rough.",
	}; !slices.Equal(got, want) {
		t.Errorf("says %q, want %q", got, want)
	}
}

// An option that no other is better than is not said to be so by £0.
func TestNoOtherOptionIsBetterByNothing(t *testing.T) {
	c := Choice{Confidence: 0.95, Figure: sim.Figure{Unit: sim.UnitPoundsPerYear}, Chosen: &explore.Chosen{Ending: explore.Spent}}
	if got := c.promise(); !strings.HasSuffix(got, "With 95% confidence no other option in question is better.") {
		t.Errorf("says %q", got)
	}
	c.Chosen.Within = 5_000
	if got := c.promise(); !strings.HasSuffix(got, "no other option in question is better by more than £5,000 a year.") {
		t.Errorf("says %q", got)
	}
}

// The occupancy of beds is a share of time, and said to be.
func TestBedsAreInUseForAShareOfTheTime(t *testing.T) {
	s := invented()
	rehab := s.Scenarios[0].Spec.Stages[1].Beds
	rehab.Places[0].Beds, rehab.Places[0].Until = 4, math.Inf(1)
	base := s.Findings.Summaries[0]
	base.Estimates = append(base.Estimates, sim.Estimate{Figure: sim.Figure{ID: "rehab.in_use.p95", Unit: sim.UnitBeds}, Estimate: stats.Estimate{Value: 6}})
	s.Scenarios, s.Findings.Summaries, s.Findings.Comparisons = s.Scenarios[:1], s.Findings.Summaries[:1], nil
	if got := strings.Join(s.answer(), " "); !strings.Contains(got, "6 beds of rehab would be enough on 95% of days (4 are held, in use 87.4% of the time)") {
		t.Errorf("says %q", got)
	}
}
