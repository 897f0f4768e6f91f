package scenarios

import (
	"reflect"
	"slices"
	"testing"

	"tier4/sim"
)

// What kin have in common is read once, and nothing else: every variant is what reading its scenario alone gives.
func TestKinAreReadAsTheyAreAlone(t *testing.T) {
	var all []*Scenario
	for _, one := range List() {
		all = append(all, mustLoad(t, one.Name))
	}
	others := [][2]string{
		{"another cohort", "cohorts: [opiates, alcohol, non-opiates-and-alcohol, non-opiates, khat]"},
		{"another start", "start: 2026-01-01"},
		{"another trait", "traits.parents: 20%"},
		{"another range", "uncertain.pathway.rehab.stay: times 0.5 to 1.1"},
		{"one certain", "pathway.panel.cases: 5"},
		{"a number off", "pathway.detox.stay.opiates.lognormal.sd: 6 days"},
		{"another text", "pathway.detox.stay.opiates.lognormal.mean: 2.5 weeks"},
		{"one for all", "pathway.rehab.places.riverside.suits: 90%"},
	}
	for _, one := range others { // in this order, so that what fails fails again
		name, change := one[0], one[1]
		s, err := Parse(name, []byte("name: "+name+"\nextends: medway\nchanges:\n  "+change+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	for from := range all { // whoever is the first
		if from > 0 && from < len(all)-len(others) && from%5 > 0 {
			continue
		}
		kin := NewKin(slices.Concat(all[from:], all[:from]))
		for draw := range 3 {
			reading := kin.Reading()
			for i, s := range kin.All {
				values := s.Unknowns.Draw(7, draw)
				got, err := reading.Variant(i, values)
				if err != nil {
					t.Fatal(err)
				}
				want, err := s.Variant(values)
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s beside %s, draw %d: read as\n%+v\nalone\n%+v", s.Name, kin.All[0].Name, draw, got, want)
				}
			}
		}
	}
}

func TestKinShareWhatTheyHaveInCommon(t *testing.T) {
	base, weekly := mustLoad(t, "medway"), mustLoad(t, "weekly-panel")
	stage := func(s sim.Spec, name string) *sim.Stage {
		return &s.Stages[slices.IndexFunc(s.Stages, func(x sim.Stage) bool { return x.Name == name })]
	}
	read := func(d *Reading, i, draw int) sim.Spec {
		s, err := d.Variant(i, d.of.All[i].Unknowns.Draw(7, draw))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	kin := NewKin([]*Scenario{base, weekly})
	for _, draw := range []int{0, 1} { // another draw of the what-if has nothing in common where numbers are drawn
		d := kin.Reading()
		a, b := read(d, 0, 0), read(d, 1, draw)
		if same := stage(a, "detox").Beds == stage(b, "detox").Beds; same != (draw == 0) {
			t.Errorf("detox of draws 0 and %d was read once: %v", draw, same)
		}
		if stage(a, "panel").Panel == stage(b, "panel").Panel {
			t.Error("a panel was taken for another")
		}
	}
}
