package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"tier4/sim"
)

// Round is where everybody is as a day ends: whoever is in a bed sleeps there that night.
type Round struct {
	*Traced
	Day sim.Days // its first moment
	at  standing
}

// Told listens up to the end of the day.
func (r *Round) Told(e sim.Told) {
	r.at.Traced = r.Traced
	if e.At < r.Day+1 {
		r.at.hears(e)
	}
}

// where is a row of the round: somebody in service or on a list.
type where struct {
	State    string `json:"state"` // in, or waiting
	Stage    string `json:"stage"`
	Place    string `json:"place,omitempty"`
	Position int    `json:"position,omitempty"` // in the queue, from 1
	Who      string `json:"who"`
	Visit    int    `json:"visit"`
	Since    string `json:"since,omitempty"`
	Days     int    `json:"days"` // since then, this night included
	Note     string `json:"note,omitempty"`
}

// bed is how full a place is.
type bed struct {
	Stage  string `json:"stage"`
	Place  string `json:"place"`
	Ours   int    `json:"ours"`
	Others int    `json:"others,omitempty"`
	Held   int    `json:"held,omitempty"` // for people who are to come from another stage
	Beds   *int   `json:"beds"`           // held for us that day, or of the whole unit; null for no limit
}

// beds are the places and how full they are, with those in them.
func (r *Round) beds() (full []bed, people []where) {
	for _, s := range r.Scenario.Spec.Stages {
		if s.Beds == nil {
			continue
		}
		for i := range s.Beds.Places {
			b := &s.Beds.Places[i]
			inside := r.at.inside(s.Name, b.Name)
			full = append(full, bed{s.Name, b.Name, len(inside), r.at.others[s.Name+" "+b.Name], r.at.awaited(s.Name, b.Name), bedsOn(b, r.Day)})
			for _, p := range inside {
				people = append(people, r.inside(p))
			}
		}
	}
	return full, people
}

// bedsOn are the beds of a place at the end of a day, nil where there is no limit.
func bedsOn(b *sim.Place, day sim.Days) *int {
	at := math.Nextafter(day+1, day)
	n := b.Beds
	if b.Contract == sim.Share {
		n = b.Of
	} else {
		for _, c := range b.Capacity {
			if c.From <= at {
				n = c.Beds
			}
		}
		if at < b.From || at >= b.Until {
			n = 0
		}
	}
	for _, c := range b.Closures {
		if c.From <= at && at < c.Until {
			n = 0
		}
	}
	if n == sim.NoLimit {
		return nil
	}
	return &n
}

// inside is the row of somebody in service.
func (r *Round) inside(p *place) where {
	w := where{State: "in", Stage: p.stage, Place: p.bed, Who: p.who, Visit: p.visit + 1}
	if p.began {
		w.Note = "there as the run began"
	}
	w.Since, w.Days = r.iso(p.since), r.days(p.since)
	if p.held != nil {
		w.Note = "a bed is held at " + plain(p.held.Place) + " (" + plain(p.held.Stage) + ")"
	}
	if p.kept {
		w.Note = "stay over since " + r.day(p.keptSince) + "; keeps the bed, " + r.waitsFor(p)
	}
	return w
}

func (r *Round) waitsFor(p *place) string {
	if p.list == "" {
		return "until the way out is clear"
	}
	return "waiting for " + plain(p.list)
}

// days are the nights from a moment to the end of the day.
func (r *Round) days(since sim.Days) int { return int(r.Day + 1 - math.Floor(since)) }

// services are those in groups, aftercare and delays with places.
func (r *Round) services() (people []where) {
	for _, s := range r.Scenario.Spec.Stages {
		if s.Beds == nil {
			for _, p := range r.at.inside(s.Name, "") {
				people = append(people, r.inside(p))
			}
		}
	}
	return people
}

// list is a stage's list in queue order.
func (r *Round) list(s *sim.Stage) (people []where) {
	position := 0
	for _, p := range r.at.waiting(s) {
		w := where{State: "waiting", Stage: s.Name, Who: p.who, Visit: p.visit + 1, Since: r.iso(p.joined), Days: r.days(p.joined)}
		if p.bed != "" {
			w.Note = "keeps the bed at " + plain(p.bed)
		}
		switch {
		case p.heard:
			w.Note = "heard on " + r.day(p.heardAt) + ", answer to come"
		case p.fast:
			w.Note = "to be decided without a meeting"
		case s.Kind == sim.DelayKind && s.Delay.Places == 0 && !p.noCase:
			w.Note = "under way"
		default:
			position++
			w.Position = position
		}
		if p.noCase {
			w.Note = strings.TrimPrefix(w.Note+"; waits for a case with "+plain(s.OpensCase), "; ")
		}
		if p.hearings > 0 && !p.heard {
			w.Note = strings.TrimPrefix(w.Note+"; put off "+timesOf(p.hearings)+", last on "+r.day(p.stamp), "; ")
		}
		if n := r.at.priority(s, p); n != 0 {
			w.Note = strings.TrimPrefix(w.Note+"; priority "+strconv.Itoa(n), "; ")
		}
		people = append(people, w)
	}
	return people
}

