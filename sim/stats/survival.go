package stats

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Lifetime is a time as far as it was seen: from Entry on (0 where it was seen from its start), until Time,
// when it ended by Cause, or was lost from sight (cause 0).
type Lifetime struct {
	Entry, Time float64
	Cause       int
	Weight      float64 // 1, or the chance that it is one at all
}

// Step is what changes in a survival curve at one time.
type Step struct {
	Time          float64
	AtRisk, Ended float64   // seen just before, and ended at it by any cause of interest
	Share         float64   // not over after this time
	Of, Over      []float64 // ended at it, and over by then, by each cause; empty for a Kaplan–Meier curve

	before    float64 // share not over just before
	sum       float64 // of Greenwood: Σ d / (Y (Y - d))
	sumBefore float64 // the same before this step
}

// Survival is the product-limit estimate of a time's survival (Kaplan and Meier 1958), which may be seen late
// (left-truncated) and lost early (right-censored).
type Survival struct {
	Steps  []Step  // at the times at which something ended
	N      float64 // lifetimes, by weight
	Events float64
	last   float64 // the longest that anybody was seen
}

// KaplanMeier is the survival of times that end by one of some causes, all others being lost from sight. With
// several ends at once, or an end and a loss, the loss is later. At a time t those are at risk who were
// seen before t, or from the start, and not over before.
func KaplanMeier(lives []Lifetime, causes ...int) *Survival {
	s := &Survival{}
	survive(s, lives, func(l Lifetime) int {
		if slices.Contains(causes, l.Cause) {
			return 1
		}
		return 0
	}, 0)
	return s
}

// survive fills in the steps. which gives the cause, from 1, that a lifetime ended by; with causes > 0 the steps
// keep count of each.
func survive(s *Survival, lives []Lifetime, which func(Lifetime) int, causes int) {
	type change struct {
		time        float64
		enter, exit float64
		cause       int
		weight      float64
	}
	var changes []change
	risk := 0.0
	for _, l := range lives {
		if !(l.Weight > 0) || l.Time < l.Entry {
			continue
		}
		s.N += l.Weight
		s.last = max(s.last, l.Time)
		if l.Entry <= 0 {
			risk += l.Weight
		} else {
			changes = append(changes, change{time: l.Entry, enter: l.Weight})
		}
		changes = append(changes, change{time: l.Time, exit: l.Weight, cause: which(l), weight: l.Weight})
	}
	slices.SortStableFunc(changes, func(a, b change) int { return cmp.Compare(a.time, b.time) })
	share, sum := 1.0, 0.0
	for i := 0; i < len(changes); {
		at := changes[i].time
		step := Step{Time: at, AtRisk: risk, Of: make([]float64, causes), before: share, sumBefore: sum}
		next := i
		for ; next < len(changes) && changes[next].time == at; next++ {
			if c := changes[next]; c.cause > 0 {
				step.Ended += c.weight
				if causes > 0 {
					step.Of[c.cause-1] += c.weight
				}
			}
		}
		for ; i < next; i++ {
			risk += changes[i].enter - changes[i].exit
		}
		if step.Ended == 0 {
			continue
		}
		step.AtRisk = max(step.AtRisk, step.Ended) // against rounding of weights
		if left := step.AtRisk - step.Ended; left > 1e-9*step.AtRisk {
			share *= left / step.AtRisk
			sum += step.Ended / (step.AtRisk * left)
		} else {
			share = 0
		}
		s.Events += step.Ended
		step.Share, step.sum = share, sum
		s.Steps = append(s.Steps, step)
	}
}

// at is the index of the last step not after t, -1 before the first.
func (s *Survival) at(t float64) int {
	i, found := slices.BinarySearchFunc(s.Steps, t, func(step Step, t float64) int { return cmp.Compare(step.Time, t) })
	if found {
		return i
	}
	return i - 1
}

// At is the share that is not over after t, with its interval. The interval is that of log(-log S), with
// Greenwood's variance (Kalbfleisch and Prentice 1980, section 1.3); while nothing has ended it is the exact
// one for none of those at risk, and once all has it goes up to where it went just before. ok is false beyond
// what was seen.
func (s *Survival) At(t, level float64) (e Estimate, ok bool) {
	checkLevel(level)
	if s.N == 0 || t < 0 || t > s.last && (len(s.Steps) == 0 || s.Steps[len(s.Steps)-1].Share > 0) {
		return Estimate{}, false
	}
	i := s.at(t)
	if i < 0 {
		return Estimate{Value: 1, Low: none(s.N, level), High: 1, N: int(s.N), Method: MethodGreenwood}, true
	}
	return s.Steps[i].share(level), true
}

// none is the lower end of the share that is not over where nobody of n is: the exact binomial one.
func none(n, level float64) float64 { return math.Pow((1-level)/2, 1/max(n, 1)) }

// share is the share not over after a step, with its interval.
func (p Step) share(level float64) Estimate {
	e := Estimate{Value: p.Share, N: int(math.Round(p.AtRisk)), Method: MethodGreenwood}
	switch {
	case p.Share == 0 && p.before == 1:
		e.High = 1 - none(p.Ended, level)
	case p.Share == 0:
		_, e.High = logLog(p.before, p.sumBefore, level)
	default:
		e.SE = p.Share * math.Sqrt(p.sum)
		e.Low, e.High = logLog(p.Share, p.sum, level)
	}
	return e
}

// logLog is the interval of a share s that goes by log(-log s), sum being its variance over s².
func logLog(s, sum, level float64) (low, high float64) {
	wide := math.Exp(distuv.UnitNormal.Quantile((1+level)/2) * math.Sqrt(sum) / math.Abs(math.Log(s)))
	return math.Pow(s, wide), math.Pow(s, 1/wide)
}

// Quantile is the first time by which a share p is over, and the times at which the bounds of the curve
// reach it (Brookmeyer and Crowley 1982). ok is false where the curve never gets that far; high is
// infinite where its upper bound does not.
func (s *Survival) Quantile(p, level float64) (value, low, high float64, ok bool) {
	checkLevel(level)
	value, low, high = math.Inf(1), math.Inf(1), math.Inf(1)
	for _, step := range slices.Backward(s.Steps) {
		e := step.share(level)
		if e.Low <= 1-p+1e-12 {
			low = step.Time
		}
		if e.Value <= 1-p+1e-12 {
			value = step.Time
		}
		if e.High <= 1-p+1e-12 {
			high = step.Time
		}
	}
	return value, low, high, !math.IsInf(value, 1)
}

// RestrictedMean is the mean of the lesser of the time and until, with its interval (Irwin 1949; variance as in
// Klein and Moeschberger 2003, section 4.5). ok is false where until is beyond what was seen.
func (s *Survival) RestrictedMean(until, level float64) (e Estimate, ok bool) {
	checkLevel(level)
	if s.N == 0 || !(until > 0) || until > s.last && (len(s.Steps) == 0 || s.Steps[len(s.Steps)-1].Share > 0) {
		return Estimate{}, false
	}
	variance, area, to := 0.0, 0.0, until
	for _, step := range slices.Backward(s.Steps) {
		if step.Time >= until {
			continue
		}
		area += step.Share * (to - step.Time)
		to = step.Time
		variance += area * area * (step.sum - step.sumBefore)
	}
	area += to
	e = interval(area, math.Sqrt(variance), int(s.N), level, MethodGreenwood)
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	e.Low, e.High = max(0, area-z*e.SE), min(until, area+z*e.SE)
	return e, true
}

// Longest is the longest that anybody was seen.
func (s *Survival) Longest() float64 { return s.last }
