package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Tornado is what drives a figure: for each input, the figure at the low and at the high end of what the
// input may be, the widest at the top.
type Tornado struct {
	Words
	Axis   Axis    // of the figure
	Base   float64 // the figure with every input as it is
	Inputs []Input
}

// Input is one input's two ends.
type Input struct {
	Name                string
	AtLow, AtHigh       float64 // the figure
	LowValue, HighValue string  // the input's own ends, in words: "45 days"
}

func (i Input) span() float64 { return math.Abs(i.AtHigh - i.AtLow) }

// Chart draws the tornado.
func (t Tornado) Chart() (*Chart, error) {
	if len(t.Inputs) == 0 {
		return nil, faults(t.ID, errNothing)
	}
	low, high := t.Base, t.Base
	for _, i := range t.Inputs {
		if err := finite(i.Name, t.Base, i.AtLow, i.AtHigh); err != nil {
			return nil, faults(t.ID, err)
		}
		low, high = min(low, i.AtLow, i.AtHigh), max(high, i.AtLow, i.AtHigh)
	}
	t.Inputs = slices.SortedStableFunc(slices.Values(t.Inputs), func(a, b Input) int { return cmp.Compare(b.span(), a.span()) })
	s := begin(t.Words)
	s.entries([]entry{
		{func(d *Drawing, b box) { d.filled(b, lowEnd()) }, "the input at its low end"},
		{func(d *Drawing, b box) { d.filled(b, highEnd()) }, "the input at its high end"},
	})
	var names, says []string
	for _, i := range t.Inputs {
		names, says = append(names, i.Name), append(says, i.LowValue+" to "+i.HighValue)
	}
	axis := t.Axis
	axis.NotFromNil = true
	s.y += 16
	r := s.rowed(names, says, axis, low, high, false)
	r.each(func(k int, mid float64) { r.input(t, t.Inputs[k], mid) })
	r.line(t.Base, stroke{colour: ink, width: 1.6})
	base := "as it is: " + t.Axis.Unit.short(t.Base)
	half := width(base, smallSize, true) / 2
	s.stress(max(margin+half, min(r.x.at(t.Base), pageWidth-margin-half)), r.plot.y0-6, base, smallSize, ink, middle)
	r.close()
	return s.end(t.alt(), t.table()), nil
}

func lowEnd() style { return style{colour: turquoise, hatch: falling} }

func highEnd() style { return style{colour: blue} }

// input draws one input's two ends: where both lie on one side, the shorter over the longer.
func (r *rows) input(t Tornado, i Input, mid float64) {
	type end struct {
		v    float64
		look style
	}
	ends := []end{{i.AtLow, lowEnd()}, {i.AtHigh, highEnd()}}
	slices.SortStableFunc(ends, func(a, b end) int { return cmp.Compare(math.Abs(b.v-t.Base), math.Abs(a.v-t.Base)) })
	for _, e := range ends {
		a, b := r.x.at(t.Base), r.x.at(e.v)
		r.s.filled(box{min(a, b), mid - barHalf, max(a, b), mid + barHalf}, e.look)
	}
}

func (t Tornado) alt() string {
	parts := []string{t.Title, "What drives " + lower(t.Axis.Unit.head(t.Axis.Label)) + ", the strongest first; as it is " + t.Axis.Unit.short(t.Base)}
	for _, i := range t.Inputs {
		parts = append(parts, fmt.Sprintf("%s from %s to %s: from %s to %s", i.Name, i.LowValue, i.HighValue, t.Axis.Unit.short(i.AtLow), t.Axis.Unit.short(i.AtHigh)))
	}
	return sentences(parts...)
}

func (t Tornado) table() *Table {
	what := t.Axis.Unit.head(t.Axis.Label)
	table := &Table{Head: []string{"Input", "low end", what + " there", "high end", what + " there"}}
	for _, i := range t.Inputs {
		table.Rows = append(table.Rows, []Cell{said(i.Name), said(i.LowValue), t.Axis.Unit.number(i.AtLow), said(i.HighValue), t.Axis.Unit.number(i.AtHigh)})
	}
	return table
}
