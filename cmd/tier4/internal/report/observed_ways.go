package report

import (
	"fmt"
	"slices"
	"strings"

	"tier4/calibration"
	"tier4/sim"
)

// The days at which curves are told: all of them to programs, some on a page.
var (
	waitDays     = []float64{7, 14, 21, 28, 42, 56, 84}
	stayDays     = []float64{7, 14, 28, 56, 84, 126, 182}
	waitPageDays = []float64{7, 14, 21, 28, 42}
	stayPageDays = []float64{7, 28, 56, 84, 182}
)

// endWords are the ends of waits and stays as words.
var endWords = map[calibration.End]string{
	calibration.GotIn: "got in", calibration.Completed: "completed", calibration.Unplanned: "left early", calibration.GaveUp: "gave up",
	calibration.Declined: "declined", calibration.Relapsed: "relapsed", calibration.Died: "died",
	calibration.Administrative: "moved or transferred", calibration.Other: "ended otherwise",
}

func endWord(e calibration.End) string {
	if w, ok := endWords[e]; ok {
		return w
	}
	return e.String()
}

// curves shows the waits, or the stays: how many, how they ended, how long they last, and what they end in.
func (o *Observed) curves(p *Page, stays bool) {
	var all []calibration.Curve
	for _, c := range o.Of.Curves {
		if c.Stays == stays {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		return
	}
	title, still, days := "Waits", "Still waiting after", waitPageDays
	if stays {
		title, still, days = "Stays", "Still there after", stayPageDays
	}
	p.title(2, title)
	p.table(o.howEnded(all, stays))
	p.say("%s so many days, whatever ends it (Kaplan-Meier):", still)
	p.table(o.survival(all, days))
	p.say("What it has ended in by then (Aalen-Johansen):")
	p.table(o.incidence(all, days))
}

// howEnded is a row a step and cohort with the counts of ends.
func (o *Observed) howEnded(all []calibration.Curve, stays bool) *Table {
	h := o.hush()
	var causes []calibration.End
	for _, c := range all {
		for _, e := range c.Causes {
			if !slices.Contains(causes, e) {
				causes = append(causes, e)
			}
		}
	}
	slices.Sort(causes)
	open := "Still waiting"
	if stays {
		open = "Still there"
	}
	t := &Table{Head: []string{"For", "People"}}
	for _, e := range causes {
		t.Head = append(t.Head, sentence(endWord(e)))
	}
	t.Head = append(t.Head, open, "Half over within")
	for _, c := range all {
		if c.Cohort >= 0 {
			continue
		}
		counts := endCounts(c, causes)
		hidden, total := h.hideOrTotal(counts...)
		row := []string{sentence(o.stage(c.Stage)), h.count(c.N, total)}
		for k, n := range counts {
			row = append(row, h.count(n, hidden[k]))
		}
		t.Rows = append(t.Rows, append(row, o.half(c)))
	}
	return t
}

// endCounts are the counts of a curve by the causes given, and of those not over last.
func endCounts(c calibration.Curve, causes []calibration.End) []int {
	counts := make([]int, len(causes)+1)
	for k, e := range causes {
		if i := slices.Index(c.Causes, e); i >= 0 {
			counts[k] = c.Counts[i]
		}
	}
	counts[len(causes)] = c.Open
	return counts
}

// half is the time by which half are over.
func (o *Observed) half(c calibration.Curve) string {
	v, low, high, ok := c.Incidence.Quantile(0.5, 0.95)
	if !ok || o.hush().hides(c.N) {
		return withheld
	}
	if high > 1e6 {
		return amount(sim.UnitDays, v) + fmt.Sprintf(" (%s or longer)", strings.TrimSuffix(amount(sim.UnitDays, low), " days"))
	}
	return spanned(sim.UnitDays, v, low, high)
}

// rowName is the step, and the cohort where it is one's.
func (o *Observed) rowName(c calibration.Curve) string {
	if c.Cohort < 0 {
		return sentence(o.stage(c.Stage))
	}
	return "- " + o.who(c.Cohort)
}

// byStage puts each cohort's curves under everyone's.
func byStage(all []calibration.Curve) []calibration.Curve {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b calibration.Curve) int { return a.Stage - b.Stage })
	return sorted
}

