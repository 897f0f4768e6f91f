package explore

import (
	"context"
	"fmt"
	"slices"

	"tier4/scenarios"
	"tier4/sim"
)

// Inquiry asks how figures of a scenario, or what-ifs' differences from it, depend on numbers that nobody
// knows exactly.
type Inquiry struct {
	Scenarios []*scenarios.Scenario // the base first
	Models    []*sim.Model          // of the scenarios, measuring the same ratio figures
	Seed      uint64
	Workers   int
	Progress  func(done int) // points and draws finished, in replications of all scenarios together one each

	Numbers []Number
	Targets []Target
	kin     *scenarios.Kin
	done    int
	draws   map[[2]int][]*outcome // played before, by how many and how often
}

// Number is one thing nobody knows: a number of some of the scenarios, with those that go with it.
type Number struct {
	scenarios.Unknown
	of [][]int // by scenario: the places in its list
}

// Target is a figure of the base, or the difference of a what-if from it.
type Target struct {
	Figure   sim.Figure
	Scenario int // 0: the base itself; else the what-if, less the base
	figure   int
	worths   []Worth // of a net benefit
}

// NewInquiry collects the numbers of scenarios, whose models measure the same figures in the same order, and
// the targets: some of the figures, of the base alone or of every what-if's differences.
func NewInquiry(all []*scenarios.Scenario, models []*sim.Model, targets []string) *Inquiry {
	q := &Inquiry{Scenarios: all, Models: models, kin: scenarios.NewKin(all)}
	for i, s := range all {
		if s.Unknowns == nil {
			continue
		}
		for place, u := range s.Unknowns.List() {
			key := u.Path
			if u.With != "" {
				key = u.With
			}
			at := slices.IndexFunc(q.Numbers, func(n Number) bool { return n.key() == key })
			if at < 0 {
				at = len(q.Numbers)
				q.Numbers = append(q.Numbers, Number{Unknown: u, of: make([][]int, len(all))})
			}
			q.Numbers[at].of[i] = append(q.Numbers[at].of[i], place)
		}
	}
	for i := min(1, len(all)-1); i < len(all); i++ {
		for f, figure := range models[0].Figures() {
			if slices.Contains(targets, figure.ID) {
				q.Targets = append(q.Targets, Target{Figure: figure, Scenario: i, figure: f})
			}
		}
	}
	return q
}

func (n *Number) key() string {
	if n.With != "" {
		return n.With
	}
	return n.Path
}

// nominal stands for the scenario's own value in a point.
const nominal = -1

// point is a place of each number in its distribution, from 0 to 1; nominal where the number is as it stands.
type point []float64

func (q *Inquiry) middle() point { return slices.Repeat([]float64{nominal}, len(q.Numbers)) }

// models are those of all scenarios at a point.
func (q *Inquiry) models(p point, name string) ([]*sim.Model, error) {
	return drawn(q.kin, q.Models, func(i int, u *scenarios.Unknowns) []float64 {
		values, list := u.Nominal(), u.List()
		for k, at := range p {
			if at == nominal {
				continue
			}
			for _, place := range q.Numbers[k].of[i] {
				values[place] = list[place].Quantile(at)
			}
		}
		return values
	}, name)
}

// outcome is what a point or a draw gave: by scenario, figure and replication.
type outcome struct{ y, n [][][]float64 }

func (q *Inquiry) newOutcome() *outcome {
	o := &outcome{}
	figures := len(q.Models[0].Figures())
	for range q.Models {
		o.y, o.n = append(o.y, make([][]float64, figures)), append(o.n, make([][]float64, figures))
	}
	return o
}

// add takes in blocks of all scenarios.
func (o *outcome) add(blocks []*sim.Batch) {
	for k, b := range blocks {
		for f := range o.y[k] {
			for i := range b.Count {
				y, n := b.Terms(i, f)
				o.y[k][f], o.n[k][f] = append(o.y[k][f], y), append(o.n[k][f], n)
			}
		}
	}
}

