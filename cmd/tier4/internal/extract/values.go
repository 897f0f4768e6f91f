package extract

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tier4/scenarios"
)

// values are what the cells of a column stand for.
type values struct {
	names []string
	index map[string]int    // of names, by the cell in lower case
	wrong map[string]string // what would be right, by the cell in lower case
}

// valuesOf finds what the cells of a column stand for: what the file of columns says; else the name of allowed
// that they spell, if there are any; else themselves, spellings that differ in case, blanks or plural
// being one. Without allowed names, what is in a row or two among very many is taken for a slip.
func valuesOf(cells []string, allowed []string, means func(string) (string, bool)) values {
	v := values{index: map[string]int{}, wrong: map[string]string{}}
	if len(allowed) > 0 {
		v.names = slices.Clone(allowed)
	}
	times, spelled := map[string]int{}, map[string]map[string]int{}
	total := 0
	for _, c := range cells {
		if isNothing(c) {
			continue
		}
		total++
		key := same(c)
		if m, ok := means(c); ok {
			key = "= " + m
		}
		times[key]++
		if spelled[key] == nil {
			spelled[key] = map[string]int{}
		}
		spelled[key][c]++
	}
	rare := func(n int) bool { return len(allowed) == 0 && total >= 50 && n <= 2 && 100*n < total }
	keys := slices.SortedFunc(maps.Keys(times), func(a, b string) int {
		return cmp.Or(cmp.Compare(times[b], times[a]), cmp.Compare(a, b))
	})
	for _, key := range keys {
		name, given := strings.CutPrefix(key, "= ")
		if !given {
			name = kebab(commonest(spelled[key]))
		}
		i := slices.IndexFunc(v.names, func(n string) bool { return n == name || same(n) == key })
		if i < 0 && (given && len(allowed) == 0 || len(allowed) == 0 && !rare(times[key]) && name != "") {
			v.names = append(v.names, name)
			i = len(v.names) - 1
		}
		for c := range spelled[key] {
			if i >= 0 {
				v.index[strings.ToLower(c)] = i
			} else {
				v.wrong[strings.ToLower(c)] = scenarios.Meant(c, v.names) + "write " + scenarios.Quoted(v.names, "or")
			}
		}
	}
	if len(allowed) == 0 {
		v.sort()
	}
	return v
}

// sort puts the names in order of the alphabet, so that the order of rows does not matter.
func (v *values) sort() {
	sorted := slices.Sorted(slices.Values(v.names))
	for c, i := range v.index {
		v.index[c] = slices.Index(sorted, v.names[i])
	}
	v.names = sorted
}

// commonest is the text counted most often; of several, the first of the alphabet.
func commonest(counts map[string]int) string {
	best := ""
	for text, n := range counts {
		if best == "" || n > counts[best] || n == counts[best] && text < best {
			best = text
		}
	}
	return best
}

// of is the index of what a cell stands for; -1 where there is nothing in it; ok is false where it stands for
// nothing known, and then instead says what would be right.
func (v *values) of(cell string) (i int, instead string, ok bool) {
	if isNothing(cell) {
		return -1, "", true
	}
	low := strings.ToLower(cell)
	if i, ok := v.index[low]; ok {
		return i, "", true
	}
	return -1, v.wrong[low], false
}
