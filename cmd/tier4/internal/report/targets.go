package report

import (
	"fmt"
	"slices"
	"strconv"

	"tier4/sim"
)

// limitText says a limit in words: `cost of the whole pathway: at most £500,000 a year`.
func limitText(l sim.Limit, f sim.Figure) string {
	return fmt.Sprintf("%s: %s", Label(f.ID), bound(l, f.Unit))
}

// bound says the side and the amount of a limit: `at least 60%`.
func bound(l sim.Limit, unit string) string {
	side := map[[2]bool]string{{true, false}: "at least", {true, true}: "above", {false, false}: "at most", {false, true}: "below"}
	return side[[2]bool{l.AtLeast, l.Strict}] + " " + exact(unit, l.Amount)
}

// exact writes an amount that somebody chose, as it was chosen.
func exact(unit string, v float64) string {
	sc := scaleOf(unit, v)
	switch unit {
	case sim.UnitShare:
		return percent(v)
	case sim.UnitDays:
		return several(v, "day")
	case sim.UnitMonth, sim.UnitRatio:
		return sc.number(v) + sc.word
	}
	return sc.before + grouped(strconv.FormatFloat(v, 'f', -1, 64)) + sc.word
}

// kept are the limits watched in a scenario.
func (s *Study) kept(i int) []sim.Kept { return s.Findings.Summaries[i].Limits }

// Missed are the targets that are missed, in words, each with its scenario where there are several.
func (s *Study) Missed() (lines []string) {
	for i := range s.Scenarios {
		for _, k := range s.kept(i) {
			if k.Keeping == sim.Missed {
				line := limitText(k.Limit, k.Figure)
				if len(s.Scenarios) > 1 {
					line = clean(s.Title(i)) + ", " + line
				}
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// targets are the limits of one scenario.
func (s *Study) targets(p *Page) {
	if len(s.kept(0)) == 0 {
		return
	}
	p.title(2, "Targets")
	p.say("%s", targetsKey)
	t := &Table{Head: []string{"Target", "Long-run average", "In the long run", "Met in any one year"}}
	for _, k := range s.kept(0) {
		found := "not known"
		if k.Known {
			found = sure(k.Found)
		}
		t.add(sentence(limitText(k.Limit, k.Figure)), found, k.Keeping.String(), yearly(k))
	}
	p.table(filled(t))
}

const targetsKey = "Met or missed: the whole interval of the long-run average (95%, each target by itself) lies on one side of the target. Cannot tell yet: " +
	"it does not; play more replications. A single year is luckier or unluckier than the average."

// yearly says in which share of single years a limit is kept.
func yearly(k sim.Kept) string {
	if !k.HasYear {
		return ""
	}
	return sure(sim.Estimate{Figure: sim.Figure{Unit: sim.UnitShare}, Estimate: k.Year})
}

// targetsOfAll are the limits of a base and its what-ifs, a row a scenario.
func (s *Study) targetsOfAll(p *Page) {
	var heads []string
	for i := range s.Scenarios {
		for _, k := range s.kept(i) {
			if text := sentence(limitText(k.Limit, k.Figure)); !slices.Contains(heads, text) {
				heads = append(heads, text)
			}
		}
	}
	if len(heads) == 0 {
		return
	}
	p.title(2, "Targets")
	p.say("%s In brackets: the share of single years in which it is met.", targetsKey)
	t := &Table{Head: append([]string{"Scenario"}, heads...)}
	for i := range s.Scenarios {
		row := slices.Repeat([]string{"not known"}, len(heads)+1)
		row[0] = clean(s.Title(i))
		for _, k := range s.kept(i) {
			cell := k.Keeping.String()
			if k.HasYear {
				cell += " (" + scaleOf(sim.UnitShare, k.Year.Value).number(k.Year.Value) + ")"
			}
			row[1+slices.Index(heads, sentence(limitText(k.Limit, k.Figure)))] = cell
		}
		t.add(row...)
	}
	p.table(t)
}

// targetJSON is a limit with what is known of its being kept.
type targetJSON struct {
	ID      string         `json:"id"`
	Unit    string         `json:"unit"`
	Target  string         `json:"target"` // >= 0.6
	Verdict string         `json:"verdict"`
	Mean    *float64       `json:"mean"`
	Low     *float64       `json:"low"`
	High    *float64       `json:"high"`
	OneYear *targetOneYear `json:"in_one_year"` // null without a whole measured year
}

type targetOneYear struct {
	Probability float64  `json:"probability"`
	Low         *float64 `json:"low"`
	High        *float64 `json:"high"`
}

func targetsJSON(all []sim.Kept) []targetJSON {
	targets := []targetJSON{}
	for _, k := range all {
		one := targetJSON{ID: k.Limit.Figure, Unit: k.Figure.Unit, Target: operator(k.Limit) + " " + digits(k.Amount), Verdict: k.Keeping.String()}
		if k.Known {
			one.Mean = &k.Found.Value
			if k.Found.Known() {
				one.Low, one.High = &k.Found.Low, &k.Found.High
			}
		}
		if k.HasYear {
			one.OneYear = &targetOneYear{Probability: k.Year.Value}
			if k.Year.Known() {
				one.OneYear.Low, one.OneYear.High = &k.Year.Low, &k.Year.High
			}
		}
		targets = append(targets, one)
	}
	return targets
}

// operator is the sign of a limit.
func operator(l sim.Limit) string {
	sign := "<"
	if l.AtLeast {
		sign = ">"
	}
	if !l.Strict {
		sign += "="
	}
	return sign
}
