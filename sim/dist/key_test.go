package dist

import (
	"fmt"
	"math"
	"math/bits"
	"testing"
)

// A walk goes along one part of an address, all else staying the same.
type walk struct {
	part string
	at   func(i uint64) float64
}

// walks go through neighbours in every part of an address.
func walks() []walk {
	stay, patience := NameOf("stay"), NameOf("patience")
	person := func(i uint64) Key { return Root(7, 3).Name(NameOf("community")).Int(i) }
	return []walk{
		{"seed", func(i uint64) float64 { return Root(i, 3).Int(5).Int(0).Draw(stay, 1, 0) }},
		{"seed, of powers of two", func(i uint64) float64 { return Root(i<<40, 3).Int(5).Int(0).Draw(stay, 1, 0) }},
		{"replication", func(i uint64) float64 { return Root(7, int(i)).Int(5).Int(0).Draw(stay, 1, 0) }},
		{"person", func(i uint64) float64 { return person(i).Int(0).Draw(stay, 1, 0) }},
		{"visit", func(i uint64) float64 { return person(5).Int(i).Draw(stay, 1, 0) }},
		{"person up, visit down", func(i uint64) float64 { return person(i).Int(1<<30-i).Draw(stay, 1, 0) }},
		{"pass", func(i uint64) float64 { return person(5).Draw(stay, uint32(i), 0) }},
		{"occasion", func(i uint64) float64 { return person(5).Draw(stay, 1, uint32(i)) }},
		{"pass and occasion", func(i uint64) float64 { return person(5).Draw(stay, uint32(i), uint32(i)) }},
		{"pass up, occasion down", func(i uint64) float64 { return person(5).Draw(stay, uint32(i), 1<<30-uint32(i)) }},
		{"stage name", func(i uint64) float64 {
			return person(5).Draw(NameOf("stage-"+string(rune('a'+i%26))+string(rune('0'+i/26%10))).And(Name(i)), 1, 0)
		}},
		{"purpose of a stage", func(i uint64) float64 { return person(i/2).Draw([]Name{stay, patience}[i%2], 1, 0) }},
		{"stream", func(i uint64) float64 { return Root(7, 3).Name(Name(i)).Int(5).Draw(stay, 1, 0) }},
		{"resampling", streamWalk(Root(7, 3))},
		{"first of neighbouring resamplings", func(i uint64) float64 { return NewStream(Key(i)).Uniform() }},
	}
}

func streamWalk(k Key) func(uint64) float64 {
	s := NewStream(k)
	return func(uint64) float64 { return s.Uniform() }
}

const walked = 1_000_000

// tooFar is a standard score passed by chance less than once in a million.
const tooFar = 5

// chiSquare scores counts that are all expected to be the same.
func chiSquare(counts []int) float64 {
	n := 0
	for _, c := range counts {
		n += c
	}
	x2, want := 0.0, float64(n)/float64(len(counts))
	for _, c := range counts {
		x2 += (float64(c) - want) * (float64(c) - want) / want
	}
	free := float64(len(counts) - 1)
	return (x2 - free) / math.Sqrt(2*free)
}

// Along every part of an address the uniforms are uniform; each with the next,
// and with the next but one, they fill the square evenly, without correlation.
func TestNeighboursAreUniformAndIndependent(t *testing.T) {
	for _, w := range walks() {
		t.Run(w.part, func(t *testing.T) {
			line, next, second := make([]int, 4096), make([]int, 64*64), make([]int, 64*64)
			sum := 0.0
			u1, u2 := w.at(walked), w.at(walked+1)
			for i := range uint64(walked) {
				u := w.at(i)
				if !(u > 0 && u < 1) {
					t.Fatalf("drew %v", u)
				}
				line[int(u*4096)]++
				next[int(u1*64)*64+int(u*64)]++
				second[int(u2*64)*64+int(u*64)]++
				sum += (u - 0.5) * (u1 - 0.5)
				u1, u2 = u, u1
			}
			for name, z := range map[string]float64{
				"on a line": chiSquare(line), "with the next": chiSquare(next), "with the next but one": chiSquare(second),
				"in correlation": sum * 12 / math.Sqrt(walked),
			} {
				if math.Abs(z) > tooFar {
					t.Errorf("%s: %.1f standard errors off", name, z)
				}
			}
		})
	}
}

