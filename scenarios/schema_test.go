package scenarios

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"tier4/sim"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("tier4.schema.json", parsed); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("tier4.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// plain turns a tree into what an editor hands to a schema.
func (n *node) plain() any {
	switch n.sort {
	case list:
		all := make([]any, len(n.items))
		for i, item := range n.items {
			all[i] = item.plain()
		}
		return all
	case mapping:
		all := map[string]any{}
		for _, e := range n.entries {
			all[e.key] = e.value.plain()
		}
		return all
	case empty:
		return nil
	}
	if v, err := strconv.ParseFloat(n.text, 64); err == nil && !n.quoted {
		return json.Number(strconv.FormatFloat(v, 'f', -1, 64))
	}
	if !n.quoted && (n.text == "true" || n.text == "false") {
		return n.text == "true"
	}
	return n.text
}

// TestSchemaTakesScenarios validates every scenario there is, and the whole
// tree of each that extends another.
func TestSchemaTakesScenarios(t *testing.T) {
	schema := compiled(t)
	takes := func(name string, text []byte) {
		var faults Faults
		n := parse(name, text, &faults)
		if n == nil || len(faults) > 0 {
			t.Errorf("%s: %v", name, faults)
		} else if err := schema.Validate(n.plain()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	files, _ := filepath.Glob("testdata/*.yaml")
	for _, f := range files {
		takes(f, []byte(read(t, f)))
	}
	for _, info := range List() {
		text, err := Open(info.Name)
		if err != nil {
			t.Fatal(err)
		}
		takes(info.Name, text)
		s, err := Load(info.Name)
		if err != nil {
			t.Errorf("%s: %v", info.Name, err)
		} else if err := schema.Validate(s.tree.plain()); err != nil {
			t.Errorf("%s, with what it extends: %v", info.Name, err)
		}
	}
	if len(files) < 5 || len(List()) < 2 {
		t.Errorf("only %d files and %d scenarios", len(files), len(List()))
	}
}

// TestSchemaRefusesFaults holds schema and loader together on bad inputs: the
// file of cases says which are wrong in form, and which in meaning only.
func TestSchemaRefusesFaults(t *testing.T) {
	schema := compiled(t)
	_, cases := readCases(t)
	for _, c := range cases {
		if c.sets != nil {
			continue
		}
		var faults Faults
		n := parse("x.yaml", c.text, &faults)
		refused := n == nil || len(faults) > 0 || schema.Validate(n.plain()) != nil
		if refused != c.form {
			t.Errorf("%s: refused by form: %v, want %v", c.title, refused, c.form)
		}
	}
}

// TestSchemaHasEveryKey walks the schema's parts beside the tables that read
// them: the same keys, each with its line.
func TestSchemaHasEveryKey(t *testing.T) {
	var root struct {
		Else part0
		Then part0
		Defs map[string]part0 `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	same := func(name string, p part0, want table) {
		var keys, wanted, needed []string
		for k, v := range p.Properties {
			keys = append(keys, k)
			if v.Description == "" {
				t.Errorf("%s: %s has no line", name, k)
			}
		}
		for _, f := range want {
			wanted = append(wanted, f.key)
			if f.needed {
				needed = append(needed, f.key)
			}
		}
		slices.Sort(keys)
		slices.Sort(wanted)
		if !slices.Equal(keys, wanted) {
			t.Errorf("%s: the schema has %q, the table %q", name, keys, wanted)
		}
		if !slices.Equal(p.Required, needed) {
			t.Errorf("%s: the schema needs %q, the table %q", name, p.Required, needed)
		}
		if string(p.AdditionalProperties) != "false" {
			t.Errorf("%s: the schema takes unknown keys", name)
		}
	}
	same("scenario", root.Else, topTable(new(reader), new(Scenario)))
	same("overlay", root.Then, overlayTable(new(overlay)))
	same("pool", root.Defs["pool"], poolTable(new(sim.Pool)))
	same("budget", root.Defs["budget"], budgetTable(new(sim.Budget)))
	same("stream", root.Defs["stream"], streamTable(new(stream)))
	for i, k := range stageKinds {
		same(k.word, root.Defs["stage"].AllOf[i].Then, zeroStage(i))
	}
	for i, c := range contracts {
		same(c.word, root.Defs["place"].AllOf[i].Then, placeTable(new(place), i))
	}
}

func zeroStage(i int) table { return stageTable(new(reader), new(sim.Stage), i) }

// part0 is as much of a schema as the test reads.
type part0 struct {
	Properties           map[string]struct{ Description string }
	AdditionalProperties json.RawMessage
	Required             []string
	AllOf                []struct{ Then part0 }
}

func TestSchemaIsStable(t *testing.T) {
	if !bytes.Equal(Schema(), Schema()) {
		t.Error("two calls give different bytes")
	}
	if !strings.Contains(string(Schema()), "https://json-schema.org/draft/2020-12/schema") {
		t.Error("the schema does not say its draft")
	}
}
