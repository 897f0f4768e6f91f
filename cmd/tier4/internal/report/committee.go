package report

import (
	"io"
	"slices"
	"strings"

	"tier4/cmd/tier4/internal/chart"
	"tier4/cmd/tier4/internal/office"
)

// Committee is a study as a paper for a committee: the report without what only an analyst reads.
func (s *Study) Committee() (*Page, error) {
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
	s.pictures(p, s.chosen(charts))
	l := newLookup(s.Findings.Summaries[0])
	if len(s.Scenarios) > 1 {
		main, _ := s.columns()
		p.title(2, "Figures")
		p.say("The first row is %s itself; below it, how much each what-if differs from it.", clean(s.Title(0)))
		p.table(s.differences(l, main))
		p.list(s.key(l.shown))
		s.targetsOfAll(p)
	} else if len(s.Figures) == 0 {
		s.sections(p, l)
	}
	s.sureness(p, nil, l.shown)
	s.again(p)
	p.say("The report as one HTML file (-o report.html) also has the sources of the numbers, value by value, and the methods.")
	return p, nil
}

// Write writes the study as a report in the form of an ending: .html, .docx, .md, .pptx or .xlsx.
func (s *Study) Write(w io.Writer, ending string) error {
	tool := "tier4 " + s.Version
	switch ending {
	case ".xlsx":
		return s.Book().Write(w)
	case ".pptx":
		d, err := s.Deck()
		if err != nil {
			return err
		}
		return d.Write(w)
	case ".docx", ".md":
		p, err := s.Committee()
		switch {
		case err != nil:
			return err
		case ending == ".md":
			return p.Markdown(w)
		}
		return p.Docx(w, tool)
	}
	p, err := s.Paper()
	if err != nil {
		return err
	}
	return p.HTML(w, tool)
}

// chosen are the pictures of a committee's paper and of slides: how the what-ifs differ, and money, people
// and beds.
func (s *Study) chosen(all []*chart.Chart) (some []*chart.Chart) {
	wanted := []string{"difference-", "cost", "lost"}
	if len(s.Scenarios) == 1 {
		wanted = []string{"cost", "lost", "wait-", "beds-", "waiting"}
	}
	for _, c := range all {
		if slices.ContainsFunc(wanted, func(id string) bool { return strings.HasPrefix(c.ID, id) }) {
			some = append(some, c)
		}
	}
	return some
}

// Docx writes the page as a document for an office program.
func (p *Page) Docx(w io.Writer, tool string) error {
	d := office.Document{Foot: tool}
	for _, b := range p.blocks {
		block := office.Block{Heading: b.title, Level: b.level, Text: b.text, List: b.list, Code: b.code}
		switch {
		case b.title != "" && b.level == 1:
			d.Title = b.title
		case b.table != nil:
			block.Grid = printedGrid(b.table)
		case b.picture != nil:
			png, err := b.picture.PNG(2)
			if err != nil {
				return err
			}
			block.Picture = &office.Picture{PNG: png, Width: b.picture.Drawing.Width, Height: b.picture.Drawing.Height, Alt: b.picture.Alt}
		}
		d.Blocks = append(d.Blocks, block)
	}
	return d.Write(w)
}

// printedGrid is a table with its columns of numbers told.
func printedGrid(t *Table) *office.Grid {
	g := &office.Grid{Head: slices.Clone(t.Head), Rows: t.Rows}
	for c := range t.Head {
		g.Head[c] = named(t.Head[c], c)
		g.Numbers = append(g.Numbers, c > 0 && numeric(t, c))
	}
	return g
}
