package extract

import (
	"bytes"
	"encoding/csv"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tier4/calibration"
	"tier4/scenarios"
)

const observed = "../../../../calibration/testdata/observed-a.csv"

// cells are those of the example, the header first.
func cells(t testing.TB) [][]string {
	t.Helper()
	data, err := os.ReadFile(observed)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// some are the header and the first 200 rows.
func some(t testing.TB) [][]string { return cells(t)[:201] }

// asText writes rows as CSV with a separator.
func asText(rows [][]string, comma rune) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	if err := w.WriteAll(rows); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// eachDate rewrites every date of the rows.
func eachDate(rows [][]string, rewrite func(d time.Time, row, column int) string) [][]string {
	for i, row := range rows {
		for j, c := range row {
			if d, err := time.Parse(time.DateOnly, c); err == nil {
				rows[i][j] = rewrite(d, i, j)
			}
		}
	}
	return rows
}

// like writes dates in one layout.
func like(layout string) func(time.Time, int, int) string {
	return func(d time.Time, _, _ int) string { return d.Format(layout) }
}

// headed gives the rows other headers.
func headed(rows [][]string, headers ...string) [][]string {
	rows[0] = headers
	return rows
}

// asBook writes rows into a workbook: dates as dates where styled, the rest as text.
func asBook(t testing.TB, rows [][]string, dates bool, epoch04 bool) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if epoch04 {
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &epoch04}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("Export"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellValue("Sheet1", "A1", "How to use this workbook"); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		for j, c := range row {
			at, _ := excelize.CoordinatesToCellName(j+1, i+1)
			var value any = c
			if d, err := time.Parse(time.DateOnly, c); err == nil && dates {
				value = d
				if epoch04 {
					value = int(d.Sub(time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)).Hours() / 24)
				}
			}
			if c == "" {
				continue
			}
			if err := f.SetCellValue("Export", at, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var councilHeaders = []string{
	"Case Ref", "Client Group", "Referral Source", "Date of Referral", "Assessment Date", "Pre-detox Group Start", "Pre-detox Group End",
	"Funding Panel Date", "Panel Decision", "IP Detox - Admission Date", "IP Detox - Bed Type (block/spot)", "IP Detox - Discharge Date", "IP Detox - Discharge Reason",
	"Resi Rehab - Admission Date", "Resi Rehab - Bed Type (block/spot)", "Resi Rehab - Discharge Date", "Resi Rehab - Discharge Reason",
	"Aftercare Start", "Aftercare End", "Case Closure Date", "Closure Reason",
}

var camelHeaders = []string{
	"EpisodeID", "PrimarySubstance", "ReferrerType", "ReferralReceivedDate", "AssessedDate", "PrepGroupStartedDate", "PrepGroupEndedDate",
	"PanelDate", "PanelOutcome", "DetoxAdmittedDate", "DetoxContract", "DetoxLeftDate", "DetoxOutcome",
	"RehabAdmittedDate", "RehabContract", "RehabLeftDate", "RehabOutcome", "AftercareFrom", "AftercareTo", "ClosedDate", "ClosedReason",
}

var shortHeaders = []string{
	"ID", "Drug group", "Referred from", "Referral", "Assessed", "Group joined", "Group left", "Panel", "Panel result", "Detox in", "Detox bed", "Detox out", "Detox result",
	"Rehab in", "Rehab bed", "Rehab out", "Rehab result", "Aftercare in", "Aftercare out", "Closed", "Why closed",
}

var longHeaders = []string{
	"Record Number", "Main substance", "Source of referral", "Date referral received", "Comprehensive assessment completed on", "Prep programme start date", "Prep programme end date",
	"Date of funding panel", "Funding decision", "Detox start date", "Detox funding type", "Detox end date", "Detox exit reason",
	"Residential rehab start date", "Residential rehab funding type", "Residential rehab end date", "Residential rehab exit reason",
	"Recovery support start date", "Recovery support end date", "Episode end date", "Episode end reason",
}

var abbreviatedHeaders = []string{
	"CaseNo", "SubstanceGrp", "RefSource", "RefDate", "AssDate", "GrpStart", "GrpEnd", "PnlDate", "PnlOutcome", "DtxAdm", "DtxContract", "DtxDisch", "DtxOutcome",
	"RhbAdm", "RhbContract", "RhbDisch", "RhbOutcome", "AftercareStart", "AftercareEnd", "ClosedDt", "ClosedReason",
}

// TestAnyLayoutReadsTheSame writes the example in many ways; each must give the very same episodes.
func TestAnyLayoutReadsTheSame(t *testing.T) {
	base := mustRead(t, asText(some(t), ','), Options{})
	if base.Read != 200 || base.Used != 200 || len(base.SetAside) != 0 {
		t.Fatalf("of %d rows %d used: %v", base.Read, base.Used, base.SetAside)
	}
	utf16, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(asText(some(t), '\t'))
	pounds := some(t)
	pounds[0] = append(pounds[0], "Café £ notes")
	for i := range pounds[1:] {
		pounds[i+1] = append(pounds[i+1], "£é – “so”")
	}
	windows, err := charmap.Windows1252.NewEncoder().Bytes(asText(pounds, ';'))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"semicolons, CRLF":       bytes.ReplaceAll(asText(some(t), ';'), []byte("\n"), []byte("\r\n")),
		"old Mac line ends":      bytes.ReplaceAll(asText(some(t), ','), []byte("\n"), []byte("\r")),
		"tabs":                   asText(some(t), '\t'),
		"bars":                   asText(some(t), '|'),
		"sep= line":              append([]byte("sep=;\r\n"), asText(some(t), ';')...),
		"UTF-8 with a mark":      append([]byte("\xef\xbb\xbf"), asText(some(t), ',')...),
		"UTF-16":                 utf16,
		"Windows-1252":           windows,
		"all quoted":             quotedAll(some(t)),
		"British dates":          asText(eachDate(some(t), like("02/01/2006")), ','),
		"British, short":         asText(eachDate(some(t), like("2/1/06")), ','),
		"American dates":         asText(eachDate(some(t), like("1/2/2006")), ','),
		"dots":                   asText(eachDate(some(t), like("02.01.2006")), ';'),
		"month names":            asText(eachDate(some(t), like("02-Jan-06")), ','),
		"long month names":       asText(eachDate(some(t), like("Monday, 2 January 2006")), ';'),
		"date and time":          asText(eachDate(some(t), like("2006-01-02 15:04:05")), ','),
		"ISO with T and Z":       asText(eachDate(some(t), like("2006-01-02T15:04:05Z")), ','),
		"British with a time":    asText(eachDate(some(t), like("02/01/2006 15:04")), ','),
		"serials":                asText(eachDate(some(t), serial), ','),
		"eight digits":           asText(eachDate(some(t), like("20060102")), ','),
		"mixed ways, no doubt":   asText(eachDate(some(t), mixed), ','),
		"council headers":        asText(headed(some(t), councilHeaders...), ','),
		"camel case":             asText(headed(some(t), camelHeaders...), ','),
		"upper case":             asText(upper(some(t)), ','),
		"blanks about cells":     asText(blanks(some(t)), ','),
		"NULL for nothing":       asText(missing(some(t), "NULL", "n/a", "-", "#N/A", "31/12/9999"), ','),
		"titles and totals":      titled(some(t)),
		"columns turned about":   asText(turned(some(t)), ','),
		"a workbook":             asBook(t, some(t), false, false),
		"a workbook with dates":  asBook(t, some(t), true, false),
		"a workbook from 1904":   asBook(t, some(t), true, true),
		"two lines of header":    asText(twoHeaders(some(t)), ','),
		"outcomes in own words":  asText(worded(some(t)), ','),
		"short headers":          asText(headed(some(t), shortHeaders...), ','),
		"long headers":           asText(headed(some(t), longHeaders...), ','),
		"abbreviated headers":    asText(headed(some(t), abbreviatedHeaders...), ','),
		"closing reasons, terse": asText(terse(some(t)), ','),
	} {
		t.Run(name, func(t *testing.T) {
			var o Options
			if name == "outcomes in own words" { // cohorts are called as the scenario calls them
				o.Scenario = area(t)
			}
			got := mustRead(t, data, o)
			if o.Scenario != nil {
				got.Extract.Cohorts = base.Extract.Cohorts
			}
			if name == "titles and totals" {
				if got.Rows() != 3 || len(got.Above) != 3 || got.Blank != 4 {
					t.Errorf("%d rows set aside, above %v, %d blank: %v", got.Rows(), got.Above, got.Blank, got.SetAside)
				}
				got.SetAside = nil
			}
			equal(t, base, got)
		})
	}
}

// area is a scenario with the stages and cohorts of the example.
func area(t *testing.T) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Parse("area.yaml", []byte(`
start: 2020-04-01
measure: 3 years
referrals: {community: {per_year: {alcohol: 60, non-opiates: 20, opiates: 60}, enters: assessment}}
cohorts: [alcohol, non-opiates, opiates]
pathway:
  assessment: {kind: delay, takes: 14 days, next: preparation}
  preparation: {kind: group, meets: {every: 1 week}, size: {max: 16}, intake: rolling, sessions: 6, next: panel}
  panel: {kind: panel, meets: {every: 2 weeks}, cases: 8, decides: {approve: 85%, defer: 10%, decline: 5%}, next: notice}
  notice: {kind: delay, takes: 4 days, next: {detox: 80%, rehab: rest}}
  detox: {kind: beds, places: {unit: {contract: block, beds: 3, per_night: 350}}, stay: 9 days, next: {completed: {rehab: 60%, aftercare: rest}, unplanned: community}}
  rehab: {kind: beds, places: {unit: {contract: block, beds: 9, per_night: 150}}, stay: 90 days, next: aftercare}
  aftercare: {kind: aftercare, lasts: 26 weeks, next: home}
`))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustRead(t testing.TB, data []byte, o Options) *Reading {
	t.Helper()
	r, err := Read("extract.csv", data, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// equal holds two readings to have the same episodes.
func equal(t *testing.T, want, got *Reading) {
	t.Helper()
	if len(got.SetAside) > 0 {
		t.Fatalf("%d rows set aside, such as %v\n%s", got.Rows(), got.SetAside[0], got.Columns)
	}
	a, b := *want.Extract, *got.Extract
	if len(a.Episodes) != len(b.Episodes) {
		t.Fatalf("%d episodes, not %d", len(b.Episodes), len(a.Episodes))
	}
	differ := 0
	for i := range a.Episodes {
		x, y := a.Episodes[i], b.Episodes[i]
		x.Row, y.Row, x.Reason, y.Reason, x.ID, y.ID = 0, 0, "", "", "", ""
		if !reflect.DeepEqual(x, y) {
			if differ++; differ <= 3 {
				t.Errorf("row %d: got %+v\nwant %+v", b.Episodes[i].Row, y, x)
			}
		}
	}
	if differ > 0 {
		t.Fatalf("%d episodes differ\n%s\n%s", differ, got.Columns, strings.Join(got.Notes, "\n"))
	}
	a.Episodes, b.Episodes = nil, nil
	if !reflect.DeepEqual(a, b) {
		t.Errorf("got %+v\nwant %+v", b, a)
	}
}

func quotedAll(rows [][]string) []byte {
	var b strings.Builder
	for _, row := range rows {
		for j, c := range row {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + c + `"`)
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

func serial(d time.Time, _, _ int) string {
	return strconv.Itoa(int(d.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24))
}

func mixed(d time.Time, row, _ int) string {
	return d.Format([]string{"2006-01-02", "2 Jan 2006", "02-Jan-06", "January 2, 2006"}[row%4])
}

func upper(rows [][]string) [][]string {
	for i, row := range rows {
		for j, c := range row {
			switch (i + j) % 3 {
			case 0:
				rows[i][j] = strings.ToUpper(c)
			case 1:
				rows[i][j] = sentence(c)
			}
		}
	}
	return rows
}

func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func blanks(rows [][]string) [][]string {
	for i, row := range rows {
		for j, c := range row {
			rows[i][j] = []string{" " + c, c + "  ", "\u00a0" + c + "\t", c}[(i+j)%4]
		}
	}
	return rows
}

func missing(rows [][]string, ways ...string) [][]string {
	for i, row := range rows[1:] {
		for j, c := range row {
			if c == "" {
				rows[i+1][j] = ways[(i+j)%len(ways)]
				if rows[i+1][j] == "31/12/9999" && !strings.HasSuffix(rows[0][j], "_on") {
					rows[i+1][j] = "NULL"
				}
			}
		}
	}
	return rows
}

func titled(rows [][]string) []byte {
	text := "Substance Misuse Service - Tier 4 extract\nProduced 02/04/2025 by Performance Team,,\n\nOFFICIAL-SENSITIVE,,,\n" + string(asText(rows, ','))
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	lines = append(lines[:100], append([]string{"", ",,,,", lines[4]}, lines[100:]...)...)
	return []byte(strings.Join(lines, "\n") + "\n\nTotal,428\nNote: dates are as recorded\n")
}

func turned(rows [][]string) [][]string {
	for i, row := range rows {
		var other []string
		for j := range row {
			other = append(other, row[(j*8+5)%len(row)]) // 8 and 21 have no common factor
		}
		rows[i] = other
	}
	return rows
}

func twoHeaders(rows [][]string) [][]string {
	groups := []string{"Episode", "", "", "", "Assessment", "Preparation", "", "Panel", "", "Detox", "", "", "", "Rehab", "", "", "", "Aftercare", "", "Case", ""}
	heads := []string{"Reference", "Cohort", "Source", "Referred", "Assessed", "Start", "End", "Date", "Outcome", "Start", "Contract", "End", "Outcome", "Start", "Contract", "End", "Outcome", "Start", "End", "Closed", "Reason"}
	return append([][]string{groups, heads}, rows[1:]...)
}

func worded(rows [][]string) [][]string {
	words := map[string]string{
		"approved": "Funding agreed", "declined": "Not approved", "completed": "Treatment completed - drug free", "unplanned": "Left against medical advice",
		"block": "Block contract", "spot": "Spot purchase", "alcohol": "Alcohol only", "opiates": "Opiate", "non-opiates": "Non-opiate",
		"declined by panel": "Refused by funding panel", "left preparation group": "Disengaged from pre-detox group",
	}
	for i, row := range rows[1:] {
		for j, c := range row {
			if w, ok := words[c]; ok {
				rows[i+1][j] = w
			}
		}
	}
	return rows
}

// terse leaves out of the reasons the stages, which the dates tell, where they do.
func terse(rows [][]string) [][]string {
	for i, row := range rows[1:] {
		switch last := len(row) - 1; {
		case strings.HasPrefix(row[last], "unplanned discharge"):
			rows[i+1][last] = "Unplanned"
		case row[last] == "declined by panel":
			rows[i+1][last] = "Declined"
		case row[last] == "relapsed in aftercare":
			rows[i+1][last] = "Relapsed"
		case row[last] == "dropped out waiting for assessment", row[last] == "dropped out waiting for group", row[last] == "dropped out waiting for panel":
			rows[i+1][last] = "DNA - lost contact"
		}
	}
	return rows
}

// The example's values are those that an independent count of its rows gives.
func TestExampleAsCounted(t *testing.T) {
	x := mustRead(t, asText(cells(t), ','), Options{}).Extract
	for k, want := range []struct {
		waits, gaveUp, days int
	}{{428, 48, 4477}, {375, 14, 1640}, {305, 38, 3343}, {158, 12, 1070}, {160, 33, 1398}} {
		waits, gaveUp, days := 0, 0, 0
		for _, s := range x.Waits(k) {
			if x.Episodes[s.Episode].Steps[k].Maybe || k == 4 && s.End == calibration.Open {
				continue
			}
			waits++
			days += int(s.To - s.From)
			if s.End == calibration.GaveUp {
				gaveUp++
			}
		}
		if waits != want.waits || gaveUp != want.gaveUp || days != want.days {
			t.Errorf("%s: %d waits, %d gave up, %d days, want %v", x.Stages[k].Name, waits, gaveUp, days, want)
		}
	}
	most := func(k, contract int) (n int) {
		only := *x
		only.Episodes = nil
		for _, e := range x.Episodes {
			if e.Steps[k].Contract == contract || contract < 0 {
				only.Episodes = append(only.Episodes, e)
			}
		}
		for _, at := range only.Occupancy(k) {
			n = max(n, at)
		}
		return n
	}
	if g, d, r := most(1, -1), most(3, 0), most(4, 0); g != 18 || d != 2 || r != 9 {
		t.Errorf("most at once: group %d, detox block %d, rehab block %d; the truth is 18, 2, 9", g, d, r)
	}
	meetings := map[calibration.Day]int{}
	largest := 0
	for _, e := range x.Episodes {
		for _, h := range e.Hearings {
			meetings[h.On]++
			largest = max(largest, meetings[h.On])
		}
	}
	if largest != 6 {
		t.Errorf("most decisions at a meeting: %d; the truth is 6", largest)
	}
}
