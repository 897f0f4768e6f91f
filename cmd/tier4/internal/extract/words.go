package extract

import (
	"slices"
	"strings"
	"unicode"

	"tier4/sim"
)

// tokens are the words of a header or a value in lower case: `DetoxAdmitted_On` is detox, admitted, on.
func tokens(text string) (words []string) {
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	before := rune(0)
	for _, r := range text {
		letter := unicode.IsLetter(r)
		switch {
		case !letter && !unicode.IsDigit(r) && r != '\'':
			end()
		case r == '\'':
			continue
		case unicode.IsUpper(r) && unicode.IsLower(before), letter != unicode.IsLetter(before) && before != 0:
			end()
			fallthrough
		default:
			word.WriteRune(r)
		}
		before = r
	}
	end()
	return words
}

// has says whether one of the words is among the tokens. A word that ends in `*` is a beginning.
func has(tokens []string, words ...string) bool {
	return slices.ContainsFunc(tokens, func(t string) bool {
		return slices.ContainsFunc(words, func(w string) bool {
			if stem, ok := strings.CutSuffix(w, "*"); ok {
				return strings.HasPrefix(t, stem)
			}
			return t == w
		})
	})
}

// kebab is a value as a name: `Non-opiate & alcohol` is non-opiate-and-alcohol.
func kebab(text string) string {
	words := tokens(strings.ReplaceAll(text, "&", " and "))
	name := strings.Join(words, "-")
	if name != "" && name[0] >= '0' && name[0] <= '9' {
		name = "n" + name
	}
	return name
}

// same is what two spellings of a value have in common: case, blanks, plurals and words that say nothing do
// not count.
func same(text string) string {
	var kept []string
	for _, t := range tokens(strings.ReplaceAll(text, "&", " and ")) {
		switch t {
		case "only", "user", "users", "client", "clients", "misuse", "dependence", "dependent", "primary", "main":
			continue
		case "heroin", "opioid", "opioids":
			t = "opiate"
		case "nonopiate", "nonopiates":
			kept = append(kept, "non")
			t = "opiate"
		}
		if len(t) > 3 {
			t = strings.TrimSuffix(t, "s")
		}
		kept = append(kept, t)
	}
	if len(kept) == 0 {
		return strings.ToLower(text)
	}
	return strings.Join(kept, " ")
}

// known is a stage that most pathways have, and the words by which headers and reasons call it.
type known struct {
	name  string
	kind  sim.Kind
	words []string
}

// knownStages are in the order of the pathway.
var knownStages = []known{
	{"assessment", sim.DelayKind, []string{"assess*", "triage*", "ass"}},
	{"preparation", sim.GroupKind, []string{"prep*", "group*", "grp", "pre", "pretreatment", "workshop*"}},
	{"panel", sim.PanelKind, []string{"panel*", "pnl", "funding", "approval", "decision", "decided", "approved", "committee"}},
	{"detox", sim.BedsKind, []string{"detox*", "dtx", "ipd", "withdrawal", "stabilisation", "stabilization"}},
	{"rehab", sim.BedsKind, []string{"rehab*", "rhb", "resi", "residential", "rr"}},
	{"aftercare", sim.AftercareKind, []string{"aftercare", "after", "followup", "recovery"}},
}

// Words of headers that say what a date or a text at a stage is.
var (
	listedWords   = []string{"listed", "list", "waitlist*", "waiting", "wait", "queued", "queue", "ready", "requested", "request", "referral", "referred"}
	admittedWords = []string{"admit*", "admission*", "adm", "start*", "begin", "began", "begun", "commenc*", "entry", "entered", "enter*", "joined", "join", "arriv*", "in", "from", "placed", "open", "opened", "first"}
	leftWords     = []string{"left", "leav*", "end", "ended", "ends", "ending", "disch*", "exit*", "finish*", "out", "to", "depart*", "until", "complet*", "last", "closed"}
	outcomeWords  = []string{"outcome", "result", "reason", "status", "decision", "how", "destination", "type", "decided", "disposal"}
	contractWords = []string{"contract*", "purchas*", "bed", "funding", "block", "spot", "commission*", "procure*"}
)

// ending is what a value of an outcome or a reason may mean.
type ending string

// What the words of an outcome say. The first that fits holds, so what denies comes before what is denied.
var endingWords = []struct {
	means ending
	words []string // all must be there, each may be one of several parted by `|`
}{
	{"died", []string{"died|death|deceased|dead|rip|dies"}},
	{"relapsed", []string{"relaps*|lapsed|lapse"}},
	{"declined", []string{"declin*|refused|reject*|unsuccessful|denied|disagreed"}},
	{"declined", []string{"not", "approved|agreed|granted|funded|accepted|supported|suitable|eligible"}},
	{"deferred", []string{"defer*|adjourn*|postpone*|pending|delayed"}},
	{"deferred", []string{"more|further", "information|info|evidence"}},
	{"deferred", []string{"put", "off|back"}},
	{"unplanned", []string{"unplanned|incomplete|noncompletion|absconded|evict*|dama|awol|uncompleted|early|breach*|expelled|asked"}},
	{"unplanned", []string{"not|didnt|non|failed", "complet*|finish*|planned"}},
	{"unplanned", []string{"self", "discharge*"}},
	{"unplanned", []string{"against", "advice"}},
	{"unplanned", []string{"withdrawn", "provider"}},
	{"dropped out", []string{"dropped|dropout|drop|disengag*|withdrew|withdrawn|dna|ufta|abandon*|gave|declines"}},
	{"dropped out", []string{"lost|no|not", "contact|longer|attend*|respond*|response|engag*|interested"}},
	{"dropped out", []string{"didnt|failed", "attend*|respond*|engage*"}},
	{"administrative", []string{"moved|transfer*|admin*|custody|prison|relocat*|duplicate|error"}},
	{"administrative", []string{"out|different|another|other", "area|borough|county|authority|provider|service"}},
	{"approved", []string{"approv*|agree*|grant*|accept*|yes|funded|supported"}},
	{"completed", []string{"complet*|success*|planned|finish*|graduat*|done"}},
	{"completed", []string{"drug|alcohol", "free"}},
	{"completed", []string{"occasional", "user"}},
	{"unplanned", []string{"left|leave|leaver"}},
	{"declined", []string{"no"}},
}

// meaning is what the words of an outcome or reason mean, "" where nothing fits.
func meaning(text string) ending {
	words := tokens(text)
	for _, e := range endingWords {
		fits := true
		for _, one := range e.words {
			fits = fits && has(words, strings.Split(one, "|")...)
		}
		if fits {
			return e.means
		}
	}
	return ""
}
