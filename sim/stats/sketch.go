package stats

import (
	"math"
	"slices"
)

// Sections is into how many sections of replications a distribution is cut:
// replication i belongs to section i mod Sections. As many give t enough degrees
// of freedom while each still holds enough people (Nakayama 2014 finds 10 to 30
// batches serve well).
const Sections = 32

// Sketch is the distribution of a quantity over people, cut into sections of
// replications: counts in logarithmic bins of 1/64 octave, with the exact least
// and greatest value of each bin and how many have just those. A quantile within a
// bin lies between those two, so it errs by less than 1.6%; it is exact where a bin
// holds one value, or where it is a value that many share at either end of its bin.
//
// Counts are integers: adding and merging in any order gives the same state.
// Memory is that of the bins touched, about 3 KB for 16 of them in 32 sections.
type Sketch struct {
	totals  []uint64     // by section
	zeros   []uint64     // by section
	sides   [2]pageRange // values above and below 0
	refused uint64
	spare   []*page // of before a Reset
}

const pageBins = 16

// pageRange holds pages first, first+1, … of the magnitudes; an untouched page
// is nil, the first and the last are not.
type pageRange struct {
	first int
	pages []*page
}

// page is a run of bins in all sections.
type page struct {
	min, max     [pageBins]float64 // +Inf and -Inf where a bin is empty
	atMin, atMax [pageBins]uint64  // how many values are just those
	pooled       [pageBins]uint64  // over all sections
	count        []uint32          // section by section; a bin's count modulo 2^32
	carry        []uint32          // the rest of it, once some count has passed 2^32
}

// NewSketch is an empty sketch of so many sections.
func NewSketch(sections int) *Sketch {
	if sections < 1 {
		panic("stats: a sketch wants a section at least")
	}
	return &Sketch{totals: make([]uint64, sections), zeros: make([]uint64, sections)}
}

// newPage is an empty page, in the memory of a spare one if there is any.
func (s *Sketch) newPage() *page {
	var p *page
	if last := len(s.spare) - 1; last >= 0 {
		p, s.spare = s.spare[last], s.spare[:last]
		clear(p.count)
		*p = page{count: p.count}
	} else {
		p = &page{count: make([]uint32, len(s.totals)*pageBins)}
	}
	for i := range p.min {
		p.min[i], p.max[i] = math.Inf(1), math.Inf(-1)
	}
	return p
}

// add puts n more into cell i, of section i/pageBins and bin i%pageBins.
func (p *page) add(i int, n uint64) {
	sum := uint64(p.count[i]) + n
	p.count[i] = uint32(sum)
	if sum>>32 > 0 {
		if p.carry == nil {
			p.carry = make([]uint32, len(p.count))
		}
		p.carry[i] += uint32(sum >> 32)
	}
}

// reach notes the least and the greatest of values that fell in a bin, and how many are just those.
func (p *page) reach(i int, least, greatest float64, atLeast, atGreatest uint64) {
	switch {
	case least < p.min[i]:
		p.min[i], p.atMin[i] = least, atLeast
	case least == p.min[i]:
		p.atMin[i] += atLeast
	}
	switch {
	case greatest > p.max[i]:
		p.max[i], p.atMax[i] = greatest, atGreatest
	case greatest == p.max[i]:
		p.atMax[i] += atGreatest
	}
}

// sum is what a section holds in the page.
func (p *page) sum(section int) uint64 {
	n, from := uint64(0), section*pageBins
	for _, c := range p.count[from : from+pageBins] {
		n += uint64(c)
	}
	if p.carry != nil {
		for _, c := range p.carry[from : from+pageBins] {
			n += uint64(c) << 32
		}
	}
	return n
}

func (p *page) at(i int) uint64 {
	n := uint64(p.count[i])
	if p.carry != nil {
		n += uint64(p.carry[i]) << 32
	}
	return n
}

// page gives the page of that number on a side, made if need be.
func (s *Sketch) page(r *pageRange, number int) *page {
	i := number - r.first
	switch {
	case len(r.pages) == 0:
		r.first, i = number, 0
		r.pages = make([]*page, 1)
	case i < 0:
		wider := make([]*page, len(r.pages)-i)
		copy(wider[-i:], r.pages)
		r.first, r.pages, i = number, wider, 0
	case i >= len(r.pages):
		r.pages = append(r.pages, make([]*page, i+1-len(r.pages))...)
	}
	if r.pages[i] == nil {
		r.pages[i] = s.newPage()
	}
	return r.pages[i]
}

