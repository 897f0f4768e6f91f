package main

import (
	"strings"

	"github.com/spf13/cobra"

	"tier4/scenarios"
)

func compareCommand(t *terminal) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "compare [BASE [OTHER...]]",
		Short: "Play what-ifs on the same people and say what differs",
		Long: `Plays a base and other scenarios on the very same people, with the same luck, so that what
differs is what the choice does. Each difference comes with its interval and a verdict; a
difference that may be chance is called "no clear difference".

Without arguments: the whole library, with medway as the base. With a base of the library
alone: all that extends it. The others are played with the seed and as often as the base;
--set changes them all.`,
		Example: `  tier4 compare
  tier4 compare medway all-spot more-block-detox
  tier4 compare my-area.yaml one-more-bed.yaml --format markdown --out paper.md
  tier4 compare medway weekly-panel --figures panel.wait.mean,cost`,
		RunE: func(c *cobra.Command, args []string) error {
			names, err := compared(expanded(args))
			if err != nil {
				return err
			}
			return play(c, t, &o, names)
		},
	}
	o.register(c)
	return c
}

// base is the scenario of the library that the others extend.
const base = "medway"

// compared are the scenarios to compare, the base first.
func compared(args []string) ([]string, error) {
	if len(args) > 1 {
		return args, nil
	}
	names := append([]string{base}, args...)[len(args):]
	if _, err := scenarios.Open(names[0]); err == nil {
		names = append(names, extending(names[0])...)
	} else if _, err := scenarios.Load(names[0]); err != nil {
		return nil, badInput(err)
	}
	if len(names) == 1 {
		return nil, bad("there is nothing to compare %s with; name what-ifs after it: `tier4 compare %s OTHER...`", names[0], names[0])
	}
	return names, nil
}

// extending are the scenarios of the library that extend one of it.
func extending(name string) (names []string) {
	for _, info := range scenarios.List() {
		if strings.TrimSuffix(info.Extends, ".yaml") == name {
			names = append(names, info.Name)
		}
	}
	return names
}
