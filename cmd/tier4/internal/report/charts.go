package report

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tier4/cmd/tier4/internal/chart"
	"tier4/sim"
)

// Charts are the pictures of a study: of a comparison how the what-ifs differ, then the base itself. What
// was not measured is not drawn.
func (s *Study) Charts() ([]*chart.Chart, error) {
	d := &drafts{s: s, l: newLookup(s.Findings.Summaries[0]), spec: s.Scenarios[0].Spec, base: s.Findings.Summaries[0]}
	if len(s.Scenarios) > 1 {
		d.forests()
	}
	d.costs()
	d.flow()
	d.lists()
	d.waits()
	d.inUse()
	d.bedsUse()
	d.gaps()
	return d.all, errors.Join(d.faults...)
}

// drafts draws one picture after the other.
type drafts struct {
	s      *Study
	l      *lookup
	base   *sim.Summary
	spec   sim.Spec
	all    []*chart.Chart
	faults []error
}

func (d *drafts) add(draw func() (*chart.Chart, error)) {
	c, err := draw()
	if err != nil {
		d.faults = append(d.faults, err)
		return
	}
	d.all = append(d.all, c)
}

// words are a picture's words; its note says where the numbers are from.
func (d *drafts) words(id, title, about string) chart.Words {
	return chart.Words{ID: id, Title: title, About: about + ", " + d.from(), Note: d.source()}
}

// from says whose numbers they are.
func (d *drafts) from() string { return clean(d.s.Title(0)) }

// source is the line under each picture.
func (d *drafts) source() string {
	from := d.spec.Start.AddDate(0, 0, int(math.Floor(d.spec.WarmUp)))
	return fmt.Sprintf("Simulated: %s from %s, played %s times (seed %d). tier4 %s.",
		d.s.horizon(), from.Format("2 January 2006"), count(d.s.Findings.Replications), d.s.Seed, d.s.Version)
}

// chartUnit is how a picture writes amounts of a unit about as large as v.
func chartUnit(unit string, v float64) chart.Unit {
	switch unit {
	case sim.UnitDays:
		if math.Abs(v) >= 14 {
			return chart.Weeks()
		}
		return chart.Days()
	case sim.UnitShare:
		return chart.Percent("")
	case sim.UnitPounds:
		return chart.Pounds("")
	case sim.UnitPoundsPerYear:
		return chart.Pounds("a year")
	}
	noun, yearly := strings.CutSuffix(unit, "/year")
	if yearly {
		noun += " a year"
	}
	return chart.Plain(noun)
}

// lists draws how long each list is, month by month.
func (d *drafts) lists() {
	p := chart.Panels{Band: monthBand}
	longest, most := "", 0.0
	for _, stage := range d.spec.Stages {
		id := stage.Name + ".waiting"
		if l, ok := d.monthly(id); ok {
			l.Title = sentence(plain(stage.Name))
			l.Y = chart.Axis{Label: "People waiting", Unit: chart.Plain("")}
			p.Panels = append(p.Panels, l)
		}
		if e, ok := d.l.find(id + ".mean"); ok && e.Value > most {
			longest, most = plain(stage.Name), e.Value
		}
	}
	if len(p.Panels) == 0 || longest == "" {
		return
	}
	title := fmt.Sprintf("The longest list is that for %s: %s wait on an average day", longest, amount(sim.UnitPeople, most))
	for _, w := range d.base.Warnings {
		if stage, ok := strings.CutSuffix(w.Figure, ".waiting.mean"); ok && w.Code == "unstable" {
			title = fmt.Sprintf("The list for %s still grows", plain(stage))
			break
		}
	}
	p.Words = d.words("waiting", title, "People on each list, mean of each month")
	d.add(p.Chart)
}

const monthBand = "the line is the mean; in 9 of 10 runs the month lies in the band"

