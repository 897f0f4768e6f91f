package scenarios

import (
	"cmp"
	"math"
	"slices"

	"tier4/sim"
	"tier4/sim/dist"
)

// check holds what several stages say together, so far as each of it is right.
func (r *reader) check(root *node) {
	if len(r.spec.Stages) == 0 {
		return
	}
	pathway := root.get("pathway")
	r.checkHeldPlaces(pathway)
	r.checkStart(root.get("start_with"))
	if r.soundWays(root, pathway, "decides") {
		r.checkBudgets(root.get("budgets"))
	}
	if r.soundWays(root, pathway, "decides", "leaves", "unplanned_discharge", "drops_out_after", "list_max") {
		r.checkWays(pathway)
	}
	if len(*r.faults) == 0 {
		r.warnUnused()
		r.warnOvercommitted()
		r.warnContributions()
		r.warnEmptyUnits()
	}
}

// soundWays reports whether nothing is wrong so far with where people go from stages, and with what else there decides it.
func (r *reader) soundWays(root, pathway *node, deciding ...string) bool {
	return len(*r.faults) == 0 || r.sound(root, "cohorts", "traits") && !slices.ContainsFunc(pathway.entries, func(e entry) bool {
		return e.value.get("kind") == nil || e.value.get("next") == nil || !r.sound(e.value, "kind", "next") ||
			!r.sound(e.value, deciding...) || r.mayMean(e.value, deciding...)
	})
}

// mayMean reports whether an unknown key of a mapping may be meant as one of these.
func (r *reader) mayMean(n *node, keys ...string) bool {
	return slices.ContainsFunc(n.entries, func(e entry) bool { return r.blamed(e.at) && nearest(e.key, keys) != "" })
}

// warnEmptyUnits warns of shared units in which nobody else is as a run from today's lists starts.
func (r *reader) warnEmptyUnits() {
	if len(r.spec.Starting) == 0 {
		return
	}
	for _, s := range r.spec.Stages {
		if s.Kind != sim.BedsKind {
			continue
		}
		for _, p := range s.Beds.Places {
			if p.Others != nil {
				r.warn("empty_unit", "pathway."+s.Name+".places."+p.Name, "%s: none of the others who share the unit is in it at the start, so its first %.0f days or so look easier than they are",
					p.Name, math.Min(3*p.Others.Stay.Mean(), yearDays))
			}
		}
	}
}

// warnOvercommitted warns of budgets that the contracts they pay for use up whoever sleeps there.
func (r *reader) warnOvercommitted() {
	for _, b := range r.spec.Budgets {
		fixed := sim.Pence(0)
		for _, s := range r.spec.Stages {
			if s.Kind != sim.BedsKind || !slices.Contains(b.PaysFor, s.Name) {
				continue
			}
			for _, p := range s.Beds.Places {
				fixed += fixedCost(p)
			}
		}
		if fixed <= b.PerYear {
			continue
		}
		held := ""
		if b.WhenSpent != sim.Overspend {
			held = ", so that nobody is funded for a bed that costs more"
		}
		r.warn("overcommitted", "budgets."+b.Name, "%s: its contracts alone cost %s a year, more than its %s%s", b.Name, pounds(fixed), pounds(b.PerYear), held)
	}
}

// fixedCost is what a place costs in a year of 365 days whoever sleeps there; nothing of one that does not run for all of
// every year.
func fixedCost(p sim.Place) sim.Pence {
	if p.From > 0 || !math.IsInf(p.Until, 1) || len(p.Closures) > 0 || len(p.Capacity) > 0 {
		return 0
	}
	switch {
	case paidByNight(p): // the least
		return p.Terms.PerYear + sim.Pence(p.Terms.MinimumNights)*p.PerNight
	case p.Contract == sim.BedNights:
		return p.Terms.PerYear + sim.Pence(p.Nights)*p.PerNight
	}
	return p.Terms.PerYear + 365*sim.Pence(p.Beds)*p.PerNight
}

