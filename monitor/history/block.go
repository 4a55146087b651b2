package history

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
)

// Limits of a block, so that no file makes its reader hold more than some megabytes.
const (
	maxFrame  = 1 << 20 // of a block in a file
	maxBlock  = 4 << 20 // of what it holds
	maxGroups = 500
	maxName   = 1024
)

// A frame is the length of a block, its checksum, and the block.
const frameHeader = 8

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendFrame appends samples as a block: by group, each sample as how much it differs
// from the one before.
func appendFrame(to []byte, samples map[string][]numbers, press *flate.Writer) ([]byte, error) {
	var plain []byte
	plain = binary.AppendUvarint(plain, uint64(len(samples)))
	for _, name := range slices.Sorted(maps.Keys(samples)) {
		plain = binary.AppendUvarint(plain, uint64(len(name)))
		plain = append(plain, name...)
		plain = binary.AppendUvarint(plain, uint64(len(samples[name])))
		var before numbers
		for _, now := range samples[name] {
			for i := range now {
				plain = binary.AppendVarint(plain, now[i]-before[i])
			}
			before = now
		}
	}
	var block bytes.Buffer
	press.Reset(&block)
	if _, err := press.Write(plain); err != nil {
		return nil, err
	}
	if err := press.Close(); err != nil {
		return nil, err
	}
	if block.Len() > maxFrame {
		return nil, fmt.Errorf("a block of %d bytes is too long", block.Len())
	}
	to = binary.LittleEndian.AppendUint32(to, uint32(block.Len())) //nolint:gosec // as bounded
	to = binary.LittleEndian.AppendUint32(to, crc32.Checksum(block.Bytes(), castagnoli))
	return append(to, block.Bytes()...), nil
}

// errDamaged is what a block is that was not written so.
var errDamaged = errors.New("damaged")

// readBlock reads the samples of one group.
func readBlock(block []byte, group string, each func(Sample)) error {
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(block)), maxBlock+1))
	if err != nil || len(plain) > maxBlock {
		return errDamaged
	}
	r := bytes.NewReader(plain)
	groups, err := binary.ReadUvarint(r)
	if err != nil || groups > maxGroups {
		return errDamaged
	}
	for range groups {
		length, err := binary.ReadUvarint(r)
		if err != nil || length > maxName {
			return errDamaged
		}
		name := make([]byte, length)
		if _, err := io.ReadFull(r, name); err != nil {
			return errDamaged
		}
		count, err := binary.ReadUvarint(r)
		if err != nil || count > uint64(len(plain)) {
			return errDamaged
		}
		if err := readSamples(r, count, string(name) == group, each); err != nil {
			return err
		}
	}
	return nil
}

// readSamples reads so many samples, and gives those that are wanted.
func readSamples(r *bytes.Reader, count uint64, isWanted bool, each func(Sample)) error {
	var now numbers
	for range count {
		for i := range now {
			by, err := binary.ReadVarint(r)
			if err != nil {
				return errDamaged
			}
			now[i] += by
		}
		if isWanted {
			each(now.sample())
		}
	}
	return nil
}

// frames gives each block of what a file has behind its first line, of which there are
// so many bytes. The first value is how many of them are good, and the error errDamaged
// where what follows is no block that was only begun.
func frames(r io.Reader, size int64, each func(block []byte) error) (int64, error) {
	var header [frameHeader]byte
	var block []byte
	for good := int64(0); ; {
		rest := size - good - frameHeader
		if _, err := io.ReadFull(r, header[:]); rest < 0 || isEnd(err) {
			return good, nil
		} else if err != nil {
			return good, err
		}
		length, sum := int64(binary.LittleEndian.Uint32(header[:])), binary.LittleEndian.Uint32(header[4:])
		switch {
		case length == 0 && sum == 0:
			return good, restIsZero(r) // its place was made, but the machine stopped before it was written
		case length == 0 || length > maxFrame:
			return good, errDamaged
		case length > rest:
			return good, nil // begun
		}
		block = slices.Grow(block[:0], int(length))[:length]
		if _, err := io.ReadFull(r, block); err != nil {
			return good, err
		}
		if crc32.Checksum(block, castagnoli) != sum {
			if length == rest {
				return good, nil // as above
			}
			return good, errDamaged
		}
		if err := each(block); err != nil {
			return good, err
		}
		good += frameHeader + length
	}
}

func isEnd(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// restIsZero gives errDamaged where something is behind what was never written.
func restIsZero(r io.Reader) error {
	var text [4096]byte
	for {
		n, err := r.Read(text[:])
		switch {
		case len(bytes.Trim(text[:n], "\x00")) > 0:
			return errDamaged
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}
