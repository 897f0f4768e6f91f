package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tier4/scenarios"
	"tier4/sim"
)

// Account is what is told of one replication, as it is listened to and as it is written down.
type Account interface {
	Told(sim.Told) // listens; everything in order
	Page() *Page
	CSV(io.Writer) error
	JSON(io.Writer) error
}

// Traced is the replication that is told of, and how its people and days are called.
type Traced struct {
	Version     string
	Scenario    *scenarios.Scenario
	Seed        uint64
	Replication int // from 1

	names  map[uint64]string // by key
	visits map[uint64]int    // the last one told of, by key
}

// Name is what a person is called: stream/cohort/number. The number is of the person's draws, so
// whoever has the same name is the same in every scenario that keeps the seed, and more demand only
// adds names. A stream's rate is made up of slabs whose people are each numbered from 1: a letter
// after the number tells the slabs apart, none for the first. People who are there at the start are
// start_with/cohort/number, the number being their row.
func (t *Traced) Name(who sim.Person) string {
	if name, ok := t.names[who.Key]; ok {
		return name
	}
	if t.names == nil {
		t.names = map[uint64]string{}
	}
	name := ""
	if len(t.names) < len(t.Scenario.Spec.Starting) { // they are told of before anybody comes
		name = fmt.Sprintf("%s/%s/%d", atStart, who.Cohort, who.Number+1)
	} else {
		name = who.Stream + "/" + who.Cohort + "/" + strconv.FormatUint(who.Number, 10) + slabLetter(who.Slab)
	}
	t.names[who.Key] = name
	return name
}

// atStart stands for the stream of those who are there at the start; no stream can have the name.
const atStart = "start_with"

// slabLetter is nothing for the first slab, then a, b, …, z, aa.
func slabLetter(slab int) (letters string) {
	for ; slab > 0; slab = (slab - 1) / 26 {
		letters = string(rune('a'+(slab-1)%26)) + letters
	}
	return letters
}

// date is the day of a moment.
func (t *Traced) date(at sim.Days) time.Time {
	return t.Scenario.Spec.Start.AddDate(0, 0, int(math.Floor(at)))
}

func (t *Traced) day(at sim.Days) string { return t.date(at).Format("2 January 2006") }
func (t *Traced) iso(at sim.Days) string { return t.date(at).Format(time.DateOnly) }

// end is the end of the run.
func (t *Traced) end() sim.Days { return t.Scenario.Spec.WarmUp + t.Scenario.Spec.Measure }

// stage is a stage by its name.
func (t *Traced) stage(name string) *sim.Stage {
	stages := t.Scenario.Spec.Stages
	if i := slices.IndexFunc(stages, func(s sim.Stage) bool { return s.Name == name }); i >= 0 {
		return &stages[i]
	}
	return nil
}

// played says which replication is told of.
func (t *Traced) played() string {
	return fmt.Sprintf("Replication %d with seed %d: one way things may go, no forecast. The people are invented.", t.Replication, t.Seed)
}

// words say what happened, without a date. A person is "they", and left out.
func (t *Traced) words(e sim.Told) string {
	s := t.stage(e.Stage)
	stage := plain(e.Stage)
	where := stage
	if e.Place != "" {
		where = plain(e.Place) + " (" + stage + ")"
	}
	switch e.What {
	case sim.Joins:
		switch {
		case e.Since < e.At:
			return "already on the list for " + stage + ", since " + t.day(e.Since)
		case s != nil && goesByItself(s):
			return stage + " began"
		}
		return "joined the list for " + stage
	case sim.OpensCase:
		return "a case was opened for " + stage
	case sim.IsFastTracked:
		return stage + " is to decide without a meeting"
	case sim.IsHeard:
		return "heard by " + stage + ": " + e.Detail
	case sim.IsDeferred:
		return "put off by " + stage + wantOfMoney(e)
	case sim.IsAnswered:
		return "the answer of " + stage + " came: " + e.Detail
	case sim.Starts:
		if s != nil && s.Kind == sim.BedsKind {
			return "admitted to " + where
		}
		return "started " + stage
	case sim.KeepsBed:
		return "finished the stay at " + where + ", and kept the bed"
	case sim.HasBedHeld:
		return "has a bed held at " + where
	case sim.Leaves:
		return "left " + where + strings.TrimSuffix(" "+e.Detail, " ")
	case sim.Expires:
		return "the approval was not used in time; back to the panel"
	case sim.RelapsesInside, sim.Relapses:
		return "relapsed"
	case sim.IsOut:
		return outWords(e)
	case sim.Dies:
		return "died"
	case sim.OtherStarts:
		return "one of the others was admitted to " + where
	case sim.OtherLeaves:
		return "one of the others left " + where
	}
	return ""
}

