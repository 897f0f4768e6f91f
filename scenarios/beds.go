package scenarios

import (
	"math"
	"slices"
	"strings"

	"tier4/sim"
	"tier4/sim/dist"
)

func bedsTable(r *reader, s *sim.Stage) table {
	s.Beds = new(sim.Beds)
	b := s.Beds
	var read []place
	return table{
		need(keyPartly("places", "the beds, by provider, tried in this order, spot places after all others", places, func(v []place) {
			read = v
			for _, p := range v {
				b.Places = append(b.Places, p.Place)
			}
		})),
		need(key("stay", "the planned length of stay: a length of time or a law", forAll(perLaw(law())), &b.Stay)),
		keyTo("extension", "a share of stays is planned longer: `{share: 15%, adds: 6 weeks}`", extensionKind(), func(v extension) {
			b.Extension, b.ExtensionAdds = v.share, v.adds
		}),
		key("unplanned_discharge", "the law of leaving early, which races the planned stay", perLaw(neverOr()), &b.UnplannedDischarge),
		keyTo("wants_local", "a share at first takes only places with `local: true`: `{share: 40%, for: 28 days}`", wantsLocal(), func(v localWish) {
			b.WantsLocal, b.LocalFor = v.share, v.long
		}),
		key("stays_on_for", "who has completed keeps the bed: `{rehab: up to 7 days}`, `{rehab: until there is room}` or `{home: 3 days}`", staysOn, &b.StaysOn),
		key("admit_only_when", "who goes on to a stage is admitted only when a block place there can be held: `{rehab: place_held}`", heldPlace, &b.HeldPlace),
		keyTo("notice_nights", "nights paid after someone leaves unplanned, at the spot and share places that do not say", count, func(nights int) {
			for i, p := range read {
				if p.paysNotice() && !p.noticed {
					b.Places[i].Terms.NoticeNights = nights
				}
			}
		}),
		keyTo("closures", "times when nobody is admitted to the places that name none of their own: `[{from: 2026-06-01, until: 2026-08-01}]`", closures, func(v []sim.Span) {
			for i, p := range read {
				if p.Closures == nil {
					b.Places[i].Closures = v
				}
			}
		}),
		costsOf(s, "beds", "a beds stage"),
	}
}

// extension is a share of stays that are planned longer, and by how much.
type extension struct {
	share sim.Per[float64]
	adds  sim.Per[dist.Law]
}

func extensionKind() kind[extension] {
	return object("extension", "an extension", func(_ *reader, e *extension) table {
		return table{
			need(key("share", "the share of stays that are extended", per(share, nil), &e.share)),
			need(key("adds", "how much longer: a length of time or a law", forAll(perLaw(law())), &e.adds)),
		}
	})
}

// localWish is a share who at first take only local places, and for how long.
type localWish struct {
	share sim.Per[float64]
	long  sim.Days
}

func wantsLocal() kind[localWish] {
	return object("wants_local", "a wish for a local place", func(_ *reader, w *localWish) table {
		return table{
			need(key("share", "the share who want a local place", per(share, nil), &w.share)),
			need(key("for", "so long from joining the list; then they take any place", above0, &w.long)),
		}
	})
}

// How long someone stays on for a stage.
const (
	upTo           = "up to "
	untilRoom      = "until there is room"
	sayStaysOn     = "write `up to 7 days` or `until there is room`"
	sayStaysOnExit = "write a length of time or a law such as `{exponential: {mean: 3 days}}`"
)

// staysOn is for what people who have completed their stay keep the bed. Whether
// those who complete go there at all is held by checkBeds.
var staysOn = kind[[]sim.StaysOn]{
	read: func(r *reader, n *node) ([]sim.StaysOn, bool) {
		legal := append(r.stages[:len(r.stages):len(r.stages)], sim.ExitHome, sim.ExitCommunity)
		if !r.isMap(n, "a map from what is waited for to how long", nil) {
			(*r.faults)[len(*r.faults)-1].Instead = "write `{rehab: up to 7 days}` or `{home: 3 days}`"
			return nil, false
		}
		n.isFree()
		var all []sim.StaysOn
		before := len(*r.faults)
		for _, e := range n.entries {
			if !contains(legal, e.key) {
				r.faults.add(e.at, "nobody can stay on for `"+short(e.key)+"`", meant(e.key, legal)+"name a stage, `home` or `community`: here "+quoted(legal, "or"))
				continue
			}
			if e.value.sort == empty {
				r.faults.add(e.value.at, "`"+e.key+":` has no value", "say how long, or remove the line")
				continue
			}
			if one, ok := r.staysOnFor(e); ok {
				all = append(all, one)
			}
		}
		return all, len(*r.faults) == before
	},
	schema: func(s *sketch) any {
		stage := doc{"type": "string", "pattern": "^" + upTo + " *" + strings.TrimPrefix(durationPattern(), "^")}
		exit := perLaw(law()).schema(s)
		return doc{
			"type": "object", "properties": doc{sim.ExitHome: exit, sim.ExitCommunity: exit},
			"additionalProperties": doc{"anyOf": []any{doc{"const": untilRoom}, stage}},
		}
	},
}

