package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

func reportCommand(t *terminal) *cobra.Command {
	o := options{silent: true}
	c := &cobra.Command{
		Use:   "report SCENARIO [WHAT-IF...] -o FILE",
		Short: "Play scenarios and write a report to send",
		Long: `Plays a scenario, or a base and what-ifs on the same people, and writes a report that stands by
itself: the question, the answer in a few sentences, what changes, pictures, tables, where the
numbers are from, how sure it all is, and the methods.

The ending of the file says what it is: .html is one page that needs no network and prints on A4;
.docx or .md a shorter paper for a committee; .pptx slides, a message each, with charts that can be
edited; .xlsx a workbook with every number, groups of people and single replications.`,
		Example: `  tier4 report medway -o medway.html
  tier4 report medway all-spot more-block-detox -o choices.html
  tier4 report medway weekly-panel -o panel.html -o panel.xlsx
  tier4 report my-area.yaml one-more-bed.yaml --replications 5000 -o paper.html`,
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return bad("`tier4 report` needs a scenario: `%s`", c.UseLine())
			case len(o.papers.reports) == 0:
				return bad("`tier4 report` needs a file to write: `-o report.html`")
			}
			return play(c, t, &o, expanded(args))
		},
	}
	o.registerPlay(c)
	f := c.Flags()
	f.StringArrayVarP(&o.papers.reports, "out", "o", nil, "write the report to `FILE` ("+reportEndings+"); may be given more than once")
	f.StringVar(&o.papers.plot, "plot", "", "also draw the charts into `DIR`; it must be new or empty")
	f.BoolVar(&o.force, "force", false, "overwrite the files of --out and --plot")
	f.BoolVar(&o.quiet, "quiet", false, "no progress and no remarks")
	return c
}

// again is the command that makes a report anew.
func (s *study) again() string {
	words := append([]string{"tier4", "report"}, s.names...)
	for _, set := range s.o.sets {
		words = append(words, "--set", set)
	}
	for _, target := range s.o.targets {
		words = append(words, "--target", target)
	}
	if s.o.fixed {
		words = append(words, "--fixed")
	}
	if len(s.o.figures) > 0 {
		words = append(words, "--figures", strings.Join(s.o.figures, ","))
	}
	words = append(words, "--seed", strconv.FormatUint(s.seed, 10), "--replications", fmt.Sprint(s.most))
	if s.o.precision > 0 {
		words = append(words, "--precision", s.o.precision.String())
	}
	for i, w := range words {
		words[i] = quotedWord(w)
	}
	return strings.Join(append(words, "-o", "report.html"), " ")
}
