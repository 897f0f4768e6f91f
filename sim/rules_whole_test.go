package sim

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tier4/sim/dist"
)

// The rules of contracts, staff, deaths, budgets and the start of a run, one small case each, in the
// manner of rules_test.go. Who is there as the run starts is s0, s1 …; the people of others have no name.

// wholeStory is what happens in a spec's first replication, in order of time, then of name.
func wholeStory(t *testing.T, spec Spec) string {
	t.Helper()
	w := twinOf(spec)
	w.play(1, 0)
	lines := linesOf(t, spec)
	names := map[string]string{}
	for _, p := range w.people {
		name := w.spec.Streams[p.stream].Name
		if p.started {
			name = "s"
		}
		for visit := range 20 {
			names[fmt.Sprintf("%x/%d", uint64(p.root), visit)] = name + strconv.FormatUint(p.number, 10) + strings.Repeat("'", visit)
		}
	}
	for i := range lines {
		lines[i].who = names[lines[i].who]
		lines[i].what, _, _ = strings.Cut(lines[i].what, ",")
	}
	slices.SortStableFunc(lines, func(a, b line) int {
		if a.at != b.at {
			return int(a.at - b.at)
		}
		return strings.Compare(a.who, b.who)
	})
	var all strings.Builder
	for _, x := range lines {
		fmt.Fprintf(&all, "%s: %s\n", day(x.at.days()), strings.TrimSpace(x.who+" "+x.what))
	}
	return strings.TrimSpace(all.String())
}

// linesOf is what the engine tells of a spec's first replication.
func linesOf(t *testing.T, spec Spec) []line {
	t.Helper()
	m := modelOf(t, spec)
	l := &teller{m: m, named: func(p Person, visit int) string { return fmt.Sprintf("%x/%d", p.Key, visit) }}
	if err := Trace(m, 1, 0, l.told); err != nil {
		t.Fatal(err)
	}
	return l.lines
}

func day(days Days) string { return strconv.FormatFloat(math.Round(days*1e6)/1e6, 'f', -1, 64) }

// wholeRule is a rule, and what it makes happen.
type wholeRule struct {
	name string
	spec Spec
	want string
}

func tellRules(t *testing.T, rules []wholeRule) {
	t.Helper()
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			var lines []string
			for _, l := range strings.Split(r.want, "\n") {
				if l = strings.TrimSpace(l); l != "" {
					lines = append(lines, l)
				}
			}
			if got := wholeStory(t, r.spec); got != strings.Join(lines, "\n") {
				t.Errorf("what happened:\n%s\n\nwhat should:\n%s", got, strings.Join(lines, "\n"))
			}
		})
	}
}

// onlyTwo gives a share of 1 to cohort two, and none to the others.
var onlyTwo = Per[float64]{{"two", 1}}

// with changes a stage or place in a literal.
func with[T any](x T, change func(*T)) T {
	change(&x)
	return x
}

func TestRulesOfWhoIsAcceptableFromWhen(t *testing.T) {
	ready := on("a", "ward", 0, 1)
	ready.Dates[0].Ready, ready.ReadyAfter = 4, laws(fixed(2))
	tellRules(t, []wholeRule{
		// a0 has a moment of their own; a1 is ready two days after referral.
		{"nobody comes before they are ready", replays(streams(ready), ward(5, block("unit", 2, 0))), `
			0: a0 joins ward
			1: a1 joins ward
			3: a1 starts ward unit
			4: a0 starts ward unit
			8: a1 leaves ward
			8: a1 is out
			9: a0 leaves ward
			9: a0 is out`},
		// a0 and a1 want local; there is one local bed, and a1 wants no other for 3 days.
		{"some want a local place for a while", replays(streams(on("a", "ward", 0, 0, 0).ofTwo(0, 1)), with(
			ward(5, block("away", 2, 0), with(block("near", 1, 0), func(p *Place) { p.Local = true })),
			func(s *Stage) { s.Beds.WantsLocal, s.Beds.LocalFor = onlyTwo, 3 })), `
			0: a0 joins ward
			0: a0 starts ward near
			0: a1 joins ward
			0: a2 joins ward
			0: a2 starts ward away
			3: a1 starts ward away
			5: a0 leaves ward
			5: a0 is out
			5: a2 leaves ward
			5: a2 is out
			8: a1 leaves ward
			8: a1 is out`},
		// The unit takes 2 days to assess a0, and refuses a1, for whom it would suit: so the search starts after 4 days.
		{"a provider assesses and refuses", replays(streams(on("a", "ward", 0, 0).ofTwo(1)), ward(5,
			with(block("unit", 2, 0), func(p *Place) { p.Assesses = &Assessing{Takes: laws(fixed(2)), Refuses: onlyTwo} }),
			spot("any", NoLimit, 0, 4, nil))), `
			0: a0 joins ward
			0: a1 joins ward
			2: a0 starts ward unit
			4: a1 starts ward any
			7: a0 leaves ward
			7: a0 is out
			9: a1 leaves ward
			9: a1 is out`},
		// Nothing but spot suits a0 (no rule, so no): found in a day, looked for at once. For a2 the search ends
		// at 4 + 1, when the unit is free too, and block comes before spot.
		{"a place suits some", replays(streams(on("a", "ward", 0, 0, 0).ofTwo(0)), ward(5,
			with(block("unit", 1, 0), func(p *Place) { p.Suits = Per[float64]{{"one", 1}} }),
			spot("any", NoLimit, 0, 4, fixed(1)))), `
			0: a0 joins ward
			0: a1 joins ward
			0: a1 starts ward unit
			0: a2 joins ward
			1: a0 starts ward any
			5: a1 leaves ward
			5: a1 is out
			5: a2 starts ward unit
			6: a0 leaves ward
			6: a0 is out
			10: a2 leaves ward
			10: a2 is out`},
	})
}

