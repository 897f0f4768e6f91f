package scenarios

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tier4/sim"
)

// stageKinds are the kinds of stage: the word, what messages call one, and the keys
// it has beside those of every stage.
var stageKinds = []struct {
	word, what string
	kind       sim.Kind
	keys       func(r *reader, s *sim.Stage) table
}{
	{"delay", "a delay", sim.DelayKind, delayTable},
	{"group", "a group", sim.GroupKind, groupTable},
	{"panel", "a panel", sim.PanelKind, panelTable},
	{"beds", "a beds stage", sim.BedsKind, bedsTable},
	{"aftercare", "an aftercare", sim.AftercareKind, aftercareTable},
}

var kindWords = sync.OnceValue(func() (words []string) {
	for _, k := range stageKinds {
		words = append(words, k.word)
	}
	return words
})

// reservedStages are words that a stage cannot be called by.
var reservedStages = slices.Concat(exits, outcomeWords, figureHeads, []string{otherwise, "rest", "never"})

// stages is the map of stages.
var stages = kind[[]sim.Stage]{
	read: func(r *reader, n *node) ([]sim.Stage, bool) {
		var all []sim.Stage
		before := len(*r.faults)
		r.namedEntries(n, "a map of stages", "a stage", reservedStages, func(e entry) {
			all = append(all, recalled(r, e.value, func() sim.Stage { return r.stage(e) }))
		})
		if len(all) > mostStages {
			r.faults.add(n.at, "there are "+strconv.Itoa(len(all))+" stages", "name at most "+strconv.Itoa(mostStages))
			return nil, false
		}
		return all, len(*r.faults) == before
	},
	schema: func(s *sketch) any {
		return doc{"type": "object", "minProperties": 1, "additionalProperties": s.define("stage", func() any {
			tables := make([]table, len(stageKinds))
			for i := range stageKinds {
				tables[i] = stageTable(new(reader), new(sim.Stage), i)
			}
			d := s.byKind("kind", kindWords(), tables)
			d["required"] = []string{"kind"}
			return d
		})}
	},
}

// stage reads one stage by the table of its kind.
func (r *reader) stage(e entry) sim.Stage {
	s := sim.Stage{Name: e.key, ListMax: sim.NoLimit, KeepInTouch: 1}
	if !r.isMap(e.value, "a stage", []string{"kind", "next"}) {
		return s
	}
	i := r.sortOf(e, "stage", "kind", "a kind of stage", kindWords())
	if i < 0 {
		return s
	}
	s.Kind = stageKinds[i].kind
	r.readTable(e.value, stageKinds[i].what, stageTable(r, &s, i), func(key string) (string, string) {
		for j, other := range stageKinds {
			if j != i && contains(stageTable(r, new(sim.Stage), j).keys(), key) {
				return "`" + key + "` is a key of " + other.what + ", and this is " + stageKinds[i].what, "leave it out, or change the kind"
			}
		}
		return "", ""
	})
	r.checkStage(e.value, &s)
	return s
}

// sortOf is which of the words stands under a key of an object, that says by which keys the rest is read; -1 if none. A
// misspelt key or word is a fault, and the rest is read by the one that was meant.
func (r *reader) sortOf(e entry, object, key, what string, words []string) int {
	found := e.value.meant(key)
	switch {
	case found == nil:
		r.faults.add(e.at, object+" `"+e.key+"` has no `"+key+"`", "add `"+key+":`, one of "+quoted(words, "or"))
		return -1
	case found.key != key:
		r.faults.add(found.at, "unknown key `"+short(found.key)+"` in a "+object, "did you mean `"+key+"`?")
		found.key, found.value.key = key, key
	}
	n := found.value
	if i := slices.Index(words, n.text); n.sort == scalar && i >= 0 {
		return i
	}
	r.faults.add(n.at, n.named()+" is not "+what, meant(n.text, words)+"write "+quoted(words, "or"))
	i := slices.Index(words, nearest(n.text, words))
	if n.sort != scalar || i < 0 {
		return -1
	}
	n.text = words[i]
	return i
}

