package report

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// Table is rows of cells under a head. The first column names the row, and further ones where Named says so.
type Table struct {
	Head  []string
	Rows  [][]string
	Named int // columns that name the row, beside the first
}

func (t *Table) add(cells ...string) { t.Rows = append(t.Rows, cells) }

// markdown writes the table in pipes.
func (t *Table) markdown(b *strings.Builder) {
	line := func(cells []string) {
		for _, c := range cells {
			b.WriteString("| " + escaped(c) + " ")
		}
		b.WriteString("|\n")
	}
	line(t.Head)
	b.WriteString(strings.Repeat("| --- ", len(t.Head)) + "|\n")
	for _, r := range t.Rows {
		line(r)
	}
}

// gutter is the space between columns.
const gutter = 2

// text writes the table within so many columns: cells wrap, and where that is not enough the
// columns go into several tables, each with the names of the rows.
func (t *Table) text(w io.Writer, width int) error {
	for i, part := range t.parts(width) {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if err := part.draw(w, part.widths(width)); err != nil {
			return err
		}
	}
	return nil
}

// parts cuts the table between columns until each part fits.
func (t *Table) parts(width int) []*Table {
	narrow := make([]int, len(t.Head))
	total := -gutter
	for c := range t.Head {
		narrow[c] = t.narrow(c)
		total += narrow[c] + gutter
	}
	if total <= width {
		return []*Table{t}
	}
	var parts []*Table
	names, across := []int{0}, narrow[0]
	for c := 1; c <= t.Named; c++ {
		names, across = append(names, c), across+gutter+narrow[c]
	}
	for from := len(names); from < len(t.Head); {
		columns, used := slices.Clone(names), across
		for from < len(t.Head) && (len(columns) == len(names) || used+gutter+narrow[from] <= width) {
			columns = append(columns, from)
			used += gutter + narrow[from]
			from++
		}
		parts = append(parts, t.pick(columns))
	}
	return parts
}

func (t *Table) pick(columns []int) *Table {
	take := func(cells []string) (some []string) {
		for _, c := range columns {
			some = append(some, cells[c])
		}
		return some
	}
	part := &Table{Head: take(t.Head), Named: t.Named}
	for _, r := range t.Rows {
		part.add(take(r)...)
	}
	return part
}

// narrow is the least width at which a column still reads well: heads on three lines, cells on two.
func (t *Table) narrow(column int) int {
	least := narrowest(t.Head[column], 3)
	for _, r := range t.Rows {
		least = max(least, narrowest(r[column], 2))
	}
	return least
}

// narrowest is the least width at which a cell takes at most so many lines.
func narrowest(cell string, lines int) int {
	least := 0
	for _, word := range strings.Fields(cell) {
		least = max(least, runes(word))
	}
	for least < runes(cell) && len(wrapCell(cell, least)) > lines {
		least++
	}
	return least
}

// widths shares the columns out: each gets what it needs to read well, the rest goes to those
// that would rather not wrap, from the left, rows before heads.
func (t *Table) widths(width int) []int {
	widths := make([]int, len(t.Head))
	spare := width + gutter
	for c := range widths {
		widths[c] = t.narrow(c)
		spare -= widths[c] + gutter
	}
	for ; spare < 0; spare++ { // not even two columns fit: the widest gives way
		widths[slices.Index(widths, slices.Max(widths))]--
	}
	for _, rows := range [][][]string{t.Rows, {t.Head}} {
		for c := range widths {
			extra := -widths[c]
			for _, r := range rows {
				extra = max(extra, runes(r[c])-widths[c])
			}
			if extra > 0 && extra <= spare {
				widths[c] += extra
				spare -= extra
			}
		}
	}
	return widths
}

// draw writes the table with the widths given.
func (t *Table) draw(w io.Writer, widths []int) error {
	var b bytes.Buffer
	table := tablewriter.NewTable(&b,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{
				Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off, ShowHeader: tw.On},
				Lines:      tw.Lines{ShowHeaderLine: tw.On, ShowTop: tw.Off, ShowBottom: tw.Off},
			},
		})),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAlignment(tw.AlignLeft), tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithPadding(tw.Padding{Right: strings.Repeat(" ", gutter), Overwrite: true}),
		tablewriter.WithTrimSpace(tw.Off),
	)
	cells := func(row []string) (wrapped []string, tall bool) {
		for c, cell := range row {
			lines := wrapCell(cell, widths[c])
			tall = tall || len(lines) > 1
			wrapped = append(wrapped, strings.Join(lines, "\n"))
		}
		return wrapped, tall
	}
	head, _ := cells(t.Head)
	table.Header(head)
	before := false
	for i, r := range t.Rows {
		row, tall := cells(r)
		if i > 0 && (tall || before) {
			if err := table.Append(make([]string, len(row))); err != nil {
				return err
			}
		}
		before = tall
		if err := table.Append(row); err != nil {
			return err
		}
	}
	if err := table.Render(); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		line = strings.TrimRight(line, " \n")
		if strings.Trim(line, "─") == "" { // the rule runs on under the last gutter
			line = strings.TrimSuffix(line, strings.Repeat("─", gutter))
		}
		if _, err := io.WriteString(w, line+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// wrapCell wraps a cell, an interval in brackets rather on a line of its own.
func wrapCell(cell string, width int) []string {
	if runes(cell) <= width {
		return []string{cell}
	}
	if value, interval, ok := strings.Cut(cell, " ("); ok && runes(value) <= width {
		return append([]string{value}, wrap("("+interval, width)...)
	}
	return wrap(cell, width)
}

// wrap breaks a text between words into lines of at most so many characters; a longer word stays whole.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case runes(line)+1+runes(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

func runes(s string) int { return len([]rune(s)) }
