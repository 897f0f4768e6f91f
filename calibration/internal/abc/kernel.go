package abc

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// kernel proposes near the particles of the last generation: whole numbers stay or move by one, all others
// move together, normally with twice the covariance of the particles (Beaumont and others 2009).
type kernel struct {
	parameters []Parameter
	z          [][]float64 // of each parent
	upTo       []float64   // cumulative weights, of 1 in all
	free       []int       // the parameters that are not whole
	lower      mat.TriDense
	hop        []float64 // by parameter: the chance that a whole number moves, up or down alike
}

// A whole number moves with a chance of twice its variance among the particles, within these.
const leastHop, mostHop = 0.05, 0.5

func (m *Method) newKernel(parents []Particle) *kernel {
	k := &kernel{parameters: m.Parameters, hop: make([]float64, len(m.Parameters))}
	var total, sum float64
	for _, p := range parents {
		k.z = append(k.z, m.coordinates(p.Theta))
		total += p.Weight
	}
	weights := make([]float64, len(parents))
	for i, p := range parents {
		weights[i] = p.Weight / total
		sum += weights[i]
		k.upTo = append(k.upTo, sum)
	}
	for i := range m.Parameters {
		if m.Parameters[i].IsWhole() {
			values := make([]float64, len(parents))
			for j := range k.z {
				values[j] = k.z[j][i]
			}
			_, sd := moments(values, weights)
			k.hop[i] = min(mostHop, max(leastHop, 2*sd*sd))
		} else {
			k.free = append(k.free, i)
		}
	}
	if len(k.free) > 0 {
		k.spread(weights)
	}
	return k
}

// spread takes the covariance of the moves from the parents. A coordinate in which they agree still
// moves a little.
func (k *kernel) spread(weights []float64) {
	n := len(k.free)
	means := make([]float64, n)
	for a, i := range k.free {
		for j, w := range weights {
			means[a] += w * k.z[j][i]
		}
	}
	cov := mat.NewSymDense(n, nil)
	for a := range n {
		for b := a; b < n; b++ {
			var c float64
			for j, w := range weights {
				c += w * (k.z[j][k.free[a]] - means[a]) * (k.z[j][k.free[b]] - means[b])
			}
			cov.SetSym(a, b, 2*c)
		}
	}
	var root mat.Cholesky
	for ridge := 1e-8; !root.Factorize(cov); ridge *= 10 {
		for a := range n {
			cov.SetSym(a, a, cov.At(a, a)*(1+ridge)+ridge)
		}
	}
	root.LTo(&k.lower)
}

// propose moves a parent, chosen by weight. ok is false where the move leaves the prior.
func (k *kernel) propose(l *luck) (theta []float64, ok bool) {
	u := l.uniform()
	parent := 0
	for parent < len(k.upTo)-1 && u >= k.upTo[parent] {
		parent++
	}
	z := append([]float64(nil), k.z[parent]...)
	steps := make([]float64, len(k.free))
	for a := range steps {
		steps[a] = l.normal()
	}
	for a, i := range k.free {
		for b := range a + 1 {
			z[i] += k.lower.At(a, b) * steps[b]
		}
	}
	for i := range k.parameters {
		if p := &k.parameters[i]; p.IsWhole() {
			switch u := l.uniform(); {
			case u < k.hop[i]/2:
				z[i]--
			case u < k.hop[i]:
				z[i]++
			}
		}
	}
	theta = make([]float64, len(z))
	for i := range z {
		if theta[i], ok = k.parameters[i].atCoordinate(z[i]); !ok {
			return nil, false
		}
	}
	return theta, true
}

// weigh gives particles that the kernel proposed their weight: prior over proposal density (Beaumont and
// others 2009), of 1 in all.
func (k *kernel) weigh(particles []Particle) {
	var total float64
	for n := range particles {
		p := &particles[n]
		z := make([]float64, len(p.Theta))
		var prior float64 // log density, but for a constant
		for i := range z {
			z[i] = k.parameters[i].coordinate(p.Theta[i])
			if !k.parameters[i].IsWhole() {
				prior -= z[i] * z[i] / 2
			}
		}
		p.Weight = math.Exp(prior) / k.density(z)
		total += p.Weight
	}
	for n := range particles {
		particles[n].Weight /= total
	}
}

// density is the proposal density at coordinates, but for a constant.
func (k *kernel) density(z []float64) float64 {
	var sum, before float64
	gap := mat.NewVecDense(max(1, len(k.free)), nil)
	var solved mat.VecDense
	for j := range k.z {
		w := k.upTo[j] - before
		before = k.upTo[j]
		d := w * k.hops(k.z[j], z)
		if d == 0 {
			continue
		}
		if len(k.free) > 0 {
			for a, i := range k.free {
				gap.SetVec(a, z[i]-k.z[j][i])
			}
			_ = solved.SolveVec(&k.lower, gap)
			d *= math.Exp(-mat.Dot(&solved, &solved) / 2)
		}
		sum += d
	}
	return sum
}

// hops is the chance of the whole numbers' moves from one place to another.
func (k *kernel) hops(from, to []float64) float64 {
	chance := 1.0
	for i := range k.parameters {
		if k.parameters[i].IsWhole() {
			switch math.Abs(to[i] - from[i]) {
			case 0:
				chance *= 1 - k.hop[i]
			case 1:
				chance *= k.hop[i] / 2
			default:
				return 0
			}
		}
	}
	return chance
}
