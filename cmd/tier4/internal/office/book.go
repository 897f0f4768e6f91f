package office

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Book is a workbook.
type Book struct {
	Title  string
	Sheets []Sheet
}

// Sheet is a table: heads that say their unit, and rows under them. The head stays in sight, and each
// column can be filtered.
type Sheet struct {
	Name    string // at most 31 letters
	Columns []Column
	Rows    iter.Seq[[]Cell]
}

// Column is a head with its width in letters.
type Column struct {
	Head  string
	Width float64
}

// Cell is words, a number or nothing.
type Cell struct {
	Text   string
	Number float64
	Format Format // of a number; Words for a text
}

// Format is how a number is shown; the cell keeps it in full.
type Format uint8

// The formats.
const (
	Words       Format = iota
	Whole              // 1,234
	Tenths             // 12.3
	Thousandths        // 0.012
	Percent            // a share: 0.123 is 12.3%
	Pounds             // £1,234
	Pence              // £1,234.56
	formats
)

// codes are the formats as a workbook has them.
var codes = [formats]string{Words: "@", Whole: "#,##0", Tenths: "#,##0.0", Thousandths: "0.000", Percent: "0.0%", Pounds: "[$£-809]#,##0", Pence: "[$£-809]#,##0.00"}

// Text is a cell of words.
func Text(words string) Cell { return Cell{Text: words} }

// Number is a cell of a number.
func Number(v float64, f Format) Cell { return Cell{Number: v, Format: f} }

// mostLetters is how many letters a cell may have.
const mostLetters = 32_000

// Write writes the workbook.
func (b Book) Write(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // nothing is kept on disk that matters
	styles, err := newLooks(f)
	if err != nil {
		return err
	}
	for i, sheet := range b.Sheets {
		if i == 0 {
			err = f.SetSheetName("Sheet1", sheet.Name)
		} else {
			_, err = f.NewSheet(sheet.Name)
		}
		if err == nil {
			err = sheet.write(f, styles, i+1)
		}
		if err != nil {
			return fmt.Errorf("sheet %s: %w", sheet.Name, err)
		}
	}
	if err := f.SetDocProps(&excelize.DocProperties{Title: b.Title, Creator: "tier4", Language: "en-GB", Created: anyDate, Modified: anyDate}); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		return err
	}
	return settled(w, file.Bytes())
}

// anyDate stands where the format demands a date, and the same input is to give the same bytes.
const anyDate = "2000-01-01T00:00:00Z"

// looks are the workbook's styles, by number.
type looks struct {
	cells [formats]int
	head  int
}

func newLooks(f *excelize.File) (styles looks, err error) {
	for i := range styles.cells {
		if styles.cells[i], err = f.NewStyle(&excelize.Style{
			Font: &excelize.Font{Family: "Arial", Size: 10}, CustomNumFmt: &codes[i], Alignment: &excelize.Alignment{Vertical: "top", WrapText: Format(i) == Words},
		}); err != nil {
			return styles, err
		}
	}
	styles.head, err = f.NewStyle(&excelize.Style{
		Font: &excelize.Font{Family: "Arial", Size: 10, Bold: true}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
		Border: []excelize.Border{{Type: "bottom", Color: "595959", Style: 2}},
	})
	return styles, err
}

// page has a sheet printed on landscape A4, all columns on one page, the head on each.
func (s Sheet) page(f *excelize.File) error {
	yes, a4, landscape, one, any := true, 9, "landscape", 1, 0
	return errors.Join(
		f.SetSheetProps(s.Name, &excelize.SheetPropsOptions{FitToPage: &yes}),
		f.SetPageLayout(s.Name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &one, FitToHeight: &any}),
		f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + s.Name + "'!$1:$1", Scope: s.Name}),
	)
}

func (s Sheet) write(f *excelize.File, styles looks, number int) error {
	if err := s.page(f); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	head := make([]any, len(s.Columns))
	for i, c := range s.Columns {
		head[i] = excelize.Cell{StyleID: styles.head, Value: c.Head}
		if err := w.SetColWidth(i+1, i+1, c.Width); err != nil {
			return err
		}
	}
	if err := w.SetRow("A1", head, excelize.RowOpts{Height: s.height(s.heads())}); err != nil {
		return err
	}
	rows := 1
	cells := make([]any, len(s.Columns))
	for row := range s.Rows {
		rows++
		for i, c := range row {
			cells[i] = c.value(styles)
		}
		if err := w.SetRow("A"+strconv.Itoa(rows), cells[:len(row)], excelize.RowOpts{Height: s.height(row)}); err != nil {
			return err
		}
	}
	last, err := excelize.CoordinatesToCellName(len(s.Columns), max(2, rows))
	if err != nil {
		return err
	}
	if err := w.AddTable(&excelize.Table{Range: "A1:" + last, Name: fmt.Sprintf("table%d", number), StyleName: "TableStyleLight1"}); err != nil {
		return err
	}
	return w.Flush()
}

func (s Sheet) heads() (row []Cell) {
	for _, c := range s.Columns {
		row = append(row, Text(c.Head))
	}
	return row
}

// height is how high a row must be, in points, for its words to be seen when they wrap.
func (s Sheet) height(row []Cell) float64 {
	lines := 1.0
	for i, c := range row {
		lines = max(lines, math.Ceil(float64(utf8.RuneCountInString(c.Text))/(1.1*s.Columns[i].Width)))
	}
	return min(15*lines, 400)
}

func (c Cell) value(styles looks) any {
	switch {
	case c.Format != Words:
		return excelize.Cell{StyleID: styles.cells[c.Format], Value: c.Number}
	case c.Text == "":
		return nil
	}
	text := c.Text
	if len(text) > mostLetters {
		text = strings.ToValidUTF8(text[:mostLetters], "") + " …"
	}
	return excelize.Cell{StyleID: styles.cells[Words], Value: text}
}
