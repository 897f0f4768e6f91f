package explore

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"sync"

	"tier4/sim"
	"tier4/sim/stats"
)

// Goal is the figure by which options are chosen.
type Goal struct {
	Figure   string
	Greatest bool // the greatest is best, else the least
}

// Choice looks for the best of some options that keep all constraints. Without a Budget it follows Kim and
// Nelson (2001), with the feasibility check of Andradóttir and Kim (2010) at the same time where there are
// constraints: if the best feasible option is better than every other by Indifference at least, it is chosen
// with probability Confidence at least; an option is dropped, and played no more, as soon as it is shown to miss a
// constraint, or to be worse than one that is shown to keep them. With a Budget it spends so many replications
// where they tell most (OCBA).
type Choice struct {
	Options      []Option // at least two, measuring Goal and constraints where they can
	Goal         Goal
	SubjectTo    []Constraint
	Indifference float64 // least difference of Goal that matters, above 0
	Confidence   float64
	Budget       int // replications of all options together; 0 for none
	Most         int // replications of any one option
	Seed         uint64
	Workers      int
	Keeper       sim.Keeper // of blocks beyond the run, if set

	// Ahead, if set, is called before options are played from one replication up to another: what Keeper has by then is
	// not played here.
	Ahead func(ctx context.Context, options []int, from, until int) error
	// Agree, if set, is asked once, after every option has been played First times, with about how many
	// replications all will take together. An error of it ends the run.
	Agree    func(replications int) error
	Progress func(done, expected int) // replications of all options together
}

// First is how often every option is played before any is judged; blockSize is how many replications are
// played, at least, between one judgement and the next.
const (
	First     = 30
	blockSize = 10
)

// ErrTooFew says that a budget or a most does not allow every option to be judged.
var ErrTooFew = errors.New("too few replications to judge every option")

// Run makes the choice. Any number of workers gives the same outcome. When ctx is cancelled, what is known by
// then is the outcome.
func (c Choice) Run(ctx context.Context) (*Chosen, error) {
	if c.Most < First || c.Budget > 0 && c.Budget < First*len(c.Options) {
		return nil, ErrTooFew
	}
	t := newContest(&c)
	err := t.play(ctx, t.all(), First)
	if err == nil {
		err = t.judgeBy(ctx)
	}
	if err != nil && err != ctx.Err() {
		return nil, err
	}
	if t.least() < 2 {
		return nil, sim.ErrNothingFinished
	}
	if err != nil {
		t.ending = Interrupted
	}
	return t.outcome(), nil
}

// contest is a choice under way.
type contest struct {
	*Choice
	player  sim.Player
	models  []*sim.Model
	gathers []*sim.Gather
	goal    []*series   // by option; smaller is better
	limits  [][]*series // by constraint and option
	at      [][]int     // by option, the places of the goal and the constraints among its figures, -1 for none
	share   []bool      // whether the goal and the constraints are shares

	unknown []string // by option: the first figure that it does not have
	state   []standing
	beaten  []int // by option: by which one, -1 for none
	failed  [][]verdict

	screen   *kimNelson
	checks   []*feasibility
	forecast int
	ending   Ending
}

// standing is what has been found of an option while the contest goes on.
type standing int

const (
	contending standing = iota
	out                 // shown to be worse, or to miss a constraint, or without a figure
)

func newContest(c *Choice) *contest {
	k, ids := len(c.Options), []string{c.Goal.Figure}
	for _, limit := range c.SubjectTo {
		ids = append(ids, limit.Figure)
	}
	t := &contest{
		Choice: c, player: sim.Player{Seed: c.Seed, Workers: c.Workers, Keeper: c.Keeper}, limits: make([][]*series, len(c.SubjectTo)), share: make([]bool, len(ids)),
		unknown: make([]string, k), state: make([]standing, k), beaten: make([]int, k), failed: make([][]verdict, k),
	}
	for i, o := range c.Options {
		t.models, t.gathers = append(t.models, o.Model), append(t.gathers, sim.NewGather(o.Model))
		t.goal, t.beaten[i], t.failed[i] = append(t.goal, new(series)), -1, make([]verdict, len(c.SubjectTo))
		for s := range c.SubjectTo {
			t.limits[s] = append(t.limits[s], new(series))
		}
		t.at = append(t.at, placesOf(o.Model, ids))
		for k, f := range t.at[i] {
			if f >= 0 {
				t.share[k] = o.Model.Figures()[f].Unit == sim.UnitShare
			}
		}
	}
	return t
}

