package sim

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tier4/sim/dist"
)

// A naive twin of the pathway: no timers, no lists, no tricks. Everyone is in one slice, and whatever
// happens next is found by asking all of them. It knows the rules and the addresses of draws, and shares
// nothing with the engine but the laws and the spec.

const twinDay = int64(1) << 36

const twinNever = int64(math.MaxInt64 / 4)

// twinTime rounds days as the clock does.
func twinTime(days float64) int64 {
	if days >= float64(twinNever/twinDay) {
		return twinNever
	}
	return int64(days*float64(twinDay) + 0.5)
}

type twinPerson struct {
	stream, cohort int
	slab           int
	number         uint64
	traits         map[string]bool
	root           dist.Key
	visit          uint64
	priority       int

	comes    int64 // the next referral: first, or after a relapse; never when none
	referred int64
	stage    int
	where    string // "", waiting, hearing, serving, away
	passes   map[int]uint32
	pass     uint32
	hearings uint32
	joined   int64
	stamp    int64
	since    int64
	place    int
	attended int
	outcome  Outcome
	approved bool

	ends, gives, relapses int64
	finds                 map[int]int64 // when a spot search ends, by place
	part                  map[string]float64

	law                 dist.Law // of the relapse clock
	left, mark          float64
	from                int64
	factor, clocksRatio float64
}

type twin struct {
	spec   Spec
	end    int64
	people []*twinPerson
	rests  map[string][]int64 // by stage and place: beds resting until
	meets  []int64            // the next meeting of each stage
	lines  []line
	now    int64
	fresh  map[*twinPerson]bool // joined at this instant, and not matched yet
	counts map[string]float64
}

func (t *twin) say(p *twinPerson, format string, args ...any) {
	t.lines = append(t.lines, line{ticks(t.now), fmt.Sprintf("%x/%d", uint64(p.root), p.visit), fmt.Sprintf(format, args...)})
}

// twinValue is the value of a Per for a person, and whether any rule fits.
func twinValue[T any](t *twin, p *twinPerson, per Per[T]) (v T, ok bool) {
	for _, rule := range per {
		if rule.Who == "" || rule.Who == t.spec.Cohorts[p.cohort] || p.traits[rule.Who] {
			return rule.Value, true
		}
	}
	return v, false
}

func twinLeaving[T any](t *twin, p *twinPerson, rules ByLeaving[T], how Outcome, stage string) (v T, ok bool) {
	for _, rule := range rules {
		if rule.How == how && (rule.From == "" || rule.From == stage) {
			return twinValue(t, p, rule.Value)
		}
	}
	return v, false
}

func (t *twin) draw(p *twinPerson, stage, purpose string, occasion uint32) float64 {
	return p.root.Int(p.visit).Draw(dist.NameOf(stage).And(dist.NameOf(purpose)), p.pass, occasion)
}

// ratio is a person's hazard ratio: traits, then what they gained on the way.
func (t *twin) ratio(p *twinPerson, on Target) float64 {
	of := func(effects []Effect) float64 {
		r := 1.0
		for _, e := range effects {
			if e.On == on {
				r *= e.Ratio
			}
		}
		return r
	}
	all := 1.0
	for _, trait := range t.spec.Traits {
		if p.traits[trait.Name] {
			all *= of(trait.Effects)
		}
	}
	for _, s := range t.spec.Stages {
		if part := p.part[s.Name]; part > 0 && s.Kind != AftercareKind {
			all *= math.Pow(of(s.Effects), part)
		}
		if s.Beds != nil {
			for _, b := range s.Beds.Places {
				if p.part[s.Name+" "+b.Name] > 0 {
					all *= of(b.Effects)
				}
			}
		}
	}
	return all
}

