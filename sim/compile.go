package sim

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"tier4/sim/dist"
)

// Limits of a model: beyond them a draw's address or a mask would not fit.
const (
	maxTraits  = 8
	maxCohorts = 200
	maxPlaces  = 64
	maxPools   = 16
	maxStages  = 500
)

// Compile checks a spec and makes the model that measures the figures asked for (all of the
// usual ones when none are named). The error joins every fault found.
func Compile(spec Spec, figures ...string) (*Model, error) {
	c := compiler{spec: spec}
	c.tabulate = c.keepTable
	return c.compile(figures)
}

// CompileOnce is Compile for a model that is played once or a few times: no quantiles are tabulated, so
// that it is ready in a fraction of the time and each draw of a dear law takes longer. Durations may differ
// from those of Compile by the tolerance of a table, see [dist.Tabulate].
func CompileOnce(spec Spec, figures ...string) (*Model, error) {
	c := compiler{spec: spec, tabulate: func(l dist.Law) dist.Law { return l }}
	return c.compile(figures)
}

// patient finds the stages in which people wait for a bed for as long as it takes.
func (c *compiler) patient() {
	for i := range c.m.stages {
		s := &c.m.stages[i]
		s.neverEnds = s.Kind == BedsKind && len(s.DropsOutAfter) == 0 && s.atOnce == s.all && !c.m.extra
	}
}

// compile makes the model that measures figures.
func (c *compiler) compile(figures []string) (*Model, error) {
	m, err := c.model()
	if err != nil {
		return nil, err
	}
	m.asked = figures
	if m.plan, err = newPlan(m, figures); err != nil {
		return nil, err
	}
	return m, nil
}

// model makes a model that measures nothing yet.
func (c *compiler) model() (*Model, error) {
	spec := c.spec
	c.m = &Model{spec: spec, cal: newCalendar(spec.Start)}
	c.horizon()
	c.population()
	c.staff()
	c.stageNames()
	c.m.stages = make([]stage, 0, len(spec.Stages))
	for i := range spec.Stages {
		c.stage(i)
	}
	c.reachable()
	c.rounds()
	c.m.weighs = len(spec.Traits) > 0 || len(c.m.effects) > 0
	var streams []string
	for i, s := range spec.Streams {
		c.stream(i)
		streams = append(streams, s.Name)
	}
	c.distinct("stream", streams)
	c.priorities()
	c.relapse()
	c.whole()
	c.starting()
	c.patient()
	if len(c.faults) > 0 {
		return nil, errors.Join(c.faults...)
	}
	c.sameComers()
	return c.m, nil
}

// sameComers takes over the streams of a model by which the same people come, and the same others at shared units.
func (c *compiler) sameComers() {
	for _, m := range c.like {
		if m.cal == c.m.cal && m.people.same(&c.m.people) && reflect.DeepEqual(m.streams, c.m.streams) {
			c.m.streams = m.streams
			break
		}
	}
	for _, at := range c.m.shared {
		own := &c.m.stages[at.stage].beds[at.place].Others
		for _, m := range c.like {
			for _, at := range m.shared {
				if others := m.stages[at.stage].beds[at.place].Others; reflect.DeepEqual(others, *own) {
					*own = others
				}
			}
		}
	}
}

type compiler struct {
	spec     Spec
	m        *Model
	tabulate func(dist.Law) dist.Law
	like     []*Model       // whose tables serve for laws that are the same
	index    map[string]int // stages and exits by name
	faults   []error

	variant bool // of the first of them: tables serve for laws that are longer or shorter, too
}

func (c *compiler) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf(format, args...))
}

func (c *compiler) horizon() {
	m, s := c.m, c.spec
	for _, what := range []purpose{opensPeriod, closesPeriod, halves, samples, months} {
		c.timer(what, 0, 0)
	}
	if !(s.Measure > 0) || s.WarmUp < 0 || s.Measure+s.WarmUp >= forever.days() {
		c.fault("the measured period is %g days after a warm-up of %g: it must be above 0 and end", s.Measure, s.WarmUp)
		return
	}
	m.measured = toTicks(s.WarmUp)
	m.end = toTicks(s.WarmUp + s.Measure)
	m.financial = financialYears(s.Start, m.end)
	first := s.Start.AddDate(0, 0, int(m.measured.day()))
	for k := 1; ; k++ {
		at := m.measured + ticks(daysBetween(first, first.AddDate(k, 0, 0)))*oneDay
		if at > m.end {
			break
		}
		m.periods = append(m.periods, at)
	}
	m.years = len(m.periods)
	if m.years == 0 || m.periods[m.years-1] < m.end {
		m.periods = append(m.periods, m.end)
	}
}