func TestRulesOfWhenAPlaceHasRoom(t *testing.T) {
	tellRules(t, []wholeRule{
		// One bed, two from 3, one again from 7, when both stay on; nobody is admitted from 4 until 6.
		{"capacity changes and closures end by date", replays(streams(on("a", "ward", 0, 1, 4, 8.5)), ward(5, with(block("unit", 1, 0), func(p *Place) {
			p.Capacity, p.Closures = []Capacity{{3, 2}, {7, 1}}, []Span{{4, 6}}
		}))), `
			0: a0 joins ward
			0: a0 starts ward unit
			1: a1 joins ward
			3: a1 starts ward unit
			4: a2 joins ward
			5: a0 leaves ward
			5: a0 is out
			6: a2 starts ward unit
			8: a1 leaves ward
			8: a1 is out
			8.5: a3 joins ward
			11: a2 leaves ward
			11: a2 is out
			11: a3 starts ward unit
			16: a3 leaves ward
			16: a3 is out`},
		// Eight nights: a0 takes 5 of them and gives 3 back on leaving early, so that the 5 of a1 are there.
		// One is left for a2, who needs 5, until 1 April.
		{"nights are taken on admission, come back unslept, and are new on 1 April", replays(streams(on("a", "ward", 0, 1, 3).ofTwo(0)), with(
			ward(5, nightsOf("unit", 8)),
			func(s *Stage) { s.Beds.UnplannedDischarge = Per[dist.Law]{{"two", fixed(2)}} })), `
			0: a0 joins ward
			0: a0 starts ward unit
			1: a1 joins ward
			2: a0 leaves ward
			2: a0 is out
			2: a1 starts ward unit
			3: a2 joins ward
			7: a1 leaves ward
			7: a1 is out
			365: a2 starts ward unit
			370: a2 leaves ward
			370: a2 is out`},
		// Of six nights a0 leaves one: too few for the 5 of a1, enough for the one of a2, who comes later.
		{"the next in the queue is taken for whom there are nights", replays(streams(on("a", "ward", 0, 1, 2).ofTwo(2)), with(
			ward(5, nightsOf("unit", 6)), func(s *Stage) { s.Beds.Stay = byCohort(1, 5) })), `
			0: a0 joins ward
			0: a0 starts ward unit
			1: a1 joins ward
			2: a2 joins ward
			2: a2 starts ward unit
			3: a2 leaves ward
			3: a2 is out
			5: a0 leaves ward
			5: a0 is out
			365: a1 starts ward unit
			370: a1 leaves ward
			370: a1 is out`},
		// A stay from 0.25 to 0.75 has no midnight and takes a night all the same, which comes back unslept at its end.
		{"every admission takes a night at least", replays(streams(on("a", "ward", 0.25, 0.5)), ward(0.5, nightsOf("unit", 1))), `
			0.25: a0 joins ward
			0.25: a0 starts ward unit
			0.5: a1 joins ward
			0.75: a0 leaves ward
			0.75: a0 is out
			0.75: a1 starts ward unit
			1.25: a1 leaves ward
			1.25: a1 is out`},
	})
}

// nightsOf is a place with so many nights a year, and no other limit.
func nightsOf(name string, nights int) Place {
	return with(block(name, NoLimit, 0), func(p *Place) { p.Contract, p.Nights = BedNights, nights })
}

func TestRulesOfAShareWithOthers(t *testing.T) {
	// One person of others a year on average, so of the first slab alone: each is a gap after the one before.
	lane := dist.Root(1, 0).Name(dist.NameOf("other_demand")).Name(dist.NameOf("ward").And(dist.NameOf("unit"))).Int(0)
	gap := func(n uint64) Days { return dist.NegLog(lane.Int(n).Draw(dist.NameOf("gap"), 0, 0)) * 365.25 }
	o := gap(1)
	if o < 11 || gap(2) < 60 {
		t.Fatalf("others come at %g and %g: choose another name", o, o+gap(2))
	}
	unit := with(block("unit", 1, 0), func(p *Place) {
		p.Contract, p.Of, p.Others = Share, 2, &OtherDemand{PerYear: 1, Stay: fixed(7)}
	})
	spec := replays(streams(on("a", "ward", o-10, o-9, o+1, o+22)), ward(30, unit))
	spec.Measure = o + 60
	// a1 has more than our one bed, as nobody else waits. The one of others comes before a2 to the bed of a0,
	// as we have our one still; a2 comes first to the next. a3 gets more than ours again once it is free.
	tellRules(t, []wholeRule{{"ours first on as many as we have, others before more", spec, strings.NewReplacer(
		"o-10", day(o-10), "o-9", day(o-9), "o+1:", day(o+1)+":", "o+20", day(o+20), "o+21", day(o+21), "o+22", day(o+22),
		"o+27", day(o+27), "o+51", day(o+51), "o+57", day(o+57)).Replace(`
			o-10: a0 joins ward
			o-10: a0 starts ward unit
			o-9: a1 joins ward
			o-9: a1 starts ward unit
			o+1: a2 joins ward
			o+20: others start ward unit
			o+20: a0 leaves ward
			o+20: a0 is out
			o+21: a1 leaves ward
			o+21: a1 is out
			o+21: a2 starts ward unit
			o+22: a3 joins ward
			o+27: others leave ward unit
			o+27: a3 starts ward unit
			o+51: a2 leaves ward
			o+51: a2 is out
			o+57: a3 leaves ward
			o+57: a3 is out`)}})
}

