package report

import (
	"testing"

	"tier4/sim"
	"tier4/sim/stats"
)

func TestIntervalsStayWithinWhatCanBe(t *testing.T) {
	e := sim.Estimate{Figure: sim.Figure{Unit: sim.UnitShare}, Estimate: stats.Estimate{Value: 0.017, Low: -0.017, High: 0.051, N: 30}}
	if got := sure(e); got != "1.7% (0% to 5.1%)" {
		t.Error(got)
	}
	e.Value, e.Low, e.High = 0.98, 0.95, 1.01
	if got := sure(e); got != "98.0% (95.0% to 100.0%)" {
		t.Error(got)
	}
}

func TestAmounts(t *testing.T) {
	for _, c := range []struct {
		unit string
		v    float64
		want string
	}{
		{sim.UnitDays, 0, "0 days"},
		{sim.UnitDays, 12.34, "12.3 days"},
		{sim.UnitDays, 13.9, "13.9 days"},
		{sim.UnitDays, 14, "2.0 weeks"},
		{sim.UnitDays, 31, "4.4 weeks"},
		{sim.UnitDays, 0.25, "6.0 hours"},
		{sim.UnitDays, 0.01, "14.4 minutes"},
		{sim.UnitShare, 0.4231, "42.3%"},
		{sim.UnitShare, 0.00065, "0.07%"},
		{sim.UnitPoundsPerYear, 556_912, "£556,900 a year"},
		{sim.UnitPounds, 8164, "£8,160"},
		{sim.UnitPounds, 21_420, "£21,400"},
		{sim.UnitPounds, 172.4, "£172"},
		{sim.UnitPounds, 12.5, "£12.50"},
		{sim.UnitPoundsPerYear, 1_234_567, "£1,234,600 a year"},
		{sim.UnitPeoplePerYear, 93.83, "93.8 people a year"},
		{sim.UnitPeoplePerYear, 1234.5, "1,234 people a year"},
		{sim.UnitNightsPerYear, 186.6, "187 nights a year"},
		{sim.UnitPeople, 0.04, "0.04 people"},
		{"cases/year", 76.3, "76.3 cases a year"},
		{sim.UnitBeds, -0.001, "-0.001 places"},
		{sim.UnitMonth, 1, "April"},
		{sim.UnitMonth, 9.4, "December"},
		{sim.UnitMonth, 12, "March"},
		{sim.UnitRatio, 1.154, "1.15 times"},
		{"cases", 38.42, "38.4 cases"},
	} {
		if got := amount(c.unit, c.v); got != c.want {
			t.Errorf("%v %s: %q, want %q", c.v, c.unit, got, c.want)
		}
	}
}

func estimate(unit string, v, low, high float64) sim.Estimate {
	return sim.Estimate{Figure: sim.Figure{Unit: unit}, Estimate: stats.Estimate{Value: v, Low: low, High: high}}
}

func TestIntervals(t *testing.T) {
	for _, c := range []struct {
		e    sim.Estimate
		want string
	}{
		{estimate(sim.UnitDays, 12.34, 12.01, 12.62), "12.3 days (12.0 to 12.6)"},
		{estimate(sim.UnitDays, 28, 27.99, 28.01), "4.0 weeks"},
		{estimate(sim.UnitDays, 0.5, 0, 6), "0.5 days (0 to 6.0)"},
		{estimate(sim.UnitPounds, 556_912, 556_071, 557_749), "£556,900 (£556,100 to £557,700)"},
		{estimate(sim.UnitShare, 0.4231, 0.4196, 0.4266), "42.3% (42.0% to 42.7%)"},
	} {
		if got := sure(c.e); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestDifferences(t *testing.T) {
	for _, c := range []struct {
		unit         string
		v, low, high float64
		want         string
	}{
		{sim.UnitDays, -4.12, -4.31, -3.93, "4.1 days shorter (3.9 to 4.3)"},
		{sim.UnitDays, 30, 29, 31, "4.3 weeks longer (4.1 to 4.4)"},
		{sim.UnitPoundsPerYear, 97_812, 96_000, 99_600, "£97,800 more (£96,000 to £99,600)"},
		{sim.UnitPounds, -708, -900, -500, "£708 less (£500 to £900)"},
		{sim.UnitShare, 0.093, 0.091, 0.095, "9.3 more in 100 (9.1 to 9.5)"},
		{sim.UnitPeoplePerYear, -3.2, -4, -2.4, "3.2 fewer (2.4 to 4.0)"},
		{sim.UnitPeople, -0.5, -1.2, 0.2, "0.5 fewer (1.2 fewer to 0.2 more)"},
	} {
		d := sim.Difference{Difference: stats.Difference{Estimate: stats.Estimate{Value: c.v, Low: c.low, High: c.high}}}
		if got := sureGap(c.unit, d); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestCleanKeepsTextHarmless(t *testing.T) {
	if got := clean("a\x1b[31m\nb\u009b  c"); got != "a [31m b c" {
		t.Errorf("%q", got)
	}
	if got := escaped("a|b*c_<d>"); got != `a\|b\*c\_\<d>` {
		t.Errorf("%q", got)
	}
}
