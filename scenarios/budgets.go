package scenarios

import (
	"math"
	"slices"

	"tier4/sim"
)

// staff is the map of pools of workers.
var staff = kind[[]sim.Pool]{
	read: func(r *reader, n *node) ([]sim.Pool, bool) {
		var all []sim.Pool
		before := len(*r.faults)
		r.namedEntries(n, "a map of staff pools", "a pool of staff", nil, func(e entry) {
			p := sim.Pool{Name: e.key}
			r.readTable(e.value, "a pool of staff", poolTable(&p), nil)
			all = append(all, p)
		})
		return all, len(*r.faults) == before
	},
	schema: func(s *sketch) any {
		return doc{"type": "object", "minProperties": 1, "additionalProperties": s.define("pool",
			func() any { return s.object(poolTable(new(sim.Pool))) })}
	},
}

func poolTable(p *sim.Pool) table {
	return table{need(key("caseload", "cases held at once, over all the workers of the pool", whole(1), &p.Caseload))}
}

// deaths are hazards in the states named.
func deaths() kind[sim.Deaths] {
	return object("deaths", "a description of deaths", func(_ *reader, d *sim.Deaths) table {
		return table{
			key("waiting", "deaths of people on any list: `5 per 1000 per year`", mortality, &d.Waiting),
			key("after_unplanned", "deaths after leaving a bed early, until the next bed: a rate, or `{28 days: 60 per 1000 per year, then: 10 per 1000 per year}`", hazards, &d.AfterUnplanned),
		}
	})
}

const then = "then" // the key of the rate that holds from then on

// hazards are rates up to so long after an event, in order of time.
var hazards = kind[[]sim.Hazard]{
	read: func(r *reader, n *node) ([]sim.Hazard, bool) {
		if n.sort != mapping {
			v, ok := mortality.read(r, n)
			return []sim.Hazard{{Until: math.Inf(1), PerYear: v}}, ok
		}
		if len(n.entries) == 0 {
			r.faults.add(n.at, n.named()+" is empty", "write `{28 days: 60 per 1000 per year, then: 10 per 1000 per year}`")
		}
		var all []sim.Hazard
		before := len(*r.faults)
		latest := 0.0
		for i, e := range n.entries {
			until := math.Inf(1)
			if e.key != then {
				var ok bool
				if until, ok = above0.read(r, &node{at: e.at, text: e.key}); ok && until <= latest {
					r.faults.add(e.at, "`"+short(e.key)+"` is not longer than the time before it", "give the times in order, counted from leaving the bed")
				}
				latest = max(latest, until)
			} else if i < len(n.entries)-1 {
				r.faults.add(e.at, "`then` is not the last line", "give the times in order, `then` behind them")
			}
			if e.value.sort == empty {
				r.faults.add(e.value.at, "`"+e.key+":` has no value", "give a rate such as `5 per 1000 per year`, or remove the line")
			} else if v, ok := mortality.read(r, e.value); ok {
				all = append(all, sim.Hazard{Until: until, PerYear: v})
			}
		}
		return all, len(*r.faults) == before
	},
	schema: func(s *sketch) any {
		rate := mortality.schema(s)
		return doc{"anyOf": []any{rate, doc{
			"type": "object", "minProperties": 1, "additionalProperties": rate,
			"propertyNames": doc{"pattern": "^" + then + "$|" + durationPattern()},
		}}}
	},
}