func TestRulesOfAStayAndWhatComesAfter(t *testing.T) {
	detox := func(change func(*Stage), next ...Branch) Stage {
		return with(aWard("detox", fixed(3), []Place{block("unit", 1, 0)}, next...), change)
	}
	rehab := aWard("rehab", fixed(10), []Place{block("house", 1, 0)}, to(ExitHome)...)
	staysOn := replays(streams(on("a", "detox", 0, 1, 7)), detox(func(s *Stage) { s.Beds.StaysOn = []StaysOn{{To: "rehab", UpTo: 4}} }, to("rehab")...), rehab)
	staysOn.Relapse = &Relapse{After: ByLeaving[dist.Law]{{Completed, "detox", laws(fixed(2))}}}
	toRehab := []Branch{{To: "rehab", Share: onlyTwo}, {To: ExitHome, Rest: true}}
	held := func(s *Stage) { s.Beds.HeldPlace, s.Beds.Places = "rehab", []Place{block("unit", 2, 0)} }
	tellRules(t, []wholeRule{
		{"some stays are extended", replays(streams(on("a", "ward", 0, 0).ofTwo(1)), with(ward(3, block("unit", 2, 0)), func(s *Stage) {
			s.Beds.Extension, s.Beds.ExtensionAdds = onlyTwo, laws(fixed(2))
		})), `
			0: a0 joins ward
			0: a0 starts ward unit
			0: a1 joins ward
			0: a1 starts ward unit
			3: a0 leaves ward
			3: a0 is out
			5: a1 leaves ward
			5: a1 is out`},
		// a0 finds rehab free at the end of the stay. a1 keeps the bed of detox for the 4 days they may, and
		// relapses 2 days after leaving it. a2 goes from bed to bed as a0 leaves.
		{"the bed is kept until the next has room, for so long", staysOn, `
			0: a0 joins detox
			0: a0 starts detox unit
			1: a1 joins detox
			3: a0 stays on in detox
			3: a0 joins rehab
			3: a0 leaves detox
			3: a0 starts rehab house
			3: a1 starts detox unit
			6: a1 stays on in detox
			6: a1 joins rehab
			7: a2 joins detox
			10: a1 leaves detox
			10: a2 starts detox unit
			12: a1 is out
			13: a0 leaves rehab
			13: a0 is out
			13: a2 stays on in detox
			13: a2 joins rehab
			13: a2 leaves detox
			13: a2 starts rehab house
			23: a2 leaves rehab
			23: a2 is out`},
		{"leaving may take time", replays(streams(on("a", "detox", 0, 1)), detox(func(s *Stage) {
			s.Beds.StaysOn = []StaysOn{{To: ExitHome, For: laws(fixed(2))}}
		}, to(ExitHome)...)), `
			0: a0 joins detox
			0: a0 starts detox unit
			1: a1 joins detox
			3: a0 stays on in detox
			5: a0 leaves detox
			5: a0 is out
			5: a1 starts detox unit
			8: a1 stays on in detox
			10: a1 leaves detox
			10: a1 is out`},
		// Giving up at the next stage ends the stay in the bed too.
		{"a kept bed is left when the wait ends", replays(streams(on("a", "detox", 0, 1), on("b", "rehab", 2)),
			detox(func(s *Stage) { s.Beds.StaysOn = []StaysOn{{To: "rehab", UpTo: math.Inf(1)}} }, to("rehab")...),
			with(rehab, func(s *Stage) { s.DropsOutAfter = laws(fixed(1.5)) })), `
			0: a0 joins detox
			0: a0 starts detox unit
			1: a1 joins detox
			2: b0 joins rehab
			2: b0 starts rehab house
			3: a0 stays on in detox
			3: a0 joins rehab
			4.5: a0 leaves detox
			4.5: a0 is out
			4.5: a1 starts detox unit
			7.5: a1 stays on in detox
			7.5: a1 joins rehab
			9: a1 leaves detox
			9: a1 is out
			12: b0 leaves rehab
			12: b0 is out`},
		// The bed in rehab is held for a0 from 0, so not free for b0; a1 needs one too, a2 does not. At 13 it is
		// b0's: rehab comes first. At 23 it is held for a1.
		{"a place is held before admission", replays(streams(on("a", "detox", 0, 1, 2).ofTwo(0, 1), on("b", "rehab", 1.5)), detox(held, toRehab...), rehab), `
			0: a0 joins detox
			0: a0 starts detox unit
			0: a0 has a bed held in rehab house
			1: a1 joins detox
			1.5: b0 joins rehab
			2: a2 joins detox
			2: a2 starts detox unit
			3: a0 leaves detox
			3: a0 joins rehab
			3: a0 starts rehab house
			5: a2 leaves detox
			5: a2 is out
			13: a0 leaves rehab
			13: a0 is out
			13: b0 starts rehab house
			23: a1 starts detox unit
			23: a1 has a bed held in rehab house
			23: b0 leaves rehab
			23: b0 is out
			26: a1 leaves detox
			26: a1 joins rehab
			26: a1 starts rehab house
			36: a1 leaves rehab
			36: a1 is out`},
		{"a held place is free again when its person leaves another way", replays(streams(on("a", "detox", 0).ofTwo(0), on("b", "rehab", 1)), detox(func(s *Stage) {
			held(s)
			s.Beds.UnplannedDischarge = laws(fixed(2))
		}, toRehab...), rehab), `
			0: a0 joins detox
			0: a0 starts detox unit
			0: a0 has a bed held in rehab house
			1: b0 joins rehab
			2: a0 leaves detox
			2: a0 is out
			2: b0 starts rehab house
			12: b0 leaves rehab
			12: b0 is out`},
		{"and can be held for someone of another stage", replays(streams(on("a", "detox", 0).ofTwo(0), on("b", "crisis house", 1).ofTwo(0)), detox(func(s *Stage) {
			held(s)
			s.Beds.UnplannedDischarge = laws(fixed(2))
		}, toRehab...), with(aWard("crisis house", fixed(4), nil, toRehab...), held), rehab), `
			0: a0 joins detox
			0: a0 starts detox unit
			0: a0 has a bed held in rehab house
			1: b0 joins crisis house
			2: a0 leaves detox
			2: a0 is out
			2: b0 starts crisis house unit
			2: b0 has a bed held in rehab house
			6: b0 leaves crisis house
			6: b0 joins rehab
			6: b0 starts rehab house
			16: b0 leaves rehab
			16: b0 is out`},
	})
}

