package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tier4/calibration"
	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
)

// calibrateOptions are the flags of calibrate.
type calibrateOptions struct {
	extractOptions
	fixed             []string
	holdOut           spanFlag
	discrepancies     offFlag
	particles, screen wholeFlag
	acceptance        shareFlag
	seed              seedFlag
	workers           wholeFlag
	sets              []string

	overlay, posterior string
	keeping            keepingPlays
	small              bool
	format             formatFlag
	out                string
	papers             papers
	force, quiet       bool
}

func calibrateCommand(t *terminal) *cobra.Command {
	o := calibrateOptions{acceptance: calibration.UsualAcceptance}
	c := &cobra.Command{
		Use:   "calibrate SCENARIO DATA",
		Short: "Make a scenario reproduce what was observed",
		Long: `Finds the numbers with which a scenario reproduces an extract of dates, and says what the extract
cannot tell. What dates show directly (how long steps take, who gives up, how many come) is found
by likelihood, with its uncertainty; what they do not show, named in the scenario under
calibrate: with what is believed of it, by simulation: histories of the same window are played
and observed exactly as the extract was, and those kept that look like it.

The answer is a joint sample of all numbers, and with --overlay a scenario that extends the
first, ready for run, compare and sensitivity. Ctrl-C keeps the last finished generation.`,
		Example: `  tier4 calibrate my-area.yaml extract.csv
  tier4 calibrate my-area.yaml extract.csv --overlay calibrated.yaml --report calibration.html
  tier4 calibrate my-area.yaml extract.csv --hold-out "6 months"
  tier4 calibrate my-area.yaml extract.csv --fixed pathway.assessment --save kept
  tier4 calibrate my-area.yaml extract.csv --fixed pathway.assessment --save kept --resume`,
		Args: exactly(2, "a scenario and an extract"),
		RunE: func(c *cobra.Command, args []string) error {
			j := calibrating{t: t, o: &o, scenario: args[0], data: args[1], again: typed(c, args, "")}
			o.keeping.remember(c, args)
			defer j.files.drop()
			defer o.keeping.gone()
			defer o.papers.drop()
			return j.run(c.Context())
		},
	}
	o.register(c)
	f := c.Flags()
	f.StringArrayVar(&o.fixed, "fixed", nil, "leave what is seen directly at this `PATH`, or under it, as the scenario has it;\nmay be given more than once")
	f.Var(&o.holdOut, "hold-out", "keep the last `TIME` of the extract, such as \"6 months\", from the calibration, and\npredict it")
	f.Var(&o.discrepancies, "discrepancy", "how far off the model itself may be at a target, `ID=AMOUNT` in its unit, as in\nrehab.admitted.wait.mean=3 days; nothing unless given; may be given more than once")
	f.StringVar(&o.overlay, "overlay", "", "write a scenario that extends this one with what was found to `FILE` (.yaml), and its\njoint sample beside it (.csv)")
	f.StringVar(&o.posterior, "posterior", "", "write the joint sample to `FILE` (.csv or .parquet)")
	o.keeping.register(c)
	o.particles.most, o.screen.most, o.workers.most = 100_000, 1<<20, 1024
	o.particles.least, o.screen.least = calibration.LeastParticles, calibration.LeastScreen
	f.Var(&o.particles, "particles", "how many histories each generation keeps; 1000 unless given")
	f.Var(&o.screen, "screen", "how many points of what is believed are played first; 4096 unless given")
	f.Var(&o.acceptance, "acceptance", "stop when no greater `SHARE` of proposals is accepted; 2% unless given")
	f.Var(&o.seed, "seed", "another draw of luck; the scenario's own seed unless given")
	f.Var(&o.workers, "workers", "processors to use; all unless given. The answer does not depend on it")
	f.StringArrayVar(&o.sets, "set", nil, "change one value first: `PATH=VALUE`; may be given more than once")
	f.BoolVar(&o.small, "show-small", false, "show counts of 1 to 4 people too")
	f.Var(&o.format, "format", "table, markdown, csv or json (`FORMAT`); by the ending of --out unless given")
	f.StringVar(&o.out, "out", "", "write to `FILE` instead of the screen; it must not exist yet")
	o.papers.register(c)
	f.BoolVar(&o.force, "force", false, "overwrite the files that are written")
	f.BoolVar(&o.quiet, "quiet", false, "no progress and no remarks")
	return c
}

// calibrating is one calibration on its way from names to a report.
type calibrating struct {
	t              *terminal
	o              *calibrateOptions
	scenario, data string
	again          string // the command that makes the report anew
	files          calibrateFiles

	base  *scenarios.Scenario
	plan  *calibration.Plan
	task  calibration.Task
	state *calibration.State
}

// calibrateFiles are what calibrate writes.
type calibrateFiles struct {
	out, overlay, sample, posterior *outFile
}

