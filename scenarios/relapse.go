package scenarios

import (
	"tier4/sim"
	"tier4/sim/dist"
)

// relapse is when people use again after leaving their last bed, and who comes back.
var relapse = kind[sim.Relapse]{
	read: func(r *reader, n *node) (sim.Relapse, bool) {
		var v sim.Relapse
		ok := r.readTable(n, "a description of relapse", relapseTable(&v), nil)
		if ok && v.Returns != nil && v.Returns.After == nil {
			at, _ := dist.Fixed(0)
			v.Returns.After = sim.Same(at)
		}
		return v, ok
	},
	schema: func(s *sketch) any { return s.object(relapseTable(new(sim.Relapse))) },
}

func relapseTable(v *sim.Relapse) table {
	return table{
		need(key("after", "the law of relapse from leaving the last bed, for all or by `completed` and `unplanned`, then by stage, then by cohort or trait",
			byLeaving(neverOr(), lawNames), &v.After)),
		key("never", "the share who never relapse, for all or by `completed` and `unplanned`", byLeaving(share, nil), &v.Never),
		keyTo("returns", "who comes back: `{share: 40%, after: 80 days, to: assessment}`", returns(), func(b sim.Returns) { v.Returns = &b }),
	}
}

func returns() kind[sim.Returns] {
	return object("returns", "a description of returns", func(_ *reader, b *sim.Returns) table {
		return table{
			need(key("share", "the share of those who relapse who are referred again", per(share, nil), &b.Share)),
			key("after", "the law of the time from relapse to the new referral; at once unless given", perLaw(law()), &b.After),
			need(key("to", "the stage where they enter again", stageName, &b.To)),
		}
	})
}

// byLeaving is a value by how, and within that from where, a person left their
// last bed. A rule that names a stage comes before the one for all others.
func byLeaving[T any](k kind[T], plainMap []string) kind[sim.ByLeaving[T]] {
	value := per(k, plainMap)
	return kind[sim.ByLeaving[T]]{
		read: func(r *reader, n *node) (sim.ByLeaving[T], bool) {
			if n.sort == mapping && n.hasAny(outcomeWords) {
				return readLeaving(r, n, value)
			}
			v, ok := value.read(r, n)
			return sim.ByLeaving[T]{{How: sim.Completed, Value: v}, {How: sim.Unplanned, Value: v}}, ok
		},
		schema: func(s *sketch) any {
			one := value.schema(s)
			deep := doc{"anyOf": []any{one, doc{"type": "object", "minProperties": 1, "additionalProperties": one}}}
			return doc{"anyOf": []any{one, doc{
				"type": "object", "additionalProperties": false,
				"properties": doc{"completed": deep, "unplanned": deep},
			}}}
		},
	}
}

func readLeaving[T any](r *reader, n *node, value kind[sim.Per[T]]) (rules sim.ByLeaving[T], ok bool) {
	ok = true
	add := func(how sim.Outcome, from string, n *node) {
		v, good := value.read(r, n)
		rules, ok = append(rules, sim.LeavingRule[T]{How: how, From: from, Value: v}), ok && good
	}
	for _, e := range n.entries {
		how := sim.Completed
		switch e.key {
		case "completed":
		case "unplanned":
			how = sim.Unplanned
		default:
			r.faults.add(e.at, "`"+short(e.key)+"` is not a way of leaving a bed", meant(e.key, []string{"completed", "unplanned"})+"write `completed` and `unplanned`")
			ok = false
			continue
		}
		if e.value.sort != mapping || !e.value.hasAny(r.stages) {
			add(how, "", e.value)
			continue
		}
		for _, from := range e.value.entries {
			switch {
			case from.key == otherwise:
			case r.mayBe(from.key, "beds"):
				add(how, from.key, from.value)
			default:
				r.faults.add(from.at, "`"+short(from.key)+"` is not a beds stage", meant(from.key, r.bedsStages())+"name beds stages, and `else` for the others")
				ok = false
			}
		}
		if others := e.value.get(otherwise); others != nil {
			add(how, "", others)
		}
	}
	return rules, ok
}
