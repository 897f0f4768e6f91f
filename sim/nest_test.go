package sim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"

	"tier4/sim/dist"
	"tier4/sim/stats"
)

// priced is small with a price a night of its beds and other luck in stays.
func priced(pence Pence, stay dist.Law) Spec {
	s := small()
	beds := *s.Stages[0].Beds
	beds.Places = slices.Clone(beds.Places)
	beds.Places[0].PerNight = pence
	beds.Stay = Same(stay)
	s.Measure = 400
	s.Stages = slices.Clone(s.Stages)
	s.Stages[0].Beds = &beds
	return s
}

// nested draws the price of small's beds evenly from £50 to £150, and the stay by turns of two laws.
func nested(t *testing.T, models []*Model, draws int) *Nest {
	t.Helper()
	laws := []dist.Law{law2(dist.Gamma(9, 4)), law2(dist.Gamma(9.5, 4))}
	return &Nest{Draws: draws, Models: func(draw int) (all []*Model, err error) {
		price := Pence(5000 + 10000*dist.Root(77, draw).Draw(1, 0, 0))
		for i, m := range models {
			spec := priced(price, laws[draw%2])
			spec.Stages[0].Beds.Places[0].Beds += i
			v, err := m.Variant(spec, all...)
			if err != nil {
				return nil, err
			}
			all = append(all, v)
		}
		return all, nil
	}}
}

func law2(l dist.Law, err error) dist.Law {
	if err != nil {
		panic(err)
	}
	return l
}

func TestANestedDesignFindsTheSameOnAnyNumberOfWorkers(t *testing.T) {
	more := priced(10000, law2(dist.Gamma(9, 4)))
	more.Stages[0].Beds.Places[0].Beds++
	models := []*Model{modelOf(t, priced(10000, law2(dist.Gamma(9, 4)))), modelOf(t, more)}
	for _, draws := range []int{25, 4} { // the few have so many replications each that several workers play them
		e := Experiment{Models: models, Seed: 3, Replications: 203, Workers: 1, Nest: nested(t, models, draws)}
		var compiled atomic.Int64
		of := e.Nest.Models
		e.Nest.Models = func(draw int) ([]*Model, error) {
			compiled.Add(1)
			return of(draw)
		}
		want := run(t, t.Context(), e)
		if want.Interrupted || want.Replications != 203 {
			t.Fatalf("%d replications, interrupted %v", want.Replications, want.Interrupted)
		}
		for _, workers := range []int{2, 7} {
			e.Workers = workers
			equal(t, fmt.Sprint(workers, " workers"), run(t, t.Context(), e), want)
		}
		if got := compiled.Load(); got != 3*int64(draws) {
			t.Errorf("the models of %d draws were compiled %d times in three runs", draws, got)
		}
	}
}

