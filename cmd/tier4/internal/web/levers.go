package web

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tier4/scenarios"
	"tier4/sim"
)

// lever is a number that can be moved, or another value that can be written anew.
type lever struct {
	Path, Label    string
	Was, Now       string // values as the scenario has them, and as the reader wants them
	Number         bool
	Prefix, Suffix string // of a number: £, or its unit
	WasBox, Box    string // in the box: a number without prefix and suffix, or the whole text
	Min, Max, Step string // of a number's slider
	Hint           string
	Moved          bool
}

// ID is the lever's in the document.
func (l lever) ID() string {
	return "v-" + strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, l.Path), "-")
}

// Field is the name of its box in the form.
func (l lever) Field() string { return boxPrefix + l.Path }

// group is levers of one kind.
type group struct {
	Title  string
	Levers []lever
	Open   bool
}

// subject is a kind of decision, and the paths of its numbers.
type subject struct {
	title   string
	pattern *regexp.Regexp
	of      []sim.Kind // of the stage; none for any
}

// subjects are the decisions that a commissioner can take, and demand, in the order of the page.
func subjects() []subject {
	at := regexp.MustCompile
	return []subject{
		{"Beds by contract", at(`^pathway\.([^.]+)\.places\.([^.]+)\.(beds|priority_beds|nights_per_year|nights)$`), []sim.Kind{sim.BedsKind}},
		{"Prices", at(`^pathway\.([^.]+)\.places\.([^.]+)\.(per_night|per_year|contribution)$`), []sim.Kind{sim.BedsKind}},
		{"Finding a bed elsewhere", at(`^pathway\.([^.]+)\.places\.([^.]+)\.(look_after)$`), []sim.Kind{sim.BedsKind}},
		{"Funding panel", at(`^pathway\.([^.]+)\.(meets\.every|cases|answer_after|approval_lasts|fast_track\.share)$`), []sim.Kind{sim.PanelKind}},
		{"Group before the bed", at(`^pathway\.([^.]+)\.(size\.max|sessions|meets\.every)$`), []sim.Kind{sim.GroupKind}},
		{"Workers", at(`^staff\.([^.]+)\.(caseload)$`), nil},
		{"Keeping in touch while people wait", at(`^pathway\.([^.]+)\.(keep_in_touch)$`), nil},
		{"Aftercare", at(`^pathway\.([^.]+)\.(places|lasts)$`), []sim.Kind{sim.AftercareKind}},
		{"Demand", at(`^referrals\.([^.]+)\.(?:per_year|per_week|per_day)(?:\.([^.]+))?$`), nil},
		{"Budgets", at(`^budgets\.([^.]+)\.(per_year)$`), nil},
	}
}

// levers are the numbers of a base that a reader may want to move, by subject, with what they have moved.
func levers(base *scenarios.Scenario, st *state) (groups []group) {
	kinds := map[string]sim.Kind{}
	for _, stage := range base.Spec.Stages {
		kinds[stage.Name] = stage.Kind
	}
	paths := base.Paths()
	var shown []string
	for _, sub := range subjects() {
		g := group{Title: sub.title}
		for _, path := range paths {
			m := sub.pattern.FindStringSubmatch(path)
			if m == nil || len(sub.of) > 0 && !slices.Contains(sub.of, kinds[m[1]]) {
				continue
			}
			if l, ok := leverAt(base, st, path); ok && l.Number {
				g.Levers, shown = append(g.Levers, l), append(shown, path)
				g.Open = g.Open || l.Moved
			}
		}
		if len(g.Levers) > 0 {
			groups = append(groups, g)
		}
	}
	if len(groups) > 0 {
		groups[0].Open = true
	}
	return append(groups, others(base, st, paths, shown)...)
}

// mostFound are as many other numbers as a search shows.
const mostFound = 30

// others are the numbers that were moved or searched for, and are not shown already.
func others(base *scenarios.Scenario, st *state, paths, shown []string) []group {
	g := group{Title: "Other numbers", Open: true}
	add := func(path string) {
		if slices.Contains(shown, path) {
			return
		}
		if l, ok := leverAt(base, st, path); ok {
			g.Levers, shown = append(g.Levers, l), append(shown, path)
		}
	}
	for _, s := range st.Sets {
		add(s.Path)
	}
	for _, path := range found(base, paths, st.Find) {
		add(path)
	}
	if len(g.Levers) == 0 {
		return nil
	}
	return []group{g}
}

