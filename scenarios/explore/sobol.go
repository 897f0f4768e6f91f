package explore

import (
	"math/bits"
	"strconv"
	"strings"

	"tier4/sim/dist"
)

// Sobol is a Sobol sequence (1967) of points in a unit cube of up to [MostSobol] dimensions, spread far more
// evenly than by chance, best in numbers that are powers of two.
type Sobol struct {
	directions [][sobolBits]uint32
	state      []uint32
	scramble   []uint32 // by dimension; nil for none
	next       uint32
}

// MostSobol is how many dimensions a Sobol sequence may have.
const MostSobol = 53

const sobolBits = 32

// NewSobol starts a sequence. It panics unless 1 <= dimensions <= MostSobol.
func NewSobol(dimensions int) *Sobol {
	if dimensions < 1 || dimensions > MostSobol {
		panic("explore: a Sobol sequence has 1 to 53 dimensions")
	}
	s := &Sobol{state: make([]uint32, dimensions)}
	for k := range dimensions {
		s.directions = append(s.directions, directions(k))
	}
	return s
}

// Scrambled is the sequence from its start, Owen-scrambled (1995) so that its points fall anywhere in their
// cells and its means are unbiased over seeds; the same seed scrambles the same way.
func (s *Sobol) Scrambled(seed uint64) *Sobol {
	scrambled := &Sobol{directions: s.directions, state: make([]uint32, len(s.state))}
	for k := range s.state {
		scrambled.scramble = append(scrambled.scramble, uint32(dist.Root(seed, k)>>32))
	}
	return scrambled
}

// Next is the next point, each coordinate strictly inside (0, 1). There are 2^32 of them.
func (s *Sobol) Next() []float64 {
	point := make([]float64, len(s.state))
	for k, x := range s.state {
		if s.scramble != nil {
			x = owen(x, s.scramble[k])
		}
		point[k] = (float64(x) + 0.5) / (1 << sobolBits)
	}
	// In the order of Gray codes the next point differs by one direction (Antonov and Saleev 1979).
	change := bits.TrailingZeros32(^s.next)
	s.next++
	for k := range s.state {
		s.state[k] ^= s.directions[k][change%sobolBits]
	}
	return point
}

// owen flips each bit by a hash of those above it: a scramble in the sense of Owen, by the hash of Laine and
// Karras (2011) on reversed bits, with the constants of Burley (2020, section 3).
func owen(x, seed uint32) uint32 {
	x = bits.Reverse32(x) + seed
	x ^= x * 0x6c50b47c
	x ^= x * 0xb82f1e52
	x ^= x * 0xc7afe638
	x ^= x * 0x8d22f6e6
	return bits.Reverse32(x)
}

// directions are the direction numbers of a dimension, by the recurrence of Bratley and Fox (1988, eq. 3).
func directions(dimension int) (v [sobolBits]uint32) {
	if dimension == 0 { // van der Corput's sequence
		for i := range v {
			v[i] = 1 << (sobolBits - 1 - i)
		}
		return v
	}
	var numbers []uint32
	for word := range strings.FieldsSeq(strings.Split(joeKuo, "|")[dimension-1]) {
		n, _ := strconv.ParseUint(word, 10, 32) // a test reads them all
		numbers = append(numbers, uint32(n))
	}
	degree, polynomial, first := int(numbers[0]), numbers[1], numbers[2:]
	for i := range v {
		if i < degree {
			v[i] = first[i] << (sobolBits - 1 - i)
			continue
		}
		v[i] = v[i-degree] ^ v[i-degree]>>degree
		for k := 1; k < degree; k++ {
			if polynomial>>(degree-1-k)&1 == 1 {
				v[i] ^= v[i-k]
			}
		}
	}
	return v
}

// joeKuo has, for the dimensions from the second on, the degree and the middle coefficients of a primitive
// polynomial, and the first direction numbers: those of Joe and Kuo (2008, new-joe-kuo-6.21201), whose
// two-dimensional projections are good.
const joeKuo = `1 0 1|2 1 1 3|3 1 1 3 1|3 2 1 1 1|4 1 1 1 3 3|4 4 1 3 5 13|
5 2 1 1 5 5 17|5 4 1 1 5 5 5|5 7 1 1 7 11 19|5 11 1 1 5 1 1|5 13 1 1 1 3 11|5 14 1 3 5 5 31|
6 1 1 3 3 9 7 49|6 13 1 1 1 15 21 21|6 16 1 3 1 13 27 49|6 19 1 1 1 15 7 5|6 22 1 3 1 15 13 25|6 25 1 1 5 5 19 61|
7 1 1 3 7 11 23 15 103|7 4 1 3 7 13 13 15 69|7 7 1 1 3 13 7 35 63|7 8 1 3 5 9 1 25 53|7 14 1 3 1 13 9 35 107|
7 19 1 3 1 5 27 61 31|7 21 1 1 5 11 19 41 61|7 28 1 3 5 3 3 13 69|7 31 1 1 7 13 1 19 1|7 32 1 3 7 5 13 19 59|
7 37 1 1 3 9 25 29 41|7 41 1 3 5 13 23 1 55|7 42 1 3 7 3 13 59 17|7 50 1 3 1 3 5 53 69|7 55 1 1 5 5 23 33 13|
7 56 1 1 7 7 1 61 123|7 59 1 1 7 9 13 61 49|7 62 1 3 3 5 3 55 33|
8 14 1 3 1 15 31 13 49 245|8 21 1 3 5 15 31 59 63 97|8 22 1 3 1 11 11 11 77 249|8 38 1 3 1 11 27 43 71 9|
8 47 1 1 7 15 21 11 81 45|8 49 1 3 7 3 25 31 65 79|8 50 1 3 1 1 19 11 3 205|8 52 1 1 5 9 19 21 29 157|
8 56 1 3 7 11 1 33 89 185|8 67 1 3 3 3 15 9 79 71|8 70 1 3 7 11 15 39 119 27|8 84 1 1 3 1 11 31 97 225|
8 97 1 1 1 3 23 43 57 177|8 103 1 3 7 7 17 17 37 71|8 115 1 3 1 5 27 63 123 213|8 122 1 1 3 5 11 43 53 133`
