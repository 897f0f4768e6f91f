package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"tier4/sim"
	"tier4/sim/dist"
)

// ward is four beds and a Poisson stream.
func ward(t testing.TB) *sim.Model {
	t.Helper()
	stay, err := dist.Exponential(12)
	if err != nil {
		t.Fatal(err)
	}
	m, err := sim.Compile(sim.Spec{
		Name: "ward", Start: time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC), Measure: 365, Cohorts: []string{"all"},
		Streams: []sim.Stream{{Name: "referred", Enters: "ward", Rates: []sim.CohortRate{{Cohort: "all", PerYear: 84}}}},
		Stages: []sim.Stage{{
			Name: "ward", Kind: sim.BedsKind, ListMax: sim.NoLimit, KeepInTouch: 1,
			Beds: &sim.Beds{Stay: sim.Same(stay), Places: []sim.Place{{Name: "riverside", Beds: 4, PerNight: 15000, Until: 1e9}}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func manifest() *Manifest {
	return &Manifest{
		Format: Format, Version: "v1", Architecture: "amd64", Command: []string{"run", "ward.yaml"}, Seed: 7, Replications: 200, Block: 32,
		Scenarios: []Scenario{{Name: "ward", Hash: "0123456789abcdef", Figures: "fedcba9876543210"}},
	}
}

// play plays with a store and gives its findings, what was found, and what was said.
func play(t *testing.T, dir string, m *sim.Model) (f *sim.Findings, found int, said []string) {
	t.Helper()
	s, err := Begin(dir, manifest(), []*sim.Model{m}, nil, func(text string) { said = append(said, text) })
	if err != nil {
		t.Fatal(err)
	}
	f, err = sim.Experiment{Models: []*sim.Model{m}, Seed: 7, Replications: 200, Workers: 2, Keeper: s}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(true); err != nil {
		t.Fatal(err)
	}
	return f, s.Found(), said
}

func TestDamageAnywhereIsSaidAndPlayedAgain(t *testing.T) {
	m := ward(t)
	first := t.TempDir()
	want, _, _ := play(t, first, m)
	names, err := segmentsOf(first)
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	text, err := os.ReadFile(filepath.Join(first, names[0]))
	if err != nil {
		t.Fatal(err)
	}
	damages := map[string][]byte{"cut": text[:len(text)/2], "empty": nil}
	for _, at := range []int{0, openingSize + 3, openingSize + headerSize + 5, len(text) / 3, len(text) - 1} {
		damaged := bytes.Clone(text)
		damaged[at] ^= 0x10
		damages["byte "+string(rune('a'+len(damages)))] = damaged
	}
	for name, damaged := range damages {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, names[0]), damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		got, _, said := play(t, dir, m)
		if !reflect.DeepEqual(got, want) || len(said) != 1 || !strings.Contains(said[0], names[0]) {
			t.Errorf("%s: another outcome, or not said: %q", name, said)
		}
		if got, _, _ := play(t, dir, m); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: another outcome once it is mended", name)
		}
	}
	if got, found, said := play(t, first, m); !reflect.DeepEqual(got, want) || found != 200 || len(said) > 0 {
		t.Errorf("%d of 200 replications were found; %q", found, said)
	}
}

func TestAManifestReadsBackAndDamageIsFound(t *testing.T) {
	dir := t.TempDir()
	if err := manifest().save(dir); err != nil {
		t.Fatal(err)
	}
	got, err := LoadManifest(dir)
	if err != nil || !reflect.DeepEqual(got, manifest()) {
		t.Fatalf("%+v, %v", got, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	other := bytes.Replace(text, []byte(`"seed": 7`), []byte(`"seed": 8`), 1)
	for _, damaged := range [][]byte{nil, text[:len(text)/2], other} {
		if _, err := ReadManifest(bytes.NewReader(damaged)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%q: %v", damaged, err)
		}
	}
}

func TestEachDifferenceIsNamed(t *testing.T) {
	for word, change := range map[string]func(m *Manifest){
		"version": func(m *Manifest) { m.Version = "v2" }, "processor": func(m *Manifest) { m.Architecture = "arm64" },
		"seed": func(m *Manifest) { m.Seed = 8 }, "--fixed": func(m *Manifest) { m.Fixed = true }, "blocks": func(m *Manifest) { m.Block = 8 },
		"changed since": func(m *Manifest) { m.Scenarios[0].Hash = "0" }, "figures": func(m *Manifest) { m.Scenarios[0].Figures = "0" },
		"scenarios are": func(m *Manifest) { m.Scenarios[0].Name = "other" },
	} {
		other := manifest()
		change(other)
		if what := manifest().Differs(other); len(what) != 1 || !strings.Contains(what[0], word) || manifest().identity() == other.identity() {
			t.Errorf("%s: %q", word, what)
		}
	}
	other := manifest()
	other.Replications, other.Part, other.Parts, other.Finished, other.Command = 9, 1, 2, true, nil
	if what := manifest().Differs(other); what != nil || manifest().identity() != other.identity() {
		t.Errorf("a longer run, or a part of it: %q", what)
	}
}

func TestOneRunAtATimeWritesToAFolder(t *testing.T) {
	m, dir := ward(t), t.TempDir()
	begin := func() (*Store, error) { return Begin(dir, manifest(), []*sim.Model{m}, nil, nil) }
	first, err := begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := begin(); !errors.Is(err, ErrInUse) {
		t.Fatalf("a second one began as well: %v", err)
	}
	if err := first.Close(false); err != nil {
		t.Fatal(err)
	}
	second, err := begin()
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Close(false); err != nil {
		t.Fatal(err)
	}
}

// FuzzManifest holds any bytes to one of two ends: a manifest that is written as it was read, or an error.
func FuzzManifest(f *testing.F) {
	dir := f.TempDir()
	if err := manifest().save(dir); err != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"sha256": "", "run": {"format": 2}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ReadManifest(bytes.NewReader(text))
		if err != nil {
			return
		}
		dir := t.TempDir()
		if err := m.save(dir); err != nil {
			t.Fatal(err)
		}
		if again, err := LoadManifest(dir); err != nil || again.seal() != m.seal() {
			t.Errorf("written and read again: %v", err)
		}
	})
}

// FuzzSegment holds any bytes to blocks that lie within them.
func FuzzSegment(f *testing.F) {
	m := ward(f)
	var r sim.Runner
	var b sim.Batch
	if err := r.Replicate(m, 7, 0, &b); err != nil {
		f.Fatal(err)
	}
	whole := appendBlock(opening(1), key{0, 2, 0}, b.AppendTo)
	f.Add(whole)
	f.Add(whole[:openingSize+headerSize+1])
	f.Add(append(bytes.Clone(whole), 0))
	f.Fuzz(func(t *testing.T, text []byte) {
		_ = scan(bytes.NewReader(text), int64(len(text)), 1, func(_ key, offset int64, size uint32) {
			if offset < int64(openingSize+headerSize) || offset+int64(size) > int64(len(text)) {
				t.Fatalf("a block at %d of %d bytes, in %d", offset, size, len(text))
			}
			_ = b.Decode(text[offset : offset+int64(size)])
		})
	})
}

// A file that somebody looks at for a moment is replaced all the same.
func TestMoveWaitsForWhoLooksForAMoment(t *testing.T) {
	from, to := filepath.Join(t.TempDir(), "new"), filepath.Join(t.TempDir(), "old")
	for _, name := range []string{from, to} {
		if err := os.WriteFile(name, []byte(filepath.Base(name)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	looking, err := os.Open(to)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(100*time.Millisecond, func() { _ = looking.Close() })
	if err := Move(from, to); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(to); err != nil || string(text) != "new" {
		t.Errorf("%q, %v", text, err)
	}
}
