package chart

import (
	"bytes"
	"encoding/csv"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestGolden(t *testing.T) {
	for _, draw := range []func() (*Chart, error){sampleBars().Chart, sampleForest(-1).Chart} {
		c, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", c.ID+".svg")
		if *update {
			if err := os.WriteFile(file, c.SVG(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(c.SVG(), want) {
			t.Errorf("%s differs; if it should, run with -update and look at the picture", file)
		}
	}
}

// lengths are the widths of the areas of one colour, from the top down.
func lengths(d *Drawing, c colour) (all []float64) {
	for _, m := range d.marks {
		if s := m.shape; s != nil && s.closed && s.fill.colour == c && s.fill.opacity == 1 && s.radius == 0 {
			b := mark{shape: &shape{paths: s.paths}}.bounds()
			all = append(all, b.width())
		}
	}
	return all
}

func TestBarsAreProportional(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(1, 1e6), 2, 12).Draw(t, "values")
		b := Bars{Words: Words{ID: "x", Title: "X"}, Axis: Axis{Unit: Plain("things")}}
		k := Stacks{Words: b.Words, Axis: b.Axis, Parts: []Part{{Name: "a"}}}
		for _, v := range values {
			b.Bars = append(b.Bars, Bar{Name: "bar", Value: v})
			k.Bars = append(k.Bars, Stack{Name: "bar", Amounts: []float64{v}})
		}
		for _, draw := range []func() (*Chart, error){b.Chart, k.Chart} {
			c, err := draw()
			if err != nil {
				t.Fatal(err)
			}
			drawn := lengths(c.Drawing, blue)
			if k := len(drawn) - len(values); k > 0 {
				drawn = drawn[k:] // after the key's samples
			}
			for i, v := range values {
				if i < len(drawn) && math.Abs(drawn[i]/drawn[0]-v/values[0]) > 1e-6*(1+v/values[0]) {
					t.Fatalf("lengths %v for %v", drawn, values)
				}
			}
		}
	})
}

// Whatever the numbers and names are, marks lie inside and ticks tell the truth.
func TestAxesHoldTheirData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(-1e7, 1e7).Draw(t, "low")
		high := low + rapid.Float64Range(1e-3, 1e7).Draw(t, "more")
		x := Axis{Unit: Unit{Times: rapid.SampledFrom([]float64{1, 100, 1. / 7}).Draw(t, "times")}, NotFromNil: rapid.Bool().Draw(t, "free")}
		s := x.scaled(low, high, 0, 100, 6)
		const slack = 1e-6
		if s.at(low) < -slack || s.at(high) > 100+slack || len(s.ticks) < 2 || len(s.ticks) > 16 {
			t.Fatalf("%v to %v: from %v to %v with %v", low, high, s.from, s.to, s.ticks)
		}
		if !x.NotFromNil && (s.from > 0 || s.to < 0) {
			t.Fatalf("an axis from %v to %v leaves 0 out", s.from, s.to)
		}
		for _, tick := range s.ticks {
			text := strings.NewReplacer(",", "", "−", "-").Replace(s.label(tick))
			if v, err := strconv.ParseFloat(text, 64); err != nil || math.Abs(v-tick*x.Unit.Times) > 1e-6*max(1, math.Abs(v)) {
				t.Fatalf("the tick at %v says %q", tick*x.Unit.Times, text)
			}
		}
	})
}

func TestTableHoldsTheNumbers(t *testing.T) {
	c, err := sampleForest(-1).Chart()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := c.Table.CSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range sampleForest(-1).Effects {
		found := false
		for _, row := range rows {
			if row[0] == e.Name {
				found = true
				for i, want := range []float64{e.Value, e.Low, e.High} {
					if got, err := strconv.ParseFloat(row[1+i], 64); err != nil || got != want {
						t.Errorf("%s: %q, want %v", e.Name, row[1+i], want)
					}
				}
			}
		}
		if !found || !strings.Contains(c.Alt, e.Name+": "+sampleForest(-1).difference(e.Value)) {
			t.Errorf("%s is not in the table or not in %q", e.Name, c.Alt)
		}
	}
}