// values are a target's values by replication, linearised about the ratio of totals, which is their mean;
// nil where there was nothing to divide by.
func (o *outcome) values(t Target) []float64 {
	other := linearised(o.y[t.Scenario][t.figure], o.n[t.Scenario][t.figure])
	if t.Scenario == 0 || other == nil {
		return other
	}
	base := linearised(o.y[0][t.figure], o.n[0][t.figure])
	if base == nil {
		return nil
	}
	for i := range other {
		other[i] -= base[i]
	}
	return other
}

// values are those of an outcome, or the differences in net benefit.
func (q *Inquiry) values(o *outcome, t Target) []float64 {
	if t.worths == nil {
		return o.values(t)
	}
	other, base := q.net(o, t.Scenario, t.worths), q.net(o, 0, t.worths)
	if other == nil || base == nil {
		return nil
	}
	for i := range other {
		other[i] -= base[i]
	}
	return other
}

func linearised(y, n []float64) []float64 {
	sumY, sumN := total(y), total(n)
	if sumN == 0 {
		return nil
	}
	value, mean := sumY/sumN, sumN/float64(len(n))
	all := make([]float64, len(y))
	for i := range y {
		all[i] = value + (y[i]-value*n[i])/mean
	}
	return all
}

func total(xs []float64) (sum float64) {
	for _, x := range xs {
		sum += x
	}
	return sum
}

func meanOf(xs []float64) float64 { return total(xs) / float64(len(xs)) }

// play plays points, each by the same replications: the same people and luck at every point.
func (q *Inquiry) play(ctx context.Context, points []point, replications int, name func(i int) string) ([]*outcome, error) {
	outcomes := make([]*outcome, len(points))
	p := sim.Player{Seed: q.Seed, Workers: q.Workers}
	err := p.PlayPoints(ctx, len(points), func(i int) ([]*sim.Model, error) { return q.models(points[i], name(i)) }, replications,
		func(i int, blocks []*sim.Batch) bool {
			if outcomes[i] == nil {
				outcomes[i] = q.newOutcome()
			}
			outcomes[i].add(blocks)
			q.step(blocks[0].Count)
			return true
		})
	return outcomes, err
}

func (q *Inquiry) step(replications int) {
	q.done += replications
	if q.Progress != nil {
		q.Progress(q.done)
	}
}

// draw plays draws of all numbers together, each by replications of its own, so many in all.
func (q *Inquiry) draw(ctx context.Context, draws, replications int) ([]*outcome, error) {
	key := [2]int{draws, replications}
	if before := q.draws[key]; before != nil {
		return before, nil
	}
	outcomes := []*outcome{}
	nest := &sim.Nest{Draws: draws, Models: func(draw int) ([]*sim.Model, error) {
		return drawn(q.kin, q.Models, func(_ int, u *scenarios.Unknowns) []float64 { return u.Draw(q.Seed, draw) }, drawName(draw))
	}}
	open := q.newOutcome()
	p := sim.Player{Seed: q.Seed, Workers: q.Workers}
	err := p.PlayNest(ctx, nest, replications, func(blocks []*sim.Batch, ends bool) bool {
		open.add(blocks)
		q.step(blocks[0].Count)
		if ends {
			outcomes = append(outcomes, open)
			open = q.newOutcome()
		}
		return true
	})
	if err == nil {
		q.draws = map[[2]int][]*outcome{key: outcomes}
	}
	return outcomes, err
}

func drawName(draw int) string { return fmt.Sprintf("draw %d", draw+1) }

// places are the values of every number in each draw: of the first scenario that has it.
func (q *Inquiry) places(draws int) [][]float64 {
	columns := make([][]float64, len(q.Numbers))
	for draw := range draws {
		for i, s := range q.Scenarios {
			if s.Unknowns == nil {
				continue
			}
			values := s.Unknowns.Draw(q.Seed, draw)
			for k := range q.Numbers {
				if of := q.Numbers[k].of[i]; len(of) > 0 && len(columns[k]) == draw {
					columns[k] = append(columns[k], values[of[0]])
				}
			}
		}
	}
	return columns
}
