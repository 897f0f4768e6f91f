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

// The rules of the pathway, one small case each: replayed dates and fixed lengths, so that what
// happens to whom can be worked out on paper.

// teller writes down what happens to each person, in the words of the rules below.
type teller struct {
	m     *Model
	lines []line
	named func(Person, int) string // how people are called; by stream and row if nil
}

type line struct {
	at   ticks
	who  string
	what string
}

func (l *teller) told(t Told) {
	say := func(what string) {
		who := ""
		if t.What != OtherStarts && t.What != OtherLeaves {
			who = l.name(t.Who, t.Visit)
		}
		l.lines = append(l.lines, line{toTicks(t.At), who, what})
	}
	where := strings.TrimSpace(t.Stage + " " + t.Place)
	switch t.What {
	case Joins:
		say("joins " + t.Stage)
	case OpensCase:
		say("opens a case")
	case IsHeard:
		say("is heard by " + t.Stage)
	case Starts:
		say("starts " + where)
	case KeepsBed:
		say("stays on in " + t.Stage)
	case HasBedHeld:
		say("has a bed held in " + where)
	case Leaves:
		say("leaves " + t.Stage)
	case Expires:
		say("approval expires")
	case IsOut:
		if t.Detail != "" {
			t.Detail = ", " + t.Detail
		}
		say("is out" + t.Detail)
	case Relapses:
		say("relapses")
	case Dies:
		say("dies")
	case OtherStarts:
		say("others start " + where)
	case OtherLeaves:
		say("others leave " + where)
	}
}

// name is the stream and row of a person, with a dash for each return.
func (l *teller) name(p Person, visit int) string {
	if l.named != nil {
		return l.named(p, visit)
	}
	return p.Stream + strconv.Itoa(int(p.Number)) + strings.Repeat("'", visit)
}

// replays is a spec in which the people of the streams meet the stages.
func replays(streams []Stream, stages ...Stage) Spec {
	return Spec{
		Name: "rule", Start: firstOfApril, Measure: 1000, Cohorts: []string{"one", "two"}, Streams: streams, Stages: stages,
	}
}

// on is a stream of people of cohort one who come at these days.
func on(name, enters string, days ...Days) Stream {
	s := Stream{Name: name, Enters: enters}
	for _, day := range days {
		s.Dates = append(s.Dates, Arrival{At: day, Cohort: "one"})
	}
	return s
}

// ofTwo makes the rows of a stream cohort two.
func (s Stream) ofTwo(rows ...int) Stream {
	s.Dates = slices.Clone(s.Dates)
	for _, row := range rows {
		s.Dates[row].Cohort = "two"
	}
	return s
}

func streams(all ...Stream) []Stream { return all }

// byCohort is a law for cohort two and one for the others.
func byCohort(two, others Days) Per[dist.Law] {
	return Per[dist.Law]{{"two", fixed(two)}, {"", fixed(others)}}
}

// story is what happens in the spec's first replication, in order of time, then of name.
func story(t *testing.T, spec Spec) string {
	t.Helper()
	m := modelOf(t, spec)
	l := &teller{m: m}
	if err := Trace(m, 1, 0, l.told); err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(l.lines, func(a, b line) int {
		if a.at != b.at {
			return int(a.at - b.at)
		}
		return strings.Compare(a.who, b.who)
	})
	var all strings.Builder
	for _, x := range l.lines {
		fmt.Fprintf(&all, "%s: %s %s\n", strconv.FormatFloat(math.Round(x.at.days()*1e6)/1e6, 'f', -1, 64), x.who, x.what)
	}
	return all.String()
}

