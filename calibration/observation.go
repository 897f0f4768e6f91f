package calibration

import (
	"cmp"
	"slices"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"

	"tier4/sim"
	"tier4/sim/dist"
	"tier4/sim/stats"
)

// Observation is what an extract says by itself.
type Observation struct {
	Extract  *Extract
	Figures  []Figure
	Lacks    []Lack
	Arrivals *Arrivals
	Curves   []Curve // waits and stays, of everyone and then of each cohort
	Panels   []*Panel
	Groups   []Sessions
	Routes   []Route
	Uses     []Use
	Bought   []Bought
	Laws     []LawFits
}

// Options of an observation.
type Options struct {
	NoLaws    bool // no laws are fitted
	Bootstrap int  // rounds of the test of each law's fit; 0 for none
	Workers   int  // at most so many laws at once; the answer does not depend on it
	Seed      uint64
}

// Curve is how long a wait or a stay lasts, and how it ends.
type Curve struct {
	Stage     int
	Stays     bool // of stays, not waits
	Cohort    int  // -1: everyone
	Causes    []End
	Counts    []int // by cause
	Open      int   // not over
	N         int
	Incidence *stats.Incidence
}

// LawFits are the laws fitted to one duration.
type LawFits struct {
	Duration
	EventCount, N    int
	Exposure         float64 // days
	Fits             []*Fit  // by BIC, the least first
	Failed           []Failed
	Goodness         Goodness // of the first
	Posterior        *Posterior
	Mean, Low, High  float64 // of the posterior of the first's mean, where at least half end this way
	Restricted       stats.Estimate
	RestrictedTo     float64      // days; 0 where the mean itself can be told
	Administrative   int          // closed by the office while the time ran
	RateWith, RateOf float64      // events a day of exposure, with and without those
	Bands            []stats.Band // events over exposure by time since the start
	Differ           float64      // the chance that cohorts alike would differ as much: of everyone's, where it was tested; else 1
}

// hazardCuts are the days at which the hazards of giving up and of leaving early are parted into bands.
var hazardCuts = []float64{7, 14, 28, 56}

// Failed is a family that cannot be fitted, and why.
type Failed struct {
	Family Family
	Err    error
}

// Observe works out all that an extract says.
func Observe(x *Extract, o Options) *Observation {
	ob := &Observation{Extract: x, Arrivals: x.Arrivals(), Routes: x.Routes(), Uses: x.Uses()}
	ob.Figures, ob.Lacks = x.Figures()
	cohorts := []int{-1}
	if len(x.Cohorts) > 1 {
		for c := range x.Cohorts {
			cohorts = append(cohorts, c)
		}
	}
	for _, c := range cohorts {
		for k := range x.Stages {
			for _, stays := range []bool{false, true} {
				if curve, ok := x.curve(k, stays, c); ok {
					ob.Curves = append(ob.Curves, curve)
				}
			}
		}
	}
	for k, s := range x.Stages {
		switch s.Kind {
		case sim.PanelKind:
			if p := x.Panel(k); p.Meetings > 0 {
				ob.Panels = append(ob.Panels, p)
			}
		case sim.GroupKind:
			if g, ok := x.Sessions(k); ok {
				ob.Groups = append(ob.Groups, g)
			}
		case sim.BedsKind:
			if b, ok := x.Bought(k); ok {
				ob.Bought = append(ob.Bought, b)
			}
		}
	}
	if !o.NoLaws {
		ob.laws(o)
	}
	return ob
}

// curve is that of the waits or the stays at a stage.
func (x *Extract) curve(stage int, stays bool, cohort int) (Curve, bool) {
	c := Curve{Stage: stage, Stays: stays, Cohort: cohort}
	spells := x.Waits(stage)
	if stays {
		spells = x.Stays(stage)
	}
	counts, waited := [Ends]int{}, false
	spells = slices.DeleteFunc(spells, func(s Spell) bool { return cohort >= 0 && x.Episodes[s.Episode].Cohort != cohort })
	for _, s := range spells {
		counts[s.End]++
		waited = waited || s.To > s.From
	}
	c.N = len(spells)
	if c.N == 0 || !waited {
		return c, false
	}
	c.Open = counts[Open]
	index := [Ends]int{}
	for e := Open + 1; e < Ends; e++ {
		if counts[e] > 0 {
			c.Causes, c.Counts = append(c.Causes, e), append(c.Counts, counts[e])
			index[e] = len(c.Causes)
		}
	}
	c.Incidence = stats.AalenJohansen(Lives(spells, func(e End) int { return index[e] }), len(c.Causes))
	return c, true
}

