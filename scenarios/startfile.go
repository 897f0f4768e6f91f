package scenarios

import (
	"math"
	"strings"
	"time"

	"tier4/sim"
)

// readPeople reads a file of the people who are there at the start.
func (r *reader) readPeople(n *node) {
	name, ok := text.read(r, n)
	if !ok {
		return
	}
	wanted := []string{"stage", "cohort", "joined", "?place", "?since", "?stream", "?traits"}
	if len(r.cohorts) == 1 {
		wanted[1] = "?cohort"
	}
	r.rows(n, name, wanted, func(cells []*node) {
		if p, ok := r.personThere(cells); ok {
			r.present = append(r.present, p)
		}
	})
}

// personThere reads one line of the file, every fault of it.
func (r *reader) personThere(cells []*node) (arrived, bool) {
	before := len(*r.faults)
	stage, cohort, joined, place, since, stream, traits := cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]
	given := func(n *node) bool { return n != nil && n.text != "" }
	p := arrived{Started: sim.Started{Cohort: r.cohorts[0], Since: math.NaN(), Known: traits != nil}, at: stage.at}
	p.Stage, _ = stageName.read(r, stage)
	if cohort != nil {
		p.Cohort, _ = cohortName.read(r, cohort)
	}
	if given(stream) {
		if p.Stream = stream.text; !contains(r.streams, p.Stream) {
			r.faults.add(stream.at, stream.named()+" names no stream of referrals", meant(p.Stream, r.streams)+"the streams are "+quoted(r.streams, "and"))
		}
	}
	if given(traits) {
		for _, t := range strings.Split(traits.text, ";") {
			switch t = strings.TrimSpace(t); {
			case contains(r.traits, t):
				p.Traits = append(p.Traits, t)
			case len(r.traits) == 0:
				r.faults.add(traits.at, "`"+short(t)+"` is not a trait", "leave the cell empty: this scenario has no traits")
			default:
				r.faults.add(traits.at, "`"+short(t)+"` is not a trait", meant(t, r.traits)+"the traits, parted by `;`, are "+quoted(r.traits, "and"))
			}
		}
	}
	p.Inside = given(place) || given(since)
	if p.Stage != "" {
		r.whereInside(&p, place, since, given)
	}
	known := false
	if given(since) {
		p.Since, known = r.beforeStart(since)
	}
	switch {
	case given(joined):
		var ok bool
		if p.Joined, ok = r.beforeStart(joined); ok && known && p.Since < p.Joined {
			r.faults.add(since.at, "this person got in before joining the list, on "+joined.text, "give that date or a later one")
		}
	case !p.Inside:
		r.faults.add(joined.at, "this person does not say when they joined the list", "give the date, at the start or before")
	case known:
		p.Joined = p.Since
	}
	return p, len(*r.faults) == before
}

// whereInside holds a person who is inside a stage to be where one can be.
func (r *reader) whereInside(p *arrived, place, since *node, given func(*node) bool) {
	kind := r.kinds[p.Stage]
	served := kind == "aftercare" || kind == "delay" && r.placesOf(p.Stage) != nil
	legal := r.placesOf(p.Stage).keys()
	switch {
	case kind == "" || kind == "beds" && len(legal) == 0: // said where the stage is described
	case given(place) && kind != "beds":
		r.faults.add(place.at, "`"+p.Stage+"` has no beds", "leave the cell empty")
	case given(place) && !contains(legal, place.text):
		r.faults.add(place.at, place.named()+" is not a place of `"+p.Stage+"`", meant(place.text, legal)+"there are "+quoted(legal, "and"))
	case given(place):
		p.Place = place.text
	case given(since) && kind == "beds":
		r.faults.add(since.at, "this person is in a bed and does not say where", "name the `place`, one of "+quoted(legal, "or")+"; leave `since` empty for who is waiting")
	case given(since) && !served:
		r.faults.add(since.at, "nobody can be inside `"+p.Stage+"` at the start", "leave the cell empty: people wait there")
	}
}

// beforeStart reads a date as days from the start, 0 or before.
func (r *reader) beforeStart(n *node) (sim.Days, bool) {
	t, ok := moment.read(r, n)
	days := daysFrom(r.spec.Start, t)
	if ok && days > 0 {
		r.faults.add(n.at, "this date is after the start, "+r.spec.Start.Format(time.DateOnly), "give a date at the start or before, or set `start:` later")
		return 0, false
	}
	return days, ok
}
