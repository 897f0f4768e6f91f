package report

import (
	"io"
	"math"
	"slices"
	"strings"

	"tier4/sim"
)

// Year is where everybody is, from day to day, in a year of one replication: what an animation of it needs.
type Year struct {
	*Traced
	From, Until sim.Days // whole days; the last is not among them

	now   standing
	began bool
	index map[uint64]int // of people, by key
	last  map[uint64]spot
	early map[uint64]bool // whose last stay ended early
	out   yearJSON
}

// spot is where a person is, as told last.
type spot struct {
	stage, place int
	how          string
}

// How a person is where they are.
const (
	waits     = "waits"
	isInside  = "inside"
	keepsBed  = "keeps" // a bed, the stay being over
	isOut     = "out"
	gaveUp    = "gave up"
	turned    = "turned away"
	wentEarly = "left early"
	relapsed  = "relapsed"
	dead      = "died"
	moved     = "moved on"
)

// yearJSON is a year for programs. Stages and places are counted from 0; -1 is none.
type yearJSON struct {
	tracedJSON
	From   string       `json:"from"`
	Days   int          `json:"days"`
	Stages []yearStage  `json:"stages"`
	People []yearPerson `json:"people"`
	Moves  []yearMove   `json:"moves"`  // in order; those of day 0 say where people are as the year begins
	Others []yearOthers `json:"others"` // how many others are in a shared unit, from a day on
}

type yearStage struct {
	Name   string      `json:"name"`
	Kind   string      `json:"kind"`
	Places []yearPlace `json:"places"`
}

type yearPlace struct {
	Name     string `json:"name"`
	Contract string `json:"contract"`
	Beds     int    `json:"beds"` // that stand there for us or with others; 0 where there is no such number
}

type yearPerson struct {
	Who  string `json:"who"`
	What string `json:"what"`
}

type yearMove struct {
	Day    float64 `json:"day"`
	Person int     `json:"person"`
	Stage  int     `json:"stage"`
	Place  int     `json:"place"`
	How    string  `json:"how"`
}

type yearOthers struct {
	Day   float64 `json:"day"`
	Stage int     `json:"stage"`
	Place int     `json:"place"`
	Count int     `json:"count"`
}

// Told listens.
func (y *Year) Told(e sim.Told) {
	y.start()
	if e.At >= y.Until {
		return
	}
	if !y.began && e.At >= y.From {
		y.begin()
	}
	y.now.hears(e)
	if e.What == sim.OtherStarts || e.What == sim.OtherLeaves {
		if y.began {
			y.tellOthers(e.At, e.Stage, e.Place)
		}
		return
	}
	if e.What == sim.Leaves || e.What == sim.Starts {
		y.early[e.Who.Key] = e.What == sim.Leaves && e.Detail == "early"
	}
	if y.began {
		y.move(e.At-y.From, e.Who, y.after(e))
	}
}

// start makes ready to listen.
func (y *Year) start() {
	if y.index == nil {
		y.now.Traced = y.Traced
		y.index, y.last, y.early = map[uint64]int{}, map[uint64]spot{}, map[uint64]bool{}
		y.out.Stages, y.out.People, y.out.Moves, y.out.Others = []yearStage{}, []yearPerson{}, []yearMove{}, []yearOthers{}
	}
}

// begin tells where everybody is as the year begins.
func (y *Year) begin() {
	y.began = true
	for _, p := range y.now.inOrder(func(p *place) bool { return p.list != "" || p.stage != "" }, byName) {
		y.move(0, p.from, y.where(p))
	}
	for i := range y.Scenario.Spec.Stages {
		stage := &y.Scenario.Spec.Stages[i]
		if stage.Kind != sim.BedsKind {
			continue
		}
		for _, one := range stage.Beds.Places {
			if y.now.others[stage.Name+" "+one.Name] > 0 {
				y.tellOthers(y.From, stage.Name, one.Name)
			}
		}
	}
}

func (y *Year) tellOthers(at sim.Days, stage, place string) {
	s, p := y.at(stage, place)
	y.out.Others = append(y.out.Others, yearOthers{rounded(at - y.From), s, p, y.now.others[stage+" "+place]})
}

