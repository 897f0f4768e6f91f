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

// deathsEmpty reports whether so many die on a list that it stops growing within the run.
func (f *flow) deathsEmpty() bool {
	d := f.spec.Deaths
	return d != nil && d.Waiting*(f.spec.WarmUp+f.spec.Measure) >= 365
}

// stepOf works out one stage for one class.
func (f *flow) stepOf(s *sim.Stage, k class) step {
	st := step{to: map[string]float64{}, stays: 1}
	patience, gives := pick(s.DropsOutAfter, k.cohort, k.traits)
	st.gives = s.ListMax != sim.NoLimit || gives && patience.String() != "never" && s.KeepInTouch > 0 || f.deathsEmpty()
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
		fast, _ := pick(s.Panel.FastTrack, k.cohort, k.traits)
		st.stays = (1 - fast + fast*again) / (1 - again) // a deferred fast track goes to the meetings
		if s.Panel.Cases != sim.NoLimit {
			st.load = st.stays * s.Panel.Meets.Every / float64(s.Panel.Cases)
		}
		st.branch(s, k, sim.Declined, 1-completed)
	case sim.BedsKind:
		completed = f.bedsStep(s, k, &st)
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
func (f *flow) bedsStep(s *sim.Stage, k class, st *step) float64 {
	b := s.Beds
	stay, _ := pick(b.Stay, k.cohort, k.traits)
	early, some := pick(b.UnplannedDischarge, k.cohort, k.traits)
	left := 0.0
	st.stays = stay.Mean()
	if some && early.String() != "never" {
		left, st.stays = f.race(stay, early)
	}
	more, _ := pick(b.Extension, k.cohort, k.traits)
	st.stays += (1 - left) * more * mean(b.ExtensionAdds, k)
	st.stays += (1 - left) * leaving(s, k)
	room := f.roomOf(b)
	if room.endless {
		return 1 - left
	}
	st.stays += room.rests
	st.load = st.stays / max(room.beds, 1e-9)
	return 1 - left
}

// leaving is the mean time that those who complete stay on for an exit.
func leaving(s *sim.Stage, k class) float64 {
	to := step{to: map[string]float64{}}
	to.branch(s, k, sim.Completed, 1)
	sum := 0.0
	for _, on := range s.Beds.StaysOn {
		sum += to.to[on.To] * mean(on.For, k)
	}
	return sum
}

// room is what the places of a stage hold in the long run.
type room struct {
	endless bool
	beds    float64
	rests   float64 // days of turnover for each person, on average over the beds
}

// roomOf adds up the places as they are at the end of the run. Nights bought
// count as the beds that they fill all year. On a shared unit there are the beds
// of our priority, or what the others leave if that is more.
func (f *flow) roomOf(b *sim.Beds) room {
	var all room
	end := f.spec.WarmUp + f.spec.Measure
	for _, p := range b.Places {
		if p.Until <= end || p.From >= end {
			continue
		}
		beds := float64(p.Beds)
		for _, c := range p.Capacity {
			if c.From < end {
				beds = float64(c.Beds)
			}
		}
		switch {
		case p.Contract == sim.Share:
			beds = max(beds, float64(p.Of)-othersUse(p))
		case p.Contract == sim.BedNights:
			if nights := float64(p.Nights) / yearDays; p.Beds == sim.NoLimit || nights < beds {
				beds = nights
			}
		case beds == sim.NoLimit:
			return room{endless: true}
		}
		all.beds += beds
		all.rests += beds * p.Turnover
	}
	if all.beds > 0 {
		all.rests /= all.beds
	}
	return all
}

// unplaced is the share of a class whom no place of a stage ever takes: those
// it does not suit, and those refused as long as they wait.
func unplaced(b *sim.Beds, k class) float64 {
	none := 1.0
	for _, p := range b.Places {
		takes := 1.0
		if p.Suits != nil {
			takes, _ = pick(p.Suits, k.cohort, k.traits)
		}
		if p.Assesses != nil {
			refused, _ := pick(p.Assesses.Refuses, k.cohort, k.traits)
			takes *= 1 - refused
		}
		none *= 1 - takes
	}
	return none
}

// othersUse is how many beds of a shared unit the people of others take up.
func othersUse(p sim.Place) float64 {
	if p.Others == nil {
		return 0
	}
	return p.Others.PerYear / yearDays * (p.Others.Stay.Mean() + p.Turnover)
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
