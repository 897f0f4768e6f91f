package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tier4/sim"
	"tier4/sim/stats"
)

// question is what a study was run to answer.
func (s *Study) question() string {
	base := clean(s.Title(0))
	switch n := len(s.Scenarios); {
	case n == 1:
		if q := s.Scenarios[0].Question(); q != "" {
			return q
		}
		return "What does " + base + " come to?"
	case n == 2:
		if q := s.Scenarios[1].Question(); q != "" {
			return q
		}
		return "What would " + clean(s.Title(1)) + " change?"
	default:
		return fmt.Sprintf("What would %d choices change in %s?", n-1, base)
	}
}

// answer is at most five sentences, each of which the figures, and of a comparison the verdicts, support.
func (s *Study) answer() (sentences []string) {
	a := answerer{s: s, l: newLookup(s.Findings.Summaries[0]), spec: s.Scenarios[0].Spec}
	parts := []func() string{a.waiting, a.becoming, a.losing, a.using, a.paying}
	if len(s.Scenarios) > 1 {
		parts = []func() string{a.today, a.waits, a.completions, a.costs, a.holds}
	}
	for _, part := range parts {
		if text := part(); text != "" {
			sentences = append(sentences, ended(sentence(text)))
		}
	}
	return sentences
}

// answerer says one thing after the other. A sentence about figures that are not there is "".
type answerer struct {
	s    *Study
	l    *lookup
	spec sim.Spec
}

// value is a figure in words, "" without it.
func (a *answerer) value(id string) string {
	e, ok := a.l.find(id)
	if !ok {
		return ""
	}
	return amount(e.Unit, e.Value)
}

// waitIDs are the waits a reader looks at first.
func (a *answerer) waitIDs() (ids []string) {
	for _, id := range headline(a.spec) {
		if strings.HasSuffix(id, ".admitted.wait.mean") {
			ids = append(ids, id)
		}
	}
	return ids
}

