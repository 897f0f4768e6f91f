package scenarios

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"tier4/sim"
)

// TestLibrary holds every scenario of the library to what a commissioner is
// promised: it loads, compiles and warns of nothing, opens with a question, and
// says where its numbers come from.
func TestLibrary(t *testing.T) {
	all := List()
	if len(all) < 20 || all[0].Name != "medway" {
		t.Errorf("%d scenarios, the first %v", len(all), all[0])
	}
	for _, info := range all {
		t.Run(info.Name, func(t *testing.T) {
			source, err := Open(info.Name)
			if err != nil {
				t.Fatal(err)
			}
			s := mustLoad(t, info.Name)
			if _, err := sim.Compile(s.Spec); err != nil {
				t.Error(err)
			}
			if !slices.Contains(shelf, info.Name) {
				t.Error("it has no place on the shelf")
			}
			if info.Title == "" || info.About == "" {
				t.Errorf("name %q, about %q", info.Title, info.About)
			}
			if !regexp.MustCompile(`\A# The question: "[^"]+\?"\n#\n`).Match(source) {
				t.Error("it does not open with a question")
			}
			for i, line := range strings.Split(string(source), "\n") {
				if n := len([]rune(line)); n > 125 && strings.HasPrefix(line, "#") {
					t.Errorf("line %d has %d characters", i+1, n)
				}
			}
			if info.Name == "medway" {
				sourced(t, source)
			} else {
				spoken(t, source, s)
			}
		})
	}
}

// origin is how a comment says where a number comes from: a word, a year, or a
// step of the reckoning at the top.
var origin = regexp.MustCompile(`(?i)assumption|\b(19|20)\d\d\b|\bsteps? \d|as in the baseline|no effect|settled`)

var aNumber = regexp.MustCompile(`\d+(,\d{3})*(\.\d+)?`)

// sourced holds every number of a whole scenario to have an origin beside it,
// or above it or above what it is part of.
func sourced(t *testing.T, source []byte) {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		t.Fatal(err)
	}
	settings := keys("name about start measure replications seed")
	var walk func(n *yaml.Node, path string, known bool)
	walk = func(n *yaml.Node, path string, known bool) {
		known = known || origin.MatchString(n.LineComment+n.FootComment)
		switch n.Kind {
		case yaml.MappingNode:
			for i := 0; i < len(n.Content); i += 2 {
				k, v := n.Content[i], n.Content[i+1]
				if path == "" && contains(settings, k.Value) {
					continue
				}
				walk(v, strings.TrimPrefix(path+"."+k.Value, "."), known || origin.MatchString(k.HeadComment+k.LineComment))
			}
		case yaml.SequenceNode:
			for _, item := range n.Content {
				walk(item, path, known)
			}
		case yaml.ScalarNode:
			if !known && aNumber.MatchString(n.Value) {
				t.Errorf("line %d, %s: %s has neither a source nor the word assumption", n.Line, path, n.Value)
			}
		}
	}
	doc.Content[0].HeadComment = "" // the whole of the top is no source of each number
	walk(doc.Content[0], "", false)
}

// spoken holds every number that a what-if changes to be spoken of in its
// words, or to be the baseline's, and the words to name an origin.
func spoken(t *testing.T, source []byte, s *Scenario) {
	t.Helper()
	head, changes, found := strings.Cut(string(source), "\nchanges:\n")
	if !found || !strings.HasSuffix(head, "\nextends: medway") {
		t.Fatal("it is no what-if of medway")
	}
	if !origin.MatchString(head) && !strings.Contains(head, "Medway baseline") {
		t.Error("it names no source, and no assumption")
	}
	words := head
	for _, line := range strings.Split(changes, "\n") {
		_, comment, _ := strings.Cut(line, "#")
		words += "\n" + comment
	}
	base, err := Open("medway")
	if err != nil {
		t.Fatal(err)
	}
	said := numbersIn(words)
	for i, word := range keys("none one two three four five six seven eight nine ten") {
		if regexp.MustCompile(`(?i)\b` + word + `\b`).MatchString(words) {
			said[strconv.Itoa(i)] = true
		}
	}
	if strings.Contains(words, "every week") {
		said["1"] = true
	}
	settled := numbersIn(string(base))
	for _, c := range s.Changes {
		for number := range numbersIn(c.To) {
			if !said[number] && !settled[number] {
				t.Errorf("%s: nothing is said of %s in %s", c.Path, number, c.To)
			}
		}
	}
}

