package scenarios

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tier4/sim"
	"tier4/sim/dist"
)

// Sought is a number that a calibration is to find, and what is believed of it beforehand: a law between
// bounds, or whole numbers from one to another, each as likely.
type Sought struct {
	Number
	Prior     dist.Law // nil for whole numbers
	Low, High float64  // bounds; High may be +Inf
	From, To  int      // whole numbers

	at pos
}

// Where is the place of the scenario that seeks it: file:line:column.
func (s *Sought) Where() string { return fmt.Sprintf("%s:%d:%d", s.at.file, s.at.line, s.at.column) }

// Number is a number of a scenario, by its path. Values are in the unit that a bare number has there: pounds,
// days, fractions.
type Number struct {
	Path  string
	Value float64 // as the scenario has it

	one Unknown
}

// Say writes a value as the scenario would: `£172`, `12.3 days`, `85%`.
func (n *Number) Say(v float64) string { return n.one.Say(v) }

// Setting is "path=value", as [Load] takes it.
func (n *Number) Setting(v float64) string { return n.one.Setting(v) }

// Text is a value as a scenario reads it.
func (n *Number) Text(v float64) string { return n.one.text(v) }

// Number finds the number at a path. The error is a [Faults] that says what is wrong with the path.
func (s *Scenario) Number(path string) (Number, error) {
	var faults Faults
	r := &reader{faults: &faults, root: s.tree}
	n, _ := r.number(path, pos{file: s.src.file, line: 1, column: 1}, "be found")
	return n, faults.err()
}

// number finds the number at a path.
func (r *reader) number(path string, at pos, what string) (Number, bool) {
	head, _, _ := strings.Cut(path, ".")
	if contains(topKeys(), head) && !contains(mayBeUnknown, head) {
		r.faults.add(at, "`"+short(path)+"` cannot "+what, "name a number under "+quoted(mayBeUnknown, "or"))
		return Number{}, false
	}
	steps, rest := walk(r.root, path)
	here := steps[len(steps)-1]
	if rest != "" {
		(&overlays{faults: r.faults}).lost(edit{path, at, here}, here, rest)
		return Number{}, false
	}
	one := Unknown{Path: path, at: at}
	if r.blamedIn(here) { // said there
		return Number{}, false
	}
	if !r.standsFor(&one, here, at) {
		return Number{}, false
	}
	return Number{path, one.Value, one}, true
}

// At is the spec of the scenario with other values of some of its numbers: what [Load] would give with
// [Number.Setting] of each, read from memory and without its warnings. It may be called side by side. The
// error is a [Faults].
func (s *Scenario) At(numbers []Number, values []float64) (sim.Spec, error) {
	tree := s.tree.fork()
	for i := range numbers {
		numbers[i].one.put(tree, s.tree, values[i])
	}
	var one Scenario
	if err := s.again().readVariant(tree, &one).err(); err != nil {
		return sim.Spec{}, err
	}
	one.Spec.Name = s.Spec.Name
	return one.Spec, nil
}

// seekable are the laws that a number may have beforehand.
func seekable() []string { return append([]string{"integer"}, unknownLaws()...) }

const saySought = "write `{integer: {from: 1, to: 6}}`, or a law such as `{uniform: {from: 3 days, to: 40 days}}`"

// soughtKind reads `calibrate`. It comes after all else: every path must lead to a number that was read.
func soughtKind() kind[[]Sought] {
	return kind[[]Sought]{
		read: func(r *reader, n *node) ([]Sought, bool) {
			if !r.isMap(n, "a map from paths to what is believed beforehand", nil) {
				return nil, false
			}
			before := len(*r.faults)
			var all []Sought
			for _, e := range n.entries {
				if one, ok := r.sought(e); ok {
					all = append(all, one)
				}
			}
			return all, len(*r.faults) == before
		},
		schema: func(s *sketch) any {
			return s.define("calibrate", func() any {
				laws := doc{
					"integer":  s.describe("whole numbers from one to another, each as likely", doc{"type": "object", "required": []string{"from", "to"}, "additionalProperties": false, "properties": doc{"from": doc{"type": "integer", "minimum": 0}, "to": doc{"type": "integer", "minimum": 0}}}),
					"at_least": s.describe("never below", quantitySchema()),
					"at_most":  s.describe("never above", quantitySchema()),
				}
				for _, f := range families {
					if contains(unknownLaws(), f.name) {
						laws[f.name] = doc{"type": "object", "description": f.about}
					}
				}
				return doc{"type": "object", "additionalProperties": doc{
					"type": "object", "properties": laws, "minProperties": 1, "maxProperties": 3, "additionalProperties": false,
				}}
			})
		},
	}
}

