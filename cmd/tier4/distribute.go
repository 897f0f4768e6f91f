package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"tier4/cmd/tier4/internal/cluster"
	"tier4/scenarios"
	"tier4/sim"
)

// Runs that a cluster plays: cut into shards as by `--shard`, and joined as by `tier4 merge`.

// distribution is what a run gives to a cluster.
type distribution struct {
	scenarios []*scenarios.Scenario
	named     []string       // files among the arguments and flags
	files     []cluster.File // to be sent beside those of the scenarios
	work      func() (work, error)
	quiet     bool
}

// work is how much there is to play.
type work struct {
	seconds float64 // on one processor
	bytes   float64 // of blocks
}

// A shard is so many seconds on one processor, or as many bytes: handing it out costs next to nothing, losing a
// worker does not hurt, and nobody waits long for the last. Two, three, four, six or twelve workers that are equally
// quick end together.
const (
	shardSeconds = 5
	shardBytes   = 128 << 20
	evenly       = 12
	mostShards   = 1_000_000
)

func (w work) shards() int {
	n := max(1, int(w.seconds/shardSeconds+1), int(w.bytes/shardBytes+1))
	if n > evenly/2 {
		n = (n + evenly - 1) / evenly * evenly
	}
	return min(n, mostShards)
}

// distribute has a cluster play the run, if one is named. What comes back is known to the keeper as it comes, while the
// run is already gathered; wait, called once that has ended, well or not, says what became of the rest. The run's
// context ends with what went wrong.
func (v *saving) distribute(ctx context.Context, t *terminal, d distribution) (_ context.Context, wait func(well bool) error, err error) {
	if v.cluster.url == "" {
		return ctx, func(bool) error { return nil }, nil
	}
	job, err := v.job(d)
	if err != nil {
		return nil, nil, err
	}
	v.keeper.Await()
	within, cancel := context.WithCancelCause(ctx)
	done := make(chan error, 1)
	go func() {
		_, err := v.collect(within, t, d, job, func(folder string) error { return v.keeper.Add([]string{folder}) })
		if err != nil {
			cancel(err)
		}
		v.keeper.Arrived()
		done <- err
	}()
	return within, func(well bool) error {
		if !well {
			cancel(nil)
		}
		err := <-done
		cancel(nil)
		return err
	}, nil
}

// ahead has the cluster play what words say comes next of a run whose course depends on what was played.
func (v *saving) ahead(ctx context.Context, t *terminal, d distribution, words ...string) (folders []string, err error) {
	job, err := v.job(d)
	if err != nil {
		return nil, err
	}
	job.Command = append(job.Command, words...)
	return v.collect(ctx, t, d, job, nil)
}

// collect has a cluster play a job, and gives the folders of its shards; in, if not nil, is told of each as it comes.
func (v *saving) collect(ctx context.Context, t *terminal, d distribution, job cluster.Job, in func(folder string) error) (folders []string, err error) {
	c, err := v.cluster.join(ctx)
	if err != nil {
		return nil, err
	}
	defer c.Leave()
	if v.away == "" {
		if v.away, err = os.MkdirTemp("", "tier4-cluster-"); err != nil {
			return nil, err
		}
	}
	into, err := os.MkdirTemp(v.away, "job-")
	if err != nil {
		return nil, err
	}
	said := false
	folders, err = c.Collect(ctx, job, into, cluster.Collecting{
		Cut: func() (int, error) {
			if v.cluster.shards > 0 {
				return v.cluster.shards, nil
			}
			w, err := d.work()
			return w.shards(), err
		},
		In: in,
		Idle: func() {
			if !said && !d.quiet {
				t.note("nobody works at it yet; on each machine that is to help: `tier4 worker --join %s`", v.cluster.url)
			}
			said = true
		},
	})
	var failed *cluster.FailedError
	switch {
	case err == nil:
		return folders, nil
	case errors.As(err, &failed):
		return nil, &failure{exitFailed, failed}
	case ctx.Err() != nil:
		return nil, &failure{exitInterrupted, errors.New("interrupted; the cluster plays on, and the same command goes on with what is finished")}
	}
	return nil, &failure{exitFailed, fmt.Errorf("the cluster at %s: %w", v.cluster.url, err)}
}

// job is the run as a cluster takes it.
func (v *saving) job(d distribution) (cluster.Job, error) {
	job := cluster.Job{Version: versionName(), Architecture: runtime.GOARCH}
	here, err := os.Getwd()
	if err != nil {
		return job, err
	}
	if job.Folder, err = cluster.Inside(here); err != nil {
		return job, err
	}
	for _, w := range v.command {
		flag, path := "", w
		if name, value, is := strings.Cut(w, "="); is && strings.HasPrefix(w, "--") {
			flag, path = name+"=", value
		}
		if slices.Contains(d.named, path) { // a path that is the same on all systems
			if filepath.IsAbs(path) {
				if path, err = filepath.Rel(here, path); err != nil {
					return job, err
				}
			}
			w = flag + filepath.ToSlash(path)
		}
		job.Command = append(job.Command, w)
	}
	job.Files = slices.Clone(d.files)
	seen := map[string]bool{}
	for _, one := range d.scenarios {
		for _, f := range one.Files() {
			path, err := cluster.Inside(f.Name)
			if err != nil {
				return job, err
			}
			if !seen[path] {
				seen[path] = true
				job.Files = append(job.Files, cluster.File{Path: path, Data: f.Data})
			}
		}
	}
	return job, nil
}

// gone removes what came from the cluster.
func (v *saving) gone() {
	if v.away != "" {
		_ = os.RemoveAll(v.away)
	}
}

// distribution is the study as a cluster gets it.
func (s *study) distribution(ctx context.Context) distribution {
	return distribution{scenarios: s.scenarios, named: s.names, work: s.work(ctx), quiet: s.o.quiet}
}

// work measures how long the study takes, on a few replications of every model.
func (s *study) work(ctx context.Context) func() (work, error) {
	return func() (work, error) {
		r := sim.Runner{Stop: func() bool { return ctx.Err() != nil }}
		var b sim.Batch
		start, bytes, i := time.Now(), 0, 0
		for ; i < s.most && (i < 2 || time.Since(start) < time.Second/6); i++ {
			for _, m := range s.models {
				b.Reset(i)
				if err := r.Replicate(m, s.seed, i, &b); err != nil {
					return work{}, stopped(ctx, err)
				}
				bytes += len(b.AppendTo(nil))
			}
		}
		share := float64(s.most) / float64(i)
		return work{time.Since(start).Seconds() * share, float64(bytes) * share}, nil
	}
}

// distribution is the exploration as a cluster gets it.
func (x *exploration) distribution() distribution {
	d := distribution{scenarios: x.named, named: append([]string{x.name}, x.among...), quiet: x.quiet}
	if len(x.named) == 0 {
		d.scenarios = []*scenarios.Scenario{x.base}
	}
	d.work = func() (work, error) {
		total := len(x.all) * x.often()
		var r sim.Runner
		var b sim.Batch
		if err := r.Replicate(x.all[0].Model, x.luck(), 0, &b); err != nil {
			return work{}, err
		}
		return work{float64(total) / x.perSecond * float64(x.processors()), float64(total * len(b.AppendTo(nil)))}, nil
	}
	return d
}
