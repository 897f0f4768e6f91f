package report

import (
	"slices"
	"strings"
	"testing"

	"tier4/sim"
	"tier4/sim/stats"
)

// Whoever is lost at a step that only one of two scenarios has is counted, and every column adds up.
func TestWherePeopleAreLostAddsUp(t *testing.T) {
	s := invented()
	other := s.Findings.Summaries[1]
	other.Estimates = slices.DeleteFunc(slices.Clone(other.Estimates), func(e sim.Estimate) bool { return e.ID == "lost.panel.declined" })
	other.Estimates = append(other.Estimates, sim.Estimate{
		Figure: sim.Figure{ID: "lost.hostel.unplanned", Unit: sim.UnitPeoplePerYear}, Estimate: stats.Estimate{Value: 2.8, Low: 2.5, High: 3.1},
	})
	table := s.lostTable()
	want := [][]string{
		{"Declined by panel and went no further", "4", "4 fewer"},
		{"Left rehab early and went no further", "13", "3 more"},
		{"Left hostel early and went no further", "0", "3 more"},
		{"All together", "17", "2 more"},
	}
	if !slices.EqualFunc(table.Rows, want, slices.Equal) {
		t.Errorf("%q", table.Rows)
	}
	if lines := strings.Join(s.lostDifference(0), "; "); !strings.HasPrefix(lines, "4 fewer declined by panel") || !strings.HasSuffix(lines, "3 more left hostel early and went no further") {
		t.Error(lines)
	}
}
