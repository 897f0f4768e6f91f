package report

import (
	"fmt"
	"slices"
	"strings"

	"tier4/scenarios"
	"tier4/sim"
	"tier4/sim/stats"
)

// comparison is the report of a base and what-ifs: one table of all, then each by itself.
func (s *Study) comparison(p *Page) {
	main, inFull := s.columns()
	p.title(1, fmt.Sprintf("%s, and %s", clean(s.Title(0)), whatIfs(len(s.Scenarios)-1)))
	p.say("%s Every scenario has the same people with the same luck: what differs is what the choice does.", s.played())
	p.say("The first row is %s itself; below it, how much each what-if differs from it.", clean(s.Title(0)))
	base := newLookup(s.Findings.Summaries[0])
	p.table(s.differences(base, main))
	p.list(s.key(base.shown))
	s.targetsOfAll(p)
	if len(s.Figures) == 0 {
		s.losses(p)
	}
	for i, c := range s.Findings.Comparisons {
		s.whatIf(p, i+1, c, main, inFull)
	}
	s.sureness(p, nil, base.shown)
}

// columns are the figures of the table of all what-ifs, and those of each what-if's own.
func (s *Study) columns() (main, inFull []string) {
	main, inFull = headline(s.Scenarios[0].Spec), detail(s.Scenarios[0].Spec)
	if len(s.Figures) > 0 {
		inFull = s.asked()
		if len(inFull) <= mostColumns {
			main = inFull
		}
	}
	return main, inFull
}

// mostColumns are as many figures as a table can show side by side.
const mostColumns = 12

func whatIfs(n int) string {
	if n == 1 {
		return "one what-if"
	}
	return fmt.Sprintf("%d what-ifs", n)
}

// asked are the ids of the figures asked for by name.
func (s *Study) asked() (ids []string) {
	for _, e := range s.Findings.Summaries[0].Estimates {
		ids = append(ids, e.ID)
	}
	return ids
}

// differences is a row for the base and one for each what-if.
func (s *Study) differences(base *lookup, ids []string) *Table {
	t := &Table{Head: []string{"Scenario"}}
	first := []string{clean(s.Title(0))}
	var shown []string
	for _, id := range ids {
		if e, ok := base.find(id); ok && !s.nothing(e) {
			shown = append(shown, id)
			t.Head = append(t.Head, sentence(s.head(e.Figure)))
			first = append(first, strings.TrimSuffix(amount(e.Unit, e.Value), " a year"))
		}
	}
	t.add(first...)
	for i, c := range s.Findings.Comparisons {
		row := []string{clean(s.Title(i + 1))}
		for _, id := range shown {
			text := cellOf(find(c, id))
			if strings.HasPrefix(id, gapPrefix) {
				text = "not compared"
			}
			row = append(row, text)
		}
		t.add(row...)
	}
	return t
}

// nothing says that a figure is 0 in every scenario: money where none is spent.
func (s *Study) nothing(e sim.Estimate) bool {
	return e.Value == 0 && !slices.ContainsFunc(s.Findings.Comparisons, func(c *sim.Comparison) bool {
		d := find(c, e.ID)
		return d == nil || d.OtherValue != 0
	})
}

// head is a short label, with the horizon of a figure that depends on it.
func (s *Study) head(f sim.Figure) string {
	if f.Horizon {
		return s.label(f)
	}
	return head(f.ID)
}

// head is a short label for the head of a column.
func head(id string) string {
	if stage, ok := strings.CutSuffix(id, ".admitted.wait.mean"); ok {
		return "wait for " + plain(stage)
	}
	short := map[string]string{
		"completed": "completed", "well_6_months": "well at 6 months", "cost": "cost a year", "cost_per_completion": "cost for each completion",
	}
	if words, ok := short[id]; ok {
		return words
	}
	if stage, ok := strings.CutPrefix(id, "reached."); ok && !strings.ContainsAny(stage, ".@") {
		return "reached " + plain(stage)
	}
	return Label(id)
}

func find(c *sim.Comparison, id string) *sim.Difference {
	for i := range c.Differences {
		if c.Differences[i].ID == id {
			return &c.Differences[i]
		}
	}
	return nil
}

// cellOf says a difference in a few words.
func cellOf(d *sim.Difference) string {
	switch {
	case d == nil:
		return "not known"
	case d.Same:
		return "the same"
	case clear(d.Verdict):
		return gap(d.Unit, d.Value)
	}
	return d.Verdict.String()
}

// clear says whether a verdict gives a direction.
func clear(v stats.Verdict) bool { return v != stats.NoClear && v != stats.TooSmall }

