package chart

// Drawing is marks in a space of Width x Height units, one unit a pixel at scale 1, the origin at the
// top left. The same marks are written as SVG and as PNG.
type Drawing struct {
	Width, Height float64
	marks         []mark
}

// mark is one thing drawn, in the order of drawing: exactly one of its parts is set.
type mark struct {
	shape *shape
	text  *text
}

// shape is lines, each through some points or, closed, around an area; with a radius, a circle around its
// only point.
type shape struct {
	paths  [][]point
	radius float64
	closed bool
	fill   fill
	stroke stroke
}

// text is one line of words; x is where align says, y is the base line.
type text struct {
	x, y   float64
	words  string
	size   float64
	bold   bool
	colour colour
	align  align
}

type point struct{ x, y float64 }

// fill of an area; an opacity of 0 is none.
type fill struct {
	colour  colour
	opacity float64
}

// stroke of a line; a width of 0 is none.
type stroke struct {
	colour colour
	width  float64
	dash   []float64
}

type align uint8

const (
	left align = iota
	middle
	right
)

func solid(c colour) fill { return fill{c, 1} }

func (d *Drawing) add(s shape) { d.marks = append(d.marks, mark{shape: &s}) }

// line draws a line through points; of fewer than two, nothing.
func (d *Drawing) line(points []point, s stroke) {
	if len(points) > 1 && s.width > 0 {
		d.add(shape{paths: [][]point{points}, stroke: s})
	}
}

// segment draws a straight line.
func (d *Drawing) segment(x1, y1, x2, y2 float64, s stroke) {
	d.line([]point{{x1, y1}, {x2, y2}}, s)
}

// area fills the polygon of the points.
func (d *Drawing) area(points []point, f fill, s stroke) {
	d.add(shape{paths: [][]point{points}, closed: true, fill: f, stroke: s})
}

// rect fills a rectangle; one without width or height is not drawn.
func (d *Drawing) rect(b box, f fill, s stroke) {
	if b.width() > 0 && b.height() > 0 {
		d.area([]point{{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}}, f, s)
	}
}

// say writes a line of words.
func (d *Drawing) say(x, y float64, words string, size float64, c colour, a align) {
	d.marks = append(d.marks, mark{text: &text{x: x, y: y, words: words, size: size, colour: c, align: a}})
}

// stress writes a line of bold words.
func (d *Drawing) stress(x, y float64, words string, size float64, c colour, a align) {
	d.marks = append(d.marks, mark{text: &text{x: x, y: y, words: words, size: size, colour: c, align: a, bold: true}})
}

// box is a rectangle: x0 <= x1, y0 <= y1, y downwards.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) width() float64  { return b.x1 - b.x0 }
func (b box) height() float64 { return b.y1 - b.y0 }
func (b box) midX() float64   { return (b.x0 + b.x1) / 2 }
func (b box) midY() float64   { return (b.y0 + b.y1) / 2 }

// bounds is the box a mark covers, half its stroke included.
func (m mark) bounds() box {
	if t := m.text; t != nil {
		w := width(t.words, t.size, t.bold)
		x := t.x - w*[...]float64{left: 0, middle: 0.5, right: 1}[t.align]
		return box{x, t.y - 0.75*t.size, x + w, t.y + 0.22*t.size}
	}
	first := m.shape.paths[0][0]
	b := box{first.x, first.y, first.x, first.y}
	for _, path := range m.shape.paths {
		for _, q := range path {
			b = box{min(b.x0, q.x), min(b.y0, q.y), max(b.x1, q.x), max(b.y1, q.y)}
		}
	}
	half := m.shape.stroke.width/2 + m.shape.radius
	return box{b.x0 - half, b.y0 - half, b.x1 + half, b.y1 + half}
}
