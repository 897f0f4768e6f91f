package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"tier4/calibration"
)

// mark is what a state belongs to: with anything else it would mean nothing.
type mark struct {
	Version    string   `json:"version"`
	Scenario   string   `json:"scenario"`
	Extract    string   `json:"extract"`
	Seed       uint64   `json:"seed"`
	Screen     int      `json:"screen"`
	Particles  int      `json:"particles"`
	Acceptance float64  `json:"acceptance"`
	Fixed      []string `json:"fixed"`
	HoldOut    string   `json:"hold_out"`
	Off        offFlag  `json:"discrepancy"`
}

// saved is a state with its mark.
type saved struct {
	Mark  mark               `json:"of"`
	State *calibration.State `json:"state"`
}

func (j *calibrating) marked() mark {
	rows := sha256.New()
	_ = json.NewEncoder(rows).Encode(j.task.Extract) // plain values: it cannot fail
	return mark{
		Version: versionName(), Scenario: j.base.Hash, Extract: hex.EncodeToString(rows.Sum(nil)), Seed: j.task.Seed,
		Screen: j.task.Screen, Particles: j.task.Particles, Acceptance: j.task.Acceptance,
		Fixed: slices.Sorted(slices.Values(j.task.Fixed)), HoldOut: j.task.HoldOut.String(), Off: j.o.discrepancies,
	}
}

// load reads a state and holds its mark against this one.
func (m mark) load(name string) (*calibration.State, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, bad("%s cannot be read: %w; leave out --resume to begin", name, plainly(err))
	}
	var one saved
	if err := json.Unmarshal(text, &one); err != nil || one.State == nil {
		return nil, bad("%s is no state of a calibration, or is damaged; leave out --resume and give another file to --save", name)
	}
	if other := m.differs(one.Mark); len(other) > 0 {
		return nil, bad("%s is the state of another calibration: %s; go on with what it was begun with, or begin anew without --resume", name, strings.Join(other, ", "))
	}
	return one.State, nil
}

// differs names what is not the same.
func (m mark) differs(o mark) (what []string) {
	a, b := reflect.ValueOf(m), reflect.ValueOf(o)
	for i := range a.NumField() {
		if x, y := a.Field(i).Interface(), b.Field(i).Interface(); !reflect.DeepEqual(x, y) {
			name := strings.ReplaceAll(a.Type().Field(i).Tag.Get("json"), "_", " ")
			switch name {
			case "scenario", "extract":
				what = append(what, "its "+name+" is another")
			default:
				what = append(what, fmt.Sprintf("its %s is %v, not %v", name, y, x))
			}
		}
	}
	return what
}

// keep writes the state after a generation, whole or not at all.
func (j *calibrating) keep(s *calibration.State) error {
	if j.o.save == "" {
		return nil
	}
	f, err := createFile(j.o.save, true)
	if err != nil {
		return err
	}
	defer f.drop()
	if err := json.NewEncoder(f).Encode(saved{j.mark, s}); err != nil {
		return fmt.Errorf("%s could not be written: %w", j.o.save, plainly(err))
	}
	return f.keep()
}
