package scenarios_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"testing"

	"tier4/scenarios"
	"tier4/sim"
)

// exact is a scenario whose figures queueing theory gives exactly.
type exact struct {
	name   string
	yaml   string
	years  int // measured, in each replication
	warmUp int
	want   map[string]float64
	source string

	replications int // 200 unless given
}

// text is the scenario of the i-th system.
func (e *exact) text(i int) string {
	n := e.replications
	if n == 0 {
		n = 200
	}
	return fmt.Sprintf("name: %q\nwarm_up: %d years\nmeasure: %d years\nreplications: %d\nseed: %d\n%s\n", e.name, e.warmUp, e.years, n, 100+i, e.yaml)
}

// The textbook systems, each written as a scenario anyone could write. Values are closed forms or
// solved Markov chains, as named; queueing notation: arrivals/stays/beds.
var exacts = []exact{
	{
		name: "M/M/4 at 70%", source: "Erlang C", years: 380, warmUp: 10,
		yaml: `
referrals: {all: {per_day: 0.23333333333333334, enters: ward}}
pathway:
  ward: {kind: beds, places: {unit: {contract: block, beds: 4, per_night: £100}}, stay: {exponential: {mean: 12 days}}, next: home}`,
		want: map[string]float64{
			"ward.wait.mean": 4.286543182325373, "ward.wait.within_0_days": 1 - 0.4286543182325373,
			"ward.waiting.mean": 1.0001934092092535, "ward.in_use.mean": 2.8, "ward.occupancy": 0.7,
			"ward.wait.within_21_days": 1 - 0.05249147676597358, "ward.wait.p90": 14.554806231149456,
		},
	},
	{
		name: "M/G/5/5, nobody waits", source: "Erlang B, whatever the law of stay", years: 200, warmUp: 5,
		yaml: `
referrals: {all: {per_day: 0.16666666666666666, enters: ward}}
pathway:
  ward: {kind: beds, list_max: 0, places: {unit: {contract: block, beds: 5, per_night: £100}}, stay: {lognormal: {mean: 30 days, cv: 1.2}}, next: home}`,
		want: map[string]float64{
			"ward.turned_away": 17.329459130963233 * 365.25 / 365, "ward.in_use.mean": 3.5756608933454874,
			"ward.admissions": 0.11918869644484958 * 365.25,
		},
	},
	{
		name: "M/M/8+M", source: "Erlang A (Zeltyn and Mandelbaum 2005)", years: 420, warmUp: 10,
		yaml: `
referrals: {all: {per_day: 0.09333333333333334, enters: ward}}
pathway:
  ward:
    kind: beds
    places: {unit: {contract: block, beds: 8, per_night: £100}}
    stay: {exponential: {mean: 90 days}}
    drops_out_after: {exponential: {mean: 60 days}}
    next: home`,
		want: map[string]float64{
			"ward.dropped_out": 0.17408316882691263, "ward.wait.mean": 10.444990129614757, "ward.admitted.wait.mean": 9.200984172660672,
			"ward.waiting.mean": 0.9748657454307107, "ward.in_use.mean": 6.937701381853934, "ward.occupancy": 0.8672126727317417,
			"ward.admissions": 0.07708557090948816 * 365.25, "lost.ward.dropped_out": 5.930433284703491 * 365.25 / 365,
			"ward.wait.within_0_days": 1 - 0.5525640270468576, "ward.admitted.wait.within_21_days": 1 - 0.17683557853933057,
		},
	},
	{
		name: "M/M/3+D", source: "Baccelli and Hebuterne 1981", years: 400, warmUp: 10,
		yaml: `
referrals: {all: {per_day: 0.04, enters: ward}}
pathway:
  ward:
    kind: beds
    places: {unit: {contract: block, beds: 3, per_night: £100}}
    stay: {exponential: {mean: 90 days}}
    drops_out_after: {fixed: 60 days}
    next: home`,
		want: map[string]float64{
			"ward.dropped_out": 0.27750513881068045, "ward.wait.mean": 31.285938930860972, "ward.admitted.wait.mean": 20.25707224841435,
			"ward.waiting.mean": 1.2514375572344387, "ward.in_use.mean": 2.60098150028155,
			"ward.wait.within_0_days": 1 - 0.734944545750574, "ward.admitted.wait.within_21_days": 1 - 0.4396872896610001,
		},
	},
	{
		name: "M/G/1 with lognormal stays", source: "Pollaczek and Khinchine", years: 3100, warmUp: 50,
		yaml: `
referrals: {all: {per_day: 0.06666666666666667, enters: ward}}
pathway:
  ward: {kind: beds, places: {unit: {contract: block, beds: 1, per_night: £100}}, stay: {lognormal: {mean: 12 days, cv: 1.5}}, next: home}`,
		want: map[string]float64{"ward.wait.mean": 78, "ward.waiting.mean": 5.2, "ward.wait.within_0_days": 0.2, "ward.in_use.mean": 0.8},
	},
	{
		name: "M/D/4", source: "Crommelin 1932", years: 225, warmUp: 10,
		yaml: `
referrals: {all: {per_day: 0.23333333333333334, enters: ward}}
pathway:
  ward: {kind: beds, places: {unit: {contract: block, beds: 4, per_night: £100}}, stay: 12 days, next: home}`,
		want: map[string]float64{
			"ward.wait.mean": 2.2764922242668786, "ward.waiting.mean": 0.531181518995605, "ward.wait.within_0_days": 1 - 0.4099477731049531,
		},
	},
	{
		name: "two priorities", source: "Cobham 1954; Kella and Yechiali 1985", years: 1400, warmUp: 30,
		yaml: `
referrals:
  urgent: {per_day: 0.1, enters: ward, priority: urgent}
  others: {per_day: 0.2, enters: ward}
pathway:
  ward: {kind: beds, queue: priority, places: {unit: {contract: block, beds: 4, per_night: £100}}, stay: {exponential: {mean: 12 days}}, next: home}`,
		want: map[string]float64{
			"ward.wait.mean@urgent": 3.376085418408698, "ward.wait.mean@others": 33.76085418408703,
			"ward.wait.mean": 23.632597928860932, "ward.wait.within_0_days": 1 - 0.7877532642953629,
		},
	},
	tandem(420, nil),
	loop(600, nil),
	{
		name: "a panel every 14 days hears 5", source: "Bailey 1954", years: 175, warmUp: 10,
		yaml: `
referrals: {all: {per_day: 0.32, enters: panel}}
pathway:
  panel: {kind: panel, meets: {every: 14 days}, cases: 5, decides: {approve: 100%}, next: home}`,
		want: map[string]float64{
			"panel.wait.mean": 17.34199579046505, "panel.waiting.mean": 5.549438652948815,
			"panel.wait.within_14_days": 0.5149719868370312, "panel.wait.within_21_days": 1 - 0.28722953831015946,
			"panel.wait.within_42_days": 1 - 0.05692560611600649,
		},
	},
	{
		name: "a group of up to 8 starts every 28 days", source: "Bailey 1954", years: 120, warmUp: 10,
		yaml: `
referrals: {all: {per_day: 0.25, enters: group}}
pathway:
  group: {kind: group, meets: {every: 28 days}, size: {max: 8}, intake: closed, sessions: 10, next: home}`,
		want: map[string]float64{
			"group.wait.mean": 23.199308518853876, "group.waiting.mean": 5.799827129713469, "group.wait.within_28_days": 0.7130859506413789,
			"group.wait.within_21_days": 1 - 0.5083303181620854, "group.in_use.mean": 0.25 * 70,
		},
	},
	{
		name: "a group starts when the sixth waits", source: "Erlang sums", years: 40, warmUp: 5,
		yaml: `
referrals: {all: {per_day: 0.2, enters: group}}
pathway:
  group: {kind: group, starts_when: {people: 6}, size: {max: 6}, intake: closed, sessions: 3, next: home}`,
		want: map[string]float64{
			"group.wait.mean": 12.5, "group.waiting.mean": 2.5, "group.wait.within_21_days": 1 - 0.2147401590371655,
		},
	},
	{
		name: "three block beds, the rest spot, nobody waits or moves", source: "Erlang B overflow", years: 250, warmUp: 5,
		yaml: `
referrals: {all: {per_day: 0.05, enters: rehab}}
pathway:
  rehab:
    kind: beds
    places: {riverside: {contract: block, beds: 3, per_night: £300}, any-approved: {contract: spot, per_night: £450}}
    stay: {lognormal: {mean: 90 days, cv: 1}}
    next: home`,
		want: map[string]float64{"cost": 1898.1237322515212 * 365.25, "rehab.nights.spot": 2.2180527383367137 * 365.25, "rehab.wait.within_0_days": 1},
	},
	{
		name: "a wait that giving up races", source: "competing exponentials", years: 30, warmUp: 2,
		yaml: `
referrals: {all: {per_day: 1, enters: assessment}}
pathway:
  assessment: {kind: delay, takes: {exponential: {mean: 40 days}}, drops_out_after: {exponential: {mean: 60 days}}, next: home}`,
		want: map[string]float64{
			"assessment.dropped_out": 0.4, "assessment.wait.mean": 24, "assessment.admitted.wait.mean": 24, "assessment.waiting.mean": 24,
			"assessment.wait.within_21_days": 1 - 0.41686201967850833, "assessment.admitted.wait.within_21_days": 0.349882788192895 / 0.6,
		},
	},
	{
		name: "giving up while waiting, then a full house", source: "two-dimensional Markov chain", years: 300, warmUp: 10,
		yaml: `
referrals: {all: {per_day: 0.35, enters: detox}}
pathway:
  detox:
    kind: beds
    places: {unit: {contract: block, beds: 4, per_night: £100}}
    stay: {exponential: {mean: 12 days}}
    drops_out_after: {exponential: {mean: 30 days}}
    next: {rehab: 60%, home: rest}
  rehab: {kind: beds, list_max: 0, places: {unit: {contract: block, beds: 12, per_night: £100}}, stay: {exponential: {mean: 90 days}}, next: home}`,
		want: map[string]float64{
			"detox.in_use.mean": 3.4800724433583174, "rehab.in_use.mean": 10.520235421134455, "detox.waiting.mean": 1.799818891604212,
			"detox.dropped_out": 0.17141132300992495, "detox.wait.mean": 5.1423396902977485, "rehab.admissions": 0.11689150467927173 * 365.25,
			"rehab.turned_away": 0.17400362216791584 * 0.32822372762752117 * 365.25,
		},
	},
}

