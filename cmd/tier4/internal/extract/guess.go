package extract

import (
	"slices"
	"strings"

	"tier4/calibration"
	"tier4/sim"
)

// guesser fills in what a file of columns leaves open, from headers and from what is in the columns.
type guesser struct {
	t       *table
	l       *layout
	stages  []known
	looks   []reading
	claimed map[int]bool
	notes   []string
}

// guess guesses the columns.
func (g *guesser) guess() {
	g.claimed = map[int]bool{}
	for i := range g.t.header {
		g.looks = append(g.looks, look(g.t.sheet, g.t.rows, i))
	}
	g.claimGiven()
	g.keys()
	g.ofStages()
	g.unknownStages()
	g.general()
	g.yesAndNo()
	g.l.stages = slices.DeleteFunc(g.l.stages, func(s stageColumns) bool {
		return s.admitted == nil && s.listed == nil && s.left == nil
	})
	g.kinds()
	g.through()
	g.empty()
	if !g.l.meetingsGiven {
		g.meetings()
	}
}

// claimGiven takes the columns that the file names: nothing else is guessed of them.
func (g *guesser) claimGiven() {
	claim := func(columns ...int) {
		for _, c := range columns {
			g.claimed[c] = true
		}
	}
	l := g.l
	claim(l.episode, l.person, l.cohort, l.source, l.reason)
	for _, t := range l.traits {
		claim(t.column)
	}
	for _, s := range l.stages {
		claim(s.contract)
		claim(s.outcomes...)
		for _, x := range []expression{s.admitted, s.left} {
			for _, one := range x {
				if !x.shifted() {
					claim(one.column)
				}
			}
		}
	}
	for _, x := range []expression{l.referred, l.closed} {
		if x != nil && !x.derived() {
			claim(x[0].column)
		}
	}
	delete(g.claimed, -1)
}

// isDate says whether a column may be one of dates: what is in it are, or nothing is in it.
func (g *guesser) isDate(i int) bool { return g.looks[i].isDates() || g.looks[i].filled == 0 }

// isText says whether a column may be one of words.
func (g *guesser) isText(i int) bool { return !g.looks[i].isDates() || g.looks[i].filled == 0 }

// take uses a column for a key, unless the file gives the key or another column has it.
func (g *guesser) take(i int, key string, into *int) {
	if *into < 0 && !g.l.given[key] {
		*into = i
		g.claimed[i] = true
	}
}

func (g *guesser) takeDate(i int, key string, into *expression) {
	if *into == nil && !g.l.given[key] {
		*into = expression{{i, g.t.header[i], 0}}
		g.claimed[i] = true
	}
}

// keys finds the columns of the episode and of the person. A column of keys in which one in five repeats, or one in
// twenty where it is called after people, is one of people: an episode has a row of its own.
func (g *guesser) keys() {
	for _, want := range []string{"episode", "person"} {
		for i, h := range g.t.header {
			if g.claimed[i] || classify(h, g.stages).what != want || g.looks[i].isDates() {
				continue
			}
			filled, distinct := g.distinct(i)
			repeats := 20*distinct < 19*filled
			if want == "episode" {
				repeats = 5*distinct < 4*filled // a few are slips
			}
			switch {
			case filled == 0:
			case repeats:
				g.take(i, "person", &g.l.person)
			case want == "person" && g.l.episode < 0 && !g.l.given["episode"]:
				g.take(i, "episode", &g.l.episode)
			case want == "person":
				g.take(i, "person", &g.l.person)
			default:
				g.take(i, "episode", &g.l.episode)
			}
		}
	}
}

// distinct counts the cells of a column with something in them, and how many differ.
func (g *guesser) distinct(column int) (filled, distinct int) {
	seen := map[string]bool{}
	for _, row := range g.t.rows {
		if text := row.cell(column); !isNothing(text) {
			filled++
			seen[strings.ToLower(text)] = true
		}
	}
	return filled, len(seen)
}

