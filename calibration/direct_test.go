package calibration

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tier4/sim/dist"
)

// found is the posterior mean and standard deviation of each number seen directly, by path.
func found(all []Direct) map[string][2]float64 {
	by := map[string][2]float64{}
	for _, d := range all {
		luck := dist.NewStream(dist.Root(7, 0))
		columns := make([][]float64, len(d.Numbers))
		for range 500 {
			for i, v := range d.Draw(luck.Uniform) {
				columns[i] = append(columns[i], v)
			}
		}
		for i, n := range d.Numbers {
			mean, sd := meanAndSD(columns[i])
			by[n.Path] = [2]float64{mean, sd}
		}
	}
	return by
}

func none(string) bool { return false }

// What an extract of our own simulator shows directly is what it was played with, within four posterior
// standard deviations.
func TestDirectlySeenAreFound(t *testing.T) {
	played := clinic(t, "measure=12 years", "pathway.panel.decides.approve=rest")
	x := extractOf(t, played, 1, ByReferral)
	asked := clinic(t, "pathway.panel.decides={approve: rest, decline: 3%}", "referrals.community={per_week: {opiates: 1, else: 2}, enters: assessment}",
		"pathway.assessment.drops_out_after.exponential={half_by: 10 days}", "pathway.rehab.unplanned_discharge.weibull={shape: 1.5, median: 30 days}",
		"pathway.rehab.stay={else: {gamma: {shape: 2, scale: 4 days}}, opiates: {gamma: {mean: 10 days, cv: 1}}}")
	all, notes := DirectlySeen(asked, asked.Spec.Start, x, none)
	if want := "pathway.rehab.next.completed.home is left as it is: the extract does not tell it from the other way"; len(notes) != 1 || notes[0] != want {
		t.Errorf("notes %q", notes)
	}
	weibull := 200 * math.Pow(math.Ln2, 1/0.8)
	want := map[string]float64{
		"referrals.community.per_week.opiates":                   60 / DaysPerYear * 7,
		"referrals.community.per_week.else":                      50 / DaysPerYear * 7,
		"pathway.assessment.takes.lognormal.mean":                10,
		"pathway.assessment.takes.lognormal.sd":                  7,
		"pathway.assessment.drops_out_after.exponential.half_by": 120 * math.Ln2,
		"pathway.panel.drops_out_after.exponential.mean":         100,
		"pathway.panel.decides.decline":                          0.1,
		"pathway.rehab.drops_out_after.exponential.mean":         60,
		"pathway.rehab.unplanned_discharge.weibull.shape":        0.8,
		"pathway.rehab.unplanned_discharge.weibull.median":       weibull,
		"pathway.rehab.stay.opiates.gamma.mean":                  60,
		"pathway.rehab.stay.opiates.gamma.cv":                    1. / 3,
		"pathway.rehab.stay.else.gamma.shape":                    40. * 40 / (15 * 15),
		"pathway.rehab.stay.else.gamma.scale":                    15. * 15 / 40,
	}
	got := found(all)
	for path, v := range want {
		one, ok := got[path]
		if !ok {
			t.Errorf("%s is not found", path)
			continue
		}
		if math.Abs(one[0]-v) > 4*one[1] {
			t.Errorf("%s is %.4g ± %.2g, not %.4g", path, one[0], one[1], v)
		}
		delete(got, path)
	}
	for path := range got {
		t.Errorf("%s is found too", path)
	}
}

func TestWhatIsNotSeenIsLeftAndSaid(t *testing.T) {
	s := clinic(t, "pathway.rehab.stay={triangular: {from: 10, likely: 20, to: 90}}", "pathway.panel.drops_out_after=never",
		"traits={frail: 20%, effects: {frail: {unplanned_discharge: 1.5}}}", "pathway.panel.decides.approve=rest")
	x := extractOf(t, s, 1, ByReferral)
	x.Cohorts = []string{"everyone"}
	for i := range x.Episodes {
		x.Episodes[i].Cohort = 0
	}
	all, notes := DirectlySeen(s, s.Spec.Start, x, func(path string) bool { return strings.HasPrefix(path, "pathway.assessment.takes") })
	for _, d := range all {
		for _, n := range d.Numbers {
			if strings.HasPrefix(n.Path, "pathway.assessment.takes") || strings.HasPrefix(n.Path, "pathway.rehab.stay") || strings.HasPrefix(n.Path, "pathway.rehab.unplanned") {
				t.Errorf("%s is touched", n.Path)
			}
		}
	}
	for _, want := range []string{
		"pathway.rehab.stay is left as it is: triangular is no law that is fitted",
		"pathway.panel.drops_out_after is left as it is: `never` is no law",
		"pathway.rehab.unplanned_discharge is left as it is: trait frail changes this hazard",
		"referrals.community.per_year.opiates is left as it is: the extract does not say who is meant by it",
	} {
		if !slices.ContainsFunc(notes, func(n string) bool { return strings.HasPrefix(n, want) }) {
			t.Errorf("nothing says that %s in\n%s", want, strings.Join(notes, "\n"))
		}
	}
}

// A rate that grows is found as it was at the start of the scenario.
func TestGrowingRates(t *testing.T) {
	const growth = 0.25
	s := clinic(t, "referrals.community.growth=25% per year")
	x := extractOf(t, s, 2, ByReferral)
	all, _ := DirectlySeen(s, s.Spec.Start, x, none)
	got := found(all)["referrals.community.per_year.opiates"]
	if math.Abs(got[0]-60) > 4*got[1] || got[1] > 10 {
		t.Errorf("%.1f ± %.1f opiate users a year at the start, not 60", got[0], got[1])
	}
	start := s.Spec.Start
	var sum float64
	for d := range 1000 {
		sum += math.Pow(1+growth, (float64(d)+0.5+300)/DaysPerYear)
	}
	if g := grown(growth, start, DayOf(start)+300, DayOf(start)+1300); math.Abs(g/(sum/1000)-1) > 1e-6 {
		t.Errorf("it has grown by %g, not %g", g, sum/1000)
	}
}

func TestApprovalsBecomeTheRest(t *testing.T) {
	for _, c := range []struct{ decides, want string }{
		{"{approve: 85%, defer: 10%, decline: 5%}", "pathway.panel.decides.approve=rest"},
		{"{approve: {opiates: 90%, else: 80%}, decline: {opiates: 10%, else: 20%}}", "pathway.panel.decides.approve=rest"},
		{"{approve: rest, decline: 5%}", ""},
		{"{approve: 85%, decline: rest}", ""},
	} {
		sets := withRest(clinic(t, "pathway.panel.decides="+c.decides), none)
		if got := strings.Join(sets, " "); got != c.want {
			t.Errorf("%s: %q, not %q", c.decides, got, c.want)
		}
	}
	if sets := withRest(clinic(t), func(string) bool { return true }); sets != nil {
		t.Errorf("what is fixed is set: %q", sets)
	}
}

// Without a record of deferrals only how final decisions part is seen.
func TestDeferralsThatAreNotWrittenDown(t *testing.T) {
	s := clinic(t, "pathway.panel.decides={approve: rest, defer: 20%, decline: 16%}", "measure=12 years")
	x := extractOf(t, s, 3, ByReferral)
	all, _ := DirectlySeen(s, s.Spec.Start, x, none)
	got := found(all)
	decline, ok := got["pathway.panel.decides.decline"]
	if _, too := got["pathway.panel.decides.defer"]; too || !ok || math.Abs(decline[0]-0.16) > 4*decline[1] {
		t.Errorf("found %v", got)
	}
}
