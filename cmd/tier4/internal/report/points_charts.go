package report

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tier4/cmd/tier4/internal/chart"
	"tier4/scenarios/explore"
	"tier4/sim"
)

// Charts are a picture of each main figure over what is varied: a line along one number, a map over two, bars
// otherwise.
func (p *Points) Charts() (all []*chart.Chart, err error) {
	ids := p.ids()
	for _, id := range ids[:min(len(ids), mostCharts)] {
		c, err := p.picture(id, nil)
		if err != nil {
			return nil, err
		}
		if c != nil {
			all = append(all, c)
		}
	}
	return all, nil
}

// mostCharts are as many figures as are drawn, and mostBars as many options as have a bar.
const mostCharts, mostBars = 8, 30

func (p *Points) words(id, title, about string) chart.Words {
	return chart.Words{ID: id, Title: title, About: about, Note: fmt.Sprintf("Simulated: %s, each option played %s times (seed %d). tier4 %s.", Measured(p.Scenario.Spec), count(p.Replications), p.Seed, p.Version)}
}

// picture draws a figure over the options; those that are framed are the best, where that is known. It is
// nil where there is no fitting picture.
func (p *Points) picture(id string, best func(i int) bool) (*chart.Chart, error) {
	var lines []sim.Estimate
	size := 0.0
	for i := range p.Options {
		e, ok := p.Summaries[i].Find(id)
		if !ok {
			e = sim.Estimate{Figure: sim.Figure{ID: id}}
			e.Value = math.NaN()
		} else {
			size = max(size, math.Abs(e.Value))
		}
		lines = append(lines, e)
	}
	f := lines[slices.IndexFunc(lines, func(e sim.Estimate) bool { return !math.IsNaN(e.Value) })]
	unit := chartUnit(f.Unit, size)
	about := sentence(Label(id)) + ", " + clean(p.Scenario.Name) + " with other settings"
	words := p.words("option-"+id, p.extremes(id, lines), about)
	switch {
	case len(p.Names) == 0 && len(p.Paths) == 1:
		if x, at, ok := axisOf(p.settingsOf(0)); ok {
			return p.line(words, x, at, unit, lines)
		}
	case len(p.Names) == 0 && len(p.Paths) == 2:
		if c, err := p.heat(words, unit, lines, best); c != nil || err != nil {
			return c, err
		}
	}
	if len(p.Options) > mostBars {
		return nil, nil
	}
	b := chart.Bars{Words: words, Axis: chart.Axis{Label: axisLabel(id, unit), Unit: unit}}
	for i, e := range lines {
		if !math.IsNaN(e.Value) {
			bar := chart.Bar{Name: p.title(i), Value: e.Value, Text: amount(e.Unit, e.Value)}
			if e.Known() {
				bar.Low, bar.High = e.Low, e.High
			}
			b.Bars = append(b.Bars, bar)
		}
	}
	return b.Chart()
}

// extremes says where a figure is least and most, by the averages.
func (p *Points) extremes(id string, lines []sim.Estimate) string {
	low, high := -1, -1
	for i, e := range lines {
		if math.IsNaN(e.Value) {
			continue
		}
		if low < 0 || e.Value < lines[low].Value {
			low = i
		}
		if high < 0 || e.Value > lines[high].Value {
			high = i
		}
	}
	a, b := lines[low], lines[high]
	if a.Value == b.Value {
		return fmt.Sprintf("%s: %s, whatever is chosen", sentence(head(id)), amount(a.Unit, a.Value))
	}
	return fmt.Sprintf("%s: from %s (%s) to %s (%s), by the averages", sentence(head(id)), amount(a.Unit, a.Value), p.short(low), amount(b.Unit, b.Value), p.short(high))
}

// short names an option by its values, with what they are where that is one thing.
func (p *Points) short(i int) string {
	if len(p.Paths) == 1 {
		return p.title(i)
	}
	return p.brief(i)
}

// settingsOf are the values of the k-th thing varied, option by option.
func (p *Points) settingsOf(k int) (values []string) {
	for _, o := range p.Options {
		values = append(values, o.Settings[k].Value)
	}
	return values
}

var settingText = regexp.MustCompile(`^(£?)(-?[0-9][0-9,]*(?:\.[0-9]+)?)(%?)\s*(.*)$`)

