package scenarios_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"tier4/scenarios"
	"tier4/sim"
	"tier4/sim/dist"
)

// Exact results for the rules of contracts, staff and the start of a run: closed forms, and small Markov
// chains solved here.

// chain solves a Markov chain by Gauss and Seidel: states are found from the first, moves gives the rates.
func chain[S comparable](first S, moves func(s S, to func(next S, rate float64))) map[S]float64 {
	type flow struct {
		from int
		rate float64
	}
	index, states := map[S]int{first: 0}, []S{first}
	var into [][]flow
	var out []float64
	for i := 0; i < len(states); i++ {
		into, out = append(into, nil), append(out, 0)
		moves(states[i], func(next S, rate float64) {
			k, ok := index[next]
			if !ok {
				k = len(states)
				index[next], states = k, append(states, next)
			}
			if rate > 0 && k != i {
				out[i] += rate
			}
		})
	}
	for i, s := range states {
		moves(s, func(next S, rate float64) {
			if k := index[next]; rate > 0 && k != i {
				into[k] = append(into[k], flow{i, rate})
			}
		})
	}
	p := make([]float64, len(states))
	for i := range p {
		p[i] = 1 / float64(len(p))
	}
	for range 20000 {
		sum, change := 0.0, 0.0
		for k := range p {
			x := 0.0
			for _, f := range into[k] {
				x += p[f.from] * f.rate
			}
			x /= out[k]
			change = max(change, math.Abs(x-p[k]))
			p[k] = x
			sum += x
		}
		for k := range p {
			p[k] /= sum
		}
		if change < 1e-14 {
			break
		}
	}
	all := map[S]float64{}
	for i, s := range states {
		all[s] = p[i]
	}
	return all
}

func mean[S comparable](p map[S]float64, of func(S) float64) (sum float64) {
	for s, x := range p {
		sum += x * of(s)
	}
	return sum
}

// blocked is two single beds in a row: whoever has completed the first stays in it until the second is free.
func blocked(arrivals, first, second float64) map[[2]int]float64 {
	return chain([2]int{}, func(s [2]int, to func([2]int, float64)) {
		n, k := s[0], s[1] // at the first bed or waiting for it; the second: free, in use, in use and wanted
		if n < 300 {
			to([2]int{n + 1, k}, arrivals)
		}
		switch {
		case n > 0 && k == 0:
			to([2]int{n - 1, 1}, first)
		case n > 0 && k == 1:
			to([2]int{n, 2}, first)
		}
		switch k {
		case 1:
			to([2]int{n, 0}, second)
		case 2:
			to([2]int{n - 1, 1}, second)
		}
	})
}

// unit is a unit of two beds, one of them ours by priority: ours and others inside, ours and others waiting.
type unit struct{ ours, others, wait, otherWait int }

// fill gives free beds to those who wait.
func (u unit) fill() unit {
	for u.ours+u.others < 2 {
		switch {
		case u.ours < 1 && u.wait > 0:
			u.ours, u.wait = u.ours+1, u.wait-1
		case u.otherWait > 0:
			u.others, u.otherWait = u.others+1, u.otherWait-1
		case u.wait > 0:
			u.ours, u.wait = u.ours+1, u.wait-1
		default:
			return u
		}
	}
	return u
}

func sharedUnit(ours, others, stay, otherStay float64) map[unit]float64 {
	return chain(unit{}, func(u unit, to func(unit, float64)) {
		if u.wait < 60 {
			to(unit{u.ours, u.others, u.wait + 1, u.otherWait}.fill(), ours)
		}
		if u.otherWait < 60 {
			to(unit{u.ours, u.others, u.wait, u.otherWait + 1}.fill(), others)
		}
		if u.ours > 0 {
			to(unit{u.ours - 1, u.others, u.wait, u.otherWait}.fill(), float64(u.ours)/stay)
		}
		if u.others > 0 {
			to(unit{u.ours, u.others - 1, u.wait, u.otherWait}.fill(), float64(u.others)/otherStay)
		}
	})
}

// erlangC is M/M/c: the probability of waiting, and the mean number who wait.
func erlangC(offered float64, servers int) (delay, waiting float64) {
	b := erlangB(offered, servers)
	rho := offered / float64(servers)
	delay = b / (1 - rho*(1-b))
	return delay, delay * rho / (1 - rho)
}

