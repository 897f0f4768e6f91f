package scenarios

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tier4/sim"
	"tier4/sim/dist"
)

// Bounds that no service comes near, so that sums over sorts of people stay small.
const (
	mostCohorts = 50
	mostTraits  = 8
	mostStages  = 100
)

// cohortNames is the list of cohorts.
var cohortNames = kind[[]string]{
	read: func(r *reader, n *node) ([]string, bool) {
		names, ok := listOf("a list of names", text).read(r, n)
		if len(names) > mostCohorts {
			r.faults.add(n.at, "there are "+strconv.Itoa(len(names))+" cohorts", "name at most "+strconv.Itoa(mostCohorts)+"; use traits to tell more people apart")
			return nil, false
		}
		for i, item := range n.items {
			if item.sort != scalar {
				continue
			}
			if slices.Index(names, item.text) < i {
				r.faults.add(item.at, "cohort `"+short(item.text)+"` is listed twice", "name each once")
			}
			ok = r.goodName(item.at, item.text, "a cohort", reservedForPeople) && ok
			if contains(r.traits, item.text) {
				r.faults.add(item.at, "`"+item.text+"` names a cohort and a trait", "give one of them another name")
			}
		}
		return names, ok
	},
	schema: func(s *sketch) any {
		return doc{"type": "array", "minItems": 1, "uniqueItems": true, "items": doc{"type": "string"}}
	},
}

// reservedForPeople are words that stand beside the names of cohorts and traits.
var reservedForPeople = append([]string{otherwise, "rest", "never", "effects"}, lawNames...)

// effectKeys are the hazards an effect can change; each has the name of the law's key.
func effectsKind() kind[[]sim.Effect] {
	return kind[[]sim.Effect]{
		read: func(r *reader, n *node) ([]sim.Effect, bool) {
			var effects []sim.Effect
			ok := r.readTable(n, "a map of effects", effectTable(&effects), nil)
			return effects, ok
		},
		schema: func(s *sketch) any {
			return s.define("effects", func() any { return s.object(effectTable(new([]sim.Effect))) })
		},
	}
}

func effectTable(effects *[]sim.Effect) table {
	on := func(t sim.Target) func(float64) {
		return func(v float64) { *effects = append(*effects, sim.Effect{On: t, Ratio: v}) }
	}
	return table{
		keyTo("drops_out_after", "hazard ratio of giving up", ratio, on(sim.DropsOutAfter)),
		keyTo("unplanned_discharge", "hazard ratio of leaving a bed early", ratio, on(sim.UnplannedDischarge)),
		keyTo("relapse", "hazard ratio of relapse", ratio, on(sim.RelapseAfter)),
	}
}

// traits is the map from traits to their shares, with the effects beside them.
var traits = kind[[]sim.Trait]{
	read: func(r *reader, n *node) ([]sim.Trait, bool) {
		var all []sim.Trait
		before := len(*r.faults)
		r.namedEntries(n, "a map of traits", "a trait", slices.DeleteFunc(slices.Clone(reservedForPeople),
			func(w string) bool { return w == "effects" }), func(e entry) {
			if e.key == "effects" {
				return
			}
			if v, ok := perCohort(share).read(r, e.value); ok {
				all = append(all, sim.Trait{Name: e.key, Share: v})
			}
		})
		if len(all) > mostTraits {
			r.faults.add(n.at, "there are "+strconv.Itoa(len(all))+" traits", "name at most "+strconv.Itoa(mostTraits))
		}
		if effects := n.get("effects"); effects != nil && effects.sort != empty {
			r.traitEffects(effects, all)
		}
		return all, len(*r.faults) == before
	},
	schema: func(s *sketch) any {
		return doc{
			"type": "object", "minProperties": 1, "additionalProperties": perCohort(share).schema(s),
			"properties": doc{"effects": s.describe("what a trait does to hazards, by trait",
				doc{"type": "object", "additionalProperties": effectsKind().schema(s)})},
		}
	},
}