func (f *calibrateFiles) drop() {
	for _, one := range []*outFile{f.out, f.overlay, f.sample, f.posterior} {
		one.drop()
	}
}

func (j *calibrating) run(ctx context.Context) error {
	for _, step := range []func() error{j.check, j.read, j.prepare, j.begin, j.open} {
		if err := step(); err != nil {
			return err
		}
	}
	if j.o.keeping.shard.Of > 0 {
		return j.playShard(ctx)
	}
	j.remark()
	step, clear := watchGenerations(j.t, j.o.quiet, &j.task)
	j.plan.Watch(step, j.keep)
	state, err := j.plan.Run(ctx, j.state)
	clear()
	stopped := errors.Is(err, calibration.ErrInterrupted)
	if broken := j.end(err == nil); broken != nil {
		return broken
	}
	switch {
	case stopped && state == nil:
		return &failure{exitInterrupted, errors.New("stopped before the first generation: there is nothing to say yet; " + j.goOn())}
	case err != nil && !stopped:
		return err
	}
	found, err := j.plan.Result(context.WithoutCancel(ctx), state)
	if err != nil {
		return err
	}
	if err := j.write(found, stopped); err != nil {
		return err
	}
	if stopped {
		return &failure{exitInterrupted, errors.New("stopped: this is what the last finished generation says; " + j.goOn())}
	}
	return nil
}

// goOn says how to go on after a stop.
func (j *calibrating) goOn() string {
	if j.o.keeping.dir != "" {
		return "the same command with --resume goes on"
	}
	return "give --save DIR to be able to go on"
}

// check looks at the flags together.
func (j *calibrating) check() error {
	o := j.o
	if o.format == "" {
		o.format = formatByEnding(o.out)
	}
	if err := o.keeping.check(false); err != nil {
		return err
	}
	for _, one := range []struct {
		flag, name string
		endings    []string
	}{
		{"--overlay", o.overlay, []string{".yaml", ".yml"}},
		{"--posterior", o.posterior, []string{".csv", ".parquet"}},
	} {
		if one.name != "" && !slices.Contains(one.endings, strings.ToLower(filepath.Ext(one.name))) {
			return bad("`%s %s`: the file's name must end in %s", one.flag, one.name, strings.Join(one.endings, " or "))
		}
	}
	if err := o.papers.check("--report"); err != nil {
		return err
	}
	read := [][2]string{{"the scenario", j.scenario}, {"the extract", j.data}, {"--columns", o.columns}}
	written := [][2]string{
		{"--out", o.out},
		{"--overlay", o.overlay},
		{"the sample of --overlay", o.sample()},
		{"--posterior", o.posterior},
		{"--save", o.keeping.dir},
	}
	return apart(read, append(written, o.papers.named("--report")...))
}

// sample is the file of the overlay's joint sample: beside it, by its name.
func (o *calibrateOptions) sample() string {
	if o.overlay == "" {
		return ""
	}
	return strings.TrimSuffix(o.overlay, filepath.Ext(o.overlay)) + ".csv"
}

// read reads the scenario and, by it, the extract; the faults of both come out together.
func (j *calibrating) read() error {
	var err error
	if j.base, err = scenarios.Load(j.scenario, j.o.sets...); err != nil {
		return badInput(err)
	}
	if points, least := cmp.Or(j.o.screen.n, calibration.UsualScreen), calibration.LeastScreen*len(j.base.Sought); points < least {
		return bad("`--screen %d`: the scenario has %d numbers to find, which take %d points or more", points, len(j.base.Sought), least)
	}
	j.o.extractOptions.of = j.base
	reading, err := j.o.extractOptions.read(j.t, j.data)
	if err != nil {
		return err
	}
	if !j.o.quiet {
		for _, n := range reading.Notes {
			j.t.note("%s: %s", j.data, n)
		}
		if reading.Rows() > 0 {
			j.t.note("%s: %d of %d rows are set aside (%s); `%s` says which and why", j.data, reading.Rows(), reading.Read,
				strings.Join(reading.Reasons(3), "; "), j.o.observing(j.scenario, j.data))
		}
		if guessed := reading.GuessedClosing(); guessed != "" {
			j.t.note("%s: %s", j.data, guessed)
		}
	}
	j.task = calibration.Task{
		Scenario: j.base, Extract: reading.Extract, Fixed: j.o.fixed, HoldOut: calibration.Missing,
		Seed: j.base.Seed, Workers: j.o.workers.n,
		Discrepancy: j.o.discrepancies.amounts(),
		Screen:      calibration.UsualScreen, Particles: calibration.UsualParticles, Acceptance: float64(j.o.acceptance),
	}
	if j.o.seed.given {
		j.task.Seed = j.o.seed.n
	}
	if j.o.particles.n > 0 {
		j.task.Particles = j.o.particles.n
	}
	if j.o.screen.n > 0 {
		j.task.Screen = j.o.screen.n
	}
	if j.o.holdOut.given {
		j.task.HoldOut = j.o.holdOut.before(reading.Extract.Until)
	}
	return j.unknownFixed()
}