// axisOf reads settings as numbers of one unit.
func axisOf(values []string) (x chart.Unit, at []float64, ok bool) {
	form := ""
	for i, text := range values {
		m := settingText.FindStringSubmatch(strings.TrimSpace(text))
		if m == nil {
			return x, nil, false
		}
		if this := m[1] + "|" + m[3] + "|" + m[4]; i == 0 {
			form, x = this, chart.Unit{Before: m[1], After: m[3], Name: m[4], Times: 1}
		} else if this != form {
			return x, nil, false
		}
		v, err := strconv.ParseFloat(strings.ReplaceAll(m[2], ",", ""), 64)
		if err != nil {
			return x, nil, false
		}
		at = append(at, v)
	}
	return x, at, len(at) > 2
}

// line draws a figure along one number, and where the scenario itself is.
func (p *Points) line(words chart.Words, x chart.Unit, at []float64, unit chart.Unit, lines []sim.Estimate) (*chart.Chart, error) {
	l := chart.Lines{Words: words, X: chart.Axis{Label: sentence(pathWords(p.Paths[0])), Unit: x, NotFromNil: true}, Y: chart.Axis{Label: axisLabel(lines[0].ID, unit), Unit: unit, NotFromNil: true}, Band: "95% confidence"}
	order := make([]int, len(at))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return compareDown(at[b], at[a]) })
	one := chart.Series{}
	for _, i := range order {
		if e := lines[i]; !math.IsNaN(e.Value) {
			low, high := e.Low, e.High
			if !e.Known() {
				low, high = e.Value, e.Value
			}
			one.X, one.Y, one.Low, one.High = append(one.X, at[i]), append(one.Y, e.Value), append(one.Low, low), append(one.High, high)
		}
	}
	l.Series = []chart.Series{one}
	if now, ok := p.Scenario.Value(p.Paths[0]); ok {
		if _, here, same := axisOf([]string{now, now, now}); same && here[0] >= slices.Min(at) && here[0] <= slices.Max(at) {
			l.Marks = []chart.Mark{{At: here[0], Name: "as it is", OnX: true}}
		}
	}
	return l.Chart()
}

// heat maps a figure over two things varied; nil where that is too large, or not every combination.
func (p *Points) heat(words chart.Words, unit chart.Unit, lines []sim.Estimate, best func(i int) bool) (*chart.Chart, error) {
	across, down := distinctTexts(p.settingsOf(0)), distinctTexts(p.settingsOf(1))
	if len(across)*len(down) != len(p.Options) || len(across) > 13 || len(down) > 20 {
		return nil, nil
	}
	h := chart.HeatMap{Words: words, X: pathWords(p.Paths[0]), Y: pathWords(p.Paths[1]), Across: across, Down: down, Unit: unit, What: head(lines[0].ID)}
	for range down {
		h.Cells = append(h.Cells, make([]chart.Spot, len(across)))
	}
	for i, e := range lines {
		o := p.Options[i].Settings
		spot := &h.Cells[slices.Index(down, o[1].Value)][slices.Index(across, o[0].Value)]
		if spot.OK = !math.IsNaN(e.Value); spot.OK {
			spot.Value = e.Value
		}
		spot.Best = best != nil && best(i)
	}
	return h.Chart()
}

func distinctTexts(all []string) (some []string) {
	for _, text := range all {
		if !slices.Contains(some, text) {
			some = append(some, text)
		}
	}
	return some
}

// asItIs reports whether an option is the scenario itself.
func (p *Points) asItIs(i int) bool {
	for _, s := range p.Options[i].Settings {
		if now, ok := p.Scenario.Value(s.Path); !ok || now != s.Value {
			return false
		}
	}
	return len(p.Options[i].Settings) > 0
}

