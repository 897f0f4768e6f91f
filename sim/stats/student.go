package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// TQuantile is the p quantile of Student's t with df degrees of freedom (Student
// 1908), 0 < p < 1, df > 0. An infinite df gives the normal quantile.
func TQuantile(p, df float64) float64 {
	if !(p > 0 && p < 1) || !(df > 0) {
		panic("stats: TQuantile wants 0 < p < 1 and df > 0")
	}
	if math.IsInf(df, 1) {
		return distuv.UnitNormal.Quantile(p)
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(p)
}

// TwoSidedP is the chance that Student's t with df degrees of freedom lies
// further from 0 than t, through the incomplete beta function (Abramowitz and
// Stegun 1964, 26.7.1), exact far into the tail.
func TwoSidedP(t, df float64) float64 {
	switch {
	case math.IsNaN(t):
		return 1
	case math.IsInf(t, 0):
		return 0
	}
	return mathext.RegIncBeta(df/2, 0.5, df/(df+t*t))
}
