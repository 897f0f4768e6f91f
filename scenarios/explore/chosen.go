package explore

import (
	"math"

	"tier4/sim"
	"tier4/sim/stats"
)

// Ending is why a choice ended, and so what is promised.
type Ending int

// The endings.
const (
	Decided     Ending = iota // by the procedure: what it promises holds
	Capped                    // an option had been played as often as allowed
	Spent                     // the budget was
	Interrupted               // stopped from outside
)

// Standing is where an option stands in the end.
type Standing int

// The standings.
const (
	Best       Standing = iota
	Tied                // within the indifference of the best, as far as can be seen
	Worse               // shown to be worse, or seems so
	Undecided           // not told from the best: the choice ended before
	Infeasible          // misses a constraint
	Unknown             // nobody contributed to a figure that is asked for
)

// Outcome is what was found of one option.
type Outcome struct {
	Option
	Standing     Standing
	Replications int
	Summary      *sim.Summary     // of its own replications
	Behind       stats.Difference // goal less that of the best, over the replications both have
	Compared     bool             // whether there is one
	BeatenBy     int              // the option that showed it to be worse, -1 for none
	Misses       []int            // the constraints it misses: shown, or where nothing was shown as it seems
	Figure       string           // Unknown: which
}

// Chosen is the answer of a choice.
type Chosen struct {
	Best        int // -1 where no option keeps the constraints
	Outcomes    []Outcome
	Ending      Ending
	Probability float64 // that the best is the right one, or within the indifference: promised where Decided, else estimated
	Within      float64 // by how much at most another option may be better, with the confidence asked for
	Used        int     // replications of all options together
	Equal       int     // had all been played as often as the one played most
}

// Of are the options with a standing.
func (c *Chosen) Of(standing Standing) (some []int) {
	for i, o := range c.Outcomes {
		if o.Standing == standing {
			some = append(some, i)
		}
	}
	return some
}

// outcome says what is known now.
func (t *contest) outcome() *Chosen {
	if t.screen == nil { // stopped before every option had been played First times
		t.setUp()
		t.judge()
	}
	c := &Chosen{Best: t.leader(), Ending: t.ending, Used: t.used(), Probability: t.Confidence, Within: t.Indifference}
	if t.ending != Decided && c.Best >= 0 && !t.seemsToKeep(c.Best) {
		c.Best = -1
	}
	found := summaries(t.gathers)
	for i, s := range t.goal {
		c.Equal = max(c.Equal, s.len()*len(t.Options))
		c.Outcomes = append(c.Outcomes, t.found(i, c.Best))
		c.Outcomes[i].Summary = found[i]
	}
	if t.ending != Decided {
		c.Probability, c.Within = t.sureness(c.Best)
	}
	return c
}

// found is what was found of option i.
func (t *contest) found(i, best int) Outcome {
	o := Outcome{Option: t.Options[i], Replications: t.goal[i].len(), BeatenBy: t.beaten[i], Figure: t.unknown[i]}
	if o.Figure != "" {
		o.Standing = Unknown
		return o
	}
	for s, check := range t.checks {
		if v := t.failed[i][s]; v == infeasible || v == unknown && check.excess(i) > 0 {
			o.Misses = append(o.Misses, s)
		}
	}
	if best >= 0 && i != best {
		o.Behind, o.Compared = t.behind(best, i)
	}
	switch {
	case i == best:
		o.Standing = Best
	case len(o.Misses) > 0:
		o.Standing = Infeasible
	case o.Compared && math.Abs(o.Behind.Value) < t.Indifference:
		o.Standing = Tied
	case t.state[i] == contending && t.ending != Decided && !t.clearlyBehind(o.Behind):
		o.Standing = Undecided
	default:
		o.Standing = Worse
	}
	return o
}

// clearlyBehind reports whether an interval leaves no doubt that an option is worse than the best.
func (t *contest) clearlyBehind(d stats.Difference) bool {
	if t.Goal.Greatest {
		return d.High < 0
	}
	return d.Low > 0
}

// sureness estimates the chance that the best option is right or within the indifference of what is, by
// Bonferroni over the others (Chen and others 2000, eq. 8), and by how much at most another may be better.
func (t *contest) sureness(best int) (probability, within float64) {
	if best < 0 {
		return 0, 0
	}
	probability = 1.0
	for _, check := range t.checks {
		probability -= 1 - check.chance(best)
	}
	rivals := 0
	for i := range t.Options {
		if i != best && t.inPlay(i) {
			rivals++
		}
	}
	level := 1 - 2*(1-t.Confidence)/float64(max(1, rivals)) // one-sided, for all of them
	for i := range t.Options {
		d, ok := difference(t.goal[best], t.goal[i], max(level, 0.5))
		if i == best || !t.inPlay(i) || !ok {
			continue
		}
		wrong := normalBelow(-d.Value-t.Indifference, d.SE)
		for _, check := range t.checks {
			wrong = min(wrong, check.chance(i))
		}
		probability -= wrong
		within = max(within, -d.Low)
	}
	return min(max(0, probability), mostSure), within
}

// mostSure bounds an estimated probability: nothing that is estimated is certain.
const mostSure = 0.9999
