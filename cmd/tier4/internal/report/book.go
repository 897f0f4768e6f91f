package report

import (
	"iter"
	"slices"
	"strings"

	"tier4/cmd/tier4/internal/office"
	"tier4/sim"
)

// Book is the study as a workbook, numbers as numbers: what it is, the figures, how the what-ifs differ,
// years, contracts, groups of people, where numbers are from, and single replications.
func (s *Study) Book() office.Book {
	sheets := []office.Sheet{s.aboutSheet(), s.figureSheet("Figures", func(id string) bool { return !strings.Contains(id, "@") })}
	if len(s.Scenarios) > 1 {
		sheets = append(sheets, s.comparisonSheet())
	}
	sheets = append(sheets, s.yearSheet(), s.contractSheet(),
		s.figureSheet("Groups", func(id string) bool { return strings.Contains(id, "@") }), s.sourceSheet())
	if s.Sample != nil {
		sheets = append(sheets, s.sampleSheet())
	}
	return office.Book{Title: s.question(), Sheets: sheets}
}

// formatOf is how a workbook shows a unit.
func formatOf(unit string, v float64) office.Format {
	switch unit {
	case sim.UnitShare:
		return office.Percent
	case sim.UnitPoundsPerYear:
		return office.Pounds
	case sim.UnitPounds:
		if abs(v) < 1000 {
			return office.Pence
		}
		return office.Pounds
	case sim.UnitNightsPerYear:
		return office.Whole
	case sim.UnitRatio:
		return office.Thousandths
	}
	return office.Tenths
}

// unitHead is a unit as a column says it.
func unitHead(unit string) string {
	if unit == sim.UnitShare {
		return "%"
	}
	return strings.Replace(unit, "/year", " a year", 1)
}

func (s *Study) aboutSheet() office.Sheet {
	var rows [][]office.Cell
	add := func(what, words string) {
		rows = append(rows, []office.Cell{office.Text(what), office.Text(words)})
	}
	add("Question", s.question())
	for _, one := range s.answer() {
		add("Answer", one)
	}
	add("Played", s.played())
	add("Tool", "tier4 "+s.Version)
	for i, one := range s.Scenarios {
		add("Scenario", clean(s.Title(i))+", hash "+one.Hash)
	}
	add("To make this again", s.Command)
	add("From, to", "If the scenario is right, the average over very many years lies between these, with 95% confidence.")
	add("One year from, to", "9 in 10 single years fall between these.")
	for i := range s.Scenarios {
		for _, w := range s.warnings(i) {
			if w.Code != "wide_interval" {
				add("Warning", clean(s.Title(i))+": "+clean(w.Text))
			}
		}
	}
	return office.Sheet{Name: "About", Columns: []office.Column{{Head: "What", Width: 22}, {Head: "Which", Width: 110}}, Rows: slices.Values(rows)}
}

// figureSheet lists the figures of all scenarios that are wanted.
func (s *Study) figureSheet(name string, wanted func(id string) bool) office.Sheet {
	columns := []office.Column{
		{Head: "Scenario", Width: 28},
		{Head: "Figure", Width: 52},
		{Head: "Group", Width: 18},
		{Head: "Unit", Width: 14},
		{Head: "Long-run average", Width: 14},
		{Head: "From (95%)", Width: 12},
		{Head: "To (95%)", Width: 12},
		{Head: "One year from (5%)", Width: 14},
		{Head: "One year to (95%)", Width: 14},
		{Head: "Replications", Width: 12},
		{Head: "Name of the figure", Width: 36},
	}
	return office.Sheet{Name: name, Columns: columns, Rows: func(yield func([]office.Cell) bool) {
		for i, summary := range s.Findings.Summaries {
			for _, e := range summary.Estimates {
				if wanted(e.ID) && !yield(s.figureRow(i, e)) {
					return
				}
			}
		}
	}}
}

func (s *Study) figureRow(i int, e sim.Estimate) []office.Cell {
	format := formatOf(e.Unit, e.Value)
	base, group, _ := strings.Cut(e.ID, "@")
	row := []office.Cell{
		office.Text(clean(s.Title(i))), office.Text(s.label(sim.Figure{ID: base, Horizon: e.Horizon})), office.Text(plain(group)), office.Text(unitHead(e.Unit)),
		office.Number(e.Value, format),
		{},
		{},
		{},
		{},
		office.Number(float64(e.Replications), office.Whole), office.Text(e.ID),
	}
	if e.Known() {
		row[5], row[6] = office.Number(e.Low, format), office.Number(e.High, format)
	}
	if e.HasYear {
		row[7], row[8] = office.Number(e.YearP5, format), office.Number(e.YearP95, format)
	}
	return row
}

