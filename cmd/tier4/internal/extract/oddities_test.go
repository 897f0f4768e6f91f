package extract

import (
	"fmt"
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

// without empties columns of the example.
func without(t *testing.T, columns ...string) [][]string {
	t.Helper()
	rows := cells(t)
	for _, name := range columns {
		for _, row := range rows[1:] {
			row[at(rows, name)] = ""
		}
	}
	return rows
}

// A column of dates that is empty is told, with what follows, and so are the reasons that speak of its stage.
func TestEmptyColumnsOfDatesAreTold(t *testing.T) {
	for _, one := range []struct {
		columns []string
		stages  int
		says    []string
	}{
		{[]string{"assessed_on"}, 5, []string{
			"`assessed_on` has no date in any row; the stage assessment is left out: time in it and waiting for it counts as waiting for what follows",
			"48 rows: the reason of closing names assessment, of which no dates are read; by their dates they were waiting for preparation, and count there",
		}},
		{[]string{"aftercare_started_on", "aftercare_ended_on"}, 5, []string{
			"`aftercare_started_on` and `aftercare_ended_on` have no date in any row; the stage aftercare is left out",
			"16 rows: the reason of closing names aftercare, of which no dates are read; nothing says where the person was instead; the wait is left out",
		}},
		{[]string{"detox_admitted_on", "detox_left_on", "detox_outcome", "detox_contract"}, 5, []string{
			"`detox_admitted_on` and `detox_left_on` have no date in any row; the stage detox is left out",
			"40 rows: the reason of closing names detox, of which no dates are read",
		}},
		{[]string{"detox_left_on", "detox_outcome"}, 6, []string{"`detox_left_on` has no date in any row; nobody is seen to leave detox"}},
		{[]string{"closed_on", "closed_reason"}, 6, []string{
			"`closed_on` has no date in any row; whoever gave up waiting looks as if still waiting",
			"`closed_reason` is empty in every row; why episodes were closed is not known",
		}},
	} {
		t.Run(strings.Join(one.columns, " "), func(t *testing.T) {
			r := mustRead(t, asText(without(t, one.columns...), ','), Options{})
			for _, says := range one.says {
				if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.HasPrefix(n, says) }) {
					t.Errorf("%s\nis not among\n%s", says, strings.Join(r.Notes, "\n"))
				}
			}
			if len(r.Extract.Stages) != one.stages {
				t.Errorf("%d stages: %v", len(r.Extract.Stages), r.Extract.Stages)
			}
			again := mustRead(t, asText(without(t, one.columns...), ','), Options{ColumnsFile: "columns.yaml", Columns: []byte(r.Columns)})
			if again.Columns != r.Columns || len(again.Extract.Stages) != one.stages {
				t.Errorf("read back:\n%s\nnot\n%s", again.Columns, r.Columns)
			}
		})
	}
	for _, n := range mustRead(t, asText(cells(t), ','), Options{}).Notes {
		if strings.Contains(n, "no date in any row") || strings.Contains(n, "the reason of closing names") {
			t.Error(n)
		}
	}
}

// A row is no header, whatever words are in it; a header may have a number in it.
func TestARowIsNoHeader(t *testing.T) {
	rows := cells(t)
	if r, err := Read("extract.csv", asText(rows[1:], ','), Options{}); err == nil || !strings.Contains(err.Error(), "no line reads like a header: line 1 has dates or numbers, so it is a row already") {
		t.Errorf("%v, %v", r, err)
	}
	rows[0] = append(rows[0], "2024")
	if r := mustRead(t, asText(rows, ','), Options{}); r.Used != 428 || len(r.Above) > 0 {
		t.Errorf("%d used, above %v", r.Used, r.Above)
	}
}

