package chart

import (
	"fmt"
	"math"
)

// HeatMap is a figure over two choices: a cell for each pair, the darker the greater, with its number.
type HeatMap struct {
	Words
	X, Y   string   // what is chosen along each side, with its unit: "block beds"
	Across []string // the choices along the bottom
	Down   []string // the choices along the left, the first at the top
	Unit   Unit
	What   string   // what the numbers are
	Cells  [][]Spot // [down][across]
}

// Spot is one cell.
type Spot struct {
	Value float64
	OK    bool // whether there is a value; an empty cell is hatched
	Best  bool // framed: the best, or tied with it
}

// Chart draws the map.
func (h HeatMap) Chart() (*Chart, error) {
	low, high, err := h.reach()
	if err != nil {
		return nil, faults(h.ID, err)
	}
	s := begin(h.Words)
	s.shades(h, low, high)
	_, names := wrapped(h.Down, false, mostName)
	left := margin + names + rowIndent
	s.say(margin, s.y+12, sentence(h.Y), textSize, ink, 0)
	s.y += 20
	wide := min(110, (pageWidth-margin-left)/float64(len(h.Across)))
	tall := max(30, min(44, 300/float64(len(h.Down))))
	for i, name := range h.Down {
		y := s.y + tall*float64(i)
		s.say(left-rowIndent, y+tall/2+4.5, fit(name, textSize, false, mostName), textSize, soft, right)
		for j := range h.Across {
			s.spot(h, h.Cells[i][j], box{left + wide*float64(j), y, left + wide*float64(j+1), y + tall}, low, high)
		}
	}
	s.frames(h, left, wide, tall)
	s.y += tall * float64(len(h.Down))
	for j, name := range h.Across {
		s.say(left+wide*(float64(j)+0.5), s.y+17, fit(name, textSize, false, wide-4), textSize, soft, middle)
	}
	s.y += 38
	s.say(left+wide*float64(len(h.Across))/2, s.y, sentence(h.X), textSize, ink, middle)
	s.y += 6
	return s.end(h.alt(), h.table()), nil
}

func (h HeatMap) reach() (low, high float64, err error) {
	low, high = math.Inf(1), math.Inf(-1)
	if len(h.Cells) != len(h.Down) {
		return 0, 0, fmt.Errorf("%d rows of cells for %d names", len(h.Cells), len(h.Down))
	}
	for i, row := range h.Cells {
		if len(row) != len(h.Across) {
			return 0, 0, fmt.Errorf("row %d has %d cells for %d names", i+1, len(row), len(h.Across))
		}
		for _, c := range row {
			if c.OK {
				if err := finite("a cell", c.Value); err != nil {
					return 0, 0, err
				}
				low, high = min(low, c.Value), max(high, c.Value)
			}
		}
	}
	if low > high {
		return 0, 0, errNothing
	}
	return low, high, nil
}

// shade is a colour from nearly white to blue, and a colour for words on it.
func shade(v, low, high float64) (ground, words colour) {
	t := 0.5
	if high > low {
		t = (v - low) / (high - low)
	}
	mix := func(a, b uint8) colour { return colour(math.Round(float64(a) + t*(float64(b)-float64(a)))) }
	r0, g0, b0 := colour(0xEDF1F6).parts()
	r1, g1, b1 := blue.parts()
	ground, words = mix(r0, r1)<<16|mix(g0, g1)<<8|mix(b0, b1), ink
	if t > 0.5 {
		words = white
	}
	return ground, words
}

func (s *sheet) spot(h HeatMap, c Spot, b box, low, high float64) {
	if !c.OK {
		s.lines(inset(b, 1), rising, stroke{colour: pale, width: 1})
		return
	}
	ground, ink := shade(c.Value, low, high)
	s.rect(inset(b, 1), solid(ground), stroke{})
	s.say(b.midX(), b.midY()+4.5, fit(h.Unit.short(c.Value), textSize, false, b.width()-6), textSize, ink, middle)
}

// frames frames the best cells, over all others.
func (s *sheet) frames(h HeatMap, left, wide, tall float64) {
	for i, row := range h.Cells {
		for j, c := range row {
			if c.OK && c.Best {
				b := inset(box{left + wide*float64(j), s.y + tall*float64(i), left + wide*float64(j+1), s.y + tall*float64(i+1)}, 1)
				s.rect(b, fill{}, stroke{colour: white, width: 6})
				s.rect(b, fill{}, stroke{colour: orange, width: 3})
			}
		}
	}
}

// shades says what the shades and the frame mean.
func (s *sheet) shades(h HeatMap, low, high float64) {
	all := []entry{}
	for _, end := range []struct {
		v    float64
		name string
	}{{low, "least: " + h.Unit.worded(low)}, {high, "most: " + h.Unit.worded(high)}} {
		ground, _ := shade(end.v, low, high)
		all = append(all, entry{func(d *Drawing, b box) { d.rect(b, solid(ground), stroke{colour: grey, width: 0.5}) }, end.name})
	}
	for _, row := range h.Cells {
		for _, c := range row {
			if c.Best && len(all) == 2 {
				all = append(all, entry{func(d *Drawing, b box) { d.rect(inset(b, 1.5), fill{}, stroke{colour: orange, width: 3}) }, "best, or tied with it"})
			}
		}
	}
	s.entries(all)
}

func (h HeatMap) alt() string {
	parts := []string{h.Title, h.Unit.head(h.What) + " by " + h.X + " and " + h.Y}
	for i, row := range h.Cells {
		for j, c := range row {
			if c.OK && c.Best {
				parts = append(parts, fmt.Sprintf("Best, or tied with it: %s and %s, %s", h.Across[j], h.Down[i], h.Unit.short(c.Value)))
			}
		}
	}
	return sentences(parts...)
}

func (h HeatMap) table() *Table {
	t := &Table{Head: append([]string{h.Unit.head(h.What) + ": " + h.Y + " down, " + h.X + " across"}, h.Across...)}
	for i, row := range h.Cells {
		cells := []Cell{said(h.Down[i])}
		for _, c := range row {
			if c.OK {
				cells = append(cells, h.Unit.number(c.Value))
			} else {
				cells = append(cells, Cell{})
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}
