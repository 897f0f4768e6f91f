package scenarios

import "strings"

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
func isUnder(path, above string) bool {
	return strings.HasPrefix(path, above) && (len(path) == len(above) || path[len(above)] == '.')
}

// isUncertain says whether an edit is about what is not known.
func (e edit) isUncertain() bool { return isUnder(e.path, "uncertain") }
