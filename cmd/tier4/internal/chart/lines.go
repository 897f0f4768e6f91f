package chart

import (
	"fmt"
	"math"
	"slices"
)

// Lines is amounts that change along an axis: lists by month, the share still waiting by days, the chance
// that a choice is worth its money by what it may cost. Each line may have a band.
type Lines struct {
	Words
	X, Y   Axis
	Series []Series
	Marks  []Mark
	Band   string // what a band is: "9 in 10 single years"; "" where there are none
}

// Series is one line.
type Series struct {
	Name      string
	X, Y      []float64
	Low, High []float64 // of the band; none without
	Step      bool      // Y holds from its X until the next: survival, cumulative incidence
}

// Mark is a straight line across the picture at an amount of one axis, with its name.
type Mark struct {
	At   float64
	Name string
	OnX  bool // an amount of the x axis; else of the y axis
}

// Chart draws the lines.
func (l Lines) Chart() (*Chart, error) {
	if err := l.check(); err != nil {
		return nil, faults(l.ID, err)
	}
	s := begin(l.Words)
	s.key(l.Band)
	s.y = l.draw(s.Drawing, box{margin, s.y, pageWidth - margin, s.y + 330}, false)
	return s.end(l.alt(), l.table()), nil
}

// key says what a band is.
func (s *sheet) key(band string) {
	if band == "" {
		return
	}
	s.rect(box{margin, s.y, margin + 26, s.y + 13}, fill{blue, bandOpacity}, stroke{})
	s.segment(margin, s.y+6.5, margin+26, s.y+6.5, stroke{colour: blue, width: 2.2})
	s.say(margin+34, s.y+11, band, smallSize, soft, left)
	s.y += 22
}

const bandOpacity = 0.2

func (l Lines) check() error {
	if len(l.Series) == 0 {
		return errNothing
	}
	for _, s := range l.Series {
		n := len(s.X)
		switch {
		case n == 0:
			return fmt.Errorf("line %q has no points", s.Name)
		case len(s.Y) != n || len(s.Low) != len(s.High) || len(s.Low) != 0 && len(s.Low) != n:
			return fmt.Errorf("line %q has %d x, %d y, %d low and %d high", s.Name, n, len(s.Y), len(s.Low), len(s.High))
		case !slices.IsSorted(s.X):
			return fmt.Errorf("line %q goes back along x", s.Name)
		}
		if err := finite("line "+s.Name, slices.Concat(s.X, s.Y, s.Low, s.High)...); err != nil {
			return err
		}
	}
	for _, m := range l.Marks {
		if err := finite("mark "+m.Name, m.At); err != nil {
			return err
		}
	}
	return nil
}

// reach is the least and greatest x and y of all that is drawn.
func (l Lines) reach() (x0, x1, y0, y1 float64) {
	x0, x1, y0, y1 = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, s := range l.Series {
		x0, x1 = min(x0, slices.Min(s.X)), max(x1, slices.Max(s.X))
		for _, ys := range [][]float64{s.Y, s.Low, s.High} {
			if len(ys) > 0 {
				y0, y1 = min(y0, slices.Min(ys)), max(y1, slices.Max(ys))
			}
		}
	}
	for _, m := range l.Marks {
		if m.OnX {
			x0, x1 = min(x0, m.At), max(x1, m.At)
		} else {
			y0, y1 = min(y0, m.At), max(y1, m.At)
		}
	}
	return x0, x1, y0, y1
}

