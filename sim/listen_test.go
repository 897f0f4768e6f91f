package sim

import (
	"math"
	"reflect"
	"testing"
)

// listen plays replications of a model on one runner and lists all that was told.
func listen(t *testing.T, m *Model) (told []Told, b *Batch) {
	t.Helper()
	r := Runner{Told: func(one Told) { told = append(told, one) }}
	b = new(Batch)
	b.Reset(5)
	for i := range 2 {
		if err := r.Replicate(m, 11, 5+i, b); err != nil {
			t.Fatal(err)
		}
	}
	return told, b
}

func TestListeningChangesNothing(t *testing.T) {
	m := modelOf(t, rich())
	told, got := listen(t, m)
	var r Runner
	var want Batch
	want.Reset(5)
	var traced []Told
	for i := range 2 {
		if err := r.Replicate(m, 11, 5+i, &want); err != nil {
			t.Fatal(err)
		}
		if err := Trace(m, 11, 5+i, func(one Told) { traced = append(traced, one) }); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(got, &want) {
		t.Error("a replication that somebody listens to gives other figures")
	}
	if !reflect.DeepEqual(told, traced) {
		t.Error("a runner that is used again tells another story than a trace")
	}
}

// A model compiled to be played once has the same people with the same luck; only what tables round may
// differ, and the order of things that it moves.
func TestCompiledOnceIsTheSameModel(t *testing.T) {
	spec := rich()
	once, err := CompileOnce(spec, "referrals")
	if err != nil {
		t.Fatal(err)
	}
	often := modelOf(t, spec, "referrals")
	first := func(m *Model) map[[2]uint64]Told {
		all := map[[2]uint64]Told{}
		told, _ := listen(t, m)
		for _, one := range told {
			k := [2]uint64{one.Who.Key, uint64(one.Visit)}
			if _, ok := all[k]; !ok && one.What == Joins && one.Visit == 0 {
				all[k] = one
			}
		}
		return all
	}
	a, b := first(once), first(often)
	if len(a) != len(b) || len(a) == 0 {
		t.Fatalf("%d people come, not %d", len(a), len(b))
	}
	for k, one := range b {
		if got := a[k]; math.Abs(got.At-one.At) > 0.05 || got.Stage != one.Stage || !reflect.DeepEqual(got.Who, one.Who) {
			t.Errorf("%+v\nbecomes\n%+v", one, got)
		}
	}
}
