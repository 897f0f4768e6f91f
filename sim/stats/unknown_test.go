package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tier4/sim/stats"
)

// within wants got no further than so much from want.
func within(t *testing.T, what string, got, want, most float64) {
	t.Helper()
	if !(math.Abs(got-want) <= most) {
		t.Errorf("%s is %v, want %v give or take %v", what, got, want, most)
	}
}

// uniform is the i-th uniform of a column, normal its i-th standard normal.
func uniform(column, i int) float64 {
	return rand.New(rand.NewPCG(uint64(column), uint64(i))).Float64()
}

func normal(column, i int) float64 {
	return rand.New(rand.NewPCG(uint64(column), uint64(i))).NormFloat64()
}

func column(n int, f func(i int) float64) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = f(i)
	}
	return xs
}

// TestCasePSAVarianceDecomposition is psa_variance_decomposition: its components come out of the
// variances, and out of a nested sample of the same law.
func TestCasePSAVarianceDecomposition(t *testing.T) {
	var want struct {
		VarOfDrawMeans  float64 `json:"var_of_draw_means"`
		ParameterVar    float64 `json:"parameter_var"`
		FirstStageShare float64 `json:"first_stage_share"`
	}
	cases(t, "psa_variance_decomposition", &struct{}{}, &want)
	exact := stats.Decompose(1000, 20, want.VarOfDrawMeans, 100)
	within(t, "parameter variance", exact.Parameters, want.ParameterVar, 1e-12)
	within(t, "first stage share", exact.FirstStage(), want.FirstStageShare, 1e-12)

	const draws, perDraw = 4000, 20
	var all stats.Ratio
	var totals, flat, above stats.Totals
	var same stats.PairedRatio
	for k := range draws {
		theta, sum := 50+6*normal(1, k), 0.0
		for j := range perDraw {
			y := theta + 10*normal(2, k*perDraw+j)
			all.Add(y, 1)
			same.Add(1, 1, 1+y, 1)
			sum += y
		}
		totals.Add(sum, perDraw)
		flat.Add(perDraw, perDraw)
		above.Add(perDraw+sum, perDraw)
	}
	e, p, ok := all.Nested(&totals, 0.95)
	if !ok {
		t.Fatal("no estimate")
	}
	// Standard errors: of a variance of 4,000 draws 41·√(2/3999) = 0.92; of one of 76,000
	// residuals 0.51. Four of them.
	within(t, "variance of draw means", p.OfMeans, want.VarOfDrawMeans, 3.7)
	within(t, "chance", p.Chance, 100, 2.1)
	within(t, "parameter variance of a sample", p.Parameters, want.ParameterVar, 3.7)
	within(t, "first stage share of a sample", p.FirstStage(), want.FirstStageShare, 0.02)
	within(t, "half of the interval", (e.High-e.Low)/2, 1.9606*math.Sqrt(p.Parameters+p.OfMeans/draws), 0.5)
	within(t, "share no replications narrow", p.Unknown(), 36/(36+41.0/draws), 1e-3)

	d, q, ok := same.Nested(&flat, &above, 0.95)
	if !ok {
		t.Fatal("no difference")
	}
	within(t, "difference", d.Value, e.Value, 1e-9)
	within(t, "its parameter variance", q.Parameters, p.Parameters, 1e-8)
	within(t, "its standard error", d.SE, e.SE, 1e-9)
}

func TestNestedWithoutUnknowns(t *testing.T) {
	var all stats.Ratio
	var totals stats.Totals
	for k := range 500 {
		sum := 0.0
		for j := range 8 {
			y := 10 + normal(3, 8*k+j)
			all.Add(y, 1)
			sum += y
		}
		totals.Add(sum, 8)
	}
	e, p, _ := all.Nested(&totals, 0.95)
	plain, _ := all.Estimate(0.95)
	within(t, "parameter variance of nothing", p.Parameters, 0, 0.03)
	within(t, "interval", e.High-e.Low, math.Sqrt(1+4000*p.Parameters)*(plain.High-plain.Low), 0.04)
	var one stats.Ratio
	one.Add(1, 1)
	if _, _, ok := one.Nested(&stats.Totals{Y: []float64{1}, N: []float64{1}}, 0.95); ok {
		t.Error("one draw has no spread")
	}
}

