package report

import "tier4/sim"

// budgets has a column for each budget.
func (l *lookup) budgets(spec sim.Spec) *Table {
	t := &Table{Head: []string{"Each financial year"}, Rows: [][]string{{"Given"}}}
	for _, fact := range budgetFacts {
		t.add(fact[1])
	}
	for _, b := range spec.Budgets {
		of := "budget." + b.Name + "."
		if _, ok := l.all[of+"spent"]; !ok {
			continue
		}
		t.Head = append(t.Head, sentence(plain(b.Name)))
		t.Rows[0] = append(t.Rows[0], amount(sim.UnitPounds, float64(b.PerYear)/100))
		for i, fact := range budgetFacts {
			t.Rows[i+1] = append(t.Rows[i+1], l.cell(of+fact[0], bare))
		}
	}
	return filled(t)
}

// budgetFacts are the figures of a budget and what they say.
var budgetFacts = [][2]string{
	{"spent", "Spent"},
	{"overspend_probability", "Chance that a year overspends"},
	{"overspend", "Overspent, on average over all years"},
	{"runs_out_probability", "Chance that the money runs out within a year"},
	{"month_spent", "Month in which it runs out, in years when it does"},
	{"carried_over", "Promised already to the next year, at the end"},
}

// staff is a row for each pool.
func (l *lookup) staff(spec sim.Spec) *Table {
	t := &Table{Head: []string{"Who", "Cases they can hold", "Cases held on average", "Of all they can hold"}}
	for _, pool := range spec.Staff {
		of := "staff." + pool.Name + "."
		if _, ok := l.all[of+"cases.mean"]; !ok {
			continue
		}
		t.add(plain(pool.Name), count(pool.Caseload), l.cell(of+"cases.mean", bare), l.cell(of+"occupancy", bare))
	}
	return filled(t)
}

// panels is a row for each panel.
func (l *lookup) panels(spec sim.Spec) *Table {
	t := &Table{Head: []string{"Panel", "Cases heard a year", "Approved", "Put off", "Declined", "Not used in time"}}
	for _, s := range spec.Stages {
		if s.Kind == sim.PanelKind {
			t.add(plain(s.Name), l.cell(s.Name+".heard", bare), l.cell(s.Name+".approved", bare), l.cell(s.Name+".deferred", bare),
				l.cell(s.Name+".declined", bare), l.cell(s.Name+".expired", bare))
		}
	}
	return filled(t)
}

// budgetFigures are those of budgets that a comparison shows.
func budgetFigures(spec sim.Spec) (ids []string) {
	for _, b := range spec.Budgets {
		for _, fact := range budgetFacts {
			ids = append(ids, "budget."+b.Name+"."+fact[0])
		}
	}
	return ids
}

// deathFigures are those about people who die.
var deathFigures = []string{"deaths.waiting", "deaths.within_28_days", "deaths.within_12_months"}

// breakEvens are those that set block beds against spot ones.
func breakEvens(spec sim.Spec) (ids []string) {
	for _, s := range spec.Stages {
		if s.Kind == sim.BedsKind {
			ids = append(ids, "break_even."+s.Name+".occupancy", "break_even."+s.Name+".spot_premium")
		}
	}
	return ids
}
