package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"tier4/cmd/tier4/internal/report"
	"tier4/sim"
)

// tool runs a command in this process.
func tool(t *testing.T, ctx context.Context, args ...string) (exit int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	exit = command(ctx, nil, &out, &err, args)
	return exit, out.String(), err.String()
}

// must runs a command that has to succeed, and gives its stdout.
func must(t *testing.T, args ...string) string {
	t.Helper()
	exit, out, err := tool(t, t.Context(), args...)
	if exit != 0 {
		t.Fatalf("tier4 %s: exit %d: %s", strings.Join(args, " "), exit, err)
	}
	return out
}

// figures are those of a JSON document, by name.
type figures map[string]struct {
	ID        string
	Unit      string
	Mean      float64
	Low, High *float64
	YearP5    *float64 `json:"year_p5"`
	YearP95   *float64 `json:"year_p95"`
	N         int
}

type document struct {
	Tool, Version string
	Schema        int
	Scenario      struct{ Name, Hash string }
	Seed          uint64
	Replications  int
	Figures       []json.RawMessage
	Distributions map[string][][2]float64
	Series        map[string]struct {
		Month         []string
		Mean, P5, P95 []float64
	}
	Against []struct {
		Scenario struct{ Name, Hash string }
		Figures  []struct {
			ID                          string
			Base, Other, Difference     float64
			Low, High                   *float64
			Verdict                     string
			VarianceReduction, Adjusted float64
		}
		Changes []struct{ Path, From, To string }
	}
}

func read(t *testing.T, text string) (document, figures) {
	t.Helper()
	var d document
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	all := figures{}
	for _, raw := range d.Figures {
		one := all[""]
		if err := json.Unmarshal(raw, &one); err != nil {
			t.Fatal(err)
		}
		all[one.ID] = one
	}
	return d, all
}

