package scenarios

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tier4/sim"
)

// FuzzLoad holds any text to one of two ends: a scenario with a hash, which
// reads the same again and compiles, or faults that each have a place and say what would be
// right.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, "measure=2 years")
	}
	for _, info := range List() {
		text, err := Open(info.Name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, "pathway.rehab.places.riverside.beds=times 2")
	}
	f.Add([]byte("extends: medway\nchanges: {pathway.panel: removed}"), "pathway=removed")
	f.Add([]byte("extends: medway\nabout: What if? And then?"), "measure=2 years")
	f.Add([]byte("a: &a [*a]\n--- \n\t{"), "cohorts.1={a: [b")
	f.Fuzz(func(t *testing.T, text []byte, set string) {
		first, err := Parse("x.yaml", text, set)
		if err != nil {
			var faults Faults
			if !errors.As(err, &faults) || len(faults) == 0 {
				t.Fatalf("an error without faults: %v", err)
			}
			for _, f := range faults {
				if f.File == "" || f.What == "" || f.Instead == "" || f.Line < 0 || f.Line > 0 && f.Column < 1 {
					t.Errorf("a fault without its parts: %#v", f)
				}
			}
			return
		}
		if raw, err := hex.DecodeString(first.Hash); err != nil || len(raw) != 8 {
			t.Errorf("hash %q", first.Hash)
		}
		if _, err := sim.Compile(first.Spec); err != nil {
			t.Errorf("what loads does not compile: %v", err)
		}
		again, err := Parse("x.yaml", text, set)
		if err != nil || again.Hash != first.Hash {
			t.Errorf("read again: %v, %v", again, err)
		}
		whole, err := Parse("y.yaml", []byte(first.tree.String()))
		if err != nil || whole.Hash != first.Hash {
			t.Errorf("written out and read again: %v\n%s", err, first.tree)
		}
	})
}
