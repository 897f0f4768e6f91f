package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tier4/calibration"
	"tier4/scenarios"
)

// Calibrated is a scenario that was made to reproduce an extract.
type Calibrated struct {
	Version  string
	Name     string // of the scenario, as given
	Data     string // of the extract
	Scenario *scenarios.Scenario
	Extract  *calibration.Extract
	Of       *calibration.Result
	Seed     uint64
	HoldOut  calibration.Day // Missing for none
	Small    bool            // small numbers of people are shown too
	Stopped  bool            // before it was done

	hidden map[string]bool // observed figures that are not shown, by id, once they are asked for
}

// Page is the calibration as people read it.
func (c *Calibrated) Page() *Page {
	p := new(Page)
	p.title(1, fmt.Sprintf("%s, calibrated to %s", clean(c.Scenario.Name), clean(c.Data)))
	c.answer(p)
	c.sought(p)
	c.untold(p)
	c.seen(p)
	c.checked(p)
	c.heldOut(p)
	c.left(p)
	c.sure(p)
	return p
}

// answer says in a few sentences what came out.
func (c *Calibrated) answer(p *Page) {
	r := c.Of
	told, sought := 0, 0
	for _, f := range r.Found {
		if !f.Seen {
			sought++
			if f.Identified {
				told++
			}
		}
	}
	what := "the " + count(sought) + " numbers that cannot be seen directly"
	if sought == 1 {
		what = "the one number that cannot be seen directly"
	}
	switch told {
	case sought:
		p.say("The extract tells %s.", what)
	case 0:
		p.say("The extract does not tell %s; below is why.", what)
	default:
		p.say("Of %s the extract tells %s; the others are nearly as open as before.", what, count(told))
	}
	outside, of := r.Outside()
	p.say("With what was found, %s of %s figures observed lie within what 95%% of simulated histories show.", count(of-outside), count(of))
	switch suspects := c.suspects(); {
	case r.Far:
		p.say("But nowhere within the bounds does the model come near what was observed: it is wrong, or the bounds are.")
	case len(suspects) > 0:
		p.say("%s", c.wrong(suspects, of))
	}
	if c.Stopped {
		p.say("It was stopped early: this is what the last finished generation, %s, says.", count(len(r.History)-1))
	}
}

// wrong says what hardly any history shows, and whether chance can be why.
func (c *Calibrated) wrong(suspects []calibration.Check, of int) string {
	var names []string
	for _, one := range suspects[:min(3, len(suspects))] {
		names = append(names, one.Name)
	}
	more := ""
	if len(suspects) > 3 {
		more = fmt.Sprintf(" and %s more", count(len(suspects)-3))
	}
	text := "One figure is shown by hardly any history"
	if len(suspects) > 1 {
		text = fmt.Sprintf("%s figures are shown by hardly any history", count(len(suspects)))
	}
	text += ": " + strings.Join(names, "; ") + more
	// As many may be by chance; but none may be as far from all histories as these are from each other.
	chance := calibration.SuspectP * float64(of)
	if float64(len(suspects)) > chance+3*math.Sqrt(chance) || slices.ContainsFunc(suspects, calibration.Check.FarOff) {
		return text + ". The model is wrong there, or what was left as it is."
	}
	return text + ". So few may be so by chance."
}

// suspects are figures that hardly any history shows.
func (c *Calibrated) suspects() (some []calibration.Check) {
	for _, one := range c.Of.Checks {
		if one.Suspect {
			some = append(some, one)
		}
	}
	return some
}

// sought is a table of what was found by simulation.
func (c *Calibrated) sought(p *Page) {
	p.title(2, "Found by simulation")
	t := &Table{Head: []string{"Number", "In the scenario", "Believed before", "Found", "95% between", "Told?"}}
	for _, f := range c.Of.Found {
		if f.Seen {
			continue
		}
		told := "yes"
		if !f.Identified {
			told = "no"
		}
		t.add(f.Path, f.Say(f.Value), ends(&f, f.PriorLow, f.PriorHigh), f.Say(best(&f)), ends(&f, f.Low, f.High), told)
	}
	p.table(t)
}

