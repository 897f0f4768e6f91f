package report

import (
	"fmt"
	"strings"

	"tier4/cmd/tier4/internal/chart"
	"tier4/sim"
)

// Paper is a study as a document to send: the question, the answer, what changes, pictures, tables, what
// it all rests on, and the methods.
func (s *Study) Paper() (*Page, error) {
	p := new(Page)
	charts, err := s.Charts()
	if err != nil {
		return nil, err
	}
	p.title(1, s.question())
	p.say("%s. %s", s.subject(), s.played())
	p.title(2, answerTitle)
	p.list(s.answer())
	s.compared(p)
	s.pictures(p, charts)
	shown := s.tables(p)
	s.assumptions(p)
	s.notKnown(p)
	s.sureness(p, nil, shown)
	s.again(p)
	return p, s.methods(p)
}

// subject says what was run.
func (s *Study) subject() string {
	if len(s.Scenarios) > 1 {
		var names []string
		for i := range s.Scenarios[1:] {
			names = append(names, clean(s.Title(i+1)))
		}
		return fmt.Sprintf("%s against %s", and(names), clean(s.Title(0)))
	}
	text := clean(s.Title(0))
	if about := strings.TrimSuffix(s.about(0), "."); about != "" {
		text += ": " + about
	}
	return text
}

// compared says what each scenario changes.
func (s *Study) compared(p *Page) {
	if len(s.Scenarios) == 1 {
		if one := s.Scenarios[0]; len(one.Changes) > 0 {
			p.title(2, "What changes")
			s.changes(p, 0)
		}
		return
	}
	p.title(2, "What changes")
	if about := s.about(0); about != "" {
		p.say("The base, %s: %s", clean(s.Title(0)), ended(about))
	}
	for i, one := range s.Scenarios[1:] {
		p.title(3, fmt.Sprintf("%d. %s", i+1, clean(s.Title(i+1))))
		if q := one.Question(); q != "" && len(s.Scenarios) > 2 {
			p.say("%s", q)
		}
		if about := s.about(i + 1); about != "" {
			p.say("%s", ended(about))
		}
		s.changes(p, i+1)
	}
}

// pictures shows the charts.
func (s *Study) pictures(p *Page, charts []*chart.Chart) {
	if len(charts) == 0 {
		return
	}
	p.title(2, "Pictures")
	if len(s.Scenarios) > 1 {
		p.say("First how the choices differ from %s, on the same people with the same luck; then %s itself.", clean(s.Title(0)), clean(s.Title(0)))
	}
	for _, c := range charts {
		p.chart(c)
	}
}

// tables shows the figures, and gives those shown.
func (s *Study) tables(p *Page) (shown []sim.Estimate) {
	l := newLookup(s.Findings.Summaries[0])
	switch {
	case len(s.Scenarios) > 1:
		main, inFull := s.columns()
		p.title(2, "Figures")
		p.say("The first row is %s itself; below it, how much each what-if differs from it.", clean(s.Title(0)))
		p.table(s.differences(l, main))
		p.list(s.key(l.shown))
		if len(s.Figures) == 0 {
			s.losses(p)
		}
		s.targetsOfAll(p)
		for i, c := range s.Findings.Comparisons {
			p.title(3, fmt.Sprintf("%d. %s: what clearly differs", i+1, clean(s.Title(i+1))))
			s.differs(p, i+1, c, main, inFull)
		}
	case len(s.Figures) > 0:
		p.title(2, "Figures")
		p.table(s.named(0))
		l.shown = s.Findings.Summaries[0].Estimates
	default:
		s.sections(p, l)
	}
	s.statements(p)
	return l.shown
}

// again says how to make the same report anew.
func (s *Study) again(p *Page) {
	p.title(2, "To make this again")
	t := &Table{Head: []string{"What", "Which"}}
	t.add("Tool", "tier4 "+s.Version)
	for i, one := range s.Scenarios {
		t.add("Scenario", fmt.Sprintf("%s, hash %s", clean(s.Title(i)), one.Hash))
	}
	t.add("Seed", fmt.Sprint(s.Seed))
	t.add("Replications", count(s.Findings.Replications))
	p.table(t)
	p.say("The same scenarios, seed and version give the same numbers to the last digit, on any number of processors:")
	p.code(s.Command)
}

const answerTitle = "The answer"
