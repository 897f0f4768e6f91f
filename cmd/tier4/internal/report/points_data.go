package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"tier4/scenarios/explore"
	"tier4/sim"
)

// settingsJSON is what an option sets, in order: a number where it is written as one.
type settingsJSON []explore.Setting

// MarshalJSON keeps the order of the settings.
func (s settingsJSON) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, one := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(one.Path)
		if err != nil {
			return nil, err
		}
		value := []byte(one.Value)
		if !plainNumber.MatchString(one.Value) {
			if value, err = json.Marshal(one.Value); err != nil {
				return nil, err
			}
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

var plainNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// option is what identifies an option.
func (p *Points) option(i int) settingsJSON {
	if len(p.Names) > 0 {
		return settingsJSON{{Path: "scenario", Value: p.Names[i]}}
	}
	return settingsJSON(p.Options[i].Settings)
}

// pointJSON is an option with its figures.
type pointJSON struct {
	Option  settingsJSON `json:"option"`
	Figures []figureJSON `json:"figures"`
	Absent  []sim.Absent `json:"absent,omitempty"`
}

func (p *Points) point(i int) pointJSON {
	one := pointJSON{Option: p.option(i), Figures: []figureJSON{}, Absent: p.Summaries[i].Absent}
	for _, e := range p.Summaries[i].Estimates {
		one.Figures = append(one.Figures, figureOf(e, horizon(p.Scenario.Spec)))
	}
	return one
}

func (p *Points) points() []pointJSON {
	all := []pointJSON{}
	for i := range p.Options {
		all = append(all, p.point(i))
	}
	return all
}

// headJSON is how every document of options begins.
type headJSON struct {
	Tool     string       `json:"tool"`
	Version  string       `json:"version"`
	Schema   int          `json:"schema"`
	Scenario scenarioJSON `json:"scenario"`
	Seed     uint64       `json:"seed"`
}

func (p *Points) head() headJSON {
	return headJSON{"tier4", p.Version, 1, scenarioJSON{p.Scenario.Name, p.Scenario.Hash}, p.Seed}
}

// warnings are the doubts as data.
func (p *Points) warnings() []sim.Warning {
	all := []sim.Warning{}
	if p.Stopped != "" {
		all = append(all, sim.Warning{Code: "interrupted", Text: p.Stopped})
	}
	if p.unsure() {
		all = append(all, sim.Warning{Code: "fixed", Text: fixed})
	}
	for i, s := range p.Summaries {
		for _, w := range s.Warnings {
			if w.Code != "wide_interval" {
				all = append(all, sim.Warning{Code: w.Code, Figure: w.Figure, Text: p.title(i) + ": " + w.Text})
			}
		}
	}
	return all
}

// JSON writes the points as one document.
func (p *Points) JSON(w io.Writer) error {
	return writeJSON(w, struct {
		headJSON
		Replications int           `json:"replications"`
		Points       []pointJSON   `json:"points"`
		Warnings     []sim.Warning `json:"warnings"`
	}{p.head(), p.Replications, p.points(), p.warnings()})
}

// CSV writes a row an option and figure.
func (p *Points) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	head := []string{"option"}
	if len(p.Names) > 0 {
		head = append(head, "scenario")
	}
	head = append(head, p.Paths...)
	for _, c := range p.Columns {
		head = append(head, c.Name)
	}
	rows := [][]string{append(head, "figure", "unit", "mean", "low", "high", "year_p5", "year_p95", "n")}
	for i := range p.Options {
		row := []string{strconv.Itoa(i + 1)}
		for _, s := range p.option(i) {
			row = append(row, s.Value)
		}
		for _, c := range p.Columns {
			row = append(row, c.Cell(i))
		}
		for _, e := range p.Summaries[i].Estimates {
			rows = append(rows, append(slices.Clip(row), estimateRow(e)...))
		}
	}
	return out.WriteAll(rows)
}

// Parquet writes the rows of CSV as Parquet. Settings that are numbers in every option are numbers there.
func (p *Points) Parquet(w io.Writer) error {
	group := parquet.Group{
		"option": parquet.Leaf(parquet.Int32Type), "figure": parquet.String(), "unit": parquet.String(),
		"mean": parquet.Leaf(parquet.DoubleType), "n": parquet.Leaf(parquet.Int32Type),
	}
	for _, name := range []string{"low", "high", "year_p5", "year_p95"} {
		group[name] = parquet.Optional(parquet.Leaf(parquet.DoubleType))
	}
	numeric := map[string]bool{}
	for k, s := range p.option(0) {
		numeric[s.Path] = true
		for i := range p.Options {
			numeric[s.Path] = numeric[s.Path] && plainNumber.MatchString(p.option(i)[k].Value)
		}
		group[s.Path] = parquet.String()
		if numeric[s.Path] {
			group[s.Path] = parquet.Leaf(parquet.DoubleType)
		}
	}
	for _, c := range p.Columns {
		group[c.Name] = parquet.String()
	}
	schema := parquet.NewSchema("points", group)
	out := parquet.NewWriter(w, schema, parquet.Compression(&parquet.Snappy))
	for i := range p.Options {
		for _, e := range p.Summaries[i].Estimates {
			if _, err := out.WriteRows([]parquet.Row{p.row(schema, numeric, i, e)}); err != nil {
				return err
			}
		}
	}
	return out.Close()
}

// row is a row of the Parquet file, its cells in the order of the schema.
func (p *Points) row(schema *parquet.Schema, numeric map[string]bool, i int, e sim.Estimate) (row parquet.Row) {
	texts := map[string]string{"figure": e.ID, "unit": e.Unit}
	numbers := map[string]float64{"mean": e.Value + 0}
	for _, s := range p.option(i) {
		if numeric[s.Path] {
			numbers[s.Path], _ = strconv.ParseFloat(s.Value, 64) // a plain number
		} else {
			texts[s.Path] = s.Value
		}
	}
	for _, c := range p.Columns {
		texts[c.Name] = c.Cell(i)
	}
	if e.Known() {
		numbers["low"], numbers["high"] = e.Low, e.High
	}
	if e.HasYear {
		numbers["year_p5"], numbers["year_p95"] = e.YearP5, e.YearP95
	}
	wholes := map[string]int{"option": i + 1, "n": e.Replications}
	for k, path := range schema.Columns() {
		name := path[0]
		defined := 0
		if leaf, ok := schema.Lookup(name); ok && leaf.Node.Optional() {
			defined = 1
		}
		value := parquet.NullValue()
		if text, ok := texts[name]; ok {
			value = parquet.ByteArrayValue([]byte(text))
		} else if n, ok := wholes[name]; ok {
			value = parquet.Int32Value(int32(n))
		} else if x, ok := numbers[name]; ok {
			value = parquet.DoubleValue(x)
		} else {
			defined = 0
		}
		row = append(row, value.Level(0, defined, k))
	}
	return row
}
