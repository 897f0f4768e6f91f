package extract

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tier4/calibration"
)

// at is the index of a column of the example.
func at(rows [][]string, name string) int { return slices.Index(rows[0], name) }

// TestEveryDefectIsToldByRow spoils one row of the example at a time; that row is set aside for that reason, and
// no other.
func TestEveryDefectIsToldByRow(t *testing.T) {
	for _, one := range []struct {
		name  string
		kind  Kind
		spoil func(row []string, at func(string) int)
		says  string
	}{
		{"no key", NoKey, func(r []string, at func(string) int) { r[at("episode_id")] = " " }, "there is no key"},
		{"no referral", NoDate, func(r []string, at func(string) int) { r[at("referred_on")] = "NULL" }, "no date of referral"},
		{"no date", NotADate, func(r []string, at func(string) int) { r[at("panel_on")] = "see notes" }, "`see notes` is no date"},
		{"no such day", NotADate, func(r []string, at func(string) int) { r[at("panel_on")] = "2023-02-30" }, "is no date"},
		{"before referral", WrongOrder, func(r []string, at func(string) int) { r[at("assessed_on")] = "2021-01-01" }, "is before referred_on"},
		{"left before coming", WrongOrder, func(r []string, at func(string) int) { r[at("rehab_left_on")] = r[at("panel_on")] }, "is before rehab_admitted_on"},
		{"closed before leaving", WrongOrder, func(r []string, at func(string) int) { r[at("closed_on")] = r[at("referred_on")] }, "closed_on"},
		{"after the extract", Later, func(r []string, at func(string) int) { r[at("closed_on")] = "2031-01-01" }, "after the extract of 202"},
		{"after the window", Later, func(r []string, at func(string) int) {
			for j, c := range r {
				if strings.HasPrefix(c, "20") {
					r[j] = "2029" + c[4:]
				}
			}
		}, "after the extract"},
		{"before the window", Outside, func(r []string, at func(string) int) { r[at("referred_on")] = "2012-04-01" }, "before the window"},
		{"no cohort", UnknownCohort, func(r []string, at func(string) int) { r[at("cohort")] = "" }, "there is no cohort"},
		{"cohort misspelt", UnknownCohort, func(r []string, at func(string) int) { r[at("cohort")] = "alchohol" }, "did you mean `alcohol`?"},
		{"cohort unheard of", UnknownCohort, func(r []string, at func(string) int) { r[at("cohort")] = "gambling" }, "no cohort known"},
		{"outcome misspelt", UnknownOutcome, func(r []string, at func(string) int) { r[at("rehab_outcome")] = "cmpleted" }, "did you mean `completed`?"},
		{"outcome unheard of", UnknownOutcome, func(r []string, at func(string) int) { r[at("panel_outcome")] = "purple" }, "write `approved`, `declined` or `deferred`"},
		{"reason misspelt", UnknownOutcome, func(r []string, at func(string) int) { r[at("closed_reason")] = "compelted aftercare" }, "did you mean `completed aftercare`?"},
		{"contract misspelt", UnknownOutcome, func(r []string, at func(string) int) { r[at("rehab_contract")] = "blokc" }, "did you mean `block`?"},
		{"reason against dates", Contradiction, func(r []string, at func(string) int) { r[at("closed_reason")] = "dropped out waiting for rehab" }, "but rehab_admitted_on is"},
		{"left without coming", Contradiction, func(r []string, at func(string) int) { r[at("rehab_admitted_on")] = "" }, "never admitted"},
		{"reason without date", Contradiction, func(r []string, at func(string) int) {
			r[at("closed_on")], r[at("aftercare_ended_on")] = "", ""
		}, "no date"},
	} {
		t.Run(one.name, func(t *testing.T) {
			rows := some(t)
			spoilt := slices.IndexFunc(rows, func(r []string) bool {
				return r[len(r)-1] == "completed aftercare" && r[at(rows, "detox_left_on")] == ""
			})
			one.spoil(rows[spoilt], func(name string) int { return at(rows, name) })
			r := mustRead(t, asText(rows, ','), Options{})
			if r.Used != 199 || r.Read != 200 || len(r.SetAside) == 0 {
				t.Fatalf("%d of %d used, set aside: %v", r.Used, r.Read, r.SetAside)
			}
			if d := r.SetAside[0]; d.Kind != one.kind || d.Line != spoilt+1 || !strings.Contains(d.Error(), one.says) {
				t.Errorf("%s (%s)", d, d.Kind)
			}
		})
	}
}

