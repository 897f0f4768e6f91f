package scenarios

import (
	"fmt"
	"regexp"
	"strings"

	"tier4/sim"
)

// Target is a limit that a figure should keep, as written: `reached.rehab.within_84_days >= 60%`.
type Target struct {
	sim.Limit
	Unit        string  // of the amount, as in [Matter]
	Tolerance   float64 // what stands behind `give or take`; 0 for nothing
	ToleranceIn string  // its unit
	Text        string
	at          pos
}

// Where is the place of a target of a scenario: file:line:column.
func (t Target) Where() string { return fmt.Sprintf("%s:%d:%d", t.at.file, t.at.line, t.at.column) }

var (
	targetForm = regexp.MustCompile(`^([^\s<>=≤≥]+)\s*(=>|=<|>=|<=|>|<|≥|≤|=+|at least|at most|above|below)\s*(.+)$`)
	giveForm   = regexp.MustCompile(`^(.+?)\s*(?:give or take|±|\+/-|\+-)\s*(.+)$`)
)

const sayTarget = "write `reached.rehab.within_84_days >= 60%` or `cost <= £500,000`"

// ParseTarget reads one target from the command line. The error is a [Faults] with every fault; what they
// call its file is the flag, and its line the number of the target.
func ParseTarget(flag string, line int, text string) (Target, error) {
	var faults Faults
	r := &reader{faults: &faults}
	t, _ := r.target(&node{at: pos{flag, line, 1}, text: text})
	return t, faults.err()
}

// targets is the list of a scenario's targets.
var targets = func() kind[[]Target] {
	one := kind[Target]{
		read: func(r *reader, n *node) (Target, bool) {
			t, ok := r.target(n)
			if !ok {
				return t, false
			}
			head, _, _ := strings.Cut(t.Figure, ".")
			head, _, _ = strings.Cut(head, "@")
			if legal := append(r.stages[:len(r.stages):len(r.stages)], figureHeads...); !contains(legal, head) {
				r.faults.add(n.at, "`"+short(t.Figure)+"` is not a figure", meant(head, legal)+"a figure starts with a stage, or is one such as `cost` or `completed`")
				return t, false
			}
			return t, true
		},
		schema: func(*sketch) any {
			return doc{"type": "string", "pattern": `^\S+ *(?:>=|<=|>|<|≥|≤|at least|at most|above|below) *\S.*$`}
		},
	}
	return listOf("a list of targets", one)
}()

// target reads `figure >= amount`, with `give or take amount` behind it where that has a meaning.
func (r *reader) target(n *node) (Target, bool) {
	t := Target{Text: strings.Join(strings.Fields(n.text), " "), at: n.at}
	m := targetForm.FindStringSubmatch(t.Text)
	if n.sort != scalar || m == nil {
		r.faults.add(n.at, n.named()+" is not a target", sayTarget)
		return t, false
	}
	t.Limit.Figure = m[1]
	switch m[2] {
	case ">", "above":
		t.AtLeast, t.Strict = true, true
	case ">=", "≥", "at least":
		t.AtLeast = true
	case "<", "below":
		t.Strict = true
	case "<=", "≤", "at most":
	case "=<", "=>":
		r.faults.add(n.at, n.named()+" is not a target", "did you mean `"+m[2][1:]+"=`?")
		return t, false
	default:
		r.faults.add(n.at, n.named()+" wants a figure to be one number, which no average ever is", "write `>=` or `<=`")
		return t, false
	}
	amount := m[3]
	if give := giveForm.FindStringSubmatch(amount); give != nil {
		amount = give[1]
		by, ok := r.matter(entry{key: t.Figure, value: &node{at: n.at, text: give[2]}})
		if !ok {
			return t, false
		}
		if by.Amount <= 0 {
			r.faults.add(n.at, n.named()+" gives or takes nothing", "give or take something, such as `1%` or `£5,000`")
			return t, false
		}
		t.Tolerance, t.ToleranceIn = by.Amount, by.Unit
	}
	for _, yearly := range []string{" a year", " per year"} {
		amount = strings.TrimSuffix(amount, yearly)
	}
	limit, ok := r.matter(entry{key: t.Figure, value: &node{at: n.at, text: amount}})
	t.Amount, t.Unit = limit.Amount, limit.Unit
	if ok && t.Strict && (t.AtLeast && t.Unit == "share" && t.Amount >= 1 || !t.AtLeast && t.Amount <= 0) {
		r.faults.add(n.at, n.named()+" can never be met", "give a limit that a figure can keep")
		return t, false
	}
	return t, ok
}
