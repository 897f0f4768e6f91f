package main

import (
	"os"
	"strings"
	"testing"
)

// consoles are the commands of a worked example, each with the lines of output that stand below it.
func consoles(t *testing.T, file string) (all [][]string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split(string(text), "```console\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		block = strings.ReplaceAll(block, "\\\n", " ")
		for _, line := range strings.Split(strings.TrimSpace(block), "\n") {
			if command, ok := strings.CutPrefix(line, "$ tier4 "); ok {
				all = append(all, []string{command})
			} else {
				all[len(all)-1] = append(all[len(all)-1], line)
			}
		}
	}
	return all
}

// words takes a command line apart as a shell does, as far as worked examples go.
func words(line string) (args []string) {
	quoted := false
	for _, part := range strings.FieldsFunc(line, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	}) {
		args = append(args, strings.ReplaceAll(part, `"`, ""))
	}
	return args
}

// Every line of a worked example is what the tool says, in this order.
func TestWorkedExamples(t *testing.T) {
	t.Setenv("COLUMNS", "")
	for _, example := range consoles(t, "../../scenarios/block-or-spot.md") {
		rest := must(t, append(words(example[0]), "--quiet")...)
		for _, line := range example[1:] {
			_, after, found := strings.Cut(rest, strings.TrimSpace(line))
			if !found {
				t.Errorf("tier4 %s\ndoes not say, or not here:\n%s\nbut goes on:\n%s", example[0], line, rest)
				break
			}
			rest = after
		}
	}
}
