package sim

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
)

// A stretch of some models may follow a stretch of all: each has the replications it would have had alone.
func TestStretchesOfModelsFollowOneAnother(t *testing.T) {
	other := small()
	other.Stages[0].Beds.Places = append(slices.Clone(other.Stages[0].Beds.Places), block("more", 1, 9000))
	models := []*Model{modelOf(t, small()), modelOf(t, other), modelOf(t, small())}
	want := run(t, t.Context(), Experiment{Models: models[1:2], Seed: 3, Replications: 60, Workers: 1}).Summaries[0]
	for _, workers := range []int{1, 2, 7} {
		p := Player{Seed: 3, Workers: workers}
		g := NewGather(models[1])
		next := 0
		taking := func(at int) func([]*Batch) bool {
			return func(blocks []*Batch) bool {
				if blocks[0].First != next || blocks[at].First != next || blocks[0].Count != blocks[at].Count {
					t.Fatalf("%d workers: replication %d comes after %d", workers, blocks[0].First, next-1)
				}
				for i := range blocks[at].Count {
					g.Add(blocks[at], i)
				}
				next += blocks[0].Count
				return true
			}
		}
		for _, s := range []struct {
			models       []*Model
			at, from, to int
		}{{models, 1, 0, 25}, {models[1:], 0, 25, 26}, {models[1:2], 0, 26, 60}} {
			if err := p.Play(t.Context(), s.models, s.from, s.to-s.from, taking(s.at)); err != nil {
				t.Fatal(err)
			}
		}
		if got := g.Summary(); next != 60 || !reflect.DeepEqual(got, want) {
			t.Errorf("%d workers: stretches give another summary than one run of %d replications", workers, next)
		}
	}
}

func TestAPlayerStopsWhenNoMoreIsWanted(t *testing.T) {
	m := modelOf(t, small())
	p := Player{Seed: 3, Workers: 3}
	taken := 0
	if err := p.Play(t.Context(), []*Model{m}, 0, 10_000, func([]*Batch) bool { taken++; return taken < 4 }); err != nil || taken != 4 {
		t.Errorf("%d taken, %v", taken, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	taken = 0
	err := p.Play(ctx, []*Model{m}, 0, 10_000, func([]*Batch) bool {
		if taken++; taken == 3 {
			cancel()
		}
		return true
	})
	if !errors.Is(err, context.Canceled) || taken < 3 || taken > 100 {
		t.Errorf("cancelled: %d taken, %v", taken, err)
	}
	if err := p.Play(t.Context(), []*Model{m}, 5, 0, func([]*Batch) bool { t.Error("a block of nothing"); return true }); err != nil {
		t.Error(err)
	}
}

// Terms are what a figure's estimate is made of.
func TestTermsOfAFigure(t *testing.T) {
	m := modelOf(t, small())
	p := Player{Seed: 3, Workers: 1}
	figures := m.Figures()
	sums := make([][2]float64, len(figures))
	if err := p.Play(t.Context(), []*Model{m}, 0, 40, func(blocks []*Batch) bool {
		for i := range blocks[0].Count {
			for f := range figures {
				y, n := blocks[0].Terms(i, f)
				sums[f][0] += y
				sums[f][1] += n
			}
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	s := run(t, t.Context(), Experiment{Models: []*Model{m}, Seed: 3, Replications: 40}).Summaries[0]
	checked := 0
	for f, figure := range figures {
		e, ok := s.Find(figure.ID)
		if !figure.Ratio {
			if sums[f] != [2]float64{} {
				t.Errorf("%s is a quantile and has terms", figure.ID)
			}
		} else if ok {
			checked++
			if got := sums[f][0] / sums[f][1]; abs(got-e.Value) > 1e-9*abs(e.Value) {
				t.Errorf("%s: %g of its terms, %g estimated", figure.ID, got, e.Value)
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d figures", checked)
	}
}
