package explore

import (
	"cmp"
	"slices"

	"tier4/sim"
	"tier4/sim/stats"
)

// Place is where an option stands towards the frontier.
type Place int

// The places.
const (
	OnFrontier Place = iota // by the estimates no other option is as good in every goal and better in one
	NotTold                 // one on the frontier seems to beat it, but it may be chance
	Beaten                  // one on the frontier clearly beats it
	NotKnown                // nobody contributed to a goal
)

// Placed is an option's place with the reason for it.
type Placed struct {
	Place Place
	By    int                // the option that beats it, or seems to; -1 on the frontier
	Gaps  []stats.Difference // by goal: its figure less that of By, paired
}

// Step is the way from one option on the frontier to the next dearer one that is better in another goal.
type Step struct {
	From, To int
	Goal     int            // which gets better
	Price    stats.Estimate // of one unit of it, in the unit of the money
	Known    bool           // whether the price has an interval that ends
}

// Frontier is the options that no other beats, by two goals or three.
type Frontier struct {
	Goals   []Goal
	Figures []sim.Figure // of the goals
	Placed  []Placed     // by option
	Front   []int        // the options on the frontier, by their first goal
	Money   int          // the goal that is money, -1 for none
	Steps   []Step       // by goal, along the frontier
	Tests   int          // comparisons that the verdicts are corrected for
}

// level of the verdicts of a frontier, all together.
const level = 0.95

// Frontier finds the options that no other beats. Goals are figures kept by the survey. That one option
// clearly beats another is a claim about every goal, so its p-value is the greatest of theirs (an
// intersection-union test, Berger 1982), one-sided and paired by replication; over all pairs of an option on
// the frontier and one off it the claims are corrected together (Holm).
func (s *Surveyed) Frontier(goals []Goal) *Frontier {
	f := &Frontier{Goals: goals, Placed: make([]Placed, len(s.Options)), Money: -1}
	values := make([][]float64, len(goals)) // by goal and option, less is better
	for k, g := range goals {
		at := slices.Index(s.Keep, g.Figure)
		f.Figures = append(f.Figures, s.figure(g.Figure))
		if f.Figures[k].Unit == sim.UnitPoundsPerYear && !g.Greatest && f.Money < 0 {
			f.Money = k
		}
		for i := range s.Options {
			v, ok := s.kept[at][i].value()
			if !ok {
				f.Placed[i] = Placed{Place: NotKnown, By: -1}
			}
			if g.Greatest {
				v = -v
			}
			values[k] = append(values[k], v)
		}
	}
	f.Front = undominated(values, func(i int) bool { return f.Placed[i].Place != NotKnown })
	slices.SortStableFunc(f.Front, func(a, b int) int { return cmp.Compare(values[0][a], values[0][b]) })
	s.place(f)
	if f.Money >= 0 {
		s.steps(f, values)
	}
	return f
}

// figure is a figure by its name, of any option that has it.
func (s *Surveyed) figure(id string) sim.Figure {
	for _, o := range s.Options {
		for _, f := range o.Model.Figures() {
			if f.ID == id {
				return f
			}
		}
	}
	return sim.Figure{ID: id}
}

// undominated are the options for which no other is at least as good in all values and better in one.
func undominated(values [][]float64, counts func(i int) bool) (front []int) {
	beats := func(j, i int) bool {
		better := false
		for _, v := range values {
			if v[j] > v[i] {
				return false
			}
			better = better || v[j] < v[i]
		}
		return better
	}
	for i := range values[0] {
		if !counts(i) {
			continue
		}
		beaten := false
		for j := range values[0] {
			beaten = beaten || counts(j) && beats(j, i)
		}
		if !beaten {
			front = append(front, i)
		}
	}
	return front
}

