package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"tier4/sim"
)

// Stories are what happened to some people, across their visits.
type Stories struct {
	*Traced
	Wanted []string // names

	stories map[string][]sim.Told
	all     map[string]bool
}

// Told listens.
func (s *Stories) Told(e sim.Told) {
	who := s.who(e)
	if who == "" {
		return
	}
	if s.all == nil {
		s.all, s.stories = map[string]bool{}, map[string][]sim.Told{}
	}
	s.all[who] = true
	if slices.Contains(s.Wanted, who) {
		s.stories[who] = append(s.stories[who], e)
	}
}

// Unknown are those wanted who never come.
func (s *Stories) Unknown() (names []string) {
	for _, name := range s.Wanted {
		if !s.all[name] {
			names = append(names, name)
		}
	}
	return names
}

// Known are the names of all who come, in order.
func (s *Stories) Known() (names []string) {
	for name := range s.all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Page is each person's story in sentences.
func (s *Stories) Page() *Page {
	p := new(Page)
	whose := "one person's story"
	if n := len(s.Wanted); n > 1 {
		whose = fmt.Sprintf("the stories of %d people", n)
	}
	p.title(1, clean(s.Scenario.Name)+": "+whose)
	p.say("%s", s.played())
	for _, name := range s.Wanted {
		p.title(3, name)
		if told := s.stories[name]; len(told) > 0 {
			p.say("%s", personWords(told[0].Who))
			p.list(s.sentences(told))
		}
	}
	return p
}

// personWords say who somebody is.
func personWords(who sim.Person) string {
	text := "Cohort " + plain(who.Cohort)
	for _, trait := range who.Traits {
		text += ", " + plain(trait)
	}
	return text + "; referred by " + plain(who.Stream) + "."
}

// sentences tell a story, one for each moment.
func (s *Stories) sentences(told []sim.Told) (lines []string) {
	before := math.NaN()
	for i := 0; i < len(told); {
		e := told[i]
		var what []string
		if arrived := s.arrived(e); arrived != "" {
			what = append(what, arrived)
		}
		for ; i < len(told) && told[i].At == e.At; i++ {
			what = append(what, s.words(told[i]))
		}
		lines = append(lines, s.when(before, e.At)+": "+strings.Join(what, "; ")+".")
		before = e.At
	}
	return append(lines, s.ending(told[len(told)-1]))
}

// when says the day of a moment, and how long after another it is.
func (s *Stories) when(before, at sim.Days) string {
	days := math.Floor(at) - math.Floor(before)
	switch {
	case math.IsNaN(before):
		return s.day(at)
	case days == 0:
		return "The same day"
	case days == 1:
		return "The day after, " + s.day(at)
	}
	return several(days, "day") + " later, " + s.day(at)
}

// ending says where a story stands when the run ends.
func (s *Stories) ending(last sim.Told) string {
	end := s.day(s.end() - 1)
	stage := plain(last.Stage)
	switch last.What {
	case sim.Dies:
		return "That is the end of the story."
	case sim.IsOut, sim.Relapses:
		return "Nothing more is heard of them until the run ends, on " + end + "."
	case sim.Starts:
		if last.Place != "" {
			return "There still when the run ends, on " + end + "."
		}
		return "In " + stage + " still when the run ends, on " + end + "."
	case sim.Joins, sim.OpensCase, sim.IsFastTracked, sim.IsHeard, sim.IsDeferred:
		return "Waiting still when the run ends, on " + end + "."
	}
	return "The run ends on " + end + "."
}

// CSV writes a row a happening.
func (s *Stories) CSV(w io.Writer) error {
	rows := [][]string{happenedHead}
	for _, name := range s.Wanted {
		for _, e := range s.stories[name] {
			rows = append(rows, s.happened(e, name).row())
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// personJSON is a person's story, for programs.
type personJSON struct {
	Who    string     `json:"who"`
	Stream string     `json:"stream"`
	Cohort string     `json:"cohort"`
	Traits []string   `json:"traits"`
	Events []happened `json:"events"`
}

// JSON writes the stories as one document.
func (s *Stories) JSON(w io.Writer) error {
	people := []personJSON{}
	for _, name := range s.Wanted {
		one := personJSON{Who: name, Traits: []string{}, Events: []happened{}}
		for _, e := range s.stories[name] {
			one.Stream, one.Cohort = e.Who.Stream, e.Who.Cohort
			one.Traits = append([]string{}, e.Who.Traits...)
			one.Events = append(one.Events, s.happened(e, name))
		}
		people = append(people, one)
	}
	return writeJSON(w, struct {
		tracedJSON
		People []personJSON `json:"people"`
	}{s.head(), people})
}
