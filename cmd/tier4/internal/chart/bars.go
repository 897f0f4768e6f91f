package chart

import (
	"fmt"
	"math"
)

// Bars is one amount for each of some things, side by side: level bars from 0, each with its name at the
// left and its number at its end.
type Bars struct {
	Words
	Axis Axis // it always begins at 0
	Bars []Bar
}

// Bar is one thing's amount; with an interval where Low < High.
type Bar struct {
	Name      string
	Value     float64
	Low, High float64
	Text      string // of the number; "" for the number itself
	Pale      bool   // drawn to stand back
}

// Chart draws the bars.
func (b Bars) Chart() (*Chart, error) {
	if err := b.check(); err != nil {
		return nil, faults(b.ID, err)
	}
	s := begin(b.Words)
	rows, names := rowsOf(b.names())
	low, high, numbers := 0.0, 0.0, 0.0
	for _, bar := range b.Bars {
		low, high = min(low, bar.Value, bar.Low), max(high, bar.Value, bar.High)
		numbers = max(numbers, width(b.text(bar), textSize, true))
	}
	top := s.y
	plot := box{margin + names + 10, top + 4, pageWidth - margin - numbers - 14, top + 4}
	for _, r := range rows {
		plot.y1 += r.height
	}
	x := Axis{Unit: b.Axis.Unit, From: b.Axis.From, To: b.Axis.To}.scaled(low, high, plot.x0, plot.x1, 6)
	s.upright(plot, x)
	y := plot.y0
	for i, bar := range b.Bars {
		rows[i].name(s.Drawing, margin+names, y)
		b.bar(s.Drawing, bar, x, box{plot.x0, y + rows[i].height/2 - barHalf, plot.x1, y + rows[i].height/2 + barHalf})
		y += rows[i].height
	}
	s.segment(x.at(0), plot.y0, x.at(0), plot.y1, axisStroke)
	s.y = s.ticks(plot, x, b.Axis.Unit.head(b.Axis.Label))
	return s.end(b.alt(), b.table()), nil
}

func (b Bars) names() (names []string) {
	for _, bar := range b.Bars {
		names = append(names, bar.Name)
	}
	return names
}

func (b Bars) check() error {
	if len(b.Bars) == 0 {
		return errNothing
	}
	for _, bar := range b.Bars {
		if err := finite("bar "+bar.Name, bar.Value, bar.Low, bar.High); err != nil {
			return err
		}
	}
	return nil
}

func (b Bars) text(bar Bar) string {
	if bar.Text != "" {
		return bar.Text
	}
	return b.Axis.Unit.short(bar.Value)
}

func (b Bars) bar(d *Drawing, bar Bar, x *scale, at box) {
	from, to := x.at(min(0, bar.Value)), x.at(max(0, bar.Value))
	look := style{colour: blue}
	if bar.Pale {
		look = style{colour: grey}
	}
	d.filled(box{from, at.y0, to, at.y1}, look)
	end := to
	if bar.Low < bar.High {
		d.whisker(x.at(bar.Low), x.at(bar.High), at.midY(), ink)
		end = max(end, x.at(bar.High))
	}
	d.stress(end+6, at.midY()+4.5, b.text(bar), textSize, ink, left)
}

// whisker draws an interval on a white ground, so that it shows on a bar too.
func (d *Drawing) whisker(from, to, y float64, c colour) {
	for _, st := range []stroke{{colour: white, width: 4.5}, {colour: c, width: 2}} {
		d.segment(from, y, to, y, st)
		d.segment(from, y-5, from, y+5, st)
		d.segment(to, y-5, to, y+5, st)
	}
}

// upright draws the grid of level bars.
func (d *Drawing) upright(plot box, x *scale) {
	for _, t := range x.ticks {
		d.segment(x.at(t), plot.y0, x.at(t), plot.y1, gridStroke)
	}
}

// row is a thing's name at the left of its bar, in one line or two.
type row struct {
	lines  []string
	height float64
}

// barHalf is half the thickness of a level bar.
const barHalf = 11

// mostName is the room for names of rows.
const mostName = 215

// rowsOf wraps names, and says how wide the widest is.
func rowsOf(names []string) (rows []row, widest float64) {
	for _, name := range names {
		lines := wrap(name, textSize, false, mostName)
		if len(lines) > 3 {
			lines[2] = fit(lines[2]+" "+lines[3]+" …", textSize, false, mostName)
			lines = lines[:3]
		}
		for i := range lines {
			lines[i] = fit(lines[i], textSize, false, mostName)
			widest = max(widest, width(lines[i], textSize, false))
		}
		rows = append(rows, row{lines, max(28, 12+16*float64(len(lines)))})
	}
	return rows, widest
}

// name writes a row's name so that it ends at x, in the middle of the row that begins at y.
func (r row) name(d *Drawing, x, y float64) {
	y += r.height/2 - 8*float64(len(r.lines)) + 12
	for i, line := range r.lines {
		d.say(x, y+16*float64(i), line, textSize, ink, right)
	}
}

func (b Bars) alt() string {
	parts := []string{b.Title, "Bar chart of " + lower(b.Axis.Unit.head(b.Axis.Label))}
	for _, bar := range b.Bars {
		text := bar.Name + ": " + b.text(bar)
		if bar.Low < bar.High {
			text += fmt.Sprintf(" (%s to %s)", b.Axis.Unit.short(bar.Low), b.Axis.Unit.short(bar.High))
		}
		parts = append(parts, text)
	}
	return sentences(parts...)
}

func (b Bars) table() *Table {
	t := &Table{Head: []string{"", b.Axis.Unit.head(b.Axis.Label)}}
	ranged := false
	for _, bar := range b.Bars {
		ranged = ranged || bar.Low < bar.High
	}
	if ranged {
		t.Head = append(t.Head, "from", "to")
	}
	for _, bar := range b.Bars {
		row := []Cell{said(bar.Name), b.Axis.Unit.number(bar.Value)}
		if ranged {
			low, high := math.Min(bar.Low, bar.High), bar.High
			row = append(row, b.Axis.Unit.number(low), b.Axis.Unit.number(high))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
