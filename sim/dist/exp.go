package dist

import "math"

// power is h^k for h at or above 0.
func power(h, k float64) float64 {
	if !(h > 0x1p-1022 && h <= math.MaxFloat64) {
		return math.Pow(h, k)
	}
	return exp(-tabledNegLog(h) * k)
}

// exp is e^x, within 5e-16 relative, by a table of 128 roots of 2 and a polynomial in the rest (Tang 1989,
// "Table-driven implementation of the exponential function in IEEE floating-point arithmetic").
func exp(x float64) float64 {
	if !(x > -230 && x < 230) {
		return math.Exp(x)
	}
	const toWhole = 0x1.8p52 // a number this large keeps no fraction
	shifted := float64(x*(expCells/math.Ln2)) + toWhole
	n := int64(math.Float64bits(shifted)) - int64(math.Float64bits(toWhole))
	whole := shifted - toWhole
	// ln 2 / 128 in two parts, of which the first has so few digits that it can be multiplied exactly.
	r := float64(x-float64(whole*expStepHigh)) - float64(whole*expStepLow) // |r| < 2^-8 ln 2
	rest := r + float64(r*r)*(0.5+r*(1.0/6+r*(1.0/24+r*(1.0/120))))
	root := expRoots[n&(expCells-1)]
	return math.Float64frombits(math.Float64bits(root+float64(root*rest)) + uint64(n>>expCellBits)<<52)
}

const (
	expCellBits = 7
	expCells    = 1 << expCellBits
	expStepHigh = 0x1.62e42fefp-8
	expStepLow  = math.Ln2/expCells - expStepHigh
)

// expRoots are 2^(i/128).
var expRoots = func() (roots [expCells]float64) {
	for i := range roots {
		roots[i] = math.Exp2(float64(i) / expCells)
	}
	return roots
}()
