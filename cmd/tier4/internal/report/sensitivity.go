package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tier4/scenarios"
	"tier4/scenarios/explore"
	"tier4/sim"
	"tier4/sim/stats"
)

// Sensitivity is what drives figures of a scenario, or how what-ifs differ from it.
type Sensitivity struct {
	Version   string
	Scenarios []*scenarios.Scenario // the base first
	Inquiry   *explore.Inquiry
	Method    string // tornado, morris or sobol
	Around    bool   // nothing is called uncertain: every number was moved by a fifth
	Often     int    // replications of each point
	Points    int    // trajectories or rows
	Draws     int    // of all numbers together, each played PerDraw times
	PerDraw   int

	Driven     []explore.Driven
	Indexed    []explore.Indexed
	Screened   []explore.Screened
	Ladder     explore.Ladder
	Weighed    []explore.Weighed
	BreakEvens []explore.BreakEven
}

// title is the name of a scenario.
func (s *Sensitivity) title(i int) string { return (&Study{Scenarios: s.Scenarios}).Title(i) }

// Page is the analysis as people read it.
func (s *Sensitivity) Page() *Page {
	p := new(Page)
	base := clean(s.title(0))
	if len(s.Scenarios) == 1 {
		p.title(1, "What drives "+base)
	} else {
		p.title(1, "What drives the difference from "+base)
	}
	p.say("Measured: %s. %s", Measured(s.Scenarios[0].Spec), s.played())
	for _, d := range s.Driven {
		s.driven(p, d)
	}
	for _, i := range s.Indexed {
		s.indexed(p, i)
	}
	for _, e := range s.Screened {
		s.screened(p, e)
	}
	s.weighed(p)
	s.breakEvens(p)
	s.sureness(p)
	return p
}

// played says what was moved, and how often it was played.
func (s *Sensitivity) played() string {
	text := fmt.Sprintf("%s that nobody knows exactly", several(float64(len(s.Inquiry.Numbers)), "number"))
	if s.Around {
		text = fmt.Sprintf("No number is called uncertain, so each of %s was moved by a fifth, up and down, and whole numbers by one at least", count(len(s.Inquiry.Numbers)))
	}
	switch s.Method {
	case "morris":
		text += fmt.Sprintf("; moved one by one from %s starting points, each point played %s (seed %d).", count(s.Points), timesOnly(s.Often), s.Inquiry.Seed)
	case "sobol":
		text += fmt.Sprintf("; %s rows of a Saltelli design, each point played %s (seed %d).", count(s.Points), timesOnly(s.Often), s.Inquiry.Seed)
	default:
		text += fmt.Sprintf("; each moved by itself to either end of its range, played %s there by the same people; and %s draws of all of them together, each played %s (seed %d).",
			timesOnly(s.Often), count(s.Draws), timesOnly(s.PerDraw), s.Inquiry.Seed)
	}
	return sentence(text)
}

func timesOnly(n int) string {
	if n == 1 {
		return "once"
	}
	return count(n) + " times"
}

// heading names a target.
func (s *Sensitivity) heading(t explore.Target) string {
	label := sentence(Label(t.Figure.ID))
	if t.Scenario > 0 {
		return label + ": " + clean(s.title(t.Scenario))
	}
	return label
}

// mostNumbers are as many as a table shows.
const mostNumbers = 12

func (s *Sensitivity) driven(p *Page, d explore.Driven) {
	p.title(2, s.heading(d.Target))
	say := s.amounts(d.Target)
	text := say(d.Value.Value) + " as the scenario stands"
	if d.Scenario > 0 {
		text = say(d.Value.Value) + " as the scenarios stand"
	}
	if d.Known {
		text += fmt.Sprintf("; on average over what is not known %s, and 19 times in 20 from %s to %s", say(d.Spread.Value), say(d.Spread.Low), say(d.Spread.High))
	}
	p.say("%s.", text)
	if words := s.whose(d); words != "" {
		p.say("%s", words)
	}
	t := &Table{Head: []string{"Number", "Low end", "High end", "At the low end", "At the high end", "Apart", "Of what is not known"}}
	cell := func(v float64) string { return strings.TrimSuffix(say(v), " a year") }
	shown := d.Swings[:min(mostNumbers, len(d.Swings))]
	for _, w := range shown {
		u := s.Inquiry.Numbers[w.Number]
		share := ""
		if d.Known && !s.tooFew(d) {
			share = percentOf(w.Share, 1)
		}
		t.add(clean(u.Path), u.Say(w.Low), u.Say(w.High), cell(w.AtLow), cell(w.AtHigh), s.apart(d.Target, w.Apart), share)
	}
	p.table(filled(t))
	switch rest := d.Swings[len(shown):]; {
	case len(rest) == 1:
		p.say("The other number moves it by %s.", spanOf(d.Figure.Unit, rest[0].Apart.Value))
	case len(rest) > 1:
		p.say("Each of the other %s moves it by %s or less.", count(len(rest)), spanOf(d.Figure.Unit, rest[0].Apart.Value))
	}
}

