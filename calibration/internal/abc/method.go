package abc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// Simulator plays the model once with luck of its own for the seed, and gives the figures that were
// observed, NaN for those it has none of. No figures at all: nothing like this could be played.
type Simulator func(theta []float64, seed uint64) ([]float64, error)

// Method says what is to be found and how.
type Method struct {
	Parameters []Parameter
	Observed   []float64        // figures; NaN for one that was not observed
	Simulator  func() Simulator // one for each worker
	Seed       uint64
	Workers    int         // 0: one for each processor
	Screen     [][]float64 // points of the unit cube, [point][parameter]; at least 50 a parameter

	Particles   int     // of a generation
	Acceptance  float64 // stop when no greater share of proposals is accepted
	Generations int     // at most

	Progress func(Progress)     // now and then, from one goroutine
	Finished func(*State) error // after the screen and after each generation

	Keeper Keeper // of plays beyond the calibration, if set
	// Ahead, if set, is called before proposals from one up to another are played after a state, none for the screen:
	// those that the Keeper knows by then are not played here.
	Ahead func(ctx context.Context, s *State, from, until int) error
}

// Keeper keeps the figures of single plays beyond the calibration that made them, by generation, 0 for the screen,
// and number. It is called side by side.
type Keeper interface {
	Kept(generation, n int) (figures []float64, known bool)
	Keep(generation, n int, figures []float64) error
}

// Progress is how far a calibration has come.
type Progress struct {
	Generation int // 0: the screen
	Done, Of   int // points of the screen, or accepted particles
	Plays      int // of the simulator in this generation
	Tolerance  float64
}

// Acceptance is the share of proposals accepted so far.
func (p Progress) Acceptance() float64 { return float64(p.Done) / float64(max(1, p.Plays)) }

// State is all that a calibration needs to go on from where it is.
type State struct {
	Summaries   *Summaries
	Goal        []float64 // the summaries of what was observed
	Particles   []Particle
	History     []Step // of the screen and each generation
	Implausible int    // points of the screen dropped
	Far         bool   // every point of the screen was implausible
	Settled     bool   // it stopped because the posterior no longer changed
	Done        bool
}

// Particle is one play that came near enough to what was observed.
type Particle struct {
	Theta    []float64
	Seed     uint64 // of the play
	Figures  Figures
	Summary  []float64
	Distance float64
	Weight   float64
}

// Figures are those of one play. In JSON one that is missing is null.
type Figures []float64

// MarshalJSON writes a missing figure, NaN, as null.
func (f Figures) MarshalJSON() ([]byte, error) {
	all := make([]*float64, len(f))
	for i := range f {
		if !math.IsNaN(f[i]) {
			all[i] = &f[i]
		}
	}
	return json.Marshal(all)
}

// UnmarshalJSON reads null as a missing figure.
func (f *Figures) UnmarshalJSON(text []byte) error {
	var all []*float64
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	*f = make(Figures, len(all))
	for i, v := range all {
		(*f)[i] = math.NaN()
		if v != nil {
			(*f)[i] = *v
		}
	}
	return nil
}

// Step is what one generation gave; the first is the screen.
type Step struct {
	Tolerance  float64 // the largest distance there is
	Plays      int
	Acceptance float64
	Size       float64   // of the posterior, in independent draws
	Mean, SD   []float64 // of each parameter, adjusted
}

// ErrInterrupted says that a calibration was stopped; the state after its last generation is kept.
var ErrInterrupted = errors.New("stopped")

// Run goes on from a state, or begins where it is nil, until nothing more is to be learnt. When ctx is
// cancelled the last finished state comes with ErrInterrupted; it is nil before the screen is done.
func (m *Method) Run(ctx context.Context, s *State) (*State, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	if s == nil {
		var err error
		if s, err = m.screen(ctx); err != nil {
			return nil, m.stopped(ctx, err)
		}
		if err := m.finished(s); err != nil {
			return s, err
		}
	}
	for !s.Done {
		next, err := m.generation(ctx, s)
		if err != nil {
			return s, m.stopped(ctx, err)
		}
		s = next
		if err := m.finished(s); err != nil {
			return s, err
		}
	}
	return s, nil
}

// PlayAhead plays the proposals from one up to another after a state, nil for the screen, for the Keeper alone.
func (m *Method) PlayAhead(ctx context.Context, s *State, from, until int) error {
	if err := m.check(); err != nil {
		return err
	}
	player := m.screening()
	if s == nil {
		until = min(until, len(m.Screen))
	} else {
		player = m.proposing(len(s.History), m.newKernel(nearer(s.Particles, alive)))
	}
	return inOrder(ctx, m.Workers, from, until, player, func(int, play) bool { return false })
}

// played is a play of the simulator, or what was kept of it.
func (m *Method) played(simulate Simulator, generation, n int, p play) (play, error) {
	if m.Keeper != nil {
		if figures, known := m.Keeper.Kept(generation, n); known {
			p.figures = figures
			return p, nil
		}
	}
	var err error
	if p.figures, err = simulate(p.theta, p.seed); err == nil && m.Keeper != nil {
		err = m.Keeper.Keep(generation, n, p.figures)
	}
	return p, err
}

// ahead has proposals played elsewhere, if there is somewhere else.
func (m *Method) ahead(ctx context.Context, s *State, from, until int) error {
	if m.Ahead == nil {
		return nil
	}
	return m.Ahead(ctx, s, from, until)
}

// The least that a calibration works with: particles of a generation, and points of the screen for each parameter.
const (
	LeastParticles = 20
	LeastScreen    = 50
)

func (m *Method) check() error {
	switch {
	case len(m.Parameters) == 0:
		return errors.New("there is no parameter to find")
	case m.Particles < LeastParticles || m.Generations < 1 || !(m.Acceptance > 0 && m.Acceptance < 1):
		return fmt.Errorf("a calibration needs at least %d particles, a generation and a least acceptance, not %d, %d and %g", LeastParticles, m.Particles, m.Generations, m.Acceptance)
	case len(m.Screen) < LeastScreen*len(m.Parameters):
		return fmt.Errorf("a screen of %d parameters needs at least %d points, not %d", len(m.Parameters), LeastScreen*len(m.Parameters), len(m.Screen))
	}
	return nil
}

func (m *Method) stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		return ErrInterrupted
	}
	return err
}

func (m *Method) finished(s *State) error {
	if m.Finished == nil {
		return nil
	}
	return m.Finished(s)
}

func (m *Method) progress(p Progress) {
	if m.Progress != nil {
		m.Progress(p)
	}
}

// coordinates are the coordinates of parameters' values.
func (m *Method) coordinates(theta []float64) []float64 {
	z := make([]float64, len(theta))
	for k := range theta {
		z[k] = m.Parameters[k].coordinate(theta[k])
	}
	return z
}

// play is one play of the simulator.
type play struct {
	theta   []float64
	seed    uint64
	figures []float64 // nil: none
}

// particle holds a play against what was observed.
func (s *State) particle(p play) Particle {
	q := Particle{Theta: p.theta, Seed: p.seed, Figures: p.figures, Weight: 1, Distance: math.Inf(1)}
	if p.figures != nil {
		q.Summary = s.Summaries.of(p.figures)
		q.Distance = distance(q.Summary, s.Goal)
	}
	return q
}

// particles holds plays against what was observed; all weigh the same.
func (s *State) particles(plays []play) []Particle {
	all := make([]Particle, len(plays))
	for i, p := range plays {
		all[i] = s.particle(p)
	}
	return all
}
