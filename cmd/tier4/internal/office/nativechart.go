package office

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Chart is a chart of an office program, which can be edited there: its numbers are in a workbook inside.
type Chart struct {
	Kind       ChartKind
	Categories []string
	Series     []Series
	Axis       string // what the values are, with their unit
	Format     string // of a number, as a workbook has it: #,##0.0
	Turned     bool   // values grow from right to left
	Alt        string
}

// ChartKind is how a chart draws.
type ChartKind uint8

// The kinds.
const (
	Across  ChartKind = iota // level bars side by side, the first category at the top
	Stacked                  // level bars, the series one after the other
	Columns                  // upright bars that touch; series in the same places
	Curves                   // lines
)

// Series is a chart's series; a value that is not there is NaN.
type Series struct {
	Name      string
	Values    []float64
	Low, High []float64 // intervals; none without
	Look      Look
	Looks     []Look // one for each value, if they differ
}

// Look is a fill or a line: RRGGBB, and a pattern of white lines or a dash as DrawingML names them, "" for
// none. Hollow is lines of the colour on white.
type Look struct {
	Colour, Pattern, Dash string
	Hollow                bool
}

const chartSpaces = `xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// part is the chart's XML. The order of elements is that of the schema (ECMA-376, 21.2).
func (c Chart) part(name string) part {
	var b strings.Builder
	b.WriteString(xml.Header + `<c:chartSpace ` + chartSpaces + `><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>`)
	element := "barChart"
	switch c.Kind {
	case Curves:
		element = "lineChart"
		b.WriteString(`<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>`)
	case Stacked:
		b.WriteString(`<c:barChart><c:barDir val="bar"/><c:grouping val="stacked"/><c:varyColors val="0"/>`)
	case Columns:
		b.WriteString(`<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>`)
	default:
		b.WriteString(`<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>`)
	}
	for i, s := range c.Series {
		c.series(&b, i, s)
	}
	switch c.Kind {
	case Curves:
		b.WriteString(`<c:marker val="1"/>`)
	case Across:
		b.WriteString(`<c:gapWidth val="60"/>`)
	case Stacked:
		b.WriteString(`<c:gapWidth val="60"/><c:overlap val="100"/>`)
	case Columns:
		b.WriteString(`<c:gapWidth val="8"/><c:overlap val="100"/>`)
	}
	b.WriteString(`<c:axId val="1"/><c:axId val="2"/></c:` + element + `>`)
	c.axes(&b)
	b.WriteString(`</c:plotArea>`)
	if len(c.Series) > 1 {
		b.WriteString(`<c:legend><c:legendPos val="t"/><c:overlay val="0"/></c:legend>`)
	}
	b.WriteString(`<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>` +
		`<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1400"><a:solidFill><a:srgbClr val="1F1F1F"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>` +
		`<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>`)
	return part{name, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml", []byte(b.String())}
}

func (l Look) fill() string {
	lines, ground := "FFFFFF", l.Colour
	if l.Hollow {
		lines, ground = ground, lines
	}
	if l.Pattern != "" {
		return `<a:pattFill prst="` + l.Pattern + `"><a:fgClr><a:srgbClr val="` + lines + `"/></a:fgClr><a:bgClr><a:srgbClr val="` + ground + `"/></a:bgClr></a:pattFill>` +
			`<a:ln w="9525"><a:solidFill><a:srgbClr val="` + l.Colour + `"/></a:solidFill></a:ln>`
	}
	return `<a:solidFill><a:srgbClr val="` + l.Colour + `"/></a:solidFill>`
}

func (l Look) line() string {
	dash := ""
	if l.Dash != "" {
		dash = `<a:prstDash val="` + l.Dash + `"/>`
	}
	return `<a:ln w="28575"><a:solidFill><a:srgbClr val="` + l.Colour + `"/></a:solidFill>` + dash + `</a:ln>`
}

func (c Chart) series(b *strings.Builder, i int, s Series) {
	column := string(rune('B' + i))
	fmt.Fprintf(b, `<c:ser><c:idx val="%d"/><c:order val="%d"/><c:tx><c:strRef><c:f>Data!$%s$1</c:f>%s</c:strRef></c:tx>`, i, i, column, cached([]string{s.Name}))
	if c.Kind == Curves {
		b.WriteString(`<c:spPr>` + s.Look.line() + `</c:spPr><c:marker><c:symbol val="none"/></c:marker>`)
	} else {
		b.WriteString(`<c:spPr>` + s.Look.fill() + `</c:spPr><c:invertIfNegative val="0"/>`)
		for k, l := range s.Looks {
			fmt.Fprintf(b, `<c:dPt><c:idx val="%d"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/><c:spPr>%s</c:spPr></c:dPt>`, k, l.fill())
		}
		s.errors(b)
	}
	last := len(c.Categories) + 1
	fmt.Fprintf(b, `<c:cat><c:strRef><c:f>Data!$A$2:$A$%d</c:f>%s</c:strRef></c:cat>`, last, cached(c.Categories))
	fmt.Fprintf(b, `<c:val><c:numRef><c:f>Data!$%s$2:$%s$%d</c:f>%s</c:numRef></c:val>`, column, column, last, c.numbers(s.Values))
	if c.Kind == Curves {
		b.WriteString(`<c:smooth val="0"/>`)
	}
	b.WriteString(`</c:ser>`)
}

