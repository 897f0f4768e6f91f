package stats

import "math"

// walker goes over the bins of a sketch in the order of their values, a page at
// a time, with the sections folded into groups: section b belongs to group b mod
// the number of groups.
type walker struct {
	s        *Sketch
	part     int // 0 the values below zero, 1 zero, 2 those above
	i        int // the next page of that part
	min, max [pageBins]float64
	counts   [][pageBins]uint64 // by group
	sums     []uint64           // by group: the page's values
}

func (s *Sketch) walk(groups int) *walker {
	w := &walker{s: s, counts: make([][pageBins]uint64, groups), sums: make([]uint64, groups)}
	w.i = len(s.sides[1].pages) - 1
	return w
}

// next loads the next page that holds a value.
func (w *walker) next() bool {
	for w.part == 0 {
		if w.i < 0 {
			w.part, w.i = 1, 0
			break
		}
		p := w.s.sides[1].pages[w.i]
		w.i--
		if p != nil {
			w.load(p, true)
			return true
		}
	}
	if w.part == 1 {
		w.part = 2
		w.loadZeros()
		return true
	}
	above := w.s.sides[0].pages
	for w.i < len(above) {
		p := above[w.i]
		w.i++
		if p != nil {
			w.load(p, false)
			return true
		}
	}
	return false
}

// load takes a page, turned about where its bins run away from zero.
func (w *walker) load(p *page, turned bool) {
	flip := 0
	if turned {
		flip = pageBins - 1 // i^flip counts down
	}
	for i := range w.min {
		w.min[i], w.max[i] = p.min[i^flip], p.max[i^flip]
	}
	clear(w.counts)
	clear(w.sums)
	for b := range w.s.totals {
		g := b % len(w.sums)
		for i := range w.counts[g] {
			n := p.at(b*pageBins + i ^ flip)
			w.counts[g][i] += n
			w.sums[g] += n
		}
	}
}

func (w *walker) loadZeros() {
	w.min[0], w.max[0] = 0, 0
	clear(w.counts)
	clear(w.sums)
	for b, n := range w.s.zeros {
		g := b % len(w.sums)
		w.counts[g][0] += n
		w.sums[g] += n
	}
}

// value is the loaded page's value of that rank, from 0, within group g.
func (w *walker) value(g int, rank uint64) float64 {
	for i, n := range w.counts[g] {
		if rank >= n {
			rank -= n
			continue
		}
		part := 0.5
		if n > 1 {
			part = float64(rank) / float64(n-1)
		}
		return between(w.min[i], w.max[i], part)
	}
	panic("stats: a rank beyond its page")
}

// quantiles gives the p quantile of each group of sections (type 7 of the values
// as the bins have them), and the number of values in each group.
func (s *Sketch) quantiles(p float64, groups int) (q, size []float64) {
	q, size = make([]float64, groups), make([]float64, groups)
	count := make([]uint64, groups)
	for b, n := range s.totals {
		count[b%groups] += n
	}
	type search struct {
		passed, rank uint64
		part, low    float64
		lowDone      bool
	}
	find := make([]search, groups)
	open := 0
	for g := range find {
		size[g] = float64(count[g])
		if count[g] > 0 {
			find[g].rank, find[g].part = type7(p, count[g])
			open++
		}
	}
	w := s.walk(groups)
	for open > 0 && w.next() {
		for g := range find {
			f := &find[g]
			end := f.passed + w.sums[g]
			if count[g] == 0 || f.rank >= end {
				f.passed = end
				continue
			}
			if !f.lowDone {
				f.low, f.lowDone = w.value(g, f.rank-f.passed), true
				q[g] = f.low
				if f.part > 0 {
					f.rank++
				}
			}
			if f.rank < end {
				q[g] = between(f.low, w.value(g, f.rank-f.passed), f.part)
				f.rank = math.MaxUint64
				open--
			}
			f.passed = end
		}
	}
	return q, size
}

