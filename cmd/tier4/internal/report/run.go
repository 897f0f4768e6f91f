package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tier4/scenarios"
	"tier4/sim"
)

// Page is the study as people read it.
func (s *Study) Page() *Page {
	p := new(Page)
	switch several := len(s.Scenarios) > 1; {
	case several:
		s.comparison(p)
	case len(s.Figures) > 0:
		s.heading(p)
		s.targets(p)
		p.table(s.named(0))
		all := s.Findings.Summaries[0].Estimates
		s.sureness(p, all, all)
	default:
		s.heading(p)
		s.targets(p)
		s.whole(p)
	}
	return p
}

// heading says what was run.
func (s *Study) heading(p *Page) {
	one := s.Scenarios[0]
	p.title(1, clean(s.Title(0)))
	if about := s.about(0); about != "" {
		p.say("%s", ended(about))
	}
	p.say("%s", s.played())
	if len(one.Changes) > 0 {
		from := "the file"
		if one.Extends != "" {
			from = "`" + clean(one.Extends) + "`"
		}
		p.say("What changes, against %s:", from)
		p.list(changeLines(one.Changes))
	}
}

// played says how often, over which time.
func (s *Study) played() string {
	spec := s.Scenarios[0].Spec
	text := fmt.Sprintf("Measured: %s. Played %s (seed %d).",
		Measured(spec), times(s.Findings.Replications), s.Seed)
	if stopped := s.Stopped(); stopped != "" {
		text += " It was " + stopped + "."
	}
	return text + s.drawnFrom()
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return count(n) + " times, each time with other luck"
}

// Measured says which time a scenario measures: `3 years from 1 April 2026`.
func Measured(spec sim.Spec) string {
	from := spec.Start.AddDate(0, 0, int(math.Floor(spec.WarmUp)))
	return fmt.Sprintf("%s from %s, after %s of warm-up", horizon(spec), from.Format("2 January 2006"),
		span(spec.Start.AddDate, spec.WarmUp, spec.Start.Unix))
}

// changeLines are what a scenario changes, a line each.
func changeLines(changes []scenarios.Change) (lines []string) {
	for _, c := range changes {
		path, from, to := clean(c.Path), unquoted(clean(c.From)), unquoted(clean(c.To))
		switch {
		case c.From == "":
			lines = append(lines, fmt.Sprintf("%s, new: %s", path, to))
		case c.To == "":
			lines = append(lines, fmt.Sprintf("%s, gone (was %s)", path, from))
		default:
			lines = append(lines, fmt.Sprintf("%s: %s (was %s)", path, to, from))
		}
	}
	return lines
}

// unquoted takes off the quotes that YAML needs around a text such as £400,000.
func unquoted(text string) string {
	if inside, ok := strings.CutPrefix(text, `"`); ok {
		if inside, ok = strings.CutSuffix(inside, `"`); ok && !strings.ContainsAny(inside, "\"\\") {
			return inside
		}
	}
	return text
}

// headKeys explain heads of columns that do not explain themselves.
var headKeys = [][2]string{
	{"Average wait", "For a panel: until it answers."},
	{"Gave up", "Gave up: share of everybody whose wait ended."},
	{"Enough on 95% of days", "Enough on 95% of days: with so many, nobody would have needed another on 19 days of 20."},
	{"Block beds used", "Block beds used: share of the time of the beds held."},
	{"Nights held, not slept in", "Nights held, not slept in: a year, of beds held or nights bought ahead, counted at midnight as they are paid."},
	{"Put off", "Heard: at meetings; a case may be heard again, and its answer may come without a meeting, or after the person has given up."},
}

// keys explains the heads of tables.
func keys(tables []*Table) string {
	var lines []string
	for _, k := range headKeys {
		if slices.ContainsFunc(tables, func(t *Table) bool { return slices.Contains(t.Head, k[0]) }) {
			lines = append(lines, k[1])
		}
	}
	return strings.Join(lines, " ")
}

// named is a plain table of every figure of a scenario.
func (s *Study) named(i int) *Table {
	t := &Table{Head: []string{"Figure", "Name", "Long-run average", "One year may be"}}
	for _, e := range s.Findings.Summaries[i].Estimates {
		t.add(s.label(e.Figure), e.ID, sure(e), oneYear(e))
	}
	for _, a := range s.absent(i) {
		t.add(Label(a.ID), a.ID, "none: "+a.Why, "")
	}
	return t
}

// lookup finds estimates by name.
type lookup struct {
	all   map[string]sim.Estimate
	shown []sim.Estimate // found so far, for warnings
}

func newLookup(s *sim.Summary) *lookup {
	l := &lookup{all: map[string]sim.Estimate{}}
	for _, e := range s.Estimates {
		l.all[e.ID] = e
	}
	return l
}

