package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
	"tier4/sim"
)

// traceOptions are the flags of trace.
type traceOptions struct {
	people           []string
	day, from, until dateFlag
	meeting          meetingFlag
	replication      wholeFlag // 0: the first
	seed             seedFlag
	sets             []string
	format           formatFlag
	out              string
	force            bool
}

func traceCommand(t *terminal) *cobra.Command {
	var o traceOptions
	c := &cobra.Command{
		Use:   "trace SCENARIO",
		Short: "What happened to whom, day by day, in one replication",
		Long: `Plays one replication and tells what happened in it: everything day by day, the first 60 days
of the measured period unless told otherwise; or one person's story; or who is where on a day;
or what a panel did with its list at a meeting. The people are invented: this shows how the
pathway works, not what will happen.

People are called STREAM/COHORT/NUMBER, as community/opiates/12 or community/opiates/35f. The
name belongs to the person's luck: in a what-if the same name is the same person. A letter
after the number sets apart people whom the stream numbers alike.`,
		Example: `  tier4 trace medway
  tier4 trace medway --from 2026-05-01 --until 2026-05-31
  tier4 trace medway --person community/opiates/35f
  tier4 trace medway --day 2026-05-04
  tier4 trace medway --meeting panel@2026-05-12 --set pathway.panel.cases=2`,
		Args: exactly(1, "one scenario"),
		RunE: func(_ *cobra.Command, args []string) error { return o.trace(t, args[0]) },
	}
	o.replication.most = 10_000_000
	f := c.Flags()
	f.SortFlags = false
	f.StringArrayVar(&o.people, "person", nil, "the story of `WHO`, by the name that the trace gives; may be given more than once")
	f.Var(&o.day, "day", "who is in which bed and on which list on a `DATE`, such as 2026-05-04")
	f.Var(&o.meeting, "meeting", "whom a panel heard, put off and did not reach: `STAGE@DATE`, as in panel@2026-05-12")
	f.Var(&o.from, "from", "the first `DATE` of which everything is told")
	f.Var(&o.until, "until", "the last `DATE` of which everything is told")
	f.Var(&o.replication, "replication", "which replication, counted from 1 as in --runs; the first unless given")
	f.Var(&o.seed, "seed", "another draw of luck; the scenario's own seed unless given")
	f.StringArrayVar(&o.sets, "set", nil, "change one value first: `PATH=VALUE`; may be given more than once")
	f.Var(&o.format, "format", "table, markdown, csv or json (`FORMAT`); by the ending of --out unless given")
	f.StringVar(&o.out, "out", "", "write to `FILE` instead of the screen; it must not exist yet")
	f.BoolVar(&o.force, "force", false, "overwrite the file of --out")
	return c
}

// trace plays one replication and writes what is asked of it.
func (o *traceOptions) trace(t *terminal, name string) error {
	if err := o.check(); err != nil {
		return err
	}
	s, err := scenarios.Load(name, o.sets...)
	if err != nil {
		return badInput(err)
	}
	m, err := sim.Compile(s.Spec)
	if err != nil {
		return badInput(figureFaults(name, err))
	}
	account, err := o.account(s)
	if err != nil {
		return err
	}
	var out *outFile
	if o.out != "" {
		if oneFile(o.out, name) {
			return bad("%s is the scenario itself; give another file to write", name)
		}
		if out, err = createText(o.out, o.force); err != nil {
			return err
		}
		defer out.drop()
	}
	if err := sim.Trace(m, o.seedOf(s), o.number()-1, account.Told); err != nil {
		return err
	}
	if stories, ok := account.(*report.Stories); ok {
		if err := unknownPeople(stories, o.number()); err != nil {
			return err
		}
	}
	return writeOut(t, out, o.writer(t, account))
}

