package extract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tier4/scenarios"
)

// table is a sheet whose header has been found.
type table struct {
	*sheet
	header []string // a name for each column, each once
	head   []string // the cells of the header as they stand
	at     int      // the line of the header
	above  []line   // titles and the like
	rows   []line
	again  []line // the header repeated, as at the top of a printed page
}

// deepest is how far down a header is looked for.
const deepest = 60

// headerAt is the index of the line that reads most like a header, and how many of its cells do. named are
// columns that it must have, if any are known.
func (s *sheet) headerAt(named []string) (at, known int) {
	at = -1
	for i, l := range s.lines[:min(deepest, len(s.lines))] {
		score, seen := 0, map[string]bool{}
		isNamed := func(c string) bool {
			return slices.ContainsFunc(named, func(n string) bool { return strings.EqualFold(n, c) })
		}
		if values := l.values(isNamed); 10*values > l.filled() { // a row
			continue
		}
		for _, c := range l.cells {
			low := strings.ToLower(c)
			if c == "" || seen[low] || len(c) > 80 || readDate(c, false).ok {
				continue
			}
			seen[low] = true
			if isNamed(c) {
				score += 3
			} else if h := classify(c, knownStages); h.what != "" || h.stage >= 0 {
				score++
			}
		}
		if score > known {
			at, known = i, score
		}
	}
	return at, known
}

// values counts the cells that are dates or numbers, as those of a header hardly ever are, but for those named.
func (l line) values(named func(string) bool) (n int) {
	for _, c := range l.cells {
		if _, err := strconv.ParseFloat(c, 64); (err == nil || readDate(c, false).ok) && !named(c) {
			n++
		}
	}
	return n
}

// withHeader finds the header of a sheet, and names its columns.
func withHeader(s *sheet, named []string) (*table, error) {
	at, known := s.headerAt(named)
	if known < 2 {
		what := "no line reads like a header"
		if first := slices.IndexFunc(s.lines, func(l line) bool { return l.values(func(string) bool { return false }) > 0 }); first >= 0 {
			what += fmt.Sprintf(": line %d has dates or numbers, so it is a row already", s.lines[first].number)
		}
		return nil, scenarios.Faults{{
			File: s.file, What: what,
			Instead: "name the columns in one line, such as `episode_id`, `referred_on`, `detox_admitted_on`, or say with --columns which is which",
		}}
	}
	t := &table{sheet: s, at: s.lines[at].number, above: s.lines[:at]}
	head := s.lines[at]
	t.head = head.cells
	t.name(head, at)
	for _, l := range s.lines[at+1:] {
		if l.broken == "" && slices.Equal(trimmed(l.cells), trimmed(head.cells)) {
			t.again = append(t.again, l)
			continue
		}
		t.rows = append(t.rows, l)
	}
	return t, nil
}

