package cluster

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/s2"
)

// A parcel is the files of a folder, compressed: what a shard came to, on its way.

// pack makes a parcel of a folder without folders in it; files whose name begins with a dot stay where they are.
func pack(dir string) ([]byte, error) {
	var parcel bytes.Buffer
	squeezed := s2.NewWriter(&parcel, s2.WriterConcurrency(1))
	all := tar.NewWriter(squeezed)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		err = all.WriteHeader(&tar.Header{Name: e.Name(), Mode: 0o644, Size: int64(len(data))})
		if err == nil {
			_, err = all.Write(data)
		}
		if err != nil {
			return nil, err
		}
	}
	err = errors.Join(all.Close(), squeezed.Close())
	return parcel.Bytes(), err
}

// unpack writes the files of a parcel into a folder.
func unpack(parcel io.Reader, dir string) error {
	all := tar.NewReader(s2.NewReader(parcel))
	for {
		h, err := all.Next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case h.Name != filepath.Base(h.Name) || strings.HasPrefix(h.Name, "."):
			return fmt.Errorf("a parcel holds %q, which is no file's name", h.Name)
		}
		data, err := io.ReadAll(all)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, h.Name), data, 0o644)
		}
		if err != nil {
			return err
		}
	}
}

// lay writes a job's files under a folder, and gives the folder in which its command is run.
func (j *Job) lay(root string) (string, error) {
	for _, f := range append(slices.Clone(j.Files), File{Path: j.Folder}) {
		if f.Path != "" && !filepath.IsLocal(filepath.FromSlash(f.Path)) {
			return "", fmt.Errorf("a job names the file %q, which leads out of its folder", f.Path)
		}
	}
	for _, f := range j.Files {
		name := filepath.Join(root, filepath.FromSlash(f.Path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, f.Data, 0o644)); err != nil {
			return "", err
		}
	}
	folder := filepath.Join(root, filepath.FromSlash(j.Folder))
	return folder, os.MkdirAll(folder, 0o755)
}
