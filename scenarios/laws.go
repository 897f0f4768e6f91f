package scenarios

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tier4/sim"
	"tier4/sim/dist"
)

// form is one way to give a family's parameters: keys, and what they make.
// The key `pNN` stands for any percentile; its NN comes as the last argument.
type form struct {
	keys []string
	make func(v []float64) (dist.Law, error)
}

// family is a family of distributions with the forms it is known by.
type family struct {
	name, about string
	forms       []form
}

// parameter says what a key of a law is.
type parameter struct {
	key, about string
	bare       bool // a plain number; otherwise a length of time
	scales     bool // multiplying it multiplies the durations
}

var parameters = []parameter{
	{"mean", "the mean, a length of time", false, true},
	{"sd", "the standard deviation, a length of time", false, true},
	{"cv", "the standard deviation divided by the mean", true, false},
	{"median", "half take no longer, a length of time", false, true},
	{"half_by", "half are over by then, a length of time", false, true},
	{"shape", "a plain number above 0", true, false},
	{"scale", "a length of time", false, true},
	{"from", "the least, a length of time", false, true},
	{"likely", "the most likely, a length of time", false, true},
	{"to", "the most, a length of time", false, true},
	{"mu", "the mean of the logarithm of days, a plain number", true, false},
	{"sigma", "the standard deviation of the logarithm of days, a plain number", true, false},
	{"pNN", "a percentile: `p90: 30 days`", false, true},
}

var percentileKey = regexp.MustCompile(`^p([0-9]{1,2}(?:\.[0-9]{1,3})?)$`)

const percentilePattern = `^p[0-9]{1,2}(\.[0-9]{1,3})?$`

func keys(s string) []string { return strings.Fields(s) }

var (
	byMoments = func(f func(mean, sd float64) (dist.Law, error)) []form {
		return []form{
			{keys("mean sd"), func(v []float64) (dist.Law, error) { return f(v[0], v[1]) }},
			{keys("mean cv"), func(v []float64) (dist.Law, error) { return f(v[0], v[0]*v[1]) }},
		}
	}
	leastLikelyMost = keys("from likely to")
)

// families are the laws of a scenario. A new one is one more line here.
var families = []family{
	{"fixed", "always the same", nil},
	{"uniform", "anything from one time to another, alike", []form{
		{keys("from to"), func(v []float64) (dist.Law, error) { return dist.Uniform(v[0], v[1]) }},
	}},
	{"triangular", "least, most likely and most", []form{
		{leastLikelyMost, func(v []float64) (dist.Law, error) { return dist.Triangular(v[0], v[1], v[2]) }},
	}},
	{"pert", "least, most likely and most, smooth", []form{
		{leastLikelyMost, func(v []float64) (dist.Law, error) { return dist.Pert(v[0], v[1], v[2]) }},
	}},
	{"normal", "the bell curve, cut at 0: what lies below is left out and the rest scaled up", byMoments(dist.Normal)},
	{"exponential", "no memory: the same hazard every day", []form{
		{keys("mean"), func(v []float64) (dist.Law, error) { return dist.Exponential(v[0]) }},
		{keys("half_by"), func(v []float64) (dist.Law, error) { return dist.ExponentialHalfBy(v[0]) }},
		{keys("median"), func(v []float64) (dist.Law, error) { return dist.ExponentialHalfBy(v[0]) }},
	}},
	{"gamma", "for lengths of stay", append(byMoments(dist.Gamma),
		form{keys("shape scale"), func(v []float64) (dist.Law, error) { return dist.GammaShape(v[0], v[1]) }},
		form{keys("shape mean"), func(v []float64) (dist.Law, error) { return dist.GammaShape(v[0], v[1]/v[0]) }},
		form{keys("median pNN"), func(v []float64) (dist.Law, error) { return dist.GammaMedian(v[0], v[2], v[1]) }},
	)},
	{"weibull", "a hazard that falls (shape under 1) or rises with time", []form{
		{keys("shape scale"), func(v []float64) (dist.Law, error) { return dist.Weibull(v[0], v[1]) }},
		{keys("shape mean"), func(v []float64) (dist.Law, error) { return dist.WeibullMean(v[0], v[1]) }},
		{keys("shape median"), func(v []float64) (dist.Law, error) { return dist.WeibullMedian(v[0], v[1]) }},
		{keys("median pNN"), func(v []float64) (dist.Law, error) { return dist.WeibullPercentile(v[0], v[2], v[1]) }},
	}},
	{"lognormal", "for waits and stays with a long tail", append(byMoments(dist.Lognormal),
		form{keys("mu sigma"), func(v []float64) (dist.Law, error) { return dist.LognormalMu(v[0], v[1]) }},
		form{keys("median pNN"), func(v []float64) (dist.Law, error) { return dist.LognormalMedian(v[0], v[2], v[1]) }},
	)},
	{"loglogistic", "a hazard that rises, then falls", []form{
		{keys("shape scale"), func(v []float64) (dist.Law, error) { return dist.Loglogistic(v[0], v[1]) }},
		{keys("shape median"), func(v []float64) (dist.Law, error) { return dist.Loglogistic(v[0], v[1]) }},
		{keys("median pNN"), func(v []float64) (dist.Law, error) { return dist.LoglogisticMedian(v[0], v[2], v[1]) }},
	}},
	{"mixture", "a share of people by one law, a share by another", nil},
	{"empirical", "values as observed, drawn alike", nil},
}

