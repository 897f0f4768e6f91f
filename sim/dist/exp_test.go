package dist

import (
	"math"
	"testing"
)

func TestExp(t *testing.T) {
	key := Root(1, 2)
	for i := range uint32(2_000_000) {
		x := (key.Draw(1, i, 0) - 0.5) * 480
		if i%2 == 1 {
			x /= 1000
		}
		if got, want := exp(x), math.Exp(x); math.Abs(got/want-1) > 5e-16 {
			t.Fatalf("exp(%v) is %v, want %v", x, got, want)
		}
	}
	for _, x := range []float64{0, math.Inf(-1), math.Inf(1), -1000, 1000, 230, -230} {
		if got, want := exp(x), math.Exp(x); got != want && math.Abs(got/want-1) > 5e-16 {
			t.Errorf("exp(%v) is %v, want %v", x, got, want)
		}
	}
}

func TestPower(t *testing.T) {
	key := Root(1, 3)
	for i := range uint32(1_000_000) {
		h := NegLog(key.Draw(1, i, 0)) * math.Exp(20*(key.Draw(2, i, 0)-0.5))
		k := 0.2 + 4*key.Draw(3, i, 0)
		if got, want := power(h, k), math.Pow(h, k); math.Abs(got/want-1) > 1e-15*(1+math.Abs(math.Log(want))) {
			t.Fatalf("%v to the power of %v is %v, want %v", h, k, got, want)
		}
	}
	for _, h := range []float64{0, 1e-200, 1e200, 1, math.Inf(1)} {
		if got, want := power(h, 1.5), math.Pow(h, 1.5); got != want && !(math.Abs(got/want-1) < 1e-13) {
			t.Errorf("%v to the power of 1.5 is %v, want %v", h, got, want)
		}
	}
}

func BenchmarkPower(b *testing.B) {
	h := 0.3
	for b.Loop() {
		h = 0.1 + 0.01*power(h, 1.4)
	}
}

func BenchmarkPowerByMath(b *testing.B) {
	h := 0.3
	for b.Loop() {
		h = 0.1 + 0.01*math.Exp(math.Log(h)*1.4)
	}
}