// warnUnused warns of what is described and changes nothing.
func (r *reader) warnUnused() {
	for _, p := range r.spec.Staff {
		if !slices.ContainsFunc(r.spec.Stages, func(s sim.Stage) bool { return s.OpensCase == p.Name }) {
			r.warn("unused", "staff."+p.Name, "%s: no stage opens a case with them", p.Name)
		}
	}
	for _, b := range r.spec.Budgets {
		if b.WhenSpent != sim.Overspend && !slices.ContainsFunc(b.PaysFor, r.hasPaidByNight) {
			r.warn("unused", "budgets."+b.Name+".when_spent", "%s: no stage it pays for has a place paid by the night, so there is nothing to hold back", b.Name)
		}
	}
	for _, s := range r.spec.Stages {
		if s.Kind != sim.BedsKind {
			continue
		}
		for _, p := range s.Beds.Places {
			if p.Contract == sim.Block && p.Beds == 0 && len(p.Capacity) == 0 {
				r.warn("unused", "pathway."+s.Name+".places."+p.Name, "%s: no beds are held there", p.Name)
			}
		}
		if len(s.Beds.WantsLocal) > 0 && !slices.ContainsFunc(s.Beds.Places, func(p sim.Place) bool { return p.Local }) {
			r.warn("unused", "pathway."+s.Name+".wants_local", "%s: no place is local, so those who want one just wait that long", s.Name)
		}
	}
}

// hasPaidByNight says whether a stage has places that are paid for the nights slept there.
func (r *reader) hasPaidByNight(stage string) bool {
	i := slices.IndexFunc(r.spec.Stages, func(s sim.Stage) bool { return s.Name == stage })
	b := r.spec.Stages[i].Beds
	return b != nil && slices.ContainsFunc(b.Places, paidByNight)
}

// paidByNight says whether a place is paid for the nights slept there.
func paidByNight(p sim.Place) bool {
	return p.Contract == sim.Spot || p.Contract == sim.Share || p.Contract == sim.Block && p.Beds == sim.NoLimit
}

// warnContributions warns of clients who pay more than their nights cost.
func (r *reader) warnContributions() {
	for _, s := range r.spec.Stages {
		if s.Kind != sim.BedsKind {
			continue
		}
		for _, p := range s.Beds.Places {
			if t := p.Terms; t.PerYear == 0 && p.PerNight > 0 && t.Contribution > 7*p.PerNight {
				r.warn("contribution", "pathway."+s.Name+".places."+p.Name+".contribution", "%s: clients pay %s a week there, more than the %s that it costs, so that every night earns money",
					p.Name, pounds(t.Contribution), pounds(7*p.PerNight))
			}
		}
	}
}

// checkStage holds what several keys of a stage say together.
func (r *reader) checkStage(n *node, s *sim.Stage) {
	switch s.Kind {
	case sim.GroupKind:
		r.checkGroup(n, s)
	case sim.PanelKind:
		if n.get("decides") == nil {
			s.Panel.Approve = sim.Same(1.0)
		}
	case sim.BedsKind:
		r.checkBeds(n, s)
	case sim.DelayKind:
		if c := n.get("costs").get("per_week"); c != nil && s.Delay.Places == 0 && r.sound(n, "places", "costs") {
			r.faults.add(c.at, "`per_week` is for a delay with places, and `"+s.Name+"` has none", "give `places`, or price it `per_person`")
		}
	case sim.AftercareKind:
		if effects := n.get("effects"); effects != nil {
			for _, e := range effects.entries {
				if e.key != "relapse" && !r.blamed(e.at) {
					r.faults.add(e.at, "`"+e.key+"` does nothing in an aftercare: its effects hold while it lasts, and of these hazards only `relapse` is met then", "name it at a stage before the one where it is met")
				}
			}
		}
	}
}