// stageTable has the keys of a stage: those of its kind between those of every stage.
func stageTable(r *reader, s *sim.Stage, kind int) table {
	patience := perLaw(neverOr())
	t := table{
		need(keyTo("kind", "the kind of stage", word("a kind of stage", kindWords(), kindWords()), func(string) {})),
		key("queue", "`priority`: higher priority first; `arrival` unless given", word("an order of the list", []string{"priority", "arrival"}, []bool{true, false}), &s.ByPriority),
		key("list_max", "most people on the list; whoever would make it longer is turned away", unlimited(0, sim.NoLimit), &s.ListMax),
		key("drops_out_after", "the law of giving up, from joining the list", patience, &s.DropsOutAfter),
		key("keep_in_touch", "hazard ratio of giving up for those kept in contact; 1 unless given", ratio, &s.KeepInTouch),
		key("effects", "what having been here does to later hazards: `{unplanned_discharge: 30% lower}`", effectsKind(), &s.Effects),
	}
	t = append(t, stageKinds[kind].keys(r, s)...)
	next := routes(stageKinds[kind].word)
	return append(t, need(keyTo("next", "where people go: a stage, `home`, `community` or `relapse`, or a map with shares", next, func(v nexts) { s.Next = v })))
}

// costsOf is the field of a stage's unit costs: those its kind can have.
func costsOf(s *sim.Stage, name, what string, more ...func(*sim.UnitCosts) field) field {
	keys := func(c *sim.UnitCosts) table {
		t := table{key("per_person", "each person who starts here; on a panel, or a delay without places, each who comes to its end", price, &c.PerPerson)}
		for _, f := range more {
			t = append(t, f(c))
		}
		return t
	}
	return key("costs", "prices beside the beds: "+quoted(keys(new(sim.UnitCosts)).keys(), "and"),
		object("costs_of_"+name, "the costs of "+what, func(_ *reader, c *sim.UnitCosts) table { return keys(c) }), &s.Costs)
}

func perWeek(about string) func(*sim.UnitCosts) field {
	return func(c *sim.UnitCosts) field { return key("per_week", about, price, &c.PerWeek) }
}

// opensCase is the field of the staff pool in which a stage opens a case.
func opensCase(s *sim.Stage) field {
	return key("opens_case_with", "people wait here for a free case in this pool of `staff`, those with priority first where `queue: priority`; closed on admission to a bed or leaving", poolName, &s.OpensCase)
}

func delayTable(_ *reader, s *sim.Stage) table {
	s.Delay = new(sim.Delay)
	d := s.Delay
	return table{
		need(key("takes", "how long it takes: a length of time or a law", forAll(perLaw(law())), &d.Takes)),
		key("places", "how many at once; without, the time itself is the wait", unlimited(1, 0), &d.Places),
		opensCase(s),
		costsOf(s, "delay", "a delay", perWeek("each person-week, where there are places")),
	}
}

func groupTable(r *reader, s *sim.Stage) table {
	s.Group = &sim.Group{Sessions: 1, SessionEvery: 7, MinToStart: 1}
	g := s.Group
	return table{
		key("meets", "when people can join: `{every: 1 week, on: Wednesday}`", meets(), &g.Meets),
		need(key("size", "how many it has room for: `{max: 10}`", sizeKind(), &g.Max)),
		key("intake", "`rolling`: people join at every meeting; or `closed`: a meeting starts a new group", word("an intake", []string{"closed", "rolling"}, []bool{true, false}), &g.Closed),
		key("min_to_start", "closed: so many must wait for a group to start", whole(1), &g.MinToStart),
		keyTo("starts_when", "starts by number or deadline instead of at meetings: `{people: 6, or_after: 28 days}`", gathering(), func(v sim.Gathering) { g.StartsWhen = &v }),
		key("sessions", "how many sessions; 1 unless given", whole(1), &g.Sessions),
		key("session_every", "the time between sessions; 1 week unless given", above0, &g.SessionEvery),
		key("leaves", "the share who leave after each session: `2% per session`", per(share, nil), &g.Leaves),
		opensCase(s),
		costsOf(s, "group", "a group", func(c *sim.UnitCosts) field {
			return key("per_session", "each session a person attends", price, &c.PerSession)
		}),
	}
}

func sizeKind() kind[int] {
	return object("size", "a size", func(_ *reader, most *int) table {
		return table{need(key("max", "people at once, or in one closed group", unlimited(1, sim.NoLimit), most))}
	})
}

func gathering() kind[sim.Gathering] {
	return object("starts_when", "a start by number or deadline", func(_ *reader, g *sim.Gathering) table {
		g.OrAfter = math.Inf(1)
		return table{
			need(key("people", "a group starts the moment so many wait", whole(1), &g.People)),
			key("or_after", "or so long after the first of them joined", duration, &g.OrAfter),
		}
	})
}

