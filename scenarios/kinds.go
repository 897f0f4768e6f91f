package scenarios

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tier4/sim"
)

// kind is one way of writing a value: how to read it, and its JSON Schema.
// read notes what is wrong itself; ok is false when there is no usable value. What it reads depends on
// nothing but the node and what no variant of a scenario changes, unless acts says that it does more than
// hand back a value.
type kind[T any] struct {
	read   func(r *reader, n *node) (value T, ok bool)
	schema func(s *sketch) any
	acts   bool
}

// field is one legal key of an object.
type field struct {
	key, about string
	needed     bool
	read       func(r *reader, n *node)
	schema     func(s *sketch) any
}

// table lists the legal keys of an object, in the order they are read.
type table []field

// key is a field that reads a value of a kind into a place.
func key[T any](name, about string, k kind[T], into *T) field {
	return keyTo(name, about, k, func(v T) { *into = v })
}

// keyTo is a field that hands on what it reads, if nothing is wrong with it.
func keyTo[T any](name, about string, k kind[T], use func(T)) field {
	return keyFor(name, about, k, func(v T, ok bool) {
		if ok {
			use(v)
		}
	})
}

// keyPartly is a field that hands on objects so far as they are right, so that what they say together can be checked beside
// what is wrong with them.
func keyPartly[T any](name, about string, k kind[[]T], use func([]T)) field {
	return keyFor(name, about, k, func(v []T, _ bool) { use(v) })
}

// keyFor is a field that hands on what it reads, and whether nothing is wrong with it.
func keyFor[T any](name, about string, k kind[T], use func(v T, ok bool)) field {
	return field{
		key: name, about: about, schema: k.schema,
		read: func(r *reader, n *node) {
			read := k.read
			if !k.acts {
				read = k.recall
			}
			use(read(r, n))
		},
	}
}

// recall is read for a value that a variant takes over from its scenario where it has the very same node, and from
// variants that are read together with it where theirs says the same.
func (k kind[T]) recall(r *reader, n *node) (T, bool) {
	if r.variant {
		if v, ok := r.values[n].(T); ok {
			return v, true
		}
		if was, ok := r.common.find(n); ok {
			if v, ok := was.(T); ok {
				return v, true
			}
		}
	}
	v, ok := k.read(r, n)
	switch {
	case !ok:
	case r.variant:
		r.common.keep(n, v)
	case r.values != nil:
		r.values[n] = v
	}
	return v, ok
}

// recalled is what read makes of a node, by [kind.recall]; it is kept only if nothing was wrong with it.
func recalled[T any](r *reader, n *node, read func() T) T {
	v, _ := kind[T]{read: func(r *reader, _ *node) (T, bool) {
		before := len(*r.faults)
		v := read()
		return v, len(*r.faults) == before
	}}.recall(r, n)
	return v
}

// need is a field that may not be left out.
func need(f field) field {
	f.needed = true
	return f
}

func (t table) has(key string) bool {
	for i := range t {
		if t[i].key == key {
			return true
		}
	}
	return false
}

func (t table) keys() []string {
	keys := make([]string, len(t))
	for i, f := range t {
		keys[i] = f.key
	}
	return keys
}

// readTable reads the keys of a mapping by a table. What is the object's name
// in messages; hint, where not nil, explains a key that the table lacks.
func (r *reader) readTable(n *node, what string, t table, hint func(key string) (what, instead string)) bool {
	if !r.isMap(n, what, t.keys()) {
		return false
	}
	n.isFree()
	before := len(*r.faults)
	for i := range n.entries {
		if e := &n.entries[i]; !t.has(e.key) {
			r.unknownKey(*e, what, t, hint)
			if key := misspelt(e.key, t.keys()); key != "" && n.get(key) == nil {
				e.key, e.value.key = key, key // and is read as what was meant
			}
		}
	}
	for _, f := range t {
		value := n.get(f.key)
		switch {
		case value != nil && value.broken: // said already
		case value == nil && f.needed && slices.ContainsFunc(n.entries, func(e entry) bool {
			return !t.has(e.key) && nearest(e.key, t.keys()) == f.key
		}): // it is there, misspelt
		case value == nil && f.needed:
			r.faults.add(n.at, what+" has no `"+f.key+"`", "add `"+f.key+":` ("+f.about+")")
		case value != nil && value.sort == empty:
			r.faults.add(value.at, "`"+f.key+":` has no value", "give it one ("+f.about+"), or remove the key")
		case value != nil:
			f.read(r, value)
		}
	}
	return len(*r.faults) == before
}