// unknownFixed refuses paths of --fixed that lead nowhere.
func (j *calibrating) unknownFixed() error {
	var faults []error
	for _, path := range j.o.fixed {
		if _, ok := j.base.Value(path); !ok {
			faults = append(faults, bad("`--fixed %s`: the scenario has nothing at this path; %s", path, strings.TrimSpace(meant(path, j.base.Paths())+"name one as the scenario has it")))
		}
	}
	return badInput(errors.Join(faults...))
}

// prepare makes the calibration ready, and finds the state to go on from.
func (j *calibrating) prepare() (err error) {
	j.plan, err = calibration.NewPlan(j.task)
	var unknown *calibration.UnknownTargetError
	if errors.As(err, &unknown) {
		return bad("`--discrepancy %s`: there is no such target; %s", unknown.ID, cmp.Or(strings.TrimSpace(meant(unknown.ID, unknown.Known)), "--format json lists them"))
	}
	if err != nil {
		return bad("%s: %w", j.scenario, err)
	}
	return j.o.discrepancies.inUnits(j.plan.Targets())
}

// processors is how many play here.
func (j *calibrating) processors() int { return cmp.Or(j.task.Workers, runtime.GOMAXPROCS(0)) }

// open makes sure of the files before the work starts.
func (j *calibrating) open() error {
	if err := createAll(j.o.force,
		wanted{j.o.out, &j.files.out, createText},
		wanted{j.o.overlay, &j.files.overlay, createFile},
		wanted{j.o.sample(), &j.files.sample, createFile},
		wanted{j.o.posterior, &j.files.posterior, createFile},
	); err != nil {
		return err
	}
	return j.o.papers.open(j.o.force, []string{j.scenario, j.data})
}

func (j *calibrating) remark() {
	if j.o.quiet {
		return
	}
	for _, w := range j.base.Warnings {
		j.t.note("%s: warning: %s", j.scenario, w.Line())
	}
	if j.state != nil {
		j.t.note("going on after generation %d", len(j.state.History)-1)
	}
}

// write writes what was found, the page last.
func (j *calibrating) write(found *calibration.Result, stopped bool) error {
	r := &report.Calibrated{
		Version: versionName(), Name: j.scenario, Data: filepath.Base(j.data), Scenario: j.base, Of: found,
		Seed: j.task.Seed, HoldOut: j.task.HoldOut, Small: j.o.small, Stopped: stopped,
	}
	for _, one := range []struct {
		file  *outFile
		write func(io.Writer) error
	}{
		{j.files.sample, r.SampleCSV},
		{j.files.overlay, func(w io.Writer) error { return r.Overlay(w, j.extends(), filepath.Base(j.o.sample())) }},
		{j.files.posterior, j.posterior(r)},
	} {
		if one.file != nil {
			if err := writeOut(j.t, one.file, one.write); err != nil {
				return err
			}
		}
	}
	if err := j.o.papers.write(j.t, r.Charts, func(w io.Writer, ending string) error {
		charts, err := r.Charts()
		slides, err2 := r.SlideCharts()
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		paper := report.Pictured{Page: r.Page(), Charts: charts, Slides: slides, Scenarios: []*scenarios.Scenario{j.base}, Version: r.Version, Command: j.again}
		return paper.Write(w, ending)
	}); err != nil {
		return err
	}
	return writeOut(j.t, j.files.out, func(w io.Writer) error {
		switch j.o.format {
		case "json":
			return r.JSON(w)
		case "csv":
			return r.CSV(w)
		case "markdown":
			return r.Page().Markdown(w)
		}
		return r.Page().Text(w, j.t.width)
	})
}

func (j *calibrating) posterior(r *report.Calibrated) func(io.Writer) error {
	if strings.EqualFold(filepath.Ext(j.o.posterior), ".parquet") {
		return r.SampleParquet
	}
	return r.SampleCSV
}

// extends is the scenario as the overlay calls it: by its name in the library, or by its file from the overlay's
// folder.
func (j *calibrating) extends() string {
	if _, err := scenarios.Open(j.scenario); err == nil {
		return j.scenario
	}
	from, err1 := filepath.Abs(filepath.Dir(j.o.overlay))
	to, err2 := filepath.Abs(j.scenario)
	if rel, err := filepath.Rel(from, to); err1 == nil && err2 == nil && err == nil {
		return filepath.ToSlash(rel)
	}
	return j.scenario
}
