package scenarios

import (
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tier4/sim"
)

// reader reads an effective tree into a Scenario. Names are known before
// anything else is read, so that a reference to one is checked where it stands.
type reader struct {
	faults  *Faults
	spec    *sim.Spec
	file    string                                  // of the scenario; settings name data files relative to it
	open    func(from, name string) ([]byte, error) // a data file named in scenario file `from`
	files   []dataFile
	warns   []Warning
	units   Faults // of amounts in another unit than their figure's, said here only if no model can say them
	variant bool   // only the spec is wanted: nothing is warned of

	// What nodes were read as: gathered while a scenario is read, and taken over by its variants, which are read
	// side by side.
	values map[*node]any
	common *common // what variants that are read together have in common; nil for none

	root                                    *node
	cohorts, traits, stages, pools, streams []string
	kinds                                   map[string]string // of stages, as written
	present                                 []arrived         // who is there at the start
	crowds                                  []crowd           // and by number
}

// dataFile is a data file that was read.
type dataFile struct {
	name string // as messages call it
	data []byte
	sum  [sha256.Size]byte
}

// read reads a whole effective tree.
func (r *reader) read(root *node, s *Scenario) {
	r.spec = &s.Spec
	r.spec.Start = defaultStart
	r.collectNames(root)
	r.readTable(root, "a scenario", topTable(r, s), nil)
	r.check(root)
	if len(*r.faults) > 0 {
		*r.faults = append(*r.faults, r.units...)
	}
	if len(*r.faults) == 0 && !r.variant {
		r.warnGrowing()
	}
	if s.Unknowns != nil && !s.tried {
		r.checkUnknowns(root, s.Unknowns)
	}
	s.Warnings = r.warns
}

// collectNames collects the names of cohorts, traits, stages, staff and streams; what is wrong with
// them is said where they are read.
func (r *reader) collectNames(root *node) {
	r.root = root
	r.pools, r.streams = root.near("staff").keys(), root.near("referrals").keys()
	if c := root.near("cohorts"); c != nil {
		names := texts(c.items)
		if c.sort == scalar { // the brackets are missing
			names = strings.Split(c.text, ",")
		}
		for _, name := range names {
			if name = strings.TrimSpace(name); wrongName(name, reservedForPeople) == "" && !contains(r.cohorts, name) {
				r.cohorts = append(r.cohorts, name)
			}
		}
	}
	if len(r.cohorts) == 0 {
		r.cohorts = []string{everyone}
	}
	for _, name := range root.near("traits").keys() {
		if name != "effects" {
			r.traits = append(r.traits, name)
		}
	}
	r.kinds = map[string]string{}
	pathway := root.near("pathway")
	r.stages = pathway.keys()
	for _, name := range r.stages {
		if k := pathway.get(name).near("kind"); k != nil {
			r.kinds[name] = nearest(k.text, kindWords())
		}
	}
}

// mayBe reports whether a stage is of a kind, or of none that is known.
func (r *reader) mayBe(stage, kind string) bool {
	return contains(r.stages, stage) && (r.kinds[stage] == kind || r.kinds[stage] == "")
}

// bedsStages are the names of the stages with beds.
func (r *reader) bedsStages() (names []string) {
	for _, s := range r.stages {
		if r.mayBe(s, "beds") {
			names = append(names, s)
		}
	}
	return names
}

const everyone = "everyone" // the only cohort of a scenario that names none

func (r *reader) warn(code, where, format string, args ...any) {
	r.warns = append(r.warns, Warning{code, where, fmt.Sprintf(format, args...)})
}

var exits = []string{sim.ExitHome, sim.ExitCommunity, sim.ExitRelapse}

// stageName is the kind of a value that names a stage.
var stageName = kind[string]{
	read: func(r *reader, n *node) (string, bool) {
		if n.sort == scalar && contains(r.stages, n.text) {
			return n.text, true
		}
		there := "there is none"
		if len(r.stages) > 0 {
			there = "the stages are " + quoted(r.stages, "and")
		}
		r.faults.add(n.at, n.named()+" names no stage", meant(n.text, r.stages)+there)
		return "", false
	},
	schema: text.schema,
}

// cohortName is the kind of a value that names a cohort.
var cohortName = kind[string]{
	read: func(r *reader, n *node) (string, bool) {
		if n.sort == scalar && contains(r.cohorts, n.text) {
			return n.text, true
		}
		r.faults.add(n.at, n.named()+" names no cohort", meant(n.text, r.cohorts)+"the cohorts are "+quoted(r.cohorts, "and"))
		return "", false
	},
	schema: text.schema,
}

// poolName is the kind of a value that names a pool of staff.
var poolName = kind[string]{
	read: func(r *reader, n *node) (string, bool) {
		if n.sort == scalar && contains(r.pools, n.text) {
			return n.text, true
		}
		instead := meant(n.text, r.pools) + "the pools are " + quoted(r.pools, "and")
		if len(r.pools) == 0 {
			instead = "describe the pool: `staff: {" + short(n.text) + ": {caseload: 40}}`"
		}
		r.faults.add(n.at, n.named()+" names no pool of staff", instead)
		return "", false
	},
	schema: text.schema,
}

