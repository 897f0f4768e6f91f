package store

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// A segment is a file of blocks. It begins with what it is and the identity of its run; each block has a
// header of where it belongs and how long it is, with a checksum of its own, so that the blocks after a damaged
// one are still found.

const (
	ending      = ".blocks"
	magic       = "tier4blocks\x00\x00\x00\x00\x01" // the last byte is the version
	openingSize = len(magic) + 8
	checked     = 4 + 4 + 8 + 4 // bytes of a header: model, draw, first replication, size
	headerSize  = checked + 4
	mostBlock   = 1 << 30 // bytes
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// key is where a block belongs. One of a calibration is a play of a generation: model and first.
type key struct {
	model, draw uint32
	first       uint64
}

// place is where a block lies.
type place struct {
	segment uint32 // index
	size    uint32
	offset  int64
}

// opening is how the segments of a run begin.
func opening(identity uint64) []byte {
	return binary.LittleEndian.AppendUint64([]byte(magic), identity)
}

// appendBlock appends a block, which content appends, with its header.
func appendBlock(dst []byte, k key, content func(dst []byte) []byte) []byte {
	from := len(dst)
	dst = append(dst, make([]byte, headerSize)...)
	dst = content(dst)
	h := dst[from : from+headerSize]
	binary.LittleEndian.PutUint32(h[0:], k.model)
	binary.LittleEndian.PutUint32(h[4:], k.draw)
	binary.LittleEndian.PutUint64(h[8:], k.first)
	binary.LittleEndian.PutUint32(h[16:], uint32(len(dst)-from-headerSize))
	binary.LittleEndian.PutUint32(h[checked:], crc32.Checksum(h[:checked], castagnoli))
	return dst
}

// Faults of a segment. What comes before a cut, or a header that is damaged, is found all the same.
var (
	errForeign = errors.New("is not of this run, or damaged at its beginning")
	errCut     = errors.New("is damaged, or ends too early")
)

// scan finds the blocks of a segment of so many bytes.
func scan(r io.ReaderAt, length int64, identity uint64, found func(k key, offset int64, size uint32)) error {
	head := make([]byte, openingSize)
	if _, err := r.ReadAt(head, 0); err != nil || string(head) != string(opening(identity)) {
		return errForeign
	}
	var h [headerSize]byte
	for at := int64(openingSize); at < length; {
		if _, err := r.ReadAt(h[:], at); err != nil {
			return errCut
		}
		size := binary.LittleEndian.Uint32(h[16:])
		if binary.LittleEndian.Uint32(h[checked:]) != crc32.Checksum(h[:checked], castagnoli) || size > mostBlock {
			return errCut
		}
		at += headerSize
		if at+int64(size) > length {
			return errCut
		}
		found(key{binary.LittleEndian.Uint32(h[0:]), binary.LittleEndian.Uint32(h[4:]), binary.LittleEndian.Uint64(h[8:])}, at, size)
		at += int64(size)
	}
	return nil
}
