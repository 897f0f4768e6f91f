package main

import (
	"github.com/spf13/cobra"

	"tier4/scenarios"
)

func schemaCommand(t *terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "The JSON Schema of a scenario, for editors",
		Long: `Writes the JSON Schema of a scenario file. An editor that knows it completes keys and marks
faults as you type; put this line at the top of a scenario:
  # yaml-language-server: $schema=./tier4.schema.json`,
		Example: "  tier4 schema > tier4.schema.json",
		Args:    none,
		RunE: func(*cobra.Command, []string) error {
			_, err := t.out.Write(scenarios.Schema())
			return err
		},
	}
}