// best is the value to put for a number: the middle of what is believed of it.
func best(f *calibration.Found) float64 {
	if f.Whole {
		return f.Median
	}
	return f.Mean
}

// ends says two ends, their unit once.
func ends(f *calibration.Found, low, high float64) string {
	a, b := f.Say(low), f.Say(high)
	if low == high {
		return a
	}
	if _, unit, ok := strings.Cut(b, " "); ok {
		a = strings.TrimSuffix(a, " "+unit)
	}
	return a + " to " + b
}

// untold says which numbers the extract does not tell, and why.
func (c *Calibrated) untold(p *Page) {
	var lines []string
	for _, f := range c.Of.Found {
		if !f.Identified {
			lines = append(lines, f.Path+": "+f.Why+".")
		}
	}
	for _, t := range c.Of.Trades {
		a, b := c.Of.Found[t.A], c.Of.Found[t.B]
		if a.Identified && b.Identified {
			lines = append(lines, fmt.Sprintf("%s and %s go %s (rank correlation %.2f): use them together, as the sample has them.", a.Path, b.Path,
				map[bool]string{true: "up and down together", false: "up and down against each other"}[t.Rank > 0], t.Rank))
		}
	}
	if len(lines) > 0 {
		p.title(2, "What the extract cannot tell")
		p.list(lines)
	}
}

// seen is a table of what the extract shows directly.
func (c *Calibrated) seen(p *Page) {
	h := hush(!c.Small)
	t := &Table{Head: []string{"Number", "In the scenario", "Found", "95% between", "Rests on"}}
	for _, f := range c.Of.Found {
		if f.Seen {
			t.add(f.Path, f.Say(f.Value), f.Say(f.Mean), ends(&f, f.Low, f.High), h.rests(&f))
		}
	}
	if len(t.Rows) > 0 {
		p.title(2, "Seen directly")
		p.table(t)
		p.say("How often each ended so, or went there, of how many. Laws are fitted by likelihood, in the family that the scenario has, " +
			"with what was not over, what was seen late and the rounding to dates taken into account; shares and rates are exact (Jeffreys).")
	}
}

// rests is what a number that is seen directly rests on.
func (h hush) rests(f *calibration.Found) string {
	switch {
	case f.Of == 0:
		return h.count(f.K, false)
	case h.hides(f.K) || h.hides(f.Of-f.K):
		return "some of " + h.count(f.Of, false)
	}
	return count(f.K) + " of " + count(f.Of)
}

// checked holds what was observed against what histories show.
func (c *Calibrated) checked(p *Page) {
	p.title(2, "Does the model show what was observed?")
	t := &Table{Head: []string{"Figure", "Observed", "Simulated", "95% of histories", "Shown?"}}
	monthly, outside := 0, 0
	for _, one := range c.Of.Checks {
		if isMonth(one.ID) {
			monthly++
			if one.Observed < one.Low || one.Observed > one.High {
				outside++
			}
			continue
		}
		if !isNothing(one) {
			t.add(append([]string{c.named(one.Target)}, c.cells(one)...)...)
		}
	}
	p.table(t)
	if monthly > 0 {
		p.say("Admissions month by month: %s of %s lie within what 95%% of histories show.", count(monthly-outside), count(monthly))
	}
}

// isNothing says whether neither the extract nor any history to speak of has any of it.
func isNothing(one calibration.Check) bool { return one.Observed == 0 && one.Low == 0 && one.High == 0 }

// isMonth says whether a target is one of a calendar month.
func isMonth(id string) bool {
	at := strings.LastIndexByte(id, '.')
	return len(id)-at == len(".2006-01") && strings.Count(id[at:], "-") == 1
}