// budgets is the map of budgets. A stage is paid for by one of them at most.
var budgets = kind[[]sim.Budget]{
	read: func(r *reader, n *node) ([]sim.Budget, bool) {
		var all []sim.Budget
		before := len(*r.faults)
		payer := map[string]string{}
		r.namedEntries(n, "a map of budgets", "a budget", nil, func(e entry) {
			b := sim.Budget{Name: e.key}
			r.readTable(e.value, "a budget", budgetTable(&b), nil)
			paid := e.value.get("pays_for")
			if paid == nil {
				return
			}
			for _, item := range paid.items {
				switch other, twice := payer[item.text]; {
				case !contains(r.stages, item.text): // said already
				case twice && other == b.Name:
					r.faults.add(item.at, "budget `"+b.Name+"` names `"+item.text+"` twice", "name each stage once")
				case twice:
					r.faults.add(item.at, "`"+item.text+"` is paid for by `"+other+"` already", "let one budget pay for each stage")
				}
				payer[item.text] = b.Name
			}
			all = append(all, b)
		})
		return all, len(*r.faults) == before
	},
	schema: func(s *sketch) any {
		return doc{"type": "object", "minProperties": 1, "additionalProperties": s.define("budget",
			func() any { return s.object(budgetTable(new(sim.Budget))) })}
	},
}

func budgetTable(b *sim.Budget) table {
	return table{
		need(key("per_year", "the money of each financial year from 1 April", yearly, &b.PerYear)),
		need(key("pays_for", "the stages it pays for: `[detox]`", paidStages, &b.PaysFor)),
		key("unspent", "money left on 31 March is `returned`, as unless given, or `carried` into the next year",
			word("what happens to unspent money", []string{"returned", "carried"}, []bool{false, true}), &b.Carried),
		key("when_spent", "`overspend`, as unless given: spent all the same, and counted; `hold_approvals`: the panel puts off those for whose nights this year there is no money, and needs none for a free bed that is already paid for; whoever it has approved waits for a bed that costs no more than was promised for them and is left; `hold_admissions`: the panel approves, and nobody is admitted whose nights this year cost more than was promised for them and is left. Notice, beds kept after a stay and costs beside beds are spent all the same",
			word("what happens when the money is spent", []string{"overspend", "hold_approvals", "hold_admissions"},
				[]sim.WhenSpent{sim.Overspend, sim.HoldApprovals, sim.HoldAdmissions}), &b.WhenSpent),
	}
}

// paidStages is a list of stages.
var paidStages = func() kind[[]string] {
	written := listOf("a list of stages", stageName)
	return kind[[]string]{
		schema: written.schema,
		read: func(r *reader, n *node) ([]string, bool) {
			v, ok := written.read(r, n)
			if n.sort != list || len(n.items) == 0 {
				(*r.faults)[len(*r.faults)-1].Instead = "list the stages: `[detox, rehab]`"
			}
			return v, ok
		},
	}
}()

// checkBudgets wants a panel on the way to every stage with nights for which a budget holds approvals.
func (r *reader) checkBudgets(n *node) {
	approved := r.approved()
	for _, b := range r.spec.Budgets {
		own := n.get(b.Name)
		if b.WhenSpent != sim.HoldApprovals || !r.sound(own, "pays_for") {
			continue
		}
		for i, stage := range b.PaysFor {
			if !approved[stage] && r.soundContracts(stage) && r.hasPaidByNight(stage) {
				r.faults.add(own.get("pays_for").items[i].at, "budget `"+b.Name+"` holds approvals, and no panel's approval leads to `"+stage+"`",
					"write `when_spent: hold_admissions`, or send people to `"+stage+"` from a panel")
			}
		}
	}
}

// soundContracts reports whether it is known by which contracts the beds of a stage are held.
func (r *reader) soundContracts(stage string) bool {
	places := r.placesOf(stage)
	return places == nil || !r.blamed(places.at) && !slices.ContainsFunc(places.entries, func(e entry) bool { return !r.sound(e.value, "contract", "beds") })
}

// approved are the stages that a panel's approval leads to, if all goes as planned.
func (r *reader) approved() map[string]bool {
	found := map[string]bool{}
	var follow func(s *sim.Stage)
	follow = func(s *sim.Stage) {
		for i := range r.spec.Stages {
			if to := &r.spec.Stages[i]; !found[to.Name] && goesTo(s, to.Name) {
				found[to.Name] = true
				follow(to)
			}
		}
	}
	for i := range r.spec.Stages {
		if s := &r.spec.Stages[i]; s.Kind == sim.PanelKind && some(s.Panel.Approve) {
			follow(s)
		}
	}
	return found
}
