package errorlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sync/errgroup"
)

// A Log is one or several logs that are being read.
type Log struct {
	// Blocks are whole lines, of which one that is far too long may be cut. The
	// channel is closed when all has been read, or something could not be.
	Blocks <-chan []byte

	blocks chan []byte
	err    error
}

// Open begins to read logs: files, which may be compressed by gzip, bzip2 or
// xz, named pipes, or standard input for "-". They are read one after another
// to their end. When ctx is done the reading stops; what still waits for a pipe
// is left alone.
func Open(ctx context.Context, names []string) *Log {
	return start(func(l *Log) error {
		for _, name := range names {
			if err := l.read(ctx, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// Follow begins to read files that grow, at the same time and beyond their end,
// until ctx is done. A file that is renamed or truncated, as logs are rotated,
// is read on from the beginning of the new one.
func Follow(ctx context.Context, names []string) *Log {
	return start(func(l *Log) error {
		group, ctx := errgroup.WithContext(ctx)
		for _, name := range names {
			group.Go(func() error { return l.follow(ctx, name) })
		}
		return group.Wait()
	})
}

func start(read func(*Log) error) *Log {
	blocks := make(chan []byte, 2)
	l := &Log{Blocks: blocks, blocks: blocks}
	go func() {
		defer close(blocks)
		l.err = read(l)
	}()
	return l
}

// Err is why the reading stopped before the end, once Blocks is closed.
func (l *Log) Err() error { return l.err }

func (l *Log) read(ctx context.Context, name string) error {
	file := os.Stdin
	if name != "-" {
		var err error
		if file, err = open(name); err != nil {
			return err
		}
		defer file.Close()
	}
	text, err := unpack(file)
	if err == nil {
		err = l.copy(ctx, text)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", file.Name(), err)
	}
	return nil
}

// open opens a file or a pipe: what is known to be no log is refused.
func open(name string) (*os.File, error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("%w; read it as root, or as a member of the group that it belongs to", err)
	}
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("open %s: it is a folder, not a log", name)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// blockSize is how much is read at once.
const blockSize = 256 << 10

// copy gives what is read on as blocks of whole lines. Of a line that is longer
// than a block the rest is left out.
func (l *Log) copy(ctx context.Context, r io.Reader) error {
	block := make([]byte, blockSize)
	filled, skipping := 0, false
	for ctx.Err() == nil {
		n, err := r.Read(block[filled:])
		fresh := block[filled : filled+n]
		if skipping {
			_, rest, ended := bytes.Cut(fresh, []byte("\n"))
			skipping = !ended
			fresh = block[:copy(block, rest)]
		}
		end := 0
		if newline := bytes.LastIndexByte(fresh, '\n'); newline >= 0 {
			end = filled + newline + 1
		}
		filled += len(fresh)
		switch {
		case err != nil:
			end = filled
		case end == 0 && filled == len(block):
			end, skipping = filled, true
		}
		if end > 0 && !l.give(ctx, bytes.Clone(block[:end])) {
			return nil
		}
		filled = copy(block, block[end:filled])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// give hands a block over, unless nobody reads any longer.
func (l *Log) give(ctx context.Context, block []byte) bool {
	select {
	case l.blocks <- block:
		return true
	case <-ctx.Done():
		return false
	}
}
