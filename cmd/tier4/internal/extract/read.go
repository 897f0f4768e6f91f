package extract

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tier4/calibration"
	"tier4/scenarios"
)

// Options are what is known of an extract beside its bytes.
type Options struct {
	Sheet       string // of a workbook; "" for the one that looks most like an extract
	ColumnsFile string // the name of the file of columns
	Columns     []byte // its text; nil for none
	Scenario    *scenarios.Scenario
}

// Reading is what came of reading an extract.
type Reading struct {
	Extract  *calibration.Extract
	How      string   // what kind of file it is
	Columns  string   // the file of columns: what was given and what was guessed
	Read     int      // lines under the header with anything in them
	Used     int      // rows that became episodes
	Blank    int      // lines with nothing in them
	Above    []string // what stands above the header
	SetAside []Defect // in the order of lines; several of one row may be here
	Notes    []string // what was decided or guessed, and what is odd in rows that are used
	Unused   []string // columns that nothing was made of

	guessedClosed, guessedReason string // columns, "" where none is, or the file of columns says which
}

// Rows is how many rows were set aside: all that were read and not used.
func (r *Reading) Rows() int { return r.Read - r.Used }

// Of is how many rows were set aside with a kind as their first defect.
func (r *Reading) Of(kind Kind) (n int) {
	last := 0
	for _, d := range r.SetAside {
		if d.Line != last && d.Kind == kind {
			n++
		}
		last = d.Line
	}
	return n
}

// Reasons are why rows were set aside, by kind and column of their first defect: the most frequent few with their
// counts, as in "60: an unknown outcome, in `rehab_outcome`", and how many rows have others.
func (r *Reading) Reasons(few int) (all []string) {
	counts := map[string]int{}
	last, others := 0, 0
	for _, d := range r.SetAside {
		if d.Line != last {
			counts[d.reason()]++
		}
		last = d.Line
	}
	reasons := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	for i, text := range reasons {
		if i < few {
			all = append(all, fmt.Sprintf("%d: %s", counts[text], text))
		} else {
			others += counts[text]
		}
	}
	if others > 0 {
		all = append(all, fmt.Sprintf("%d: other reasons", others))
	}
	return all
}

// GuessedClosing says from which columns the closing of episodes is read, as far as that was guessed; "" if it was not.
func (r *Reading) GuessedClosing() string {
	if r.guessedClosed == "" && r.guessedReason == "" {
		return ""
	}
	var parts []string
	for _, one := range [][2]string{{"the date of closing", r.guessedClosed}, {"the reason of closing", r.guessedReason}} {
		if one[1] != "" {
			parts = append(parts, one[0]+" is read from `"+one[1]+"`")
		}
	}
	return strings.Join(parts, ", ") + ", by what the headers say; if that is wrong, say which with --columns"
}

// Read reads an extract. The error is [scenarios.Faults]: what keeps it from being read at all; with it there may
// be a reading that has the columns as far as they could be guessed. What is wrong with single rows is in the
// reading.
func Read(file string, data []byte, o Options) (*Reading, error) {
	s, err := readSheet(file, data, o.Sheet)
	if err != nil {
		return nil, err
	}
	var given *scenarios.Outline
	var named []string
	if o.Columns != nil {
		if saysNothing(o.Columns) {
			return nil, scenarios.Faults{{
				File: o.ColumnsFile, Line: 1, Column: 1, What: "the file of columns says nothing",
				Instead: "write `columns:` and under it lines such as `cohort: substance` or `detox.admitted: detox_start`, or leave out --columns: `tier4 observe FILE --save-columns columns.yaml` writes them as guessed",
			}}
		}
		one, err := scenarios.ReadOutline(o.ColumnsFile, o.Columns)
		if err != nil {
			return nil, err
		}
		given, named = &one, names(one)
	}
	t, err := withHeader(s, named)
	if err != nil {
		return nil, err
	}
	l := newLayout()
	if given != nil {
		r := layoutReader{t: t, l: l}
		if r.read(*given); len(r.faults) > 0 {
			return nil, r.faults
		}
	}
	return interpret(t, l, o.Scenario)
}

// saysNothing says that a YAML text has only blank lines and comments.
func saysNothing(text []byte) bool {
	for one := range strings.Lines(string(text)) {
		if one = strings.TrimSpace(strings.TrimPrefix(one, "\ufeff")); one != "" && one != "---" && !strings.HasPrefix(one, "#") {
			return false
		}
	}
	return true
}

// interpret makes episodes of the rows of a table.
func interpret(t *table, l *layout, s *scenarios.Scenario) (*Reading, error) {
	if s != nil {
		for _, one := range s.Spec.Stages {
			l.pathway = append(l.pathway, one.Name)
		}
	}
	g := &guesser{t: t, l: l, stages: vocabulary(s, l)}
	g.guess()
	if faults := g.missing(); len(faults) > 0 {
		return &Reading{Columns: l.write(t, nil)}, faults
	}
	notes, faults := decideOrders(t, l)
	if len(faults) > 0 {
		return &Reading{Columns: l.write(t, nil)}, faults
	}
	notes = append(g.notes, notes...)
	rows := drafts(t, l)
	g.inOrder(rows)
	for _, one := range l.stages { // by default people are referred as they join the first list
		if l.referred == nil {
			l.referred = one.listed
		}
	}
	guessListed(l, rows, func(panel int) int { return noticeAfter(l, rows, panel) })
	if l.closed == nil {
		notes = append(notes, "No column has the date of closing: whoever gave up waiting looks as if still waiting")
	}
	until, guesses := settleWindow(l, rows)
	notes = append(notes, guesses...)
	b := newBuilder(t, l, rows, s)
	r := b.build(until)
	r.Notes = slices.Concat(notes, oddLines(t, rows), r.Notes)
	for i, h := range t.header {
		if !g.claimed[i] && g.looks[i].filled > 0 && !slices.Contains(l.dateColumns(), i) {
			r.Unused = append(r.Unused, h)
		}
	}
	if l.closed != nil && !l.given["closed"] {
		r.guessedClosed = l.closed.String()
	}
	if l.reason >= 0 && !l.given["reason"] {
		r.guessedReason = t.header[l.reason]
	}
	r.Columns = l.write(t, r.Unused)
	return r, nil
}

