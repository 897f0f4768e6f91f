package sim

import (
	"context"
	"flag"
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tier4/sim/dist"
)

// Specs for tests: one with every kind of stage and rule in it, random legal ones, and small ones
// with replayed dates whose outcome can be worked out by hand.

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func fixed(days Days) dist.Law       { return must(dist.Fixed(days)) }
func exponential(mean Days) dist.Law { return must(dist.Exponential(mean)) }
func laws(l dist.Law) Per[dist.Law]  { return Same(l) }
func to(stage string) []Branch       { return []Branch{{To: stage, Rest: true}} }
func share(stage string, x float64) Branch {
	return Branch{To: stage, Share: Same(x)}
}

// firstOfApril is a Tuesday.
var firstOfApril = time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC)

func modelOf(t tester, spec Spec, figures ...string) *Model {
	t.Helper()
	m, err := Compile(spec, figures...)
	if err != nil {
		t.Fatalf("compiling %s: %v", spec.Name, err)
	}
	return m
}

// play runs one replication, watched after every event, and returns its block and what is left of its world.
func play(t tester, m *Model, seed uint64, replication int, watch func(*world)) (*Batch, *world) {
	t.Helper()
	r := new(Runner)
	r.w.watch = watch
	b := new(Batch)
	b.Reset(replication)
	if err := r.Replicate(m, seed, replication, b); err != nil {
		t.Fatalf("%v", err)
	}
	return b, &r.w
}

// totals are the numerator and denominator of a figure in the i-th replication of a block.
func totals(t tester, m *Model, b *Batch, i int, id string) (y, n float64) {
	t.Helper()
	at := figureAt(t, m, id)
	return b.y[i*len(m.plan.figures)+at], b.n[i*len(m.plan.figures)+at]
}

func figureAt(t tester, m *Model, id string) int {
	t.Helper()
	at := slices.IndexFunc(m.plan.figures, func(f figure) bool { return f.ID == id })
	if at < 0 {
		t.Fatalf("%s is not measured", id)
	}
	return at
}

// experiment runs replications of models on two workers.
func experiment(t tester, replications int, models ...*Model) *Findings {
	t.Helper()
	f, err := Experiment{Models: models, Seed: 7, Replications: replications, Workers: 2}.Run(context.Background())
	if err != nil {
		t.Fatalf("%v", err)
	}
	return f
}

// checks runs a property on so many random cases, fewer under the race detector, or on as many as
// -rapid.checks says if that is more.
func checks(t *testing.T, n int, property func(*rapid.T)) {
	t.Helper()
	n = max(1, n/fewer)
	if seed := flag.Lookup("rapid.seed"); !explores && seed.Value.String() == seed.DefValue {
		// The same cases each time: new ones are for the long checks, and for whoever asks with -rapid.seed.
		if err := seed.Value.Set("20250401"); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = seed.Value.Set(seed.DefValue) }()
	}
	f := flag.Lookup("rapid.checks")
	before := f.Value.String()
	if asked, _ := strconv.Atoi(before); asked < n || before == f.DefValue {
		if err := f.Value.Set(strconv.Itoa(n)); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Value.Set(before) }()
	}
	rapid.Check(t, property)
}

// aStage is a stage of a kind with nothing said that need not be.
func aStage(name string, kind Kind, next ...Branch) Stage {
	s := Stage{Name: name, Kind: kind, ListMax: NoLimit, KeepInTouch: 1}
	s.Next[Completed] = next
	return s
}

func aDelay(name string, takes dist.Law, places int, next ...Branch) Stage {
	s := aStage(name, DelayKind, next...)
	s.Delay = &Delay{Takes: laws(takes), Places: places}
	return s
}

func aGroup(name string, g Group, next ...Branch) Stage {
	s := aStage(name, GroupKind, next...)
	if g.SessionEvery == 0 {
		g.SessionEvery = 7
	}
	s.Group = &g
	return s
}

func aPanel(name string, p Panel, next ...Branch) Stage {
	s := aStage(name, PanelKind, next...)
	s.Panel = &p
	return s
}