// A cell that has the separator in it, in most rows or in few, makes each of them a row of its own kind: one cell too
// many, and nothing else is said of it.
func TestACellTooManySetsTheRowAside(t *testing.T) {
	for _, one := range []struct {
		name, column, value string
		rows                int
	}{
		{"the last column, a third of the rows", "closed_reason", "dropped out, waiting", 145},
		{"a column in the middle", "rehab_contract", "block, unit A", 17},
		{"the last column, all rows", "closed_reason", "closed, as agreed", 428},
	} {
		t.Run(one.name, func(t *testing.T) {
			rows := cells(t)
			for _, row := range rows[1 : one.rows+1] {
				row[at(rows, one.column)] = one.value
			}
			var b strings.Builder
			for _, row := range rows {
				b.WriteString(strings.Join(row, ",") + "\n")
			}
			r := mustRead(t, []byte(b.String()), Options{})
			if r.Rows() != one.rows || len(r.SetAside) != one.rows || r.SetAside[0].What != "there are 22 cells, but 21 columns" {
				t.Errorf("%d rows set aside, %d defects, such as %v", r.Rows(), len(r.SetAside), r.SetAside[0])
			}
		})
	}
	rows := cells(t)
	for i := range rows {
		rows[i] = append(rows[i], map[bool]string{true: "", false: "called twice"}[i == 0])
	}
	if r := mustRead(t, asText(rows, ','), Options{}); r.Used != 428 || !slices.Contains(r.Unused, "column V") {
		t.Errorf("%d used, unused %v", r.Used, r.Unused)
	}
}

// A file that was cut off, or lost bytes, is read, and its lines are told.
func TestDamagedLinesAreTold(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(string(asText(cells(t), ','))), "\n")
	lines[428] = lines[428][:len(lines[428])-6]
	for _, i := range []int{2, 4, 6, 8, 10, 12} {
		lines[i] = strings.TrimRight(strings.Join(strings.Split(lines[i], ",")[:4], ","), ",")
	}
	lines[30] = strings.Replace(lines[30], "community", "comm\x00unity", 1)
	r := mustRead(t, []byte(strings.Join(lines, "\n")), Options{})
	for _, says := range []string{
		"7 rows have fewer cells than the header, and those missing are read as empty: lines 3, 5, 7, 9, 11 and 2 more",
		"1 line has bytes of value 0, as damaged files have them; they are left out: line 31",
	} {
		if !slices.Contains(r.Notes, says) {
			t.Errorf("%s\nis not among\n%s", says, strings.Join(r.Notes, "\n"))
		}
	}
	if r.Used != 428 {
		t.Errorf("%d used", r.Used)
	}
}

// An end of the window after the last date of the extract is told.
func TestAWindowAfterTheExtractIsTold(t *testing.T) {
	r := mustRead(t, asText(cells(t), ','), Options{ColumnsFile: "columns.yaml", Columns: []byte("window: {to: 2026-03-31}\n")})
	if !slices.ContainsFunc(r.Notes, func(n string) bool {
		return strings.HasPrefix(n, "The window ends on 2026-03-31, after the extract of 2025-04-01")
	}) {
		t.Error(strings.Join(r.Notes, "\n"))
	}
}

// Outcomes that dates contradict are told by line.
func TestOutcomesAgainstDatesAreTold(t *testing.T) {
	rows := cells(t)
	through := slices.IndexFunc(rows, func(r []string) bool {
		return r[at(rows, "detox_outcome")] == "completed" && r[at(rows, "rehab_outcome")] == "completed"
	})
	rows[through][at(rows, "detox_outcome")] = "died"
	never := slices.IndexFunc(rows, func(r []string) bool { return strings.HasSuffix(r[at(rows, "closed_reason")], "for assessment") })
	rows[never][at(rows, "rehab_outcome")] = "completed"
	r := mustRead(t, asText(rows, ','), Options{})
	for _, says := range []string{
		fmt.Sprintf("1 row: `detox_outcome` says that the person died, but `rehab_admitted_on` has a date; the later dates are used: line %d", through+1),
		fmt.Sprintf("1 row: `rehab_outcome` says how a stay ended, but `rehab_left_on` has no date: line %d", never+1),
	} {
		if !slices.Contains(r.Notes, says) {
			t.Errorf("%s\nis not among\n%s", says, strings.Join(r.Notes, "\n"))
		}
	}
	for _, n := range mustRead(t, asText(cells(t), ','), Options{}).Notes {
		if strings.Contains(n, "says that the person died") || strings.Contains(n, "says how a stay ended") {
			t.Error(n)
		}
	}
}
