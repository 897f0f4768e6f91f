package abc

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"sync"
	"testing"

	"tier4/sim/dist"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// ladder is a screen of n points for one parameter, or for two along the golden ratio.
func ladder(n, parameters int) (points [][]float64) {
	for i := range n {
		u := []float64{(float64(i) + 0.5) / float64(n)}
		if parameters == 2 {
			u = append(u, math.Mod(float64(i)*math.Phi, 1))
		}
		points = append(points, u)
	}
	return points
}

// conjugate is `abc_conjugate_exponential` of the shared cases: 30 stays of an exponential law whose rate is
// Gamma(2, 60) beforehand, and so Gamma(32, 60 + their sum) afterwards.
func conjugate() *Method {
	data := []float64{
		112.8, 70.1, 86.2, 112.8, 24.9, 50.4, 31.0, 60.1, 28.2, 19.8, 104.6, 87.1, 46.7, 16.9, 9.7,
		74.6, 28.2, 28.7, 67.3, 12.6, 10.1, 17.1, 15.7, 20.6, 44.2, 45.3, 54.0, 36.3, 34.0, 58.7,
	}
	mean, _ := moments(data, nil)
	return &Method{
		Parameters: []Parameter{must(Continuous("rate", must(dist.GammaShape(2, 1.0/60)), 0, math.Inf(1)))},
		Observed:   []float64{mean}, Seed: 1, Screen: ladder(1024, 1),
		Particles: 1000, Acceptance: 0.02, Generations: 20,
		Simulator: func() Simulator {
			return func(theta []float64, seed uint64) ([]float64, error) {
				l := luckOf(seed, 0, 0)
				var sum float64
				for range 30 {
					sum -= math.Log(l.uniform()) / theta[0]
				}
				return []float64{sum / 30}, nil
			}
		},
	}
}

func TestConjugatePosterior(t *testing.T) {
	m := conjugate()
	s, err := m.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := m.Posterior(s)
	mean, sd := p.Moments(0)
	// Gamma(32, 1468.7): four standard errors of about 700 effective draws.
	const wantMean, wantSD = 0.02178797576087697, 0.003851606352211058
	if math.Abs(mean-wantMean) > 4*wantSD/math.Sqrt(700) {
		t.Errorf("the mean rate is %.5f, not %.5f", mean, wantMean)
	}
	if math.Abs(sd/wantSD-1) > 4/math.Sqrt(2*700) {
		t.Errorf("its standard deviation is %.5f, not %.5f", sd, wantSD)
	}
	for q, want := range map[float64]float64{0.025: 0.014902959291403669, 0.975: 0.029959845784196065} {
		if got := p.Quantile(0, q); math.Abs(got-want) > 0.0012 {
			t.Errorf("the %g%% quantile is %.5f, not %.5f", 100*q, got, want)
		}
	}
	if n := p.Size(); n < 500 {
		t.Errorf("the sample is worth %.0f draws of 1000", n)
	}
}

// mixed has a whole number, seen with an error of 0.8, and a length seen only in product with it.
func mixed() *Method {
	return &Method{
		Parameters: []Parameter{
			must(Whole("beds", 1, 12)),
			must(Continuous("length", must(dist.Uniform(1, 9)), 0, math.Inf(1))),
		},
		Observed: []float64{4.3, 19.5, math.NaN()}, Seed: 3, Screen: ladder(1024, 2),
		Particles: 400, Acceptance: 0.05, Generations: 20,
		Simulator: func() Simulator {
			return func(theta []float64, seed uint64) ([]float64, error) {
				l := luckOf(seed, 0, 0)
				figures := []float64{theta[0] + 0.8*l.normal(), theta[0]*theta[1] + 2*l.normal(), 1}
				if l.uniform() < 0.02 { // not everything is always there
					figures[2] = math.NaN()
				}
				return figures, nil
			}
		},
	}
}

// exact is the posterior of mixed by quadrature: the shares of 1 to 12 beds, and the mean length.
func exact() (share [13]float64, length float64) {
	var total float64
	for beds := 1; beds <= 12; beds++ {
		for i := range 4000 {
			v := 1 + 8*(float64(i)+0.5)/4000
			a, b := (4.3-float64(beds))/0.8, (19.5-float64(beds)*v)/2
			w := math.Exp(-(a*a + b*b) / 2)
			share[beds] += w
			length += w * v
			total += w
		}
	}
	for beds := range share {
		share[beds] /= total
	}
	return share, length / total
}

func TestWholeNumbersHaveTheirShares(t *testing.T) {
	m := mixed()
	s, err := m.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := m.Posterior(s)
	share, length := exact()
	var got [13]float64
	for i, w := range p.Weight {
		if v := p.Theta[i][0]; v != math.Trunc(v) || v < 1 || v > 12 {
			t.Fatalf("%g beds", v)
		}
		got[int(p.Theta[i][0])] += w
	}
	for beds := range share {
		if math.Abs(got[beds]-share[beds]) > 0.1 {
			t.Errorf("%d beds have a share of %.2f, not %.2f", beds, got[beds], share[beds])
		}
	}
	if mean, sd := p.Moments(1); math.Abs(mean-length) > 0.25*sd {
		t.Errorf("the mean length is %.2f, not %.2f", mean, length)
	}
}

// same compares states to the last bit; a missing figure is like another.
func same(a, b *State) bool {
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	return errA == nil && errB == nil && string(x) == string(y)
}

func TestAnyNumberOfWorkersFindsTheSame(t *testing.T) {
	var want *State
	for _, workers := range []int{1, 2, 5} {
		m := mixed()
		m.Particles, m.Workers, m.Acceptance = 60, workers, 0.2
		s, err := m.Run(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = s
		} else if !same(s, want) {
			t.Errorf("%d workers find another posterior", workers)
		}
	}
}

