package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tier4/calibration"
	"tier4/sim"
)

// options are the flags of commands that play scenarios.
type options struct {
	replications wholeFlag // 0: as the scenario says
	precision    shareFlag // 0: none
	seed         seedFlag
	workers      wholeFlag // 0: one for each processor
	sets         []string
	figures      listFlag
	targets      []string
	format       formatFlag
	out, runs    string
	statements   string
	fixed        bool
	papers       papers
	saving       saving
	silent       bool // the reports are all that is wanted: nothing goes to the screen
	force, quiet bool
}

// register adds the flags of commands that play scenarios and print what they find.
func (o *options) register(c *cobra.Command) {
	o.registerPlay(c)
	f := c.Flags()
	f.Var(&o.format, "format", "table, markdown, csv or json (`FORMAT`); by the ending of --out unless given")
	f.StringVar(&o.out, "out", "", outUsage)
	f.StringVar(&o.runs, "runs", "", "also write every figure of every replication to `FILE` (.csv or .parquet)")
	f.StringVar(&o.statements, "statements", "", "also write the statement of each contract and financial year to `FILE` (.csv)")
	o.papers.register(c)
	o.saving.register(c, false)
	f.BoolVar(&o.force, "force", false, "overwrite the files of --out, --runs, --statements, --plot and --report")
	f.BoolVar(&o.quiet, "quiet", false, quietUsage)
}

// Words for flags that several commands have.
const (
	settingUsage = "change one value: `PATH=VALUE`, as in pathway.rehab.places.riverside.beds=6;\nmay be given more than once"
	outUsage     = "write to `FILE` instead of the screen; it must not exist yet"
	quietUsage   = "no progress and no remarks"
)

// registerPlay adds the flags that say how scenarios are played.
func (o *options) registerPlay(c *cobra.Command) {
	o.registerLuck(c)
	f := c.Flags()
	f.Var(&o.precision, "precision", "play on until the main figures (or --figures) are known to within this `SHARE` of\ntheir value, such as 2%, as far as chance goes; at most --replications times, or\nten times the scenario's own number")
	f.StringArrayVar(&o.sets, "set", nil, settingUsage)
	f.BoolVar(&o.fixed, "fixed", false, "take every number as the scenario has it, also those it calls uncertain")
	f.Var(&o.figures, "figures", "only these figures: `ID,...`; all shows every one with its name")
	f.StringArrayVar(&o.targets, "target", nil, "a limit that a figure should keep, as in \"cost <= £500,000\" (`LIMIT`); may be\ngiven more than once. If one is missed, the exit code is 3")
}

// registerLuck adds how often something is played, with which luck and on how many processors.
func (o *options) registerLuck(c *cobra.Command) {
	f := c.Flags()
	f.SortFlags = false
	o.replications.most, o.workers.most = 10_000_000, 1024
	f.Var(&o.replications, "replications", "how many times the period is played; the scenario's own number unless given")
	f.Var(&o.seed, "seed", "another draw of luck; the same seed gives the same answer")
	f.Var(&o.workers, "workers", "processors to use; all unless given. The answer does not depend on it")
}

// noneEmpty refuses flags that were given with nothing in them, as a script does whose variable is not set.
func noneEmpty(given *pflag.FlagSet) error {
	var faults []error
	given.Visit(func(f *pflag.Flag) {
		if f.Value.Type() == "string" && f.Value.String() == "" {
			faults = append(faults, fmt.Errorf("`--%s` is given and empty; say what it is, or leave it out", f.Name))
		}
	})
	return badInput(errors.Join(faults...))
}

