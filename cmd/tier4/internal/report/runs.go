package report

import (
	"encoding/csv"
	"io"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"tier4/sim"
)

// Runs takes in every replication's figures, in order.
type Runs interface {
	// Add notes the figures of one replication; values are not kept.
	Add(scenario string, replication int, values []sim.Observation) error
	Close() error
}

// RunsCSV writes a row a scenario, replication and figure; the value is empty where nobody contributed.
func RunsCSV(w io.Writer) Runs {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"scenario", "replication", "figure", "unit", "value"}) // an error stays, see Close
	return &runsCSV{out: out}
}

type runsCSV struct {
	out *csv.Writer
	row [5]string
}

func (r *runsCSV) Add(scenario string, replication int, values []sim.Observation) error {
	for _, v := range values {
		r.row = [5]string{scenario, strconv.Itoa(replication), v.Figure.ID, v.Figure.Unit, ""}
		if v.OK {
			r.row[4] = digits(v.Value)
		}
		if err := r.out.Write(r.row[:]); err != nil {
			return err
		}
	}
	return nil
}

func (r *runsCSV) Close() error {
	r.out.Flush()
	return r.out.Error()
}

// RunRow is a row of the Parquet file.
type RunRow struct {
	Scenario    string   `parquet:"scenario,dict"`
	Replication int32    `parquet:"replication"`
	Figure      string   `parquet:"figure,dict"`
	Unit        string   `parquet:"unit,dict"`
	Value       *float64 `parquet:"value,optional"`
}

// RunsParquet writes the rows of RunsCSV as Parquet.
func RunsParquet(w io.Writer) Runs {
	return &runsParquet{out: parquet.NewGenericWriter[RunRow](w,
		parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(rowsPerGroup))}
}

// rowsPerGroup bounds the memory that rows wait in.
const rowsPerGroup = 100_000

type runsParquet struct {
	out    *parquet.GenericWriter[RunRow]
	rows   []RunRow
	values []float64
}

func (r *runsParquet) Add(scenario string, replication int, values []sim.Observation) error {
	r.rows, r.values = r.rows[:0], make([]float64, len(values))
	for i, v := range values {
		row := RunRow{Scenario: scenario, Replication: int32(replication), Figure: v.Figure.ID, Unit: v.Figure.Unit}
		if v.OK {
			r.values[i] = v.Value
			row.Value = &r.values[i]
		}
		r.rows = append(r.rows, row)
	}
	_, err := r.out.Write(r.rows)
	return err
}

func (r *runsParquet) Close() error { return r.out.Close() }
