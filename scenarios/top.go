package scenarios

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tier4/sim"
)

// defaultStart is the first day of warm-up unless a scenario names one.
var defaultStart = time.Date(2025, time.April, 1, 0, 0, 0, 0, time.UTC)

const (
	defaultReplications = 1000
	defaultSeed         = 1
	mostDays            = 365.25 * 40_000 // of a run; far beyond need, and dates still work
)

// topTable has the keys of a scenario. The dates come first: other keys count
// days from them.
func topTable(r *reader, s *Scenario) table {
	spec := &s.Spec
	start := func() time.Time { return spec.Start }
	measured := func() time.Time {
		return spec.Start.AddDate(0, 0, int(spec.WarmUp))
	}
	return table{
		key("name", "what to call the scenario", text, &s.Name),
		key("about", "what it is for, and where its figures come from", text, &s.About),
		keyTo("extends", "the scenario this one changes: a file, or the name of one that comes with the tool", text, func(string) {}),
		key("start", "the first day of warm-up; 2025-04-01 unless given", date, &spec.Start),
		key("warm_up", "run in, not measured: `1 year`; 0 unless given", bounded(horizon(start)), &spec.WarmUp),
		need(key("measure", "how long is measured: `3 years`", bounded(positive(horizon(measured))), &spec.Measure)),
		key("replications", "how many times the period is run; 1000 unless given", whole(1), &s.Replications),
		key("seed", "the seed of all draws; 1 unless given", seed, &s.Seed),
		key("cohorts", "the groups of people: `[opiates, alcohol]`; one, `everyone`, unless given", cohortNames, &spec.Cohorts),
		key("traits", "yes-or-no properties drawn once a person: `{women: 32%}`", traits, &spec.Traits),
		need(keyPartly("referrals", "who comes, by stream", streams, func(v []sim.Stream) { spec.Streams = v })),
		need(keyPartly("pathway", "the stages, by name", stages, func(v []sim.Stage) { spec.Stages = v })),
		keyTo("relapse", "when people use again after their last bed, and who comes back", relapse, func(v sim.Relapse) { spec.Relapse = &v }),
		key("staff", "workers who hold only so many cases at once: `{recovery-workers: {caseload: 40}}`", staff, &spec.Staff),
		keyTo("deaths", "deaths on the lists and after leaving a bed early; nobody dies unless given", deaths(), func(v sim.Deaths) { spec.Deaths = &v }),
		keyPartly("budgets", "money for each financial year, and what happens when it is spent", budgets, func(v []sim.Budget) { spec.Budgets = v }),
		keyTo("start_with", "who is on the lists and in the beds as the run starts, with `warm_up: 0`; nobody unless given", startKind, func(bool) {}),
		key("matters", "differences that matter; smaller ones are `too small to matter`: `{cost: £10,000}`", matters, &s.Matters),
		key("targets", "limits that figures should keep: `[reached.rehab.within_84_days >= 60%, cost <= £500,000]`", targets, &s.Targets),
		keyFor("uncertain", "numbers that nobody knows exactly, by path, with their ranges: `{pathway.rehab.places.any-approved.per_night: £140 to £220}`", unknownsKind(), func(u *Unknowns, _ bool) { s.Unknowns = u }),
		key("calibrate", "numbers that a calibration is to find, by path, with what is believed of them: `{pathway.panel.cases: {integer: {from: 4, to: 16}}}`", soughtKind(), &s.Sought),
	}
}

// bounded keeps a run within what dates can count.
func bounded(k kind[sim.Days]) kind[sim.Days] {
	return kind[sim.Days]{schema: k.schema, read: func(r *reader, n *node) (sim.Days, bool) {
		v, ok := k.read(r, n)
		if ok && v > mostDays {
			r.faults.add(n.at, n.named()+" is longer than 40,000 years", "write a shorter time")
			return 0, false
		}
		return v, ok
	}}
}

var seed = kind[uint64]{
	read: func(r *reader, n *node) (uint64, bool) {
		v, err := strconv.ParseUint(n.text, 10, 64)
		if n.sort != scalar || err != nil {
			r.faults.add(n.at, n.named()+" is not a seed", "write a whole number of 0 or more")
		}
		return v, err == nil
	},
	schema: func(*sketch) any { return doc{"type": "integer", "minimum": 0} },
}

