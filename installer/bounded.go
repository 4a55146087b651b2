package installer

import (
	"context"
	"io"
)

// A boundedReader passes on a stream of others up to a number of bytes, and
// stops with its context: every parser that reads from it can be cancelled.
//
// It fills what it is given, for parsers copy what they have of an item each
// time that they read on: byte by byte, a long item would take the square of
// its length.
type boundedReader struct {
	ctx     context.Context
	from    io.Reader
	left    int64 // in bytes
	refusal error // for a stream that has more
}

func (b *boundedReader) Read(p []byte) (n int, err error) {
	p = p[:min(int64(len(p)), b.left+1)] // one more tells a full stream from a longer one
	for n < len(p) && err == nil {
		if err = b.ctx.Err(); err != nil {
			return n, err
		}
		var some int
		some, err = b.from.Read(p[n:])
		n += some
	}
	if b.left -= int64(n); b.left < 0 {
		return 0, b.refusal
	}
	return n, err
}
