package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

const vary = "pathway.rehab.places.riverside.beds"

// The Parquet file has what the CSV has: settings that are numbers as numbers, the others as texts.
func TestPointsAreTheSameInParquetAndCSV(t *testing.T) {
	dir := t.TempDir()
	args := []string{"sweep", "medway", "--vary", vary + "=3,4", "--vary", "pathway.panel.meets.every=1w,2w", "--replications", "30", "--figures", "cost,reached.rehab,rehab.admitted.wait.p90", "--quiet", "--out"}
	must(t, append(args, filepath.Join(dir, "points.csv"))...)
	must(t, append(args, filepath.Join(dir, "points.parquet"))...)
	text, err := os.ReadFile(filepath.Join(dir, "points.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Option  int32    `parquet:"option"`
		Beds    float64  `parquet:"pathway.rehab.places.riverside.beds"`
		Every   string   `parquet:"pathway.panel.meets.every"`
		Figure  string   `parquet:"figure"`
		Unit    string   `parquet:"unit"`
		Mean    float64  `parquet:"mean"`
		Low     *float64 `parquet:"low,optional"`
		YearP95 *float64 `parquet:"year_p95,optional"`
		N       int32    `parquet:"n"`
	}
	got, err := parquet.ReadFile[row](filepath.Join(dir, "points.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(rows)-1 || len(got) != 12 {
		t.Fatalf("%d rows of Parquet, %d of CSV", len(got), len(rows)-1)
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	for i, g := range got {
		want := rows[i+1] // option, beds, every, figure, unit, mean, low, high, year_p5, year_p95, n
		if g.Low == nil || g.YearP95 == nil || strconv.Itoa(int(g.Option)) != want[0] || number(g.Beds) != want[1] || g.Every != want[2] || g.Figure != want[3] ||
			g.Unit != want[4] || number(g.Mean) != want[5] || number(*g.Low) != want[6] || number(*g.YearP95) != want[9] || strconv.Itoa(int(g.N)) != want[10] {
			t.Errorf("row %d: %+v, want %v", i, g, want)
		}
	}
}

// Ctrl-C keeps what is finished, and says so.
func TestExploringCanBeStopped(t *testing.T) {
	for _, args := range [][]string{
		{"sweep", "medway", "--vary", vary + "=3..5", "--replications", "1000000"},
		{"frontier", "medway", "--vary", vary + "=3..5", "--minimise", "cost", "--maximise", "reached.rehab", "--replications", "1000000"},
		{"choose", "medway", "--vary", vary + "=3..5", "--best", "cost", "--indifference", "£0.01", "--replications", "1000000", "--set", "pathway.rehab.places.riverside.per_night=£1"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		exit, out, said := tool(t, ctx, append(args, "--figures", "cost", "--format", "json", "--yes")...)
		cancel()
		if exit != exitInterrupted || !strings.Contains(said, "stopped") {
			t.Errorf("%s: exit %d, says %q", args[0], exit, said)
		}
		if out == "" { // a slow machine: stopped before the first replication was finished
			continue
		}
		var d struct {
			Warnings []struct{ Code string }
			Points   []struct{ Figures []struct{ N int } }
			Curve    []struct{ Figures []struct{ N int } }
		}
		if err := json.Unmarshal([]byte(out), &d); err != nil {
			t.Fatal(err)
		}
		points := append(d.Points, d.Curve...)
		if len(points) != 3 || points[0].Figures[0].N < 1 || d.Warnings[0].Code != "interrupted" {
			t.Errorf("%s: %d points, warnings %v", args[0], len(points), d.Warnings)
		}
	}
}
