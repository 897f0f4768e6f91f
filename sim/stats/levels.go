package stats

import (
	"math"
	"math/bits"
	"slices"
)

// Levels is the time spent at each whole level (beds in use), cut into sections
// of replications. Weights are whole ticks, summed in 128 bits: exact, in any
// order, for as many replications as there is time to run.
type Levels struct {
	sections int
	cells    []ticks // level by level, section by section; the last level is not empty
}

// ticks is hi·2^64 + lo.
type ticks struct{ hi, lo uint64 }

func (t *ticks) add(o ticks) {
	var carry uint64
	t.lo, carry = bits.Add64(t.lo, o.lo, 0)
	t.hi += o.hi + carry
}

func (t ticks) float() float64 { return math.Ldexp(float64(t.hi), 64) + float64(t.lo) }

// NewLevels is empty, of so many sections.
func NewLevels(sections int) *Levels {
	if sections < 1 {
		panic("stats: levels want a section at least")
	}
	return &Levels{sections: sections}
}

// Add counts weight ticks at a level, level >= 0 and weight >= 0, in a section.
func (l *Levels) Add(section, level int, weight int64) {
	if section < 0 || section >= l.sections || level < 0 || weight < 0 {
		panic("stats: Levels.Add wants a section that exists and a level and weight of 0 or more")
	}
	if weight == 0 {
		return
	}
	l.reach(level + 1)
	l.cells[level*l.sections+section].add(ticks{lo: uint64(weight)})
}

func (l *Levels) reach(levels int) {
	if more := levels*l.sections - len(l.cells); more > 0 {
		l.cells = append(l.cells, make([]ticks, more)...)
	}
}

// Merge adds what o holds to l. o is unchanged, and must be cut into as many
// sections.
func (l *Levels) Merge(o *Levels) {
	if o.sections != l.sections {
		panic("stats: levels of different sections cannot be merged")
	}
	l.reach(o.levels())
	for i, t := range o.cells {
		l.cells[i].add(t)
	}
}

// Reset empties l.
func (l *Levels) Reset() { l.cells = l.cells[:0] }

func (l *Levels) levels() int { return len(l.cells) / l.sections }

// pooled is the time at each level, over all sections.
func (l *Levels) pooled() (at []float64, total float64) {
	at = make([]float64, l.levels())
	var all ticks
	for i := range at {
		var t ticks
		for _, c := range l.cells[i*l.sections : (i+1)*l.sections] {
			t.add(c)
		}
		at[i] = t.float()
		all.add(t)
	}
	return at, all.float()
}

// Shares is the share of time at level 0, 1, … up to the greatest reached; nil
// where no time was spent.
func (l *Levels) Shares() []float64 {
	at, total := l.pooled()
	if total == 0 {
		return nil
	}
	for i := range at {
		at[i] /= total
	}
	return at
}

// ulps is the rounding allowed when a share of time is held against p.
const ulps = 1e-12

// Quantile is the least level with at least p of the time at or below it; ok is
// false where no time was spent or p is outside [0, 1].
func (l *Levels) Quantile(p float64) (level int, ok bool) {
	at, total := l.pooled()
	if total == 0 || !(p >= 0 && p <= 1) {
		return 0, false
	}
	return leastLevel(at, p*total), true
}

// leastLevel is the first level at which the running time reaches the target.
func leastLevel(at []float64, target float64) int {
	passed := 0.0
	for i, t := range at {
		passed += t
		if t > 0 && passed >= target*(1-ulps) {
			return i
		}
	}
	return len(at) - 1
}

// Estimate is the p quantile of the pooled time. Quantiles are whole levels, so
// the interval is that of the levels which the sections cannot tell from it: a
// level is too low where the share of time at or below it is under p by more than
// t standard errors, too high where that of the level beneath it is over p by as
// much (Woodruff 1952, each section a cluster). SE is that of the sections'
// quantiles about the pooled one.
func (l *Levels) Estimate(p, level float64) (Estimate, bool) {
	checkLevel(level)
	value, ok := l.Quantile(p)
	if !ok {
		return Estimate{}, false
	}
	q, time := l.sectionQuantiles(p)
	se, n := sectionError(float64(value), q, time, time)
	if n < 2 {
		return alone(float64(value), n), true
	}
	low, high := l.notRefuted(p, TQuantile((1+level)/2, float64(n-1)), n)
	return Estimate{
		Value: float64(value), Low: float64(min(low, value)), High: float64(max(high, value)),
		SE: se, N: n, Method: MethodSections,
	}, true
}

// notRefuted is the range of levels that may be the p quantile, with n sections.
func (l *Levels) notRefuted(p, t float64, n int) (low, high int) {
	time := make([]float64, l.sections)
	below := make([]float64, l.sections)
	for i, c := range l.cells {
		time[i%l.sections] += c.float()
	}
	total := sum(time)
	low, high = -1, l.levels()-1
	for i := range l.levels() {
		for b := range below {
			below[b] += l.cells[i*l.sections+b].float()
		}
		share, ss := sum(below)/total, 0.0
		for b := range below {
			e := below[b] - share*time[b]
			ss += e * e
		}
		half := t * math.Sqrt(ss*float64(n)/float64(n-1)) / total
		if low < 0 && share+half >= p*(1-ulps) {
			low = i
		}
		if share-half >= p*(1-ulps) {
			high = i
			break
		}
	}
	return max(low, 0), high
}

func sum(xs []float64) float64 {
	total := 0.0
	for _, x := range xs {
		total += x
	}
	return total
}

// sectionQuantiles is the p quantile of each section, and its time.
func (l *Levels) sectionQuantiles(p float64) (q, time []float64) {
	q, time = make([]float64, l.sections), make([]float64, l.sections)
	at := make([]float64, l.levels())
	for b := range q {
		for i := range at {
			at[i] = l.cells[i*l.sections+b].float()
		}
		time[b] = sum(at)
		if time[b] > 0 {
			q[b] = float64(leastLevel(at, p*time[b]))
		}
	}
	return q, time
}

// LevelsDifference is the p quantile of other less that of base, with an interval
// from the same sections of both.
func LevelsDifference(base, other *Levels, p, level float64) (Difference, bool) {
	checkLevel(level)
	if base.sections != other.sections {
		panic("stats: levels of different sections cannot be compared")
	}
	v0, ok0 := base.Quantile(p)
	v1, ok1 := other.Quantile(p)
	if !ok0 || !ok1 {
		return Difference{}, false
	}
	q0, w0 := base.sectionQuantiles(p)
	q1, w1 := other.sectionQuantiles(p)
	same := slices.Equal(base.cells, other.cells)
	d := sectionDifference(float64(v0), float64(v1), q0, q1, w0, w1, level, same)
	return d.orAbsent()
}
