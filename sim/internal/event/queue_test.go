package event

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Firing is one timer going off: when, in which order class of that instant, and whose.
type Firing struct {
	At    int64
	Order int
	Timer int32
}

// next fires the next timer; false when nothing is pending.
func next(q *Queue) (f Firing, ok bool) {
	at, order := q.Head()
	if at == Never {
		return Firing{}, false
	}
	return Firing{at, order, q.Fire()}, true
}

// oracle is the same contract in the most obvious code: a sorted list.
type oracle struct {
	list []pending
	seq  int
}

type pending struct {
	Firing
	seq int
}

func (o *oracle) set(timer int32, t int64, order int) {
	o.cancel(timer)
	o.seq++
	o.list = append(o.list, pending{Firing{t, order, timer}, o.seq})
	slices.SortFunc(o.list, func(a, b pending) int {
		for _, d := range []int64{a.At - b.At, int64(a.Order - b.Order), int64(a.seq - b.seq)} {
			if d != 0 {
				return int(d)
			}
		}
		return 0
	})
}

func (o *oracle) cancel(timer int32) {
	o.list = slices.DeleteFunc(o.list, func(p pending) bool { return p.Timer == timer })
}

func (o *oracle) next() (Firing, bool) {
	if len(o.list) == 0 {
		return Firing{}, false
	}
	f := o.list[0].Firing
	o.list = o.list[1:]
	return f, true
}

func checkContests(t interface{ Fatalf(string, ...any) }, q *Queue) {
	for i := 1; i < 2*len(q.tree); i++ {
		k := q.tree[i/2].key(uint(i))
		if i < len(q.tree) {
			if a, b := q.tree[i].key(0), q.tree[i].key(1); less(a, k)+less(b, k) > 0 || k != a && k != b {
				t.Fatalf("contestant %d has not won", i)
			}
		} else if free := slices.Contains(q.free, int32(i)); free != (k == nobody) {
			t.Fatalf("leaf %d: free is %v, its contestant %v", i, free, k)
		} else if !free && q.left != int32(i) && int(q.at[timerOf(k)]) != i {
			t.Fatalf("leaf of timer %d is %d, not %d", timerOf(k), q.at[timerOf(k)], i)
		}
	}
}

func TestAgainstSortedList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q Queue
		for range rapid.IntRange(1, 2).Draw(t, "runs") { // the second run tries Reset
			var o oracle
			for range rapid.IntRange(1, 200).Draw(t, "steps") {
				timer := rapid.Int32Range(0, 20).Draw(t, "timer")
				switch rapid.IntRange(0, 4).Draw(t, "what") {
				case 0, 1, 2:
					at := q.Now() + rapid.Int64Range(0, 5).Draw(t, "in")
					order := rapid.IntRange(0, 3).Draw(t, "order")
					q.Set(timer, at, order)
					o.set(timer, at, order)
				case 3:
					q.Cancel(timer)
					o.cancel(timer)
				case 4:
					got, ok := next(&q)
					want, wantOK := o.next()
					if got != want || ok != wantOK {
						t.Fatalf("next is %v %v, want %v %v", got, ok, want, wantOK)
					}
				}
				checkContests(t, &q)
				upTo := q.Now() + rapid.Int64Range(0, 5).Draw(t, "up to")
				if free := len(o.list) == 0 || o.list[0].At > upTo; q.Free(upTo) != free {
					t.Fatalf("free up to %d is %v, want %v", upTo, !free, free)
				}
				if q.Len() != len(o.list) {
					t.Fatalf("%d pending, want %d", q.Len(), len(o.list))
				}
			}
			q.Reset()
			if q.Len() != 0 || q.Now() != 0 {
				t.Fatalf("reset left %d pending at %d", q.Len(), q.Now())
			}
		}
	})
}

func FuzzQueue(f *testing.F) {
	f.Add([]byte{0, 1, 2, 200, 3, 4, 77, 255, 0, 0, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		var q Queue
		var o oracle
		for i := 0; i+2 < len(data); i += 3 {
			timer := int32(data[i+1] % 32)
			switch at := q.Now() + int64(data[i+2]%16); data[i] % 4 {
			case 0, 1:
				q.Set(timer, at, int(data[i]>>4))
				o.set(timer, at, int(data[i]>>4))
			case 2:
				q.Cancel(timer)
				o.cancel(timer)
			case 3:
				got, ok := next(&q)
				if want, wantOK := o.next(); got != want || ok != wantOK {
					t.Fatalf("next is %v %v, want %v %v", got, ok, want, wantOK)
				}
			}
		}
		checkContests(t, &q)
	})
}

func TestTiesFireInTheOrderSet(t *testing.T) {
	var q Queue
	q.Set(3, 10, 1)
	q.Set(1, 10, 1)
	q.Set(2, 10, 0)
	q.Set(3, 10, 1) // set again: to the back of its tie
	var got []int32
	for f, ok := next(&q); ok; f, ok = next(&q) {
		got = append(got, f.Timer)
	}
	if want := []int32{2, 1, 3}; !slices.Equal(got, want) {
		t.Errorf("fired %v, want %v", got, want)
	}
}

func TestMisusePanics(t *testing.T) {
	for name, misuse := range map[string]func(*Queue){
		"past":            func(q *Queue) { q.Set(1, 5, 0); q.Fire(); q.Set(1, 4, 0) },
		"below zero":      func(q *Queue) { q.Set(1, -1, 0) },
		"nothing pending": func(q *Queue) { q.Set(1, 5, 0); q.Fire(); q.Fire() },
		"order too large": func(q *Queue) { q.Set(1, 1, MaxOrder+1) },
		"negative timer":  func(q *Queue) { q.Set(-1, 1, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			misuse(new(Queue))
		})
	}
}

func TestNoAllocationOnceWarm(t *testing.T) {
	var q Queue
	work := func() {
		for i := range int32(64) {
			q.Set(i, q.Now()+int64(i*7%13), 1)
		}
		q.Cancel(5)
		for range 40 {
			q.Fire()
		}
	}
	work()
	if n := testing.AllocsPerRun(100, work); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkPopPush(b *testing.B) {
	for _, n := range []int32{2, 25, 60, 200, 1000, 100000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var q Queue
			x := uint64(1)
			draw := func() int64 { x = x*0x5851F42D4C957F2D + 1442695040888963407; return int64(x >> 40) }
			for i := range n {
				q.Set(i, draw(), 1)
			}
			for b.Loop() {
				at, _ := q.Head()
				q.Set(q.Fire(), at+draw(), 1)
			}
		})
	}
}
