package calibration

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/mat"

	"tier4/sim/dist"
)

// Posterior is what is believed of a law once its times are seen, as laws with weights.
type Posterior struct {
	Family Family
	Method string // how it was worked out, in words
	Size   float64
	points [][]float64 // coordinates
	shares []float64   // cumulative weights, the last 1
	cells  [][]float64 // the edges of a point's cell, as columns; nil for single points
}

// How far a grid goes, in standard deviations, and how many points it has along each axis, of one and of two. The
// trapezoidal rule gains digits with every point on densities as smooth as these.
const gridReach = 5.5

var gridPoints = [...]int{0, 301, 41}

// Posterior is the posterior of the fit under the family's prior: on a grid for one or two parameters, which
// is exact but for the grid; for more, by importance sampling from a heavy-tailed normal approximation.
func (fit *Fit) Posterior() *Posterior {
	of := func(c []float64) float64 {
		return logLikelihood(fit.Family.lawAt(c), fit.times) + fit.Family.logPrior(c)
	}
	middle, _, ok := climb(of, fit.At)
	if !ok {
		middle = fit.At
	}
	_, information := bend(of, middle)
	axes := axesOf(information, fit.covariance)
	if len(middle) <= 2 {
		return fit.grid(of, middle, axes)
	}
	return fit.sampled(of, middle, axes)
}

// axesOf are the columns of a root of the covariance.
func axesOf(information, fallback *mat.SymDense) *mat.TriDense {
	var chol mat.Cholesky
	n, _ := information.Dims()
	covariance := mat.NewSymDense(n, nil)
	root := mat.NewTriDense(n, mat.Lower, nil)
	if !chol.Factorize(information) || chol.InverseTo(covariance) != nil {
		covariance.CopySym(fallback)
	}
	if chol.Factorize(covariance) {
		chol.LTo(root)
	}
	return root
}

// move is the point so many deviations along each axis from the middle.
func move(middle []float64, axes *mat.TriDense, by []float64) []float64 {
	c := slices.Clone(middle)
	for i := range c {
		for j := range i + 1 {
			c[i] += axes.At(i, j) * by[j]
		}
	}
	return c
}

func (fit *Fit) grid(of func([]float64) float64, middle []float64, axes *mat.TriDense) *Posterior {
	p := &Posterior{Family: fit.Family, Method: "exact, on a grid"}
	points := gridPoints[len(middle)]
	step := 2 * gridReach / float64(points-1)
	by := make([]float64, len(middle))
	var heights []float64
	var visit func(axis int)
	visit = func(axis int) {
		if axis == len(middle) {
			c := move(middle, axes, by)
			p.points = append(p.points, c)
			heights = append(heights, of(c))
			return
		}
		for k := range points {
			by[axis] = -gridReach + float64(k)*step
			visit(axis + 1)
		}
	}
	visit(0)
	for j := range middle {
		edge := make([]float64, len(middle))
		for i := range edge {
			if i >= j {
				edge[i] = axes.At(i, j) * step
			}
		}
		p.cells = append(p.cells, edge)
	}
	p.weigh(heights)
	return p
}

// draws is how many points importance sampling has.
const draws = 4000

func (fit *Fit) sampled(of func([]float64) float64, middle []float64, axes *mat.TriDense) *Posterior {
	p := &Posterior{Family: fit.Family, Method: "importance sampling"}
	luck := dist.NewStream(dist.Root(uint64(fit.Family)+1, 0))
	const freedom = 4
	var heights []float64
	for range draws {
		by, square := make([]float64, len(middle)), 0.0
		for i := range by {
			by[i] = normal(luck)
			square += by[i] * by[i]
		}
		chi := 0.0
		for range freedom {
			z := normal(luck)
			chi += z * z
		}
		stretch := math.Sqrt(freedom / chi)
		for i := range by {
			by[i] *= stretch
		}
		square *= stretch * stretch
		c := move(middle, axes, by)
		p.points = append(p.points, c)
		heights = append(heights, of(c)+(freedom+float64(len(c)))/2*math.Log1p(square/freedom))
	}
	p.weigh(heights)
	return p
}

// normal is a standard normal draw (Box and Muller 1958).
func normal(luck *dist.Stream) float64 {
	return math.Sqrt(-2*math.Log(luck.Uniform())) * math.Cos(2*math.Pi*luck.Uniform())
}

// weigh turns logarithms of heights into cumulative weights, and notes what so many unequal points are worth
// (Kish 1965).
func (p *Posterior) weigh(heights []float64) {
	most := slices.Max(heights)
	sum, squares := 0.0, 0.0
	p.shares = make([]float64, len(heights))
	for i, h := range heights {
		w := math.Exp(h - most)
		if w != w {
			w = 0
		}
		sum += w
		squares += w * w
		p.shares[i] = sum
	}
	for i := range p.shares {
		p.shares[i] /= sum
	}
	p.Size = sum * sum / squares
}

// Draw is the coordinates of a law drawn from the posterior, by uniforms.
func (p *Posterior) Draw(uniform func() float64) []float64 {
	i := sort.SearchFloat64s(p.shares, uniform())
	c := slices.Clone(p.points[min(i, len(p.points)-1)])
	for _, edge := range p.cells {
		u := uniform() - 0.5
		for k := range c {
			c[k] += u * edge[k]
		}
	}
	return c
}

// DrawLaw is a law drawn from the posterior.
func (p *Posterior) DrawLaw(uniform func() float64) dist.Law {
	for {
		if law, err := p.Family.Law(p.Draw(uniform)); err == nil {
			return law
		}
	}
}

// Estimate is the mean of a quantity over the posterior, its standard deviation, and the equal-tailed interval.
func (p *Posterior) Estimate(of func(dist.Law) float64, level float64) (mean, sd, low, high float64) {
	type point struct{ value, weight float64 }
	var all []point
	before, total := 0.0, 0.0
	for i, share := range p.shares {
		w := share - before
		before = share
		if w < 1e-12 {
			continue
		}
		law, err := p.Family.Law(p.points[i])
		if err != nil {
			continue
		}
		if v := of(law); v-v == 0 {
			all = append(all, point{v, w})
			total += w
		}
	}
	if total == 0 {
		return math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	slices.SortFunc(all, func(a, b point) int { return cmp.Compare(a.value, b.value) })
	squares := 0.0
	for _, x := range all {
		mean += x.value * x.weight / total
		squares += x.value * x.value * x.weight / total
	}
	at := func(q float64) float64 {
		sum := 0.0
		for i, x := range all {
			middle := sum + x.weight/(2*total)
			if middle >= q {
				if i == 0 {
					return x.value
				}
				lower := sum - all[i-1].weight/(2*total)
				part := (q - lower) / (middle - lower)
				return all[i-1].value + part*(x.value-all[i-1].value)
			}
			sum += x.weight / total
		}
		return all[len(all)-1].value
	}
	return mean, math.Sqrt(max(0, squares-mean*mean)), at((1 - level) / 2), at((1 + level) / 2)
}
