package scenarios

import (
	"slices"
	"strings"
	"time"

	"tier4/sim"
)

// datesFile is a CSV of referrals to replay.
type datesFile struct{ file, date, time, cohort string }

func datesFileKind() kind[datesFile] {
	return object("dates_file", "a CSV file of referrals", func(_ *reader, f *datesFile) table {
		return table{
			need(key("file", "a CSV file, beside the scenario", text, &f.file)),
			key("column", "the column with the date, or date and time; `date` unless given", text, &f.date),
			key("time", "the column with the time of day, if apart", text, &f.time),
			key("cohort", "the column with the cohort; `cohort` unless given", text, &f.cohort),
		}
	})
}

// datedKind is one referral of an inline list.
type dated struct {
	at     time.Time
	cohort string
}

var moment = scalarKind("moment", `^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?$`, noNumbers,
	func(r *reader, n *node) (time.Time, bool) {
		for _, form := range []string{time.DateOnly, "2006-01-02 15:04", time.DateTime, "2006-01-02T15:04", "2006-01-02T15:04:05"} {
			if t, err := time.Parse(form, n.text); err == nil && n.sort == scalar {
				return t, true
			}
		}
		r.faults.add(n.at, n.named()+" is not a date", sayDate+" or `2026-04-01 14:30`")
		return time.Time{}, false
	})

func datedKind() kind[dated] {
	plain := kind[dated]{schema: moment.schema, read: func(r *reader, n *node) (dated, bool) {
		t, ok := moment.read(r, n)
		return dated{at: t}, ok
	}}
	full := object("dated", "a referral", func(_ *reader, d *dated) table {
		return table{
			need(key("on", "the date", moment, &d.at)),
			key("cohort", "the cohort", cohortName, &d.cohort),
		}
	})
	return either(isMapping, plain, full)
}

// isMapping chooses the second of two kinds for a mapping.
func isMapping(n *node) int {
	if n.sort == mapping {
		return 1
	}
	return 0
}

// datesKind keeps the node: it is read once the stream's cohort is known.
var datesKind = kind[*node]{
	read: func(_ *reader, n *node) (*node, bool) { return n, true },
	schema: func(s *sketch) any {
		return doc{"anyOf": []any{doc{"type": "string"}, datesFileKind().schema(s), listOf("", datedKind()).schema(s)}}
	},
}

// replay reads the referrals of a stream that replays dates, in order of time.
func (r *reader) replay(e entry, w *stream, mix sim.Per[float64]) {
	only := ""
	if len(mix) == 1 {
		only = mix[0].Who
	}
	if len(mix) > 1 {
		r.faults.add(e.value.get("shares").at, "dates are replayed as they are, without shares", "name the cohort of each date")
		return
	}
	add := func(at pos, t time.Time, cohort string) {
		if cohort == "" {
			cohort = only
		}
		days := daysFrom(r.spec.Start, t)
		switch {
		case cohort == "":
			r.faults.add(at, "this referral names no cohort", "give each date its cohort, or all of them `cohort:`")
		case days < 0:
			r.faults.add(at, "this date is before the start, "+r.spec.Start.Format(time.DateOnly), "set `start:` to the first date or earlier")
		default:
			w.Dates = append(w.Dates, sim.Arrival{At: days, Cohort: cohort})
		}
	}
	if w.dates.sort == list {
		items, ok := listOf("a list of dates", datedKind()).read(r, w.dates)
		for i := 0; ok && i < len(items); i++ {
			add(w.dates.items[i].at, items[i].at, items[i].cohort)
		}
	} else {
		r.replayFile(w.dates, only, add)
	}
	slices.SortStableFunc(w.Dates, func(a, b sim.Arrival) int {
		switch {
		case a.At < b.At:
			return -1
		case a.At > b.At:
			return 1
		}
		return 0
	})
}

func (r *reader) replayFile(n *node, only string, add func(pos, time.Time, string)) {
	f, named := datesFile{}, n
	if n.sort == mapping {
		var ok bool
		if f, ok = datesFileKind().read(r, n); !ok {
			return
		}
		named = n.get("file")
	} else {
		f.file = n.text
	}
	wanted := []string{"date", "?time", "cohort"}
	if f.date != "" {
		wanted[0] = f.date
	}
	if f.time != "" {
		wanted[1] = f.time
	}
	if f.cohort != "" {
		wanted[2] = f.cohort
	} else if only != "" {
		wanted[2] = "?cohort"
	}
	r.rows(named, f.file, wanted, func(at pos, cells []string) {
		t, ok := moment.read(r, &node{at: at, text: strings.TrimSpace(cells[0] + " " + cells[1])})
		if !ok {
			return
		}
		if cells[2] != "" {
			if _, ok = cohortName.read(r, &node{at: at, text: cells[2]}); !ok {
				return
			}
		}
		add(at, t, cells[2])
	})
}