// daysBetween counts days without the limits of time.Duration.
func daysBetween(a, b time.Time) int64 { return (b.Unix() - a.Unix()) / 86400 }

func (c *compiler) population() {
	p := &c.m.people
	p.cohorts = c.spec.Cohorts
	byName := slices.Sorted(slices.Values(p.cohorts))
	for _, name := range p.cohorts {
		p.ranks = append(p.ranks, slices.Index(byName, name))
	}
	names := slices.Clone(p.cohorts)
	for _, t := range c.spec.Traits {
		names = append(names, t.Name)
	}
	c.distinct("cohort or trait", names)
	if len(p.cohorts) == 0 || len(p.cohorts) > maxCohorts {
		c.fault("there must be 1 to %d cohorts, not %d", maxCohorts, len(p.cohorts))
	}
	if len(c.spec.Traits) > maxTraits {
		c.fault("there can be %d traits at most, not %d", maxTraits, len(c.spec.Traits))
		return
	}
	for _, t := range c.spec.Traits {
		p.traits = append(p.traits, trait{name: t.Name, addr: dist.NameOf("trait").And(dist.NameOf(t.Name))})
	}
	p.mult = [][targets]float64{ratios(nil)}
	for _, t := range c.spec.Traits {
		for _, others := range p.mult { // with each set of the traits before
			for on, r := range ratios(t.Effects) {
				others[on] *= r
			}
			p.mult = append(p.mult, others)
		}
	}
	for i, t := range c.spec.Traits {
		share := shares(c, "trait "+t.Name, t.Share)
		for cohort := range p.cohorts {
			p.traits[i].share = append(p.traits[i].share, share[cohort<<len(p.traits)])
		}
	}
}

// distinct wants names that differ: people of one name would share their draws.
func (c *compiler) distinct(what string, names []string) {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			c.fault("there are two of %s %q", what, name)
		}
	}
}

func ratios(effects []Effect) (r [targets]float64) {
	for i := range r {
		r[i] = 1
	}
	for _, e := range effects {
		r[e.On] *= e.Ratio
	}
	return r
}

// byKind resolves a Per to one value for each kind of person.
func byKind[T any](c *compiler, where string, per Per[T]) []T {
	p := &c.m.people
	values := make([]T, p.kinds())
	for _, rule := range per {
		if rule.Who != "" && !slices.Contains(p.cohorts, rule.Who) && !slices.ContainsFunc(p.traits, func(t trait) bool { return t.name == rule.Who }) {
			c.fault("%s: there is no cohort or trait %q", where, rule.Who)
		}
	}
	for kind := range values {
		for _, rule := range per {
			if p.fits(uint16(kind), rule.Who) {
				values[kind] = rule.Value
				break
			}
		}
	}
	return values
}

// fits reports whether people of the kind belong to cohort or trait who, "" for everyone.
func (p *population) fits(kind uint16, who string) bool {
	if who == "" || p.cohorts[p.cohort(kind)] == who {
		return true
	}
	for i, t := range p.traits {
		if t.name == who && kind>>i&1 == 1 {
			return true
		}
	}
	return false
}

func shares(c *compiler, where string, per Per[float64]) []float64 {
	for _, r := range per {
		if !(r.Value >= 0 && r.Value <= 1) {
			c.fault("%s: a share must be from 0%% to 100%%, not %g", where, r.Value)
		}
	}
	return byKind(c, where, per)
}

// laws tabulates the laws of a Per, each rule's once, and resolves them.
func (c *compiler) laws(where string, per Per[dist.Law]) []law {
	tabulated := make(Per[dist.Law], 0, len(per))
	for _, r := range per {
		if r.Value != nil {
			r.Value = c.tabulate(r.Value)
		}
		tabulated = append(tabulated, r)
	}
	return byKind(c, where, tabulated)
}

// priorities ranks the streams' priorities, the highest first, and 0, which is that of stages that ask for none.
func (c *compiler) priorities() {
	all := []int{0}
	for _, s := range c.m.streams {
		all = append(all, -s.Priority)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for i := range c.m.streams {
		c.m.streams[i].queue = int32(slices.Index(all, -c.m.streams[i].Priority))
	}
	c.m.priorities, c.m.normal = len(all), int32(slices.Index(all, 0))
}