func erlangB(offered float64, servers int) float64 {
	b := 1.0
	for n := 1; n <= servers; n++ {
		b = offered * b / (float64(n) + offered*b)
	}
	return b
}

func ruleExacts() []exact {
	line := blocked(0.05, 1.0/9, 1.0/7)
	share := sharedUnit(0.08, 0.08, 6, 10)
	_, cases := erlangC(0.2*15, 4)
	taken := 1 - erlangB(0.7*0.2*20, 3)
	const aYear = 365.25
	dying := 1/60.0 + 1/40.0 + 1/aYear // giving up, ending and dying
	return []exact{
		{
			name: "nights bought for a year, charged in full at admission", source: "Poisson and gamma distributions", years: 1, replications: 30000,
			yaml: `
start: 2025-04-01
referrals: {all: {per_day: 0.3, enters: ward}}
pathway:
  ward: {kind: beds, places: {unit: {contract: bed_nights, nights_per_year: 1200, per_night: £100}}, stay: 12 days, drops_out_after: {fixed: 0 days}, next: home}`,
			want: map[string]float64{
				"ward.admissions": 99.00690735539995 * aYear / 365, "lost.ward.dropped_out": 10.493092644600054 * aYear / 365,
				"ward.joined": 0.3 * aYear, "cost": 120000 * aYear / 365,
			},
		},
		{
			name: "who has completed stays on in the bed until there is room", source: "Markov chain of blocking after service", years: 700, warmUp: 5,
			yaml: `
referrals: {all: {per_day: 0.05, enters: detox}}
pathway:
  detox:
    kind: beds
    places: {unit: {contract: block, beds: 1, per_night: £100}}
    stay: {exponential: {mean: 9 days}}
    stays_on_for: {rehab: until there is room}
    next: rehab
  rehab: {kind: beds, places: {unit: {contract: block, beds: 1, per_night: £100}}, stay: {exponential: {mean: 7 days}}, next: home}`,
			want: map[string]float64{
				"detox.waiting.mean": mean(line, func(s [2]int) float64 { return float64(max(0, s[0]-1)) }),
				"detox.in_use.mean":  mean(line, func(s [2]int) float64 { return float64(min(s[0], 1)) }),
				"rehab.waiting.mean": mean(line, func(s [2]int) float64 { return float64(s[1] / 2) }),
				"rehab.in_use.mean":  0.35, "detox.stay.mean": 9,
			},
		},
		{
			name: "two beds, priority on one, others come too", source: "Markov chain of two classes", years: 800, warmUp: 5,
			yaml: `
referrals: {all: {per_day: 0.08, enters: ward}}
pathway:
  ward:
    kind: beds
    places: {unit: {contract: share, priority_beds: 1, of: 2, per_night: £100, other_demand: {per_day: 0.08, stay: {exponential: {mean: 10 days}}}}}
    stay: {exponential: {mean: 6 days}}
    next: home`,
			want: map[string]float64{
				"ward.waiting.mean": mean(share, func(u unit) float64 { return float64(u.wait) }),
				"ward.wait.mean":    mean(share, func(u unit) float64 { return float64(u.wait) }) / 0.08,
				"ward.in_use.mean":  0.48,
				"ward.occupancy":    mean(share, func(u unit) float64 { return float64(min(u.ours, 1)) }),
				"ward.wait.within_0_days": mean(share, func(u unit) float64 {
					if u.ours+u.others < 2 {
						return 1
					}
					return 0
				}),
			},
		},
		{
			name: "staff who hold four cases", source: "Erlang C", years: 120, warmUp: 5,
			yaml: `
staff: {workers: {caseload: 4}}
referrals: {all: {per_day: 0.2, enters: assessment}}
pathway:
  assessment: {kind: delay, takes: {exponential: {mean: 15 days}}, opens_case_with: workers, next: home}`,
			want: map[string]float64{
				"assessment.waiting.mean": cases + 3, "assessment.wait.mean": (cases + 3) / 0.2, "staff.workers.cases.mean": 3, "staff.workers.occupancy": 0.75,
			},
		},
		{
			name: "a provider refuses three in ten", source: "thinned Poisson process, Erlang B", years: 120, warmUp: 5,
			yaml: `
referrals: {all: {per_day: 0.2, enters: ward}}
pathway:
  ward:
    kind: beds
    places: {unit: {contract: block, beds: 3, per_night: £100, assesses: {refuses: 30%}}, any: {contract: spot, per_night: £150}}
    stay: {lognormal: {mean: 20 days, cv: 1}}
    next: home`,
			want: map[string]float64{
				"ward.admissions.unit": 0.7 * 0.2 * taken * aYear, "ward.admissions.any": 0.2 * (1 - 0.7*taken) * aYear,
				"ward.occupancy": 0.7 * 0.2 * taken * 20 / 3, "ward.wait.within_0_days": 1,
			},
		},
		{
			name: "a wait that giving up and death race", source: "competing exponentials", years: 100, warmUp: 2,
			yaml: `
deaths: {waiting: 1}
referrals: {all: {per_day: 1, enters: assessment}}
pathway:
  assessment: {kind: delay, takes: {exponential: {mean: 40 days}}, drops_out_after: {exponential: {mean: 60 days}}, next: home}`,
			want: map[string]float64{
				"assessment.dropped_out": 1 / 60.0 / dying, "assessment.wait.mean": 1 / dying, "deaths.waiting": 1 / dying, "lost.assessment.died": 1 / dying,
			},
		},
		{
			name: "deaths after leaving early", source: "piecewise constant hazard", years: 200, warmUp: 5,
			yaml: `
deaths: {after_unplanned: {28 days: 1, then: 0.5}}
referrals: {all: {per_day: 0.5, enters: ward}}
pathway:
  ward:
    kind: beds
    places: {unit: {contract: block, beds: unlimited, per_night: £100}}
    stay: {exponential: {mean: 20 days}}
    unplanned_discharge: {exponential: {mean: 30 days}}
    next: home`,
			want: map[string]float64{
				"ward.unplanned": 0.4, "deaths.within_28_days": 0.2 * aYear * (1 - math.Exp(-28/aYear)),
				"deaths.within_12_months": 0.2 * aYear * (1 - math.Exp(-(28+0.5*(aYear-28))/aYear)),
			},
		},
		{
			name: "an approval lasts 30 days", source: "fixed patience against an exponential wait", years: 30, warmUp: 2,
			yaml: `
referrals: {all: {per_day: 0.5, enters: panel}}
pathway:
  panel: {kind: panel, meets: {every: 30 days}, cases: 1, decides: {approve: 100%}, fast_track: {share: 100%, answer_after: 0 days}, approval_lasts: 30 days, next: search}
  search: {kind: delay, takes: {exponential: {mean: 40 days}}, next: home}`,
			want: map[string]float64{
				"search.joined": 0.5 * aYear / (1 - math.Exp(-0.75)), "search.wait.mean": 40 * (1 - math.Exp(-0.75)), "search.waiting.mean": 20,
				"panel.expired": 0.5 * aYear * math.Exp(-0.75) / (1 - math.Exp(-0.75)),
			},
		},
	}
}

