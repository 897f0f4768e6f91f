package report

import (
	"slices"
	"testing"

	"tier4/cmd/tier4/internal/office"
	"tier4/sim"
)

// Every number of the workbook is the study's, unrounded, and every row fits its heads.
func TestBookHoldsTheNumbers(t *testing.T) {
	s := playedWith(t, 20, 6)
	s.Sample = NewSample([]string{"cost", "completed"})
	for i := range s.Scenarios {
		_ = s.Sample.Add(s.Title(i), 1, []sim.Observation{
			{Figure: sim.Figure{ID: "completed", Unit: sim.UnitShare}, Value: 0.25, OK: true},
			{Figure: sim.Figure{ID: "referrals", Unit: sim.UnitPeoplePerYear}, Value: 90, OK: true},
		})
	}
	sheets := map[string][][]office.Cell{}
	for _, sheet := range s.Book().Sheets {
		for row := range sheet.Rows {
			if len(row) > len(sheet.Columns) {
				t.Errorf("%s has a row of %d cells under %d heads", sheet.Name, len(row), len(sheet.Columns))
			}
			sheets[sheet.Name] = append(sheets[sheet.Name], slices.Clone(row))
		}
	}
	estimates := 0
	for _, summary := range s.Findings.Summaries {
		estimates += len(summary.Estimates)
	}
	if got := len(sheets["Figures"]) + len(sheets["Groups"]); got != estimates {
		t.Errorf("%d rows for %d figures", got, estimates)
	}
	for k, d := range s.Findings.Comparisons[0].Differences {
		if row := sheets["Comparison"][k]; row[10].Text != d.ID || row[5].Number != d.Value || row[6].Number != d.Low || row[8].Text != d.Verdict.String() {
			t.Errorf("%s: %+v", d.ID, row)
		}
	}
	gross := 0.0
	for _, row := range sheets["Contracts"] {
		gross += row[7+5].Number
	}
	for _, row := range sheets["Per year"] {
		gross -= row[4+5].Number
	}
	if abs(gross) > 1e-6 {
		t.Errorf("contracts and years differ by £%v", gross)
	}
	if rows := sheets["Replications"]; len(rows) != 2 || rows[0][3].Number != 0.25 || rows[0][2] != (office.Cell{}) {
		t.Errorf("single replications %+v", rows)
	}
}

func TestGroupedFiguresCanBeMeasured(t *testing.T) {
	m, err := sim.Compile(rich(t))
	if err != nil {
		t.Fatal(err)
	}
	ids := Grouped(m)
	if !slices.Contains(ids, "completed@opiates") || !slices.Contains(ids, "rehab.admitted.wait.mean@alcohol") {
		t.Errorf("groups %q", ids)
	}
	if _, err := m.Measuring(ids...); err != nil {
		t.Error(err)
	}
}
