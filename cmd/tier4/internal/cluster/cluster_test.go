package cluster

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Where nobody listens, somebody may come yet: a connection that is refused says so in the words of every system.
func TestNobodyThere(t *testing.T) {
	if _, err := Join(t.Context(), Options{URL: "nats://127.0.0.1:1"}); !errors.Is(err, ErrNobody) {
		t.Errorf("%v", err)
	}
	err := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connectex", syscall.Errno(10061))}
	if got := plainly(err); got != ErrNobody {
		t.Errorf("on Windows: %v", got)
	}
}

// A token is the same whatever a file of Windows has around it, and is text.
func TestTokenFromAFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "token.txt")
	for text, want := range map[string]string{
		"secret": "secret", "secret\n": "secret", "\ufeffsecret\r\n": "secret", "\xff\xfes\x00e\x00": "", "\r\n": "",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadToken(name); got != want || (err == nil) != (want != "") {
			t.Errorf("%q is read as %q, %v", text, got, err)
		}
	}
}

// served starts a server on a folder and gives its address.
func served(t *testing.T, o ServerOptions) *Server {
	t.Helper()
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	s, err := StartServer(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

func joined(t *testing.T, url string, more ...func(*Options)) *Cluster {
	t.Helper()
	o := Options{URL: url, Version: "v1", Kind: "amd64", Silence: time.Second}
	for _, f := range more {
		f(&o)
	}
	c, err := Join(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Leave)
	return c
}

// sevenShards is a run whose shards come to their number, and that reads a file.
var sevenShards = Job{
	Version: "v1", Architecture: "amd64", Command: []string{"run", "it.yaml"}, Folder: "home/me",
	Files: []File{{"home/me/it.yaml", []byte("a scenario")}},
}

func plays(_ context.Context, _ *Job, shard int, in, out string) error {
	text, err := os.ReadFile(filepath.Join(in, "it.yaml"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "manifest.json"), fmt.Appendf(nil, "%s %d %s", text, shard, strings.Repeat("x", 10_000)), 0o644)
}

// playing is a player that keeps nothing.
type playing func(ctx context.Context, job *Job, shard int, in, out string) error

func (p playing) Play(ctx context.Context, job *Job, shard int, in, out string) error {
	return p(ctx, job, shard, in, out)
}
func (playing) Drop() {}

// works has a worker work until the test ends, or stop is called.
func works(t *testing.T, c *Cluster, play playing) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := c.Work(ctx, "worker", play); err != nil {
			t.Error(err)
		}
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// collected is what a run comes to, shard by shard.
func collected(t *testing.T, c *Cluster, job Job) (all []string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	steps := 0
	folders, err := c.Collect(ctx, job, t.TempDir(), Collecting{
		Cut: func() (int, error) { return 7, nil }, In: func(string) error { steps++; return nil },
	})
	for _, f := range folders {
		text, err := os.ReadFile(filepath.Join(f, "manifest.json"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(bytes.TrimRight(text, "x")))
	}
	if err == nil && steps != 7 {
		t.Errorf("%d steps were told of", steps)
	}
	return all, err
}

func holds(t *testing.T, all []string, err error) {
	t.Helper()
	if err != nil || len(all) != 7 {
		t.Fatalf("%d shards: %v", len(all), err)
	}
	for i, text := range all {
		if want := "a scenario " + strconv.Itoa(i+1) + " "; text != want {
			t.Errorf("shard %d came to %q", i+1, text)
		}
	}
}

func TestShardsArePlayedByWhoeverHelps(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("run", func(t *testing.T) {
		s := served(t, ServerOptions{Dir: t.TempDir()})
		works(t, joined(t, s.URL()), plays)
		works(t, joined(t, s.URL()), plays)
		c := joined(t, s.URL())
		for range 2 { // forgotten after the first, it is played again
			all, err := collected(t, c, sevenShards)
			holds(t, all, err)
		}
	})
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before+2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines before, %d after\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// One worker never comes back with its shard, another is stopped at one, a third fails now and then: the answer
// is the same.
func TestShardsOutliveTheirWorkers(t *testing.T) {
	s := served(t, ServerOptions{Dir: t.TempDir()})
	hangs := make(chan struct{})
	hanging := joined(t, s.URL())
	works(t, hanging, func(ctx context.Context, _ *Job, _ int, _, _ string) error {
		hanging.nc.Close() // nothing is heard of it any more
		close(hangs)
		<-ctx.Done()
		return ctx.Err()
	})
	at := make(chan struct{})
	stop := works(t, joined(t, s.URL()), func(ctx context.Context, _ *Job, _ int, _, _ string) error {
		close(at)
		<-ctx.Done()
		return ctx.Err()
	})
	var tries atomic.Int32
	go func() {
		<-hangs
		<-at
		stop()
		works(t, joined(t, s.URL()), func(ctx context.Context, job *Job, shard int, in, out string) error {
			if tries.Add(1)%3 == 0 {
				return errors.New("no luck today")
			}
			return plays(ctx, job, shard, in, out)
		})
	}()
	all, err := collected(t, joined(t, s.URL()), sevenShards)
	holds(t, all, err)
	if tries.Load() < 8 {
		t.Errorf("only %d tries for seven shards, some of which fail", tries.Load())
	}
}

func TestWhatWasFinishedBeforeIsNotPlayedAgain(t *testing.T) {
	dir := t.TempDir()
	s := served(t, ServerOptions{Dir: dir})
	var played atomic.Int32
	counts := func(ctx context.Context, job *Job, shard int, in, out string) error {
		if played.Add(1) == 4 {
			<-ctx.Done()
			return ctx.Err()
		}
		return plays(ctx, job, shard, in, out)
	}
	asking, giveUp := context.WithCancel(t.Context())
	stop := works(t, joined(t, s.URL()), counts)
	_, err := joined(t, s.URL()).Collect(asking, sevenShards, t.TempDir(), Collecting{
		Cut: func() (int, error) { return 7, nil },
		In:  func(string) error { time.AfterFunc(200*time.Millisecond, giveUp); return nil },
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("gave up with %v", err)
	}
	stop()
	s.Stop()
	s = served(t, ServerOptions{Dir: dir}) // it goes on where it was
	works(t, joined(t, s.URL()), counts)
	job := sevenShards
	all, err := collected(t, joined(t, s.URL()), job)
	holds(t, all, err)
	if n := played.Load(); n != 8 {
		t.Errorf("seven shards, one of them twice, were played %d times", n)
	}
}

func TestAShardThatFailsEverywhereIsSaid(t *testing.T) {
	s := served(t, ServerOptions{Dir: t.TempDir()})
	works(t, joined(t, s.URL()), func(_ context.Context, _ *Job, shard int, _, out string) error {
		if shard == 5 {
			return &BadShardError{"the beds are made of glass"}
		}
		return os.WriteFile(filepath.Join(out, "manifest.json"), nil, 0o644)
	})
	_, err := collected(t, joined(t, s.URL()), sevenShards)
	var failed *FailedError
	if !errors.As(err, &failed) || failed.Shard != 5 || !strings.Contains(failed.Why, "glass") {
		t.Errorf("it is said: %v", err)
	}
}

func TestAShardThatIsNeverPlayedToTheEndIsSaid(t *testing.T) {
	s := served(t, ServerOptions{Dir: t.TempDir()})
	works(t, joined(t, s.URL()), func(context.Context, *Job, int, string, string) error { return errors.New("the disk is full") })
	_, err := collected(t, joined(t, s.URL()), sevenShards)
	var failed *FailedError
	if !errors.As(err, &failed) || !strings.Contains(failed.Why, "disk is full") {
		t.Errorf("it is said: %v", err)
	}
}

func TestAJobThatCannotBeLaidIsSaid(t *testing.T) {
	s := served(t, ServerOptions{Dir: t.TempDir()})
	works(t, joined(t, s.URL()), plays)
	job := sevenShards
	job.Files = []File{{"../it.yaml", nil}}
	_, err := collected(t, joined(t, s.URL()), job)
	var failed *FailedError
	if !errors.As(err, &failed) || !strings.Contains(failed.Why, "leads out") {
		t.Errorf("it is said: %v", err)
	}
}

func TestAnotherVersionIsRefused(t *testing.T) {
	s := served(t, ServerOptions{Dir: t.TempDir()})
	joined(t, s.URL())
	for _, other := range []Options{{Version: "v2", Kind: "amd64"}, {Version: "v1", Kind: "arm64"}} {
		other.URL = s.URL()
		_, err := Join(t.Context(), other)
		var refused *RefusedError
		if !errors.As(err, &refused) {
			t.Errorf("%s %s is let in: %v", other.Version, other.Kind, err)
		}
	}
}

func TestOnlyWhoKnowsTheTokenIsLetIn(t *testing.T) {
	s := served(t, ServerOptions{Dir: t.TempDir(), Token: "knock twice"})
	joined(t, s.URL(), func(o *Options) { o.Token = "knock twice" })
	if _, err := Join(t.Context(), Options{URL: s.URL(), Token: "knock once", Version: "v1"}); err == nil || !strings.Contains(err.Error(), "token") || strings.Contains(err.Error(), "knock") {
		t.Errorf("with another token: %v", err)
	}
	if _, err := Join(t.Context(), Options{URL: "nats://secret@" + strings.TrimPrefix(s.URL(), "nats://")}); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("with a token in the address: %v", err)
	}
}

// Nothing that comes over the net leads out of its folder.
func TestNoPathLeadsOut(t *testing.T) {
	for _, path := range []string{"../up", "/root", "a/../../b"} {
		j := Job{Folder: "home", Files: []File{{path, nil}}}
		if _, err := j.lay(t.TempDir()); err == nil {
			t.Errorf("a file %q is laid", path)
		}
		j = Job{Folder: path}
		if _, err := j.lay(t.TempDir()); err == nil {
			t.Errorf("a folder %q is made", path)
		}
	}
}

// lasting is a player that counts what it is told.
type lasting struct {
	playing
	drops atomic.Int32
	in    sync.Map // folders
}

func (p *lasting) Play(ctx context.Context, job *Job, shard int, in, out string) error {
	p.in.Store(in, true)
	return p.playing(ctx, job, shard, in, out)
}
func (p *lasting) Drop() { p.drops.Add(1) }

// The files of a job are laid once for all its shards, and are gone with the job.
func TestAJobIsLaidOnce(t *testing.T) {
	s := served(t, ServerOptions{Dir: t.TempDir()})
	p := &lasting{playing: plays}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- joined(t, s.URL()).Work(ctx, "worker", p) }()
	c := joined(t, s.URL())
	other := sevenShards
	other.Command = []string{"run", "it.yaml", "--seed=2"}
	for i, job := range []Job{sevenShards, other} {
		all, err := collected(t, c, job)
		holds(t, all, err)
		if n := p.drops.Load(); n != int32(i) {
			t.Errorf("%d jobs were let go of after %d", n, i+1)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	folders := 0
	p.in.Range(func(in, _ any) bool {
		folders++
		if _, err := os.Stat(in.(string)); err == nil {
			t.Errorf("%s is still there", in)
		}
		return true
	})
	if folders != 2 || p.drops.Load() != 2 {
		t.Errorf("two jobs were laid into %d folders and let go of %d times", folders, p.drops.Load())
	}
}

func TestAShardThatArrivesBrokenIsPlayedAgain(t *testing.T) {
	s := served(t, ServerOptions{Dir: t.TempDir()})
	c := joined(t, s.URL())
	run := sevenShards.ID()
	var parcel bytes.Buffer
	dir := t.TempDir()
	if err := plays(t.Context(), nil, 3, asLaid(t), dir); err != nil {
		t.Fatal(err)
	}
	if err := pack(dir, &parcel); err != nil {
		t.Fatal(err)
	}
	whole := sha256.Sum256(parcel.Bytes())
	bent := bytes.Clone(parcel.Bytes())
	bent[len(bent)/2] ^= 1
	for shard, one := range map[int]struct {
		data []byte
		end  ending
	}{
		2: {bent, ending{Attempt: "a", Parts: 1, SHA256: hex.EncodeToString(whole[:])}},           // bent on its way
		3: {parcel.Bytes(), ending{Attempt: "a", Parts: 1, SHA256: "of another"}},                 // whole, but not what was sent
		4: {parcel.Bytes(), ending{Attempt: "b", Parts: 2, SHA256: hex.EncodeToString(whole[:])}}, // a part is missing
	} {
		if _, err := c.js.Publish(t.Context(), fmt.Sprintf(partSubject, run, shard, one.end.Attempt, 0), one.data); err != nil {
			t.Fatal(err)
		}
		if err := c.send(t.Context(), fmt.Sprintf(endSubject, run, shard), one.end); err != nil {
			t.Fatal(err)
		}
	}
	works(t, joined(t, s.URL()), plays)
	all, err := collected(t, c, sevenShards)
	holds(t, all, err)
}

// asLaid is a folder with the files of sevenShards.
func asLaid(t *testing.T) string {
	t.Helper()
	in, err := sevenShards.lay(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestALargeParcelArrivesWhole(t *testing.T) {
	s := served(t, ServerOptions{Dir: t.TempDir()})
	large := make([]byte, 3*partSize+17)
	luck := rand.NewChaCha8([32]byte{1})
	_, _ = luck.Read(large) // it cannot fail
	works(t, joined(t, s.URL()), func(_ context.Context, _ *Job, _ int, _, out string) error {
		return errors.Join(os.WriteFile(filepath.Join(out, "a"), large, 0o644), os.WriteFile(filepath.Join(out, "b"), nil, 0o644))
	})
	folders, err := joined(t, s.URL()).Collect(t.Context(), sevenShards, t.TempDir(), Collecting{Cut: func() (int, error) { return 1, nil }})
	if err != nil || len(folders) != 1 {
		t.Fatal(folders, err)
	}
	for name, want := range map[string][]byte{"a": large, "b": nil} {
		if got, err := os.ReadFile(filepath.Join(folders[0], name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s did not arrive as it was: %d bytes, %v", name, len(got), err)
		}
	}
}

func FuzzParcel(f *testing.F) {
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a"), []byte("what a shard came to"), 0o644); err != nil {
		f.Fatal(err)
	}
	var parcel bytes.Buffer
	if err := pack(dir, &parcel); err != nil {
		f.Fatal(err)
	}
	f.Add(parcel.Bytes())
	f.Add(parcel.Bytes()[:parcel.Len()/2])
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, parcel []byte) {
		root := t.TempDir()
		in := filepath.Join(root, "in")
		if err := os.Mkdir(in, 0o755); err != nil {
			t.Fatal(err)
		}
		_ = unpack(bytes.NewReader(parcel), in) // must neither panic nor write elsewhere
		if all, err := os.ReadDir(root); err != nil || len(all) != 1 {
			t.Errorf("%d files beside the folder", len(all)-1)
		}
	})
}
