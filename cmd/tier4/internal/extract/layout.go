package extract

import (
	"strings"

	"tier4/calibration"
	"tier4/sim"
)

// layout says which column is what, and how the extract was made. Columns are indexes, -1 for none.
type layout struct {
	episode, person, cohort, source, reason int
	referred, closed                        expression
	traits                                  []traitColumn
	stages                                  []stageColumns
	meetings                                []int // columns whose dates are at the start of the day
	meetingsGiven                           bool

	selected      calibration.Selection
	selectedGiven bool
	from, last    calibration.Day // the window of referrals, both days in it; Missing until known
	extracted     calibration.Day // the day of the extract
	order         order           // of all columns of dates
	orders        map[int]order   // of single columns
	means         map[string][]meaningOf
	given         map[string]bool // the keys that the file of columns gives, as `detox.listed`
	pathway       []string        // the stages of the scenario, in its order
}

// traitColumn is a column that says who has a trait: those with the value, or with a yes.
type traitColumn struct {
	name   string
	column int
	value  string
}

// stageColumns are the columns of a stage.
type stageColumns struct {
	name                   string
	kind                   sim.Kind
	kindGiven              bool
	listed, admitted, left expression
	outcomes               []int // of one date of getting in each, where a panel has several; mostly one
	contract               int
}

// meaningOf is a value as written and what it stands for.
type meaningOf struct{ written, means string }

var kinds = []string{"delay", "group", "panel", "beds", "aftercare"}

func newLayout() *layout {
	return &layout{
		episode: -1, person: -1, cohort: -1, source: -1, reason: -1,
		from: calibration.Missing, last: calibration.Missing, extracted: calibration.Missing,
		orders: map[int]order{}, means: map[string][]meaningOf{}, given: map[string]bool{},
	}
}

// stage is the columns of a stage by its name, made if need be.
func (l *layout) stage(name string) *stageColumns {
	for i := range l.stages {
		if l.stages[i].name == name {
			return &l.stages[i]
		}
	}
	l.stages = append(l.stages, stageColumns{name: name, kind: kindNamed(name), contract: -1})
	return &l.stages[len(l.stages)-1]
}

// kindNamed is the kind that a stage of this name usually is.
func kindNamed(name string) sim.Kind {
	if i := stageOf(tokens(name), knownStages); i >= 0 {
		return knownStages[i].kind
	}
	return sim.BedsKind
}

// meaning is what a value of a column stands for by the file of columns; ok is false where it says nothing.
func (l *layout) meaning(of, value string) (string, bool) {
	for _, m := range l.means[of] {
		if strings.EqualFold(m.written, value) || same(m.written) == same(value) {
			return m.means, true
		}
	}
	return "", false
}