// arrive makes everyone who will ever be referred for the first time.
func (t *twin) arrive(seed uint64, replication int) {
	root := dist.Root(seed, replication)
	add := func(i, cohort, slab int, number uint64, key dist.Key, at int64) {
		p := &twinPerson{stream: i, cohort: cohort, slab: slab, number: number, root: key, comes: at, priority: t.spec.Streams[i].Priority, traits: map[string]bool{}}
		p.gives, p.ends, p.relapses = twinNever, twinNever, twinNever
		for _, trait := range t.spec.Traits {
			share, _ := twinValue(t, p, trait.Share)
			p.traits[trait.Name] = key.Draw(dist.NameOf("trait").And(dist.NameOf(trait.Name)), 0, 0) < share
		}
		t.people = append(t.people, p)
	}
	for i, s := range t.spec.Streams {
		key := root.Name(dist.NameOf(s.Name))
		for row, d := range s.Dates {
			add(i, slices.Index(t.spec.Cohorts, d.Cohort), 0, uint64(row), key.Int(uint64(row)), twinTime(d.At))
		}
		for at, n := int64(0), uint64(1); s.Between != nil; n++ {
			if at += twinTime(s.Between.AtSurvival(key.Int(n).Draw(dist.NameOf("gap"), 0, 0))); at >= t.end {
				break
			}
			u, cohort, sum := key.Int(n).Draw(dist.NameOf("cohort"), 0, 0), 0, 0.0
			for _, rule := range s.Cohort {
				if sum += rule.Value; u < sum {
					cohort = slices.Index(t.spec.Cohorts, rule.Who)
					break
				}
			}
			add(i, cohort, 0, n, key.Int(n), at)
		}
		for _, r := range s.Rates {
			low, width := 0.0, 1.0
			for slab := 0; low < r.PerYear*10; slab++ {
				lane := key.Name(dist.NameOf(r.Cohort)).Int(uint64(slab))
				for at, n := int64(0), uint64(1); ; n++ {
					person := lane.Int(n)
					at += int64(dist.NegLog(person.Draw(dist.NameOf("gap"), 0, 0))*(365.25/width*float64(twinDay)) + 0.5)
					if at >= t.end {
						break
					}
					if low+width*person.Draw(dist.NameOf("height"), 0, 0) < t.rate(s, r.PerYear, at) {
						add(i, slices.Index(t.spec.Cohorts, r.Cohort), slab, n, person, at)
					}
				}
				low += width
				if slab > 0 {
					width *= 2
				}
			}
		}
	}
}

// rate is people a year: of the patterns, only growth and weekdays are known here.
func (t *twin) rate(s Stream, perYear float64, at int64) float64 {
	sum := 0.0
	for _, f := range s.ByWeekday {
		sum += f
	}
	if sum > 0 {
		perYear *= s.ByWeekday[t.spec.Start.AddDate(0, 0, int(at/twinDay)).Weekday()] * 7 / sum
	}
	return perYear * math.Pow(1+s.Growth, float64(at)/float64(twinDay)/365.25)
}

// before is queue order at a stage.
func (t *twin) before(a, b *twinPerson) bool {
	if t.spec.Stages[a.stage].ByPriority && a.priority != b.priority {
		return a.priority > b.priority
	}
	if a.stamp != b.stamp {
		return a.stamp < b.stamp
	}
	if a.referred != b.referred {
		return a.referred < b.referred
	}
	if a.stream != b.stream {
		return t.spec.Streams[a.stream].Name < t.spec.Streams[b.stream].Name
	}
	if a.cohort != b.cohort && a.slab+b.slab > 0 {
		return a.cohort < b.cohort
	}
	if a.slab != b.slab {
		return a.slab < b.slab
	}
	return a.number < b.number
}

// list is who waits at a stage, in queue order.
func (t *twin) list(stage int) (all []*twinPerson) {
	for _, p := range t.people {
		if p.where == "waiting" && p.stage == stage {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b *twinPerson) int {
		if t.before(a, b) {
			return -1
		}
		return 1
	})
	return all
}

func (t *twin) inside(stage, place int) (n int) {
	for _, p := range t.people {
		if p.where == "serving" && p.stage == stage && (place < 0 || p.place == place) {
			n++
		}
	}
	return n
}

func (t *twin) stageNamed(name string) int {
	return slices.IndexFunc(t.spec.Stages, func(s Stage) bool { return s.Name == name })
}

