package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tier4/cmd/tier4/internal/store"
	"tier4/sim"
)

// saving are the flags of runs that survive.
type saving struct {
	dir     string
	resume  bool
	shard   shardFlag
	extends bool     // of `tier4 extend`: there may be fewer replications in the folder
	before  int      // how many the finished run has that is extended
	shards  []string // of `tier4 merge`: folders that are read, none of them written

	cluster joining // that plays the run
	away    string  // folder of what came from it
	asks    bool    // it again and again: what is played depends on what was
	part    aheadOf // of a shard of such a run
	states  bool    // a state is kept, from which it goes on with a cluster as well
	more    bool    // when the shard is kept, others of the same run are asked for

	command  []string // that makes the run again
	measured []string // what was measured beside what the command says: for a report, say, that is not written again
	keeper   *store.Store
	saying   sync.Mutex
}

// The flags with which `tier4 extend` and `tier4 merge` run a command again.
const (
	extendFlag = "extended-by-tier4"
	mergeFlag  = "merged-by-tier4"
	cutFlag    = "shards-of-tier4" // into how many a cluster's run is cut
	aheadFlag  = "ahead-of-tier4"  // what a cluster plays ahead of a run that depends on what was played
	stateFlag  = "state-of-tier4"  // the file of the state after which it does
	moreFlag   = "more-of-tier4"   // a shard may be followed by others of the same run

	measuredFlag = "measured-by-tier4" // what the first command measured beside what it says
)

// register adds the flags. Of a run in which what is played depends on what was, no shard can be played by itself,
// but by a cluster that is asked again and again.
func (v *saving) register(c *cobra.Command, asks bool) {
	v.asks = asks
	f := c.Flags()
	f.StringVar(&v.dir, "save", "", "keep what is finished in the folder `DIR`, new or empty, so that --resume goes on after\nwhatever ended the run")
	f.BoolVar(&v.resume, "resume", false, "go on with the run in the folder of --save; the answer is that of a run never disturbed")
	f.Var(&v.shard, "shard", "play one part of the run and keep it with --save, as in 3/16; tier4 merge joins all\n`PARTS`, made anywhere")
	f.StringVar(&v.cluster.url, "cluster", "", "have the machines play it that help the cluster at `URL` (tier4 cluster); the answer is the same")
	v.cluster.register(c)
	f.BoolVar(&v.extends, extendFlag, false, "")
	f.StringArrayVar(&v.shards, mergeFlag, nil, "")
	f.IntVar(&v.cluster.shards, cutFlag, 0, "")
	f.Var(&v.part, aheadFlag, "")
	f.BoolVar(&v.more, moreFlag, false, "")
	f.StringSliceVar(&v.measured, measuredFlag, nil, "")
	hidden := []string{extendFlag, mergeFlag, cutFlag, aheadFlag, moreFlag, measuredFlag}
	if asks {
		hidden = append(hidden, "shard")
	}
	for _, name := range hidden {
		f.Lookup(name).Hidden = true
	}
}

// check looks at the flags together; answers are the flags given that say where an answer goes.
func (v *saving) check(precision bool, answers ...string) error {
	switch {
	case v.cluster.url == "" && v.cluster.tokenFile != "":
		return bad("`--token-file` holds the token of a cluster; add `--cluster URL`, or leave it out")
	case v.cluster.url == "" && v.cluster.ca != "":
		return bad("`--ca` says who signs for a cluster; add `--cluster URL`, or leave it out")
	case v.cluster.url != "" && (v.dir != "" && !v.states || v.shard.Of > 0):
		return bad("`--cluster` keeps by itself what is finished: the same command goes on with it; leave out `--save` and `--shard`")
	case v.cluster.url != "" && precision:
		return bad("`--cluster` cannot know when the whole is precise enough; leave out `--precision` and say how many `--replications`")
	case v.resume && v.dir == "":
		return bad("`--resume` goes on with a run that was saved; add `--save DIR`, its folder")
	case v.shard.Of == 0:
		return nil
	case v.asks && v.part.until == 0:
		return bad("`--shard %s`: what is played here depends on what was, so that no part can be played by itself; `--cluster` has many machines play it", &v.shard)
	case v.dir == "":
		return bad("`--shard %s` keeps a part of the run for `tier4 merge`; add `--save DIR`, the folder to keep it in", &v.shard)
	case precision:
		return bad("`--shard %s` cannot know when the whole is precise enough; leave out `--precision` and say how many `--replications`", &v.shard)
	}
	for _, one := range answers {
		if one != "" {
			return bad("`--shard %s` gives no answer to write to %s; `tier4 merge` does, with all shards", &v.shard, one)
		}
	}
	return nil
}

// remember notes the command that makes the run again, whatever becomes of its answer.
func (v *saving) remember(c *cobra.Command, args []string) {
	v.command = append([]string{c.Name()}, args...)
	c.Flags().Visit(func(f *pflag.Flag) {
		if f.Name == "format" || f.Name == "yes" || !notAgain[f.Name] {
			v.command = append(v.command, flagWords(f)...)
		}
	})
}

