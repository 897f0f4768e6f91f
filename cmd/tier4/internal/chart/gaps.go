package chart

import (
	"fmt"
	"slices"
)

// Gaps is how groups of people fare beside each other: a dot for each group on the line of each figure, all
// in one unit, and in words how far apart they are.
type Gaps struct {
	Words
	Axis   Axis
	Groups []string
	Lines  []Gap
}

// Gap is one figure, group by group.
type Gap struct {
	Name    string
	Values  []Sided // as Groups
	Text    string  // how far apart, in words
	Unclear bool    // what gap there is may be chance
}

// Sided is the figure of one group; not there where OK is false.
type Sided struct {
	Value, Low, High float64
	OK               bool
}

// Chart draws the gaps.
func (g Gaps) Chart() (*Chart, error) {
	var all []float64
	for _, l := range g.Lines {
		if len(l.Values) != len(g.Groups) {
			return nil, faults(g.ID, fmt.Errorf("%s has %d values for %d groups", l.Name, len(l.Values), len(g.Groups)))
		}
		for _, v := range l.Values {
			if v.OK {
				all = append(all, v.Value, v.Low, v.High)
			}
		}
	}
	if err := finite("the gaps", all...); err != nil {
		return nil, faults(g.ID, err)
	}
	if len(all) == 0 {
		return nil, faults(g.ID, errNothing)
	}
	s := begin(g.Words)
	s.entries(g.key())
	var names, says []string
	for _, l := range g.Lines {
		names, says = append(names, l.Name), append(says, l.Text)
	}
	r := s.rowed(names, says, g.Axis, slices.Min(all), slices.Max(all), false)
	r.each(func(i int, mid float64) { r.gap(g.Lines[i], mid) })
	r.close()
	return s.end(g.alt(), g.table()), nil
}

// gap joins the dots of a line, grey where the gap may be chance.
func (r *rows) gap(l Gap, mid float64) {
	var at []point // a little apart, so that equal groups do not hide each other
	for i, v := range l.Values {
		if v.OK {
			at = append(at, point{r.x.at(v.Value), mid + 7*(float64(i)-float64(len(l.Values)-1)/2)})
		}
	}
	join := stroke{colour: soft, width: 3}
	if l.Unclear {
		join = stroke{colour: pale, width: 3}
	}
	r.s.line(at, join)
	for i, v := range l.Values {
		if v.OK {
			y := at[0].y
			r.s.segment(r.x.at(v.Low), y, r.x.at(v.High), y, stroke{colour: styles(i).colour, width: 1.6})
			r.s.dot(r.x.at(v.Value), y, 5, styles(i).dot, solid(styles(i).colour), stroke{colour: white, width: 1})
			at = at[1:]
		}
	}
}

func (g Gaps) key() (all []entry) {
	for i, name := range g.Groups {
		all = append(all, entry{func(d *Drawing, b box) {
			d.dot(b.midX(), b.midY(), 6, styles(i).dot, solid(styles(i).colour), stroke{})
		}, name})
	}
	return all
}

func (g Gaps) alt() string {
	parts := []string{g.Title, lower(g.Axis.Unit.head(g.Axis.Label)) + " by group"}
	for _, l := range g.Lines {
		text := l.Name + ":"
		for i, v := range l.Values {
			if v.OK {
				text += " " + g.Groups[i] + " " + g.Axis.Unit.short(v.Value) + ","
			}
		}
		parts = append(parts, text+" "+l.Text)
	}
	return sentences(parts...)
}

func (g Gaps) table() *Table {
	t := &Table{Head: []string{"", "group", g.Axis.Unit.head(g.Axis.Label), "from", "to", "gap"}}
	for _, l := range g.Lines {
		for i, v := range l.Values {
			if v.OK {
				n := g.Axis.Unit.number
				t.Rows = append(t.Rows, []Cell{said(l.Name), said(g.Groups[i]), n(v.Value), n(v.Low), n(v.High), said(l.Text)})
			}
		}
	}
	return t.filled()
}