// enter joins a list.
func (t *twin) enter(p *twinPerson, stage int) {
	s := &t.spec.Stages[stage]
	p.stage, p.where, p.joined, p.stamp = stage, "waiting", t.now, t.now
	p.pass = p.passes[stage]
	p.passes[stage]++
	p.hearings, p.ends, p.gives, p.finds = 0, twinNever, twinNever, map[int]int64{}
	t.say(p, "joins %s", s.Name)
	t.counts[s.Name+".joined"]++
	if l, ok := twinValue(t, p, s.DropsOutAfter); ok && l != nil {
		after := dist.WithHazardRatio(l, t.draw(p, s.Name, "drops_out_after", 0), t.ratio(p, DropsOutAfter)*s.KeepInTouch)
		p.gives = t.now + twinTime(after)
	}
	t.fresh[p] = true
	if s.Kind == DelayKind && s.Delay.Places == 0 {
		l, _ := twinValue(t, p, s.Delay.Takes)
		p.ends = t.now + twinTime(l.AtSurvival(t.draw(p, s.Name, "takes", 0)))
		return
	}
	if s.Kind == BedsKind {
		for i, b := range s.Beds.Places {
			if b.Contract == Spot {
				p.finds[i] = t.now + twinTime(b.LookAfter)
				if l, ok := twinValue(t, p, b.FoundIn); ok {
					u := p.root.Int(p.visit).Draw(dist.NameOf(s.Name).And(dist.NameOf(b.Name)).And(dist.NameOf("found_in")), p.pass, 0)
					p.finds[i] += twinTime(l.AtSurvival(u))
				}
			}
		}
	}
}

// start ends a wait well.
func (t *twin) start(p *twinPerson, what string) {
	p.where, p.since, p.gives = "serving", t.now, twinNever
	delete(t.fresh, p)
	t.say(p, "starts %s%s", t.spec.Stages[p.stage].Name, what)
	t.counts[t.spec.Stages[p.stage].Name+".started"]++
}

// serve starts a delay with places, or aftercare.
func (t *twin) serve(p *twinPerson, takes Per[dist.Law]) {
	s := &t.spec.Stages[p.stage]
	t.start(p, "")
	l, _ := twinValue(t, p, takes)
	p.ends = t.now + twinTime(l.AtSurvival(t.draw(p, s.Name, "takes", 0)))
	if s.Kind == AftercareKind {
		r := 1.0
		for _, e := range s.Effects {
			if e.On == RelapseAfter {
				r *= e.Ratio
			}
		}
		t.scale(p, r)
	}
}

// admit starts a stay.
func (t *twin) admit(p *twinPerson, i int) {
	s := &t.spec.Stages[p.stage]
	b := &s.Beds.Places[i]
	p.place, p.law, p.relapses = i, nil, twinNever
	t.start(p, " "+b.Name)
	l, _ := twinValue(t, p, s.Beds.Stay)
	stay := l.AtSurvival(t.draw(p, s.Name, "stay", 0))
	p.outcome = Completed
	if l, ok := twinValue(t, p, s.Beds.UnplannedDischarge); ok && l != nil {
		r := 1.0
		for _, e := range b.Effects {
			if e.On == UnplannedDischarge {
				r *= e.Ratio
			}
		}
		if early := dist.WithHazardRatio(l, t.draw(p, s.Name, "unplanned_discharge", 0), t.ratio(p, UnplannedDischarge)*r); early < stay {
			stay, p.outcome = early, Unplanned
		}
	}
	p.ends = t.now + twinTime(stay)
}

// joinGroup starts a group for a person.
func (t *twin) joinGroup(p *twinPerson) {
	s := &t.spec.Stages[p.stage]
	t.start(p, "")
	p.outcome, p.attended = Completed, s.Group.Sessions
	leaves, _ := twinValue(t, p, s.Group.Leaves)
	for k := s.Group.Sessions; k >= 1; k-- {
		if t.draw(p, s.Name, "leaves", uint32(k)) < leaves {
			p.outcome, p.attended = Left, k
		}
	}
	p.ends = t.now + int64(p.attended)*twinTime(s.Group.SessionEvery)
}

