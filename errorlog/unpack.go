package errorlog

import (
	"bufio"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/mikelolasagasti/xz"
)

// packings are the forms of compression that can be told by their first bytes.
var packings = []struct {
	magic  string
	unpack func(io.Reader) (io.Reader, error)
}{
	{"\x1f\x8b", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{"BZh", func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
	{"\xfd7zXZ\x00", func(r io.Reader) (io.Reader, error) { return xz.NewReader(r, xz.DefaultDictMax) }},
	{"\x28\xb5\x2f\xfd", func(io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("%w, as zstd has compressed it: zstdcat FILE | wsgictl explain -", errOtherPacking)
	}},
	{"LPKSHHRH", func(io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("%w, as it is systemd's journal: journalctl -u apache2 -o short-iso | wsgictl explain -", errOtherPacking)
	}},
}

// longestMagic is how many bytes tell the form of compression.
const longestMagic = 8

// unpack gives the text of a file that may be compressed. What is unpacked has
// a limit, since a small file can hold as much as one likes.
func unpack(r io.Reader) (io.Reader, error) {
	packed := &countingReader{Reader: r}
	peeking := bufio.NewReader(packed)
	for _, packing := range packings {
		beginning, _ := peeking.Peek(len(packing.magic))
		if string(beginning) != packing.magic {
			continue
		}
		text, err := packing.unpack(peeking)
		if err != nil {
			return nil, unpackError(err, 0)
		}
		return &limitedReader{Reader: text, packed: packed, free: freelyUnpacked}, nil
	}
	return peeking, nil
}

// A countingReader counts what is read.
type countingReader struct {
	io.Reader
	count int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.count += int64(n)
	return n, err
}

const (
	// freelyUnpacked is how much any file may hold: bzip2, the slowest, takes some
	// seconds for it.
	freelyUnpacked = 256 << 20
	// mostPacked is how many times its own size a file may hold beyond that. Logs
	// have 10 to 40; 1,000 and more is what the forms of compression allow.
	mostPacked = 200
)

// A limitedReader stops unpacking what holds far more than a log does.
type limitedReader struct {
	io.Reader
	packed *countingReader
	free   int64 // bytes that are not limited
	count  int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	l.count += int64(n)
	if l.count > l.free && l.count/mostPacked > l.packed.count {
		return n, fmt.Errorf("stopped after %d MiB: it unpacks to more than %d times its size, which no log does; if it is one, unpack it and give the text",
			l.count>>20, mostPacked)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = unpackError(err, l.count)
	}
	return n, err
}

// unpackError tells how much could be unpacked.
func unpackError(err error, count int64) error {
	if errors.Is(err, xz.ErrMemlimit) {
		return fmt.Errorf("it takes more than %d MiB of memory to unpack: xzcat FILE | wsgictl explain -", xz.DefaultDictMax>>20)
	}
	if errors.Is(err, errOtherPacking) {
		return err
	}
	return fmt.Errorf("it is damaged or cut off, after %d bytes of text: %w", count, err)
}

// errOtherPacking is that a file has to be made into text by another program.
var errOtherPacking = errors.New("it cannot be read as it is")
