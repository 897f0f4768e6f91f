package sim

import (
	"math"
	"time"
)

// ticks is a moment or length of time in 2^-36 of a day (1.3 microseconds), kept as date plus
// fraction: the high bits are whole days since the start, so that sums of whole days are exact
// however far the run goes (a quarter of a million years fit).
type ticks int64

const (
	fractionBits = 36
	oneDay       = ticks(1) << fractionBits
	forever      = ticks(math.MaxInt64 / 4)
)

// toTicks rounds d days to ticks; what is too long to matter is forever.
func toTicks(d Days) ticks {
	if d >= float64(forever/oneDay) {
		return forever
	}
	return ticks(d*float64(oneDay) + 0.5)
}

func (t ticks) days() Days { return float64(t) * (1.0 / float64(oneDay)) }

// day is the number of midnights up to t: the whole days since the start.
func (t ticks) day() int64 { return int64(t >> fractionBits) }

// nights counts the midnights in (from, to]: a night is a midnight in bed.
func nights(from, to ticks) int64 { return to.day() - from.day() }

// calendar answers what date a day of the run is.
type calendar struct {
	epoch int64 // days from 0000-03-01 to the start
}

func newCalendar(start time.Time) calendar {
	const toMarchYearZero = 719468 // days from 0000-03-01 to 1970-01-01
	return calendar{epoch: floorDiv(start.Unix(), 86400) + toMarchYearZero}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// nextMonth is the first midnight of the month after a moment's.
func (c calendar) nextMonth(t ticks) ticks {
	month, since := c.date(t.day())
	day := t.day() - since + 28 // of the same month, or the first of the next
	for c.month(day) == month {
		day++
	}
	return ticks(day) * oneDay
}

// month is the month of a day of the run, January 0.
func (c calendar) month(day int64) int {
	month, _ := c.date(day)
	return month
}

// date is the month of a day of the run, January 0, and how many of its days came before (Hinnant 2013,
// "chrono-compatible low-level date algorithms").
func (c calendar) date(day int64) (month int, since int64) {
	z := day + c.epoch
	dayOfEra := z - floorDiv(z, 146097)*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	m := (5*dayOfYear + 2) / 153 // March 0
	return int((m + 2) % 12), dayOfYear - (153*m+2)/5
}

// weekday is the weekday of a day of the run, Sunday 0.
func (c calendar) weekday(day int64) int {
	const weekdayOfMarchYearZero = 3 // Wednesday
	w := (day + c.epoch + weekdayOfMarchYearZero) % 7
	if w < 0 {
		w += 7
	}
	return int(w)
}
