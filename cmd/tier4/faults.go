package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tier4/sim"
)

// The exit codes.
const (
	exitFailed      = 1
	exitInput       = 2
	exitMissed      = 3
	exitInterrupted = 130
)

// failure is an error with its exit code; without an error all has been said.
type failure struct {
	exit int
	err  error
}

func (f *failure) Error() string {
	if f.err == nil {
		return "failed"
	}
	return f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// bad says that input or usage is at fault.
func bad(format string, args ...any) error {
	return &failure{exitInput, fmt.Errorf(format, args...)}
}

// badInput is an error of input, or nil.
func badInput(err error) error {
	if err == nil {
		return nil
	}
	return &failure{exitInput, err}
}

func unknownCommand(root *cobra.Command, word string) error {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	if hint := meant(word, names); hint != "" {
		return bad("there is no command `%s`; %s", word, strings.TrimSpace(hint))
	}
	return bad("there is no command `%s`; `tier4 --help` lists those there are", word)
}

// flagFault rewords an error of the flag parser.
func flagFault(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	see := "`" + c.CommandPath() + " --help` lists the flags"
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		name := unknown.GetSpecifiedName()
		if near := nearest(name, names); near != "" {
			return bad("there is no flag `--%s`; did you mean `--%s`?", name, near)
		}
		return bad("there is no flag `--%s`; %s", name, see)
	case errors.As(err, &unknown):
		return bad("there is no flag `-%s`; %s", unknown.GetSpecifiedShortnames(), see)
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool":
		return bad("`--%s=%s`: write true or false, or nothing", invalid.GetFlag().Name, invalid.GetValue())
	case errors.As(err, &invalid):
		return bad("`--%s %s`: %w", invalid.GetFlag().Name, invalid.GetValue(), invalid.Unwrap())
	case errors.As(err, &missing):
		return bad("`--%s` needs a value; %s", missing.GetSpecifiedName(), see)
	}
	return bad("%w; %s", err, see)
}

// exactly demands a number of arguments in plain words.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < n:
			return bad("`%s` needs %s: `%s`", c.CommandPath(), what, c.UseLine())
		case len(args) > n:
			return bad("`%s` takes %s, so `%s` is too much", c.CommandPath(), what, args[n])
		}
		return nil
	}
}

func none(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return bad("`%s` takes no arguments, so `%s` is too much", c.CommandPath(), args[0])
	}
	return nil
}

// figureFaults rewords the errors of naming figures, one a line.
func figureFaults(scenario string, err error) error {
	var faults []error
	for _, one := range parts(err) {
		var unknown *sim.UnknownFigureError
		if errors.As(one, &unknown) {
			one = fmt.Errorf("there is no figure `%s`; %s", unknown.ID, figureHint(unknown))
		}
		faults = append(faults, fmt.Errorf("%s: %w", scenario, one))
	}
	return errors.Join(faults...)
}

// figureHint names the figure that was meant: of the same quantity if there are any, for another may be spelled
// nearly alike, as the stay and the wait are.
func figureHint(e *sim.UnknownFigureError) string {
	under := func(stem string) (ends []string) {
		for _, id := range e.Known {
			if end, ok := strings.CutPrefix(id, stem+"."); ok {
				ends = append(ends, end)
			}
		}
		return ends
	}
	stem, end := e.ID, ""
	if dot := strings.LastIndex(e.ID, "."); dot > 0 {
		stem, end = e.ID[:dot], e.ID[dot+1:]
	}
	ends := under(stem)
	if len(ends) > 0 {
		if hint := meant(end, ends); hint != "" {
			return strings.TrimSpace(strings.Replace(hint, "`", "`"+stem+".", 1))
		}
	} else {
		if hint := meant(e.ID, e.Known); hint != "" {
			return strings.TrimSpace(hint)
		}
		stem, _, _ = strings.Cut(e.ID, ".")
		ends = under(stem)
	}
	for i := range ends {
		ends[i] = "`" + stem + "." + ends[i] + "`"
	}
	if len(ends) > 8 {
		ends = append(ends[:8], "and more")
	}
	if len(ends) > 0 {
		return "there are " + strings.Join(ends, ", ")
	}
	return "`--figures all` shows those there are"
}

// parts takes joined errors apart.
func parts(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, one := range joined.Unwrap() {
			all = append(all, parts(one)...)
		}
		return all
	}
	return []error{err}
}

// stopped turns the error of a run into one with its exit code.
func stopped(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, sim.ErrNothingFinished) && ctx.Err() != nil:
		return &failure{exitInterrupted, err}
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return &failure{exitInterrupted, sim.ErrNothingFinished}
	}
	return err
}

// meant is "did you mean `x`? " where a word is close, else "".
func meant(word string, words []string) string {
	if near := nearest(word, words); near != "" {
		return "did you mean `" + near + "`? "
	}
	return ""
}

// nearest is the word fewest edits away, if that is few enough to be a slip, else "".
func nearest(word string, words []string) string {
	best, least := "", max(1, len(word)/3)+1
	for _, w := range words {
		if d := edits(word, w); d < least {
			best, least = w, d
		}
	}
	return best
}

// edits counts the letters to add, drop, change or swap with a neighbour to turn a into b
// (restricted Damerau-Levenshtein distance).
func edits(a, b string) int {
	s, t := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	if len(s) > 100 || len(t) > 100 {
		return max(len(s), len(t))
	}
	d := make([][]int, len(s)+1)
	for i := range d {
		d[i] = make([]int, len(t)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(s); i++ {
		for j := 1; j <= len(t); j++ {
			change := 1
			if s[i-1] == t[j-1] {
				change = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+change)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(s)][len(t)]
}
