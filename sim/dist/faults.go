package dist

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// faults gathers every fault of a constructor's parameters, in their order.
type faults []string

func (f *faults) add(format string, args ...any) {
	*f = append(*f, fmt.Sprintf(format, args...))
}

// finite holds v to be a number, and says whether it is.
func (f *faults) finite(name string, v float64) bool {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		f.add("%s must be a finite number, not %v", name, v)
		return false
	}
	return true
}

// above0 holds v to be a number above 0.
func (f *faults) above0(name string, v float64) {
	if f.finite(name, v) && v <= 0 {
		f.add("%s must be above 0, not %v", name, v)
	}
}

// atLeast0 holds v to be a number of 0 or more.
func (f *faults) atLeast0(name string, v float64) {
	if f.finite(name, v) && v < 0 {
		f.add("%s must be 0 or more, not %v", name, v)
	}
}

// percentile holds (p, xp) to be a percentile that agrees with the median.
func (f *faults) percentile(median, p, xp float64) {
	f.above0("median", median)
	f.above0("the percentile's value", xp)
	if f.finite("the percentile", p) && (p <= 0 || p >= 1 || p == 0.5) {
		f.add("the percentile must lie between 0 and 1 and not be 0.5, the median itself, not %v", p)
	}
	if len(*f) > 0 {
		return
	}
	if p > 0.5 && xp <= median {
		f.add("the %s must be above the median of %s, not %s", percent(p), days(median), days(xp))
	}
	if p < 0.5 && xp >= median {
		f.add("the %s must be below the median of %s, not %s", percent(p), days(median), days(xp))
	}
}

// err is nil without faults.
func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return errors.New(strings.Join(f, "; "))
}
