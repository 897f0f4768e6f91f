// Package event is the clock's future: which timer fires next.
//
// It knows nothing of beds or people. A timer is a small whole number, its owner's slot;
// each timer has at most one pending firing. Everything is a plain value in two slices,
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

// Firing is one timer going off: when, in which order class of that instant, and whose.
type Firing struct {
	At    int64
	Order int
	Timer int32
}

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
	heap []key   // Invariant: less(heap[i], heap[(i-1)/2]) == 0 for every i > 0 (of a hole's children: for each other alone).
	at   []int32 // at[timer] is its index in heap plus one, 0 when not pending.
	hole bool    // heap[0] has fired and awaits the next key set: most firings set another
	seq  uint64
	now  int64 // time of the last firing
}

// Reset empties the queue and sets the clock to 0, keeping its memory.
func (q *Queue) Reset() {
	for _, k := range q.heap {
		q.at[timerOf(k)] = 0
	}
	q.heap, q.hole, q.seq, q.now = q.heap[:0], false, 0, 0
}

// Len is the number of pending firings.
func (q *Queue) Len() int {
	if q.hole {
		return len(q.heap) - 1
	}
	return len(q.heap)
}

// Now is the time of the last firing.
func (q *Queue) Now() int64 { return q.now }

// Pending reports whether the timer will fire.
func (q *Queue) Pending(timer int32) bool {
	return int(timer) < len(q.at) && q.at[timer] != 0
}

// Set makes the timer fire at time t in the given order class, instead of whenever it was to fire.
func (q *Queue) Set(timer int32, t int64, order int) {
	if t < q.now || uint(order) > MaxOrder || uint32(timer) > MaxTimer || q.seq >= seqMask {
		panic(fmt.Sprintf("event: cannot set timer %d for %d (order %d) at %d", timer, t, order, q.now))
	}
	for int(timer) >= len(q.at) {
		q.at = append(q.at, 0)
	}
	q.seq++
	k := key{uint64(t), uint64(order)<<(timerBits+seqBits) | q.seq<<timerBits | uint64(timer)}
	i := int(q.at[timer]) - 1
	if i < 0 {
		if q.hole {
			q.hole = false
			q.down(0, k)
			return
		}
		i = len(q.heap)
		q.heap = append(q.heap, k)
		q.up(i, k)
		return
	}
	if q.hole { // a key may not rise past it
		q.fill()
		i = int(q.at[timer]) - 1
	}
	if less(k, q.heap[i]) != 0 {
		q.up(i, k)
	} else {
		q.down(i, k)
	}
}

// Cancel takes back a pending firing.
func (q *Queue) Cancel(timer int32) {
	if int(timer) >= len(q.at) || q.at[timer] == 0 {
		return
	}
	q.fill()
	q.remove(int(q.at[timer]) - 1)
	q.at[timer] = 0
}

// fill closes the hole at the root.
func (q *Queue) fill() {
	if q.hole {
		q.hole = false
		q.remove(0)
	}
}

// Never is the time of the next firing of an empty queue.
const Never = math.MaxInt64

// Head is the time and order of the next firing; Never when nothing is pending.
func (q *Queue) Head() (at int64, order int) {
	first := 0
	if q.hole {
		if first = 1; len(q.heap) > 2 {
			first += int(less(q.heap[2], q.heap[1]))
		}
	}
	if first >= len(q.heap) {
		return Never, MaxOrder
	}
	k := &q.heap[first]
	return int64(k.hi), int(k.lo >> (timerBits + seqBits))
}

// Next fires the next timer and moves the clock to it. ok is false when nothing is pending.
func (q *Queue) Next() (f Firing, ok bool) {
	q.fill()
	if len(q.heap) == 0 {
		return Firing{}, false
	}
	k := q.heap[0]
	f = Firing{int64(k.hi), int(k.lo >> (timerBits + seqBits)), timerOf(k)}
	q.now, q.hole = f.At, true
	q.at[f.Timer] = 0
	return f, true
}

func timerOf(k key) int32 { return int32(k.lo & MaxTimer) }

// remove takes out the key at i and puts the last one in its place.
func (q *Queue) remove(i int) {
	n := len(q.heap) - 1
	last := q.heap[n]
	q.heap = q.heap[:n]
	if i == n {
		return
	}
	if i > 0 && less(last, q.heap[(i-1)/2]) != 0 {
		q.up(i, last)
		return
	}
	q.down(i, last)
}

// up moves k from the hole at i towards the root.
func (q *Queue) up(i int, k key) {
	h := q.heap
	for i > 0 {
		parent := (i - 1) / 2
		p := h[parent]
		if less(k, p) == 0 {
			break
		}
		h[i] = p
		q.at[timerOf(p)] = int32(i + 1)
		i = parent
	}
	h[i] = k
	q.at[timerOf(k)] = int32(i + 1)
}

// down moves k from the hole at i towards the leaves; the choice of child needs no branch.
func (q *Queue) down(i int, k key) {
	h := q.heap
	n := len(h)
	for {
		child := 2*i + 1
		if child >= n {
			break
		}
		if right := child + 1; right < n {
			child += int(less(h[right], h[child]))
		}
		c := h[child]
		if less(c, k) == 0 {
			break
		}
		h[i] = c
		q.at[timerOf(c)] = int32(i + 1)
		i = child
	}
	h[i] = k
	q.at[timerOf(k)] = int32(i + 1)
}
