package installer

import (
	"context"
	"io"
)

// A boundedReader passes on a stream of others up to a number of bytes, and
// stops with its context: every parser that reads from it can be cancelled.
type boundedReader struct {
	ctx     context.Context
	from    io.Reader
	left    int64 // in bytes
	refusal error // for a stream that has more
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.from.Read(p[:min(int64(len(p)), b.left+1)]) // one more tells a full stream from a longer one
	if b.left -= int64(n); b.left < 0 {
		return 0, b.refusal
	}
	return n, err
}
