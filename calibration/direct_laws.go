package calibration

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tier4/sim"
	"tier4/sim/dist"
)

// familyNamed is the family of a law by the name that a scenario has for it.
func familyNamed(name string) (Family, bool) {
	i := slices.Index([]string{"exponential", "weibull", "gamma", "lognormal", "loglogistic"}, name)
	return Family(max(i, 0)), i >= 0
}

// lawNames are all that a scenario can name a law by.
var lawNames = strings.Fields("fixed uniform triangular pert normal exponential gamma weibull lognormal loglogistic mixture empirical")

// laws are the durations at a stage.
func (d *directs) laws(s *sim.Stage, k int) {
	path := "pathway." + s.Name + "."
	if s.Kind == sim.DelayKind && s.Delay.Places == 0 {
		d.law(path+Takes.Key(), k, Takes, "")
	}
	d.law(path+DropsOut.Key(), k, DropsOut, d.weighed(s, sim.DropsOutAfter))
	if s.Kind != sim.BedsKind {
		return
	}
	d.law(path+LeftEarly.Key(), k, LeftEarly, d.weighed(s, sim.UnplannedDischarge))
	why := ""
	if len(s.Beds.Extension) > 0 || len(s.Beds.StaysOn) > 0 {
		why = "some stay on after what was planned, and the dates do not tell the two apart"
	}
	d.law(path+Stay.Key(), k, Stay, why)
}

// weighed says why a hazard at a stage is not that of the law there: something multiplies it for some.
func (d *directs) weighed(s *sim.Stage, on sim.Target) string {
	has := func(effects []sim.Effect) bool {
		return slices.ContainsFunc(effects, func(e sim.Effect) bool { return e.On == on && e.Ratio != 1 })
	}
	const why = "%s changes this hazard for some people, and the dates show it as changed"
	for _, t := range d.s.Spec.Traits {
		if has(t.Effects) {
			return fmt.Sprintf(why, "trait "+t.Name)
		}
	}
	for i := range d.s.Spec.Stages {
		one := &d.s.Spec.Stages[i]
		if has(one.Effects) {
			return fmt.Sprintf(why, one.Name)
		}
		if one.Kind == sim.BedsKind {
			for _, p := range one.Beds.Places {
				if has(p.Effects) {
					return fmt.Sprintf(why, p.Name)
				}
			}
		}
	}
	if on == sim.DropsOutAfter && s.KeepInTouch != 1 {
		return fmt.Sprintf(why, "keep_in_touch")
	}
	return ""
}

// law fits the law that stands at a path in its own family, for each rule by cohort or trait. why says why it
// cannot be; "" if it can.
func (d *directs) law(path string, k int, what What, why string) {
	leaves := d.leaves(path, func(key string) bool { return slices.Contains(lawNames, key) })
	if len(leaves) == 0 || !slices.ContainsFunc(leaves, func(l leaf) bool { return !d.leave(l.path) }) {
		return
	}
	if why != "" {
		d.note("%s is left as it is: %s", path, why)
		return
	}
	rules := rulesOf(leaves)
	for _, who := range rules {
		var own []leaf
		for _, l := range leaves {
			if l.who == who {
				own = append(own, l)
			}
		}
		d.fit(strings.TrimSuffix(path+"."+who, "."), own, k, what, who, rules)
	}
}

func (d *directs) fit(path string, own []leaf, k int, what What, who string, rules []string) {
	name, _, _ := strings.Cut(own[0].rest, ".")
	family, fits := familyNamed(name)
	if !fits {
		if own[0].rest == "" { // a length of time, or never
			name = "`" + d.value(own[0].path) + "`"
		}
		d.note("%s is left as it is: %s is no law that is fitted; name a family, such as lognormal", path, name)
		return
	}
	those, known := d.those(who, rules)
	if !known {
		d.note("%s is left as it is: the extract does not say who is meant by it", path)
		return
	}
	duration := d.x.Duration(k, what, -1)
	duration.Spells = slices.DeleteFunc(duration.Spells, func(s Spell) bool { return !those(&d.x.Episodes[s.Episode]) })
	fit, err := FitLaw(family, duration.Times())
	if err != nil {
		d.note("%s is left as it is: %v", path, err)
		return
	}
	var paths []string
	var values []func(l dist.Law, c []float64) float64
	for _, l := range own {
		_, key, _ := strings.Cut(l.rest, ".")
		paths, values = append(paths, l.path), append(values, parameterOf(family, key))
	}
	posterior := fit.Posterior()
	draw := func(uniform func() float64) []float64 {
		for {
			c := posterior.Draw(uniform)
			law, err := family.Law(c)
			if err != nil {
				continue
			}
			drawn := make([]float64, len(values))
			for i := range values {
				drawn[i] = values[i](law, c)
			}
			if !slices.ContainsFunc(drawn, func(v float64) bool { return math.IsInf(v, 0) || math.IsNaN(v) }) {
				return drawn
			}
		}
	}
	d.add(paths, Direct{
		How: fmt.Sprintf("%s law by likelihood, %s", family, posterior.Method), Draw: draw,
		K: int(math.Round(fit.Events)), Of: int(math.Round(fit.N)),
	})
}

// value is what stands at a path.
func (d *directs) value(path string) string {
	v, _ := d.s.Value(path)
	return v
}

// parameterOf is what a key of a family's law in a scenario is, of a law and its coordinates.
func parameterOf(f Family, key string) func(l dist.Law, c []float64) float64 {
	shape := func(_ dist.Law, c []float64) float64 { return math.Exp(c[1]) }
	switch key {
	case "mean":
		return func(l dist.Law, _ []float64) float64 { return l.Mean() }
	case "sd":
		return func(l dist.Law, _ []float64) float64 { return math.Sqrt(l.Variance()) }
	case "cv":
		return func(l dist.Law, _ []float64) float64 { return math.Sqrt(l.Variance()) / l.Mean() }
	case "median", "half_by":
		return func(l dist.Law, _ []float64) float64 { return l.AtSurvival(0.5) }
	case "shape":
		return shape
	case "sigma":
		return shape
	case "mu":
		return func(_ dist.Law, c []float64) float64 { return c[0] }
	case "scale":
		if f == Gamma {
			return func(l dist.Law, c []float64) float64 { return l.Mean() / shape(l, c) }
		}
		return func(_ dist.Law, c []float64) float64 { return math.Exp(c[0]) }
	}
	percent, _ := strconv.ParseFloat(strings.TrimPrefix(key, "p"), 64)
	return func(l dist.Law, _ []float64) float64 { return dist.Quantile(l, percent/100) }
}
