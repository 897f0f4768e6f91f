package sim

import (
	"fmt"

	"tier4/sim/dist"
)

// The twin's beds: who is acceptable where and from when, who gets a bed, who keeps one, and the people
// of others at shared units.

// twinBed is a bed someone is in, after the end of their stay too if they keep it.
type twinBed struct {
	stage, place int
	pass         uint32
	since        int64
	outcome      Outcome
	planned      int64 // when the stay was to end at first
	upTo         int64 // when a bed kept must be left
	nights       int64 // taken of the nights of a year
	year         int   // that year
	pays         bool  // the nights make a difference to a budget,
	from         int64 // from then on
	record       *twinService
}

// twinHeld is a bed held for someone who is still elsewhere.
type twinHeld struct{ stage, place int }

// twinOther is someone of others at a shared unit.
type twinOther struct {
	stage, place  int
	comes, leaves int64
	stay          int64
	where         string
}

func unitName(stage, place int) string { return fmt.Sprint(stage, " ", place) }

// open reports whether a place admits now.
func (t *twin) open(b *Place) bool {
	weekday := t.spec.Start.AddDate(0, 0, int(t.now/twinDay)).Weekday()
	return t.there(b) && (b.Admits == [7]bool{} || b.Admits[weekday])
}

// there reports whether a place is there now, be it a day of admissions or not.
func (t *twin) there(b *Place) bool {
	return t.now >= twinMoment(b.From) && t.now < twinMoment(b.Until) && !closed(b, t.now)
}

func closed(b *Place, at int64) bool {
	for _, c := range b.Closures {
		if at >= twinMoment(c.From) && at < twinMoment(c.Until) {
			return true
		}
	}
	return false
}

// bedsAt is the number of beds held by contract at a moment, open or not.
func bedsAt(b *Place, at int64) int {
	n := b.Beds
	for _, c := range b.Capacity {
		if at >= twinMoment(c.From) {
			n = c.Beds
		}
	}
	return n
}

// ours counts our people in the beds of a place, and the beds held for someone.
func (t *twin) ours(stage, place int) (n int) {
	for _, p := range t.people {
		if p.bed != nil && p.bed.stage == stage && p.bed.place == place {
			n++
		}
		if p.held != nil && p.held.stage == stage && p.held.place == place {
			n++
		}
	}
	return n
}

func (t *twin) resting(stage, place int) (n int) {
	for _, until := range t.rests[unitName(stage, place)] {
		if until > t.now {
			n++
		}
	}
	return n
}

func (t *twin) hasRoom(stage, place int) bool {
	beds := bedsAt(&t.spec.Stages[stage].Beds.Places[place], t.now)
	return beds == NoLimit || t.ours(stage, place)+t.resting(stage, place) < beds
}

// suits is drawn once for a person and place.
func (t *twin) suits(p *twinPerson, stage, place int) bool {
	s := &t.spec.Stages[stage]
	b := &s.Beds.Places[place]
	if len(b.Suits) == 0 {
		return true
	}
	x, _ := twinValue(t, p, b.Suits)
	return p.root.Draw(dist.NameOf(s.Name).And(dist.NameOf(b.Name)).And(dist.NameOf("suits")), 0, 0) < x
}

// readyFrom is the moment before which a visit's person can have no bed.
func (t *twin) readyFrom(p *twinPerson) int64 {
	if p.visit == 0 && p.rowReady > 0 {
		return twinTime(p.rowReady)
	}
	if l, ok := twinValue(t, p, t.spec.Streams[p.stream].ReadyAfter); ok && l != nil {
		return p.referred + twinTime(l.AtSurvival(p.root.Int(p.visit).Draw(dist.NameOf("ready_after"), 0, 0)))
	}
	return p.referred
}

// acceptsFrom is the moment from which a place accepts someone on the list.
func (t *twin) acceptsFrom(p *twinPerson, place int) int64 {
	s := &t.spec.Stages[p.stage]
	b := &s.Beds.Places[place]
	if !t.suits(p, p.stage, place) {
		return twinNever
	}
	at := max(p.joined, p.ready)
	if x, _ := twinValue(t, p, s.Beds.WantsLocal); !b.Local && t.draw(p, s.Name, "wants_local", 0) < x {
		at = max(at, p.joined+twinTime(s.Beds.LocalFor))
	}
	if a := b.Assesses; a != nil {
		if x, _ := twinValue(t, p, a.Refuses); t.drawOf(p, s.Name, b.Name, "refuses") < x {
			return twinNever
		}
		if l, ok := twinValue(t, p, a.Takes); ok && l != nil {
			at = max(at, p.joined+twinTime(l.AtSurvival(t.drawOf(p, s.Name, b.Name, "assesses"))))
		}
	}
	if b.Contract == Spot {
		found := p.joined
		if !t.onlySpotSuits(p) {
			found += twinTime(b.LookAfter)
		}
		if l, ok := twinValue(t, p, b.FoundIn); ok && l != nil {
			found += twinTime(l.AtSurvival(t.drawOf(p, s.Name, b.Name, "found_in")))
		}
		at = max(at, found)
	}
	return at
}