// check looks at the flags together.
func (o *traceOptions) check() error {
	if o.format == "" {
		o.format = formatByEnding(o.out)
	}
	var given []string
	for name, is := range map[string]bool{"--person": len(o.people) > 0, "--day": o.day.given, "--meeting": o.meeting.stage != ""} {
		if is {
			given = append(given, "`"+name+"`")
		}
	}
	slices.Sort(given)
	if len(given) > 1 {
		return bad("%s ask for different things; give one of them", strings.Join(given, " and "))
	}
	if len(given) == 1 && (o.from.given || o.until.given) {
		return bad("`--from` and `--until` are for the days of which everything is told; leave them out beside %s", given[0])
	}
	if o.from.given && o.until.given && o.until.date.Before(o.from.date) {
		return bad("`--until %s` is before `--from %s`; change them over", &o.until, &o.from)
	}
	return nil
}

func (o *traceOptions) number() int { return max(1, o.replication.n) }

func (o *traceOptions) seedOf(s *scenarios.Scenario) uint64 {
	if o.seed.given {
		return o.seed.n
	}
	return s.Seed
}

// account is what listens to the replication.
func (o *traceOptions) account(s *scenarios.Scenario) (report.Account, error) {
	traced := &report.Traced{Version: versionName(), Scenario: s, Seed: o.seedOf(s), Replication: o.number()}
	switch {
	case len(o.people) > 0:
		return &report.Stories{Traced: traced, Wanted: slices.Compact(slices.Clone(o.people))}, nil
	case o.day.given:
		day, err := within(s, "--day", &o.day)
		return &report.Round{Traced: traced, Day: day}, err
	case o.meeting.stage != "":
		at, err := o.meets(s)
		return &report.Meeting{Traced: traced, Stage: o.meeting.stage, At: at}, err
	}
	from, until, err := o.days(s)
	return &report.Log{Traced: traced, From: from, Until: until}, err
}

// usualDays are as many days as are told of unless others are asked for.
const usualDays = 60

// days are those of which everything is told: the last is not among them.
func (o *traceOptions) days(s *scenarios.Scenario) (from, until sim.Days, err error) {
	end := s.Spec.WarmUp + s.Spec.Measure
	from = math.Floor(s.Spec.WarmUp)
	if o.from.given {
		if from, err = within(s, "--from", &o.from); err != nil {
			return 0, 0, err
		}
	}
	if !o.until.given {
		return from, min(from+usualDays, math.Ceil(end)), nil
	}
	last, err := within(s, "--until", &o.until)
	if !o.from.given && last < from {
		from = 0
	}
	return from, last + 1, err
}

// within is a day of the run by its date.
func within(s *scenarios.Scenario, flag string, d *dateFlag) (sim.Days, error) {
	days := float64(d.date.Unix()-s.Spec.Start.Unix()) / 86400 // a time.Duration ends at 292 years
	last := math.Ceil(s.Spec.WarmUp+s.Spec.Measure) - 1
	if days >= 0 && days <= last {
		return days, nil
	}
	nearest := s.Spec.Start
	if days > last {
		nearest = s.Spec.Start.AddDate(0, 0, int(last))
	}
	return 0, bad("`%s %s` is outside the run, which goes from %s to %s; the nearest day is %s", flag, d,
		s.Spec.Start.Format(time.DateOnly), s.Spec.Start.AddDate(0, 0, int(last)).Format(time.DateOnly), nearest.Format(time.DateOnly))
}

// meets is the moment of the meeting asked for.
func (o *traceOptions) meets(s *scenarios.Scenario) (sim.Days, error) {
	var panels []string
	for _, stage := range s.Spec.Stages {
		if stage.Kind == sim.PanelKind {
			panels = append(panels, stage.Name)
		}
	}
	at := slices.IndexFunc(s.Spec.Stages, func(stage sim.Stage) bool { return stage.Name == o.meeting.stage })
	if at < 0 || s.Spec.Stages[at].Kind != sim.PanelKind {
		switch {
		case len(panels) == 0:
			return 0, bad("`--meeting %s`: this scenario has no panel", &o.meeting)
		case at >= 0:
			return 0, bad("`--meeting %s`: `%s` is no panel; write %s", &o.meeting, o.meeting.stage, quotedOr(panels))
		}
		return 0, bad("`--meeting %s`: there is no panel `%s`; %swrite %s", &o.meeting, o.meeting.stage, meant(o.meeting.stage, panels), quotedOr(panels))
	}
	day, err := within(s, "--meeting", &o.meeting.on)
	if err != nil {
		return 0, err
	}
	schedule := s.Spec.Stages[at].Panel.Meets
	k := max(0, math.Ceil((day-schedule.First)/schedule.Every))
	next := schedule.First + k*schedule.Every
	if next < day+1 {
		return next, nil
	}
	var near []string
	if k > 0 {
		near = append(near, isoDate(s, next-schedule.Every))
	}
	if next < s.Spec.WarmUp+s.Spec.Measure {
		near = append(near, isoDate(s, next))
	}
	if len(near) == 0 {
		return 0, bad("`--meeting %s`: %s never meets during the run", &o.meeting, o.meeting.stage)
	}
	return 0, bad("`--meeting %s`: %s does not meet on that day; it meets on %s", &o.meeting, o.meeting.stage, strings.Join(near, " and "))
}

