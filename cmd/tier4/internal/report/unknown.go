package report

import (
	"fmt"
	"math"
	"slices"

	"tier4/scenarios"
	"tier4/sim"
)

// unknowns are the numbers that any of the scenarios calls uncertain, each once, where they were drawn.
func (s *Study) unknowns() (all []scenarios.Unknown) {
	if s.Draws == 0 {
		return nil
	}
	for _, one := range s.Scenarios {
		for _, u := range listed(one) {
			if !slices.ContainsFunc(all, func(o scenarios.Unknown) bool { return o.Path == u.Path }) {
				all = append(all, u)
			}
		}
	}
	return all
}

func listed(s *scenarios.Scenario) []scenarios.Unknown {
	if s.Unknowns == nil {
		return nil
	}
	return s.Unknowns.List()
}

// uncertain says how many numbers are not known: `22 numbers that nobody knows exactly`.
func (s *Study) uncertain() string {
	if n := len(s.unknowns()); n != 1 {
		return count(n) + " numbers that nobody knows exactly"
	}
	return "one number that nobody knows exactly"
}

// drawnFrom says how what is not known was drawn, "" where it was not.
func (s *Study) drawnFrom() string {
	if s.Draws == 0 {
		return ""
	}
	ranges, fixed := "their ranges", "; `--fixed` takes them as they stand"
	if len(s.unknowns()) == 1 {
		ranges, fixed = "its range", "; `--fixed` takes it as it stands"
	}
	if !s.carries() {
		ranges += ", too few for the brackets to carry what is not known"
	}
	return fmt.Sprintf(" In them, %s took %s from %s%s.", s.uncertain(), sets(s.Findings.Draws), ranges, fixed)
}

func sets(n int) string {
	if n == 1 {
		return "1 set of values"
	}
	return count(n) + " sets of values"
}

// carries reports whether intervals carry what is not known: a run that was stopped may have drawn too little of it.
func (s *Study) carries() bool { return s.Draws > 0 && s.Findings.Draws >= sim.LeastDraws }

// drawnWarnings are doubts about what was drawn.
func (s *Study) drawnWarnings() []sim.Warning {
	if s.Undrawn {
		return []sim.Warning{{Code: "fixed", Text: fixed + "; play 20 replications or more to draw them"}}
	}
	if s.Draws == 0 || s.carries() {
		return nil
	}
	return []sim.Warning{{Code: "few_draws", Text: fmt.Sprintf(
		"what is not known took only %s, and it takes %d for intervals to carry it: take them, and what is called clear, as being for chance alone",
		sets(s.Findings.Draws), sim.LeastDraws)}}
}

// notYet stands for what not knowing adds where there were too few sets of values to tell.
const notYet = "not known yet"

// tooFewSets says whether so few sets of values were drawn that how far apart their averages are says little; where luck
// alone explains it, a good many are needed to say that there is no more to it.
func tooFewSets(p *sim.Parts) bool { return p.Draws < 20 || p.Parameters == 0 && p.Draws < 100 }

// chanceAlone is the warning that figures which were to be precise have wider intervals for what is not known.
func (s *Study) chanceAlone(i int) []sim.Warning {
	if !s.Findings.PrecisionMet || !s.carries() {
		return nil
	}
	for _, e := range s.Findings.Summaries[i].Estimates {
		if slices.Contains(s.Precise, e.ID) && (e.High-e.Low)/2 > s.Precision*math.Abs(e.Value) {
			return []sim.Warning{{Code: "precision_of_chance", Text: fmt.Sprintf(
				"the %s asked for is met as far as chance goes; brackets that are wider carry what is not known, which more replications do not narrow", percent(s.Precision))}}
		}
	}
	return nil
}

// notKnown is the section about what is not known: how much of what may be is not knowing, and how much is
// luck; and which numbers are not known.
func (s *Study) notKnown(p *Page) {
	if s.Draws == 0 {
		return
	}
	t := &Table{Head: []string{"What", "For not knowing, give or take", "For the luck of one year, give or take", "Of both, not knowing is"}}
	l := newLookup(s.Findings.Summaries[0])
	early := false
	for _, id := range headline(s.Scenarios[0].Spec) {
		e, ok := l.find(id)
		if !ok || !s.carries() || e.Parts == nil || e.Parts.YearVariance == 0 {
			continue
		}
		unknown, year := math.Sqrt(e.Parts.Parameters), math.Sqrt(e.Parts.YearVariance)
		row := []string{sentence(s.label(e.Figure)), notYet, spread(e.Unit, year), notYet}
		if !tooFewSets(e.Parts) {
			row[1], row[3] = spread(e.Unit, unknown), percentOf(e.Parts.Parameters, e.Parts.Parameters+e.Parts.YearVariance)
		} else {
			early = true
		}
		t.add(row...)
	}
	p.title(2, "What we do not know")
	p.say("What next year brings is uncertain because some numbers are not known, and because people have good and bad luck. Finding out the numbers would help with the first alone.")
	p.table(t)
	if early {
		p.say("Not known yet: too few sets of values were drawn to tell; more `--replications` draw more.")
	}
	p.say("The numbers, and where each was drawn from:")
	p.table(numbers(s.unknowns()))
}

