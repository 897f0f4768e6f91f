package report

import (
	"encoding/csv"
	"io"
	"math"

	"tier4/scenarios/explore"
	"tier4/sim/stats"
)

// sensitivityJSON is the one JSON document of a sensitivity analysis.
type sensitivityJSON struct {
	Tool         string           `json:"tool"`
	Version      string           `json:"version"`
	Schema       int              `json:"schema"`
	Scenario     scenarioJSON     `json:"scenario"`
	WhatIfs      []scenarioJSON   `json:"what_ifs,omitempty"`
	Seed         uint64           `json:"seed"`
	Method       string           `json:"method"`
	Replications int              `json:"replications_per_point"`
	Draws        int              `json:"draws,omitempty"`
	PerDraw      int              `json:"replications_per_draw,omitempty"`
	Points       int              `json:"points,omitempty"`
	Numbers      []numberJSON     `json:"numbers"`
	Targets      []targetDrivenJS `json:"targets"`
	Choices      []weighedJSON    `json:"choices,omitempty"`
	BreakEven    []breakEvenJSON  `json:"break_even,omitempty"`
}

type targetDrivenJS struct {
	Scenario string       `json:"scenario"` // a what-if: then all is of its difference from the base
	Figure   string       `json:"figure"`
	Unit     string       `json:"unit"`
	Value    *float64     `json:"value,omitempty"` // as the scenarios stand
	Mean     *float64     `json:"mean,omitempty"`  // over draws, with the interval that carries what is not known
	Low      *float64     `json:"low,omitempty"`
	High     *float64     `json:"high,omitempty"`
	SD       *float64     `json:"sd_not_knowing,omitempty"`
	Chance   *float64     `json:"share_chance,omitempty"`
	Drivers  []driverJSON `json:"drivers"`
}

type driverJSON struct {
	Number string       `json:"number"`
	Low    *float64     `json:"low,omitempty"` // of the number
	High   *float64     `json:"high,omitempty"`
	AtLow  *float64     `json:"at_low,omitempty"`
	AtHigh *float64     `json:"at_high,omitempty"`
	Swing  *betweenJSON `json:"swing,omitempty"`
	Share  *float64     `json:"share,omitempty"`
	First  *betweenJSON `json:"first,omitempty"`
	Total  *betweenJSON `json:"total,omitempty"`
	Effect *betweenJSON `json:"effect,omitempty"`
	Size   *betweenJSON `json:"effect_size,omitempty"`
	Spread *float64     `json:"effect_spread,omitempty"`
}

type betweenJSON struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

func between(e stats.Estimate) *betweenJSON {
	return &betweenJSON{positive(e.Value), positive(e.Low), positive(e.High)}
}

type weighedJSON struct {
	What    string              `json:"what"`  // one more of which
	Worth   float64             `json:"worth"` // is worth so many pounds
	Best    string              `json:"best"`
	Options []weighedOptionJSON `json:"options"`
	EVPI    float64             `json:"evpi"`
	EVPPI   []knowingJSON       `json:"evppi"`
}

type weighedOptionJSON struct {
	Scenario    string  `json:"scenario"`
	NetBenefit  float64 `json:"net_benefit"`
	Probability float64 `json:"probability_best"`
}

type knowingJSON struct {
	Number string  `json:"number"`
	Value  float64 `json:"value"`
}

type breakEvenJSON struct {
	Scenario string   `json:"scenario"`
	Figure   string   `json:"figure"`
	Number   string   `json:"number"`
	From     float64  `json:"looked_from"`
	To       float64  `json:"looked_to"`
	AtFrom   float64  `json:"difference_from"`
	AtTo     float64  `json:"difference_to"`
	Value    *float64 `json:"value"` // null where the difference does not turn
	Low      *float64 `json:"low"`
	High     *float64 `json:"high"`
	More     bool     `json:"turns_again"`
}

// JSON writes the analysis as one document.
func (s *Sensitivity) JSON(w io.Writer) error {
	d := sensitivityJSON{
		Tool: "tier4", Version: s.Version, Schema: 1, Scenario: scenarioJSON{s.title(0), s.Scenarios[0].Hash},
		Seed: s.Inquiry.Seed, Method: s.Method, Replications: s.Often, Points: s.Points, Numbers: []numberJSON{}, Targets: s.targets(),
	}
	if s.Method == "tornado" || len(s.Weighed) > 0 {
		d.Draws, d.PerDraw = s.Draws, s.PerDraw
	}
	for i := range s.Scenarios[1:] {
		d.WhatIfs = append(d.WhatIfs, scenarioJSON{s.title(i + 1), s.Scenarios[i+1].Hash})
	}
	for _, n := range s.Inquiry.Numbers {
		d.Numbers = append(d.Numbers, numberJSON{n.Path, n.Value, n.Quantile(0.025), n.Quantile(0.975), n.Why, n.File})
	}
	for _, c := range s.Weighed {
		d.Choices = append(d.Choices, s.choice(c))
	}
	for _, b := range s.BreakEvens {
		one := breakEvenJSON{
			Scenario: s.title(b.Scenario), Figure: b.Figure.ID, Number: b.Number.Path, From: b.Low, To: b.High,
			AtFrom: positive(b.AtLow.Value), AtTo: positive(b.AtHigh.Value), More: b.More,
		}
		if b.Found {
			one.Value, one.Low, one.High = &b.At, &b.From, &b.To
		}
		d.BreakEven = append(d.BreakEven, one)
	}
	return writeJSON(w, d)
}