// TestExactResults holds every kind of stage against an exact result through the public door: a
// scenario's text in, figures with intervals out. 200 replications; the half-width must be within 1%
// of the value (2% for tails and probabilities) and the value within 4 standard errors.
func TestExactResults(t *testing.T) {
	for i, e := range exacts {
		t.Run(e.name, func(t *testing.T) {
			checkExact(t, e.text(i), e.want)
		})
	}
}

func checkExact(t *testing.T, text string, want map[string]float64) {
	t.Helper()
	s, err := scenarios.Parse("exact.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for id := range want {
		ids = append(ids, id)
	}
	m, err := sim.Compile(s.Spec, ids...)
	if err != nil {
		t.Fatal(err)
	}
	f, err := sim.Experiment{Models: []*sim.Model{m}, Seed: s.Seed, Replications: s.Replications}.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		e, ok := f.Summaries[0].Find(id)
		if !ok {
			t.Errorf("%s is absent: %v", id, f.Summaries[0].Absent)
			continue
		}
		precise := 0.01
		if e.Unit == sim.UnitShare {
			precise = 0.02
		}
		half := (e.High - e.Low) / 2
		z := (e.Value - want[id]) / math.Max(e.SE, 1e-12*math.Abs(want[id]))
		t.Logf("%-36s %12.6g exactly %12.6g  z %+.2f  half-width %.2f%%", id, e.Value, want[id], z, 100*half/math.Abs(want[id]))
		if math.Abs(z) > 4 {
			t.Errorf("%s is %.6g (SE %.3g), exactly %.6g: z = %.1f", id, e.Value, e.SE, want[id], z)
		}
		if half > precise*math.Abs(want[id]) {
			t.Errorf("%s is known to %.2f%% only", id, 100*half/math.Abs(want[id]))
		}
	}
}

