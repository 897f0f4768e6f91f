package report

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"tier4/sim"
)

// CSV writes a row a scenario and figure. A comparison has further columns, empty for the base.
func (s *Study) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	head := []string{"scenario", "figure", "unit", "mean", "low", "high", "year_p5", "year_p95", "n"}
	several := len(s.Scenarios) > 1
	if several {
		head = append(head, "base", "difference", "difference_low", "difference_high", "verdict", "variance_reduction", "p_adjusted")
	}
	if s.Draws > 0 {
		head = append(head, "sd_not_knowing", "sd_chance", "share_not_knowing")
		if several {
			head = append(head, "difference_sd_not_knowing", "difference_sd_chance", "difference_share_not_knowing")
		}
	}
	rows := [][]string{head}
	for i, summary := range s.Findings.Summaries {
		differences := map[string]sim.Difference{}
		if i > 0 {
			for _, d := range s.Findings.Comparisons[i-1].Differences {
				differences[d.ID] = d
			}
		}
		for _, e := range summary.Estimates {
			row := append([]string{s.Title(i)}, estimateRow(e)...)
			if several {
				row = append(row, differenceRow(differences, e.ID)...)
			}
			if s.Draws > 0 {
				row = append(row, partsRow(e.Parts)...)
				if several {
					row = append(row, partsRow(differences[e.ID].Parts)...)
				}
			}
			rows = append(rows, row)
		}
	}
	return out.WriteAll(rows)
}

func estimateRow(e sim.Estimate) []string {
	row := []string{e.ID, e.Unit, digits(e.Value), "", "", "", "", strconv.Itoa(e.Replications)}
	if e.Known() {
		row[3], row[4] = digits(e.Low), digits(e.High)
	}
	if e.HasYear {
		row[5], row[6] = digits(e.YearP5), digits(e.YearP95)
	}
	return row
}

func differenceRow(all map[string]sim.Difference, id string) []string {
	row := make([]string, 7)
	d, ok := all[id]
	if !ok {
		return row
	}
	row[0], row[1] = digits(d.BaseValue), digits(d.Value)
	if d.Known() {
		row[2], row[3] = digits(d.Low), digits(d.High)
	}
	row[4], row[5], row[6] = d.Verdict.String(), digits(d.VarianceReduction), digits(d.AdjustedP)
	return row
}

// digits writes a number in as few digits as say it exactly.
func digits(x float64) string {
	if size := math.Abs(x); size >= 1e6 && size < 1e15 { // pounds are read by people, too
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x+0, 'g', -1, 64)
}
