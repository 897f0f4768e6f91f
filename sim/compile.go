package sim

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"tier4/sim/dist"
)

// Limits of a model: beyond them a draw's address or a mask would not fit.
const (
	maxTraits  = 8
	maxCohorts = 200
	maxPlaces  = 64
	maxStages  = 500
)

// Compile checks a spec and makes the model that measures the figures asked for (all of the
// usual ones when none are named). The error joins every fault found.
func Compile(spec Spec, figures ...string) (*Model, error) {
	c := compiler{spec: spec, m: &Model{spec: spec, cal: newCalendar(spec.Start)}}
	c.horizon()
	c.population()
	c.stageNames()
	for i := range spec.Stages {
		c.stage(i)
	}
	c.reachable()
	var streams []string
	for i, s := range spec.Streams {
		c.stream(i)
		streams = append(streams, s.Name)
	}
	c.distinct("stream", streams)
	c.priorities()
	c.relapse()
	if len(c.faults) > 0 {
		return nil, errors.Join(c.faults...)
	}
	var err error
	if c.m.plan, err = newPlan(c.m, figures); err != nil {
		return nil, err
	}
	return c.m, nil
}

type compiler struct {
	spec   Spec
	m      *Model
	index  map[string]int // stages and exits by name
	faults []error
}

func (c *compiler) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf(format, args...))
}

func (c *compiler) horizon() {
	m, s := c.m, c.spec
	for _, what := range []purpose{opensPeriod, closesPeriod, halves, samples, months} {
		c.timer(what, 0, 0)
	}
	if !(s.Measure > 0) || s.WarmUp < 0 || s.Measure+s.WarmUp >= forever.days() {
		c.fault("the measured period is %g days after a warm-up of %g: it must be above 0 and end", s.Measure, s.WarmUp)
		return
	}
	m.measured = toTicks(s.WarmUp)
	m.end = toTicks(s.WarmUp + s.Measure)
	first := s.Start.AddDate(0, 0, int(m.measured.day()))
	for k := 1; ; k++ {
		at := m.measured + ticks(daysBetween(first, first.AddDate(k, 0, 0)))*oneDay
		if at > m.end {
			break
		}
		m.periods = append(m.periods, at)
	}
	m.years = len(m.periods)
	if m.years == 0 || m.periods[m.years-1] < m.end {
		m.periods = append(m.periods, m.end)
	}
}

// daysBetween counts days without the limits of time.Duration.
func daysBetween(a, b time.Time) int64 { return (b.Unix() - a.Unix()) / 86400 }

func (c *compiler) population() {
	p := &c.m.people
	p.cohorts = c.spec.Cohorts
	byName := slices.Sorted(slices.Values(p.cohorts))
	for _, name := range p.cohorts {
		p.ranks = append(p.ranks, slices.Index(byName, name))
	}
	names := slices.Clone(p.cohorts)
	for _, t := range c.spec.Traits {
		names = append(names, t.Name)
	}
	c.distinct("cohort or trait", names)
	if len(p.cohorts) == 0 || len(p.cohorts) > maxCohorts {
		c.fault("there must be 1 to %d cohorts, not %d", maxCohorts, len(p.cohorts))
	}
	if len(c.spec.Traits) > maxTraits {
		c.fault("there can be %d traits at most, not %d", maxTraits, len(c.spec.Traits))
		return
	}
	for _, t := range c.spec.Traits {
		p.traits = append(p.traits, trait{name: t.Name, addr: dist.NameOf("trait").And(dist.NameOf(t.Name)), mult: ratios(t.Effects)})
	}
	for i, t := range c.spec.Traits {
		share := shares(c, "trait "+t.Name, t.Share)
		for cohort := range p.cohorts {
			p.traits[i].share = append(p.traits[i].share, share[cohort<<len(p.traits)])
		}
	}
}

// distinct wants names that differ: people of one name would share their draws.
func (c *compiler) distinct(what string, names []string) {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			c.fault("there are two of %s %q", what, name)
		}
	}
}

func ratios(effects []Effect) (r [targets]float64) {
	for i := range r {
		r[i] = 1
	}
	for _, e := range effects {
		r[e.On] *= e.Ratio
	}
	return r
}