// draw fills a box with axes, bands, lines and their names; small is one of several side by side. It
// returns how far down it went.
func (l Lines) draw(d *Drawing, b box, small bool) float64 {
	x0, x1, y0, y1 := l.reach()
	xSteps, ySteps := 7, 5
	if small {
		xSteps, ySteps = 4, 3
	}
	y := l.Y.scaled(y0, y1, 0, 1, ySteps)
	names, nameWidth := l.names(b, small)
	plot := box{b.x0 + y.labelWidth() + gapToLabels, b.y0 + 26, b.x1 - nameWidth, b.y1}
	if l.X.Unit.Dates || l.X.NotFromNil {
		l.X.From, l.X.To = x0, x1
	}
	x := l.X.scaled(x0, x1, plot.x0, plot.x1, xSteps)
	y.a, y.b = plot.y1, plot.y0
	d.yAxis(plot, y, l.Y.Unit.head(l.Y.Label))
	what := l.X.Unit.head(l.X.Label)
	if small {
		what = ""
	}
	bottom := d.xAxis(plot, x, what)
	for i, s := range l.Series {
		s.band(d, x, y, styles(i))
	}
	for i, s := range l.Series {
		d.line(s.path(x, y, s.Y), stroke{colour: styles(i).colour, width: 2.2, dash: styles(i).dash})
	}
	for _, m := range l.Marks {
		m.draw(d, plot, x, y)
	}
	if len(names) > 0 {
		l.label(d, plot, x, y, names)
	}
	return bottom
}

// names are the lines' names, wrapped, and the room they need at the right.
func (l Lines) names(b box, small bool) (names [][]string, room float64) {
	if len(l.Series) == 1 && l.Series[0].Name == "" || small && len(l.Series) == 1 {
		return nil, 12
	}
	for _, s := range l.Series {
		lines := wrap(s.Name, textSize, true, b.width()*0.26)
		for i := range lines {
			lines[i] = fit(lines[i], textSize, true, b.width()*0.26)
			room = max(room, width(lines[i], textSize, true))
		}
		names = append(names, lines)
	}
	return names, room + 14
}

// label writes each line's name beside its end, pushed apart where they would touch.
func (l Lines) label(d *Drawing, plot box, x, y *scale, names [][]string) {
	const lead = 15
	ends := make([]float64, len(l.Series))
	heights := make([]float64, len(l.Series))
	for i, s := range l.Series {
		ends[i], heights[i] = y.at(s.Y[len(s.Y)-1]), lead*float64(len(names[i]))
	}
	for i, at := range apart(ends, heights, plot.y0-10, plot.y1) {
		from := x.at(l.Series[i].X[len(l.Series[i].X)-1])
		if math.Abs(at-ends[i]) > 4 || plot.x1-from > 8 {
			d.segment(from+2, ends[i], plot.x1+9, at, stroke{colour: grey, width: 0.8})
		}
		for k, line := range names[i] {
			d.stress(plot.x1+12, at-heights[i]/2+lead*float64(k)+12, line, textSize, dark(styles(i).colour), left)
		}
	}
}

// dark is a colour that words can have on white (4.5:1 at least).
func dark(c colour) colour {
	switch c {
	case orange:
		return 0xB8450B
	case turquoise:
		return 0x1B756E
	case purple:
		return 0x6A4CA3
	}
	return c
}

// apart moves middles of intervals of the given heights so that none overlap, each as little as may be,
// between two bounds.
func apart(wish, heights []float64, least, most float64) []float64 {
	order := make([]int, len(wish))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case wish[a] < wish[b]:
			return -1
		case wish[a] > wish[b]:
			return 1
		}
		return 0
	})
	at := slices.Clone(wish)
	for range 50 { // push pairs apart until nothing moves, then back inside the bounds
		moved := false
		for k := 1; k < len(order); k++ {
			a, b := order[k-1], order[k]
			if over := at[a] + (heights[a]+heights[b])/2 - at[b]; over > 0.01 {
				at[a], at[b], moved = at[a]-over/2, at[b]+over/2, true
			}
		}
		if !moved {
			break
		}
	}
	end := least
	for _, i := range order {
		at[i] = max(at[i], end+heights[i]/2)
		end = at[i] + heights[i]/2
	}
	end = most
	for _, i := range slices.Backward(order) {
		at[i] = min(at[i], end-heights[i]/2)
		end = at[i] - heights[i]/2
	}
	return at
}