func (r *reader) traitEffects(n *node, traits []sim.Trait) {
	if !r.isMap(n, "a map of effects by trait", nil) {
		return
	}
	for _, e := range n.entries {
		i := slices.IndexFunc(traits, func(t sim.Trait) bool { return t.Name == e.key })
		if !contains(r.traits, e.key) {
			r.faults.add(e.at, "there is no trait `"+short(e.key)+"`", meant(e.key, r.traits)+"the traits are "+quoted(r.traits, "and"))
		} else if v, ok := effectsKind().read(r, e.value); ok && i >= 0 {
			traits[i].Effects = v
		}
	}
}

// streams is the map of sources of referrals.
var streams = kind[[]sim.Stream]{
	read: func(r *reader, n *node) ([]sim.Stream, bool) {
		var all []sim.Stream
		before := len(*r.faults)
		r.namedEntries(n, "a map of referrals", "a stream of referrals", nil, func(e entry) {
			w := stream{Stream: sim.Stream{Name: e.key}}
			if r.readTable(e.value, "a stream of referrals", streamTable(&w), nil) {
				r.finishStream(e, &w)
				all = append(all, w.Stream)
			}
		})
		return all, len(*r.faults) == before
	},
	schema: func(s *sketch) any {
		return doc{"type": "object", "minProperties": 1, "additionalProperties": s.define("stream",
			func() any { return s.object(streamTable(new(stream))) })}
	},
}

// stream is a stream of referrals while it is read.
type stream struct {
	sim.Stream
	rates   []sim.CohortRate
	sources []string // of per_year, ..., between, dates
	cohort  string
	shares  sim.Per[float64]
	dates   *node
}

func streamTable(w *stream) table {
	rate := func(name, about, span string) field {
		return keyTo(name, about, ratesKind(span), func(v []sim.CohortRate) {
			w.rates, w.sources = v, append(w.sources, name)
		})
	}
	return table{
		rate("per_year", "people in 365.25 days, for all or by cohort", "year"),
		rate("per_month", "people in a twelfth of a year, for all or by cohort", "month"),
		rate("per_week", "people a week, for all or by cohort", "week"),
		rate("per_day", "people a day, for all or by cohort", "day"),
		keyTo("between", "the law of the time between referrals, instead of a rate", law(), func(v dist.Law) {
			w.Between, w.sources = v, append(w.sources, "between")
		}),
		keyTo("dates", "referrals to replay: a CSV file (columns date, cohort, and where known ready), or a list", datesKind, func(n *node) {
			w.dates, w.sources = n, append(w.sources, "dates")
		}),
		key("cohort", "the one cohort of all who come", cohortName, &w.cohort),
		key("shares", "the cohorts of those who come: `{opiates: 60%, else: 40%}`", perCohort(share), &w.shares),
		key("growth", "so much more each year, compounding: `2% per year`", growth, &w.Growth),
		keyTo("by_month", "factors by month, others 1: `{jan: 1.2, dec: 0.75}`", factors(monthNames), func(v []float64) { copy(w.ByMonth[:], v) }),
		keyTo("by_weekday", "factors by weekday, others 1", factors(dayNames), func(v []float64) { copy(w.ByWeekday[:], v) }),
		keyTo("by_hour", "factors by hour, others 1: `{9: 2, 10: 2}`, or a list of 24", factors(hourNames), func(v []float64) { copy(w.ByHour[:], v) }),
		need(key("enters", "the stage where they enter the pathway", stageName, &w.Enters)),
		key("priority", "`urgent`, `high`, `normal` or a whole number", priority, &w.Priority),
		key("ready_after", "nobody is admitted to a bed until so long after referral, as before a release from prison: a length of time or a law", perLaw(law()), &w.ReadyAfter),
	}
}

