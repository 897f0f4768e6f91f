package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tier4/scenarios"
	"tier4/scenarios/explore"
	"tier4/sim"
)

// Words for what a commissioner values, beside figures.
const (
	completionWord = "completion"
	dayOfWaitWord  = "day-of-wait"
)

// poundsForm is an amount, or a range of amounts: £20,000 or £0..£60,000.
var poundsForm = regexp.MustCompile(`^£?([0-9][0-9,]*(?:\.[0-9]+)?)(?:\.\.£?([0-9][0-9,]*(?:\.[0-9]+)?))?$`)

// ladderSteps is how many values of a range are looked at.
const ladderSteps = 11

// ladderOf reads what one unit more of each thing is worth.
func ladderOf(written []string, spec sim.Spec) (explore.Ladder, error) {
	var l explore.Ladder
	if len(written) == 0 {
		return l, nil
	}
	type value struct {
		worths    []explore.Worth // for one pound
		low, high float64
	}
	var values []value
	ranged := -1
	var faults []error
	for _, text := range written {
		what, amount, found := strings.Cut(text, "=")
		m := poundsForm.FindStringSubmatch(strings.TrimSpace(amount))
		if !found || m == nil {
			faults = append(faults, fmt.Errorf("`--value %s`: write what one more is worth, as in completion=£20,000 or day-of-wait=£0..£200", text))
			continue
		}
		worths, err := worthOf(strings.TrimSpace(what), spec)
		if err != nil {
			faults = append(faults, fmt.Errorf("`--value %s`: %w", text, err))
			continue
		}
		v := value{worths: worths, low: pounds(m[1])}
		v.high = v.low
		if m[2] != "" {
			if v.high = pounds(m[2]); v.high <= v.low {
				faults = append(faults, fmt.Errorf("`--value %s`: the range is empty; write the lower end first", text))
			}
			if ranged >= 0 {
				faults = append(faults, fmt.Errorf("`--value %s`: a second range; give one value as a range, the others as amounts", text))
			}
			ranged, l.Label = len(values), strings.TrimSpace(what)
		}
		values = append(values, v)
	}
	if len(faults) > 0 {
		return l, badInput(errors.Join(faults...))
	}
	steps := 1
	if ranged >= 0 {
		steps = ladderSteps
	} else {
		ranged, l.Label = 0, strings.TrimSpace(strings.SplitN(written[0], "=", 2)[0])
	}
	for i := range steps {
		var worths []explore.Worth
		for k, v := range values {
			at := v.low
			if k == ranged && steps > 1 {
				at += (v.high - v.low) * float64(i) / float64(steps-1)
			}
			if k == ranged {
				l.Steps = append(l.Steps, at)
			}
			for _, w := range v.worths {
				worths = append(worths, explore.Worth{Figure: w.Figure, Pounds: w.Pounds * at})
			}
		}
		l.Worths = append(l.Worths, worths)
	}
	return l, nil
}

func pounds(text string) float64 {
	v, _ := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	return v
}

// worthOf is what a pound for one unit more of something makes of figures: of a share, for one more in 100;
// of what is better less, for one less.
func worthOf(what string, spec sim.Spec) ([]explore.Worth, error) {
	if what == completionWord {
		return []explore.Worth{{Figure: "completions", Pounds: 1}}, nil
	}
	if word, stage, _ := strings.Cut(what, "."); word == dayOfWaitWord {
		var worths []explore.Worth
		var stages []string
		for _, s := range spec.Stages {
			if s.Kind == sim.BedsKind && (stage == "" || stage == s.Name) {
				worths = append(worths, explore.Worth{Figure: s.Name + ".waiting.mean", Pounds: -daysOfYear})
			}
			if s.Kind == sim.BedsKind {
				stages = append(stages, dayOfWaitWord+"."+s.Name)
			}
		}
		if len(worths) == 0 {
			return nil, fmt.Errorf("%sa day of wait is for a bed: %s", meant(what, stages), strings.Join(append([]string{dayOfWaitWord}, stages...), ", "))
		}
		return worths, nil
	}
	m, err := sim.CompileOnce(spec)
	if err == nil {
		m, err = m.Measuring(what)
	}
	if err != nil {
		var unknown *sim.UnknownFigureError
		if errors.As(err, &unknown) {
			return nil, fmt.Errorf("there is no figure `%s`; write %s, %s or the name of a figure; %s", what, completionWord, dayOfWaitWord, figureHint(unknown))
		}
		return nil, err
	}
	f := m.Figures()
	switch {
	case len(f) == 0:
		return nil, fmt.Errorf("this scenario has no such figure")
	case f[0].Better == 0:
		return nil, fmt.Errorf("neither more nor less of `%s` is better; value another figure", what)
	case f[0].Unit == sim.UnitShare:
		return []explore.Worth{{Figure: what, Pounds: 100 * float64(f[0].Better)}}, nil
	}
	return []explore.Worth{{Figure: what, Pounds: float64(f[0].Better)}}, nil
}