func TestRulesOfStaff(t *testing.T) {
	opens := func(s Stage) Stage { return with(s, func(s *Stage) { s.OpensCase = "workers" }) }
	staffed := func(spec Spec, caseload int) Spec {
		spec.Staff = []Pool{{"workers", caseload}}
		return spec
	}
	first := on("b", "second", 0.5)
	last := on("a", "first", 0, 1)
	byWaiting := `
			0: a0 joins first
			0: a0 opens a case
			0.5: b0 joins second
			1: a1 joins first
			2: a0 is out
			2: b0 opens a case
			4: a1 opens a case
			4: b0 is out
			6: a1 is out`
	last.Priority = 5
	tellRules(t, []wholeRule{
		// The delay runs from the case; the case is held until the bed.
		{"a case is opened first and held until admission", staffed(replays(streams(on("a", "assessment", 0, 1, 2.5)),
			opens(aDelay("assessment", fixed(2), 0, to("ward")...)), ward(3, block("unit", 1, 0))), 1), `
			0: a0 joins assessment
			0: a0 opens a case
			1: a1 joins assessment
			2: a0 joins ward
			2: a0 starts ward unit
			2: a1 opens a case
			2.5: a2 joins assessment
			4: a1 joins ward
			5: a0 leaves ward
			5: a0 is out
			5: a1 starts ward unit
			5: a2 opens a case
			7: a2 joins ward
			8: a1 leaves ward
			8: a1 is out
			8: a2 starts ward unit
			11: a2 leaves ward
			11: a2 is out`},
		// b0 has waited longer than a1, at another stage; neither stage asks for priority.
		{"cases are given in order of waiting over all stages", staffed(replays(streams(last, first),
			opens(aDelay("first", fixed(2), 0, to(ExitHome)...)),
			opens(aDelay("second", fixed(2), 0, to(ExitHome)...))), 1), byWaiting},
		// b0 has waited longer than a1, who has priority, at another stage.
		{"priority counts for cases where the stage says so", staffed(replays(streams(last, first),
			with(opens(aDelay("first", fixed(2), 0, to(ExitHome)...)), func(s *Stage) { s.ByPriority = true }),
			with(opens(aDelay("second", fixed(2), 0, to(ExitHome)...)), func(s *Stage) { s.ByPriority = true })), 1), `
			0: a0 joins first
			0: a0 opens a case
			0.5: b0 joins second
			1: a1 joins first
			2: a0 is out
			2: a1 opens a case
			4: a1 is out
			4: b0 opens a case
			6: b0 is out`},
		// Where the stage does not, everybody counts as normal: b0 has less.
		{"priority counts for nothing at a stage that does not ask for it", staffed(replays(streams(with(last, func(s *Stream) { s.Priority = 0 }), with(first, func(s *Stream) { s.Priority = -1 })),
			with(opens(aDelay("first", fixed(2), 0, to(ExitHome)...)), func(s *Stage) { s.ByPriority = true }),
			opens(aDelay("second", fixed(2), 0, to(ExitHome)...))), 1), byWaiting},
		// The one case is b0's until 3. a0 waits for it, and leaves no room on the list for a1; a2 comes as it is free.
		{"those without a case are on the list", staffed(replays(streams(on("b", "other", 0), on("a", "assessment", 0.5, 1, 3)),
			opens(aDelay("other", fixed(3), 0, to(ExitHome)...)),
			with(opens(aDelay("assessment", fixed(2), 0, to(ExitHome)...)), func(s *Stage) { s.ListMax, s.DropsOutAfter = 1, laws(fixed(2.25)) })), 1), `
			0: b0 joins other
			0: b0 opens a case
			0.5: a0 joins assessment
			1: a1 joins assessment
			1: a1 is out
			2.75: a0 is out
			3: a2 joins assessment
			3: a2 opens a case
			3: b0 is out
			5: a2 is out`},
	})
}

func TestRulesOfThePanelsAnswer(t *testing.T) {
	meets := func(p Panel, next ...Branch) Stage {
		p.Cases, p.Meets.Every = NoLimit, 7
		if p.Approve == nil {
			p.Approve = Same(1.0)
		}
		return aPanel("panel", p, next...)
	}
	urgent := on("b", "panel", 0.5)
	urgent.Priority = 1
	tellRules(t, []wholeRule{
		{"some have their answer without a meeting", replays(streams(on("a", "panel", 0.5, 0.5).ofTwo(1)), meets(Panel{FastTrack: onlyTwo, FastAnswer: 1}, to(ExitHome)...)), `
			0.5: a0 joins panel
			0.5: a1 joins panel
			1.5: a1 is out
			7: a0 is heard by panel
			7: a0 is out`},
		// Deferred at 1.5, a0 is behind a1 of 1 on the list of a meeting that hears one case; heard at 14, and
		// deferred again, a0 gives up 20 days after joining.
		{"a deferral on the fast track leads to the meeting", replays(streams(on("a", "panel", 0.5, 1).ofTwo(0)), with(meets(Panel{
			FastTrack: onlyTwo, FastAnswer: 1, Approve: Per[float64]{{"one", 1}}, Defer: onlyTwo,
		}, to(ExitHome)...), func(s *Stage) { s.Panel.Cases, s.DropsOutAfter = 1, laws(fixed(20)) })), `
			0.5: a0 joins panel
			1: a1 joins panel
			7: a1 is heard by panel
			7: a1 is out
			20.5: a0 is out`},
		// Both have their answer at 1.5, and b0 comes first on the list for the bed.
		{"all answers of an instant come before anyone is admitted", replays(streams(on("a", "panel", 0.5), urgent),
			meets(Panel{FastTrack: Same(1.0), FastAnswer: 1}, to("ward")...), with(ward(5, block("unit", 1, 0)), func(s *Stage) { s.ByPriority = true })), `
			0.5: a0 joins panel
			0.5: b0 joins panel
			1.5: a0 joins ward
			1.5: b0 joins ward
			1.5: b0 starts ward unit
			6.5: a0 starts ward unit
			6.5: b0 leaves ward
			6.5: b0 is out
			11.5: a0 leaves ward
			11.5: a0 is out`},
		// Answers of 1, 8 and 15 are good for 3 days; that of 22 comes when the bed is free.
		{"an approval not used in time goes back to the panel", replays(streams(on("a", "panel", 0, 0)),
			meets(Panel{AnswerAfter: 1, ApprovalLasts: 3}, to("ward")...), ward(20, block("unit", 1, 0))), `
			0: a0 joins panel
			0: a0 is heard by panel
			0: a1 joins panel
			0: a1 is heard by panel
			1: a0 joins ward
			1: a0 starts ward unit
			1: a1 joins ward
			4: a1 approval expires
			4: a1 joins panel
			7: a1 is heard by panel
			8: a1 joins ward
			11: a1 approval expires
			11: a1 joins panel
			14: a1 is heard by panel
			15: a1 joins ward
			18: a1 approval expires
			18: a1 joins panel
			21: a0 leaves ward
			21: a0 is out
			21: a1 is heard by panel
			22: a1 joins ward
			22: a1 starts ward unit
			42: a1 leaves ward
			42: a1 is out`},
		// At 3 the approval is over, but a0 is being served; at 5 they wait again, and no bed is free. At 12 one is,
		// and matching comes before giving up.
		{"an approval ends for those served once they wait again", replays(streams(on("a", "panel", 0), on("b", "ward", 0)),
			meets(Panel{ApprovalLasts: 3}, to("course")...), aDelay("course", fixed(5), 1, to("ward")...), ward(6, block("unit", 1, 0))), `
			0: a0 joins panel
			0: a0 is heard by panel
			0: a0 joins course
			0: a0 starts course
			0: b0 joins ward
			0: b0 starts ward unit
			5: a0 leaves course
			5: a0 joins ward
			5: a0 approval expires
			5: a0 joins panel
			6: b0 leaves ward
			6: b0 is out
			7: a0 is heard by panel
			7: a0 joins course
			7: a0 starts course
			12: a0 leaves course
			12: a0 joins ward
			12: a0 starts ward unit
			18: a0 leaves ward
			18: a0 is out`},
	})
}

