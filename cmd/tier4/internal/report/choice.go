package report

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"tier4/scenarios/explore"
	"tier4/sim"
)

// Choice is the best of many options with what is promised of it.
type Choice struct {
	Points
	Chosen       *explore.Chosen
	Goal         explore.Goal
	Figure       sim.Figure // of the goal
	SubjectTo    []explore.Constraint
	Indifference float64
	Confidence   float64
	Budget       int // 0: none
	Most         int // replications of any one option
}

// Describe adds what was found of each option to the columns of CSV and Parquet.
func (c *Choice) Describe() {
	number := func(say func(o *explore.Outcome) (float64, bool)) func(int) string {
		return func(i int) string {
			if x, ok := say(&c.Chosen.Outcomes[i]); ok {
				return digits(x)
			}
			return ""
		}
	}
	c.Columns = []Column{
		{"standing", func(i int) string { return c.standing(i) }},
		{"replications", func(i int) string { return strconv.Itoa(c.Chosen.Outcomes[i].Replications) }},
		{"difference", number(func(o *explore.Outcome) (float64, bool) { return o.Behind.Value, o.Compared })},
		{"difference_low", number(func(o *explore.Outcome) (float64, bool) { return o.Behind.Low, o.Compared })},
		{"difference_high", number(func(o *explore.Outcome) (float64, bool) { return o.Behind.High, o.Compared })},
	}
}

// standing is where an option stands, in a word.
func (c *Choice) standing(i int) string {
	switch c.Chosen.Outcomes[i].Standing {
	case explore.Best:
		return "best"
	case explore.Tied:
		return "tied"
	case explore.Worse:
		return "worse"
	case explore.Undecided:
		return "undecided"
	case explore.Infeasible:
		return "infeasible"
	}
	return "unknown"
}

