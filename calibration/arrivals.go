package calibration

import (
	"math"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/gonum/mathext"

	"tier4/sim/stats"
)

// DaysPerYear is the length of a year in a rate.
const DaysPerYear = 365.25

// Arrivals are referrals as they come.
type Arrivals struct {
	From, To   Day // counted from From, until To
	Months     []Count
	Weekdays   [7]Count // Sunday first, as time.Weekday
	ByMonth    [12]Factor
	ByWeekday  [7]Factor
	Cohorts    []Count           // of everybody in the window, a year
	Sources    []Count           // likewise; with those whose source is unknown last, if there are any
	Clustering *stats.Dispersion // month by month, given the season where there are two years: nil if too few
	Season     *stats.Dispersion // between months of the year
	Week       *stats.Dispersion // between days of the week
	Growth     Growth
}

// Count is a number of people of some sort or time, with the time in which they came.
type Count struct {
	Name   string
	People int
	Days   float64
}

// PerYear is the rate with its exact interval.
func (c Count) PerYear(level float64) (stats.Estimate, bool) {
	return stats.Rate(float64(c.People), c.Days/DaysPerYear, level)
}

// Factor is how many times the average comes in one month of the year, or on one day of the week.
type Factor struct {
	Value, Low, High float64
	People           int
}

// Growth is the yearly growth of referrals, estimated from when they came (exact conditional on how many: Laplace
// 1773; Cox and Lewis 1966, section 3.3).
type Growth struct {
	PerYear, Low, High float64
	P                  float64 // of no growth
}

// Arrivals counts referrals in the window, returns included.
func (x *Extract) Arrivals() *Arrivals {
	a := &Arrivals{From: x.From, To: min(x.To, x.Until)}
	span := float64(a.To - a.From)
	if span <= 0 {
		return a
	}
	var days []Day
	cohorts, sources := make([]int, len(x.Cohorts)), make([]int, len(x.Sources)+1)
	for i := range x.Episodes {
		e := &x.Episodes[i]
		if e.Referred < a.From || e.Referred >= a.To {
			continue
		}
		days = append(days, e.Referred)
		cohorts[e.Cohort]++
		if e.Source >= 0 {
			sources[e.Source]++
		} else {
			sources[len(x.Sources)]++
		}
	}
	for c, n := range cohorts {
		a.Cohorts = append(a.Cohorts, Count{x.Cohorts[c], n, span})
	}
	for s, name := range x.Sources {
		a.Sources = append(a.Sources, Count{name, sources[s], span})
	}
	if n := sources[len(x.Sources)]; n > 0 && len(x.Sources) > 0 {
		a.Sources = append(a.Sources, Count{"unknown", n, span})
	}
	a.calendar(days)
	a.tests()
	a.Growth = growthOf(days, a.From, span)
	return a
}

// calendar counts by month and weekday.
func (a *Arrivals) calendar(days []Day) {
	var ofYear [12]Count
	for d := a.From; d < a.To; d++ {
		date := d.Date()
		if len(a.Months) == 0 || date.Day() == 1 {
			a.Months = append(a.Months, Count{Name: date.Format("2006-01")})
		}
		a.Months[len(a.Months)-1].Days++
		a.Weekdays[date.Weekday()].Days++
		ofYear[date.Month()-1].Days++
	}
	for _, d := range days {
		date := d.Date()
		first := a.From.Date()
		a.Months[12*(date.Year()-first.Year())+int(date.Month()-first.Month())].People++
		a.Weekdays[date.Weekday()].People++
		ofYear[date.Month()-1].People++
	}
	for w := range a.Weekdays {
		a.Weekdays[w].Name = time.Weekday(w).String()
	}
	span, n := float64(a.To-a.From), len(days)
	for m, c := range ofYear {
		a.ByMonth[m] = factorOf(c, n, span)
	}
	for w, c := range a.Weekdays {
		a.ByWeekday[w] = factorOf(c, n, span)
	}
}

