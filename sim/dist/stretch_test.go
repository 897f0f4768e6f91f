package dist

import (
	"math"
	"testing"
)

// A stretched table answers as a table of the longer law would; another shape gets one of its own.
func TestTabulateLike(t *testing.T) {
	short, long := must(Gamma(84, 25)), must(Gamma(84*1.25, 25*1.25))
	like := Tabulate(short)
	got, want := TabulateLike(long, Tabulate(must(Lognormal(9, 3))), like), Tabulate(long)
	for i := range 4000 {
		q := (float64(i) + 0.5) / 4000
		if a, b := got.AtSurvival(q), want.AtSurvival(q); math.Abs(a-b) > 1e-9*b {
			t.Fatalf("at survival %v: %v, tabulated %v", q, a, b)
		}
	}
	if got.String() != want.String() || got.Mean() != want.Mean() {
		t.Errorf("it is %s of mean %v, want %s of %v", got, got.Mean(), want, want.Mean())
	}
	other := must(Gamma(84, 30))
	if a, b := TabulateLike(other, like).AtSurvival(0.3), Tabulate(other).AtSurvival(0.3); a != b {
		t.Errorf("another shape: %v, tabulated %v", a, b)
	}
	if cheap := must(Exponential(9)); TabulateLike(cheap, like) != cheap {
		t.Error("a cheap law needs no table")
	}
}