func (s *Study) comparisonSheet() office.Sheet {
	columns := []office.Column{
		{Head: "What-if", Width: 28},
		{Head: "Figure", Width: 52},
		{Head: "Unit", Width: 14},
		{Head: "Before", Width: 12},
		{Head: "Then", Width: 12},
		{Head: "Difference", Width: 12},
		{Head: "From (95%)", Width: 12},
		{Head: "To (95%)", Width: 12},
		{Head: "Verdict", Width: 22},
		{Head: "p, adjusted", Width: 10},
		{Head: "Name of the figure", Width: 36},
	}
	return office.Sheet{Name: "Comparison", Columns: columns, Rows: func(yield func([]office.Cell) bool) {
		for i, c := range s.Findings.Comparisons {
			for k := range c.Differences {
				if !yield(s.differenceRow(i+1, &c.Differences[k])) {
					return
				}
			}
		}
	}}
}

func (s *Study) differenceRow(i int, d *sim.Difference) []office.Cell {
	format := formatOf(d.Unit, max(d.BaseValue, d.OtherValue))
	row := []office.Cell{
		office.Text(clean(s.Title(i))), office.Text(s.label(d.Figure)), office.Text(unitHead(d.Unit)), office.Number(d.BaseValue, format), office.Number(d.OtherValue, format),
		office.Number(d.Value, format),
		{},
		{},
		office.Text(d.Verdict.String()), office.Number(d.AdjustedP, office.Thousandths), office.Text(d.ID),
	}
	if d.Known() {
		row[6], row[7] = office.Number(d.Low, format), office.Number(d.High, format)
	}
	return row
}

// contractSheet has the statement of each contract and financial year.
func (s *Study) contractSheet() office.Sheet {
	columns := append([]office.Column{{Head: "Scenario", Width: 28}, {Head: "Financial year", Width: 12}, {Head: "From", Width: 12}, {Head: "To", Width: 12}, {Head: "Step", Width: 16}, {Head: "Place", Width: 24}, {Head: "Contract", Width: 14}}, sumColumns...)
	columns = append(columns, office.Column{Head: "A used night (£)", Width: 12})
	return office.Sheet{Name: "Contracts", Columns: columns, Rows: func(yield func([]office.Cell) bool) {
		for i, summary := range s.Findings.Summaries {
			for _, one := range summary.Statements {
				row := []office.Cell{office.Text(clean(s.Title(i))), office.Text(one.Year), office.Text(one.From), office.Text(one.To), office.Text(plain(one.Stage)), office.Text(plain(one.Place)), office.Text(contractWords[one.Contract])}
				row = append(row, sumCells(one)...)
				if one.PerUsedNight > 0 {
					row = append(row, office.Number(one.PerUsedNight, office.Pence))
				}
				if !yield(row) {
					return
				}
			}
		}
	}}
}

// sumColumns are the columns of a statement that add up.
var sumColumns = []office.Column{
	{Head: "Nights held", Width: 12},
	{Head: "Nights paid for", Width: 12},
	{Head: "Nights used", Width: 12},
	{Head: "Nights not used", Width: 12},
	{Head: "Admissions", Width: 12},
	{Head: "Gross (£)", Width: 14},
	{Head: "Of it, for nights not used (£)", Width: 16},
	{Head: "Clients paid (£)", Width: 14},
	{Head: "Net (£)", Width: 14},
}

func sumCells(one sim.Statement) (cells []office.Cell) {
	for _, v := range []float64{one.Held, one.Bought, one.Used, one.Void, one.Admissions} {
		cells = append(cells, office.Number(v, office.Tenths))
	}
	for _, v := range []float64{one.Total, one.Unused, one.Contribution, one.Net} {
		cells = append(cells, office.Number(v, office.Pounds))
	}
	return cells
}

