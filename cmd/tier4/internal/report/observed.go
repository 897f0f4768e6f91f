package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tier4/calibration"
	"tier4/cmd/tier4/internal/extract"
	"tier4/sim"
	"tier4/sim/stats"
)

// Observed is what an extract says by itself.
type Observed struct {
	Version string
	Name    string // of the file
	Reading *extract.Reading
	Of      *calibration.Observation
	Small   bool     // small numbers of people are shown too
	Figures []string // those asked for by name; none for the usual report
}

func (o *Observed) hush() hush { return hush(!o.Small) }

// stage is the name of a stage as words.
func (o *Observed) stage(k int) string { return plain(o.Of.Extract.Stages[k].Name) }

// who is everyone or a cohort, as words.
func (o *Observed) who(cohort int) string {
	if cohort < 0 {
		return "everyone"
	}
	return plain(o.Of.Extract.Cohorts[cohort])
}

// Page is the observation as people read it.
func (o *Observed) Page() *Page {
	p := new(Page)
	p.title(1, "What "+clean(o.Name)+" says by itself")
	if len(o.Figures) > 0 {
		p.table(o.named())
		var lacks []string
		for _, l := range o.Of.Lacks {
			if o.wanted(l.ID) {
				lacks = append(lacks, l.ID+": "+l.Why)
			}
		}
		p.sayOf("Not in the rows", lacks)
		o.withheld(p)
		return p
	}
	o.rows(p)
	o.referrals(p)
	o.curves(p, false)
	o.curves(p, true)
	o.meetings(p)
	o.ways(p)
	o.places(p)
	o.laws(p)
	o.sureness(p)
	o.columns(p)
	return p
}

// rows says what was read, used and set aside.
func (o *Observed) rows(p *Page) {
	r := o.Reading
	x := o.Of.Extract
	p.say("%s. Rows read: %s. Used: %s. Set aside: %s.", sentence(r.How), count(r.Read), count(r.Used), count(r.Rows()))
	p.say("People referred from %s to %s, chosen by %s; what happened is known until %s.",
		dayText(x.From), dayText(x.To-1), x.SelectedBy, dayText(x.Until))
	if len(r.SetAside) > 0 {
		p.title(2, "Rows set aside")
		t := &Table{Head: []string{"Why", "Rows"}}
		for _, k := range extract.DefectKinds() {
			if n := r.Of(k); n > 0 {
				t.add(sentence(string(k)), count(n))
			}
		}
		p.table(t)
		p.say("Line by line; a row may have several faults, and is counted under the first:")
		var lines []string
		for _, d := range r.SetAside[:min(len(r.SetAside), mostListed)] {
			lines = append(lines, clean(d.Error()))
		}
		if more := len(r.SetAside) - len(lines); more > 0 {
			lines = append(lines, fmt.Sprintf("and %s more: --set-aside FILE.csv writes all", count(more)))
		}
		p.list(lines)
	}
	p.title(2, "How it was read")
	notes := slices.Clone(r.Notes)
	if len(r.Above) > 0 {
		notes = append(notes, "Above the header, and not read: "+strings.Join(r.Above, "; "))
	}
	if r.Blank > 0 {
		notes = append(notes, fmt.Sprintf("Lines with nothing in them: %s", count(r.Blank)))
	}
	if len(r.Unused) > 0 {
		notes = append(notes, "Columns that nothing was made of: "+strings.Join(r.Unused, ", "))
	}
	for i := range notes {
		notes[i] = ended(clean(notes[i]))
	}
	p.list(notes)
}

// mostListed is how many defects a page lists.
const mostListed = 200

func dayText(d calibration.Day) string {
	if !d.Known() {
		return "an unknown day"
	}
	return d.Date().Format("2 January 2006")
}

// named is a plain table of the figures asked for, or of all.
func (o *Observed) named() *Table {
	t := &Table{Head: []string{"Figure", "Name", "Observed"}}
	hidden := o.hush().figures(o.Of.Figures)
	for i, f := range o.Of.Figures {
		if !o.wanted(f.ID) {
			continue
		}
		text := sure(estimateOf(f))
		switch {
		case hidden[i]:
			text = withheld
		case !f.Known && f.Value == math.Trunc(f.Value):
			text = whole(estimateOf(f)) + " " + strings.TrimSuffix(f.Unit, "/year")
		}
		t.add(Label(f.ID), f.ID, text)
	}
	return t
}

