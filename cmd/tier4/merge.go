package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tier4/cmd/tier4/internal/store"
)

func extendCommand(t *terminal) *cobra.Command {
	var more wholeFlag
	c := &cobra.Command{
		Use:   "extend DIR --replications NUMBER",
		Short: "Play a saved run more often",
		Long: `Goes on with a run that was kept with --save until it has been played --replications times in
all, and gives the answer that one run of so many gives, to the last bit. What is there is not
played again. (Where a scenario has numbers that are uncertain, more replications mean more draws
of them, up to 500; past 4,000 replications draws get longer, and are played anew.)

It is the same command as then, so its scenarios must be where they were, and unchanged.`,
		Example: `  tier4 run medway --save medway-run
  tier4 extend medway-run --replications 4000`,
		Args: exactly(1, "one folder"),
		RunE: func(c *cobra.Command, args []string) error {
			m, err := playsOf(args[0])
			switch {
			case err != nil:
				return err
			case more.n == 0:
				return bad("`tier4 extend %s` is not told how far; add `--replications NUMBER`, more than the %s there are", args[0], many(m.Replications))
			case m.Parts > 0:
				return bad("%s holds %s of a run; extend them when they are whole: play them again with more `--replications`", args[0], partName(m))
			}
			return playAgain(c, t, m, "--replications="+more.String(), "--save="+args[0], "--resume", "--"+extendFlag)
		},
	}
	c.Flags().SortFlags = false
	more.most = 10_000_000
	c.Flags().Var(&more, "replications", "how many times the period is played in all")
	registerAgain(c)
	return c
}

func mergeCommand(t *terminal) *cobra.Command {
	c := &cobra.Command{
		Use:   "merge DIR...",
		Short: "Join shards of a run, made anywhere",
		Long: `Joins the parts of a run that were kept with --save and --shard, on this machine or on others of
the same kind, and gives the answer that one run gives, to the last bit. Shards that are missing
or there twice are named.

It is the same command as then, so its scenarios must be where they were, and unchanged.`,
		Example: `  tier4 run medway --replications 100000 --shard 1/2 --save first
  tier4 run medway --replications 100000 --shard 2/2 --save second
  tier4 merge first second`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return bad("`tier4 merge` needs the folders of all shards: `%s`", c.UseLine())
			}
			args = expanded(args)
			m, err := joined(t, args)
			if err != nil {
				return err
			}
			words := []string{"--replications=" + strconv.Itoa(m.Replications)}
			for _, dir := range args {
				words = append(words, "--"+mergeFlag+"="+dir)
			}
			return playAgain(c, t, m, words...)
		},
	}
	registerAgain(c)
	return c
}

// playsOf is the manifest of a folder that holds a run of so many replications.
func playsOf(dir string) (*store.Manifest, error) {
	m, err := manifestOf(dir)
	if err == nil && m.Method != nil {
		return nil, bad("%s holds a calibration; go on with it: `tier4 %s --save %s --resume`", dir, quotedWords(m.Command), quotedWord(dir))
	}
	return m, err
}

// joined is the manifest of shards that make up a whole run.
func joined(t *terminal, dirs []string) (*store.Manifest, error) {
	var first *store.Manifest
	var faults []string
	where := map[int]string{}
	for _, dir := range dirs {
		m, err := playsOf(dir)
		if err != nil {
			return nil, err
		}
		if m.Parts == 0 {
			m.Part, m.Parts = 1, 1
		}
		if first == nil {
			first = m
		}
		what := first.Differs(m)
		if m.Replications != first.Replications {
			what = append(what, fmt.Sprintf("it is of %s replications, not %s", many(m.Replications), many(first.Replications)))
		}
		if m.Parts != first.Parts {
			what = append(what, fmt.Sprintf("it is one of %d shards, not of %d", m.Parts, first.Parts))
		}
		switch {
		case len(what) > 0:
			faults = append(faults, fmt.Sprintf("%s is not of the same run as %s: %s", dir, dirs[0], strings.Join(what, "; ")))
			continue
		case !m.Finished:
			faults = append(faults, fmt.Sprintf("%s (shard %d) is not finished; go on with it: `--resume`", dir, m.Part))
		case where[m.Part] != "" && oneFile(where[m.Part], dir):
			t.note("%s is given twice; it counts once", dir)
		case where[m.Part] != "":
			t.note("shard %d is in %s and in %s; it counts once", m.Part, where[m.Part], dir)
		}
		where[m.Part] = dir
	}
	if missing := missingOf(where, first.Parts); missing != "" {
		faults = append(faults, "of "+many(first.Parts)+" shards these are missing: "+missing)
	}
	if len(faults) > 0 {
		return nil, bad("%s", strings.Join(faults, "\n"))
	}
	return first, nil
}

// missingOf lists the shards that are nowhere: `2, 5 to 7`.
func missingOf(where map[int]string, parts int) string {
	var runs []string
	for from := 1; from <= parts; from++ {
		if where[from] != "" {
			continue
		}
		to := from
		for to < parts && where[to+1] == "" {
			to++
		}
		run := strconv.Itoa(from)
		if to > from {
			run = fmt.Sprintf("%d to %d", from, to)
		}
		runs = append(runs, run)
		from = to
	}
	return strings.Join(runs, ", ")
}

// registerAgain adds the flags that say where the answer of a command that is run again goes.
func registerAgain(c *cobra.Command) {
	var o options
	f := c.Flags()
	f.SortFlags = false
	o.workers.most = 1024
	f.Var(&o.workers, "workers", "processors to use; all unless given. The answer does not depend on it")
	f.StringVar(&o.out, "out", "", outUsage)
	f.StringVar(&o.runs, "runs", "", "also write every figure of every replication to `FILE` (.csv or .parquet)")
	f.StringVar(&o.statements, "statements", "", "also write the statement of each contract and financial year to `FILE` (.csv)")
	f.BoolVar(&o.force, "force", false, "overwrite the files of --out, --runs and --statements")
	f.BoolVar(&o.quiet, "quiet", false, quietUsage)
}

// playAgain runs the command of a manifest again, with more words and the flags of this one.
func playAgain(c *cobra.Command, t *terminal, m *store.Manifest, words ...string) error {
	again := slices.Concat(m.Command, words)
	c.Flags().Visit(func(f *pflag.Flag) {
		if f.Name != "replications" {
			again = append(again, flagWords(f)...)
		}
	})
	root := rootCommand(t)
	root.SetArgs(again)
	root.SetOut(t.out)
	root.SetErr(t.err)
	return root.ExecuteContext(c.Context())
}
