package scenarios

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// overlays resolves `extends` and applies changes.
type overlays struct {
	faults *Faults
	read   []File // that are not the tool's own
	edits  []edit // of the scenario that was asked for, of the one it extends
}

// base is the scenario that another extends.
type base struct {
	name string // as written; "" for none
	tree *node
}

// overlay is a scenario that extends another, while its keys are checked.
type overlay struct{ name, about, extends string }

func overlayTable(o *overlay) table {
	return table{
		key("name", "what to call the scenario", text, &o.name),
		key("about", "the question it answers, and where its figures come from", text, &o.about),
		need(key("extends", "the scenario it changes: a file, or the name of one that comes with the tool", text, &o.extends)),
		keyTo("changes", "what is different: `path: value`, `path: removed` or `path: times 1.2`",
			kind[*node]{
				read: keep.read,
				schema: func(*sketch) any {
					return doc{"type": "object", "propertyNames": doc{"minLength": 1}, "additionalProperties": doc{"not": doc{"type": "null"}}}
				},
			}, func(*node) {}),
	}
}

// effective reads a scenario and all it extends into one tree; nil where there
// is none to go on with. chain holds the names of those that led here.
func (o *overlays) effective(src source, chain []string) (*node, base) {
	chain = append(chain, strings.TrimSuffix(filepath.Clean(src.file), ".yaml"))
	if !src.embedded {
		o.read = append(o.read, File{src.file, src.text})
	}
	n := parse(src.file, src.text, o.faults)
	if n == nil {
		return nil, base{}
	}
	if n.get("extends") == nil {
		if c := n.index("changes"); c >= 0 {
			o.faults.add(n.entries[c].at, "`changes` needs `extends`", "add `extends:` and the scenario that is changed")
			n.entries = slices.Delete(n.entries, c, c+1)
		}
		return n, base{}
	}
	var own overlay
	(&reader{faults: o.faults}).readTable(n, "a scenario that extends another", overlayTable(&own), func(key string) (string, string) {
		if contains(topTable(new(reader), new(Scenario)).keys(), key) {
			return "`" + key + "` cannot stand beside `extends`", "put it under `changes`"
		}
		return "", ""
	})
	if own.extends == "" {
		return nil, base{}
	}
	from := n.get("extends")
	parent, ok := o.find(src, from, chain)
	if !ok {
		return nil, base{}
	}
	tree, _ := o.effective(parent, chain)
	if tree == nil {
		return nil, base{}
	}
	parentTree := tree.clone()
	o.edits = o.changes(n.get("changes"))
	o.apply(tree, o.edits)
	for _, word := range []string{"name", "about"} {
		if e := n.index(word); e >= 0 {
			set(tree, n.entries[e])
		}
	}
	return tree, base{own.extends, parentTree}
}

// find locates the scenario that another extends.
func (o *overlays) find(src source, from *node, chain []string) (source, bool) {
	var found source
	if text, err := Open(from.text); err == nil {
		found = shelved(from.text, text)
	} else if src.embedded || src.open == nil {
		o.faults.add(from.at, from.named()+" extends nothing: no such scenario comes with the tool",
			meant(from.text, libraryNames())+"those that do are "+quoted(libraryNames(), "and"))
		return source{}, false
	} else {
		text, err := src.open(src.file, from.text)
		if err != nil {
			hint := meant(from.text, libraryNames())
			if _, err := src.open(src.file, from.text+".yaml"); err == nil {
				hint = "did you mean `" + from.text + ".yaml`? "
			}
			o.faults.add(from.at, from.named()+" cannot be read: "+err.Error(),
				hint+"name a file beside this one, or one of "+quoted(libraryNames(), "and"))
			return source{}, false
		}
		found = source{file: beside(src.file, from.text), text: text, open: src.open}
	}
	name := strings.TrimSuffix(filepath.Clean(found.file), ".yaml")
	if i := slices.Index(chain, name); i >= 0 {
		var circle []string
		for _, c := range append(chain[i:len(chain):len(chain)], name) {
			circle = append(circle, filepath.Base(c))
		}
		o.faults.add(from.at, "scenarios extend one another in a circle: "+strings.Join(circle, " -> "), "let one of them stand by itself")
		return source{}, false
	}
	return found, true
}

func beside(file, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(file), name)
}

// edit is one change: a value, or a word for what to do, at a path.
type edit struct {
	path  string
	at    pos
	value *node
}

// changes lists the edits of an overlay as written.
func (o *overlays) changes(n *node) []edit {
	if n == nil {
		return nil
	}
	if n.sort != mapping {
		o.faults.add(n.at, n.named()+" is not a map of changes", "write `path: value` lines")
		return nil
	}
	var all []edit
	for _, e := range n.entries {
		all = append(all, edit{e.key, e.at, e.value})
	}
	return all
}

