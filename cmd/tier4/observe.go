package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tier4/calibration"
	"tier4/cmd/tier4/internal/extract"
	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
)

// observeOptions are the flags of observe.
type observeOptions struct {
	extractOptions
	saveColumns, setAside string
	bootstrap             int
	workers               wholeFlag
	small                 bool
	figures               listFlag
	format                formatFlag
	out                   string
	papers                papers
	force, quiet          bool
}

// extractOptions are the flags that say how an extract is read.
type extractOptions struct {
	columns, scenario, sheet string
	strict                   bool

	of *scenarios.Scenario // that the extract is about, where it is read already
}

func (o *extractOptions) register(c *cobra.Command) {
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.columns, "columns", "", "a `FILE` (YAML) that says which column is what; observe prints it as guessed")
	f.StringVar(&o.sheet, "sheet", "", "which `SHEET` of a workbook; the one that looks most like an extract unless given")
	f.BoolVar(&o.strict, "strict", false, "rows that would be set aside are errors: nothing is worked out, exit code 2")
}

func observeCommand(t *terminal) *cobra.Command {
	var o observeOptions
	c := &cobra.Command{
		Use:   "observe DATA",
		Short: "What an extract of dates says by itself",
		Long: `Reads an extract from a case-management system, one row an episode, CSV or XLSX, and says what is
in it without any model: referrals, waits, stays, decisions, places in use, laws of what is seen
directly, each with its interval. It guesses which column is what and how dates are written, and
prints that for correction. Every row is accounted for: what cannot be right is set aside, by line.

Counts of 1 to 4 people are not shown, nor what in the same table would give them away. Several tables
together may: look at them before you publish.`,
		Example: `  tier4 observe extract.csv
  tier4 observe extract.xlsx --sheet Episodes --save-columns columns.yaml
  tier4 observe extract.csv --columns columns.yaml --scenario my-area.yaml --plot pictures
  tier4 observe extract.csv --format json --out observed.json
  tier4 observe extract.csv --figures detox.admitted.wait.mean,rehab.dropped_out`,
		Args: exactly(1, "one extract"),
		RunE: func(c *cobra.Command, args []string) error { return o.observe(c, t, args[0]) },
	}
	o.register(c)
	f := c.Flags()
	f.StringVar(&o.scenario, "scenario", "", "a `SCENARIO` whose stages and cohorts the extract is about")
	o.workers.most = 1024
	f.StringVar(&o.saveColumns, "save-columns", "", "write the columns as read to `FILE`, to correct and give back with --columns")
	f.StringVar(&o.setAside, "set-aside", "", "write every row set aside and why to `FILE` (.csv)")
	f.BoolVar(&o.small, "show-small", false, "show counts of 1 to 4 people too")
	f.Var(&o.figures, "figures", "only these figures: `ID,...`; all shows every one with its name")
	f.IntVar(&o.bootstrap, "bootstrap", 99, "the `NUMBER` of times that the test of a law's fit plays the extract anew; 0 for no test")
	f.Var(&o.workers, "workers", "processors to use; all unless given. The answer does not depend on it")
	f.Var(&o.format, "format", "table, markdown, csv or json (`FORMAT`); by the ending of --out unless given")
	f.StringVar(&o.out, "out", "", "write to `FILE` instead of the screen; it must not exist yet")
	o.papers.register(c)
	f.BoolVar(&o.force, "force", false, "overwrite the files of --out, --save-columns, --set-aside, --report and --plot")
	f.BoolVar(&o.quiet, "quiet", false, "no remarks")
	return c
}

// observe reads an extract and writes what it says.
func (o *observeOptions) observe(c *cobra.Command, t *terminal, name string) error {
	if err := o.check(name); err != nil {
		return err
	}
	var files outputs
	defer files.drop()
	defer o.papers.drop()
	if err := o.open(&files, name); err != nil {
		return err
	}
	reading, err := o.read(t, name)
	if err != nil {
		return err
	}
	if !o.quiet && reading.Rows() > 0 {
		where := "the report says which and why"
		if len(o.figures) > 0 {
			where = "the whole report, without `--figures`, says which and why"
		}
		t.note("%s: %d of %d rows are set aside; %s", name, reading.Rows(), reading.Read, where)
	}
	workers := o.workers.n
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	found := &report.Observed{
		Version: versionName(), Name: filepath.Base(name), Reading: reading, Small: o.small, Figures: o.figures,
		Of: calibration.Observe(reading.Extract, calibration.Options{
			NoLaws: !o.papers.wanted() && (len(o.figures) > 0 || o.format == "csv"), Bootstrap: o.bootstrap, Workers: workers, Seed: 1,
		}),
	}
	if err := o.known(found); err != nil {
		return err
	}
	return o.write(c, t, &files, found)
}

// outputs are the files that observe writes.
type outputs struct {
	out, columns, setAside *outFile
}

func (f *outputs) drop() {
	f.out.drop()
	f.columns.drop()
	f.setAside.drop()
}

