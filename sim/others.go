package sim

import "tier4/sim/dist"

// Others at a shared unit: they come, wait, occupy and leave, and enter no figure or cost of ours.

var (
	otherDemandName = dist.NameOf("other_demand")
	stayName        = dist.NameOf("stay")
)

// others is their state at one place.
type others struct {
	waiting []ticks // how long each will stay, first come first served
	first   int     // Invariant: waiting[:first] have been admitted
	leaving []ticks // when those inside leave, the next first
}

func (o *others) waits() int { return len(o.waiting) - o.first }

// otherComes is one of the others joining their list.
func (w *world) otherComes(a *arrival) {
	at := w.m.shared[a.cohort]
	s, r := &w.m.stages[at.stage], &w.rooms[at.stage]
	o := &r.places[at.place].others
	if o.waits() == 0 || o.first > 64 {
		o.waiting = append(o.waiting[:0], o.waiting[o.first:]...)
		o.first = 0
	}
	b, u := &s.beds[at.place], &r.places[at.place]
	o.waiting = append(o.waiting, toTicks(b.Others.Stay.AtSurvival(a.key.Draw(stayName, 0, 0))))
	if u.hasSharedRoom(b) {
		w.unsettle(at.stage)
	}
}

// admitOther gives a bed to the first of the others who wait.
func (w *world) admitOther(s *stage, i int32, o *others) {
	until := w.now + o.waiting[o.first]
	o.first++
	w.tell(nil, OtherStarts, s, i, "")
	k := len(o.leaving)
	o.leaving = append(o.leaving, until)
	for ; k > 0 && o.leaving[k-1] > until; k-- {
		o.leaving[k] = o.leaving[k-1]
	}
	o.leaving[k] = until
	if k == 0 {
		w.setSystem(s.beds[i].others, until, orderEnds)
	}
}

// othersLeaving empties the beds of those of the others who leave now.
func (w *world) othersLeaving(stage, i int) {
	s, r := &w.m.stages[stage], &w.rooms[stage]
	o := &r.places[i].others
	gone := 0
	for gone < len(o.leaving) && o.leaving[gone] <= w.now {
		gone++
		w.tell(nil, OtherLeaves, s, int32(i), "")
		if s.beds[i].turnover > 0 {
			w.restBed(r, i)
		}
	}
	o.leaving = append(o.leaving[:0], o.leaving[gone:]...)
	if len(o.leaving) > 0 {
		w.setSystem(s.beds[i].others, o.leaving[0], orderEnds)
	}
	w.mayServe(r)
}

// hasSharedRoom reports whether a bed of a shared unit is free, for ours or for others.
func (u *unit) hasSharedRoom(b *place) bool {
	return !u.closed && u.inside+len(u.others.leaving)+len(u.rests) < b.Of
}

// matchShared gives the beds of a shared unit: ours come first on as many as we have priority on, and
// may use more only if nobody else waits.
func (w *world) matchShared(r *room, i int32) {
	s := r.stage
	b, u := &s.beds[i], &r.places[i]
	o := &u.others
	open := u.open && (b.everyDay || b.Admits[w.m.cal.weekday(w.now.day())])
	for u.hasSharedRoom(b) {
		switch {
		case open && r.list.n > 0 && u.inside < u.beds && w.take(r, i):
		case o.waits() > 0:
			w.admitOther(s, i, o)
		case open && r.list.n > 0 && w.take(r, i):
		default:
			return
		}
	}
}