var lawNames = func() []string {
	names := make([]string, len(families))
	for i, f := range families {
		names[i] = f.name
	}
	return names
}()

const sayLaw = "write a length of time (always the same) or a law such as `{gamma: {mean: 84 days, sd: 25 days}}`"

// law is a distribution; neverOr also takes the word `never`.
func law() kind[dist.Law] { return lawKind("law", false) }

func neverOr() kind[dist.Law] { return lawKind("law_or_never", true) }

func lawKind(name string, never bool) kind[dist.Law] {
	return kind[dist.Law]{
		read: func(r *reader, n *node) (dist.Law, bool) {
			if n.sort == scalar && n.text == "never" {
				if !never {
					r.faults.add(n.at, "`"+n.key+"` cannot be `never`", "only giving up, leaving early and relapse can never happen")
				}
				return dist.Never(), never
			}
			return readLaw(r, n)
		},
		schema: func(s *sketch) any { return s.define(name, func() any { return lawSchema(s, never) }) },
	}
}

// perLaw is a law that may be given by cohort or trait.
func perLaw(k kind[dist.Law]) kind[sim.Per[dist.Law]] { return per(k, lawNames) }

func readLaw(r *reader, n *node) (dist.Law, bool) {
	switch {
	case n.sort == scalar:
		days, ok := duration.read(r, n)
		if !ok {
			(*r.faults)[len(*r.faults)-1].Instead += "; or a law such as `{gamma: {mean: 84 days, sd: 25 days}}`"
			return nil, false
		}
		return r.made(n, "fixed")(dist.Fixed(days))
	case n.sort != mapping:
		r.faults.add(n.at, n.named()+" is not a law", sayLaw)
		return nil, false
	case len(n.entries) != 1:
		r.faults.add(n.at, n.named()+" is not one law", "name one: "+quoted(lawNames, "or"))
		return nil, false
	}
	e := n.entries[0]
	i := slices.Index(lawNames, e.key)
	if i < 0 {
		r.faults.add(e.at, "there is no law `"+short(e.key)+"`", meant(e.key, lawNames)+"the laws are "+quoted(lawNames, "and"))
		return nil, false
	}
	n.isFree()
	switch e.key {
	case "fixed":
		days, ok := duration.read(r, e.value)
		if !ok {
			return nil, false
		}
		return r.made(e.value, "fixed")(dist.Fixed(days))
	case "mixture":
		return readMixture(r, e.value)
	case "empirical":
		return readEmpirical(r, e.value)
	}
	return families[i].read(r, e.value, duration)
}

// made places what a constructor of a law has to say against its parameters.
func (r *reader) made(n *node, name string) func(dist.Law, error) (dist.Law, bool) {
	return func(l dist.Law, err error) (dist.Law, bool) {
		if err != nil {
			r.faults.add(n.at, "`"+name+"` cannot be: "+err.Error(), "change the parameters")
			return nil, false
		}
		return l, true
	}
}

