package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tier4/sim/stats"
)

// sample is a system whose long-run figures are known: people come in clusters,
// one a replication, who share a random frailty, so that they are not
// independent, and whose number is random too.
type sample struct {
	rng *rand.Rand
}

func (s sample) poisson(mean float64) int {
	n, p := 0, math.Exp(-mean)
	for u := s.rng.Float64(); u > p; u *= s.rng.Float64() {
		n++
	}
	return n
}

// replication gives the waits of one replication: n people, frailty g ~ gamma of
// shape 16 and mean 1, each wait an exponential of mean 1/g.
func (s sample) replication(people float64) []float64 {
	g := 0.0
	for range 16 {
		g += s.rng.ExpFloat64() / 16
	}
	waits := make([]float64, s.poisson(people))
	for i := range waits {
		waits[i] = s.rng.ExpFloat64() / g
	}
	return waits
}

// waitQuantile is the p quantile of one such wait: its tail is (1 + x/16)^-16.
func waitQuantile(p float64) float64 { return 16 * (math.Pow(1-p, -1.0/16) - 1) }

// coverage counts how often an interval held the truth, by a name.
type coverage map[string]*[2]int

func (c coverage) note(name string, e stats.Estimate, truth float64) {
	if c[name] == nil {
		c[name] = new([2]int)
	}
	c[name][1]++
	if e.Low <= truth && truth <= e.High {
		c[name][0]++
	}
}

// check wants each named share within its bounds, and each name to have come up
// often enough to tell.
func (c coverage) check(t *testing.T, bounds map[string][2]float64) {
	t.Helper()
	for name, bound := range bounds {
		n := c[name]
		if n == nil || n[1] < 1000 {
			t.Errorf("%s: too few intervals to judge: %v", name, n)
			continue
		}
		if share := float64(n[0]) / float64(n[1]); share < bound[0] || share > bound[1] {
			t.Errorf("%s: %.4f of %d cover, want %g to %g", name, share, n[1], bound[0], bound[1])
		}
	}
}

const macroRuns = 3000

var nominal = [2]float64{0.935, 0.965}

func newSample(seed uint64) sample { return sample{rand.New(rand.NewPCG(seed, 20250401))} }

// totals is a replication as a Ratio takes it.
func totals(waits []float64) (y, n float64) {
	for _, w := range waits {
		y += w
	}
	return y, float64(len(waits))
}

const meanWait = 16.0 / 15

func TestCoverageOfRatios(t *testing.T) {
	s := newSample(1)
	c := coverage{}
	for range macroRuns {
		var few, many, rare, count stats.Ratio
		for i := range 100 {
			y, n := totals(s.replication(6))
			many.Add(y, n)
			count.Add(n, 1)
			if i < 20 {
				few.Add(y, n)
			}
			rare.Add(totals(s.replication(0.7)))
		}
		for _, r := range []*stats.Ratio{&few, &many, &rare} {
			if e, ok := r.Estimate(0.95); ok {
				c.note(e.Method, e, meanWait)
			}
		}
		e, _ := count.Estimate(0.95)
		c.note(e.Method, e, 6)
	}
	c.check(t, map[string][2]float64{
		stats.MethodT:     nominal,
		stats.MethodDelta: nominal,
		// Waits are skewed: with 70 people, or 20 replications, an interval about
		// their mean covers a little less than it says.
		stats.MethodJackknife: {0.925, 0.965},
		stats.MethodFieller:   {0.925, 0.965},
	})
}

// With y and n normal, Fieller's set is exact at any uncertainty of n.
func TestCoverageOfFiellerIsExactForNormals(t *testing.T) {
	s := newSample(2)
	c := coverage{}
	for range macroRuns {
		var r stats.Ratio
		for range 30 {
			n := 1 + 1.2*s.rng.NormFloat64()
			r.Add(2*n+s.rng.NormFloat64(), n)
		}
		if e, ok := r.Estimate(0.95); ok && e.Method == stats.MethodFieller {
			c.note(e.Method, e, 2)
		}
	}
	c.check(t, map[string][2]float64{stats.MethodFieller: nominal})
}

