package calibration

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tier4/scenarios"
	"tier4/sim"
	"tier4/sim/dist"
)

// Direct are numbers of a scenario that an extract shows directly, such as the mean and the deviation of one
// law: their posterior is that of the exact likelihood of what was seen of them, and of nothing else.
type Direct struct {
	Numbers []scenarios.Number
	Best    []float64 // their posterior means
	How     string    // the law or the count they rest on, and how, in words
	K, Of   int       // the people or sessions behind them: so many that ended so, or went there, of so many; Of is 0 of a rate
	Rebase  float64   // what makes them those of the scenario as it was given, not as it was set on the calendar
	Draw    func(uniform func() float64) []float64
}

// directs collects what an extract shows directly of a scenario, and says what is left as it is and why.
type directs struct {
	s     *scenarios.Scenario
	x     *Extract
	start time.Time              // of the scenario as it was given
	leave func(path string) bool // not to be touched, or found otherwise

	all   []Direct
	notes []string
	paths []string // of the scenario's single values
}

// DirectlySeen are the numbers of a scenario that an extract shows directly, in the order of the pathway. Those
// whose path leave accepts are left as they are. start is that of the scenario as it was given, before it was set
// on the calendar of the extract. The notes say what else is left, and why.
func DirectlySeen(s *scenarios.Scenario, start time.Time, x *Extract, leave func(path string) bool) ([]Direct, []string) {
	d := directs{s: s, x: x, start: start, leave: leave, paths: s.Paths()}
	d.rates()
	for i := range s.Spec.Stages {
		stage := &s.Spec.Stages[i]
		k := slices.IndexFunc(x.Stages, func(one Stage) bool { return one.Name == stage.Name })
		if k < 0 {
			continue
		}
		d.laws(stage, k)
		switch stage.Kind {
		case sim.GroupKind:
			d.leaving(stage, k)
		case sim.PanelKind:
			d.decisions(stage, k)
		case sim.DelayKind, sim.BedsKind, sim.AftercareKind:
		}
	}
	for i := range s.Spec.Stages {
		d.ways(&s.Spec.Stages[i])
	}
	return d.all, d.notes
}

func (d *directs) note(format string, args ...any) {
	d.notes = append(d.notes, fmt.Sprintf(format, args...))
}

// bestOf is how many draws a posterior mean is worked out from.
const bestOf = 2000

// add takes in numbers at paths with what draws them, unless they are to be left. They are drawn together, so
// all are left if one is.
func (d *directs) add(paths []string, one Direct) {
	one.Rebase = cmp.Or(one.Rebase, 1)
	for _, path := range paths {
		if d.leave(path) {
			return
		}
		n, err := d.s.Number(path)
		if err != nil {
			d.note("%s is left as it is: it is no single number", path)
			return
		}
		one.Numbers = append(one.Numbers, n)
	}
	one.Best = make([]float64, len(paths))
	luck := dist.NewStream(dist.Root(1, 0))
	for range bestOf {
		for i, v := range one.Draw(luck.Uniform) {
			one.Best[i] += v / bestOf
		}
	}
	d.all = append(d.all, one)
}

// leaf is a single value of the scenario under a path: for whom it holds ("" for everyone, or `else`), and
// the keys below.
type leaf struct {
	path, who, rest string
}

// leaves are the single values under a path. isKey says which first keys are the value's own; any other is
// a cohort or trait.
func (d *directs) leaves(path string, isKey func(string) bool) (all []leaf) {
	for _, p := range d.paths {
		rest, under := strings.CutPrefix(p, path+".")
		if p != path && !under {
			continue
		}
		if p == path {
			rest = ""
		}
		one := leaf{path: p, rest: rest}
		if first, below, _ := strings.Cut(rest, "."); rest != "" && !isKey(first) {
			one.who, one.rest = first, below
		}
		all = append(all, one)
	}
	return all
}

// those are the episodes for whom the rule of a value by cohort or trait holds: the first that fits them.
// known is false where the extract does not tell.
func (d *directs) those(who string, rules []string) (fits func(*Episode) bool, known bool) {
	if who == "" {
		return func(*Episode) bool { return true }, true
	}
	for _, r := range rules {
		if r != "else" && !slices.Contains(d.x.Cohorts, r) && !slices.Contains(d.x.Traits, r) {
			return nil, false
		}
	}
	return func(e *Episode) bool { return d.rule(e, rules) == who }, true
}

// rule is the first rule that fits an episode, `else` last wherever it stands.
func (d *directs) rule(e *Episode, rules []string) string {
	for _, r := range rules {
		if r == d.x.Cohorts[e.Cohort] {
			return r
		}
		if i := slices.Index(d.x.Traits, r); i >= 0 && e.Traits[i] == Yes {
			return r
		}
	}
	return "else"
}

// rulesOf are the rules of leaves, each once, in the order of the file.
func rulesOf(leaves []leaf) (rules []string) {
	for _, l := range leaves {
		if !slices.Contains(rules, l.who) {
			rules = append(rules, l.who)
		}
	}
	return rules
}