// TestHalves: the noise of a median by draw is told from the draws' own spread.
func TestHalves(t *testing.T) {
	var h stats.Halves
	const draws = 4000
	for k := range draws {
		theta := 5 * normal(4, k)
		one, other := theta+2*normal(5, k), theta+2*normal(6, k)
		h.Add((one+other)/2, one, other)
	}
	e, p, ok := h.Widen(7, 8*draws, 0.95)
	if !ok {
		t.Fatal("no parts")
	}
	within(t, "parameter variance", p.Parameters, 25, 2.5)
	within(t, "noise of a draw", p.Chance/8, 2, 0.2)
	within(t, "value", e.Value, 7, 0)
	within(t, "standard error", e.SE, 5, 0.3)
}

// TestNestedOfOneSidedUnknowns: a long-run figure that is above 0 whatever the parameters are has an interval
// above 0, which twice a standard deviation would not.
func TestNestedOfOneSidedUnknowns(t *testing.T) {
	var all stats.Ratio
	var totals stats.Totals
	for k := range 400 {
		theta, sum := math.Exp(normal(7, k)), 0.0
		for j := range 8 {
			y := theta + 0.2*normal(8, 8*k+j)
			all.Add(y, 1)
			sum += y
		}
		totals.Add(sum, 8)
	}
	e, _, ok := all.Nested(&totals, 0.95)
	if !ok || e.Value-2*e.SE > 0 || e.Low <= 0 || e.Low > 0.4 || e.High < 4 {
		t.Errorf("%+v", e)
	}
}

// ishigami is Ishigami and Homma (1990) with a = 7 and b = 0.1, of uniforms.
func ishigami(u []float64) float64 {
	x := func(i int) float64 { return math.Pi * (2*u[i] - 1) }
	return math.Sin(x(0)) + 7*math.Pow(math.Sin(x(1)), 2) + 0.1*math.Pow(x(2), 4)*math.Sin(x(0))
}

// gFunction is Sobol's g (Saltelli and Sobol 1995).
func gFunction(a []float64) func(u []float64) float64 {
	return func(u []float64) float64 {
		y := 1.0
		for i, ai := range a {
			y *= (math.Abs(4*u[i]-2) + ai) / (1 + ai)
		}
		return y
	}
}

// saltelli plays a function on n rows with so many replications of noise at each point.
func saltelli(f func([]float64) float64, parameters, n, replications int, noise float64) stats.Saltelli {
	s := stats.Saltelli{AB: make([][][]float64, parameters)}
	at := 0
	play := func(u []float64) []float64 {
		at++
		return column(replications, func(j int) float64 { return f(u) + noise*normal(99, at*replications+j) })
	}
	for row := range n {
		a := column(parameters, func(i int) float64 { return uniform(10+i, row) })
		b := column(parameters, func(i int) float64 { return uniform(40+i, row) })
		s.A, s.B = append(s.A, play(a)), append(s.B, play(b))
		for i := range parameters {
			mixed := append([]float64{}, a...)
			mixed[i] = b[i]
			s.AB[i] = append(s.AB[i], play(mixed))
		}
	}
	return s
}

// TestCaseIshigami: the indices are those worked out by hand (Saltelli and others 2008, section 4.6);
// noise of as much variance as the function itself changes them no more than its luck does.
func TestCaseIshigami(t *testing.T) {
	const a, b, pi4 = 7.0, 0.1, math.Pi * math.Pi * math.Pi * math.Pi
	v1, v2, v13 := 0.5*math.Pow(1+b*pi4/5, 2), a*a/8, b*b*pi4*pi4*(1.0/18-1.0/50)
	v := v1 + v2 + v13
	first, total := []float64{v1 / v, v2 / v, 0}, []float64{(v1 + v13) / v, v2 / v, v13 / v}
	for _, c := range []struct {
		replications int
		noise, most  float64
	}{{1, 0, 0.05}, {8, math.Sqrt(v), 0.07}} {
		indices, variance, ok := saltelli(ishigami, 3, 6000, c.replications, c.noise).Indices(0.95)
		if !ok {
			t.Fatal("no indices")
		}
		within(t, "variance", variance, v, 0.06*v)
		for i, x := range indices {
			within(t, "first", x.First.Value, first[i], c.most)
			within(t, "total", x.Total.Value, total[i], c.most)
			if !(x.First.Low-0.04 < first[i] && first[i] < x.First.High+0.04) {
				t.Errorf("first index %d: interval %v to %v", i, x.First.Low, x.First.High)
			}
		}
	}
}

