package report

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"tier4/scenarios/explore"
	"tier4/sim"
	"tier4/sim/stats"
)

// Frontier is the options that no other beats, and what beats the others.
type Frontier struct {
	Points
	*explore.Frontier
}

// Describe adds an option's place to the columns of CSV and Parquet.
func (f *Frontier) Describe() {
	f.Columns = []Column{
		{"place", f.place},
		{"by", func(i int) string {
			if by := f.Placed[i].By; by >= 0 {
				return strconv.Itoa(by + 1)
			}
			return ""
		}},
	}
}

// place is where an option stands, in a word or two.
func (f *Frontier) place(i int) string {
	return [...]string{explore.OnFrontier: "frontier", explore.NotTold: "not told apart", explore.Beaten: "beaten", explore.NotKnown: "not known"}[f.Placed[i].Place]
}

// Page shows the frontier, what it costs to go along it, and what beats the others.
func (f *Frontier) Page() *Page {
	p := new(Page)
	f.heading(p, fmt.Sprintf("%s: the frontier of %s options", clean(f.Scenario.Name), count(len(f.Options))))
	p.say("Wanted: %s. Each option was played %s (seed %d), all with the same people and the same luck.", f.wanted(), times(f.Replications), f.Seed)
	if f.Stopped != "" {
		p.say("It was %s.", f.Stopped)
	}
	p.title(2, "The frontier")
	p.say("No other option is as good in every figure and better in one, by the averages.")
	p.table(f.front())
	f.prices(p)
	if t := f.others(explore.NotTold); len(t.Rows) > 0 {
		p.title(2, "Cannot be told apart from one on the frontier")
		p.say("One on the frontier looks better in every figure, but it may be chance; more replications may tell.")
		p.table(t)
	}
	if t := f.others(explore.Beaten); len(t.Rows) > 0 {
		p.title(2, "Beaten")
		p.say("One on the frontier is clearly better in every figure.")
		p.table(t)
	}
	p.title(2, "How sure this is")
	notes := f.doubts()
	if f.Tests > 0 {
		notes = append(notes, fmt.Sprintf("Beaten: clear in every figure with 95%% confidence for all %s comparisons of an option off the frontier with one on it together "+
			"(paired differences, Holm's correction).", count(f.Tests)))
	}
	p.list(append(notes, surenessNotes...))
	return p
}

