package extract

import (
	"slices"

	"tier4/calibration"
	"tier4/sim"
)

// path is what the rows themselves say of the way through the pathway.
type path struct {
	l *layout
	// passed[p][q] counts those who got into stage q with p the last stage before, p = -1 being the
	// referral: passed[p+1][q]. waited says how many of them waited at all.
	passed, waited [][]int
}

// guessListed fills in when people join the list of each stage where no column says so: when what comes before
// it ends. Where rows lack that, it is what comes before that.
func guessListed(l *layout, rows []draft, notice func(stage int) int) {
	for k := range l.stages {
		s := &l.stages[k]
		if s.listed != nil || l.given[s.name+".listed"] {
			continue
		}
		var chain expression
		for j := k - 1; j >= -1; j-- {
			end := l.ends(j)
			if end == nil || len(chain) > 0 && !lacking(s, chain, end, rows) {
				continue
			}
			for _, one := range end {
				if j >= 0 && l.stages[j].kind == sim.PanelKind {
					one.plus += notice(j)
				}
				if !slices.ContainsFunc(chain, func(t term) bool { return t.column == one.column }) {
					chain = append(chain, one)
				}
			}
		}
		s.listed = chain
	}
}

// ends is when a stage is over: a bed or a group is left, a delay or a panel is through. -1 is the referral.
func (l *layout) ends(stage int) expression {
	if stage < 0 {
		return l.referred
	}
	s := l.stages[stage]
	if s.left != nil {
		return s.left
	}
	return s.admitted
}

// lacking says whether one in twenty of those who got into a stage have none of the dates of a chain, but have
// another: fewer are dates that were not filled in.
func lacking(s *stageColumns, chain, other expression, rows []draft) bool {
	lack, all := 0, 0
	for i := range rows {
		if got, _ := s.admitted.on(rows[i].dates); !got.Known() {
			continue
		}
		all++
		have, _ := chain.on(rows[i].dates)
		alt, _ := other.on(rows[i].dates)
		if !have.Known() && alt.Known() {
			lack++
		}
	}
	return lack > 0 && rareIn*lack >= all
}

// rareIn is how many there are to one that is taken for a slip, not for a way that people go.
const rareIn = 20

// noticeAfter guesses how long after a panel its decision takes effect: the shortest time in which anything
// happens to those it heard, if a good part of them are admitted just then.
func noticeAfter(l *layout, rows []draft, stage int) int {
	panel := l.stages[stage]
	const most = 29
	var admitted, closed [most]int
	total := 0
	for i := range rows {
		heard, _ := panel.admitted.on(rows[i].dates)
		if !heard.Known() {
			continue
		}
		next := calibration.Missing
		for _, s := range l.stages[stage+1:] {
			for _, x := range []expression{s.listed, s.admitted} {
				if d, _ := x.on(rows[i].dates); d.Known() && (!next.Known() || d < next) && d >= heard {
					next = d
				}
			}
		}
		if next.Known() {
			total++
			if gap := int(next - heard); gap < most {
				admitted[gap]++
			}
			continue
		}
		// whoever is declined is closed with the decision; giving up during the notice would say there is none
		if d, _ := l.closed.on(rows[i].dates); d.Known() && d > heard && int(d-heard) < most {
			closed[int(d-heard)]++
		}
	}
	for gap := range most {
		if closed[gap] > 0 && admitted[gap] == 0 {
			return 0
		}
		if admitted[gap] > 0 {
			if gap > 0 && admitted[gap] >= 5 && 20*admitted[gap] >= total {
				return gap
			}
			return 0
		}
	}
	return 0
}

// always says whether nearly all who got past a stage were at it.
func (p *path) always(stage int) bool {
	past, by := 0, 0
	for from := range p.passed {
		for to, n := range p.passed[from] {
			switch {
			case from-1 < stage && to > stage:
				by += n
			case from-1 == stage:
				past += n
			}
		}
	}
	return by*rareIn < past+by
}

// pathOf counts who went from where to where.
func pathOf(l *layout, rows []draft) *path {
	n := len(l.stages)
	p := &path{l: l, passed: make([][]int, n+1), waited: make([][]int, n+1)}
	for i := range p.passed {
		p.passed[i], p.waited[i] = make([]int, n), make([]int, n)
	}
	for i := range rows {
		if len(rows[i].defects) > 0 {
			continue
		}
		last := -1
		for k, s := range l.stages {
			got, _ := s.admitted.on(rows[i].dates)
			if !got.Known() {
				continue
			}
			p.passed[last+1][k]++
			if listed, _ := s.listed.on(rows[i].dates); !listed.Known() || listed < got {
				p.waited[last+1][k]++
			}
			last = k
		}
	}
	return p
}

// lists are the stages on whose list a person may be who was last at a stage and left it: those that more than a
// few went to from there, and waited for.
func (p *path) lists(last int) (stages []int) {
	all := 0
	for _, n := range p.passed[last+1] {
		all += n
	}
	for k, n := range p.passed[last+1] {
		if n > 0 && rareIn*n >= all && 20*p.waited[last+1][k] > n {
			stages = append(stages, k)
		}
	}
	if stages == nil && last+1 < len(p.l.stages) && !slices.ContainsFunc(p.passed[last+1], func(n int) bool { return n > 0 }) {
		stages = []int{last + 1} // nobody got further yet
	}
	return stages
}
