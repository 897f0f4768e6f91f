package sim

import (
	"context"
	"errors"
	"sync"

	"tier4/sim/stats"
)

// Experiment is a set of scenarios run on the same people. The first is the base of comparison.
type Experiment struct {
	Models       []*Model
	Seed         uint64
	Replications int
	Workers      int                // 0: one for each processor
	Matters      map[string]float64 // least difference that matters, by figure, in its unit

	// Precision, if above 0, runs on past 30 replications until the interval of every figure in
	// Precise is within this share of its value, at most Replications (Law and Kelton).
	Precision float64
	Precise   []string

	// Family are the figures that stand in one table for all scenarios, so that their verdicts belong together
	// (Holm); the others of each scenario are a table of their own. Empty: all stand in one.
	Family []string

	// Nest, if set, draws what is not known: intervals then carry it beside chance.
	Nest *Nest

	Keeper Keeper // of blocks beyond the run, if set

	Progress func(done int)                                     // replications finished, of all models together one each
	Each     func(model, replication int, values []Observation) // in order, if set

	// Glance, if set, may ask for the findings so far, each time that some replications, or a draw of what
	// is not known, are finished. Asking changes nothing of what the experiment gives in the end.
	Glance func(done int, soFar func() *Findings)
}

// Observation is one figure of one replication.
type Observation struct {
	Figure Figure
	Value  float64
	OK     bool
}

// Findings are what an experiment gave.
type Findings struct {
	Replications int
	Interrupted  bool // stopped early; what was finished is kept
	PrecisionMet bool
	Draws        int // of what is not known, the last perhaps in part
	Summaries    []*Summary
	Comparisons  []*Comparison // of every model after the first with the first
}

// LeastDraws is how many draws of what is not known say something about it.
const LeastDraws = 10

// checkEvery is how often, in replications, the precision is looked at.
const checkEvery = 10

// ErrNothingFinished says that a run was stopped before its first replication.
var ErrNothingFinished = errors.New("stopped before the first replication was finished")

// Run plays the experiment. Any number of workers gives the same outcome. When ctx is cancelled the
// replications finished so far, without a gap, are the outcome.
func (e Experiment) Run(ctx context.Context) (*Findings, error) {
	c := newCollector(&e)
	err := e.play(ctx, Part{}, c.take, c.takeDraw)
	if err != nil && err != ctx.Err() {
		return nil, err
	}
	if c.done == 0 {
		return nil, ErrNothingFinished
	}
	return c.outcome(c.met || c.done == e.Replications), nil
}

// play hands the blocks of a part of the experiment over: to takeDraw where what is not known is drawn.
func (e *Experiment) play(ctx context.Context, part Part, take func([]*Batch) bool, takeDraw func(blocks []*Batch, ends bool) bool) error {
	p := Player{Seed: e.Seed, Workers: e.Workers, Keeper: e.Keeper, Part: part}
	if e.Nest != nil {
		return p.PlayNest(ctx, e.Nest, e.Replications, takeDraw)
	}
	return p.Play(ctx, e.Models, 0, e.Replications, take)
}

// Keep plays a part of the experiment for its Keeper alone, and says how many replications of every model
// there are of it.
func (e Experiment) Keep(ctx context.Context, part Part) (replications int, err error) {
	take := func(blocks []*Batch) bool {
		replications += blocks[0].Count
		if e.Progress != nil {
			e.Progress(replications)
		}
		return true
	}
	err = e.play(ctx, part, take, func(blocks []*Batch, _ bool) bool { return take(blocks) })
	return replications, err
}

// collector adds blocks up in order.
type collector struct {
	e        *Experiment
	gathers  []*Gather
	pairings []*Pairing
	done     int
	draws    int // of a nested design, closed
	met      bool
	values   []Observation
}

func newCollector(e *Experiment) *collector {
	c := &collector{e: e}
	all := new(drawns)
	for i, m := range e.Models {
		c.gathers = append(c.gathers, NewGather(m))
		if e.Nest != nil {
			c.gathers[i].nest = newNest(m, all)
		}
		if i > 0 {
			c.pairings = append(c.pairings, NewPairing(c.gathers[0], c.gathers[i]))
		}
	}
	return c
}

// take adds the blocks of one stretch of replications, one of each model.
func (c *collector) take(blocks []*Batch) (more bool) { return c.takeAll(blocks, false) }

