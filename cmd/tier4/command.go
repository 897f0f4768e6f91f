package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version string

// versionName is the linker's version, else the module's, else its revision, else "dev".
func versionName() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "dev-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return "dev"
}

// terminal is where a command reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	width    int  // of out
	watched  bool // err is a terminal: somebody may look at progress
}

// note says something beside the data.
func (t *terminal) note(format string, args ...any) { fmt.Fprintf(t.err, format+"\n", args...) }

// command runs the tool with its arguments and gives the exit code: 0 done, 1 failed, 2 bad input
// or usage, 3 a target was missed, 130 interrupted.
func command(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer, args []string) int {
	out := &remember{w: stdout}
	t := &terminal{in: stdin, out: out, err: stderr, width: widthOf(stdout), watched: isTerminal(stderr)}
	root := rootCommand(t)
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil && out.err != nil {
		err = fmt.Errorf("the output could not be written: %w", out.err)
	}
	if err == nil {
		return 0
	}
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{exit: exitFailed, err: err}
	}
	if f.err != nil {
		t.note("%s", f.err)
	}
	return f.exit
}

func rootCommand(t *terminal) *cobra.Command {
	root := &cobra.Command{
		Use:   "tier4",
		Short: "What choices in buying detox and rehab would do",
		Long: `tier4 plays a detox and rehab pathway many times over, with the luck of real life, and says
what a choice would do: to waits, to those who give up, to completions, to beds and to money,
and how sure that is. A pathway is one YAML file; some come with the tool.`,
		Example: `  tier4 compare                  the what-ifs that come with the tool, side by side
  tier4 run medway               one scenario in full
  tier4 init my-area             a scenario of your own to start from`,
		Version:       versionName(),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			return noneEmpty(c.Flags())
		},
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return c.Help()
		},
	}
	root.SetVersionTemplate("tier4 {{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(flagFault)
	root.SetHelpCommand(helpCommand())
	root.AddCommand(initCommand(t), listCommand(t), validateCommand(t), runCommand(t), compareCommand(t), reportCommand(t), traceCommand(t),
		sweepCommand(t), frontierCommand(t), chooseCommand(t), sensitivityCommand(t),
		extendCommand(t), mergeCommand(t), clusterCommand(t), workerCommand(t), observeCommand(t), calibrateCommand(t),
		serveCommand(t), schemaCommand(t))
	return root
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "How to use a command",
		RunE: func(c *cobra.Command, args []string) error {
			about, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(c.Root(), args[len(args)-1])
			}
			return about.Help()
		},
	}
}

// remember keeps the first error of writing, which printers of help and versions drop.
type remember struct {
	w   io.Writer
	err error
}

func (r *remember) Write(p []byte) (int, error) {
	n, err := r.w.Write(p)
	if err != nil && r.err == nil {
		r.err = err
	}
	return n, err
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// plainWidth is the width of tables that do not go to a terminal.
const plainWidth = 120

// widthOf is how many columns a writer has: COLUMNS if set, else those of the terminal.
func widthOf(w any) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n >= 40 && n <= 1000 {
		return n
	}
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return max(40, n)
		}
	}
	return plainWidth
}
