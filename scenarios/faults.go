package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing wrong with a scenario, where it stands, and what would be right.
type Fault struct {
	File          string // as given; `--set` for a setting, whose Line counts the settings
	Line, Column  int    // from 1; 0 when the fault has no place
	What, Instead string
}

// Error is "file:line:column: what is wrong; what would be right".
func (f Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", f.Line, f.Column)
	}
	b.WriteString(": " + f.What)
	if f.Instead != "" {
		b.WriteString("; " + f.Instead)
	}
	return b.String()
}

// Faults are all the faults of a scenario, by file and position.
type Faults []Fault

// Error has one line a fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// add notes a fault at a place.
func (f *Faults) add(at pos, what, instead string) {
	*f = append(*f, Fault{at.file, at.line, at.column, what, instead})
}

// err is nil without faults, and otherwise the faults, sorted, each once.
func (f Faults) err() error {
	if len(f) == 0 {
		return nil
	}
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.What, b.What))
	})
	return slices.Compact(f)
}

// quoted lists words in back quotes: "`a`, `b` or `c`", with the given last joint.
func quoted(words []string, joint string) string {
	ticked := make([]string, len(words))
	for i, w := range words {
		ticked[i] = "`" + w + "`"
	}
	if len(ticked) < 2 {
		return strings.Join(ticked, "")
	}
	last := len(ticked) - 1
	return strings.Join(ticked[:last], ", ") + " " + joint + " " + ticked[last]
}

// meant is "did you mean `x`? " when one of the words is close to the given one, else "".
func meant(word string, words []string) string {
	if best := nearest(word, words); best != "" {
		return "did you mean `" + best + "`? "
	}
	return ""
}

// nearest is the word that was meant, "" if none is near.
func nearest(word string, words []string) string {
	best, least := "", mostEdits(word)+1
	for _, w := range words {
		if n := min(len(w), len(word)); n >= 3 && least > 1 && strings.EqualFold(w[:n], word[:n]) {
			best, least = w, 1 // one is the beginning of the other
		}
		if d := distance(strings.ToLower(word), strings.ToLower(w)); d < least {
			best, least = w, d
		}
	}
	return best
}

// mostEdits is by how many edits a misspelt word is off at most.
func mostEdits(word string) int { return max(1, len([]rune(word))/3) }

// misspelt is the word of which another is a misspelling, "" if of none: one that is nearest, and no mere beginning of it.
func misspelt(word string, words []string) string {
	best := nearest(word, words)
	if best == "" || len(word) < 3 || distance(strings.ToLower(word), strings.ToLower(best)) > mostEdits(word) {
		return ""
	}
	return best
}

// distance counts the edits between two words, a swap of neighbours being one
// (the restricted Damerau–Levenshtein distance). `-`, `_` and a blank are alike.
func distance(a, b string) int {
	alike := strings.NewReplacer("_", "-", " ", "-")
	s, t := []rune(alike.Replace(a)), []rune(alike.Replace(b))
	if len(s) > 60 || len(t) > 60 {
		return max(len(s), len(t))
	}
	before, row := make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range s {
		next := make([]int, len(t)+1)
		next[0] = i + 1
		for j := range t {
			edit := 1
			if s[i] == t[j] {
				edit = 0
			}
			next[j+1] = min(row[j+1]+1, next[j]+1, row[j]+edit)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(t)]
}

// short cuts a text that is quoted in a message.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return text
}
