//go:build long

package main

import (
	"math/rand/v2"
	"testing"
)

// Twenty kills at moments of chance.
func TestAClusterThatIsDisturbedTimeAndAgainGivesTheSameAnswer(t *testing.T) {
	for seed := range uint64(5) {
		disturbed(t, rand.New(rand.NewPCG(seed, 3)), 1, 4)
	}
}

// Any of three servers may go, the one that leads among them.
func TestAClusterOfThreeServersOutlivesTheLossOfOne(t *testing.T) {
	for seed := range uint64(3) {
		disturbed(t, rand.New(rand.NewPCG(seed, 4)), 3, 4)
	}
}

// What is played ahead of a calibration or a choice outlives the same.
func TestWhatIsPlayedAheadOutlivesKills(t *testing.T) {
	for seed := range uint64(3) {
		luck := rand.New(rand.NewPCG(seed, 5))
		dir, calibration := observedA(t)
		disturbedIn(t, luck, 1, 4, dir, calibration...)
		disturbedIn(t, luck, 1, 4, t.TempDir(), aChoice...)
	}
}
