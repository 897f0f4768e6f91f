package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tier4/scenarios"
	"tier4/sim"
)

// sureness ends a report: what the intervals mean, and the doubts about the figures shown.
// yearly are those shown with what a single year may be.
func (s *Study) sureness(p *Page, yearly, shown []sim.Estimate) {
	p.title(2, "How sure this is")
	var notes []string
	bare := "An average without brackets is surer than its last digit; statements of a year are averages too, and have none. "
	if len(s.Scenarios) > 1 {
		bare = "What each scenario gives by itself stands without brackets: `tier4 run` says how sure that is. "
	}
	switch {
	case s.carries():
		notes = append(notes, "In brackets: the average over very many years lies between these, with 95% confidence, for chance and for not knowing the "+
			"numbers that are uncertain. "+bare+"More replications narrow what is chance, and knowing a number better what is not.")
	case s.Findings.Replications > 1:
		notes = append(notes, "In brackets: if the scenario is right, the average over very many years lies between these, with 95% confidence. "+
			bare+"More replications narrow the brackets.")
	default:
		notes = append(notes, "Played once: nothing can be said about how sure these figures are. Use at least 30 replications.")
	}
	if slices.ContainsFunc(yearly, func(e sim.Estimate) bool { return e.HasYear }) {
		notes = append(notes, "One year may be: 9 in 10 single years fall between these. A year is luckier or unluckier than the average, and no more replications change that.")
	}
	last := "None of this says whether the scenario's own numbers are right: an answer is no better than they are."
	if s.carries() {
		last = "None of this says whether the ranges are right, or the numbers that have none: an answer is no better than they are."
	}
	p.list(append(append(notes, last), s.doubts(shown)...))
}

// doubts are the warnings in plain words, each said of the first scenario that has it. Those about
// how sure figures are that are shown make a line a kind, of others none.
func (s *Study) doubts(shown []sim.Estimate) (lines []string) {
	type subject struct{ code, figure, text string }
	said := map[subject]bool{}
	for i := range s.Scenarios {
		for _, w := range s.warnings(i) {
			about := subject{w.Code, w.Figure, ""}
			if w.Figure == "" && w.Code != "short_warm_up" {
				about.text = w.Text
			}
			if said[about] || ofOneFigure(w) {
				continue
			}
			said[about] = true
			text := clean(w.Text)
			if w.Figure != "" {
				text = strings.ReplaceAll(text, w.Figure, Label(w.Figure))
			}
			of := ""
			if i > 0 {
				of = ", of " + clean(s.Title(i))
			}
			lines = append(lines, "Warning"+of+": "+ended(text))
		}
	}
	return append(lines, s.rough(shown)...)
}

// ofOneFigure reports whether a warning is about how sure a figure is, of which there may be many.
func ofOneFigure(w sim.Warning) bool { return w.Code == "wide_interval" || w.Code == "one_replication" }

// rough names the figures shown whose intervals are wide, and those that have none.
func (s *Study) rough(shown []sim.Estimate) (lines []string) {
	var wide, alone []string
	for _, w := range s.warnings(0) {
		i := slices.IndexFunc(shown, func(e sim.Estimate) bool { return e.ID == w.Figure })
		switch {
		case i < 0:
		case w.Code == "wide_interval":
			wide = append(wide, Label(w.Figure)+giveOrTake(shown[i].Luck(), math.Abs(shown[i].Value)))
		case w.Code == "one_replication":
			alone = append(alone, Label(w.Figure))
		}
	}
	if len(wide) > 0 {
		lines = append(lines, "Warning: known only roughly, so play more replications before relying on it: "+strings.Join(wide, "; ")+".")
	}
	if len(alone) > 0 {
		lines = append(lines, "Warning: rests on one replication alone, so that nobody knows how sure it is: "+strings.Join(alone, "; ")+".")
	}
	return lines
}

// ended is a sentence with its full stop, unless it ends in a mark of its own.
func ended(text string) string {
	if strings.HasSuffix(text, "?") || strings.HasSuffix(text, "!") {
		return text
	}
	return strings.TrimSuffix(text, ".") + "."
}

func contains(all []sim.Estimate, id string) bool {
	return slices.ContainsFunc(all, func(e sim.Estimate) bool { return e.ID == id })
}

// span says a length of time in whole years, months or days where it is that of the calendar.
func span(add func(years, months, days int) time.Time, days float64, from func() int64) string {
	for years := int(days / 365); years > 0 && years >= int(days/367); years-- {
		if float64(add(years, 0, 0).Unix()-from())/86400 == days {
			return several(float64(years), "year")
		}
	}
	for months := int(days / 28); months > 0 && months >= int(days/32); months-- {
		if months < 12 && float64(add(0, months, 0).Unix()-from())/86400 == days {
			return several(float64(months), "month")
		}
	}
	return several(days, "day")
}

func several(n float64, noun string) string {
	text := grouped(strconv.FormatFloat(n, 'f', -1, 64)) + " " + noun
	if n != 1 {
		text += "s"
	}
	return text
}

// Library lists the scenarios that come with the tool.
func Library(all []scenarios.Info) *Page {
	p := new(Page)
	t := &Table{Head: []string{"Name", "What it is"}}
	for _, info := range all {
		t.add(info.Name, clean(info.Title)+": "+clean(info.About))
	}
	p.table(t)
	return p
}

// giveOrTake says how wide an interval is against its value.
func giveOrTake(half, value float64) string {
	if half >= value {
		return " (give or take more than itself)"
	}
	return fmt.Sprintf(" (give or take %.0f%%)", 100*half/value)
}
