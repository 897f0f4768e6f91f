package stats

import (
	"math"
	"math/bits"
)

// Bin is a logarithmic bin: how many values fell in it, the least and the greatest
// of them, and how many are just those, for many people may share a value. Keys are
// in the order of the values; 0 is the bin of zero.
type Bin struct {
	Key          int32
	Count        uint32
	Min, Max     float64
	AtMin, AtMax uint32
}

// A value's key is the exponent and the first six bits of the mantissa, 64 bins
// an octave, plus one, with the value's sign. Keys of finite values lie strictly
// between -keyRefused and keyRefused; what is not finite has keyRefused.
const (
	keyShift   = 52 - 6
	keyMask    = 1<<(11+6) - 1
	keyRefused = 0x7ff<<6 + 1
)

// KeyOf is the key of the bin in which v falls.
func KeyOf(v float64) int32 {
	switch {
	case v == 0:
		return 0
	case v-v != 0:
		return keyRefused
	}
	key := int32(math.Float64bits(v)>>keyShift&keyMask) + 1
	if v < 0 {
		return -key
	}
	return key
}

// Tally is the scratch of one replication: the bins of one quantity, found by
// one index. The zero value is empty and ready; once its range is warm, nothing
// is allocated.
type Tally struct {
	sides   [2]tallySide // values above and below 0
	zero    uint32
	refused uint32
}

// tallySide holds the bins of magnitudes first, first+1, ….
type tallySide struct {
	first  int
	bins   []Bin
	filled []uint64 // a bit for each bin, set where it has a count
}

// Add counts v. A value that is not a finite number goes to a bin of its own,
// which a Sketch refuses.
func (t *Tally) Add(v float64) {
	if v == 0 {
		t.zero++
		return
	}
	word := math.Float64bits(v)
	side := &t.sides[word>>63]
	i := int(word>>keyShift&keyMask) - side.first
	if uint(i) >= uint(len(side.bins)) {
		t.widen(v)
		return
	}
	b := &side.bins[i]
	b.Count++
	switch {
	case b.Count == 1:
		b.Min, b.Max, b.AtMin, b.AtMax = v, v, 1, 1
		side.filled[i/64] |= 1 << (i % 64)
	case v < b.Min:
		b.Min, b.AtMin = v, 1
	case v > b.Max:
		b.Max, b.AtMax = v, 1
	default:
		if v == b.Min {
			b.AtMin++
		}
		if v == b.Max {
			b.AtMax++
		}
	}
}

// widen counts a value outside the held range. What is not finite never comes
// into it.
func (t *Tally) widen(v float64) {
	if v-v != 0 {
		t.refused++
		return
	}
	word := math.Float64bits(v)
	sign := int32(1)
	if v < 0 {
		sign = -1
	}
	t.sides[word>>63].reach(int(word>>keyShift&keyMask), sign)
	t.Add(v)
}

// reach widens the held range to whole octaves that include the magnitude.
func (s *tallySide) reach(magnitude int, sign int32) {
	low, high := magnitude&^63, magnitude|63
	if len(s.bins) > 0 {
		low, high = min(low, s.first), max(high, s.first+len(s.bins)-1)
	}
	bins := make([]Bin, high-low+1)
	for i := range bins {
		bins[i].Key = sign * int32(low+i+1)
	}
	if len(s.bins) > 0 {
		copy(bins[s.first-low:], s.bins)
	}
	filled := make([]uint64, len(bins)/64) // an octave is a word
	if len(s.bins) > 0 {
		copy(filled[(s.first-low)/64:], s.filled)
	}
	s.first, s.bins, s.filled = low, bins, filled
}

// Drain appends t's bins to dst and empties t: zero, values above it, values
// below, each from the least magnitude on, so that neighbours follow one another.
func (t *Tally) Drain(dst []Bin) []Bin {
	if t.zero > 0 {
		dst = append(dst, Bin{Count: t.zero, AtMin: t.zero, AtMax: t.zero})
	}
	if t.refused > 0 {
		dst = append(dst, Bin{Key: keyRefused, Count: t.refused, Min: math.NaN(), Max: math.NaN()})
	}
	t.zero, t.refused = 0, 0
	for s := range t.sides {
		side := &t.sides[s]
		for k, left := range side.filled {
			for ; left != 0; left &= left - 1 {
				b := &side.bins[k*64+bits.TrailingZeros64(left)]
				dst = append(dst, *b)
				b.Count = 0
			}
		}
		clear(side.filled)
	}
	return dst
}