// priority is a number, higher first.
var priority = kind[int]{
	read: func(r *reader, n *node) (int, bool) {
		if i := slices.Index([]string{"normal", "high", "urgent"}, n.text); n.sort == scalar && i >= 0 {
			return i, true
		}
		v, err := strconv.Atoi(n.text)
		if n.sort != scalar || err != nil || v < -1000 || v > 1000 {
			r.faults.add(n.at, n.named()+" is not a priority", meant(n.text, []string{"urgent", "high", "normal"})+"write `urgent` (2), `high` (1), `normal` (0) or a whole number")
			return 0, false
		}
		return v, true
	},
	schema: func(*sketch) any {
		return doc{"anyOf": []any{doc{"enum": []string{"urgent", "high", "normal"}}, doc{"type": "integer", "minimum": -1000, "maximum": 1000}}}
	},
}

// ratesKind is a rate for all (under cohort "") or a map by cohort.
func ratesKind(span string) kind[[]sim.CohortRate] {
	one := rateOver(span)
	return kind[[]sim.CohortRate]{
		read: func(r *reader, n *node) ([]sim.CohortRate, bool) {
			if n.sort != mapping {
				v, ok := one.read(r, n)
				return []sim.CohortRate{{PerYear: v}}, ok
			}
			rules, ok := perCohort(one).read(r, n)
			var rates []sim.CohortRate
			for _, c := range r.cohorts {
				if v, found := pick(rules, c, nil); found && ok {
					rates = append(rates, sim.CohortRate{Cohort: c, PerYear: v})
				}
			}
			return rates, ok
		},
		schema: perCohort(one).schema,
	}
}

// finishStream settles what several keys of a stream say together.
func (r *reader) finishStream(e entry, w *stream) {
	sources := []string{"per_year", "per_month", "per_week", "per_day", "between", "dates"}
	if len(w.sources) != 1 {
		what := "stream `" + e.key + "` says nothing of how many people come"
		if len(w.sources) > 1 {
			what = "stream `" + e.key + "` gives both " + quoted(w.sources, "and")
		}
		r.faults.add(e.at, what, "give one of "+quoted(sources, "or"))
		return
	}
	mix, ok := r.mix(e, w)
	if !ok {
		return
	}
	switch {
	case w.Between != nil:
		w.Cohort = mix
		if w.Between.Mean() <= 0 {
			r.faults.add(e.value.get("between").at, "`between` is no time at all", "the mean time between referrals must be above 0")
		}
	case w.dates != nil:
		r.replay(e, w, mix)
		return
	case len(w.rates) == 1 && w.rates[0].Cohort == "":
		for _, m := range mix {
			w.Rates = append(w.Rates, sim.CohortRate{Cohort: m.Who, PerYear: w.rates[0].PerYear * m.Value})
		}
	default:
		w.Rates = w.rates
	}
	r.warnPatterns(e, w)
}

// mix is the cohorts of those who come and their shares. It is empty where the
// rates, or the rows replayed, name the cohorts themselves.
func (r *reader) mix(e entry, w *stream) (sim.Per[float64], bool) {
	byCohort := len(w.rates) > 0 && w.rates[0].Cohort != "" || w.sources[0] != "between" && w.sources[0] != "dates" && len(w.rates) == 0
	switch {
	case byCohort && (w.cohort != "" || w.shares != nil):
		r.faults.add(e.at, "stream `"+e.key+"` names its cohorts twice", "its rates are by cohort already; leave out `cohort` and `shares`")
		return nil, false
	case byCohort:
		return nil, true
	case w.cohort != "" && w.shares != nil:
		r.faults.add(e.at, "stream `"+e.key+"` gives `cohort` and `shares`", "keep one of them")
		return nil, false
	case w.cohort != "":
		return sim.Per[float64]{{Who: w.cohort, Value: 1}}, true
	case w.shares != nil:
		return r.shares(e.value.get("shares"), w.shares)
	case len(r.cohorts) == 1:
		return sim.Per[float64]{{Who: r.cohorts[0], Value: 1}}, true
	case w.dates != nil:
		return nil, true
	}
	r.faults.add(e.at, "stream `"+e.key+"` does not say which cohorts come",
		"give `shares: {"+r.cohorts[0]+": 60%, else: 40%}`, `cohort:`, or a rate by cohort")
	return nil, false
}

