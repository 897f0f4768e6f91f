package dist

import "math"

// The table covers tails from 2^-21 to 1/2 on each side of the median. An
// octave of tail probability, a halving, is cut into 64 cells; the cell is
// the exponent and the first 6 bits of the mantissa, read off the float.
const (
	tableOctaves  = 20
	tableCellBits = 6
	tableCells    = tableOctaves << tableCellBits
	tableShift    = 52 - tableCellBits
	tableLeast    = 0x1p-21
	tableFirst    = (1023 - 21) << tableCellBits // the index bits of tableLeast
)

// tableTolerance is the share by which an interpolated quantile may be off.
const tableTolerance = 0.0005

// table answers AtSurvival by linear interpolation between exact quantiles,
// the rest by the exact law.
type table struct {
	Law
	// Invariant: side 0 holds quantiles by CDF, side 1 by survival, each from
	// tail tableLeast to 1/2. NaN bounds the cells that must be exact.
	quantiles [2][tableCells + 1]float64
}

// dear marks a law whose quantile is worth a table.
type dear interface{ dear() }

// IsDear reports whether a law has quantiles that are worth a table.
func IsDear(l Law) bool {
	_, is := l.(dear)
	return is
}

// broken is a law whose quantile may jump or stop at some durations.
type broken interface{ breaks() []float64 }

// Tabulate puts a table of quantiles before a law whose AtSurvival is dear
// (gamma, mixture, pert, normal, lognormal): a few ns a draw, no allocation.
// It takes some milliseconds and 20 kB, so do it once a model. Other laws come
// back as they are. Tails beyond 2^-21 are still answered exactly, and so are
// cells in which the quantile jumps or bends sharply, as in a mixture with a
// fixed duration; elsewhere the table is within 0.05% of the exact quantile, or
// much nearer. All but the quantile is answered by the law itself.
func Tabulate(l Law) Law {
	if !IsDear(l) {
		return l
	}
	t := &table{Law: l}
	for i := range tableCells + 1 {
		tail := tailOfCell(i)
		t.quantiles[0][i] = Quantile(l, tail)
		t.quantiles[1][i] = l.AtSurvival(tail)
	}
	t.quantiles[0] = bendsExact(t.quantiles[0])
	t.quantiles[1] = bendsExact(t.quantiles[1])
	if b, ok := l.(broken); ok {
		for _, x := range b.breaks() {
			t.keepExact(x)
		}
	}
	return t
}

// bendsExact marks the quantiles around which a straight line would be too
// far off, as between the humps of a mixture. Where a quantile is off the line
// between its neighbours by d, the lines on either side are off by d/4.
func bendsExact(v [tableCells + 1]float64) [tableCells + 1]float64 {
	marked := v
	for i := 1; i < tableCells; i++ {
		before, at, after := tailOfCell(i-1), tailOfCell(i), tailOfCell(i+1)
		line := v[i-1] + (v[i+1]-v[i-1])*(at-before)/(after-before)
		if math.Abs(v[i]-line) > 4*tableTolerance*v[i] {
			marked[i] = math.NaN()
		}
	}
	return marked
}

// tailOfCell is the tail probability at which cell i starts.
func tailOfCell(i int) float64 {
	return math.Float64frombits(uint64(tableFirst+i) << tableShift)
}

// keepExact marks the cells on either side of a break at x days.
func (t *table) keepExact(x float64) {
	for _, at := range []float64{x, math.Nextafter(x, math.Inf(-1))} {
		for side, tail := range []float64{t.CDF(at), t.Survival(at)} {
			if tail >= tableLeast/2 && tail < 0.51 {
				i := int(math.Float64bits(tail)>>tableShift) - tableFirst
				for _, j := range []int{i - 1, i, i + 1, i + 2} {
					if j >= 0 && j <= tableCells {
						t.quantiles[side][j] = math.NaN()
					}
				}
			}
		}
	}
}

// AtSurvival looks the quantile up. The side is not a branch, as it would be
// mispredicted half of the time.
func (t *table) AtSurvival(q float64) float64 {
	off := q - 0.5
	side := math.Float64bits(off) >> 63
	tail := math.Float64bits(0.5 - math.Abs(off))
	cell := tail>>tableShift - tableFirst
	if cell < tableCells {
		v := &t.quantiles[side&1]
		within := float64(int64(tail&(1<<tableShift-1))) * (1.0 / (1 << tableShift))
		x := v[cell] + within*(v[cell+1]-v[cell])
		if x == x { // not NaN
			return x
		}
	}
	return t.Law.AtSurvival(q)
}

func (t *table) atCDF(p float64) float64 {
	if p >= tableLeast {
		return t.AtSurvival(1 - p)
	}
	return Quantile(t.Law, p)
}
