package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// Player plays shards.
type Player interface {
	// Play plays a shard of a job's command in the folder in, which is the same for all shards of a job that come one
	// after another, and writes what it comes to into the folder out, which is empty. An error that another machine
	// would get as well is a [BadShardError].
	Play(ctx context.Context, job *Job, shard int, in, out string) error

	// Drop lets go of what was kept for more shards of the job: there are none for now.
	Drop()
}

// BadShardError says that a shard fails wherever it is played.
type BadShardError struct{ Why string }

func (e *BadShardError) Error() string { return e.Why }

// mostTries is how many workers a shard is given to before it counts as one that nobody can play.
const mostTries = 4

// ending is what a shard came to: parts of a parcel, or a failure.
type ending struct {
	Attempt string  `json:"attempt,omitempty"`
	Parts   int     `json:"parts,omitempty"`
	SHA256  string  `json:"sha256,omitempty"`
	Failure string  `json:"failure,omitempty"`
	Worker  string  `json:"worker"`
	Seconds float64 `json:"seconds"`
}

// ticket is a shard to be played.
type ticket struct {
	Run    string `json:"run"`
	Shard  int    `json:"shard"` // from 1 on
	Shards int    `json:"shards"`
}

// Work has shards played until ctx ends: then the one it is at goes back at once. It ends with a [RefusedError] when
// the cluster asks for what another version of the program plays.
func (c *Cluster) Work(ctx context.Context, name string, player Player) error {
	c.tell(News{What: "joined", Worker: name})
	defer func() {
		c.tell(News{What: "left", Worker: name})
		_ = c.nc.FlushTimeout(time.Second)
	}()
	w := &worker{Cluster: c, name: name, player: player}
	defer w.drop()
	for ctx.Err() == nil {
		batch, err := c.queue.Fetch(1, jetstream.FetchContext(ctx))
		if err != nil {
			w.rest(ctx)
			continue
		}
		got := false
		for m := range batch.Messages() {
			got = true
			if err := w.take(ctx, m); err != nil {
				return err
			}
		}
		if got {
			continue
		}
		w.drop()
		if batch.Error() != nil {
			w.rest(ctx)
		}
	}
	return nil
}

// worker is one at work.
type worker struct {
	*Cluster
	name   string
	player Player
	run    string // of the job at hand
	job    *Job
	root   string // folder of what is on disk for it
	in     string // in which its command is run
}

// lay has the files of the job at hand on disk, once for all its shards.
func (w *worker) lay() (err error) {
	if w.in != "" {
		return nil
	}
	if w.root, err = os.MkdirTemp("", "tier4-shard-"); err != nil {
		return err
	}
	w.in, err = w.job.lay(filepath.Join(w.root, "in"))
	if err != nil {
		_ = os.RemoveAll(w.root)
	}
	return err
}

// drop lets go of the job at hand.
func (w *worker) drop() {
	if w.run == "" {
		return
	}
	w.player.Drop()
	if w.root != "" {
		_ = os.RemoveAll(w.root)
	}
	w.run, w.job, w.root, w.in = "", nil, "", ""
}

// rest waits a little while the cluster cannot be reached.
func (w *worker) rest(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
}

