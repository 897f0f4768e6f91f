package scenarios

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const unsureYAML = `name: Unsure
measure: 1 year
traits: {women: 32%}
referrals: {all: {per_week: 3, enters: ward}}
pathway:
  ward:
    kind: beds
    places:
      house: {contract: block, beds: 4, per_night: £150}
      other: {contract: spot, per_night: £180, look_after: 7 days, found_in: {exponential: {mean: 9 days}}}
    stay: {gamma: {mean: 40 days, sd: 20 days}}
    effects: {relapse: 30% lower}
    next: home
uncertain:
  pathway.ward.places.other.per_night: {range: £150 to £220, why: "0% to 40% dearer than block"}
  pathway.ward.places.house.beds: 3 to 6
  traits.women: [28%, 36%]
  pathway.ward.effects.relapse: 50% lower to 1.0
  pathway.ward.stay: times 0.8 to 1.3
  pathway.ward.places.other.found_in.exponential.mean: {lognormal: {median: 9 days, p95: 3 weeks}}
`

// unsure writes a scenario and further files, and loads it with settings.
func unsure(t *testing.T, files map[string]string, name string, sets ...string) (*Scenario, error) {
	t.Helper()
	dir := t.TempDir()
	for file, text := range files {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Load(filepath.Join(dir, name), sets...)
}

func mustUnsure(t *testing.T, files map[string]string, name string, sets ...string) *Scenario {
	t.Helper()
	s, err := unsure(t, files, name, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestUncertainIsReadInTheUnitOfItsPath(t *testing.T) {
	s := mustUnsure(t, map[string]string{"a.yaml": unsureYAML}, "a.yaml")
	var got []string
	for _, u := range s.Unknowns.List() {
		got = append(got, strings.Join([]string{u.Path, u.Say(u.Value), u.Say(u.Quantile(0)), u.Say(u.Quantile(1)), u.Setting(u.Quantile(0.5)), u.Why}, " | "))
	}
	want := []string{
		"pathway.ward.places.other.per_night | £180 | £150 | £220 | pathway.ward.places.other.per_night=182.58 | 0% to 40% dearer than block",
		"pathway.ward.places.house.beds | 4 | 3 | 6 | pathway.ward.places.house.beds=4 | ",
		"traits.women | 32% | 28% | 36% | traits.women=0.32 | ",
		"pathway.ward.effects.relapse | 30% lower | 50% lower | 1 | pathway.ward.effects.relapse=0.726138721247 | ",
		"pathway.ward.stay | times 1 | times 0.8 | times 1.3 | pathway.ward.stay=times 1.02613872125 | ",
		"pathway.ward.places.other.found_in.exponential.mean | 9 days | 1.33 days | 61.1 days | pathway.ward.places.other.found_in.exponential.mean=9 | ",
	}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Errorf("unknown %d is\n%s\nwant\n%s", i, got[min(i, len(got)-1)], want[i])
		}
	}
}

// TestDrawsHaveAddresses: a draw depends on seed, number and path alone, and is what Load gives with settings.
func TestDrawsHaveAddresses(t *testing.T) {
	base := mustUnsure(t, map[string]string{"a.yaml": unsureYAML}, "a.yaml")
	fewer := mustUnsure(t, map[string]string{"a.yaml": unsureYAML}, "a.yaml", "uncertain.traits.women=removed", "uncertain.pathway.ward.stay=removed")
	list := fewer.Unknowns.List()
	if len(list) != 4 {
		t.Fatalf("%d are left of what was uncertain", len(list))
	}
	for draw := range 50 {
		all, some := base.Unknowns.Draw(7, draw), fewer.Unknowns.Draw(7, draw)
		for i, u := range list {
			k := slices.IndexFunc(base.Unknowns.List(), func(o Unknown) bool { return o.Path == u.Path })
			if all[k] != some[i] {
				t.Errorf("draw %d of %s is %v and %v", draw, u.Path, all[k], some[i])
			}
			if low, high := u.Quantile(0), u.Quantile(1); some[i] < low || some[i] > high {
				t.Errorf("draw %d of %s, %v, is outside its range", draw, u.Path, some[i])
			}
		}
	}
	if slices.Equal(base.Unknowns.Draw(7, 1), base.Unknowns.Draw(8, 1)) {
		t.Error("another seed gives the same draw")
	}
	values := base.Unknowns.Draw(7, 3)
	var sets []string
	for i, u := range base.Unknowns.List() {
		sets = append(sets, u.Setting(values[i]))
	}
	spec, err := base.Variant(values)
	if err != nil {
		t.Fatal(err)
	}
	loaded := mustUnsure(t, map[string]string{"a.yaml": unsureYAML}, "a.yaml", append([]string{"uncertain=removed"}, sets...)...)
	if !reflect.DeepEqual(spec, loaded.Spec) {
		t.Errorf("the variant is\n%+v\nloaded with settings\n%+v", spec, loaded.Spec)
	}
}

// TestWhatIfsInheritWhatIsUncertain: a number that a what-if sets is known there, one that it multiplies
// has its range multiplied, one that it repeats stays uncertain, one that it takes away is no fault.
func TestWhatIfsInheritWhatIsUncertain(t *testing.T) {
	files := map[string]string{
		"a.yaml": unsureYAML + "  correlations: [{between: [pathway.ward.places.other.per_night, traits.women, pathway.ward.effects.relapse], rank: 0.5}]\n",
		"b.yaml": `name: B
extends: a.yaml
changes:
  traits.women: 60%
  pathway.ward.places:
    new: {contract: block, beds: 1, per_night: £140}
    house: {contract: block, beds: 9, per_night: £150}
    other: {contract: spot, per_night: £180, look_after: 7 days, found_in: {exponential: {mean: 9 days}}}
  uncertain.pathway.ward.places.new.per_night: £120 to £170
`,
		"c.yaml": "name: C\nextends: a.yaml\nchanges: {pathway.ward.places.other.per_night: times 2, pathway.ward.places.house: removed}\n",
		"d.yaml": "name: D\nextends: b.yaml\nchanges: {uncertain.traits.women: 50% to 70%}\n",
	}
	base := mustUnsure(t, files, "a.yaml")
	value := func(s *Scenario, path string, draw int) float64 {
		for i, u := range s.Unknowns.List() {
			if u.Path == path {
				return s.Unknowns.Draw(1, draw)[i]
			}
		}
		return math.NaN()
	}
	price, women, relapse := "pathway.ward.places.other.per_night", "traits.women", "pathway.ward.effects.relapse"
	b, c, d := mustUnsure(t, files, "b.yaml"), mustUnsure(t, files, "c.yaml"), mustUnsure(t, files, "d.yaml")
	for draw := range 20 {
		if got, want := value(b, price, draw), value(base, price, draw); got != want {
			t.Errorf("B repeats the price: %v, base %v", got, want)
		}
		if got := value(b, women, draw); !math.IsNaN(got) {
			t.Errorf("B says what it is, and yet it is %v", got)
		}
		if got, want := value(b, relapse, draw), value(base, relapse, draw); got != want {
			t.Errorf("what is correlated with a settled number: %v, base %v", got, want)
		}
		if got, want := value(c, price, draw), 2*value(base, price, draw); math.Abs(got-want) > 0.011 {
			t.Errorf("C doubles the price: %v, want %v", got, want)
		}
		if got := value(d, women, draw); !(got >= 0.5 && got <= 0.7) {
			t.Errorf("D makes it uncertain again: %v", got)
		}
	}
	if got := value(b, "pathway.ward.places.house.beds", 0); !math.IsNaN(got) {
		t.Errorf("B sets the beds, and yet they are %v", got)
	}
	if got := value(b, "pathway.ward.places.new.per_night", 0); math.IsNaN(got) {
		t.Error("B's own is not uncertain")
	}
}

func TestJointSamples(t *testing.T) {
	files := map[string]string{"a.yaml": unsureYAML[:strings.Index(unsureYAML, "uncertain:")] + "uncertain:\n  traits.women: 20% to 40%\n  samples: posterior.csv\n"}
	rows := "pathway.ward.places.other.per_night,pathway.ward.stay\n"
	for i := range 40 {
		rows += []string{"£170", "£190"}[i%2] + "," + []string{"0.9", "1.1"}[i%2] + "\n"
	}
	files["posterior.csv"] = rows
	s := mustUnsure(t, files, "a.yaml")
	high := 0
	for draw := range 400 {
		switch v := s.Unknowns.Draw(1, draw); {
		case len(v) != 3 || v[1] == 170 && v[2] != 0.9 || v[1] == 190 && v[2] != 1.1:
			t.Fatalf("draw %d is %v: its columns are of different rows", draw, v)
		case v[1] == 190:
			high++
		}
	}
	if high < 150 || high > 250 {
		t.Errorf("%d of 400 draws are of a half of the rows", high)
	}
	if sets := s.Unknowns.Together(); len(sets) != 1 || !slices.Equal(sets[0], []int{1, 2}) {
		t.Errorf("together: %v", sets)
	}
	if _, err := s.Variant(s.Unknowns.Draw(1, 0)); err != nil {
		t.Error(err)
	}
}

func TestFaultsOfWhatIsUncertain(t *testing.T) {
	plain := unsureYAML[:strings.Index(unsureYAML, "uncertain:")]
	for _, c := range []struct{ entry, want string }{
		{"pathway.ward.kind: 3 to 5", "a.yaml:15:22: `pathway.ward.kind` is `beds`, which is no number; only numbers can be uncertain"},
		{"pathway.wart.stay: 3 to 5", "a.yaml:15:3: the path `pathway.wart.stay` leads nowhere: `pathway` has no `wart`; did you mean `ward`?"},
		{"pathway.ward.stay: 3 to 5", "which is no single number; name one number under it, or vary all of it alike: `times 0.8 to 1.4`"},
		{"pathway.ward.effects: times 0.8 to 1.4", "which cannot be multiplied"},
		{"measure: 1 to 2", "`measure` cannot be uncertain: it is chosen, not found out"},
		{"traits.women: 20% to 130%", "a.yaml:15:3: `traits.women` can be `130%`: `women: 1.3` is not a share; a share lies from 0% to 100%"},
		{"traits.women: 20% to 130%\n  pathway.ward.kind: 3 to 5", "a.yaml:15:3: `traits.women` can be `130%`"}, // beside another that is wrong
		{"traits.women: 20% to 130%\nwibble: 3", "a.yaml:15:3: `traits.women` can be `130%`"},
		{"traits.women: 40% to 50%", "the scenario has `32%` for `traits.women`, outside its range"},
		{"traits.women: {normal: {mean: 90%, sd: 10%}}", "`traits.women` can be `127%`"},
		{"traits.women: £3 to £5", "`£3` is not in the unit of `traits.women`, which is `32%`"},
		{"traits.women: 50% to 30%", "is empty: it ends below its start; write the lower end first: `30% to 50%`"},
		{"traits.women: 32% to 32%", "is empty; widen it"},
		{"pathway.ward.places.house.beds: 3 to 6.5", "does not end at whole numbers, and `pathway.ward.places.house.beds` is one; write two whole numbers, such as `3 to 7`"},
		{"traits.women: about a third", "is not a range"},
		{"traits.women: {rang: 3 to 5}", "unknown key `rang` in what is uncertain; did you mean `range`?"},
		{"traits.women: {why: nobody knows}", "`traits.women` has no range"},
		{"traits.women: {range: 20% to 40%, uniform: {from: 0, to: 1}}", "`traits.women` has two distributions"},
		{"traits.women: {uniform: {from: 20%, upto: 40%}}", "`upto` is no parameter of uniform; write uniform with `{from, to}`"},
		{"correlations: [{between: [traits.women, traits.men], rank: 0.5}]", "a.yaml:15:43: `traits.men` is not uncertain here"},
		{"correlations: [{between: [traits.women, traits.women], rank: 1.5}]", "`rank: 1.5` is not a rank correlation"},
		{"samples: nope.csv", "cannot read `nope.csv`: there is no such file"},
		{"samples: bad.csv", "bad.csv:1:14: the path `traits.men` leads nowhere"},
		{"samples: bad.csv", "bad.csv:3:1: `many` is not in the unit of `traits.women`"},
		{"samples: short.csv", "`short.csv` has 1 rows; give at least 10"},
		{
			"pathway.ward.places.house.beds: 3 to 6\n  pathway.ward.places.other.per_night: £150 to £200\n  traits.women: 30% to 40%\n" +
				"  correlations: [{between: [pathway.ward.places.house.beds, traits.women], rank: 0.9}, {between: [traits.women, pathway.ward.places.other.per_night], rank: 0.9}, {between: [pathway.ward.places.house.beds, pathway.ward.places.other.per_night], rank: -0.9}]",
			"the matrix is not positive definite",
		},
	} {
		bad := "traits.women,traits.men\n0.3,1\nmany,1\n" + strings.Repeat("0.3,1\n", 12)
		_, err := unsure(t, map[string]string{"a.yaml": plain + "uncertain:\n  " + c.entry + "\n", "bad.csv": bad, "short.csv": "traits.women\n0.3\n"}, "a.yaml")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: says\n%v\nwant\n%s", c.entry, err, c.want)
		}
	}
}

// Without ranges of its own, every number may be a fifth more or less, where the scenario takes both.
func TestAroundEveryNumber(t *testing.T) {
	plain := unsureYAML[:strings.Index(unsureYAML, "uncertain:")]
	s := mustUnsure(t, map[string]string{"a.yaml": plain}, "a.yaml").Around(0.2)
	got := map[string]string{}
	for _, u := range s.Unknowns.List() {
		got[u.Path] = u.Say(u.Quantile(0.025)) + " to " + u.Say(u.Quantile(0.975))
	}
	for path, want := range map[string]string{
		"traits.women": "25.6% to 38.4%", "pathway.ward.places.house.beds": "3 to 5", "pathway.ward.places.house.per_night": "£120 to £180",
		"pathway.ward.stay.gamma.mean": "32 days to 48 days", "pathway.ward.effects.relapse": "44% lower to 16% lower", "measure": "", "pathway.ward.kind": "",
	} {
		if got[path] != want {
			t.Errorf("%s: %s, want %s", path, got[path], want)
		}
	}
	if _, err := s.Variant(s.Unknowns.Draw(1, 1)); err != nil {
		t.Error(err)
	}
}
