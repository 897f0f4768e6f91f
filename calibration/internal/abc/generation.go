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
	take := func(_ int, p play) (enough bool) {
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
	}
	for from := 0; accepted < m.Particles && plays < most; {
		until := from + m.likely(plays, accepted)
		if err := m.ahead(ctx, last, from, until); err != nil {
			return nil, err
		}
		if err := inOrder(ctx, m.Workers, from, until, m.proposing(number, moves), take); err != nil {
			return nil, err
		}
		from = until
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

// likely is about how many more proposals it takes until enough are accepted, after so many plays.
func (m *Method) likely(plays, accepted int) int {
	if m.Ahead == nil {
		return math.MaxInt // it is known when it is enough
	}
	rate := max(float64(accepted)/float64(max(1, plays)), m.Acceptance)
	if plays == 0 {
		rate = alive
	}
	return max(m.Particles/4, int(1.1*float64(m.Particles-accepted)/rate))
}

// proposing makes players of a generation's proposals: each moves a parent and plays the simulator there.
func (m *Method) proposing(generation int, moves *kernel) func() func(int) (play, error) {
	return func() func(int) (play, error) {
		simulate := m.Simulator()
		return func(n int) (play, error) {
			l := luckOf(m.Seed, generation, n)
			p := play{seed: l.seed()}
			var ok bool
			if p.theta, ok = moves.propose(&l); !ok {
				return play{}, nil
			}
			return m.played(simulate, generation, n, p)
		}
	}
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
