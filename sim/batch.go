package sim

import (
	"fmt"

	"tier4/sim/dist"
	"tier4/sim/stats"
)

// pilotReplications are the first ones, in which the warm-up is looked at week by week.
const pilotReplications = 64

// Batch is what a run of consecutive replications of one model gave: plain numbers for each
// replication, nothing summed across them. Blocks added to a Gather in order of replication give
// the same bytes however the replications were cut into batches.
type Batch struct {
	First int // replication
	Count int

	y, n   []float64 // [replication][figure]
	years  []float64 // [replication][year][figure]
	absent []bool
	bins   []stats.Bin // of all replications and channels, one after the other
	ends   []int       // [replication][channel] end in bins
	levels []int64     // [replication][stage][number in use], lengths in sizes
	sizes  []int
	halves []float64 // [replication][stage][half] mean waiting
	weekly []float64 // [pilot replication][week]
	months []float64 // [replication][series][month]
	bills  []bill    // of all replications, as the ledger keeps statements
}

// Reset empties a block, keeping its memory, for replications from first on.
func (b *Batch) Reset(first int) {
	*b = Batch{
		First: first, y: b.y[:0], n: b.n[:0], years: b.years[:0], absent: b.absent[:0], bins: b.bins[:0], ends: b.ends[:0],
		levels: b.levels[:0], sizes: b.sizes[:0], halves: b.halves[:0], weekly: b.weekly[:0], months: b.months[:0], bills: b.bills[:0],
	}
}

// Runner plays replications, one at a time, in memory it keeps for the next. It is not safe for
// concurrent use; make one for each goroutine.
type Runner struct {
	// Stop, if set, is asked now and then whether to give a replication up.
	Stop func() bool
	// Told, if set, is told everything that happens to everyone, in order.
	Told func(Told)
	w    world
}

// Replicate plays replication i of the model and appends it to the block. It is a pure function of
// model, seed and i. A pathway in which people go round without end is an error.
func (r *Runner) Replicate(m *Model, seed uint64, i int, b *Batch) error {
	w := &r.w
	w.ledger.pilot = i < pilotReplications
	w.stop, w.told = r.Stop, r.Told
	w.reset(m, dist.Root(seed, i))
	if err := w.run(); err != nil {
		return fmt.Errorf("%s, replication %d: %w", m.Name(), i+1, err)
	}
	b.record(w)
	return nil
}

// Terms are the numerator and the denominator of figure f of the model in the i-th replication; both are
// 0 for quantiles, which have none.
func (b *Batch) Terms(i, f int) (y, n float64) {
	at := i*(len(b.y)/b.Count) + f
	return b.y[at], b.n[at]
}

// record takes over what the ledger holds at the end of a replication.
func (b *Batch) record(w *world) {
	l := &w.ledger
	b.Count++
	b.y, b.n = append(b.y, l.y...), append(b.n, l.n...)
	b.years, b.absent = append(b.years, l.years...), append(b.absent, l.absent...)
	for c := range l.m.plan.channels {
		b.bins = l.bins[c].Drain(b.bins)
		b.ends = append(b.ends, len(b.bins))
	}
	for i := range l.m.stages {
		b.levels = append(b.levels, l.stages[i].levels.total...)
		b.sizes = append(b.sizes, len(l.stages[i].levels.total))
		half := (l.m.end - l.m.measured).days() / 2
		b.halves = append(b.halves, l.halfArea[i]/half, (l.closedWaiting[i]-l.halfArea[i])/half)
	}
	b.bills = append(b.bills, l.statements...)
	if l.pilot {
		b.weekly = append(b.weekly, l.weekly...)
	}
	for i := range l.m.plan.series {
		b.months = append(b.months, l.monthly[i]...)
	}
}

// inUse is one replication's time at each number in use at a stage.
func (b *Batch) inUse(m *Model, i, stage int) []int64 {
	at := i*len(m.stages) + stage
	from := 0
	for _, size := range b.sizes[:at] {
		from += size
	}
	return b.levels[from : from+b.sizes[at]]
}
