package sim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// small is a system that runs in a moment.
func small() Spec {
	s := textbook(0.2, 2, exponential(9), exponential(20), 200)
	s.Stages[0].ListMax = 6
	s.Cohorts = []string{"one", "two"}
	s.Traits = []Trait{{Name: "frail", Share: Same(0.4)}}
	s.Streams = []Stream{
		{Name: "all", Enters: "ward", Rates: []CohortRate{{"one", 50}, {"two", 25}}},
		{Name: "others", Enters: "ward", Rates: []CohortRate{{"two", 10}}},
	}
	return s
}

func run(t *testing.T, ctx context.Context, e Experiment) *Findings {
	t.Helper()
	f, err := e.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// equal compares findings down to the last bit.
func equal(t *testing.T, what string, got, want *Findings) {
	t.Helper()
	if reflect.DeepEqual(got, want) {
		return
	}
	t.Errorf("%s: findings differ", what)
	for i := range want.Summaries {
		for k, e := range want.Summaries[i].Estimates {
			if k < len(got.Summaries[i].Estimates) && !reflect.DeepEqual(got.Summaries[i].Estimates[k], e) {
				t.Errorf("model %d: %+v, want %+v", i, got.Summaries[i].Estimates[k], e)
			}
		}
	}
}

func TestAnyNumberOfWorkersFindsTheSame(t *testing.T) {
	other := small()
	other.Stages[0].Beds.Places = append(slices.Clone(other.Stages[0].Beds.Places), block("more", 1, 9000))
	e := Experiment{Models: []*Model{modelOf(t, small()), modelOf(t, other)}, Seed: 3, Replications: 203, Workers: 1}
	var rows []string
	e.Each = func(model, replication int, values []Observation) {
		rows = append(rows, fmt.Sprint(model, replication, values))
	}
	want := run(t, t.Context(), e)
	first := rows
	if want.Replications != 203 || want.Interrupted || len(want.Comparisons) != 1 || len(first) != 2*203 {
		t.Fatalf("%d replications, interrupted %v, %d comparisons, %d rows", want.Replications, want.Interrupted, len(want.Comparisons), len(first))
	}
	for _, workers := range []int{2, 7, 0} {
		rows = nil
		e.Workers = workers
		equal(t, fmt.Sprint(workers, " workers"), run(t, t.Context(), e), want)
		if !slices.Equal(rows, first) {
			t.Errorf("%d workers: single replications differ, or come in another order", workers)
		}
	}
}

func TestAnyNumberOfWorkersFindsTheSameOfWholeSpecs(t *testing.T) {
	for i := range 8 {
		spec := rapid.Custom(wholeSpec).Example(i)
		e := Experiment{Models: []*Model{modelOf(t, spec), modelOf(t, otherMoney(spec))}, Seed: 3, Replications: 45, Workers: 1}
		var rows []string
		e.Each = func(model, replication int, values []Observation) {
			rows = append(rows, fmt.Sprint(model, replication, values))
		}
		want := run(t, t.Context(), e)
		first := rows
		for _, workers := range []int{2, 7} {
			rows, e.Workers = nil, workers
			equal(t, fmt.Sprint(workers, " workers"), run(t, t.Context(), e), want)
			if !slices.Equal(rows, first) {
				t.Errorf("spec %d, %d workers: single replications differ, or come in another order", i, workers)
			}
		}
	}
}

// What a runner has played before, of other models, leaves no trace in a whole spec.
func TestARunnerForgetsWhatItPlayed(t *testing.T) {
	r := new(Runner)
	for i := range 100 {
		m := modelOf(t, rapid.Custom(wholeSpec).Example(i))
		fresh, _ := play(t, m, 3, 5, nil)
		b := new(Batch)
		for _, replication := range []int{4, 5} {
			b.Reset(replication)
			if err := r.Replicate(m, 3, replication, b); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(b.y, fresh.y) || !slices.Equal(b.n, fresh.n) || !slices.Equal(b.years, fresh.years) || !slices.Equal(b.bills, fresh.bills) || !slices.Equal(b.bins, fresh.bins) {
			t.Errorf("spec %d: figures differ", i)
		}
	}
}

func TestReplicationsOfOneModelDoNotDependOnWhatARunnerPlayedBefore(t *testing.T) {
	m, o := modelOf(t, small()), modelOf(t, rich())
	fresh, _ := play(t, m, 3, 5, nil)
	r, b := new(Runner), new(Batch)
	for _, x := range []struct {
		m *Model
		i int
	}{{o, 2}, {m, 9}, {o, 1}} {
		b.Reset(x.i)
		if err := r.Replicate(x.m, 8, x.i, b); err != nil {
			t.Fatal(err)
		}
	}
	b.Reset(5)
	if err := r.Replicate(m, 3, 5, b); err != nil {
		t.Fatal(err)
	}
	for f, figure := range m.Figures() {
		if b.y[f] != fresh.y[f] || b.n[f] != fresh.n[f] {
			t.Errorf("%s: %v of %v, fresh %v of %v", figure.ID, b.y[f], b.n[f], fresh.y[f], fresh.n[f])
		}
	}
	if !slices.Equal(b.years, fresh.years) || !slices.Equal(b.bins, fresh.bins) || !slices.Equal(b.weekly, fresh.weekly) || !slices.Equal(b.months, fresh.months) {
		t.Error("years, samples, weeks or months differ")
	}
}

func TestPrecisionStopsAtTheSameReplicationForAnyNumberOfWorkers(t *testing.T) {
	e := Experiment{Models: []*Model{modelOf(t, small())}, Seed: 3, Replications: 3000, Workers: 1, Precision: 0.1, Precise: []string{"ward.wait.mean"}}
	want := run(t, t.Context(), e)
	if !want.PrecisionMet || want.Interrupted || want.Replications < 30 || want.Replications >= 3000 || want.Replications%checkEvery != 0 {
		t.Errorf("%d replications, met %v, interrupted %v", want.Replications, want.PrecisionMet, want.Interrupted)
	}
	w, _ := want.Summaries[0].Find("ward.wait.mean")
	if (w.High-w.Low)/2 > 0.1*w.Value {
		t.Errorf("half-width %g of %g", (w.High-w.Low)/2, w.Value)
	}
	for _, workers := range []int{2, 7} {
		e.Workers = workers
		equal(t, fmt.Sprint(workers, " workers"), run(t, t.Context(), e), want)
	}
	// The same as a run of so many replications without a precision.
	e.Precision, e.Replications = 0, want.Replications
	got := run(t, t.Context(), e)
	if !reflect.DeepEqual(got.Summaries, want.Summaries) {
		t.Error("stopping by precision gives other figures than a run of that length")
	}
	e.Precision, e.Replications = 0.9, 3000
	if f := run(t, t.Context(), e); f.Replications != 30 {
		t.Errorf("easy precision: %d replications, want 30", f.Replications)
	}
	e.Precision, e.Replications = 1e-9, 50
	if f := run(t, t.Context(), e); f.Replications != 50 || f.PrecisionMet || f.Interrupted {
		t.Errorf("out of reach: %d replications, met %v, interrupted %v", f.Replications, f.PrecisionMet, f.Interrupted)
	}
}

func TestCancellingKeepsTheReplicationsBeforeTheGap(t *testing.T) {
	m := modelOf(t, small())
	for _, workers := range []int{1, 2, 7} {
		ctx, cancel := context.WithCancel(t.Context())
		e := Experiment{Models: []*Model{m, m}, Seed: 3, Replications: 100000, Workers: workers}
		e.Progress = func(done int) {
			if done >= 40 {
				cancel()
			}
		}
		last := -1
		e.Each = func(model, replication int, _ []Observation) {
			if model == 0 && replication != last+1 {
				t.Errorf("replication %d came after %d", replication, last)
			}
			last = replication
		}
		got := run(t, ctx, e)
		cancel()
		if !got.Interrupted || got.Replications < 40 || got.Replications == 100000 || got.Replications != last+1 {
			t.Errorf("%d workers: interrupted %v after %d replications, the last given was %d", workers, got.Interrupted, got.Replications, last)
		}
		whole := run(t, t.Context(), Experiment{Models: e.Models, Seed: 3, Replications: got.Replications, Workers: 2})
		whole.Interrupted = true
		equal(t, fmt.Sprint(workers, " workers"), got, whole)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Experiment{Models: []*Model{m}, Replications: 10}).Run(ctx); !errors.Is(err, ErrNothingFinished) {
		t.Errorf("cancelled before the start: %v", err)
	}
}

func TestARoundThatTakesNoTimeIsAnError(t *testing.T) {
	spec := small()
	spec.Stages = append(spec.Stages, aDelay("a", fixed(0), 0, to("b")...), aDelay("b", fixed(0), 0, to("a")...))
	spec.Streams[0].Enters = "a"
	_, err := Experiment{Models: []*Model{modelOf(t, spec)}, Replications: 3, Workers: 2}.Run(t.Context())
	if !errors.Is(err, errRound) {
		t.Errorf("people who go round without end: %v", err)
	}
}

// size is all the memory that a value refers to, models aside, each part once.
func size(v reflect.Value, seen map[uintptr]bool) uintptr {
	once := func(at uintptr) bool {
		if at == 0 || seen[at] {
			return false
		}
		seen[at] = true
		return true
	}
	sum := uintptr(0)
	switch v.Kind() {
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*Model]() || v.IsNil() || !once(v.Pointer()) {
			return 0
		}
		return v.Type().Elem().Size() + size(v.Elem(), seen)
	case reflect.Slice:
		if !once(v.Pointer()) {
			return 0
		}
		sum = uintptr(v.Cap()) * v.Type().Elem().Size()
		for i := range v.Len() {
			sum += size(v.Index(i), seen)
		}
	case reflect.Array:
		for i := range v.Len() {
			sum += size(v.Index(i), seen)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			sum += size(v.Field(i), seen)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			sum += v.Type().Elem().Size() + v.Type().Key().Size() + size(it.Key(), seen) + size(it.Value(), seen)
		}
	case reflect.Interface:
		if !v.IsNil() {
			sum = size(v.Elem(), seen)
		}
	}
	return sum
}

func TestWhatIsGatheredDoesNotGrowWithReplications(t *testing.T) {
	m := modelOf(t, small())
	g := NewGather(m)
	p := NewPairing(g, g)
	var r Runner
	var b Batch
	held := map[int]uintptr{}
	for i := range 4000 {
		b.Reset(i)
		if err := r.Replicate(m, 1, i, &b); err != nil {
			t.Fatal(err)
		}
		g.Add(&b, 0, 1)
		p.Add(&b, &b, 0, 1)
		if i+1 == 200 || i+1 == 2000 || i+1 == 4000 {
			seen := map[uintptr]bool{}
			held[i+1] = size(reflect.ValueOf(g), seen) + size(reflect.ValueOf(p), seen)
		}
	}
	// Ever rarer extremes open a page of bins now and then; replications themselves take nothing.
	if held[200] < 10000 || float64(held[2000]) > 1.5*float64(held[200]) || float64(held[4000]) > 1.1*float64(held[2000]) {
		t.Errorf("%d bytes after 200 replications, %d after 2,000, %d after 4,000", held[200], held[2000], held[4000])
	}
}

func TestBlocksMayBeCutAnywhere(t *testing.T) {
	m := modelOf(t, small())
	gather := func(cut int) *Summary {
		g := NewGather(m)
		var r Runner
		for first := 0; first < 84; first += cut {
			var b Batch
			b.Reset(first)
			for i := first; i < min(first+cut, 84); i++ {
				if err := r.Replicate(m, 4, i, &b); err != nil {
					t.Fatal(err)
				}
			}
			for i := range b.Count {
				g.Add(&b, i, i+1)
			}
		}
		return g.Summary()
	}
	want := gather(1)
	for _, cut := range []int{5, 21, 84} {
		if !reflect.DeepEqual(gather(cut), want) {
			t.Errorf("blocks of %d give other findings than blocks of 1", cut)
		}
	}
}

// A figure of a group counts its people alone: over groups that share all people out, counts add up.
func TestCountsOfGroupsSumToTheTotal(t *testing.T) {
	spec := deep(rich())
	spec.Streams[3].Name = "zz" // a name that sorts last
	usual := modelOf(t, spec)
	var ids []string
	for _, f := range usual.Figures() {
		if f.Unit == UnitPeoplePerYear || f.Unit == UnitDays || f.Unit == UnitShare {
			ids = append(ids, f.ID)
		}
	}
	var counted []string
	for _, id := range ids {
		if _, err := Compile(spec, id+"@opiates"); err == nil {
			counted = append(counted, id)
		}
	}
	if len(counted) < 80 {
		t.Errorf("only %d figures can be restricted", len(counted))
	}
	groups := [][]string{spec.Cohorts, {"community", "prison", "hospital", "zz"}}
	var all []string
	for _, id := range counted {
		all = append(all, id, id+"@women")
		for _, partition := range groups {
			for _, g := range partition {
				all = append(all, id+"@"+g)
			}
		}
	}
	m := modelOf(t, spec, all...)
	b, _ := play(t, m, 2, 0, nil)
	for _, id := range counted {
		if m.plan.figures[figureAt(t, m, id)].ratio == nil {
			continue
		}
		y, n := totals(t, m, b, 0, id)
		unit := m.plan.figures[figureAt(t, m, id)].Unit
		for _, partition := range groups {
			sumY, sumN := 0.0, 0.0
			for _, g := range partition {
				gy, gn := totals(t, m, b, 0, id+"@"+g)
				sumY, sumN = sumY+gy, sumN+gn
			}
			if !agrees(y, sumY, 1e-9) || unit != UnitPeoplePerYear && !agrees(n, sumN, 1e-9) {
				t.Errorf("%s is %g of %g, over %v %g of %g", id, y, n, partition, sumY, sumN)
			}
		}
		if wy, _ := totals(t, m, b, 0, id+"@women"); wy > y+1e-9 {
			t.Errorf("%s: %g, of women alone %g", id, y, wy)
		}
	}
	if women, _ := totals(t, m, b, 0, "referrals@women"); women == 0 {
		t.Error("no women were referred")
	}
}

func TestFiguresWithinAnyNumberOfDays(t *testing.T) {
	m := modelOf(t, small(), "ward.wait.within_0_days", "ward.wait.within_3_days", "ward.wait.within_21_days", "ward.wait.within_999_days", "reached.ward.within_5_days@two", "ward.wait.mean")
	b, _ := play(t, m, 2, 0, nil)
	before := 0.0
	for _, id := range []string{"ward.wait.within_0_days", "ward.wait.within_3_days", "ward.wait.within_21_days", "ward.wait.within_999_days"} {
		y, n := totals(t, m, b, 0, id)
		if y <= before || n == 0 {
			t.Errorf("%s: %g of %g, after %g", id, y, n, before)
		}
		before = y
	}
	if _, ended := totals(t, m, b, 0, "ward.wait.mean"); before != ended {
		t.Errorf("%g waits within 999 days, of %g", before, ended)
	}
}

func TestFiguresThatCannotBeAreListed(t *testing.T) {
	_, err := Compile(small(), "ward.wait.mean", "ward.wait.meen", "word.wait.mean", "ward.wait.mean@nobody", "cost@one", "ward.wait.within_x_days")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`"ward.wait.meen"`, `"word.wait.mean"`, `"nobody"`, "cost@one", `"ward.wait.within_x_days"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not in: %v", want, err)
		}
	}
	var unknown *UnknownFigureError
	if !errors.As(err, &unknown) || !slices.Contains(unknown.Known, "ward.wait.mean") || !slices.Contains(unknown.Known, "ward.wait.within_21_days") {
		t.Errorf("the known figures are not listed: %v", err)
	}
	if got := modelOf(t, small()).KnownFigures(); !slices.IsSorted(got) || !slices.Contains(got, "well_6_months") {
		t.Errorf("known figures: %v", got)
	}
	m := modelOf(t, small(), "well_6_months")
	if f := experiment(t, 3, m); len(f.Summaries[0].Absent) != 1 || f.Summaries[0].Absent[0].Why == "" {
		t.Errorf("a figure that cannot be given: %+v", f.Summaries[0].Absent)
	}
}

// A figure that is asked for alone is the same as among all the others.
func TestWhatElseIsMeasuredChangesNothing(t *testing.T) {
	all := experiment(t, 12, modelOf(t, rich())).Summaries[0]
	for _, id := range []string{"detox.wait.p90", "rehab.in_use.p95", "well_6_months", "cost", "panel.waiting.max", "rehab.admitted.wait.median"} {
		alone, ok := experiment(t, 12, modelOf(t, rich(), id)).Summaries[0].Find(id)
		among, _ := all.Find(id)
		if !ok || !reflect.DeepEqual(alone, among) {
			t.Errorf("%s alone: %+v, among all: %+v", id, alone, among)
		}
	}
}

func TestNoFigureIsNotANumber(t *testing.T) {
	for _, spec := range []Spec{small(), rich()} {
		spec.Measure = 30 // in which some things never happen
		for _, n := range []int{1, 2, 31} {
			for _, e := range experiment(t, n, modelOf(t, spec)).Summaries[0].Estimates {
				for _, x := range []float64{e.Value, e.Low, e.High, e.SE, e.YearP5, e.YearP95} {
					if x-x != 0 {
						t.Errorf("%s of %d replications: %+v", e.ID, n, e)
					}
				}
				if e.Low > e.High {
					t.Errorf("%s: from %g to %g", e.ID, e.Low, e.High)
				}
			}
		}
	}
}

// A pathway that takes half a year to fill wants a warm-up, unless the run starts from today's lists: then its first year
// is what was asked for.
func TestAWarmUpIsAskedForWhereThePathwayHasToFill(t *testing.T) {
	spec := textbook(2, NoLimit, exponential(90), nil, 1000)
	warned := func() bool {
		return slices.ContainsFunc(experiment(t, 40, compiled(t, spec)).Summaries[0].Warnings, func(w Warning) bool { return w.Code == "short_warm_up" })
	}
	if spec.WarmUp = 0; !warned() {
		t.Error("nothing is said of a pathway that starts empty")
	}
	spec.Starting = []Started{{Stage: "ward", Place: "unit", Inside: true, Cohort: "everyone", Since: math.NaN()}}
	if warned() {
		t.Error("a warm-up is asked for where the run starts from today's lists")
	}
	if spec.Starting, spec.WarmUp = nil, 400; warned() {
		t.Error("a warm-up of 400 days is too short")
	}
	// It fills for longer than half of the run, so that nobody can say for how long.
	if spec = textbook(2, NoLimit, exponential(300), nil, 500); !warned() {
		t.Error("nothing is said of a pathway that fills for as long as it runs")
	}
}
