package calibration

import (
	"slices"
	"testing"
	"time"

	"tier4/sim"
)

func TestDayIsADate(t *testing.T) {
	d := DayOf(time.Date(2025, 4, 1, 23, 59, 0, 0, time.FixedZone("east", 7200)))
	if d.String() != "2025-04-01" || DayOf(d.Date()) != d || (d+1).String() != "2025-04-02" {
		t.Errorf("the day is %s", d)
	}
	if Missing.Known() || Missing.String() != "" || !Missing.Date().IsZero() {
		t.Error("a missing day shows as a day")
	}
	if got := DayOf(time.Date(1931, 12, 31, 0, 0, 0, 0, time.UTC)).String(); got != "1931-12-31" {
		t.Errorf("a day before 1970 is %s", got)
	}
}

// one is an extract of a ward with these steps, from day 100 to day 200.
func one(by Selection, steps ...Step) *Extract {
	x := &Extract{Stages: []Stage{{"ward", sim.BedsKind}}, Cohorts: []string{"all"}, SelectedBy: by, From: 100, To: 200, Until: 200}
	for i, s := range steps {
		x.Episodes = append(x.Episodes, Episode{Row: i + 2, Referred: s.Listed, Steps: []Step{s}, Closed: Missing, ClosedAt: -1, Source: -1})
	}
	return x
}

func TestSpellsAreWhatWasSeen(t *testing.T) {
	over := Step{Listed: 110, Admitted: 115, Left: 130, Outcome: Completed}
	waiting := Step{Listed: 190, Admitted: Missing, Left: Missing}
	early := Step{Listed: 80, Admitted: 90, Left: 120, Outcome: Unplanned}
	gone := Step{Listed: 50, Admitted: 60, Left: 70, Outcome: Completed}
	x := one(ByActivity, over, waiting, early, gone)
	want := []Spell{
		{Episode: 0, From: 115, To: 130, Seen: 115, End: Completed, Weight: 1},
		{Episode: 2, From: 90, To: 120, Seen: 100, End: Unplanned, Weight: 1},
	}
	if got := x.Stays(0); !slices.Equal(got, want) {
		t.Errorf("stays %+v", got)
	}
	waits := x.Waits(0)
	if len(waits) != 2 || waits[0].Days() != 5 || waits[1].End != Open || waits[1].To != 200 || waits[1].ToAt != DayStart {
		t.Errorf("waits %+v", waits)
	}
}

func TestGivingUpEndsTheWait(t *testing.T) {
	x := one(ByReferral, Step{Listed: 110, Admitted: Missing, Left: Missing})
	x.Episodes[0].Closed, x.Episodes[0].ClosedAt, x.Episodes[0].Cause = 117, 0, GaveUp
	if got := x.Waits(0); len(got) != 1 || got[0].End != GaveUp || got[0].Days() != 7 {
		t.Errorf("waits %+v", got)
	}
}

func TestOccupancyCountsNights(t *testing.T) {
	x := one(ByReferral,
		Step{Listed: 100, Admitted: 101, Left: 104, Outcome: Completed},
		Step{Listed: 100, Admitted: 104, Left: 106, Outcome: Completed}, // into the bed left that day
		Step{Listed: 100, Admitted: 105, Left: 105, Outcome: Unplanned}) // no night
	got := x.Occupancy(0)
	if len(got) != 101 || !slices.Equal(got[:8], []int{0, 0, 1, 1, 1, 1, 1, 0}) {
		t.Errorf("by midnight %v", got[:8])
	}
}

func TestOccupancyIsTrustedOnceThoseBeforeHaveLeft(t *testing.T) {
	var steps []Step
	for d := Day(100); d < 170; d++ {
		steps = append(steps, Step{Listed: d, Admitted: d + 10, Left: d + 30, Outcome: Completed})
	}
	if got := one(ByReferral, steps...).TrustedFrom(0); got != 130 {
		t.Errorf("trusted from day %d, not 130", got)
	}
	if got := one(ByActivity, steps...).TrustedFrom(0); got != 100 {
		t.Errorf("by activity from day %d, not 100", got)
	}
}
