package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tier4/scenarios"
	"tier4/sim"
)

func validateCommand(t *terminal) *cobra.Command {
	var sets []string
	c := &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check scenarios and say every fault",
		Long: `Reads scenarios and says everything that is wrong with them, each with its file, line and
column and what would be right. Warnings are doubts about a scenario that can be run.`,
		Example: `  tier4 validate my-area.yaml
  tier4 validate *.yaml
  tier4 validate my-area.yaml --set pathway.rehab.places.house-on-the-hill.beds=5`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return bad("`tier4 validate` needs a scenario file: `%s`", c.UseLine())
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			wrong := false
			for _, name := range expanded(args) {
				wrong = !validate(t, name, sets) || wrong
			}
			if wrong {
				return &failure{exit: exitInput}
			}
			return nil
		},
	}
	c.Flags().StringArrayVar(&sets, "set", nil, "change one value first: `PATH=VALUE`")
	return c
}

// validate says all there is to say about one file, and whether it can be run.
func validate(t *terminal, name string, sets []string) bool {
	s, err := scenarios.Load(name, sets...)
	if err != nil {
		t.note("%s", err)
		return false
	}
	m, err := sim.Compile(s.Spec)
	if err != nil {
		t.note("%s", figureFaults(name, err))
		return false
	}
	_, weighing := weigh(s, m)
	_, aiming := limits(s.Targets, m)
	if err := errors.Join(weighing, aiming); err != nil {
		t.note("%s", err)
		return false
	}
	for _, w := range s.Warnings {
		t.note("%s: warning: %s", name, w.Line())
	}
	fmt.Fprintf(t.out, "%s is fine: %s\n", name, s.Name)
	return true
}
