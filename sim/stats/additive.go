package stats

// Additive parts the variance of y among the columns of a sample, as a sum of curves in each of them and what
// they leave: by backfitting (Hastie and Tibshirani 1990, section 4.4), each curve fitted to what the others
// leave, so that a column is not credited with their luck. The variance of a curve is less what it would
// explain of noise alone, and never below 0; a column that does not vary explains nothing. Columns that go
// together share what they explain.
func Additive(columns [][]float64, y []float64) (explained []float64) {
	explained = make([]float64, len(columns))
	curves := make([]*Smooth, len(columns))
	fits := make([][]float64, len(columns))
	spent := make([]float64, len(columns))
	left := make([]float64, len(y))
	mean := meanOf(y)
	for k, v := range y {
		left[k] = v - mean
	}
	for c, x := range columns {
		fits[c] = make([]float64, len(y))
		if s, ok := NewSmooth(x); ok {
			curves[c] = s
		}
	}
	for range backfits {
		for c, s := range curves {
			if s == nil {
				continue
			}
			for k := range left {
				left[k] += fits[c][k]
			}
			fits[c], spent[c] = s.Fit(left)
			for k := range left {
				left[k] -= fits[c][k]
			}
		}
	}
	n, freedom, ss := float64(len(y)), 1.0, 0.0
	for _, df := range spent {
		freedom += max(0, df-1)
	}
	for _, r := range left {
		ss += r * r
	}
	noise := ss / max(n-freedom, 1)
	for c, s := range curves {
		if s != nil {
			_, sd := meanAndSD(fits[c])
			explained[c] = max(0, sd*sd-noise*(spent[c]-1)/(n-1))
		}
	}
	return explained
}

// backfits is how often every curve is fitted anew; independent columns settle in two or three rounds.
const backfits = 6
