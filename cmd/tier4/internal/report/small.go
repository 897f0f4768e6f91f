package report

import (
	"maps"
	"slices"
	"strings"

	"tier4/calibration"
)

// leastShown is the least number of people that is shown of an extract: fewer might be known by it.
const leastShown = 5

const (
	fewPeople = "under 5" // a count that is not shown
	withheld  = "–"       // what would give one away
)

// hush hides small numbers of people, unless it is off.
type hush bool

// hides says whether a number of people is too small to show. Nobody is not.
func (h hush) hides(n int) bool { return bool(h) && n > 0 && n < leastShown }

// hide marks which of some counts must be hidden where their sum is known too: those that are too small, and as
// many of the least others as it takes that the sum does not give them away.
func (h hush) hide(counts ...int) []bool {
	hidden := make([]bool, len(counts))
	h.hideMore(hidden, counts)
	return hidden
}

// hideMore marks more of some counts, as hide does, where some are hidden already.
func (h hush) hideMore(hidden []bool, counts []int) {
	n, sum := 0, 0
	for i, c := range counts {
		if hidden[i] = hidden[i] || h.hides(c); hidden[i] {
			n++
			sum += c
		}
	}
	for n > 0 && (n == 1 || sum < leastShown) {
		least := -1
		for i, c := range counts {
			if !hidden[i] && c > 0 && (least < 0 || c < counts[least]) {
				least = i
			}
		}
		if least < 0 {
			break
		}
		hidden[least] = true
		n++
		sum += counts[least]
	}
}

// hideOrTotal marks which of some counts must be hidden, and whether their sum must be: one count alone is hidden
// by not telling the sum.
func (h hush) hideOrTotal(counts ...int) (hidden []bool, total bool) {
	hidden = make([]bool, len(counts))
	for i, c := range counts {
		hidden[i] = h.hides(c)
		total = total || hidden[i]
	}
	return hidden, total
}

// count writes a number of people, hidden where it must be.
func (h hush) count(n int, hidden bool) string {
	switch {
	case h.hides(n):
		return fewPeople
	case hidden:
		return withheld
	}
	return count(n)
}

// figures marks which figures must not be shown: those of too few people, and those that would give them away,
// as a cohort's beside everyone's and the other cohorts', or a contract's beside all admissions.
func (h hush) figures(all []calibration.Figure) []bool {
	hidden := make([]bool, len(all))
	groups := map[string][]int{}
	for i, f := range all {
		hidden[i] = h.hides(f.K) || f.Share && (h.hides(f.Of-f.K) || h.hides(f.Of))
		for _, key := range sumsOf(f.ID) {
			groups[key] = append(groups[key], i)
		}
	}
	if !h {
		return hidden
	}
	for more := true; more; { // what one sum hides may have to be hidden in another
		more = false
		for _, key := range slices.Sorted(maps.Keys(groups)) {
			more = h.inGroup(all, groups[key], hidden) || more
		}
	}
	return hidden
}

// sumsOf are the sums to which a figure's people add up with those of others: over cohorts, and over contracts.
func sumsOf(id string) (keys []string) {
	base, who, of := strings.Cut(id, "@")
	if of {
		keys = append(keys, base)
	}
	if stage, contract, ok := strings.Cut(base, ".admissions."); ok && contract != "" {
		keys = append(keys, stage+".admissions.@"+who)
	}
	return keys
}

// inGroup hides what gives away a hidden one of figures whose people add up to a figure shown; true if it hid any.
func (h hush) inGroup(all []calibration.Figure, group []int, hidden []bool) (any bool) {
	parts := []func(f calibration.Figure) int{func(f calibration.Figure) int { return f.K }}
	if all[group[0]].Share {
		parts = append(parts, func(f calibration.Figure) int { return f.Of - f.K }, func(f calibration.Figure) int { return f.Of })
	}
	for _, part := range parts {
		counts, marks := make([]int, len(group)), make([]bool, len(group))
		for k, i := range group {
			counts[k], marks[k] = part(all[i]), hidden[i]
		}
		h.hideMore(marks, counts)
		for k, i := range group {
			any = any || marks[k] && !hidden[i]
			hidden[i] = hidden[i] || marks[k]
		}
	}
	return any
}

// checks are the observed figures of a calibration that must not be shown, by id: those of too few people, and
// contracts and months that would give them away, since they add up to all admissions.
func (h hush) checks(all []calibration.Check) map[string]bool {
	hidden := map[string]bool{}
	contracts := map[string][]int{}
	for i, one := range all {
		hidden[one.ID] = h.hides(one.People)
		if stage, contract, ok := strings.Cut(one.ID, ".admissions."); ok && !strings.Contains(contract, ".") {
			contracts[stage] = append(contracts[stage], i)
		}
	}
	for _, group := range contracts { // each figure is in one, so the order does not matter
		counts, marks := make([]int, len(group)), make([]bool, len(group))
		for k, i := range group {
			counts[k] = all[i].People
		}
		h.hideMore(marks, counts)
		for k, i := range group {
			hidden[all[i].ID] = marks[k]
		}
	}
	for _, one := range all {
		if isMonth(one.ID) && hidden[one.ID[:strings.LastIndexByte(one.ID, '.')]] {
			hidden[one.ID] = true
		}
	}
	return hidden
}

// smallCurve says whether what a curve says at some days gives too few people away: those over by then by one
// cause, or those still seen.
func (h hush) smallCurve(c calibration.Curve, days float64) bool {
	if !bool(h) {
		return false
	}
	over := make([]int, len(c.Causes))
	for _, s := range c.Incidence.Steps {
		if s.Time > days {
			break
		}
		for k, n := range s.Of {
			over[k] += int(n + 0.5)
		}
	}
	return slices.ContainsFunc(over, h.hides) || h.tail(c, days)
}

// everyCause stands for all causes of a curve together.
const everyCause = -1

// overBy is how many are over by some days, by one cause or by any.
func overBy(c calibration.Curve, cause int, days float64) (n int) {
	for _, s := range c.Incidence.Steps {
		switch {
		case s.Time > days:
			return n
		case cause == everyCause:
			n += int(s.Ended + 0.5)
		default:
			n += int(s.Of[cause] + 0.5)
		}
	}
	return n
}

// tail says whether a curve rests on too few people from some days on.
func (h hush) tail(c calibration.Curve, days float64) bool {
	left := 0.0
	for _, s := range c.Incidence.Steps {
		if s.Time > days {
			break
		}
		left = s.AtRisk - s.Ended
	}
	return bool(h) && left > 0 && left < leastShown
}