func (l *lookup) find(id string) (sim.Estimate, bool) {
	e, ok := l.all[id]
	if ok {
		l.shown = append(l.shown, e)
	}
	return e, ok
}

// cell is a figure in a table, "" where there is none.
func (l *lookup) cell(id string, write func(sim.Estimate) string) string {
	if e, ok := l.find(id); ok {
		return write(e)
	}
	return ""
}

// whole is the report of one scenario.
func (s *Study) whole(p *Page) {
	l := newLookup(s.Findings.Summaries[0])
	s.sections(p, l)
	s.statements(p)
	s.notKnown(p)
	s.sureness(p, l.shown, l.shown)
}

// sections are the tables of one scenario, each under its title.
func (s *Study) sections(p *Page, l *lookup) {
	spec := s.Scenarios[0].Spec
	section := func(title, key string, tables ...*Table) {
		if slices.ContainsFunc(tables, func(t *Table) bool { return len(t.Rows) > 0 }) {
			p.title(2, title)
			if key = strings.TrimSpace(key + " " + keys(tables)); key != "" {
				p.say("%s", key)
			}
			for _, t := range tables {
				p.table(t)
			}
		}
	}
	section("People", "Who comes, on average a year.", l.rows("Who", "People a year", "referrals", "referrals.returns"))
	section("Waiting", "From joining a list to getting in, for those who got in.", l.waiting(spec))
	section("Panels", "Cases and people a year.", l.panels(spec))
	section("Staff", "", l.staff(spec))
	section("Beds and places", "", l.beds(spec))
	section("What became of people", "Shares are of everybody referred, those lost on the way included. Well means no relapse in the model.",
		l.rows("What", "Share", outcomes(spec)...))
	section("Where people are lost", "People a year whose way ends early, by step. Some are referred again. Blank: nobody.", l.lost(spec))
	section("Who waits longer, who is lost more", "People with a trait beside everyone else. No clear gap: what there is may be chance.", l.gaps(spec)...)
	section("Deaths", "People a year, at the rates that the scenario gives. Someone may be in more than one line.", l.rows("Who", "People a year", deathFigures...))
	section("Money", "Pounds a year, on average. Beds held on block contract are paid for whether used or not.",
		l.rows("For", "A year", spending(spec)...), l.rows("Of this, for beds", "A year", "cost.block", "cost.share", "cost.bed_nights", "cost.spot", "cost.void"),
		l.contributed(), l.rows("What it comes to", "Average", unitPrices(spec)...), l.rows("Block against spot", "Average", breakEvens(spec)...))
	section("Budgets", "Financial years run from 1 April. Spent: after what clients pay. Overspends: more is spent than there was. "+
		"Runs out: what is spent, with what is still to come for people in beds, is more than there is; or somebody is held back for want of money.", l.budgets(spec))
}

// rows is a table with a row for each figure that is there and not always 0.
func (l *lookup) rows(what, head string, ids ...string) *Table {
	t := &Table{Head: []string{what, head, "One year may be"}}
	for _, id := range ids {
		if e, ok := l.find(id); ok && (e.Value != 0 || e.High != 0) {
			t.add(sentence(Label(id)), bare(e), strings.TrimSuffix(oneYear(e), " people"))
		}
	}
	if !slices.ContainsFunc(t.Rows, func(r []string) bool { return r[2] != "" }) {
		t = t.pick([]int{0, 1})
	}
	return t
}

// sentence starts with a capital.
func sentence(text string) string {
	if first, _, _ := strings.Cut(text, " "); strings.Contains(strings.TrimRight(first, ".:,;"), ".") { // a path, which is written as it is
		return text
	}
	for i, r := range text {
		return strings.ToUpper(string(r)) + text[i+len(string(r)):]
	}
	return text
}

func (l *lookup) waiting(spec sim.Spec) *Table {
	t := &Table{Head: []string{"For", "Average wait", "9 in 10 got in within", "Gave up", "Waiting on an average day"}}
	for _, s := range spec.Stages {
		t.add(plain(s.Name), l.cell(s.Name+".admitted.wait.mean", sure), l.cell(s.Name+".admitted.wait.p90", sure),
			l.cell(s.Name+".dropped_out", sure), l.cell(s.Name+".waiting.mean", sure))
	}
	return filled(t)
}

