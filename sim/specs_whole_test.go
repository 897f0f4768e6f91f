package sim

import (
	"fmt"
	"math"
	"slices"

	"pgregory.net/rapid"
)

// wholeSpec draws a legal spec in which any rule may meet any other: few people, and few beds, nights,
// cases and pounds for them.
func wholeSpec(t *rapid.T) Spec {
	s := Spec{
		Name: "whole", Start: firstOfApril.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "start")),
		Measure: rapid.SampledFrom([]Days{60, 150.25, 400}).Draw(t, "measure"),
		Cohorts: []string{"one", "two"}[:rapid.IntRange(1, 2).Draw(t, "cohorts")],
	}
	if rapid.Bool().Draw(t, "has traits") {
		s.Traits = []Trait{
			{Name: "frail", Share: Same(0.5), Effects: []Effect{{DropsOutAfter, 2}, {UnplannedDischarge, 1.5}, {RelapseAfter, 0.5}}},
			{Name: "calm", Share: Per[float64]{{"one", 0.25}}},
		}
	}
	g := specMaker{t: t, spec: &s, stages: rapid.SampledFrom([]int{1, 2, 3, 3, 4, 5}).Draw(t, "stages")}
	usual := g.coin("usual way")
	for i := range g.stages {
		g.kinds = []Kind{BedsKind, PanelKind, DelayKind, GroupKind, AftercareKind, BedsKind, BedsKind, PanelKind}
		if usual {
			g.kinds = [][]Kind{{PanelKind}, {BedsKind, GroupKind}, {BedsKind}, {BedsKind, DelayKind}, {AftercareKind}}[i]
		}
		s.Stages = append(s.Stages, g.stage(i))
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "streams") {
		s.Streams = append(s.Streams, g.wholeStream(i))
	}
	if g.coin("relapse") {
		s.Relapse = g.relapse()
	}
	g.staff()
	g.deaths()
	g.budgets()
	for i := range s.Stages {
		if !g.some("list max") {
			s.Stages[i].ListMax = NoLimit
		}
		switch stage := &s.Stages[i]; stage.Kind {
		case PanelKind:
			g.wholePanel(stage)
			stage.Costs.PerCase = Pence(g.number("case", 0, 1) * 2003)
		case BedsKind:
			g.wholeBeds(stage, i)
		case GroupKind:
			stage.Costs.PerSession = Pence(g.number("session", 0, 1) * 507)
		case AftercareKind, DelayKind:
			stage.Costs.PerWeek = Pence(g.number("week", 0, 1) * 701)
		}
	}
	for i := range s.Stages {
		g.holding(i)
	}
	g.starting()
	return s
}

// some reports whether a rule is in force: often enough for every rule to meet every other.
func (g specMaker) some(what string) bool { return g.number("has "+what, 0, 2) == 2 }

func (g specMaker) length(what string, all ...Days) Days {
	return rapid.SampledFrom(all).Draw(g.t, what)
}

func (g specMaker) wholeStream(i int) Stream {
	s := g.stream(i)
	for k := range s.Rates {
		s.Rates[k].PerYear = min(s.Rates[k].PerYear, 50)
	}
	if s.Between != nil && s.Between.Mean() < 4 {
		s.Between = exponential(4)
	}
	if g.some("ready after") {
		s.ReadyAfter = g.per("ready after", 20)
	}
	for k := range s.Dates {
		s.Dates[k].At += Days(k) / 1024 // who gives up first at one instant is nobody's rule
		if g.number("ready", 0, 4) == 4 {
			s.Dates[k].Ready = s.Dates[k].At + g.length("ready", 0.5, 6, 20)
		}
	}
	return s
}

func (g specMaker) staff() {
	for i := range g.number("pools", 0, 2) {
		g.spec.Staff = append(g.spec.Staff, Pool{fmt.Sprintf("pool-%d", i), g.number("caseload", 1, 4)})
	}
	for i := range g.spec.Stages {
		if len(g.spec.Staff) > 0 && g.spec.Stages[i].Kind != BedsKind && g.coin("opens case") {
			g.spec.Stages[i].OpensCase = rapid.SampledFrom(g.spec.Staff).Draw(g.t, "pool").Name
		}
	}
}

