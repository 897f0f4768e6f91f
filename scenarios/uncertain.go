package scenarios

import (
	"math"
	"regexp"
	"slices"
	"strings"
)

// mayBeUnknown are the keys of a scenario that hold what is found out, not chosen.
var mayBeUnknown = keys("traits referrals staff pathway relapse deaths budgets start_with")

const sayUnknown = "write `path: £140 to £220`, a law such as `{lognormal: {median: 0.7, p95: 1.0}}`, or `times 0.8 to 1.4`"

var rangeForm = regexp.MustCompile(`^(times )?(.+?) to (.+)$`)

// unknownsKind reads `uncertain`. It comes after all else: every path must lead to a number that was read.
func unknownsKind() kind[*Unknowns] {
	return kind[*Unknowns]{schema: unknownsSchema, read: func(r *reader, n *node) (*Unknowns, bool) {
		if !r.isMap(n, "a map from paths to ranges", nil) {
			return nil, false
		}
		before := len(*r.faults)
		u := &Unknowns{}
		for _, e := range n.entries {
			if e.key != "correlations" && e.key != "samples" {
				r.unknown(u, e)
			}
		}
		r.readWith(u)
		if s := n.get("samples"); s != nil {
			r.readSamples(u, s)
		}
		if c := n.get("correlations"); c != nil {
			r.readCorrelations(u, c)
		}
		return u, len(*r.faults) == before
	}}
}

// unknown reads one path with its range or law.
func (r *reader) unknown(u *Unknowns, e entry) {
	one := Unknown{Path: e.key, at: e.at, with: len(u.all)}
	if e.value.sort == scalar && e.value.text == known {
		one.settled = true
	} else if !r.described(&one, e) {
		return
	}
	if one.settled { // it keeps its place among those it is correlated with
		*e.value = node{sort: scalar, at: e.value.at, key: e.key, text: known}
	}
	u.all = append(u.all, one)
}

// known stands in place of a range where a number is not uncertain any more: overlays or settings said what
// it is, or took it away.
const known = "known"

// described reads what is said of an unknown. It is false with a fault.
func (r *reader) described(one *Unknown, e entry) bool {
	stands := r.standing(one, e)
	if stands == nil {
		return one.settled
	}
	n := e.value
	if n.sort == mapping {
		if n = r.lawOf(one, n); n == nil {
			return false
		}
	}
	return r.shape(one, stands, n)
}

// standing finds what is not known. It is nil where the path leads nowhere, of which
// a fault is made unless an overlay took the number away.
func (r *reader) standing(one *Unknown, e entry) *node {
	head, _, _ := strings.Cut(one.Path, ".")
	if contains(topKeys(), head) && !contains(mayBeUnknown, head) {
		r.faults.add(e.at, "`"+short(one.Path)+"` cannot be uncertain: it is chosen, not found out", "name a number under "+quoted(mayBeUnknown, "or"))
		return nil
	}
	one.settled, one.by = one.turned(r.root.turns)
	steps, rest := walk(r.root, one.Path)
	here := steps[len(steps)-1]
	if rest != "" {
		if !one.settled {
			(&overlays{faults: r.faults}).lost(edit{one.Path, e.at, e.value}, here, rest)
		}
		return nil
	}
	if r.blamedIn(here) { // said there
		return nil
	}
	one.step = here.step
	return here
}

// topKeys are the keys of a scenario.
func topKeys() []string { return topTable(new(reader), new(Scenario)).keys() }

// lawOf finds the range or law of an unknown among its keys, nil where there is none.
func (r *reader) lawOf(one *Unknown, n *node) *node {
	n.isFree()
	legal := append(keys("range times with why"), unknownLaws()...)
	var found *node
	for _, e := range n.entries {
		switch {
		case !contains(legal, e.key):
			r.faults.add(e.at, "unknown key `"+short(e.key)+"` in what is uncertain", meant(e.key, legal)+"the keys here are "+quoted(legal, "and"))
			return nil
		case e.value.sort == empty:
			r.faults.add(e.value.at, "`"+e.key+":` has no value", "give it one, or remove the key")
			return nil
		case e.key == "why":
			one.Why, _ = text.read(r, e.value)
		case e.key == "with":
			one.With, _ = text.read(r, e.value)
			one.withAt = e.value.at
		case found != nil:
			r.faults.add(e.at, "`"+short(one.Path)+"` has two distributions", "keep one of them")
			return nil
		case e.key == "times" && e.value.sort == mapping:
			one.Times = true
			found = r.lawOf(one, e.value)
			if found == nil {
				return nil
			}
		case e.key == "times":
			one.Times = true
			found = e.value
		case e.key == "range" && e.value.sort == mapping:
			r.faults.add(e.value.at, e.value.named()+" is not a range", sayUnknown)
			return nil
		case e.key == "range":
			found = e.value
		default:
			found = &node{sort: mapping, at: e.value.at, entries: []entry{e}}
		}
	}
	if found == nil {
		r.faults.add(n.at, "`"+short(one.Path)+"` has no range", sayUnknown)
	}
	return found
}

