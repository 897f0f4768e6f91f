package sim

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
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
					g.Add(blocks[at], i, i+1)
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

// shelf keeps blocks as they are written.
type shelf struct {
	mu   sync.Mutex
	kept map[string][]byte
	full int // stretches that it can hold; 0 for any number
}

var errFull = errors.New("the shelf is full")

func shelfMark(s Stretch, i int) string { return fmt.Sprint(i, s.Draw, s.First, s.Count) }

func (s *shelf) Kept(of Stretch, blocks []*Batch) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range of.Models {
		text, there := s.kept[shelfMark(of, i)]
		if !there || blocks[i].Decode(text) != nil {
			return false
		}
	}
	return true
}

func (s *shelf) Keep(of Stretch, blocks []*Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full > 0 && len(s.kept) >= s.full {
		return errFull
	}
	for i, b := range blocks {
		s.kept[shelfMark(of, i)] = b.AppendTo(nil)
	}
	return nil
}

// A run of which some is kept gives what it gives without, and so do its parts, played anywhere in any order.
func TestWhatIsKeptIsNotPlayedAgain(t *testing.T) {
	m := modelOf(t, small())
	nest := &Nest{Draws: 12, Of: []*Model{m}, Models: func(int) ([]*Model, error) { return []*Model{m}, nil }}
	for _, nested := range []*Nest{nil, nest} {
		e := Experiment{Models: []*Model{m}, Seed: 3, Replications: 200, Workers: 2, Nest: nested}
		want := run(t, t.Context(), e)
		kept := &shelf{kept: map[string][]byte{}}
		e.Keeper = kept
		total := 0
		for _, part := range []int{3, 1, 4, 2, 5} {
			n, err := e.Keep(t.Context(), Part{part, 5})
			if err != nil {
				t.Fatal(err)
			}
			total += n
		}
		stretches := len(kept.kept)
		if got := run(t, t.Context(), e); total != 200 || len(kept.kept) != stretches || !reflect.DeepEqual(got, want) {
			t.Errorf("parts of %d replications in %d stretches, then %d: another outcome than that of one run", total, stretches, len(kept.kept))
		}
		for mark := range kept.kept {
			delete(kept.kept, mark)
			break
		}
		if got := run(t, t.Context(), e); !reflect.DeepEqual(got, want) || len(kept.kept) != stretches {
			t.Error("a stretch that is gone is not played again")
		}
		e.Keeper = &shelf{kept: map[string][]byte{}, full: 2}
		if _, err := e.Run(t.Context()); !errors.Is(err, errFull) {
			t.Errorf("a full shelf: %v", err)
		}
	}
}