// ofStages finds the columns of the stages that headers name.
func (g *guesser) ofStages() {
	for i, header := range g.t.header {
		h := classify(header, g.stages)
		if g.claimed[i] || h.stage < 0 || h.what == "aside" {
			continue
		}
		known := g.stages[h.stage]
		name := known.name
		what := h.what
		switch {
		case g.looks[i].isDates() && (what == "" || what == "outcome" || what == "contract"):
			what = "admitted"
			if h.what == "outcome" && known.kind != sim.PanelKind {
				continue // a date of an outcome: leaving has a column of its own
			}
		case what == "" && g.isText(i) && g.looks[i].filled > 0:
			what = "outcome"
		}
		g.stageColumn(i, name, what)
	}
}

// stageColumn uses a column for a stage, if what is in it fits.
func (g *guesser) stageColumn(i int, name, what string) {
	if what == "" {
		return
	}
	date := what == "listed" || what == "admitted" || what == "left"
	if date && !g.isDate(i) || !date && !g.isText(i) || what == "outcome" && !g.tellsEnds(i) {
		return
	}
	s := g.l.stage(name)
	if k := indexOf(g.stages, name); k >= 0 && !s.kindGiven {
		s.kind = g.stages[k].kind
	}
	switch what {
	case "listed":
		g.takeDate(i, name+".listed", &s.listed)
	case "admitted":
		if s.kind == sim.PanelKind && s.admitted != nil && !g.l.given[name+".admitted"] { // heard again
			s.admitted = append(expression{{i, g.t.header[i], 0}}, s.admitted...)
			g.claimed[i] = true
			return
		}
		g.takeDate(i, name+".admitted", &s.admitted)
	case "left":
		g.takeDate(i, name+".left", &s.left)
	case "outcome":
		if !g.l.given[name+".outcome"] && (s.outcomes == nil || s.kind == sim.PanelKind) {
			s.outcomes = append([]int{i}, s.outcomes...) // as the dates: the last first
			g.claimed[i] = true
		}
	case "contract":
		if _, distinct := g.distinct(i); distinct <= 20 {
			g.take(i, name+".contract", &s.contract)
		}
	}
}

// tellsEnds says whether at least half of what is in a column reads like ends.
func (g *guesser) tellsEnds(column int) bool {
	filled, told := 0, 0
	for _, row := range g.t.rows {
		text := row.cell(column)
		if isNothing(text) {
			continue
		}
		filled++
		if _, given := g.l.meaning("outcomes", text); given || endOf(text) != calibration.Open {
			told++
		}
	}
	return 2*told >= filled
}

// unknownStages finds stages of which nobody knows the name: words that stand with admitted and with left, or
// with an outcome or a contract, in several headers.
func (g *guesser) unknownStages() {
	parts := map[string]map[string]int{}
	var stems []string
	for i, header := range g.t.header {
		h := classify(header, nil)
		role := roleAt(tokens(header), known{})
		if g.claimed[i] || h.stem == "" || role == "" || role == "aside" || classify(header, g.stages).stage >= 0 {
			continue
		}
		if parts[h.stem] == nil {
			parts[h.stem] = map[string]int{}
			stems = append(stems, h.stem)
		}
		if _, taken := parts[h.stem][role]; !taken {
			parts[h.stem][role] = i
		}
	}
	for _, stem := range stems {
		roles := parts[stem]
		at, ok := roles["admitted"]
		if !ok || len(roles) < 2 || !g.looks[at].isDates() {
			continue
		}
		for _, role := range stageKeys {
			if i, ok := roles[role]; ok {
				g.stageColumn(i, stem, role)
			}
		}
	}
}

