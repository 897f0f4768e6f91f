package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tier4/cmd/tier4/internal/store"
)

// outFolder is a folder of files that appear whole or not at all: they are written beside its place, and
// moved there once all are finished.
type outFolder struct {
	name  string
	force bool
	temp  string // where they are written; "" once kept
}

// createFolder makes sure of a folder before any work is done that could be lost. One that holds anything
// is a fault unless forced.
func createFolder(name string, force bool) (*outFolder, error) {
	f := &outFolder{name: filepath.Clean(name), force: force}
	if err := f.vacant(); err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp(filepath.Dir(f.name), "."+filepath.Base(f.name)+".*")
	if err != nil {
		return nil, bad("%s cannot be written: %w", name, plainly(err))
	}
	f.temp = temp
	return f, nil
}

// vacant is nil if files may be put into the folder.
func (f *outFolder) vacant() error {
	if there, err := os.Stat(f.name); err == nil && !there.IsDir() { // Windows finds no entries of a file, and calls it missing
		return bad("%s is not a folder that can be written; give a name for a new one", f.name)
	}
	entries, err := os.ReadDir(f.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return bad("%s is not a folder that can be written; give a name for a new one", f.name)
	case len(entries) > 0 && !f.force:
		return bad("%s holds files already; give another folder, or --force to overwrite those of the same name", f.name)
	}
	return nil
}

// write adds a file.
func (f *outFolder) write(name string, data []byte) error {
	if err := os.WriteFile(filepath.Join(f.temp, name), data, 0o644); err != nil {
		return fmt.Errorf("%s could not be written: %w", filepath.Join(f.name, name), plainly(err))
	}
	return nil
}

// keep puts the finished files in their place.
func (f *outFolder) keep() error {
	if err := f.vacant(); err != nil {
		return fmt.Errorf("%w; what was to go there is in %s", err, f.temp)
	}
	if err := f.move(); err != nil {
		return fmt.Errorf("%s could not be written: %w; what was to go there is in %s", f.name, plainly(err), f.temp)
	}
	temp := f.temp
	f.temp = ""
	return os.RemoveAll(temp)
}

func (f *outFolder) move() error {
	if err := os.MkdirAll(f.name, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(f.temp)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := store.Move(filepath.Join(f.temp, e.Name()), filepath.Join(f.name, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// drop removes what was not finished; it does nothing once the folder is kept.
func (f *outFolder) drop() {
	if f != nil && f.temp != "" {
		_ = os.RemoveAll(f.temp)
	}
}
