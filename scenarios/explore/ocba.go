package explore

import (
	"context"
	"math"
	"slices"
)

// shares are how replications should be shared out, in proportion, so that the best option is told from the
// others as surely as can be: the optimal computing budget allocation of Chen, Lin, Yücesan and Chick (2000),
// for options that have the same people (Fu, Hu, Chen and Xiong 2007). ratios has, for each option but the
// best, by how many standard deviations of one replication it is told from being the answer; the best, with which the others are compared
// replication by replication, needs as many as any.
func shares(ratios []float64, best int) []float64 {
	all := make([]float64, len(ratios))
	for i, z := range ratios {
		if i != best && z > 0 {
			all[i] = 1 / (z * z)
		}
	}
	all[best] = max(slices.Max(all), 1/(ratios[best]*ratios[best]))
	sum := 0.0
	for _, a := range all {
		sum += a
	}
	for i := range all {
		all[i] /= sum
	}
	return all
}

// spend spends the budget block by block where, by what is known then, it is most wanting.
func (t *contest) spend(ctx context.Context) error {
	for {
		t.ending = Spent
		best := t.leader()
		if best < 0 {
			return nil
		}
		left := t.Budget - t.used()
		some := t.wanting(best, left)
		if len(some) == 0 {
			return nil
		}
		for _, group := range t.alike(some) {
			r := t.goal[group[0]].len()
			if err := t.play(ctx, group, min(t.Most, r+blockSize)); err != nil {
				return err
			}
		}
	}
}

// wanting are the options that fall shortest of their share, a tenth of all at a time, and no more than the
// budget allows a block of.
func (t *contest) wanting(best, left int) []int {
	type short struct {
		option int
		by     float64
	}
	share := shares(t.ratios(best), best)
	size := max(1, len(t.Options)/10)
	after := float64(t.used() + size*blockSize)
	var all []short
	for i := range t.Options {
		if t.inPlay(i) && t.goal[i].len() < t.Most {
			all = append(all, short{i, share[i]*after - float64(t.goal[i].len())})
		}
	}
	slices.SortStableFunc(all, func(a, b short) int {
		switch {
		case a.by > b.by:
			return -1
		case a.by < b.by:
			return 1
		}
		return 0
	})
	var some []int
	for _, s := range all[:min(len(all), size)] {
		if left >= blockSize && (len(some) == 0 || s.by > 0) {
			some = append(some, s.option)
			left -= blockSize
		}
	}
	slices.Sort(some)
	return some
}

// alike groups options that have been played equally often.
func (t *contest) alike(options []int) (groups [][]int) {
	for _, i := range options {
		at := slices.IndexFunc(groups, func(g []int) bool { return t.goal[g[0]].len() == t.goal[i].len() })
		if at < 0 {
			groups = append(groups, []int{i})
		} else {
			groups[at] = append(groups[at], i)
		}
	}
	return groups
}

// ratios are the distances of options from being the answer, in standard deviations of one replication: that
// of the goal, or of a constraint it seems to miss, whichever tells it sooner (Lee and others 2012). Of the
// best, the distance from missing a constraint. Differences that do not matter count as those that just do.
func (t *contest) ratios(best int) []float64 {
	all := make([]float64, len(t.Options))
	goal := t.goal[best].residuals(t.goal[best].len())
	for i := range t.Options {
		if !t.inPlay(i) {
			continue
		}
		if i != best {
			gap := max(t.Indifference, t.ahead(best, i))
			all[i] = gap / t.sdOf(varianceOfDifference(goal, t.goal[i].residuals(t.goal[i].len())))
		} else {
			all[i] = math.Inf(1)
		}
		for s, check := range t.checks {
			e := check.excess(i)
			if z := max(check.limit.Tolerance, math.Abs(e)) / t.sdOf(variance(t.limits[s][i].residuals(t.goal[i].len()))); i == best {
				all[i] = min(all[i], z)
			} else if e > 0 {
				all[i] = max(all[i], z)
			}
		}
	}
	return all
}

// sdOf is a standard deviation, not 0.
func (t *contest) sdOf(variance float64) float64 { return max(math.Sqrt(variance), 1e-12) }
