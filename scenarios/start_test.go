package scenarios

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tier4/sim"
)

// peopled is the clinic with a file of people who are there at the start.
func peopled(t *testing.T, file string) *Scenario {
	t.Helper()
	text := strings.Replace(read(t, "testdata/clinic.yaml"), "warm_up: 1 year", "start_with: {people: "+file+"}", 1)
	s, err := loadText([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPeopleAtStart reads everyone in a file.
func TestPeopleAtStart(t *testing.T) {
	unknown := math.NaN()
	same(t, "people", peopled(t, "people.csv").Spec.Starting, []sim.Started{
		{Stage: "detox", Cohort: "opiates", Traits: []string{"women", "complex"}, Known: true, Stream: "court", Joined: -31, Since: unknown},
		{Stage: "rehab", Place: "riverside", Inside: true, Cohort: "alcohol", Known: true, Joined: -76, Since: -40},
		{Stage: "rehab", Place: "riverside", Inside: true, Cohort: "opiates", Traits: []string{"complex"}, Known: true, Joined: -59, Since: unknown},
		{Stage: "aftercare", Inside: true, Cohort: "others", Known: true, Joined: -12, Since: -12},
		{Stage: "assessment", Inside: true, Cohort: "alcohol", Traits: []string{"women"}, Known: true, Joined: -4, Since: -2},
		{Stage: "preparation", Cohort: "alcohol", Known: true, Since: unknown},
	})
}

// TestPeopleOfOneCohort need not say so, and who has which traits is drawn unless the file says.
func TestPeopleOfOneCohort(t *testing.T) {
	dir := t.TempDir()
	scenario := filepath.Join(dir, "s.yaml")
	text := "start: 2026-01-01\nmeasure: 1 year\nreferrals: {s: {per_year: 1, enters: w}}\nstart_with: {people: p.csv}\n" +
		"pathway:\n  w: {kind: delay, takes: 3, next: home}\n  b: {kind: beds, places: {p: {contract: block, beds: 1}}, stay: 9, next: home}\n"
	for _, c := range []struct{ csv, want string }{
		{"stage,joined\nw,2025-12-31 12:00\n", "[{w  false everyone [] false  -0.5 NaN}]"},
		{"since,place,joined,stage,cohort\n2025-12-30,p,2025-12-22,b,everyone\n", "[{b p true everyone [] false  -10 -2}]"},
		{"stage,joined,traits\nw,2025-12-31,women\n", "p.csv:2:14: `women` is not a trait; leave the cell empty: this scenario has no traits"},
		{"stage,joined,place\nb,2025-12-31,p\nb,2025-12-31,p\n", "p.csv:3:1: there are more people than the beds of `p` at the start, 1"},
		{"stage\nw\n", "p.csv:1:1: there is no column `joined`"},
		{"stage,joined,cohort\nw,2025-12-31\n", "p.csv:2:1: this is not a line of CSV"},
		{"stage,joined,place\n\nw,2025-12-31,p\nw,31/12/2025,\n", "p.csv:4:3: `31/12/2025` is not a date; write the year first"},
	} {
		for name, text := range map[string]string{"s.yaml": text, "p.csv": c.csv} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, err := Load(scenario)
		got := fmt.Sprint(err)
		if err == nil {
			got = fmt.Sprint(s.Spec.Starting)
			if strings.Contains(c.csv, ",b,") && len(s.Warnings) > 0 {
				t.Errorf("%q: %v, although somebody is there", c.csv, s.Warnings)
			}
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%q: %s, want %s", c.csv, got, c.want)
		}
	}
	if _, err := Parse("x.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), "x.yaml:4:22: cannot read `p.csv`: a scenario that is not a file cannot name files") {
		t.Errorf("from memory: %v", err)
	}
}

// TestNumbersAtStart makes people of numbers, cohort by cohort, in the order of the file.
func TestNumbersAtStart(t *testing.T) {
	s := mustLoad(t, "testdata/everything.yaml")
	var got []string
	for i := 0; i < len(s.Spec.Starting); {
		first, n := s.Spec.Starting[i], 0
		for ; i < len(s.Spec.Starting) && fmt.Sprint(s.Spec.Starting[i]) == fmt.Sprint(first); i++ {
			n++
		}
		if first.Joined != 0 || !math.IsNaN(first.Since) || first.Known || first.Stream != "" || first.Inside == (first.Stage == "detox" && first.Place == "" || first.Stage == "rehab" && first.Place == "") {
			t.Errorf("someone at the start: %+v", first)
		}
		got = append(got, fmt.Sprintf("%d %s %s%s", n, first.Cohort, first.Stage, first.Place))
	}
	// Referrals a year: 30 + 6 use opiates; 34 alcohol and one letter in three years; 16 others and one letter:
	// 36 : 34.33 : 16.33 of 86.67. Of 5 that is 2.08, 1.98 and 0.94; of 4 1.66, 1.58 and 0.75; of 12 4.98, 4.75 and 2.26.
	same(t, "numbers", got, []string{
		"2 opiates detox", "2 alcohol detox", "1 others detox", "3 opiates rehab", "2 alcohol rehab",
		"2 opiates detoxbridge-house", "1 alcohol detoxbridge-house", "1 others detoxbridge-house", "1 others detoxany-approved",
		"2 opiates rehabriverside", "2 alcohol rehabriverside", "1 others rehabriverside",
		"5 opiates aftercare", "5 alcohol aftercare", "2 others aftercare",
	})
}

// TestSharedOut holds shares by largest remainder to add up and to stay within one of the exact part.
func TestSharedOut(t *testing.T) {
	text := `
measure: 1 year
cohorts: [a, b, c]
referrals:
  s: {per_year: {a: 1, b: 1, c: 1}, enters: w}
  r: {between: 36.525 days, shares: {a: 20%, b: 80%, c: 0%}, enters: w}
pathway: {w: {kind: delay, takes: 3, next: home}}
start_with: {waiting: {w: 0}}
`
	for n, want := range map[int]string{0: "map[]", 1: "map[b:1]", 2: "map[a:1 b:1]", 13: "map[a:3 b:9 c:1]", 14: "map[a:3 b:10 c:1]", 26: "map[a:6 b:18 c:2]"} {
		s, err := Parse("x.yaml", []byte(text), fmt.Sprintf("start_with.waiting.w=%d", n))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, p := range s.Spec.Starting {
			got[p.Cohort]++
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%d people: %v, want %s", n, got, want)
		}
	}
	nobody := strings.Replace(strings.Replace(text, "a: 1, b: 1, c: 1", "a: 0, b: 0, c: 0", 1), "  r: {between: 36.525 days, shares: {a: 20%, b: 80%, c: 0%}, enters: w}\n", "", 1)
	if _, err := Parse("x.yaml", []byte(nobody), "start_with.waiting.w=3"); err == nil || !strings.Contains(err.Error(), "give numbers by cohort") {
		t.Errorf("nobody is referred: %v", err)
	}
	if _, err := Parse("x.yaml", []byte(nobody), "start_with.waiting.w={b: 3}"); err != nil {
		t.Error(err)
	}
}
