package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
	"tier4/sim"
)

// study is one experiment on its way from names to a report.
type study struct {
	t         *terminal
	o         *options
	names     []string // as given
	read      reader   // of scenarios by name
	scenarios []*scenarios.Scenario
	between   [][]*scenarios.Scenario // of each: those it extends, down to the base
	models    []*sim.Model
	missing   [][]sim.Absent // figures asked for that a scenario does not have
	matters   map[string]float64
	aims      []scenarios.Target // of the command line
	misread   error              // what of --target is no target
	seed      uint64
	most      int // replications
	out, runs *outFile
	bills     *outFile // --statements
}

// reader reads a scenario by its name, with settings.
type reader func(name string, sets ...string) (*scenarios.Scenario, error)

// play loads the scenarios named, the base first, runs them and writes the report.
func play(c *cobra.Command, t *terminal, o *options, names []string) error {
	if err := o.check(); err != nil {
		return err
	}
	s := &study{t: t, o: o, names: names, read: scenarios.Load}
	o.saving.remember(c, names)
	s.measured(c.Flags().Changed("format"))
	for _, step := range []func() error{s.load, s.compile, s.comparable, s.open} {
		if err := step(); err != nil {
			s.drop()
			return err
		}
	}
	defer s.drop()
	s.remark()
	return s.run(c.Context())
}

// load reads every scenario; the faults of all come out together.
func (s *study) load() error {
	var faults []error
	s.aims, s.misread = parseTargets("--target", s.o.targets)
	for _, name := range s.names {
		one, err := s.read(name, s.o.sets...)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if len(s.scenarios) > 0 { // the base has what is set on the command line too
			one.Changes = s.unset(one.Changes)
			s.undone(name)
		}
		s.scenarios = append(s.scenarios, one)
		s.between = append(s.between, s.extended(name, one))
	}
	if len(faults) > 0 {
		return badInput(errors.Join(append([]error{s.misread}, distinct(faults)...)...))
	}
	base := s.scenarios[0]
	s.seed, s.most = base.Seed, base.Replications
	if s.o.seed.given {
		s.seed = s.o.seed.n
	}
	switch {
	case s.o.replications.n > 0:
		s.most = s.o.replications.n
	case s.o.precision > 0:
		s.most *= 10 // the wish is the precision; the scenario's number is no limit to it
	}
	return nil
}

// extended are the scenarios that one extends, the nearest first: down to the base, or all of them.
func (s *study) extended(name string, one *scenarios.Scenario) (chain []*scenarios.Scenario) {
	for one.Extends != "" && len(chain) < mostBetween && !report.SameScenario(one.Extends, s.names[0]) {
		parent := parentOf(name, one)
		next, err := s.read(parent)
		if err != nil {
			return chain
		}
		if next.Extends != "" {
			next.Changes = s.unset(next.Changes)
			chain = append(chain, next)
		}
		name, one = parent, next
	}
	return chain
}

// roots are the scenarios that the base extends, the first of them first.
func (s *study) roots() (chain []*scenarios.Scenario) {
	for name, one := s.names[0], s.scenarios[0]; one.Extends != "" && len(chain) < mostBetween; {
		next, err := s.read(parentOf(name, one))
		if err != nil {
			return chain
		}
		name, one = parentOf(name, one), next
		chain = append([]*scenarios.Scenario{next}, chain...)
	}
	return chain
}

// parentOf is the name by which the scenario that one extends is loaded.
func parentOf(name string, one *scenarios.Scenario) string {
	if _, err := scenarios.Open(one.Extends); err != nil && !filepath.IsAbs(one.Extends) {
		return filepath.Join(filepath.Dir(name), one.Extends)
	}
	return one.Extends
}

// mostBetween bounds how far back changes are told.
const mostBetween = 20

// unset leaves out of changes what --set gives to all scenarios alike.
func (s *study) unset(changes []scenarios.Change) []scenarios.Change {
	return slices.DeleteFunc(changes, func(c scenarios.Change) bool { return s.o.hasSet(c.Path) })
}

// undone says what a what-if changes that --set, which holds for all scenarios, takes back.
func (s *study) undone(name string) {
	if len(s.o.sets) == 0 {
		return
	}
	one, err := s.read(name)
	if err != nil {
		return // only what is set makes it one that can be read
	}
	for _, c := range one.Changes {
		if s.o.hasSet(c.Path) {
			s.t.note("%s: warning: %s: `--set` gives it to all scenarios, so what is changed here is undone", name, c.Path)
		}
	}
}

