package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// file is one that appears whole or not at all.
type file struct {
	*os.File
	dir      string
	fleeting bool // it need not outlive the machine
}

// pending begins the names of files that are not finished.
const pending = ".unfinished-"

// locking is the file by which one process has a folder for itself.
const locking = ".lock"

func newFile(dir string, fleeting bool) (*file, error) {
	f, err := os.CreateTemp(dir, pending+"*")
	if err != nil {
		return nil, err
	}
	return &file{f, dir, fleeting}, nil
}

// keep moves the file to its place in the folder, once the disk has it.
func (f *file) keep(name string) error {
	err := f.Chmod(0o644)
	if !f.fleeting {
		err = errors.Join(err, f.Sync())
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = Move(f.Name(), filepath.Join(f.dir, name))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	if f.fleeting {
		return nil
	}
	return syncFolder(f.dir)
}

// patience is how long Windows is asked again to move a file.
const patience = 2 * time.Second

// Move gives a file its name, in the place of one that has it. Windows refuses while anybody has either of them open,
// and what looks for viruses, makes backups or an index does so with new files for a moment.
func Move(from, to string) error {
	for start, wait := time.Now(), 5*time.Millisecond; ; wait *= 2 {
		err := os.Rename(from, to)
		if err == nil || runtime.GOOS != "windows" || errors.Is(err, fs.ErrNotExist) || time.Since(start) > patience {
			return err
		}
		time.Sleep(wait)
	}
}

// drop removes the file.
func (f *file) drop() {
	_ = f.Close()
	_ = os.Remove(f.Name())
}

// syncFolder has the disk take in what a folder holds. Windows does so by itself, and cannot be told to.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// tidy removes what killed runs left unfinished.
func tidy(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), pending) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}
