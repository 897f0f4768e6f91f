package calibration

import (
	"slices"
	"strings"

	"gonum.org/v1/gonum/mathext"

	"tier4/scenarios"
	"tier4/sim"
)

// share adds a share of people at a path: k of n, times so much of all. Its posterior is that of Jeffreys.
func (d *directs) share(path string, k, n int, of float64) {
	if n == 0 {
		d.note("%s is left as it is: nobody of whom it is known how they went on", path)
		return
	}
	a, b := float64(k)+0.5, float64(n-k)+0.5
	d.add([]string{path}, Direct{How: "share, exact (Jeffreys)", K: k, Of: n, Draw: func(uniform func() float64) []float64 {
		return []float64{of * mathext.InvRegIncBeta(a, b, uniform())}
	}})
}

// leaving is the share who leave a group after each session.
func (d *directs) leaving(s *sim.Stage, k int) {
	path := "pathway." + s.Name + ".leaves"
	leaves := d.leaves(path, func(string) bool { return false })
	rules := rulesOf(leaves)
	for _, l := range leaves {
		those, known := d.those(l.who, rules)
		if !known {
			d.note("%s is left as it is: the extract does not say who is meant by it", l.path)
			continue
		}
		seen, ok := d.x.only(those).Sessions(k)
		if !ok {
			d.note("%s is left as it is: the dates do not show sessions", l.path)
			continue
		}
		if float64(seen.Every) != s.Group.SessionEvery {
			d.note("%s: sessions are %d days apart in the extract, %g in the scenario", s.Name, seen.Every, s.Group.SessionEvery)
		}
		d.share(l.path, seen.Leave.K, seen.Leave.Of, 1)
	}
}

// only is the extract with some of its episodes.
func (x *Extract) only(those func(*Episode) bool) *Extract {
	some := *x
	some.Episodes = nil
	for i := range x.Episodes {
		if those(&x.Episodes[i]) {
			some.Episodes = append(some.Episodes, x.Episodes[i])
		}
	}
	return &some
}

// decisions are what a panel decides. Where deferrals are not written down, the share deferred stays as it is,
// and only how the others part is seen.
func (d *directs) decisions(s *sim.Stage, k int) {
	path := "pathway." + s.Name + ".decides."
	deferrals := slices.ContainsFunc(d.x.Episodes, func(e Episode) bool {
		return slices.ContainsFunc(e.Hearings, func(h Hearing) bool { return h.Stage == k && h.Decision == Deferred })
	})
	for _, decision := range []End{Approved, Declined, Deferred} {
		leaves := d.leaves(path+decisionKey(decision), func(string) bool { return false })
		rules := rulesOf(leaves)
		for _, l := range leaves {
			switch those, known := d.those(l.who, rules); {
			case d.value(l.path) == "rest":
			case decision == Deferred && !deferrals:
				if !d.leave(l.path) {
					d.note("%s is left as it is: the extract does not write deferrals down", l.path)
				}
			case !known:
				d.note("%s is left as it is: the extract does not say who is meant by it", l.path)
			default:
				n, of := 0, 0
				for i := range d.x.Episodes {
					if e := &d.x.Episodes[i]; those(e) {
						for _, h := range e.Hearings {
							if h.Stage == k && h.On <= d.x.Until {
								of++
								if h.Decision == decision {
									n++
								}
							}
						}
					}
				}
				final := 1.0
				if !deferrals {
					final = 1 - d.deferred(s, l.who)
				}
				d.share(l.path, n, of, final)
			}
		}
	}
}

// decisionKey is what a scenario calls a decision of a panel.
func decisionKey(e End) string {
	return map[End]string{Approved: "approve", Declined: "decline", Deferred: "defer"}[e]
}

// withRest has `approve` be the rest of what a panel decides, so that the other shares can be found one by one.
// The settings say so; there are none where that is so already, or a share of approvals is not to be touched.
func withRest(s *scenarios.Scenario, leave func(path string) bool) (sets []string) {
	for i := range s.Spec.Stages {
		path := "pathway." + s.Spec.Stages[i].Name + ".decides"
		rest, touched := false, true
		var approve []string
		for _, p := range s.Paths() {
			if v, _ := s.Value(p); strings.HasPrefix(p, path+".") && v == "rest" {
				rest = true
			}
			if p == path+".approve" || strings.HasPrefix(p, path+".approve.") {
				approve = append(approve, p)
				touched = touched && !leave(p)
			}
		}
		if len(approve) > 0 && !rest && touched {
			sets = append(sets, path+".approve=rest")
		}
	}
	return sets
}