// byKind resolves a Per to one value for each kind of person.
func byKind[T any](c *compiler, where string, per Per[T]) []T {
	p := &c.m.people
	values := make([]T, p.kinds())
	for _, rule := range per {
		if rule.Who != "" && !slices.Contains(p.cohorts, rule.Who) && !slices.ContainsFunc(p.traits, func(t trait) bool { return t.name == rule.Who }) {
			c.fault("%s: there is no cohort or trait %q", where, rule.Who)
		}
	}
	for kind := range values {
		for _, rule := range per {
			if p.fits(uint16(kind), rule.Who) {
				values[kind] = rule.Value
				break
			}
		}
	}
	return values
}

// fits reports whether people of the kind belong to cohort or trait who, "" for everyone.
func (p *population) fits(kind uint16, who string) bool {
	if who == "" || p.cohorts[p.cohort(kind)] == who {
		return true
	}
	for i, t := range p.traits {
		if t.name == who && kind>>i&1 == 1 {
			return true
		}
	}
	return false
}

func shares(c *compiler, where string, per Per[float64]) []float64 {
	for _, r := range per {
		if !(r.Value >= 0 && r.Value <= 1) {
			c.fault("%s: a share must be from 0%% to 100%%, not %g", where, r.Value)
		}
	}
	return byKind(c, where, per)
}

// laws tabulates the laws of a Per, each rule's once, and resolves them.
func (c *compiler) laws(where string, per Per[dist.Law]) []law {
	tabulated := make(Per[dist.Law], 0, len(per))
	for _, r := range per {
		if r.Value != nil {
			r.Value = dist.Tabulate(r.Value)
		}
		tabulated = append(tabulated, r)
	}
	return byKind(c, where, tabulated)
}

func (c *compiler) stageNames() {
	c.index = map[string]int{ExitHome: toHome, ExitCommunity: toCommunity, ExitRelapse: toRelapse}
	if len(c.spec.Stages) == 0 || len(c.spec.Stages) > maxStages {
		c.fault("there must be 1 to %d stages, not %d", maxStages, len(c.spec.Stages))
	}
	for i, s := range c.spec.Stages {
		if _, taken := c.index[s.Name]; taken || s.Name == "" {
			c.fault("stage %q: the name is taken", s.Name)
		}
		c.index[s.Name] = i
	}
}

// timer reserves a timer of the system.
func (c *compiler) timer(what purpose, stage, place int) int32 {
	c.m.system = append(c.m.system, owner{what, stage, place})
	return int32(len(c.m.system) - 1)
}

func (c *compiler) carries(effects []Effect) int {
	for _, e := range effects {
		if !(e.Ratio >= 0) || math.IsInf(e.Ratio, 0) {
			c.fault("an effect's hazard ratio must be 0 or more, not %g", e.Ratio)
		}
	}
	if len(effects) == 0 {
		return -1
	}
	c.m.effects = append(c.m.effects, ratios(effects))
	return len(c.m.effects) - 1
}

func (c *compiler) stage(i int) {
	spec := c.spec.Stages[i]
	name := dist.NameOf(spec.Name)
	address := func(purpose string) dist.Name { return name.And(dist.NameOf(purpose)) }
	s := stage{
		Stage: spec, index: i, timer: none, places: NoLimit, ratio: ratios(spec.Effects), effect: -1,
		addr: addresses{
			patience: address("drops_out_after"), takes: address("takes"), leaves: address("leaves"),
			decides: address("decides"), next: address("next"), stay: address("stay"),
			unplanned: address("unplanned_discharge"), relapse: address("relapse"), never: address("never"),
		},
	}
	if spec.Kind != AftercareKind {
		s.effect = c.carries(spec.Effects)
	}
	if !(spec.KeepInTouch >= 0) {
		c.fault("%s: keep_in_touch must be 0 or more, not %g", spec.Name, spec.KeepInTouch)
	}
	s.law = c.laws(spec.Name, spec.DropsOutAfter)
	for o := range s.next {
		s.next[o] = c.routes(spec.Name, Outcome(o), spec.Next[o])
	}
	switch {
	case spec.Kind == DelayKind && spec.Delay != nil:
		s.takes = c.laws(spec.Name, spec.Delay.Takes)
		s.places = spec.Delay.Places
		c.complete(spec.Name, "takes", s.takes)
	case spec.Kind == GroupKind && spec.Group != nil:
		c.group(&s)
	case spec.Kind == PanelKind && spec.Panel != nil:
		c.panel(&s)
	case spec.Kind == BedsKind && spec.Beds != nil:
		c.beds(&s)
	case spec.Kind == AftercareKind && spec.Aftercare != nil:
		s.takes = c.laws(spec.Name, spec.Aftercare.Lasts)
		s.places = spec.Aftercare.Places
		c.complete(spec.Name, "lasts", s.takes)
	default:
		c.fault("%s: the part of its kind is missing", spec.Name)
	}
	c.m.stages = append(c.m.stages, s)
}

