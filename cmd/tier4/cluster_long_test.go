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
