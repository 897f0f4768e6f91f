package scenarios

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tier4/sim"
)

func mustLoad(t *testing.T, name string, sets ...string) *Scenario {
	t.Helper()
	s, err := Load(name, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func stageOf(t *testing.T, s *Scenario, name string) *sim.Stage {
	t.Helper()
	i := slices.IndexFunc(s.Spec.Stages, func(st sim.Stage) bool { return st.Name == name })
	if i < 0 {
		t.Fatalf("there is no stage %s", name)
	}
	return &s.Spec.Stages[i]
}

func placeOf(t *testing.T, s *Scenario, stage, name string) sim.Place {
	t.Helper()
	places := stageOf(t, s, stage).Beds.Places
	i := slices.IndexFunc(places, func(p sim.Place) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("there is no place %s", name)
	}
	return places[i]
}

// TestOverlay sets, adds, removes and scales, and overlays the result again.
func TestOverlay(t *testing.T) {
	base, more, most := mustLoad(t, "testdata/clinic.yaml"), mustLoad(t, "testdata/more.yaml"), mustLoad(t, "testdata/most.yaml")
	if more.Name != "More beds" || more.Extends != "clinic.yaml" || most.About != more.About || base.Extends != "" {
		t.Errorf("names: %q extends %q; %q", more.Name, more.Extends, most.About)
	}
	if p := placeOf(t, more, "rehab", "chatham-house"); p.Beds != 4 || p.PerNight != 15000 {
		t.Errorf("added: %+v", p)
	}
	if len(stageOf(t, more, "rehab").Beds.Places) != 2 {
		t.Error("removed: newhaven is still there")
	}
	before, _ := pick(stageOf(t, base, "detox").Beds.Stay, "opiates", nil)
	after, _ := pick(stageOf(t, more, "detox").Beds.Stay, "opiates", nil)
	if got := after.Mean() / before.Mean(); math.Abs(got-0.5) > 1e-9 {
		t.Errorf("scaled: the stay is %v of what it was, want half", got)
	}
	if got := more.Spec.Streams[0].Rates; got[0].PerYear != 33 || math.Abs(got[2].PerYear-13.2) > 1e-12 {
		t.Errorf("scaled: the rates are %v", got)
	}
	if placeOf(t, most, "detox", "bridge-house").Beds != 4 || placeOf(t, most, "rehab", "chatham-house").Beds != 5 {
		t.Error("an overlay of an overlay does not hold")
	}
	want := []Change{{"pathway.detox.places.bridge-house.beds", "3", "4"}, {"pathway.rehab.places.chatham-house.beds", "4", "5"}}
	if !slices.Equal(most.Changes, want) {
		t.Errorf("changes %v, want %v", most.Changes, want)
	}
	if len(base.Changes) != 0 {
		t.Errorf("a scenario by itself has changes %v", base.Changes)
	}
	if base.Spec.Name != base.Name || base.Replications != 200 || base.Seed != 20250401 {
		t.Errorf("%q, %d, %d", base.Spec.Name, base.Replications, base.Seed)
	}
}

// TestOrderIsAChange where places are tried in another order.
func TestOrderIsAChange(t *testing.T) {
	s := mustLoad(t, "medway", "pathway.rehab.places={other-rehabs: "+mustLoad(t, "medway").at(t, "pathway.rehab.places.other-rehabs")+
		", riverside: "+mustLoad(t, "medway").at(t, "pathway.rehab.places.riverside")+"}")
	want := []Change{{"pathway.rehab.places", "in the order riverside, other-rehabs", "in the order other-rehabs, riverside"}}
	if !slices.Equal(s.Changes, want) {
		t.Errorf("changes %v, want %v", s.Changes, want)
	}
}

// TestSettings come after a file's own changes, in order.
func TestSettings(t *testing.T) {
	s := mustLoad(t, "testdata/more.yaml", "pathway.detox.places.bridge-house.beds=7", "pathway.detox.places.bridge-house.beds=times 2",
		"pathway.rehab.stay={fixed: 30 days}", "matters.rehab.wait.mean=2 days", "referrals.court=removed", "pathway.rehab.stay.fixed = 31 days")
	if got := placeOf(t, s, "detox", "bridge-house").Beds; got != 14 {
		t.Errorf("%d beds, want 14", got)
	}
	if stay, _ := pick(stageOf(t, s, "rehab").Beds.Stay, "opiates", nil); stay.Mean() != 31 {
		t.Errorf("a stay of %v, want 31 days", stay)
	}
	if last := s.Matters[len(s.Matters)-1]; last != (Matter{"rehab.wait.mean", 2, "days"}) {
		t.Errorf("matters %+v", last)
	}
	if len(s.Spec.Streams) != 4 {
		t.Errorf("%d streams, want 4", len(s.Spec.Streams))
	}
	if !slices.Contains(s.Changes, Change{"referrals.court", mustLoad(t, "testdata/clinic.yaml").at(t, "referrals.court"), ""}) {
		t.Errorf("changes %v lack the stream", s.Changes)
	}
}

func (s *Scenario) at(t *testing.T, path string) string {
	t.Helper()
	v, ok := s.Value(path)
	if !ok {
		t.Fatalf("there is no %s", path)
	}
	return v
}

// TestCircle names every scenario on the way round.
func TestCircle(t *testing.T) {
	for file, circle := range map[string]string{
		"testdata/circle-a.yaml":   "circle-a -> circle-b -> circle-c -> circle-a",
		"testdata/circle-c.yaml":   "circle-c -> circle-a -> circle-b -> circle-c",
		"./testdata/circle-a.yaml": "circle-a -> circle-b -> circle-c -> circle-a",
	} {
		_, err := Load(file)
		if err == nil || !strings.Contains(err.Error(), circle) {
			t.Errorf("%v, want %q in it", err, circle)
		}
	}
	self := filepath.Join(t.TempDir(), "self.yaml")
	if err := os.WriteFile(self, []byte("extends: self.yaml\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(self); err == nil || !strings.Contains(err.Error(), "self -> self") {
		t.Errorf("%v, want a circle of one", err)
	}
}

// TestFaultOfBase stands in the file where the value was written.
func TestFaultOfBase(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"base.yaml": strings.Replace(read(t, "testdata/textbook.yaml"), "beds: 4", "beds: none", 1),
		"over.yaml": "extends: base.yaml\nchanges:\n  pathway.ward.queue: random\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Load(filepath.Join(dir, "over.yaml"))
	for _, want := range []string{"base.yaml:9:44: `beds: none`", "over.yaml:3:23: `queue: random`"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
}

// TestHash depends on what a scenario says, not on how it is laid out.
func TestHash(t *testing.T) {
	text := read(t, "testdata/textbook.yaml")
	hash := func(text string, sets ...string) string {
		s, err := Parse("x.yaml", []byte(text), sets...)
		if err != nil {
			t.Fatal(err)
		}
		return s.Hash
	}
	first := hash(text)
	if len(first) != 16 {
		t.Errorf("hash %q", first)
	}
	for name, same := range map[string]string{
		"a comment":             "# more\n" + text,
		"another name":          strings.Replace(text, "Textbook queue", "Something else", 1),
		"another order of keys": strings.Replace(strings.Replace(text, "measure: 10 years\n", "", 1), "pathway:", "measure: 10 years\npathway:", 1),
		"quotes":                strings.Replace(text, "next: home", `next: "home"`, 1),
	} {
		if hash(same) != first {
			t.Errorf("%s changes the hash", name)
		}
	}
	for name, other := range map[string]string{
		"another stay":  strings.Replace(text, "12 days", "13 days", 1),
		"another place": strings.Replace(text, "places: {beds:", "places: {ward:", 1),
	} {
		if hash(other) == first {
			t.Errorf("%s does not change the hash", name)
		}
	}
	if hash(text, "pathway.ward.places.beds.beds=5") != hash(strings.Replace(text, "beds: 4", "beds: 5", 1)) {
		t.Error("a setting and the same text differ")
	}
	two := "places: {a: {contract: block, beds: 1}, b: {contract: spot}}"
	swapped := "places: {b: {contract: spot}, a: {contract: block, beds: 1}}"
	old := "places: {beds: {contract: block, beds: 4}}"
	if hash(strings.Replace(text, old, two, 1)) == hash(strings.Replace(text, old, swapped, 1)) {
		t.Error("places in another order are tried in another order, and the hash does not tell")
	}
}

// TestHashOfData changes with the data a scenario reads.
func TestHashOfData(t *testing.T) {
	dir := t.TempDir()
	text := strings.Replace(read(t, "testdata/textbook.yaml"), "{exponential: {mean: 12 days}}", "{empirical: {file: stays.csv}}", 1)
	var hashes []string
	for _, days := range []string{"days\n3\n4\n", "days\n3\n5\n"} {
		for name, text := range map[string]string{"s.yaml": text, "stays.csv": days} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		hashes = append(hashes, mustLoad(t, filepath.Join(dir, "s.yaml")).Hash)
	}
	if hashes[0] == hashes[1] {
		t.Error("other data, the same hash")
	}
}

// TestPathsReachEveryValue sets any value to itself, and nothing changes.
func TestPathsReachEveryValue(t *testing.T) {
	for _, name := range []string{"testdata/clinic.yaml", "testdata/everything.yaml", "testdata/more.yaml", "medway"} {
		s := mustLoad(t, name)
		paths := s.Paths()
		if len(paths) < 50 {
			t.Fatalf("%s has only %d paths", name, len(paths))
		}
		rapid.Check(t, func(t *rapid.T) {
			path := rapid.SampledFrom(paths).Draw(t, "path")
			value, ok := s.Value(path)
			if !ok {
				t.Fatalf("%s is not found", path)
			}
			same, err := Load(name, path+"="+value)
			if err != nil {
				t.Fatal(err)
			}
			if same.Hash != s.Hash || !reflect.DeepEqual(same.Changes, s.Changes) {
				t.Fatalf("%s=%s: hash %s, was %s; changes %v", path, value, same.Hash, s.Hash, same.Changes)
			}
			if got, want := fmt.Sprintf("%v", same.Spec.Streams), fmt.Sprintf("%v", s.Spec.Streams); got != want {
				t.Fatalf("%s=%s: streams %s, were %s", path, value, got, want)
			}
		})
	}
}

// TestOneSettingIsOneChange holds a scaled number to be the one difference.
func TestOneSettingIsOneChange(t *testing.T) {
	s := mustLoad(t, "medway")
	var numbers []string
	for _, path := range s.Paths() {
		n, _ := walk(s.tree, path)
		c := n[len(n)-1].clone()
		if c.multiplyNumber(2) && c.text != n[len(n)-1].text {
			numbers = append(numbers, path)
		}
	}
	loaded := 0
	rapid.Check(t, func(t *rapid.T) {
		path := rapid.SampledFrom(numbers).Draw(t, "path")
		twice, err := Load("medway", path+"=times 2")
		if err != nil {
			return // twice a share may be more than everybody
		}
		loaded++
		if len(twice.Changes) != 1 || twice.Changes[0].Path != path || twice.Hash == s.Hash {
			t.Fatalf("%s: hash %s, was %s; changes %v", path, twice.Hash, s.Hash, twice.Changes)
		}
	})
	if loaded < 10 {
		t.Errorf("only %d settings load", loaded)
	}
}

func TestScale(t *testing.T) {
	for _, c := range []struct{ text, by, want string }{
		{"12 days", "1.5", "18 days"},
		{"£1,200", "1.1", "£1320"},
		{"£420.55", "0.5", "£210.28"},
		{"85%", "0.5", "42.5%"},
		{"4", "2", "8"},
		{"5 per week", "2", "10 per week"},
		{"5 per 1000 per year", "2", "10 per 1000 per year"},
		{"£90 per week", "1.1", "£99 per week"},
		{"up to 7 days", "2", "up to 14 days"},
		{"{2025-04-01: 6, 2026-10-01: 8}", "2", "{2025-04-01: 12, 2026-10-01: 16}"},
		{"{share: 15%, adds: 6 weeks}", "2", "{share: 15%, adds: 12 weeks}"},
		{"until there is room", "2", ""},
		{"[{from: 2026-06-01, until: 2026-08-01}]", "2", ""},
		{"0.1", "3", "0.3"},
		{"[1 day, 2 days]", "2", "[2 day, 4 days]"},
		{"{opiates: 3, else: 4}", "2", "{opiates: 6, else: 8}"},
		{"{gamma: {mean: 84 days, sd: 25 days}}", "2", "{gamma: {mean: 168 days, sd: 50 days}}"},
		{"{weibull: {shape: 0.7, scale: 210 days}}", "2", "{weibull: {shape: 0.7, scale: 420 days}}"},
		{"{mixture: [{share: 60%, law: 3 days}, {share: rest, law: {lognormal: {median: 4, p90: 8}}}]}", "2", "{mixture: [{share: 60%, law: 6 days}, {share: rest, law: {lognormal: {median: 8, p90: 16}}}]}"},
		{"{lognormal: {mu: 2, sigma: 1}}", "2", ""},
		{"priority", "2", ""},
		{"30% lower", "2", ""},
		{"{}", "2", ""},
		{"[]", "2", ""},
		{"{empirical: {file: waits.csv}}", "2", ""},
	} {
		var faults Faults
		n := parse("x.yaml", []byte(c.text), &faults)
		by, _ := number(c.by)
		got := ""
		if scaled, ok := n.scaled(by); ok {
			got = scaled.String()
		}
		if got != c.want {
			t.Errorf("%s times %s is %q, want %q", c.text, c.by, got, c.want)
		}
	}
}

// TestWithIsLoading sets values of a scenario that was read: the same as reading it with them, data files too.
func TestWithIsLoading(t *testing.T) {
	for _, name := range []string{"testdata/more.yaml", "testdata/everything.yaml", "all-spot"} {
		base := mustLoad(t, name)
		first, second := "measure=2 years", "measure=7 years"
		want := mustLoad(t, name, first, second)
		before := base.tree.String()
		one, err := base.With(first)
		if err != nil {
			t.Fatal(err)
		}
		got, err := one.With(second)
		if err != nil {
			t.Fatal(err)
		}
		alike := reflect.DeepEqual(mustLoad(t, name, first, second).Spec, want.Spec) // NaN, as in some specs, is unlike itself
		if got.Hash != want.Hash || reflect.DeepEqual(got.Spec, want.Spec) != alike || !reflect.DeepEqual(got.Changes, want.Changes) || got.Extends != want.Extends || got.Name != want.Name {
			t.Errorf("%s: with settings it is another scenario than read with them", name)
		}
		if base.tree.String() != before || base.Hash == got.Hash {
			t.Errorf("%s: the scenario itself was changed", name)
		}
	}
	_, err := mustLoad(t, "medway").With("pathway.rehabb.places=4", "measure=2 yeers")
	if faults, _ := err.(Faults); len(faults) < 2 || faults[0].File != "--set" || faults[len(faults)-1].Line != 2 {
		t.Errorf("faults of settings: %v", err)
	}
}
