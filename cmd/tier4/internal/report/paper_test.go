package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tier4/scenarios"
	"tier4/sim"
	"tier4/sim/stats"
)

// playedWith plays a base and what-ifs that have other numbers of beds.
func playedWith(t *testing.T, replications int, beds ...int) *Study {
	t.Helper()
	base := played(t, rich(t), 1)
	e := sim.Experiment{Seed: 3, Replications: replications, Workers: 1, Matters: map[string]float64{"cost": 10_000}}
	for i, n := range append([]int{4}, beds...) {
		spec := rich(t)
		spec.Stages[3].Beds.Places[0].Beds = n
		m, err := sim.Compile(spec)
		if err != nil {
			t.Fatal(err)
		}
		e.Models = append(e.Models, m)
		if i > 0 {
			base.Names = append(base.Names, "more")
			base.Scenarios = append(base.Scenarios, &scenarios.Scenario{
				Name: "With " + strconv.Itoa(n) + " <beds>, & more", About: "Other beds", Hash: "h", Spec: spec, Extends: "rich",
				Changes: []scenarios.Change{{Path: "pathway.rehab.places.riverside.beds", From: "4", To: strconv.Itoa(n)}},
			})
		}
	}
	findings, err := e.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	base.Findings, base.Asked = findings, replications
	base.Command = "tier4 report rich more --seed 3 -o report.html"
	return base
}

func htmlOf(t *testing.T, s *Study) string {
	t.Helper()
	p, err := s.Paper()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := p.HTML(&b, "tier4 v1"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReportStandsAlone(t *testing.T) {
	for name, s := range map[string]*Study{"run": played(t, rich(t), 30), "compare": playedWith(t, 40, 6, 2)} {
		page := htmlOf(t, s)
		rest := strings.ReplaceAll(page, `xmlns="http://www.w3.org/2000/svg"`, "")
		for _, no := range []string{"http:", "https:", "//", "url(", "@import", "<script", "<img", "src=", "NaN", "Inf ", "ZgotmplZ"} {
			if i := strings.Index(rest, no); i >= 0 {
				t.Errorf("%s: it holds %q: …%s…", name, no, rest[max(0, i-60):min(len(rest), i+60)])
			}
		}
		if page != htmlOf(t, s) {
			t.Errorf("%s differs from itself", name)
		}
		wellFormed(t, name, page)
	}
}

// wellFormed holds every element to be closed, every id to be one of a kind, and every picture to have words.
func wellFormed(t *testing.T, name, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, append(slices.Clone(xml.HTMLAutoClose), "wbr"), xml.HTMLEntity
	ids, level := map[string]bool{}, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attributes := map[string]string{}
		for _, a := range start.Attr {
			attributes[a.Name.Local] = a.Value
		}
		if id := attributes["id"]; id != "" && ids[id] {
			t.Errorf("%s: two elements have the id %s", name, id)
		} else if id != "" {
			ids[id] = true
		}
		tag := start.Name.Local
		if tag == "svg" && (attributes["role"] != "img" || len(attributes["aria-label"]) < 40) {
			t.Errorf("%s: a picture says only %q", name, attributes["aria-label"])
		}
		if len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6' {
			if now := int(tag[1] - '0'); now > level+1 {
				t.Errorf("%s: a heading of level %d follows one of %d", name, now, level)
			} else {
				level = now
			}
		}
	}
}

var numberText = regexp.MustCompile(`[0-9][0-9,]*(\.[0-9]+)?`)