// readWith finds the numbers whose luck others have.
func (r *reader) readWith(u *Unknowns) {
	for i := range u.all {
		one := &u.all[i]
		if one.With == "" {
			continue
		}
		p := u.place(one.With)
		switch {
		case p < 0 && r.describes(one.With): // what is wrong with it is said there
		case p < 0:
			r.faults.add(one.withAt, "`"+short(one.With)+"` is not uncertain here", meant(one.With, u.paths())+"name a path of `uncertain`")
		case u.all[p].With != "":
			r.faults.add(one.withAt, "`"+short(one.With)+"` goes with another number itself", "name `"+u.all[p].With+"`")
		default:
			one.with = p
		}
	}
}

// describes reports whether the scenario says of a path that it is uncertain, rightly or not.
func (r *reader) describes(path string) bool { return r.root.get("uncertain").index(path) >= 0 }

// unknownLaws are the laws that an unknown may have.
func unknownLaws() []string {
	return slices.DeleteFunc(slices.Clone(lawNames), func(name string) bool { return contains(keys("fixed mixture empirical"), name) })
}

// shape reads the distribution of an unknown: a range, or a law.
func (r *reader) shape(one *Unknown, stands, n *node) bool {
	before := len(*r.faults)
	if n.sort == scalar {
		if m := rangeForm.FindStringSubmatch(strings.TrimSpace(n.text)); m != nil && m[1] != "" {
			one.Times = true
		}
	}
	if one.settled {
		if _, scales := stands.scaled(1.5); !one.Times || !scales {
			return true // its range is of no account
		}
		one.settled = false // a factor holds whatever stands there
	}
	if !r.standsFor(one, stands, n.at) {
		return false
	}
	by := one.by
	if one.Times {
		by = 1
	}
	switch {
	case n.sort == mapping:
		r.readUnknownLaw(one, n.entries[0], by)
	default:
		r.readRange(one, n, by)
	}
	return len(*r.faults) == before
}

// standsFor holds the number that is not known to be one, or what is multiplied to be such as can be.
func (r *reader) standsFor(one *Unknown, stands *node, at pos) bool {
	if one.Times {
		one.Value, one.step = 1, 0
		if _, ok := stands.scaled(1.5); !ok {
			r.faults.add(at, "`"+short(one.Path)+"` is `"+short(stands.String())+"`, which cannot be multiplied", "`times` takes a number, a map of numbers, or a law in lengths of time")
			return false
		}
		return true
	}
	q, ok := quantityOf(stands.text)
	switch {
	case stands.sort != scalar:
		r.faults.add(at, "`"+short(one.Path)+"` is `"+short(stands.String())+"`, which is no single number", "name one number under it, or vary all of it alike: `times 0.8 to 1.4`")
		return false
	case !ok || stands.quoted && q.unit == bareNumber:
		r.faults.add(at, "`"+short(one.Path)+"` is `"+short(stands.text)+"`, which is no number", "only numbers can be uncertain")
		return false
	}
	one.Value, one.unit, one.limit = q.value, q, q.limit
	return true
}

// readRange reads `£140 to £220` or `[£140, £220]`: never outside, the scenario's own value the likeliest.
func (r *reader) readRange(one *Unknown, n *node, by float64) {
	low, high, ok := endsWritten(n)
	if !ok {
		r.faults.add(n.at, n.named()+" is not a range", sayUnknown)
		return
	}
	a, b, ok := r.endsOf(one, n, low, high)
	if !ok {
		return
	}
	a, b = round12(a*by), round12(b*by)
	switch {
	case a > b && one.unit.unit == inRatios && strings.HasSuffix(high, "lower"): // 15% to 30% lower
		a, b = b, a
	}
	switch {
	case a > b:
		r.faults.add(n.at, "the range from `"+low+"` to `"+high+"` is empty: it ends below its start", "write the lower end first: `"+high+" to "+low+"`")
	case a == b:
		r.faults.add(n.at, "the range from `"+low+"` to `"+high+"` is empty", "widen it, or remove the line: the scenario has the value already")
	case one.Value < a || one.Value > b:
		r.faults.add(n.at, "the scenario has `"+one.Say(one.Value)+"` for `"+short(one.Path)+"`, outside its range", "widen the range, for the value itself is taken as the likeliest; or give a law, such as `{uniform: {from: "+low+", to: "+high+"}}`")
	case one.step == 1 && (a != math.Trunc(a) || b != math.Trunc(b)):
		r.faults.add(n.at, "the range from `"+low+"` to `"+high+"` does not end at whole numbers, and `"+short(one.Path)+"` is one", "write two whole numbers, such as `"+bare(math.Floor(a))+" to "+bare(math.Ceil(b))+"`")
	case one.step == 1:
		one.law = steps{triangle{a, one.Value, b}}
	default:
		one.law = triangle{a, one.Value, b}
	}
}

