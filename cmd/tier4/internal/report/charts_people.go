package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tier4/cmd/tier4/internal/chart"
	"tier4/sim"
	"tier4/sim/stats"
)

// flow draws where people leave the pathway.
func (d *drafts) flow() {
	f := chart.Flow{Each: "people a year"}
	worst, most := chart.Step{}, 0.0
	for _, stage := range d.spec.Stages {
		joined, ok := d.l.find(stage.Name + ".joined")
		if !ok {
			return // a comparison's tables do without
		}
		step := chart.Step{Name: sentence(plain(stage.Name)), In: joined.Value}
		if away, ok := d.l.find(stage.Name + ".turned_away"); ok {
			step.In += away.Value
		}
		sum := 0.0
		for _, why := range losses {
			if e, ok := d.l.find("lost." + stage.Name + "." + why[0]); ok && e.Value > 0 {
				step.Lost = append(step.Lost, chart.Loss{Cause: strings.ToLower(why[1]), People: e.Value})
				sum += e.Value
			}
		}
		f.Steps = append(f.Steps, step)
		if sum > most {
			worst, most = step, sum
		}
	}
	if done, ok := d.l.find("completions"); ok {
		f.Steps = append(f.Steps, chart.Step{Name: "Completed", In: done.Value, End: true})
	}
	if len(f.Steps) == 0 {
		return
	}
	title := "Nobody is lost on the way"
	if most > 0 {
		title = fmt.Sprintf("More are lost at %s than anywhere else: %s of the %s a year who come to it",
			strings.ToLower(worst.Name), count(wholeNumber(most)), persons(wholeNumber(worst.In)))
		if lossSteps(f.Steps) == 1 {
			title = fmt.Sprintf("At %s %s of %s a year go no further", strings.ToLower(worst.Name), count(wholeNumber(most)), persons(wholeNumber(worst.In)))
		}
	}
	f.Words = d.words("lost", title, "People a year who come to each step, and who go no further for now")
	d.add(f.Chart)
}

// lossSteps is at how many steps anybody is lost.
func lossSteps(steps []chart.Step) (n int) {
	for _, step := range steps {
		if len(step.Lost) > 0 {
			n++
		}
	}
	return n
}

// gaps draws how those with a trait fare beside everyone else: shares in one picture, waits in another.
func (d *drafts) gaps() {
	for _, trait := range d.spec.Traits {
		for _, unit := range []string{sim.UnitShare, sim.UnitDays} {
			g := chart.Gaps{Groups: []string{plain(trait.Name), "everyone else"}}
			size, widest, widestName := 0.0, 0.0, ""
			for _, e := range d.base.Estimates {
				id, of, is := strings.Cut(e.ID, "@")
				what, isGap := strings.CutPrefix(id, gapPrefix)
				if !is || !isGap || of != trait.Name || e.Unit != unit {
					continue
				}
				line := d.gapLine(what, trait.Name, e)
				g.Lines = append(g.Lines, line)
				for _, v := range line.Values {
					size = max(size, v.High)
				}
				if !line.Unclear && abs(e.Value) > abs(widest) {
					widest, widestName = e.Value, line.Name+": "+line.Text
				}
			}
			if len(g.Lines) == 0 {
				continue
			}
			g.Axis = chart.Axis{Label: map[string]string{sim.UnitShare: "Share", sim.UnitDays: "Average wait"}[unit], Unit: chartUnit(unit, size)}
			title := fmt.Sprintf("No clear gap between %s and everyone else", plain(trait.Name))
			if widestName != "" {
				title = fmt.Sprintf("The widest gap of %s to everyone else: %s", plain(trait.Name), widestName)
			}
			g.Words = d.words("gap-"+trait.Name+map[string]string{sim.UnitShare: "-shares", sim.UnitDays: "-waits"}[unit], title, "Figures of "+plain(trait.Name)+" beside those of everyone else")
			d.add(g.Chart)
		}
	}
}

func abs(x float64) float64 { return max(x, -x) }

func (d *drafts) gapLine(what, trait string, e sim.Estimate) chart.Gap {
	line := chart.Gap{Name: Label(what), Text: gapText(e, gap(e.Unit, e.Value)), Unclear: !gapClear(e)}
	for _, group := range []string{trait, "not " + trait} {
		side := chart.Sided{}
		if v, ok := d.l.find(what + "@" + group); ok {
			side = chart.Sided{Value: v.Value, Low: v.Low, High: v.High, OK: true}
			if !v.Known() {
				side.Low, side.High = v.Value, v.Value
			}
		}
		line.Values = append(line.Values, side)
	}
	return line
}