func TestExactResultsOfRules(t *testing.T) {
	for i, e := range ruleExacts() {
		t.Run(e.name, func(t *testing.T) { checkExact(t, e.text(i), e.want) })
	}
}

// find runs a scenario and gives the estimates of figures.
func find(t *testing.T, text string, ids ...string) map[string]sim.Estimate {
	t.Helper()
	s, err := scenarios.Parse("exact.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	m, err := sim.Compile(s.Spec, ids...)
	if err != nil {
		t.Fatal(err)
	}
	f, err := sim.Experiment{Models: []*sim.Model{m}, Seed: s.Seed, Replications: s.Replications}.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]sim.Estimate{}
	for _, id := range ids {
		e, ok := f.Summaries[0].Find(id)
		if !ok {
			t.Fatalf("%s is absent", id)
		}
		all[id] = e
	}
	return all
}

// The number of block beds that costs least, when the rest are bought case by case: the whole curve.
func TestTheCostOfEveryNumberOfBlockBeds(t *testing.T) {
	exactly := []float64{2025.0, 1956.818181818182, 1912.2, 1898.1237322515212, 1922.3413798727775, 1992.1175286753175, 2112.1871255100896, 2282.5952515679787}
	least, at := math.Inf(1), -1
	for beds, want := range exactly {
		block := ""
		if beds > 0 {
			block = fmt.Sprintf("riverside: {contract: block, beds: %d, per_night: £300}, ", beds)
		}
		e := exact{name: fmt.Sprint(beds, " block beds"), years: 60, warmUp: 5, yaml: `
referrals: {all: {per_day: 0.05, enters: rehab}}
pathway:
  rehab: {kind: beds, places: {` + block + `any-approved: {contract: spot, per_night: £450}}, stay: {lognormal: {mean: 90 days, cv: 1}}, next: home}`}
		checkExact(t, e.text(beds), map[string]float64{"cost": want * 365.25})
		if cost := find(t, e.text(0), "cost")["cost"].Value; cost < least {
			least, at = cost, beds
		}
	}
	if at != 3 {
		t.Errorf("%d beds cost least, exactly 3 do", at)
	}
}

