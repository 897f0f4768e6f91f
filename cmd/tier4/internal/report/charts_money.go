package report

import (
	"fmt"
	"slices"
	"strings"

	"tier4/cmd/tier4/internal/chart"
	"tier4/sim"
)

// costs draws what is paid for beds by contract, used and not, and all else, against the budgets: of one
// scenario a bar for each budget, of a comparison one for each scenario.
func (d *drafts) costs() {
	cost, ok := d.l.find("cost")
	if !ok || cost.Value == 0 || len(d.base.Statements) == 0 {
		return
	}
	k := chart.Stacks{Axis: chart.Axis{Label: "Cost", Unit: chart.Pounds("a year")}, Limit: "budget for a year"}
	for _, p := range paidFor {
		k.Parts = append(k.Parts, chart.Part{Name: p.name, Empty: p.void})
	}
	if len(d.s.Scenarios) > 1 {
		for i, summary := range d.s.Findings.Summaries {
			k.Bars = append(k.Bars, d.bill(clean(d.s.Title(i)), i, summary, nil, d.s.Scenarios[i].Spec.Budgets))
		}
	} else {
		k.Bars = d.bills()
	}
	if !slices.ContainsFunc(k.Bars, func(b chart.Stack) bool { return b.HasLimit }) {
		k.Limit = ""
	}
	k = withoutNothing(k)
	title := fmt.Sprintf("The whole pathway costs %s", amount(cost.Unit, cost.Value))
	if void, ok := d.l.find("cost.void"); ok && void.Value > 0 {
		title += fmt.Sprintf(", %s of it for beds nobody slept in", strings.TrimSuffix(amount(void.Unit, void.Value), " a year"))
	}
	about := "What is paid a year, on average, by contract and budget"
	if len(d.s.Scenarios) > 1 {
		title = d.costTitle(title)
		about = "What is paid a year, on average, by contract, against all budgets together"
	}
	k.Words = d.words("cost", title, about)
	if len(d.s.Scenarios) > 1 {
		k.About = about
	}
	d.add(k.Chart)
}

// costTitle says of a comparison which what-if is clearly the cheapest, if one is.
func (d *drafts) costTitle(otherwise string) string {
	best, by := "", (*sim.Difference)(nil)
	for i, c := range d.s.Findings.Comparisons {
		if x := find(c, "cost"); x != nil && clear(x.Verdict) && x.Value < 0 && (by == nil || x.Value < by.Value) {
			best, by = clean(d.s.Title(i+1)), x
		}
	}
	if by == nil {
		return otherwise
	}
	return fmt.Sprintf("%s costs least: %s a year", best, gap(by.Unit, by.Value))
}

// paidFor are the parts of a cost, in order; void is what was paid for and not used, of all contracts.
var paidFor = []struct {
	name     string
	contract string
	void     bool
}{
	{"block beds, slept in", "block", false},
	{"spot", "spot", false},
	{"shared units, slept in", "share", false},
	{"nights bought ahead, slept in", "bed_nights", false},
	{"all else", "", false},
	{"held and not slept in", "", true},
}

// bill is what some stages of a scenario cost a year (all where stages is nil), and the budgets for them.
func (d *drafts) bill(name string, i int, summary *sim.Summary, stages []string, budgets []sim.Budget) chart.Stack {
	b := chart.Stack{Name: name, Amounts: make([]float64, len(paidFor))}
	years := d.s.Scenarios[i].Spec.Measure / 365.25
	for _, st := range summary.Statements {
		if stages != nil && !slices.Contains(stages, st.Stage) {
			continue
		}
		for k, p := range paidFor {
			switch {
			case p.void:
				b.Amounts[k] += st.Unused / years
			case p.contract == st.Contract && (st.Place != "" || p.contract == ""):
				b.Amounts[k] += (st.Total - st.Unused) / years
			}
		}
	}
	for _, budget := range budgets {
		b.Limit, b.HasLimit = b.Limit+float64(budget.PerYear)/100, true
	}
	return b
}

// bills are a bar for each budget, and one for the stages that no budget pays for; without budgets one for
// each stage.
func (d *drafts) bills() (bars []chart.Stack) {
	var paid []string
	for _, budget := range d.spec.Budgets {
		if slices.ContainsFunc(budget.PaysFor, func(stage string) bool { return slices.Contains(paid, stage) }) {
			return []chart.Stack{d.bill("all", 0, d.base, nil, d.spec.Budgets)}
		}
		paid = append(paid, budget.PaysFor...)
		name := sentence(plain(budget.Name)) + " (" + plain(strings.Join(budget.PaysFor, ", ")) + ")"
		bars = append(bars, d.bill(name, 0, d.base, budget.PaysFor, []sim.Budget{budget}))
	}
	var others []string
	for _, stage := range d.spec.Stages {
		if !slices.Contains(paid, stage.Name) {
			others = append(others, stage.Name)
		}
	}
	if len(d.spec.Budgets) == 0 {
		for _, stage := range others {
			bars = append(bars, d.bill(sentence(plain(stage)), 0, d.base, []string{stage}, nil))
		}
		return bars
	}
	if len(others) > 0 {
		bars = append(bars, d.bill("No budget of its own ("+plain(strings.Join(others, ", "))+")", 0, d.base, others, nil))
	}
	return bars
}

// withoutNothing leaves out parts and bars of which there is nothing.
func withoutNothing(k chart.Stacks) chart.Stacks {
	some := k
	some.Parts, some.Bars = nil, nil
	var keep []int
	for i, p := range k.Parts {
		if slices.ContainsFunc(k.Bars, func(b chart.Stack) bool { return b.Amounts[i] > 0 }) {
			keep = append(keep, i)
			some.Parts = append(some.Parts, p)
		}
	}
	for _, b := range k.Bars {
		var amounts []float64
		for _, i := range keep {
			amounts = append(amounts, max(0, b.Amounts[i]))
		}
		if slices.Max(append(amounts, b.Limit)) > 0 {
			b.Amounts = amounts
			some.Bars = append(some.Bars, b)
		}
	}
	return some
}
