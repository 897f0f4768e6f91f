package dist

import "math"

type fixed struct {
	written
	at float64
}

// Fixed is the law that always takes x days. The error says what is wrong
// with an x that is negative or not finite.
func Fixed(x float64) (Law, error) {
	var f faults
	f.atLeast0("a fixed duration", x)
	if err := f.err(); err != nil {
		return nil, err
	}
	return &fixed{written("fixed: " + days(x)), x}, nil
}

func (l *fixed) CDF(x float64) float64 {
	if x < l.at {
		return 0
	}
	return 1
}

func (l *fixed) Survival(x float64) float64 { return 1 - l.CDF(x) }

func (l *fixed) AtSurvival(float64) float64 { return l.at }

func (l *fixed) Mean() float64 { return l.at }

func (l *fixed) Variance() float64 { return 0 }

func (l *fixed) breaks() []float64 { return []float64{l.at} }

type never struct{ written }

// Never is the law of what does not happen: its survival is 1 for ever and
// every draw is +Inf.
func Never() Law { return &never{"never"} }

func (*never) CDF(float64) float64 { return 0 }

func (*never) Survival(float64) float64 { return 1 }

func (*never) AtSurvival(float64) float64 { return math.Inf(1) }

func (*never) Mean() float64 { return math.Inf(1) }

func (*never) Variance() float64 { return math.Inf(1) }

func (*never) breaks() []float64 { return []float64{math.Inf(1)} }
