package explore

import (
	"math"
	"slices"
)

// Space is the options there are: every combination of the dimensions' values, the last changing fastest,
// or some of them.
type Space struct {
	Dimensions []Dimension
	points     [][]int // those that a design picks, in its order, by dimension the number of its value; nil for all
}

// Setting is one value of an option.
type Setting struct{ Path, Value string }

// MostOptions is how many options memory is reckoned for: some 200 kB each.
const MostOptions = 5_000

// Combinations is the number of points of the full grid; MaxInt if it cannot be counted.
func (s *Space) Combinations() int {
	n := 1
	for _, d := range s.Dimensions {
		if n > math.MaxInt/len(d.Values) {
			return math.MaxInt
		}
		n *= len(d.Values)
	}
	return n
}

// Len is the number of points.
func (s *Space) Len() int {
	if s.points != nil {
		return len(s.points)
	}
	return s.Combinations()
}

// At is the i-th point: a setting for each dimension.
func (s *Space) At(i int) []Setting {
	values := s.ofGrid(i)
	if s.points != nil {
		values = s.points[i]
	}
	settings := make([]Setting, len(s.Dimensions))
	for k, d := range s.Dimensions {
		settings[k] = Setting{d.Path, d.Values[values[k]]}
	}
	return settings
}

// ofGrid is the i-th point of the full grid: by dimension the number of its value.
func (s *Space) ofGrid(i int) []int {
	values := make([]int, len(s.Dimensions))
	for k := len(values) - 1; k >= 0; k-- {
		n := len(s.Dimensions[k].Values)
		values[k], i = i%n, i/n
	}
	return values
}

// All are the settings of every point.
func (s *Space) All() [][]Setting {
	all := make([][]Setting, s.Len())
	for i := range all {
		all[i] = s.At(i)
	}
	return all
}

// Design picks n different points, spread evenly by a scrambled Sobol sequence over the values of each
// dimension; all points where there are no more than n. The same seed picks the same points.
func (s *Space) Design(n int, seed uint64) *Space {
	if s.Combinations() <= n {
		return &Space{Dimensions: s.Dimensions}
	}
	picked := &Space{Dimensions: s.Dimensions, points: [][]int{}}
	sequence := NewSobol(len(s.Dimensions)).Scrambled(seed)
	// A point of the grid may come up again: where n is most of them, the last few would take for ever.
	for tries := 0; len(picked.points) < n && tries < 64*n; tries++ {
		point := make([]int, len(s.Dimensions))
		for k, u := range sequence.Next() {
			point[k] = int(u * float64(len(s.Dimensions[k].Values)))
		}
		picked.add(point)
	}
	for i := 0; len(picked.points) < n; i++ {
		picked.add(s.ofGrid(i))
	}
	return picked
}

// add picks a point unless it is picked already.
func (s *Space) add(point []int) {
	if !slices.ContainsFunc(s.points, func(o []int) bool { return slices.Equal(o, point) }) {
		s.points = append(s.points, point)
	}
}
