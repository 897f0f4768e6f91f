package office

import (
	_ "embed"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Document is what is read on paper, from the top down: A4, with page numbers.
type Document struct {
	Title  string
	Foot   string // beside the page number
	Blocks []Block
}

// Block is one thing of a document: exactly one is set.
type Block struct {
	Heading string // of Level 1, 2 or 3
	Level   int
	Text    string
	List    []string
	Grid    *Grid
	Picture *Picture
	Code    string
}

// Grid is a table; its head stands again on each page. Columns of Numbers are set to the right.
type Grid struct {
	Head    []string
	Rows    [][]string
	Numbers []bool
}

// Picture is a PNG with its size in any unit, and what it shows in words.
type Picture struct {
	PNG           []byte
	Width, Height float64
	Alt           string
}

//go:embed styles.xml
var documentStyles []byte

// Sizes of an A4 page in twentieths of a point, and of pictures in English metric units.
const (
	pageWide, pageHigh = 11906, 16838
	pageMargin         = 1134 // 2 cm
	textWide           = pageWide - 2*pageMargin
	emuPerTwip         = 635
	mostPictureHigh    = 13_000 * emuPerTwip
)

const wordSpaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ` +
	`xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`

const wordKind = "application/vnd.openxmlformats-officedocument.wordprocessingml."

// Write writes the document.
func (d Document) Write(w io.Writer) error {
	x := &writing{}
	for _, b := range d.Blocks {
		x.block(b)
	}
	body := xml.Header + `<w:document ` + wordSpaces + `><w:body>` + x.b.String() +
		fmt.Sprintf(`<w:sectPr><w:footerReference w:type="default" r:id="rIdFoot"/><w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>`,
			pageWide, pageHigh, pageMargin, pageMargin, pageMargin, pageMargin) + `</w:body></w:document>`
	foot := xml.Header + `<w:ftr ` + wordSpaces + `><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>` + run(d.Foot+"  ·  page ", "") +
		`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>`
	parts := []part{
		relations("", relation{"rId1", "officeDocument", "word/document.xml"},
			relation{"rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"},
			relation{"rId3", "extended-properties", "docProps/app.xml"}),
		{"word/document.xml", wordKind + "document.main+xml", []byte(body)},
		relations("word/document.xml", append([]relation{
			{"rIdStyles", "styles", "styles.xml"}, {"rIdLists", "numbering", "numbering.xml"}, {"rIdFoot", "footer", "footer1.xml"},
		}, x.relations...)...),
		{"word/styles.xml", wordKind + "styles+xml", documentStyles},
		{"word/numbering.xml", wordKind + "numbering+xml", []byte(numbering)},
		{"word/footer1.xml", wordKind + "footer+xml", []byte(foot)},
	}
	return pack(w, append(append(parts, x.media...), properties(d.Title)...))
}

// numbering is one list with bullets.
const numbering = xml.Header + `<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>` +
	`<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="360" w:hanging="260"/></w:pPr></w:lvl>` +
	`</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`

// writing is a document's body while it is written.
type writing struct {
	b         strings.Builder
	media     []part
	relations []relation
}

func (x *writing) block(b Block) {
	switch {
	case b.Heading != "":
		style := "Title"
		if b.Level > 1 {
			style = fmt.Sprintf("Heading%d", b.Level-1)
		}
		x.paragraph(style, b.Heading, "")
	case b.Grid != nil:
		x.grid(b.Grid)
	case b.Picture != nil:
		x.picture(b.Picture)
	case b.List != nil:
		for _, item := range b.List {
			x.paragraph("ListBullet", item, "")
		}
	case b.Code != "":
		x.paragraph("Code", b.Code, "")
	default:
		x.paragraph("Normal", b.Text, "")
	}
}

// run is words with the properties of letters.
func run(words, properties string) string {
	if properties != "" {
		properties = "<w:rPr>" + properties + "</w:rPr>"
	}
	return `<w:r>` + properties + `<w:t xml:space="preserve">` + escaped(words) + `</w:t></w:r>`
}

func (x *writing) paragraph(style, words, more string) {
	fmt.Fprintf(&x.b, `<w:p><w:pPr><w:pStyle w:val="%s"/>%s</w:pPr>%s</w:p>`, style, more, run(words, ""))
}

func (x *writing) grid(g *Grid) {
	widths := g.widths()
	x.b.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="` + fmt.Sprint(textWide) + `" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		fmt.Fprintf(&x.b, `<w:gridCol w:w="%d"/>`, w)
	}
	x.b.WriteString(`</w:tblGrid>`)
	short := len(g.Rows) <= mostTogether
	x.row(g, g.Head, widths, true, true)
	for i, row := range g.Rows {
		x.row(g, row, widths, false, short && i < len(g.Rows)-1)
	}
	x.b.WriteString(`</w:tbl>`)
	x.paragraph("AfterTable", "", "")
}

// mostTogether are as many rows as are kept on one page.
const mostTogether = 15

// row writes a row; one that is together stays on the page of the next.
func (x *writing) row(g *Grid, cells []string, widths []int, head, together bool) {
	x.b.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
	if head {
		x.b.WriteString(`<w:tblHeader/>`)
	}
	x.b.WriteString(`</w:trPr>`)
	for i, words := range cells {
		line, bold, side := "", "", ""
		if together {
			side = `<w:keepNext/>`
		}
		if head {
			line, bold = `<w:tcBorders><w:bottom w:val="single" w:sz="12" w:color="595959"/></w:tcBorders>`, "<w:b/>"
		}
		if g.Numbers[i] {
			side += `<w:jc w:val="right"/>`
		}
		fmt.Fprintf(&x.b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s</w:tcPr><w:p><w:pPr><w:pStyle w:val="Cell"/>%s</w:pPr>%s</w:p></w:tc>`, widths[i], line, side, run(words, bold))
	}
	x.b.WriteString(`</w:tr>`)
}

