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
const BatchEncoding = 5

// A block is written as its version, its parts in the order of the type, and a checksum (CRC-32C) of all
// before it. Whole numbers are varints. Before each two fractions are their codes, four bits each: after how many of its
// bytes, the first first, all others of the fraction are 0, or that it is as in the replication before. A bin is its count,
// which says as well how its values follow, its least value, and its greatest where that is another. Of a bill, the
// numbers that are not 0 follow a byte that says which they are.

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
		w.floats(floats, b.Count)
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
		*floats = r.floats(*floats, b.Count)
	}
	b.absent = r.bools(b.absent)
	for range r.length() {
		b.bins = append(b.bins, r.bin())
	}
	for range r.length() {
		b.ends = append(b.ends, r.count(len(b.bins)))
	}
	for range r.length() {
		b.sizes = append(b.sizes, r.count(math.MaxInt32))
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

// asBefore is the code of a fraction that is as in the replication before.
const asBefore = 15

// floats are those of so many replications, or of some of the first.
func (w *encoder) floats(all []float64, replications int) {
	w.count(len(all))
	row := len(all) / max(replications, 1)
	for i := 0; i < len(all); i += 2 {
		codes := len(w.to)
		w.to = append(w.to, 0)
		for k := i; k < min(i+2, len(all)); k++ {
			v, code := math.Float64bits(all[k]), byte(asBefore)
			if row == 0 || k < row || v != math.Float64bits(all[k-row]) {
				first := bits.ReverseBytes64(v)
				code = byte(byteLen(first))
				w.trimmed(first)
			}
			w.to[codes] |= code << (k % 2 * 4)
		}
	}
}

// trimmed appends the bytes of a number, the last one first, up to the last that is not 0.
func (w *encoder) trimmed(v uint64) {
	w.to = binary.LittleEndian.AppendUint64(w.to, v)
	w.to = w.to[:len(w.to)-8+byteLen(v)]
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

// Before the count of a bin are four bits that say how its least value follows: as a fraction in up to 8 bytes, or as so
// many ticks in one to 7, by which nearly all do; one that says whether its greatest value is another; and one that
// says whether more values than one are the least, or the greatest.
const (
	asTicks   = 8
	another   = 1 << 4
	shared    = 1 << 5
	countFrom = 6
)

// apart are the last bits of a fraction in which the values of one bin may differ, in whole bytes.
const apart = 6 * 8

func (w *encoder) bin(b *stats.Bin) {
	least, greatest := inTicks(b.Min), inTicks(b.Max)
	if least == 0 || greatest == 0 {
		v := bits.ReverseBytes64(math.Float64bits(b.Min))
		w.head(b, byteLen(v))
		w.trimmed(v)
		if b.Min != b.Max {
			w.to = binary.LittleEndian.AppendUint64(w.to, math.Float64bits(b.Max))
			w.to = w.to[:len(w.to)-8+apart/8]
		}
		return
	}
	w.head(b, asTicks+byteLen(least))
	w.trimmed(least)
	if b.Min != b.Max {
		w.to = binary.AppendUvarint(w.to, greatest-least)
	}
}

// head begins a bin whose least value follows in the way given.
func (w *encoder) head(b *stats.Bin, how int) {
	head := uint64(b.Count)<<countFrom | uint64(how)
	if b.Min != b.Max {
		head |= another
		if b.AtMin > 1 || b.AtMax > 1 {
			head |= shared
		}
	}
	w.to = binary.AppendUvarint(w.to, head)
	if head&shared != 0 {
		w.to = binary.AppendUvarint(binary.AppendUvarint(w.to, uint64(b.AtMin)), uint64(b.AtMax))
	}
}

// inTicks is a value in whole ticks, 0 if it has none, or too many.
func inTicks(v float64) uint64 {
	t := v * float64(oneDay)
	if !(t >= 1 && t < 1<<56) || t != math.Trunc(t) {
		return 0
	}
	return uint64(t)
}

// ofTicks is the value in so many ticks.
func ofTicks(t uint64) float64 { return float64(t) / float64(oneDay) }

// byteLen is how many bytes a number has up to the last that is not 0.
func byteLen(v uint64) int { return (bits.Len64(v) + 7) / 8 }

// parts are the numbers of a bill, in the order in which they are written.
func (b *bill) parts() [8]*int64 {
	return [8]*int64{
		&b.held, &b.bought, &b.used, &b.void, &b.admissions,
		(*int64)(&b.total), (*int64)(&b.unused), (*int64)(&b.contribution),
	}
}

func (w *encoder) bill(b *bill) {
	which := len(w.to)
	w.to = append(w.to, 0)
	for i, part := range b.parts() {
		if *part != 0 {
			w.to[which] |= 1 << i
			w.whole(*part)
		}
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

// floats are those of so many replications.
func (r *decoder) floats(into []float64, replications int) []float64 {
	n := r.count(2 * len(r.from))
	row := n / max(replications, 1)
	codes := uint64(0)
	for k := range n {
		if codes >>= 4; k%2 == 0 {
			codes = r.last(1)
		}
		switch code := int(codes & 15); {
		case code <= 8:
			into = append(into, math.Float64frombits(bits.ReverseBytes64(r.last(code))))
		case code == asBefore && row > 0 && k >= row:
			into = append(into, into[k-row])
		default:
			r.bad, r.from = true, nil
		}
		if r.bad {
			break
		}
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
	head := r.uvarint()
	count := head >> countFrom
	least, greatest := uint64(1), uint64(1) // how many there are
	switch {
	case head&another == 0:
		least, greatest = count, count
	case head&shared != 0:
		least, greatest = r.uvarint(), r.uvarint()
	}
	b := stats.Bin{Count: uint32(count), AtMin: uint32(least), AtMax: uint32(greatest)}
	if n := int(head & (another - 1)); n <= 8 {
		v := bits.ReverseBytes64(r.last(n))
		b.Min = math.Float64frombits(v)
		if b.Max = b.Min; head&another != 0 {
			b.Max = math.Float64frombits(v>>apart<<apart | r.last(apart/8))
		}
	} else {
		v := r.last(n - asTicks)
		b.Min = ofTicks(v)
		if b.Max = b.Min; head&another != 0 {
			b.Max = ofTicks(v + r.uvarint())
		}
	}
	b.Key = stats.KeyOf(b.Min)
	r.bad = r.bad || head&another != 0 && (least < 1 || greatest < 1 || least > count || greatest > count-least)
	if count > math.MaxUint32 || stats.KeyOf(b.Max) != b.Key {
		r.bad = true
	}
	return b
}

// last is a number of so many bytes, the last one first.
func (r *decoder) last(size int) (v uint64) {
	if len(r.from) < size {
		r.bad, r.from = true, nil
		return 0
	}
	if len(r.from) >= 8 {
		v = binary.LittleEndian.Uint64(r.from)
		if size < 8 {
			v &= 1<<(8*size) - 1
		}
	} else {
		for i, b := range r.from[:size] {
			v |= uint64(b) << (8 * i)
		}
	}
	r.from = r.from[size:]
	return v
}

func (r *decoder) bill() (b bill) {
	which := r.last(1)
	for i, part := range b.parts() {
		if which>>i&1 == 1 {
			*part = r.whole()
		}
	}
	return b
}
