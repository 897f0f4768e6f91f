package sim

import (
	"slices"
)

// routes resolves the branches of one outcome for every kind of person.
func (c *compiler) routes(where string, outcome Outcome, branches []Branch) []route {
	kinds := c.m.people.kinds()
	if len(branches) == 0 {
		to := toCommunity
		if outcome == Relapsed {
			to = toRelapse
		}
		return slices.Repeat([]route{{{1, to}}}, kinds)
	}
	result := make([]route, kinds)
	rest := -100
	for _, b := range branches {
		to, ok := c.index[b.To]
		if !ok {
			c.fault("%s: there is no stage or exit %q", where, b.To)
			continue
		}
		if b.Rest {
			rest = to
			continue
		}
		for kind, share := range shares(c, where, b.Share) {
			if share == 0 {
				continue
			}
			result[kind] = append(result[kind], way{result[kind].sum() + share, to})
		}
	}
	for kind := range result {
		sum := result[kind].sum()
		if sum > 1+1e-9 || sum < 1-1e-9 && rest == -100 {
			c.fault("%s: the shares of the ways on add up to %g%%, not 100%%", where, sum*100)
			return result
		}
		if rest != -100 && sum < 1-1e-9 {
			result[kind] = append(result[kind], way{1, rest})
		}
		for _, r := range result[:kind] {
			if slices.Equal(r, result[kind]) {
				result[kind] = r
				break
			}
		}
	}
	return result
}

// sum is the share of people who have a way.
func (r route) sum() float64 {
	if len(r) == 0 {
		return 0
	}
	return r[len(r)-1].upTo
}

// reachable marks, for every kind of person, the stages from which their ways can lead to a bed.
func (c *compiler) reachable() {
	if len(c.faults) > 0 {
		return
	}
	kinds := c.m.people.kinds()
	for i := range c.m.stages {
		s := &c.m.stages[i]
		s.leadsToBeds = slices.Repeat([]bool{s.Kind == BedsKind}, kinds)
	}
	for kind := range kinds {
		leads := func(w way) bool { return w.to >= 0 && c.m.stages[w.to].leadsToBeds[kind] }
		for changed := true; changed; {
			changed = false
			for i := range c.m.stages {
				s := &c.m.stages[i]
				for o := range s.next {
					if Outcome(o) == Relapsed {
						continue // whoever relapses is not on the way to a bed any more
					}
					if !s.leadsToBeds[kind] && slices.ContainsFunc(s.next[o][kind], leads) {
						s.leadsToBeds[kind], changed = true, true
					}
				}
			}
		}
	}
}

// rounds finds out whether some route leads back to a stage: if not, every stage leads only to stages
// that come to an end.
func (c *compiler) rounds() {
	if len(c.faults) > 0 {
		return
	}
	end := make([]bool, len(c.m.stages))
	goesOn := func(to int) bool { return to >= 0 && !end[to] }
	for ended := -1; ended != 0; {
		ended = 0
		for i := range c.m.stages {
			if !end[i] && !c.m.stages[i].leads(goesOn) {
				end[i] = true
				ended++
			}
		}
	}
	c.m.rounds = slices.Contains(end, false)
}

// leads reports whether some route out of a stage leads to such a stage or exit.
func (s *stage) leads(such func(to int) bool) bool {
	for _, routes := range s.next {
		for _, r := range routes {
			if slices.ContainsFunc(r, func(w way) bool { return such(w.to) }) {
				return true
			}
		}
	}
	return false
}

func (c *compiler) relapse() {
	spec := c.spec.Relapse
	if spec == nil || len(c.faults) > 0 {
		return
	}
	r := &relapse{}
	for how := range r.after {
		for _, s := range c.m.stages {
			r.after[how] = append(r.after[how], c.laws("relapse", leaving(spec.After, Outcome(how), s.Name)))
			r.never[how] = append(r.never[how], shares(c, "relapse", leaving(spec.Never, Outcome(how), s.Name)))
		}
	}
	if spec.Returns != nil {
		to, ok := c.index[spec.Returns.To]
		if !ok || to < 0 {
			c.fault("relapse: people return to %q, which is no stage", spec.Returns.To)
		}
		r.returns, r.to = true, to
		r.share = shares(c, "relapse", spec.Returns.Share)
		r.again = c.laws("relapse", spec.Returns.After)
		c.complete("relapse", "returns after", r.again)
	}
	c.m.relapse = r
}

// leaving is the value for those who left the stage in the way given.
func leaving[T any](rules ByLeaving[T], how Outcome, stage string) Per[T] {
	for _, rule := range rules {
		if rule.How == how && (rule.From == "" || rule.From == stage) {
			return rule.Value
		}
	}
	return nil
}
