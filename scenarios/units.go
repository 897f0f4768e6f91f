package scenarios

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tier4/sim"
)

const (
	yearDays  = 365.25
	monthDays = yearDays / 12
)

// unit is a unit of time: the words for it, the first being the one to advise.
type unit struct {
	words  []string
	days   sim.Days
	years  int // of the calendar, in horizons
	months int
}

var units = []unit{
	{words: []string{"days", "day", "d", "nights", "night"}, days: 1},
	{words: []string{"weeks", "week", "w"}, days: 7},
	{words: []string{"months", "month"}, days: monthDays, months: 1},
	{words: []string{"years", "year", "y"}, days: yearDays, years: 1},
	{words: []string{"hours", "hour", "h"}, days: 1.0 / 24},
	{words: []string{"minutes", "minute", "min"}, days: 1.0 / (24 * 60)},
}

// unitNamed finds a unit by one of its words.
func unitNamed(word string) (unit, bool) {
	for _, u := range units {
		if contains(u.words, word) {
			return u, true
		}
	}
	return unit{}, false
}

func unitWords() []string {
	var words []string
	for _, u := range units {
		words = append(words, u.words...)
	}
	return words
}

// Numbers as they are written. Commas part thousands.
const (
	digits   = `(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)`
	unsigned = digits + `(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?|\.[0-9]+`
	signed   = `[-+]?(?:` + unsigned + `)`
)

var (
	amountForm = regexp.MustCompile(`^(` + signed + `)(?: *([A-Za-z%].*))?$`)
	moneyForm  = regexp.MustCompile(`^£? ?(-?)£? ?(` + digits + `)(?:\.([0-9]+))?$`)
)

// number reads a number, commas parting thousands.
func number(s string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	return v, err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
}

// amount parts a scalar into its number and the words behind it.
func amount(n *node) (value float64, words string, ok bool) {
	if n.sort != scalar {
		return 0, "", false
	}
	m := amountForm.FindStringSubmatch(strings.TrimSpace(n.text))
	if m == nil {
		return 0, "", false
	}
	value, ok = number(m[1])
	return value, strings.Join(strings.Fields(m[2]), " "), ok
}

// scalarKind is a kind whose text one function understands. Its JSON Schema
// takes texts by a pattern, and bare numbers as given; nil for none.
func scalarKind[T any](name, pattern string, bare doc, parse func(r *reader, n *node) (T, bool)) kind[T] {
	return kind[T]{
		read: parse,
		schema: func(s *sketch) any {
			return s.define(name, func() any {
				forms := []any{doc{"type": "string", "pattern": pattern}}
				if bare != nil {
					forms = append(forms, bare)
				}
				return doc{"anyOf": forms}
			})
		},
	}
}

// Bare numbers, to the schema.
var (
	atLeast0  = doc{"type": "number", "minimum": 0}
	upTo1     = doc{"type": "number", "minimum": 0, "maximum": 1}
	anyValue  = doc{"type": "number"}
	noNumbers doc
)

// A length of time.
const sayDuration = "write `12 days`, `2 weeks` or `6 hours`"

func durationPattern() string {
	return `^(?:` + unsigned + `)(?: *(?:` + strings.Join(unitWords(), "|") + `))?$`
}

var duration = scalarKind("duration", durationPattern(), atLeast0, func(r *reader, n *node) (sim.Days, bool) {
	v, word, ok := amount(n)
	if !ok {
		r.faults.add(n.at, n.named()+" is not a length of time", sayDuration)
		return 0, false
	}
	u, known := unitNamed(word)
	if word != "" && !known {
		r.faults.add(n.at, n.named()+" is not a length of time: there is no unit `"+short(word)+"`", byTimes(n)+meant(word, unitWords())+sayDuration)
		return 0, false
	}
	if v < 0 {
		r.faults.add(n.at, n.named()+" is a negative length of time", "write 0 or more")
		return 0, false
	}
	if word == "" {
		u.days = 1
	}
	return v * u.days, true
})

// above0 is a duration that may not be 0.
var above0 = positive(duration)

func positive(k kind[sim.Days]) kind[sim.Days] {
	return kind[sim.Days]{schema: k.schema, read: func(r *reader, n *node) (sim.Days, bool) {
		v, ok := k.read(r, n)
		if ok && v <= 0 {
			r.faults.add(n.at, n.named()+" is no time at all", "write more than 0")
			return 0, false
		}
		return v, ok
	}}
}

