package chart

import (
	"fmt"
	"slices"
	"strings"
)

// Pathway is a diagram of steps from the top down: who comes in where, which way people go on, and where
// they leave.
type Pathway struct {
	Words
	Nodes  []Node
	Routes []Route
	Ways   []Entry // in
}

// Node is one step.
type Node struct {
	Name  string
	Kind  string
	Lines []string // what it has: places and contracts, how often it meets
}

// Route is a way on from a step, to another or out.
type Route struct {
	From  int
	To    int    // a node; or, below 0, out
	Out   string // where to, if out
	When  string // "" for the ordinary way
	Later bool   // dashed: comes back another time
}

// Entry is a way in.
type Entry struct {
	To   int
	Name string
}

const (
	nodeLeft  = 190
	nodeRight = 486
	nodeGap   = 30
	laneWidth = 11
	nodePad   = 9
	nodeLead  = 15.5
)

// Chart draws the diagram.
func (p Pathway) Chart() (*Chart, error) {
	if len(p.Nodes) == 0 {
		return nil, faults(p.ID, errNothing)
	}
	for _, r := range p.Routes {
		if r.From < 0 || r.From >= len(p.Nodes) || r.To >= len(p.Nodes) {
			return nil, faults(p.ID, fmt.Errorf("a way from step %d to step %d leads nowhere", r.From+1, r.To+1))
		}
	}
	s := begin(p.Words)
	boxes := p.layout(s.y + 4)
	for i, r := range p.Routes {
		p.route(s.Drawing, boxes, i, r)
	}
	for i, n := range p.Nodes {
		s.node(n, boxes[i])
	}
	p.entries(s.Drawing, boxes)
	p.exits(s.Drawing, boxes)
	s.y = boxes[len(boxes)-1].y1 + 12
	return s.end(p.alt(), p.table()), nil
}

// layout stacks the boxes, each as high as its lines, and as the exits beside it, need.
func (p Pathway) layout(y float64) (boxes []box) {
	for i, n := range p.Nodes {
		lines := 1
		for _, l := range n.Lines {
			lines += len(wrap(l, smallSize, false, nodeRight-nodeLeft-2*nodePad))
		}
		height := max(2*nodePad+nodeLead*float64(lines)+4, 19*float64(len(p.outs(i)))+18, 25*float64(len(p.ins(i)))+10)
		boxes = append(boxes, box{nodeLeft, y, nodeRight, y + height})
		y += height + nodeGap
	}
	return boxes
}

func (s *sheet) node(n Node, b box) {
	s.rect(b, solid(0xF3F5F8), stroke{colour: blue, width: 1.5})
	y := b.y0 + nodePad + 11
	s.stress(b.x0+nodePad, y, n.Name, textSize, ink, left)
	s.say(b.x1-nodePad, y, n.Kind, smallSize, soft, right)
	for _, l := range n.Lines {
		for _, line := range wrap(l, smallSize, false, b.width()-2*nodePad) {
			y += nodeLead
			s.say(b.x0+nodePad, y, fit(line, smallSize, false, b.width()-2*nodePad), smallSize, ink, left)
		}
	}
}

// lane is which of the lanes beside the boxes a way takes that does not go to the next step straight below.
func (p Pathway) lane(i int) (lane int, back bool) {
	r := p.Routes[i]
	for _, o := range p.Routes[:i] {
		if o.To >= 0 && o.To != o.From+1 && (o.To <= o.From) == (r.To <= r.From) {
			lane++
		}
	}
	return lane, r.To <= r.From
}