// missing says what an extract cannot do without and nobody found.
func (g *guesser) missing() (faults scenarios.Faults) {
	fault := func(what, instead string) {
		faults = append(faults, scenarios.Fault{File: g.t.file, Line: g.t.at, Column: 1, What: what, Instead: instead})
	}
	l := g.l
	var dates []string
	for i, h := range g.t.header {
		if !g.claimed[i] && g.looks[i].isDates() {
			dates = append(dates, h)
		}
	}
	among := "there is no other column of dates"
	if len(dates) > 0 {
		among = "the columns of dates that are left are " + scenarios.Quoted(dates, "and")
	}
	if l.referred == nil && !slices.ContainsFunc(l.stages, func(s stageColumns) bool { return s.listed != nil }) {
		fault("no column reads like the date of referral", "say which it is in a file of columns, `columns: {referred: COLUMN}`; "+among)
	}
	if len(l.stages) == 0 {
		fault("no column reads like a date at a stage", "say which they are in a file of columns, as in `columns: {detox.admitted: COLUMN}`; "+among)
	}
	for _, s := range l.stages {
		if s.admitted == nil {
			fault("no column reads like the date of getting into "+s.name, "say which it is in a file of columns, `columns: {"+s.name+".admitted: COLUMN}`, or leave the stage out with `"+s.name+".listed: none` and the like; "+among)
		}
	}
	return faults
}

func newBuilder(t *table, l *layout, rows []draft, s *scenarios.Scenario) *builder {
	b := &builder{t: t, l: l, rows: rows, path: pathOf(l, rows), known: map[int][]string{}, causes: map[string]cause{}, x: &calibration.Extract{SelectedBy: l.selected}}
	all := vocabulary(s, l)
	for _, one := range l.stages {
		words := stageWords(one.name, one.kind, nil)
		if i := indexOf(all, one.name); i >= 0 {
			words = all[i]
		}
		b.words = append(b.words, words)
		b.x.Stages = append(b.x.Stages, calibration.Stage{Name: one.name, Kind: one.kind})
	}
	var cohorts []string
	if s != nil {
		cohorts = s.Spec.Cohorts
	}
	if l.cohort < 0 {
		cohorts = []string{"everyone"}
	}
	b.cohorts = valuesOf(b.cells(l.cohort), cohorts, b.meaning("cohorts"))
	b.sources = valuesOf(b.cells(l.source), nil, b.meaning("sources"))
	var contracts []string
	for _, one := range l.stages {
		contracts = append(contracts, b.cells(one.contract)...)
	}
	b.bought = valuesOf(contracts, nil, func(cell string) (string, bool) {
		if m, ok := l.meaning("contracts", cell); ok {
			return m, true
		}
		m := contractNamed(cell)
		return m, m != ""
	})
	return b
}

// contractNamed is the kind of contract that a cell spells, "" for none: then it is a name of its own.
func contractNamed(cell string) string {
	words := tokens(cell)
	switch {
	case has(words, "block", "contracted"):
		return "block"
	case has(words, "spot"):
		return "spot"
	case has(words, "share", "shared"):
		return "share"
	}
	return ""
}

func (b *builder) meaning(of string) func(string) (string, bool) {
	return func(cell string) (string, bool) { return b.l.meaning(of, cell) }
}

// cells are those of a column in rows that may be episodes.
func (b *builder) cells(column int) (all []string) {
	for i := range b.rows {
		if d := &b.rows[i]; column >= 0 && !d.unusable() {
			all = append(all, d.cell(column))
		}
	}
	return all
}

// build makes the episodes.
func (b *builder) build(until calibration.Day) *Reading {
	r := &Reading{Extract: b.x, How: b.t.how, Blank: b.t.blank, Read: len(b.rows)}
	for _, one := range b.t.above {
		if text := slices.DeleteFunc(slices.Clone(one.cells), func(c string) bool { return c == "" }); len(text) > 0 {
			r.Above = append(r.Above, fmt.Sprintf("line %d: %s", one.number, short(text[0])))
		}
	}
	b.keys()
	b.people()
	for i := range b.rows {
		d := &b.rows[i]
		if !d.unusable() && d.episode.Referred.Known() {
			b.steps(d)
		}
		if b.l.selected == calibration.ByActivity && len(d.defects) == 0 && d.episode.Closed.Known() && d.episode.Closed < b.l.from {
			d.fault("", Outside, fmt.Sprintf("the episode was over on %s, before the window, which begins on %s", d.episode.Closed, b.l.from), "")
		}
		if len(d.defects) > 0 {
			r.SetAside = append(r.SetAside, d.defects...)
			continue
		}
		b.x.Episodes = append(b.x.Episodes, d.episode)
	}
	atOnce(b.x)
	r.Used = len(b.x.Episodes)
	x := b.x
	x.Cohorts, x.Sources, x.Contracts = b.cohorts.names, b.sources.names, b.bought.names
	for _, t := range b.l.traits {
		x.Traits = append(x.Traits, t.name)
	}
	x.From, x.To, x.Until = b.l.from, b.l.last+1, until
	r.Notes = b.notes.lines()
	return r
}
