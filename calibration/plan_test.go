package calibration

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tier4/sim/dist"
)

// small is a task of a size for tests.
func small(t testing.TB, x *Extract, sets ...string) Task {
	return Task{
		Scenario: clinic(t, sets...), Extract: x, HoldOut: Missing, Seed: 1, Screen: 200, Particles: 60, Acceptance: 0.25,
	}
}

// tiny is a task that is over in a moment, and finds no more than the rough place.
func tiny(t testing.TB, x *Extract, sets ...string) Task {
	task := small(t, x, sets...)
	task.Screen, task.Particles, task.Acceptance = 160, 40, 0.45
	return task
}

func planned(t testing.TB, task Task) *Plan {
	t.Helper()
	p, err := NewPlan(task)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func calibrated(t testing.TB, task Task) *Result {
	t.Helper()
	p := planned(t, task)
	s, err := p.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Result(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *Result) of(t testing.TB, path string) Found {
	t.Helper()
	i := slices.IndexFunc(r.Found, func(f Found) bool { return f.Path == path })
	if i < 0 {
		t.Fatalf("%s is not found", path)
	}
	return r.Found[i]
}

const (
	bedsPath  = "pathway.rehab.places.unit.beds"
	casesPath = "pathway.panel.cases"
	spotPath  = "pathway.rehab.places.any.found_in.exponential.mean"
)

// The starting scenario is wrong in all that is sought and in most that is seen; what the extract was played
// with comes out.
func TestCalibrationFindsWhatWasPlayed(t *testing.T) {
	x := extractOf(t, clinic(t), 21, ByReferral)
	r := calibrated(t, small(t, x, bedsPath+"=4", casesPath+"=11", "pathway.panel.drops_out_after.exponential.mean=30"))
	for path, want := range map[string]float64{bedsPath: 7, casesPath: 5} {
		f := r.of(t, path)
		if f.Low > want || f.High < want || f.Narrower() > 0.4 || !f.Identified {
			t.Errorf("%s is %g (%g to %g), not %g; %g of the prior is left", path, f.Mean, f.Low, f.High, want, f.Narrower())
		}
	}
	if f := r.of(t, "pathway.panel.drops_out_after.exponential.mean"); !f.Seen || f.Low > 100 || f.High < 100 {
		t.Errorf("patience is %g to %g days, not 100", f.Low, f.High)
	}
	if outside, of := r.Outside(); of < 40 || outside > of/5 {
		t.Errorf("%d of %d figures are not reproduced", outside, of)
	}
}

func TestAnyNumberOfWorkersCalibratesTheSame(t *testing.T) {
	x := extractOf(t, clinic(t), 22, ByReferral)
	task := tiny(t, x)
	var want *Result
	for _, workers := range []int{1, 3} {
		task.Workers = workers
		r := calibrated(t, task)
		if want == nil {
			want = r
		} else if !reflect.DeepEqual(r.Rows, want.Rows) || !reflect.DeepEqual(r.Checks, want.Checks) {
			t.Errorf("%d workers find another posterior", workers)
		}
	}
}

// The order of rows, and dates four weeks later, change nothing but luck: nothing in this scenario depends on the date.
func TestShuffledAndShiftedRowsGiveTheSame(t *testing.T) {
	x := extractOf(t, clinic(t), 23, ByReferral)
	task := tiny(t, x, "start=2024-01-01") // so that the run begins so long before the window, wherever that is
	want := calibrated(t, task)
	shuffled := *x
	shuffled.Episodes = nil
	for i := range x.Episodes {
		shuffled.Episodes = append(shuffled.Episodes, x.Episodes[i*7%len(x.Episodes)])
	}
	if len(x.Episodes)%7 == 0 {
		t.Fatal("rows are lost in shuffling")
	}
	task.Extract = &shuffled
	if r := calibrated(t, task); !reflect.DeepEqual(r.Rows, want.Rows) {
		t.Error("shuffled rows give another posterior")
	}
	task.Extract = shifted(x, 28)
	if r := calibrated(t, task); !reflect.DeepEqual(r.Rows, want.Rows) {
		t.Error("dates four weeks later give another posterior")
	}
}

// shifted is an extract some days later.
func shifted(x *Extract, by Day) *Extract {
	move := func(d *Day) {
		if d.Known() {
			*d += by
		}
	}
	y := *x
	y.Episodes = slices.Clone(x.Episodes)
	for _, d := range []*Day{&y.From, &y.To, &y.Until} {
		move(d)
	}
	for i := range y.Episodes {
		e := &y.Episodes[i]
		e.Steps, e.Hearings = slices.Clone(e.Steps), slices.Clone(e.Hearings)
		move(&e.Referred)
		move(&e.Closed)
		for k := range e.Steps {
			move(&e.Steps[k].Listed)
			move(&e.Steps[k].Admitted)
			move(&e.Steps[k].Left)
		}
		for k := range e.Hearings {
			move(&e.Hearings[k].On)
		}
	}
	return &y
}

func TestFixedNumbersStay(t *testing.T) {
	x := extractOf(t, clinic(t), 24, ByReferral)
	task := small(t, x)
	task.Fixed = []string{"pathway.assessment", "pathway.rehab.stay.else.gamma.mean"}
	for _, d := range planned(t, task).Directs {
		for _, n := range d.Numbers {
			if strings.HasPrefix(n.Path, "pathway.assessment") || strings.HasPrefix(n.Path, "pathway.rehab.stay.else") {
				t.Errorf("%s is not left as it is", n.Path)
			}
		}
	}
}

// A search that nobody needed tells nothing of itself.
func TestWhatTheDataCannotTellIsSaid(t *testing.T) {
	x := extractOf(t, clinic(t, "pathway.rehab.places.unit.beds=14"), 25, ByReferral)
	f := calibrated(t, tiny(t, x)).of(t, spotPath)
	if f.Identified || !strings.Contains(f.Why, "next to nothing") {
		t.Errorf("the search takes %g to %g days: %q", f.Low, f.High, f.Why)
	}
}

// A model that has no room for what was observed is found out.
func TestAWrongModelIsFlagged(t *testing.T) {
	x := extractOf(t, clinic(t), 26, ByReferral)
	r := calibrated(t, tiny(t, x, "calibrate={"+spotPath+": {uniform: {from: 2, to: 40}}}", bedsPath+"=3"))
	i := slices.IndexFunc(r.Checks, func(c Check) bool { return c.ID == "rehab.in_use.block.max" })
	if c := r.Checks[i]; !c.Suspect || c.Simulated != 3 || c.Observed != 7 {
		t.Errorf("most beds in use: %+v", c)
	}
}

func TestHeldOutIsPredicted(t *testing.T) {
	x := extractOf(t, clinic(t), 27, ByReferral)
	task := tiny(t, x)
	task.HoldOut = x.Until - 182
	r := calibrated(t, task)
	within := 0
	for _, c := range r.Ahead {
		if c.Observed >= c.Low && c.Observed <= c.High {
			within++
		}
	}
	if len(r.Ahead) < 12 || within < 2*len(r.Ahead)/3 {
		t.Errorf("%d of %d figures were predicted", within, len(r.Ahead))
	}
	i := slices.IndexFunc(r.Ahead, func(c Check) bool { return c.ID == "referrals" })
	if c := r.Ahead[i]; c.Observed < 30 || c.Observed > 80 || math.Abs(c.Simulated-55) > 20 {
		t.Errorf("referrals of half a year: %+v", c)
	}
}

func TestPlanFaults(t *testing.T) {
	x := extractOf(t, clinic(t), 28, ByReferral)
	for _, c := range []struct {
		sets []string
		with func(*Task)
		want string
	}{
		{[]string{"calibrate=removed"}, nil, "there is nothing to find by simulation; say what is not seen, and what is believed of it, such as\ncalibrate:\n  pathway.panel.cases: {integer: {from: 2, to: 10}}"},
		{[]string{"calibrate={" + spotPath + ": {uniform: {from: 0, to: 9}}, pathway.panel.decides.decline: {uniform: {from: 0.1, to: 4}}}"}, nil, "`pathway.panel.decides.decline` can be 400%"},
		{nil, func(task *Task) { task.HoldOut = x.Until + 3 }, "nothing can be held out from"},
		{nil, func(task *Task) {
			task.Extract = x.only(func(*Episode) bool { return true })
			task.Extract.Stages = []Stage{{"ward", x.Stages[0].Kind}, {"surgery", x.Stages[0].Kind}, {"theatre", x.Stages[0].Kind}}
		}, "the scenario has none of the stages of the extract, which are ward, surgery, theatre"},
	} {
		task := small(t, x, c.sets...)
		if c.with != nil {
			c.with(&task)
		}
		if _, err := NewPlan(task); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("says\n%v\nwant\n%s", err, c.want)
		}
	}
}

func TestStoppedCalibrationKeepsItsLastGeneration(t *testing.T) {
	x := extractOf(t, clinic(t), 29, ByReferral)
	ctx, cancel := context.WithCancel(context.Background())
	p := planned(t, tiny(t, x))
	p.Watch(nil, func(s *State) error {
		if len(s.History) == 2 {
			cancel()
		}
		return nil
	})
	s, err := p.Run(ctx, nil)
	if !errors.Is(err, ErrInterrupted) || len(s.History) != 2 {
		t.Fatalf("%v", err)
	}
	if r, err := p.Result(context.Background(), s); err != nil || len(r.Rows) != usualRows {
		t.Errorf("the last generation is lost: %v", err)
	}
}

// A model that may be off has more to choose from.
func TestDiscrepancyWidens(t *testing.T) {
	x := extractOf(t, clinic(t), 31, ByReferral)
	task := tiny(t, x)
	p := planned(t, task)
	pl := p.player(p.base, p.seen)
	seen, err := pl.play(p.values(p.nominal(), 5), 5)
	if err != nil {
		t.Fatal(err)
	}
	plain := p.measure(seen, 5)
	task.Discrepancy = map[string]float64{"rehab.in_use.block.mean": 2}
	off := planned(t, task).measure(seen, 5)
	for i, one := range p.gauge.Targets() {
		if moved := plain[i] != off[i] && !math.IsNaN(plain[i]); moved != (one.ID == "rehab.in_use.block.mean") {
			t.Errorf("%s: %g becomes %g", one.ID, plain[i], off[i])
		}
	}
	task.Discrepancy = map[string]float64{"rehab.in_use.blok.mean": 2}
	var unknown *UnknownTargetError
	if _, err := NewPlan(task); !errors.As(err, &unknown) {
		t.Errorf("%v", err)
	}
}

// A calendar that the extract does not cover is moved, and meetings fall on the days they fell on.
func TestOnCalendar(t *testing.T) {
	s := clinic(t)
	x := extractOf(t, s, 30, ByReferral)
	for _, by := range []Day{0, 7, 1000} {
		y := shifted(x, by)
		one, notes, err := onCalendar(s, y)
		if err != nil {
			t.Fatal(err)
		}
		spec := &one.Spec
		if from := DayOf(spec.Start) + Day(spec.WarmUp); from != y.From || from+Day(spec.Measure) != y.Until+1 || spec.WarmUp < leastWarmUp {
			t.Errorf("moved by %d it runs %g days from %s, the window is from %s to %s", by, spec.WarmUp+spec.Measure, spec.Start, y.From, y.Until)
		}
		// a thousand days are no whole weeks: the meetings are on Mondays then
		if by%7 == 0 && len(notes) > 0 || by%7 != 0 && len(notes) != 1 {
			t.Errorf("moved by %d: %q", by, notes)
		}
	}
}

// Whatever is missing from an extract, it is measured and planned for, or refused in words: no figure is lost
// and nothing panics.
func TestAnyExtractIsMeasured(t *testing.T) {
	whole := extractOf(t, clinic(t), 32, ByReferral)
	s := clinic(t)
	for n := range 12 {
		luck := dist.NewStream(dist.Root(99, n))
		x := spoilt(whole, luck)
		g := NewGauge(x)
		if got := len(g.Measure(x)); got != len(g.Targets()) {
			t.Fatalf("%d figures of %d targets", got, len(g.Targets()))
		}
		p, err := NewPlan(Task{Scenario: s, Extract: x, HoldOut: Missing, Seed: 1, Screen: 160, Particles: 40, Acceptance: 0.5})
		if err != nil {
			continue
		}
		if _, err := p.simulator()([]float64{5, 5, 9}, 1); err != nil {
			t.Fatal(err)
		}
	}
}

// spoilt is an extract with episodes, steps, dates, endings and contracts taken away by chance.
func spoilt(whole *Extract, luck *dist.Stream) *Extract {
	x := *whole
	keep, lose := luck.Uniform(), 0.4*luck.Uniform()
	x.Episodes = nil
	for i := range whole.Episodes {
		if luck.Uniform() > keep {
			continue
		}
		e := whole.Episodes[i]
		e.Steps, e.Hearings = slices.Clone(e.Steps), slices.Clone(e.Hearings)
		for k := range e.Steps {
			st := &e.Steps[k]
			for _, d := range []*Day{&st.Listed, &st.Admitted, &st.Left} {
				if luck.Uniform() < lose {
					*d = Missing
				}
			}
			if luck.Uniform() < lose {
				st.Contract = -1
			}
			if luck.Uniform() < lose {
				st.Outcome = Open
			}
		}
		if luck.Uniform() < lose {
			e.Closed, e.ClosedAt, e.Cause = Missing, -1, Open
		}
		x.Episodes = append(x.Episodes, e)
	}
	if luck.Uniform() < 0.2 {
		x.Contracts = nil
		for i := range x.Episodes {
			for k := range x.Episodes[i].Steps {
				x.Episodes[i].Steps[k].Contract = -1
			}
		}
	}
	return &x
}
