package report

import (
	"math"
	"strings"

	"tier4/sim"
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
	for _, e := range s.Findings.Summaries[0].Estimates {
		if !isLoss(e.ID) {
			continue
		}
		lost := wholeNumber(e.Value)
		numbers, cells := []int{lost}, []string{sentence(Label(e.ID)), count(lost)}
		some := lost > 0
		for _, c := range s.Findings.Comparisons {
			n, words := lostChange(find(c, e.ID))
			some = some || n != 0
			numbers, cells = append(numbers, n), append(cells, words)
		}
		if !some {
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

// lostChange is a clear difference in whole people, and the words for any.
func lostChange(d *sim.Difference) (n int, words string) {
	switch {
	case d == nil:
		return 0, "no such step"
	case clear(d.Verdict):
		n = wholeNumber(d.Value)
		return n, moreOrFewer(n)
	case d.Same || d.Known() && d.Low > -0.5 && d.High < 0.5:
		return 0, moreOrFewer(0)
	}
	return 0, "not clear"
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

// lostDifference says in whole people a year where fewer or more are lost.
func lostDifference(c *sim.Comparison) (lines []string) {
	for i := range c.Differences {
		d := &c.Differences[i]
		if !isLoss(d.ID) {
			continue
		}
		if n, words := lostChange(d); n != 0 {
			lines = append(lines, words+" "+Label(d.ID))
		}
	}
	return lines
}
