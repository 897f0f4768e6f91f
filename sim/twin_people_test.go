package sim

import (
	"cmp"
	"math"
	"slices"

	"tier4/sim/dist"
)

// The twin's people beside their beds: what a panel decides and for how long, who dies, and who is there
// as the run starts.

// hear is a panel's meeting.
func (t *twin) hear(stage int) {
	s := &t.spec.Stages[stage]
	for i, p := range t.list(stage) {
		if s.Panel.Cases != NoLimit && i >= s.Panel.Cases {
			break
		}
		t.costs(stage, s.Costs.PerCase)
		if t.decides(p) {
			p.where, p.ends = "hearing", t.now+twinTime(s.Panel.AnswerAfter)
			delete(t.fresh, p)
			t.say(p, "is heard by %s", s.Name)
		}
	}
}

// decides draws what a panel makes of a case; false when it is deferred, at the meeting or for want of money.
func (t *twin) decides(p *twinPerson) bool {
	s := &t.spec.Stages[p.stage]
	u := t.draw(p, s.Name, "decides", p.hearings)
	p.hearings++
	approve, _ := twinValue(t, p, s.Panel.Approve)
	later, _ := twinValue(t, p, s.Panel.Defer)
	p.approved = u < approve
	if p.approved && t.commits(p) || u >= approve+later {
		return true
	}
	p.where, p.stamp, p.approved = "waiting", t.now, false
	t.counts[s.Name+".deferred"]++
	return false
}

// expire ends a wait because the approval is too old, and starts another at the panel.
func (t *twin) expire(p *twinPerson) {
	t.waitEnds(p, false)
	t.say(p, "approval expires")
	t.counts[t.spec.Stages[p.stage].Name+".expired"]++
	t.release(p)
	t.enter(p, p.panel)
}

// mayDieWaiting draws when someone who joins a list would die there.
func (t *twin) mayDieWaiting(p *twinPerson) {
	p.dies = twinNever
	if d := t.spec.Deaths; d != nil && d.Waiting > 0 {
		p.dies = t.now + twinTime(dist.NegLog(t.draw(p, t.spec.Stages[p.stage].Name, "death", 0))/d.Waiting*365.25)
	}
}

// mayDieAfter draws when someone who has just left a bed unplanned would die.
func (t *twin) mayDieAfter(p *twinPerson) {
	p.diesAfter = twinNever
	if t.spec.Deaths == nil {
		return
	}
	left, from := dist.NegLog(t.draw(p, t.spec.Stages[p.stage].Name, "death_after", 0)), 0.0
	for _, h := range t.spec.Deaths.AfterUnplanned {
		if h.PerYear > 0 && left <= (h.Until-from)*h.PerYear/365.25 {
			p.diesAfter = t.now + twinTime(from+left/h.PerYear*365.25)
			return
		}
		if h.PerYear > 0 {
			left -= (h.Until - from) * h.PerYear / 365.25
		}
		from = h.Until
	}
}

func (t *twin) die(p *twinPerson) {
	inside := false
	switch p.where {
	case "serving":
		t.cutShort(p)
		t.leaveBed(p, true)
		inside = true
	case "staying":
		t.leaveBed(p, true)
		inside = true
	case "waiting", "fast", "hearing":
		t.waitEnds(p, false)
		inside = true
	}
	t.say(p, "dies")
	if inside {
		t.gone(p, "died")
	}
	p.where = "dead"
	p.comes, p.relapses, p.diesAfter, p.law = twinNever, twinNever, twinNever, nil
}

