package report

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"tier4/calibration"
)

// calibratedJSON is the one JSON document of a calibration.
type calibratedJSON struct {
	Tool        string           `json:"tool"`
	Version     string           `json:"version"`
	Schema      int              `json:"schema"`
	Scenario    scenarioJSON     `json:"scenario"`
	Extract     string           `json:"extract"`
	Seed        uint64           `json:"seed"`
	Finished    bool             `json:"finished"`
	Plays       int              `json:"histories_played"`
	Draws       int              `json:"sample_rows"`
	Size        float64          `json:"independent_draws"`
	Parameters  []parameterJSON  `json:"parameters"`
	Ranks       []rankJSON       `json:"correlations"`
	Targets     []checkJSON      `json:"targets"`
	HoldOut     string           `json:"held_out_from,omitempty"`
	Ahead       []checkJSON      `json:"held_out,omitempty"`
	Generations []generationJSON `json:"generations"`
	Notes       []string         `json:"notes"`
	Warnings    []warningJSON    `json:"warnings"`
}

type parameterJSON struct {
	Path       string  `json:"path"`
	Mean       float64 `json:"mean"`
	SD         float64 `json:"sd"`
	Median     float64 `json:"median"`
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Identified bool    `json:"identified"`
	Why        string  `json:"why,omitempty"`
	Seen       bool    `json:"seen_directly"`
	How        string  `json:"how"`
	Scenario   float64 `json:"in_scenario"`

	Prior *priorJSON `json:"prior,omitempty"`
}

type priorJSON struct {
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

type rankJSON struct {
	Between [2]string `json:"between"`
	Rank    float64   `json:"rank"`
}

// checkJSON is a target; null is a number of people too small to show.
type checkJSON struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Unit      string   `json:"unit"`
	Observed  *float64 `json:"observed"`
	Simulated float64  `json:"simulated"`
	Low       float64  `json:"low"`
	High      float64  `json:"high"`
	P         float64  `json:"p"`
	Suspect   bool     `json:"suspect"`
	Fitted    bool     `json:"fitted"`
}

type generationJSON struct {
	Plays      int     `json:"histories_played"`
	Acceptance float64 `json:"acceptance"`
	Tolerance  float64 `json:"tolerance"`
}

// JSON writes the calibration as one document.
func (c *Calibrated) JSON(w io.Writer) error {
	r := c.Of
	d := calibratedJSON{
		Tool: "tier4", Version: c.Version, Schema: 1, Scenario: scenarioJSON{c.Scenario.Name, c.Scenario.Hash}, Extract: c.Data,
		Seed: c.Seed, Finished: !c.Stopped, Plays: r.Plays, Draws: len(r.Rows), Size: r.Size,
		Parameters: []parameterJSON{}, Ranks: []rankJSON{}, Targets: c.checks(r.Checks), Ahead: c.checks(r.Ahead),
		Generations: []generationJSON{}, Notes: append([]string{}, r.Notes...), Warnings: c.warnings(),
	}
	if c.HoldOut.Known() {
		d.HoldOut = c.HoldOut.String()
	}
	for _, f := range r.Found {
		one := parameterJSON{
			Path: f.Path, Mean: f.Mean, SD: f.SD, Median: f.Median, Low: f.Low, High: f.High,
			Identified: f.Identified, Why: f.Why, Seen: f.Seen, How: f.How, Scenario: f.Value,
		}
		if !f.Seen {
			one.Prior = &priorJSON{f.PriorMean, f.PriorSD, f.PriorLow, f.PriorHigh}
		}
		d.Parameters = append(d.Parameters, one)
	}
	for _, t := range r.Ranks {
		d.Ranks = append(d.Ranks, rankJSON{[2]string{r.Found[t.A].Path, r.Found[t.B].Path}, t.Rank})
	}
	for _, g := range r.History {
		d.Generations = append(d.Generations, generationJSON{g.Plays, g.Acceptance, g.Tolerance})
	}
	return writeJSON(w, d)
}

func (c *Calibrated) checks(all []calibration.Check) []checkJSON {
	out := []checkJSON{}
	for _, one := range all {
		j := checkJSON{
			ID: one.ID, Name: one.Name, Unit: one.Unit, Simulated: one.Simulated, Low: one.Low, High: one.High,
			P: one.P, Suspect: one.Suspect, Fitted: one.Fitted,
		}
		if !c.withheld(one) {
			j.Observed = &one.Observed
		}
		out = append(out, j)
	}
	return out
}

// warnings are doubts about the whole.
func (c *Calibrated) warnings() []warningJSON {
	all := []warningJSON{}
	if c.Of.Far {
		all = append(all, warningJSON{"far", "nowhere within the bounds does the model come near what was observed"})
	}
	for _, one := range c.suspects() {
		all = append(all, warningJSON{"not reproduced", one.ID + " lies outside what nearly all simulated histories show"})
	}
	for _, f := range c.Of.Found {
		if !f.Identified {
			all = append(all, warningJSON{"not identified", f.Path + ": " + f.Why})
		}
	}
	return all
}

// CSV writes a row a number.
func (c *Calibrated) CSV(w io.Writer) error {
	rows := [][]string{{"path", "mean", "sd", "median", "low", "high", "identified", "seen_directly", "in_scenario", "prior_low", "prior_high"}}
	for _, f := range c.Of.Found {
		row := []string{
			f.Path, digits(f.Mean), digits(f.SD), digits(f.Median), digits(f.Low), digits(f.High),
			strconv.FormatBool(f.Identified), strconv.FormatBool(f.Seen), digits(f.Value), "", "",
		}
		if !f.Seen {
			row[9], row[10] = digits(f.PriorLow), digits(f.PriorHigh)
		}
		rows = append(rows, row)
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// SampleCSV writes the joint posterior sample, a column a path, as `uncertain: {samples: FILE}` reads it.
func (c *Calibrated) SampleCSV(w io.Writer) error {
	var head []string
	for _, f := range c.Of.Found {
		head = append(head, f.Path)
	}
	rows := [][]string{head}
	for _, values := range c.Of.Rows {
		row := make([]string, len(values))
		for k, v := range values {
			row[k] = c.Of.Found[k].Text(v)
		}
		rows = append(rows, row)
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// SampleParquet writes the sample as Parquet, its columns in the order of their names.
func (c *Calibrated) SampleParquet(w io.Writer) error {
	group := parquet.Group{}
	for _, f := range c.Of.Found {
		group[f.Path] = parquet.Leaf(parquet.DoubleType)
	}
	schema := parquet.NewSchema("posterior", group)
	out := parquet.NewWriter(w, schema, parquet.Compression(&parquet.Snappy))
	for _, values := range c.Of.Rows {
		row := make(parquet.Row, len(values))
		for k, v := range values {
			leaf, _ := schema.Lookup(c.Of.Found[k].Path)
			row[leaf.ColumnIndex] = parquet.DoubleValue(v).Level(0, 0, leaf.ColumnIndex)
		}
		if _, err := out.WriteRows([]parquet.Row{row}); err != nil {
			return err
		}
	}
	return out.Close()
}
