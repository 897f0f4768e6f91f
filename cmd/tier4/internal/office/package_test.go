package office

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"io"
	"math"
	"path"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func dotPNG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 3))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sampleDeck(t *testing.T) Deck {
	chart := func(kind ChartKind) *Chart {
		return &Chart{
			Kind: kind, Categories: []string{"A & b", "<c>"}, Axis: `Cost "£"`, Format: `"£"#,##0`, Alt: "words",
			Series: []Series{{Name: "one", Values: []float64{1.5, -2}, Low: []float64{1, -3}, High: []float64{2, -1}, Look: Look{Colour: "12436D"}, Looks: []Look{{Colour: "12436D"}, {Colour: "F46A25", Pattern: "wdUpDiag"}}}, {Name: "one", Values: []float64{math.NaN(), 4}, Look: Look{Colour: "F46A25"}}},
		}
	}
	return Deck{Title: "T & t", Slides: []Slide{
		{Title: "Words", Points: []string{"a < b", "c"}, Source: "s"},
		{Title: "Across", Chart: chart(Across)},
		{Title: "Stacked", Chart: chart(Stacked)},
		{Title: "Columns", Chart: chart(Columns)},
		{Title: "Curves", Chart: chart(Curves)},
		{Title: "Picture", Picture: &Picture{PNG: dotPNG(t), Width: 4, Height: 3, Alt: `"quoted"`}},
	}}
}

func sampleDocument(t *testing.T) Document {
	return Document{Title: "T & t", Foot: "tier4 <1>", Blocks: []Block{
		{Heading: "One & only", Level: 1},
		{Text: "a < b"},
		{Heading: "Two", Level: 2},
		{List: []string{"x", "y"}},
		{Grid: &Grid{Head: []string{"What", "£"}, Rows: [][]string{{"a & b", "£12"}}, Numbers: []bool{false, true}}},
		{Picture: &Picture{PNG: dotPNG(t), Width: 4, Height: 300, Alt: `"quoted" <alt>`}},
		{Code: "tier4 run x"},
	}}
}

// written is a file's parts, held to be the same twice.
func written(t *testing.T, write func(io.Writer) error) map[string][]byte {
	t.Helper()
	var a, b bytes.Buffer
	if err := errors.Join(write(&a), write(&b)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("a file differs from itself")
	}
	z, err := zip.NewReader(bytes.NewReader(a.Bytes()), int64(a.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if parts[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return parts
}

// Every part is XML, every reference leads to a part, and every part has a type.
func TestPackages(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{"slides": sampleDeck(t).Write, "document": sampleDocument(t).Write} {
		parts := written(t, write)
		types := string(parts["[Content_Types].xml"])
		for file, data := range parts {
			if strings.HasSuffix(file, ".xml") || strings.HasSuffix(file, ".rels") {
				wellFormed(t, name+": "+file, data)
			}
			if strings.HasSuffix(file, ".xml") && file != "[Content_Types].xml" && !strings.Contains(types, `PartName="/`+file+`"`) {
				t.Errorf("%s: %s has no content type", name, file)
			}
			if strings.HasSuffix(file, ".rels") {
				folder := path.Dir(path.Dir(file))
				var list struct {
					Relationship []struct {
						Target string `xml:",attr"`
					}
				}
				if err := xml.Unmarshal(data, &list); err != nil {
					t.Fatal(err)
				}
				for _, r := range list.Relationship {
					if to := path.Join(folder, r.Target); parts[to] == nil {
						t.Errorf("%s: %s leads to %s, which is not there", name, file, to)
					}
				}
			}
		}
	}
}

func wellFormed(t *testing.T, name string, data []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// A chart shows the numbers that its workbook holds.
func TestChartAndWorkbookAgree(t *testing.T) {
	parts := written(t, sampleDeck(t).Write)
	f, err := excelize.OpenReader(bytes.NewReader(parts["ppt/embeddings/numbers1.xlsx"]))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Data", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[1], "|") + "/" + strings.Join(rows[2], "|"); got != "A & b|1.5/<c>|-2|4" {
		t.Errorf("the workbook holds %q", got)
	}
	var chart struct {
		Values []struct {
			V []string `xml:"v"`
		} `xml:"chart>plotArea>barChart>ser>val>numRef>numCache>pt"`
	}
	if err := xml.Unmarshal(parts["ppt/charts/chart1.xml"], &chart); err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, v := range chart.Values {
		got += v.V[0] + " "
	}
	if got != "1.5 -2 4 " {
		t.Errorf("the chart holds %q", got)
	}
}
