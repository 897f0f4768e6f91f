package stats

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// TQuantile is the p quantile of Student's t with df degrees of freedom (Student
// 1908), 0 < p < 1, df > 0. An infinite df gives the normal quantile.
func TQuantile(p, df float64) float64 {
	switch {
	case !(p > 0 && p < 1) || !(df > 0):
		panic("stats: TQuantile wants 0 < p < 1 and df > 0")
	case math.IsInf(df, 1):
		return distuv.UnitNormal.Quantile(p)
	case p == 0.5:
		return 0
	case p < 0.5:
		return -upperT(p, df)
	}
	return upperT(1-p, df)
}

// manyDegrees is where the expansion about the normal is better than the
// incomplete beta function.
const manyDegrees = 1000

// upperT is the t that a share of tail < 1/2 lies above.
func upperT(tail, df float64) float64 {
	if df >= manyDegrees {
		return nearNormalT(-distuv.UnitNormal.Quantile(tail), df)
	}
	if df != math.Trunc(df) {
		return solvedT(tail, df)
	}
	asked := [2]float64{tail, df}
	t, known := wholeDegrees.Load(asked)
	if !known {
		t = solvedT(tail, df)
		wholeDegrees.Store(asked, t)
	}
	return t.(float64)
}

// wholeDegrees are values of upperT by tail and degrees of freedom: those of a few levels and of a thousand numbers of
// replications at most, which all figures of a summary ask for.
var wholeDegrees sync.Map

// solvedT is upperT for few degrees of freedom.
func solvedT(tail, df float64) float64 {
	// The library's inverse loses digits far out; Newton's steps on the
	// logarithm of the tail bring them back.
	law := distuv.StudentsT{Sigma: 1, Nu: df}
	t := -law.Quantile(tail)
	for range 3 {
		above := TwoSidedP(t, df) / 2
		step := math.Log(above/tail) * above / law.Prob(t)
		if !(math.Abs(step) < math.Abs(t)/2) {
			break
		}
		t += step
	}
	return t
}

// nearNormalT is Abramowitz and Stegun 1964, 26.7.5.
func nearNormalT(z, df float64) float64 {
	s := z * z
	g1 := (s + 1) / 4
	g2 := ((5*s+16)*s + 3) / 96
	g3 := (((3*s+19)*s+17)*s - 15) / 384
	g4 := ((((79*s+776)*s+1482)*s-1920)*s - 945) / 92160
	return z * (1 + (g1+(g2+(g3+g4/df)/df)/df)/df)
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
