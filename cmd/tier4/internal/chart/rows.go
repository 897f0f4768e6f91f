package chart

// rows is the layout of pictures with a line for each thing: its name at the left, marks on a common
// axis in the middle, words at the right.
type rows struct {
	s     *sheet
	names []row
	says  []row
	plot  box
	x     *scale
	axis  Axis
	tops  []float64
	room  float64 // for names
}

// row is words in one line or a few.
type row struct {
	lines  []string
	height float64
}

const (
	mostName  = 215 // room for names
	mostSays  = 190 // room for words at the right
	leastRow  = 28
	barHalf   = 11 // half the thickness of a level bar
	rowLead   = 16
	rowIndent = 10
)

// rowed lays rows out from where the sheet is; amounts run from low to high, turned from right to left
// if so said.
func (s *sheet) rowed(names, says []string, axis Axis, low, high float64, turned bool) *rows {
	r := &rows{s: s, axis: axis}
	var right float64
	r.names, r.room = wrapped(names, false, mostName)
	r.says, right = wrapped(says, true, mostSays)
	r.plot = box{margin + r.room + rowIndent, s.y + 4, pageWidth - margin - right - 12, s.y + 4}
	for i := range r.names {
		r.tops = append(r.tops, r.plot.y1)
		height := r.names[i].height
		if i < len(r.says) {
			height = max(height, r.says[i].height)
		}
		r.names[i].height = height
		r.plot.y1 += height
	}
	a, b := r.plot.x0, r.plot.x1
	if turned {
		a, b = b, a
	}
	r.x = axis.scaled(low, high, a, b, 6)
	for _, t := range r.x.ticks {
		s.segment(r.x.at(t), r.plot.y0, r.x.at(t), r.plot.y1, gridStroke)
	}
	return r
}

// each writes the names and words of all rows and draws what belongs between, around a row's middle.
func (r *rows) each(draw func(i int, mid float64)) {
	for i, top := range r.tops {
		mid := top + r.names[i].height/2
		r.names[i].write(r.s.Drawing, r.plot.x0-rowIndent, mid, false, right)
		draw(i, mid)
		if i < len(r.says) {
			r.says[i].write(r.s.Drawing, r.plot.x1+12, mid, true, left)
		}
	}
}

// line draws an upright line at an amount over all rows.
func (r *rows) line(v float64, st stroke) {
	r.s.segment(r.x.at(v), r.plot.y0, r.x.at(v), r.plot.y1, st)
}

// close draws the axis below.
func (r *rows) close() {
	r.s.y = r.s.ticks(r.plot, r.x, r.axis.Unit.head(r.axis.Label))
}

// wrapped wraps words to at most three lines, and says how wide the widest is.
func wrapped(all []string, bold bool, most float64) (rows []row, widest float64) {
	for _, words := range all {
		lines := wrap(words, textSize, bold, most)
		if len(lines) > 3 {
			lines[2] = fit(lines[2]+" "+lines[3]+" …", textSize, bold, most)
			lines = lines[:3]
		}
		for i := range lines {
			lines[i] = fit(lines[i], textSize, bold, most)
			widest = max(widest, width(lines[i], textSize, bold))
		}
		rows = append(rows, row{lines, max(leastRow, 12+rowLead*float64(len(lines)))})
	}
	return rows, widest
}

// write writes a row's words around a middle.
func (r row) write(d *Drawing, x, mid float64, bold bool, a align) {
	y := mid - rowLead/2*float64(len(r.lines)) + 12.5
	for i, line := range r.lines {
		if bold {
			d.stress(x, y+rowLead*float64(i), line, textSize, ink, a)
		} else {
			d.say(x, y+rowLead*float64(i), line, textSize, ink, a)
		}
	}
}

// whisker draws an interval on a white ground, so that it shows on a bar too.
func (d *Drawing) whisker(from, to, y float64, c colour) {
	for _, st := range []stroke{{colour: white, width: 4.5}, {colour: c, width: 2}} {
		d.segment(from, y, to, y, st)
		d.segment(from, y-5, from, y+5, st)
		d.segment(to, y-5, to, y+5, st)
	}
}

// entry is one look and what it means.
type entry struct {
	draw func(d *Drawing, b box)
	name string
}

// entries writes what looks mean, in as many lines as they need.
func (s *sheet) entries(all []entry) {
	if len(all) == 0 {
		return
	}
	x, sample := float64(margin), box{0, 0, 22, 14}
	for _, e := range all {
		wide := sample.width() + 7 + width(e.name, smallSize, false)
		if x+wide > pageWidth-margin && x > margin {
			x, s.y = margin, s.y+21
		}
		e.draw(s.Drawing, box{x, s.y, x + sample.width(), s.y + sample.height()})
		s.say(x+sample.width()+7, s.y+11.5, e.name, smallSize, soft, left)
		x += wide + 20
	}
	s.y += 26
}
