package stats

import "math"

// Estimate is the pooled p quantile with the interval of its long-run value. Each
// section of replications is a cluster: the share of people at or below the
// quantile is a ratio, known to so many people either way (t of sections-1 degrees
// of freedom), and the interval runs between the quantiles that far below and
// above p (Woodruff 1952). The coverage tests hold it to thin sections, where t on
// the sections' own quantiles (Asmussen and Glynn 2007, section III.5) fails: the
// high quantile of a few people is biased. SE is half the interval over t.
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
	low, high, _ := s.band(p, t, n)
	e := Estimate{
		Value: value, Low: min(low, value), High: max(high, value),
		SE: (high - low) / (2 * t), N: n, Method: MethodSections,
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
	_, _, moved0 := base.band(p, t, n0)
	_, _, moved1 := other.band(p, t, n1)
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

// band is the interval of a quantile, with t for n sections held, and by how much
// each section moved the quantile: its people beyond those expected, by the slope
// of the interval, so that the squares add up to SE².
func (s *Sketch) band(p, t float64, n int) (low, high float64, moved []float64) {
	moved = s.residuals(p)
	spread := math.Sqrt(float64(n) / float64(n-1))
	size := norm(moved) * spread // standard error, in people
	half := t * size / float64(s.Count())
	low, high = s.at(p-half), s.at(p+half)
	slope := 0.0
	if size > 0 {
		slope = (high - low) / (2 * t * size)
	}
	for b := range moved {
		moved[b] *= -slope * spread
	}
	return low, high, moved
}

// residuals is, by section, the people at or below the p quantile less those
// expected there. The bin of the quantile is taken in part, the same part of each
// section.
func (s *Sketch) residuals(p float64) []float64 {
	target := p * float64(s.Count())
	below := make([]float64, len(s.totals))
	passed := 0.0
	w := s.walk()
	for w.next() && passed+float64(w.held()) < target {
		passed += float64(w.held())
		for b := range below {
			below[b] += float64(w.sectionSum(b))
		}
	}
	for i := range pageBins {
		n := w.bin(i).count
		part := min(1, (target-passed)/float64(n))
		if n == 0 || part <= 0 {
			continue
		}
		passed += float64(n)
		for b := range below {
			below[b] += part * float64(w.section(b, i))
		}
	}
	for b, n := range s.totals {
		below[b] -= p * float64(n)
	}
	return below
}

// at is the value with a share p of people at or below it; the least and the
// greatest value for shares beyond 0 and 1.
func (s *Sketch) at(p float64) float64 {
	target := p * float64(s.Count()) * (1 - ulps)
	passed, greatest := 0.0, 0.0
	for w := s.walk(); w.next(); {
		for i := range pageBins {
			c := w.bin(i)
			if c.count == 0 {
				continue
			}
			greatest = c.max
			if passed+float64(c.count) >= target {
				return c.within(max(0, (target-passed)/float64(c.count)) * float64(c.count-1))
			}
			passed += float64(c.count)
		}
	}
	return greatest
}

func norm(xs []float64) float64 {
	ss := 0.0
	for _, x := range xs {
		ss += x * x
	}
	return math.Sqrt(ss)
}
