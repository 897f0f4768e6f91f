package stats

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Copula turns independent uniforms into uniforms with given rank correlations
// (Gaussian copula): each column alone stays uniform.
type Copula struct {
	n     int
	lower []float64 // the Cholesky factor, row by row
}

// ErrNotDefinite says that no joint distribution has the correlations.
var ErrNotDefinite = errors.New("no joint distribution has these correlations")

// NewCopula makes a copula of n columns. rank gives the rank (Spearman) correlation
// of columns i > j, from -1 to 1. Normals whose correlation is 2 sin(π rank/6) have it
// (Pearson 1907). The error is ErrNotDefinite where the matrix is not positive definite.
func NewCopula(n int, rank func(i, j int) float64) (*Copula, error) {
	c := &Copula{n: n, lower: make([]float64, n*n)}
	for i := range n {
		for j := range i + 1 {
			sum := 1.0
			if i != j {
				sum = 2 * math.Sin(math.Pi/6*rank(i, j))
			}
			for k := range j {
				sum -= c.lower[i*n+k] * c.lower[j*n+k]
			}
			switch {
			case i != j:
				c.lower[i*n+j] = sum / c.lower[j*n+j]
			case sum > 1e-9:
				c.lower[i*n+i] = math.Sqrt(sum)
			default:
				return nil, ErrNotDefinite
			}
		}
	}
	return c, nil
}

// Join replaces n independent uniforms strictly inside (0, 1) by correlated ones.
func (c *Copula) Join(u []float64) {
	z := make([]float64, c.n)
	for i := range z {
		z[i] = distuv.UnitNormal.Quantile(u[i])
	}
	for i := range u {
		sum := 0.0
		for k := range i + 1 {
			sum += c.lower[i*c.n+k] * z[k]
		}
		u[i] = distuv.UnitNormal.CDF(sum)
	}
}
