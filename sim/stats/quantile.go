package stats

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
		w.sum += w.count[i]
	}
}

func (w *walker) loadZeros() bool {
	w.count, w.sum = [pageBins]uint64{}, 0
	w.min[0], w.max[0] = 0, 0
	for _, n := range w.s.zeros {
		w.sum += n
	}
	w.count[0] = w.sum
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

// value is the loaded page's value of that rank, from 0: the values of a bin
// stand evenly from its least to its greatest.
func (w *walker) value(rank uint64) float64 {
	for i, n := range w.count {
		if rank >= n {
			rank -= n
			continue
		}
		if n == 1 {
			return w.min[i]
		}
		return between(w.min[i], w.max[i], float64(rank)/float64(n-1))
	}
	panic("stats: a rank beyond its page")
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
