package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Manifest says what the blocks of a folder belong to.
type Manifest struct {
	Format       int        `json:"format"`       // of the folder
	Version      string     `json:"version"`      // of the program
	Architecture string     `json:"architecture"` // of the processor: others round otherwise
	Command      []string   `json:"command"`      // that makes the run again, without the program's name
	Scenarios    []Scenario `json:"scenarios"`
	Seed         uint64     `json:"seed"`
	Fixed        bool       `json:"fixed"` // nothing uncertain was drawn
	Replications int        `json:"replications"`
	Block        int        `json:"block"` // replications in a block, at most
	Part         int        `json:"shard"` // from 1 on, of Parts; 0 for the whole
	Parts        int        `json:"shards"`
	Finished     bool       `json:"finished"`

	Fleeting bool `json:"-"` // the folder need not outlive the machine, and is whole once it is closed

	Method map[string]string `json:"method,omitempty"` // of a calibration: all that must be the same, by name
}

// Scenario is one that is played.
type Scenario struct {
	Name    string `json:"name"`
	Hash    string `json:"hash"`
	Figures string `json:"figures"` // a hash of what is measured
}

// Format is that of folders written now.
const Format = 1

// manifestName is the manifest's file in its folder.
const manifestName = "manifest.json"

// mostManifest is the size in bytes past which a file is no manifest.
const mostManifest = 16 << 20

// mostNamed are the scenarios that are all named where they differ.
const mostNamed = 6

// sealed is a manifest with the checksum of its compact form.
type sealed struct {
	SHA256 string   `json:"sha256"`
	Run    Manifest `json:"run"`
}

// seal is the checksum.
func (m *Manifest) seal() string {
	text, _ := json.Marshal(m) // plain values: it cannot fail
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// ErrDamaged says that a manifest is not as it was written.
var ErrDamaged = errors.New("its manifest is damaged")

// ReadManifest reads a manifest.
func ReadManifest(r io.Reader) (*Manifest, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostManifest+1))
	if err != nil {
		return nil, err
	}
	var s sealed
	d := json.NewDecoder(bytes.NewReader(text))
	if len(text) > mostManifest || d.Decode(&s) != nil || s.Run.seal() != s.SHA256 {
		return nil, ErrDamaged
	}
	if s.Run.Format != Format {
		return nil, fmt.Errorf("it was written in form %d by version %s of the program, and this one reads form %d", s.Run.Format, s.Run.Version, Format)
	}
	return &s.Run, nil
}

// LoadManifest reads the manifest of a folder.
func LoadManifest(dir string) (*Manifest, error) {
	f, err := os.Open(filepath.Join(dir, manifestName))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadManifest(f)
}

// save writes the manifest to its folder, whole or not at all.
func (m *Manifest) save(dir string) error {
	text, err := json.MarshalIndent(sealed{m.seal(), *m}, "", "  ")
	if err != nil {
		return err
	}
	f, err := newFile(dir, m.Fleeting)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(text, '\n')); err != nil {
		f.drop()
		return err
	}
	return f.keep(manifestName)
}

// Differs names what is not the same in a manifest of a folder, beside how often it is played and which part
// of it: what there is means nothing to this run then.
func (m *Manifest) Differs(o *Manifest) (what []string) {
	say := func(same bool, format string, args ...any) {
		if !same {
			what = append(what, fmt.Sprintf(format, args...))
		}
	}
	say(m.Version == o.Version, "it was played by version %s of the program, and this is %s", o.Version, m.Version)
	say(m.Architecture == o.Architecture, "it was played on another kind of processor (%s, and this is %s)", o.Architecture, m.Architecture)
	say(m.Seed == o.Seed, "its seed is %d, not %d", o.Seed, m.Seed)
	say(m.Fixed == o.Fixed, "one of the two takes uncertain numbers as they stand (`--fixed`), and the other does not")
	say(m.Block == o.Block, "its blocks are of %d replications, not %d", o.Block, m.Block)
	for _, name := range slices.Sorted(maps.Keys(m.Method)) {
		say(m.Method[name] == o.Method[name], "its %s is %s, not %s", name, o.Method[name], m.Method[name])
	}
	switch a, b := m.names(), o.names(); {
	case slices.Equal(a, b):
	case max(len(a), len(b)) <= mostNamed:
		return append(what, fmt.Sprintf("its scenarios are %s, not %s", strings.Join(b, "; "), strings.Join(a, "; ")))
	case len(a) != len(b):
		return append(what, fmt.Sprintf("it has %d options, not %d", len(b), len(a)))
	default:
		return append(what, "its options are others")
	}
	for i, a := range m.Scenarios {
		b := o.Scenarios[i]
		say(a.Hash == b.Hash, "%s has been changed since (its hash was %s and is %s)", a.Name, b.Hash, a.Hash)
		say(a.Figures == b.Figures, "other figures of %s are measured", a.Name)
	}
	return what
}

func (m *Manifest) names() (all []string) {
	for _, s := range m.Scenarios {
		all = append(all, s.Name)
	}
	return all
}

// identity is the same for all whose blocks mean the same: for whatever does not differ.
func (m *Manifest) identity() uint64 {
	of := Manifest{
		Format: m.Format, Version: m.Version, Architecture: m.Architecture, Scenarios: m.Scenarios, Seed: m.Seed, Fixed: m.Fixed, Block: m.Block, Method: m.Method,
	}
	text, _ := json.Marshal(of)
	sum := sha256.Sum256(text)
	return binary.LittleEndian.Uint64(sum[:])
}