// survival is a row a step with the share not over after some days, and one a cohort of which anything can be shown.
func (o *Observed) survival(all []calibration.Curve, days []float64) *Table {
	t := &Table{Head: []string{"For"}}
	for _, d := range days {
		t.Head = append(t.Head, fmt.Sprintf("%.0f days", d))
	}
	for _, c := range byStage(all) {
		row, told, shown := []string{o.rowName(c)}, false, 0
		for _, d := range days {
			text := ""
			if e, ok := c.Incidence.Survival.At(d, 0.95); ok {
				text = spanned(sim.UnitShare, e.Value, e.Low, e.High)
				if over := overBy(c, everyCause, d); o.smallAt(all, c, d) || o.hush().hides(over-shown) {
					text = withheld
				} else {
					shown = over
				}
				told = told || text != withheld && e.Value > 0
			}
			row = append(row, text)
		}
		if told || c.Cohort < 0 {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// smallAt says whether what a curve says at some days must not be shown: because of its own numbers, or, of a cohort,
// because it would give away the only other that must not be, beside everyone's.
func (o *Observed) smallAt(all []calibration.Curve, c calibration.Curve, days float64) bool {
	h := o.hush()
	if c.Cohort < 0 || h.smallCurve(c, days) {
		return h.smallCurve(c, days)
	}
	small, least := 0, -1
	for _, other := range all {
		if other.Cohort < 0 || other.Stage != c.Stage || other.Stays != c.Stays {
			continue
		}
		if h.smallCurve(other, days) {
			small++
		} else if least < 0 || other.N < all[least].N {
			least = slices.IndexFunc(all, func(x calibration.Curve) bool { return x.Incidence == other.Incidence })
		}
	}
	return small == 1 && all[least].Incidence == c.Incidence
}

func (o *Observed) incidence(all []calibration.Curve, days []float64) *Table {
	t := &Table{Head: []string{"For", "Ended in"}}
	for _, d := range days {
		t.Head = append(t.Head, fmt.Sprintf("%.0f days", d))
	}
	for _, c := range all {
		if c.Cohort >= 0 {
			continue
		}
		for k, cause := range c.Causes {
			row, shown := []string{sentence(o.stage(c.Stage)), endWord(cause)}, 0
			for _, d := range days {
				text := ""
				if e, ok := c.Incidence.At(k+1, d, 0.95); ok {
					text = spanned(sim.UnitShare, e.Value, e.Low, e.High)
					if over := overBy(c, k, d); o.hush().smallCurve(c, d) || o.hush().hides(over-shown) {
						text = withheld
					} else {
						shown = over
					}
				}
				row = append(row, text)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// meetings shows what panels decided and groups kept.
func (o *Observed) meetings(p *Page) {
	h := o.hush()
	for _, one := range o.Of.Panels {
		p.title(2, sentence(o.stage(one.Stage)))
		t := &Table{Head: []string{"Decision", "Cases", "Share"}}
		o.shares(t, one.Decisions)
		p.table(t)
		every := "at no regular distance"
		if one.Every > 0 {
			every = fmt.Sprintf("usually every %s", several(float64(one.Every), "day"))
		}
		text := fmt.Sprintf("Met on %s days, %s. The most final decisions of one meeting: %d.", count(one.Meetings), every, one.Most())
		if s := one.First; s.Of > 0 && !h.hides(s.K) && !h.hides(s.Of-s.K) {
			low, high := s.Interval(0.95)
			text += fmt.Sprintf(" Decided at the first meeting after joining the list: %s.", spanned(sim.UnitShare, s.Value(), low, high))
		}
		p.say("%s", text)
		m := &Table{Head: []string{"Final decisions", "Meetings"}}
		hidden := h.hide(one.PerMeet...)
		for n, times := range one.PerMeet {
			if times > 0 {
				m.add(fmt.Sprint(n), h.count(times, hidden[n]))
			}
		}
		p.table(m)
	}
	for _, g := range o.Of.Groups {
		p.title(2, sentence(o.stage(g.Stage)))
		text := fmt.Sprintf("Sessions are %s apart; whoever stays to the end comes to %s.", several(float64(g.Every), "day"), several(float64(g.Most), "session"))
		if s := g.Leave; !h.hides(s.K) {
			low, high := s.Interval(0.95)
			text += fmt.Sprintf(" After each session %s leave.", spanned(sim.UnitShare, s.Value(), low, high))
		}
		p.say("%s", text)
	}
}

// shares adds a row for each share of the same people.
func (o *Observed) shares(t *Table, all []calibration.Share) {
	h := o.hush()
	var counts []int
	for _, s := range all {
		counts = append(counts, s.K)
	}
	for i, hidden := range h.hide(counts...) {
		s := all[i]
		text := withheld
		if !hidden {
			low, high := s.Interval(0.95)
			text = spanned(sim.UnitShare, s.Value(), low, high)
		}
		t.add(sentence(plain(s.Name)), h.count(s.K, hidden), text)
	}
}

// ways shows where people go on to.
func (o *Observed) ways(p *Page) {
	if len(o.Of.Routes) == 0 {
		return
	}
	p.title(2, "Where people go next")
	p.say("Of those who went on as planned and whose next step is known.")
	t := &Table{Head: []string{"From", "Who", "To", "People", "Share"}}
	for _, r := range o.Of.Routes {
		from := "referral"
		if r.From >= 0 {
			from = o.stage(r.From)
		}
		part := &Table{}
		o.shares(part, r.To)
		for _, row := range part.Rows {
			t.add(append([]string{sentence(from), o.who(r.Cohort)}, row...)...)
		}
	}
	o.coverWays(t)
	p.table(t)
}

// coverWays hides of the cohorts what would give a hidden one away beside everyone's: all of a step's cohorts, if
// one of them is hidden.
func (o *Observed) coverWays(t *Table) {
	if !bool(o.hush()) {
		return
	}
	for i, row := range t.Rows {
		if row[1] == "everyone" || row[3] != fewPeople && row[3] != withheld {
			continue
		}
		for k := range t.Rows {
			if other := t.Rows[k]; k != i && other[0] == row[0] && other[1] != "everyone" && other[3] != fewPeople {
				other[3], other[4] = withheld, withheld
			}
		}
	}
}

// places shows how many were in use, and by which contract people got in.
func (o *Observed) places(p *Page) {
	if len(o.Of.Uses) > 0 {
		p.title(2, "Beds and places")
		t := &Table{Head: []string{"Where", "Most at once", "Days with the most", "In use on average", "Enough on 95% of days", "Counted from"}}
		for _, u := range o.Of.Uses {
			name := sentence(o.stage(u.Stage))
			if u.Contract >= 0 {
				name = "- on " + plain(o.Of.Extract.Contracts[u.Contract]) + " contract"
			}
			row := []string{name, count(u.Most), count(u.AtMost), "", "", ""}
			if u.Days >= 28 {
				row[3], row[4], row[5] = fmt.Sprintf("%.1f", u.Mean()), count(u.Enough(0.95)), u.From.String()
			}
			t.Rows = append(t.Rows, row)
		}
		p.table(t)
		p.say("At midnight: whoever comes into a bed that someone left on the same day is not counted beside them. What is seen at once is the least that there are.")
	}
	for _, b := range o.Of.Bought {
		p.title(2, "How "+o.stage(b.Stage)+" was bought, by days waited")
		p.table(o.bought(b))
	}
}

func (o *Observed) bought(b calibration.Bought) *Table {
	h := o.hush()
	t := &Table{Head: []string{"Waited"}}
	var used []int
	for c, name := range b.Contracts {
		if slices.ContainsFunc(b.Bands, func(band calibration.BoughtBand) bool { return band.By[c] > 0 }) {
			used = append(used, c)
			t.Head = append(t.Head, sentence(plain(name)))
		}
	}
	for _, c := range used {
		if b.Contracts[c] == "spot" {
			t.Head = append(t.Head, "Spot share")
		}
	}
	spot := slices.Index(b.Contracts, "spot")
	for _, band := range b.Bands {
		name := fmt.Sprintf("%d to %d days", band.From, band.To-1)
		if band.To == 0 {
			name = fmt.Sprintf("%d days or more", band.From)
		}
		row := []string{name}
		var counts []int
		for _, c := range used {
			counts = append(counts, band.By[c])
		}
		hidden := h.hide(counts...)
		for i, n := range counts {
			row = append(row, h.count(n, hidden[i]))
		}
		if len(t.Head) > len(used)+1 {
			text := withheld
			if band.Total() > 0 && !slices.Contains(hidden, true) {
				s := calibration.Share{K: band.By[spot], Of: band.Total()}
				low, high := s.Interval(0.95)
				text = spanned(sim.UnitShare, s.Value(), low, high)
			}
			row = append(row, text)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
