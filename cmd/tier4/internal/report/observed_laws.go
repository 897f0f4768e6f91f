package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tier4/calibration"
	"tier4/sim"
	"tier4/sim/dist"
	"tier4/sim/stats"
)

// laws shows the laws fitted to what is seen directly.
func (o *Observed) laws(p *Page) {
	h := o.hush()
	t := &Table{Head: []string{"What", "Ended so", "Law, as a scenario writes it", "Average", "Fits", "Next"}}
	bands := &Table{Head: []string{"Of 100, each week"}}
	for _, b := range o.bandsOf() {
		bands.Head = append(bands.Head, bandName(b))
	}
	rates := &Table{Head: []string{"What", "Ended so", "Days at risk", "On average one in", "Moved or transferred too"}}
	for _, l := range o.Of.Laws {
		if l.Cohort >= 0 && o.smallLaw(l) {
			continue
		}
		if h.hides(l.EventCount) || len(l.Fits) == 0 {
			t.add(o.durationName(l), h.count(l.EventCount, false), withheld, withheld, withheld, "")
			continue
		}
		t.add(o.durationName(l), count(l.EventCount), lawText(l.Fits[0].Law), o.average(l), fits(l.Goodness), next(l))
		if l.Cohort < 0 && (l.What == calibration.DropsOut || l.What == calibration.LeftEarly) {
			o.hazards(bands, l)
			_, low, high := calibration.GammaInterval(float64(l.EventCount), l.Exposure, 0.95)
			with := ""
			if l.Administrative > 0 && !h.hides(l.Administrative) {
				with = amount(sim.UnitDays, 1/l.RateWith)
			} else if l.Administrative > 0 {
				with = withheld
			}
			rates.add(o.durationName(l), count(l.EventCount), count(int(math.Round(l.Exposure))), spanned(sim.UnitDays, 1/l.RateOf, 1/high, 1/low), with)
		}
	}
	if len(t.Rows) == 0 {
		return
	}
	p.title(2, "Laws of what is seen directly")
	p.say("By maximum likelihood, with what is not over, what was seen late and rounding to days taken into account; the law with the least BIC. Other ends are as if lost from sight: a stay as planned, had nobody left early. Fits: the chance of a gap to the Kaplan-Meier curve as large as seen, if the law is right (parametric bootstrap); under 0.05 it is not. Where fewer than half end so, the average is that of the first days only, as far as anybody was seen.")
	p.table(t)
	if len(rates.Rows) > 0 {
		p.say("As events over days at risk (a constant hazard):")
		p.table(rates)
		p.say("By days since the start: how many of 100 there would end so in a week. A law whose hazard is constant has the same in each column.")
		p.table(bands)
	}
}

// bandsOf are the bands of hazards, of whatever law there is.
func (o *Observed) bandsOf() []stats.Band {
	for _, l := range o.Of.Laws {
		return l.Bands
	}
	return nil
}

func bandName(b stats.Band) string {
	if math.IsInf(b.To, 1) {
		return fmt.Sprintf("day %.0f or later", b.From)
	}
	return fmt.Sprintf("day %.0f to %.0f", b.From, b.To-1)
}

// hazards adds a row with the hazard of each band, hidden where too few ended in it.
func (o *Observed) hazards(t *Table, l calibration.LawFits) {
	var counts []int
	for _, b := range l.Bands {
		counts = append(counts, int(b.Events+0.5))
	}
	row := []string{o.durationName(l)}
	for i, hidden := range o.hush().hide(counts...) {
		text := ""
		if e, ok := l.Bands[i].Rate(0.95); ok && l.Bands[i].Exposure >= 50 {
			text = spanned("", 700*e.Value, 700*e.Low, 700*e.High)
		}
		if hidden {
			text = withheld
		}
		row = append(row, text)
	}
	t.Rows = append(t.Rows, row)
}

// smallLaw says whether the events of a cohort's law would give away those of one that has too few to show.
func (o *Observed) smallLaw(l calibration.LawFits) bool {
	for c := range o.Of.Extract.Cohorts {
		if n := o.Of.Extract.Duration(l.Stage, l.What, c).Events(); o.hush().hides(int(n + 0.5)) {
			return true
		}
	}
	return false
}

// durationName is a duration as words.
func (o *Observed) durationName(l calibration.LawFits) string {
	stage := o.stage(l.Stage)
	if l.Cohort >= 0 {
		return "- " + o.who(l.Cohort)
	}
	switch l.What {
	case calibration.Takes:
		return sentence(stage) + " takes"
	case calibration.DropsOut:
		return "Giving up waiting for " + stage
	case calibration.Stay:
		return "Planned stay in " + stage
	case calibration.LeftEarly:
		return "Leaving " + stage + " early"
	}
	return "Relapse in " + stage
}

// average is the mean of a law with its interval, or what can be said of it where fewer than half end so.
func (o *Observed) average(l calibration.LawFits) string {
	if l.RestrictedTo > 0 {
		return fmt.Sprintf("%s of the first %s", spanned(sim.UnitDays, l.Restricted.Value, l.Restricted.Low, l.Restricted.High), amount(sim.UnitDays, l.RestrictedTo))
	}
	return spanned(sim.UnitDays, l.Mean, l.Low, l.High)
}

// ofInterest is the curve of a duration whose other ends are as if lost from sight.
func (o *Observed) ofInterest(l calibration.LawFits) (c calibration.Curve, ok bool) {
	c = calibration.Curve{Stage: l.Stage, Cohort: l.Cohort, N: l.N, Causes: l.Ends[:1], Counts: []int{l.EventCount}}
	c.Incidence = stats.AalenJohansen(l.Lives(), 1)
	return c, len(c.Incidence.Steps) > 0
}

func fits(g calibration.Goodness) string {
	if g.Rounds == 0 {
		return ""
	}
	return "p " + strconv.FormatFloat(g.P, 'f', 2, 64)
}

// next are the families that are nearly as likely: within 2 of the least BIC.
func next(l calibration.LawFits) string {
	var names []string
	for _, f := range l.Fits[1:] {
		if f.BIC-l.Fits[0].BIC < 2 {
			names = append(names, f.Family.String())
		}
	}
	return strings.Join(names, ", ")
}

// lawText writes a law with as many digits as are worth it.
func lawText(l dist.Law) string { return roundedDigits(l.String()) }

// roundedDigits shortens every number of a text to four digits.
func roundedDigits(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		j := i
		for j < len(text) && (text[j] >= '0' && text[j] <= '9' || text[j] == '.') {
			j++
		}
		if j == i {
			b.WriteByte(text[i])
			i++
			continue
		}
		if x, err := strconv.ParseFloat(text[i:j], 64); err == nil && j-i > 5 {
			digits := max(0, 3-int(math.Floor(math.Log10(math.Max(x, 1e-9)))))
			b.WriteString(strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(x, 'f', min(digits, 6), 64), "0"), "."))
		} else {
			b.WriteString(text[i:j])
		}
		i = j
	}
	return b.String()
}
