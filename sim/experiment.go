package sim

import (
	"context"
	"errors"
	"runtime"
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

	// Family are the figures whose verdicts belong together (Holm); the others form a second family.
	// Empty: all are one.
	Family []string

	Progress func(done int)                                     // replications finished, of all models together one each
	Each     func(model, replication int, values []Observation) // in order, if set
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
	Summaries    []*Summary
	Comparisons  []*Comparison // of every model after the first with the first
}

// checkEvery is how often, in replications, the precision is looked at.
const checkEvery = 10

// ErrNothingFinished says that a run was stopped before its first replication.
var ErrNothingFinished = errors.New("stopped before the first replication was finished")

// Run plays the experiment. Any number of workers gives the same outcome. When ctx is cancelled the
// replications finished so far, without a gap, are the outcome.
func (e Experiment) Run(ctx context.Context) (*Findings, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := newCollector(&e)
	jobs := e.start(ctx)
	var err error
	done := false
	for job := range jobs {
		if job.err != nil {
			err = errors.Join(err, job.err)
			cancel()
		}
		if err == nil && !done {
			if done = c.take(job); done {
				cancel() // but keep draining, so that workers end
			}
		}
		c.recycle(job)
	}
	if err != nil {
		return nil, err
	}
	if c.done == 0 {
		return nil, ErrNothingFinished
	}
	return c.outcome(done || c.done == e.Replications), nil
}

// job is one stretch of replications under every model.
type job struct {
	number, first, count int
	blocks               []*Batch
	err                  error
}

// stretch is how many replications a job has: enough to be worth handing over, few enough that
// all workers stay busy and the memory in flight stays small.
func (e *Experiment) stretch(workers int) int {
	return max(1, min(8, e.Replications/(8*workers)))
}

// start plays all jobs on the workers. At most a few jobs run ahead of the collector.
func (e *Experiment) start(ctx context.Context) <-chan *job {
	workers := e.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	size := e.stretch(workers)
	todo, done := make(chan *job), make(chan *job, workers)
	go func() {
		defer close(todo)
		for number, first := 0, 0; first < e.Replications; number, first = number+1, first+size {
			j := &job{number: number, first: first, count: min(size, e.Replications-first)}
			select {
			case todo <- j:
			case <-ctx.Done():
				return
			}
		}
	}()
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			r := Runner{Stop: func() bool { return ctx.Err() != nil }}
			for j := range todo {
				if e.play(ctx, &r, j) {
					done <- j
				}
			}
		})
	}
	go func() { working.Wait(); close(done) }()
	return done
}

// blocks are kept for reuse: a block's memory is worth more than its content.
var blocks = sync.Pool{New: func() any { return new(Batch) }}

// play runs a job; false if it was cancelled half-way.
func (e *Experiment) play(ctx context.Context, r *Runner, j *job) bool {
	for _, m := range e.Models {
		b := blocks.Get().(*Batch)
		j.blocks = append(j.blocks, b)
		b.Reset(j.first)
		for i := range j.count {
			if ctx.Err() != nil {
				return false
			}
			if j.err = r.Replicate(m, e.Seed, j.first+i, b); j.err != nil {
				return !errors.Is(j.err, errStopped)
			}
		}
	}
	return true
}

// collector adds jobs up in order.
type collector struct {
	e        *Experiment
	gathers  []*Gather
	pairings []*Pairing
	early    map[int]*job // finished before an earlier one
	next     int
	done     int
	met      bool
	values   []Observation
}

func newCollector(e *Experiment) *collector {
	c := &collector{e: e, early: map[int]*job{}}
	for i, m := range e.Models {
		c.gathers = append(c.gathers, NewGather(m))
		if i > 0 {
			c.pairings = append(c.pairings, NewPairing(c.gathers[0], c.gathers[i]))
		}
	}
	return c
}

// take adds a job and all that waited for it; true once the precision is met.
func (c *collector) take(j *job) bool {
	c.early[j.number] = j
	for {
		j := c.early[c.next]
		if j == nil {
			return false
		}
		delete(c.early, c.next)
		c.next++
		if c.add(j) {
			return true
		}
		if c.e.Progress != nil {
			c.e.Progress(c.done)
		}
	}
}

// add takes in a job replication by replication, for the precision may be met within it.
func (c *collector) add(j *job) bool {
	for i := range j.count {
		for k, g := range c.gathers {
			g.Add(j.blocks[k], i)
			if k > 0 {
				c.pairings[k-1].Add(j.blocks[0], j.blocks[k], i)
			}
			if c.e.Each != nil {
				c.e.Each(k, j.first+i, c.observe(g, j.blocks[k], i))
			}
		}
		c.done++
		if c.e.Precision > 0 && c.done >= 30 && c.done%checkEvery == 0 && c.precise() {
			c.met = true
			return true
		}
	}
	return false
}

// precise reports whether every figure that must be precise is.
func (c *collector) precise() bool {
	for _, g := range c.gathers {
		for i := range g.m.plan.figures {
			if !c.watched(g.m.plan.figures[i].ID) {
				continue
			}
			e, ok := g.estimate(i)
			if ok && !stats.RelativePrecisionMet(e.Value, (e.High-e.Low)/2, c.e.Precision) {
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

// recycle gives a job's memory back once it has been added or is not wanted.
func (c *collector) recycle(j *job) {
	if c.early[j.number] == j {
		return
	}
	for _, b := range j.blocks {
		blocks.Put(b)
	}
	j.blocks = nil
}

func (c *collector) outcome(complete bool) *Findings {
	o := &Findings{
		Replications: c.done, Interrupted: !complete, PrecisionMet: c.met,
		Summaries: make([]*Summary, len(c.gathers)), Comparisons: make([]*Comparison, len(c.pairings)),
	}
	side(len(c.gathers), func(i int) { o.Summaries[i] = c.gathers[i].Summary() })
	side(len(c.pairings), func(i int) {
		o.Comparisons[i] = c.pairings[i].Compare(o.Summaries[0], o.Summaries[i+1], c.e.Matters, c.e.Family)
	})
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