func (p Pathway) route(d *Drawing, boxes []box, i int, r Route) {
	st := stroke{colour: soft, width: 1.6}
	if r.Later {
		st.dash = []float64{5, 4}
	}
	switch {
	case r.To < 0:
	case r.To == r.From+1:
		a, b := boxes[r.From], boxes[r.To]
		x := a.midX()
		d.segment(x, a.y1, x, b.y0-1, st)
		d.arrow(x, b.y0-1, 0, 1)
		if r.When != "" {
			d.say(x+8, (a.y1+b.y0)/2+4, r.When, smallSize, soft, left)
		}
	default:
		lane, back := p.lane(i)
		from, to := boxes[r.From], boxes[r.To]
		out, side := nodeRight, 1.0
		if back {
			out, side = nodeLeft, -1
		}
		x := float64(out) + side*(16+laneWidth*float64(lane%6))
		y0, y1 := from.y1-6-4*float64(lane%3), to.y0+9+5*float64(lane%3)
		d.line([]point{{float64(out), y0}, {x, y0}, {x, y1}, {float64(out) + side, y1}}, st)
		d.arrow(float64(out)+side, y1, -side, 0)
	}
}

// arrow draws a head at a point, in a direction.
func (d *Drawing) arrow(x, y, dx, dy float64) {
	const long, half = 7, 3.5
	d.area([]point{{x, y}, {x - long*dx - half*dy, y - long*dy - half*dx}, {x - long*dx + half*dy, y - long*dy + half*dx}}, solid(soft), stroke{})
}

// ins are the ways in at a step.
func (p Pathway) ins(i int) (names []string) {
	for _, e := range p.Ways {
		if e.To == i {
			names = append(names, e.Name)
		}
	}
	return names
}

func (p Pathway) entries(d *Drawing, boxes []box) {
	for i, b := range boxes {
		for k, name := range p.ins(i) {
			y := b.y0 + 22 + 25*float64(k)
			d.say(margin, y-4, fit(name, smallSize, false, nodeLeft-22-margin), smallSize, ink, left)
			d.segment(margin, y, nodeLeft-1, y, stroke{colour: soft, width: 1.6})
			d.arrow(nodeLeft-1, y, 1, 0)
		}
	}
}

// outs are the ways out of a step, those to one place together.
func (p Pathway) outs(i int) (lines []string) {
	var places []string
	whens := map[string][]string{}
	for _, r := range p.Routes {
		if r.From != i || r.To >= 0 {
			continue
		}
		if !slices.Contains(places, r.Out) {
			places = append(places, r.Out)
		}
		if r.When != "" {
			whens[r.Out] = append(whens[r.Out], r.When)
		}
	}
	for _, place := range places {
		if w := whens[place]; len(w) > 0 {
			place += ": " + strings.Join(w, ", ")
		}
		lines = append(lines, place)
	}
	return lines
}

func (p Pathway) exits(d *Drawing, boxes []box) {
	const at = nodeRight + 88
	for i, b := range boxes {
		for k, words := range p.outs(i) {
			y := b.y0 + 24 + 19*float64(k)
			d.segment(nodeRight, y, at-4, y, stroke{colour: soft, width: 1.6})
			d.arrow(at, y, 1, 0)
			d.say(at+5, y+4, fit(words, smallSize, false, pageWidth-6-at-5), smallSize, ink, left)
		}
	}
}

func (p Pathway) alt() string {
	parts := []string{p.Title, "Diagram of the steps from the top down"}
	for i, n := range p.Nodes {
		text := n.Name + " (" + n.Kind + ")"
		if in := p.ins(i); len(in) > 0 {
			text += ", where " + strings.Join(in, " and ") + " come in"
		}
		for _, r := range p.Routes {
			if r.From == i {
				text += ", " + strings.TrimSpace(r.When+" to "+p.place(r))
			}
		}
		parts = append(parts, text)
	}
	return sentences(parts...)
}

func (p Pathway) place(r Route) string {
	if r.To >= 0 {
		return p.Nodes[r.To].Name
	}
	return r.Out
}

func (p Pathway) table() *Table {
	t := &Table{Head: []string{"Step", "kind", "what it has", "way on", "when"}}
	for i, n := range p.Nodes {
		row := []Cell{said(n.Name), said(n.Kind), said(strings.Join(n.Lines, "; ")), {}, {}}
		t.Rows = append(t.Rows, row)
		for _, r := range p.Routes {
			if r.From == i {
				t.Rows = append(t.Rows, []Cell{said(n.Name), {}, {}, said(p.place(r)), said(r.When)})
			}
		}
	}
	return t.filled()
}