func (r *reader) checkGroup(n *node, s *sim.Stage) {
	g := s.Group
	least, when := n.get("min_to_start"), n.get("starts_when")
	switch {
	case when == nil && n.get("meets") == nil && r.mayMean(n, "meets", "starts_when"):
	case when == nil && n.get("meets") == nil:
		r.faults.add(n.at, "group `"+s.Name+"` never meets", "give `meets`, or `starts_when`")
	case when != nil && n.get("meets") != nil:
		r.faults.add(when.at, "group `"+s.Name+"` gives `meets` and `starts_when`", "keep one of them")
	case !r.sound(n, "intake", "starts_when", "size", "min_to_start"):
	case when != nil && n.get("intake") != nil && !g.Closed:
		r.faults.add(n.get("intake").at, "a group that starts by number takes nobody in later", "write `intake: closed`, or use `meets`")
	case when != nil && g.Max > 0 && g.Max != sim.NoLimit && g.StartsWhen.People > g.Max:
		r.faults.add(when.get("people").at, "group `"+s.Name+"` waits for more people than it has room for", "make `people` at most `size.max`")
	case least != nil && !g.Closed:
		r.faults.add(least.at, "`min_to_start` is for a closed group that meets", "write `intake: closed` and `meets`")
	case least != nil && g.Max > 0 && g.Max != sim.NoLimit && g.MinToStart > g.Max:
		r.faults.add(least.at, "group `"+s.Name+"` waits for more people than it has room for", "make `min_to_start` at most `size.max`")
	}
	if when != nil {
		g.Closed = true
	}
	if at := cmp.Or(n.get("sessions"), n.get("session_every")); at != nil && r.sound(n, "sessions", "session_every") && float64(g.Sessions)*g.SessionEvery > mostOfGroup {
		r.faults.add(at.at, "group `"+s.Name+"` lasts longer than a thousand years", "give it fewer `sessions`, or a shorter `session_every`")
	}
}

// mostOfGroup is how many days a group lasts at most: a thousand years.
const mostOfGroup = 365_250

// walkers are people who may go their own ways through the pathway: those of a cohort, or all.
type walkers struct {
	cohort  string   // "" for all
	cohorts []string // of the scenario
}

// of leaves of what is said by cohort and trait what may hold for the walkers.
func of[T any](w walkers, per sim.Per[T]) (mine sim.Per[T]) {
	if w.cohort == "" {
		return per
	}
	for _, rule := range per {
		if rule.Who != w.cohort && contains(w.cohorts, rule.Who) {
			continue
		}
		mine = append(mine, rule)
		if rule.Who == w.cohort || rule.Who == "" {
			break
		}
	}
	return mine
}

// ways lists where the walkers may go from a stage, "" standing for giving up and
// being turned away.
func (w walkers) ways(s *sim.Stage) []string {
	var all []string
	for o := range s.Next {
		if !w.possible(s, sim.Outcome(o)) {
			continue
		}
		if len(s.Next[o]) == 0 && sim.Outcome(o) != sim.Completed {
			all = append(all, sim.ExitCommunity) // or `relapse`: an exit either way
		}
		all = append(all, w.after(s.Next[o])...)
	}
	if ever(of(w, s.DropsOutAfter)) || s.ListMax != sim.NoLimit {
		all = append(all, "")
	}
	return all
}

// after lists where branches may send the walkers.
func (w walkers) after(branches []sim.Branch) (all []string) {
	sent, sure := 0.0, w.cohort != ""
	for _, b := range branches {
		share := of(w, b.Share)
		if sure = sure && len(share) < 2; len(share) > 0 {
			sent += share[0].Value
		}
		if some(share) {
			all = append(all, b.To)
		}
	}
	for _, b := range branches {
		if b.Rest && !(sure && sent > 1-1e-9) {
			all = append(all, b.To)
		}
	}
	return all
}

func some(share sim.Per[float64]) bool {
	return slices.ContainsFunc(share, func(rule sim.Rule[float64]) bool { return rule.Value > 0 })
}

// ever says whether anything may come of laws at all: `never` is a law too.
func ever(laws sim.Per[dist.Law]) bool {
	const ages = 1e9
	return slices.ContainsFunc(laws, func(rule sim.Rule[dist.Law]) bool { return rule.Value.Survival(ages) < 1 })
}

// possible says whether any of the walkers may leave a stage by an outcome.
func (w walkers) possible(s *sim.Stage, o sim.Outcome) bool {
	switch o {
	case sim.Completed:
		return s.Kind != sim.PanelKind || some(of(w, s.Panel.Approve))
	case sim.Unplanned:
		return s.Kind == sim.BedsKind && ever(of(w, s.Beds.UnplannedDischarge))
	case sim.Left:
		return s.Kind == sim.GroupKind && some(of(w, s.Group.Leaves))
	case sim.Declined:
		return s.Kind == sim.PanelKind && some(of(w, s.Panel.Decline))
	}
	return len(s.Next[o]) > 0
}

