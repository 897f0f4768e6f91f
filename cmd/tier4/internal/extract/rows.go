package extract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tier4/calibration"
	"tier4/scenarios"
)

// Defect is why a row was set aside, or one of several reasons.
type Defect struct {
	Line    int    // of the file, or row of the sheet
	Column  string // "" where it is of the whole row
	Kind    Kind
	What    string // what is wrong
	Instead string // what would be right
}

// Error is "line 17, panel_on: what is wrong; what would be right".
func (d Defect) Error() string {
	text := fmt.Sprintf("line %d", d.Line)
	if d.Column != "" {
		text += ", " + d.Column
	}
	text += ": " + d.What
	if d.Instead != "" {
		text += "; " + d.Instead
	}
	return text
}

// reason is the kind of the defect, and its column.
func (d Defect) reason() string {
	if d.Column == "" {
		return string(d.Kind)
	}
	return string(d.Kind) + ", in `" + d.Column + "`"
}

// Kind is a kind of defect.
type Kind string

// The kinds of defects, in the order in which they are counted.
const (
	NoRow          Kind = "no episode: a total, a note or the header again"
	Broken         Kind = "cannot be read as cells"
	NoKey          Kind = "no key"
	Duplicate      Kind = "the same key twice"
	NoDate         Kind = "no date of referral"
	NotADate       Kind = "not a date"
	WrongOrder     Kind = "an order of dates that cannot be"
	Later          Kind = "a date after the extract"
	Outside        Kind = "outside the window"
	UnknownCohort  Kind = "no cohort, or an unknown one"
	UnknownOutcome Kind = "an unknown outcome"
	Contradiction  Kind = "dates and outcomes that contradict each other"
)

// DefectKinds are all kinds in the order in which they are counted.
func DefectKinds() []Kind {
	return []Kind{NoRow, Broken, NoKey, Duplicate, NoDate, NotADate, WrongOrder, Later, Outside, UnknownCohort, UnknownOutcome, Contradiction}
}

// draft is a row on its way to an episode.
type draft struct {
	line
	dates   map[int]calibration.Day // by column
	defects []Defect
	episode calibration.Episode
}

func (d *draft) fault(column string, kind Kind, what, instead string) {
	d.defects = append(d.defects, Defect{d.number, column, kind, what, instead})
}

// drafts reads the dates of all rows. What is no row of an episode, and what cannot be read, is a defect
// from the start.
func drafts(t *table, l *layout) (rows []draft) {
	columns := l.dateColumns()
	for _, one := range t.rows {
		d := draft{line: one, dates: map[int]calibration.Day{}}
		if one.broken != "" {
			d.fault("", Broken, one.broken, "close the quote, or double it where it is part of a text")
		} else if len(trimmed(one.cells)) > len(t.header) {
			d.fault("", Broken, fmt.Sprintf("there are %d cells, but %d columns", len(trimmed(one.cells)), len(t.header)), "put a cell that has the separator in it in quotes")
		}
		if len(d.defects) > 0 { // what would be read is in the wrong columns
			rows = append(rows, d)
			continue
		}
		for _, c := range columns {
			text := one.cell(c)
			if isNothing(text) {
				continue
			}
			w := readDate(text, t.from04)
			day := w.as(l.orderOf(c))
			switch {
			case w.never:
			case !w.ok:
				d.fault(t.header[c], NotADate, "`"+short(text)+"` is no date", "write a date such as 2025-04-01, or leave it empty")
			case !day.Known():
				d.fault(t.header[c], NotADate, "`"+short(text)+"` is no date where the column has "+l.orderOf(c).String(), "write it as the others, or leave it empty")
			default:
				d.dates[c] = day
			}
		}
		rows = append(rows, d)
	}
	for i := range rows {
		if d := &rows[i]; !d.unusable() && !d.anEpisode(t, l) {
			d.defects = nil
			d.fault("", NoRow, "this is no row of an episode: `"+short(strings.Join(slices.DeleteFunc(slices.Clone(d.cells), func(c string) bool { return c == "" }), " "))+"`", "")
		}
	}
	for _, one := range t.again {
		d := draft{line: one}
		d.fault("", NoRow, "this is the header again", "")
		rows = append(rows, d)
	}
	slices.SortStableFunc(rows, func(a, b draft) int { return cmp.Compare(a.number, b.number) })
	return rows
}