// staysOnFor reads for how long the bed is kept for one stage or exit.
func (r *reader) staysOnFor(e entry) (sim.StaysOn, bool) {
	n, one := e.value, sim.StaysOn{To: e.key}
	waits := n.sort == scalar && (n.text == untilRoom || strings.HasPrefix(n.text, upTo))
	var ok bool
	switch {
	case contains(exits, e.key) && waits:
		r.faults.add(n.at, "nobody waits for a place at `"+e.key+"`, which has room for all", sayStaysOnExit)
	case contains(exits, e.key):
		one.For, ok = perLaw(law()).read(r, n)
	case !waits:
		r.faults.add(n.at, n.named()+" does not say how long the bed is kept", sayStaysOn)
	case n.text == untilRoom:
		one.UpTo, ok = math.Inf(1), true
	default:
		long := *n
		long.text = strings.TrimSpace(strings.TrimPrefix(n.text, upTo))
		one.UpTo, ok = above0.read(r, &long)
	}
	return one, ok
}

const placeHeld = "place_held"

// heldPlace names the stage in which a place must be held before somebody is admitted.
var heldPlace = kind[string]{
	read: func(r *reader, n *node) (string, bool) {
		if !r.isMap(n, "a condition of admission", nil) || len(n.entries) != 1 {
			at := n.at
			if len(n.entries) > 1 {
				at = n.entries[1].at
			}
			if n.sort == mapping {
				r.faults.add(at, "`"+n.key+"` does not name one stage", "write `{rehab: place_held}`, with one stage of this pathway")
			} else {
				(*r.faults)[len(*r.faults)-1].Instead = "write `{rehab: place_held}`"
			}
			return "", false
		}
		e := n.entries[0]
		ok := true
		if !r.mayBe(e.key, "beds") {
			r.faults.add(e.at, "`"+short(e.key)+"` is not a beds stage", meant(e.key, r.bedsStages())+"the beds stages are "+quoted(r.bedsStages(), "and"))
			ok = false
		} else if places := r.placesOf(e.key); len(places.keys()) > 0 && !slices.ContainsFunc(places.entries, func(p entry) bool { return contains([]string{"block", ""}, contractOf(p.value)) }) {
			r.faults.add(e.at, "no place of `"+e.key+"` can be held: none has a block contract", "give it a place with `contract: block`, or leave out `"+n.key+"`")
			ok = false
		}
		if e.value.sort != scalar || e.value.text != placeHeld {
			r.faults.add(e.value.at, e.value.named()+" is not a condition of admission", "write `"+e.key+": "+placeHeld+"`")
			ok = false
		}
		return e.key, ok
	},
	schema: func(*sketch) any {
		return doc{"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": doc{"const": placeHeld}}
	},
}

// placesOf is the map of places of a stage as written, nil if it has none.
func (r *reader) placesOf(stage string) *node {
	return r.root.near("pathway").get(stage).near("places")
}

// contractOf is the contract of a place as written, "" if it is none that is known.
func contractOf(place *node) string {
	if c := place.near("contract"); c != nil {
		return nearest(c.text, contractWords())
	}
	return ""
}

// checkBeds holds what several keys of a beds stage say together.
func (r *reader) checkBeds(n *node, s *sim.Stage) {
	if n.get("next") == nil || !r.sound(n, "next") {
		return
	}
	for _, on := range s.Beds.StaysOn {
		if !goesTo(s, on.To) {
			e := n.get("stays_on_for")
			r.faults.add(e.entries[e.index(on.To)].at, "nobody who completes `"+s.Name+"` goes straight on to `"+on.To+"`", "name where `next` sends those who complete")
		}
	}
	if held := s.Beds.HeldPlace; held != "" && !goesTo(s, held) {
		r.faults.add(n.get("admit_only_when").entries[0].at, "nobody who completes `"+s.Name+"` goes straight on to `"+held+"`", "name where `next` sends those who complete")
	}
}

// goesTo says whether anybody who completes a stage goes straight on to another.
func goesTo(s *sim.Stage, to string) bool {
	return slices.ContainsFunc(s.Next[sim.Completed], func(b sim.Branch) bool { return b.To == to && (b.Rest || some(b.Share)) })
}

// checkHeldPlaces refuses stages that wait for one another's places in a circle.
func (r *reader) checkHeldPlaces(pathway *node) {
	waits := map[string]string{}
	for i := range r.spec.Stages {
		if b := r.spec.Stages[i].Beds; b != nil && b.HeldPlace != "" {
			waits[r.spec.Stages[i].Name] = b.HeldPlace
		}
	}
	for _, e := range pathway.entries {
		at := waits[e.key]
		if !r.sound(e.value, "admit_only_when") {
			continue
		}
		for range waits {
			if at == e.key {
				r.faults.add(e.value.get("admit_only_when").at, "`"+e.key+"` waits for a place that waits for a place in `"+e.key+"`", "leave out one `admit_only_when` of the circle")
				break
			}
			at = waits[at]
		}
	}
}
