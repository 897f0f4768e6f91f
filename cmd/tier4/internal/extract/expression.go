package extract

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tier4/calibration"
	"tier4/scenarios"
)

// expression is a date that columns give: the first that is there, each so many days later.
type expression []term

// term is a column and a number of days added to it.
type term struct {
	column int
	name   string
	plus   int
}

var (
	otherwise = regexp.MustCompile(`(?i)\s*,?\s+else\s+`)
	shifted   = regexp.MustCompile(`(?i)^(.*\S)\s*([+-])\s*(\d{1,4})\s*(days?|d|weeks?|w)?$`)
	dangling  = regexp.MustCompile(`[+-]\s*$`)
)

// mostShift is how many days may be added to a column: a decision takes effect in days or weeks.
const mostShift = 366

// expressionOf reads `panel_on + 4 days` or `detox_left_on, else panel_on + 4 days`. The error says what is
// wrong, and what would be right.
func expressionOf(text string, t *table) (e expression, what, instead string) {
	if i := t.column(text); i >= 0 && (t.has(text) || !dangling.MatchString(text)) {
		return expression{{i, t.header[i], 0}}, "", ""
	}
	for _, part := range otherwise.Split(text, -1) {
		part = strings.TrimSpace(part)
		one := term{name: part}
		if m := shifted.FindStringSubmatch(part); m != nil && t.column(part) < 0 {
			one.name = m[1]
			one.plus, _ = strconv.Atoi(m[3])
			if strings.HasPrefix(strings.ToLower(m[4]), "w") {
				one.plus *= 7
			}
			if m[2] == "-" {
				one.plus = -one.plus
			}
		}
		if dangling.MatchString(one.name) && !t.has(one.name) {
			return nil, "`" + part + "` has a sign without a number of days", "write a column and a number of days, as in `" + strings.TrimSpace(strings.TrimRight(one.name, "+- ")) + " + 4 days`"
		}
		if one.plus > mostShift || one.plus < -mostShift {
			return nil, fmt.Sprintf("`%s` is more than a year from its column", part), "write at most 366 days, or name the column that has the date"
		}
		if one.column = t.column(one.name); one.column < 0 {
			return nil, "there is no column `" + one.name + "`", t.hint(one.name)
		}
		one.name = t.header[one.column]
		e = append(e, one)
	}
	return e, "", ""
}

// hint says which column may be meant, and which there are.
func (t *table) hint(name string) string {
	return scenarios.Meant(name, t.header) + "the columns are " + scenarios.Quoted(t.header[:min(40, len(t.header))], "and")
}

// String is the expression as a file of columns writes it.
func (e expression) String() string {
	var parts []string
	for _, one := range e {
		text := one.name
		switch {
		case one.plus > 0:
			text += fmt.Sprintf(" + %d %s", one.plus, plural(one.plus, "day"))
		case one.plus < 0:
			text += fmt.Sprintf(" - %d %s", -one.plus, plural(-one.plus, "day"))
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", else ")
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// on is the date that the expression gives in a row, and the term that gave it.
func (e expression) on(dates map[int]calibration.Day) (calibration.Day, *term) {
	for i := range e {
		if d, ok := dates[e[i].column]; ok && d.Known() {
			return d + calibration.Day(e[i].plus), &e[i]
		}
	}
	return calibration.Missing, nil
}

// shifted says whether days are added to some of the columns.
func (e expression) shifted() bool {
	return slices.ContainsFunc(e, func(t term) bool { return t.plus != 0 })
}

// derived says whether some of the dates are no column's own.
func (e expression) derived() bool {
	return len(e) > 1 || e.shifted()
}
