package report

import (
	"math"
	"slices"
	"strings"
)

// losses is the section of a comparison that says in whole people where they are lost.
func (s *Study) losses(p *Page) {
	t := s.lostTable()
	if len(t.Rows) == 0 {
		return
	}
	p.title(2, "Where people are lost")
	p.say("People a year whose way ends early, by step, in whole people; under each what-if, how many more or fewer. " +
		"\"-\": none, in whole people. \"Not clear\": what there is may be chance. The last line adds up the lines above it.")
	p.table(t)
}

// lostTable is a row for each step and cause by which whole people are lost, or more or fewer are, and
// a column for each what-if; the last row adds up the others.
func (s *Study) lostTable() *Table {
	t := &Table{Head: []string{"Lost", clean(s.Title(0))}}
	for i := range s.Findings.Comparisons {
		t.Head = append(t.Head, clean(s.Title(i+1)))
	}
	all := make([]int, len(t.Head)-1)
	for _, id := range s.lossIDs() {
		base, _ := s.Findings.Summaries[0].Find(id)
		lost := wholeNumber(base.Value)
		numbers, cells := []int{lost}, []string{sentence(Label(id)), count(lost)}
		for i := range s.Findings.Comparisons {
			n, words := s.lostChange(i, id)
			numbers, cells = append(numbers, n), append(cells, words)
		}
		if !slices.ContainsFunc(numbers, func(n int) bool { return n != 0 }) {
			continue
		}
		for i, n := range numbers {
			all[i] += n
		}
		t.add(cells...)
	}
	if len(t.Rows) > 0 {
		total := []string{"All together", count(all[0])}
		for _, n := range all[1:] {
			total = append(total, moreOrFewer(n))
		}
		t.add(total...)
	}
	return t
}

func isLoss(id string) bool { return strings.HasPrefix(id, "lost.") && !strings.Contains(id, "@") }

func wholeNumber(x float64) int { return int(math.Round(x)) }

// lossIDs are the figures of losses of the base, then those of steps that only what-ifs have.
func (s *Study) lossIDs() (ids []string) {
	seen := map[string]bool{}
	for _, summary := range s.Findings.Summaries {
		for _, e := range summary.Estimates {
			if isLoss(e.ID) && !seen[e.ID] {
				seen[e.ID] = true
				ids = append(ids, e.ID)
			}
		}
	}
	return ids
}

// lostChange is a clear difference of the i-th what-if in whole people, and the words for any. Where
// one of the two has no such step, nobody is lost there.
func (s *Study) lostChange(i int, id string) (n int, words string) {
	if d := find(s.Findings.Comparisons[i], id); d != nil {
		switch {
		case clear(d.Verdict):
			n = wholeNumber(d.Value)
		case !d.Same && !(d.Known() && d.Low > -0.5 && d.High < 0.5):
			return 0, "not clear"
		}
		return n, moreOrFewer(n)
	}
	before, had := s.Findings.Summaries[0].Find(id)
	then, has := s.Findings.Summaries[i+1].Find(id)
	switch {
	case had && !has:
		n = -wholeNumber(before.Value)
	case has && !had:
		n = wholeNumber(then.Value)
	}
	return n, moreOrFewer(n)
}

func moreOrFewer(n int) string {
	switch {
	case n > 0:
		return count(n) + " more"
	case n < 0:
		return count(-n) + " fewer"
	}
	return "-"
}

// lostDifference says in whole people a year where fewer or more are lost in the i-th what-if.
func (s *Study) lostDifference(i int) (lines []string) {
	for _, id := range s.lossIDs() {
		if n, words := s.lostChange(i, id); n != 0 {
			lines = append(lines, words+" "+Label(id))
		}
	}
	return lines
}
