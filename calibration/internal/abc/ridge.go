package abc

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// ridge is a linear regression that shrinks its coefficients by as much as serves prediction best.
type ridge struct {
	Centre, Spread []float64 // of each feature
	Slopes         []float64 // of each feature, centred and in units of its spread
	Level          float64
	Error          float64 // standard deviation of what is left
}

// regression holds what the regressions of several targets on the same features share.
type regression struct {
	centre, spread []float64
	x              *mat.Dense // [row][feature] centred and scaled
	values         []float64  // eigenvalues of x'x
	vectors        mat.Dense
}

var errFlat = errors.New("the figures are the same wherever the simulator is played: they say nothing about any parameter")

// newRegression prepares features, [row][feature]. Features that never vary are left out of account.
func newRegression(rows [][]float64) (*regression, error) {
	n, p := len(rows), len(rows[0])
	r := &regression{centre: make([]float64, p), spread: make([]float64, p), x: mat.NewDense(n, p, nil)}
	varies := false
	for j := range p {
		column := make([]float64, n)
		for i := range rows {
			column[i] = rows[i][j]
		}
		mean, sd := moments(column, nil)
		r.centre[j], r.spread[j] = mean, sd
		if sd <= 1e-9*math.Abs(mean) || math.IsNaN(sd) {
			r.spread[j] = 1 // of a column of zeros
			continue
		}
		varies = true
		for i, v := range column {
			r.x.Set(i, j, (v-mean)/sd)
		}
	}
	if !varies {
		return nil, errFlat
	}
	var gram mat.SymDense
	gram.SymOuterK(1, r.x.T())
	var eigen mat.EigenSym
	if !eigen.Factorize(&gram, true) {
		return nil, errors.New("the regression of the parameters on the figures did not converge")
	}
	r.values = eigen.Values(nil)
	eigen.VectorsTo(&r.vectors)
	return r, nil
}

// penalties are tried from 1e-4 to 1e4 of a row's worth.
const penalties = 33

// fit regresses a target on the features, with the penalty that generalised cross-validation prefers
// (Golub, Heath and Wahba 1979).
func (r *regression) fit(y []float64) ridge {
	n, p := r.x.Dims()
	level, spread := moments(y, nil)
	centred := make([]float64, n)
	for i := range y {
		centred[i] = y[i] - level
	}
	var xy, c mat.VecDense
	xy.MulVec(r.x.T(), mat.NewVecDense(n, centred))
	c.MulVec(r.vectors.T(), &xy)
	total := spread * spread * float64(n)
	best, penalty, left := math.Inf(1), 0.0, 0.0
	for k := range penalties {
		l := float64(n) * math.Pow(10, -4+8*float64(k)/(penalties-1))
		freedom, rss := 1.0, total
		for i, v := range r.values {
			v = max(0, v)
			freedom += v / (v + l)
			rss -= c.AtVec(i) * c.AtVec(i) * (v + 2*l) / ((v + l) * (v + l))
		}
		room := float64(n) - freedom
		if room < 1 {
			continue
		}
		if gcv := max(0, rss) / (room * room); gcv < best {
			best, penalty, left = gcv, l, math.Sqrt(max(0, rss)/room)
		}
	}
	for i, v := range r.values {
		c.SetVec(i, c.AtVec(i)/(max(0, v)+penalty))
	}
	var slopes mat.VecDense
	slopes.MulVec(&r.vectors, &c)
	out := ridge{Centre: r.centre, Spread: r.spread, Slopes: make([]float64, p), Level: level, Error: left}
	for j := range p {
		out.Slopes[j] = slopes.AtVec(j)
	}
	return out
}

// at is the expected target given features.
func (r *ridge) at(features []float64) float64 {
	y := r.Level
	for j, f := range features {
		y += r.Slopes[j] * (f - r.Centre[j]) / r.Spread[j]
	}
	return y
}

// moments are the weighted mean and standard deviation (n, not n-1) of values; nil weights are equal.
func moments(values, weights []float64) (mean, sd float64) {
	var w, sum float64
	for i, v := range values {
		wi := 1.0
		if weights != nil {
			wi = weights[i]
		}
		w += wi
		sum += wi * v
	}
	mean = sum / w
	sum = 0
	for i, v := range values {
		wi := 1.0
		if weights != nil {
			wi = weights[i]
		}
		sum += wi * (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(sum / w)
}
