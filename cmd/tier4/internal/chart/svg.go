package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
)

// SVG is the drawing as a document of its own, which may also stand within HTML. It refers to nothing
// outside itself and has no ids. A screen reader says alt instead of the marks.
func (d *Drawing) SVG(alt string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s" font-family="%s">`,
		digits(d.Width), digits(d.Height), digits(d.Width), digits(d.Height), escaped(alt), families)
	fmt.Fprintf(&b, "\n<rect width=\"%s\" height=\"%s\" fill=\"#ffffff\"/>\n", digits(d.Width), digits(d.Height))
	for _, m := range d.marks {
		if m.text != nil {
			m.text.svg(&b)
		} else {
			m.shape.svg(&b)
		}
		b.WriteByte('\n')
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func (t *text) svg(b *bytes.Buffer) {
	fmt.Fprintf(b, `<text x="%s" y="%s" font-size="%s" fill="%s"`, digits(t.x), digits(t.y), digits(t.size), t.colour)
	if t.bold {
		b.WriteString(` font-weight="bold"`)
	}
	if t.align != left {
		fmt.Fprintf(b, ` text-anchor="%s"`, [...]string{middle: "middle", right: "end"}[t.align])
	}
	fmt.Fprintf(b, ">%s</text>", escaped(t.words))
}

func (s *shape) svg(b *bytes.Buffer) {
	s.outline(b)
	switch {
	case !s.closed || s.fill.opacity == 0:
		b.WriteString(` fill="none"`)
	case s.fill.opacity < 1:
		fmt.Fprintf(b, ` fill="%s" fill-opacity="%s"`, s.fill.colour, digits(s.fill.opacity))
	default:
		fmt.Fprintf(b, ` fill="%s"`, s.fill.colour)
	}
	if s.stroke.width > 0 {
		fmt.Fprintf(b, ` stroke="%s" stroke-width="%s" stroke-linejoin="round"`, s.stroke.colour, digits(s.stroke.width))
		for i, d := range s.stroke.dash {
			b.WriteString([...]string{" ", ` stroke-dasharray="`}[btoi(i == 0)] + digits(d))
		}
		if len(s.stroke.dash) > 0 {
			b.WriteByte('"')
		}
	}
	b.WriteString("/>")
}

func (s *shape) outline(b *bytes.Buffer) {
	if s.radius > 0 {
		fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="%s"`, digits(s.paths[0][0].x), digits(s.paths[0][0].y), digits(s.radius))
		return
	}
	b.WriteString(`<path d="`)
	for _, path := range s.paths {
		for i, p := range path {
			b.WriteString([...]string{"L", "M"}[btoi(i == 0)] + digits(p.x) + " " + digits(p.y))
		}
	}
	if s.closed {
		b.WriteByte('Z')
	}
	b.WriteByte('"')
}

func btoi(is bool) int {
	if is {
		return 1
	}
	return 0
}

// digits writes a length to a hundredth of a unit.
func digits(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100+0, 'f', -1, 64)
}

func escaped(words string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(words)) // a buffer never fails
	return b.String()
}