// complete wants a law for every kind of person.
func (c *compiler) complete(where, key string, laws []law) {
	for _, l := range laws {
		if l == nil {
			c.fault("%s: %s says nothing for some people", where, key)
			return
		}
	}
}

func (c *compiler) meetings(s *stage, when Schedule) {
	s.timer = c.timer(meets, s.index, 0)
	s.meetsFirst, s.meetsEvery = toTicks(when.First), toTicks(when.Every)
	if !(when.Every > 0) || when.First < 0 {
		c.fault("%s: meetings must be some time apart and not before the start", s.Name)
	}
}

func (c *compiler) group(s *stage) {
	g := s.Group
	if g.StartsWhen != nil {
		s.timer = c.timer(gathers, s.index, 0)
	} else {
		c.meetings(s, g.Meets)
	}
	if g.Sessions < 1 || !(g.SessionEvery > 0) || g.Max == 0 {
		c.fault("%s: a group needs at least one session, time between sessions and room for someone", s.Name)
	}
	if !g.Closed && g.StartsWhen == nil {
		s.places = g.Max
	}
	s.sessions = toTicks(g.SessionEvery)
	s.leaves = shares(c, s.Name, g.Leaves)
}

func (c *compiler) panel(s *stage) {
	p := s.Panel
	c.meetings(s, p.Meets)
	s.answer = toTicks(p.AnswerAfter)
	approve, later, decline := shares(c, s.Name, p.Approve), shares(c, s.Name, p.Defer), shares(c, s.Name, p.Decline)
	for k := range approve {
		if sum := approve[k] + later[k] + decline[k]; math.Abs(sum-1) > 1e-9 {
			c.fault("%s: approve, defer and decline add up to %g%%, not 100%%", s.Name, sum*100)
			break
		}
		later[k] += approve[k]
	}
	s.approve, s.defer_ = approve, later
	if p.Cases == 0 {
		c.fault("%s: a panel that hears no case", s.Name)
	}
}

func (c *compiler) beds(s *stage) {
	b := s.Beds
	s.stay = c.laws(s.Name, b.Stay)
	c.complete(s.Name, "stay", s.stay)
	s.leave = c.laws(s.Name, b.UnplannedDischarge)
	if len(b.Places) > maxPlaces {
		c.fault("%s: there can be %d places at most", s.Name, maxPlaces)
		return
	}
	var names []string
	for _, p := range b.Places {
		names = append(names, p.Name)
	}
	c.distinct(s.Name+" place", names)
	for i, p := range b.Places {
		name := dist.NameOf(s.Name).And(dist.NameOf(p.Name))
		compiled := place{
			Place: p, timer: none, rests: none, effect: c.carries(p.Effects), ratio: ratios(p.Effects),
			foundAddr: name.And(dist.NameOf("found_in")),
			lookAfter: toTicks(p.LookAfter), turnover: toTicks(p.Turnover),
			from: toTicks(math.Max(p.From, 0)), until: forever,
			everyDay: p.Admits == [7]bool{} || p.Admits == [7]bool{true, true, true, true, true, true, true},
		}
		if p.Contract == Spot {
			compiled.found = c.laws(s.Name+" "+p.Name, p.FoundIn)
		}
		if !math.IsInf(p.Until, 1) {
			compiled.until = toTicks(math.Max(p.Until, 0))
		}
		if compiled.from > 0 || compiled.until < forever || !compiled.everyDay {
			compiled.timer = c.timer(reopens, s.index, i)
		}
		if compiled.turnover > 0 {
			compiled.rests = c.timer(rested, s.index, i)
		}
		if p.Beds < NoLimit || p.PerNight < 0 {
			c.fault("%s %s: beds and prices cannot be below 0", s.Name, p.Name)
		}
		s.beds = append(s.beds, compiled)
		s.spot = s.spot || p.Contract == Spot
		s.instantSpot = s.instantSpot || p.Contract == Spot && p.LookAfter <= 0 && len(p.FoundIn) == 0
	}
	for _, spot := range []bool{false, true} {
		for i, p := range b.Places {
			if (p.Contract == Spot) == spot {
				s.order = append(s.order, int32(i))
			}
		}
	}
	c.m.bedsStages = append(c.m.bedsStages, s.index)
	s.firstPlace = c.m.places
	c.m.places += len(b.Places)
}

