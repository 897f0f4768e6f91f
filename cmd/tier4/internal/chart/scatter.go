package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Scatter is options in two figures, and the frontier of those that no other beats in both.
type Scatter struct {
	Words
	X, Y         Axis
	GoodX, GoodY int // 1: more is better; -1: less is better; 0: neither
	Options      []Option
	Loose        bool // the frontier is of more figures than these two: no line joins its points
}

// Option is one point; with intervals where Low < High.
type Option struct {
	Name        string
	X, Y        float64
	LowX, HighX float64
	LowY, HighY float64
	Frontier    bool // no other is better in both
	Highlighted bool // named even off the frontier: today
}

// Chart draws the points, their intervals, and the frontier as steps through its points.
func (c Scatter) Chart() (*Chart, error) {
	var xs, ys []float64
	for _, o := range c.Options {
		o = o.ranged()
		if err := finite(o.Name, o.X, o.Y, o.LowX, o.HighX, o.LowY, o.HighY); err != nil {
			return nil, faults(c.ID, err)
		}
		xs, ys = append(xs, o.X, o.LowX, o.HighX), append(ys, o.Y, o.LowY, o.HighY)
	}
	if len(xs) == 0 {
		return nil, faults(c.ID, errNothing)
	}
	s := begin(c.Words)
	s.entries(c.key())
	y := c.Y.scaled(slices.Min(ys), slices.Max(ys), 0, 1, 6)
	plot := box{margin + y.labelWidth() + gapToLabels, s.y + 26, pageWidth - margin - 20, s.y + 26 + 340}
	y.a, y.b = plot.y1, plot.y0
	x := c.X.scaled(slices.Min(xs), slices.Max(xs), plot.x0, plot.x1, 6)
	s.yAxis(plot, y, c.Y.Unit.head(c.Y.Label)+towards(c.GoodY, " (up is better)", " (down is better)"))
	s.upright(plot, x)
	if !c.Loose {
		s.frontier(c.front(), x, y)
	}
	s.options(c, plot, x, y)
	s.y = s.xAxis(plot, x, c.X.Unit.head(c.X.Label)+towards(c.GoodX, " (right is better)", " (left is better)"))
	return s.end(c.alt(), c.table()), nil
}

func (o Option) ranged() Option {
	if o.LowX >= o.HighX {
		o.LowX, o.HighX = o.X, o.X
	}
	if o.LowY >= o.HighY {
		o.LowY, o.HighY = o.Y, o.Y
	}
	return o
}

func towards(good int, more, less string) string {
	switch {
	case good > 0:
		return more
	case good < 0:
		return less
	}
	return ""
}

// upright draws the grid of an x axis.
func (d *Drawing) upright(plot box, x *scale) {
	for _, t := range x.ticks {
		d.segment(x.at(t), plot.y0, x.at(t), plot.y1, gridStroke)
	}
}

// front is the options on the frontier from left to right.
func (c Scatter) front() (front []Option) {
	for _, o := range c.Options {
		if o.Frontier {
			front = append(front, o)
		}
	}
	slices.SortStableFunc(front, func(a, b Option) int { return cmp.Compare(a.X, b.X) })
	return front
}

func (d *Drawing) frontier(front []Option, x, y *scale) {
	var line []point
	for _, o := range front {
		line = append(line, point{x.at(o.X), y.at(o.Y)})
	}
	d.line(line, stroke{colour: blue, width: 2})
}

// options draws the points, those of the frontier last, and names where they touch nothing.
func (s *sheet) options(c Scatter, plot box, x, y *scale) {
	taken := c.path(x, y)
	order := slices.Clone(c.Options)
	rank := func(o Option) int { return btoi(o.Frontier) + 2*btoi(o.Highlighted) }
	slices.SortStableFunc(order, func(a, b Option) int { return cmp.Compare(rank(a), rank(b)) })
	for _, o := range order {
		at, look := point{x.at(o.X), y.at(o.Y)}, o.look()
		r := o.ranged()
		s.segment(x.at(r.LowX), at.y, x.at(r.HighX), at.y, stroke{colour: look.colour, width: 1.2})
		s.segment(at.x, y.at(r.LowY), at.x, y.at(r.HighY), stroke{colour: look.colour, width: 1.2})
		o.mark(s.Drawing, at)
		taken = append(taken, box{at.x - 7, at.y - 7, at.x + 7, at.y + 7})
	}
	for _, o := range slices.Backward(order) {
		if rank(o) > 0 || len(order) <= 12 {
			taken = s.beside(o, point{x.at(o.X), y.at(o.Y)}, plot, taken)
		}
	}
}