func aWard(name string, stay dist.Law, places []Place, next ...Branch) Stage {
	s := aStage(name, BedsKind, next...)
	s.Beds = &Beds{Stay: laws(stay), Places: places}
	return s
}

func anAftercare(name string, places int, lasts dist.Law, next ...Branch) Stage {
	s := aStage(name, AftercareKind, next...)
	s.Aftercare = &Aftercare{Places: places, Lasts: laws(lasts)}
	return s
}

func block(name string, beds int, perNight Pence) Place {
	return Place{Name: name, Contract: Block, Beds: beds, PerNight: perNight, From: math.Inf(-1), Until: math.Inf(1)}
}

func spot(name string, most int, perNight Pence, lookAfter Days, foundIn dist.Law) Place {
	p := Place{Name: name, Contract: Spot, Beds: most, PerNight: perNight, From: math.Inf(-1), Until: math.Inf(1), LookAfter: lookAfter}
	if foundIn != nil {
		p.FoundIn = laws(foundIn)
	}
	return p
}

// rich has a stage of every kind, loops, relapse, returns, priorities, turnover, admission days, places
// that open and close, full lists, groups of all sorts, spot with a limit, and traits with effects.
func rich() Spec {
	const a, b = "opiates", "alcohol"
	s := Spec{
		Name: "rich", Start: firstOfApril, WarmUp: 200, Measure: 2*365 + 100,
		Cohorts: []string{a, b},
		Traits: []Trait{
			{Name: "women", Share: Per[float64]{{a, 0.3}, {b, 0.4}}},
			{Name: "complex", Share: Same(0.4), Effects: []Effect{{UnplannedDischarge, 1.5}, {DropsOutAfter, 0.8}, {RelapseAfter, 1.3}}},
		},
		Streams: []Stream{
			{
				Name: "community", Enters: "assessment", Rates: []CohortRate{{a, 90.5}, {b, 60}}, Growth: 0.05,
				ByMonth: [12]float64{1.2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.7}, ByWeekday: [7]float64{0.2, 1.2, 1, 1, 1, 1, 0.3},
				ByHour: [24]float64{9: 1, 10: 2, 11: 2, 14: 1},
			},
			{Name: "prison", Enters: "triage", Priority: 2, Rates: []CohortRate{{a, 30}}},
			{Name: "hospital", Enters: "triage", Priority: 1, Between: must(dist.Gamma(12, 9)), Cohort: Per[float64]{{b, 0.75}, {a, 0.25}}},
			{Name: "replayed", Enters: "panel", Dates: []Arrival{
				{At: 0, Cohort: a}, {At: 0, Cohort: b}, {At: 13, Cohort: a}, {At: 210, Cohort: b}, {At: 210, Cohort: a}, {At: 400.5, Cohort: a}, {At: 400.25, Cohort: b},
			}},
		},
	}
	triage := aDelay("triage", exponential(5), 1, to("assessment")...)
	triage.ByPriority, triage.ListMax, triage.DropsOutAfter = true, 3, laws(exponential(20))
	triage.Costs = UnitCosts{PerPerson: 5000, PerWeek: 700}
	assessment := aDelay("assessment", must(dist.Lognormal(12, 9)), 0, share("preparation", 0.5), share("course", 0.25), Branch{To: "gathering", Rest: true})
	assessment.DropsOutAfter = Per[dist.Law]{{"women", exponential(150)}, {"", exponential(90)}}
	assessment.KeepInTouch = 0.8
	preparation := aGroup("preparation", Group{Meets: Schedule{1, 7}, Max: 6, Sessions: 4, Leaves: Same(0.05)}, to("panel")...)
	preparation.Effects = []Effect{{UnplannedDischarge, 0.7}, {DropsOutAfter, 0.9}}
	preparation.DropsOutAfter, preparation.ListMax = laws(exponential(60)), 5
	preparation.Next[Left] = []Branch{share("preparation", 0.3), {To: ExitCommunity, Rest: true}}
	preparation.Costs = UnitCosts{PerSession: 2500}
	course := aGroup("course", Group{Meets: Schedule{3.5, 7}, Max: 4, Closed: true, MinToStart: 2, Sessions: 3, SessionEvery: 3.5, Leaves: Same(0.1)}, to("panel")...)
	course.DropsOutAfter = laws(exponential(40))
	gathering := aGroup("gathering", Group{Max: 4, Closed: true, StartsWhen: &Gathering{People: 3, OrAfter: 20}, Sessions: 2, Leaves: Same(0.1)}, to("panel")...)
	gathering.DropsOutAfter = laws(exponential(25))
	panel := aPanel("panel", Panel{Meets: Schedule{13, 14}, Cases: 6, Approve: Per[float64]{{b, 0.8}, {"", 0.7}}, Defer: Same(0.15), Decline: Per[float64]{{b, 0.05}, {"", 0.15}}, AnswerAfter: 4},
		Branch{To: "detox", Share: Per[float64]{{a, 0.7}, {b, 0.6}}}, Branch{To: "rehab", Rest: true})
	panel.DropsOutAfter = laws(exponential(100))
	panel.Next[Declined] = []Branch{share("assessment", 0.2), {To: ExitCommunity, Rest: true}}
	panel.Costs = UnitCosts{PerCase: 6000}
	panel.ByPriority = true
	admits := block("weekdays", 2, 39999)
	admits.Admits, admits.Turnover = [7]bool{false, true, true, false, true, false, false}, 1.5
	opens := block("new", 1, 41000)
	opens.From, opens.Until = 300, 700.5
	detox := aWard("detox", must(dist.Lognormal(15, 5)), []Place{
		spot("any", 2, 48001, 14, exponential(10)), admits, opens, spot("dear", NoLimit, 60000, 20, nil),
	}, share("rehab", 0.6), share("aftercare", 0.2), Branch{To: ExitCommunity, Rest: true})
	detox.ByPriority = true
	detox.Beds.UnplannedDischarge = Per[dist.Law]{{a, exponential(40)}, {b, exponential(70)}}
	detox.DropsOutAfter = laws(must(dist.Weibull(0.9, 60)))
	detox.Next[Unplanned] = []Branch{share(ExitRelapse, 0.3), share("detox", 0.1), {To: ExitCommunity, Rest: true}}
	local := block("local", 3, 15001)
	local.Local, local.Turnover, local.Effects = true, 1, []Effect{{RelapseAfter, 0.7}, {UnplannedDischarge, 0.9}}
	away := block("away", 3, 14000)
	away.Until = 500
	rehab := aWard("rehab", must(dist.Gamma(60, 20)), []Place{local, away, spot("any", 3, 17500, 28, exponential(14))}, share("aftercare", 0.7), Branch{To: ExitHome, Rest: true})
	rehab.Beds.UnplannedDischarge = laws(must(dist.Weibull(0.7, 210)))
	rehab.DropsOutAfter, rehab.ListMax = laws(exponential(60)), 5
	rehab.Next[Relapsed] = []Branch{share("detox", 0.4), {To: ExitRelapse, Rest: true}}
	aftercare := anAftercare("aftercare", 4, exponential(100), share("triage", 0.1), Branch{To: ExitHome, Rest: true})
	aftercare.Effects = []Effect{{RelapseAfter, 0.6}}
	aftercare.DropsOutAfter = laws(exponential(50))
	aftercare.Costs = UnitCosts{PerWeek: 3000}
	aftercare.Next[Relapsed] = []Branch{share("triage", 0.25), {To: ExitRelapse, Rest: true}}
	s.Stages = []Stage{triage, assessment, preparation, course, gathering, panel, detox, rehab, aftercare}
	s.Relapse = &Relapse{
		After: ByLeaving[dist.Law]{
			{Completed, "detox", laws(must(dist.WeibullMedian(0.6, 60)))},
			{Completed, "", Per[dist.Law]{{a, must(dist.WeibullMedian(0.6, 90))}, {b, must(dist.WeibullMedian(0.6, 120))}}},
			{Unplanned, "", laws(must(dist.WeibullMedian(0.5, 14)))},
		},
		Never:   ByLeaving[float64]{{Completed, "", Same(0.3)}, {Unplanned, "", Same(0.05)}},
		Returns: &Returns{Share: Same(0.5), After: laws(exponential(60)), To: "assessment"},
	}
	return s
}