// amounts writes values of a target: of a figure, or of a difference in it.
func (s *Sensitivity) amounts(t explore.Target) func(v float64) string {
	if t.Scenario == 0 {
		return func(v float64) string { return amount(t.Figure.Unit, v) }
	}
	return func(v float64) string { return gap(t.Figure.Unit, v) }
}

// spanOf writes a length between two values of a unit.
func spanOf(unit string, v float64) string {
	v = math.Abs(v)
	if unit == sim.UnitShare {
		return scale{factor: 100, decimals: decimals(100 * v)}.number(v) + " in 100"
	}
	sc := gapScale(unit, v)
	return sc.number(v) + sc.word
}

// apart writes a swing with its interval, or that there is none to speak of.
func (s *Sensitivity) apart(t explore.Target, e stats.Estimate) string {
	switch {
	case e.Low == 0 && e.High == 0:
		return "nothing"
	case e.Low <= 0 && e.High >= 0:
		return "not clear"
	}
	return spanOf(t.Figure.Unit, e.Value)
}

// whose says in a sentence whose the uncertainty about a target is.
func (s *Sensitivity) whose(d explore.Driven) string {
	if !d.Known || d.Parts.Parameters == 0 {
		return ""
	}
	about := "the " + Label(d.Figure.ID)
	if d.Scenario > 0 {
		about = "the difference in " + about
	}
	byShare := slices.Clone(d.Swings)
	slices.SortStableFunc(byShare, func(a, b explore.Swing) int { return compareDown(a.Share, b.Share) })
	unknown := d.Parts.Unknown()
	var words []string
	named := 0.0
	for _, w := range byShare {
		if len(words) == 3 || w.Share*unknown < s.leastNamed() {
			break
		}
		named += w.Share
		words = append(words, few(w.Share*unknown)+" "+spoken(s.Inquiry.Numbers[w.Number].Path))
	}
	if len(words) > 0 {
		words[0] = strings.Replace(words[0], "% ", "% is not knowing "+"‘", 1)
		for i := range words {
			if i > 0 {
				words[i] = strings.Replace(words[i], "% ", "% ‘", 1)
			}
			words[i] += "’"
		}
	}
	left := max(0, 1-named) * unknown
	switch rest := len(byShare) - len(words); {
	case s.tooFew(d):
		words = append(words, few(left)+" is not knowing the "+several(float64(rest), "number"))
	case len(words) == 0:
		words = append(words, few(left)+" is not knowing the "+count(rest)+" numbers, none of which stands out")
	case rest == 1:
		words = append(words, few(left)+" the other number and what all do together")
	case rest > 0:
		words = append(words, few(left)+" the other "+count(rest)+" and what all do together")
	case left >= 0.005:
		words = append(words, few(left)+" what they do together")
	}
	words = append(words, few(1-unknown)+" chance")
	text := "Of the uncertainty about " + about + ", " + strings.Join(words, "; ") + "."
	if s.tooFew(d) {
		text += fmt.Sprintf(" Which number has how much of it cannot be told from %s; more `--replications` make more.", several(float64(s.Draws), "draw"))
	}
	return text
}

// tooFew says whether draws are too few to share out among the numbers what is not known: a curve through them finds none that
// stands out, and might not if there were one.
func (s *Sensitivity) tooFew(d explore.Driven) bool {
	return d.Known && s.Draws < 100 && !slices.ContainsFunc(d.Swings, func(w explore.Swing) bool { return w.Share*d.Parts.Unknown() >= s.leastNamed() })
}

