package scenarios

import (
	"bytes"
	"encoding/json"
)

// doc is a JSON object of the schema.
type doc = map[string]any

// sketch gathers the named parts of a schema while it is drawn.
type sketch struct {
	parts doc
}

// define draws a named part once, and refers to it.
func (s *sketch) define(name string, draw func() any) any {
	if _, drawn := s.parts[name]; !drawn {
		s.parts[name] = nil // a part may hold itself: a mixture holds laws
		s.parts[name] = draw()
	}
	return doc{"$ref": "#/$defs/" + name}
}

// describe adds one plain line to a part.
func (s *sketch) describe(about string, part any) any {
	described := doc{"description": about}
	for k, v := range part.(doc) {
		described[k] = v
	}
	return described
}

// object draws a table: the legal keys, each with its line, and no others.
func (s *sketch) object(t table) doc {
	properties, required := doc{}, []string{}
	for _, f := range t {
		properties[f.key] = s.describe(f.about, f.schema(s))
		if f.needed {
			required = append(required, f.key)
		}
	}
	d := doc{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		d["required"] = required
	}
	return d
}

// byKind draws an object whose keys depend on the word under one of them. A
// table without that word, where there is one, stands first under "".
func (s *sketch) byKind(key string, words []string, tables []table) doc {
	var cases []any
	for i, w := range words {
		cases = append(cases, doc{
			"if":   doc{"properties": doc{key: doc{"const": w}}, "required": []string{key}},
			"then": s.object(tables[i]),
		})
	}
	return doc{
		"type":       "object",
		"properties": doc{key: doc{"enum": words}},
		"allOf":      cases,
	}
}

// Schema is the JSON Schema (draft 2020-12) of a scenario file, drawn from the
// tables that read it.
func Schema() []byte {
	s := &sketch{parts: doc{}}
	whole := s.object(topTable(new(reader), new(Scenario)))
	overlay := s.object(overlayTable(new(overlay)))
	root := doc{
		"$schema":     "https://json-schema.org/draft/2020-12/schema",
		"title":       "tier4 scenario",
		"description": "A pathway through detox and rehab, or a change to one (`extends` and `changes`).",
		"type":        "object",
		"if":          doc{"required": []string{"extends"}},
		"then":        overlay,
		"else":        whole,
		"$defs":       s.parts,
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root); err != nil {
		panic("scenarios: the schema is not JSON: " + err.Error()) // only words, numbers, lists and maps
	}
	return b.Bytes()
}
