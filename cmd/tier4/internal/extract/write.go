package extract

import (
	"fmt"
	"strings"

	"tier4/scenarios"
)

// write writes the layout as a file of columns, which can be corrected and given back.
func (l *layout) write(t *table, unused []string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Which column is what, as read. Correct it, save it, and give it back with --columns. What is left out")
	line("# is guessed anew; `none` says that there is no such column.")
	line("columns:")
	column := func(key string, i int) {
		if i >= 0 {
			line("  %s: %s", key, scenarios.FlowText(t.header[i]))
		} else {
			line("  %s: none", key)
		}
	}
	date := func(key string, x expression) {
		if x != nil {
			line("  %s: %s", key, scenarios.FlowText(x.String()))
		} else {
			line("  %s: none", key)
		}
	}
	column("episode", l.episode)
	column("person", l.person)
	column("cohort", l.cohort)
	column("source", l.source)
	date("referred", l.referred)
	date("closed", l.closed)
	column("reason", l.reason)
	if len(l.traits) > 0 {
		line("  traits:")
		for _, one := range l.traits {
			text := t.header[one.column]
			if one.value != "" {
				text += " = " + one.value
			}
			line("    %s: %s", one.name, scenarios.FlowText(text))
		}
	}
	for _, s := range l.stages {
		line("  %s:", scenarios.FlowText(s.name))
		line("    kind: %s", kinds[s.kind])
		for _, one := range []struct {
			key string
			x   expression
		}{{"listed", s.listed}, {"admitted", s.admitted}, {"left", s.left}} {
			if one.x != nil {
				date("  "+one.key, one.x)
			}
		}
		if len(s.outcomes) > 0 {
			line("    outcome: %s", scenarios.FlowText(columnsOf(t, s.outcomes).String()))
		}
		if s.contract >= 0 {
			column("  contract", s.contract)
		}
	}
	l.writeRest(t, line)
	if len(unused) > 0 {
		line("# Nothing was made of: %s.", strings.Join(unused, ", "))
	}
	return b.String()
}

// columnsOf is columns of which the first with something in it holds.
func columnsOf(t *table, columns []int) (x expression) {
	for _, c := range columns {
		x = append(x, term{c, t.header[c], 0})
	}
	return x
}

// writeRest writes how the extract was made and what its values mean.
func (l *layout) writeRest(t *table, line func(string, ...any)) {
	line("selected_by: %s", l.selected)
	if l.from.Known() && l.last.Known() {
		line("window: {from: %s, to: %s}", l.from, l.last)
	}
	if l.extracted.Known() {
		line("extract_date: %s", l.extracted)
	}
	var orders []string
	one, same := undecided, true
	for _, c := range l.dateColumns() {
		if o := l.orderOf(c); o != undecided {
			orders = append(orders, scenarios.FlowText(t.header[c])+": "+o.String())
			same = same && (one == undecided || one == o)
			one = o
		}
	}
	switch {
	case one != undecided && same:
		line("dates: %s", one)
	case len(orders) > 0:
		line("dates: {%s}", strings.Join(orders, ", "))
	}
	var meetings []string
	for _, c := range l.meetings {
		meetings = append(meetings, scenarios.FlowText(t.header[c]))
	}
	if meetings == nil {
		meetings = []string{"none"}
	}
	line("meetings: [%s] # dates at the start of the day: sessions and panels", strings.Join(meetings, ", "))
	for _, of := range []string{"cohorts", "outcomes", "contracts", "sources", "reasons"} {
		if means := l.means[of]; len(means) > 0 {
			line("%s:", of)
			for _, m := range means {
				line("  %s: %s", scenarios.FlowText(m.written), scenarios.FlowText(m.means))
			}
		}
	}
}
