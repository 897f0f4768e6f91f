package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

const (
	mostBytes = 1 << 20 // of one scenario
	mostDepth = 40      // of values inside values
)

// parse reads the text of one file into a tree. The root is nil when the text
// cannot be read as one YAML document; what can be read is returned beside faults.
func parse(file string, text []byte, faults *Faults) *node {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !legible(file, text, faults) {
		return nil
	}
	var first, second yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(text))
	err := documents.Decode(&first)
	if err == nil {
		if again := documents.Decode(&second); again == nil {
			at := pos{file, max(1, second.Line), max(1, second.Column)}
			faults.add(at, "a second document starts here", "keep one scenario a file; remove the `---` line")
		} else if !errors.Is(again, io.EOF) {
			err = again
		}
	}
	switch {
	case errors.Is(err, io.EOF) || err == nil && blank(&first):
		faults.add(pos{file, 1, 1}, "the file is empty", "start with `name:`; `tier4 init` writes a starter scenario")
		return nil
	case err != nil:
		faults.add(misread(file, text, err))
		return nil
	}
	return convert(file, first.Content[0], "", 1, faults)
}

// blank says whether a document holds nothing but comments.
func blank(doc *yaml.Node) bool {
	return len(doc.Content) == 0 || doc.Content[0].Kind == yaml.ScalarNode &&
		doc.Content[0].Tag == "!!null" && doc.Content[0].Value == ""
}

// otherFiles are how files begin that are sometimes taken for a scenario: of Word and Excel, of old Word and Excel, and PDF.
var otherFiles = []string{"PK\x03\x04", "\xd0\xcf\x11\xe0", "%PDF-"}

// legible refuses what is no text of reasonable size.
func legible(file string, text []byte, faults *Faults) bool {
	if len(text) > mostBytes {
		faults.add(pos{file: file}, fmt.Sprintf("the file has %.1f MiB", float64(len(text))/(1<<20)),
			"a scenario has at most 1 MiB; put long lists into a CSV file")
		return false
	}
	for _, begins := range otherFiles {
		if bytes.HasPrefix(text, []byte(begins)) {
			faults.add(pos{file: file}, "this is not a text file", "a scenario is a plain text file whose name ends in .yaml")
			return false
		}
	}
	line, column := 1, 1
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		at := pos{file, line, column}
		switch {
		case r == utf8.RuneError && size == 1:
			faults.add(at, "this is not UTF-8 text", "save the file as UTF-8; in Windows Notepad that is a choice under Save as")
			return false
		case r < ' ' && r != '\n' && r != '\r' && r != '\t', r == 0x7f:
			faults.add(at, fmt.Sprintf("a control character (%U) has no place in a scenario", r), "remove it")
			return false
		case r == '\n':
			line, column = line+1, 0
		}
		i, column = i+size, column+1
	}
	return true
}

// convert turns a YAML node and all under it into a node of ours.
func convert(file string, y *yaml.Node, key string, depth int, faults *Faults) *node {
	n := &node{at: pos{file, y.Line, y.Column}, key: key}
	switch {
	case depth > mostDepth:
		faults.add(n.at, "values are nested too deeply", "a scenario needs a dozen levels at most")
		n.sort = empty
		return n
	case y.Kind == yaml.AliasNode, y.Anchor != "":
		faults.add(n.at, "anchors (`&name`) and aliases (`*name`) are not used here",
			"write the value out, or make a variant with `extends` and `changes`")
		n.broken = y.Kind == yaml.AliasNode
	case y.Style&yaml.TaggedStyle != 0:
		faults.add(n.at, "tags such as `"+y.Tag+"` are not used here", "remove the tag")
	}
	switch y.Kind {
	case yaml.SequenceNode:
		n.sort = list
		for _, item := range rejoin(y) {
			n.items = append(n.items, convert(file, item, "", depth+1, faults))
		}
	case yaml.MappingNode:
		n.sort = mapping
		convertEntries(file, y, n, depth, faults)
	case yaml.ScalarNode:
		n.text = y.Value
		n.quoted = y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
		if y.Tag == "!!null" && !n.quoted {
			n.sort = empty
		}
	default:
		n.sort = empty
	}
	return n
}

func convertEntries(file string, y *yaml.Node, n *node, depth int, faults *Faults) {
	pairs := rejoin(y)
	for i := 0; i+1 < len(pairs); i += 2 {
		k, v := pairs[i], pairs[i+1]
		at := pos{file, k.Line, k.Column}
		switch {
		case k.Kind != yaml.ScalarNode:
			faults.add(at, "a key must be a single word", "write `key: value`")
			continue
		case k.Tag == "!!merge":
			faults.add(at, "merging with `<<` is not used here", "make a variant with `extends` and `changes`")
			continue
		case k.Anchor != "" || k.Style&yaml.TaggedStyle != 0:
			faults.add(at, "anchors and tags are not used here", "write the plain key")
		}
		if before := n.index(k.Value); before >= 0 {
			faults.add(at, "`"+short(k.Value)+"` is given twice",
				fmt.Sprintf("keep one; the first is on line %d", n.entries[before].at.line))
			continue
		}
		n.entries = append(n.entries, entry{k.Value, at, convert(file, v, k.Value, depth+1, faults)})
	}
}

