package scenarios

import (
	"slices"

	"tier4/sim"
)

// nexts are the branches of a stage by outcome.
type nexts = [5][]sim.Branch

// outcomeWords are the outcomes a route may be given for, as sim.Outcome counts them.
var outcomeWords = []string{"completed", "unplanned", "left", "declined", "relapsed"}

// outcomesOf lists the outcomes that a kind of stage has.
var outcomesOf = map[string][]string{
	"delay":     {"completed"},
	"group":     {"completed", "left"},
	"panel":     {"completed", "declined"},
	"beds":      {"completed", "unplanned", "relapsed"},
	"aftercare": {"completed", "relapsed"},
}

// routes is where people go from a stage: one destination, a map of
// destinations, or a map of outcomes to either.
func routes(stageKind string) kind[nexts] {
	legal := outcomesOf[stageKind]
	return kind[nexts]{
		read: func(r *reader, n *node) (next nexts, ok bool) {
			if n.sort != mapping || !n.hasAny(outcomeWords) && !r.byOutcome(n) {
				next[sim.Completed], ok = r.branches(n)
				return next, ok
			}
			ok = true
			for _, e := range n.entries {
				i := slices.Index(outcomeWords, e.key)
				switch {
				case i < 0:
					r.faults.add(e.at, "`"+short(e.key)+"` is not an outcome", meant(e.key, legal)+"the outcomes here are "+quoted(legal, "and"))
					ok = false
				case !contains(legal, e.key):
					r.faults.add(e.at, "nobody leaves this stage by `"+e.key+"`", "the outcomes here are "+quoted(legal, "and"))
					ok = false
				default:
					var good bool
					next[i], good = r.branches(e.value)
					ok = ok && good
				}
			}
			if ok && n.get("completed") == nil {
				r.faults.add(n.at, "`"+n.key+"` does not say where those who complete go", "add `completed:` and a stage, or `home`")
				ok = false
			}
			return next, ok
		},
		schema: func(s *sketch) any {
			one := s.define("branches", func() any {
				shares := doc{"anyOf": []any{shareOrRest.schema(s), per(share, nil).schema(s)}}
				return doc{"anyOf": []any{
					doc{"type": "string"},
					doc{"type": "object", "minProperties": 1, "additionalProperties": shares, "propertyNames": doc{"not": doc{"enum": outcomeWords}}},
				}}
			})
			properties := doc{}
			for _, o := range legal {
				properties[o] = one
			}
			return s.define("next_of_"+stageKind, func() any {
				return doc{"anyOf": []any{one, doc{
					"type": "object", "properties": properties, "required": []string{"completed"}, "additionalProperties": false,
				}}}
			})
		},
	}
}

// byOutcome says whether a map has ways on as values, and so outcomes as keys, however they are spelled.
func (r *reader) byOutcome(n *node) bool {
	legal := append(r.stages[:len(r.stages):len(r.stages)], exits...)
	return slices.ContainsFunc(n.entries, func(e entry) bool {
		return !contains(legal, e.key) && (e.value.sort == scalar && contains(legal, e.value.text) || e.value.hasAny(legal))
	})
}

// branches reads one destination, or a map from destinations to shares.
func (r *reader) branches(n *node) ([]sim.Branch, bool) {
	if n.sort == scalar {
		ok := r.destination(n.at, n.named(), n.text)
		return []sim.Branch{{To: n.text, Rest: true}}, ok
	}
	if !r.isMap(n, "a way on", nil) {
		(*r.faults)[len(*r.faults)-1].Instead = "name a stage, `home`, `community` or `relapse`, or give a map of these with shares"
		return nil, false
	}
	var all []sim.Branch
	ok, rests := len(n.entries) > 0, 0
	for _, e := range n.entries {
		b := sim.Branch{To: e.key}
		ok = r.destination(e.at, "`"+short(e.key)+"`", e.key) && ok
		if e.value.sort == scalar && e.value.text == "rest" {
			b.Rest = true
			if rests++; rests == 2 {
				r.faults.add(e.value.at, "`rest` is given twice", "give it to one destination")
				ok = false
			}
		} else {
			var good bool
			b.Share, good = per(share, nil).read(r, e.value)
			ok = ok && good
		}
		all = append(all, b)
	}
	if len(n.entries) == 0 {
		r.faults.add(n.at, n.named()+" leads nowhere", "name a stage, `home`, `community` or `relapse`")
	}
	return all, ok && r.sharesFit(n, all, rests > 0)
}

// destination holds a name to be a stage or an exit.
func (r *reader) destination(at pos, shown, name string) bool {
	legal := append(r.stages[:len(r.stages):len(r.stages)], exits...)
	if contains(legal, name) {
		return true
	}
	r.faults.add(at, shown+" leads nowhere: there is no such stage", meant(name, legal)+"the stages and exits are "+quoted(legal, "and"))
	return false
}

// sharesFit holds the branches to 100% for every sort of person: exactly
// without a rest, at most with one.
func (r *reader) sharesFit(n *node, all []sim.Branch, rest bool) bool {
	shares := make([]sim.Per[float64], 0, len(all))
	for _, b := range all {
		shares = append(shares, b.Share)
	}
	who, sum, ok := r.sums(shares, rest)
	if ok {
		return true
	}
	instead := "make them 100%, or write `rest` for one"
	if rest {
		instead = "make them at most 100%"
	}
	r.faults.add(n.at, "the shares of `"+n.key+"` make "+percentage(sum)+who, instead)
	return false
}

