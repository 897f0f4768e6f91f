package calibration

import (
	"math"
	"testing"

	"tier4/sim"
)

// paper is an extract made by hand: a panel that meets on days 107, 114, ... and beds behind it.
func paper() *Extract {
	x := &Extract{
		Stages:  []Stage{{"panel", sim.PanelKind}, {"rehab", sim.BedsKind}},
		Cohorts: []string{"all"}, Contracts: []string{"block", "spot"}, From: 100, To: 170, Until: 170,
	}
	add := func(listed, heard, admitted, left Day, contract int, cause End) {
		e := Episode{Referred: listed, Closed: Missing, ClosedAt: -1, Steps: []Step{
			{Listed: listed, Admitted: heard, AdmittedAt: DayStart, Left: Missing, Contract: -1, Outcome: Approved},
			{Listed: Missing, Admitted: admitted, Left: left, Contract: contract},
		}}
		if heard.Known() {
			e.Steps[1].Listed, e.Steps[1].ListedAt = heard, DayStart
			e.Hearings = []Hearing{{0, heard, Approved}}
		}
		switch {
		case cause == Completed || cause == Unplanned:
			e.Steps[1].Outcome, e.Closed, e.ClosedAt, e.Cause = cause, left, 1, cause
		case cause == GaveUp && heard.Known():
			e.Closed, e.ClosedAt, e.Cause = left, 1, GaveUp
			e.Steps[1].Left = Missing
		case cause == GaveUp:
			e.Closed, e.ClosedAt, e.Cause = left, 0, GaveUp
			e.Steps[1].Left = Missing
		}
		x.Episodes = append(x.Episodes, e)
	}
	add(101, 107, 110, 130, 0, Completed)
	add(102, 107, 112, 122, 0, Unplanned)
	add(103, 114, 122, 150, 0, Completed) // not heard at the first meeting; into the bed left that day
	add(104, 114, 145, 165, 1, Completed) // spot, after 31 days
	add(108, 114, Missing, 135, -1, GaveUp)
	add(109, Missing, Missing, 111, -1, GaveUp)
	add(160, 163, Missing, Missing, -1, Open)
	return x
}

func TestFiguresOfAnExtract(t *testing.T) {
	x := paper()
	g := NewGauge(x)
	got := map[string]float64{}
	for i, v := range g.Measure(x) {
		got[g.Targets()[i].ID] = v
	}
	want := map[string]float64{
		"referrals@all":              7,
		"panel.admitted":             6,
		"panel.gave_up":              1,
		"panel.waited":               6 + 5 + 11 + 10 + 6 + 2 + 3,
		"panel.admitted.wait.mean":   41. / 6,
		"panel.admitted.wait.median": 6,
		"panel.decisions.max":        3,
		"panel.at_first_meeting":     4. / 6,
		"panel.meetings_with_1":      1,
		"panel.meetings_with_2":      1,
		"panel.meetings_with_3":      1,
		"panel.meetings_with_4":      0,
		"rehab.admitted":             4,
		"rehab.gave_up":              1,
		"rehab.waited":               3 + 5 + 8 + 31 + 21 + 7,
		"rehab.admitted.wait.mean":   47. / 4,
		"rehab.admissions.block":     3,
		"rehab.admissions.spot":      1,
		"rehab.in_use.block.max":     2,
		"rehab.in_use.block.at_2":    18. / 71, // the nights to day 113 to 130: two of the three
		"rehab.spot.wait.mean":       31,
		"rehab.spot.wait.least":      31,
		"rehab.spot.days_28_to_35":   1,
		"rehab.spot.days_21_to_28":   0,
		"rehab.stay.mean":            (20. + 10 + 28 + 20) / 4,
		"rehab.unplanned":            0.25,
	}
	for id, v := range want {
		if math.Abs(got[id]-v) > 1e-12 {
			t.Errorf("%s is %g, not %g", id, got[id], v)
		}
	}
	months := 0.0
	for id, v := range got {
		if isMonthly := len(id) > len("rehab.admissions.block.") && id[:len("rehab.admissions.block.")] == "rehab.admissions.block."; isMonthly {
			months += v
		}
	}
	if months != 3 {
		t.Errorf("the months have %g admissions on block, not 3", months)
	}
}

// What is measured of a history that has what the extract lacks, or lacks what it has, is of the same length.
func TestOtherExtractsAreMeasuredAlike(t *testing.T) {
	x := paper()
	g := NewGauge(x)
	y := paper()
	y.Episodes = y.Episodes[5:]
	values := g.Measure(y)
	if len(values) != len(g.Targets()) {
		t.Fatalf("%d figures, not %d", len(values), len(g.Targets()))
	}
	for i, one := range g.Targets() {
		if nobody := one.ID == "rehab.admitted.wait.mean" || one.ID == "rehab.spot.wait.mean"; nobody != math.IsNaN(values[i]) && (nobody || one.Unit == "people") {
			t.Errorf("%s is %g", one.ID, values[i])
		}
	}
}
