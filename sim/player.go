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

	// Keeper, if set, is asked for every stretch before it is played, and given it after.
	Keeper Keeper
	// Part, if set, is the share of the stretches that is played; take gets only those.
	Part Part

	runners []*Runner
	mine    sync.Mutex
	blocks  []*Batch // free ones: a block's memory is worth more than its content
}

// Keeper keeps blocks beyond the run that played them. It is called side by side.
type Keeper interface {
	// Kept makes blocks what was kept of a stretch: those of all its models, or none.
	Kept(s Stretch, blocks []*Batch) (all bool)
	// Keep keeps the blocks of a stretch. An error ends the run.
	Keep(s Stretch, blocks []*Batch) error
}

// Stretch says which replications blocks are of. Whatever the run, seed and models given, the same stretch
// has the same blocks.
type Stretch struct {
	Models       []*Model // of the experiment, by which the blocks are known; those played may be variants of them
	Draw         int      // of what is not known, whose variants were played; 0 as well where nothing is drawn
	First, Count int      // replications
}

// Part is the Number-th, from 1 on, of so many parts of a run that are about the same length; the zero value is the whole.
type Part struct{ Number, Of int }

// Cut is where the part of n things begins and ends.
func (p Part) Cut(n int) (from, to int) {
	if p.Of == 0 {
		return 0, n
	}
	return n * (p.Number - 1) / p.Of, n * p.Number / p.Of
}

// Play plays replications first to first+count-1 of every model. Each call of take gets one block for
// each model, of the same replications: those that follow the ones before. They are take's until it
// returns; when it returns false, no more are wanted. The error is that of a replication, or of ctx when
// it was cancelled: then take has had the replications finished by then, without a gap.
func (p *Player) Play(ctx context.Context, models []*Model, first, count int, take func(blocks []*Batch) (more bool)) error {
	size := p.perJob(stretch(count, p.workers()))
	return p.playAll(ctx, (count+size-1)/size, func(number int) job {
		done := number * size
		same := func() ([]*Model, error) { return models, nil }
		return job{of: Stretch{models, 0, first + done, min(size, count-done)}, models: same}
	}, take)
}

// PlayNest plays a nested design of so many replications, from 0 on, as Play does. Take is told whether
// blocks are the last of their draw.
func (p *Player) PlayNest(ctx context.Context, n *Nest, replications int, take func(blocks []*Batch, ends bool) (more bool)) error {
	size := p.perJob(inTurn)
	most := (replications + n.Draws - 1) / n.Draws // of a draw
	parts := (most + size - 1) / size
	var drawn func() ([]*Model, error) // compiled by whoever is the first to play some of the draw
	taken, open := 0, -1
	return p.playAll(ctx, n.Draws*parts, func(number int) job {
		draw, part := number/parts, number%parts
		if draw != open {
			open, drawn = draw, sync.OnceValues(func() ([]*Model, error) { return n.Models(draw) })
		}
		first, last := n.from(draw, replications), n.from(draw+1, replications)
		from := min(first+part*size, last)
		return job{of: Stretch{n.Of, draw, from, min(size, last-from)}, models: drawn}
	}, func(blocks []*Batch) bool {
		taken++
		return take(blocks, taken%parts == 0)
	})
}

// PlayPoints plays points, each the same replications of models of its own, as Play does. Take is told whose
// blocks it gets: those of a point follow one another, in the order of replications.
func (p *Player) PlayPoints(ctx context.Context, points int, models func(point int) ([]*Model, error), replications int, take func(point int, blocks []*Batch) (more bool)) error {
	parts := (replications + pointStretch - 1) / pointStretch
	taken := 0
	return p.playAll(ctx, points*parts, func(number int) job {
		point, first := number/parts, number%parts*pointStretch
		made := func() ([]*Model, error) { return models(point) }
		return job{of: Stretch{nil, 0, first, min(pointStretch, replications-first)}, models: made}
	}, func(blocks []*Batch) bool {
		taken++
		return take((taken-1)/parts, blocks)
	})
}