// tandem is two stages in a row, for which Poisson arrivals stay Poisson; slow figures need many years.
func tandem(years int, slow map[string]float64) exact {
	want := map[string]float64{
		"detox.wait.mean": 6.113207547169813, "detox.waiting.mean": 1.5283018867924532, "detox.in_use.mean": 3,
		"detox.wait.within_0_days": 1 - 0.5094339622641509, "rehab.in_use.mean": 22.5,
	}
	maps.Copy(want, slow)
	return exact{
		name: "detox then rehab, waiting between", source: "Burke 1956", years: years, warmUp: 60,
		yaml: `
referrals: {all: {per_day: 0.25, enters: detox}}
pathway:
  detox: {kind: beds, places: {unit: {contract: block, beds: 4, per_night: £100}}, stay: {exponential: {mean: 12 days}}, next: rehab}
  rehab: {kind: beds, places: {unit: {contract: block, beds: 26, per_night: £100}}, stay: {exponential: {mean: 90 days}}, next: home}`,
		want: want,
	}
}

// loop is a pathway to which some come back.
func loop(years int, slow map[string]float64) exact {
	want := map[string]float64{
		"detox.joined": 0.25316455696202533 * 365.25, "rehab.joined": 0.1518987341772152 * 365.25, "aftercare.in_use.mean": 27.341772151898734,
		"detox.wait.mean": 6.554727892259066, "detox.wait.within_0_days": 1 - 0.525484514569292, "detox.in_use.mean": 3.037974683544304,
		"rehab.wait.within_0_days": 1 - 0.19722072263530083, "rehab.in_use.mean": 13.670886075949367,
	}
	maps.Copy(want, slow)
	return exact{
		name: "detox, rehab, aftercare and back", source: "Jackson 1957; Baskett, Chandy, Muntz and Palacios 1975", years: years, warmUp: 60,
		yaml: `
referrals: {all: {per_day: 0.2, enters: detox}}
pathway:
  detox: {kind: beds, places: {unit: {contract: block, beds: 4, per_night: £100}}, stay: {exponential: {mean: 12 days}}, next: {rehab: 60%, home: rest}}
  rehab: {kind: beds, places: {unit: {contract: block, beds: 18, per_night: £100}}, stay: {exponential: {mean: 90 days}}, next: aftercare}
  aftercare: {kind: aftercare, lasts: {lognormal: {mean: 180 days, cv: 1}}, next: {detox: 35%, home: rest}}`,
		want: want,
	}
}