// move tells where a person is, if that is not where they were.
func (y *Year) move(day sim.Days, who sim.Person, to spot) {
	before, known := y.last[who.Key]
	if known && before == to || !known && to.how == isOut {
		return
	}
	y.last[who.Key] = to
	i, known := y.index[who.Key]
	if !known {
		i = len(y.out.People)
		y.index[who.Key] = i
		y.out.People = append(y.out.People, yearPerson{y.Name(who), personWords(who)})
	}
	y.out.Moves = append(y.out.Moves, yearMove{rounded(day), i, to.stage, to.place, to.how})
}

// rounded is a day to some seconds: enough for the eye.
func rounded(day sim.Days) float64 { return math.Round(day*1e4) / 1e4 }

// after is where a person is once something has happened to them.
func (y *Year) after(e sim.Told) spot {
	if p := y.now.people[e.Who.Key]; p != nil {
		if p.list == "" && p.stage == "" {
			s, _ := y.at(e.Stage, "")
			return spot{s, -1, isInside} // between two steps of the same moment
		}
		return y.where(p)
	}
	s, _ := y.at(e.Stage, "")
	out := spot{s, -1, moved}
	switch {
	case e.What == sim.Dies || e.Detail == "died":
		out.how = dead
	case e.What == sim.Relapses:
		return y.relapse(e, out)
	case e.Detail == "gave up waiting":
		out.how = gaveUp
	case e.Detail == "declined" || e.Detail == "turned away":
		out.how = turned
	case e.Detail == "relapsed" || e.To == sim.ExitRelapse:
		out.how = relapsed
	case e.Detail != "" || y.early[e.Who.Key]:
		out.how = wentEarly
	}
	return out
}

// relapse is that of somebody who is out already: they stay where they were counted.
func (y *Year) relapse(e sim.Told, out spot) spot {
	if before, known := y.last[e.Who.Key]; known {
		return before
	}
	out.how = isOut
	return out
}

// where is a person's place on the way.
func (y *Year) where(p *place) spot {
	if p.stage != "" {
		s, b := y.at(p.stage, p.bed)
		how := isInside
		if p.kept {
			how = keepsBed
		}
		return spot{s, b, how}
	}
	s, _ := y.at(p.list, "")
	if stage := &y.Scenario.Spec.Stages[s]; stage.Kind == sim.DelayKind && stage.Delay.Places == 0 && !p.noCase {
		return spot{s, -1, isInside}
	}
	return spot{s, -1, waits}
}

// at finds a stage and a place of it.
func (y *Year) at(stage, place string) (s, p int) {
	s = slices.IndexFunc(y.Scenario.Spec.Stages, func(one sim.Stage) bool { return one.Name == stage })
	if s < 0 || place == "" {
		return max(s, 0), -1
	}
	return s, slices.IndexFunc(y.Scenario.Spec.Stages[s].Beds.Places, func(one sim.Place) bool { return one.Name == place })
}

// kindNames are the kinds of stage as scenarios write them.
var kindNames = map[sim.Kind]string{sim.DelayKind: "delay", sim.GroupKind: "group", sim.PanelKind: "panel", sim.BedsKind: "beds", sim.AftercareKind: "aftercare"}

// JSON writes the year as one document.
func (y *Year) JSON(w io.Writer) error {
	y.start()
	if !y.began {
		y.begin()
	}
	y.out.tracedJSON = y.head()
	y.out.From, y.out.Days = y.iso(y.From), int(y.Until-y.From)
	for i := range y.Scenario.Spec.Stages {
		stage := &y.Scenario.Spec.Stages[i]
		one := yearStage{Name: sentence(plain(stage.Name)), Kind: kindNames[stage.Kind], Places: []yearPlace{}}
		if stage.Beds != nil {
			for _, p := range stage.Beds.Places {
				one.Places = append(one.Places, yearPlace{plain(p.Name), strings.ReplaceAll(p.Contract.String(), "_", " "), y.standing(p)})
			}
		}
		y.out.Stages = append(y.out.Stages, one)
	}
	return writeJSON(w, y.out)
}

// standing is how many beds stand at a place at the start of the year: those of a shared unit all.
func (y *Year) standing(p sim.Place) int {
	if p.Contract != sim.Block && p.Contract != sim.Share || p.Beds == sim.NoLimit || p.Until <= y.From {
		return 0
	}
	beds := p.Beds
	for _, c := range p.Capacity {
		if c.From <= y.From {
			beds = c.Beds
		}
	}
	return max(beds, p.Of)
}
