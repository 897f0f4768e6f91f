//go:build long

package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// LibreOffice opens every kind of report and finds its words: Debian's libreoffice-calc, -impress and
// -writer, and poppler-utils.
func TestLibreOfficeOpensReports(t *testing.T) {
	dir := t.TempDir()
	args := []string{"report", "medway", "weekly-panel", "all-spot", "--fixed", "--replications", "60", "--quiet"}
	for name := range officeWords {
		args = append(args, "-o", filepath.Join(dir, name))
	}
	var out, errs bytes.Buffer
	if code := command(context.Background(), nil, &out, &errs, args); code != 0 {
		t.Fatalf("exit code %d: %s", code, &errs)
	}
	for name, words := range officeWords {
		run(t, dir, "soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf", "--outdir", dir, filepath.Join(dir, name))
		pdf := filepath.Join(dir, strings.TrimSuffix(name, filepath.Ext(name))+".pdf")
		text := filepath.Join(dir, "text")
		run(t, dir, "pdftotext", pdf, text)
		seen, err := os.ReadFile(text)
		if err != nil {
			t.Fatal(err)
		}
		flat := strings.Join(strings.Fields(string(seen)), " ")
		for _, want := range words {
			if !strings.Contains(flat, want) {
				t.Errorf("%s, opened: %q is not there", name, want)
			}
		}
	}
}

// officeWords are files and what is to be read in them.
var officeWords = map[string][]string{
	"book.xlsx":  {"What would 2 choices change in Medway baseline?", "cost of the whole pathway", "no clear difference", "Source, or assumption"},
	"paper.docx": {"What would 2 choices change in Medway baseline?", "How sure this is", "page 2"},
	"deck.pptx":  {"What would 2 choices change in Medway baseline?", "Difference (days), better to the right", "held and not slept in", "Weekly panel"},
}

func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}
