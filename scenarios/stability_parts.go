package scenarios

import (
	"math"
	"slices"
	"strings"

	"tier4/sim"
)

// warnPools warns of staff who are asked for more cases than they can hold by people who never give up. A case is held at
// least through what is done for its people, all waiting left out, until the next list that they may leave or the next bed.
func (f *flow) warnPools(r *reader) {
	for _, pool := range f.spec.Staff {
		people, cases := 0.0, 0.0
		for c := range f.classes {
			held := f.caseTimes(c)
			for i := range f.spec.Stages {
				if f.spec.Stages[i].OpensCase == pool.Name && !f.steps[c][i].gives {
					people += f.in[c][i]
					cases += f.in[c][i] * held[i]
				}
			}
		}
		if cases < float64(pool.Caseload)*(1-1e-9) {
			continue
		}
		r.warn("grows", "staff."+pool.Name, "%s: %s cases a day of %s at least, before any waiting, are %s%% of the %s that there can be, and nobody gives up: the list for a case grows without end",
			pool.Name, three(people), inDays(cases/people), three(100*cases/float64(pool.Caseload)), counted(pool.Caseload, "case"))
	}
}

// caseTimes is, by stage, how long a case of a class goes on from there, waiting left out.
func (f *flow) caseTimes(class int) []float64 {
	times := make([]float64, len(f.spec.Stages))
	for moved, n := true, 0; moved && n < 1000; n++ {
		moved = false
		for i := range f.spec.Stages {
			s := &f.spec.Stages[i]
			if s.Kind == sim.BedsKind {
				continue
			}
			sum := serviceTime(s, f.classes[class])
			for j := range f.spec.Stages {
				if !f.steps[class][j].gives {
					sum += f.steps[class][i].to[f.spec.Stages[j].Name] * times[j]
				}
			}
			moved = moved || sum > times[i]+1e-9
			times[i] = sum
		}
	}
	return times
}

// serviceTime is the mean time that people of a class are served at a stage that has no beds.
func serviceTime(s *sim.Stage, k class) float64 {
	switch s.Kind {
	case sim.DelayKind:
		return mean(s.Delay.Takes, k)
	case sim.AftercareKind:
		return mean(s.Aftercare.Lasts, k)
	case sim.PanelKind:
		fast, _ := pick(s.Panel.FastTrack, k.cohort, k.traits)
		return (1 - fast) * s.Panel.AnswerAfter
	}
	leaves, _ := pick(s.Group.Leaves, k.cohort, k.traits)
	if leaves == 0 {
		return float64(s.Group.Sessions) * s.Group.SessionEvery
	}
	return (1 - math.Pow(1-leaves, float64(s.Group.Sessions))) / leaves * s.Group.SessionEvery // sessions attended
}

// warnParts warns of people for whom there are too few beds though a stage has enough of them: those who do not suit its
// other places.
func (f *flow) warnParts(r *reader, stage int) {
	s := &f.spec.Stages[stage]
	if s.Kind != sim.BedsKind {
		return
	}
	suiting := make([]uint64, len(f.classes)) // by class: the places that take some of it
	for c, k := range f.classes {
		for i, p := range s.Beds.Places {
			if share, _ := pick(p.Suits, k.cohort, k.traits); p.Suits == nil || share > 0 {
				suiting[c] |= 1 << i
			}
		}
	}
	var told []uint64
	for _, places := range suiting {
		if slices.Contains(told, places) || places == 1<<len(s.Beds.Places)-1 || places == 0 {
			continue
		}
		told = append(told, places)
		only := *s.Beds
		only.Places = nil
		var names []string
		for i, p := range s.Beds.Places {
			if places>>i&1 == 1 {
				only.Places = append(only.Places, p)
				names = append(names, p.Name)
			}
		}
		room := f.roomOf(&only)
		people, days := 0.0, 0.0
		for c := range f.classes {
			if suiting[c]&^places == 0 && !f.steps[c][stage].gives {
				people += f.in[c][stage]
				days += f.in[c][stage] * f.steps[c][stage].stays
			}
		}
		if room.endless || people == 0 || days < room.beds*(1-1e-9) {
			continue
		}
		r.warn("grows", "pathway."+s.Name, "%s: %s people a day whom nothing but %s suits, for %s of %s, are %s%% of what there is room for, and they do not give up: their list grows without end",
			s.Name, three(people), strings.Join(names, " and "), bedsOf(room.beds), inDays(days/people), three(100*days/room.beds))
	}
}

// warnFunds warns of budgets that hold people back of whom none gives up, and whose money does not do for them all.
func (f *flow) warnFunds(r *reader) {
	for _, b := range f.spec.Budgets {
		if b.WhenSpent == sim.Overspend {
			continue
		}
		people, cost := 0.0, 0.0 // a year
		for i := range f.spec.Stages {
			s := &f.spec.Stages[i]
			if s.Kind != sim.BedsKind || !slices.Contains(b.PaysFor, s.Name) {
				continue
			}
			price := leastPrice(s.Beds)
			for c := range f.classes {
				if price > 0 && !f.leavesBefore(c, i, b.WhenSpent) {
					people += f.in[c][i] * yearDays
					cost += f.in[c][i] * yearDays * f.steps[c][i].stays * price
				}
			}
		}
		if people == 0 || cost < float64(b.PerYear)*(1+1e-9) {
			continue
		}
		r.warn("grows", "budgets."+b.Name, "%s: %s placements a year of people who do not give up cost %s at least, more than its %s: those whom it holds back become more without end",
			b.Name, three(people), pounds(100*sim.Pence(math.Round(cost/100))), pounds(b.PerYear))
	}
}

// leavesBefore reports whether people of a class may give up where a budget holds them back from a stage of beds.
func (f *flow) leavesBefore(class, stage int, how sim.WhenSpent) bool {
	if how == sim.HoldAdmissions {
		return f.steps[class][stage].gives
	}
	for i := range f.spec.Stages {
		if f.spec.Stages[i].Kind == sim.PanelKind && f.steps[class][i].gives {
			return true
		}
	}
	return false
}

// leastPrice is the least that a night at a stage costs, the client's part aside; 0 where some place is paid for whoever
// sleeps there.
func leastPrice(b *sim.Beds) float64 {
	least := math.Inf(1)
	for _, p := range b.Places {
		if !paidByNight(p) {
			return 0
		}
		night := p.PerNight
		if p.Terms.AboveNights > 0 {
			night = min(night, p.Terms.AbovePerNight)
		}
		least = min(least, float64(night)-float64(p.Terms.Contribution)/7)
	}
	return max(0, least)
}