// unfold compares a story with what it should be; blank lines and margins do not count.
func unfold(t *testing.T, spec Spec, want string) {
	t.Helper()
	var lines []string
	for _, l := range strings.Split(want, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	if got := strings.TrimSpace(story(t, spec)); got != strings.Join(lines, "\n") {
		t.Errorf("what happened:\n%s\n\nwhat should:\n%s", got, strings.Join(lines, "\n"))
	}
}

// ward is a stage of beds with a fixed stay.
func ward(stay Days, places ...Place) Stage {
	return aWard("ward", fixed(stay), places, to(ExitHome)...)
}

func TestAnAdmissionAtTheMomentOfGivingUpHappens(t *testing.T) {
	w := ward(5, block("unit", 1, 0))
	w.DropsOutAfter = laws(fixed(4))
	unfold(t, replays(streams(on("a", "ward", 0, 1, 2)), w), `
		0: a0 joins ward
		0: a0 starts ward unit
		1: a1 joins ward
		2: a2 joins ward
		5: a0 leaves ward
		5: a0 is out
		5: a1 starts ward unit
		6: a2 is out, gave up waiting
		10: a1 leaves ward
		10: a1 is out`)
}

func TestNobodyWaitsOnAListWithNoPatience(t *testing.T) {
	w := ward(5, block("unit", 1, 0))
	w.DropsOutAfter = laws(fixed(0))
	unfold(t, replays(streams(on("a", "ward", 0, 1, 5)), w), `
		0: a0 joins ward
		0: a0 starts ward unit
		1: a1 joins ward
		1: a1 is out, gave up waiting
		5: a0 leaves ward
		5: a0 is out
		5: a2 joins ward
		5: a2 starts ward unit
		10: a2 leaves ward
		10: a2 is out`)
}

func TestBlockComesBeforeSpotEvenIfListedAfter(t *testing.T) {
	w := ward(5, spot("any", NoLimit, 0, 0, nil), block("unit", 1, 0))
	unfold(t, replays(streams(on("a", "ward", 0, 0, 1)), w), `
		0: a0 joins ward
		0: a0 starts ward unit
		0: a1 joins ward
		0: a1 starts ward any
		1: a2 joins ward
		1: a2 starts ward any
		5: a0 leaves ward
		5: a0 is out
		5: a1 leaves ward
		5: a1 is out
		6: a2 leaves ward
		6: a2 is out`)
}

func TestPlacesAreTriedInTheOrderListed(t *testing.T) {
	w := ward(5, block("first", 1, 0), block("second", 2, 0))
	unfold(t, replays(streams(on("a", "ward", 0, 1, 6)), w), `
		0: a0 joins ward
		0: a0 starts ward first
		1: a1 joins ward
		1: a1 starts ward second
		5: a0 leaves ward
		5: a0 is out
		6: a1 leaves ward
		6: a1 is out
		6: a2 joins ward
		6: a2 starts ward first
		11: a2 leaves ward
		11: a2 is out`)
}

func TestDeferredGoesToTheBackWithTheSameWaitAndPatience(t *testing.T) {
	panel := aPanel("panel", Panel{
		Meets: Schedule{0, 7}, Cases: 1, AnswerAfter: 2,
		Approve: Per[float64]{{"one", 1}}, Defer: Per[float64]{{"two", 1}}, Decline: Same(0.0),
	}, to(ExitHome)...)
	panel.DropsOutAfter = laws(fixed(24))
	// a0 is deferred at 0 with the stamp of 0, before a1's of 1; at 7, behind it; gives up at 24.
	spec := replays(streams(on("a", "panel", 0, 1).ofTwo(0)), panel)
	unfold(t, spec, `
		0: a0 joins panel
		1: a1 joins panel
		14: a1 is heard by panel
		16: a1 is out
		24: a0 is out, gave up waiting`)
	m := modelOf(t, spec)
	b, _ := play(t, m, 1, 0, nil)
	if days, ended := totals(t, m, b, 0, "panel.wait.mean"); days != 24+15 || ended != 2 {
		t.Errorf("%g waits of %g days in all, want 2 of 39", ended, days)
	}
	if heard, _ := totals(t, m, b, 0, "panel.heard"); heard != 4 {
		t.Errorf("%g cases heard, want 4: a0 at 0, 7 and 21, a1 at 14", heard)
	}
}

func TestGivingUpBeforeThePanelsAnswerIsDropOut(t *testing.T) {
	panel := func(answer Days) Stage {
		p := aPanel("panel", Panel{Meets: Schedule{0, 7}, Cases: NoLimit, Approve: Same(1.0), AnswerAfter: answer}, to(ExitHome)...)
		p.DropsOutAfter = laws(fixed(3))
		return p
	}
	unfold(t, replays(streams(on("a", "panel", 0)), panel(4)), `
		0: a0 joins panel
		0: a0 is heard by panel
		3: a0 is out, gave up waiting`)
	unfold(t, replays(streams(on("a", "panel", 0)), panel(3)), `
		0: a0 joins panel
		0: a0 is heard by panel
		3: a0 is out`)
}

func TestThePanelHearsAtMostCasesInQueueOrder(t *testing.T) {
	p := aPanel("panel", Panel{Meets: Schedule{3, 7}, Cases: 2, Approve: Same(1.0)}, to(ExitHome)...)
	p.ByPriority = true
	b := on("b", "panel", 2)
	b.Priority = 1
	unfold(t, replays(streams(on("a", "panel", 0, 1), b), p), `
		0: a0 joins panel
		1: a1 joins panel
		2: b0 joins panel
		3: a0 is heard by panel
		3: a0 is out
		3: b0 is heard by panel
		3: b0 is out
		10: a1 is heard by panel
		10: a1 is out`)
}

func TestMeetingsFallOnStartPlusKTimesEvery(t *testing.T) {
	p := aPanel("panel", Panel{Meets: Schedule{2.5, 3.5}, Cases: NoLimit, Approve: Same(1.0)}, to(ExitHome)...)
	unfold(t, replays(streams(on("a", "panel", 0, 3, 9.5)), p), `
		0: a0 joins panel
		2.5: a0 is heard by panel
		2.5: a0 is out
		3: a1 joins panel
		6: a1 is heard by panel
		6: a1 is out
		9.5: a2 joins panel
		9.5: a2 is heard by panel
		9.5: a2 is out`)
}

func TestARollingGroupTakesPeopleWhileFewerThanMaxArePresent(t *testing.T) {
	g := aGroup("group", Group{Meets: Schedule{0, 7}, Max: 1, Sessions: 1}, to(ExitHome)...)
	// Finishing at 7 comes before that day's meeting.
	unfold(t, replays(streams(on("a", "group", 0, 1, 7)), g), `
		0: a0 joins group
		0: a0 starts group
		1: a1 joins group
		7: a0 leaves group
		7: a0 is out
		7: a1 starts group
		7: a2 joins group
		14: a1 leaves group
		14: a1 is out
		14: a2 starts group
		21: a2 leaves group
		21: a2 is out`)
}

func TestClosedGroupsOverlap(t *testing.T) {
	g := aGroup("group", Group{Meets: Schedule{0, 7}, Max: 2, Closed: true, Sessions: 2}, to(ExitHome)...)
	unfold(t, replays(streams(on("a", "group", 0, 0, 0)), g), `
		0: a0 joins group
		0: a0 starts group
		0: a1 joins group
		0: a1 starts group
		0: a2 joins group
		7: a2 starts group
		14: a0 leaves group
		14: a0 is out
		14: a1 leaves group
		14: a1 is out
		21: a2 leaves group
		21: a2 is out`)
}

func TestAClosedGroupStartsOnlyIfMinToStartWait(t *testing.T) {
	g := aGroup("group", Group{Meets: Schedule{0, 7}, Max: 9, Closed: true, MinToStart: 2, Sessions: 1}, to(ExitHome)...)
	unfold(t, replays(streams(on("a", "group", 0, 8)), g), `
		0: a0 joins group
		8: a1 joins group
		14: a0 starts group
		14: a1 starts group
		21: a0 leaves group
		21: a0 is out
		21: a1 leaves group
		21: a1 is out`)
}

func TestAGroupStartsTheInstantThatEnoughWaitOrByDeadline(t *testing.T) {
	g := aGroup("group", Group{Max: 2, Closed: true, StartsWhen: &Gathering{People: 3, OrAfter: 28}, Sessions: 1}, to(ExitHome)...)
	// Three wait at 5: two start, as many as the group takes; a2 is the first of the next, due at 5 + 23 + 5.
	unfold(t, replays(streams(on("a", "group", 0, 2, 5, 10)), g), `
		0: a0 joins group
		2: a1 joins group
		5: a0 starts group
		5: a1 starts group
		5: a2 joins group
		10: a3 joins group
		12: a0 leaves group
		12: a0 is out
		12: a1 leaves group
		12: a1 is out
		33: a2 starts group
		33: a3 starts group
		40: a2 leaves group
		40: a2 is out
		40: a3 leaves group
		40: a3 is out`)
	g.DropsOutAfter = Per[dist.Law]{{"two", fixed(10)}}
	unfold(t, replays(streams(on("a", "group", 0, 2).ofTwo(0)), g), `
		0: a0 joins group
		2: a1 joins group
		10: a0 is out, gave up waiting
		30: a1 starts group
		37: a1 leaves group
		37: a1 is out`)
}

func TestLeavingAGroupIsAtStartPlusSevenDaysASession(t *testing.T) {
	g := aGroup("group", Group{Meets: Schedule{1, 7}, Max: 9, Sessions: 4, Leaves: Per[float64]{{"two", 1}}}, to(ExitHome)...)
	unfold(t, replays(streams(on("a", "group", 0, 0).ofTwo(1)), g), `
		0: a0 joins group
		0: a1 joins group
		1: a0 starts group
		1: a1 starts group
		8: a1 leaves group
		8: a1 is out, left the group
		29: a0 leaves group
		29: a0 is out`)
	// One draw a session: the first under the chance is when they leave.
	g.Group.Leaves, g.Group.Max = Same(0.3), NoLimit
	var days []Days
	for range 100 {
		days = append(days, 0)
	}
	spec := replays(streams(on("a", "group", days...)), g)
	got := map[string]bool{}
	for _, l := range strings.Split(story(t, spec), "\n") {
		if strings.Contains(l, "leaves") {
			got[l] = true
		}
	}
	for row := range 100 {
		key := dist.Root(1, 0).Name(dist.NameOf("a")).Int(uint64(row)).Int(0)
		session := uint32(1)
		for session < 4 && key.Draw(dist.NameOf("group").And(dist.NameOf("leaves")), 0, session) >= 0.3 {
			session++
		}
		if want := fmt.Sprintf("%d: a%d leaves group", 1+7*session, row); !got[want] {
			t.Errorf("missing: %s", want)
		}
	}
}

// uniform is a draw of a row of stream a in the first replication.
func uniform(row, visit uint64, stage, purpose string, pass uint32) float64 {
	return dist.Root(1, 0).Name(dist.NameOf("a")).Int(row).Int(visit).Draw(dist.NameOf(stage).And(dist.NameOf(purpose)), pass, 0)
}

// when finds the days at which something happens in a story.
func when(t *testing.T, spec Spec, what string) (at []Days) {
	t.Helper()
	for _, l := range strings.Split(story(t, spec), "\n") {
		if day, rest, ok := strings.Cut(l, ": "); ok && rest == what {
			x, err := strconv.ParseFloat(day, 64)
			if err != nil {
				t.Fatal(err)
			}
			at = append(at, x)
		}
	}
	return at
}

func happens(t *testing.T, spec Spec, what string, want Days) {
	t.Helper()
	if at := when(t, spec, what); len(at) != 1 || math.Abs(at[0]-want) > 1e-5 {
		t.Errorf("%s at %v, want %.6f\n%s", what, at, want, story(t, spec))
	}
}

func TestWhoAttendedAPartGetsTheEffectsToThatPower(t *testing.T) {
	g := aGroup("group", Group{Meets: Schedule{0, 7}, Max: 9, Sessions: 4, Leaves: Same(1.0)}, to(ExitHome)...)
	g.Effects = []Effect{{UnplannedDischarge, 0.5}}
	g.Next[Left] = to("ward")
	w := ward(400, block("unit", 1, 0))
	w.Beds.UnplannedDischarge = laws(exponential(10))
	hazard := math.Pow(0.5, 0.25) / 10
	happens(t, replays(streams(on("a", "group", 0)), g, w), "a0 leaves ward", 7-math.Log(uniform(0, 0, "ward", "unplanned_discharge", 0))/hazard)
}

func TestHazardRatiosMultiply(t *testing.T) {
	g := aGroup("group", Group{Meets: Schedule{0, 7}, Max: 9, Sessions: 1}, to("ward")...)
	g.Effects = []Effect{{DropsOutAfter, 0.5}}
	w := ward(500, block("unit", 1, 0))
	w.DropsOutAfter, w.KeepInTouch = laws(must(dist.WeibullMean(0.7, 20))), 0.8
	spec := replays(streams(on("a", "group", 0), on("z", "ward", 0)), g, w)
	spec.Traits = []Trait{{"frail", Same(1.0), []Effect{{DropsOutAfter, 3}}}, {"calm", Same(0.0), []Effect{{DropsOutAfter, 9}}}}
	law, u := must(dist.WeibullMean(0.7, 20)), uniform(0, 0, "ward", "drops_out_after", 0)
	happens(t, spec, "a0 is out, gave up waiting", 7+law.AtSurvival(math.Pow(u, 1/(3*0.5*0.8))))
}

func TestAnEffectGainedAgainReplacesItself(t *testing.T) {
	g := aGroup("group", Group{Meets: Schedule{0, 7}, Max: NoLimit, Sessions: 1}, share("group", 0.5), Branch{To: "ward", Rest: true})
	g.Effects = []Effect{{DropsOutAfter, 0.5}}
	w := ward(500, block("unit", 1, 0))
	w.DropsOutAfter = laws(exponential(20))
	rows := make([]Days, 20)
	spec := replays(streams(on("a", "group", rows...), on("z", "ward", 0)), g, w)
	most := uint32(0)
	for row := range uint64(20) {
		pass := uint32(0)
		for uniform(row, 0, "group", "next", pass) < 0.5 {
			pass++
		}
		most = max(most, pass)
		happens(t, spec, fmt.Sprintf("a%d is out, gave up waiting", row), 7*Days(pass+1)-40*math.Log(uniform(row, 0, "ward", "drops_out_after", 0)))
	}
	if most < 2 {
		t.Error("nobody went round twice")
	}
}

func TestADelayWithoutPlacesIsTheWait(t *testing.T) {
	d := aDelay("delay", fixed(5), 0, to(ExitHome)...)
	d.DropsOutAfter = byCohort(4, 5)
	spec := replays(streams(on("a", "delay", 0, 0).ofTwo(1)), d)
	unfold(t, spec, `
		0: a0 joins delay
		0: a1 joins delay
		4: a1 is out, gave up waiting
		5: a0 is out`)
}

func TestADelayWithPlacesHasAListAndTheTimeInsideIsNoWait(t *testing.T) {
	d := aDelay("delay", fixed(5), 1, to(ExitHome)...)
	d.DropsOutAfter = laws(fixed(4))
	unfold(t, replays(streams(on("a", "delay", 0, 1, 2, 7)), d), `
		0: a0 joins delay
		0: a0 starts delay
		1: a1 joins delay
		2: a2 joins delay
		5: a0 leaves delay
		5: a0 is out
		5: a1 starts delay
		6: a2 is out, gave up waiting
		7: a3 joins delay
		10: a1 leaves delay
		10: a1 is out
		10: a3 starts delay
		15: a3 leaves delay
		15: a3 is out`)
}

func TestOfTwoWaysIntoABedTheFirstIsTaken(t *testing.T) {
	places := []Place{block("unit", 1, 0), spot("any", NoLimit, 0, 3, fixed(2))}
	for _, c := range []struct {
		stay Days
		want string
	}{{10, "6: a1 starts ward any"}, {4, "4: a1 starts ward unit"}, {6, "6: a1 starts ward unit"}} {
		w := ward(c.stay, places...)
		if got := story(t, replays(streams(on("a", "ward", 0, 1)), w)); !strings.Contains(got, c.want+"\n") {
			t.Errorf("a stay of %g days: want %s\n%s", c.stay, c.want, got)
		}
	}
}

func TestFoundWithTheMarketFullKeepsThePlaceOnTheList(t *testing.T) {
	// a0 has the bed to 12 (cohort two). a1, a2, a3 are found a spot place at 6, 7, 8; there is but one.
	// At 12 the block bed takes the first of the list, found or not; at 16 the spot place the next found.
	w := ward(10, block("unit", 1, 0), spot("any", 1, 0, 2, fixed(3)))
	w.Beds.Stay = byCohort(12, 10)
	unfold(t, replays(streams(on("a", "ward", 0, 1, 2, 3).ofTwo(0)), w), `
		0: a0 joins ward
		0: a0 starts ward unit
		1: a1 joins ward
		2: a2 joins ward
		3: a3 joins ward
		6: a1 starts ward any
		12: a0 leaves ward
		12: a0 is out
		12: a2 starts ward unit
		16: a1 leaves ward
		16: a1 is out
		16: a3 starts ward any
		22: a2 leaves ward
		22: a2 is out
		26: a3 leaves ward
		26: a3 is out`)
}

func TestASpotPlaceTakesTheFirstFoundInQueueOrderNotTheFirstToBeFound(t *testing.T) {
	// a1 is found a place later (cohort two) than a2, but both before a place is free.
	s := spot("any", 1, 0, 0, nil)
	s.FoundIn = byCohort(8, 3)
	w := ward(20, s)
	got := story(t, replays(streams(on("a", "ward", 0, 1, 2).ofTwo(1)), w))
	for _, want := range []string{"3: a0 starts ward any\n", "23: a1 starts ward any\n", "43: a2 starts ward any\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s in\n%s", want, got)
		}
	}
}