func (r *reader) unknownKey(e entry, what string, t table, hint func(key string) (what, instead string)) {
	if hint != nil {
		if wrong, instead := hint(e.key); wrong != "" {
			r.faults.add(e.at, wrong, instead)
			return
		}
	}
	r.faults.add(e.at, "unknown key `"+short(e.key)+"` in "+what,
		meant(e.key, t.keys())+"the keys here are "+quoted(t.keys(), "and"))
}

// isMap holds a node to be a mapping.
func (r *reader) isMap(n *node, what string, keys []string) bool {
	if n.sort == mapping {
		return true
	}
	instead := "write a map"
	if len(keys) > 0 {
		instead += " of " + quoted(keys, "and")
	}
	r.faults.add(n.at, n.named()+" is not "+what, instead)
	return false
}

// object is the kind of a value whose legal keys are a table.
func object[T any](name, what string, keys func(r *reader, v *T) table) kind[T] {
	return kind[T]{
		read: func(r *reader, n *node) (T, bool) {
			var v T
			ok := r.readTable(n, what, keys(r, &v), nil)
			return v, ok
		},
		schema: func(s *sketch) any {
			return s.define(name, func() any {
				var v T
				return s.object(keys(new(reader), &v))
			})
		},
	}
}

// word is the kind of a value written as one of a few words.
func word[T any](what string, words []string, values []T) kind[T] {
	return kind[T]{
		read: func(r *reader, n *node) (T, bool) {
			for i, w := range words {
				if n.sort == scalar && strings.EqualFold(n.text, w) {
					return values[i], true
				}
			}
			r.faults.add(n.at, n.named()+" is not "+what, meant(n.text, words)+"write "+quoted(words, "or"))
			var none T
			return none, false
		},
		schema: func(*sketch) any { return doc{"enum": words} },
	}
}

// keep is the reading of a value that is looked into later.
var keep = kind[*node]{read: func(_ *reader, n *node) (*node, bool) { return n, true }}

// yesNo is the kind of `true` or `false`.
var yesNo = kind[bool]{
	read:   word("true or false", []string{"true", "false"}, []bool{true, false}).read,
	schema: func(*sketch) any { return doc{"type": "boolean"} },
}

// text is the kind of a free text.
var text = kind[string]{
	read: func(r *reader, n *node) (string, bool) {
		if n.sort != scalar {
			r.faults.add(n.at, n.named()+" is not a text", "write one text, in quotes if it has a `:` or `#`")
			return "", false
		}
		if strings.ContainsFunc(n.text, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }) {
			r.faults.add(n.at, "the text has characters that cannot be shown", "write plain text")
			return "", false
		}
		return n.text, true
	},
	schema: func(*sketch) any { return doc{"type": []string{"string", "number"}} },
}

// whole is the kind of a whole number from a least one.
func whole(least int) kind[int] {
	return kind[int]{
		read: func(r *reader, n *node) (int, bool) {
			n.inSteps(1)
			v, err := strconv.Atoi(strings.ReplaceAll(n.text, ",", ""))
			wrong, instead := "", "write a whole number of "+strconv.Itoa(least)+" or more"
			switch {
			case n.sort != scalar || err != nil:
				wrong = " is not a whole number"
			case v < least:
				wrong = " is too few"
			case v > mostCount:
				wrong, instead = " is too many", "write a whole number up to 1,000,000,000"
			default:
				return v, true
			}
			r.faults.add(n.at, n.named()+wrong, instead)
			return 0, false
		},
		schema: func(s *sketch) any {
			return doc{"anyOf": []any{
				doc{"type": "integer", "minimum": least, "maximum": mostCount},
				doc{"type": "string", "pattern": `^[0-9]{1,3}(,[0-9]{3})+$`},
			}}
		},
	}
}

const mostCount = 1_000_000_000

// unlimited is a whole number or the word `unlimited`.
func unlimited(least, noLimit int) kind[int] {
	number := whole(least)
	return kind[int]{
		read: func(r *reader, n *node) (int, bool) {
			if n.sort == scalar && n.text == "unlimited" {
				return noLimit, true
			}
			before := len(*r.faults)
			v, ok := number.read(r, n)
			for i := before; i < len(*r.faults); i++ {
				(*r.faults)[i].Instead += ", or `unlimited`"
			}
			return v, ok
		},
		schema: func(s *sketch) any {
			return doc{"anyOf": []any{doc{"const": "unlimited"}, number.schema(s)}}
		},
	}
}

// listOf is the kind of a list of at least one value.
func listOf[T any](what string, k kind[T]) kind[[]T] {
	return kind[[]T]{
		read: func(r *reader, n *node) ([]T, bool) {
			if n.sort != list || len(n.items) == 0 {
				r.faults.add(n.at, n.named()+" is not "+what, "write `[one, two]`")
				return nil, false
			}
			values, all := make([]T, 0, len(n.items)), true
			for _, item := range n.items {
				v, ok := k.read(r, item)
				values, all = append(values, v), all && ok
			}
			return values, all
		},
		schema: func(s *sketch) any {
			return doc{"type": "array", "minItems": 1, "items": k.schema(s)}
		},
	}
}