// why says in words what is wrong with an option that cannot be the best.
func (c *Choice) why(i int) string {
	o := &c.Chosen.Outcomes[i]
	if o.Standing == explore.Unknown {
		return "nobody contributed to " + Label(o.Figure)
	}
	var lines []string
	for _, s := range o.Misses {
		limit := c.SubjectTo[s]
		line := "misses " + Label(limit.Figure) + ", " + bound(limit.Limit, c.unit(limit.Figure))
		if e, ok := o.Summary.Find(limit.Figure); ok {
			line += ": " + sure(e)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

// unit is that of a figure.
func (c *Choice) unit(id string) string {
	for _, s := range c.Summaries {
		if e, ok := s.Find(id); ok {
			return e.Unit
		}
	}
	return ""
}

// Page is the answer, with every option below it.
func (c *Choice) Page() *Page {
	p := new(Page)
	title := clean(c.Scenario.Name) + ": the best of " + count(len(c.Options)) + " options"
	if len(c.Names) > 0 {
		title = "The best of " + count(len(c.Options)) + " scenarios"
	}
	c.heading(p, title)
	wanted := fmt.Sprintf("Wanted: the %s %s", c.direction(), Label(c.Goal.Figure))
	if len(c.SubjectTo) > 0 {
		wanted += " of the options that keep " + c.limit() + " " + c.limits()
	}
	p.say("%s. A difference of less than %s does not matter.", wanted, apart(c.Figure.Unit, c.Indifference))
	p.title(2, "The answer")
	p.say("%s", c.Sentence())
	c.near(p, "As good, as far as can be seen:", explore.Tied)
	c.near(p, "Not told from it yet:", explore.Undecided)
	p.say("%s", c.spent())
	p.title(2, "Every option")
	if c.Chosen.Best >= 0 {
		p.say("The difference is from the best option, over the replications that both were played. Options that were dropped early are known less surely.")
	}
	p.table(filled(c.options()))
	p.title(2, "How sure this is")
	p.list(append(append([]string{c.promise()}, c.doubts()...), surenessNotes[1]))
	return p
}

// direction is what is wanted of the goal.
func (c *Choice) direction() string {
	if c.Goal.Greatest {
		return "highest"
	}
	return "lowest"
}

// limits are what an option must keep: `(reached rehab, of all referred: at least 20%, give or take 1%)`.
func (c *Choice) limits() string {
	var limits []string
	for _, l := range c.SubjectTo {
		unit := c.unit(l.Figure)
		limits = append(limits, fmt.Sprintf("%s: %s, give or take %s", Label(l.Figure), bound(l.Limit, unit), apart(unit, l.Tolerance)))
	}
	return "(" + strings.Join(limits, "; ") + ")"
}

// limit is the limit, or the limits.
func (c *Choice) limit() string {
	if len(c.SubjectTo) > 1 {
		return "the limits"
	}
	return "the limit"
}

// Sentence is the answer in one sentence that a paper can quote.
func (c *Choice) Sentence() string {
	best := c.Chosen.Best
	if best < 0 {
		return fmt.Sprintf("None of %s options keeps %s %s.", count(len(c.Options)), c.limit(), c.limits())
	}
	e, _ := c.Summaries[best].Find(c.Goal.Figure)
	of := ""
	if len(c.SubjectTo) > 0 {
		of = fmt.Sprintf(" of those that keep %s %s,", c.limit(), c.limits())
	}
	return fmt.Sprintf("Of %s options, %s has the %s %s, %s,%s or is within %s of the %s, with %s (%s, %s replications, common random numbers).",
		count(len(c.Options)), c.called(best), c.direction(), Label(c.Goal.Figure), strings.Replace(sure(e), "(", "(95% interval ", 1), of,
		apart(c.Figure.Unit, c.Indifference), c.direction(), c.probability(), c.procedure(), count(c.Chosen.Used))
}

// called names an option within a sentence.
func (c *Choice) called(i int) string {
	if len(c.Names) > 0 {
		return c.title(i)
	}
	last := len(c.Options[i].Settings) - 1
	words := make([]string, last+1)
	for k, s := range c.Options[i].Settings {
		words[k] = pathWords(s.Path) + " " + s.Value
	}
	if last > 0 {
		words = []string{strings.Join(words[:last], ", "), words[last]}
	}
	return "the option “" + strings.Join(words, " and ") + "”"
}

// probability is how sure the answer is, in words.
func (c *Choice) probability() string {
	if c.Chosen.Ending == explore.Decided {
		return "a probability of at least " + percent(c.Confidence)
	}
	p := c.Chosen.Probability
	if p > 0.9995 {
		return "an estimated probability of over 99.9%"
	}
	return "an estimated probability of " + percent(math.Round(p*1000)/1000)
}

// procedure names what the answer comes from.
func (c *Choice) procedure() string {
	switch {
	case c.Budget > 0:
		return "optimal computing budget allocation, OCBA"
	case len(c.SubjectTo) > 0:
		return "Kim-Nelson selection with the feasibility check of Andradóttir and Kim"
	}
	return "Kim-Nelson selection"
}

// promise says what the probability rests on.
func (c *Choice) promise() string {
	also := ""
	if c.Chosen.Best >= 0 && c.Chosen.Ending != explore.Decided {
		by := ""
		if c.Chosen.Within > 0 {
			by = " by more than " + amount(c.Figure.Unit, c.Chosen.Within)
		}
		also = fmt.Sprintf(" With %s confidence no other option in question is better%s.", percent(c.Confidence), by)
	}
	switch c.Chosen.Ending {
	case explore.Capped:
		return fmt.Sprintf("An option had been played %s times, as often as allowed, before all others were told from it: so nothing is promised, and the probability is an estimate.%s", count(c.Most), also)
	case explore.Spent:
		return "The budget was spent where it told most; the probability is an estimate, not a promise." + also
	case explore.Interrupted:
		return "It was stopped early: nothing is promised, and the probability is an estimate from what was finished." + also
	}
	if c.Chosen.Best < 0 {
		return fmt.Sprintf("The procedure promises this: an option that keeps %s by the give or take or more would have been found, with probability %s at least.", c.limit(), percent(c.Confidence))
	}
	what := fmt.Sprintf("The procedure promises this: if one option is better than every other by %s or more, it is the one found, with probability %s at least. Options nearer than that count as equal",
		apart(c.Figure.Unit, c.Indifference), percent(c.Confidence))
	if len(c.SubjectTo) > 0 {
		what += "; one that is nearer to a limit than the give or take may count as keeping it or not"
	}
	return what + "."
}

// spent says how many replications the answer took.
func (c *Choice) spent() string {
	text := fmt.Sprintf("It took %s replications of all options together", count(c.Chosen.Used))
	if c.Chosen.Equal > c.Chosen.Used {
		text += fmt.Sprintf("; playing all of them as often as the one played most would have taken %s", count(c.Chosen.Equal))
	}
	return text + fmt.Sprintf(" (seed %d).", c.Seed)
}

// apart writes a difference that somebody chose: of shares in percentage points.
func apart(unit string, v float64) string {
	if unit == sim.UnitShare {
		return several(math.Round(v*1e6)/1e4, "percentage point")
	}
	return exact(unit, v)
}

// near lists the options that count as equal to the best, or were not told from it.
func (c *Choice) near(p *Page, what string, standing explore.Standing) {
	var lines []string
	for _, i := range c.Chosen.Of(standing) {
		lines = append(lines, c.title(i)+": "+c.gap(&c.Chosen.Outcomes[i]))
	}
	if len(lines) > 0 {
		p.say("%s", what)
		p.list(lines)
	}
}

// gap is an option's difference from the best in words.
func (c *Choice) gap(o *explore.Outcome) string {
	if !o.Compared {
		return ""
	}
	if o.Behind.Same {
		return "the same in every replication"
	}
	return sureGap(c.Figure.Unit, sim.Difference{Figure: c.Figure, Difference: o.Behind})
}

// options is a row for each option.
func (c *Choice) options() *Table {
	ids := c.ids()
	t := c.table(append([]string{"Standing", "Difference"}, append(c.figureHeads(ids), "Played")...)...)
	for i := range c.Options {
		o := &c.Chosen.Outcomes[i]
		standing := c.standing(i)
		if o.Standing == explore.Infeasible {
			standing = "misses a limit"
			if len(c.SubjectTo) > 1 {
				standing = c.misses(o)
			}
		}
		row := append(c.settings(i), standing, c.gap(o))
		t.add(append(append(row, c.cells(i, ids)...), count(o.Replications))...)
	}
	return t
}

// misses names the limits that an option misses.
func (c *Choice) misses(o *explore.Outcome) string {
	var names []string
	for _, s := range o.Misses {
		names = append(names, head(c.SubjectTo[s].Figure))
	}
	return "misses " + strings.Join(names, " and ")
}

// curveJSON is an option of the curve.
type curveJSON struct {
	pointJSON
	Standing     string        `json:"standing"`
	Replications int           `json:"replications"`
	Difference   *intervalJSON `json:"difference"` // from the best
}

type intervalJSON struct {
	Mean float64  `json:"mean"`
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
}

type infeasibleJSON struct {
	Option settingsJSON `json:"option"`
	Why    string       `json:"why"`
}

type goalJSON struct {
	ID           string  `json:"id"`
	Unit         string  `json:"unit"`
	Best         string  `json:"best"` // lowest or highest
	Indifference float64 `json:"indifference"`
}

type limitJSON struct {
	ID        string  `json:"id"`
	Limit     string  `json:"limit"`
	Tolerance float64 `json:"tolerance"`
}

// choiceJSON is the document of a choice.
type choiceJSON struct {
	headJSON
	Best        settingsJSON     `json:"best"` // null: no option keeps every limit
	Tied        []settingsJSON   `json:"tied"`
	Undecided   []settingsJSON   `json:"undecided"`
	Probability float64          `json:"probability_correct"`
	Promised    bool             `json:"promised"` // else the probability is an estimate
	Ended       string           `json:"ended"`
	Within      float64          `json:"within"` // by how much another may be better, at most
	Options     int              `json:"options"`
	Used        int              `json:"replications_used"`
	Equal       int              `json:"replications_equal"`
	Goal        goalJSON         `json:"goal"`
	SubjectTo   []limitJSON      `json:"subject_to"`
	Sentence    string           `json:"sentence"`
	Infeasible  []infeasibleJSON `json:"infeasible"`
	Curve       []curveJSON      `json:"curve"`
	Warnings    []sim.Warning    `json:"warnings"`
}

// JSON writes the choice as one document.
func (c *Choice) JSON(w io.Writer) error {
	d := choiceJSON{
		headJSON: c.head(), Tied: c.those(explore.Tied), Undecided: c.those(explore.Undecided), Probability: c.Chosen.Probability, Promised: c.Chosen.Ending == explore.Decided,
		Ended:  [...]string{explore.Decided: "decided", explore.Capped: "most_replications", explore.Spent: "budget", explore.Interrupted: "interrupted"}[c.Chosen.Ending],
		Within: c.Chosen.Within, Options: len(c.Options), Used: c.Chosen.Used, Equal: c.Chosen.Equal,
		Goal:      goalJSON{c.Goal.Figure, c.Figure.Unit, c.direction(), c.Indifference},
		SubjectTo: []limitJSON{}, Sentence: c.Sentence(), Infeasible: []infeasibleJSON{}, Curve: []curveJSON{}, Warnings: c.warnings(),
	}
	for _, l := range c.SubjectTo {
		d.SubjectTo = append(d.SubjectTo, limitJSON{l.Figure, operator(l.Limit) + " " + digits(l.Amount), l.Tolerance})
	}
	if c.Chosen.Best >= 0 {
		d.Best = c.option(c.Chosen.Best)
	}
	for i, o := range c.Chosen.Outcomes {
		one := curveJSON{pointJSON: c.point(i), Standing: c.standing(i), Replications: o.Replications}
		if o.Compared {
			one.Difference = &intervalJSON{Mean: positive(o.Behind.Value)}
			if o.Behind.Known() {
				one.Difference.Low, one.Difference.High = &o.Behind.Low, &o.Behind.High
			}
		}
		d.Curve = append(d.Curve, one)
		if o.Standing == explore.Infeasible || o.Standing == explore.Unknown {
			d.Infeasible = append(d.Infeasible, infeasibleJSON{c.option(i), c.why(i)})
		}
	}
	return writeJSON(w, d)
}

// those are the options with a standing.
func (c *Choice) those(standing explore.Standing) []settingsJSON {
	all := []settingsJSON{}
	for _, i := range c.Chosen.Of(standing) {
		all = append(all, c.option(i))
	}
	return all
}

// ChoiceStopped says in words that a choice was interrupted.
func ChoiceStopped(used int) string {
	return fmt.Sprintf("stopped after %s replications of all options together: the answer is from those", count(used))
}
