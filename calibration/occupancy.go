package calibration

import "tier4/sim"

// Occupancy is how many people are at a stage at each midnight, from From to Until: element k is the
// number of those who slept there in the night that ends on day From+k, or who are in the group from that
// day's meeting on. Someone who leaves as somebody else comes the same day is not counted beside them.
func (x *Extract) Occupancy(stage int) []int {
	return x.inside(x.Stays(stage), x.Stages[stage].Kind != sim.BedsKind)
}

// Waiting is how many people are on the list of a stage at each midnight, as Occupancy. Those of whom
// the extract does not say which list they are on are on each.
func (x *Extract) Waiting(stage int) []int {
	return x.inside(x.Waits(stage), true)
}

// days is how many days the extract is about: none where nothing in it says which.
func (x *Extract) days() int {
	if !x.From.Known() || !x.Until.Known() {
		return 0
	}
	return max(0, int(x.Until-x.From))
}

// inside counts spells by midnight: from the one after their first day, or the one that begins it if they
// start with it, to the one that begins their last.
func (x *Extract) inside(spells []Spell, atStart bool) []int {
	change := make([]int, x.days()+2)
	at := func(d Day) int { return min(max(0, int(d-x.From)), len(change)-1) }
	for _, s := range spells {
		first := s.From + 1
		if s.FromAt == DayStart && atStart {
			first = s.From
		}
		end := s.To + 1
		if s.ToAt == DayStart && s.End != Open {
			end = s.To
		}
		if end > first {
			change[at(first)]++
			change[at(end)]--
		}
	}
	n := 0
	for k := range change {
		n += change[k]
		change[k] = n
	}
	return change[:len(change)-1]
}

// TrustedFrom is the day from which the occupancy of a stage can be trusted: From by activity; by referral
// the day by which all but one in a hundred of those who would be inside were referred since From. It is
// Until when the extract is too short to tell.
func (x *Extract) TrustedFrom(stage int) Day { return x.trusted(x.Stays(stage)) }

// WaitingTrustedFrom is the day from which the number on the list of a stage can be trusted.
func (x *Extract) WaitingTrustedFrom(stage int) Day { return x.trusted(x.Waits(stage)) }

// FlowTrustedFrom is the day from which counts of what happens on some days can be trusted: of each, the
// episode and the day.
func (x *Extract) FlowTrustedFrom(happened []Spell) Day {
	days := make([]Spell, len(happened))
	for i, s := range happened {
		days[i] = Spell{Episode: s.Episode, From: s.To, To: s.To + 1}
	}
	return x.trusted(days)
}

// trusted is the day from which being in one of the spells can be trusted. How long after referral people are
// in one is taken from the extract itself: at each number of days, the share of those followed that long.
func (x *Extract) trusted(spells []Spell) Day {
	if x.SelectedBy == ByActivity {
		return x.From
	}
	span := x.days() + 1
	inside, followed := make([]int, span+2), make([]int, span+2)
	for _, s := range spells {
		referred := x.Episodes[s.Episode].Referred
		if from, to := int(s.From-referred), int(s.To-referred); referred.Known() && 0 <= from && from <= to && to <= span {
			inside[from]++
			inside[to]--
		}
	}
	for i := range x.Episodes {
		if r := x.Episodes[i].Referred; r.Known() && r >= x.From && r < x.Until {
			followed[0]++
			followed[int(x.Until-r)]--
		}
	}
	share, total := make([]float64, span), 0.0
	in, of := 0, 0
	for k := range share {
		in, of = in+inside[k], of+followed[k]
		if of > 0 {
			share[k] = float64(in) / float64(of)
		}
		total += share[k]
	}
	sum := 0.0
	for k := range share {
		if sum += share[k]; total > 0 && sum >= 0.99*total {
			return min(x.From+Day(k+1), x.Until)
		}
	}
	return x.From
}
