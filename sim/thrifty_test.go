package sim

import (
	"fmt"
	"testing"

	"tier4/sim/dist"

	"pgregory.net/rapid"
)

// Money that is short, where people are matched as they join.

// thriftySpec draws specs in which money is short and lists are simple, so that people are matched as they join.
func thriftySpec(t *rapid.T) Spec {
	n := func(what string, from, to int) int { return rapid.IntRange(from, to).Draw(t, what) }
	days := func(what string, all ...Days) Days { return rapid.SampledFrom(all).Draw(t, what) }
	s := Spec{Name: "thrifty", Start: firstOfApril.AddDate(0, 0, n("start", 0, 364)), Measure: days("measure", 60, 200, 400), Cohorts: []string{"one", "two"}}
	kinds := []string{"panel?", "delay?", "beds", "beds?", "aftercare?"}
	var chosen []string
	for _, k := range kinds {
		if k[len(k)-1] != '?' || rapid.Bool().Draw(t, k) {
			chosen = append(chosen, k[:4])
		}
	}
	name := func(i int) string { return fmt.Sprintf("stage-%c", 'a'+i) }
	for i, k := range chosen {
		next := []Branch{{To: ExitHome, Rest: true}}
		if i+1 < len(chosen) {
			if next = to(name(i + 1)); n("some on", 0, 2) == 0 {
				next = []Branch{share(name(i+1), 0.6), {To: ExitHome, Rest: true}}
			}
		} else if n("back", 0, 2) == 0 {
			next = []Branch{share(name(n("back to", 0, i)), 0.4), {To: ExitHome, Rest: true}}
		}
		var x Stage
		switch k {
		case "pane":
			x = aPanel(name(i), Panel{Meets: Schedule{First: days("first", 0, 1, 2.5), Every: days("every", 1, 3.5, 7)}, Cases: NoLimit, Approve: Same(1.0), AnswerAfter: days("answer", 0, 1.5)}, next...)
			if rapid.Bool().Draw(t, "fast") {
				x.Panel.FastTrack, x.Panel.FastAnswer = Same(0.4), days("fast answer", 0, 1)
			}
			if rapid.Bool().Draw(t, "lasts") {
				x.Panel.ApprovalLasts = days("approval lasts", 5, 12.5, 30)
			}
		case "dela":
			x = aDelay(name(i), fixed(days("takes", 2, 5.25)), n("places", 0, 2), next...)
		case "afte":
			x = anAftercare(name(i), n("places", 1, 3), fixed(days("lasts", 10, 20.5)), next...)
		case "beds":
			var places []Place
			for j := range n("places", 1, 3) {
				price := Pence(n("price", 1, 3) * 1000)
				var p Place
				switch n("contract", 0, 3) {
				case 0:
					p = block(fmt.Sprint("p", j), n("beds", 1, 2), price)
				case 1:
					p = block(fmt.Sprint("p", j), NoLimit, price)
				default:
					p = spot(fmt.Sprint("p", j), rapid.SampledFrom([]int{NoLimit, 1, 2}).Draw(t, "most"), price, days("look", 0, 0, 1.25, 4), nil)
				}
				if paidByTheNight(&p) {
					if rapid.Bool().Draw(t, "volume") {
						p.Terms.AboveNights, p.Terms.AbovePerNight = n("above", 1, 60), price*Pence(n("cheaper", 1, 3))/2
					}
					if rapid.Bool().Draw(t, "minimum") {
						p.Terms.MinimumNights = n("minimum", 1, 60)
					}
					p.Terms.Contribution = Pence(n("contribution", 0, 1) * 503)
				}
				if n("fewer", 0, 3) == 0 && p.Contract == Block && p.Beds != NoLimit {
					p.Capacity = []Capacity{{From: days("fewer from", 5, 20.5), Beds: n("fewer beds", 0, p.Beds)}}
				}
				p.Terms.NoticeNights = n("notice", 0, 1)
				p.Terms.Uplift = days("uplift", 0, 0.5)
				places = append(places, p)
			}
			x = aWard(name(i), fixed(days("stay", 3, 7, 12.25)), places, next...)
			x.Beds.Stay = byCohort(days("stay of two", 2, 5, 9.5, 30), days("stay", 3, 7, 12.25))
			if rapid.Bool().Draw(t, "unplanned") {
				x.Beds.UnplannedDischarge = laws(exponential(10))
				if x.Next[Unplanned] = to(ExitHome); rapid.Bool().Draw(t, "again") {
					x.Next[Unplanned] = []Branch{share(name(n("again to", 0, i)), 0.6), {To: ExitHome, Rest: true}}
				}
			}
			if len(next) == 1 && !isExit(next[0].To) && n("stays on", 0, 3) == 0 {
				x.Beds.StaysOn = []StaysOn{{To: next[0].To, UpTo: days("up to", 1, 7)}}
			}
		}
		if rapid.Bool().Draw(t, "patience") {
			x.DropsOutAfter = laws(exponential(days("patience", 10, 40, 200)))
		}
		x.Costs = UnitCosts{PerPerson: Pence(n("cost", 0, 1) * 1001)}
		s.Stages = append(s.Stages, x)
	}
	for i := range n("streams", 1, 2) {
		x := Stream{Name: fmt.Sprintf("stream-%d", i), Enters: name(rapid.SampledFrom([]int{0, 0, n("enters", 0, len(chosen)-1)}).Draw(t, "enters where")), Priority: i}
		at := Days(0)
		for k := range n("rows", 2, 25) {
			at += days("gap", 0, 0.5, 1, 2.25, 3, 6)
			x.Dates = append(x.Dates, Arrival{At: at + Days(k)/1024, Cohort: rapid.SampledFrom(s.Cohorts).Draw(t, "cohort")})
		}
		s.Streams = append(s.Streams, x)
	}
	for i := range s.Stages {
		s.Stages[i].ByPriority = rapid.Bool().Draw(t, "by priority")
	}
	budgets := n("budgets", 1, 2)
	for i := range budgets {
		s.Budgets = append(s.Budgets, Budget{Name: fmt.Sprint("budget-", i), PerYear: Pence(n("money", 0, 30) * 10_007), Carried: rapid.Bool().Draw(t, "carried"), WhenSpent: WhenSpent(n("when", 1, 2))})
	}
	for i := range s.Stages {
		if k := n("budget", 0, budgets); k < budgets || s.Stages[i].Kind == BedsKind {
			k = min(k, budgets-1)
			s.Budgets[k].PaysFor = append(s.Budgets[k].PaysFor, name(i))
		}
	}
	for i := len(s.Budgets) - 1; i >= 0; i-- {
		if len(s.Budgets[i].PaysFor) == 0 {
			s.Budgets = append(s.Budgets[:i], s.Budgets[i+1:]...)
		}
	}
	for range n("starting", 0, 2) {
		i := n("starts at", 0, len(chosen)-1)
		st := &s.Stages[i]
		if st.Kind != BedsKind {
			continue
		}
		p := st.Beds.Places[n("place", 0, len(st.Beds.Places)-1)]
		x := Started{Stage: st.Name, Cohort: "one", Joined: -3 - Days(len(s.Starting))/64, Since: -1}
		if p.Beds == NoLimit || s.startedIn(st.Name, p.Name) < p.Beds {
			x.Inside, x.Place = true, p.Name
		}
		s.Starting = append(s.Starting, x)
	}
	return s
}

