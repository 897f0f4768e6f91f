package explore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"tier4/sim"
)

func survey(t *testing.T, s Survey) *Surveyed {
	t.Helper()
	found, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A survey of any number of workers gives each option what it has by itself.
func TestASurveyGivesEachOptionWhatItHasByItself(t *testing.T) {
	options := optionsOf(t, scenario(t, blockSpot), []string{beds + "=0..4"}, "cost", "ward.wait.p90", "ward.nights.spot")
	s := Survey{Options: options, Keep: []string{"cost"}, Seed: 5, Replications: 45, Workers: 1}
	want := survey(t, s)
	alone, err := sim.Experiment{Models: []*sim.Model{options[3].Model}, Seed: 5, Replications: 45}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want.Replications != 45 || want.Interrupted || !reflect.DeepEqual(want.Summaries[3], alone.Summaries[0]) {
		t.Error("an option has other figures than by itself")
	}
	for _, workers := range []int{2, 7} {
		s.Workers = workers
		if got := survey(t, s); !reflect.DeepEqual(got.Summaries, want.Summaries) || !reflect.DeepEqual(got.kept, want.kept) {
			t.Errorf("%d workers find something else", workers)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	s.Replications, s.Progress = 100_000, func(done int) {
		if done >= 20 {
			cancel()
		}
	}
	got, err := s.Run(ctx)
	if err != nil || !got.Interrupted || got.Replications < 20 || got.Summaries[0].Replications != got.Replications || got.kept[0][4].len() != got.Replications {
		t.Errorf("stopped: %v after %d", err, got.Replications)
	}
	if _, err := s.Run(ctx); !errors.Is(err, sim.ErrNothingFinished) {
		t.Errorf("stopped before the start: %v", err)
	}
}

// With one stage and overflow to spot, more block beds never raise spot nights: in the mean of few
// replications already, as all have the same people.
func TestMoreBlockBedsNeverRaiseSpotNights(t *testing.T) {
	for i, sets := range [][]string{
		nil,
		{"pathway.ward.stay={lognormal: {mean: 60 days, sd: 90 days}}", "referrals.all.per_day=0.2"},
		{"pathway.ward.places.spot={contract: spot, per_night: £450, look_after: 10 days, found_in: {exponential: {mean: 5 days}}}", "referrals.all.per_day=0.1"},
		{"pathway.ward.places.block.suits=80%", "pathway.ward.unplanned_discharge={exponential: {mean: 100 days}}", "pathway.ward.places.block.turnover=2 days"},
	} {
		options := optionsOf(t, scenario(t, blockSpot, sets...), []string{beds + "=0..20"}, "ward.nights.spot")
		found := survey(t, Survey{Options: options, Seed: uint64(i), Replications: 20})
		before := math.Inf(1)
		for n, s := range found.Summaries {
			e, ok := s.Find("ward.nights.spot")
			if !ok || e.Value > before {
				t.Errorf("case %d: %d beds and %g spot nights a year, one less and %g", i, n, e.Value, before)
			}
			before = e.Value
		}
	}
}

// The frontier contains the best option by every weighted sum of the goals.
func TestTheFrontierHasTheBestOfEveryWeightedSum(t *testing.T) {
	s := scenario(t, blockSpot, "pathway.ward.places.spot={contract: spot, per_night: £450, look_after: 14 days, found_in: {exponential: {mean: 12 days}}}",
		"pathway.ward.drops_out_after={exponential: {mean: 30 days}}")
	goals := []Goal{{Figure: "cost"}, {Figure: "ward.wait.mean"}, {Figure: "reached.ward", Greatest: true}}
	options := optionsOf(t, s, []string{beds + "=0..6", "pathway.ward.places.spot.look_after=0 days,14 days,28 days"}, "cost", "ward.wait.mean", "reached.ward")
	found := survey(t, Survey{Options: options, Keep: []string{"cost", "ward.wait.mean", "reached.ward"}, Seed: 1, Replications: 40})
	for n := 2; n <= 3; n++ {
		f := found.Frontier(goals[:n])
		if len(f.Front) < 3 || len(f.Front) == len(options) && n == 2 {
			t.Errorf("%d goals: %d of %d on the frontier", n, len(f.Front), len(options))
		}
		for w := range 200 {
			best, least := -1, math.Inf(1)
			for i, s := range found.Summaries {
				sum := 0.0
				for k, g := range goals[:n] {
					e, _ := s.Find(g.Figure)
					v := e.Value * math.Exp(3*normals(w, 0, k)) / []float64{1e5, 5, 0.2}[k]
					if g.Greatest {
						v = -v
					}
					sum += v
				}
				if sum < least {
					best, least = i, sum
				}
			}
			if !slices.Contains(f.Front, best) || f.Placed[best].Place != OnFrontier {
				t.Errorf("%d goals: %s is best by some weights and not on the frontier", n, options[best])
			}
		}
		for _, step := range f.Steps {
			if !slices.Contains(f.Front, step.From) || !slices.Contains(f.Front, step.To) {
				t.Errorf("a step leads from %d to %d, off the frontier", step.From, step.To)
			}
		}
	}
}

// surveyed has the values of options by two goals, each with a noise that all share and one of its own.
func surveyed(cost, people []float64, own float64) *Surveyed {
	m := optionModel()
	s := &Surveyed{Survey: Survey{Keep: []string{"cost", "ward.admissions"}}, Replications: 50, kept: [][]*series{nil, nil}}
	for i := range cost {
		s.Options = append(s.Options, Option{Model: m})
		a, b := new(series), new(series)
		for r := range 50 {
			shared := 20 * normals(1, r, 1000)
			a.add(cost[i]+shared+own*normals(2, r, i), 1)
			b.add(people[i]+shared/10+own/100*normals(3, r, i), 1)
		}
		s.kept[0], s.kept[1] = append(s.kept[0], a), append(s.kept[1], b)
	}
	return s
}

func optionModel() *sim.Model {
	s, err := parsed(blockSpot)
	if err != nil {
		panic(err)
	}
	o, err := NewOption(s, nil, "cost", "ward.admissions")
	if err != nil {
		panic(err)
	}
	return o.Model
}

// By hand: 100 pounds for 10 people, 200 for 12 and 400 for 13 are on the frontier; 250 for 11 is beaten by the
// second; 200.1 for 11.999 cannot be told from it. The next person costs 100/2 = 50 pounds, then 200.
func TestAFrontierByHand(t *testing.T) {
	s := surveyed([]float64{100, 200, 400, 250, 201}, []float64{10, 12, 13, 11, 11.99}, 5)
	f := s.Frontier([]Goal{{Figure: "cost"}, {Figure: "ward.admissions", Greatest: true}})
	if !slices.Equal(f.Front, []int{0, 1, 2}) || f.Money != 0 || f.Tests != 6 {
		t.Fatalf("frontier %v, money %d, %d tests", f.Front, f.Money, f.Tests)
	}
	for i, want := range []Placed{{Place: OnFrontier, By: -1}, {Place: OnFrontier, By: -1}, {Place: OnFrontier, By: -1}, {Place: Beaten, By: 1}, {Place: NotTold, By: 1}} {
		if got := f.Placed[i]; got.Place != want.Place || got.By != want.By || (got.By >= 0) != (len(got.Gaps) == 2) {
			t.Errorf("option %d: %v by %d", i, got.Place, got.By)
		}
	}
	near(t, "cost of the beaten one", f.Placed[3].Gaps[0].Value, 50, 4)
	if len(f.Steps) != 2 || f.Steps[0].From != 0 || f.Steps[1].To != 2 {
		t.Fatalf("steps %+v", f.Steps)
	}
	near(t, "the next person", f.Steps[0].Price.Value, 50, 2)
	near(t, "and the one after", f.Steps[1].Price.Value, 200, 8)
	for _, step := range f.Steps {
		if !step.Known || !(step.Price.Low < step.Price.Value && step.Price.Value < step.Price.High) {
			t.Errorf("a price without its interval: %+v", step)
		}
	}
	// With so much noise nothing can be told.
	for i, p := range surveyed([]float64{100, 200, 250}, []float64{10, 12, 11}, 1000).Frontier(f.Goals).Placed {
		if p.Place == Beaten {
			t.Errorf("option %d is beaten by noise", i)
		}
	}
	// The same in every replication: none beats the other.
	s = surveyed([]float64{100, 200}, []float64{10, 12}, 5)
	s.Options, s.kept[0], s.kept[1] = append(s.Options, s.Options[1]), append(s.kept[0], s.kept[0][1]), append(s.kept[1], s.kept[1][1])
	if f := s.Frontier(f.Goals); !slices.Equal(f.Front, []int{0, 1, 2}) {
		t.Errorf("twins: frontier %v", f.Front)
	}
	// Nobody contributed.
	s.kept[1][0] = &series{y: make([]float64, 50), n: make([]float64, 50)}
	if f := s.Frontier(f.Goals); f.Placed[0].Place != NotKnown || !slices.Equal(f.Front, []int{1, 2}) {
		t.Errorf("an option without a figure: %v, frontier %v", f.Placed[0].Place, f.Front)
	}
}

// A share of people is priced by the person.
func TestTheNextPersonReached(t *testing.T) {
	s := scenario(t, blockSpot, "pathway.ward.places.spot={contract: spot, per_night: £450, look_after: 60 days}", "pathway.ward.drops_out_after={exponential: {mean: 30 days}}")
	options := optionsOf(t, s, []string{beds + "=2,4"}, "cost", "reached.ward", "ward.admissions")
	found := survey(t, Survey{Options: options, Keep: []string{"cost", "reached.ward"}, Seed: 1, Replications: 200})
	f := found.Frontier([]Goal{{Figure: "cost"}, {Figure: "reached.ward", Greatest: true}})
	if len(f.Steps) != 1 || !f.Counts(1) || f.Counts(0) {
		t.Fatalf("%d steps", len(f.Steps))
	}
	var money, people [2]float64
	for i, s := range found.Summaries {
		c, _ := s.Find("cost")
		a, _ := s.Find("ward.admissions")
		money[i], people[i] = c.Value, a.Value
	}
	// Those admitted differ from those whose way ended admitted only by who is inside at the ends.
	want := (money[1] - money[0]) / (people[1] - people[0])
	if got := f.Steps[0].Price.Value; math.Abs(got/want-1) > 0.1 {
		t.Errorf("the next person costs %.0f, want about %.0f", got, want)
	}
	if fmt.Sprint(f.Placed[0].Place, f.Placed[1].Place) != "0 0" {
		t.Error("both are on the frontier")
	}
}