// onlySpotSuits reports whether the stage has other places and none of them suits a person.
func (t *twin) onlySpotSuits(p *twinPerson) bool {
	others, suit := false, false
	for i, b := range t.spec.Stages[p.stage].Beds.Places {
		if b.Contract != Spot {
			others, suit = true, suit || t.suits(p, p.stage, i)
		}
	}
	return others && !suit
}

// holds is the place in which a bed can be held for someone before they are admitted here: not needed
// by those who do not go there.
func (t *twin) holds(p *twinPerson) (place int, needed bool) {
	name := t.spec.Stages[p.stage].Beds.HeldPlace
	if name == "" || t.way(p, p.stage, p.pass, Completed) != name {
		return -1, false
	}
	stage := t.stageNamed(name)
	for i := range t.spec.Stages[stage].Beds.Places {
		b := &t.spec.Stages[stage].Beds.Places[i]
		if b.Contract != Block || !t.suits(p, stage, i) {
			continue
		}
		if a := b.Assesses; a != nil {
			refuses := dist.NameOf(name).And(dist.NameOf(b.Name)).And(dist.NameOf("refuses"))
			if x, _ := twinValue(t, p, a.Refuses); p.root.Int(p.visit).Draw(refuses, p.passes[stage], 0) < x {
				continue
			}
		}
		if needed = true; t.there(b) && t.hasRoom(stage, i) {
			return i, true
		}
	}
	return -1, needed
}

// hold holds a bed for someone, unless there are any number.
func (t *twin) hold(p *twinPerson, stage, place int) {
	if t.spec.Stages[stage].Beds.Places[place].Beds != NoLimit {
		p.held = &twinHeld{stage, place}
		t.say(p, "has a bed held in %s %s", t.spec.Stages[stage].Name, t.spec.Stages[stage].Beds.Places[place].Name)
	}
}

// match gives cases and places to people, and turns away those who would make a list longer.
func (t *twin) match() {
	for again := true; again; {
		for t.matchOnce() {
		}
		again = t.turnAway()
	}
	clear(t.fresh)
}

func (t *twin) matchOnce() (moved bool) {
	for i := range t.spec.Staff {
		moved = t.openCases(&t.spec.Staff[i]) || moved
	}
	for _, i := range t.matchOrder() {
		moved = t.matchStage(i) || moved
	}
	return moved
}

// matchOrder is the order of the file, but a stage in which places are held comes before the one that asks for it.
func (t *twin) matchOrder() (order []int) {
	done := map[int]bool{}
	var visit func(i int)
	visit = func(i int) {
		if done[i] {
			return
		}
		done[i] = true
		if b := t.spec.Stages[i].Beds; b != nil && b.HeldPlace != "" {
			visit(t.stageNamed(b.HeldPlace))
		}
		order = append(order, i)
	}
	for i := range t.spec.Stages {
		visit(i)
	}
	return order
}

// openCases gives the free cases of a pool to those who wait for one.
func (t *twin) openCases(pool *Pool) (moved bool) {
	open := 0
	for _, p := range t.people {
		if p.cases[pool.Name] {
			open++
		}
	}
	priority := func(p *twinPerson) int {
		if t.spec.Stages[p.stage].ByPriority {
			return p.priority
		}
		return 0
	}
	first := func(a, b *twinPerson) bool {
		if x, y := priority(a), priority(b); x != y {
			return x > y
		}
		return t.earlier(a, b)
	}
	for _, p := range t.those(first, func(p *twinPerson) bool {
		return p.where == "waiting" && t.lacksCase(p) && t.spec.Stages[p.stage].OpensCase == pool.Name
	}) {
		if open < pool.Caseload {
			open++
			p.cases[pool.Name] = true
			t.say(p, "opens a case")
			t.begin(p)
			moved = true
		}
	}
	return moved
}

func (t *twin) matchStage(i int) (moved bool) {
	s := &t.spec.Stages[i]
	switch s.Kind {
	case BedsKind:
		for _, p := range t.list(i) {
			if p.held != nil && p.held.stage == i {
				t.admit(p, p.held.place)
				moved = true
			}
		}
		for _, spot := range []bool{false, true} {
			for j := range s.Beds.Places {
				for (s.Beds.Places[j].Contract == Spot) == spot && t.takesOne(i, j) {
					moved = true
				}
			}
		}
	case DelayKind:
		for _, p := range t.list(i) {
			if s.Delay.Places > 0 && t.inside(i) < s.Delay.Places {
				t.serve(p, s.Delay.Takes)
				moved = true
			}
		}
	case AftercareKind:
		for _, p := range t.list(i) {
			if s.Aftercare.Places == NoLimit || t.inside(i) < s.Aftercare.Places {
				t.serve(p, s.Aftercare.Lasts)
				moved = true
			}
		}
	}
	return moved
}

