package extract

import (
	"fmt"
	"slices"
	"strings"

	"tier4/scenarios"
)

// empty says which columns of dates have none, and what follows; a stage that nobody is seen to get into or to
// leave is left out, unless the file of columns speaks of it or there would be no other.
func (g *guesser) empty() {
	if len(g.t.rows) == 0 {
		return
	}
	blank := g.blankByStage()
	seen := slices.ContainsFunc(g.l.stages, func(s stageColumns) bool { return !g.unseen(s) })
	for _, s := range slices.Clone(g.l.stages) {
		switch columns := blank[s.name]; {
		case len(columns) == 0:
		case g.unseen(s) && seen && !g.spokenOf(s.name):
			g.l.stages = slices.DeleteFunc(g.l.stages, func(o stageColumns) bool { return o.name == s.name })
			g.leaveOut(s.name, columns)
		case g.noDates(s.admitted):
			g.remark(columns, "nobody is seen to get into "+s.name)
		case g.noDates(s.left):
			g.remark(columns, "nobody is seen to leave "+s.name)
		default:
			g.remark(columns, "it tells nothing of "+s.name)
		}
	}
	for _, known := range g.stages {
		read := slices.ContainsFunc(g.l.stages, func(s stageColumns) bool { return s.name == known.name })
		if columns := blank[known.name]; !read && len(columns) > 0 && !g.remarked(columns[0]) {
			g.leaveOut(known.name, columns)
		}
	}
	if g.l.closed != nil && g.noDates(g.l.closed) {
		g.remark([]string{g.l.closed[0].name}, "whoever gave up waiting looks as if still waiting")
	}
	if g.l.reason >= 0 && g.looks[g.l.reason].filled == 0 {
		g.notes = append(g.notes, fmt.Sprintf("`%s` is empty in every row; why episodes were closed is not known", g.t.header[g.l.reason]))
	}
}

// blankByStage are the headers of empty columns that would be dates of stages, by the stage.
func (g *guesser) blankByStage() map[string][]string {
	blank := map[string][]string{}
	for i, header := range g.t.header {
		if g.looks[i].filled > 0 {
			continue
		}
		of := slices.IndexFunc(g.l.stages, func(s stageColumns) bool {
			return slices.ContainsFunc(slices.Concat(s.listed, s.admitted, s.left), func(one term) bool { return one.column == i })
		})
		h := classify(header, g.stages)
		dated := has(tokens(header), "on", "date", "dt", "at", "day") || h.what == "listed" || h.what == "admitted" || h.what == "left"
		switch {
		case of >= 0:
			blank[g.l.stages[of].name] = append(blank[g.l.stages[of].name], header)
		case h.stage >= 0 && dated && h.what != "aside" && h.what != "contract" && (h.what != "outcome" || has(tokens(header), "date")):
			blank[g.stages[h.stage].name] = append(blank[g.stages[h.stage].name], header)
		}
	}
	return blank
}

// noDates says that the columns of an expression, if there is one, have no date at all.
func (g *guesser) noDates(x expression) bool {
	return x != nil && !slices.ContainsFunc(x, func(one term) bool { return g.looks[one.column].good > 0 })
}

// unseen says that no row has a date of getting into a stage or of leaving it.
func (g *guesser) unseen(s stageColumns) bool {
	return g.noDates(s.admitted) && (s.left == nil || g.noDates(s.left))
}

// spokenOf says whether the file of columns has a key of a stage.
func (g *guesser) spokenOf(stage string) bool {
	for key := range g.l.given {
		if strings.HasPrefix(key, stage+".") {
			return true
		}
	}
	return false
}

func (g *guesser) leaveOut(stage string, columns []string) {
	g.remark(columns, "the stage "+stage+" is left out: time in it and waiting for it counts as waiting for what follows")
}

func (g *guesser) remark(columns []string, follows string) {
	have := map[bool]string{true: "has", false: "have"}[len(columns) == 1]
	g.notes = append(g.notes, scenarios.Quoted(columns, "and")+" "+have+" no date in any row; "+follows)
}

func (g *guesser) remarked(column string) bool {
	return slices.ContainsFunc(g.notes, func(n string) bool { return strings.Contains(n, "`"+column+"`") })
}
