package scenarios

// Outline is a value of a YAML file that is no scenario, such as the columns of an extract. It is read
// as strictly as a scenario, and knows where it stands.
type Outline struct{ n *node }

// OutlineEntry is one key of a map with its value.
type OutlineEntry struct {
	Key   string
	Value Outline
	at    pos
}

// ReadOutline reads the text of a YAML file whose top is a map. The error is [Faults].
func ReadOutline(file string, text []byte) (Outline, error) {
	var faults Faults
	n := parse(file, text, &faults)
	if n != nil && n.sort != mapping && len(faults) == 0 {
		faults.add(n.at, "the file is no map", "write `key: value` lines")
	}
	if err := faults.err(); err != nil {
		return Outline{}, err
	}
	return Outline{n}, nil
}

// IsMap says whether the value is a map.
func (o Outline) IsMap() bool { return o.n.sort == mapping }

// Entries are the keys and values of a map, in the order of the file.
func (o Outline) Entries() (all []OutlineEntry) {
	for _, e := range o.n.entries {
		all = append(all, OutlineEntry{e.key, Outline{e.value}, e.at})
	}
	return all
}

// Items are the values of a list; of a single value, the value.
func (o Outline) Items() (all []Outline) {
	if o.n.sort == scalar {
		return []Outline{o}
	}
	for _, item := range o.n.items {
		all = append(all, Outline{item})
	}
	return all
}

// Text is a single value as written; ok is false for maps, lists and nothing.
func (o Outline) Text() (text string, ok bool) { return o.n.text, o.n.sort == scalar }

// Named is how messages call the value: "`kind: ward`".
func (o Outline) Named() string { return o.n.named() }

// Fault is a fault of the value, where it stands.
func (o Outline) Fault(what, instead string) Fault {
	return Fault{o.n.at.file, o.n.at.line, o.n.at.column, what, instead}
}

// Fault is a fault of the key, where it stands.
func (e OutlineEntry) Fault(what, instead string) Fault {
	return Fault{e.at.file, e.at.line, e.at.column, what, instead}
}

// Meant is "did you mean `x`? " when one of the words is close to the given one, else "".
func Meant(word string, words []string) string { return meant(word, words) }

// Quoted lists words in back quotes with a joint before the last: "`a`, `b` or `c`".
func Quoted(words []string, joint string) string { return quoted(words, joint) }

// FlowText writes a text so that YAML reads it back, inside braces too.
func FlowText(text string) string { return flowText(text, false) }
