package abc

import (
	"context"
	"math"
	"testing"

	"tier4/sim/dist"
)

// conjugate is abc_conjugate_exponential: 30 stays of an exponential law whose rate is
// Gamma(2, 60) beforehand and Gamma(32, 60 + their sum) afterwards.
func conjugate() *Method {
	data := []float64{112.8, 70.1, 86.2, 112.8, 24.9, 50.4, 31.0, 60.1, 28.2, 19.8, 104.6, 87.1, 46.7, 16.9, 9.7, 74.6, 28.2, 28.7, 67.3, 12.6, 10.1, 17.1, 15.7, 20.6, 44.2, 45.3, 54.0, 36.3, 34.0, 58.7}
	var sum float64
	for _, x := range data {
		sum += x
	}
	prior, err := dist.GammaShape(2, 1.0/60)
	if err != nil {
		panic(err)
	}
	rate, err := Continuous("rate", prior, 0, math.Inf(1))
	if err != nil {
		panic(err)
	}
	m := &Method{
		Parameters: []Parameter{rate}, Observed: []float64{sum / 30}, Seed: 1,
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
	for i := range 1024 {
		m.Screen = append(m.Screen, []float64{float64(i) / 1024})
	}
	return m
}

func TestConjugate(t *testing.T) {
	m := conjugate()
	s, err := m.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range s.History {
		t.Logf("%d: %+v", i, h)
	}
	p := m.Posterior(s)
	mean, sd := p.Moments(0)
	t.Log(mean, sd, p.Quantile(0, .025), p.Quantile(0, .975), p.Size())
}
