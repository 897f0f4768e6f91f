package sim

import "errors"

// Happening is what can happen to a person, or to one of the others at a shared unit.
type Happening uint8

// What can happen.
const (
	Joins      Happening = iota // a list
	OpensCase                   // staff have a case free for them
	IsHeard                     // by a panel that approves or declines; the answer comes later
	IsDeferred                  // by a panel: back of the list
	Starts                      // is admitted to a bed, or starts a group, aftercare or a place of a delay
	KeepsBed                    // after the stay
	Leaves                      // a service, or the bed
	Expires                     // the approval is no longer good
	IsOut                       // of the pathway
	Relapses                    // outside it
	Dies
	OtherStarts // one of the others at a shared unit is admitted
	OtherLeaves
	IsFastTracked  // joins a panel's list, and will be decided without a meeting
	IsAnswered     // by a panel: its decision arrives and ends the wait
	RelapsesInside // while waiting or in a service; where they go then follows
	HasBedHeld     // in the stage to which they will go on, from their admission on
)

// Told is something that happened.
type Told struct {
	At     Days
	Since  Days   // of whoever is on a list: when they joined it, before 0 for some who are there at the start; else At
	Who    Person // zero for one of the others
	Visit  int    // 0 for the first
	What   Happening
	Stage  string
	Place  string // of a bed; "" elsewhere
	Detail string // how or why, where there is more to say
	To     string // of someone who is out: the exit, unless Detail says why they are lost
}

// Person is someone within a replication. Whoever has the same key is the same in every scenario.
type Person struct {
	Key            uint64 // of their draws
	Stream, Cohort string
	Traits         []string
	Slab           int    // of the stream's rate, from 0
	Number         uint64 // of the candidate, within stream, cohort and slab; the row of a replayed date, or of the start
}

// Trace plays replication i of the model and tells everything that happens to everyone, in order.
func Trace(m *Model, seed uint64, i int, told func(Told)) error {
	return TraceUntil(m, seed, i, told, nil)
}

// TraceUntil is Trace, given up some time after stop, if there is one, says so.
func TraceUntil(m *Model, seed uint64, i int, told func(Told), stop func() bool) error {
	r := Runner{Told: told, Stop: stop}
	var b Batch
	b.Reset(i)
	if err := r.Replicate(m, seed, i, &b); !errors.Is(err, errStopped) {
		return err
	}
	return nil
}

// tell passes on what happens, if anybody listens.
func (w *world) tell(p *person, what Happening, s *stage, place int32, detail string) {
	if w.told != nil {
		w.tellNow(p, what, s, place, detail)
	}
}

func (w *world) tellNow(p *person, what Happening, s *stage, place int32, detail string) {
	w.told(w.happening(p, what, s, place, detail))
}

// tellOut passes on that someone is out of the pathway, by which exit or for which loss.
func (w *world) tellOut(p *person, to int, why cause) {
	if w.told == nil {
		return
	}
	t := w.happening(p, IsOut, &w.m.stages[p.stage], none, causeWords[why])
	if why == byRoute {
		t.To = map[int]string{toHome: ExitHome, toCommunity: ExitCommunity, toRelapse: ExitRelapse}[to]
	}
	w.told(t)
}

func (w *world) happening(p *person, what Happening, s *stage, place int32, detail string) Told {
	t := Told{At: w.now.days(), Since: w.now.days(), What: what, Stage: s.Name, Detail: detail}
	if s.Kind == BedsKind && place >= 0 {
		t.Place = s.beds[place].Name
	}
	if p != nil {
		m := &w.m.people
		t.Visit = int(p.visit)
		if p.state == waiting || p.state == hearing {
			t.Since = p.joined.days()
		}
		t.Who = Person{
			Key: uint64(p.root), Stream: w.m.streams[p.stream].Name, Cohort: m.cohorts[m.cohort(p.kind)],
			Slab: max(0, int(p.who>>38&(1<<6-1))-1), Number: numberOf(p.who),
		}
		for i := range m.traits {
			if p.kind>>i&1 == 1 {
				t.Who.Traits = append(t.Who.Traits, m.traits[i].name)
			}
		}
	}
	return t
}

// leavingWords say how somebody leaves a bed.
func leavingWords(o Outcome) string {
	if o == Unplanned {
		return "early"
	}
	return "as planned"
}

// causeWords say why somebody is out of the pathway.
var causeWords = [causes]string{
	byRoute: "", droppedOut: "gave up waiting", declined: "declined", relapsedWaiting: "relapsed",
	leftEarly: "left early", leftGroup: "left the group", turnedAway: "turned away", died: "died",
}