// Whoever stops a calibration and goes on later, from what was written down, ends with the same bytes.
func TestResumedIsUndisturbed(t *testing.T) {
	m := mixed()
	m.Particles, m.Acceptance = 60, 0.2
	want, err := m.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for stop := 1; stop < len(want.History); stop++ {
		ctx, cancel := context.WithCancel(context.Background())
		stopped := mixed()
		stopped.Particles, stopped.Acceptance = 60, 0.2
		finished := 0
		stopped.Finished = func(*State) error {
			if finished++; finished == stop {
				cancel()
			}
			return nil
		}
		s, err := stopped.Run(ctx, nil)
		if !errors.Is(err, ErrInterrupted) || len(s.History) != stop {
			t.Fatalf("stopped after %d generations: %v", stop, err)
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		again := new(State)
		if err := json.Unmarshal(text, again); err != nil {
			t.Fatal(err)
		}
		got, err := m.Run(context.Background(), again)
		if err != nil {
			t.Fatal(err)
		}
		if !same(got, want) {
			t.Errorf("stopped after %d generations, it ends elsewhere", stop)
		}
	}
}

// shelf keeps plays in memory, each of a generation and number.
type shelf struct{ sync.Map }

func (s *shelf) Kept(generation, n int) ([]float64, bool) {
	v, known := s.Load([2]int{generation, n})
	figures, _ := v.([]float64)
	return figures, known
}

func (s *shelf) Keep(generation, n int, figures []float64) error {
	s.Store([2]int{generation, n}, figures)
	return nil
}

// Whoever has all plays made elsewhere, from states that were written down, plays none and finds the same.
func TestPlayedAheadIsTheSame(t *testing.T) {
	quick := func() *Method {
		m := mixed()
		m.Particles, m.Acceptance = 60, 0.2
		return m
	}
	want, err := quick().Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := new(shelf)
	here, there := quick(), quick()
	here.Keeper, there.Keeper = s, s
	here.Ahead = func(ctx context.Context, last *State, from, until int) error {
		if last != nil {
			text, err := json.Marshal(last)
			if err != nil {
				return err
			}
			last = new(State)
			if err := json.Unmarshal(text, last); err != nil {
				return err
			}
		}
		mid := (from + until) / 2 // in two parts, as by two machines
		return errors.Join(there.PlayAhead(ctx, last, mid, until), there.PlayAhead(ctx, last, from, mid))
	}
	here.Simulator = func() Simulator {
		return func([]float64, uint64) ([]float64, error) { return nil, errors.New("played here") }
	}
	got, err := here.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !same(got, want) {
		t.Error("another posterior")
	}
}

func TestStoppedBeforeTheScreenIsDone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if s, err := mixed().Run(ctx, nil); s != nil || !errors.Is(err, ErrInterrupted) {
		t.Errorf("%v, %v", s, err)
	}
}

func TestAFailingSimulatorIsAnError(t *testing.T) {
	m := mixed()
	broken := errors.New("broken")
	m.Simulator = func() Simulator { return func([]float64, uint64) ([]float64, error) { return nil, broken } }
	if _, err := m.Run(context.Background(), nil); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestWhatCannotBePlayedIsNotBelieved(t *testing.T) {
	m := mixed()
	m.Particles, m.Acceptance = 60, 0.2
	plain := m.Simulator
	m.Simulator = func() Simulator {
		play := plain()
		return func(theta []float64, seed uint64) ([]float64, error) {
			if theta[0] < 4 {
				return nil, nil
			}
			return play(theta, seed)
		}
	}
	s, err := m.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Particles {
		if p.Theta[0] < 4 {
			t.Fatalf("%g beds are believed", p.Theta[0])
		}
	}
}

// Systematic resampling keeps each draw's weight to within one row.
func TestDrawsKeepTheirWeight(t *testing.T) {
	p := &Posterior{Theta: make([][]float64, 4), Weight: []float64{0.5, 0, 0.26, 0.24}}
	count := make([]int, 4)
	for _, i := range p.Draws(100) {
		count[i]++
	}
	if !reflect.DeepEqual(count, []int{50, 0, 26, 24}) {
		t.Errorf("drawn %v times", count)
	}
}

func TestParameterScales(t *testing.T) {
	for _, p := range []Parameter{
		must(Continuous("uniform", must(dist.Uniform(3, 40)), 0, math.Inf(1))),
		must(Continuous("cut", must(dist.Exponential(20)), 5, 60)),
		must(Continuous("open", must(dist.LognormalMedian(12, 0.9, 30)), 0, math.Inf(1))),
	} {
		for _, u := range []float64{1e-6, 0.01, 0.3, 0.9, 1 - 1e-6} {
			v := p.At(u)
			if got := p.share(v); math.Abs(got-u) > 1e-9 {
				t.Errorf("%s: a share of %g lies below %g, not %g", p.Name, got, v, u)
			}
			if got := p.bounded(p.unbounded(v)); math.Abs(got/v-1) > 1e-9 {
				t.Errorf("%s: %g becomes %g", p.Name, v, got)
			}
			if got, ok := p.atCoordinate(p.coordinate(v)); !ok || math.Abs(got/v-1) > 1e-6 {
				t.Errorf("%s: %g becomes %g", p.Name, v, got)
			}
		}
		if lo, hi := p.Bounds(); p.At(1e-12) < lo || p.At(1-1e-12) > hi {
			t.Errorf("%s leaves its bounds", p.Name)
		}
	}
	if _, err := Continuous("none", must(dist.Uniform(3, 40)), 50, 60); err == nil {
		t.Error("a prior of nothing is taken")
	}
	if _, err := Whole("none", 5, 4); err == nil {
		t.Error("no whole number is taken")
	}
}
