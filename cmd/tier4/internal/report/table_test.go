package report

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Whatever the width: no line is wider, and no word is lost.
func TestTablesFit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("wait for rehab £556,900 (£556,100 to £557,700) 12.3 days no clear difference places (4 to 5) a")
	cell := func() string {
		var some []string
		for range r.IntN(7) {
			some = append(some, words[r.IntN(len(words))])
		}
		return strings.Join(some, " ")
	}
	for range 200 {
		columns := 2 + r.IntN(8)
		table := &Table{}
		for range columns {
			table.Head = append(table.Head, "h "+cell())
		}
		for range 1 + r.IntN(5) {
			row := []string{"name " + cell()}
			for range columns - 1 {
				row = append(row, cell())
			}
			table.add(row...)
		}
		width := 60 + r.IntN(120)
		var b strings.Builder
		if err := table.text(&b, width); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := runes(strings.TrimSuffix(line, "\n")); n > width {
				t.Fatalf("%d columns of %d:\n%s", n, width, b.String())
			}
			if strings.HasSuffix(line, " \n") {
				t.Fatalf("blanks at the end of %q", line)
			}
		}
		written := strings.Fields(strings.ReplaceAll(b.String(), "─", " "))
		for _, row := range append(table.Rows, table.Head) {
			for _, c := range row {
				for _, w := range strings.Fields(c) {
					i := slices.Index(written, w)
					if i < 0 {
						t.Fatalf("%q of %q is lost:\n%s", w, c, b.String())
					}
					written = slices.Delete(written, i, i+1)
				}
			}
		}
	}
}

func TestPage(t *testing.T) {
	p := new(Page)
	p.title(1, "Title")
	p.say("Some %s:", "words")
	p.list([]string{"one | two"})
	p.title(2, "Part")
	p.table(&Table{Head: []string{"A", "B"}, Rows: [][]string{{"x", "1 (0 to 2)"}}})
	var text, mark strings.Builder
	if err := p.Text(&text, 60); err != nil {
		t.Fatal(err)
	}
	if err := p.Markdown(&mark); err != nil {
		t.Fatal(err)
	}
	if want := "Title\n=====\nSome words:\n- one | two\n\n\nPART\nA  B\n─────────────\nx  1 (0 to 2)\n"; text.String() != want {
		t.Errorf("text:\n%q, want\n%q", text.String(), want)
	}
	if want := "# Title\n\nSome words:\n\n- one \\| two\n\n## Part\n\n| A | B |\n| --- | --- |\n| x | 1 (0 to 2) |\n"; mark.String() != want {
		t.Errorf("markdown:\n%q, want\n%q", mark.String(), want)
	}
}
