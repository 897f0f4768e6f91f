//go:build !windows

package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tier4/sim"
)

// Windows lets no folder vanish that is in use.
func TestAVanishedFolderEndsTheRun(t *testing.T) {
	m := ward(t)
	dir := filepath.Join(t.TempDir(), "run")
	s, err := Begin(dir, manifest(), []*sim.Model{m}, nil, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	e := sim.Experiment{Models: []*sim.Model{m}, Seed: 7, Replications: 200, Workers: 2, Keeper: s}
	_, err = e.Run(t.Context())
	if closing := s.Close(false); !errors.Is(err, os.ErrNotExist) || !errors.Is(closing, os.ErrNotExist) {
		t.Errorf("%v; %v", err, closing)
	}
}