// path is the line through points, with steps where it has any.
func (s Series) path(x, y *scale, ys []float64) (points []point) {
	for i := range s.X {
		at := point{x.at(s.X[i]), y.at(ys[i])}
		if s.Step && i > 0 {
			points = append(points, point{at.x, points[len(points)-1].y})
		}
		points = append(points, at)
	}
	return points
}

func (s Series) band(d *Drawing, x, y *scale, look style) {
	if len(s.Low) == 0 {
		return
	}
	around := s.path(x, y, s.High)
	back := s.path(x, y, s.Low)
	slices.Reverse(back)
	d.area(append(around, back...), fill{look.colour, bandOpacity}, stroke{})
}

// draw draws a mark and its name: beside the top of an upright line, above the left of a level one.
func (m Mark) draw(d *Drawing, plot box, x, y *scale) {
	st := stroke{colour: ink, width: 1.2, dash: []float64{4, 3}}
	if m.OnX {
		at := x.at(m.At)
		d.segment(at, plot.y0, at, plot.y1, st)
		a, by := left, 5.0
		if at+by+width(m.Name, smallSize, false) > plot.x1 {
			a, by = right, -5
		}
		d.say(at+by, plot.y0+9, m.Name, smallSize, ink, a)
		return
	}
	at := y.at(m.At)
	d.segment(plot.x0, at, plot.x1, at, st)
	d.rect(box{plot.x0 + 4, at - 16, plot.x0 + 10 + width(m.Name, smallSize, false), at - 1}, fill{white, 0.8}, stroke{})
	d.say(plot.x0+7, at-5, m.Name, smallSize, ink, left)
}

// alt says each line's ends and extremes.
func (l Lines) alt() string {
	parts := []string{l.Title, "Line chart of " + lower(l.Y.Unit.head(l.Y.Label)) + " by " + lower(l.X.Unit.head(l.X.Label))}
	for _, s := range l.Series {
		first, last := 0, len(s.X)-1
		text := fmt.Sprintf("%s from %s at %s to %s at %s", named(s.Name, "The line goes"),
			l.Y.Unit.short(s.Y[first]), l.X.Unit.short(s.X[first]), l.Y.Unit.short(s.Y[last]), l.X.Unit.short(s.X[last]))
		if len(s.Low) > 0 {
			text += fmt.Sprintf(" (band %s to %s)", l.Y.Unit.short(s.Low[last]), l.Y.Unit.short(s.High[last]))
		}
		parts = append(parts, text)
	}
	for _, m := range l.Marks {
		parts = append(parts, fmt.Sprintf("Marked: %s", m.Name))
	}
	return sentences(parts...)
}

func named(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name + " goes"
}

// lower begins a phrase with a small letter, unless it begins with two capitals or a sign.
func lower(words string) string {
	if len(words) > 1 && words[0] >= 'A' && words[0] <= 'Z' && !(words[1] >= 'A' && words[1] <= 'Z') {
		return string(words[0]+'a'-'A') + words[1:]
	}
	return words
}

// table has a row for each point of each line.
func (l Lines) table() *Table {
	banded := slices.ContainsFunc(l.Series, func(s Series) bool { return len(s.Low) > 0 })
	t := &Table{Head: []string{"Line", l.X.Unit.head(l.X.Label), l.Y.Unit.head(l.Y.Label)}}
	if banded {
		t.Head = append(t.Head, "Band from", "Band to")
	}
	for _, s := range l.Series {
		for i := range s.X {
			row := []Cell{said(s.Name), l.X.Unit.number(s.X[i]), l.Y.Unit.number(s.Y[i])}
			if banded {
				low, high := Cell{}, Cell{}
				if len(s.Low) > 0 {
					low, high = l.Y.Unit.number(s.Low[i]), l.Y.Unit.number(s.High[i])
				}
				row = append(row, low, high)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	if len(l.Series) == 1 && l.Series[0].Name == "" {
		t.dropFirst()
	}
	return t
}

// dropFirst leaves out the first column, which says nothing.
func (t *Table) dropFirst() {
	t.Head = t.Head[1:]
	for i := range t.Rows {
		t.Rows[i] = t.Rows[i][1:]
	}
}
