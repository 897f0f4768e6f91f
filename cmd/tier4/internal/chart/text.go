package chart

import (
	"bytes"
	"fmt"
	"image/png"
	"strings"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"git.sr.ht/~sbinet/gg"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The one door to fonts and to the rasteriser. Liberation Sans has the widths of Arial and Helvetica,
// one of which nearly every reader has, so a picture is laid out alike as SVG and as PNG.

const families = "Arial, 'Liberation Sans', Helvetica, sans-serif"

var typefaces = sync.OnceValue(func() (faces [2]*sfnt.Font) {
	for i, data := range [][]byte{liberationsansregular.TTF, liberationsansbold.TTF} {
		f, err := opentype.Parse(data)
		if err != nil {
			panic(err) // the font is part of the program
		}
		faces[i] = f
	}
	return faces
})

func typeface(bold bool) *sfnt.Font {
	if bold {
		return typefaces()[1]
	}
	return typefaces()[0]
}

// width is how wide words are at a size.
func width(words string, size float64, bold bool) float64 {
	var b sfnt.Buffer
	f := typeface(bold)
	const fine = 1000 // units an em, so that nothing is rounded to whole pixels
	sum, before := fixed.Int26_6(0), sfnt.GlyphIndex(0)
	for _, r := range words {
		glyph, err := f.GlyphIndex(&b, r)
		if err != nil {
			continue
		}
		if kern, err := f.Kern(&b, before, glyph, fixed.I(fine), font.HintingNone); err == nil && before != 0 {
			sum += kern
		}
		if advance, err := f.GlyphAdvance(&b, glyph, fixed.I(fine), font.HintingNone); err == nil {
			sum += advance
		}
		before = glyph
	}
	return float64(sum) / 64 / fine * size
}

// wrap breaks words into lines no wider than most; a single word may be wider.
func wrap(words string, size float64, bold bool, most float64) (lines []string) {
	line := ""
	for _, word := range strings.Fields(words) {
		switch longer := line + " " + word; {
		case line == "":
			line = word
		case width(longer, size, bold) <= most:
			line = longer
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// fit shortens words with an ellipsis until they are no wider than most.
func fit(words string, size float64, bold bool, most float64) string {
	if width(words, size, bold) <= most {
		return words
	}
	letters := []rune(words)
	for n := len(letters) - 1; n > 0; n-- {
		if short := strings.TrimRight(string(letters[:n]), " ,.;:") + "…"; width(short, size, bold) <= most {
			return short
		}
	}
	return "…"
}

// PNG is the drawing as a picture of scale pixels a unit, on white.
func (d *Drawing) PNG(scale float64) ([]byte, error) {
	w, h := int(d.Width*scale+0.5), int(d.Height*scale+0.5)
	if w < 1 || h < 1 || w > mostPixels || h > mostPixels {
		return nil, fmt.Errorf("a picture of %d x %d pixels cannot be drawn; at most %d each way", w, h, mostPixels)
	}
	c := canvas{Context: gg.NewContext(w, h), scale: scale, faces: map[faceKey]font.Face{}}
	c.SetRGB(1, 1, 1)
	c.Clear()
	for _, m := range d.marks {
		if m.text != nil {
			c.write(m.text)
			continue
		}
		c.draw(m.shape)
	}
	var b bytes.Buffer
	err := png.Encode(&b, c.Image())
	return b.Bytes(), err
}

const mostPixels = 20_000

// canvas draws marks on pixels. Text is not scaled but set at its final size, which keeps it sharp.
type canvas struct {
	*gg.Context
	scale float64
	faces map[faceKey]font.Face
}

type faceKey struct {
	size float64
	bold bool
}

func (c *canvas) write(t *text) {
	key := faceKey{t.size, t.bold}
	if c.faces[key] == nil {
		face, err := opentype.NewFace(typeface(t.bold), &opentype.FaceOptions{Size: t.size * c.scale, DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			panic(err) // NewFace of a parsed font fails never
		}
		c.faces[key] = face
	}
	c.SetFontFace(c.faces[key])
	c.paint(fill{t.colour, 1})
	x := t.x - width(t.words, t.size, t.bold)*[...]float64{left: 0, middle: 0.5, right: 1}[t.align]
	c.DrawString(t.words, x*c.scale, t.y*c.scale)
}

func (c *canvas) draw(s *shape) {
	c.ClearPath()
	for _, path := range s.paths {
		for i, p := range path {
			if i == 0 {
				c.MoveTo(p.x*c.scale, p.y*c.scale)
			} else {
				c.LineTo(p.x*c.scale, p.y*c.scale)
			}
		}
	}
	if s.radius > 0 {
		c.ClearPath()
		c.DrawCircle(s.paths[0][0].x*c.scale, s.paths[0][0].y*c.scale, s.radius*c.scale)
	}
	if s.closed {
		c.ClosePath()
		if s.fill.opacity > 0 {
			c.paint(s.fill)
			c.FillPreserve()
		}
	}
	if s.stroke.width > 0 {
		c.paint(fill{s.stroke.colour, 1})
		c.SetLineWidth(s.stroke.width * c.scale)
		c.SetLineCapButt()
		var dash []float64
		for _, d := range s.stroke.dash {
			dash = append(dash, d*c.scale)
		}
		c.SetDash(dash...)
		c.StrokePreserve()
	}
	c.ClearPath()
}

func (c *canvas) paint(f fill) {
	r, g, b := f.colour.parts()
	c.SetRGBA(float64(r)/255, float64(g)/255, float64(b)/255, f.opacity)
}
