package cluster

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A disk that is full is no fault of the parcel: playing the shard again would not help.
func TestAFullDiskIsAFaultOfThisMachine(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(from, "a"), []byte("what a shard came to"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/full", filepath.Join(to, "a")); err != nil {
		t.Fatal(err)
	}
	var parcel bytes.Buffer
	if err := pack(from, &parcel); err != nil {
		t.Fatal(err)
	}
	if err := unpack(&parcel, to); !isLocal(err) || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("it is said: %v", err)
	}
}