func TestTheEngineAndItsNaiveTwinAgreeWhereMoneyIsShort(t *testing.T) {
	checks(t, 500, func(rt *rapid.T) { sameStories(rt, thriftySpec(rt), 3, 0) })
}

func TestLawsHoldWhereMoneyIsShort(t *testing.T) {
	rises := 0
	checks(t, 200, func(rt *rapid.T) { rises += holdToWhole(rt, modelOf(rt, thriftySpec(rt)), 3, 0).rises })
	if fewer == 1 && rises < 100 {
		t.Errorf("commitments rose only %d times", rises)
	}
}

func TestRulesOfMoneyAndQueues(t *testing.T) {
	paidFor := func(spec Spec, money Pence, stages ...string) Spec {
		spec.Budgets = []Budget{{Name: "grant", PaysFor: stages, PerYear: money, WhenSpent: HoldAdmissions}}
		return spec
	}
	ours := ward(5, block("unit", 1, 0), spot("any", NoLimit, 100, 30, nil))
	ours.Beds.UnplannedDischarge = Per[dist.Law]{{"two", fixed(2)}}
	ours.Next[Unplanned] = to("ward")
	back := paidFor(replays(streams(on("a", "ward", 0, 1).ofTwo(0)), ours), 100_000, "ward")
	back.Measure = 4
	detox := aWard("detox", fixed(5), []Place{spot("one", 1, 100, 0.25, nil)}, to("rehab")...)
	rehab := aWard("rehab", fixed(5), []Place{block("any", NoLimit, 100)}, to(ExitHome)...)
	least := ward(5, with(spot("any", NoLimit, 100, 0, nil), func(p *Place) { p.Terms.MinimumNights = 5 }))
	least.Beds.Stay = byCohort(2, 5)
	least.Beds.UnplannedDischarge = Per[dist.Law]{{"one", fixed(2.25)}}
	panel := aPanel("panel", Panel{Meets: Schedule{0, 7}, Cases: NoLimit, Approve: Same(1.0)}, to("medical")...)
	cheaper := ward(5, spot("near", 0, 100, 0, nil), with(spot("far", NoLimit, 100, 0, nil), func(p *Place) { p.Terms = Terms{AboveNights: 30, AbovePerNight: 10} }))
	cheaper.Beds.Stay = byCohort(10, 30)
	anyPanel := aPanel("panel", Panel{Meets: Schedule{0, 7}, Cases: NoLimit, Approve: Same(1.0)}, to("ward")...)
	promised := paidFor(replays(streams(on("a", "panel", 0, 0, 0)), anyPanel, ward(5, nightsOf("nights", 10), spot("any", NoLimit, 100, 0, nil))), 99, "ward")
	promised.Budgets[0].WhenSpent = HoldApprovals
	paying := with(block("unit", 1, 0), func(p *Place) { p.Terms.Contribution = 700 })
	ending := with(block("unit", 1, 100), func(p *Place) { p.Until = 2 })
	tellRules(t, []wholeRule{
		// Ten nights are left for a0 and a1. For a2 there are neither nights nor money before 1 April.
		{"bed nights are promised once", promised, `
			0: a0 joins panel
			0: a0 is heard by panel
			0: a0 joins ward
			0: a0 starts ward nights
			0: a1 joins panel
			0: a1 is heard by panel
			0: a1 joins ward
			0: a1 starts ward nights
			0: a2 joins panel
			5: a0 leaves ward
			5: a0 is out
			5: a1 leaves ward
			5: a1 is out
			371: a2 is heard by panel
			371: a2 joins ward
			371: a2 starts ward nights
			376: a2 leaves ward
			376: a2 is out`},
		// From 0.75 on the stay has 8 nights, of 7 that are left; from midnight on it has 7.
		{"whoever has a night too few is tried again at midnight", replays(streams(on("a", "ward", 0.75, 1.25)), ward(7.5, nightsOf("nights", 7))), `
			0.75: a0 joins ward
			1: a0 starts ward nights
			1.25: a1 joins ward
			8.5: a0 leaves ward
			8.5: a0 is out
			365: a1 starts ward nights
			372.5: a1 leaves ward
			372.5: a1 is out`},
		// a0 stays on after the bed is no longer held, at £1 a night. By day 5 that is £3, and the bed has cost £2: which leaves
		// £5 of the £8 for a1, and on the last day but one the £1 that one night of theirs costs.
		{"people who stay as a block ends are paid for", paidFor(replays(streams(on("a", "ward", 1, 5)), ward(8, ending, spot("any", NoLimit, 100, 0, nil))), 1000, "ward"), `
			1: a0 joins ward
			1: a0 starts ward unit
			5: a1 joins ward
			9: a0 leaves ward
			9: a0 is out
			364: a1 starts ward any
			372: a1 leaves ward
			372: a1 is out`},
		// There is no money but the £5 that a0 pays for 5 nights in a bed that costs nothing.
		{"what clients pay in a bed that is paid for is there for others", paidFor(replays(streams(on("a", "ward", 0, 1)), ward(5, paying, spot("any", NoLimit, 100, 0, nil))), 0, "ward"), `
			0: a0 joins ward
			0: a0 starts ward unit
			1: a1 joins ward
			1: a1 starts ward any
			5: a0 leaves ward
			5: a0 is out
			6: a1 leaves ward
			6: a1 is out`},
		// The bed that a0 leaves early is for a1, who waits; a0 comes behind them.
		{"whoever comes back to a list comes behind those who wait", back, `
			0: a0 joins ward
			0: a0 starts ward unit
			1: a1 joins ward
			2: a0 leaves ward
			2: a0 joins ward
			2: a1 starts ward unit`},
		// a0 leaves the one bed for rehab, and £5 are left: for a1, who waits for detox, which comes first.
		{"the last money goes to stages in their order", paidFor(replays(streams(on("a", "detox", 0, 1)), detox, rehab), 1000, "detox", "rehab"), `
			0: a0 joins detox
			0.25: a0 starts detox one
			1: a1 joins detox
			5.25: a0 leaves detox
			5.25: a0 joins rehab
			5.25: a1 starts detox one
			10.25: a1 leaves detox
			10.25: a1 joins rehab
			365: a0 starts rehab any
			365: a1 starts rehab any
			370: a0 leaves rehab
			370: a0 is out
			370: a1 leaves rehab
			370: a1 is out`},
		// Of 5 nights that are paid for at least, a0 leaves 3 unslept: nothing comes back, and they are for a1, who has waited.
		{"whoever waits is tried again as nights are left that are paid for", paidFor(replays(streams(on("a", "ward", 0, 1.5, 2.5).ofTwo(1, 2)), least), 500, "ward"), `
			0: a0 joins ward
			0: a0 starts ward any
			1.5: a1 joins ward
			2.25: a0 leaves ward
			2.25: a0 is out
			2.25: a1 starts ward any
			2.5: a2 joins ward
			4.25: a1 leaves ward
			4.25: a1 is out
			364: a2 starts ward any
			366: a2 leaves ward
			366: a2 is out`},
		// £30 are committed for b0 at the near place, which has no bed; the far one takes them at as much, and is cheap from then
		// on: ten nights for a0, who has waited, at £1 of the £1.50 left.
		{"whoever waits is tried again as a place becomes cheaper", paidFor(replays(streams(on("a", "ward", 6.5, 7.7).ofTwo(0, 1), on("b", "panel", 0)), panel,
			aDelay("medical", fixed(7.5), 1, to("ward")...), cheaper), 3150, "ward"), `
			0: b0 joins panel
			0: b0 is heard by panel
			0: b0 joins medical
			0: b0 starts medical
			6.5: a0 joins ward
			7.5: a0 starts ward far
			7.5: b0 leaves medical
			7.5: b0 joins ward
			7.5: b0 starts ward far
			7.7: a1 joins ward
			17.5: a0 leaves ward
			17.5: a0 is out
			37.5: b0 leaves ward
			37.5: b0 is out
			360: a1 starts ward far
			370: a1 leaves ward
			370: a1 is out`},
	})
}

// Nights for which beds are kept after a stay are those of the year in which they are slept: the statements that the laws
// work out from what was told, night by night, say so.
func TestNightsKeptOverAprilAreTheirYears(t *testing.T) {
	detox := aWard("detox", fixed(10), []Place{nightsOf("nights", 20)}, to("rehab")...)
	detox.Beds.StaysOn = []StaysOn{{To: "rehab", UpTo: 10}}
	rehab := aWard("rehab", fixed(30), []Place{block("unit", 0, 100)}, to(ExitHome)...)
	spec := replays(streams(on("a", "detox", 351, 353)), detox, rehab)
	spec.Measure = 2 * 365
	holdToWhole(t, modelOf(t, spec), 1, 0)
}