func TestRulesOfDeaths(t *testing.T) {
	full := replays(streams(on("a", "ward", 3)), ward(5, block("unit", 0, 0)))
	full.Deaths = &Deaths{Waiting: 2}
	// Half of the draw is spent at the first rate, over 28 days; the rest at 2 a year.
	e := dist.NegLog(uniform(0, 0, "ward", "death_after", 0))
	early := with(ward(5, block("unit", 1, 0)), func(s *Stage) { s.Beds.UnplannedDischarge = laws(fixed(2)) })
	outside := replays(streams(on("a", "ward", 0)), early)
	outside.Deaths = &Deaths{AfterUnplanned: []Hazard{{28, e / 2 / 28 * 365.25}, {math.Inf(1), 2}}}
	dies := 2 + 28 + e/2/2*365.25
	outside.Measure = dies + 1
	again := replays(streams(on("a", "ward", 0)), with(early, func(s *Stage) {
		s.Next[Unplanned] = to("later")
	}), with(ward(dies, block("unit", 1, 0)), func(s *Stage) { s.Name = "later" }))
	again.Deaths, again.Measure = outside.Deaths, 2*dies
	tellRules(t, []wholeRule{
		{"some die waiting", full, fmt.Sprintf(`
			3: a0 joins ward
			%s: a0 dies`, day(3+dist.NegLog(uniform(0, 0, "ward", "death", 0))/2*365.25))},
		{"some die after leaving early", outside, fmt.Sprintf(`
			0: a0 joins ward
			0: a0 starts ward unit
			2: a0 leaves ward
			2: a0 is out
			%s: a0 dies`, day(dies))},
		{"unless they are admitted before", again, fmt.Sprintf(`
			0: a0 joins ward
			0: a0 starts ward unit
			2: a0 leaves ward
			2: a0 joins later
			2: a0 starts later unit
			%s: a0 leaves later
			%[1]s: a0 is out`, day(2+dies))},
	})
}

