package sim

import (
	"math"

	"tier4/sim/dist"
)

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
		pool: c.poolOf(spec), held: -1, costs: spec.Costs != (UnitCosts{}), budget: -1, listPrice: none, approval: forever,
		addr: addresses{
			patience: address("drops_out_after"), takes: address("takes"), leaves: address("leaves"),
			decides: address("decides"), next: address("next"), stay: address("stay"),
			unplanned: address("unplanned_discharge"), relapse: address("relapse"), never: address("never"),
			local: address("wants_local"), extension: address("extension"), extensionAdds: address("extension_adds"),
			staysOn: address("stays_on"), fast: address("fast_track"),
			death: address("death"), deathAfter: address("death_after"), since: address("since"),
		},
	}
	if spec.Kind != AftercareKind {
		s.effect = c.carries(spec.Effects)
	}
	if !(spec.KeepInTouch >= 0) {
		c.fault("%s: keep_in_touch must be 0 or more, not %g", spec.Name, spec.KeepInTouch)
	}
	s.law = c.laws(spec.Name, spec.DropsOutAfter)
	before := c.before(i)
	for o, branches := range spec.Next {
		if before != nil && same(branches, before.Next[o]) {
			s.next[o] = before.next[o]
		} else {
			s.next[o] = c.routes(spec.Name, Outcome(o), branches)
		}
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

// before is a stage of the model of which this one is a variant, nil if there is none.
func (c *compiler) before(i int) *stage {
	if !c.variant || i >= len(c.like[0].stages) || c.like[0].stages[i].Name != c.spec.Stages[i].Name {
		return nil
	}
	return &c.like[0].stages[i]
}

// same reports whether two slices are one.
func same[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
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
	if float64(g.Sessions)*g.SessionEvery >= float64(forever/oneDay) {
		c.fault("%s: a group that goes on for ever", s.Name)
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
	s.approve, s.orDefer = approve, later
	if len(p.FastTrack) > 0 {
		s.fastTrack, s.fastAnswer = shares(c, s.Name, p.FastTrack), toTicks(p.FastAnswer)
		c.m.extra = true
	}
	if p.ApprovalLasts > 0 {
		s.approval = toTicks(p.ApprovalLasts)
		c.m.extra = true
	}
	if p.Cases == 0 {
		c.fault("%s: a panel that hears no case", s.Name)
	}
}

func (c *compiler) beds(s *stage) {
	b := s.Beds
	s.stay = c.laws(s.Name, b.Stay)
	c.complete(s.Name, "stay", s.stay)
	s.leave = c.laws(s.Name, b.UnplannedDischarge)
	s.wantsLocal, s.localFor = shares(c, s.Name, b.WantsLocal), toTicks(b.LocalFor)
	if len(b.WantsLocal) == 0 {
		s.wantsLocal = nil
	} else {
		c.m.extra = true
	}
	if len(b.Extension) > 0 {
		s.extension, s.extensionAdds = shares(c, s.Name, b.Extension), c.laws(s.Name, b.ExtensionAdds)
		c.complete(s.Name, "extension", s.extensionAdds)
	}
	c.places(s)
}
