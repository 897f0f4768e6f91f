package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
	"tier4/scenarios/explore"
	"tier4/sim"
)

// sensitivity is the command of that name, on its way from flags to a report.
type sensitivity struct {
	options
	method    methodFlag
	points    wholeFlag // 0: as many as the method takes
	worths    []string  // --value
	breakEven string
	t         *terminal
	names     []string
	scenarios []*scenarios.Scenario
	models    []*sim.Model
	around    bool // nothing is uncertain: every number, a fifth either way
	ladder    explore.Ladder
	moved     explore.Move
	file      *outFile
}

func sensitivityCommand(t *terminal) *cobra.Command {
	s := &sensitivity{t: t}
	c := &cobra.Command{
		Use:   "sensitivity SCENARIO [WHAT-IF...]",
		Short: "Which numbers nobody knows drive the answer",
		Long: `Moves the numbers that a scenario calls uncertain, each by itself, and says what that does to
figures; then draws them all together, and says how much of what is not known is whose. A scenario
that calls none uncertain has every number moved by a fifth, up and down.

With what-ifs, what is looked at is how they differ from the scenario, on the same people with the
same luck. --break-even says how far one number must move for a difference to turn. --value says
what one unit more of a figure is worth: then the options are weighed against their cost, with the
chance that each is best, and with what it would be worth to know the numbers before choosing.
Worth may be of "completion" (one person more who completes), "day-of-wait" (a day less of waiting
for a bed, for one person) or any figure; write a range to see how the choice turns.

Methods: tornado (the default), morris (many numbers, a few points each), sobol (few numbers, with
what they do together).`,
		Example: `  tier4 sensitivity medway
  tier4 sensitivity medway all-spot --figures cost
  tier4 sensitivity medway all-spot --break-even pathway.rehab.places.other-rehabs.per_night
  tier4 sensitivity medway four-more-beds-away weekly-panel --value completion=£0..£60,000
  tier4 sensitivity my-area.yaml --method morris --format csv --out numbers.csv`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return bad("`%s` needs a scenario: `%s`", c.CommandPath(), c.UseLine())
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			s.names = expanded(args)
			return s.play(c)
		},
	}
	s.register(c)
	return c
}

func (s *sensitivity) register(c *cobra.Command) {
	f := c.Flags()
	f.SortFlags = false
	s.options.replications.most, s.options.workers.most, s.points.most = 10_000_000, 1024, 100_000
	f.Var(&s.method, "method", "tornado, morris or sobol (`METHOD`)")
	f.Var(&s.points, "points", "trajectories of morris (10 unless given), rows of sobol (64 unless given)")
	f.StringVar(&s.breakEven, "break-even", "", "how far a number must move for a difference to turn: `PATH`, or PATH=LOW..HIGH")
	f.StringArrayVar(&s.worths, "value", nil, "what one more is worth, as in completion=£20,000 (`WHAT=POUNDS`);\nmay be given more than once, and once as a range: completion=£0..£60,000")
	f.Var(&s.options.replications, "replications", "how many replications all draws of the numbers make together; the scenario's own\nnumber unless given. Each point of a tornado is played a tenth as often")
	f.Var(&s.seed, "seed", "another draw of luck; the same seed gives the same answer")
	f.Var(&s.options.workers, "workers", "processors to use; all unless given. The answer does not depend on it")
	f.StringArrayVar(&s.sets, "set", nil, "change one value: `PATH=VALUE`; may be given more than once")
	f.Var(&s.figures, "figures", "the figures that are driven: `ID,...`; cost and completions unless given")
	f.Var(&s.format, "format", "table, markdown, csv or json (`FORMAT`); by the ending of --out unless given")
	f.StringVar(&s.out, "out", "", "write to `FILE` instead of the screen; it must not exist yet")
	s.papers.register(c)
	f.BoolVar(&s.force, "force", false, "overwrite the files of --out, --report and --plot")
	f.BoolVar(&s.quiet, "quiet", false, "no progress and no remarks")
}