// monthly is a line of one series; its words and its y axis are the caller's.
func (d *drafts) monthly(id string) (l chart.Lines, ok bool) {
	i := slices.IndexFunc(d.base.Series, func(s sim.Series) bool { return s.ID == id })
	if i < 0 {
		return l, false
	}
	one := d.base.Series[i]
	line := chart.Series{Y: one.Mean, Low: one.P5, High: one.P95}
	for _, m := range one.Months {
		month, err := time.Parse("2006-01", m)
		if err != nil {
			return l, false
		}
		line.X = append(line.X, chart.Date(month.AddDate(0, 0, 14)))
	}
	l.X = chart.Axis{Label: "Month", Unit: chart.Unit{Dates: true}}
	l.Series = []chart.Series{line}
	return l, len(line.X) > 1
}

// inUse draws how many are in beds and places, month by month, and how many could be.
func (d *drafts) inUse() {
	p := chart.Panels{Band: monthBand}
	var said []string
	for _, stage := range d.spec.Stages {
		l, ok := d.monthly(stage.Name + ".in_use")
		if !ok {
			continue
		}
		l.Title = sentence(plain(stage.Name))
		l.Y = chart.Axis{Label: "In use", Unit: chart.Plain("")}
		if n, words := capacity(d.spec, stage); n > 0 {
			l.Marks = []chart.Mark{{At: float64(n), Name: fmt.Sprintf("%s %s", count(n), words)}}
		}
		p.Panels = append(p.Panels, l)
		if e, ok := d.l.find(stage.Name + ".in_use.mean"); ok && stage.Kind == sim.BedsKind {
			said = append(said, plain(stage.Name)+" "+bareNumber(e))
		}
	}
	if len(p.Panels) == 0 {
		return
	}
	title := "How many people are in each step, month by month"
	if len(said) > 0 {
		title = "Beds in use on average: " + strings.Join(said, ", ")
	}
	p.Words = d.words("in-use", title, "People in beds, groups and aftercare at once, mean of each month")
	d.add(p.Chart)
}

// bareNumber is an estimate's number alone.
func bareNumber(e sim.Estimate) string { return scaleFor(e).number(e.Value) }

// capacity is how many a stage can have at once, and what that is called; 0 where there is no one number.
func capacity(spec sim.Spec, stage sim.Stage) (n int, words string) {
	switch {
	case stage.Beds != nil:
		n, ok := held(spec, stage.Beds)
		if !ok {
			return 0, ""
		}
		return n, "held"
	case stage.Aftercare != nil:
		return max(0, stage.Aftercare.Places), "places"
	case stage.Delay != nil:
		return stage.Delay.Places, "places"
	case stage.Group != nil && !stage.Group.Closed:
		return max(0, stage.Group.Max), "places"
	}
	return 0, ""
}

// held is how many beds a stage holds by contract all through the measured period; not ok where that
// changes within it.
func held(spec sim.Spec, b *sim.Beds) (n int, ok bool) {
	from, to := spec.WarmUp, spec.WarmUp+spec.Measure
	for _, p := range b.Places {
		if p.Contract != sim.Block && p.Contract != sim.Share || p.Beds == sim.NoLimit || p.From >= to || p.Until <= from {
			continue
		}
		beds := p.Beds
		if p.From > from || p.Until < to {
			return 0, false
		}
		for _, c := range p.Capacity {
			switch {
			case c.From <= from:
				beds = c.Beds
			case c.From < to:
				return 0, false
			}
		}
		if slices.ContainsFunc(p.Closures, func(c sim.Span) bool { return c.From < to && c.Until > from }) {
			return 0, false
		}
		n += beds
	}
	return n, true
}

