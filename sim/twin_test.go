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

// twinMoment is a date of a contract; what lies before the start is from the start.
func twinMoment(days Days) int64 { return twinTime(max(0, days)) }

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
	started        bool // here as the run starts
	traits         map[string]bool
	root           dist.Key
	visit          uint64
	priority       int
	rowReady       Days // of a replayed row

	comes    int64 // the next referral: first, or after a relapse; never when none
	referred int64
	ready    int64 // no bed before
	stage    int
	where    string // "", waiting, fast, hearing, serving, staying, away, dead
	passes   map[int]uint32
	pass     uint32
	hearings uint32
	joined   int64
	stamp    int64
	attended int
	outcome  Outcome
	approved bool
	passed   map[int]int     // the count of returns when a place passed them over, by place
	cases    map[string]bool // staff pools
	panel    int             // that approved them
	approval int64           // until when
	bed      *twinBed
	held     *twinHeld
	plans    map[int]twinPlan // by stage, of those not in the bed yet
	promised map[int]bool     // a bed that is paid for, by stage
	asks     Pence            // what the bed that they were last tried for costs beyond that
	service  *twinService

	ends, gives, relapses int64
	dies, diesAfter       int64 // of waiting, and of an unplanned leaving

	completed, sure bool // the last bed and all since; no other can follow

	part map[string]float64 // how much of a stage or place they have had this visit

	law                 dist.Law // of the relapse clock
	left, mark          float64
	from                int64
	factor, clocksRatio float64
}

type twin struct {
	spec     Spec
	end      int64
	people   []*twinPerson
	others   []*twinOther
	rests    map[string][]int64 // by stage and place: beds resting until
	meets    []int64            // the next meeting of each stage
	lines    []line
	now      int64
	fresh    map[*twinPerson]bool // joined at this instant, and not matched yet
	counts   map[string]float64
	year     int                              // financial, from 0
	returns  int                              // how often money or nights have come back
	short    bool                             // somebody was passed over for want of nights or money since midnight
	nights   map[string]int64                 // of bed_nights left this year, by stage and place
	slept    map[string]map[int]int64         // by stage and place, and year: nights of people who have left
	noticed  map[int]map[int]Pence            // by budget and year
	carried  map[int]map[int]Pence            // by budget and year
	fixed    map[int]map[int]Pence            // the same, as worked out before
	services []*twinService                   // everyone's stays and services
	unit     []twinCost                       // unit costs as they fell
	watch    func(what string, p *twinPerson) // what was done to whom, if not nil
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
	return t.drawAt(p, stage, purpose, p.pass, occasion)
}

func (t *twin) drawAt(p *twinPerson, stage, purpose string, pass, occasion uint32) float64 {
	return p.root.Int(p.visit).Draw(dist.NameOf(stage).And(dist.NameOf(purpose)), pass, occasion)
}

// drawOf is a draw of a purpose of a place.
func (t *twin) drawOf(p *twinPerson, stage, place, purpose string) float64 {
	return p.root.Int(p.visit).Draw(dist.NameOf(stage).And(dist.NameOf(place)).And(dist.NameOf(purpose)), p.pass, 0)
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
	add := func(i, cohort, slab int, number uint64, key dist.Key, at int64) *twinPerson {
		p := t.person(i, cohort, key)
		p.slab, p.number, p.comes = slab, number, at
		return p
	}
	for i, s := range t.spec.Streams {
		key := root.Name(dist.NameOf(s.Name))
		for row, d := range s.Dates {
			p := add(i, slices.Index(t.spec.Cohorts, d.Cohort), 0, uint64(row), key.Int(uint64(row)), twinTime(d.At))
			p.rowReady = d.Ready
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
			cohort := slices.Index(t.spec.Cohorts, r.Cohort)
			t.slabs(key.Name(dist.NameOf(r.Cohort)), r.PerYear*10, func(at int64) float64 { return t.rate(s, r.PerYear, at) }, func(slab int, n uint64, person dist.Key, at int64) {
				add(i, cohort, slab, n, person, at)
			})
		}
	}
}

// slabs makes the candidates of a source whose rate never passes the highest, and keeps those under the rate.
func (t *twin) slabs(key dist.Key, highest float64, rate func(at int64) float64, keep func(slab int, n uint64, person dist.Key, at int64)) {
	low, width := 0.0, 1.0
	for slab := 0; low < highest; slab++ {
		lane := key.Int(uint64(slab))
		for at, n := int64(0), uint64(1); ; n++ {
			person := lane.Int(n)
			at += int64(dist.NegLog(person.Draw(dist.NameOf("gap"), 0, 0))*(365.25/width*float64(twinDay)) + 0.5)
			if at >= t.end {
				break
			}
			if low+width*person.Draw(dist.NameOf("height"), 0, 0) < rate(at) {
				keep(slab, n, person, at)
			}
		}
		low += width
		if slab > 0 {
			width *= 2
		}
	}
}