func (l *lookup) beds(spec sim.Spec) *Table {
	t := &Table{Head: []string{"Where", "Started a year", "In use on average", "Enough on 95% of days", "Block beds used", "Nights held, not slept in"}}
	for _, s := range spec.Stages {
		started := l.cell(s.Name+".admissions", bare) + l.cell(s.Name+".started", bare)
		t.add(plain(s.Name), started, l.cell(s.Name+".in_use.mean", bare), l.cell(s.Name+".in_use.p95", whole),
			l.cell(s.Name+".occupancy", bare), l.cell(s.Name+".void_nights", bare))
		if s.Beds == nil || len(s.Beds.Places) < 2 {
			continue
		}
		for _, place := range s.Beds.Places {
			t.add("- at "+plain(place.Name), l.cell(s.Name+".admissions."+place.Name, bare), "", "", "", "")
		}
	}
	return filled(t)
}

// whole writes an estimate of a whole number.
func whole(e sim.Estimate) string {
	sc := scaleOf(e.Unit, e.Value)
	sc.word, sc.decimals = "", 0
	return sc.sure(e)
}

// outcomes are the figures of what became of people, in the order of the pathway.
func outcomes(spec sim.Spec) (ids []string) {
	for _, s := range spec.Stages {
		if s.Kind == sim.BedsKind {
			ids = append(ids, "reached."+s.Name)
		}
	}
	return append(ids, "completed", "well_6_months", "well_12_months", "returned_6_months", "not_back_6_months")
}

// losses are the causes of being lost, in the order of their columns.
var losses = [][2]string{
	{"turned_away", "Turned away"},
	{"dropped_out", "Gave up waiting"},
	{"declined", "Declined"},
	{"left", "Left the group"},
	{"unplanned", "Left early"},
	{"relapsed", "Relapsed"},
	{"died", "Died"},
}

// lost is a row a stage and a column a cause, in whole people.
func (l *lookup) lost(spec sim.Spec) *Table {
	t := &Table{Head: []string{"At"}}
	for _, why := range losses {
		t.Head = append(t.Head, why[1])
	}
	for _, s := range spec.Stages {
		row := []string{plain(s.Name)}
		for _, why := range losses {
			row = append(row, l.cell("lost."+s.Name+"."+why[0], wholePeople))
		}
		t.add(row...)
	}
	return filled(t)
}

// wholePeople writes people a year; nobody is left blank.
func wholePeople(e sim.Estimate) string {
	switch {
	case e.Value == 0:
		return ""
	case e.Value < 0.5:
		return "under 1"
	}
	return whole(e)
}

// spending are the costs a year.
func spending(spec sim.Spec) []string {
	ids := []string{"cost"}
	for _, s := range spec.Stages {
		ids = append(ids, "cost."+s.Name)
	}
	return ids
}

// contributed is what clients pay, where they do.
func (l *lookup) contributed() *Table {
	if _, ok := l.all["contributions"]; !ok {
		return &Table{}
	}
	return l.rows("What clients pay", "A year", "contributions", "cost.net")
}

// unitPrices are what things come to, one by one.
func unitPrices(spec sim.Spec) []string {
	ids := []string{"cost_per_admission", "cost_per_completion", "cost_per_well_6_months"}
	for _, s := range spec.Stages {
		if s.Beds == nil {
			continue
		}
		for _, place := range s.Beds.Places {
			if id := "price." + place.Name + ".per_used_night"; !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// filled leaves out rows and columns in which nothing stands.
func filled(t *Table) *Table {
	t.Rows = slices.DeleteFunc(t.Rows, func(r []string) bool {
		return !slices.ContainsFunc(r[1:], func(c string) bool { return c != "" })
	})
	columns := []int{0}
	for c := 1; c < len(t.Head); c++ {
		if slices.ContainsFunc(t.Rows, func(r []string) bool { return r[c] != "" }) {
			columns = append(columns, c)
		}
	}
	if len(columns) == 1 {
		t.Rows = nil
	}
	return t.pick(columns)
}

// Headline are the figures a reader looks at first, of those the model has.
func Headline(spec sim.Spec, m *sim.Model) (ids []string) {
	have := m.Figures()
	for _, id := range headline(spec) {
		if slices.ContainsFunc(have, func(f sim.Figure) bool { return f.ID == id }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// headline are the figures of the first table of a comparison: the waits for the last beds, who
// reaches them, what becomes of them, and money. Without beds, the waits for the last steps.
func headline(spec sim.Spec) (ids []string) {
	var beds, steps []string
	for _, s := range slices.Backward(spec.Stages) {
		if steps = append(steps, s.Name); s.Kind == sim.BedsKind {
			beds = append(beds, s.Name)
		}
	}
	if len(beds) > 0 {
		steps = beds
	}
	for _, name := range steps[:min(len(steps), 2)] {
		ids = append(ids, name+".admitted.wait.mean")
	}
	if len(beds) > 0 {
		ids = append(ids, "reached."+beds[0])
	}
	return append(ids, "completed", "well_6_months", "cost", "cost_per_completion")
}
