package explore

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tier4/sim/stats"
)

// Driven is a target with what drives it.
type Driven struct {
	Target
	Value  stats.Estimate // as the scenarios stand
	Swings []Swing        // of every number, the widest first
	Parts  stats.Parts    // over draws of all numbers together
	Spread stats.Estimate // their average, its interval carrying what is not known
	Known  bool           // whether draws could be told apart
}

// Swing is what one number does to a target by itself, others as they stand.
type Swing struct {
	Number        int
	Low, High     float64        // of the number: 19 times in 20 it lies between
	AtLow, AtHigh float64        // the target there
	Apart         stats.Estimate // the target at the high end less that at the low one
	Share         float64        // of the target's variance for not knowing all numbers, that this one is responsible for
}

// The ends of a swing.
const lowEnd, highEnd = 0.025, 0.975

// Tornado moves each number by itself from its low end to its high one, each point played so many times by
// the same people, and then draws all numbers together, to say how much of what is not known is whose.
func (q *Inquiry) Tornado(ctx context.Context, replications, draws, perDraw int) ([]Driven, error) {
	points := []point{q.middle()}
	for k := range q.Numbers {
		for _, end := range []float64{lowEnd, highEnd} {
			p := q.middle()
			p[k] = end
			points = append(points, p)
		}
	}
	outcomes, err := q.play(ctx, points, replications, func(i int) string {
		if i == 0 {
			return "the middle"
		}
		return "an end of " + q.Numbers[(i-1)/2].Path
	})
	if err != nil {
		return nil, err
	}
	drawn, err := q.draw(ctx, draws, draws*perDraw)
	if err != nil {
		return nil, err
	}
	places := q.places(draws)
	var all []Driven
	for _, t := range q.Targets {
		if d, ok := q.driven(t, outcomes); ok {
			q.share(&d, drawn, places)
			all = append(all, d)
		}
	}
	return all, nil
}

// driven is a target's swings, without shares; ok is false where it has no value at the middle.
func (q *Inquiry) driven(t Target, outcomes []*outcome) (d Driven, ok bool) {
	d.Target = t
	if d.Value, ok = estimate(outcomes[0].values(t)); !ok {
		return d, false
	}
	for k, n := range q.Numbers {
		low, high := outcomes[1+2*k].values(t), outcomes[2+2*k].values(t)
		if low == nil || high == nil {
			continue
		}
		apart := make([]float64, len(low))
		for i := range low {
			apart[i] = high[i] - low[i]
		}
		s := Swing{Number: k, Low: n.Quantile(lowEnd), High: n.Quantile(highEnd), AtLow: meanOf(low), AtHigh: meanOf(high)}
		s.Apart, _ = estimate(apart)
		d.Swings = append(d.Swings, s)
	}
	return d, true
}

// estimate is the mean of replications with Student's interval.
func estimate(values []float64) (stats.Estimate, bool) {
	var r stats.Ratio
	for _, v := range values {
		r.Add(v, 1)
	}
	return r.Estimate(level)
}

// share parts a target's variance over draws among the numbers, and puts the widest swing first; among those
// that swing alike, the greatest share.
func (q *Inquiry) share(d *Driven, drawn []*outcome, places [][]float64) {
	var r stats.Ratio
	var totals stats.Totals
	var means []float64
	for _, o := range drawn {
		values := o.values(d.Target)
		if values == nil {
			means = nil
			break
		}
		for _, v := range values {
			r.Add(v, 1)
		}
		totals.Add(total(values), float64(len(values)))
		means = append(means, meanOf(values))
	}
	if means != nil {
		d.Spread, d.Parts, d.Known = r.Nested(&totals, level)
	}
	if d.Known && d.Parts.Parameters > 0 {
		explained := stats.Additive(places, means)
		whole := max(d.Parts.Parameters, total(explained))
		for i := range d.Swings {
			d.Swings[i].Share = explained[d.Swings[i].Number] / whole
		}
	}
	slices.SortStableFunc(d.Swings, func(a, b Swing) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Apart.Value), math.Abs(a.Apart.Value)), cmp.Compare(b.Share, a.Share))
	})
}
