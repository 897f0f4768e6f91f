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
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	early := map[int]*job{} // finished before an earlier one
	next, more := 0, true
	var err error
	for j := range p.start(within, models, first, count) {
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
	blocks               []*Batch
	err                  error
}

// stretch is how many replications a job has: enough to be worth handing over, few enough that
// all workers stay busy and the memory in flight stays small.
func stretch(count, workers int) int { return max(1, min(8, count/(8*workers))) }

// start plays all jobs on the workers. At most a few jobs run ahead of the taker.
func (p *Player) start(ctx context.Context, models []*Model, first, count int) <-chan *job {
	workers := p.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	for len(p.runners) < workers {
		p.runners = append(p.runners, new(Runner))
	}
	size := stretch(count, workers)
	todo, done := make(chan *job), make(chan *job, workers)
	go func() {
		defer close(todo)
		for number, done := 0, 0; done < count; number, done = number+1, done+size {
			j := &job{number: number, first: first + done, count: min(size, count-done)}
			select {
			case todo <- j:
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
				if p.play(ctx, r, models, j) {
					done <- j
				}
			}
		})
	}
	go func() { working.Wait(); close(done) }()
	return done
}

// play runs a job; false if it was cancelled half-way.
func (p *Player) play(ctx context.Context, r *Runner, models []*Model, j *job) bool {
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