// Every number of the answer is one of the JSON document's, as a reader would write it.
func TestAnswerSaysWhatTheNumbersSay(t *testing.T) {
	for name, s := range map[string]*Study{"run": played(t, rich(t), 40), "compare": playedWith(t, 60, 6, 2)} {
		var b bytes.Buffer
		if err := s.JSON(&b); err != nil {
			t.Fatal(err)
		}
		var doc document
		if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{"9": true, "10": true, "95": true, "100": true}
		add := func(text string) {
			for _, n := range numberText.FindAllString(text, -1) {
				known[n] = true
			}
		}
		lost := map[string]float64{}
		for _, f := range doc.Figures {
			for _, v := range []*float64{&f.Mean, f.YearP5, f.YearP95} {
				if v != nil {
					add(amount(f.Unit, *v))
					add(scaleOf(f.Unit, max(f.Mean, *v)).number(*v))
				}
			}
			if stage, ok := strings.CutPrefix(f.ID, "lost."); ok {
				at, _, _ := strings.Cut(stage, ".")
				lost[at] += f.Mean
				lost[""] += f.Mean
			}
			add(count(wholeNumber(f.Mean)))
		}
		for _, sum := range lost {
			add(count(wholeNumber(sum)))
		}
		if doc.Against != nil {
			for _, a := range *doc.Against {
				add(a.Scenario.Name)
				for _, f := range a.Figures {
					add(gap(f.Unit, f.Difference))
				}
			}
		}
		sentences := s.answer()
		if len(sentences) == 0 || len(sentences) > 5 {
			t.Errorf("%s: the answer has %d sentences", name, len(sentences))
		}
		for _, one := range sentences {
			for _, n := range numberText.FindAllString(one, -1) {
				if !known[n] && n != "2" && n != "4" { // beds held, and how many what-ifs
					t.Errorf("%s: %s is no number of the document, in %q", name, n, one)
				}
			}
		}
	}
}

// The answer names a what-if only where a verdict gives it a direction.
func TestAnswerNamesOnlyWhatIsClear(t *testing.T) {
	s := invented()
	text := strings.Join(s.answer(), "\n")
	for _, want := range []string{
		"In Base the wait for rehab is 10.5 days on average, 26.2% of everybody referred complete and it costs £557,400 a year.",
		"The wait for rehab is shorter with “More” (by 4.1 days).",
		"Completed: no difference that is clear and matters (no clear difference).",
		"Cost a year: no difference that is clear and matters (too small to matter).",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the answer does not say %q:\n%s", want, text)
		}
	}
}

func TestReportOfManyScenariosIsSmall(t *testing.T) {
	beds := []int{1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12}
	if size := len(htmlOf(t, playedWith(t, 2, beds...))); size > 2<<20 {
		t.Errorf("12 scenarios make %d bytes", size)
	}
}

// A table's numbers stand at the right, its words at the left.
func TestColumnsOfNumbers(t *testing.T) {
	g := gridOf(&Table{Head: []string{"", "a", "b", ""}, Rows: [][]string{{"1", "£1,200", "2 days", "-"}, {"2", "", "3.5%", "-12"}}}, "x")
	var got []bool
	for _, c := range g.Head {
		got = append(got, c.Number)
	}
	if !slices.Equal(got, []bool{false, true, false, true}) || g.Head[0].Text == "" || g.Head[3].Text == "" {
		t.Errorf("%+v", g.Head)
	}
}

// What is the same in every replication is called that, and not a difference that may be chance.
func TestTheSameIsCalledThat(t *testing.T) {
	s := invented()
	for i := range s.Findings.Comparisons[0].Differences {
		d := &s.Findings.Comparisons[0].Differences[i]
		d.Value, d.Low, d.High, d.OtherValue, d.Same, d.Verdict = 0, 0, 0, d.BaseValue, true, stats.NoClear
	}
	var page bytes.Buffer
	if err := s.Page().Text(&page, 100); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), "The same: average wait for rehab") || strings.Contains(page.String(), "No clear difference: average") {
		t.Errorf("calls the same no clear difference:\n%s", &page)
	}
	if got := strings.Join(s.answer(), " "); !strings.Contains(got, "Wait for rehab: the same. Completed: the same. Cost a year: the same.") {
		t.Errorf("answers %q", got)
	}
	if c := chartsOf(t, s)["difference-rehab.admitted.wait.mean"]; c == nil || c.Title != "Wait for rehab: the same" {
		t.Errorf("the chart is %+v", c)
	}
}
