package sim

import (
	"context"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"tier4/sim/dist"
)

func must(l dist.Law, err error) dist.Law {
	if err != nil {
		panic(err)
	}
	return l
}

// textbook is one stage of beds with Poisson referrals.
func textbook(perDay float64, beds int, stay, patience dist.Law, measure Days) Spec {
	s := Spec{
		Name: "textbook", Start: time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC), WarmUp: measure / 20, Measure: measure,
		Cohorts: []string{"everyone"},
		Streams: []Stream{{Name: "all", Enters: "ward", Rates: []CohortRate{{"everyone", perDay * daysPerYear}}}},
		Stages: []Stage{{
			Name: "ward", Kind: BedsKind, ListMax: NoLimit, KeepInTouch: 1,
			Beds: &Beds{Stay: Same(stay), Places: []Place{{Name: "unit", Beds: beds, PerNight: 10000, From: -1, Until: 1e12}}},
		}},
	}
	s.Stages[0].Next[Completed] = []Branch{{To: ExitHome, Share: Same(1.0)}}
	if patience != nil {
		s.Stages[0].DropsOutAfter = Same(patience)
	}
	return s
}

// fiveStages is the pathway assessment, preparation, panel, detox, rehab.
func fiveStages(perYear float64, warmUp, measure Days) Spec {
	always := Place{Beds: NoLimit, PerNight: 10000, From: -1, Until: 1e12}
	block := func(beds int) Place {
		p := always
		p.Name, p.Beds = "block", beds
		return p
	}
	spot := func(lookAfter Days, foundIn dist.Law) Place {
		p := always
		p.Name, p.Contract, p.LookAfter, p.FoundIn = "spot", Spot, lookAfter, Same(foundIn)
		return p
	}
	stages := []Stage{
		{
			Name: "assessment", Kind: DelayKind, DropsOutAfter: Same(must(dist.Exponential(110))),
			Delay: &Delay{Takes: Same(must(dist.Lognormal(12, 9)))},
		},
		{
			Name: "preparation", Kind: GroupKind, DropsOutAfter: Same(must(dist.Exponential(90))),
			Group: &Group{Meets: Schedule{First: 2, Every: 7}, Max: 10, Sessions: 6, SessionEvery: 7, Leaves: Same(0.02)},
		},
		{
			Name: "panel", Kind: PanelKind, DropsOutAfter: Same(must(dist.Exponential(100))),
			Panel: &Panel{
				Meets: Schedule{First: 8, Every: 14}, Cases: 6,
				Approve: Same(0.85), Defer: Same(0.1), Decline: Same(0.05), AnswerAfter: 4,
			},
		},
		{
			Name: "detox", Kind: BedsKind, DropsOutAfter: Same(must(dist.WeibullMean(0.9, 70))),
			Beds: &Beds{
				Stay: Same(must(dist.Lognormal(11, 4))), UnplannedDischarge: Same(must(dist.Exponential(55))),
				Places: []Place{block(2), spot(21, must(dist.Exponential(12)))},
			},
		},
		{
			Name: "rehab", Kind: BedsKind, DropsOutAfter: Same(must(dist.Exponential(60))),
			Beds: &Beds{
				Stay: Same(must(dist.Gamma(84, 25))), UnplannedDischarge: Same(must(dist.Weibull(0.7, 210))),
				Places: []Place{block(6), spot(28, must(dist.Exponential(14)))},
			},
		},
	}
	for i := range stages {
		to := ExitHome
		if i+1 < len(stages) {
			to = stages[i+1].Name
		}
		stages[i].ListMax, stages[i].KeepInTouch = NoLimit, 1
		stages[i].Next[Completed] = []Branch{{To: to, Share: Same(1.0)}}
	}
	return Spec{
		Name: "five stages", Start: time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC), WarmUp: warmUp, Measure: measure,
		Cohorts: []string{"everyone"},
		Streams: []Stream{{Name: "all", Enters: "assessment", Rates: []CohortRate{{"everyone", perYear}}}},
		Stages:  stages,
	}
}

// borough is the five stages for four cohorts, some of whom relapse and are referred again, over one
// and three years: the size of a commissioner's question.
func borough() Spec {
	s := fiveStages(0, 365, 1096)
	s.Cohorts = []string{"opiate", "alcohol", "alcohol and other", "other"}
	s.Streams[0].Rates = nil
	for i, perYear := range []float64{40, 45, 20, 15} {
		s.Streams[0].Rates = append(s.Streams[0].Rates, CohortRate{s.Cohorts[i], perYear})
	}
	s.Relapse = &Relapse{
		After: ByLeaving[dist.Law]{
			{How: Completed, Value: Same(must(dist.Weibull(0.7, 500)))}, {How: Unplanned, Value: Same(must(dist.Weibull(0.7, 120)))},
		},
		Never:   ByLeaving[float64]{{How: Completed, Value: Same(0.3)}},
		Returns: &Returns{Share: Same(0.4), After: Same(must(dist.Exponential(90))), To: "assessment"},
	}
	return s
}

