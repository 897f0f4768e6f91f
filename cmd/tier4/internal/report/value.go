package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"tier4/sim"
)

// scale is how the amounts of one figure are written: times a factor, with so many decimals.
type scale struct {
	factor        float64
	decimals      int
	step          float64 // round to a multiple of it, if above 0
	before, after string  // at every number
	word          string  // once, after the first number
	months        bool    // months of the financial year, by name
}

// scaleOf chooses a scale for amounts of a unit about as large as v.
func scaleOf(unit string, v float64) scale {
	v = math.Abs(v)
	switch unit {
	case sim.UnitDays:
		return timeScale(v)
	case sim.UnitShare:
		return scale{factor: 100, decimals: decimals(100 * v), after: "%"}
	case sim.UnitMonth:
		return scale{factor: 1, months: true}
	case sim.UnitRatio:
		return scale{factor: 1, decimals: 2, word: " times"}
	case sim.UnitPounds, sim.UnitPoundsPerYear:
		sc := poundScale(v)
		if unit == sim.UnitPoundsPerYear {
			sc.word = " a year"
		}
		return sc
	}
	sc := scale{factor: 1, decimals: decimals(v)}
	if v >= 100 {
		sc.decimals = 0
	}
	noun, yearly := strings.CutSuffix(unit, "/year")
	if noun != "" {
		sc.word = " " + noun
	}
	if yearly {
		sc.word += " a year"
	}
	return sc
}

func timeScale(days float64) scale {
	switch {
	case days == 0 || days >= 1 && days < 14:
		return scale{factor: 1, decimals: 1, word: " days"}
	case days >= 14:
		return scale{factor: 1. / 7, decimals: 1, word: " weeks"}
	case days >= 1./24:
		return scale{factor: 24, decimals: 1, word: " hours"}
	}
	return scale{factor: 24 * 60, decimals: decimals(days * 24 * 60), word: " minutes"}
}

func poundScale(v float64) scale {
	sc := scale{factor: 1, before: "£"}
	switch {
	case v >= 10_000:
		sc.step = 100
	case v >= 1_000:
		sc.step = 10
	case v >= 100 || v == 0:
		sc.step = 1
	default:
		sc.decimals = 2
	}
	return sc
}

// decimals is one, and more for a number that one decimal would turn into 0.
func decimals(v float64) int {
	n := 1
	for least := 0.1; v > 0 && v < least && n < 6; n++ {
		least /= 10
	}
	return n
}

// number writes an amount without its word.
func (sc scale) number(v float64) string {
	if sc.months {
		return monthName(v)
	}
	if v == 0 {
		return sc.before + "0" + sc.after
	}
	v *= sc.factor
	if sc.step > 0 {
		v = math.Round(v/sc.step) * sc.step
	}
	text := grouped(strconv.FormatFloat(math.Abs(v), 'f', sc.decimals, 64))
	sign := ""
	if v < 0 && strings.Trim(text, "0.,") != "" {
		sign = "-"
	}
	return sign + sc.before + text + sc.after
}

// monthName is the month of a financial year that a number comes nearest to: April is 1.
func monthName(v float64) string {
	return time.Month((int(min(max(math.Round(v), 1), 12))+2)%12 + 1).String()
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

// count writes a whole number.
func count(n int) string { return grouped(strconv.Itoa(n)) }

// percent writes a share as a person would: 2%, 0.5%.
func percent(share float64) string {
	return strconv.FormatFloat(math.Round(share*1e6)/1e4, 'f', -1, 64) + "%"
}

// amount writes a value with its unit: `12.3 days`.
func amount(unit string, v float64) string {
	sc := scaleOf(unit, v)
	return sc.number(v) + sc.word
}

// sure writes an estimate with its interval: `12.3 days (12.0 to 12.6)`. Where the interval is
// narrower than the last digit shown, or everything was played once, the value stands alone.
func sure(e sim.Estimate) string { return scaleFor(e).sure(e) }

// scaleFor is the scale of an estimate: of its value, or of its upper end where that is far above.
func scaleFor(e sim.Estimate) scale {
	size := math.Abs(e.Value)
	if e.Known() && e.High > 3*size {
		size = e.High
	}
	return scaleOf(e.Unit, size)
}

// bare is sure without the unit's word, where a head says it.
func bare(e sim.Estimate) string {
	sc := scaleFor(e)
	sc.word = ""
	return sc.sure(e)
}

func (sc scale) sure(e sim.Estimate) string {
	value := sc.number(e.Value)
	least, most := e.Low, e.High
	if e.Value >= 0 { // no figure can be below nothing, nor a share above all
		least = max(0, least)
	}
	if e.Unit == sim.UnitShare && e.Value <= 1 && !strings.HasPrefix(e.ID, "break_even.") {
		most = min(1, most)
	}
	low, high := sc.number(least), sc.number(most)
	switch {
	case !e.Known() && e.Replications > 1:
		return value + sc.word + " (not known how sure)"
	case !e.Known() || low == high && low == value:
		return value + sc.word
	}
	return value + sc.word + " (" + low + " to " + high + ")"
}

// oneYear says what a single measured year may look like.
func oneYear(e sim.Estimate) string {
	if !e.HasYear {
		return ""
	}
	sc := scaleOf(e.Unit, max(math.Abs(e.Value), e.YearP95))
	if strings.HasSuffix(e.Unit, "/year") && e.YearP95 >= 2 && sc.step == 0 {
		sc.decimals = 0 // a year's people, cases and nights are whole
	}
	word := strings.TrimSuffix(sc.word, " a year")
	low, high := sc.number(e.YearP5), sc.number(e.YearP95)
	if low == high {
		return low + word
	}
	return low + " to " + high + word
}

// differing are the words for a positive and a negative difference of a unit.
func differing(unit string) (more, less string) {
	switch unit {
	case sim.UnitDays:
		return " longer", " shorter"
	case sim.UnitMonth:
		return " later", " sooner"
	case sim.UnitShare:
		return " more in 100", " fewer in 100"
	case sim.UnitPounds, sim.UnitPoundsPerYear:
		return " more", " less"
	}
	return " more", " fewer"
}

// gapScale is the scale of a difference: shares become so many in 100.
func gapScale(unit string, v float64) scale {
	sc := scaleOf(unit, v)
	switch unit {
	case sim.UnitShare:
		sc.after = ""
	case sim.UnitPoundsPerYear:
		sc.word = ""
	case sim.UnitDays:
	case sim.UnitMonth:
		sc = scale{factor: 1, decimals: 1, word: " months"}
	default:
		sc.word = ""
	}
	return sc
}

// gap says a difference in words: `4.1 days shorter`, `£97,800 more`.
func gap(unit string, d float64) string {
	sc := gapScale(unit, d)
	more, less := differing(unit)
	if d < 0 {
		return sc.number(-d) + sc.word + less
	}
	return sc.number(d) + sc.word + more
}

// sureGap is gap with its interval: `4.1 days shorter (3.9 to 4.3)`.
func sureGap(unit string, d sim.Difference) string {
	text := gap(unit, d.Value)
	if !d.Known() {
		return text
	}
	sc := gapScale(unit, d.Value)
	low, high := d.Low, d.High
	switch {
	case d.Value < 0 && high <= 0:
		low, high = -high, -low
	case d.Value >= 0 && low >= 0:
	default:
		return text + " (" + gap(unit, low) + " to " + gap(unit, high) + ")"
	}
	a, b := sc.number(low), sc.number(high)
	if a == b {
		return text
	}
	return text + " (" + a + " to " + b + ")"
}

// clean keeps a text of a scenario on one line and free of control characters.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