// read reads the parameters of a family in whichever of its forms they fit; those
// that are no plain numbers are of a kind of their own, such as lengths of time.
func (f family) read(r *reader, n *node, measured kind[float64]) (dist.Law, bool) {
	if !r.isMap(n, "a law", nil) {
		(*r.faults)[len(*r.faults)-1].Instead = "write " + f.example()
		return nil, false
	}
	n.isFree()
	given, values, percent, ok := map[string]*node{}, map[string]float64{}, 0.0, true
	for _, e := range n.entries {
		name := e.key
		if m := percentileKey.FindStringSubmatch(name); m != nil {
			name = "pNN"
			percent, _ = strconv.ParseFloat(m[1], 64)
		}
		p := slices.IndexFunc(parameters, func(p parameter) bool { return p.key == name && f.takes(name) })
		if p < 0 || e.key == "pNN" || given[name] != nil {
			r.faults.add(e.at, "`"+short(e.key)+"` is no parameter of "+f.name, meant(e.key, f.keys())+"write "+f.example())
			ok = false
			continue
		}
		k := measured
		if parameters[p].bare {
			k = plainNumber
			if name == "mu" {
				k = anyNumber
			}
		}
		v, good := k.read(r, e.value)
		given[name], values[name], ok = e.value, v, ok && good
	}
	if !ok {
		return nil, false
	}
	for _, form := range f.forms {
		if len(form.keys) != len(given) || slices.ContainsFunc(form.keys, func(k string) bool { return given[k] == nil }) {
			continue
		}
		arguments := make([]float64, 0, len(form.keys)+1)
		for _, k := range form.keys {
			arguments = append(arguments, values[k])
		}
		return r.made(n, f.name)(form.make(append(arguments, percent/100)))
	}
	r.faults.add(n.at, "these parameters make no "+f.name+" law", "write "+f.example())
	return nil, false
}

func (f family) takes(key string) bool { return contains(f.keys(), key) }

// keys are all parameter names of the family's forms.
func (f family) keys() []string {
	var all []string
	for _, form := range f.forms {
		for _, k := range form.keys {
			if !contains(all, k) {
				all = append(all, k)
			}
		}
	}
	return all
}

// example lists the forms: "{mean, sd} or {mean, cv}".
func (f family) example() string {
	ways := make([]string, len(f.forms))
	for i, form := range f.forms {
		ways[i] = "{" + strings.ReplaceAll(strings.Join(form.keys, ", "), "pNN", "p90") + "}"
	}
	return f.name + " with " + quoted(ways, "or")
}

var anyNumber = scalarKind("any_number", `^`+signed+`$`, anyValue, func(r *reader, n *node) (float64, bool) {
	v, word, ok := amount(n)
	if !ok || word != "" {
		r.faults.add(n.at, n.named()+" is not a plain number", "write a number without a unit")
	}
	return v, ok && word == ""
})

func lawSchema(s *sketch, never bool) any {
	forms := []any{duration.schema(s)}
	if never {
		forms = append(forms, doc{"const": "never"})
	}
	properties := doc{}
	for _, f := range families {
		properties[f.name] = s.describe(f.about, f.schema(s))
	}
	return doc{"anyOf": append(forms, doc{
		"type": "object", "minProperties": 1, "maxProperties": 1,
		"properties": properties, "additionalProperties": false,
	})}
}

func (f family) schema(s *sketch) any {
	switch f.name {
	case "fixed":
		return duration.schema(s)
	case "mixture":
		return listOf("", partKind()).schema(s)
	case "empirical":
		return doc{"anyOf": []any{listOf("", duration).schema(s), columnKind().schema(s)}}
	}
	ways := make([]any, len(f.forms))
	for i, form := range f.forms {
		way := doc{"type": "object", "additionalProperties": false}
		properties, required := doc{}, []string{}
		for _, k := range form.keys {
			p := parameters[slices.IndexFunc(parameters, func(p parameter) bool { return p.key == k })]
			value := duration.schema(s)
			if p.bare {
				value = anyNumber.schema(s)
			}
			value = s.describe(p.about, value)
			if k == "pNN" {
				way["patternProperties"] = doc{percentilePattern: value}
				way["minProperties"] = len(form.keys)
				way["maxProperties"] = len(form.keys)
				continue
			}
			properties[k] = value
			required = append(required, k)
		}
		way["properties"], way["required"] = properties, required
		ways[i] = way
	}
	return doc{"anyOf": ways}
}