func TestTwiceTheSameKey(t *testing.T) {
	rows := cells(t)
	again := slices.Clone(rows[9])
	other := slices.Clone(rows[11])
	other[0] = rows[9][0]
	rows = append(rows, again, other)
	r := mustRead(t, asText(rows, ','), Options{})
	if r.Used != 428 || len(r.SetAside) != 2 {
		t.Fatalf("%d used, %v", r.Used, r.SetAside)
	}
	if got := r.SetAside[0].What + "; " + r.SetAside[1].What; got != "this is line 10 again; line 10 has the same key, with other values" {
		t.Error(got)
	}
}

func TestKeysOfPeopleAreNoKeysOfEpisodes(t *testing.T) {
	rows := cells(t)
	rows[0][0] = "NHS Number"
	for i := range rows[1:] {
		rows[i+1][0] = fmt.Sprintf("943 476 %04d", i/2)
	}
	r := mustRead(t, asText(rows, ','), Options{})
	if r.Used != 428 || r.Extract.Episodes[0].Person != "943 476 0000" || r.Extract.Episodes[1].Person != "943 476 0000" {
		t.Errorf("%d used, the first of %q", r.Used, r.Extract.Episodes[0].Person)
	}
}

// An open quote must not swallow the lines after it.
func TestAnOpenQuoteLosesOneLine(t *testing.T) {
	lines := strings.Split(string(asText(cells(t), ',')), "\n")
	lines[50] = strings.Replace(lines[50], "community", `"community`, 1)
	lines[60] = strings.Replace(lines[60], "community", `"community"`, 1)
	lines[70] = strings.Replace(lines[70], "community", `com"munity`, 1)
	r := mustRead(t, []byte(strings.Join(lines, "\n")), Options{})
	if r.Read != 428 || r.Used != 427 || r.SetAside[0].Kind != Broken || r.SetAside[0].Line != 51 {
		t.Errorf("%d of %d used: %v", r.Used, r.Read, r.SetAside)
	}
}

func TestTextOverSeveralLinesIsOneCell(t *testing.T) {
	rows := cells(t)
	rows[0] = append(rows[0], "notes")
	for i := range rows[1:] {
		rows[i+1] = append(rows[i+1], "called twice,\nno \"answer\"\n\nletter sent")
	}
	r := mustRead(t, asText(rows, ','), Options{})
	if r.Read != 428 || r.Used != 428 || !slices.Contains(r.Unused, "notes") {
		t.Errorf("%d of %d used, unused %v", r.Used, r.Read, r.Unused)
	}
}

func TestTooManyCellsAreTold(t *testing.T) {
	lines := strings.Split(string(asText(cells(t), ',')), "\n")
	lines[50] = strings.Replace(lines[50], "community", "com,munity", 1) + ",x"
	r := mustRead(t, []byte(strings.Join(lines, "\n")), Options{})
	if r.Used != 427 || r.SetAside[0].Kind != Broken {
		t.Errorf("%d used: %v", r.Used, r.SetAside)
	}
}

// Whoever is inside at the start is there by activity: those referred before and over before are not.
func TestSelectionByActivityIsSeen(t *testing.T) {
	rows := cells(t)
	kept := rows[:1]
	for _, r := range rows[1:] {
		if closed := r[at(rows, "closed_on")]; closed == "" || closed >= "2023-04-01" {
			kept = append(kept, r)
		}
	}
	r := mustRead(t, asText(kept, ','), Options{})
	x := r.Extract
	if x.SelectedBy != calibration.ByActivity || x.From.String() != "2023-04-01" || r.Used != len(kept)-1 {
		t.Fatalf("selected by %s from %s, %d used of %d\n%s", x.SelectedBy, x.From, r.Used, len(kept)-1, strings.Join(r.Notes, "\n"))
	}
	late := 0
	for _, s := range x.Stays(4) {
		if s.Seen > s.From {
			late++
		}
	}
	if late == 0 {
		t.Error("no stay is left-truncated")
	}
}

