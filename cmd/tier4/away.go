package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tier4/scenarios"
	"tier4/sim"
)

// Runs in which what is played depends on what was: a cluster is asked for what comes next, ahead of its being
// looked at here, and the answer is made where it was asked for.

// aheadOf are things from one to before another, and perhaps some of those they are played of: `0-4096` or `30-60:1,4`.
type aheadOf struct {
	from, until int
	of          []int
}

func (a *aheadOf) Type() string { return "RANGE" }
func (a *aheadOf) String() string {
	if a.until == 0 {
		return ""
	}
	text := fmt.Sprintf("%d-%d", a.from, a.until)
	for i, one := range a.of {
		text += string(":,"[min(i, 1)]) + fmt.Sprint(one)
	}
	return text
}

func (a *aheadOf) Set(text string) error {
	span, of, some := strings.Cut(text, ":")
	if n, err := fmt.Sscanf(span, "%d-%d", &a.from, &a.until); n != 2 || err != nil || a.from < 0 || a.until <= a.from {
		return errors.New("write from where to where")
	}
	for one := range strings.SplitSeq(of, ",") {
		var i int
		if n, err := fmt.Sscan(one, &i); some && (n != 1 || err != nil || i < 0) {
			return errors.New("write of which")
		} else if some {
			a.of = append(a.of, i)
		}
	}
	return nil
}

// aheadFloor is the least work in seconds on one processor that is worth giving away.
const aheadFloor = 1

// playAway has the cluster play rounds of a choice ahead: as many again as there were, while no fewer options are left.
func (x *choice) playAway() func(ctx context.Context, options []int, from, until int) error {
	known := 0 // up to where the options left have been played ahead
	return func(ctx context.Context, options []int, from, until int) error {
		if from < known || x.budget.n > 0 && from > 0 {
			return nil
		}
		until = min(max(until, 2*from), x.most())
		seconds := float64(len(options)*(until-from)) / x.perSecond * float64(x.processors())
		if seconds < aheadFloor {
			return nil
		}
		d := distribution{scenarios: x.named, named: append([]string{x.name}, x.among...), quiet: x.quiet}
		if len(x.named) == 0 {
			d.scenarios = []*scenarios.Scenario{x.base}
		}
		d.work = func() (work, error) { return work{seconds * shardSeconds / aheadSeconds, 0}, nil }
		part := aheadOf{from, until, options}
		folders, err := x.saving.ahead(ctx, x.t, d, "--"+aheadFlag+"="+part.String())
		if err != nil {
			return err
		}
		known = until
		return x.saving.keeper.Add(folders)
	}
}

// playShard plays a part of what a cluster plays ahead.
func (x *choice) playShard(c *cobra.Command) error {
	v := &x.saving
	for _, i := range v.part.of {
		if i >= len(x.all) {
			return bad("there is no option %d", i)
		}
	}
	if err := x.begin(c, x.most()); err != nil {
		return err
	}
	err := x.contest().PlayAhead(c.Context(), v.part.of, v.part.from, v.part.until, sim.Part(v.shard))
	return errors.Join(err, v.end(x.t, true, err == nil, 0))
}
