package stats

// The names an Estimate gives the method behind its interval.
const (
	MethodT         = "t"         // mean of replications, Student's t
	MethodDelta     = "delta-t"   // ratio of means, residuals of each replication, Student's t
	MethodFieller   = "fieller"   // ratio whose denominator is itself uncertain
	MethodJackknife = "jackknife" // leave one replication (or one of 30 groups of them) out
	MethodSections  = "sections"  // quantile, from sections of replications
	MethodWilson    = "wilson"    // share of independent yes-or-no replications
	MethodGreenwood = "greenwood" // survival of times that may be lost from sight
	MethodExact     = "exact"     // by the law of the count itself

	// MethodUnbounded is the jackknife, used because Fieller's set had no ends.
	MethodUnbounded = "jackknife (fieller unbounded)"
	// MethodOne says that one replication (or section) cannot give an interval:
	// Low and High repeat Value, SE is 0, and the caller should warn.
	MethodOne = "one replication"
)

// Estimate is a figure with the interval of its long-run value.
type Estimate struct {
	Value     float64
	Low, High float64
	SE        float64
	N         int // independent pieces behind the interval: replications, or sections
	Method    string
}

// Known says whether the interval is one; with a single replication it is not.
func (e Estimate) Known() bool { return e.Method != MethodOne }

// MaxVarianceReduction caps Difference.VarianceReduction, which is infinite where
// two scenarios differ by the same amount in every replication.
const MaxVarianceReduction = 1e6

// Difference is another scenario's figure less the base's, with its interval.
type Difference struct {
	Estimate
	P                 float64 // two-sided p of no difference; 1 where there is nothing to judge by
	VarianceReduction float64 // variance if the two were independent, over the paired variance; 1 where both are 0
	Same              bool    // exactly equal in every replication
}

// interval puts t standard errors about the value, with df = n-1.
func interval(value, se float64, n int, level float64, method string) Estimate {
	half := 0.0
	if se > 0 {
		half = TQuantile((1+level)/2, float64(n-1)) * se
	}
	return Estimate{Value: value, Low: value - half, High: value + half, SE: se, N: n, Method: method}
}

// alone is the estimate of a single replication, whose interval is not known.
func alone(value float64, n int) Estimate {
	return Estimate{Value: value, Low: value, High: value, N: n, Method: MethodOne}
}

// difference completes an estimate of a difference with its p and its variance
// reduction, from the variance had the two been independent and as paired.
func difference(e Estimate, df, independent, paired float64, same bool) Difference {
	d := Difference{Estimate: e, P: 1, VarianceReduction: reduction(independent, paired), Same: same}
	if e.Known() {
		d.P = pOfNoDifference(e.Value, e.SE, df)
	}
	return d
}

func pOfNoDifference(value, se, df float64) float64 {
	switch {
	case value == 0:
		return 1
	case se == 0:
		return 0
	}
	return TwoSidedP(value/se, df)
}

func reduction(independent, paired float64) float64 {
	switch {
	case !(independent > 0):
		return 1
	case !(independent < MaxVarianceReduction*paired):
		return MaxVarianceReduction
	}
	return independent / paired
}

func finite(xs ...float64) bool {
	for _, x := range xs {
		if x-x != 0 {
			return false
		}
	}
	return true
}

func (e Estimate) finite() bool { return finite(e.Value, e.Low, e.High, e.SE) }

// orAbsent keeps what overflowed (values beyond about 1e±150, whose squares no
// float64 holds) from coming out as a figure.
func (e Estimate) orAbsent() (Estimate, bool) {
	if !e.finite() {
		return Estimate{}, false
	}
	return e, true
}

func (d Difference) orAbsent() (Difference, bool) {
	if !d.finite() || !finite(d.P, d.VarianceReduction) {
		return Difference{}, false
	}
	return d, true
}

func checkLevel(level float64) {
	if !(level > 0 && level < 1) {
		panic("stats: the level of an interval lies between 0 and 1")
	}
}
