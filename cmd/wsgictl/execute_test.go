package main

import (
	"context"
	"io"
)

// run executes a command line that writes to no terminal.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s := newStreams("wsgictl", stdout, stderr)
	defer s.flush()
	return execute(ctx, args, s)
}
