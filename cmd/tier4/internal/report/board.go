package report

import (
	"errors"
	"html/template"
	"io"
)

// Board is what a study shows while it is played and when it is done: the answer, the scenarios side by
// side, pictures, and where people are lost. Words, tables and pictures are those of the report.
func (s *Study) Board() (*Page, error) {
	p := new(Page)
	charts, err := s.Charts()
	if err != nil {
		return nil, err
	}
	p.title(2, answerTitle)
	p.list(s.answer())
	l := newLookup(s.Findings.Summaries[0])
	if len(s.Scenarios) > 1 {
		main, _ := s.columns()
		p.title(2, "Side by side")
		p.say("The first row is %s itself; below it, how much each choice differs from it, on the same people with the same luck.", clean(s.Title(0)))
		p.table(s.differences(l, main))
		p.list(s.key(l.shown))
	} else {
		p.title(2, "Waiting, beds and money")
		main, _ := s.columns()
		t := &Table{Head: []string{"Figure", "Long-run average", "One year may be"}}
		for _, id := range main {
			if e, ok := l.find(id); ok {
				t.add(sentence(s.label(e.Figure)), sure(e), oneYear(e))
			}
		}
		p.table(t)
	}
	s.pictures(p, charts)
	if len(s.Scenarios) > 1 {
		s.losses(p)
	}
	if lines := s.doubts(l.shown); len(lines) > 0 {
		p.title(2, surenessTitle)
		p.list(lines)
	}
	return p, nil
}

// Fragment writes the page as sections of another HTML document.
func (p *Page) Fragment(w io.Writer) error {
	layout, err := template.New("paper").Funcs(template.FuncMap{"path": breakable}).Parse(paperLayout)
	if err != nil {
		return errors.Join(errors.New("the layout of the report is at fault"), err)
	}
	return layout.ExecuteTemplate(w, "sections", p.sheet(""))
}
