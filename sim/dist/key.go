package dist

import (
	"math"
	"math/bits"
)

// Key is a prefix of an address, such as seed, replication and person, mixed
// so well that neighbours have nothing in common. Folding is cheap and a Key
// is a plain value: keep the prefix of whatever is drawn for often. The order
// of folds matters. The same folds give the same Key on every machine.
//
// Two addresses may meet by chance, as any 64-bit hashes do: among a thousand
// million of them with a probability of about 3%, and then share one uniform.
type Key uint64

// Name is the hash of a name within an address, such as a stage or a purpose.
// Names are hashed once, when a model is compiled.
type Name uint64

// Root is the key of a replication.
func Root(seed uint64, replication int) Key {
	return Key(mix(seed + weyl)).Int(uint64(replication))
}

// NameOf is the hash of a name: FNV-1a (Fowler, Noll and Vo 1991), mixed.
func NameOf(s string) Name {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return Name(mix(h))
}

// And is one address word for two names in this order, as for a stage and a
// purpose within it.
func (n Name) And(m Name) Name { return Name(mix(mix(uint64(n)+weyl) + uint64(m))) }

// Name folds in a name.
func (k Key) Name(n Name) Key { return Key(mix((uint64(k) ^ uint64(n)) + weyl)) }

// Int folds in a number, such as a person or a visit.
func (k Key) Int(n uint64) Key { return Key(mix(uint64(k) + (n+1)*weyl)) }

// Draw is the uniform at an address: a purpose, the pass through the stage
// and the occasion (a hearing, a session) under the key of a visit. It lies
// strictly inside (0,1), on the odd multiples of 2^-53, so 1-u is exact and
// as far from 0 as u is.
func (k Key) Draw(what Name, pass, occasion uint32) float64 {
	// For one key and purpose the address times an odd number is a bijection,
	// so no two passes and occasions share a uniform.
	x := mix((uint64(k) ^ uint64(what)) + (uint64(occasion)<<32|uint64(pass))*weyl)
	return math.Float64frombits(0x3ff<<52|x>>12) - (1 - 0x1p-53)
}

// weyl is the odd number next to 2^64 over the golden ratio (Knuth 1973,
// section 6.4).
const weyl = 0x9e3779b97f4a7c15

// mix is a bijection of 64 bits in which every bit of x changes about half of
// the others, even when x only counts, in any of its bits: NASAM (Evensen
// 2020, "NASAM: not another strange acronym mixer").
func mix(x uint64) uint64 {
	x ^= bits.RotateLeft64(x, 39) ^ bits.RotateLeft64(x, 17) // right by 25 and 47
	x *= 0x9e6c63d0676a9a99
	x ^= x>>23 ^ x>>51
	x *= 0x9e6d62d06f6a9a9b
	return x ^ x>>23 ^ x>>51
}