// settingsFile stands for a file name in faults of settings.
const settingsFile = "--set"

// settings reads "path=value" settings. Line counts them, column counts from the path on.
func settings(sets []string, faults *Faults) []edit {
	var all []edit
	for i, s := range sets {
		at := pos{settingsFile, i + 1, 1}
		path, value, found := strings.Cut(s, "=")
		if !found || strings.TrimSpace(path) == "" {
			faults.add(at, "`"+short(s)+"` is not a setting", "write `path=value`, such as `pathway.rehab.places.riverside.beds=8`")
			continue
		}
		if strings.TrimSpace(value) == "" {
			faults.add(at, "`"+short(s)+"` sets nothing", "write a value behind the `=`, or `removed`")
			continue
		}
		var own Faults
		n := parse(settingsFile, bytes.TrimSpace([]byte(value)), &own)
		for _, f := range own {
			f.Line, f.Column = i+1, 1
			*faults = append(*faults, f)
		}
		if n == nil {
			continue
		}
		blanks := len(value) - len(strings.TrimLeft(value, " \t\n"))
		n.move(i+1, utf8.RuneCountInString(path)+1+blanks)
		all = append(all, edit{strings.TrimSpace(path), at, n})
	}
	return all
}

// move shifts a node that was parsed by itself to its place in the settings.
func (n *node) move(line, column int) {
	n.at.line, n.at.column = line, n.at.column+column
	for _, item := range n.items {
		item.move(line, column)
	}
	for i := range n.entries {
		n.entries[i].at.line, n.entries[i].at.column = line, n.entries[i].at.column+column
		n.entries[i].value.move(line, column)
	}
}

// apply makes edits in order, those that say what is uncertain last: about what the others made.
func (o *overlays) apply(tree *node, edits []edit) {
	for i, e := range edits {
		for _, before := range edits[:i] {
			if before.path != e.path && isUnder(before.path, e.path) && !e.multiplies() {
				where := " on line " + strconv.Itoa(before.at.line)
				if e.at.file == settingsFile {
					where = ", set before it"
				}
				o.faults.add(e.at, "`"+short(e.path)+"` is set as a whole, which undoes `"+short(before.path)+"`"+where,
					"say both in one, or put the part after the whole")
			}
		}
		if !e.isUncertain() {
			o.edit(tree, e)
		}
	}
	for _, e := range edits {
		if e.isUncertain() {
			if tree.get("uncertain") == nil && e.path != "uncertain" {
				set(tree, entry{"uncertain", e.at, &node{sort: mapping, at: e.at}})
			}
			o.edit(tree, e)
			tree.turns = append(tree.turns, turn{path: e.path, what: reopened})
		}
	}
}

var timesForm = regexp.MustCompile(`^times (` + unsigned + `)$`)

func (o *overlays) edit(tree *node, e edit) {
	steps, rest := walk(tree, e.path)
	here := steps[len(steps)-1]
	remove := e.value.sort == scalar && !e.value.quoted && e.value.text == "removed"
	var times []string
	if e.multiplies() {
		times = timesForm.FindStringSubmatch(e.value.text)
	}
	switch {
	case isUnder(e.path, "extends"):
		o.faults.add(e.at, "`extends` cannot be changed", "name the scenario to start from in its place, or write a what-if that extends it")
	case rest == "" && loses(here, e.value):
		o.faults.add(e.at, "`"+short(e.path)+"` is set as a whole, and what it said before is lost", "to change one number write its path, `"+firstLeaf(e)+"`")
	case e.value.sort == empty:
		o.faults.add(e.at, "`"+short(e.path)+":` has no value", "give one, or write `removed`")
	case rest != "" && (remove || times != nil || !here.opens(rest)):
		o.lost(e, here, rest)
	case rest != "":
		set(here, entry{rest, e.at, e.value.clone()})
	case remove:
		steps[len(steps)-2].drop(here)
		tree.turns = append(tree.turns, turn{path: e.path, what: decided})
	case times != nil:
		by, _ := number(times[1])
		if o.scale(e, here, by) {
			tree.turns = append(tree.turns, turn{path: e.path, what: multiplied, by: by})
		}
	default:
		tree.decide(e.path, here, e.value)
		value := e.value.clone()
		value.key, value.at = here.key, e.value.at
		if len(steps) > 1 { // whatever is wrong with it now was written here
			steps[len(steps)-2].rewritten(here, e.at)
		}
		*here = *value
	}
}

