package sim

// When people are matched to places and staff: at once where nothing else happens at this instant, otherwise after
// all that comes before matching.

// quiet reports whether people can be matched at once: nothing is left to settle, and nothing else
// happens at this instant.
func (w *world) quiet() bool {
	return !w.busy && !w.unsettledNow() && w.coming > w.now && w.q.Free(int64(w.now))
}

// unsettledNow reports whether people may have to be matched, to places or to staff.
func (w *world) unsettledNow() bool { return len(w.unsettled) > 0 || w.casesFree }

// unsettle notes that someone may be matched to a place of the stage.
func (w *world) unsettle(stage int) {
	if r := &w.rooms[stage]; !r.dirty {
		r.dirty = true
		w.unsettled = append(w.unsettled, int32(stage))
	}
}

// watched reports whether somebody listens to all that happens.
func (w *world) watched() bool { return w.told != nil || w.watch != nil }

// settle matches people to staff and places until nothing moves, turns away those for whom a list has
// no room, and only then starts the patience of those who have to wait.
func (w *world) settle() {
	for again := true; again; again = w.turnAways() {
		for w.unsettledNow() {
			w.matchRound()
		}
	}
	for _, slot := range w.fresh {
		p := &w.people[slot]
		if (p.joined == w.now || w.now == 0) && (p.state == waiting && p.timer == nothing || p.state == hearing) {
			w.startWaiting(p, &w.rooms[p.stage])
		}
	}
	w.fresh = w.fresh[:0]
}

// matchRound matches people to staff, then stage by stage where anything may move, a stage in which
// another holds places before that other, otherwise in the order of the file.
func (w *world) matchRound() {
	w.rounds.at(w.now)
	if w.casesFree {
		w.openCases()
	}
	for rank := 0; len(w.unsettled) > 0; {
		next := -1
		for i, stage := range w.unsettled {
			if r := w.m.stages[stage].rank; r >= rank && (next < 0 || r < w.m.stages[w.unsettled[next]].rank) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		s := &w.m.stages[w.unsettled[next]]
		last := len(w.unsettled) - 1
		w.unsettled[next] = w.unsettled[last]
		w.unsettled = w.unsettled[:last]
		r := &w.rooms[s.index]
		r.dirty = false
		w.rounds.rank = s.rank
		w.match(r)
		rank = s.rank + 1
	}
	w.rounds.over()
}

// rounds is how far matching has come at an instant.
type rounds struct {
	now  ticks
	n    int // rounds that are over
	rank int // of the stage whose turn it is in the present one; 0 in none
}

// at begins an instant, unless it has begun.
func (r *rounds) at(now ticks) {
	if r.now != now {
		*r = rounds{now: now}
	}
}

func (r *rounds) over() { r.n, r.rank = r.n+1, 0 }

// late notes that all that comes before matching, and matching, is over at an instant.
func (r *rounds) late(now ticks) {
	if r.now != now {
		*r = rounds{now: now, n: 1}
	}
}

// turns is how many turns a stage has had at an instant, if only because nobody waited.
func (r *rounds) turns(now ticks, s *stage) int {
	switch {
	case r.now != now:
		return 0
	case s.rank < r.rank:
		return r.n + 1
	}
	return r.n
}

// turnAways sends those away who have just joined a list that has no room for them, the last in queue
// order first; true if anybody was.
func (w *world) turnAways() (anyone bool) {
	for _, stage := range w.m.limitedLists {
		r := &w.rooms[stage]
		s := r.stage
		for r.list.n+r.withoutCase > s.ListMax {
			var last *person
			for _, slot := range w.fresh {
				p := &w.people[slot]
				if p.joined != w.now || p.stamp != w.now || p.state != waiting || int(p.stage) != stage {
					continue
				}
				if w.m.extra && w.extraOf(p).answered == w.now { // who has been heard stays
					continue
				}
				if last == nil || w.queuesBefore(last, p, s) {
					last = p
				}
			}
			if last == nil {
				break
			}
			w.turnAway(last, r)
			anyone = true
		}
	}
	return anyone
}

// queuesBefore is queue order at a stage, for those who wait for a case as well.
func (w *world) queuesBefore(p, o *person, s *stage) bool {
	if a, b := w.rank(p, s), w.rank(o, s); a != b {
		return a < b
	}
	return p.before(o)
}

// rank is that of a person's priority on the list of a stage, and among those who wait there for a case: of the normal
// one where the list is not kept by it.
func (w *world) rank(p *person, s *stage) int32 {
	if s.ByPriority {
		return w.m.streams[p.stream].queue
	}
	return w.m.normal
}

// goOnFrom takes someone on from a stage and then matches those who wait there. Nobody is matched before that: the stages
// have their turns in order, and whoever comes back to this one comes behind those who wait.
func (w *world) goOnFrom(p *person, r *room, to int, why cause) {
	w.busy = w.mayMatch(r)
	w.goTo(p, to, why)
	w.busy = false
	w.matchSoon(r)
}

// mayMatch reports whether someone waits at a stage whom it may serve. Others at a shared unit are left alone, unless
// somebody listens.
func (w *world) mayMatch(r *room) bool { return r.list.n > 0 || r.stage.shared && w.watched() }

// matchSoon matches the people on a stage's list as soon as all that comes before matching has happened.
func (w *world) matchSoon(r *room) {
	s := r.stage
	if !w.mayMatch(r) {
		return
	}
	switch {
	case !w.quiet():
		w.unsettle(s.index)
	case s.Kind == BedsKind: // whom it concerns most
		w.matchBeds(r)
	default:
		w.match(r)
	}
}

// match serves the stage's list as far as it can.
func (w *world) match(r *room) {
	s := r.stage
	switch s.Kind {
	case BedsKind:
		w.matchBeds(r)
	case DelayKind, AftercareKind:
		for (s.places == NoLimit || r.inside < s.places) && r.list.n > 0 {
			w.serve(r.list.head(w.people), r)
		}
	}
}
