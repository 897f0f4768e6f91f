package explore

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"tier4/sim"
	"tier4/sim/dist"
)

// normals are independent standard normals by address.
func normals(experiment, replication, option int) float64 {
	u := dist.Root(uint64(experiment), replication).Draw(dist.NameOf("normal"), uint32(option), 0)
	return distuv.UnitNormal.Quantile(u)
}

func seriesOf(values ...float64) *series {
	s := new(series)
	for _, v := range values {
		s.add(v, 1)
	}
	return s
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: %g, want %g", what, got, want)
	}
}

// Ten systems, ten first observations, 95%: 2α/(k-1) = 0.0111, η = (0.0111^(-2/9) - 1)/2 = 0.859, h² = 2η·9 = 15.5.
func TestTheTriangleOfKimAndNelson(t *testing.T) {
	tri := newTriangle(0.05/9, 2, 10)
	near(t, "η", tri.eta, 0.8592, 5e-4)
	// With S² = 40: η·9·40/2 = 154.7 at the start, less one for each replication (δ/2), closed after 154.
	near(t, "at 10", tri.half(40, 10), 154.65-10, 0.1)
	near(t, "at 100", tri.half(40, 100), 154.65-100, 0.1)
	if tri.half(40, 155) != 0 || tri.half(0, 1) != 0 {
		t.Error("the triangle does not close")
	}
	// A mean of 2 crosses when 2r = 154.65 - r.
	near(t, "needs", tri.needs(40, 2), 154.65/3, 0.1)
}

// Three systems of four observations by hand. Differences b-a: 3 3 1 5, mean 3, S² = 8/3; c-a: 9 11 10 10, S² = 2/3.
// With δ = 4 and 80% the pairs have 2α/(k-1) = 0.2, η = (0.2^(-2/3) - 1)/2 = 0.962; so
// b against a may differ by 0.962·3·(8/3)/4 - 2·4 = -6.1, closed, and c against a likewise: both go.
// With δ = 0.5: 0.962·3·(8/3)/0.5 - 1 = 14.4, and 4·3 = 12 is inside: b stays; c: 0.962·3·(2/3)/0.5 - 1 = 2.8 < 40: c goes.
func TestKimNelsonByHand(t *testing.T) {
	a, b, c := seriesOf(10, 12, 11, 9), seriesOf(13, 15, 12, 14), seriesOf(19, 23, 21, 19)
	options := []*series{a, b, c}
	wide := newKimNelson(options, 0.2, 4, 4, false)
	near(t, "variance of b less a", wide.variance(1, 0), 8.0/3, 1e-12)
	near(t, "η", wide.eta, 0.962, 5e-4)
	if got := wide.screen([]int{0, 1, 2}, []int{0, 1, 2}); len(got) != 2 || got[1] != 0 || got[2] != 0 {
		t.Errorf("δ = 4: beaten %v", got)
	}
	narrow := newKimNelson(options, 0.2, 0.5, 4, false)
	near(t, "half", narrow.half(narrow.variance(1, 0), 4), 14.39, 0.01)
	if got := narrow.screen([]int{0, 1, 2}, []int{0, 1, 2}); len(got) != 1 || got[2] != 0 {
		t.Errorf("δ = 0.5: beaten %v", got)
	}
	if got := narrow.screen([]int{0, 1, 2}, []int{1}); len(got) != 1 || got[2] != 1 {
		t.Errorf("only b may beat: %v", got)
	}
	// Equal in every replication: the later one goes.
	twins := newKimNelson([]*series{a, seriesOf(10, 12, 11, 9)}, 0.2, 1, 4, false)
	if got := twins.screen([]int{0, 1}, []int{0, 1}); len(got) != 1 || got[1] != 0 {
		t.Errorf("twins: beaten %v", got)
	}
	// Shares that were nothing in every replication vary all the same: 5%·95% of one of 2 people.
	nothing := newKimNelson([]*series{{y: []float64{0, 0}, n: []float64{2, 2}, sumN: 4}, {y: []float64{0, 0}, n: []float64{2, 2}, sumN: 4}}, 0.2, 0.05, 2, true)
	near(t, "floor", nothing.variance(0, 1), 0.05*0.95/2, 1e-12)
}

// A ratio's residuals: y 6, 2 and n 2, 2 give v = 2, n̄ = 2, e = ±1.
func TestResidualsOfARatio(t *testing.T) {
	s := new(series)
	s.add(6, 2)
	s.add(2, 2)
	e := s.residuals(2)
	if e[0] != 1 || e[1] != -1 || variance(e) != 2 {
		t.Errorf("residuals %v", e)
	}
	if e := new(series).residuals(0); len(e) != 0 {
		t.Error("residuals of nothing")
	}
}

// play runs Kim and Nelson's procedure on normals until one is left.
func selectOf(means []float64, rho, delta float64, experiment int) (best, used int) {
	var options []*series
	var left []int
	for i := range means {
		options, left = append(options, new(series)), append(left, i)
	}
	observe := func(r int) {
		shared := math.Sqrt(rho) * normals(experiment, r, 1000)
		for _, i := range left {
			options[i].add(means[i]+shared+math.Sqrt(1-rho)*normals(experiment, r, i), 1)
			used++
		}
	}
	for r := range First {
		observe(r)
	}
	k := newKimNelson(options, 0.05, delta, First, false)
	for r := First; ; r++ {
		if r%blockSize == 0 {
			beaten := k.screen(left, left)
			var stay []int
			for _, i := range left {
				if _, gone := beaten[i]; !gone {
					stay = append(stay, i)
				}
			}
			if left = stay; len(left) == 1 {
				return left[0], used
			}
		}
		observe(r)
	}
}