// anySpec draws a legal spec of up to five stages, full of ties: many lengths are whole days, many
// referrals come at midnight.
func anySpec(t *rapid.T) Spec {
	s := Spec{
		Name: "any", Start: firstOfApril.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "start")),
		WarmUp: rapid.SampledFrom([]Days{0, 0, 20, 33.5}).Draw(t, "warm-up"), Measure: rapid.SampledFrom([]Days{60, 150.25, 365, 500}).Draw(t, "measure"),
		Cohorts: []string{"one", "two"}[:rapid.IntRange(1, 2).Draw(t, "cohorts")],
	}
	if rapid.Bool().Draw(t, "has traits") {
		s.Traits = []Trait{
			{Name: "frail", Share: Same(0.5), Effects: []Effect{{DropsOutAfter, 2}, {UnplannedDischarge, 1.5}, {RelapseAfter, 0.5}}},
			{Name: "calm", Share: Per[float64]{{"one", 0.25}}},
		}
	}
	g := specMaker{t: t, spec: &s, stages: rapid.IntRange(1, 5).Draw(t, "stages")}
	for i := range g.stages {
		s.Stages = append(s.Stages, g.stage(i))
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "streams") {
		s.Streams = append(s.Streams, g.stream(i))
	}
	if rapid.Bool().Draw(t, "relapse") {
		s.Relapse = g.relapse()
	}
	return s
}