// pointStretch is how many replications of a point are played before its models are compiled anew: many
// enough to be worth it, few enough to be handed over soon.
const pointStretch = 32

// KeptStretch is how many replications are kept together: it does not depend on the number of workers or of
// replications, so that another run finds them.
const KeptStretch = 32

// playAll plays the stretches that a plan cuts, so many, numbered from 0.
func (p *Player) playAll(ctx context.Context, stretches int, plan func(number int) job, take func(blocks []*Batch) (more bool)) error {
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	early := map[int]*job{} // finished before an earlier one
	next, to := p.Part.Cut(stretches)
	more := true
	var err error
	for j := range p.start(within, next, to, plan) {
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
	number int
	of     Stretch
	models func() ([]*Model, error)
	blocks []*Batch
	err    error
}

// perJob is how many replications a job has that would have so many if its blocks were not kept beyond the run.
func (p *Player) perJob(passing int) int {
	if p.Keeper != nil || p.Part.Of > 0 {
		return KeptStretch
	}
	return passing
}

// stretch is how many replications a job has: enough to be worth handing over, few enough that
// all workers stay busy to the end and the memory in flight stays small.
func stretch(count, workers int) int { return max(1, min(inTurn, count/(50*workers))) }

// workers is how many play at once.
func (p *Player) workers() int {
	if p.Workers > 0 {
		return p.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// start plays the stretches from one to another on the workers. At most a few jobs run ahead of the taker.
func (p *Player) start(ctx context.Context, from, to int, plan func(number int) job) <-chan *job {
	workers := p.workers()
	for len(p.runners) < workers {
		p.runners = append(p.runners, new(Runner))
	}
	todo, done := make(chan *job), make(chan *job, workers)
	go func() {
		defer close(todo)
		for number := from; number < to; number++ {
			j := plan(number)
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

// inTurn is how many replications of a model are played before the next model has its turn: so few that the next
// finds the people of them still there, and enough that the model itself is.
const inTurn = 8

// play runs a job, unless it was kept; false if it was cancelled half-way.
func (p *Player) play(ctx context.Context, r *Runner, j *job) bool {
	if p.Keeper != nil {
		p.room(j, len(j.of.Models))
		if p.Keeper.Kept(j.of, j.blocks) {
			return true
		}
	}
	models, err := j.models()
	if err != nil {
		j.err = err
		return true
	}
	p.room(j, len(models))
	for k := range models {
		j.blocks[k].Reset(j.of.First)
	}
	for from := 0; from < j.of.Count; from += inTurn {
		for k, m := range models {
			for i := from; i < min(from+inTurn, j.of.Count); i++ {
				if ctx.Err() != nil {
					return false
				}
				if j.err = r.Replicate(m, p.Seed, j.of.First+i, j.blocks[k]); j.err != nil {
					return !errors.Is(j.err, errStopped)
				}
			}
		}
	}
	if p.Keeper != nil {
		j.err = p.Keeper.Keep(j.of, j.blocks)
	}
	return true
}

// room gives a job so many blocks.
func (p *Player) room(j *job, blocks int) {
	p.mine.Lock()
	defer p.mine.Unlock()
	for len(j.blocks) < blocks {
		b := new(Batch)
		if last := len(p.blocks) - 1; last >= 0 {
			b, p.blocks = p.blocks[last], p.blocks[:last]
		}
		j.blocks = append(j.blocks, b)
	}
}

// recycle keeps a job's memory once its blocks have been taken or are not wanted.
func (p *Player) recycle(j *job) {
	p.mine.Lock()
	defer p.mine.Unlock()
	for i := len(j.blocks) - 1; i >= 0; i-- { // so that a model gets the block it had
		p.blocks = append(p.blocks, j.blocks[i])
	}
	j.blocks = nil
}
