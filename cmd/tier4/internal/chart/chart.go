package chart

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Chart is a picture with what belongs to it.
type Chart struct {
	Words
	Alt     string // the picture in words, its main numbers included
	Table   *Table // every number drawn
	Data    *Data  // for programs that draw it anew; nil for pictures that they cannot draw
	Drawing *Drawing
}

// Words are what stands around a picture.
type Words struct {
	ID    string // short and unique in its document: the name of a file, an anchor
	Title string // a sentence: what the picture says
	About string // what is drawn, of what and when
	Note  string // how to read it, and where it is from
}

// SVG is the picture as SVG.
func (c *Chart) SVG() []byte { return c.Drawing.SVG(c.Alt) }

// PNG is the picture in scale pixels a unit; 2 is sharp on paper.
func (c *Chart) PNG(scale float64) ([]byte, error) { return c.Drawing.PNG(scale) }

// Sizes, in units: a picture is as wide as the text of an A4 page or half a slide.
const (
	pageWidth   = 720
	margin      = 16
	titleSize   = 18
	aboutSize   = 13.5
	textSize    = 13
	smallSize   = 12
	tickLength  = 5
	lineHeight  = 1.35
	gapToLabels = 8
)

// sheet is a picture while it is drawn from the top down.
type sheet struct {
	*Drawing
	y     float64 // how far down it is drawn
	words Words
}

// begin writes the title and what is drawn.
func begin(w Words) *sheet {
	s := &sheet{Drawing: &Drawing{Width: pageWidth}, y: margin - 4, words: w}
	for _, line := range wrap(w.Title, titleSize, true, pageWidth-2*margin) {
		s.y += titleSize * lineHeight
		s.stress(margin, s.y-5, line, titleSize, ink, left)
	}
	s.paragraph(w.About, aboutSize, soft)
	s.y += 10
	return s
}

// paragraph writes words over the whole width.
func (s *sheet) paragraph(words string, size float64, c colour) {
	for _, line := range wrap(words, size, false, pageWidth-2*margin) {
		s.y += size * lineHeight
		s.say(margin, s.y-3, line, size, c, left)
	}
}

// end writes the note and closes the sheet.
func (s *sheet) end(alt string, t *Table) *Chart {
	if s.words.Note != "" {
		s.y += 6
		s.paragraph(s.words.Note, smallSize, soft)
	}
	s.Height = math.Ceil(s.y + margin - 4)
	return &Chart{Words: s.words, Alt: alt, Table: t, Drawing: s.Drawing}
}

// finite says what of some numbers is not a number, or nil.
func finite(what string, all ...float64) error {
	for _, v := range all {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%s holds %v, which cannot be drawn", what, v)
		}
	}
	return nil
}

var errNothing = errors.New("there is nothing to draw")

// faults says what is wrong with a picture's input, or nil.
func faults(id string, all ...error) error {
	if err := errors.Join(all...); err != nil {
		return fmt.Errorf("chart %s: %w", id, err)
	}
	return nil
}

// sentences joins parts to sentences, each ended by one full stop.
func sentences(parts ...string) string {
	var all []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, strings.TrimSuffix(p, ".")+".")
		}
	}
	return strings.Join(all, " ")
}
