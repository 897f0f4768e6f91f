package sim

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
)

// Told is something that happened.
type Told struct {
	At     Days
	Who    Person // zero for one of the others
	Visit  int    // 0 for the first
	What   Happening
	Stage  string
	Place  string // of a bed; "" elsewhere
	Detail string // how or why, where there is more to say
}

// Person is someone within a replication. Whoever has the same key is the same in every scenario.
type Person struct {
	Key            uint64 // of their draws
	Stream, Cohort string
	Traits         []string
	Number         uint64 // of the candidate, within stream, cohort and slab; the row of a replayed date
}

// Trace plays replication i of the model and tells everything that happens to everyone, in order.
func Trace(m *Model, seed uint64, i int, told func(Told)) error {
	r := Runner{w: world{told: told}}
	var b Batch
	b.Reset(i)
	return r.Replicate(m, seed, i, &b)
}

// tell passes on what happens, if anybody listens.
func (w *world) tell(p *person, what Happening, s *stage, place int32, detail string) {
	if w.told != nil {
		w.tellNow(p, what, s, place, detail)
	}
}

func (w *world) tellNow(p *person, what Happening, s *stage, place int32, detail string) {
	t := Told{At: w.now.days(), What: what, Stage: s.Name, Detail: detail}
	if s.Kind == BedsKind && place >= 0 {
		t.Place = s.beds[place].Name
	}
	if p != nil {
		m := &w.m.people
		t.Visit = int(p.visit)
		t.Who = Person{Key: uint64(p.root), Stream: w.m.streams[p.stream].Name, Cohort: m.cohorts[m.cohort(p.kind)], Number: p.who & (1<<38 - 1)}
		for i := range m.traits {
			if p.kind>>i&1 == 1 {
				t.Who.Traits = append(t.Who.Traits, m.traits[i].name)
			}
		}
	}
	w.told(t)
}

// causeWords say why somebody is out of the pathway.
var causeWords = [causes]string{
	byRoute: "", droppedOut: "gave up waiting", declined: "declined", relapsedWaiting: "relapsed",
	leftEarly: "left early", leftGroup: "left the group", turnedAway: "turned away", died: "died",
}
