package scenarios

import (
	"strconv"

	"tier4/sim/dist"
)

// part is one part of a mixture.
type part struct {
	share float64
	rest  bool
	law   dist.Law
}

// shareOrRest is a share, or the word `rest` as -1.
var shareOrRest = kind[float64]{
	read: func(r *reader, n *node) (float64, bool) {
		if n.sort == scalar && n.text == "rest" {
			return -1, true
		}
		return share.read(r, n)
	},
	schema: func(s *sketch) any { return doc{"anyOf": []any{doc{"const": "rest"}, share.schema(s)}} },
}

func partKind() kind[part] {
	return object("part_of_mixture", "a part of a mixture", func(_ *reader, p *part) table {
		return table{
			need(keyTo("share", "the share of people, or `rest`", shareOrRest, func(v float64) { p.share, p.rest = v, v < 0 })),
			need(key("law", "their law", law(), &p.law)),
		}
	})
}

func readMixture(r *reader, n *node) (dist.Law, bool) {
	parts, ok := listOf("a list of `{share, law}`", partKind()).read(r, n)
	if !ok {
		return nil, false
	}
	sum, rests := 0.0, 0
	for _, p := range parts {
		if p.rest {
			rests++
		} else {
			sum += p.share
		}
	}
	if rests > 1 || sum > 1+1e-9 || rests == 0 && sum < 1-1e-9 {
		r.faults.add(n.at, "the shares of the mixture make "+percentage(sum), "make them 100%, or write `rest` for one")
		return nil, false
	}
	weights, laws := make([]float64, len(parts)), make([]dist.Law, len(parts))
	for i, p := range parts {
		weights[i], laws[i] = p.share, p.law
		if p.rest {
			weights[i] = max(0, 1-sum)
		}
	}
	return r.made(n, "mixture")(dist.Mixture(weights, laws))
}

// percentage writes a share as people say it.
func percentage(share float64) string {
	return strconv.FormatFloat(round12(share*100), 'g', 4, 64) + "%"
}

// column is a column of a CSV file.
type column struct{ file, column string }

func columnKind() kind[column] {
	return object("csv_column", "a column of a CSV file", func(_ *reader, c *column) table {
		return table{
			need(key("file", "a CSV file, beside the scenario", text, &c.file)),
			key("column", "the name of the column; `days` unless given", text, &c.column),
		}
	})
}

func readEmpirical(r *reader, n *node) (dist.Law, bool) {
	var values []float64
	ok := false
	if n.sort == mapping {
		c := column{column: "days"}
		if c, ok = columnKind().read(r, n); ok {
			if c.column == "" {
				c.column = "days"
			}
			values, ok = r.numbers(n.get("file"), c)
		}
	} else {
		values, ok = listOf("a list of observed times", duration).read(r, n)
	}
	if !ok {
		return nil, false
	}
	return r.made(n, "empirical")(dist.Empirical(values))
}
