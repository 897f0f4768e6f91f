package report

import (
	"fmt"
	"slices"
	"strings"

	"tier4/scenarios"
	"tier4/sim"
)

// methods is the appendix on methods, in the order of the STRESS-DES guideline (Monks, Currie, Onggo,
// Robinson, Kunc and Taylor 2019, Strengthening the reporting of empirical simulation studies), made from
// the model itself.
func (s *Study) methods(p *Page) error {
	p.title(2, "Methods")
	p.say("In the order of the STRESS-DES guideline for reporting discrete-event simulations (Monks and others, 2019). Made from the model of %s, so that it says what was run.", clean(s.Title(0)))
	s.objectives(p)
	if err := s.logic(p); err != nil {
		return err
	}
	s.data(p)
	s.experimentation(p)
	p.title(3, "5. Implementation")
	p.list([]string{
		"5.1 Software: tier4 " + s.Version + ", a discrete-event simulator written in Go.",
		"5.2 Random sampling: each draw is a hash of its address (seed, replication, person, visit, step, pass, purpose, occasion), turned into a duration or an answer by inverting the law. So a what-if leaves every person who they were, and more demand only adds people.",
		"5.3 Model execution: event by event, one replication after the other on any number of processors; the results do not depend on how many. Events at one instant have a fixed order.",
		"5.4 System: any computer that runs the program; no network, no other software.",
	})
	p.title(3, "6. Code access")
	p.say("The scenarios are the files named above; with the tool, its version, the seed and the command under \"To make this again\" they give the same numbers. tier4 is free software (MIT licence).")
	return nil
}

func (s *Study) objectives(p *Page) {
	p.title(3, "1. Objectives")
	aims := "1.3 Aims of experimentation: one scenario, " + clean(s.Title(0)) + ", is described as it is."
	if n := len(s.Scenarios) - 1; n > 0 {
		aims = fmt.Sprintf("1.3 Aims of experimentation: %s compared with the base, %s, on the same people with the same luck.", several(float64(n), "what-if"), clean(s.Title(0)))
	}
	var outputs []string
	for _, id := range headline(s.Scenarios[0].Spec) {
		if _, ok := s.Findings.Summaries[0].Find(id); ok {
			outputs = append(outputs, Label(id))
		}
	}
	p.list([]string{
		"1.1 Purpose: " + s.question(),
		"1.2 Outputs: " + strings.Join(outputs, "; ") + "; and what else the tables show. Means of waits and shares are totals over totals of all replications; counts and money are means over replications; quantiles are of all people pooled.",
		aims,
	})
}

// logic describes the model, with a diagram.
func (s *Study) logic(p *Page) error {
	spec := s.Scenarios[0].Spec
	p.title(3, "2. Logic")
	p.say("2.1 and 2.2 The base model: people come in, go from step to step as the arrows show, and may give up while they wait.")
	diagram, err := s.diagram(0)
	if err != nil {
		return err
	}
	p.chart(diagram)
	t := &Table{Head: []string{"Step", "What happens there"}}
	for _, stage := range spec.Stages {
		t.add(sentence(plain(stage.Name)), strings.Join(slices.Concat(stageLines(stage), placeLines(stage), leavingLines(stage)), "; "))
	}
	p.table(t)
	if len(s.Scenarios) > 1 {
		p.say("2.3 Scenarios: each what-if is the base with the changes listed under \"What changes\".")
	}
	p.say("2.4 Algorithms: %s", rules(spec))
	p.say("2.5 Components")
	p.list([]string{
		"Entities: people, of the cohorts " + plain(strings.Join(spec.Cohorts, ", ")) + traitWords(spec) + ".",
		"Activities: " + stagesBy(spec, func(sim.Stage) bool { return true }) + ".",
		"Resources: " + resources(spec) + ".",
		"Queues: one list for each step, longest wait first" + priorities(spec) + ".",
		"Entry and exit: people enter by " + entries(spec) + "; they leave to home or the community, may come back after a relapse where the scenario says so, and may die where it gives rates.",
	})
	return nil
}

func stagesBy(spec sim.Spec, which func(sim.Stage) bool) string {
	var names []string
	for _, s := range spec.Stages {
		if which(s) {
			names = append(names, plain(s.Name))
		}
	}
	return strings.Join(names, ", ")
}