// flagWords are a flag as it is given.
func flagWords(f *pflag.Flag) (words []string) {
	values := []string{f.Value.String()}
	if list, ok := f.Value.(pflag.SliceValue); ok {
		values = list.GetSlice()
	}
	for _, v := range values {
		words = append(words, "--"+f.Name+"="+v)
	}
	return words
}

// keeps reports whether blocks of the run are kept, or were.
func (v *saving) keeps() bool { return v.dir != "" || len(v.shards) > 0 || v.cluster.url != "" }

// begin opens the store of a run, if it is kept or read from one. Whatever is not as it was is refused.
func (v *saving) begin(t *terminal, m *store.Manifest, models []*sim.Model) (err error) {
	if !v.keeps() {
		return nil
	}
	for i, one := range models {
		m.Scenarios[i].Figures = measured(one)
	}
	if err := v.ready(t, m); err != nil {
		return err
	}
	v.keeper, err = store.Begin(v.dir, m, models, v.shards, v.warn(t))
	return v.begun(err)
}

// beginPlays opens the store of a calibration, as begin does that of a run.
func (v *saving) beginPlays(t *terminal, m *store.Manifest) (*store.Plays, error) {
	if err := v.ready(t, m); err != nil {
		return nil, err
	}
	plays, err := store.BeginPlays(v.dir, m, nil, v.warn(t))
	return plays, v.begun(err)
}

// ready completes a manifest, and refuses folders that do not belong to it.
func (v *saving) ready(t *terminal, m *store.Manifest) error {
	m.Format, m.Version, m.Architecture, m.Block = store.Format, versionName(), runtime.GOARCH, sim.KeptStretch
	m.Command, m.Part, m.Parts = v.command, v.shard.Number, v.shard.Of
	m.Fleeting = v.more // a worker sends it on; if the machine fails, another plays it again
	for _, dir := range v.shards {
		if err := v.belongs(dir, m); err != nil {
			return err
		}
	}
	if v.dir == "" {
		return nil
	}
	return v.vacant(t, m)
}

// warn says what is damaged.
func (v *saving) warn(t *terminal) func(text string) {
	return func(text string) {
		v.saying.Lock()
		defer v.saying.Unlock()
		t.note("%s", text)
	}
}

// begun is what the opening of a store came to.
func (v *saving) begun(err error) error {
	switch {
	case errors.Is(err, store.ErrInUse):
		return bad("another tier4 is writing to %s; wait until it ends, or give another folder", v.dir)
	case err != nil:
		return storeFault(v.dir, err)
	}
	return nil
}

// measured is a hash of what a model measures.
func measured(m *sim.Model) string {
	sum := sha256.New()
	for _, f := range m.Figures() {
		fmt.Fprintln(sum, f.ID)
	}
	fmt.Fprintln(sum, m.HasSeries())
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// vacant is nil if the folder is empty, or holds this very run and is to be gone on with.
func (v *saving) vacant(t *terminal, m *store.Manifest) error {
	if about, err := os.Stat(v.dir); err == nil && !about.IsDir() {
		return bad("%s is a file, and `--save` wants a folder, new or empty", v.dir)
	}
	holds, err := store.Holds(v.dir)
	switch {
	case err != nil:
		return storeFault(v.dir, err)
	case !holds:
		if v.resume {
			t.note("%s holds no run yet: it is begun", v.dir)
		}
		return nil
	case !v.resume:
		if _, err := store.LoadManifest(v.dir); errors.Is(err, fs.ErrNotExist) {
			return bad("%s is not empty; give a new folder to `--save`", v.dir)
		}
		return bad("%s holds a run already; add `--resume` to go on with it, or give another folder", v.dir)
	}
	return v.belongs(v.dir, m)
}

// belongs is nil if a folder holds blocks of this run.
func (v *saving) belongs(dir string, m *store.Manifest) error {
	there, err := manifestOf(dir)
	if err != nil {
		return err
	}
	what := m.Differs(there)
	switch {
	case v.extends && there.Replications > m.Replications:
		what = append(what, fmt.Sprintf("it is of %s replications, more than %s", many(there.Replications), many(m.Replications)))
	case !v.extends && there.Replications != m.Replications:
		what = append(what, fmt.Sprintf("it is of %s replications, not %s (`tier4 extend` adds to a run)", many(there.Replications), many(m.Replications)))
	}
	if v.extends && there.Finished {
		v.before = there.Replications
	}
	if len(v.shards) == 0 && (there.Part != m.Part || there.Parts != m.Parts) {
		what = append(what, fmt.Sprintf("it holds %s, not %s", partName(there), partName(m)))
	}
	if len(what) > 0 {
		return bad("%s holds another run: %s. Go on with what it was begun with (`tier4 %s`), or give another folder",
			dir, strings.Join(what, "; "), quotedWords(there.Command))
	}
	return nil
}

// manifestOf reads the manifest of a folder that ought to have one.
func manifestOf(dir string) (*store.Manifest, error) {
	m, err := store.LoadManifest(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, bad("%s holds no run; give the folder of a `--save`", dir)
	case errors.Is(err, store.ErrDamaged):
		return nil, bad("%s cannot be gone on with: %w; begin anew in another folder", dir, err)
	case err != nil:
		return nil, bad("%s cannot be read: %w", dir, plainly(err))
	}
	return m, nil
}

// partName says which part of a run a folder holds.
func partName(m *store.Manifest) string {
	if m.Parts == 0 {
		return "a whole run"
	}
	return fmt.Sprintf("shard %d/%d", m.Part, m.Parts)
}

func quotedWords(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = quotedWord(w)
	}
	return strings.Join(quoted, " ")
}