// horizon is a duration from a date on, in years and months of the calendar.
func horizon(from func() time.Time) kind[sim.Days] {
	return kind[sim.Days]{schema: duration.schema, read: func(r *reader, n *node) (sim.Days, bool) {
		days, ok := duration.read(r, n)
		v, word, _ := amount(n)
		u, _ := unitNamed(word)
		if ok && u.years+u.months > 0 && v == math.Trunc(v) && v < 10_000 {
			start := from()
			days = daysFrom(start, start.AddDate(u.years*int(v), u.months*int(v), 0))
		}
		return days, ok
	}}
}

// daysFrom counts days between moments; a time.Duration ends after 292 years.
func daysFrom(from, to time.Time) sim.Days {
	return float64(to.Unix()-from.Unix()) / (24 * 60 * 60)
}

// A share of people.
const sayShare = "write `85%` or `0.85`"

var share = scalarKind("share", `^(?:`+unsigned+`) *%(?: per session)?$|^(?:`+unsigned+`)$`, upTo1, func(r *reader, n *node) (float64, bool) {
	v, word, ok := amount(n)
	word = strings.TrimSpace(strings.TrimSuffix(word, "per session"))
	if !ok || word != "" && word != "%" {
		r.faults.add(n.at, n.named()+" is not a share", sayShare)
		return 0, false
	}
	if word == "%" {
		v /= 100
	}
	if v < 0 || v > 1 {
		instead := "a share lies from 0% to 100%"
		if v > 1 && v <= 100 && word == "" {
			instead += "; did you mean `" + n.text + "%`?"
		}
		r.faults.add(n.at, n.named()+" is not a share", instead)
		return 0, false
	}
	return v, true
})

// A hazard ratio: 0.7 or `30% lower`.
var ratio = scalarKind("ratio", `^(?:`+unsigned+`) *% *(?:lower|higher)$|^(?:`+unsigned+`)$`, atLeast0, func(r *reader, n *node) (float64, bool) {
	v, word, ok := amount(n)
	switch word = strings.ReplaceAll(word, " ", ""); {
	case ok && word == "%lower":
		v = 1 - v/100
	case ok && word == "%higher":
		v = 1 + v/100
	case !ok || word != "":
		r.faults.add(n.at, n.named()+" is not a hazard ratio", "write `30% lower`, `20% higher` or `0.7`")
		return 0, false
	}
	if v < 0 {
		r.faults.add(n.at, n.named()+" is a negative hazard ratio", "write 0 or more; nothing is lower by more than 100%")
		return 0, false
	}
	return round12(v), true
})

// plainNumber is a bare number of 0 or more.
var plainNumber = scalarKind("number", `^(?:`+unsigned+`)$`, atLeast0, func(r *reader, n *node) (float64, bool) {
	v, word, ok := amount(n)
	if !ok || word != "" {
		r.faults.add(n.at, n.named()+" is not a plain number", "write a number without a unit")
	} else if v < 0 {
		r.faults.add(n.at, n.named()+" is negative", "write 0 or more")
	}
	return v, ok && word == "" && v >= 0
})

// round12 drops what arithmetic on decimals leaves behind the twelfth digit.
func round12(v float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	return r
}

// Money, in pence.
var money = scalarKind("money", `^£? ?`+digits+`(?:\.[0-9]{1,2})?$`, atLeast0, func(r *reader, n *node) (sim.Pence, bool) {
	n.inSteps(0.01)
	m := moneyForm.FindStringSubmatch(strings.TrimSpace(n.text))
	if n.sort != scalar || m == nil || len(m[2]) > 15 {
		r.faults.add(n.at, n.named()+" is not an amount of money", byTimes(n)+"write `£420`, `£1,200` or `£420.50`")
		return 0, false
	}
	if m[1] != "" {
		r.faults.add(n.at, n.named()+" is a negative price", "write £0 or more")
		return 0, false
	}
	fraction := strings.TrimRight(m[3], "0")
	if len(m[3]) == 3 && len(m[2]) <= 3 {
		r.faults.add(n.at, n.named()+" has three digits after a point", "did you mean `£"+m[2]+","+m[3]+"`? write thousands with a comma, and pence with two digits")
		return 0, false
	}
	if len(fraction) > 2 {
		r.faults.add(n.at, n.named()+" has parts of a penny", "prices are whole pence, so that statements add up; write at most two decimals")
		return 0, false
	}
	pence, _ := strconv.ParseInt(strings.ReplaceAll(m[2], ",", "")+(fraction + "00")[:2], 10, 64)
	return pence, true
})