func TestASpotSearchOfNoLengthIsOverOnJoining(t *testing.T) {
	s := spot("any", NoLimit, 0, 0, nil)
	s.FoundIn = byCohort(0, 3) // a1 is of cohort two
	w := ward(20, block("unit", 0, 0), s)
	got := story(t, replays(streams(on("a", "ward", 0, 1, 2).ofTwo(1)), w))
	for _, want := range []string{"1: a1 starts ward any\n", "3: a0 starts ward any\n", "5: a2 starts ward any\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s in\n%s", want, got)
		}
	}
}

func TestListMaxTurnsAwayOnlyWhoWouldMakeTheListLonger(t *testing.T) {
	w := ward(5, block("unit", 1, 0))
	w.ListMax = 1
	// a0 has a bed and is not on the list; at 5, a1 goes in and a4 may wait.
	unfold(t, replays(streams(on("a", "ward", 0, 0, 0, 1, 5)), w), `
		0: a0 joins ward
		0: a0 starts ward unit
		0: a1 joins ward
		0: a2 joins ward
		0: a2 is out, turned away
		1: a3 joins ward
		1: a3 is out, turned away
		5: a0 leaves ward
		5: a0 is out
		5: a1 starts ward unit
		5: a4 joins ward
		10: a1 leaves ward
		10: a1 is out
		10: a4 starts ward unit
		15: a4 leaves ward
		15: a4 is out`)
	w.ListMax = 0
	unfold(t, replays(streams(on("a", "ward", 0, 4, 5)), w), `
		0: a0 joins ward
		0: a0 starts ward unit
		4: a1 joins ward
		4: a1 is out, turned away
		5: a0 leaves ward
		5: a0 is out
		5: a2 joins ward
		5: a2 starts ward unit
		10: a2 leaves ward
		10: a2 is out`)
}

