package explore

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"tier4/scenarios"
	"tier4/sim"
)

// Option is one thing that could be done: a scenario with some settings, compiled. It may be shared by any
// number of goroutines.
type Option struct {
	Settings []Setting // none for a scenario as it is
	Hash     string    // of the effective scenario
	Model    *sim.Model
}

// String is what the option sets: `rehab.beds=4, panel.every=1w`; "as it is" without settings.
func (o Option) String() string {
	if len(o.Settings) == 0 {
		return "as it is"
	}
	words := make([]string, len(o.Settings))
	for i, s := range o.Settings {
		words[i] = s.Path + "=" + s.Value
	}
	return strings.Join(words, ", ")
}

// NewOption makes an option of a scenario that was read, measuring the figures asked for (all the usual ones
// when none are named). The error is a [scenarios.Faults], or that of [sim.Compile].
func NewOption(s *scenarios.Scenario, settings []Setting, figures ...string) (Option, error) {
	return option(s, settings, sim.Compile, figures)
}

func option(s *scenarios.Scenario, settings []Setting, compile func(sim.Spec, ...string) (*sim.Model, error), figures []string) (Option, error) {
	sets := make([]string, len(settings))
	for i, set := range settings {
		sets[i] = set.Path + "=" + set.Value
	}
	one, err := s.With(sets...)
	if err != nil {
		return Option{}, err
	}
	m, err := compile(one.Spec, figures...)
	if err != nil {
		return Option{}, err
	}
	return Option{Settings: settings, Hash: one.Hash, Model: m.WithoutSeries()}, nil
}

// mostFaults is how many faults of options are told.
const mostFaults = 20

// Options makes the option of each list of settings, on all processors; laws that are those of the scenario
// itself are tabulated once for all. The error joins what is wrong with
// any of them, each fault once; `--vary` stands for the file of those of a setting, its line for the number
// of the setting in the option.
func Options(s *scenarios.Scenario, each [][]Setting, figures ...string) ([]Option, error) {
	base, err := sim.Compile(s.Spec, figures...)
	if err != nil {
		return nil, err
	}
	options, errs := make([]Option, len(each)), make([]error, len(each))
	var all sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), len(each))
	for w := range workers {
		all.Go(func() {
			for i := w; i < len(each); i += workers {
				options[i], errs[i] = option(s, each[i], base.Beside, figures)
			}
		})
	}
	all.Wait()
	if err := gathered(errs); err != nil {
		return nil, err
	}
	return options, nil
}

// gathered joins errors, each said once.
func gathered(errs []error) error {
	var faults scenarios.Faults
	var others []error
	more := 0
	for _, err := range errs {
		one := placed(err, 1)
		for _, f := range one {
			switch {
			case slices.Contains(faults, f):
			case len(faults) == mostFaults:
				more++
			default:
				faults = append(faults, f)
			}
		}
		if err != nil && one == nil && !slices.ContainsFunc(others, func(o error) bool { return o.Error() == err.Error() }) {
			others = append(others, err)
		}
	}
	if more > 0 {
		others = append(others, fmt.Errorf("and %d more like these", more))
	}
	if len(faults) > 0 {
		others = append([]error{faults}, others...)
	}
	return errors.Join(others...)
}
