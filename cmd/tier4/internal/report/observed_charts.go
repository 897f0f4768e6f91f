package report

import (
	"errors"
	"fmt"
	"slices"

	"tier4/calibration"
	"tier4/cmd/tier4/internal/chart"
)

// Charts are the pictures of an observation.
func (o *Observed) Charts() ([]*chart.Chart, error) {
	d := &sketches{o: o, x: o.Of.Extract, h: o.hush()}
	d.referrals()
	d.curves(false)
	d.curves(true)
	d.causes()
	d.use()
	d.levels()
	d.decisions()
	d.laws()
	return d.all, errors.Join(d.faults...)
}

// sketches draws one picture after the other.
type sketches struct {
	o      *Observed
	x      *calibration.Extract
	h      hush
	all    []*chart.Chart
	faults []error
}

func (d *sketches) add(draw func() (*chart.Chart, error)) {
	c, err := draw()
	if err != nil {
		d.faults = append(d.faults, err)
		return
	}
	d.all = append(d.all, c)
}

// words are a picture's words; its note says where the numbers are from.
func (d *sketches) words(id, title, about string) chart.Words {
	note := fmt.Sprintf("Observed: %s, %s episodes, known until %s. tier4 %s.", clean(d.o.Name), count(d.o.Reading.Used), dayText(d.x.Until), d.o.Version)
	if bool(d.h) {
		note += " Counts of 1 to 4 people are left out."
	}
	return chart.Words{ID: id, Title: title, About: about, Note: note}
}

