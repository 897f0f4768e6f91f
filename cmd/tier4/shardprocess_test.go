package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tier4/cmd/tier4/internal/cluster"
)

// One process plays shard after shard of a run, another takes over if it dies, and the shards join to the run.
func TestAProcessPlaysShardAfterShard(t *testing.T) {
	in := t.TempDir()
	if err := os.WriteFile(filepath.Join(in, "killed.yaml"), []byte(killedScenario), 0o644); err != nil {
		t.Fatal(err)
	}
	words := []string{"run", "killed.yaml", "--replications=60", "--format=json"}
	job := &cluster.Job{Command: words, Shards: 3}
	p := &shardProcess{workers: 1}
	defer p.Drop()
	var folders []string
	out := func(shard int) string {
		folders = append(folders, filepath.Join(in, "shard "+strconv.Itoa(shard)))
		return folders[len(folders)-1]
	}
	ids := map[int]bool{}
	for shard := 1; shard <= 2; shard++ {
		if err := p.Play(t.Context(), job, shard, in, out(shard)); err != nil {
			t.Fatal(err)
		}
		ids[p.at.command.Process.Pid] = true
	}
	if len(ids) != 1 {
		t.Errorf("two shards took %d processes", len(ids))
	}
	_ = p.at.command.Process.Kill()
	last := out(3)
	if err := p.Play(t.Context(), job, 3, in, last); err != nil { // it may not be known yet that it is dead
		if err := p.Play(t.Context(), job, 3, in, last); err != nil {
			t.Fatal(err)
		}
	}
	if ids[p.at.command.Process.Pid] {
		t.Error("a dead process plays")
	}

	alone, want, said := process(in, append(words, "--quiet")...)
	if err := alone.Run(); err != nil {
		t.Fatal(err, said)
	}
	joined, got, said := process(in, append([]string{"merge", "--quiet"}, folders...)...)
	if err := joined.Run(); err != nil {
		t.Fatal(err, said)
	}
	if !bytes.Equal(got.Bytes(), want.Bytes()) {
		t.Error("the shards join to another run")
	}
}

func TestAProcessThatCannotPlaySaysWhy(t *testing.T) {
	in := t.TempDir()
	var p shardProcess
	err := p.Play(t.Context(), &cluster.Job{Command: []string{"run", "nowhere.yaml"}, Shards: 2}, 1, in, filepath.Join(in, "out"))
	var everywhere *cluster.BadShardError
	if !errors.As(err, &everywhere) || !strings.Contains(everywhere.Why, "nowhere.yaml") || p.at != nil {
		t.Errorf("it is said: %v", err)
	}
}

func TestShardsComeOutEven(t *testing.T) {
	for _, c := range []struct {
		work work
		want int
	}{
		{work{1, 100}, 1},
		{work{9, 0}, 2},
		{work{18, 0}, 4},
		{work{29, 0}, 6},
		{work{31, 0}, 12},
		{work{125, 0}, 36},
		{work{1, 1 << 30}, 12},
		{work{1e9, 0}, mostShards},
	} {
		if got := c.work.shards(); got != c.want {
			t.Errorf("%v are %d shards, want %d", c.work, got, c.want)
		}
	}
}
