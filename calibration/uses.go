package calibration

import (
	"slices"

	"tier4/sim"
)

// Use is how many places of a stage are in use at midnight, from the day on which that can be trusted.
type Use struct {
	Stage    int
	Contract int // -1: all
	From     Day
	Days     int
	Levels   []int // days with 0, 1, 2, … in use
	ByDay    []int // from From on
	Most     int   // in use at once on any day of the window: absent people can only hide some
	AtMost   int   // days with the most in use
}

// Mean is the average in use.
func (u *Use) Mean() float64 {
	sum := 0.0
	for n, days := range u.Levels {
		sum += float64(n * days)
	}
	return sum / float64(max(1, u.Days))
}

// Enough is the least number that is enough on a share of the days.
func (u *Use) Enough(share float64) int {
	sum := 0
	for n, days := range u.Levels {
		if sum += days; float64(sum) >= share*float64(u.Days) {
			return n
		}
	}
	return max(0, len(u.Levels)-1)
}

// Uses are those of every stage with places, and of each contract where there are several.
func (x *Extract) Uses() (all []Use) {
	for k, s := range x.Stages {
		if s.Kind == sim.DelayKind || s.Kind == sim.PanelKind || len(x.Stays(k)) == 0 {
			continue
		}
		all = append(all, x.use(k, -1))
		var bought []int
		for i := range x.Episodes {
			if c := x.Episodes[i].Steps[k].Contract; c >= 0 && !slices.Contains(bought, c) {
				bought = append(bought, c)
			}
		}
		slices.Sort(bought)
		for _, c := range bought {
			if len(bought) > 1 {
				all = append(all, x.use(k, c))
			}
		}
	}
	return all
}

func (x *Extract) use(stage, contract int) Use {
	u := Use{Stage: stage, Contract: contract, From: x.TrustedFrom(stage)}
	spells := x.Stays(stage)
	if contract >= 0 {
		spells = slices.DeleteFunc(spells, func(s Spell) bool { return s.Contract != contract })
	}
	byDay := x.inside(spells, x.Stages[stage].Kind != sim.BedsKind)
	for _, n := range byDay {
		switch {
		case n > u.Most:
			u.Most, u.AtMost = n, 1
		case n == u.Most:
			u.AtMost++
		}
	}
	u.ByDay = byDay[min(len(byDay), int(u.From-x.From)):]
	u.Days = len(u.ByDay)
	for _, n := range u.ByDay {
		for len(u.Levels) <= n {
			u.Levels = append(u.Levels, 0)
		}
		u.Levels[n]++
	}
	return u
}

// Bought is how admissions to a stage were paid for, by how long people had waited.
type Bought struct {
	Stage     int
	Contracts []string
	Bands     []BoughtBand
}

// BoughtBand is the admissions after a wait of some days.
type BoughtBand struct {
	From, To int // days, To not included; 0 for no end
	By       []int
}

// Total is all admissions of the band.
func (b BoughtBand) Total() (n int) {
	for _, k := range b.By {
		n += k
	}
	return n
}

// boughtAfter are the bounds of bands of days waited.
var boughtAfter = [...]int{0, 7, 14, 21, 28, 42, 56, 84}

// Bought is by which contract people got into the beds of a stage after how long a wait; ok is false where one
// contract is all there is.
func (x *Extract) Bought(stage int) (b Bought, ok bool) {
	b = Bought{Stage: stage, Contracts: x.Contracts}
	for i, from := range boughtAfter {
		band := BoughtBand{From: from, By: make([]int, len(x.Contracts))}
		if i+1 < len(boughtAfter) {
			band.To = boughtAfter[i+1]
		}
		b.Bands = append(b.Bands, band)
	}
	seen := make([]bool, len(x.Contracts))
	for _, w := range x.Waits(stage) {
		if w.End != GotIn || w.Contract < 0 {
			continue
		}
		i := len(boughtAfter) - 1
		for int(w.To-w.From) < boughtAfter[i] {
			i--
		}
		b.Bands[i].By[w.Contract]++
		seen[w.Contract] = true
	}
	several := 0
	for _, s := range seen {
		if s {
			several++
		}
	}
	return b, several > 1
}
