package explore

import (
	"cmp"
	"context"
	"slices"

	"tier4/sim/stats"
)

// Worth is what one unit more of a figure is worth, in pounds a year: below 0 where less is better.
type Worth struct {
	Figure string
	Pounds float64
}

// Ladder is what a choice is worth at each of several values: all of them together make a net benefit, less
// the cost.
type Ladder struct {
	Label  string    // of the value that is varied
	Steps  []float64 // as asked for, in pounds
	Worths [][]Worth // of each step: all figures with a value
}

// Weighed is the options weighed at one step of a ladder.
type Weighed struct {
	Step float64
	stats.Decision
	Partial []Partial // what knowing one number would be worth, the most valuable first
}

// Partial is the expected value of perfect information about one number, in pounds a year.
type Partial struct {
	Number int
	Value  float64
}

// costFigure is what every net benefit is less.
const costFigure = "cost"

// Weigh draws all numbers together, and weighs the scenarios as options at each step of a ladder. The models
// must measure the cost and every figure of the ladder.
func (q *Inquiry) Weigh(ctx context.Context, ladder Ladder, draws, perDraw int) ([]Weighed, error) {
	drawn, err := q.draw(ctx, draws, draws*perDraw)
	if err != nil {
		return nil, err
	}
	places := q.places(draws)
	var all []Weighed
	for i, step := range ladder.Steps {
		benefits, noise, ok := q.benefits(drawn, ladder.Worths[i])
		if !ok {
			continue
		}
		one := Weighed{Step: step}
		if one.Decision, ok = stats.Decide(benefits, noise); !ok {
			continue
		}
		for k := range q.Numbers {
			if v, ok := stats.Partial(places[k], benefits); ok {
				one.Partial = append(one.Partial, Partial{k, min(v, one.EVPI)})
			}
		}
		slices.SortStableFunc(one.Partial, func(a, b Partial) int { return cmp.Compare(b.Value, a.Value) })
		all = append(all, one)
	}
	return all, nil
}

// benefits are the net benefits of every scenario in each draw, and the variance of the noise of a draw in
// that of each less that of the first; ok is false where a figure is absent.
func (q *Inquiry) benefits(drawn []*outcome, worths []Worth) (benefits stats.Benefits, noise []float64, ok bool) {
	noise = make([]float64, len(q.Scenarios))
	for _, o := range drawn {
		row := make([]float64, len(q.Scenarios))
		var base []float64
		for i := range q.Scenarios {
			net := q.net(o, i, worths)
			if net == nil {
				return nil, nil, false
			}
			row[i] = meanOf(net)
			if i == 0 {
				base = net
				continue
			}
			noise[i] += varianceOfMean(net, base) / float64(len(drawn))
		}
		benefits = append(benefits, row)
	}
	return benefits, noise, len(benefits) > 0
}

// net is a scenario's net benefit by replication.
func (q *Inquiry) net(o *outcome, scenario int, worths []Worth) []float64 {
	var sum []float64
	for _, w := range append([]Worth{{costFigure, -1}}, worths...) {
		f := slices.IndexFunc(q.Models[scenario].Figures(), figureNamed(w.Figure))
		if f < 0 {
			return nil
		}
		values := linearised(o.y[scenario][f], o.n[scenario][f])
		if values == nil {
			return nil
		}
		if sum == nil {
			sum = make([]float64, len(values))
		}
		for i, v := range values {
			sum[i] += w.Pounds * v
		}
	}
	return sum
}

// varianceOfMean is that of the mean of x - y.
func varianceOfMean(x, y []float64) float64 {
	apart := make([]float64, len(x))
	for i := range x {
		apart[i] = x[i] - y[i]
	}
	mean, ss := meanOf(apart), 0.0
	for _, d := range apart {
		ss += (d - mean) * (d - mean)
	}
	n := float64(len(x))
	if n < 2 {
		return 0
	}
	return ss / (n - 1) / n
}
