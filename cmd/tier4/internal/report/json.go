package report

import (
	"encoding/json"
	"io"

	"tier4/scenarios"
	"tier4/sim"
)

// document is the one JSON document of a study. Fields stand in the order of output.
type document struct {
	Tool          string               `json:"tool"`
	Version       string               `json:"version"`
	Schema        int                  `json:"schema"`
	Scenario      scenarioJSON         `json:"scenario"`
	Seed          uint64               `json:"seed"`
	Replications  int                  `json:"replications"`
	Uncertain     *uncertainJSON       `json:"uncertain,omitempty"`
	Figures       []figureJSON         `json:"figures"`
	Targets       []targetJSON         `json:"targets,omitempty"`
	Absent        []sim.Absent         `json:"absent"`
	Distributions map[string][]pair    `json:"distributions"` // keys are written in order
	Series        map[string]monthJSON `json:"series"`
	Statements    []statementJSON      `json:"statements"`
	Warnings      []sim.Warning        `json:"warnings"`
	Against       *[]againstJSON       `json:"against,omitempty"`
}

type scenarioJSON struct {
	Name string `json:"name"`
	Hash string `json:"hash"`
}

// figureJSON is an estimate. What is not known (an interval of one replication, a year in a
// shorter period) is null.
type figureJSON struct {
	ID      string     `json:"id"`
	Unit    string     `json:"unit"`
	Mean    float64    `json:"mean"`
	Low     *float64   `json:"low"`
	High    *float64   `json:"high"`
	YearP5  *float64   `json:"year_p5"`
	YearP95 *float64   `json:"year_p95"`
	N       int        `json:"n"`
	Horizon string     `json:"horizon,omitempty"` // of a figure that depends on how long the measured period is
	Parts   *partsJSON `json:"parts,omitempty"`
}

type pair [2]float64

type monthJSON struct {
	Month []string  `json:"month"`
	Mean  []float64 `json:"mean"`
	P5    []float64 `json:"p5"`
	P95   []float64 `json:"p95"`
}

type againstJSON struct {
	Scenario   scenarioJSON     `json:"scenario"`
	Figures    []differenceJSON `json:"figures"`
	Targets    []targetJSON     `json:"targets,omitempty"`
	Changes    []changeJSON     `json:"changes"`
	Statements []statementJSON  `json:"statements"`
	Absent     []sim.Absent     `json:"absent"`
	Warnings   []sim.Warning    `json:"warnings"`
}

type differenceJSON struct {
	ID                string     `json:"id"`
	Unit              string     `json:"unit"`
	Base              float64    `json:"base"`
	Other             float64    `json:"other"`
	Difference        float64    `json:"difference"`
	Low               *float64   `json:"low"`
	High              *float64   `json:"high"`
	Verdict           string     `json:"verdict"`
	VarianceReduction float64    `json:"variance_reduction"`
	AdjustedP         float64    `json:"p_adjusted"`
	Horizon           string     `json:"horizon,omitempty"`
	Parts             *partsJSON `json:"parts,omitempty"`
}

type changeJSON struct {
	Path string `json:"path"`
	From string `json:"from"`
	To   string `json:"to"`
}

// JSON writes the study as one document.
func (s *Study) JSON(w io.Writer) error {
	base := s.Findings.Summaries[0]
	d := document{
		Tool: "tier4", Version: s.Version, Schema: 1,
		Scenario: s.identity(0), Seed: s.Seed, Replications: s.Findings.Replications, Uncertain: s.uncertainNumbers(),
		Figures: []figureJSON{}, Absent: s.absent(0), Warnings: s.warnings(0),
		Distributions: map[string][]pair{}, Series: map[string]monthJSON{}, Statements: statementsOf(base.Statements),
	}
	for _, e := range base.Estimates {
		d.Figures = append(d.Figures, s.figure(e))
	}
	for _, one := range base.Distributions {
		pairs := []pair{}
		for n, share := range one.Shares {
			pairs = append(pairs, pair{float64(n), positive(share)})
		}
		d.Distributions[one.ID] = pairs
	}
	for _, one := range base.Series {
		d.Series[one.ID] = monthJSON{one.Months, one.Mean, one.P5, one.P95}
	}
	d.Targets = targetsJSON(s.kept(0))
	if len(s.Scenarios) > 1 {
		all := []againstJSON{}
		for i, c := range s.Findings.Comparisons {
			all = append(all, s.against(i+1, c))
		}
		d.Against = &all
	}
	return writeJSON(w, d)
}

// writeJSON writes a value so that people can read it too.
func writeJSON(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(value)
}

func (s *Study) identity(i int) scenarioJSON {
	return scenarioJSON{s.Title(i), s.Scenarios[i].Hash}
}

func (s *Study) figure(e sim.Estimate) figureJSON { return figureOf(e, s.horizon()) }

func figureOf(e sim.Estimate, horizon string) figureJSON {
	f := figureJSON{ID: e.ID, Unit: e.Unit, Mean: positive(e.Value), N: e.Replications, Parts: partsOf(e.Parts)}
	if e.Known() {
		f.Low, f.High = &e.Low, &e.High
	}
	if e.HasYear {
		f.YearP5, f.YearP95 = &e.YearP5, &e.YearP95
	}
	if e.Horizon {
		f.Horizon = horizon
	}
	return f
}

func (s *Study) against(i int, c *sim.Comparison) againstJSON {
	a := againstJSON{
		Scenario: s.identity(i), Figures: []differenceJSON{}, Targets: targetsJSON(s.kept(i)), Changes: changesOf(s.Scenarios[i].Changes),
		Statements: statementsOf(s.Findings.Summaries[i].Statements),
		Absent:     s.absent(i), Warnings: s.warnings(i),
	}
	for _, d := range c.Differences {
		one := differenceJSON{
			ID: d.ID, Unit: d.Unit, Base: positive(d.BaseValue), Other: positive(d.OtherValue), Difference: positive(d.Value),
			Verdict: d.Verdict.String(), VarianceReduction: d.VarianceReduction, AdjustedP: d.AdjustedP, Parts: partsOf(d.Parts),
		}
		if d.Known() {
			one.Low, one.High = &d.Low, &d.High
		}
		if d.Horizon {
			one.Horizon = s.horizon()
		}
		a.Figures = append(a.Figures, one)
	}
	return a
}

func changesOf(changes []scenarios.Change) []changeJSON {
	all := []changeJSON{}
	for _, c := range changes {
		all = append(all, changeJSON{c.Path, c.From, c.To})
	}
	return all
}

// positive turns a negative zero into zero.
func positive(x float64) float64 { return x + 0 }
