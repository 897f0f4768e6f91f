package report

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"tier4/calibration"
	"tier4/cmd/tier4/internal/chart"
	"tier4/cmd/tier4/internal/extract"
)

func TestSumsGiveNothingAway(t *testing.T) {
	for _, one := range []struct {
		counts []int
		hidden []bool
	}{
		{[]int{10, 20, 0}, []bool{false, false, false}},
		{[]int{10, 3, 20}, []bool{true, true, false}}, // the least of the others goes with it
		{[]int{3, 4, 20}, []bool{true, true, false}},  // 7 of two: could be 3 and 4, or 4 and 3
		{[]int{1, 1, 20}, []bool{true, true, true}},   // 2 of two could only be 1 and 1
		{[]int{4, 0, 0}, []bool{true, false, false}},  // nothing else to hide
		{[]int{5, 6, 7, 2}, []bool{true, false, false, true}},
	} {
		if got := hush(true).hide(one.counts...); !slices.Equal(got, one.hidden) {
			t.Errorf("%v: hidden %v, want %v", one.counts, got, one.hidden)
		}
		if got := hush(false).hide(one.counts...); slices.Contains(got, true) {
			t.Errorf("%v: hidden %v although all is to be shown", one.counts, got)
		}
	}
}

// observedExample is what the first rows of the example say.
func observedExample(t *testing.T, rows int, small bool) *Observed {
	t.Helper()
	data, err := os.ReadFile("../../../../calibration/testdata/observed-a.csv")
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.Join(bytes.SplitAfter(data, []byte("\n"))[:rows+1], nil)
	reading, err := extract.Read("observed-a.csv", data, extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &Observed{
		Version: "test", Name: "observed-a.csv", Reading: reading, Small: small,
		Of: calibration.Observe(reading.Extract, calibration.Options{Workers: 2, NoLaws: rows > 200}),
	}
}

// In what programs read, no number of people is from 1 to 4, and every figure that a page has may be found.
func TestSmallNumbersAreNotInJSON(t *testing.T) {
	o := observedExample(t, 150, false)
	var b bytes.Buffer
	if err := o.JSON(&b); err != nil {
		t.Fatal(err)
	}
	var whole map[string]any
	if err := json.Unmarshal(b.Bytes(), &whole); err != nil {
		t.Fatal(err)
	}
	seen := 0
	var look func(path string, v any)
	look = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, one := range v {
				n, number := one.(float64)
				if (k == "people" || k == "events" || path == ".admissions" || k == "n") && number {
					if seen++; n >= 1 && n <= 4 {
						t.Errorf("%s.%s is %v", path, k, n)
					}
				}
				look("."+k, one)
			}
		case []any:
			for _, one := range v {
				look(path, one)
			}
		}
	}
	look("", whole)
	if seen < 100 {
		t.Errorf("only %d numbers of people were looked at", seen)
	}
}

// A hidden figure cannot be worked out from the others of its kind.
func TestFiguresOfCohortsGiveNothingAway(t *testing.T) {
	o := observedExample(t, 428, false)
	hidden := o.hush().figures(o.Of.Figures)
	perBase := map[string][2]int{} // hidden, and shown, of the cohorts
	for i, f := range o.Of.Figures {
		base, _, of := cutCohort(f.ID)
		if !of {
			continue
		}
		n := perBase[base]
		if hidden[i] {
			n[0]++
		} else {
			n[1]++
		}
		perBase[base] = n
	}
	for base, n := range perBase {
		if n[0] == 1 && n[1] > 0 {
			t.Errorf("%s: one cohort is hidden, %d are shown", base, n[1])
		}
	}
}

func cutCohort(id string) (base, cohort string, ok bool) {
	for i := range id {
		if id[i] == '@' {
			return id[:i], id[i+1:], true
		}
	}
	return id, "", false
}

func TestObservationsAreTheSameEveryTime(t *testing.T) {
	var before []byte
	for range 2 {
		o := observedExample(t, 150, true)
		var b bytes.Buffer
		for _, write := range []error{o.JSON(&b), o.CSV(&b), o.Page().Markdown(&b), o.SetAside(&b)} {
			if write != nil {
				t.Fatal(write)
			}
		}
		charts, err := o.Charts()
		if err != nil || len(charts) < 7 {
			t.Fatalf("%d pictures, %v", len(charts), err)
		}
		for _, c := range charts {
			b.Write(c.SVG())
		}
		if before != nil && !bytes.Equal(before, b.Bytes()) {
			t.Error("the same rows gave other bytes")
		}
		before = b.Bytes()
	}
}

