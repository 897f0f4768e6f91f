package stats

import "math"

// walker goes over the pages of a sketch that hold something, in the order of their values; zeros are a page of their own.
type walker struct {
	s      *Sketch
	i      int   // the page, counted from the least values; zeros come after those below them
	page   *page // nil at zeros, and beyond the last
	number int   // the page's
	flip   int   // the page's bin i is its i^flip: turned about below zero
	zeros  cell  // while the walk is at them
}

func (s *Sketch) walk() *walker { return &walker{s: s, i: -1} }

// next goes to the next page that holds a value.
func (w *walker) next() bool {
	above, below := &w.s.sides[0], &w.s.sides[1]
	zeros := len(below.pages)
	w.zeros = cell{}
	for w.i++; w.i <= zeros+len(above.pages); w.i++ {
		switch {
		case w.i < zeros:
			at := zeros - 1 - w.i
			w.page, w.number, w.flip = below.pages[at], ^(below.first + at), pageBins-1
		case w.i == zeros:
			w.page = nil
			if w.countZeros(); w.atZero() {
				return true
			}
		default:
			at := w.i - zeros - 1
			w.page, w.number, w.flip = above.pages[at], above.first+at, 0
		}
		if w.page != nil && w.page.held > 0 {
			return true
		}
	}
	w.page = nil
	return false
}

func (w *walker) countZeros() {
	n := uint64(0)
	for _, in := range w.s.zeros {
		n += in
	}
	w.zeros = cell{count: n, atMin: n, atMax: n}
}

// atZero reports whether the page is that of zeros.
func (w *walker) atZero() bool { return w.zeros.count > 0 }

// bounds are those within which values of the page lie: least is no greater than any, beyond no less.
func (w *walker) bounds() (least, beyond float64) {
	switch {
	case w.page == nil:
		return 0, 0
	case w.number < 0:
		return -edge(^w.number + 1), -edge(^w.number)
	}
	return edge(w.number), edge(w.number + 1)
}

// edge is the least magnitude of a page.
func edge(number int) float64 { return math.Float64frombits(uint64(number*pageBins) << keyShift) }

// held is how many values the page holds.
func (w *walker) held() uint64 {
	if w.page == nil {
		return w.zeros.count
	}
	return w.page.held
}

// bin is the i-th bin of the page; zeros are the first of theirs.
func (w *walker) bin(i int) *cell {
	switch {
	case w.page != nil:
		return &w.page.bins[i^w.flip]
	case i == 0:
		return &w.zeros
	}
	return &noValue
}

var noValue cell

// section is the count of bin i in section b.
func (w *walker) section(b, i int) uint64 {
	if w.page != nil {
		return w.page.at(b, i^w.flip)
	}
	if i > 0 || !w.atZero() {
		return 0
	}
	return w.s.zeros[b]
}

// sectionSum is all that section b holds of the page.
func (w *walker) sectionSum(b int) uint64 {
	if w.page == nil {
		return w.s.zeros[b]
	}
	return w.page.sum(b)
}

// value is the page's value of that rank, from 0.
func (w *walker) value(rank uint64) float64 {
	for i := range pageBins {
		c := w.bin(i)
		if rank < c.count {
			return c.within(float64(rank))
		}
		rank -= c.count
	}
	panic("stats: a rank beyond its page")
}

// within is the value of a rank of the bin, from 0 and perhaps between two: those that are its least or greatest value
// stand there, the others evenly in between.
func (c *cell) within(rank float64) float64 {
	first, last := float64(c.atMin-1), float64(c.count-c.atMax)
	switch {
	case rank <= first:
		return c.min
	case rank >= last:
		return c.max
	}
	return between(c.min, c.max, (rank-first)/(last-first))
}

// share is the share of the bin at or below x, the inverse of within.
func (c *cell) share(x float64) float64 {
	switch {
	case x < c.min:
		return 0
	case x >= c.max:
		return 1
	}
	first, last := float64(c.atMin-1), float64(c.count-c.atMax)
	rank := first + math.Floor((x-c.min)/(c.max-c.min)*(last-first)) + 1
	return min(rank, last) / float64(c.count)
}

// Quantile is the p quantile of the pooled values, 0 <= p <= 1 (type 7 of the
// values as the bins have them); ok is false where there are none or p is no such
// number.
func (s *Sketch) Quantile(p float64) (value float64, ok bool) {
	return quantile(s.walk(), p, s.Count(), s.refused)
}

// QuantileOfBoth is the p quantile of what two sketches hold, as Quantile gives it of one into which they were merged.
func QuantileOfBoth(s, o *Sketch, p float64) (value float64, ok bool) {
	return quantile(walkBoth(s, o), p, s.Count()+o.Count(), s.refused+o.refused)
}

// ranked goes over values from the least on, page by page.
type ranked interface {
	next() bool
	held() uint64              // values of the page
	value(rank uint64) float64 // from 0
}

func quantile(w ranked, p float64, count, refused uint64) (value float64, ok bool) {
	if refused > 0 || count == 0 || !(p >= 0 && p <= 1) {
		return 0, false
	}
	rank, part := type7(p, count)
	passed := uint64(0)
	for w.next() {
		end := passed + w.held()
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

// bothWalker goes over the pages of two sketches; where both have a page, it is one.
type bothWalker struct {
	sides [2]*walker
	more  [2]bool // whether a side stands at a page
	here  [2]bool // whether it is the page of both
}

func walkBoth(s, o *Sketch) *bothWalker {
	return &bothWalker{sides: [2]*walker{s.walk(), o.walk()}, here: [2]bool{true, true}} // so that both go on to their first
}

func (w *bothWalker) next() bool {
	for k, side := range w.sides {
		if w.here[k] {
			w.more[k] = side.next()
		}
	}
	a, b := w.sides[0], w.sides[1]
	w.here = w.more
	if w.more[0] && w.more[1] {
		w.here[0], w.here[1] = a.order() <= b.order(), b.order() <= a.order()
	}
	return w.here[0] || w.here[1]
}

func (w *bothWalker) held() (n uint64) {
	for k, side := range w.sides {
		if w.here[k] {
			n += side.held()
		}
	}
	return n
}

func (w *bothWalker) value(rank uint64) float64 {
	for i := range pageBins {
		var c cell
		for k, side := range w.sides {
			if w.here[k] && side.bin(i).count > 0 {
				c.pool(side.bin(i))
			}
		}
		if rank < c.count {
			return c.within(float64(rank))
		}
		rank -= c.count
	}
	panic("stats: a rank beyond its page")
}

// order is that of pages in a walk: those below zero, zeros, those above.
func (w *walker) order() int {
	if w.atZero() {
		return -1
	}
	return 2 * w.number
}