func TestListMaxHoldsOnADelayWithoutPlaces(t *testing.T) {
	d := aDelay("delay", fixed(5), 0, to(ExitHome)...)
	d.ListMax = 1
	unfold(t, replays(streams(on("a", "delay", 0, 1, 5)), d), `
		0: a0 joins delay
		1: a1 joins delay
		1: a1 is out, turned away
		5: a0 is out
		5: a2 joins delay
		10: a2 is out`)
}

func TestABedRestsForItsTurnover(t *testing.T) {
	p := block("unit", 1, 0)
	p.Turnover = 2
	unfold(t, replays(streams(on("a", "ward", 0, 1, 9)), ward(3, p)), `
		0: a0 joins ward
		0: a0 starts ward unit
		1: a1 joins ward
		3: a0 leaves ward
		3: a0 is out
		5: a1 starts ward unit
		8: a1 leaves ward
		8: a1 is out
		9: a2 joins ward
		10: a2 starts ward unit
		13: a2 leaves ward
		13: a2 is out`)
}

func TestAPlaceAdmitsOnItsWeekdays(t *testing.T) {
	p := block("unit", 9, 0)
	p.Admits[1], p.Admits[3] = true, true // Monday and Wednesday; the start is a Tuesday
	got := story(t, replays(streams(on("a", "ward", 0, 1.5, 2, 5.75)), ward(3, p)))
	for _, want := range []string{"1: a0 starts", "1.5: a1 starts", "6: a2 starts", "6: a3 starts"} {
		if !strings.Contains(got, want+" ward unit\n") {
			t.Errorf("want %s in\n%s", want, got)
		}
	}
}

