package dist

import (
	"fmt"
	"strconv"
	"strings"
)

// written is a law as a scenario writes it. Every law embeds it.
type written string

// String is the law as a scenario writes it.
func (w written) String() string { return string(w) }

// writes joins "key: value" pairs under the name of a family.
func writes(family string, pairs ...string) written {
	return written(family + ": {" + strings.Join(pairs, ", ") + "}")
}

func inDays(key string, x float64) string { return key + ": " + days(x) }

func plain(key string, x float64) string { return key + ": " + number(x) }

func days(x float64) string {
	if x == 1 {
		return "1 day"
	}
	return number(x) + " days"
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// percent names a percentile: 0.9 is p90.
func percent(p float64) string { return fmt.Sprintf("p%.12g", 100*p) }

// share writes a fraction as a percentage.
func share(w float64) string { return fmt.Sprintf("%.12g%%", 100*w) }
