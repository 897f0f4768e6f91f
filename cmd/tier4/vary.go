package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
	"tier4/scenarios/explore"
	"tier4/sim"
)

// exploration is a command that plays many options of a scenario, on its way from flags to a report.
type exploration struct {
	options            // replications, seed, workers, sets, figures, force, quiet, out
	written   []string // --vary
	design    designFlag
	among     []string
	picture   pointFormat
	yes       bool
	t         *terminal
	name      string
	base      *scenarios.Scenario
	named     []*scenarios.Scenario // --among: of each option
	space     *explore.Space
	wanted    []string // figures to measure
	all       []explore.Option
	file      *outFile
	from      time.Time // of the playing
	perSecond float64   // replications on all processors, by the pilot
}

// register registers the flags of all commands that play options.
func (x *exploration) register(c *cobra.Command, figures string) {
	f := c.Flags()
	f.SortFlags = false
	f.StringArrayVar(&x.written, "vary", nil, "what is varied: `PATH=FROM..TO`, PATH=\"FROM..TO step BY\" or PATH=ONE,TWO;\nmay be given more than once, and then every combination is an option")
	f.Var(&x.design, "design", "not every combination but N of them, spread evenly: \"sobol `N`\"")
	x.registerLuck(c)
	f.StringArrayVar(&x.sets, "set", nil, settingUsage)
	f.Var(&x.figures, "figures", figures)
	f.Var(&x.picture, "format", "table, markdown, csv, json or parquet (`FORMAT`); by the ending of --out unless given")
	f.StringVar(&x.out, "out", "", outUsage)
	x.papers.register(c)
	f.BoolVar(&x.force, "force", false, "overwrite the files of --out, --report and --plot")
	f.BoolVar(&x.yes, "yes", false, "go on however long it takes")
	f.BoolVar(&x.quiet, "quiet", false, quietUsage)
}

// designed is for commands whose arguments are one scenario: `--design sobol 64` leaves the 64 to them.
func (x *exploration) designed(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		return exactly(1, what)(c, x.design.rest(args))
	}
}

// load reads the scenario and what is varied of it.
func (x *exploration) load(name string) error {
	if err := x.formats(); err != nil {
		return err
	}
	if x.design.wrong != "" {
		return bad("`--design %s`: write `--design \"sobol 64\"`, 64 being how many options are played", x.design.wrong)
	}
	var err error
	x.name = name
	if x.base, err = scenarios.Load(name, x.sets...); err != nil {
		return badInput(err)
	}
	if x.space, err = explore.Vary(x.base, x.written); err != nil {
		return badInput(err)
	}
	if x.design.n > 0 {
		x.space = x.space.Design(x.design.n, x.luck())
	}
	return nil
}

// arguments are those of the command without the number of a design.
func (x *exploration) arguments() []string {
	if len(x.among) > 0 {
		return nil // they are among --among
	}
	return []string{x.name}
}

// formats settles how the answer is written.
func (x *exploration) formats() error {
	if x.picture == "" {
		if x.picture = pointFormat(formatByEnding(x.out)); strings.EqualFold(filepath.Ext(x.out), ".parquet") {
			x.picture = "parquet"
		}
	}
	if x.picture == "parquet" && x.out == "" {
		return bad("`--format parquet` needs a file: add `--out points.parquet`")
	}
	if err := x.papers.check("--report"); err != nil {
		return err
	}
	if err := x.saving.check(false, append([]string{x.out, x.papers.plot}, x.papers.reports...)...); err != nil {
		return err
	}
	return x.distinct("--report")
}

// luck is the seed that all options are played with.
func (x *exploration) luck() uint64 {
	if x.seed.given {
		return x.seed.n
	}
	return x.base.Seed
}

// often is how many times each option is played.
func (x *exploration) often() int {
	if x.replications.n > 0 {
		return x.replications.n
	}
	return x.base.Replications
}

// mostOptions and mostTime are what is played without asking.
const (
	mostOptions = 1_000
	mostTime    = 15 * time.Minute
)

// few refuses more options than anybody would wait for, before they are made.
func (x *exploration) few() error {
	n := x.space.Len()
	switch {
	case len(x.written) == 0:
		return bad("nothing says what to vary; add `--vary PATH=FROM..TO`, as in --vary pathway.rehab.places.riverside.beds=0..12")
	case n > explore.MostOptions:
		return bad("%s options are more than can be played; vary less, or add `--design \"sobol 200\"` to play 200 of them", many(n))
	case n > mostOptions && !x.yes:
		return bad("%s options are a great many; add `--yes` to play them all, `--design \"sobol 200\"` to play 200 of them, or vary less", many(n))
	}
	return nil
}