// referrals draws how many come month by month.
func (d *sketches) referrals() {
	a := d.o.Of.Arrivals
	var counts []int
	for _, m := range a.Months {
		counts = append(counts, m.People)
	}
	hidden := d.h.hide(counts...)
	line := chart.Series{Step: true}
	most, busiest := 0, ""
	for i, m := range a.Months {
		if hidden[i] {
			continue
		}
		first := d.monthStart(i)
		line.X, line.Y = append(line.X, chart.Date(first.Date())), append(line.Y, float64(m.People))
		if m.People > most {
			most, busiest = m.People, first.Date().Format("January 2006")
		}
	}
	if len(line.X) < 2 {
		return
	}
	if last := len(counts) - 1; !hidden[last] { // a month lasts to its end
		line.X, line.Y = append(line.X, chart.Date(a.To.Date())), append(line.Y, float64(counts[last]))
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	mean := float64(total) / float64(len(counts))
	d.add(chart.Lines{
		Words: d.words("referrals", fmt.Sprintf("%.1f people are referred in an average month; most, %d, in %s", mean, most, busiest), "Referrals by month"),
		X:     chart.Axis{Label: "Month", Unit: chart.Unit{Dates: true}}, Y: chart.Axis{Label: "People referred", Unit: chart.Plain("")},
		Series: []chart.Series{line}, Marks: []chart.Mark{{At: mean, Name: "average"}},
	}.Chart)
}

// monthStart is the first day of the i-th month of the window.
func (d *sketches) monthStart(i int) calibration.Day {
	day := d.x.From
	for _, m := range d.o.Of.Arrivals.Months[:i] {
		day += calibration.Day(m.Days)
	}
	return day
}

// stepsOf is a curve of one cause or of all as a stepped line from the start, as far as enough are at risk, every cause's
// numbers being large enough to show, and each step of it.
func (d *sketches) stepsOf(c calibration.Curve, cause int, value func(days float64) (v, low, high float64, ok bool)) (s chart.Series) {
	s.Step = true
	days := []float64{0}
	for _, step := range c.Incidence.Steps {
		if step.Time > 0 {
			days = append(days, step.Time)
		}
	}
	shown := 0
	for _, t := range days {
		if d.h.tail(c, t) {
			break
		}
		over := overBy(c, cause, t)
		if (d.h.smallCurve(c, t) || d.h.hides(over-shown)) && t > 0 {
			continue
		}
		v, low, high, ok := value(t)
		if !ok {
			continue
		}
		if d.h.hides(over) { // those over at once are too few
			over, v = 0, 0
			if cause == everyCause {
				v = 1
			}
			low, high = v, v
		}
		shown = over
		s.X, s.Y, s.Low, s.High = append(s.X, t), append(s.Y, v), append(s.Low, low), append(s.High, high)
	}
	return s
}

// curves draws how long waits, or stays, last.
func (d *sketches) curves(stays bool) {
	p := chart.Panels{Band: "95% confidence, pointwise"}
	id, title, about, y := "waits", "", "Share still waiting, whatever ends it, by days since joining the list (Kaplan-Meier)", "Still waiting"
	if stays {
		id, about, y = "stays", "Share still there, whatever ends it, by days since getting in (Kaplan-Meier)", "Still there"
	}
	longest := 0.0
	for _, c := range d.o.Of.Curves {
		if c.Stays != stays || c.Cohort >= 0 {
			continue
		}
		s := d.stepsOf(c, everyCause, func(t float64) (float64, float64, float64, bool) {
			e, ok := c.Incidence.Survival.At(t, 0.95)
			return e.Value, e.Low, e.High, ok
		})
		if len(s.X) < 2 {
			continue
		}
		p.Panels = append(p.Panels, chart.Lines{
			Words:  chart.Words{Title: sentence(d.o.stage(c.Stage))},
			X:      chart.Axis{Label: "Days", Unit: chart.Plain("")},
			Y:      chart.Axis{Label: y, Unit: chart.Percent(""), From: 0, To: 1},
			Series: []chart.Series{s},
		})
		if half, _, _, ok := c.Incidence.Quantile(0.5, 0.95); ok && half > longest {
			longest = half
			title = fmt.Sprintf("The longest wait is for %s: half are over within %s", d.o.stage(c.Stage), several(half, "day"))
			if stays {
				title = fmt.Sprintf("The longest stay is in %s: half are over within %s", d.o.stage(c.Stage), several(half, "day"))
			}
		}
	}
	if len(p.Panels) == 0 {
		return
	}
	if title == "" {
		title = "How long " + id + " last"
	}
	p.Words = d.words(id, title, about)
	d.add(p.Chart)
}

// causes draws what waits and stays end in, as time goes by.
func (d *sketches) causes() {
	p := chart.Panels{Band: "95% confidence, pointwise"}
	for _, c := range d.o.Of.Curves {
		if c.Cohort >= 0 || len(c.Causes) < 2 {
			continue
		}
		l := chart.Lines{
			Words: chart.Words{Title: "Waits for " + d.o.stage(c.Stage)},
			X:     chart.Axis{Label: "Days", Unit: chart.Plain("")},
			Y:     chart.Axis{Label: "Ended in", Unit: chart.Percent(""), From: 0, To: 1},
		}
		if c.Stays {
			l.Title = "Stays in " + d.o.stage(c.Stage)
		}
		for k, cause := range c.Causes {
			if d.h.hides(c.Counts[k]) {
				continue
			}
			s := d.stepsOf(c, k, func(t float64) (float64, float64, float64, bool) {
				e, ok := c.Incidence.At(k+1, t, 0.95)
				return e.Value, e.Low, e.High, ok
			})
			if s.Name = endWord(cause); len(s.X) > 1 {
				l.Series = append(l.Series, s)
			}
		}
		if len(l.Series) > 0 {
			p.Panels = append(p.Panels, l)
		}
	}
	if len(p.Panels) == 0 {
		return
	}
	p.Words = d.words("ends", "What waits and stays end in", "Share that has ended so, by days since the start (Aalen-Johansen)")
	d.add(p.Chart)
}

// use draws how many are inside day by day; where that would show single people, month by month.
func (d *sketches) use() {
	p := chart.Panels{}
	byMonth := false
	for _, u := range d.o.Of.Uses {
		if u.Contract >= 0 || len(u.ByDay) < 60 {
			continue
		}
		line := chart.Series{Step: true}
		if bool(d.h) && slices.ContainsFunc(u.ByDay, d.h.hides) {
			line, byMonth = monthly(u), true
		} else {
			for k, n := range u.ByDay {
				line.X, line.Y = append(line.X, float64(u.From)+float64(k)), append(line.Y, float64(n))
			}
		}
		if len(line.X) < 2 {
			continue
		}
		p.Panels = append(p.Panels, chart.Lines{
			Words:  chart.Words{Title: fmt.Sprintf("%s: %.1f on average", sentence(d.o.stage(u.Stage)), u.Mean())},
			X:      chart.Axis{Label: "Day", Unit: chart.Unit{Dates: true}},
			Y:      chart.Axis{Label: "In use", Unit: chart.Plain("")},
			Series: []chart.Series{line},
		})
	}
	if len(p.Panels) == 0 {
		return
	}
	about := "People inside at midnight, day by day, from the day on which it can be trusted"
	if byMonth {
		about += "; where few are inside, the mean of each month"
	}
	p.Words = d.words("in-use", "How many are in beds and places", about)
	d.add(p.Chart)
}

// monthly is the mean in use of each whole month.
func monthly(u calibration.Use) (s chart.Series) {
	s.Step = true
	sum, days := 0, 0
	for k, n := range u.ByDay {
		date := (u.From + calibration.Day(k)).Date()
		if date.Day() == 1 && k > 0 {
			if days >= 28 {
				s.X, s.Y = append(s.X, float64(u.From)+float64(k-days)), append(s.Y, float64(sum)/float64(days))
			}
			sum, days = 0, 0
		}
		sum, days = sum+n, days+1
	}
	return s
}

// levels draws how many beds are in use on how many days.
func (d *sketches) levels() {
	for _, u := range d.o.Of.Uses {
		if u.Contract >= 0 || u.Days < 60 || u.Most == 0 {
			continue
		}
		shares := make([]float64, len(u.Levels))
		for n, days := range u.Levels {
			shares[n] = float64(days) / float64(u.Days)
		}
		name := d.x.Stages[u.Stage].Name
		d.add(chart.BedsUse{
			Words: d.words("levels-"+name, fmt.Sprintf("At most %d places of %s were in use at once, on %s", u.Most, d.o.stage(u.Stage), several(float64(u.AtMost), "day")),
				"Share of days with so many in use at midnight"),
			Things: "places", Shares: shares, Enough: []chart.Enough{{Share: 0.95, Beds: u.Enough(0.95)}},
		}.Chart)
	}
}

// decisions draws how many final decisions each meeting takes.
func (d *sketches) decisions() {
	for _, one := range d.o.Of.Panels {
		hidden := d.h.hide(one.PerMeet...)
		b := chart.Bars{Axis: chart.Axis{Label: "Meetings", Unit: chart.Plain("")}}
		for n, times := range one.PerMeet {
			if !hidden[n] {
				b.Bars = append(b.Bars, chart.Bar{Name: several(float64(n), "decision"), Value: float64(times)})
			}
		}
		if len(b.Bars) == 0 {
			continue
		}
		name := d.o.stage(one.Stage)
		b.Words = d.words("decisions-"+d.x.Stages[one.Stage].Name, fmt.Sprintf("No meeting of %s decides more than %s", name, several(float64(one.Most()), "case")), "Meetings by how many final decisions they take")
		d.add(b.Chart)
	}
}

// laws draws the law fitted to each duration over its Kaplan-Meier curve.
func (d *sketches) laws() {
	p := chart.Panels{Band: "95% confidence of the Kaplan-Meier curve, pointwise"}
	for _, l := range d.o.Of.Laws {
		if len(l.Fits) == 0 || d.h.hides(l.EventCount) {
			continue
		}
		curve, ok := d.o.ofInterest(l)
		if !ok {
			continue
		}
		s := d.stepsOf(curve, everyCause, func(t float64) (float64, float64, float64, bool) {
			e, ok := curve.Incidence.Survival.At(t, 0.95)
			return e.Value, e.Low, e.High, ok
		})
		if len(s.X) < 2 {
			continue
		}
		s.Name = "seen"
		fitted := chart.Series{Name: l.Fits[0].Family.String()}
		last := s.X[len(s.X)-1]
		for k := range 61 {
			t := last * float64(k) / 60
			fitted.X, fitted.Y = append(fitted.X, t), append(fitted.Y, l.Fits[0].Law.Survival(t))
		}
		p.Panels = append(p.Panels, chart.Lines{
			Words:  chart.Words{Title: d.o.durationName(l)},
			X:      chart.Axis{Label: "Days", Unit: chart.Plain("")},
			Y:      chart.Axis{Label: "Not yet", Unit: chart.Percent(""), From: 0, To: 1},
			Series: []chart.Series{s, fitted},
		})
	}
	if len(p.Panels) == 0 {
		return
	}
	p.Words = d.words("laws", "The laws fitted, over what was seen", "Share not over, other ends being as if lost from sight, by days")
	d.add(p.Chart)
}