// routes resolves the branches of one outcome for every kind of person.
func (c *compiler) routes(where string, outcome Outcome, branches []Branch) []route {
	kinds := c.m.people.kinds()
	if len(branches) == 0 {
		to := toCommunity
		if outcome == Relapsed {
			to = toRelapse
		}
		return slices.Repeat([]route{{upTo: []float64{1}, targets: []int{to}}}, kinds)
	}
	result := make([]route, kinds)
	rest := -100
	for _, b := range branches {
		to, ok := c.index[b.To]
		if !ok {
			c.fault("%s: there is no stage or exit %q", where, b.To)
			continue
		}
		if b.Rest {
			rest = to
			continue
		}
		for kind, share := range shares(c, where, b.Share) {
			if share == 0 {
				continue
			}
			r := &result[kind]
			if n := len(r.upTo); n > 0 {
				share += r.upTo[n-1]
			}
			r.upTo, r.targets = append(r.upTo, share), append(r.targets, to)
		}
	}
	for kind := range result {
		r := &result[kind]
		sum := 0.0
		if n := len(r.upTo); n > 0 {
			sum = r.upTo[n-1]
		}
		if sum > 1+1e-9 || sum < 1-1e-9 && rest == -100 {
			c.fault("%s: the shares of the ways on add up to %g%%, not 100%%", where, sum*100)
			return result
		}
		if rest != -100 && sum < 1-1e-9 {
			r.upTo, r.targets = append(r.upTo, 1), append(r.targets, rest)
		}
	}
	return result
}

// priorities ranks the streams' priorities, the highest first.
func (c *compiler) priorities() {
	var all []int
	for _, s := range c.m.streams {
		all = append(all, -s.Priority)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for i := range c.m.streams {
		c.m.streams[i].queue = int32(slices.Index(all, -c.m.streams[i].Priority))
	}
	c.m.priorities = max(1, len(all))
}

// reachable marks the stages from which a beds stage can be reached by any route.
func (c *compiler) reachable() {
	if len(c.faults) > 0 {
		return
	}
	for changed := true; changed; {
		changed = false
		for i := range c.m.stages {
			s := &c.m.stages[i]
			if s.leadsToBeds {
				continue
			}
			s.leadsToBeds = s.Kind == BedsKind
			for o := range s.next {
				if Outcome(o) == Relapsed {
					continue // a relapse ends the clock that this is asked for
				}
				for _, r := range s.next[o] {
					for _, to := range r.targets {
						s.leadsToBeds = s.leadsToBeds || to >= 0 && c.m.stages[to].leadsToBeds
					}
				}
			}
			changed = changed || s.leadsToBeds
		}
	}
}

func (c *compiler) relapse() {
	spec := c.spec.Relapse
	if spec == nil || len(c.faults) > 0 {
		return
	}
	r := &relapse{}
	for how := range r.after {
		for _, s := range c.m.stages {
			r.after[how] = append(r.after[how], c.laws("relapse", leaving(spec.After, Outcome(how), s.Name)))
			r.never[how] = append(r.never[how], shares(c, "relapse", leaving(spec.Never, Outcome(how), s.Name)))
		}
	}
	if spec.Returns != nil {
		to, ok := c.index[spec.Returns.To]
		if !ok || to < 0 {
			c.fault("relapse: people return to %q, which is no stage", spec.Returns.To)
		}
		r.returns, r.to = true, to
		r.share = shares(c, "relapse", spec.Returns.Share)
		r.again = c.laws("relapse", spec.Returns.After)
		c.complete("relapse", "returns after", r.again)
	}
	c.m.relapse = r
}

// leaving is the value for those who left the stage in the way given.
func leaving[T any](rules ByLeaving[T], how Outcome, stage string) Per[T] {
	for _, rule := range rules {
		if rule.How == how && (rule.From == "" || rule.From == stage) {
			return rule.Value
		}
	}
	return nil
}
