package stats

import "math"

// MethodNested is percentiles of draws of what is not known, widened by Student's t for
// chance.
const MethodNested = "nested"

// Parts are the components of the variance of a figure in a nested design: every
// draw of the parameters is played by some replications. Replications of one draw
// differ by chance alone, long-run figures of draws by their parameters alone.
type Parts struct {
	Draws      int
	PerDraw    float64 // replications a draw, on average
	OfMeans    float64 // variance of the draws' means: Parameters + Chance/PerDraw
	Chance     float64 // variance of one replication about its draw's long-run figure
	Parameters float64 // variance of the long-run figure for not knowing the parameters
}

// Decompose parts the variance of draws' means: what chance alone would make of it
// is subtracted, and the rest, if any, is the parameters' (the one-way analysis of
// variance with random effects; for simulation models O'Hagan, Stevenson and Madan
// 2007, section 3).
func Decompose(draws int, perDraw, ofMeans, chance float64) Parts {
	return Parts{
		Draws: draws, PerDraw: perDraw, OfMeans: ofMeans, Chance: chance,
		Parameters: max(0, ofMeans-chance/perDraw),
	}
}

// SE is the standard error of the mean over all draws: how far more of them would
// move it.
func (p Parts) SE() float64 { return math.Sqrt(p.OfMeans / float64(p.Draws)) }

// Spread is the standard deviation of the long-run figure about the mean: for not
// knowing the parameters, and for having played so few draws of them.
func (p Parts) Spread() float64 {
	return math.Sqrt(p.Parameters + p.OfMeans/float64(p.Draws))
}

// FirstStage is the share of the variance of draws' means that is the parameters';
// 0 where they do not vary.
func (p Parts) FirstStage() float64 { return shareOf(p.Parameters, p.OfMeans) }

// Unknown is the share of the squared width of an interval (see Spread) that more
// replications of the same draws would not narrow; 0 where it has no width.
func (p Parts) Unknown() float64 {
	spread := p.Spread()
	return shareOf(p.Parameters, spread*spread)
}

func shareOf(part, whole float64) float64 {
	if !(whole > 0) {
		return 0
	}
	return min(1, part/whole)
}

// carry is the estimate whose interval carries both parts: from the 2.5th to the 97.5th
// percentile (at a level of 95%) of the draws' deviations from the value, drawn in until
// only the parameters' variance is left, and beyond them for the luck of the mean, as
// independent errors add up. Normal deviations give Student's t on Spread.
func (p Parts) carry(value float64, deviations []float64, level float64) Estimate {
	t := TQuantile((1+level)/2, float64(p.Draws-1))
	calm := make([]float64, len(deviations))
	for k, d := range deviations {
		calm[k] = d * math.Sqrt(p.FirstStage())
	}
	wider := t / TQuantile((1+level)/2, math.Inf(1))
	half := func(tail float64) float64 { return math.Hypot(wider*max(tail, 0), t*p.SE()) }
	// So that the chance of lying beyond is right on average, few draws or many (Hyndman and Fan 1996, type 6).
	n := float64(len(calm))
	at := func(q float64) float64 { return QuantileOf(calm, min(max((q*(n+1)-1)/(n-1), 0), 1)) }
	return Estimate{
		Value: value, Low: value - half(-at((1-level)/2)), High: value + half(at((1+level)/2)),
		SE: p.Spread(), N: p.Draws, Method: MethodNested,
	}
}

// leastDraws is how many draws there must be for a spread between them.
const leastDraws = 3

// Totals are the totals of each draw of a nested design: y and n as of a Ratio.
type Totals struct{ Y, N []float64 }

// Add takes those of the next draw.
func (d *Totals) Add(y, n float64) { d.Y, d.N = append(d.Y, y), append(d.N, n) }

// deviations are the draws' means less the value, linearised.
func (d *Totals) deviations(value float64) []float64 {
	all, mean := make([]float64, len(d.Y)), meanOf(d.N)
	for k := range all {
		all[k] = (d.Y[k] - value*d.N[k]) / mean
	}
	return all
}

// Nested is the ratio over all replications, r, with the interval that carries both
// parts; draws holds the same replications, their totals by draw. ok is false where
// the ratio is absent, and where draws are too few or have one replication each, so
// that the parts cannot be told apart.
func (r *Ratio) Nested(draws *Totals, level float64) (e Estimate, p Parts, ok bool) {
	checkLevel(level)
	value, ok := r.Value()
	if !ok || len(draws.Y) < leastDraws || r.count <= len(draws.Y) {
		return Estimate{}, Parts{}, false
	}
	off := draws.deviations(value)
	p = fromSquares(r.count, quadratic([]float64{1 / r.mean[1], -value / r.mean[1]}, r.co[:]), off)
	e, ok = p.carry(value, off, level).orAbsent()
	return e, p, ok
}

