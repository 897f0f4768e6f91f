package chart

import (
	"math"
	"slices"
	"strconv"
)

// Data is what a picture draws as categories and series, for programs that draw it anew and let people
// edit it. Values are in the unit's own scale, as in the table.
type Data struct {
	Kind       Kind
	Categories []string
	Series     []DataSeries
	Axis       string // what the values are, with their unit
	Unit       Unit
	Turned     bool // values grow from right to left
}

// Kind is how data is drawn.
type Kind uint8

// The kinds of picture that every office program can draw.
const (
	Across  Kind = iota // level bars side by side, the first category at the top
	Stacked             // level bars, the series one after the other
	Columns             // upright bars that touch; series in the same places
	Curves              // lines
)

// DataSeries is one series. A value that is not there is NaN.
type DataSeries struct {
	Name      string
	Values    []float64
	Low, High []float64 // intervals; none without
	Verdicts  []Verdict // of a forest: one for each value
	Hollow    bool
}

// with adds what other programs need to draw the picture.
func (c *Chart) with(d *Data) *Chart {
	c.Data = d
	return c
}

// scaled is amounts in the unit's own scale.
func (u Unit) scaled(all []float64) []float64 {
	out := slices.Clone(all)
	for i := range out {
		out[i] *= u.Times
	}
	return out
}

func (b Bars) data() *Data {
	d := &Data{Kind: Across, Axis: b.Axis.Unit.head(b.Axis.Label), Unit: b.Axis.Unit, Series: []DataSeries{{Name: b.Axis.Unit.head(b.Axis.Label)}}}
	for _, bar := range b.Bars {
		d.Categories = append(d.Categories, bar.Name)
		d.Series[0].Values = append(d.Series[0].Values, bar.Value*d.Unit.Times)
	}
	return d
}

func (f Forest) data() *Data {
	d := &Data{Kind: Across, Axis: f.Axis.Unit.head(f.Axis.Label), Unit: f.Axis.Unit, Turned: f.Good < 0}
	if f.Good != 0 {
		d.Axis += ", better to the right"
	}
	s := DataSeries{Name: d.Axis}
	for _, e := range f.Effects {
		d.Categories = append(d.Categories, e.Name)
		s.Values, s.Low, s.High = append(s.Values, e.Value), append(s.Low, e.Low), append(s.High, e.High)
		s.Verdicts = append(s.Verdicts, e.Verdict)
	}
	s.Values, s.Low, s.High = d.Unit.scaled(s.Values), d.Unit.scaled(s.Low), d.Unit.scaled(s.High)
	d.Series = []DataSeries{s}
	return d
}

func (k Stacks) data() *Data {
	d := &Data{Kind: Stacked, Axis: k.Axis.Unit.head(k.Axis.Label), Unit: k.Axis.Unit}
	for _, b := range k.Bars {
		name := b.Name
		if b.HasLimit {
			name += ", " + k.Limit + " " + k.Axis.Unit.short(b.Limit)
		}
		d.Categories = append(d.Categories, name)
	}
	for i, p := range k.Parts {
		s := DataSeries{Name: p.Name, Hollow: p.Empty}
		for _, b := range k.Bars {
			s.Values = append(s.Values, b.Amounts[i]*d.Unit.Times)
		}
		d.Series = append(d.Series, s)
	}
	return d
}

func (f Flow) data() *Data {
	d := &Data{Kind: Stacked, Axis: sentence(f.Each), Unit: Plain(""), Series: []DataSeries{{Name: "Go on, or are there still"}, {Name: "Lost here"}}}
	for _, p := range f.Steps {
		name := p.Name
		if words := p.words(); words != "" {
			name += ": " + words
		}
		d.Categories = append(d.Categories, name)
		d.Series[0].Values = append(d.Series[0].Values, max(0, p.In-p.lost()))
		d.Series[1].Values = append(d.Series[1].Values, p.lost())
	}
	return d
}

func (h Histogram) data() *Data {
	d := &Data{Kind: Columns, Axis: "Share " + h.Of, Unit: Percent(""), Series: []DataSeries{{Name: "Share " + h.Of}}}
	for i, share := range h.Shares {
		d.Categories = append(d.Categories, h.X.Unit.short(h.Edges[i])+" to "+h.X.Unit.worded(h.Edges[i+1]))
		d.Series[0].Values = append(d.Series[0].Values, 100*share)
	}
	if h.Beyond > 0 {
		d.Categories = append(d.Categories, "longer")
		d.Series[0].Values = append(d.Series[0].Values, 100*h.Beyond)
	}
	return d
}

func (u BedsUse) data() *Data {
	d := &Data{Kind: Columns, Axis: "Share of days", Unit: Percent("")}
	within, beyond := DataSeries{Name: "As many as are held, or fewer"}, DataSeries{Name: "More than are held"}
	for n := 0; n <= u.last(); n++ {
		share := 0.0
		if n < len(u.Shares) {
			share = 100 * u.Shares[n]
		}
		a, b := share, math.NaN()
		if n > u.Held && u.Held > 0 {
			a, b = b, a
		}
		d.Categories = append(d.Categories, strconv.Itoa(n))
		within.Values, beyond.Values = append(within.Values, a), append(beyond.Values, b)
	}
	d.Series = []DataSeries{within}
	if u.Held > 0 {
		d.Series = append(d.Series, beyond)
	} else {
		d.Series[0].Name = d.Axis
	}
	return d
}

// data is lines over the same points at even distances; of others it is nil.
func (l Lines) data() *Data {
	d := &Data{Kind: Curves, Axis: l.Y.Unit.head(l.Y.Label), Unit: l.Y.Unit}
	first := l.Series[0].X
	for i, x := range first {
		if i > 1 && !l.X.Unit.Dates && math.Abs((x-first[i-1])-(first[1]-first[0])) > 1e-6*(first[1]-first[0]) {
			return nil
		}
		d.Categories = append(d.Categories, l.X.category(x))
	}
	for _, s := range l.Series {
		if s.Step || !slices.Equal(s.X, first) {
			return nil
		}
		d.Series = append(d.Series, DataSeries{Name: s.Name, Values: d.Unit.scaled(s.Y)})
	}
	if len(l.Series) == 1 && l.Series[0].Name == "" {
		d.Series[0].Name = d.Axis
	}
	return d
}

// category is a point of an axis as a word.
func (x Axis) category(v float64) string {
	if x.Unit.Dates {
		return dateOf(v).Format("Jan 2006")
	}
	return x.Unit.worded(v)
}

// data is the panels' lines together, where all have the same x; otherwise nil.
func (p Panels) data() *Data {
	all := p.Panels[0]
	all.Series = nil
	for _, one := range p.Panels {
		if len(one.Series) > 1 {
			return nil
		}
		s := one.Series[0]
		s.Name = one.Title
		all.Series = append(all.Series, s)
	}
	return all.data()
}
