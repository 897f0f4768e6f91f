package sim

import "slices"

// wellsTally looks back on those who completed: after 6 and 12 months.
type wellsTally struct{ completers, relapsed, returned [2]float64 }

func (t *wellsTally) add(o *wellsTally) {
	for i := range t.completers {
		t.completers[i], t.relapsed[i] = t.completers[i]+o.completers[i], t.relapsed[i]+o.relapsed[i]
		t.returned[i] += o.returned[i]
	}
}

// comeBack counts a return, and looks back on a completed episode.
func (l *ledger) comeBack(w *world, p *person) {
	l.people.sets[p.lenses].returns++
	if a := &w.after[p.slot]; a.relapsed {
		a.relapsed = false
		l.lookBack(w, p, w.now, func(t *wellsTally, i int) { t.returned[i]++ })
	}
}

// completes counts someone who has completed their last bed, in the periods of 6 and 12 months from now.
func (l *ledger) completes(w *world, p *person) {
	l.lookBack(w, p, w.now, func(t *wellsTally, i int) { t.completers[i]++ })
}

// relapseAfter counts a relapse after completing, now or later.
func (l *ledger) relapseAfter(w *world, p *person, relapse ticks) {
	l.lookBack(w, p, relapse, func(t *wellsTally, i int) { t.relapsed[i]++ })
}

var lookBacks = [2]ticks{toTicks(daysPerYear / 2), toTicks(daysPerYear)}

// lookBack adds to the 6- and 12-month tallies of a completer whose date has not gone by at a moment.
func (l *ledger) lookBack(w *world, p *person, now ticks, add func(*wellsTally, int)) {
	for i, after := range lookBacks {
		at := w.after[p.slot].completed + after
		if at < now || at < w.m.measured || at >= w.m.end {
			continue
		}
		period, _ := slices.BinarySearch(w.m.periods, at+1)
		add(&l.wells[period*len(w.m.plan.lensSets)+int(p.lenses)], i)
	}
}
