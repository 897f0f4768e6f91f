package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strings"

	"tier4/cmd/tier4/internal/chart"
)

//go:embed paper.css
var paperStyle string

//go:embed paper.html.tmpl
var paperLayout string

// sheet is a page as the layout takes it.
type sheet struct {
	Title    string
	Style    template.CSS
	Tool     string
	Intro    []piece
	Sections []section
}

// section is a title of level 2 and what follows it.
type section struct {
	ID, Title string
	Answer    bool
	Pieces    []piece
}

// piece is one block as the layout takes it.
type piece struct {
	Heading string // of level 3
	Text    string
	List    []string
	Table   *grid
	Picture *figure
	Code    string
}

// grid is a table, each cell with its alignment.
type grid struct {
	Caption string
	Prose   bool // the last column holds sentences
	Head    []cell
	Rows    [][]cell
}

type cell struct {
	Text   string
	Number bool
}

type figure struct {
	ID    string
	SVG   template.HTML
	Table *grid
}

// HTML writes the page as one document that needs nothing else: no style sheet, font, script or picture
// from anywhere.
func (p *Page) HTML(w io.Writer, tool string) error {
	layout, err := template.New("paper").Funcs(template.FuncMap{"path": breakable}).Parse(paperLayout)
	if err != nil {
		return fmt.Errorf("the layout of the report: %w", err)
	}
	return layout.Execute(w, p.sheet(tool))
}

// breakable lets a long path break after its dots.
func breakable(text string) template.HTML {
	if strings.Contains(text, " ") {
		return template.HTML(template.HTMLEscapeString(text))
	}
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(text), ".", ".<wbr>"))
}

// sheet cuts the page into sections.
func (p *Page) sheet(tool string) sheet {
	s := sheet{Style: template.CSS(paperStyle), Tool: tool}
	into := &s.Intro
	caption := ""
	for _, b := range p.blocks {
		switch {
		case b.title != "" && b.level == 1:
			s.Title = b.title
			continue
		case b.title != "" && b.level == 2:
			s.Sections = append(s.Sections, section{ID: anchor(b.title), Title: b.title, Answer: b.title == answerTitle})
			into, caption = &s.Sections[len(s.Sections)-1].Pieces, b.title
			continue
		case b.title != "":
			caption = b.title
		}
		*into = append(*into, pieceOf(b, caption))
	}
	return s
}

func pieceOf(b block, caption string) piece {
	one := piece{Heading: b.title, Text: b.text, List: b.list, Code: b.code}
	if b.table != nil {
		one.Table = gridOf(b.table, caption)
	}
	if c := b.picture; c != nil {
		// The drawing escapes every word it takes in; that it is well-formed is tested.
		one.Picture = &figure{ID: "picture-" + anchor(c.ID), SVG: template.HTML(c.SVG()), Table: behind(c)}
	}
	return one
}

// gridOf aligns columns of numbers to the right.
func gridOf(t *Table, caption string) *grid {
	g := &grid{Caption: caption}
	aligned := make([]bool, len(t.Head))
	for c := range t.Head {
		aligned[c] = c > 0 && numeric(t, c)
		g.Head = append(g.Head, cell{named(t.Head[c], c), aligned[c]})
	}
	for _, row := range t.Rows {
		var cells []cell
		for c, text := range row {
			cells = append(cells, cell{text, aligned[c]})
		}
		g.Prose = g.Prose || len(row[len(row)-1]) > 120
		g.Rows = append(g.Rows, cells)
	}
	return g
}

// named is the head of a column, which has to have a name for those who listen.
func named(head string, column int) string {
	switch {
	case head != "":
		return head
	case column == 0:
		return "What"
	}
	return "Verdict"
}

var amountText = regexp.MustCompile(`^[-−]?£?[0-9][0-9,.]*%?$`)

// numeric says whether a column holds plain numbers only.
func numeric(t *Table, c int) bool {
	any := false
	for _, row := range t.Rows {
		switch {
		case row[c] == "" || row[c] == "-":
		case !amountText.MatchString(row[c]):
			return false
		default:
			any = true
		}
	}
	return any
}

// behind is the table behind a picture.
func behind(c *chart.Chart) *grid {
	g := &grid{Caption: c.Title}
	for i, head := range c.Table.Head {
		g.Head = append(g.Head, cell{named(head, i), i > 0 && len(c.Table.Rows) > 0 && c.Table.Rows[0][i].Number})
	}
	for _, row := range c.Table.Rows {
		var cells []cell
		for _, one := range row {
			cells = append(cells, cell{one.Text, one.Number})
		}
		g.Rows = append(g.Rows, cells)
	}
	return g
}

// anchor turns a title into an id.
func anchor(title string) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, title)
	return strings.Trim(id, "-")
}
