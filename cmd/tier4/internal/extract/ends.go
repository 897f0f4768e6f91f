package extract

import (
	"slices"
	"strings"

	"tier4/calibration"
)

// endNames are the ends that a file of columns may name.
var endNames = []string{"completed", "unplanned", "approved", "declined", "deferred", "dropped out", "relapsed", "died", "administrative", "other"}

// endNamed is the end of a name of endNames.
func endNamed(name string) (calibration.End, bool) {
	for e := calibration.Open + 1; e < calibration.Ends; e++ {
		if e.String() == name && slices.Contains(endNames, name) {
			return e, true
		}
	}
	return calibration.Open, false
}

// endOf is what an outcome means by its words; Open where they mean nothing.
func endOf(text string) calibration.End {
	e, _ := endNamed(string(meaning(text)))
	return e
}

// reasonNamed reads `rehab dropped out`: a stage, "" for none, and an end.
func reasonNamed(text string) (stage string, end calibration.End) {
	for _, name := range endNames {
		if rest, ok := strings.CutSuffix(text, name); ok && (rest == "" || strings.HasSuffix(rest, " ")) {
			end, _ = endNamed(name)
			return strings.TrimSpace(rest), end
		}
	}
	return "", calibration.Open
}

// cause is why an episode was closed, as far as the reason's words tell.
type cause struct {
	stage     int // -1 where it names none
	end       calibration.End
	waiting   bool   // it says that the person was waiting
	hint      string // what may be meant, where it means nothing
	elsewhere string // the stage that it names where that is none of those read, or not where the dates say
}

// beyond says that the person was in a stage that is none of those read, and so waited for none of them.
func (c cause) beyond(stages []stageColumns) bool {
	return c.elsewhere != "" && !c.waiting && c.end != calibration.GaveUp && c.end != calibration.Declined &&
		!slices.ContainsFunc(stages, func(s stageColumns) bool { return s.name == c.elsewhere })
}

// causeOf reads the reason of closing by the words for stages and ends.
func causeOf(text string, stages []known) cause {
	words := tokens(text)
	return cause{stage: stageOf(words, stages), end: endOf(text), waiting: has(words, "waiting", "wait", "list", "waitlist", "awaiting", "before", "pending")}
}

// closingReason is the column that says best why an episode was closed, -1 for none. An outcome of a stage that the
// scenario lacks is none: a panel approved someone, and that closed nothing.
func (g *guesser) closingReason() int {
	best, most := -1, 0
	for i, header := range g.t.header {
		if g.claimed[i] || !g.isText(i) || classify(header, knownStages).stage >= 0 {
			continue
		}
		score := 0
		switch what := classify(header, g.stages).what; {
		case what == "reason":
			score = 1 + reasonScore(tokens(header))
		case what == "closed" && g.tellsEnds(i):
			score = 1
		}
		if score > most {
			best, most = i, score
		}
	}
	return best
}

// reasonScore is how well words of a header that may be of the reason of closing say that they are: best as a reason
// of closing, least as a bare outcome or as the reason of something else.
func reasonScore(words []string) int {
	switch {
	case has(words, "referral", "referred"):
		return -1 // why someone came
	case has(words, "clos*", "discharge*", "exit*", "leaving", "ended", "end") && has(words, "reason"):
		return 3
	case has(words, "clos*", "discharge*", "exit*", "leaving", "ended", "end", "reason"):
		return 2
	}
	return 1
}