func TestFileOfColumns(t *testing.T) {
	rows := cells(t)
	for j := range rows[0] {
		rows[0][j] = fmt.Sprintf("F%d", j+1)
	}
	columns := `
columns:
  episode: F1
  cohort: F2
  source: F3
  closed: F20
  reason: F21
  assessment: {kind: delay, listed: F4, admitted: F5}
  preparation.kind: group
  preparation.listed: F5
  preparation.admitted: F6
  preparation.left: F7
  panel: {listed: F7, admitted: F8, outcome: f9}
  detox: {listed: F8 + 4 days, admitted: F10, contract: F11, left: F12, outcome: F13}
  rehab: {listed: "F12, else F8 + 4 days", admitted: F14, contract: F15, left: F16, outcome: F17}
  aftercare: {listed: "F16, else F12", admitted: F18, left: F19}
selected_by: referral
window: {from: 2022-04-01, to: 2025-03-31}
extract_date: 2025-04-01
`
	base := mustRead(t, asText(cells(t), ','), Options{})
	got := mustRead(t, asText(rows, ','), Options{ColumnsFile: "columns.yaml", Columns: []byte(columns)})
	equal(t, base, got)
	// what is printed reads back to the same
	again := mustRead(t, asText(rows, ','), Options{ColumnsFile: "columns.yaml", Columns: []byte(got.Columns)})
	equal(t, base, again)
	if again.Columns != got.Columns {
		t.Errorf("written anew:\n%s\nnot\n%s", again.Columns, got.Columns)
	}
	equal(t, base, mustRead(t, asText(cells(t), ','), Options{ColumnsFile: "columns.yaml", Columns: []byte(base.Columns)}))
}

func TestRefusals(t *testing.T) {
	rows := cells(t)
	for _, one := range []struct{ name, data, columns, says string }{
		{"empty", " \n", "", "the file is empty"},
		{"no header", "1,2,3\n4,5,6\n", "", "no line reads like a header"},
		{"old workbook", "\xd0\xcf\x11\xe0\xa1\xb1", "", "old Excel workbook"},
		{"no workbook", "PK\x03\x04 and so on", "", "this workbook cannot be read"},
		{"no dates", "episode_id,cohort\n1,alcohol\n", "", "no column reads like the date of referral"},
		{"either order", "id,referred on,assessed on\n1,03/04/2024,05/06/2024\n2,04/05/2024,06/07/2024\n", "", "nothing tells the day from the month"},
		{"both orders", "id,referred on,assessed on\n1,13/04/2024,15/06/2024\n2,04/15/2024,16/07/2024\n", "", "1 dates have the day first and 1 the month"},
		{"no such column", "", "columns: {rehab.admitted: rehab_admited_on}\n", "columns.yaml:1:27: there is no column `rehab_admited_on`; did you mean `rehab_admitted_on`?"},
		{"no such key", "", "columns: {rehab.admited: rehab_admitted_on}\n", "did you mean `admitted`?"},
		{"no such top", "", "column: {}\n", "did you mean `columns`?"},
		{"in the wrong place", "", "detox.listed: panel_on\n", "put it under `columns:`"},
		{"no selection", "", "selected_by: chance\n", "no way of choosing rows"},
		{"no window", "", "window: {from: 2025-01-01, to: 2024-01-01}\n", "ends before it begins"},
		{"no date", "", "extract_date: today\n", "no date"},
		{"no order", "", "dates: ddmmyyyy\n", "no order of days and months"},
		{"no outcome", "", "outcomes: {fine: complete}\n", "did you mean `completed`?"},
		{"no reason", "", "reasons: {fine: rehab complete}\n", "is no reason"},
		{"a sign without days", "", "columns: {detox.listed: panel_on +}\n", "columns.yaml:1:25: `panel_on +` has a sign without a number of days; write a column and a number of days, as in `panel_on + 4 days`"},
		{"a sign too many", "", "columns: {detox.listed: panel_on + -400 days}\n", "columns.yaml:1:25: `panel_on + -400 days` has a sign without a number of days"},
		{"a sign in a choice", "", "columns: {detox.listed: 'rehab_left_on, else panel_on - - 4 days'}\n", "columns.yaml:1:25: `panel_on - - 4 days` has a sign without"},
		{"days beyond a year", "", "columns: {detox.listed: panel_on + 400 days}\n", "columns.yaml:1:25: `panel_on + 400 days` is more than a year from its column"},
		{"weeks beyond a year", "", "columns: {detox.listed: panel_on - 60 weeks}\n", "is more than a year"},
		{"a window after the extract", "", "window: {from: 2022-04-01, to: 2026-03-31}\nextract_date: 2025-04-01\n", "columns.yaml:1:32: the window ends on 2026-03-31, after the extract of 2025-04-01"},
		{"no columns", "", "# nothing\n\n---\n", "columns.yaml:1:1: the file of columns says nothing; write `columns:`"},
		{"no yaml", "", "columns: {\n", "columns.yaml:"},
	} {
		t.Run(one.name, func(t *testing.T) {
			data := []byte(one.data)
			if one.data == "" {
				data = asText(rows, ',')
			}
			o := Options{ColumnsFile: "columns.yaml"}
			if one.columns != "" {
				o.Columns = []byte(one.columns)
			}
			_, err := Read("extract.csv", data, o)
			if err == nil || !strings.Contains(err.Error(), one.says) {
				t.Errorf("%v", err)
			}
		})
	}
}

