package abc

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Posterior is a weighted sample of the parameters, adjusted for what the last tolerance left.
type Posterior struct {
	Theta  [][]float64 // [draw][parameter]
	Weight []float64   // of 1 in all
	Seeds  []uint64    // of each draw's play
}

// Posterior adjusts the particles of a state: a parameter's place on its unbounded scale is regressed on
// the summaries, nearer particles counting for more, and moved along to those that were observed
// (Beaumont, Zhang and Balding 2002, equations 4 to 6).
func (m *Method) Posterior(s *State) *Posterior {
	p := &Posterior{}
	widest := slices.MaxFunc(s.Particles, byDistance).Distance
	var kept []Particle
	var total float64
	for _, q := range s.Particles {
		r := q.Distance / (widest * (1 + 1e-9)) // the farthest keeps a trace of weight
		if w := q.Weight * (1 - r*r); w > 0 {   // Epanechnikov
			kept = append(kept, q)
			p.Weight = append(p.Weight, w)
			total += w
		}
	}
	if total == 0 { // all as near as each other
		kept, p.Weight = s.Particles, nil
		for _, q := range kept {
			p.Weight = append(p.Weight, q.Weight)
			total += q.Weight
		}
	}
	for i, q := range kept {
		p.Weight[i] /= total
		p.Theta = append(p.Theta, slices.Clone(q.Theta))
		p.Seeds = append(p.Seeds, q.Seed)
	}
	for k := range m.Parameters {
		if !m.Parameters[k].IsWhole() {
			m.adjust(p, k, kept, s.Goal)
		}
	}
	return p
}

// adjust moves one parameter's draws along its regression.
func (m *Method) adjust(p *Posterior, k int, particles []Particle, goal []float64) {
	n, d := len(particles), len(goal)
	x, y := mat.NewDense(n, d+1, nil), mat.NewVecDense(n, nil)
	t := make([]float64, n)
	for i, q := range particles {
		t[i] = m.Parameters[k].unbounded(q.Theta[k])
		root := math.Sqrt(p.Weight[i])
		x.Set(i, 0, root)
		for j := range goal {
			x.Set(i, j+1, root*(q.Summary[j]-goal[j]))
		}
		y.SetVec(i, root*t[i])
	}
	var slopes mat.VecDense
	if slopes.SolveVec(x, y) != nil { // nothing to regress on
		return
	}
	for i, q := range particles {
		for j := range goal {
			t[i] -= slopes.AtVec(j+1) * (q.Summary[j] - goal[j])
		}
		if v := m.Parameters[k].bounded(t[i]); !math.IsNaN(v) {
			p.Theta[i][k] = v
		}
	}
}

// Moments are the mean and standard deviation of a parameter.
func (p *Posterior) Moments(k int) (mean, sd float64) { return moments(p.column(k), p.Weight) }

func (p *Posterior) column(k int) []float64 {
	v := make([]float64, len(p.Theta))
	for i := range v {
		v[i] = p.Theta[i][k]
	}
	return v
}

// Quantile is the value of a parameter that a share q of the weight does not exceed.
func (p *Posterior) Quantile(k int, q float64) float64 {
	order := make([]int, len(p.Theta))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p.Theta[a][k] < p.Theta[b][k]:
			return -1
		case p.Theta[a][k] > p.Theta[b][k]:
			return 1
		}
		return 0
	})
	var sum float64
	for _, i := range order {
		if sum += p.Weight[i]; sum >= q*(1-1e-12) {
			return p.Theta[i][k]
		}
	}
	return p.Theta[order[len(order)-1]][k]
}

// Size is the effective number of draws (Kong, Liu and Wong 1994).
func (p *Posterior) Size() float64 {
	var squares float64
	for _, w := range p.Weight {
		squares += w * w
	}
	return 1 / squares
}

// Draws are n rows of the sample that weigh the same: systematic resampling from the middle of each
// of n equal shares (Kitagawa 1996), in the order of the sample.
func (p *Posterior) Draws(n int) (rows []int) {
	var sum float64
	i := 0
	for k := range n {
		for sum+p.Weight[i] < (float64(k)+0.5)/float64(n) && i < len(p.Weight)-1 {
			sum += p.Weight[i]
			i++
		}
		rows = append(rows, i)
	}
	return rows
}
