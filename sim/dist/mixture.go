package dist

import (
	"math"
	"slices"
	"sort"
	"strings"
)

// mixture draws from law i with probability weight i.
// Invariant: the weights add up to 1.
type mixture struct {
	written
	weights []float64
	laws    []Law
	ever    float64 // the share that is over at some time: 1 but for never
	jumps   []jump  // by time
}

// jump is a duration at which the quantile of a mixture may jump or stop: an
// atom, or an end of a component's support.
type jump struct {
	x                        float64
	survival, survivalBefore float64
	cdf, cdfBefore           float64
}

// Mixture is the law that follows laws[i] with probability weights[i]. A draw
// still takes one uniform, by the inverse of the mixed CDF. The error says
// what is wrong unless there is a weight for each law, none is negative and
// they add up to 1.
func Mixture(weights []float64, laws []Law) (Law, error) {
	var f faults
	if len(laws) == 0 {
		f.add("at least one law is needed")
	}
	if len(weights) != len(laws) {
		f.add("there must be one weight for each law: %d weights, %d laws", len(weights), len(laws))
	}
	sum := 0.0
	for _, w := range weights {
		f.atLeast0("a weight", w)
		sum += w
	}
	if len(f) == 0 && math.Abs(sum-1) > 1e-6 {
		f.add("the weights must add up to 1, not %.6g", sum)
	}
	if slices.Contains(laws, nil) {
		f.add("a law is missing")
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	l := &mixture{}
	var parts []string
	for i, w := range weights {
		if w == 0 {
			continue
		}
		l.weights = append(l.weights, w/sum)
		l.laws = append(l.laws, laws[i])
		parts = append(parts, "{share: "+share(w)+", "+laws[i].String()+"}")
	}
	l.ever = 1 - l.Survival(math.Inf(1))
	for _, x := range slices.Compact(slices.Sorted(slices.Values(l.breaks()))) {
		before := math.Nextafter(x, math.Inf(-1))
		l.jumps = append(l.jumps, jump{x, l.Survival(x), l.Survival(before), l.CDF(x), l.CDF(before)})
	}
	l.written = written("mixture: [" + strings.Join(parts, ", ") + "]")
	return l, nil
}

func (l *mixture) CDF(x float64) float64 {
	p := 0.0
	for i, w := range l.weights {
		p += w * l.laws[i].CDF(x)
	}
	return min(p, 1)
}

func (l *mixture) Survival(x float64) float64 {
	s := 0.0
	for i, w := range l.weights {
		s += w * l.laws[i].Survival(x)
	}
	return min(s, 1)
}

func (l *mixture) AtSurvival(q float64) float64 {
	if q > 0.5 {
		return l.atCDF(1 - q)
	}
	if q < 1-l.ever {
		return math.Inf(1)
	}
	lo, hi := math.Inf(1), 0.0
	for _, c := range l.laws {
		x := c.AtSurvival(q)
		lo, hi = min(lo, x), max(hi, x)
	}
	if q <= 0 {
		return hi
	}
	i := sort.Search(len(l.jumps), func(i int) bool { return l.jumps[i].survival <= q })
	if i < len(l.jumps) && l.jumps[i].survivalBefore > q {
		return l.jumps[i].x
	}
	lo, hi = l.within(i, lo, hi)
	return firstBelow(lo, hi, func(x float64) float64 { return l.Survival(x) - q })
}

func (l *mixture) atCDF(p float64) float64 {
	if p > 0.5 {
		return l.AtSurvival(1 - p)
	}
	if p > l.ever {
		return math.Inf(1)
	}
	lo, hi := math.Inf(1), 0.0
	for _, c := range l.laws {
		x := Quantile(c, p)
		lo, hi = min(lo, x), max(hi, x)
	}
	i := sort.Search(len(l.jumps), func(i int) bool { return l.jumps[i].cdf >= p })
	if i < len(l.jumps) && l.jumps[i].cdfBefore < p {
		return l.jumps[i].x
	}
	lo, hi = l.within(i, lo, hi)
	return firstBelow(lo, hi, func(x float64) float64 { return p - l.CDF(x) })
}

// within narrows a bracket to what lies between jump i and the one before.
func (l *mixture) within(i int, lo, hi float64) (float64, float64) {
	if i > 0 {
		lo = max(lo, l.jumps[i-1].x)
	}
	if i < len(l.jumps) {
		hi = min(hi, l.jumps[i].x)
	}
	return lo, max(lo, hi)
}

func (l *mixture) Mean() float64 {
	m := 0.0
	for i, w := range l.weights {
		m += w * l.laws[i].Mean()
	}
	return m
}

func (l *mixture) Variance() float64 {
	mean, v := l.Mean(), 0.0
	if math.IsInf(mean, 1) {
		return mean
	}
	for i, w := range l.weights {
		d := l.laws[i].Mean() - mean
		v += w * (l.laws[i].Variance() + d*d)
	}
	return v
}

// breaks are those of the components: there the mixed quantile may jump.
func (l *mixture) breaks() []float64 {
	var all []float64
	for _, c := range l.laws {
		if b, ok := c.(broken); ok {
			all = append(all, b.breaks()...)
		}
	}
	return all
}

func (*mixture) dear() {}
