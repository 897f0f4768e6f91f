package chart

// dot draws a small shape around a point, of about the area of a circle of radius r.
func (d *Drawing) dot(x, y, r float64, look dotShape, f fill, s stroke) {
	at := func(corners ...point) {
		for i := range corners {
			corners[i] = point{x + r*corners[i].x, y + r*corners[i].y}
		}
		d.area(corners, f, s)
	}
	switch look {
	case square:
		at(point{-0.9, -0.9}, point{0.9, -0.9}, point{0.9, 0.9}, point{-0.9, 0.9})
	case diamond:
		at(point{0, -1.25}, point{1.25, 0}, point{0, 1.25}, point{-1.25, 0})
	case triangle:
		at(point{0, -1.25}, point{1.1, 0.8}, point{-1.1, 0.8})
	default:
		d.add(shape{paths: [][]point{{{x, y}}}, radius: r, closed: true, fill: f, stroke: s})
	}
}
