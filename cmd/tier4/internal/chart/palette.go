package chart

import "fmt"

// colour is 0xRRGGBB.
type colour uint32

func (c colour) parts() (r, g, b uint8) { return uint8(c >> 16), uint8(c >> 8), uint8(c) }

// String is the colour as SVG and CSS write it.
func (c colour) String() string { return fmt.Sprintf("#%06x", uint32(c)) }

// The colours of the Government Analysis Function's guidance for charts, chosen there to be told apart
// with the common kinds of colour blindness and to contrast with white. In black and white blue, pink and
// ink are dark, orange, turquoise and purple are light: what stands side by side also differs in dash,
// pattern or shape, and has its name beside it.
const (
	blue      colour = 0x12436D
	orange    colour = 0xF46A25
	turquoise colour = 0x28A197
	pink      colour = 0x801650
	purple    colour = 0xA285D1
	ink       colour = 0x1F1F1F // words
	soft      colour = 0x595959 // words of less weight; 7:1 on white
	grey      colour = 0x8C8C8C // marks that say "nothing clear"
	pale      colour = 0xD9D9D9 // grid
	white     colour = 0xFFFFFF
)

// style is how one of several lines or parts looks.
type style struct {
	colour colour
	dash   []float64
	hatch  hatch
	dot    dotShape
}

// hatch is lines drawn over an area.
type hatch uint8

const (
	noHatch    hatch = iota
	rising           // from bottom left to top right
	falling          // from top left to bottom right
	empty            // an outline alone
	horizontal       // level lines
)

// dotShape is the outline of a dot.
type dotShape uint8

const (
	circle dotShape = iota
	square
	diamond
	triangle
)

// styles are those of the first, second, … line or part; after the last they begin again.
func styles(i int) style {
	all := [...]style{
		{blue, nil, noHatch, circle},
		{orange, []float64{7, 3}, rising, square},
		{turquoise, []float64{2, 2.5}, falling, diamond},
		{pink, []float64{10, 3, 2, 3}, horizontal, triangle},
		{purple, []float64{14, 4}, noHatch, square},
		{soft, []float64{4, 4}, rising, circle},
	}
	return all[i%len(all)]
}

// filled draws a box of a style: its colour, and its pattern in white over it.
func (d *Drawing) filled(b box, s style) {
	if s.hatch == empty {
		d.rect(b, fill{white, 1}, stroke{})
		d.lines(b, rising, stroke{colour: s.colour, width: 1})
		d.rect(inset(b, 0.5), fill{}, stroke{colour: s.colour, width: 1})
		return
	}
	d.rect(b, solid(s.colour), stroke{})
	d.lines(b, s.hatch, stroke{colour: white, width: 1.2})
}

// inset is a box smaller by so much on every side, as far as there is room.
func inset(b box, by float64) box {
	x, y := min(by, b.width()/2), min(by, b.height()/2)
	return box{b.x0 + x, b.y0 + y, b.x1 - x, b.y1 - y}
}

// lines hatches a box with lines 6 units apart, cut at its edges.
func (d *Drawing) lines(b box, h hatch, s stroke) {
	const apart = 6
	w, ht := b.width(), b.height()
	if w <= 0 || ht <= 0 {
		return
	}
	var paths [][]point
	switch h {
	case horizontal:
		for y := b.y0 + apart/2; y < b.y1; y += apart {
			paths = append(paths, []point{{b.x0, y}, {b.x1, y}})
		}
	case rising, falling:
		for c := float64(apart); c < w+ht; c += apart { // x + y = c, from the corner
			from, to := point{max(0, c-ht), min(c, ht)}, point{min(c, w), max(0, c-w)}
			if h == falling {
				from.y, to.y = ht-from.y, ht-to.y
			}
			paths = append(paths, []point{{b.x0 + from.x, b.y0 + from.y}, {b.x0 + to.x, b.y0 + to.y}})
		}
	}
	if len(paths) > 0 {
		d.add(shape{paths: paths, stroke: s})
	}
}
