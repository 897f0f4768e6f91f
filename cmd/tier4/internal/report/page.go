package report

import (
	"fmt"
	"io"
	"strings"

	"tier4/cmd/tier4/internal/chart"
)

// Page is what a reader sees, from the top down.
type Page struct{ blocks []block }

// block is a title, a paragraph, a list, a table, a picture or a command: exactly one is set.
type block struct {
	level   int // of a title; 1 is the page's
	title   string
	text    string
	list    []string
	table   *Table
	picture *chart.Chart
	code    string
}

func (p *Page) title(level int, text string) {
	p.blocks = append(p.blocks, block{level: level, title: text})
}

func (p *Page) say(format string, args ...any) {
	p.blocks = append(p.blocks, block{text: fmt.Sprintf(format, args...)})
}

// sayOf lists some things in a sentence, if there are any.
func (p *Page) sayOf(what string, things []string) {
	if len(things) > 0 {
		p.say("%s: %s.", what, strings.Join(things, "; "))
	}
}

func (p *Page) list(items []string) {
	if len(items) > 0 {
		p.blocks = append(p.blocks, block{list: items})
	}
}

func (p *Page) table(t *Table) {
	if t != nil && len(t.Rows) > 0 {
		p.blocks = append(p.blocks, block{table: t})
	}
}

func (p *Page) chart(c *chart.Chart) { p.blocks = append(p.blocks, block{picture: c}) }

// indented writes each line of a text further in.
func indented(b *strings.Builder, indent, text string) {
	for line := range strings.Lines(strings.TrimSuffix(text, "\n") + "\n") {
		b.WriteString(indent + line)
	}
}

// code is a command to type, or a file to save.
func (p *Page) code(command string) {
	if command != "" {
		p.blocks = append(p.blocks, block{code: command})
	}
}

// Text writes the page for a terminal of so many columns.
func (p *Page) Text(w io.Writer, width int) error {
	var b strings.Builder
	for i, one := range p.blocks {
		if i > 0 && p.blocks[i-1].title == "" && !(one.list != nil && strings.HasSuffix(p.blocks[i-1].text, ":")) {
			b.WriteByte('\n')
		}
		switch {
		case one.table != nil:
			if err := one.table.text(&b, width); err != nil {
				return err
			}
		case one.list != nil:
			for _, item := range one.list {
				hanging(&b, "- ", item, width)
			}
		case one.title != "":
			if one.level == 2 && i > 0 {
				b.WriteByte('\n')
			}
			title := one.title
			if one.level == 2 {
				title = strings.ToUpper(title)
			}
			hanging(&b, "", title, width)
			if one.level == 1 {
				b.WriteString(strings.Repeat("=", min(width, len([]rune(title)))) + "\n")
			}
		case one.picture != nil:
			hanging(&b, "", one.picture.Alt, min(width, readable))
		case one.code != "":
			indented(&b, "  ", one.code)
		default:
			hanging(&b, "", one.text, min(width, readable))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// readable is the longest line of prose that an eye follows with ease.
const readable = 110

// hanging writes a wrapped text whose further lines are indented as deep as its mark.
func hanging(b *strings.Builder, mark, text string, width int) {
	indent := strings.Repeat(" ", len(mark))
	for i, line := range wrap(text, max(20, min(width, readable)-len(mark))) {
		if i > 0 {
			mark = indent
		}
		b.WriteString(mark + line + "\n")
	}
}

// Markdown writes the page for a paper or a web page.
func (p *Page) Markdown(w io.Writer) error {
	var b strings.Builder
	for i, one := range p.blocks {
		if i > 0 {
			b.WriteByte('\n')
		}
		switch {
		case one.table != nil:
			one.table.markdown(&b)
		case one.list != nil:
			for _, item := range one.list {
				b.WriteString("- " + escaped(item) + "\n")
			}
		case one.title != "":
			b.WriteString(strings.Repeat("#", one.level) + " " + escaped(one.title) + "\n")
		case one.picture != nil:
			b.WriteString("*Picture:* " + escaped(one.picture.Alt) + "\n")
		case one.code != "":
			indented(&b, "    ", one.code)
		default:
			b.WriteString(escaped(one.text) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var markdownMarks = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "|", `\|`, "#", `\#`, "~", `\~`, "\n", " ")

// escaped keeps a text from being read as Markdown.
func escaped(text string) string { return markdownMarks.Replace(text) }