// laws fits every law to every duration, a few durations at once.
func (ob *Observation) laws(o Options) {
	durations := ob.Extract.Durations()
	all := make([]LawFits, len(durations))
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(max(o.Workers, 1), len(durations)) {
		wait.Go(func() {
			for i := range next {
				all[i] = ob.Extract.fitAll(durations[i], o)
			}
		})
	}
	for i := range durations {
		next <- i
	}
	close(next)
	wait.Wait()
	for _, one := range all {
		if one.N > 0 {
			ob.Laws = append(ob.Laws, one)
			ob.Laws = append(ob.Laws, ob.Extract.byCohort(&ob.Laws[len(ob.Laws)-1])...)
		}
	}
}

// leastOfCohort is how many events a cohort must have for laws of its own.
const leastOfCohort = 10

// byCohort are the laws of each cohort, where they differ from everyone's by the likelihood ratio: those of the
// same family fitted to each cohort, against the one fitted to them all together. It notes the chance.
func (x *Extract) byCohort(whole *LawFits) (all []LawFits) {
	whole.Differ = 1
	if len(whole.Fits) == 0 || len(x.Cohorts) < 2 {
		return nil
	}
	family := whole.Fits[0].Family
	gain, groups := 0.0, 0
	var together []Time
	for c := range x.Cohorts {
		d := x.Duration(whole.Stage, whole.What, c)
		if d.Events() < leastOfCohort {
			continue
		}
		fit, err := FitLaw(family, d.Times())
		if err != nil {
			continue
		}
		gain += fit.LogLik
		groups++
		together = append(together, d.Times()...)
		all = append(all, x.fitAll(d, Options{}))
	}
	if groups < 2 {
		return nil
	}
	one, err := FitLaw(family, together)
	if err != nil {
		return nil
	}
	freedom := float64((groups - 1) * family.Parameters())
	whole.Differ = distuv.ChiSquared{K: freedom}.Survival(max(0, 2*(gain-one.LogLik)))
	if whole.Differ >= 0.01 {
		return nil
	}
	return all
}

func (x *Extract) fitAll(d Duration, o Options) LawFits {
	l := LawFits{Duration: d, N: len(d.Spells)}
	times := d.Times()
	l.EventCount, l.Exposure = 0, d.Exposure()
	for _, s := range d.Spells {
		switch {
		case slices.Contains(d.Ends, s.End):
			l.EventCount++
		case s.End == Administrative:
			l.Administrative++
		}
	}
	if l.Exposure > 0 {
		l.RateOf = d.Events() / l.Exposure
		l.RateWith = d.With(Administrative).Events() / l.Exposure
	}
	l.Bands = stats.Bands(d.Lives(), hazardCuts, 1)
	if l.EventCount == 0 {
		l.N = 0
		return l
	}
	for _, f := range Families() {
		fit, err := FitLaw(f, times)
		if err != nil {
			l.Failed = append(l.Failed, Failed{f, err})
			continue
		}
		l.Fits = append(l.Fits, fit)
	}
	if len(l.Fits) == 0 {
		return l
	}
	slices.SortStableFunc(l.Fits, func(a, b *Fit) int { return cmp.Compare(a.BIC, b.BIC) })
	best := l.Fits[0]
	if o.Bootstrap > 0 {
		l.Goodness = best.Goodness(d, x.Until, o.Bootstrap, o.Seed)
	}
	l.Posterior = best.Posterior()
	if best.Half() {
		l.Mean, _, l.Low, l.High = l.Posterior.Estimate(dist.Law.Mean, level)
		return l
	}
	km := stats.KaplanMeier(d.Lives(), 1)
	l.RestrictedTo = km.Longest()
	if e, ok := km.RestrictedMean(l.RestrictedTo, level); ok {
		l.Restricted = e
	}
	return l
}