// person adds someone who is nowhere yet.
func (t *twin) person(stream, cohort int, key dist.Key) *twinPerson {
	p := &twinPerson{stream: stream, cohort: cohort, root: key, comes: twinNever, priority: t.spec.Streams[stream].Priority, traits: map[string]bool{}}
	p.gives, p.ends, p.relapses, p.dies, p.diesAfter, p.approval = twinNever, twinNever, twinNever, twinNever, twinNever, twinNever
	p.cases, p.plans, p.promised = map[string]bool{}, map[int]twinPlan{}, map[int]bool{}
	for _, trait := range t.spec.Traits {
		share, _ := twinValue(t, p, trait.Share)
		p.traits[trait.Name] = key.Draw(dist.NameOf("trait").And(dist.NameOf(trait.Name)), 0, 0) < share
	}
	t.people = append(t.people, p)
	return p
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
	return t.earlier(a, b)
}

// earlier is the order of those of one priority: stamp, referral, who.
func (t *twin) earlier(a, b *twinPerson) bool {
	if a.stamp != b.stamp {
		return a.stamp < b.stamp
	}
	return t.referredBefore(a, b)
}

// referredBefore is the order of referral, and of who people are.
func (t *twin) referredBefore(a, b *twinPerson) bool {
	if a.referred != b.referred {
		return a.referred < b.referred
	}
	if a.stream != b.stream {
		return t.spec.Streams[a.stream].Name < t.spec.Streams[b.stream].Name
	}
	if a.started != b.started {
		return a.started
	}
	if a.cohort != b.cohort && a.slab+b.slab > 0 {
		return a.cohort < b.cohort
	}
	if a.slab != b.slab {
		return a.slab < b.slab
	}
	return a.number < b.number
}

// those are the people of whom something holds, in an order.
func (t *twin) those(before func(a, b *twinPerson) bool, is func(*twinPerson) bool) (all []*twinPerson) {
	for _, p := range t.people {
		if is(p) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b *twinPerson) int {
		if before(a, b) {
			return -1
		}
		return 1
	})
	return all
}

// listed is who is on the list of a stage, in queue order.
func (t *twin) listed(stage int) []*twinPerson {
	return t.those(t.before, func(p *twinPerson) bool { return p.where == "waiting" && p.stage == stage })
}

// list is who of them can be taken: not those who wait for a case.
func (t *twin) list(stage int) []*twinPerson {
	return t.those(t.before, func(p *twinPerson) bool { return p.where == "waiting" && p.stage == stage && !t.lacksCase(p) })
}

func (t *twin) lacksCase(p *twinPerson) bool {
	pool := t.spec.Stages[p.stage].OpensCase
	return pool != "" && !p.cases[pool]
}

// waits reports whether someone's wait goes on: on a list, or for an answer.
func (p *twinPerson) waits() bool {
	return p.where == "waiting" || p.where == "fast" || p.where == "hearing"
}