// A unit shared with nobody is a block of all its beds.
func TestAShareWithNobodyIsABlock(t *testing.T) {
	ids := []string{"ward.wait.mean", "ward.wait.p90", "ward.waiting.mean", "ward.in_use.mean", "ward.dropped_out", "ward.admissions"}
	of := func(place string) map[string]sim.Estimate {
		e := exact{name: "a unit", years: 5, warmUp: 1, yaml: `
referrals: {all: {per_day: 0.3, enters: ward}}
pathway:
  ward: {kind: beds, places: {unit: ` + place + `}, stay: {exponential: {mean: 12 days}}, drops_out_after: {exponential: {mean: 30 days}}, next: home}`}
		return find(t, e.text(0), ids...)
	}
	share, block := of("{contract: share, priority_beds: 1, of: 4, per_night: £100}"), of("{contract: block, beds: 4, per_night: £100}")
	for _, id := range ids {
		if share[id].Value != block[id].Value || share[id].SE != block[id].SE || block[id].Value == 0 {
			t.Errorf("%s: share %v, block %v", id, share[id].Estimate, block[id].Estimate)
		}
	}
}

// People come by season to beds without end, from none at the start: the mean in use is the integral of
// those who came and are still there (Eick, Massey and Whitt 1993).
func TestBedsWithoutEndBySeason(t *testing.T) {
	e := exact{name: "by season", years: 2, replications: 400, yaml: `
start: 2025-01-01
referrals: {all: {per_day: 0.3, by_month: {jan: 1.4, feb: 1.3, mar: 1.2, jul: 0.6, aug: 0.5, dec: 0.8}, enters: ward}}
pathway:
  ward: {kind: beds, places: {unit: {contract: block, beds: unlimited, per_night: £100}}, stay: {lognormal: {mean: 180 days, cv: 1}}, next: home}`}
	s, err := scenarios.Parse("season.yaml", []byte(e.text(0)))
	if err != nil {
		t.Fatal(err)
	}
	m, err := sim.Compile(s.Spec)
	if err != nil {
		t.Fatal(err)
	}
	f, err := sim.Experiment{Models: []*sim.Model{m}, Seed: 5, Replications: s.Replications}.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	factor := []float64{1.4, 1.3, 1.2, 1, 1, 1, 0.6, 0.5, 1, 1, 1, 0.8}
	days := []float64{31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	sum := 0.0
	for i := range factor {
		sum += factor[i] * days[i] / 365.2425
	}
	stay, err := dist.Lognormal(180, 180)
	if err != nil {
		t.Fatal(err)
	}
	const step = 0.25
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	var rate, there []float64 // at the middle of each step
	var still []float64       // after so many steps
	for k := range 4 * 731 {
		rate = append(rate, 0.3*factor[start.AddDate(0, 0, k/4).Month()-1]/sum)
		still = append(still, stay.Survival((float64(k)+0.5)*step))
		n := 0.0
		for i := range k + 1 {
			n += rate[k-i] * still[i] * step
		}
		there = append(there, n)
	}
	for _, x := range f.Summaries[0].Series {
		if x.ID != "ward.in_use" {
			continue
		}
		k := 0
		for i, month := range x.Months {
			n, want := 0, 0.0
			for ; k < len(there) && start.AddDate(0, 0, k/4).Format("2006-01") == month; k++ {
				n, want = n+1, want+there[k]
			}
			want /= float64(n)
			// The number in use is Poisson, and its mean over a month varies less.
			if z := (x.Mean[i] - want) / math.Sqrt(want/400); math.Abs(z) > 4 || len(x.Months) != 24 {
				t.Errorf("%s: %.3f in use, exactly %.3f", month, x.Mean[i], want)
			}
		}
		return
	}
	t.Error("there is no series of beds in use")
}
