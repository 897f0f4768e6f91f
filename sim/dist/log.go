package dist

import "math"

// NegLog is -ln u for u in (0,1): the cumulative hazard at which survival is u, the step of most
// draws. A table of 128 logarithms and a polynomial in the rest, within 3e-16 relative of the exact
// value below 0.98; above it, where digits would cancel, it is the exact function itself.
func NegLog(u float64) float64 {
	if !(u > 0x1p-1022 && u < 0.98) {
		return -math.Log(u)
	}
	return tabledNegLog(u)
}

// tabledNegLog is -ln u of a normal number above 0, within 5e-16 of the greater of 1 and the exact value.
func tabledNegLog(u float64) float64 {
	bits := math.Float64bits(u)
	cell := &logCells[bits>>(52-logCellBits)&(1<<logCellBits-1)]
	mantissa := math.Float64frombits(bits&(1<<52-1) | 1023<<52)
	r := float64(mantissa*cell.inverse) - 1 // |r| < 2^-8
	r2 := r * r
	rest := r - r2*(0.5-r*(1.0/3)) - r2*r2*(0.25-r*(1.0/5)+r2*(1.0/6))
	return float64(1023-int(bits>>52))*math.Ln2 - cell.log - rest
}

const logCellBits = 7

// logCells holds, for each cell of mantissas, the inverse of its middle and that middle's logarithm.
var logCells = makeLogCells()

type logCell struct{ inverse, log float64 }

func makeLogCells() (cells [1 << logCellBits]logCell) {
	for i := range cells {
		inverse := 1 / (1 + (float64(i)+0.5)/(1<<logCellBits))
		cells[i] = logCell{inverse, -math.Log(inverse)}
	}
	return cells
}
