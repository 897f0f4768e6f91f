package scenarios

import (
	"errors"
	"strings"
	"testing"
)

// A fault that lies in a file which nobody touched says which change or setting it comes of.
func TestFaultsSayWhatTheyComeOf(t *testing.T) {
	whatIf := func(changes string) source {
		return source{file: "testdata/new.yaml", text: []byte("extends: clinic.yaml\nchanges:\n  replications: 9\n" + changes), open: openBeside}
	}
	base := mustLoad(t, "testdata/clinic.yaml")
	load := func(text string, sets ...string) error {
		_, err := whatIf(text).load(sets)
		return err
	}
	_, direct := Load("testdata/clinic.yaml", "replications=9", "pathway.workshop=removed")
	_, with := base.With("pathway.workshop=removed")
	for _, c := range []struct {
		name, want string
		err        error
	}{
		{"a setting", "there is no such stage, because of `pathway.workshop=removed`; the stages", direct},
		{"a setting more", "there is no such stage, because of `pathway.workshop=removed`; the stages", with},
		{"a change", "there is no such stage, because of `pathway.workshop: removed` on line 4 of testdata/new.yaml; the stages", load("  pathway.workshop: removed\n")},
		{"a setting on a change", "because of `pathway.workshop=removed`;", load("  seed: 3\n", "pathway.workshop=removed")},
	} {
		var faults Faults
		if !errors.As(c.err, &faults) || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, c.err, c.want)
		}
	}
	for name, err := range map[string]error{
		"of its own line": load("  pathway.rehab.places.riverside.beds: -3\n"),
		"of the base":     func() error { _, err := loadText([]byte("name: x\nmeasure: 0 days\n"), "seed=4"); return err }(),
	} {
		if err == nil || strings.Contains(err.Error(), "because of") {
			t.Errorf("a fault %s: %v", name, err)
		}
	}
}
