package calibration

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tier4/calibration/internal/abc"
	"tier4/scenarios"
	"tier4/scenarios/explore"
	"tier4/sim"
	"tier4/sim/dist"
)

// Task is what is to be calibrated, and how.
type Task struct {
	Scenario *scenarios.Scenario
	Extract  *Extract
	Fixed    []string // paths, or what they start with: directly seen, but left as the scenario has them
	HoldOut  Day      // knowledge is cut here, and what came after is predicted; Missing for none
	// Discrepancy is how far off the model itself may be, by target: the standard deviation of what is added to a
	// simulated figure, in its unit (Wilkinson 2013). Nothing unless given.
	Discrepancy map[string]float64

	Seed       uint64
	Workers    int     // 0: one for each processor; the answer does not depend on it
	Screen     int     // points of the screen
	Particles  int     // of a generation
	Acceptance float64 // at which to stop
}

// Progress is how far a calibration has come.
type Progress = abc.Progress

// State is all that a calibration needs to go on from where it is.
type State = abc.State

// ErrInterrupted says that a calibration was stopped; its last generation is kept.
var ErrInterrupted = abc.ErrInterrupted

// The usual size of a calibration.
const (
	UsualScreen     = 4096
	UsualParticles  = 1000
	UsualAcceptance = 0.02
)

// The least size of a calibration: particles, and points of the screen for each number sought.
const (
	LeastParticles = abc.LeastParticles
	LeastScreen    = abc.LeastScreen
)

// mostGenerations is far beyond need: a calibration settles, or hardly accepts anything, before.
const mostGenerations = 25

// Plan is a calibration made ready: what is found by likelihood, what by simulation, and how a history is
// played and measured.
type Plan struct {
	Directs []Direct
	Sought  []scenarios.Sought
	Sets    []string // settings without which the numbers could not be found one by one
	Notes   []string // what is left as it is or does not fit, and why

	task    Task
	whole   *Extract            // of the stages that the scenario has too
	seen    *Extract            // what the calibration may know of it
	base    *scenarios.Scenario // on the calendar of the extract, to the end of what it may know
	numbers []scenarios.Number  // the sought, then those of directs
	gauge   *Gauge
	fitted  []int // of the gauge's targets
	method  abc.Method
}

// NewPlan makes a calibration ready. The error says all that is wrong with the scenario or the extract.
func NewPlan(t Task) (*Plan, error) {
	if len(t.Scenario.Sought) == 0 {
		return nil, errors.New(nothingSought(t.Scenario))
	}
	x, notes, err := shared(t.Scenario, t.Extract)
	if err != nil {
		return nil, err
	}
	p := &Plan{task: t, Sought: t.Scenario.Sought, whole: x, seen: x}
	if t.HoldOut.Known() {
		if t.HoldOut <= x.From || t.HoldOut >= x.Until {
			return nil, fmt.Errorf("nothing can be held out from %s on: the extract goes from %s to %s", t.HoldOut, x.From, x.Until)
		}
		p.seen = x.Cut(t.HoldOut)
	}
	p.Sets = withRest(t.Scenario, p.leaves)
	open, err := t.Scenario.With(p.Sets...)
	if err != nil {
		return nil, err
	}
	base, more, err := onCalendar(open, p.seen)
	if err != nil {
		return nil, err
	}
	p.base, p.Notes = base, append(notes, more...)
	p.Directs, more = DirectlySeen(base, t.Scenario.Spec.Start, p.seen, p.leaves)
	p.Notes = append(p.Notes, more...)
	for i := range p.Sought {
		p.numbers = append(p.numbers, p.Sought[i].Number)
	}
	for _, d := range p.Directs {
		p.numbers = append(p.numbers, d.Numbers...)
	}
	p.gauge = NewGauge(p.seen)
	for i, one := range p.gauge.Targets() {
		if one.Fitted {
			p.fitted = append(p.fitted, i)
		}
	}
	if err := p.discrepant(); err != nil {
		return nil, err
	}
	if err := p.prepare(); err != nil {
		return nil, err
	}
	return p, p.try()
}

// UnknownTargetError says that the extract has no such target.
type UnknownTargetError struct {
	ID    string
	Known []string
}

func (e *UnknownTargetError) Error() string {
	return fmt.Sprintf("there is no target %q to which the model could be off", e.ID)
}

// Targets are what simulated histories are compared in.
func (p *Plan) Targets() []Target { return p.gauge.Targets() }

// discrepant holds discrepancies to be of targets there are.
func (p *Plan) discrepant() error {
	var known []string
	for _, one := range p.gauge.Targets() {
		known = append(known, one.ID)
	}
	for _, id := range slices.Sorted(maps.Keys(p.task.Discrepancy)) {
		if !slices.Contains(known, id) {
			return &UnknownTargetError{id, known}
		}
	}
	return nil
}

