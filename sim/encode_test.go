package sim

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"reflect"
	"testing"
)

// played is a block of a model that has everything.
func played(t testing.TB, m *Model, first, count int) *Batch {
	t.Helper()
	var r Runner
	b := new(Batch)
	b.Reset(first)
	for i := range count {
		if err := r.Replicate(m, 5, first+i, b); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func TestABlockReadsBackAsItWasWritten(t *testing.T) {
	m, other := modelOf(t, rich()), modelOf(t, small())
	again := new(Batch)
	for _, first := range []int{0, 60, 100} {
		b := played(t, m, first, 7)
		text := b.AppendTo([]byte("before"))[len("before"):]
		if err := again.Decode(text); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.AppendTo(nil), text) || !again.Fits(m) || again.Fits(other) {
			t.Errorf("a block of replications from %d on reads back as another, or as one of another model", first)
		}
		want, got := NewGather(m), NewGather(m)
		for i := range 7 {
			want.Add(b, i, i+1)
			got.Add(again, i, i+1)
		}
		if !reflect.DeepEqual(want, got) {
			t.Errorf("a block of replications from %d on adds up to something else once it was written", first)
		}
	}
}

func TestADamagedBlockIsFoundOut(t *testing.T) {
	text := played(t, modelOf(t, small()), 3, 2).AppendTo(nil)
	var b Batch
	for i := range text {
		for _, bit := range []byte{1, 0x80} {
			text[i] ^= bit
			if b.Decode(text) == nil {
				t.Errorf("byte %d of %d is damaged, and nothing is said", i, len(text))
			}
			text[i] ^= bit
		}
		if b.Decode(text[:i]) == nil {
			t.Errorf("the last %d of %d bytes are gone, and nothing is said", len(text)-i, len(text))
		}
	}
	if b.Count != 0 || len(b.y) != 0 {
		t.Error("a damaged block leaves something behind")
	}
}

// FuzzBatch holds any bytes to one of two ends: a block that is written as it was read, or an error. The checksum is made
// right, or few would get past it.
func FuzzBatch(f *testing.F) {
	m := modelOf(f, small())
	text := played(f, m, 0, 2).AppendTo(nil)
	f.Add(text[:len(text)-4])
	f.Add([]byte{BatchEncoding, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Add([]byte{BatchEncoding, 0, 0xff, 0xff, 0xff, 0xff, 0x07})
	f.Fuzz(func(t *testing.T, body []byte) {
		var b, again Batch
		if b.Decode(sealed(body)) != nil {
			return
		}
		text := b.AppendTo(nil)
		if err := again.Decode(text); err != nil || !bytes.Equal(again.AppendTo(nil), text) {
			t.Errorf("written and read again: %v", err)
		}
		if b.Fits(m) {
			g := NewGather(m)
			for i := range b.Count {
				g.Add(&b, i, i+1)
			}
		}
	})
}

// sealed is the body of a block with its checksum.
func sealed(body []byte) []byte {
	return binary.LittleEndian.AppendUint32(bytes.Clone(body), crc32.Checksum(body, castagnoli))
}