// yearSheet adds up all contracts of each financial year.
func (s *Study) yearSheet() office.Sheet {
	columns := append([]office.Column{{Head: "Scenario", Width: 28}, {Head: "Financial year", Width: 14}, {Head: "From", Width: 12}, {Head: "To", Width: 12}}, sumColumns...)
	return office.Sheet{Name: "Per year", Columns: columns, Rows: func(yield func([]office.Cell) bool) {
		for i, summary := range s.Findings.Summaries {
			for _, year := range byYear(summary.Statements) {
				sum := sim.Statement{Year: year[0].Year, From: year[0].From, To: year[0].To}
				for _, one := range year {
					sum.Held, sum.Bought, sum.Used, sum.Void, sum.Admissions = sum.Held+one.Held, sum.Bought+one.Bought, sum.Used+one.Used, sum.Void+one.Void, sum.Admissions+one.Admissions
					sum.Total, sum.Unused, sum.Contribution, sum.Net = sum.Total+one.Total, sum.Unused+one.Unused, sum.Contribution+one.Contribution, sum.Net+one.Net
				}
				if !yield(append([]office.Cell{office.Text(clean(s.Title(i))), office.Text(sum.Year), office.Text(sum.From), office.Text(sum.To)}, sumCells(sum)...)) {
					return
				}
			}
		}
	}}
}

func (s *Study) sourceSheet() office.Sheet {
	columns := []office.Column{{Head: "Scenario", Width: 28}, {Head: "Where", Width: 44}, {Head: "Value", Width: 40}, {Head: "Source, or assumption", Width: 100}}
	return office.Sheet{Name: "Sources", Columns: columns, Rows: func(yield func([]office.Cell) bool) {
		for _, one := range s.sources() {
			for _, r := range one.Remarks() {
				if !yield([]office.Cell{office.Text(clean(one.Name)), office.Text(r.Path), office.Text(unquoted(r.Value)), office.Text(r.Text)}) {
					return
				}
			}
		}
	}}
}

// Grouped are the figures that a workbook shows of each cohort and trait beside those of everybody.
func Grouped(m *sim.Model) (ids []string) {
	spec := m.Spec()
	groups := slices.Clone(spec.Cohorts)
	if len(groups) == 1 {
		groups = nil // everybody
	}
	for _, t := range spec.Traits {
		groups = append(groups, t.Name)
	}
	var wanted []string
	for _, s := range spec.Stages {
		if s.Kind == sim.BedsKind {
			wanted = append(wanted, s.Name+".admitted.wait.mean", s.Name+".dropped_out", "reached."+s.Name)
		}
	}
	wanted = append(wanted, "referrals", "completed", "well_6_months")
	have := m.Figures()
	for _, group := range groups {
		for _, id := range wanted {
			if slices.ContainsFunc(have, func(f sim.Figure) bool { return f.ID == id }) {
				ids = append(ids, id+"@"+group)
			}
		}
	}
	return ids
}

// Sample keeps the main figures of single replications for a workbook.
type Sample struct {
	ids  []string
	at   map[string]int
	rows []sampleRow
}

type sampleRow struct {
	scenario    string
	replication int
	values      []sim.Observation
}

// mostSampled are as many rows as a workbook holds without being slow to open.
const mostSampled = 20_000

// NewSample keeps figures by name.
func NewSample(ids []string) *Sample {
	k := &Sample{ids: ids, at: map[string]int{}}
	for i, id := range ids {
		k.at[id] = i
	}
	return k
}

// Add notes one replication's figures, of those that are kept.
func (k *Sample) Add(scenario string, replication int, values []sim.Observation) error {
	if len(k.rows) == mostSampled {
		return nil
	}
	row := sampleRow{scenario, replication, make([]sim.Observation, len(k.ids))}
	for _, v := range values {
		if i, kept := k.at[v.Figure.ID]; kept {
			row.values[i] = v
		}
	}
	k.rows = append(k.rows, row)
	return nil
}

// Close ends the sample.
func (k *Sample) Close() error { return nil }

// sampleSheet is a row for each replication of each scenario, a column for each main figure.
func (s *Study) sampleSheet() office.Sheet {
	columns := []office.Column{{Head: "Scenario", Width: 28}, {Head: "Replication", Width: 11}}
	for i, id := range s.Sample.ids {
		unit := ""
		for _, row := range s.Sample.rows {
			if unit = row.values[i].Figure.Unit; unit != "" {
				break
			}
		}
		columns = append(columns, office.Column{Head: sentence(Label(id)) + " (" + unitHead(unit) + ")", Width: 18})
	}
	return office.Sheet{Name: "Replications", Columns: columns, Rows: s.Sample.cells()}
}

func (k *Sample) cells() iter.Seq[[]office.Cell] {
	return func(yield func([]office.Cell) bool) {
		for _, r := range k.rows {
			row := []office.Cell{office.Text(clean(r.scenario)), office.Number(float64(r.replication), office.Whole)}
			for _, v := range r.values {
				if v.OK {
					row = append(row, office.Number(v.Value, formatOf(v.Figure.Unit, v.Value)))
				} else {
					row = append(row, office.Cell{})
				}
			}
			if !yield(row) {
				return
			}
		}
	}
}