func TestInterruptedIs130(t *testing.T) {
	dir := t.TempDir()
	runs := filepath.Join(dir, "runs.csv")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		for range 2000 {
			found, _ := filepath.Glob(filepath.Join(dir, ".runs.csv.*"))
			for _, name := range found {
				if info, err := os.Stat(name); err == nil && info.Size() > 0 {
					return
				}
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	exit, out, stderr := tool(t, ctx, "run", "medway", "--replications", "5000000", "--figures", "referrals", "--format", "json", "--runs", runs)
	d, all := read(t, out)
	if exit != 130 || d.Replications == 0 || d.Replications >= 5000000 || all["referrals"].N != d.Replications {
		t.Errorf("exit %d after %d replications: %s", exit, d.Replications, stderr)
	}
	rows, err := csv.NewReader(strings.NewReader(slurp(t, runs))).ReadAll()
	if err != nil || len(rows)-1 != d.Replications {
		t.Errorf("%d rows of %d replications, %v", len(rows)-1, d.Replications, err)
	}

	cancel()
	if exit, out, stderr := tool(t, ctx, "run", "medway"); exit != 130 || out != "" || !strings.Contains(stderr, "stopped before the first replication") {
		t.Errorf("cancelled beforehand: exit %d, %q, %q", exit, out, stderr)
	}
}

func slurp(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// full is a writer to a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestFailedWritingIs1(t *testing.T) {
	for _, args := range [][]string{{"list"}, {"schema"}, {"--help"}, {"--version"}, {"run", "medway", "--replications", "2"}} {
		var stderr bytes.Buffer
		if exit := command(t.Context(), nil, full{}, &stderr, args); exit != 1 || stderr.Len() == 0 {
			t.Errorf("%v: exit %d, %q", args, exit, &stderr)
		}
	}
}

// The runs, averaged, are the figures: a rate over equal periods is the mean of its replications.
// Parquet holds the same rows as CSV.
func TestRunsReadBack(t *testing.T) {
	dir := t.TempDir()
	asCSV, asParquet := filepath.Join(dir, "runs.csv"), filepath.Join(dir, "runs.parquet")
	const n = 31
	args := []string{"compare", "medway", "all-spot", "--replications", strconv.Itoa(n), "--format", "json", "--quiet", "--runs"}
	_, all := read(t, must(t, append(args, asCSV)...))
	must(t, append(args, asParquet)...)

	rows, err := csv.NewReader(strings.NewReader(slurp(t, asCSV))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	stored, err := parquet.ReadFile[report.RunRow](asParquet)
	if err != nil {
		t.Fatal(err)
	}
	rows = rows[1:]
	if len(stored) != len(rows) {
		t.Fatalf("%d rows of Parquet, %d of CSV", len(stored), len(rows))
	}
	sums := map[string]float64{}
	for i, row := range rows {
		p := stored[i]
		value := ""
		if p.Value != nil {
			value = strconv.FormatFloat(*p.Value, 'g', -1, 64)
			if p.Scenario == "Medway baseline" {
				sums[p.Figure] += *p.Value
			}
		}
		got := []string{p.Scenario, strconv.Itoa(int(p.Replication)), p.Figure, p.Unit, value}
		if strings.Join(got, ",") != strings.Join(row, ",") {
			t.Fatalf("row %d: Parquet %q, CSV %q", i, got, row)
		}
	}
	for _, id := range []string{"referrals", "cost", "cost.void", "rehab.admissions", "rehab.waiting.mean", "lost.panel.declined"} {
		if mean, want := sums[id]/n, all[id].Mean; math.Abs(mean-want) > 1e-9*math.Abs(want) {
			t.Errorf("%s: mean of the runs %v, figure %v", id, mean, want)
		}
	}
}

var spoken = regexp.MustCompile(`^(£?)(-?[\d,.]+)(%?)( minutes| hours| days| weeks)?`)

// said reads a number of a table, in the unit of its figure, with half its last digit.
func said(t *testing.T, text, unit string) (value, half float64) {
	t.Helper()
	if unit == sim.UnitMonth {
		name, _, _ := strings.Cut(text, " ")
		at, err := time.Parse("January", name)
		if err != nil {
			t.Fatalf("%q is not a month", text)
		}
		return float64((at.Month()+8)%12 + 1), 0.5 * 1.0001
	}
	m := spoken.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%q is not a number", text)
	}
	value, err := strconv.ParseFloat(strings.ReplaceAll(m[2], ",", ""), 64)
	if err != nil {
		t.Fatal(err)
	}
	half = 0.5
	if _, fraction, ok := strings.Cut(m[2], "."); ok {
		half *= math.Pow(10, -float64(len(fraction)))
	} else if m[1] != "" && value >= 10_000 {
		half = 50
	} else if m[1] != "" && value >= 1_000 {
		half = 5
	}
	factor := map[string]float64{" minutes": 1. / 1440, " hours": 1. / 24, " weeks": 7}[m[4]]
	if m[3] != "" {
		factor = 0.01
	}
	if factor == 0 {
		factor = 1
	}
	return value * factor, half * factor * 1.0001
}

func TestTablesAgreeWithJSON(t *testing.T) {
	args := []string{"run", "medway", "--replications", "30", "--figures", "all", "--format"}
	_, all := read(t, must(t, append(args, "json")...))
	checked := 0
	for line := range strings.Lines(must(t, append(args, "markdown")...)) {
		cells := strings.Split(strings.ReplaceAll(line, `\`, ""), " | ")
		if len(cells) < 4 {
			continue
		}
		f, ok := all[cells[1]]
		if !ok {
			continue
		}
		checked++
		value, half := said(t, cells[2], f.Unit)
		if math.Abs(value-f.Mean) > half {
			t.Errorf("%s: the table says %s, the figure is %v", f.ID, cells[2], f.Mean)
		}
		if _, interval, ok := strings.Cut(cells[2], " ("); ok && f.Low == nil {
			t.Errorf("%s: interval %s of nothing", f.ID, interval)
		}
	}
	if checked != len(all) || checked < 100 {
		t.Errorf("%d of %d figures in the table", checked, len(all))
	}
}

func TestDocument(t *testing.T) {
	d, all := read(t, must(t, "compare", "medway", "four-more-beds-away", "--replications", "40", "--format", "json"))
	if d.Tool != "tier4" || d.Schema != 1 || d.Version == "" || d.Seed != 20250401 || d.Replications != 40 ||
		d.Scenario.Name != "Medway baseline" || d.Scenario.Hash == "" {
		t.Errorf("head: %+v", d.Scenario)
	}
	for id, f := range all {
		if f.Low == nil || f.High == nil || *f.Low > f.Mean+1e-9 || *f.High < f.Mean-1e-9 {
			t.Errorf("%s: %v not within its interval", id, f.Mean)
		}
	}
	for id, shares := range d.Distributions {
		sum := 0.0
		for i, pair := range shares {
			if pair[0] != float64(i) {
				t.Errorf("%s: level %v at %d", id, pair[0], i)
			}
			sum += pair[1]
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s: shares add up to %v", id, sum)
		}
	}
	for id, s := range d.Series {
		if len(s.Month) != 36 || len(s.Mean) != 36 || len(s.P5) != 36 || len(s.P95) != 36 || s.Month[0] != "2026-04" {
			t.Errorf("%s: %d months from %s", id, len(s.Month), s.Month[0])
		}
	}
	if len(d.Against) != 1 || len(d.Against[0].Changes) != 2 {
		t.Fatalf("against: %+v", d.Against)
	}
	for _, f := range d.Against[0].Figures {
		if got := f.Other - f.Base; math.Abs(got-f.Difference) > 1e-6*(1+math.Abs(got)) && !strings.Contains(f.ID, "p9") && !strings.Contains(f.ID, "median") {
			t.Errorf("%s: %v less %v is not %v", f.ID, f.Other, f.Base, f.Difference)
		}
		if f.Base != all[f.ID].Mean {
			t.Errorf("%s: base %v, figure %v", f.ID, f.Base, all[f.ID].Mean)
		}
		if f.ID == "referrals" && (f.Difference != 0 || f.Verdict != "no clear difference") {
			t.Errorf("beds change referrals: %+v", f)
		}
	}
}

func TestOneReplicationHasNoIntervals(t *testing.T) {
	_, all := read(t, must(t, "run", "medway", "--replications", "1", "--figures", "cost,referrals", "--format", "json"))
	for id, f := range all {
		if f.Low != nil || f.High != nil || f.YearP5 == nil {
			t.Errorf("%s: %+v", id, f)
		}
	}
}