// deferred is the share that the scenario has a panel put off, of those whom a rule fits.
func (d *directs) deferred(s *sim.Stage, who string) float64 {
	for _, r := range s.Panel.Defer {
		if r.Who == who || r.Who == "" {
			return r.Value
		}
	}
	return 0
}

// ways are where people go on to from a stage: the shares of all destinations but the rest.
func (d *directs) ways(s *sim.Stage) {
	branches := s.Next[sim.Completed]
	if len(branches) < 2 {
		return
	}
	path := "pathway." + s.Name + ".next."
	if _, outcomes := d.s.Value("pathway." + s.Name + ".next.completed"); outcomes {
		path += "completed."
	}
	from, ok := d.seenBefore(s.Name)
	if !ok {
		d.note("%s is left as it is: the extract does not show who comes there", strings.TrimSuffix(path, "."))
		return
	}
	if !slices.ContainsFunc(branches, func(b sim.Branch) bool { return b.Rest }) || len(branches) > 2 {
		d.note("%s is left as it is: only where one of two ways is the `rest` can it be fitted", strings.TrimSuffix(path, "."))
		return
	}
	for i, b := range branches {
		if b.Rest {
			continue
		}
		to, ok := d.seenAfter(b.To)
		if other, known := d.seenAfter(branches[1-i].To); !ok || known && other == to {
			d.note("%s is left as it is: the extract does not tell it from the other way", path+b.To)
			continue
		}
		leaves := d.leaves(path+b.To, func(string) bool { return false })
		rules := rulesOf(leaves)
		for _, l := range leaves {
			those, known := d.those(l.who, rules)
			if !known {
				d.note("%s is left as it is: the extract does not say who is meant by it", l.path)
				continue
			}
			n, of := d.went(from, to, those)
			d.share(l.path, n, of, 1)
		}
	}
}

// went counts those who went from a stage to another, of those of whom it is known where they went.
func (d *directs) went(from, to int, those func(*Episode) bool) (n, of int) {
	for i := range d.x.Episodes {
		e := &d.x.Episodes[i]
		if !those(e) || !e.through(from) {
			continue
		}
		switch e.next(from) {
		case -1:
		case to:
			n++
			of++
		default:
			of++
		}
	}
	return n, of
}

// seenBefore is the stage that the extract knows and whose leavers come to a stage: itself, or the only one
// before it that leads nowhere else; -1 for the referral.
func (d *directs) seenBefore(name string) (k int, ok bool) {
	for range d.s.Spec.Stages {
		if k := slices.IndexFunc(d.x.Stages, func(s Stage) bool { return s.Name == name }); k >= 0 {
			return k, true
		}
		before, ways := "", 0
		for i := range d.s.Spec.Stages {
			one := &d.s.Spec.Stages[i]
			if slices.ContainsFunc(one.Next[sim.Completed], func(b sim.Branch) bool { return b.To == name }) {
				before, ways = one.Name, ways+len(one.Next[sim.Completed])
			}
		}
		for _, stream := range d.s.Spec.Streams {
			if stream.Enters == name {
				ways++
			}
		}
		switch {
		case ways == 1 && before == "":
			return -1, true
		case ways != 1:
			return 0, false
		}
		name = before
	}
	return 0, false
}

// seenAfter is the stage that the extract knows and to which a destination leads: itself, or what only follows
// it; the number of stages for an exit.
func (d *directs) seenAfter(name string) (k int, ok bool) {
	for range d.s.Spec.Stages {
		if k := slices.IndexFunc(d.x.Stages, func(s Stage) bool { return s.Name == name }); k >= 0 {
			return k, true
		}
		i := slices.IndexFunc(d.s.Spec.Stages, func(s sim.Stage) bool { return s.Name == name })
		if i < 0 {
			return len(d.x.Stages), true
		}
		next := d.s.Spec.Stages[i].Next[sim.Completed]
		if len(next) != 1 {
			return 0, false
		}
		name = next[0].To
	}
	return 0, false
}