// check looks at the flags together.
func (o *options) check() error {
	if o.format == "" {
		o.format = formatByEnding(o.out)
	}
	if o.runs != "" {
		if ending := strings.ToLower(filepath.Ext(o.runs)); ending != ".csv" && ending != ".parquet" {
			return bad("`--runs %s`: the file's name must end in .csv or .parquet", o.runs)
		}
	}
	if o.statements != "" && strings.ToLower(filepath.Ext(o.statements)) != ".csv" {
		return bad("`--statements %s`: the file's name must end in .csv", o.statements)
	}
	flag := "--report"
	if o.silent {
		flag = "-o"
	}
	if err := o.papers.check(flag); err != nil {
		return err
	}
	if err := o.saving.check(o.precision > 0, append([]string{o.out, o.runs, o.statements, o.papers.plot}, o.papers.reports...)...); err != nil {
		return err
	}
	return o.distinct(flag)
}

// booked reports whether a workbook is wanted, which has groups of people and single replications.
func (o *options) booked() bool {
	return slices.ContainsFunc(o.papers.reports, func(name string) bool { return reportKind(name) == ".xlsx" })
}

// distinct refuses two flags that name the same file; flag is that of reports.
func (o *options) distinct(flag string) error {
	files := append([][2]string{{"--out", o.out}, {"--runs", o.runs}, {"--statements", o.statements}}, o.papers.named(flag)...)
	for i, a := range files {
		for _, b := range files[i+1:] {
			if a[1] != "" && b[1] != "" && oneFile(a[1], b[1]) {
				return bad("`%s` and `%s` both name %s; give them different files", a[0], b[0], a[1])
			}
		}
	}
	return nil
}

// hasSet says whether --set gives the value at a path, or one it is part of.
func (o *options) hasSet(path string) bool {
	return slices.ContainsFunc(o.sets, func(set string) bool {
		at, _, _ := strings.Cut(set, "=")
		return path == at || strings.HasPrefix(path, at+".") || path == "uncertain" && strings.HasPrefix(at, path+".")
	})
}

// everything says whether every figure is to be shown by name.
func (o *options) everything() bool { return len(o.figures) == 1 && o.figures[0] == "all" }

func formatByEnding(name string) formatFlag {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		return "json"
	case ".csv":
		return "csv"
	case ".md", ".markdown":
		return "markdown"
	}
	return "table"
}

// wholeFlag is a whole number of 1 or more, or of least where that is more.
type wholeFlag struct{ n, least, most int }

func (v *wholeFlag) String() string {
	if v.n == 0 {
		return ""
	}
	return strconv.Itoa(v.n)
}
func (v *wholeFlag) Type() string { return "NUMBER" }

func (v *wholeFlag) Set(text string) error {
	n, err := strconv.Atoi(strings.ReplaceAll(text, ",", ""))
	if least := max(1, v.least); err != nil || n < least || n > v.most {
		return fmt.Errorf("write a whole number from %d to %d", least, v.most)
	}
	v.n = n
	return nil
}

// shareFlag is a share above 0 and below 1.
type shareFlag float64

func (v *shareFlag) String() string {
	if *v == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(*v), 'g', -1, 64)
}
func (v *shareFlag) Type() string { return "SHARE" }

func (v *shareFlag) Set(text string) error {
	digits, isPercent := strings.CutSuffix(strings.TrimSpace(text), "%")
	x, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if isPercent {
		x /= 100
	}
	if err != nil || !(x > 0 && x < 1) {
		const say = "write a share above 0% and below 100%, such as 2% or 0.02"
		if !isPercent && x >= 1 && x < 100 {
			return fmt.Errorf("did you mean `%s%%`? %s", strings.TrimSpace(text), say)
		}
		return errors.New(say)
	}
	*v = shareFlag(x)
	return nil
}

// seedFlag is a seed, if given.
type seedFlag struct {
	n     uint64
	given bool
}

func (v *seedFlag) String() string {
	if !v.given {
		return ""
	}
	return strconv.FormatUint(v.n, 10)
}
func (v *seedFlag) Type() string { return "NUMBER" }

func (v *seedFlag) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return errors.New("write a whole number of 0 or more")
	}
	v.n, v.given = n, true
	return nil
}

