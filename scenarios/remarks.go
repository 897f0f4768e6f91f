package scenarios

import "strings"

// Remark is what the author of a scenario wrote beside a value: where it is from, or that it is assumed.
type Remark struct {
	Path  string // pathway.rehab.stay, without `changes`
	Value string // YAML on one line; "" for a remark on a whole section
	Text  string // the comment's words
}

// Preface is the comment at the head of the scenario's own file, a paragraph each.
func (s *Scenario) Preface() []string {
	return paragraphs(head(comments(s.Source)))
}

// head are the comments on the first lines that have any, until a line that has none or is not one alone.
func head(all []comment) []comment {
	for i, c := range all {
		if !c.alone || i > 0 && c.line != all[i-1].line+1 {
			return all[:i]
		}
	}
	return all
}

// Question is what the scenario was written to answer, where its preface says so: The question: "…".
func (s *Scenario) Question() string {
	for _, p := range s.Preface() {
		if after, ok := strings.CutPrefix(p, "The question:"); ok {
			return strings.Trim(strings.TrimSpace(after), `"“”`)
		}
	}
	return ""
}

// Remarks are the comments beside and above the values of the scenario's own file, in its order. Those
// of what it extends are that scenario's.
func (s *Scenario) Remarks() []Remark {
	var ignored Faults // said when the scenario was read
	tree := parse("", s.Source, &ignored)
	if tree == nil {
		return nil
	}
	all := comments(s.Source)
	all = all[len(head(all)):]
	var remarks []Remark
	for _, k := range keyLines("", tree, nil) {
		if text := strings.TrimSpace(above(all, k) + " " + onLine(all, k)); text != "" {
			remarks = append(remarks, Remark{strings.TrimPrefix(k.path, "changes."), k.value, text})
		}
	}
	return remarks
}

// keyLine is the first key of a line.
type keyLine struct {
	path, value  string
	line, column int
}

// keyLines are the first keys of all lines that have one, from the top down.
func keyLines(path string, n *node, found []keyLine) []keyLine {
	for _, e := range n.entries {
		at := join(path, e.key)
		if len(found) == 0 || found[len(found)-1].line != e.at.line {
			k := keyLine{path: at, line: e.at.line, column: e.at.column}
			if e.value.sort != mapping || e.value.at.line == e.at.line {
				k.value = e.value.String()
			}
			found = append(found, k)
		}
		if e.value.sort == mapping {
			found = keyLines(at, e.value, found)
		}
	}
	return found
}

// comment is the comment of one line.
type comment struct {
	line, column int
	text         string
	alone        bool // nothing else stands on the line
}

// comments are those of a text, in order.
func comments(text []byte) (all []comment) {
	for i, line := range strings.Split(string(text), "\n") {
		if at := commentAt(line); at >= 0 {
			all = append(all, comment{i + 1, len([]rune(line[:at])) + 1, strings.TrimRight(line[at+1:], " \r"), strings.TrimSpace(line[:at]) == ""})
		}
	}
	return all
}

// commentAt is where a line's comment begins, -1 without one: a # at the start or after a blank, outside quotes.
func commentAt(line string) int {
	quote := byte(0)
	for i := range len(line) {
		switch c := line[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t'):
			return i
		}
	}
	return -1
}

// onLine is the comment on a key's line, and on the lines under it that go on in the same column.
func onLine(all []comment, k keyLine) string {
	var block []comment
	for _, c := range all {
		switch {
		case c.line == k.line:
			block = append(block, c)
		case len(block) > 0 && c.alone && c.line == block[len(block)-1].line+1 && c.column == block[0].column:
			block = append(block, c)
		}
	}
	return strings.Join(paragraphs(block), " ")
}

// above is the comment on the lines just above a key, in its column.
func above(all []comment, k keyLine) string {
	var block []comment
	for i := len(all) - 1; i >= 0; i-- {
		if c := all[i]; c.alone && c.column == k.column && c.line == k.line-1-len(block) {
			block = append([]comment{c}, block...)
		}
	}
	return strings.Join(paragraphs(block), " ")
}

// paragraphs joins the lines of a comment; an empty one, or one that starts a numbered point, begins anew.
func paragraphs(block []comment) (all []string) {
	open := false
	for _, c := range block {
		text := strings.Join(strings.Fields(c.text), " ")
		switch {
		case text == "":
			open = false
		case open && !numbered(text):
			all[len(all)-1] += " " + text
		default:
			all, open = append(all, text), true
		}
	}
	return all
}

// numbered says whether a line starts with `3. `.
func numbered(text string) bool {
	n := strings.IndexByte(text, '.')
	return n > 0 && n < 3 && strings.Trim(text[:n], "0123456789") == "" && strings.HasPrefix(text[n:], ". ")
}
