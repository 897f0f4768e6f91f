package abc

import (
	"context"
	"fmt"
	"math"
)

// tooFar is the implausibility above which a point of the screen is dropped: Pukelsheim's (1994)
// three-sigma rule, as in history matching (Craig, Goldstein, Seheult and Smith 1997).
const tooFar = 3

// screen plays the simulator once at every point and keeps the plausible ones as the first particles.
func (m *Method) screen(ctx context.Context) (*State, error) {
	var plays []play
	n := len(m.Screen)
	if err := m.ahead(ctx, nil, 0, n); err != nil {
		return nil, err
	}
	err := inOrder(ctx, m.Workers, 0, n, m.screening(), func(i int, p play) bool {
		if p.figures != nil {
			plays = append(plays, p)
		}
		m.progress(Progress{Done: i + 1, Of: n, Plays: i + 1})
		return false
	})
	if err != nil {
		return nil, err
	}
	if len(plays) < n/10 {
		return nil, fmt.Errorf("%d of the %d points of the screen could not be played: the bounds of the parameters are too wide", n-len(plays), n)
	}
	return m.plausible(plays)
}

// screening makes players of the screen's points.
func (m *Method) screening() func() func(int) (play, error) {
	return func() func(int) (play, error) {
		simulate := m.Simulator()
		return func(i int) (play, error) {
			l := luckOf(m.Seed, 0, i)
			return m.played(simulate, 0, i, play{theta: m.point(m.Screen[i]), seed: l.seed()})
		}
	}
}

// point is a point of the unit cube as parameters; the corners are drawn in by half a cell.
func (m *Method) point(u []float64) []float64 {
	half := 0.5 / float64(len(m.Screen))
	theta := make([]float64, len(u))
	for k := range u {
		theta[k] = m.Parameters[k].At(half + (1-2*half)*u[k])
	}
	return theta
}

// plausible fits the summaries to the whole screen, drops its implausible points, and fits them anew to
// those that are left.
func (m *Method) plausible(plays []play) (*State, error) {
	s := &State{}
	if err := m.refit(s, plays); err != nil {
		return nil, err
	}
	far, err := m.implausibility(s, plays)
	if err != nil {
		return nil, err
	}
	var kept []play
	for i, p := range plays {
		if far[i] <= tooFar {
			kept = append(kept, p)
		}
	}
	s.Implausible = len(plays) - len(kept)
	if least := m.fewest(); len(kept) < least { // go on from the nearest, and say so if there are none
		s.Far = len(kept) == 0
		kept = kept[:0]
		for _, q := range nearest(s.particles(plays), least) {
			kept = append(kept, play{q.Theta, q.Seed, q.Figures})
		}
	}
	if err := m.refit(s, kept); err != nil {
		return nil, err
	}
	s.Particles = s.particles(kept)
	s.History = []Step{m.step(s, len(m.Screen), float64(len(kept))/float64(len(m.Screen)))}
	return s, nil
}

// fewest is how many points of a screen are kept at least: enough for a regression.
func (m *Method) fewest() int { return 50 * len(m.Parameters) }

// refit fits the summaries to plays.
func (m *Method) refit(s *State, plays []play) error {
	var z, figures [][]float64
	for _, p := range plays {
		z = append(z, m.coordinates(p.theta))
		figures = append(figures, p.figures)
	}
	var err error
	if s.Summaries, err = summarise(z, figures, m.Observed, m.least()); err != nil {
		return err
	}
	s.Goal = s.Summaries.of(m.Observed)
	return nil
}

// least is what a parameter's coordinate is told apart by at the finest: figures may show a whole number
// exactly, but one off is then far enough.
func (m *Method) least() []float64 {
	least := make([]float64, len(m.Parameters))
	for k := range least {
		least[k] = 0.02
		if m.Parameters[k].IsWhole() {
			least[k] = 0.4
		}
	}
	return least
}

// implausibility is, for each play, how far its expected summaries are from the observed ones, in the
// errors of that expectation and of one play's luck: the largest of them. The expectation is a parabola
// in all parameters.
func (m *Method) implausibility(s *State, plays []play) ([]float64, error) {
	rows, got := make([][]float64, len(plays)), make([][]float64, len(plays))
	for i, p := range plays {
		rows[i] = m.parabola(p.theta)
		got[i] = s.Summaries.of(p.figures)
	}
	r, err := newRegression(rows)
	if err != nil {
		return nil, err
	}
	far := make([]float64, len(plays))
	y := make([]float64, len(plays))
	for k := range m.Parameters {
		for i := range got {
			y[i] = got[i][k]
		}
		expected := r.fit(y)
		for i := range plays {
			far[i] = max(far[i], math.Abs(expected.at(rows[i])-s.Goal[k])/max(1, expected.Error))
		}
	}
	return far, nil
}

// parabola are the terms of a quadratic in the parameters, each counted by its share of the prior.
func (m *Method) parabola(theta []float64) []float64 {
	n := len(theta)
	terms := make([]float64, 0, n+n*(n+1)/2)
	for k := range theta {
		terms = append(terms, 2*m.Parameters[k].share(theta[k])-1)
	}
	for i := range n {
		for j := range i + 1 {
			terms = append(terms, terms[i]*terms[j])
		}
	}
	return terms
}