func (s *sensitivity) play(c *cobra.Command) (err error) {
	ctx := c.Context()
	if s.format == "" {
		s.format = formatByEnding(s.out)
	}
	if err := errors.Join(s.papers.check("--report"), s.distinct("--report")); err != nil {
		return err
	}
	defer s.drop()
	for _, step := range []func() error{s.load, s.ask, s.compile, s.open} {
		if err := step(); err != nil {
			return err
		}
	}
	r, err := s.answer(ctx)
	if ctx.Err() != nil {
		return &failure{exitInterrupted, errors.New("stopped before every point was played: there is nothing to say yet")}
	}
	if err != nil {
		return err
	}
	if err := s.papers.write(s.t, r.Charts, func(w io.Writer, ending string) error {
		charts, err := r.Charts()
		if err != nil {
			return err
		}
		paper := report.Pictured{Page: r.Page(), Charts: charts, Scenarios: s.scenarios, Version: r.Version, Command: typed(c, s.names, strconv.FormatUint(r.Inquiry.Seed, 10))}
		return paper.Write(w, ending)
	}); err != nil {
		return err
	}
	return writeOut(s.t, s.file, s.writer(r))
}

// load reads the scenarios; where nothing is uncertain, every number is.
func (s *sensitivity) load() error {
	var faults []error
	for _, name := range s.names {
		one, err := scenarios.Load(name, s.sets...)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		s.scenarios = append(s.scenarios, one)
	}
	if len(faults) > 0 {
		return badInput(errors.Join(distinct(faults)...))
	}
	if s.around = !explore.Unsure(s.scenarios...); s.around {
		for i, one := range s.scenarios {
			s.scenarios[i] = one.Around(around)
		}
	}
	if s.method == "" {
		s.method = "tornado"
	}
	if s.points.n > 0 && s.method == "tornado" {
		return bad("`--points` is of morris and sobol; a tornado moves each number to both ends of its range and no further. Leave it out, or use `--method morris`")
	}
	if s.around && s.method == "sobol" {
		return bad("%s calls no number uncertain, and has too many for sobol; give ranges under `uncertain:`, or use `--method morris`", s.names[0])
	}
	return nil
}

// around is how far numbers are moved where no range is given.
const around = 0.2

// ask reads --value and --break-even.
func (s *sensitivity) ask() error {
	if len(s.names) == 1 && len(s.worths) > 0 {
		return bad("`--value` weighs options against each other; name what-ifs after %s", s.names[0])
	}
	if len(s.names) == 1 && s.breakEven != "" {
		return bad("`--break-even` is about the difference of a what-if; name one after %s", s.names[0])
	}
	var err error
	if s.ladder, err = ladderOf(s.worths, s.scenarios[0].Spec); err != nil {
		return err
	}
	if s.breakEven != "" {
		s.moved, err = moveOf(s.breakEven, s.scenarios)
	}
	return err
}

// compile makes the models, which measure what is driven and what is weighed.
func (s *sensitivity) compile() error {
	var faults []error
	compile := beside()
	for i, one := range s.scenarios {
		m, err := compile(one.Spec)
		if err == nil && i == 0 {
			err = s.choose(m)
		}
		if err == nil {
			m, err = m.Measuring(s.wanted()...)
		}
		if err == nil && i == 0 {
			err = averages(m)
		}
		if err != nil {
			faults = append(faults, figureFaults(s.names[i], err))
			if i == 0 {
				break
			}
			continue
		}
		s.models = append(s.models, m.WithoutSeries())
		for _, f := range s.models[0].Figures() {
			if !slices.ContainsFunc(m.Figures(), func(o sim.Figure) bool { return o.ID == f.ID }) {
				faults = append(faults, fmt.Errorf("%s: it has no `%s`, which %s has; leave out one of them", s.names[i], f.ID, s.names[0]))
			}
		}
	}
	return badInput(errors.Join(faults...))
}

// choose settles which figures are driven.
func (s *sensitivity) choose(m *sim.Model) error {
	if s.everything() {
		return errors.New("`all` is too many figures here; name some, as in --figures cost,completions")
	}
	if len(s.figures) > 0 {
		return nil
	}
	have, _ := available(m, []string{"cost", "completions"})
	s.figures = have
	return nil
}

// wanted are the figures driven, then those that are weighed beside.
func (s *sensitivity) wanted() []string {
	ids := slices.Clone([]string(s.figures))
	add := func(id string) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(s.ladder.Steps) > 0 {
		add("cost")
		for _, w := range s.ladder.Worths[0] {
			add(w.Figure)
		}
	}
	return ids
}

// averages refuses figures that are no averages of replications.
func averages(m *sim.Model) error {
	var faults []error
	for _, f := range m.Figures() {
		if !f.Ratio {
			faults = append(faults, fmt.Errorf("`%s` is a quantile, and what drives it cannot be told; name averages, shares or amounts, such as the `.mean` of it", f.ID))
		}
	}
	return errors.Join(faults...)
}