func TestAPlaceAdmitsFromAndUntilAndThoseInsideStayOn(t *testing.T) {
	p := block("unit", 3, 100)
	p.From, p.Until = 2, 5.5
	spec := replays(streams(on("a", "ward", 0, 5, 5.5)), ward(4, p))
	unfold(t, spec, `
		0: a0 joins ward
		2: a0 starts ward unit
		5: a1 joins ward
		5: a1 starts ward unit
		5.5: a2 joins ward
		6: a0 leaves ward
		6: a0 is out
		9: a1 leaves ward
		9: a1 is out`)
	// Held: 3 beds at the midnights of 3, 4 and 5, of which a0 sleeps 3; later a0 sleeps 1 and a1 4.
	m := modelOf(t, spec)
	b, _ := play(t, m, 1, 0, nil)
	for id, want := range map[string]float64{"ward.nights.block": 8, "ward.void_nights": 6, "cost": 9 + 5, "cost.void": 6} {
		if y, _ := totals(t, m, b, 0, id); y != want {
			t.Errorf("%s is %g, want %g", id, y, want)
		}
	}
}

// One stay of 4 nights where 30 a year are paid for.
func TestNightsOfAMinimumThatNobodySleepsAreVoid(t *testing.T) {
	p := spot("any", NoLimit, 100, 0, nil)
	p.Terms.MinimumNights = 30
	spec := replays(streams(on("a", "ward", 0)), ward(4, p))
	spec.Measure = 365
	m := modelOf(t, spec)
	b, _ := play(t, m, 1, 0, nil)
	for id, want := range map[string]float64{"ward.void_nights": 26, "cost": 30, "cost.void": 26} {
		if y, _ := totals(t, m, b, 0, id); y != want {
			t.Errorf("%s is %g, want %g", id, y, want)
		}
	}
}

