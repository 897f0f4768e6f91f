package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Folder reads the scenarios of one folder and those of the library, and nothing else: neither a name nor
// what a scenario extends or reads may lead outside it, be it by `..`, an absolute path or a link. The zero
// value is the library alone.
type Folder struct{ root *os.Root }

// OpenFolder is the folder of a name.
func OpenFolder(dir string) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Folder{root}, nil
}

// Close lets go of the folder.
func (f *Folder) Close() error {
	if f.root == nil {
		return nil
	}
	return f.root.Close()
}

// Writable reports whether there is a folder beside the library.
func (f *Folder) Writable() bool { return f.root != nil }

// Files describe the scenario files that lie in the folder itself, in the order of their names. Whether they
// can be run is not looked at.
func (f *Folder) Files() (all []Info, err error) {
	if f.root == nil {
		return nil, nil
	}
	entries, err := fs.ReadDir(f.root.FS(), ".")
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") || !strings.HasSuffix(name, ".yaml") && !strings.HasSuffix(name, ".yml") {
			continue
		}
		text, err := f.read(name)
		if err != nil {
			continue
		}
		all = append(all, infoOf(name, text))
	}
	slices.SortFunc(all, func(a, b Info) int { return strings.Compare(a.Name, b.Name) })
	return all, err
}

// Has reports whether the folder has a file of a name.
func (f *Folder) Has(name string) bool {
	if f.root == nil {
		return false
	}
	_, err := f.root.Lstat(name)
	return err == nil
}

// Load reads a scenario as [Load] does.
func (f *Folder) Load(name string, sets ...string) (*Scenario, error) {
	text, err := f.read(name)
	if err == nil {
		return f.Parse(name, text, sets...)
	}
	if text, err := Open(name); err == nil {
		return shelved(name, text).load(sets)
	}
	return nil, Faults{{
		File: name, What: "cannot be read: " + plainly(err),
		Instead: meant(name, libraryNames()) + "give a scenario file of this folder, or a name from `tier4 list`",
	}}
}

// Parse reads a scenario from memory, as if it were the file of that name in the folder.
func (f *Folder) Parse(name string, text []byte, sets ...string) (*Scenario, error) {
	open := f.openBeside
	if f.root == nil {
		open = noFiles
	}
	return source{file: name, text: text, open: open}.load(sets)
}

// Create writes a new file into the folder; one that exists already is left as it is.
func (f *Folder) Create(name string, text []byte) error {
	if f.root == nil {
		return errors.New("there is no folder to write to")
	}
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, bytes.NewReader(text))
	if err = errors.Join(err, file.Close()); err != nil {
		_ = f.root.Remove(name)
	}
	return err
}

func (f *Folder) openBeside(from, name string) ([]byte, error) {
	if filepath.IsAbs(name) {
		return nil, errors.New("it is outside the folder that is served")
	}
	return f.read(beside(from, name))
}

// read reads a regular file of reasonable size.
func (f *Folder) read(name string) ([]byte, error) {
	if f.root == nil {
		return nil, fs.ErrNotExist
	}
	if !filepath.IsLocal(name) {
		return nil, errors.New("it is outside the folder that is served")
	}
	info, err := f.root.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fs.ErrNotExist
	case err != nil:
		return nil, errors.New("it may not be read, or is outside the folder that is served")
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("it is not a file")
	case info.Size() > mostDataBytes:
		return nil, fmt.Errorf("it has more than 64 MiB")
	}
	return f.root.ReadFile(name)
}
