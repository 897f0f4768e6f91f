package chart

import (
	"math"
	"strconv"
	"strings"
)

// Unit is how the amounts of an axis, a bar or a table are written.
type Unit struct {
	Name          string  // stands once, at the axis or the head of a column: "weeks", "people a year"
	Before, After string  // at every number: "£", "%"
	Times         float64 // the number written is the amount times this
	Dates         bool    // amounts are days since 1 January 1970 (see Date) and are written as dates
}

// The usual units.
func Plain(name string) Unit { return Unit{Name: name, Times: 1} }

func Pounds(name string) Unit {
	return Unit{Name: name, Before: "£", Times: 1}
}
func Percent(name string) Unit { return Unit{Name: name, After: "%", Times: 100} } // of shares: 0.25 is 25%
func Weeks() Unit              { return Unit{Name: "weeks", Times: 1. / 7} }       // of days
func Days() Unit               { return Unit{Name: "days", Times: 1} }

// head is the unit as the head of a column says it, "" for none.
func (u Unit) head(what string) string {
	switch {
	case u.Name != "" && what != "":
		return what + " (" + u.Name + ")"
	case u.Name != "":
		return u.Name
	}
	return what
}

// text writes an amount to so many decimals.
func (u Unit) text(v float64, decimals int) string {
	if u.Dates {
		return dateOf(v).Format("2 Jan 2006")
	}
	v *= u.Times
	text := grouped(strconv.FormatFloat(math.Abs(v), 'f', decimals, 64))
	sign := ""
	if v < 0 && strings.Trim(text, "0.,") != "" {
		sign = "−"
	}
	return sign + u.Before + text + u.After
}

// short writes an amount to about three figures.
func (u Unit) short(v float64) string {
	size := math.Abs(v * u.Times)
	switch {
	case u.Dates || size == 0:
		return u.text(v, 0)
	case size >= 1000: // three figures, then noughts
		step := math.Pow(10, math.Floor(math.Log10(size))-2)
		return u.text(math.Round(v*u.Times/step)*step/u.Times, 0)
	case size >= 100 || size >= 1 && math.Round(size*10) == math.Round(size)*10:
		return u.text(v, 0)
	case size >= 0.095:
		return u.text(v, 1)
	}
	return u.text(v, min(6, 1-int(math.Floor(math.Log10(size)))))
}

// worded is short, with the unit's name where no sign stands at the number.
func (u Unit) worded(v float64) string {
	if u.Name == "" || u.Before != "" || u.After != "" {
		return u.short(v)
	}
	return u.short(v) + " " + u.Name
}

// grouped puts commas between thousands.
func grouped(digits string) string {
	whole, fraction, dot := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		whole += "." + fraction
	}
	return whole
}