// check looks at the flags together.
func (o *observeOptions) check(data string) error {
	if o.format == "" {
		o.format = formatByEnding(o.out)
	}
	if o.bootstrap < 0 || o.bootstrap > 100_000 {
		return bad("`--bootstrap %d`: write a whole number from 0 to 100,000", o.bootstrap)
	}
	read := [][2]string{{"the extract", data}, {"--columns", o.columns}, {"--scenario", o.scenario}}
	written := [][2]string{{"--out", o.out}, {"--save-columns", o.saveColumns}, {"--set-aside", o.setAside}}
	if err := o.papers.check("--report"); err != nil {
		return err
	}
	return apart(read, append(written, o.papers.named("--report")...))
}

// apart refuses a file that is written and is also another that is read or written. Each is what it is, and its name.
func apart(read, written [][2]string) error {
	for i, w := range written {
		for _, other := range slices.Concat(read, written[i+1:]) {
			if w[1] != "" && other[1] != "" && oneFile(w[1], other[1]) {
				return bad("`%s` and %s both name %s; give another file to write", w[0], other[0], w[1])
			}
		}
	}
	return nil
}

// open makes sure of the files before the work starts.
func (o *observeOptions) open(files *outputs, data string) error {
	if err := createAll(o.force, wanted{o.out, &files.out, createText}, wanted{o.saveColumns, &files.columns, createFile}, wanted{o.setAside, &files.setAside, createFile}); err != nil {
		return err
	}
	return o.papers.open(o.force, []string{data})
}

// read reads the extract with what is known of it. Where it cannot be, what could be guessed of its columns is
// said all the same, to start from.
func (o *extractOptions) read(t *terminal, name string) (*extract.Reading, error) {
	data, err := readInput(name)
	if err != nil {
		return nil, err
	}
	options := extract.Options{Sheet: o.sheet, ColumnsFile: o.columns, Scenario: o.of}
	if o.columns != "" {
		if options.Columns, err = readInput(o.columns); err != nil {
			return nil, err
		}
	}
	if o.scenario != "" {
		if options.Scenario, err = scenarios.Load(o.scenario); err != nil {
			return nil, badInput(err)
		}
	}
	reading, err := extract.Read(name, data, options)
	if err != nil {
		if reading != nil && reading.Columns != "" {
			t.note("What could be made of the columns, to start a file for --columns from:\n\n%s", reading.Columns)
		}
		return nil, badInput(err)
	}
	if o.strict {
		var faults []error
		for _, d := range reading.SetAside {
			if d.Kind != extract.NoRow { // a total is no fault of the rows
				faults = append(faults, fmt.Errorf("%s: %w", name, d))
			}
		}
		if len(faults) > 0 {
			return nil, badInput(errors.Join(faults...))
		}
	}
	switch {
	case reading.Used > 0:
	case len(reading.SetAside) == 0:
		return nil, bad("%s has a header and no rows under it; give an extract with one row for each episode", name)
	default:
		return nil, bad("%s: none of its %d rows can be used; the first: %w", name, reading.Read, reading.SetAside[0])
	}
	return reading, nil
}

// observing is the command that shows how an extract is read for a scenario, as it would be typed.
func (o *extractOptions) observing(scenario, data string) string {
	words := []string{"tier4", "observe", data, "--scenario", scenario}
	for _, flag := range [][2]string{{"--columns", o.columns}, {"--sheet", o.sheet}} {
		if flag[1] != "" {
			words = append(words, flag[0], flag[1])
		}
	}
	for i, w := range words {
		words[i] = quotedWord(w)
	}
	return strings.Join(words, " ")
}

// readInput reads a file that a command is given.
func readInput(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, bad("%s: there is no such file", name)
	case err == nil && !info.Mode().IsRegular():
		return nil, bad("%s is not a file", name)
	case err == nil && info.Size() > mostInput:
		return nil, bad("%s has %d MiB; an extract has at most 64 MiB", name, info.Size()>>20)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, bad("%s cannot be read: %w", name, plainly(err))
	}
	return data, nil
}

const mostInput = 64 << 20

// known refuses figures that the extract does not have.
func (o *observeOptions) known(found *report.Observed) error {
	var faults []error
	for _, id := range found.Unknown() {
		hint := meant(id, found.Known())
		if hint == "" {
			hint = "`--figures all` shows those there are"
		}
		faults = append(faults, fmt.Errorf("there is no figure `%s`; %s", id, hint))
	}
	return badInput(errors.Join(faults...))
}

// write writes the report and the files beside it.
func (o *observeOptions) write(c *cobra.Command, t *terminal, files *outputs, found *report.Observed) error {
	if files.columns != nil {
		if err := writeOut(t, files.columns, func(w io.Writer) error { _, err := io.WriteString(w, found.Reading.Columns); return err }); err != nil {
			return err
		}
	}
	if files.setAside != nil {
		if err := writeOut(t, files.setAside, found.SetAside); err != nil {
			return err
		}
	}
	if err := o.papers.write(t, found.Charts, func(w io.Writer, ending string) error {
		charts, err := found.Charts()
		if err != nil {
			return err
		}
		paper := report.Pictured{Page: found.Page(), Charts: charts, Version: found.Version, Command: typed(c, []string{found.Name}, "")}
		return paper.Write(w, ending)
	}); err != nil {
		return err
	}
	return writeOut(t, files.out, func(w io.Writer) error {
		switch o.format {
		case "json":
			return found.JSON(w)
		case "csv":
			return found.CSV(w)
		case "markdown":
			return found.Page().Markdown(w)
		}
		return found.Page().Text(w, t.width)
	})
}
