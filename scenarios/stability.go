package scenarios

import (
	"fmt"
	"math"
	"slices"

	"tier4/sim"
)

// warnGrowing warns of lists that can only grow: stages asked for as much as
// they hold or more by people who never give up. It solves the traffic
// equations (Jackson 1957) over the expected ways on, a full stage passing on
// no more than it holds; hazard ratios are left out. Where nobody ever comes, it says that.
func (r *reader) warnGrowing() {
	f := r.newFlow()
	if f.nobodyComes() && len(r.spec.Starting) == 0 {
		r.warn("unreached", "referrals", "referrals: nobody ever comes, for every rate is 0")
	}
	f.settle()
	for i := range r.spec.Stages {
		s := &r.spec.Stages[i]
		f.warnUnplaced(r, i)
		people, load, stays := 0.0, 0.0, 0.0
		some := false
		for c := range f.classes {
			if st := f.steps[c][i]; !st.gives {
				people += f.in[c][i]
				load += f.in[c][i] * st.load
				stays += f.in[c][i] * st.stays
			} else if f.in[c][i] > 0 {
				some = true
			}
		}
		if load < 1-1e-9 {
			f.warnParts(r, i)
			continue
		}
		r.warn("grows", "pathway."+s.Name, "%s", f.growing(s, people, load, stays/people, some))
	}
	r.warnOthers()
	f.warnPools(r)
	f.warnFunds(r)
}

// nobodyComes reports whether there are no referrals at all.
func (f *flow) nobodyComes() bool {
	for _, outside := range f.outside {
		if slices.ContainsFunc(outside, func(perDay float64) bool { return perDay > 0 }) {
			return false
		}
	}
	return true
}

// warnUnplaced warns of people whom no place takes and who never give up.
func (f *flow) warnUnplaced(r *reader, stage int) {
	s := &f.spec.Stages[stage]
	if s.Kind != sim.BedsKind {
		return
	}
	people := 0.0
	for c, k := range f.classes {
		if !f.steps[c][stage].gives {
			people += f.in[c][stage] * unplaced(s.Beds, k)
		}
	}
	if people > 1e-9 {
		r.warn("grows", "pathway."+s.Name, "%s: no place takes %s people a year, who do not suit or are refused, and they never give up: they stay on the list for good", s.Name, three(people*yearDays))
	}
}

// warnOthers warns of shared units that others alone would fill.
func (r *reader) warnOthers() {
	for _, s := range r.spec.Stages {
		if s.Kind != sim.BedsKind {
			continue
		}
		for _, p := range s.Beds.Places {
			if p.Contract != sim.Share || othersUse(p) < float64(p.Of)-1e-9 {
				continue
			}
			r.warn("grows", "pathway."+s.Name+".places."+p.Name+".other_demand",
				"%s at %s: others alone, %s a day for %s of %s, are %s%% of what there is room for: their list grows without end, and we have no more than our priority",
				s.Name, p.Name, three(p.Others.PerYear/yearDays), counted(p.Of, "bed"), inDays(p.Others.Stay.Mean()+p.Turnover), three(100*othersUse(p)/float64(p.Of)))
		}
	}
}

// bedsOf is "6 beds", or "1.1 beds" where they are nights bought or shared.
func bedsOf(beds float64) string {
	if beds == math.Trunc(beds) {
		return counted(int(beds), "bed")
	}
	return three(beds) + " beds"
}

// growing says a load in words.
func (f *flow) growing(s *sim.Stage, people, load, stays float64, othersGiveUp bool) string {
	who, patience := "people", "nobody gives up"
	if three(people) == "1" {
		who = "person"
	}
	if othersGiveUp {
		who, patience = who+" who will not give up", "the others wait behind them"
	}
	room := ""
	switch {
	case s.Kind == sim.PanelKind:
		room = fmt.Sprintf("%s every %s, each heard %s times", counted(s.Panel.Cases, "case"), inDays(s.Panel.Meets.Every), three(stays))
	case s.Kind == sim.GroupKind && s.Group.Closed:
		room = fmt.Sprintf("%s every %s", counted(s.Group.Max, "place"), inDays(s.Group.Meets.Every))
	case s.Kind == sim.GroupKind:
		room = counted(s.Group.Max, "place") + " of " + inDays(stays)
	case s.Kind == sim.DelayKind:
		room = counted(s.Delay.Places, "place") + " of " + inDays(stays)
	case s.Kind == sim.AftercareKind:
		room = counted(s.Aftercare.Places, "place") + " of " + inDays(stays)
	default:
		beds := f.roomOf(s.Beds).beds
		if beds == 0 {
			return fmt.Sprintf("%s: %s %s a day come to no beds at the end of the run, and %s: the list grows without end", s.Name, three(people), who, patience)
		}
		room = bedsOf(beds) + " of " + inDays(stays)
	}
	return fmt.Sprintf("%s: %s %s a day for %s is %s%% of what there is room for, and %s: the list grows without end",
		s.Name, three(people), who, room, three(100*load), patience)
}