// matters is the map from figures to the least difference that matters.
var matters = kind[[]Matter]{
	read: func(r *reader, n *node) ([]Matter, bool) {
		if !r.isMap(n, "a map from figures to amounts", nil) {
			return nil, false
		}
		var all []Matter
		before := len(*r.faults)
		for _, e := range n.entries {
			head, _, _ := strings.Cut(e.key, ".")
			head, _, _ = strings.Cut(head, "@")
			if legal := append(r.stages[:len(r.stages):len(r.stages)], figureHeads...); !contains(legal, head) {
				r.faults.add(e.at, "`"+short(e.key)+"` is not a figure", meant(head, legal)+"a figure starts with a stage, or is one such as `cost` or `completed`")
				continue
			}
			if m, ok := r.matter(e); ok {
				all = append(all, m)
			}
		}
		return all, len(*r.faults) == before
	},
	schema: func(s *sketch) any {
		return doc{"type": "object", "additionalProperties": doc{"anyOf": []any{
			money.schema(s), duration.schema(s), share.schema(s),
		}}}
	},
}

// figureHeads are the first words of figures that do not start with a stage.
var figureHeads = keys(`referrals reached referral_to lost completed completions well_6_months well_12_months
	returned_6_months out_of_area cost budget price break_even cost_per_admission
	cost_per_completion cost_per_well_6_months not_back_6_months staff deaths contributions`)

// matter reads an amount: pounds, a length of time, a share or a number, as it
// is written; a bare number is in the unit of its figure.
func (r *reader) matter(e entry) (Matter, bool) {
	m, ok := r.amountOf(e)
	unit := plainUnit(e.key)
	if plain := strings.TrimSuffix(unit, "/year"); ok && unit != "" && m.Unit != "" && m.Unit != plain {
		r.units.add(e.value.at, "`"+short(e.key)+"` is counted in "+unit, "write "+amountExamples[plain])
	}
	return m, ok
}

// plainUnit is the unit of a figure where its name alone tells, else "". The compiled model knows that of every figure, but
// there is none as long as something else is wrong with the scenario.
func plainUnit(id string) string {
	id, _, _ = strings.Cut(id, "@")
	words := strings.Split(id, ".")
	last := words[len(words)-1]
	switch {
	case words[0] == "cost":
		return "£/year"
	case strings.HasPrefix(words[0], "cost_per_"):
		return "£"
	case strings.HasPrefix(last, "within_") || words[0] == "completed" || len(words) == 2 && (last == "dropped_out" || last == "unplanned"):
		return "share"
	case (words[0] == "referral_to" || slices.Contains(words[1:], "wait") || slices.Contains(words[1:], "stay")) && contains(keys("mean median p90"), last):
		return "days"
	}
	return ""
}

var amountExamples = map[string]string{"£": "`£10,000`", "share": "`2%`", "days": "`3 days`"}

// amountOf reads the amount as it is written.
func (r *reader) amountOf(e entry) (Matter, bool) {
	n := e.value
	v, words, ok := amount(n)
	_, timed := unitNamed(words)
	isMoney := strings.HasPrefix(e.key, "cost") || strings.HasPrefix(e.key, "price") || strings.HasPrefix(e.key, "budget")
	switch {
	case strings.HasPrefix(strings.TrimSpace(n.text), "£") || isMoney && words == "":
		pence, ok := money.read(r, n)
		return Matter{e.key, float64(pence) / 100, "£"}, ok
	case words == "%":
		v, ok = share.read(r, n)
		return Matter{e.key, v, "share"}, ok
	case timed:
		v, ok = duration.read(r, n)
		return Matter{e.key, v, "days"}, ok
	case !ok || words != "" || v < 0:
		r.faults.add(n.at, n.named()+" is not an amount", "write `£10,000`, `3 days`, `2%` or a number")
		return Matter{}, false
	case strings.Contains(e.key, "wait") || strings.Contains(e.key, "stay") || strings.HasPrefix(e.key, "referral_to"):
		return Matter{e.key, v, "days"}, true
	}
	return Matter{e.key, v, ""}, true
}
