package sim

import "slices"

// Staff who can hold only so many cases at once: people wait for one of them first.

// staff is the state of a pool.
type staff struct {
	list list
	open int // cases
}

// waitsForCase puts someone on the list of the stage's pool, unless they have a case there or are given one at once.
func (w *world) waitsForCase(p *person, s *stage) bool {
	if s.pool < 0 || w.extraOf(p).cases>>s.pool&1 == 1 {
		return false
	}
	t := &w.staff[s.pool]
	if s.Kind == DelayKind && s.places == 0 && t.list.n == 0 && t.open < w.m.pools[s.pool].Caseload && !w.starting && w.quiet() {
		w.openCase(p, s)
		return false
	}
	w.extraOf(p).pool = int8(s.pool)
	t.list.join(w.people, p)
	w.rooms[s.index].withoutCase++
	w.casesFree = true
	return true
}

// openCase opens a case for someone who waits for no other.
func (w *world) openCase(p *person, s *stage) {
	t := &w.staff[s.pool]
	w.extraOf(p).cases |= 1 << s.pool
	w.ledger.staff[s.pool].in(w.now)
	t.open++
	w.tell(p, OpensCase, s, none, "")
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
			s := &w.m.stages[p.stage]
			w.openCase(p, s)
			w.begin(p, &w.rooms[p.stage])
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