func TestCaseGFunction(t *testing.T) {
	a := []float64{0, 1, 4.5, 9, 99, 99}
	var each []float64
	all := 1.0
	for _, ai := range a {
		vi := 1 / (3 * (1 + ai) * (1 + ai))
		each = append(each, vi)
		all *= 1 + vi
	}
	indices, variance, ok := saltelli(gFunction(a), len(a), 6000, 1, 0).Indices(0.95)
	if !ok {
		t.Fatal("no indices")
	}
	within(t, "variance", variance, all-1, 0.06*(all-1))
	for i, x := range indices {
		within(t, "first", x.First.Value, each[i]/(all-1), 0.05)
		within(t, "total", x.Total.Value, each[i]*all/(1+each[i])/(all-1), 0.05)
	}
	if _, _, ok := saltelli(func([]float64) float64 { return 3 }, 2, 50, 1, 0).Indices(0.95); ok {
		t.Error("what does not vary has no indices")
	}
}

func TestMorris(t *testing.T) {
	straight, ok := stats.Morris([]float64{2, 2, 2, 2}, 0.95)
	if !ok || straight.Mean.Value != 2 || straight.Size.Value != 2 || straight.Spread != 0 {
		t.Errorf("a straight effect: %+v", straight)
	}
	both, _ := stats.Morris([]float64{-3, 3, -3, 3}, 0.95)
	within(t, "mean", both.Mean.Value, 0, 0)
	within(t, "size", both.Size.Value, 3, 0)
	within(t, "spread", both.Spread, math.Sqrt(12), 1e-12)
	if _, ok := stats.Morris([]float64{1}, 0.95); ok {
		t.Error("one effect has no spread")
	}
}

func TestCopula(t *testing.T) {
	want := [][]float64{{1}, {0.6, 1}, {-0.3, 0.2, 1}}
	c, err := stats.NewCopula(3, func(i, j int) float64 { return want[i][j] })
	if err != nil {
		t.Fatal(err)
	}
	const n = 20000
	var got [3][]float64
	for k := range n {
		u := []float64{uniform(60, k), uniform(61, k), uniform(62, k)}
		c.Join(u)
		for i := range u {
			got[i] = append(got[i], u[i])
		}
	}
	// Ranks of uniforms are uniforms: the rank correlation is theirs.
	for i := range 3 {
		within(t, "mean", mean(got[i]), 0.5, 0.01)
		for j := range i {
			sum := 0.0
			for k := range n {
				sum += 12 * (got[i][k] - 0.5) * (got[j][k] - 0.5) / n
			}
			within(t, "rank correlation", sum, want[i][j], 0.03)
		}
	}
	if _, err := stats.NewCopula(3, func(i, j int) float64 { return []float64{0.9, 0.9, -0.9}[i+j-1] }); err == nil {
		t.Error("three that cannot go together went together")
	}
}

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x / float64(len(xs))
	}
	return sum
}

// lossOf is E max(0, X) - max(0, E X) of a normal X.
func lossOf(mu, sigma float64) float64 {
	z := mu / sigma
	density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	return sigma*density + mu*math.Erfc(-z/math.Sqrt2)/2 - max(0, mu)
}

// TestCaseValueOfInformation: of two options whose net benefits differ by a sum of normals, the expected
// values of perfect information have a closed form (Raiffa and Schlaifer 1961), with and without noise.
func TestCaseValueOfInformation(t *testing.T) {
	const n, mu, s1, s2 = 4000, 300.0, 800.0, 400.0
	for _, noise := range []float64{0, 600} {
		x1, x2 := column(n, func(k int) float64 { return normal(70, k) }), column(n, func(k int) float64 { return normal(71, k) })
		idle := column(n, func(k int) float64 { return normal(72, k) })
		benefits := make(stats.Benefits, n)
		for k := range benefits {
			common := 5000 * normal(73, k)
			benefits[k] = []float64{common, common + mu + s1*x1[k] + s2*x2[k] + noise*normal(74, k)}
		}
		d, ok := stats.Decide(benefits, []float64{0, noise * noise})
		if !ok {
			t.Fatal("no decision")
		}
		within(t, "best", float64(d.Best), 1, 0)
		within(t, "EVPI", d.EVPI, lossOf(mu, math.Hypot(s1, s2)), 30)
		within(t, "probability that the second is best", d.Share[1], math.Erfc(-mu/math.Hypot(s1, s2)/math.Sqrt2)/2, 0.03)
		within(t, "the shares together", d.Share[0]+d.Share[1], 1, 1e-9)
		for _, c := range []struct {
			x     []float64
			sigma float64
		}{{x1, s1}, {x2, s2}} {
			got, ok := stats.Partial(c.x, benefits)
			if !ok {
				t.Fatal("no partial value")
			}
			within(t, "EVPPI", got, lossOf(mu, c.sigma), 25)
		}
		got, _ := stats.Partial(idle, benefits)
		within(t, "EVPPI of what does not matter", got, 0, 6)
	}
	if _, ok := stats.Partial(make([]float64, 50), make(stats.Benefits, 50)); ok {
		t.Error("what does not vary has no value")
	}
}

