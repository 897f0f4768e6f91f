package explore

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tier4/scenarios"
)

// Dimension is one value of a scenario that is varied, with what it is set to, as written in scenarios.
type Dimension struct {
	Path   string
	Values []string // at least one, all different
}

// varyFile stands for a file name in faults; the line counts what is varied.
const varyFile = "--vary"

// mostLevels is how many values one dimension may have.
const mostLevels = 100_000

// Vary reads what is to be varied, each "path=values": a range `0..12`, `0..12 step 3`, `£100..£200 step £10`
// (both ends included; a step of 1 unless given), or a list `1w,2w,4w`. The scenario must have a number at the
// path, or any single value where a list is given, and must accept the ends of a range and every value of a
// list. The error is a [scenarios.Faults] with every fault there is.
func Vary(s *scenarios.Scenario, written []string) (*Space, error) {
	v := varier{s: s}
	space := new(Space)
	if len(written) > MostSobol {
		v.fault(0, "more is varied than any design could cover", "vary 53 things at most")
		return nil, v.faults
	}
	for i, text := range written {
		v.line = i + 1
		if d, ok := v.dimension(text); ok {
			if slices.ContainsFunc(space.Dimensions, func(o Dimension) bool { return o.Path == d.Path }) {
				v.fault(1, "`"+d.Path+"` is varied twice", "give all its values in one list or range")
			}
			space.Dimensions = append(space.Dimensions, d)
		}
	}
	if len(v.faults) > 0 {
		return nil, v.faults
	}
	return space, nil
}

type varier struct {
	s      *scenarios.Scenario
	line   int
	faults scenarios.Faults
}

func (v *varier) fault(column int, what, instead string) {
	v.faults = append(v.faults, scenarios.Fault{File: varyFile, Line: v.line, Column: column, What: what, Instead: instead})
}

// dimension reads one `path=values`; false if it cannot be used.
func (v *varier) dimension(text string) (Dimension, bool) {
	path, values, found := strings.Cut(text, "=")
	path, values = strings.TrimSpace(path), strings.TrimSpace(values)
	if !found || path == "" || values == "" {
		v.fault(1, "`"+text+"` does not say what to vary", "write `path=from..to`, `path=from..to step by` or `path=one,two`")
		return Dimension{}, false
	}
	before := len(v.faults)
	d := Dimension{Path: path}
	column := strings.Index(text, values) + 1
	isRange := strings.Contains(values, "..")
	if dots := threeDots.FindString(values); dots != "" {
		v.fault(column, "`"+values+"` is no range", "did you mean `"+strings.Replace(values, dots, "..", 1)+"`?")
		return d, false
	}
	v.single(path, isRange)
	if isRange {
		d.Values = v.rangeOf(values, column)
	} else {
		d.Values = v.list(values, column)
	}
	if len(v.faults) == before {
		v.tryOut(d, isRange)
	}
	return d, len(v.faults) == before
}

// threeDots is what is written for the two dots of a range.
var threeDots = regexp.MustCompile(`\.{3,}|…`)

// fixed are paths that every option must share, and why.
var fixed = map[string]string{
	"name": "it changes no result", "about": "it changes no result", "extends": "it changes no result", "replications": "it changes no result",
	"seed":  "all options are played by the same people, with one seed",
	"start": "options must measure the same days", "warm_up": "options must measure the same days", "measure": "options must measure the same days",
}

// startsWithNumber is how numbers begin, whatever their unit.
var startsWithNumber = regexp.MustCompile(`^"?£? ?[-+]?[.0-9]`)

// single holds what stands at the path to be a single value, and a number where a range is wanted. That
// the path leads somewhere is found out by trying.
func (v *varier) single(path string, number bool) {
	head, _, _ := strings.Cut(path, ".")
	if why := fixed[head]; why != "" {
		v.fault(1, "`"+path+"` cannot be varied: "+why, "vary a number of the pathway")
		return
	}
	value, there := v.s.Value(path)
	if !there {
		return
	}
	if paths := v.s.Paths(); !slices.Contains(paths, path) {
		var under []string
		for _, p := range paths {
			value, _ := v.s.Value(p)
			if strings.HasPrefix(p, path+".") && startsWithNumber.MatchString(value) {
				under = append(under, "`"+p+"`")
			}
		}
		instead := "name one number"
		if len(under) > 0 {
			instead = "name one number under it: " + strings.Join(under[:min(6, len(under))], ", ")
		}
		v.fault(1, "`"+path+"` is no single number", instead)
	} else if number && !startsWithNumber.MatchString(value) {
		v.fault(1, "`"+path+"` is `"+value+"`, which is no number", "give a range to a number, or list the values it may have: `"+path+"=one,two`")
	}
}

// end is one end of a range, or its step: a number with what stands before and after it.
type end struct {
	before, after string
	value         float64
	written       string
}

