package explore

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The first points in the order of Gray codes (Joe and Kuo's own program prints these).
func TestSobolsFirstPoints(t *testing.T) {
	s := NewSobol(4)
	want := [][]float64{{0, 0, 0, 0}, {0.5, 0.5, 0.5, 0.5}, {0.75, 0.25, 0.25, 0.25}, {0.25, 0.75, 0.75, 0.75}, {0.375, 0.375, 0.625, 0.875}, {0.875, 0.875, 0.125, 0.375}, {0.625, 0.125, 0.875, 0.625}, {0.125, 0.625, 0.375, 0.125}}
	for i, w := range want {
		got := s.Next()
		for k := range w {
			if math.Abs(got[k]-w[k]) > 1e-9 {
				t.Errorf("point %d: %v, want %v", i, got, w)
				break
			}
		}
	}
}

func TestDirectionNumbersAreLegal(t *testing.T) {
	rows := strings.Split(joeKuo, "|")
	if len(rows) != MostSobol-1 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, row := range rows {
		var n []int
		for _, word := range strings.Fields(row) {
			x, err := strconv.Atoi(word)
			if err != nil {
				t.Fatal(err)
			}
			n = append(n, x)
		}
		degree := n[0]
		if len(n) != degree+2 || slices.Contains(rows[:i], row) {
			t.Errorf("row %d: %q", i, row)
		}
		for k, m := range n[2:] {
			if m%2 == 0 || m >= 2<<k {
				t.Errorf("row %d: direction number %d is %d", i, k+1, m)
			}
		}
		// Primitive: x has order 2^degree-1 modulo the polynomial.
		polynomial := 1<<degree | n[1]<<1 | 1
		order, x := 1, 2
		for ; x != 1 && order < 1<<degree; order++ {
			if x >= 1<<degree {
				x ^= polynomial
			}
			if x == 1 {
				break
			}
			x <<= 1
		}
		if degree > 1 && order != 1<<degree-1 {
			t.Errorf("row %d: the polynomial has order %d", i, order)
		}
	}
}

// Of any 2^m points from the start, each of 2^m equal parts of every axis holds one, scrambled or not; the
// first two dimensions have one in every elementary box.
func TestSobolPointsFillTheirCells(t *testing.T) {
	for name, s := range map[string]*Sobol{"plain": NewSobol(MostSobol), "scrambled": NewSobol(MostSobol).Scrambled(5), "another": NewSobol(MostSobol).Scrambled(6)} {
		var points [][]float64
		for range 256 {
			points = append(points, s.Next())
		}
		for k := range MostSobol {
			var cells [256]int
			for _, p := range points {
				cells[int(p[k]*256)]++
			}
			if slices.Max(cells[:]) != 1 {
				t.Errorf("%s: dimension %d does not fill its cells", name, k)
			}
		}
		for across := 1; across <= 256; across *= 2 {
			boxes := make([]int, 256)
			for _, p := range points {
				boxes[int(p[0]*float64(across))*(256/across)+int(p[1]*float64(256/across))]++
			}
			if slices.Max(boxes) != 1 {
				t.Errorf("%s: boxes %d across are not filled", name, across)
			}
		}
		if name != "plain" && points[0][0] < 1e-6 && points[0][1] < 1e-6 {
			t.Errorf("%s: starts at 0", name)
		}
	}
}

// A smooth integral in six dimensions, to far better than chance: about 0.02 by 4,096 independent points.
func TestSobolIntegrates(t *testing.T) {
	for _, seed := range []uint64{0, 1, 2, 3} {
		s := NewSobol(6).Scrambled(seed)
		sum := 0.0
		for range 4096 {
			y := 1.0
			for k, u := range s.Next() {
				y *= (math.Abs(4*u-2) + float64(k)) / (1 + float64(k))
			}
			sum += y
		}
		if got := sum / 4096; math.Abs(got-1) > 0.003 {
			t.Errorf("seed %d: %g, want 1", seed, got)
		}
	}
}
