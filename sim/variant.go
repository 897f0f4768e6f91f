package sim

import (
	"fmt"
	"reflect"
	"slices"

	"tier4/sim/dist"
)

// Variant compiles a spec that differs from the model's in numbers alone, and measures what the model
// measures: blocks of both may be added to one Gather. Tables of quantiles, which take most of the time
// of compiling, are taken over from the model, and from others, for laws that are the same, and stretched
// for laws that are only longer or shorter.
func (m *Model) Variant(spec Spec, others ...*Model) (*Model, error) {
	c := compiler{spec: spec, like: append([]*Model{m}, others...), variant: true}
	c.tabulate = c.keepTable
	v, err := c.model()
	if err != nil {
		return nil, err
	}
	if what := m.unlike(v); what != "" {
		return nil, fmt.Errorf("%s: a variant has other %s, so its figures cannot be added to the others'", m.Name(), what)
	}
	v.asked, v.plan = m.asked, m.plan
	return v, nil
}

// Beside compiles a spec as [Compile] does, taking over the model's tables of quantiles, if there is a model, for
// laws that are the same.
func (m *Model) Beside(spec Spec, figures ...string) (*Model, error) {
	c := compiler{spec: spec}
	if m != nil {
		c.like = []*Model{m}
	}
	c.tabulate = c.keepTable
	return c.compile(figures)
}

// unlike says in what a model is built differently, "" for nothing: then what one measures the other can.
func (m *Model) unlike(v *Model) string {
	sameStages := slices.EqualFunc(m.stages, v.stages, func(a, b stage) bool {
		return a.Name == b.Name && a.Kind == b.Kind && a.serves() == b.serves() &&
			slices.EqualFunc(a.beds, b.beds, func(a, b place) bool { return a.Name == b.Name && a.Contract == b.Contract })
	})
	switch {
	case !sameStages:
		return "stages and places"
	case m.measured != v.measured || m.end != v.end || !slices.Equal(m.periods, v.periods):
		return "measured days"
	case !slices.Equal(m.people.cohorts, v.people.cohorts),
		!slices.EqualFunc(m.people.traits, v.people.traits, func(a, b trait) bool { return a.name == b.name }),
		!slices.EqualFunc(m.streams, v.streams, func(a, b stream) bool { return a.Name == b.Name }):
		return "people"
	case len(m.pools) != len(v.pools) || len(m.budgets) != len(v.budgets) || (m.relapse == nil) != (v.relapse == nil) || (m.deaths == nil) != (v.deaths == nil):
		return "figures"
	}
	return ""
}

// tabulated is a law that is dear, with the table that answers for it.
type tabulated struct{ exact, table dist.Law }

// keepTable tabulates a law, or finds a table made before.
func (c *compiler) keepTable(l dist.Law) dist.Law {
	if !dist.IsDear(l) {
		return l
	}
	var tables []dist.Law
	for _, m := range append(c.like, c.m) {
		for _, t := range m.tables {
			if reflect.DeepEqual(t.exact, l) {
				if m != c.m {
					c.m.tables = append(c.m.tables, t)
				}
				return t.table
			}
			if c.variant {
				tables = append(tables, t.table)
			}
		}
	}
	t := tabulated{l, dist.TabulateLike(l, tables...)}
	if t.table != l {
		c.m.tables = append(c.m.tables, t)
	}
	return t.table
}

// Nest is a nested design: draws of what is not known, each played by some replications. Replications of
// a draw differ by chance alone; the same draw has the same parameters in every model.
type Nest struct {
	Draws int
	Of    []*Model // of the experiment
	// Models are the models of a draw, variants of those of the experiment in its order. It is called side
	// by side.
	Models func(draw int) ([]*Model, error)
}

// from is the first replication of a draw, of so many: draws differ by one replication at most.
func (n *Nest) from(draw, replications int) int { return draw * replications / n.Draws }

// NestedDraws is how many draws so many replications make: eight replications a draw, fewer where there
// would be less than 25 draws, more where there would be over 500: what a draw
// gave is kept, figure by figure.
func NestedDraws(replications int) int {
	perDraw := min(8, max(2, replications/25))
	return max(1, min(500, replications/perDraw))
}
