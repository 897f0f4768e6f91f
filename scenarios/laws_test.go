package scenarios

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tier4/sim/dist"
)

// loadLaw reads a law as the stay of the textbook scenario.
func loadLaw(t *testing.T, text string) (dist.Law, error) {
	t.Helper()
	s, err := loadText([]byte(strings.Replace(read(t, "testdata/textbook.yaml"), "{exponential: {mean: 12 days}}", text, 1)))
	if err != nil {
		return nil, err
	}
	return s.Spec.Stages[0].Beds.Stay[0].Value, nil
}

// TestLaws reads every form of every family, and holds it to what it says: its
// mean, or a quantile.
func TestLaws(t *testing.T) {
	used := map[string]bool{}
	for _, c := range []struct {
		text string
		mean float64 // 0: not held
		p    float64 // with x: the quantile to hold
		x    float64
	}{
		{"4 days", 4, 0, 0},
		{"{fixed: 2 weeks}", 14, 0, 0},
		{"{uniform: {from: 2 days, to: 4 days}}", 3, 0.5, 3},
		{"{triangular: {from: 0, likely: 3, to: 6}}", 3, 0.5, 3},
		{"{pert: {from: 0, likely: 3, to: 6}}", 3, 0.5, 3},
		{"{normal: {mean: 50 days, sd: 2 days}}", 50, 0.8413447, 52},
		{"{normal: {mean: 50 days, cv: 0.04}}", 50, 0.8413447, 52},
		{"{exponential: {mean: 30 days}}", 30, 0, 0},
		{"{exponential: {half_by: 30 days}}", 30 / math.Ln2, 0.5, 30},
		{"{exponential: {median: 30 days}}", 30 / math.Ln2, 0.5, 30},
		{"{gamma: {mean: 84 days, sd: 25 days}}", 84, 0, 0},
		{"{gamma: {mean: 84 days, cv: 0.5}}", 84, 0, 0},
		{"{gamma: {shape: 2, scale: 10 days}}", 20, 0, 0},
		{"{gamma: {shape: 2, mean: 10 days}}", 10, 0, 0},
		{"{gamma: {median: 10 days, p90: 30 days}}", 0, 0.9, 30},
		{"{weibull: {shape: 1, scale: 10 days}}", 10, 0, 0},
		{"{weibull: {shape: 0.7, mean: 10 days}}", 10, 0, 0},
		{"{weibull: {shape: 0.7, median: 10 days}}", 0, 0.5, 10},
		{"{weibull: {median: 10 days, p97.5: 30 days}}", 0, 0.975, 30},
		{"{lognormal: {mean: 12 days, sd: 9 days}}", 12, 0, 0},
		{"{lognormal: {mean: 12 days, cv: 1.5}}", 12, 0, 0},
		{"{lognormal: {mu: 0, sigma: 1}}", math.Exp(0.5), 0.5, 1},
		{"{lognormal: {median: 10 days, p25: 5 days}}", 0, 0.25, 5},
		{"{loglogistic: {shape: 2, scale: 10 days}}", 5 * math.Pi, 0.5, 10},
		{"{loglogistic: {shape: 2, median: 10 days}}", 5 * math.Pi, 0.5, 10},
		{"{loglogistic: {median: 10 days, p90: 30 days}}", 0, 0.9, 30},
		{"{mixture: [{share: 60%, law: 10 days}, {share: rest, law: {exponential: {mean: 20 days}}}]}", 14, 0, 0},
		{"{empirical: [3 days, 5 days]}", 4, 0, 0},
		{"{empirical: {file: waits.csv, column: waited}}", (12 + 30 + 56) / 3.0, 0, 0},
	} {
		l, err := loadLaw(t, c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if c.mean > 0 && math.Abs(l.Mean()/c.mean-1) > 1e-6 {
			t.Errorf("%s has a mean of %v, want %v", c.text, l.Mean(), c.mean)
		}
		if c.p > 0 && math.Abs(l.CDF(c.x)-c.p) > 1e-6 {
			t.Errorf("%s: %v by %v, want %v", c.text, l.CDF(c.x), c.x, c.p)
		}
		for _, f := range families {
			if strings.HasPrefix(c.text, "{"+f.name+":") {
				used[f.name+fmt.Sprint(len(f.forms))] = true
			}
		}
	}
	for _, f := range families {
		if !used[f.name+fmt.Sprint(len(f.forms))] {
			t.Errorf("no case of %s", f.name)
		}
	}
}

// TestNever is a law for giving up only.
func TestNever(t *testing.T) {
	for _, text := range []string{"never", "{mixture: [{share: 50%, law: never}, {share: rest, law: 3 days}]}"} {
		if _, err := loadLaw(t, text); err == nil || !strings.Contains(err.Error(), "cannot be `never`") {
			t.Errorf("a stay of %s: %v", text, err)
		}
	}
}

// TestDates replays a file, in order of time, whatever the order of its lines.
func TestDates(t *testing.T) {
	dir := t.TempDir()
	scenario := filepath.Join(dir, "s.yaml")
	head := "start: 2026-01-01\nmeasure: 1 year\ncohorts: [a, b]\npathway: {w: {kind: delay, takes: 3, next: home}}\n"
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ name, stream, csv, want string }{
		{"in order", "dates: d.csv", "cohort,date\nb,2026-01-03\na,2026-01-01 12:00\n", "[{0.5 a 0} {2 b 0}]"},
		{"columns by name", "dates: {file: d.csv, column: when, time: at, cohort: who}", "when,at,who\n2026-01-02,06:00,a\n", "[{1.25 a 0}]"},
		{"one cohort", "dates: d.csv, cohort: b", "date\n2026-01-02\n", "[{1 b 0}]"},
		{"a byte order mark", "dates: d.csv", "\ufeffdate,cohort\n2026-01-02,a\n", "[{1 a 0}]"},
		{"a list", "dates: [2026-01-02, 2026-01-01 18:00], cohort: a", "", "[{0.75 a 0} {1 a 0}]"},
		{"ready later", "dates: d.csv", "date,ready,cohort\n2026-01-02,2026-02-01,a\n2026-01-03 14:00,2026-01-03,b\n2026-01-04,,b\n", "[{1 a 31} {2.583"},
		{"ready under another name", "dates: {file: d.csv, ready: release}", "date,release,cohort\n2026-01-02,2026-02-01 12:00,a\n", "[{1 a 31.5}]"},
		{"ready in a list", "dates: [{on: 2026-01-02, ready: 2026-01-12}], cohort: a", "", "[{1 a 11}]"},
		{"ready too early", "dates: d.csv", "date,cohort,ready\n2026-01-02,a,2026-01-01\n", "d.csv:2:14: this person is ready before being referred, 2026-01-02"},
		{"ready at no date", "dates: d.csv", "date,cohort,ready\n2026-01-02,a,soon\n", "d.csv:2:14: `soon` is not a date"},
		{"ready column missing", "dates: {file: d.csv, ready: release}", "date,cohort\n2026-01-02,a\n", "d.csv:1:1: there is no column `release`"},
		{"an unknown cohort", "dates: d.csv", "date,cohort\n2026-01-02,c\n", "d.csv:2:12: `c` names no cohort"},
		{"no date", "dates: d.csv", "date,cohort\nsoon,a\n", "d.csv:2:1: `soon` is not a date"},
		{"no cohort", "dates: d.csv", "date,cohort\n2026-01-02,\n", "d.csv:2:1: this referral names no cohort"},
		{"too early", "dates: d.csv", "date,cohort\n2025-12-31,a\n", "d.csv:2:1: this date is before the start, 2026-01-01"},
		{"a ragged line", "dates: d.csv", "date,cohort\n2026-01-02,a,x\n", "d.csv:2:"},
		{"no column", "dates: d.csv", "dates,cohort\n", "d.csv:1:1: there is no column `date`; did you mean `dates`?"},
		{"an empty file", "dates: d.csv", "", "d.csv:1:1: the file has no header"},
		{"shares", "dates: d.csv, shares: {a: 50%, b: 50%}", "date\n2026-01-02\n", "without shares"},
	} {
		put("d.csv", c.csv)
		put("s.yaml", head+"referrals: {s: {"+c.stream+", enters: w}}\n")
		s, err := Load(scenario)
		got := fmt.Sprint(err)
		if err == nil {
			got = fmt.Sprint(s.Spec.Streams[0].Dates)
		}
		if err == nil && strings.HasSuffix(c.want, "]") && got != c.want || !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
