package chart

import (
	"fmt"
	"slices"
)

// Histogram is how an amount is spread over people or time: the share in each of the bins that lie one
// after the other. Heights are shares of all; those above the last edge stand in Beyond.
type Histogram struct {
	Words
	X      Axis
	Of     string    // of what the shares are: "of those who got in"
	Edges  []float64 // one more than Shares, increasing; all bins of one width
	Shares []float64
	Beyond float64  // share above the last edge
	Within []Within // how many are done by then
}

// Within is the share of all at or below an amount.
type Within struct {
	At    float64
	Share float64
	Name  string // of the amount: "3 weeks"
}

// Chart draws the histogram.
func (h Histogram) Chart() (*Chart, error) {
	if err := h.check(); err != nil {
		return nil, faults(h.ID, err)
	}
	s := begin(h.Words)
	s.y = h.draw(s.Drawing, box{margin, s.y, pageWidth - margin, s.y + 310})
	return s.end(h.alt(), h.table()).with(h.data()), nil
}

func (h Histogram) check() error {
	n := len(h.Shares)
	if n == 0 {
		return errNothing
	}
	if len(h.Edges) != n+1 || !slices.IsSorted(h.Edges) {
		return fmt.Errorf("%d bins need %d increasing edges, not %d", n, n+1, len(h.Edges))
	}
	step := (h.Edges[n] - h.Edges[0]) / float64(n)
	for i := range n {
		if w := h.Edges[i+1] - h.Edges[i]; w < step*(1-1e-6) || w > step*(1+1e-6) {
			return fmt.Errorf("bin %d is %v wide, others %v: heights would mislead", i+1, w, step)
		}
	}
	return finite("the histogram", slices.Concat(h.Edges, h.Shares, []float64{h.Beyond})...)
}

func (h Histogram) draw(d *Drawing, b box) float64 {
	high := max(slices.Max(h.Shares), h.Beyond)
	y := Axis{Unit: Percent("")}.scaled(0, high, 0, 1, 5)
	plot := box{b.x0 + y.labelWidth() + gapToLabels, b.y0 + 26 + h.shelf(), b.x1 - 22, b.y1}
	y.a, y.b = plot.y1, plot.y0
	last := len(h.Shares)
	step := h.Edges[1] - h.Edges[0]
	right := plot.x1
	if h.Beyond > 0 {
		right -= 2 * plot.width() / float64(last+3) // room for the bar of the others
	}
	x := Axis{Unit: h.X.Unit, From: h.Edges[0], To: h.Edges[last]}.scaled(0, 0, plot.x0, right, 8)
	d.yAxis(plot, y, "")
	d.say(b.x0, b.y0+14, "Share "+h.Of, textSize, ink, left)
	for i, share := range h.Shares {
		bar := box{x.at(h.Edges[i]), y.at(share), x.at(h.Edges[i+1]), plot.y1}
		if bar.width() > 4 {
			bar.x0, bar.x1 = bar.x0+0.5, bar.x1-0.5
		}
		d.rect(bar, solid(blue), stroke{})
	}
	if h.Beyond > 0 {
		wide := x.at(h.Edges[0]+step) - plot.x0
		bar := box{max(right+8, plot.x1-wide), y.at(h.Beyond), plot.x1, plot.y1}
		d.filled(bar, style{colour: soft, hatch: empty})
		d.say(plot.x1, plot.y1+tickLength+13, "longer", textSize, soft, middle)
	}
	h.within(d, plot, x)
	return d.xAxis(plot, x, h.X.Unit.head(h.X.Label))
}

// shelf is the room above the picture for the shares within.
func (h Histogram) shelf() float64 {
	if len(h.Within) == 0 {
		return 0
	}
	return 40
}

// within draws an upright line for each amount with the share up to it above.
func (h Histogram) within(d *Drawing, plot box, x *scale) {
	end := 0.0
	for _, w := range h.Within {
		at := x.at(w.At)
		if w.At > x.to { // off the scale: its share stands at the right
			at = plot.x1
		} else {
			d.segment(at, plot.y0-6, at, plot.y1, stroke{colour: white, width: 3})
			d.segment(at, plot.y0-6, at, plot.y1, stroke{colour: ink, width: 1.2, dash: []float64{4, 3}})
		}
		share, name := Percent("").short(w.Share), "within "+w.Name
		half := max(width(share, textSize, true), width(name, smallSize, false)) / 2
		at = max(min(at, pageWidth-margin-half), plot.x0+half)
		if at-half < end+8 {
			continue // no room: the table has it
		}
		end = at + half
		d.stress(at, plot.y0-25, share, textSize, ink, middle)
		d.say(at, plot.y0-11, name, smallSize, ink, middle)
	}
}

func (h Histogram) alt() string {
	parts := []string{h.Title, "Histogram of " + lower(h.X.Unit.head(h.X.Label)) + ", as shares " + h.Of}
	for _, w := range h.Within {
		parts = append(parts, Percent("").short(w.Share)+" within "+w.Name)
	}
	most := 0
	for i, s := range h.Shares {
		if s > h.Shares[most] {
			most = i
		}
	}
	parts = append(parts, fmt.Sprintf("The highest bar is %s from %s to %s", Percent("").short(h.Shares[most]),
		h.X.Unit.short(h.Edges[most]), h.X.Unit.short(h.Edges[most+1])))
	if h.Beyond > 0 {
		parts = append(parts, fmt.Sprintf("%s lie above %s", Percent("").short(h.Beyond), h.X.Unit.short(h.Edges[len(h.Shares)])))
	}
	return sentences(parts...)
}

func (h Histogram) table() *Table {
	what := h.X.Unit.head(h.X.Label)
	t := &Table{Head: []string{what + ", from", "to", "share " + h.Of + " (%)"}}
	for i, s := range h.Shares {
		t.Rows = append(t.Rows, []Cell{h.X.Unit.number(h.Edges[i]), h.X.Unit.number(h.Edges[i+1]), Percent("").number(s)})
	}
	if h.Beyond > 0 {
		t.Rows = append(t.Rows, []Cell{h.X.Unit.number(h.Edges[len(h.Shares)]), said("longer"), Percent("").number(h.Beyond)})
	}
	for _, w := range h.Within {
		t.Rows = append(t.Rows, []Cell{h.X.Unit.number(h.Edges[0]), said("within " + w.Name), Percent("").number(w.Share)})
	}
	return t
}