// A table of contracts by cohorts, whose sums are all known: in no row and no column is just one number hidden, nor
// several that are fewer than 5 together, unless there is nobody else to hide.
func TestNoSumGivesAFigureAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []calibration.Figure
		var counts [3][2]int
		for i, cohort := range []string{"alcohol", "opiates", "other"} {
			for k, contract := range []string{"block", "spot"} {
				counts[i][k] = rapid.IntRange(0, 12).Draw(t, "count")
				all = append(all, calibration.Figure{ID: "rehab.admissions." + contract + "@" + cohort, K: counts[i][k]})
			}
		}
		hidden := hush(true).figures(all)
		held := func(cells ...int) {
			n, sum, others := 0, 0, 0
			for _, at := range cells {
				if hidden[at] {
					n, sum = n+1, sum+all[at].K
				} else {
					others += all[at].K
				}
			}
			if n > 0 && (n == 1 || sum < leastShown) && others > 0 {
				t.Errorf("of %v these are hidden: %v", counts, hidden)
			}
		}
		for i := range 3 {
			held(2*i, 2*i+1)
		}
		held(0, 2, 4)
		held(1, 3, 5)
		for i, f := range all {
			if hush(true).hides(f.K) && !hidden[i] {
				t.Errorf("%d are shown", f.K)
			}
		}
	})
}

func TestACalibrationHidesWhatWouldGiveAContractAway(t *testing.T) {
	check := func(id string, people int) calibration.Check {
		return calibration.Check{Target: calibration.Target{ID: id, Unit: "people"}, People: people}
	}
	hidden := hush(true).checks([]calibration.Check{
		check("rehab.admitted", 127), check("rehab.admissions.block", 126), check("rehab.admissions.spot", 1),
		check("rehab.admissions.block.2024-02", 6), check("rehab.admissions.spot.2024-01", 0), check("rehab.admissions.spot.2024-02", 1),
		check("detox.admissions.block", 80), check("detox.admissions.spot", 20), check("detox.admissions.spot.2024-02", 7),
	})
	for id, want := range map[string]bool{
		"rehab.admitted": false, "rehab.admissions.block": true, "rehab.admissions.spot": true, "rehab.admissions.block.2024-02": true,
		"rehab.admissions.spot.2024-01": true, "detox.admissions.block": false, "detox.admissions.spot": false, "detox.admissions.spot.2024-02": false,
	} {
		if hidden[id] != want {
			t.Errorf("%s: hidden %v", id, hidden[id])
		}
	}
}

func TestNoStepOfACurveIsOfAFewPeople(t *testing.T) {
	o := observedExample(t, 428, false)
	d := &sketches{o: o, x: o.Reading.Extract, h: o.hush()}
	points := 0
	for _, c := range o.Of.Curves {
		for cause := range len(c.Causes) + 1 {
			cause-- // every cause first
			shown := 0
			s := d.stepsOf(c, cause, func(float64) (v, low, high float64, ok bool) { return 0.5, 0.5, 0.5, true })
			for i, t0 := range s.X {
				over := overBy(c, cause, t0)
				if t0 == 0 && s.Y[i] != 0.5 { // as if nobody were over
					over = 0
				}
				if n := over - shown; n > 0 && n < leastShown {
					t.Errorf("stage %d, cause %d: a step of %d at %v days", c.Stage, cause, n, t0)
				}
				shown = over
				points++
			}
		}
	}
	if points < 100 {
		t.Errorf("%d points only", points)
	}
	charts, err := o.Charts()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(charts, func(c *chart.Chart) bool { return c.ID == "ends" })
	for _, row := range charts[at].Table.Rows {
		if share := row[len(row)-3]; row[len(row)-4].Value == 0 && share.Value > 60 {
			t.Errorf("%.0f%% have ended at once: %v", share.Value, row[:2])
		}
	}
}

// What a month of the year has in all years together would give away the one year that is not told.
func TestMonthsOfAllYearsGiveNoneAway(t *testing.T) {
	o := observedExample(t, 250, false)
	hidden, ofYear := o.hiddenMonths()
	if !slices.Contains(hidden, true) || !slices.Contains(ofYear[:], false) {
		t.Fatal("the example hides all months or none")
	}
	table, j := o.byMonth(), o.referralsJSON()
	for m, hide := range ofYear {
		row := table.Rows[m]
		if times := row[len(row)-1]; hide != (times == withheld) || hide != (j.ByMonth[m].People == nil) || hide && j.ByMonth[m].Factor != nil {
			t.Errorf("%s: hidden %v, and it says %q, in JSON %v and %v", row[0], hide, times, j.ByMonth[m].People, j.ByMonth[m].Factor)
		}
	}
	for i, one := range o.Of.Arrivals.Months {
		if month, err := strconv.Atoi(one.Name[5:]); err != nil || hidden[i] && !ofYear[month-1] {
			t.Errorf("%s is hidden, and its month of all years is not (%v)", one.Name, err)
		}
	}
}