type specMaker struct {
	t      *rapid.T
	spec   *Spec
	stages int
	kinds  []Kind // to choose from; any if empty
}

func stageName(i int) string { return fmt.Sprintf("stage-%c", 'a'+i) }

func (g specMaker) coin(what string) bool { return rapid.Bool().Draw(g.t, what) }

func (g specMaker) number(what string, from, to int) int {
	return rapid.IntRange(from, to).Draw(g.t, what)
}

func (g specMaker) chance(what string) float64 {
	return rapid.SampledFrom([]float64{0, 0.1, 0.25, 0.5}).Draw(g.t, what)
}

// law draws a law with a mean of up to most days; many are whole days.
func (g specMaker) law(what string, most int) dist.Law {
	mean := Days(g.number(what+" days", 1, most))
	switch rapid.SampledFrom([]string{"fixed", "fixed", "exponential", "uniform", "weibull", "part of a day"}).Draw(g.t, what) {
	case "fixed":
		return fixed(mean)
	case "exponential":
		return exponential(mean)
	case "uniform":
		return must(dist.Uniform(mean/2, mean*1.5))
	case "weibull":
		return must(dist.WeibullMean(0.7, mean))
	}
	return fixed(mean / 4)
}

func (g specMaker) per(what string, most int) Per[dist.Law] {
	who := rapid.SampledFrom([]string{"", "", "one", "frail"}).Draw(g.t, what+" of")
	if who == "frail" && len(g.spec.Traits) == 0 {
		who = ""
	}
	if who == "" {
		return laws(g.law(what, most))
	}
	return Per[dist.Law]{{who, g.law(what, most)}, {"", g.law(what+" of others", most)}}
}

func (g specMaker) effects(what string) []Effect {
	switch g.number(what, 0, 3) {
	case 1:
		return []Effect{{DropsOutAfter, 0.5}}
	case 2:
		return []Effect{{UnplannedDischarge, 0.7}, {RelapseAfter, 2}}
	case 3:
		return []Effect{{RelapseAfter, 0}, {DropsOutAfter, 1.5}}
	}
	return nil
}

