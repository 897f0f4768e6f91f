package report

import (
	"errors"
	"fmt"
	"slices"

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
	for i, d := range s.Indexed {
		if d.Known && len(d.Numbers) > 0 {
			add(s.indices(i, d).Chart())
		}
	}
	for i, d := range s.Screened {
		add(s.effects(i, d).Chart())
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
		Axis: chart.Axis{Label: sentence(label), Unit: chartUnit(d.Figure.Unit, d.Value.Value)},
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

// indices draws how much of a target's variance each number is responsible for, with others.
func (s *Sensitivity) indices(i int, d explore.Indexed) chart.Bars {
	b := chart.Bars{
		Words: chart.Words{
			ID: fmt.Sprintf("indices-%d", i+1), Title: fmt.Sprintf("%s: most of what is not known is ‘%s’", s.heading(d.Target), spoken(s.Inquiry.Numbers[d.Numbers[0].Number].Path)),
			About: "Share of the variance for not knowing the numbers, with all each does together with others; 95% intervals",
			Note:  s.note("Luck is left out."),
		},
		Axis: chart.Axis{Label: "Share", Unit: chart.Percent("of the variance")},
	}
	for _, n := range d.Numbers[:min(mostNumbers, len(d.Numbers))] {
		within := func(v float64) float64 { return min(max(v, 0), 1) }
		b.Bars = append(b.Bars, chart.Bar{Name: spoken(s.Inquiry.Numbers[n.Number].Path), Value: within(n.Total.Value), Low: within(n.Total.Low), High: within(n.Total.High)})
	}
	return b
}

// effects draws what moving each number does to a target.
func (s *Sensitivity) effects(i int, d explore.Screened) chart.Bars {
	b := chart.Bars{Words: chart.Words{
		ID: fmt.Sprintf("effects-%d", i+1), Title: fmt.Sprintf("%s: what moving each number does", s.heading(d.Target)),
		About: "Average size of the effect of moving a number over half of its distribution, wherever the others are",
		Note:  s.note("Morris's elementary effects."),
	}}
	size := 0.0
	for _, n := range d.Numbers[:min(mostNumbers, len(d.Numbers))] {
		b.Bars = append(b.Bars, chart.Bar{Name: spoken(s.Inquiry.Numbers[n.Number].Path), Value: n.Size.Value, Text: spanOf(d.Figure.Unit, n.Size.Value)})
		size = max(size, n.Size.Value)
	}
	b.Axis = chart.Axis{Label: "Moves it by", Unit: chartUnit(d.Figure.Unit, size)}
	return b
}

// acceptability draws how likely each option is the best, by what one unit more is worth.
func (s *Sensitivity) acceptability() chart.Lines {
	last := s.Weighed[len(s.Weighed)-1]
	best := slices.Index(last.Share, slices.Max(last.Share))
	l := chart.Lines{
		Words: chart.Words{
			ID: "acceptability", Title: fmt.Sprintf("If %s is worth %s, the chance that %s is best is %s",
				spokenValue(s.Ladder.Label), amount(sim.UnitPounds, last.Step), clean(s.title(best)), percentOf(last.Share[best], 1)),
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
			ID: "information", Title: s.worthKnowing(),
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

// worthKnowing says what knowing every number is worth at most.
func (s *Sensitivity) worthKnowing() string {
	most := 0.0
	for _, w := range s.Weighed {
		most = max(most, w.EVPI)
	}
	if most < 1 {
		return "Knowing the numbers better would not change the choice"
	}
	return fmt.Sprintf("Knowing every number before choosing is worth %s at most", amount(sim.UnitPoundsPerYear, most))
}

// note is the line under a picture.
func (s *Sensitivity) note(how string) string {
	return fmt.Sprintf("%s Simulated: %s (seed %d). tier4 %s.", how, Measured(s.Scenarios[0].Spec), s.Inquiry.Seed, s.Version)
}
