package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tier4/calibration"
	"tier4/cmd/tier4/internal/cluster"
	"tier4/cmd/tier4/internal/store"
	"tier4/scenarios"
	"tier4/sim"
)

// Calibrations that survive, and those that a cluster helps with: it plays the histories of a generation ahead.

// keepingPlays is where a calibration's plays and state are kept, and what a shard of one is told.
type keepingPlays struct {
	saving
	after string // of a shard: the file of the state they follow, "" for the screen
	plays *store.Plays
}

// register adds the flags.
func (k *keepingPlays) register(c *cobra.Command) {
	k.saving.register(c, true)
	k.states = true
	f := c.Flags()
	f.StringVar(&k.after, stateFlag, "", "")
	f.Lookup(stateFlag).Hidden = true
}

// manifest says what the calibration is: all that its plays and states depend on.
func (j *calibrating) manifest() *store.Manifest {
	rows := sha256.New()
	_ = json.NewEncoder(rows).Encode(j.task.Extract) // plain values: it cannot fail
	return &store.Manifest{
		Seed: j.task.Seed, Scenarios: []store.Scenario{{Name: j.base.Name, Hash: j.base.Hash}},
		Method: map[string]string{
			"extract's hash": hex.EncodeToString(rows.Sum(nil)[:8]),
			"screen":         fmt.Sprint(j.task.Screen),
			"particles":      fmt.Sprint(j.task.Particles),
			"acceptance":     fmt.Sprint(j.task.Acceptance),
			"fixed":          fmt.Sprint(slices.Sorted(slices.Values(j.task.Fixed))),
			"hold-out":       j.task.HoldOut.String(),
			"discrepancy":    fmt.Sprint(j.o.discrepancies.amounts()),
		},
	}
}

// begin opens the folder of --save, finds the state to go on from, and has the cluster play ahead, as asked.
func (j *calibrating) begin() (err error) {
	k := &j.o.keeping
	if k.dir == "" && k.cluster.url == "" {
		return nil
	}
	if k.plays, err = k.beginPlays(j.t, j.manifest()); err != nil {
		return err
	}
	if k.dir != "" && k.resume {
		if j.state, err = stateOf(k.dir); err != nil {
			return err
		}
	}
	if k.cluster.url == "" {
		j.plan.Keep(k.plays, nil)
		return nil
	}
	j.plan.Keep(k.plays, j.playAway)
	return nil
}

// stateOf is the state in a folder, nil if there is none yet.
func stateOf(dir string) (*calibration.State, error) {
	text, err := store.LoadState(dir)
	switch {
	case errors.Is(err, store.ErrDamagedState):
		return nil, bad("%s cannot be gone on with: %w; begin anew in another folder", dir, err)
	case err != nil:
		return nil, bad("%s cannot be read: %w", dir, plainly(err))
	case text == nil:
		return nil, nil
	}
	s := new(calibration.State)
	if err := json.Unmarshal(text, s); err != nil {
		return nil, bad("%s cannot be gone on with: %w; begin anew in another folder", dir, store.ErrDamagedState)
	}
	return s, nil
}

// keep keeps the state after a generation.
func (j *calibrating) keep(s *calibration.State) error {
	k := &j.o.keeping
	if k.plays == nil {
		return nil
	}
	text, err := json.Marshal(s)
	if err == nil {
		err = k.plays.SaveState(text)
	}
	if err != nil {
		return storeFault(k.dir, err)
	}
	return nil
}

// end closes the folder.
func (j *calibrating) end(finished bool) error {
	k := &j.o.keeping
	if k.plays == nil {
		return nil
	}
	if err := k.plays.Close(finished); err != nil {
		return &failure{exitFailed, fmt.Errorf("%w; what is finished is kept as far as it is there: mend that, and go on with `--resume`", storeFault(k.dir, err))}
	}
	return nil
}

// aheadSeconds are those of a shard of a generation, on one processor: the next one waits for all of them.
const aheadSeconds = 2

// playAway has the cluster play proposals after a state, ahead of their being looked at here.
func (j *calibrating) playAway(ctx context.Context, s *calibration.State, from, until int) error {
	k := &j.o.keeping
	d := distribution{scenarios: []*scenarios.Scenario{j.base}, named: []string{j.scenario, j.data, j.o.columns}, quiet: j.o.quiet}
	for _, name := range []string{j.data, j.o.columns} {
		if name == "" {
			continue
		}
		path, err := cluster.Inside(name)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return bad("%s cannot be read: %w", name, plainly(err))
		}
		d.files = append(d.files, cluster.File{Path: path, Data: text})
	}
	words := []string{fmt.Sprintf("--%s=%d-%d", aheadFlag, from, until)}
	if s != nil {
		path, err := cluster.Inside(stateFile)
		if err != nil {
			return err
		}
		text, err := json.Marshal(s)
		if err != nil {
			return err
		}
		d.files = append(d.files, cluster.File{Path: path, Data: text})
		words = append(words, "--"+stateFlag+"="+stateFile)
	}
	d.work = func() (work, error) {
		start := time.Now()
		const few = 8
		if err := j.plan.PlayAhead(ctx, s, from, min(from+few, until)); err != nil {
			return work{}, err
		}
		return work{time.Since(start).Seconds() * float64(j.processors()) / few * float64(until-from) * shardSeconds / aheadSeconds, 0}, nil
	}
	folders, err := k.saving.ahead(ctx, j.t, d, words...)
	if err != nil {
		return err
	}
	return k.plays.Add(folders)
}

// stateFile is a state as it is sent with a job.
const stateFile = ".tier4-state.json"

// playShard plays a part of what a cluster plays ahead.
func (j *calibrating) playShard(ctx context.Context) error {
	k := &j.o.keeping
	if k.after != "" {
		text, err := os.ReadFile(filepath.Clean(k.after))
		if err != nil {
			return bad("%s cannot be read: %w", k.after, plainly(err))
		}
		j.state = new(calibration.State)
		if err := json.Unmarshal(text, j.state); err != nil {
			return bad("%s is no state", k.after)
		}
	}
	from, until := sim.Part(k.shard).Cut(k.part.until - k.part.from)
	err := j.plan.PlayAhead(ctx, j.state, k.part.from+from, k.part.from+until)
	return errors.Join(err, j.end(err == nil))
}
