package report

import (
	"errors"
	"fmt"

	"tier4/cmd/tier4/internal/chart"
	"tier4/scenarios/explore"
	"tier4/sim"
)

// Charts are the pictures of a sensitivity analysis: what drives each target, and, where options were weighed at
// several values, how likely each is the best and what knowing more is worth.
func (s *Sensitivity) Charts() ([]*chart.Chart, error) {
	var all []*chart.Chart
	var faults []error
	add := func(c *chart.Chart, err error) {
		if err != nil {
			faults = append(faults, err)
			return
		}
		all = append(all, c)
	}
	for i, d := range s.Driven {
		if len(d.Swings) > 0 {
			add(s.tornado(i, d).Chart())
		}
	}
	if len(s.Weighed) > 1 {
		add(s.acceptability().Chart())
		add(s.information().Chart())
	}
	return all, errors.Join(faults...)
}

// tornado draws a target's widest swings.
func (s *Sensitivity) tornado(i int, d explore.Driven) chart.Tornado {
	about, label := clean(s.title(0)), Label(d.Figure.ID)
	if d.Scenario > 0 {
		label = "difference in " + label
		about = "difference of " + clean(s.title(d.Scenario)) + " from " + about
	}
	widest := d.Swings[0]
	t := chart.Tornado{
		Words: chart.Words{
			ID:    fmt.Sprintf("drivers-%d", i+1),
			Title: fmt.Sprintf("What moves it most: %s", spoken(s.Inquiry.Numbers[widest.Number].Path)),
			About: sentence(Label(d.Figure.ID)) + ", " + about,
			Note:  s.note("Each number is moved by itself to either end of its range; 19 times in 20 it lies between."),
		},
		Axis: chart.Axis{Label: label, Unit: chartUnit(d.Figure.Unit, d.Value.Value)},
		Base: d.Value.Value,
	}
	for _, w := range d.Swings[:min(mostNumbers, len(d.Swings))] {
		u := s.Inquiry.Numbers[w.Number]
		t.Inputs = append(t.Inputs, chart.Input{
			Name: spoken(u.Path), AtLow: w.AtLow, AtHigh: w.AtHigh, LowValue: u.Say(w.Low), HighValue: u.Say(w.High),
		})
	}
	return t
}

// acceptability draws how likely each option is the best, by what one unit more is worth.
func (s *Sensitivity) acceptability() chart.Lines {
	l := chart.Lines{
		Words: chart.Words{
			ID: "acceptability", Title: "Which option is best, by what " + spokenValue(s.Ladder.Label) + " is worth",
			About: "Chance that each option has the greatest net benefit, for not knowing the numbers",
			Note:  s.note("Net benefit is what an option brings, at what that is worth, less its cost."),
		},
		X: chart.Axis{Label: sentence(spokenValue(s.Ladder.Label)) + " is worth", Unit: chart.Pounds("")},
		Y: chart.Axis{Label: "Chance of being the best", Unit: chart.Percent(""), To: 1},
	}
	for i := range s.Scenarios {
		one := chart.Series{Name: clean(s.title(i))}
		for _, w := range s.Weighed {
			one.X, one.Y = append(one.X, w.Step), append(one.Y, w.Share[i])
		}
		l.Series = append(l.Series, one)
	}
	return l
}

// information draws what knowing every number would be worth, and the numbers worth most.
func (s *Sensitivity) information() chart.Lines {
	l := chart.Lines{
		Words: chart.Words{
			ID: "information", Title: "What it is worth to know more before choosing",
			About: "Expected value of perfect information, pounds a year: of all numbers, and of those worth most by themselves",
			Note:  s.note("No study to find a number out can be worth more than this."),
		},
		X: chart.Axis{Label: sentence(spokenValue(s.Ladder.Label)) + " is worth", Unit: chart.Pounds("")},
		Y: chart.Axis{Label: "Worth up to", Unit: chartUnit(sim.UnitPoundsPerYear, 0)},
	}
	most := s.Weighed[0]
	whole := chart.Series{Name: "all numbers"}
	for _, w := range s.Weighed {
		whole.X, whole.Y = append(whole.X, w.Step), append(whole.Y, w.EVPI)
		if w.EVPI > most.EVPI {
			most = w
		}
	}
	l.Series = append(l.Series, whole)
	for _, p := range most.Partial[:min(3, len(most.Partial))] {
		one := chart.Series{Name: spoken(s.Inquiry.Numbers[p.Number].Path)}
		for _, w := range s.Weighed {
			for _, other := range w.Partial {
				if other.Number == p.Number {
					one.X, one.Y = append(one.X, w.Step), append(one.Y, other.Value)
				}
			}
		}
		l.Series = append(l.Series, one)
	}
	return l
}

// note is the line under a picture.
func (s *Sensitivity) note(how string) string {
	return fmt.Sprintf("%s Simulated: %s (seed %d). tier4 %s.", how, Measured(s.Scenarios[0].Spec), s.Inquiry.Seed, s.Version)
}
