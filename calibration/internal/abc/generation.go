package abc

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// alive is the share of a generation's weight that its successors start from.
const alive = 0.3

// generation plays until enough proposals come nearer than the better half of the last generation, or
// too few of them do: then the nearest are taken, and it is the last.
func (m *Method) generation(ctx context.Context, last *State) (*State, error) {
	number := len(last.History)
	parents := nearer(last.Particles, alive)
	tolerance := parents[len(parents)-1].Distance
	moves := m.newKernel(parents)
	wide := slices.MaxFunc(last.Particles, byDistance).Distance
	most := int(float64(m.Particles) / m.Acceptance)
	var near []Particle
	var all []play
	plays, accepted := 0, 0
	err := inOrder(ctx, m.Workers, math.MaxInt, func() func(int) (play, error) {
		simulate := m.Simulator()
		return func(n int) (play, error) { return m.propose(moves, simulate, luckOf(m.Seed, number, n)) }
	}, func(_ int, p play) bool {
		if p.theta == nil {
			return false // outside the prior, so not played
		}
		plays++
		if p.figures != nil && len(all) < mostFitted {
			all = append(all, p)
		}
		if q := last.particle(p); q.Distance <= wide {
			near = append(near, q)
			if q.Distance <= tolerance {
				accepted++
			}
		}
		m.progress(Progress{Generation: number, Done: accepted, Of: m.Particles, Plays: plays, Tolerance: tolerance})
		return accepted == m.Particles || plays == most
	})
	if err != nil {
		return nil, err
	}
	s := *last
	s.Particles = nearest(near, m.Particles)
	if accepted == m.Particles {
		s.Particles = slices.DeleteFunc(near, func(p Particle) bool { return p.Distance > tolerance })
	}
	moves.weigh(s.Particles)
	if err := m.anew(&s, all); err != nil {
		return nil, err
	}
	return m.judge(&s, plays, float64(accepted)/float64(plays)), nil
}

// propose moves a parent and plays the simulator there.
func (m *Method) propose(moves *kernel, simulate Simulator, l luck) (p play, err error) {
	p.seed = l.seed()
	var ok bool
	if p.theta, ok = moves.propose(&l); !ok {
		return play{}, nil
	}
	p.figures, err = simulate(p.theta, p.seed)
	return p, err
}

// mostFitted is how many plays of a generation the summaries are fitted to at most: the first.
const mostFitted = 8192

// anew fits the summaries to the plays of a generation, for near what was observed a parabola says more
// than over the whole prior, and holds its particles against them.
func (m *Method) anew(s *State, plays []play) error {
	if len(plays) < m.fewest() {
		return nil
	}
	if err := m.refit(s, plays); err != nil {
		return err
	}
	s.Particles = slices.Clone(s.Particles)
	for i := range s.Particles {
		p := &s.Particles[i]
		p.Summary = s.Summaries.of(p.Figures)
		p.Distance = distance(p.Summary, s.Goal)
	}
	return nil
}

// A posterior is settled when it has not changed over so many steps: fewer where few proposals are accepted, since
// a wide tolerance may stand still for a while.
const (
	narrow      = 0.1 // acceptance
	stepsNarrow = 3
	stepsWide   = 5
)

// judge adds a generation to the history, and decides whether to go on.
func (m *Method) judge(s *State, plays int, acceptance float64) *State {
	s.History = append(slices.Clip(s.History), m.step(s, plays, acceptance))
	n, steps := len(s.History), stepsWide
	if acceptance <= narrow {
		steps = stepsNarrow
	}
	s.Settled = n > steps && m.settled(s.History[n-steps:])
	s.Done = s.Settled || acceptance <= m.Acceptance || n > m.Generations
	return s
}

// step describes the particles of a state.
func (m *Method) step(s *State, plays int, acceptance float64) Step {
	one := Step{Plays: plays, Acceptance: acceptance, Tolerance: slices.MaxFunc(s.Particles, byDistance).Distance}
	post := m.Posterior(s)
	one.Size = post.Size()
	for k := range m.Parameters {
		mean, sd := post.Moments(k)
		one.Mean, one.SD = append(one.Mean, mean), append(one.SD, sd)
	}
	return one
}

// settled reports whether, since the first of some steps, no mean has moved by more than a tenth of its standard
// deviation and no deviation by more than a tenth of itself, or by what chance moves them in samples of that size,
// or by a hundredth of the prior's.
func (m *Method) settled(steps []Step) bool {
	first := steps[0]
	for k := range m.Parameters {
		_, prior := m.Parameters[k].PriorMoments()
		for _, one := range steps[1:] {
			chance := 2.5 * math.Sqrt(1/first.Size+1/one.Size)
			little := max(max(0.1, chance)*first.SD[k], 0.01*prior)
			if math.Abs(one.Mean[k]-first.Mean[k]) > little || math.Abs(one.SD[k]-first.SD[k]) > little {
				return false
			}
		}
	}
	return true
}

func byDistance(a, b Particle) int { return cmp.Compare(a.Distance, b.Distance) }

// nearest are the n particles nearest to what was observed, the nearest first.
func nearest(particles []Particle, n int) []Particle {
	all := slices.Clone(particles)
	slices.SortStableFunc(all, byDistance)
	return all[:min(n, len(all))]
}

// nearer are the nearest particles that hold a share of all weight, the nearest first.
func nearer(particles []Particle, share float64) []Particle {
	all := nearest(particles, len(particles))
	var total, sum float64
	for _, p := range all {
		total += p.Weight
	}
	for i, p := range all {
		if sum += p.Weight; sum >= share*total {
			return all[:i+1]
		}
	}
	return all
}
