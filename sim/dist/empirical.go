package dist

import (
	"slices"
	"strconv"
	"strings"
)

// empirical gives each observed value the same weight.
type empirical struct {
	written
	sorted         []float64
	mean, variance float64
}

// writtenValues is how many values String spells out.
const writtenValues = 12

// Empirical is the law of the values observed, in days, each as likely as
// another; every draw is one of them. The values are copied. The error says
// what is wrong unless there is at least one and none is negative.
func Empirical(values []float64) (Law, error) {
	var f faults
	if len(values) == 0 {
		f.add("at least one value is needed")
	}
	for i, v := range values {
		f.atLeast0("value "+strconv.Itoa(i+1), v)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	l := &empirical{sorted: slices.Sorted(slices.Values(values))}
	for i, v := range l.sorted { // Welford (1962)
		d := v - l.mean
		l.mean += d / float64(i+1)
		l.variance += d * (v - l.mean)
	}
	l.variance /= float64(len(values))
	l.written = writesValues(l.sorted)
	return l, nil
}

func writesValues(sorted []float64) written {
	var parts []string
	for _, v := range sorted[:min(len(sorted), writtenValues)] {
		parts = append(parts, days(v))
	}
	if more := len(sorted) - writtenValues; more > 0 {
		parts = append(parts, "and "+strconv.Itoa(more)+" more")
	}
	return written("empirical: [" + strings.Join(parts, ", ") + "]")
}

// upTo is the number of values that are at most x.
func (l *empirical) upTo(x float64) int {
	lo, hi := 0, len(l.sorted)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if l.sorted[mid] <= x {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

func (l *empirical) CDF(x float64) float64 {
	return float64(l.upTo(x)) / float64(len(l.sorted))
}

func (l *empirical) Survival(x float64) float64 {
	return float64(len(l.sorted)-l.upTo(x)) / float64(len(l.sorted))
}

func (l *empirical) AtSurvival(q float64) float64 {
	above := int(q * float64(len(l.sorted)))
	return l.sorted[max(0, len(l.sorted)-1-above)]
}

func (l *empirical) Mean() float64 { return l.mean }

func (l *empirical) Variance() float64 { return l.variance }

func (l *empirical) breaks() []float64 { return l.sorted }
