package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// state is what a reader has chosen. It is all in the address of the page, so that two pages know nothing of
// each other, and an address sent to somebody shows them the same.
type state struct {
	Base      string
	With      []string  // what-ifs beside the reader's own
	Sets      []setting // numbers that the reader moved: their own what-if
	Name      string    // of the reader's own what-if
	Times     int       // replications; 0 as the base says
	Precision float64   // as a share; 0 for none
	Fixed     bool
	Find      string // words in the paths of other numbers to show

	file string // of the reader's own what-if, if it were saved
}

// setting is a number, or whatever stands at a path, as YAML on one line.
type setting struct{ Path, Value string }

// boxPrefix is before the path in the name of a number box.
const boxPrefix = "v:"

// stateOf reads what the page's form or its address holds, and says what is wrong with it. What the boxes hold
// is left to settle, which knows the scenario.
func stateOf(q url.Values) (st state, faults []string) {
	st.Base, st.Name, st.Find = one(q, "base", 300), one(q, "name", 120), one(q, "find", 100)
	for _, name := range q["with"] {
		if name != "" && name != st.Base && !slices.Contains(st.With, name) {
			st.With = append(st.With, name)
		}
	}
	if len(st.With) > mostWhatIfs {
		faults = append(faults, fmt.Sprintf("You chose %d what-ifs. Choose at most %d at once.", len(st.With), mostWhatIfs))
		st.With = st.With[:mostWhatIfs]
	}
	for _, text := range q["set"] {
		path, value, ok := strings.Cut(text, "=")
		path, value = strings.TrimSpace(path), strings.TrimSpace(value)
		if !ok || path == "" || !oneLine(path+value) || len(value) > mostValue {
			faults = append(faults, "The address holds a setting that cannot be read: write set=PATH=VALUE.")
			continue
		}
		st.put(path, value)
	}
	if len(st.Sets) > mostSettings {
		faults = append(faults, fmt.Sprintf("%d numbers are changed. Change at most %d.", len(st.Sets), mostSettings))
		st.Sets = st.Sets[:mostSettings]
	}
	faults = append(faults, st.playing(q)...)
	return st, faults
}

// playing reads how often to play.
func (st *state) playing(q url.Values) (faults []string) {
	st.Fixed = q.Get("fixed") == "1"
	if text := strings.ReplaceAll(one(q, "times", 20), ",", ""); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostTimes {
			faults = append(faults, fmt.Sprintf("How often to play must be a whole number from 1 to %d.", mostTimes))
		} else {
			st.Times = n
		}
	}
	if text := strings.TrimSpace(strings.TrimSuffix(one(q, "precision", 20), "%")); text != "" {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || !(x >= 0.1 && x <= 50) {
			faults = append(faults, "When to stop must be a percentage from 0.1% to 50%.")
		} else {
			st.Precision = x / 100
		}
	}
	return faults
}

// one is a single value of an address, cut to a length and to one line.
func one(q url.Values, key string, most int) string {
	v := strings.Join(strings.Fields(q.Get(key)), " ")
	if len(v) > most {
		v = strings.ToValidUTF8(v[:most], "")
	}
	return v
}

// oneLine reports whether a text has no control characters.
func oneLine(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 })
}

// put sets a path's value; the last one counts.
func (st *state) put(path, value string) {
	for i := range st.Sets {
		if st.Sets[i].Path == path {
			st.Sets[i].Value = value
			return
		}
	}
	st.Sets = append(st.Sets, setting{path, value})
}

// drop takes a path back.
func (st *state) drop(path string) {
	st.Sets = slices.DeleteFunc(st.Sets, func(s setting) bool { return s.Path == path })
}

// value is what a path is set to.
func (st *state) value(path string) (string, bool) {
	for _, s := range st.Sets {
		if s.Path == path {
			return s.Value, true
		}
	}
	return "", false
}

// Query is the address that holds the state: the same state has the same.
func (st state) Query() string {
	var parts []string
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, key+"="+url.QueryEscape(value))
		}
	}
	add("base", st.Base)
	for _, name := range st.With {
		add("with", name)
	}
	sets := slices.Clone(st.Sets)
	slices.SortStableFunc(sets, func(a, b setting) int { return cmp.Compare(a.Path, b.Path) })
	for _, s := range sets {
		add("set", s.Path+"="+s.Value)
	}
	add("name", st.Name)
	if st.Times > 0 {
		add("times", strconv.Itoa(st.Times))
	}
	if st.Precision > 0 {
		add("precision", percentText(st.Precision))
	}
	if st.Fixed {
		add("fixed", "1")
	}
	add("find", st.Find)
	return strings.Join(parts, "&")
}

// percentText is a share as the address and the form write it.
func percentText(share float64) string {
	if share == 0 {
		return ""
	}
	return strconv.FormatFloat(share*100, 'g', 6, 64)
}
