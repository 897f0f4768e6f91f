//go:build long

package main

import (
	"math/rand/v2"
	"testing"
)

// Twenty kills at moments of chance.
func TestARunThatIsKilledTimeAndAgainEndsAsIfUndisturbed(t *testing.T) {
	for seed := range uint64(5) {
		aRunIsKilled(t, rand.New(rand.NewPCG(seed, 2)), 4)
	}
}