// leastNamed is how much a number must be responsible for to be named in a sentence: more than a curve through so few
// draws finds by luck.
func (s *Sensitivity) leastNamed() float64 { return max(0.045, 10/float64(max(s.Draws, 1))) }

// few writes a share in whole percent.
func few(share float64) string {
	if share < 0.005 {
		return "under 1%"
	}
	return percentOf(share, 1)
}

func compareDown(a, b float64) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}

// spoken is a path in words: `rehab, other rehabs, per night`.
func spoken(path string) string {
	path = strings.TrimPrefix(path, "pathway.")
	path = strings.ReplaceAll(path, ".places.", ".")
	return strings.NewReplacer(".", ", ", "-", " ", "_", " ").Replace(clean(path))
}

func (s *Sensitivity) indexed(p *Page, i explore.Indexed) {
	p.title(2, s.heading(i.Target))
	if !i.Known {
		p.say("It does not vary, whatever the numbers are.")
		return
	}
	p.say("For not knowing the numbers, give or take %s. Alone: the share of its variance that a number is responsible for by itself. With others: with all it does together with them. Luck is left out.",
		spread(i.Figure.Unit, math.Sqrt(i.Variance)))
	t := &Table{Head: []string{"Number", "Alone", "With others"}}
	shown := i.Numbers[:min(mostNumbers, len(i.Numbers))]
	for _, n := range shown {
		t.add(clean(s.Inquiry.Numbers[n.Number].Path), indexOf(n.First), indexOf(n.Total))
	}
	p.table(t)
	if rest := i.Numbers[len(shown):]; len(rest) > 0 {
		p.say("Each of the other %s: %s or less.", count(len(rest)), percentOf(max(0, rest[0].Total.Value), 1))
	}
}

// indexOf writes a share with its interval, within 0 and all.
func indexOf(e stats.Estimate) string {
	within := func(v float64) string { return percentOf(min(max(v, 0), 1), 1) }
	return within(e.Value) + " (" + within(e.Low) + " to " + within(e.High) + ")"
}

func (s *Sensitivity) screened(p *Page, e explore.Screened) {
	p.title(2, s.heading(e.Target))
	p.say("What moving a number over half of its distribution does, wherever the others are. A spread as large as the effect: it bends, or depends on the others.")
	t := &Table{Head: []string{"Number", "Moves it by", "Mostly", "Spread"}}
	shown := e.Numbers[:min(mostNumbers, len(e.Numbers))]
	for _, n := range shown {
		way := "either way"
		if n.Mean.Low > 0 {
			way = "up"
		} else if n.Mean.High < 0 {
			way = "down"
		}
		t.add(clean(s.Inquiry.Numbers[n.Number].Path), spanOf(e.Figure.Unit, n.Size.Value), way, spanOf(e.Figure.Unit, n.Spread))
	}
	p.table(t)
	if rest := e.Numbers[len(shown):]; len(rest) > 0 {
		p.say("Each of the other %s: %s or less.", count(len(rest)), spanOf(e.Figure.Unit, rest[0].Size.Value))
	}
}

// weighed is what is best for how much is worth what, and what it is worth to know more.
func (s *Sensitivity) weighed(p *Page) {
	if len(s.Weighed) == 0 {
		return
	}
	p.title(2, "What is best, and what knowing more is worth")
	what := spokenValue(s.Ladder.Label)
	p.say("Each option's net benefit a year is what it brings, at what that is worth, less its cost. Chance: that an option is the best of these, for not knowing the numbers.")
	t := &Table{Head: []string{"If " + what + " is worth"}}
	for i := range s.Scenarios {
		t.Head = append(t.Head, "Chance that best is: "+clean(s.title(i)))
	}
	t.Head = append(t.Head, "On average best", "Knowing all is worth")
	most := s.Weighed[0]
	for _, w := range s.Weighed {
		row := []string{amount(sim.UnitPounds, w.Step)}
		for _, share := range w.Share {
			row = append(row, percentOf(share, 1))
		}
		t.add(append(row, clean(s.title(w.Best)), poundsAYear(w.EVPI))...)
		if w.EVPI > most.EVPI {
			most = w
		}
	}
	p.table(t)
	if len(s.Weighed) == 1 {
		s.netBenefits(p, most)
	}
	if most.EVPI < 1 {
		p.say("Knowing the numbers better would not change the choice.")
		return
	}
	p.say("If %s is worth %s, %s is best on average. Knowing every number before choosing would be worth %s more: no study to find them out can be worth more than that.",
		what, amount(sim.UnitPounds, most.Step), clean(s.title(most.Best)), poundsAYear(most.EVPI))
	known := &Table{Head: []string{"Number to find out", "Worth up to"}}
	for _, partial := range most.Partial[:min(6, len(most.Partial))] {
		if partial.Value >= 1 {
			known.add(clean(s.Inquiry.Numbers[partial.Number].Path), poundsAYear(partial.Value))
		}
	}
	if len(known.Rows) > 0 {
		p.table(known)
	} else {
		p.say("No single number is worth finding out by itself.")
	}
}

