package scenarios

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what is said into testdata/faults.txt")

// badCase is one case of testdata/faults.txt.
type badCase struct {
	title  string
	form   bool     // refused by the JSON Schema as well
	text   []byte   // of the file, without marks
	sets   []string // without marks
	places []string // where faults must be reported, "file:line:column"
	said   []string // the golden lines
	swaps  []swap   // what of clinic.yaml it changes
}

// swap is lines, with marks, in place of one; behind all of them without that.
type swap struct{ old, lines string }

// change makes the changes of a case; false if a line that it changes is not there.
func (c *badCase) change(text string) (string, bool) {
	for _, e := range c.swaps {
		if e.old == "" {
			text += e.lines
			continue
		}
		if strings.Count("\n"+text, "\n"+e.old) != 1 {
			return "", false
		}
		text = strings.Replace("\n"+text, "\n"+e.old, "\n"+e.lines, 1)[1:]
	}
	return text, true
}

const mark = "«"

// unmark finds the marks in a text, and takes them out.
func unmark(file, text string) (clean string, places []string) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		for {
			before, after, found := strings.Cut(line, mark)
			if !found {
				break
			}
			places = append(places, fmt.Sprintf("%s:%d:%d", file, i+1, len([]rune(before))+1))
			line = before + after
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n"), places
}