// place says of each option off the frontier what beats it.
func (s *Surveyed) place(f *Frontier) {
	type pair struct{ off, on int }
	var pairs []pair
	var ps []float64
	for i := range f.Placed {
		if f.Placed[i].Place == NotKnown {
			continue
		}
		if slices.Contains(f.Front, i) {
			f.Placed[i] = Placed{Place: OnFrontier, By: -1}
			continue
		}
		for _, j := range f.Front {
			pairs, ps = append(pairs, pair{i, j}), append(ps, pOfBeating(f.Goals, s.gaps(f, i, j)))
		}
	}
	f.Tests = len(ps)
	clearest, adjusted := map[int]int{}, stats.Holm(ps) // by option, its pair of least p
	for k, p := range pairs {
		if best, ok := clearest[p.off]; !ok || ps[k] < ps[best] {
			clearest[p.off] = k
		}
	}
	for i := range f.Placed {
		k, off := clearest[i]
		if !off {
			continue
		}
		f.Placed[i] = Placed{Place: NotTold, By: pairs[k].on}
		if adjusted[k] <= 1-level {
			f.Placed[i].Place = Beaten
		}
		f.Placed[i].Gaps = s.gaps(f, i, pairs[k].on)
	}
}

// gaps are an option's goals less those of another.
func (s *Surveyed) gaps(f *Frontier, i, j int) []stats.Difference {
	gaps := make([]stats.Difference, len(f.Goals))
	for k, g := range f.Goals {
		kept := s.kept[slices.Index(s.Keep, g.Figure)]
		gaps[k], _ = difference(kept[j], kept[i], level)
	}
	return gaps
}

// pOfBeating is the p-value of an option's being worse in every goal; goals that are equal in every
// replication are known not to be better, and say nothing else.
func pOfBeating(goals []Goal, gaps []stats.Difference) float64 {
	p, differs := 0.0, false
	for k, d := range gaps {
		if d.Same {
			continue
		}
		differs = true
		worse := d.Value > 0
		if goals[k].Greatest {
			worse = d.Value < 0
		}
		if worse {
			p = max(p, d.P/2)
		} else {
			p = max(p, 1-d.P/2)
		}
	}
	if !differs {
		return 1
	}
	return p
}

// steps are what the next unit of each goal costs, from one option on the frontier to the next.
func (s *Surveyed) steps(f *Frontier, values [][]float64) {
	for k := range f.Goals {
		if k == f.Money {
			continue
		}
		on := undominated([][]float64{values[f.Money], values[k]}, func(i int) bool { return slices.Contains(f.Front, i) })
		slices.SortStableFunc(on, func(a, b int) int { return cmp.Compare(values[f.Money][a], values[f.Money][b]) })
		for n := 1; n < len(on); n++ {
			if from, to := on[n-1], on[n]; values[k][to] < values[k][from] {
				f.Steps = append(f.Steps, s.step(f, from, to, k))
			}
		}
	}
}

// step prices the way from one option to another: the money of each replication over what it got better by,
// both linearised and paired (Fieller where it is hardly better).
func (s *Surveyed) step(f *Frontier, from, to, goal int) Step {
	money, gain := s.moved(f, f.Money, from, to), s.moved(f, goal, from, to)
	var price stats.Ratio
	for r := range money {
		g := gain[r]
		if !f.Goals[goal].Greatest {
			g = -g
		}
		price.Add(money[r], g)
	}
	step := Step{From: from, To: to, Goal: goal}
	var ok bool
	step.Price, ok = price.Estimate(level)
	step.Known = ok && price.MeanN() > 0 && step.Price.Known() && step.Price.Method != stats.MethodUnbounded
	return step
}

// moved is by how much a goal's figure is greater at one option than at another, replication by replication.
// A share of people is turned into people a year.
func (s *Surveyed) moved(f *Frontier, goal, from, to int) []float64 {
	kept := s.kept[slices.Index(s.Keep, f.Goals[goal].Figure)]
	a, b := kept[from], kept[to]
	moved := make([]float64, s.Replications)
	if f.Counts(goal) {
		years := s.years()
		for r := range moved {
			moved[r] = (b.y[r] - a.y[r]) / years
		}
		return moved
	}
	va, _ := a.value()
	vb, _ := b.value()
	ea, eb := a.residuals(s.Replications), b.residuals(s.Replications)
	for r := range moved {
		moved[r] = vb - va + eb[r] - ea[r]
	}
	return moved
}

// Counts reports whether a goal is a share of people, so that one unit of it is one person.
func (f *Frontier) Counts(goal int) bool {
	return f.Figures[goal].Unit == sim.UnitShare && f.Figures[goal].People
}

func (s *Surveyed) years() float64 { return s.Options[0].Model.Spec().Measure / 365.25 }
