package scenarios

import (
	"math"
	"slices"
	"strings"

	"tier4/sim"
)

// Variant is the scenario with other values of what is not known, as [Unknowns.List] lists it: what [Load]
// would give with [Unknown.Setting] of each, read from memory and without its warnings. It may be called side
// by side. The error is a [Faults].
func (s *Scenario) Variant(values []float64) (sim.Spec, error) { return s.variant(values, s.again()) }

func (s *Scenario) variant(values []float64, r *reader) (sim.Spec, error) {
	var one Scenario
	faults := readVariant(s.tree, s.Unknowns, values, r, &one)
	if err := faults.err(); err != nil {
		return sim.Spec{}, err
	}
	one.Spec.Name = s.Spec.Name
	return one.Spec, nil
}

// again is a reader of variants of the scenario.
func (s *Scenario) again() *reader {
	return &reader{file: s.src.file, open: s.reopen, values: s.values}
}

// readVariant reads an effective tree in which what is not known has other values.
func readVariant(root *node, u *Unknowns, values []float64, r *reader, s *Scenario) (faults Faults) {
	tree := root.fork()
	place := 0
	for i := range u.all {
		if one := &u.all[i]; !one.settled {
			one.put(tree, root, values[place])
			place++
		}
	}
	return r.readVariant(tree, s)
}

// readVariant reads an effective tree for its spec alone.
func (r *reader) readVariant(tree *node, s *Scenario) (faults Faults) {
	for _, key := range []string{"uncertain", "calibrate"} {
		if at := tree.index(key); at >= 0 {
			tree.drop(tree.entries[at].value)
		}
	}
	r.faults, r.variant = &faults, true
	r.read(tree, s)
	if len(s.Spec.Cohorts) == 0 {
		s.Spec.Cohorts = []string{everyone}
	}
	return faults
}

// put writes a value where the unknown stands in a fork of a tree.
func (u *Unknown) put(tree, from *node, v float64) {
	here := tree.reach(from, u.Path)
	if u.Times {
		*here = *here.clone()
		here.multiply(v)
		return
	}
	here.text, here.quoted = u.text(v), false
}

// checkUnknowns has the scenario read with what is not known at its ends, so that no draw can be one
// that it would not take.
func (r *reader) checkUnknowns(root *node, u *Unknowns) {
	list := u.List()
	for _, p := range []float64{0, 1} {
		if len(r.tryUnknowns(root, u, func(i int) bool { return true }, p)) == 0 {
			continue
		}
		said := len(*r.faults)
		for i, one := range list {
			for _, f := range r.tryUnknowns(root, u, func(k int) bool { return k == i }, p) {
				r.faults.add(one.at, "`"+short(one.Path)+"` can be `"+one.Say(one.Quantile(p))+"`: "+f.What, orNarrow(f.Instead)+"narrow its range, or give it a law that ends before")
			}
		}
		if len(*r.faults) == said {
			side := "lowest"
			if p > 0 {
				side = "highest"
			}
			f := r.tryUnknowns(root, u, func(int) bool { return true }, p)[0]
			r.faults.add(root.get("uncertain").at, "with all of these at their "+side+", "+f.What, f.Instead+"; narrow the ranges")
		}
	}
}

// orNarrow is what would be right instead, as the first of two ways. What was meant by a value that nobody wrote helps nobody.
func orNarrow(instead string) string {
	instead, _, _ = strings.Cut(instead, "did you mean")
	if instead = strings.TrimRight(instead, "; "); instead == "" {
		return ""
	}
	return instead + "; or "
}

// tryUnknowns reads the scenario with some unknowns at an end, the others as they stand, and gives what is wrong then where
// nothing was wrong before.
func (r *reader) tryUnknowns(root *node, u *Unknowns, moved func(i int) bool, p float64) Faults {
	list := u.List()
	values := u.Nominal()
	for i := range list {
		if moved(i) {
			values[i] = list[i].Quantile(p)
		}
	}
	faults := readVariant(root, u, values, &reader{file: r.file, open: r.open, values: r.values}, new(Scenario))
	return slices.DeleteFunc(faults, func(f Fault) bool { return r.blamed(pos{f.File, f.Line, f.Column}) })
}

// Around is the scenario with every number it holds not known by so much of its value either way, in place of
// what it says of its own numbers: for those who have no ranges yet. What it would not take with all before
// it at either end (shares beyond 100% together, say) is left as it is.
func (s *Scenario) Around(share float64) *Scenario {
	r := s.again()
	r.faults = new(Faults)
	u := &Unknowns{}
	for _, path := range s.Paths() {
		head, _, _ := strings.Cut(path, ".")
		steps, rest := walk(s.tree, path)
		here := steps[len(steps)-1]
		q, ok := quantityOf(here.text)
		if !contains(mayBeUnknown, head) || rest != "" || !ok || here.quoted && q.unit == bareNumber || q.value <= 0 {
			continue
		}
		one := Unknown{Path: path, Value: q.value, unit: q, limit: q.limit, step: here.step}
		law := ends{round12(q.value * (1 - share)), round12(q.value * (1 + share))}
		if one.step == 1 {
			law = ends{math.Min(math.Floor(law.low), q.value-1), math.Max(math.Ceil(law.high), q.value+1)}
		}
		one.law = law
		one.with = len(u.all)
		more := &Unknowns{all: append(u.all, one)}
		all := func(int) bool { return true }
		if len(r.tryUnknowns(s.tree, more, all, 0)) == 0 && len(r.tryUnknowns(s.tree, more, all, 1)) == 0 {
			u = more
		}
	}
	other := *s
	other.Unknowns = u
	return &other
}

// ends is even between two ends, which a twentieth of draws are at.
type ends struct{ low, high float64 }

func (e ends) at(p float64) float64 {
	return e.low + min(max((p-0.025)/0.95, 0), 1)*(e.high-e.low)
}
