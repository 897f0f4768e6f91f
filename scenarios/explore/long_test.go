//go:build long

package explore

import (
	"testing"

	"tier4/scenarios"
	"tier4/sim"
)

// problem is a choice whose answer brute force knows.
type problem struct {
	name      string
	scenario  func(t *testing.T) *scenarios.Scenario
	vary      []string
	goal      Goal
	subjectTo []Constraint
	zone      float64
	brute     int // replications of each option
}

// truth is what brute force finds: the goal (less is better) and by how much each option misses its limits.
type truth struct {
	goal   []float64
	excess []float64
}

func (p *problem) truth(t *testing.T, options []Option) (found truth) {
	t.Helper()
	all := survey(t, Survey{Options: options, Seed: 987654321, Replications: p.brute})
	for _, s := range all.Summaries {
		e, _ := s.Find(p.goal.Figure)
		v, worst := e.Value, -1e9
		if p.goal.Greatest {
			v = -v
		}
		for _, l := range p.subjectTo {
			e, _ := s.Find(l.Figure)
			by := e.Value - l.Amount
			if l.AtLeast {
				by = -by
			}
			worst = max(worst, by/l.Tolerance)
		}
		found.goal, found.excess = append(found.goal, v), append(found.excess, worst)
	}
	return found
}

// right reports whether an answer is right, or inside the indifference zone: it misses no limit by more than
// the tolerance, and no option that keeps them by the tolerance is better by more than the zone.
func (f *truth) right(best int, zone float64) bool {
	if best < 0 || f.excess[best] > 1 {
		return false
	}
	for i, v := range f.goal {
		if f.excess[i] <= -1 && v < f.goal[best]-zone {
			return false
		}
	}
	return true
}

func TestChoiceAgainstBruteForce(t *testing.T) {
	waiting := func(t *testing.T) *scenarios.Scenario {
		return scenario(t, blockSpot, "pathway.ward.places.spot={contract: spot, per_night: £450, look_after: 30 days, found_in: {exponential: {mean: 10 days}}}",
			"pathway.ward.drops_out_after={exponential: {mean: 40 days}}", "pathway.ward.stay={gamma: {mean: 84 days, sd: 30 days}}")
	}
	plain := func(t *testing.T) *scenarios.Scenario { return scenario(t, blockSpot) }
	medway := func(t *testing.T) *scenarios.Scenario {
		s, err := scenarios.Load("medway")
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	limit := func(figure string, atLeast bool, amount, tolerance float64) []Constraint {
		return []Constraint{{Limit: sim.Limit{Figure: figure, AtLeast: atLeast, Amount: amount}, Tolerance: tolerance}}
	}
	for _, p := range []problem{
		{"block or spot", plain, []string{beds + "=0..8"}, Goal{Figure: "cost"}, nil, 2000, 20_000},
		{"with a limit on spot nights", plain, []string{beds + "=0..8"}, Goal{Figure: "cost"}, limit("ward.nights.spot", false, 500, 60), 2000, 20_000},
		{"25 mixes by cost for each completion", waiting, []string{beds + "=1..5", "pathway.ward.places.spot.look_after=0 days,10 days,20 days,30 days,60 days"}, Goal{Figure: "cost_per_completion"}, nil, 150, 10_000},
		{"25 mixes by who gets in soon", waiting, []string{beds + "=1..5", "pathway.ward.places.spot.look_after=0 days,10 days,20 days,30 days,60 days"}, Goal{Figure: "cost"}, limit("reached.ward.within_21_days", true, 0.6, 0.02), 3000, 10_000},
		{"Medway, 24 mixes, with a limit", medway, []string{"pathway.rehab.places.riverside.beds=2..7", "pathway.panel.meets.every=1w,2w,3w,4w"}, Goal{Figure: "cost"}, limit("reached.rehab.within_84_days", true, 0.2, 0.01), 5000, 2_000},
		{"Medway, the most who complete", medway, []string{"pathway.panel.cases=2..6", "pathway.panel.meets.every=1w,2w"}, Goal{Figure: "completed", Greatest: true}, nil, 0.01, 2_000},
	} {
		figures := []string{p.goal.Figure}
		for _, l := range p.subjectTo {
			figures = append(figures, l.Figure)
		}
		options := optionsOf(t, p.scenario(t), p.vary, figures...)
		truth := p.truth(t, options)
		right, used, equal, decided := 0, 0, 0, 0
		for seed := range uint64(100) {
			got := run(t, Choice{Options: options, Goal: p.goal, SubjectTo: p.subjectTo, Indifference: p.zone, Confidence: 0.95, Most: 20_000, Seed: seed})
			used, equal = used+got.Used, equal+got.Equal
			if got.Ending == Decided {
				decided++
			}
			if truth.right(got.Best, p.zone) {
				right++
			}
		}
		t.Logf("%s: %d options, right %d of 100 times, decided %d, %d replications a time, %d had all been played alike", p.name, len(options), right, decided, used/100, equal/100)
		if right < 89 {
			t.Errorf("%s: right %d of 100 times", p.name, right)
		}
		rightly := 0
		for seed := range uint64(100) {
			got := run(t, Choice{Options: options, Goal: p.goal, SubjectTo: p.subjectTo, Indifference: p.zone, Confidence: 0.95, Most: 20_000, Seed: seed, Budget: max(used/100, (First+10)*len(options))})
			if truth.right(got.Best, p.zone) {
				rightly++
			}
		}
		t.Logf("%s: a budget of as many, right %d of 100 times", p.name, rightly)
		if rightly < 85 {
			t.Errorf("%s: a budget of as many, right %d of 100 times", p.name, rightly)
		}
	}
}
