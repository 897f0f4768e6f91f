package scenarios

import (
	"slices"
	"strings"
	"time"

	"tier4/sim"
)

// datesFile is a CSV of referrals to replay.
type datesFile struct{ file, date, time, cohort, ready string }

func datesFileKind() kind[datesFile] {
	return object("dates_file", "a CSV file of referrals", func(_ *reader, f *datesFile) table {
		return table{
			need(key("file", "a CSV file, beside the scenario", text, &f.file)),
			key("column", "the column with the date, or date and time; `date` unless given", text, &f.date),
			key("time", "the column with the time of day, if apart", text, &f.time),
			key("cohort", "the column with the cohort; `cohort` unless given", text, &f.cohort),
			key("ready", "the column with the date from which they can be admitted to a bed; `ready` unless given", text, &f.ready),
		}
	})
}

// datedKind is one referral of an inline list.
type dated struct {
	at     time.Time
	cohort string
	ready  *node // the date from which they can be admitted; nil for at once
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
			key("ready", "the date from which they can be admitted to a bed; at once unless given", kind[*node]{read: keep.read, schema: moment.schema}, &d.ready),
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
	read: keep.read,
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
	add := func(at pos, d dated) {
		cohort := d.cohort
		if cohort == "" {
			cohort = only
		}
		days := daysFrom(r.spec.Start, d.at)
		ready, ok := r.readyFrom(d)
		switch {
		case !ok:
		case cohort == "":
			r.faults.add(at, "this referral names no cohort", "give each date its cohort, or all of them `cohort:`")
		case days < 0:
			r.faults.add(at, "this date is before the start, "+r.spec.Start.Format(time.DateOnly), "set `start:` to the first date or earlier")
		default:
			w.Dates = append(w.Dates, sim.Arrival{At: days, Cohort: cohort, Ready: ready})
		}
	}
	if w.dates.sort == list {
		items, ok := listOf("a list of dates", datedKind()).read(r, w.dates)
		for i := 0; ok && i < len(items); i++ {
			add(w.dates.items[i].at, items[i])
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

// readyFrom is when a replayed person can be admitted, 0 for at once.
func (r *reader) readyFrom(d dated) (sim.Days, bool) {
	if d.ready == nil {
		return 0, true
	}
	t, ok := moment.read(r, d.ready)
	if ok && t.Before(d.at.Truncate(24*time.Hour)) {
		r.faults.add(d.ready.at, "this person is ready before being referred, "+d.at.Format(time.DateOnly), "give the date of referral or a later one, or leave it out")
		return 0, false
	}
	return max(0, daysFrom(r.spec.Start, t)), ok
}

func (r *reader) replayFile(n *node, only string, add func(pos, dated)) {
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
	wanted := []string{"date", "?time", "cohort", "?ready"}
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
	if f.ready != "" {
		wanted[3] = f.ready
	}
	r.rows(named, f.file, wanted, func(cells []*node) {
		when := *cells[0]
		if cells[1] != nil {
			when.text = strings.TrimSpace(when.text + " " + cells[1].text)
		}
		t, ok := moment.read(r, &when)
		if !ok {
			return
		}
		d := dated{at: t}
		if c := cells[2]; c != nil && c.text != "" {
			if d.cohort, ok = cohortName.read(r, c); !ok {
				return
			}
		}
		if c := cells[3]; c != nil && c.text != "" {
			d.ready = c
		}
		add(when.at, d)
	})
}
