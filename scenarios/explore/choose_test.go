package explore

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tier4/scenarios"
	"tier4/sim"
)

// blockSpot is one ward with a block contract and spot for whoever finds it full.
const blockSpot = `
name: Block or spot
warm_up: 2 years
measure: 4 years
referrals: {all: {per_day: 0.05, enters: ward}}
pathway:
  ward:
    kind: beds
    places:
      block: {contract: block, beds: 3, per_night: £300}
      spot: {contract: spot, per_night: £450}
    stay: {exponential: {mean: 90 days}}
    next: home
`

const beds = "pathway.ward.places.block.beds"

// optionsOf varies a scenario.
func optionsOf(t *testing.T, s *scenarios.Scenario, vary []string, figures ...string) []Option {
	t.Helper()
	space, err := Vary(s, vary)
	if err != nil {
		t.Fatal(err)
	}
	options, err := Options(s, space.All(), figures...)
	if err != nil {
		t.Fatal(err)
	}
	return options
}

func run(t *testing.T, c Choice) *Chosen {
	t.Helper()
	got, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// theory is a case of block beds against spot with its exact answer.
type theory struct {
	ID     string
	Inputs struct {
		LambdaPerDay float64 `json:"lambda_per_day"`
		MeanLOS      float64 `json:"mean_los_days"`
		PBlock       float64 `json:"p_block"`
		PSpot        float64 `json:"p_spot"`
	}
	Values struct {
		Optimal int                `json:"B_optimal_B"`
		Cost    map[string]float64 `json:"B_cost_by_B"`
		Spot    map[string]float64 `json:"B_spot_beds_mean_by_B"`
	}
}

func theories(t *testing.T) (cases []theory) {
	t.Helper()
	text, err := os.ReadFile("testdata/blockspot.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// scenarioOf writes a case of theory as a scenario, and what varies.
func (c *theory) scenarioOf(t *testing.T, law string) (*scenarios.Scenario, []string) {
	t.Helper()
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	s := scenario(t, blockSpot, "referrals.all.per_day="+number(c.Inputs.LambdaPerDay), "pathway.ward.places.block.per_night="+number(c.Inputs.PBlock),
		"pathway.ward.places.spot.per_night="+number(c.Inputs.PSpot), "pathway.ward.stay="+strings.ReplaceAll(law, "MEAN", number(c.Inputs.MeanLOS)+" days"), "measure=10 years")
	return s, []string{beds + "=0.." + strconv.Itoa(len(c.Values.Cost)-1)}
}

// The best number of beds, and the whole curve of costs and of spot beds in use, against the exact answer
// (Erlang's loss formula), whatever the law of stays.
func TestChoiceFindsTheExactOptimum(t *testing.T) {
	for _, c := range theories(t) {
		for _, law := range []string{"{exponential: {mean: MEAN}}", "{lognormal: {mean: MEAN, sd: MEAN}}", "{fixed: MEAN}"} {
			s, vary := c.scenarioOf(t, law)
			options := optionsOf(t, s, vary, "cost", "ward.nights.spot")
			got := run(t, Choice{Options: options, Goal: Goal{Figure: "cost"}, Indifference: 1500, Confidence: 0.95, Most: 10_000, Seed: 1})
			at := func(n int) float64 { return 365.25 * c.Values.Cost[strconv.Itoa(n)] }
			if at(got.Best) > at(c.Values.Optimal)+1500 || got.Ending != Decided {
				t.Errorf("%s, %s: %d beds (ending %v), want %d", c.ID, law, got.Best, got.Ending, c.Values.Optimal)
			}
			for i, o := range got.Outcomes {
				cost, _ := o.Summary.Find("cost")
				spot, ok := o.Summary.Find("ward.nights.spot")
				b := strconv.Itoa(i)
				if z := (cost.Value - 365.25*c.Values.Cost[b]) / cost.SE; !(math.Abs(z) <= 4) {
					t.Errorf("%s, %s: %d beds cost %.0f ± %.0f, want %.0f", c.ID, law, i, cost.Value, cost.SE, 365.25*c.Values.Cost[b])
				}
				if z := (spot.Value - 365.25*c.Values.Spot[b]) / spot.SE; !ok || !(math.Abs(z) <= 4) {
					t.Errorf("%s, %s: %d beds and %.1f ± %.1f spot nights, want %.1f", c.ID, law, i, spot.Value, spot.SE, 365.25*c.Values.Spot[b])
				}
			}
		}
	}
}

func TestAnyNumberOfWorkersChoosesTheSame(t *testing.T) {
	options := optionsOf(t, scenario(t, blockSpot), []string{beds + "=1..6"}, "cost", "ward.nights.spot")
	limit := Constraint{Limit: sim.Limit{Figure: "ward.nights.spot", Amount: 700}, Tolerance: 50}
	for _, budget := range []int{0, 400} {
		c := Choice{Options: options, Goal: Goal{Figure: "cost"}, SubjectTo: []Constraint{limit}, Indifference: 3000, Confidence: 0.95, Budget: budget, Most: 2000, Seed: 4, Workers: 1}
		want := run(t, c)
		if want.Best < 0 || want.Used < 180 {
			t.Fatalf("budget %d: best %d of %d", budget, want.Best, want.Used)
		}
		for _, workers := range []int{2, 7} {
			c.Workers = workers
			if got := run(t, c); !reflect.DeepEqual(got, want) {
				t.Errorf("budget %d: %d workers choose %d after %d, one chooses %d after %d", budget, workers, got.Best, got.Used, want.Best, want.Used)
			}
		}
	}
}

// What is chosen keeps the limits; what is better and does not is named, with the limit it misses.
func TestChoiceKeepsItsLimits(t *testing.T) {
	options := optionsOf(t, scenario(t, blockSpot), []string{beds + "=0..7"}, "cost", "ward.nights.spot")
	// 2.2 spot beds on average at 3, 1.6 at 4, 1.1 at 5: 399 nights a year at 5.
	limit := Constraint{Limit: sim.Limit{Figure: "ward.nights.spot", Amount: 480}, Tolerance: 50}
	got := run(t, Choice{Options: options, Goal: Goal{Figure: "cost"}, SubjectTo: []Constraint{limit}, Indifference: 3000, Confidence: 0.95, Most: 5000, Seed: 2})
	if got.Best != 5 || got.Ending != Decided {
		t.Errorf("%d beds, ending %v", got.Best, got.Ending)
	}
	for i, o := range got.Outcomes {
		want := Worse
		switch {
		case i == 5:
			want = Best
		case i < 5:
			want = Infeasible
		}
		if o.Standing != want || (want == Infeasible) != slices.Equal(o.Misses, []int{0}) {
			t.Errorf("%d beds: standing %v, misses %v", i, o.Standing, o.Misses)
		}
	}
	if got.Used >= got.Equal || got.Probability != 0.95 || got.Within != 3000 {
		t.Errorf("used %d of %d, probability %g, within %g", got.Used, got.Equal, got.Probability, got.Within)
	}
	limit.Amount = 1
	if got := run(t, Choice{Options: options[:3], Goal: Goal{Figure: "cost"}, SubjectTo: []Constraint{limit}, Indifference: 3000, Confidence: 0.95, Most: 5000, Seed: 2}); got.Best != -1 || got.Outcomes[2].Standing != Infeasible || got.Outcomes[2].Compared {
		t.Errorf("no option keeps the limit: %d, %v", got.Best, got.Outcomes[2].Standing)
	}
}

// The highest of a figure, options that are the same, and one that lacks the figure.
func TestChoiceOfTheHighest(t *testing.T) {
	s := scenario(t, blockSpot)
	options := optionsOf(t, s, []string{beds + "=1,2,40,41"}, "ward.admissions.block", "ward.occupancy")
	got := run(t, Choice{Options: options, Goal: Goal{Figure: "ward.admissions.block", Greatest: true}, Indifference: 1, Confidence: 0.95, Most: 2000, Seed: 2})
	// 40 beds and 41 are never full: everyone gets in, in every replication.
	if got.Best != 2 || !slices.Equal(got.Of(Tied), []int{3}) || !got.Outcomes[3].Behind.Same || got.Outcomes[0].Behind.Value >= 0 {
		t.Errorf("best %d, tied %v, behind by %g", got.Best, got.Of(Tied), got.Outcomes[0].Behind.Value)
	}
	none := optionsOf(t, scenario(t, blockSpot), []string{beds + "=0,2"}, "ward.occupancy")
	got = run(t, Choice{Options: none, Goal: Goal{Figure: "ward.occupancy", Greatest: true}, Indifference: 0.05, Confidence: 0.95, Most: 2000, Seed: 2})
	if got.Best != 1 || got.Outcomes[0].Standing != Unknown || got.Outcomes[0].Figure != "ward.occupancy" {
		t.Errorf("no beds are never full: best %d, %v", got.Best, got.Outcomes[0].Standing)
	}
}

// At the most allowed, and when stopped, the answer is what is known then; nothing is promised.
func TestAChoiceThatEndsBeforeItIsDecided(t *testing.T) {
	options := optionsOf(t, scenario(t, blockSpot), []string{beds + "=0..7"}, "cost")
	c := Choice{Options: options, Goal: Goal{Figure: "cost"}, Indifference: 10, Confidence: 0.95, Most: 60, Seed: 2}
	got := run(t, c)
	if got.Ending != Capped || got.Best != 3 || got.Used > 8*60 || !(got.Probability > 0.3 && got.Probability < 1) || !(got.Within >= 0) {
		t.Errorf("capped: ending %v, best %d of %d, probability %g, within %g", got.Ending, got.Best, got.Used, got.Probability, got.Within)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c.Most, c.Progress = 1_000_000, func(done, expected int) {
		if expected < done {
			t.Errorf("%d done of %d", done, expected)
		}
		if done > 500 {
			cancel()
		}
	}
	got, err := c.Run(ctx)
	if err != nil || got.Ending != Interrupted || got.Best != 3 || got.Used <= 500 {
		t.Errorf("stopped: %v, %+v", err, got)
	}
	ctx, cancel = context.WithCancel(t.Context())
	c.Progress = func(done, _ int) {
		if done >= 3*len(options) {
			cancel()
		}
	}
	if got, err = c.Run(ctx); err != nil || got.Ending != Interrupted || got.Best < 0 {
		t.Errorf("stopped early: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if _, err := c.Run(ctx); !errors.Is(err, sim.ErrNothingFinished) {
		t.Errorf("stopped at once: %v", err)
	}
	no := errors.New("too dear")
	c.Progress, c.Agree = nil, func(n int) error { return no }
	if _, err := c.Run(t.Context()); !errors.Is(err, no) {
		t.Errorf("not agreed to: %v", err)
	}
	c.Most = First - 1
	if _, err := c.Run(t.Context()); !errors.Is(err, ErrTooFew) {
		t.Errorf("too few: %v", err)
	}
	c.Most, c.Budget = 100, First*len(options)-1
	if _, err := c.Run(t.Context()); !errors.Is(err, ErrTooFew) {
		t.Errorf("too small a budget: %v", err)
	}
}

// A budget is spent where it tells most: on the best and what is near it.
func TestABudgetIsSpentWhereItTellsMost(t *testing.T) {
	options := optionsOf(t, scenario(t, blockSpot), []string{beds + "=0..9"}, "cost")
	got := run(t, Choice{Options: options, Goal: Goal{Figure: "cost"}, Indifference: 500, Confidence: 0.95, Budget: 2000, Most: 10_000, Seed: 3})
	if got.Best != 3 || got.Ending != Spent || got.Used > 2000 || got.Used < 1990 || !(got.Probability > 0.9) {
		t.Errorf("best %d, ending %v, used %d, probability %g", got.Best, got.Ending, got.Used, got.Probability)
	}
	n := func(i int) int { return got.Outcomes[i].Replications }
	if n(3) < n(2)-blockSize || n(2) <= n(1) || n(4) <= n(5) || n(9) != First {
		t.Errorf("played %d at 1 bed, %d at 2, %d at 3, %d at 4, %d at 5, %d at 9", n(1), n(2), n(3), n(4), n(5), n(9))
	}
}
