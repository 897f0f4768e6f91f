package scenarios

import (
	"strconv"
	"strings"
)

// quantity is a number as it is written, in the unit that a bare number under the
// same key has: pounds, days, a fraction, or just a number.
type quantity struct {
	value float64
	unit  measure
	limit bool // written `up to`
}

// measure is what a quantity is counted in.
type measure uint8

const (
	bareNumber measure = iota // in whatever unit its key has
	inPounds
	inLengths
	inShares  // `85%`, `2% per session`, `5 per 1000 per year`
	inRatios  // `30% lower`
	perPeriod // `5 per week`
)

// quantityOf reads a single value of a scenario as a number, if it is one.
func quantityOf(text string) (quantity, bool) {
	q := quantity{}
	text = strings.TrimSpace(text)
	if rest, limit := strings.CutPrefix(text, upTo); limit {
		text, q.limit = strings.TrimSpace(rest), true
	}
	digits, isMoney := strings.CutPrefix(text, "£")
	m := amountForm.FindStringSubmatch(strings.TrimSpace(digits))
	if m == nil {
		return q, false
	}
	v, ok := number(m[1])
	words := strings.Join(strings.Fields(m[2]), " ")
	q.value = v
	if isMoney {
		q.unit = inPounds
		return q, ok && (words == "" || words == "per week" || words == "a week")
	}
	return q, ok && q.in(words)
}

// in turns the number into the unit that goes without saying.
func (q *quantity) in(words string) bool {
	u, isTime := unitNamed(words)
	compact := strings.ReplaceAll(words, " ", "")
	people := perPeople.FindStringSubmatch(words)
	per := strings.TrimPrefix(strings.TrimPrefix(words, "per "), "a ")
	switch {
	case words == "":
	case isTime:
		q.value, q.unit = q.value*u.days, inLengths
	case compact == "%lower":
		q.value, q.unit = 1-q.value/100, inRatios
	case compact == "%higher":
		q.value, q.unit = 1+q.value/100, inRatios
	case words == "%" || words == "% per session" || words == "% per year" || words == "% a year":
		q.value, q.unit = q.value/100, inShares
	case people != nil:
		of, _ := number(people[1])
		q.value, q.unit = q.value/of, inShares
	case per != words && contains(spans, per):
		q.unit = perPeriod
	default:
		return false
	}
	q.value = round12(q.value)
	return true
}

// alike says whether two quantities can be counted in one unit.
func (m measure) alike(o measure) bool { return m == o || m == bareNumber || o == bareNumber }

// bare writes a number so that any key reads it in its own unit, to twelve digits.
func bare(v float64) string { return strconv.FormatFloat(round12(v), 'f', -1, 64) }

// say writes a value as the quantity that stands in a scenario is written: `£172`, `30% lower`, `12.3 days`.
func (q quantity) say(v float64) string {
	before := ""
	if q.limit {
		before = upTo
	}
	short := func(v float64) string { return strconv.FormatFloat(significant(v), 'f', -1, 64) }
	switch q.unit {
	case inPounds:
		return before + "£" + grouped(short(v))
	case inLengths:
		return before + short(v) + " days"
	case inShares:
		return before + short(100*v) + "%"
	case inRatios:
		switch {
		case v < 1:
			return short(100*(1-v)) + "% lower"
		case v > 1:
			return short(100*(v-1)) + "% higher"
		}
		return "1"
	}
	return before + short(v)
}

// significant rounds to three digits, and whole numbers not at all.
func significant(v float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	if whole, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 0, 64), 64); v >= 100 || v <= -100 {
		return whole
	}
	return r
}

// grouped parts thousands by commas.
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
