package cluster

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Options say how a cluster is joined.
type Options struct {
	URL     string
	Token   string        // from a file or the environment, never from an argument
	CA      string        // file of the certificate of who signs the server's; "" for those the machine knows
	Copies  int           // of whatever is kept, where there are several servers; 0 for one
	Silence time.Duration // after which a worker has lost its shard; 0 for what the cluster has, half a minute at first
	Version string        // of this program
	Kind    string        // of this processor
}

// Cluster is a connection to one.
type Cluster struct {
	o       Options
	nc      *nats.Conn
	js      jetstream.JetStream
	jobs    jetstream.Stream
	shards  jetstream.Stream
	results jetstream.Stream
	queue   jetstream.Consumer
}

// The subjects. A shard's result is its parts, each under the attempt that made it, and then one end that says
// which attempt holds.
const (
	jobSubject   = "tier4.job.%s"
	shardSubject = "tier4.shard.%s.%d"
	partSubject  = "tier4.part.%s.%d.%s.%d"
	endSubject   = "tier4.end.%s.%d"
	newsSubject  = "tier4.news"
	stampSubject = "tier4.stamp"
)

// keptFor is how long what nobody came back for is kept.
const keptFor = 7 * 24 * time.Hour

// Join connects to a cluster, makes its streams if they are not there, and refuses one that works with another
// version of the program.
func Join(ctx context.Context, o Options) (*Cluster, error) {
	for _, one := range strings.Split(o.URL, ",") {
		where, err := url.Parse(one)
		if err != nil || where.Host == "" || where.Scheme != "nats" && where.Scheme != "tls" {
			return nil, &RefusedError{"this is no address of a cluster; write nats://HOST:PORT"}
		}
		if where.User != nil {
			return nil, &RefusedError{"the address of the cluster has a password in it, which others could read; put the token into a file (--token-file) or into TIER4_TOKEN"}
		}
	}
	settings := []nats.Option{
		nats.Name("tier4 " + o.Version), nats.MaxReconnects(-1), nats.ReconnectWait(time.Second), nats.Timeout(10 * time.Second),
		nats.PingInterval(5 * time.Second), nats.MaxPingsOutstanding(3), // so that a network that was cut is noticed
	}
	if o.Token != "" {
		settings = append(settings, nats.Token(o.Token))
	}
	if o.CA != "" {
		settings = append(settings, nats.RootCAs(o.CA))
	}
	nc, err := nats.Connect(o.URL, settings...)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be joined: %w", o.URL, plainly(err))
	}
	c := &Cluster{o: o, nc: nc}
	if err := c.open(ctx); err != nil {
		c.Leave()
		return nil, err
	}
	return c, nil
}

// ErrNobody says that no cluster is where one was expected. It may come.
var ErrNobody = errors.New("nothing answers there")

// refusedOnWindows is WSAECONNREFUSED. The client knows a refused connection by the words of other systems alone.
const refusedOnWindows = syscall.Errno(10061)

func plainly(err error) error {
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return fmt.Errorf("no machine of the name %s is found", name.Name)
	case errors.Is(err, nats.ErrNoServers), errors.Is(err, refusedOnWindows):
		return ErrNobody
	case errors.Is(err, nats.ErrAuthorization) || strings.Contains(strings.ToLower(err.Error()), "authorization"):
		return errors.New("it wants another token (--token-file, or TIER4_TOKEN)")
	}
	return err
}

// ErrNotReady says that the servers of a cluster have not found one another yet, or too few of them are there.
var ErrNotReady = errors.New("its servers are not ready; are enough of them there?")

// open makes what is missing, once the servers have found one another.
func (c *Cluster) open(ctx context.Context) (err error) {
	if c.js, err = jetstream.New(c.nc, jetstream.WithDefaultTimeout(3*time.Second)); err != nil {
		return err
	}
	for end := time.Now().Add(30 * time.Second); ; {
		if err = c.attempt(ctx); err == nil || ctx.Err() != nil {
			return err
		}
		var refused *RefusedError
		if errors.As(err, &refused) {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s cannot be used: %w (%w)", c.o.URL, ErrNotReady, err)
		}
		time.Sleep(250 * time.Millisecond)
	}
}

// attempt makes what is missing, if the servers are ready.
func (c *Cluster) attempt(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if err := c.streams(ctx); err != nil {
		return err
	}
	return c.stamp(ctx)
}