// either reads with the kind that is chosen for the node.
func either[T any](choose func(n *node) int, kinds ...kind[T]) kind[T] {
	return kind[T]{
		read: func(r *reader, n *node) (T, bool) { return kinds[choose(n)].read(r, n) },
		schema: func(s *sketch) any {
			all := make([]any, len(kinds))
			for i, k := range kinds {
				all[i] = k.schema(s)
			}
			return doc{"anyOf": all}
		},
	}
}

// per is the kind of a value that may be given by cohort or trait. plainMap
// says which keys of a mapping belong to the value itself (a law's), if any.
func per[T any](k kind[T], plainMap []string) kind[sim.Per[T]] {
	return perWho(k, plainMap, func(r *reader) []string { return append(r.cohorts[:len(r.cohorts):len(r.cohorts)], r.traits...) })
}

// perCohort is per without traits.
func perCohort[T any](k kind[T]) kind[sim.Per[T]] {
	return perWho(k, nil, func(r *reader) []string { return r.cohorts })
}

func perWho[T any](k kind[T], plainMap []string, who func(*reader) []string) kind[sim.Per[T]] {
	return kind[sim.Per[T]]{
		read: func(r *reader, n *node) (sim.Per[T], bool) {
			if n.sort == mapping && !n.hasAny(plainMap) {
				return readPer(r, n, k, who(r), plainMap)
			}
			v, ok := k.read(r, n)
			return sim.Same(v), ok
		},
		schema: func(s *sketch) any {
			one := k.schema(s)
			by := doc{"type": "object", "minProperties": 1, "additionalProperties": one}
			if plainMap != nil {
				by["propertyNames"] = doc{"not": doc{"enum": plainMap}}
			}
			return doc{"anyOf": []any{one, by}}
		},
	}
}

// hasAny says whether a mapping has one of the keys.
func (n *node) hasAny(keys []string) bool {
	for _, k := range keys {
		if n.index(k) >= 0 {
			return true
		}
	}
	return false
}

// otherwise is the key for all whom no other line fits.
const otherwise = "else"

func readPer[T any](r *reader, n *node, k kind[T], who, plainMap []string) (sim.Per[T], bool) {
	if len(n.entries) == 0 {
		r.faults.add(n.at, n.named()+" is empty", "give one value, or values by cohort")
		return nil, false
	}
	var rules, last sim.Per[T]
	all := true
	legal := append(append([]string{}, who...), otherwise)
	for _, e := range n.entries {
		if !contains(legal, e.key) {
			what, names := "a cohort or trait", "the names here are "+quoted(legal, "and")
			if plainMap != nil {
				what, names = "a law, a cohort or a trait", "the laws are "+quoted(plainMap, "and")+"; the names are "+quoted(legal, "and")
			} else if len(who) == len(r.cohorts) {
				what = "a cohort"
			}
			r.faults.add(e.at, "`"+short(e.key)+"` is not "+what+" here", meant(e.key, append(legal, plainMap...))+names)
			all = false
			continue
		}
		if e.value.sort == empty {
			r.faults.add(e.value.at, "`"+e.key+":` has no value", "give one, or remove the line")
			all = false
			continue
		}
		v, ok := k.read(r, e.value)
		all = all && ok
		if e.key == otherwise {
			last = sim.Same(v)
		} else {
			rules = append(rules, sim.Rule[T]{Who: e.key, Value: v})
		}
	}
	return append(rules, last...), all
}

// forAll holds a value by cohort or trait to be there for every cohort.
func forAll[T any](k kind[sim.Per[T]]) kind[sim.Per[T]] {
	return kind[sim.Per[T]]{
		schema: k.schema,
		read: func(r *reader, n *node) (sim.Per[T], bool) {
			v, ok := k.read(r, n)
			if !ok {
				return v, false
			}
			for _, c := range r.cohorts {
				if _, found := pick(v, c, nil); !found {
					r.faults.add(n.at, "`"+n.key+"` says nothing for cohort `"+c+"`", "add `"+c+":`, or `else:` for all others")
					ok = false
				}
			}
			return v, ok
		},
	}
}

// pick is the value for a person of a cohort with traits: the first rule that fits.
func pick[T any](p sim.Per[T], cohort string, traits []string) (value T, found bool) {
	for _, rule := range p {
		if rule.Who == "" || rule.Who == cohort || contains(traits, rule.Who) {
			return rule.Value, true
		}
	}
	return value, false
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}