// numbersIn is the numbers of a text, without the commas and zeros that change nothing.
func numbersIn(text string) map[string]bool {
	all := map[string]bool{}
	for _, n := range aNumber.FindAllString(text, -1) {
		n = strings.ReplaceAll(n, ",", "")
		if strings.Contains(n, ".") {
			n = strings.TrimSuffix(strings.TrimRight(n, "0"), ".")
		}
		if trimmed := strings.TrimLeft(n, "0"); trimmed != "" && trimmed[0] != '.' {
			n = trimmed
		}
		all[n] = true
	}
	return all
}

// TestStarterSaysWhatWorks tries, one by one and together, the lines that the
// starter scenario shows for later, as a what-if would.
func TestStarterSaysWhatWorks(t *testing.T) {
	const starter = "../cmd/tier4/starter/my-area.yaml"
	_, more, found := strings.Cut(read(t, starter), "# More, when you need it.")
	if !found {
		t.Fatal("it shows nothing for later")
	}
	var settings []string
	for _, line := range regexp.MustCompile(`(?m)^#   (\S+): (.+)$`).FindAllStringSubmatch(more, -1) {
		settings = append(settings, line[1]+"="+line[2])
	}
	for _, key := range keys("share budgets start_with") {
		if !strings.Contains(strings.Join(settings, "\n"), key) {
			t.Errorf("it shows no %s", key)
		}
	}
	for _, set := range append(settings, "") {
		alone := []string{set}
		switch {
		case set == "":
			alone = settings
		case strings.HasPrefix(set, "start_with"):
			alone = append(alone, "warm_up=0 days")
		}
		s := mustLoad(t, starter, alone...)
		if set == "" { // a shared unit starts without the others, as it says
			s.Warnings = slices.DeleteFunc(s.Warnings, func(w Warning) bool { return w.Code == "empty_unit" })
		}
		if _, err := sim.Compile(s.Spec); err != nil || len(s.Warnings) > 0 {
			t.Errorf("%s: %v, %v", set, err, s.Warnings)
		}
	}
}

// TestReadmeSaysWhatWorks tries the changes that the README shows, on the starter.
func TestReadmeSaysWhatWorks(t *testing.T) {
	tried := 0
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.+?)```").FindAllStringSubmatch(read(t, "../README.md"), -1) {
		if !strings.HasPrefix(block[1], "changes:") {
			continue
		}
		tried++
		dir := t.TempDir()
		for name, text := range map[string]string{
			"my-area.yaml": read(t, "../cmd/tier4/starter/my-area.yaml"),
			"what-if.yaml": "name: What if\nextends: my-area.yaml\n" + block[1],
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if s := mustLoad(t, filepath.Join(dir, "what-if.yaml")); len(s.Warnings) > 0 {
			t.Errorf("%s\n%v", block[1], s.Warnings)
		}
	}
	if tried == 0 {
		t.Error("it shows none")
	}
}

// A variant takes over what it shares with its scenario, and is what the same settings give.
func TestVariantsOfTheLibraryAreWhatSettingsGive(t *testing.T) {
	for _, info := range List() {
		s, err := Load(info.Name)
		if err != nil {
			t.Fatal(err)
		}
		for draw := range 3 {
			values := s.Unknowns.Draw(11, draw)
			sets := []string{"uncertain=removed"}
			for i, u := range s.Unknowns.List() {
				sets = append(sets, u.Setting(values[i]))
			}
			loaded, err := Load(info.Name, sets...)
			if err != nil {
				t.Fatal(err)
			}
			spec, err := s.Variant(values)
			if err != nil || !reflect.DeepEqual(spec, loaded.Spec) {
				t.Errorf("%s, draw %d: the variant is\n%+v, %v\nloaded with settings\n%+v", info.Name, draw, spec, err, loaded.Spec)
			}
		}
	}
}
