package stats

import "math"

// Ratio accumulates pairs (y, n), one a replication. Its value is ΣY/ΣN: a mean
// wait is (days waited, people), a share (those who, all), a rate (count, years).
// With n the same in every replication it is a mean of replications.
//
// The zero value is empty and ready. Its size is constant.
type Ratio struct {
	count   int
	refused int
	mean    [2]float64 // y, n
	co      [3]float64 // yy, ny, nn
	groups  [groupCount][2]float64
	firstN  float64
	varies  bool // n is not firstN throughout
	unlike  bool // some replication was not y of 0 or 1 with n of 1
}

// Add takes the totals of the next replication. A pair that is not finite is
// refused and counted, and leaves the ratio without an estimate.
func (r *Ratio) Add(y, n float64) {
	if y-y != 0 || n-n != 0 {
		r.refused++
		return
	}
	if r.count == 0 {
		r.firstN = n
	}
	r.varies = r.varies || n != r.firstN
	r.unlike = r.unlike || n != 1 || (y != 0 && y != 1)
	g := &r.groups[r.count%groupCount]
	g[0] += y
	g[1] += n
	r.count++

	// addMoments, written out: this is the hot door.
	dy, dn := y-r.mean[0], n-r.mean[1]
	w := float64(r.count)
	r.mean[0] += dy / w
	r.mean[1] += dn / w
	after := n - r.mean[1]
	r.co[0] += dy * (y - r.mean[0])
	r.co[1] += dy * after
	r.co[2] += dn * after
}

// Merge adds o's replications as those that follow r's own. o is unchanged.
func (r *Ratio) Merge(o *Ratio) {
	refused := r.refused + o.refused
	switch {
	case o.count == 0:
	case r.count == 0:
		*r = *o
	default:
		r.varies = r.varies || o.varies || o.firstN != r.firstN
		r.unlike = r.unlike || o.unlike
		for i, g := range o.groups {
			to := &r.groups[(r.count+i)%groupCount]
			to[0] += g[0]
			to[1] += g[1]
		}
		mergeMoments(r.count, o.count, r.mean[:], r.co[:], o.mean[:], o.co[:])
		r.count += o.count
	}
	r.refused = refused
}

// Reset empties r.
func (r *Ratio) Reset() { *r = Ratio{} }

// Count is the number of replications.
func (r *Ratio) Count() int { return r.count }

// Refused is the number of pairs that were not finite numbers.
func (r *Ratio) Refused() int { return r.refused }

// MeanY is the mean of y over replications, 0 if there are none.
func (r *Ratio) MeanY() float64 { return r.mean[0] }

// MeanN is the mean of n over replications, 0 if there are none.
func (r *Ratio) MeanN() float64 { return r.mean[1] }

// SumY is the total of y.
func (r *Ratio) SumY() float64 { return r.mean[0] * float64(r.count) }

// SumN is the total of n.
func (r *Ratio) SumN() float64 { return r.mean[1] * float64(r.count) }

// AllBinary says whether every replication was one trial (n of 1) that came out
// 0 or 1.
func (r *Ratio) AllBinary() bool { return r.count > 0 && !r.unlike }

// Value is ΣY/ΣN; ok is false where it is absent.
func (r *Ratio) Value() (value float64, ok bool) {
	if r.count == 0 || r.refused > 0 || r.mean[1] == 0 {
		return 0, false
	}
	value = r.mean[0] / r.mean[1]
	return value, finite(value)
}

// Estimate is ΣY/ΣN with the interval of its long-run value; ok is false where
// ΣN is 0 or there is nothing.
//
//   - n constant: Student's t on the replications.
//   - under 30 replications: the jackknife.
//   - the denominator's mean uncertain, sd(n)/√R/|n̄| over 0.1 (the bound of
//     Cochran 1977, section 6.3, on the coefficient of variation of x̄): Fieller
//     (1954); where his set is unbounded, the jackknife, and Method says so.
//   - else the delta method: t with R-1 df on e_i = (y_i - Value·n_i)/n̄ (Cochran
//     1977, eq. 6.13; Law and Kelton 2000, section 9.5.3).
func (r *Ratio) Estimate(level float64) (Estimate, bool) {
	checkLevel(level)
	value, ok := r.Value()
	if !ok {
		return Estimate{}, false
	}
	e := r.estimate(value, level)
	return e.orAbsent()
}