func many(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// make makes the options, measuring the figures wanted.
func (x *exploration) make() (err error) {
	if x.all, err = explore.Options(x.base, x.space.All(), x.wanted...); err != nil {
		return badInput(optionFaults(x.name, err))
	}
	return nil
}

// optionFaults rewords the errors of options.
func optionFaults(name string, err error) error {
	var faults scenarios.Faults
	if errors.As(err, &faults) {
		return err
	}
	return figureFaults(name, err)
}

// open makes sure of the files before the work starts.
func (x *exploration) open() (err error) {
	read := append([]string{x.name}, x.among...)
	for _, name := range read {
		if x.out != "" && oneFile(name, x.out) {
			return bad("%s is the scenario itself; give another file to write", name)
		}
	}
	if x.out != "" {
		create := createText
		if x.picture == "parquet" {
			create = createFile
		}
		if x.file, err = create(x.out, x.force); err != nil {
			return err
		}
	}
	return x.papers.open(x.force, read)
}

// drop removes the files that were not finished.
func (x *exploration) drop() {
	x.file.drop()
	x.papers.drop()
}

// remark says what the reader should know of the scenarios before they are played.
func (x *exploration) remark() {
	names, all := x.among, x.named
	if len(names) == 0 {
		names, all = []string{x.name}, []*scenarios.Scenario{x.base}
	}
	for i, one := range all {
		for _, w := range one.Warnings {
			x.say("%s: warning: %s", names[i], w.Line())
		}
	}
}

// pilot measures how fast the options are played, on some of them from all over, for a third of a second.
func (x *exploration) pilot(ctx context.Context) error {
	const some = 8
	r := sim.Runner{Stop: func() bool { return ctx.Err() != nil }}
	var b sim.Batch
	played, start := 0, time.Now()
	for i := 0; i < 4*some && (i <= some || time.Since(start) < time.Second/3); i++ {
		b.Reset(i)
		if err := r.Replicate(x.all[i%some*(len(x.all)-1)/(some-1)].Model, x.luck(), i, &b); err != nil {
			return stopped(ctx, err)
		}
		if i == 0 {
			start = time.Now() // the first one makes room
			continue
		}
		played++
	}
	x.perSecond = float64(played) / time.Since(start).Seconds() * float64(x.processors())
	x.from = time.Now()
	return nil
}

// estimate is how long so many replications will take.
func (x *exploration) estimate(replications int) time.Duration {
	return time.Duration(float64(replications) / x.perSecond * float64(time.Second))
}

// affordable refuses what takes longer than anybody would wait for without being asked.
func (x *exploration) affordable(replications int, instead string) error {
	if left := x.estimate(replications); left > mostTime && !x.yes {
		return bad("this would take about %s; add `--yes` to go on, or %s", lasting(left), instead)
	}
	return nil
}

// say says something beside the data, unless all is to be quiet.
func (x *exploration) say(format string, args ...any) {
	if !x.quiet {
		x.t.note(format, args...)
	}
}

// lasting says a length of time as a person would.
func lasting(d time.Duration) string {
	switch {
	case d < 1500*time.Millisecond:
		return "a second"
	case d < 90*time.Second:
		return fmt.Sprintf("%.0f seconds", d.Seconds())
	case d < 90*time.Minute:
		return fmt.Sprintf("%.0f minutes", d.Minutes())
	}
	return fmt.Sprintf("%.0f hours", d.Hours())
}

// points is what a report of options needs to know of them.
func (x *exploration) points(replications int) report.Points {
	p := report.Points{Version: versionName(), Scenario: x.base, Seed: x.luck(), Replications: replications, Options: x.all, Names: x.among, Named: x.named}
	for _, d := range x.space.Dimensions {
		p.Paths = append(p.Paths, d.Path)
	}
	return p
}

// designFlag is a design of so many points.
type designFlag struct {
	n     int
	half  bool // the number has not come yet
	wrong string
}

func (v *designFlag) String() string {
	if v.n == 0 {
		return ""
	}
	return "sobol " + strconv.Itoa(v.n)
}
func (v *designFlag) Type() string { return "DESIGN" }

func (v *designFlag) Set(text string) error {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ':' || r == '=' })
	if len(words) == 0 || words[0] != "sobol" || len(words) > 2 {
		return errors.New("write \"sobol 64\", 64 being how many options are played")
	}
	if v.half = len(words) == 1; v.half {
		v.wrong = text
		return nil
	}
	return v.number(words[1])
}

func (v *designFlag) number(text string) error {
	n, err := strconv.Atoi(strings.ReplaceAll(text, ",", ""))
	if err != nil || n < 2 || n > explore.MostOptions {
		return fmt.Errorf("write how many options are played, from 2 to %s: \"sobol 64\"", many(explore.MostOptions))
	}
	v.n, v.half, v.wrong = n, false, ""
	return nil
}

// rest takes the number of `--design sobol 64` from the arguments.
func (v *designFlag) rest(args []string) []string {
	for i, a := range args {
		if v.half && v.number(a) == nil {
			return append(append([]string{}, args[:i]...), args[i+1:]...)
		}
	}
	return args
}

// pointFormat is a format of output of many options.
type pointFormat string

func (v *pointFormat) String() string { return string(*v) }
func (v *pointFormat) Type() string   { return "FORMAT" }

func (v *pointFormat) Set(text string) error {
	if text == "parquet" {
		*v = "parquet"
		return nil
	}
	var plain formatFlag
	if err := plain.Set(text); err != nil {
		return fmt.Errorf("%swrite table, markdown, csv, json or parquet", meant(text, append([]string{"parquet"}, formats...)))
	}
	*v = pointFormat(plain)
	return nil
}

// processors is how many replications are played at once.
func (x *exploration) processors() int {
	if x.workers.n > 0 {
		return min(x.workers.n, runtime.GOMAXPROCS(0))
	}
	return runtime.GOMAXPROCS(0)
}
