package report

import (
	"fmt"
	"strings"

	"tier4/cmd/tier4/internal/chart"
	"tier4/cmd/tier4/internal/office"
)

// Deck is a study as slides, a message each: the answer, then a picture for each message that the office
// program can edit, and how sure it is.
func (s *Study) Deck() (office.Deck, error) {
	charts, err := s.Charts()
	if err != nil {
		return office.Deck{}, err
	}
	source := "tier4 " + s.Version + ". " + s.played()
	d := office.Deck{Title: s.question(), Slides: []office.Slide{{Title: s.question(), Points: s.answer(), Source: s.subject() + ". " + source}}}
	slides, err := slidesOf(s.chosen(charts))
	if err != nil {
		return d, err
	}
	d.Slides = append(d.Slides, slides...)
	d.Slides = append(d.Slides, office.Slide{
		Title: surenessTitle, Points: s.slideSureness(),
		Source: "To make this again: " + strings.Replace(s.Command, "report.html", "report.pptx", 1),
	})
	return d, nil
}

// slideSureness says what the slides rest on.
func (s *Study) slideSureness() (points []string) {
	if len(s.Scenarios) > 1 {
		points = append(points, "The fine lines on bars of differences: if the scenarios are right, the average over very many years lies within, with 95% confidence.",
			"All scenarios were played on the same people with the same luck: what differs is what the choice does.")
	}
	if drawn := strings.TrimSpace(s.drawnFrom()); drawn != "" {
		points = append(points, drawn)
	}
	points = append(points, "None of this says whether the scenarios' own numbers are right: an answer is no better than they are.")
	if n, assumed := s.assumed(); n > 0 {
		points = append(points, fmt.Sprintf("Of the %s remarks on their numbers, %s call one an assumption.", count(n), count(assumed)))
	}
	return append(points, s.doubts(nil)...)
}

// native is a picture as an office program draws it.
func native(c *chart.Chart) *office.Chart {
	largest := 0.0
	for _, s := range c.Data.Series {
		for _, v := range s.Values {
			if size := abs(v); size > largest { // false of one that is not there
				largest = size
			}
		}
	}
	n := &office.Chart{
		Kind:       map[chart.Kind]office.ChartKind{chart.Across: office.Across, chart.Stacked: office.Stacked, chart.Columns: office.Columns, chart.Curves: office.Curves}[c.Data.Kind],
		Categories: c.Data.Categories, Axis: c.Data.Axis, Format: numberFormat(c.Data.Unit, largest), Turned: c.Data.Turned, Alt: c.Alt,
	}
	for i, s := range c.Data.Series {
		one := office.Series{Name: s.Name, Values: s.Values, Low: s.Low, High: s.High, Look: lookOf(i)}
		if s.Hollow {
			one.Look = office.Look{Colour: "595959", Pattern: "wdUpDiag", Hollow: true}
		}
		for _, v := range s.Verdicts {
			one.Looks = append(one.Looks, verdictLook(v))
		}
		n.Series = append(n.Series, one)
	}
	return n
}

// lookOf is how the i-th series looks: colours and patterns as in the pictures.
func lookOf(i int) office.Look {
	all := []office.Look{
		{Colour: "12436D"},
		{Colour: "F46A25", Pattern: "wdUpDiag", Dash: "dash"},
		{Colour: "28A197", Pattern: "wdDnDiag", Dash: "sysDot"},
		{Colour: "801650", Pattern: "ltHorz", Dash: "lgDashDot"},
		{Colour: "A285D1", Dash: "lgDash"},
		{Colour: "595959", Pattern: "pct50", Dash: "sysDash"},
	}
	return all[i%len(all)]
}

func verdictLook(v chart.Verdict) office.Look {
	switch v {
	case chart.Better:
		return office.Look{Colour: "12436D"}
	case chart.Worse:
		return office.Look{Colour: "F46A25", Pattern: "wdUpDiag"}
	case chart.Clear:
		return office.Look{Colour: "595959"}
	}
	return office.Look{Colour: "BFBFBF"}
}

// numberFormat is a unit as workbooks write it, for amounts up to the largest.
func numberFormat(u chart.Unit, largest float64) string {
	switch {
	case u.Before == "£" && largest >= 100_000:
		return `"£"#,##0,"k"`
	case u.Before == "£":
		return `"£"#,##0`
	case u.After != "":
		return fmt.Sprintf(`0.#"%s"`, u.After)
	}
	return "#,##0.##"
}
