package errorlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"
)

// glance is how often a file that is followed is looked at.
const glance = 200 * time.Millisecond

func (l *Log) follow(ctx context.Context, name string) error {
	file, err := open(name)
	if err != nil {
		return err
	}
	f := &follower{ctx: ctx, name: name, file: file}
	defer func() { f.file.Close() }()
	if err := f.check(); err != nil {
		return fmt.Errorf("follow %s: %w", name, err)
	}
	if err := l.copy(ctx, f); err != nil {
		return fmt.Errorf("follow %s: %w", name, err)
	}
	return nil
}

// A follower reads a file that grows. At its end it waits for more.
type follower struct {
	ctx    context.Context
	name   string
	file   *os.File
	offset int64
	// tail is what was read last: where the file has another text there, it was
	// truncated and has grown again since.
	tail   []byte
	buffer []byte
}

const longestTail = 64

// check refuses what does not grow.
func (f *follower) check() error {
	info, err := f.file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("it is no regular file; without --follow a pipe is answered while it is read")
	}
	beginning := make([]byte, longestMagic)
	n, _ := f.file.ReadAt(beginning, 0)
	for _, packing := range packings {
		if bytes.HasPrefix(beginning[:n], []byte(packing.magic)) {
			return errors.New("it is compressed, and will not grow")
		}
	}
	return nil
}

// Read waits until there is something to read; it ends when nobody wants to
// know any longer.
func (f *follower) Read(p []byte) (int, error) {
	for {
		if n, err := f.readOn(p); n > 0 || err != nil {
			return n, err
		}
		renamed, err := f.renamed()
		if err != nil {
			return 0, err
		}
		if renamed != nil {
			if n, err := f.change(renamed, p); n > 0 || err != nil {
				return n, err
			}
			continue
		}
		select {
		case <-f.ctx.Done():
			return 0, io.EOF
		case <-time.After(glance):
		}
	}
}

// readOn reads what has been added. A file that is shorter than it was, or in
// whose place there is another text, was truncated: it begins anew.
func (f *follower) readOn(p []byte) (int, error) {
	known := len(f.tail)
	f.buffer = slices.Grow(f.buffer[:0], known+len(p))[:known+len(p)]
	n, err := f.file.ReadAt(f.buffer, f.offset-int64(known))
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	if n < known || !bytes.Equal(f.buffer[:known], f.tail) {
		return f.restart(f.file, p), nil
	}
	n = copy(p, f.buffer[known:n])
	f.offset += int64(n)
	f.tail = append(f.tail, p[:n]...)
	f.tail = slices.Delete(f.tail, 0, max(0, len(f.tail)-longestTail))
	return n, nil
}

// renamed gives the file that has taken the place of the one that is read, or
// nil: where there is none yet, the old one may still be written to.
func (f *follower) renamed() (*os.File, error) {
	now, err := os.Stat(f.name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	before, err := f.file.Stat()
	if err != nil || os.SameFile(now, before) {
		return nil, err
	}
	if !now.Mode().IsRegular() {
		return nil, errors.New("its place was taken by what is no regular file")
	}
	return os.Open(f.name)
}

// change reads the last of the old file, or else goes over to the new one.
func (f *follower) change(file *os.File, p []byte) (int, error) {
	if n, err := f.readOn(p); n > 0 || err != nil {
		file.Close()
		return n, err
	}
	f.file.Close()
	return f.restart(file, p), nil
}

// restart begins with a file, and ends the line that stood last before.
func (f *follower) restart(file *os.File, p []byte) int {
	cut := len(f.tail) > 0 && f.tail[len(f.tail)-1] != '\n'
	f.file, f.offset, f.tail = file, 0, nil
	if cut {
		return copy(p, "\n")
	}
	return 0
}