// Quantile is the p quantile of the pooled values, 0 <= p <= 1; ok is false where
// there are none or p is no such number.
func (s *Sketch) Quantile(p float64) (value float64, ok bool) {
	if s.refused > 0 || s.Count() == 0 || !(p >= 0 && p <= 1) {
		return 0, false
	}
	q, _ := s.quantiles(p, 1)
	return q[0], true
}

// Estimate is the pooled p quantile with an interval from sections: t on the
// quantiles of the groups of replications about the pooled one, each weighed by
// its share of the values (Asmussen and Glynn 2007, section III.5a; Nakayama
// 2014). Sections too thin to have such a quantile are joined first, see groups.
func (s *Sketch) Estimate(p, level float64) (Estimate, bool) {
	checkLevel(level)
	value, ok := s.Quantile(p)
	if !ok {
		return Estimate{}, false
	}
	q, size := s.quantiles(p, groups(p, s.totals, s.totals))
	se, n := sectionError(value, q, size, size)
	if n < 2 {
		return alone(value, n), true
	}
	e := interval(value, se, n, level, MethodSections)
	return e, e.finite()
}

// SketchDifference is the p quantile of other less that of base, with an interval
// from the same sections of both: what they share in a replication falls out.
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
	k := groups(p, base.totals, other.totals)
	q0, size0 := base.quantiles(p, k)
	q1, size1 := other.quantiles(p, k)
	d := sectionDifference(v0, v1, q0, q1, size0, size1, level, base.equal(other))
	return d, d.finite()
}

// sectionDifference pairs two quantiles by the groups that both have.
func sectionDifference(v0, v1 float64, q0, q1 []float64, size0, size1 []float64, level float64, same bool) Difference {
	apart := make([]float64, len(q0))
	for g := range apart {
		apart[g] = q1[g] - q0[g]
	}
	se, n := sectionError(v1-v0, apart, size0, size1)
	if n < 2 {
		return difference(alone(v1-v0, n), 0, 0, 0, same)
	}
	se0, _ := sectionError(v0, q0, size0, size1)
	se1, _ := sectionError(v1, q1, size0, size1)
	e := interval(v1-v0, se, n, level, MethodSections)
	return difference(e, float64(n-1), se0*se0+se1*se1, se*se, same)
}

// leastGroups is how far sections are joined at most; leastBeyond is how many
// values a section wants, on average, beyond the quantile.
const (
	leastGroups = 8
	leastBeyond = 5
)

// groups decides into how many groups sections are joined before their quantiles
// are taken: as many as there are, halved while a group holds too few values
// beyond the quantile to have one, but not below leastGroups.
func groups(p float64, totals0, totals1 []uint64) int {
	n0, n1 := uint64(0), uint64(0)
	held := 0
	for b := range totals0 {
		n0 += totals0[b]
		n1 += totals1[b]
		if totals0[b] > 0 && totals1[b] > 0 {
			held = b + 1
		}
	}
	beyond := float64(min(n0, n1)) * min(p, 1-p)
	k := len(totals0)
	for k >= 2*leastGroups && k%2 == 0 && (k >= 2*held || beyond < leastBeyond*float64(min(k, held))) {
		k /= 2
	}
	return k
}

// sectionError is the standard error of a pooled value from its groups, each
// weighed by its share of the values (the mean of its shares in the two sizes),
// and the number of groups that had values in both.
func sectionError(value float64, q []float64, size0, size1 []float64) (se float64, n int) {
	var total0, total1 float64
	for g := range q {
		if size0[g] > 0 && size1[g] > 0 {
			total0 += size0[g]
			total1 += size1[g]
			n++
		}
	}
	ss := 0.0
	for g := range q {
		if size0[g] > 0 && size1[g] > 0 {
			weight := (size0[g]/total0 + size1[g]/total1) / 2
			ss += weight * weight * (q[g] - value) * (q[g] - value)
		}
	}
	return math.Sqrt(ss * float64(n) / float64(max(n-1, 1))), n
}
