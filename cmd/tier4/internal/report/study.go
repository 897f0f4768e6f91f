package report

import (
	"fmt"
	"math"
	"slices"

	"tier4/scenarios"
	"tier4/sim"
)

// Study is what was run: one scenario, or a base and the scenarios compared with it.
type Study struct {
	Version   string
	Names     []string              // of the scenarios, as given: files, or names of the library
	Scenarios []*scenarios.Scenario // the base first, as Findings.Summaries
	Findings  *sim.Findings
	Seed      uint64
	Asked     int      // replications asked for
	Draws     int      // of the numbers that the scenarios call uncertain; 0 where they were taken as they stand
	Undrawn   bool     // they were taken as they stand because there are too few replications
	Precision float64  // 0: none asked for
	Precise   []string // the figures that it was asked for
	Figures   []string // those asked for by name; none for the usual report
	Missing   [][]sim.Absent
	Roots     []*scenarios.Scenario   // that the base extends, the first of them first
	Command   string                  // that makes the report again
	Sample    *Sample                 // single replications, if kept
	Between   [][]*scenarios.Scenario // of each scenario: those it extends, the nearest first, down to the base or to one that stands by itself
}

// Title is the name a scenario goes by: its own, with a number where several share it.
func (s *Study) Title(i int) string {
	name, before := s.Scenarios[i].Name, 0
	for _, other := range s.Scenarios[:i] {
		if other.Name == name {
			before++
		}
	}
	if before > 0 {
		return fmt.Sprintf("%s (%d)", name, before+1)
	}
	return name
}

// about says in the scenario's own words what it is for, "" where it has only those of one that it extends.
func (s *Study) about(i int) string {
	above := s.Roots
	if i > 0 {
		above = s.Scenarios[:1]
		if i < len(s.Between) {
			above = slices.Concat(above, s.Between[i])
		}
	}
	own := clean(s.Scenarios[i].About)
	if slices.ContainsFunc(above, func(o *scenarios.Scenario) bool { return clean(o.About) == own }) {
		return ""
	}
	return own
}

// Stopped says in words that the study was interrupted, or "".
func (s *Study) Stopped() string {
	if !s.Findings.Interrupted {
		return ""
	}
	return fmt.Sprintf("stopped after %s of %s replications: these figures are from those",
		count(s.Findings.Replications), count(s.Asked))
}

// warnings are all doubts about a scenario and its figures, those about the scenario first.
func (s *Study) warnings(i int) []sim.Warning {
	all := []sim.Warning{}
	if stopped := s.Stopped(); stopped != "" {
		all = append(all, sim.Warning{Code: "interrupted", Text: stopped})
	}
	if s.Precision > 0 && !s.Findings.PrecisionMet {
		all = append(all, sim.Warning{Code: "precision_not_met", Text: fmt.Sprintf(
			"after %s replications the intervals are still wider than the %s asked for", count(s.Findings.Replications), percent(s.Precision))})
	}
	all = append(append(all, s.drawnWarnings()...), s.chanceAlone(i)...)
	for _, w := range s.Scenarios[i].Warnings {
		all = append(all, sim.Warning{Code: w.Code, Text: w.Line()})
	}
	return append(all, s.Findings.Summaries[i].Warnings...)
}

// absent are the figures that a scenario cannot give.
func (s *Study) absent(i int) []sim.Absent {
	all := slices.Clone(s.Findings.Summaries[i].Absent)
	if i < len(s.Missing) {
		all = append(all, s.Missing[i]...)
	}
	if all == nil {
		all = []sim.Absent{}
	}
	return all
}

// horizon is how long the measured period is: a figure that depends on it says so.
func (s *Study) horizon() string { return horizon(s.Scenarios[0].Spec) }

func horizon(spec sim.Spec) string {
	from := spec.Start.AddDate(0, 0, int(math.Floor(spec.WarmUp)))
	return span(from.AddDate, spec.Measure, from.Unix)
}

// label says what a figure is, with the horizon it depends on, if it does.
func (s *Study) label(f sim.Figure) string {
	if f.Horizon {
		return Label(f.ID) + ", in " + s.horizon()
	}
	return Label(f.ID)
}
