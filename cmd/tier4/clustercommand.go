package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"tier4/cmd/tier4/internal/cluster"
)

// joining are the flags with which a cluster is joined.
type joining struct {
	url       string
	tokenFile string
	ca        string
	copies    int
	silence   time.Duration
	shards    int // 0: as many as are worth it
}

const tokenUsage = "`FILE` that holds the token of the cluster; without it, the variable TIER4_TOKEN"

// register adds the flags beside the one that names the cluster.
func (j *joining) register(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&j.tokenFile, "token-file", "", tokenUsage)
	f.StringVar(&j.ca, "ca", "", "`FILE` with the certificate of who signs the cluster's; without it, those this machine knows")
}

// unreadToken is the fault of a file of a token.
func unreadToken(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return bad("the token cannot be read from %s: there is no such file", name)
	}
	return bad("the token cannot be read from %s: %w", name, plainly(err))
}

func (j *joining) join(ctx context.Context) (*cluster.Cluster, error) {
	token, err := cluster.ReadToken(j.tokenFile)
	if err != nil {
		return nil, unreadToken(j.tokenFile, err)
	}
	c, err := cluster.Join(ctx, cluster.Options{
		URL: j.url, Token: token, CA: j.ca, Copies: j.copies, Silence: j.silence, Version: versionName(), Kind: runtime.GOARCH,
	})
	var refused *cluster.RefusedError
	switch {
	case err == nil:
		return c, nil
	case ctx.Err() != nil:
		return nil, &failure{exitInterrupted, errors.New("interrupted")}
	case errors.As(err, &refused):
		return nil, badInput(err)
	}
	return nil, &failure{exitFailed, err}
}

// waitFor joins a cluster as soon as it is there.
func (j *joining) waitFor(ctx context.Context, t *terminal) (*cluster.Cluster, error) {
	for said := false; ; said = true {
		c, err := j.join(ctx)
		if !errors.Is(err, cluster.ErrNobody) && !errors.Is(err, cluster.ErrNotReady) {
			return c, err
		}
		if !said {
			t.note("%s; waiting for it", err)
		}
		select {
		case <-ctx.Done():
			return nil, &failure{exitInterrupted, errors.New("interrupted")}
		case <-time.After(time.Second):
		}
	}
}

// keeping are the flags of a cluster's server.
type keeping struct {
	joining
	server cluster.ServerOptions
	lines  bool
	print  string
}

func clusterCommand(t *terminal) *cobra.Command {
	var k keeping
	c := &cobra.Command{
		Use:   "cluster",
		Short: "Have several machines play one run",
		Long: `Starts what several machines need to play one run together: a server that hands shards out and
keeps what they come to. Nothing else has to be installed. It runs until it is stopped, shows who
works at what, and goes on where it was when it is started again on the same --store.

Then, on each machine that is to help: tier4 worker --join URL. And where the answer is wanted:
run, compare, sweep, frontier, choose or calibrate with --cluster URL. The answer has the same
bytes as on one machine; it does not matter who helps, comes late, or is switched off half-way.

By itself it listens to this machine only. For others, give it an address (--listen), a token that
all must know, and a certificate. With --nats it uses a NATS server with JetStream that is there.`,
		Example: `  tier4 cluster --store tier4-cluster
  tier4 cluster --listen 0.0.0.0:4222 --token-file token.txt --tls-cert cert.pem --tls-key key.pem
  tier4 cluster --print slurm > tier4.sbatch`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error { return k.run(c.Context(), t) },
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&k.server.Listen, "listen", "127.0.0.1:4222", "`ADDRESS` at which it can be joined: HOST:PORT")
	f.StringVar(&k.server.Dir, "store", "tier4-cluster", "folder `DIR` of what it keeps")
	k.register(c)
	f.StringVar(&k.server.Cert, "tls-cert", "", "`FILE` of the certificate to show (PEM)")
	f.StringVar(&k.server.Key, "tls-key", "", "`FILE` of its key (PEM)")
	f.StringVar(&k.url, "nats", "", "use the NATS server with JetStream at `URL` instead of one of its own")
	f.StringVar(&k.server.Name, "name", "", "`NAME` of this server, where there are several")
	f.StringVar(&k.server.Together, "together", "", "`ADDRESS` at which the other servers find this one")
	f.StringSliceVar(&k.server.Routes, "routes", nil, "`ADDRESS,...` of the other servers")
	f.IntVar(&k.copies, "copies", 0, "on how `MANY` of several servers everything is kept: 3 outlives the loss of one")
	f.BoolVar(&k.lines, "json-lines", false, "say what happens as one JSON object a line")
	f.StringVar(&k.print, "print", "", "only print how to start workers on a machine park: `slurm` or kubernetes")
	f.DurationVar(&k.silence, "silence", 0, "")
	f.Lookup("silence").Hidden = true
	return c
}