// TestSmooth: a curve follows a wave, and no noise.
func TestSmooth(t *testing.T) {
	const n = 1000
	x := column(n, func(k int) float64 { return uniform(80, k) })
	s, ok := stats.NewSmooth(x)
	if !ok {
		t.Fatal("no curve")
	}
	wave := func(k int) float64 { return math.Sin(2 * math.Pi * x[k]) }
	fitted, _ := s.Fit(column(n, func(k int) float64 { return wave(k) + 0.2*normal(81, k) }))
	for k := range fitted {
		within(t, "the curve", fitted[k], wave(k), 0.25)
	}
	flat, df := s.Fit(column(n, func(k int) float64 { return normal(82, k) }))
	for k := range flat {
		within(t, "the curve of noise", flat[k], 0, 0.3)
	}
	if df > 4 {
		t.Errorf("it spends %v degrees of freedom on noise", df)
	}
}

// TestAdditive: each column is credited with its own, also the small one beside the large, and noise with none.
func TestAdditive(t *testing.T) {
	const n = 300
	columns := [][]float64{
		column(n, func(k int) float64 { return normal(90, k) }), column(n, func(k int) float64 { return uniform(91, k) }),
		column(n, func(k int) float64 { return normal(92, k) }), make([]float64, n),
	}
	for c := range 20 {
		columns = append(columns, column(n, func(k int) float64 { return normal(100+c, k) }))
	}
	y := column(n, func(k int) float64 {
		return 50 + 3*columns[0][k] + 4*math.Abs(columns[1][k]-0.5) + 0.5*columns[2][k] + 0.7*normal(93, k)
	})
	got := stats.Additive(columns, y)
	within(t, "a straight one", got[0], 9, 1.5)
	within(t, "a bent one", got[1], 16.0/48, 0.15)
	within(t, "a small one", got[2], 0.25, 0.12)
	within(t, "one that does not vary", got[3], 0, 0)
	idle := 0.0
	for _, v := range got[4:] {
		idle += v
	}
	within(t, "twenty idle ones together", idle, 0, 0.08)
}

// TestNestedCoverage: the long-run figure of parameters nobody drew lies in the interval about as often as it
// should, whatever part of the spread is chance, and for parameters that are lopsided too.
func TestNestedCoverage(t *testing.T) {
	laws := map[string]func(rng *rand.Rand) float64{
		"normal": func(rng *rand.Rand) float64 { return 50 + 6*rng.NormFloat64() },
		"skew":   func(rng *rand.Rand) float64 { return 50 + 6*rng.ExpFloat64() },
		"known":  func(*rand.Rand) float64 { return 50 },
	}
	for name, law := range laws {
		for _, chance := range []float64{2, 10} {
			for _, draws := range []int{25, 125} {
				rng := rand.New(rand.NewPCG(uint64(draws), uint64(chance)))
				in := 0
				const studies, perDraw = 1000, 8
				for range studies {
					var all stats.Ratio
					var totals stats.Totals
					for range draws {
						theta, sum := law(rng), 0.0
						for range perDraw {
							y := theta + chance*rng.NormFloat64()
							all.Add(y, 1)
							sum += y
						}
						totals.Add(sum, perDraw)
					}
					if e, _, ok := all.Nested(&totals, 0.95); ok {
						if truth := law(rng); e.Low <= truth && truth <= e.High {
							in++
						}
					}
				}
				if share := float64(in) / studies; share < 0.92 || share > 0.985 {
					t.Errorf("%s, chance %v, %d draws: %.3f lie in the interval", name, chance, draws, share)
				}
			}
		}
	}
}
