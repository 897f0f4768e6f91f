package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// process is the command as a process of its own: the test program, by another name.
func process(dir string, args ...string) (c *exec.Cmd, out, err *bytes.Buffer) {
	c = exec.Command(os.Args[0])
	c.Args = append([]string{"tier4"}, args...)
	c.Dir = dir
	out, err = new(bytes.Buffer), new(bytes.Buffer)
	c.Stdout, c.Stderr = out, err
	return c, out, err
}

const killedScenario = `name: Killed
measure: 10 years
replications: 2500
seed: 3
referrals: {all: {per_day: 0.5, enters: ward}}
pathway:
  ward:
    kind: beds
    places: {riverside: {contract: block, beds: 6, per_night: £150}}
    stay: {gamma: {mean: 12 days, sd: 5 days}}
    drops_out_after: {exponential: {mean: 60 days}}
    next: home
`

// killedAndResumed kills a run, with no chance to say anything, at moments of chance, goes on with it each time, and holds the
// answer to that of a run never disturbed.
func killedAndResumed(t *testing.T, luck *rand.Rand, kills int, dir string, args ...string) {
	undisturbed, want, said := process(dir, args...)
	start := time.Now()
	if err := undisturbed.Run(); err != nil {
		t.Fatal(err, said)
	}
	long := time.Since(start)
	args = append(args, "--save", "kept", "--resume")
	killed := 0
	for range kills {
		c, _, said := process(dir, args...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		var struck atomic.Bool
		time.AfterFunc(long/8+time.Duration(luck.Float64()*float64(long)/2), func() {
			struck.Store(true)
			_ = c.Process.Kill()
		})
		if err := c.Wait(); err == nil {
			break
		} else if !struck.Load() { // by itself, and not well
			t.Fatal(err, said)
		}
		killed++
	}
	c, got, said := process(dir, args...)
	if err := c.Run(); err != nil {
		t.Fatal(err, said)
	}
	if !bytes.Equal(got.Bytes(), want.Bytes()) {
		t.Errorf("killed %d times, the run ends with another answer", killed)
	}
	t.Logf("undisturbed %v, killed %d times", long, killed)
}

func TestARunThatIsKilledEndsAsIfUndisturbed(t *testing.T) {
	aRunIsKilled(t, rand.New(rand.NewPCG(1, 1)), 2)
}

func aRunIsKilled(t *testing.T, luck *rand.Rand, kills int) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "killed.yaml"), []byte(killedScenario), 0o644); err != nil {
		t.Fatal(err)
	}
	killedAndResumed(t, luck, kills, dir, "run", "killed.yaml", "--figures", "cost,ward.wait.mean,ward.wait.p90,ward.in_use.p95", "--format", "json", "--quiet")
}

// observedA is a folder with the example of an extract and its scenario, and the beginning of a quick calibration.
func observedA(t *testing.T) (dir string, args []string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{"observed-a.csv", "observed-a.scenario.yaml"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "calibration", "testdata", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir, []string{"calibrate", "observed-a.scenario.yaml", "observed-a.csv", "--screen", "160", "--particles", "30", "--acceptance", "30%", "--format", "json", "--quiet"}
}

func TestACalibrationThatIsKilledEndsAsIfUndisturbed(t *testing.T) {
	dir, args := observedA(t)
	killedAndResumed(t, rand.New(rand.NewPCG(1, 3)), 3, dir, args...)
}

// A folder that vanishes ends the run, in words and with exit code 1.
func TestAFolderThatVanishesIsSaid(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "killed.yaml"), []byte(killedScenario), 0o644); err != nil {
		t.Fatal(err)
	}
	c, _, said := process(dir, "run", "killed.yaml", "--figures", "cost", "--replications", "1000000", "--save", "kept")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(dir, "kept")
	for there := false; ; time.Sleep(time.Millisecond) { // until it was there, and is no more
		_, err := os.Stat(filepath.Join(kept, "manifest.json"))
		if there = there || err == nil; there && os.RemoveAll(kept) == nil {
			break
		}
	}
	_ = c.Wait()
	if text := said.String(); c.ProcessState.ExitCode() != 1 || !strings.Contains(text, "kept cannot be written: there is no such folder") {
		t.Errorf("exit code %d: %s", c.ProcessState.ExitCode(), text)
	}
}