// goOn takes the route of an outcome.
func (t *twin) goOn(p *twinPerson, outcome Outcome, why string) {
	s := &t.spec.Stages[p.stage]
	to := ExitCommunity
	if outcome == Relapsed {
		to = ExitRelapse
	}
	if branches := s.Next[outcome]; len(branches) > 0 {
		u, sum, found := t.draw(p, s.Name, "next", 0), 0.0, false
		for _, b := range branches {
			if b.Rest {
				to = b.To
			}
		}
		for _, b := range branches {
			if x, _ := twinValue(t, p, b.Share); !b.Rest && !found {
				if sum += x; u < sum {
					to, found = b.To, true
				}
			}
		}
	}
	if to != ExitHome && to != ExitCommunity && to != ExitRelapse {
		t.enter(p, t.stageNamed(to))
		return
	}
	t.exit(p, to, why)
}

func (t *twin) exit(p *twinPerson, to, why string) {
	t.say(p, "is out")
	if why != "" {
		t.counts["lost."+t.spec.Stages[p.stage].Name+"."+why]++
	}
	p.where, p.ends, p.gives = "away", twinNever, twinNever
	delete(t.fresh, p)
	if to == ExitRelapse {
		t.relapseNow(p)
	} else if p.relapses > t.end {
		p.where, p.relapses = "", twinNever
	}
}

// relapseNow is relapse outside, with a return perhaps.
func (t *twin) relapseNow(p *twinPerson) {
	p.where, p.relapses, p.law = "", twinNever, nil
	if t.spec.Relapse == nil || t.spec.Relapse.Returns == nil {
		return
	}
	r, key := t.spec.Relapse.Returns, p.root.Int(p.visit)
	if x, _ := twinValue(t, p, r.Share); key.Draw(dist.NameOf("returns"), 0, 0) < x {
		l, _ := twinValue(t, p, r.After)
		p.comes = t.now + twinTime(l.AtSurvival(key.Draw(dist.NameOf("returns after"), 0, 0)))
	}
}

// come starts a visit.
func (t *twin) come(p *twinPerson) {
	to := ""
	if p.passes == nil {
		to = t.spec.Streams[p.stream].Enters
	} else {
		p.visit++
		to = t.spec.Relapse.Returns.To
	}
	p.comes, p.referred = twinNever, t.now
	p.passes, p.part = map[int]uint32{}, map[string]float64{}
	t.enter(p, t.stageNamed(to))
}

// clock starts a relapse clock on leaving a bed.
func (t *twin) clock(p *twinPerson) {
	r, s := t.spec.Relapse, &t.spec.Stages[p.stage]
	p.law, p.relapses = nil, twinNever
	if r == nil {
		return
	}
	l, ok := twinLeaving(t, p, r.After, p.outcome, s.Name)
	never, _ := twinLeaving(t, p, r.Never, p.outcome, s.Name)
	if !ok || l == nil || t.draw(p, s.Name, "never", 0) < never {
		return
	}
	p.law, p.left, p.from, p.mark, p.factor = l, dist.NegLog(t.draw(p, s.Name, "relapse", 0)), t.now, 0, 1
	p.clocksRatio = t.ratio(p, RelapseAfter)
	t.aim(p)
}

func (t *twin) aim(p *twinPerson) {
	p.relapses = twinNever
	if rate := p.clocksRatio * p.factor; rate > 0 {
		spent := 0.0
		if p.mark > 0 {
			spent = dist.CumulativeHazard(p.law, p.mark)
		}
		p.relapses = max(t.now, p.from+twinTime(dist.AtCumulativeHazard(p.law, spent+p.left/rate)))
	}
}

// scale changes the hazard of relapse from now on.
func (t *twin) scale(p *twinPerson, factor float64) {
	if p.law == nil || factor == p.factor {
		return
	}
	since := float64(t.now-p.from) / float64(twinDay)
	if since > p.mark {
		spent := dist.CumulativeHazard(p.law, since)
		if p.mark > 0 {
			spent -= dist.CumulativeHazard(p.law, p.mark)
		}
		p.left = max(0, p.left-p.clocksRatio*p.factor*spent)
	}
	p.mark, p.factor = since, factor
	t.aim(p)
}