// forests draws, for each main figure, how the what-ifs differ from the base.
func (d *drafts) forests() {
	ids := headline(d.spec)
	if len(d.s.Figures) > 0 {
		if ids = d.s.asked(); len(ids) > mostColumns {
			ids = headline(d.spec)
		}
	}
	for _, id := range ids {
		d.forest(id)
	}
}

func (d *drafts) forest(id string) {
	base, ok := d.l.find(id)
	if !ok || d.s.nothing(base) {
		return
	}
	f := chart.Forest{Good: base.Better}
	size := 0.0
	for i, c := range d.s.Findings.Comparisons {
		x := find(c, id)
		if x == nil || !x.Known() && !x.Same {
			continue
		}
		f.Effects = append(f.Effects, effect(clean(d.s.Title(i+1)), x, len(d.s.Findings.Comparisons) <= mostIntervals))
		size = max(size, abs(x.Value))
	}
	if len(f.Effects) == 0 {
		return
	}
	f.Axis = chart.Axis{Label: "Difference", Unit: chartUnit(base.Unit, size)}
	more, less := differing(base.Unit)
	f.More, f.Less = strings.TrimSpace(more), strings.TrimSpace(less)
	switch base.Unit {
	case sim.UnitShare:
		f.More, f.Less, f.Axis.Unit = "more", "fewer", chart.Unit{Name: "in 100 people", Times: 100}
	case sim.UnitPoundsPerYear:
		f.Axis.Unit = chart.Pounds("£ a year")
	}
	f.Words = chart.Words{
		ID: "difference-" + id, Title: forestTitle(head(id), f), Note: d.source(),
		About: fmt.Sprintf("%s, against %s (%s), with 95%% intervals", sentence(d.s.label(base.Figure)), d.from(), amount(base.Unit, base.Value)),
	}
	d.add(f.Chart)
}

// mostIntervals are as many effects as have their intervals in words too; of more they are drawn alone.
const mostIntervals = 8

func effect(name string, x *sim.Difference, interval bool) chart.Effect {
	e := chart.Effect{Name: name, Value: x.Value, Low: x.Low, High: x.High, Text: cellOf(x)}
	if !x.Known() {
		e.Low, e.High = x.Value, x.Value
	}
	if x.Same {
		e.Verdict = chart.Same
		return e
	}
	switch x.Verdict {
	case stats.Better:
		e.Verdict = chart.Better
	case stats.Worse:
		e.Verdict = chart.Worse
	case stats.TooSmall:
		e.Verdict = chart.TooSmall
	case stats.NoClear:
		e.Verdict = chart.Unclear
	default:
		e.Verdict = chart.Clear
	}
	if clear(x.Verdict) && interval {
		e.Text = sureGap(x.Unit, *x)
	}
	return e
}

// forestTitle says what the verdicts support: how many are better, and the largest gain among them.
func forestTitle(what string, f chart.Forest) string {
	number := func(v chart.Verdict) (n int) {
		for _, e := range f.Effects {
			if e.Verdict == v {
				n++
			}
		}
		return n
	}
	better, worse, clear := number(chart.Better), number(chart.Worse), number(chart.Clear)
	sign := 1.0
	if f.Good < 0 {
		sign = -1
	}
	best := slices.MaxFunc(f.Effects, func(a, b chart.Effect) int {
		return cmp.Compare(rank(a)*sign*a.Value, rank(b)*sign*b.Value)
	})
	gain, _, _ := strings.Cut(best.Text, " (")
	switch {
	case better == 1 && len(f.Effects) > 1:
		return fmt.Sprintf("%s: better with “%s” alone, %s", sentence(what), best.Name, gain)
	case better > 1:
		return fmt.Sprintf("%s: better with %d of %d what-ifs; %s with “%s”", sentence(what), better, len(f.Effects), gain, best.Name)
	case better > 0:
		return fmt.Sprintf("%s: %s with “%s”", sentence(what), gain, best.Name)
	case worse > 0 && len(f.Effects) == 1:
		loss, _, _ := strings.Cut(f.Effects[0].Text, " (")
		return fmt.Sprintf("%s: %s with “%s”", sentence(what), loss, f.Effects[0].Name)
	case worse > 0:
		return fmt.Sprintf("%s: clearly better with no what-if, and worse with %d of %d", sentence(what), worse, len(f.Effects))
	case clear > 0:
		return fmt.Sprintf("%s: clearly different with %d of %d what-ifs", sentence(what), clear, len(f.Effects))
	case number(chart.Same) == len(f.Effects):
		return sentence(what) + ": the same"
	}
	return fmt.Sprintf("%s: no what-if makes a difference that is clear and matters", sentence(what))
}

// rank is 1 for what is clearly better, else 0.
func rank(e chart.Effect) float64 {
	if e.Verdict == chart.Better {
		return 1
	}
	return 0
}