// All others exactly δ worse, the hardest case; with people in common the answer costs less.
func TestKimNelsonSelectsTheBest(t *testing.T) {
	const experiments, delta = 300, 0.35
	means := make([]float64, 10)
	for i := range means {
		means[i] = delta
	}
	means[7] = 0
	var cost [2]int
	for c, rho := range []float64{0, 0.8} {
		right := 0
		for e := range experiments {
			best, used := selectOf(means, rho, delta, e)
			cost[c] += used
			if best == 7 {
				right++
			}
		}
		t.Logf("correlation %g: right %d of %d times, %d observations a time", rho, right, experiments, cost[c]/experiments)
		if right < 279 { // 95% and 1.5 standard errors below; the seeds are fixed
			t.Errorf("correlation %g: right %d of %d times", rho, right, experiments)
		}
	}
	if cost[1] > cost[0]/2 {
		t.Errorf("common random numbers save too little: %d against %d", cost[1], cost[0])
	}
}

// Ten systems exactly the tolerance to either side of the limit.
func TestFeasibilityIsToldRight(t *testing.T) {
	const experiments = 300
	right := 0
	for e := range experiments {
		var options []*series
		for range 10 {
			options = append(options, new(series))
		}
		observe := func(r int) {
			for i, s := range options {
				s.add(5+0.35*float64(2*(i%2)-1)+normals(e, r, i), 1)
			}
		}
		for r := range First {
			observe(r)
		}
		f := newFeasibility(Constraint{Limit: sim.Limit{Amount: 5}, Tolerance: 0.35}, options, 0.05, First, false)
		wrong, undecided := false, 10
		found := make([]verdict, 10)
		for r := First; undecided > 0; r++ {
			if r%blockSize == 0 {
				for i := range options {
					if found[i] == unknown {
						if found[i] = f.check(i); found[i] != unknown {
							undecided--
							wrong = wrong || (found[i] == feasible) != (i%2 == 0)
						}
					}
				}
			}
			observe(r)
		}
		if !wrong {
			right++
		}
	}
	t.Logf("all right %d of %d times", right, experiments)
	if right < 279 {
		t.Errorf("all right %d of %d times", right, experiments)
	}
}

// By hand: at most 5, tolerance 1, α = 0.1 for two options, four observations: η = (0.1^(-2/3) - 1)/2 = 1.82.
// 3 4 3 4 has S² = 1/3 and misses by -1.5 four times, -6; it may lie within 1.82·3/3 - 2 = -0.2: closed, feasible.
// 8 2 8 3 has S² = 10.25 and misses by 0.25 four times; within 1.82·3·10.25 - 2 = 54: unknown.
func TestFeasibilityByHand(t *testing.T) {
	options := []*series{seriesOf(3, 4, 3, 4), seriesOf(8, 2, 8, 3)}
	f := newFeasibility(Constraint{Limit: sim.Limit{Amount: 5}, Tolerance: 1}, options, 0.1, 4, false)
	near(t, "η", f.eta, 1.8208, 1e-3)
	near(t, "half", f.half(f.variances[1], 4), 1.8208*3*10.25-2, 0.01)
	if f.check(0) != feasible || f.check(1) != unknown {
		t.Errorf("at most 5: %v, %v", f.check(0), f.check(1))
	}
	atLeast := newFeasibility(Constraint{Limit: sim.Limit{Amount: 5, AtLeast: true}, Tolerance: 1}, options, 0.1, 4, false)
	if atLeast.check(0) != infeasible || atLeast.excess(0) != 1.5 {
		t.Errorf("at least 5: %v, misses by %g", atLeast.check(0), atLeast.excess(0))
	}
	// On the limit itself, once the triangle has closed.
	on := []*series{seriesOf(5, 5, 5, 5)}
	if newFeasibility(Constraint{Limit: sim.Limit{Amount: 5}, Tolerance: 1}, on, 0.1, 4, false).check(0) != feasible ||
		newFeasibility(Constraint{Limit: sim.Limit{Amount: 5, Strict: true}, Tolerance: 1}, on, 0.1, 4, false).check(0) != infeasible {
		t.Error("on the limit")
	}
	// A chance of 5% a year that happened in none of 4 replications of 3 years is not known yet.
	rare := &series{y: make([]float64, 4), n: []float64{3, 3, 3, 3}, sumN: 12}
	if newFeasibility(Constraint{Limit: sim.Limit{Amount: 0.05}, Tolerance: 0.01}, []*series{rare}, 0.05, 4, true).check(0) != unknown {
		t.Error("what has not happened yet may happen")
	}
}

// Others 1, 2 and 4 from the best, with a standard deviation of 2: they need 4 : 1 : 1/4, the best as many as
// the nearest.
func TestSharesByHand(t *testing.T) {
	got := shares([]float64{math.Inf(1), 0.5, 1, 2}, 0)
	for i, want := range []float64{4, 4, 1, 0.25} {
		near(t, "share", got[i], want/9.25, 1e-12)
	}
	// One whose constraint is harder to tell than the goal of any other needs more itself.
	got = shares([]float64{0.25, 0.5, 1}, 0)
	for i, want := range []float64{16, 4, 1} {
		near(t, "share", got[i], want/21, 1e-12)
	}
}