// found are the paths that hold every word searched for, in themselves or in their label.
func found(base *scenarios.Scenario, paths []string, find string) (some []string) {
	words := strings.Fields(strings.ToLower(find))
	if len(words) == 0 {
		return nil
	}
	for _, path := range paths {
		text := strings.ToLower(path + " " + labelOf(path))
		value, _ := base.Value(path)
		if settled(path) || !strings.ContainsAny(value, "0123456789") {
			continue
		}
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			if some = append(some, path); len(some) == mostFound {
				break
			}
		}
	}
	return some
}

// settled are paths that are not moved here: how it is played has boxes of its own, and ranges are no values.
func settled(path string) bool {
	head, _, _ := strings.Cut(path, ".")
	return slices.Contains([]string{"name", "about", "replications", "seed", "start", "measure", "warm_up", "uncertain", "calibrate", "matters", "targets"}, head)
}

// amountForm is a number with what stands around it.
var amountForm = regexp.MustCompile(`^(£?)(-?[0-9][0-9,]*(?:\.[0-9]+)?)(%?(?: [a-z][a-z0-9 ]*)?)$`)

// leverAt is the lever of a path; false if the scenario has nothing there.
func leverAt(base *scenarios.Scenario, st *state, path string) (lever, bool) {
	was, there := base.Value(path)
	now, moved := st.value(path)
	if !there && !moved {
		return lever{}, false
	}
	was = unquoted(was)
	if !moved {
		now = was
	}
	l := lever{Path: path, Label: labelOf(path), Was: was, Now: now, Moved: moved, WasBox: was, Box: now}
	m, n := amountForm.FindStringSubmatch(was), amountForm.FindStringSubmatch(unquoted(now))
	if m == nil || n == nil || n[1] != m[1] || n[3] != m[3] {
		return l, true
	}
	l.Number, l.Prefix, l.Suffix = true, m[1], m[3]
	l.WasBox, l.Box = strings.ReplaceAll(m[2], ",", ""), strings.ReplaceAll(n[2], ",", "")
	l.span()
	return l, true
}

// span says how far the slider goes: from nothing to twice the number, or to all for a share, in steps that
// reach the number it starts from. The box takes any number.
func (l *lever) span() {
	was, _ := strconv.ParseFloat(l.WasBox, 64)
	now, _ := strconv.ParseFloat(l.Box, 64)
	whole := !strings.Contains(l.WasBox, ".") && l.Suffix != "%"
	top := max(2*was, 1.5*now, 4)
	step := 1.0
	switch {
	case strings.HasPrefix(l.Suffix, "%"):
		top = max(100, was, now)
	case !whole && was <= 2:
		top, step = max(2, 2*was, 1.5*now), 0.05
	case !whole:
		step = 0.1
	case was >= 100_000:
		step = 1_000
	case was >= 10_000:
		step = 100
	case was >= 1_000:
		step = 50
	}
	for l.Prefix != "£" && step > 0.001 && math.Abs(math.Remainder(was, step)) > 1e-9 {
		step /= 10
	}
	if l.Prefix == "£" && math.Abs(math.Remainder(was, step)) > 1e-9 {
		step = 1
	}
	low := min(0, was, now)
	if strings.HasSuffix(l.Path, "meets.every") {
		low = 1
	}
	l.Min, l.Max, l.Step = digits(low), digits(math.Ceil(top/step)*step), digits(step)
}

func digits(v float64) string { return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64) }

// written is what the box says, as the scenario would have it.
func (l lever) written(box string) string {
	box = strings.TrimSpace(box)
	if l.Number {
		if _, err := strconv.ParseFloat(strings.ReplaceAll(box, ",", ""), 64); err == nil {
			return l.Prefix + box + l.Suffix
		}
	}
	return box
}

// same reports whether a box says what the scenario has.
func (l lever) same(box string) bool {
	a, err1 := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(box), ",", ""), 64)
	b, err2 := strconv.ParseFloat(l.WasBox, 64)
	return strings.TrimSpace(box) == l.WasBox || l.Number && err1 == nil && err2 == nil && a == b
}

// unquoted takes off the quotes that YAML needs around a text such as £400,000.
func unquoted(text string) string {
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' && !strings.ContainsAny(text[1:len(text)-1], `"\`) {
		return text[1 : len(text)-1]
	}
	return text
}
