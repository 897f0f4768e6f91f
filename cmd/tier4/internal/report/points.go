package report

import (
	"fmt"
	"slices"
	"strings"

	"tier4/scenarios"
	"tier4/scenarios/explore"
	"tier4/sim"
)

// Points are many options of one scenario with what each came to.
type Points struct {
	Version      string
	Scenario     *scenarios.Scenario
	Seed         uint64
	Replications int      // of each option, finished
	Paths        []string // what is varied
	Options      []explore.Option
	Names        []string              // of scenarios that are options by themselves, as given; none where options are settings
	Named        []*scenarios.Scenario // likewise
	Summaries    []*sim.Summary
	Stopped      string   // early, in words; "" if all was played
	Columns      []Column // of CSV and Parquet, beside the settings
}

// Column is something to be said of every option.
type Column struct {
	Name string
	Cell func(option int) string
}

// StoppedAfter says in words that not all replications of each option were played.
func StoppedAfter(played, asked int) string {
	return fmt.Sprintf("stopped after %s of %s replications of each option: these figures are from those", count(played), count(asked))
}

// heads are the settings of an option as heads of columns.
func (p *Points) heads() (heads []string) {
	if len(p.Names) > 0 {
		return []string{"Option"}
	}
	for _, path := range p.Paths {
		heads = append(heads, sentence(pathWords(path)))
	}
	return heads
}

// settings are an option's values, one a head.
func (p *Points) settings(i int) (cells []string) {
	if len(p.Names) > 0 {
		return []string{p.title(i)}
	}
	for _, s := range p.Options[i].Settings {
		cells = append(cells, s.Value)
	}
	return cells
}

// title names an option in a sentence: `riverside beds 4, panel every 1w`, or the name of its scenario.
func (p *Points) title(i int) string {
	if len(p.Names) > 0 {
		name := clean(p.Named[i].Name)
		for j := range i {
			if clean(p.Named[j].Name) == name {
				return name + " (" + p.Names[i] + ")"
			}
		}
		return name
	}
	words := make([]string, len(p.Options[i].Settings))
	for k, s := range p.Options[i].Settings {
		words[k] = pathWords(s.Path) + " " + s.Value
	}
	return strings.Join(words, ", ")
}

// brief names an option in a table that says elsewhere what is set: `4, 1w`.
func (p *Points) brief(i int) string { return strings.Join(p.settings(i), ", ") }

// key says what the values of a brief name are, where there are several.
func (p *Points) key() string {
	if len(p.Paths) < 2 {
		return ""
	}
	var words []string
	for _, path := range p.Paths {
		words = append(words, pathWords(path))
	}
	return " Options are given by " + strings.Join(words, ", ") + "."
}

// pathWords says a path in a few words: what it is in, and what it is.
func pathWords(path string) string {
	words := strings.Split(path, ".")
	words = slices.DeleteFunc(words, func(w string) bool { return w == "pathway" || w == "places" || w == "referrals" })
	for i := range words {
		words[i] = strings.ReplaceAll(plain(words[i]), "_", " ")
	}
	return strings.Join(words, " ")
}

// Page is a table of all options.
func (p *Points) Page() *Page {
	page := new(Page)
	p.heading(page, fmt.Sprintf("%s: %s options", clean(p.Scenario.Name), count(len(p.Options))))
	page.say("Each option was played %s (seed %d). All have the same people with the same luck: what differs is what the option does.",
		times(p.Replications), p.Seed)
	if p.Stopped != "" {
		page.say("It was %s.", p.Stopped)
	}
	ids := p.ids()
	t := p.table(p.figureHeads(ids)...)
	for i := range p.Options {
		t.add(append(p.settings(i), p.cells(i, ids)...)...)
	}
	page.table(t)
	page.title(2, "How sure this is")
	page.list(append(p.doubts(), surenessNotes...))
	return page
}

// surenessNotes are what every report of options says of its figures.
var surenessNotes = []string{
	"In brackets: if the scenario is right, the average over very many years lies between these, with 95% confidence. " +
		"Differences between options are surer than that, for they have the same people: `tier4 compare` and `tier4 choose` say how sure.",
	"None of this says whether the scenario's own numbers are right: an answer is no better than they are.",
}

// heading says what the options are options of.
func (p *Points) heading(page *Page, title string) {
	page.title(1, title)
	if about := clean(p.Scenario.About); about != "" && len(p.Names) == 0 {
		page.say("%s", ended(about))
	}
	page.say("Measured: %s.", Measured(p.Scenario.Spec))
}

// table is a table of options, each row named by its settings.
func (p *Points) table(heads ...string) *Table {
	names := p.heads()
	return &Table{Head: append(names, heads...), Named: len(names) - 1}
}

// ids are the figures of all options, in the order of output.
func (p *Points) ids() (ids []string) {
	for _, s := range p.Summaries {
		for _, e := range s.Estimates {
			if !slices.Contains(ids, e.ID) {
				ids = append(ids, e.ID)
			}
		}
	}
	return ids
}

func (p *Points) figureHeads(ids []string) (heads []string) {
	for _, id := range ids {
		heads = append(heads, sentence(head(id)))
	}
	return heads
}

// cells are the figures of an option.
func (p *Points) cells(i int, ids []string) (cells []string) {
	for _, id := range ids {
		cell := "none"
		if e, ok := p.Summaries[i].Find(id); ok {
			if cell = sure(e); strings.HasSuffix(head(id), "a year") {
				cell = bare(e)
			}
		}
		cells = append(cells, cell)
	}
	return cells
}

// fixed says that what is uncertain was not drawn.
const fixed = "numbers that the scenario calls uncertain were taken as it has them: what they might be otherwise is not in these figures"

// unsure reports whether a scenario has numbers that nobody knows.
func (p *Points) unsure() bool { return explore.Unsure(append(slices.Clone(p.Named), p.Scenario)...) }

// doubts are the warnings about options: each kind once, with how many options it is about.
func (p *Points) doubts() (lines []string) {
	if p.unsure() {
		lines = append(lines, "Warning: "+fixed+".")
	}
	var said []string
	times := map[string]int{}
	for _, s := range p.Summaries {
		for _, w := range s.Warnings {
			if ofOneFigure(w) {
				continue
			}
			key := w.Code + " " + w.Figure
			if times[key]++; times[key] == 1 {
				said = append(said, key)
			}
		}
	}
	for _, key := range said {
		code, figure, _ := strings.Cut(key, " ")
		what, known := map[string]struct{ one, many, rest string }{
			"few_replications": {"was", "were", "played fewer than 30 times, so that intervals are rough"},
			"unstable":         {"has", "have", "a list that still grows (" + Label(figure) + "), so that figures depend on how long the run is"},
			"short_warm_up":    {"seems", "seem", "to need a longer warm-up to fill"},
		}[code]
		if !known { // of what no table of options has
			continue
		}
		verb := what.many
		if times[key] == 1 {
			verb = what.one
		}
		lines = append(lines, fmt.Sprintf("Warning: %s of %s options %s %s.", count(times[key]), count(len(p.Options)), verb, what.rest))
	}
	return lines
}