// spread writes what a standard deviation comes to: 19 in 20 are no further off.
func spread(unit string, sd float64) string {
	if unit == sim.UnitShare {
		return scale{factor: 100, decimals: decimals(100 * 1.96 * sd)}.number(1.96*sd) + " in 100"
	}
	sc := gapScale(unit, 1.96*sd)
	return sc.number(1.96*sd) + sc.word
}

func percentOf(part, whole float64) string {
	if !(whole > 0) {
		return "none"
	}
	return fmt.Sprintf("%.0f%%", 100*part/whole)
}

// numbers lists what is not known.
func numbers(all []scenarios.Unknown) *Table {
	t := &Table{Head: []string{"Number", "In the scenario", "19 times in 20", "Why"}}
	for _, u := range all {
		why := clean(u.Why)
		if u.File != "" {
			why = "drawn from " + clean(u.File)
		}
		t.add(clean(u.Path), u.Say(u.Value), u.Say(u.Quantile(0.025))+" to "+u.Say(u.Quantile(0.975)), why)
	}
	return filled(t)
}

// shared says how much of the uncertainty about a difference is not knowing.
func (s *Study) shared(c *sim.Comparison, ids []string) string {
	if !s.carries() {
		return ""
	}
	for _, id := range append([]string{"cost"}, ids...) {
		if d := find(c, id); d != nil && d.Parts != nil && !d.Same && slices.Contains(ids, id) {
			part := math.Round(100 * d.Parts.Unknown())
			return fmt.Sprintf("Of the uncertainty about the difference in %s, %.0f%% is not knowing the numbers, and %.0f%% chance, which more replications would narrow.", Label(id), part, 100-part)
		}
	}
	return ""
}

// partsJSON is how much of the uncertainty of a figure is which, as standard deviations in its unit.
type partsJSON struct {
	Draws      int      `json:"draws"`
	NotKnowing float64  `json:"not_knowing"`         // of the long-run figure, for not knowing the numbers
	Chance     float64  `json:"chance"`              // of the average over all draws, for having played so few
	Year       *float64 `json:"one_year,omitempty"`  // of a single measured year, for luck
	Share      float64  `json:"share_not_knowing"`   // of the squared width of the interval
	OfDraws    float64  `json:"share_between_draws"` // of the variance of the draws' averages
}

func partsOf(p *sim.Parts) *partsJSON {
	if p == nil {
		return nil
	}
	one := &partsJSON{
		Draws: p.Draws, NotKnowing: math.Sqrt(p.Parameters), Chance: p.SE(), Share: p.Unknown(), OfDraws: p.FirstStage(),
	}
	if p.YearVariance > 0 {
		year := math.Sqrt(p.YearVariance)
		one.Year = &year
	}
	return one
}

// uncertainJSON are the numbers that were drawn.
type uncertainJSON struct {
	Draws   int          `json:"draws"`
	Numbers []numberJSON `json:"numbers"`
}

type numberJSON struct {
	Path  string  `json:"path"`
	Value float64 `json:"value"` // pounds, days or a fraction; of a factor 1
	Low   float64 `json:"low"`   // 95% lie between these
	High  float64 `json:"high"`
	Why   string  `json:"why,omitempty"`
	File  string  `json:"file,omitempty"`
}

func (s *Study) uncertainNumbers() *uncertainJSON {
	if s.Draws == 0 {
		return nil
	}
	return &uncertainJSON{s.Findings.Draws, numbersJSON(s.unknowns())}
}

func numbersJSON(list []scenarios.Unknown) []numberJSON {
	all := []numberJSON{}
	for _, u := range list {
		all = append(all, numberJSON{u.Path, u.Value, u.Quantile(0.025), u.Quantile(0.975), u.Why, u.File})
	}
	return all
}

// partsRow is the cells of a CSV row that say how much is which.
func partsRow(p *sim.Parts) []string {
	if p == nil {
		return []string{"", "", ""}
	}
	return []string{digits(math.Sqrt(p.Parameters)), digits(p.SE()), digits(p.Unknown())}
}
