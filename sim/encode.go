package sim

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"math/bits"

	"tier4/sim/stats"
)

// BatchEncoding is the version of the encoding of a [Batch]: another may mean something else by the same
// bytes.
const BatchEncoding = 3

// A block is written as its version, its parts in the order of the type, and a checksum (CRC-32C) of all
// before it. Whole numbers are varints. Fractions are their bytes, the first first, without the last ones that are
// 0, after how many those are: most are small whole numbers, whose last bytes are 0. A bin is its count and least value,
// which says what its key is, and the last bytes of its greatest value where that is another: the first ones are in the key.

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrDamaged says that bytes are not a block as [Batch.AppendTo] wrote it.
var ErrDamaged = errors.New("the block is damaged")

// AppendTo appends the block's encoding to dst.
func (b *Batch) AppendTo(dst []byte) []byte {
	from := len(dst)
	w := encoder{append(dst, BatchEncoding)}
	w.count(b.First)
	w.count(b.Count)
	for _, floats := range [][]float64{b.y, b.n, b.years, b.halves, b.weekly, b.months} {
		w.floats(floats)
	}
	w.bools(b.absent)
	w.count(len(b.bins))
	for i := range b.bins {
		w.bin(&b.bins[i])
	}
	w.count(len(b.ends))
	for _, n := range b.ends {
		w.count(n)
	}
	w.count(len(b.sizes))
	for _, n := range b.sizes {
		w.count(n)
	}
	w.count(len(b.levels))
	for _, n := range b.levels {
		w.whole(n)
	}
	w.count(len(b.bills))
	for i := range b.bills {
		w.bill(&b.bills[i])
	}
	return binary.LittleEndian.AppendUint32(w.to, crc32.Checksum(w.to[from:], castagnoli))
}

// Decode makes the block what was encoded, keeping its memory. Anything but a whole encoding of this version
// is an error, and leaves the block empty.
func (b *Batch) Decode(src []byte) error {
	b.Reset(0)
	body := len(src) - 4
	if body < 1 || binary.LittleEndian.Uint32(src[body:]) != crc32.Checksum(src[:body], castagnoli) {
		return ErrDamaged
	}
	if src[0] != BatchEncoding {
		return fmt.Errorf("the block is of encoding %d, not %d", src[0], BatchEncoding)
	}
	r := decoder{from: src[1:body]}
	b.First, b.Count = r.count(math.MaxInt64), r.count(math.MaxInt32)
	for _, floats := range []*[]float64{&b.y, &b.n, &b.years, &b.halves, &b.weekly, &b.months} {
		*floats = r.floats(*floats)
	}
	b.absent = r.bools(b.absent)
	for range r.length() {
		b.bins = append(b.bins, r.bin())
	}
	for range r.length() {
		b.ends = append(b.ends, r.count(len(b.bins)))
	}
	for range r.length() {
		b.sizes = append(b.sizes, r.count(len(r.from)))
	}
	for range r.length() {
		b.levels = append(b.levels, r.whole())
	}
	for range r.length() {
		b.bills = append(b.bills, r.bill())
	}
	if r.bad || len(r.from) > 0 {
		b.Reset(0)
		return ErrDamaged
	}
	return nil
}

// Fits reports whether the block is what replications of the model give, so that it may be added to a
// [Gather] of it.
func (b *Batch) Fits(m *Model) bool {
	cells := b.Count * len(m.plan.figures)
	pilots := min(b.Count, max(0, pilotReplications-b.First))
	least, bins, levels := 0, 0, 0
	for _, end := range b.ends {
		if end < least {
			return false
		}
		least, bins = end, end
	}
	for _, size := range b.sizes {
		levels += size
	}
	for _, time := range b.levels {
		if time < 0 {
			return false
		}
	}
	divides := func(n, by int) bool { return by == 0 && n == 0 || by > 0 && n%by == 0 }
	return b.Count > 0 && len(b.y) == cells && len(b.n) == cells && len(b.years) == cells*m.years && len(b.absent) == len(b.years) &&
		len(b.ends) == b.Count*m.plan.channels && bins == len(b.bins) &&
		len(b.sizes) == b.Count*len(m.stages) && levels == len(b.levels) && len(b.halves) == 2*len(b.sizes) &&
		divides(len(b.weekly), pilots) && divides(len(b.months), b.Count) && divides(len(b.bills), b.Count)
}

// encoder appends values.
type encoder struct{ to []byte }

func (w *encoder) count(n int)   { w.to = binary.AppendUvarint(w.to, uint64(n)) }
func (w *encoder) whole(n int64) { w.to = binary.AppendVarint(w.to, n) }
func (w *encoder) float(x float64) {
	v := bits.ReverseBytes64(math.Float64bits(x))
	n := (bits.Len64(v) + 7) / 8
	w.to = binary.LittleEndian.AppendUint64(append(w.to, byte(n)), v)
	w.to = w.to[:len(w.to)-8+n]
}

