package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"
	"strconv"
	"strings"
)

// pos is where something was written.
type pos struct {
	file         string
	line, column int
}

// sort says what a node is.
type sort uint8

const (
	scalar sort = iota
	list
	mapping
	empty // a key with nothing after it
)

// node is a value of a scenario, with the place it was written at.
type node struct {
	sort    sort
	at      pos
	key     string  // the key it stands under; "" for an item of a list
	text    string  // of a scalar
	quoted  bool    // the scalar was in quotes: a text even if it looks like a number
	items   []*node // of a list
	entries []entry // of a mapping; keys are unique
	broken  bool    // wrong in a way that was said already
	free    bool    // the order of the entries carries no meaning
	step    float64 // what values of a number's kind are whole multiples of, once read; 0 for any
	turns   []turn  // of a whole scenario: what overlays did to its numbers
	forked  *node   // what it is a fork of
}

// entry is one key of a mapping with its value.
type entry struct {
	key   string
	at    pos
	value *node
}

// get is the value under a key, nil if there is none.
func (n *node) get(key string) *node {
	if i := n.index(key); i >= 0 {
		return n.entries[i].value
	}
	return nil
}

// meant is the entry of a key, or else of one that may be meant as it; nil if there is none.
func (n *node) meant(key string) *entry {
	i := n.index(key)
	if i < 0 && n != nil {
		i = slices.IndexFunc(n.entries, func(e entry) bool { return misspelt(e.key, []string{key}) != "" })
	}
	if i < 0 {
		return nil
	}
	return &n.entries[i]
}

// near is the value under a key, or else under one that may be meant as it; nil if there is none.
func (n *node) near(key string) *node {
	if e := n.meant(key); e != nil {
		return e.value
	}
	return nil
}

func (n *node) index(key string) int {
	if n == nil {
		return -1
	}
	return slices.IndexFunc(n.entries, func(e entry) bool { return e.key == key })
}

// keys are the keys of a mapping as written.
func (n *node) keys() []string {
	if n == nil {
		return nil
	}
	keys := make([]string, len(n.entries))
	for i, e := range n.entries {
		keys[i] = e.key
	}
	return keys
}

// clone copies a node and all under it.
func (n *node) clone() *node {
	c := *n
	c.items = make([]*node, len(n.items))
	for i, item := range n.items {
		c.items[i] = item.clone()
	}
	c.turns = slices.Clone(n.turns)
	c.entries = slices.Clone(n.entries)
	for i := range c.entries {
		c.entries[i].value = c.entries[i].value.clone()
	}
	return &c
}

// isFree notes that the order of the entries carries no meaning.
func (n *node) isFree() {
	if !n.free { // a variant reads nodes side by side with others
		n.free = true
	}
}

// inSteps notes that values of the number's kind are whole multiples of a step.
func (n *node) inSteps(step float64) {
	if n.step != step {
		n.step = step
	}
}

// fork copies a node alone: what is under it is shared until [node.reach] copies it as well.
func (n *node) fork() *node {
	c := *n
	c.items, c.entries, c.forked = slices.Clone(n.items), slices.Clone(n.entries), n
	return &c
}

// reach is the node of a fork at a path that leads somewhere, whatever is on the way there copied, so that it
// can be changed. From is what was forked.
func (n *node) reach(from *node, path string) *node {
	steps, _ := walk(from, path)
	for i, was := range steps[1:] {
		child := steps[i].slot(n, was)
		if *child == was {
			*child = was.fork()
		}
		n = *child
	}
	return n
}

// slot is where a fork of a node has what the node has as a child.
func (n *node) slot(fork, child *node) **node {
	if i := slices.Index(n.items, child); i >= 0 {
		return &fork.items[i]
	}
	i := slices.IndexFunc(n.entries, func(e entry) bool { return e.value == child })
	return &fork.entries[i].value
}

// named is how messages call a value: "`beds: -3`", or "`-3`" in a list.
func (n *node) named() string {
	shown := short(n.text)
	switch n.sort {
	case empty:
		shown = ""
	case list:
		shown = "[...]"
	case mapping:
		shown = "{...}"
	}
	switch {
	case n.key == "":
		return "`" + shown + "`"
	case shown == "":
		return "`" + n.key + ":`"
	}
	return "`" + n.key + ": " + shown + "`"
}