// next draws ways on: mostly further down, sometimes back.
func (g specMaker) next(what string, i int) []Branch {
	exit := rapid.SampledFrom([]string{ExitHome, ExitCommunity, ExitRelapse}).Draw(g.t, what+" exit")
	branches := []Branch{{To: exit, Rest: true}}
	if i+1 < g.stages {
		on := stageName(g.number(what+" on", i+1, g.stages-1))
		branches = append(branches, share(on, rapid.SampledFrom([]float64{0.5, 0.7}).Draw(g.t, what+" on")))
		if on == stageName(i+1) && g.coin(what+" all on") {
			return to(on)
		}
	}
	if back := g.chance(what + " back"); back > 0 && back <= 0.25 {
		branches = append(branches, share(stageName(g.number(what+" back to", 0, i)), back))
	}
	return branches
}

func (g specMaker) stage(i int) Stage {
	var kind Kind
	if len(g.kinds) > 0 {
		kind = rapid.SampledFrom(g.kinds).Draw(g.t, "kind")
	} else {
		kind = Kind(g.number("kind", int(DelayKind), int(AftercareKind)))
	}
	s := aStage(stageName(i), kind, g.next("completed", i)...)
	s.ByPriority = g.coin("by priority")
	if g.coin("list max") {
		s.ListMax = g.number("list max", 0, 3)
	}
	if g.coin("patience") {
		s.DropsOutAfter = g.per("patience", 40)
		if g.number("no patience", 0, 9) == 0 {
			s.DropsOutAfter = laws(fixed(0))
		}
		if g.number("patience without end", 0, 3) == 0 { // of all but those for whom it is told
			s.DropsOutAfter = s.DropsOutAfter[:max(1, len(s.DropsOutAfter)-1)]
		}
	}
	s.KeepInTouch = rapid.SampledFrom([]float64{1, 1, 0.5}).Draw(g.t, "keep in touch")
	s.Effects = g.effects("effects")
	if g.coin("relapsed route") {
		s.Next[Relapsed] = g.next("relapsed", i)
	}
	switch kind {
	case DelayKind:
		s.Delay = &Delay{Takes: g.per("takes", 10), Places: g.number("places", 0, 2)}
	case GroupKind:
		g.group(&s, i)
	case PanelKind:
		g.panel(&s, i)
	case BedsKind:
		g.beds(&s, i)
	case AftercareKind:
		s.Aftercare = &Aftercare{Places: rapid.SampledFrom([]int{NoLimit, 1, 3}).Draw(g.t, "places"), Lasts: g.per("lasts", 60)}
	}
	s.Costs = UnitCosts{PerPerson: Pence(g.number("cost", 0, 2) * 1001)}
	return s
}

func (g specMaker) schedule() Schedule {
	return Schedule{
		First: rapid.SampledFrom([]Days{0, 1, 2.5, 13}).Draw(g.t, "first"),
		Every: rapid.SampledFrom([]Days{1, 3.5, 7, 14}).Draw(g.t, "every"),
	}
}

func (g specMaker) group(s *Stage, i int) {
	c := &Group{
		Max: rapid.SampledFrom([]int{NoLimit, 1, 3, 6}).Draw(g.t, "max"), Sessions: g.number("sessions", 1, 4),
		SessionEvery: rapid.SampledFrom([]Days{7, 1, 3.5}).Draw(g.t, "session every"), Leaves: Same(g.chance("leaves")),
	}
	switch rapid.SampledFrom([]string{"rolling", "closed", "starts when"}).Draw(g.t, "intake") {
	case "rolling":
		c.Meets = g.schedule()
	case "closed":
		c.Meets, c.Closed, c.MinToStart = g.schedule(), true, g.number("min to start", 0, 3)
	default:
		c.Closed = true
		c.StartsWhen = &Gathering{People: g.number("people", 1, 4), OrAfter: rapid.SampledFrom([]Days{math.Inf(1), 0, 10, 28}).Draw(g.t, "or after")}
	}
	s.Group = c
	s.Next[Left] = g.next("left", i)
}

