package sim

import (
	"reflect"
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