// take plays the shard of a message, and settles the message. If that is not heard, another plays the shard again,
// which does no harm. The error is a [RefusedError].
func (w *worker) take(ctx context.Context, m jetstream.Msg) error {
	var t ticket
	if err := json.Unmarshal(m.Data(), &t); err != nil {
		_ = m.Term()
		return nil
	}
	if err := w.know(ctx, t.Run); err != nil {
		if errors.Is(err, jetstream.ErrMsgNotFound) { // nobody waits for it any more
			_ = m.Ack()
			return nil
		}
		_ = m.NakWithDelay(time.Second)
		var refused *RefusedError
		if errors.As(err, &refused) {
			return err
		}
		return nil
	}
	if _, err := w.results.GetLastMsgForSubject(ctx, fmt.Sprintf(endSubject, t.Run, t.Shard)); err == nil {
		_ = m.Ack() // it is in already
		return nil
	}
	begun := time.Now()
	w.tell(News{What: "began", Worker: w.name, Run: t.Run, Shard: t.Shard, Shards: t.Shards})
	end, err := w.tryOut(ctx, m, t)
	switch {
	case ctx.Err() != nil:
		_ = m.Nak() // for another, at once
		return nil
	case err != nil:
		w.tell(News{What: "failed", Worker: w.name, Run: t.Run, Shard: t.Shard, Shards: t.Shards, Why: err.Error()})
		_ = m.NakWithDelay(time.Second)
		return nil
	}
	end.Worker, end.Seconds = w.name, time.Since(begun).Seconds()
	if err := w.send(ctx, fmt.Sprintf(endSubject, t.Run, t.Shard), end); err != nil {
		_ = m.NakWithDelay(time.Second)
		return nil
	}
	what := "finished"
	if end.Failure != "" {
		what = "failed"
	}
	w.tell(News{What: what, Worker: w.name, Run: t.Run, Shard: t.Shard, Shards: t.Shards, Seconds: end.Seconds, Why: end.Failure})
	_ = m.Ack()
	return nil
}

// tryOut plays a shard; the error is one that another worker may not meet. A failure that all would meet, or that
// nobody got round, is what the shard came to.
func (w *worker) tryOut(ctx context.Context, m jetstream.Msg, t ticket) (ending, error) {
	tries := uint64(1)
	if about, err := m.Metadata(); err == nil {
		tries = about.NumDelivered
	}
	if tries > mostTries {
		return ending{Failure: fmt.Sprintf("%d workers were given it, and none of them came to an end", mostTries)}, nil
	}
	end, err := w.playShard(ctx, m, t)
	var bad *BadShardError
	if errors.As(err, &bad) || err != nil && tries == mostTries && ctx.Err() == nil {
		return ending{Failure: err.Error()}, nil
	}
	return end, err
}

// know has the job of a run at hand.
func (w *worker) know(ctx context.Context, run string) error {
	if w.run == run {
		return nil
	}
	m, err := w.jobs.GetLastMsgForSubject(ctx, fmt.Sprintf(jobSubject, run))
	if err != nil {
		return err
	}
	var job Job
	if err := json.Unmarshal(m.Data, &job); err != nil {
		return err
	}
	if err := Same(w.o.Version, w.o.Kind, job.Version, job.Architecture); err != nil {
		return err
	}
	w.drop()
	w.run, w.job = run, &job
	return nil
}

// playShard plays a shard and sends the parts of what it came to. Meanwhile it says that it is at it.
func (w *worker) playShard(ctx context.Context, m jetstream.Msg, t ticket) (ending, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		for tick := time.NewTicker(w.silence() / 5); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
				_ = m.InProgress() // if it is not heard, another takes over
			}
		}
	}()
	if err := w.lay(); err != nil {
		return ending{}, err
	}
	out := filepath.Join(w.root, "out")
	if err := os.Mkdir(out, 0o755); err != nil {
		return ending{}, err
	}
	defer os.RemoveAll(out)
	if err := w.player.Play(ctx, w.job, t.Shard, w.in, out); err != nil {
		return ending{}, err
	}
	end := ending{Attempt: nuid.Next()}
	parcel := sending{sum: sha256.New(), publish: func(part int, data []byte) error {
		_, err := w.js.Publish(ctx, fmt.Sprintf(partSubject, t.Run, t.Shard, end.Attempt, part), data)
		return err
	}}
	if err := errors.Join(pack(out, &parcel), parcel.end()); err != nil {
		return ending{}, err
	}
	end.Parts, end.SHA256 = parcel.parts, hex.EncodeToString(parcel.sum.Sum(nil))
	return end, nil
}

// send publishes what may be there already.
func (c *Cluster) send(ctx context.Context, subject string, what any) error {
	text, err := json.Marshal(what)
	if err == nil {
		_, err = c.js.Publish(ctx, subject, text)
	}
	if there(err) {
		return nil
	}
	return err
}

// WorkerName is a name for this process in a cluster.
func WorkerName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "worker"
	}
	return fmt.Sprintf("%s-%d", strings.ReplaceAll(host, ".", "-"), os.Getpid())
}