// key explains the words of the table of figures shown.
func (s *Study) key(shown []sim.Estimate) []string {
	key := []string{"No clear difference: what there is may be chance. More replications may make it clear."}
	if s.carries() {
		key[0] = "No clear difference: what there is may be chance, or the other way round if the numbers nobody knows are other than they are here."
	}
	if slices.ContainsFunc(shown, func(e sim.Estimate) bool { return e.Unit == sim.UnitShare }) {
		key = append(key, "2.5 more in 100: of 100 people (referred, or who completed), 2.5 more. Reached and completed: of all referred. Well: no relapse in the model, of those who completed.")
	}
	var amounts []string
	for _, m := range s.Scenarios[0].Matters {
		if contains(shown, m.Figure) {
			amounts = append(amounts, least(m)+" ("+head(m.Figure)+")")
		}
	}
	if len(amounts) > 0 {
		key = append(key, "Too small to matter: clear, but less than the scenario says would matter: "+strings.Join(amounts, ", ")+".")
	}
	return key
}

// least writes an amount of `matters`.
func least(m scenarios.Matter) string {
	switch m.Unit {
	case "£":
		return amount(sim.UnitPounds, m.Amount)
	case "days":
		return digits(m.Amount) + " days"
	case "share":
		return percent(m.Amount)
	}
	return digits(m.Amount)
}

// whatIf is the block of one scenario: what it changes, and what then differs clearly.
func (s *Study) whatIf(p *Page, i int, c *sim.Comparison, main, inFull []string) {
	p.title(2, fmt.Sprintf("%d. %s", i, clean(s.Title(i))))
	if about := s.about(i); about != "" {
		p.say("%s", ended(about))
	}
	s.changes(p, i)
	s.differs(p, i, c, main, inFull)
}

// differs says what clearly differs with a what-if, in what it is too small to matter, not clear or the same.
func (s *Study) differs(p *Page, i int, c *sim.Comparison, main, inFull []string) {
	t := &Table{Head: []string{"What", "Before", "Then", "Difference", ""}}
	var unclear, small, same []string
	for _, id := range inFull {
		d := find(c, id)
		switch {
		case d == nil || d.BaseValue == 0 && d.OtherValue == 0:
		case clear(d.Verdict):
			before, then := bothOf(d)
			t.add(sentence(s.label(d.Figure)), before, then, sureGap(d.Unit, *d), judged(d.Verdict))
		case d.Verdict == stats.TooSmall:
			small = append(small, s.label(d.Figure))
		case slices.Contains(main, id) && d.Same:
			same = append(same, s.label(d.Figure))
		case slices.Contains(main, id):
			unclear = append(unclear, s.label(d.Figure))
		}
	}
	p.table(filled(t))
	if words := s.shared(c, main); words != "" {
		p.say("%s", words)
	}
	p.sayOf("Where people are lost, in whole people a year", s.lostDifference(i-1))
	p.sayOf("Too small to matter", small)
	p.sayOf("No clear difference", unclear)
	p.sayOf("The same", same)
}

// judged is a verdict where one side is good.
func judged(v stats.Verdict) string {
	if v == stats.Better || v == stats.Worse {
		return v.String()
	}
	return ""
}

// bothOf writes the figure of the base and of the other on one scale.
func bothOf(d *sim.Difference) (before, then string) {
	sc := scaleOf(d.Unit, max(d.BaseValue, d.OtherValue))
	word := strings.TrimSuffix(sc.word, " a year")
	return sc.number(d.BaseValue) + word, sc.number(d.OtherValue) + word
}

// detail are the figures of a what-if's block, where they differ clearly.
func detail(spec sim.Spec) (ids []string) {
	for _, s := range spec.Stages {
		ids = append(ids, s.Name+".admitted.wait.mean")
	}
	for _, s := range spec.Stages {
		if s.Kind == sim.BedsKind {
			ids = append(ids, "reached."+s.Name)
		}
	}
	ids = append(ids, "completed", "well_6_months", "not_back_6_months", "out_of_area", "cost")
	if slices.ContainsFunc(spec.Stages, func(s sim.Stage) bool {
		return s.Beds != nil && slices.ContainsFunc(s.Beds.Places, func(p sim.Place) bool { return p.Terms.Contribution > 0 })
	}) {
		ids = append(ids, "cost.net")
	}
	ids = append(ids, "cost.void", "cost_per_completion", "cost_per_well_6_months")
	return slices.Concat(ids, budgetFigures(spec), deathFigures)
}

// Compared are the figures that the tables of a comparison show of a model; verdicts are family-wise
// within them.
func Compared(m *sim.Model) (ids []string) {
	spec := m.Spec()
	wanted := append(headline(spec), detail(spec)...)
	for _, f := range m.Figures() {
		if slices.Contains(wanted, f.ID) || strings.HasPrefix(f.ID, "lost.") {
			ids = append(ids, f.ID)
		}
	}
	return ids
}
