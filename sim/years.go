package sim

import "time"

// financialYear is a year of money: from one 1 April to the next; the first starts with the run.
type financialYear struct {
	from, until ticks
	of          int64 // days from the 1 April before to the next
	label       string
}

// days are those of the year that the run has.
func (y *financialYear) days() int64 { return nights(y.from, y.until) }

// part is the share of a yearly amount that falls on so many days, rounded to the nearest whole.
func (y *financialYear) part(amount, days int64) int64 { return partOf(amount, days, y.of) }

// partOf is the share days/of of an amount, rounded to the nearest whole; nothing of no days.
func partOf(amount, days, of int64) int64 {
	if of == 0 {
		return 0
	}
	return (2*amount*days + of) / (2 * of)
}

// financialYears are those of a run, up to the one that has begun when it ends.
func financialYears(start time.Time, end ticks) (years []financialYear) {
	first := start.Year()
	if start.Before(time.Date(first, time.April, 1, 0, 0, 0, 0, time.UTC)) {
		first--
	}
	april := func(year int) ticks {
		return ticks(daysBetween(start, time.Date(year, time.April, 1, 0, 0, 0, 0, time.UTC))) * oneDay
	}
	for year := first; ; year++ {
		y := financialYear{
			from: max(0, april(year)), until: april(year + 1), of: nights(april(year), april(year+1)),
			label: time.Date(year, time.April, 1, 0, 0, 0, 0, time.UTC).Format("2006") + "-" + time.Date(year+1, time.April, 1, 0, 0, 0, 0, time.UTC).Format("06"),
		}
		years = append(years, y)
		if y.until > end {
			return years
		}
	}
}

// nightsIn counts the nights of (from, to] that belong to the year: a night belongs to the date before its midnight.
func (y *financialYear) nightsIn(from, to ticks) int64 {
	return max(0, min(to.day(), y.until.day())-max(from.day(), y.from.day()))
}
