package chart

import (
	"bytes"
	"encoding/xml"
	"flag"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var look = flag.String("look", "", "write every sample to this folder, to be looked at")

// every draws all samples.
func every(t *testing.T, do func(t *testing.T, c *Chart)) {
	t.Helper()
	for name, draw := range samples() {
		t.Run(name, func(t *testing.T) {
			c, err := draw()
			if err != nil {
				t.Fatal(err)
			}
			do(t, c)
		})
	}
}

// A picture has the size of its drawing; with -look each is kept.
func TestEverySampleBecomesAPicture(t *testing.T) {
	every(t, func(t *testing.T, c *Chart) {
		data, err := c.PNG(1.5)
		if err != nil {
			t.Fatal(err)
		}
		size, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for _, side := range [][2]float64{{float64(size.Width), c.Drawing.Width}, {float64(size.Height), c.Drawing.Height}} {
			if math.Abs(side[0]-1.5*side[1]) > 1 {
				t.Errorf("a side has %v pixels for a length of %v", side[0], side[1])
			}
		}
		if *look == "" {
			return
		}
		base := filepath.Join(*look, c.ID)
		if err := os.WriteFile(base+".png", data, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(base+".svg", c.SVG(), 0o644); err != nil {
			t.Fatal(err)
		}
	})
}

func TestEveryMarkLiesInside(t *testing.T) {
	every(t, func(t *testing.T, c *Chart) {
		for _, m := range c.Drawing.marks {
			if b := m.bounds(); b.x0 < 0 || b.y0 < 0 || b.x1 > c.Drawing.Width || b.y1 > c.Drawing.Height {
				t.Errorf("%v of %+v %+v lies outside", b, m.text, m.shape)
			}
		}
	})
}

// Words that touch words cannot be read.
func TestNoWordsTouch(t *testing.T) {
	every(t, func(t *testing.T, c *Chart) {
		for i, m := range c.Drawing.marks {
			for _, o := range c.Drawing.marks[:i] {
				if m.text == nil || o.text == nil {
					continue
				}
				a, b := m.bounds(), o.bounds()
				if a.x0 < b.x1-0.5 && b.x0 < a.x1-0.5 && a.y0 < b.y1-1 && b.y0 < a.y1-1 {
					t.Errorf("%q %v and %q %v", m.text.words, a, o.text.words, b)
				}
			}
		}
	})
}

func TestSVGStandsAlone(t *testing.T) {
	every(t, func(t *testing.T, c *Chart) {
		svg := c.SVG()
		d := xml.NewDecoder(bytes.NewReader(svg))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		rest := bytes.Replace(svg, []byte(`xmlns="http://www.w3.org/2000/svg"`), nil, 1)
		for _, no := range []string{"http:", "https:", "//", "url(", "href", "<script", " id="} {
			if bytes.Contains(rest, []byte(no)) {
				t.Errorf("it holds %q", no)
			}
		}
		if !strings.Contains(string(svg), "aria-label=") || c.Alt == "" || len(c.Table.Rows) == 0 {
			t.Error("no words or no table for those who do not see it")
		}
	})
}

func TestSameBytes(t *testing.T) {
	for name, draw := range samples() {
		a, _ := draw()
		b, _ := draw()
		p, _ := a.PNG(0.5)
		q, _ := b.PNG(0.5)
		if !bytes.Equal(a.SVG(), b.SVG()) || !bytes.Equal(p, q) {
			t.Errorf("%s differs from itself", name)
		}
	}
}
