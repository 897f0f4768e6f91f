package scenarios

import (
	"slices"
	"strings"
	"testing"
)

const remarked = `# The question: "Would one more
# bed do?"
#
# Where the numbers are from.
#   1. Here.
#   2. There,
#      or nearly.

name: A # B
about: "not # a comment"    # but this is
referrals: {all: {per_day: 0.2, enters: ward}}   # counted, 2024
warm_up: 1 year
measure: 1 year
pathway:
  ward:                     # a ward
    kind: beds
    # Price: asked for.
    #   Beds: assumption, 2 to 5.
    places: {riverside: {contract: block, beds: 4, per_night: £150}}
    stay: {exponential: {mean: 12 days}}   # assumption, 9 days
                                           # to 15 days
    # Of the next key.
    drops_out_after: {exponential: {mean: 60 days}}
    next: home
`

func TestRemarks(t *testing.T) {
	s, err := Parse("a.yaml", []byte(remarked))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.Question(), "Would one more bed do?"; got != want {
		t.Errorf("the question is %q, want %q", got, want)
	}
	if got, want := s.Preface()[1:], []string{"Where the numbers are from.", "1. Here.", "2. There, or nearly."}; !slices.Equal(got, want) {
		t.Errorf("the preface is %q, want %q", got, want)
	}
	want := []Remark{
		{"name", "A", "B"},
		{"about", `"not # a comment"`, "but this is"},
		{"referrals", "{all: {per_day: 0.2, enters: ward}}", "counted, 2024"},
		{"pathway.ward", "", "a ward"},
		{"pathway.ward.places", "{riverside: {contract: block, beds: 4, per_night: £150}}", "Price: asked for. Beds: assumption, 2 to 5."},
		{"pathway.ward.stay", "{exponential: {mean: 12 days}}", "assumption, 9 days to 15 days"},
		{"pathway.ward.drops_out_after", "{exponential: {mean: 60 days}}", "Of the next key."},
	}
	if got := s.Remarks(); !slices.Equal(got, want) {
		t.Errorf("remarks\n%q, want\n%q", got, want)
	}
}

// Every comment of the library is told: none falls between the rules.
func TestEveryCommentIsTold(t *testing.T) {
	for _, info := range List() {
		s, err := Load(info.Name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(s.Question(), "?") {
			t.Errorf("%s asks %q", info.Name, s.Question())
		}
		told := strings.Join(s.Preface(), " ")
		for _, r := range s.Remarks() {
			told += " " + r.Text
		}
		for _, c := range comments(s.Source) {
			if text := strings.Join(strings.Fields(c.text), " "); !strings.Contains(told, text) {
				t.Errorf("%s, line %d: %q is not told", info.Name, c.line, text)
			}
		}
	}
}