func (g specMaker) deaths() {
	if !g.some("deaths") {
		return
	}
	d := &Deaths{Waiting: rapid.SampledFrom([]float64{0, 0.5, 4}).Draw(g.t, "deaths waiting")}
	if g.coin("deaths after") {
		d.AfterUnplanned = []Hazard{{g.length("deaths until", 7, 28), 5}, {100, 0}, {math.Inf(1), 1}}
	}
	g.spec.Deaths = d
}

// budgets shares the stages out, some to nobody.
func (g specMaker) budgets() {
	n := rapid.SampledFrom([]int{0, 1, 2, 2}).Draw(g.t, "budgets")
	for i := range n {
		g.spec.Budgets = append(g.spec.Budgets, Budget{
			Name: fmt.Sprintf("budget-%d", i), PerYear: Pence(rapid.SampledFrom([]int{0, 300_000, 1_500_000, 8_000_001}).Draw(g.t, "money")),
			Carried: g.coin("carried"), WhenSpent: WhenSpent(g.number("when spent", int(Overspend), int(HoldAdmissions))),
		})
	}
	for i := range g.spec.Stages {
		if k := g.number("budget", 0, n); k < n {
			g.spec.Budgets[k].PaysFor = append(g.spec.Budgets[k].PaysFor, stageName(i))
		}
	}
	g.spec.Budgets = slices.DeleteFunc(g.spec.Budgets, func(b Budget) bool { return len(b.PaysFor) == 0 })
}

func (g specMaker) wholePanel(s *Stage) {
	if g.coin("fast track") {
		s.Panel.FastTrack, s.Panel.FastAnswer = Same(0.4), g.length("fast answer", 0, 1, 2.5)
	}
	if g.coin("approval lasts") {
		s.Panel.ApprovalLasts = g.length("approval lasts", 1, 5, 12.5, 30)
	}
}

func (g specMaker) wholeBeds(s *Stage, i int) {
	b := s.Beds
	if g.some("wants local") {
		b.WantsLocal, b.LocalFor = Same(g.chance("wants local")), g.length("local for", 3, 10.5)
	}
	if g.some("extension") {
		b.Extension, b.ExtensionAdds = Same(g.chance("extension")), g.per("extension adds", 20)
	}
	if g.coin("stays on") {
		g.stayingOn(s)
	}
	for j := range b.Places {
		g.wholePlace(&b.Places[j])
	}
}

// stayingOn draws who keeps their bed, of the ways on from completing a stay.
func (g specMaker) stayingOn(s *Stage) {
	for _, branch := range s.Next[Completed] {
		switch {
		case branch.To == ExitRelapse || !g.coin("stays on for"):
		case isExit(branch.To):
			s.Beds.StaysOn = append(s.Beds.StaysOn, StaysOn{To: branch.To, For: g.per("stays on", 6)})
		case !slices.ContainsFunc(s.Beds.StaysOn, func(on StaysOn) bool { return on.To == branch.To }) && branch.To != s.Name:
			s.Beds.StaysOn = append(s.Beds.StaysOn, StaysOn{To: branch.To, UpTo: g.length("stays on up to", 1, 7, 10.5, math.Inf(1))})
		}
	}
}