// multiplies says whether an edit changes what stands at its path by a factor.
func (e edit) multiplies() bool {
	return e.value.sort == scalar && !e.value.quoted && timesForm.MatchString(e.value.text)
}

// loses says whether a map leaves out, at some depth, what the stage or the place it stands for cannot be without: it was meant
// to change a part of it.
func loses(was, value *node) bool {
	if was.sort != mapping || value.sort != mapping {
		return false
	}
	for _, word := range []string{"kind", "contract"} {
		if was.get(word) != nil && value.get(word) == nil {
			return true
		}
	}
	return slices.ContainsFunc(value.entries, func(e entry) bool {
		other := was.get(e.key)
		return other != nil && loses(other, e.value)
	})
}

// firstLeaf is the first single value that an edit with a map holds, as an edit of its own.
func firstLeaf(e edit) string {
	var paths []string
	leaves(e.path, e.value, &paths)
	if len(paths) == 0 {
		return e.path + ": ..."
	}
	steps, _ := walk(e.value, strings.TrimPrefix(paths[0], e.path+"."))
	return paths[0] + ": " + steps[len(steps)-1].String()
}

// opens says whether a path's last word may be a new key of a node.
func (n *node) opens(rest string) bool {
	return n.sort == mapping && (!strings.Contains(rest, ".") || n.key == "matters" || n.key == "uncertain")
}

// lost explains a path that leads nowhere.
func (o *overlays) lost(e edit, here *node, rest string) {
	word, more, deeper := strings.Cut(rest, ".")
	done := strings.TrimSuffix(strings.TrimSuffix(e.path, rest), ".")
	switch {
	case here.sort == list:
		o.faults.add(e.at, "the path `"+short(e.path)+"` leads nowhere: `"+done+"` is a list of "+strconv.Itoa(len(here.items)),
			"count its items from 1")
	case here.sort != mapping:
		o.faults.add(e.at, "the path `"+short(e.path)+"` leads nowhere: `"+done+"` is `"+short(here.String())+"`, with nothing under it",
			"set `"+done+"` as a whole")
	default:
		where := "the scenario"
		if done != "" {
			where = "`" + done + "`"
		}
		there := here.keys()
		if done == "" {
			there = slices.DeleteFunc(there, func(k string) bool { return !contains(topTable(new(reader), new(Scenario)).keys(), k) })
		}
		instead := meant(word, there) + "the keys there are " + quoted(there, "and")
		if deeper && more != "" {
			instead += "; to add one, set `" + join(done, word) + "` to a map"
		}
		o.faults.add(e.at, "the path `"+short(e.path)+"` leads nowhere: "+where+" has no `"+short(word)+"`", instead)
	}
}

// walk follows a path as far as it leads, and returns the nodes on the way and
// what is left of the path. Keys may hold dots (figures do): the longest fits.
func walk(root *node, path string) (steps []*node, rest string) {
	steps = []*node{root}
	for path != "" {
		here := steps[len(steps)-1]
		var next *node
		var length int
		if here.sort == list {
			word, _, _ := strings.Cut(path, ".")
			if i, err := strconv.Atoi(word); err == nil && i >= 1 && i <= len(here.items) {
				next, length = here.items[i-1], len(word)
			}
		}
		for _, e := range here.entries {
			if len(e.key) > length && isUnder(path, e.key) {
				next, length = e.value, len(e.key)
			}
		}
		if next == nil {
			return steps, path
		}
		steps = append(steps, next)
		path = strings.TrimPrefix(path[length:], ".")
	}
	return steps, ""
}

// leaves lists the paths of single values under a node.
func leaves(path string, n *node, all *[]string) {
	for i, item := range n.items {
		leaves(join(path, strconv.Itoa(i+1)), item, all)
	}
	for _, e := range n.entries {
		leaves(join(path, e.key), e.value, all)
	}
	if n.sort == scalar {
		*all = append(*all, path)
	}
}

// set puts an entry into a mapping, in the place of the one of the same key if there is one.
func set(n *node, e entry) {
	e.value.key = e.key
	if i := n.index(e.key); i >= 0 {
		n.entries[i] = e
	} else {
		n.entries = append(n.entries, e)
	}
}

// rewritten notes where a value of a mapping stands now.
func (n *node) rewritten(value *node, at pos) {
	for i := range n.entries {
		if n.entries[i].value == value {
			n.entries[i].at = at
		}
	}
}

// drop removes a value from its parent.
func (n *node) drop(value *node) {
	n.items = slices.DeleteFunc(n.items, func(i *node) bool { return i == value })
	n.entries = slices.DeleteFunc(n.entries, func(e entry) bool { return e.value == value })
}