// turnAway sends the newcomers away for whom a list has no room.
func (t *twin) turnAway() (moved bool) {
	for i := range t.spec.Stages {
		s := &t.spec.Stages[i]
		waiting := t.listed(i)
		for k := len(waiting) - 1; k >= 0 && s.ListMax != NoLimit && len(t.listed(i)) > s.ListMax; k-- {
			if p := waiting[k]; t.fresh[p] {
				t.counts[s.Name+".turned_away"]++
				t.counts[s.Name+".joined"]--
				t.waitEnds(p, false)
				t.exit(p, ExitCommunity, "turned_away")
				moved = true
			}
		}
	}
	return moved
}

// takesOne gives one bed of a place to someone if it can.
func (t *twin) takesOne(stage, i int) bool {
	b := &t.spec.Stages[stage].Beds.Places[i]
	if b.Contract != Share {
		return t.open(b) && t.hasRoom(stage, i) && t.takesOurs(stage, i)
	}
	var other *twinOther
	inside := 0
	for _, o := range t.others {
		if o.stage != stage || o.place != i {
			continue
		}
		if o.where == "in" {
			inside++
		}
		if o.where == "waiting" && other == nil {
			other = o
		}
	}
	if closed(b, t.now) || t.ours(stage, i)+inside+t.resting(stage, i) >= b.Of {
		return false
	}
	if t.open(b) && t.ours(stage, i) < bedsAt(b, t.now) && t.takesOurs(stage, i) {
		return true
	}
	if other != nil {
		other.where, other.leaves = "in", t.now+other.stay
		t.sayOthers(other, "start")
		return true
	}
	return t.open(b) && t.takesOurs(stage, i)
}

// takesOurs admits the first of our people whom a place accepts and who can be paid for; others are passed over.
func (t *twin) takesOurs(stage, i int) bool {
	for _, p := range t.list(stage) {
		if t.acceptsFrom(p, i) > t.now {
			continue
		}
		if place, needed := t.holds(p); needed && place < 0 {
			continue
		}
		if seen, is := p.passed[i]; is && seen == t.returns {
			continue
		}
		if !t.affords(p, i) {
			p.passed[i] = t.returns
			continue
		}
		t.admit(p, i)
		return true
	}
	return false
}

// plannedStay is how long a stay at a stage is planned to take, extended for some.
func (t *twin) plannedStay(p *twinPerson, stage int, pass uint32) Days {
	s := &t.spec.Stages[stage]
	l, _ := twinValue(t, p, s.Beds.Stay)
	return l.AtSurvival(t.drawAt(p, s.Name, "stay", pass, 0)) + t.extension(p, stage, pass)
}

func (t *twin) extension(p *twinPerson, stage int, pass uint32) Days {
	s := &t.spec.Stages[stage]
	if x, _ := twinValue(t, p, s.Beds.Extension); t.drawAt(p, s.Name, "extension", pass, 0) < x {
		if l, ok := twinValue(t, p, s.Beds.ExtensionAdds); ok && l != nil {
			return l.AtSurvival(t.drawAt(p, s.Name, "extension_adds", pass, 0))
		}
	}
	return 0
}

// dischargeRatio is the hazard ratio of leaving a place unplanned.
func (t *twin) dischargeRatio(p *twinPerson, b *Place) float64 {
	r := 1.0
	for _, e := range b.Effects {
		if e.On == UnplannedDischarge {
			r *= e.Ratio
		}
	}
	return t.ratio(p, UnplannedDischarge) * r
}

// admit starts a stay.
func (t *twin) admit(p *twinPerson, i int) {
	s := &t.spec.Stages[p.stage]
	b := &s.Beds.Places[i]
	t.start(p, " "+b.Name)
	p.completed, p.sure = false, false
	hold, needed := t.holds(p) // after they have left the bed that they kept
	p.law, p.relapses, p.diesAfter, p.approval = nil, twinNever, twinNever, twinNever
	clear(p.cases)
	stay := t.plannedStay(p, p.stage, p.pass)
	p.service.place = i
	p.bed = &twinBed{stage: p.stage, place: i, pass: p.pass, since: t.now, outcome: Completed, planned: t.now + twinTime(stay), upTo: twinNever, record: p.service}
	if l, ok := twinValue(t, p, s.Beds.UnplannedDischarge); ok && l != nil {
		if early := dist.WithHazardRatio(l, t.draw(p, s.Name, "unplanned_discharge", 0), t.dischargeRatio(p, b)); early < stay {
			stay, p.bed.outcome = early, Unplanned
		}
	}
	p.ends = t.now + twinTime(stay)
	t.chargeBed(p)
	if needed && hold >= 0 { // someone for whom this bed was held comes in without one held further on, if none is free
		t.hold(p, t.stageNamed(s.Beds.HeldPlace), hold)
	}
	t.watched("admits", p)
}