// price is the money for one night, person, case, session or week: bounded, so that every bill is exact.
var price = kind[sim.Pence]{schema: money.schema, read: func(r *reader, n *node) (sim.Pence, bool) {
	pence, ok := money.read(r, n)
	if ok && pence > sim.MostPence {
		r.faults.add(n.at, n.named()+" is beyond any real price", "write at most £1,000,000")
		return 0, false
	}
	return pence, ok
}}

// mostYearly bounds the money of a year.
const mostYearly = 1000 * sim.MostPence

// yearly is the money of a budget or a retainer for a year.
var yearly = kind[sim.Pence]{schema: money.schema, read: func(r *reader, n *node) (sim.Pence, bool) {
	pence, ok := money.read(r, n)
	if ok && pence > mostYearly {
		r.faults.add(n.at, n.named()+" is beyond any real sum", "write at most £1,000,000,000")
		return 0, false
	}
	return pence, ok
}}

// weekly is money for a week: `£90 per week`, or the amount alone.
var weekly = scalarKind("weekly_money", `^£? ?`+digits+`(?:\.[0-9]{1,2})?(?: *(?:per|a) week)?$`, atLeast0, func(r *reader, n *node) (sim.Pence, bool) {
	amount := *n
	for _, span := range []string{"per week", "a week"} {
		amount.text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(amount.text), span))
	}
	if strings.Contains(amount.text, " per ") {
		r.faults.add(n.at, n.named()+" is not an amount for a week", "write `£90 per week`")
		return 0, false
	}
	n.inSteps(0.01)
	return price.read(r, &amount)
})

// A date.
const (
	sayDate     = "write the year first, `2026-04-01`"
	datePattern = `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`
)

var date = scalarKind("date", datePattern, noNumbers, func(r *reader, n *node) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, n.text)
	if n.sort != scalar || err != nil {
		what, instead := " is not a date", sayDate
		if m, _ := regexp.MatchString(datePattern, n.text); m {
			what, instead = " is on no calendar", "give a day that there is"
		}
		for _, form := range []string{"2/1/2006", "2.1.2006", "2-1-2006", "2 January 2006", "2 Jan 2006"} {
			if day, err := time.Parse(form, n.text); err == nil {
				instead = "write the year first, `" + day.Format(time.DateOnly) + "`"
			}
		}
		r.faults.add(n.at, n.named()+what, instead)
		return time.Time{}, false
	}
	return t, true
})

// sinceStart is a date as days since the start of the run.
var sinceStart = kind[sim.Days]{schema: date.schema, read: func(r *reader, n *node) (sim.Days, bool) {
	t, ok := date.read(r, n)
	return daysFrom(r.spec.Start, t), ok
}}

// relative is how people write that something is so much more or less than it was.
var relative = regexp.MustCompile(`^\+?(-?[0-9.]+) ?% ?(higher|lower|more|less|up|down)?$`)

// byTimes is the hint that a change by a share is written `times 1.2`, if that seems to be meant.
func byTimes(n *node) string {
	m := relative.FindStringSubmatch(n.text)
	if n.sort != scalar || m == nil || m[2] == "" && !strings.ContainsAny(n.text[:1], "+-") { // `90%` alone is of something
		return ""
	}
	share, err := strconv.ParseFloat(m[1], 64)
	if m[2] == "lower" || m[2] == "less" || m[2] == "down" {
		share = -share
	}
	if err != nil || share <= -100 {
		return ""
	}
	return "`times " + strconv.FormatFloat(round12(1+share/100), 'g', -1, 64) + "` among `changes` makes it that much more or less; "
}

// Rates. A number may name the span again: `per_week: 5 per week`.
var spans = []string{"year", "month", "week", "day"}

var spanDays = map[string]float64{"year": yearDays, "month": monthDays, "week": 7, "day": 1}

