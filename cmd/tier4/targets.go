package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tier4/scenarios"
	"tier4/sim"
)

// parseTargets reads the targets of a flag, every fault at once, and gives those that are targets beside.
func parseTargets(flag string, texts []string) (all []scenarios.Target, err error) {
	var faults []error
	for i, text := range texts {
		t, err := scenarios.ParseTarget(flag, i+1, text)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		all = append(all, t)
	}
	return all, badInput(errors.Join(faults...))
}

// limits checks targets against the figures there are, and gives them in the figures' units.
func limits(targets []scenarios.Target, m *sim.Model) ([]sim.Limit, error) {
	var all []sim.Limit
	var faults []error
	for _, t := range targets {
		l, err := limit(t, m)
		faults = append(faults, err)
		all = append(all, l)
	}
	return all, errors.Join(faults...)
}

func limit(t scenarios.Target, m *sim.Model) (sim.Limit, error) {
	f, err := figureOf(t.Limit.Figure, m)
	if err != nil {
		return sim.Limit{}, figureFaults(t.Where(), err)
	}
	return t.Limit, inUnit(t.Where(), f, t.Amount, t.Unit)
}

// figureOf is one figure of a model by its name, whether measured or not.
func figureOf(id string, m *sim.Model) (sim.Figure, error) {
	measuring, err := m.Measuring(id)
	if err != nil {
		return sim.Figure{}, err
	}
	for _, f := range measuring.Figures() {
		if f.ID == id {
			return f, nil
		}
	}
	for _, a := range measuring.Absent() {
		if a.ID == id {
			return sim.Figure{}, fmt.Errorf("`%s` cannot be given here: %s", id, a.Why)
		}
	}
	return sim.Figure{}, fmt.Errorf("`%s` is a difference of two figures; name one of them", id)
}

// inUnit holds an amount to be in the unit of its figure.
func inUnit(where string, f sim.Figure, amount float64, given string) error {
	unit := strings.TrimSuffix(f.Unit, "/year")
	switch {
	case given != "" && given != unit:
		return fmt.Errorf("%s: `%s` is counted in %s; write %s", where, f.ID, f.Unit, amountIn(unit))
	case unit == sim.UnitShare && given == "" && amount > 1:
		return fmt.Errorf("%s: `%s` is a share, and %v is more than all; did you mean `%v%%`?", where, f.ID, amount, amount)
	}
	return nil
}

// targets are those of a scenario and of the command line.
func (s *study) targets(i int) []scenarios.Target {
	return slices.Concat(s.scenarios[i].Targets, s.aims)
}

// aim checks the targets of a scenario. A what-if need not have every figure that the base has.
func (s *study) aim(i int, m *sim.Model) ([]sim.Limit, error) {
	targets := s.targets(i)
	if i > 0 {
		targets = slices.DeleteFunc(targets, func(t scenarios.Target) bool {
			_, err := figureOf(t.Limit.Figure, m)
			return err != nil && slices.ContainsFunc(s.targets(0), func(o scenarios.Target) bool { return o.Text == t.Text })
		})
	}
	return limits(targets, m)
}

// withAims adds the figures aimed at to those wanted; nil stands for all the usual ones.
func withAims(m *sim.Model, wanted []string, aims []sim.Limit) []string {
	var ids []string
	for _, a := range aims {
		ids = append(ids, a.Figure)
	}
	if wanted == nil {
		return usual(m, ids)
	}
	return append(slices.Clone(wanted), ids...)
}