// The cost of block beds is nights times price, whatever the luck: all that is not known of it is the price.
func TestWhatIsNotKnownOfAPrice(t *testing.T) {
	more := priced(10000, law2(dist.Gamma(9, 4)))
	more.Stages[0].Beds.Places[0].Beds++
	models := []*Model{modelOf(t, priced(10000, law2(dist.Gamma(9, 4)))), modelOf(t, more)}
	const draws, perDraw = 250, 4
	f := run(t, t.Context(), Experiment{Models: models, Seed: 3, Replications: draws * perDraw, Nest: nested(t, models, draws)})
	e, _ := f.Summaries[0].Find("cost")
	if e.Parts == nil {
		t.Fatal("a nested design has no parts")
	}
	nights := e.Value / 100 // a night costs £100 on average
	sd := nights * 100 / math.Sqrt(12)
	if got := math.Sqrt(e.Parts.Parameters); math.Abs(got/sd-1) > 0.12 || e.Parts.Chance > 1e-6*e.Parts.Parameters {
		t.Errorf("the price makes £%.0f of standard deviation, chance %.3g of it; want £%.0f and nothing", got, math.Sqrt(e.Parts.Chance), sd)
	}
	// 95% of evenly drawn prices lie within 0.475 of their range about the middle.
	if half := (e.High - e.Low) / 2; math.Abs(half/sd/(0.475*math.Sqrt(12))-1) > 0.12 {
		t.Errorf("give or take £%.0f for not knowing a standard deviation of £%.0f", half, sd)
	}
	if e.YearP5 > 0.6*e.Value || e.YearP95 < 1.4*e.Value {
		t.Errorf("a year costs from £%.0f to £%.0f: it carries the price too", e.YearP5, e.YearP95)
	}
	for _, d := range f.Comparisons[0].Differences {
		switch {
		case d.Parts == nil:
			t.Errorf("the difference in %s has no parts", d.ID)
		case d.ID == "cost":
			if got, want := math.Sqrt(d.Parts.Parameters), d.Value/math.Sqrt(12); math.Abs(got/want-1) > 0.12 {
				t.Errorf("the price makes £%.0f of a difference of £%.0f, want £%.0f", got, d.Value, want)
			}
		}
	}
	// The luck of the lists is no matter of the price. Its parts: a wait varies by replication.
	wait, _ := f.Summaries[0].Find("ward.wait.mean")
	p90, _ := f.Summaries[0].Find("ward.wait.p90")
	for _, w := range []Estimate{wait, p90} {
		if w.Parts == nil || w.Parts.Chance < 10*w.Parts.Parameters {
			t.Errorf("%s: %+v", w.ID, w.Parts)
		}
	}
}

// Saying nothing of single years leaves all else as it is, and in how many years a limit is kept.
func TestWithoutYears(t *testing.T) {
	m := modelOf(t, priced(10000, law2(dist.Gamma(9, 4))))
	m, err := m.Watching(Limit{Figure: "ward.wait.p90", Amount: 11}, Limit{Figure: "ward.in_use.p95", Amount: 5})
	if err != nil {
		t.Fatal(err)
	}
	for _, draws := range []int{0, 20} {
		find := func(m *Model) *Summary {
			e := Experiment{Models: []*Model{m}, Seed: 3, Replications: 80}
			if draws > 0 {
				e.Nest = nested(t, e.Models, draws)
			}
			return run(t, t.Context(), e).Summaries[0]
		}
		all, some := find(m), find(m.WithoutYears())
		for i, want := range all.Limits {
			if got := some.Limits[i]; got.Year != want.Year || got.Keeping != want.Keeping || got.Year.Value == 0 {
				t.Errorf("the limit to %s is kept in %+v without years, in %+v with them", got.Limit.Figure, got.Year, want.Year)
			}
		}
		if len(all.Estimates) < 10 || len(all.Estimates) != len(some.Estimates) {
			t.Fatalf("%d figures, %d without years", len(all.Estimates), len(some.Estimates))
		}
		for i, want := range all.Estimates {
			got := some.Estimates[i]
			if got.HasYear || got.YearP5 != 0 || got.YearP95 != 0 || got.Parts != nil && got.Parts.YearVariance != 0 {
				t.Errorf("%s: a year may be %v to %v", got.ID, got.YearP5, got.YearP95)
			}
			want.YearP5, want.YearP95, want.HasYear = 0, 0, false
			if want.Parts != nil {
				want.Parts.YearVariance = 0
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s is %+v without years, %+v with them", got.ID, got, want)
			}
		}
	}
}

// A chance of a year that was alike in all years of all draws is known as well as so many draws tell.
func TestAChanceThatNoDrawShows(t *testing.T) {
	m := modelOf(t, priced(10000, law2(dist.Gamma(9, 4))))
	m, err := m.Watching(Limit{Figure: "cost", Amount: 1e12}, Limit{Figure: "cost", AtLeast: true, Amount: 1e12})
	if err != nil {
		t.Fatal(err)
	}
	const draws = 20
	e := Experiment{Models: []*Model{m}, Seed: 3, Replications: 80}
	e.Nest = nested(t, e.Models, draws)
	for i, k := range []int{draws, 0} {
		got := run(t, t.Context(), e).Summaries[0].Limits[i].Year
		low, high := stats.Wilson(k, draws, level)
		if got.Value != float64(k)/draws || got.Low != low || got.High != high {
			t.Errorf("%d of %d draws: %v, from %v to %v, want to %v to %v", k, draws, got.Value, got.Low, got.High, low, high)
		}
	}
}