// daysOfYear is how many days one person waits who waits all year.
const daysOfYear = 365.25

// moveOf reads `PATH` or `PATH=LOW..HIGH`. Without ends, they are those of the range of the number.
func moveOf(text string, all []*scenarios.Scenario) (explore.Move, error) {
	path, span, given := strings.Cut(text, "=")
	m := explore.Move{Path: strings.TrimSpace(path)}
	if given {
		span = strings.TrimSpace(span)
		if rest, times := strings.CutPrefix(span, "times "); times {
			m.Times, span = true, rest
		}
		low, high, ok := strings.Cut(span, "..")
		m.Low, m.High = strings.TrimSpace(low), strings.TrimSpace(high)
		if !ok || m.Low == "" || m.High == "" {
			return m, bad("`--break-even %s`: write the path and between what it is looked at, as in %s=£100..£300", text, m.Path)
		}
		if from, to, ok := twoNumbers(m.Low, m.High); ok && from >= to {
			return m, bad("`--break-even %s` is an empty range; write the lower end first, as in %s=%s..%s", text, m.Path, m.High, m.Low)
		}
		return m, nil
	}
	for _, s := range all {
		if s.Unknowns == nil {
			continue
		}
		list := s.Unknowns.List()
		if i := slices.IndexFunc(list, func(u scenarios.Unknown) bool { return u.Path == m.Path }); i >= 0 {
			u := list[i]
			m.Low, m.High = strconv.FormatFloat(u.Quantile(0), 'f', -1, 64), strconv.FormatFloat(u.Quantile(1), 'f', -1, 64)
			m.Times = u.Times
			return m, nil
		}
	}
	for _, s := range all {
		if _, there := s.Value(m.Path); there {
			return m, bad("`--break-even %s`: the number has no range of its own; say between what it is looked at, as in %s=LOW..HIGH", text, m.Path)
		}
	}
	var paths []string
	for _, s := range all {
		paths = append(paths, s.Paths()...)
	}
	return m, bad("`--break-even %s`: no scenario here has a number there; %syou can copy a path from `tier4 run`", text, meant(m.Path, paths))
}

// twoNumbers are the numbers with which two values begin, where both do.
func twoNumbers(one, other string) (a, b float64, ok bool) {
	var err, err2 error
	a, err = strconv.ParseFloat(numberIn(one), 64)
	b, err2 = strconv.ParseFloat(numberIn(other), 64)
	return a, b, err == nil && err2 == nil
}

func numberIn(text string) string {
	digits := strings.ReplaceAll(strings.TrimPrefix(text, "£"), ",", "")
	if end := strings.IndexFunc(digits, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }); end >= 0 {
		digits = digits[:end]
	}
	return digits
}

// moveFaults places faults of the number of --break-even.
func moveFaults(path string, faults scenarios.Faults) error {
	var all []error
	for _, f := range faults {
		all = append(all, fmt.Errorf("`--break-even %s`: %s; %s", path, f.What, f.Instead))
	}
	return errors.Join(distinct(all)...)
}
