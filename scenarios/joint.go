package scenarios

import (
	"slices"
	"strconv"

	"tier4/sim/dist"
	"tier4/sim/stats"
)

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
			if where := at.get("between").items[i].at; p < 0 && r.describes(path) {
				ok = false // what is wrong with it is said there
			} else if p < 0 {
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
