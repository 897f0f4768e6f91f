package stats

import "math"

// Estimate is the pooled p quantile with the interval of its long-run value. Each
// section of replications is a cluster: a value is too low where the share of
// people at or below it is under p by more than t standard errors of that share,
// too high where it is over p by as much (Woodruff 1952; the share is a ratio, as
// Ratio has it, with t of sections-1 degrees of freedom). Above the quantile the
// error is at least that at the quantile, since the last few people are always
// below the greatest value. The coverage tests hold it to thin sections, where t
// on the sections' own quantiles (Asmussen and Glynn 2007, section III.5) fails:
// the high quantile of a few people is biased. SE is half the interval over t.
func (s *Sketch) Estimate(p, level float64) (Estimate, bool) {
	checkLevel(level)
	value, ok := s.Quantile(p)
	if !ok {
		return Estimate{}, false
	}
	n := s.held()
	if n < 2 {
		return alone(value, n), true
	}
	t := TQuantile((1+level)/2, float64(n-1))
	b := s.band(p, t, n)
	e := Estimate{
		Value: value, Low: min(b.x[0], value), High: max(b.x[2], value),
		SE: (b.x[2] - b.x[0]) / (2 * t), N: n, Method: MethodSections,
	}
	return e.orAbsent()
}

// SketchDifference is the p quantile of other less that of base. What moved each
// section's share is turned into what it moved the quantile by, with the slope of
// that sketch's own interval, and the two are paired by section: what they share
// in a replication falls out.
func SketchDifference(base, other *Sketch, p, level float64) (Difference, bool) {
	checkLevel(level)
	if len(base.totals) != len(other.totals) {
		panic("stats: sketches of different sections cannot be compared")
	}
	v0, ok0 := base.Quantile(p)
	v1, ok1 := other.Quantile(p)
	if !ok0 || !ok1 {
		return Difference{}, false
	}
	same := base.equal(other)
	n0, n1 := base.held(), other.held()
	n := min(n0, n1)
	if n < 2 {
		return difference(alone(v1-v0, n), 0, 0, 0, same), true
	}
	t := TQuantile((1+level)/2, float64(n-1))
	moved0 := base.band(p, t, n0).moved()
	moved1 := other.band(p, t, n1).moved()
	var independent, paired float64
	for b, m0 := range moved0 {
		m1 := moved1[b]
		independent += m0*m0 + m1*m1
		paired += (m1 - m0) * (m1 - m0)
	}
	e := interval(v1-v0, math.Sqrt(paired), n, level, MethodSections)
	d := difference(e, float64(n-1), independent, paired, same)
	return d.orAbsent()
}

// held is the number of sections with a value.
func (s *Sketch) held() int {
	n := 0
	for _, total := range s.totals {
		if total > 0 {
			n++
		}
	}
	return n
}

// band finds where a quantile may lie: the values at which the share of people
// at or below, plus half, as it is, and less half, reaches p.
type band struct {
	p, t     float64
	spread   float64 // √(n/(n-1)) of the sections held
	totals   []uint64
	all      float64
	below    []float64 // by section: people passed so far
	before   []float64 // the same, before the present page or bin
	share    float64   // of all that is below
	half     float64   // t standard errors of share; above the quantile at least atLeast
	atLeast  float64   // t standard errors of the share at the quantile, once found
	x        [3]float64
	found    [3]bool
	residual []float64 // by section: people at or below x[1] over those expected
}

// band walks the bins once. n is the number of sections held, 2 or more.
func (s *Sketch) band(p, t float64, n int) *band {
	b := &band{
		p: p, t: t, spread: math.Sqrt(float64(n) / float64(n-1)),
		totals: s.totals, all: float64(s.Count()),
		below:    make([]float64, len(s.totals)),
		before:   make([]float64, len(s.totals)),
		residual: make([]float64, len(s.totals)),
	}
	greatest := 0.0
	for w := s.walk(); w.next(); {
		passed := b.passed(w)
		for i, n := range w.count {
			if n > 0 {
				greatest = w.max[i]
				if !passed {
					b.bin(w, i)
				}
			}
		}
	}
	for k, found := range b.found {
		if !found {
			b.x[k] = greatest
		}
	}
	return b
}

// sign is +1, 0, -1 for the low end, the quantile and the high end.
func sign(k int) float64 { return float64(1 - k) }

// passed takes a page whole, unless a bound lies in it.
func (b *band) passed(w *walker) bool {
	copy(b.before, b.below)
	share, half := b.share, b.half
	for s := range b.below {
		b.below[s] += float64(w.sectionSum(s))
	}
	b.weigh()
	for k, found := range b.found {
		if !found && b.share+sign(k)*b.half >= b.p*(1-ulps) {
			copy(b.below, b.before)
			b.share, b.half = share, half
			return false
		}
	}
	return true
}

// weigh works out the share below and its error from below.
func (b *band) weigh() {
	b.share = sum(b.below) / b.all
	ss := 0.0
	for s, n := range b.totals {
		e := b.below[s] - b.share*float64(n)
		ss += e * e
	}
	b.half = max(b.t*b.spread*math.Sqrt(ss)/b.all, b.atLeast)
}

// bin takes bin i and notes the bounds that lie in it. People stand evenly from
// its least value to its greatest.
func (b *band) bin(w *walker, i int) {
	copy(b.before, b.below)
	share, half := b.share, b.half
	for s := range b.below {
		b.below[s] += float64(w.section(s, i))
	}
	b.weigh()
	for k := range b.x {
		from, to := share+sign(k)*half, b.share+sign(k)*b.half
		if b.found[k] || to < b.p*(1-ulps) {
			continue
		}
		part := 0.0
		if from < b.p {
			part = min(1, (b.p-from)/(to-from))
		}
		b.found[k], b.x[k] = true, between(w.min[i], w.max[i], part)
		if k == 1 {
			for s, n := range b.totals {
				b.residual[s] = between(b.before[s], b.below[s], part) - b.p*float64(n)
			}
			b.atLeast = b.t * b.spread * norm(b.residual) / b.all
			b.half = max(b.half, b.atLeast)
		}
	}
}

// moved is by how much each section moved the quantile: its residual by the slope
// of the interval, so that the squares add up to SE².
func (b *band) moved() []float64 {
	slope := 0.0
	if size := norm(b.residual); size > 0 {
		slope = (b.x[2] - b.x[0]) / (2 * b.t * size)
	}
	for s := range b.residual {
		b.residual[s] *= -slope
	}
	return b.residual
}

func norm(xs []float64) float64 {
	ss := 0.0
	for _, x := range xs {
		ss += x * x
	}
	return math.Sqrt(ss)
}
