package report

import (
	"fmt"
	"io"
	"strings"

	"tier4/calibration"
	"tier4/scenarios"
)

// Overlay writes a scenario that extends another, as a file beside it calls it, with what was found and with the
// joint sample of it, in a file called so.
func (c *Calibrated) Overlay(w io.Writer, extends, samples string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Written by tier4 calibrate. Every number under changes was found in %s, as its comment says.\n", clean(c.Data))
	fmt.Fprintf(&b, "name: %s\n", scenarios.FlowText(clean(c.Scenario.Name)+", calibrated"))
	fmt.Fprintf(&b, "about: %s\n", scenarios.FlowText(c.about()))
	fmt.Fprintf(&b, "extends: %s\nchanges:\n", scenarios.FlowText(extends))
	for _, s := range c.Of.Sets {
		path, value, _ := strings.Cut(s, "=")
		fmt.Fprintf(&b, "  %s: %s  # so that the other decisions can be found one by one\n", scenarios.FlowText(path), value)
	}
	for _, f := range c.Of.Found {
		fmt.Fprintf(&b, "  %s: %s  # %s\n", scenarios.FlowText(f.Path), f.Say(best(&f)), c.origin(&f))
	}
	c.sampled(&b, samples)
	_, err := io.WriteString(w, b.String())
	return err
}

func (c *Calibrated) about() string {
	text := "Calibrated to " + clean(c.Data)
	if c.HoldOut.Known() {
		text += ", as known on " + c.HoldOut.String()
	}
	return fmt.Sprintf("%s; seed %d, %s simulated histories.", text, c.Seed, count(c.Of.Plays))
}

// origin says where a number comes from.
func (c *Calibrated) origin(f *calibration.Found) string {
	text := fmt.Sprintf("found by simulation: %s; believed before: %s", ends(f, f.Low, f.High), ends(f, f.PriorLow, f.PriorHigh))
	if f.Seen {
		text = fmt.Sprintf("seen directly: %s; %s, %s", ends(f, f.Low, f.High), f.How, hush(!c.Small).rests(f))
	}
	if !f.Identified {
		text += "; the extract does not tell it"
	}
	return text
}

// sampled has the numbers vary together as the sample does. What the scenario says of them gives way.
func (c *Calibrated) sampled(b *strings.Builder, samples string) {
	b.WriteString("  # all of these together, a row a draw: what the extract leaves open\n")
	if c.Scenario.Unknowns == nil {
		fmt.Fprintf(b, "  uncertain: {samples: %s}\n", scenarios.FlowText(samples))
		return
	}
	for _, f := range c.Of.Found {
		for _, u := range c.Scenario.Unknowns.List() {
			if u.Path == f.Path && u.File == "" {
				fmt.Fprintf(b, "  %s: removed\n", scenarios.FlowText("uncertain."+u.Path))
			}
		}
	}
	fmt.Fprintf(b, "  uncertain.samples: %s\n", scenarios.FlowText(samples))
}
