package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"tier4/cmd/tier4/internal/store"
)

// outFile is a file that appears whole or not at all: it is written beside its place under
// another name, and moved there once finished.
type outFile struct {
	name  string
	force bool
	temp  *os.File
}

// createFile opens a file for writing, before any work is done that could be lost. An existing
// file is a fault unless forced.
func createFile(name string, force bool) (*outFile, error) {
	f := &outFile{name: name, force: force}
	if err := f.vacant(); err != nil {
		return nil, err
	}
	if err := f.yielding(); err != nil {
		return nil, err
	}
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return nil, bad("%s cannot be written: %w", name, plainly(err))
	}
	f.temp = temp
	return f, nil
}

// oneFile reports whether two names are of the same file: written differently, linked, or in other letters where
// a system takes small and capital ones for the same.
func oneFile(a, b string) bool {
	here, err := os.Stat(a)
	there, missing := os.Stat(b)
	if err == nil && missing == nil {
		return os.SameFile(here, there)
	}
	whole := func(name string) string {
		if all, err := filepath.Abs(name); err == nil {
			name = all
		}
		if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
			name = strings.ToLower(name)
		}
		return filepath.Clean(name)
	}
	return whole(a) == whole(b)
}

// createText is createFile for the text of an answer, which a name of another kind of file would belie.
func createText(name string, force bool) (*outFile, error) {
	switch kind := strings.ToLower(filepath.Ext(name)); kind {
	case ".html", ".htm", ".doc", ".docx", ".pdf", ".ppt", ".pptx", ".xls", ".xlsx", ".png", ".svg", ".parquet":
		return nil, bad("`--out %s` writes text, which does not open as %s; end the name in .txt, .md, .csv or .json; reports are written by `--report`", name, kind)
	}
	return createFile(name, force)
}

// wanted is a file that is written if it has a name.
type wanted struct {
	name   string
	to     **outFile
	create func(name string, force bool) (*outFile, error)
}

// createAll makes sure of files before the work starts.
func createAll(force bool, files ...wanted) (err error) {
	for _, f := range files {
		if f.name == "" {
			continue
		}
		if *f.to, err = f.create(f.name, force); err != nil {
			return err
		}
	}
	return nil
}

// vacant is nil if the file may be written.
func (f *outFile) vacant() error {
	info, err := os.Stat(f.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return bad("%s cannot be written: %w", f.name, plainly(err))
	case !info.Mode().IsRegular():
		return bad("%s is not a file; give a name for a new one", f.name)
	case !f.force:
		return bad("%s exists already; give another name, or --force to overwrite it", f.name)
	}
	return nil
}

// yielding is nil if what there is may be replaced, as far as can be known before: Windows replaces no file that
// another program has open or that is for reading only, and takes what follows a colon for a hidden part of a file.
func (f *outFile) yielding() error {
	if runtime.GOOS == "windows" && strings.Contains(filepath.Base(f.name), ":") {
		return bad("%s cannot be written: the name of a file has no `:`", f.name)
	}
	there, err := os.OpenFile(f.name, os.O_WRONLY, 0)
	switch {
	case err == nil:
		return there.Close()
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return bad("%s cannot be overwritten: %w; close it where it is open, or give another name", f.name, plainly(err))
}

func (f *outFile) Write(p []byte) (int, error) { return f.temp.Write(p) }

// keep puts the finished file in its place.
func (f *outFile) keep() error {
	err := f.temp.Chmod(0o644)
	if err == nil {
		err = f.temp.Sync()
	}
	if closing := f.temp.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("%s could not be written: %w", f.name, plainly(err))
	}
	if err := f.vacant(); err != nil {
		return fmt.Errorf("%w; what was to go there is in %s", err, f.temp.Name())
	}
	if err := store.Move(f.temp.Name(), f.name); err != nil {
		return fmt.Errorf("%s could not be written: %w; what was to go there is in %s", f.name, plainly(err), f.temp.Name())
	}
	f.temp = nil
	return nil
}

// drop removes an unfinished file; it does nothing once the file is kept.
func (f *outFile) drop() {
	if f == nil || f.temp == nil {
		return
	}
	if f.temp.Close() == nil { // closed already: keep said where it is
		_ = os.Remove(f.temp.Name())
	}
}

// plainly leaves out of a file error what the message around it says already.
func plainly(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such folder")
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	if text, ends := strings.CutSuffix(err.Error(), "."); ends { // those of Windows are sentences
		return errors.New(text)
	}
	return err
}

// writeOut writes to the file, or to the screen where there is none.
func writeOut(t *terminal, f *outFile, write func(io.Writer) error) error {
	if f == nil {
		return write(t.out)
	}
	if err := write(f); err != nil {
		return err
	}
	return f.keep()
}
