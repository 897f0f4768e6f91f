package scenarios

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"tier4/sim"
)

// arrived is somebody who is there at the start, and where that was written.
type arrived struct {
	sim.Started
	at pos
}

// crowd is a number of people who are there at the start: of all cohorts, or by cohort.
type crowd struct {
	at           pos
	stage, place string
	inside       bool
	heads        headcount
}

// headcount is a number of people, of all cohorts under "".
type headcount []cohortCount

type cohortCount struct {
	cohort string
	people int
}

const mostPresent = 100_000 // people at the start

// startKind is who is there at the start. What is read stays with the reader
// until the referrals are known, by which numbers are shared out.
var startKind = kind[bool]{
	acts: true,
	read: func(r *reader, n *node) (bool, bool) {
		ok := r.readTable(n, "a start", startTable(r), nil)
		people := n.get("people")
		switch {
		case ok && len(n.entries) == 0:
			r.faults.add(n.at, n.named()+" is empty", "say who is `waiting`, `in_beds` or `in_aftercare`, or leave it out")
		case people != nil && len(n.entries) > 1:
			r.faults.add(people.at, "`people` stands beside numbers", "name everyone in the file, or give numbers only")
		}
		if r.spec.WarmUp > 0 {
			r.faults.add(n.at, "people are there at the start, and the warm-up would run before anything is measured", "set `warm_up: 0 days` with `start_with`")
		}
		return true, ok
	},
	schema: func(s *sketch) any {
		d := s.object(startTable(new(reader)))
		d["minProperties"] = 1
		return d
	},
}

func startTable(r *reader) table {
	people := func(inside bool) func(crowds []crowd) {
		return func(crowds []crowd) {
			for _, c := range crowds {
				c.inside = inside
				r.crowds = append(r.crowds, c)
			}
		}
	}
	return table{
		keyTo("people", "a CSV file of everyone: columns stage, cohort, joined, and where known place, since, stream, traits (parted by `;`)",
			kind[*node]{read: keep.read, schema: text.schema}, r.readPeople),
		keyTo("waiting", "people on each list, of all cohorts or by cohort: `{detox: 5, rehab: {opiates: 3}}`", crowdsAt("a map of lists", ""), people(false)),
		keyTo("in_beds", "people in the beds of each place: `{rehab: {riverside: 5}}`", crowdsInBeds, people(true)),
		keyTo("in_aftercare", "people followed in each aftercare: `{aftercare: 12}`", crowdsAt("a map of aftercare stages", "aftercare"), people(true)),
	}
}

// headsKind is a number of people, or numbers by cohort.
var headsKind = func() kind[headcount] {
	one := kind[int]{schema: whole(0).schema, read: func(r *reader, n *node) (int, bool) {
		v, ok := whole(0).read(r, n)
		if ok && v > mostPresent {
			r.faults.add(n.at, n.named()+" is beyond reason", "write at most 100,000")
			return 0, false
		}
		return v, ok
	}}
	return kind[headcount]{
		read: func(r *reader, n *node) (headcount, bool) {
			if n.sort != mapping {
				v, ok := one.read(r, n)
				return headcount{{"", v}}, ok
			}
			if len(n.entries) == 0 {
				r.faults.add(n.at, n.named()+" is empty", "give one number, or numbers by cohort")
			}
			var all headcount
			before := len(*r.faults)
			for _, e := range n.entries {
				switch {
				case !contains(r.cohorts, e.key):
					r.faults.add(e.at, "`"+short(e.key)+"` is not a cohort here", meant(e.key, r.cohorts)+"the cohorts are "+quoted(r.cohorts, "and"))
				case e.value.sort == empty:
					r.faults.add(e.value.at, "`"+e.key+":` has no value", "give a number, or remove the line")
				default:
					if v, ok := one.read(r, e.value); ok {
						all = append(all, cohortCount{e.key, v})
					}
				}
			}
			return all, len(*r.faults) == before
		},
		schema: func(s *sketch) any {
			return s.define("headcount", func() any {
				return doc{"anyOf": []any{one.schema(s), doc{"type": "object", "minProperties": 1, "additionalProperties": one.schema(s)}}}
			})
		},
	}
}()

