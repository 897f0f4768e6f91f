package extract

import (
	"fmt"
	"math"
	"slices"

	"tier4/calibration"
)

// settleWindow guesses what the file of columns does not say: the day of the extract, how rows were chosen,
// and the window of referrals. It says what it guessed and why.
func settleWindow(l *layout, rows []draft) (until calibration.Day, notes []string) {
	until, note := settleExtract(l, rows)
	notes = append(notes, note...)
	var referred, ended []calibration.Day
	var spans []calibration.Day // from referral to closing, or to the end of knowledge
	var over []bool
	for i := range rows {
		r, _ := l.referred.on(rows[i].dates)
		if len(rows[i].defects) > 0 || !r.Known() || r > until {
			continue
		}
		end, closed := until, false
		if c, _ := l.closed.on(rows[i].dates); c.Known() && c >= r && c <= until {
			end, closed = c, true
		}
		referred, ended = append(referred, r), append(ended, end)
		spans, over = append(spans, end-r), append(over, closed)
	}
	if len(referred) == 0 {
		return until, notes
	}
	if !l.selectedGiven {
		if from, yes := byActivity(referred, ended, spans, over); yes {
			l.selected = calibration.ByActivity
			if !l.from.Known() {
				l.from = from
			}
			notes = append(notes, fmt.Sprintf("Rows seem to be chosen by activity since %s: many were referred before, and none of them was closed before. If they were chosen by referral, say `selected_by: referral`", from))
		} else {
			notes = append(notes, "Rows seem to be chosen by referral: people referred before the window are absent. If those inside then are there too, say `selected_by: activity`")
		}
	}
	if !l.from.Known() {
		l.from = monthStart(earliest(referred))
		notes = append(notes, fmt.Sprintf("The window seems to begin on %s", l.from))
	}
	if !l.last.Known() {
		l.last = min(monthEnd(slices.Max(referred)), until-1)
		notes = append(notes, fmt.Sprintf("Referrals seem to be complete to %s", l.last))
	}
	if l.last > l.extracted {
		notes = append(notes, fmt.Sprintf("The window ends on %s, after the extract of %s: the days between count as days on which nobody was referred. If the extract is later, say `extract_date:`", l.last, l.extracted))
	}
	return until, notes
}

// settleExtract is the moment at which knowledge ends. The day of the extract itself is known in full where
// something that is no meeting happened on it, otherwise up to its first moment.
func settleExtract(l *layout, rows []draft) (until calibration.Day, notes []string) {
	var latest []calibration.Day // of each row
	for i := range rows {
		if d := rows[i].latest(); d.Known() {
			latest = append(latest, d)
		}
	}
	if !l.extracted.Known() {
		if len(latest) == 0 {
			return calibration.Missing, nil
		}
		l.extracted = lastOf(latest)
		after := 0
		for _, d := range latest {
			if d > l.extracted {
				after++
			}
		}
		note := fmt.Sprintf("The extract seems to be of %s, the last date in it", l.extracted)
		if after > 0 {
			note += fmt.Sprintf(" but for %d %s far later than all others", after, plural(after, "row"))
		}
		notes = append(notes, note+"; say `extract_date:` if it is later")
	}
	for i := range rows {
		for c, d := range rows[i].dates {
			if d == l.extracted && !slices.Contains(l.meetings, c) {
				return l.extracted + 1, notes
			}
		}
	}
	return l.extracted, notes
}

func (d *draft) latest() calibration.Day {
	last := calibration.Missing
	for _, day := range d.dates {
		last = max(last, day)
	}
	return last
}

// lastOf is the last of some days, apart from a few that stand far off: more than ten usual gaps, and 14 days,
// after the last before them.
func lastOf(days []calibration.Day) calibration.Day {
	slices.Sort(days)
	n := len(days)
	few := max(1, n/50)
	for k := n - 1; k >= max(1, n-few); k-- {
		before := max(0, k-30)
		usual := float64(days[k-1]-days[before]) / float64(max(1, k-1-before))
		if gap := float64(days[k] - days[k-1]); n >= 20 && gap > 14 && gap > 10*usual {
			return days[k-1]
		}
	}
	return days[n-1]
}

// earliest is the first of some days, apart from a few that stand far off.
func earliest(days []calibration.Day) calibration.Day {
	turned := make([]calibration.Day, len(days))
	for i, d := range days {
		turned[i] = -d
	}
	return -lastOf(turned)
}

// monthStart is the first of the month, if the day is within its first ten; else the day.
func monthStart(d calibration.Day) calibration.Day {
	if day := d.Date().Day(); day <= 10 {
		return d - calibration.Day(day-1)
	}
	return d
}

// monthEnd is the last day of the month, if the day is within its last ten; else the day.
func monthEnd(d calibration.Day) calibration.Day {
	date := d.Date()
	last := calibration.DayOf(date.AddDate(0, 1, -date.Day()))
	if last-d <= 9 {
		return last
	}
	return d
}

// byActivity says whether rows were chosen by activity, and since when: if by referral, all those referred
// before the first closing stayed open until then by chance, which the times to closing of the others
// make unlikely (below one in 10,000).
func byActivity(referred, ended, spans []calibration.Day, over []bool) (from calibration.Day, yes bool) {
	first := calibration.Missing
	var closings []calibration.Day
	for i, o := range over {
		if o {
			closings = append(closings, ended[i])
		}
	}
	if len(closings) < 20 {
		return first, false
	}
	first = earliest(closings)
	open := openAfter(first, referred, spans, over)
	chance, before := 0.0, 0
	for _, r := range referred {
		if r < first {
			before++
			chance += math.Log(max(open[min(int(first-r), len(open)-1)], 0.05))
		}
	}
	return monthStart(first), before >= 5 && chance < math.Log(1e-4)
}

// openAfter is the share of those referred from a day on who are still open so many days later (Kaplan and
// Meier 1958).
func openAfter(from calibration.Day, referred, spans []calibration.Day, over []bool) []float64 {
	longest := calibration.Day(0)
	for i, r := range referred {
		if r >= from {
			longest = max(longest, spans[i])
		}
	}
	left, closed := make([]int, longest+1), make([]int, longest+1)
	at := 0
	for i, r := range referred {
		if r < from {
			continue
		}
		at++
		left[spans[i]]++
		if over[i] {
			closed[spans[i]]++
		}
	}
	share, open := 1.0, make([]float64, longest+1)
	for t := range open {
		if at > 0 {
			share *= 1 - float64(closed[t])/float64(at)
		}
		open[t] = share
		at -= left[t]
	}
	return open
}
