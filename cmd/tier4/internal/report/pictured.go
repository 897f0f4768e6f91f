package report

import (
	"io"
	"slices"

	"tier4/cmd/tier4/internal/chart"
	"tier4/cmd/tier4/internal/office"
	"tier4/scenarios"
)

// Pictured is a report of a command other than run and compare, to be put into a document with its pictures.
type Pictured struct {
	Page      *Page
	Charts    []*chart.Chart
	Slides    []*chart.Chart        // instead of Charts where a slide has no room for them, if any
	Scenarios []*scenarios.Scenario // that it is about
	Version   string
	Command   string // that makes it again
}

// Paper is the page with its pictures before it says how sure it is, where its numbers are from, and how to
// make it again.
func (r *Pictured) Paper() *Page {
	p := new(Page)
	at := slices.IndexFunc(r.Page.blocks, func(b block) bool { return b.title == surenessTitle })
	if at < 0 {
		at = len(r.Page.blocks)
	}
	p.blocks = slices.Clone(r.Page.blocks[:at])
	if len(r.Charts) > 0 {
		p.title(2, "Pictures")
		for _, c := range r.Charts {
			p.chart(c)
		}
	}
	p.blocks = append(p.blocks, r.Page.blocks[at:]...)
	if len(r.Scenarios) > 0 {
		(&Study{Scenarios: r.Scenarios}).assumptions(p)
	}
	p.title(2, "To make this again")
	t := &Table{Head: []string{"What", "Which"}}
	t.add("Tool", "tier4 "+r.Version)
	for _, one := range r.Scenarios {
		t.add("Scenario", clean(one.Name)+", hash "+one.Hash)
	}
	p.table(t)
	p.say("The same files, seed and version give the same numbers to the last digit, on any number of processors:")
	p.code(r.Command)
	return p
}

// surenessTitle heads the section that ends every report.
const surenessTitle = "How sure this is"

// title is the page's.
func (r *Pictured) title() string {
	if len(r.Page.blocks) > 0 {
		return r.Page.blocks[0].title
	}
	return ""
}

// Deck is a slide for each picture, after one with what the page says first.
func (r *Pictured) Deck() (office.Deck, error) {
	d := office.Deck{Title: r.title()}
	first := office.Slide{Title: r.title(), Source: "tier4 " + r.Version + ". To make this again: " + r.Command}
	for _, b := range r.opening() {
		if b.text != "" {
			first.Points = append(first.Points, b.text)
		}
		first.Points = append(first.Points, b.list...)
	}
	first.Points = first.Points[:min(len(first.Points), mostPoints)]
	charts := r.Charts
	if len(r.Slides) > 0 {
		charts = r.Slides
	}
	slides, err := slidesOf(charts)
	d.Slides = append([]office.Slide{first}, slides...)
	return d, err
}

// opening is what the page says first: its answer if it has one, else what stands before its first section.
func (r *Pictured) opening() []block {
	all := r.Page.blocks[min(1, len(r.Page.blocks)):]
	if i := slices.IndexFunc(all, func(b block) bool { return b.title == answerTitle }); i >= 0 {
		all = all[i+1:]
	}
	if end := slices.IndexFunc(all, func(b block) bool { return b.title != "" }); end > 0 {
		return all[:end]
	}
	return all
}

// mostPoints are as many points as a slide holds.
const mostPoints = 6

// slidesOf are a slide for each picture.
func slidesOf(charts []*chart.Chart) (slides []office.Slide, err error) {
	for _, c := range charts {
		slide := office.Slide{Title: c.Title, Source: c.About + ". " + c.Note}
		if c.Data != nil {
			slide.Chart = native(c)
		} else {
			png, err := c.PNG(2)
			if err != nil {
				return nil, err
			}
			slide.Picture = &office.Picture{PNG: png, Width: c.Drawing.Width, Height: c.Drawing.Height, Alt: c.Alt}
		}
		slides = append(slides, slide)
	}
	return slides, nil
}

// Book is a sheet for the words, and one for the numbers of each picture.
func (r *Pictured) Book() office.Book {
	var rows [][]office.Cell
	add := func(what, words string) {
		rows = append(rows, []office.Cell{office.Text(what), office.Text(words)})
	}
	section := ""
	for _, b := range r.Paper().blocks {
		switch {
		case b.title != "":
			section = b.title
		case b.text != "" || b.code != "":
			add(section, b.text+b.code)
		}
		for _, item := range b.list {
			add(section, item)
		}
	}
	book := office.Book{Title: r.title(), Sheets: []office.Sheet{{
		Name: "About", Columns: []office.Column{{Head: "What", Width: 28}, {Head: "Which", Width: 110}}, Rows: slices.Values(rows),
	}}}
	for i, c := range r.Charts {
		book.Sheets = append(book.Sheets, pictureSheet(i+1, c))
	}
	return book
}

// pictureSheet is the numbers behind a picture.
func pictureSheet(number int, c *chart.Chart) office.Sheet {
	s := office.Sheet{Name: shortened(count(number)+" "+anchor(c.ID), 29)}
	heads := map[string]int{}
	for i, head := range c.Table.Head {
		head = named(head, i)
		if heads[head]++; heads[head] > 1 {
			head += " (" + count(heads[head]) + ")"
		}
		s.Columns = append(s.Columns, office.Column{Head: head, Width: max(12, min(50, float64(len(head))))})
	}
	s.Rows = func(yield func([]office.Cell) bool) {
		for _, row := range c.Table.Rows {
			var cells []office.Cell
			for _, one := range row {
				if one.Number {
					cells = append(cells, office.Number(one.Value, office.Thousandths))
				} else {
					cells = append(cells, office.Text(one.Text))
				}
			}
			if !yield(cells) {
				return
			}
		}
	}
	return s
}

// Write writes the report in the form of an ending: .html, .docx, .md, .pptx or .xlsx.
func (r *Pictured) Write(w io.Writer, ending string) error {
	tool := "tier4 " + r.Version
	switch ending {
	case ".xlsx":
		return r.Book().Write(w)
	case ".pptx":
		d, err := r.Deck()
		if err != nil {
			return err
		}
		return d.Write(w)
	case ".docx":
		return r.Paper().Docx(w, tool)
	case ".md":
		return r.Paper().Markdown(w)
	}
	return r.Paper().HTML(w, tool)
}
