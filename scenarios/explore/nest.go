package explore

import (
	"fmt"

	"tier4/scenarios"
	"tier4/sim"
)

// Unsure says whether any of the scenarios has numbers that nobody knows.
func Unsure(all ...*scenarios.Scenario) bool {
	for _, s := range all {
		if s.Unknowns != nil && s.Unknowns.Any() {
			return true
		}
	}
	return false
}

// Nest is the nested design of scenarios and their compiled models over so many replications: what nobody
// knows is drawn by address, so that a draw is the same in every scenario. It is nil where nothing is
// unknown, and where so few replications would make too few draws to say anything.
func Nest(all []*scenarios.Scenario, models []*sim.Model, seed uint64, replications int) *sim.Nest {
	draws := sim.NestedDraws(replications)
	if !Unsure(all...) || draws < sim.LeastDraws {
		return nil
	}
	kin := scenarios.NewKin(all)
	return &sim.Nest{Draws: draws, Of: models, Models: func(draw int) ([]*sim.Model, error) {
		return drawn(kin, models, func(_ int, u *scenarios.Unknowns) []float64 { return u.Draw(seed, draw) }, drawName(draw))
	}}
}

// drawn are variants of models in which what is not known has the values of a draw. Laws that several share
// are tabulated once.
func drawn(kin *scenarios.Kin, models []*sim.Model, draw func(i int, u *scenarios.Unknowns) []float64, name string) ([]*sim.Model, error) {
	variants, reading := make([]*sim.Model, len(models)), kin.Reading()
	for i, s := range kin.All {
		variants[i] = models[i]
		if !Unsure(s) {
			continue
		}
		spec, err := reading.Variant(i, draw(i, s.Unknowns))
		if err == nil {
			variants[i], err = models[i].Variant(spec, variants[:i]...)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %s of what is uncertain does not work: %w", s.Name, name, err)
		}
	}
	return variants, nil
}
