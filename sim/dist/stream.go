package dist

import (
	"encoding/binary"

	"golang.org/x/exp/rand"
)

// Stream is a sequence of uniforms for what has no address, such as the
// resampling of statistics. The same key gives the same sequence. A Stream is
// not safe for concurrent use; take one from a key for each goroutine.
type Stream struct {
	src rand.PCGSource
	rng *rand.Rand
}

// NewStream starts the sequence of a key: PCG (O'Neill 2014), its two words of
// state filled from two folds of the key, for neighbouring seeds in one word
// alone give sequences that resemble each other.
func NewStream(k Key) *Stream {
	s := &Stream{}
	var state [16]byte
	binary.BigEndian.PutUint64(state[:8], uint64(k.Int(0)))
	binary.BigEndian.PutUint64(state[8:], uint64(k.Int(1)))
	// UnmarshalBinary refuses only what is not of 16 bytes.
	_ = s.src.UnmarshalBinary(state[:])
	s.rng = rand.New(&s.src)
	return s
}

// Uniform is the next uniform strictly inside (0,1).
func (s *Stream) Uniform() float64 {
	return (float64(s.src.Uint64()>>12) + 0.5) * 0x1p-52
}

// Intn is a whole number from 0 to n-1, each as likely; it panics if n <= 0.
func (s *Stream) Intn(n int) int { return s.rng.Intn(n) }