// wanted says what the goals are.
func (f *Frontier) wanted() string {
	var words []string
	for k, g := range f.Goals {
		side := "low "
		if g.Greatest {
			side = "high "
		}
		words = append(words, side+"\""+Label(f.Figures[k].ID)+"\"")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// front is a table of the options on the frontier with their figures.
func (f *Frontier) front() *Table {
	ids := f.ids()
	t := f.table(f.figureHeads(ids)...)
	for _, i := range f.Front {
		t.add(append(f.settings(i), f.cells(i, ids)...)...)
	}
	return t
}

// others is a table of the options off the frontier, with what beats them or seems to, and by how much.
func (f *Frontier) others(place explore.Place) *Table {
	heads := []string{"By"}
	for _, figure := range f.Figures {
		heads = append(heads, sentence(head(figure.ID))+", against it")
	}
	t := f.table(heads...)
	for i, o := range f.Placed {
		if o.Place != place {
			continue
		}
		row := append(f.settings(i), f.brief(o.By))
		for k, d := range o.Gaps {
			row = append(row, f.gap(k, d))
		}
		t.add(row...)
	}
	return t
}

func (f *Frontier) gap(goal int, d stats.Difference) string {
	if d.Same {
		return "the same"
	}
	return sureGap(f.Figures[goal].Unit, sim.Difference{Figure: f.Figures[goal], Difference: d})
}

// prices say what the next unit of each goal costs along the frontier.
func (f *Frontier) prices(p *Page) {
	for k := range f.Goals {
		t := &Table{Head: []string{"From", "To", "It costs", sentence(f.unitOf(k))}}
		for _, s := range f.Steps {
			if s.Goal == k {
				t.add(f.brief(s.From), f.brief(s.To), f.more(s.From, s.To), f.price(s))
			}
		}
		if len(t.Rows) > 0 {
			p.title(2, "What the next step costs")
			p.say("From each option on the frontier to the next dearer one with %s.%s", f.gain(k), f.key())
			p.table(t)
		}
	}
}

// gain says what gets better.
func (f *Frontier) gain(k int) string {
	side := "a lower"
	if f.Goals[k].Greatest {
		side = "a higher"
	}
	return side + " \"" + Label(f.Figures[k].ID) + "\""
}

// unitOf says what one unit of a goal is: `for the next person reached`.
func (f *Frontier) unitOf(k int) string {
	unit, greatest := f.Figures[k].Unit, f.Goals[k].Greatest
	switch {
	case f.Counts(k) && greatest && strings.HasPrefix(f.Figures[k].ID, "reached."):
		return "for the next person reached"
	case f.Counts(k) && greatest, unit == sim.UnitPeoplePerYear && greatest:
		return "for one person more"
	case f.Counts(k), unit == sim.UnitPeoplePerYear:
		return "for one person fewer"
	case unit == sim.UnitDays && !greatest:
		return "for a day less"
	case unit == sim.UnitDays:
		return "for a day more"
	case unit == sim.UnitShare && greatest:
		return "for one more in 100"
	case unit == sim.UnitShare:
		return "for one fewer in 100"
	case greatest:
		return "for one more"
	}
	return "for one less"
}

// more is how much dearer an option on the frontier is than another.
func (f *Frontier) more(from, to int) string {
	a, _ := f.Summaries[from].Find(f.Figures[f.Money].ID)
	b, _ := f.Summaries[to].Find(f.Figures[f.Money].ID)
	return gap(sim.UnitPounds, b.Value-a.Value) + " a year"
}

// perUnit is a price in the unit that unitOf names.
func (f *Frontier) perUnit(s explore.Step) stats.Estimate {
	e := s.Price
	if f.Figures[s.Goal].Unit == sim.UnitShare && !f.Counts(s.Goal) {
		e.Value, e.Low, e.High = e.Value/100, e.Low/100, e.High/100
	}
	return e
}

func (f *Frontier) price(s explore.Step) string {
	if !s.Known {
		return "not known: hardly any better"
	}
	e := f.perUnit(s)
	sc := poundScale(math.Abs(e.Value))
	return sc.number(e.Value) + " (" + sc.number(e.Low) + " to " + sc.number(e.High) + ")"
}

// placedJSON is an option with its place.
type placedJSON struct {
	pointJSON
	Place string         `json:"place"`
	By    *settingsJSON  `json:"by"`
	Gaps  []intervalJSON `json:"gaps,omitempty"` // by goal, less the figure of the one it is beaten by
}

type stepJSON struct {
	From  settingsJSON `json:"from"`
	To    settingsJSON `json:"to"`
	ID    string       `json:"id"`
	Per   string       `json:"per"`
	Price *float64     `json:"price"`
	Low   *float64     `json:"low"`
	High  *float64     `json:"high"`
}

type wantedJSON struct {
	ID   string `json:"id"`
	Unit string `json:"unit"`
	Best string `json:"best"` // lowest or highest
}

// JSON writes the frontier as one document.
func (f *Frontier) JSON(w io.Writer) error {
	goals, steps, points, front := []wantedJSON{}, []stepJSON{}, []placedJSON{}, []settingsJSON{}
	for k, g := range f.Goals {
		best := "lowest"
		if g.Greatest {
			best = "highest"
		}
		goals = append(goals, wantedJSON{f.Figures[k].ID, f.Figures[k].Unit, best})
	}
	for _, s := range f.Steps {
		one := stepJSON{From: f.option(s.From), To: f.option(s.To), ID: f.Figures[s.Goal].ID, Per: f.unitOf(s.Goal)}
		if e := f.perUnit(s); s.Known {
			one.Price, one.Low, one.High = &e.Value, &e.Low, &e.High
		}
		steps = append(steps, one)
	}
	for _, i := range f.Front {
		front = append(front, f.option(i))
	}
	for i, o := range f.Placed {
		one := placedJSON{pointJSON: f.point(i), Place: f.place(i)}
		if o.By >= 0 {
			by := f.option(o.By)
			one.By = &by
		}
		for _, d := range o.Gaps {
			gap := intervalJSON{Mean: positive(d.Value)}
			if d.Known() {
				gap.Low, gap.High = &d.Low, &d.High
			}
			one.Gaps = append(one.Gaps, gap)
		}
		points = append(points, one)
	}
	return writeJSON(w, struct {
		headJSON
		Replications int            `json:"replications"`
		Goals        []wantedJSON   `json:"goals"`
		Comparisons  int            `json:"comparisons"` // that the places are corrected for
		Frontier     []settingsJSON `json:"frontier"`
		Steps        []stepJSON     `json:"steps"`
		Points       []placedJSON   `json:"points"`
		Warnings     []sim.Warning  `json:"warnings"`
	}{f.head(), f.Replications, goals, f.Tests, front, steps, points, f.warnings()})
}
