package cluster

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// FailedError says that a shard of a run fails wherever it is played.
type FailedError struct {
	Shard, Shards int
	Worker, Why   string
}

func (e *FailedError) Error() string {
	return fmt.Sprintf("shard %d of %d failed on %s: %s", e.Shard, e.Shards, e.Worker, e.Why)
}

// Collecting is how a run is waited for.
type Collecting struct {
	Cut  func() (shards int, err error) // into how many it is to be cut, asked unless somebody has cut it before
	In   func(folder string) error      // a shard is in this folder; may be nil
	Idle func()                         // nobody works at it; may be nil
}

// Collect has a run played and lays what each shard came to into a folder of its own under dir. What was finished
// when the same run was asked for before is not played again. When all is there, the cluster forgets the run.
func (c *Cluster) Collect(ctx context.Context, job Job, dir string, how Collecting) (folders []string, err error) {
	run := job.ID()
	if job, err = c.put(ctx, run, job, how.Cut); err != nil {
		return nil, err
	}
	r := &collecting{Cluster: c, run: run, job: job, dir: dir, how: how, in: map[int]bool{}}
	c.tell(News{What: "asked", Run: run, Command: strings.Join(job.Command, " "), Shards: job.Shards})
	if err := r.wait(ctx); err != nil {
		var failed *FailedError
		if errors.As(err, &failed) {
			c.forget(run)
		}
		return nil, err
	}
	c.tell(News{What: "answered", Run: run, Shards: job.Shards, Done: job.Shards})
	c.forget(run)
	for shard := range job.Shards {
		folders = append(folders, r.folder(shard+1))
	}
	return folders, nil
}

// put makes the job known, and gives it as it is known.
func (c *Cluster) put(ctx context.Context, run string, job Job, cut func() (int, error)) (Job, error) {
	subject := fmt.Sprintf(jobSubject, run)
	if m, err := c.jobs.GetLastMsgForSubject(ctx, subject); err == nil {
		return job, json.Unmarshal(m.Data, &job)
	}
	var err error
	if job.Shards, err = cut(); err != nil {
		return job, err
	}
	text, err := json.Marshal(job)
	if err != nil {
		return job, err
	}
	if len(text) > mostMessage {
		return job, fmt.Errorf("the files of this run have %d MB, and a cluster takes %d at most; play it here", len(text)>>20, mostMessage>>20)
	}
	if _, err = c.js.Publish(ctx, subject, text); there(err) {
		m, err := c.jobs.GetLastMsgForSubject(ctx, subject)
		if err != nil {
			return job, err
		}
		return job, json.Unmarshal(m.Data, &job)
	}
	return job, err
}

// forget removes a run. What cannot be removed now goes by itself later.
func (c *Cluster) forget(run string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = c.jobs.Purge(ctx, jetstream.WithPurgeSubject(fmt.Sprintf(jobSubject, run)))
	_ = c.shards.Purge(ctx, jetstream.WithPurgeSubject("tier4.shard."+run+".*"))
	_ = c.results.Purge(ctx, jetstream.WithPurgeSubject("tier4.part."+run+".*.*.*"))
	_ = c.results.Purge(ctx, jetstream.WithPurgeSubject("tier4.end."+run+".*"))
}

// collecting is a run that is waited for.
type collecting struct {
	*Cluster
	run string
	job Job
	dir string
	how Collecting
	in  map[int]bool

	broken int // shards that did not arrive as they were sent
}

func (r *collecting) folder(shard int) string {
	return filepath.Join(r.dir, "shard-"+strconv.Itoa(shard))
}

// glance is how often a run that makes no progress is looked at.
const glance = 5 * time.Second