func quantitySchema() any { return doc{"type": []string{"string", "number"}} }

// sought reads one path with what is believed of it.
func (r *reader) sought(e entry) (Sought, bool) {
	one := Sought{at: e.at, High: math.Inf(1)}
	var ok bool
	if one.Number, ok = r.number(e.key, e.at, "be calibrated"); !ok {
		return one, false
	}
	n := e.value
	if n.sort != mapping || len(n.entries) == 0 {
		r.faults.add(n.at, n.named()+" says nothing of what is believed beforehand", saySought)
		return one, false
	}
	n.isFree()
	before, laws := len(*r.faults), 0
	legal := append(keys("at_least at_most"), seekable()...)
	for _, b := range n.entries {
		switch {
		case !contains(legal, b.key):
			r.faults.add(b.at, "unknown key `"+short(b.key)+"` in what is calibrated", meant(b.key, legal)+"the keys here are "+quoted(legal, "and"))
		case b.value.sort == empty:
			r.faults.add(b.value.at, "`"+b.key+":` has no value", "give it one, or remove the key")
		case b.key == "at_least":
			one.Low = r.bound(&one.Number, b.value)
		case b.key == "at_most":
			one.High = r.bound(&one.Number, b.value)
		default:
			laws++
			r.believed(&one, b)
		}
	}
	if len(*r.faults) > before {
		return one, false
	}
	if laws != 1 {
		r.faults.add(n.at, "`"+short(e.key)+"` has "+map[bool]string{true: "no law", false: "more than one law"}[laws == 0], saySought)
		return one, false
	}
	return one, r.holds(&one, n)
}

// bound reads a bound in the unit of a number.
func (r *reader) bound(of *Number, n *node) float64 {
	q, ok := quantityOf(n.text)
	if n.sort != scalar || !ok || !q.unit.alike(of.one.unit.unit) {
		r.faults.add(n.at, n.named()+" is not in the unit of `"+short(of.Path)+"`, which is `"+of.Say(of.Value)+"`", "write it in that unit")
	}
	return q.value
}

// believed reads the law of a number that is sought.
func (r *reader) believed(one *Sought, e entry) {
	if e.key != "integer" {
		i := slices.Index(lawNames, e.key)
		measured := kind[float64]{read: func(r *reader, n *node) (float64, bool) {
			before := len(*r.faults)
			v := r.bound(&one.Number, n)
			return v, len(*r.faults) == before
		}}
		one.Prior, _ = families[i].read(r, e.value, measured)
		return
	}
	ok := r.readTable(e.value, "`integer`", table{
		need(key("from", "the least whole number", whole(0), &one.From)),
		need(key("to", "the most", whole(0), &one.To)),
	}, nil)
	if ok && one.To < one.From {
		r.faults.add(e.value.at, fmt.Sprintf("there is no whole number from %d to %d", one.From, one.To), "write the least first")
	}
}

// holds has what is believed leave something to find.
func (r *reader) holds(one *Sought, n *node) bool {
	if one.Prior == nil {
		if n.get("at_least") != nil || n.get("at_most") != nil {
			r.faults.add(n.at, "`"+short(one.Path)+"` has bounds twice", "keep those of `integer`")
			return false
		}
		return true
	}
	if one.High <= one.Low || one.Prior.CDF(one.High)-one.Prior.CDF(one.Low) < 0.001 {
		r.faults.add(n.at, "almost nothing of what is believed of `"+short(one.Path)+"` lies within its bounds", "widen them, or change the law")
		return false
	}
	return true
}