func (s *sensitivity) open() (err error) {
	for _, name := range s.names {
		if s.out != "" && oneFile(name, s.out) {
			return bad("%s is the scenario itself; give another file to write", name)
		}
	}
	if s.out != "" {
		if s.file, err = createText(s.out, s.force); err != nil {
			return err
		}
	}
	return s.papers.open(s.force, s.names)
}

// drop removes the files that were not finished.
func (s *sensitivity) drop() {
	s.file.drop()
	s.papers.drop()
}

// size is how often things are played.
type size struct{ often, draws, perDraw, points, total int }

func (s *sensitivity) size(numbers int) (z size) {
	all := s.scenarios[0].Replications
	if s.options.replications.n > 0 {
		all = s.options.replications.n
	}
	z.perDraw = 4
	z.draws = min(500, max(25, all/z.perDraw))
	switch s.method {
	case "morris":
		z.often, z.points = max(4, all/50), 10
	case "sobol":
		z.often, z.points = max(2, all/250), 64
	default:
		z.often = max(20, all/10)
	}
	if s.points.n > 0 {
		z.points = max(2, s.points.n)
	}
	switch s.method {
	case "morris":
		z.total = z.points * (numbers + 1) * z.often
	case "sobol":
		z.total = z.points * (numbers + 2) * z.often
	default:
		z.total = (2*numbers+1)*z.often + z.draws*z.perDraw
	}
	if len(s.ladder.Steps) > 0 && s.method != "tornado" {
		z.total += z.draws * z.perDraw
	}
	if s.breakEven != "" {
		z.total += explore.BreakEvenLooks * z.often * len(s.names[1:]) * (len(s.figures) + min(1, len(s.net())))
	}
	return z
}

// answer plays all that was asked for.
func (s *sensitivity) answer(ctx context.Context) (*report.Sensitivity, error) {
	seed := s.scenarios[0].Seed
	if s.seed.given {
		seed = s.seed.n
	}
	q := explore.NewInquiry(s.scenarios, s.models, s.figures)
	q.Seed, q.Workers = seed, s.options.workers.n
	z := s.size(len(q.Numbers))
	step, clear := watch(s.t, &s.options, z.total)
	q.Progress = step
	defer clear()
	r := &report.Sensitivity{
		Version: versionName(), Scenarios: s.scenarios, Inquiry: q, Method: string(s.method), Around: s.around,
		Often: z.often, Draws: z.draws, PerDraw: z.perDraw, Points: z.points, Ladder: s.ladder,
	}
	var err error
	switch s.method {
	case "morris":
		if err = q.Apart(); err == nil {
			r.Screened, err = q.Morris(ctx, z.points, z.often)
		} else {
			return nil, badInput(err)
		}
	case "sobol":
		if err = q.Apart(); err == nil {
			r.Indexed, err = q.Sobol(ctx, z.points, z.often)
		} else {
			return nil, badInput(err)
		}
	default:
		r.Driven, err = q.Tornado(ctx, z.often, z.draws, z.perDraw)
	}
	if err == nil && len(s.ladder.Steps) > 0 {
		r.Weighed, err = q.Weigh(ctx, s.ladder, z.draws, z.perDraw)
	}
	if err == nil && s.breakEven != "" {
		if r.BreakEvens, err = q.BreakEven(ctx, s.moved, s.net(), z.often); err != nil {
			var faults scenarios.Faults
			if errors.As(err, &faults) {
				return nil, badInput(moveFaults(s.moved.Path, faults))
			}
		}
	}
	return r, err
}

// net is what makes a net benefit, where one value is given for each thing; nil otherwise.
func (s *sensitivity) net() []explore.Worth {
	if len(s.ladder.Steps) != 1 {
		return nil
	}
	return s.ladder.Worths[0]
}

func (s *sensitivity) writer(r *report.Sensitivity) func(io.Writer) error {
	switch s.format {
	case "json":
		return r.JSON
	case "csv":
		return r.CSV
	case "markdown":
		return r.Page().Markdown
	}
	return func(w io.Writer) error { return r.Page().Text(w, s.t.width) }
}

// methodFlag is a method of sensitivity analysis.
type methodFlag string

var methods = []string{"tornado", "morris", "sobol"}

func (v *methodFlag) String() string { return string(*v) }
func (v *methodFlag) Type() string   { return "METHOD" }

func (v *methodFlag) Set(text string) error {
	if slices.Contains(methods, text) {
		*v = methodFlag(text)
		return nil
	}
	return fmt.Errorf("%swrite %s", meant(text, methods), strings.Join(methods[:2], ", ")+" or "+methods[2])
}
