package sim

import (
	"fmt"
	"slices"
	"strings"

	"tier4/sim/stats"
)

// Gaps: how far a figure of one group of people lies from that of everyone else, in the same replications.

const (
	gapPrefix = "gap."
	notPrefix = "not " // @not women: everyone else
)

// gap is a figure of a group less that of everyone else.
type gap struct {
	id           string
	group, other string // ids of the two figures
}

// usualGaps are those of each trait: who waits longer, and who is lost more.
func (m *Model) usualGaps() (ids []string) {
	for _, t := range m.people.traits {
		for _, stage := range m.bedsStages {
			name := m.stages[stage].Name
			for _, what := range []string{name + ".wait.mean", name + ".dropped_out", "reached." + name} {
				ids = append(ids, gapPrefix+what+"@"+t.name)
			}
		}
		ids = append(ids, gapPrefix+"completed@"+t.name)
	}
	return ids
}

// gap plans a gap, and says which two figures it needs.
func (b *planner) gap(id, of string) (sides []string, faults []error) {
	base, group, restricted := strings.Cut(of, "@")
	if !restricted || strings.HasPrefix(group, notPrefix) {
		return nil, []error{fmt.Errorf("%s: a gap is between a group and everyone else: write the group after an @", id)}
	}
	g := gap{id: id, group: base + "@" + group, other: base + "@" + notPrefix + group}
	b.p.gaps = append(b.p.gaps, g)
	return []string{g.group, g.other}, nil
}

// in reports whether people of a stream and kind belong to a cohort, trait or stream, or to its opposite.
func (m *Model) in(stream int, kind uint16, group string) bool {
	if without, ok := strings.CutPrefix(group, notPrefix); ok {
		return !m.in(stream, kind, without)
	}
	return group == "" || m.people.fits(kind, group) || m.streams[stream].Name == group
}

// gaps adds up the gaps of replications.
type gaps []gapSum

type gapSum struct {
	gap
	at     [2]int // figures; -1 where one is absent
	paired stats.PairedRatio
}

func newGaps(p *plan) (all gaps) {
	for _, g := range p.gaps {
		sum := gapSum{gap: g}
		for k, id := range []string{g.other, g.group} {
			sum.at[k] = slices.IndexFunc(p.figures, func(f figure) bool { return f.ID == id && f.ratio != nil })
		}
		all = append(all, sum)
	}
	return all
}

// add takes in replications of a block from one to before another, of so many figures each.
func (g *gapSum) add(b *Batch, from, to, figures int) {
	if g.at[0] < 0 || g.at[1] < 0 {
		return
	}
	for i := from; i < to; i++ {
		one, other := i*figures+g.at[0], i*figures+g.at[1]
		g.paired.Add(b.y[one], b.n[one], b.y[other], b.n[other])
	}
}

// addGaps adds the gaps to a summary, as figures.
func (g *Gather) addGaps(s *Summary) {
	for i := range g.gaps {
		sum := &g.gaps[i]
		d, ok := sum.paired.Difference(level)
		if !ok || sum.at[0] < 0 || sum.at[1] < 0 {
			s.Absent = append(s.Absent, Absent{sum.id, "there is nobody in the group, or nobody outside it"})
			continue
		}
		f := g.m.plan.figures[sum.at[0]].Figure
		f.ID, f.Better = sum.id, 0
		e := Estimate{Figure: f, Estimate: d.Estimate, Replications: sum.paired.Count()}
		if g.nest != nil {
			if wide, parts, ok := sum.paired.Nested(&g.nest.totals[sum.at[0]], &g.nest.totals[sum.at[1]], level); ok {
				e.Estimate, e.Parts = wide.Estimate, &Parts{Parts: parts}
			}
		}
		s.Estimates = append(s.Estimates, e)
	}
}
