package chart

import (
	"fmt"
	"slices"
)

// Stacks is amounts that add up, a level bar from 0 for each thing: what is paid by contract, against what
// there is to pay it with.
type Stacks struct {
	Words
	Axis  Axis // it always begins at 0
	Parts []Part
	Bars  []Stack
	Limit string // what the limit of a bar is: "budget"; "" where none has one
}

// Part is one of the things that add up, the same in every bar.
type Part struct {
	Name  string
	Empty bool // drawn hollow: paid for and not used
}

// Stack is one bar: an amount for each part, none below 0.
type Stack struct {
	Name     string
	Amounts  []float64
	Limit    float64
	HasLimit bool
}

func (s Stack) total() (sum float64) {
	for _, a := range s.Amounts {
		sum += a
	}
	return sum
}

// Chart draws the bars.
func (k Stacks) Chart() (*Chart, error) {
	high, err := k.reach()
	if err != nil {
		return nil, faults(k.ID, err)
	}
	s := begin(k.Words)
	s.entries(k.key())
	var names, says []string
	for _, b := range k.Bars {
		names, says = append(names, b.Name), append(says, k.Axis.Unit.short(b.total()))
	}
	r := s.rowed(names, says, Axis{Label: k.Axis.Label, Unit: k.Axis.Unit}, 0, high, false)
	r.each(func(i int, mid float64) { k.bar(r, k.Bars[i], mid) })
	r.line(0, axisStroke)
	r.close()
	return s.end(k.alt(), k.table()).with(k.data()), nil
}

func (k Stacks) reach() (high float64, err error) {
	if len(k.Bars) == 0 || len(k.Parts) == 0 {
		return 0, errNothing
	}
	for _, b := range k.Bars {
		if len(b.Amounts) != len(k.Parts) {
			return 0, fmt.Errorf("%s has %d amounts for %d parts", b.Name, len(b.Amounts), len(k.Parts))
		}
		if err := finite(b.Name, append(slices.Clone(b.Amounts), b.Limit)...); err != nil {
			return 0, err
		}
		if slices.Min(b.Amounts) < 0 {
			return 0, fmt.Errorf("%s has an amount below 0, which cannot be part of a sum of lengths", b.Name)
		}
		high = max(high, b.total(), b.Limit)
	}
	return high, nil
}

// look is how a part is drawn.
func (k Stacks) look(i int) style {
	if k.Parts[i].Empty {
		return style{colour: soft, hatch: empty}
	}
	full := 0
	for _, p := range k.Parts[:i] {
		if !p.Empty {
			full++
		}
	}
	return styles(full)
}

func (k Stacks) bar(r *rows, b Stack, mid float64) {
	sum := 0.0
	for i, a := range b.Amounts {
		at := box{r.x.at(sum), mid - barHalf, r.x.at(sum + a), mid + barHalf}
		r.s.filled(at, k.look(i))
		if i > 0 && a > 0 {
			r.s.segment(at.x0, at.y0, at.x0, at.y1, stroke{colour: white, width: 1})
		}
		sum += a
		label := k.Axis.Unit.short(a)
		if w := width(label, smallSize, true); at.width() > w+10 {
			r.s.rect(box{at.midX() - w/2 - 3, mid - 7, at.midX() + w/2 + 3, mid + 8}, fill{white, 0.9}, stroke{})
			r.s.stress(at.midX(), mid+4.5, label, smallSize, ink, middle)
		}
	}
	if b.HasLimit {
		r.s.segment(r.x.at(b.Limit), mid-barHalf-4, r.x.at(b.Limit), mid+barHalf+4, stroke{colour: white, width: 6})
		r.s.segment(r.x.at(b.Limit), mid-barHalf-4, r.x.at(b.Limit), mid+barHalf+4, stroke{colour: ink, width: 3})
	}
}

func (k Stacks) key() (all []entry) {
	for i, p := range k.Parts {
		all = append(all, entry{func(d *Drawing, b box) { d.filled(b, k.look(i)) }, p.Name})
	}
	if k.Limit != "" {
		all = append(all, entry{func(d *Drawing, b box) {
			d.segment(b.midX(), b.y0-2, b.midX(), b.y1+2, stroke{colour: ink, width: 3})
		}, k.Limit})
	}
	return all
}

func (k Stacks) alt() string {
	parts := []string{k.Title, "Stacked bars of " + lower(k.Axis.Unit.head(k.Axis.Label))}
	for _, b := range k.Bars {
		text := b.Name + ": " + k.Axis.Unit.short(b.total())
		for i, a := range b.Amounts {
			text += ", " + k.Parts[i].Name + " " + k.Axis.Unit.short(a)
		}
		if b.HasLimit {
			text += "; " + k.Limit + " " + k.Axis.Unit.short(b.Limit)
		}
		parts = append(parts, text)
	}
	return sentences(parts...)
}

func (k Stacks) table() *Table {
	t := &Table{Head: []string{k.Axis.Unit.head(k.Axis.Label)}}
	for _, p := range k.Parts {
		t.Head = append(t.Head, p.Name)
	}
	t.Head = append(t.Head, "all together", k.Limit)
	for _, b := range k.Bars {
		row := []Cell{said(b.Name)}
		for _, a := range b.Amounts {
			row = append(row, k.Axis.Unit.number(a))
		}
		row = append(row, k.Axis.Unit.number(b.total()), Cell{})
		if b.HasLimit {
			row[len(row)-1] = k.Axis.Unit.number(b.Limit)
		}
		t.Rows = append(t.Rows, row)
	}
	return t.filled()
}
