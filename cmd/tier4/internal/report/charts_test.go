package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"tier4/cmd/tier4/internal/chart"
	"tier4/sim"
)

func chartsOf(t *testing.T, s *Study) map[string]*chart.Chart {
	t.Helper()
	all, err := s.Charts()
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]*chart.Chart{}
	for _, c := range all {
		if byID[c.ID] != nil {
			t.Errorf("two charts are called %s", c.ID)
		}
		byID[c.ID] = c
		if svg := c.SVG(); bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) || strings.HasSuffix(c.Title, ".") {
			t.Errorf("%s: %q, or not a number in it", c.ID, c.Title)
		}
	}
	return byID
}

// column is the numbers of a column of a chart's table, the rows named.
func column(t *testing.T, c *chart.Chart, head string) map[string]float64 {
	t.Helper()
	i := slices.Index(c.Table.Head, head)
	if i < 0 {
		t.Fatalf("%s has no column %q but %q", c.ID, head, c.Table.Head)
	}
	numbers := map[string]float64{}
	for _, row := range c.Table.Rows {
		if row[i].Number {
			numbers[row[0].Text] = row[i].Value
		}
	}
	return numbers
}

// What a picture shows is what the figures say.
func TestChartsShowTheFigures(t *testing.T) {
	s := played(t, rich(t), 40)
	charts := chartsOf(t, s)
	summary := s.Findings.Summaries[0]
	value := func(id string) float64 {
		e, ok := summary.Find(id)
		if !ok {
			t.Fatalf("no figure %s", id)
		}
		return e.Value
	}
	for _, id := range []string{"cost", "lost", "waiting", "wait-panel", "wait-detox", "wait-rehab", "in-use", "beds-detox", "beds-rehab"} {
		if charts[id] == nil {
			t.Fatalf("no chart %s", id)
		}
	}
	close := func(what string, got, want float64) {
		t.Helper()
		if abs(got-want) > 1e-9*max(1, abs(want)) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	sum := 0.0
	for _, v := range column(t, charts["cost"], "all together") {
		sum += v
	}
	close("all bars of the cost", sum, value("cost"))
	void := 0.0
	for _, v := range column(t, charts["cost"], "held and not slept in") {
		void += v
	}
	close("held and not slept in", void, value("cost.void"))
	close("budget of detox", column(t, charts["cost"], "budget for a year")["Detox grant (detox)"], 150_000)
	for stage, people := range column(t, charts["lost"], "people a year") {
		if stage != "Completed" {
			close(stage, people, value(strings.ToLower(stage)+".joined"))
		}
	}
	shares := column(t, charts["beds-rehab"], "share of days (%)")
	close("rehab beds in use on average", shares["1"]/100+2*shares["2"]/100+3*shares["3"]/100+4*shares["4"]/100+5*shares["5"]/100+
		6*shares["6"]/100+7*shares["7"]/100+8*shares["8"]/100+9*shares["9"]/100+10*shares["10"]/100+11*shares["11"]/100, value("rehab.in_use.mean"))
	if want := "4 are held"; !strings.Contains(charts["beds-rehab"].Title, want) {
		t.Errorf("%q does not say that %s", charts["beds-rehab"].Title, want)
	}
}

// A title claims no more than the verdicts do.
func TestForestsSayWhatVerdictsSupport(t *testing.T) {
	charts := chartsOf(t, invented())
	for id, title := range map[string]string{
		"difference-rehab.admitted.wait.mean": "Wait for rehab: 4.1 days shorter with “More”",
		"difference-reached.rehab":            "Reached rehab: 3.1 more in 100 with “More”",
		"difference-completed":                "Completed: no what-if makes a difference that is clear and matters",
		"difference-cost":                     "Cost a year: no what-if makes a difference that is clear and matters",
	} {
		if c := charts[id]; c == nil || c.Title != title {
			t.Errorf("%s is %+v, want %q", id, c, title)
		}
	}
	if got := column(t, charts["difference-cost"], "Difference (£ a year)")["More"]; got != 4_100 {
		t.Errorf("the cost differs by %v in the picture's table", got)
	}
}

func TestHeldBedsThatChangeHaveNoOneNumber(t *testing.T) {
	spec := rich(t)
	beds := spec.Stages[3].Beds
	if n, ok := held(spec, beds); n != 4 || !ok {
		t.Errorf("%d beds are held, %v", n, ok)
	}
	beds.Places[0].Capacity = []sim.Capacity{{From: 100, Beds: 6}}
	if n, ok := held(spec, beds); n != 6 || !ok {
		t.Errorf("%d beds are held since before the measured period, %v", n, ok)
	}
	beds.Places[0].Capacity = []sim.Capacity{{From: 500, Beds: 6}}
	if n, ok := held(spec, beds); ok {
		t.Errorf("%d beds are said to be held all the time", n)
	}
}
