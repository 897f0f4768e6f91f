package calibration

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tier4/calibration/internal/abc"
	"tier4/scenarios"
	"tier4/sim/dist"
)

// Result is what a calibration found.
type Result struct {
	Found   []Found
	Rows    [][]float64 // joint posterior sample: [row][number of Found], all of one weight
	Ranks   []Trade     // of every two sought numbers
	Trades  []Trade     // those that the data cannot tell apart
	Checks  []Check     // what the posterior predicts of what was observed
	Ahead   []Check     // and of what was held out
	Size    float64     // what the sample is worth, in independent draws
	History []Generation
	Plays   int // of the simulator, in all
	Settled bool
	Far     bool // nowhere in the prior does the model come near what was observed

	Implausible int // points of the screen
	Screen      int
	Notes       []string
	Sets        []string // settings without which the numbers could not be found one by one
}

// Generation is what one generation gave; the first is the screen.
type Generation = abc.Step

// Found is one number, before and after.
type Found struct {
	scenarios.Number
	Seen      bool   // directly, so by exact likelihood; otherwise by simulation
	Whole     bool   // a whole number
	How       string // what it rests on
	K, Of     int    // the people behind one that is seen, as in Direct
	Mean, SD  float64
	Median    float64
	Low, High float64 // 95% of the posterior lies between

	PriorMean, PriorSD  float64 // of a number that was sought
	PriorLow, PriorHigh float64
	Before              []float64 // quantiles of the prior, evenly spaced

	Identified bool
	Why        string // it is not
}

// Narrower is what is left of the prior's standard deviation.
func (f *Found) Narrower() float64 { return f.SD / f.PriorSD }

// Trade is two numbers of which one can go up as the other goes up or down, and the data cannot tell.
type Trade struct {
	A, B int // of Found
	Rank float64
}

// Check is one target: what was observed, and what histories under the posterior show.
type Check struct {
	Target
	Observed  float64
	People    int     // behind what was observed, below 0 where it is not about single people
	Simulated float64 // the median
	Low, High float64 // 95% of histories lie between; of what was held out, 90%
	P         float64 // twice the share of histories at least so far out on the observed side, at most 1
	Suspect   bool
}

// FarOff says whether what was observed is farther from the range of histories than that is wide.
func (c Check) FarOff() bool {
	width := c.High - c.Low
	return c.Observed < c.Low-width || c.Observed > c.High+width
}

// The usual size of a result.
const (
	usualRows   = 1000
	mostPlayed  = 400 // histories played under the posterior
	leastPlayed = 100

	quantilesBefore = 400
	asWideAsPrior   = 0.7 // of the prior's standard deviation: little was learnt
	tradeRank       = 0.8 // rank correlation
	stillWide       = 0.3 // of the prior's standard deviation, where a trade is worth a word
)

// SuspectP is the share of histories below which a figure so far out is suspect.
const SuspectP = 0.01

// Result makes of a state what a calibration found, and plays what the posterior predicts.
func (p *Plan) Result(ctx context.Context, s *State) (*Result, error) {
	post := p.method.Posterior(s)
	r := &Result{
		Size: post.Size(), History: s.History, Settled: s.Settled, Far: s.Far, Implausible: s.Implausible, Screen: len(p.method.Screen),
		Notes: p.Notes, Sets: p.Sets,
	}
	for _, h := range s.History {
		r.Plays += h.Plays
	}
	for _, i := range post.Draws(usualRows) {
		r.Rows = append(r.Rows, p.values(post.Theta[i], post.Seeds[i]))
	}
	if err := p.predict(ctx, r); err != nil {
		return nil, err
	}
	p.rebase(r.Rows)
	p.find(r)
	r.trades()
	return r, nil
}

// rebase makes rows of numbers those of the scenario as it was given.
func (p *Plan) rebase(rows [][]float64) {
	for _, row := range rows {
		k := len(p.Sought)
		for _, d := range p.Directs {
			for range d.Numbers {
				row[k] *= d.Rebase
				k++
			}
		}
	}
}

// find describes every number.
func (p *Plan) find(r *Result) {
	for i := range p.Sought {
		f := Found{Number: p.Sought[i].Number, Whole: p.Sought[i].Prior == nil, How: "found by simulation", Identified: true}
		one := &p.method.Parameters[i]
		f.PriorMean, f.PriorSD = one.PriorMoments()
		f.PriorLow, f.PriorHigh = one.At(0.025), one.At(0.975)
		for i := range quantilesBefore {
			f.Before = append(f.Before, one.At((float64(i)+0.5)/quantilesBefore))
		}
		r.Found = append(r.Found, f)
	}
	for _, d := range p.Directs {
		for _, n := range d.Numbers {
			r.Found = append(r.Found, Found{Number: n, Seen: true, How: d.How, K: d.K, Of: d.Of, Identified: true})
		}
	}
	for k := range r.Found {
		f := &r.Found[k]
		column := r.column(k)
		f.Mean, f.SD = meanAndSD(column)
		slices.Sort(column)
		f.Median, f.Low, f.High = quantileOf(column, 0.5), quantileOf(column, 0.025), quantileOf(column, 0.975)
		if f.Whole {
			f.Median, f.Low, f.High = math.Round(f.Median), math.Floor(f.Low), math.Ceil(f.High)
		}
		if !f.Seen && f.PriorSD > 0 && f.Narrower() > asWideAsPrior {
			f.Identified = false
			f.Why = fmt.Sprintf("the data say next to nothing of it: %s to %s after them, %s to %s before", f.Say(f.Low), f.Say(f.High), f.Say(f.PriorLow), f.Say(f.PriorHigh))
		}
	}
}

