package abc

import (
	"gonum.org/v1/gonum/mathext"

	"tier4/sim/dist"
)

// luck is the sequence of draws of one proposal, at its own address.
type luck struct {
	key dist.Key
	n   uint32
}

// purposes of draws within the address of a calibration.
var (
	proposes  = dist.NameOf("proposes")
	simulates = dist.NameOf("simulates")
)

// luckOf is the luck of proposal n of a generation.
func luckOf(seed uint64, generation, n int) luck {
	return luck{key: dist.Root(seed, generation).Int(uint64(n))}
}

// seed is what the proposal's play of the simulator is seeded with.
func (l *luck) seed() uint64 { return uint64(l.key.Name(simulates)) }

func (l *luck) uniform() float64 {
	l.n++
	return l.key.Draw(proposes, 0, l.n)
}

func (l *luck) normal() float64 { return mathext.NormalQuantile(l.uniform()) }