// general finds the columns of the episode itself.
func (g *guesser) general() {
	l := g.l
	for i, header := range g.t.header {
		if g.claimed[i] {
			continue
		}
		switch what := classify(header, g.stages).what; {
		case what == "cohort" && g.isText(i) && g.few(i):
			g.take(i, "cohort", &l.cohort)
		case what == "source" && g.isText(i) && g.few(i):
			g.take(i, "source", &l.source)
		case what == "referred" && g.isDate(i), what == "episode" && g.looks[i].isDates() && has(tokens(header), "ref"):
			g.takeDate(i, "referred", &l.referred)
		case what == "referred" && g.few(i): // `referred from`
			g.take(i, "source", &l.source)
		case what == "closed" && g.isDate(i):
			g.takeDate(i, "closed", &l.closed)
		}
	}
	if i := g.closingReason(); i >= 0 {
		g.take(i, "reason", &l.reason)
	}
}

// few says whether a column has few enough values to tell people apart by.
func (g *guesser) few(column int) bool {
	_, distinct := g.distinct(column)
	return distinct <= 40
}

// yesAndNo makes traits of the columns of yes and no, and of sex.
func (g *guesser) yesAndNo() {
	if g.l.given["traits"] {
		return
	}
	for i, header := range g.t.header {
		if g.claimed[i] || classify(header, g.stages).stage >= 0 {
			continue
		}
		yes, no, other, female := 0, 0, 0, 0
		for _, row := range g.t.rows {
			text := row.cell(i)
			switch answer(text, "") {
			case calibration.Yes:
				yes++
			case calibration.No:
				no++
			default:
				if !isNothing(text) {
					other++
				}
			}
			if answer(text, "female") == calibration.Yes {
				female++
			}
		}
		switch {
		case classify(header, nil).what == "sex" && female > 0:
			g.l.traits = append(g.l.traits, traitColumn{"women", i, "female"})
			g.claimed[i] = true
		case yes > 0 && no > 0 && other == 0:
			name := strings.TrimSuffix(strings.TrimSuffix(kebab(header), "-y-n"), "-yes-no")
			if name != "" && !slices.ContainsFunc(g.l.traits, func(t traitColumn) bool { return t.name == name }) {
				g.l.traits = append(g.l.traits, traitColumn{name, i, ""})
				g.claimed[i] = true
			}
		}
	}
}

// answer is whether a cell says that someone has a trait: the value, or a yes where there is none.
func answer(text, value string) calibration.Answer {
	low := strings.ToLower(text)
	switch {
	case isNothing(text):
		return calibration.Unknown
	case value != "":
		if strings.EqualFold(text, value) || value == "female" && (low == "f" || low == "woman" || low == "w") {
			return calibration.Yes
		}
		return calibration.No
	case low == "yes" || low == "y" || low == "true" || low == "1":
		return calibration.Yes
	case low == "no" || low == "n" || low == "false" || low == "0":
		return calibration.No
	}
	return calibration.Unknown
}

// kinds corrects the kind of a stage by the columns it has, where only the name told.
func (g *guesser) kinds() {
	for i := range g.l.stages {
		s := &g.l.stages[i]
		if s.kindGiven || indexOf(g.stages, s.name) >= 0 {
			continue
		}
		if s.left == nil && s.contract < 0 && s.kind == sim.BedsKind {
			s.kind = sim.DelayKind
		}
	}
}

// through takes the end of a delay or a panel, which have no stay, for getting through it where that is all there is.
func (g *guesser) through() {
	for i := range g.l.stages {
		s := &g.l.stages[i]
		if (s.kind == sim.DelayKind || s.kind == sim.PanelKind) && s.admitted == nil && s.left != nil {
			s.admitted, s.left = s.left, nil
		}
	}
}

// meetings are the dates of groups and panels: the simulation holds them at the start of the day.
func (g *guesser) meetings() {
	for _, s := range g.l.stages {
		if s.kind != sim.GroupKind && s.kind != sim.PanelKind {
			continue
		}
		for _, one := range slices.Concat(s.admitted, s.left) {
			if one.plus == 0 && !slices.Contains(g.l.meetings, one.column) {
				g.l.meetings = append(g.l.meetings, one.column)
			}
		}
	}
}