func (r *Result) column(k int) []float64 {
	column := make([]float64, len(r.Rows))
	for i := range column {
		column[i] = r.Rows[i][k]
	}
	return column
}

func meanAndSD(values []float64) (mean, sd float64) {
	mean = meanOf(values)
	for _, v := range values {
		sd += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(sd / float64(len(values)))
}

// trades finds pairs of sought numbers, and of a sought with a seen one, that the data cannot tell apart.
func (r *Result) trades() {
	ranks := make([][]float64, len(r.Found))
	for k := range ranks {
		ranks[k] = ranksOf(r.column(k))
	}
	for a := range r.Found {
		for b := a + 1; b < len(r.Found) && !r.Found[a].Seen; b++ {
			rank := correlation(ranks[a], ranks[b])
			if !r.Found[b].Seen {
				r.Ranks = append(r.Ranks, Trade{a, b, rank})
			}
			if math.Abs(rank) < tradeRank || r.Found[a].Narrower() < stillWide {
				continue
			}
			r.Trades = append(r.Trades, Trade{a, b, rank})
			if !r.Found[b].Seen {
				r.Found[a].tied(&r.Found[b], rank)
				r.Found[b].tied(&r.Found[a], rank)
			}
		}
	}
}

// tied says that a number cannot be told from another.
func (f *Found) tied(o *Found, rank float64) {
	way := "more of one goes with more of the other"
	if rank < 0 {
		way = "more of one goes with less of the other"
	}
	why := fmt.Sprintf("it trades against %s: %s, and the data fit as well", o.Path, way)
	if f.Identified = false; f.Why != "" {
		f.Why += "; " + why
	} else {
		f.Why = why
	}
}

// ranksOf are the ranks of values; equal ones share theirs.
func ranksOf(values []float64) []float64 {
	sorted := slices.Sorted(slices.Values(values))
	ranks := make([]float64, len(values))
	for i, v := range values {
		first, _ := slices.BinarySearch(sorted, v)
		last, _ := slices.BinarySearch(sorted, math.Nextafter(v, math.Inf(1)))
		ranks[i] = float64(first+last-1) / 2
	}
	return ranks
}

// correlation is Pearson's, 0 where one of the two never varies.
func correlation(a, b []float64) float64 {
	ma, sa := meanAndSD(a)
	mb, sb := meanAndSD(b)
	if sa == 0 || sb == 0 {
		return 0
	}
	var sum float64
	for i := range a {
		sum += (a[i] - ma) * (b[i] - mb)
	}
	return sum / (float64(len(a)) * sa * sb)
}

// checkSeed sets the luck of the histories under the posterior apart from that of the calibration.
const checkSeed = 0x706f7374

// predict plays histories under the posterior and holds them against what was observed, and against what was
// held out.
func (p *Plan) predict(ctx context.Context, r *Result) error {
	n := p.predictions()
	rows := func(i int) []float64 { return r.Rows[i*len(r.Rows)/n] }
	seed := func(n int) uint64 { return uint64(dist.Root(p.task.Seed^checkSeed, n)) }
	histories, err := abc.Each(ctx, p.task.Workers, n, func() func(int) ([]float64, error) {
		pl := p.player(p.base, p.seen)
		return func(i int) ([]float64, error) {
			x, err := pl.play(rows(i), seed(i))
			if err != nil {
				return nil, nil
			}
			return p.measure(x, seed(i)), nil
		}
	})
	if err != nil {
		return err
	}
	r.Checks = checks(p.gauge.Targets(), p.gauge.measure(p.seen), histories, 0.95)
	return p.ahead(ctx, r, rows, seed)
}

// predictions is how many histories are played under the posterior: fewer under one of few particles.
func (p *Plan) predictions() int { return min(mostPlayed, max(leastPlayed, p.task.Particles/2)) }

// checks holds observed values against those of histories.
func checks(targets []Target, observed *measured, histories [][]float64, level float64) (all []Check) {
	for k, t := range targets {
		c := Check{Target: t, Observed: observed.values[k], People: observed.people[k]}
		var there []float64
		for _, h := range histories {
			if h != nil && !math.IsNaN(h[k]) {
				there = append(there, h[k])
			}
		}
		if math.IsNaN(c.Observed) || 2*len(there) < len(histories) {
			continue
		}
		slices.Sort(there)
		c.Simulated = quantileOf(there, 0.5)
		c.Low, c.High = quantileOf(there, (1-level)/2), quantileOf(there, (1+level)/2)
		c.P = outlying(there, c.Observed)
		c.Suspect = c.P < SuspectP
		all = append(all, c)
	}
	return all
}

// outlying is twice the share of values, and the observed one, at least as far out, at most 1: ties count half.
func outlying(sorted []float64, observed float64) float64 {
	below, _ := slices.BinarySearch(sorted, observed)
	upTo, _ := slices.BinarySearch(sorted, math.Nextafter(observed, math.Inf(1)))
	equal, n := float64(upTo-below), float64(len(sorted))
	low := (float64(below) + equal/2 + 0.5) / (n + 1)
	return min(1, 2*min(low, 1-low))
}

// Outside is how many targets lie outside 95% of the histories under the posterior, and how many there are.
func (r *Result) Outside() (outside, of int) {
	for _, c := range r.Checks {
		if of++; c.Observed < c.Low || c.Observed > c.High {
			outside++
		}
	}
	return outside, of
}
