package chart

import (
	"fmt"
	"math"
	"strings"
)

// Flow is where people leave a pathway: for each step how many come to it, and how many of them are lost
// there, by cause, in whole people.
type Flow struct {
	Words
	Each  string // of what the numbers are: "people a year"
	Steps []Step
}

// Step is one step of the pathway. A last one without losses says how many got to the end.
type Step struct {
	Name string
	In   float64
	Lost []Loss
	End  bool // not a step but an end: those who completed
}

// Loss is how many are lost at a step for one cause.
type Loss struct {
	Cause  string
	People float64
}

// Chart draws the flow.
func (f Flow) Chart() (*Chart, error) {
	if len(f.Steps) == 0 {
		return nil, faults(f.ID, errNothing)
	}
	high := 0.0
	for _, step := range f.Steps {
		if err := finite(step.Name, step.In, step.lost()); err != nil {
			return nil, faults(f.ID, err)
		}
		high = max(high, step.In, step.lost())
	}
	s := begin(f.Words)
	s.entries([]entry{
		{func(d *Drawing, b box) { d.filled(b, style{colour: blue}) }, "go on, or are there still"},
		{func(d *Drawing, b box) { d.filled(b, lostStyle()) }, "lost here"},
		{func(d *Drawing, b box) { d.filled(b, style{colour: turquoise}) }, "come to the end"},
	})
	var names, says []string
	for _, step := range f.Steps {
		names, says = append(names, step.Name), append(says, step.words())
	}
	r := s.rowed(names, says, Axis{Label: sentence(f.Each), Unit: Plain("")}, 0, high, false)
	r.each(func(i int, mid float64) { r.step(f.Steps[i], mid) })
	r.line(0, axisStroke)
	r.close()
	return s.end(f.alt(), f.table()).with(f.data()), nil
}

func lostStyle() style { return style{colour: orange, hatch: rising} }

func (p Step) lost() (sum float64) {
	for _, l := range p.Lost {
		sum += l.People
	}
	return sum
}

// step draws one bar: those who go on, then those who are lost.
func (r *rows) step(p Step, mid float64) {
	on, all := r.x.at(max(0, p.In-p.lost())), r.x.at(max(p.In, p.lost()))
	look := style{colour: blue}
	if p.End {
		look = style{colour: turquoise}
	}
	r.s.filled(box{r.x.at(0), mid - barHalf, on, mid + barHalf}, look)
	r.s.filled(box{on, mid - barHalf, all, mid + barHalf}, lostStyle())
	number := whole(p.In)
	if w := width(number, textSize, true); on-r.x.at(0) > w+12 {
		on := white
		if p.End {
			on = ink
		}
		r.s.stress(r.x.at(0)+6, mid+4.5, number, textSize, on, left)
	} else {
		r.s.stress(all+5, mid+4.5, number, textSize, ink, left)
	}
}

// whole writes a number of people.
func whole(people float64) string {
	if people > 0 && people < 0.5 {
		return "under 1"
	}
	return grouped(fmt.Sprintf("%.0f", math.Round(people)))
}

// words says who is lost at a step.
func (p Step) words() string {
	var parts []string
	for _, l := range p.Lost {
		if math.Round(l.People) >= 1 {
			parts = append(parts, whole(l.People)+" "+l.Cause)
		}
	}
	return strings.Join(parts, ", ")
}

func (f Flow) alt() string {
	parts := []string{f.Title, "Bars of " + f.Each + " by step"}
	for _, p := range f.Steps {
		text := p.Name + ": " + whole(p.In)
		if words := p.words(); words != "" {
			text += ", of whom " + words
		}
		parts = append(parts, text)
	}
	return sentences(parts...)
}

func (f Flow) table() *Table {
	t := &Table{Head: []string{"Step", f.Each, "lost here", "cause"}}
	for _, p := range f.Steps {
		t.Rows = append(t.Rows, []Cell{said(p.Name), Plain("").number(p.In), {}, {}})
		for _, l := range p.Lost {
			t.Rows = append(t.Rows, []Cell{said(p.Name), {}, Plain("").number(l.People), said(l.Cause)})
		}
	}
	return t
}
