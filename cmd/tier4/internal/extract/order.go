package extract

import (
	"cmp"
	"slices"
)

// inOrder puts the stages in the order in which people pass them: of two, the one before the other in most
// rows; where rows do not tell, by the column. The rank of a stage is how many come before it.
func (g *guesser) inOrder(rows []draft) {
	l := g.l
	if g.scenarioOrder() {
		return
	}
	ahead := func(a, b stageColumns) int {
		n := 0
		for i := range rows {
			x, _ := first(a).on(rows[i].dates)
			y, _ := first(b).on(rows[i].dates)
			if x.Known() && y.Known() {
				n += cmp.Compare(y, x)
			}
		}
		return n
	}
	place := func(s stageColumns) int {
		if x := first(s); x != nil {
			return x[0].column
		}
		return len(g.t.header)
	}
	rank := make([]int, len(l.stages))
	for i := range l.stages {
		for j := i + 1; j < len(l.stages); j++ {
			n := ahead(l.stages[i], l.stages[j])
			if n > 0 || n == 0 && place(l.stages[i]) < place(l.stages[j]) {
				rank[j]++
			} else {
				rank[i]++
			}
		}
	}
	order := make([]int, len(l.stages))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(rank[i], rank[j]), cmp.Compare(place(l.stages[i]), place(l.stages[j])))
	})
	sorted := make([]stageColumns, len(order))
	for k, i := range order {
		sorted[k] = l.stages[i]
	}
	l.stages = sorted
}

// scenarioOrder puts the stages in the order of the scenario, if it has them all.
func (g *guesser) scenarioOrder() bool {
	if len(g.l.pathway) == 0 {
		return false
	}
	for _, s := range g.l.stages {
		if !slices.Contains(g.l.pathway, s.name) {
			return false
		}
	}
	slices.SortStableFunc(g.l.stages, func(a, b stageColumns) int {
		return cmp.Compare(slices.Index(g.l.pathway, a.name), slices.Index(g.l.pathway, b.name))
	})
	return true
}

// first is the date by which a stage is placed among the others.
func first(s stageColumns) expression {
	switch {
	case s.admitted != nil:
		return s.admitted
	case s.left != nil:
		return s.left
	}
	return s.listed
}
