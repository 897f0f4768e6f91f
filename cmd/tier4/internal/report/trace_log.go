package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"tier4/sim"
)

// Log is everything that happened from one day up to another.
type Log struct {
	*Traced
	From, Until sim.Days // the second is not among them
	events      []entry
}

// entry is something that happened and to whom; "" for one of the others.
type entry struct {
	sim.Told
	who     string
	arrived string // how they come, if that is the first of a visit
}

// Told listens.
func (l *Log) Told(e sim.Told) {
	one := entry{e, l.who(e), ""}
	if one.who != "" {
		one.arrived = l.arrived(e)
	}
	if e.At >= l.From && e.At < l.Until {
		l.events = append(l.events, one)
	}
}

// who is the name of the person to whom something happened; "" for one of the others.
func (t *Traced) who(e sim.Told) string {
	if e.What == sim.OtherStarts || e.What == sim.OtherLeaves {
		return ""
	}
	return t.Name(e.Who)
}

// Page is the log by day.
func (l *Log) Page() *Page {
	p := new(Page)
	p.title(1, clean(l.Scenario.Name)+": what happened")
	p.say("From %s to %s. %s", l.day(l.From), l.day(l.Until-1), l.played())
	if len(l.events) == 0 {
		p.say("Nothing happened.")
	}
	for i := 0; i < len(l.events); {
		day := l.date(l.events[i].At)
		p.title(3, day.Format("Monday 2 January 2006"))
		var lines []string
		var strangers others
		for i < len(l.events) && l.date(l.events[i].At).Equal(day) {
			n := l.together(i)
			if l.events[i].who == "" {
				strangers.count(l.events[i].Told)
			} else {
				lines = append(lines, l.line(l.events[i:i+n]))
			}
			i += n
		}
		p.list(append(lines, strangers.lines()...))
	}
	return p
}

// together is how many things from the i-th on happen to one person at one moment.
func (l *Log) together(i int) int {
	first, n := l.events[i], 1
	for i+n < len(l.events) && first.who != "" && l.events[i+n].who == first.who && l.events[i+n].At == first.At {
		n++
	}
	return n
}

// line says what happens to one person at one moment.
func (l *Log) line(events []entry) string {
	var what []string
	for _, e := range events {
		if e.arrived != "" {
			what = append(what, e.arrived)
		}
		what = append(what, l.words(e.Told))
	}
	return events[0].who + ": " + strings.Join(what, "; ")
}

// others counts what those of others at shared units do in a day.
type others struct {
	units []string // in the order in which they are heard of
	came  map[string]int
	left  map[string]int
}

func (o *others) count(e sim.Told) {
	if o.came == nil {
		o.came, o.left = map[string]int{}, map[string]int{}
	}
	unit := plain(e.Place) + " (" + plain(e.Stage) + ")"
	if o.came[unit]+o.left[unit] == 0 {
		o.units = append(o.units, unit)
	}
	if e.What == sim.OtherStarts {
		o.came[unit]++
	} else {
		o.left[unit]++
	}
}

func (o *others) lines() (lines []string) {
	for _, unit := range o.units {
		lines = append(lines, fmt.Sprintf("others at %s: %d admitted, %d left", unit, o.came[unit], o.left[unit]))
	}
	return lines
}

// arrived says that somebody comes who was not in the pathway, where a happening is the first of a
// visit. It must hear of everything in order.
func (t *Traced) arrived(e sim.Told) string {
	if t.visits == nil {
		t.visits = map[uint64]int{}
	}
	if last, seen := t.visits[e.Who.Key]; seen && last >= e.Visit {
		return ""
	}
	t.visits[e.Who.Key] = e.Visit
	switch {
	case e.Visit > 0:
		return "came back"
	case strings.HasPrefix(t.Name(e.Who), atStart+"/"):
		return "there as the run began"
	}
	return "referred"
}

// CSV writes a row a happening.
func (l *Log) CSV(w io.Writer) error {
	rows := [][]string{happenedHead}
	for _, e := range l.events {
		rows = append(rows, l.happened(e.Told, e.who).row())
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// JSON writes the log as one document.
func (l *Log) JSON(w io.Writer) error {
	events := []happened{}
	for _, e := range l.events {
		events = append(events, l.happened(e.Told, e.who))
	}
	return writeJSON(w, struct {
		tracedJSON
		From   string     `json:"from"`
		Until  string     `json:"until"` // the last day
		Events []happened `json:"events"`
	}{l.head(), l.iso(l.From), l.iso(l.Until - 1), events})
}