// distinct drops faults said before: those of --set would come once a scenario.
func distinct(faults []error) (some []error) {
	var said []string
	for _, f := range faults {
		if !slices.Contains(said, f.Error()) {
			said = append(said, f.Error())
			some = append(some, f)
		}
	}
	return some
}

// compile makes the models. The base must have every figure asked for, another scenario need not.
func (s *study) compile() error {
	var matters []string
	for _, m := range s.scenarios[0].Matters {
		matters = append(matters, m.Figure)
	}
	faults := []error{s.misread}
	compile := beside()
	for i, one := range s.scenarios {
		m, err := compile(one.Spec)
		if err == nil && i == 0 {
			var wrong error
			s.matters, wrong = weigh(one, m)
			faults = append(faults, wrong)
		}
		if err == nil {
			aims, wrong := s.aim(i, m)
			if faults = append(faults, wrong); wrong != nil {
				aims = nil
			}
			m, err = s.measure(i, m, matters, aims)
			s.models = append(s.models, m)
		}
		if err != nil {
			faults = append(faults, figureFaults(s.names[i], err))
		}
	}
	return badInput(errors.Join(faults...))
}

// beside compiles the scenarios of one run, one after another: those after the first take over its tables of quantiles.
func beside() func(sim.Spec) (*sim.Model, error) {
	var first *sim.Model
	return func(spec sim.Spec) (*sim.Model, error) {
		m, err := first.Beside(spec)
		if first == nil {
			first = m
		}
		return m, err
	}
}

// What is measured beside the usual.
const (
	monthlySeries = "series"
	groupsOfBook  = "groups"
	allOfWhatIfs  = "what-ifs" // and not what the tables of a comparison show
)

// measured notes, with the command that makes the run again, what is measured for answers that it does not write
// again: those who play shards of it, or more of it, measure the same. A format that was given is in the command.
func (s *study) measured(given bool) {
	v := &s.o.saving
	series, groups, all := s.series(), s.groups(), len(s.names) > 1 && !s.tables()
	if given && !s.o.papers.wanted() {
		series = slices.Contains(v.measured, monthlySeries)
		all = all && s.o.runs != "" || slices.Contains(v.measured, allOfWhatIfs)
	}
	v.measured = nil
	for _, one := range []struct {
		is   bool
		name string
	}{{series, monthlySeries}, {groups, groupsOfBook}, {all && !s.o.everything(), allOfWhatIfs}} {
		if one.is {
			v.measured = append(v.measured, one.name)
		}
	}
	if len(v.measured) > 0 {
		v.command = append(v.command, "--"+measuredFlag+"="+strings.Join(v.measured, ","))
	}
}

// series reports whether the base's months are measured.
func (s *study) series() bool {
	return s.o.format == "json" || s.o.papers.wanted() || slices.Contains(s.o.saving.measured, monthlySeries)
}

// yearly reports whether it is said of what-ifs too what single years may be: by CSV and in papers, and whatever is
// kept may be asked for those.
func (s *study) yearly() bool {
	return s.o.format == "csv" || s.o.papers.wanted() || s.o.saving.keeps()
}

// groups reports whether the groups of people are measured that a workbook has.
func (s *study) groups() bool {
	return s.o.booked() || slices.Contains(s.o.saving.measured, groupsOfBook)
}

// measure has a model measure the figures asked for (all the usual ones if none are), those that matter and
// those aimed at, and notes those it does not have. Only a base written as JSON or drawn needs its
// monthly series, and most answers say of the base alone what single years may be.
func (s *study) measure(i int, m *sim.Model, matters []string, aims []sim.Limit) (*sim.Model, error) {
	wanted, missing, err := s.figures(i, m, matters)
	s.missing = append(s.missing, missing)
	if err != nil {
		return nil, err
	}
	if m, err = m.Measuring(withAims(m, wanted, aims)...); err != nil {
		return nil, err
	}
	if m, err = m.Watching(aims...); err != nil {
		return nil, err
	}
	if i > 0 || !s.series() {
		m = m.WithoutSeries()
	}
	if i > 0 && !s.yearly() {
		m = m.WithoutYears()
	}
	return m, nil
}

