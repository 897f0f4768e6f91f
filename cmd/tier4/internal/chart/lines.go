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
	return s.end(l.alt(), l.table()).with(l.data()), nil
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
		m.draw(d, plot, x, y, small)
	}
	label(d, plot, x, y, names)
	return bottom
}

// ending is a name beside the right end of a line.
type ending struct {
	lines  []string
	x, y   float64 // amounts at the end of the line
	colour colour
}

func (e ending) height() float64 { return endLead * float64(len(e.lines)) }

const endLead = 15

// names are the names of lines and level marks, and the room they need at the right.
func (l Lines) names(b box, small bool) (names []ending, room float64) {
	add := func(name string, x, y float64, c colour) {
		e := ending{wrap(name, textSize, true, b.width()*0.26), x, y, c}
		for i := range e.lines {
			e.lines[i] = fit(e.lines[i], textSize, true, b.width()*0.26)
			room = max(room, width(e.lines[i], textSize, true))
		}
		names = append(names, e)
	}
	for i, s := range l.Series {
		if last := len(s.X) - 1; s.Name != "" && !(small && len(l.Series) == 1) {
			add(s.Name, s.X[last], s.Y[last], dark(styles(i).colour))
		}
	}
	for _, m := range l.Marks {
		if !m.OnX && !small {
			add(m.Name, math.Inf(1), m.At, ink)
		}
	}
	if len(names) == 0 {
		return nil, 12
	}
	return names, room + 14
}

// label writes each name beside its line's end, pushed apart where they would touch.
func label(d *Drawing, plot box, x, y *scale, names []ending) {
	var wish, heights []float64
	for _, e := range names {
		wish, heights = append(wish, y.at(e.y)), append(heights, e.height())
	}
	for i, at := range apart(wish, heights, plot.y0-10, plot.y1+4) {
		e := names[i]
		from := min(x.at(e.x), plot.x1)
		if math.Abs(at-wish[i]) > 4 || plot.x1-from > 8 {
			d.segment(from+2, wish[i], plot.x1+9, at, stroke{colour: grey, width: 0.8})
		}
		for k, line := range e.lines {
			d.stress(plot.x1+12, at-e.height()/2+endLead*float64(k)+12, line, textSize, e.colour, left)
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

// draw draws a mark, and the name of an upright one beside its top; in a small picture also that of a
// level one, on it.
func (m Mark) draw(d *Drawing, plot box, x, y *scale, small bool) {
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
	if small {
		w := width(m.Name, smallSize, false)
		d.rect(box{plot.x1 - w - 8, at - 16, plot.x1 - 2, at - 1}, fill{white, 0.85}, stroke{})
		d.say(plot.x1-5, at-4.5, m.Name, smallSize, ink, right)
	}
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
	t := &Table{Head: []string{"Line", l.X.Unit.head(l.X.Label), l.Y.Unit.head(l.Y.Label), "Band from", "Band to"}}
	for _, s := range l.Series {
		for i := range s.X {
			row := []Cell{said(s.Name), l.X.Unit.number(s.X[i]), l.Y.Unit.number(s.Y[i]), {}, {}}
			if len(s.Low) > 0 {
				row[3], row[4] = l.Y.Unit.number(s.Low[i]), l.Y.Unit.number(s.High[i])
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t.filled()
}