// The checks above have to see a sequence that only seems random: a Weyl
// sequence is uniform on the line, but not in the square.
func TestChiSquareSeesAWeylSequence(t *testing.T) {
	square, x := make([]int, 64*64), uint64(1)
	for range walked {
		y := x + weyl
		square[x>>58*64+y>>58]++
		x = y
	}
	if z := chiSquare(square); z < tooFar {
		t.Errorf("%.1f standard errors off", z)
	}
}

// Any one bit of any part changes each bit of the uniform half of the time.
func TestEveryBitOfAnAddressCounts(t *testing.T) {
	const trials = 4000
	stay := NameOf("stay")
	at := func(part int, v uint64) float64 {
		address := [5]uint64{7, 3, 11, 2, 1<<32 | 4}
		address[part] = v
		k := Root(address[0], int(address[1])).Int(address[2]).Int(address[3])
		return k.Draw(stay, uint32(address[4]), uint32(address[4]>>32))
	}
	drawn := func(part int, v uint64) uint64 { return uint64(at(part, v) * 0x1p53) }
	for part, name := range []string{"seed", "replication", "person", "visit", "occasion and pass"} {
		for bit := range 64 {
			var flips [53]int
			for i := range uint64(trials) {
				changed := drawn(part, i) ^ drawn(part, i^1<<bit)
				for changed != 0 {
					flips[bits.TrailingZeros64(changed)]++
					changed &= changed - 1
				}
			}
			for out, n := range flips[1:] { // bit 0 is always set
				if z := (float64(n) - trials/2) / math.Sqrt(trials/4); math.Abs(z) > 5.5 {
					t.Errorf("bit %d of the %s changes bit %d of the uniform %d times of %d", bit, name, out+1, n, trials)
				}
			}
		}
	}
}

// Whole replications beside each other, as an experiment draws them: the sums
// of their uniforms vary as sums of independent uniforms do.
func TestReplicationsAreIndependent(t *testing.T) {
	const replications, people = 2000, 500
	ss := 0.0
	for r := range replications {
		sum := 0.0
		for p := range uint64(people) {
			sum += Root(20250401, r).Int(p).Int(0).Draw(NameOf("stay"), 1, 0) - 0.5
		}
		ss += sum * sum
	}
	ratio := ss / replications / (people / 12.0)
	if math.Abs(ratio-1) > tooFar*math.Sqrt(2.0/replications) {
		t.Errorf("the variance of a replication's sum is %.3f of what it should be", ratio)
	}
}

func TestNoTwoAddressesShareAUniform(t *testing.T) {
	seen := make(map[float64]string, 1<<18)
	for _, what := range []string{"stay", "patience", "unplanned", "relapse"} {
		for person := range uint64(16) {
			for visit := range uint64(8) {
				k := Root(1, 0).Int(person).Int(visit)
				for pass := range uint32(8) {
					for occasion := range uint32(32) {
						u := k.Draw(NameOf(what), pass, occasion)
						address := fmt.Sprint(what, person, visit, pass, occasion)
						if other, ok := seen[u]; ok {
							t.Fatalf("%s and %s share %v", address, other, u)
						}
						seen[u] = address
					}
				}
			}
		}
	}
}