func TestThoseOfTheStartForWhomThereIsAPlaceHaveNotWaited(t *testing.T) {
	spec := replays(streams(on("a", "ward", 9)), ward(4, block("unit", 2, 100)))
	for range 5 {
		spec.Starting = append(spec.Starting, Started{Stage: "ward", Cohort: "one", Joined: -1})
	}
	m := modelOf(t, spec)
	b, _ := play(t, m, 1, 0, nil)
	if y, _ := totals(t, m, b, 0, "ward.waiting.max"); y != 3 {
		t.Errorf("%g waited at once, of 5 for whom there are 2 beds", y)
	}
}

func TestThePlannedStayRacesUnplannedDischarge(t *testing.T) {
	w := aWard("ward", fixed(10), []Place{block("unit", NoLimit, 0)}, to(ExitHome)...)
	w.Beds.UnplannedDischarge = byCohort(4, 10)
	spec := replays(streams(on("a", "ward", 0, 0).ofTwo(1)), w)
	unfold(t, spec, `
		0: a0 joins ward
		0: a0 starts ward unit
		0: a1 joins ward
		0: a1 starts ward unit
		4: a1 leaves ward
		4: a1 is out, left early
		10: a0 leaves ward
		10: a0 is out`)
}

func TestANightSleptIsPaidOnSpot(t *testing.T) {
	s := spot("any", NoLimit, 100, 0, nil)
	w := ward(0.2, s)
	w.Beds.Stay = byCohort(2.5, 0.2)
	// Midnights: a0 none; a1 the one of 4; a2 those of 11 and 12; a3 those of 21, 22 (it goes in after that of 20).
	spec := replays(streams(on("a", "ward", 0.5, 3.9, 10.25, 20).ofTwo(2, 3)), w)
	m := modelOf(t, spec)
	b, _ := play(t, m, 1, 0, nil)
	if y, _ := totals(t, m, b, 0, "ward.nights.spot"); y != 5 {
		t.Errorf("%g nights, want 5", y)
	}
	if y, _ := totals(t, m, b, 0, "cost"); y != 5 {
		t.Errorf("£%g, want £5", y)
	}
}

// detoxThenRehab sends everyone from a bed of 3 days to one of 20.
func detoxThenRehab(after Days) Spec {
	detox := aWard("detox", fixed(3), []Place{block("unit", NoLimit, 0)}, to("rehab")...)
	rehab := aWard("rehab", fixed(20), []Place{block("house", 1, 0)}, to(ExitHome)...)
	rehab.Next[Relapsed] = to("detox")
	spec := replays(streams(on("a", "detox", 0, 1)), detox, rehab)
	spec.Relapse = &Relapse{After: ByLeaving[dist.Law]{{Completed, "detox", laws(fixed(after))}}}
	return spec
}

func TestRelapseWhileWaitingForAnotherBedEndsThatWait(t *testing.T) {
	spec := detoxThenRehab(6)
	spec.Measure = 25
	unfold(t, spec, `
		0: a0 joins detox
		0: a0 starts detox unit
		1: a1 joins detox
		1: a1 starts detox unit
		3: a0 leaves detox
		3: a0 joins rehab
		3: a0 starts rehab house
		4: a1 leaves detox
		4: a1 joins rehab
		10: a1 joins detox
		10: a1 starts detox unit
		13: a1 leaves detox
		13: a1 joins rehab
		19: a1 joins detox
		19: a1 starts detox unit
		22: a1 leaves detox
		22: a1 joins rehab
		23: a0 leaves rehab
		23: a0 is out
		23: a1 starts rehab house`)
	m := modelOf(t, spec)
	b, _ := play(t, m, 1, 0, nil)
	if days, ended := totals(t, m, b, 0, "rehab.wait.mean"); days != 6+6+1 || ended != 4 {
		t.Errorf("%g waits of %g days, want 4 of 13", ended, days)
	}
	if y, _ := totals(t, m, b, 0, "rehab.dropped_out"); y != 0 {
		t.Errorf("%g dropped out: a relapse is not giving up", y)
	}
	b, _ = play(t, modelOf(t, detoxThenRehab(30)), 1, 0, nil)
	if y, _ := totals(t, m, b, 0, "rehab.admissions"); y != 2 {
		t.Errorf("%g admissions to rehab, want both: the clock stops at the door", y)
	}
}

func TestARelapseInAftercareFreesThePlace(t *testing.T) {
	w := ward(3, block("unit", NoLimit, 0))
	w.Next[Completed] = to("aftercare")
	spec := replays(streams(on("a", "ward", 0, 2)), w, anAftercare("aftercare", 1, fixed(100), to(ExitHome)...))
	spec.Relapse = &Relapse{After: ByLeaving[dist.Law]{{Completed, "", laws(fixed(10))}}}
	unfold(t, spec, `
		0: a0 joins ward
		0: a0 starts ward unit
		2: a1 joins ward
		2: a1 starts ward unit
		3: a0 leaves ward
		3: a0 joins aftercare
		3: a0 starts aftercare
		5: a1 leaves ward
		5: a1 joins aftercare
		13: a0 leaves aftercare
		13: a0 is out, relapsed
		13: a1 starts aftercare
		15: a1 leaves aftercare
		15: a1 is out, relapsed`)
}

func TestTheRelapseHazardIsScaledOnlyWhileAftercareLasts(t *testing.T) {
	draw := -math.Log(uniform(0, 0, "ward", "relapse", 0))
	for _, c := range []struct{ mean, want Days }{ // at half the hazard for 20 days, in all 1 from 10/mean on
		{20 / draw, 3 + 30}, {5 / draw, 3 + 10},
	} {
		w := ward(3, block("unit", 1, 0))
		w.Next[Completed] = to("aftercare")
		aftercare := anAftercare("aftercare", NoLimit, fixed(20), to(ExitHome)...)
		aftercare.Effects = []Effect{{RelapseAfter, 0.5}}
		spec := replays(streams(on("a", "ward", 0)), w, aftercare)
		spec.Relapse = &Relapse{After: ByLeaving[dist.Law]{{Completed, "", laws(exponential(c.mean))}}}
		what := "a0 relapses"
		if c.want < 23 {
			what = "a0 is out, relapsed"
		}
		happens(t, spec, what, c.want)
	}
}