// factorOf is a share of people over a share of days; the share of people has Jeffreys' interval.
func factorOf(c Count, n int, span float64) Factor {
	if c.Days == 0 || n == 0 {
		return Factor{}
	}
	low, high := stats.Jeffreys(c.People, n, 0.95)
	of := span / c.Days
	return Factor{float64(c.People) / float64(n) * of, low * of, high * of, c.People}
}

// tests looks for clusters, for a season, and for a week.
func (a *Arrivals) tests() {
	people := func(all []Count) (n, days []float64) {
		for _, c := range all {
			n, days = append(n, float64(c.People)), append(days, c.Days)
		}
		return n, days
	}
	test := func(n, means []float64, fitted int) *stats.Dispersion {
		if d, ok := stats.Disperse(n, means, fitted); ok {
			return &d
		}
		return nil
	}
	var year []Count
	for m, f := range a.ByMonth {
		days := 0.0
		for _, c := range a.Months {
			if monthOf(c.Name) == m {
				days += c.Days
			}
		}
		year = append(year, Count{People: f.People, Days: days})
	}
	n, days := people(year)
	a.Season = test(n, days, 0)
	n, days = people(a.Weekdays[:])
	a.Week = test(n, days, 0)
	n, days = people(a.Months)
	if len(a.Months) < 24 {
		a.Clustering = test(n, days, 0)
		return
	}
	for i, c := range a.Months { // against what the month of the year has on average
		if y := year[monthOf(c.Name)]; y.Days > 0 {
			days[i] = c.Days * (float64(y.People) + 0.5) / y.Days
		}
	}
	a.Clustering = test(n, days, 11)
}

func monthOf(name string) int {
	t, err := time.Parse("2006-01", name)
	if err != nil {
		return 0
	}
	return int(t.Month()) - 1
}

// growthOf estimates b in a rate that goes as exp(b t) from the mean time of referral.
func growthOf(days []Day, from Day, span float64) Growth {
	n := float64(len(days))
	if n < 2 {
		return Growth{Low: -1, High: math.Inf(1), P: 1}
	}
	mean := 0.0
	for _, d := range days {
		mean += (float64(d-from) + 0.5) / span / n
	}
	// mean of t in (0, 1) with density ∝ exp(b t), and its variance, the information of one referral
	moments := func(b float64) (mean, variance float64) {
		if math.Abs(b) < 1e-3 {
			return 0.5 + b/12, 1. / 12
		}
		mean = 1/(-math.Expm1(-b)) - 1/b
		return mean, 1/(b*b) - math.Exp(-b)/(math.Expm1(-b)*math.Expm1(-b))
	}
	b := 0.0
	for range 50 {
		m, v := moments(b)
		b += min(max((mean-m)/v, -2), 2)
	}
	_, v := moments(b)
	se := 1 / math.Sqrt(n*v)
	years := span / DaysPerYear
	grow := func(b float64) float64 { return math.Expm1(b / years) }
	z := (mean - 0.5) * math.Sqrt(12*n)
	return Growth{grow(b), grow(b - 1.96*se), grow(b + 1.96*se), math.Erfc(math.Abs(z) / math.Sqrt2)}
}

// Returning says whether a source is of people who come back after an earlier episode.
func Returning(source string) bool {
	for _, w := range []string{"re-referral", "rereferral", "return", "returned", "returns", "returner", "re-presentation", "relapse"} {
		if strings.EqualFold(source, w) {
			return true
		}
	}
	return false
}

// GammaInterval is the equal-tailed interval of a rate after so many events over an exposure, under Jeffreys'
// prior: its posterior is gamma with shape events + 1/2.
func GammaInterval(events, exposure, level float64) (mean, low, high float64) {
	shape := events + 0.5
	tail := (1 - level) / 2
	return shape / exposure, mathext.GammaIncRegInv(shape, tail) / exposure, mathext.GammaIncRegInv(shape, 1-tail) / exposure
}

// sortedDays puts days in order and drops those that repeat.
func sortedDays(days []Day) []Day {
	slices.Sort(days)
	return slices.Compact(days)
}