// play plays options, all as often as each other by now, until each has been played so often.
func (t *contest) play(ctx context.Context, options []int, until int) error {
	models := make([]*sim.Model, len(options))
	for k, i := range options {
		models[k] = t.models[i]
	}
	from := t.goal[options[0]].len()
	if t.Ahead != nil {
		if err := t.Ahead(ctx, options, from, until); err != nil {
			return err
		}
	}
	return t.player.Play(ctx, models, from, until-from, func(blocks []*sim.Batch) bool {
		for r := range blocks[0].Count {
			for k, i := range options {
				t.add(i, blocks[k], r)
			}
		}
		if t.Progress != nil {
			t.Progress(t.used(), t.expected())
		}
		return true
	})
}

// add takes in the r-th replication of a block of option i.
func (t *contest) add(i int, b *sim.Batch, r int) {
	t.gathers[i].Add(b, r, r+1)
	t.goal[i].take(b, r, t.at[i][0])
	if t.Goal.Greatest {
		t.goal[i].negate()
	}
	for s := range t.SubjectTo {
		t.limits[s][i].take(b, r, t.at[i][1+s])
	}
}

func (t *contest) all() (options []int) {
	for i := range t.Options {
		options = append(options, i)
	}
	return options
}

// contenders are the options still played.
func (t *contest) contenders() (some []int) {
	for i, s := range t.state {
		if s == contending {
			some = append(some, i)
		}
	}
	return some
}

// used are the replications of all options so far.
func (t *contest) used() (n int) {
	for _, s := range t.goal {
		n += s.len()
	}
	return n
}

// least is how often the option played least often was.
func (t *contest) least() int {
	least := t.goal[0].len()
	for _, s := range t.goal {
		least = min(least, s.len())
	}
	return least
}

// setUp judges what every option has been played First times for: which have the figures, and how much
// they vary.
func (t *contest) setUp() {
	alpha := 1 - t.Confidence
	if len(t.SubjectTo) > 0 {
		alpha /= 2 // one half for the constraints, the other for the goal
	}
	known := func(i int, s *series, figure string) {
		if _, ok := s.value(); !ok && t.unknown[i] == "" {
			t.unknown[i], t.state[i] = figure, out
		}
	}
	for i := range t.Options {
		known(i, t.goal[i], t.Goal.Figure)
		for s := range t.SubjectTo {
			known(i, t.limits[s][i], t.SubjectTo[s].Figure)
		}
	}
	first := t.least()
	t.screen = newKimNelson(t.goal, alpha, t.Indifference, first, t.share[0])
	for s, limit := range t.SubjectTo {
		t.checks = append(t.checks, newFeasibility(limit, t.limits[s], alpha/float64(len(t.SubjectTo)), first, t.share[1+s]))
	}
}

// judgeBy spends replications by one rule or the other until there is an answer.
func (t *contest) judgeBy(ctx context.Context) error {
	t.setUp()
	t.foresee()
	if t.Agree != nil {
		if err := t.Agree(t.expected()); err != nil {
			return err
		}
	}
	if t.Budget > 0 {
		return t.spend(ctx)
	}
	for {
		t.judge()
		left := t.contenders()
		if len(left) == 0 || len(left) == 1 && t.keepsAll(left[0]) {
			t.ending = Decided
			return nil
		}
		r := t.goal[left[0]].len()
		if r >= t.Most {
			t.ending = Capped
			return nil
		}
		t.foresee()
		if err := t.play(ctx, left, t.round(r)); err != nil {
			return err
		}
	}
}

// round is up to where options are played that have been played so often.
func (c *Choice) round(r int) int {
	if r < First {
		return First
	}
	return min(c.Most, r+blockSize*max(1, r/(10*blockSize)))
}

// PlayAhead plays a part of the rounds of some options, from one replication up to another or a little further, for
// the Keeper alone.
func (c Choice) PlayAhead(ctx context.Context, options []int, from, until int, part sim.Part) error {
	type turn struct{ option, from, until int }
	var turns []turn
	for _, i := range options {
		for r := from; r < until; r = c.round(r) {
			turns = append(turns, turn{i, r, c.round(r)})
		}
	}
	first, last := part.Cut(len(turns))
	todo := make(chan turn, last-first)
	for _, one := range turns[first:last] {
		todo <- one
	}
	close(todo)
	workers := c.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	failed := make([]error, workers)
	var working sync.WaitGroup
	for w := range workers {
		working.Go(func() {
			p := sim.Player{Seed: c.Seed, Workers: 1, Keeper: c.Keeper}
			for one := range todo {
				if failed[w] = p.Play(ctx, []*sim.Model{c.Options[one.option].Model}, one.from, one.until-one.from, func([]*sim.Batch) bool { return true }); failed[w] != nil {
					return
				}
			}
		})
	}
	working.Wait()
	return errors.Join(failed...)
}

