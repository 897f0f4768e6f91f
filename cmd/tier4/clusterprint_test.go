package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// What is printed for Kubernetes holds to the schema of its interface, in which no other field may be.
func TestKubernetesTextHoldsToItsSchema(t *testing.T) {
	f, err := os.Open("testdata/kubernetes.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("kubernetes.json", text); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("kubernetes.json")
	if err != nil {
		t.Fatal(err)
	}
	documents := func(text string) (kinds []string, err error) {
		d := yaml.NewDecoder(bytes.NewReader([]byte(text)))
		for {
			var one map[string]any
			if e := d.Decode(&one); e == io.EOF {
				return kinds, err
			} else if e != nil {
				return nil, e
			}
			err = errors.Join(err, schema.Validate(one))
			kinds = append(kinds, one["kind"].(string))
		}
	}
	kinds, err := documents(kubernetesText)
	if err != nil || len(kinds) != 4 {
		t.Errorf("%v: %v", kinds, err)
	}
	for _, wrong := range []string{
		"apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\nspec: {template: {spec: {containers: [{name: x, image: y, comand: [z]}]}}}",
		"apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\nspec: {completions: many, template: {}}",
		"apiVersion: v1\nkind: Job\nmetadata: {name: x}\nspec: {template: {}}",
		"apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\nspec: {completions: 3}",
	} {
		if _, err := documents(wrong); err == nil {
			t.Errorf("this holds as well:\n%s", wrong)
		}
	}
}
