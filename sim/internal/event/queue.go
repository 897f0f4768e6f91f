// Package event is the clock's future: which timer fires next.
//
// It knows nothing of beds or people. A timer is a small whole number, its owner's slot;
// each timer has at most one pending firing. Everything is a plain value in slices,
// so setting, cancelling and firing never allocate once the slices have grown.
package event

import (
	"fmt"
	"math"
	"math/bits"
)

// MaxTimer and MaxOrder bound what a firing can carry in its key.
const (
	MaxTimer = 1<<24 - 1
	MaxOrder = 1<<4 - 1

	timerBits = 24
	seqBits   = 36
	seqMask   = 1<<seqBits - 1
)

// key is (time, order, sequence, timer) as one 128-bit number: comparing it needs no branch.
type key struct{ hi, lo uint64 }

// less is 1 when a fires before b, through the borrow of a 128-bit subtraction.
func less(a, b key) uint64 {
	_, borrow := bits.Sub64(a.lo, b.lo, 0)
	_, borrow = bits.Sub64(a.hi, b.hi, borrow)
	return borrow
}

// Queue holds pending firings in a total order: time, then order class, then the sequence in
// which they were set. The zero Queue is ready for use.
//
// Ties: two firings at one time and order fire in the order they were set; setting a pending
// timer again moves it to the back of its tie.
// Cancelling: true removal, by position; cancelling a timer that is not pending does nothing.
// Misuse: a time below zero or before the last firing, a timer or order out of range, or more
// than 2^36 settings since Reset panic, for each is a fault of the caller that would otherwise
// reorder history without a word.
type Queue struct {
	// A tournament (Knuth 1973, section 5.4.1): contestant i is tree[i/2].key(i), the winner of
	// contestants 2i and 2i+1, so number 1 is the next firing. The last half are the leaves, by which
	// timers enter. Invariant: len(tree) is 0 or a power of two, the number of leaves.
	tree []contest
	at   []int32 // at[timer] is the number of its leaf, 0 when not pending.
	free []int32 // Invariant: the leaves that hold nobody.
	left int32   // leaf of the timer that fired last, by which the next to be set enters; 0 once freed or taken
	seq  uint64
	now  int64 // time of the last firing
}

// contest is two contestants, 2i and 2i+1: both keys' high halves, then both low ones, so that which of them is meant
// costs no multiplication.
type contest [4]uint64

func (c *contest) key(i uint) key { return key{c[i%2], c[2+i%2]} }

func (c *contest) set(i uint, k key) { c[i%2], c[2+i%2] = k.hi, k.lo }

// winner is the key that fires first.
func (c *contest) winner() key { return c.key(uint(less(c.key(1), c.key(0)))) }

// nobody is the contestant of a free leaf, which loses to every timer.
var nobody = key{Never, math.MaxUint64}

// Reset empties the queue and sets the clock to 0, keeping its memory.
func (q *Queue) Reset() {
	for i := range q.tree[len(q.tree)/2:] {
		c := &q.tree[len(q.tree)/2+i]
		for side := range uint(2) {
			if k := c.key(side); k != nobody {
				q.at[timerOf(k)] = 0
			}
		}
	}
	q.tree, q.free, q.left, q.seq, q.now = q.tree[:0], q.free[:0], 0, 0, 0
}

// makeRoom lets a timer be known and a leaf be free.
func (q *Queue) makeRoom(timer int32) {
	if uint32(timer) > MaxTimer {
		panic(fmt.Sprintf("event: there can be no timer %d", timer))
	}
	for int(timer) >= len(q.at) {
		q.at = append(q.at, 0)
	}
	if len(q.free) == 0 && q.left == 0 {
		q.grow()
	}
}

// grow doubles the leaves when all are taken, and holds every contest again.
func (q *Queue) grow() {
	old := len(q.tree)
	leaves := max(2*old, 4)
	empty := contest{nobody.hi, nobody.hi, nobody.lo, nobody.lo}
	for len(q.tree) < leaves {
		q.tree = append(q.tree, empty)
	}
	t := q.tree
	copy(t[leaves/2:], t[old/2:old])
	for i := leaves - 1; i > 0; i-- {
		if i >= leaves/2+old/2 {
			t[i] = empty
		}
		t[i/2].set(uint(i), t[i].winner())
	}
	for i := range old {
		k := t[(leaves+i)/2].key(uint(i))
		q.at[timerOf(k)] = int32(leaves + i)
	}
	for i := 2*leaves - 1; i >= leaves+old; i-- {
		q.free = append(q.free, int32(i))
	}
}