// leaves says whether a directly seen number is not to be touched, or is sought.
func (p *Plan) leaves(path string) bool {
	under := func(above string) bool { return path == above || strings.HasPrefix(path, above+".") }
	return slices.ContainsFunc(p.task.Fixed, under) || slices.ContainsFunc(p.Sought, func(s scenarios.Sought) bool { return s.Path == path })
}

// prepare sets up the method.
func (p *Plan) prepare() error {
	t := &p.task
	m := &p.method
	*m = abc.Method{
		Observed: p.only(p.gauge.Measure(p.seen)), Seed: t.Seed, Workers: t.Workers,
		Particles: t.Particles, Acceptance: t.Acceptance, Generations: mostGenerations,
		Simulator: p.simulator,
	}
	for i := range p.Sought {
		s := &p.Sought[i]
		one, err := abc.Whole(s.Path, s.From, s.To)
		if s.Prior != nil {
			one, err = abc.Continuous(s.Path, s.Prior, s.Low, s.High)
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", s.Where(), s.Path, err)
		}
		m.Parameters = append(m.Parameters, one)
	}
	if len(m.Parameters) > explore.MostSobol {
		return fmt.Errorf("%d numbers are to be calibrated; at most %d can be", len(m.Parameters), explore.MostSobol)
	}
	points := explore.NewSobol(len(m.Parameters)).Scrambled(t.Seed)
	for range t.Screen {
		m.Screen = append(m.Screen, points.Next())
	}
	return nil
}

// only are the fitted ones of the gauge's values.
func (p *Plan) only(values []float64) []float64 {
	some := make([]float64, len(p.fitted))
	for i, k := range p.fitted {
		some[i] = values[k]
	}
	return some
}

// Run goes on from a state, or begins where it is nil. When ctx is cancelled the last finished state comes
// with [ErrInterrupted].
func (p *Plan) Run(ctx context.Context, s *State) (*State, error) { return p.method.Run(ctx, s) }

// Watch has progress told now and then, and the state after the screen and each generation, from one goroutine.
func (p *Plan) Watch(progress func(Progress), finished func(*State) error) {
	p.method.Progress, p.method.Finished = progress, finished
}

// Keeper keeps single histories' figures beyond the calibration that played them.
type Keeper = abc.Keeper

// Keep has plays kept, and those that are kept not played again. Ahead, if set, is called before so many proposals
// after a state, none for the screen, are played, from one up to another: elsewhere they may be by [Plan.PlayAhead].
func (p *Plan) Keep(k Keeper, ahead func(ctx context.Context, s *State, from, until int) error) {
	p.method.Keeper, p.method.Ahead = k, ahead
}

// PlayAhead plays proposals after a state for the keeper alone.
func (p *Plan) PlayAhead(ctx context.Context, s *State, from, until int) error {
	return p.method.PlayAhead(ctx, s, from, until)
}

// try has the scenario played once as it is and once at the ends of what is sought, so that what keeps it from
// being played is said before the work begins.
func (p *Plan) try() error {
	pl := p.player(p.base, p.seen)
	_, own := pl.play(p.values(p.nominal(), 1), 1)
	if own != nil {
		return fmt.Errorf("the scenario cannot be played: %w", own)
	}
	var faults []error
	for i := range p.Sought {
		for _, u := range []float64{1e-9, 1 - 1e-9} {
			sought := p.nominal()
			sought[i] = p.method.Parameters[i].At(u)
			if _, err := p.base.At(p.numbers, p.values(sought, 1)); err != nil {
				faults = append(faults, fmt.Errorf("%s: `%s` can be %s: %w", p.Sought[i].Where(), p.Sought[i].Path, p.Sought[i].Say(sought[i]), err))
			}
		}
	}
	return errors.Join(faults...)
}

// nominal are the sought numbers as the scenario has them.
func (p *Plan) nominal() (values []float64) {
	for i := range p.Sought {
		values = append(values, p.Sought[i].Value)
	}
	return values
}

// values are the sought numbers and, behind them, a draw of those directly seen: that of a seed.
func (p *Plan) values(sought []float64, seed uint64) []float64 {
	values := slices.Clone(sought)
	luck := dist.NewStream(dist.Root(seed, 1))
	for _, d := range p.Directs {
		values = append(values, d.Draw(luck.Uniform)...)
	}
	return values
}

// simulator plays and measures for the method.
func (p *Plan) simulator() abc.Simulator {
	pl := p.player(p.base, p.seen)
	return func(theta []float64, seed uint64) ([]float64, error) {
		x, err := pl.play(p.values(theta, seed), seed)
		if err != nil { // such numbers cannot be: nobody believes them
			return nil, nil
		}
		return p.only(p.measure(x, seed)), nil
	}
}

