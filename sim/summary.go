package sim

import (
	"fmt"
	"time"

	"tier4/sim/stats"
)

// level is the confidence of every interval.
const level = 0.95

// Summary is what a scenario's replications say.
type Summary struct {
	Model         *Model
	Replications  int
	Estimates     []Estimate
	Absent        []Absent
	Distributions []Distribution
	Waits         []Spread
	Series        []Series
	Statements    []Statement
	Limits        []Kept // those watched
	Warnings      []Warning
}

// Estimate is a figure with what one measured year may look like.
type Estimate struct {
	Figure
	stats.Estimate
	YearP5, YearP95 float64
	HasYear         bool // whether there was a whole measured year, and the model speaks of single ones
	Replications    int  // behind the figure
	Parts           *Parts
}

// Parts say how much of what is not known of a figure is not knowing the numbers of the scenario, and how
// much is chance; nil where the numbers were taken as they stand.
type Parts struct {
	stats.Parts
	YearVariance float64 // of single measured years for chance alone; 0 where there is no whole one
}

// Luck is half the width of the interval for the luck of the replications alone, which more of them would
// narrow.
func (e Estimate) Luck() float64 {
	if e.Parts == nil {
		return (e.High - e.Low) / 2
	}
	return stats.TQuantile((1+level)/2, float64(e.Parts.Draws-1)) * e.Parts.SE()
}

// Distribution is the share of time at each number in use, from 0.
type Distribution struct {
	ID     string
	Shares []float64
}

// Series follows something by month: the mean and what single replications range over, pointwise.
type Series struct {
	ID            string
	Months        []string // 2026-04
	Mean, P5, P95 []float64
}

// Warning is a doubt about a figure, as data.
type Warning struct {
	Code   string `json:"code"`
	Figure string `json:"figure,omitempty"`
	Text   string `json:"text"`
}

// Find is the estimate of a figure by its id.
func (s *Summary) Find(id string) (Estimate, bool) {
	for _, e := range s.Estimates {
		if e.ID == id {
			return e, true
		}
	}
	return Estimate{}, false
}

// Summary turns what was gathered into figures with intervals, and doubts into warnings.
func (g *Gather) Summary() *Summary {
	s := &Summary{Model: g.m, Replications: g.replications, Absent: append([]Absent(nil), g.m.plan.absent...)}
	for i := range g.m.plan.figures {
		f := &g.m.plan.figures[i]
		figure, ok := g.carried(i)
		if !ok {
			s.Absent = append(s.Absent, Absent{f.ID, g.whyAbsent(f)})
			continue
		}
		if f.ratio != nil {
			figure.Replications = g.ratios[i].Count()
		}
		if !g.m.plan.yearless {
			low, ok := g.years[i].Quantile(0.05)
			if high, _ := g.years[i].Quantile(0.95); ok {
				figure.YearP5, figure.YearP95, figure.HasYear = low, high, true
			}
		}
		s.Estimates = append(s.Estimates, figure)
	}
	g.addGaps(s)
	for i := range g.m.stages {
		if stage := &g.m.stages[i]; stage.serves() {
			if shares := g.levels[i].Shares(); len(shares) > 0 {
				s.Distributions = append(s.Distributions, Distribution{stage.Name + ".in_use", shares})
			}
		}
	}
	g.spreads(s)
	g.series(s)
	g.statements(s)
	g.limits(s)
	g.warn(s)
	return s
}

// whyAbsent says in plain words why nobody contributed to a figure.
func (g *Gather) whyAbsent(f *figure) string {
	if f.stage < len(g.m.stages) && f.ID == g.m.stages[f.stage].Name+".occupancy" {
		return "no bed was held in the measured period"
	}
	if f.people || f.Unit == UnitDays || f.Unit == UnitShare {
		if f.stage < len(g.m.stages) && f.ID[:min(len(f.ID), len(g.m.stages[f.stage].Name))] == g.m.stages[f.stage].Name {
			return "nobody reached this point of " + g.m.stages[f.stage].Name + " in the measured period"
		}
		return "nobody reached this point in the measured period"
	}
	return "there was nothing to divide by in the measured period"
}