// Len is the number of pending firings.
func (q *Queue) Len() int {
	q.close()
	return len(q.tree) - len(q.free)
}

// Now is the time of the last firing.
func (q *Queue) Now() int64 { return q.now }

// Pending reports whether the timer will fire.
func (q *Queue) Pending(timer int32) bool {
	return int(timer) < len(q.at) && q.at[timer] != 0
}

// Set makes the timer fire at time t in the given order class, instead of whenever it was to fire.
func (q *Queue) Set(timer int32, t int64, order int) {
	if t < q.now || uint(order) > MaxOrder || q.seq >= seqMask {
		panic(fmt.Sprintf("event: cannot set timer %d for %d (order %d) at %d", timer, t, order, q.now))
	}
	if uint(uint32(timer)) >= uint(len(q.at)) || len(q.free) == 0 && q.left == 0 {
		q.makeRoom(timer)
		q.Set(timer, t, order) // once more, so that nothing outlives the call and is kept on the stack
		return
	}
	i := q.at[timer]
	if i == 0 {
		if i = q.left; i != 0 {
			q.left = 0
		} else {
			last := len(q.free) - 1
			i, q.free = q.free[last], q.free[:last]
		}
		q.at[timer] = i
	}
	q.seq++
	q.put(i, key{uint64(t), uint64(order)<<(timerBits+seqBits) | q.seq<<timerBits | uint64(timer)})
}

// Cancel takes back a pending firing.
func (q *Queue) Cancel(timer int32) {
	if q.Pending(timer) {
		q.vacate(q.at[timer])
		q.at[timer] = 0
	}
}

// vacate frees a leaf.
func (q *Queue) vacate(i int32) {
	q.free = append(q.free, i)
	q.put(i, nobody)
}

// close frees the leaf of the timer that fired last. It stays out of line, for it seldom has anything to do.
//
//go:noinline
func (q *Queue) close() {
	if i := q.left; i != 0 {
		q.left = 0
		q.vacate(i)
	}
}

// Never is the time of the next firing of an empty queue.
const Never = math.MaxInt64

// Head is the time and order of the next firing; Never when nothing is pending.
func (q *Queue) Head() (at int64, order int) {
	if q.left != 0 {
		q.close()
	}
	if len(q.tree) == 0 {
		return Never, MaxOrder
	}
	k := q.tree[0].key(1)
	return int64(k.hi), int(k.lo >> (timerBits + seqBits))
}

// Free reports whether nothing fires up to time t.
func (q *Queue) Free(t int64) bool {
	if q.left == 0 {
		return len(q.tree) == 0 || int64(q.tree[0].key(1).hi) > t
	}
	least := uint64(Never) // of those whom the timer that fired last has beaten
	for n := uint(q.left); n/2 < uint(len(q.tree)) && n > 1; n /= 2 {
		least = min(least, q.tree[n/2][n%2^1]) // its time
	}
	return int64(least) > t
}

// Fire fires the next timer, moves the clock to it and says whose it is. Something must be pending.
func (q *Queue) Fire() (timer int32) {
	if q.left != 0 {
		q.close()
	}
	k := q.tree[0].key(1)
	timer, q.now = timerOf(k), int64(k.hi)
	q.left, q.at[timer] = q.at[timer], 0
	return timer
}

func timerOf(k key) int32 { return int32(k.lo & MaxTimer) }

// put lets k enter as contestant i and holds again the contests that this may change; who wins one
// needs no branch unless both fire at one time.
func (q *Queue) put(i int32, k key) {
	t := q.tree
	hi, lo := k.hi, k.lo
	for n := uint(i); n > 1; n /= 2 {
		if n/2 >= uint(len(t)) {
			return // never: it spares the checks below
		}
		c, side := &t[n/2], n%2
		c[side], c[2+side] = hi, lo
		side ^= 1
		otherHi, otherLo := c[side], c[2+side]
		_, borrow := bits.Sub64(otherLo, lo, 0)
		_, borrow = bits.Sub64(otherHi, hi, borrow)
		hi ^= (hi ^ otherHi) & -borrow
		lo ^= (lo ^ otherLo) & -borrow
	}
	t[0].set(1, key{hi, lo})
}