// fewFigures are those that the programs written by hand keep of each stage, in their order.
func fewFigures(spec Spec) (ids []string) {
	for _, s := range spec.Stages {
		ids = append(ids, s.Name+".wait.mean", s.Name+".dropped_out", s.Name+".waiting.mean")
	}
	return ids
}

func compiled(tb testing.TB, spec Spec, figures ...string) *Model {
	tb.Helper()
	m, err := Compile(spec, figures...)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// The models that are also written by hand.
const (
	textbookDays   = 100_000
	pathwayDays    = 1826 // five whole years
	pathwayPerYear = 120
)

// byHand is a model beside its program written by hand.
type byHand struct {
	name   string
	spec   Spec
	hand   func(tabulate func(law) law) func(seed uint64, replication int) []handFigures
	events float64 // a replication, two a person, for millions of events a second; 0 for replications a second
}

func handwritten() []byHand {
	stay := must(dist.Lognormal(84, 40))
	one := func(play func(uint64, int) handFigures) func(uint64, int) []handFigures {
		figures := make([]handFigures, 1)
		return func(seed uint64, i int) []handFigures {
			figures[0] = play(seed, i)
			return figures
		}
	}
	return []byHand{
		{
			"MM1", textbook(0.9, 1, must(dist.Exponential(1)), nil, textbookDays),
			func(tabulate func(law) law) func(uint64, int) []handFigures {
				return one(newHandMM1(0.9, 1, textbookDays/20, textbookDays).play)
			},
			2 * 0.9 * textbookDays * 1.05,
		},
		{
			"BedsWithPatience", textbook(0.25, 20, stay, must(dist.Exponential(60)), textbookDays),
			func(tabulate func(law) law) func(uint64, int) []handFigures {
				return one(newHandBeds(tabulate, 0.25, 20, stay, 60, textbookDays/20, textbookDays).play)
			},
			2 * 0.25 * textbookDays * 1.05,
		},
		{
			"Pathway", fiveStages(pathwayPerYear, 0, pathwayDays),
			func(tabulate func(law) law) func(uint64, int) []handFigures {
				h := newHandPathway(tabulate, pathwayPerYear, pathwayDays)
				return func(seed uint64, i int) []handFigures { return h.play(seed, i)[:] }
			},
			0,
		},
	}
}

// The programs written by hand are the same models: on the same people they give the same figures.
func TestHandwrittenGivesTheSame(t *testing.T) {
	for _, c := range handwritten() {
		t.Run(c.name, func(t *testing.T) {
			m := compiled(t, c.spec, fewFigures(c.spec)...)
			play := c.hand(dist.Tabulate)
			replications := 100
			if c.events > 0 {
				replications = 3
			}
			var r Runner
			var b Batch
			for i := range replications {
				b.Reset(i)
				if err := r.Replicate(m, 7, i, &b); err != nil {
					t.Fatal(err)
				}
				for s, f := range play(7, i) {
					hand := [3]float64{f.waited.days(), float64(f.droppedOut), f.area.days()}
					ended := float64(f.ended)
					for k, n := range [3]float64{ended, ended, m.end.days() - m.measured.days()} {
						at := 3*s + k
						if !near(hand[k], b.y[at]) || !near(n, b.n[at]) {
							t.Errorf("replication %d: %s: by hand %v / %v, in general %v / %v",
								i, m.Figures()[at].ID, hand[k], n, b.y[at], b.n[at])
						}
					}
				}
			}
		})
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b)) }

// The pathway is measured at about 3,000 events a replication: whatever happens to people, meetings, ends of months.
func TestPathwayHasAsManyEventsAsItSays(t *testing.T) {
	const replications = 50
	events := 0
	r := Runner{w: world{watch: func(*world) { events++ }}}
	m := compiled(t, fiveStages(pathwayPerYear, 0, pathwayDays))
	var b Batch
	for i := range replications {
		if err := r.Replicate(m, 1, pilotReplications+i, &b); err != nil {
			t.Fatal(err)
		}
	}
	if a := float64(events) / replications; a < 2900 || a > 3200 {
		t.Errorf("%.0f events a replication", a)
	}
}

