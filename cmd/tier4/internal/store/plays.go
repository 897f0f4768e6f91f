package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io/fs"
	"math"
	"os"
	"path/filepath"
)

// Plays keeps single plays of a calibration, by generation and number, and its state after the last whole generation.
type Plays struct{ blocks }

// BeginPlays makes an empty folder the store of a calibration, or goes on with one, as [Begin] does.
func BeginPlays(dir string, m *Manifest, from []string, warn func(text string)) (*Plays, error) {
	s := new(Plays)
	if err := s.begin(dir, m, from, warn); err != nil {
		return nil, err
	}
	return s, nil
}

// Kept gives the figures of a play back, none if it could not be played; known is false if it is not there.
func (s *Plays) Kept(generation, n int) (figures []float64, known bool) {
	where, there := s.find(key{model: uint32(generation), first: uint64(n)})
	if !there {
		return nil, false
	}
	buffer := s.buffer()
	defer s.buffers.Put(buffer)
	if s.fetch(where, buffer) {
		if figures, known = figuresOf(*buffer); known {
			return figures, true
		}
	}
	s.damaged(where, "a play of a calibration")
	return nil, false
}

// Keep writes the figures of a play.
func (s *Plays) Keep(generation, n int, figures []float64) error {
	if s.dir == "" {
		return nil
	}
	buffer := s.buffer()
	defer s.buffers.Put(buffer)
	*buffer = appendBlock(*buffer, key{model: uint32(generation), first: uint64(n)}, func(dst []byte) []byte { return appendFigures(dst, figures) })
	return s.keep(*buffer)
}

// A play is a checksum and its figures, of which one may be missing (NaN).

func appendFigures(dst []byte, figures []float64) []byte {
	from := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	for _, v := range figures {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(v))
	}
	binary.LittleEndian.PutUint32(dst[from:], crc32.Checksum(dst[from+4:], castagnoli))
	return dst
}

func figuresOf(text []byte) (figures []float64, ok bool) {
	if len(text)%8 != 4 || binary.LittleEndian.Uint32(text) != crc32.Checksum(text[4:], castagnoli) {
		return nil, false
	}
	for at := 4; at < len(text); at += 8 {
		figures = append(figures, math.Float64frombits(binary.LittleEndian.Uint64(text[at:])))
	}
	return figures, true
}

// stateName is the file of the state in its folder.
const stateName = "state.json"

// sealedState is a state with its checksum.
type sealedState struct {
	SHA256 string          `json:"sha256"`
	State  json.RawMessage `json:"state"`
}

// ErrDamagedState says that a state is not as it was written.
var ErrDamagedState = errors.New("its state is damaged")

// SaveState keeps the state after a generation, compact JSON, and lets go of the plays that led to it.
func (s *Plays) SaveState(state []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.dir != "" {
		err = errors.Join(s.writeState(state), s.settle())
	}
	for _, old := range s.segments {
		_ = old.Close()
	}
	s.segments, s.index = nil, map[key]place{}
	if s.dir == "" || err != nil {
		return err
	}
	names, err := segmentsOf(s.dir)
	for _, name := range names {
		err = errors.Join(err, os.Remove(filepath.Join(s.dir, name)))
	}
	return err
}

// writeState writes the state whole or not at all.
func (s *Plays) writeState(state []byte) error {
	sum := sha256.Sum256(state)
	text, err := json.Marshal(sealedState{hex.EncodeToString(sum[:]), state})
	if err != nil {
		return err
	}
	f, err := newFile(s.dir, s.manifest.Fleeting)
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		f.drop()
		return err
	}
	return f.keep(stateName)
}

// LoadState reads the state of a folder; none if no generation was finished.
func LoadState(dir string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(dir, stateName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var s sealedState
	if json.Unmarshal(text, &s) != nil {
		return nil, ErrDamagedState
	}
	if sum := sha256.Sum256(bytes.TrimSpace(s.State)); hex.EncodeToString(sum[:]) != s.SHA256 {
		return nil, ErrDamagedState
	}
	return s.State, nil
}