func readCases(t *testing.T) (head string, cases []badCase) {
	t.Helper()
	base := read(t, "testdata/clinic.yaml")
	head, rest, _ := strings.Cut(read(t, "testdata/faults.txt"), "\n\n")
	for _, block := range strings.Split(strings.TrimSpace(rest), "\n\n") {
		lines := strings.Split(block, "\n")
		c := badCase{title: strings.TrimLeft(lines[0], "# "), form: strings.HasPrefix(lines[0], "##")}
		whole := ""
		for i := 1; i < len(lines); i++ {
			sign, rest := lines[i][:1], lines[i][1:]
			switch sign {
			case "-":
				var added []string
				for i+1 < len(lines) && strings.HasPrefix(lines[i+1], "+") {
					i++
					added = append(added, lines[i][1:])
				}
				c.swaps = append(c.swaps, swap{rest + "\n", strings.Join(added, "\n") + "\n"})
			case "+":
				c.swaps = append(c.swaps, swap{"", rest + "\n"})
			case "=":
				whole += rest + "\n"
			case "$":
				clean, marks := unmark("--set", rest)
				for _, m := range marks {
					c.places = append(c.places, strings.Replace(m, ":1:", fmt.Sprintf(":%d:", len(c.sets)+1), 1))
				}
				c.sets = append(c.sets, clean)
			case "@":
				c.places = append(c.places, strings.TrimSpace(rest))
			case "!":
				c.said = append(c.said, strings.TrimSpace(rest))
			default:
				t.Fatalf("%s: a line starts with %q", c.title, sign)
			}
		}
		text, ok := c.change(base)
		if !ok {
			t.Fatalf("%s: a line that it changes is not one of clinic.yaml", c.title)
		}
		if whole != "" {
			text = whole
		}
		clean, marks := unmark("testdata/clinic.yaml", text)
		if c.sets != nil {
			clean = "extends: medway\n"
		}
		c.text, c.places = []byte(clean), append(c.places, marks...)
		slices.Sort(c.places)
		cases = append(cases, c)
	}
	return head, cases
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// loadText reads a text as if it stood in testdata.
func loadText(text []byte, sets ...string) (*Scenario, error) {
	return source{file: "testdata/clinic.yaml", text: text, open: openBeside}.load(sets)
}

// faultsOf is what is wrong with a text, wherever it stands.
func faultsOf(text string) (all []string) {
	text, _ = unmark("", text)
	_, err := loadText([]byte(text))
	var faults Faults
	if errors.As(err, &faults) {
		for _, f := range faults {
			all = append(all, f.What)
		}
	}
	return all
}

// Whoever makes two mistakes is told of both: a fault hides another only where nobody can know of it before the first is
// right (whether anybody gets out of a stage, while it is not known where people go), and makes none up.
func TestFaultsHideNoOthers(t *testing.T) {
	_, cases := readCases(t)
	base := read(t, "testdata/clinic.yaml")
	pairs, hidden, hides := 0, 0, []string{}
	for i := range cases {
		for j := range i {
			one, ok := cases[i].change(base)
			both, too := cases[j].change(one)
			two, also := cases[j].change(base)
			if (i*7+j*13)%29 != 0 || !ok || !too || !also || one == base || two == base {
				continue
			}
			of, apart := faultsOf(both), append(faultsOf(one), faultsOf(two)...)
			if slices.ContainsFunc(of, func(what string) bool { return strings.HasSuffix(what, "given twice") }) {
				continue // both add the same key
			}
			pairs++
			for _, what := range apart {
				if !slices.Contains(of, what) {
					hidden++
					hides = append(hides, fmt.Sprintf("%s, and %s: not said: %s", cases[i].title, cases[j].title, what))
				}
			}
			for _, what := range of {
				if !slices.Contains(apart, what) {
					t.Errorf("%s, and %s: it is also said that %s", cases[i].title, cases[j].title, what)
				}
			}
		}
	}
	if pairs < 600 || hidden > pairs/50 {
		t.Errorf("%d faults hidden in %d pairs of cases:\n%s", hidden, pairs, strings.Join(hides, "\n"))
	}
}

// Whatever stands for a value or a key, a scenario is read or every fault in it has a place and says what would be right.
func TestDamageIsAlwaysPlaced(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	instead := strings.Split("|[]|{}|{range: {}}|{from: 2, to: 6}|[1]|-3|5%|£4|else|rest|never|3 days|{alcohol: 3}|[{}]|x y|unlimited|{a: {b: {}}}", "|")
	part := regexp.MustCompile(`[a-z_-]+(: [^,{}\[\]]+)?`)
	uncertain := "uncertain: {pathway.aftercare.places: {range: 30 to 50}, traits.women: {range: 28% to 36%, with: pathway.aftercare.places}}\n"
	bases := []string{read(t, "testdata/everything.yaml"), read(t, "testdata/clinic.yaml") + uncertain}
	refused := 0
	for range 2000 {
		text := []byte(bases[rng.IntN(len(bases))])
		for range 1 + rng.IntN(3) {
			all := part.FindAllIndex(text, -1)
			at := all[rng.IntN(len(all))]
			word, value, whole := strings.Cut(string(text[at[0]:at[1]]), ": ")
			switch damage := instead[rng.IntN(len(instead))]; {
			case rng.IntN(3) == 0:
				word = word[1:] + word[:1]
			case whole:
				value = damage
			default:
				word = damage
			}
			if whole {
				word += ": " + value
			}
			text = slices.Replace(text, at[0], at[1], []byte(word)...)
		}
		_, err := loadText(text)
		var faults Faults
		switch {
		case err == nil:
			continue
		case !errors.As(err, &faults):
			t.Errorf("%v of\n%s", err, text)
		}
		refused++
		for _, f := range faults {
			if f.Line == 0 || f.What == "" || f.Instead == "" {
				t.Errorf("%v of\n%s", f, text)
			}
		}
	}
	if refused < 1000 {
		t.Errorf("only %d of the damaged scenarios are refused", refused)
	}
}

// TestFaults holds every bad input to the places marked in it, and to the words
// written beside it.
func TestFaults(t *testing.T) {
	_, cases := readCases(t)
	for _, c := range cases {
		_, err := loadText(c.text, c.sets...)
		var faults Faults
		if !errors.As(err, &faults) {
			t.Errorf("%s: no fault is found (%v)", c.title, err)
			continue
		}
		var places, said []string
		for _, f := range faults {
			places = append(places, fmt.Sprintf("%s:%d:%d", filepath.ToSlash(f.File), f.Line, f.Column))
			said = append(said, strings.ReplaceAll(f.Error(), filepath.FromSlash("testdata/"), "testdata/"))
			if f.What == "" || f.Instead == "" {
				t.Errorf("%s: %v says not both what is wrong and what would be right", c.title, f)
			}
		}
		slices.Sort(places)
		if !slices.Equal(places, c.places) {
			t.Errorf("%s: faults at %q, want %q\n%v", c.title, places, c.places, err)
		}
		if !*update && !slices.Equal(said, c.said) {
			t.Errorf("%s: says\n%s\nwant\n%s", c.title, strings.Join(said, "\n"), strings.Join(c.said, "\n"))
		}
	}
	if len(cases) < 60 {
		t.Errorf("only %d cases", len(cases))
	}
	if *update {
		rewrite(t)
	}
}

// rewrite puts what is said now into the file of cases.
func rewrite(t *testing.T) {
	head, cases := readCases(t)
	var b bytes.Buffer
	b.WriteString(head + "\n")
	_, rest, _ := strings.Cut(read(t, "testdata/faults.txt"), "\n\n")
	for i, block := range strings.Split(strings.TrimSpace(rest), "\n\n") {
		b.WriteString("\n")
		for _, line := range strings.Split(block, "\n") {
			if !strings.HasPrefix(line, "!") {
				b.WriteString(line + "\n")
			}
		}
		_, err := loadText(cases[i].text, cases[i].sets...)
		for _, line := range strings.Split(fmt.Sprint(err), "\n") {
			b.WriteString("! " + line + "\n")
		}
	}
	if err := os.WriteFile("testdata/faults.txt", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestUnreadable covers texts that cannot stand in the file of cases.
func TestUnreadable(t *testing.T) {
	good := read(t, "testdata/textbook.yaml")
	for _, c := range []struct{ name, text, says string }{
		{"not UTF-8", "name: caf\xe9\n", "x.yaml:1:10: this is not UTF-8 text"},
		{"UTF-16", "\xff\xfen\x00", "x.yaml:1:1: this is not UTF-8 text"},
		{"a Word file", "PK\x03\x04\x14\x00", "x.yaml: this is not a text file; a scenario is a plain text file whose name ends in .yaml"},
		{"a control character", "name: a\x00b\n", "x.yaml:1:8: a control character (U+0000)"},
		{"a huge file", good + "# " + strings.Repeat("x", 1<<20), "x.yaml: the file has 1.0 MiB"},
		{"nothing at all", "", "x.yaml:1:1: the file is empty"},
		{"deep nesting", "name: " + strings.Repeat("[", 60) + strings.Repeat("]", 60), "values are nested too deeply"},
		{"an alias bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "x.yaml:1:4: anchors"},
		{"a merge key", "a: {x: 1}\n<<: {y: 2}\n", "x.yaml:2:1: merging with `<<`"},
		{"a tag", "name: !!binary aGVsbG8=\n", "x.yaml:1:7: tags such as `!!binary`"},
		{"a map as a key", "{a: b}: c\n", "x.yaml:1:1: a key must be a single word"},
		{"a file from memory", strings.Replace(good, "{exponential: {mean: 12 days}}", "{empirical: {file: /etc/hostname}}", 1), "cannot name files"},
	} {
		_, err := Parse("x.yaml", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q in it", c.name, err, c.says)
		}
	}
	if _, err := Parse("x.yaml", []byte("\ufeff"+good)); err != nil {
		t.Errorf("a byte order mark is not tolerated: %v", err)
	}
}

func TestLoadNothing(t *testing.T) {
	for name, says := range map[string]string{
		"medwya":                            "did you mean `medway`?",
		filepath.Join("testdata", "x.yaml"): "there is no such file",
		"testdata":                          "is a folder, and a scenario is a file",
	} {
		if _, err := Load(name); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("Load(%q): got %v, want %q in it", name, err, says)
		}
	}
}

// TestMeant holds the advice to near words only.
func TestMeant(t *testing.T) {
	words := []string{"opiates", "alcohol", "keep_in_touch", "beds"}
	for word, want := range map[string]string{
		"opiate": "opiates", "oipates": "opiates", "keep-in-touch": "keep_in_touch", "Alcohol": "alcohol", "bed": "beds",
		"stage": "", "x": "", "": "",
	} {
		got := strings.TrimSuffix(strings.TrimPrefix(meant(word, words), "did you mean `"), "`? ")
		if got != want {
			t.Errorf("for %q: %q, want %q", word, got, want)
		}
	}
}