// inside counts the people served at a stage that has no beds.
func (t *twin) inside(stage int) (n int) {
	for _, p := range t.people {
		if p.where == "serving" && p.stage == stage {
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
	p.hearings, p.ends, p.gives, p.passed = 0, twinNever, twinNever, map[int]int{}
	t.say(p, "joins %s", s.Name)
	t.counts[s.Name+".joined"]++
	if p.held != nil && p.held.stage == stage && !t.there(&s.Beds.Places[p.held.place]) {
		p.held = nil
	}
	if s.Kind == PanelKind {
		p.approval = twinNever
	}
	if l, ok := twinValue(t, p, s.DropsOutAfter); ok && l != nil {
		after := dist.WithHazardRatio(l, t.draw(p, s.Name, "drops_out_after", 0), t.ratio(p, DropsOutAfter)*s.KeepInTouch)
		p.gives = t.now + twinTime(after)
	}
	t.mayDieWaiting(p)
	t.fresh[p] = true
	if !t.lacksCase(p) {
		t.begin(p)
	}
}

// begin is what begins with joining a list, or once a case is opened.
func (t *twin) begin(p *twinPerson) {
	s := &t.spec.Stages[p.stage]
	switch {
	case s.Kind == DelayKind && s.Delay.Places == 0:
		l, _ := twinValue(t, p, s.Delay.Takes)
		p.ends = t.now + twinTime(l.AtSurvival(t.draw(p, s.Name, "takes", 0)))
	case s.Kind == PanelKind:
		if x, _ := twinValue(t, p, s.Panel.FastTrack); t.draw(p, s.Name, "fast_track", 0) < x {
			p.where, p.ends = "fast", t.now+twinTime(s.Panel.FastAnswer)
			delete(t.fresh, p)
		}
	}
}

// waitEnds is the end of a wait, however it ends.
func (t *twin) waitEnds(p *twinPerson, toBed bool) {
	p.gives, p.dies = twinNever, twinNever
	delete(t.fresh, p)
	if p.held != nil && p.held.stage == p.stage {
		p.held = nil
	}
	t.leaveBed(p, toBed)
}

// start ends a wait well.
func (t *twin) start(p *twinPerson, what string) {
	s := &t.spec.Stages[p.stage]
	t.waitEnds(p, s.Kind == BedsKind)
	p.where = "serving"
	t.say(p, "starts %s%s", s.Name, what)
	t.counts[s.Name+".started"]++
	t.costs(p.stage, s.Costs.PerPerson)
	p.service = &twinService{stage: p.stage, place: -1, since: t.now, until: twinNever}
	t.services = append(t.services, p.service)
}

// stop ends a service.
func (t *twin) stop(p *twinPerson) {
	if t.spec.Stages[p.stage].Kind != BedsKind { // a bed is left when it is left, not when the stay ends
		p.service.until = t.now
		t.say(p, "leaves %s", t.spec.Stages[p.stage].Name)
	}
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
	to := t.way(p, p.stage, p.pass, outcome)
	t.follow(p, to, outcome)
	if !isExit(to) {
		t.enter(p, t.stageNamed(to))
		return
	}
	if !t.hasBeds() {
		p.completed, p.sure = why == "" && to != ExitRelapse, true
	}
	t.exit(p, to, why)
}

// follow notes how someone fares after a bed, until no other can follow.
func (t *twin) follow(p *twinPerson, to string, outcome Outcome) {
	if !p.sure {
		p.completed = p.completed && outcome == Completed
		p.sure = !t.leadsToBed(p, to, map[string]bool{})
	}
}

func (t *twin) hasBeds() bool {
	return slices.ContainsFunc(t.spec.Stages, func(s Stage) bool { return s.Kind == BedsKind })
}

// leadsToBed reports whether someone like this may come from a stage to a bed, without relapse.
func (t *twin) leadsToBed(p *twinPerson, name string, seen map[string]bool) bool {
	if isExit(name) || seen[name] {
		return false
	}
	seen[name] = true
	s := &t.spec.Stages[t.stageNamed(name)]
	if s.Kind == BedsKind {
		return true
	}
	for outcome, branches := range s.Next {
		if Outcome(outcome) == Relapsed {
			continue
		}
		sum, rest := 0.0, ""
		for _, b := range branches {
			x, _ := twinValue(t, p, b.Share)
			if sum += x; x > 0 && t.leadsToBed(p, b.To, seen) {
				return true
			}
			if b.Rest {
				rest = b.To
			}
		}
		if rest != "" && sum < 1-1e-9 && t.leadsToBed(p, rest, seen) {
			return true
		}
	}
	return false
}

func isExit(to string) bool { return to == ExitHome || to == ExitCommunity || to == ExitRelapse }

// way is where an outcome of a pass at a stage leads.
func (t *twin) way(p *twinPerson, stage int, pass uint32, outcome Outcome) string {
	s := &t.spec.Stages[stage]
	to := ExitCommunity
	if outcome == Relapsed {
		to = ExitRelapse
	}
	if branches := s.Next[outcome]; len(branches) > 0 {
		u, sum, found := t.drawAt(p, s.Name, "next", pass, 0), 0.0, false
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
	return to
}

func (t *twin) exit(p *twinPerson, to, why string) {
	t.say(p, "is out")
	t.gone(p, why)
	p.where = "away"
	if to == ExitRelapse {
		t.relapseNow(p)
	} else if p.relapses > t.end {
		p.where, p.relapses = "", twinNever
	}
}

// gone gives back all that someone holds in the pathway.
func (t *twin) gone(p *twinPerson, why string) {
	t.counts["episodes"]++
	if p.completed && p.sure {
		t.counts["completed"]++
	}
	if why != "" {
		t.counts["lost."+t.spec.Stages[p.stage].Name+"."+why]++
	}
	p.ends, p.gives, p.dies, p.approval = twinNever, twinNever, twinNever, twinNever
	delete(t.fresh, p)
	clear(p.cases)
	p.held = nil
	t.release(p)
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
	p.completed, p.sure = false, false
	p.ready = t.readyFrom(p)
	t.enter(p, t.stageNamed(to))
}

// clock starts a relapse clock on leaving a bed.
func (t *twin) clock(p *twinPerson, b *twinBed) {
	r, s := t.spec.Relapse, &t.spec.Stages[b.stage]
	p.law, p.relapses = nil, twinNever
	if r == nil {
		return
	}
	l, ok := twinLeaving(t, p, r.After, b.outcome, s.Name)
	never, _ := twinLeaving(t, p, r.Never, b.outcome, s.Name)
	if !ok || l == nil || t.drawAt(p, s.Name, "never", b.pass, 0) < never {
		return
	}
	p.law, p.left, p.from, p.mark, p.factor = l, dist.NegLog(t.drawAt(p, s.Name, "relapse", b.pass, 0)), t.now, 0, 1
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
	switch p.where {
	case "fast":
		if !t.decides(p) {
			return
		}
	case "staying":
		t.leaveBed(p, false)
		t.goOn(p, Completed, "")
		return
	case "serving":
		t.stop(p)
	}
	if p.waits() {
		t.waitEnds(p, false)
		t.costs(p.stage, s.Costs.PerPerson)
	}
	switch s.Kind {
	case DelayKind:
		p.part[s.Name] = 1
		t.goOn(p, Completed, "")
	case GroupKind:
		t.costs(p.stage, Pence(p.attended)*s.Costs.PerSession)
		p.part[s.Name] = float64(p.attended) / float64(s.Group.Sessions)
		why := ""
		if p.outcome == Left {
			why = "left"
		}
		t.goOn(p, p.outcome, why)
	case PanelKind:
		if !p.approved {
			t.release(p)
			t.goOn(p, Declined, "declined")
			return
		}
		p.part[s.Name] = 1
		if s.Panel.ApprovalLasts > 0 {
			p.panel, p.approval = p.stage, t.now+twinTime(s.Panel.ApprovalLasts)
		}
		t.goOn(p, Completed, "")
	case BedsKind:
		t.endStay(p)
	case AftercareKind:
		t.scale(p, 1)
		t.goOn(p, Completed, "")
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
		if !g.Closed && g.Max != NoLimit && t.inside(stage) >= g.Max {
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

// run plays a replication. At each instant: the year, ends and joins, then group meetings, panels,
// matching, giving up, until nothing more happens at it.
func (t *twin) run(seed uint64, replication int) {
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
	t.buyNights()
	if len(t.spec.Starting) > 0 {
		t.startWith(dist.Root(seed, replication).Name(dist.NameOf("start_with")))
		t.match()
	}
	for ; t.now < t.end; t.now = min(t.due(), t.wakes()) {
		if t.short && t.now%twinDay == 0 { // a night less of this year is to be paid
			t.short = false
			t.returns++
		}
		for t.step() {
			t.watched("steps", nil)
		}
	}
}

func (t *twin) watched(what string, p *twinPerson) {
	if t.watch != nil {
		t.watch(what, p)
	}
}

// step does what comes next at this instant; false when nothing does.
func (t *twin) step() bool {
	switch {
	case t.now >= t.yearStart(t.year+1):
		t.newYear()
	case t.othersLeave():
	case t.someone(func(p *twinPerson) bool { return p.bed != nil && p.bed.upTo <= t.now }, func(p *twinPerson) { t.leaveBed(p, false) }):
	case t.someone(func(p *twinPerson) bool { return p.ends <= t.now && p.where != "fast" }, t.finish):
	case t.fastAnswer():
	case t.someone(func(p *twinPerson) bool { return p.comes <= t.now }, t.come):
	case t.othersCome():
	case t.meeting(GroupKind):
	case t.meeting(PanelKind):
		for t.meeting(PanelKind) { // all that are due, before any of their answers
		}
	default:
		if t.match(); t.dueBefore() <= t.now {
			return true
		}
		return t.ends()
	}
	return true
}

// ends is everyone giving up, relapsing, losing an approval or dying at this instant, before anyone is
// matched to what that frees, unless it gives rise to what comes earlier; false if there is nobody.
func (t *twin) ends() (anyone bool) {
	for _, class := range []struct {
		due  func(p *twinPerson) bool
		what func(p *twinPerson)
	}{
		{func(p *twinPerson) bool { return p.gives <= t.now }, t.giveUp},
		{func(p *twinPerson) bool { return p.relapses <= t.now }, t.relapse},
		{func(p *twinPerson) bool { return p.waits() && p.approval <= t.now }, t.expire},
		{func(p *twinPerson) bool { return min(p.dies, p.diesAfter) <= t.now }, t.die},
	} {
		for _, p := range t.those(t.referredBefore, class.due) {
			if class.due(p) && !t.fresh[p] {
				class.what(p)
				if anyone = true; t.dueBefore() <= t.now { // which comes first
					return true
				}
			}
		}
	}
	return anyone
}

// fastAnswer gives one answer of the fast track, the earliest first.
func (t *twin) fastAnswer() bool {
	all := t.those(t.earlier, func(p *twinPerson) bool { return p.where == "fast" && p.ends <= t.now })
	if len(all) > 0 {
		t.finish(all[0])
	}
	return len(all) > 0
}

func (t *twin) giveUp(p *twinPerson) {
	t.counts[t.spec.Stages[p.stage].Name+".gave_up"]++
	t.waitEnds(p, false)
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
		t.cutShort(p)
	} else {
		t.waitEnds(p, false)
	}
	p.law, p.relapses, p.ends = nil, twinNever, twinNever
	t.release(p)
	t.goOn(p, Relapsed, "relapsed")
}

// cutShort ends a service before its time.
func (t *twin) cutShort(p *twinPerson) {
	t.stop(p)
	if s := &t.spec.Stages[p.stage]; s.Kind == GroupKind {
		attended := min(int64(p.attended), (t.now-p.service.since)/twinTime(s.Group.SessionEvery)+1)
		t.costs(p.stage, Pence(attended)*s.Costs.PerSession)
	}
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
	at := min(t.dueBefore(), t.yearStart(t.year+1))
	for _, p := range t.people {
		at = min(at, p.gives, p.relapses, p.dies, p.diesAfter)
		if p.waits() {
			at = min(at, max(t.now, p.approval))
		}
	}
	return at
}

// dueBefore is the same of what comes before matching, but for the year.
func (t *twin) dueBefore() int64 {
	at := twinNever
	for _, p := range t.people {
		at = min(at, p.ends, p.comes)
		if p.bed != nil {
			at = min(at, p.bed.upTo)
		}
	}
	for _, o := range t.others {
		at = min(at, o.comes, o.leaves)
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
		if s.Kind != BedsKind {
			continue
		}
		waiting := t.list(i)
		later((t.now/twinDay + 1) * twinDay) // a midnight on which a place may admit
		for j := range s.Beds.Places {
			b := &s.Beds.Places[j]
			later(twinMoment(b.From))
			for _, c := range b.Capacity {
				later(twinMoment(c.From))
			}
			for _, c := range b.Closures {
				later(twinMoment(c.Until))
			}
			for _, until := range t.rests[unitName(i, j)] {
				later(until)
			}
			for _, p := range waiting {
				later(t.acceptsFrom(p, j))
			}
		}
	}
	return at
}

// twinOf is a twin that is about to play a spec.
func twinOf(spec Spec) *twin {
	return &twin{
		spec: spec, end: twinTime(spec.WarmUp + spec.Measure), rests: map[string][]int64{}, fresh: map[*twinPerson]bool{}, counts: map[string]float64{},
		nights: map[string]int64{}, slept: map[string]map[int]int64{}, noticed: map[int]map[int]Pence{}, carried: map[int]map[int]Pence{}, fixed: map[int]map[int]Pence{},
	}
}

// play plays a replication to its end.
func (t *twin) play(seed uint64, replication int) {
	t.arrive(seed, replication)
	t.othersArrive(dist.Root(seed, replication))
	t.run(seed, replication)
}

// sameStories holds the engine to its twin.
func sameStories(t tester, spec Spec, seed uint64, replication int) {
	t.Helper()
	spec.WarmUp = 0
	m := modelOf(t, spec)
	l := &teller{m: m, named: func(p Person, visit int) string { return fmt.Sprintf("%x/%d", p.Key, visit) }}
	r := Runner{Told: l.told}
	b := new(Batch)
	b.Reset(replication)
	if err := r.Replicate(m, seed, replication, b); err != nil {
		t.Fatalf("%v", err)
	}
	w := twinOf(spec)
	w.play(seed, replication)
	order := func(a, b line) int {
		if a.at != b.at {
			return int(a.at - b.at)
		}
		if a.who == "" && b.who == "" {
			return strings.Compare(a.what, b.what)
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
			name + ".completed": name + ".completed", "lost." + name + ".died": "lost." + name + ".died",
		}
		if i == 0 {
			ids["completed"] = "completed"
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