// counted is "1 bed" or "2 beds".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func three(v float64) string {
	if math.IsInf(v, 0) {
		return "endlessly many"
	}
	if v >= 1000 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

func inDays(v float64) string { return three(v) + " days" }

// flow is people a day through each stage, by class.
type flow struct {
	spec    *sim.Spec
	classes []class
	index   map[string]int // of stages
	outside [][]float64    // by class and stage
	in      [][]float64
	steps   [][]step
	races   map[string][2]float64
	back    []float64 // by class: share of the relapsed who are referred again
	to      int       // the stage they enter
}

func (r *reader) newFlow() *flow {
	f := &flow{spec: r.spec, classes: r.classes(), index: map[string]int{}, races: map[string][2]float64{}, to: -1}
	for i, s := range r.spec.Stages {
		f.index[s.Name] = i
	}
	for _, k := range f.classes {
		outside, steps := make([]float64, len(r.spec.Stages)), make([]step, len(r.spec.Stages))
		for i := range r.spec.Stages {
			outside[i] = r.arrivals(k, r.spec.Stages[i].Name)
			steps[i] = f.stepOf(&r.spec.Stages[i], k)
		}
		f.outside, f.steps, f.in = append(f.outside, outside), append(f.steps, steps), append(f.in, outside)
		back := 0.0
		if rel := r.spec.Relapse; rel != nil && rel.Returns != nil {
			back, _ = pick(rel.Returns.Share, k.cohort, k.traits)
			f.to = f.index[rel.Returns.To]
		}
		f.back = append(f.back, back)
	}
	f.lastBeds()
	return f
}

// lastBeds works out, for each stage and class, who of those that start there
// have had their last bed and will relapse after it.
func (f *flow) lastBeds() {
	for c, k := range f.classes {
		free := make([]float64, len(f.spec.Stages)) // chance of no bed from this stage on
		for i, moved := 0, 1.0; moved > 1e-9 && i < 1000; i++ {
			moved = 0
			for i := range f.spec.Stages {
				if f.spec.Stages[i].Kind != sim.BedsKind {
					now := f.onward(c, i, free)
					moved = max(moved, now-free[i])
					free[i] = now
				}
			}
		}
		for i := range f.spec.Stages {
			if s := &f.spec.Stages[i]; s.Kind == sim.BedsKind && f.spec.Relapse != nil {
				never := neverAfter(f.spec.Relapse.Never, s.Name, k)
				f.steps[c][i].relapses = f.onward(c, i, free) * (1 - never)
			}
		}
	}
}

// onward is the chance of meeting no bed after a stage.
func (f *flow) onward(class, stage int, free []float64) float64 {
	sum := 0.0
	for i := range f.spec.Stages {
		sum += f.steps[class][stage].to[f.spec.Stages[i].Name] * free[i]
	}
	for _, exit := range exits {
		sum += f.steps[class][stage].to[exit]
	}
	return sum
}

// neverAfter is the share who never relapse after completing a stage.
func neverAfter(rules sim.ByLeaving[float64], stage string, k class) float64 {
	for _, rule := range rules {
		if rule.How == sim.Completed && (rule.From == "" || rule.From == stage) {
			v, _ := pick(rule.Value, k.cohort, k.traits)
			return v
		}
	}
	return 0
}

// settle repeats the traffic equations until they hold, or keep growing.
func (f *flow) settle() {
	work := len(f.classes) * len(f.spec.Stages) * len(f.spec.Stages)
	for range min(2000, 1+200_000_000/work) {
		passes := f.passes()
		moved := 0.0
		for c := range f.classes {
			next := append([]float64(nil), f.outside[c]...)
			for i, st := range f.steps[c] {
				out := f.in[c][i] * passes[i]
				for j := range f.spec.Stages {
					next[j] += out * st.to[f.spec.Stages[j].Name]
				}
				if f.to >= 0 {
					next[f.to] += out * f.back[c] * min(1, st.relapses+st.to[sim.ExitRelapse])
				}
			}
			for j := range next {
				moved = max(moved, math.Abs(next[j]-f.in[c][j]))
			}
			f.in[c] = next
		}
		if moved < 1e-12 {
			return
		}
	}
}

// passes is the share of those who come to each stage whom it can serve.
func (f *flow) passes() []float64 {
	all := make([]float64, len(f.spec.Stages))
	for i := range all {
		load := 0.0
		for c := range f.classes {
			load += f.in[c][i] * f.steps[c][i].load
		}
		all[i] = min(1, 1/max(load, 1e-300))
	}
	return all
}