func (c *Cluster) streams(ctx context.Context) error {
	one := func(to *jetstream.Stream, name string, keep jetstream.RetentionPolicy, subjects ...string) error {
		s, err := c.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
			Name: "TIER4_" + name, Subjects: subjects, Retention: keep, Storage: jetstream.FileStorage, Replicas: max(1, c.o.Copies),
			Discard: jetstream.DiscardNew, DiscardNewPerSubject: true, MaxMsgsPerSubject: 1, MaxAge: keptFor, AllowDirect: true,
		})
		*to = s
		return err
	}
	err := errors.Join(
		one(&c.jobs, "JOBS", jetstream.LimitsPolicy, "tier4.job.*", stampSubject),
		one(&c.shards, "SHARDS", jetstream.WorkQueuePolicy, "tier4.shard.*.*"),
		one(&c.results, "RESULTS", jetstream.LimitsPolicy, "tier4.part.*.*.*.*", "tier4.end.*.*"),
	)
	if err != nil {
		return err
	}
	const name = "workers"
	if c.o.Silence == 0 {
		if c.queue, err = c.shards.Consumer(ctx, name); !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return err
		}
	}
	c.queue, err = c.shards.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: name, AckPolicy: jetstream.AckExplicitPolicy, AckWait: cmp.Or(c.o.Silence, 30*time.Second), MaxDeliver: -1, MaxAckPending: 100_000,
	})
	return err
}

// silence is after which a worker has lost its shard.
func (c *Cluster) silence() time.Duration { return c.queue.CachedInfo().Config.AckWait }

// stamp says with which version the cluster works, or refuses to work with another.
func (c *Cluster) stamp(ctx context.Context) error {
	mine, _ := json.Marshal([2]string{c.o.Version, c.o.Kind})
	_, err := c.js.Publish(ctx, stampSubject, mine)
	if err == nil || !there(err) {
		return err
	}
	m, err := c.jobs.GetLastMsgForSubject(ctx, stampSubject)
	if err != nil {
		return err
	}
	var of [2]string
	if err := json.Unmarshal(m.Data, &of); err != nil {
		return err
	}
	return Same(c.o.Version, c.o.Kind, of[0], of[1])
}

// there says that a subject has its message already.
func there(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && strings.Contains(api.Description, "per subject exceeded")
}

// Leave closes the connection.
func (c *Cluster) Leave() { c.nc.Close() }

// News is what happens in a cluster, for those who look on.
type News struct {
	Time    time.Time `json:"time"`
	What    string    `json:"what"` // joined, left, asked, began, finished, failed, answered
	Worker  string    `json:"worker,omitempty"`
	Run     string    `json:"run,omitempty"`
	Command string    `json:"command,omitempty"`
	Shard   int       `json:"shard,omitempty"` // from 1 on
	Shards  int       `json:"shards,omitempty"`
	Done    int       `json:"done,omitempty"` // shards of the run that are in
	Seconds float64   `json:"seconds,omitempty"`
	Why     string    `json:"why,omitempty"`
}

// tell tells those who look on.
func (c *Cluster) tell(n News) {
	n.Time = time.Now().UTC()
	text, _ := json.Marshal(n)
	_ = c.nc.Publish(newsSubject, text) // nobody need be there
}

// Watch calls with all news until ctx ends.
func (c *Cluster) Watch(ctx context.Context, with func(News)) error {
	sub, err := c.nc.Subscribe(newsSubject, func(m *nats.Msg) {
		var n News
		if json.Unmarshal(m.Data, &n) == nil {
			with(n)
		}
	})
	if err != nil {
		return err
	}
	<-ctx.Done()
	return sub.Unsubscribe()
}

// ReadToken reads a token from a file, or from the environment where no file is given.
func ReadToken(file string) (string, error) {
	if file == "" {
		return os.Getenv("TIER4_TOKEN"), nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(strings.TrimPrefix(string(text), "\ufeff")) // Notepad may write a mark before the text
	switch {
	case token == "":
		return "", errors.New("it is empty")
	case !utf8.ValidString(token) || strings.ContainsFunc(token, unicode.IsControl):
		return "", errors.New("it is no plain text; save it as UTF-8") // `>` in PowerShell writes UTF-16
	}
	return token, nil
}
