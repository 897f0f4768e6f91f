package stats

import "math"

// MethodNested is Student's t over draws of what is not known, carrying the
// variance between them beside that of chance.
const MethodNested = "nested-t"

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

// carry is the estimate whose interval carries both parts.
func (p Parts) carry(value, level float64) Estimate {
	return interval(value, p.Spread(), p.Draws, level, MethodNested)
}

// leastDraws is how many draws there must be for a spread between them.
const leastDraws = 3

// Nested is the ratio over all replications, r, with the interval that carries both
// parts; draws holds the same replications, their totals by draw. ok is false where
// the ratio is absent, and where draws are too few or have one replication each, so
// that the parts cannot be told apart.
func (r *Ratio) Nested(draws *Ratio, level float64) (e Estimate, p Parts, ok bool) {
	checkLevel(level)
	value, ok := r.Value()
	if !ok || draws.count < leastDraws || r.count <= draws.count {
		return Estimate{}, Parts{}, false
	}
	all := quadratic([]float64{1 / r.mean[1], -value / r.mean[1]}, r.co[:])
	between := quadratic([]float64{1 / draws.mean[1], -value / draws.mean[1]}, draws.co[:])
	p = fromSquares(r.count, draws.count, all, between)
	e, ok = p.carry(value, level).orAbsent()
	return e, p, ok
}

// fromSquares is Decompose from the sums of squares of replications and of draws'
// means about the same value.
func fromSquares(replications, draws int, all, between float64) Parts {
	perDraw := float64(replications) / float64(draws)
	within := max(0, all-perDraw*between) / float64(replications-draws)
	return Decompose(draws, perDraw, between/float64(draws-1), within)
}

// Nested is the paired difference over all replications with the interval that
// carries both parts, as that of a Ratio.
func (p *PairedRatio) Nested(draws *PairedRatio, level float64) (d Difference, parts Parts, ok bool) {
	checkLevel(level)
	n0, n1 := p.mean[1], p.mean[1]+p.mean[3]
	if p.refused > 0 || n0 == 0 || n1 == 0 || draws.count < leastDraws || p.count <= draws.count {
		return Difference{}, Parts{}, false
	}
	l := p.linearise(n0, n1)
	between := draws.linearise(draws.mean[1], draws.mean[1]+draws.mean[3])
	parts = fromSquares(p.count, draws.count, l.paired, between.paired)
	d = difference(parts.carry(l.value, level), float64(parts.Draws-1), l.independent, l.paired, !p.differs)
	d, ok = d.orAbsent()
	return d, parts, ok
}

// Halves accumulates a figure that is no mean, such as a quantile, draw by draw:
// its value from all replications of the draw, and from either half of them. What
// the halves differ by is chance.
//
// The zero value is empty and ready.
type Halves struct {
	count    int
	mean     float64
	squares  float64 // Σ (value - mean)²
	apart    float64 // Σ (one half - other half)²
	refused  bool
	replayed int // replications
}

// Add takes the next draw, of so many replications.
func (h *Halves) Add(value, one, other float64, replications int) {
	if !finite(value, one, other) {
		h.refused = true
		return
	}
	h.count++
	h.replayed += replications
	before := value - h.mean
	h.mean += before / float64(h.count)
	h.squares += before * (value - h.mean)
	h.apart += (one - other) * (one - other)
}

// Parts parts the variance of the draws' values. The noise of a draw's value is a
// quarter of the mean squared gap between its halves.
func (h *Halves) Parts() (Parts, bool) {
	if h.refused || h.count < leastDraws || h.replayed <= h.count {
		return Parts{}, false
	}
	perDraw := float64(h.replayed) / float64(h.count)
	noise := h.apart / 4 / float64(h.count)
	return Decompose(h.count, perDraw, h.squares/float64(h.count-1), noise*perDraw), true
}

// Widen is an estimate of all replications pooled, its interval carrying both parts.
func (h *Halves) Widen(value, level float64) (Estimate, Parts, bool) {
	checkLevel(level)
	p, ok := h.Parts()
	if !ok {
		return Estimate{}, Parts{}, false
	}
	e, ok := p.carry(value, level).orAbsent()
	return e, p, ok
}

// WidenDifference is a difference of pooled figures, its interval carrying both parts
// of the draws' differences.
func (h *Halves) WidenDifference(d Difference, level float64) (Difference, Parts, bool) {
	e, p, ok := h.Widen(d.Value, level)
	if !ok {
		return d, p, false
	}
	wide := Difference{Estimate: e, P: pOfNoDifference(e.Value, e.SE, float64(p.Draws-1)), VarianceReduction: d.VarianceReduction, Same: d.Same}
	wide, ok = wide.orAbsent()
	return wide, p, ok
}