// startWith places those who are there as the run starts, in the order in which they joined.
func (t *twin) startWith(key dist.Key) {
	var rows []int
	var approved []*twinPerson
	for i := range t.spec.Starting {
		rows = append(rows, i)
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(t.spec.Starting[a].Joined, t.spec.Starting[b].Joined) })
	for _, i := range rows {
		x := t.spec.Starting[i]
		stream := 0
		if x.Stream != "" {
			stream = slices.IndexFunc(t.spec.Streams, func(s Stream) bool { return s.Name == x.Stream })
		}
		p := t.person(stream, slices.Index(t.spec.Cohorts, x.Cohort), key.Int(uint64(i)))
		p.started, p.number = true, uint64(i)
		if x.Known {
			for name := range p.traits {
				p.traits[name] = slices.Contains(x.Traits, name)
			}
		}
		p.stage = t.stageNamed(x.Stage)
		p.joined = -twinTime(-x.Joined)
		p.stamp, p.referred = p.joined, p.joined
		p.passes, p.part, p.passed = map[int]uint32{p.stage: 1}, map[string]float64{}, map[int]int{}
		p.ready = t.readyFrom(p)
		past := t.pastOf(&x)
		for _, pool := range past.cases {
			p.cases[pool] = true
		}
		if x.Inside && t.spec.Stages[p.stage].Kind == BedsKind {
			clear(p.cases)
		} else if pool := t.spec.Stages[p.stage].OpensCase; x.Inside && pool != "" {
			p.cases[pool] = true
		}
		if x.Inside {
			t.startInside(p, &x)
		} else {
			if past.panel >= 0 && t.spec.Stages[p.stage].Kind != PanelKind {
				p.panel, p.approval = past.panel, p.joined+twinTime(t.spec.Stages[past.panel].Panel.ApprovalLasts)
			}
			t.startWaiting(p)
		}
		if past.approved {
			approved = append(approved, p)
		}
	}
	for _, p := range t.people { // once everybody is where they are
		if p.where == "serving" && t.spec.Stages[p.stage].Kind == BedsKind {
			if place, needed := t.holds(p); needed && place >= 0 {
				t.hold(p, t.stageNamed(t.spec.Stages[p.stage].Beds.HeldPlace), place)
			}
		}
	}
	for _, p := range approved { // their money is committed, whether there is enough of it or not
		t.commitWay(p)
	}
}

// twinPast is what is so of someone who has come to a stage in some way: the pools whose case they have, whether a panel
// has approved them, and the panel whose approval they have not used yet.
type twinPast struct {
	stage    int
	cases    []string
	approved bool
	panel    int
}

// pastOf is what is so of someone of the start in whatever way they came to their stage.
func (t *twin) pastOf(x *Started) twinPast {
	var all []twinPast
	for _, s := range t.spec.Streams {
		if x.Stream == s.Name || x.Stream == "" {
			t.allWays(&all, twinPast{stage: t.stageNamed(s.Enters), panel: -1})
		}
	}
	all = slices.DeleteFunc(all, func(b twinPast) bool { return b.stage != t.stageNamed(x.Stage) })
	if len(all) == 0 {
		return twinPast{panel: -1}
	}
	one := all[0]
	one.cases = slices.Clone(one.cases)
	for _, b := range all[1:] {
		one.cases = slices.DeleteFunc(one.cases, func(pool string) bool { return !slices.Contains(b.cases, pool) })
		one.approved = one.approved && b.approved
		if one.panel != b.panel {
			one.panel = -1
		}
	}
	return one
}

// allWays follows every way from a stage to all others, of people of any kind.
func (t *twin) allWays(all *[]twinPast, b twinPast) {
	for _, known := range *all {
		if known.stage == b.stage && known.approved == b.approved && known.panel == b.panel && slices.Equal(known.cases, b.cases) {
			return
		}
	}
	*all = append(*all, b)
	s := &t.spec.Stages[b.stage]
	for outcome, branches := range s.Next {
		after := b
		after.cases = slices.Clone(b.cases)
		if s.OpensCase != "" && !slices.Contains(after.cases, s.OpensCase) {
			after.cases = append(after.cases, s.OpensCase)
			slices.Sort(after.cases)
		}
		switch s.Kind {
		case BedsKind:
			after.cases, after.panel = nil, -1
		case PanelKind:
			after.approved, after.panel = Outcome(outcome) == Completed, -1
			if after.approved && s.Panel.ApprovalLasts > 0 {
				after.panel = b.stage
			}
		}
		for _, to := range t.everyWay(branches) {
			if !isExit(to) {
				after.stage = t.stageNamed(to)
				t.allWays(all, after)
			}
		}
	}
}

