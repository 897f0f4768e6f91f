package explore

import (
	"reflect"
	"strings"
	"testing"

	"tier4/scenarios"
)

func TestAnOptionIsTheScenarioWithItsSettings(t *testing.T) {
	base, err := scenarios.Load("medway", "pathway.panel.cases=5")
	if err != nil {
		t.Fatal(err)
	}
	space, err := Vary(base, []string{"pathway.rehab.places.riverside.beds=2,6", "pathway.panel.meets.every=1w,4w"})
	if err != nil {
		t.Fatal(err)
	}
	options, err := Options(base, space.All(), "cost", "reached.rehab")
	if err != nil {
		t.Fatal(err)
	}
	if len(options) != 4 || options[2].String() != "pathway.rehab.places.riverside.beds=6, pathway.panel.meets.every=1w" {
		t.Fatalf("%d options, the third %s", len(options), options[2])
	}
	want, err := scenarios.Load("medway", "pathway.panel.cases=5", "pathway.rehab.places.riverside.beds=6", "pathway.panel.meets.every=1w")
	if err != nil {
		t.Fatal(err)
	}
	if got := options[2]; got.Hash != want.Hash || !reflect.DeepEqual(got.Model.Spec(), want.Spec) {
		t.Error("an option is another scenario than that of its settings")
	}
	if figures := options[0].Model.Figures(); len(figures) != 2 || figures[0].ID != "cost" {
		t.Errorf("it measures %v", figures)
	}
	if (Option{}).String() != "as it is" {
		t.Error("an option without settings")
	}
}

func TestFaultsOfOptionsComeTogetherOnce(t *testing.T) {
	base := scenario(t, strings.Replace(ward, "block, beds: 3", "share, priority_beds: 2, of: 4", 1))
	space, err := Vary(base, []string{"pathway.ward.places.block.priority_beds=1..3", "pathway.ward.places.block.of=2..5"})
	if err == nil {
		_, err = Options(base, space.All())
	}
	if err == nil || !strings.Contains(err.Error(), "--vary:1:") && !strings.Contains(err.Error(), "ward.yaml:") || strings.Count(err.Error(), "\n") > 3 {
		t.Errorf("more priority beds than there are: %v", err)
	}
	if _, err := Options(scenario(t, ward), [][]Setting{nil}, "costs"); err == nil || !strings.Contains(err.Error(), `no figure "costs"`) {
		t.Errorf("an unknown figure: %v", err)
	}
	if o, err := Options(scenario(t, ward), [][]Setting{nil}); err != nil || len(o) != 1 || len(o[0].Model.Figures()) < 20 {
		t.Errorf("the scenario as it is: %v", err)
	}
}