func TestRulesOfBudgets(t *testing.T) {
	budget := func(spec Spec, b Budget) Spec {
		b.Name, b.PaysFor = "grant", []string{"ward"}
		spec.Budgets = []Budget{b}
		return spec
	}
	panel := aPanel("panel", Panel{Meets: Schedule{0, 7}, Cases: NoLimit, Approve: Same(1.0)}, to("ward")...)
	bought := func(change func(*Stage)) Stage { return with(ward(5, spot("any", NoLimit, 100, 0, nil)), change) }
	plain := ward(5, spot("any", NoLimit, 100, 0, nil))
	short := bought(func(s *Stage) { s.Beds.Stay = byCohort(2, 5) })
	early := bought(func(s *Stage) { s.Beds.UnplannedDischarge = Per[dist.Law]{{"two", fixed(2)}} })
	both := ward(5, block("unit", 1, 0), spot("any", NoLimit, 100, 30, nil))
	held := ward(5, block("unit", 1, 1), spot("any", NoLimit, 100, 0, nil))
	dearer := bought(func(s *Stage) { s.Beds.Places[0].Terms = Terms{Uplift: 0.5, Contribution: 70} })
	volume := bought(func(s *Stage) { s.Beds.Places[0].Terms = Terms{AboveNights: 5, AbovePerNight: 50} })
	least := bought(func(s *Stage) { s.Beds.Places[0].Terms = Terms{MinimumNights: 8} })
	tellRules(t, []wholeRule{
		{"overspend is allowed", budget(replays(streams(on("a", "ward", 0)), plain), Budget{PerYear: 100, WhenSpent: Overspend}), `
			0: a0 joins ward
			0: a0 starts ward any
			5: a0 leaves ward
			5: a0 is out`},
		// £7: a0 is committed £5, which leaves too little for a1. a0 leaves after 2 nights, so at 7 there are £5 for
		// a1, and none for a2 before the first meeting after 1 April, at 53 weeks.
		{"the panel defers those for whom there is no money", budget(replays(streams(on("a", "panel", 0, 0, 8).ofTwo(0)), panel, early), Budget{PerYear: 700, WhenSpent: HoldApprovals}), `
			0: a0 joins panel
			0: a0 is heard by panel
			0: a0 joins ward
			0: a0 starts ward any
			0: a1 joins panel
			2: a0 leaves ward
			2: a0 is out
			7: a1 is heard by panel
			7: a1 joins ward
			7: a1 starts ward any
			8: a2 joins panel
			12: a1 leaves ward
			12: a1 is out
			371: a2 is heard by panel
			371: a2 joins ward
			371: a2 starts ward any
			376: a2 leaves ward
			376: a2 is out`},
		// The free block bed is paid for, so a0 needs no money. For a1 £5 is committed at the price of the first
		// place paid by the night, all there is; it comes back as a1 gets the block bed, and a2 can have it.
		{"a bed that is paid for needs no money", budget(replays(streams(on("a", "panel", 0, 0, 0)), panel, both), Budget{PerYear: 500, WhenSpent: HoldApprovals}), `
			0: a0 joins panel
			0: a0 is heard by panel
			0: a0 joins ward
			0: a0 starts ward unit
			0: a1 joins panel
			0: a1 is heard by panel
			0: a1 joins ward
			0: a2 joins panel
			5: a0 leaves ward
			5: a0 is out
			5: a1 starts ward unit
			7: a2 is heard by panel
			7: a2 joins ward
			10: a1 leaves ward
			10: a1 is out
			10: a2 starts ward unit
			15: a2 leaves ward
			15: a2 is out`},
		// £5 are committed for each of a0 and a1, at the price of the near bed, and that is all there is: for the bed far
		// away, at £10, a1 has 5 too few, and takes the near one as a0 leaves it.
		{"nobody approved takes a bed that is dearer than the money goes", budget(replays(streams(on("a", "panel", 0, 0)), panel,
			ward(5, spot("near", 1, 100, 0, nil), spot("far", NoLimit, 200, 0, nil))), Budget{PerYear: 1499, WhenSpent: HoldApprovals}), `
			0: a0 joins panel
			0: a0 is heard by panel
			0: a0 joins ward
			0: a0 starts ward near
			0: a1 joins panel
			0: a1 is heard by panel
			0: a1 joins ward
			5: a0 leaves ward
			5: a0 is out
			5: a1 starts ward near
			10: a1 leaves ward
			10: a1 is out`},
		{"but one for which there is enough", budget(replays(streams(on("a", "panel", 0, 0)), panel,
			ward(5, spot("near", 1, 100, 0, nil), spot("far", NoLimit, 200, 0, nil))), Budget{PerYear: 1500, WhenSpent: HoldApprovals}), `
			0: a0 joins panel
			0: a0 is heard by panel
			0: a0 joins ward
			0: a0 starts ward near
			0: a1 joins panel
			0: a1 is heard by panel
			0: a1 joins ward
			0: a1 starts ward far
			5: a0 leaves ward
			5: a0 is out
			5: a1 leaves ward
			5: a1 is out`},
		// The free bed is promised to a0, who needs no money then; b0 comes before them, and for another bed there is none.
		{"a bed that was promised may be gone, and another needs money", budget(replays(streams(on("a", "panel", 0), on("b", "ward", 0.5)),
			aPanel("panel", Panel{Meets: Schedule{0, 7}, Cases: NoLimit, Approve: Same(1.0)}, to("medical")...), aDelay("medical", fixed(1), NoLimit, to("ward")...),
			ward(5, block("unit", 1, 0), spot("any", NoLimit, 100, 0, nil))), Budget{PerYear: 499, WhenSpent: HoldApprovals}), `
			0: a0 joins panel
			0: a0 is heard by panel
			0: a0 joins medical
			0: a0 starts medical
			0.5: b0 joins ward
			0.5: b0 starts ward unit
			1: a0 leaves medical
			1: a0 joins ward
			5.5: a0 starts ward unit
			5.5: b0 leaves ward
			5.5: b0 is out
			10.5: a0 leaves ward
			10.5: a0 is out`},
		// The bed is b0's until 10; a0 gives up at 9 and gives back what was committed.
		{"a commitment is released by giving up", budget(replays(streams(on("a", "panel", 7, 7), on("b", "ward", 5)), panel,
			with(both, func(s *Stage) { s.DropsOutAfter = laws(fixed(2)) })), Budget{PerYear: 500, WhenSpent: HoldApprovals}), `
			5: b0 joins ward
			5: b0 starts ward unit
			7: a0 joins panel
			7: a0 is heard by panel
			7: a0 joins ward
			7: a1 joins panel
			9: a0 is out
			10: b0 leaves ward
			10: b0 is out
			14: a1 is heard by panel
			14: a1 joins ward
			14: a1 starts ward unit
			19: a1 leaves ward
			19: a1 is out`},
		// Of £7 a0 takes 5; a1 needs 5, a2, who comes later, the 2 that are left.
		{"nobody is admitted for whom there is no money", budget(replays(streams(on("a", "ward", 0, 1, 2).ofTwo(2)), short), Budget{PerYear: 700, WhenSpent: HoldAdmissions}), `
			0: a0 joins ward
			0: a0 starts ward any
			1: a1 joins ward
			2: a2 joins ward
			2: a2 starts ward any
			4: a2 leaves ward
			4: a2 is out
			5: a0 leaves ward
			5: a0 is out
			365: a1 starts ward any
			370: a1 leaves ward
			370: a1 is out`},
		// £5 is committed for a0 and nothing for a1, for whom nothing is left: a0 has it, and a1 that of the next year.
		{"what was committed for some is not held for others", budget(replays(streams(on("a", "panel", 0, 0)), panel, plain), Budget{PerYear: 500, WhenSpent: HoldAdmissions}), `
			0: a0 joins panel
			0: a0 is heard by panel
			0: a0 joins ward
			0: a0 starts ward any
			0: a1 joins panel
			0: a1 is heard by panel
			0: a1 joins ward
			5: a0 leaves ward
			5: a0 is out
			365: a1 starts ward any
			370: a1 leaves ward
			370: a1 is out`},
		// a0 still waits on 1 April: the £5 committed for them are then the new year's, which leaves none of it for a1.
		{"a commitment goes on to the year in which it can be slept", budget(replays(streams(on("a", "panel", 357, 364)), panel,
			ward(5, spot("any", NoLimit, 100, 30, nil))), Budget{PerYear: 500, WhenSpent: HoldApprovals}), `
			357: a0 joins panel
			357: a0 is heard by panel
			357: a0 joins ward
			364: a1 joins panel
			387: a0 starts ward any
			392: a0 leaves ward
			392: a0 is out
			735: a1 is heard by panel
			735: a1 joins ward
			765: a1 starts ward any
			770: a1 leaves ward
			770: a1 is out`},
		// a0's nights of 363, 364 and 365 (which belongs to 31 March) take all £3 of the year, a night of the next
		// year too: 366 and 367. With those £2, a1 has a night of £1 from 1 April.
		{"each night is charged to its own year", budget(replays(streams(on("a", "ward", 362, 363.5).ofTwo(1)),
			bought(func(s *Stage) { s.Beds.Stay = byCohort(1, 5) })), Budget{PerYear: 300, WhenSpent: HoldAdmissions}), `
			362: a0 joins ward
			362: a0 starts ward any
			363.5: a1 joins ward
			365: a1 starts ward any
			366: a1 leaves ward
			366: a1 is out
			367: a0 leaves ward
			367: a0 is out`},
		// a0 spends £2 of 5. With the other 3 there are £8 the next year: for the £5 of a1 and the £2 of a3, not
		// for the £5 of a2, until on its last day but one nights of theirs are this year's.
		{"unspent money is carried over", budget(replays(streams(on("a", "ward", 0, 366, 367, 368).ofTwo(0, 3)), short), Budget{PerYear: 500, Carried: true, WhenSpent: HoldAdmissions}), `
			0: a0 joins ward
			0: a0 starts ward any
			2: a0 leaves ward
			2: a0 is out
			366: a1 joins ward
			366: a1 starts ward any
			367: a2 joins ward
			368: a3 joins ward
			368: a3 starts ward any
			370: a3 leaves ward
			370: a3 is out
			371: a1 leaves ward
			371: a1 is out
			729: a2 starts ward any
			734: a2 leaves ward
			734: a2 is out`},
		// As nights pass, less of a stay is this year's: of the £5 of a1 only 2 on day 363, before a2 comes, who would cost
		// as much. The year after has £4 beside the £3 of a1, so a2 waits until 4 of their nights are its.
		{"whoever is held for money comes before those who come later", budget(replays(streams(on("a", "ward", 0, 300, 363.5)), short), Budget{PerYear: 700, WhenSpent: HoldAdmissions}), `
			0: a0 joins ward
			0: a0 starts ward any
			5: a0 leaves ward
			5: a0 is out
			300: a1 joins ward
			363: a1 starts ward any
			363.5: a2 joins ward
			368: a1 leaves ward
			368: a1 is out
			726: a2 starts ward any
			731: a2 leaves ward
			731: a2 is out`},
		// A bed at a penny a night is £3.65 a year: with £8.64 there are £4.99 for a stay of £5.
		{"a year starts with its fixed costs", budget(replays(streams(on("a", "ward", 0, 0)), held), Budget{PerYear: 864, WhenSpent: HoldAdmissions}), `
			0: a0 joins ward
			0: a0 starts ward unit
			0: a1 joins ward
			5: a0 leaves ward
			5: a0 is out
			5: a1 starts ward unit
			10: a1 leaves ward
			10: a1 is out`},
		{"and has what is left of it", budget(replays(streams(on("a", "ward", 0, 0)), held), Budget{PerYear: 865, WhenSpent: HoldAdmissions}), `
			0: a0 joins ward
			0: a0 starts ward unit
			0: a1 joins ward
			0: a1 starts ward any
			5: a0 leaves ward
			5: a0 is out
			5: a1 leaves ward
			5: a1 is out`},
		// £1.50 a night from 1 April, less 10p from the client: £7 for 5 nights, £7.50 - 50p.
		// The nights of a1 cost 50p each, as five are committed for a0: £2.50 of the £2.49 that are left until, on day 361, one
		// of them is the next year's.
		{"nights above a number cost less together", budget(replays(streams(on("a", "ward", 0, 1)), volume), Budget{PerYear: 749, WhenSpent: HoldAdmissions}), `
			0: a0 joins ward
			0: a0 starts ward any
			1: a1 joins ward
			5: a0 leaves ward
			5: a0 is out
			361: a1 starts ward any
			366: a1 leaves ward
			366: a1 is out`},
		{"and are covered to the penny", budget(replays(streams(on("a", "ward", 0, 1)), volume), Budget{PerYear: 750, WhenSpent: HoldAdmissions}), `
			0: a0 joins ward
			0: a0 starts ward any
			1: a1 joins ward
			1: a1 starts ward any
			5: a0 leaves ward
			5: a0 is out
			6: a1 leaves ward
			6: a1 is out`},
		// Eight nights are paid for whoever sleeps them: those of a0, and three of a1, for whom £2 more are needed.
		{"nights that are paid for at least cost nothing more", budget(replays(streams(on("a", "ward", 0, 1)), least), Budget{PerYear: 999, WhenSpent: HoldAdmissions}), `
			0: a0 joins ward
			0: a0 starts ward any
			1: a1 joins ward
			5: a0 leaves ward
			5: a0 is out
			361: a1 starts ward any
			366: a1 leaves ward
			366: a1 is out`},
		{"and those beyond them do", budget(replays(streams(on("a", "ward", 0, 1)), least), Budget{PerYear: 1000, WhenSpent: HoldAdmissions}), `
			0: a0 joins ward
			0: a0 starts ward any
			1: a1 joins ward
			1: a1 starts ward any
			5: a0 leaves ward
			5: a0 is out
			6: a1 leaves ward
			6: a1 is out`},
		{"prices rise and clients contribute", budget(replays(streams(on("a", "ward", 366)), dearer), Budget{PerYear: 700, WhenSpent: HoldAdmissions}), `
			366: a0 joins ward
			366: a0 starts ward any
			371: a0 leaves ward
			371: a0 is out`},
		{"by the penny", budget(replays(streams(on("a", "ward", 366)), dearer), Budget{PerYear: 699, WhenSpent: HoldAdmissions}), `
			366: a0 joins ward
			726: a0 starts ward any
			731: a0 leaves ward
			731: a0 is out`},
	})
}

