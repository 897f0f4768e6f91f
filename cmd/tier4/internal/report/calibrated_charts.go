package report

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"tier4/calibration"
	"tier4/cmd/tier4/internal/chart"
)

// Charts are the pictures of a calibration: observed against simulated, what was believed before and after, and
// how the tolerance shrank.
func (c *Calibrated) Charts() ([]*chart.Chart, error) { return c.charts(mostDrawn) }

// SlideCharts are the pictures with as many figures as can be read from afar.
func (c *Calibrated) SlideCharts() ([]*chart.Chart, error) { return c.charts(mostOnSlide) }

// charts are the pictures, of so many figures at most.
func (c *Calibrated) charts(most int) ([]*chart.Chart, error) {
	var all []*chart.Chart
	var faults []error
	for _, draw := range []func() (*chart.Chart, error){func() (*chart.Chart, error) { return c.against(most) }, c.beliefs, c.tolerance} {
		one, err := draw()
		if err != nil {
			faults = append(faults, err)
		} else if one != nil {
			all = append(all, one)
		}
	}
	return all, errors.Join(faults...)
}

func (c *Calibrated) note() string {
	return fmt.Sprintf("%s calibrated to %s, seed %d. tier4 %s.", clean(c.Scenario.Name), clean(c.Data), c.Seed, c.Version)
}

// isMain says whether a figure is one of those that a picture shows in any case.
func isMain(id string) bool {
	return slices.ContainsFunc([]string{".admitted", ".gave_up", ".wait.mean", ".stay.mean", ".max"}, func(end string) bool { return strings.HasSuffix(id, end) }) ||
		strings.HasPrefix(id, "referrals@") || strings.Contains(id, ".admissions.")
}

// How many figures a picture of observed against simulated has.
const (
	mostDrawn   = 30
	mostOnSlide = 8
)

// against draws the figures of people and days: those not reproduced, and then in the order of the pathway.
func (c *Calibrated) against(most int) (*chart.Chart, error) {
	o := chart.Observed{Words: chart.Words{
		ID: "observed-against-simulated", Title: c.verdict(),
		About: "Simulated figures under what was found, with the range of 95% of simulated histories, beside what was observed", Note: c.note(),
	}}
	suspectsFirst := slices.Clone(c.Of.Checks)
	slices.SortStableFunc(suspectsFirst, func(a, b calibration.Check) int {
		switch {
		case a.Suspect == b.Suspect:
			return 0
		case a.Suspect:
			return -1
		}
		return 1
	})
	for _, one := range suspectsFirst {
		far := one.High > 5*one.Observed // a scale for it would leave nothing to see of the others
		if one.Observed == 0 || isMonth(one.ID) || c.withheld(one) || far || len(o.Targets) == most || !one.Suspect && !isMain(one.ID) {
			continue
		}
		o.Targets = append(o.Targets, chart.Target{
			Name: sentence(one.Name), Unit: unitOf(one.Target), Observed: one.Observed, Simulated: one.Simulated, Low: one.Low, High: one.High,
		})
	}
	if len(o.Targets) == 0 {
		return nil, nil
	}
	return o.Chart()
}

func (c *Calibrated) verdict() string {
	outside, of := c.Of.Outside()
	return fmt.Sprintf("%s of %s figures observed lie within what 95%% of simulated histories show", sentence(count(of-outside)), count(of))
}

func unitOf(t calibration.Target) chart.Unit {
	switch t.Unit {
	case "share":
		return chart.Percent("")
	case "days":
		return chart.Days()
	}
	return chart.Plain(t.Unit)
}

// beliefs draws each sought number as believed before and after.
func (c *Calibrated) beliefs() (*chart.Chart, error) {
	p := chart.Panels{Words: chart.Words{
		ID: "before-and-after", Title: "What was believed of each number before the extract, and after",
		About: "Share of what is believed, by value", Note: c.note(),
	}}
	for k, f := range c.Of.Found {
		if f.Seen {
			continue
		}
		after := make([]float64, len(c.Of.Rows))
		for i, row := range c.Of.Rows {
			after[i] = row[k]
		}
		edges := binsOf(&f)
		p.Panels = append(p.Panels, chart.Lines{
			Words:  chart.Words{ID: f.Path, Title: pathWords(f.Path)},
			X:      chart.Axis{Label: pathWords(f.Path), Unit: chart.Plain(""), NotFromNil: true, From: edges[0], To: edges[len(edges)-1]},
			Y:      chart.Axis{Label: "share", Unit: chart.Percent("")},
			Series: []chart.Series{binned("before", f.Before, edges), binned("after", after, edges)},
		})
	}
	return p.Chart()
}

const bins = 20

// binsOf are the edges of bins over what was believed before: one a whole number, if there are not too many.
func binsOf(f *calibration.Found) (edges []float64) {
	low, high := f.Before[0], f.Before[len(f.Before)-1]
	width := (high - low) / bins
	if f.Whole {
		width = math.Ceil((high - low + 1) / (2 * bins))
		low, high = low-0.5, high+0.5
	}
	for x := low; x < high+width/2; x += width {
		edges = append(edges, x)
	}
	return edges
}

// binned is the share of values in each bin, as a line of steps.
func binned(name string, values, edges []float64) chart.Series {
	s := chart.Series{Name: name, Step: true}
	for i := range len(edges) - 1 {
		n := 0
		for _, v := range values {
			if v >= edges[i] && (v < edges[i+1] || i == len(edges)-2 && v <= edges[i+1]) {
				n++
			}
		}
		s.X, s.Y = append(s.X, edges[i]), append(s.Y, float64(n)/float64(len(values)))
	}
	s.X, s.Y = append(s.X, edges[len(edges)-1]), append(s.Y, s.Y[len(s.Y)-1])
	return s
}

// tolerance draws how near particles had to come, generation by generation.
func (c *Calibrated) tolerance() (*chart.Chart, error) {
	if len(c.Of.History) < 3 {
		return nil, nil
	}
	one := chart.Series{Name: "tolerance"}
	for i, g := range c.Of.History {
		one.X, one.Y = append(one.X, float64(i)), append(one.Y, g.Tolerance)
	}
	last := c.Of.History[len(c.Of.History)-1]
	return chart.Lines{
		Words: chart.Words{
			ID: "tolerance", Title: fmt.Sprintf("In %s generations the tolerance came down to %.2f", count(len(c.Of.History)-1), last.Tolerance),
			About: "The largest distance from what was observed, in errors of the summaries; they are fitted anew in each generation", Note: c.note(),
		},
		X:      chart.Axis{Label: "generation", Unit: chart.Plain("")},
		Y:      chart.Axis{Label: "distance", Unit: chart.Plain("")},
		Series: []chart.Series{one},
	}.Chart()
}