// widths shares the page out by what the columns hold: their longest words fit, the rest goes by length.
func (g *Grid) widths() []int {
	weights, sum := make([]float64, len(g.Head)), 0.0
	for i := range g.Head {
		longest, letters := 4, len(g.Head[i])
		for _, row := range append([][]string{g.Head}, g.Rows...) {
			letters = max(letters, min(len(row[i]), 60))
			for _, word := range strings.Fields(row[i]) {
				longest = max(longest, min(len(word), 24))
			}
		}
		weights[i] = max(float64(longest)*1.15, float64(letters)*0.6)
		sum += weights[i]
	}
	widths, left := make([]int, len(weights)), textWide
	for i := range weights {
		widths[i] = int(float64(textWide) * weights[i] / sum)
		left -= widths[i]
	}
	widths[0] += left
	return widths
}

func (x *writing) picture(p *Picture) {
	n := len(x.media) + 1
	name, id := fmt.Sprintf("media/picture%d.png", n), fmt.Sprintf("rIdPicture%d", n)
	x.media = append(x.media, part{name: "word/" + name, data: p.PNG})
	x.relations = append(x.relations, relation{id, "image", name})
	wide := float64(textWide * emuPerTwip)
	high := wide * p.Height / p.Width
	if high > mostPictureHigh {
		wide, high = wide*mostPictureHigh/high, mostPictureHigh
	}
	size := fmt.Sprintf(`cx="%d" cy="%d"`, int(wide), int(high))
	fmt.Fprintf(&x.b, `<w:p><w:pPr><w:pStyle w:val="Normal"/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent %s/>`+
		`<wp:docPr id="%d" name="Picture %d" descr="%s"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">`+
		`<pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="Picture %d"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="%s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
		`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext %s/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
		size, n, n, escaped(p.Alt), n, n, id, size)
}
