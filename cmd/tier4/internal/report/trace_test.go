package report

import (
	"slices"
	"strings"
	"testing"

	"tier4/sim"
)

// A story of everything that can happen, in words.
func TestStoryInWords(t *testing.T) {
	spec := rich(t)
	who := sim.Person{Key: 7, Stream: "community", Cohort: "opiates", Traits: []string{"high-complexity"}, Slab: 3, Number: 12}
	s := &Stories{Traced: about(spec), Wanted: []string{"community/opiates/12c"}}
	for _, e := range []sim.Told{
		{At: 315.4, What: sim.Joins, Stage: "assessment"},
		{At: 315.4, What: sim.OpensCase, Stage: "assessment"},
		{At: 327.2, What: sim.Joins, Stage: "panel"},
		{At: 329, What: sim.IsDeferred, Stage: "panel"},
		{At: 343, What: sim.IsDeferred, Stage: "panel", Detail: "for want of money"},
		{At: 357, What: sim.IsHeard, Stage: "panel", Detail: "approved"},
		{At: 361, What: sim.IsAnswered, Stage: "panel", Detail: "approved"},
		{At: 361, What: sim.Joins, Stage: "detox"},
		{At: 361.5, What: sim.Starts, Stage: "detox", Place: "bridge-house"},
		{At: 371.5, What: sim.KeepsBed, Stage: "detox", Place: "bridge-house"},
		{At: 371.5, What: sim.Joins, Stage: "rehab"},
		{At: 378.5, What: sim.Leaves, Stage: "detox", Place: "bridge-house", Detail: "as planned"},
		{At: 401, What: sim.Expires, Stage: "rehab"},
		{At: 401, What: sim.Joins, Stage: "panel"},
		{At: 401, What: sim.IsFastTracked, Stage: "panel"},
		{At: 403, What: sim.IsAnswered, Stage: "panel", Detail: "approved"},
		{At: 403, What: sim.Joins, Stage: "rehab"},
		{At: 404, What: sim.Starts, Stage: "rehab", Place: "away"},
		{At: 405, What: sim.Leaves, Stage: "rehab", Place: "away", Detail: "early"},
		{At: 405, What: sim.IsOut, Stage: "rehab", Detail: "left early"},
		{At: 410, What: sim.Relapses, Stage: "rehab"},
		{At: 440, Visit: 1, What: sim.Joins, Stage: "assessment"},
		{At: 450, Visit: 1, What: sim.Dies, Stage: "assessment"},
	} {
		e.Who, e.Since = who, e.At
		s.Told(e)
	}
	want := `community/opiates/12c
Cohort opiates, high complexity; referred by community.

- 12 May 2026: referred; joined the list for assessment; a case was opened for assessment.
- 12 days later, 24 May 2026: joined the list for panel.
- 2 days later, 26 May 2026: put off by panel.
- 14 days later, 9 June 2026: put off by panel, though approved, for want of money.
- 14 days later, 23 June 2026: heard by panel: approved.
- 4 days later, 27 June 2026: the answer of panel came: approved; joined the list for detox.
- The same day: admitted to bridge house (detox).
- 10 days later, 7 July 2026: finished the stay at bridge house (detox), and kept the bed; joined the list for rehab.
- 7 days later, 14 July 2026: left bridge house (detox) as planned.
- 23 days later, 6 August 2026: the approval was not used in time; back to the panel; joined the list for panel; panel
  is to decide without a meeting.
- 2 days later, 8 August 2026: the answer of panel came: approved; joined the list for rehab.
- The day after, 9 August 2026: admitted to away (rehab).
- The day after, 10 August 2026: left away (rehab) early; out of the pathway.
- 5 days later, 15 August 2026: relapsed.
- 30 days later, 14 September 2026: came back; joined the list for assessment.
- 10 days later, 24 September 2026: died.
- That is the end of the story.
`
	got := textOf(t, s.Page())
	flat := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	if !strings.HasSuffix(flat(got), flat(want)) {
		t.Errorf("%s", got)
	}
}

// Those who are there as the run starts are told apart from those who come, and since when they wait.
func TestThoseThereAtTheStart(t *testing.T) {
	spec := rich(t)
	spec.WarmUp, spec.Measure = 0, 60
	spec.Starting = []sim.Started{
		{Stage: "rehab", Place: "riverside", Inside: true, Cohort: "opiates", Stream: "community", Joined: -50, Since: -20},
		{Stage: "panel", Cohort: "alcohol", Stream: "community", Joined: -9},
	}
	round := &Round{Traced: about(spec), Day: 0}
	stories := &Stories{Traced: about(spec), Wanted: []string{"start_with/alcohol/2"}}
	traced(t, spec, round, stories)
	text := textOf(t, round.Page())
	for _, want := range []string{"start_with/opiates/1", "there as the run began", "start_with/alcohol/2", "22 June 2025"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if text := textOf(t, stories.Page()); !strings.Contains(text, "there as the run began; already on the list for panel, since 22 June 2025") {
		t.Error(text)
	}
	if !slices.Contains(stories.Known(), "start_with/opiates/1") || len(stories.Unknown()) > 0 {
		t.Error(stories.Known(), stories.Unknown())
	}
}
