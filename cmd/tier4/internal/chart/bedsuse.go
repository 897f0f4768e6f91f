package chart

import (
	"fmt"
	"slices"
	"strings"
)

// BedsUse is how many beds are in use on how many days, against the beds that are held, and how many
// would have been enough on most days.
type BedsUse struct {
	Words
	Things string    // "beds", "places"
	Shares []float64 // of time with 0, 1, 2, … in use
	Held   int       // 0: none are held
	Enough []Enough
}

// Enough is the least number that suffices on a share of days.
type Enough struct {
	Share float64
	Beds  int
}

// Chart draws the picture.
func (u BedsUse) Chart() (*Chart, error) {
	if len(u.Shares) == 0 {
		return nil, faults(u.ID, errNothing)
	}
	if err := finite("the shares", u.Shares...); err != nil {
		return nil, faults(u.ID, err)
	}
	s := begin(u.Words)
	if u.Held > 0 {
		s.entries([]entry{
			{func(d *Drawing, b box) { d.filled(b, style{colour: blue}) }, "as many as are held, or fewer"},
			{func(d *Drawing, b box) { d.filled(b, style{colour: orange, hatch: rising}) }, "more than are held"},
		})
	}
	s.say(margin, s.y+12, "Share of days", textSize, ink, left)
	y := Axis{Unit: Percent("")}.scaled(0, slices.Max(u.Shares), 0, 1, 5)
	plot := box{margin + y.labelWidth() + gapToLabels, s.y + 66, pageWidth - margin - 8, s.y + 66 + 230}
	y.a, y.b = plot.y1, plot.y0
	s.yAxis(plot, y, "")
	each := plot.width() / float64(u.last()+1)
	s.bars(u, plot, y, each)
	s.enough(u, plot, each)
	s.segment(plot.x0, plot.y1, plot.x1, plot.y1, axisStroke)
	s.y = plot.y1 + 44
	s.say(plot.midX(), s.y-6, sentence(u.Things)+" in use at once", textSize, ink, middle)
	return s.end(u.alt(), u.table()).with(u.data()), nil
}

// last is the greatest number with a bar: beyond it, less than one day in a thousand.
func (u BedsUse) last() int {
	last := len(u.Shares) - 1
	for last > u.Held && u.Shares[last] < 0.001 {
		last--
	}
	for _, e := range u.Enough {
		last = max(last, e.Beds)
	}
	return max(last, u.Held)
}

func (s *sheet) bars(u BedsUse, plot box, y *scale, each float64) {
	every := 1
	for each*float64(every) < 24 {
		every++
	}
	for n := 0; n <= u.last(); n++ {
		x := plot.x0 + each*float64(n)
		share := 0.0
		if n < len(u.Shares) {
			share = u.Shares[n]
		}
		look := style{colour: blue}
		if n > u.Held && u.Held > 0 {
			look = style{colour: orange, hatch: rising}
		}
		pad := min(6, each/6)
		s.filled(box{x + pad, y.at(share), x + each - pad, plot.y1}, look)
		if n%every == 0 {
			s.say(x+each/2, plot.y1+17, fmt.Sprint(n), textSize, soft, middle)
		}
	}
}

// enough marks, above the bars, how many are enough on so many days, and how many are held.
func (s *sheet) enough(u BedsUse, plot box, each float64) {
	if u.Held > 0 {
		x := plot.x0 + each*float64(u.Held+1)
		s.segment(x, plot.y0-8, x, plot.y1, stroke{colour: ink, width: 1.4, dash: []float64{4, 3}})
		words, a, by := fmt.Sprintf("%d held", u.Held), left, 5.0
		slots := 1 + int(width(words, smallSize, true)/each+0.5) // that the words reach over
		if u.Held+slots > u.last() || slices.ContainsFunc(u.Enough, func(e Enough) bool { return e.Beds > u.Held && e.Beds <= u.Held+slots }) {
			a, by = right, -5
		}
		s.stress(x+by, plot.y0-10, words, smallSize, ink, a)
	}
	end := 0.0
	for beds, names := range u.byBeds() {
		if names == "" {
			continue
		}
		x := plot.x0 + each*(float64(beds)+0.5)
		words := fmt.Sprintf("%d on %s", beds, names)
		half := width(words, smallSize, false) / 2
		at := max(min(x, pageWidth-margin-half), margin+half, end+12+half)
		end = at + half
		s.say(at, plot.y0-33, words, smallSize, ink, middle)
		s.line([]point{{at, plot.y0 - 29}, {x, plot.y0 - 22}, {x, plot.y0 + 6}}, stroke{colour: soft, width: 1})
	}
	if end > 0 {
		s.say(margin, plot.y0-33, "Enough:", smallSize, soft, left)
	}
}

// byBeds are the shares of days on which each number is enough, in words.
func (u BedsUse) byBeds() []string {
	names := make([]string, u.last()+1)
	for _, e := range u.Enough {
		if names[e.Beds] != "" {
			names[e.Beds] += " and "
		}
		names[e.Beds] += Percent("").short(e.Share)
	}
	for i, n := range names {
		if n != "" {
			names[i] = n + " of days"
		}
	}
	return names
}

func (u BedsUse) alt() string {
	parts := []string{u.Title, "Bars of the share of days by " + u.Things + " in use at once"}
	for _, e := range u.Enough {
		parts = append(parts, fmt.Sprintf("%d are enough on %s of days", e.Beds, Percent("").short(e.Share)))
	}
	if u.Held > 0 {
		parts = append(parts, fmt.Sprintf("%d are held", u.Held))
	}
	return sentences(parts...)
}

func (u BedsUse) table() *Table {
	t := &Table{Head: []string{u.Things + " in use", "share of days (%)", "so many or fewer (%)"}}
	sum := 0.0
	for n, share := range u.Shares {
		sum += share
		t.Rows = append(t.Rows, []Cell{Plain("").number(float64(n)), Percent("").number(share), Percent("").number(min(1, sum))})
	}
	return t
}

// sentence starts with a capital.
func sentence(words string) string {
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
