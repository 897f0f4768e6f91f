package chart

import (
	"math"
	"slices"
	"time"
)

// Axis is one direction of a picture.
type Axis struct {
	Label      string // what it measures; the unit's name follows in brackets
	Unit       Unit
	From, To   float64 // its ends; where both are 0, those of the data
	NotFromNil bool    // need not begin at 0: for positions and dates, never for lengths of bars
}

// Date is a day as an amount of an axis of dates.
func Date(t time.Time) float64 { return float64(t.Unix()) / 86400 }

func dateOf(v float64) time.Time { return time.Unix(int64(math.Round(v*86400)), 0).UTC() }

// scale places amounts between two ends of the picture.
type scale struct {
	unit     Unit
	from, to float64 // amounts
	a, b     float64 // their places
	ticks    []float64
	decimals int
	bare     bool // amounts on both sides of 0 are written without a sign
}

func (s *scale) at(v float64) float64 {
	return s.a + (v-s.from)/(s.to-s.from)*(s.b-s.a)
}

// label writes a tick.
func (s *scale) label(v float64) string {
	if s.unit.Dates {
		if d := dateOf(v); s.decimals == 0 || d.Month() == time.January {
			return d.Format("Jan 2006")
		} else {
			return d.Format("Jan")
		}
	}
	if v == 0 {
		return s.unit.text(0, 0)
	}
	if s.bare {
		v = math.Abs(v)
	}
	return s.unit.text(v, s.decimals)
}

// scaled chooses ends and ticks for amounts from low to high, with about so many steps.
func (x Axis) scaled(low, high, a, b float64, steps int) *scale {
	fixed := x.From != 0 || x.To != 0
	if fixed {
		low, high = x.From, x.To
	}
	if x.Unit.Dates {
		return dates(x.Unit, low, high, a, b, steps)
	}
	if !fixed && !x.NotFromNil {
		low, high = min(0, low), max(0, high)
	}
	if high <= low {
		high = low + 1/x.Unit.Times
	}
	step := niceStep((high - low) * x.Unit.Times / float64(steps))
	s := &scale{unit: x.Unit, from: low, to: high, a: a, b: b, decimals: decimalsOf(step)}
	first, last := math.Floor(low*x.Unit.Times/step+1e-9), math.Ceil(high*x.Unit.Times/step-1e-9)
	if fixed {
		first, last = math.Ceil(low*x.Unit.Times/step-1e-9), math.Floor(high*x.Unit.Times/step+1e-9)
	} else {
		s.from, s.to = first*step/x.Unit.Times, last*step/x.Unit.Times
	}
	for k := first; k <= last; k++ {
		s.ticks = append(s.ticks, k*step/x.Unit.Times)
	}
	return s
}

// niceStep is the least of 1, 2 and 5 times a power of ten, or from 25 on 2.5 times one, that is no
// less than rough.
func niceStep(rough float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*power >= rough*(1-1e-9) && (m != 2.5 || power >= 10) {
			return m * power
		}
	}
	return 10 * power
}

// decimalsOf is how many decimals multiples of a step need.
func decimalsOf(step float64) int {
	for n := range 9 {
		if scaled := step * math.Pow(10, float64(n)); math.Abs(scaled-math.Round(scaled)) < 1e-6*scaled {
			return n
		}
	}
	return 9
}

// dates has ticks on first days of months: every so many months as give about so many steps.
func dates(u Unit, low, high, a, b float64, steps int) *scale {
	s := &scale{unit: u, from: low, to: high, a: a, b: b}
	if high <= low {
		s.to = low + 1
	}
	months := (s.to - s.from) / 30.4 / float64(steps)
	every := 12 * int(math.Ceil(months/12))
	for _, n := range []int{1, 2, 3, 6} {
		if float64(n) >= months {
			every = n
			break
		}
	}
	if every < 3 {
		s.decimals = 1 // the year at January alone
	}
	from := dateOf(s.from)
	for d := time.Date(from.Year(), 1, 1, 0, 0, 0, 0, time.UTC); Date(d) <= s.to+1e-9; d = d.AddDate(0, every, 0) {
		if Date(d) >= s.from-1e-9 {
			s.ticks = append(s.ticks, Date(d))
		}
	}
	return s
}

var gridStroke = stroke{colour: pale, width: 1}

var axisStroke = stroke{colour: soft, width: 1}

// yAxis draws level grid lines with their amounts at the left, and what they measure above.
func (d *Drawing) yAxis(b box, s *scale, what string) {
	for _, t := range s.ticks {
		st := gridStroke
		if t == 0 {
			st = axisStroke
		}
		d.segment(b.x0, s.at(t), b.x1, s.at(t), st)
		d.say(b.x0-gapToLabels, s.at(t)+4.5, s.label(t), textSize, soft, right)
	}
	if what != "" {
		d.say(b.x0-s.labelWidth()-gapToLabels, b.y0-12, what, textSize, ink, left)
	}
}

// labelWidth is the width of the widest tick.
func (s *scale) labelWidth() (most float64) {
	for _, t := range s.ticks {
		most = max(most, width(s.label(t), textSize, false))
	}
	return most
}

// xAxis draws the line at the bottom with ticks, their amounts, and what they measure below, as far
// as they do not touch. It returns how far down it went.
func (d *Drawing) xAxis(b box, s *scale, what string) float64 {
	d.segment(b.x0, b.y1, b.x1, b.y1, axisStroke)
	return d.ticks(b, s, what)
}

func (d *Drawing) ticks(b box, s *scale, what string) float64 {
	end := math.Inf(-1)
	ticks := slices.Clone(s.ticks)
	if s.a > s.b {
		slices.Reverse(ticks)
	}
	for _, t := range ticks {
		x, label := s.at(t), s.label(t)
		d.segment(x, b.y1, x, b.y1+tickLength, axisStroke)
		half := width(label, textSize, false) / 2
		if x-half < end+6 || x+half > pageWidth {
			continue
		}
		d.say(x, b.y1+tickLength+13, label, textSize, soft, middle)
		end = x + half
	}
	y := b.y1 + tickLength + 16
	if what != "" {
		y += 17
		d.say(b.midX(), y, what, textSize, ink, middle)
	}
	return y + 4
}
