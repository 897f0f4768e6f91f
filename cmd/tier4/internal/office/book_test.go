package office

import (
	"bytes"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"
)

func sampleBook() Book {
	return Book{Title: "Two & more", Sheets: []Sheet{
		{Name: "One", Columns: []Column{{"What", 20}, {"Cost (£ a year)", 12}, {"Share", 12}}, Rows: slices.Values([][]Cell{
			{Text("=1+1"), Number(1234.5678, Pounds), Number(0.123456, Percent)},
			{Text("<b> & \"c\""), {}, Number(-2, Tenths)},
		})},
		{Name: "Empty", Columns: []Column{{"What", 20}}, Rows: slices.Values([][]Cell{})},
	}}
}

func TestBook(t *testing.T) {
	var a, b bytes.Buffer
	if err := sampleBook().Write(&a); err != nil {
		t.Fatal(err)
	}
	if err := sampleBook().Write(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("a workbook differs from itself")
	}
	f, err := excelize.OpenReader(&a)
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string][2]string{
		"A2": {"=1+1", "=1+1"}, "B2": {"1234.5678", "£1,235"}, "C2": {"0.123456", "12.3%"},
		"A3": {`<b> & "c"`, `<b> & "c"`}, "B3": {"", ""}, "C3": {"-2", "-2.0"}, "B1": {"Cost (£ a year)", "Cost (£ a year)"},
	} {
		raw, err := f.GetCellValue("One", cell, excelize.Options{RawCellValue: true})
		shown, _ := f.GetCellValue("One", cell)
		if err != nil || raw != want[0] || shown != want[1] {
			t.Errorf("%s is %q, shown as %q; want %q", cell, raw, shown, want)
		}
		if formula, _ := f.GetCellFormula("One", cell); formula != "" {
			t.Errorf("%s is the formula %q", cell, formula)
		}
	}
	if panes, err := f.GetPanes("One"); err != nil || !panes.Freeze || panes.YSplit != 1 || panes.XSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
}