func (s *Sensitivity) choice(c explore.Weighed) weighedJSON {
	one := weighedJSON{What: s.Ladder.Label, Worth: c.Step, Best: s.title(c.Best), EVPI: c.EVPI, EVPPI: []knowingJSON{}}
	for i, mean := range c.Means {
		one.Options = append(one.Options, weighedOptionJSON{s.title(i), positive(mean), c.Share[i]})
	}
	for _, p := range c.Partial {
		one.EVPPI = append(one.EVPPI, knowingJSON{s.Inquiry.Numbers[p.Number].Path, p.Value})
	}
	return one
}

// targets are what is driven, whatever the method.
func (s *Sensitivity) targets() []targetDrivenJS {
	all := []targetDrivenJS{}
	start := func(t explore.Target) targetDrivenJS {
		return targetDrivenJS{Scenario: s.title(t.Scenario), Figure: t.Figure.ID, Unit: t.Figure.Unit, Drivers: []driverJSON{}}
	}
	path := func(n int) string { return s.Inquiry.Numbers[n].Path }
	for _, d := range s.Driven {
		one := start(d.Target)
		one.Value = &d.Value.Value
		if d.Known {
			sd, chance := math.Sqrt(d.Parts.Parameters), 1-d.Parts.Unknown()
			one.Mean, one.Low, one.High, one.SD, one.Chance = &d.Spread.Value, &d.Spread.Low, &d.Spread.High, &sd, &chance
		}
		for _, w := range d.Swings {
			driver := driverJSON{Number: path(w.Number), Low: &w.Low, High: &w.High, AtLow: &w.AtLow, AtHigh: &w.AtHigh, Swing: between(w.Apart)}
			if d.Known {
				driver.Share = &w.Share
			}
			one.Drivers = append(one.Drivers, driver)
		}
		all = append(all, one)
	}
	for _, i := range s.Indexed {
		one := start(i.Target)
		for _, n := range i.Numbers {
			one.Drivers = append(one.Drivers, driverJSON{Number: path(n.Number), First: between(n.First), Total: between(n.Total)})
		}
		all = append(all, one)
	}
	for _, e := range s.Screened {
		one := start(e.Target)
		for _, n := range e.Numbers {
			one.Drivers = append(one.Drivers, driverJSON{Number: path(n.Number), Effect: between(n.Mean), Size: between(n.Size), Spread: &n.Spread})
		}
		all = append(all, one)
	}
	return all
}

// CSV writes a row for each target and number; then, where asked for, rows of options, of what knowing a number
// is worth, and of break-evens, told apart by the first column.
func (s *Sensitivity) CSV(w io.Writer) error {
	head := []string{
		"row", "scenario", "figure", "unit", "number", "number_low", "number_high", "at_low", "at_high", "swing", "swing_low", "swing_high", "share",
		"first", "first_low", "first_high", "total", "total_low", "total_high", "effect", "effect_size", "effect_spread",
		"what", "worth", "net_benefit", "probability_best", "evpi", "evppi", "break_even", "break_even_low", "break_even_high",
	}
	rows := [][]string{head}
	row := func(cells map[string]string) {
		one := make([]string, len(head))
		for i, name := range head {
			one[i] = cells[name]
		}
		rows = append(rows, one)
	}
	for _, t := range s.targets() {
		for _, d := range t.Drivers {
			cells := map[string]string{"row": "number", "scenario": t.Scenario, "figure": t.Figure, "unit": t.Unit, "number": d.Number}
			for name, v := range map[string]*float64{"number_low": d.Low, "number_high": d.High, "at_low": d.AtLow, "at_high": d.AtHigh, "share": d.Share, "effect_spread": d.Spread} {
				if v != nil {
					cells[name] = digits(*v)
				}
			}
			for name, v := range map[string]*betweenJSON{"swing": d.Swing, "first": d.First, "total": d.Total, "effect": d.Effect, "effect_size": d.Size} {
				if v != nil {
					cells[name], cells[name+"_low"], cells[name+"_high"] = digits(v.Value), digits(v.Low), digits(v.High)
				}
			}
			row(cells)
		}
	}
	for _, c := range s.Weighed {
		one := s.choice(c)
		for _, o := range one.Options {
			row(map[string]string{"row": "option", "scenario": o.Scenario, "what": one.What, "worth": digits(one.Worth), "net_benefit": digits(o.NetBenefit), "probability_best": digits(o.Probability), "evpi": digits(one.EVPI)})
		}
		for _, n := range one.EVPPI {
			row(map[string]string{"row": "knowing", "number": n.Number, "what": one.What, "worth": digits(one.Worth), "evppi": digits(n.Value)})
		}
	}
	for _, b := range s.BreakEvens {
		cells := map[string]string{
			"row": "break_even", "scenario": s.title(b.Scenario), "figure": b.Figure.ID, "unit": b.Figure.Unit, "number": b.Number.Path,
			"number_low": digits(b.Low), "number_high": digits(b.High), "at_low": digits(b.AtLow.Value), "at_high": digits(b.AtHigh.Value),
		}
		if b.Found {
			cells["break_even"], cells["break_even_low"], cells["break_even_high"] = digits(b.At), digits(b.From), digits(b.To)
		}
		row(cells)
	}
	return csv.NewWriter(w).WriteAll(rows)
}
