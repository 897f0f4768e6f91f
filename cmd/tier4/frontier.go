package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios/explore"
	"tier4/sim"
)

// border is the command frontier on its way from flags to a report.
type border struct {
	exploration
	least, most listFlag // figures to minimise and to maximise
	goals       []explore.Goal
}

func frontierCommand(t *terminal) *cobra.Command {
	x := border{exploration: exploration{t: t}}
	c := &cobra.Command{
		Use:   "frontier SCENARIO --vary PATH=VALUES --minimise FIGURE --maximise FIGURE",
		Short: "The options that no other beats, by two or three figures",
		Long: `Plays every option on the same people and shows the frontier: the options that no other beats in
every figure named. Of the others it says which one clearly beats them, or that they cannot be
told apart from one on the frontier. Where one figure is money it says what the next person
reached, or a day less of wait, costs from each option on the frontier to the next.

Ctrl-C stops and reports what is finished by then.`,
		Example: `  tier4 frontier medway --vary pathway.rehab.places.riverside.beds=0..12 --minimise cost --maximise reached.rehab
  tier4 frontier medway --vary pathway.rehab.places.riverside.beds=0..8 --vary pathway.panel.meets.every=1w,2w,4w \
      --minimise cost,rehab.admitted.wait.mean --maximise reached.rehab.within_84_days`,
		Args: x.designed("one scenario"),
		RunE: func(c *cobra.Command, args []string) error { return x.frontier(c, x.design.rest(args)[0]) },
	}
	f := c.Flags()
	f.SortFlags = false
	f.Var(&x.least, "minimise", "figures that should be low: `ID,...`")
	f.Var(&x.most, "maximise", "figures that should be high: `ID,...`")
	x.register(c, "also show these figures: `ID,...`")
	x.saving.register(c, false)
	return c
}

// frontier plays every option and says which no other beats.
func (x *border) frontier(c *cobra.Command, name string) error {
	for _, step := range []func() error{func() error { return x.load(name) }, x.few, x.aim} {
		if err := step(); err != nil {
			return err
		}
	}
	var keep []string
	for _, g := range x.goals {
		keep = append(keep, g.Figure)
	}
	x.wanted = append(append(x.wanted, keep...), x.figures...)
	found, err := x.survey(c, keep)
	if err != nil {
		return err
	}
	defer x.drop()
	r := report.Frontier{Points: x.points(found.Replications), Frontier: found.Frontier(x.goals)}
	r.Points.Summaries = found.Summaries
	x.stop(&r.Points, found)
	r.Describe()
	return x.write(c, &r.Points, pointsReport{r.Page, r.Charts, r.JSON})
}

// aim reads the goals, every fault at once.
func (x *border) aim() error {
	m, err := sim.Compile(x.base.Spec)
	if err != nil {
		return badInput(figureFaults(x.name, err))
	}
	if x.everything() {
		return bad("`--figures all` is for sweep and run; name those to be shown beside the frontier")
	}
	var faults []error
	seen := map[string]bool{}
	for _, side := range []struct {
		flag, word string
		ids        []string
	}{{"--minimise", "lowest ", x.least}, {"--maximise", "highest ", x.most}} {
		for _, id := range side.ids {
			g, _, err := goal(side.flag, side.word+id, m)
			if err == nil && seen[id] {
				err = fmt.Errorf("%s: `%s` is named twice; name each figure once", side.flag, id)
			}
			seen[id] = true
			faults, x.goals = append(faults, err), append(x.goals, g)
		}
	}
	if n := len(x.goals); n < 2 || n > 3 {
		faults = append(faults, fmt.Errorf("a frontier is of two figures or three, not of %d; write `--minimise cost --maximise reached.rehab`", n))
	}
	return badInput(errors.Join(faults...))
}