// waits draws how the waits for beds and for panels are spread.
func (d *drafts) waits() {
	for _, stage := range d.spec.Stages {
		id := stage.Name + ".admitted.wait"
		i := slices.IndexFunc(d.base.Waits, func(s sim.Spread) bool { return s.ID == id })
		if i < 0 || stage.Kind != sim.BedsKind && stage.Kind != sim.PanelKind {
			continue
		}
		within := d.base.Waits[i].Within
		if len(within) < 3 {
			continue
		}
		h := histogram(within)
		h.Of = "of those who got in"
		if stage.Kind == sim.PanelKind {
			h.Of = "of those who had their answer"
		}
		h.X.Label = "Wait"
		for _, days := range []int{21, 42, 84} {
			share := within[min(days, len(within)-1)]
			if e, ok := d.l.find(fmt.Sprintf("%s.within_%d_days", id, days)); ok {
				share = e.Value
			}
			h.Within = append(h.Within, chart.Within{At: float64(days), Share: share, Name: fmt.Sprintf("%d weeks", days/7)})
		}
		title := fmt.Sprintf("%s: %s %s waited %s or less", sentence(plain(stage.Name)), amount(sim.UnitShare, h.Within[0].Share), h.Of, h.Within[0].Name)
		h.Words = d.words("wait-"+stage.Name, title, "How long people waited for "+plain(stage.Name)+", from joining the list to getting in")
		d.add(h.Chart)
	}
}

// histogram bins shares within days: days where nearly all wait less than three weeks, else half weeks or
// weeks, up to where one in a hundred waits longer.
func histogram(within []float64) (h chart.Histogram) {
	last := slices.IndexFunc(within, func(share float64) bool { return share >= 0.99 })
	if last < 0 {
		last = len(within) - 1
	}
	step, unit := 7, chart.Weeks()
	if last <= 21 {
		step, unit, last = 1, chart.Days(), 21
	}
	for last > 30*step {
		step *= 2
	}
	bins := (last + step - 1) / step
	at := func(day int) float64 { return within[min(day, len(within)-1)] }
	h.X.Unit = unit
	before := 0.0
	for i := range bins {
		h.Edges = append(h.Edges, float64(i*step))
		h.Shares = append(h.Shares, at((i+1)*step)-before)
		before = at((i + 1) * step)
	}
	h.Edges = append(h.Edges, float64(bins*step))
	if rest := 1 - before; rest > 1e-9 {
		h.Beyond = rest
	}
	return h
}

// bedsUse draws, for each stage with beds, how many are in use on how many days.
func (d *drafts) bedsUse() {
	for _, stage := range d.spec.Stages {
		i := slices.IndexFunc(d.base.Distributions, func(x sim.Distribution) bool { return x.ID == stage.Name+".in_use" })
		if stage.Kind != sim.BedsKind || i < 0 {
			continue
		}
		u := chart.BedsUse{Things: "beds", Shares: d.base.Distributions[i].Shares}
		u.Held, _ = held(d.spec, stage.Beds)
		title := ""
		for _, level := range []struct {
			name  string
			share float64
		}{{"p80", 0.80}, {"p95", 0.95}, {"p99", 0.99}} {
			if e, ok := d.l.find(stage.Name + ".in_use." + level.name); ok {
				u.Enough = append(u.Enough, chart.Enough{Share: level.share, Beds: wholeNumber(e.Value)})
				if level.name == "p95" {
					title = fmt.Sprintf("%s %s in %s would be enough on 95%% of days", count(wholeNumber(e.Value)), beds(wholeNumber(e.Value)), plain(stage.Name))
				}
			}
		}
		if title == "" {
			title = "Beds in use in " + plain(stage.Name)
		}
		if u.Held > 0 {
			title += fmt.Sprintf("; %s held", is(u.Held))
		}
		u.Words = d.words("beds-"+stage.Name, title, "Beds of "+plain(stage.Name)+" in use at once, whoever provides them, as a share of time")
		d.add(u.Chart)
	}
}

func beds(n int) string {
	if n == 1 {
		return "bed"
	}
	return "beds"
}

func is(n int) string {
	if n == 1 {
		return "1 is"
	}
	return count(n) + " are"
}