func (g specMaker) panel(s *Stage, i int) {
	later, decline := g.chance("defer"), g.chance("decline")
	s.Panel = &Panel{
		Meets: g.schedule(), Cases: rapid.SampledFrom([]int{NoLimit, 1, 3}).Draw(g.t, "cases"),
		Approve: Same(1 - later - decline), Defer: Same(later), Decline: Same(decline),
		AnswerAfter: rapid.SampledFrom([]Days{0, 2, 4.5}).Draw(g.t, "answer after"),
	}
	s.Next[Declined] = g.next("declined", i)
}

func (g specMaker) beds(s *Stage, i int) {
	b := &Beds{Stay: g.per("stay", 30)}
	if g.coin("unplanned") {
		b.UnplannedDischarge = g.per("unplanned", 60)
		s.Next[Unplanned] = g.next("unplanned", i)
	}
	for j := range g.number("places", 1, 3) {
		p := block(fmt.Sprintf("place-%d", j), g.number("beds", 1, 3), Pence(g.number("price", 0, 50000)))
		if g.coin("spot") {
			p.Contract = Spot
			p.LookAfter = Days(rapid.SampledFrom([]int{0, 0, 5, 21}).Draw(g.t, "look after"))
			if g.coin("search") {
				p.FoundIn = g.per("found in", 20)
				if g.coin("found at once") {
					p.FoundIn[0].Value = fixed(0)
				}
			}
		}
		if g.number("no limit", 0, 4) == 0 {
			p.Beds = NoLimit
		}
		if g.number("opens", 0, 3) == 0 {
			p.From = rapid.SampledFrom([]Days{10, 30.5}).Draw(g.t, "from")
		}
		if g.number("closes", 0, 3) == 0 {
			p.Until = rapid.SampledFrom([]Days{45, 100.25}).Draw(g.t, "until")
		}
		if g.number("weekdays", 0, 3) == 0 {
			for d := range p.Admits {
				p.Admits[d] = g.coin("admits")
			}
		}
		p.Turnover = rapid.SampledFrom([]Days{0, 0, 1, 2.5}).Draw(g.t, "turnover")
		p.Effects = g.effects("place's effects")
		b.Places = append(b.Places, p)
	}
	s.Beds = b
}

func (g specMaker) stream(i int) Stream {
	s := Stream{
		Name: fmt.Sprintf("stream-%d", i), Enters: stageName(g.number("enters", 0, (g.stages-1)/2)), Priority: g.number("priority", 0, 2),
	}
	switch rapid.SampledFrom([]string{"rates", "rates", "between", "dates"}).Draw(g.t, "stream") {
	case "rates":
		for _, c := range g.spec.Cohorts {
			s.Rates = append(s.Rates, CohortRate{c, rapid.Float64Range(0, 150).Draw(g.t, "rate")})
		}
		if g.coin("patterns") {
			s.Growth, s.ByWeekday = 0.5, [7]float64{0, 2, 1, 1, 1, 1, 0}
		}
	case "between":
		s.Between, s.Cohort = g.law("between", 8), Per[float64]{{"one", 1}}
	default:
		for range g.number("rows", 1, 30) {
			s.Dates = append(s.Dates, Arrival{At: Days(g.number("row", 0, 400)) / 2, Cohort: rapid.SampledFrom(g.spec.Cohorts).Draw(g.t, "cohort")})
		}
	}
	return s
}

func (g specMaker) relapse() *Relapse {
	r := &Relapse{
		After: ByLeaving[dist.Law]{{Unplanned, "", g.per("relapse early", 40)}, {Completed, "", g.per("relapse", 120)}},
		Never: ByLeaving[float64]{{Completed, "", Same(g.chance("never"))}},
	}
	if g.coin("returns") {
		r.Returns = &Returns{Share: Same(0.5), After: g.per("returns after", 40), To: stageName(g.number("returns to", 0, g.stages-1))}
	}
	return r
}