func timesOf(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return count(n) + " times"
}

// Page is the round as people read it.
func (r *Round) Page() *Page {
	p := new(Page)
	p.title(1, clean(r.Scenario.Name)+": "+r.day(r.Day))
	p.say("Who is where as the day ends: those in a bed sleep there that night. %s", r.played())
	full, people := r.beds()
	if len(full) > 0 {
		p.title(2, "Beds")
		p.table(bedsTable(full))
		p.table(r.peopleTable(people, "Nights"))
	}
	if people := r.services(); len(people) > 0 {
		p.title(2, "In groups, aftercare and the like")
		p.table(r.peopleTable(people, "Days"))
	}
	p.title(2, "Lists")
	var empty []string
	for i := range r.Scenario.Spec.Stages {
		s := &r.Scenario.Spec.Stages[i]
		people := r.list(s)
		if len(people) == 0 {
			empty = append(empty, plain(s.Name))
			continue
		}
		p.title(3, listTitle(s, len(people)))
		p.table(r.listTable(people))
	}
	p.sayOf("Nobody is on the list for", empty)
	return p
}

func listTitle(s *sim.Stage, n int) string {
	who := count(n) + " people"
	if n == 1 {
		who = "1 person"
	}
	if goesByItself(s) {
		return fmt.Sprintf("%s: %s, for each of whom it is under way", sentence(plain(s.Name)), who)
	}
	return fmt.Sprintf("%s: %s, in the order of the queue", sentence(plain(s.Name)), who)
}

func bedsTable(full []bed) *Table {
	t := &Table{Head: []string{"Beds", "Our people", "Others' people", "Held for who is to come", "Beds in all"}}
	for _, b := range full {
		others, held, all := "", "", "no limit"
		if b.Held > 0 {
			held = count(b.Held)
		}
		if b.Others > 0 {
			others = count(b.Others)
		}
		if b.Beds != nil {
			all = count(*b.Beds)
		}
		t.add(plain(b.Stage)+": "+plain(b.Place), count(b.Ours), others, held, all)
	}
	return filled(t)
}

func (r *Round) peopleTable(people []where, length string) *Table {
	t := &Table{Head: []string{"Who", "Where", "Since", length, "Remark"}}
	for _, w := range people {
		at := plain(w.Stage)
		if w.Place != "" {
			at += ": " + plain(w.Place)
		}
		t.add(w.name(), at, longDate(w.Since), count(w.Days), w.Note)
	}
	return filled(t)
}

func (r *Round) listTable(people []where) *Table {
	t := &Table{Head: []string{"Who", "Place in the queue", "On the list since", "Days", "Remark"}}
	for _, w := range people {
		position := ""
		if w.Position > 0 {
			position = count(w.Position)
		}
		t.add(w.name(), position, longDate(w.Since), count(w.Days), w.Note)
	}
	return filled(t)
}

// name is a person's, with the visit if it is not the first.
func (w where) name() string {
	if w.Visit > 1 {
		return fmt.Sprintf("%s (visit %d)", w.Who, w.Visit)
	}
	return w.Who
}

// everybody is in one list, for programs.
func (r *Round) everybody() []where {
	_, people := r.beds()
	people = append(people, r.services()...)
	for i := range r.Scenario.Spec.Stages {
		people = append(people, r.list(&r.Scenario.Spec.Stages[i])...)
	}
	return people
}

// CSV writes a row for each person in a service or on a list; who keeps a bed and waits is in two.
func (r *Round) CSV(w io.Writer) error {
	rows := [][]string{{"date", "state", "stage", "place", "position", "who", "visit", "since", "days", "note"}}
	for _, p := range r.everybody() {
		position := ""
		if p.Position > 0 {
			position = strconv.Itoa(p.Position)
		}
		rows = append(rows, []string{r.iso(r.Day), p.State, p.Stage, p.Place, position, p.Who, strconv.Itoa(p.Visit), p.Since, strconv.Itoa(p.Days), p.Note})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// JSON writes the round as one document.
func (r *Round) JSON(w io.Writer) error {
	full, _ := r.beds()
	return writeJSON(w, struct {
		tracedJSON
		Date   string  `json:"date"`
		Beds   []bed   `json:"beds"`
		People []where `json:"people"`
	}{r.head(), r.iso(r.Day), append([]bed{}, full...), append([]where{}, r.everybody()...)})
}
