package chart

import (
	"cmp"
	"fmt"
	"slices"
)

// Forest is how several choices differ from a base in one figure: a dot with its interval for each, the
// best at the top, what is better at the right. Grey is what may be chance, or is too small to matter.
type Forest struct {
	Words
	Axis       Axis   // of the differences
	Good       int    // 1: more is better; -1: less is better, and the axis is turned; 0: neither
	More, Less string // what a positive and a negative difference are: "longer", "shorter"
	Effects    []Effect
}

// Effect is one difference with its interval.
type Effect struct {
	Name             string
	Value, Low, High float64
	Verdict          Verdict
	Text             string // the difference in words; "" for the number, or the verdict where it is grey
}

// Verdict is what a difference is worth.
type Verdict uint8

// The verdicts.
const (
	Unclear  Verdict = iota // what there is may be chance
	TooSmall                // clear, but too small to matter
	Better
	Worse
	Clear // clear, where neither direction is good
	Same  // in every replication
)

func (v Verdict) String() string {
	return [...]string{"no clear difference", "too small to matter", "better", "worse", "a clear difference", "the same"}[v]
}

// mark draws a verdict's dot: shapes, not colours alone, tell them apart.
func (v Verdict) mark(d *Drawing, x, y float64) {
	switch v {
	case Better:
		d.dot(x, y, 6, circle, solid(blue), stroke{})
	case Worse:
		d.dot(x, y, 5.5, diamond, solid(orange), stroke{colour: ink, width: 0.8})
	case Clear:
		d.dot(x, y, 5.5, square, solid(soft), stroke{})
	case TooSmall:
		d.dot(x, y, 4, circle, solid(grey), stroke{})
	default:
		d.dot(x, y, 5, circle, solid(white), stroke{colour: grey, width: 1.8})
	}
}

func (v Verdict) colour() colour {
	return [...]colour{grey, grey, blue, 0xC24A10, soft, grey}[v]
}

// Chart draws the forest.
func (f Forest) Chart() (*Chart, error) {
	low, high := 0.0, 0.0
	for _, e := range f.Effects {
		if err := finite("the difference of "+e.Name, e.Value, e.Low, e.High); err != nil {
			return nil, faults(f.ID, err)
		}
		low, high = min(low, e.Low, e.Value), max(high, e.High, e.Value)
	}
	if len(f.Effects) == 0 {
		return nil, faults(f.ID, errNothing)
	}
	f.Effects = slices.SortedStableFunc(slices.Values(f.Effects), func(a, b Effect) int {
		return cmp.Compare(b.Value*f.sign(), a.Value*f.sign())
	})
	s := begin(f.Words)
	s.entries(f.key())
	var names, says []string
	for _, e := range f.Effects {
		names, says = append(names, e.Name), append(says, f.text(e))
	}
	axis := f.Axis
	axis.Label = ""
	axis.Unit.Name = ""
	r := s.rowed(names, says, axis, low, high, f.Good < 0)
	r.x.bare = true
	r.line(0, stroke{colour: ink, width: 1.4})
	r.each(func(i int, mid float64) {
		e := f.Effects[i]
		s.segment(r.x.at(e.Low), mid, r.x.at(e.High), mid, stroke{colour: e.Verdict.colour(), width: 2})
		e.Verdict.mark(s.Drawing, r.x.at(e.Value), mid)
	})
	r.close()
	s.directions(r, f)
	return s.end(f.alt(), f.table()).with(f.data()), nil
}

func (f Forest) sign() float64 {
	if f.Good < 0 {
		return -1
	}
	return 1
}

// directions says under the axis which way is which.
func (s *sheet) directions(r *rows, f Forest) {
	worse, better := f.Less, f.More
	if f.Good < 0 {
		worse, better = better, worse
	}
	if f.Good != 0 {
		worse, better = worse+" (worse)", better+" (better)"
	}
	zero := r.x.at(0)
	unit := f.Axis.Unit.head(f.Axis.Label)
	leftRoom, rightRoom := zero-margin-8, pageWidth-margin-zero-8
	s.y += 12
	s.stress(max(zero-8, margin+width("← "+worse, smallSize, true)), s.y, fit("← "+worse, smallSize, true, leftRoom), smallSize, ink, right)
	s.stress(zero+8, s.y, fit(better+" →", smallSize, true, rightRoom), smallSize, ink, left)
	s.y += 18
	s.say(r.plot.midX(), s.y, unit, textSize, ink, middle)
	s.y += 4
}

// key says what the dots mean, of those there are.
func (f Forest) key() (all []entry) {
	for _, v := range []Verdict{Better, Worse, Clear, TooSmall, Unclear, Same} {
		if slices.ContainsFunc(f.Effects, func(e Effect) bool { return e.Verdict == v }) {
			all = append(all, entry{func(d *Drawing, b box) {
				d.segment(b.x0, b.midY(), b.x1, b.midY(), stroke{colour: v.colour(), width: 2})
				v.mark(d, b.midX(), b.midY())
			}, v.String()})
		}
	}
	return all
}

func (f Forest) text(e Effect) string {
	switch {
	case e.Text != "":
		return e.Text
	case e.Verdict == Unclear || e.Verdict == TooSmall:
		return e.Verdict.String()
	}
	return f.difference(e.Value)
}

// difference is an amount with the word for its direction.
func (f Forest) difference(v float64) string {
	word := f.More
	if v < 0 {
		v, word = -v, f.Less
	}
	return f.Axis.Unit.worded(v) + " " + word
}

func (f Forest) alt() string {
	parts := []string{f.Title, "Differences in " + lower(f.Axis.Unit.head(f.Axis.Label)) + ", the best first"}
	for _, e := range f.Effects {
		parts = append(parts, fmt.Sprintf("%s: %s (%s to %s), %s", e.Name, f.difference(e.Value), f.Axis.Unit.short(e.Low), f.Axis.Unit.short(e.High), e.Verdict))
	}
	return sentences(parts...)
}

func (f Forest) table() *Table {
	t := &Table{Head: []string{"", f.Axis.Unit.head(f.Axis.Label), "from", "to", "verdict"}}
	for _, e := range f.Effects {
		t.Rows = append(t.Rows, []Cell{said(e.Name), f.Axis.Unit.number(e.Value), f.Axis.Unit.number(e.Low), f.Axis.Unit.number(e.High), said(e.Verdict.String())})
	}
	return t
}