// endStay is the end of a stay, planned or not. The bed may be kept.
func (t *twin) endStay(p *twinPerson) {
	s := &t.spec.Stages[p.stage]
	b := p.bed
	why := "unplanned"
	p.completed = b.outcome == Completed
	if p.completed {
		p.part[s.Name], why = 1, ""
		t.counts[s.Name+".completed"]++
	} else {
		p.held = nil
	}
	p.part[s.Name+" "+s.Beds.Places[b.place].Name] = 1
	if b.outcome == Completed && t.staysOn(p, b) {
		return
	}
	b.record.unplanned = b.outcome == Unplanned
	t.leaveBed(p, false)
	if b.outcome == Unplanned {
		t.mayDieAfter(p)
	}
	t.goOn(p, b.outcome, why)
}

// staysOn keeps someone who has completed in the bed, if that is what they do.
func (t *twin) staysOn(p *twinPerson, b *twinBed) bool {
	s := &t.spec.Stages[p.stage]
	to := t.way(p, p.stage, p.pass, Completed)
	for _, on := range s.Beds.StaysOn {
		if on.To != to {
			continue
		}
		if !isExit(to) {
			t.say(p, "stays on in %s", s.Name)
			b.upTo = t.now + twinTime(on.UpTo)
			t.follow(p, to, Completed)
			t.enter(p, t.stageNamed(to))
			return true
		}
		if l, ok := twinValue(t, p, on.For); ok && l != nil {
			t.say(p, "stays on in %s", s.Name)
			p.where, p.ends = "staying", t.now+twinTime(l.AtSurvival(t.draw(p, s.Name, "stays_on", 0)))
			return true
		}
	}
	return false
}

// leaveBed frees the bed someone is in, if any. The relapse clock starts, unless they go from bed to bed.
func (t *twin) leaveBed(p *twinPerson, toBed bool) {
	b := p.bed
	if b == nil {
		return
	}
	s := &t.spec.Stages[b.stage]
	t.say(p, "leaves %s", s.Name)
	b.record.until = t.now
	if turnover := s.Beds.Places[b.place].Turnover; turnover > 0 {
		name := unitName(b.stage, b.place)
		t.rests[name] = append(t.rests[name], t.now+twinTime(turnover))
	}
	t.trueUp(p)
	if !toBed {
		t.clock(p, b)
	}
}

// othersArrive makes everyone of others who will ever come to a shared unit.
func (t *twin) othersArrive(root dist.Key) {
	for i, s := range t.spec.Stages {
		if s.Kind != BedsKind {
			continue
		}
		for j, b := range s.Beds.Places {
			if b.Contract != Share || b.Others == nil {
				continue
			}
			key := root.Name(dist.NameOf("other_demand")).Name(dist.NameOf(s.Name).And(dist.NameOf(b.Name)))
			t.slabs(key, b.Others.PerYear, func(int64) float64 { return b.Others.PerYear }, func(_ int, _ uint64, person dist.Key, at int64) {
				stay := twinTime(b.Others.Stay.AtSurvival(person.Draw(dist.NameOf("stay"), 0, 0)))
				t.others = append(t.others, &twinOther{stage: i, place: j, comes: at, leaves: twinNever, stay: stay})
			})
		}
	}
	sortOthers(t.others)
}

func (t *twin) othersCome() bool {
	for _, o := range t.others {
		if o.comes <= t.now {
			o.comes, o.where = twinNever, "waiting"
			return true
		}
	}
	return false
}

func (t *twin) othersLeave() bool {
	for _, o := range t.others {
		if o.leaves <= t.now {
			o.leaves, o.where = twinNever, "out"
			t.sayOthers(o, "leave")
			if turnover := t.spec.Stages[o.stage].Beds.Places[o.place].Turnover; turnover > 0 {
				name := unitName(o.stage, o.place)
				t.rests[name] = append(t.rests[name], t.now+twinTime(turnover))
			}
			return true
		}
	}
	return false
}

func (t *twin) sayOthers(o *twinOther, what string) {
	s := &t.spec.Stages[o.stage]
	t.lines = append(t.lines, line{ticks(t.now), "", fmt.Sprintf("others %s %s %s", what, s.Name, s.Beds.Places[o.place].Name)})
}
