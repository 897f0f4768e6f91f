package extract

import (
	"fmt"
	"strings"

	"tier4/calibration"
	"tier4/sim"
)

// oddLines says which lines of a text read as something although they may be damaged: those that end before the
// header does, as where a file was cut off, and those with bytes of value 0.
func oddLines(t *table, rows []draft) (notes []string) {
	if !t.text {
		return nil
	}
	columns := len(trimmed(t.head))
	var short []int
	for i := range rows {
		if d := &rows[i]; !d.unusable() && len(d.cells) < columns {
			short = append(short, d.number)
		}
	}
	if n := len(short); n > 0 {
		notes = append(notes, fmt.Sprintf("%d %s fewer cells than the header, and those missing are read as empty: %s", n, oneOrMore(n, "row has", "rows have"), listed(short)))
	}
	if n := len(t.nul); n > 0 {
		notes = append(notes, fmt.Sprintf("%d %s bytes of value 0, as damaged files have them; they are left out: %s", n, oneOrMore(n, "line has", "lines have"), listed(t.nul)))
	}
	return notes
}

// oddOutcomes notes outcomes that the dates beside them contradict: a death with later steps, and the end of a stay
// of which there is no date. The dates hold.
func (b *builder) oddOutcomes(d *draft) {
	if len(d.defects) > 0 {
		return
	}
	steps := d.episode.Steps
	for k, s := range b.l.stages {
		if len(s.outcomes) == 0 || steps[k].Outcome == calibration.Open || s.kind == sim.PanelKind {
			continue
		}
		column := b.t.header[s.outcomes[0]]
		if s.left != nil && !steps[k].Left.Known() {
			b.notes.at(d.number, fmt.Sprintf("`%s` says how a stay ended, but `%s` has no date", column, s.left[0].name))
		}
		if steps[k].Outcome != calibration.Died {
			continue
		}
		for later := k + 1; later < len(steps); later++ {
			if steps[later].Admitted.Known() {
				b.notes.at(d.number, fmt.Sprintf("`%s` says that the person died, but `%s` has a date; the later dates are used", column, b.l.stages[later].admitted[0].name))
				break
			}
		}
	}
}

func oneOrMore(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// listed names the first few of some lines: "lines 3, 8, 12 and 9 more".
func listed(lines []int) string {
	var parts []string
	for _, n := range lines[:min(mostExamples, len(lines))] {
		parts = append(parts, fmt.Sprint(n))
	}
	if more := len(lines) - len(parts); more > 0 {
		parts = append(parts, fmt.Sprintf("%d more", more))
	}
	text := strings.Join(parts, ", ")
	if i := strings.LastIndex(text, ", "); i >= 0 {
		text = text[:i] + " and" + text[i+1:]
	}
	return plural(len(lines), "line") + " " + text
}
