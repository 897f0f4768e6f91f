package scenarios

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
)

// soughtYAML is the scenario of unsureYAML with what follows under `calibrate:`.
func soughtYAML(entries ...string) string {
	return unsureYAML[:strings.Index(unsureYAML, "uncertain:")] + "calibrate:\n  " + strings.Join(entries, "\n  ") + "\n"
}

func TestCalibrateIsReadInTheUnitOfItsPath(t *testing.T) {
	s := mustUnsure(t, map[string]string{"a.yaml": soughtYAML(
		"pathway.ward.places.house.beds: {integer: {from: 1, to: 9}}",
		"pathway.ward.places.other.found_in.exponential.mean: {uniform: {from: 2 days, to: 6 weeks}}",
		"pathway.ward.places.other.per_night: {pert: {from: £150, likely: £170, to: £220}}",
		"traits.women: {normal: {mean: 30%, sd: 5%}, at_least: 20%, at_most: 0.45}",
		"pathway.ward.effects.relapse: {uniform: {from: 0.5, to: 1}, at_least: 30% lower}",
	)}, "a.yaml")
	var got []string
	for _, one := range s.Sought {
		line := fmt.Sprintf("%s | %s", one.Path, one.Say(one.Value))
		if one.Prior == nil {
			line += fmt.Sprintf(" | %d to %d | %s", one.From, one.To, one.Setting(7))
		} else {
			line += fmt.Sprintf(" | %s | %s | %s", one.Say(one.Prior.AtSurvival(0.5)), one.Say(one.Low), one.Setting(one.Prior.AtSurvival(0.25)))
		}
		got = append(got, line)
	}
	want := []string{
		"pathway.ward.places.house.beds | 4 | 1 to 9 | pathway.ward.places.house.beds=7",
		"pathway.ward.places.other.found_in.exponential.mean | 9 days | 22 days | 0 days | pathway.ward.places.other.found_in.exponential.mean=32",
		"pathway.ward.places.other.per_night | £180 | £174 | £0 | pathway.ward.places.other.per_night=183.748723057",
		"traits.women | 32% | 30% | 20% | traits.women=0.333724487549",
		"pathway.ward.effects.relapse | 30% lower | 25% lower | 30% lower | pathway.ward.effects.relapse=0.875",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if w := s.Sought[3]; w.High != 0.45 || !math.IsInf(s.Sought[1].High, 1) {
		t.Errorf("bounds %g and %g", w.High, s.Sought[1].High)
	}
	if where := s.Sought[0].Where(); !strings.HasSuffix(where, "a.yaml:15:3") {
		t.Errorf("it stands at %s", where)
	}
}

func TestCalibrateFaults(t *testing.T) {
	const beds = "pathway.ward.places.house.beds: "
	for _, c := range []struct{ entry, want string }{
		{"pathway.ward.places.hose.beds: {integer: {from: 1, to: 6}}", "leads nowhere: `pathway.ward.places` has no `hose`; did you mean `house`?"},
		{"pathway.ward.next: {integer: {from: 1, to: 6}}", "which is no number"},
		{"pathway.ward.stay: {uniform: {from: 1, to: 6}}", "which is no single number"},
		{"measure: {uniform: {from: 1, to: 6}}", "`measure` cannot be calibrated"},
		{beds + "{integr: {from: 1, to: 6}}", "unknown key `integr` in what is calibrated; did you mean `integer`?"},
		{beds + "{integer: {from: 1, too: 6}}", "unknown key `too` in `integer`"},
		{beds + "{integer: {from: 6, to: 1}}", "there is no whole number from 6 to 1"},
		{beds + "{integer: {from: 1, to: 6}, at_most: 5}", "has bounds twice"},
		{beds + "3 to 6", "says nothing of what is believed beforehand"},
		{beds + "{at_least: 3}", "has no law"},
		{beds + "{integer: {from: 1, to: 6}, uniform: {from: 1, to: 6}}", "has more than one law"},
		{"traits.women: {uniform: {from: £3, to: £5}}", "`from: £3` is not in the unit of `traits.women`, which is `32%`"},
		{"traits.women: {uniform: {from: 10%, to: 50%}, at_least: 60%}", "almost nothing of what is believed"},
		{"traits.women: {uniform: {from: 10%, upto: 50%}}", "`upto` is no parameter of uniform"},
	} {
		_, err := unsure(t, map[string]string{"a.yaml": soughtYAML(c.entry)}, "a.yaml")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: says\n%v\nwant\n%s", c.entry, err, c.want)
		}
	}
}

// A scenario at other numbers is the one that is loaded with them set.
func TestAtIsWhatLoadGives(t *testing.T) {
	files := map[string]string{"a.yaml": soughtYAML(
		"pathway.ward.places.house.beds: {integer: {from: 1, to: 9}}",
		"pathway.ward.places.other.found_in.exponential.mean: {uniform: {from: 2 days, to: 6 weeks}}",
		"pathway.ward.effects.relapse: {uniform: {from: 0.5, to: 1}}",
	)}
	s := mustUnsure(t, files, "a.yaml")
	var numbers []Number
	var sets []string
	values := []float64{7, 12.5, 0.625}
	for i, one := range s.Sought {
		n, err := s.Number(one.Path)
		if err != nil {
			t.Fatal(err)
		}
		numbers, sets = append(numbers, n), append(sets, n.Setting(values[i]))
	}
	got, err := s.At(numbers, values)
	if err != nil {
		t.Fatal(err)
	}
	if want := mustUnsure(t, files, "a.yaml", sets...).Spec; !reflect.DeepEqual(got, want) {
		t.Errorf("at these numbers it is\n%+v\nnot\n%+v", got, want)
	}
	if _, err := s.At(numbers, []float64{7, -1, 0.5}); err == nil || !strings.Contains(err.Error(), "negative") {
		t.Errorf("a search of -1 days: %v", err)
	}
	if _, err := s.Number("pathway.ward.stays"); err == nil || !strings.Contains(err.Error(), "did you mean `stay`?") {
		t.Errorf("a path that leads nowhere: %v", err)
	}
}