func (w *encoder) floats(all []float64) {
	w.count(len(all))
	for _, x := range all {
		w.float(x)
	}
}

// bools are eight a byte.
func (w *encoder) bools(all []bool) {
	w.count(len(all))
	for i, yes := range all {
		if i%8 == 0 {
			w.to = append(w.to, 0)
		}
		if yes {
			w.to[len(w.to)-1] |= 1 << (i % 8)
		}
	}
}

// apart are the last bits of a value in which the values of one bin may differ, in whole bytes.
const apart = 6 * 8

func (w *encoder) bin(b *stats.Bin) {
	least, greatest := math.Float64bits(b.Min), math.Float64bits(b.Max)
	if least == greatest {
		w.to = binary.AppendUvarint(w.to, uint64(b.Count)<<1)
		w.to = binary.LittleEndian.AppendUint64(w.to, least)
		return
	}
	w.to = binary.AppendUvarint(w.to, uint64(b.Count)<<1|1)
	w.to = binary.LittleEndian.AppendUint64(w.to, least)
	w.to = binary.LittleEndian.AppendUint64(w.to, greatest)
	w.to = w.to[:len(w.to)-8+apart/8]
}

// parts are the numbers of a bill, in the order in which they are written.
func (b *bill) parts() [8]*int64 {
	return [8]*int64{
		&b.held, &b.bought, &b.used, &b.void, &b.admissions,
		(*int64)(&b.total), (*int64)(&b.unused), (*int64)(&b.contribution),
	}
}

func (w *encoder) bill(b *bill) {
	for _, part := range b.parts() {
		w.whole(*part)
	}
}

// decoder takes values off the front. Once something is wrong, all else is 0.
type decoder struct {
	from []byte
	bad  bool
}

func (r *decoder) uvarint() uint64 {
	n, size := binary.Uvarint(r.from)
	if size <= 0 {
		r.bad, r.from = true, nil
		return 0
	}
	r.from = r.from[size:]
	return n
}

func (r *decoder) whole() int64 {
	n, size := binary.Varint(r.from)
	if size <= 0 {
		r.bad, r.from = true, nil
		return 0
	}
	r.from = r.from[size:]
	return n
}

// count is a number from 0 to most.
func (r *decoder) count(most int) int {
	n := r.uvarint()
	if n > uint64(most) {
		r.bad, r.from = true, nil
		return 0
	}
	return int(n)
}

// length is how many values follow: at least a byte each.
func (r *decoder) length() int { return r.count(len(r.from)) }

func (r *decoder) float() float64 {
	if len(r.from) == 0 || r.from[0] > 8 || len(r.from) <= int(r.from[0]) {
		r.bad, r.from = true, nil
		return 0
	}
	n, v := int(r.from[0]), uint64(0)
	if len(r.from) > 8 {
		v = binary.LittleEndian.Uint64(r.from[1:]) & (1<<(8*n) - 1)
	} else {
		for i, b := range r.from[1 : n+1] {
			v |= uint64(b) << (8 * i)
		}
	}
	r.from = r.from[n+1:]
	return math.Float64frombits(bits.ReverseBytes64(v))
}

func (r *decoder) floats(into []float64) []float64 {
	for range r.length() {
		into = append(into, r.float())
	}
	return into
}

func (r *decoder) bools(into []bool) []bool {
	n := r.count(8 * len(r.from))
	for i := range n {
		if at := i / 8; at < len(r.from) {
			into = append(into, r.from[at]&(1<<(i%8)) != 0)
		}
	}
	r.bad = r.bad || len(into) < n
	r.from = r.from[min(len(r.from), (n+7)/8):]
	return into
}

func (r *decoder) bin() stats.Bin {
	n := r.uvarint()
	least := r.last(8)
	greatest := least
	if n&1 == 1 {
		greatest = least>>apart<<apart | r.last(apart/8)
	}
	b := stats.Bin{Count: uint32(n >> 1), Min: math.Float64frombits(least), Max: math.Float64frombits(greatest)}
	b.Key = stats.KeyOf(b.Min)
	if n>>1 > math.MaxUint32 || stats.KeyOf(b.Max) != b.Key {
		r.bad = true
	}
	return b
}

// last is the last so many bytes of a number, the last one first.
func (r *decoder) last(bytes int) (v uint64) {
	if len(r.from) < bytes {
		r.bad, r.from = true, nil
		return 0
	}
	for i, b := range r.from[:bytes] {
		v |= uint64(b) << (8 * i)
	}
	r.from = r.from[bytes:]
	return v
}

func (r *decoder) bill() (b bill) {
	for _, part := range b.parts() {
		*part = r.whole()
	}
	return b
}