// endsWritten takes a range apart.
func endsWritten(n *node) (low, high string, ok bool) {
	if n.sort == list && len(n.items) == 2 && n.items[0].sort == scalar && n.items[1].sort == scalar {
		return n.items[0].text, n.items[1].text, true
	}
	m := rangeForm.FindStringSubmatch(strings.TrimPrefix(strings.TrimSpace(n.text), upTo))
	if n.sort != scalar || m == nil {
		return "", "", false
	}
	return strings.TrimSpace(m[2]), strings.TrimSpace(m[3]), true
}

// endsOf reads both ends of a range; a unit may be written once.
func (r *reader) endsOf(one *Unknown, n *node, low, high string) (a, b float64, ok bool) {
	if strings.HasPrefix(low, "£") && !strings.HasPrefix(high, "£") {
		high = "£" + high
	}
	if words := unitOf(high); strings.HasPrefix(words, unitOf(low)) {
		low = strings.TrimSpace(strings.TrimSuffix(low, unitOf(low)))
		if words != "" && !strings.HasPrefix(words, "%") {
			low += " "
		}
		low += words
	}
	var values [2]float64
	for i, text := range []string{low, high} {
		q, fine := quantityOf(text)
		if fine && one.Times && q.unit != bareNumber && q.unit != inShares && q.unit != inRatios {
			fine = false
		}
		switch {
		case !fine:
			r.faults.add(n.at, "`"+short(text)+"` is not a number for a range", sayUnknown)
			return 0, 0, false
		case !one.Times && !q.unit.alike(one.unit.unit):
			r.faults.add(n.at, "`"+short(text)+"` is not in the unit of `"+short(one.Path)+"`, which is `"+one.Say(one.Value)+"`", "write both ends in that unit")
			return 0, 0, false
		}
		if !one.Times && one.unit.unit == bareNumber {
			one.unit.unit = q.unit
		}
		values[i] = q.value
	}
	return values[0], values[1], true
}

// unitOf is what stands behind a number.
func unitOf(text string) string {
	if m := amountForm.FindStringSubmatch(strings.TrimPrefix(text, "£")); m != nil {
		return m[2]
	}
	return ""
}

// readUnknownLaw reads a law whose parameters are in the unit of the number.
func (r *reader) readUnknownLaw(one *Unknown, e entry, by float64) {
	i := slices.Index(lawNames, e.key)
	measured := kind[float64]{read: func(r *reader, n *node) (float64, bool) {
		q, ok := quantityOf(n.text)
		if n.sort != scalar || !ok || !one.Times && !q.unit.alike(one.unit.unit) {
			r.faults.add(n.at, n.named()+" is not in the unit of `"+short(one.Path)+"`, which is `"+one.Say(one.Value)+"`", "write it in that unit")
			return 0, false
		}
		return q.value, true
	}}
	if l, ok := families[i].read(r, e.value, measured); ok {
		one.law = stretched{l, by}
	}
}

func unknownsSchema(s *sketch) any {
	return s.define("uncertain", func() any {
		laws := doc{}
		for _, f := range families {
			if contains(unknownLaws(), f.name) {
				laws[f.name] = doc{"type": "object", "description": f.about}
			}
		}
		span := doc{"anyOf": []any{
			doc{"type": "string", "pattern": " to |^known$"},
			doc{"type": "array", "minItems": 2, "maxItems": 2},
		}}
		times := doc{"anyOf": []any{span, doc{"type": "object", "properties": laws, "minProperties": 1, "maxProperties": 1, "additionalProperties": false}}}
		one := doc{"type": "object", "minProperties": 1, "additionalProperties": false}
		properties := doc{
			"range": s.describe("never outside it; the scenario's own value is the likeliest", span),
			"times": s.describe("a factor of all the numbers at the path", times),
			"with":  s.describe("the path of the number it goes up and down with", text.schema(s)),
			"why":   s.describe("where the range comes from", text.schema(s)),
		}
		for name, law := range laws {
			properties[name] = law
		}
		one["properties"] = properties
		return doc{
			"type": "object",
			"properties": doc{
				"correlations": doc{"type": "array", "minItems": 1, "items": doc{
					"type": "object", "additionalProperties": false, "required": []string{"between", "rank"},
					"properties": doc{"between": doc{"type": "array", "minItems": 2, "items": doc{"type": "string"}}, "rank": anyNumber.schema(s)},
				}},
				"samples": doc{"anyOf": []any{doc{"type": "string"}, doc{"type": "array", "minItems": 1, "items": doc{"type": "string"}}}},
			},
			"additionalProperties": doc{"anyOf": []any{span, one}},
		}
	})
}
