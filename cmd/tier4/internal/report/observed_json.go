package report

import (
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"

	"tier4/calibration"
	"tier4/sim/stats"
)

// JSON writes the observation as one document.
func (o *Observed) JSON(w io.Writer) error {
	x, r := o.Of.Extract, o.Reading
	d := observedJSON{
		Tool: "tier4", Version: o.Version, Schema: 1,
		Extract: extractJSON{
			Name: o.Name, Read: r.Read, Used: r.Used, SetAside: r.Rows(), Defects: []defectJSON{},
			SelectedBy: x.SelectedBy.String(), From: x.From.String(), To: (x.To - 1).String(), Known: x.Until.String(),
			Notes: append([]string{}, r.Notes...), Columns: r.Columns,
		},
		Figures: []figureJSON{}, Absent: []lackJSON{}, Warnings: []warningJSON{},
		Distributions: map[string][]pair{}, Series: map[string]dayJSON{},
		Curves: []spellsJSON{}, Shares: []partJSON{}, Bought: []boughtJSON{}, Laws: []lawJSON{},
	}
	for _, f := range r.SetAside {
		d.Extract.Defects = append(d.Extract.Defects, defectJSON{f.Line, f.Column, string(f.Kind), f.What, f.Instead})
	}
	if !o.Small {
		d.Warnings = append(d.Warnings, warningJSON{"small_hidden", "counts of 1 to 4 people, and what would give them away, are null or absent"})
	}
	o.figuresJSON(&d)
	o.usesJSON(&d)
	d.Referrals = o.referralsJSON()
	for _, c := range o.Of.Curves {
		d.Curves = append(d.Curves, o.spellsJSON(c))
	}
	o.sharesJSON(&d)
	for _, l := range o.Of.Laws {
		d.Laws = append(d.Laws, o.lawJSON(l))
	}
	return writeJSON(w, d)
}

const tooFew = "too few people to show; --show-small shows it"

func (o *Observed) figuresJSON(d *observedJSON) {
	hidden := o.hush().figures(o.Of.Figures)
	for i, f := range o.Of.Figures {
		if !o.wanted(f.ID) {
			continue
		}
		if hidden[i] {
			d.Absent = append(d.Absent, lackJSON{f.ID, tooFew})
			continue
		}
		one := figureJSON{ID: f.ID, Unit: f.Unit, Mean: f.Value, N: f.Of}
		if f.Known {
			one.Low, one.High = &f.Low, &f.High
		}
		d.Figures = append(d.Figures, one)
	}
	for _, l := range o.Of.Lacks {
		if o.wanted(l.ID) {
			d.Absent = append(d.Absent, lackJSON(l))
		}
	}
}

func (o *Observed) usesJSON(d *observedJSON) {
	x, h := o.Of.Extract, o.hush()
	for _, u := range o.Of.Uses {
		id := x.Stages[u.Stage].Name + ".in_use"
		if u.Contract >= 0 {
			id += "." + x.Contracts[u.Contract]
		}
		if u.Days == 0 {
			continue
		}
		pairs := []pair{}
		for n, days := range u.Levels {
			pairs = append(pairs, pair{float64(n), float64(days) / float64(u.Days)})
		}
		d.Distributions[id] = pairs
		series := dayJSON{From: u.From.String()}
		for _, n := range u.ByDay {
			series.ByDay = append(series.ByDay, shown(n, h.hides(n)))
		}
		d.Series[id] = series
	}
	for _, p := range o.Of.Panels {
		pairs, total := []pair{}, 0
		for _, n := range p.PerMeet {
			total += n
		}
		for n, times := range p.PerMeet {
			pairs = append(pairs, pair{float64(n), float64(times) / float64(max(1, total))})
		}
		d.Distributions[x.Stages[p.Stage].Name+".decisions_per_meeting"] = pairs
	}
}

// shown is a number, or nothing where it is hidden.
func shown(n int, hidden bool) *int {
	if hidden {
		return nil
	}
	return &n
}

func estimateJSONOf(e stats.Estimate, ok bool) *estimateJSON {
	if !ok {
		return nil
	}
	return finiteJSON(e.Value, e.Low, e.High)
}

// finiteJSON is a value with its interval, nothing where one has no end.
func finiteJSON(value, low, high float64) *estimateJSON {
	for _, v := range []float64{value, low, high} {
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return nil
		}
	}
	return &estimateJSON{value, low, high}
}