// errors are the intervals, as lengths above and below the values.
func (s Series) errors(b *strings.Builder) {
	if len(s.Low) == 0 {
		return
	}
	literal := func(length func(k int) float64) string {
		text := fmt.Sprintf(`<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="%d"/>`, len(s.Values))
		for k := range s.Values {
			text += fmt.Sprintf(`<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, k, number(max(0, length(k))))
		}
		return text + `</c:numLit>`
	}
	b.WriteString(`<c:errBars><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/><c:plus>` +
		literal(func(k int) float64 { return s.High[k] - s.Values[k] }) + `</c:plus><c:minus>` +
		literal(func(k int) float64 { return s.Values[k] - s.Low[k] }) + `</c:minus><c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="1F1F1F"/></a:solidFill></a:ln></c:spPr></c:errBars>`)
}

func cached(all []string) string {
	text := fmt.Sprintf(`<c:strCache><c:ptCount val="%d"/>`, len(all))
	for k, words := range all {
		text += fmt.Sprintf(`<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, k, escaped(words))
	}
	return text + `</c:strCache>`
}

func (c Chart) numbers(all []float64) string {
	text := fmt.Sprintf(`<c:numCache><c:formatCode>%s</c:formatCode><c:ptCount val="%d"/>`, escaped(c.Format), len(all))
	for k, v := range all {
		if !math.IsNaN(v) {
			text += fmt.Sprintf(`<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, k, number(v))
		}
	}
	return text + `</c:numCache>`
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// axes draws the axis of categories and that of values. The first category of level bars is at the top.
func (c Chart) axes(b *strings.Builder) {
	level := c.Kind == Across || c.Kind == Stacked
	categories, values, order, crosses := "b", "l", "minMax", "autoZero"
	if level {
		categories, values, order, crosses = "l", "b", "maxMin", "max"
	}
	turned := "minMax"
	if c.Turned {
		turned = "maxMin"
	}
	line := `<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="595959"/></a:solidFill></a:ln></c:spPr>`
	skip := ""
	if c.Kind == Curves {
		skip = fmt.Sprintf(`<c:tickLblSkip val="%d"/>`, max(1, len(c.Categories)/6))
	}
	fmt.Fprintf(b, `<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="%s"/></c:scaling><c:delete val="0"/><c:axPos val="%s"/><c:numFmt formatCode="General" sourceLinked="0"/>`+
		`<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>%s<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>%s<c:noMultiLvlLbl val="1"/></c:catAx>`, order, categories, line, skip)
	fmt.Fprintf(b, `<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="%s"/></c:scaling><c:delete val="0"/><c:axPos val="%s"/><c:majorGridlines><c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>`+
		`<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1400" b="0"/></a:pPr><a:r><a:rPr lang="en-GB" sz="1400" b="0"/><a:t>%s</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`+
		`<c:numFmt formatCode="%s" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="1"/><c:crosses val="%s"/></c:valAx>`,
		turned, values, escaped(c.Axis), escaped(c.Format), crosses)
}

// workbook is the chart's numbers, as its program edits them.
func (c Chart) workbook() ([]byte, error) {
	sheet := Sheet{Name: "Data", Columns: []Column{{Head: "Category", Width: 40}}}
	heads := map[string]int{}
	for _, s := range c.Series {
		name := s.Name
		if heads[name]++; heads[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, heads[name])
		}
		sheet.Columns = append(sheet.Columns, Column{Head: name, Width: 18})
	}
	var rows [][]Cell
	for k, category := range c.Categories {
		row := []Cell{Text(category)}
		for _, s := range c.Series {
			cell := Cell{}
			if !math.IsNaN(s.Values[k]) {
				cell = Number(s.Values[k], Thousandths)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	sheet.Rows = slices.Values(rows)
	var b bytes.Buffer
	err := Book{Title: c.Axis, Sheets: []Sheet{sheet}}.Write(&b)
	return b.Bytes(), err
}