// Of £10 a year, a0 spends some in the first, leaving after 2 nights at £1 of the 5 planned. What is left is
// carried over, and is there for a1 the next year, to the last night.
func TestRulesOfWhatAYearCosts(t *testing.T) {
	for _, c := range []struct {
		name   string
		terms  Terms
		costs  UnitCosts
		nights Days // that a1 can have
	}{
		{"nights slept", Terms{}, UnitCosts{}, 18},
		{"a retainer, in the next year too", Terms{PerYear: 300}, UnitCosts{}, 20 - 2 - 3 - 3},
		{"a minimum", Terms{MinimumNights: 5}, UnitCosts{}, 20 - 5},
		{"volume", Terms{AboveNights: 1, AbovePerNight: 200}, UnitCosts{}, 9}, // £20 - 1 - 2 = 1 + 8 x 2
		{"notice", Terms{NoticeNights: 3}, UnitCosts{}, 20 - 2 - 3},
		{"contributions", Terms{Contribution: 70}, UnitCosts{}, 20}, // £20 - 2 x 90p, at 90p
		{"unit costs", Terms{}, UnitCosts{PerPerson: 150}, 16},      // £20 - £2 - £1.50
	} {
		for _, more := range []Days{0, 1} {
			place := spot("any", NoLimit, 100, 0, nil)
			place.Terms = c.terms
			w := ward(5, place)
			w.Costs = c.costs
			w.Beds.Stay = byCohort(5, c.nights+more)
			w.Beds.UnplannedDischarge = Per[dist.Law]{{"two", fixed(2)}}
			spec := replays(streams(on("a", "ward", 0, 366).ofTwo(0)), w)
			spec.Budgets = []Budget{{Name: "grant", PerYear: 1000, PaysFor: []string{"ward"}, Carried: true, WhenSpent: HoldAdmissions}}
			starts := strings.Contains(wholeStory(t, spec), "366: a1 starts ward any")
			if starts != (more == 0) {
				t.Errorf("%s: admitted for %g nights: %t", c.name, c.nights+more, starts)
			}
		}
	}
}

