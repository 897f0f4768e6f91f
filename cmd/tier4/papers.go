package main

import (
	"io"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tier4/cmd/tier4/internal/chart"
)

// papers are the reports and charts that a command writes beside its answer: --report and --plot.
type papers struct {
	plot    string
	reports []string
	plots   *outFolder
	files   []*outFile
}

// register adds the flags.
func (p *papers) register(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&p.reports, "report", nil, "also write a report to send to `FILE` ("+reportEndings+");\nmay be given more than once")
	f.StringVar(&p.plot, "plot", "", plotUsage)
}

const plotUsage = "also draw the charts into `DIR`: SVG, PNG and their numbers as CSV; it must be new or empty"

// wanted reports whether there are any.
func (p *papers) wanted() bool { return p.plot != "" || len(p.reports) > 0 }

// reportEndings are the endings of files that a report can be written to.
const reportEndings = ".html, .docx, .pptx, .xlsx or .md"

// reportKind is the ending of a file's name in small letters.
func reportKind(name string) string { return strings.ToLower(filepath.Ext(name)) }

// check looks at the endings of reports; flag is how they are asked for.
func (p *papers) check(flag string) error {
	for _, name := range p.reports {
		switch reportKind(name) {
		case ".html", ".docx", ".pptx", ".xlsx", ".md":
		default:
			return bad("`%s %s`: the file's name must end in %s", flag, name, reportEndings)
		}
	}
	return nil
}

// named are the files and the folder with their flags.
func (p *papers) named(flag string) (all [][2]string) {
	for _, name := range p.reports {
		all = append(all, [2]string{flag, name})
	}
	return append(all, [2]string{"--plot", p.plot})
}

// open makes sure of the files before the work starts. None may be one of those that are read.
func (p *papers) open(force bool, read []string) error {
	for _, name := range p.reports {
		for _, other := range read {
			if oneFile(name, other) {
				return bad("%s is the scenario itself; give another file to write", name)
			}
		}
		f, err := createFile(name, force)
		if err != nil {
			return err
		}
		p.files = append(p.files, f)
	}
	if p.plot == "" {
		return nil
	}
	var err error
	p.plots, err = createFolder(p.plot, force)
	return err
}

// write draws the charts and writes each report in the form that its ending names.
func (p *papers) write(t *terminal, charts func() ([]*chart.Chart, error), report func(w io.Writer, ending string) error) error {
	if p.plots != nil {
		all, err := charts()
		if err == nil {
			err = plot(p.plots, all)
		}
		if err != nil {
			return err
		}
	}
	for _, f := range p.files {
		if err := writeOut(t, f, func(w io.Writer) error { return report(w, reportKind(f.name)) }); err != nil {
			return err
		}
	}
	return nil
}

// drop removes what was not finished.
func (p *papers) drop() {
	p.plots.drop()
	for _, f := range p.files {
		f.drop()
	}
}

// notAgain are the flags that say where an answer goes and how it is made, not what it is.
var notAgain = map[string]bool{
	"out": true, "report": true, "plot": true, "runs": true, "statements": true, "format": true, "force": true, "quiet": true, "workers": true, "yes": true,
	"save-columns": true, "set-aside": true, "save": true, "resume": true, "shard": true, extendFlag: true, mergeFlag: true,
	"cluster": true, "token-file": true, "ca": true, cutFlag: true, aheadFlag: true, stateFlag: true, moreFlag: true, measuredFlag: true,
	"overlay": true, "posterior": true,
}

// typed is the command with the arguments and flags that make its report again; the seed, if any, is among them.
func typed(c *cobra.Command, args []string, seed string) string {
	words := append(strings.Fields(c.CommandPath()), args...)
	seeded := false
	c.Flags().Visit(func(f *pflag.Flag) {
		if notAgain[f.Name] {
			return
		}
		seeded = seeded || f.Name == "seed"
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, v := range values {
			if f.Value.Type() == "bool" && v == "true" {
				words = append(words, "--"+f.Name)
			} else {
				words = append(words, "--"+f.Name, v)
			}
		}
	})
	if !seeded && seed != "" {
		words = append(words, "--seed", seed)
	}
	for i, w := range words {
		words[i] = quotedWord(w)
	}
	return strings.Join(append(words, "--report", "report.html"), " ")
}

// quotedWord quotes what a shell would take apart, so that those of Windows take it too where they can: cmd knows
// double quotes alone, and PowerShell takes what has a comma for a list.
func quotedWord(word string) string { return quotedFor(runtime.GOOS, word) }

func quotedFor(system, word string) string {
	plain := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:@%+£"
	switch {
	case word == "":
		return `""`
	case strings.Trim(word, plain) == "", system == "windows" && strings.Trim(word, plain+`\`) == "":
		return word
	case !strings.ContainsAny(word, "\"\\$`!"):
		return `"` + word + `"`
	case system == "windows": // a name of a folder may end in a backslash, which would take the quote with it
		word = strings.ReplaceAll(word, `"`, `\"`)
		if strings.HasSuffix(word, `\`) {
			word += `\`
		}
		return `"` + word + `"`
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