// One date that was not filled in changes nothing for the others, and is told.
func TestAMissingDateLeavesOutOneWait(t *testing.T) {
	rows := cells(t)
	base := mustRead(t, asText(rows, ','), Options{})
	missing := slices.IndexFunc(rows, func(r []string) bool { return r[at(rows, "rehab_outcome")] == "completed" })
	rows[missing][at(rows, "assessed_on")] = ""
	got := mustRead(t, asText(rows, ','), Options{})
	differ := 0
	for i, e := range base.Extract.Episodes {
		if !reflect.DeepEqual(e, got.Extract.Episodes[i]) {
			differ++
		}
	}
	if differ != 1 || len(got.Extract.Waits(0)) != 427 || len(got.Extract.Waits(1)) != 374 || len(got.Extract.Waits(2)) != 305 {
		t.Errorf("%d episodes differ; %d, %d, %d waits", differ, len(got.Extract.Waits(0)), len(got.Extract.Waits(1)), len(got.Extract.Waits(2)))
	}
	if !slices.ContainsFunc(got.Notes, func(n string) bool { return strings.Contains(n, "1 row: there is no date of assessment") }) {
		t.Errorf("notes %v", got.Notes)
	}
}

// Excel that reads 04/03/2024 as 3 April, and leaves 25/03/2024 as text, is caught.
func TestDatesThatExcelTurnedAreRefused(t *testing.T) {
	text := "id,referred on,assessed on\n"
	for i := range 8 {
		text += fmt.Sprintf("%d,%d,2024-06-2%d\n%d,%d/03/2024,2024-06-2%d\n", 2*i, 45323+i, i, 2*i+1, 20+i, i)
	}
	if _, err := Read("extract.csv", []byte(text), Options{}); err == nil || !strings.Contains(err.Error(), "it looks as if Excel read some dates month first") {
		t.Errorf("%v", err)
	}
}

func FuzzRead(f *testing.F) {
	data := asText(cells(f)[:30], ',')
	f.Add(data, []byte(""))
	f.Add(asText(cells(f)[:5], ';'), []byte("columns: {detox.listed: panel_on + 4 days}\nselected_by: activity\n"))
	f.Add([]byte("id,referred on,assessed on\n1,03/04/2024,\"15/06/2024\n"), []byte("dates: dd/mm/yyyy\nreasons: {x: rehab died}\n"))
	f.Add([]byte(";panel_on;detox\n;20228;20202"), []byte("columns: {detox.listed: panel_on + 4 days}\nselected_by: activity\n")) // no row to say which days
	f.Add([]byte("\xff\xfei\x00d\x00"), []byte("columns: {a: {kind: beds, admitted: id}}"))
	f.Fuzz(func(t *testing.T, data, columns []byte) {
		readsWhole(t, data, columns)
	})
}

// A workbook that was damaged on its way is refused, or read with every row accounted for.
func TestDamagedWorkbooks(t *testing.T) {
	whole := asBook(t, cells(t)[:6], true, false)
	chance := rand.New(rand.NewPCG(1, 2))
	for range 80 {
		data := slices.Clone(whole)
		for range 1 + chance.IntN(4) {
			from := chance.IntN(len(data))
			to := min(len(data), from+chance.IntN(30))
			switch chance.IntN(3) {
			case 0:
				data[from] ^= byte(1 + chance.IntN(255))
			case 1:
				data = slices.Delete(data, from, to)
			case 2:
				data = slices.Insert(data, from, data[from:to]...)
			}
		}
		readsWhole(t, data, nil)
	}
}

// readsWhole holds a reading, if there is one, to account for every row and to make sense of every date.
func readsWhole(t *testing.T, data, columns []byte) {
	t.Helper()
	if len(columns) == 0 {
		columns = nil
	}
	r, err := Read("extract", data, Options{ColumnsFile: "columns.yaml", Columns: columns})
	if err != nil {
		return
	}
	aside := map[int]bool{}
	for _, d := range r.SetAside {
		aside[d.Line] = true
	}
	if r.Used != len(r.Extract.Episodes) || r.Used+len(aside) != r.Read {
		t.Fatalf("%d read, %d used, %d set aside", r.Read, r.Used, len(aside))
	}
	x := r.Extract
	for k := range x.Stages {
		for _, s := range append(x.Waits(k), x.Stays(k)...) {
			if s.To < s.From || s.Seen > s.To || s.To > x.Until {
				t.Fatalf("a spell from %s (seen from %s) to %s, known until %s", s.From, s.Seen, s.To, x.Until)
			}
		}
		x.Occupancy(k)
		x.TrustedFrom(k)
	}
}