var (
	beginsAmount  = regexp.MustCompile(`^[-+]?£? ?[0-9]{1,3}(,[0-9]{3})*$`)
	beginsPounds  = regexp.MustCompile(`(?:^[-+]?|[\s<>=≤≥])£ ?[0-9]{1,3}(,[0-9]{3})*$`)
	continuesThis = regexp.MustCompile(`^[0-9]{3}(\.[0-9]+)?( .*)?$`)
)

// rejoin puts together again the amounts that YAML splits at the comma inside
// braces: {cost: £10,000} comes as `cost: £10` and a key `000` without value.
// Only what touches, with no blank after the comma, is joined.
func rejoin(y *yaml.Node) []*yaml.Node {
	if y.Style&yaml.FlowStyle == 0 {
		return y.Content
	}
	touches := func(a, b *yaml.Node) bool {
		return a.Kind == yaml.ScalarNode && b.Kind == yaml.ScalarNode && a.Style == 0 && b.Style == 0 &&
			a.Line == b.Line && b.Column == a.Column+utf8.RuneCountInString(a.Value)+1 &&
			continuesThis.MatchString(b.Value)
	}
	var joined []*yaml.Node
	extend := func(by *yaml.Node) {
		last := *joined[len(joined)-1]
		last.Value += "," + by.Value
		joined[len(joined)-1] = &last
	}
	if y.Kind == yaml.SequenceNode {
		for _, item := range y.Content {
			if k := len(joined); k > 0 && touches(joined[k-1], item) && beginsPounds.MatchString(joined[k-1].Value) {
				extend(item)
			} else {
				joined = append(joined, item)
			}
		}
		return joined
	}
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		bare := v.Kind == yaml.ScalarNode && v.Tag == "!!null" && v.Value == ""
		if j := len(joined); bare && j > 0 && touches(joined[j-1], k) && beginsAmount.MatchString(joined[j-1].Value) {
			extend(k)
		} else {
			joined = append(joined, k, v)
		}
	}
	return joined
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

// misread places an error of the YAML reader and says it in plain words.
func misread(file string, text []byte, err error) (at pos, what, instead string) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	lines := strings.Split(string(text), "\n")
	at = pos{file: file, line: 1, column: 1}
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		at.line, _ = strconv.Atoi(m[1])
		message = strings.Replace(message, m[0], "", 1)
	}
	for i, line := range lines {
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if t := strings.IndexByte(indent, '\t'); t >= 0 {
			return pos{file, i + 1, t + 1}, "a tab indents this line", "indent with blanks, two a level"
		}
	}
	at.line = min(unreadable(lines, at.line), len(lines))
	line := lines[at.line-1]
	at.column = 1 + len(line) - len(strings.TrimLeft(line, " "))
	for _, known := range syntax {
		if strings.Contains(message, known.says) {
			return at, known.what, known.instead
		}
	}
	return at, "this is not YAML (" + short(message) + ")", "write `key: value`, indented by blanks"
}

// unreadable is the line from which on a text is no YAML: the one after the
// most lines that can be read by themselves. The YAML reader's own guess, often
// the start of the map around it, stands for texts too long to try.
func unreadable(lines []string, guess int) int {
	if size := len(strings.Join(lines, "\n")); len(lines) > 1000 || size > 100_000 {
		return guess
	}
	for n := len(lines) - 1; n > 0; n-- {
		var any yaml.Node
		if yaml.Unmarshal([]byte(strings.Join(lines[:n], "\n")), &any) == nil {
			for n+1 < len(lines) && strings.TrimSpace(lines[n]) == "" {
				n++
			}
			return n + 1
		}
	}
	return 1
}

// syntax gives plain words for what the YAML reader says.
var syntax = []struct{ says, what, instead string }{
	{"did not find expected ',' or '}'", "a `{` opened about here is not closed, or a comma is missing", "write `{key: value, key: value}`"},
	{"did not find expected ',' or ']'", "a `[` opened about here is not closed, or a comma is missing", "write `[one, two]`"},
	{"did not find expected node content", "a value is missing or starts with a sign that YAML keeps for itself", "put the value in quotes"},
	{"mapping values are not allowed", "a `:` stands where no key can be", "indent keys alike, one a line, or put the value in quotes"},
	{"could not find expected ':'", "a key lacks its `:`", "write `key: value`, with a blank after the `:`"},
	{"did not find expected key", "this line is not indented like its neighbours, or a quote or bracket is left open", "line up the keys of a map"},
	{"did not find expected '-' indicator", "this line is not indented like the items of the list", "line up the `-` signs"},
	{"block sequence entries are not allowed", "a list item (`- `) stands where none can be", "start the list on a line of its own, or write `[one, two]`"},
	{"found unexpected end of stream", "a quote is not closed", "end the text with the quote it starts with"},
	{"found unexpected document indicator", "a quote is not closed before `---`", "end the text with the quote it starts with"},
	{"cannot start any token", "a value starts with a sign that YAML keeps for itself", "put the value in quotes"},
	{"unknown escape", "a backslash in double quotes is not understood", "use single quotes"},
	{"unknown anchor", "aliases (`*name`) are not used here", "write the value out, or put it in quotes"},
	{"exceeded max depth", "values are nested too deeply", "a scenario needs a dozen levels at most"},
}