// Charts are the frontier by its first two figures, then the figures one by one.
func (f *Frontier) Charts() ([]*chart.Chart, error) {
	x, y := f.Figures[0], f.Figures[1]
	s := chart.Scatter{
		Words: f.words("frontier", fmt.Sprintf("%s of %s options lie on the frontier: no other is better in %s", count(len(f.Front)), count(len(f.Options)), bothOrAll(len(f.Goals))), sentence(Label(x.ID))+", and "+Label(y.ID)),
		GoodX: good(f.Goals[0]), GoodY: good(f.Goals[1]), Loose: len(f.Goals) > 2,
	}
	sizeX, sizeY := 0.0, 0.0
	for i := range f.Options {
		a, okA := f.Summaries[i].Find(x.ID)
		b, okB := f.Summaries[i].Find(y.ID)
		if !okA || !okB {
			continue
		}
		o := chart.Option{Name: f.brief(i), X: a.Value, Y: b.Value, Frontier: f.Placed[i].Place == explore.OnFrontier, Highlighted: f.asItIs(i)}
		if a.Known() {
			o.LowX, o.HighX = a.Low, a.High
		}
		if b.Known() {
			o.LowY, o.HighY = b.Low, b.High
		}
		s.Options = append(s.Options, o)
		sizeX, sizeY = max(sizeX, math.Abs(a.Value)), max(sizeY, math.Abs(b.Value))
	}
	s.X = chart.Axis{Unit: chartUnit(x.Unit, sizeX), NotFromNil: true}
	s.Y = chart.Axis{Unit: chartUnit(y.Unit, sizeY), NotFromNil: true}
	s.X.Label, s.Y.Label = axisLabel(x.ID, s.X.Unit), axisLabel(y.ID, s.Y.Unit)
	s.Note = "Options are named by " + strings.Join(f.heads(), ", ") + ". " + s.Note
	c, err := s.Chart()
	if err != nil {
		return nil, err
	}
	all, err := f.Points.Charts()
	return append([]*chart.Chart{c}, all...), err
}

func bothOrAll(goals int) string {
	if goals > 2 {
		return "all figures"
	}
	return "both figures"
}

// axisLabel is a figure's head beside a unit that says itself if it is of a year.
func axisLabel(id string, unit chart.Unit) string {
	label := sentence(head(id))
	if strings.HasSuffix(unit.Name, "a year") {
		label = strings.TrimSuffix(label, " a year")
	}
	return label
}

func good(g explore.Goal) int {
	if g.Greatest {
		return 1
	}
	return -1
}

// Charts are how far the options lie behind the best, then the figures one by one, the best framed.
func (c *Choice) Charts() (all []*chart.Chart, err error) {
	if f, ok := c.behind(); ok {
		one, err := f.Chart()
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	ids := c.ids()
	for _, id := range ids[:min(len(ids), mostCharts)] {
		one, err := c.picture(id, func(i int) bool {
			return id == c.Goal.Figure && (c.Chosen.Outcomes[i].Standing == explore.Best || c.Chosen.Outcomes[i].Standing == explore.Tied)
		})
		if err != nil {
			return nil, err
		}
		if one != nil {
			all = append(all, one)
		}
	}
	return all, nil
}

// behind is every option's difference from the best.
func (c *Choice) behind() (f chart.Forest, ok bool) {
	if c.Chosen.Best < 0 || len(c.Options) > mostBars {
		return f, false
	}
	size := 0.0
	more, less := differing(c.Figure.Unit)
	f = chart.Forest{Good: good(c.Goal), More: strings.TrimSpace(more), Less: strings.TrimSpace(less)}
	for i, o := range c.Chosen.Outcomes {
		if !o.Compared && i != c.Chosen.Best {
			continue
		}
		e := chart.Effect{Name: c.title(i), Value: o.Behind.Value, Low: o.Behind.Low, High: o.Behind.High}
		if !o.Behind.Known() {
			e.Low, e.High = e.Value, e.Value
		}
		switch o.Standing {
		case explore.Best:
			e.Verdict, e.Text, e.Value, e.Low, e.High = chart.Better, "the best", 0, 0, 0
		case explore.Worse:
			e.Verdict, e.Text = chart.Worse, gap(c.Figure.Unit, e.Value)
		case explore.Infeasible:
			e.Verdict, e.Text = chart.Clear, "misses a limit"
		default:
			e.Verdict, e.Text = chart.Unclear, "as good, as far as is known"
		}
		size = max(size, math.Abs(e.Value))
		f.Effects = append(f.Effects, e)
	}
	f.Axis = chart.Axis{Label: "Difference from the best", Unit: chartUnit(c.Figure.Unit, size)}
	if c.Figure.Unit == sim.UnitShare {
		f.More, f.Less, f.Axis.Unit = "more", "fewer", chart.Unit{Name: "in 100 people", Times: 100}
	}
	f.Words = c.words("behind", fmt.Sprintf("%s has the %s %s", sentence(c.called(c.Chosen.Best)), c.direction(), Label(c.Goal.Figure)),
		sentence(Label(c.Goal.Figure))+": each option against the best, with 95% intervals")
	f.Note = fmt.Sprintf("Simulated: %s; %s replications of all options together (seed %d). tier4 %s.", Measured(c.Scenario.Spec), count(c.Chosen.Used), c.Seed, c.Version)
	return f, len(f.Effects) > 1
}
