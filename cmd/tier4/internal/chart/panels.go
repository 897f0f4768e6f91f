package chart

import (
	"math"
	"slices"
)

// Panels is line pictures side by side, two in a row, that share their x axis: the lists of all steps by
// month. Each has its own scale, so compare shapes, not heights; the numbers are at the lines' axes.
type Panels struct {
	Words
	Band   string // what a band is
	Panels []Lines
}

const (
	panelHeight = 150
	panelGap    = 24
)

// Chart draws the panels. Of a panel's words only the title is drawn, above it.
func (p Panels) Chart() (*Chart, error) {
	if len(p.Panels) == 0 {
		return nil, faults(p.ID, errNothing)
	}
	for _, one := range p.Panels {
		if err := one.check(); err != nil {
			return nil, faults(p.ID+", "+one.Title, err)
		}
	}
	s := begin(p.Words)
	s.key(p.Band)
	wide := (pageWidth - 2*margin - panelGap) / 2.
	bottom := s.y
	for i, one := range p.Panels {
		x := margin + float64(i%2)*(wide+panelGap)
		if i%2 == 0 {
			s.y = bottom
			if i > 0 {
				s.y += 10
			}
		}
		s.stress(x, s.y+13, fit(one.Title, textSize, true, wide), textSize, ink, left)
		down := one.draw(s.Drawing, box{x, s.y + 16, x + wide, s.y + 16 + panelHeight}, true)
		bottom = math.Max(bottom, down)
	}
	s.y = bottom
	return s.end(p.alt(), p.table()).with(p.data()), nil
}

func (p Panels) alt() string {
	text := sentences(p.Title)
	for _, one := range p.Panels {
		text += " " + one.alt()
	}
	return text
}

// table has the rows of all panels, each after its title.
func (p Panels) table() *Table {
	all := &Table{}
	for i, one := range p.Panels {
		if one.Series[0].Name == "" {
			one.Series = slices.Clone(one.Series)
			one.Series[0].Name = one.Title
		}
		t := one.table()
		if i == 0 {
			all.Head = t.Head
		}
		all.Rows = append(all.Rows, t.Rows...)
	}
	return all
}