// sums adds shares up for every sort of person, and stops at the first for whom
// they miss 100%.
func (r *reader) sums(shares []sim.Per[float64], rest bool) (who string, sum float64, ok bool) {
	alike := !slices.ContainsFunc(shares, func(s sim.Per[float64]) bool {
		return slices.ContainsFunc(s, func(rule sim.Rule[float64]) bool { return rule.Who != "" })
	})
	for _, p := range r.people(shares) {
		sum = 0
		for _, s := range shares {
			v, _ := pick(s, p.cohort, p.traits)
			sum += v
		}
		if sum > 1+1e-9 || !rest && sum < 1-1e-9 {
			if !alike && (len(r.cohorts) > 1 || len(p.traits) > 0) {
				who = " for " + quoted(append([]string{p.cohort}, p.traits...), "and")
			}
			return who, sum, false
		}
	}
	return "", 1, true
}

// person is a sort of person: a cohort with the traits they have.
type person struct {
	cohort string
	traits []string
}

// people lists the sorts of person that rules tell apart: every cohort with
// every set of the traits named (at most a dozen).
func (r *reader) people(rules []sim.Per[float64]) []person {
	var named []string
	for _, p := range rules {
		for _, rule := range p {
			if contains(r.traits, rule.Who) && !contains(named, rule.Who) && len(named) < mostTraits {
				named = append(named, rule.Who)
			}
		}
	}
	var all []person
	for _, c := range r.cohorts {
		for set := range 1 << len(named) {
			p := person{cohort: c}
			for i, t := range named {
				if set>>i&1 == 1 {
					p.traits = append(p.traits, t)
				}
			}
			all = append(all, p)
		}
	}
	return all
}

// decisions are a panel's shares approved, deferred and declined.
var decisions = kind[[3]sim.Per[float64]]{
	read: func(r *reader, n *node) (shares [3]sim.Per[float64], ok bool) {
		rest := -1
		if !r.readTable(n, "a panel's decisions", decisionTable(&shares, &rest), nil) {
			return shares, false
		}
		if who, sum, fit := r.sums(shares[:], rest >= 0); !fit {
			r.faults.add(n.at, "the shares of `"+n.key+"` make "+percentage(sum)+who, "make them 100%, or write `rest` for one")
			return shares, false
		}
		if rest >= 0 {
			var fit bool
			if shares[rest], fit = r.complement(n, shares[:]); !fit {
				return shares, false
			}
		}
		for _, p := range r.people(shares[1:2]) {
			if v, _ := pick(shares[1], p.cohort, p.traits); v >= 1 {
				r.faults.add(n.get("defer").at, "the panel defers everyone, always", "defer less than 100%")
				return shares, false
			}
		}
		return shares, true
	},
	schema: func(s *sketch) any {
		return s.define("decides", func() any { return s.object(decisionTable(new([3]sim.Per[float64]), new(int))) })
	},
}

func decisionTable(shares *[3]sim.Per[float64], rest *int) table {
	field := func(i int, name, about string) field {
		plain := per(share, nil)
		return keyTo(name, about, kind[sim.Per[float64]]{
			acts: true,
			read: func(r *reader, n *node) (sim.Per[float64], bool) {
				if n.sort != scalar || n.text != "rest" {
					return plain.read(r, n)
				}
				if *rest >= 0 {
					r.faults.add(n.at, "`rest` is given twice", "give it to one decision")
				}
				*rest = i
				return nil, true
			},
			schema: func(s *sketch) any { return doc{"anyOf": []any{doc{"const": "rest"}, plain.schema(s)}} },
		}, func(v sim.Per[float64]) { shares[i] = v })
	}
	return table{
		field(0, "approve", "the share approved"),
		field(1, "defer", "the share heard again at a later meeting"),
		field(2, "decline", "the share declined"),
	}
}

// complement is what shares leave of 100%, by sort of person.
func (r *reader) complement(n *node, shares []sim.Per[float64]) (sim.Per[float64], bool) {
	var varying []sim.Per[float64]
	plain, byTrait := 1.0, false
	for _, s := range shares {
		if len(s) == 1 && s[0].Who == "" {
			plain -= s[0].Value
		} else if len(s) > 0 {
			varying = append(varying, s)
			byTrait = byTrait || slices.ContainsFunc(s, func(rule sim.Rule[float64]) bool { return contains(r.traits, rule.Who) })
		}
	}
	left := func(v float64) float64 { return max(0, round12(v)) }
	switch {
	case len(varying) == 0:
		return sim.Same(left(plain)), true
	case len(varying) == 1:
		var rules sim.Per[float64]
		for _, rule := range varying[0] {
			rules = append(rules, sim.Rule[float64]{Who: rule.Who, Value: left(plain - rule.Value)})
		}
		if rules[len(rules)-1].Who == "" {
			return rules, true
		}
		return append(rules, sim.Same(left(plain))...), true
	case byTrait:
		r.faults.add(n.at, "`rest` beside two shares by trait is not one share", "write the share out")
		return nil, false
	}
	var rules sim.Per[float64]
	for _, c := range r.cohorts {
		sum := plain
		for _, s := range varying {
			v, _ := pick(s, c, nil)
			sum -= v
		}
		rules = append(rules, sim.Rule[float64]{Who: c, Value: left(sum)})
	}
	return rules, true
}