// check refuses what would leave a door open.
func (k *keeping) check() error {
	token, err := cluster.ReadToken(k.tokenFile)
	if err != nil {
		return unreadToken(k.tokenFile, err)
	}
	k.server.Token = token
	switch {
	case (k.server.Cert == "") != (k.server.Key == ""):
		return bad("`--tls-cert` and `--tls-key` belong together; give both")
	case k.url != "" || cluster.Local(k.server.Listen):
		return nil
	case token == "":
		return bad("whoever reaches %s could use this cluster; give it a token that all must know: `--token-file FILE`, or TIER4_TOKEN", k.server.Listen)
	case k.server.Cert == "":
		return bad("at %s the token could be read on its way; give a certificate: `--tls-cert FILE --tls-key FILE`", k.server.Listen)
	}
	return nil
}

func (k *keeping) run(ctx context.Context, t *terminal) error {
	if k.print != "" {
		return printWorkers(t.out, k.print)
	}
	if err := k.check(); err != nil {
		return err
	}
	if k.url == "" {
		free, err := listen(k.server.Listen) // the server would only say, after some time, that it did not start
		if err != nil {
			return err
		}
		free.Close()
		s, err := cluster.StartServer(k.server)
		if err != nil {
			return &failure{exitFailed, err}
		}
		defer s.Stop()
		k.url = s.URL()
	}
	c, err := k.waitFor(ctx, t)
	var refused *cluster.RefusedError
	if errors.As(err, &refused) {
		return &failure{exitInput, fmt.Errorf("%w, or begin anew with another `--store`", err)}
	}
	if err != nil {
		return err
	}
	defer c.Leave()
	if !k.lines {
		t.note("the cluster is at %s; stop it with Ctrl-C", k.url)
		t.note("to help:    tier4 worker --join %s", k.url)
		t.note("to be helped: tier4 run SCENARIO --cluster %s", k.url)
	}
	say := k.teller(t)
	return c.Watch(ctx, say)
}

// teller says what happens in a cluster, as lines to read or as JSON.
func (k *keeping) teller(t *terminal) func(cluster.News) {
	var one sync.Mutex
	done := map[string]int{} // by run
	return func(n cluster.News) {
		one.Lock()
		defer one.Unlock()
		if n.What == "finished" {
			done[n.Run]++
			n.Done = done[n.Run]
		}
		if n.What == "answered" {
			delete(done, n.Run)
		}
		if k.lines {
			text, err := json.Marshal(n)
			if err == nil {
				fmt.Fprintln(t.out, string(text))
			}
			return
		}
		if text := inWords(n); text != "" {
			t.note("%s %s", n.Time.Local().Format("15:04:05"), text)
		}
	}
}

func inWords(n cluster.News) string {
	shard := fmt.Sprintf("shard %d of %d", n.Shard, n.Shards)
	switch n.What {
	case "joined":
		return n.Worker + " is here to help"
	case "left":
		return n.Worker + " has left"
	case "asked":
		if n.Shards == 1 {
			return "asked for in one shard: tier4 " + n.Command
		}
		return fmt.Sprintf("asked for in %d shards: tier4 %s", n.Shards, n.Command)
	case "finished":
		return fmt.Sprintf("%s has played %s in %.1f s; %d of %d done", n.Worker, shard, n.Seconds, n.Done, n.Shards)
	case "failed":
		return fmt.Sprintf("%s could not play %s: %s", n.Worker, shard, n.Why)
	case "answered":
		return "all shards are in; the answer is made where it was asked for"
	}
	return ""
}

func workerCommand(t *terminal) *cobra.Command {
	var j joining
	var workers wholeFlag
	workers.most = 1024
	c := &cobra.Command{
		Use:   "worker --join URL",
		Short: "Help a cluster",
		Long: `Plays shards of whatever is asked of the cluster, until it is stopped. It may be stopped at any
moment: what it was at goes to another. It must be the same version of the program, on the same
kind of processor, as the one that asks.`,
		Example: `  tier4 worker --join nats://127.0.0.1:4222
  TIER4_TOKEN=... tier4 worker --join tls://cluster.example:4222 --ca ca.pem --workers 8`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if j.url == "" {
				return bad("`tier4 worker` is not told whom to help; add `--join URL`, as `tier4 cluster` shows it")
			}
			to, err := j.waitFor(c.Context(), t)
			if err != nil {
				return err
			}
			defer to.Leave()
			name := cluster.WorkerName()
			t.note("%s helps %s; stop it with Ctrl-C", name, j.url)
			return badInput(to.Work(c.Context(), name, &shardProcess{workers: workers.n}))
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&j.url, "join", "", "`URL` of the cluster")
	j.register(c)
	f.Var(&workers, "workers", "processors to use; all unless given")
	return c
}

// printWorkers prints how a machine park starts workers.
func printWorkers(w io.Writer, where string) error {
	texts := map[string]string{"slurm": slurmText, "kubernetes": kubernetesText}
	text, ok := texts[where]
	if !ok {
		return bad("there is nothing to print for `%s`; %sit is `slurm` or `kubernetes`", where, meant(where, []string{"slurm", "kubernetes"}))
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	_, err = strings.NewReplacer("{program}", filepath.ToSlash(self), "{version}", versionName()).WriteString(w, text)
	return err
}