// shares turns shares by cohort, `else` among them, into one share a cohort.
func (r *reader) shares(n *node, given sim.Per[float64]) (sim.Per[float64], bool) {
	named := sim.Per[float64]{}
	sum, rest, elseShare := 0.0, []string{}, 0.0
	for _, rule := range given {
		sum += rule.Value
		if rule.Who == "" {
			elseShare = rule.Value
		} else {
			named = append(named, rule)
		}
	}
	for _, c := range r.cohorts {
		if _, found := pick(named, c, nil); !found {
			rest = append(rest, c)
		}
	}
	if n.get(otherwise) != nil && len(rest) != 1 || n.sort != mapping {
		r.faults.add(n.at, "these shares leave open which cohort comes", "give each of "+quoted(r.cohorts, "and")+" its share; `else` can stand for one of them only")
		return nil, false
	}
	if elseShare > 0 {
		named = append(named, sim.Rule[float64]{Who: rest[0], Value: elseShare})
	}
	if math.Abs(sum-1) > 1e-9 {
		r.faults.add(n.at, "the shares make "+percentage(sum), "make them 100%")
		return nil, false
	}
	return named, true
}

var (
	monthNames = keys("jan feb mar apr may jun jul aug sep oct nov dec")
	dayNames   = keys("sun mon tue wed thu fri sat")
	hourNames  = keys("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23")
)

// factors are relative factors over a cycle: a map, others 1, or a whole list.
func factors(names []string) kind[[]float64] {
	return kind[[]float64]{
		read: func(r *reader, n *node) ([]float64, bool) {
			values := make([]float64, len(names))
			if n.sort == list {
				read, ok := listOf("a list of factors", plainNumber).read(r, n)
				if ok && len(read) != len(names) {
					r.faults.add(n.at, n.named()+" has "+strconv.Itoa(len(read))+" factors", "give "+strconv.Itoa(len(names)))
					return nil, false
				}
				return read, ok && r.someFactor(n, read)
			}
			for i := range values {
				values[i] = 1
			}
			t := make(table, len(names))
			for i, name := range names {
				t[i] = key(name, "factor", plainNumber, &values[i])
			}
			ok := r.readTable(n, "a map of factors", t, nil)
			return values, ok && r.someFactor(n, values)
		},
		schema: func(s *sketch) any {
			properties := doc{}
			for _, name := range names {
				properties[name] = plainNumber.schema(s)
			}
			return doc{"anyOf": []any{
				doc{"type": "object", "properties": properties, "additionalProperties": false},
				doc{"type": "array", "items": plainNumber.schema(s), "minItems": len(names), "maxItems": len(names)},
			}}
		},
	}
}

func (r *reader) someFactor(n *node, values []float64) bool {
	if slices.Max(values) > 0 {
		return true
	}
	r.faults.add(n.at, "every factor of `"+n.key+"` is 0", "somebody must come at some time")
	return false
}

// warnPatterns says which patterns do not average 1, as Compile makes them.
func (r *reader) warnPatterns(e entry, w *stream) {
	for _, p := range []struct {
		key    string
		values []float64
	}{{"by_month", w.ByMonth[:]}, {"by_weekday", w.ByWeekday[:]}, {"by_hour", w.ByHour[:]}} {
		sum, days := 0.0, 0.0
		for i, v := range p.values {
			weight := 1.0
			if p.key == "by_month" {
				weight = float64(time.Date(2025, time.Month(i+2), 0, 0, 0, 0, 0, time.UTC).Day())
			}
			sum, days = sum+v*weight, days+weight
		}
		if mean := sum / days; mean != 0 && math.Abs(mean-1) > 0.0005 {
			r.warn("normalised", "referrals."+e.key+"."+p.key,
				"the factors average %s, so each is divided by that: the yearly number stays as given", strings.TrimRight(strconv.FormatFloat(mean, 'f', 3, 64), "0"))
		}
	}
}
