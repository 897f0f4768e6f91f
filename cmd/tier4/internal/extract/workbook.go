package extract

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"tier4/scenarios"
)

// readWorkbook reads a sheet of an XLSX workbook: the one wanted, else the one whose header names the most
// of what an extract has.
func readWorkbook(file string, data []byte, wanted string) (s *sheet, err error) {
	refuse := func(what, instead string) (*sheet, error) {
		return nil, scenarios.Faults{{File: file, What: what, Instead: instead}}
	}
	defer func() { // a workbook that breaks its own rules may break the library that reads it
		if r := recover(); r != nil {
			s, err = refuse("this workbook cannot be read", "open it and save it anew, or save the sheet as CSV")
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: 512 << 20, UnzipXMLSizeLimit: 256 << 20})
	if err != nil {
		return refuse("this workbook cannot be read", "open it and save it anew as `Excel Workbook (.xlsx)`, or save the sheet as CSV")
	}
	defer book.Close()
	names := book.GetSheetList()
	if wanted != "" {
		name := ""
		for _, n := range names {
			if strings.EqualFold(n, wanted) {
				name = n
			}
		}
		if name == "" {
			return refuse("there is no sheet `"+wanted+"`", scenarios.Meant(wanted, names)+"the sheets are "+scenarios.Quoted(names, "and"))
		}
		names = []string{name}
	}
	best := -1
	for _, name := range names {
		one, err := readRows(book, file, name)
		if err != nil {
			if len(names) == 1 {
				return refuse("sheet `"+name+"`: "+err.Error(), "save the sheet as CSV")
			}
			continue
		}
		if score := one.likeness(); score > best {
			s, best = one, score
		}
	}
	if s == nil {
		return refuse("the workbook has no sheet that can be read", "save the sheet as CSV")
	}
	s.sheets = book.GetSheetList()
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		s.from04 = *props.Date1904
	}
	return s, nil
}

// likeness is how many columns of an extract the sheet's header names.
func (s *sheet) likeness() int {
	if len(s.lines) == 0 {
		return 0
	}
	at, known := s.headerAt(nil)
	return 1000*known + min(999, len(s.lines)-at)
}

func readRows(book *excelize.File, file, name string) (*sheet, error) {
	rows, err := book.Rows(name)
	if err != nil {
		return nil, fmt.Errorf("it cannot be read")
	}
	defer rows.Close()
	s := &sheet{file: file, how: "sheet `" + tidy(name) + "` of an XLSX workbook"}
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, fmt.Errorf("row %d cannot be read", number)
		}
		if len(cells) > mostColumns {
			return nil, fmt.Errorf("row %d has more than 2,000 cells", number)
		}
		at := line{number: number}
		for _, c := range cells {
			at.cells = append(at.cells, tidy(unscientific(c)))
		}
		if at.filled() == 0 {
			s.blank++
			continue
		}
		s.lines = append(s.lines, at)
	}
	return s, rows.Error()
}

var scientific = regexp.MustCompile(`^[0-9]\.[0-9]+E\+?[0-9]{1,2}$`)

// unscientific writes out a long number, such as a key, that a workbook keeps as 1.0203E+9.
func unscientific(text string) string {
	if !scientific.MatchString(text) {
		return text
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