// String writes a node as YAML on one line.
func (n *node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	switch n.sort {
	case scalar:
		b.WriteString(flowText(n.text, n.quoted))
	case list:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteString(", ")
			}
			item.write(b)
		}
		b.WriteByte(']')
	case mapping:
		b.WriteByte('{')
		for i, e := range n.entries {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(flowText(e.key, false) + ": ")
			e.value.write(b)
		}
		b.WriteByte('}')
	}
}

// flowText writes a scalar so that YAML reads it back inside braces.
func flowText(text string, asText bool) string {
	plain := !asText && text != "" && text == strings.TrimSpace(text) &&
		!strings.ContainsAny(text, ",?[]{}\"'\n\t\\`#") && !strings.Contains(text, ": ") &&
		!strings.HasSuffix(text, ":") && !strings.ContainsAny(text[:1], "-?:&*!|>%@=") &&
		text != "~" && !strings.EqualFold(text, "null")
	for _, r := range text {
		plain = plain && r >= ' ' && r != 0x7f && r != 0x85 && r != 0xfeff && r != 0x2028 && r != 0x2029
	}
	if _, err := strconv.ParseFloat(text, 64); plain || (err == nil && !asText) {
		return text
	}
	return strconv.Quote(text)
}

// digest adds a node to a hash: what it says, not how it is laid out.
func (n *node) digest(h hash.Hash) {
	put := func(s string) {
		h.Write([]byte(strconv.Itoa(len(s)) + ":" + s))
	}
	switch n.sort {
	case scalar:
		put("s" + n.text)
	case empty:
		put("e")
	case list:
		put("l" + strconv.Itoa(len(n.items)))
		for _, item := range n.items {
			item.digest(h)
		}
	case mapping:
		put("m" + strconv.Itoa(len(n.entries)))
		entries := slices.Clone(n.entries)
		if n.free {
			slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
		}
		for _, e := range entries {
			put(e.key)
			e.value.digest(h)
		}
	}
}

// sum is the hash of an effective scenario and the data files it names. Its
// name and description do not count, nor does the order of keys where it has
// no meaning.
func sum(root *node, files []dataFile) string {
	h := sha256.New()
	named := *root
	named.entries = slices.DeleteFunc(slices.Clone(root.entries), func(e entry) bool {
		return titles[e.key]
	})
	named.digest(h)
	for _, f := range files {
		h.Write(f.sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// titles are the keys that change no result.
var titles = map[string]bool{"name": true, "about": true, "extends": true}

// differences lists, in order, the paths at which two trees say different things.
func differences(from, to *node) []Change {
	var changes []Change
	compare("", from, to, &changes)
	return changes
}

func compare(path string, from, to *node, changes *[]Change) {
	if from.sort != mapping || to.sort != mapping || !overlap(from, to) {
		if from.String() != to.String() {
			*changes = append(*changes, Change{path, from.String(), to.String()})
		}
		return
	}
	for _, e := range from.entries {
		if path == "" && titles[e.key] {
			continue
		}
		if other := to.get(e.key); other == nil {
			*changes = append(*changes, Change{join(path, e.key), e.value.String(), ""})
		} else {
			compare(join(path, e.key), e.value, other, changes)
		}
	}
	if a, b := inOrder(from, to), inOrder(to, from); !to.free && path != "" && a != b {
		*changes = append(*changes, Change{path, inTheOrder + a, inTheOrder + b})
	}
	for _, e := range to.entries {
		if from.get(e.key) == nil && !(path == "" && titles[e.key]) {
			*changes = append(*changes, Change{join(path, e.key), "", e.value.String()})
		}
	}
}

// inTheOrder starts the words for keys that were put in another order.
const inTheOrder = "in the order "

// overlap says whether two mappings have a key in common: then they differ key
// by key, otherwise one replaced the other.
func overlap(a, b *node) bool {
	return len(a.entries) == 0 && len(b.entries) == 0 ||
		slices.ContainsFunc(a.entries, func(e entry) bool { return b.get(e.key) != nil })
}

// inOrder lists the keys of a mapping that another has too.
func inOrder(n, other *node) string {
	var common []string
	for _, e := range n.entries {
		if other.get(e.key) != nil {
			common = append(common, e.key)
		}
	}
	return strings.Join(common, ", ")
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
