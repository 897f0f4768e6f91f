package calibration

import (
	"math"
	"time"
)

// Day is a day of the calendar, counted from 1 January 1970. Days know no time zone.
type Day int32

// Missing is the day of what has not happened, or was not written down.
const Missing Day = math.MinInt32

// DayOf is the day of a date, whatever its time of day.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Known says whether there is a day.
func (d Day) Known() bool { return d != Missing }

// Date is the day as a date at 00:00 UTC; the zero time where it is missing.
func (d Day) Date() time.Time {
	if d == Missing {
		return time.Time{}
	}
	return time.Unix(int64(d)*86400, 0).UTC()
}

// String is the date as 2025-04-01, "" where it is missing.
func (d Day) String() string {
	if d == Missing {
		return ""
	}
	return d.Date().Format(time.DateOnly)
}

// Moment says when in its day something happened.
type Moment uint8

// The moments that a date may stand for.
const (
	SomeTime Moment = iota // any time of the day, each alike
	DayStart               // 00:00: a meeting, or something so many days after one
)