func (g *Gather) series(s *Summary) {
	if len(g.m.plan.series) == 0 || len(g.months) == 0 {
		return
	}
	months := len(g.months) / len(g.m.plan.series)
	var labels []string
	for i, at := 0, g.m.measured; i < months; i++ {
		labels = append(labels, g.m.date(at).Format("2006-01"))
		if i < len(g.m.plan.monthEnds) {
			at = g.m.plan.monthEnds[i]
		}
	}
	for i, spec := range g.m.plan.series {
		one := Series{ID: spec.id, Months: labels}
		for k := i * months; k < (i+1)*months; k++ {
			mean, _ := g.means[k].Value()
			low, _ := g.months[k].Quantile(0.05)
			high, _ := g.months[k].Quantile(0.95)
			one.Mean, one.P5, one.P95 = append(one.Mean, mean), append(one.P5, low), append(one.P95, high)
		}
		s.Series = append(s.Series, one)
	}
}

// Statement is a financial year of one contract, or of what a stage costs beside its beds: means over
// the replications. Over all of them it adds up to the penny.
type Statement struct {
	Year     string // 2026-27
	From, To string // dates of the part of the year that was measured; To is its last day
	Stage    string
	Place    string // "" for what the stage costs beside its beds
	Contract string

	Held, Bought, Used, Void float64 // nights
	Admissions               float64
	ShareOfAdmissions        float64 // of the stage's in the year
	Total, Contribution, Net float64 // pounds
	Unused                   float64 // pounds of Total, for Void
	PerUsedNight             float64 // pounds; 0 if no night was used
}

// statements adds each measured financial year of each contract.
func (g *Gather) statements(s *Summary) {
	m := g.m
	first, last := m.statementYears()
	per := m.places + len(m.stages)
	r := float64(g.replications)
	for k := 0; first+k <= last && (k+1)*per <= len(g.bills); k++ {
		y := &m.financial[first+k]
		rows := g.bills[k*per : (k+1)*per]
		from, to := max(y.from, m.measured), min(y.until, m.end)
		base := Statement{Year: y.label, From: m.date(from).Format(time.DateOnly), To: m.date(to - 1).Format(time.DateOnly)}
		for i := range m.stages {
			st := &m.stages[i]
			all := int64(0)
			for j := range st.beds {
				all += rows[st.firstPlace+j].admissions
			}
			for j := range st.beds {
				b, one := &rows[st.firstPlace+j], base
				one.Stage, one.Place, one.Contract = st.Name, st.beds[j].Name, st.beds[j].Contract.String()
				one.Held, one.Bought, one.Used, one.Void = float64(b.held)/r, float64(b.bought)/r, float64(b.used)/r, float64(b.void)/r
				one.Admissions = float64(b.admissions) / r
				if all > 0 {
					one.ShareOfAdmissions = float64(b.admissions) / float64(all)
				}
				one.Total, one.Contribution, one.Unused = float64(b.total)/100/r, float64(b.contribution)/100/r, float64(b.unused)/100/r
				one.Net = float64(b.total-b.contribution) / 100 / r
				if b.used > 0 {
					one.PerUsedNight = float64(b.total) / 100 / float64(b.used)
				}
				s.Statements = append(s.Statements, one)
			}
			if st.Costs != (UnitCosts{}) {
				one := base
				one.Stage, one.Total = st.Name, float64(rows[m.places+i].total)/100/r
				one.Net = one.Total
				s.Statements = append(s.Statements, one)
			}
		}
	}
}

// date is the date of a moment of the run.
func (m *Model) date(t ticks) time.Time { return m.spec.Start.AddDate(0, 0, int(t.day())) }

