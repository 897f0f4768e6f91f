package web

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// keyWords are the last words of paths as people say them.
var keyWords = map[string]string{
	"beds": "beds", "priority_beds": "priority beds", "of": "beds in the unit", "nights": "nights bought", "nights_per_year": "nights bought a year",
	"per_night": "price a night", "per_year": "paid a year", "contribution": "client pays",
	"look_after": "look elsewhere after", "cases": "cases a meeting", "answer_after": "answer after",
	"approval_lasts": "approval lasts", "sessions": "sessions", "caseload": "people on their way at once",
	"places": "places", "lasts": "lasts", "keep_in_touch": "giving up, against no contact",
}

// pathWords are whole endings of paths as people say them.
var pathWords = [][2]string{
	{"meets.every", "meets every"}, {"size.max", "people in a group"}, {"fast_track.share", "decided without a meeting"},
}

// labelOf says in words what stands at a path: `Riverside (rehab): beds`.
func labelOf(path string) string {
	r, size := utf8.DecodeRuneInString(wordsOf(path))
	return string(unicode.ToUpper(r)) + wordsOf(path)[size:]
}

func wordsOf(path string) string {
	parts := strings.Split(path, ".")
	switch head := parts[0]; {
	case head == "pathway" && len(parts) == 5 && parts[2] == "places":
		return plain(parts[3]) + " (" + plain(parts[1]) + "): " + key(parts[4])
	case head == "pathway" && len(parts) > 2:
		return plain(parts[1]) + ": " + ending(parts[2:])
	case head == "staff" && len(parts) == 3:
		return plain(parts[1]) + ": " + key(parts[2])
	case head == "referrals" && len(parts) == 4 && strings.HasPrefix(parts[2], "per_"):
		return "from " + plain(parts[1]) + ", " + plain(parts[3]) + ": people " + strings.Replace(parts[2], "per_", "a ", 1)
	case head == "referrals" && len(parts) == 3 && strings.HasPrefix(parts[2], "per_"):
		return "from " + plain(parts[1]) + ": people " + strings.Replace(parts[2], "per_", "a ", 1)
	case head == "budgets" && len(parts) == 3:
		return plain(parts[1]) + ": " + map[bool]string{true: "money a year", false: key(parts[2])}[parts[2] == "per_year"]
	}
	return ending(parts)
}

func key(word string) string {
	if words := keyWords[word]; words != "" {
		return words
	}
	return plain(word)
}

func ending(parts []string) string {
	whole := strings.Join(parts, ".")
	for _, w := range pathWords {
		if whole == w[0] {
			return w[1]
		}
	}
	if len(parts) == 1 {
		return key(parts[0])
	}
	var words []string
	for _, p := range parts {
		words = append(words, plain(p))
	}
	return strings.Join(words, ", ")
}

// plain is a name of a scenario as words.
func plain(name string) string { return strings.NewReplacer("-", " ", "_", " ").Replace(name) }
