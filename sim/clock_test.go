package sim

import (
	"testing"
	"time"
)

func TestCalendarAgreesWithTime(t *testing.T) {
	for _, first := range []string{"2025-04-01", "1999-12-31", "2400-02-29", "1970-01-01"} {
		start, err := time.Parse(time.DateOnly, first)
		if err != nil {
			t.Fatal(err)
		}
		c := newCalendar(start)
		for day := int64(0); day < 200*366; day += 13 {
			date := start.AddDate(0, 0, int(day))
			if got, want := c.month(day), int(date.Month())-1; got != want {
				t.Fatalf("month of %v is %d, want %d", date, got, want)
			}
			if got, want := c.weekday(day), int(date.Weekday()); got != want {
				t.Fatalf("weekday of %v is %d, want %d", date, got, want)
			}
		}
	}
}

func TestSumsOfDaysAreExactForCenturies(t *testing.T) {
	at := toTicks(0.1)
	for range 100000 {
		at += toTicks(7)
	}
	if want := toTicks(0.1) + 700000*oneDay; at != want {
		t.Errorf("at %d, want %d", at, want)
	}
}

func TestANightIsAMidnightInBed(t *testing.T) {
	for _, c := range []struct {
		from, to Days
		want     int64
	}{
		{0, 12, 12}, {0.5, 12.5, 12}, {3.9, 4.1, 1}, {3.1, 3.9, 0}, {4, 4, 0}, {3.5, 4, 1}, {4, 4.5, 0},
	} {
		if got := nights(toTicks(c.from), toTicks(c.to)); got != c.want {
			t.Errorf("nights from %v to %v: %d, want %d", c.from, c.to, got, c.want)
		}
	}
}
