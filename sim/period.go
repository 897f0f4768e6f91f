package sim

import "tier4/sim/stats"

// Opening and closing the periods of a replication, in which tallies become figures.

// open starts the measured period: what was counted in warm-up is forgotten, those inside are not.
func (l *ledger) open(w *world) {
	l.period = 0
	for i := range l.stages {
		v := &l.stages[i].levels
		v.total = v.total[:0]
	}
	for i := range l.samples {
		l.samples[i] = l.samples[i][:0]
	}
	l.begin(w.now)
	l.beginStatements(w.now)
}

// begin empties the tallies for a period that starts now.
func (l *ledger) begin(now ticks) {
	for i := range l.units {
		l.units[i].booked = l.unitsUpTo(&l.m.stages[i], now)
	}
	l.from = now
	for i := range l.stages {
		s := &l.stages[i]
		for j := range s.sets {
			t := &s.sets[j]
			t.counts = stageCounts{}
			t.waiting.open(now)
			t.inside.open(now)
		}
		s.beginPeaks()
		clear(s.levels.period)
		s.levels.since = now
	}
	clear(l.people.sets)
	for i := range l.places {
		t := &l.places[i]
		t.held.open(now)
		t.onHeld.open(now)
	}
	for i := range l.m.stages {
		s := &l.m.stages[i]
		for j := range s.beds {
			a := &l.places[s.firstPlace+j].account
			a.base = a.upTo(&s.beds[j], l.yearNow(), l.year, now)
		}
	}
	for i := range l.staff {
		l.staff[i].open(now)
	}
	clear(l.budgets)
}

// beginPeaks has those who are on the list now be the most there have been.
func (b *stageBook) beginPeaks() {
	for i := range b.peaks {
		b.peaks[i].most = b.peaks[i].n
	}
}

// close ends the open period: every figure gets its numerator and denominator, and its value of the
// year if the period is a whole one. It returns how many periods have closed.
func (l *ledger) close(w *world) int {
	whole := l.period < l.m.years
	for i := range l.stages {
		l.stages[i].spend(w.now)
	}
	l.fold()
	for i := range l.m.plan.figures {
		f := &l.m.plan.figures[i]
		value, ok := l.evaluate(i, f, w.now)
		if whole {
			l.years, l.absent = append(l.years, value), append(l.absent, !ok)
		}
	}
	for c := range l.samples[:l.m.plan.channels] {
		for _, days := range l.samples[c] {
			l.bins[c].Add(days)
		}
		l.samples[c] = l.samples[c][:0]
	}
	for i := range l.stages {
		v := &l.stages[i].levels
		for len(v.total) < len(v.period) {
			v.total = append(v.total, 0)
		}
		for n, time := range v.period {
			v.total[n] += time
		}
	}
	for i := range l.closedWaiting {
		l.closedWaiting[i] += l.at(i, 0).waiting.upTo(w.now)
		l.closedInside[i] += l.at(i, 0).inside.upTo(w.now)
	}
	if l.period == len(l.m.periods)-1 && w.now > l.yearNow().from {
		l.state(w.now)
	}
	if l.period++; l.period == len(l.m.periods) && len(l.monthly) > 0 && w.now > l.monthFrom {
		l.begin(w.now)
		l.month(w)
	} else {
		l.begin(w.now)
	}
	return l.period
}

// evaluate adds the open period to a figure's totals and gives the period's own value, if something is said of it.
func (l *ledger) evaluate(i int, f *figure, now ticks) (value float64, ok bool) {
	switch {
	case f.people:
		if kept := l.samples[f.channel]; len(kept) > 0 && l.m.plan.yearly(i) {
			return stats.QuantileOf(kept, f.quantile), true
		}
		return 0, false
	case f.time:
		if !l.m.plan.yearly(i) {
			return 0, false
		}
		return l.stages[f.stage].levels.quantile(f.quantile), true
	}
	y, n := f.ratio(l, f, now)
	if f.peak {
		l.y[i], l.n[i] = max(l.y[i], y), 1
	} else {
		l.y[i] += y
		l.n[i] += n
	}
	if n == 0 {
		return 0, false
	}
	return y / n, true
}

// quantile is the least number in use with at least p of the period's time at or below it.
func (v *levels) quantile(p float64) float64 {
	sum := int64(0)
	for _, time := range v.period {
		sum += time
	}
	below := int64(0)
	for n, time := range v.period {
		if below += time; float64(below) >= p*float64(sum) {
			return float64(n)
		}
	}
	return 0
}

// halve notes the person-days waiting in the first half of the measured period, to see lists that grow.
func (l *ledger) halve(w *world) {
	for i := range l.halfArea {
		l.halfArea[i] = l.waitingDays(i, w.now)
	}
}

// waitingDays is the person-days waiting at a stage from the start of the measured period to now.
func (l *ledger) waitingDays(stage int, now ticks) float64 {
	waiting, _ := l.stages[stage].everyone()
	return l.closedWaiting[stage] + waiting.upTo(now)
}

// week notes how many people are in the pathway, waiting or served.
func (l *ledger) week(*world) {
	n := int64(0)
	for i := range l.m.stages {
		waiting, inside := l.stages[i].everyone()
		n += waiting.n + inside.n
	}
	l.weekly = append(l.weekly, float64(n))
}

// month notes the mean of each series over the month that ends now.
func (l *ledger) month(w *world) {
	days := (w.now - l.monthFrom).days()
	for i, s := range l.m.plan.series {
		waiting, inside := l.stages[s.stage].everyone()
		area := l.closedWaiting[s.stage] + waiting.upTo(w.now)
		if s.used {
			area = l.closedInside[s.stage] + inside.upTo(w.now)
		}
		l.monthly[i] = append(l.monthly[i], (area-l.monthArea[i])/days)
		l.monthArea[i] = area
	}
	l.monthFrom = w.now
	l.months++
}