// NestedProportion is Nested for the chance of something in a year (see ProportionEstimate). Where all years of all draws
// were alike nothing varies; then each draw is one piece of evidence, and the interval is Wilson's.
func (r *Ratio) NestedProportion(draws *Totals, level float64) (e Estimate, p Parts, ok bool) {
	e, p, ok = r.Nested(draws, level)
	if ok && (e.Value == 0 || e.Value == 1) {
		e.Low, e.High = Wilson(int(e.Value)*len(draws.Y), len(draws.Y), level)
	}
	return e, p, ok
}

// fromSquares is Decompose from the sum of squares of replications, and the deviations
// of draws.
func fromSquares(replications int, all float64, off []float64) Parts {
	between := 0.0
	for _, d := range off {
		between += d * d
	}
	perDraw := float64(replications) / float64(len(off))
	within := max(0, all-perDraw*between) / float64(replications-len(off))
	return Decompose(len(off), perDraw, between/float64(len(off)-1), within)
}

// Nested is the paired difference over all replications with the interval that
// carries both parts, as that of a Ratio. P is that of chance alone: of no difference
// on average over all draws.
func (p *PairedRatio) Nested(base, other *Totals, level float64) (d Difference, parts Parts, ok bool) {
	checkLevel(level)
	n0, n1 := p.mean[1], p.mean[1]+p.mean[3]
	if p.refused > 0 || n0 == 0 || n1 == 0 || len(base.Y) < leastDraws || p.count <= len(base.Y) {
		return Difference{}, Parts{}, false
	}
	l := p.linearise(n0, n1)
	v0 := p.mean[0] / n0
	off := other.deviations(v0 + l.value)
	for k, d := range base.deviations(v0) {
		off[k] -= d
	}
	parts = fromSquares(p.count, l.paired, off)
	d = parts.differs(Difference{Estimate: parts.carry(l.value, off, level), VarianceReduction: reduction(l.independent, l.paired), Same: !p.differs})
	d, ok = d.orAbsent()
	return d, parts, ok
}

// differs completes a difference with the p of chance alone.
func (p Parts) differs(d Difference) Difference {
	d.P = pOfNoDifference(d.Value, p.SE(), float64(p.Draws-1))
	return d
}

// Halves are a figure that is no mean, such as a quantile, draw by draw: its value
// from all replications of the draw, and from either half of them. What the halves
// differ by is chance.
type Halves struct{ Value, One, Other []float64 }

// Add takes the next draw.
func (h *Halves) Add(value, one, other float64) {
	h.Value, h.One, h.Other = append(h.Value, value), append(h.One, one), append(h.Other, other)
}

// Less is, draw by draw, what a figure of another scenario is beyond that of a base.
func (h *Halves) Less(base *Halves) *Halves {
	apart := new(Halves)
	for k := range min(len(h.Value), len(base.Value)) {
		apart.Add(h.Value[k]-base.Value[k], h.One[k]-base.One[k], h.Other[k]-base.Other[k])
	}
	return apart
}

// Widen is an estimate of all replications pooled, its interval carrying both parts.
// The noise of a draw's value is a quarter of the mean squared gap between its halves.
func (h *Halves) Widen(value float64, replications int, level float64) (Estimate, Parts, bool) {
	checkLevel(level)
	if len(h.Value) < leastDraws || replications <= len(h.Value) || !finite(h.Value...) || !finite(h.One...) || !finite(h.Other...) {
		return Estimate{}, Parts{}, false
	}
	mean, sd := meanAndSD(h.Value)
	off, noise := make([]float64, len(h.Value)), 0.0
	for k, v := range h.Value {
		off[k] = v - mean
		noise += (h.One[k] - h.Other[k]) * (h.One[k] - h.Other[k]) / 4 / float64(len(off))
	}
	perDraw := float64(replications) / float64(len(off))
	p := Decompose(len(off), perDraw, sd*sd, noise*perDraw)
	e, ok := p.carry(value, off, level).orAbsent()
	return e, p, ok
}

// WidenDifference is a difference of pooled figures, its interval carrying both parts
// of the draws' differences.
func (h *Halves) WidenDifference(d Difference, replications int, level float64) (Difference, Parts, bool) {
	e, p, ok := h.Widen(d.Value, replications, level)
	if !ok {
		return d, p, false
	}
	d.Estimate = e
	d, ok = p.differs(d).orAbsent()
	return d, p, ok
}
