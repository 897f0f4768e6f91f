package web

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"strconv"
	"time"

	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
	"tier4/sim"
)

// Limits on what a simulated year is taken from.
const (
	mostReplication = 1_000_000
	mostTraceTime   = 30 * time.Second
)

// viewing is one year of one replication of one of the scenarios of a state.
type viewing struct {
	Scenario *scenarios.Scenario
	Seed     uint64
	Which    int // scenario
	Run      int // replication, from 1
	Year     int // of the measured period, from 1
	Years    int
}

// from and until are the first day of the year and the one after its last.
func (v *viewing) from() sim.Days {
	return math.Floor(v.Scenario.Spec.WarmUp) + v.days(v.Year-1)
}

func (v *viewing) until() sim.Days {
	return min(math.Floor(v.Scenario.Spec.WarmUp)+v.days(v.Year), math.Ceil(v.Scenario.Spec.WarmUp+v.Scenario.Spec.Measure))
}

// days are those of so many years from the start of what is measured.
func (v *viewing) days(years int) sim.Days {
	first := v.Scenario.Spec.Start.AddDate(0, 0, int(v.Scenario.Spec.WarmUp))
	return first.AddDate(years, 0, 0).Sub(first).Hours() / 24
}

// Starts is the date on which the year starts.
func (v *viewing) Starts() string {
	return v.Scenario.Spec.Start.AddDate(0, 0, int(v.from())).Format("2 January 2006")
}

// viewed reads which year is asked for.
func (s *Server) viewed(r *http.Request, st *state, base *scenarios.Scenario) (v viewing, faults []string) {
	q := r.URL.Query()
	number := func(key string, most int) int {
		text := one(q, key, 20)
		n, err := strconv.Atoi(text)
		switch {
		case text == "":
			return 1
		case err != nil || n < 1 || n > most:
			faults = append(faults, fmt.Sprintf("`%s` must be a whole number from 1 to %d.", key, most))
			return 1
		}
		return n
	}
	names := st.names()
	v = viewing{Scenario: base, Seed: base.Seed, Run: number("run", mostReplication), Which: number("which", len(names)) - 1}
	one, err := s.loader(st)(names[v.Which])
	if err != nil {
		return v, append(faults, st.sayFaults(err)...)
	}
	v.Scenario = one
	v.Years = max(1, int(math.Ceil(one.Spec.Measure/365.25-0.01)))
	v.Year = number("year", v.Years)
	return v, faults
}

// viewPage is the page of a simulated year.
type viewPage struct {
	Top
	State   state
	Names   []option
	View    viewing
	Numbers []int // of years
	Person  string
	Story   template.HTML
	Faults  []string
}

// year shows the page on which a year is played.
func (s *Server) year(w http.ResponseWriter, r *http.Request) {
	st, base, faults, _ := s.asked(r)
	d := viewPage{Top: s.top("One simulated year"), State: st, Faults: faults, Person: one(r.URL.Query(), "person", 200)}
	if base != nil {
		var more []string
		d.View, more = s.viewed(r, &st, base)
		d.Faults = append(d.Faults, more...)
		for i, name := range st.names() {
			title := name
			if one, err := s.loader(&st)(name); err == nil {
				title = one.Name
			}
			d.Names = append(d.Names, option{Name: strconv.Itoa(i + 1), Title: title, Chosen: i == d.View.Which})
		}
		for year := range d.View.Years {
			d.Numbers = append(d.Numbers, year+1)
		}
		d.Numbers = d.Numbers[:min(len(d.Numbers), 50)]
	}
	s.show(w, statusOf(d.Faults), "year", d)
}

// traced plays a year's replication and tells it to an account, until stop or the reader has gone.
func (s *Server) traced(r *http.Request, v *viewing, told func(sim.Told), enough func() bool) error {
	m, err := sim.Compile(v.Scenario.Spec)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), mostTraceTime)
	defer cancel()
	err = sim.TraceUntil(m, v.Seed, v.Run-1, told, func() bool { return enough() || ctx.Err() != nil })
	if err == nil && ctx.Err() != nil {
		return fmt.Errorf("the scenario is so large that one run of it takes more than %.0f seconds", mostTraceTime.Seconds())
	}
	return err
}

// watching reads which year is asked for and takes a place; it answers if it may not be.
func (s *Server) watching(w http.ResponseWriter, r *http.Request) (v viewing, ok bool) {
	st, base, faults, _ := s.asked(r)
	if base != nil && len(faults) == 0 {
		v, faults = s.viewed(r, &st, base)
	}
	switch {
	case len(faults) > 0:
		s.refuse(w, r, http.StatusBadRequest, "There is a problem with what is to be played", "Go back and put it right.", faults...)
		return v, false
	case !s.begin():
		s.busy(w, r)
		return v, false
	}
	return v, true
}

// yearJSON gives where everybody is, from day to day.
func (s *Server) yearJSON(w http.ResponseWriter, r *http.Request) {
	v, ok := s.watching(w, r)
	if !ok {
		return
	}
	defer s.end()
	y := &report.Year{Traced: s.tells(&v), From: v.from(), Until: v.until()}
	over := false
	err := s.traced(r, &v, func(e sim.Told) {
		over = over || e.At >= y.Until
		y.Told(e)
	}, func() bool { return over })
	var b bytes.Buffer
	if err == nil {
		err = y.JSON(&b)
	}
	if err != nil {
		s.refuse(w, r, http.StatusBadRequest, "The year could not be played", err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b.Bytes())
}

// tells is the replication, as `tier4 trace` tells it.
func (s *Server) tells(v *viewing) *report.Traced {
	return &report.Traced{Version: s.Version, Scenario: v.Scenario, Seed: v.Seed, Replication: v.Run}
}

// story gives one person's story, as `tier4 trace --person` does.
func (s *Server) story(w http.ResponseWriter, r *http.Request) {
	who := one(r.URL.Query(), "person", 200)
	v, ok := s.watching(w, r)
	if !ok {
		return
	}
	defer s.end()
	stories := &report.Stories{Traced: s.tells(&v), Wanted: []string{who}}
	err := s.traced(r, &v, stories.Told, func() bool { return false })
	switch {
	case err != nil:
		s.refuse(w, r, http.StatusBadRequest, "The story could not be told", err.Error())
		return
	case len(stories.Unknown()) > 0:
		s.refuse(w, r, http.StatusNotFound, "Nobody of this name comes in this run", "Choose somebody in the picture.")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = stories.Page().Fragment(w) // a reader who has gone needs no story
}
