package extract

import (
	"bytes"
	"fmt"
	"strings"

	"tier4/scenarios"
)

// Bounds of what is read, far beyond any real extract.
const (
	mostBytes   = 64 << 20
	mostColumns = 2000
)

// sheet is the cells of a file, as text, before anything is known of what they mean.
type sheet struct {
	file   string
	how    string // "CSV, parted by `;`, Windows-1252"
	lines  []line // those with anything in them, in order
	blank  int    // lines with nothing in them
	text   bool   // a sign parts the cells, and one too many shifts them
	nul    []int  // the lines with bytes of value 0 in them, which are left out
	from04 bool   // a workbook that counts days from 1904
	sheets []string
}

// line is one line of a file, or one row of a workbook.
type line struct {
	number int // from 1
	cells  []string
	broken string // why it cannot be read as cells, "" if it can
}

// cell is a cell by its index, "" beyond the end.
func (l line) cell(i int) string {
	if i < 0 || i >= len(l.cells) {
		return ""
	}
	return l.cells[i]
}

// filled counts the cells with something in them.
func (l line) filled() (n int) {
	for _, c := range l.cells {
		if c != "" {
			n++
		}
	}
	return n
}

// readSheet reads a CSV file or a workbook, whichever the bytes are.
func readSheet(file string, data []byte, wanted string) (*sheet, error) {
	refuse := func(what, instead string) (*sheet, error) {
		return nil, scenarios.Faults{{File: file, What: what, Instead: instead}}
	}
	switch {
	case len(data) > mostBytes:
		return refuse(fmt.Sprintf("the file has %d MiB", len(data)>>20), "an extract has at most 64 MiB; leave out columns that are not needed")
	case len(bytes.TrimSpace(data)) == 0:
		return refuse("the file is empty", "give a CSV file or an XLSX workbook with a header and one row an episode")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readWorkbook(file, data, wanted)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return refuse("this is an old Excel workbook (.xls), or one with a password", "save it as `Excel Workbook (.xlsx)` or as CSV, without a password")
	case bytes.HasPrefix(data, []byte("%PDF")), bytes.HasPrefix(data, []byte("{")), bytes.HasPrefix(data, []byte("<")):
		return refuse("this is no CSV file and no XLSX workbook", "export the rows as CSV or XLSX")
	}
	if wanted != "" {
		return refuse("`--sheet` is for workbooks, and this is text", "leave it out")
	}
	return readText(file, data)
}

// tidy takes out of a cell what nobody means by it: blanks around it, no-break and doubled blanks,
// line ends, control characters.
func tidy(text string) string {
	if plain(text) {
		return text
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0', r == '\u202f', r == '\t', r == '\n', r == '\r':
			return ' '
		case r < ' ', r == 0x7f, r >= 0x80 && r < 0xa0, r == '\u200b', r == '\ufeff', r == '\ufffe':
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// plain says that there is nothing to tidy, as in nearly every cell.
func plain(text string) bool {
	blank := true
	for i := range len(text) {
		c := text[i]
		if c >= 0x7f || c < ' ' || c == ' ' && blank {
			return false
		}
		blank = c == ' '
	}
	return text == "" || !blank
}

// nothing are the ways in which systems write that there is no value.
var nothing = map[string]bool{
	"": true, "null": true, "(null)": true, "<null>": true, "none": true, "nil": true, "nan": true, "nat": true, "na": true, "n/a": true,
	"#n/a": true, "n.a.": true, "not applicable": true, "not known": true, "unknown": true, "not recorded": true, "missing": true,
	"blank": true, "(blank)": true, "tbc": true, "-": true, "--": true, "---": true, "–": true, "—": true, ".": true, "?": true,
}

// isNothing says whether a cell says that there is no value.
func isNothing(text string) bool { return text == "" || nothing[strings.ToLower(text)] }
