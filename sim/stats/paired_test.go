package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tier4/sim/stats"
)

func TestPairedIsTheTextbook(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := drawPairs(rt, 2, 60)
		b := drawPairs(rt, len(a), len(a))
		a[0].n, a[1].n = 1, 2
		var p stats.PairedRatio
		for i := range a {
			p.Add(a[i].y, a[i].n, b[i].y, b[i].n)
		}
		d, ok := p.Difference(0.95)
		if !ok {
			rt.Fatal("absent")
		}
		r0, se0, _ := textbook(a)
		r1, se1, _ := textbook(b)
		closeTo(rt, "difference", d.Value, r1-r0, 1e-9)

		// The residuals, pair by pair; and each pair left out.
		var n0, n1, y0, y1 float64
		for i := range a {
			y0, n0, y1, n1 = y0+a[i].y, n0+a[i].n, y1+b[i].y, n1+b[i].n
		}
		count := float64(len(a))
		var ss, js, mean float64
		left := make([]float64, len(a))
		for i := range a {
			e := (b[i].y-r1*b[i].n)/(n1/count) - (a[i].y-r0*a[i].n)/(n0/count)
			ss += e * e
			left[i] = (y1-b[i].y)/(n1-b[i].n) - (y0-a[i].y)/(n0-a[i].n)
			mean += left[i] / count
		}
		for _, x := range left {
			js += (x - mean) * (x - mean)
		}
		paired := ss / (count - 1) / count
		switch {
		case d.Method == stats.MethodDelta:
			closeTo(rt, "delta SE", d.SE, math.Sqrt(paired), 1e-7)
		case len(a) <= 30: // each group is one replication
			closeTo(rt, "jackknife SE", d.SE, math.Sqrt(js*(count-1)/count), 1e-7)
		}
		if len(a) < 30 && d.Method != stats.MethodJackknife {
			rt.Fatalf("%d replications by %q", len(a), d.Method)
		}
		if paired > 1e-9 {
			closeTo(rt, "variance reduction", d.VarianceReduction, (se0*se0+se1*se1)/paired, 1e-5)
		}
	})
}

func TestPairedSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pairs := drawPairs(rt, 1, 90)
		var p, first stats.PairedRatio
		for i, x := range pairs {
			p.Add(x.y, x.n, x.y, x.n)
			if i < len(pairs)/2 {
				first.Add(x.y, x.n, x.y, x.n)
			}
		}
		first.Merge(&p)
		for _, q := range []*stats.PairedRatio{&p, &first} {
			d, ok := q.Difference(0.95)
			if !ok || !d.Same || d.Value != 0 || d.Low != 0 || d.High != 0 || d.P != 1 {
				rt.Fatalf("%+v, %v", d, ok)
			}
		}
		last := pairs[len(pairs)-1]
		p.Add(last.y, last.n, math.Nextafter(last.y, 1e9), last.n)
		if d, _ := p.Difference(0.95); d.Same {
			rt.Fatal("one bit apart is not the same")
		}
	})
}

func TestPairedMergeIsSequential(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := drawPairs(rt, 2, 120)
		b := drawPairs(rt, len(a), len(a))
		b[0].n = a[0].n + 1
		cut := rapid.IntRange(0, len(a)).Draw(rt, "cut")
		var whole, left, right stats.PairedRatio
		for i := range a {
			part := &left
			if i >= cut {
				part = &right
			}
			whole.Add(a[i].y, a[i].n, b[i].y, b[i].n)
			part.Add(a[i].y, a[i].n, b[i].y, b[i].n)
		}
		again := left
		left.Merge(&right)
		again.Merge(&right)
		if left != again {
			rt.Fatal("two merges of the same blocks differ")
		}
		var alike stats.PairedRatio
		alike.Add(1, 1, 1, 1)
		again.Merge(&alike)
		if d, ok := again.Difference(0.95); ok && d.Same {
			rt.Fatal("a difference is forgotten in merging")
		}
		d0, ok0 := whole.Difference(0.95)
		d1, ok1 := left.Difference(0.95)
		if ok0 != ok1 || d0.Method != d1.Method {
			rt.Fatalf("%+v, %+v", d0, d1)
		}
		closeTo(rt, "value", d1.Value, d0.Value, 1e-11)
		closeTo(rt, "low", d1.Low, d0.Low, 1e-9)
		closeTo(rt, "p", d1.P, d0.P, 1e-8)
	})
}

// The denominator of the other scenario alone may call for the jackknife, even
// where it differs from the base's by the same amount throughout.
func TestPairedLooksAtBothDenominators(t *testing.T) {
	for lost, want := range map[float64]string{10: stats.MethodJackknife, 0: stats.MethodDelta} {
		var p stats.PairedRatio
		for i := range 40 {
			n := float64(10 + 2*(i%2))
			p.Add(n, n, 2*n+float64(i%3), n-lost)
		}
		d, ok := p.Difference(0.95)
		if !ok || d.Method != want || d.N != 40 {
			t.Errorf("%g fewer: %+v, %v, want %q", lost, d, ok, want)
		}
	}
}

func TestPairedEdges(t *testing.T) {
	var p stats.PairedRatio
	if _, ok := p.Difference(0.95); ok {
		t.Error("nothing has no difference")
	}
	p.Add(1, 1, 3, 1)
	d, ok := p.Difference(0.95)
	if !ok || d.Known() || d.Value != 2 || d.P != 1 || d.VarianceReduction != 1 {
		t.Errorf("one replication: %+v, %v", d, ok)
	}
	// The same gain in every replication: certain, and the reduction is capped.
	p.Reset()
	for i := range 40 {
		p.Add(float64(i), 1, float64(i)+2, 1)
	}
	d, ok = p.Difference(0.95)
	if !ok || d.Value != 2 || d.P > 1e-300 || d.VarianceReduction != stats.MaxVarianceReduction || d.Same {
		t.Errorf("constant gain: %+v, %v", d, ok)
	}
	p.Add(math.NaN(), 1, 1, 1)
	if _, ok = p.Difference(0.95); ok || p.Refused() != 1 || p.Count() != 40 {
		t.Error("a refused pair leaves no difference")
	}
	// A side nobody contributed to is absent.
	p.Reset()
	p.Add(1, 1, 0, 0)
	if _, ok = p.Difference(0.95); ok {
		t.Error("0/0 is not a figure")
	}
}
