package report

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"tier4/sim"
)

// Meeting is one panel's list on the day it meets, and what became of it.
type Meeting struct {
	*Traced
	Stage string
	At    sim.Days // the moment it meets
	at    standing
	cases []hearing
	after bool // everything of the moment has been told
}

// hearing is one person on the list of a meeting.
type hearing struct {
	Position int    `json:"position,omitempty"` // in which they were heard
	Who      string `json:"who"`
	Visit    int    `json:"visit"`
	Since    string `json:"since"`
	Days     int    `json:"days"`
	Before   int    `json:"put_off_before"`
	Decision string `json:"decision"` // approved, declined, deferred, deferred for want of money, not reached
}

// Told listens up to the meeting.
func (m *Meeting) Told(e sim.Told) {
	m.at.Traced = m.Traced
	if e.At > m.At || m.after {
		m.finish()
		return
	}
	if e.At == m.At && e.Stage == m.Stage && (e.What == sim.IsHeard || e.What == sim.IsDeferred) {
		if p := m.at.person(e); p.list == m.Stage && !p.fast {
			m.cases = append(m.cases, m.hearing(p, len(m.cases)+1, decisionOf(e)))
		}
	}
	m.at.hears(e)
}

func decisionOf(e sim.Told) string {
	if e.What == sim.IsHeard {
		return e.Detail
	}
	if e.Detail != "" {
		return "deferred " + e.Detail
	}
	return "deferred"
}

func (m *Meeting) hearing(p *place, position int, decision string) hearing {
	return hearing{
		position, p.who, p.visit + 1, m.iso(p.joined),
		int(math.Floor(m.At) - math.Floor(p.joined)), p.hearings, decision,
	}
}

// finish notes who waited and was not reached.
func (m *Meeting) finish() {
	if m.after {
		return
	}
	m.after = true
	m.at.Traced = m.Traced
	heard := map[string]bool{}
	for _, c := range m.cases {
		heard[c.Who] = true
	}
	for _, p := range m.at.waiting(m.stage(m.Stage)) {
		if !heard[p.who] && !p.heard && !p.fast && !p.noCase {
			m.cases = append(m.cases, m.hearing(p, 0, notReached))
		}
	}
}

const notReached = "not reached"

// Page is the list as people read it.
func (m *Meeting) Page() *Page {
	m.finish()
	p := new(Page)
	p.title(1, clean(m.Scenario.Name)+": "+plain(m.Stage)+" on "+m.day(m.At))
	s := m.stage(m.Stage)
	most := "It hears all who wait."
	if n := s.Panel.Cases; n != sim.NoLimit {
		most = "It hears at most " + several(float64(n), "case") + " in the order of the queue."
	}
	if s.Panel.AnswerAfter > 0 {
		most += " Its answers arrive " + several(s.Panel.AnswerAfter, "day") + " later."
	}
	p.say("%s Whoever is put off goes to the back of the queue. %s", most, m.played())
	t := &Table{Head: []string{"Who", "Heard", "Waiting since", "Days", "Put off before", "Decision"}}
	for _, c := range m.cases {
		position, before := "", ""
		if c.Position > 0 {
			position = count(c.Position)
		}
		if c.Before > 0 {
			before = timesOf(c.Before)
		}
		t.add(where{Who: c.Who, Visit: c.Visit}.name(), position, longDate(c.Since), count(c.Days), before, c.Decision)
	}
	if len(t.Rows) == 0 {
		p.say("Nobody was on its list.")
	}
	p.table(filled(t))
	return p
}

// CSV writes a row for each person on the list.
func (m *Meeting) CSV(w io.Writer) error {
	m.finish()
	rows := [][]string{{"date", "stage", "position", "who", "visit", "since", "days", "put_off_before", "decision"}}
	for _, c := range m.cases {
		position := ""
		if c.Position > 0 {
			position = strconv.Itoa(c.Position)
		}
		rows = append(rows, []string{m.iso(m.At), m.Stage, position, c.Who, strconv.Itoa(c.Visit), c.Since, strconv.Itoa(c.Days), strconv.Itoa(c.Before), c.Decision})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// JSON writes the list as one document.
func (m *Meeting) JSON(w io.Writer) error {
	m.finish()
	return writeJSON(w, struct {
		tracedJSON
		Date  string    `json:"date"`
		Stage string    `json:"stage"`
		Cases []hearing `json:"cases"`
	}{m.head(), m.iso(m.At), m.Stage, append([]hearing{}, m.cases...)})
}