// warn adds the doubts a reader should know of.
func (g *Gather) warn(s *Summary) {
	if g.replications < 30 {
		s.Warnings = append(s.Warnings, Warning{Code: "few_replications", Text: fmt.Sprintf(
			"there %s: intervals from fewer than 30 are rough", only(g.replications))})
	}
	for i := range g.m.stages {
		if w, ok := g.unstable(i); ok {
			s.Warnings = append(s.Warnings, w)
		}
	}
	if first, last := g.m.statementYears(); last < first {
		s.Warnings = append(s.Warnings, Warning{Code: "no_statements", Text: fmt.Sprintf(
			"there are no statements: they are kept of up to %d financial years, and more are measured", mostStatements)})
	}
	if w, ok := g.shortWarmUp(); ok {
		s.Warnings = append(s.Warnings, w)
	}
	for _, e := range s.Estimates {
		if !e.Known() && g.replications > 1 {
			s.Warnings = append(s.Warnings, Warning{Code: "one_replication", Figure: e.ID, Text: e.ID + " rests on one replication alone: how sure it is nobody knows"})
		}
		half := e.Luck()
		if !e.Known() || g.replications < 30 || half <= 0.2*abs(e.Value) || half <= trifles[e.Unit] {
			continue
		}
		within := "more than itself"
		if half < abs(e.Value) {
			within = fmt.Sprintf("%.0f%%", 100*half/abs(e.Value))
		}
		s.Warnings = append(s.Warnings, Warning{Code: "wide_interval", Figure: e.ID, Text: fmt.Sprintf(
			"%s is known only to within %s: run more replications before relying on it", e.ID, within)})
	}
}

// trifles are half-widths, by unit, that no decision hangs on, however small the figure.
var trifles = map[string]float64{
	UnitDays: 0.5, UnitShare: 0.01, UnitPeople: 0.5, UnitPeoplePerYear: 0.5, UnitBeds: 0.5, UnitNightsPerYear: 5, UnitPoundsPerYear: 1000, UnitPounds: 10,
}

func abs(x float64) float64 { return max(x, -x) }

// only says how few replications there were.
func only(n int) string {
	if n == 1 {
		return "was only 1 replication"
	}
	return fmt.Sprintf("were only %d replications", n)
}

// unstable warns of a list that is clearly and much longer in the second half of the measured period.
func (g *Gather) unstable(stage int) (Warning, bool) {
	d, ok := g.halves[stage].Difference(0.999)
	if !ok || !d.Known() {
		return Warning{}, false
	}
	mean, _ := g.waiting[stage].Value()
	id := g.m.stages[stage].Name + ".waiting.mean"
	if d.Low <= 0.15*mean || d.Low < 0.1 {
		return Warning{}, false
	}
	decimals := 1
	if d.Value >= 100 {
		decimals = 0
	}
	return Warning{Code: "unstable", Figure: id, Text: fmt.Sprintf(
		"the list of %s still grows: on average %.*f more people wait in the second half of the measured period than in the first, so its figures depend on how long the run is",
		g.m.stages[stage].Name, decimals, d.Value)}, true
}

// shortWarmUp warns where MSER-5 on the mean number in the pathway by week would cut off more than the
// warm-up, and what it would cut off is noticeably different from what it would keep. Where it finds no end of the
// filling, the first weeks that are measured are held against the second half of the run.
func (g *Gather) shortWarmUp() (Warning, bool) {
	if g.pilots == 0 || len(g.weekly) < 50 || len(g.m.started) > 0 { // a run from today's lists has no warm-up
		return Warning{}, false
	}
	weeks := int(g.m.measured.day() / 7)
	drop, settled := stats.MSER5(g.weekly)
	if !settled && weeks <= len(g.weekly)/4 {
		early, later := average(g.weekly[weeks:weeks+firstWeeks]), average(g.weekly[len(g.weekly)/2:])
		return Warning{Code: "short_warm_up", Text: fmt.Sprintf(
			"in the first %d weeks that are measured there are %.0f%% fewer people in the pathway than later, for it begins empty: make warm_up longer, say a year",
			firstWeeks, 100*(1-early/later))}, early < 0.9*later
	}
	if !settled || drop <= weeks {
		return Warning{}, false
	}
	kept := average(g.weekly[drop:])
	if bias := abs(average(g.weekly[weeks:drop])-kept) * float64(drop-weeks) / float64(len(g.weekly)-weeks); bias <= 0.01*kept {
		return Warning{}, false
	}
	return Warning{Code: "short_warm_up", Text: fmt.Sprintf(
		"the pathway seems to need about %d weeks to fill, and the warm-up is %s: make warm_up longer", drop, inWeeks(weeks))}, true
}

// firstWeeks is how many weeks tell whether a pathway still fills as measuring begins.
const firstWeeks = 8

func inWeeks(n int) string {
	if n == 1 {
		return "1 week"
	}
	return fmt.Sprintf("%d weeks", n)
}

func average(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}
