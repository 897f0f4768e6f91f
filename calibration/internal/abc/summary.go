package abc

import "math"

// Summaries turns the figures of an extract into one number a parameter: its expected coordinate given
// the figures, by a quadratic ridge regression (Fearnhead and Prangle 2012) that may bend where each figure is
// as observed: the most cases of a meeting tell how many there can be only until the list runs out. A figure
// that was not observed, or is missing as often as not where the simulator is played, is left out.
type Summaries struct {
	Use            []int     // which of the figures
	Centre, Spread []float64 // of those
	Bend           []float64 // the observed ones, in spreads from the centre
	By             []ridge   // by parameter; on figures, their squares, and how far they are from the bend
	Unit           []float64 // by parameter: what a distance between summaries is counted in
}

// farthest is how far, in spreads, a figure may count from its centre: beyond, a parabola says nothing.
const farthest = 4

// summarise fits summaries to plays: [play][parameter] coordinates and [play][figure]. least is what each
// parameter is told apart by at the finest: no distance is counted in less.
func summarise(coordinates, figures [][]float64, observed, least []float64) (*Summaries, error) {
	s := &Summaries{}
	for j, o := range observed {
		if math.IsNaN(o) {
			continue
		}
		var there []float64
		for i := range figures {
			if v := figures[i][j]; !math.IsNaN(v) {
				there = append(there, v)
			}
		}
		if 2*len(there) < len(figures) {
			continue
		}
		mean, sd := moments(there, nil)
		if sd <= 1e-9*math.Abs(mean) {
			continue
		}
		s.Use, s.Centre, s.Spread = append(s.Use, j), append(s.Centre, mean), append(s.Spread, sd)
		s.Bend = append(s.Bend, min(farthest, max(-farthest, (o-mean)/sd)))
	}
	if len(s.Use) == 0 {
		return nil, errFlat
	}
	rows := make([][]float64, len(figures))
	for i := range figures {
		rows[i] = s.features(figures[i])
	}
	r, err := newRegression(rows)
	if err != nil {
		return nil, err
	}
	y := make([]float64, len(coordinates))
	for k := range coordinates[0] {
		for i := range coordinates {
			y[i] = coordinates[i][k]
		}
		by := r.fit(y)
		s.By, s.Unit = append(s.By, by), append(s.Unit, max(by.Error, least[k]))
	}
	return s, nil
}

// features are the standardised figures, their squares and their distances from the observed ones; a figure
// that is missing counts as usual.
func (s *Summaries) features(figures []float64) []float64 {
	n := len(s.Use)
	f := make([]float64, 3*n)
	for i, j := range s.Use {
		v := (figures[j] - s.Centre[i]) / s.Spread[i]
		if math.IsNaN(v) {
			v = 0
		}
		v = min(farthest, max(-farthest, v))
		f[i], f[n+i], f[2*n+i] = v, v*v, math.Abs(v-s.Bend[i])
	}
	return f
}

// of are the summaries of an extract's figures, each in its unit: what the figures leave open of its
// parameter.
func (s *Summaries) of(figures []float64) []float64 {
	f := s.features(figures)
	out := make([]float64, len(s.By))
	for k := range s.By {
		out[k] = s.By[k].at(f) / s.Unit[k]
	}
	return out
}

// distance is how far two sets of summaries are apart.
func distance(a, b []float64) float64 {
	var d float64
	for k := range a {
		d += (a[k] - b[k]) * (a[k] - b[k])
	}
	return math.Sqrt(d)
}
