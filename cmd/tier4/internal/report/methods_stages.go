package report

import (
	"fmt"
	"strings"

	"tier4/cmd/tier4/internal/chart"
	"tier4/sim"
	"tier4/sim/dist"
)

// The steps of a model in words: for the diagram of the pathway, and for the table beside it.

// kindWords are the kinds of step.
var kindWords = map[sim.Kind]string{
	sim.DelayKind: "takes time", sim.GroupKind: "group", sim.PanelKind: "panel", sim.BedsKind: "beds", sim.AftercareKind: "aftercare",
}

// stageLines say how a step works, without its places.
func stageLines(s sim.Stage) (lines []string) {
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if s.OpensCase != "" {
		add("people wait for a free case with %s", plain(s.OpensCase))
	}
	switch s.Kind {
	case sim.DelayKind:
		add("takes %s", laws(s.Delay.Takes))
		if s.Delay.Places > 0 {
			add("in one of %s places", count(s.Delay.Places))
		}
	case sim.GroupKind:
		add("%s, %s", several(float64(s.Group.Sessions), "session"), meets(s.Group.Meets))
		if s.Group.Max != sim.NoLimit {
			add("at most %s people at once", count(s.Group.Max))
		}
	case sim.PanelKind:
		cases := "any number of cases"
		if s.Panel.Cases != sim.NoLimit {
			cases = "at most " + several(float64(s.Panel.Cases), "case")
		}
		add("%s, %s a meeting", meets(s.Panel.Meets), cases)
		if s.Panel.AnswerAfter > 0 {
			add("answer after %s", several(s.Panel.AnswerAfter, "day"))
		}
	case sim.BedsKind:
		add("planned stay: %s", laws(s.Beds.Stay))
	case sim.AftercareKind:
		add("lasts %s", laws(s.Aftercare.Lasts))
		if s.Aftercare.Places != sim.NoLimit {
			add("%s places", count(s.Aftercare.Places))
		}
	}
	return lines
}

func meets(m sim.Schedule) string { return "meets every " + several(m.Every, "day") }

// leavingLines say how people leave a step before its end.
func leavingLines(s sim.Stage) (lines []string) {
	if len(s.DropsOutAfter) > 0 {
		lines = append(lines, "give up waiting: "+laws(s.DropsOutAfter))
	}
	if s.Beds != nil && len(s.Beds.UnplannedDischarge) > 0 {
		lines = append(lines, "leave the bed early: "+laws(s.Beds.UnplannedDischarge))
	}
	return lines
}

// laws writes laws by cohort or trait.
func laws(p sim.Per[dist.Law]) string {
	var parts []string
	for _, rule := range p {
		law := strings.NewReplacer("{", "", "}", "").Replace(rule.Value.String())
		switch {
		case rule.Who != "":
			law = plain(rule.Who) + " " + law
		case len(p) > 1:
			law = "others " + law
		}
		parts = append(parts, law)
	}
	return strings.Join(parts, ", ")
}

// placeLines are the places of a step with their contracts, in the order in which they are tried.
func placeLines(s sim.Stage) (lines []string) {
	if s.Beds == nil {
		return nil
	}
	for _, p := range s.Beds.Places {
		lines = append(lines, plain(p.Name)+": "+contractLine(p))
	}
	return lines
}

func contractLine(p sim.Place) string {
	price := amount(sim.UnitPounds, float64(p.PerNight)/100) + " a night"
	number := func(n int) string {
		if n == sim.NoLimit {
			return "any number of"
		}
		return count(n)
	}
	switch p.Contract {
	case sim.Block:
		return fmt.Sprintf("%s block %s, %s used or not", number(p.Beds), beds(p.Beds), price)
	case sim.Share:
		return fmt.Sprintf("priority on %s of %s beds, %s", number(p.Beds), count(p.Of), price)
	case sim.BedNights:
		return fmt.Sprintf("%s nights a year bought ahead, %s", count(p.Nights), price)
	}
	return "spot, " + price + " slept"
}

// streamWords say how many people a stream brings.
func streamWords(s sim.Stream) string {
	switch {
	case s.Between != nil:
		return "one every " + s.Between.String()
	case s.Dates != nil:
		return several(float64(len(s.Dates)), "dated referral")
	}
	sum := 0.0
	for _, r := range s.Rates {
		sum += r.PerYear
	}
	return bareAmount(sum) + " a year"
}

func bareAmount(v float64) string { return scaleOf(sim.UnitPeople, v).number(v) }

// diagram draws the pathway of a scenario.
func (s *Study) diagram(i int) (*chart.Chart, error) {
	spec := s.Scenarios[i].Spec
	d := chart.Pathway{Words: chart.Words{
		ID: "pathway", Title: fmt.Sprintf("The pathway has %s", several(float64(len(spec.Stages)), "step")),
		About: "Steps, contracts and ways on, " + clean(s.Title(i)),
		Note:  "Everywhere people may give up while they wait, if the scenario says so. Dashed: another visit, after a relapse.",
	}}
	at := map[string]int{}
	for k, stage := range spec.Stages {
		at[stage.Name] = k
		node := chart.Node{Name: sentence(plain(stage.Name)), Kind: kindWords[stage.Kind], Lines: placeLines(stage)}
		if stage.Beds == nil {
			node.Lines = diagramLines(stage)
		}
		d.Nodes = append(d.Nodes, node)
	}
	for k, stage := range spec.Stages {
		for how, branches := range stage.Next {
			for _, b := range branches {
				d.Routes = append(d.Routes, way(k, b.To, sim.Outcome(how), at))
			}
		}
	}
	for _, stream := range spec.Streams {
		if to, ok := at[stream.Enters]; ok {
			d.Ways = append(d.Ways, chart.Entry{To: to, Name: plain(stream.Name) + ", " + streamWords(stream)})
		}
	}
	if r := spec.Relapse; r != nil && r.Returns != nil {
		if to, ok := at[r.Returns.To]; ok {
			d.Routes = append(d.Routes, chart.Route{From: len(spec.Stages) - 1, To: to, When: "after a relapse", Later: true})
		}
	}
	d.Routes = unlike(d.Routes)
	return d.Chart()
}

// diagramLines are stageLines without laws, which are too long for a box.
func diagramLines(s sim.Stage) (lines []string) {
	for _, l := range stageLines(s) {
		if !strings.HasPrefix(l, "takes ") && !strings.HasPrefix(l, "lasts ") {
			lines = append(lines, l)
		}
	}
	return lines
}

// way is one route of the diagram.
func way(from int, to string, how sim.Outcome, at map[string]int) chart.Route {
	r := chart.Route{From: from, To: -1, Out: to, When: map[sim.Outcome]string{
		sim.Unplanned: "left early", sim.Left: "left the group", sim.Declined: "declined", sim.Relapsed: "relapsed",
	}[how]}
	if k, ok := at[to]; ok {
		r.To = k
	}
	if r.To < 0 && how == sim.Completed {
		r.When = "completed"
	}
	return r
}

// unlike leaves out ways that were there before.
func unlike(all []chart.Route) (some []chart.Route) {
	seen := map[chart.Route]bool{}
	for _, r := range all {
		if !seen[r] {
			seen[r] = true
			some = append(some, r)
		}
	}
	return some
}