var endForm = regexp.MustCompile(`^(£?) ?([-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]+)?)( ?%| ?[A-Za-z][A-Za-z ]*)?$`)

func (v *varier) end(text string, column int) (end, bool) {
	text = strings.TrimSpace(text)
	m := endForm.FindStringSubmatch(text)
	if m == nil || m[2] == "" {
		v.fault(column, "`"+text+"` is no number", "write a range as `0..12`, `0..12 step 3` or `£100..£200 step £10`")
		return end{}, false
	}
	x, err := strconv.ParseFloat(strings.ReplaceAll(m[2], ",", ""), 64)
	if err != nil {
		v.fault(column, "`"+text+"` is no number", "write a range as `0..12`")
		return end{}, false
	}
	return end{m[1], m[3], x, text}, true
}

// rangeOf lists the values of `from..to step by`. A unit may be written once.
func (v *varier) rangeOf(text string, column int) []string {
	ends, stepText, stepped := strings.Cut(text, " step ")
	fromText, toText, _ := strings.Cut(ends, "..")
	from, ok := v.end(fromText, column)
	to, ok2 := v.end(toText, column+len(fromText)+2)
	step, ok3 := end{value: 1, written: "1"}, true
	if stepped {
		step, ok3 = v.end(stepText, column+len(ends)+6)
	} else if from.value != math.Trunc(from.value) || to.value != math.Trunc(to.value) {
		v.fault(column, "`"+text+"` has no step", "say how far apart the values are: `"+strings.TrimSpace(ends)+" step 0.1`")
		return nil
	}
	if !ok || !ok2 || !ok3 {
		return nil
	}
	before, after := from.before+to.before, from.after
	if from.before == to.before {
		before = from.before
	}
	for _, e := range []end{to, step} {
		switch {
		case e.after == "" || strings.TrimSpace(e.after) == strings.TrimSpace(after):
		case after == "":
			after = e.after
		default:
			v.fault(column, "`"+text+"` mixes units", "write the range and its step in one unit")
			return nil
		}
	}
	switch {
	case to.value < from.value:
		v.fault(column, "`"+text+"` is an empty range", fmt.Sprintf("write the lower end first: `%s..%s`", to.written, from.written))
		return nil
	case !(step.value > 0):
		v.fault(column, "`"+text+"` has a step of `"+step.written+"`", "write a step above 0")
		return nil
	case (to.value-from.value)/step.value >= mostLevels:
		v.fault(column, "`"+text+"` has more than 100,000 values", "write a longer step")
		return nil
	}
	var values []string
	for i := 0; ; i++ {
		x, _ := strconv.ParseFloat(strconv.FormatFloat(from.value+float64(i)*step.value, 'g', 12, 64), 64)
		if x > to.value {
			return values
		}
		values = append(values, before+strconv.FormatFloat(x, 'f', -1, 64)+after)
	}
}

// list takes `one,two,three` apart.
func (v *varier) list(text string, column int) []string {
	var values []string
	for _, value := range strings.Split(text, ",") {
		at := column
		column += len(value) + 1
		value = strings.TrimSpace(value)
		switch {
		case value == "":
			v.fault(at, "`"+text+"` has an empty value", "write `one,two`, with a value on either side of each comma")
			return nil
		case len(values) > 0 && thousands.MatchString(value) && strings.HasPrefix(values[len(values)-1], "£"):
			v.fault(at, "`"+text+"`: a comma parts the values", "write pounds without it: `£1200,£1400`")
			return nil
		case slices.Contains(values, value):
			v.fault(at, "`"+value+"` stands twice in `"+text+"`", "give each value once")
			return nil
		}
		values = append(values, value)
	}
	return values
}

var thousands = regexp.MustCompile(`^[0-9]{3}(\.[0-9]+)?$`)

// tryOut has the scenario read the ends of a range, and every value of a list.
func (v *varier) tryOut(d Dimension, isRange bool) {
	values := d.Values
	if isRange && len(values) > 2 {
		values = []string{values[0], values[len(values)-1]}
	}
	for _, value := range values {
		_, err := v.s.With(d.Path + "=" + value)
		for _, f := range placed(err, v.line) {
			if !slices.Contains(v.faults, f) {
				v.faults = append(v.faults, f)
			}
		}
	}
}

// placed moves the faults of settings to what is varied: setting i is line first+i-1.
func placed(err error, first int) scenarios.Faults {
	faults, _ := err.(scenarios.Faults)
	faults = slices.Clone(faults)
	for i := range faults {
		if f := &faults[i]; f.File == settingsFile {
			f.File, f.Line = varyFile, f.Line+first-1
		}
	}
	return faults
}

// settingsFile is what package scenarios calls the settings it is given.
const settingsFile = "--set"