func TestCoverageOfDifferences(t *testing.T) {
	s := newSample(3)
	c := coverage{}
	clear := 0
	for range macroRuns {
		var few, many, null stats.PairedRatio
		base, other := stats.NewSketch(stats.Sections), stats.NewSketch(stats.Sections)
		for i := range 100 {
			waits := s.replication(6)
			y, n := totals(waits)
			// The what-if halves each wait, and a few more come.
			extra := s.replication(1)
			var y1, n1 float64
			for _, w := range waits {
				base.Add(i%stats.Sections, w)
			}
			for _, w := range append(waits, extra...) {
				y1, n1 = y1+w/2, n1+1
				other.Add(i%stats.Sections, w/2)
			}
			many.Add(y, n, y1, n1)
			if i < 20 {
				few.Add(y, n, y1, n1)
			}
			noisy, noisyN := totals(s.replication(6))
			null.Add(y, n, noisy, noisyN)
		}
		for _, p := range []*stats.PairedRatio{&few, &many} {
			d, _ := p.Difference(0.95)
			c.note("difference, "+d.Method, d.Estimate, -meanWait/2)
		}
		d, _ := null.Difference(0.95)
		if d.P <= 0.05 {
			clear++
		}
		for name, p := range map[string]float64{"difference of medians": 0.5, "difference of 90%": 0.9} {
			d, ok := stats.SketchDifference(base, other, p, 0.95)
			if !ok || d.VarianceReduction < 1 {
				t.Fatalf("%s: %+v, %v", name, d, ok)
			}
			c.note(name, d.Estimate, -0.5*waitQuantile(p))
		}
	}
	c.check(t, map[string][2]float64{
		"difference, " + stats.MethodDelta:     nominal,
		"difference, " + stats.MethodJackknife: {0.925, 0.965},
		"difference of medians":                nominal,
		// The interval of a difference is symmetric; the high quantile is skewed.
		"difference of 90%": {0.925, 0.965},
	})
	if share := float64(clear) / macroRuns; share < 0.04 || share > 0.06 {
		t.Errorf("no difference is called one in %.4f of runs, want 0.05", share)
	}
}

func TestCoverageOfQuantiles(t *testing.T) {
	s := newSample(4)
	c := coverage{}
	for range macroRuns {
		few, many := stats.NewSketch(stats.Sections), stats.NewSketch(stats.Sections)
		for i := range 100 {
			for _, w := range s.replication(10) {
				many.Add(i%stats.Sections, w)
			}
			if i < 20 {
				for _, w := range s.replication(5) {
					few.Add(i%stats.Sections, w)
				}
			}
		}
		for name, p := range map[string]float64{"median": 0.5, "90%": 0.9} {
			e, _ := many.Estimate(p, 0.95)
			c.note(name, e, waitQuantile(p))
			e, _ = few.Estimate(p, 0.95)
			c.note(name+", 100 people", e, waitQuantile(p))
		}
	}
	c.check(t, map[string][2]float64{
		"median": nominal, "90%": nominal, "median, 100 people": nominal,
		// Ten people beyond the quantile: rather too wide than too narrow.
		"90%, 100 people": {0.945, 0.98},
	})
}

// Beds in use as independent Poisson numbers, each for a random time, with a load
// that differs from replication to replication: the quantile is a whole number,
// so its interval covers at least as often as it says.
func TestCoverageOfLevels(t *testing.T) {
	s := newSample(5)
	const load = 6.0
	truth := 0
	for p, share := math.Exp(-load), math.Exp(-load); share < 0.8; share += p {
		truth++
		p *= load / float64(truth)
	}
	c := coverage{}
	narrow, called := 0, 0
	for range macroRuns {
		l := stats.NewLevels(stats.Sections)
		other := stats.NewLevels(stats.Sections)
		for i := range 60 {
			for range 15 {
				at, weight := s.poisson(load), 1+s.rng.Int64N(1000)
				l.Add(i%stats.Sections, at, weight)
				other.Add(i%stats.Sections, s.poisson(load), weight)
			}
		}
		e, ok := l.Estimate(0.8, 0.95)
		if !ok || e.Low != math.Trunc(e.Low) || e.High != math.Trunc(e.High) {
			t.Fatalf("%+v, %v", e, ok)
		}
		c.note("80% in use", e, float64(truth))
		if e.High-e.Low <= 1 {
			narrow++
		}
		d, ok := stats.LevelsDifference(l, other, 0.8, 0.95)
		if !ok {
			t.Fatalf("%+v, %v", d, ok)
		}
		if d.P <= 0.05 {
			called++
		}
	}
	c.check(t, map[string][2]float64{"80% in use": {0.935, 1}})
	if called > macroRuns*6/100 {
		t.Errorf("a difference is called in %d of %d runs where there is none", called, macroRuns)
	}
	if narrow < macroRuns/2 {
		t.Errorf("only %d of %d intervals are within one bed", narrow, macroRuns)
	}
}