// cells are the figures of a check and a mark.
func (c *Calibrated) cells(one calibration.Check) []string {
	mark := "yes"
	switch {
	case one.Suspect:
		mark = "no"
	case one.Observed < one.Low || one.Observed > one.High:
		mark = "hardly"
	}
	return []string{c.observed(one), said(one.Target, one.Simulated), said(one.Target, one.Low) + " to " + said(one.Target, one.High), mark}
}

// observed is what was observed, unless it is of too few people.
func (c *Calibrated) observed(one calibration.Check) string {
	if c.withheld(one) {
		if one.Unit != "people" || one.People >= leastShown || one.People == 0 {
			return withheld
		}
		return fewPeople
	}
	return said(one.Target, one.Observed)
}

// withheld says whether an observed figure is of too few people to show, or would give such a one away.
func (c *Calibrated) withheld(one calibration.Check) bool {
	if c.hidden == nil {
		c.hidden = hush(!c.Small).checks(c.Of.Checks)
	}
	return c.hidden[one.ID]
}

// said is a figure in its unit.
func said(t calibration.Target, v float64) string {
	switch t.Unit {
	case "share":
		return strconv.FormatFloat(100*v, 'f', 1, 64) + "%"
	case "days":
		return strconv.FormatFloat(v, 'f', 1, 64)
	case "people", "meetings", "places":
		return count(int(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

// named is a figure's name with its unit, where that does not go without saying.
func (c *Calibrated) named(t calibration.Target) string {
	if t.Unit == "days" {
		return sentence(t.Name) + " (days)"
	}
	return sentence(t.Name)
}

// heldOut holds what was predicted against what came.
func (c *Calibrated) heldOut(p *Page) {
	if len(c.Of.Ahead) == 0 {
		return
	}
	p.title(2, "What was held out")
	within := 0
	t := &Table{Head: []string{"Figure from " + dayText(c.HoldOut) + " on", "Came", "Predicted", "90% of histories", "Shown?"}}
	for _, one := range c.Of.Ahead {
		if one.Observed >= one.Low && one.Observed <= one.High {
			within++
		}
		if !isNothing(one) {
			t.add(append([]string{c.named(one.Target)}, c.cells(one)...)...)
		}
	}
	p.say("The calibration knew nothing of what happened from %s on. Of %s figures of that time, %s lie within what 90%% of histories show.",
		dayText(c.HoldOut), count(len(c.Of.Ahead)), count(within))
	p.table(t)
}

// left says what was left as it is.
func (c *Calibrated) left(p *Page) {
	if len(c.Of.Notes) == 0 {
		return
	}
	p.title(2, "Left as it is")
	var lines []string
	for _, n := range c.Of.Notes {
		lines = append(lines, ended(sentence(clean(n))))
	}
	p.list(lines)
}

// sure says how it was done and how sure it is.
func (c *Calibrated) sure(p *Page) {
	r := c.Of
	last := r.History[len(r.History)-1]
	ended := "hardly any proposal came nearer"
	switch {
	case c.Stopped:
		ended = "it was stopped"
	case r.Settled:
		ended = "the answer no longer changed"
	}
	p.title(2, "How sure this is")
	p.list([]string{
		fmt.Sprintf("%s simulated histories of the same window, observed as the extract was, the same rows chosen and dates rounded; seed %d.", count(r.Plays), c.Seed),
		fmt.Sprintf("%s points spread over all that was believed before, of which %s were implausible; then %s generations, until %s. The last accepted %.1f%% of its proposals.",
			count(r.Screen), count(r.Implausible), count(len(r.History)-1), ended, 100*last.Acceptance),
		fmt.Sprintf("The sample has %s rows and is worth %s independent draws.", count(len(r.Rows)), count(int(math.Round(r.Size)))),
		"An interval says what the extract leaves open if the model is right. Numbers that go together are only right together: use the sample, as the overlay does.",
	})
}
