package extract

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tier4/scenarios"
)

// readText reads a CSV file, whatever parts its cells and however it is encoded.
func readText(file string, data []byte) (*sheet, error) {
	text, coding := decoded(data)
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
	s := &sheet{file: file, text: true}
	first := 0
	parted, named := strings.CutPrefix(strings.ToLower(strings.TrimSpace(lines[0])), "sep=")
	if named && len(parted) <= 1 { // Excel's own way of naming the separator
		first = 1
	} else {
		named = false
	}
	comma := separator(lines[first:])
	if named {
		comma = ','
		if parted != "" {
			comma = rune(parted[0])
		}
		if comma == '"' || comma >= utf8.RuneSelf {
			return nil, scenarios.Faults{{File: file, Line: 1, Column: 1, What: "`sep=` names no separator", Instead: "write `sep=;` or remove the line"}}
		}
	}
	s.how = "CSV, parted by " + separators[comma] + ", " + coding
	for i := first; i < len(lines); {
		cells, used, broken := record(lines[i:], comma)
		at := line{number: i + 1, broken: broken}
		for _, c := range cells {
			at.cells = append(at.cells, tidy(c))
		}
		if strings.Contains(strings.Join(lines[i:i+used], ""), "\x00") {
			s.nul = append(s.nul, at.number)
		}
		i += used
		if at.filled() == 0 && broken == "" {
			s.blank++
			continue
		}
		if len(at.cells) > mostColumns {
			return nil, scenarios.Faults{{File: file, Line: at.number, Column: 1, What: "the line has more than 2,000 cells", Instead: "give one row an episode"}}
		}
		s.lines = append(s.lines, at)
	}
	if s.blank > 0 && lines[len(lines)-1] == "" {
		s.blank-- // after the last line end there is no line
	}
	return s, nil
}

var separators = map[rune]string{',': "commas", ';': "semicolons", '\t': "tabs", '|': "`|`"}

// decoded is the text of a file and the name of its encoding: by its mark, else UTF-8 where that is what
// it can be, else Windows-1252.
func decoded(data []byte) (text, coding string) {
	by := func(e encoding.Encoding, name string) (string, string) {
		out, err := e.NewDecoder().Bytes(data)
		if err != nil { // these decoders replace what they cannot read
			out = bytes.ToValidUTF8(data, []byte("\ufffd"))
		}
		return string(out), name
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return by(unicode.UTF8BOM, "UTF-8 with a mark")
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return by(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), "UTF-16")
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return by(unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM), "UTF-16")
	case len(data) > 3 && data[1] == 0 && data[3] == 0:
		return by(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16")
	case utf8.Valid(data):
		return string(data), "UTF-8"
	}
	return by(charmap.Windows1252, "Windows-1252")
}

// separator is what parts the cells: what gives the most lines the same number of cells, more than one.
func separator(lines []string) rune {
	best, most := ',', 0
	for _, comma := range []rune{',', ';', '\t', '|'} {
		alike := map[int]int{}
		for i, seen := 0, 0; i < len(lines) && seen < 100; {
			cells, used, _ := record(lines[i:], comma)
			i += used
			if len(cells) > 1 {
				alike[len(cells)]++
			}
			seen++
		}
		for n, times := range alike { // the most of all, so the order does not matter
			if score := times * min(n, 50); score > most {
				best, most = comma, score
			}
		}
	}
	return best
}

// A cell in quotes may go over so many lines, and the record have so many bytes.
const (
	mostQuoted   = 30
	mostInQuotes = 1 << 16
)

// record reads one record from the first lines of those given. The standard library's reader would let a
// quote that is not closed swallow all lines that follow. Here it is a sign like any other if it never
// closes, or if it would take in lines that are records of their own.
func record(lines []string, comma rune) (cells []string, used int, broken string) {
	whole := 0 // the most cells of a further line, read by itself
	for n := 1; n <= min(mostQuoted, len(lines)); n++ {
		if n > 1 {
			alone, open := split(lines[n-1], comma)
			if !open {
				whole = max(whole, len(alone))
			}
		}
		text := strings.Join(lines[:n], "\n")
		if n > 1 && len(text) > mostInQuotes {
			break
		}
		cells, open := split(text, comma)
		if open {
			continue
		}
		if n > 1 && whole > 1 && whole >= len(cells) {
			break
		}
		return cells, n, ""
	}
	for _, c := range strings.Split(lines[0], string(comma)) {
		cells = append(cells, strings.Trim(strings.TrimSpace(c), `"`))
	}
	return cells, 1, "a quote (\") is not closed"
}

// split parts one record into its cells (RFC 4180); open says that it ends within quotes. A quote inside
// a cell that does not start with one, or that neither another nor the end of the cell follows, is a sign
// like any other.
func split(text string, comma rune) (cells []string, open bool) {
	if !strings.Contains(text, `"`) {
		return strings.Split(text, string(comma)), false
	}
	var cell strings.Builder
	start, signs := true, []rune(text)
	for i := 0; i < len(signs); i++ {
		c := signs[i]
		next := comma
		if i+1 < len(signs) {
			next = signs[i+1]
		}
		switch {
		case start && c == '"':
			start, open = false, true
			continue
		case start && c == ' ':
			continue
		case open && c == '"' && next == '"' && i+1 < len(signs):
			i++
		case open && c == '"' && (next == comma || next == ' ' || next == '\n'):
			open = false
			continue
		case !open && c == comma:
			cells = append(cells, cell.String())
			cell.Reset()
			start = true
			continue
		}
		start = false
		cell.WriteRune(c)
	}
	return append(cells, cell.String()), open
}