func TestOrderOfAnAddressMatters(t *testing.T) {
	a, b, k := NameOf("detox"), NameOf("stay"), Root(1, 2)
	if a.And(b) == b.And(a) || a.And(b) == a || a.And(a) == b.And(b) {
		t.Error("And does not tell the order of names")
	}
	if k.Name(a).Name(b) == k.Name(b).Name(a) || k.Int(1).Int(2) == k.Int(2).Int(1) {
		t.Error("a key does not tell the order of its folds")
	}
	if k.Name(a).Int(1) == k.Int(1).Name(a) || k.Int(5) == k.Name(Name(5)) {
		t.Error("a key does not tell names from numbers")
	}
	if Root(1, 2) == Root(2, 1) || Root(0, 0) == Root(0, 1) {
		t.Error("a root does not tell the seed from the replication")
	}
	if k.Draw(a, 1, 2) == k.Draw(a, 2, 1) || NameOf("ab") == NameOf("ba") || NameOf("") == NameOf("a") {
		t.Error("a draw does not tell its parts")
	}
}

// Results of years are repeated only as long as an address keeps its uniform,
// on every machine. Whoever changes this changes every result.
func TestAnAddressKeepsItsUniform(t *testing.T) {
	k := Root(20250401, 12).Name(NameOf("community")).Int(34).Int(1)
	for _, c := range []struct {
		got, want float64
	}{
		{k.Draw(NameOf("rehab").And(NameOf("stay")), 1, 0), 0.20134774046427395},
		{k.Draw(NameOf("panel").And(NameOf("decides")), 2, 3), 0.4148912436747155},
		{NewStream(k).Uniform(), 0.24487794919057737},
	} {
		if c.got != c.want {
			t.Errorf("drew %v, not %v", c.got, c.want)
		}
	}
}

// The mixers are bijections: distinct inputs may not fall together.
func TestMixIsABijection(t *testing.T) {
	// Undo each step: an xor of rotations by 25 and 47 is undone by itself 63
	// times more (it is a linear map of order 64), the others directly.
	for i := range uint64(1000) {
		x := i*weyl ^ i<<50
		if y := unmix(mix(x)); y != x {
			t.Fatalf("mix(%#x) comes back as %#x", x, y)
		}
	}
}

func unmix(x uint64) uint64 {
	const m1, m2 = 0x9e6c63d0676a9a99, 0x9e6d62d06f6a9a9b
	x = unshift(x) * inverse(m2)
	x = unshift(x) * inverse(m1)
	for range 63 {
		x ^= bits.RotateLeft64(x, 39) ^ bits.RotateLeft64(x, 17)
	}
	return x
}

// unshift undoes x ^ x>>23 ^ x>>51 from the top bits down.
func unshift(y uint64) uint64 {
	x := y
	for range 4 {
		x = y ^ x>>23 ^ x>>51
	}
	return x
}

// inverse is that of an odd number modulo 2^64, by Newton.
func inverse(a uint64) uint64 {
	x := a
	for range 6 {
		x *= 2 - a*x
	}
	return x
}

func TestDrawDoesNotAllocate(t *testing.T) {
	stay, sum := NameOf("stay"), 0.0
	allocs := testing.AllocsPerRun(100, func() {
		sum += Root(1, 2).Name(stay).Int(3).Int(0).Draw(stay.And(NameOf("length")), 1, 0)
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func TestStreamRepeatsAndCounts(t *testing.T) {
	a, b, other := NewStream(Root(1, 0)), NewStream(Root(1, 0)), NewStream(Root(1, 1))
	counts, same := make([]int, 7), 0
	for range 70_000 {
		n := a.Intn(7)
		if n != b.Intn(7) {
			t.Fatal("two streams of one key differ")
		}
		if n == other.Intn(7) {
			same++
		}
		counts[n]++
	}
	if z := chiSquare(counts); math.Abs(z) > tooFar {
		t.Errorf("%.1f standard errors off: %v", z, counts)
	}
	if z := (float64(same) - 10_000) / math.Sqrt(10_000*6.0/7); math.Abs(z) > tooFar {
		t.Errorf("neighbouring streams agree %d times of 70,000", same)
	}
}
