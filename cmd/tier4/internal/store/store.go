package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"tier4/sim"
)

// Store keeps the blocks of a run in a folder, and finds those that are there, in it or in others. It is a
// [sim.Keeper].
type Store struct {
	blocks
	models map[*sim.Model]uint32
	found  int // replications given back
}

// Begin makes an empty folder the store of a run, or goes on with one that holds a manifest already, which the
// caller has compared. From are folders whose blocks are found too. What is damaged is told to warn. Dir may be ""
// where nothing is to be kept.
func Begin(dir string, m *Manifest, models []*sim.Model, from []string, warn func(text string)) (*Store, error) {
	s := &Store{models: map[*sim.Model]uint32{}}
	for i, one := range models {
		s.models[one] = uint32(i)
	}
	if err := s.begin(dir, m, from, warn); err != nil {
		return nil, err
	}
	return s, nil
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
		where, there := s.find(s.key(m, of))
		if !there {
			return false
		}
		if !s.decode(where, blocks[i], of, m) {
			s.damaged(where, fmt.Sprintf("replications %d to %d", of.First+1, of.First+of.Count))
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

// decode reads a block; false if it is not what it should be.
func (s *Store) decode(where place, b *sim.Batch, of sim.Stretch, m *sim.Model) bool {
	buffer := s.buffer()
	defer s.buffers.Put(buffer)
	return s.fetch(where, buffer) && b.Decode(*buffer) == nil && b.First == of.First && b.Fits(m)
}

// Keep writes the blocks of a stretch.
func (s *Store) Keep(of sim.Stretch, blocks []*sim.Batch) error {
	if s.dir == "" || of.Count == 0 {
		return nil
	}
	buffer := s.buffer()
	defer s.buffers.Put(buffer)
	for i, m := range of.Models {
		*buffer = appendBlock(*buffer, s.key(m, of), blocks[i].AppendTo)
	}
	return s.keep(*buffer)
}

// Found is how many replications were there already.
func (s *Store) Found() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.found
}
