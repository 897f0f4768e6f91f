package chart

import "fmt"

// Bars is one amount for each of some things, side by side: level bars from 0, each with its name at the
// left and its number at the right.
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
	low, high, err := b.reach()
	if err != nil {
		return nil, faults(b.ID, err)
	}
	s := begin(b.Words)
	var names, says []string
	for _, bar := range b.Bars {
		names, says = append(names, bar.Name), append(says, b.text(bar))
	}
	r := s.rowed(names, says, Axis{Label: b.Axis.Label, Unit: b.Axis.Unit}, low, high, false)
	r.each(func(i int, mid float64) {
		bar, look := b.Bars[i], style{colour: blue}
		if bar.Pale {
			look.colour = grey
		}
		s.filled(box{r.x.at(min(0, bar.Value)), mid - barHalf, r.x.at(max(0, bar.Value)), mid + barHalf}, look)
		if bar.ranged() {
			s.whisker(r.x.at(bar.Low), r.x.at(bar.High), mid, ink)
		}
	})
	r.line(0, axisStroke)
	r.close()
	return s.end(b.alt(), b.table()).with(b.data()), nil
}

func (b Bar) ranged() bool { return b.Low < b.High }

// reach is the least and greatest amount drawn, 0 among them.
func (b Bars) reach() (low, high float64, err error) {
	if len(b.Bars) == 0 {
		return 0, 0, errNothing
	}
	for _, bar := range b.Bars {
		if err := finite("bar "+bar.Name, bar.Value, bar.Low, bar.High); err != nil {
			return 0, 0, err
		}
		low, high = min(low, bar.Value), max(high, bar.Value)
		if bar.ranged() {
			low, high = min(low, bar.Low), max(high, bar.High)
		}
	}
	return low, high, nil
}

func (b Bars) text(bar Bar) string {
	if bar.Text != "" {
		return bar.Text
	}
	return b.Axis.Unit.short(bar.Value)
}

func (b Bars) alt() string {
	parts := []string{b.Title, "Bar chart of " + lower(b.Axis.Unit.head(b.Axis.Label))}
	for _, bar := range b.Bars {
		text := bar.Name + ": " + b.text(bar)
		if bar.ranged() {
			text += fmt.Sprintf(" (%s to %s)", b.Axis.Unit.short(bar.Low), b.Axis.Unit.short(bar.High))
		}
		parts = append(parts, text)
	}
	return sentences(parts...)
}

func (b Bars) table() *Table {
	t := &Table{Head: []string{"", b.Axis.Unit.head(b.Axis.Label), "from", "to"}}
	for _, bar := range b.Bars {
		row := []Cell{said(bar.Name), b.Axis.Unit.number(bar.Value), {}, {}}
		if bar.ranged() {
			row[2], row[3] = b.Axis.Unit.number(bar.Low), b.Axis.Unit.number(bar.High)
		}
		t.Rows = append(t.Rows, row)
	}
	return t.filled()
}