// listFlag is names with commas between them; given again, it adds to them.
type listFlag []string

func (v *listFlag) String() string { return strings.Join(*v, ",") }
func (v *listFlag) Type() string   { return "ID,..." }

func (v *listFlag) Set(text string) error {
	for name := range strings.SplitSeq(text, ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			return errors.New("write figures with commas between them, as in cost,reached.rehab")
		}
		*v = append(*v, name)
	}
	return nil
}

// formatFlag is a format of output.
type formatFlag string

var formats = []string{"table", "markdown", "csv", "json"}

func (v *formatFlag) String() string { return string(*v) }
func (v *formatFlag) Type() string   { return "FORMAT" }

func (v *formatFlag) Set(text string) error {
	for _, f := range formats {
		if text == f {
			*v = formatFlag(f)
			return nil
		}
	}
	return fmt.Errorf("%swrite table, markdown, csv or json", meant(text, formats))
}

// spanFlag is a length of time in days, weeks, months or years of the calendar, if given.
type spanFlag struct {
	text                string
	years, months, days int
	given               bool
}

func (v *spanFlag) String() string { return v.text }
func (v *spanFlag) Type() string   { return "TIME" }

var spanForm = regexp.MustCompile(`^(\d{1,4}) *(days?|d|weeks?|w|months?|years?|y)$`)

func (v *spanFlag) Set(text string) error {
	m := spanForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return errors.New("write a length of time such as \"6 months\" or \"26 weeks\"")
	}
	n, _ := strconv.Atoi(m[1])
	if n == 0 {
		return errors.New("write more than nothing, such as \"6 months\"")
	}
	*v = spanFlag{text: text, given: true}
	switch m[2][0] {
	case 'd':
		v.days = n
	case 'w':
		v.days = 7 * n
	case 'm':
		v.months = n
	default:
		v.years = n
	}
	return nil
}

// before is the day so long before another.
func (v *spanFlag) before(d calibration.Day) calibration.Day {
	return calibration.DayOf(d.Date().AddDate(-v.years, -v.months, -v.days))
}

// offFlag is how far off a model may be, by target.
type offFlag map[string]off

// off is an amount, and the unit that was written with it: share, days, or "" for none.
type off struct {
	amount float64
	unit   string
}

func (v *offFlag) String() string { return "" }
func (v *offFlag) Type() string   { return "ID=AMOUNT" }

func (v *offFlag) Set(text string) error {
	id, amount, ok := strings.Cut(text, "=")
	digits, isShare := strings.CutSuffix(strings.TrimSpace(amount), "%")
	digits, isDays := strings.CutSuffix(strings.TrimSuffix(digits, "s"), "day")
	x, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if !ok || err != nil || !(x > 0) {
		return errors.New("write a target and an amount in its unit, as in rehab.admitted.wait.mean=3 days")
	}
	one := off{amount: x}
	switch {
	case isShare:
		one = off{x / 100, sim.UnitShare}
	case isDays:
		one.unit = sim.UnitDays
	}
	if *v == nil {
		*v = offFlag{}
	}
	(*v)[strings.TrimSpace(id)] = one
	return nil
}

// amounts are the amounts by target.
func (v offFlag) amounts() map[string]float64 {
	all := make(map[string]float64, len(v))
	for id, one := range v {
		all[id] = one.amount
	}
	return all
}

// inUnits refuses amounts that were written in another unit than their target's.
func (v offFlag) inUnits(targets []calibration.Target) error {
	var faults []error
	for _, t := range targets {
		if one := v[t.ID]; one.unit != "" && one.unit != t.Unit {
			faults = append(faults, inUnit(fmt.Sprintf("`--discrepancy %s`", t.ID), sim.Figure{ID: t.ID, Unit: t.Unit}, one.amount, one.unit))
		}
	}
	return badInput(errors.Join(faults...))
}
