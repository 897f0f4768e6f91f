//go:build long

package sim

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tier4/sim/dist"
)

// explores says whether random cases are new ones each time.
const explores = true

// erlangA is M/M/n+M: what a queue with exponential stays and patience comes to in the long run.
type erlangA struct {
	perDay, stay, patience float64
	beds                   int
}

// states are the probabilities of so many people in beds or waiting.
func (e erlangA) states() []float64 {
	p, sum := []float64{1}, 1.0
	for k := 1; k < 2000 && p[k-1] > 0; k++ {
		leaving := float64(min(k, e.beds))/e.stay + float64(max(0, k-e.beds))/e.patience
		p = append(p, p[k-1]*e.perDay/leaving)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}

// waiting is the mean number on the list.
func (e erlangA) waiting() (sum float64) {
	for k, p := range e.states() {
		sum += p * float64(max(0, k-e.beds))
	}
	return sum
}

// waitsLonger is the probability that a wait, whatever its end, lasts more than t days: the wait that is
// offered does (density as in Baccelli and Hebuterne 1981), and so does the patience.
func (e erlangA) waitsLonger(t float64) float64 {
	const step = 0.01
	sum, last := 0.0, e.states()[e.beds-1]*e.perDay
	density := func(x float64) float64 {
		return last * math.Exp(e.perDay*e.patience*(1-math.Exp(-x/e.patience))-float64(e.beds)/e.stay*x)
	}
	for x := t; x < t+400; x += step {
		sum += step * density(x+step/2)
	}
	return sum * math.Exp(-t/e.patience)
}

// waitQuantile is the wait that a share p does not exceed.
func (e erlangA) waitQuantile(p float64) float64 {
	low, high := 0.0, 1000.0
	for range 60 {
		if middle := (low + high) / 2; e.waitsLonger(middle) > 1-p {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// How often does the interval from 100 replications hold the truth? 1,000 times 100 replications of a
// small queue whose truth is known.
func TestIntervalsCoverTheTruthAsOftenAsTheySay(t *testing.T) {
	const macros, replications = 1000, 100
	e := erlangA{perDay: 0.2, stay: 9, patience: 20, beds: 2}
	spec := textbook(e.perDay, e.beds, must(dist.Exponential(e.stay)), must(dist.Exponential(e.patience)), 300)
	spec.WarmUp = 100
	truths := []struct {
		id        string
		value     float64
		low, high float64 // coverage
	}{
		{"ward.wait.mean", e.waiting() / e.perDay, 0.935, 0.965},
		{"ward.waiting.mean", e.waiting(), 0.935, 0.965},
		{"ward.dropped_out", e.waiting() / e.patience / e.perDay, 0.935, 0.965},
		{"ward.wait.p90", e.waitQuantile(0.9), 0.92, 0.975},
	}
	var ids []string
	for _, truth := range truths {
		ids = append(ids, truth.id)
	}
	m := modelOf(t, spec, ids...)
	covered, sum := make([]int, len(truths)), make([]float64, len(truths))
	var r Runner
	var b Batch
	for macro := range macros {
		g := NewGather(m)
		for i := range replications {
			b.Reset(macro*replications + i)
			if err := r.Replicate(m, 12, macro*replications+i, &b); err != nil {
				t.Fatal(err)
			}
			g.Add(&b, 0, 1)
		}
		for k := range truths {
			x, ok := g.estimate(k)
			if !ok {
				t.Fatalf("%s: no estimate", truths[k].id)
			}
			sum[k] += x.Value
			if x.Low <= truths[k].value && truths[k].value <= x.High {
				covered[k]++
			}
		}
	}
	for k, truth := range truths {
		share := float64(covered[k]) / macros
		t.Logf("%s: truth %.5f, mean estimate %.5f, covered in %.1f%%", truth.id, truth.value, sum[k]/macros, 100*share)
		if share < truth.low || share > truth.high {
			t.Errorf("%s: %.1f%% of intervals hold the truth, want %.1f%% to %.1f%%", truth.id, 100*share, 100*truth.low, 100*truth.high)
		}
	}
}

// Many more random pathways than every day.
func TestLawsHoldInVeryManyPathways(t *testing.T) {
	checks(t, 20000, lawsHold)
}

func TestTheEngineAndItsNaiveTwinAgreeOnVeryManyPathways(t *testing.T) {
	checks(t, 10000, twinsAgree)
}

func TestLawsHoldInVeryManyWholePathways(t *testing.T) {
	checks(t, 10000, func(rt *rapid.T) { wholeLawsHold(rt) })
}
