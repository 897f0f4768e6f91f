package scenarios

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

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

// stretched is a law of a scenario, stretched by what overlays multiplied the number by. The last
// ten-thousandth at either end is left out, so that what was tried once holds for every draw.
type stretched struct {
	dist.Law
	by float64
}

func (s stretched) at(p float64) float64 {
	return s.by * dist.Quantile(s.Law, min(max(p, outermost), 1-outermost))
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

// turn is what an overlay or a setting did to the numbers at a path.
type turn struct {
	path string
	what turned
	by   float64 // of multiplied
}

type turned uint8

const (
	multiplied turned = iota
	decided           // says what they are, or takes them away
	reopened          // says how they are uncertain
)

// decide notes every number under a path that an edit makes another.
func (n *node) decide(path string, before, after *node) {
	var changes []Change
	compare(path, before, after, &changes)
	for _, c := range changes {
		if c.From != "" && !strings.HasPrefix(c.From, inTheOrder) {
			n.turns = append(n.turns, turn{path: c.Path, what: decided})
		}
	}
}

// turned says what overlays did to an unknown: whether it was settled in the end, and what it was multiplied by.
func (u *Unknown) turned(turns []turn) (settled bool, by float64) {
	by = 1
	for _, t := range turns {
		switch {
		case t.what == reopened:
			_, path, _ := strings.Cut(t.path, ".")
			if path == "" || path == "samples" || isUnder(u.Path, path) {
				settled, by = false, 1
			}
		case !isUnder(u.Path, t.path):
		case t.what == decided:
			settled = true
		default:
			by *= t.by
		}
	}
	return settled, by
}

// isUnder says whether a path is another, or leads on from it.
func isUnder(path, above string) bool { return path == above || strings.HasPrefix(path, above+".") }

// isUncertain says whether an edit is about what is not known.
func (e edit) isUncertain() bool { return isUnder(e.path, "uncertain") }

// mayBeUnknown are the keys of a scenario that hold what is found out, not chosen.
var mayBeUnknown = keys("traits referrals staff pathway relapse deaths budgets start_with")

const sayUnknown = "write `path: £140 to £220`, a law such as `{lognormal: {median: 0.7, p95: 1.0}}`, or `times 0.8 to 1.4`"

var rangeForm = regexp.MustCompile(`^(times )?(.+?) to (.+)$`)

// unknownsKind reads `uncertain`. It comes after all else: every path must lead to a number that was read.
func unknownsKind() kind[*Unknowns] {
	return kind[*Unknowns]{schema: unknownsSchema, read: func(r *reader, n *node) (*Unknowns, bool) {
		if !r.isMap(n, "a map from paths to ranges", nil) {
			return nil, false
		}
		before := len(*r.faults)
		u := &Unknowns{}
		for _, e := range n.entries {
			if e.key != "correlations" && e.key != "samples" {
				r.unknown(u, e)
			}
		}
		r.readWith(u)
		if s := n.get("samples"); s != nil {
			r.readSamples(u, s)
		}
		if c := n.get("correlations"); c != nil {
			r.readCorrelations(u, c)
		}
		return u, len(*r.faults) == before
	}}
}

// unknown reads one path with its range or law.
func (r *reader) unknown(u *Unknowns, e entry) {
	one := Unknown{Path: e.key, at: e.at, with: len(u.all)}
	if e.value.sort == scalar && e.value.text == known {
		one.settled = true
	} else if !r.described(&one, e) {
		return
	}
	if one.settled { // it keeps its place among those it is correlated with
		*e.value = node{sort: scalar, at: e.value.at, key: e.key, text: known}
	}
	u.all = append(u.all, one)
}

// known stands in place of a range where a number is not uncertain any more: overlays or settings said what
// it is, or took it away.
const known = "known"

// described reads what is said of an unknown. It is false with a fault.
func (r *reader) described(one *Unknown, e entry) bool {
	stands := r.standing(one, e)
	if stands == nil {
		return one.settled
	}
	n := e.value
	if n.sort == mapping {
		if n = r.lawOf(one, n); n == nil {
			return false
		}
	}
	return r.shape(one, stands, n)
}

// standing finds what is not known. It is nil where the path leads nowhere, of which
// a fault is made unless an overlay took the number away.
func (r *reader) standing(one *Unknown, e entry) *node {
	head, _, _ := strings.Cut(one.Path, ".")
	if contains(topKeys(), head) && !contains(mayBeUnknown, head) {
		r.faults.add(e.at, "`"+short(one.Path)+"` cannot be uncertain: it is chosen, not found out", "name a number under "+quoted(mayBeUnknown, "or"))
		return nil
	}
	one.settled, one.by = one.turned(r.root.turns)
	steps, rest := walk(r.root, one.Path)
	here := steps[len(steps)-1]
	if rest != "" {
		if !one.settled {
			(&overlays{faults: r.faults}).lost(edit{one.Path, e.at, e.value}, here, rest)
		}
		return nil
	}
	one.step = here.step
	return here
}

// topKeys are the keys of a scenario.
func topKeys() []string { return topTable(new(reader), new(Scenario)).keys() }

// lawOf finds the range or law of an unknown among its keys, nil where there is none.
func (r *reader) lawOf(one *Unknown, n *node) *node {
	n.free = true
	legal := append(keys("range times with why"), unknownLaws()...)
	var found *node
	for _, e := range n.entries {
		switch {
		case !contains(legal, e.key):
			r.faults.add(e.at, "unknown key `"+short(e.key)+"` in what is uncertain", meant(e.key, legal)+"the keys here are "+quoted(legal, "and"))
			return nil
		case e.value.sort == empty:
			r.faults.add(e.value.at, "`"+e.key+":` has no value", "give it one, or remove the key")
			return nil
		case e.key == "why":
			one.Why, _ = text.read(r, e.value)
		case e.key == "with":
			one.With, _ = text.read(r, e.value)
			one.withAt = e.value.at
		case found != nil:
			r.faults.add(e.at, "`"+short(one.Path)+"` has two distributions", "keep one of them")
			return nil
		case e.key == "times" && e.value.sort == mapping:
			one.Times = true
			found = r.lawOf(one, e.value)
			if found == nil {
				return nil
			}
		case e.key == "times":
			one.Times = true
			found = e.value
		case e.key == "range":
			found = e.value
		default:
			found = &node{sort: mapping, at: e.value.at, entries: []entry{e}}
		}
	}
	if found == nil {
		r.faults.add(n.at, "`"+short(one.Path)+"` has no range", sayUnknown)
	}
	return found
}

// readWith finds the numbers whose luck others have.
func (r *reader) readWith(u *Unknowns) {
	for i := range u.all {
		one := &u.all[i]
		if one.With == "" {
			continue
		}
		p := u.place(one.With)
		switch {
		case p < 0:
			r.faults.add(one.withAt, "`"+short(one.With)+"` is not uncertain here", meant(one.With, u.paths())+"name a path of `uncertain`")
		case u.all[p].With != "":
			r.faults.add(one.withAt, "`"+short(one.With)+"` goes with another number itself", "name `"+u.all[p].With+"`")
		default:
			one.with = p
		}
	}
}

// unknownLaws are the laws that an unknown may have.
func unknownLaws() []string {
	return slices.DeleteFunc(slices.Clone(lawNames), func(name string) bool { return contains(keys("fixed mixture empirical"), name) })
}

// shape reads the distribution of an unknown: a range, or a law.
func (r *reader) shape(one *Unknown, stands, n *node) bool {
	before := len(*r.faults)
	if n.sort == scalar {
		if m := rangeForm.FindStringSubmatch(strings.TrimSpace(n.text)); m != nil && m[1] != "" {
			one.Times = true
		}
	}
	if one.settled {
		if _, scales := stands.scaled(1.5); !one.Times || !scales {
			return true // its range is of no account
		}
		one.settled = false // a factor holds whatever stands there
	}
	if !r.standsFor(one, stands, n.at) {
		return false
	}
	by := one.by
	if one.Times {
		by = 1
	}
	switch {
	case n.sort == mapping:
		r.readUnknownLaw(one, n.entries[0], by)
	default:
		r.readRange(one, n, by)
	}
	return len(*r.faults) == before
}

// standsFor holds the number that is not known to be one, or what is multiplied to be such as can be.
func (r *reader) standsFor(one *Unknown, stands *node, at pos) bool {
	if one.Times {
		one.Value, one.step = 1, 0
		if _, ok := stands.scaled(1.5); !ok {
			r.faults.add(at, "`"+short(one.Path)+"` is `"+short(stands.String())+"`, which cannot be multiplied", "`times` takes a number, a map of numbers, or a law in lengths of time")
			return false
		}
		return true
	}
	q, ok := quantityOf(stands.text)
	switch {
	case stands.sort != scalar:
		r.faults.add(at, "`"+short(one.Path)+"` is `"+short(stands.String())+"`, which is no single number", "name one number under it, or vary all of it alike: `times 0.8 to 1.4`")
		return false
	case !ok || stands.quoted && q.unit == bareNumber:
		r.faults.add(at, "`"+short(one.Path)+"` is `"+short(stands.text)+"`, which is no number", "only numbers can be uncertain")
		return false
	}
	one.Value, one.unit, one.limit = q.value, q, q.limit
	return true
}

// readRange reads `£140 to £220` or `[£140, £220]`: never outside, the scenario's own value the likeliest.
func (r *reader) readRange(one *Unknown, n *node, by float64) {
	low, high, ok := endsWritten(n)
	if !ok {
		r.faults.add(n.at, n.named()+" is not a range", sayUnknown)
		return
	}
	a, b, ok := r.endsOf(one, n, low, high)
	if !ok {
		return
	}
	a, b = round12(a*by), round12(b*by)
	switch {
	case a > b && one.unit.unit == inRatios && strings.HasSuffix(high, "lower"): // 15% to 30% lower
		a, b = b, a
	}
	switch {
	case a > b:
		r.faults.add(n.at, "the range from `"+low+"` to `"+high+"` is empty: it ends below its start", "write the lower end first: `"+high+" to "+low+"`")
	case a == b:
		r.faults.add(n.at, "the range from `"+low+"` to `"+high+"` is empty", "widen it, or remove the line: the scenario has the value already")
	case one.Value < a || one.Value > b:
		r.faults.add(n.at, "the scenario has `"+one.Say(one.Value)+"` for `"+short(one.Path)+"`, outside its range", "widen the range, for the value itself is taken as the likeliest; or give a law, such as `{uniform: {from: "+low+", to: "+high+"}}`")
	case one.step == 1:
		one.law = steps{triangle{a, one.Value, b}}
	default:
		one.law = triangle{a, one.Value, b}
	}
}

// endsWritten takes a range apart.
func endsWritten(n *node) (low, high string, ok bool) {
	if n.sort == list && len(n.items) == 2 && n.items[0].sort == scalar && n.items[1].sort == scalar {
		return n.items[0].text, n.items[1].text, true
	}
	m := rangeForm.FindStringSubmatch(strings.TrimPrefix(strings.TrimSpace(n.text), upTo))
	if n.sort != scalar || m == nil {
		return "", "", false
	}
	return strings.TrimSpace(m[2]), strings.TrimSpace(m[3]), true
}

// endsOf reads both ends of a range; a unit may be written once.
func (r *reader) endsOf(one *Unknown, n *node, low, high string) (a, b float64, ok bool) {
	if strings.HasPrefix(low, "£") && !strings.HasPrefix(high, "£") {
		high = "£" + high
	}
	if words := unitOf(high); strings.HasPrefix(words, unitOf(low)) {
		low = strings.TrimSpace(strings.TrimSuffix(low, unitOf(low)))
		if words != "" && !strings.HasPrefix(words, "%") {
			low += " "
		}
		low += words
	}
	var values [2]float64
	for i, text := range []string{low, high} {
		q, fine := quantityOf(text)
		if fine && one.Times && q.unit != bareNumber && q.unit != inShares && q.unit != inRatios {
			fine = false
		}
		switch {
		case !fine:
			r.faults.add(n.at, "`"+short(text)+"` is not a number for a range", sayUnknown)
			return 0, 0, false
		case !one.Times && !q.unit.alike(one.unit.unit):
			r.faults.add(n.at, "`"+short(text)+"` is not in the unit of `"+short(one.Path)+"`, which is `"+one.Say(one.Value)+"`", "write both ends in that unit")
			return 0, 0, false
		}
		if !one.Times && one.unit.unit == bareNumber {
			one.unit.unit = q.unit
		}
		values[i] = q.value
	}
	return values[0], values[1], true
}

// unitOf is what stands behind a number.
func unitOf(text string) string {
	if m := amountForm.FindStringSubmatch(strings.TrimPrefix(text, "£")); m != nil {
		return m[2]
	}
	return ""
}

// readUnknownLaw reads a law whose parameters are in the unit of the number.
func (r *reader) readUnknownLaw(one *Unknown, e entry, by float64) {
	i := slices.Index(lawNames, e.key)
	measured := kind[float64]{read: func(r *reader, n *node) (float64, bool) {
		q, ok := quantityOf(n.text)
		if n.sort != scalar || !ok || !one.Times && !q.unit.alike(one.unit.unit) {
			r.faults.add(n.at, n.named()+" is not in the unit of `"+short(one.Path)+"`, which is `"+one.Say(one.Value)+"`", "write it in that unit")
			return 0, false
		}
		return q.value, true
	}}
	if l, ok := families[i].read(r, e.value, measured); ok {
		one.law = stretched{l, by}
	}
}

// readCorrelations reads which unknowns go together, by rank.
func (r *reader) readCorrelations(u *Unknowns, n *node) {
	type link struct {
		between []string
		rank    float64
	}
	one := object("correlation", "a correlation", func(_ *reader, l *link) table {
		return table{
			need(key("between", "two or more paths of `uncertain`", listOf("a list of paths", text), &l.between)),
			need(key("rank", "the rank correlation of any two of them, from -1 to 1", anyNumber, &l.rank)),
		}
	})
	links, ok := listOf("a list of `{between, rank}`", one).read(r, n)
	if !ok {
		return
	}
	ranks := map[[2]int]float64{}
	for k, l := range links {
		at := n.items[k]
		if l.rank <= -1 || l.rank >= 1 {
			r.faults.add(at.get("rank").at, at.get("rank").named()+" is not a rank correlation", "write a number between -1 and 1, such as 0.6")
			ok = false
		}
		var places []int
		for i, path := range l.between {
			p := u.place(path)
			if where := at.get("between").items[i].at; p < 0 {
				r.faults.add(where, "`"+short(path)+"` is not uncertain here", meant(path, u.paths())+"give it a range first")
			} else if u.all[p].With != "" {
				r.faults.add(where, "`"+short(path)+"` goes with `"+u.all[p].With+"` already", "correlate that one")
				p = -1
			} else if u.all[p].File != "" {
				r.faults.add(where, "`"+short(path)+"` comes from `"+u.all[p].File+"`, whose rows say what goes together", "correlate numbers that have a range or a law")
				p = -1
			}
			ok = ok && p >= 0
			places = append(places, p)
		}
		for i, p := range places {
			for _, q := range places[:i] {
				ranks[[2]int{max(p, q), min(p, q)}] = l.rank
				if p == q && p >= 0 {
					r.faults.add(at.at, "`"+short(l.between[i])+"` is correlated with itself", "name different paths")
					ok = false
				}
			}
			if !slices.Contains(u.joined, p) {
				u.joined = append(u.joined, p)
			}
		}
	}
	if !ok {
		return
	}
	slices.Sort(u.joined)
	var err error
	u.copula, err = stats.NewCopula(len(u.joined), func(i, j int) float64 { return ranks[[2]int{u.joined[i], u.joined[j]}] })
	if err != nil {
		r.faults.add(n.at, "no numbers have all these correlations at once (the matrix is not positive definite)", "make them weaker, or say how those left out go together")
	}
}

func (u *Unknowns) place(path string) int {
	return slices.IndexFunc(u.all, func(one Unknown) bool { return one.Path == path })
}

func (u *Unknowns) paths() (all []string) {
	for _, one := range u.all {
		all = append(all, one.Path)
	}
	return all
}

// readSamples reads files of joint samples, a column for each path.
func (r *reader) readSamples(u *Unknowns, n *node) {
	names, ok := either(func(n *node) int {
		if n.sort == list {
			return 1
		}
		return 0
	}, kind[[]string]{read: func(r *reader, n *node) ([]string, bool) {
		one, ok := text.read(r, n)
		return []string{one}, ok
	}}, listOf("a file, or a list of files", text)).read(r, n)
	for k := 0; ok && k < len(names); k++ {
		at := n
		if n.sort == list {
			at = n.items[k]
		}
		r.readSample(u, at, names[k])
	}
}

// leastSamples is how few rows of joint samples say nothing.
const leastSamples = 10

func (r *reader) readSample(u *Unknowns, n *node, name string) {
	var header []*node
	var rows [][]*node
	ok := r.sheet(n, name, func(cells []*node) bool { header = cells; return true }, func(cells []*node) { rows = append(rows, cells) })
	if !ok {
		return
	}
	if len(rows) < leastSamples {
		r.faults.add(n.at, "`"+short(name)+"` has "+strconv.Itoa(len(rows))+" rows", "give at least 10 joint samples, a row each")
		return
	}
	s := sample{name: dist.NameOf(name), rows: make([][]float64, len(rows))}
	for c, head := range header {
		one := Unknown{Path: head.text, at: head.at, File: name, column: len(s.rows[0]), with: len(u.all)}
		if p := u.place(one.Path); p >= 0 {
			r.faults.add(head.at, "`"+short(one.Path)+"` is uncertain twice: it has a range or another file too", "keep one of them")
			continue
		}
		stands := r.standing(&one, entry{head.text, head.at, head})
		if stands == nil {
			continue
		}
		one.Times = stands.sort != scalar
		one.settled = one.settled && !one.Times
		if one.settled {
			continue
		}
		if !r.standsFor(&one, stands, head.at) {
			continue
		}
		by := one.by
		if one.Times {
			by = 1
		}
		law := &sampled{file: len(u.samples)}
		for k, row := range rows {
			q, fine := quantityOf(row[c].text)
			if !fine || !one.Times && !q.unit.alike(one.unit.unit) {
				r.faults.add(row[c].at, "`"+short(row[c].text)+"` is not in the unit of `"+short(one.Path)+"`, which is `"+one.Say(one.Value)+"`", "write a number in that unit")
				continue
			}
			v := q.value * by
			s.rows[k] = append(s.rows[k], v)
			law.sorted = append(law.sorted, v)
		}
		slices.Sort(law.sorted)
		one.law = law
		u.all = append(u.all, one)
	}
	u.samples = append(u.samples, s)
}

func unknownsSchema(s *sketch) any {
	return s.define("uncertain", func() any {
		laws := doc{}
		for _, f := range families {
			if contains(unknownLaws(), f.name) {
				laws[f.name] = doc{"type": "object", "description": f.about}
			}
		}
		span := doc{"anyOf": []any{
			doc{"type": "string", "pattern": " to |^known$"},
			doc{"type": "array", "minItems": 2, "maxItems": 2},
		}}
		times := doc{"anyOf": []any{span, doc{"type": "object", "properties": laws, "minProperties": 1, "maxProperties": 1, "additionalProperties": false}}}
		one := doc{"type": "object", "minProperties": 1, "additionalProperties": false}
		properties := doc{
			"range": s.describe("never outside it; the scenario's own value is the likeliest", span),
			"times": s.describe("a factor of all the numbers at the path", times),
			"with":  s.describe("the path of the number it goes up and down with", text.schema(s)),
			"why":   s.describe("where the range comes from", text.schema(s)),
		}
		for name, law := range laws {
			properties[name] = law
		}
		one["properties"] = properties
		return doc{
			"type": "object",
			"properties": doc{
				"correlations": doc{"type": "array", "minItems": 1, "items": doc{
					"type": "object", "additionalProperties": false, "required": []string{"between", "rank"},
					"properties": doc{"between": doc{"type": "array", "minItems": 2, "items": doc{"type": "string"}}, "rank": anyNumber.schema(s)},
				}},
				"samples": doc{"anyOf": []any{doc{"type": "string"}, doc{"type": "array", "minItems": 1, "items": doc{"type": "string"}}}},
			},
			"additionalProperties": doc{"anyOf": []any{span, one}},
		}
	})
}
