package stats

import (
	"math"
	"slices"
)

// Incidence says how a time ends that ends by one of several causes, whichever comes first (Aalen and
// Johansen 1978). One minus the Kaplan–Meier curve of one cause, the others being lost from sight, would say
// how it ended if there were no others, and is always the larger.
type Incidence struct {
	Survival
	Causes int
}

// AalenJohansen is the incidence of the causes 1 to causes.
func AalenJohansen(lives []Lifetime, causes int) *Incidence {
	a := &Incidence{Causes: causes}
	survive(&a.Survival, lives, func(l Lifetime) int {
		if l.Cause >= 1 && l.Cause <= causes {
			return l.Cause
		}
		return 0
	}, causes)
	over := make([]float64, causes)
	for i := range a.Steps {
		step := &a.Steps[i]
		for c := range over {
			over[c] += step.before * step.Of[c] / step.AtRisk
		}
		step.Over = slices.Clone(over)
	}
	return a
}

// At is the share that is over by a cause, from 1, by t, with its interval: that of log(-log F), with the delta
// method's variance (Marubini and Valsecchi 1995, section 10.3). ok is false beyond what was seen.
func (a *Incidence) At(cause int, t, level float64) (e Estimate, ok bool) {
	if _, ok := a.Survival.At(t, level); !ok {
		return Estimate{}, false
	}
	last := a.at(t)
	if last < 0 || a.Steps[last].Over[cause-1] == 0 {
		return Estimate{High: 1 - none(a.N, level), N: int(a.N), Method: MethodGreenwood}, true
	}
	now, variance := a.Steps[last].Over[cause-1], 0.0
	for _, s := range a.Steps[:last+1] {
		gap, of := now-s.Over[cause-1], s.Of[cause-1]
		if left := s.AtRisk - s.Ended; left > 0 {
			variance += gap * gap * s.Ended / (s.AtRisk * left)
		}
		variance += s.before * s.before * of * (s.AtRisk - of) / (s.AtRisk * s.AtRisk * s.AtRisk)
		variance -= 2 * gap * s.before * of / (s.AtRisk * s.AtRisk)
	}
	e = Estimate{Value: now, Low: now, High: now, SE: math.Sqrt(max(0, variance)), N: int(math.Round(a.Steps[last].AtRisk)), Method: MethodGreenwood}
	if now < 1 {
		e.Low, e.High = logLog(now, (e.SE/now)*(e.SE/now), level)
	}
	return e, true
}
