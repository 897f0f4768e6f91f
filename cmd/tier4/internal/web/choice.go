package web

import (
	"errors"
	"fmt"
	"strings"

	"tier4/scenarios"
)

// ownName is what the reader's own what-if is called unless they say.
const ownName = "My choice"

// ownFile is the name of the file that the reader's own what-if would be saved as: no other has it.
func (s *Server) ownFile(st *state) string {
	stem := slug(st.title())
	name := stem + ".yaml"
	for n := 2; s.Folder.Has(name) || name == st.Base; n++ {
		name = fmt.Sprintf("%s-%d.yaml", stem, n)
	}
	return name
}

// slug is a title as the stem of a file's name.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	stem := strings.Join(words, "-")
	switch stem {
	case "":
		return "my-choice"
	case "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
		"lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9":
		return stem + "-choice" // Windows has devices of these names
	}
	return stem[:min(len(stem), 60)]
}

func (st *state) title() string {
	if st.Name != "" {
		return st.Name
	}
	return ownName
}

// ownText is the reader's own what-if as a scenario file. The number of the line of each setting is its own
// plus ownHead.
func (st *state) ownText() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "name: %s\nextends: %s\nchanges:\n", quoted(st.title()), quoted(st.Base))
	for _, s := range st.Sets {
		fmt.Fprintf(&b, "  %s: %s\n", quoted(s.Path), s.Value)
	}
	return []byte(b.String())
}

// ownHead are the lines before the first change.
const ownHead = 3

// quoted writes a text as YAML, plain where it can be.
func quoted(text string) string {
	plain := text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./ ") == "" &&
		(text[0] >= 'a' && text[0] <= 'z' || text[0] >= 'A' && text[0] <= 'Z') && !strings.HasSuffix(text, " ")
	switch strings.ToLower(text) {
	case "yes", "no", "true", "false", "null", "on", "off", "y", "n":
		plain = false
	}
	if plain {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// names are the scenarios to play, the base first and the reader's own, if they have moved anything, last.
func (st *state) names() []string {
	names := append([]string{st.Base}, st.With...)
	if len(st.Sets) > 0 {
		names = append(names, st.file)
	}
	return names
}

// loader reads the scenarios of a state: the reader's own from memory.
func (s *Server) loader(st *state) func(name string, sets ...string) (*scenarios.Scenario, error) {
	return func(name string, sets ...string) (*scenarios.Scenario, error) {
		if name == st.file && len(st.Sets) > 0 {
			return s.Folder.Parse(st.file, st.ownText(), sets...)
		}
		return s.load(name, sets...)
	}
}

// own is the reader's own what-if.
func (s *Server) own(st *state) (*scenarios.Scenario, error) {
	return s.Folder.Parse(st.file, st.ownText())
}

// sayFaults puts an error into words, one fault each: those of the reader's own what-if name the number.
func (st *state) sayFaults(err error) (lines []string) {
	var faults scenarios.Faults
	if !errors.As(err, &faults) {
		for line := range strings.SplitSeq(err.Error(), "\n") {
			lines = append(lines, line)
		}
		return lines
	}
	for _, f := range faults {
		where := f.File
		if i := f.Line - ownHead - 1; f.File == st.file && i >= 0 && i < len(st.Sets) {
			where = st.Sets[i].Path + " = " + st.Sets[i].Value
		}
		line := where + ": " + f.What
		if f.Instead != "" {
			line += "; " + f.Instead
		}
		lines = append(lines, line)
	}
	return lines
}