// More draws than replications: some have none.
func TestDrawsWithoutReplications(t *testing.T) {
	m := modelOf(t, priced(10000, law2(dist.Gamma(9, 4))))
	e := Experiment{Models: []*Model{m}, Seed: 3, Replications: 12}
	e.Nest = nested(t, e.Models, 20)
	if f := run(t, t.Context(), e); f.Draws != 20 || f.Replications != 12 {
		t.Errorf("%d draws of %d replications, want 20 of 12", f.Draws, f.Replications)
	}
}

// A variant is what Compile makes of its spec, and takes over what it can.
func TestAVariantIsCompiledAsEver(t *testing.T) {
	base := modelOf(t, priced(10000, law2(dist.Gamma(9, 4))))
	for _, spec := range []Spec{priced(7000, law2(dist.Gamma(9, 4))), priced(7000, law2(dist.Gamma(8, 3)))} {
		v, err := base.Variant(spec)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := play(t, v, 3, 4, nil)
		want, _ := play(t, modelOf(t, spec), 3, 4, nil)
		if !reflect.DeepEqual(got.y, want.y) || !slices.Equal(got.bins, want.bins) || !slices.Equal(got.bills, want.bills) {
			t.Error("a variant plays another way than its spec compiled")
		}
	}
	v, _ := base.Variant(priced(7000, law2(dist.Gamma(9, 4))))
	if v.tables[0].table != base.tables[0].table {
		t.Error("the same law was tabulated twice")
	}
	other := priced(7000, law2(dist.Gamma(9, 4)))
	other.Stages[0].Beds.Places = append(other.Stages[0].Beds.Places, block("more", 1, 9000))
	if _, err := base.Variant(other); err == nil {
		t.Error("a spec with another place is no variant")
	}
	few, err := base.Measuring("cost", "ward.wait.p90")
	if err != nil {
		t.Fatal(err)
	}
	if v, err = few.WithoutSeries().Variant(priced(7000, law2(dist.Gamma(8, 3)))); err != nil || len(v.Figures()) != 2 || len(v.plan.series) != 0 {
		t.Errorf("a variant measures %v, %v", v.Figures(), err)
	}
}

func TestANestedDesignStopsAtAFault(t *testing.T) {
	m := modelOf(t, small())
	wrong := errors.New("no such draw")
	n := &Nest{Draws: 25, Models: func(draw int) ([]*Model, error) {
		if draw == 7 {
			return nil, wrong
		}
		return []*Model{m}, nil
	}}
	if _, err := (Experiment{Models: []*Model{m}, Replications: 200, Nest: n}).Run(t.Context()); !errors.Is(err, wrong) {
		t.Errorf("says %v", err)
	}
}

func TestNestedDraws(t *testing.T) {
	for replications, want := range map[int]int{1: 1, 10: 5, 100: 25, 200: 25, 1000: 125, 8000: 500, 100000: 500} {
		if got := NestedDraws(replications); got != want {
			t.Errorf("%d replications make %d draws, want %d", replications, got, want)
		}
	}
}

// A run that is stopped says of how many draws it has anything.
func TestAStoppedNestSaysHowMuchWasDrawn(t *testing.T) {
	models := []*Model{modelOf(t, priced(10000, law2(dist.Gamma(9, 4))))}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	e := Experiment{Models: models, Seed: 3, Replications: 200, Workers: 1, Nest: nested(t, models, 25)}
	e.Progress = func(done int) {
		if done >= 20 {
			stop()
		}
	}
	found, err := e.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if want := (found.Replications + 7) / 8; !found.Interrupted || found.Draws != want {
		t.Errorf("%d draws of %d replications, want %d", found.Draws, found.Replications, want)
	}
	e.Progress = nil
	if found, err = e.Run(t.Context()); err != nil || found.Draws != 25 {
		t.Errorf("%d draws of a whole run, want 25 (%v)", found.Draws, err)
	}
}
