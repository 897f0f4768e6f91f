package explore

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tier4/scenarios"
)

// ward is a scenario with a number of each kind.
const ward = `
name: Ward
measure: 2 years
referrals: {all: {per_day: 0.05, enters: ward}}
pathway:
  panel: {kind: panel, meets: {every: 2 weeks, on: Tuesday}, cases: 4, next: ward}
  ward:
    kind: beds
    places:
      block: {contract: block, beds: 3, per_night: £300, suits: 85%}
      spot: {contract: spot, per_night: £450}
    stay: {exponential: {mean: 90 days}}
    next: home
`

func parsed(text string, sets ...string) (*scenarios.Scenario, error) {
	return scenarios.Parse("ward.yaml", []byte(text), sets...)
}

func scenario(t *testing.T, text string, sets ...string) *scenarios.Scenario {
	t.Helper()
	s, err := parsed(text, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRangesAndLists(t *testing.T) {
	s := scenario(t, ward)
	for _, c := range []struct{ written, want string }{
		{"pathway.ward.places.block.beds=0..4", "0 1 2 3 4"},
		{"pathway.ward.places.block.beds = 0..12 step 5", "0 5 10"},
		{"pathway.ward.places.block.beds=4..4", "4"},
		{"pathway.ward.places.block.beds=6,2,4", "6 2 4"},
		{"pathway.panel.meets.every=1w,2w,4w", "1w 2w 4w"},
		{"pathway.panel.meets.every=1..4 weeks", "1 weeks|2 weeks|3 weeks|4 weeks"},
		{"pathway.panel.meets.every=1w..4w step 1.5w", "1w 2.5w 4w"},
		{"pathway.panel.meets.every=7..28 step 7", "7 14 21 28"},
		{"pathway.panel.meets.on=Tuesday,Friday", "Tuesday Friday"},
		{"pathway.ward.places.spot.per_night=£400..£500 step £50", "£400 £450 £500"},
		{"pathway.ward.places.spot.per_night=£1,000..1,100 step 50", "£1000 £1050 £1100"},
		{"pathway.ward.places.block.suits=70..90% step 10%", "70% 80% 90%"},
		{"pathway.ward.places.block.suits=0.1..0.4 step 0.1", "0.1 0.2 0.3 0.4"},
		{"pathway.ward.places.block.turnover=0 days,1 day", "0 days|1 day"}, // a key that was not there
		{"pathway.ward.stay.exponential.mean=60 days,90 days", "60 days|90 days"},
	} {
		space, err := Vary(s, []string{c.written})
		if err != nil {
			t.Errorf("%s: %v", c.written, err)
			continue
		}
		parted := " "
		if strings.Contains(c.want, "|") {
			parted = "|"
		}
		if got := space.Dimensions[0].Values; !slices.Equal(got, strings.Split(c.want, parted)) {
			t.Errorf("%s: %q, want %s", c.written, got, c.want)
		}
	}
}

func TestFaultsOfWhatIsVaried(t *testing.T) {
	s := scenario(t, ward)
	for _, c := range []struct{ written, want string }{
		{"pathway.ward.places.block.beds", "--vary:1:1: `pathway.ward.places.block.beds` does not say what to vary; write `path=from..to`"},
		{"=1..2", "does not say what to vary"},
		{"pathway.ward.places.blok.beds=0..4", "--vary:1:1: the path `pathway.ward.places.blok.beds` leads nowhere: `pathway.ward.places` has no `blok`; did you mean `block`?"},
		{"pathway.ward.places.block.bed=0..4", "unknown key `bed`"},
		{"pathway.ward.places.block.bed=0..4", "did you mean `beds`?"},
		{"pathway.ward.places=0..4", "--vary:1:1: `pathway.ward.places` is no single number; name one number under it: `pathway.ward.places.block.beds`, `pathway.ward.places.block.per_night`"},
		{"pathway.ward.kind=0..4", "`pathway.ward.kind` is `beds`, which is no number; give a range to a number, or list the values"},
		{"pathway.ward.places.block.beds=12..0", "--vary:1:32: `12..0` is an empty range; write the lower end first: `0..12`"},
		{"pathway.ward.places.block.beds=0..12 step 0", "has a step of `0`; write a step above 0"},
		{"pathway.ward.places.block.beds=0..12 step -1", "has a step of `-1`"},
		{"pathway.ward.places.block.beds=0..many", "--vary:1:35: `many` is no number"},
		{"pathway.ward.places.block.beds=..4", "`` is no number"},
		{"pathway.ward.places.block.beds=0...6", "`0...6` is no range; did you mean `0..6`?"},
		{"pathway.ward.places.block.beds=0.5..2", "has no step; say how far apart"},
		{"pathway.ward.places.block.beds=0..4 step 0.5", ""},
		{"pathway.ward.places.block.beds=0..1000000000", "more than 100,000 values; write a longer step"},
		{"pathway.ward.places.block.beds=-2..4", "--vary:1:32: `beds: -2` is too few"},
		{"pathway.panel.meets.every=1w..4 days", "mixes units"},
		{"pathway.ward.places.block.beds=2,,4", "has an empty value"},
		{"pathway.ward.places.block.beds=2,4,2", "--vary:1:36: `2` stands twice"},
		{"pathway.ward.places.spot.per_night=£1,200,£1,400", "a comma parts the values; write pounds without it"},
		{"pathway.panel.meets.every=1w,2x", "--vary:1:27: `every: 2x` is not a length of time"},
		{"seed=1..4", "`seed` cannot be varied: all options are played by the same people, with one seed"},
		{"measure=1 year,2 years", "options must measure the same days"},
	} {
		_, err := Vary(s, []string{c.written})
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.written, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", c.written, err, c.want)
		}
	}
	_, err := Vary(s, []string{"pathway.ward.places.block.beds=5..1", "pathway.ward.places.spot.per_night=£1..£2", "pathway.panel.cases=x,2", "pathway.ward.places.spot.per_night=£3,£4"})
	if faults, _ := err.(scenarios.Faults); len(faults) != 3 || faults[0].Line != 1 || faults[1].Line != 3 || faults[2].Line != 4 || !strings.Contains(faults[2].What, "varied twice") {
		t.Errorf("all faults at once: %v", err)
	}
}

func TestASpaceIsAGridInAStableOrder(t *testing.T) {
	space, err := Vary(scenario(t, ward), []string{"pathway.ward.places.block.beds=1..3", "pathway.panel.meets.every=1w,2w"})
	if err != nil {
		t.Fatal(err)
	}
	if space.Len() != 6 || space.Combinations() != 6 {
		t.Errorf("%d points", space.Len())
	}
	want := []Setting{{"pathway.ward.places.block.beds", "2"}, {"pathway.panel.meets.every", "2w"}}
	if all := space.All(); len(all) != 6 || !reflect.DeepEqual(all[3], want) {
		t.Errorf("the fourth point is %v", all[3])
	}
	if (&Space{}).Len() != 1 || len((&Space{}).At(0)) != 0 {
		t.Error("with nothing varied there is the scenario as it is")
	}
}

func TestADesignPicksDifferentPointsEvenly(t *testing.T) {
	values := func(n int) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprint(i))
		}
		return all
	}
	space := &Space{Dimensions: []Dimension{{"a", values(16)}, {"b", values(4)}, {"c", values(1000)}}}
	d := space.Design(64, 7)
	seen := map[string]bool{}
	times := map[Setting]int{}
	for _, p := range d.All() {
		seen[fmt.Sprint(p)] = true
		times[p[0]]++
		times[p[1]]++
	}
	if d.Len() != 64 || len(seen) != 64 {
		t.Errorf("%d points, %d different", d.Len(), len(seen))
	}
	for _, v := range values(16) {
		if times[Setting{"a", v}] != 4 {
			t.Errorf("a=%s comes %d times in 64", v, times[Setting{"a", v}])
		}
	}
	for _, v := range values(4) {
		if times[Setting{"b", v}] != 16 {
			t.Errorf("b=%s comes %d times in 64", v, times[Setting{"b", v}])
		}
	}
	if !reflect.DeepEqual(d, space.Design(64, 7)) || reflect.DeepEqual(d, space.Design(64, 8)) {
		t.Error("a design depends on its seed, and on nothing else")
	}
	small := &Space{Dimensions: []Dimension{{"a", values(3)}, {"b", values(3)}}}
	for n := 1; n <= 8; n++ {
		if got := small.Design(n, 1); got.Len() != n {
			t.Errorf("%d of 9 points: %d", n, got.Len())
		}
	}
	if got := small.Design(100, 1); got.Len() != 9 || got.points != nil {
		t.Error("a design of more points than there are is the grid")
	}
}