// wanted says whether a figure is among those asked for.
func (o *Observed) wanted(id string) bool {
	return len(o.Figures) == 0 || slices.Contains(o.Figures, "all") || slices.Contains(o.Figures, id)
}

// Unknown are the figures asked for that the extract does not have.
func (o *Observed) Unknown() (ids []string) {
	for _, id := range o.Figures {
		have := slices.ContainsFunc(o.Of.Figures, func(f calibration.Figure) bool { return f.ID == id }) ||
			slices.ContainsFunc(o.Of.Lacks, func(l calibration.Lack) bool { return l.ID == id })
		if id != "all" && !have {
			ids = append(ids, id)
		}
	}
	return ids
}

// Known are the names of all figures of the extract.
func (o *Observed) Known() (ids []string) {
	for _, f := range o.Of.Figures {
		ids = append(ids, f.ID)
	}
	return ids
}

// estimateOf is a figure as those of a run are, to be written alike.
func estimateOf(f calibration.Figure) sim.Estimate {
	e := sim.Estimate{Figure: sim.Figure{ID: f.ID, Unit: f.Unit}}
	e.Value, e.Low, e.High, e.N, e.Method = f.Value, f.Low, f.High, f.Of, stats.MethodExact
	if !f.Known {
		e.Method = stats.MethodOne
	}
	return e
}

// between writes a value with an interval, both of a unit.
func spanned(unit string, value, low, high float64) string {
	e := sim.Estimate{Figure: sim.Figure{Unit: unit}}
	e.Value, e.Low, e.High, e.Method = value, low, high, stats.MethodExact
	return sure(e)
}

func (o *Observed) referrals(p *Page) {
	a := o.Of.Arrivals
	if len(a.Months) == 0 {
		return
	}
	p.title(2, "Referrals")
	h := o.hush()
	t := &Table{Head: []string{"Who", "People", "A year"}}
	total := calibration.Count{Name: "everyone"}
	for _, c := range a.Cohorts {
		total.People, total.Days = total.People+c.People, c.Days
	}
	add := func(all []calibration.Count) {
		var counts []int
		for _, c := range all {
			counts = append(counts, c.People)
		}
		for i, hidden := range h.hide(counts...) {
			t.add(sentence(plain(all[i].Name)), h.count(all[i].People, hidden), aYear(all[i], hidden))
		}
	}
	add([]calibration.Count{total})
	if len(a.Cohorts) > 1 {
		add(a.Cohorts)
	}
	if len(a.Sources) > 1 {
		add(a.Sources)
	}
	p.table(t)
	p.table(o.byMonth())
	p.table(o.byWeekday())
	p.list(o.regularity())
}

func aYear(c calibration.Count, hidden bool) string {
	e, ok := c.PerYear(0.95)
	if hidden || !ok {
		return withheld
	}
	return spanned(sim.UnitPeople, e.Value, e.Low, e.High)
}