func TestWrongInput(t *testing.T) {
	lines, stacks, heat, hist := sampleLines(), sampleStacks(), sampleHeat(), sampleHistogram()
	lines.Series[0].Y = lines.Series[0].Y[1:]
	stacks.Bars[0].Amounts[1] = -1
	heat.Cells[0] = heat.Cells[0][1:]
	hist.Edges[3] += 0.5
	for name, draw := range map[string]func() (*Chart, error){
		"36 x, 35 y":               lines.Chart,
		"an amount below 0":        stacks.Chart,
		"4 cells for 5 names":      heat.Chart,
		"heights would mislead":    hist.Chart,
		"there is nothing to draw": Forest{}.Chart,
		"holds NaN":                Bars{Bars: []Bar{{Name: "x", Value: math.NaN()}}}.Chart,
	} {
		if _, err := draw(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestShort(t *testing.T) {
	for _, c := range []struct {
		unit Unit
		v    float64
		want string
	}{
		{Pounds(""), 537_312, "£537,000"},
		{Pounds(""), -36_249, "−£36,200"},
		{Pounds(""), 0, "£0"},
		{Percent(""), 0.2731, "27.3%"},
		{Percent(""), 0.5, "50%"},
		{Percent(""), 0.0004, "0.040%"},
		{Weeks(), 21, "3"},
		{Plain("people"), 1234.4, "1,230"},
		{Plain(""), 99.97, "100"},
	} {
		if got := c.unit.short(c.v); got != c.want {
			t.Errorf("%v is %q, want %q", c.v, got, c.want)
		}
	}
}

// What other programs draw is what the picture draws.
func TestDataHoldsTheNumbers(t *testing.T) {
	for name, c := range map[string]struct {
		draw func() (*Chart, error)
		want float64 // the sum of all values
	}{
		"bars": {sampleBars().Chart, 1217 + 233.4}, "forest": {sampleForest(-1).Chart, 6.1 - 3.4 + 0.3 - 0.5 + 1.2},
		"stacks": {sampleStacks().Chart, 537_200 + 710_200 + 462_900}, "beds": {sampleBeds().Chart, 99.5}, "flow": {sampleFlow().Chart, 99.6 + 84.6 + 2.6 + 0.3 + 27.3},
	} {
		chart, err := c.draw()
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, s := range chart.Data.Series {
			if len(s.Values) != len(chart.Data.Categories) {
				t.Errorf("%s: %d values for %d categories", name, len(s.Values), len(chart.Data.Categories))
			}
			for _, v := range s.Values {
				if !math.IsNaN(v) {
					sum += v
				}
			}
		}
		if math.Abs(sum-c.want) > 1e-6*math.Abs(c.want) {
			t.Errorf("%s: the values sum to %v, want %v", name, sum, c.want)
		}
	}
}

func TestAFigureNeverSimulatedIsDrawnOnTheAxis(t *testing.T) {
	o := sampleObserved()
	o.Targets = append(o.Targets, Target{Name: "a figure with quite a long name", Unit: Plain("people"), Observed: 41})
	c, err := o.Chart()
	if err != nil {
		t.Fatal(err)
	}
	names := 0.0 // where the longest ends
	for _, m := range c.Drawing.marks {
		if m.text != nil && strings.Contains(o.Targets[3].Name, m.text.words) {
			names = max(names, m.bounds().x1)
		}
	}
	dots := 0
	for _, m := range c.Drawing.marks {
		if s := m.shape; s != nil && s.fill.colour == blue && names > 0 && m.bounds().y0 > 80 {
			if dots++; m.bounds().x0 < names {
				t.Errorf("a dot at %v, over the names up to %.0f", m.bounds(), names)
			}
		}
	}
	if dots < 4 {
		t.Errorf("%d dots of 4 were found", dots)
	}
}
