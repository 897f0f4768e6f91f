package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// blocks are blocks of bytes in a folder, and in others that are only read.
type blocks struct {
	dir      string // written to; "" for none
	manifest *Manifest
	warn     func(text string)

	known    sync.Mutex // of what is found
	segments []*os.File
	index    map[key]place
	arrives  *sync.Cond // more may come, if set
	buffers  sync.Pool  // of *[]byte

	mu    sync.Mutex
	said  map[string]bool
	lock  *flock.Flock
	open  *file
	size  int64 // of whole blocks in the open segment
	since time.Time
	next  int // number of the next segment
	err   error
}

// A segment is closed once it is so large or so old: what a killed run loses is as much.
const (
	segmentBytes = 32 << 20
	segmentAge   = time.Second / 2
)

// begin has the folder for this run, and finds what is there and in other folders. What is damaged is told to warn.
func (s *blocks) begin(dir string, m *Manifest, from []string, warn func(text string)) error {
	s.dir, s.manifest, s.warn = dir, m, warn
	s.index, s.said = map[key]place{}, map[string]bool{}
	if dir != "" {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := s.occupy(dir); err != nil {
			return err
		}
		m.Finished = false
		if err := errors.Join(tidy(dir), m.save(dir)); err != nil {
			s.release()
			return err
		}
		from = append(slices.Clone(from), dir)
	}
	if err := s.Add(from); err != nil {
		s.release()
		return err
	}
	return nil
}

// ErrInUse says that another process is writing to the folder.
var ErrInUse = errors.New("another run is writing to it")

// occupy has the folder for this process alone, until it is released or the process ends, whatever ends it. Where a
// disk knows no locks, everyone has it.
func (s *blocks) occupy(dir string) error {
	s.lock = flock.New(filepath.Join(dir, locking))
	had, err := s.lock.TryLock()
	switch {
	case had || errors.Is(err, errors.ErrUnsupported):
		return nil
	case err != nil:
		return err
	}
	return ErrInUse
}

// Await has whoever asks for a block that is not there wait until it is added, or [blocks.Arrived] says that no more come.
func (s *blocks) Await() { s.arrives = sync.NewCond(&s.known) }

// Arrived says that all has been added that was awaited.
func (s *blocks) Arrived() {
	s.known.Lock()
	defer s.known.Unlock()
	s.arrives.Broadcast()
	s.arrives = nil
}

// find is where a block lies, if it is there.
func (s *blocks) find(k key) (where place, there bool) {
	s.known.Lock()
	defer s.known.Unlock()
	for {
		if where, there = s.index[k]; there || s.arrives == nil {
			return where, there
		}
		s.arrives.Wait()
	}
}

// Add finds the blocks of more folders, which stay as they are.
func (s *blocks) Add(folders []string) error {
	for _, one := range folders {
		if err := s.look(one); err != nil {
			return err
		}
	}
	return nil
}

// look finds the blocks of a folder. Of a block that is there twice, the later one holds: it was played
// because the earlier was damaged.
func (s *blocks) look(dir string) error {
	names, err := segmentsOf(dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		info, err := f.Stat()
		if err != nil {
			return err
		}
		found := map[key]place{}
		broken := scan(f, info.Size(), s.manifest.identity(), func(k key, offset int64, size uint32) {
			found[k] = place{size: size, offset: offset}
		})
		s.take(f, found)
		if broken != nil {
			s.warn(fmt.Sprintf("%s %s; what is missing is played again", f.Name(), broken))
		}
		s.next++
	}
	return nil
}

// take makes what a segment has known.
func (s *blocks) take(f *os.File, found map[key]place) {
	s.known.Lock()
	defer s.known.Unlock()
	at := uint32(len(s.segments))
	s.segments = append(s.segments, f)
	for k, where := range found {
		where.segment = at
		s.index[k] = where
	}
	if s.arrives != nil {
		s.arrives.Broadcast()
	}
}

// file is the segment in which a block lies.
func (s *blocks) file(where place) *os.File {
	s.known.Lock()
	defer s.known.Unlock()
	return s.segments[where.segment]
}

// segmentsOf are the names of a folder's segments, in the order in which they were written.
func segmentsOf(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ending) && !strings.HasPrefix(e.Name(), pending) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// buffer is memory for a while.
func (s *blocks) buffer() *[]byte {
	b, _ := s.buffers.Get().(*[]byte)
	if b == nil {
		b = new([]byte)
	}
	*b = (*b)[:0]
	return b
}

// fetch reads a block into a buffer; false if it cannot be read.
func (s *blocks) fetch(where place, buffer *[]byte) bool {
	*buffer = slices.Grow((*buffer)[:0], int(where.size))[:where.size]
	_, err := s.file(where).ReadAt(*buffer, where.offset)
	return err == nil
}

// damaged says what is, once a file.
func (s *blocks) damaged(where place, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := s.file(where).Name()
	if !s.said[name] {
		s.said[name] = true
		s.warn(fmt.Sprintf("%s is damaged (%s); what is not whole is played again", name, what))
	}
}

// keep writes blocks. An error stays.
func (s *blocks) keep(blocks []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = s.append(blocks)
	}
	return s.err
}

// append writes blocks to the open segment, and closes it when it is large or old enough.
func (s *blocks) append(blocks []byte) error {
	if s.open == nil {
		f, err := newFile(s.dir, s.manifest.Fleeting)
		if err != nil {
			return err
		}
		s.open, s.size, s.since = f, int64(openingSize), time.Now()
		if _, err := f.Write(opening(s.manifest.identity())); err != nil {
			f.drop()
			s.open = nil
			return err
		}
	}
	if _, err := s.open.Write(blocks); err != nil {
		return errors.Join(err, s.open.Truncate(s.size), s.settle())
	}
	s.size += int64(len(blocks))
	if s.size >= segmentBytes || time.Since(s.since) >= segmentAge && !s.manifest.Fleeting {
		return s.settle()
	}
	return nil
}

// settle moves the open segment, if any, to its place.
func (s *blocks) settle() error {
	f := s.open
	if f == nil {
		return nil
	}
	s.open = nil
	s.next++
	luck := strings.TrimPrefix(filepath.Base(f.Name()), pending) // so that no other run has the same name
	return f.keep(fmt.Sprintf("%08d-%s%s", s.next, luck, ending))
}

// Close keeps what has been given so far; finished says that there is no more to come.
func (s *blocks) Close(finished bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.release()
	if s.dir == "" {
		return nil
	}
	err := s.err
	if settled := s.settle(); err == nil {
		err = settled
	}
	if err == nil && finished {
		s.manifest.Finished = true
		err = s.manifest.save(s.dir)
	}
	return err
}

// release closes the files that blocks are read from, and leaves the folder to others.
func (s *blocks) release() {
	if s.lock != nil {
		_ = s.lock.Close()
	}
	for _, f := range s.segments {
		_ = f.Close()
	}
	s.segments = nil
}