// byMonth is a row a month of the year and a column a year.
func (o *Observed) byMonth() *Table {
	a, h := o.Of.Arrivals, o.hush()
	hidden, ofYear := o.hiddenMonths()
	var years []string
	for _, m := range a.Months {
		if y := m.Name[:4]; !slices.Contains(years, y) {
			years = append(years, y)
		}
	}
	t := &Table{Head: append([]string{"Month"}, years...)}
	t.Head = append(t.Head, "Times the average")
	for m := range 12 {
		row := make([]string, len(t.Head))
		row[0] = monthNames[m]
		for i, one := range a.Months {
			if one.Name[5:] == fmt.Sprintf("%02d", m+1) {
				row[1+slices.Index(years, one.Name[:4])] = h.count(one.People, hidden[i])
			}
		}
		switch f := a.ByMonth[m]; {
		case ofYear[m]:
			row[len(row)-1] = withheld
		case f.Value > 0:
			row[len(row)-1] = spanned(sim.UnitRatio, f.Value, f.Low, f.High)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// hiddenMonths marks the months whose people are not told, and the months of the year of which that is so in some year:
// what all years together have would give it away.
func (o *Observed) hiddenMonths() (hidden []bool, ofYear [12]bool) {
	var counts []int
	for _, m := range o.Of.Arrivals.Months {
		counts = append(counts, m.People)
	}
	hidden = o.hush().hide(counts...)
	for i, m := range o.Of.Arrivals.Months {
		for k := range ofYear {
			ofYear[k] = ofYear[k] || hidden[i] && m.Name[5:] == fmt.Sprintf("%02d", k+1)
		}
	}
	return hidden, ofYear
}

var monthNames = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}

func (o *Observed) byWeekday() *Table {
	a, h := o.Of.Arrivals, o.hush()
	t := &Table{Head: []string{"Day", "People", "Times the average"}}
	var counts []int
	for _, d := range a.Weekdays {
		counts = append(counts, d.People)
	}
	hidden := h.hide(counts...)
	for i := range 7 {
		d := (i + 1) % 7 // from Monday
		text := withheld
		if f := a.ByWeekday[d]; !hidden[d] && f.Value > 0 {
			text = spanned(sim.UnitRatio, f.Value, f.Low, f.High)
		}
		t.add(a.Weekdays[d].Name, h.count(counts[d], hidden[d]), text)
	}
	return t
}

// regularity says how referrals come: in clusters, by season, by weekday, more and more.
func (o *Observed) regularity() (lines []string) {
	a := o.Of.Arrivals
	if d := a.Clustering; d != nil {
		what := "no more uneven than chance makes them"
		if d.P < 0.05 && d.Index > 1 {
			what = "more uneven than chance makes them: they come in clusters, or at a rate that changes"
		}
		lines = append(lines, fmt.Sprintf("From month to month referrals are %s (%.2f times the variance of a Poisson law, p %s).", what, d.Index, pValue(d.P)))
	}
	test := func(d *stats.Dispersion, yes, no string) {
		if d == nil {
			return
		}
		words := no
		if d.P < 0.05 {
			words = yes
		}
		lines = append(lines, fmt.Sprintf("%s (p %s).", words, pValue(d.P)))
	}
	test(a.Season, "The months of the year differ", "The months of the year differ no more than by chance")
	test(a.Week, "The days of the week differ", "The days of the week differ no more than by chance")
	if g := a.Growth; g.P < 1 && !math.IsInf(g.High, 1) {
		words := "no clear growth"
		if g.P < 0.05 {
			words = "growth"
		}
		lines = append(lines, fmt.Sprintf("From year to year: %s, %s.", words, spanned(sim.UnitShare, g.PerYear, g.Low, g.High)))
	}
	return lines
}

// pValue writes the chance of something as large by luck.
func pValue(p float64) string {
	if p < 0.001 {
		return "under 0.001"
	}
	return fmt.Sprintf("%.3f", p)
}

func (o *Observed) sureness(p *Page) {
	p.title(2, "How sure this is")
	notes := []string{
		"In brackets: the 95% interval. Those of survival and of causes are pointwise (Greenwood's variance); of rates exact (Garwood); of shares Jeffreys'; of laws from their posterior, exact on a grid for one or two parameters, by importance sampling for mixtures.",
		"Dates are whole days. Laws are fitted with that taken into account: a wait from one time of day to another is right on average, one to a meeting half a day long, one from a meeting half a day short.",
	}
	if o.Of.Extract.SelectedBy == calibration.ByReferral {
		notes = append(notes, "People referred before the window are not in the rows, so lists and places look too empty at first: they are counted from the day on which all but 1 in 100 of those inside were referred in the window.")
	}
	p.list(notes)
	o.withheld(p)
}

// withheld says why numbers are missing.
func (o *Observed) withheld(p *Page) {
	if !o.Small {
		p.say("Counts of 1 to 4 people are not shown, nor what would give them away (%s); --show-small shows all. Places and beds are no counts of people, and are shown. Before you publish, look at what several tables together may give away.", withheld)
	}
}

// columns shows the file of columns.
func (o *Observed) columns(p *Page) {
	p.title(2, "The columns")
	p.say("Correct what is wrong, save it, and give it back with --columns FILE; --save-columns FILE writes it as it is.")
	p.code(o.Reading.Columns)
}