// crowdsAt is a map from stages, of one kind unless that is "", to numbers of people.
func crowdsAt(what, stageKind string) kind[[]crowd] {
	return kind[[]crowd]{
		read: func(r *reader, n *node) ([]crowd, bool) {
			var legal []string
			for _, s := range r.stages {
				if stageKind == "" || r.mayBe(s, stageKind) {
					legal = append(legal, s)
				}
			}
			var all []crowd
			ok := r.eachNamed(n, what, "a stage to wait for or be in", legal, func(e entry) {
				if heads, ok := headsKind.read(r, e.value); ok {
					all = append(all, crowd{at: e.value.at, stage: e.key, heads: heads})
				}
			})
			return all, ok
		},
		schema: func(s *sketch) any {
			return doc{"type": "object", "minProperties": 1, "additionalProperties": headsKind.schema(s)}
		},
	}
}

// crowdsInBeds is a map from beds stages to maps from places to numbers of people.
var crowdsInBeds = kind[[]crowd]{
	read: func(r *reader, n *node) ([]crowd, bool) {
		var all []crowd
		ok := r.eachNamed(n, "a map of beds stages", "a beds stage", r.bedsStages(), func(stage entry) {
			legal := r.placesOf(stage.key).keys()
			if len(legal) == 0 { // which they are is not known
				legal = stage.value.keys()
			}
			r.eachNamed(stage.value, "a map of places", "a place of `"+stage.key+"`", legal, func(place entry) {
				if heads, ok := headsKind.read(r, place.value); ok {
					all = append(all, crowd{at: place.value.at, stage: stage.key, place: place.key, heads: heads})
				}
			})
		})
		return all, ok
	},
	schema: func(s *sketch) any {
		return doc{"type": "object", "minProperties": 1, "additionalProperties": doc{
			"type": "object", "minProperties": 1, "additionalProperties": headsKind.schema(s),
		}}
	},
}

// eachNamed reads a map whose keys are names that the scenario has given elsewhere.
func (r *reader) eachNamed(n *node, what, each string, legal []string, use func(e entry)) bool {
	before := len(*r.faults)
	if !r.isMap(n, what, nil) {
		(*r.faults)[len(*r.faults)-1].Instead = "write a map from names, of " + quoted(legal, "and") + ", to numbers of people"
		return false
	}
	if len(n.entries) == 0 {
		r.faults.add(n.at, n.named()+" is empty", "name one of "+quoted(legal, "and")+", or leave it out")
	}
	for _, e := range n.entries {
		switch {
		case len(legal) == 0:
			r.faults.add(e.at, "`"+short(e.key)+"` is not "+each, "leave it out: there is none in this scenario")
		case !contains(legal, e.key):
			r.faults.add(e.at, "`"+short(e.key)+"` is not "+each, meant(e.key, legal)+"there are "+quoted(legal, "and"))
		case e.value.sort == empty:
			r.faults.add(e.value.at, "`"+e.key+":` has no value", "give a number, or remove the line")
		default:
			use(e)
		}
	}
	return len(*r.faults) == before
}

// checkStart makes people of the numbers given, and holds all who are there to the room there is.
func (r *reader) checkStart(n *node) {
	for _, c := range r.crowds {
		if c.heads[0].cohort == "" && (len(r.spec.Streams) == 0 || !r.sound(r.root, "cohorts", "referrals")) {
			continue // nobody can know of whom
		}
		heads, ok := r.sharedOut(c)
		if !ok {
			continue
		}
		for _, h := range heads {
			for range min(h.people, mostPresent+1-len(r.present)) {
				s := sim.Started{Stage: c.stage, Place: c.place, Inside: c.inside, Cohort: h.cohort, Since: math.NaN()}
				r.present = append(r.present, arrived{s, c.at})
			}
		}
	}
	if len(r.present) > mostPresent {
		r.faults.add(n.at, "there are more than 100,000 people at the start", "begin with fewer")
		return
	}
	type where struct {
		stage, place string
		inside       bool
	}
	there := map[where]int{}
	for _, p := range r.present {
		at := where{p.Stage, p.Place, p.Inside}
		there[at]++
		if what, room := r.roomAtStart(p.Started); room != sim.NoLimit && there[at] == room+1 {
			r.faults.add(p.at, "there are more people than "+what+" of `"+cmp.Or(p.Place, p.Stage)+"` at the start, "+strconv.Itoa(room), "begin with fewer, or make more room")
		}
		r.spec.Starting = append(r.spec.Starting, p.Started)
	}
	r.present = nil
}