// takeAll adds the blocks of a stretch, with which a draw of what is not known may end. Where a precision is asked for it
// may be met within the stretch; then the answer is false.
func (c *collector) takeAll(blocks []*Batch, ends bool) (more bool) {
	count := blocks[0].Count
	for from := 0; from < count; {
		to := count
		if c.checks() {
			to = min(count, from+checkEvery-c.done%checkEvery)
		}
		c.add(blocks, from, to, ends && to == count)
		from = to
		if c.checks() && c.done%checkEvery == 0 && c.metPrecision() {
			return false
		}
	}
	if ends && count == 0 { // of a draw that is shorter than others by a stretch
		c.closeDraws()
	}
	if c.e.Progress != nil {
		c.e.Progress(c.done)
	}
	if c.e.Nest == nil {
		c.glance()
	}
	return true
}

// checks reports whether the precision is looked at between draws of people.
func (c *collector) checks() bool { return c.e.Nest == nil && c.e.Precision > 0 }

// add adds replications of the blocks from one to before another, with which a draw may end: what is kept of it while
// it is open is then needed by few models at once.
func (c *collector) add(blocks []*Batch, from, to int, ends bool) {
	side(len(c.gathers), func(k int) {
		c.gathers[k].Add(blocks[k], from, to)
		if ends {
			c.gathers[k].closeDraw()
		}
		if k > 0 {
			c.pairings[k-1].Add(blocks[0], blocks[k], from, to)
		}
	})
	c.done += to - from
	if c.e.Each == nil {
		return
	}
	for i := from; i < to; i++ {
		for k, g := range c.gathers {
			c.e.Each(k, blocks[0].First+i, c.observe(g, blocks[k], i))
		}
	}
}

// closeDraws ends the open draw of every model.
func (c *collector) closeDraws() { side(len(c.gathers), func(k int) { c.gathers[k].closeDraw() }) }

// glance lets whoever watches look at what there is so far.
func (c *collector) glance() {
	if c.e.Glance != nil {
		c.e.Glance(c.done, func() *Findings { return c.outcome(false) })
	}
}

// takeDraw adds blocks of a draw of what is not known; false once the precision is met.
func (c *collector) takeDraw(blocks []*Batch, ends bool) (more bool) {
	c.takeAll(blocks, ends)
	if !ends {
		return true
	}
	c.draws++
	c.glance()
	return c.draws < LeastDraws || !c.metPrecision()
}

// metPrecision looks whether the precision asked for, if any, is met.
func (c *collector) metPrecision() bool {
	c.met = c.e.Precision > 0 && c.done >= 30 && c.precise()
	return c.met
}

// precise reports whether every figure that must be precise is.
func (c *collector) precise() bool {
	for _, g := range c.gathers {
		for i := range g.m.plan.figures {
			if !c.watched(g.m.plan.figures[i].ID) {
				continue
			}
			e, ok := g.carried(i)
			if ok && !stats.RelativePrecisionMet(e.Value, e.Luck(), c.e.Precision) {
				return false
			}
		}
	}
	return true
}

func (c *collector) watched(id string) bool {
	for _, p := range c.e.Precise {
		if p == id {
			return true
		}
	}
	return len(c.e.Precise) == 0
}

// observe lists one replication's figures.
func (c *collector) observe(g *Gather, b *Batch, i int) []Observation {
	c.values = c.values[:0]
	figures := len(g.m.plan.figures)
	for k := range g.m.plan.figures {
		f := &g.m.plan.figures[k]
		o := Observation{Figure: f.Figure}
		switch {
		case f.people:
			one := stats.NewSketch(1)
			one.AddBins(0, b.channel(g.m, i, f.channel))
			o.Value, o.OK = one.Quantile(f.quantile)
		case f.time:
			one := stats.NewLevels(1)
			for n, time := range b.inUse(g.m, i, f.stage) {
				one.Add(0, n, time)
			}
			at, ok := one.Quantile(f.quantile)
			o.Value, o.OK = float64(at), ok
		default:
			if n := b.n[i*figures+k]; n != 0 {
				o.Value, o.OK = b.y[i*figures+k]/n, true
			}
		}
		c.values = append(c.values, o)
	}
	return c.values
}

func (c *collector) outcome(complete bool) *Findings {
	if n := c.gathers[0].nest; n != nil && n.open != nil { // stopped within a draw
		c.closeDraws()
		c.draws++
	}
	o := &Findings{
		Replications: c.done, Interrupted: !complete, PrecisionMet: c.met, Draws: c.draws,
		Summaries: make([]*Summary, len(c.gathers)), Comparisons: make([]*Comparison, len(c.pairings)),
	}
	side(len(c.gathers), func(i int) { o.Summaries[i] = c.gathers[i].Summary() })
	side(len(c.pairings), func(i int) {
		o.Comparisons[i] = c.pairings[i].compare(o.Summaries[0], o.Summaries[i+1])
	})
	judge(o.Comparisons, c.e.Matters, c.e.Family)
	return o
}

// side does n things that know nothing of each other side by side.
func side(n int, do func(int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}
