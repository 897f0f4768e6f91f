//go:build long && linux

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

const tinyScenario = `name: Tiny
measure: 60 days
referrals: {all: {per_year: 24, enters: ward}}
pathway:
  ward:
    kind: beds
    places: {riverside: {contract: block, beds: 1, per_night: £150}}
    stay: {exponential: {mean: 12 days}}
    next: home
`

// Ten million replications take no more memory than a few, kept or not.
func TestTenMillionReplicationsFit(t *testing.T) {
	const most = 200 << 10 // kB
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tiny.yaml"), []byte(tinyScenario), 0o644); err != nil {
		t.Fatal(err)
	}
	var first []byte
	for _, more := range [][]string{nil, {"--save", "kept"}, {"--save", "kept", "--resume"}} {
		args := append([]string{"run", "tiny.yaml", "--replications", "10000000", "--figures", "cost,ward.wait.mean,ward.wait.p90", "--format", "json", "--quiet"}, more...)
		c, out, said := process(dir, args...)
		if err := c.Run(); err != nil {
			t.Fatal(err, said)
		}
		if first == nil {
			first = bytes.Clone(out.Bytes())
		}
		if !bytes.Equal(out.Bytes(), first) {
			t.Errorf("%v: another answer", more)
		}
		used := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
		t.Logf("%v: %d MB", more, used>>10)
		if used > most {
			t.Errorf("%v: %d MB", more, used>>10)
		}
	}
}
