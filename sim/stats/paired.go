package stats

import "math"

// PairedRatio accumulates, for each replication, (y0, n0) of a base scenario and
// (y1, n1) of another run on the same random numbers. It holds the moments of
// (y0, n0, y1-y0, n1-n0): differences of nearly equal figures keep their digits,
// and of equal ones are exactly 0.
//
// The zero value is empty and ready. Its size is constant.
type PairedRatio struct {
	count   int
	refused int
	mean    [4]float64
	co      [10]float64
	groups  [groupCount][4]float64
	firstN  [2]float64
	varies  bool // n0 or n1 is not the same throughout
	differs bool // some replication's pairs were not equal
}

// Add takes the totals of the next replication in both scenarios. Values that
// are not finite are refused and counted, and leave no difference.
func (p *PairedRatio) Add(y0, n0, y1, n1 float64) {
	x := [4]float64{y0, n0, y1 - y0, n1 - n0}
	if !finite(y0, n0, y1, n1, x[2], x[3]) {
		p.refused++
		return
	}
	if p.count == 0 {
		p.firstN = [2]float64{n0, n1}
	}
	p.varies = p.varies || n0 != p.firstN[0] || n1 != p.firstN[1]
	p.differs = p.differs || y0 != y1 || n0 != n1
	g := &p.groups[p.count%groupCount]
	for i := range g {
		g[i] += x[i]
	}
	p.count++
	addMoments(p.count, p.mean[:], p.co[:], x[:])
}

// Merge adds o's replications as those that follow p's own. o is unchanged.
func (p *PairedRatio) Merge(o *PairedRatio) {
	refused := p.refused + o.refused
	switch {
	case o.count == 0:
	case p.count == 0:
		*p = *o
	default:
		p.varies = p.varies || o.varies || o.firstN != p.firstN
		p.differs = p.differs || o.differs
		for i := range o.groups {
			to := &p.groups[(p.count+i)%groupCount]
			for j := range to {
				to[j] += o.groups[i][j]
			}
		}
		mergeMoments(p.count, o.count, p.mean[:], p.co[:], o.mean[:], o.co[:])
		p.count += o.count
	}
	p.refused = refused
}

// Reset empties p.
func (p *PairedRatio) Reset() { *p = PairedRatio{} }

// Count is the number of replications.
func (p *PairedRatio) Count() int { return p.count }

// Refused is the number of replications with a value that was not a finite number.
func (p *PairedRatio) Refused() int { return p.refused }

// Difference is ΣY1/ΣN1 - ΣY0/ΣN0 with the interval of its long-run value; ok is
// false where either is absent. Paired t where n0 and n1 are constant; the
// jackknife under 30 replications, and where either denominator is as uncertain
// as calls for Fieller (whose set has no closed form for a difference of ratios);
// else the delta method on e1_i - e0_i with R-1 df.
func (p *PairedRatio) Difference(level float64) (Difference, bool) {
	checkLevel(level)
	n0, n1 := p.mean[1], p.mean[1]+p.mean[3]
	if p.count == 0 || p.refused > 0 || n0 == 0 || n1 == 0 {
		return Difference{}, false
	}
	l := p.linearise(n0, n1)
	e, df := p.estimate(l, level)
	d := difference(e, df, l.independent, l.paired, !p.differs)
	return d.orAbsent()
}

// linear is the difference of two ratios, linearised: its value and the sums of
// squares of the residuals, as paired and had the scenarios been independent.
type linear struct {
	value       float64
	paired      float64
	independent float64
}

func (p *PairedRatio) linearise(n0, n1 float64) linear {
	r0 := p.mean[0] / n0
	dy, dn := p.mean[2], p.mean[3]
	value := (dy - r0*dn) / n1
	r1 := r0 + value
	base := [2]float64{1 / n0, -r0 / n0}
	other := [4]float64{1 / n1, -r1 / n1, 1 / n1, -r1 / n1}
	// The coefficients of e1 - e0, with 1/n1 - 1/n0 and r0/n0 - r1/n1 written so
	// that they vanish with dn and the value.
	diff := [4]float64{-dn / n0 / n1, (r0*dn - value*n0) / n0 / n1, 1 / n1, -r1 / n1}
	return linear{
		value:       value,
		paired:      quadratic(diff[:], p.co[:]),
		independent: quadratic(base[:], p.co[:3]) + quadratic(other[:], p.co[:]),
	}
}

func (p *PairedRatio) estimate(l linear, level float64) (e Estimate, df float64) {
	df = float64(p.count - 1)
	se := math.Sqrt(l.paired / df / float64(p.count))
	switch {
	case p.count == 1:
		return alone(l.value, 1), 0
	case !p.varies:
		return interval(l.value, se, p.count, level, MethodT), df
	case p.count >= groupCount && p.denominatorCV() <= maxDenominatorCV:
		return interval(l.value, se, p.count, level, MethodDelta), df
	}
	return p.jackknife(l.value, level)
}

// denominatorCV is the greater of the two scenarios'.
func (p *PairedRatio) denominatorCV() float64 {
	n0, n1 := p.mean[1], p.mean[1]+p.mean[3]
	// Σ(n1-n̄1)² from n0 and n1-n0, the 2nd and 4th of the vector.
	ss1 := quadratic([]float64{0, 1, 0, 1}, p.co[:])
	return max(meanCV(n0, p.co[2], p.count), meanCV(n1, ss1, p.count))
}

// jackknife leaves out a group of replications at a time.
func (p *PairedRatio) jackknife(value, level float64) (e Estimate, df float64) {
	var left [groupCount]float64
	k := min(p.count, groupCount)
	for i := range left[:k] {
		var x [4]float64
		for j := range x {
			x[j] = p.mean[j]*float64(p.count) - p.groups[i][j]
		}
		n0, n1 := x[1], x[1]+x[3]
		total := float64(p.count) * (math.Abs(p.mean[1]) + math.Abs(p.mean[3]))
		if min(math.Abs(n0), math.Abs(n1)) <= 1e-12*total {
			return alone(value, p.count), 0
		}
		left[i] = (x[2] - x[0]/n0*x[3]) / n1
	}
	e = interval(value, jackknifeSE(left[:k]), k, level, MethodJackknife)
	e.N = p.count
	return e, float64(k - 1)
}
