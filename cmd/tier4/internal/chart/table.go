package chart

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
)

// Table is the numbers behind a picture.
type Table struct {
	Head []string // with units
	Rows [][]Cell
}

// Cell is words or a number.
type Cell struct {
	Text   string  // as people read it
	Value  float64 // unrounded and in the unit of the text, where Number
	Number bool
}

// said is a cell of words.
func said(text string) Cell { return Cell{Text: text} }

// number is a cell of an amount, in the unit's own scale.
func (u Unit) number(v float64) Cell {
	if u.Dates {
		return Cell{Text: dateOf(v).Format("2006-01-02")}
	}
	return Cell{Text: u.short(v), Value: v * u.Times, Number: true}
}

// CSV writes the table with its numbers in full.
func (t *Table) CSV(w io.Writer) error {
	c := csv.NewWriter(w)
	rows := [][]string{t.Head}
	for _, row := range t.Rows {
		var cells []string
		for _, cell := range row {
			if cell.Number {
				cells = append(cells, strconv.FormatFloat(cell.Value, 'g', -1, 64))
			} else {
				cells = append(cells, cell.Text)
			}
		}
		rows = append(rows, cells)
	}
	return c.WriteAll(rows)
}

// filled leaves out the columns in which nothing stands.
func (t *Table) filled() *Table {
	var keep []int
	for c := range t.Head {
		if slices.ContainsFunc(t.Rows, func(row []Cell) bool { return row[c].Text != "" }) {
			keep = append(keep, c)
		}
	}
	some := &Table{}
	for _, c := range keep {
		some.Head = append(some.Head, t.Head[c])
	}
	for _, row := range t.Rows {
		var cells []Cell
		for _, c := range keep {
			cells = append(cells, row[c])
		}
		some.Rows = append(some.Rows, cells)
	}
	return some
}
