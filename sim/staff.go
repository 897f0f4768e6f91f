package sim

import "slices"

// Staff who can hold only so many cases at once: people wait for one of them first.

// staff is the state of a pool.
type staff struct {
	list list
	open int // cases
}

// waitsForCase puts someone on the list of the stage's pool, unless they have a case there.
func (w *world) waitsForCase(p *person, s *stage) bool {
	if s.pool < 0 || w.extraOf(p).cases>>s.pool&1 == 1 {
		return false
	}
	w.extraOf(p).pool = int8(s.pool)
	w.staff[s.pool].list.join(w.people, p)
	w.rooms[s.index].withoutCase++
	w.casesFree = true
	return true
}

// leavePool takes someone off the list of the pool for whose case they wait.
func (w *world) leavePool(p *person) {
	x := w.extraOf(p)
	w.staff[x.pool].list.leave(w.people, p)
	x.pool = -1
	w.rooms[p.stage].withoutCase--
}

// openCases gives free cases to those who wait for one in queue order, with the priority that they have where they wait.
func (w *world) openCases() {
	w.casesFree = false
	for i := range w.staff {
		t := &w.staff[i]
		for t.list.n > 0 && t.open < w.m.pools[i].Caseload {
			p := t.list.head(w.people)
			w.leavePool(p)
			w.extraOf(p).cases |= 1 << i
			w.ledger.staff[i].in(w.now)
			t.open++
			s := &w.m.stages[p.stage]
			w.tell(p, OpensCase, s, none, "")
			w.begin(p, &w.rooms[p.stage])
			w.unsettle(s.index)
			if s.Kind == DelayKind && s.places == 0 {
				w.startDelay(p, s)
			}
			if !slices.Contains(w.fresh, p.slot) { // else their patience starts next
				w.setTimer(p)
			}
		}
	}
}

// closeCases gives back every case of a person.
func (w *world) closeCases(p *person) {
	x := w.extraOf(p)
	for i := 0; x.cases != 0; i++ {
		if x.cases>>i&1 == 1 {
			x.cases &^= 1 << i
			w.staff[i].open--
			w.ledger.staff[i].out(w.now)
			w.casesFree = w.casesFree || w.staff[i].list.n > 0
		}
	}
}
