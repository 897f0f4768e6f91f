package chart

import "fmt"

// Observed is how near a model comes to what was observed: each figure simulated, as a share of the
// observed one, so that figures of all units stand on one axis.
type Observed struct {
	Words
	Targets []Target
}

// Target is one figure, observed and simulated, in its own unit.
type Target struct {
	Name          string
	Unit          Unit
	Observed      float64 // not 0
	LeastObserved float64 // its interval, where Least < Most
	MostObserved  float64
	Simulated     float64
	Low, High     float64 // of the simulated figure
}

// Chart draws the targets.
func (o Observed) Chart() (*Chart, error) {
	low, high := 1.0, 1.0
	for _, t := range o.Targets {
		if err := finite(t.Name, t.Observed, t.LeastObserved, t.MostObserved, t.Simulated, t.Low, t.High); err != nil {
			return nil, faults(o.ID, err)
		}
		if t.Observed == 0 {
			return nil, faults(o.ID, fmt.Errorf("%s was observed as 0, of which nothing is a share", t.Name))
		}
		drawn := []float64{t.Simulated}
		if t.Low < t.High {
			drawn = append(drawn, t.Low, t.High)
		}
		if t.known() {
			drawn = append(drawn, t.LeastObserved, t.MostObserved)
		}
		for _, v := range drawn {
			low, high = min(low, v/t.Observed), max(high, v/t.Observed)
		}
	}
	if len(o.Targets) == 0 {
		return nil, faults(o.ID, errNothing)
	}
	s := begin(o.Words)
	s.entries(o.key())
	var names, says []string
	for _, t := range o.Targets {
		names = append(names, t.Name)
		says = append(says, t.Unit.short(t.Observed)+" observed, "+t.Unit.short(t.Simulated)+" simulated"+after(t.Unit.Name))
	}
	pad := (high - low) * 0.05
	r := s.rowed(names, says, Axis{Label: "Simulated, of what was observed", Unit: Percent(""), NotFromNil: true}, low-pad, high+pad, false)
	r.line(1, stroke{colour: ink, width: 1.4})
	r.each(func(i int, mid float64) { r.target(o.Targets[i], mid) })
	r.close()
	return s.end(o.alt(), o.table()), nil
}

func after(unit string) string {
	if unit == "" {
		return ""
	}
	return " (" + unit + ")"
}

func (t Target) known() bool { return t.LeastObserved < t.MostObserved }

// target draws the interval of the observed figure as a pale bar, the simulated one as a dot over it.
func (r *rows) target(t Target, mid float64) {
	at := func(v float64) float64 { return r.x.at(v / t.Observed) }
	if t.known() {
		r.s.rect(box{at(t.LeastObserved), mid - 8, at(t.MostObserved), mid + 8}, solid(pale), stroke{colour: grey, width: 0.8})
	}
	if t.Low < t.High {
		r.s.whisker(at(t.Low), at(t.High), mid, blue)
	}
	r.s.dot(at(t.Simulated), mid, 5, circle, solid(blue), stroke{colour: white, width: 1})
}

func (o Observed) key() []entry {
	all := []entry{
		{func(d *Drawing, b box) { d.segment(b.midX(), b.y0, b.midX(), b.y1, stroke{colour: ink, width: 1.4}) }, "observed"},
		{func(d *Drawing, b box) {
			d.whisker(b.x0, b.x1, b.midY(), blue)
			d.dot(b.midX(), b.midY(), 5, circle, solid(blue), stroke{colour: white, width: 1})
		}, "simulated, with its interval"},
	}
	for _, t := range o.Targets {
		if t.known() {
			return append(all, entry{func(d *Drawing, b box) { d.rect(b, solid(pale), stroke{colour: grey, width: 0.8}) }, "how sure the observed is"})
		}
	}
	return all
}

func (o Observed) alt() string {
	parts := []string{o.Title, "Simulated figures as shares of the observed ones"}
	for _, t := range o.Targets {
		parts = append(parts, fmt.Sprintf("%s: observed %s, simulated %s (%s to %s)%s", t.Name,
			t.Unit.short(t.Observed), t.Unit.short(t.Simulated), t.Unit.short(t.Low), t.Unit.short(t.High), after(t.Unit.Name)))
	}
	return sentences(parts...)
}

func (o Observed) table() *Table {
	t := &Table{Head: []string{"", "unit", "observed", "from", "to", "simulated", "from", "to"}}
	for _, one := range o.Targets {
		n := one.Unit.number
		row := []Cell{said(one.Name), said(one.Unit.Name), n(one.Observed), {}, {}, n(one.Simulated), n(one.Low), n(one.High)}
		if one.known() {
			row[3], row[4] = n(one.LeastObserved), n(one.MostObserved)
		}
		t.Rows = append(t.Rows, row)
	}
	return t.filled()
}
