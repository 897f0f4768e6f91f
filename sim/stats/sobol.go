package stats

import "math"

// Index is how much of the variance of an output a parameter is responsible for,
// as shares of that variance: alone, and with whatever it does together with
// others. Each has an interval by the jackknife over rows.
type Index struct{ First, Total Estimate }

// Saltelli is the output of a Saltelli design (Saltelli and others 2010): N rows,
// each of two independent points A and B, and for every parameter i the point AB_i,
// which is A with the i-th coordinate of B. Every point is played by the same
// replications, at least one; a figure of each is given, the mean of which is the
// output at that point.
type Saltelli struct {
	A, B [][]float64   // [row][replication]
	AB   [][][]float64 // [parameter][row][replication]
}

// Indices are the Sobol indices of all parameters, the first-order ones by Saltelli's
// (2010) estimator and the total ones by Jansen's (1999),
//
//	V_i  = Σ (B - mean)(AB_i - A)/N     V_Ti = Σ (A - AB_i)²/2N
//
// which vary little where a parameter does little, and in which the Monte Carlo noise
// of the replications is subtracted: a product of means becomes the mean of products
// of different replications, whose noise is independent. Of a single replication (a deterministic output) nothing is
// subtracted. ok is false where the output does not vary, or there are fewer than
// two rows.
func (s Saltelli) Indices(level float64) (indices []Index, variance float64, ok bool) {
	checkLevel(level)
	n := len(s.A)
	if n < 2 {
		return nil, 0, false
	}
	centre := 0.0
	for row := range n {
		centre += (meanOf(s.A[row]) + meanOf(s.B[row])) / 2 / float64(n)
	}
	sums := make([]saltelliRow, n)
	for row := range n {
		sums[row] = s.row(row, centre)
	}
	whole := sumUp(sums, -1, 0)
	if !(whole.variance > 0) || !finite(whole.variance) {
		return nil, 0, false
	}
	groups := min(n, jackknifeGroups)
	indices = make([]Index, len(s.AB))
	first, total := make([]float64, groups), make([]float64, groups)
	left := make([]saltelliSums, groups)
	for g := range groups {
		left[g] = sumUp(sums, g, groups)
	}
	for i := range indices {
		for g := range groups {
			first[g], total[g] = left[g].shares(i)
		}
		f, t := whole.shares(i)
		indices[i] = Index{
			First: interval(f, jackknifeSE(first), groups, level, MethodJackknife),
			Total: interval(t, jackknifeSE(total), groups, level, MethodJackknife),
		}
	}
	return indices, whole.variance, true
}

const jackknifeGroups = 30

// saltelliRow holds what a row adds: outputs, their squares without noise, and what
// each parameter's variances are made of, without noise.
type saltelliRow struct {
	sum, squares float64 // of A and B
	first, total []float64
}

func (s Saltelli) row(i int, centre float64) saltelliRow {
	a, b := s.A[i], s.B[i]
	r := saltelliRow{sum: meanOf(a) + meanOf(b), squares: square(a, nil) + square(b, nil)}
	for _, ab := range s.AB {
		r.first = append(r.first, product(b, centre, ab[i], a))
		r.total = append(r.total, square(a, ab[i]))
	}
	return r
}

// square is the squared mean of x - y without the noise in it; y may be nil.
func square(x, y []float64) float64 {
	sum, squares := 0.0, 0.0
	for j, v := range x {
		if y != nil {
			v -= y[j]
		}
		sum += v
		squares += v * v
	}
	m := float64(len(x))
	if m == 1 {
		return squares
	}
	return (sum*sum - squares) / (m * (m - 1))
}

// product is the mean of b - centre times that of x - y, without the noise in them.
func product(b []float64, centre float64, x, y []float64) float64 {
	var sumB, sumD, both float64
	for j, v := range b {
		d := x[j] - y[j]
		sumB += v - centre
		sumD += d
		both += (v - centre) * d
	}
	m := float64(len(b))
	if m == 1 {
		return both
	}
	return (sumB*sumD - both) / (m * (m - 1))
}

type saltelliSums struct {
	variance     float64
	first, total []float64 // of each parameter
}

// sumUp adds up all rows but those of one group (row i belongs to i mod groups).
func sumUp(rows []saltelliRow, without, groups int) saltelliSums {
	j := saltelliSums{}
	n, sum, squares := 0.0, 0.0, 0.0
	for i, r := range rows {
		if groups > 0 && i%groups == without {
			continue
		}
		if j.first == nil {
			j.first, j.total = make([]float64, len(r.first)), make([]float64, len(r.first))
		}
		n++
		sum += r.sum
		squares += r.squares
		for k := range r.first {
			j.first[k] += r.first[k]
			j.total[k] += r.total[k] / 2
		}
	}
	mean := sum / (2 * n)
	j.variance = squares/(2*n) - mean*mean
	for k := range j.first {
		j.first[k] /= n
		j.total[k] /= n
	}
	return j
}

func (j saltelliSums) shares(i int) (first, total float64) {
	return j.first[i] / j.variance, j.total[i] / j.variance
}

func meanOf(xs []float64) float64 { return sum(xs) / float64(len(xs)) }

// Elementary are Morris's (1991) measures of a parameter: the mean of its elementary
// effects, of their sizes (Campolongo, Cariboni and Saltelli 2007), and their standard
// deviation, which is large where the effect is not straight or depends on others.
type Elementary struct {
	Mean, Size Estimate
	Spread     float64
}

// Morris gives the measures of a parameter from its elementary effects, one of each
// trajectory, in whatever unit they are. ok is false with fewer than two.
func Morris(effects []float64, level float64) (Elementary, bool) {
	checkLevel(level)
	if len(effects) < 2 || !finite(effects...) {
		return Elementary{}, false
	}
	sizes := make([]float64, len(effects))
	for i, e := range effects {
		sizes[i] = math.Abs(e)
	}
	mean, sd := meanAndSD(effects)
	size, sdSize := meanAndSD(sizes)
	root := math.Sqrt(float64(len(effects)))
	return Elementary{
		Mean:   interval(mean, sd/root, len(effects), level, MethodT),
		Size:   interval(size, sdSize/root, len(effects), level, MethodT),
		Spread: sd,
	}, true
}

func meanAndSD(xs []float64) (mean, sd float64) {
	mean = meanOf(xs)
	ss := 0.0
	for _, x := range xs {
		ss += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(ss / float64(max(len(xs)-1, 1)))
}