// anEpisode says whether a row may be one of an episode: it has a date, or more than two cells, or a key and another,
// and is no total.
func (d *draft) anEpisode(t *table, l *layout) bool {
	if len(d.dates) > 0 {
		return true
	}
	lead := ""
	for _, c := range d.cells {
		if c != "" {
			lead = c
			break
		}
	}
	if has(tokens(lead), "total", "totals", "subtotal", "sum", "count", "average", "mean", "note", "notes", "page", "report", "produced", "printed", "end", "source") {
		return false
	}
	return d.filled() > 2 || len(t.header) <= 3 || d.filled() == 2 && l.episode >= 0 && d.cell(l.episode) != ""
}

func short(text string) string {
	if r := []rune(text); len(r) > 50 {
		return string(r[:47]) + "..."
	}
	return text
}

// dateColumns are the columns used as dates, in their order.
func (l *layout) dateColumns() (columns []int) {
	use := func(x expression) {
		for _, one := range x {
			columns = append(columns, one.column)
		}
	}
	use(l.referred)
	use(l.closed)
	for _, s := range l.stages {
		use(s.listed)
		use(s.admitted)
		use(s.left)
	}
	slices.Sort(columns)
	return slices.Compact(columns)
}

func (l *layout) orderOf(column int) order {
	if o, ok := l.orders[column]; ok {
		return o
	}
	return l.order
}

// decideOrders settles for each column of dates which number is the day: as the file of columns says, else as
// the column's own cells say, else as the other columns do. What stays open is a fault.
func decideOrders(t *table, l *layout) (notes []string, faults scenarios.Faults) {
	var open []int
	var others order
	mixed := false
	for _, c := range l.dateColumns() {
		r := look(t.sheet, t.rows, c)
		if r.swapped() {
			faults = append(faults, scenarios.Fault{
				File: t.file, Line: t.at, Column: c + 1,
				What:    fmt.Sprintf("`%s`: it looks as if Excel read some dates month first: all %d that it made into dates have days up to 12, all others are text", t.header[c], r.serials),
				Instead: "import the column as text, or as day, month, year, and save it anew",
			})
		}
		if given := l.orderOf(c); given != undecided {
			if l.orders[c] = given; r.good > 0 {
				others = given
			}
			continue
		}
		o, clash := r.decide()
		switch {
		case clash:
			faults = append(faults, scenarios.Fault{
				File: t.file, Line: t.at, Column: c + 1,
				What:    fmt.Sprintf("`%s`: %d dates have the day first and %d the month", t.header[c], r.day, r.month),
				Instead: "write all dates of the column alike; 2025-04-01 is safe everywhere",
			})
		case o != undecided:
			l.orders[c] = o
			mixed = mixed || others != undecided && others != o
			others = o
			notes = append(notes, fmt.Sprintf("`%s` is read as %s: %s", t.header[c], o, telling(r, o)))
		case r.either > 0:
			open = append(open, c)
		}
	}
	for _, c := range open {
		if others != undecided && !mixed {
			l.orders[c] = others
			notes = append(notes, fmt.Sprintf("`%s` is read as %s, as the other columns are: its own dates could be either", t.header[c], others))
			continue
		}
		faults = append(faults, scenarios.Fault{
			File: t.file, Line: t.at, Column: c + 1,
			What:    fmt.Sprintf("`%s`: nothing tells the day from the month in its dates", t.header[c]),
			Instead: "say which it is in a file of columns: `dates: dd/mm/yyyy` or `dates: mm/dd/yyyy`",
		})
	}
	return notes, faults
}

// telling is what decided the order of a column.
func telling(r reading, o order) string {
	n, against := r.day, r.month
	if o == monthFirst {
		n, against = against, n
	}
	text := fmt.Sprintf("%d of its dates can be nothing else", n)
	if against > 0 {
		text += fmt.Sprintf(", and %d cannot be that", against)
	}
	return text
}
