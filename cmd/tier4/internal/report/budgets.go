package report

import (
	"tier4/sim"
)

// budgets is a row for each budget.
func (l *lookup) budgets(spec sim.Spec) *Table {
	t := &Table{Head: []string{
		"Budget", "Given a year", "Spent a year", "Chance that a year overspends", "Overspent, of all years",
		"Chance that it runs out", "When it runs out, in", "Promised already to the next year",
	}}
	for _, b := range spec.Budgets {
		of := "budget." + b.Name + "."
		if _, ok := l.all[of+"spent"]; !ok {
			continue
		}
		t.add(plain(b.Name), amount(sim.UnitPounds, float64(b.PerYear)/100),
			l.cell(of+"spent", bare), l.cell(of+"overspend_probability", bare), l.cell(of+"overspend", bare),
			l.cell(of+"runs_out_probability", bare), l.cell(of+"month_spent", bare), l.cell(of+"carried_over", bare))
	}
	return filled(t)
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
		for _, what := range []string{"spent", "overspend_probability", "overspend", "runs_out_probability", "month_spent", "carried_over"} {
			ids = append(ids, "budget."+b.Name+"."+what)
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