// roomAtStart is how many can be where a person is, and what that is a number of; no limit where that is wrong.
func (r *reader) roomAtStart(p sim.Started) (what string, room int) {
	at := slices.IndexFunc(r.spec.Stages, func(s sim.Stage) bool { return s.Name == p.Stage })
	n := r.root.get("pathway").get(p.Stage)
	if at < 0 || n.get("kind") == nil || !r.sound(n, "kind", "list_max") {
		return "", sim.NoLimit
	}
	s := &r.spec.Stages[at]
	switch {
	case !p.Inside:
		return "the longest list", s.ListMax
	case s.Kind != sim.BedsKind && !r.sound(n, "places"):
		return "", sim.NoLimit
	case s.Kind == sim.AftercareKind:
		return "the places", s.Aftercare.Places
	case s.Kind == sim.DelayKind:
		return "the places", s.Delay.Places
	}
	n = n.get("places").get(p.Place)
	if at = slices.IndexFunc(s.Beds.Places, func(b sim.Place) bool { return b.Name == p.Place }); at < 0 || n.get("contract") == nil || r.blamed(n.at) || !r.sound(n, "contract", "beds", "of", "from") {
		return "", sim.NoLimit
	}
	b := s.Beds.Places[at]
	switch {
	case b.From > 0:
		return "the open beds", 0
	case b.Contract == sim.Share:
		return "the beds", b.Of
	}
	return "the beds", b.Beds
}

// sharedOut gives a number of people their cohorts, in proportion to the
// referrals of each in a year, by the largest remainders (Hamilton 1792).
func (r *reader) sharedOut(c crowd) (headcount, bool) {
	if c.heads[0].cohort != "" {
		return c.heads, true
	}
	people, total := c.heads[0].people, 0.0
	weights, order := make([]float64, len(r.cohorts)), make([]int, len(r.cohorts))
	for i, name := range r.cohorts {
		weights[i], order[i] = r.referred(name), i
		total += weights[i]
	}
	if total <= 0 && people > 0 && len(r.cohorts) > 1 {
		r.faults.add(c.at, "nobody is referred, so these people cannot be shared out to cohorts", "give numbers by cohort: `{"+r.cohorts[0]+": 3}`")
		return nil, false
	}
	heads, left := make(headcount, len(r.cohorts)), people
	rests := make([]float64, len(r.cohorts))
	for i, name := range r.cohorts {
		part := float64(people)
		if total > 0 {
			part *= weights[i] / total
		}
		heads[i] = cohortCount{name, int(part + 1e-9)}
		rests[i] = part - float64(heads[i].people)
		left -= heads[i].people
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rests[b], rests[a]) })
	for i := 0; i < left; i++ {
		heads[order[i%len(order)]].people++
	}
	return heads, true
}

// referred is how many people of a cohort are referred in a year, as the run starts.
func (r *reader) referred(cohort string) float64 {
	sum := 0.0
	for _, s := range r.spec.Streams {
		switch {
		case s.Between != nil:
			share, _ := pick(s.Cohort, cohort, nil)
			sum += share * yearDays / s.Between.Mean()
		case s.Dates != nil:
			for _, a := range s.Dates {
				if a.Cohort == cohort {
					sum += yearDays / (r.spec.WarmUp + r.spec.Measure)
				}
			}
		default:
			for _, rate := range s.Rates {
				if rate.Cohort == cohort {
					sum += rate.PerYear
				}
			}
		}
	}
	return sum
}