// figures are those to measure of a scenario (nil for all the usual ones), and those it does not have.
func (s *study) figures(i int, m *sim.Model, matters []string) (wanted []string, missing []sim.Absent, err error) {
	if len(s.o.figures) > 0 && !s.o.everything() {
		if i == 0 {
			return s.o.figures, nil, nil
		}
		wanted, missing = available(m, s.o.figures)
		if len(wanted) == 0 {
			return nil, nil, errors.New("this scenario has none of the figures asked for")
		}
		return wanted, missing, nil
	}
	if i > 0 {
		matters, _ = available(m, matters)
	}
	if s.groups() {
		matters = append(matters, report.Grouped(m)...)
	}
	if s.tables() {
		return append(report.Compared(m), matters...), nil, nil
	}
	return usual(m, matters), nil, nil
}

// tables reports whether all that is wanted is the tables of a comparison, which show a few figures.
func (s *study) tables() bool {
	page := s.o.format == "table" || s.o.format == "markdown"
	return page && len(s.names) > 1 && s.o.runs == "" && !s.o.papers.wanted() && !s.o.everything() &&
		!slices.Contains(s.o.saving.measured, allOfWhatIfs)
}

// usual are the usual figures and those that only `matters` names; nil for the usual ones alone.
func usual(m *sim.Model, matters []string) []string {
	known := m.KnownFigures()
	extra := slices.DeleteFunc(slices.Clone(matters), func(id string) bool { return slices.Contains(known, id) })
	if len(extra) == 0 {
		return nil
	}
	var ids []string
	for _, f := range m.Figures() {
		ids = append(ids, f.ID)
	}
	for _, id := range append(known, extra...) { // the known first: those that are absent and say why
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// available parts figures into those a model has and the others.
func available(m *sim.Model, ids []string) (have []string, missing []sim.Absent) {
	for _, id := range ids {
		if _, err := m.Measuring(id); err != nil {
			missing = append(missing, sim.Absent{ID: id, Why: "this scenario has no such figure"})
		} else {
			have = append(have, id)
		}
	}
	return have, missing
}

// weigh turns `matters` into least differences by figure, and checks them against the figures there are.
func weigh(s *scenarios.Scenario, m *sim.Model) (map[string]float64, error) {
	matters := map[string]float64{}
	var faults []error
	for _, one := range s.Matters {
		measuring, err := m.Measuring(one.Figure)
		if err != nil {
			faults = append(faults, figureFaults(s.MatterAt(one.Figure)+": matters", err))
			continue
		}
		for _, f := range measuring.Figures() {
			faults = append(faults, inUnit(s.MatterAt(one.Figure)+": matters", f, one.Amount, one.Unit))
		}
		matters[one.Figure] = one.Amount
	}
	return matters, errors.Join(faults...)
}

// amountIn is an example of an amount in a unit.
func amountIn(unit string) string {
	switch unit {
	case "£":
		return "`£10,000`"
	case "days":
		return "`3 days`"
	case "share":
		return "`2%`"
	}
	return "a number"
}

// comparable refuses scenarios that do not measure the same days.
func (s *study) comparable() error { return sameDays(s.names, s.scenarios) }

// sameDays refuses scenarios that do not measure the days of the first.
func sameDays(names []string, all []*scenarios.Scenario) error {
	base := all[0].Spec
	var faults []error
	for i, one := range all[1:] {
		o := one.Spec
		if !o.Start.Equal(base.Start) || o.WarmUp != base.WarmUp || o.Measure != base.Measure {
			faults = append(faults, fmt.Errorf("%s measures %s, but %s measures %s; give both the same start, warm_up and measure",
				names[i+1], report.Measured(o), names[0], report.Measured(base)))
		}
	}
	return badInput(errors.Join(faults...))
}

// remark says before the run what the reader should know of the scenarios.
func (s *study) remark() {
	if s.o.quiet {
		return
	}
	for i, one := range s.scenarios {
		for _, w := range one.Warnings {
			s.t.note("%s: warning: %s", s.names[i], w.Line())
		}
		if i > 0 && !s.o.seed.given && one.Seed != s.seed {
			s.t.note("%s has a seed of its own (%d); it is played with that of %s (%d), for the same people", s.names[i], one.Seed, s.names[0], s.seed)
		}
		if i > 0 && s.o.replications.n == 0 && one.Replications != s.scenarios[0].Replications {
			s.t.note("%s asks for %d replications; it is played as often as %s", s.names[i], one.Replications, s.names[0])
		}
	}
}