// wait puts the shards out and takes in what they come to.
func (r *collecting) wait(ctx context.Context) error {
	if err := r.putOut(ctx); err != nil {
		return err
	}
	for len(r.in) < r.job.Shards {
		ends, err := r.results.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{FilterSubjects: []string{"tier4.end." + r.run + ".*"}})
		if err == nil {
			err = r.listen(ctx, ends)
		}
		var failed *FailedError
		if errors.As(err, &failed) || ctx.Err() != nil || isLocal(err) {
			return errors.Join(err, ctx.Err())
		}
		if err != nil { // the cluster is out of reach: it may come back
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
	return nil
}

// listen takes in shards as they end.
func (r *collecting) listen(ctx context.Context, ends jetstream.Consumer) error {
	for quiet := 0; len(r.in) < r.job.Shards; {
		m, err := ends.Next(jetstream.FetchMaxWait(glance))
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			if quiet++; quiet%2 == 0 {
				if err := r.look(ctx); err != nil {
					return err
				}
			}
			if errors.Is(err, jetstream.ErrNoMessages) || errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "timeout") {
				continue
			}
			return err
		}
		quiet = 0
		shard, err := strconv.Atoi(m.Subject()[strings.LastIndex(m.Subject(), ".")+1:])
		if err != nil || shard < 1 || shard > r.job.Shards || r.in[shard] {
			continue
		}
		if err := r.takeIn(ctx, shard, m.Data()); errors.Is(err, errBroken) {
			if err := r.again(ctx, shard); err != nil {
				return err
			}
			continue
		} else if err != nil {
			return err
		}
		r.in[shard] = true
		if r.how.In != nil {
			if err := r.how.In(r.folder(shard)); err != nil {
				return localError{err}
			}
		}
	}
	return nil
}

// look says so if nobody works, and puts out again what was lost.
func (r *collecting) look(ctx context.Context) error {
	about, err := r.queue.Info(ctx)
	if err != nil {
		return nil // out of reach
	}
	if about.NumWaiting == 0 && about.NumAckPending == 0 && r.how.Idle != nil {
		r.how.Idle()
	}
	if about.NumPending == 0 && about.NumAckPending == 0 {
		return r.putOut(ctx)
	}
	return nil
}

// putOut puts out every shard that is not in.
func (r *collecting) putOut(ctx context.Context) error {
	for shard := 1; shard <= r.job.Shards; shard++ {
		if r.in[shard] {
			continue
		}
		if err := r.putOutOne(ctx, shard); err != nil {
			return err
		}
	}
	return nil
}

func (r *collecting) putOutOne(ctx context.Context, shard int) error {
	return r.send(ctx, fmt.Sprintf(shardSubject, r.run, shard), ticket{r.run, shard, r.job.Shards})
}

// errBroken says that a shard did not arrive as it was sent.
var errBroken = errors.New("it did not arrive as it was sent")

// mostBroken is how many shards of a run may arrive broken before something else must be wrong.
const mostBroken = 6

// again has a shard that arrived broken played once more.
func (r *collecting) again(ctx context.Context, shard int) error {
	if r.broken++; r.broken > mostBroken {
		return localError{fmt.Errorf("shard %d of %d: %w, and %d others before it", shard, r.job.Shards, errBroken, mostBroken)}
	}
	if err := os.RemoveAll(r.folder(shard)); err != nil {
		return localError{err}
	}
	for _, subject := range []string{"tier4.part.%s.%d.*.*", endSubject} {
		if err := r.results.Purge(ctx, jetstream.WithPurgeSubject(fmt.Sprintf(subject, r.run, shard))); err != nil {
			return err
		}
	}
	return r.putOutOne(ctx, shard)
}

// localError is a fault of this machine, which no other can mend.
type localError struct{ error }

func (e localError) Unwrap() error { return e.error }

func isLocal(err error) bool {
	var local localError
	return errors.As(err, &local)
}

// takeIn lays what a shard came to into its folder.
func (r *collecting) takeIn(ctx context.Context, shard int, data []byte) error {
	var end ending
	if json.Unmarshal(data, &end) != nil {
		return errBroken
	}
	if end.Failure != "" {
		return &FailedError{shard, r.job.Shards, end.Worker, end.Failure}
	}
	folder := r.folder(shard)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return localError{err}
	}
	var away error // why a part could not be had
	parcel := receiving{sum: sha256.New(), parts: end.Parts, fetch: func(part int) ([]byte, error) {
		m, err := r.results.GetLastMsgForSubject(ctx, fmt.Sprintf(partSubject, r.run, shard, end.Attempt, part))
		if err != nil {
			if !errors.Is(err, jetstream.ErrMsgNotFound) {
				away = err
			}
			return nil, err
		}
		return m.Data, nil
	}}
	err := unpack(&parcel, folder)
	switch {
	case away != nil || isLocal(err):
		return cmp.Or(away, err)
	case err != nil || hex.EncodeToString(parcel.sum.Sum(nil)) != end.SHA256:
		return errBroken
	}
	return nil
}
