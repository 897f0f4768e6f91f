package explore

import (
	"context"
	"slices"
	"sync"

	"tier4/sim"
)

// Survey plays every option equally often, all on the same people.
type Survey struct {
	Options      []Option
	Keep         []string // figures whose single replications are kept, for a [Frontier]
	Seed         uint64
	Replications int // of each option
	Workers      int
	Keeper       sim.Keeper     // of blocks beyond the run, if set
	Progress     func(done int) // replications of every option
}

// Surveyed is what a survey gave.
type Surveyed struct {
	Survey
	Replications int // of each option, finished
	Interrupted  bool
	Summaries    []*sim.Summary // by option
	kept         [][]*series    // by figure kept and option
}

// Run makes the survey. Any number of workers gives the same outcome. When ctx is cancelled the replications
// finished by then, of all options alike, are the outcome.
func (s Survey) Run(ctx context.Context) (*Surveyed, error) {
	found := &Surveyed{Survey: s}
	var models []*sim.Model
	var gathers []*sim.Gather
	var at [][]int // by option, the places of the figures kept, -1 for none
	for _, o := range s.Options {
		models, gathers = append(models, o.Model), append(gathers, sim.NewGather(o.Model))
		at = append(at, placesOf(o.Model, s.Keep))
	}
	for range s.Keep {
		kept := make([]*series, len(models))
		for i := range kept {
			kept[i] = new(series)
		}
		found.kept = append(found.kept, kept)
	}
	p := sim.Player{Seed: s.Seed, Workers: s.Workers, Keeper: s.Keeper}
	err := p.Play(ctx, models, 0, s.Replications, func(blocks []*sim.Batch) bool {
		for i, b := range blocks {
			gathers[i].Add(b, 0, b.Count)
			for r := range b.Count {
				for k := range s.Keep {
					found.kept[k][i].take(b, r, at[i][k])
				}
			}
		}
		found.Replications += blocks[0].Count
		if s.Progress != nil {
			s.Progress(found.Replications)
		}
		return true
	})
	if err != nil && err != ctx.Err() {
		return nil, err
	}
	if found.Interrupted = err != nil; found.Replications == 0 {
		return nil, sim.ErrNothingFinished
	}
	found.Summaries = summaries(gathers)
	return found, nil
}

// Part plays a part of the survey for its Keeper alone, and says how many replications of every option it has.
func (s Survey) Part(ctx context.Context, part sim.Part) (replications int, err error) {
	e := sim.Experiment{Seed: s.Seed, Replications: s.Replications, Workers: s.Workers, Keeper: s.Keeper, Progress: s.Progress}
	for _, o := range s.Options {
		e.Models = append(e.Models, o.Model)
	}
	return e.Keep(ctx, part)
}

// placesOf are the places of figures among those a model measures, -1 for none.
func placesOf(m *sim.Model, ids []string) []int {
	figures := m.Figures()
	at := make([]int, len(ids))
	for k, id := range ids {
		at[k] = slices.IndexFunc(figures, func(f sim.Figure) bool { return f.ID == id })
	}
	return at
}

// take adds a figure's terms in the r-th replication of a block; nothing where the model does not have it.
func (s *series) take(b *sim.Batch, r, figure int) {
	y, n := 0.0, 0.0
	if figure >= 0 {
		y, n = b.Terms(r, figure)
	}
	s.add(y, n)
}

// summaries are made side by side.
func summaries(gathers []*sim.Gather) []*sim.Summary {
	all := make([]*sim.Summary, len(gathers))
	var making sync.WaitGroup
	for i, g := range gathers {
		making.Go(func() { all[i] = g.Summary() })
	}
	making.Wait()
	return all
}