func TestNeverIsUntouchedByHazardRatios(t *testing.T) {
	who := func(ratio float64) (all []string) {
		w := ward(3, block("unit", NoLimit, 0))
		spec := replays(streams(on("a", "ward", make([]Days, 100)...)), w)
		spec.Traits = []Trait{{"frail", Same(1.0), []Effect{{RelapseAfter, ratio}}}}
		spec.Relapse = &Relapse{
			After: ByLeaving[dist.Law]{{Completed, "", laws(exponential(1))}}, Never: ByLeaving[float64]{{Completed, "", Same(0.3)}},
		}
		for _, l := range strings.Split(story(t, spec), "\n") {
			if _, what, _ := strings.Cut(l, ": "); strings.HasSuffix(what, "relapses") {
				all = append(all, what)
			}
		}
		slices.Sort(all)
		return all
	}
	base := who(1)
	if len(base) < 50 || len(base) > 90 {
		t.Errorf("%d of 100 relapse, want about 70", len(base))
	}
	for _, ratio := range []float64{0.1, 10} {
		if got := who(ratio); !slices.Equal(got, base) {
			t.Errorf("with a hazard ratio of %g, %d relapse, not the same %d", ratio, len(got), len(base))
		}
	}
}

func TestReturnsAreTheNextVisitOfTheSamePerson(t *testing.T) {
	w := ward(3, block("unit", 1, 0))
	w.Beds.Stay = laws(exponential(3))
	spec := replays(streams(on("a", "ward", 0)), w)
	spec.Measure = 30
	spec.Relapse = &Relapse{
		After:   ByLeaving[dist.Law]{{Completed, "", laws(fixed(4))}},
		Returns: &Returns{Share: Same(1.0), After: laws(fixed(2)), To: "ward"},
	}
	first, second := -3*math.Log(uniform(0, 0, "ward", "stay", 0)), -3*math.Log(uniform(0, 1, "ward", "stay", 0))
	happens(t, spec, "a0 leaves ward", first)
	happens(t, spec, "a0 relapses", first+4)
	happens(t, spec, "a0' joins ward", first+6)
	happens(t, spec, "a0' leaves ward", first+6+second)
	m := modelOf(t, spec)
	b, _ := play(t, m, 1, 0, nil)
	if y, _ := totals(t, m, b, 0, "referrals"); y != 1 {
		t.Errorf("%g referrals, want 1: returns are counted apart", y)
	}
}

func TestEffectsEndWithTheVisit(t *testing.T) {
	w := ward(3, block("unit", 1, 0))
	w.Effects = []Effect{{UnplannedDischarge, 0.1}}
	w.Beds.UnplannedDischarge, w.Beds.Stay = laws(exponential(20)), laws(fixed(3))
	spec := replays(streams(on("a", "ward", 0)), w)
	spec.Relapse = &Relapse{
		After:   ByLeaving[dist.Law]{{Completed, "", laws(fixed(1))}, {Unplanned, "", laws(fixed(1))}},
		Returns: &Returns{Share: Same(1.0), After: laws(fixed(1)), To: "ward"},
	}
	spec.Measure = 150
	name, at, early := "a0", 0.0, 0
	for visit := range uint64(25) {
		stay := 3.0
		if x := -20 * math.Log(uniform(0, visit, "ward", "unplanned_discharge", 0)); x < stay {
			stay, early = x, early+1
		}
		happens(t, spec, name+" leaves ward", at+stay)
		name, at = name+"'", at+stay+2
	}
	if early == 0 {
		t.Error("nobody left early: choose another seed")
	}
}

func TestQueueOrderIsByTimeOnTheListThenReferralThenNames(t *testing.T) {
	w := ward(5, block("unit", 1, 0))
	in := func(spec Spec) (order []string) {
		for _, l := range strings.Split(story(t, spec), "\n") {
			if _, what, _ := strings.Cut(l, ": "); strings.HasSuffix(what, "starts ward unit") {
				order = append(order, strings.Fields(what)[0])
			}
		}
		return order
	}
	want := []string{"a0", "a1", "b0"}
	if got := in(replays(streams(on("b", "ward", 0), on("a", "ward", 0, 0)), w)); !slices.Equal(got, want) {
		t.Errorf("streams b and a: %v, want %v", got, want)
	}
	if got := in(replays(streams(on("a", "ward", 0, 0), on("b", "ward", 0)), w)); !slices.Equal(got, want) {
		t.Errorf("streams a and b: %v, want %v", got, want)
	}
	// All join the list at 5: the delay of b0 is longer, but it was referred first.
	d := aDelay("delay", fixed(3), 0, to("ward")...)
	d.Delay.Takes = byCohort(5, 3)
	spec := replays(streams(on("a", "delay", 2), on("b", "delay", 0).ofTwo(0), on("c", "ward", 5)), d, w)
	if got, want := in(spec), []string{"b0", "a0", "c0"}; !slices.Equal(got, want) {
		t.Errorf("by referral: %v, want %v", got, want)
	}
}

