package stats

import "math"

// walker goes over the bins of a sketch in the order of their values, a page at
// a time.
type walker struct {
	s        *Sketch
	part     int // 0 the values below zero, 1 zero, 2 those above
	i        int // the next page of that part
	page     *page
	flip     int // the loaded page's bin i is its i^flip: turned about below zero
	min, max [pageBins]float64
	count    [pageBins]uint64 // over all sections
	low, top [pageBins]uint64 // of them, how many are the least value, and how many the greatest
	sum      uint64
}

func (s *Sketch) walk() *walker { return &walker{s: s, i: len(s.sides[1].pages) - 1} }

// next loads the next page that holds a value.
func (w *walker) next() bool {
	for below := w.s.sides[1].pages; w.part == 0; {
		if w.i < 0 {
			w.part, w.i = 1, 0
			break
		}
		w.page, w.flip = below[w.i], pageBins-1
		w.i--
		if w.page != nil {
			w.load()
			return true
		}
	}
	if w.part == 1 {
		w.part = 2
		if w.page = nil; w.loadZeros() {
			return true
		}
	}
	for above := w.s.sides[0].pages; w.i < len(above); {
		w.page, w.flip = above[w.i], 0
		w.i++
		if w.page != nil {
			w.load()
			return true
		}
	}
	return false
}

func (w *walker) load() {
	w.sum = 0
	for i := range w.min {
		from := i ^ w.flip
		w.min[i], w.max[i], w.count[i] = w.page.min[from], w.page.max[from], w.page.pooled[from]
		w.low[i], w.top[i] = w.page.atMin[from], w.page.atMax[from]
		w.sum += w.count[i]
	}
}

func (w *walker) loadZeros() bool {
	w.count, w.sum = [pageBins]uint64{}, 0
	w.min[0], w.max[0] = 0, 0
	for _, n := range w.s.zeros {
		w.sum += n
	}
	w.count[0], w.low[0], w.top[0] = w.sum, w.sum, w.sum
	return w.sum > 0
}

// section is the loaded page's count of bin i in section b.
func (w *walker) section(b, i int) uint64 {
	if w.page == nil {
		if i > 0 {
			return 0
		}
		return w.s.zeros[b]
	}
	return w.page.at(b*pageBins + (i ^ w.flip))
}

// sectionSum is all that section b holds of the loaded page.
func (w *walker) sectionSum(b int) uint64 {
	if w.page == nil {
		return w.s.zeros[b]
	}
	return w.page.sum(b)
}

// value is the loaded page's value of that rank, from 0.
func (w *walker) value(rank uint64) float64 {
	for i, n := range w.count {
		if rank >= n {
			rank -= n
			continue
		}
		return w.within(i, float64(rank))
	}
	panic("stats: a rank beyond its page")
}

// within is the value of a rank of bin i, from 0 and perhaps between two: those that are its least or greatest value
// stand there, the others evenly in between.
func (w *walker) within(i int, rank float64) float64 {
	first, last := float64(w.low[i]-1), float64(w.count[i]-w.top[i])
	switch {
	case rank <= first:
		return w.min[i]
	case rank >= last:
		return w.max[i]
	}
	return between(w.min[i], w.max[i], (rank-first)/(last-first))
}

// share is the share of bin i at or below x, the inverse of within.
func (w *walker) share(i int, x float64) float64 {
	switch {
	case x < w.min[i]:
		return 0
	case x >= w.max[i]:
		return 1
	}
	first, last := float64(w.low[i]-1), float64(w.count[i]-w.top[i])
	rank := first + math.Floor((x-w.min[i])/(w.max[i]-w.min[i])*(last-first)) + 1
	return min(rank, last) / float64(w.count[i])
}

// Quantile is the p quantile of the pooled values, 0 <= p <= 1 (type 7 of the
// values as the bins have them); ok is false where there are none or p is no such
// number.
func (s *Sketch) Quantile(p float64) (value float64, ok bool) {
	count := s.Count()
	if s.refused > 0 || count == 0 || !(p >= 0 && p <= 1) {
		return 0, false
	}
	rank, part := type7(p, count)
	passed := uint64(0)
	w := s.walk()
	for w.next() {
		end := passed + w.sum
		if rank < end && !ok {
			value, ok = w.value(rank-passed), true
			if part == 0 {
				return value, true
			}
			rank++
		}
		if rank < end {
			return between(value, w.value(rank-passed), part), true
		}
		passed = end
	}
	return value, ok
}
