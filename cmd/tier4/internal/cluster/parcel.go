package cluster

import (
	"archive/tar"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/s2"
)

// A parcel is the files of a folder, compressed: what a shard came to, on its way. It goes in parts, and neither who
// sends nor who receives it holds more than one of them.

// partSize is how many bytes a part has at most.
const partSize = mostMessage / 2

// pack writes a parcel of a folder without folders in it; files whose name begins with a dot stay where they are.
func pack(dir string, to io.Writer) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	squeezed := s2.NewWriter(to, s2.WriterConcurrency(1))
	all := tar.NewWriter(squeezed)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if err := packFile(all, dir, e.Name()); err != nil {
			return err
		}
	}
	return errors.Join(all.Close(), squeezed.Close())
}

func packFile(to *tar.Writer, dir, name string) error {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	about, err := f.Stat()
	if err == nil {
		err = to.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: about.Size()})
	}
	if err == nil {
		_, err = io.Copy(to, f)
	}
	return err
}

// unpack writes the files of a parcel into a folder, and reads all there is. A fault of the disk is a localError.
func unpack(parcel io.Reader, dir string) error {
	squeezed := s2.NewReader(parcel)
	all := tar.NewReader(squeezed)
	for {
		h, err := all.Next()
		switch {
		case err == io.EOF:
			_, err := io.Copy(io.Discard, squeezed)
			return err
		case err != nil:
			return err
		case h.Name != filepath.Base(h.Name) || strings.HasPrefix(h.Name, "."):
			return fmt.Errorf("a parcel holds %q, which is no file's name", h.Name)
		}
		f, err := os.Create(filepath.Join(dir, h.Name))
		if err != nil {
			return localError{err}
		}
		_, err = io.Copy(onDisk{f}, all)
		if closing := f.Close(); err == nil && closing != nil {
			err = localError{closing}
		}
		if err != nil {
			return err
		}
	}
}

// onDisk is a file whose faults are told from those of what is written to it.
type onDisk struct{ f *os.File }

func (o onDisk) Write(p []byte) (int, error) {
	n, err := o.f.Write(p)
	if err != nil {
		err = localError{err}
	}
	return n, err
}

// sending is a parcel on its way out.
type sending struct {
	publish func(part int, data []byte) error
	sum     hash.Hash
	held    []byte
	parts   int // that are out
}

func (s *sending) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		if s.held == nil {
			s.held = make([]byte, 0, partSize)
		}
		k := min(len(p), partSize-len(s.held))
		s.held = append(s.held, p[:k]...)
		n, p = n+k, p[k:]
		if len(s.held) == partSize {
			if err := s.end(); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// end sends what is held.
func (s *sending) end() error {
	if len(s.held) == 0 {
		return nil
	}
	s.sum.Write(s.held)
	if err := s.publish(s.parts, s.held); err != nil {
		return err
	}
	s.parts++
	s.held = s.held[:0]
	return nil
}

// receiving is a parcel on its way in.
type receiving struct {
	fetch func(part int) ([]byte, error)
	sum   hash.Hash
	held  []byte
	part  int // the next
	parts int
}

func (r *receiving) Read(p []byte) (int, error) {
	for len(r.held) == 0 {
		if r.part == r.parts {
			return 0, io.EOF
		}
		data, err := r.fetch(r.part)
		if err != nil {
			return 0, err
		}
		r.sum.Write(data)
		r.held = data
		r.part++
	}
	n := copy(p, r.held)
	r.held = r.held[n:]
	return n, nil
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
