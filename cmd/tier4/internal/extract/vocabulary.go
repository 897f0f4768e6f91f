package extract

import (
	"strings"

	"tier4/scenarios"
	"tier4/sim"
)

// vocabulary is the stages that headers and reasons may name: those of the scenario where there is one, else
// those that most pathways have; and those that the file of columns names.
func vocabulary(s *scenarios.Scenario, l *layout) (stages []known) {
	stages = knownStages
	if s != nil {
		stages = nil
		for _, one := range s.Spec.Stages {
			stages = append(stages, stageWords(one.Name, one.Kind, s.Spec.Stages))
		}
	}
	for _, one := range l.stages {
		if indexOf(stages, one.name) < 0 {
			stages = append([]known{stageWords(one.name, one.kind, nil)}, stages...)
		}
	}
	return stages
}

// stageWords are the words for a stage: its name's, and those of the usual stage that it is, by its name or
// as the only one of its kind.
func stageWords(name string, kind sim.Kind, all []sim.Stage) known {
	k := known{name: name, kind: kind}
	k.words = append(k.words, tokens(name)...)
	alone := 0
	for _, one := range all {
		if one.Kind == kind {
			alone++
		}
	}
	for _, usual := range knownStages {
		byName := has(tokens(name), usual.words...)
		if usual.kind == kind && (byName && (!strings.Contains(name, "-") || alone == 1) || alone == 1 && kind != sim.BedsKind && kind != sim.DelayKind) {
			k.words = append(k.words, usual.words...)
		}
	}
	return k
}

func indexOf(stages []known, name string) int {
	for i, s := range stages {
		if s.name == name {
			return i
		}
	}
	return -1
}
