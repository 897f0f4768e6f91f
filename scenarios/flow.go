package scenarios

import (
	"math"

	"tier4/sim"
	"tier4/sim/dist"
)

// class is a sort of people with their share of their cohort.
type class struct {
	person
	share float64
}

// classes lists the sorts of people: each cohort with every set of its traits
// (of the first six traits; the sums below need no more to see a list grow).
func (r *reader) classes() []class {
	traits := r.spec.Traits[:min(6, len(r.spec.Traits))]
	if len(r.cohorts)*len(r.spec.Stages) > 500 {
		traits = nil // enough to see a list grow, and quick
	}
	var all []class
	for _, c := range r.cohorts {
		for set := range 1 << len(traits) {
			k := class{person{cohort: c}, 1}
			for i, t := range traits {
				p, _ := pick(t.Share, c, nil)
				if set>>i&1 == 1 {
					k.traits = append(k.traits, t.Name)
				} else {
					p = 1 - p
				}
				k.share *= p
			}
			if k.share > 0 {
				all = append(all, k)
			}
		}
	}
	return all
}

// arrivals is how many people of a class enter a stage from outside, a day, on
// average over the measured period.
func (r *reader) arrivals(k class, stage string) float64 {
	sum := 0.0
	spec := r.spec
	for _, s := range spec.Streams {
		if s.Enters != stage {
			continue
		}
		switch {
		case s.Between != nil:
			share, _ := pick(s.Cohort, k.cohort, nil)
			sum += share / s.Between.Mean()
		case s.Dates != nil:
			for _, a := range s.Dates {
				if a.Cohort == k.cohort && a.At < spec.WarmUp+spec.Measure {
					sum += 1 / (spec.WarmUp + spec.Measure)
				}
			}
		default:
			middle := (spec.WarmUp + spec.Measure/2) / yearDays
			for _, rate := range s.Rates {
				if rate.Cohort == k.cohort {
					sum += rate.PerYear / yearDays * math.Pow(1+s.Growth, middle)
				}
			}
		}
	}
	return sum * k.share
}

// step is what a stage does to one class: the chance of each way on, and how
// much of the stage one of them takes up.
type step struct {
	to       map[string]float64 // stages and exits; what misses 1 has left
	relapses float64            // of those who start here, who relapse after this as their last bed
	load     float64            // share of the stage taken by one person a day
	stays    float64            // their mean time in it; hearings for a panel
	gives    bool               // they may give up, or be turned away
}

// branch adds a share of people who leave by an outcome to the ways on.
func (st step) branch(s *sim.Stage, k class, o sim.Outcome, share float64) {
	left := 1.0
	for _, b := range s.Next[o] {
		if v, _ := pick(b.Share, k.cohort, k.traits); !b.Rest {
			st.to[b.To] += share * v
			left -= v
		}
	}
	for _, b := range s.Next[o] {
		if b.Rest {
			st.to[b.To] += share * max(0, left)
		}
	}
}

// stepOf works out one stage for one class.
func (f *flow) stepOf(s *sim.Stage, k class) step {
	st := step{to: map[string]float64{}, stays: 1}
	patience, gives := pick(s.DropsOutAfter, k.cohort, k.traits)
	st.gives = s.ListMax != sim.NoLimit || gives && patience.String() != "never" && s.KeepInTouch > 0
	completed := 1.0
	switch s.Kind {
	case sim.DelayKind:
		st.stays = mean(s.Delay.Takes, k)
		if s.Delay.Places > 0 {
			st.load = st.stays / float64(s.Delay.Places)
		} else if takes, ok := pick(s.Delay.Takes, k.cohort, k.traits); ok && gives && st.gives {
			lost, _ := f.race(takes, patience)
			completed = 1 - lost
		}
	case sim.GroupKind:
		completed = groupStep(s.Group, k, &st)
		st.branch(s, k, sim.Left, 1-completed)
	case sim.PanelKind:
		approve, _ := pick(s.Panel.Approve, k.cohort, k.traits)
		again, _ := pick(s.Panel.Defer, k.cohort, k.traits)
		completed = approve / (1 - again)
		st.stays = 1 / (1 - again)
		if s.Panel.Cases != sim.NoLimit {
			st.load = st.stays * s.Panel.Meets.Every / float64(s.Panel.Cases)
		}
		st.branch(s, k, sim.Declined, 1-completed)
	case sim.BedsKind:
		completed = f.bedsStep(s.Beds, k, &st)
		st.branch(s, k, sim.Unplanned, 1-completed)
	case sim.AftercareKind:
		st.stays = mean(s.Aftercare.Lasts, k)
		if s.Aftercare.Places != sim.NoLimit {
			st.load = st.stays / float64(s.Aftercare.Places)
		}
	}
	st.branch(s, k, sim.Completed, completed)
	return st
}

func mean(p sim.Per[dist.Law], k class) float64 {
	if l, ok := pick(p, k.cohort, k.traits); ok {
		return l.Mean()
	}
	return 0
}

// groupStep gives the share who finish. A place in a rolling group is free
// again only at the next meeting after a person has gone.
func groupStep(g *sim.Group, k class, st *step) float64 {
	leaves, _ := pick(g.Leaves, k.cohort, k.traits)
	n := float64(g.Sessions)
	finish := math.Pow(1-leaves, n)
	if g.StartsWhen != nil || g.Max == sim.NoLimit {
		return finish
	}
	if g.Closed {
		st.stays = g.Meets.Every
	} else {
		st.stays = 0
		stayed := 1.0
		for i := 1.0; i <= min(n, 10_000); i++ {
			gone := stayed * leaves
			if i == n {
				gone = stayed
			}
			st.stays += gone * math.Ceil(i*g.SessionEvery/g.Meets.Every-1e-9) * g.Meets.Every
			stayed -= gone
		}
	}
	st.load = st.stays / float64(g.Max)
	return finish
}

// bedsStep gives the share who complete.
func (f *flow) bedsStep(b *sim.Beds, k class, st *step) float64 {
	stay, _ := pick(b.Stay, k.cohort, k.traits)
	early, some := pick(b.UnplannedDischarge, k.cohort, k.traits)
	left := 0.0
	st.stays = stay.Mean()
	if some && early.String() != "never" {
		left, st.stays = f.race(stay, early)
	}
	beds, rest := 0.0, 0.0
	for _, p := range b.Places {
		if p.Beds == sim.NoLimit {
			return 1 - left
		}
		beds += float64(p.Beds)
		rest += float64(p.Beds) * p.Turnover
	}
	st.stays += rest / beds
	st.load = st.stays / beds
	return 1 - left
}

// race is remembered by what the laws say: most classes share them.
func (f *flow) race(first, second dist.Law) (loses, sooner float64) {
	name := first.String() + " / " + second.String()
	known, ok := f.races[name]
	if !ok {
		known[0], known[1] = race(first, second)
		f.races[name] = known
	}
	return known[0], known[1]
}

// race is two independent times of which the sooner counts: the chance that
// the second comes first, and the mean of the sooner. It walks up the
// quantiles of the first.
func race(first, second dist.Law) (loses, sooner float64) {
	const points, parts = 100, 8
	at, area := 0.0, 0.0
	for i := range points {
		x := first.AtSurvival(1 - (float64(i)+0.5)/points)
		for j := range parts {
			area += (x - at) / parts * second.Survival(at+(x-at)*(float64(j)+0.5)/parts)
		}
		at = x
		loses += second.CDF(x) / points
		sooner += area / points
	}
	return loses, sooner
}