// measure is what the gauge measures in a history, as far off as the model may be.
func (p *Plan) measure(x *Extract, seed uint64) []float64 {
	values := p.gauge.Measure(x)
	if len(p.task.Discrepancy) > 0 {
		luck := dist.NewStream(dist.Root(seed, 2))
		for i, one := range p.gauge.Targets() {
			values[i] += p.task.Discrepancy[one.ID] * normal(luck)
		}
	}
	return values
}

// player plays histories of a scenario and observes them, one at a time.
type player struct {
	base     *scenarios.Scenario
	numbers  []scenarios.Number
	observer *Observer
	runner   sim.Runner
	batch    sim.Batch
}

func (p *Plan) player(base *scenarios.Scenario, like *Extract) *player {
	pl := &player{base: base, numbers: p.numbers, observer: NewObserver(like, &base.Spec)}
	pl.runner.Told = pl.observer.Told
	return pl
}

// after is the first replication that is played: those before it are looked at week by week.
const after = 1000

// play is one history at some values, as the extract would show it. It holds until the next.
func (pl *player) play(values []float64, seed uint64) (*Extract, error) {
	spec, err := pl.base.At(pl.numbers, values)
	if err != nil {
		return nil, err
	}
	m, err := sim.CompileOnce(spec, "referrals")
	if err != nil {
		return nil, err
	}
	pl.observer.Reset()
	pl.batch.Reset(after)
	if err := pl.runner.Replicate(m.WithoutSeries(), seed, after, &pl.batch); err != nil {
		return nil, err
	}
	return pl.observer.Extract(), nil
}

// nothingSought says what could stand under `calibrate`.
func nothingSought(s *scenarios.Scenario) string {
	var lines []string
	for i := range s.Spec.Stages {
		one := &s.Spec.Stages[i]
		path := "pathway." + one.Name
		switch {
		case one.Kind == sim.PanelKind && one.Panel.Cases != sim.NoLimit:
			lines = append(lines, fmt.Sprintf("  %s.cases: {integer: {from: %d, to: %d}}", path, max(1, one.Panel.Cases/2), 2*one.Panel.Cases))
		case one.Kind == sim.GroupKind && one.Group.Max != sim.NoLimit:
			lines = append(lines, fmt.Sprintf("  %s.size.max: {integer: {from: %d, to: %d}}", path, max(1, one.Group.Max/2), 2*one.Group.Max))
		case one.Kind == sim.BedsKind:
			for _, b := range one.Beds.Places {
				if b.Contract == sim.Block && b.Beds != sim.NoLimit {
					lines = append(lines, fmt.Sprintf("  %s.places.%s.beds: {integer: {from: %d, to: %d}}", path, b.Name, max(1, b.Beds/2), 2*b.Beds))
				}
			}
		}
	}
	text := "the scenario has no `calibrate:`, so there is nothing to find by simulation; say what is not seen, and what is believed of it"
	if len(lines) > 0 {
		text += ", such as\ncalibrate:\n" + strings.Join(lines, "\n")
	}
	return text
}

// shared is the extract of the stages that the scenario has too. The notes name the others.
func shared(s *scenarios.Scenario, x *Extract) (*Extract, []string, error) {
	var kept []int
	var missing []string
	for k, one := range x.Stages {
		if slices.ContainsFunc(s.Spec.Stages, func(o sim.Stage) bool { return o.Name == one.Name && o.Kind == one.Kind }) {
			kept = append(kept, k)
		} else {
			missing = append(missing, one.Name)
		}
	}
	if len(kept) == 0 {
		return nil, nil, fmt.Errorf("the scenario has none of the stages of the extract, which are %s; call them alike, in a file of columns", strings.Join(missing, ", "))
	}
	if len(missing) == 0 {
		return x, nil, nil
	}
	y := *x
	y.Stages, y.Episodes = nil, slices.Clone(x.Episodes)
	for _, k := range kept {
		y.Stages = append(y.Stages, x.Stages[k])
	}
	for i := range y.Episodes {
		e := &y.Episodes[i]
		var steps []Step
		for _, k := range kept {
			steps = append(steps, e.Steps[k])
		}
		e.Steps = steps
		e.ClosedAt = slices.Index(kept, e.ClosedAt)
		e.Hearings = slices.DeleteFunc(slices.Clone(e.Hearings), func(h Hearing) bool { return !slices.Contains(kept, h.Stage) })
		for j := range e.Hearings {
			e.Hearings[j].Stage = slices.Index(kept, e.Hearings[j].Stage)
		}
	}
	return &y, []string{"the scenario has no stage like " + strings.Join(missing, ", ") + " of the extract: what happened there is left out"}, nil
}