// Once memory has grown to the size of the model nothing is allocated for an event, and hardly
// anything for a replication.
func TestReplicationsHardlyAllocate(t *testing.T) {
	for _, spec := range []Spec{
		textbook(0.9, 1, must(dist.Exponential(1)), nil, 5000),
		textbook(0.25, 20, must(dist.Lognormal(84, 40)), must(dist.Exponential(60)), 5000),
		fiveStages(pathwayPerYear, 0, pathwayDays),
		borough(),
	} {
		t.Run(spec.Name, func(t *testing.T) {
			m := compiled(t, spec)
			var r Runner
			var b Batch
			i := 0
			replicate := func() {
				b.Reset(i)
				if err := r.Replicate(m, 1, i, &b); err != nil {
					t.Fatal(err)
				}
				i++
			}
			for range 30 {
				replicate()
			}
			// A replication has thousands of events, so a few allocations are none an event.
			if n := testing.AllocsPerRun(30, replicate); n >= 10 {
				t.Errorf("%v allocations a replication", n)
			}
		})
	}
}

// benchmark is the general simulator, with the few figures that the program written by hand keeps and with
// all the usual ones, and that program, which draws each duration by its exact inverse or from the general
// simulator's own tables. Last, all play the same replications by turns, and the median share of the speed by
// hand is reported, which a busy machine hardly moves.
func benchmark(b *testing.B, name string) {
	models := handwritten()
	c := models[slices.IndexFunc(models, func(c byHand) bool { return c.name == name })]
	run := func(name string, replicate func(i int)) {
		b.Run(name, func(b *testing.B) {
			first := pilotReplications // those before also look at every week, of however long a run
			for i := range 3 {
				replicate(first + i) // grow memory
			}
			b.ReportAllocs()
			i := first
			for b.Loop() {
				replicate(i)
				i++
			}
			if c.events > 0 {
				b.ReportMetric(float64(i-first)*c.events/b.Elapsed().Seconds()/1e6, "Mevents/s")
			} else {
				b.ReportMetric(float64(i-first)/b.Elapsed().Seconds(), "replications/s")
			}
		})
	}
	general := func(m *Model) func(int) {
		var r Runner
		var batch Batch
		return func(i int) {
			batch.Reset(i)
			if err := r.Replicate(m, 1, i, &batch); err != nil {
				b.Fatal(err)
			}
		}
	}
	few, usual := general(compiled(b, c.spec, fewFigures(c.spec)...)), general(compiled(b, c.spec))
	byHand := func(tabulate func(law) law) func(int) {
		play := c.hand(tabulate)
		return func(i int) { play(1, i) }
	}
	hand, tables := byHand(exact), byHand(dist.Tabulate)
	run("yaml", few)
	run("yaml-all-figures", usual)
	run("by-hand", hand)
	run("by-hand-with-tables", tables)
	b.Run("by-turns", func(b *testing.B) {
		var shares [3][]float64
		i := pilotReplications
		for b.Loop() {
			start := time.Now()
			few(i)
			fewDone := time.Now()
			hand(i)
			handDone := time.Now()
			usual(i)
			usualDone := time.Now()
			tables(i)
			took, general := handDone.Sub(fewDone).Seconds(), fewDone.Sub(start).Seconds()
			shares[0] = append(shares[0], took/general)
			shares[1] = append(shares[1], took/usualDone.Sub(handDone).Seconds())
			shares[2] = append(shares[2], time.Since(usualDone).Seconds()/general)
			i++
		}
		for k, what := range []string{"by-hand-few-figures", "by-hand-all-figures", "by-hand-with-tables-few-figures"} {
			b.ReportMetric(median(shares[k]), "of-"+what)
		}
	})
}

func BenchmarkMM1(b *testing.B) { benchmark(b, "MM1") }

func BenchmarkBedsWithPatience(b *testing.B) { benchmark(b, "BedsWithPatience") }

func BenchmarkPathway(b *testing.B) { benchmark(b, "Pathway") }

// BenchmarkTwoCores plays an experiment on one core and on two by turns, whatever -cpu says. It
// reports the median replications a second of each and the median speed-up.
func BenchmarkTwoCores(b *testing.B) {
	if runtime.NumCPU() < 2 {
		b.Skip("there is but one core")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	const replications = 400
	m := compiled(b, borough())
	play := func(cores int) (perSecond float64) {
		runtime.GOMAXPROCS(cores)
		start := time.Now()
		_, err := Experiment{Models: []*Model{m}, Seed: 1, Replications: replications, Workers: cores}.Run(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		return replications / time.Since(start).Seconds()
	}
	play(2) // grow memory
	var one, two, speedUps []float64
	for b.Loop() {
		one, two = append(one, play(1)), append(two, play(2))
		speedUps = append(speedUps, two[len(two)-1]/one[len(one)-1])
	}
	b.ReportMetric(median(one), "replications/s-on-1")
	b.ReportMetric(median(two), "replications/s-on-2")
	b.ReportMetric(median(speedUps), "times-one-core")
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
