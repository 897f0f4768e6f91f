package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A file that cannot be replaced is told before the work, and left as it is.
func TestForceLeavesWhatMayNotBeWritten(t *testing.T) {
	name := filepath.Join(t.TempDir(), "answer.csv")
	if err := os.WriteFile(name, []byte("kept"), 0o400); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(name, 0o600) // Windows removes nothing that is for reading only
	if f, err := os.OpenFile(name, os.O_WRONLY, 0); err == nil {
		_ = f.Close()
		if name, err = os.Executable(); err != nil { // not even who may write everything may write a program that runs
			t.Fatal(err)
		}
	}
	before, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	exit, _, said := tool(t, t.Context(), "run", "medway", "--replications", "1", "--out", name, "--force")
	if exit != exitInput || !strings.Contains(said, "cannot be overwritten") {
		t.Errorf("exit %d: %s", exit, said)
	}
	if after, err := os.Stat(name); err != nil || !os.SameFile(before, after) || after.Size() != before.Size() || after.ModTime() != before.ModTime() {
		t.Errorf("it is not as it was: %v", err)
	}
}

// On Windows a colon in a name would hide the answer in a part of another file.
func TestNoColonInNamesOnWindows(t *testing.T) {
	name := filepath.Join(t.TempDir(), "at 10:30.csv")
	f, err := createFile(name, false)
	f.drop()
	if (err != nil) != (runtime.GOOS == "windows") {
		t.Errorf("%s: %v", name, err)
	}
}

// What an error of a file says is said without its names, which the words around it have.
func TestErrorsOfFilesPlainly(t *testing.T) {
	why := errors.New("Access is denied.")
	for _, err := range []error{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: why}, &fs.PathError{Op: "open", Path: "a", Err: why}} {
		if got := plainly(err).Error(); got != "Access is denied" {
			t.Errorf("%v is said as %q", err, got)
		}
	}
}

// What is said to be typed is one word to the shells of its system, and where it can be to all of them.
func TestQuotedWords(t *testing.T) {
	for _, c := range [][3]string{
		{"medway", "medway", "medway"},
		{"", `""`, `""`},
		{"my-area/my-area.yaml", "my-area/my-area.yaml", "my-area/my-area.yaml"},
		{"reached.rehab >= 20%", `"reached.rehab >= 20%"`, `"reached.rehab >= 20%"`},
		{"£5,000", `"£5,000"`, `"£5,000"`},
		{"my area's é.yaml", `"my area's é.yaml"`, `"my area's é.yaml"`},
		{`my area\a.yaml`, `'my area\a.yaml'`, `"my area\a.yaml"`},
		{`C:\areas\a.yaml`, `'C:\areas\a.yaml'`, `C:\areas\a.yaml`},
		{`my areas\`, `'my areas\'`, `"my areas\\"`},
		{"it's $5", `'it'\''s $5'`, `"it's $5"`},
	} {
		if got := quotedFor("linux", c[0]); got != c[1] {
			t.Errorf("%s is quoted as %s, want %s", c[0], got, c[1])
		}
		if got := quotedFor("windows", c[0]); got != c[2] {
			t.Errorf("%s is quoted for Windows as %s, want %s", c[0], got, c[2])
		}
	}
}