// everyWay is where branches lead people of any kind.
func (t *twin) everyWay(branches []Branch) (all []string) {
	for cohort := range t.spec.Cohorts {
		for has := range 1 << len(t.spec.Traits) {
			p := &twinPerson{cohort: cohort, traits: map[string]bool{}}
			for i, trait := range t.spec.Traits {
				p.traits[trait.Name] = has>>i&1 == 1
			}
			sum := 0.0
			for _, b := range branches {
				if x, _ := twinValue(t, p, b.Share); !b.Rest && x > 0 {
					all, sum = append(all, b.To), sum+x
				}
			}
			for _, b := range branches {
				if b.Rest && sum < 1-1e-9 {
					all = append(all, b.To)
				}
			}
		}
	}
	return all
}

// startWaiting puts someone on a list on which they have been for a while.
func (t *twin) startWaiting(p *twinPerson) {
	s := &t.spec.Stages[p.stage]
	waited := float64(-p.joined) / float64(twinDay)
	p.where = "waiting"
	t.say(p, "joins %s", s.Name)
	if l, ok := twinValue(t, p, s.DropsOutAfter); ok && l != nil {
		p.gives = max(0, p.joined+twinTime(longerThan(l, t.draw(p, s.Name, "drops_out_after", 0), t.ratio(p, DropsOutAfter)*s.KeepInTouch, waited)))
	}
	t.mayDieWaiting(p)
	if s.Kind == DelayKind && s.Delay.Places == 0 && s.OpensCase == "" {
		l, _ := twinValue(t, p, s.Delay.Takes)
		p.ends = max(0, p.joined+twinTime(longerThan(l, t.draw(p, s.Name, "takes", 0), 1, waited)))
	}
}

// longerThan is a length with a hazard ratio, given that so many days have passed already.
func longerThan(l dist.Law, u, ratio, days float64) float64 {
	still := math.Pow(l.Survival(days), ratio)
	if still == 0 {
		return days
	}
	return dist.WithHazardRatio(l, u*still, ratio)
}

// startInside puts someone in a bed, or in a service, in which they have been for a while.
func (t *twin) startInside(p *twinPerson, x *Started) {
	s := &t.spec.Stages[p.stage]
	costs := len(t.unit)
	t.start(p, placeSaid(x.Place))
	t.unit = t.unit[:costs] // paid, and counted, before the run
	t.counts[s.Name+".started"]--
	takes := Per[dist.Law]{}
	switch s.Kind {
	case BedsKind:
		takes = s.Beds.Stay
	case AftercareKind:
		takes = s.Aftercare.Lasts
	case DelayKind:
		takes = s.Delay.Takes
	}
	purpose := "takes"
	if s.Kind == BedsKind {
		purpose = "stay"
	}
	l, _ := twinValue(t, p, takes)
	u, been := t.draw(p, s.Name, purpose, 0), -x.Since
	length := 0.0
	if math.IsNaN(x.Since) {
		length = l.AtSurvival(u)
		been = t.draw(p, s.Name, "since", 0) * length
	} else {
		length = longerThan(l, u, 1, been)
	}
	since := -twinTime(been)
	p.service.since = since
	if s.Kind != BedsKind {
		p.ends = max(0, since+twinTime(length))
		return
	}
	i := slices.IndexFunc(s.Beds.Places, func(b Place) bool { return b.Name == x.Place })
	b := &s.Beds.Places[i]
	length += t.extension(p, p.stage, p.pass)
	p.service.place = i
	p.bed = &twinBed{
		stage: p.stage, place: i, pass: p.pass, since: since, outcome: Completed,
		planned: max(0, since+twinTime(length)), upTo: twinNever, record: p.service,
	}
	if l, ok := twinValue(t, p, s.Beds.UnplannedDischarge); ok && l != nil {
		early := longerThan(l, t.draw(p, s.Name, "unplanned_discharge", 0), t.dischargeRatio(p, b), been)
		if early < length {
			length, p.bed.outcome = early, Unplanned
		}
	}
	p.ends = max(0, since+twinTime(length))
	t.commitBed(p)
}

func placeSaid(place string) string {
	if place == "" {
		return ""
	}
	return " " + place
}