func panelTable(_ *reader, s *sim.Stage) table {
	s.Panel = &sim.Panel{Cases: sim.NoLimit}
	p := s.Panel
	return table{
		need(key("meets", "when it meets: `{every: 2 weeks, on: Tuesday}`", meets(), &p.Meets)),
		key("cases", "heard at each meeting; `unlimited` unless given", unlimited(1, sim.NoLimit), &p.Cases),
		keyTo("decides", "the shares approved, deferred and declined, 100% in all; all approved unless given", decisions, func(v [3]sim.Per[float64]) {
			p.Approve, p.Defer, p.Decline = v[0], v[1], v[2]
		}),
		key("answer_after", "from the meeting to the answer; 0 unless given, and even then another panel of that day hears them at its next meeting", duration, &p.AnswerAfter),
		keyTo("fast_track", "a share get their answer without a meeting: `{share: 10%, answer_after: 2 days}`", fastTrackKind(), func(v fastTrack) {
			p.FastTrack, p.FastAnswer = v.share, v.answer
		}),
		key("approval_lasts", "an approval not used by then goes back to the panel; it lasts for good unless given", above0, &p.ApprovalLasts),
		opensCase(s),
		costsOf(s, "panel", "a panel", func(c *sim.UnitCosts) field { return key("per_case", "each case it hears", price, &c.PerCase) }),
	}
}

// fastTrack is a share who get their answer without a meeting, so long after joining.
type fastTrack struct {
	share  sim.Per[float64]
	answer sim.Days
}

func fastTrackKind() kind[fastTrack] {
	return object("fast_track", "a fast track", func(_ *reader, f *fastTrack) table {
		return table{
			need(key("share", "the share who need no meeting", per(share, nil), &f.share)),
			key("answer_after", "from joining to the answer; 0 unless given", duration, &f.answer),
		}
	})
}

func aftercareTable(_ *reader, s *sim.Stage) table {
	s.Aftercare = &sim.Aftercare{Places: sim.NoLimit}
	a := s.Aftercare
	return table{
		key("places", "how many at once; `unlimited` unless given", unlimited(1, sim.NoLimit), &a.Places),
		need(key("lasts", "how long it lasts: a length of time or a law", forAll(perLaw(law())), &a.Lasts)),
		opensCase(s),
		costsOf(s, "aftercare", "an aftercare", perWeek("each person-week")),
	}
}

// meeting is a schedule as it is written.
type meeting struct {
	every sim.Days
	on    int // weekday from Sunday, or -1
}

var weekdayWords = keys("Sunday Monday Tuesday Wednesday Thursday Friday Saturday")

// weekday is a day of the week, in full or by three letters; Sunday is 0.
var weekday = kind[int]{
	read: func(r *reader, n *node) (int, bool) {
		for i, name := range weekdayWords {
			if n.sort == scalar && (strings.EqualFold(n.text, name) || strings.EqualFold(n.text, name[:3])) {
				return i, true
			}
		}
		r.faults.add(n.at, n.named()+" is not a weekday", meant(n.text, weekdayWords)+"write `Monday` or `Mon`")
		return 0, false
	},
	schema: func(*sketch) any {
		words := slices.Clone(weekdayWords)
		for _, w := range weekdayWords {
			words = append(words, w[:3])
		}
		return doc{"enum": words}
	},
}

// leastBetween is the least time between meetings: a minute.
const leastBetween sim.Days = 1.0 / (24 * 60)

func meets() kind[sim.Schedule] {
	written := object("meets", "a schedule of meetings", func(_ *reader, m *meeting) table {
		m.on = -1
		return table{
			need(key("every", "the time between meetings: `2 weeks`", above0, &m.every)),
			key("on", "the weekday, where `every` is whole weeks; from `start` on unless given", weekday, &m.on),
		}
	})
	return kind[sim.Schedule]{
		schema: written.schema,
		read: func(r *reader, n *node) (sim.Schedule, bool) {
			m, ok := written.read(r, n)
			if ok && m.every < leastBetween {
				r.faults.add(n.get("every").at, n.get("every").named()+" is too short a time between meetings", "write at least `1 minute`")
				return sim.Schedule{}, false
			}
			if !ok || m.on < 0 {
				return sim.Schedule{Every: m.every}, ok
			}
			if weeks := m.every / 7; weeks != math.Trunc(weeks) {
				r.faults.add(n.get("on").at, "a meeting every "+n.get("every").text+" cannot always be on a "+time.Weekday(m.on).String(), "make `every` whole weeks, or leave out `on`")
				return sim.Schedule{}, false
			}
			first := (m.on - int(r.spec.Start.Weekday()) + 7) % 7
			return sim.Schedule{First: float64(first), Every: m.every}, true
		},
	}
}