// Add counts one value in a section. A value that is not a finite number is
// refused and counted, and leaves the sketch without quantiles.
func (s *Sketch) Add(section int, v float64) {
	_ = s.totals[section]
	if v == 0 {
		s.totals[section]++
		s.zeros[section]++
		return
	}
	if v-v != 0 {
		s.refused++
		return
	}
	s.addBin(section, &Bin{Key: KeyOf(v), Count: 1, Min: v, Max: v, AtMin: 1, AtMax: 1})
}

// AddBins counts what a Tally drained, in a section.
func (s *Sketch) AddBins(section int, bins []Bin) {
	for i := range bins {
		b := &bins[i]
		switch b.Key {
		case 0:
			s.totals[section] += uint64(b.Count)
			s.zeros[section] += uint64(b.Count)
		case keyRefused:
			s.refused += uint64(b.Count)
		default:
			s.addBin(section, b)
		}
	}
}

func (s *Sketch) addBin(section int, b *Bin) {
	side, magnitude := &s.sides[0], int(b.Key)-1
	if b.Key < 0 {
		side, magnitude = &s.sides[1], -int(b.Key)-1
	}
	p := s.page(side, magnitude/pageBins)
	i := magnitude % pageBins
	p.reach(i, b.Min, b.Max, uint64(b.AtMin), uint64(b.AtMax))
	p.pooled[i] += uint64(b.Count)
	p.add(section*pageBins+i, uint64(b.Count))
	s.totals[section] += uint64(b.Count)
}

// Merge adds what o holds to s. o is unchanged, and must be cut into as many
// sections.
func (s *Sketch) Merge(o *Sketch) {
	if len(o.totals) != len(s.totals) {
		panic("stats: sketches of different sections cannot be merged")
	}
	s.refused += o.refused
	for i := range s.totals {
		s.totals[i] += o.totals[i]
		s.zeros[i] += o.zeros[i]
	}
	for k := range s.sides {
		from := &o.sides[k]
		for i, p := range from.pages {
			if p != nil {
				s.page(&s.sides[k], from.first+i).merge(p)
			}
		}
	}
}

func (p *page) merge(o *page) {
	for i := range p.min {
		if o.pooled[i] > 0 {
			p.reach(i, o.min[i], o.max[i], o.atMin[i], o.atMax[i])
		}
		p.pooled[i] += o.pooled[i]
	}
	to := p.count[:len(o.count)]
	for i, n := range o.count {
		sum := to[i] + n
		if sum < n { // past 32 bits
			p.add(i, uint64(n))
			continue
		}
		to[i] = sum
	}
	for i, n := range o.carry {
		if n > 0 {
			p.add(i, uint64(n)<<32)
		}
	}
}

// Reset empties s, keeping its memory.
func (s *Sketch) Reset() {
	clear(s.totals)
	clear(s.zeros)
	for k := range s.sides {
		side := &s.sides[k]
		for _, p := range side.pages {
			if p != nil {
				s.spare = append(s.spare, p)
			}
		}
		clear(side.pages)
		side.first, side.pages = 0, side.pages[:0]
	}
	s.refused = 0
}

// Count is the number of values held.
func (s *Sketch) Count() uint64 {
	n := uint64(0)
	for _, t := range s.totals {
		n += t
	}
	return n
}

// Refused is the number of values that were not finite numbers.
func (s *Sketch) Refused() uint64 { return s.refused }

// equal says whether two sketches hold the same bins in every section.
func (s *Sketch) equal(o *Sketch) bool {
	return s.refused == o.refused && slices.Equal(s.totals, o.totals) && slices.Equal(s.zeros, o.zeros) &&
		s.sides[0].equal(&o.sides[0]) && s.sides[1].equal(&o.sides[1])
}

func (r *pageRange) equal(o *pageRange) bool {
	return r.first == o.first && slices.EqualFunc(r.pages, o.pages, func(a, b *page) bool {
		if a == nil || b == nil {
			return a == b
		}
		return a.min == b.min && a.max == b.max && a.atMin == b.atMin && a.atMax == b.atMax && slices.Equal(a.count, b.count) && slices.Equal(a.carry, b.carry)
	})
}

// Share is the share of pooled values at or below x, 0 if there are none. Within
// the bin of x those that are not at its ends are taken as evenly spread between them.
func (s *Sketch) Share(x float64) float64 {
	total, below := s.Count(), 0.0
	if total == 0 || math.IsNaN(x) {
		return 0
	}
	for w := s.walk(); w.next(); {
		for i, n := range w.count {
			if n > 0 {
				below += float64(n) * w.share(i, x)
			}
		}
	}
	return below / float64(total)
}