func TestQueueOrderDoesNotDependOnTheOrderOfCohorts(t *testing.T) {
	w := ward(5, block("unit", 1, 0))
	spec := replays(streams(on("a", "ward", 0, 0, 0).ofTwo(0)), w)
	before := story(t, spec)
	spec.Cohorts = []string{"two", "one"}
	if after := story(t, spec); after != before {
		t.Errorf("with cohorts one, two:\n%s\nwith cohorts two, one:\n%s", before, after)
	}
}

func TestOrderAtOneInstant(t *testing.T) {
	// At 7: the delay ends, then a1 joins, then the group meets, then the panel, whose approval comes
	// too late for the group of that day.
	d := aDelay("delay", fixed(7), 0, to("panel")...)
	p := aPanel("panel", Panel{Meets: Schedule{7, 7}, Cases: NoLimit, Approve: Same(1.0)}, to("group")...)
	g := aGroup("group", Group{Meets: Schedule{7, 7}, Max: 9, Sessions: 1}, to(ExitHome)...)
	unfold(t, replays(streams(on("a", "delay", 0), on("b", "panel", 7), on("c", "group", 7)), d, p, g), `
		0: a0 joins delay
		7: a0 joins panel
		7: a0 is heard by panel
		7: a0 joins group
		7: b0 joins panel
		7: b0 is heard by panel
		7: b0 joins group
		7: c0 joins group
		7: c0 starts group
		14: a0 starts group
		14: b0 starts group
		14: c0 leaves group
		14: c0 is out
		21: a0 leaves group
		21: a0 is out
		21: b0 leaves group
		21: b0 is out`)
}

func TestRoutesGoByCohortOutcomeAndShare(t *testing.T) {
	d := aDelay("delay", fixed(1), 0, Branch{To: "ward", Share: Per[float64]{{"two", 1}}}, Branch{To: ExitHome, Rest: true})
	w := ward(9, block("unit", NoLimit, 0))
	w.Beds.UnplannedDischarge = laws(fixed(2))
	w.Next[Unplanned] = to("last")
	unfold(t, replays(streams(on("a", "delay", 0, 0).ofTwo(1)), d, w, aDelay("last", fixed(1), 0, to(ExitHome)...)), `
		0: a0 joins delay
		0: a1 joins delay
		1: a0 is out
		1: a1 joins ward
		1: a1 starts ward unit
		3: a1 leaves ward
		3: a1 joins last
		4: a1 is out`)
}

func TestListMaxTurnsAwayTheNewcomerWhateverTheirPriority(t *testing.T) {
	w := ward(5, block("unit", 1, 0))
	w.ListMax, w.ByPriority = 1, true
	b := on("b", "ward", 2)
	b.Priority = 1
	unfold(t, replays(streams(on("a", "ward", 0, 1), b), w), `
		0: a0 joins ward
		0: a0 starts ward unit
		1: a1 joins ward
		2: b0 joins ward
		2: b0 is out, turned away
		5: a0 leaves ward
		5: a0 is out
		5: a1 starts ward unit
		10: a1 leaves ward
		10: a1 is out`)
}

// Two panels of one morning, the first of which answers at once: whether its people are heard by the
// other the same day must not depend on which stage the file names first.
func TestTwoPanelsOfOneDayDoNotDependOnTheOrderOfStages(t *testing.T) {
	a := aPanel("a", Panel{Meets: Schedule{7, 7}, Cases: NoLimit, Approve: Same(1.0)}, to("b")...)
	b := aPanel("b", Panel{Meets: Schedule{7, 7}, Cases: NoLimit, Approve: Same(1.0)}, to(ExitHome)...)
	one, other := story(t, replays(streams(on("x", "a", 0)), a, b)), story(t, replays(streams(on("x", "a", 0)), b, a))
	if one != other {
		t.Errorf("a, b:\n%s\nb, a:\n%s", one, other)
	}
}

// What would have two people share their draws, or come before the start, is refused.
func TestCompileRefusesWhatIsNamedTwice(t *testing.T) {
	beds := ward(3, block("unit", 1, 0))
	same := replays([]Stream{{Name: "x", Enters: "ward", Rates: []CohortRate{{"one", 50}, {"one", 50}}}}, beds)
	cohorts := replays(streams(on("x", "ward", 1)), beds)
	cohorts.Cohorts = append(cohorts.Cohorts, cohorts.Cohorts[0])
	for name, s := range map[string]Spec{
		"streams": replays(streams(on("x", "ward", 1), on("x", "ward", 2)), beds),
		"places":  replays(streams(on("x", "ward", 1)), ward(3, block("unit", 1, 0), block("unit", 2, 0))),
		"rates":   same, "cohorts": cohorts,
		"date": replays(streams(on("x", "ward", -3)), beds),
	} {
		if _, err := Compile(s); err == nil {
			t.Errorf("%s: compiled", name)
		}
	}
}

// Patience runs until the answer also for someone whom the panel hears the moment they join a list with a limit.
func TestPatienceGoesOnAfterAHearingAtOnce(t *testing.T) {
	a := aPanel("a", Panel{Meets: Schedule{1, 7}, Cases: NoLimit, Approve: Same(1.0), AnswerAfter: 5}, to(ExitHome)...)
	a.ListMax, a.DropsOutAfter = 0, Same(must(dist.Fixed(2)))
	unfold(t, replays(streams(on("x", "a", 1)), a), `
		1: x0 joins a
		1: x0 is heard by a
		3: x0 is out, gave up waiting`)
}