// trimmed is cells without the empty ones at the end.
func trimmed(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// name gives each column its name: the header's cell; with the cell of the line above that spans it where
// the header alone names several columns alike; a letter where there is none.
func (t *table) name(head line, at int) {
	width, wide := len(trimmed(head.cells)), map[int]int{}
	for _, l := range t.lines[at+1:] {
		wide[len(trimmed(l.cells))]++
	}
	for n, lines := range wide { // columns without a header, unless a few lines, or a sign too many, have made them
		if 20*lines > len(t.lines)-at && (!t.text || n <= len(head.cells)) {
			width = max(width, n)
		}
	}
	times := map[string]int{}
	for _, c := range head.cells {
		times[strings.ToLower(c)]++
	}
	group, used := "", map[string]bool{}
	for i := range width {
		if at > 0 && t.lines[at-1].cell(i) != "" {
			group = t.lines[at-1].cell(i)
		}
		name := head.cell(i)
		switch {
		case name == "":
			name = "column " + letters(i)
		case group != "" && (times[strings.ToLower(name)] > 1 || bare(name) && stageOf(tokens(group), knownStages) >= 0):
			name = group + " " + name
		}
		for n, plain := 2, name; used[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s (%d)", plain, n)
		}
		used[strings.ToLower(name)] = true
		t.header = append(t.header, name)
	}
}

// bare says that a header says nothing without the one above it: `Start`, `Date`.
func bare(header string) bool {
	return stageOf(tokens(header), knownStages) < 0 && general(tokens(header)) == ""
}

// letters is a column as workbooks call it: A, B, …, Z, AA.
func letters(i int) string {
	text := ""
	for i++; i > 0; i = (i - 1) / 26 {
		text = string(rune('A'+(i-1)%26)) + text
	}
	return text
}

// has says whether a column has just this name, but for its case.
func (t *table) has(name string) bool {
	return slices.ContainsFunc(t.header, func(h string) bool { return strings.EqualFold(h, strings.TrimSpace(name)) })
}

// column is the index of the column of a name, whatever its case and blanks; -1 if there is none.
func (t *table) column(name string) int {
	if i := slices.Index(t.header, name); i >= 0 {
		return i
	}
	i := slices.IndexFunc(t.header, func(h string) bool { return strings.EqualFold(h, strings.TrimSpace(name)) })
	if i >= 0 {
		return i
	}
	wanted, found := strings.Join(tokens(name), " "), -1
	for i, h := range t.header {
		if wanted != "" && strings.Join(tokens(h), " ") == wanted {
			if found >= 0 {
				return -1 // two columns that differ in signs only
			}
			found = i
		}
	}
	return found
}

// heading is what a header says a column is.
type heading struct {
	stage int    // of the stages known, -1 for none
	what  string // a key of the columns: admitted, outcome, cohort, …; "" when only the stage is clear
	stem  string // the words that are no role, for stages nobody knows
}

// classify reads a header by its words.
func classify(header string, stages []known) heading {
	all := tokens(header)
	words := slices.DeleteFunc(slices.Clone(all), func(w string) bool {
		return has([]string{w}, "date", "dates", "dt", "on", "at", "of", "the", "day", "time", "was", "by", "for", "actual", "yyyy", "mm", "dd")
	})
	if what := general(words); what == "cohort" || what == "person" {
		return heading{-1, what, ""} // `client group` is no group
	}
	h := heading{stage: stageOf(words, stages)}
	if h.stage >= 0 {
		h.what = roleAt(words, stages[h.stage])
		return h
	}
	h.what = general(words)
	var stem []string
	for _, w := range words {
		if !has([]string{w}, slices.Concat(listedWords, admittedWords, leftWords, outcomeWords, contractWords)...) {
			stem = append(stem, w)
		}
	}
	if h.what == "" || h.what == "closed" || h.what == "reason" || h.what == "referred" {
		h.stem = strings.Join(stem, "-")
	}
	return h
}

// stageOf is the stage that words name. Where they name several, the narrower holds: a preparation group
// for detox is preparation, funding of rehab is rehab's.
func stageOf(words []string, stages []known) int {
	best := -1
	for i, s := range stages {
		if !has(words, s.words...) || s.name == "aftercare" && has(words, "after") && !has(words, "aftercare", "care", "support") ||
			s.name == "aftercare" && has(words, "recovery") && !has(words, "support", "aftercare") {
			continue
		}
		switch {
		case best < 0:
			best = i
		case stages[best].name == "panel" && !has(words, "panel*", "pnl", "committee"):
			best = i
		}
	}
	return best
}

// roleAt is what words beside a stage's name say.
func roleAt(words []string, s known) string {
	others := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return has([]string{w}, s.words...) })
	switch {
	case has(words, "contract*", "purchas*", "block", "spot", "commission*", "procure*") || s.name != "panel" && has(others, "funding", "bed"):
		return "contract"
	case has(words, "outcome", "result", "reason", "status", "destination", "how", "disposal") || s.name == "panel" && has(words, "decision", "decided"):
		return "outcome"
	case has(others, listedWords...):
		return "listed"
	case has(others, leftWords...):
		return "left"
	case has(others, admittedWords...):
		return "admitted"
	case has(others, "id", "ref", "no", "number", "name", "provider", "unit", "worker", "notes", "comment*", "cost", "days", "length", "los"):
		return "aside"
	}
	return ""
}

// general is what words that name no stage say.
func general(words []string) string {
	closing := has(words, "closed", "closure", "close", "closing", "discharge*", "exit*", "end", "ended", "leaving", "completion", "completed", "outcome")
	switch {
	case has(words, "nhs", "person", "client", "patient", "service", "nino", "swift") && has(words, "id", "ref", "reference", "no", "number", "user", "key", "code", "nhs", "urn"):
		return "person"
	case has(words, "source", "referrer", "stream") || has(words, "referral", "referred") && has(words, "by", "agency", "type", "route"):
		return "source"
	case has(words, "cohort", "substance*", "drug*", "drink", "category") || has(words, "client", "treatment", "user", "need") && has(words, "group", "type"):
		return "cohort"
	case has(words, "id", "ref", "reference", "no", "number", "urn", "key", "uid", "code", "identifier", "record") && !has(words, "phone", "tel*", "post*", "days"):
		return "episode"
	case has(words, "reason") || closing && has(words, "type", "status", "outcome", "how", "destination"):
		return "reason"
	case has(words, "referral", "referred", "ref", "received", "presented", "presentation"):
		return "referred"
	case closing:
		return "closed"
	case has(words, "sex", "gender"):
		return "sex"
	case has(words, "client", "patient", "person") && len(words) == 1:
		return "person"
	case has(words, "episode", "case") && len(words) == 1:
		return "episode"
	}
	return ""
}
