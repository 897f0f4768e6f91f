package report

import (
	"strings"
	"testing"
)

// Slides have a message each, and charts that hold what the pictures hold.
func TestDeckSaysWhatThePicturesSay(t *testing.T) {
	for name, s := range map[string]*Study{"run": played(t, rich(t), 30), "compare": playedWith(t, 40, 6, 2)} {
		d, err := s.Deck()
		if err != nil {
			t.Fatal(err)
		}
		charts, err := s.Charts()
		if err != nil {
			t.Fatal(err)
		}
		chosen := s.chosen(charts)
		if len(d.Slides) != len(chosen)+2 {
			t.Fatalf("%s: %d slides for %d pictures", name, len(d.Slides), len(chosen))
		}
		for i, c := range chosen {
			slide := d.Slides[i+1]
			if slide.Title != c.Title || slide.Source == "" || slide.Chart == nil || slide.Chart.Alt != c.Alt {
				t.Errorf("%s: slide %q of picture %q", name, slide.Title, c.Title)
			}
		}
		if first := strings.Join(d.Slides[0].Points, " "); first != strings.Join(s.answer(), " ") {
			t.Errorf("%s: the first slide says %q", name, first)
		}
	}
}

// A committee's paper has the answer and the pictures, each with its words.
func TestCommitteePaper(t *testing.T) {
	p, err := playedWith(t, 40, 6).Committee()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := p.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# What would With 6", "## The answer", "*Picture:* Wait for rehab", "## How sure this is", "    tier4 report rich more"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the paper does not hold %q:\n%s", want, b.String())
		}
	}
}
