package explore

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tier4/scenarios"
	"tier4/sim"
)

// houses has two units on block contract, so that its cost is beds times price whatever the luck.
const houses = `name: Houses
measure: 1 year
referrals: {all: {per_week: 3, enters: ward}}
pathway:
  ward:
    kind: beds
    places:
      hill: {contract: block, beds: 10, per_night: £100}
      dale: {contract: block, beds: 5, per_night: £100}
    stay: {exponential: {mean: 30 days}}
    next: home
uncertain:
  pathway.ward.places.hill.per_night: {uniform: {from: £80, to: £120}}
  pathway.ward.places.dale.per_night: {uniform: {from: £80, to: £120}}
  pathway.ward.stay: times 0.9 to 1.1
`

// fewer gives up the dale and buys a dearer bed on the hill.
const fewer = `name: Fewer
extends: houses.yaml
changes:
  pathway.ward.places.dale: removed
  pathway.ward.places.moor: {contract: block, beds: 5, per_night: £110}
  uncertain.pathway.ward.places.moor.per_night: {uniform: {from: £80, to: £120}}
`

// inquiry compiles scenarios written to files, the base first.
func inquiry(t *testing.T, files map[string]string, names []string, figures ...string) *Inquiry {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var all []*scenarios.Scenario
	var models []*sim.Model
	for _, name := range names {
		s, err := scenarios.Load(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		m, err := sim.Compile(s.Spec, figures...)
		if err != nil {
			t.Fatal(err)
		}
		all, models = append(all, s), append(models, m.WithoutSeries())
	}
	q := NewInquiry(all, models, figures)
	q.Seed = 5
	return q
}

var both = map[string]string{"houses.yaml": houses, "fewer.yaml": fewer}

func nearTo(t *testing.T, what string, got, want, most float64) {
	t.Helper()
	if !(math.Abs(got-want) <= most) {
		t.Errorf("%s is %v, want %v give or take %v", what, got, want, most)
	}
}

func (q *Inquiry) named(t *testing.T, path string) int {
	t.Helper()
	for k, n := range q.Numbers {
		if n.Path == path {
			return k
		}
	}
	t.Fatalf("%s is no number", path)
	return 0
}

const hill, dale, moor = "pathway.ward.places.hill.per_night", "pathway.ward.places.dale.per_night", "pathway.ward.places.moor.per_night"

// The cost of ten beds on the hill and five in the dale moves by their nights for each pound a night;
// four fifths of its variance are the hill's: 100 to 25.
func TestTornadoOfAStraightSum(t *testing.T) {
	q := inquiry(t, both, []string{"houses.yaml"}, "cost", "ward.wait.mean")
	all, err := q.Tornado(t.Context(), 20, 200, 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all[0].Figure.ID != "cost" || len(all[0].Swings) != 3 {
		t.Fatalf("%d targets, %+v", len(all), all)
	}
	cost := all[0]
	nearTo(t, "the cost", cost.Value.Value, 15*100*365, 15*100)
	first, second, last := cost.Swings[0], cost.Swings[1], cost.Swings[2]
	if q.Numbers[first.Number].Path != hill || q.Numbers[second.Number].Path != dale || last.Apart.Value != 0 {
		t.Errorf("swings %+v", cost.Swings)
	}
	nearTo(t, "the low end", first.Low, 81, 1e-9)
	nearTo(t, "the swing of the hill", first.Apart.Value, 38*10*365, 38*10*2)
	nearTo(t, "that of the dale", second.Apart.Value, 38*5*365, 38*5*2)
	nearTo(t, "the width of its interval", first.Apart.High-first.Apart.Low, 0, 1e-6)
	nearTo(t, "the share of the hill", first.Share, 0.8, 0.08)
	nearTo(t, "the share of the dale", second.Share, 0.2, 0.08)
	nearTo(t, "the share of the stay", last.Share, 0, 0.02)
	nearTo(t, "the standard deviation for not knowing", math.Sqrt(cost.Parts.Parameters), 365*math.Hypot(10, 5)*40/math.Sqrt(12), 365*10)
	for _, s := range all[1].Swings {
		if q.Numbers[s.Number].Path != "pathway.ward.stay" && s.Apart.Value != 0 {
			t.Errorf("a price moves the wait by %v", s.Apart.Value)
		}
	}
	if wait := all[1].Swings[0]; wait.Apart.Value <= 0 {
		t.Errorf("longer stays do not lengthen the wait: %+v", wait)
	}
}

// The indices of a straight sum are the shares of its variance, first and total alike.
func TestSobolOfAStraightSum(t *testing.T) {
	q := inquiry(t, both, []string{"houses.yaml"}, "cost")
	all, err := q.Sobol(t.Context(), 128, 2)
	if err != nil || !all[0].Known {
		t.Fatal(err)
	}
	for _, n := range all[0].Numbers {
		want := map[string]float64{hill: 0.8, dale: 0.2}[q.Numbers[n.Number].Path]
		nearTo(t, "first index of "+q.Numbers[n.Number].Path, n.First.Value, want, 0.06)
		nearTo(t, "its total index", n.Total.Value, want, 0.06)
	}
	nearTo(t, "the variance", all[0].Variance/math.Pow(365*40, 2), 125.0/12, 0.5)
}

// An elementary effect of a straight sum is the same everywhere: it moves by half its levels, 3/4 - 1/4.
func TestMorrisOfAStraightSum(t *testing.T) {
	q := inquiry(t, both, []string{"houses.yaml"}, "cost")
	all, err := q.Morris(t.Context(), 6, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{20 * 10 * 365, 20 * 5 * 365, 0} {
		e := all[0].Numbers[i]
		nearTo(t, "the effect of "+q.Numbers[e.Number].Path, e.Mean.Value, want, want/100)
		nearTo(t, "its size", e.Size.Value, want, want/100)
		nearTo(t, "its spread", e.Spread, 0, 1e-6)
	}
}

// What is common to both falls out of a difference; a number of the what-if alone does not.
func TestDifferencesOfWhatIfs(t *testing.T) {
	q := inquiry(t, both, []string{"houses.yaml", "fewer.yaml"}, "cost")
	all, err := q.Tornado(t.Context(), 10, 200, 2)
	if err != nil {
		t.Fatal(err)
	}
	d := all[0]
	if d.Scenario != 1 {
		t.Fatalf("a target of scenario %d", d.Scenario)
	}
	nearTo(t, "the difference", d.Value.Value, 5*10*365, 100)
	for _, s := range d.Swings {
		want := map[string]float64{dale: -38 * 5 * 365, moor: 38 * 5 * 365}[q.Numbers[s.Number].Path]
		nearTo(t, "the swing of "+q.Numbers[s.Number].Path, s.Apart.Value, want, 38*5*2)
	}
}

// Five beds on the moor cost what five in the dale do at £100 a night.
func TestBreakEvenOfAPrice(t *testing.T) {
	q := inquiry(t, both, []string{"houses.yaml", "fewer.yaml"}, "cost")
	all, err := q.BreakEven(t.Context(), Move{Path: moor, Low: "£80", High: "£130"}, nil, 30)
	if err != nil {
		t.Fatal(err)
	}
	b := all[0]
	if len(all) != 1 || !b.Found || b.More || b.Low != 80 || b.High != 130 {
		t.Fatalf("%+v", all)
	}
	nearTo(t, "the price", b.At, 100, 0.01)
	nearTo(t, "from", b.From, 100, 0.01)
	nearTo(t, "to", b.To, 100, 0.01)
	none, err := q.BreakEven(t.Context(), Move{Path: moor, Low: "£105", High: "£130"}, nil, 30)
	if err != nil || none[0].Found || none[0].AtLow.Value <= 0 {
		t.Errorf("%+v, %v", none, err)
	}
	worth, err := q.BreakEven(t.Context(), Move{Path: moor, Low: "£80", High: "£130"}, []Worth{}, 30)
	if err != nil || len(worth) != 2 || worth[1].Figure.ID != NetBenefit || worth[1].AtLow.Value <= 0 {
		t.Errorf("of the net benefit: %+v, %v", worth, err)
	} else {
		nearTo(t, "where nothing but cost counts", worth[1].At, 100, 0.01)
	}
	beds, err := q.BreakEven(t.Context(), Move{Path: "pathway.ward.places.moor.beds", Low: "2", High: "8"}, nil, 30)
	if err != nil || !beds[0].Found || beds[0].At != 5 || beds[0].AtLow.Value >= 0 {
		t.Errorf("five beds in the dale at £100 and as many on the moor at £110: %+v, %v", beds, err)
	}
	if _, err := q.BreakEven(t.Context(), Move{Path: "pathway.ward.places.mor.per_night", Low: "£80", High: "£130"}, nil, 30); err == nil || !strings.Contains(err.Error(), "did you mean `moor`?") && !strings.Contains(err.Error(), "leads nowhere") {
		t.Errorf("a path that no scenario has: %v", err)
	}
	if _, err := q.BreakEven(t.Context(), Move{Path: moor, Low: "low", High: "high"}, nil, 30); err == nil {
		t.Error("a range of words")
	}
}

// Of two options whose costs differ by 1825 (x - y), with x and y even from 80 to 120: E|x - y| = 40/3, so
// knowing both is worth half of that a night, and knowing one of them E|x - 100|/2 = 5.
func TestValueOfKnowingPrices(t *testing.T) {
	q := inquiry(t, both, []string{"houses.yaml", "fewer.yaml"}, "cost", "ward.admissions")
	all, err := q.Weigh(t.Context(), Ladder{"", []float64{0}, [][]Worth{nil}}, 600, 2)
	if err != nil {
		t.Fatal(err)
	}
	c := all[0]
	nearTo(t, "EVPI", c.EVPI, 1825*40.0/6, 1825)
	nearTo(t, "probability that the base is best", c.Share[0], 0.5, 0.08)
	for _, p := range c.Partial[:2] {
		if path := q.Numbers[p.Number].Path; path != dale && path != moor {
			t.Errorf("%s is worth knowing", path)
		}
		nearTo(t, "EVPPI", p.Value, 1825*5, 1825)
	}
	for _, p := range c.Partial[2:] {
		nearTo(t, "EVPPI of "+q.Numbers[p.Number].Path, p.Value, 0, 400)
	}
	worth, err := q.Weigh(t.Context(), Ladder{"", []float64{1000, 0}, [][]Worth{{{"ward.admissions", 1000}}, nil}}, 50, 2)
	if err != nil || len(worth) != 2 || !(worth[0].Means[0] > worth[1].Means[0]+20000) {
		t.Errorf("admissions at £1,000 each: %+v, %v", worth, err)
	}
}

func TestAnyNumberOfWorkersFindsTheSameSensitivity(t *testing.T) {
	var first []Driven
	for _, workers := range []int{1, 2, 5} {
		q := inquiry(t, both, []string{"houses.yaml", "fewer.yaml"}, "cost", "ward.wait.mean")
		q.Workers = workers
		all, err := q.Tornado(t.Context(), 40, 30, 2)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = all
		}
		if !reflect.DeepEqual(all, first) {
			t.Errorf("%d workers find something else", workers)
		}
	}
}

func TestNumbersThatGoTogether(t *testing.T) {
	linked := strings.Replace(houses, "dale.per_night: {uniform: {from: £80, to: £120}}", "dale.per_night: {uniform: {from: £80, to: £120}, with: "+hill+"}", 1)
	q := inquiry(t, map[string]string{"houses.yaml": linked}, []string{"houses.yaml"}, "cost")
	all, err := q.Tornado(t.Context(), 5, 50, 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(q.Numbers) != 2 {
		t.Fatalf("%d numbers", len(q.Numbers))
	}
	nearTo(t, "the swing of both prices", all[0].Swings[q.named(t, hill)].Apart.Value, 38*15*365, 38*15*2)
	if err := q.Apart(); err != nil {
		t.Error(err)
	}
	joined := houses + "  correlations: [{between: [" + hill + ", " + dale + "], rank: 0.5}]\n"
	q = inquiry(t, map[string]string{"houses.yaml": joined}, []string{"houses.yaml"}, "cost")
	if err := q.Apart(); err == nil || !strings.Contains(err.Error(), "vary together") {
		t.Errorf("says %v", err)
	}
}
