package report

import (
	"path"
	"path/filepath"
	"strings"

	"tier4/scenarios"
)

// changes says what a what-if changes against the base: its own changes, and those of the scenarios
// between it and the base.
func (s *Study) changes(p *Page, i int) {
	one := s.Scenarios[i]
	if one.Extends == "" {
		if one.Hash != s.Scenarios[0].Hash {
			p.say("What changes is not listed: this scenario stands by itself and extends no other.")
		}
		return
	}
	for _, step := range append([]*scenarios.Scenario{one}, s.between(i)...) {
		if len(step.Changes) == 0 {
			continue
		}
		switch against := s.parent(step); {
		case step == one:
			p.say("What changes%s:", against)
		default:
			p.say("And what %s changes%s:", clean(step.Name), against)
		}
		p.list(changeLines(step.Changes))
	}
}

// between are the scenarios that a what-if extends, down to the base, which is not among them.
func (s *Study) between(i int) []*scenarios.Scenario {
	if i < len(s.Between) {
		return s.Between[i]
	}
	return nil
}

// parent names what a scenario's changes are told against, where that is not the base.
func (s *Study) parent(one *scenarios.Scenario) string {
	if SameScenario(one.Extends, s.Names[0]) {
		return ""
	}
	return ", against `" + clean(one.Extends) + "`"
}

// SameScenario says whether two names, of files or of the library, are likely the same scenario's.
func SameScenario(a, b string) bool {
	name := func(given string) string { return strings.TrimSuffix(path.Base(filepath.ToSlash(given)), ".yaml") }
	return name(a) == name(b)
}
