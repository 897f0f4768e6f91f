package explore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"tier4/sim/dist"
	"tier4/sim/stats"
)

// Indexed is a target with the Sobol indices of every number, the greatest total first.
type Indexed struct {
	Target
	Variance float64 // for not knowing the numbers, Monte Carlo noise left out
	Numbers  []NumberIndex
	Known    bool // whether the target varies at all
}

// NumberIndex is the indices of one number.
type NumberIndex struct {
	Number int
	stats.Index
}

// Apart is an error where numbers do not vary by themselves: Sobol indices and elementary effects would then
// mean nothing.
func (q *Inquiry) Apart() error {
	for _, s := range q.Scenarios {
		if s.Unknowns == nil {
			continue
		}
		if sets := s.Unknowns.Together(); len(sets) > 0 {
			var paths []string
			for _, place := range sets[0] {
				paths = append(paths, "`"+s.Unknowns.List()[place].Path+"`")
			}
			return fmt.Errorf("%s: %s vary together, and this method moves every number by itself; use the tornado, which draws them together", s.Name, strings.Join(paths, " and "))
		}
	}
	return nil
}

// Sobol gives the indices of all numbers from so many rows of a Saltelli design, each point played so many
// times: (numbers + 2) × rows × replications in all.
func (q *Inquiry) Sobol(ctx context.Context, rows, replications int) ([]Indexed, error) {
	n := len(q.Numbers)
	cube := cubeOf(2*n, rows, q.Seed)
	var points []point
	for _, u := range cube {
		a, b := point(u[:n]), point(u[n:])
		points = append(points, a, b)
		for k := range n {
			mixed := slices.Clone(a)
			mixed[k] = b[k]
			points = append(points, mixed)
		}
	}
	outcomes, err := q.play(ctx, points, replications, func(i int) string { return fmt.Sprintf("point %d", i+1) })
	if err != nil {
		return nil, err
	}
	var all []Indexed
	for _, t := range q.Targets {
		s := stats.Saltelli{AB: make([][][]float64, n)}
		whole := true
		for i, o := range outcomes {
			values := o.values(t)
			whole = whole && values != nil
			switch place := i % (n + 2); place {
			case 0:
				s.A = append(s.A, values)
			case 1:
				s.B = append(s.B, values)
			default:
				s.AB[place-2] = append(s.AB[place-2], values)
			}
		}
		if whole {
			all = append(all, indexed(t, s))
		}
	}
	return all, nil
}

func indexed(t Target, s stats.Saltelli) Indexed {
	one := Indexed{Target: t}
	indices, variance, ok := s.Indices(level)
	one.Variance, one.Known = variance, ok
	for k, i := range indices {
		one.Numbers = append(one.Numbers, NumberIndex{k, i})
	}
	slices.SortStableFunc(one.Numbers, func(a, b NumberIndex) int { return cmp.Compare(b.Total.Value, a.Total.Value) })
	return one
}

// cubeOf are points of a unit cube: of a Sobol sequence where it has as many dimensions, else by address.
func cubeOf(dimensions, points int, seed uint64) [][]float64 {
	var next func(i int) []float64
	if dimensions <= MostSobol {
		sequence := NewSobol(dimensions).Scrambled(seed)
		next = func(int) []float64 { return sequence.Next() }
	} else {
		name := dist.NameOf("cube")
		next = func(i int) []float64 {
			u := make([]float64, dimensions)
			for k := range u {
				u[k] = dist.Root(seed, i).Name(name).Draw(name, uint32(k), 0)
			}
			return u
		}
	}
	cube := make([][]float64, points)
	for i := range cube {
		cube[i] = next(i)
	}
	return cube
}

// Screened is a target with the elementary effects of every number, the greatest first.
type Screened struct {
	Target
	Numbers []Effect
}

// Effect is what moving one number by two thirds of its distribution does, wherever the others are.
type Effect struct {
	Number int
	stats.Elementary
}

// steps of Morris's grid of four levels: a number moves by two of them.
var grid = [4]float64{0.125, 0.375, 0.625, 0.875}

// Morris screens all numbers along so many trajectories (Morris 1991): in each, every number moves once, from
// wherever the others are by then; each point is played so many times by the same people, so that effects
// are of the numbers. (numbers + 1) × trajectories × replications in all.
func (q *Inquiry) Morris(ctx context.Context, trajectories, replications int) ([]Screened, error) {
	n := len(q.Numbers)
	name := dist.NameOf("morris")
	var points []point
	var moved [][]int // by trajectory: the number moved at each step, and which way
	for i := range trajectories {
		key := dist.Root(q.Seed, i).Name(name)
		at := make([]int, n)
		for k := range at {
			at[k] = int(4 * key.Draw(name, uint32(k), 0))
		}
		order := ranked(n, func(k int) float64 { return key.Draw(name, uint32(k), 1) })
		points = append(points, levels(at))
		for _, k := range order {
			if at[k] < 2 {
				at[k] += 2
			} else {
				at[k] -= 2
			}
			points = append(points, levels(at))
		}
		moved = append(moved, order)
	}
	outcomes, err := q.play(ctx, points, replications, func(i int) string { return fmt.Sprintf("point %d", i+1) })
	if err != nil {
		return nil, err
	}
	var all []Screened
	for _, t := range q.Targets {
		one := Screened{Target: t}
		effects := make([][]float64, n)
		for i, order := range moved {
			for step, k := range order {
				before, after := i*(n+1)+step, i*(n+1)+step+1
				a, b := outcomes[before].values(t), outcomes[after].values(t)
				if a == nil || b == nil {
					continue
				}
				effect := meanOf(b) - meanOf(a)
				if points[after][k] < points[before][k] {
					effect = -effect
				}
				effects[k] = append(effects[k], effect)
			}
		}
		for k := range effects {
			if e, ok := stats.Morris(effects[k], level); ok {
				one.Numbers = append(one.Numbers, Effect{k, e})
			}
		}
		slices.SortStableFunc(one.Numbers, func(a, b Effect) int { return cmp.Compare(b.Size.Value, a.Size.Value) })
		all = append(all, one)
	}
	return all, nil
}

func levels(at []int) point {
	p := make(point, len(at))
	for k, l := range at {
		p[k] = grid[l]
	}
	return p
}

// ranked are the numbers below n in the order of what they draw.
func ranked(n int, draw func(k int) float64) []int {
	order, by := make([]int, n), make([]float64, n)
	for k := range order {
		order[k], by[k] = k, draw(k)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(by[a], by[b]) })
	return order
}