// waiting says how long people wait.
func (a *answerer) waiting() string {
	var parts []string
	for _, id := range a.waitIDs() {
		stage := strings.TrimSuffix(id, ".admitted.wait.mean")
		if mean := a.value(id); mean != "" {
			text := mean + " for " + plain(stage)
			if p90 := a.value(stage + ".admitted.wait.p90"); p90 != "" {
				text += " (9 in 10 within " + p90 + ")"
			}
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "Those who get in wait " + and(parts) + " on average"
}

// becoming says how many of those referred reach beds, complete, and stay well.
func (a *answerer) becoming() string {
	var parts []string
	for _, stage := range a.spec.Stages {
		if share := a.value("reached." + stage.Name); share != "" {
			parts = append(parts, share+" reach "+plain(stage.Name))
		}
	}
	if share := a.value("completed"); share != "" {
		parts = append(parts, share+" complete")
	}
	if len(parts) == 0 {
		return ""
	}
	text := "Of everybody referred, " + and(parts)
	if well := a.value("well_6_months"); well != "" {
		text += "; of those who complete, " + well + " have had no relapse in the model six months later"
	}
	return text
}

// losing says where most are lost.
func (a *answerer) losing() string {
	stage, most, all := "", 0.0, 0.0
	for _, st := range a.spec.Stages {
		sum := 0.0
		for _, why := range losses {
			if e, ok := a.l.find("lost." + st.Name + "." + why[0]); ok {
				sum += e.Value
			}
		}
		if all += sum; sum > most {
			stage, most = plain(st.Name), sum
		}
	}
	if most < 0.5 {
		return ""
	}
	if wholeNumber(all) == wholeNumber(most) {
		return fmt.Sprintf("Some %s a year go no further at %s", persons(wholeNumber(most)), stage)
	}
	return fmt.Sprintf("Some %s a year go no further at some step, more of them at %s than anywhere else: %s", persons(wholeNumber(all)), stage, count(wholeNumber(most)))
}

func persons(n int) string {
	if n == 1 {
		return "1 person"
	}
	return count(n) + " people"
}

// using says how many beds are used and would be enough.
func (a *answerer) using() string {
	var parts []string
	for _, stage := range a.spec.Stages {
		p95, ok := a.l.find(stage.Name + ".in_use.p95")
		if !ok || stage.Kind != sim.BedsKind {
			continue
		}
		n := wholeNumber(p95.Value)
		text := fmt.Sprintf("%s %s of %s would be enough on 95%% of days", count(n), beds(n), plain(stage.Name))
		if h, ok := held(a.spec, stage.Beds); ok && h > 0 {
			text += fmt.Sprintf(" (%s held", is(h))
			if used := a.value(stage.Name + ".occupancy"); used != "" {
				text += ", in use " + used + " of the time"
			}
			text += ")"
		}
		parts = append(parts, text)
	}
	return and(parts)
}

// paying says what it costs, what a year may cost, and how often budgets are overspent.
func (a *answerer) paying() string {
	cost, ok := a.l.find("cost")
	if !ok || cost.Value == 0 {
		return ""
	}
	text := "It costs " + amount(cost.Unit, cost.Value) + " on average"
	if one := oneYear(cost); strings.Contains(one, " to ") {
		text += ", and 9 in 10 single years cost " + one
	}
	var over []string
	for _, b := range a.spec.Budgets {
		if p, ok := a.l.find("budget." + b.Name + ".overspend_probability"); ok {
			over = append(over, plain(b.Name)+" is overspent in "+amount(p.Unit, p.Value)+" of years")
		}
	}
	if len(over) > 0 {
		text += "; " + and(over)
	}
	return text
}

// today says how the base fares.
func (a *answerer) today() string {
	var parts []string
	for _, id := range a.waitIDs() {
		if v := a.value(id); v != "" {
			parts = append(parts, "the wait for "+plain(strings.TrimSuffix(id, ".admitted.wait.mean"))+" is "+v+" on average")
		}
	}
	if share := a.value("completed"); share != "" {
		parts = append(parts, share+" of everybody referred complete")
	}
	if cost, ok := a.l.find("cost"); ok && cost.Value > 0 {
		parts = append(parts, "it costs "+amount(cost.Unit, cost.Value))
	}
	if len(parts) == 0 {
		return ""
	}
	return "In " + clean(a.s.Title(0)) + " " + and(parts)
}

// waits says with which what-ifs people wait clearly shorter or longer.
func (a *answerer) waits() string {
	ids := a.waitIDs()
	if len(ids) == 0 {
		return ""
	}
	return a.changes(ids[0], "the wait for "+plain(strings.TrimSuffix(ids[0], ".admitted.wait.mean"))+" is", "shorter", "longer")
}

func (a *answerer) completions() string {
	return a.changes("completed", "of everybody referred,", "more complete", "fewer complete")
}

func (a *answerer) costs() string { return a.changes("cost", "it costs", "less", "more") }

// mostNamed are as many what-ifs as a sentence names for each direction.
const mostNamed = 3

// changes says of one figure which what-ifs are better and which worse, by verdict, the largest first.
func (a *answerer) changes(id, begin, better, worse string) string {
	base, ok := a.l.find(id)
	if !ok || a.s.nothing(base) {
		return ""
	}
	var good, bad []choice
	unclear, same := 0, 0
	for i, c := range a.s.Findings.Comparisons {
		d := find(c, id)
		switch {
		case d == nil:
		case d.Verdict == stats.Better:
			good = append(good, choice{clean(a.s.Title(i + 1)), d})
		case d.Verdict == stats.Worse:
			bad = append(bad, choice{clean(a.s.Title(i + 1)), d})
		default:
			unclear++
			if d.Same {
				same++
			}
		}
	}
	what := head(id)
	switch {
	case len(good)+len(bad) == 0 && unclear == same:
		return what + ": the same"
	case len(good)+len(bad) == 0 && unclear == 1:
		return fmt.Sprintf("%s: no difference that is clear and matters (%s)", what, cellOf(find(a.s.Findings.Comparisons[0], id)))
	case len(good)+len(bad) == 0:
		return fmt.Sprintf("%s: no what-if makes a difference that is clear and matters", what)
	}
	var parts []string
	for _, side := range []struct {
		word string
		all  []choice
	}{{better, good}, {worse, bad}} {
		if len(side.all) > 0 {
			parts = append(parts, side.word+" with "+names(side.all))
		}
	}
	text := begin + " " + strings.Join(parts, "; ")
	if unclear > 0 {
		text += fmt.Sprintf("; with %s there is no difference that is clear and matters", theOther(unclear))
	}
	return text
}

func theOther(n int) string {
	if n == 1 {
		return "the other"
	}
	return "the other " + count(n)
}

// choice is a what-if's difference with its name.
type choice struct {
	name string
	d    *sim.Difference
}

// names names what-ifs with their differences, the largest first; of many the first few.
func names(all []choice) string {
	slices.SortStableFunc(all, func(x, y choice) int { return cmp.Compare(abs(y.d.Value), abs(x.d.Value)) })
	var parts []string
	for _, n := range all[:min(len(all), mostNamed)] {
		sc := gapScale(n.d.Unit, n.d.Value)
		size := sc.number(abs(n.d.Value)) + sc.word
		switch n.d.Unit {
		case sim.UnitShare:
			size += " in 100"
		case sim.UnitPoundsPerYear:
			size += " a year"
		}
		parts = append(parts, "“"+n.name+"” (by "+size+")")
	}
	if rest := len(all) - mostNamed; rest > 0 {
		parts = append(parts, count(rest)+" more")
	}
	return and(parts)
}

// holds says what these answers rest on.
func (a *answerer) holds() string {
	text := "Where a difference is named it is more than chance, with 95% confidence over all of them together, if the scenarios are right"
	if n, assumed := a.s.assumed(); n > 0 {
		text += fmt.Sprintf("; of the %s remarks on their numbers, %s call one an assumption", count(n), count(assumed))
	}
	return text
}

// and joins parts as a sentence does.
func and(parts []string) string {
	switch n := len(parts); n {
	case 0:
		return ""
	case 1:
		return parts[0]
	default:
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
}
