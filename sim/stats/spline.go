package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Smooth is a curve through a cloud: a natural cubic spline whose bends are
// penalised as much as generalised cross-validation wants (Wood 2017, sections
// 4.2 and 4.5). It is fitted to one parameter, for any number of outputs.
type Smooth struct {
	basis  *mat.Dense    // [row][column]: 1, x, and the bends, which alone are penalised
	system *mat.SymDense // B'B
	count  int
}

// knots is how many quantiles of the parameter the curve may bend at.
const knots = 6

// NewSmooth prepares curves over the values of a parameter. ok is false where there
// are fewer than 10 values or they are all the same.
func NewSmooth(x []float64) (*Smooth, bool) {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	if len(x) < 10 || !finite(x...) || !(sorted[len(x)-1] > sorted[0]) {
		return nil, false
	}
	low, width := sorted[0], sorted[len(x)-1]-sorted[0]
	var at []float64
	for k := range knots {
		t := (sorted[int(math.Round(float64(k)/(knots-1)*float64(len(x)-1)))] - low) / width
		if len(at) == 0 || t > at[len(at)-1]+1e-9 {
			at = append(at, t)
		}
	}
	columns := max(2, len(at))
	s := &Smooth{basis: mat.NewDense(len(x), columns, nil), count: len(x)}
	for i, v := range x {
		t := (v - low) / width
		s.basis.Set(i, 0, 1)
		s.basis.Set(i, 1, t)
		for k := 2; k < columns; k++ {
			s.basis.Set(i, k, bend(t, at, k-2))
		}
	}
	for k := 2; k < columns; k++ {
		s.scale(k)
	}
	s.system = mat.NewSymDense(columns, nil)
	s.system.SymOuterK(1, s.basis.T())
	return s, true
}

// bend is a function of the natural cubic spline basis (Hastie, Tibshirani and
// Friedman 2009, eq. 5.4).
func bend(t float64, at []float64, k int) float64 {
	last := len(at) - 1
	d := func(j int) float64 {
		return (cubed(t-at[j]) - cubed(t-at[last])) / (at[last] - at[j])
	}
	return d(k) - d(last-1)
}

func cubed(x float64) float64 {
	x = max(x, 0)
	return x * x * x
}

// scale gives a column a mean of 0 and a standard deviation of 1, so that one penalty
// fits all.
func (s *Smooth) scale(k int) {
	column := mat.Col(nil, k, s.basis)
	mean, sd := meanAndSD(column)
	if sd == 0 {
		return
	}
	for i, v := range column {
		s.basis.Set(i, k, (v-mean)/sd)
	}
}

// Fit is the curve's value at each of the parameter's values, and the degrees of
// freedom it spends: 1 where a flat line does as well as any curve.
func (s *Smooth) Fit(y []float64) (fitted []float64, freedom float64) {
	fitted, freedom = slices.Repeat([]float64{meanOf(y)}, len(y)), 1
	least := s.crossValidated(y, fitted, freedom)
	for power := -4; power <= 6; power++ {
		f, df, ok := s.fit(y, math.Pow(10, float64(power))*float64(s.count)/100)
		if gcv := s.crossValidated(y, f, df); ok && gcv < least*(1-1e-9) {
			least, fitted, freedom = gcv, f, df
		}
	}
	return fitted, freedom
}

// crossValidated is the generalised cross-validation score (Craven and Wahba 1979).
func (s *Smooth) crossValidated(y, fitted []float64, freedom float64) float64 {
	left := float64(s.count) - freedom
	return residual(y, fitted) / (left * left)
}

// residual is the sum of squares that a curve leaves.
func residual(y, fitted []float64) float64 {
	ss := 0.0
	for i, f := range fitted {
		ss += (y[i] - f) * (y[i] - f)
	}
	return ss
}

func (s *Smooth) fit(y []float64, lambda float64) (fitted []float64, freedom float64, ok bool) {
	columns, _ := s.system.Dims()
	a := mat.NewSymDense(columns, nil)
	a.CopySym(s.system)
	for k := range columns {
		penalty := 1e-10 * float64(s.count)
		if k >= 2 {
			penalty += lambda
		}
		a.SetSym(k, k, a.At(k, k)+penalty)
	}
	var c mat.Cholesky
	if !c.Factorize(a) {
		return nil, 0, false
	}
	var right, beta, out mat.VecDense
	var hat mat.Dense
	right.MulVec(s.basis.T(), mat.NewVecDense(len(y), y))
	if c.SolveVecTo(&beta, &right) != nil || c.SolveTo(&hat, s.system) != nil {
		return nil, 0, false
	}
	out.MulVec(s.basis, &beta)
	return mat.Col(nil, 0, &out), mat.Trace(&hat), true
}