// goodName holds a name that a scenario gives to be one that paths, figures
// and other names leave room for.
func (r *reader) goodName(at pos, name, what string, taken []string) bool {
	wrong := wrongName(name, taken)
	if wrong != "" {
		r.faults.add(at, "`"+short(name)+"` cannot name "+what, wrong)
	}
	return wrong == ""
}

func wrongName(name string, taken []string) string {
	for i, c := range name {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c > 0x7f
		if !letter && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return "use letters, digits and `-`, a letter first"
		}
	}
	if name == "" || contains(taken, name) {
		return "the word has a meaning of its own; choose another"
	}
	return ""
}

// entries reads a map from names that the scenario gives to objects.
func (r *reader) namedEntries(n *node, what, each string, taken []string, use func(e entry)) {
	if !r.isMap(n, what, nil) {
		(*r.faults)[len(*r.faults)-1].Instead = "write a map with a name for " + each
		return
	}
	if len(n.entries) == 0 {
		r.faults.add(n.at, n.named()+" is empty", "name at least one")
	}
	for _, e := range n.entries {
		r.goodName(e.at, e.key, each, taken)
		if e.value.sort == empty {
			r.faults.add(e.value.at, "`"+e.key+":` has no value", "describe it, or remove the key")
			continue
		}
		use(e)
	}
}

// rows reads a CSV file with a header. It hands each line's cells, by the
// wanted columns, to use, each where it stands; a column that is missing is a
// fault unless optional (marked by a leading `?`), and then its cell is nil.
func (r *reader) rows(n *node, name string, wanted []string, use func(cells []*node)) bool {
	where, good := make([]int, len(wanted)), true
	ok := r.sheet(n, name, func(header []*node) bool {
		for i, w := range wanted {
			column := strings.TrimPrefix(w, "?")
			where[i] = slices.IndexFunc(header, func(h *node) bool { return h.text == column })
			if where[i] < 0 && column == w {
				r.faults.add(header[0].at.line1(), "there is no column `"+short(column)+"`", meant(column, texts(header))+"the columns are "+quoted(texts(header), "and"))
				good = false
			}
		}
		return good
	}, func(cells []*node) {
		picked := make([]*node, len(wanted))
		for i, w := range where {
			if w >= 0 {
				picked[i] = cells[w]
			}
		}
		use(picked)
	})
	return ok && good
}

// line1 is the start of a file.
func (p pos) line1() pos { return pos{p.file, 1, 1} }

func texts(nodes []*node) (all []string) {
	for _, n := range nodes {
		all = append(all, n.text)
	}
	return all
}

// sheet reads a CSV file: first its header, which says whether to go on, then its
// lines, each cell where it stands.
func (r *reader) sheet(n *node, name string, head func([]*node) bool, line func([]*node)) bool {
	from := n.at.file
	if from == settingsFile {
		from = r.file
	}
	data, err := r.open(from, name)
	if err != nil {
		r.faults.add(n.at, "cannot read `"+short(name)+"`: "+err.Error(), "give a CSV file, its path relative to the scenario file")
		return false
	}
	file := beside(from, name)
	r.files = append(r.files, dataFile{file, data, sha256.Sum256(data)})
	lines := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	lines.TrimLeadingSpace = true
	for number := 0; ; number++ {
		cells, err := lines.Read()
		switch {
		case err != nil && number == 0:
			r.faults.add(pos{file, 1, 1}, "the file has no header", "name the columns in the first line, parted by commas")
			return false
		case errors.Is(err, io.EOF):
			return true
		case err != nil:
			line, column := lines.FieldPos(0)
			var bad *csv.ParseError
			if errors.As(err, &bad) {
				line, column, err = bad.Line, bad.Column, bad.Err
			}
			r.faults.add(pos{file, line, column}, "this is not a line of CSV ("+err.Error()+")", "give each line as many values as the header")
			return false
		}
		row := make([]*node, len(cells))
		for i, cell := range cells {
			line, column := lines.FieldPos(i)
			row[i] = &node{at: pos{file, line, column}, text: strings.TrimSpace(cell)}
		}
		if number > 0 {
			line(row)
		} else if !head(row) {
			return true
		}
	}
}

// numbers reads a column of lengths of time.
func (r *reader) numbers(n *node, c column) ([]float64, bool) {
	var values []float64
	before := len(*r.faults)
	ok := r.rows(n, c.file, []string{c.column}, func(cells []*node) {
		if v, good := duration.read(r, cells[0]); good {
			values = append(values, v)
		}
	})
	return values, ok && len(*r.faults) == before
}

// sound reports whether nothing is wrong so far with what stands under keys of a mapping.
func (r *reader) sound(n *node, keys ...string) bool {
	if len(*r.faults) == 0 {
		return true
	}
	for _, e := range n.entries {
		if contains(keys, e.key) && (r.blamed(e.at) || r.blamedIn(e.value)) {
			return false
		}
	}
	return true
}

// blamedIn reports whether anything is wrong so far with a node or what is in it.
func (r *reader) blamedIn(n *node) bool {
	return r.blamed(n.at) || slices.ContainsFunc(n.items, r.blamedIn) ||
		slices.ContainsFunc(n.entries, func(e entry) bool { return r.blamed(e.at) || r.blamedIn(e.value) })
}

// blamed reports whether something is wrong at a place.
func (r *reader) blamed(at pos) bool {
	return slices.ContainsFunc(*r.faults, func(f Fault) bool { return f.File == at.file && f.Line == at.line && f.Column == at.column })
}
