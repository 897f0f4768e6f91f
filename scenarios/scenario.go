package scenarios

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tier4/sim"
)

// Scenario is one scenario, read in full.
type Scenario struct {
	Name, About  string
	Spec         sim.Spec
	Replications int
	Seed         uint64
	Matters      []Matter
	Targets      []Target
	Unknowns     *Unknowns // nil for none
	Sought       []Sought  // what a calibration is to find
	Hash         string    // of the effective scenario, its name and description left out
	Changes      []Change  // against the scenario it extends; settings included
	Extends      string    // as written; "" for a scenario that stands by itself
	Warnings     []Warning // doubts, not faults
	Source       []byte    // the file's text, or "" bytes for none

	src    source
	before *node         // what changes are told against
	tree   *node         // effective
	files  []dataFile    // that were read
	texts  []File        // of it and of what it extends
	values map[*node]any // that nodes of the tree were read as
	tried  bool          // what is not known was tried at its ends before
}

// Matter is the least difference of a figure that matters.
type Matter struct {
	Figure string
	Amount float64
	Unit   string // "£", "days", "share" (a fraction), or "" for a number
}

// Change is one difference from the scenario it extends. From is "" for what is
// added, To for what is removed; both are YAML on one line.
type Change struct{ Path, From, To string }

// settles says whether all a change says is that a number it sets is no longer uncertain.
func (c Change) settles() bool { return isUnder(c.Path, "uncertain") && c.To == known }

// Warning is a doubt about a scenario that can be run.
type Warning struct {
	Code  string // normalised, unreached, unused, grows
	Where string // a path
	Text  string
}

// Line is the warning beside its path, which ends with whom the text begins with.
func (w Warning) Line() string {
	name := w.Where[strings.LastIndex(w.Where, ".")+1:]
	return w.Where + ": " + strings.TrimPrefix(w.Text, name+": ")
}

// Load reads a scenario: a file, or the name of one that comes with the tool.
// Each setting is "path=value", applied after the file's own changes, in
// order. The error is a [Faults] with every fault there is.
func Load(name string, sets ...string) (*Scenario, error) {
	src, err := locate(name)
	if err != nil {
		return nil, err
	}
	return src.load(sets)
}

// Parse reads a scenario from memory. It may extend the library, but names no files.
func Parse(name string, text []byte, sets ...string) (*Scenario, error) {
	return source{file: name, text: text, open: noFiles}.load(sets)
}

func noFiles(string, string) ([]byte, error) {
	return nil, fmt.Errorf("a scenario that is not a file cannot name files")
}

// MatterAt says where the scenario's `matters` names a figure: file:line:column.
func (s *Scenario) MatterAt(figure string) string {
	for _, e := range s.tree.get("matters").entries {
		if e.key == figure {
			return fmt.Sprintf("%s:%d:%d", e.at.file, e.at.line, e.at.column)
		}
	}
	return s.Name
}

// Value is the YAML, on one line, that stands at a path.
func (s *Scenario) Value(path string) (string, bool) {
	if s.tree == nil { // one made by hand has none
		return "", false
	}
	if steps, rest := walk(s.tree, path); rest == "" {
		return steps[len(steps)-1].String(), true
	}
	return "", false
}

// Paths are the paths of all single values, in the order of the file.
func (s *Scenario) Paths() []string {
	var all []string
	if s.tree != nil {
		leaves("", s.tree, &all)
	}
	return all
}

// source is a scenario's text and where it comes from.
type source struct {
	file     string // as messages call it
	text     []byte
	embedded bool
	open     func(from, name string) ([]byte, error) // data files
}

func (src source) load(sets []string) (*Scenario, error) {
	var faults Faults
	o := overlays{faults: &faults}
	tree, parent := o.effective(src, nil)
	if tree == nil {
		return nil, faults.err()
	}
	before := parent.tree
	if before == nil {
		before = tree.clone()
	}
	own := settings(sets, &faults)
	o.apply(tree, own)
	s, err := src.read(tree, &Scenario{Extends: parent.name, before: before, texts: o.read}, &faults)
	return s, src.blamed(err, before, slices.Concat(o.edits, own))
}