// storeFault is a fault of the folder itself.
func storeFault(dir string, err error) error {
	return &failure{exitFailed, fmt.Errorf("%s cannot be written: %w", dir, plainly(err))}
}

// blocks is what keeps the blocks of the run; nil for nothing.
func (v *saving) blocks() sim.Keeper {
	if v.keeper == nil {
		return nil
	}
	return v.keeper
}

// end closes the store after the playing. An error of the folder comes before any of the run, which it ended.
func (v *saving) end(t *terminal, quiet, finished bool, replications int) error {
	if v.keeper == nil {
		return nil
	}
	found := v.keeper.Found()
	if err := v.keeper.Close(finished); err != nil {
		return &failure{exitFailed, fmt.Errorf("%w; what is finished is kept as far as it is there: mend that, and go on with `--resume`", storeFault(v.dir, err))}
	}
	if !quiet && v.resume {
		anew := ""
		if n := v.before - found; n > 0 && replications > v.before {
			anew = fmt.Sprintf("; %s of the %s played before were played again, for a longer run is divided otherwise", many(n), many(v.before))
		}
		t.note("%s of %s replications were there already%s", many(min(found, replications)), many(replications), anew)
	}
	if !finished && v.dir != "" {
		t.note("%s keeps what is finished; `--resume` goes on with it", v.dir)
	}
	return nil
}

// shardFlag is one part of so many.
type shardFlag sim.Part

func (v *shardFlag) String() string {
	if v.Of == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", v.Number, v.Of)
}
func (v *shardFlag) Type() string { return "PARTS" }

func (v *shardFlag) Set(text string) error {
	number, of, _ := strings.Cut(text, "/")
	n, err := strconv.Atoi(number)
	m, err2 := strconv.Atoi(of)
	if err != nil || err2 != nil || n < 1 || m < n || m > 1_000_000 {
		return errors.New("write which part of how many, such as 3/16")
	}
	*v = shardFlag{n, m}
	return nil
}

// keepShards plays the shard asked for, and what others are asked for after it, and keeps them.
func (s *study) keepShards(ctx context.Context, e sim.Experiment) error {
	v := &s.o.saving
	return v.eachShard(s.t, func() error {
		if err := v.begin(s.t, s.manifest(), s.models); err != nil {
			return err
		}
		e.Keeper = v.blocks()
		n, err := e.Keep(ctx, sim.Part(v.shard))
		return v.endShard(ctx, s.t, s.o.quiet, n, s.most, err)
	})
}

// endShard ends a shard of n replications that ended with err, of so many in all.
func (v *saving) endShard(ctx context.Context, t *terminal, quiet bool, n, all int, err error) error {
	if broken := v.end(t, quiet, err == nil, n); broken != nil {
		return broken
	}
	if err != nil {
		return stopped(ctx, err)
	}
	if !quiet {
		t.note("shard %s is in %s: %s of %s replications; `tier4 merge DIR...` joins all %d", &v.shard, v.dir, many(n), many(all), v.shard.Of)
	}
	return nil
}

// begin opens the store of an exploration, in which an option is played so often at most.
func (x *exploration) begin(c *cobra.Command, replications int) error {
	x.saving.remember(c, x.arguments())
	m := &store.Manifest{Seed: x.luck(), Replications: replications}
	var models []*sim.Model
	for i, o := range x.all {
		name := o.String()
		if len(x.named) > 0 {
			name = x.named[i].Name
		}
		m.Scenarios = append(m.Scenarios, store.Scenario{Name: name, Hash: o.Hash})
		models = append(models, o.Model)
	}
	return x.saving.begin(x.t, m, models)
}

// manifest says what the study is.
func (s *study) manifest() *store.Manifest {
	m := &store.Manifest{Seed: s.seed, Fixed: s.o.fixed, Replications: s.most}
	for _, one := range s.scenarios {
		m.Scenarios = append(m.Scenarios, store.Scenario{Name: one.Name, Hash: one.Hash})
	}
	return m
}
