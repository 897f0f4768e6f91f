package sim

// Happening is what can happen to a person, or to one of the others at a shared unit.
type Happening uint8

// What can happen.
const (
	Joins     Happening = iota // a list
	OpensCase                  // staff have a case free for them
	IsHeard                    // by a panel, which decides; the answer comes later
	Starts                     // is admitted to a bed, or starts a group, aftercare or a place of a delay
	KeepsBed                   // after the stay
	Leaves                     // a service, or the bed
	Expires                    // the approval is no longer good
	IsOut                      // of the pathway
	Relapses                   // outside it
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
	Detail string // why, or how long, where there is more to say
}

// Person names someone within a replication: by stream and number, the same in every scenario that
// has the stream.
type Person struct {
	Stream, Cohort string
	Number         uint64 // within stream, cohort and slab, as in the person's identity
	id             uint64
}

// tell passes on what happens, if anybody listens.
func (w *world) tell(p *person, what Happening, s *stage, place int32) {
	if w.told != nil {
		w.tellNow(p, what, s, place)
	}
}

func (w *world) tellNow(p *person, what Happening, s *stage, place int32) {
	t := Told{At: w.now.days(), What: what, Stage: s.Name}
	if s.Kind == BedsKind && place >= 0 && place < int32(len(s.beds)) {
		t.Place = s.beds[place].Name
	}
	if p != nil {
		t.Visit = int(p.visit)
		t.Who = Person{Stream: w.m.streams[p.stream].Name, Cohort: w.m.people.cohorts[w.m.people.cohort(p.kind)], Number: p.who & (1<<38 - 1), id: uint64(p.root)}
	}
	w.told(t)
}
