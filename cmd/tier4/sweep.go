package main

import (
	"cmp"
	"errors"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"tier4/cmd/tier4/internal/chart"
	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
	"tier4/scenarios/explore"
	"tier4/sim"
)

func sweepCommand(t *terminal) *cobra.Command {
	x := exploration{t: t}
	c := &cobra.Command{
		Use:   "sweep SCENARIO --vary PATH=VALUES",
		Short: "Play many options of one scenario, side by side",
		Long: `Plays a scenario with one number, or several, set to each of many values, and shows what each
option comes to. All options have the very same people with the same luck, so that what
differs is what the option does. Numbers that the scenario calls uncertain are taken as it has
them. How long it will take is measured and said first; what would
take very long asks for --yes.

Ctrl-C stops and reports what is finished by then.`,
		Example: `  tier4 sweep medway --vary pathway.rehab.places.riverside.beds=0..12
  tier4 sweep medway --vary pathway.rehab.places.riverside.beds=0..12 --vary pathway.panel.meets.every=1w,2w,4w
  tier4 sweep medway --vary "pathway.rehab.places.other-rehabs.per_night=£150..£240 step £10" --figures cost,cost.spot
  tier4 sweep my-area.yaml --vary ... --vary ... --design "sobol 64" --out points.parquet`,
		Args: x.designed("one scenario"),
		RunE: func(c *cobra.Command, args []string) error { return x.sweep(c, x.design.rest(args)[0]) },
	}
	x.register(c, "these figures: `ID,...`; the main ones unless given, all for every one")
	x.saving.register(c, false)
	return c
}

// sweep plays every option and shows its figures.
func (x *exploration) sweep(c *cobra.Command, name string) error {
	if err := x.load(name); err != nil {
		return err
	}
	if err := x.few(); err != nil {
		return err
	}
	m, err := sim.Compile(x.base.Spec)
	if err != nil {
		return badInput(figureFaults(name, err))
	}
	switch {
	case x.everything():
	case len(x.figures) > 0:
		x.wanted = x.figures
	default:
		x.wanted = report.Headline(x.base.Spec, m)
	}
	found, err := x.survey(c, nil)
	if err != nil {
		return err
	}
	defer x.drop()
	p := x.points(found.Replications)
	p.Summaries = found.Summaries
	x.stop(&p, found)
	return x.write(c, &p, pointsReport{p.Page, p.Charts, p.JSON})
}

// survey makes the options and plays all of them equally often.
func (x *exploration) survey(c *cobra.Command, keep []string) (*explore.Surveyed, error) {
	for _, step := range []func() error{x.make, x.open, func() error { return x.pilot(c.Context()) }} {
		if err := step(); err != nil {
			x.drop()
			return nil, err
		}
	}
	x.remark()
	total := len(x.all) * x.often()
	if err := x.affordable(total, "play fewer --replications"); err != nil {
		x.drop()
		return nil, err
	}
	x.say("%s options, %s replications of each: about %s", many(len(x.all)), many(x.often()), lasting(x.estimate(total)))
	found, err := x.play(c, keep)
	if err != nil {
		x.drop()
		return nil, err
	}
	return found, nil
}

// play plays all options, or a shard of them, which ends the command: nothing is left to say.
func (x *exploration) play(c *cobra.Command, keep []string) (*explore.Surveyed, error) {
	v := &x.saving
	defer v.gone()
	step, clear := watch(x.t, &x.options, x.often())
	survey := explore.Survey{Options: x.all, Keep: keep, Seed: x.luck(), Replications: x.often(), Workers: x.workers.n, Progress: step}
	if v.shard.Of > 0 {
		defer clear()
		return nil, cmp.Or(x.keepShards(c, survey), error(&failure{}))
	}
	if err := x.begin(c, x.often()); err != nil {
		clear()
		return nil, err
	}
	survey.Keeper = v.blocks()
	ctx, wait, err := v.distribute(c.Context(), x.t, x.distribution())
	if err != nil {
		clear()
		return nil, err
	}
	found, err := survey.Run(ctx)
	away := wait(err == nil && !found.Interrupted)
	clear()
	if away != nil {
		return nil, away
	}
	if broken := v.end(x.t, x.quiet, err == nil && !found.Interrupted, x.often()); broken != nil {
		return nil, broken
	}
	if err != nil {
		return nil, stopped(c.Context(), err)
	}
	return found, nil
}

// keepShards plays the shard asked for, and what others are asked for after it, and keeps them.
func (x *exploration) keepShards(c *cobra.Command, survey explore.Survey) error {
	v := &x.saving
	return v.eachShard(x.t, func() error {
		if err := x.begin(c, x.often()); err != nil {
			return err
		}
		survey.Keeper = v.blocks()
		n, err := survey.Part(c.Context(), sim.Part(v.shard))
		return v.endShard(c.Context(), x.t, x.quiet, n, x.often(), err)
	})
}

// stop says that a survey was stopped early, if it was.
func (x *exploration) stop(p *report.Points, found *explore.Surveyed) {
	if found.Interrupted {
		p.Stopped = report.StoppedAfter(found.Replications, x.often())
	}
}

// pointsReport is what is written of options.
type pointsReport struct {
	page   func() *report.Page
	charts func() ([]*chart.Chart, error)
	json   func(io.Writer) error
}

// write writes the answer in the format asked for, after the reports and charts beside it.
func (x *exploration) write(c *cobra.Command, p *report.Points, r pointsReport) error {
	page, json := r.page, r.json
	if err := x.papers.write(x.t, r.charts, func(w io.Writer, ending string) error {
		charts, err := r.charts()
		if err != nil {
			return err
		}
		about := x.named
		if len(about) == 0 {
			about = []*scenarios.Scenario{x.base}
		}
		paper := report.Pictured{Page: page(), Charts: charts, Scenarios: about, Version: p.Version, Command: typed(c, x.arguments(), strconv.FormatUint(p.Seed, 10))}
		return paper.Write(w, ending)
	}); err != nil {
		return err
	}
	write := map[pointFormat]func(io.Writer) error{
		"table":    func(w io.Writer) error { return page().Text(w, x.t.width) },
		"markdown": func(w io.Writer) error { return page().Markdown(w) },
		"csv":      p.CSV, "json": json, "parquet": p.Parquet,
	}[x.picture]
	if err := writeOut(x.t, x.file, write); err != nil {
		return err
	}
	if p.Stopped != "" {
		return &failure{exitInterrupted, errors.New(p.Stopped)}
	}
	return nil
}