// finish is the end of a service, a delay, or waiting for an answer.
func (t *twin) finish(p *twinPerson) {
	s := &t.spec.Stages[p.stage]
	p.ends = twinNever
	if p.where == "serving" {
		t.say(p, "leaves %s", s.Name)
	} else {
		p.gives = twinNever
	}
	switch s.Kind {
	case DelayKind:
		p.part[s.Name] = 1
		t.goOn(p, Completed, "")
	case GroupKind:
		p.part[s.Name] = float64(p.attended) / float64(s.Group.Sessions)
		why := ""
		if p.outcome == Left {
			why = "left"
		}
		t.goOn(p, p.outcome, why)
	case PanelKind:
		if !p.approved {
			t.goOn(p, Declined, "declined")
			return
		}
		p.part[s.Name] = 1
		t.goOn(p, Completed, "")
	case BedsKind:
		b := &s.Beds.Places[p.place]
		if b.Turnover > 0 {
			key := fmt.Sprint(p.stage, " ", p.place)
			t.rests[key] = append(t.rests[key], t.now+twinTime(b.Turnover))
		}
		why := "unplanned"
		if p.outcome == Completed {
			p.part[s.Name], why = 1, ""
		}
		p.part[s.Name+" "+b.Name] = 1
		t.clock(p)
		t.goOn(p, p.outcome, why)
	case AftercareKind:
		t.scale(p, 1)
		t.goOn(p, Completed, "")
	}
}

// hear is a panel's meeting.
func (t *twin) hear(stage int) {
	s := &t.spec.Stages[stage]
	for i, p := range t.list(stage) {
		if s.Panel.Cases != NoLimit && i >= s.Panel.Cases {
			break
		}
		u := t.draw(p, s.Name, "decides", p.hearings)
		p.hearings++
		approve, _ := twinValue(t, p, s.Panel.Approve)
		later, _ := twinValue(t, p, s.Panel.Defer)
		if u >= approve && u < approve+later {
			p.stamp = t.now
			t.counts[s.Name+".deferred"]++
			continue
		}
		p.approved = u < approve
		p.where, p.ends = "hearing", t.now+twinTime(s.Panel.AnswerAfter)
		delete(t.fresh, p)
		t.say(p, "is heard by %s", s.Name)
	}
}

// meet is a group's meeting.
func (t *twin) meet(stage int) {
	g := t.spec.Stages[stage].Group
	waiting := t.list(stage)
	for i, p := range waiting {
		if g.Closed && (len(waiting) < g.MinToStart || g.Max != NoLimit && i >= g.Max) {
			break
		}
		if !g.Closed && g.Max != NoLimit && t.inside(stage, -1) >= g.Max {
			break
		}
		t.joinGroup(p)
	}
}

// gathers is when a group that starts by number or deadline is to start.
func (t *twin) gathers(stage int) int64 {
	g, at := t.spec.Stages[stage].Group.StartsWhen, twinNever
	waiting := t.list(stage)
	for _, p := range waiting {
		if !math.IsInf(g.OrAfter, 1) {
			at = min(at, max(t.now, p.joined+twinTime(g.OrAfter)))
		}
	}
	if len(waiting) >= g.People {
		at = t.now
	}
	return at
}

// match gives places to people, and turns away those who would make a list longer.
func (t *twin) match() {
	for i := range t.spec.Stages {
		s := &t.spec.Stages[i]
		switch s.Kind {
		case BedsKind:
			for _, contract := range []Contract{Block, Spot} {
				for j := range s.Beds.Places {
					if s.Beds.Places[j].Contract == contract {
						t.matchPlace(i, j)
					}
				}
			}
		case DelayKind:
			for _, p := range t.list(i) {
				if s.Delay.Places > 0 && t.inside(i, -1) < s.Delay.Places {
					t.serve(p, s.Delay.Takes)
				}
			}
		case AftercareKind:
			for _, p := range t.list(i) {
				if s.Aftercare.Places == NoLimit || t.inside(i, -1) < s.Aftercare.Places {
					t.serve(p, s.Aftercare.Lasts)
				}
			}
		}
		waiting := t.list(i)
		for k := len(waiting) - 1; k >= 0 && s.ListMax != NoLimit && len(t.list(i)) > s.ListMax; k-- {
			if p := waiting[k]; t.fresh[p] {
				t.counts[s.Name+".turned_away"]++
				t.counts[s.Name+".joined"]--
				t.exit(p, ExitCommunity, "turned_away")
			}
		}
	}
	clear(t.fresh)
}

