package scenarios

import (
	"math"
	"slices"

	"tier4/sim/dist"
	"tier4/sim/stats"
)

// Unknown is a number of a scenario that nobody knows exactly.
type Unknown struct {
	Path  string
	Why   string  // as the scenario gives it; ""
	Times bool    // what is not known is a factor of all that stands at the path: a map of numbers, or a law
	Value float64 // as the scenario has it, in pounds, days, or a fraction; 1 of a factor
	File  string  // of the joint samples it comes from; ""
	With  string  // the path of the number it goes up and down with, by rank; ""

	at      pos
	withAt  pos
	unit    quantity // how it is written
	limit   bool     // written `up to`
	step    float64  // it is a whole multiple of this; 0 for any number
	settled bool     // what-ifs or settings took it as known, or away
	by      float64  // what they multiplied it by
	law     quantiles
	column  int // of its file
	with    int // whose luck it has, its own unless With
}

// quantiles is the distribution of an unknown.
type quantiles interface {
	at(p float64) float64
}

// Quantile is the value that a share p of its distribution does not exceed.
func (u *Unknown) Quantile(p float64) float64 {
	v := u.law.at(p)
	if u.step > 0 {
		v = math.Round(v/u.step) * u.step
	}
	return round12(v)
}

// Whole says whether it is a whole number, such as beds.
func (u *Unknown) Whole() bool { return u.step == 1 }

// Setting is "path=value", as [Load] takes it.
func (u *Unknown) Setting(v float64) string { return u.Path + "=" + u.text(v) }

func (u *Unknown) text(v float64) string {
	switch {
	case u.Times:
		return "times " + bare(v)
	case u.limit:
		return upTo + bare(v)
	}
	return bare(v)
}

// Say writes a value as the scenario would: `£172`, `30% lower`, `times 1.2`.
func (u *Unknown) Say(v float64) string {
	if u.Times {
		return "times " + bare(significant(v))
	}
	return u.unit.say(v)
}

// Unknowns are all that a scenario says nobody knows.
type Unknowns struct {
	all     []Unknown // in the order of the file; those that were settled keep their place
	joined  []int     // that are correlated
	copula  *stats.Copula
	samples []sample
}

// sample is a file of joint samples, a row each.
type sample struct {
	name dist.Name
	rows [][]float64 // by column of those that are unknowns
}

// List is what is not known, in the order of the file, and where each stands in a draw.
func (u *Unknowns) List() (list []Unknown) {
	for _, one := range u.all {
		if !one.settled {
			list = append(list, one)
		}
	}
	return list
}

// Any says whether there is anything that is not known.
func (u *Unknowns) Any() bool {
	return slices.ContainsFunc(u.all, func(one Unknown) bool { return !one.settled })
}

// Together are the sets of unknowns, as places in List, that do not vary by themselves: those that are
// correlated, and those of one file of samples.
func (u *Unknowns) Together() (sets [][]int) {
	var correlated []int
	files := map[string]int{}
	place := 0
	for i, one := range u.all {
		if one.settled {
			continue
		}
		switch set, seen := files[one.File]; {
		case one.File == "" && slices.Contains(u.joined, i):
			correlated = append(correlated, place)
		case one.File == "":
		case seen:
			sets[set] = append(sets[set], place)
		default:
			files[one.File] = len(sets)
			sets = append(sets, []int{place})
		}
		place++
	}
	sets = append(sets, correlated)
	return slices.DeleteFunc(sets, func(set []int) bool { return len(set) < 2 })
}

var unknownsName = dist.NameOf("uncertain")

// Draw is the draw-th draw of what List lists. A number has the same luck in every scenario in which its
// path stands, with the same seed and draw: its address.
func (u *Unknowns) Draw(seed uint64, draw int) []float64 {
	key := dist.Root(seed, draw).Name(unknownsName)
	luck := make([]float64, len(u.all))
	for i := range u.all {
		luck[i] = key.Draw(dist.NameOf(u.all[i].Path), 0, 0)
	}
	if u.copula != nil {
		together := make([]float64, len(u.joined))
		for k, i := range u.joined {
			together[k] = luck[i]
		}
		u.copula.Join(together)
		for k, i := range u.joined {
			luck[i] = together[k]
		}
	}
	for i := range u.all {
		luck[i] = luck[u.all[i].with]
	}
	rows := make([]int, len(u.samples))
	for k, s := range u.samples {
		rows[k] = int(key.Draw(s.name, 1, 0) * float64(len(s.rows)))
	}
	var values []float64
	for i := range u.all {
		switch one := &u.all[i]; {
		case one.settled:
		case one.File != "":
			values = append(values, u.samples[one.sample()].rows[rows[one.sample()]][one.column])
		default:
			values = append(values, one.Quantile(luck[i]))
		}
	}
	return values
}

// sample is the index of the unknown's file.
func (u *Unknown) sample() int { return int(u.law.(*sampled).file) }

// Nominal are the values that the scenario itself has.
func (u *Unknowns) Nominal() (values []float64) {
	for _, one := range u.List() {
		values = append(values, one.Value)
	}
	return values
}

// triangle is the triangular law, of any sign.
type triangle struct{ low, likely, high float64 }

func (t triangle) at(p float64) float64 {
	width, rise := t.high-t.low, t.likely-t.low
	if p*width <= rise {
		return t.low + math.Sqrt(p*width*rise)
	}
	return t.high - math.Sqrt((1-p)*width*(width-rise))
}

// steps is a triangle of whole numbers, which gives its ends their full weight.
type steps struct{ triangle }

func (s steps) at(p float64) float64 {
	wide := triangle{s.low - 0.5, s.likely, s.high + 0.5}
	return min(max(math.Round(wide.at(p)), s.low), s.high)
}

// stretched is a law of a scenario, stretched by what overlays multiplied the number by. Of a law without an
// end, the last ten-thousandth at either side is left out, so that what was tried once holds for every draw.
type stretched struct {
	dist.Law
	by float64
}

func (s stretched) at(p float64) float64 {
	if math.IsInf(dist.Quantile(s.Law, 1), 1) {
		p = min(max(p, outermost), 1-outermost)
	}
	return s.by * dist.Quantile(s.Law, p)
}

const outermost = 1e-4

// sampled is the distribution of one column of joint samples.
type sampled struct {
	file   int
	sorted []float64
}

func (s *sampled) at(p float64) float64 {
	return s.sorted[min(int(p*float64(len(s.sorted))), len(s.sorted)-1)]
}