// path is small boxes along the frontier, which names keep clear of.
func (c Scatter) path(x, y *scale) (taken []box) {
	front := c.front()
	if c.Loose {
		return nil
	}
	for i := 1; i < len(front); i++ {
		a, b := point{x.at(front[i-1].X), y.at(front[i-1].Y)}, point{x.at(front[i].X), y.at(front[i].Y)}
		steps := math.Ceil(math.Hypot(b.x-a.x, b.y-a.y) / 5)
		for k := range int(steps) {
			t := float64(k) / steps
			at := point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)}
			taken = append(taken, box{at.x - 2, at.y - 2, at.x + 2, at.y + 2})
		}
	}
	return taken
}

func (o Option) look() style {
	switch {
	case o.Highlighted:
		return style{colour: ink}
	case o.Frontier:
		return style{colour: blue}
	}
	return style{colour: grey}
}

func (o Option) mark(d *Drawing, at point) {
	switch {
	case o.Highlighted:
		d.dot(at.x, at.y, 6, diamond, solid(ink), stroke{colour: white, width: 1})
	case o.Frontier:
		d.dot(at.x, at.y, 6, circle, solid(blue), stroke{colour: white, width: 1})
	default:
		d.dot(at.x, at.y, 4, circle, solid(white), stroke{colour: grey, width: 1.6})
	}
}

// beside writes a name at the first place around its point where it touches nothing.
func (s *sheet) beside(o Option, at point, plot box, taken []box) []box {
	const size = smallSize
	name := fit(o.Name, size, true, 230)
	w := width(name, size, true)
	for _, far := range []float64{9, 16, 24} {
		for _, try := range []point{{far, 4}, {-far - w, 4}, {-w / 2, -far}, {-w / 2, far + 9}, {far, -far}, {far, far + 6}, {-far - w, -far}, {-far - w, far + 6}} {
			b := box{at.x + try.x, at.y + try.y - 10, at.x + try.x + w, at.y + try.y + 3}
			free := b.x0 > plot.x0+2 && b.x1 < pageWidth-6 && b.y0 > plot.y0-6 && b.y1 < plot.y1 &&
				!slices.ContainsFunc(taken, func(t box) bool { return t.x0 < b.x1 && b.x0 < t.x1 && t.y0 < b.y1 && b.y0 < t.y1 })
			if free {
				s.rect(box{b.x0 - 1, b.y0, b.x1 + 1, b.y1}, fill{white, 0.75}, stroke{})
				s.stress(b.x0, b.y1-3, name, size, o.look().colour, left)
				return append(taken, b)
			}
		}
	}
	return taken
}

func (c Scatter) key() []entry {
	both := "in both"
	if c.Loose {
		both = "in all figures"
	}
	var all []entry
	for _, kind := range []struct {
		option Option
		name   string
	}{{Option{Frontier: true}, "no other is better " + both}, {Option{}, "another is at least as good " + both}, {Option{Highlighted: true}, "today"}} {
		if slices.ContainsFunc(c.Options, func(o Option) bool { return o.look().colour == kind.option.look().colour }) {
			all = append(all, entry{func(d *Drawing, b box) { kind.option.mark(d, point{b.midX(), b.midY()}) }, kind.name})
		}
	}
	return all
}

func (c Scatter) alt() string {
	parts := []string{c.Title, fmt.Sprintf("%d options by %s and %s", len(c.Options), lower(c.X.Unit.head(c.X.Label)), lower(c.Y.Unit.head(c.Y.Label)))}
	for _, o := range c.Options {
		if o.Frontier || o.Highlighted {
			parts = append(parts, fmt.Sprintf("%s: %s, %s", o.Name, c.X.Unit.short(o.X), c.Y.Unit.short(o.Y)))
		}
	}
	return sentences(parts...)
}

func (c Scatter) table() *Table {
	x, y := c.X.Unit.head(c.X.Label), c.Y.Unit.head(c.Y.Label)
	t := &Table{Head: []string{"Option", x, "from", "to", y, "from", "to", "on the frontier"}}
	for _, o := range c.Options {
		row := []Cell{said(o.Name), c.X.Unit.number(o.X), {}, {}, c.Y.Unit.number(o.Y), {}, {}, {}}
		if o.LowX < o.HighX {
			row[2], row[3] = c.X.Unit.number(o.LowX), c.X.Unit.number(o.HighX)
		}
		if o.LowY < o.HighY {
			row[5], row[6] = c.Y.Unit.number(o.LowY), c.Y.Unit.number(o.HighY)
		}
		if o.Frontier {
			row[7] = said("yes")
		}
		t.Rows = append(t.Rows, row)
	}
	return t.filled()
}
