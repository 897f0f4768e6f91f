package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"tier4/scenarios"
	"tier4/scenarios/explore"
	"tier4/sim"
	"tier4/sim/stats"
)

// gridOfOptions is options over one or two numbers, whose cost is what the numbers say.
func gridOfOptions(beds, weeks []string) *Points {
	p := &Points{Version: "v1", Scenario: &scenarios.Scenario{Name: "Base", Spec: invented().Scenarios[0].Spec}, Seed: 7, Replications: 10, Paths: []string{"pathway.rehab.places.hill.beds"}}
	if len(weeks) > 0 {
		p.Paths = append(p.Paths, "pathway.panel.meets.every")
	} else {
		weeks = []string{""}
	}
	for i, b := range beds {
		for k, w := range weeks {
			settings := []explore.Setting{{Path: p.Paths[0], Value: b}}
			if w != "" {
				settings = append(settings, explore.Setting{Path: p.Paths[1], Value: w})
			}
			p.Options = append(p.Options, explore.Option{Settings: settings})
			v := float64(100_000*(i+1) + 1000*k)
			p.Summaries = append(p.Summaries, &sim.Summary{Estimates: []sim.Estimate{{
				Figure: sim.Figure{ID: "cost", Unit: sim.UnitPoundsPerYear, Better: -1}, Estimate: stats.Estimate{Value: v, Low: v - 10, High: v + 10, N: 10},
			}}})
		}
	}
	return p
}

func TestPicturesOfOptions(t *testing.T) {
	for name, c := range map[string]struct {
		points *Points
		head   []string // of its table
		title  string
	}{
		"a line":  {gridOfOptions([]string{"0", "2", "4"}, nil), []string{"Rehab hill beds", "Cost (a year)", "Band from", "Band to"}, "Cost a year: from £100,000 a year (rehab hill beds 0) to £300,000 a year (rehab hill beds 4), by the averages"},
		"a map":   {gridOfOptions([]string{"0", "2", "4"}, []string{"1w", "2w"}), []string{"cost a year (a year): panel meets every down, rehab hill beds across", "0", "2", "4"}, "Cost a year: from £100,000 a year (0, 1w) to £301,000 a year (4, 2w), by the averages"},
		"bars":    {gridOfOptions([]string{"open", "closed"}, nil), []string{"", "Cost (a year)", "from", "to"}, "Cost a year: from £100,000 a year (rehab hill beds open) to £200,000 a year (rehab hill beds closed), by the averages"},
		"nothing": {gridOfOptions(slices.Repeat([]string{"open"}, 40), nil), nil, ""},
	} {
		charts, err := c.points.Charts()
		switch {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case c.head == nil && len(charts) != 0:
			t.Errorf("%s: %d charts", name, len(charts))
		case c.head != nil && (len(charts) != 1 || !slices.Equal(charts[0].Table.Head, c.head) || charts[0].Title != c.title):
			t.Errorf("%s: %q with the table %q", name, charts[0].Title, charts[0].Table.Head)
		}
	}
}

func TestSettingsAsNumbers(t *testing.T) {
	for _, c := range []struct {
		values []string
		name   string
		last   float64
		ok     bool
	}{
		{[]string{"£1,150", "£1,200", "£1,250"}, "£|", 1250, true},
		{[]string{"10%", "20%", "30%"}, "%|", 30, true},
		{[]string{"1 week", "2 week", "3 week"}, "week", 3, true},
		{[]string{"1 week", "14 days", "3 week"}, "", 0, false},
		{[]string{"a", "b", "c"}, "", 0, false},
		{[]string{"1", "2"}, "", 0, false},
	} {
		u, at, ok := axisOf(c.values)
		if ok != c.ok || ok && (at[len(at)-1] != c.last || !strings.Contains("£|"+u.Name+"%|", c.name)) {
			t.Errorf("%q are %+v %v %v", c.values, u, at, ok)
		}
	}
}

// A report of options is the page with pictures, its sources, and the command, in every form.
func TestPicturedReport(t *testing.T) {
	p := gridOfOptions([]string{"0", "2", "4"}, nil)
	charts, err := p.Charts()
	if err != nil {
		t.Fatal(err)
	}
	r := Pictured{Page: p.Page(), Charts: charts, Scenarios: []*scenarios.Scenario{p.Scenario}, Version: "v1", Command: "tier4 sweep x"}
	var page bytes.Buffer
	if err := r.Write(&page, ".html"); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, "sweep", page.String())
	for _, want := range []string{"<h2>Pictures</h2>", "<svg", "£300,000", "<code>tier4 sweep x</code>"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
	if pictures, sure := strings.Index(page.String(), "<h2>Pictures"), strings.Index(page.String(), "<h2>How sure"); pictures > sure {
		t.Error("the pictures come after how sure it is")
	}
	for _, ending := range []string{".docx", ".pptx", ".xlsx", ".md"} {
		var a, b bytes.Buffer
		if err := r.Write(&a, ending); err != nil {
			t.Fatal(err)
		}
		if err := r.Write(&b, ending); err != nil || a.Len() == 0 || !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s differs from itself, or is empty: %v", ending, err)
		}
	}
}
