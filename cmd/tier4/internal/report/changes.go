package report

import (
	"fmt"
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
	s.turns(p, i)
}

// turns names the effects that a what-if assumes without knowing their size, and how to find at which the answer turns:
// nobody has measured them here, so where that is counts for more than what comes of the size assumed.
func (s *Study) turns(p *Page, i int) {
	if i == 0 || s.Scenarios[i].Unknowns == nil {
		return
	}
	known := map[string]bool{}
	if base := s.Scenarios[0].Unknowns; base != nil {
		for _, one := range base.List() {
			known[one.Path] = true
		}
	}
	var effects []string
	for _, one := range s.Scenarios[i].Unknowns.List() {
		if isEffect(one.Path) && one.With == "" && !known[one.Path] {
			effects = append(effects, one.Path)
		}
	}
	if len(effects) == 0 {
		return
	}
	p.say("Nobody has measured how large the effect is that is assumed here. At which size the answer turns is told, a number at a time, by:")
	for k, path := range effects {
		effects[k] = fmt.Sprintf("tier4 sensitivity %s %s --break-even %s", clean(s.Names[0]), clean(s.Names[i]), clean(path))
	}
	p.list(effects)
}

// isEffect says whether a path leads to what being somewhere does to people.
func isEffect(path string) bool {
	return strings.Contains(path, ".effects.") || strings.HasSuffix(path, ".keep_in_touch")
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
