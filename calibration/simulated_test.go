package calibration

import (
	"fmt"
	"slices"
	"testing"

	"tier4/scenarios"
	"tier4/sim"
)

func sprint(v any) string { return fmt.Sprint(v) }

// storyYAML is a pathway whose every step takes a fixed time, for people who come on known days.
const storyYAML = `
name: Story
start: 2024-01-01
measure: 200 days
cohorts: [opiates, alcohol]
referrals: {community: {dates: [%s], enters: assessment, cohort: opiates}}
pathway:
  assessment:
    kind: delay
    takes: 3.5 days
    next: preparation
  preparation:
    kind: group
    meets: {every: 1 week, on: Wednesday}
    size: {max: 10}
    sessions: 2
    next: panel
  panel:
    kind: panel
    meets: {every: 2 weeks, on: Tuesday}
    cases: 1
    drops_out_after: 20 days
    next: notice
  notice:
    kind: delay
    takes: 4 days
    next: rehab
  rehab:
    kind: beds
    places:
      unit: {contract: block, beds: 1, per_night: £130}
      any: {contract: spot, per_night: £160, look_after: 14 days, found_in: 2.25 days}
    stay: 40 days
    next: home
`

func story(t *testing.T, referred string, like func(*Extract)) *Extract {
	t.Helper()
	s, err := scenarios.Parse("story.yaml", fmt.Appendf(nil, storyYAML, referred))
	if err != nil {
		t.Fatal(err)
	}
	x := blank(s, ByReferral)
	x.Stages = slices.DeleteFunc(x.Stages, func(one Stage) bool { return one.Name == "notice" })
	if like != nil {
		like(x)
	}
	m, err := sim.Compile(s.Spec)
	if err != nil {
		t.Fatal(err)
	}
	o := NewObserver(x, &s.Spec)
	if err := sim.Trace(m, 1, 0, o.Told); err != nil {
		t.Fatal(err)
	}
	return o.Extract()
}

// tell is what an extract shows of an episode, one stage a word.
func tell(x *Extract, i int) string {
	e := x.Episodes[i]
	text := e.Referred.String()
	at := [...]string{"", "0h"}
	for k, s := range e.Steps {
		text += fmt.Sprintf(" | %s %s%s %s%s %s%s", x.Stages[k].Name, s.Listed, at[s.ListedAt], s.Admitted, at[s.AdmittedAt], s.Left, at[s.LeftAt])
		if s.Contract >= 0 {
			text += " " + x.Contracts[s.Contract]
		}
		if s.Outcome != Open {
			text += " " + s.Outcome.String()
		}
	}
	return text + fmt.Sprintf(" | closed %s at %d: %s", e.Closed, e.ClosedAt, e.Cause)
}

func TestAHistoryIsSeenAsDates(t *testing.T) {
	x := story(t, "2024-01-03, 2024-01-03, 2024-01-04, 2024-05-30", nil)
	want := []string{
		"2024-01-03 | assessment 2024-01-030h 2024-01-06  | preparation 2024-01-06 2024-01-100h 2024-01-240h completed | panel 2024-01-240h 2024-01-300h  approved | rehab 2024-02-030h 2024-02-030h 2024-03-140h block completed | closed 2024-03-14 at 3: completed",
		"2024-01-03 | assessment 2024-01-030h 2024-01-06  | preparation 2024-01-06 2024-01-100h 2024-01-240h completed | panel 2024-01-240h 2024-02-130h  approved | rehab 2024-02-170h 2024-03-04 2024-04-13 spot completed | closed 2024-04-13 at 3: completed",
		"2024-01-04 | assessment 2024-01-040h 2024-01-07  | preparation 2024-01-07 2024-01-100h 2024-01-240h completed | panel 2024-01-240h   | rehab    | closed 2024-02-13 at 2: dropped out",
		"2024-05-30 | assessment 2024-05-300h 2024-06-02  | preparation 2024-06-02 2024-06-050h 2024-06-190h completed | panel 2024-06-190h 2024-07-020h  approved | rehab 2024-07-060h 2024-07-060h  block | closed  at -1: open",
	}
	for i := range want {
		if i >= len(x.Episodes) {
			t.Fatalf("there are %d episodes", len(x.Episodes))
		}
		if got := tell(x, i); got != want[i] {
			t.Errorf("episode %d is\n%s\nnot\n%s", i, got, want[i])
		}
	}
}

