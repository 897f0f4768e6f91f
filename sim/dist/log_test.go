package dist

import (
	"math"
	"testing"
)

func TestNegLogIsTheLogarithm(t *testing.T) {
	key := Root(1, 1)
	for i := range 2_000_000 {
		u := key.Draw(0, uint32(i), 0)
		switch i % 4 { // the tails too
		case 1:
			u *= 1e-12
		case 2:
			u = 1 - u*1e-3
		case 3:
			u = 0.95 + 0.05*u
		}
		got, want := NegLog(u), -math.Log(u)
		if math.Abs(got-want) > 1e-13*want {
			t.Fatalf("NegLog(%v) is %v, want %v", u, got, want)
		}
	}
	for _, u := range []float64{0, 1, 0x1p-1030, 0x1p-1022, 0.98, 0.5, 0.25} {
		if got, want := NegLog(u), -math.Log(u); math.Abs(got-want) > 1e-15*math.Abs(want) && got != want {
			t.Errorf("NegLog(%v) is %v, want %v", u, got, want)
		}
	}
}

func BenchmarkNegLog(b *testing.B) {
	u := [4]float64{0.1, 0.3, 0.6, 0.9}
	b.Run("table", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			sink += NegLog(u[i&3])
		}
	})
	b.Run("math", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			sink -= math.Log(u[i&3])
		}
	})
}
