package main

import (
	"github.com/spf13/cobra"

	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
)

func listCommand(t *terminal) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "The scenarios that come with the tool",
		Long:    "Lists the scenarios that come with the tool, by the names that other commands take.",
		Example: "  tier4 list",
		Args:    none,
		RunE: func(*cobra.Command, []string) error {
			return report.Library(scenarios.List()).Text(t.out, t.width)
		},
	}
}