// netBenefits says what each option is worth beside the first.
func (s *Sensitivity) netBenefits(p *Page, w explore.Weighed) {
	var words []string
	for i := 1; i < len(w.Means); i++ {
		words = append(words, clean(s.title(i))+" "+gap(sim.UnitPoundsPerYear, w.Means[i]-w.Means[0]))
	}
	p.sayOf("Net benefit a year against "+clean(s.title(0)), words)
}

func poundsAYear(v float64) string {
	if v < 1 {
		return "nothing"
	}
	return amount(sim.UnitPoundsPerYear, v)
}

// spokenValue is what is valued, in words.
func spokenValue(label string) string {
	word, stage, _ := strings.Cut(label, ".")
	switch {
	case label == "completion":
		return "one completion more"
	case word == "day-of-wait" && stage != "":
		return "a day less of waiting for " + plain(stage)
	case word == "day-of-wait":
		return "a day less of waiting for a bed"
	}
	return "one unit of " + Label(label)
}

func (s *Sensitivity) breakEvens(p *Page) {
	if len(s.BreakEvens) == 0 {
		return
	}
	p.title(2, "Break-even")
	var lines []string
	for _, b := range s.BreakEvens {
		lines = append(lines, s.breakEven(b))
	}
	p.list(lines)
}

func (s *Sensitivity) breakEven(b explore.BreakEven) string {
	say := s.amounts(b.Target)
	about := fmt.Sprintf("%s, %s", clean(s.title(b.Scenario)), Label(b.Figure.ID))
	ends := fmt.Sprintf("%s where %s is %s, %s where it is %s", say(b.AtLow.Value), spoken(b.Number.Path), b.Number.Say(b.Low), say(b.AtHigh.Value), b.Number.Say(b.High))
	if !b.Found {
		return fmt.Sprintf("%s: it does not turn anywhere from %s to %s. It is %s.", about, b.Number.Say(b.Low), b.Number.Say(b.High), ends)
	}
	text := fmt.Sprintf("%s: it turns where %s is %s", about, spoken(b.Number.Path), b.Number.Say(b.At))
	if from, to := b.Number.Say(b.From), b.Number.Say(b.To); from != to {
		text += fmt.Sprintf(" (%s to %s)", from, to)
	}
	text += ". It is " + ends + "."
	if b.More {
		text += " It turns more than once: this is the first."
	}
	return text
}

func (s *Sensitivity) sureness(p *Page) {
	p.title(2, "How sure this is")
	var notes []string
	switch {
	case s.Method == "tornado":
		notes = append(notes, "Apart: from one end to the other, all else as the scenario has it. Not clear: it may be chance.")
		if slices.ContainsFunc(s.Driven, func(d explore.Driven) bool { return d.Known && !s.tooFew(d) }) {
			notes = append(notes, "Of what is not known: shares of the variance over draws of all numbers, by a curve in each; they are rough, to some points in 100, from so many draws.")
		}
	case s.Method == "sobol":
		notes = append(notes, "In brackets: 95% confidence. More rows (`--points`) narrow them.")
	}
	if len(s.BreakEvens) > 0 {
		notes = append(notes, "Break-even: all other numbers as the scenarios have them; in brackets, 95% confidence for chance.")
	}
	last := "Numbers without a range count as known, and ranges as right."
	if s.Around {
		last = "A fifth either way is no judgement of what is likely: give the numbers ranges of their own under `uncertain:`."
	}
	p.list(append(notes, last))
}
