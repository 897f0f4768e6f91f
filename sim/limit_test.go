package sim

import (
	"testing"

	"tier4/sim/stats"
)

// A limit is judged by the long-run interval, and counted year by year.
func TestLimitsAreWatchedYearByYear(t *testing.T) {
	spec := small()
	spec.Measure = 3 * 365
	m, err := modelOf(t, spec).Measuring("ward.occupancy", "ward.wait.p90")
	if err != nil {
		t.Fatal(err)
	}
	const replications = 50
	f := run(t, t.Context(), Experiment{Models: []*Model{m}, Seed: 3, Replications: replications})
	middle := f.Summaries[0].Estimates[0].Value
	limits := []Limit{
		{Figure: "ward.occupancy", AtLeast: true, Amount: middle / 2},
		{Figure: "ward.occupancy", AtLeast: true, Amount: 2 * middle},
		{Figure: "ward.occupancy", Amount: middle},
		{Figure: "ward.wait.p90", Strict: true, Amount: 1e6},
	}
	if m, err = m.Watching(limits...); err != nil {
		t.Fatal(err)
	}
	kept, years := 0.0, 0.0
	e := Experiment{Models: []*Model{m}, Seed: 3, Replications: replications}
	got := run(t, t.Context(), e).Summaries[0].Limits
	p := Player{Seed: 3}
	if err := p.Play(t.Context(), []*Model{m}, 0, replications, func(blocks []*Batch) bool {
		for i := 0; i < len(blocks[0].years); i += len(m.plan.figures) {
			years++
			if blocks[0].years[i] <= middle {
				kept++
			}
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []Keeping{Met, Missed, CannotTell, Met} {
		if k := got[i]; k.Keeping != want || !k.Known || !k.HasYear || k.Figure.ID != limits[i].Figure {
			t.Errorf("limit %d: %v, want %v", i, k.Keeping, want)
		}
	}
	if got[0].Year.Value != 1 || got[1].Year.Value != 0 || years != 2*replications && years != 3*replications || abs(got[2].Year.Value-kept/years) > 1e-12 {
		t.Errorf("chances of a year %g, %g and %g; %g of %g years kept the third", got[0].Year.Value, got[1].Year.Value, got[2].Year.Value, kept, years)
	}
	if got[2].Year.Low >= got[2].Year.Value || got[2].Year.High <= got[2].Year.Value {
		t.Errorf("the chance of a year has no interval: %+v", got[2].Year)
	}
	if _, err := m.Watching(Limit{Figure: "cost"}); err == nil {
		t.Error("a limit to a figure that is not measured")
	}
}

// A budget that is overspent in no year, or in every one, of those played may yet fare otherwise.
func TestAProbabilityOfAYearIsNeverCertain(t *testing.T) {
	for _, years := range []Days{365, 3 * 365} {
		spec := small()
		spec.WarmUp, spec.Measure = 0, years
		spec.Budgets = []Budget{
			{Name: "little", PerYear: 1, PaysFor: []string{"ward"}, WhenSpent: Overspend},
		}
		m, err := modelOf(t, spec).Measuring("budget.little.overspend_probability")
		if err != nil {
			t.Fatal(err)
		}
		e := run(t, t.Context(), Experiment{Models: []*Model{m}, Seed: 3, Replications: 40}).Summaries[0].Estimates[0]
		if low, high := stats.Wilson(40, 40, 0.95); e.Value != 1 || e.Low != low || e.High != high {
			t.Errorf("%g days: %+v", years, e)
		}
	}
}

// Money also runs out by what is committed for nobody, such as weeks of care, and for nights of which any number may be had.
func TestMoneyRunsOutByWhateverItPaysFor(t *testing.T) {
	for name, change := range map[string]func(*Stage){
		"weeks": func(s *Stage) { s.Beds.Places[0].PerNight, s.Costs.PerWeek = 0, 7000 },
		"any beds": func(s *Stage) {
			s.Beds.Places[0].PerNight, s.Beds.Places[0].Beds = 1000, NoLimit
		},
	} {
		spec := small()
		spec.WarmUp, spec.Measure = 0, 365
		change(&spec.Stages[0])
		spec.Budgets = []Budget{{Name: "half", PerYear: 365 * 1000, PaysFor: []string{"ward"}, WhenSpent: Overspend}} // of two people a day
		m, err := modelOf(t, spec).Measuring("budget.half.overspend_probability", "budget.half.runs_out_probability", "budget.half.month_spent")
		if err != nil {
			t.Fatal(err)
		}
		all := run(t, t.Context(), Experiment{Models: []*Model{m}, Seed: 3, Replications: 40}).Summaries[0].Estimates
		if overspent, out, month := all[0].Value, all[1].Value, all[2].Value; overspent < 0.9 || out < overspent || month < 5 || month > 10 {
			t.Errorf("%s: overspent in %g of the years, ran out in %g, in month %g of the year", name, overspent, out, month)
		}
	}
}

func TestALimitHolds(t *testing.T) {
	for _, c := range []struct {
		l    Limit
		v    float64
		want bool
	}{
		{Limit{AtLeast: true, Amount: 3}, 3, true},
		{Limit{AtLeast: true, Strict: true, Amount: 3}, 3, false},
		{Limit{AtLeast: true, Amount: 3}, 2.9, false},
		{Limit{Amount: 3}, 3, true},
		{Limit{Strict: true, Amount: 3}, 3, false},
		{Limit{Amount: 3}, 3.1, false},
	} {
		if c.l.Holds(c.v) != c.want {
			t.Errorf("%+v of %g: %v", c.l, c.v, !c.want)
		}
	}
	if Met.String()+Missed.String()+CannotTell.String() != "metmissedcannot tell yet" {
		t.Error("words")
	}
}
