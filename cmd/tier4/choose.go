package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
	"tier4/scenarios/explore"
	"tier4/sim"
)

// choice is the command choose on its way from flags to an answer.
type choice struct {
	exploration
	best         string
	subjectTo    []string
	indifference string
	confidence   shareFlag
	budget       wholeFlag

	goal   explore.Goal
	figure sim.Figure
	limits []explore.Constraint
	least  float64 // the indifference
}

func chooseCommand(t *terminal) *cobra.Command {
	x := choice{exploration: exploration{t: t}, confidence: 0.95}
	c := &cobra.Command{
		Use:   "choose SCENARIO --vary PATH=VALUES --best FIGURE",
		Short: "The best of many options, with a guarantee",
		Long: `Finds the option with the best figure, of those that keep the limits, and promises how sure
that is: if one option is better than all others by --indifference or more, it is found with
the probability --confidence at least. All options have the same people; those that are shown
to be worse, or to miss a limit, are dropped early, so that replications go where they matter
(Kim and Nelson 2001; Andradóttir and Kim 2010). With --budget so many replications are spent
where they tell most (OCBA), and the probability is estimated instead.

Options are the values of --vary, or whole scenarios: --among. A limit may say how near to it
is near enough to count as either side: "reached.rehab >= 30% give or take 2%"; else it is one in a
hundred of all, a day, or a hundredth of the limit. When no option keeps the limits, the exit
code is 3.`,
		Example: `  tier4 choose medway --vary pathway.rehab.places.riverside.beds=0..12 --best cost_per_completion --indifference £250
  tier4 choose medway --vary pathway.rehab.places.riverside.beds=0..12 --best cost \
      --subject-to "reached.rehab.within_84_days >= 25%" --indifference £5000
  tier4 choose --among medway,all-spot,more-block-detox --best completed --indifference 1% --budget 5000`,
		Args: func(c *cobra.Command, args []string) error {
			if rest := x.design.rest(args); len(x.among) == 0 || len(rest) > 1 {
				return exactly(1, "one scenario")(c, rest)
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return x.choose(c, x.design.rest(args)) },
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&x.best, "best", "", "the `FIGURE` by which options are chosen, as in cost or reached.rehab.within_84_days;\n\"lowest FIGURE\" or \"highest FIGURE\" where it does not go without saying which is good")
	f.StringArrayVar(&x.subjectTo, "subject-to", nil, "a `LIMIT` that an option must keep, as in \"reached.rehab.within_84_days >= 25%\";\nmay be given more than once")
	f.StringVar(&x.indifference, "indifference", "", "the least difference that matters, an `AMOUNT` such as £5,000 or 1%; what the\nscenario says under matters unless given")
	f.Var(&x.confidence, "confidence", "how sure to be, as a `SHARE`; 95% unless given")
	x.budget.most = 1_000_000_000
	f.Var(&x.budget, "budget", "spend this `NUMBER` of replications, of all options together, and say how sure that makes it")
	f.StringSliceVar(&x.among, "among", nil, "choose among these scenarios instead of varying one: `SCENARIO,...`")
	x.register(c, "also show these figures: `ID,...`")
	x.saving.register(c, true)
	f.Lookup("confidence").DefValue = ""
	c.Flags().Lookup("replications").Usage = "how many times an option is played at most; ten times the scenario's own number unless given"
	return c
}

// choose makes the choice and reports it.
func (x *choice) choose(c *cobra.Command, args []string) error {
	for _, step := range []func() error{
		func() error { return x.read(args) }, x.aim, x.assemble, x.enough,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	if x.saving.shard.Of > 0 {
		return x.playShard(c)
	}
	defer x.saving.gone()
	defer x.drop()
	if err := x.open(); err != nil {
		return err
	}
	if err := x.pilot(c.Context()); err != nil {
		return err
	}
	found, err := x.run(c)
	if err != nil {
		return err
	}
	r := report.Choice{
		Points: x.points(0), Chosen: found, Goal: x.goal, Figure: x.figure, SubjectTo: x.limits,
		Indifference: x.least, Confidence: float64(x.confidence), Budget: x.budget.n, Most: x.most(),
	}
	for _, o := range found.Outcomes {
		r.Summaries = append(r.Summaries, o.Summary)
	}
	if found.Ending == explore.Interrupted {
		r.Stopped = report.ChoiceStopped(found.Used)
	}
	r.Describe()
	if err := x.write(c, &r.Points, pointsReport{r.Page, r.Charts, r.JSON}); err != nil {
		return err
	}
	if found.Best < 0 {
		return &failure{exitMissed, errors.New(r.Sentence())}
	}
	return nil
}

// read reads the scenario and its options, or the scenarios that are the options.
func (x *choice) read(args []string) error {
	if len(x.among) == 0 {
		if err := x.load(args[0]); err != nil {
			return err
		}
		return x.few()
	}
	if len(x.written) > 0 || x.design.n > 0 {
		return bad("`--among` names the options, so there is nothing to vary; leave out `--vary` and `--design`, or `--among`")
	}
	x.among = append(slices.Clone(args), x.among...)
	if len(x.among) < 2 {
		return bad("`--among %s` leaves nothing to choose; name at least two scenarios", strings.Join(x.among, ","))
	}
	for i, name := range x.among {
		if slices.ContainsFunc(x.among[:i], func(other string) bool { return oneFile(other, name) }) {
			return bad("%s is among the options twice; name each of them once", name)
		}
	}
	if err := x.formats(); err != nil {
		return err
	}
	x.name, x.space = x.among[0], &explore.Space{}
	var faults []error
	for _, name := range x.among {
		one, err := scenarios.Load(name, x.sets...)
		faults = append(faults, err)
		x.named = append(x.named, one)
	}
	if err := errors.Join(distinct(slices.DeleteFunc(faults, func(err error) bool { return err == nil }))...); err != nil {
		return badInput(err)
	}
	x.base = x.named[0]
	return sameDays(x.among, x.named)
}

// aim reads the goal, the limits and the indifference, every fault at once.
func (x *choice) aim() error {
	m, err := sim.Compile(x.base.Spec)
	if err != nil {
		return badInput(figureFaults(x.name, err))
	}
	var faults []error
	if x.best == "" {
		faults = append(faults, errors.New("`tier4 choose` is not told what is best; add `--best FIGURE`, as in --best cost"))
	} else if x.goal, x.figure, err = goal("--best", x.best, m); err != nil {
		faults = append(faults, err)
	}
	targets, err := parseTargets("--subject-to", x.subjectTo)
	faults = append(faults, err)
	for _, t := range targets {
		one, err := constraint(t, m)
		faults = append(faults, err)
		x.limits = append(x.limits, one)
	}
	if x.goal.Figure != "" {
		x.least, err = x.indifferent()
		faults = append(faults, err)
	}
	return badInput(errors.Join(faults...))
}

// goal reads `cost`, `lowest cost` or `highest completed`.
func goal(flag, text string, m *sim.Model) (explore.Goal, sim.Figure, error) {
	word, id, said := strings.Cut(strings.TrimSpace(text), " ")
	if !said {
		word, id = "", word
	}
	f, err := figureOf(strings.TrimSpace(id), m)
	switch {
	case err != nil:
		return explore.Goal{}, f, figureFaults(flag, err)
	case !f.Ratio:
		return explore.Goal{}, f, fmt.Errorf("%s: `%s` is a quantile, which single replications do not add up to; %s", flag, f.ID, insteadOfQuantile(f.ID))
	case word == "lowest" || word == "" && f.Better < 0:
		return explore.Goal{Figure: f.ID}, f, nil
	case word == "highest" || word == "" && f.Better > 0:
		return explore.Goal{Figure: f.ID, Greatest: true}, f, nil
	case word == "":
		return explore.Goal{}, f, fmt.Errorf("%s: whether more or less of `%s` is good depends; write \"%s\" or \"%s\"", flag, f.ID, "lowest "+f.ID, "highest "+f.ID)
	}
	return explore.Goal{}, f, fmt.Errorf("%s: `%s` is no direction; %swrite \"lowest %s\" or \"highest %s\"", flag, word, meant(word, []string{"lowest", "highest"}), f.ID, f.ID)
}

// insteadOfQuantile is what says nearly the same as a quantile, and adds up.
func insteadOfQuantile(id string) string {
	base, _, _ := strings.Cut(id, "@")
	for _, ending := range []string{".median", ".p90"} {
		if of, ok := strings.CutSuffix(base, ending); ok {
			if strings.HasSuffix(of, "wait") {
				return "take `" + of + ".mean`, or `" + of + ".within_21_days`: that 9 in 10 wait 21 days at most is to say that it is at least 90%"
			}
			return "take `" + of + ".mean`"
		}
	}
	return "take the `.mean` beside it"
}

// constraint is a target as a limit with how near to it counts as either side.
func constraint(t scenarios.Target, m *sim.Model) (explore.Constraint, error) {
	l, err := limit(t, m)
	if err != nil {
		return explore.Constraint{}, err
	}
	f, _ := figureOf(l.Figure, m) // known: limit found it
	if !f.Ratio {
		return explore.Constraint{}, fmt.Errorf("%s: `%s` is a quantile, which single replications do not add up to; %s", t.Where(), f.ID, insteadOfQuantile(f.ID))
	}
	one := explore.Constraint{Limit: l, Tolerance: t.Tolerance}
	switch {
	case one.Tolerance > 0:
		return one, inUnit(t.Where(), f, t.Tolerance, t.ToleranceIn)
	case f.Unit == sim.UnitShare:
		one.Tolerance = 0.01
	case f.Unit == sim.UnitDays:
		one.Tolerance = 1
	default:
		one.Tolerance = l.Amount / 100
	}
	if one.Tolerance <= 0 {
		return one, fmt.Errorf("%s: `%s` does not say how near to it is near enough; write `%s give or take ...`", t.Where(), t.Text, t.Text)
	}
	return one, nil
}

// indifferent is the least difference of the goal that matters.
func (x *choice) indifferent() (float64, error) {
	if x.indifference == "" {
		for _, m := range x.base.Matters {
			if m.Figure == x.goal.Figure && m.Amount > 0 {
				return m.Amount, nil
			}
		}
		return 0, fmt.Errorf("nothing says what difference of `%s` matters; add `--indifference AMOUNT`, as in --indifference %s",
			x.goal.Figure, strings.Trim(amountIn(strings.TrimSuffix(x.figure.Unit, "/year")), "`"))
	}
	t, err := scenarios.ParseTarget("--indifference", 1, x.goal.Figure+" <= "+x.indifference)
	if err != nil {
		return 0, fmt.Errorf("`--indifference %s` is not an amount; write %s", x.indifference, amountIn(strings.TrimSuffix(x.figure.Unit, "/year")))
	}
	if err := inUnit("--indifference", x.figure, t.Amount, t.Unit); err != nil {
		return 0, err
	}
	if !(t.Amount > 0) || math.IsInf(t.Amount, 0) {
		return 0, fmt.Errorf("`--indifference %s`: no number of replications could tell options apart that differ by less than anything; write an amount above 0", x.indifference)
	}
	return t.Amount, nil
}

// assemble makes the options.
func (x *choice) assemble() error {
	x.wanted = append(x.wanted, x.goal.Figure)
	for _, l := range x.limits {
		x.wanted = append(x.wanted, l.Figure)
	}
	if x.everything() {
		return bad("`--figures all` is for sweep and run; name those to be shown beside the answer")
	}
	x.wanted = append(x.wanted, x.figures...)
	if len(x.among) == 0 {
		return x.make()
	}
	var faults []error
	compile := beside()
	for i, one := range x.named {
		m, err := compile(one.Spec)
		if err == nil {
			have, _ := available(m, x.wanted)
			if m, err = m.Measuring(have...); err == nil {
				x.all = append(x.all, explore.Option{Hash: one.Hash, Model: m.WithoutSeries()})
			}
		}
		if err != nil {
			faults = append(faults, figureFaults(x.among[i], err))
		}
	}
	return badInput(errors.Join(faults...))
}

// most is how often an option is played at most.
func (x *choice) most() int {
	if x.replications.n > 0 {
		return x.replications.n
	}
	return 10 * x.base.Replications
}

// enough refuses what no answer could come of.
func (x *choice) enough() error {
	n := len(x.all)
	switch {
	case n < 2:
		return bad("there is only one option; vary something over at least two values")
	case x.most() < explore.First:
		return bad("`--replications %d` is too few: every option is played %d times before any is judged; write %d or more", x.most(), explore.First, explore.First)
	case x.budget.n > 0 && x.budget.n < n*explore.First:
		return bad("`--budget %s` is too little for %s options: every option is played %d times before any is judged; write %s or more, or vary less",
			many(x.budget.n), many(n), explore.First, many(n*explore.First))
	}
	return nil
}

// contest is the choice to be made.
func (x *choice) contest() explore.Choice {
	return explore.Choice{
		Options: x.all, Goal: x.goal, SubjectTo: x.limits, Indifference: x.least, Confidence: float64(x.confidence),
		Budget: x.budget.n, Most: x.most(), Seed: x.luck(), Workers: x.workers.n, Keeper: x.saving.blocks(),
	}
}

// run plays options until the answer is there.
func (x *choice) run(c *cobra.Command) (*explore.Chosen, error) {
	x.remark()
	first := explore.First * len(x.all)
	if err := x.affordable(max(first, x.budget.n), "vary less"); err != nil {
		return nil, err
	}
	x.say("%s options, %d replications of each first: about %s", many(len(x.all)), explore.First, lasting(x.estimate(first)))
	if err := x.begin(c, x.most()); err != nil {
		return nil, err
	}
	step, above, clear := watchSome(x.t, &x.options, max(first, x.budget.n))
	one := x.contest()
	one.Progress = step
	one.Agree = func(expected int) error {
		left := max(0, expected-first)
		if left > 0 && !x.quiet {
			above.note("to tell them apart, about %s more: about %s", many(left), lasting(x.estimate(left)))
		}
		return x.affordable(left, "give a larger --indifference, or a --budget")
	}
	if x.saving.cluster.url != "" {
		one.Ahead = x.playAway()
	}
	found, err := one.Run(c.Context())
	clear()
	if broken := x.saving.end(x.t, true, err == nil && found.Ending != explore.Interrupted, 0); broken != nil {
		return nil, broken
	}
	if err != nil {
		return nil, stopped(c.Context(), err)
	}
	return found, nil
}
