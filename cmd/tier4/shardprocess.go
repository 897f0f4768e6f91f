package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"tier4/cmd/tier4/internal/cluster"
)

// A worker has shards played in a process of their own, so that what goes wrong there stays there. The process is the
// run's own command with `--shard k/n --save DIR`. It says so when the shard is kept, and is then told the next one and its
// folder, so that a run is read and compiled once for all the shards a worker plays of it. A command that is asked
// round by round ends after its one shard instead, and the next shard gets a process of its own.

// shardKept is the line that says so.
const shardKept = "kept"

// shardProcess plays shards of one run after another.
type shardProcess struct {
	workers int // processors to use; 0 for all
	at      *playingProcess
}

// playingProcess is one that runs.
type playingProcess struct {
	command *exec.Cmd
	tell    io.WriteCloser
	says    *bufio.Reader
	faults  bytes.Buffer
	kept    int // shards
}

// Play has the process play a shard, in a new one if there is none.
func (p *shardProcess) Play(ctx context.Context, job *cluster.Job, shard int, in, out string) error {
	if p.at != nil {
		if _, err := fmt.Fprintln(p.at.tell, shard, out); err != nil { // it ended after its last one
			p.Drop()
		}
	}
	if p.at == nil {
		if err := p.start(job, shard, in, out); err != nil {
			return err
		}
	}
	one := p.at
	running := context.AfterFunc(ctx, func() { _ = one.command.Process.Kill() })
	line, err := one.says.ReadString('\n')
	if !running() {
		p.Drop()
		return ctx.Err()
	}
	if err == nil && strings.TrimSpace(line) == shardKept {
		one.kept++
		return nil
	}
	p.at = nil
	return one.ended()
}

// start starts a process with its first shard.
func (p *shardProcess) start(job *cluster.Job, shard int, in, out string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	words := append(slices.Clone(job.Command), fmt.Sprintf("--shard=%d/%d", shard, job.Shards), "--save="+out, "--quiet", "--"+moreFlag)
	if p.workers > 0 {
		words = append(words, fmt.Sprintf("--workers=%d", p.workers))
	}
	one := &playingProcess{command: exec.Command(self, words...)}
	one.command.Args[0], one.command.Dir, one.command.Stderr = "tier4", in, &one.faults
	one.command.Env = p.environment()
	if one.tell, err = one.command.StdinPipe(); err != nil {
		return err
	}
	says, err := one.command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := one.command.Start(); err != nil {
		return err
	}
	one.says = bufio.NewReader(says)
	p.at = one
	return nil
}

// environment has a process keep to the worker's processors, collecting garbage included, and collect it seldom: what a
// shard holds at a time is small.
func (p *shardProcess) environment() []string {
	all := os.Environ()
	if os.Getenv("GOGC") == "" {
		all = append(all, "GOGC=400")
	}
	if p.workers > 0 {
		all = append(all, fmt.Sprintf("GOMAXPROCS=%d", p.workers))
	}
	return all
}

// Drop ends the process, whatever it is at.
func (p *shardProcess) Drop() {
	if p.at == nil {
		return
	}
	_ = p.at.tell.Close()
	_ = p.at.command.Process.Kill()
	_ = p.at.command.Wait()
	p.at = nil
}

// ended is what a process that says nothing more came to: nil if it played its shard.
func (p *playingProcess) ended() error {
	_ = p.tell.Close()
	_, _ = io.Copy(io.Discard, p.says)
	err := p.command.Wait()
	said := firstLines(p.faults.String())
	var ended *exec.ExitError
	switch {
	case err == nil && p.kept == 0: // it plays one at a time
		return nil
	case err == nil:
		return errors.New("it ended before its shard was kept")
	case errors.As(err, &ended) && ended.ExitCode() == exitInput:
		return &cluster.BadShardError{Why: said}
	}
	return fmt.Errorf("%w: %s", err, said)
}

// firstLines are enough of what a process said to know what is wrong.
func firstLines(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[:min(len(lines), 5)], "; ")
}

// eachShard plays the shard asked for, and then those that are asked for after it, each with its folder.
func (v *saving) eachShard(t *terminal, play func() error) error {
	asked := bufio.NewReader(t.in)
	for {
		if err := play(); err != nil || !v.more {
			return err
		}
		if _, err := fmt.Fprintln(t.out, shardKept); err != nil {
			return err
		}
		line, err := asked.ReadString('\n')
		if err != nil { // nobody asks any more
			return nil
		}
		number, dir, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if err := v.shard.Set(fmt.Sprintf("%s/%d", number, v.shard.Of)); err != nil {
			return err
		}
		v.dir = dir
	}
}