func TestRulesOfWhoIsThereAtTheStart(t *testing.T) {
	start := func(spec Spec, who ...Started) Spec {
		for i := range who {
			who[i].Stage, who[i].Cohort = "ward", "one"
		}
		spec.Starting = who
		return spec
	}
	patient := with(ward(5, block("unit", 1, 0)), func(s *Stage) { s.DropsOutAfter = laws(fixed(6)) })
	urgent := on("a", "ward", 0)
	urgent.Priority = 1
	assessed := replays(streams(on("a", "assessment", 0)), with(aDelay("assessment", fixed(2), 0, to("ward")...), func(s *Stage) { s.OpensCase = "workers" }), ward(5, block("unit", 1, 0)))
	assessed.Staff = []Pool{{"workers", 1}}
	panel := Panel{Meets: Schedule{0, 7}, Cases: NoLimit, Approve: Same(1.0)}
	funded := replays(streams(on("a", "panel", 0)), aPanel("panel", panel, to("ward")...), ward(5, spot("any", NoLimit, 100, 30, nil)))
	funded.Budgets = []Budget{{Name: "grant", PaysFor: []string{"ward"}, PerYear: 500, WhenSpent: HoldApprovals}}
	panel.ApprovalLasts = 3
	expiring := replays(streams(on("a", "panel", 50)), aPanel("panel", panel, to("ward")...), ward(5, block("unit", 1, 0)))
	u := dist.Root(1, 0).Name(dist.NameOf("start_with")).Int(0).Int(0).Draw(dist.NameOf("ward").And(dist.NameOf("since")), 0, 0)
	tellRules(t, []wholeRule{
		// s0 has 3 days of 5 to go, s1 has 2 days of patience left.
		{"they have been there for so long", start(replays(streams(on("a", "ward", 0)), patient),
			Started{Inside: true, Place: "unit", Joined: -3, Since: -2}, Started{Joined: -4}), `
			0: a0 joins ward
			0: s0 starts ward unit
			0: s1 joins ward
			2: s1 is out
			3: a0 starts ward unit
			3: s0 leaves ward
			3: s0 is out
			8: a0 leaves ward
			8: a0 is out`},
		// 5 days at most are planned for s0, and s1 waits for 6 at most.
		{"whoever has been there for longer than anyone is leaves at once", start(replays(streams(on("a", "ward", 1)), patient),
			Started{Inside: true, Place: "unit", Joined: -90, Since: -90}, Started{Joined: -87}), `
			0: s0 starts ward unit
			0: s0 leaves ward
			0: s0 is out
			0: s1 joins ward
			0: s1 starts ward unit
			1: a0 joins ward
			5: a0 starts ward unit
			5: s1 leaves ward
			5: s1 is out
			10: a0 leaves ward
			10: a0 is out`},
		{"they are matched before the first referral", start(replays(streams(urgent), with(patient, func(s *Stage) { s.ByPriority = true })), Started{Joined: -1}), `
			0: a0 joins ward
			0: s0 joins ward
			0: s0 starts ward unit
			5: a0 starts ward unit
			5: s0 leaves ward
			5: s0 is out
			10: a0 leaves ward
			10: a0 is out`},
		// s1 is past the assessment, so the one case is theirs until they are admitted.
		{"whoever is past where a case is opened holds it", start(assessed, Started{Inside: true, Place: "unit"}, Started{Joined: -1}), `
			0: a0 joins assessment
			0: s0 starts ward unit
			0: s1 joins ward
			5: a0 opens a case
			5: s0 leaves ward
			5: s0 is out
			5: s1 starts ward unit
			7: a0 joins ward
			10: a0 starts ward unit
			10: s1 leaves ward
			10: s1 is out
			15: a0 leaves ward
			15: a0 is out`},
		// A panel has approved s0, so that the £5 of the year are theirs.
		{"whoever is past the panel has money committed", start(funded, Started{Joined: -1}), `
			0: a0 joins panel
			0: s0 joins ward
			29: s0 starts ward any
			34: s0 leaves ward
			34: s0 is out
			371: a0 is heard by panel
			371: a0 joins ward
			401: a0 starts ward any
			406: a0 leaves ward
			406: a0 is out`},
		{"and an approval that runs out", start(expiring, Started{Inside: true, Place: "unit", Joined: -1, Since: -1}, Started{Joined: -2}), `
			0: s0 starts ward unit
			0: s1 joins ward
			1: s1 approval expires
			1: s1 joins panel
			4: s0 leaves ward
			4: s0 is out
			7: s1 is heard by panel
			7: s1 joins ward
			7: s1 starts ward unit
			12: s1 leaves ward
			12: s1 is out
			50: a0 joins panel
			56: a0 is heard by panel
			56: a0 joins ward
			56: a0 starts ward unit
			61: a0 leaves ward
			61: a0 is out`},
		{"someone may be at any time of their stay", start(replays(streams(on("a", "ward", 2000)), ward(10, block("unit", 1, 0))),
			Started{Inside: true, Place: "unit", Joined: 0, Since: math.NaN()}), fmt.Sprintf(`
			0: s0 starts ward unit
			%s: s0 leaves ward
			%[1]s: s0 is out`, day(10-10*u))},
	})
}