// way is where walkers may be, and from where they get out.
type way struct{ reached, leaves map[string]bool }

// find follows all ways of the walkers, from where they enter.
func (w walkers) find(spec *sim.Spec) way {
	onward := map[string][]string{}
	for i := range spec.Stages {
		onward[spec.Stages[i].Name] = w.ways(&spec.Stages[i])
	}
	found := way{reached: map[string]bool{}}
	var visit func(name string)
	visit = func(name string) {
		if _, stage := onward[name]; stage && !found.reached[name] {
			found.reached[name] = true
			for _, to := range onward[name] {
				visit(to)
			}
		}
	}
	for i := range spec.Streams {
		if w.come(&spec.Streams[i]) {
			visit(spec.Streams[i].Enters)
		}
	}
	for _, s := range spec.Starting {
		if w.cohort == "" || s.Cohort == w.cohort {
			visit(s.Stage)
		}
	}
	if spec.Relapse != nil && spec.Relapse.Returns != nil && len(found.reached) > 0 {
		visit(spec.Relapse.Returns.To)
	}
	found.leaves = waysOut(spec, onward)
	return found
}

// waysOut are the stages from which ways lead out of the pathway; onward has the stages that have ways on.
func waysOut(spec *sim.Spec, onward map[string][]string) map[string]bool {
	leaves := map[string]bool{}
	for again := true; again; {
		again = false
		for _, s := range spec.Stages {
			if !leaves[s.Name] && slices.ContainsFunc(onward[s.Name], func(to string) bool { return onward[to] == nil || leaves[to] }) {
				leaves[s.Name], again = true, true
			}
		}
	}
	return leaves
}

// completers are the stages from which those who complete every stage get out at last.
func completers(spec *sim.Spec) map[string]bool {
	on := map[string][]string{}
	for i := range spec.Stages {
		s := &spec.Stages[i]
		if on[s.Name] = (walkers{}).after(s.Next[sim.Completed]); !(walkers{}).possible(s, sim.Completed) {
			on[s.Name] = exits // nobody goes round
		}
	}
	return waysOut(spec, on)
}

// come says whether any of the walkers may come by a stream.
func (w walkers) come(s *sim.Stream) bool {
	return w.cohort == "" ||
		slices.ContainsFunc(s.Rates, func(r sim.CohortRate) bool { return r.Cohort == w.cohort && r.PerYear > 0 }) ||
		slices.ContainsFunc(s.Cohort, func(r sim.Rule[float64]) bool { return r.Who == w.cohort && r.Value > 0 }) ||
		slices.ContainsFunc(s.Dates, func(a sim.Arrival) bool { return a.Cohort == w.cohort })
}

// checkWays warns of stages that nobody reaches, and refuses those from which
// nobody, or nobody of a cohort that comes there, ever gets out.
func (r *reader) checkWays(pathway *node) {
	all := walkers{cohorts: r.spec.Cohorts}.find(r.spec)
	own := make([]way, len(r.spec.Cohorts))
	for i, cohort := range r.spec.Cohorts {
		own[i] = walkers{cohort, r.spec.Cohorts}.find(r.spec)
	}
	completing := completers(r.spec)
	for _, e := range pathway.entries {
		var stuck []string
		for i, cohort := range r.spec.Cohorts {
			if own[i].reached[e.key] && !own[i].leaves[e.key] {
				stuck = append(stuck, cohort)
			}
		}
		const instead = "let some of them reach `home`, `community` or `relapse`"
		switch {
		case !all.leaves[e.key]:
			r.faults.add(e.value.get("next").at, "nobody who enters `"+e.key+"` ever gets out", instead)
		case len(stuck) > 0:
			r.faults.add(e.value.get("next").at, "nobody of "+quoted(stuck, "or")+" who enters `"+e.key+"` ever gets out", instead)
		case !all.reached[e.key]:
			r.warn("unreached", "pathway."+e.key, "%s: nobody is ever sent there", e.key)
		case !completing[e.key]:
			r.warn("rounds", "pathway."+e.key, "%s: whoever completes every stage from there on comes back to it, for ever; only giving up or leaving early gets them out", e.key)
		}
	}
}