func (t *twin) matchPlace(stage, i int) {
	b := &t.spec.Stages[stage].Beds.Places[i]
	days := float64(t.now) / float64(twinDay)
	weekday := t.spec.Start.AddDate(0, 0, int(t.now/twinDay)).Weekday()
	if days < b.From || days >= b.Until || b.Admits != [7]bool{} && !b.Admits[weekday] {
		return
	}
	for _, p := range t.list(stage) {
		resting := 0
		for _, until := range t.rests[fmt.Sprint(stage, " ", i)] {
			if until > t.now {
				resting++
			}
		}
		if b.Beds != NoLimit && t.inside(stage, i)+resting >= b.Beds {
			return
		}
		if b.Contract == Block || p.finds[i] <= t.now {
			t.admit(p, i)
		}
	}
}

// run plays a replication. At each instant: ends and joins, then group meetings, panels, matching,
// giving up, until nothing more happens at it.
func (t *twin) run() {
	for i := range t.spec.Stages {
		at := twinNever
		switch s := &t.spec.Stages[i]; {
		case s.Kind == PanelKind:
			at = twinTime(s.Panel.Meets.First)
		case s.Kind == GroupKind && s.Group.StartsWhen == nil:
			at = twinTime(s.Group.Meets.First)
		}
		t.meets = append(t.meets, at)
	}
	for t.now = -1; ; {
		if t.now = min(t.due(), t.wakes()); t.now >= t.end {
			return
		}
		for more := true; more; {
			switch {
			case t.someone(func(p *twinPerson) bool { return p.ends <= t.now }, t.finish):
			case t.someone(func(p *twinPerson) bool { return p.comes <= t.now }, t.come):
			case t.meeting(GroupKind):
			case t.meeting(PanelKind):
				for t.meeting(PanelKind) { // all that are due, before any of their answers
				}
			default:
				t.match()
				more = t.someone(func(p *twinPerson) bool { return p.gives <= t.now }, t.giveUp) ||
					t.someone(func(p *twinPerson) bool { return p.relapses <= t.now }, t.relapse) || t.due() <= t.now
			}
		}
	}
}

func (t *twin) giveUp(p *twinPerson) {
	t.counts[t.spec.Stages[p.stage].Name+".gave_up"]++
	t.exit(p, ExitCommunity, "dropped_out")
}

// relapse is the clock striking.
func (t *twin) relapse(p *twinPerson) {
	if p.where == "away" {
		t.say(p, "relapses")
		t.relapseNow(p)
		return
	}
	if p.where == "serving" {
		t.say(p, "leaves %s", t.spec.Stages[p.stage].Name)
	}
	p.law, p.relapses, p.ends, p.gives = nil, twinNever, twinNever, twinNever
	t.goOn(p, Relapsed, "relapsed")
}

func (t *twin) someone(is func(*twinPerson) bool, what func(*twinPerson)) bool {
	for _, p := range t.people {
		if is(p) {
			what(p)
			return true
		}
	}
	return false
}

// meeting holds one meeting of a kind if one is due.
func (t *twin) meeting(kind Kind) bool {
	for i := range t.spec.Stages {
		s := &t.spec.Stages[i]
		if s.Kind != kind {
			continue
		}
		if kind == GroupKind && s.Group.StartsWhen != nil {
			if t.gathers(i) <= t.now {
				t.meet(i)
				return true
			}
			continue
		}
		if t.meets[i] <= t.now {
			if kind == GroupKind {
				t.meets[i] += twinTime(s.Group.Meets.Every)
				t.meet(i)
			} else {
				t.meets[i] += twinTime(s.Panel.Meets.Every)
				t.hear(i)
			}
			return true
		}
	}
	return false
}

// due is when something happens by itself.
func (t *twin) due() int64 {
	at := twinNever
	for _, p := range t.people {
		at = min(at, p.ends, p.comes, p.gives, p.relapses)
	}
	for i := range t.spec.Stages {
		at = min(at, t.meets[i])
		if s := &t.spec.Stages[i]; s.Kind == GroupKind && s.Group.StartsWhen != nil {
			at = min(at, t.gathers(i))
		}
	}
	return at
}

