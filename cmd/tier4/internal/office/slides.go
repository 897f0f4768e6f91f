package office

import (
	_ "embed"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Deck is slides, 16 to 9.
type Deck struct {
	Title  string
	Slides []Slide
}

// Slide is one message: a sentence, what shows it, and where it is from. Points, Chart or Picture show it.
type Slide struct {
	Title   string
	Points  []string
	Chart   *Chart
	Picture *Picture
	Source  string
}

//go:embed slidemaster.xml
var slideMaster []byte

//go:embed slidelayout.xml
var slideLayout []byte

//go:embed theme.xml
var slideTheme []byte

const (
	slideKind    = "application/vnd.openxmlformats-officedocument.presentationml."
	slideSpaces  = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"`
	slideWide    = 12_192_000 // English metric units
	slideHigh    = 6_858_000
	slideEdge    = 609_600
	contentTop   = 1_620_000
	contentHigh  = 4_420_000
	contentWide  = slideWide - 2*slideEdge
	mostOfPoints = 700 // letters at the larger size
)

// Write writes the slides.
func (d Deck) Write(w io.Writer) error {
	list, rels := "", []relation{{"rIdMaster", "slideMaster", "slideMasters/slideMaster1.xml"}, {"rIdTheme", "theme", "theme/theme1.xml"}}
	var slides []part
	charts := 0
	for i, s := range d.Slides {
		n := i + 1
		list += fmt.Sprintf(`<p:sldId id="%d" r:id="rIdSlide%d"/>`, 256+i, n)
		rels = append(rels, relation{fmt.Sprintf("rIdSlide%d", n), "slide", fmt.Sprintf("slides/slide%d.xml", n)})
		parts, err := s.parts(n, &charts)
		if err != nil {
			return fmt.Errorf("slide %d: %w", n, err)
		}
		slides = append(slides, parts...)
	}
	presentation := xml.Header + `<p:presentation ` + slideSpaces + `><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rIdMaster"/></p:sldMasterIdLst><p:sldIdLst>` + list +
		fmt.Sprintf(`</p:sldIdLst><p:sldSz cx="%d" cy="%d"/><p:notesSz cx="%d" cy="%d"/></p:presentation>`, slideWide, slideHigh, slideHigh, slideWide)
	parts := []part{
		relations("", relation{"rId1", "officeDocument", "ppt/presentation.xml"},
			relation{"rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"},
			relation{"rId3", "extended-properties", "docProps/app.xml"}),
		{"ppt/presentation.xml", slideKind + "presentation.main+xml", []byte(presentation)},
		relations("ppt/presentation.xml", rels...),
		{"ppt/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml", slideTheme},
		{"ppt/slideMasters/slideMaster1.xml", slideKind + "slideMaster+xml", slideMaster},
		relations("ppt/slideMasters/slideMaster1.xml", relation{"rId1", "slideLayout", "../slideLayouts/slideLayout1.xml"}, relation{"rId2", "theme", "../theme/theme1.xml"}),
		{"ppt/slideLayouts/slideLayout1.xml", slideKind + "slideLayout+xml", slideLayout},
		relations("ppt/slideLayouts/slideLayout1.xml", relation{"rId1", "slideMaster", "../slideMasters/slideMaster1.xml"}),
	}
	return pack(w, append(append(parts, slides...), properties(d.Title)...))
}

// parts are a slide, its references, and what it shows.
func (s Slide) parts(n int, charts *int) ([]part, error) {
	rels := []relation{{"rId1", "slideLayout", "../slideLayouts/slideLayout1.xml"}}
	var extra []part
	content := ""
	switch {
	case s.Chart != nil:
		*charts++
		name := fmt.Sprintf("chart%d.xml", *charts)
		book, err := s.Chart.workbook()
		if err != nil {
			return nil, err
		}
		rels = append(rels, relation{"rId2", "chart", "../charts/" + name})
		extra = append(extra, s.Chart.part("ppt/charts/"+name),
			relations("ppt/charts/"+name, relation{"rId1", "package", fmt.Sprintf("../embeddings/numbers%d.xlsx", *charts)}),
			part{name: fmt.Sprintf("ppt/embeddings/numbers%d.xlsx", *charts), data: book})
		content = fmt.Sprintf(`<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name="Chart" descr="%s"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="%d" y="%d"/><a:ext cx="%d" cy="%d"/></p:xfrm>`+
			`<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="rId2"/></a:graphicData></a:graphic></p:graphicFrame>`,
			escaped(s.Chart.Alt), slideEdge, contentTop, contentWide, contentHigh)
	case s.Picture != nil:
		rels = append(rels, relation{"rId2", "image", fmt.Sprintf("../media/picture%d.png", n)})
		extra = append(extra, part{name: fmt.Sprintf("ppt/media/picture%d.png", n), data: s.Picture.PNG})
		content = s.Picture.slide()
	}
	body := xml.Header + `<p:sld ` + slideSpaces + `><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>` +
		placeholder(2, "Title", `type="title"`, []string{s.Title}, 0) + s.points() + content + placeholder(5, "Source", `type="body" idx="13" sz="quarter"`, []string{s.Source}, 0) +
		`</p:spTree></p:cSld></p:sld>`
	name := fmt.Sprintf("ppt/slides/slide%d.xml", n)
	return append([]part{{name, slideKind + "slide+xml", []byte(body)}, relations(name, rels...)}, extra...), nil
}

// points are the slide's text, smaller where there is much of it. A slide with something else has none.
func (s Slide) points() string {
	if len(s.Points) == 0 {
		return ""
	}
	size := 0
	if len(strings.Join(s.Points, "")) > mostOfPoints {
		size = 1600
	}
	return placeholder(3, "Text", `type="body" idx="1"`, s.Points, size)
}

// placeholder is words in a place of the layout, at its own size or another (hundredths of a point).
func placeholder(id int, name, kind string, paragraphs []string, size int) string {
	text, look := "", ""
	if size > 0 {
		look = fmt.Sprintf(` sz="%d"`, size)
	}
	for _, words := range paragraphs {
		text += `<a:p><a:r><a:rPr lang="en-GB"` + look + `/><a:t>` + escaped(words) + `</a:t></a:r></a:p>`
	}
	return fmt.Sprintf(`<p:sp><p:nvSpPr><p:cNvPr id="%d" name="%s"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph %s/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr><a:normAutofit/></a:bodyPr><a:lstStyle/>%s</p:txBody></p:sp>`, id, name, kind, text)
}

// slide is a picture in the middle of a slide, as large as there is room.
func (p *Picture) slide() string {
	wide, high := float64(contentWide), float64(contentWide)*p.Height/p.Width
	if high > contentHigh {
		wide, high = contentHigh*p.Width/p.Height, contentHigh
	}
	x := (slideWide - wide) / 2
	return fmt.Sprintf(`<p:pic><p:nvPicPr><p:cNvPr id="4" name="Picture" descr="%s"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>`+
		`<p:spPr><a:xfrm><a:off x="%d" y="%d"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>`, escaped(p.Alt), int(x), contentTop, int(wide), int(high))
}