// countsJSON are counts that add up to a number that is told, those marked not told in any case.
func (o *Observed) countsJSON(all []calibration.Count, factors []calibration.Factor, rates bool, marked ...bool) []countJSON {
	var counts []int
	for _, c := range all {
		counts = append(counts, c.People)
	}
	hide := append(slices.Clone(marked), make([]bool, len(counts)-len(marked))...)
	o.hush().hideMore(hide, counts)
	list := []countJSON{}
	for i, hidden := range hide {
		one := countJSON{Name: all[i].Name, People: shown(counts[i], hidden)}
		if rates && !hidden {
			e, ok := all[i].PerYear(0.95)
			one.PerYear = estimateJSONOf(e, ok)
		}
		if factors != nil && !hidden {
			one.Factor = finiteJSON(factors[i].Value, factors[i].Low, factors[i].High)
		}
		list = append(list, one)
	}
	return list
}

func (o *Observed) referralsJSON() referralsJSON {
	a := o.Of.Arrivals
	_, ofYear := o.hiddenMonths()
	var year []calibration.Count
	for m, f := range a.ByMonth {
		year = append(year, calibration.Count{Name: monthNames[m], People: f.People})
	}
	test := func(d *stats.Dispersion) *testJSON {
		if d == nil {
			return nil
		}
		return &testJSON{d.Index, d.ChiSquare, d.Freedom, d.P}
	}
	return referralsJSON{
		Months: o.countsJSON(a.Months, nil, false), Weekdays: o.countsJSON(a.Weekdays[:], a.ByWeekday[:], false),
		ByMonth: o.countsJSON(year, a.ByMonth[:], false, ofYear[:]...), Cohorts: o.countsJSON(a.Cohorts, nil, true), Sources: o.countsJSON(a.Sources, nil, true),
		Clustering: test(a.Clustering), Season: test(a.Season), Week: test(a.Week),
		Growth: finiteJSON(a.Growth.PerYear, a.Growth.Low, a.Growth.High),
	}
}

func (o *Observed) spellsJSON(c calibration.Curve) spellsJSON {
	h := o.hush()
	j := spellsJSON{Stage: o.Of.Extract.Stages[c.Stage].Name, Of: "waits", Who: "everyone", Days: waitDays, Over: map[string][]*estimateJSON{}}
	if c.Stays {
		j.Of, j.Days = "stays", stayDays
	}
	if c.Cohort >= 0 {
		j.Who = o.Of.Extract.Cohorts[c.Cohort]
	}
	hidden, total := h.hideOrTotal(append(append([]int{}, c.Counts...), c.Open)...)
	if c.Cohort >= 0 && o.smallCohorts(c) {
		hidden, total = allHidden(len(hidden)), true
	}
	j.People = shown(c.N, total || h.hides(c.N))
	for i, hide := range hidden {
		name, n := "open", c.Open
		if i < len(c.Causes) {
			name, n = c.Causes[i].String(), c.Counts[i]
		}
		j.Ends = append(j.Ends, countJSON{Name: name, People: shown(n, hide)})
	}
	if v, low, high, ok := c.Incidence.Quantile(0.5, 0.95); ok && !h.hides(c.N) {
		j.Median = finiteJSON(v, low, high)
	}
	for _, d := range j.Days {
		e, ok := c.Incidence.Survival.At(d, 0.95)
		ok = ok && !o.smallAt(o.Of.Curves, c, d)
		j.Survival = append(j.Survival, estimateJSONOf(e, ok))
		for k, cause := range c.Causes {
			e, good := c.Incidence.At(k+1, d, 0.95)
			j.Over[cause.String()] = append(j.Over[cause.String()], estimateJSONOf(e, good && ok))
		}
	}
	return j
}

// smallCohorts says whether one of the cohorts has a number too small to show at the stage of a curve: beside
// everyone's it could be worked out from the others'.
func (o *Observed) smallCohorts(c calibration.Curve) bool {
	for _, other := range o.Of.Curves {
		if other.Stage == c.Stage && other.Stays == c.Stays && other.Cohort >= 0 &&
			slices.ContainsFunc(append([]int{other.Open}, other.Counts...), o.hush().hides) {
			return true
		}
	}
	return false
}

func allHidden(n int) []bool {
	hidden := make([]bool, n)
	for i := range hidden {
		hidden[i] = true
	}
	return hidden
}

