package sim

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whoever shares a unit with us is left alone while nobody listens and none of us waits: what we are told of
// them event by event, and what is worked out afterwards, must come to the same.
func TestOthersLeftAloneComeToTheSame(t *testing.T) {
	shared, together := 0, 0
	checks(t, 3000, func(rt *rapid.T) {
		m := modelOf(rt, wholeSpec(rt))
		seed := rapid.Uint64Range(0, 50).Draw(rt, "seed")
		var quiet, heard Batch
		var alone Runner
		if err := alone.Replicate(m, seed, 0, &quiet); err != nil {
			rt.Fatal(err)
		}
		listened := Runner{Told: func(e Told) {
			if e.What == OtherStarts {
				together++
			}
		}}
		if err := listened.Replicate(m, seed, 0, &heard); err != nil {
			rt.Fatal(err)
		}
		if !reflect.DeepEqual(quiet, heard) {
			rt.Error("a replication that is listened to comes out differently")
		}
		shared += len(m.shared)
	})
	if fewer == 1 && (shared < 200 || together < 1000) {
		t.Errorf("only %d shared units, and %d of the others in them", shared, together)
	}
}

// What becomes of someone who is away, until a relapse or a return, is worked out as they leave while nobody listens: it
// must come to the same as event by event, over years and for figures that look back on those who completed.
func TestRelapsesAwayComeToTheSame(t *testing.T) {
	m := modelOf(t, rich())
	relapses := 0
	for seed := range uint64(30) {
		var quiet, heard Batch
		alone, listened := Runner{}, Runner{Told: func(e Told) {
			if e.What == Relapses {
				relapses++
			}
		}}
		if err := errors.Join(alone.Replicate(m, seed, 0, &quiet), listened.Replicate(m, seed, 0, &heard)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(quiet, heard) {
			t.Errorf("seed %d: a replication that is listened to comes out differently", seed)
		}
	}
	if relapses < 1000 {
		t.Errorf("only %d relapses away", relapses)
	}
}

// Who comes is known to the models that are played in turn: a runner that has played others gives what a new one
// gives.
func TestRunnersThatKnowWhoComesPlayAsNewOnes(t *testing.T) {
	taken := 0
	checks(t, 300, func(rt *rapid.T) {
		spec := wholeSpec(rt)
		first := modelOf(rt, spec)
		models := []*Model{first}
		for _, change := range []func(*Spec){
			func(s *Spec) { s.Measure += 10 },
			func(s *Spec) { s.Streams[0].Growth += 0.1 },
			func(s *Spec) { s.Stages[0].KeepInTouch *= 0.5 },
			moreOthers,
			moreTraits,
		} {
			other := spec
			other.Streams, other.Stages = slices.Clone(spec.Streams), slices.Clone(spec.Stages)
			change(&other)
			m, err := first.Beside(other)
			if err != nil {
				rt.Fatal(err)
			}
			models = append(models, m)
		}
		if models[3].firstStream() == first.firstStream() && models[2].firstStream() != first.firstStream() {
			taken++
		}
		var used Runner
		for turn := range 2 {
			for k, m := range models { // the last but one has our people in common with the one before, and not the others
				for i := range inTurn {
					var got, want Batch
					var unused Runner
					if err := errors.Join(used.Replicate(m, 5, i, &got), unused.Replicate(m, 5, i, &want)); err != nil {
						rt.Fatal(err)
					}
					if !reflect.DeepEqual(got, want) {
						rt.Fatalf("turn %d, replication %d of model %d comes out differently", turn, i, k)
					}
				}
			}
		}
	})
	if fewer == 1 && !testing.Short() && taken < 100 {
		t.Errorf("only %d models have taken over the streams of another", taken)
	}
}

// moreTraits has all people of every trait, so that the same people are of other kinds.
func moreTraits(s *Spec) {
	s.Traits = slices.Clone(s.Traits)
	for i := range s.Traits {
		s.Traits[i].Share = Same(1.0)
	}
}

// moreOthers has twice as many others at every shared unit.
func moreOthers(s *Spec) {
	for i := range s.Stages {
		if s.Stages[i].Kind != BedsKind {
			continue
		}
		beds := *s.Stages[i].Beds
		beds.Places = slices.Clone(beds.Places)
		for j := range beds.Places {
			if others := beds.Places[j].Others; others != nil {
				beds.Places[j].Others = &OtherDemand{PerYear: 2 * others.PerYear, Stay: others.Stay}
			}
		}
		s.Stages[i].Beds = &beds
	}
}

// So many others that they come window after window: those who wait may be of two of them.
func TestOthersOfSeveralWindowsComeToTheSame(t *testing.T) {
	spec := textbook(0.5, 3, exponential(9), exponential(5), 400)
	place := &spec.Stages[0].Beds.Places[0]
	place.Contract, place.Of, place.Turnover = Share, 150, 1
	place.Others = &OtherDemand{PerYear: 13.5 * daysPerYear, Stay: exponential(10)}
	m := compiled(t, spec)
	for i := range 3 {
		var quiet, heard Batch
		var alone Runner
		starts := 0
		listened := Runner{Told: func(e Told) {
			if e.What == OtherStarts {
				starts++
			}
		}}
		if err := errors.Join(alone.Replicate(m, 1, i, &quiet), listened.Replicate(m, 1, i, &heard)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(quiet, heard) {
			t.Errorf("replication %d that is listened to comes out differently", i)
		}
		if starts <= 2*perWindow {
			t.Errorf("only %d of the others are admitted", starts)
		}
	}
}