func TestOnlyTheWindowIsSeen(t *testing.T) {
	x := story(t, "2024-01-03, 2024-02-01, 2024-03-01", func(x *Extract) { x.From, x.To, x.Until = x.From+20, x.From+50, x.From+33 })
	if len(x.Episodes) != 1 || x.Episodes[0].Referred.String() != "2024-02-01" {
		t.Fatalf("seen are %d episodes", len(x.Episodes))
	}
	// 2024-02-03 is the extract: the assessment is not over
	if got := tell(x, 0); got != "2024-02-01 | assessment 2024-02-010h   | preparation    | panel    | rehab    | closed  at -1: open" {
		t.Error(got)
	}
}

// Where the extract does not say on whose list somebody is, the simulated one must not either.
func TestDoubtIsSimulatedToo(t *testing.T) {
	s, err := scenarios.Load("testdata/observed-a.scenario.yaml", "pathway.detox.places.unit.beds=1", "pathway.rehab.places.unit.beds=4", "calibrate=removed")
	if err != nil {
		t.Fatal(err)
	}
	like := blank(s, ByReferral)
	like.Stages = slices.DeleteFunc(like.Stages, func(one Stage) bool { return one.Name == "notice" })
	doubted := Episode{Referred: like.From, Closed: Missing, Steps: make([]Step, len(like.Stages))}
	doubted.Steps[3].Maybe, doubted.Steps[4].Maybe = true, true
	like.Episodes = []Episode{doubted}
	m, err := sim.CompileOnce(s.Spec, "referrals")
	if err != nil {
		t.Fatal(err)
	}
	o := NewObserver(like, &s.Spec)
	if err := sim.Trace(m, 4, after, o.Told); err != nil {
		t.Fatal(err)
	}
	x := o.Extract()
	both := 0
	for _, e := range x.Episodes {
		detox, rehab := e.Steps[3], e.Steps[4]
		switch {
		case detox.Maybe && (!rehab.Maybe || detox.Listed != rehab.Listed || detox.Admitted.Known() || e.Closed.Known()):
			t.Errorf("it is known where %+v waits", e.Steps)
		case detox.Maybe:
			both++
		case rehab.Maybe && !detox.Left.Known():
			t.Errorf("%+v may be elsewhere", e.Steps)
		}
	}
	if both == 0 {
		t.Error("nobody waits for a bed after the panel")
	}
}

// What is cut from a history is what would have been seen had it ended then.
func TestCutIsAnEarlierExtract(t *testing.T) {
	s := clinic(t)
	whole := extractOf(t, s, 9, ByReferral)
	day := whole.From + 400
	early := whole.Cut(day)
	like := blank(s, ByReferral)
	like.Until, like.To = day, day
	m, err := sim.CompileOnce(s.Spec, "referrals")
	if err != nil {
		t.Fatal(err)
	}
	o := NewObserver(like, &s.Spec)
	if err := sim.Trace(m, 9, after, o.Told); err != nil {
		t.Fatal(err)
	}
	seen := o.Extract()
	if len(early.Episodes) != len(seen.Episodes) {
		t.Fatalf("%d episodes, not %d", len(early.Episodes), len(seen.Episodes))
	}
	for i := range seen.Episodes {
		if got, want := tell(early, i), tell(seen, i); got != want {
			t.Errorf("episode %d is\n%s\nnot\n%s", i, got, want)
		}
	}
}

func TestActivityKeepsThoseInside(t *testing.T) {
	s := clinic(t)
	x := extractOf(t, s, 3, ByActivity)
	before := 0
	for _, e := range x.Episodes {
		if e.Closed.Known() && e.Closed < x.From {
			t.Fatalf("an episode that ended on %s is seen from %s", e.Closed, x.From)
		}
		if e.Referred < x.From {
			before++
		}
	}
	if before < 5 {
		t.Errorf("%d were inside already", before)
	}
	if used := nights(x, 2, 0); used[0] < 3 {
		t.Errorf("%d beds are in use on the first night", used[0])
	}
}