// goesByItself reports whether a stage is a delay for which nobody queues.
func goesByItself(s *sim.Stage) bool {
	return s.Kind == sim.DelayKind && s.Delay.Places == 0 && s.OpensCase == ""
}

func wantOfMoney(e sim.Told) string {
	if e.Detail != "" {
		return ", though approved, " + e.Detail
	}
	return ""
}

// outWords say how somebody got out of the pathway; what led to it has been said.
func outWords(e sim.Told) string {
	switch {
	case e.Detail == "gave up waiting":
		return "gave up waiting for " + plain(e.Stage) + "; out of the pathway"
	case e.Detail == "turned away":
		return "turned away, the list for " + plain(e.Stage) + " being full; out of the pathway"
	case e.Detail != "":
		return "out of the pathway"
	case e.To == sim.ExitHome:
		return "home"
	case e.To == sim.ExitRelapse:
		return "relapsed; out of the pathway"
	}
	return "back to community treatment"
}

// codes are the happenings as programs read them.
var codes = [...]string{
	sim.Joins: "joins", sim.OpensCase: "opens_case", sim.IsHeard: "heard", sim.IsDeferred: "deferred", sim.Starts: "starts",
	sim.KeepsBed: "keeps_bed", sim.Leaves: "leaves", sim.Expires: "approval_expires", sim.IsOut: "out", sim.Relapses: "relapses",
	sim.Dies: "dies", sim.OtherStarts: "other_starts", sim.OtherLeaves: "other_leaves", sim.IsFastTracked: "fast_tracked",
	sim.IsAnswered: "answered", sim.RelapsesInside: "relapses", sim.HasBedHeld: "bed_held",
}

// happened is one thing that happened, for programs.
type happened struct {
	Date   string  `json:"date"`
	At     float64 `json:"day"` // since the start of the run
	Who    string  `json:"who,omitempty"`
	Visit  int     `json:"visit,omitempty"` // 1 for the first
	What   string  `json:"what"`
	Stage  string  `json:"stage"`
	Place  string  `json:"place,omitempty"`
	Detail string  `json:"detail,omitempty"`
	To     string  `json:"to,omitempty"`
}

func (t *Traced) happened(e sim.Told, who string) happened {
	h := happened{Date: t.iso(e.At), At: positive(e.At), Who: who, What: codes[e.What], Stage: e.Stage, Place: e.Place, Detail: e.Detail, To: e.To}
	if who != "" {
		h.Visit = e.Visit + 1
	}
	return h
}

// happenedHead are the columns of happenings as CSV.
var happenedHead = []string{"date", "day", "who", "visit", "what", "stage", "place", "detail", "to"}

func (h happened) row() []string {
	visit := ""
	if h.Visit > 0 {
		visit = strconv.Itoa(h.Visit)
	}
	return []string{h.Date, digits(h.At), h.Who, visit, h.What, h.Stage, h.Place, h.Detail, h.To}
}

// tracedJSON is the head of every document about a replication.
type tracedJSON struct {
	Tool        string       `json:"tool"`
	Version     string       `json:"version"`
	Schema      int          `json:"schema"`
	Scenario    scenarioJSON `json:"scenario"`
	Seed        uint64       `json:"seed"`
	Replication int          `json:"replication"`
}

func (t *Traced) head() tracedJSON {
	return tracedJSON{"tier4", t.Version, 1, scenarioJSON{t.Scenario.Name, t.Scenario.Hash}, t.Seed, t.Replication}
}
