package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"tier4/calibration"
)

// order is which of two numbers in a date such as 03/04/2025 is the day.
type order uint8

const (
	undecided order = iota
	dayFirst
	monthFirst
)

// String is the order as a file of columns writes it.
func (o order) String() string {
	switch o {
	case dayFirst:
		return "dd/mm/yyyy"
	case monthFirst:
		return "mm/dd/yyyy"
	}
	return ""
}

// written is one cell read as a date, as far as it can be without knowing the order.
type written struct {
	day     calibration.Day // where the order does not matter
	a, b, y int             // else the two numbers and the year
	serial  bool            // a number of days, as workbooks count
	never   bool            // a stand-in for no date, such as 31/12/9999
	ok      bool
}

var (
	clock     = regexp.MustCompile(`(?i)[t ]+\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?$`)
	weekday   = regexp.MustCompile(`(?i)^(mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(day)?\.?,?\s+`)
	yearFirst = regexp.MustCompile(`^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$`)
	together  = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	numbers   = regexp.MustCompile(`^(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{2}|\d{4})$`)
	dayMonth  = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[-/., ]*([A-Za-z]{3,9})[-/.,' ]*(\d{2}|\d{4})$`)
	monthDay  = regexp.MustCompile(`^([A-Za-z]{3,9})[-/. ]*(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{2}|\d{4})$`)
	yearMonth = regexp.MustCompile(`^(\d{4})[-/. ]([A-Za-z]{3,9})[-/. ](\d{1,2})$`)
	count     = regexp.MustCompile(`^\d{5}([.,]\d+)?$`)
)

// longestDate is longer than any date with its weekday and time.
const longestDate = 60

// The years that a date of an episode can have. Beyond them it is a stand-in, or no date.
const (
	firstYear = 1950
	lastYear  = 2150
)

// readDate reads a cell as a date. from04 says that numbers count from 1904.
func readDate(text string, from04 bool) written {
	if len(text) > longestDate {
		return written{}
	}
	if count.MatchString(text) {
		n, _ := strconv.Atoi(text[:5])
		return serialDate(n, from04)
	}
	text = strings.TrimSpace(clock.ReplaceAllString(text, ""))
	text = weekday.ReplaceAllString(text, "")
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	if m := yearFirst.FindStringSubmatch(text); m != nil {
		return ymd(number(m[1]), number(m[2]), number(m[3]))
	}
	if m := together.FindStringSubmatch(text); m != nil {
		return ymd(number(m[1]), number(m[2]), number(m[3]))
	}
	if m := numbers.FindStringSubmatch(text); m != nil {
		w := written{a: number(m[1]), b: number(m[2]), y: fullYear(m[3])}
		w.never = beyond(w.y)
		w.ok = w.never || w.as(dayFirst).Known() || w.as(monthFirst).Known()
		return w
	}
	if m := dayMonth.FindStringSubmatch(text); m != nil {
		return ymd(fullYear(m[3]), monthNamed(m[2]), number(m[1]))
	}
	if m := monthDay.FindStringSubmatch(text); m != nil {
		return ymd(fullYear(m[3]), monthNamed(m[1]), number(m[2]))
	}
	if m := yearMonth.FindStringSubmatch(text); m != nil {
		return ymd(number(m[1]), monthNamed(m[2]), number(m[3]))
	}
	return written{}
}

// serialDate is the date of a workbook's number: day 1 is 1 January 1900, and a 29 February 1900 that
// never was is counted; or day 0 is 1 January 1904.
func serialDate(n int, from04 bool) written {
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if from04 {
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	d := from.AddDate(0, 0, n)
	if d.Year() < firstYear || d.Year() > lastYear {
		return written{}
	}
	return written{day: calibration.DayOf(d), serial: true, ok: true}
}

// fullYear is a year of two digits or four: 69 is 2069, 70 is 1970.
func fullYear(text string) int {
	y, _ := strconv.Atoi(text)
	if len(text) == 2 {
		y += 1900
		if y < 1970 {
			y += 100
		}
	}
	return y
}

func beyond(year int) bool { return year <= 1901 || year >= 2999 }

// ymd is the date of a year, month and day, if there is such a day.
func ymd(y, m, d int) written {
	if beyond(y) {
		return written{never: true, ok: true}
	}
	day := dayIn(y, m, d)
	return written{day: day, ok: day.Known()}
}

func dayIn(y, m, d int) calibration.Day {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < firstYear || y > lastYear || m < 1 || m > 12 || t.Day() != d || int(t.Month()) != m {
		return calibration.Missing
	}
	return calibration.DayOf(t)
}

// as is the date in an order, Missing where there is no such day.
func (w written) as(o order) calibration.Day {
	switch {
	case w.never || !w.ok && w.y == 0:
		return calibration.Missing
	case w.y == 0:
		return w.day
	case o == dayFirst:
		return dayIn(w.y, w.b, w.a)
	case o == monthFirst:
		return dayIn(w.y, w.a, w.b)
	}
	if w.a == w.b {
		return dayIn(w.y, w.a, w.b)
	}
	return calibration.Missing
}

var months = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// monthNamed is the month of a name of three letters or more, 0 if there is none.
func monthNamed(name string) int {
	name = strings.ToLower(name)
	for i, m := range months {
		if strings.HasPrefix(m, name) || name == "sept" && m == "september" {
			return i + 1
		}
	}
	return 0
}

// reading is what the cells of a column of dates say of how they are written.
type reading struct {
	filled, good int // cells with something in them; that are dates in some order
	plain        int // dates in no doubt of the order
	day, month   int // dates that are so only with the day first; only with the month first
	either       int // dates in both orders, different ones
	serials      int
	low          int // serials whose day is 12 or less
}

// look counts how the cells of a column are written.
func look(s *sheet, rows []line, column int) (r reading) {
	for _, row := range rows {
		text := row.cell(column)
		if isNothing(text) {
			continue
		}
		r.filled++
		w := readDate(text, s.from04)
		if !w.ok {
			continue
		}
		r.good++
		d, m := w.as(dayFirst), w.as(monthFirst)
		switch {
		case w.serial:
			r.serials++
			if w.day.Date().Day() <= 12 {
				r.low++
			}
		case w.y == 0 || w.never || d == m:
			r.plain++
		case !m.Known():
			r.day++
		case !d.Known():
			r.month++
		default:
			r.either++
		}
	}
	return r
}

// isDates says whether a column is one of dates: most of what is in it are.
func (r reading) isDates() bool { return r.good > 0 && 5*r.good >= 4*r.filled }

// decide is the order of a column by its own cells: what all but one in twenty of those that tell agree on;
// undecided where none tells. clash says that they contradict each other.
func (r reading) decide() (o order, clash bool) {
	switch {
	case r.day == 0 && r.month == 0:
		return undecided, false
	case r.day >= 19*r.month:
		return dayFirst, false
	case r.month >= 19*r.day:
		return monthFirst, false
	}
	return undecided, true
}

// swapped says that a workbook has probably read some dates of the column month first: all that it made
// into dates could be either, and all that it left as text could not.
func (r reading) swapped() bool {
	return r.serials >= 3 && r.low == r.serials && r.day >= 3 && r.either == 0 && r.month == 0
}
