package scenarios

import (
	"slices"
	"strconv"
	"strings"
)

// scale multiplies what stands at a path: a number with its unit, every number
// of a map by name, or a law (its lengths of time; a shape stays as it is).
func (o *overlays) scale(e edit, n *node, by float64) (ok bool) {
	if text, ok := n.scaled(by); ok {
		moved := n.clone()
		*moved = *text
		*n = *moved
		return true
	}
	o.faults.add(e.at, "`"+short(e.path)+"` is `"+short(n.String())+"`, which cannot be multiplied",
		"`times` takes a number, a map of numbers, or a law in lengths of time")
	return false
}

// scaled is a copy of a node with its numbers multiplied.
func (n *node) scaled(by float64) (*node, bool) {
	c := n.clone()
	return c, c.multiply(by)
}

func (n *node) multiply(by float64) bool {
	switch n.sort {
	case scalar:
		return n.multiplyNumber(by)
	case list:
		for _, item := range n.items {
			if !item.multiply(by) {
				return false
			}
		}
		return len(n.items) > 0
	case mapping:
		for _, e := range n.entries {
			if e.key == "mu" || e.key == "file" || e.key == "column" {
				return false
			}
			if e.keepsSize() {
				continue
			}
			if !e.value.multiply(by) {
				return false
			}
		}
		return len(n.entries) > 0
	}
	return false
}

// keepsSize says whether a key of a law or mixture stays as it is when the law
// is stretched.
func (e entry) keepsSize() bool {
	return e.key == "share" || slices.ContainsFunc(parameters, func(p parameter) bool { return p.key == e.key && !p.scales })
}

// multiplyNumber multiplies `12 days`, `£1,200`, `85%`, `up to 7 days`, `4`; pounds to the penny.
func (n *node) multiplyNumber(by float64) bool {
	text, before := strings.TrimSpace(n.text), ""
	if rest, limit := strings.CutPrefix(text, upTo); limit {
		text, before = rest, upTo
	}
	digits, isMoney := strings.CutPrefix(text, "£")
	m := amountForm.FindStringSubmatch(strings.TrimSpace(digits))
	if m == nil || strings.HasSuffix(text, "lower") || strings.HasSuffix(text, "higher") {
		return false
	}
	v, ok := number(m[1])
	if !ok {
		return false
	}
	v = round12(v * by)
	if isMoney {
		v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'f', 2, 64), 64)
	}
	written := strconv.FormatFloat(v, 'f', -1, 64)
	if isMoney {
		written = "£" + written
	}
	if m[2] != "" && !strings.HasPrefix(m[2], "%") {
		written += " "
	}
	n.text, n.quoted = before+written+m[2], false
	return true
}