// rateOver reads a rate as so many per 365.25 days; a bare number is so many a span.
func rateOver(span string) kind[float64] {
	pattern := `^(?:` + unsigned + `)(?: *(?:per|a) ` + span + `)?$`
	return scalarKind("rate", pattern, atLeast0, func(r *reader, n *node) (float64, bool) {
		v, words, ok := amount(n)
		over := span
		if said := strings.TrimPrefix(strings.TrimPrefix(words, "per "), "a "); words != "" {
			over, ok = said, ok && said != words && contains(spans, said)
		}
		if !ok {
			r.faults.add(n.at, n.named()+" is not a rate", byTimes(n)+"write a number, or `5 per week`")
			return 0, false
		}
		if v < 0 {
			r.faults.add(n.at, n.named()+" is a negative rate", "write 0 or more")
			return 0, false
		}
		if over != span {
			r.faults.add(n.at, n.named()+" counts by the "+over+" under a key that counts by the "+span, "write `per_"+over+"` for the key")
			return 0, false
		}
		if v*(yearDays/spanDays[span]) > 1e8 {
			r.faults.add(n.at, n.named()+" is beyond reason", "write at most a hundred million people a year")
			return 0, false
		}
		return v * (yearDays / spanDays[span]), true
	})
}

// growth is so much more each year, compounding: `2% per year`.
var growth = risePerYear("growth", "a growth", "growth lies above -100% and at most at 1000% per year", 10)

// uplift is a rise of prices on each 1 April: `3% per year`.
var uplift = risePerYear("uplift", "an uplift", "an uplift lies above -100% and at most at 100% per year", 1)

func risePerYear(name, what, bounds string, most float64) kind[float64] {
	return scalarKind(name, `^`+signed+` *%(?: (?:per|a) year)?$|^`+signed+`$`, anyValue, func(r *reader, n *node) (float64, bool) {
		v, words, ok := amount(n)
		words = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(words, "per year"), "a year"))
		if words == "%" {
			v /= 100
		}
		if !ok || words != "" && words != "%" {
			r.faults.add(n.at, n.named()+" is not "+what, "write `2% per year`")
			return 0, false
		}
		number := strings.Fields(n.text + " ")[0]
		// Likelier 5% than five times as much again; what a draw puts here is written bare, whatever it is.
		if words == "" && v >= 1 && v <= 100 && !r.variant {
			r.faults.add(n.at, n.named()+" has no `%`", "did you mean `"+strings.Replace(n.text, number, number+"%", 1)+"`? a number without `%` is a share below 1, such as 0.02")
			return 0, false
		}
		if v <= -1 || v > most {
			r.faults.add(n.at, n.named()+" is beyond reason", bounds)
			return 0, false
		}
		return v, true
	})
}

// mortality is deaths a person-year: `5 per 1000 per year`, or a number of 1 at most.
var mortality = scalarKind("mortality", `^(?:`+unsigned+`) *per *(?:100|1,?000|10,?000|100,?000) *(?:per|a) year$|^(?:`+unsigned+`)$`, upTo1,
	func(r *reader, n *node) (float64, bool) {
		const say = "write `5 per 1000 per year`"
		v, words, ok := amount(n)
		of, known := 1.0, words == ""
		if m := perPeople.FindStringSubmatch(words); m != nil {
			of, known = number(m[1])
		}
		switch {
		case !ok || !known:
			r.faults.add(n.at, n.named()+" is not a rate of deaths", say)
		case v < 0:
			r.faults.add(n.at, n.named()+" is a negative rate", "write 0 or more")
		case v > 1 && words == "":
			r.faults.add(n.at, n.named()+" is more than a death a person-year", "did you mean `"+short(n.text)+" per 1000 per year`? a bare number is deaths a person-year, at most 1")
		case v/of > mostDeaths:
			r.faults.add(n.at, n.named()+" is beyond reason", "write at most "+strconv.Itoa(mostDeaths)+" deaths a person-year")
		default:
			return v / of, true
		}
		return 0, false
	})

// perPeople is what stands behind the number of a rate of deaths.
var perPeople = regexp.MustCompile(`^per ?(100|1,?000|10,?000|100,?000) ?(?:per|a) year$`)

const mostDeaths = 100 // a person-year: nobody would last a week
