package stats

import "math"

// Benefits are the net benefit of options, in pounds: [draw of the parameters][option].
// The same draw has the same parameters for every option.
type Benefits [][]float64

// Decision is what is known of a choice among options.
type Decision struct {
	Means []float64 // net benefit of each option, on average over draws
	Best  int       // the option with the greatest
	Share []float64 // probability that each option is best
	EVPI  float64   // expected value of perfect information
}

// Decide weighs options. The expected value of perfect information is what choosing
// after the parameters are known is worth more than choosing now (Raiffa and Schlaifer
// 1961): E max NB - max E NB. noise[o] is the variance of the Monte Carlo noise in the
// net benefit of option o less that of option 0, of one draw: differences are drawn in
// towards their mean until only the parameters' variance is left, since noise in a
// maximum is taken for value (O'Hagan, Stevenson and Madan 2007); nil for none.
func Decide(benefits Benefits, noise []float64) (Decision, bool) {
	if len(benefits) == 0 || len(benefits[0]) == 0 {
		return Decision{}, false
	}
	options := len(benefits[0])
	calm, means := benefits.calm(noise)
	d := Decision{Means: means, Share: make([]float64, options)}
	for o, m := range d.Means {
		if m > d.Means[d.Best] {
			d.Best = o
		}
	}
	most := 0.0
	for _, row := range calm {
		at, ties := best(row)
		for o, v := range row {
			if v == row[at] {
				d.Share[o] += 1 / float64(ties) / float64(len(calm))
			}
		}
		most += (row[at] - row[d.Best]) / float64(len(calm))
	}
	d.EVPI = max(0, most)
	return d, finite(d.EVPI) && finite(d.Means...)
}

// best is the first of the greatest values, and how many there are.
func best(row []float64) (at, ties int) {
	for o, v := range row {
		switch {
		case o == 0 || v > row[at]:
			at, ties = o, 1
		case v == row[at]:
			ties++
		}
	}
	return at, ties
}

// calm is the benefits relative to option 0 with their noise taken out, and the means
// of the benefits as they are.
func (b Benefits) calm(noise []float64) (calm Benefits, means []float64) {
	options := len(b[0])
	means = make([]float64, options)
	for _, row := range b {
		for o, v := range row {
			means[o] += v / float64(len(b))
		}
	}
	calm = make(Benefits, len(b))
	for k := range b {
		calm[k] = make([]float64, options)
	}
	for o := range options {
		if o == 0 {
			continue
		}
		column := make([]float64, len(b))
		for k, row := range b {
			column[k] = row[o] - row[0]
		}
		mean, sd := meanAndSD(column)
		by := 1.0
		if noise != nil && sd > 0 {
			by = math.Sqrt(max(0, 1-noise[o]/(sd*sd)))
		}
		for k := range column {
			calm[k][o] = mean + by*(column[k]-mean)
		}
	}
	return calm, means
}

// Partial is the expected value of perfect information about one parameter, by a
// regression of the options' net benefits on its values in the sample (Strong, Oakley
// and Brennan 2014): E max g(x) - max E g(x), with g a Smooth. Noise in the benefits is
// what the curves leave out. ok is false where the parameter does not vary.
func Partial(x []float64, benefits Benefits) (float64, bool) {
	s, ok := NewSmooth(x)
	if !ok || len(benefits) != len(x) || len(benefits[0]) == 0 {
		return 0, false
	}
	options := len(benefits[0])
	fitted := make([][]float64, options)
	at, greatest := 0, 0.0
	column := make([]float64, len(x))
	for o := range options {
		for k, row := range benefits {
			column[k] = row[o] - row[0]
		}
		if o == 0 {
			fitted[o] = make([]float64, len(x))
		} else {
			fitted[o], _ = s.Fit(column)
		}
		if m := meanOf(column); m > greatest {
			at, greatest = o, m
		}
	}
	value := 0.0
	for k := range x {
		most := fitted[at][k]
		for o := range options {
			most = max(most, fitted[o][k])
		}
		value += (most - fitted[at][k]) / float64(len(x))
	}
	return value, finite(value)
}