func (o *Observed) sharesJSON(d *observedJSON) {
	x := o.Of.Extract
	add := func(stage, who string, all []calibration.Share, hideAll bool) {
		var counts []int
		for _, s := range all {
			counts = append(counts, s.K)
		}
		for i, hidden := range o.hush().hide(counts...) {
			s := all[i]
			one := partJSON{Stage: stage, Who: who, What: s.Name, People: shown(s.K, hidden || hideAll)}
			if !hidden && !hideAll && s.Of > 0 {
				low, high := s.Interval(0.95)
				one.Share = &estimateJSON{s.Value(), low, high}
			}
			d.Shares = append(d.Shares, one)
		}
	}
	for _, p := range o.Of.Panels {
		add(x.Stages[p.Stage].Name, "everyone", p.Decisions, false)
		rest := calibration.Share{Name: "later meeting", K: p.First.Of - p.First.K, Of: p.First.Of}
		add(x.Stages[p.Stage].Name, "everyone", []calibration.Share{p.First, rest}, false)
	}
	for _, g := range o.Of.Groups {
		add(x.Stages[g.Stage].Name, "everyone", []calibration.Share{g.Leave}, false)
	}
	for _, r := range o.Of.Routes {
		from, who := "referral", "everyone"
		if r.From >= 0 {
			from = x.Stages[r.From].Name
		}
		if r.Cohort >= 0 {
			who = x.Cohorts[r.Cohort]
		}
		add(from, who, r.To, r.Cohort >= 0 && o.smallWays(r.From))
	}
	for _, b := range o.Of.Bought {
		for _, band := range b.Bands {
			one := boughtJSON{Stage: x.Stages[b.Stage].Name, From: band.From, By: map[string]*int{}}
			if band.To > 0 {
				one.To = &band.To
			}
			for c, hidden := range o.hush().hide(band.By...) {
				one.By[b.Contracts[c]] = shown(band.By[c], hidden)
			}
			d.Bought = append(d.Bought, one)
		}
	}
}

// smallWays says whether some cohort's numbers going on from a stage are too small to show.
func (o *Observed) smallWays(from int) bool {
	for _, r := range o.Of.Routes {
		for _, s := range r.To {
			if r.From == from && r.Cohort >= 0 && o.hush().hides(s.K) {
				return true
			}
		}
	}
	return false
}

func (o *Observed) bandsJSON(l calibration.LawFits) (all []bandJSON) {
	var counts []int
	for _, b := range l.Bands {
		counts = append(counts, int(b.Events+0.5))
	}
	for i, hidden := range o.hush().hide(counts...) {
		b := l.Bands[i]
		one := bandJSON{From: b.From, Events: shown(counts[i], hidden)}
		if !math.IsInf(b.To, 1) {
			one.To = &b.To
		}
		if e, ok := b.Rate(0.95); !hidden {
			one.Rate = estimateJSONOf(e, ok)
		}
		all = append(all, one)
	}
	return all
}

func (o *Observed) lawJSON(l calibration.LawFits) lawJSON {
	j := lawJSON{Path: l.Path(o.Of.Extract), Families: []familyJSON{}}
	if o.hush().hides(l.EventCount) || l.Cohort >= 0 && o.smallLaw(l) {
		return j
	}
	if l.Cohort < 0 && l.Differ < 1 {
		j.Differ = &l.Differ
	}
	j.Bands = o.bandsJSON(l)
	j.Events, j.ExposureDays = &l.EventCount, &l.Exposure
	_, low, high := calibration.GammaInterval(float64(l.EventCount), l.Exposure, 0.95)
	j.RatePerDay = finiteJSON(l.RateOf, low, high)
	for _, f := range l.Fits {
		j.Families = append(j.Families, familyJSON{Family: f.Family.String(), Law: f.Law.String(), LogLik: &f.LogLik, AIC: &f.AIC, BIC: &f.BIC})
	}
	for _, f := range l.Failed {
		j.Families = append(j.Families, familyJSON{Family: f.Family.String(), Why: f.Err.Error()})
	}
	if len(l.Fits) == 0 {
		return j
	}
	j.Posterior = l.Posterior.Method
	if l.RestrictedTo > 0 {
		j.Restricted, j.RestrictedTo = finiteJSON(l.Restricted.Value, l.Restricted.Low, l.Restricted.High), l.RestrictedTo
	} else {
		j.Mean = finiteJSON(l.Mean, l.Low, l.High)
	}
	if l.Goodness.Rounds > 0 {
		j.Gap, j.P, j.Rounds = &l.Goodness.Gap, &l.Goodness.P, l.Goodness.Rounds
	}
	return j
}

// CSV writes a row a figure, with the columns of a run.
func (o *Observed) CSV(w io.Writer) error {
	rows := [][]string{{"scenario", "figure", "unit", "mean", "low", "high", "year_p5", "year_p95", "n"}}
	hidden := o.hush().figures(o.Of.Figures)
	for i, f := range o.Of.Figures {
		if hidden[i] || !o.wanted(f.ID) {
			continue
		}
		row := []string{o.Name, f.ID, f.Unit, digits(f.Value), "", "", "", "", strconv.Itoa(f.Of)}
		if f.Known {
			row[4], row[5] = digits(f.Low), digits(f.High)
		}
		rows = append(rows, row)
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// SetAside writes every defect as CSV, a row each.
func (o *Observed) SetAside(w io.Writer) error {
	rows := [][]string{{"line", "column", "kind", "what", "instead"}}
	for _, d := range o.Reading.SetAside {
		rows = append(rows, []string{strconv.Itoa(d.Line), d.Column, string(d.Kind), d.What, d.Instead})
	}
	return csv.NewWriter(w).WriteAll(rows)
}
