package scenarios

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"tier4/sim"
)

// written is a node of one text.
func written(text string) *node {
	return &node{at: pos{"x.yaml", 1, 1}, key: "key", text: text}
}

// check reads texts with a kind: a result, or part of what is said instead.
func checkUnit[T any](t *testing.T, name string, k kind[T], cases map[string]string) {
	t.Helper()
	for text, want := range cases {
		var faults Faults
		r := &reader{faults: &faults, spec: &sim.Spec{Start: defaultStart}}
		v, ok := k.read(r, written(text))
		got := fmt.Sprint(v)
		if !ok {
			got = faults.Error()
		}
		if ok != (len(faults) == 0) {
			t.Errorf("%s %q: ok is %v with the faults %v", name, text, ok, faults)
		}
		if ok && got != want || !ok && !strings.Contains(got, want) {
			t.Errorf("%s %q: got %s, want %s", name, text, got, want)
		}
	}
}

func TestUnits(t *testing.T) {
	checkUnit(t, "duration", duration, map[string]string{
		"12 days": "12", "1 day": "1", "3d": "3", "12": "12", "0": "0", "1.5 weeks": "10.5", "2 w": "14", "6 hours": "0.25", "36 h": "1.5",
		"90 minutes": "0.0625", "1 year": "365.25", "2 y": "730.5", "12 months": "365.25", "1,000 days": "1000", "14 nights": "14", "1e2": "100",
		"": "not a length of time", "days": "not a length of time", "-1 day": "negative", "3 dyas": "did you mean `days`?", "1,00 days": "not a length",
		"NaN": "not a length", "Inf days": "not a length", "1e999": "not a length", "0x10": "no unit `x10`", "12 days late": "no unit `days late`",
	})
	checkUnit(t, "share", share, map[string]string{
		"85%": "0.85", "85 %": "0.85", "0.85": "0.85", "0": "0", "1": "1", "100%": "1", "2% per session": "0.02", "12.5%": "0.125",
		"101%": "from 0% to 100%", "-1%": "from 0% to 100%", "85": "did you mean `85%`?", "most": "not a share", "85 percent": "not a share",
	})
	checkUnit(t, "ratio", ratio, map[string]string{
		"0.7": "0.7", "30% lower": "0.7", "20 % higher": "1.2", "1.3": "1.3", "0": "0", "100% lower": "0", "150% higher": "2.5",
		"30%": "not a hazard ratio", "120% lower": "negative", "-0.5": "negative", "lower": "not a hazard ratio",
	})
	checkUnit(t, "money", money, map[string]string{
		"£1,200": "120000", "£420.50": "42050", "£420.5": "42050", "420": "42000", "£ 1,234,567.89": "123456789", "£0": "0", "£1.500": "did you mean `£1,500`?", "£1.50": "150",
		"£1.005": "three digits after a point", "£1.0005": "parts of a penny", "-£5": "negative", "£-5": "negative", "£1,20": "not an amount", "$5": "not an amount", "£": "not an amount",
		"5 pounds": "not an amount", "£1e3": "not an amount", "£9999999999999999": "not an amount",
	})
	checkUnit(t, "rate", rateOver("year"), map[string]string{
		"40": "40", "2 per year": "2", "3 a year": "3", "0": "0",
		"5 per day": "write `per_day`", "7 per week": "write `per_week`", "1 a month": "write `per_month`",
		"-1": "negative", "5 per fortnight": "not a rate", "5 weeks": "not a rate", "many": "not a rate",
	})
	checkUnit(t, "rate a week", rateOver("week"), map[string]string{"7": "365.25", "7 per week": "365.25", "2 per year": "write `per_year`"})
	checkUnit(t, "price", price, map[string]string{"£420": "42000", "£1,000,000": "100000000", "£1,000,000.01": "beyond any real price", "-£5": "negative"})
	checkUnit(t, "growth", growth, map[string]string{
		"2% per year": "0.02", "-5% per year": "-0.05", "0.02": "0.02", "0% a year": "0",
		"-100%": "beyond reason", "2000%": "beyond reason", "200": "beyond reason", "500%": "5", "5": "did you mean `5%`?", "1": "did you mean `1%`?", "2% per month": "not a growth",
	})
	if v, ok := growth.read(&reader{faults: new(Faults), variant: true}, written("1.5")); v != 1.5 || !ok {
		t.Errorf("a draw of a growth of 150%% is read as %v, %v", v, ok)
	}
	checkUnit(t, "priority", priority, map[string]string{
		"urgent": "2", "high": "1", "normal": "0", "5": "5", "-1": "-1", "urgnet": "did you mean `urgent`?", "1.5": "not a priority",
	})
	checkUnit(t, "whole number", unlimited(1, sim.NoLimit), map[string]string{
		"4": "4", "1,000": "1000", "unlimited": "-1", "0": "too few", "4.5": "not a whole number", "many": "or `unlimited`", "2000000000": "too many",
	})
	checkUnit(t, "weekday", weekday, map[string]string{"Tuesday": "2", "tue": "2", "Sun": "0", "Tuseday": "did you mean `Tuesday`?"})
}

