package explore

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tier4/scenarios"
	"tier4/sim"
	"tier4/sim/stats"
)

// BreakEven is where a what-if's difference from the base turns from more to less, as one number moves.
type BreakEven struct {
	Target
	Number    scenarios.Unknown
	Low, High float64        // of the number: what was looked at
	AtLow     stats.Estimate // the difference there
	AtHigh    stats.Estimate
	Found     bool
	At        float64 // the number where the difference is 0
	From, To  float64 // it is 0 between these, with 95% confidence: the ends of what was looked at where beyond them
	More      bool    // it turns again further on
}

// tried is one value of the number with the difference there.
type tried struct {
	u float64 // its place
	stats.Estimate
}

// Move is one number with the two values between which it is moved, as a scenario would write them.
type Move struct {
	Path, Low, High string
	Times           bool // they are factors of all that stands at the path
}

// NetBenefit is the id of the target that weighs figures against cost.
const NetBenefit = "net_benefit"

// BreakEven looks for the value of a number, between two values that the scenarios would take, at which
// each target of a what-if becomes 0, and then its net benefit, where worths are given; all points are
// played so many times by the same people. A path that a scenario does not have leaves it as it is.
func (q *Inquiry) BreakEven(ctx context.Context, m Move, worths []Worth, replications int) ([]BreakEven, error) {
	one, err := q.moving(m)
	if err != nil {
		return nil, err
	}
	targets := one.Targets
	if worths != nil {
		for i := range q.Scenarios[1:] {
			targets = append(targets, Target{
				Figure: sim.Figure{ID: NetBenefit, Unit: sim.UnitPoundsPerYear, Better: 1}, Scenario: i + 1, worths: worths,
			})
		}
	}
	var all []BreakEven
	for _, t := range targets {
		if t.Scenario == 0 {
			continue
		}
		b, err := one.breakEven(ctx, t, replications)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	q.done = one.done
	return all, nil
}

// moving is the inquiry in which one number alone is not known, and may be anything from low to high.
func (q *Inquiry) moving(m Move) (*Inquiry, error) {
	path, law := m.Path, fmt.Sprintf("{uniform: {from: %q, to: %q}}", m.Low, m.High)
	if m.Times {
		law = "{times: " + law + "}"
	}
	var moved []*scenarios.Scenario
	there := false
	var missing error
	for _, s := range q.Scenarios {
		_, has := s.Value(path)
		var sets []string
		if _, says := s.Value("uncertain"); says {
			sets = append(sets, "uncertain=removed")
		}
		if has {
			there = true
			sets = append(sets, "uncertain."+path+"="+law)
		}
		one, err := s.With(sets...)
		if err != nil {
			return nil, err
		}
		if !has && missing == nil {
			_, missing = s.With("uncertain." + path + "=" + law)
		}
		moved = append(moved, one)
	}
	if !there {
		return nil, missing
	}
	one := NewInquiry(moved, q.Models, nil)
	one.Seed, one.Workers, one.Progress, one.done, one.Targets = q.Seed, q.Workers, q.Progress, q.done, q.Targets
	return one, nil
}

// first is how many values of the number are looked at, evenly; then the gap in which the difference turns
// is halved so often.
const (
	firstLooks, halvings = 9, 6

	// BreakEvenLooks is how many values are looked at in all, for each target.
	BreakEvenLooks = firstLooks + halvings
)

func (q *Inquiry) breakEven(ctx context.Context, t Target, replications int) (BreakEven, error) {
	b := BreakEven{Target: t, Number: q.Numbers[0].Unknown}
	b.Low, b.High = b.Number.Quantile(0), b.Number.Quantile(1)
	most, halved := firstLooks, halvings
	if n := b.High - b.Low; b.Number.Whole() && n < BreakEvenLooks {
		most, halved = int(n)+1, 0 // every one of them
	}
	var places []float64
	for i := range most {
		places = append(places, float64(i)/float64(max(most-1, 1)))
	}
	looks, err := q.look(ctx, t, places, replications)
	if err != nil {
		return b, err
	}
	b.AtLow, b.AtHigh = looks[0].Estimate, looks[len(looks)-1].Estimate
	turn := slices.IndexFunc(looks[1:], func(l tried) bool { return math.Signbit(l.Value) != math.Signbit(looks[0].Value) })
	if turn < 0 {
		return b, nil
	}
	b.Found = true
	b.More = math.Signbit(b.AtHigh.Value) == math.Signbit(b.AtLow.Value)
	for range halved {
		left, right := looks[turn], looks[turn+1]
		between, err := q.look(ctx, t, []float64{(left.u + right.u) / 2}, replications)
		if err != nil {
			return b, err
		}
		looks = slices.Insert(looks, turn+1, between...)
		if math.Signbit(between[0].Value) == math.Signbit(left.Value) {
			turn++
		}
	}
	at := func(u float64) float64 { return b.Low + u*(b.High-b.Low) }
	value := func(l tried) float64 { return l.Value }
	b.At = at(crossing(looks, value))
	// Where a band of the difference is 0, the number may be where the difference is.
	a, c := at(crossing(looks, func(l tried) float64 { return l.Low })), at(crossing(looks, func(l tried) float64 { return l.High }))
	b.From, b.To = min(a, c, b.At), max(a, c, b.At)
	if b.Number.Whole() { // the first on the other side
		b.From, b.At, b.To = math.Ceil(b.From), math.Ceil(b.At), math.Ceil(b.To)
	}
	return b, nil
}

// crossing is the place at which a curve through what was looked at is 0 first, straight between looks; the
// nearer end where it never is.
func crossing(looks []tried, value func(tried) float64) float64 {
	for i := range looks[1:] {
		a, b := value(looks[i]), value(looks[i+1])
		if math.Signbit(a) != math.Signbit(b) {
			return looks[i].u + (looks[i+1].u-looks[i].u)*a/(a-b)
		}
	}
	if math.Abs(value(looks[0])) < math.Abs(value(looks[len(looks)-1])) {
		return looks[0].u
	}
	return looks[len(looks)-1].u
}

// look plays the number at some places of its range.
func (q *Inquiry) look(ctx context.Context, t Target, places []float64, replications int) ([]tried, error) {
	points := make([]point, len(places))
	for i, u := range places {
		points[i] = point{u}
	}
	outcomes, err := q.play(ctx, points, replications, func(i int) string { return fmt.Sprintf("%s at %g", q.Numbers[0].Path, places[i]) })
	if err != nil {
		return nil, err
	}
	var looks []tried
	for i, o := range outcomes {
		values := q.values(o, t)
		e, ok := estimate(values)
		if !ok {
			return nil, fmt.Errorf("%s: there is nothing to divide by at some values of %s", t.Figure.ID, q.Numbers[0].Path)
		}
		looks = append(looks, tried{places[i], e})
	}
	return looks, nil
}

func figureNamed(id string) func(sim.Figure) bool {
	return func(f sim.Figure) bool { return f.ID == id }
}
