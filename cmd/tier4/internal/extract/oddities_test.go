package extract

import (
	"slices"
	"strings"
	"testing"

	"tier4/scenarios"
)

// withoutPanel is a scenario for the example that has no panel.
func withoutPanel(t *testing.T) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Parse("nopanel.yaml", []byte(`
name: Without a panel
start: 2022-04-01
measure: 1096 days
cohorts: [opiates, alcohol, non-opiates]
referrals:
  community: {per_year: {opiates: 60, alcohol: 60, non-opiates: 20}, enters: assessment}
pathway:
  assessment: {kind: delay, takes: {fixed: 14 days}, next: preparation}
  preparation: {kind: group, meets: {every: 1 week, on: Wednesday}, size: {max: 16}, intake: rolling, sessions: 6, next: {detox: 60%, rehab: rest}}
  detox: {kind: beds, places: {unit: {contract: block, beds: 3, per_night: £350}}, stay: {fixed: 9 days}, next: rehab}
  rehab: {kind: beds, places: {unit: {contract: block, beds: 10, per_night: £130}}, stay: {fixed: 84 days}, next: aftercare}
  aftercare: {kind: aftercare, lasts: 26 weeks, next: home}
`))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What a panel decided is no reason of closing where the scenario has no panel, nor where it stands before one.
func TestTheReasonOfClosingIsTheOneOfClosing(t *testing.T) {
	for _, one := range []struct {
		name    string
		headers map[string]string
		want    string
	}{
		{"beside a decision", nil, "reason: closed_reason"},
		{"beside an outcome of another kind", map[string]string{"panel_outcome": "outcome"}, "reason: closed_reason"},
		{"none at all", map[string]string{"closed_reason": "remarks"}, "reason: none"},
		{"beside the reason of coming", map[string]string{"panel_outcome": "reason for referral"}, "reason: closed_reason"},
	} {
		t.Run(one.name, func(t *testing.T) {
			rows := cells(t)
			for j, h := range rows[0] {
				if other, ok := one.headers[h]; ok {
					rows[0][j] = other
				}
			}
			r := mustRead(t, asText(rows, ','), Options{Scenario: withoutPanel(t)})
			if !strings.Contains(r.Columns, "\n  "+one.want+"\n") || r.Rows() > 0 {
				t.Errorf("%d of %d rows set aside, not `%s`:\n%s", r.Rows(), r.Read, one.want, r.Columns)
			}
		})
	}
	if r := mustRead(t, asText(cells(t), ','), Options{Scenario: withoutPanel(t)}); !slices.Contains(r.Unused, "panel_outcome") {
		t.Errorf("unused: %v", r.Unused)
	}
}