// TestHorizons holds years and months of a horizon to the calendar, and those
// of other lengths of time to their averages.
func TestHorizons(t *testing.T) {
	for _, c := range []struct {
		start, length string
		want          float64
	}{
		{"2025-04-01", "1 year", 365},
		{"2023-04-01", "1 year", 366},
		{"2025-04-01", "3 years", 1096},
		{"2025-01-31", "1 month", 31},
		{"2025-04-01", "2 weeks", 14},
		{"2025-04-01", "1.5 years", 1.5 * 365.25},
		{"2025-04-01", "1000 years", 365242},
	} {
		start, err := time.Parse(time.DateOnly, c.start)
		if err != nil {
			t.Fatal(err)
		}
		var faults Faults
		got, _ := horizon(func() time.Time { return start }).read(&reader{faults: &faults}, written(c.length))
		if math.Abs(got-c.want) > 1e-9 || len(faults) > 0 {
			t.Errorf("%s from %s is %v days, want %v (%v)", c.length, c.start, got, c.want, faults)
		}
	}
}

// TestFirstMeeting puts every weekday on its first date from the start, a Tuesday.
func TestFirstMeeting(t *testing.T) {
	for i, want := range []float64{5, 6, 0, 1, 2, 3, 4} {
		text := fmt.Sprintf("{every: 2 weeks, on: %s}", weekdayWords[i])
		var faults Faults
		n := parse("x.yaml", []byte(text), &faults)
		s, ok := meets().read(&reader{faults: &faults, spec: &sim.Spec{Start: defaultStart}}, n)
		if !ok || s != (sim.Schedule{First: want, Every: 14}) {
			t.Errorf("%s: %+v, want the first on day %v (%v)", text, s, want, faults)
		}
	}
}

// TestPoundsInBraces reads amounts that YAML splits at the comma.
func TestPoundsInBraces(t *testing.T) {
	for text, want := range map[string]string{
		"{cost: £10,000, wait: 3 days}":      `{cost: "£10,000", wait: 3 days}`,
		"{cost: £1,234,567.89}":              `{cost: "£1,234,567.89"}`,
		"{n: 10,000 days}":                   `{n: "10,000 days"}`,
		"{cost: £10, 000: {}}":               `{cost: £10, 000: {}}`,
		"[£1,200, £3]":                       `["£1,200", £3]`,
		"[5,100]":                            `[5, 100]`,
		"[cost <= £1,500,000, wait < 9]":     `["cost <= £1,500,000", wait < 9]`,
		"{a: £10,000, b: £2,000, c: £3,000}": `{a: "£10,000", b: "£2,000", c: "£3,000"}`,
	} {
		var faults Faults
		n := parse("x.yaml", []byte(text), &faults)
		if n == nil || n.String() != want {
			t.Errorf("%s is read as %v, want %s (%v)", text, n, want, faults)
		}
	}
}

// TestPounds writes what money reads.
func TestPounds(t *testing.T) {
	for _, p := range []sim.Pence{0, 5, 50, 100, 14286, 100002, 123456789, 99999999999} {
		var faults Faults
		if got, ok := money.read(&reader{faults: &faults}, written(pounds(p))); !ok || got != p {
			t.Errorf("%d pence are written %s and read %d", p, pounds(p), got)
		}
	}
}