func (g specMaker) wholePlace(p *Place) {
	p.Local, p.PerNight = g.coin("local"), max(p.PerNight, Pence(g.length("price", 0, 9001, 30000)))
	kind := rapid.SampledFrom([]string{"", "", "share", "bed nights"}).Draw(g.t, "contract")
	switch {
	case kind == "share":
		p.Contract, p.LookAfter, p.FoundIn = Share, 0, nil
		p.Beds = g.number("priority beds", 0, 2)
		p.Of = max(1, p.Beds+g.number("beds of others", 0, 2))
		stay := g.law("stay of others", 12)
		if g.number("others", 0, 4) > 0 {
			p.Others = &OtherDemand{PerYear: float64(p.Of) * 365.25 / stay.Mean() * g.length("demand of others", 0.3, 0.9, 1.1), Stay: stay}
		}
	case kind == "bed nights":
		p.Contract, p.LookAfter, p.FoundIn = BedNights, 0, nil
		p.Nights = rapid.SampledFrom([]int{3, 40, 300}).Draw(g.t, "nights")
	}
	if (p.Contract == Block || p.Contract == Share) && p.Beds != NoLimit && g.some("capacity") {
		most := 3
		if p.Contract == Share {
			most = p.Of
		}
		p.Capacity = []Capacity{{g.length("capacity from", 8, 20.5), g.number("capacity", 0, most)}, {g.length("capacity again", 30, 70.5), g.number("capacity", 0, most)}}
	}
	if g.some("closures") {
		p.Closures = []Span{{g.length("closed from", 5, 12.5), g.length("closed until", 15, 30.25)}}
		if g.coin("closed again") {
			p.Closures = append(p.Closures, Span{40, 48})
		}
	}
	if g.some("suits") {
		p.Suits = rapid.SampledFrom([]Per[float64]{Same(0.5), Same(0.2), {{"one", 0.5}}}).Draw(g.t, "suits")
	}
	if g.some("assesses") {
		p.Assesses = &Assessing{Refuses: Same(g.chance("refuses"))}
		if g.coin("assessing takes time") {
			p.Assesses.Takes = g.per("assesses", 8)
		}
	}
	p.Terms = Terms{
		PerYear: Pence(g.number("retainer", 0, 1) * 100_003), NoticeNights: g.number("notice", 0, 2), Contribution: Pence(g.number("contribution", 0, 2) * 5003),
		Uplift: rapid.SampledFrom([]float64{0, 0.03, 0.5}).Draw(g.t, "uplift"),
	}
	if paidByTheNight(p) && g.coin("volume") {
		p.Terms.AboveNights, p.Terms.AbovePerNight = g.number("above", 1, 60), 7001
	}
	if paidByTheNight(p) && g.coin("minimum") {
		p.Terms.MinimumNights = g.number("minimum", 1, 90)
	}
}

// holding draws for whom a bed must be held further on: block beds of a later stage.
func (g specMaker) holding(i int) {
	s := &g.spec.Stages[i]
	if s.Kind != BedsKind || !g.coin("held place") {
		return
	}
	for _, branch := range s.Next[Completed] {
		for k := i + 1; k < len(g.spec.Stages); k++ {
			on := &g.spec.Stages[k]
			if on.Name == branch.To && on.Kind == BedsKind && slices.ContainsFunc(on.Beds.Places, func(p Place) bool { return p.Contract == Block }) {
				s.Beds.HeldPlace = on.Name
			}
		}
	}
}

// starting draws a few people who are there as the run starts.
func (g specMaker) starting() {
	for range g.number("starting", 0, 4) {
		i := g.number("starts at", 0, g.stages-1)
		s := &g.spec.Stages[i]
		x := Started{Stage: s.Name, Cohort: rapid.SampledFrom(g.spec.Cohorts).Draw(g.t, "cohort"), Joined: -g.length("joined", 0.5, 3, 20) - Days(len(g.spec.Starting))/64}
		if g.coin("of stream") {
			x.Stream = g.spec.Streams[0].Name
		}
		if x.Known = len(g.spec.Traits) > 0 && g.coin("known"); x.Known && g.coin("frail") {
			x.Traits = []string{"frail"}
		}
		x.Since = x.Joined * g.length("since", 0, 0.5, 1)
		switch {
		case s.Kind == BedsKind && g.coin("inside"):
			p := rapid.SampledFrom(s.Beds.Places).Draw(g.t, "place")
			if taken := g.spec.startedIn(s.Name, p.Name); p.Beds == NoLimit || taken < p.Beds {
				x.Inside, x.Place = true, p.Name
			}
		case s.Kind == AftercareKind && s.Aftercare.Places == NoLimit:
			x.Inside = g.coin("inside")
		case s.Kind == DelayKind && s.Delay.Places == 0:
			continue // the delay has run for a while: nobody waits there
		}
		if x.Inside || s.ListMax == NoLimit {
			g.spec.Starting = append(g.spec.Starting, x)
		}
	}
}

func (s Spec) startedIn(stage, place string) (n int) {
	for _, x := range s.Starting {
		if x.Inside && x.Stage == stage && x.Place == place {
			n++
		}
	}
	return n
}