// wakes is when, after now, someone who waits may find a place.
func (t *twin) wakes() int64 {
	at := twinNever
	later := func(when int64) {
		if when > t.now {
			at = min(at, when)
		}
	}
	for i := range t.spec.Stages {
		s := &t.spec.Stages[i]
		waiting := t.list(i)
		if s.Kind != BedsKind || len(waiting) == 0 {
			continue
		}
		later((t.now/twinDay + 1) * twinDay) // a midnight on which a place may admit
		for j, b := range s.Beds.Places {
			later(twinTime(max(0, b.From)))
			for _, until := range t.rests[fmt.Sprint(i, " ", j)] {
				later(until)
			}
			for _, p := range waiting {
				later(p.finds[j])
			}
		}
	}
	return at
}

// sameStories holds the engine to its twin.
func sameStories(t tester, spec Spec, seed uint64, replication int) {
	t.Helper()
	spec.WarmUp = 0
	m := modelOf(t, spec)
	l := &teller{m: m, named: func(p Person, visit int) string { return fmt.Sprintf("%x/%d", p.Key, visit) }}
	r := Runner{w: world{told: l.told}}
	b := new(Batch)
	b.Reset(replication)
	if err := r.Replicate(m, seed, replication, b); err != nil {
		t.Fatalf("%v", err)
	}
	w := &twin{spec: spec, end: twinTime(spec.Measure), rests: map[string][]int64{}, fresh: map[*twinPerson]bool{}, counts: map[string]float64{}}
	w.arrive(seed, replication)
	w.run()
	order := func(a, b line) int {
		if a.at != b.at {
			return int(a.at - b.at)
		}
		return strings.Compare(a.who, b.who)
	}
	slices.SortStableFunc(l.lines, order)
	slices.SortStableFunc(w.lines, order)
	for i := range max(len(l.lines), len(w.lines)) {
		x, y := line{what: "nothing"}, line{what: "nothing"}
		if i < len(l.lines) {
			x = l.lines[i]
			x.what, _, _ = strings.Cut(x.what, ",")
		}
		if i < len(w.lines) {
			y = w.lines[i]
		}
		if x != y {
			t.Fatalf("at %.6f %s %s; the twin: at %.6f %s %s", x.at.days(), x.who, x.what, y.at.days(), y.who, y.what)
		}
	}
	for i := range m.stages {
		name := m.stages[i].Name
		ids := map[string]string{
			name + ".joined": name + ".joined", name + ".turned_away": name + ".turned_away", name + ".dropped_out": name + ".gave_up",
			"lost." + name + ".relapsed": "lost." + name + ".relapsed", "lost." + name + ".left": "lost." + name + ".left",
			"lost." + name + ".unplanned": "lost." + name + ".unplanned", "lost." + name + ".declined": "lost." + name + ".declined",
			name + ".deferred": name + ".deferred", name + ".admissions": name + ".started",
		}
		for id, count := range ids {
			if len(m.periods) == 1 && slices.Contains(m.usual(), id) {
				if y, _ := totals(t, m, b, 0, id); y != w.counts[count] {
					t.Errorf("%s: %g, the twin %g", id, y, w.counts[count])
				}
			}
		}
	}
}

func TestTheEngineAndItsNaiveTwinTellTheSameStory(t *testing.T) {
	checks(t, 500, twinsAgree)
}

func twinsAgree(rt *rapid.T) {
	sameStories(rt, twinSpec(rt), rapid.Uint64Range(0, 50).Draw(rt, "seed"), 0)
}

// twinSpec is a legal spec of what the twin knows.
func twinSpec(rt *rapid.T) Spec {
	spec := anySpec(rt)
	spec.Measure = min(spec.Measure, 150.25)
	for i := range spec.Streams {
		for k := range spec.Streams[i].Rates {
			spec.Streams[i].Rates[k].PerYear = min(spec.Streams[i].Rates[k].PerYear, 100)
		}
	}
	return spec
}
