package main

import "github.com/spf13/cobra"

func runCommand(t *terminal) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "run SCENARIO",
		Short: "Play one scenario and report it in full",
		Long: `Plays one scenario, a file or the name of one that comes with the tool, many times over, and
reports who waits how long, who is lost where, what became of people, beds and money. Each
figure is followed by the interval in which the long-run figure lies, with 95% confidence.

Ctrl-C stops and reports what is finished by then.`,
		Example: `  tier4 run medway
  tier4 run my-area.yaml --set pathway.rehab.places.house-on-the-hill.beds=6
  tier4 run medway --precision 2% --format markdown --out medway.md
  tier4 run medway --figures cost,reached.rehab,reached.rehab@opiates
  tier4 run medway --format json --runs every-run.parquet`,
		Args: exactly(1, "one scenario"),
		RunE: func(c *cobra.Command, args []string) error { return play(c, t, &o, args) },
	}
	o.register(c)
	return c
}