// With is the scenario with more settings, as [Load] gives it with these after its own: the same
// scenario to the last bit, without reading text and data files again. It may be called side by side.
func (s *Scenario) With(sets ...string) (*Scenario, error) {
	var faults Faults
	o := overlays{faults: &faults}
	tree := s.tree.clone()
	own := settings(sets, &faults)
	o.apply(tree, own)
	src := s.src
	src.open = s.reopen
	other, err := src.read(tree, &Scenario{Extends: s.Extends, before: s.before, texts: s.texts, tried: true}, &faults)
	return other, src.blamed(err, s.tree, own)
}

// File is one that a scenario was read from.
type File struct {
	Name string // as it was opened
	Data []byte
}

// Files are all that a scenario was read from but what comes with the tool: with them it can be loaded elsewhere.
func (s *Scenario) Files() []File {
	all := slices.Clone(s.texts)
	for _, f := range s.files {
		all = append(all, File{f.name, f.data})
	}
	return all
}

// reopen gives a data file as it was when the scenario was read.
func (s *Scenario) reopen(from, name string) ([]byte, error) {
	for _, f := range s.files {
		if f.name == beside(from, name) {
			return f.data, nil
		}
	}
	return s.src.open(from, name)
}

// read fills in a scenario from its effective tree.
func (src source) read(tree *node, s *Scenario, faults *Faults) (*Scenario, error) {
	s.Replications, s.Seed, s.Source = defaultReplications, defaultSeed, src.text
	r := &reader{faults: faults, file: src.file, open: src.open, values: map[*node]any{}}
	r.read(tree, s)
	if err := faults.err(); err != nil {
		return nil, err
	}
	s.src, s.tree, s.files, s.values = src, tree, r.files, r.values
	s.Changes = slices.DeleteFunc(differences(s.before, tree), Change.settles)
	s.Hash = sum(tree, r.files)
	if s.Name == "" {
		s.Name = strings.TrimSuffix(filepath.Base(src.file), ".yaml")
	}
	s.Spec.Name = s.Name
	if len(s.Spec.Cohorts) == 0 {
		s.Spec.Cohorts = []string{everyone}
	}
	return s, nil
}

// locate finds a file, or a scenario of the library, which a folder of its name does not hide.
func locate(name string) (source, error) {
	text, err := readFile(name)
	if err == nil {
		return source{file: name, text: text, open: openBeside}, nil
	}
	if os.IsNotExist(err) || errors.Is(err, errFolder) {
		if text, err := Open(name); err == nil {
			return shelved(name, text), nil
		}
	}
	if errors.Is(err, errFolder) {
		return source{}, Faults{inFolder(name)}
	}
	if looksLikeFile(name) {
		return source{}, Faults{{File: name, What: "cannot be read: " + plainly(err), Instead: "give a scenario file, or a name from `tier4 list`"}}
	}
	return source{}, Faults{{
		File: name, What: "there is no such file, and no scenario of this name comes with the tool",
		Instead: meant(name, libraryNames()) + "those that do are " + quoted(libraryNames(), "and"),
	}}
}

// inFolder is the fault of naming a folder, with the scenarios in it that may be meant.
func inFolder(name string) Fault {
	var files []string
	entries, _ := os.ReadDir(name)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".yaml") {
			files = append(files, filepath.Join(name, e.Name()))
		}
	}
	instead := "there is no scenario (*.yaml) in it"
	if len(files) > 0 {
		instead = "name one of the files in it: " + quoted(files, "or")
	}
	return Fault{File: name, What: "is a folder, and a scenario is a file", Instead: instead}
}

func shelved(name string, text []byte) source {
	return source{file: name + ".yaml", text: text, embedded: true, open: noFiles}
}

func looksLikeFile(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

const mostDataBytes = 64 << 20

var errFolder = errors.New("it is a folder")

// readFile reads a regular file of reasonable size.
func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errFolder
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("it is not a file")
	case info.Size() > mostDataBytes:
		return nil, fmt.Errorf("it has more than 64 MiB")
	}
	return os.ReadFile(name)
}

// openBeside reads a data file relative to the scenario file that names it.
func openBeside(from, name string) ([]byte, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(from), name)
	}
	data, err := readFile(name)
	if err != nil {
		return nil, fmt.Errorf("%s", plainly(err))
	}
	return data, nil
}

// plainly says a file error in a few words.
func plainly(err error) string {
	switch {
	case os.IsNotExist(err):
		return "there is no such file"
	case os.IsPermission(err):
		return "it may not be read"
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return strings.TrimSuffix(err.Error(), ".") // those of Windows are sentences
}