func isoDate(s *scenarios.Scenario, at sim.Days) string {
	return s.Spec.Start.AddDate(0, 0, int(math.Floor(at))).Format(time.DateOnly)
}

func quotedOr(names []string) string { return "`" + strings.Join(names, "` or `") + "`" }

// unknownPeople says which of the people asked for never come, and who comes nearest.
func unknownPeople(s *report.Stories, replication int) error {
	var faults []error
	known := s.Known()
	for _, name := range s.Unknown() {
		hint := "nobody comes at all"
		if near := nearestPerson(name, known); near != "" {
			hint = "did you mean `" + near + "`?"
		} else if len(known) > 0 {
			hint = "people are called as `" + known[0] + "` is"
		}
		faults = append(faults, fmt.Errorf("nobody called `%s` comes in replication %d; %s", name, replication, hint))
	}
	return badInput(errors.Join(faults...))
}

// nearestPerson is the name of the same stream and cohort with the nearest number, else the likeliest slip.
func nearestPerson(name string, known []string) (best string) {
	at := strings.LastIndexByte(name, '/')
	if at < 0 {
		return nearest(name, known)
	}
	number, letters := leadingNumber(name[at+1:])
	least := math.Inf(1)
	for _, one := range known {
		if strings.HasPrefix(one, name[:at+1]) {
			n, l := leadingNumber(one[at+1:])
			far := math.Abs(float64(n - number))
			if l != letters {
				far += 0.5
			}
			if far < least {
				best, least = one, far
			}
		}
	}
	if best == "" {
		best = nearest(name, known)
	}
	return best
}

func leadingNumber(text string) (n int, rest string) {
	rest = strings.TrimLeft(text, "0123456789")
	n, _ = strconv.Atoi(strings.TrimSuffix(text, rest))
	return n, rest
}

func (o *traceOptions) writer(t *terminal, a report.Account) func(io.Writer) error {
	switch o.format {
	case "json":
		return a.JSON
	case "csv":
		return a.CSV
	case "markdown":
		return a.Page().Markdown
	}
	return func(w io.Writer) error { return a.Page().Text(w, t.width) }
}

// dateFlag is a date, if given.
type dateFlag struct {
	date  time.Time
	given bool
}

func (v *dateFlag) String() string {
	if !v.given {
		return ""
	}
	return v.date.Format(time.DateOnly)
}
func (v *dateFlag) Type() string { return "DATE" }

func (v *dateFlag) Set(text string) error {
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return errors.New("write a date such as 2026-05-04")
	}
	v.date, v.given = date, true
	return nil
}

// meetingFlag is a meeting of a stage on a date, if given.
type meetingFlag struct {
	stage string
	on    dateFlag
}

func (v *meetingFlag) String() string {
	if v.stage == "" {
		return ""
	}
	return v.stage + "@" + v.on.String()
}
func (v *meetingFlag) Type() string { return "STAGE@DATE" }

func (v *meetingFlag) Set(text string) error {
	stage, date, ok := strings.Cut(text, "@")
	if !ok || stage == "" || v.on.Set(date) != nil {
		return errors.New("write a panel and a date, such as panel@2026-05-12")
	}
	v.stage = stage
	return nil
}
