package report

import (
	"strings"

	"tier4/scenarios"
)

// assumed counts the remarks on numbers, and those that call one an assumption.
func (s *Study) assumed() (remarks, assumptions int) {
	for _, one := range s.sources() {
		for _, r := range one.Remarks() {
			remarks++
			if assumes(r.Text) {
				assumptions++
			}
		}
	}
	return remarks, assumptions
}

func assumes(text string) bool { return strings.Contains(strings.ToLower(text), "assum") }

// sources are the scenarios whose files say where numbers are from: what the base extends, the base, and
// the what-ifs with what they extend.
func (s *Study) sources() (all []*scenarios.Scenario) {
	seen := map[string]bool{}
	add := func(one *scenarios.Scenario) {
		if key := string(one.Source); !seen[key] {
			seen[key] = true
			all = append(all, one)
		}
	}
	for _, one := range s.Roots {
		add(one)
	}
	for i, one := range s.Scenarios {
		if i < len(s.Between) {
			for _, step := range s.Between[i] {
				add(step)
			}
		}
		add(one)
	}
	return all
}

// assumptions is the section that tells, value by value, where it is from.
func (s *Study) assumptions(p *Page) {
	p.title(2, "Assumptions and sources")
	n, assumed := s.assumed()
	if n == 0 {
		p.say("The scenario has no comments that say where its numbers are from. Write them beside the values, and they stand here.")
		return
	}
	p.say("What the scenarios' files say beside their numbers, %s remarks; %s of them call a number an assumption. What stands here without a source is as the file has it.", count(n), count(assumed))
	for _, one := range s.sources() {
		t := &Table{Head: []string{"Where in the scenario", "Value", "Source, or assumption"}}
		for _, r := range one.Remarks() {
			t.add(r.Path, shortened(unquoted(r.Value), 90), r.Text)
		}
		preface := one.Preface()
		if len(preface) > 0 && strings.HasPrefix(preface[0], "The question:") {
			preface = preface[1:]
		}
		if len(t.Rows) == 0 && len(preface) == 0 {
			continue
		}
		p.title(3, clean(one.Name))
		p.list(preface)
		p.table(t)
	}
}

// shortened cuts a long text between letters.
func shortened(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return strings.TrimRight(string(letters[:most]), " ,{") + " …"
	}
	return text
}
