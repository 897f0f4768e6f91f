package scenarios

import (
	"fmt"
	"path/filepath"
	"slices"

	"tier4/sim"
)

// Kin are scenarios of which variants are read together, such as a baseline and what-ifs that extend it: what they have
// in common is read once.
type Kin struct {
	All  []*Scenario       // the first is what the others are compared with
	same []map[*node]*node // by scenario: those of its nodes that are written like one of the first scenario, and that one; nil for the first
}

// NewKin finds out what scenarios have in common with the first of them.
func NewKin(all []*Scenario) *Kin {
	k := &Kin{All: all, same: make([]map[*node]*node, len(all))}
	first := all[0].surroundings()
	for i, s := range all[1:] {
		k.same[i+1] = map[*node]*node{}
		if s.surroundings() == first {
			findSame(s.tree, all[0].tree, k.same[i+1])
		}
	}
	return k
}

// surroundings are what the reading of a part of a scenario depends on beside that part.
func (s *Scenario) surroundings() string {
	r := new(reader)
	r.collectNames(s.tree)
	kinds := make([]string, len(r.stages))
	for i, name := range r.stages {
		kinds[i] = r.kinds[name]
	}
	files := make([]string, len(s.files))
	for i, f := range s.files {
		files[i] = f.name + string(f.sum[:])
	}
	return fmt.Sprintf("%q %q %q %q %q %q %v %v %v %q %q", r.cohorts, r.traits, r.stages, kinds, r.pools, r.streams,
		s.Spec.Start, s.Spec.WarmUp, s.Spec.Measure, files, filepath.Dir(s.src.file))
}

// findSame notes the topmost nodes under n that are written, at the same place, like one under another.
func findSame(n, other *node, same map[*node]*node) {
	switch {
	case n.says(other) && n.stands(other):
		same[n] = other
	case n.sort == mapping && other.sort == mapping:
		for _, e := range n.entries {
			if o := other.get(e.key); o != nil {
				findSame(e.value, o, same)
			}
		}
	}
}

// says reports whether two nodes say the same.
func (n *node) says(o *node) bool {
	return n == o || n.sort == o.sort && n.key == o.key && n.text == o.text && n.quoted == o.quoted &&
		slices.EqualFunc(n.items, o.items, (*node).says) &&
		slices.EqualFunc(n.entries, o.entries, func(a, b entry) bool { return a.key == b.key && a.value.says(b.value) })
}

// stands reports whether two nodes that say the same stand at the same place with all under them.
func (n *node) stands(o *node) bool {
	return n == o || n.at == o.at && slices.EqualFunc(n.items, o.items, (*node).stands) &&
		slices.EqualFunc(n.entries, o.entries, func(a, b entry) bool { return a.at == b.at && a.value.stands(b.value) })
}

// Reading reads variants of kin one after the other.
type Reading struct {
	of   *Kin
	read map[*node]wasRead // by the node of the first scenario that they are forks of
}

// wasRead is a node of a variant and what it was read as.
type wasRead struct {
	node  *node
	value any
}

// Reading begins to read variants.
func (k *Kin) Reading() *Reading { return &Reading{k, map[*node]wasRead{}} }

// Variant is that of the i-th scenario, as [Scenario.Variant] gives it.
func (d *Reading) Variant(i int, values []float64) (sim.Spec, error) {
	s := d.of.All[i]
	r := s.again()
	r.common = &common{d.read, d.of.same[i]}
	return s.variant(values, r)
}

// common is what variants that are read together have in common.
type common struct {
	read map[*node]wasRead
	same map[*node]*node // as of Kin
}

// first is the node of the first scenario that is written like the one that n is a fork of; nil if there is none.
func (c *common) first(n *node) *node {
	if c.same == nil {
		return n.forked
	}
	return c.same[n.forked]
}

// find gives what a node that says the same was read as for another variant.
func (c *common) find(n *node) (value any, ok bool) {
	if c == nil {
		return nil, false
	}
	was, ok := c.read[c.first(n)]
	return was.value, ok && n.says(was.node)
}

// keep keeps what a node was read as for the variants to come.
func (c *common) keep(n *node, value any) {
	if c == nil {
		return
	}
	if first := c.first(n); first != nil {
		c.read[first] = wasRead{n, value}
	}
}