func traitWords(spec sim.Spec) string {
	var names []string
	for _, t := range spec.Traits {
		names = append(names, plain(t.Name))
	}
	if len(names) == 0 {
		return ""
	}
	return ", who may have a trait (" + strings.Join(names, ", ") + ")"
}

func resources(spec sim.Spec) string {
	var parts []string
	for _, pool := range spec.Staff {
		parts = append(parts, fmt.Sprintf("%s (%s cases at once)", plain(pool.Name), count(pool.Caseload)))
	}
	for _, stage := range spec.Stages {
		if n, words := capacity(spec, stage); n > 0 {
			parts = append(parts, fmt.Sprintf("%s (%s %s)", plain(stage.Name), count(n), words))
		} else if stage.Beds != nil {
			parts = append(parts, plain(stage.Name)+" (beds by contract, as above)")
		}
	}
	for _, b := range spec.Budgets {
		parts = append(parts, fmt.Sprintf("the budget %s (%s a financial year)", plain(b.Name), amount(sim.UnitPounds, float64(b.PerYear)/100)))
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

func priorities(spec sim.Spec) string {
	if names := stagesBy(spec, func(s sim.Stage) bool { return s.ByPriority }); names != "" {
		return "; by priority first for " + names
	}
	return ""
}

func entries(spec sim.Spec) string {
	var parts []string
	for _, s := range spec.Streams {
		parts = append(parts, plain(s.Name)+" ("+streamWords(s)+", to "+plain(s.Enters)+")")
	}
	return and(parts)
}

// rules are the rules that decide who is served when, of those the model uses.
func rules(spec sim.Spec) string {
	text := "a free bed goes to the first acceptable person on the list; places are tried in the order listed, case-by-case purchase last. " +
		"Giving up races the wait; leaving a bed early races the planned stay (competing risks). "
	if spec.Relapse != nil {
		text += "The clock of relapse starts on leaving the last bed. "
	}
	if len(spec.Budgets) > 0 {
		text += "Each night is charged to the financial year in which it is slept."
	}
	return strings.TrimSpace(text)
}

// data says where the numbers are from.
func (s *Study) data(p *Page) {
	p.title(3, "3. Data")
	n, assumed := s.assumed()
	p.list([]string{
		"3.1 Data sources: as named value by value under \"Assumptions and sources\".",
		"3.2 Pre-processing: as told there; patterns by month, weekday and hour are normalised over their cycle.",
		"3.3 Input parameters: every value of the base is in the table below.",
		fmt.Sprintf("3.4 Assumptions: %s of %s remarks call a number an assumption.", count(assumed), count(n)),
	})
	p.table(inputs(s.Scenarios[0]))
}

// inputs are the values of a scenario, each at its path.
func inputs(one *scenarios.Scenario) *Table {
	t := &Table{Head: []string{"Input", "Value"}}
	for _, path := range one.Paths() {
		if path == "name" || path == "about" || path == "extends" {
			continue
		}
		if v, ok := one.Value(path); ok {
			t.add(path, unquoted(v))
		}
	}
	return t
}

func (s *Study) experimentation(p *Page) {
	spec := s.Scenarios[0].Spec
	start := "the pathway starts empty and runs in for " + span(spec.Start.AddDate, spec.WarmUp, spec.Start.Unix) + ", which are not measured"
	if len(spec.Starting) > 0 {
		start = fmt.Sprintf("the pathway starts with the %s people that the scenario names on lists and in beds", count(len(spec.Starting)))
	}
	how := "the number of replications was given"
	if s.Precision > 0 {
		how = "replications went on until the main figures were known to within " + percent(s.Precision) + " of their value as far as chance goes, or as many were played as allowed"
	}
	p.title(3, "4. Experimentation")
	p.list([]string{
		"4.1 Initialisation: " + start + ".",
		"4.2 Run length: " + Measured(spec) + "; time is continuous.",
		fmt.Sprintf("4.3 Estimation: %s independent replications (seed %d); %s. Intervals are of the long-run average with 95%% confidence: Student's t, the delta method or Fieller's for ratios, sections of replications for quantiles. "+
			"Differences are paired by replication; verdicts hold for a whole table together (Holm).", count(s.Findings.Replications), s.Seed, how),
	})
}
