package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"tier4/sim"
)

// mostYears are as many years of statements as a page shows.
const mostYears = 6

// statementsKey says how statements are to be read, and how they are rounded.
const statementsKey = "What each contract comes to in each financial year, on average over all replications. Every line is rounded to whole nights and " +
	"whole pounds, and each total is the sum of the lines above it as they stand here. Net is gross less what clients paid. Not used: held or " +
	"bought, and nobody slept there. A used night: gross for each night used. Nights bought ahead go with the whole of a planned stay to the year in " +
	"which someone is admitted; in a shared unit people may sleep in more beds than are held. A year has 365 days or 366 here, and 365.25 in averages."

// statements is a table for each financial year.
func (s *Study) statements(p *Page) {
	years := byYear(s.Findings.Summaries[0].Statements)
	if len(years) == 0 {
		return
	}
	p.title(2, "Statements")
	p.say("%s", statementsKey)
	for i, year := range years {
		if i == mostYears {
			p.say("%s more years are left out here; --statements FILE and --format json have them all.", count(len(years)-i))
			return
		}
		p.title(3, yearTitle(year[0]))
		p.table(statementTable(year))
	}
}

// byYear are the statements of each financial year, in order.
func byYear(all []sim.Statement) (years [][]sim.Statement) {
	for i, one := range all {
		if i == 0 || one.Year != all[i-1].Year {
			years = append(years, nil)
		}
		last := len(years) - 1
		years[last] = append(years[last], one)
	}
	return years
}

// yearTitle is the name of a year, with its dates where only a part of it was measured.
func yearTitle(one sim.Statement) string {
	if wholeYear(one) {
		return one.Year
	}
	return fmt.Sprintf("Part of %s: %s to %s", one.Year, longDate(one.From), longDate(one.To))
}

func wholeYear(one sim.Statement) bool {
	return one.From[4:] == "-04-01" && one.To[4:] == "-03-31" && one.From[:4] != one.To[:4]
}

// longDate writes 2026-04-01 as 1 April 2026.
func longDate(date string) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return day.Format("2 January 2006")
}

// statementTable is a year's statements, a line each, and their totals.
func statementTable(year []sim.Statement) *Table {
	t := &Table{Head: []string{
		"For", "Contract", "Nights held", "Nights paid for", "Nights used", "Not used", "A used night",
		"Admissions", "Of the stage's", "Gross", "Clients paid", "Net",
	}}
	var sum printed
	given := slices.ContainsFunc(year, func(one sim.Statement) bool { return one.Contribution != 0 })
	for _, one := range year {
		l := printedOf(one)
		sum.add(l)
		t.add(slices.Concat([]string{statementName(one), contractWords[one.Contract]}, l.nightCells(one.Place != ""), statementRates(one), l.poundCells(given))...)
	}
	beds := slices.ContainsFunc(year, func(one sim.Statement) bool { return one.Place != "" })
	t.add(slices.Concat([]string{"All together", ""}, sum.nightCells(beds), []string{"", "", ""}, sum.poundCells(given))...)
	return filled(t)
}

// statementName says what a statement is for.
func statementName(one sim.Statement) string {
	if one.Place == "" {
		return plain(one.Stage) + ": other costs"
	}
	return plain(one.Stage) + ": " + plain(one.Place)
}

// contractWords are the kinds of contract in words.
var contractWords = map[string]string{"block": "block", "spot": "spot", "share": "shared unit", "bed_nights": "nights ahead"}

// statementRates are the price of a used night, the admissions and their share.
func statementRates(one sim.Statement) []string {
	cells := []string{"", "", ""}
	if one.PerUsedNight > 0 {
		cells[0] = amount(sim.UnitPounds, one.PerUsedNight)
	}
	if one.Place != "" {
		sc := scaleOf(sim.UnitPeoplePerYear, one.Admissions)
		cells[1], cells[2] = sc.number(one.Admissions), fmt.Sprintf("%.0f%%", 100*one.ShareOfAdmissions)
	}
	return cells
}

// printed are the whole numbers of a line, as they are printed: totals add these.
type printed struct{ held, bought, used, void, gross, clients int }

func printedOf(one sim.Statement) printed {
	whole := func(x float64) int { return int(math.Round(x)) }
	return printed{whole(one.Held), whole(one.Bought), whole(one.Used), whole(one.Void), whole(one.Total), whole(one.Contribution)}
}

func (p *printed) add(o printed) {
	p.held, p.bought, p.used, p.void = p.held+o.held, p.bought+o.bought, p.used+o.used, p.void+o.void
	p.gross, p.clients = p.gross+o.gross, p.clients+o.clients
}

func (p printed) nightCells(beds bool) []string {
	if !beds {
		return make([]string, 4)
	}
	return []string{count(p.held), count(p.bought), count(p.used), count(p.void)}
}

func (p printed) poundCells(given bool) []string {
	if !given {
		return []string{pounds(p.gross), "", ""}
	}
	return []string{pounds(p.gross), pounds(p.clients), pounds(p.gross - p.clients)}
}

func pounds(n int) string {
	if n < 0 {
		return "-£" + count(-n)
	}
	return "£" + count(n)
}

// StatementsCSV writes a row a scenario, financial year and contract, unrounded.
func (s *Study) StatementsCSV(w io.Writer) error {
	rows := [][]string{{
		"scenario", "year", "from", "to", "stage", "place", "contract", "nights_held", "nights_bought", "nights_used", "nights_void",
		"per_used_night", "admissions", "share_of_admissions", "gross", "contribution", "net", "unused",
	}}
	for i, summary := range s.Findings.Summaries {
		for _, one := range summary.Statements {
			row := []string{s.Title(i), one.Year, one.From, one.To, one.Stage, one.Place, one.Contract}
			for _, x := range []float64{one.Held, one.Bought, one.Used, one.Void} {
				row = append(row, digits(x))
			}
			perNight := ""
			if one.PerUsedNight > 0 {
				perNight = digits(one.PerUsedNight)
			}
			row = append(row, perNight)
			for _, x := range []float64{one.Admissions, one.ShareOfAdmissions, one.Total, one.Contribution, one.Net, one.Unused} {
				row = append(row, digits(x))
			}
			rows = append(rows, row)
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// statementJSON is a statement; what does not apply is left out.
type statementJSON struct {
	Year              string   `json:"year"`
	From              string   `json:"from"`
	To                string   `json:"to"`
	Stage             string   `json:"stage"`
	Place             string   `json:"place,omitempty"`
	Contract          string   `json:"contract,omitempty"`
	Held              float64  `json:"nights_held"`
	Bought            float64  `json:"nights_bought"`
	Used              float64  `json:"nights_used"`
	Void              float64  `json:"nights_void"`
	PerUsedNight      *float64 `json:"per_used_night,omitempty"`
	Admissions        float64  `json:"admissions"`
	ShareOfAdmissions float64  `json:"share_of_admissions"`
	Total             float64  `json:"gross"`
	Contribution      float64  `json:"contribution"`
	Net               float64  `json:"net"`
	Unused            float64  `json:"unused"`
}

func statementsOf(all []sim.Statement) []statementJSON {
	list := []statementJSON{}
	for _, one := range all {
		j := statementJSON{
			one.Year, one.From, one.To, one.Stage, one.Place, one.Contract, one.Held, one.Bought, one.Used, one.Void, nil,
			one.Admissions, one.ShareOfAdmissions, one.Total, one.Contribution, one.Net, one.Unused,
		}
		if one.PerUsedNight > 0 {
			j.PerUsedNight = &one.PerUsedNight
		}
		list = append(list, j)
	}
	return list
}
