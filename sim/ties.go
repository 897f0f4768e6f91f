package sim

import "slices"

// ties puts those in order to whom the same happens at one instant.
type ties struct {
	at    ticks // the instant and order class that are in order already
	order int
	slots []int32 // scratch
}

// firstOf is who goes first of those who give up, relapse, lose an approval or die at this instant, of whom one
// has just fired: whoever was referred first, never whose timer was set first. The others follow in that order.
func (w *world) firstOf(slot int32, order int) int32 {
	t := &w.ties
	if t.at == w.now && t.order == order {
		return slot
	}
	system := int32(len(w.m.system))
	t.slots = append(t.slots[:0], slot)
	for at, next := w.q.Head(); ticks(at) == w.now && next == order; at, next = w.q.Head() {
		t.slots = append(t.slots, w.q.Fire()-system)
	}
	if len(t.slots) == 1 {
		return slot
	}
	slices.SortFunc(t.slots, func(a, b int32) int {
		if w.people[a].referredBefore(&w.people[b]) {
			return -1
		}
		return 1
	})
	for _, slot := range t.slots[1:] {
		w.q.Set(slot+system, int64(w.now), order)
	}
	t.at, t.order = w.now, order
	return t.slots[0]
}
