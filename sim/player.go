package sim

import (
	"context"
	"errors"
	"runtime"
	"sync"
)

// Player plays stretches of replications of models on workers and hands their blocks over in order of
// replication. A stretch may follow another, of the same models or of some of them: all are played by
// the same people. What is handed over depends on neither the number of workers nor where stretches were
// cut, since a block holds plain numbers of single replications. A player keeps the memory of its workers
// from one stretch to the next; it is not safe for concurrent use.
type Player struct {
	Seed    uint64
	Workers int // 0: one for each processor

	runners []*Runner
	blocks  sync.Pool // a block's memory is worth more than its content
}

// Play plays replications first to first+count-1 of every model. Each call of take gets one block for
// each model, of the same replications: those that follow the ones before. They are take's until it
// returns; when it returns false, no more are wanted. The error is that of a replication, or of ctx when
// it was cancelled: then take has had the replications finished by then, without a gap.
func (p *Player) Play(ctx context.Context, models []*Model, first, count int, take func(blocks []*Batch) (more bool)) error {
	size := stretch(count, p.workers())
	return p.playAll(ctx, func(number int) (j job, ok bool) {
		done := number * size
		same := func() ([]*Model, error) { return models, nil }
		return job{first: first + done, count: min(size, count-done), models: same}, done < count
	}, take)
}

// PlayNest plays a nested design of so many replications, from 0 on, as Play does. Take is told whether
// blocks are the last of their draw.
func (p *Player) PlayNest(ctx context.Context, n *Nest, replications int, take func(blocks []*Batch, ends bool) (more bool)) error {
	parts := (replications/n.Draws + drawStretch) / drawStretch
	taken := 0
	return p.playAll(ctx, func(number int) (j job, ok bool) {
		draw, part := number/parts, number%parts
		first, last := n.from(draw, replications), n.from(draw+1, replications)
		from := min(first+part*drawStretch, last)
		drawn := func() ([]*Model, error) { return n.Models(draw) }
		return job{first: from, count: min(drawStretch, last-from), models: drawn}, draw < n.Draws
	}, func(blocks []*Batch) bool {
		taken++
		return take(blocks, taken%parts == 0)
	})
}

// PlayPoints plays points, each the same replications of models of its own, as Play does. Take is told whose
// blocks it gets: those of a point follow one another, in the order of replications.
func (p *Player) PlayPoints(ctx context.Context, points int, models func(point int) ([]*Model, error), replications int, take func(point int, blocks []*Batch) (more bool)) error {
	parts := (replications + drawStretch - 1) / drawStretch
	taken := 0
	return p.playAll(ctx, func(number int) (j job, ok bool) {
		point, first := number/parts, number%parts*drawStretch
		made := func() ([]*Model, error) { return models(point) }
		return job{first: first, count: min(drawStretch, replications-first), models: made}, point < points
	}, func(blocks []*Batch) bool {
		taken++
		return take((taken-1)/parts, blocks)
	})
}

// drawStretch is how many replications of a draw are played before its models are compiled anew: many
// enough to be worth it, few enough to be handed over soon.
const drawStretch = 32

// playAll plays the stretches that a plan cuts, numbered from 0, until it says that there are no more.
func (p *Player) playAll(ctx context.Context, plan func(number int) (j job, ok bool), take func(blocks []*Batch) (more bool)) error {
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	early := map[int]*job{} // finished before an earlier one
	next, more := 0, true
	var err error
	for j := range p.start(within, plan) {
		if j.err != nil {
			err = errors.Join(err, j.err)
		}
		if err != nil || !more {
			cancel() // but keep draining, so that workers end
			p.recycle(j)
			continue
		}
		early[j.number] = j
		for j := early[next]; j != nil && more; j = early[next] {
			more = take(j.blocks)
			delete(early, next)
			next++
			p.recycle(j)
		}
	}
	if err == nil && more {
		err = ctx.Err()
	}
	return err
}

// job is one stretch of replications under every model.
type job struct {
	number, first, count int
	models               func() ([]*Model, error)
	blocks               []*Batch
	err                  error
}

// stretch is how many replications a job has: enough to be worth handing over, few enough that
// all workers stay busy and the memory in flight stays small.
func stretch(count, workers int) int { return max(1, min(8, count/(8*workers))) }

// workers is how many play at once.
func (p *Player) workers() int {
	if p.Workers > 0 {
		return p.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// start plays all jobs on the workers. At most a few jobs run ahead of the taker.
func (p *Player) start(ctx context.Context, plan func(number int) (j job, ok bool)) <-chan *job {
	workers := p.workers()
	for len(p.runners) < workers {
		p.runners = append(p.runners, new(Runner))
	}
	todo, done := make(chan *job), make(chan *job, workers)
	go func() {
		defer close(todo)
		for number := 0; ; number++ {
			j, ok := plan(number)
			if !ok {
				return
			}
			j.number = number
			select {
			case todo <- &j:
			case <-ctx.Done():
				return
			}
		}
	}()
	var working sync.WaitGroup
	for _, r := range p.runners[:workers] {
		r.Stop = func() bool { return ctx.Err() != nil }
		working.Go(func() {
			for j := range todo {
				if p.play(ctx, r, j) {
					done <- j
				}
			}
		})
	}
	go func() { working.Wait(); close(done) }()
	return done
}

// play runs a job; false if it was cancelled half-way.
func (p *Player) play(ctx context.Context, r *Runner, j *job) bool {
	models, err := j.models()
	if err != nil {
		j.err = err
		return true
	}
	for _, m := range models {
		b, ok := p.blocks.Get().(*Batch)
		if !ok {
			b = new(Batch)
		}
		j.blocks = append(j.blocks, b)
		b.Reset(j.first)
		for i := range j.count {
			if ctx.Err() != nil {
				return false
			}
			if j.err = r.Replicate(m, p.Seed, j.first+i, b); j.err != nil {
				return !errors.Is(j.err, errStopped)
			}
		}
	}
	return true
}

// recycle keeps a job's memory once its blocks have been taken or are not wanted.
func (p *Player) recycle(j *job) {
	for _, b := range j.blocks {
		p.blocks.Put(b)
	}
	j.blocks = nil
}
