package report

import (
	"strings"

	"tier4/sim"
	"tier4/sim/stats"
)

// gaps are tables of how people with each trait fare beside everyone else. Whether one is clear says how sure it is, so that
// none needs a warning for being known roughly.
func (l *lookup) gaps(spec sim.Spec) (all []*Table) {
	for _, trait := range spec.Traits {
		t := &Table{Head: []string{"What", sentence(plain(trait.Name)), "Everyone else", "Gap"}}
		for _, what := range gapFigures(spec) {
			e, ok := l.all[gapPrefix+what+"@"+trait.Name]
			if !ok {
				continue
			}
			of := func(group string) string { return sure(l.all[what+"@"+group]) }
			t.add(sentence(Label(what)), of(trait.Name), of("not "+trait.Name), gapText(e, sureGap(e.Unit, sim.Difference{Difference: stats.Difference{Estimate: e.Estimate}})))
		}
		all = append(all, t)
	}
	return all
}

// gapPrefix begins the id of a gap: of a group's figure less everyone else's.
const gapPrefix = "gap."

// gapFigures are the figures by which people with a trait are set beside everyone else.
func gapFigures(spec sim.Spec) (ids []string) {
	for i := range spec.Stages {
		if s := &spec.Stages[i]; s.Kind == sim.BedsKind {
			ids = append(ids, s.Name+".wait.mean", s.Name+".dropped_out", "reached."+s.Name)
		}
	}
	return append(ids, "completed")
}

// gapText says a gap in given words, if it is clear.
func gapText(e sim.Estimate, words string) string {
	if !gapClear(e) {
		return "no clear gap"
	}
	return words
}

func gapClear(e sim.Estimate) bool { return e.Known() && (e.Low > 0 || e.High < 0) }

// gapLabel says which way round a gap is, "" for the id of another figure.
func gapLabel(id string) string {
	of, isGap := strings.CutPrefix(id, gapPrefix)
	what, group, restricted := strings.Cut(of, "@")
	if !isGap || !restricted {
		return ""
	}
	return Label(what) + "; " + plain(group) + " less everyone else"
}