func (r *Ratio) estimate(value, level float64) Estimate {
	switch {
	case r.count == 1:
		return alone(value, 1)
	case !r.varies:
		return interval(value, r.deltaSE(value), r.count, level, MethodT)
	case r.count < groupCount:
		return r.jackknife(value, level, MethodJackknife)
	case r.denominatorCV() <= maxDenominatorCV:
		return interval(value, r.deltaSE(value), r.count, level, MethodDelta)
	}
	if e, ok := r.fieller(value, level); ok {
		return e
	}
	return r.jackknife(value, level, MethodUnbounded)
}

// maxDenominatorCV is how uncertain the mean of n may be before the delta method
// gives way to Fieller.
const maxDenominatorCV = 0.1

func (r *Ratio) denominatorCV() float64 { return meanCV(r.mean[1], r.co[2], r.count) }

// meanCV is the coefficient of variation of the mean of count values.
func meanCV(mean, sumSquares float64, count int) float64 {
	return math.Sqrt(sumSquares/float64(count-1)/float64(count)) / math.Abs(mean)
}

// deltaSE is the standard error of the mean of the residuals e_i.
func (r *Ratio) deltaSE(value float64) float64 {
	a := [2]float64{1 / r.mean[1], -value / r.mean[1]}
	return math.Sqrt(quadratic(a[:], r.co[:]) / float64(r.count-1) / float64(r.count))
}

// fieller solves (ȳ - θn̄)² = t²·var(ȳ - θn̄) for θ (Fieller 1954). Both sides
// are divided by n̄². ok is false where the solutions are not one interval.
func (r *Ratio) fieller(value, level float64) (e Estimate, ok bool) {
	t := TQuantile((1+level)/2, float64(r.count-1))
	scale := t * t / float64(r.count-1) / float64(r.count) / r.mean[1] / r.mean[1]
	yy, ny, nn := scale*r.co[0], scale*r.co[1], scale*r.co[2]
	if !(nn < 1) {
		return Estimate{}, false
	}
	middle := (value - ny) / (1 - nn)
	// The discriminant without the difference of squares of large numbers.
	disc := max((value*nn-2*ny)*value+yy+(ny*ny-nn*yy), 0)
	half := math.Sqrt(disc) / (1 - nn)
	e = Estimate{
		Value: value, Low: middle - half, High: middle + half,
		SE: r.deltaSE(value), N: r.count, Method: MethodFieller,
	}
	return e, e.finite()
}

// jackknife leaves out a group of replications at a time (Miller 1974; Law and
// Kelton 2000, section 9.5.3). The centre stays the ratio itself.
func (r *Ratio) jackknife(value, level float64, method string) Estimate {
	var left [groupCount]float64
	k := min(r.count, groupCount)
	y, n := r.SumY(), r.SumN()
	for i := range left[:k] {
		rest := n - r.groups[i][1]
		if math.Abs(rest) <= 1e-12*math.Abs(n) {
			return alone(value, r.count) // one group holds the whole denominator
		}
		left[i] = (y - r.groups[i][0]) / rest
	}
	e := interval(value, jackknifeSE(left[:k]), k, level, method)
	e.N = r.count
	return e
}

// jackknifeSE is √((k-1)/k·Σ(θ_i - θ̄)²) of the k estimates that each left one out.
func jackknifeSE(left []float64) float64 {
	k := float64(len(left))
	mean := 0.0
	for _, x := range left {
		mean += x / k
	}
	ss := 0.0
	for _, x := range left {
		ss += (x - mean) * (x - mean)
	}
	return math.Sqrt(ss * (k - 1) / k)
}

// ProportionEstimate is Estimate for the chance of something in a year, with y
// the years in which it happened and n the years. Years of one replication are
// not independent, so each replication is one piece of evidence; where every
// replication gave one year's yes or no, or all years were alike, the interval
// is Wilson's.
func (r *Ratio) ProportionEstimate(level float64) (Estimate, bool) {
	e, ok := r.Estimate(level)
	if alike := r.count > 1 && (e.Value == 0 || e.Value == 1); !ok || !r.AllBinary() && !alike {
		return e, ok
	}
	hits := int(math.Round(e.Value * float64(r.count)))
	e.Low, e.High = Wilson(hits, r.count, level)
	e.SE = math.Sqrt(e.Value * (1 - e.Value) / float64(r.count))
	e.Method = MethodWilson
	return e, true
}
