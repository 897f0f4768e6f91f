package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"tier4/sim"
)

// Store keeps the blocks of a run in a folder, and finds those that are there, in it or in others. It is a
// [sim.Keeper].
type Store struct {
	dir      string // written to; "" for none
	manifest *Manifest
	models   map[*sim.Model]uint32
	list     []*sim.Model

	segments []*os.File
	index    map[key]place
	buffers  sync.Pool // of *[]byte

	mu    sync.Mutex
	said  map[string]bool
	warn  func(text string)
	found int // blocks given back
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

// Begin makes an empty folder the store of a run, or goes on with one that holds a manifest already, which the
// caller has compared. From are folders whose blocks are found too. What is damaged is told to warn. Dir may be ""
// where nothing is to be kept.
func Begin(dir string, m *Manifest, models []*sim.Model, from []string, warn func(text string)) (*Store, error) {
	s := &Store{dir: dir, manifest: m, list: models, models: map[*sim.Model]uint32{}, index: map[key]place{}, said: map[string]bool{}, warn: warn}
	for i, one := range models {
		s.models[one] = uint32(i)
	}
	if dir != "" {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		if err := s.take(dir); err != nil {
			return nil, err
		}
		m.Finished = false
		if err := errors.Join(tidy(dir), m.save(dir)); err != nil {
			s.release()
			return nil, err
		}
		from = append(slices.Clone(from), dir)
	}
	for _, one := range from {
		if err := s.look(one); err != nil {
			s.release()
			return nil, err
		}
	}
	return s, nil
}

// ErrInUse says that another process is writing to the folder.
var ErrInUse = errors.New("another run is writing to it")

// take has the folder for this process alone, until it is released or the process ends, whatever ends it. Where a
// disk knows no locks, everyone has it.
func (s *Store) take(dir string) error {
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

// look finds the blocks of a folder. Of a block that is there twice, the later one holds: it was played
// because the earlier was damaged.
func (s *Store) look(dir string) error {
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
		at := uint32(len(s.segments))
		s.segments = append(s.segments, f)
		if err := scan(f, info.Size(), s.manifest.identity(), func(k key, offset int64, size uint32) {
			s.index[k] = place{at, size, offset}
		}); err != nil {
			s.warn(fmt.Sprintf("%s %s; what is missing is played again", f.Name(), err))
		}
		s.next++
	}
	return nil
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

// Holds says whether a folder has something in it.
func Holds(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !strings.HasPrefix(e.Name(), pending) && e.Name() != locking }), err
}

// Kept gives the blocks of a stretch back, if all are there and whole.
func (s *Store) Kept(of sim.Stretch, blocks []*sim.Batch) (all bool) {
	for i, m := range of.Models {
		where, there := s.index[s.key(m, of)]
		if !there {
			return false
		}
		if !s.fetch(where, blocks[i], of, m) {
			s.damaged(where, of)
			return false
		}
		if blocks[i].Count != of.Count { // the last of a shorter run
			return false
		}
	}
	s.mu.Lock()
	s.found += of.Count
	s.mu.Unlock()
	return true
}

func (s *Store) key(m *sim.Model, of sim.Stretch) key {
	return key{s.models[m], uint32(of.Draw), uint64(of.First)}
}

// fetch reads a block; false if it is not what it should be.
func (s *Store) fetch(where place, b *sim.Batch, of sim.Stretch, m *sim.Model) bool {
	buffer, _ := s.buffers.Get().(*[]byte)
	if buffer == nil {
		buffer = new([]byte)
	}
	defer s.buffers.Put(buffer)
	*buffer = slices.Grow((*buffer)[:0], int(where.size))[:where.size]
	if _, err := s.segments[where.segment].ReadAt(*buffer, where.offset); err != nil {
		return false
	}
	return b.Decode(*buffer) == nil && b.First == of.First && b.Fits(m)
}

// damaged says so, once a file.
func (s *Store) damaged(where place, of sim.Stretch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := s.segments[where.segment].Name()
	if !s.said[name] {
		s.said[name] = true
		s.warn(fmt.Sprintf("%s is damaged (replications %d to %d); what is not whole is played again", name, of.First+1, of.First+of.Count))
	}
}

// Keep writes the blocks of a stretch.
func (s *Store) Keep(of sim.Stretch, blocks []*sim.Batch) error {
	if s.dir == "" || of.Count == 0 {
		return nil
	}
	buffer, _ := s.buffers.Get().(*[]byte)
	if buffer == nil {
		buffer = new([]byte)
	}
	defer s.buffers.Put(buffer)
	*buffer = (*buffer)[:0]
	for i, m := range of.Models {
		*buffer = appendBlock(*buffer, s.key(m, of), blocks[i])
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = s.append(*buffer)
	}
	return s.err
}

// append writes blocks to the open segment, and closes it when it is large or old enough.
func (s *Store) append(blocks []byte) error {
	if s.open == nil {
		f, err := newFile(s.dir)
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
	if s.size >= segmentBytes || time.Since(s.since) >= segmentAge {
		return s.settle()
	}
	return nil
}

// settle moves the open segment, if any, to its place.
func (s *Store) settle() error {
	f := s.open
	if f == nil {
		return nil
	}
	s.open = nil
	s.next++
	luck := strings.TrimPrefix(filepath.Base(f.Name()), pending) // so that no other run has the same name
	return f.keep(fmt.Sprintf("%08d-%s%s", s.next, luck, ending))
}

// Found is how many replications were there already.
func (s *Store) Found() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.found
}

// Close keeps what has been given so far; finished says that there is no more to come.
func (s *Store) Close(finished bool) error {
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
func (s *Store) release() {
	if s.lock != nil {
		_ = s.lock.Close()
	}
	for _, f := range s.segments {
		_ = f.Close()
	}
	s.segments = nil
}