// judge drops the options that are shown to miss a constraint, then those shown to be worse than one that is
// shown to keep them all.
func (t *contest) judge() {
	for s, check := range t.checks {
		for _, i := range t.contenders() {
			if t.failed[i][s] == unknown {
				t.failed[i][s] = check.check(i)
			}
		}
	}
	for i := range t.Options {
		if slices.Contains(t.failed[i], infeasible) {
			t.state[i] = out
		}
	}
	left := t.contenders()
	rivals := slices.DeleteFunc(slices.Clone(left), func(i int) bool { return !t.keepsAll(i) })
	beaten := t.screen.screen(left, rivals)
	for _, i := range left {
		if by, yes := beaten[i]; yes {
			t.state[i], t.beaten[i] = out, by
		}
	}
}

// keepsAll reports whether an option is shown to keep every constraint.
func (t *contest) keepsAll(i int) bool {
	return !slices.ContainsFunc(t.failed[i], func(v verdict) bool { return v != feasible })
}

// expected is about how many replications all options will take together.
func (t *contest) expected() int {
	switch {
	case t.Budget > 0:
		return t.Budget
	case t.screen == nil:
		return First * len(t.Options)
	}
	return max(t.forecast, t.used())
}

// foresee works out how many replications all options will take together, if every figure is as it seems now.
func (t *contest) foresee() {
	best := t.leader()
	most := t.least()
	t.forecast = 0
	for i, s := range t.goal {
		needs := s.len()
		if t.inPlay(i) && i != best {
			needs = max(needs, t.needs(i))
			most = max(most, needs)
		}
		t.forecast += needs
	}
	if best >= 0 {
		for _, check := range t.checks {
			most = max(most, t.most(check.needs(best)))
		}
		t.forecast += max(0, most-t.goal[best].len())
	}
}

// needs is about how often an option that is not the best has to be played until it is dropped.
func (t *contest) needs(i int) int {
	needs := math.Inf(1)
	for _, j := range t.contenders() {
		if j != i && t.seemsToKeep(j) {
			needs = min(needs, t.screen.needs(i, j))
		}
	}
	for _, check := range t.checks {
		if check.excess(i) > 0 {
			needs = min(needs, check.needs(i))
		}
	}
	return t.most(needs)
}

func (t *contest) most(needs float64) int { return int(min(needs, float64(t.Most))) }

// leader is the option that seems best now: of those not shown to miss a constraint, one that seems to keep
// them all if there is any. -1 if there is none. Options are compared over the replications that they share
// with the one played most often.
func (t *contest) leader() int {
	reference := -1
	for i := range t.Options {
		if t.inPlay(i) && (reference < 0 || t.goal[i].len() > t.goal[reference].len()) {
			reference = i
		}
	}
	best, least, keeps := -1, 0.0, false
	for i := range t.Options {
		if !t.inPlay(i) {
			continue
		}
		d := t.ahead(reference, i)
		if k := t.seemsToKeep(i); best < 0 || k && !keeps || k == keeps && d < least {
			best, least, keeps = i, d, k
		}
	}
	return best
}

// inPlay reports whether an option could still be the answer.
func (t *contest) inPlay(i int) bool { return t.state[i] == contending }

// ahead is the goal of option i less that of the reference, over the replications they share.
func (t *contest) ahead(reference, i int) float64 {
	if i == reference {
		return 0
	}
	d, _ := difference(t.goal[reference], t.goal[i], t.Confidence)
	return d.Value
}

// seemsToKeep reports whether an option keeps every constraint by its estimate.
func (t *contest) seemsToKeep(i int) bool {
	for _, check := range t.checks {
		if check.excess(i) > 0 || check.limit.Strict && check.excess(i) == 0 {
			return false
		}
	}
	return true
}

// behind is the goal of option i less that of the best, in the figure's own sign.
func (t *contest) behind(best, i int) (stats.Difference, bool) {
	d, ok := difference(t.goal[best], t.goal[i], t.Confidence)
	if t.Goal.Greatest {
		d.Value, d.Low, d.High = -d.Value, -d.High, -d.Low
	}
	return d, ok
}
