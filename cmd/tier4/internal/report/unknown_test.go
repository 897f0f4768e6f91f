package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"tier4/scenarios"
	"tier4/sim"
	"tier4/sim/stats"
)

// unsure is the invented study with a number that was drawn.
func unsure(t *testing.T) *Study {
	t.Helper()
	s := invented()
	one, err := scenarios.Parse("base.yaml", []byte(`name: Base
measure: 1 year
referrals: {all: {per_week: 1, enters: rehab}}
pathway:
  rehab: {kind: beds, places: {any: {contract: spot, per_night: £180}}, stay: 80 days, next: home}
uncertain:
  pathway.rehab.places.any.per_night: {range: £150 to £220, why: up to 40% dearer}
`))
	if err != nil {
		t.Fatal(err)
	}
	s.Draws, s.Findings.Draws, s.Scenarios[0].Unknowns = 25, 25, one.Unknowns
	parts := func(parameters, chance, year float64) *sim.Parts {
		return &sim.Parts{Parts: stats.Decompose(25, 4, parameters+chance/4, chance), YearVariance: year}
	}
	for i, e := range s.Findings.Summaries[0].Estimates {
		if e.ID == "cost" {
			s.Findings.Summaries[0].Estimates[i].Parts = parts(4e8, 1e8, 12e8)
		}
	}
	for i, d := range s.Findings.Comparisons[0].Differences {
		if d.ID == "cost" {
			s.Findings.Comparisons[0].Differences[i].Parts = parts(95, 380, 0)
		}
	}
	return s
}

// How much is not knowing and how much is luck is said in words, and as data.
func TestWhatIsNotKnownIsSaid(t *testing.T) {
	s := unsure(t)
	var text, data, rows bytes.Buffer
	if err := s.Page().Text(&text, 110); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"one number that nobody knows exactly took 25 sets of values from its range; `--fixed`",
		"Of the uncertainty about the difference in cost of the whole pathway, 93% is not knowing the numbers, and 7%\nchance",
		"for chance and for\n  not knowing the numbers that are uncertain.",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("does not say %q:\n%s", want, text.String())
		}
	}
	alone := unsure(t)
	alone.Scenarios, alone.Findings.Summaries, alone.Findings.Comparisons = alone.Scenarios[:1], alone.Findings.Summaries[:1], nil
	text.Reset()
	if err := alone.Page().Text(&text, 110); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"WHAT WE DO NOT KNOW", "£39,200", "£67,900", "25%", "£180", "£157 to £212", "up to 40% dearer"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("does not say %q:\n%s", want, text.String())
		}
	}
	if err := s.JSON(&data); err != nil {
		t.Fatal(err)
	}
	var d struct {
		Uncertain struct {
			Draws   int
			Numbers []struct{ Path, Why string }
		}
		Figures []struct {
			ID    string
			Parts *struct {
				NotKnowing float64 `json:"not_knowing"`
				OneYear    float64 `json:"one_year"`
			}
		}
	}
	if err := json.Unmarshal(data.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	if d.Uncertain.Draws != 25 || len(d.Uncertain.Numbers) != 1 || d.Uncertain.Numbers[0].Why != "up to 40% dearer" {
		t.Errorf("uncertain %+v", d.Uncertain)
	}
	for _, f := range d.Figures {
		if f.ID == "cost" && (f.Parts == nil || f.Parts.NotKnowing != 20000 || f.Parts.OneYear < 34000) || f.ID != "cost" && f.Parts != nil {
			t.Errorf("%s: parts %+v", f.ID, f.Parts)
		}
	}
	if err := s.CSV(&rows); err != nil {
		t.Fatal(err)
	}
	if head, _, _ := strings.Cut(rows.String(), "\n"); !strings.HasSuffix(head, ",sd_not_knowing,sd_chance,share_not_knowing,difference_sd_not_knowing,difference_sd_chance,difference_share_not_knowing") {
		t.Errorf("columns %s", head)
	}
}

func TestPathsInWords(t *testing.T) {
	for path, want := range map[string]string{
		"pathway.rehab.places.other-rehabs.per_night": "rehab, other rehabs, per night",
		"referrals.community.per_year":                "referrals, community, per year",
	} {
		if got := spoken(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

// A run that was stopped with few draws does not say that its brackets carry what is not known.
func TestFewDrawsCarryNothing(t *testing.T) {
	s := unsure(t)
	s.Findings.Draws = 1
	var text, data bytes.Buffer
	if err := errors.Join(s.Page().Text(&text, 110), s.JSON(&data)); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(text.String()), " ")
	for _, want := range []string{
		"took 1 set of values from its range, too few for the brackets to carry what is not known;",
		"Warning: what is not known took only 1 set of values, and it takes 10",
		"as being for chance alone",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("does not say %q:\n%s", want, text.String())
		}
	}
	for _, no := range []string{"for chance and for not knowing", "is not knowing the numbers", "or the other way round", "whether the ranges are right"} {
		if strings.Contains(got, no) {
			t.Errorf("says %q:\n%s", no, text.String())
		}
	}
	if !strings.Contains(data.String(), `"code": "few_draws"`) || !strings.Contains(data.String(), `"draws": 1,`) {
		t.Errorf("no warning, or another number of draws:\n%s", data.String())
	}
}
